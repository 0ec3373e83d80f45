//! Lines of a text file: ended by `\n` or `\r\n` alone, by `\r` where there is no other; numbered from 1, UTF-8.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use qostil_text::line_end;

use crate::Error;

/// The longest line, row or unit that is read, in bytes: what is longer is no bitext, and must not fill the memory.
pub(crate) const LONGEST: u64 = 64 << 20;
/// Most of a longer line that is passed by to come to the next one: where there is still no end, there is none.
const MOST_PASSED: u64 = 64 * LONGEST;

const BOM: &[u8] = "\u{feff}".as_bytes();

/// The lines of `input` with their numbers; a leading BOM is no part of the first.
pub(crate) fn lines(input: impl BufRead) -> impl Iterator<Item = Result<(u64, String), Error>> {
    raw_lines(input).map(|line| {
        let (number, mut raw) = line?;
        let (start, end) = bounds(number, &raw);
        raw.truncate(end);
        raw.drain(..start);
        Ok((number, raw))
    })
}

/// A line as [`raw_lines`] gives it, without BOM and end.
pub(crate) fn inner(number: u64, raw: &str) -> &str {
    let (start, end) = bounds(number, raw);
    raw.get(start..end).unwrap_or(raw)
}

/// Where the text of a raw line starts and ends.
fn bounds(number: u64, raw: &str) -> (usize, usize) {
    let text = raw.strip_suffix('\n').unwrap_or(raw);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let bom = number == 1 && text.starts_with('\u{feff}');
    let start = if bom { '\u{feff}'.len_utf8() } else { 0 };
    (start, text.len())
}

/// The lines of `input` as they stand, BOM and ends included, with their numbers.
pub(crate) fn raw_lines(mut input: impl BufRead) -> impl Iterator<Item = Result<(u64, String), Error>> {
    let (mut number, mut over, mut usual) = (0, false, 256);
    let (mut in_long, mut end) = (false, None);
    std::iter::from_fn(move || {
        if over {
            return None;
        }
        // What cannot be read shows when lines are.
        let end = *end.get_or_insert_with(|| line_end(input.fill_buf().unwrap_or_default()));
        if std::mem::take(&mut in_long) {
            match pass_line(&mut input, end) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    over = true;
                    return Some(Err(error.into()));
                }
            }
        }
        let mut bytes = Vec::with_capacity(usual);
        match (&mut input).take(LONGEST).read_until(end, &mut bytes) {
            Ok(0) => return None,
            Ok(_) if number == 0 && bytes == BOM => return None, // an empty file, marked as text
            Ok(_) => {}
            Err(error) => {
                over = true;
                return Some(Err(error.into()));
            }
        }
        number += 1;
        usual = (bytes.len() + 64).min(1 << 16);
        if bytes.last() != Some(&end) && bytes.len() as u64 == LONGEST {
            in_long = true;
            return Some(Err(Error::at(
                number,
                format!("longer than {LONGEST} bytes: expected a line end before"),
            )));
        }
        Some(String::from_utf8(bytes).map(|line| (number, line)).map_err(|e| {
            let byte = e.utf8_error().valid_up_to() as u64 + 1;
            Error::place(
                number,
                byte,
                "not UTF-8 text: expected UTF-8, or UTF-16 with a BOM",
            )
        }))
    })
}

/// How many lines `input` has, one that does not end counted in.
///
/// # Errors
/// When `input` fails.
///
/// ```
/// assert_eq!(qostil_export::count_lines(&b"one\r\ntwo"[..])?, 2);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn count_lines(mut input: impl BufRead) -> io::Result<usize> {
    let end = line_end(input.fill_buf()?);
    let (mut lines, mut is_open) = (0, false);
    loop {
        let some = input.fill_buf()?;
        let Some(last) = some.last() else { break };
        is_open = *last != end;
        lines += memchr::memchr_iter(end, some).count();
        let used = some.len();
        input.consume(used);
    }
    Ok(lines + usize::from(is_open))
}

/// Passes by what is left of a line; false when nothing follows it.
fn pass_line(input: &mut impl BufRead, end: u8) -> io::Result<bool> {
    let mut passed = 0;
    loop {
        let some = input.fill_buf()?;
        let found = memchr::memchr(end, some);
        let used = found.map_or(some.len(), |at| at + 1);
        input.consume(used);
        passed += used as u64;
        match found {
            Some(_) => return Ok(true),
            None if used == 0 => return Ok(false),
            None if passed > MOST_PASSED => {
                let message = format!("a line of more than {MOST_PASSED} bytes: what follows is not read");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            None => {}
        }
    }
}

/// Whether some reader takes `c` for the end of a cell, line or text: tab, what `\n` stands for in Unicode, the
/// separators that Python's `splitlines` breaks at, and the null that makes `grep` take a table for binary.
pub(crate) fn breaks(c: char) -> bool {
    matches!(
        c,
        '\0' | '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Whether no character of `text` is one of [`breaks`]; decides by bytes, since nearly every text is such.
fn is_one_line(text: &str) -> bool {
    let suspect = |b: u8| b < 0x20 || b == 0xc2 || b == 0xe2;
    let bytes = text.as_bytes();
    if !bytes.iter().fold(false, |found, b| found | suspect(*b)) {
        return true;
    }
    !bytes.iter().enumerate().any(|(at, byte)| match byte {
        0 | 0x09..=0x0d | 0x1c..=0x1e => true,
        0xc2 => bytes.get(at + 1) == Some(&0x85),
        0xe2 => bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xa8 | 0xa9)),
        _ => false,
    })
}

/// `text` as one cell of one line: every run of tabs, line ends and nulls becomes one space.
///
/// ```
/// assert_eq!(qostil_export::one_line("екі\r\nжол"), "екі жол");
/// ```
pub fn one_line(text: &str) -> Cow<'_, str> {
    if is_one_line(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut in_break = false;
    for c in text.chars() {
        if !breaks(c) {
            out.push(c);
        } else if !in_break {
            out.push(' ');
        }
        in_break = breaks(c);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_as_characters_do() {
        for c in '\0'..='\u{3000}' {
            let text = format!("ә{c}“");
            assert_eq!(is_one_line(&text), !breaks(c), "{c:?}");
        }
    }

    #[test]
    fn carriage_returns_end_lines_where_nothing_else_does() {
        for (text, expected) in [
            ("a\rb\r", vec!["a", "b"]),
            ("a\rb", vec!["a", "b"]),
            ("a\r", vec!["a"]),
            ("a\rb\r\nc\n", vec!["a\rb", "c"]),
            ("a\r\r\n", vec!["a\r"]),
        ] {
            let found: Vec<String> = lines(text.as_bytes()).map(|line| line.unwrap().1).collect();
            assert_eq!(found, expected, "{text:?}");
            assert_eq!(count_lines(text.as_bytes()).unwrap(), expected.len(), "{text:?}");
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let endless = std::io::BufReader::new(std::io::repeat(b'a'));
        assert!(lines(endless).next().unwrap().is_err());
    }

    #[test]
    fn what_follows_a_long_line_is_read() {
        let long = std::io::repeat(b'a').take(LONGEST + 10);
        let input = std::io::BufReader::new(long.chain(&b"\nsecond\nthird"[..]));
        let mut found = lines(input);
        assert!(found.next().unwrap().is_err());
        let rest: Vec<_> = found.map(Result::unwrap).collect();
        assert_eq!(rest, [(2, "second".to_owned()), (3, "third".to_owned())]);
    }
}
