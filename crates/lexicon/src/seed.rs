//! The project's own lexicon: `data/lexicon/*.tsv`.

use std::sync::{Arc, OnceLock};

use qostil_text::Lang;

use crate::dictionary::add_pair;
use crate::{Table, TableBuilder};

/// One line of a lexicon file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedEntry<'a> {
    /// The file's name without its ending.
    pub file: &'a str,
    /// One-based line number in the file.
    pub line: usize,
    /// The Kazakh lemma or phrase.
    pub kk: &'a str,
    /// Part of speech: n v adj adv pron post conj part intj prop abbr phr.
    pub pos: &'a str,
    /// English equivalents, `; ` between.
    pub en: &'a str,
    /// Russian equivalents, `; ` between.
    pub ru: &'a str,
    /// Domain tag.
    pub domain: &'a str,
}

impl<'a> SeedEntry<'a> {
    /// The words of this entry in a language; none for a language that it does not have.
    pub fn words(&self, lang: Lang) -> impl Iterator<Item = &'a str> {
        let cell = match lang {
            Lang::Kazakh => self.kk,
            Lang::English => self.en,
            Lang::Russian => self.ru,
            Lang::KazakhLatin | Lang::Other(_) => "",
        };
        cell.split("; ").map(str::trim).filter(|word| !word.is_empty())
    }
}

/// Every entry of the seed lexicon, file by file.
pub fn seed_entries() -> impl Iterator<Item = SeedEntry<'static>> {
    qostil_data::lexicon::FILES.iter().flat_map(|&(file, text)| {
        text.lines().enumerate().skip(1).filter_map(move |(index, line)| {
            let mut columns = line.split('\t');
            let mut next = || columns.next();
            let (kk, pos, en, ru, domain) = (next()?, next()?, next()?, next()?, next()?);
            Some(SeedEntry { file, line: index + 1, kk, pos, en, ru, domain })
        })
    })
}

/// The compiled seed lexicon of a pair of languages; `None` for a pair that it does not know. Made once, then shared.
pub fn seed_table(src: Lang, tgt: Lang) -> Option<Arc<Table>> {
    static TABLES: OnceLock<std::sync::Mutex<Vec<((Lang, Lang), Arc<Table>)>>> = OnceLock::new();
    let known = |lang| matches!(lang, Lang::Kazakh | Lang::Russian | Lang::English);
    if src == tgt || !known(src) || !known(tgt) {
        return None;
    }
    let mut tables = TABLES.get_or_init(Default::default).lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, table)) = tables.iter().find(|(pair, _)| *pair == (src, tgt)) {
        return Some(Arc::clone(table));
    }
    let table = Arc::new(compile(src, tgt));
    tables.push(((src, tgt), Arc::clone(&table)));
    Some(table)
}

fn compile(src: Lang, tgt: Lang) -> Table {
    let mut builder = TableBuilder::default();
    for entry in seed_entries() {
        for from in entry.words(src) {
            for to in entry.words(tgt) {
                add_pair(&mut builder, from, to, entry.pos == "v", src, tgt);
            }
        }
    }
    builder.finish()
}
