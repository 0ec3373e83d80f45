//! The plain data that flows from the aligner to files, scores and pages: [`Bead`], [`Evidence`],
//! [`Verdict`], [`Record`]. No logic beyond printing and reading small values.

mod bead;
mod evidence;
mod index;
mod record;

pub use bead::{Bead, BeadType};
pub use evidence::{Evidence, EvidenceKind, describe};
pub use index::IndexBead;
pub use record::{Record, Verdict};
