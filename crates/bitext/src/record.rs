//! What a user keeps of a bead.

use std::fmt;
use std::str::FromStr;

use qostil_text::Span;
use serde::{Deserialize, Serialize};

use crate::{BeadType, Evidence};

/// What the figures of two texts say about each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// At least one figure on each side has the same value, and none contradicts.
    Agree,
    /// Figures are left over on both sides in one dimension.
    Contradict,
    /// Nothing to compare.
    #[default]
    None,
}

impl Verdict {
    /// `agree`, `contradict` or `none`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Contradict => "contradict",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that is no verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadVerdict(pub String);

impl fmt::Display for BadVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a verdict: expected agree, contradict or none",
            self.0
        )
    }
}

impl std::error::Error for BadVerdict {}

impl FromStr for Verdict {
    type Err = BadVerdict;

    fn from_str(text: &str) -> Result<Self, BadVerdict> {
        match text {
            "agree" => Ok(Self::Agree),
            "contradict" => Ok(Self::Contradict),
            "none" => Ok(Self::None),
            _ => Err(BadVerdict(text.to_owned())),
        }
    }
}

/// One row of a bitext: the texts of a bead with where they come from and what is known of them.
/// Fields that a format cannot hold are empty or absent after reading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Source text, debris cut out.
    pub src: String,
    /// Target text, debris cut out.
    pub tgt: String,
    /// Probability (0–1) that the bead is right.
    pub confidence: Option<f64>,
    /// Sentences on each side.
    pub bead: Option<BeadType>,
    /// What the figures say.
    pub verdict: Option<Verdict>,
    /// Evidence in words.
    pub evidence: String,
    /// The source document's id.
    pub src_doc: String,
    /// The target document's id.
    pub tgt_doc: String,
    /// Bytes of the source document that `src` was cut from.
    pub src_spans: Vec<Span>,
    /// Bytes of the target document that `tgt` was cut from.
    pub tgt_spans: Vec<Span>,
    /// Where each sentence of a source side of several stands, since ranges of sentences that follow each other are one in `src_spans`; empty for a
    /// side of one sentence. Only the full record (`alignments.jsonl`) carries it.
    pub src_sentences: Vec<Vec<Span>>,
    /// The same of the target side.
    pub tgt_sentences: Vec<Vec<Span>>,
    /// The same evidence as typed values; only the full record (`alignments.jsonl`) carries it.
    pub details: Vec<Evidence>,
    /// What else the row said: name and content of every column, property or key that is none of the above, in its order.
    pub extra: Vec<(String, String)>,
    /// Names of those of `extra` whose content is JSON and no text: numbers, truths, lists and objects, which only JSON lines hold as such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub json: Vec<String>,
}
