//! Items run on in one line, `1) … 2) …`, `a. … b. …`, `• … • …`: each is a sentence.

use qostil_text::fold::is_letter_or_digit;

use crate::rules::{content_start, is_bullet};

/// The letters that number items, in their order; as capitals too.
const ALPHABETS: [&str; 3] = ["abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрст", "аәбвгғдежз"];

/// How an item is marked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark<'t> {
    Number(u32, &'t str),
    Letter(char, &'t str),
}

/// If the sentence that starts at `start` is an item and at `at`, a bullet or what closes a mark, stands the mark of
/// the next one, the place before that mark.
pub(crate) fn end_before(text: &str, start: usize, at: usize) -> Option<usize> {
    let sentence = &text[start..];
    let bullet = sentence.chars().next().filter(|&c| is_bullet(c) && !c.is_ascii());
    if bullet.is_some() {
        let here = text[at..].chars().next();
        let apart = text[..at].ends_with(char::is_whitespace);
        return (here == bullet && apart).then_some(at);
    }
    // A mark has up to three figures or a letter, and white space before it: most sentences end in longer words.
    let (space, c) = text[start..at]
        .char_indices()
        .rev()
        .take(4)
        .find(|(_, c)| !is_letter_or_digit(*c))?;
    if !c.is_whitespace() {
        return None;
    }
    let token_at = start + space + c.len_utf8();
    let first = content_start(text, start);
    let opening = if first < token_at {
        mark(&text[first..])?
    } else {
        return None;
    };
    let next = mark(&text[token_at..])?;
    follows(opening, next).then_some(token_at)
}

/// Whether a line opens a new item or a speaker's turn: a bullet, a mark, a hyphen apart, a dash before a capital.
pub(crate) fn opens_item(line: &str) -> bool {
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    let rest = chars.as_str();
    let apart = rest.starts_with(char::is_whitespace);
    match first {
        '-' => apart,
        '–' | '—' => apart && rest.trim_start().starts_with(char::is_uppercase),
        _ => is_bullet(first) || mark(line).is_some(),
    }
}

/// The mark that `text` begins with.
fn mark(text: &str) -> Option<Mark<'_>> {
    let digits = text.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let letter = text.chars().next().filter(|c| c.is_alphabetic());
    let body = match (digits, letter) {
        (1..=3, _) => digits,
        (0, Some(c)) => c.len_utf8(),
        _ => return None,
    };
    let rest = &text[body..];
    let close = [".)", ")", "."]
        .into_iter()
        .find(|close| rest.starts_with(close))?;
    let after = &rest[close.len()..];
    if !after.starts_with(char::is_whitespace) {
        return None;
    }
    // `A. Smith`, `А. Абай` may be a name.
    if close == "." && letter.is_some_and(char::is_uppercase) {
        return None;
    }
    // `2. орын` may be an ordinal; only a capital makes sure.
    if close == "." && !after.trim_start().starts_with(|c: char| c.is_uppercase()) {
        return None;
    }
    let close = &rest[..close.len()];
    match letter {
        Some(c) => Some(Mark::Letter(c, close)),
        None => text[..digits]
            .parse()
            .ok()
            .map(|number| Mark::Number(number, close)),
    }
}

/// Whether `next` is the mark after `opening`.
fn follows(opening: Mark<'_>, next: Mark<'_>) -> bool {
    match (opening, next) {
        (Mark::Number(a, x), Mark::Number(b, y)) => x == y && a.checked_add(1) == Some(b),
        (Mark::Letter(a, x), Mark::Letter(b, y)) => {
            let (small_a, small_b) = (to_small(a), to_small(b));
            x == y
                && (small_a == a) == (small_b == b)
                && ALPHABETS.iter().any(|alphabet| {
                    let mut letters = alphabet.chars().skip_while(|&c| c != small_a).skip(1);
                    letters.next() == Some(small_b)
                })
        }
        _ => false,
    }
}

/// `c` as it stands in [`ALPHABETS`].
fn to_small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}
