//! Sections that changed places.
//!
//! An alignment has one order, so a section that stands elsewhere in the translation comes out as two runs of sentences without a partner, one on each
//! side. Pairs of such runs are aligned with each other by the same model; those that gain much over leaving them alone are reported.

use std::cmp::Reverse;
use std::ops::Range;

use qostil_bitext::{Bead, Evidence, EvidenceKind};
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
    /// Whether enough of its sentences, on either side, have a partner.
    fn is_dense(&self) -> bool {
        let paired =
            |side: fn(&Bead) -> &Range<usize>| self.pairs.iter().map(|pair| side(pair).len()).sum::<usize>();
        let enough = |paired: usize, all: &Range<usize>| paired as f64 >= LEAST_PAIRED * all.len() as f64;
        enough(paired(|pair| &pair.src), &self.src) && enough(paired(|pair| &pair.tgt), &self.tgt)
    }
}

/// Of a section's sentences, on either side, at least so many have a partner: likely pairs scattered over a text are no section.
const LEAST_PAIRED: f64 = 0.25;
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

/// A run of sentences alone, and after how many pairs it stands.
struct Run {
    sentences: Range<usize>,
    after: usize,
}

/// Finds the moved sections of an alignment that was made by `meter`, and says of the sentences alone that are in one where their partner stands. Costs one
/// pass over the beads where there are no long runs on both sides; else near linear in the sentences of these runs.
pub(crate) fn find(
    (src, tgt): (&Document, &Document),
    beads: &mut [Bead],
    meter: &Meter,
    resources: &Resources<'_>,
) -> Vec<Moved> {
    let runs = [runs(beads, |bead| &bead.src), runs(beads, |bead| &bead.tgt)];
    if runs.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let mut sections = Vec::new();
    let mut left = FEW + usize::midpoint(src.sentences.len(), tgt.sentences.len());
    for (from, to) in tied(&meter.links, &runs) {
        let (from, to) = (&runs[0][from], &runs[1][to]);
        if from.after == to.after {
            continue; // between the same two pairs: in order, so already looked at
        }
        let Some(rest) = left.checked_sub(from.sentences.len() + to.sentences.len()) else {
            continue;
        };
        left = rest;
        let (found, gain) = aligned((src, &from.sentences), (tgt, &to.sentences), meter, resources);
        let pairs: Vec<Bead> = found
            .into_iter()
            .filter(|bead| bead.is_pair() && bead.confidence >= LEAST_CONFIDENCE)
            .collect();
        if let [first, .., last] = &pairs[..]
            && gain >= LEAST_GAIN
            && pairs.iter().filter(|bead| bead.confidence >= LIKELY).count() >= SHORTEST
        {
            let moved = Moved {
                src: first.src.start..last.src.end,
                tgt: first.tgt.start..last.tgt.end,
                pairs,
            };
            if moved.is_dense() {
                sections.push((gain, moved));
            }
        }
    }
    sections.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.src.start.cmp(&b.1.src.start)));
    let mut out: Vec<Moved> = Vec::new();
    for (_, section) in sections {
        let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        if !out
            .iter()
            .any(|other| overlap(&other.src, &section.src) || overlap(&other.tgt, &section.tgt))
        {
            out.push(section);
        }
    }
    out.sort_by_key(|section| section.src.start);
    for pair in out.iter_mut().flat_map(|section| &mut section.pairs) {
        point(src, tgt, pair, beads);
        pair.evidence.insert(0, mark());
    }
    out
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

/// The runs of sentences alone on one side.
fn runs(beads: &[Bead], side: impl Fn(&Bead) -> &Range<usize>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut after = 0;
    for bead in beads {
        let range = side(bead);
        if bead.is_pair() {
            after += 1;
        } else if !range.is_empty() {
            match out.last_mut().filter(|run| run.after == after) {
                Some(run) => run.sentences.end = range.end,
                None => out.push(Run {
                    sentences: range.clone(),
                    after,
                }),
            }
        }
    }
    out.retain(|run| run.sentences.len() >= SHORTEST);
    out
}

/// Pairs of runs, by their numbers, of which a few source sentences are tied to the other run by rare tokens, in order, those with the most ties first.
fn tied(links: &Links, runs: &[Vec<Run>; 2]) -> Vec<(usize, usize)> {
    let src_run = run_of_each(&runs[0], links.src.sentences());
    let tgt_run = run_of_each(&runs[1], links.tgt.sentences());
    // rarity as in a document of at least so many sentences
    let all = links.tgt.sentences() as f32;
    let more = ((all.max(FEWEST) + 1.0) / (all.max(links.src.fewest) + 1.0)).ln();
    let mut ties: FxHashMap<(usize, usize), Vec<Tied>> = FxHashMap::default();
    for (i, j, weight) in anchors::candidates(links, more, |i| src_run[i].is_some()) {
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

/// A source sentence, a target sentence counted from the beginning of its run, and what their rare common tokens weigh.
type Tied = (u32, u32, f32);
/// So many sentences are tied by rare tokens in a section that moved.
const LEAST_TIED: usize = 2;
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
