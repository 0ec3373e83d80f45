//! What can be said of a bitext without gold: odd lengths, and runs of pairs that slipped against each other.

use std::collections::HashMap;

use serde::Serialize;

use crate::bootstrap::quantile;

/// What is known of one row of a bitext: `keys` name what can be found again in the other language, such as the values of figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowFacts {
    /// Characters of the source text.
    pub src_length: usize,
    /// Characters of the target text.
    pub tgt_length: usize,
    /// Keys of the source text.
    pub src_keys: Vec<u64>,
    /// Keys of the target text.
    pub tgt_keys: Vec<u64>,
}

/// Rows whose lengths do not go together: further from the usual ratio of this bitext than `limit` robust standard deviations
/// (median and median deviation of `ln(target / source)`, Iglewicz and Hoaglin 1993). Places in `rows`, in order.
pub fn length_outliers(rows: &[RowFacts], limit: f64) -> Vec<usize> {
    let Some(lengths) = Lengths::of(rows) else {
        return Vec::new();
    };
    let is_odd = |row: &RowFacts| match log_ratio(row) {
        Some(ratio) => (ratio - lengths.median).abs() > limit * lengths.spread,
        None => row.src_length != row.tgt_length,
    };
    rows.iter()
        .enumerate()
        .filter(|(_, row)| is_odd(row))
        .map(|(at, _)| at)
        .collect()
}

/// Usual ratio of lengths in a bitext.
struct Lengths {
    median: f64,
    spread: f64,
}

/// Least standard deviation that is believed: no bitext is more regular.
const LEAST_SPREAD: f64 = 0.1;

impl Lengths {
    fn of(rows: &[RowFacts]) -> Option<Self> {
        let mut ratios: Vec<f64> = rows.iter().filter_map(log_ratio).collect();
        if ratios.is_empty() {
            return None;
        }
        ratios.sort_by(f64::total_cmp);
        let median = quantile(&ratios, 0.5);
        let mut away: Vec<f64> = ratios.iter().map(|r| (r - median).abs()).collect();
        away.sort_by(f64::total_cmp);
        // 1.4826 times the median deviation is the standard deviation of a normal distribution.
        Some(Self {
            median,
            spread: (1.4826 * quantile(&away, 0.5)).max(LEAST_SPREAD),
        })
    }

    /// Log-likelihood of two lengths beside that of chance, in nats.
    fn nats(&self, src: usize, tgt: usize) -> f64 {
        if src == 0 || tgt == 0 {
            return 0.0;
        }
        let spread = self.spread.max(LEAST_LENGTH_SPREAD);
        let z = ((tgt as f64 / src as f64).ln() - self.median) / spread;
        (LENGTH_GAIN - 0.5 * z * z).max(-LENGTH_GAIN)
    }
}

/// Lengths of neighbours are alike too, so they are trusted less than their spread would allow.
const LEAST_LENGTH_SPREAD: f64 = 0.3;
/// The most that lengths say for or against a pair, in nats.
const LENGTH_GAIN: f64 = 0.7;

fn log_ratio(row: &RowFacts) -> Option<f64> {
    (row.src_length > 0 && row.tgt_length > 0).then(|| (row.tgt_length as f64 / row.src_length as f64).ln())
}

/// A run of rows whose source texts belong to target texts of other rows: the classic defect of published bitexts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// First row.
    pub start: usize,
    /// One past the last row.
    pub end: usize,
    /// How many rows further down the target texts of the run's source texts stand.
    pub shift: i32,
    /// Log-likelihood of the shifted pairing beside that of the rows as they are, in nats.
    pub nats: f64,
}

/// The furthest slip that is looked for, in rows.
const FURTHEST: i32 = 4;
const STATES: usize = 2 * FURTHEST as usize + 1;
/// What it costs to begin or end a slip, in nats: one coincidence must not make a run.
const SWITCH: f64 = 9.0;
/// Slips shorter than this are no runs.
const SHORTEST: usize = 3;

/// Runs of shifted pairs: the likeliest path of slips through the rows (Viterbi), where common keys speak by their rarity and lengths speak
/// a little. Linear in the number of rows.
pub fn drifts(rows: &[RowFacts]) -> Vec<Drift> {
    let Some(lengths) = Lengths::of(rows) else {
        return Vec::new();
    };
    let rarity = rarity(rows);
    let fit = |at: usize, state: usize| -> f64 {
        let other = at as i64 + state as i64 - i64::from(FURTHEST);
        let Some((row, other)) = rows
            .get(at)
            .zip(usize::try_from(other).ok().and_then(|o| rows.get(o)))
        else {
            return 0.0;
        };
        let common = row.src_keys.iter().filter(|key| other.tgt_keys.contains(key));
        let keys: f64 = common.filter_map(|key| rarity.get(key)).sum();
        keys + lengths.nats(row.src_length, other.tgt_length)
    };
    let mut fits: Vec<[f64; STATES]> = Vec::with_capacity(rows.len());
    let mut back: Vec<[u8; STATES]> = Vec::with_capacity(rows.len());
    let mut best = [-SWITCH; STATES];
    best[FURTHEST as usize] = 0.0;
    for at in 0..rows.len() {
        let here: [f64; STATES] = std::array::from_fn(|state| fit(at, state));
        let (top, top_value) = highest(&best);
        let mut from = [0; STATES];
        let next = std::array::from_fn(|state| {
            let (came, value) = if best[state] >= top_value - SWITCH {
                (state, best[state])
            } else {
                (top, top_value - SWITCH)
            };
            from[state] = came as u8;
            value + here[state]
        });
        best = next;
        fits.push(here);
        back.push(from);
    }
    let mut path = vec![0_usize; rows.len()];
    let mut state = highest(&best).0;
    for (at, from) in back.iter().enumerate().rev() {
        path[at] = state;
        state = usize::from(from[state]);
    }
    runs(&path, &fits)
}

fn highest(values: &[f64; STATES]) -> (usize, f64) {
    // The straight pairing wins ties.
    let straight = FURTHEST as usize;
    values
        .iter()
        .enumerate()
        .fold((straight, values[straight]), |top, (state, &value)| {
            if value > top.1 { (state, value) } else { top }
        })
}

fn runs(path: &[usize], fits: &[[f64; STATES]]) -> Vec<Drift> {
    let mut out = Vec::new();
    let mut start = 0;
    for run in path.chunk_by(|a, b| a == b) {
        let (state, end) = (run[0], start + run.len());
        if state != FURTHEST as usize && run.len() >= SHORTEST {
            let gain = fits[start..end]
                .iter()
                .map(|fit| fit[state] - fit[FURTHEST as usize])
                .sum::<f64>();
            out.push(Drift {
                start,
                end,
                shift: state as i32 - FURTHEST,
                nats: crate::rounded(gain),
            });
        }
        start = end;
    }
    out
}

/// What it proves that a key stands on both sides, in nats: how unlikely it is by chance.
fn rarity(rows: &[RowFacts]) -> HashMap<u64, f64> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for key in rows.iter().flat_map(|row| &row.tgt_keys) {
        *counts.entry(*key).or_default() += 1;
    }
    let all = rows.len().max(1) as f64;
    counts
        .into_iter()
        .map(|(key, count)| (key, (all / count as f64).ln().max(0.0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of varying lengths in which every third has a key of its own.
    fn rows(count: usize) -> Vec<RowFacts> {
        (0..count)
            .map(|at| {
                let keys = if at % 3 == 0 { vec![at as u64] } else { Vec::new() };
                let length = 40 + at * 37 % 90;
                RowFacts {
                    src_length: length,
                    tgt_length: length + 5,
                    src_keys: keys.clone(),
                    tgt_keys: keys,
                }
            })
            .collect()
    }

    /// The target sides of `range` moved one row down.
    fn slipped(mut rows: Vec<RowFacts>, range: std::ops::Range<usize>) -> Vec<RowFacts> {
        for at in range.rev() {
            let above = rows[at].clone();
            let below = &mut rows[at + 1];
            (below.tgt_length, below.tgt_keys) = (above.tgt_length, above.tgt_keys);
        }
        rows
    }

    #[test]
    fn a_straight_bitext_has_no_drift() {
        assert_eq!(drifts(&rows(300)), []);
        assert_eq!(drifts(&[]), []);
    }

    #[test]
    fn a_slip_is_found_where_it_is() {
        let found = drifts(&slipped(rows(300), 100..160));
        assert_eq!(found.len(), 1, "{found:?}");
        let drift = found[0];
        assert_eq!(drift.shift, 1);
        assert!(
            drift.start.abs_diff(100) <= 3 && drift.end.abs_diff(160) <= 3,
            "{drift:?}"
        );
    }

    #[test]
    fn odd_lengths_stand_out() {
        let mut rows = rows(100);
        rows[17].tgt_length *= 5;
        rows[40].tgt_length = 0;
        assert_eq!(length_outliers(&rows, 5.0), [17, 40]);
    }
}
