//! What an agency puts at the head of a report: the place, the day, its own name, and a dash.
//!
//! `ПАВЛОДАР. 12 қыркүйек. ERTIS – …`, `ASTANA, 12 September (KazNews) — …`, `МОСКВА, 12 сентября. /ТАСС/. …`. A dash is also how
//! Kazakh and Russian say *is*, and a bracket explains what stands before it: so a place and a dash are no dateline, there must be a day or a known agency
//! between them, and a sentence must begin behind.

use qostil_text::fold::{is_letter, is_letter_or_digit, push_lower};

use super::{TABLE, day_prefix};

/// Longest part that is looked at, in bytes, and the most of them.
const LONGEST: usize = 64;
const PARTS: usize = 6;
/// Most words of a place or an agency.
const WORDS: usize = 3;

/// The length of the dateline that a line begins with, the white space behind it left; 0 when it begins with none. With a day and an agency it
/// is one wherever it stands, with one of these `near_top` alone, where reports begin.
pub(super) fn dateline(line: &str, near_top: bool) -> usize {
    if !line.starts_with(char::is_uppercase) || is_plainly_none(line) {
        return 0;
    }
    read(line, near_top).unwrap_or(0)
}

/// Whether the head of a line alone tells that it is no dateline, as that of most does: it would begin with a place, all words of which have a
/// capital, or with a day, which has a number.
fn is_plainly_none(line: &str) -> bool {
    let after = line.trim_start_matches(is_letter).strip_prefix(' ');
    let has_digit = |bytes: &[u8]| bytes.iter().fold(false, |any, byte| any | byte.is_ascii_digit());
    let bytes = line.as_bytes();
    after.is_some_and(|rest| rest.starts_with(char::is_lowercase))
        && !has_digit(bytes.get(..LONGEST + 4).unwrap_or(bytes))
}

/// What is between two separators.
struct Part<'t> {
    text: &'t str,
    is_bracketed: bool,
    after: After,
    /// Where the next part begins.
    next: usize,
}

/// What is behind a part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Comma,
    Stop,
    Bracket,
    /// Nothing that belongs to the dateline.
    End,
}

fn read(line: &str, near_top: bool) -> Option<usize> {
    let (mut has_day, mut has_agency, mut is_known) = (false, false, false);
    let mut in_capitals = true;
    let (mut at, mut before) = (0, After::Comma);
    for number in 0..PARTS {
        let part = part(line, at)?;
        if is_day(part.text, has_day) {
            has_day = true;
        } else if !has_day
            && !has_agency
            && !part.is_bracketed
            && before == After::Comma
            && is_place(part.text)
        {
            in_capitals &= !part.text.chars().any(char::is_lowercase);
        } else if number > 0 && is_named(part.text) {
            (has_agency, is_known) = (true, true);
        } else if has_day && (part.is_bracketed || before == After::Stop) && is_distinct(part.text) {
            has_agency = true;
        } else {
            return None;
        }
        (at, before) = (part.next, part.after);
        if before == After::End {
            break;
        }
    }
    let rest = line.get(at..)?;
    let is_dateline = match (has_day, has_agency) {
        (true, true) => true,
        (true, false) => near_top && in_capitals,
        (false, _) => near_top && is_known,
    };
    // Of the sentence after the dash the name of the agency is none either: `МОСКВА, 12 сентября — РИА Новости. …`.
    let named = rest
        .find(". ")
        .filter(|&end| end <= LONGEST && rest.get(..end).is_some_and(|head| is_named(head.trim())));
    (before == After::End && is_dateline && begins_sentence(rest))
        .then(|| at + named.map_or(0, |end| end + 1))
}

/// The part that begins at a place, and what is behind it.
fn part(line: &str, at: usize) -> Option<Part<'_>> {
    let rest = line.get(at..)?;
    let start = at + rest.len() - rest.trim_start().len();
    let rest = line.get(start..)?;
    let closing = match rest.chars().next()? {
        '(' => Some(')'),
        '/' => Some('/'),
        _ => None,
    };
    let from = usize::from(closing.is_some());
    let mut letters = rest.char_indices().skip(from).peekable();
    let end = loop {
        let (place, c) = letters.next()?;
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        match closing {
            _ if place > LONGEST => return None,
            Some(closing) if c == closing => break place,
            Some(_) => {}
            None if c == ',' || (c == '.' && next.is_whitespace() && !is_month(rest, place)) => break place,
            None if c.is_whitespace() && (matches!(next, '(' | '/') || is_dash(next)) => break place,
            None => {}
        }
    };
    let text = rest.get(from..end)?.trim();
    let behind = rest.get(end + closing.map_or(0, char::len_utf8)..)?;
    let end = start + rest.len() - behind.len();
    let (after, length) = separator(behind, closing == Some('/'))?;
    Some(Part {
        text,
        is_bracketed: closing.is_some(),
        after,
        next: end + length,
    })
}

/// What is at the head of a text behind a part, and its length.
fn separator(behind: &str, in_slashes: bool) -> Option<(After, usize)> {
    let mut found = After::Bracket;
    for (place, c) in behind.char_indices() {
        let end = place + c.len_utf8();
        let is_last = behind.get(end..)?.chars().next().is_none_or(char::is_whitespace);
        match c {
            c if is_dash(c) => return is_last.then_some((After::End, end)),
            // `/ТАСС/.` needs no dash.
            '.' if in_slashes && is_last => return Some((After::End, end)),
            '.' => found = After::Stop,
            ',' => found = After::Comma,
            '(' | '/' => return Some((After::Bracket, place)),
            c if c.is_whitespace() => {}
            _ if found == After::Bracket => return None,
            _ => return Some((found, place)),
        }
    }
    None
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―')
}

/// Whether the word before the stop at a place is a month and a day follows: `Sept. 12`.
fn is_month(text: &str, stop: usize) -> bool {
    let word = text
        .get(..stop)
        .and_then(|head| head.split_whitespace().next_back());
    let digit = text.get(stop + 1..).map(str::trim_start);
    let mut lower = String::new();
    push_lower(word.unwrap_or_default(), &mut lower);
    is_month_name(&lower) && digit.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_month_name(lower: &str) -> bool {
    TABLE.month.contains(lower) || TABLE.date.contains(lower)
}

/// A day with its month; after one also a year alone.
fn is_day(text: &str, has_day: bool) -> bool {
    let is_year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let mut lower = String::new();
    push_lower(text, &mut lower);
    let has_number = lower
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| matches!(number.len(), 1 | 2));
    let short = lower.split_once(' ');
    let is_short = short.is_some_and(|(day, month)| {
        day.bytes().all(|b| b.is_ascii_digit()) && TABLE.month.contains(month.trim_end_matches('.'))
    });
    (is_year && has_day) || (has_number && (is_short || day_prefix(&lower) == lower.len()))
}

/// Words that all begin with a capital.
fn are_names(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.clone().count() <= WORDS
        && words.all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
}

fn is_place(text: &str) -> bool {
    let letters = text.chars().filter(|&c| is_letter(c)).count();
    letters >= 3
        && text
            .chars()
            .all(|c| is_letter(c) || matches!(c, ' ' | '-' | '\'' | '’'))
        && are_names(text)
}

/// An agency that the table knows.
fn is_named(text: &str) -> bool {
    let mut lower = String::new();
    push_lower(text, &mut lower);
    TABLE.agency.contains(lower.as_str())
}

/// A name as only agencies and the like write theirs: in capitals, with a capital inside, or as an address.
fn is_distinct(text: &str) -> bool {
    let is_written = |c: char| is_letter_or_digit(c) || matches!(c, ' ' | '-' | '.');
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let has_small = text.chars().any(char::is_lowercase);
    let is_camel = text
        .chars()
        .zip(text.chars().skip(1))
        .any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    text.chars().all(is_written)
        && are_names(text)
        && (is_camel || text.trim_end_matches('.').contains('.') || (capitals >= 2 && !has_small))
}

/// Whether a sentence begins here, in letters that are not all capitals, or the line ends.
fn begins_sentence(rest: &str) -> bool {
    let rest = rest.trim_start();
    let bare = rest.trim_start_matches(['"', '“', '«', '„', '\'', '‘', '(']);
    rest.is_empty()
        || (bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && bare.chars().take(60).any(char::is_lowercase))
}
