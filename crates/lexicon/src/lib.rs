//! Bilingual lexicons behind one way to match: the project's seed lexicon, a user's dictionary, and what was learnt
//! from a corpus.
//!
//! Every lexicon is a [`Table`]: from the [`Key`] of a word or phrase of one language to the keys of its
//! equivalents in the other, in both directions. A [`Lexicon`] is a stack of tables for one language pair. Words are matched on
//! stems: a token gives its keys ([`Lexicon::lookup`]), the longest known stem is its *headword*, and headwords have equivalents.

mod dictionary;
mod entries;
mod known;
mod learn;
mod matching;
mod seed;
mod table;
mod terms;

pub use dictionary::{DictionaryError, parse_dictionary};
pub use entries::{SeedEntry, seed_entries};
pub use learn::{LearntPair, learn};
pub use matching::{Equivalent, Lines, Reading, Word};
pub use seed::{entries_of, seed_table};
pub use table::{Followers, Side, Table, TableBuilder};
pub use terms::{LONGEST_PHRASE, inner_key, name_key};

use std::ops::BitOr;
use std::sync::Arc;

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, lines};

/// How many headwords a word may stand for.
const MOST_HEADWORDS: usize = 2;

/// Tables for one pair of languages, strongest first.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    tables: Vec<Arc<Table>>,
    /// Words read by these tables; copies of the lexicon share them.
    known: Arc<known::Words>,
}

impl Lexicon {
    /// A lexicon of these tables.
    pub fn new(tables: Vec<Arc<Table>>) -> Self {
        Self {
            tables,
            known: Arc::default(),
        }
    }

    /// The seed lexicon for a pair of languages; empty for a pair that it does not know.
    pub fn seed(src: Lang, tgt: Lang) -> Self {
        Self::new(seed_table(src, tgt).into_iter().collect())
    }

    /// Adds a table that is asked after the present ones.
    pub fn push(&mut self, table: Arc<Table>) {
        self.tables.push(table);
        self.known = Arc::new(known::Words::after(Arc::clone(&self.known)));
    }

    /// Its tables, strongest first.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().map(AsRef::as_ref)
    }

    /// Each of its tables as a lexicon of its own, strongest first.
    pub fn each(&self) -> impl Iterator<Item = Self> {
        self.tables.iter().map(|table| Self::new(vec![Arc::clone(table)]))
    }

    /// Whether some word or phrase of a text is a headword of that side; function words and bare numbers, which every text has, do not count. Linear in the
    /// text up to the first line with one.
    pub fn is_met(&self, side: Side, text: &str, lang: Lang) -> bool {
        let tells = |word: &Reading, line: &str| {
            !word.headwords.is_empty()
                && !word.is_function
                && word.span.of(line).contains(char::is_alphabetic)
        };
        lines(text).any(|line| self.read(side, line, lang).iter().any(|word| tells(word, line)))
    }

    /// Whether there is nothing to match with.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Whether some table lists `key` as a headword of that side.
    pub fn knows(&self, side: Side, key: Key) -> bool {
        self.tables.iter().any(|table| table.knows(side, key))
    }

    /// The words with which longer phrases that begin with `key` may go on.
    pub fn followers(&self, side: Side, key: Key) -> Followers {
        let of = self.tables.iter().map(|table| table.followers(side, key));
        of.fold(Followers::default(), BitOr::bitor)
    }

    /// Calls `found` with every equivalent of a headword on the other side, strongest table first; repeats are possible.
    pub fn equivalents(&self, side: Side, headword: Key, mut found: impl FnMut(Equivalent)) {
        for table in &self.tables {
            table.equivalents(side, headword, &mut |key, share| {
                found(Equivalent {
                    key,
                    share,
                    is_verb: stem::is_verb(headword) || stem::is_verb(key),
                });
            });
        }
    }

    /// Appends to `out` the headwords of which a word with these `keys` (likeliest first) can be a form.
    pub fn headwords(&self, side: Side, keys: &[Key], out: &mut Vec<Key>) {
        out.extend(
            keys.iter()
                .copied()
                .filter(|&key| self.knows(side, key))
                .take(MOST_HEADWORDS),
        );
    }

    /// The headword of a word: the first of its `keys` that some table lists.
    pub fn lookup(&self, side: Side, keys: &[Key]) -> Option<Key> {
        keys.iter().copied().find(|&key| self.knows(side, key))
    }
}
