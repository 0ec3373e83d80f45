//! The word lists of `data/split`, parsed once.

use std::sync::LazyLock;

use qostil_data::split as data;
use qostil_text::Lang;
use rustc_hash::{FxHashMap, FxHashSet};

/// How a sentence can end at the stop of an abbreviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Never.
    Prefix,
    /// Only before a word that opens sentences.
    Inner,
    /// Before a capital, not before a small letter or a figure.
    Unit,
    /// Not before a small letter or a figure; before a capital like any word.
    Label,
    /// Before anything but a small letter.
    Final,
}

/// An abbreviation's class, by itself and after a number.
#[derive(Clone, Copy, Debug)]
struct Behaviour {
    plain: Class,
    after_number: Class,
}

/// A set of words in small letters.
type Words = FxHashSet<&'static str>;

/// What one language adds.
#[derive(Debug, Default)]
struct Language {
    abbreviations: FxHashMap<&'static str, Behaviour>,
    openers: Words,
    /// Openers that take any ending of `noun_endings`.
    inflected_openers: Words,
}

/// All tables.
#[derive(Debug)]
pub(crate) struct Tables {
    kazakh: Language,
    kazakh_latin: Language,
    russian: Language,
    english: Language,
    noun_endings: Words,
    verb_endings: Words,
    pub(crate) headings: Words,
    pub(crate) lettered: Words,
    surnames: Words,
    pub(crate) speech: Words,
    pub(crate) calendar: Words,
    pub(crate) prepositions: Words,
}

/// The tables, parsed at first use.
pub(crate) static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables {
    kazakh: Language::parse(data::ABBREVIATIONS_KK, data::OPENERS_KK),
    kazakh_latin: Language::parse(data::ABBREVIATIONS_KK_LATN, ""),
    russian: Language::parse(data::ABBREVIATIONS_RU, data::OPENERS_RU),
    english: Language::parse(data::ABBREVIATIONS_EN, data::OPENERS_EN),
    noun_endings: endings("noun"),
    verb_endings: endings("verb"),
    headings: entries(data::HEADINGS).collect(),
    lettered: entries(data::LETTERED).collect(),
    surnames: entries(data::SURNAMES).collect(),
    speech: entries(data::SPEECH).collect(),
    calendar: entries(data::CALENDAR).collect(),
    prepositions: entries(data::PREPOSITIONS).collect(),
});

/// The lines of a table that hold something.
pub(crate) fn entries(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The endings of one kind in `endings.kk.txt`.
fn endings(kind: &'static str) -> Words {
    entries(data::ENDINGS_KK)
        .filter_map(|line| line.strip_prefix(kind))
        .flat_map(str::split_whitespace)
        .collect()
}

impl Language {
    fn parse(abbreviations: &'static str, openers: &'static str) -> Self {
        let mut language = Self::default();
        for line in entries(abbreviations) {
            let mut fields = line.split_whitespace();
            // The suite of the tables proves that every line has this form.
            let (Some(form), Some(plain)) = (fields.next(), fields.next().and_then(Class::named)) else {
                continue;
            };
            let after_number = fields.next().and_then(Class::named).unwrap_or(plain);
            language
                .abbreviations
                .insert(form, Behaviour { plain, after_number });
        }
        for word in entries(openers) {
            match word.strip_suffix('+') {
                Some(stem) => language.inflected_openers.insert(stem),
                None => language.openers.insert(word),
            };
        }
        language
    }
}

impl Class {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "prefix" => Self::Prefix,
            "inner" => Self::Inner,
            "unit" => Self::Unit,
            "label" => Self::Label,
            "final" => Self::Final,
            _ => return None,
        })
    }
}

impl Tables {
    /// The languages whose tables count for a word of a text in `lang`: Kazakh texts use Russian abbreviations too,
    /// and every text English ones.
    fn languages(&self, lang: Lang, cyrillic: bool) -> impl Iterator<Item = &Language> {
        let chosen: &[&Language] = match (lang, cyrillic) {
            (Lang::Russian, true) => &[&self.russian],
            (_, true) => &[&self.kazakh, &self.russian],
            (Lang::KazakhLatin, false) => &[&self.kazakh_latin, &self.english],
            (_, false) => &[&self.english],
        };
        let (first, second) = (chosen.first().copied(), chosen.get(1).copied());
        first.into_iter().chain(second)
    }

    /// The class of an abbreviation: `word` in small letters, `written` as it stands.
    pub(crate) fn class(&self, lang: Lang, word: &str, written: &str, after_number: bool) -> Option<Class> {
        let behaviour = self.languages(lang, is_cyrillic(word)).find_map(|language| {
            // A form with a capital in the table is told from the small word by it: `No.`, `Gen.`, `Mar.`.
            let capital = (written != word)
                .then(|| language.abbreviations.get(written))
                .flatten();
            capital.or_else(|| language.abbreviations.get(word))
        })?;
        Some(if after_number {
            behaviour.after_number
        } else {
            behaviour.plain
        })
    }

    /// Whether `word`, in small letters, opens sentences.
    pub(crate) fn opens(&self, lang: Lang, word: &str) -> bool {
        self.languages(lang, is_cyrillic(word)).any(|language| {
            language.openers.contains(word)
                || language.inflected_openers.contains(word)
                || (!language.inflected_openers.is_empty()
                    && self.is_inflected(&language.inflected_openers, word))
        })
    }

    /// Whether `word` is one of `stems` with a Kazakh ending of a noun.
    fn is_inflected(&self, stems: &Words, word: &str) -> bool {
        word.char_indices().skip(1).any(|(at, _)| {
            let (stem, ending) = word.split_at(at);
            self.noun_endings.contains(ending) && stems.contains(stem)
        })
    }

    /// Whether `word`, in small letters, is as long as a surname and ends like one.
    pub(crate) fn is_surname(&self, word: &str) -> bool {
        let ends = word.char_indices().skip(3).map(|(at, _)| &word[at..]);
        ends.into_iter().any(|ending| self.surnames.contains(ending))
    }

    /// Whether `word`, in small letters, ends like a Kazakh finite verb.
    pub(crate) fn is_finite(&self, word: &str) -> bool {
        word.char_indices()
            .skip(2)
            .any(|(at, _)| self.verb_endings.contains(&word[at..]))
            || self.verb_endings.contains(word)
    }
}

/// Whether a word has a Cyrillic letter.
pub(crate) fn is_cyrillic(word: &str) -> bool {
    word.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}'))
}

/// A word in small letters on the stack, with Latin look-alikes and invisible characters taken out of Cyrillic words.
#[derive(Clone, Copy)]
pub(crate) struct Folded {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl Folded {
    /// Longer words are in no table.
    const CAPACITY: usize = 64;

    /// The folded form of `word`; empty when it is too long to be in a table.
    pub(crate) fn new(word: &str) -> Self {
        let mut folded = Self {
            bytes: [0; Self::CAPACITY],
            len: 0,
        };
        // Far too long, invisible characters and all: the rules pass whole heads of sentences.
        if word.len() > 4 * Self::CAPACITY {
            return folded;
        }
        let cyrillic = is_cyrillic(word);
        for c in word.chars() {
            let pushed = match c {
                'а'..='я' => folded.push(c),
                'a'..='z' if !cyrillic => folded.push(c),
                c if is_invisible(c) || c.is_whitespace() => true,
                c => to_small(c).all(|c| match c {
                    c if cyrillic => folded.push(cyrillic_twin(c)),
                    '’' => folded.push('\''),
                    c => folded.push(c),
                }),
            };
            if !pushed {
                folded.len = 0;
                break;
            }
        }
        folded
    }

    /// Whether there was place for `c`.
    fn push(&mut self, c: char) -> bool {
        let end = self.len + c.len_utf8();
        let Some(place) = self.bytes.get_mut(self.len..end) else {
            return false;
        };
        c.encode_utf8(place);
        self.len = end;
        true
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or("")
    }
}

/// [`char::to_lowercase`], fast for Russian and small Kazakh letters.
fn to_small(c: char) -> impl Iterator<Item = char> {
    let (small, other) = match c {
        'а'..='я' | 'ё' | 'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' | 'і' => (Some(c), None),
        'А'..='Я' => (char::from_u32(c as u32 + 32), None),
        c if c.is_ascii() => (Some(c.to_ascii_lowercase()), None),
        c => (None, Some(c.to_lowercase())),
    };
    small.into_iter().chain(other.into_iter().flatten())
}

/// Characters without width that may stand inside or after a word.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// The Cyrillic letter that looks like the small Latin letter `c`.
pub(crate) const fn cyrillic_twin(c: char) -> char {
    match c {
        'a' => 'а',
        'c' => 'с',
        'e' => 'е',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        'h' => 'һ',
        'ə' => 'ә',
        'ɵ' => 'ө',
        other => other,
    }
}
