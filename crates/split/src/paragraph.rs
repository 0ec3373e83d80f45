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

/// The place of the next character from byte `from` on that ends a line, or the end of `text`. Blocks without one are passed over by looking at all their
/// bytes at once.
fn next_line_end(text: &str, from: usize) -> usize {
    const BLOCK: usize = 16;
    let bytes = text.as_bytes();
    let block = |at: usize| bytes.get(at..)?.first_chunk::<{ BLOCK + 2 }>();
    let is_free =
        |block: &[u8; BLOCK + 2]| !(0..BLOCK).fold(false, |any, at| any | ends_line(&block[at..at + 3]));
    let mut at = from;
    while block(at).is_some_and(is_free) {
        at += BLOCK;
    }
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    (at..bytes.len())
        .find(|&at| ends_line(&[byte(at), byte(at + 1), byte(at + 2)]))
        .unwrap_or(bytes.len())
}

/// [`is_line_end`] by the bytes of a character and of what follows, three in all.
///
/// Without short cuts, so that the compiler looks at many bytes at once.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a lazy operator would keep the loop from being vectorised"
)]
const fn ends_line(bytes: &[u8]) -> bool {
    let &[first, second, third] = bytes else {
        return false;
    };
    matches!(first, b'\n'..=b'\r')
        | ((first == 0xc2) & (second == 0x85))
        | ((first == 0xe2) & (second == 0x80) & (third & 0xfe == 0xa8))
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
