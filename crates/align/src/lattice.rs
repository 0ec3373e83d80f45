//! The lattice of all monotone alignments inside a band, and what is summed and searched over it.
//!
//! A grid point `(i, j)` says that `i` source and `j` target sentences are done. A path from `(0, 0)` to `(n, m)` is an alignment; its
//! steps are beads. One-sided runs are kept in a fixed order, source before target, so that every alignment is one path and
//! the sum over paths is a sum over alignments. Time and memory are linear in the band's area.

use std::ops::Range;

use ndarray::{Array2, Axis};

use crate::parameters::{Feature, Weights};

/// The shapes of beads with two sides: sentences of the source, of the target.
pub(crate) const SHAPES: [(usize, usize); 10] = [
    (1, 1),
    (1, 2),
    (2, 1),
    (1, 3),
    (3, 1),
    (2, 2),
    (1, 4),
    (4, 1),
    (2, 3),
    (3, 2),
];

/// How many of them, the first, are looked at while it is not yet known where the alignment runs: what they leave out stands beside them.
pub(crate) const USUAL_SHAPES: usize = 3;
/// The most sentences that a bead takes on a side.
const LONGEST: usize = 4;

/// The last step of a path at a grid point: a bead with two sides (or the start), a source or a target sentence alone.
const PAIR: usize = 0;
const SRC: usize = 1;
const TGT: usize = 2;

/// A path whose log-probability is this far below another's is not followed when summing.
const NEGLIGIBLE: f64 = 25.0;

/// A grid point through which the alignment runs with less than this probability is not looked at again.
const UNLIKELY: f64 = 1e-5;

/// The grid points that are looked at: in row `i` those with `low[i] <= j <= high[i]`.
#[derive(Clone, Debug)]
pub(crate) struct Band {
    low: Vec<u32>,
    high: Vec<u32>,
    row_at: Vec<usize>,
    width: usize,
}

impl Band {
    /// A band of these bounds, one pair per row from 0 to `n`; rows are widened so that each can be reached from the one before.
    pub(crate) fn new(mut bounds: Vec<(u32, u32)>, width: usize) -> Self {
        let last = width as u32;
        if let Some(first) = bounds.first_mut() {
            first.0 = 0;
        }
        if let Some(end) = bounds.last_mut() {
            end.1 = last;
        }
        for at in 1..bounds.len() {
            let before = bounds[at - 1];
            let row = &mut bounds[at];
            row.0 = row.0.min(before.1).max(before.0);
            row.1 = row.1.max(before.1).min(last).max(row.0);
        }
        for at in (0..bounds.len().saturating_sub(1)).rev() {
            let after = bounds[at + 1];
            bounds[at].1 = bounds[at].1.max(after.0);
        }
        let mut row_at = Vec::with_capacity(bounds.len() + 1);
        let mut at = 0;
        for &(low, high) in &bounds {
            row_at.push(at);
            at += (high - low + 1) as usize;
        }
        row_at.push(at);
        let (low, high) = bounds.into_iter().unzip();
        Self {
            low,
            high,
            row_at,
            width,
        }
    }

    pub(crate) fn full(rows: usize, width: usize) -> Self {
        Self::new(vec![(0, width as u32); rows + 1], width)
    }

    /// How many grid points it holds.
    pub(crate) fn area(&self) -> usize {
        self.row_at.last().copied().unwrap_or(0)
    }

    pub(crate) fn rows(&self) -> usize {
        self.low.len() - 1
    }

    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn row(&self, i: usize) -> std::ops::RangeInclusive<usize> {
        self.low[i] as usize..=self.high[i] as usize
    }

    /// The place of a grid point in arrays over the band; `None` outside.
    pub(crate) fn at(&self, i: usize, j: usize) -> Option<usize> {
        (j >= self.low[i] as usize && j <= self.high[i] as usize)
            .then(|| self.row_at[i] + j - self.low[i] as usize)
    }
}

/// Scores (log-potentials, nats) of all steps.
#[derive(Clone, Debug)]
pub(crate) struct Scores {
    /// Of the bead with two sides of each of the first shapes (columns) that ends at each grid point (rows); −∞ where there is none.
    pub(crate) pairs: Array2<f32>,
    /// Of a sentence alone that begins a one-sided run.
    pub(crate) open: f64,
    /// Of one that goes on with it.
    pub(crate) extend: f64,
    /// Of a target sentence alone right after a source run.
    pub(crate) cross: f64,
}

/// Share of sentences that stand alone in documents nothing is known of.
const USUAL_ALONE: f64 = 0.2;
/// How many sentences of such documents weigh as much as the documents at hand.
const USUAL_WEIGHT: f64 = 10.0;

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The bead of `SHAPES[.0]`.
    Pair(usize),
    Src,
    Tgt,
}

impl Step {
    pub(crate) const fn size(self) -> (usize, usize) {
        match self {
            Self::Pair(shape) => SHAPES[shape],
            Self::Src => (1, 0),
            Self::Tgt => (0, 1),
        }
    }
}

/// A bead with two sides that may be right.
#[derive(Clone, Debug)]
pub(crate) struct Likely {
    pub(crate) src: Range<usize>,
    pub(crate) tgt: Range<usize>,
    /// Its probability (0–1).
    pub(crate) posterior: f64,
}

/// Sums over all paths.
pub(crate) struct Sums {
    forward: Array2<f64>,
    /// Forward sums over the three states.
    any: Vec<f64>,
    backward: Array2<f64>,
    /// Log of the sum over all alignments.
    pub(crate) total: f64,
}

fn probability(log: f64) -> f64 {
    if log < -NEGLIGIBLE {
        0.0
    } else {
        log.exp().min(1.0)
    }
}

fn log_sum(terms: &[f64]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    let sum: f64 = terms
        .iter()
        .filter(|&&term| most - term < NEGLIGIBLE)
        .map(|&term| (term - most).exp())
        .sum();
    most + sum.ln()
}

impl Scores {
    /// The scores of one-sided steps under `weights`, in documents of this habit.
    pub(crate) fn set_alone(&mut self, weights: &Weights, habit: f64) {
        let w = |feature: Feature| f64::from(weights[feature as usize]);
        let usual = w(Feature::NullHabit) * habit;
        self.open = w(Feature::NullOpen) + usual;
        self.extend = w(Feature::NullExtend) + usual;
        self.cross = w(Feature::NullCross) + w(Feature::NullExtend) + usual;
    }

    /// The shapes that are scored.
    fn shapes(&self) -> impl Iterator<Item = (usize, &'static (usize, usize))> + use<> {
        SHAPES.iter().enumerate().take(self.pairs.ncols())
    }

    /// Forward and backward sums.
    pub(crate) fn sum(&self, band: &Band) -> Sums {
        let (n, m) = (band.rows(), band.width());
        let mut forward = Array2::from_elem((band.area(), 3), f64::NEG_INFINITY);
        let mut any = vec![f64::NEG_INFINITY; band.area()];
        let mut terms = Vec::with_capacity(SHAPES.len());
        for i in 0..=n {
            for j in band.row(i) {
                let Some(here) = band.at(i, j) else { continue };
                if i + j == 0 {
                    forward[[here, PAIR]] = 0.0;
                } else {
                    terms.clear();
                    let scores = self.pairs.index_axis(Axis(0), here);
                    for (&(a, b), &score) in SHAPES.iter().zip(scores) {
                        if score > f32::NEG_INFINITY
                            && let Some(from) = band.at(i - a, j - b)
                        {
                            terms.push(any[from] + f64::from(score));
                        }
                    }
                    forward[[here, PAIR]] = log_sum(&terms);
                    if i > 0
                        && let Some(from) = band.at(i - 1, j)
                    {
                        let from = forward.row(from);
                        forward[[here, SRC]] = log_sum(&[from[PAIR] + self.open, from[SRC] + self.extend]);
                    }
                    if j > 0
                        && let Some(from) = band.at(i, j - 1)
                    {
                        let from = forward.row(from);
                        forward[[here, TGT]] = log_sum(&[
                            from[PAIR] + self.open,
                            from[SRC] + self.cross,
                            from[TGT] + self.extend,
                        ]);
                    }
                }
                let states = forward.row(here);
                any[here] = log_sum(&[states[PAIR], states[SRC], states[TGT]]);
            }
        }
        let total = band.at(n, m).map_or(f64::NEG_INFINITY, |end| any[end]);

        let mut backward = Array2::from_elem((band.area(), 3), f64::NEG_INFINITY);
        let mut terms = Vec::with_capacity(SHAPES.len());
        for i in (0..=n).rev() {
            for j in band.row(i).rev() {
                let Some(here) = band.at(i, j) else { continue };
                if (i, j) == (n, m) {
                    backward.row_mut(here).fill(0.0);
                    continue;
                }
                terms.clear();
                for (shape, &(a, b)) in self.shapes() {
                    if i + a <= n
                        && let Some(to) = band.at(i + a, j + b)
                    {
                        let score = self.pairs[[to, shape]];
                        if score > f32::NEG_INFINITY {
                            terms.push(backward[[to, PAIR]] + f64::from(score));
                        }
                    }
                }
                let pairs = log_sum(&terms);
                let src = if i < n {
                    band.at(i + 1, j)
                        .map_or(f64::NEG_INFINITY, |to| backward[[to, SRC]])
                } else {
                    f64::NEG_INFINITY
                };
                let tgt = band
                    .at(i, j + 1)
                    .map_or(f64::NEG_INFINITY, |to| backward[[to, TGT]]);
                backward[[here, PAIR]] = log_sum(&[pairs, src + self.open, tgt + self.open]);
                backward[[here, SRC]] = log_sum(&[pairs, src + self.extend, tgt + self.cross]);
                backward[[here, TGT]] = log_sum(&[pairs, tgt + self.extend]);
            }
        }
        Sums {
            forward,
            any,
            backward,
            total,
        }
    }
}

/// How much commoner sentences that stand alone are than usual when `alone` of `all` do, as a difference of log-odds.
pub(crate) fn habit_of(alone: f64, all: f64) -> f64 {
    let share = ((alone + USUAL_WEIGHT * USUAL_ALONE) / (all + USUAL_WEIGHT)).clamp(0.005, 0.995);
    (share / (1.0 - share)).ln() - (USUAL_ALONE / (1.0 - USUAL_ALONE)).ln()
}

/// Posterior probabilities of the steps that end at one grid point.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Posteriors {
    pub(crate) pairs: [f64; SHAPES.len()],
    /// A source sentence alone: beginning a run, going on.
    pub(crate) src: [f64; 2],
    /// A target sentence alone: beginning a run, after a source run, going on.
    pub(crate) tgt: [f64; 3],
}

impl Sums {
    /// How much commoner sentences that stand alone are here than usual, as a difference of log-odds.
    pub(crate) fn habit(&self, band: &Band, scores: &Scores) -> f64 {
        let mut alone = 0.0;
        self.posteriors(band, scores, |_, _, _, p| {
            alone += p.src.iter().sum::<f64>() + p.tgt.iter().sum::<f64>();
        });
        habit_of(alone, (band.rows() + band.width()) as f64)
    }

    /// The beads with two sides that are worth a look, in order of where they end.
    pub(crate) fn likely_beads(&self, band: &Band, scores: &Scores) -> Vec<Likely> {
        let mut out = Vec::new();
        self.posteriors(band, scores, |i, j, _, posteriors| {
            for (&posterior, (a, b)) in posteriors.pairs.iter().zip(SHAPES).filter(|(p, _)| **p > 0.1) {
                out.push(Likely {
                    src: i - a..i,
                    tgt: j - b..j,
                    posterior,
                });
            }
        });
        out
    }

    /// The part of the band through which the alignment is likely to run, and what lies within a bead's reach of it.
    pub(crate) fn likely(&self, band: &Band) -> Band {
        let (n, m) = (band.rows(), band.width());
        let mut bounds = vec![(u32::MAX, 0); n + 1];
        for i in 0..=n {
            for j in band.row(i) {
                let Some(here) = band.at(i, j) else { continue };
                let states = self.forward.row(here).into_iter().zip(self.backward.row(here));
                let through: f64 = states.map(|(f, b)| probability(f + b - self.total)).sum();
                if through < UNLIKELY {
                    continue;
                }
                let (low, high) = (j.saturating_sub(LONGEST) as u32, (j + LONGEST).min(m) as u32);
                for bound in &mut bounds[i.saturating_sub(LONGEST)..=(i + LONGEST).min(n)] {
                    *bound = (bound.0.min(low), bound.1.max(high));
                }
            }
        }
        Band::new(bounds, m)
    }

    /// Posterior probability of the bead with two sides of this shape from one grid point to another.
    fn pair(&self, scores: &Scores, from: usize, here: usize, shape: usize) -> f64 {
        probability(
            self.any[from] + f64::from(scores.pairs[[here, shape]]) + self.backward[[here, PAIR]]
                - self.total,
        )
    }

    /// Calls `each` with every grid point of the band and the posteriors of the steps that end there.
    pub(crate) fn posteriors(
        &self,
        band: &Band,
        scores: &Scores,
        mut each: impl FnMut(usize, usize, usize, &Posteriors),
    ) {
        for i in 0..=band.rows() {
            for j in band.row(i) {
                let Some(here) = band.at(i, j) else { continue };
                let mut out = Posteriors::default();
                let probability = |log: f64| {
                    if log < -NEGLIGIBLE {
                        0.0
                    } else {
                        log.exp().min(1.0)
                    }
                };
                let ahead = self.backward.row(here);
                for (shape, &(a, b)) in scores.shapes() {
                    let score = scores.pairs[[here, shape]];
                    if score > f32::NEG_INFINITY
                        && let Some(from) = band.at(i - a, j - b)
                    {
                        out.pairs[shape] = self.pair(scores, from, here, shape);
                    }
                }
                if i > 0
                    && let Some(from) = band.at(i - 1, j)
                {
                    let (from, rest) = (self.forward.row(from), ahead[SRC] - self.total);
                    out.src = [
                        probability(from[PAIR] + scores.open + rest),
                        probability(from[SRC] + scores.extend + rest),
                    ];
                }
                if j > 0
                    && let Some(from) = band.at(i, j - 1)
                {
                    let (from, rest) = (self.forward.row(from), ahead[TGT] - self.total);
                    out.tgt = [
                        probability(from[PAIR] + scores.open + rest),
                        probability(from[SRC] + scores.cross + rest),
                        probability(from[TGT] + scores.extend + rest),
                    ];
                }
                each(i, j, here, &out);
            }
        }
    }
}

/// The path whose beads are right most often: it maximises the expected number of right beads, a one-sided one counting `null_gain`.
/// Returns the steps in order with their posteriors.
pub(crate) fn decode(band: &Band, scores: &Scores, sums: &Sums, null_gain: f64) -> Vec<(Step, f64)> {
    // a sentence stands alone with the probability summed over all grid points at which it may: whatever stands around it
    let mut src_alone = vec![0.0; band.rows()];
    let mut tgt_alone = vec![0.0; band.width()];
    sums.posteriors(band, scores, |i, j, _, posteriors| {
        if i > 0 {
            src_alone[i - 1] += posteriors.src.iter().sum::<f64>();
        }
        if j > 0 {
            tgt_alone[j - 1] += posteriors.tgt.iter().sum::<f64>();
        }
    });
    let (n, m) = (band.rows(), band.width());
    let mut best = vec![f64::NEG_INFINITY; band.area()];
    let mut came = vec![Step::Src; band.area()];
    for i in 0..=n {
        for j in band.row(i) {
            let Some(here) = band.at(i, j) else { continue };
            let mut top = if i + j == 0 {
                (0.0, Step::Src)
            } else {
                (f64::NEG_INFINITY, Step::Src)
            };
            let mut take = |value: f64, step: Step| {
                if value > top.0 {
                    top = (value, step);
                }
            };
            for (shape, &(a, b)) in scores.shapes() {
                if scores.pairs[[here, shape]] > f32::NEG_INFINITY
                    && let Some(from) = band.at(i - a, j - b)
                {
                    take(
                        best[from] + sums.pair(scores, from, here, shape),
                        Step::Pair(shape),
                    );
                }
            }
            if i > 0
                && let Some(from) = band.at(i - 1, j)
            {
                take(best[from] + null_gain * src_alone[i - 1], Step::Src);
            }
            if j > 0
                && let Some(from) = band.at(i, j - 1)
            {
                take(best[from] + null_gain * tgt_alone[j - 1], Step::Tgt);
            }
            (best[here], came[here]) = top;
        }
    }
    let mut path = Vec::with_capacity(n + m);
    let (mut i, mut j) = (n, m);
    while i + j > 0 {
        let Some(here) = band.at(i, j) else { break };
        let step = came[here];
        let posterior = match step {
            Step::Pair(shape) => {
                let (a, b) = SHAPES[shape];
                band.at(i - a, j - b)
                    .map_or(0.0, |from| sums.pair(scores, from, here, shape))
            }
            Step::Src => src_alone[i - 1].min(1.0),
            Step::Tgt => tgt_alone[j - 1].min(1.0),
        };
        path.push((step, posterior));
        let (a, b) = step.size();
        (i, j) = (i - a, j - b);
    }
    path.reverse();
    path
}
