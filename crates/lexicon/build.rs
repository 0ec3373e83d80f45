//! Compiles the seed lexicon: one table for each two of its languages, read in place by the library.

// The modules are the library's, which reads what this script only writes.
#![allow(dead_code, unreachable_pub)]

use std::collections::HashSet;
use std::path::Path;

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, fold};

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
    let words = word_by_word(src, tgt);
    let mut builder = TableBuilder::default();
    for (entry, mut sides) in seed_entries().zip(terms) {
        for (words, common) in sides.iter_mut().zip(&common) {
            for (_, term) in words.iter_mut().filter(|(is_name, _)| *is_name) {
                term.empty = false; // `US` is not `us`
                term.keys
                    .iter_mut()
                    .filter(|key| common.contains(key))
                    .for_each(|key| *key = name_key(*key));
            }
        }
        for ((_, from), written) in sides[0].iter().zip(entry.words(src)) {
            for ((_, to), translated) in sides[1].iter().zip(entry.words(tgt)) {
                if !is_composed((written, src), (translated, tgt), &words) {
                    add_pair(&mut builder, from, to, None);
                }
            }
        }
    }
    builder.build()
}

/// Which words are equivalents of which.
fn word_by_word(src: Lang, tgt: Lang) -> HashSet<(Key, Key)> {
    let mut pairs = HashSet::new();
    for entry in seed_entries() {
        let keys = |lang: Lang| -> Vec<Key> {
            let single = entry.words(lang).filter(|word| !word.contains([' ', '-']));
            single.flat_map(|word| lemma_keys(word, lang)).collect()
        };
        let (from, to) = (keys(src), keys(tgt));
        pairs.extend(from.iter().flat_map(|&f| to.iter().map(move |&t| (f, t))));
    }
    pairs
}

/// The keys of all that a word may be a form of.
fn all_keys(word: &str, lang: Lang) -> Vec<Key> {
    let mut folded = String::new();
    fold::fold_word(word, &mut folded);
    let mut keys = lemma_keys(word, lang);
    stem::keys(&folded, lang, &mut keys);
    keys
}

/// The keys of a word as it stands in a dictionary.
fn lemma_keys(word: &str, lang: Lang) -> Vec<Key> {
    let mut folded = String::new();
    fold::fold_word(word, &mut folded);
    let mut keys = stem::lemma_keys(&folded, false, lang);
    if lang == Lang::Kazakh && folded.ends_with(['у', 'ю']) {
        keys.extend(stem::lemma_keys(&folded, true, lang));
    }
    keys
}

/// Whether a phrase says no more than its words: each of them is a word of the other phrase, and the other way round. As one it would count as one match in
/// place of several.
fn is_composed((from, src): (&str, Lang), (to, tgt): (&str, Lang), words: &HashSet<(Key, Key)>) -> bool {
    let keys = |phrase: &str, lang: Lang| -> Vec<Vec<Key>> {
        let mut folded = String::new();
        let content = fold::words(phrase).filter(|span| {
            fold::fold_word(span.of(phrase), &mut folded);
            !terms::is_function_word(&folded, lang)
        });
        content.map(|span| all_keys(span.of(phrase), lang)).collect()
    };
    let (from, to) = (keys(from, src), keys(to, tgt));
    let pair = |f: &Vec<Key>, t: &Vec<Key>| f.iter().any(|f| t.iter().any(|t| words.contains(&(*f, *t))));
    from.len() > 1
        && to.len() > 1
        && from.iter().all(|f| to.iter().any(|t| pair(f, t)))
        && to.iter().all(|t| from.iter().any(|f| pair(f, t)))
}
