//! Stems as 64-bit keys: two words share a key when they can be forms of one lemma.
//!
//! English and Russian words have one stem (Snowball, with tables of irregular forms and, for Russian, rules for what it leaves apart). A Kazakh word may be
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
use rustc_hash::{FxHashMap, FxHashSet};

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

/// The endings, letter by letter: a node for each of their beginnings.
#[derive(Default)]
struct Endings {
    /// What comes after each letter that may be next.
    next: Vec<(char, Self)>,
    /// Of the endings that are complete here, the states before and after.
    complete: Vec<(u16, u16)>,
}

impl Endings {
    fn after(&self, letter: char) -> Option<&Self> {
        let next = self.next.iter().find(|(next, _)| *next == letter);
        next.map(|(_, endings)| endings)
    }

    fn after_or_new(&mut self, letter: char) -> &mut Self {
        let known = self.next.iter().position(|(next, _)| *next == letter);
        let at = known.unwrap_or(self.next.len());
        if known.is_none() {
            self.next.push((letter, Self::default()));
        }
        &mut self.next[at].1
    }
}

static ENDINGS: LazyLock<Endings> = LazyLock::new(|| {
    let mut table = Endings::default();
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
                let ending = letters.chars().fold(&mut table, Endings::after_or_new);
                ending.complete.push((from, to));
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
    for (at, _) in word.char_indices().rev() {
        let (mut endings, mut end) = (&*ENDINGS, at);
        for letter in word[at..].chars() {
            let Some(next) = endings.after(letter) else { break };
            endings = next;
            end += letter.len_utf8();
            for (from, to) in &endings.complete {
                if accepted[end] & to != 0 {
                    accepted[at] |= from;
                }
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

/// The stem of a folded Russian word: nouns that look like other words' forms whole, irregular forms to their lemma, verbs in -нуть, -еть and -овать and
/// participles in -енный to their infinitive or its stem, then Snowball with the fleeting vowel of -ец and -ок put back.
pub fn russian(word: &str) -> String {
    if word.len() > LONGEST {
        return word.to_owned();
    }
    let active = word
        .strip_suffix("ся")
        .or_else(|| word.strip_suffix("сь"))
        .filter(|active| active.len() > 4);
    if let Some(stem) = noun(word) {
        return stem.to_owned();
    }
    if let Some(lemma) = irregular(word).or_else(|| active.and_then(irregular)) {
        return lemma;
    }
    let active = active.unwrap_or(word);
    let participle = participle(active);
    if let Some(stem) = in_ovat(active, participle)
        .or_else(|| in_nut(active, participle))
        .or_else(|| in_et(active, participle))
        .or_else(|| of_plain_verb(active))
        .or_else(|| of_participle(active))
    {
        return stem;
    }
    let stem = RUSSIAN.stem(word);
    fleeting(&stem, word).unwrap_or_else(|| stem.into_owned())
}

static NOUNS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let lines = qostil_data::stem::RU_NOUNS
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// The stem of a noun of `data/stem/ru-nouns.txt` in any of its cases.
fn noun(word: &str) -> Option<&str> {
    const LONGEST_ENDING: usize = 3;
    let is_ending = |ending: &str| {
        matches!(
            ending,
            "" | "а"
                | "у"
                | "ом"
                | "е"
                | "ы"
                | "и"
                | "ов"
                | "ев"
                | "ам"
                | "ами"
                | "ах"
                | "о"
                | "ой"
                | "ей"
                | "я"
                | "ю"
                | "ем"
                | "ь"
                | "ью"
                | "ям"
                | "ями"
                | "ях"
        )
    };
    let ends = word.char_indices().rev().map(|(at, _)| at).take(LONGEST_ENDING);
    std::iter::once(word.len())
        .chain(ends)
        .map(|at| word.split_at(at))
        .find(|(base, ending)| is_ending(ending) && NOUNS.contains(base))
        .map(|(base, _)| base)
}

/// What stands in front of a verb, the longer of two with the same beginning first.
const PREFIXES: [&str; 37] = [
    "произо",
    "превзо",
    "пере",
    "пред",
    "разо",
    "подо",
    "низо",
    "пре",
    "при",
    "про",
    "под",
    "над",
    "раз",
    "рас",
    "воз",
    "вос",
    "изо",
    "обо",
    "ото",
    "взо",
    "вы",
    "до",
    "за",
    "из",
    "ис",
    "на",
    "об",
    "от",
    "по",
    "со",
    "во",
    "вз",
    "вс",
    "о",
    "с",
    "у",
    "в",
];

/// An irregular word of `data/stem/ru-irregular.tsv`, by one of its bases.
struct Irregular {
    lemma: &'static str,
    /// The endings that make forms of the base; none: the base is one.
    endings: Option<&'static str>,
    bare: bool,
    prefixed: bool,
}

static IRREGULAR_RUSSIAN: LazyLock<FxHashMap<&'static str, Vec<Irregular>>> = LazyLock::new(|| {
    let table = qostil_data::stem::RU_IRREGULAR;
    let lines = || {
        let rows = table.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| line.split_once('\t'))
    };
    let classes: FxHashMap<&str, &str> = lines()
        .filter_map(|(name, endings)| name.strip_prefix('-').map(|name| (name, endings)))
        .collect();
    let mut words: FxHashMap<&str, Vec<Irregular>> = FxHashMap::default();
    for (head, forms) in lines().filter(|(head, _)| !head.starts_with('-')) {
        let lemma = head.trim_start_matches(['+', '*']);
        for form in forms.split_whitespace().chain([lemma]) {
            let (base, endings) = form.split_once('-').map_or((form, None), |(base, class)| {
                (base, Some(classes.get(class).copied().unwrap_or_default()))
            });
            words.entry(base).or_default().push(Irregular {
                lemma,
                endings,
                bare: !head.starts_with('*'),
                prefixed: lemma.len() < head.len(),
            });
        }
    }
    words
});

/// The first two letters of each base: most words are none of these, and need no look at their bases.
static IRREGULAR_STARTS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    IRREGULAR_RUSSIAN
        .keys()
        .filter_map(|base| two_letters(base))
        .collect()
});

/// The first two letters of a Cyrillic word.
fn two_letters(word: &str) -> Option<&str> {
    word.get(..4)
}

/// The lemma of an irregular form, if it is one.
fn irregular(word: &str) -> Option<String> {
    let behind = |prefix: &str| {
        let rest = word.strip_prefix(prefix)?;
        IRREGULAR_STARTS.get(two_letters(rest)?)?;
        let lemma = irregular_lemma(rest, |known| {
            if prefix.is_empty() {
                known.bare
            } else {
                known.prefixed
            }
        })?;
        Some([prefix, lemma].concat())
    };
    let first = word.as_bytes().get(1); // tells Cyrillic letters apart: most prefixes need no look at more
    let mut prefixes = PREFIXES.iter().filter(|prefix| prefix.as_bytes().get(1) == first);
    behind("").or_else(|| prefixes.find_map(|prefix| behind(prefix)))
}

/// The lemma of the irregular word that has the form `word` and is `wanted`, by its longest base.
fn irregular_lemma(word: &str, wanted: impl Fn(&Irregular) -> bool) -> Option<&'static str> {
    const LONGEST_ENDING: usize = 5;
    let ends = word.char_indices().rev().map(|(at, _)| at).take(LONGEST_ENDING);
    std::iter::once(word.len()).chain(ends).find_map(|at| {
        let (base, ending) = word.split_at(at);
        let forms = |known: &&Irregular| match known.endings {
            None => ending.is_empty(),
            Some(endings) => !ending.is_empty() && endings.split(' ').any(|other| other == ending),
        };
        let known = IRREGULAR_RUSSIAN.get(base)?;
        known
            .iter()
            .filter(|known| wanted(known))
            .find(forms)
            .map(|known| known.lemma)
    })
}

const ADJECTIVAL: [&str; 18] = [
    "ый", "ий", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем", "ая", "ой", "ей", "ую", "ое", "ые", "ых",
    "ыми",
];

/// The stem that the infinitive in -овать, -евать of a present form has: рекомендует, планирующий, ночуют. Adjectives end in -ую and
/// nouns in -уя, so that of these only -ирую, -ствую and the like are read.
fn in_ovat<'a>(word: &'a str, participle: Participle<'a>) -> Option<String> {
    const SURE: [&str; 7] = ["ует", "уют", "уешь", "уем", "уете", "уй", "уйте"];
    const DOUBTFUL: [&str; 2] = ["ую", "уя"];
    let soft = ["юет", "юют", "юешь"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending));
    if let Some(base) = soft.filter(|base| base.chars().count() > 1) {
        return Some(format!("{base}ева"));
    }
    let doubtful = || {
        let base = DOUBTFUL.iter().find_map(|ending| word.strip_suffix(ending))?;
        ["ир", "ств", "льз"]
            .iter()
            .any(|end| base.ends_with(end))
            .then_some(base)
    };
    let base = SURE
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .or_else(|| participle_in(&["ующ", "уем"], participle))
        .or_else(doubtful)
        .filter(|base| base.chars().count() > 2)?;
    let vowel = if base.ends_with(['ж', 'ш', 'ч', 'щ', 'ц']) {
        'е'
    } else {
        'о'
    };
    Some(format!("{base}{vowel}ва"))
}

/// A participle without its ending and its suffix, and the suffix: one that tells the verb's class.
type Participle<'a> = Option<(&'a str, &'static str)>;

/// What a participle with one of these suffixes is made of.
fn participle_in<'a>(suffixes: &[&str], participle: Participle<'a>) -> Option<&'a str> {
    participle
        .filter(|(_, suffix)| suffixes.contains(suffix))
        .map(|(base, _)| base)
}

/// The word as a participle, if it ends like one.
fn participle(word: &str) -> Participle<'_> {
    const SUFFIXES: [&str; 5] = ["ующ", "уем", "еющ", "нувш", "нут"];
    const SOFT: [&str; 4] = ["ие", "их", "ими", "ее"];
    let ends = word.char_indices().rev().map(|(at, _)| at).skip(1).take(2);
    ends.map(|at| word.split_at(at)).find_map(|(rest, ending)| {
        let (base, suffix) = SUFFIXES
            .iter()
            .find_map(|suffix| Some((rest.strip_suffix(suffix)?, *suffix)))?;
        (ADJECTIVAL.contains(&ending) || SOFT.contains(&ending)).then_some((base, suffix))
    })
}

/// The infinitive in -нуть of a past, a participle, and of a present after a consonant: вернул, вернувший, вернет. After a vowel nouns end so (планет).
fn in_nut<'a>(word: &'a str, participle: Participle<'a>) -> Option<String> {
    const SURE: [&str; 7] = ["нуть", "нул", "нула", "нуло", "нули", "нув", "нувши"];
    const AFTER_CONSONANT: [&str; 4] = ["нет", "нут", "нешь", "нете"];
    let present = || {
        AFTER_CONSONANT
            .iter()
            .find_map(|ending| word.strip_suffix(ending))
            .filter(|base| base.len() > 4)
            .filter(|base| !base.ends_with(|last| is_vowel(last) || matches!(last, 'н' | 'ь' | 'й' | 'ы')))
    };
    SURE.iter()
        .find_map(|ending| word.strip_suffix(ending))
        .filter(|base| base.chars().count() > 1)
        .or_else(|| participle_in(&["нувш", "нут"], participle).filter(|base| base.chars().count() > 2)) // not минутой
        .or_else(present)
        .map(|base| format!("{base}нуть"))
}

/// The infinitive in -еть of a present in -еет (владеет, болеющий); of the past, in which nouns end (отдел, пределы), see the table.
fn in_et<'a>(word: &'a str, participle: Participle<'a>) -> Option<String> {
    const SURE: [&str; 4] = ["еет", "еют", "еешь", "еете"];
    let infinitive = || {
        word.strip_suffix("еть")
            .filter(|base| base.chars().count() > 2 && !base.ends_with('с'))
    };
    SURE.iter()
        .find_map(|ending| word.strip_suffix(ending))
        .or_else(|| participle_in(&["еющ"], participle))
        .filter(|base| base.chars().count() > 1)
        .or_else(infinitive)
        .map(|base| format!("{base}еть"))
}

/// The stem that the infinitive in -ить has of forms that Snowball does not cut: the imperatives поставьте and стройте (not пульте), and the third person
/// plural after a hush (получат).
fn of_plain_verb(word: &str) -> Option<String> {
    let soft = || word.strip_suffix("ьте").filter(|base| !base.ends_with('л'));
    let hushed = || {
        word.strip_suffix("ат")
            .filter(|base| base.ends_with(['ж', 'ш', 'ч', 'щ']))
    };
    word.strip_suffix("йте")
        .filter(|base| base.ends_with('о'))
        .or_else(soft)
        .or_else(hushed)
        .filter(|base| base.chars().count() > 1)
        .map(str::to_owned)
}

/// The stem that the infinitive in -ить of a passive participle has: установлен and установленный are установить, утвержденный is
/// утвердить. Adjectives in -енный (государственный, военный) stay what they are: only after the sounds in which verbs end.
fn of_participle(word: &str) -> Option<String> {
    // what a participle's consonants were; of those with two origins the commoner one, the others by this list
    const FROM_T: [&str; 12] = [
        "отмеч",
        "замеч",
        "встреч",
        "оплач",
        "потрач",
        "освещ",
        "посвящ",
        "запрещ",
        "обращ",
        "возвращ",
        "прекращ",
        "сокращ",
    ];
    const FROM_ST: [&str; 9] = [
        "помещ",
        "размещ",
        "выпущ",
        "пропущ",
        "допущ",
        "упрощ",
        "очищ",
        "выращ",
        "упущ",
    ];
    const FROM_Z: [&str; 9] = [
        "сниж",
        "выраж",
        "пораж",
        "отраж",
        "загруж",
        "погруж",
        "сближ",
        "заморож",
        "приближ",
    ];
    const FROM_S: [&str; 7] = [
        "повыш",
        "приглаш",
        "украш",
        "окраш",
        "провозглаш",
        "погаш",
        "соглаш",
    ];
    let short = ["ен", "ена", "ено", "ены"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending));
    let full = || {
        let ending = |ending: &str| {
            word.strip_suffix(ending)
                .and_then(|base| base.strip_suffix("енн"))
        };
        ADJECTIVAL
            .iter()
            .find_map(|hard| ending(hard).filter(|_| !hard.starts_with(['и', 'е'])))
    };
    let (base, is_full) = short
        .map(|base| (base, false))
        .or_else(|| full().map(|base| (base, true)))?;
    let letters = base.chars().count();
    let instead = |last: usize, put: &str| {
        let kept = base
            .char_indices()
            .nth(letters - last)
            .map_or(base, |(at, _)| &base[..at]);
        Some(format!("{kept}{put}"))
    };
    if letters < 3 {
        return None;
    }
    if ["вл", "пл", "бл", "мл", "фл"]
        .iter()
        .any(|end| base.ends_with(end))
    {
        return instead(1, "");
    }
    if base.ends_with("жд") {
        return instead(2, "д");
    }
    for (list, put) in [
        (&FROM_T[..], "т"),
        (&FROM_ST, "ст"),
        (&FROM_Z, "з"),
        (&FROM_S, "с"),
    ] {
        if list.iter().any(|end| base.ends_with(end)) {
            return instead(1, put);
        }
    }
    let mut backward = base.chars().rev();
    let (last, before) = (backward.next()?, backward.next()?);
    let of_verb = match last {
        'ж' | 'ш' | 'ч' | 'о' => true,
        'р' | 'н' => letters > 4 && before != 'з',
        'л' => letters > 4 && is_vowel(before),
        _ => false,
    };
    (is_full && of_verb).then(|| base.to_owned())
}

/// The stem with the vowel that its nominative or genitive plural has: купц-а is купец, бойц-а боец, рынк-а рынок, ложк-а ложек. A vowel
/// put in does not run words together as one left out would (жестокий and жесткий). Not in -ск and -цк, where adjectives end.
fn fleeting(stem: &str, word: &str) -> Option<String> {
    let mut backward = stem.chars().rev();
    let (last, before) = (backward.next()?, backward.next()?);
    backward.next()?;
    let head = |cut: usize| {
        let bare = &stem[..stem.len() - last.len_utf8()];
        &bare[..bare.len() - cut]
    };
    match (last, before) {
        ('ц', 'ь' | 'й') => Some(format!("{}ец", head(before.len_utf8()))),
        ('ц', _) if !is_vowel(before) => Some(format!("{}ец", head(0))),
        ('к', 'й') => Some(format!("{}ек", head(before.len_utf8()))),
        ('к', 'с' | 'ц' | 'ь' | 'к') => None,
        ('к', _) if !is_vowel(before) => Some(format!("{}ок", head(0))),
        ('к', 'е') if stem == word => {
            let hushed = head(before.len_utf8());
            (hushed.ends_with(['ж', 'ш', 'ч']) && hushed.chars().count() > 1).then(|| format!("{hushed}ок"))
        }
        _ => None,
    }
}

/// The first `chars` characters: the stem of a language without rules.
fn cut(word: &str, chars: usize) -> &str {
    word.char_indices().nth(chars).map_or(word, |(at, _)| &word[..at])
}
