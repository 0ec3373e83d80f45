//! Compiles the seed lexicon: one table for each two of its languages, read in place by the library.

// The modules are the library's, which reads what this script only writes.
#![allow(dead_code, unreachable_pub)]

use std::collections::HashSet;
use std::path::Path;

use qostil_text::Lang;
use qostil_text::stem::Key;

use entries::seed_entries;
use table::TableBuilder;
use terms::{Term, add_pair, name_key};

#[path = "src/entries.rs"]
mod entries;
#[path = "src/table.rs"]
mod table;
#[path = "src/terms.rs"]
mod terms;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let Some(out) = std::env::var_os("OUT_DIR") else {
        return Err(std::io::Error::other("OUT_DIR is not set"));
    };
    for (src, tgt) in [
        (Lang::Kazakh, Lang::English),
        (Lang::Kazakh, Lang::Russian),
        (Lang::Russian, Lang::English),
    ] {
        std::fs::write(
            Path::new(&out).join(format!("{src}-{tgt}.table")),
            compile(src, tgt),
        )?;
    }
    Ok(())
}

/// Compiles all entries for a pair of languages. A name that is spelt like a common word is listed under its
/// [`name_key`], which only words with a capital have: `Қазан` is Kazan, `қазан` October or a cauldron, `may` is not `May`.
fn compile(src: Lang, tgt: Lang) -> Vec<u8> {
    let terms: Vec<[Vec<(bool, Term)>; 2]> = seed_entries()
        .map(|entry| {
            [src, tgt].map(|lang| {
                let is_verb = lang == Lang::Kazakh && entry.pos == "v";
                let is_name = |word: &str| word.starts_with(char::is_uppercase);
                entry
                    .words(lang)
                    .map(|word| (is_name(word), Term::new(word, lang, Some(is_verb))))
                    .collect()
            })
        })
        .collect();
    let common = [0, 1].map(|side: usize| -> HashSet<Key> {
        let listed = terms.iter().flat_map(|sides| &sides[side]);
        listed
            .filter(|(is_name, _)| !is_name)
            .flat_map(|(_, term)| term.keys.iter().copied())
            .collect()
    });
    let mut builder = TableBuilder::default();
    for mut sides in terms {
        for (words, common) in sides.iter_mut().zip(&common) {
            for (_, term) in words.iter_mut().filter(|(is_name, _)| *is_name) {
                term.empty = false; // `US` is not `us`
                term.keys
                    .iter_mut()
                    .filter(|key| common.contains(key))
                    .for_each(|key| *key = name_key(*key));
            }
        }
        for (_, from) in &sides[0] {
            for (_, to) in &sides[1] {
                add_pair(&mut builder, from, to, None);
            }
        }
    }
    builder.build()
}
