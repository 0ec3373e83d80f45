//! A user's dictionary.

use qostil_text::Lang;

use crate::{Side, TableBuilder, phrase_keys};

/// A line of a dictionary that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {cause}")]
pub struct DictionaryError {
    /// One-based.
    pub line: usize,
    /// What is wrong with it.
    pub cause: String,
}

/// Reads a dictionary in hunalign's form (`target @ source`) or as TSV with two columns, and adds it to `into`.
/// Which side is which language is found by the script of each column; where both sides share a script, hunalign's form holds
/// `target @ source` and TSV `source<TAB>target`. Several equivalents in one cell are divided by `;` or `|`.
/// Lines that are empty or begin with `#` are passed over. Returns the number of pairs.
///
/// # Errors
/// The first line that has neither ` @ ` nor a tab.
pub fn parse_dictionary(text: &str, src: Lang, tgt: Lang, into: &mut TableBuilder) -> Result<usize, DictionaryError> {
    let mut pairs = 0;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (first, second, hunalign) = match (line.split_once(" @ "), line.split_once('\t')) {
            (Some((tgt, src)), _) => (src, tgt, true),
            (None, Some((src, rest))) => (src, rest.split('\t').next().unwrap_or(""), false),
            (None, None) => {
                let cause = "expected `target @ source` or two columns divided by a tab".to_owned();
                return Err(DictionaryError { line: index + 1, cause });
            }
        };
        let swapped = is_cyrillic_language(src) != is_cyrillic_language(tgt)
            && is_cyrillic(first) != is_cyrillic_language(src)
            && is_cyrillic(second) != is_cyrillic_language(tgt);
        let _ = hunalign;
        let (from, to) = if swapped { (second, first) } else { (first, second) };
        for from in from.split([';', '|']) {
            for to in to.split([';', '|']) {
                pairs += usize::from(add_pair(into, from, to, false, src, tgt));
            }
        }
    }
    Ok(pairs)
}

/// Adds one pair of words or phrases; whether both could be listed.
pub(crate) fn add_pair(into: &mut TableBuilder, from: &str, to: &str, is_verb: bool, src: Lang, tgt: Lang) -> bool {
    // A dictionary does not say which Kazakh words are verbs: an infinitive is listed as the noun and as the verb.
    let readings = |phrase: &str, lang: Lang| {
        let (mut keys, beginnings) = phrase_keys(phrase, false, lang);
        if lang == Lang::Kazakh && phrase.trim_end().ends_with(['у', 'ю']) {
            if is_verb {
                keys.clear();
            }
            keys.extend(phrase_keys(phrase, true, lang).0);
        }
        (keys, beginnings)
    };
    let (from, from_beginnings) = readings(from, src);
    let (to, to_beginnings) = readings(to, tgt);
    if from.is_empty() || to.is_empty() {
        return false;
    }
    for &f in &from {
        for &t in &to {
            into.pair(f, t);
        }
    }
    from_beginnings.into_iter().for_each(|key| into.beginning(Side::Source, key));
    to_beginnings.into_iter().for_each(|key| into.beginning(Side::Target, key));
    true
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(qostil_text::fold::is_cyrillic)
}

const fn is_cyrillic_language(lang: Lang) -> bool {
    matches!(lang, Lang::Kazakh | Lang::Russian)
}
