//! Why two sentences were paired: typed values with places on both sides; words are made at the edge.

use std::fmt::Write;

use qostil_text::Span;
use serde::{Deserialize, Serialize};

/// What kind of thing speaks for or against a bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// A figure of the same value on both sides.
    Figure,
    /// Figures that contradict each other.
    Contradiction,
    /// A name that sounds alike across scripts.
    Name,
    /// The same token in the same letters on both sides (acronym, brand, address).
    Token,
    /// A word and its equivalent in a lexicon.
    Word,
    /// The lengths of the two sides.
    Length,
    /// Quotes, question and exclamation marks, brackets, bullets, colons, and whether anything ends the sides.
    Punctuation,
    /// Where the two sides stand in their paragraphs and documents.
    Position,
    /// How many sentences are joined, and what one-sided beads are next to.
    Shape,
    /// Words without a partner on the other side.
    Missing,
    /// Words that the sentences' own documents do not use again, as of lines from elsewhere.
    Cohesion,
    /// A side of a row is in another language than it should be.
    Language,
    /// A person fixed this pair.
    Fixed,
    /// The partner stands out of order: in a section that changed places.
    Moved,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its place in the source document, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub src: Option<Span>,
    /// Its place in the target document, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tgt: Option<Span>,
    /// The source words, as written; empty when it has no place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub src_text: String,
    /// The target words, as written; empty when it has no place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tgt_text: String,
    /// Log-likelihood ratio in nats: above zero speaks for the bead.
    pub weight: f64,
}

/// Evidence in words for a reader: `2,6 трлн теңге = 2.6 trillion tenge; Тоқаев = Tokayev; length ×0.93`.
/// One line, no tabs; at most `limit` pieces, in the order given.
pub fn describe(evidence: &[Evidence], limit: usize) -> String {
    let mut out = String::new();
    for item in evidence.iter().take(limit) {
        if !out.is_empty() {
            out.push_str("; ");
        }
        let sign = if item.kind == EvidenceKind::Contradiction {
            "≠"
        } else {
            "="
        };
        let is_blank = |text: &str| text.trim_start().is_empty();
        match (is_blank(&item.src_text), is_blank(&item.tgt_text)) {
            (false, false) => {
                push_line(&item.src_text, &mut out);
                out.extend([" ", sign, " "]);
                push_line(&item.tgt_text, &mut out);
            }
            (true, true) => out.push_str(name(item.kind)),
            (true, false) | (false, true) => {
                out.extend([name(item.kind), " "]);
                push_line(&item.src_text, &mut out);
                push_line(&item.tgt_text, &mut out);
            }
        }
        let has_weight = !matches!(item.kind, EvidenceKind::Fixed | EvidenceKind::Moved);
        if has_weight && (item.src_text.is_empty() || item.tgt_text.is_empty()) {
            let _ = write!(out, " {:+.1}", item.weight);
        }
    }
    out
}

/// The words of a text to the end of `out`, one space between them.
fn push_line(text: &str, out: &mut String) {
    for (number, word) in text.split_whitespace().enumerate() {
        if number > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

const fn name(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Figure => "figure",
        EvidenceKind::Contradiction => "contradiction",
        EvidenceKind::Name => "name",
        EvidenceKind::Token => "token",
        EvidenceKind::Word => "word",
        EvidenceKind::Length => "length",
        EvidenceKind::Punctuation => "punctuation",
        EvidenceKind::Position => "position",
        EvidenceKind::Shape => "shape",
        EvidenceKind::Missing => "missing",
        EvidenceKind::Cohesion => "off topic",
        EvidenceKind::Language => "language",
        EvidenceKind::Fixed => "fixed by hand",
        EvidenceKind::Moved => "moved",
    }
}
