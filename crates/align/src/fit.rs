//! Estimating the weights: conditional maximum likelihood of gold alignments under the lattice (a semi-Markov conditional random field,
//! Sarawagi and Cohen 2004), by gradient ascent with a normal prior around the weights one starts from.

use std::ops::Range;

use ndarray::Array2;
use qostil_text::Document;

use crate::Resources;
use crate::features::Sight;
use crate::figures::read;
use crate::lattice::{Band, Habits, Potentials, SHAPES, potential};
use crate::links::TIES;
use crate::parameters::{FEATURES, Feature, Weights};

/// A pair of documents with every bead's features laid out, ready for many passes.
pub struct Example {
    band: Band,
    /// Features of each bead: rows as places times shapes.
    features: Array2<f32>,
    /// Whether there is such a bead.
    there: Array2<bool>,
    /// Sentences of the gold that stand alone, in the source and in the target.
    alone: [f64; 2],
    /// Beads of the gold that join sentences.
    joined: f64,
    /// Of the documents, from the last pass over them.
    habits: Habits,
    /// Features of the gold alignment.
    gold: [f64; FEATURES],
    /// Tokens that could match and tokens that did, in gold beads, per tie.
    reliability: [(f64, f64); TIES],
}

impl Example {
    /// Lays out a pair of documents with its gold beads (those with two sides; every other sentence stands alone).
    /// `None` when the gold holds a bead of a shape that the lattice does not have, or one outside the band.
    pub fn new(
        src: &Document,
        tgt: &Document,
        gold: &[(Range<usize>, Range<usize>)],
        resources: &Resources<'_>,
    ) -> Option<Self> {
        let meter = Sight::of_documents(read(src), read(tgt), resources, &[]).look_again(resources);
        let band = meter.band.clone();
        let mut features = Array2::zeros((band.area() * SHAPES.len(), FEATURES));
        let mut there = Array2::from_elem((band.area(), SHAPES.len()), false);
        meter.each_bead(SHAPES.len(), |here, shape, (s, t)| {
            if let Some(measured) = meter.features(&s, &t) {
                there[[here, shape]] = true;
                features
                    .row_mut(here * SHAPES.len() + shape)
                    .assign(&ndarray::aview1(&measured));
            }
        });
        let mut gold_features = [0.0; FEATURES];
        let mut alone = [0.0; 2];
        let (mut i, mut j) = (0, 0);
        let mut nulls = |from: (usize, usize), to: (usize, usize)| {
            let (a, b) = (to.0.checked_sub(from.0)?, to.1.checked_sub(from.1)?);
            let runs = usize::from(a > 0) + usize::from(b > 0);
            alone[0] += a as f64;
            alone[1] += b as f64;
            gold_features[Feature::NullOpen as usize] += f64::from(u8::from(runs > 0));
            gold_features[Feature::NullExtend as usize] +=
                (a + b).saturating_sub(usize::from(runs > 0)) as f64;
            gold_features[Feature::NullCross as usize] += f64::from(u8::from(runs == 2));
            Some(())
        };
        let mut pairs = [0.0; FEATURES];
        let mut reliability = [(0.0, 0.0); TIES];
        for (s, t) in gold {
            nulls((i, j), (s.start, t.start))?;
            let shape = SHAPES.iter().position(|&shape| shape == (s.len(), t.len()))?;
            let here = band.at(s.end, t.end)?;
            if !there[[here, shape]] {
                return None;
            }
            for (sum, value) in pairs.iter_mut().zip(features.row(here * SHAPES.len() + shape)) {
                *sum += f64::from(*value);
            }
            for at in s.clone() {
                let mask = t.clone().fold(0, |mask, other| mask | meter.matches(at, other).0);
                for (bit, token) in meter.links.src.bits_of(at).iter().enumerate() {
                    if let Some(tie) = token.weight.tie {
                        reliability[tie as usize].0 += 1.0;
                        reliability[tie as usize].1 += f64::from(u8::from(mask & (1 << bit) != 0));
                    }
                }
            }
            (i, j) = (s.end, t.end);
        }
        nulls((i, j), (meter.src.len(), meter.tgt.len()))?;
        for (sum, value) in gold_features.iter_mut().zip(pairs) {
            *sum += value;
        }
        Some(Self {
            band,
            features,
            there,
            alone,
            joined: gold.iter().filter(|(s, t)| s.len() + t.len() > 2).count() as f64,
            habits: Habits::default(),
            gold: gold_features,
            reliability,
        })
    }

    /// Of each kind of tie, in order word, verb, function, name, latin, figure: how many tokens of gold beads could match, and how many did.
    pub fn reliability(&self) -> [(f64, f64); TIES] {
        self.reliability
    }

    fn potentials(&self, weights: &Weights) -> Potentials {
        let mut out = Potentials::new(weights);
        let scores = self.features.dot(&ndarray::aview1(weights));
        for (at, (_, &score)) in self
            .there
            .iter()
            .zip(&scores)
            .enumerate()
            .filter(|(_, (there, _))| **there)
        {
            out.push(at / SHAPES.len(), at % SHAPES.len(), potential(score));
        }
        out.set_habits(weights, self.habits);
        out
    }

    /// Estimates anew how common sentences without a partner are here.
    fn settle(&mut self, weights: &Weights) {
        let potentials = self.potentials(weights);
        self.habits = potentials.sum(&self.band).habits(&self.band, &potentials);
        self.gold[Feature::NullHabit as usize] = self.of_habits(self.alone[0], self.alone[1]);
        self.gold[Feature::MergeHabit as usize] = self.joined * self.habits.joined;
    }

    fn of_habits(&self, src: f64, tgt: f64) -> f64 {
        self.habits.alone[0] * src + self.habits.alone[1] * tgt
    }

    /// Log-likelihood of the gold under `weights`, in nats: what a held-out document says of weights fitted to others.
    pub fn likelihood(&mut self, weights: &Weights) -> f64 {
        self.settle(weights);
        self.gradient(weights, &mut [0.0; FEATURES])
    }

    /// Log-likelihood of the gold under `weights`; its gradient is added to `gradient`.
    fn gradient(&self, weights: &Weights, gradient: &mut [f64; FEATURES]) -> f64 {
        let potentials = self.potentials(weights);
        let sums = potentials.sum(&self.band);
        let mut expected = [0.0; FEATURES];
        sums.posteriors(&self.band, &potentials, |point| {
            point.pairs(|_, shape, p| {
                if shape > 0 {
                    expected[Feature::MergeHabit as usize] += p * self.habits.joined;
                }
                if p > 1e-9 {
                    let row = self.features.row(point.here * SHAPES.len() + shape);
                    for (sum, value) in expected.iter_mut().zip(row) {
                        *sum += p * f64::from(*value);
                    }
                }
            });
            let (src, tgt) = (point.src(), point.tgt());
            expected[Feature::NullOpen as usize] += src[0] + tgt[0];
            expected[Feature::NullExtend as usize] += src[1] + tgt[1] + tgt[2];
            expected[Feature::NullCross as usize] += tgt[1];
            expected[Feature::NullHabit as usize] += self.of_habits(src.iter().sum(), tgt.iter().sum());
        });
        for ((sum, gold), expected) in gradient.iter_mut().zip(self.gold).zip(expected) {
            *sum += gold - expected;
        }
        self.gold
            .iter()
            .zip(weights)
            .map(|(f, w)| f * f64::from(*w))
            .sum::<f64>()
            - sums.total
    }
}

/// Fits the weights to the examples: `rounds` steps of Adam on the mean log-likelihood with a normal prior of standard deviation
/// `prior` around `start` that weighs as much as one example. Returns the weights and the mean log-likelihood per example.
pub fn fit(examples: &mut [&mut Example], start: Weights, prior: f64, rounds: usize) -> (Weights, f64) {
    let mut weights = start;
    let (mut momentum, mut scale) = ([0.0; FEATURES], [0.0; FEATURES]);
    let count = examples.len().max(1) as f64;
    let mut likelihood = 0.0;
    for round in 1..=rounds {
        if round % SETTLE_EVERY == 1 {
            for example in examples.iter_mut() {
                example.settle(&weights);
            }
        }
        let mut gradient = [0.0; FEATURES];
        likelihood = examples
            .iter()
            .map(|example| example.gradient(&weights, &mut gradient))
            .sum::<f64>()
            / count;
        let rate = 0.1 * (1.0 - (round - 1) as f64 / rounds as f64);
        for at in 0..FEATURES {
            let pull = f64::from(start[at] - weights[at]) / (prior * prior);
            let slope = (gradient[at] + pull) / count;
            momentum[at] = 0.9 * momentum[at] + 0.1 * slope;
            scale[at] = 0.99 * scale[at] + 0.01 * slope * slope;
            let (m, v): (f64, f64) = (
                momentum[at] / (1.0 - 0.9_f64.powi(round as i32)),
                scale[at] / (1.0 - 0.99_f64.powi(round as i32)),
            );
            weights[at] += (rate * m / (v.sqrt() + 1e-8)) as f32;
        }
    }
    (weights, likelihood)
}

/// Rounds between two estimates of the documents' habits.
const SETTLE_EVERY: usize = 10;
