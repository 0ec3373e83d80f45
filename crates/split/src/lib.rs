//! Sentences of Kazakh, English and Russian text, and the language a text is in.
//!
//! Everything is a [`Span`](qostil_text::Span) into the caller's text; nothing is copied or rewritten. The spans of [`sentences`] are
//! in order and disjoint, and between them stands white space and nothing else, so that a text can always be put
//! together again. A line break always ends a sentence, unless [`Options::join_wrapped`] says that lines are wrapped.
//!
//! ```
//! use qostil_split::sentences;
//! use qostil_text::Lang;
//!
//! let text = "Тоқаев Алматыға келді. «Қалайсыздар», – деп сәлемдесті.";
//! let found: Vec<&str> = sentences(text, Lang::Kazakh).map(|s| s.of(text)).collect();
//! assert_eq!(found, ["Тоқаев Алматыға келді.", "«Қалайсыздар», – деп сәлемдесті."]);
//! ```
//!
//! A text too large for memory goes through [`SentenceReader`], or piece by piece through [`Feed`].
//!
//! [`identify`] tells the language of a document or of one paragraph.
//!
//! What this crate is not for: words, clauses, or text without punctuation.

mod enumeration;
mod identify;
mod paragraph;
mod rules;
mod sentence;
mod stream;
mod tables;

pub use identify::{Identified, identify, is_in_other_script, tells};
pub use paragraph::{Paragraphs, paragraphs, paragraphs_with};
pub use sentence::{Sentences, sentences, sentences_with};
pub use stream::{Feed, SentenceReader};

/// How a text is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Lines were wrapped at some width: a single line break is mere white space, and a paragraph ends at an empty
    /// line, or where the next line opens with a bullet, an item's number or the dash of a speaker.
    pub join_wrapped: bool,
}
