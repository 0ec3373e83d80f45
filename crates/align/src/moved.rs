//! Sections that changed places.
//!
//! An alignment has one order, so a section that stands elsewhere in the translation comes out as two runs of sentences without a partner, one on each
//! side; where sections changed places with each other, sentences of one may be paired with those of the other, with little confidence. Pairs of such runs
//! are aligned with each other by the same model; those that gain much over leaving them alone are reported. What they leave of their runs is looked at again,
//! since sections that stand beside each other may be in another order there; in the end pieces of one section are joined.

use std::cmp::Reverse;
use std::ops::Range;

use qostil_bitext::{Bead, Evidence, EvidenceKind, Verdict};
use qostil_text::Document;
use rustc_hash::FxHashMap;

use crate::features::Meter;
use crate::links::Links;
use crate::{Resources, anchors, beads_of, likeliest};

/// A section of the source whose translation stands out of order in the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Source sentences from the first to the last that has a partner.
    pub src: Range<usize>,
    /// The same of the target.
    pub tgt: Range<usize>,
    /// Its pairs, in order; in [`Outcome::beads`](crate::Outcome::beads) their sentences stand alone.
    pub pairs: Vec<Bead>,
}

impl Moved {
    /// Whether so large a share of its sentences, on either side, has a partner.
    fn is_dense(&self, least: f64) -> bool {
        let paired =
            |side: fn(&Bead) -> &Range<usize>| self.pairs.iter().map(|pair| side(pair).len()).sum::<usize>();
        let enough = |paired: usize, all: &Range<usize>| paired as f64 >= least * all.len() as f64;
        enough(paired(|pair| &pair.src), &self.src) && enough(paired(|pair| &pair.tgt), &self.tgt)
    }
}

/// Of a section's sentences, on either side, at least so many have a partner: likely pairs scattered over a text are no section. More where
/// sentences of pairs that are not sure are looked at, of which documents that have nothing to do with each other are full.
const LEAST_PAIRED: [f64; 2] = [0.25, 0.5];

/// Runs with fewer pairs that are likelier than not are no sections: two sentences without a partner are alike by chance too often.
const SHORTEST: usize = 3;
const LIKELY: f64 = 0.5;
/// Rarity in a run is counted as if it were a document of so many sentences.
const FEWEST: f32 = 40.0;
/// Nats by which the best alignments of two runs must outweigh leaving them alone: moved sections are rare, and of many pairs of runs the luckiest is looked at.
const LEAST_GAIN: f64 = 15.0;
/// A pair of a section that is less likely than this is left out of it: where two ways to pair its sentences are about as likely, one is shown.
const LEAST_CONFIDENCE: f64 = 0.3;

/// Pairs of runs are looked at, those with the most ties first, until they have as many sentences as half of both documents and so many more: in texts that
/// repeat themselves everything is tied to everything.
const FEW: usize = 4000;

/// A pair of the alignment that is less likely than this may stand in the place of a moved section: its sentences are looked at as if they were alone.
const SURE: f64 = 0.9;
/// Fewest sentences of a run that are alone.
const LEAST_ALONE: usize = 2;

/// How often what sections have left of their runs is looked at.
const ROUNDS: usize = 4;

/// A run of sentences alone or in pairs that are not sure, and after how many sure pairs it stands.
struct Run {
    sentences: Range<usize>,
    after: usize,
    /// How many are alone.
    alone: usize,
}

/// Finds the moved sections of an alignment that was made by `meter`, and says of the sentences alone that are in one where their partner stands; pairs
/// that are less likely than those of a section with the same sentences are parted. Costs one
/// pass over the beads where there are no long runs on both sides; else near linear in the sentences of these runs.
pub(crate) fn find(
    (src, tgt): (&Document, &Document),
    beads: &mut Vec<Bead>,
    meter: &Meter,
    resources: &Resources<'_>,
) -> Vec<Moved> {
    let Some(mut search) = Search::new((src, tgt), beads, meter, resources) else {
        return Vec::new();
    };
    for (sure, dense) in [0.0, SURE].into_iter().zip(LEAST_PAIRED) {
        for _ in 0..ROUNDS {
            if !search.look(beads, sure, dense) {
                break;
            }
        }
    }
    search.join();
    let mut out = search.found;
    if out.is_empty() {
        return out;
    }
    part(beads, &out, (src.sentences.len(), tgt.sentences.len()));
    for pair in out.iter_mut().flat_map(|section| &mut section.pairs) {
        point(src, tgt, pair, beads);
        pair.evidence.insert(0, mark());
    }
    out
}

/// Sections as they are found.
struct Search<'a> {
    documents: (&'a Document, &'a Document),
    meter: &'a Meter,
    resources: &'a Resources<'a>,
    /// Pairs of sentences of runs that rare tokens tie, in order.
    ties: Vec<Tied>,
    /// Their numbers in the order of the target.
    back: Vec<u32>,
    /// How likely the pair is that holds each sentence of either side; 0 for one that is alone.
    held: [Vec<f64>; 2],
    /// Sentences that may still be aligned.
    left: usize,
    /// Disjoint.
    found: Vec<Moved>,
}

impl<'a> Search<'a> {
    /// `None` where there are no runs on both sides.
    fn new(
        (src, tgt): (&'a Document, &'a Document),
        beads: &[Bead],
        meter: &'a Meter,
        resources: &'a Resources<'a>,
    ) -> Option<Self> {
        let runs = both_runs(beads, SURE, &[]);
        if runs.iter().any(Vec::is_empty) {
            return None;
        }
        let links = &meter.links;
        let asked = run_of_each(&runs[0], links.src.sentences());
        let answers = run_of_each(&runs[1], links.tgt.sentences());
        // rarity as in a document of at least so many sentences
        let all = links.tgt.sentences() as f32;
        let more = ((all.max(FEWEST) + 1.0) / (all.max(links.src.fewest) + 1.0)).ln();
        let mut ties = anchors::candidates(links, more, |i| asked[i].is_some());
        ties.retain(|&(_, j, _)| answers[j as usize].is_some());
        let mut back: Vec<u32> = (0..ties.len() as u32).collect();
        back.sort_by_key(|&number| ties[number as usize].1);
        Some(Self {
            documents: (src, tgt),
            meter,
            resources,
            ties,
            back,
            held: [
                held(beads, src.sentences.len(), |bead| &bead.src),
                held(beads, tgt.sentences.len(), |bead| &bead.tgt),
            ],
            left: FEW + usize::midpoint(src.sentences.len(), tgt.sentences.len()),
            found: Vec::new(),
        })
    }

    /// Looks for sections among the sentences that are in none yet nor in pairs as likely as `sure`; whether there were any. Of
    /// their sentences a share of `dense` has a partner.
    fn look(&mut self, beads: &[Bead], sure: f64, dense: f64) -> bool {
        let runs = both_runs(beads, sure, &self.found);
        if runs.iter().any(Vec::is_empty) {
            return false;
        }
        let mut sections = Vec::new();
        for (from, to) in tied(&self.ties, &runs, self.held.each_ref().map(Vec::len)) {
            let (from, to) = (&runs[0][from], &runs[1][to]);
            if is_in_order(from, to, &self.found) {
                continue;
            }
            let Some(left) = self.left.checked_sub(from.sentences.len() + to.sentences.len()) else {
                continue;
            };
            self.left = left;
            let section = self.section(from, to);
            sections.extend(section.filter(|(_, section)| section.is_dense(dense)));
        }
        sections.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.src.start.cmp(&b.1.src.start)));
        let before = self.found.len();
        for (_, section) in sections {
            let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
            let is_free =
                |other: &Moved| !overlap(&other.src, &section.src) && !overlap(&other.tgt, &section.tgt);
            if self.found[before..].iter().all(is_free) {
                self.found.push(section);
            }
        }
        self.found.len() > before
    }

    /// Aligns anew, as one, sections of which each follows the one before on both sides: one long section is found in pieces where sentences of it are paired in the
    /// order of the whole. Afterwards the sections are in the order of the source.
    fn join(&mut self) {
        self.found.sort_by_key(|section| section.tgt.start);
        // each with its place in the order of the target
        let mut all: Vec<(usize, Moved)> = self.found.drain(..).enumerate().collect();
        all.sort_by_key(|(_, section)| section.src.start);
        for pieces in all.chunk_by(|(at, piece), (next, after)| *next == at + 1 && are_near(piece, after)) {
            let whole = self.whole(pieces);
            match whole {
                Some(section) => self.found.push(section),
                None => self.found.extend(pieces.iter().map(|(_, piece)| piece.clone())),
            }
        }
    }

    /// The section that these are pieces of, if it holds about all pairs that they do.
    fn whole(&mut self, pieces: &[(usize, Moved)]) -> Option<Moved> {
        let [(_, first), .., (_, last)] = pieces else {
            return None;
        };
        let run = |sentences: Range<usize>| Run {
            alone: sentences.len(),
            sentences,
            after: 0,
        };
        let (from, to) = (
            run(first.src.start..last.src.end),
            run(first.tgt.start..last.tgt.end),
        );
        self.left = self.left.checked_sub(from.sentences.len() + to.sentences.len())?;
        let (_, section) = self.section(&from, &to)?;
        let known: usize = pieces.iter().map(|(_, piece)| piece.pairs.len()).sum();
        let holds_them = section.pairs.len() as f64 >= KEPT * known as f64;
        (holds_them && section.is_dense(LEAST_PAIRED[1])).then_some(section)
    }

    /// The section that two runs have in common, if there is one, and by how many nats it outweighs leaving them alone.
    fn section(&self, from: &Run, to: &Run) -> Option<(f64, Moved)> {
        let (src, tgt) = self.documents;
        let (found, gain) = aligned(
            (src, &from.sentences),
            (tgt, &to.sentences),
            self.meter,
            self.resources,
        );
        let outweighs = |bead: &Bead| {
            let [src, tgt] = &self.held;
            let mut holders = src[bead.src.clone()].iter().chain(&tgt[bead.tgt.clone()]);
            holders.all(|held| *held <= bead.confidence)
        };
        let pairs: Vec<Bead> = found
            .into_iter()
            .filter(|bead| bead.is_pair() && bead.confidence >= LEAST_CONFIDENCE && outweighs(bead))
            .filter(|bead| self.holds(bead))
            .collect();
        let likely = pairs.iter().filter(|bead| bead.confidence >= LIKELY);
        let tied = likely.clone().filter(|bead| self.pull(bead)[0] > 0.0).count();
        let likely = likely.count();
        let section = Moved {
            src: pairs.first()?.src.start..pairs.last()?.src.end,
            tgt: pairs.first()?.tgt.start..pairs.last()?.tgt.end,
            pairs,
        };
        (gain >= LEAST_GAIN && likely >= SHORTEST && tied >= LEAST_TIED).then_some((gain, section))
    }

    /// Whether no sentence of a pair is tied more strongly to one elsewhere: where the order is another throughout, sentences that follow each other on both
    /// sides are paired though the partner of each stands in another place.
    fn holds(&self, pair: &Bead) -> bool {
        let [own, elsewhere] = self.pull(pair);
        elsewhere <= own + CONTESTED
    }

    /// The strongest tie between the two sides of a pair, and of one of its sentences to another sentence; 0 for none.
    fn pull(&self, pair: &Bead) -> [f32; 2] {
        let forth = within(&self.ties, |tie| tie.0, &pair.src).iter().copied();
        let numbered = |number: u32| self.ties[number as usize];
        let back = within(&self.back, |&number| numbered(number).1, &pair.tgt);
        let mut strongest = [0.0_f32; 2];
        for (i, j, weight) in forth.chain(back.iter().map(|&number| numbered(number))) {
            let is_own = pair.src.contains(&(i as usize)) && pair.tgt.contains(&(j as usize));
            let strongest = &mut strongest[usize::from(!is_own)];
            *strongest = strongest.max(weight);
        }
        strongest
    }
}

/// Of a list in the order of its sentences those that are of `sentences`.
fn within<'l, T>(list: &'l [T], sentence: impl Fn(&T) -> u32, sentences: &Range<usize>) -> &'l [T] {
    let from = list.partition_point(|item| (sentence(item) as usize) < sentences.start);
    let (_, rest) = list.split_at(from);
    let count = rest.partition_point(|item| (sentence(item) as usize) < sentences.end);
    &rest[..count]
}

/// A section has at least this share of the pairs of its pieces: of those that are found in a few sentences alone some are wrong.
const KEPT: f64 = 0.9;

/// Whether so few sentences stand between two sections, on either side, that half of all may be in pairs.
fn are_near(piece: &Moved, after: &Moved) -> bool {
    let most = piece.pairs.len() + after.pairs.len();
    let between = |from: &Range<usize>, to: &Range<usize>| to.start.saturating_sub(from.end);
    between(&piece.src, &after.src).max(between(&piece.tgt, &after.tgt)) <= most
}

/// The runs of either side.
fn both_runs(beads: &[Bead], sure: f64, known: &[Moved]) -> [Vec<Run>; 2] {
    [
        runs(
            (beads, sure),
            |bead| &bead.src,
            known.iter().map(|section| &section.src),
        ),
        runs(
            (beads, sure),
            |bead| &bead.tgt,
            known.iter().map(|section| &section.tgt),
        ),
    ]
}

/// Whether two runs stand between the same sure pairs and sections: what is in order was looked at already.
fn is_in_order(from: &Run, to: &Run, known: &[Moved]) -> bool {
    let is_before = |run: &Run, section: &Range<usize>| run.sentences.end <= section.start;
    from.after == to.after
        && known
            .iter()
            .all(|section| is_before(from, &section.src) == is_before(to, &section.tgt))
}

/// How likely the pair is that holds each of so many sentences; 0 for one that is alone.
fn held(beads: &[Bead], sentences: usize, side: impl Fn(&Bead) -> &Range<usize>) -> Vec<f64> {
    let mut held = vec![0.0; sentences];
    for bead in beads.iter().filter(|bead| bead.is_pair()) {
        held[side(bead).clone()].fill(bead.confidence);
    }
    held
}

/// Parts the pairs that hold sentences of sections.
fn part(beads: &mut Vec<Bead>, sections: &[Moved], (n, m): (usize, usize)) {
    let (mut src, mut tgt) = (vec![false; n], vec![false; m]);
    for pair in sections.iter().flat_map(|section| &section.pairs) {
        src[pair.src.clone()].fill(true);
        tgt[pair.tgt.clone()].fill(true);
    }
    let is_parted = |bead: &Bead| {
        bead.is_pair() && (src[bead.src.clone()].contains(&true) || tgt[bead.tgt.clone()].contains(&true))
    };
    if !beads.iter().any(is_parted) {
        return;
    }
    let mut out = Vec::with_capacity(beads.len() + 2 * sections.len());
    for bead in beads.drain(..) {
        if !is_parted(&bead) {
            out.push(bead);
            continue;
        }
        let alone = |src: Range<usize>, tgt: Range<usize>| Bead {
            src,
            tgt,
            confidence: 1.0 - bead.confidence,
            verdict: Verdict::None,
            evidence: Vec::new(),
        };
        let (before, after) = (bead.tgt.start, bead.src.end);
        out.extend(bead.src.clone().map(|i| alone(i..i + 1, before..before)));
        out.extend(bead.tgt.clone().map(|j| alone(after..after, j..j + 1)));
    }
    *beads = out;
}

/// Two runs aligned with each other, and by how many nats that outweighs leaving them alone.
fn aligned(
    (src, i): (&Document, &Range<usize>),
    (tgt, j): (&Document, &Range<usize>),
    whole: &Meter,
    resources: &Resources<'_>,
) -> (Vec<Bead>, f64) {
    let parameters = resources.parameters;
    let analysed = (whole.src.part(i.clone()), whole.tgt.part(j.clone()));
    let links = Links::new(
        &analysed.0,
        &analysed.1,
        resources.lexicon,
        &parameters.reliability,
        FEWEST,
    );
    let band = anchors::course(&links, analysed.0.len(), analysed.1.len()).band;
    let meter = Meter::new(analysed, links, band, parameters);
    let (path, gain) = likeliest(&meter, &parameters.weights, &[]);
    let mut beads = beads_of(&path, &meter, (src, tgt), parameters);
    for bead in &mut beads {
        bead.src = bead.src.start + i.start..bead.src.end + i.start;
        bead.tgt = bead.tgt.start + j.start..bead.tgt.end + j.start;
    }
    (beads, gain)
}

/// The runs on one side, without the sentences of sections that are `known`.
fn runs<'s>(
    (beads, sure): (&[Bead], f64),
    side: impl Fn(&Bead) -> &Range<usize>,
    known: impl Iterator<Item = &'s Range<usize>>,
) -> Vec<Run> {
    let mut known: Vec<&Range<usize>> = known.collect();
    known.sort_unstable_by_key(|section| section.start);
    let mut known = known.into_iter().peekable();
    let mut out: Vec<Run> = Vec::new();
    let mut after = 0;
    for bead in beads {
        if bead.is_pair() && bead.confidence >= sure {
            after += 1;
            continue;
        }
        for sentence in side(bead).clone() {
            while known.next_if(|section| section.end <= sentence).is_some() {}
            if known.peek().is_some_and(|section| section.contains(&sentence)) {
                continue;
            }
            let alone = usize::from(!bead.is_pair());
            match out.last_mut() {
                Some(run) if run.after == after && run.sentences.end == sentence => {
                    run.sentences.end += 1;
                    run.alone += alone;
                }
                _ => out.push(Run {
                    sentences: sentence..sentence + 1,
                    after,
                    alone,
                }),
            }
        }
    }
    out.retain(|run| run.sentences.len() >= SHORTEST && run.alone >= LEAST_ALONE);
    out
}

/// Pairs of runs, by their numbers, of which a few source sentences are tied to the other run by rare tokens, in order, those with the most ties first.
fn tied(all: &[Tied], runs: &[Vec<Run>; 2], sentences: [usize; 2]) -> Vec<(usize, usize)> {
    let src_run = run_of_each(&runs[0], sentences[0]);
    let tgt_run = run_of_each(&runs[1], sentences[1]);
    let mut ties: FxHashMap<(usize, usize), Vec<Tied>> = FxHashMap::default();
    for &(i, j, weight) in all {
        let (Some(from), Some(to)) = (src_run[i as usize], tgt_run[j as usize]) else {
            continue;
        };
        let j = j - runs[1][to].sentences.start as u32;
        ties.entry((from, to)).or_default().push((i, j, weight));
    }
    let mut pairs: Vec<((usize, usize), usize)> = Vec::new();
    for (pair, ties) in ties {
        let all: f64 = ties.iter().map(|tie| f64::from(tie.2)).sum();
        if ties.len() < LEAST_TIED || all < LEAST_GAIN {
            continue;
        }
        // a section keeps its order, and what ties it together is rare
        let (chain, weight) = anchors::chain(&ties, runs[1][pair.1].sentences.len());
        if chain.len() >= LEAST_TIED && weight >= LEAST_GAIN {
            pairs.push((pair, chain.len()));
        }
    }
    pairs.sort_unstable_by_key(|&(pair, count)| (pair.0, Reverse(count), pair.1));
    // A run moved to one place, perhaps parted: its best few partners are looked at.
    let mut seen = (usize::MAX, 0);
    pairs.retain(|&((from, _), _)| {
        seen = if seen.0 == from {
            (from, seen.1 + 1)
        } else {
            (from, 1)
        };
        seen.1 <= PARTNERS
    });
    pairs.sort_by_key(|&(_, count)| Reverse(count));
    pairs.into_iter().map(|(pair, _)| pair).collect()
}

/// A source sentence, a target sentence, in a run counted from its beginning, and what their rare common tokens weigh.
type Tied = (u32, u32, f32);
/// So many sentences are tied by rare tokens in a section that moved.
const LEAST_TIED: usize = 2;
/// Nats by which rare tokens may tie a sentence of a section to one elsewhere more than to its partner: by so little words meet by chance.
const CONTESTED: f32 = 3.0;
/// How many runs of the target one of the source is aligned with, those with the most ties first.
const PARTNERS: usize = 4;

/// The number of the run that each of so many sentences is in.
fn run_of_each(runs: &[Run], sentences: usize) -> Vec<Option<usize>> {
    let mut out = vec![None; sentences];
    for (number, run) in runs.iter().enumerate() {
        out[run.sentences.clone()].fill(Some(number));
    }
    out
}

/// The word of it, without a place.
fn mark() -> Evidence {
    Evidence {
        kind: EvidenceKind::Moved,
        src: None,
        tgt: None,
        src_text: String::new(),
        tgt_text: String::new(),
        weight: 0.0,
    }
}

/// Says of the sentences of `pair`, which stand alone, where their partner is.
fn point(src: &Document, tgt: &Document, pair: &Bead, beads: &mut [Bead]) {
    let place = |document: &Document, range: &Range<usize>| {
        let sentences = document.sentences.get(range.clone()).unwrap_or(&[]);
        let (first, last) = (sentences.first()?, sentences.last()?);
        Some(qostil_text::Span::new(first.span.start, last.span.end))
    };
    let evidence = Evidence {
        src: place(src, &pair.src),
        tgt: place(tgt, &pair.tgt),
        ..mark()
    };
    let within = |one: &Range<usize>, all: &Range<usize>| {
        !one.is_empty() && all.start <= one.start && one.end <= all.end
    };
    let is_before = |bead: &Bead, src: bool| {
        if src {
            bead.src.end <= pair.src.start
        } else {
            bead.tgt.end <= pair.tgt.start
        }
    };
    for side in [true, false] {
        let from = beads.partition_point(|bead| is_before(bead, side));
        for bead in beads.iter_mut().skip(from) {
            let (own, all) = if side {
                (&bead.src, &pair.src)
            } else {
                (&bead.tgt, &pair.tgt)
            };
            if own.start >= all.end {
                break;
            }
            if within(own, all) && !bead.is_pair() {
                bead.confidence = bead.confidence.min(1.0 - pair.confidence);
                bead.evidence.push(evidence.clone());
            }
        }
    }
}
