//! A bead by sentence numbers alone.

use crate::{Bead, BeadType};

/// The sentences of a bead by their numbers, as index formats and gold hold them. Numbers are zero-based and need not
/// follow each other; either side may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexBead {
    /// Source sentences.
    pub src: Vec<usize>,
    /// Target sentences.
    pub tgt: Vec<usize>,
}

impl IndexBead {
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

impl From<&Bead> for IndexBead {
    fn from(bead: &Bead) -> Self {
        Self {
            src: bead.src.clone().collect(),
            tgt: bead.tgt.clone().collect(),
        }
    }
}
