//! The language of a text: a naive Bayes classifier over letters, endings and function words.

use std::ops::Range;
use std::sync::LazyLock;

use qostil_data::split::LANGUAGES;
use qostil_text::Lang;
use qostil_text::fold::{is_letter, is_letter_or_digit};
use rustc_hash::FxHashMap;

use crate::rules::floor;
use crate::tables::{Folded, entries, is_cyrillic, is_invisible};

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
    let candidates = || {
        let languages = PROFILES.languages.iter().zip(&evidence.scores);
        languages
            .filter(|(l, _)| l.script == script)
            .map(|(l, score)| (l.lang, score + prior(l.lang).ln()))
    };
    let best = candidates()
        .map(|(_, score)| score)
        .fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = candidates().map(|(_, score)| (score - best).exp()).sum();
    let share = |lang| {
        let own = candidates()
            .filter(|(l, _)| *l == lang)
            .map(|(_, score)| (score - best).exp());
        own.sum::<f64>() / total
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
/// A set of languages has a bit for each.
const MOST_LANGUAGES: usize = 64;
/// Of a long text this many pieces of so many bytes are read.
const PIECES: usize = 32;
const PIECE: usize = 512;
/// Vowels that some languages of the table write doubled.
const LONG_VOWELS: [char; 6] = ['а', 'о', 'у', 'э', 'ө', 'ү'];
/// Letters of both scripts are below.
const LETTERS_END: usize = 0x530;

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

/// What a language's block in the table says.
#[derive(Debug)]
struct Language {
    lang: Lang,
    script: Script,
    endings: Shares,
    words: Shares,
    /// Vowels that it writes doubled.
    doubled: &'static str,
}

/// The table. Sets of languages have a bit for each.
#[derive(Debug)]
struct Profiles {
    languages: Vec<Language>,
    /// The row of each character in `letter_scores`; the first is that of all that no block lists.
    rows: Vec<u8>,
    /// In each row what the letter says for each language: the logarithm of its share, scaled down.
    letter_scores: Vec<Vec<f64>>,
    /// Where the languages of each script are among all.
    cyrillic: Range<usize>,
    latin: Range<usize>,
    endings: FxHashMap<&'static str, u64>,
    words: FxHashMap<&'static str, u64>,
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
        let (mut rows, mut letters) = (vec![0; LETTERS_END], Vec::new());
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
                Some("letters") => {
                    block.letters = fields.filter_map(letter).collect();
                    for &(letter, _) in &block.letters {
                        if let Some(row @ 0) = rows.get_mut(letter as usize) {
                            letters.push(letter);
                            *row = u8::try_from(letters.len()).unwrap_or(0);
                        }
                    }
                }
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
        let other = blocks.iter().map(Block::other_letter).collect();
        let listed = letters
            .iter()
            .map(|&letter| blocks.iter().map(|block| block.letter(letter)).collect());
        let letter_scores = std::iter::once(other).chain(listed).collect();
        let of_script = |script| {
            let own = |block: &Block| block.script == script;
            let (first, last) = (blocks.iter().position(own), blocks.iter().rposition(own));
            first.unwrap_or(0)..last.map_or(0, |last| last + 1)
        };
        let (cyrillic, latin) = (of_script(Script::Cyrillic), of_script(Script::Latin));
        Self {
            languages: blocks.into_iter().map(Block::close).collect(),
            rows,
            letter_scores,
            cyrillic,
            latin,
            endings,
            words,
        }
    }

    /// Where the languages of `script` are among all.
    fn of_script(&self, script: Script) -> Range<usize> {
        match script {
            Script::Cyrillic => self.cyrillic.clone(),
            Script::Latin => self.latin.clone(),
        }
    }

    /// What `c` says for each language.
    fn letter(&self, c: char) -> &[f64] {
        let row = self.rows.get(c as usize).copied().unwrap_or(0);
        &self.letter_scores[usize::from(row)]
    }

    /// The languages that list the longest listed ending of `word`.
    fn ending(&self, word: &str) -> Option<u64> {
        let count = word.chars().count();
        // A word is longer than its ending.
        let starts = word
            .char_indices()
            .skip(count.saturating_sub(LONGEST_ENDING).max(1));
        starts
            .filter_map(|(at, _)| word.get(at..))
            .find_map(|ending| self.endings.get(ending).copied())
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

    fn close(self) -> Language {
        Language {
            lang: self.lang,
            script: self.script,
            endings: self.endings,
            words: self.words,
            doubled: self.doubled,
        }
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

/// What the words of a text say.
#[derive(Debug)]
struct Evidence {
    /// Of each language: logarithm of the probability of the words of its script, up to a constant of the script.
    scores: [f64; MOST_LANGUAGES],
    /// Letters by script, and of scripts that no block has.
    cyrillic: u32,
    latin: u32,
    foreign: u32,
}

impl Evidence {
    fn of(text: &str) -> Self {
        let mut evidence = Self {
            scores: [0.0; MOST_LANGUAGES],
            cyrillic: 0,
            latin: 0,
            foreign: 0,
        };
        let joiner = |c| is_invisible(c) || matches!(c, '\'' | '’' | 'ʻ' | 'ʼ' | '-');
        let inside = |c: char| (is_letter_or_digit(c) && !c.is_ascii_digit()) || joiner(c);
        for word in pieces(text)
            .flat_map(|piece| piece.split(|c| !inside(c)))
            .map(|word| word.trim_matches(joiner))
            .filter(|word| !word.is_empty())
        {
            evidence.add(word);
        }
        evidence
    }

    fn add(&mut self, word: &str) {
        let profiles = &*PROFILES;
        let folded = Folded::new(word);
        // A word too long for the fold is debris or glued text; its letters count all the same.
        let small = if folded.as_str().is_empty() {
            word
        } else {
            folded.as_str()
        };
        let script = if is_cyrillic(small) {
            Script::Cyrillic
        } else {
            Script::Latin
        };
        let range = profiles.of_script(script);
        let languages = &profiles.languages[range.clone()];
        let mut scores = [0.0; MOST_LANGUAGES];
        let scores = &mut scores[..languages.len()];
        let mut last = None;
        for c in small.chars() {
            self.count(c);
            for (score, said) in scores.iter_mut().zip(&profiles.letter(c)[range.clone()]) {
                *score += said;
            }
            if last == Some(c) && LONG_VOWELS.contains(&c) {
                for (score, language) in scores.iter_mut().zip(languages) {
                    *score += if language.doubled.contains(c) {
                        0.0
                    } else {
                        FOREIGN_VOWEL
                    };
                }
            }
            last = Some(c);
        }
        let (function, ending) = (profiles.words.get(small).copied(), profiles.ending(small));
        for (index, (score, language)) in range.clone().zip(scores.iter_mut().zip(languages)) {
            *score += language.words.of(function, index);
            if function.is_none() {
                *score += language.endings.of(ending, index);
            }
        }
        let limit = if word.starts_with(char::is_uppercase) {
            NAME_LIMIT
        } else {
            WORD_LIMIT
        };
        let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (total, score) in self.scores[range].iter_mut().zip(scores) {
            *total += (*score - best).max(-limit);
        }
    }

    /// Counts `c` for its script.
    fn count(&mut self, c: char) {
        let counter = match c {
            '\u{400}'..='\u{52f}' => &mut self.cyrillic,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}' => &mut self.latin,
            c if is_letter(c) && !matches!(c, 'ʻ' | 'ʼ') => &mut self.foreign,
            _ => return,
        };
        *counter = counter.saturating_add(1);
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

    #[test]
    fn every_letter_ending_and_word_fires() {
        let mut language = 0;
        for line in entries(LANGUAGES) {
            let mut fields = line.split_whitespace();
            let bit = |set: Option<&u64>| set.is_some_and(|set| set >> (language - 1) & 1 == 1);
            match fields.next() {
                Some("language") => {
                    assert_eq!(fields.count(), 3, "{line}");
                    language += 1;
                }
                Some("letters") => {
                    for field in fields {
                        let (letter, share) = letter(field).expect("a letter and its share");
                        let said = PROFILES.letter(letter)[language - 1] / LETTER_WEIGHT;
                        assert!(
                            share > 0.0 && (said - share.max(FOREIGN_LETTER).ln()).abs() < 1e-9,
                            "{field}"
                        );
                    }
                }
                Some("endings") => {
                    assert!(
                        fields.next().is_some_and(|share| per_mille(share) > 0.0),
                        "{line}"
                    );
                    for ending in fields {
                        assert!(
                            bit(PROFILES.ending(&format!("ѵѵѵѵѵ{ending}")).as_ref()),
                            "{ending}"
                        );
                    }
                }
                Some("doubled") => {
                    let doubled = PROFILES.languages[language - 1].doubled;
                    assert!(doubled.chars().all(|c| LONG_VOWELS.contains(&c)), "{line}");
                    assert_eq!(fields.next(), Some(doubled), "{line}");
                }
                Some("words") => {
                    for word in fields {
                        assert!(bit(PROFILES.words.get(Folded::new(word).as_str())), "{word}");
                    }
                }
                _ => panic!("{line}"),
            }
        }
        assert_eq!(PROFILES.languages.len(), language);
        assert!(language <= MOST_LANGUAGES && PROFILES.letter_scores.len() <= 256);
        for script in [Script::Cyrillic, Script::Latin] {
            let own = &PROFILES.languages[PROFILES.of_script(script)];
            assert!(own.iter().all(|l| l.script == script), "scripts do not mix");
        }
    }
}
