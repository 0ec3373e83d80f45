//! Bilingual lexicons behind one way to match: the project's seed lexicon, a user's dictionary, and what was learnt
//! from a corpus.
//!
//! Every lexicon is a [`Table`]: from the [`Key`](qostil_text::stem::Key) of a word or phrase of one language to the keys of its
//! equivalents in the other, in both directions. A [`Lexicon`] is a stack of tables for one language pair. Words are matched on
//! stems: a token gives its keys ([`Lexicon::lookup`]), the longest known stem is its *headword*, and headwords have equivalents.

mod dictionary;
mod seed;
mod table;

pub use dictionary::{DictionaryError, parse_dictionary};
pub use seed::{SeedEntry, seed_entries, seed_table};
pub use table::{Table, TableBuilder};

use std::sync::Arc;

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, fold};

/// Which side of a language pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The source language.
    Source,
    /// The target language.
    Target,
}

/// Longest phrase, in words, that a lexicon matches as one.
pub const LONGEST_PHRASE: usize = 5;

/// Tables for one pair of languages, strongest first.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    tables: Vec<Arc<Table>>,
}

impl Lexicon {
    /// A lexicon of these tables.
    pub fn new(tables: Vec<Arc<Table>>) -> Self {
        Self { tables }
    }

    /// The seed lexicon for a pair of languages; empty for a pair that it does not know.
    pub fn seed(src: Lang, tgt: Lang) -> Self {
        Self { tables: seed_table(src, tgt).into_iter().collect() }
    }

    /// Adds a table that is asked after the present ones.
    pub fn push(&mut self, table: Arc<Table>) {
        self.tables.push(table);
    }

    /// Its tables, strongest first.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().map(AsRef::as_ref)
    }

    /// Whether there is nothing to match with.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Whether some table lists `key` as a headword of that side.
    pub fn knows(&self, side: Side, key: Key) -> bool {
        self.tables.iter().any(|table| table.knows(side, key))
    }

    /// Whether `key` begins a longer phrase.
    pub fn begins_phrase(&self, side: Side, key: Key) -> bool {
        self.tables.iter().any(|table| table.begins_phrase(side, key))
    }

    /// Calls `found` with every equivalent of a headword on the other side, strongest table first; repeats are possible.
    pub fn equivalents(&self, side: Side, key: Key, mut found: impl FnMut(Key)) {
        for table in &self.tables {
            table.equivalents(side, key, &mut found);
        }
    }

    /// The headword of a word: the first of its `keys` that some table lists.
    pub fn lookup(&self, side: Side, keys: &[Key]) -> Option<Key> {
        keys.iter().copied().find(|&key| self.knows(side, key))
    }
}

/// The key of a word where it is not the last of a phrase: Kazakh phrases inflect in their last word only, so the others are taken as written.
pub fn inner_key(folded: &str, lang: Lang) -> Key {
    match lang {
        Lang::Kazakh => stem::key(b'x', folded),
        _ => stem::typical_key(folded, lang),
    }
}

/// The keys under which a headword or phrase is listed, and the keys of its beginnings.
pub(crate) fn phrase_keys(phrase: &str, is_verb: bool, lang: Lang) -> (Vec<Key>, Vec<Key>) {
    let mut folded = String::new();
    let words: Vec<String> = fold::words(phrase)
        .map(|span| {
            fold::fold_word(span.of(phrase), &mut folded);
            folded.clone()
        })
        .collect();
    let Some((last, inner)) = words.split_last() else { return (Vec::new(), Vec::new()) };
    if words.len() > LONGEST_PHRASE {
        return (Vec::new(), Vec::new());
    }
    let lasts = stem::lemma_keys(last, is_verb, lang);
    let mut beginnings = Vec::new();
    let mut so_far = None;
    for word in inner {
        let key = inner_key(word, lang);
        let key = so_far.map_or(key, |before| stem::join_keys(before, key));
        beginnings.push(key);
        so_far = Some(key);
    }
    let full = lasts.into_iter().map(|key| so_far.map_or(key, |before| stem::join_keys(before, key))).collect();
    (full, beginnings)
}
