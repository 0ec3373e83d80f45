//! How good an alignment is, and how sure one can be of that.
//!
//! * [`Counts`], [`Scores`]: strict, lax, two-sided and link scores of beads against gold;
//! * [`by_spans`]: two bitexts with spans brought onto one numbering, to be compared in the same way;
//! * [`Evaluation`], [`Bootstrap`]: several documents together, with intervals over documents.
//!
//! Every number carries the name of its definition: published scorers disagree on the same output.

mod bootstrap;
mod evaluation;
mod random;
mod rate;
mod score;
mod spans;

pub use bootstrap::{Bootstrap, Interval};
pub use evaluation::{Evaluation, Judged};
pub use rate::{Rate, rounded};
pub use score::{Counts, DEFINITIONS, Scores, TypeCounts, TypeScore};
pub use spans::{Aligned, by_spans};
