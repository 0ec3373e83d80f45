//! The language of a text: a naive Bayes classifier over letters, endings and function words.

use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use qostil_data::split::LANGUAGES;
use qostil_text::Lang;
use rustc_hash::FxHashMap;

use crate::rules::is_letter_or_digit;
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
/// speak for: ask paragraph by paragraph where that matters. Linear time, no allocation per word.
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
const FOREIGN_LETTER: f64 = 2e-4;
const FOREIGN_ENDING: f64 = 4e-3;
const FOREIGN_WORD: f64 = 3e-4;
/// What one word can say against a language, as a logarithm of odds: it may be a foreign name.
const WORD_LIMIT: f64 = 5.0;
/// No listed ending is longer, in characters.
const LONGEST_ENDING: usize = 6;

/// Odds before anything is read, of each language against each that Qostil has no resources for.
const fn prior(lang: Lang) -> f64 {
    match lang {
        Lang::Kazakh | Lang::Russian | Lang::English => 30.0,
        Lang::KazakhLatin | Lang::Other(_) => 1.0,
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
    /// Logarithm of the share of each letter in [`Profiles::letters`], and of any other.
    letters: Vec<f64>,
    other_letter: f64,
    endings: Shares,
    words: Shares,
}

/// The table. Sets of languages have a bit for each.
#[derive(Debug)]
struct Profiles {
    languages: Vec<Language>,
    /// Every letter that some block lists, with its place in [`Language::letters`].
    letters: FxHashMap<char, usize>,
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
    /// Share of words that are among its function words.
    word_share: f64,
}

impl Profiles {
    /// Reads the table; lines of no known form, which the suite of the tables rules out, are passed over.
    fn parse(table: &'static str) -> Self {
        let (mut letters, mut endings, mut words) =
            (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
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
                        let place = letters.len();
                        if let Entry::Vacant(vacant) = letters.entry(letter) {
                            vacant.insert(place);
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
                Some("words") => {
                    let count = fields.map(|word| *words.entry(word).or_insert(0) |= set).count();
                    block.words = Shares::new(block.word_share, count, FOREIGN_WORD);
                }
                _ => {}
            }
        }
        let languages = blocks.into_iter().map(|block| block.close(&letters)).collect();
        Self {
            languages,
            letters,
            endings,
            words,
        }
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
            word_share,
        })
    }

    fn close(self, places: &FxHashMap<char, usize>) -> Language {
        let mut letters = vec![FOREIGN_LETTER.ln(); places.len()];
        for (letter, share) in &self.letters {
            if let Some(place) = places.get(letter).and_then(|&place| letters.get_mut(place)) {
                *place = share.max(FOREIGN_LETTER).ln();
            }
        }
        // All languages of a script share the letters that no block lists; how these divide the rest cancels out.
        let rest = 1.0 - self.letters.iter().map(|(_, share)| share).sum::<f64>();
        let Self {
            lang,
            script,
            endings,
            words,
            ..
        } = self;
        Language {
            lang,
            script,
            letters,
            other_letter: rest.max(0.05).ln(),
            endings,
            words,
        }
    }
}

/// What the words of a text say.
#[derive(Debug)]
struct Evidence {
    /// Of each language: logarithm of the probability of the words of its script, up to a constant of the script.
    scores: Vec<f64>,
    /// Letters by script, and of scripts that no block has.
    cyrillic: u32,
    latin: u32,
    foreign: u32,
    /// The scores of one word, kept to be filled again.
    word: Vec<f64>,
}

impl Evidence {
    fn of(text: &str) -> Self {
        let zeros = vec![0.0; PROFILES.languages.len()];
        let mut evidence = Self {
            scores: zeros.clone(),
            cyrillic: 0,
            latin: 0,
            foreign: 0,
            word: zeros,
        };
        let joiner = |c| is_invisible(c) || matches!(c, '\'' | '’' | 'ʻ' | 'ʼ' | '-');
        let inside = |c: char| joiner(c) || (is_letter_or_digit(c) && !c.is_ascii_digit());
        for word in text
            .split(|c| !inside(c))
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
        self.word.fill(0.0);
        for c in small.chars() {
            self.count(c);
            let place = profiles.letters.get(&c).copied();
            for (score, language) in self.word.iter_mut().zip(&profiles.languages) {
                let share = place.and_then(|place| language.letters.get(place));
                *score += LETTER_WEIGHT * share.unwrap_or(&language.other_letter);
            }
        }
        let (function, ending) = (profiles.words.get(small).copied(), profiles.ending(small));
        for (index, (score, language)) in self.word.iter_mut().zip(&profiles.languages).enumerate() {
            *score += language.words.of(function, index);
            if function.is_none() {
                *score += language.endings.of(ending, index);
            }
        }
        let same = |language: &Language| language.script == script;
        let of_script = self
            .word
            .iter()
            .zip(&profiles.languages)
            .filter(|(_, language)| same(language));
        let best = of_script
            .map(|(&score, _)| score)
            .fold(f64::NEG_INFINITY, f64::max);
        for ((total, &score), language) in self.scores.iter_mut().zip(&self.word).zip(&profiles.languages) {
            if same(language) {
                *total += (score - best).max(-WORD_LIMIT);
            }
        }
    }

    /// Counts `c` for its script.
    fn count(&mut self, c: char) {
        let counter = match c {
            '\u{400}'..='\u{52f}' => &mut self.cyrillic,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}' => &mut self.latin,
            c if c.is_alphabetic() && !matches!(c, 'ʻ' | 'ʼ') => &mut self.foreign,
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
                        let place = PROFILES.letters[&letter];
                        let listed = PROFILES.languages[language - 1].letters[place];
                        assert!(
                            share > 0.0 && (listed - share.max(FOREIGN_LETTER).ln()).abs() < 1e-9,
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
                            bit(PROFILES.ending(&format!("ццццц{ending}")).as_ref()),
                            "{ending}"
                        );
                    }
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
    }
}
