//! How good an alignment is: its beads against those of a gold alignment.
//!
//! * [`Counts::of`] compares two sets of beads by sentence numbers; [`Counts::scores`] makes precision, recall and F1 of it;
//! * [`by_spans`] brings two bitexts with spans onto one numbering, so that they can be compared in the same way.
//!
//! Knows nothing of how beads were found.

mod score;
mod spans;

pub use score::{Counts, Rates, Scores, TypeCounts};
pub use spans::{Aligned, by_spans};
