//! Whether confidence can be believed, and what a threshold buys.

use serde::Serialize;

use crate::bootstrap::quantile;
use crate::random::Random;
use crate::rate::{four_places, ratio};
use crate::{Bootstrap, Interval};

/// A prediction's confidence (0–1) and whether it was right.
pub type Judgement = (f64, bool);

/// How confidence and truth go together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Beads judged.
    pub count: usize,
    /// Share that is right.
    #[serde(serialize_with = "four_places")]
    pub right: f64,
    /// Mean confidence.
    #[serde(serialize_with = "four_places")]
    pub confidence: f64,
    /// Expected calibration error over bins of equal mass: mean distance between confidence and share right, weighted by beads
    /// (Naeini et al. 2015).
    #[serde(serialize_with = "four_places")]
    pub ece: f64,
    /// Mean squared distance between confidence and truth (Brier 1950).
    #[serde(serialize_with = "four_places")]
    pub brier: f64,
    /// 1 − Brier score / Brier score of saying the share right every time: above zero when confidence tells anything. None when all are right or
    /// all wrong.
    pub brier_skill: Option<f64>,
    /// Probability that a right bead has more confidence than a wrong one, ties counted half. None as above.
    pub auroc: Option<f64>,
    /// From least sure to surest.
    pub bins: Vec<Bin>,
    /// What is kept at each threshold, and how much of it is right.
    pub thresholds: Vec<Kept>,
}

/// One bin of a calibration table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Beads.
    pub count: usize,
    /// Least confidence.
    #[serde(serialize_with = "four_places")]
    pub from: f64,
    /// Most confidence.
    #[serde(serialize_with = "four_places")]
    pub to: f64,
    /// Mean confidence.
    #[serde(serialize_with = "four_places")]
    pub confidence: f64,
    /// Share that is right.
    #[serde(serialize_with = "four_places")]
    pub right: f64,
}

/// A point of the risk–coverage curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Kept {
    /// Beads of at least this confidence are kept.
    pub threshold: f64,
    /// How many that is.
    pub count: usize,
    /// Their share of all.
    #[serde(serialize_with = "four_places")]
    pub kept: f64,
    /// The share of them that is right; risk is 1 less this.
    #[serde(serialize_with = "four_places")]
    pub precision: f64,
}

/// Thresholds that are shown.
pub const THRESHOLDS: [f64; 9] = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

impl Calibration {
    /// The table of `judged`, in at most `bins` bins of equal mass; none of nothing.
    ///
    /// ```
    /// use qostil_eval::Calibration;
    /// let judged: Vec<_> = (0..100).map(|n| (0.9, n % 10 != 0)).collect();
    /// let table = Calibration::new(&judged, 10).unwrap();
    /// assert!((table.right - 0.9).abs() < 1e-9);
    /// assert_eq!(table.auroc, Some(0.5));
    /// ```
    pub fn new(judged: &[Judgement], bins: usize) -> Option<Self> {
        if judged.is_empty() {
            return None;
        }
        let mut sorted = judged.to_vec();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let count = sorted.len();
        let bins: Vec<Bin> = cut_bins(&sorted, bins.clamp(1, count));
        let error = |bin: &Bin| bin.count as f64 * (bin.confidence - bin.right).abs();
        let ece = bins.iter().map(error).sum::<f64>() / count as f64;
        let right = mean(sorted.iter().map(|j| truth(*j)));
        let brier = mean(sorted.iter().map(|j| (j.0 - truth(*j)).powi(2)));
        let chance = right * (1.0 - right);
        Some(Self {
            count,
            right,
            confidence: mean(sorted.iter().map(|j| j.0)),
            ece,
            brier,
            brier_skill: (chance > 0.0).then(|| crate::rounded(1.0 - brier / chance)),
            auroc: auroc(&sorted).map(crate::rounded),
            bins,
            thresholds: THRESHOLDS
                .iter()
                .map(|&threshold| kept(&sorted, threshold))
                .collect(),
        })
    }
}

fn truth(judged: Judgement) -> f64 {
    f64::from(u8::from(judged.1))
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    ratio(values.sum(), count)
}

fn cut_bins(sorted: &[Judgement], bins: usize) -> Vec<Bin> {
    let edge = |at: usize| at * sorted.len() / bins;
    (0..bins)
        .filter_map(|at| {
            let part = sorted.get(edge(at)..edge(at + 1))?;
            let (first, last) = (part.first()?, part.last()?);
            Some(Bin {
                count: part.len(),
                from: first.0,
                to: last.0,
                confidence: mean(part.iter().map(|j| j.0)),
                right: mean(part.iter().map(|j| truth(*j))),
            })
        })
        .collect()
}

/// Area under the ROC curve by ranks, ties sharing their mean rank (Mann and Whitney 1947).
fn auroc(sorted: &[Judgement]) -> Option<f64> {
    let right = sorted.iter().filter(|j| j.1).count();
    let wrong = sorted.len() - right;
    if right == 0 || wrong == 0 {
        return None;
    }
    let (mut ranks, mut before) = (0.0, 0);
    for alike in sorted.chunk_by(|a, b| a.0 == b.0) {
        let mean_rank = before as f64 + f64::midpoint(alike.len() as f64, 1.0);
        ranks += mean_rank * alike.iter().filter(|j| j.1).count() as f64;
        before += alike.len();
    }
    let (right, wrong) = (right as f64, wrong as f64);
    Some((ranks - right * (right + 1.0) / 2.0) / (right * wrong))
}

fn kept(sorted: &[Judgement], threshold: f64) -> Kept {
    let from = sorted.partition_point(|j| j.0 < threshold);
    let rest = sorted.get(from..).unwrap_or(&[]);
    Kept {
        threshold,
        count: rest.len(),
        kept: ratio(rest.len() as f64, sorted.len() as f64),
        precision: mean(rest.iter().map(|j| truth(*j))),
    }
}

/// Precision that confidence leads one to expect, without gold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// Beads.
    pub count: usize,
    /// Mean of their confidence.
    #[serde(serialize_with = "four_places")]
    pub precision: f64,
    /// Where the share that is right lies in 95 of 100 worlds in which each bead is right with its own probability; documents are drawn anew too
    /// when there are several.
    pub interval: Interval,
}

/// What posteriors say of a bitext: each document's confidences of its two-sided beads. None when there are no beads.
///
/// The number is as good as the calibration of the confidence, which gold of the same kind can check.
pub fn expected_precision(documents: &[Vec<f64>], bootstrap: &Bootstrap) -> Option<Expected> {
    let count: usize = documents.iter().map(Vec::len).sum();
    if count == 0 {
        return None;
    }
    let sums: Vec<(f64, f64, f64)> = documents
        .iter()
        .map(|beads| {
            (
                beads.iter().sum(),
                beads.iter().map(|p| p * (1.0 - p)).sum(),
                beads.len() as f64,
            )
        })
        .collect();
    let mut random = Random::new(bootstrap.seed);
    let mut drawn: Vec<f64> = (0..bootstrap.rounds.max(1))
        .filter_map(|_| {
            let (mut right, mut spread, mut all) = (0.0, 0.0, 0.0);
            for _ in 0..sums.len() {
                let (sum, variance, beads) = *sums.get(random.below(sums.len()))?;
                right += sum;
                spread += variance;
                all += beads;
            }
            // The sum of many independent outcomes is near normal.
            (all > 0.0).then(|| ((right + random.normal() * spread.sqrt()) / all).clamp(0.0, 1.0))
        })
        .collect();
    drawn.sort_by(f64::total_cmp);
    let precision = sums.iter().map(|s| s.0).sum::<f64>() / count as f64;
    let interval = Interval {
        low: quantile(&drawn, 0.025),
        high: quantile(&drawn, 0.975),
    };
    Some(Expected {
        count,
        precision,
        interval,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfect_and_useless_confidence() {
        let perfect = [(1.0, true), (0.0, false), (1.0, true)];
        let table = Calibration::new(&perfect, 2).unwrap();
        assert_eq!(
            (table.ece, table.brier, table.brier_skill, table.auroc),
            (0.0, 0.0, Some(1.0), Some(1.0))
        );
        let useless = [(0.5, true), (0.5, false)];
        let table = Calibration::new(&useless, 10).unwrap();
        assert_eq!((table.brier_skill, table.auroc), (Some(0.0), Some(0.5)));
        assert_eq!(Calibration::new(&[], 10), None);
    }

    #[test]
    fn thresholds_keep_less_and_better() {
        let judged: Vec<_> = (0..1000)
            .map(|n| (f64::from(n) / 1000.0, n % 1000 > 400))
            .collect();
        let table = Calibration::new(&judged, 10).unwrap();
        assert_eq!(table.thresholds[0].count, 1000);
        assert!(
            table
                .thresholds
                .windows(2)
                .all(|w| w[1].kept < w[0].kept && w[1].precision >= w[0].precision)
        );
    }

    #[test]
    fn expectation_is_the_mean_inside_its_interval() {
        let documents = vec![vec![0.9; 50], vec![0.8; 50]];
        let expected = expected_precision(&documents, &Bootstrap::default()).unwrap();
        assert!((expected.precision - 0.85).abs() < 1e-9);
        assert!(expected.interval.low < 0.85 && 0.85 < expected.interval.high);
    }
}
