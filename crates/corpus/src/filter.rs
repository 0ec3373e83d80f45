//! Filters on finished bitext, applied when a run publishes it: what they leave out is counted and kept apart, never lost.
//!
//! They are applied to finished rows, so that a run with other filters aligns nothing anew. So are letters mended, where that is asked for: a row is
//! judged as it goes out and left out as it was written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use qostil_bitext::Record;
use qostil_export::{Choice, Chooser, Duplicates, Refusal};
use qostil_split::{identify, is_in_other_script};
use qostil_text::mend::mend;
use qostil_text::{Lang, fold};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Stage;

/// A filter that can be switched on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Filter {
    /// Rows that were not translated: both sides say the same four words or more.
    Copy,
    /// Rows with a side in letters of another script than its language's.
    WrongScript,
    /// Rows with a side that is plainly in another language.
    WrongLanguage,
    /// Rows whose figures contradict each other.
    Contradiction,
    /// Rows that were there before, letter by letter.
    Duplicate,
    /// Rows like one before but for case, punctuation and digits.
    NearDuplicate,
    /// Documents with the text of one before.
    DuplicateDocument,
    /// Documents with nearly the text of one before.
    NearDuplicateDocument,
}

impl Filter {
    /// All filters.
    pub const ALL: [Self; 8] = [
        Self::Copy,
        Self::WrongScript,
        Self::WrongLanguage,
        Self::Contradiction,
        Self::Duplicate,
        Self::NearDuplicate,
        Self::DuplicateDocument,
        Self::NearDuplicateDocument,
    ];

    /// Its name in settings, and the reason in `left-out.tsv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::WrongScript => "wrong-script",
            Self::WrongLanguage => "wrong-language",
            Self::Contradiction => "contradiction",
            Self::Duplicate => "duplicate",
            Self::NearDuplicate => "near-duplicate",
            Self::DuplicateDocument => "duplicate-document",
            Self::NearDuplicateDocument => "near-duplicate-document",
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which filters are on, and their limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct FilterSettings {
    /// Filters that are on.
    pub on: Vec<Filter>,
    /// The lowest confidence of a row, 0–1; 0 for any.
    pub min_confidence: f64,
    /// The most that the longer side of a row may be of the shorter, in characters; 0 for any.
    pub max_length_ratio: f64,
}

/// A set of filters under one name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What a trainer would throw away goes: everything of `balanced`, rows below confidence 0.5, with contradicting figures,
    /// in the wrong language or four times as long on one side; of duplicates and near-duplicate documents the first stays.
    Strict,
    /// Only what is plainly no bitext goes: copies and the wrong script.
    #[default]
    Balanced,
    /// Nothing goes.
    Everything,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 3] = [Self::Strict, Self::Balanced, Self::Everything];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Balanced => "balanced",
            Self::Everything => "everything",
        }
    }

    /// Its filters.
    pub fn filters(self) -> FilterSettings {
        let none = FilterSettings {
            on: Vec::new(),
            min_confidence: 0.0,
            max_length_ratio: 0.0,
        };
        match self {
            Self::Everything => none,
            Self::Balanced => FilterSettings {
                on: vec![Filter::Copy, Filter::WrongScript],
                ..none
            },
            Self::Strict => FilterSettings {
                on: vec![
                    Filter::Copy,
                    Filter::WrongScript,
                    Filter::WrongLanguage,
                    Filter::Contradiction,
                    Filter::Duplicate,
                    Filter::DuplicateDocument,
                    Filter::NearDuplicateDocument,
                ],
                min_confidence: 0.5,
                max_length_ratio: 4.0,
            },
        }
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|profile| profile.name() == text);
        found.ok_or_else(|| "expected strict, balanced or everything".to_owned())
    }
}

impl Default for FilterSettings {
    fn default() -> Self {
        Profile::default().filters()
    }
}

impl FilterSettings {
    /// Whether a filter is on.
    pub fn has(&self, filter: Filter) -> bool {
        self.on.contains(&filter)
    }

    fn choice(&self) -> Choice {
        Choice {
            dedup: if self.has(Filter::NearDuplicate) {
                Some(Duplicates::Near)
            } else {
                self.has(Filter::Duplicate).then_some(Duplicates::Pair)
            },
            min_confidence: (self.min_confidence > 0.0).then_some(self.min_confidence),
            max_ratio: (self.max_length_ratio > 0.0).then_some(self.max_length_ratio),
            refuse_contradictions: self.has(Filter::Contradiction),
            refuse_copies: self.has(Filter::Copy),
            ..Choice::default()
        }
    }
}

/// Applies the filters of a run to its rows, in their order.
pub(crate) struct Sieve {
    chooser: Chooser,
    settings: FilterSettings,
    langs: [Lang; 2],
    idle: bool,
    /// Whether look-alike letters and invisible characters are undone in what goes out.
    mends: bool,
    /// Rows left out, by reason.
    pub(crate) counts: BTreeMap<&'static str, usize>,
    /// Rows with letters that were mended.
    pub(crate) mended: usize,
}

/// Rows of `bitext.tsv`, `unaligned.tsv` and `left-out.tsv`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sifted {
    pub(crate) bitext: Vec<u8>,
    pub(crate) unaligned: Vec<u8>,
    pub(crate) left_out: Vec<u8>,
}

impl Sieve {
    /// For rows with these languages on their two sides, whose letters are mended where `mends`.
    pub(crate) fn new(settings: &FilterSettings, langs: [Lang; 2], mends: bool) -> Self {
        let choice = settings.choice();
        let looks = settings.has(Filter::WrongScript) || settings.has(Filter::WrongLanguage);
        Self {
            idle: choice.is_all() && !looks && !mends,
            mends,
            mended: 0,
            chooser: Chooser::new(choice),
            settings: settings.clone(),
            langs,
            counts: BTreeMap::new(),
        }
    }

    /// Divides rows of bitext; each that is left out gives a row for either side. Rows with one side all go on.
    pub(crate) fn sift(&mut self, bitext: &[u8], unaligned: &[u8]) -> Sifted {
        let (text, alone) = match (
            simdutf8::basic::from_utf8(bitext),
            simdutf8::basic::from_utf8(unaligned),
        ) {
            (Ok(text), Ok(alone)) if !self.idle => (text, alone),
            _ => {
                return Sifted {
                    bitext: bitext.to_owned(),
                    unaligned: unaligned.to_owned(),
                    ..Sifted::default()
                };
            }
        };
        let mut sifted = Sifted::default();
        for row in alone.lines() {
            let mended = self.mend(row);
            self.mended += usize::from(mended != row);
            push_row(&mended, &mut sifted.unaligned);
        }
        let rows: Vec<&str> = text.lines().collect();
        let looked: Vec<_> = rows
            .par_iter()
            .map(|row| {
                let mended = self.mend(row);
                let strange = self.strange(&mended);
                (mended, strange)
            })
            .collect();
        for (row, (mended, strange)) in rows.into_iter().zip(looked) {
            let refused = strange.or_else(|| {
                let cells: Vec<&str> = mended.split('\t').collect();
                self.chooser.refuses(&record(&cells)).map(Refusal::name)
            });
            let Some(reason) = refused else {
                self.mended += usize::from(mended != row);
                push_row(&mended, &mut sifted.bitext);
                continue;
            };
            let cells: Vec<&str> = row.split('\t').collect();
            *self.counts.entry(reason).or_default() += 1;
            let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
            for side in 0..2 {
                let (doc, span, lang) = (cell(6 + side), cell(8 + side), self.langs[side]);
                let stage = Stage::Filter.name();
                let line = format!("{stage}\t{reason}\t{doc}\t{lang}\t{span}\t{}\n", cell(side));
                sifted.left_out.extend_from_slice(line.as_bytes());
            }
        }
        sifted
    }

    /// A row with the letters of both its texts as they were meant.
    fn mend<'r>(&self, row: &'r str) -> Cow<'r, str> {
        let mut cells = row.splitn(3, '\t');
        match (cells.next(), cells.next(), cells.next()) {
            (Some(src), Some(tgt), Some(rest)) if self.mends => {
                let (src, tgt) = (mend(src, self.langs[0]), mend(tgt, self.langs[1]));
                if matches!((&src, &tgt), (Cow::Borrowed(_), Cow::Borrowed(_))) {
                    Cow::Borrowed(row)
                } else {
                    Cow::Owned(format!("{src}\t{tgt}\t{rest}"))
                }
            }
            _ => Cow::Borrowed(row),
        }
    }

    /// What is wrong with the script or the language of a row.
    fn strange(&self, row: &str) -> Option<&'static str> {
        let sides = || row.split('\t').zip(self.langs);
        if self.settings.has(Filter::WrongScript)
            && sides().any(|(text, lang)| is_in_other_script(text, lang))
        {
            return Some(Filter::WrongScript.name());
        }
        let wrong = self.settings.has(Filter::WrongLanguage)
            && sides().any(|(text, lang)| is_wrong_language(text, lang));
        wrong.then_some(Filter::WrongLanguage.name())
    }
}

fn push_row(row: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(row.as_bytes());
    out.push(b'\n');
}

/// What the filters need of a row with the columns of `bitext.tsv`.
fn record(cells: &[&str]) -> Record {
    let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
    Record {
        src: cell(0).to_owned(),
        tgt: cell(1).to_owned(),
        confidence: cell(2).parse().ok(),
        verdict: cell(4).parse().ok(),
        ..Record::default()
    }
}

/// Fewest letters by which a language is told, and how sure it must be.
const LANGUAGE_LETTERS: usize = 40;
const LANGUAGE_SURE: f64 = 0.9;

fn is_wrong_language(text: &str, lang: Lang) -> bool {
    if !lang.is_known()
        || text
            .chars()
            .filter(|&c| fold::is_letter(c))
            .take(LANGUAGE_LETTERS)
            .count()
            < LANGUAGE_LETTERS
    {
        return false;
    }
    let found = identify(text);
    found.lang != lang && found.confidence >= LANGUAGE_SURE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(src: &str, tgt: &str, confidence: &str, verdict: &str) -> String {
        format!("{src}\t{tgt}\t{confidence}\t1-1\t{verdict}\tlength\ta\tb\t0-5\t0-9\n")
    }

    fn reasons(rows: &[String], settings: &FilterSettings) -> Vec<String> {
        let mut sieve = Sieve::new(settings, [Lang::Kazakh, Lang::English], false);
        let sifted = sieve.sift(rows.concat().as_bytes(), &[]);
        let left_out = String::from_utf8(sifted.left_out).unwrap();
        assert_eq!(left_out.lines().count(), 2 * sieve.counts.values().sum::<usize>());
        let kept = sifted.bitext.split(|b| *b == b'\n').count() - 1;
        assert_eq!(kept + sieve.counts.values().sum::<usize>(), rows.len());
        left_out
            .lines()
            .step_by(2)
            .map(|line| line.split('\t').nth(1).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn each_filter_leaves_out_what_it_names() {
        let good = row(
            "Биыл елде 23 мектеп салынды.",
            "This year 23 schools were built.",
            "0.9",
            "agree",
        );
        let rows = [
            good.clone(),
            row(
                "The road was closed at night",
                "The road was closed at night!",
                "0.9",
                "none",
            ),
            row(
                "Visit our page for all other news",
                "Біздің бетке кіріп оқыңыздар",
                "0.9",
                "none",
            ),
            row(
                "В этом году в области построили двадцать три новые школы и больницу.",
                "This year 23 schools were built.",
                "0.9",
                "none",
            ),
            row(
                "Биыл елде 24 мектеп салынды.",
                "This year 25 schools were built.",
                "0.9",
                "contradict",
            ),
            row("Иә.", "Yes, that is what we have all been told.", "0.9", "none"),
            row("Жол жөнделді.", "The road was mended.", "0.2", "none"),
            good,
        ];
        let strict = Profile::Strict.filters();
        let found = [
            "copy",
            "wrong-script",
            "wrong-language",
            "contradiction",
            "length-ratio",
            "low-confidence",
            "duplicate",
        ];
        // A copy has a side in the wrong script, which is looked at first.
        let mut expected = found.to_vec();
        expected[0] = "wrong-script";
        assert_eq!(reasons(&rows, &strict), expected);
        assert_eq!(reasons(&rows, &Profile::Balanced.filters()), ["wrong-script"; 2]);
        assert!(reasons(&rows, &Profile::Everything.filters()).is_empty());
        let copies = FilterSettings {
            on: vec![Filter::Copy],
            ..Profile::Everything.filters()
        };
        assert_eq!(reasons(&rows, &copies), ["copy"]);
    }

    #[test]
    fn near_duplicates_differ_in_digits_case_and_punctuation_alone() {
        let near = FilterSettings {
            on: vec![Filter::NearDuplicate],
            ..Profile::Everything.filters()
        };
        let rows = [
            row("Биыл 23 мектеп", "23 schools", "0.9", "agree"),
            row("биыл 24 мектеп!", "24 Schools", "0.9", "agree"),
            row("Былтыр 24 мектеп!", "24 Schools", "0.9", "agree"),
        ];
        assert_eq!(reasons(&rows, &near), ["near-duplicate"]);
    }

    #[test]
    fn foreign_names_are_no_wrong_script() {
        assert!(!is_in_other_script(
            "Apple, Google және Samsung, Huawei",
            Lang::Kazakh
        ));
        assert!(!is_in_other_script("Əлем ƏLEM", Lang::Kazakh));
        assert!(is_in_other_script(
            "Бұл мәтін аударылмаған күйде қалған",
            Lang::English
        ));
        assert!(!is_in_other_script(
            "Бұл мәтін аударылмаған күйде қалған",
            "de".parse().unwrap()
        ));
    }
}
