//! A user's dictionary.

use qostil_text::{Lang, fold, lines};

use crate::table::TableBuilder;
use crate::terms::{Term, add_pair};

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
/// Which side is which language is told by a first line of their two codes (`en<TAB>de`), else found by the script of each column; where both sides share a
/// script, hunalign's form holds `target @ source` and TSV `source<TAB>target`. Several equivalents in one cell are divided by `;` or `|`.
/// A number from 0 to 1 in the third column of TSV says how surely the two stand for each other, as in a learnt lexicon.
/// Lines that are empty or begin with `#`, and the header of a learnt lexicon, are passed over; further columns are not read.
/// Returns the number of pairs.
///
/// # Errors
/// The first line that has neither ` @ ` nor a tab.
pub fn parse_dictionary(
    text: &str,
    src: Lang,
    tgt: Lang,
    into: &mut TableBuilder,
) -> Result<usize, DictionaryError> {
    let mut pairs = 0;
    // whether a header names the target first
    let mut named = None;
    for (index, line) in lines(text).enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut probability = None;
        let (first, second) = match (line.split_once(" @ "), line.split_once('\t')) {
            (Some((tgt, src)), _) => (src, tgt),
            (None, Some((src, rest))) => {
                let mut cells = rest.split('\t');
                let tgt = cells.next().unwrap_or("");
                let third = cells.next().and_then(|cell| cell.trim().parse().ok());
                probability = third.filter(|p| (0.0..=1.0).contains(p));
                (src, tgt)
            }
            (None, None) => {
                let cause = "expected `target @ source` or two columns divided by a tab".to_owned();
                return Err(DictionaryError {
                    line: index + 1,
                    cause,
                });
            }
        };
        let names = |a: &Lang, b: &Lang| {
            let named = |cell: &str, lang: &Lang| cell.trim().eq_ignore_ascii_case(lang.code());
            named(first, a) && named(second, b)
        };
        if index == 0 && (names(&src, &tgt) || names(&tgt, &src)) {
            named = Some(names(&tgt, &src));
            continue;
        }
        if index == 0 && line.ends_with("\tprobability") {
            continue;
        }
        let by_script = || {
            is_cyrillic_language(src) != is_cyrillic_language(tgt)
                && is_cyrillic(first) != is_cyrillic_language(src)
                && is_cyrillic(second) != is_cyrillic_language(tgt)
        };
        let swapped = named.unwrap_or_else(by_script);
        let (from, to) = if swapped { (second, first) } else { (first, second) };
        let targets: Vec<Term> = to.split([';', '|']).map(|to| Term::new(to, tgt, None)).collect();
        for from in from.split([';', '|']) {
            let from = Term::new(from, src, None);
            pairs += targets
                .iter()
                .filter(|to| add_pair(into, &from, to, probability))
                .count();
        }
    }
    Ok(pairs)
}

fn is_cyrillic(text: &str) -> bool {
    text.chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(fold::is_cyrillic)
}

const fn is_cyrillic_language(lang: Lang) -> bool {
    matches!(lang, Lang::Kazakh | Lang::Russian)
}
