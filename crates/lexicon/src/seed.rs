//! The project's own lexicon, compiled when the crate is built.

use std::borrow::Cow;
use std::sync::Arc;

use qostil_text::Lang;
use qostil_text::stem::Key;

use crate::entries::{SeedEntry, seed_entries};
use crate::table::Table;
use crate::terms::{Term, name_key};

/// The compiled seed lexicon of a pair of languages; `None` for a pair that it does not know. Nothing is copied or
/// computed: the table is read where it lies in the binary.
pub fn seed_table(src: Lang, tgt: Lang) -> Option<Arc<Table>> {
    const KK_EN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kk-en.table"));
    const KK_RU: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/kk-ru.table"));
    const RU_EN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ru-en.table"));
    let (bytes, swapped) = match (src, tgt) {
        (Lang::Kazakh, Lang::English) => (KK_EN, false),
        (Lang::English, Lang::Kazakh) => (KK_EN, true),
        (Lang::Kazakh, Lang::Russian) => (KK_RU, false),
        (Lang::Russian, Lang::Kazakh) => (KK_RU, true),
        (Lang::Russian, Lang::English) => (RU_EN, false),
        (Lang::English, Lang::Russian) => (RU_EN, true),
        _ => return None,
    };
    let table = Table::from_bytes(Cow::Borrowed(bytes))?;
    Some(Arc::new(if swapped { table.swapped() } else { table }))
}

/// The entries of the seed lexicon that list one of these headwords of a language (see [`Lexicon::read`](crate::Lexicon::read)),
/// in the order of the files. Linear in the seed lexicon: for explaining, not for matching.
pub fn entries_of(headwords: &[Key], lang: Lang) -> Vec<SeedEntry<'static>> {
    let lists = |entry: &SeedEntry<'static>| {
        let is_verb = lang == Lang::Kazakh && entry.pos == "v";
        let mut keys = entry
            .words(lang)
            .flat_map(|word| Term::new(word, lang, Some(is_verb)).keys);
        keys.any(|key| headwords.contains(&key) || headwords.contains(&name_key(key)))
    };
    seed_entries().filter(lists).collect()
}
