//! What several Qostil crates share about text: [`Span`], [`Lang`], [`Document`], the folded view of a
//! text ([`fold`]) and its letters as they were meant ([`mend`]), stems ([`stem`]) and the consonant skeletons of names ([`names`]).
//!
//! Nothing here knows sentences' boundaries, figures, alignment or files. All offsets are bytes of the
//! decoded text as UTF-8.

mod codes;
pub mod document;
pub mod fold;
mod lang;
pub mod mend;
pub mod names;
mod span;
pub mod stem;

pub use codes::{Code, codes, meant};
pub use document::{Document, Sentence, line_end, lines};
pub use lang::{Lang, UnknownLang};
pub use span::{Span, join_spans};
