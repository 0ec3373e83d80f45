//! A run of source sentences paired with a run of target sentences.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Evidence, Verdict};

/// A contiguous run of source sentences paired with a contiguous run of target sentences; either may be
/// empty. The beads of an alignment are monotone and hold every sentence of both documents exactly once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bead {
    /// Zero-based indices of the source sentences.
    pub src: Range<usize>,
    /// Zero-based indices of the target sentences.
    pub tgt: Range<usize>,
    /// Posterior probability (0–1) that exactly this bead is right; for a one-sided bead, that the sentence has no partner.
    pub confidence: f64,
    /// What the figures of the two sides say.
    pub verdict: Verdict,
    /// Why, strongest first.
    pub evidence: Vec<Evidence>,
}

impl Bead {
    /// How many sentences on each side.
    pub fn kind(&self) -> BeadType {
        BeadType {
            src: self.src.len(),
            tgt: self.tgt.len(),
        }
    }

    /// Whether both sides hold a sentence.
    pub fn is_pair(&self) -> bool {
        !self.src.is_empty() && !self.tgt.is_empty()
    }
}

/// The number of sentences on each side, printed as `2-1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BeadType {
    /// Source sentences.
    pub src: usize,
    /// Target sentences.
    pub tgt: usize,
}

impl fmt::Display for BeadType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.src, self.tgt)
    }
}

/// A text that is not `n-m`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadBeadType(pub String);

impl fmt::Display for BadBeadType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a bead type: expected sentence counts as in `2-1`",
            self.0
        )
    }
}

impl std::error::Error for BadBeadType {}

impl FromStr for BeadType {
    type Err = BadBeadType;

    fn from_str(text: &str) -> Result<Self, BadBeadType> {
        let parsed = text
            .split_once('-')
            .and_then(|(s, t)| Some((s.parse().ok()?, t.parse().ok()?)));
        parsed
            .map(|(src, tgt)| Self { src, tgt })
            .ok_or_else(|| BadBeadType(text.to_owned()))
    }
}
