//! What beads score: the sum of their features times the weights, as [`Meter::features`] says it, without its features one by one. Of a band's beads each
//! is asked for, so what hangs on one of its sentences, tokens or pairs of sentences alone is weighed once for all.

use crate::features::{Meter, Run, Sides, shape_feature};
use crate::lattice::{LONGEST, SHAPES};
use crate::links::{Bit, Half, Passing, TIES, Tie};
use crate::parameters::{Feature, Weights};

/// See the module.
pub(crate) struct Scorer<'a> {
    meter: &'a Meter,
    weights: &'a Weights,
    src: Side,
    tgt: Side,
}

/// The score of a bead without features.
pub(crate) const IMPOSSIBLE: f32 = f32::NEG_INFINITY;

/// A pair of sentences.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// Which tokens of the source sentence find a partner in the target sentence, one bit a token, and what they add together.
    src: u64,
    src_gain: f32,
    /// The same of the target sentence.
    tgt_gain: f32,
    tgt: u64,
}

/// The cells of a row of the band.
#[derive(Default)]
struct Cells {
    /// The column of the first.
    low: usize,
    cells: Vec<Cell>,
}

impl Cells {
    fn at(&self, j: usize) -> Cell {
        self.cells
            .get(j.wrapping_sub(self.low))
            .copied()
            .unwrap_or_default()
    }
}

/// The tokens of a sentence that find partners in any of several sentences.
#[derive(Clone, Copy, Default)]
struct Found {
    mask: u64,
    /// What they add, where none of them was found twice.
    gain: f32,
    twice: bool,
}

impl Found {
    fn add(&mut self, mask: u64, gain: f32) {
        self.twice |= self.mask & mask != 0;
        self.mask |= mask;
        self.gain += gain;
    }
}

/// Nats of one side's sentences and tokens.
struct Side {
    /// Of the runs that begin at each sentence: of all tokens, as if none found its partner, and of the paragraphs that end inside.
    runs: Vec<[f32; LONGEST]>,
    /// What each token that can match adds when it does, and the first of each sentence.
    bits: Vec<f32>,
    first_bit: Vec<u32>,
}

impl Side {
    fn new(half: &Half, runs: &[[Run; LONGEST]], cohesion: &[f32], weights: &Weights) -> Self {
        let weight = |feature: Feature| weights[feature as usize];
        // the mean of the two sides
        let (mut matched, mut absent) = ([0.0; TIES], [0.0; TIES]);
        for (tie, when_matched, when_absent) in [
            (Tie::Word, Feature::Word, Feature::WordAbsent),
            (Tie::Verb, Feature::Word, Feature::WordAbsent),
            (Tie::Function, Feature::Word, Feature::WordAbsent),
            (Tie::Name, Feature::Name, Feature::NameAbsent),
            (Tie::Latin, Feature::Name, Feature::NameAbsent),
            (Tie::Figure, Feature::Figure, Feature::FigureAbsent),
        ] {
            matched[tie as usize] = 0.5 * weight(when_matched);
            absent[tie as usize] = 0.5 * weight(when_absent);
        }
        let missing: Vec<f32> = half
            .absent
            .iter()
            .zip(&half.lacking)
            .zip(cohesion)
            .map(|((sums, lacking), cohesion)| {
                let known: f32 = sums.iter().zip(absent).map(|(sum, weight)| sum * weight).sum();
                known + 0.5 * weight(Feature::WordLacking) * lacking + weight(Feature::Cohesion) * cohesion
            })
            .collect();
        let of_run = |(at, runs): (usize, &[Run; LONGEST])| {
            let mut nats = 0.0;
            std::array::from_fn(|more| {
                nats += missing.get(at + more).copied().unwrap_or(0.0);
                nats + f32::from(u8::from(runs[more].breaks)) * weight(Feature::Break)
            })
        };
        let gain = |bit: &Bit| {
            let of = |tie: Tie| {
                matched[tie as usize] * bit.weight.matched - absent[tie as usize] * bit.weight.absent
            };
            bit.weight.tie.map_or(0.0, of)
        };
        Self {
            runs: runs.iter().enumerate().map(of_run).collect(),
            bits: half.bits.iter().map(gain).collect(),
            first_bit: half.first_bit.clone(),
        }
    }

    /// What these tokens of a sentence add.
    fn gain(&self, sentence: usize, mut mask: u64) -> f32 {
        let bits = &self.bits[self.first_bit[sentence] as usize..];
        let mut sum = 0.0;
        while mask != 0 {
            sum += bits[mask.trailing_zeros() as usize];
            mask &= mask - 1;
        }
        sum
    }
}

/// See [`Scorer::row`].
type ScoreRow<'a> = fn(&Scorer<'a>, usize, &[Cells; LONGEST], &mut [f32]);

impl<'a> Scorer<'a> {
    pub(crate) fn new(meter: &'a Meter, weights: &'a Weights) -> Self {
        Self {
            meter,
            weights,
            src: Side::new(&meter.links.src, &meter.runs[0], &meter.cohesion[0], weights),
            tgt: Side::new(&meter.links.tgt, &meter.runs[1], &meter.cohesion[1], weights),
        }
    }

    fn weight(&self, feature: Feature) -> f32 {
        self.weights[feature as usize]
    }

    /// Calls `each` with every bead of the first `shapes` in the band, in order of the grid points `(i, j)` at which they end: that, its place in arrays over
    /// the band, the shape, and the score in nats, [`IMPOSSIBLE`] for a bead without features.
    pub(crate) fn each(&self, shapes: usize, mut each: impl FnMut((usize, usize), usize, usize, f32)) {
        let band = &self.meter.band;
        let mut passing = Passing::new(&self.meter.links.tgt);
        let mut cells: [Cells; LONGEST] = Default::default();
        // of each shape, those of the beads that end in a row; no number for those that are not in the band
        let mut scores: [Vec<f32>; SHAPES.len()] = Default::default();
        for i in 1..=band.rows() {
            cells.rotate_right(1);
            self.cells(i, &mut passing, &mut cells[0]);
            let row = band.row(i);
            for (scores, score_row) in scores.iter_mut().zip(Self::ROWS).take(shapes) {
                scores.clear();
                scores.resize(row.end() + 1 - row.start(), f32::NAN);
                score_row(self, i, &cells, scores);
            }
            for ((at, j), here) in row.enumerate().zip(band.places(i)) {
                for (shape, scores) in scores[..shapes].iter().enumerate() {
                    if !scores[at].is_nan() {
                        each((i, j), here, shape, scores[at]);
                    }
                }
            }
        }
    }

    /// The cells of source sentence `i - 1`. Only the postings inside the band are walked, so the cost is that of the matches there.
    fn cells(&self, i: usize, passing: &mut Passing<'_>, out: &mut Cells) {
        let (row, links) = (self.meter.band.row(i), &self.meter.links.src);
        out.low = *row.start();
        out.cells.clear();
        out.cells.resize(row.end() + 1 - row.start(), Cell::default());
        // sentence j stands at grid column j + 1
        let from = row.start().max(&1) - 1;
        let sentences = from as u32..(*row.end()).max(from) as u32;
        for (bit, token) in links.bits_of(i - 1).iter().enumerate() {
            for link in links.links.of(token.kind) {
                for (j, tgt_bit) in passing.within(link.kind, sentences.clone()) {
                    let cell = &mut out.cells[j as usize + 1 - out.low];
                    cell.src |= 1 << bit;
                    cell.tgt |= 1 << tgt_bit;
                }
            }
        }
        for (cell, j) in out.cells.iter_mut().zip(row).filter(|(cell, _)| cell.src != 0) {
            cell.src_gain = self.src.gain(i - 1, cell.src);
            cell.tgt_gain = self.tgt.gain(j - 1, cell.tgt);
        }
    }

    /// [`Scorer::row`] for each of [`SHAPES`].
    const ROWS: [ScoreRow<'a>; SHAPES.len()] = [
        Self::row::<1, 1>,
        Self::row::<1, 2>,
        Self::row::<2, 1>,
        Self::row::<1, 3>,
        Self::row::<3, 1>,
        Self::row::<2, 2>,
        Self::row::<1, 4>,
        Self::row::<4, 1>,
        Self::row::<2, 3>,
        Self::row::<3, 2>,
    ];

    /// Puts down the scores of the beads of `A` source and `B` target sentences in the band that end in row `i`. `cells`: of the row and those above it, the
    /// nearest first.
    fn row<const A: usize, const B: usize>(&self, i: usize, cells: &[Cells; LONGEST], out: &mut [f32]) {
        let Some(above) = i.checked_sub(A) else { return };
        let (begin, end) = (self.meter.band.row(above), self.meter.band.row(i));
        let from = (begin.start() + B).max(*end.start());
        let to = (begin.end() + B).min(*end.end());
        let src = &self.meter.runs[0][above][A - 1];
        let shape = shape_feature(A, B).map_or(0.0, |feature| self.weight(feature));
        let base = self.weight(Feature::Pair) + shape + self.src.runs[above][A - 1];
        for j in from..=to {
            let sides = Sides {
                src,
                tgt: &self.meter.runs[1][j - B][B - 1],
            };
            out[j - end.start()] = if self.meter.may_be_right(sides, A + B) {
                base + self.tgt.runs[j - B][B - 1] + self.found::<A, B>((i, j), cells) + self.both(sides)
            } else {
                IMPOSSIBLE
            };
        }
    }

    /// What the tokens add that find partners in the bead of `A` source and `B` target sentences that ends at a grid point.
    fn found<const A: usize, const B: usize>(&self, (i, j): (usize, usize), cells: &[Cells; LONGEST]) -> f32 {
        let (mut of_src, mut of_tgt) = ([Found::default(); A], [Found::default(); B]);
        for (cells, of_src) in cells.iter().zip(&mut of_src) {
            for (y, of_tgt) in of_tgt.iter_mut().enumerate() {
                let cell = cells.at(j - y);
                of_src.add(cell.src, cell.src_gain);
                of_tgt.add(cell.tgt, cell.tgt_gain);
            }
        }
        if of_src.iter().all(|found| found.mask == 0) {
            let idle = if A > 1 { A } else { 0 } + if B > 1 { B } else { 0 };
            return self.weight(Feature::Unmatched) + idle as f32 * self.weight(Feature::Idle);
        }
        let mut sum = 0.0;
        let mut add = |side: &Side, sentence: usize, found: Found, alone: bool| {
            sum += if found.twice {
                side.gain(sentence, found.mask)
            } else {
                found.gain
            };
            if found.mask == 0 && !alone {
                sum += self.weight(Feature::Idle);
            }
        };
        for (before, &found) in of_src.iter().enumerate() {
            add(&self.src, i - 1 - before, found, A == 1);
        }
        for (before, &found) in of_tgt.iter().enumerate() {
            add(&self.tgt, j - 1 - before, found, B == 1);
        }
        sum
    }

    /// What hangs on both sides, but for their tokens.
    fn both(&self, sides: Sides<'_>) -> f32 {
        let mut sum = self.weight(Feature::Length) * self.meter.length.ratio(sides);
        let odd = sides.odd_sentences();
        if odd > 0 {
            sum += self.weight(Feature::SentencesOdd) * self.meter.counts_tell * f32::from(odd);
        }
        sum += self.weight(Feature::Ending) * self.meter.endings.of(sides);
        if sides.have_marks() {
            sides.marks(|feature, value| sum += value * self.weight(feature));
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use qostil_lexicon::Lexicon;
    use qostil_text::{Document, Lang};

    use super::{IMPOSSIBLE, Scorer};
    use crate::features::Sight;
    use crate::figures::read;
    use crate::lattice::SHAPES;
    use crate::{Parameters, Resources};

    #[test]
    fn a_score_is_the_features_times_their_weights() {
        let kk = "Биыл 23 мектеп салынды.\n\n«Бұл жақсы ма?» – деді Жомарт Тоқаев.\nOPEC туралы: келісім болмады!\n– Иә, – деді ол. Кейін кетті.\nСу.";
        let en = "This year 23 schools (and more) were built.\n\"Is it good?\" Zhomart Tokayev asked.\n\nOPEC: there is no agreement!\n\"Yes,\" he said.\nThen he left.\nWater.";
        let kk = Document::from_lines("kk", Lang::Kazakh, kk.into());
        let en = Document::from_lines("en", Lang::English, en.into());
        let (parameters, lexicon) = (Parameters::default(), Lexicon::seed(kk.lang, en.lang));
        let resources = Resources {
            parameters: &parameters,
            lexicon: &lexicon,
        };
        let sight = Sight::of_documents(read(&kk), read(&en), &resources, &[]);
        let meter = sight.look_again(&resources);
        let scorer = Scorer::new(&meter, &parameters.weights);
        let mut scores = Vec::new();
        scorer.each(SHAPES.len(), |_, _, _, score| scores.push(score));
        let mut scores = scores.into_iter();
        let mut scored = 0;
        meter.each_bead(SHAPES.len(), |_, _, (src, tgt)| {
            let features = meter.features(&src, &tgt);
            let sum = features.map(|features| -> f32 {
                features.iter().zip(&parameters.weights).map(|(f, w)| f * w).sum()
            });
            match (scores.next(), sum) {
                (Some(score), Some(sum)) => {
                    assert!((score - sum).abs() < 1e-4, "{src:?} {tgt:?}: {score} {sum}");
                    scored += 1;
                }
                (score, _) => assert_eq!(score, Some(IMPOSSIBLE), "{src:?} {tgt:?}"),
            }
        });
        assert!(scored > 40, "{scored}");
    }
}
