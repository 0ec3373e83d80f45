//! The lattice of all monotone alignments inside a band, and what is summed and searched over it.
//!
//! A grid point `(i, j)` says that `i` source and `j` target sentences are done. A path from `(0, 0)` to `(n, m)` is an alignment; its
//! steps are beads. One-sided runs are kept in a fixed order, source before target, so that every alignment is one path and
//! the sum over paths is a sum over alignments. Time and memory are linear in the band's area.
//!
//! Sums are of weights, not of their logarithms: every grid point has a scale of its own, a power of two, so nothing is lost and nothing costs a logarithm. A scale
//! for each row (Rabiner 1989, section V.A) is not enough: a path that is best in the end may be thousands of nats behind others at some row.

use std::f64::consts::LN_2;
use std::ops::Range;

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
pub(crate) const LONGEST: usize = 4;

/// The last step of a path at a grid point: a bead with two sides (or the start), a source or a target sentence alone.
const PAIR: usize = 0;
const SRC: usize = 1;
const TGT: usize = 2;

/// A grid point through which the alignment runs with less than this probability is not looked at again.
const UNLIKELY: f64 = 1e-5;
/// The most grid points that are looked at again for each sentence of both documents, and as if there were so many sentences: texts of which the sentences
/// tell something have half as many.
const MOST_AGAIN: usize = 20;
const FEW: usize = 300;
/// Where there are more, the alignment may leave a row to either side with this probability, or the next.
const LEFT_OUT: [f64; 4] = [0.01, 0.1, 0.3, 0.4];
/// A bead that is more likely than this teaches what the documents are like.
const LIKELY: f64 = 0.1;
/// One through which it runs with less is not looked at at all.
const NEGLIGIBLE: f64 = 1e-12;

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

    /// The places of a row's grid points in arrays over the band.
    pub(crate) fn places(&self, i: usize) -> Range<usize> {
        self.row_at[i]..self.row_at[i + 1]
    }

    /// Of an array over the band, row `i` and those a bead's reach above it, the nearest first; those that there are not are empty.
    fn above<'v, T>(&self, i: usize, values: &'v [T]) -> [Row<'v, T>; LONGEST + 1] {
        std::array::from_fn(|a| {
            let row = i
                .checked_sub(a)
                .map(|row| (self.low[row], values.get(self.places(row))));
            let (low, values) = row.unwrap_or_default();
            Row {
                low: low as usize,
                values: values.unwrap_or(&[]),
            }
        })
    }

    /// The place of a grid point in arrays over the band; `None` outside.
    pub(crate) fn at(&self, i: usize, j: usize) -> Option<usize> {
        (j >= self.low[i] as usize && j <= self.high[i] as usize)
            .then(|| self.row_at[i] + j - self.low[i] as usize)
    }
}

/// A row of an array over a band.
#[derive(Clone, Copy)]
struct Row<'v, T> {
    /// The column of the first value.
    low: usize,
    values: &'v [T],
}

impl<T> Row<'_, T> {
    /// The value `b` columns before column `j`.
    fn before(&self, j: usize, b: usize) -> Option<&T> {
        self.values.get(j.wrapping_sub(b + self.low)) // far beyond the row where that is less than nothing
    }

    /// The value `b` columns after column `j`.
    fn after(&self, j: usize, b: usize) -> Option<&T> {
        self.values.get((j + b).wrapping_sub(self.low))
    }
}

/// What each step multiplies a path's weight by.
#[derive(Clone, Debug)]
pub(crate) struct Potentials {
    /// The beads with two sides, in order of the grid points at which they end.
    pairs: Vec<Pair>,
    /// The first bead of each grid point up to the last that has any.
    first: Vec<u32>,
    /// Of a source sentence alone, of a target sentence alone.
    pub(crate) src: Alone,
    pub(crate) tgt: Alone,
    /// Of a target sentence alone right after a source run.
    pub(crate) cross: f64,
    /// What the beads of several sentences on a side have been multiplied by.
    joined: f64,
}

/// A bead with two sides. There are more of them than of anything else, so it takes five bytes.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// Those of a number, which would have to stand at every fourth byte.
    potential: [u8; 4],
    /// Its place in [`SHAPES`].
    shape: u8,
}

impl Pair {
    fn new(potential: f32, shape: u8) -> Self {
        Self {
            potential: potential.to_ne_bytes(),
            shape,
        }
    }

    /// Infinite for one that is certain.
    fn stored(self) -> f32 {
        f32::from_ne_bytes(self.potential)
    }

    fn potential(self) -> f64 {
        let potential = self.stored();
        if potential == f32::INFINITY {
            CERTAIN
        } else {
            f64::from(potential)
        }
    }
}

/// What a certain bead multiplies by: more than all that it can stand in the way of within a band.
const CERTAIN: f64 = 1e180;

/// How commoner than usual something is in the documents at hand, as differences of log-odds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Habits {
    /// Sentences that stand alone, in the source and in the target: of a document of which a third is translated two thirds stand alone, and of its
    /// translation none.
    pub(crate) alone: [f64; 2],
    /// Beads with several sentences on a side, among those with two sides.
    pub(crate) joined: f64,
}

/// What sentences of one side that stand alone multiply a path's weight by.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alone {
    /// One that begins a one-sided run.
    pub(crate) open: f64,
    /// One that goes on with it.
    pub(crate) extend: f64,
}

/// Scores beyond this, in nats, are no surer.
const SURE: f32 = 80.0;

/// The potential of a score (nats); of an infinite one that of a certain bead.
pub(crate) fn potential(score: f32) -> f32 {
    if score == f32::INFINITY {
        return score;
    }
    score.clamp(-SURE, SURE).exp()
}

/// Share of sentences that stand alone in documents nothing is known of.
pub(crate) const USUAL_ALONE: f64 = 0.2;
/// Share of beads that join sentences there.
const USUAL_JOINED: f64 = 0.1;
/// How many sentences, or beads, of such documents weigh as much as the documents at hand.
const USUAL_WEIGHT: f64 = 10.0;

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The bead of `SHAPES[.0]`.
    Pair(u8),
    Src,
    Tgt,
}

impl Step {
    pub(crate) const fn size(self) -> (usize, usize) {
        match self {
            Self::Pair(shape) => SHAPES[shape as usize],
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

/// Sums over paths by their last step, or by the last step before them, times two to a power: of the largest of them little but the power is large or small.
#[derive(Clone, Copy, Debug)]
struct Sum {
    steps: [f64; 3],
    power: i64,
}

/// Two to this power, of which doubles have those from −1022 to 1023; 0 where it is less.
fn two_to(power: i64) -> f64 {
    if power < -1022 {
        0.0
    } else {
        f64::from_bits((power.min(1023) + 1023) as u64 * (1 << 52))
    }
}

impl Sum {
    const NOTHING: Self = Self {
        steps: [0.0; 3],
        power: i64::MIN / 4, // less than that of any sum, and so that a few can be added
    };

    /// Brings both to one power, and says what these sums, times two to the power of `power`, are to be multiplied by before they are added.
    fn shrink(&mut self, power: i64) -> f64 {
        if power > self.power {
            let shrink = two_to(self.power - power);
            self.steps = self.steps.map(|sum| sum * shrink);
            self.power = power;
        }
        two_to(power - self.power)
    }

    /// Adds to one sum, times two to the power of `power`.
    fn add(&mut self, step: usize, more: f64, power: i64) {
        if power == self.power {
            self.steps[step] += more;
        } else if more != 0.0 {
            self.steps[step] += more * self.shrink(power); // nothing has no scale
        }
    }

    /// The same of all sums.
    fn add_all(&mut self, more: [f64; 3], power: i64) {
        let shrink = match power == self.power {
            true => 1.0,
            false if more == [0.0; 3] => return,
            false => self.shrink(power),
        };
        for (sum, more) in self.steps.iter_mut().zip(more) {
            *sum += more * shrink;
        }
    }

    /// The same with the largest sum neither very large nor very small.
    fn scaled(mut self) -> Self {
        let largest = self.steps.iter().copied().fold(0.0, f64::max);
        let power = (largest.to_bits() >> 52) as i64 - 1023;
        if power.abs() <= SPARE {
            return self;
        }
        if largest == 0.0 {
            return Self::NOTHING;
        }
        let scale = two_to(-power);
        self.steps = self.steps.map(|sum| sum * scale);
        self.power += power;
        self
    }

    fn all(&self) -> f64 {
        self.steps.iter().sum()
    }
}

/// Sums keep their power up to two to this power, or down to it: neighbours mostly have the same, and are added as they stand.
const SPARE: i64 = 32;

/// Sums over the paths from the start to each grid point, by their last step.
pub(crate) struct Sums {
    forward: Vec<Sum>,
    /// Log of the sum over all alignments.
    pub(crate) total: f64,
}

impl Potentials {
    /// No bead with two sides yet, under `weights`.
    pub(crate) fn new(weights: &Weights) -> Self {
        let mut out = Self {
            pairs: Vec::new(),
            first: Vec::new(),
            src: Alone::default(),
            tgt: Alone::default(),
            cross: 0.0,
            joined: 1.0,
        };
        out.set_habits(weights, Habits::default());
        out
    }

    /// Sets what steps cost under `weights` in documents of these habits (see [`Sums::habits`]).
    pub(crate) fn set_habits(&mut self, weights: &Weights, habits: Habits) {
        let w = |feature: Feature| f64::from(weights[feature as usize]);
        let joined = (w(Feature::MergeHabit) * habits.joined).exp();
        let change = joined / self.joined;
        self.joined = joined;
        for pair in self.pairs.iter_mut().filter(|pair| pair.shape > 0) {
            *pair = Pair::new((f64::from(pair.stored()) * change) as f32, pair.shape);
        }
        let usual = habits.alone.map(|habit| w(Feature::NullHabit) * habit);
        let alone = |usual: f64| Alone {
            open: (w(Feature::NullOpen) + usual).exp(),
            extend: (w(Feature::NullExtend) + usual).exp(),
        };
        (self.src, self.tgt) = (alone(usual[0]), alone(usual[1]));
        self.cross = (w(Feature::NullCross) + w(Feature::NullExtend) + usual[1]).exp();
    }

    /// Log of the weight of the path that leaves every sentence alone: of the source first, then of the target.
    pub(crate) fn all_alone(&self, band: &Band) -> f64 {
        let further = |count: usize, alone: Alone| count.saturating_sub(1) as f64 * alone.extend.ln();
        let first = self.src.open.ln() + self.cross.ln();
        first + further(band.rows(), self.src) + further(band.width(), self.tgt)
    }

    /// Adds a bead with two sides. Places rise from call to call.
    pub(crate) fn push(&mut self, here: usize, shape: usize, potential: f32) {
        if self.first.len() <= here {
            self.first.resize(here + 1, self.pairs.len() as u32);
        }
        self.pairs.push(Pair::new(potential, shape as u8));
    }

    /// The same with room for all beads of so many shapes in a band: most are never pushed, and what is not written takes no memory, but a list that grows is held
    /// twice while it does.
    pub(crate) fn with_room(mut self, band: &Band, shapes: usize) -> Self {
        self.pairs.reserve_exact(band.area() * shapes);
        self.first.reserve_exact(band.area());
        self
    }

    /// The numbers of the beads that end at a place.
    fn beads(&self, here: usize) -> Range<usize> {
        let first = |here: usize| {
            self.first
                .get(here)
                .map_or(self.pairs.len(), |&first| first as usize)
        };
        first(here)..first(here + 1)
    }

    /// The beads that end at a place, with their numbers.
    fn at(&self, here: usize) -> impl Iterator<Item = (usize, Pair)> + '_ {
        let beads = self.beads(here);
        let pairs = self.pairs[beads.clone()].iter().copied();
        beads.zip(pairs)
    }

    /// Sums over all alignments.
    pub(crate) fn sum(&self, band: &Band) -> Sums {
        self.sum_in(band, Vec::new())
    }

    /// The same in the place of sums that are not needed any more: of a long document they take much room.
    pub(crate) fn sum_anew(&self, band: &Band, before: Sums) -> Sums {
        self.sum_in(band, before.forward)
    }

    fn sum_in(&self, band: &Band, mut forward: Vec<Sum>) -> Sums {
        forward.clear();
        forward.resize(band.area(), Sum::NOTHING);
        for i in 0..=band.rows() {
            let (above, row) = forward.split_at_mut(band.places(i).start);
            let above = band.above(i, above);
            let mut left = Sum::NOTHING;
            for ((j, here), out) in band.row(i).zip(band.places(i)).zip(row) {
                let [pair, src, tgt] = left.steps;
                let alone = pair * self.tgt.open + src * self.cross + tgt * self.tgt.extend;
                let mut sum = Sum {
                    steps: [0.0, 0.0, alone],
                    power: left.power,
                };
                if i + j == 0 {
                    sum.add(PAIR, 1.0, 0);
                }
                if let Some(from) = above[1].before(j, 0) {
                    let alone = from.steps[PAIR] * self.src.open + from.steps[SRC] * self.src.extend;
                    sum.add(SRC, alone, from.power);
                }
                for (_, pair) in self.at(here) {
                    let (a, b) = SHAPES[pair.shape as usize];
                    if let Some(from) = above[a].before(j, b) {
                        sum.add(PAIR, from.all() * pair.potential(), from.power);
                    }
                }
                left = sum.scaled();
                *out = left;
            }
        }
        let end = forward.last().unwrap_or(&Sum::NOTHING);
        Sums {
            total: end.all().ln() + end.power as f64 * LN_2,
            forward,
        }
    }
}

/// Sums over the paths from the grid points of a row to the end, by the last step before; computed from the last row up, so that no more are held than that
/// row and the [`LONGEST`] before it, of which the beads that end in rows below are summed already.
struct Backward<'a> {
    band: &'a Band,
    potentials: &'a Potentials,
    /// Of the row that was asked for last.
    row: Vec<Sum>,
    /// Room for the next.
    spare: Vec<Sum>,
    /// Of the paths that go on with a bead: of the row to be asked for next, and of those above it, the nearest first.
    pairs: [Vec<Part>; LONGEST + 1],
}

/// A sum over paths whatever the step before them, times two to a power.
#[derive(Clone, Copy)]
struct Part {
    sum: f64,
    power: i64,
}

impl Part {
    const NOTHING: Self = Self {
        sum: 0.0,
        power: Sum::NOTHING.power,
    };

    fn add(&mut self, more: f64, power: i64) {
        if power == self.power {
            self.sum += more;
        } else if power < self.power {
            self.sum += more * two_to(power - self.power);
        } else if more > 0.0 {
            self.sum = self.sum * two_to(self.power - power) + more;
            self.power = power;
        }
    }
}

impl<'a> Backward<'a> {
    fn new(band: &'a Band, potentials: &'a Potentials) -> Self {
        let none = |row: usize| vec![Part::NOTHING; band.places(row).len()];
        let of_row = |above: usize| band.rows().checked_sub(above).map(none).unwrap_or_default();
        let mut out = Self {
            band,
            potentials,
            row: Vec::new(),
            spare: Vec::new(),
            pairs: std::array::from_fn(of_row),
        };
        if let Some(end) = out.pairs[0].last_mut() {
            end.add(1.0, 0);
        }
        out
    }

    /// The sums of row `i`: of the last one, then of the one above that was asked for last.
    fn row(&mut self, i: usize) -> &[Sum] {
        let (band, potentials) = (self.band, self.potentials);
        let below = Row {
            low: band.low.get(i + 1).map_or(0, |&low| low as usize),
            values: &self.row[..],
        };
        let low = *band.row(i).start();
        let mut row = std::mem::take(&mut self.spare);
        row.clear();
        row.resize(self.pairs[0].len(), Sum::NOTHING);
        let mut right = Sum::NOTHING;
        for ((at, part), out) in self.pairs[0].iter().enumerate().zip(&mut row).rev() {
            let mut sum = Sum {
                steps: [part.sum; 3],
                power: part.power,
            };
            if let Some(ahead) = below.after(low + at, 0) {
                let src = ahead.steps[SRC];
                sum.add_all(
                    [src * potentials.src.open, src * potentials.src.extend, 0.0],
                    ahead.power,
                );
            }
            let tgt = right.steps[TGT];
            sum.add_all(
                [
                    tgt * potentials.tgt.open,
                    tgt * potentials.cross,
                    tgt * potentials.tgt.extend,
                ],
                right.power,
            );
            right = sum.scaled();
            *out = right;
        }
        let lows: [usize; LONGEST + 1] =
            std::array::from_fn(|a| i.checked_sub(a).map_or(usize::MAX, |row| band.low[row] as usize));
        for ((ahead, j), here) in row.iter().zip(low..).zip(band.places(i)) {
            for (_, pair) in potentials.at(here) {
                let (a, b) = SHAPES[pair.shape as usize];
                if let Some(from) = self.pairs[a].get_mut(j.wrapping_sub(b).wrapping_sub(lows[a])) {
                    from.add(ahead.steps[PAIR] * pair.potential(), ahead.power);
                }
            }
        }
        self.pairs.rotate_left(1);
        self.pairs[LONGEST].clear();
        if let Some(first) = i.checked_sub(LONGEST + 1) {
            self.pairs[LONGEST].resize(band.places(first).len(), Part::NOTHING);
        }
        self.spare = std::mem::replace(&mut self.row, row);
        &self.row
    }
}

/// How much commoner something is than usual when `some` of `all` are so and `usual` is the usual share, as a difference of log-odds.
pub(crate) fn habit_of(some: f64, all: f64, usual: f64) -> f64 {
    let share = ((some + USUAL_WEIGHT * usual) / (all + USUAL_WEIGHT)).clamp(0.005, 0.995);
    (share / (1.0 - share)).ln() - (usual / (1.0 - usual)).ln()
}

/// A grid point, with what the posterior probabilities of the steps that end there are made of.
pub(crate) struct Point<'a> {
    /// Sentences done.
    pub(crate) at: (usize, usize),
    /// Its place in arrays over the band.
    pub(crate) here: usize,
    /// The probability that the alignment runs through it.
    posterior: f64,
    potentials: &'a Potentials,
    /// Sums from the start, of its row and those above it.
    above: &'a [Row<'a, Sum>; LONGEST + 1],
    /// Sums to the end, as shares of the sum over all alignments.
    ahead: Sum,
}

impl Point<'_> {
    /// Calls `each` with every bead with two sides: its number, its shape.
    pub(crate) fn pairs(&self, mut each: impl FnMut(usize, usize, f64)) {
        for (bead, pair) in self.potentials.at(self.here) {
            let (a, b) = SHAPES[pair.shape as usize];
            if let Some(from) = self.above[a].before(self.at.1, b) {
                let share = pair.potential() * self.ahead.steps[PAIR] * two_to(from.power + self.ahead.power);
                each(bead, pair.shape as usize, (from.all() * share).min(1.0));
            }
        }
    }

    /// A source sentence alone: beginning a run, going on.
    pub(crate) fn src(&self) -> [f64; 2] {
        self.above[1].before(self.at.1, 0).map_or([0.0; 2], |from| {
            let share = self.ahead.steps[SRC] * two_to(from.power + self.ahead.power);
            [
                from.steps[PAIR] * self.potentials.src.open * share,
                from.steps[SRC] * self.potentials.src.extend * share,
            ]
        })
    }

    /// A target sentence alone: beginning a run, after a source run, going on.
    pub(crate) fn tgt(&self) -> [f64; 3] {
        self.above[0].before(self.at.1, 1).map_or([0.0; 3], |from| {
            let share = self.ahead.steps[TGT] * two_to(from.power + self.ahead.power);
            [
                from.steps[PAIR] * self.potentials.tgt.open * share,
                from.steps[SRC] * self.potentials.cross * share,
                from.steps[TGT] * self.potentials.tgt.extend * share,
            ]
        })
    }
}

impl Sums {
    /// What is commoner here than usual.
    pub(crate) fn habits(&self, band: &Band, potentials: &Potentials) -> Habits {
        let mut alone = [0.0; 2];
        let (mut joined, mut pairs) = (0.0, 0.0);
        self.posteriors(band, potentials, |point| {
            alone[0] += point.src().iter().sum::<f64>();
            alone[1] += point.tgt().iter().sum::<f64>();
            point.pairs(|_, shape, posterior| {
                pairs += posterior;
                joined += if shape > 0 { posterior } else { 0.0 };
            });
        });
        Habits {
            alone: [
                habit_of(alone[0], band.rows() as f64, USUAL_ALONE),
                habit_of(alone[1], band.width() as f64, USUAL_ALONE),
            ],
            joined: habit_of(joined, pairs, USUAL_JOINED),
        }
    }

    /// The beads with two sides that are worth a look, and the part of the band through which the alignment is likely to run with what lies within
    /// a bead's reach of it.
    pub(crate) fn likely(&self, band: &Band, potentials: &Potentials) -> (Vec<Likely>, Band) {
        let (n, m) = (band.rows(), band.width());
        let mut beads = Vec::new();
        let mut bounds = vec![(u32::MAX, 0); n + 1];
        self.posteriors(band, potentials, |point| {
            let (i, j) = point.at;
            if point.posterior > LIKELY {
                point.pairs(|_, shape, posterior| {
                    if posterior > LIKELY {
                        let (a, b) = SHAPES[shape];
                        beads.push(Likely {
                            src: i - a..i,
                            tgt: j - b..j,
                            posterior,
                        });
                    }
                });
            }
            if point.posterior >= UNLIKELY {
                let (low, high) = (j.saturating_sub(LONGEST) as u32, (j + LONGEST).min(m) as u32);
                for bound in &mut bounds[i.saturating_sub(LONGEST)..=(i + LONGEST).min(n)] {
                    *bound = (bound.0.min(low), bound.1.max(high));
                }
            }
        });
        let likely = Band::new(bounds, m);
        let most = MOST_AGAIN * (n + m).max(FEW);
        if likely.area() <= most {
            return (beads, likely);
        }
        let narrower = |&left_out: &f64| Band::new(self.within(band, potentials, left_out), m);
        let fits = |band: &Band| band.area() <= most;
        let narrow = LEFT_OUT.iter().map(narrower).find(fits);
        (
            beads,
            narrow.or_else(|| LEFT_OUT.last().map(narrower)).unwrap_or(likely),
        )
    }

    /// The bounds of a band that the alignment leaves in each row to either side with this probability, with what lies within a bead's reach of it.
    fn within(&self, band: &Band, potentials: &Potentials, left_out: f64) -> Vec<(u32, u32)> {
        let (n, m) = (band.rows(), band.width());
        let mut bounds = vec![(u32::MAX, 0); n + 1];
        // of the row at hand, how likely the alignment enters and leaves it at each column, rising
        let mut row: Vec<(usize, f64, f64)> = Vec::new();
        let mut take = |i: usize, row: &mut Vec<(usize, f64, f64)>| {
            let all: f64 = row.iter().map(|&(_, enters, _)| enters).sum();
            let passed = |sum: &mut f64, mass: f64| {
                *sum += mass;
                Some(*sum > left_out * all)
            };
            let enters = row.iter().scan(0.0, |sum, &(_, enters, _)| passed(sum, enters));
            let leaves = row
                .iter()
                .rev()
                .scan(0.0, |sum, &(.., leaves)| passed(sum, leaves));
            let low = row.iter().zip(enters).find(|(_, passed)| *passed);
            let high = row.iter().rev().zip(leaves).find(|(_, passed)| *passed);
            if let (Some((low, _)), Some((high, _))) = (low, high) {
                let (low, high) = (
                    low.0.saturating_sub(LONGEST) as u32,
                    (high.0 + LONGEST).min(m) as u32,
                );
                for bound in &mut bounds[i.saturating_sub(LONGEST)..=(i + LONGEST).min(n)] {
                    *bound = (bound.0.min(low), bound.1.max(high));
                }
            }
            row.clear();
        };
        let mut here = n;
        self.posteriors(band, potentials, |point| {
            let (i, j) = point.at;
            if i != here {
                take(here, &mut row);
                here = i;
            }
            let along: f64 = point.tgt().iter().sum();
            if let Some((_, _, leaves)) = row.last_mut() {
                *leaves -= along;
            }
            row.push((j, point.posterior - along, point.posterior));
        });
        take(here, &mut row);
        bounds
    }

    /// Calls `each` with every grid point of the band through which the alignment may run, rows from the last to the first.
    pub(crate) fn posteriors(&self, band: &Band, potentials: &Potentials, mut each: impl FnMut(&Point<'_>)) {
        let Some(end) = self.forward.last() else { return };
        let whole = end.all();
        let mut backward = Backward::new(band, potentials);
        for i in (0..=band.rows()).rev() {
            let above = band.above(i, &self.forward);
            let row = backward.row(i).iter();
            for ((j, here), sum) in band.row(i).zip(band.places(i)).zip(row) {
                let so_far = &self.forward[here];
                let through: f64 = so_far.steps.iter().zip(sum.steps).map(|(a, b)| a * b).sum();
                let posterior = through * two_to(so_far.power + sum.power - end.power) / whole;
                if posterior < NEGLIGIBLE {
                    continue;
                }
                each(&Point {
                    at: (i, j),
                    here,
                    posterior,
                    potentials,
                    above: &above,
                    ahead: Sum {
                        steps: sum.steps.map(|sum| sum / whole),
                        power: sum.power - end.power,
                    },
                });
            }
        }
    }
}

/// What beads are worth when an alignment is read off their posteriors: a pair its posterior, a sentence alone `alone` times its own less `cost`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Worth {
    /// A right bead with one side beside a right pair: a false pair also costs the recall of a true one, a false one-sided bead only precision.
    pub(crate) alone: f64,
    /// What a sentence alone costs: of two ways about as likely the one of fewer beads is better, since every bead that is wrong costs precision.
    pub(crate) cost: f64,
}

impl Worth {
    fn alone(self, posterior: f64) -> f64 {
        self.alone * posterior - self.cost
    }
}

/// A bead that joins sentences is not taken if it is less likely: where nothing tells, one that takes in many would cost least. A pair is taken there, if it is
/// the best of many: among lines that repeat, the one in its turn.
const LEAST_JOINED: f64 = 0.2;

/// The path whose beads are right most often: it maximises the expected `worth` of its beads.
/// Returns the steps in order with their posteriors.
pub(crate) fn decode(band: &Band, potentials: &Potentials, sums: &Sums, worth: Worth) -> Vec<(Step, f64)> {
    let (n, m) = (band.rows(), band.width());
    // a sentence stands alone with the probability summed over all grid points at which it may: whatever stands around it
    let mut src_alone = vec![0.0; n];
    let mut tgt_alone = vec![0.0; m];
    let mut pairs = vec![0.0_f32; potentials.pairs.len()];
    sums.posteriors(band, potentials, |point| {
        let (i, j) = point.at;
        if i > 0 {
            src_alone[i - 1] += point.src().iter().sum::<f64>();
        }
        if j > 0 {
            tgt_alone[j - 1] += point.tgt().iter().sum::<f64>();
        }
        point.pairs(|bead, _, posterior| pairs[bead] = posterior as f32);
    });
    let mut best = vec![f64::NEG_INFINITY; band.area()];
    let mut came = vec![Step::Src; band.area()];
    for i in 0..=n {
        let (above, row) = best.split_at_mut(band.places(i).start);
        let above = band.above(i, above);
        let mut left = f64::NEG_INFINITY;
        for (j, here) in band.row(i).zip(band.places(i)) {
            let mut top = match (i, j) {
                (0, 0) => (0.0, Step::Src),
                (0, _) => (f64::NEG_INFINITY, Step::Tgt),
                _ => (f64::NEG_INFINITY, Step::Src),
            };
            let mut take = |value: f64, step: Step| {
                if value > top.0 {
                    top = (value, step);
                }
            };
            for (bead, Pair { shape, .. }) in potentials.at(here) {
                let (a, b) = SHAPES[shape as usize];
                if a + b > 2 && f64::from(pairs[bead]) < LEAST_JOINED {
                    continue;
                }
                if let Some(from) = above[a].before(j, b) {
                    take(from + f64::from(pairs[bead]), Step::Pair(shape));
                }
            }
            if let Some(from) = above[1].before(j, 0) {
                take(from + worth.alone(src_alone[i - 1]), Step::Src);
            }
            if j > 0 {
                take(left + worth.alone(tgt_alone[j - 1]), Step::Tgt);
            }
            (row[here - band.places(i).start], came[here]) = top;
            left = top.0;
        }
    }
    let mut path = Vec::with_capacity(n + m);
    let (mut i, mut j) = (n, m);
    while i + j > 0 {
        let Some(here) = band.at(i, j) else { break };
        let step = came[here];
        let posterior = match step {
            Step::Pair(taken) => {
                let bead = potentials.at(here).find(|(_, pair)| pair.shape == taken);
                bead.map_or(0.0, |(bead, _)| f64::from(pairs[bead]))
            }
            Step::Src => src_alone[i - 1].min(1.0),
            Step::Tgt => tgt_alone[j - 1].min(1.0),
        };
        path.push((step, posterior));
        let (a, b) = step.size();
        (i, j) = (i - a, j - b);
    }
    path.reverse();
    // sentences alone are as right in any order: the source's go first, as in the lattice
    let is_alone = |step: &(Step, f64)| !matches!(step.0, Step::Pair(_));
    for run in path.chunk_by_mut(|a, b| is_alone(a) && is_alone(b)) {
        run.sort_by_key(|&(step, _)| step == Step::Tgt);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::{Alone, Band, MOST_AGAIN, Potentials, Step, Worth, decode};

    const WORTH: Worth = Worth {
        alone: 0.5,
        cost: 0.0,
    };

    /// No pairs yet, every sentence alone of this potential.
    fn alone(potential: f64) -> Potentials {
        let side = Alone {
            open: potential,
            extend: potential,
        };
        Potentials {
            pairs: Vec::new(),
            first: Vec::new(),
            src: side,
            tgt: side,
            cross: potential,
            joined: 1.0,
        }
    }

    const FIRST: usize = 16;
    const LAST: usize = FIRST + 1;

    /// The source's first sentences are translated at the end of the target and its last ones, which weigh more, at the beginning: where the former end,
    /// the best alignment of all is `behind` nats behind. Returns the posteriors of the pairs on the path read off.
    fn crossed(behind: f64) -> Vec<(usize, usize, f64)> {
        let length = FIRST + LAST;
        let band = Band::full(length, length);
        let weight = (behind / FIRST as f64).exp() as f32;
        let mut potentials = alone(0.1);
        let last = (1..=LAST).map(|k| (FIRST + k, k));
        let first = (1..=FIRST).map(|k| (k, LAST + k));
        for (i, j) in first.chain(last) {
            potentials.push(band.at(i, j).expect("a full band"), 0, weight);
        }
        let sums = potentials.sum(&band);
        // the last sentences' pairs, and all others alone
        let total = LAST as f64 * f64::from(weight).ln() + 2.0 * FIRST as f64 * 0.1_f64.ln();
        assert!(
            (sums.total - total).abs() < 1e-6 * total.abs(),
            "{} {total}",
            sums.total
        );
        let (mut i, mut j) = (0, 0);
        let mut pairs = Vec::new();
        for (step, posterior) in decode(&band, &potentials, &sums, WORTH) {
            let (a, b) = step.size();
            (i, j) = (i + a, j + b);
            if matches!(step, Step::Pair(_)) {
                pairs.push((i, j, posterior));
            }
        }
        pairs
    }

    #[test]
    fn a_path_far_behind_at_some_row_may_be_best_in_the_end() {
        for behind in [400.0, 1000.0, 1190.0, 1270.0] {
            let pairs = crossed(behind);
            let places: Vec<_> = pairs.iter().map(|&(i, j, _)| (i, j)).collect();
            let last: Vec<_> = (1..=LAST).map(|k| (FIRST + k, k)).collect();
            assert_eq!(places, last, "{behind} nats behind");
            assert!(
                pairs.iter().all(|&(.., posterior)| posterior > 0.999),
                "{pairs:?}"
            );
        }
    }

    /// Sentences that tell nothing, each of which may stand for any of those near: the band that is looked at again was as wide as the first.
    #[test]
    fn a_text_that_tells_nothing_is_not_looked_at_widely_again() {
        const LENGTH: u32 = 2000;
        const HALF: u32 = 45;
        let rows = (0..=LENGTH).map(|i| (i.saturating_sub(HALF), (i + HALF).min(LENGTH)));
        let band = Band::new(rows.collect(), LENGTH as usize);
        let mut potentials = alone(0.5);
        for i in 1..=LENGTH as usize {
            for (j, here) in band.row(i).zip(band.places(i)) {
                if j > 0 && band.at(i - 1, j - 1).is_some() {
                    potentials.push(here, 0, 1.0);
                }
            }
        }
        let (_, again) = potentials.sum(&band).likely(&band, &potentials);
        assert!(band.area() > 2 * again.area(), "{} {}", band.area(), again.area());
        assert!(
            again.area() <= MOST_AGAIN * 2 * LENGTH as usize,
            "{}",
            again.area()
        );
        for i in 0..=LENGTH as usize {
            assert!(again.at(i, i).is_some(), "the middle of row {i}");
        }
    }

    #[test]
    fn a_run_of_any_length_is_passed() {
        const RUN: usize = 5000;
        let band = Band::full(2, RUN + 2);
        let mut potentials = alone(0.02);
        for (i, j) in [(1, 1), (2, RUN + 2)] {
            potentials.push(band.at(i, j).expect("a full band"), 0, 1e6);
        }
        let sums = potentials.sum(&band);
        let path = decode(&band, &potentials, &sums, WORTH);
        assert_eq!(path.len(), RUN + 2);
        assert!(path.iter().all(|&(_, posterior)| posterior > 0.99));
    }
}
