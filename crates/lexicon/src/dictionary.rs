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
/// Which side is which language is told by a first line of their two codes (`en<TAB>de`), else found by the script of each column, of Kazakh and Russian by
/// the letters that only Kazakh has; where these do not tell, hunalign's form holds `target @ source` and TSV `source<TAB>target`. Several equivalents in one cell are divided by `;` or `|`.
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
    let by_letters = is_turned(text, src, tgt);
    // whether a header names the target first
    let mut named = None;
    for (index, line) in entries(text) {
        let Some((first, second, probability)) = columns(line) else {
            let cause = "expected `target @ source` or two columns divided by a tab".to_owned();
            return Err(DictionaryError {
                line: index + 1,
                cause,
            });
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
        let swapped = named.unwrap_or_else(|| by_letters || by_script());
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

/// The lines that are to hold a pair, with their numbers from 0.
fn entries(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let trimmed = lines(text).map(|line| line.trim_start_matches('\u{feff}').trim_end());
    trimmed
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// What stands for the source and for the target in a line, as its form has them, and how surely they stand for each other if it says so.
fn columns(line: &str) -> Option<(&str, &str, Option<f64>)> {
    if let Some((tgt, src)) = line.split_once(" @ ") {
        return Some((src, tgt, None));
    }
    let (src, rest) = line.split_once('\t')?;
    let mut cells = rest.split('\t');
    let tgt = cells.next().unwrap_or("");
    let third = cells.next().and_then(|cell| cell.trim().parse().ok());
    Some((src, tgt, third.filter(|p| (0.0..=1.0).contains(p))))
}

/// Whether a dictionary of Kazakh and Russian, which share a script, has its columns the other way round: Kazakh is the one with more letters that Russian has not.
fn is_turned(text: &str, src: Lang, tgt: Lang) -> bool {
    let kazakh = match (src, tgt) {
        (Lang::Kazakh, Lang::Russian) => 0,
        (Lang::Russian, Lang::Kazakh) => 1,
        _ => return false,
    };
    let mut found = [0_usize; 2];
    for (first, second, _) in entries(text).filter_map(|(_, line)| columns(line)) {
        for (count, cell) in found.iter_mut().zip([first, second]) {
            *count += usize::from(cell.contains(is_kazakh));
        }
    }
    found[1 - kazakh] > found[kazakh]
}

/// Whether a letter is one of Kazakh Cyrillic that Russian has not.
fn is_kazakh(c: char) -> bool {
    const LETTERS: &str = "әғқңөұүһіӘҒҚҢӨҰҮҺІ";
    LETTERS.contains(c)
}

fn is_cyrillic(text: &str) -> bool {
    text.chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(fold::is_cyrillic)
}

const fn is_cyrillic_language(lang: Lang) -> bool {
    matches!(lang, Lang::Kazakh | Lang::Russian)
}
