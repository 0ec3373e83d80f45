//! The sentence iterator: a scan for the few bytes at which a sentence can end.

use qostil_text::{Lang, Span};

use crate::paragraph::{is_line_end, opens_block};
use crate::rules::{Place, Verdict};
use crate::{Options, enumeration};

/// The sentences of `text` by the rules of `lang`.
///
/// `lang` decides which abbreviations and openers count; for a language without tables of its own all tables are
/// used. Linear time, no allocation.
///
/// ```
/// use qostil_split::sentences;
/// use qostil_text::Lang;
/// let text = "Rents rose 2.6 percent at Zakon.kz Inc. in May. Why?";
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
    /// End of the last sentence.
    at: usize,
}

/// Whether a byte may begin something that ends a sentence: ASCII stops and line ends, the closing bracket of an
/// enumeration, or the lead byte of NEL or of a character beyond Cyrillic (`…`, `•`, `‼`, U+2028, `。`, `！`, `؟`, `।`).
///
/// Without short cuts, so that the compiler looks at many bytes at once.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a lazy operator would keep the loop from being vectorised"
)]
const fn is_candidate(b: u8) -> bool {
    matches!(b, b'\n'..=b'\r')
        | (b == b'.')
        | (b == b'!')
        | (b == b'?')
        | (b == b')')
        | (b == 0xc2)
        | (b >= 0xd6)
}

/// [`is_candidate`] as a table, for bytes one by one.
const CANDIDATES: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < table.len() {
        table[i] = is_candidate(i as u8);
        i += 1;
    }
    table
};

/// The place of the next candidate. Blocks without one are passed over by comparing all bytes at once.
fn next_candidate(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 32;
    let passed = bytes
        .chunks_exact(BLOCK)
        .take_while(|block| !block.iter().fold(false, |any, &b| any | is_candidate(b)))
        .count()
        * BLOCK;
    let ahead = bytes[passed..].iter().position(|&b| CANDIDATES[b as usize])?;
    Some(passed + ahead)
}

/// Whether `c` can end a sentence.
pub(crate) const fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '…' | '‼' | '⁇'..='⁉' | '。' | '！' | '？' | '．' | '؟' | '۔' | '։' | '।'
    )
}

impl Iterator for Sentences<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..)?;
        let start = self.text.len() - rest.trim_start().len();
        if start == self.text.len() {
            self.at = start;
            return None;
        }
        let end = self.end_of(start);
        self.at = end;
        Some(Span::new(start, start + self.text[start..end].trim_end().len()))
    }
}

impl Sentences<'_> {
    /// Where the sentence that starts at `start` ends, white space after it perhaps included; always past `start`.
    fn end_of(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        let place = Place {
            text: self.text,
            lang: self.lang,
            start,
            wrapped: self.options.join_wrapped,
        };
        while let Some(ahead) = next_candidate(&bytes[at..]) {
            at += ahead;
            if bytes[at] == b'.' && place.ends_plainly(at) {
                return at + 1;
            }
            if bytes[at] == b'.' && (place.is_between_figures(at) || place.is_between_initials(at)) {
                at += 1;
                continue;
            }
            // A candidate is ASCII or a lead byte, so a character begins here.
            let Some(c) = self.text[at..].chars().next() else {
                break;
            };
            if is_stop(c) {
                if let Some(end) = enumeration::end_before(self.text, start, at) {
                    return end;
                }
                match place.judge(at) {
                    Verdict::End(end) => return end,
                    Verdict::On(resume) => at = resume,
                }
            } else if is_line_end(c) && (!self.options.join_wrapped || opens_block(&self.text[at..])) {
                return at;
            } else {
                let marks = matches!(c, ')' | '•' | '⁃') && at > start;
                if let Some(end) = marks
                    .then(|| enumeration::end_before(self.text, start, at))
                    .flatten()
                {
                    return end;
                }
                let end = match c {
                    ')' => place.ends_with_smile(at),
                    '—' | '–' => place.ends_cut_short(at),
                    _ => None,
                };
                if let Some(end) = end {
                    return end;
                }
                at += c.len_utf8();
            }
        }
        self.text.len()
    }
}
