//! Lines of a text file: ended by `\n` or `\r\n` alone, numbered from 1, UTF-8.

use std::borrow::Cow;
use std::io::BufRead;

use crate::Error;

/// The lines of `input` with their numbers; a leading BOM is no part of the first.
pub(crate) fn lines(mut input: impl BufRead) -> impl Iterator<Item = Result<(u64, String), Error>> {
    let (mut number, mut over) = (0, false);
    std::iter::from_fn(move || {
        if over {
            return None;
        }
        let mut bytes = Vec::new();
        match input.read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => {
                over = true;
                return Some(Err(error.into()));
            }
        }
        number += 1;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if number == 1 && bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(..3);
        }
        Some(
            String::from_utf8(bytes)
                .map(|line| (number, line))
                .map_err(|_| Error::at(number, "not UTF-8 text")),
        )
    })
}

/// Whether some reader takes `c` for the end of a cell or line: tab, what `\n` stands for in Unicode, and the
/// separators that Python's `splitlines` breaks at.
pub(crate) fn breaks(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `text` as one cell of one line: every run of tabs and line ends becomes one space.
///
/// ```
/// assert_eq!(qostil_export::one_line("екі\r\nжол"), "екі жол");
/// ```
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(breaks) {
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
