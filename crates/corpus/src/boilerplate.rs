//! Lines that many documents of a collection share: what the site says, not the document.

use std::hash::Hasher;
use std::sync::{Arc, LazyLock};

use qostil_split::paragraphs;
use qostil_text::fold::{fold_char, is_letter, is_letter_or_digit};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};

/// When a line is taken for boilerplate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BoilerplateSettings {
    /// The fewest documents that share it.
    pub documents: usize,
    /// The least share of all documents that share it, 0–1.
    pub share: f64,
}

impl Default for BoilerplateSettings {
    fn default() -> Self {
        Self {
            documents: 10,
            share: 0.01,
        }
    }
}

/// A line and how many documents share it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedLine {
    /// In so many documents.
    pub documents: usize,
    /// As it stands in the first of them.
    pub text: String,
}

/// The lines of a collection that are boilerplate, by hashes of their folded letters: case, look-alikes, punctuation and white
/// space make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boilerplate {
    lines: Arc<Lines>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Lines {
    keys: FxHashSet<u64>,
    /// Hashes of how they begin, by which most lines are told that are none of them.
    beginnings: FxHashSet<u64>,
}

/// So many letters and digits are how a line begins.
const BEGINNING: usize = 8;

impl Boilerplate {
    /// Of these lines.
    ///
    /// ```
    /// use qostil_corpus::Boilerplate;
    /// let known = Boilerplate::new(["Барлық құқықтар қорғалған."]);
    /// assert!(known.holds("БАРЛЫҚ  ҚҰҚЫҚТАР ҚОРҒАЛҒАН"));
    /// ```
    pub fn new<'t>(lines: impl IntoIterator<Item = &'t str>) -> Self {
        let mut known = Lines::default();
        for line in lines {
            if let Some(key) = line_key(line) {
                known.keys.insert(key);
                known.beginnings.insert(beginning(line));
            }
        }
        Self {
            lines: Arc::new(known),
        }
    }

    /// Whether a line is one of them.
    pub fn holds(&self, line: &str) -> bool {
        !self.is_empty()
            && self.lines.beginnings.contains(&beginning(line))
            && line_key(line).is_some_and(|key| self.lines.keys.contains(&key))
    }

    /// Whether a line of `text` is one of them.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        !self.is_empty() && paragraphs(text).any(|line| self.holds(line.of(text)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.keys.is_empty()
    }
}

/// A hash of a line's folded letters and digits; `None` for one without a letter.
pub(crate) fn line_key(line: &str) -> Option<u64> {
    let mut hasher = FxHasher::default();
    let mut has_letter = false;
    for letter in letters(line) {
        has_letter |= letter & LETTER != 0;
        hasher.write_u32(letter);
    }
    has_letter.then(|| hasher.finish())
}

/// A hash of how a line begins.
fn beginning(line: &str) -> u64 {
    let mut hasher = FxHasher::default();
    letters(line)
        .take(BEGINNING)
        .for_each(|letter| hasher.write_u32(letter));
    hasher.finish()
}

/// The letters and digits of a line as they are compared.
fn letters(line: &str) -> impl Iterator<Item = u32> + '_ {
    let known = FOLDED.as_slice();
    let folded = line
        .chars()
        .map(|c| known.get(c as usize).copied().unwrap_or_else(|| folded(c)));
    folded.filter(|&letter| letter != NO_LETTER_OR_DIGIT)
}

const NO_LETTER_OR_DIGIT: u32 = u32::MAX;
const LETTER: u32 = 1 << 31;

/// A letter or digit as it is compared, and whether it is a letter.
fn folded(c: char) -> u32 {
    if is_letter(c) {
        fold_char(c) as u32 | LETTER
    } else if is_letter_or_digit(c) {
        fold_char(c) as u32
    } else {
        NO_LETTER_OR_DIGIT
    }
}

/// Those of the characters up to the end of the Cyrillic blocks, which nearly all are.
static FOLDED: LazyLock<Vec<u32>> = LazyLock::new(|| ('\0'..='\u{52f}').map(folded).collect());

/// Lines of a document that are looked at: so many at its head and as many at its end.
const EDGE: usize = 100;

/// The keys of a document's lines, each once.
pub(crate) fn line_keys(text: &str) -> Vec<u64> {
    let lines: Vec<_> = paragraphs(text).collect();
    let tail = lines.len().saturating_sub(EDGE).max(EDGE);
    let edges = lines.iter().take(EDGE).chain(lines.iter().skip(tail));
    let mut keys: Vec<u64> = edges.filter_map(|line| line_key(line.of(text))).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Counts in how many documents each line stands. Memory is bounded: when too many lines are counted, the rarest are
/// forgotten, those that were met once, then twice … (lossy counting, Manku and Motwani 2002).
#[derive(Default)]
pub(crate) struct Counter {
    /// By key: documents, and the first of them.
    counts: FxHashMap<u64, (u32, u32)>,
    documents: usize,
    /// What was met as often as this may have been forgotten.
    forgotten: u32,
}

/// Most lines that are counted at a time: seven eighths of the places of a table of 9 MB, which then never grows. What is forgotten by the way is one in so
/// many of all lines; a line that a hundredth of the documents share stays, were there thousands of lines in each.
const COUNTED: usize = 7 << 16;
/// Most lines that are kept as boilerplate.
const MOST: usize = 5000;

impl Counter {
    /// Takes note of the lines of a document.
    pub(crate) fn see(&mut self, document: u32, keys: &[u64]) {
        self.documents += 1;
        for key in keys {
            self.counts.entry(*key).or_insert((0, document)).0 += 1;
        }
        while self.counts.len() > COUNTED {
            self.forgotten += 1;
            let least = self.forgotten;
            self.counts.retain(|_, (count, _)| *count > least);
        }
    }

    /// The lines that are boilerplate, commonest first: key, documents, the first of these.
    pub(crate) fn common(self, settings: &BoilerplateSettings) -> Vec<(u64, usize, usize)> {
        let least = (settings.share * self.documents as f64).ceil() as usize;
        let least = least.max(settings.documents).max(2);
        let mut common: Vec<_> = self
            .counts
            .into_iter()
            .map(|(key, (count, first))| (key, count as usize, first as usize))
            .filter(|(_, count, _)| *count >= least)
            .collect();
        common.sort_unstable_by_key(|(key, count, first)| (std::cmp::Reverse(*count), *first, *key));
        common.truncate(MOST);
        common
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_documents_share_is_found() {
        let mut counter = Counter::default();
        for document in 0..200_u32 {
            let text = format!(
                "Басты бет\nБұл {document}-құжат туралы.\n\n2025\nБасты бет\nБарлық құқықтар қорғалған"
            );
            counter.see(document, &line_keys(&text));
        }
        let common = counter.common(&BoilerplateSettings::default());
        let wanted = ["Басты бет", "Барлық құқықтар қорғалған"].map(|line| (line_key(line).unwrap(), 200, 0));
        assert_eq!(common.len(), 2);
        assert!(wanted.iter().all(|line| common.contains(line)));
    }

    #[test]
    fn memory_is_bounded_and_what_is_common_stays() {
        let mut counter = Counter::default();
        for document in 0..3000_u32 {
            let mut keys: Vec<u64> = (0..500)
                .map(|line| u64::from(document) * 1000 + line + 10)
                .collect();
            keys.push(1);
            counter.see(document, &keys);
            assert!(counter.counts.len() <= COUNTED);
        }
        let common = counter.common(&BoilerplateSettings::default());
        assert_eq!(common.iter().map(|(key, ..)| *key).collect::<Vec<_>>(), [1]);
    }
}
