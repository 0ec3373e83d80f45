//! The language of a text: a naive Bayes classifier over letters, endings and function words.

use std::sync::LazyLock;

use qostil_data::split::LANGUAGES;
use qostil_text::Lang;
use qostil_text::fold::{is_letter, is_letter_or_digit};
use rustc_hash::FxHashMap;

use crate::rules::floor;
use crate::tables::{Folded, entries, is_cyrillic, is_folded, is_invisible};

/// A language and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Identified {
    /// Kazakh, Russian, English, Kazakh in Latin script, or [`Lang::UNKNOWN`] for any other and for none.
    pub lang: Lang,
    /// Probability that `lang` is right, 0–1; 0 for a text without letters.
    pub confidence: f64,
}

/// The language of `text`, a document or a paragraph.
///
/// Kyrgyz, Tatar, Bashkir, Uzbek, Turkish, Ukrainian, Bulgarian and some more are told from Kazakh, Russian and
/// English and come out as [`Lang::UNKNOWN`]. Of a text in several languages the answer is the one that most letters
/// speak for: ask paragraph by paragraph where that matters. A text of more than 16 KiB is judged by pieces of it that
/// lie evenly over its length, so that a long one takes no longer. No allocation.
///
/// ```
/// use qostil_split::identify;
/// use qostil_text::Lang;
/// assert_eq!(identify("Бұл шешім аймаққа инвестиция тартуға ықпал етеді.").lang, Lang::Kazakh);
/// assert_eq!(identify("Бул чечим аймакка инвестиция тартууга өбөлгө түзөт.").lang, Lang::UNKNOWN);
/// ```
pub fn identify(text: &str) -> Identified {
    let evidence = Evidence::of(text);
    let Some(script) = evidence.script() else {
        return Identified {
            lang: Lang::UNKNOWN,
            confidence: 0.0,
        };
    };
    let languages = &PROFILES.of_script(script).languages;
    let mut odds = *evidence.scores_of(script);
    for (score, (_, prior)) in odds.iter_mut().zip(languages) {
        *score += prior;
    }
    let odds = &mut odds[..languages.len()];
    let best = odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in odds.iter_mut() {
        *score = (*score - best).exp();
    }
    let total: f64 = odds.iter().sum();
    let share = |lang| {
        let own = languages.iter().zip(&*odds).filter(|((l, _), _)| *l == lang);
        own.map(|(_, odds)| odds).sum::<f64>() / total
    };
    let known =
        [Lang::Kazakh, Lang::KazakhLatin, Lang::Russian, Lang::English].map(|lang| (lang, share(lang)));
    let other = (Lang::UNKNOWN, share(Lang::UNKNOWN));
    let (lang, share) = known
        .into_iter()
        .fold(other, |best, next| if next.1 > best.1 { next } else { best });
    Identified {
        lang,
        confidence: share * evidence.purity(script),
    }
}

/// Letters next to each other say less than independent ones would: their evidence is scaled down.
const LETTER_WEIGHT: f64 = 0.5;
/// Share of a letter, an ending, a function word that a language does not have: foreign names, slips.
const FOREIGN_LETTER: f64 = 1e-7;
const FOREIGN_ENDING: f64 = 2e-3;
const FOREIGN_WORD: f64 = 3e-4;
/// What a doubled vowel says against a language that has none, as a logarithm of odds.
const FOREIGN_VOWEL: f64 = -2.0;
/// What one word can say against a language, as a logarithm of odds; with a capital it may be a foreign name.
const WORD_LIMIT: f64 = 9.0;
const NAME_LIMIT: f64 = 4.0;
/// No listed ending is longer, in characters.
const LONGEST_ENDING: usize = 6;
/// No script has more languages. A number for each is added at once, whether there is such a language or not.
const LANES: usize = 20;
/// A number for each language of a script.
type Row = [f64; LANES];
/// Of a long text this many pieces of so many bytes are read.
const PIECES: usize = 32;
const PIECE: usize = 512;
/// Vowels that some languages of the table write doubled.
const LONG_VOWELS: [char; 6] = ['а', 'о', 'у', 'э', 'ө', 'ү'];
/// Letters of both scripts are below.
const LETTERS_END: char = '\u{530}';

/// Odds before anything is read, of each language against each that Qostil has no resources for.
const fn prior(lang: Lang) -> f64 {
    match lang {
        Lang::English => 100.0,
        Lang::Russian => 40.0,

        Lang::Kazakh | Lang::KazakhLatin => 6.0,
        Lang::Other(_) => 1.0,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Cyrillic,
    Latin,
}

/// What a letter is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Cyrillic,
    Latin,
    /// Of a script that no block has.
    Foreign,
    /// No letter.
    Nothing,
}

impl Count {
    fn of(c: char) -> Self {
        match c {
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            c if is_letter(c) && !matches!(c, 'ʻ' | 'ʼ') => Self::Foreign,
            _ => Self::Nothing,
        }
    }
}

/// Logarithms of the share of a listed item, of one that only other languages list, and of any other.
#[derive(Clone, Copy, Debug)]
struct Shares {
    own: f64,
    foreign: f64,
    other: f64,
}

impl Shares {
    /// Of `count` listed items that together make up `share`, when one of the others is as rare as `foreign`.
    fn new(share: f64, count: usize, foreign: f64) -> Self {
        let own = (share / count.max(1) as f64).max(foreign);
        Self {
            own: own.ln(),
            foreign: foreign.ln(),
            other: (1.0 - share).ln(),
        }
    }

    /// For language `index`, when those in the set `listing` list the item.
    fn of(self, listing: Option<u64>, index: usize) -> f64 {
        match listing {
            Some(languages) if languages >> index & 1 == 1 => self.own,
            Some(_) => self.foreign,
            None => self.other,
        }
    }
}

/// The table.
#[derive(Debug)]
struct Profiles {
    /// The number of each character, and what it is counted as; the number of all that the table does not hold is 0.
    letters: Vec<(u8, Count)>,
    cyrillic: Profile,
    latin: Profile,
    /// By the numbers of its letters, see [`Profiles::ending`]: the number of each ending's set of languages.
    endings: FxHashMap<u64, u8>,
    /// How long the endings are whose last letter has a number: a bit for each length in letters.
    ending_lengths: Vec<u8>,
    /// The number of each word's set of languages.
    words: FxHashMap<&'static str, u8>,
    /// No word is longer, in bytes.
    longest_word: usize,
}

/// What the table says for the languages of one script.
#[derive(Debug)]
struct Profile {
    /// The languages, and the logarithm of the odds of each before anything is read.
    languages: Vec<(Lang, f64)>,
    /// By the number of a letter: the logarithm of its share, scaled down.
    letters: Vec<Row>,
    /// By the place of a letter among [`LONG_VOWELS`]: what it says when it stands doubled.
    doubled: Vec<Row>,
    /// By the number of the set of languages that list it: what an ending says, and a word. Number 0 is of what no language lists.
    endings: Vec<Row>,
    words: Vec<Row>,
}

static PROFILES: LazyLock<Profiles> = LazyLock::new(|| Profiles::parse(LANGUAGES));

/// A block of the table as read.
#[derive(Debug)]
struct Block {
    lang: Lang,
    script: Script,
    letters: Vec<(char, f64)>,
    endings: Shares,
    words: Shares,
    doubled: &'static str,
    /// Share of words that are among its function words.
    word_share: f64,
}

impl Profiles {
    /// Reads the table; lines of no known form, which the suite of the tables rules out, are passed over.
    fn parse(table: &'static str) -> Self {
        let (mut endings, mut words) = (FxHashMap::default(), FxHashMap::default());
        let mut blocks: Vec<Block> = Vec::new();
        for line in entries(table) {
            let mut fields = line.split_whitespace();
            let kind = fields.next();
            if kind == Some("language") {
                blocks.extend(Block::open(fields));
                continue;
            }
            let set = 1 << blocks.len().saturating_sub(1);
            let Some(block) = blocks.last_mut() else { continue };
            match kind {
                Some("letters") => block.letters = fields.filter_map(letter).collect(),
                Some("endings") => {
                    let share = fields.next().map_or(0.0, per_mille);
                    let count = fields
                        .map(|ending| *endings.entry(ending).or_insert(0) |= set)
                        .count();
                    block.endings = Shares::new(share, count, FOREIGN_ENDING);
                }
                Some("doubled") => block.doubled = fields.next().unwrap_or(""),
                Some("words") => {
                    let count = fields.map(|word| *words.entry(word).or_insert(0) |= set).count();
                    block.words = Shares::new(block.word_share, count, FOREIGN_WORD);
                }
                _ => {}
            }
        }
        let mut alphabet: Vec<char> = blocks.iter().flat_map(Block::alphabet).collect();
        alphabet.extend(endings.keys().flat_map(|ending: &&str| ending.chars()));
        alphabet.sort_unstable();
        alphabet.dedup();
        let number = |c: char| index(alphabet.binary_search(&c));
        let (ending_sets, endings) = numbered(endings);
        let (word_sets, words) = numbered(words);
        let of_script = |script| Profile::new(script, &blocks, &alphabet, [&ending_sets, &word_sets]);
        let mut ending_lengths = vec![0; alphabet.len() + 1];
        for ending in endings.keys() {
            if let Some(last) = ending.chars().next_back() {
                ending_lengths[usize::from(number(last))] |= 1 << ending.chars().count();
            }
        }
        let numbers = |ending: &str| {
            let numbers = ending.chars().map(number);
            numbers.fold(0, |all, number| all << u8::BITS | u64::from(number))
        };
        Self {
            letters: ('\0'..LETTERS_END).map(|c| (number(c), Count::of(c))).collect(),
            cyrillic: of_script(Script::Cyrillic),
            latin: of_script(Script::Latin),
            endings: endings
                .iter()
                .map(|(ending, set)| (numbers(ending), *set))
                .collect(),
            ending_lengths,
            longest_word: words.keys().map(|word| word.len()).max().unwrap_or(0),
            words,
        }
    }

    fn of_script(&self, script: Script) -> &Profile {
        match script {
            Script::Cyrillic => &self.cyrillic,
            Script::Latin => &self.latin,
        }
    }

    /// The number of a character, and what it is counted as.
    fn letter(&self, c: char) -> (u8, Count) {
        let known = self.letters.get(c as usize).copied();
        known.unwrap_or_else(|| (0, Count::of(c)))
    }

    /// The number of the set of languages that list the longest listed ending of a word of `count` letters, whose last eight have
    /// these numbers, the last of all in the lowest byte.
    fn ending(&self, numbers: u64, count: usize) -> u8 {
        let lengths = self.ending_lengths.get((numbers & 0xff) as usize);
        let lengths = lengths.copied().unwrap_or(0);
        // A word is longer than its ending.
        let longest = LONGEST_ENDING.min(count.saturating_sub(1));
        let listed = (1..=longest).rev().filter(|length| lengths >> length & 1 == 1);
        let mut found = listed.filter_map(|length| {
            let ending = numbers & ((1 << (length as u32 * u8::BITS)) - 1);
            self.endings.get(&ending).copied()
        });
        found.next().unwrap_or(0)
    }

    /// The number of the set of languages that list a word.
    fn word(&self, word: &str) -> u8 {
        if word.len() > self.longest_word {
            return 0;
        }
        self.words.get(word).copied().unwrap_or(0)
    }
}

/// A number from 1 on for what was found; 0 for what was not.
fn index(found: Result<usize, usize>) -> u8 {
    found.map_or(0, |at| u8::try_from(at + 1).unwrap_or(0))
}

/// The distinct sets of languages, and the number of each item's among them from 1 on.
fn numbered(items: FxHashMap<&'static str, u64>) -> (Vec<u64>, FxHashMap<&'static str, u8>) {
    let mut sets: Vec<u64> = items.values().copied().collect();
    sets.sort_unstable();
    sets.dedup();
    let number = |set| index(sets.binary_search(&set));
    let items = items.into_iter().map(|(item, set)| (item, number(set))).collect();
    (sets, items)
}

impl Profile {
    /// Of the languages of `script`, for these letters and for these sets of languages of endings and of words.
    fn new(script: Script, blocks: &[Block], letters: &[char], [endings, words]: [&[u64]; 2]) -> Self {
        let own = || {
            blocks
                .iter()
                .enumerate()
                .filter(move |(_, block)| block.script == script)
        };
        let row = |said: &dyn Fn(usize, &Block) -> f64| {
            let mut row = [0.0; LANES];
            for (place, (index, block)) in row.iter_mut().zip(own()) {
                *place = said(index, block);
            }
            row
        };
        let other = row(&|_, block| block.other_letter());
        let is_listed = |letter: &char| blocks.iter().any(|block| block.alphabet().any(|c| c == *letter));
        let letters = letters.iter().map(|letter| {
            if is_listed(letter) {
                row(&|_, block| block.letter(*letter))
            } else {
                other
            }
        });
        let rows = |sets: &[u64], shares: &dyn Fn(&Block) -> Shares| {
            let sets = std::iter::once(None).chain(sets.iter().copied().map(Some));
            sets.map(|set| row(&|index, block| shares(block).of(set, index)))
                .collect()
        };
        let doubled = |vowel: &char| {
            row(&|_, block| {
                if block.doubled.contains(*vowel) {
                    0.0
                } else {
                    FOREIGN_VOWEL
                }
            })
        };
        Self {
            languages: own()
                .map(|(_, block)| (block.lang, prior(block.lang).ln()))
                .collect(),
            letters: std::iter::once(other).chain(letters).collect(),
            doubled: LONG_VOWELS.iter().map(doubled).collect(),
            endings: rows(endings, &|block| block.endings),
            words: rows(words, &|block| block.words),
        }
    }
}

/// The larger of two numbers, neither of which is NaN, which is what makes `f64::max` dear.
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// Adds to the scores what a row says.
fn add(scores: &mut Row, rows: &[Row], number: u8) {
    if let Some(row) = rows.get(usize::from(number)) {
        for (score, said) in scores.iter_mut().zip(row) {
            *score += said;
        }
    }
}

/// A number of thousandths.
fn per_mille(field: &str) -> f64 {
    field.parse::<f64>().unwrap_or(0.0) / 1000.0
}

/// A letter and its share: `ә9`.
fn letter(field: &str) -> Option<(char, f64)> {
    let letter = field.chars().next()?;
    Some((letter, per_mille(field.get(letter.len_utf8()..)?)))
}

impl Block {
    /// From the fields after `language`.
    fn open(mut fields: impl Iterator<Item = &'static str>) -> Option<Self> {
        let lang = fields
            .next()?
            .parse()
            .ok()
            .filter(Lang::is_known)
            .unwrap_or(Lang::UNKNOWN);
        let script = if fields.next()? == "latin" {
            Script::Latin
        } else {
            Script::Cyrillic
        };
        let word_share = per_mille(fields.next()?);
        // Of a language without a list nothing is known: its endings are as rare as any.
        let endings = Shares {
            own: 0.0,
            foreign: 0.01_f64.ln(),
            other: 0.7_f64.ln(),
        };
        let words = Shares::new(word_share, 1, FOREIGN_WORD);
        Some(Self {
            lang,
            script,
            letters: Vec::new(),
            endings,
            words,
            doubled: "",
            word_share,
        })
    }

    /// The letters that it lists.
    fn alphabet(&self) -> impl Iterator<Item = char> {
        self.letters.iter().map(|(letter, _)| *letter)
    }

    /// What `letter`, which some block lists, says for this language.
    fn letter(&self, letter: char) -> f64 {
        let listed = self.letters.iter().find(|(listed, _)| *listed == letter);
        LETTER_WEIGHT
            * listed
                .map_or(FOREIGN_LETTER, |&(_, share)| share.max(FOREIGN_LETTER))
                .ln()
    }

    /// What a letter that no block lists says. All languages of a script share these; how they divide the rest of the
    /// letters cancels out.
    fn other_letter(&self) -> f64 {
        let rest = 1.0 - self.letters.iter().map(|(_, share)| share).sum::<f64>();
        LETTER_WEIGHT * rest.max(0.05).ln()
    }
}

/// The parts of `text` that are read: all of it, or pieces at even distances, whole words where it has white space.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.len() <= PIECES * PIECE;
    let (count, step, len) = if whole {
        (1, 0, text.len())
    } else {
        (PIECES, text.len() / PIECES, PIECE)
    };
    (0..count).map(move |index| {
        let piece = &text[floor(text, index * step)..floor(text, index * step + len)];
        match (piece.find(char::is_whitespace), piece.rfind(char::is_whitespace)) {
            (Some(first), Some(last)) if !whole && first < last => &piece[first..last],
            _ => piece,
        }
    })
}

/// The words of a piece: runs of letters, with what may join letters between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let joiner = |c| is_invisible(c) || matches!(c, '\'' | '’' | 'ʻ' | 'ʼ' | '-');
    let inside = move |c: char| (is_letter_or_digit(c) && !c.is_ascii_digit()) || joiner(c);
    // Whether the character at a place stands in words, and its length; 0 at the end.
    let bytes = text.as_bytes();
    let look = move |at: usize| match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'a'..=b'z' | b'A'..=b'Z'), _) => (true, 1),
        (Some(0xd0 | 0xd1 | 0xd3), _) | (Some(0xd2), Some(0x8a..)) => (true, 2),
        (Some(b' '), _) => (false, 1),
        _ => {
            let c = text.get(at..).and_then(|rest| rest.chars().next());
            c.map_or((false, 0), |c| (inside(c), c.len_utf8()))
        }
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut found = look(at);
        while !found.0 {
            if found.1 == 0 {
                return None;
            }
            at += found.1;
            found = look(at);
        }
        let start = at;
        while found.0 {
            at += found.1;
            found = look(at);
        }
        text.get(start..at)
    })
    .map(move |word| word.trim_matches(joiner))
    .filter(|word| !word.is_empty())
}

/// What the words of a text say.
#[derive(Debug)]
struct Evidence {
    /// Of each language: logarithm of the probability of the words of its script, up to a constant of the script.
    cyrillic_scores: Row,
    latin_scores: Row,
    /// Letters by script, and of scripts that no block has.
    cyrillic: u32,
    latin: u32,
    foreign: u32,
}

impl Evidence {
    fn of(text: &str) -> Self {
        let mut evidence = Self {
            cyrillic_scores: [0.0; LANES],
            latin_scores: [0.0; LANES],
            cyrillic: 0,
            latin: 0,
            foreign: 0,
        };
        for word in pieces(text).flat_map(words) {
            evidence.add(word);
        }
        evidence
    }

    fn scores_of(&self, script: Script) -> &Row {
        match script {
            Script::Cyrillic => &self.cyrillic_scores,
            Script::Latin => &self.latin_scores,
        }
    }

    fn add(&mut self, word: &str) {
        let profiles = &*PROFILES;
        let folded = (!is_folded(word)).then(|| Folded::new(word));
        // A word too long for the fold is debris or glued text; its letters count all the same.
        let small = folded.as_ref().map_or("", Folded::as_str);
        let small = if small.is_empty() { word } else { small };
        let script = if is_cyrillic(small) {
            Script::Cyrillic
        } else {
            Script::Latin
        };
        let profile = profiles.of_script(script);
        let mut scores = [0.0; LANES];
        let (mut numbers, mut count, mut last) = (0, 0, '\0');
        for c in small.chars() {
            let (number, counted) = profiles.letter(c);
            match counted {
                Count::Cyrillic => self.cyrillic += 1,
                Count::Latin => self.latin += 1,
                Count::Foreign => self.foreign += 1,
                Count::Nothing => {}
            }
            add(&mut scores, &profile.letters, number);
            if last == c
                && let Some(vowel) = LONG_VOWELS.iter().position(|vowel| *vowel == c)
            {
                add(&mut scores, &profile.doubled, vowel as u8);
            }
            numbers = numbers << u8::BITS | u64::from(number);
            (count, last) = (count + 1, c);
        }
        let function = profiles.word(small);
        add(&mut scores, &profile.words, function);
        if function == 0 {
            add(&mut scores, &profile.endings, profiles.ending(numbers, count));
        }
        let limit = if folded.is_some() && word.starts_with(char::is_uppercase) {
            NAME_LIMIT
        } else {
            WORD_LIMIT
        };
        let own = &scores[..profile.languages.len()];
        let best = own.iter().copied().fold(f64::NEG_INFINITY, larger);
        let totals = match script {
            Script::Cyrillic => &mut self.cyrillic_scores,
            Script::Latin => &mut self.latin_scores,
        };
        for (total, score) in totals.iter_mut().zip(scores) {
            *total += larger(score - best, -limit);
        }
    }

    /// The script of most letters; `None` when it has no language here.
    fn script(&self) -> Option<Script> {
        if self.foreign > self.cyrillic.max(self.latin) || (self.cyrillic == 0 && self.latin == 0) {
            None
        } else if self.cyrillic >= self.latin {
            Some(Script::Cyrillic)
        } else {
            Some(Script::Latin)
        }
    }

    /// Share of the letters that are of `script`.
    fn purity(&self, script: Script) -> f64 {
        let own = if script == Script::Cyrillic {
            self.cyrillic
        } else {
            self.latin
        };
        f64::from(own) / (f64::from(self.cyrillic) + f64::from(self.latin) + f64::from(self.foreign)).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a word that is all folded says of its ending: the number of the set of languages that list it.
    fn ending(word: &str) -> u8 {
        let numbers = word.chars().map(|c| PROFILES.letter(c).0);
        let all = numbers.fold(0, |all, number| all << u8::BITS | u64::from(number));
        PROFILES.ending(all, word.chars().count())
    }

    #[test]
    fn every_letter_ending_and_word_fires() {
        let mut blocks: Vec<Block> = Vec::new();
        for line in entries(LANGUAGES) {
            let mut fields = line.split_whitespace();
            let kind = fields.next();
            if kind == Some("language") {
                assert_eq!(fields.clone().count(), 3, "{line}");
                blocks.extend(Block::open(fields));
                continue;
            }
            let block = blocks.last().expect("a language");
            let lane = blocks.iter().filter(|other| other.script == block.script).count() - 1;
            let profile = PROFILES.of_script(block.script);
            let said = |rows: &[Row], number: u8| rows[usize::from(number)][lane];
            match kind {
                Some("letters") => {
                    for field in fields {
                        let (letter, share) = letter(field).expect("a letter and its share");
                        let said = said(&profile.letters, PROFILES.letter(letter).0) / LETTER_WEIGHT;
                        assert!(
                            share > 0.0 && (said - share.max(FOREIGN_LETTER).ln()).abs() < 1e-9,
                            "{field}"
                        );
                    }
                }
                Some("endings") => {
                    let share = fields.next().map_or(0.0, per_mille);
                    assert!(share > 0.0, "{line}");
                    let own = Shares::new(share, fields.clone().count(), FOREIGN_ENDING).own;
                    for field in fields {
                        let number = ending(&format!("ѵѵѵѵѵ{field}"));
                        assert!(number > 0 && said(&profile.endings, number) == own, "{field}");
                    }
                }
                Some("doubled") => {
                    let doubled = fields.next().unwrap_or("");
                    for (place, vowel) in LONG_VOWELS.iter().enumerate() {
                        let is_free = said(&profile.doubled, place as u8) == 0.0;
                        assert_eq!(is_free, doubled.contains(*vowel), "{line}");
                    }
                    assert!(doubled.chars().all(|c| LONG_VOWELS.contains(&c)), "{line}");
                }
                Some("words") => {
                    let own = Shares::new(block.word_share, fields.clone().count(), FOREIGN_WORD).own;
                    for word in fields {
                        let number = PROFILES.word(Folded::new(word).as_str());
                        assert!(number > 0 && said(&profile.words, number) == own, "{word}");
                    }
                }
                _ => panic!("{line}"),
            }
        }
        let profiles = [&PROFILES.cyrillic, &PROFILES.latin];
        assert!(profiles.iter().all(|profile| profile.languages.len() <= LANES));
        assert_eq!(
            profiles
                .map(|profile| profile.languages.len())
                .iter()
                .sum::<usize>(),
            blocks.len()
        );
        assert!(blocks.len() <= u64::BITS as usize && PROFILES.cyrillic.letters.len() <= 256);
        assert!(
            profiles
                .iter()
                .all(|profile| profile.words.len() <= 256 && profile.endings.len() <= 256)
        );
    }

    #[test]
    fn words_are_runs_of_letters_and_what_joins_them() {
        let found: Vec<_> = words("«Қасым-Жомарт’ы, – o'zbek 5G ҂x ʻ» Тоқаев- é").collect();
        assert_eq!(found, ["Қасым-Жомарт’ы", "o'zbek", "G", "x", "Тоқаев", "é"]);
    }

    #[test]
    fn what_is_folded_stays_as_it_is() {
        for c in '\0'..='\u{600}' {
            let word = format!("{c}{c}");
            assert!(!is_folded(&word) || Folded::new(&word).as_str() == word, "{c:?}");
        }
        assert!(is_folded("қазақ") && is_folded("word") && !is_folded("wоrd") && !is_folded("Қазақ"));
    }
}
