//! What is measured of a bead.

use std::ops::Range;

use qostil_bitext::Bead;
use qostil_lexicon::Side;
use qostil_text::Document;

use crate::Resources;
use crate::analysis::{Analysis, Marks};
use crate::anchors::{self, Course};
use crate::fixed::CERTAIN;
use crate::lattice::{Band, LONGEST, Likely, Potentials, SHAPES, USUAL_SHAPES, potential};
use crate::learnt;
use crate::links::{Half, Links, Passing, TIES, Tie};
use crate::parameters::{FEATURES, Feature, Length, Parameters, Weights};

/// Joined sentences whose lengths differ by more standard deviations than this are not looked at: nearly all of a band's beads, and
/// three in ten thousand of the right ones by the model.
const IMPLAUSIBLE: f32 = 3.6;

/// How the lengths of the two documents relate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LengthModel {
    /// Mean of `ln(target / source)`.
    pub(crate) mean: f32,
    spread: f32,
    per_char: f32,
    /// Mean and standard deviation of `ln` of a target sentence's length, whatever it is paired with, and of a source sentence's.
    tgt: (f32, f32),
}

impl LengthModel {
    pub(crate) fn new(src: &Analysis, tgt: &Analysis, length: &Length) -> Self {
        let logs: Vec<f32> = tgt
            .facts
            .iter()
            .filter(|f| f.length > 0.0)
            .map(|f| f.length.ln())
            .collect();
        let count = logs.len().max(1) as f32;
        let mean = logs.iter().sum::<f32>() / count;
        let variance = logs.iter().map(|l| (l - mean).powi(2)).sum::<f32>() / count;
        Self {
            mean: length.usual(src.lang, tgt.lang),
            spread: length.spread,
            per_char: length.per_char,
            tgt: (mean, variance.sqrt().max(0.3)),
        }
    }

    fn variance(&self, src: f32, tgt: f32) -> f32 {
        self.spread * self.spread + self.per_char / src.min(tgt)
    }

    /// A run of sentences of so many characters, at least one, as this model sees it.
    fn run(&self, characters: f32, sentences: usize) -> Run {
        let log = characters.ln();
        let variance = self.spread * self.spread + self.per_char / characters;
        let many = sentences as f32;
        let background_variance = self.tgt.1 * self.tgt.1 / many;
        let off = log - self.tgt.0 - many.ln();
        let unrelated = -0.5 * (off * off / background_variance + background_variance.ln());
        Run {
            characters,
            log,
            variance,
            log_variance: variance.ln(),
            // tails heavier than a normal's, here and below: one odd length is no proof
            unrelated: (unrelated.exp() * 0.9 + 0.1 * 0.2).ln(),
        }
    }

    /// Whether two runs can be translations by their length alone: within [`IMPLAUSIBLE`] standard deviations.
    fn plausible(&self, src: &Run, tgt: &Run) -> bool {
        let deviation = tgt.log - src.log - self.mean;
        deviation * deviation < IMPLAUSIBLE * IMPLAUSIBLE * src.shorter(tgt).variance
    }

    /// The model with its mean estimated anew from beads: characters of both sides and the bead's posterior probability.
    /// The usual mean counts as one observation with the variance that means have between documents.
    pub(crate) fn refined(
        self,
        beads: impl Iterator<Item = (f32, f32, f64)>,
        usual: f32,
        between: f32,
    ) -> Self {
        let prior = 1.0 / (between * between);
        let (mut weight, mut sum) = (prior, prior * usual);
        for (src, tgt, posterior) in beads.filter(|b| b.0 >= 1.0 && b.1 >= 1.0) {
            let precision = posterior as f32 / self.variance(src, tgt);
            weight += precision;
            sum += precision * (tgt / src).ln();
        }
        Self {
            mean: sum / weight,
            ..self
        }
    }

    /// Log-likelihood ratio of two runs being translations of each other.
    fn ratio(&self, src: &Run, tgt: &Run) -> f32 {
        let shorter = src.shorter(tgt);
        let deviation = tgt.log - src.log - self.mean;
        let related = -0.5 * (deviation * deviation / shorter.variance + shorter.log_variance);
        (related.exp() * 0.97 + 0.03 * 0.2).ln() - tgt.unrelated
    }
}

/// A run of sentences as the length model sees it: what it needs of one side alone.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    /// None where a sentence is empty: then there is nothing else.
    characters: f32,
    log: f32,
    /// Of `ln(target / source)` where this side is the shorter one.
    variance: f32,
    log_variance: f32,
    /// How likely a target of this length is, whatever it is paired with.
    unrelated: f32,
}

impl Run {
    fn shorter<'r>(&'r self, other: &'r Self) -> &'r Self {
        if other.characters < self.characters {
            other
        } else {
            self
        }
    }
}

/// The runs that begin at each sentence, of one sentence and more.
type Runs = Vec<[Run; LONGEST]>;

fn runs(side: &Analysis, model: &LengthModel) -> Runs {
    let from = |first: usize| {
        let mut out = [Run::default(); LONGEST];
        let mut characters = 0.0;
        for (facts, (run, sentences)) in side.facts[first..].iter().zip(out.iter_mut().zip(1..)) {
            if facts.length <= 0.0 {
                break;
            }
            characters += facts.length;
            *run = model.run(characters, sentences);
        }
        out
    };
    (0..side.len()).map(from).collect()
}

/// For every pair of sentences in the band, which of their tokens find a partner in the other: one bit a token.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    /// At the place of grid point `(i + 1, j + 1)`: the bits of source sentence `i` and of target sentence `j`.
    masks: Vec<(u64, u64)>,
}

impl Matches {
    /// Only the postings inside the band are walked, so the cost is that of the matches there.
    pub(crate) fn new(links: &Links, band: &Band) -> Self {
        let mut masks = vec![(0_u64, 0_u64); band.area()];
        let mut passing = Passing::new(&links.tgt);
        for i in 0..band.rows() {
            let row = &mut masks[band.places(i + 1)];
            // sentence j stands at grid column j + 1
            let low = *band.row(i + 1).start() as u32;
            let from = low.max(1) - 1;
            let to = from.max(*band.row(i + 1).end() as u32);
            for (bit, token) in links.src.bits_of(i).iter().enumerate() {
                for link in links.src.links.of(token.kind) {
                    for (j, tgt_bit) in passing.within(link.kind, from..to) {
                        let (src, tgt) = &mut row[(j + 1 - low) as usize];
                        *src |= 1 << bit;
                        *tgt |= 1 << tgt_bit;
                    }
                }
            }
        }
        Self { masks }
    }

    pub(crate) fn of(&self, band: &Band, i: usize, j: usize) -> (u64, u64) {
        band.at(i + 1, j + 1).map_or((0, 0), |at| self.masks[at])
    }
}

/// Measures beads of one pair of documents.
pub(crate) struct Meter {
    pub(crate) src: Analysis,
    pub(crate) tgt: Analysis,
    pub(crate) links: Links,
    pub(crate) matches: Matches,
    pub(crate) band: Band,
    pub(crate) length: LengthModel,
    /// Of the source and of the target.
    runs: [Runs; 2],
    /// How much the number of sentences in a line tells (0–1): nothing where every line is one, since then whatever a translator joined is odd.
    counts_tell: f32,
}

/// Where so many of the lines hold several sentences, they tell all they can.
const MANY_HOLD_SEVERAL: f32 = 0.02;

fn counts_tell(sides: [&Analysis; 2]) -> f32 {
    let lines = sides.iter().flat_map(|side| &side.facts);
    let several = lines.filter(|facts| facts.sentences > 1).count() as f32;
    let all = (sides[0].len() + sides[1].len()).max(1) as f32;
    (several / (MANY_HOLD_SEVERAL * all)).min(1.0)
}

impl Meter {
    /// Of two runs of sentences, looked at twice; see [`Sight`].
    pub(crate) fn of_documents(
        src: (&Document, Range<usize>),
        tgt: (&Document, Range<usize>),
        resources: &Resources<'_>,
    ) -> Self {
        Sight::of_documents(src, tgt, resources).look_again(resources)
    }

    /// Of rows that are paired one to one.
    pub(crate) fn of_rows(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Self {
        let parameters = resources.parameters;
        let src = Analysis::new(src, 0..src.sentences.len(), Side::Source, resources.lexicon);
        let tgt = Analysis::new(tgt, 0..tgt.sentences.len(), Side::Target, resources.lexicon);
        let links = Links::new(
            &src,
            &tgt,
            resources.lexicon,
            &parameters.reliability,
            FEWEST_ROWS,
        );
        let last = src.len().min(tgt.len()) as u32;
        let rows: Vec<(u32, u32)> = (0..last).map(|row| (row, row)).collect();
        let band = Band::new((0..=last).map(|row| (row, row)).collect(), rows.len());
        let mut meter = Self::new((src, tgt), links, band, parameters);
        meter.length = meter.length_of_chain(&rows, &parameters.length);
        meter
    }

    /// Of two documents analysed, in a band that is known.
    pub(crate) fn new(
        (src, tgt): (Analysis, Analysis),
        mut links: Links,
        band: Band,
        parameters: &Parameters,
    ) -> Self {
        links.weigh_locally((&src, &tgt), &band, &parameters.reliability);
        let length = LengthModel::new(&src, &tgt, &parameters.length);
        Self {
            matches: Matches::new(&links, &band),
            runs: [runs(&src, &length), runs(&tgt, &length)],
            length,
            counts_tell: counts_tell([&src, &tgt]),
            src,
            tgt,
            links,
            band,
        }
    }
}

/// Two runs of sentences looked at for the first time: at a wide band and beads of the usual shapes, which shows where the alignment runs, how lengths relate
/// and which words stand for each other; the second time, in the end, only there. Linear in the sentences.
pub(crate) struct Sight {
    /// All that is measured in the wide band, but the matches: they take much room, and are not needed any more.
    meter: Meter,
    /// Beads that are worth a second look.
    likely: Vec<Likely>,
    /// Where they are.
    band: Band,
}

impl Sight {
    pub(crate) fn of_documents(
        (src, i): (&Document, Range<usize>),
        (tgt, j): (&Document, Range<usize>),
        resources: &Resources<'_>,
    ) -> Self {
        let parameters = resources.parameters;
        let src = Analysis::new(src, i, Side::Source, resources.lexicon);
        let tgt = Analysis::new(tgt, j, Side::Target, resources.lexicon);
        let links = Links::new(
            &src,
            &tgt,
            resources.lexicon,
            &parameters.reliability,
            FEWEST_SENTENCES,
        );
        let Course { band, chain } = anchors::course(&links, src.len(), tgt.len());
        let mut meter = Meter::new((src, tgt), links, band, parameters);
        meter.length = meter.length_of_chain(&chain, &parameters.length);
        let potentials = meter.potentials(&parameters.weights, USUAL_SHAPES, &[]);
        meter.matches = Matches::default();
        let sums = potentials.sum(&meter.band);
        let (likely, band) = sums.likely(&meter.band, &potentials);
        Self { meter, likely, band }
    }

    /// The beads that are worth a second look, in order, with what their figures say but without evidence.
    pub(crate) fn pairs(&self) -> Vec<Bead> {
        let (src, tgt) = (&self.meter.src, &self.meter.tgt);
        let bead = |one: &Likely| Bead {
            src: one.src.clone(),
            tgt: one.tgt.clone(),
            confidence: one.posterior,
            verdict: qostil_figures::compare(
                src.figures_of(one.src.clone()),
                tgt.figures_of(one.tgt.clone()),
            )
            .verdict,
            evidence: Vec::new(),
        };
        let mut beads: Vec<Bead> = self.likely.iter().map(bead).collect();
        beads.sort_by_key(|bead| (bead.src.start, bead.tgt.start, bead.src.end, bead.tgt.end));
        beads
    }

    pub(crate) fn look_again(self, resources: &Resources<'_>) -> Meter {
        let parameters = resources.parameters;
        let Self {
            mut meter,
            likely,
            band,
        } = self;
        meter.length = meter.length_of_beads(&likely, &parameters.length);
        meter.band = band;
        let learnt = learnt::learn(&meter.src, &meter.tgt, &meter.links, &likely);
        if !learnt.is_empty() {
            meter
                .links
                .add(&learnt, (&meter.src, &meter.tgt), &parameters.reliability);
        }
        meter
            .links
            .weigh_locally((&meter.src, &meter.tgt), &meter.band, &parameters.reliability);
        meter.matches = Matches::new(&meter.links, &meter.band);
        meter
    }
}

/// Rarity in a bitext of few rows is counted as if the rows were drawn from this many: as many as an alignment looks at around a sentence.
const FEWEST_ROWS: f32 = 40.0;
/// The same for a document of few sentences: where there is one, all that it says would be common.
const FEWEST_SENTENCES: f32 = 8.0;

/// Sums over the matched tokens of one sentence.
#[derive(Clone, Copy, Default)]
struct Tally {
    matched: [f32; TIES],
    absent: [f32; TIES],
    lacking: f32,
}

impl Tally {
    fn add(&mut self, half: &Half, sentence: usize, mut mask: u64) {
        let bits = half.bits_of(sentence);
        for (sum, absent) in self.absent.iter_mut().zip(&half.absent[sentence]) {
            *sum += absent;
        }
        self.lacking += half.lacking[sentence];
        while mask != 0 {
            let bit = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            let weight = bits[bit].weight;
            if let Some(tie) = weight.tie {
                self.matched[tie as usize] += weight.matched;
                self.absent[tie as usize] -= weight.absent;
            }
        }
    }
}

impl Meter {
    /// The features of the bead of `src` and `tgt` sentences, at least one and at most [`LONGEST`] a side. `None` when a side has no text, or when they can
    /// not be translations by their lengths alone.
    pub(crate) fn features(&self, src: Range<usize>, tgt: Range<usize>) -> Option<Weights> {
        let mut out = [0.0; FEATURES];
        self.measure(src, tgt, |feature, value| out[feature as usize] = value)
            .then_some(out)
    }

    /// The sum of the features of a bead times their weights, in nats, where it has any.
    pub(crate) fn score(&self, src: Range<usize>, tgt: Range<usize>, weights: &Weights) -> Option<f32> {
        let mut score = 0.0;
        self.measure(src, tgt, |feature, value| {
            score += value * weights[feature as usize];
        })
        .then_some(score)
    }

    /// Calls `set` with the features of a bead that may not be 0, in their order, and says whether it has any.
    fn measure(&self, src: Range<usize>, tgt: Range<usize>, mut set: impl FnMut(Feature, f32)) -> bool {
        let (a, b) = (src.len(), tgt.len());
        let lengths = (&self.runs[0][src.start][a - 1], &self.runs[1][tgt.start][b - 1]);
        if lengths.0.characters <= 0.0 || lengths.1.characters <= 0.0 {
            return false;
        }
        if a + b > 2 && !self.length.plausible(lengths.0, lengths.1) {
            return false;
        }
        let (mut src_masks, mut tgt_masks) = ([0; LONGEST], [0; LONGEST]);
        for (i, src_mask) in src.clone().zip(&mut src_masks) {
            for (j, tgt_mask) in tgt.clone().zip(&mut tgt_masks) {
                let (of_src, of_tgt) = self.matches.of(&self.band, i, j);
                *src_mask |= of_src;
                *tgt_mask |= of_tgt;
            }
        }
        let mut tally = Tally::default();
        let mut idle = 0;
        for (sentence, &mask) in src.clone().zip(&src_masks) {
            tally.add(&self.links.src, sentence, mask);
            idle += u32::from(mask == 0 && a > 1);
        }
        let mut any = 0;
        for (sentence, &mask) in tgt.clone().zip(&tgt_masks) {
            tally.add(&self.links.tgt, sentence, mask);
            idle += u32::from(mask == 0 && b > 1);
            any |= mask;
        }
        set(Feature::Pair, 1.0);
        match a + b {
            3 => set(Feature::Merge2, 1.0),
            4 if a == b => set(Feature::Cross, 1.0),
            4 => set(Feature::Merge3, 1.0),
            5 if a == 1 || b == 1 => set(Feature::Merge4, 1.0),
            5 => set(Feature::Cross3, 1.0),
            _ => {}
        }
        let half = |tie: Tie| 0.5 * tally.matched[tie as usize];
        set(Feature::Word, half(Tie::Word) + half(Tie::Verb));
        set(Feature::Name, half(Tie::Name));
        set(Feature::Latin, half(Tie::Latin));
        set(Feature::Figure, half(Tie::Figure));
        let absent = |ties: &[Tie]| 0.5 * ties.iter().map(|&tie| tally.absent[tie as usize]).sum::<f32>();
        set(Feature::WordAbsent, absent(&[Tie::Word, Tie::Verb]));
        set(Feature::WordLacking, 0.5 * tally.lacking);
        set(Feature::NameAbsent, absent(&[Tie::Name, Tie::Latin]));
        set(Feature::FigureAbsent, absent(&[Tie::Figure]));
        set(Feature::Length, self.length.ratio(lengths.0, lengths.1));
        // as few and as many as the splitter may count in all of them joined
        let sentences = |side: &Analysis, range: &Range<usize>| {
            let all = &side.facts[range.clone()];
            let open = all[..all.len() - 1].iter().filter(|facts| facts.open).count() as u16;
            let most = all.iter().map(|facts| facts.sentences).sum::<u16>();
            (most - open, most)
        };
        let (s, t) = (sentences(&self.src, &src), sentences(&self.tgt, &tgt));
        let odd = s.0.saturating_sub(t.1).max(t.0.saturating_sub(s.1));
        set(Feature::SentencesOdd, self.counts_tell * f32::from(odd.min(3)));
        let marks = |side: &Analysis, range: &Range<usize>| {
            Marks(
                side.facts[range.clone()]
                    .iter()
                    .fold(0, |bits, facts| bits | facts.marks.0),
            )
        };
        let beside = |(s, t): (Marks, Marks)| (s.beside(t), t.beside(s));
        let (s, t) = beside((marks(&self.src, &src), marks(&self.tgt, &tgt)));
        let (both, odd) = (Marks(s.0 & t.0), Marks(s.0 ^ t.0));
        let mut compare = |agree: Feature, differ: Feature, mark: Marks| {
            set(agree, (both.0 & mark.0).count_ones() as f32);
            set(differ, (odd.0 & mark.0).count_ones() as f32);
        };
        compare(Feature::Question, Feature::QuestionOdd, Marks::QUESTION);
        compare(Feature::Quotes, Feature::QuotesOdd, Marks::QUOTES);
        let first = beside((self.src.facts[src.start].marks, self.tgt.facts[tgt.start].marks));
        let last = (
            self.src.facts[src.end - 1].marks,
            self.tgt.facts[tgt.end - 1].marks,
        );
        let opens = first.0.has(Marks::OPENS_QUOTE) && first.1.has(Marks::OPENS_QUOTE);
        let closes = last.0.has(Marks::CLOSES_QUOTE) && last.1.has(Marks::CLOSES_QUOTE);
        let edges = f32::from(u8::from(opens)) + f32::from(u8::from(closes));
        set(Feature::QuoteEdges, edges);
        set(
            Feature::OtherMarks,
            (both.0 & Marks::OTHERS.0).count_ones() as f32,
        );
        set(
            Feature::OtherMarksOdd,
            (odd.0 & Marks::OTHERS.0).count_ones() as f32,
        );
        let breaks = |side: &Analysis, range: &Range<usize>| {
            u8::from(side.facts[range.start].paragraph != side.facts[range.end - 1].paragraph)
        };
        let parted = breaks(&self.src, &src) + breaks(&self.tgt, &tgt);
        set(Feature::Break, f32::from(parted));
        set(Feature::Unmatched, f32::from(u8::from(any == 0)));
        set(Feature::Idle, idle as f32);
        true
    }

    /// What every bead of the first `shapes` in the band multiplies the weight of its path by; pairs that are `fixed`, in order, are certain.
    pub(crate) fn potentials(&self, weights: &Weights, shapes: usize, fixed: &[(u32, u32)]) -> Potentials {
        let mut out = Potentials::new(weights);
        self.each_bead(shapes, |here, shape, (src, tgt)| {
            let pair = (src.start as u32, tgt.start as u32);
            if SHAPES[shape] == (1, 1) && fixed.binary_search(&pair).is_ok() {
                out.push(here, shape, CERTAIN);
            } else if let Some(score) = self.score(src, tgt, weights) {
                out.push(here, shape, potential(score));
            }
        });
        out
    }

    /// The length model as anchored pairs of sentences see it.
    pub(crate) fn length_of_chain(&self, chain: &[(u32, u32)], length: &Length) -> LengthModel {
        let run = |side: usize, sentence: u32| &self.runs[side][sentence as usize][0];
        let pairs = chain.iter().map(|&(i, j)| (run(0, i), run(1, j)));
        let near = pairs
            .filter(|(s, t)| s.characters >= 1.0 && t.characters >= 1.0 && self.length.plausible(s, t))
            .map(|(s, t)| (s.characters, t.characters, 1.0));
        self.length
            .refined(near, length.usual(self.src.lang, self.tgt.lang), length.between)
    }

    /// The length model as likely beads see it.
    fn length_of_beads(&self, beads: &[Likely], length: &Length) -> LengthModel {
        let characters = |side: &Analysis, range: &Range<usize>| {
            side.facts[range.clone()].iter().map(|f| f.length).sum::<f32>()
        };
        let lengths = beads.iter().map(|bead| {
            (
                characters(&self.src, &bead.src),
                characters(&self.tgt, &bead.tgt),
                bead.posterior,
            )
        });
        self.length.refined(
            lengths,
            length.usual(self.src.lang, self.tgt.lang),
            length.between,
        )
    }

    /// Calls `each` with every bead of the first `shapes` whose grid points lie in the band: the place where it ends, its shape, its sentences.
    pub(crate) fn each_bead(
        &self,
        shapes: usize,
        mut each: impl FnMut(usize, usize, (Range<usize>, Range<usize>)),
    ) {
        for i in 1..=self.band.rows() {
            for j in self.band.row(i) {
                let Some(here) = self.band.at(i, j) else { continue };
                for (shape, &(a, b)) in SHAPES.iter().enumerate().take(shapes) {
                    if i >= a && j >= b && self.band.at(i - a, j - b).is_some() {
                        each(here, shape, (i - a..i, j - b..j));
                    }
                }
            }
        }
    }
}
