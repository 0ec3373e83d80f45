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

impl Iterator for Paragraphs<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + (rest.len() - rest.trim_start().len());
        let body = rest.trim_start();
        if body.is_empty() {
            return None;
        }
        let mut end = body.len();
        for (at, _) in body.match_indices(is_line_end) {
            if !self.options.join_wrapped || opens_block(&body[at..]) {
                end = at;
                break;
            }
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
