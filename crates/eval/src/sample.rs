//! Human judgement of a sample, and what it says of the whole.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Interval;
use crate::random::Random;
use crate::rate::{four_places, ratio};

/// A row drawn for judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Its place among all rows.
    pub row: usize,
    /// The stratum that it stands for.
    pub stratum: String,
    /// How many rows the stratum has.
    pub size: usize,
}

/// Upper bounds of confidence that part strata, with their names.
const STEPS: [(f64, &str); 5] = [
    (0.5, "below 0.50"),
    (0.8, "0.50-0.80"),
    (0.95, "0.80-0.95"),
    (0.99, "0.95-0.99"),
    (f64::INFINITY, "0.99-1.00"),
];

/// The stratum of a row: its confidence, and whether it is one sentence against one.
pub fn stratum(confidence: Option<f64>, is_one_to_one: bool) -> String {
    let step = confidence.map(|c| {
        STEPS
            .iter()
            .find(|(end, _)| c < *end)
            .map_or("0.99-1.00", |(_, name)| name)
    });
    format!(
        "{} {}",
        step.unwrap_or("unknown"),
        if is_one_to_one { "1-1" } else { "other" }
    )
}

/// Draws about `count` rows, given the stratum of each: every stratum in proportion to the square root of its size, so that small ones (the doubtful)
/// are seen too; each by chance, without doubles. In order of rows.
pub fn draw(strata: &[String], count: usize, seed: u64) -> Vec<Drawn> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, stratum) in strata.iter().enumerate() {
        members.entry(stratum).or_default().push(row);
    }
    let roots: f64 = members.values().map(|rows| (rows.len() as f64).sqrt()).sum();
    let mut random = Random::new(seed);
    let mut out = Vec::new();
    for (stratum, mut rows) in members {
        let size = rows.len();
        let share = count as f64 * (size as f64).sqrt() / roots.max(1.0);
        // Two at least: one row says nothing of how rows differ.
        let wanted = (share.round() as usize).max(2).min(size);
        for at in 0..wanted {
            let other = at + random.below(size - at);
            rows.swap(at, other);
        }
        rows.truncate(wanted);
        out.extend(rows.into_iter().map(|row| Drawn {
            row,
            stratum: stratum.to_owned(),
            size,
        }));
    }
    out.sort_by_key(|drawn| drawn.row);
    out
}

/// What judges said of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Rows of the stratum in the whole bitext.
    pub size: usize,
    /// Rows judged.
    pub judged: usize,
    /// Rows judged right.
    pub right: usize,
}

/// The precision of the whole, from judged samples.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleEstimate {
    /// Share of all rows that is right.
    #[serde(serialize_with = "four_places")]
    pub precision: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// Rows judged.
    pub judged: usize,
    /// Rows in all.
    pub rows: usize,
    /// By stratum.
    pub strata: BTreeMap<String, Judged>,
}

/// The stratified estimate (Cochran 1977): each stratum's share right weighted by its size, with the correction for finite numbers;
/// variance from shares with one right and one wrong added, so that a clean small sample is not taken for certainty. None when no stratum was judged; strata
/// without a judgement are left out of the whole.
pub fn estimate(strata: &BTreeMap<String, Judged>) -> Option<SampleEstimate> {
    let known = || strata.values().filter(|s| s.judged > 0 && s.size > 0);
    let rows: usize = known().map(|s| s.size).sum();
    if rows == 0 {
        return None;
    }
    let (mut precision, mut variance) = (0.0, 0.0);
    for stratum in known() {
        let (size, judged, right) = (stratum.size as f64, stratum.judged as f64, stratum.right as f64);
        let weight = size / rows as f64;
        let careful = (right + 1.0) / (judged + 2.0);
        precision += weight * ratio(right, judged);
        let unseen = (1.0 - judged / size).max(0.0);
        variance += weight * weight * unseen * careful * (1.0 - careful) / judged;
    }
    let half = 1.96 * variance.sqrt();
    Some(SampleEstimate {
        precision,
        interval: Interval {
            low: (precision - half).max(0.0),
            high: (precision + half).min(1.0),
        },
        judged: known().map(|s| s.judged).sum(),
        rows,
        strata: strata.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_doubtful_are_drawn_too_and_nothing_twice() {
        let strata: Vec<String> = (0..1000)
            .map(|n| stratum(Some(if n < 20 { 0.3 } else { 0.999 }), true))
            .collect();
        let drawn = draw(&strata, 50, 1);
        assert!(drawn.iter().filter(|d| d.row < 20).count() >= 5);
        assert!(drawn.windows(2).all(|w| w[0].row < w[1].row));
        assert_eq!(drawn, draw(&strata, 50, 1));
        assert!(draw(&[], 50, 1).is_empty());
    }

    #[test]
    fn strata_weigh_by_size() {
        let strata = BTreeMap::from([
            (
                "sure".to_owned(),
                Judged {
                    size: 900,
                    judged: 30,
                    right: 30,
                },
            ),
            (
                "doubt".to_owned(),
                Judged {
                    size: 100,
                    judged: 20,
                    right: 10,
                },
            ),
        ]);
        let found = estimate(&strata).unwrap();
        assert!((found.precision - 0.95).abs() < 1e-9);
        assert!(found.interval.low < 0.95 && found.interval.high > 0.95);
        assert_eq!(estimate(&BTreeMap::new()), None);
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        let mut held = 0;
        for seed in 0..200 {
            let mut random = Random::new(seed + 1000);
            let truth: Vec<(f64, bool)> = (0..600)
                .map(|_| {
                    let p = 0.6 + 0.4 * random.share();
                    (p, random.chance(p))
                })
                .collect();
            let strata: Vec<String> = truth.iter().map(|(p, _)| stratum(Some(*p), true)).collect();
            let mut judged: BTreeMap<String, Judged> = BTreeMap::new();
            for drawn in draw(&strata, 100, seed) {
                let stratum = judged.entry(drawn.stratum).or_insert(Judged {
                    size: drawn.size,
                    ..Judged::default()
                });
                stratum.judged += 1;
                stratum.right += usize::from(truth[drawn.row].1);
            }
            let right = truth.iter().filter(|(_, right)| *right).count() as f64 / 600.0;
            let interval = estimate(&judged).unwrap().interval;
            held += usize::from(interval.low <= right && right <= interval.high);
        }
        assert!((180..=200).contains(&held), "{held} of 200");
    }
}
