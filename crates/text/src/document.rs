//! A decoded text and its sentences.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Lang, Span};

/// One text in one language, decoded, with its sentences in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// What users know it by: a path relative to the input, or a manifest's id.
    pub id: String,
    /// The language it is taken for.
    pub lang: Lang,
    /// The whole text; all spans are bytes of it.
    pub text: String,
    /// Its sentences: in order, disjoint.
    pub sentences: Vec<Sentence>,
}

/// A sentence of a [`Document`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// From its first to its last character.
    pub span: Span,
    /// Debris inside it that is no part of its text: in order, disjoint, within `span`. Usually empty.
    pub cuts: Vec<Span>,
    /// Zero-based number of its paragraph in the document.
    pub paragraph: u32,
}

impl Sentence {
    /// A sentence without debris.
    pub const fn new(span: Span, paragraph: u32) -> Self {
        Self {
            span,
            cuts: Vec::new(),
            paragraph,
        }
    }

    /// The byte ranges that hold its text: `span` less `cuts`.
    pub fn ranges(&self) -> Vec<Span> {
        let mut out = Vec::with_capacity(self.cuts.len() + 1);
        let mut at = self.span.start;
        for cut in &self.cuts {
            if cut.start > at {
                out.push(Span::new(at, cut.start));
            }
            at = at.max(cut.end);
        }
        if at < self.span.end {
            out.push(Span::new(at, self.span.end));
        }
        out
    }
}

impl Document {
    /// A document whose lines are its sentences already; empty lines keep their number. Lines end at line feeds, or at carriage returns where
    /// there are no line feeds.
    /// Every line is a paragraph of its own only where an empty line stands before it.
    pub fn from_lines(id: impl Into<String>, lang: Lang, text: String) -> Self {
        let mut sentences = Vec::new();
        let (mut at, mut paragraph) = (0, 0);
        for line in text.split_inclusive(char::from(line_end(text.as_bytes()))) {
            let kept = line.trim_end_matches('\n').trim_end_matches('\r');
            let lead = kept.len() - kept.trim_start().len();
            let body = kept.trim();
            if body.is_empty() {
                paragraph += 1;
                sentences.push(Sentence::new(Span::new(at, at), paragraph));
            } else {
                sentences.push(Sentence::new(
                    Span::new(at + lead, at + lead + body.len()),
                    paragraph,
                ));
            }
            at += line.len();
        }
        Self {
            id: id.into(),
            lang,
            text,
            sentences,
        }
    }

    /// The text of sentence `index`, debris cut out; empty when there is no such sentence.
    pub fn sentence_text(&self, index: usize) -> Cow<'_, str> {
        let Some(sentence) = self.sentences.get(index) else {
            return Cow::Borrowed("");
        };
        if sentence.cuts.is_empty() {
            return Cow::Borrowed(sentence.span.of(&self.text));
        }
        Cow::Owned(sentence.ranges().into_iter().map(|r| r.of(&self.text)).collect())
    }
}

/// The byte that ends the lines of a text that begins with `head`: a line feed, unless there is none to be seen in the first 64 KiB and there are carriage
/// returns, as on the Macintosh of old.
///
/// ```
/// assert_eq!(qostil_text::line_end(b"one\rtwo\r"), b'\r');
/// assert_eq!(qostil_text::line_end(b"one\r\ntwo\r\n"), b'\n');
/// ```
pub fn line_end(head: &[u8]) -> u8 {
    const LOOKED_AT: usize = 1 << 16;
    let head = head.get(..LOOKED_AT).unwrap_or(head);
    // What follows the very last byte may be its line feed.
    let has_return = head
        .split_last()
        .is_some_and(|(_, before)| before.contains(&b'\r'));
    if has_return && !head.contains(&b'\n') {
        b'\r'
    } else {
        b'\n'
    }
}

/// The lines of `text` without their ends: `\n`, `\r\n`, or `\r` where [`line_end`] says so.
///
/// ```
/// assert!(qostil_text::lines("one\rtwo\r").eq(["one", "two"]));
/// assert!(qostil_text::lines("one\r\n\ntwo").eq(["one", "", "two"]));
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ended = text.split_terminator(char::from(line_end(text.as_bytes())));
    ended.map(|line| line.strip_suffix('\r').unwrap_or(line))
}

impl Default for Lang {
    fn default() -> Self {
        Self::UNKNOWN
    }
}
