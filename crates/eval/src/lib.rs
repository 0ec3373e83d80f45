//! How good an alignment is, and how sure one can be of that.
//!
//! With gold:
//! * [`Counts`], [`Scores`]: strict, lax, two-sided and link scores of beads by sentence numbers;
//! * [`by_spans`]: two bitexts with spans brought onto one numbering, to be compared in the same way; [`SegmentCounts`]: coverage of gold segments
//!   of running text;
//! * [`Evaluation`], [`Bootstrap`]: several documents together, with intervals over documents;
//! * [`Calibration`]: whether confidence can be believed, and what a threshold buys;
//! * [`differences`], [`differing`]: two systems against each other.
//!
//! Without gold: [`expected_precision`], [`length_outliers`], [`drifts`]; by people: [`draw`], [`estimate`]; on documents made for the purpose: [`noise`].
//!
//! Every number carries the name of its definition: published scorers disagree on the same output. Knows nothing of how beads
//! were found.

mod bootstrap;
mod calibration;
mod estimate;
mod evaluation;
mod noise;
mod random;
mod rate;
mod sample;
mod score;
mod segments;
mod spans;
mod versus;

pub use bootstrap::{Bootstrap, Interval};
pub use calibration::{Bin, Calibration, Expected, Judgement, Kept, THRESHOLDS, expected_precision};
pub use estimate::{Drift, RowFacts, drifts, length_outliers};
pub use evaluation::{Evaluation, Summed};
pub use noise::{NoiseSettings, Noisy, noise};
pub use rate::{Rate, rounded};
pub use sample::{Drawn, Judged, SampleEstimate, draw, estimate, stratum};
pub use score::{Counts, DEFINITIONS, Scores, TypeCounts, TypeScore};
pub use segments::{Rows, SegmentCounts, Segments};
pub use spans::{Aligned, by_lines, by_spans};
pub use versus::{Difference, DifferenceCount, DifferenceKind, differences, differing};
