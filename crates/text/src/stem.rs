//! Stems as 64-bit keys: two words share a key when they can be forms of one lemma.
//!
//! English and Russian words have one stem (Snowball, with a table of irregular English forms). A Kazakh word may be
//! cut in several places; which cut is right only a lexicon can say, so a Kazakh word gives *all* its keys, longest stem
//! first, and whoever matches takes the first one that is known. Cuts are read off a small automaton of endings
//! (`data/stem/kk-suffixes.tsv`) in one pass from the word's end: time is linear in the word's length.
//!
//! ```
//! use qostil_text::{Lang, stem};
//! let keys = |word: &str| { let mut out = Vec::new(); stem::keys(word, Lang::Kazakh, &mut out); out };
//! let lemma = stem::lemma_keys("халық", false, Lang::Kazakh);
//! assert!(keys("халқының").contains(&lemma[0])); // the vowel that drops before an ending comes back
//! let lemma = stem::lemma_keys("айту", true, Lang::Kazakh);
//! assert!(keys("айтқандарының").contains(&lemma[0]));
//! ```

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use crate::Lang;

/// A stem's identity: a hash of its language family, word class and letters, stable across runs and machines.
pub type Key = u64;

/// Longest word, in bytes, that is stemmed; longer ones are no words and are taken whole.
const LONGEST: usize = 80;
/// Shortest Kazakh stem, in characters.
const SHORTEST: usize = 2;

/// The key of `stem` in class `class` (a namespace: equal stems of different classes have different keys).
/// FNV-1a with a final mix, so that keys may serve as hash values as they are; the lowest bit tells verbs apart ([`is_verb`]).
pub fn key(class: u8, stem: &str) -> Key {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ u64::from(class);
    hash = hash.wrapping_mul(0x0100_0000_01b3);
    for byte in stem.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(hash) & !VERB | if class == b'v' { VERB } else { 0 }
}

/// The key of several words in a row, from the keys of its words; a phrase that ends in a verb is one.
pub fn join_keys(first: Key, next: Key) -> Key {
    mix(first.rotate_left(23) ^ next.wrapping_mul(0x9e37_79b9_7f4a_7c15)) & !VERB | next & VERB
}

/// Whether a key is that of a Kazakh verb's stem. Translators are freer with verbs than with nouns, so what a verb proves differs.
pub const fn is_verb(key: Key) -> bool {
    key & VERB != 0
}

const VERB: u64 = 1;

const fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// All keys of a folded word (see [`crate::fold::fold_word`]), likeliest first, appended to `out`. One for every language but Kazakh.
pub fn keys(word: &str, lang: Lang, out: &mut Vec<Key>) {
    match lang {
        Lang::Kazakh => kazakh_stems(word, |stem, is_verb| {
            out.push(key(if is_verb { b'v' } else { b'n' }, stem));
        }),
        Lang::English => out.push(key(b'e', &english(word))),
        Lang::Russian => out.push(key(b'r', &russian(word))),
        Lang::KazakhLatin | Lang::Other(_) => out.push(key(b'o', cut(word, 6))),
    }
}

/// The stems behind [`keys`], in the same order, for people to read; a verb's ends in a hyphen.
pub fn stems(word: &str, lang: Lang) -> Vec<String> {
    let mut out = Vec::new();
    match lang {
        Lang::Kazakh => kazakh_stems(word, |stem, is_verb| {
            out.push(if is_verb {
                format!("{stem}-")
            } else {
                stem.to_owned()
            });
        }),
        Lang::English => out.push(english(word)),
        Lang::Russian => out.push(russian(word)),
        Lang::KazakhLatin | Lang::Other(_) => out.push(cut(word, 6).to_owned()),
    }
    out
}

/// One key that stands for the word where no lexicon decides: forms of one lemma mostly share it.
pub fn typical_key(word: &str, lang: Lang) -> Key {
    if lang == Lang::Kazakh {
        key(b'k', kazakh_typical(word))
    } else {
        let mut out = Vec::with_capacity(1);
        keys(word, lang, &mut out);
        out[0] // every language but Kazakh gives exactly one key
    }
}

/// The keys under which a lexicon lists the lemma `word` (folded) so that [`keys`] of its forms find it.
/// Kazakh verbs are given in the infinitive (-у, -ю).
pub fn lemma_keys(word: &str, is_verb: bool, lang: Lang) -> Vec<Key> {
    let mut out = Vec::new();
    match lang {
        Lang::Kazakh if is_verb => match unfold(word).strip_suffix('у') {
            Some(stem) => verb_stems(stem, |stem| out.push(key(b'v', stem))),
            None => out.push(key(b'n', &unfold(word))),
        },
        Lang::Kazakh => out.push(key(b'n', &unfold(word))),
        _ => keys(word, lang, &mut out),
    }
    out
}

/// The stems on which a verb's endings stand, from its infinitive without -у.
fn verb_stems(stem: &str, mut found: impl FnMut(&str)) {
    found(stem);
    if stem.chars().last().is_some_and(|c| !is_vowel(c)) {
        // оқу → оқы-ды: the stem's narrow vowel is lost before -у
        found(&format!("{stem}{}", if is_back(stem) { 'ы' } else { 'і' }));
    }
    for (voiced, voiceless) in [('б', 'п'), ('г', 'к'), ('ғ', 'қ')] {
        if let Some(bare) = stem.strip_suffix(voiced) {
            found(&format!("{bare}{voiceless}")); // теб-у → теп-ті
            if voiced == 'б' {
                found(&format!("{bare}у")); // таб-у → тау-ып
            }
        }
    }
    if let Some(bare) = stem.strip_suffix("ий").map(|bare| format!("{bare}и")) {
        found(&bare); // қий-у → қи-ды
    }
}

// ---------------------------------------------------------------- Kazakh

/// States of the automaton of endings, one bit each.
const STATES: &str = "NPSCKVWTFRD";
const NOMINAL: u16 = 0b00_0000_0111; // N, P, S: a headword may be a plural or a possessed noun
const VERBAL: u16 = 0b00_0010_0000; // V

struct Ending {
    letters: String,
    from: u16,
    to: u16,
}

static ENDINGS: LazyLock<FxHashMap<char, Vec<Ending>>> = LazyLock::new(|| {
    let mut table: FxHashMap<char, Vec<Ending>> = FxHashMap::default();
    for line in qostil_data::stem::KK_SUFFIXES
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut columns = line.split('\t');
        let (Some(from), Some(to), Some(endings)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        let (from, to) = (states(from), states(to));
        for pattern in endings.split('/') {
            for letters in spell_out(pattern) {
                if let Some(first) = letters.chars().next() {
                    table.entry(first).or_default().push(Ending { letters, from, to });
                }
            }
        }
    }
    table
});

fn states(names: &str) -> u16 {
    names
        .chars()
        .filter_map(|c| STATES.find(c))
        .fold(0, |mask, bit| mask | 1 << bit)
}

/// An ending spelt out for back and front stems.
fn spell_out(pattern: &str) -> Vec<String> {
    let spell = |letters: [&str; 4]| {
        ["A", "Y", "G", "Q"]
            .iter()
            .zip(letters)
            .fold(pattern.to_owned(), |word, (of, letter)| word.replace(of, letter))
    };
    let (back, front) = (spell(["а", "ы", "ғ", "қ"]), spell(["е", "і", "г", "к"]));
    if back == front {
        vec![back]
    } else {
        vec![back, front]
    }
}

/// For every byte offset of `word`, which states can go on from there to the word's end.
fn accepted(word: &str) -> [u16; LONGEST + 1] {
    let mut accepted = [0_u16; LONGEST + 1];
    accepted[word.len()] = u16::MAX;
    for (at, c) in word.char_indices().rev() {
        let tail = &word[at..];
        for ending in ENDINGS.get(&c).map_or(&[][..], Vec::as_slice) {
            if tail.starts_with(ending.letters.as_str())
                && accepted[at + ending.letters.len()] & ending.to != 0
            {
                accepted[at] |= ending.from;
            }
        }
    }
    accepted
}

/// я and ю as the two sounds they stand for, so that a stem's й and an ending's vowel come apart: қояды is қой-ады.
fn unfold(word: &str) -> Cow<'_, str> {
    if word.contains(['я', 'ю']) {
        word.replace('я', "йа").replace('ю', "йу").into()
    } else {
        word.into()
    }
}

/// The stems of a folded Kazakh word, longest first, each with whether it is a verb's.
fn kazakh_stems(word: &str, mut found: impl FnMut(&str, bool)) {
    let word = &*unfold(word);
    if word.len() > LONGEST {
        found(word, false);
        return;
    }
    let accepted = accepted(word);
    let mut scratch = String::new();
    let mut none = true;
    let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
    let ends: Vec<usize> = ends.skip(SHORTEST).collect();
    for &end in ends.iter().rev() {
        let stem = &word[..end];
        if accepted[end] & NOMINAL != 0 {
            none = false;
            found(stem, false);
            if end < word.len() {
                restore(stem, &word[end..], &mut scratch, |restored| {
                    found(restored, false);
                });
            }
        }
        if accepted[end] & VERBAL != 0 {
            none = false;
            found(stem, true);
        }
    }
    if none {
        found(word, false);
    }
}

/// What a noun's stem was before an ending changed it: кітаб-ы → кітап, халқ-ы → халық, аузы → ауыз, рөл-і → роль's ь,
/// процес-і → процесс, журналис-тер → журналист, and, of loans in two consonants, факті-лер → факт.
fn restore(stem: &str, ending: &str, scratch: &mut String, mut found: impl FnMut(&str)) {
    let mut letters = stem.chars().rev();
    let (Some(last), Some(before)) = (letters.next(), letters.next()) else {
        return;
    };
    let head = &stem[..stem.len() - last.len_utf8()];
    let consonant =
        |c: char, earlier: Option<char>| !is_vowel(c) || (c == 'у' && earlier.is_some_and(is_vowel));
    let earlier = letters.next();
    if last == 'і' && consonant(before, earlier) && earlier.is_some_and(|c| !is_vowel(c)) {
        found(head);
    }
    let mut try_one = |head: &str, tail: [Option<char>; 2]| {
        scratch.clear();
        scratch.push_str(head);
        scratch.extend(tail.into_iter().flatten());
        found(scratch);
    };
    if last == 'с' && ending.starts_with('т') {
        try_one(stem, [Some('т'), None]);
    }
    if !ending.starts_with(['ы', 'і', 'а', 'е', 'у']) {
        return;
    }
    match last {
        'б' => try_one(head, [Some('п'), None]),
        'г' => try_one(head, [Some('к'), None]),
        'ғ' => try_one(head, [Some('қ'), None]),
        'л' | 'с' | 'м' | 'н' | 'т' => {
            try_one(stem, [Some('ь'), None]);
            try_one(stem, [Some(last), None]);
        }
        _ => {}
    }
    if !is_vowel(last) && consonant(before, earlier) {
        let voiceless = match last {
            'б' => Some('п'),
            'г' => Some('к'),
            'ғ' => Some('қ'),
            _ => None,
        };
        // both vowels: қауп-і is қауіп
        for narrow in ['ы', 'і'] {
            try_one(head, [Some(narrow), Some(last)]);
            if voiceless.is_some() {
                try_one(head, [Some(narrow), voiceless]); // қалб-ы → қалып
            }
        }
    }
}

/// The shortest nominal stem of at least four characters, or, where no noun's endings are found, a verb's.
fn kazakh_typical(word: &str) -> &str {
    if word.len() > LONGEST {
        return word;
    }
    let accepted = accepted(word);
    let ends: Vec<usize> = word
        .char_indices()
        .map(|(at, _)| at)
        .chain([word.len()])
        .skip(4)
        .collect();
    let cut = |mask: u16| {
        ends.iter()
            .copied()
            .find(|&end| end < word.len() && accepted[end] & mask != 0)
    };
    cut(1).or_else(|| cut(VERBAL)).map_or(word, |end| &word[..end])
}

/// The letters of a Kazakh word under which names are compared: the word whole, then with every nominal ending cut.
pub fn kazakh_nominal_stems(word: &str) -> Vec<&str> {
    if word.len() > LONGEST {
        return vec![word];
    }
    let accepted = accepted(word);
    let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]).skip(3);
    let mut stems: Vec<&str> = ends
        .filter(|&end| accepted[end] & 1 != 0)
        .map(|end| &word[..end])
        .collect();
    stems.reverse();
    if stems.is_empty() {
        stems.push(word);
    }
    stems
}

const fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'а' | 'ә' | 'е' | 'о' | 'ө' | 'ұ' | 'ү' | 'ы' | 'і' | 'и' | 'у' | 'э' | 'ю' | 'я'
    )
}

fn is_back(stem: &str) -> bool {
    stem.chars()
        .rev()
        .find_map(|c| match c {
            'а' | 'о' | 'ұ' | 'ы' | 'я' | 'қ' | 'ғ' => Some(true),
            'ә' | 'е' | 'ө' | 'ү' | 'і' | 'э' => Some(false),
            _ => None,
        })
        .unwrap_or(true)
}

// ---------------------------------------------------------------- English, Russian, others

static IRREGULAR: LazyLock<FxHashMap<&'static str, &'static str>> =
    LazyLock::new(|| by_form(qostil_data::stem::EN_IRREGULAR));
static APART: LazyLock<FxHashMap<&'static str, &'static str>> =
    LazyLock::new(|| by_form(qostil_data::stem::EN_APART));

/// The head of each form of a table of `head<TAB>forms`.
fn by_form(table: &'static str) -> FxHashMap<&'static str, &'static str> {
    let lines = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'));
    lines
        .flat_map(|(head, forms)| forms.split_whitespace().map(move |form| (form, head)))
        .collect()
}

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Russian));

/// The stem of a folded English word: possessive off, irregular forms to their lemma, words that would be run together kept apart,
/// British spelling as American, then Snowball.
pub fn english(word: &str) -> String {
    let bare = word
        .strip_suffix("'s")
        .or_else(|| word.strip_suffix('\''))
        .unwrap_or(word);
    if let Some(stem) = APART.get(bare) {
        return (*stem).to_owned();
    }
    let lemma = IRREGULAR.get(bare).copied().unwrap_or(bare);
    if lemma.len() > LONGEST {
        lemma.to_owned()
    } else {
        ENGLISH.stem(&american(lemma)).into_owned()
    }
}

/// A word in the letters of the American spelling. Both spellings of a word come out alike, which is all that matters: `promise`
/// and `devour` are respelt too, and meet nothing else there.
fn american(word: &str) -> Cow<'_, str> {
    const RESPELT: [(&str, &str); 14] = [
        ("isation", "ization"),
        ("isations", "izations"),
        ("ise", "ize"),
        ("ised", "ized"),
        ("iser", "izer"),
        ("ises", "izes"),
        ("ising", "izing"),
        ("yse", "yze"),
        ("ysed", "yzed"),
        ("ysing", "yzing"),
        ("fence", "fense"),
        ("tre", "ter"),
        ("tres", "ters"),
        ("licence", "license"),
    ];
    let letters = word.len();
    if let Some(&(british, american)) = RESPELT
        .iter()
        .find(|(british, _)| letters > british.len() + 2 && word.ends_with(british))
    {
        return format!("{}{american}", word.strip_suffix(british).unwrap_or(word)).into();
    }
    match word.find("our") {
        Some(at) if at > 2 => word.replacen("our", "or", 1).into(), // colour, neighbourhood; not four, hour
        _ => word.into(),
    }
}

/// The stem of a folded Russian word (Snowball).
pub fn russian(word: &str) -> String {
    if word.len() > LONGEST {
        word.to_owned()
    } else {
        RUSSIAN.stem(word).into_owned()
    }
}

/// The first `chars` characters: the stem of a language without rules.
fn cut(word: &str, chars: usize) -> &str {
    word.char_indices().nth(chars).map_or(word, |(at, _)| &word[..at])
}
