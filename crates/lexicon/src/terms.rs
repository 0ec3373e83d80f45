//! Words and phrases as tables list them. Shared with the build script, which compiles the seed lexicon.

use std::collections::HashSet;
use std::sync::LazyLock;

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, fold};

use crate::table::{Side, TableBuilder};

/// Longest phrase, in words, that a lexicon matches as one.
pub const LONGEST_PHRASE: usize = 10;

/// The key of a word where it is not the last of a phrase: Kazakh phrases inflect in their last word only, so the others are taken as written.
pub fn inner_key(folded: &str, lang: Lang) -> Key {
    match lang {
        Lang::Kazakh => stem::key(b'x', folded),
        _ => stem::typical_key(folded, lang),
    }
}

/// The key of a name that is spelt like a common word: only words with a capital have it.
pub fn name_key(key: Key) -> Key {
    stem::join_keys(stem::key(b'N', ""), key)
}

/// A word or phrase of one language as a table lists it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Term {
    /// The keys under which it is listed.
    pub(crate) keys: Vec<Key>,
    /// The keys of its beginnings, if it is a phrase, each with the key of the word after it.
    pub(crate) beginnings: Vec<(Key, Key)>,
    /// Whether it is a word that proves nothing.
    pub(crate) empty: bool,
}

impl Term {
    /// `is_verb`: whether a Kazakh term is a verb in the infinitive; where that is not known it is listed as noun and as verb.
    pub(crate) fn new(term: &str, lang: Lang, is_verb: Option<bool>) -> Self {
        let mut folded = String::new();
        let words: Vec<String> = fold::words(term)
            .map(|span| {
                fold::fold_word(span.of(term), &mut folded);
                folded.clone()
            })
            .collect();
        let Some((last, inner)) = words.split_last().filter(|_| words.len() <= LONGEST_PHRASE) else {
            return Self::default();
        };
        let mut lasts = Vec::new();
        if is_verb != Some(true) {
            lasts.extend(stem::lemma_keys(last, false, lang));
        }
        if lang == Lang::Kazakh && last.ends_with(['у', 'ю']) && is_verb != Some(false) {
            lasts.extend(stem::lemma_keys(last, true, lang));
        } else if lasts.is_empty() {
            lasts.extend(stem::lemma_keys(last, false, lang));
        }
        let (mut keys, mut beginnings) = phrase_keys(inner, &lasts, lang);
        let empty = inner.is_empty() && is_function_word(last, lang);
        if let Some((light, rest)) = inner.split_first()
            && lang == Lang::English
            && matches!(light.as_str(), "be" | "become" | "get")
            && !rest.iter().chain([last]).all(|word| is_function_word(word, lang))
        {
            // `be arrested` is also met as `arrested`, `be carried out` as `carried out`
            let (without, begun) = phrase_keys(rest, &lasts, lang);
            keys.extend(without);
            beginnings.extend(begun);
        }
        Self {
            keys,
            beginnings,
            empty,
        }
    }
}

/// The keys of a phrase, one for each of its last word, and those of its beginnings with what each goes on with.
fn phrase_keys(inner: &[String], lasts: &[Key], lang: Lang) -> (Vec<Key>, Vec<(Key, Key)>) {
    let mut beginnings = Vec::new();
    let mut so_far = None;
    for word in inner {
        let key = inner_key(word, lang);
        beginnings.extend(so_far.map(|before| (before, key)));
        so_far = Some(so_far.map_or(key, |before| stem::join_keys(before, key)));
    }
    let last = |before: Key| lasts.iter().map(move |&key| (before, key));
    beginnings.extend(so_far.into_iter().flat_map(last));
    let whole = |&key: &Key| so_far.map_or(key, |before| stem::join_keys(before, key));
    (lasts.iter().map(whole).collect(), beginnings)
}

/// Adds one pair of words or phrases; whether both could be listed. Words that prove nothing are listed without equivalents.
pub(crate) fn add_pair(into: &mut TableBuilder, from: &Term, to: &Term, probability: Option<f64>) -> bool {
    if from.keys.is_empty() || to.keys.is_empty() {
        return false;
    }
    for (side, term) in [(Side::Source, from), (Side::Target, to)] {
        term.keys.iter().for_each(|&key| into.headword(side, key));
        for &(key, next) in &term.beginnings {
            into.beginning(side, key, next);
        }
    }
    if !from.empty && !to.empty {
        for &f in &from.keys {
            for &t in &to.keys {
                into.pair(f, t, probability);
            }
        }
    }
    true
}

/// Whether a folded word stands in so many sentences that finding it proves nothing.
pub(crate) fn is_function_word(word: &str, lang: Lang) -> bool {
    static WORDS: LazyLock<HashSet<(&'static str, &'static str)>> = LazyLock::new(|| {
        let lines = qostil_data::stem::FUNCTION_WORDS
            .lines()
            .filter(|line| !line.starts_with('#'));
        let listed = lines.filter_map(|line| line.split_once('\t'));
        listed
            .flat_map(|(lang, words)| words.split_whitespace().map(move |word| (lang, word)))
            .collect()
    });
    match lang {
        Lang::English => WORDS.contains(&("en", word)),
        Lang::Russian => WORDS.contains(&("ru", word)),
        Lang::Kazakh | Lang::KazakhLatin | Lang::Other(_) => false,
    }
}
