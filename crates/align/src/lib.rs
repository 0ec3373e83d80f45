//! Two documents and their resources in, beads with probability and evidence out.
//!
//! The flow: each document is analysed into tokens and facts (`analysis`); tokens are tied to those of the other document by value, letters, sound and
//! lexicon, each with what its match proves (`links`); rare ties give a chain and a band (`anchors`); every bead in the band is
//! measured (`features`) and scored with a few weights (`parameters`); forward–backward over the lattice (`lattice`) gives each bead its posterior, and
//! the alignment that is right most often is read off; its evidence is listed (`evidence`).
//!
//! No files, no printing, no clock: the same input gives the same output.

mod analysis;
mod anchors;
mod evidence;
mod features;
pub mod fit;
mod lattice;
mod learnt;
mod links;
mod parameters;
mod score;

use std::ops::Range;

use qostil_bitext::Bead;
use qostil_lexicon::Lexicon;
use qostil_text::Document;

pub use parameters::{FEATURES, Feature, Length, Parameters, Reliability, Weights};
pub use score::score_rows;

use features::Meter;
use lattice::{SHAPES, Step};

/// What an alignment needs beside the documents.
#[derive(Clone, Copy, Debug)]
pub struct Resources<'a> {
    /// Weights and reliabilities; [`Parameters::default`] are the shipped ones.
    pub parameters: &'a Parameters,
    /// The lexicon of the pair of languages, source side first.
    pub lexicon: &'a Lexicon,
}

/// The outcome of an alignment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Every sentence of both documents in exactly one bead, in order.
    pub beads: Vec<Bead>,
}

/// Aligns two documents. Time and memory are linear in their length.
///
/// ```
/// use qostil_align::{Parameters, Resources, align_documents};
/// use qostil_lexicon::Lexicon;
/// use qostil_text::{Document, Lang};
///
/// let kk = Document::from_lines("kk", Lang::Kazakh, "Биыл 23 мектеп салынды.\nОл 2,6 трлн теңге жұмсады.".into());
/// let en = Document::from_lines("en", Lang::English, "This year 23 schools were built.\nHe spent 2.6 trillion tenge.".into());
/// let lexicon = Lexicon::seed(kk.lang, en.lang);
/// let resources = Resources { parameters: &Parameters::default(), lexicon: &lexicon };
/// let beads = align_documents(&kk, &en, &resources).beads;
/// assert_eq!(beads.len(), 2);
/// assert_eq!(beads[1].src, 1..2);
/// ```
pub fn align_documents(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Outcome {
    align_with_fixed(src, tgt, resources, &[])
}

/// A bead that a person has fixed: it is certain, and nothing crosses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Source sentences, not empty.
    pub src: Range<usize>,
    /// Target sentences, not empty.
    pub tgt: Range<usize>,
}

/// Aligns two documents between beads that are certain: in order, disjoint, within the documents. What lies between two of them is aligned as
/// a pair of documents of its own would be, but with the rarity and the habits of the whole.
pub fn align_with_fixed(
    src: &Document,
    tgt: &Document,
    resources: &Resources<'_>,
    fixed: &[Fixed],
) -> Outcome {
    let mut beads = Vec::new();
    let (mut i, mut j) = (0, 0);
    for bead in fixed {
        beads.extend(align_range(
            src,
            i..bead.src.start,
            tgt,
            j..bead.tgt.start,
            resources,
        ));
        let sure = align_range(src, bead.src.clone(), tgt, bead.tgt.clone(), resources);
        beads.push(evidence::fixed(bead, &sure));
        (i, j) = (bead.src.end, bead.tgt.end);
    }
    beads.extend(align_range(
        src,
        i..src.sentences.len(),
        tgt,
        j..tgt.sentences.len(),
        resources,
    ));
    Outcome { beads }
}

/// Aligns a run of sentences of one document with a run of the other.
fn align_range(
    src: &Document,
    i: Range<usize>,
    tgt: &Document,
    j: Range<usize>,
    resources: &Resources<'_>,
) -> Vec<Bead> {
    let weights = &resources.parameters.weights;
    let meter = Meter::of_documents((src, i.clone()), (tgt, j.clone()), resources);
    let path = likeliest(&meter, weights);
    let mut beads = Vec::with_capacity(path.len());
    let mut done = (0, 0);
    for (step, confidence) in path {
        let (a, b) = step.size();
        let mut bead = evidence::bead(
            &meter,
            (src, tgt),
            done.0..done.0 + a,
            done.1..done.1 + b,
            confidence,
            weights,
        );
        bead.src = bead.src.start + i.start..bead.src.end + i.start;
        bead.tgt = bead.tgt.start + j.start..bead.tgt.end + j.start;
        beads.push(bead);
        done = (done.0 + a, done.1 + b);
    }
    beads
}

/// The steps of the alignment that is right most often, with their posteriors.
fn likeliest(meter: &Meter, weights: &Weights) -> Vec<(Step, f64)> {
    let mut potentials = meter.potentials(weights, SHAPES.len());
    let mut sums = potentials.sum(&meter.band);
    for _ in 0..HABIT_ROUNDS {
        potentials.set_alone(weights, sums.habit(&meter.band, &potentials));
        sums = potentials.sum(&meter.band);
    }
    lattice::decode(&meter.band, &potentials, &sums, NULL_GAIN)
}

/// How often the share of sentences without a partner is estimated anew from the posteriors: it settles in two rounds.
const HABIT_ROUNDS: usize = 2;

/// What a right one-sided bead is worth beside a right pair when an alignment is read off the posteriors. A false pair also costs the recall
/// of a true one, a false one-sided bead only precision.
const NULL_GAIN: f64 = 0.6;
