//! Codes of languages, and what people write for them.

use qostil_data::text::LANGUAGES;
use strsim::jaro_winkler;

use crate::Lang;

/// Names are as like as this, in Jaro–Winkler's measure, or the one is no slip for the other.
const LIKE: f64 = 0.87;

/// A language with a code of ISO 639-1, or one of Qostil's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its code.
    pub code: &'static str,
    /// What it is called in English, then the ways in which people miss its code.
    pub names: Vec<&'static str>,
}

/// All codes there are.
pub fn codes() -> impl Iterator<Item = Code> {
    LANGUAGES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Code {
                code: cells.next()?,
                names: cells.collect(),
            })
        })
}

impl Lang {
    /// Whether its code is one of [`codes`].
    ///
    /// ```
    /// assert!("de".parse::<qostil_text::Lang>().is_ok_and(|lang| lang.has_code()));
    /// assert!("kz".parse::<qostil_text::Lang>().is_ok_and(|lang| !lang.has_code()));
    /// ```
    pub fn has_code(&self) -> bool {
        let lines = LANGUAGES.lines();
        lines
            .filter_map(|line| line.split('\t').next())
            .any(|code| code == self.code())
    }
}

/// The language that someone most likely means who writes `text`, which is no code.
///
/// ```
/// assert_eq!(qostil_text::meant("kz").map(|meant| meant.code), Some("kk"));
/// ```
pub fn meant(text: &str) -> Option<Code> {
    let text = text.trim().to_lowercase();
    let likeness = |entry: &Code| {
        let alike = |name: &&str| match name.to_lowercase() {
            name if name == text => 1.0,
            // two letters are like too many others
            name if name.chars().count() < 4 => 0.0,
            name => jaro_winkler(&name, &text),
        };
        entry.names.iter().map(alike).fold(0.0, f64::max)
    };
    let rated = codes().map(|entry| (likeness(&entry), entry));
    rated
        .filter(|(like, _)| *like >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, entry)| entry)
}
