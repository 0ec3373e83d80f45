//! Paragraphs: lines, or blocks of wrapped lines.

use qostil_text::Span;

use crate::{Options, enumeration};

/// The paragraphs of `text`: its lines without the white space around them, empty ones left out.
///
/// A line ends at LF, CR, VT, FF, NEL, U+2028 or U+2029.
///
/// ```
/// let text = "Бірінші жол\r\n\r\n  Екінші жол\n";
/// let found: Vec<&str> = qostil_split::paragraphs(text).map(|p| p.of(text)).collect();
/// assert_eq!(found, ["Бірінші жол", "Екінші жол"]);
/// ```
pub fn paragraphs(text: &str) -> Paragraphs<'_> {
    paragraphs_with(text, Options::default())
}

/// The paragraphs of `text` as `options` define them.
pub fn paragraphs_with(text: &str, options: Options) -> Paragraphs<'_> {
    Paragraphs { text, at: 0, options }
}

/// Iterator over the paragraphs of a text, see [`paragraphs`]. Linear time, no allocation.
#[derive(Clone, Debug)]
pub struct Paragraphs<'t> {
    text: &'t str,
    at: usize,
    options: Options,
}

/// Whether `c` ends a line.
pub(crate) const fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The place of the next character from byte `from` on that ends a line, or the end of `text`. Told by first bytes: most
/// letters are passed over without being decoded.
fn next_line_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(ahead) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| matches!(b, b'\n'..=b'\r' | 0xc2 | 0xe2)))
    {
        at += ahead;
        // A first byte, so a character begins here.
        if text[at..].starts_with(is_line_end) {
            return at;
        }
        at += 1;
    }
    text.len()
}

impl Iterator for Paragraphs<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + (rest.len() - rest.trim_start().len());
        let body = rest.trim_start();
        if body.is_empty() {
            return None;
        }
        let mut end = next_line_end(body, 0);
        while self.options.join_wrapped && end < body.len() && !opens_block(&body[end..]) {
            end = next_line_end(body, end + 1);
        }
        self.at = start + end;
        Some(Span::new(start, start + body[..end].trim_end().len()))
    }
}

/// Whether the line break that `rest` begins with ends a paragraph of wrapped lines: an empty line follows, or a line
/// that opens with a bullet, an item's mark or the dash of a speaker.
pub(crate) fn opens_block(rest: &str) -> bool {
    let line = rest.trim_start();
    let between = &rest[..rest.len() - line.len()];
    line.is_empty() || line_ends(between) > 1 || enumeration::opens_item(line)
}

/// Line ends in `space`, CR LF counted once.
fn line_ends(space: &str) -> usize {
    space.matches(is_line_end).count() - space.matches("\r\n").count()
}
