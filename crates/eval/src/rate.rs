//! Precision, recall and their harmonic mean.

use serde::{Serialize, Serializer};

/// Precision, recall and F1, each 0–1; zero where there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// Share of the predicted that is right.
    #[serde(rename = "p", serialize_with = "four_places")]
    pub precision: f64,
    /// Share of the gold that is found.
    #[serde(rename = "r", serialize_with = "four_places")]
    pub recall: f64,
    /// Their harmonic mean.
    #[serde(serialize_with = "four_places")]
    pub f1: f64,
}

impl Rate {
    /// From counts: right of so many predicted, found of so many in the gold.
    pub fn of(right: usize, predicted: usize, found: usize, gold: usize) -> Self {
        Self::from_shares(right as f64, predicted as f64, found as f64, gold as f64)
    }

    /// The same with counts that need not be whole.
    pub fn from_shares(right: f64, predicted: f64, found: f64, gold: f64) -> Self {
        let (precision, recall) = (ratio(right, predicted), ratio(found, gold));
        Self {
            precision,
            recall,
            f1: ratio(2.0 * precision * recall, precision + recall),
        }
    }
}

/// `a / b`; zero when `b` is.
pub(crate) fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}

/// `value` to four decimals, ties by its exact binary value as in print: the last bits of a sum are no part of the output.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.4}").parse().unwrap_or(value)
}

/// Serialises a number to four decimals.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(crate) fn four_places<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(rounded(*value))
}
