//! What is measured of a bead.

use std::ops::Range;
use std::sync::LazyLock;

use qostil_bitext::Bead;
use qostil_text::Document;

use crate::Resources;
use crate::analysis::{Analysis, Marks};
use crate::anchors::{self, Course};
use crate::cohesion::cohesion;
use crate::figures::{Read, read};
use crate::lattice::{Band, LONGEST, Likely, Potentials, SHAPES, USUAL_SHAPES, potential};
use crate::learnt;
use crate::links::{Half, Links, TIES, Tie};
use crate::parameters::{FEATURES, Feature, Length, Parameters, Weights};
use crate::scorer::{IMPOSSIBLE, Scorer};

/// Joined sentences whose lengths differ by more standard deviations than this are not looked at: most of a band's beads. Lengths of right ones have longer tails than a
/// normal's: with 3.6 one right bead in five hundred of the long document was never seen.
const IMPLAUSIBLE: f32 = 4.5;

/// How the lengths of the two documents relate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LengthModel {
    /// Mean of `ln(target / source)`.
    pub(crate) mean: f32,
    spread: f32,
    per_char: f32,
    /// Of runs of one target sentence and more, whatever they are paired with.
    background: [Background; LONGEST],
}

/// How long runs of so many target sentences are: mean, variance and its logarithm of `ln` of their length.
#[derive(Clone, Copy, Debug, Default)]
struct Background {
    mean: f32,
    variance: f32,
    log_variance: f32,
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
        let deviation = variance.sqrt().max(0.3);
        let background = std::array::from_fn(|more| {
            let sentences = (more + 1) as f32;
            let variance = deviation * deviation / sentences;
            Background {
                mean: mean + sentences.ln(),
                variance,
                log_variance: variance.ln(),
            }
        });
        Self {
            mean: length.usual(src.lang, tgt.lang),
            spread: length.spread,
            per_char: length.per_char,
            background,
        }
    }

    fn variance(&self, src: f32, tgt: f32) -> f32 {
        self.spread * self.spread + self.per_char / src.min(tgt)
    }

    /// A run of so many sentences (1 to [`LONGEST`]) and characters, at least one, as this model sees it.
    fn run(&self, characters: f32, sentences: usize) -> Run {
        let log = characters.ln();
        let variance = self.spread * self.spread + self.per_char / characters;
        let background = self.background[sentences - 1];
        let off = log - background.mean;
        let unrelated = -0.5 * (off * off / background.variance + background.log_variance);
        Run {
            characters,
            log,
            variance,
            log_variance: variance.ln(),
            // tails heavier than a normal's, here and below: one odd length is no proof
            unrelated: (unrelated.exp() * 0.9 + 0.1 * 0.2).ln(),
            ..Run::default()
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

    /// Log-likelihood ratio of two sides being translations of each other.
    pub(crate) fn ratio(&self, Sides { src, tgt }: Sides<'_>) -> f32 {
        let shorter = src.shorter(tgt);
        let deviation = tgt.log - src.log - self.mean;
        let related = -0.5 * (deviation * deviation / shorter.variance + shorter.log_variance);
        with_heavy_tails(related) - tgt.unrelated
    }
}

/// The logarithm of `0.97 eˣ + 0.03 · 0.2`: of a normal density whose logarithm is `x`, with heavier tails. It is asked for every bead of a band, so it is read
/// off a table, to within 0.00001.
fn with_heavy_tails(x: f32) -> f32 {
    const LOWEST: f32 = -16.0; // what is less changes nothing
    const HIGHEST: f32 = 8.0;
    const STEPS: f32 = 64.0; // in one nat
    static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let at = |step: usize| 0.97 * f64::from(LOWEST + step as f32 / STEPS).exp() + 0.03 * 0.2;
        let steps = ((HIGHEST - LOWEST) * STEPS) as usize;
        (0..=steps).map(|step| at(step).ln() as f32).collect()
    });
    let steps = (x.clamp(LOWEST, HIGHEST) - LOWEST) * STEPS;
    let step = steps as usize;
    let part = steps - step as f32; // `fract` is a call
    match TABLE.get(step..) {
        Some([below, above, ..]) => below + part * (above - below),
        _ => x + 0.97_f32.ln(),
    }
}

/// A run of sentences of one side: what a bead's features need of that side alone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// None where a sentence is empty: then there is nothing else.
    characters: f32,
    log: f32,
    /// Of `ln(target / source)` where this side is the shorter one.
    variance: f32,
    log_variance: f32,
    /// How likely a target of this length is, whatever it is paired with.
    unrelated: f32,
    /// Those of all sentences, of the first and of the last one.
    marks: Marks,
    first: Marks,
    last: Marks,
    /// As few and as many sentences as the splitter may count in all of them joined.
    sentences: (u16, u16),
    /// A paragraph ends inside.
    pub(crate) breaks: bool,
    /// Nothing ends it.
    open: bool,
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
pub(crate) type Runs = Vec<[Run; LONGEST]>;

fn runs(side: &Analysis, model: &LengthModel) -> Runs {
    let from = |at: usize| {
        let mut out = [Run::default(); LONGEST];
        let begin = &side.facts[at];
        let (mut characters, mut marks, mut open, mut most) = (0.0, 0, 0, 0);
        for (facts, (run, count)) in side.facts[at..].iter().zip(out.iter_mut().zip(1..)) {
            if facts.length <= 0.0 {
                break;
            }
            characters += facts.length;
            marks |= facts.marks.0;
            most += facts.sentences;
            *run = Run {
                marks: Marks(marks),
                first: begin.marks,
                last: facts.marks,
                sentences: (most - open, most),
                breaks: begin.paragraph != facts.paragraph,
                open: facts.open,
                ..model.run(characters, count)
            };
            open += u16::from(facts.open);
        }
        out
    };
    (0..side.len()).map(from).collect()
}

/// The two sides of a bead.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) src: &'a Run,
    pub(crate) tgt: &'a Run,
}

impl Sides<'_> {
    /// By how many the splitter must count more sentences on one side than it can on the other, at most 3.
    pub(crate) fn odd_sentences(self) -> u16 {
        let (s, t) = (self.src.sentences, self.tgt.sentences);
        s.0.saturating_sub(t.1).max(t.0.saturating_sub(s.1)).min(3)
    }

    pub(crate) const fn have_marks(self) -> bool {
        self.src.marks.0 | self.tgt.marks.0 != 0
    }

    /// Calls `set` with the features of punctuation that may not be 0.
    pub(crate) fn marks(self, mut set: impl FnMut(Feature, f32)) {
        let beside = |s: Marks, t: Marks| (s.beside(t), t.beside(s));
        let (s, t) = beside(self.src.marks, self.tgt.marks);
        let (both, odd) = (Marks(s.0 & t.0), Marks(s.0 ^ t.0));
        let mut compare = |agree: Feature, differ: Feature, mark: Marks| {
            set(agree, (both.0 & mark.0).count_ones() as f32);
            set(differ, (odd.0 & mark.0).count_ones() as f32);
        };
        compare(Feature::Question, Feature::QuestionOdd, Marks::QUESTION);
        compare(Feature::Quotes, Feature::QuotesOdd, Marks::QUOTES);
        compare(Feature::OtherMarks, Feature::OtherMarksOdd, Marks::OTHERS);
        let first = beside(self.src.first, self.tgt.first);
        let opens = first.0.has(Marks::OPENS_QUOTE) && first.1.has(Marks::OPENS_QUOTE);
        let closes = self.src.last.has(Marks::CLOSES_QUOTE) && self.tgt.last.has(Marks::CLOSES_QUOTE);
        set(
            Feature::QuoteEdges,
            f32::from(u8::from(opens)) + f32::from(u8::from(closes)),
        );
    }
}

/// Measures beads of one pair of documents.
pub(crate) struct Meter {
    pub(crate) src: Analysis,
    pub(crate) tgt: Analysis,
    pub(crate) links: Links,
    pub(crate) band: Band,
    pub(crate) length: LengthModel,
    /// Of the source and of the target.
    pub(crate) runs: [Runs; 2],
    /// Of every sentence of the source and of the target, see [`cohesion()`]; 0 of rows, which may come from anywhere.
    pub(crate) cohesion: [Vec<f32>; 2],
    pub(crate) endings: Endings,
    /// How much the number of sentences in a line tells (0–1): nothing where every line is one, since then whatever a translator joined is odd.
    pub(crate) counts_tell: f32,
}

/// Where so many of the lines hold several sentences, they tell all they can.
const MANY_HOLD_SEVERAL: f32 = 0.02;

fn counts_tell(sides: [&Analysis; 2]) -> f32 {
    let lines = sides.iter().flat_map(|side| &side.facts);
    let several = lines.filter(|facts| facts.sentences > 1).count() as f32;
    let all = (sides[0].len() + sides[1].len()).max(1) as f32;
    (several / (MANY_HOLD_SEVERAL * all)).min(1.0)
}

/// What it tells whether anything ends two sides, as nothing ends a headline: log-likelihood ratios, nats.
#[derive(Clone, Copy)]
pub(crate) struct Endings {
    /// Nothing ends either.
    open: f32,
    /// One has an end.
    odd: f32,
    /// Both have.
    closed: f32,
}

/// How much of whether anything ends a sentence its translation keeps, beyond chance (0–1): of the 100 open ends in pairs of the clean development set 92 are on
/// both sides, where 7 of 100 ends are open.
const KEPT: f32 = 0.91;
/// What is known of endings before the documents are seen counts as so many open ones in so many sentences.
const OPEN_BEFORE: f32 = 2.0;
const SENTENCES_BEFORE: f32 = 20.0;

impl Endings {
    fn new(sides: [&Analysis; 2]) -> Self {
        let open = sides.map(|side| side.facts.iter().filter(|facts| facts.open).count() as f32);
        Self::of_counts(open, sides.map(Analysis::len))
    }

    /// Of documents with so many open ends in so many sentences.
    fn of_counts([src, tgt]: [f32; 2], sentences: [usize; 2]) -> Self {
        let all = (sentences[0] + sentences[1]) as f32;
        let open = (src + tgt + OPEN_BEFORE) / (all + SENTENCES_BEFORE);
        let closed = 1.0 - open;
        // where one side has fewer of them, those of the other are not kept
        let kept = KEPT * (src.min(tgt) + OPEN_BEFORE) / (src.max(tgt) + OPEN_BEFORE);
        Self {
            open: (kept * closed / open).ln_1p(),
            odd: (1.0 - kept).ln(),
            closed: (kept * open / closed).ln_1p(),
        }
    }

    pub(crate) const fn of(self, sides: Sides<'_>) -> f32 {
        match (sides.src.open, sides.tgt.open) {
            (true, true) => self.open,
            (false, false) => self.closed,
            _ => self.odd,
        }
    }
}

impl Meter {
    /// Of rows that are paired one to one.
    pub(crate) fn of_rows(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Self {
        let parameters = resources.parameters;
        let (src, tgt) = Analysis::of_pair(read(src), read(tgt), resources.lexicon);
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
        meter.cohesion.iter_mut().for_each(|side| side.fill(0.0));
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
            runs: [runs(&src, &length), runs(&tgt, &length)],
            length,
            counts_tell: counts_tell([&src, &tgt]),
            endings: Endings::new([&src, &tgt]),
            cohesion: [cohesion(&src), cohesion(&tgt)],
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
    /// All that is measured in the wide band.
    meter: Meter,
    /// Beads that are worth a second look.
    likely: Vec<Likely>,
    /// Where they are.
    band: Band,
}

impl Sight {
    /// Of two documents of which these pairs of sentences, in order, are certain.
    pub(crate) fn of_documents(
        src: Read<'_>,
        tgt: Read<'_>,
        resources: &Resources<'_>,
        fixed: &[(u32, u32)],
    ) -> Self {
        let parameters = resources.parameters;
        let (src, tgt) = Analysis::of_pair(src, tgt, resources.lexicon);
        let links = Links::new(
            &src,
            &tgt,
            resources.lexicon,
            &parameters.reliability,
            FEWEST_SENTENCES,
        );
        let Course { mut band, mut chain } = anchors::course(&links, src.len(), tgt.len());
        if !fixed.is_empty() {
            band = anchors::through(&band, fixed);
            chain.extend_from_slice(fixed);
        }
        let mut meter = Meter::new((src, tgt), links, band, parameters);
        meter.length = meter.length_of_chain(&chain, &parameters.length);
        let potentials = meter.potentials(&parameters.weights, USUAL_SHAPES, fixed);
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
                src.figures.of_sentences(one.src.clone()),
                tgt.figures.of_sentences(one.tgt.clone()),
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

/// The feature that says how many sentences a bead takes, if one does.
pub(crate) const fn shape_feature(src: usize, tgt: usize) -> Option<Feature> {
    match src + tgt {
        3 => Some(Feature::Merge2),
        4 if src == tgt => Some(Feature::Cross),
        4 => Some(Feature::Merge3),
        5 if src == 1 || tgt == 1 => Some(Feature::Merge4),
        5 => Some(Feature::Cross3),
        _ => None,
    }
}

impl Meter {
    /// Whether a bead of so many sentences may be right: where a side has no text it has no features, and where its lengths alone speak against it, as they
    /// do of most that join sentences, it is not looked at.
    pub(crate) fn may_be_right(&self, Sides { src, tgt }: Sides<'_>, sentences: usize) -> bool {
        let there = src.characters > 0.0 && tgt.characters > 0.0;
        there && (sentences == 2 || self.length.plausible(src, tgt))
    }

    /// Which tokens of a source and of a target sentence find a partner in the other, one bit a token; none outside the band.
    pub(crate) fn matches(&self, i: usize, j: usize) -> (u64, u64) {
        match self.band.at(i + 1, j + 1) {
            Some(_) => self.links.matches(i, j),
            None => (0, 0),
        }
    }

    /// The features of a bead of at least one and at most [`LONGEST`] sentences a side, if it [may be right](Meter::may_be_right).
    pub(crate) fn features(&self, src: &Range<usize>, tgt: &Range<usize>) -> Option<Weights> {
        let sides = Sides {
            src: &self.runs[0][src.start][src.len() - 1],
            tgt: &self.runs[1][tgt.start][tgt.len() - 1],
        };
        if !self.may_be_right(sides, src.len() + tgt.len()) {
            return None;
        }
        let mut masks = [[0; LONGEST]; 2];
        for (at, i) in src.clone().enumerate() {
            for (other, j) in tgt.clone().enumerate() {
                let (of_src, of_tgt) = self.matches(i, j);
                masks[0][at] |= of_src;
                masks[1][other] |= of_tgt;
            }
        }
        let mut out = [0.0; FEATURES];
        let mut set = |feature: Feature, value: f32| out[feature as usize] = value;
        let mut tally = Tally::default();
        let (mut idle, mut any) = (0, false);
        for ((half, range), masks) in [(&self.links.src, src), (&self.links.tgt, tgt)]
            .iter()
            .zip(&masks)
        {
            for (sentence, &mask) in (*range).clone().zip(masks) {
                tally.add(half, sentence, mask);
                idle += u8::from(mask == 0 && range.len() > 1);
                any |= mask != 0;
            }
        }
        set(Feature::Pair, 1.0);
        if let Some(shape) = shape_feature(src.len(), tgt.len()) {
            set(shape, 1.0);
        }
        let half = |tie: Tie| 0.5 * tally.matched[tie as usize];
        set(
            Feature::Word,
            half(Tie::Word) + half(Tie::Verb) + half(Tie::Function),
        );
        set(Feature::Name, half(Tie::Name) + half(Tie::Latin));
        set(Feature::Figure, half(Tie::Figure));
        let absent = |ties: &[Tie]| 0.5 * ties.iter().map(|&tie| tally.absent[tie as usize]).sum::<f32>();
        set(
            Feature::WordAbsent,
            absent(&[Tie::Word, Tie::Verb, Tie::Function]),
        );
        set(Feature::WordLacking, 0.5 * tally.lacking);
        set(Feature::NameAbsent, absent(&[Tie::Name, Tie::Latin]));
        set(Feature::FigureAbsent, absent(&[Tie::Figure]));
        let at_home =
            |side: usize, range: &Range<usize>| self.cohesion[side][range.clone()].iter().sum::<f32>();
        set(Feature::Cohesion, at_home(0, src) + at_home(1, tgt));
        set(Feature::Length, self.length.ratio(sides));
        set(
            Feature::SentencesOdd,
            self.counts_tell * f32::from(sides.odd_sentences()),
        );
        sides.marks(&mut set);
        set(Feature::Ending, self.endings.of(sides));
        let parted = u8::from(sides.src.breaks) + u8::from(sides.tgt.breaks);
        set(Feature::Break, f32::from(parted));
        set(Feature::Unmatched, f32::from(u8::from(!any)));
        set(Feature::Idle, f32::from(idle));
        Some(out)
    }

    /// What every bead of the first `shapes` in the band multiplies the weight of its path by; pairs that are `fixed`, in order, are certain, and beads that
    /// share a sentence with one or cross it are none.
    pub(crate) fn potentials(&self, weights: &Weights, shapes: usize, fixed: &[(u32, u32)]) -> Potentials {
        let mut out = Potentials::new(weights).with_room(&self.band, shapes);
        // of each side, how many fixed pairs there are before each sentence
        let before = |sentences: usize, at: fn(&(u32, u32)) -> u32| -> Vec<usize> {
            (0..=sentences as u32)
                .map(|sentence| fixed.partition_point(|pair| at(pair) < sentence))
                .collect()
        };
        let before = (!fixed.is_empty()).then(|| {
            (
                before(self.band.rows(), |pair| pair.0),
                before(self.band.width(), |pair| pair.1),
            )
        });
        Scorer::new(self, weights).each(shapes, |(i, j), here, shape, score| {
            let (a, b) = SHAPES[shape];
            let mut score = score;
            if let Some((src, tgt)) = &before {
                if src[i - a] != tgt[j - b] || src[i] != tgt[j] {
                    return;
                }
                match src[i] - src[i - a] {
                    0 => {}
                    1 if (a, b) == (1, 1) => score = f32::INFINITY,
                    _ => return,
                }
            }
            if score > IMPOSSIBLE {
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

#[cfg(test)]
mod tests {
    use super::{Endings, with_heavy_tails};

    #[test]
    fn the_table_of_lengths_says_what_it_stands_for() {
        for step in -40_000..20_000 {
            let x = step as f32 / 1000.0 + 0.0007;
            let exact = (0.97 * f64::from(x).exp() + 0.03 * 0.2).ln();
            assert!((f64::from(with_heavy_tails(x)) - exact).abs() < 2e-5, "{x}");
        }
    }

    #[test]
    fn endings_are_weighed_where_nothing_ends_a_sentence_and_where_everything_does() {
        for open in [[0, 0], [400, 400], [0, 400], [399, 400], [7, 9]] {
            let endings = Endings::of_counts(open.map(|count| count as f32), [400, 400]);
            let nats = [endings.open, endings.odd, endings.closed];
            assert!(nats.iter().all(|nats| nats.is_finite()), "{open:?}: {nats:?}");
            assert!(
                endings.odd < 0.0 && endings.open > 0.0 && endings.closed > 0.0,
                "{open:?}: {nats:?}"
            );
        }
    }
}
