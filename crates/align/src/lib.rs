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
mod fixed;
mod lattice;
mod learnt;
mod links;
mod moved;
mod parameters;
mod score;

use qostil_bitext::{Bead, Verdict};
use qostil_lexicon::Lexicon;
use qostil_text::Document;

pub use fixed::Fixed;
pub use moved::Moved;
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
    /// Sections that changed places, in the order of the source: their sentences stand alone in `beads`.
    pub moved: Vec<Moved>,
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

/// The pairs of sentences that look likely at first sight, in order, with their probability (0–1) and nothing else: no beads of unusual shapes, no evidence.
/// At half the cost of [`align_documents`] enough to learn words from; pairs may overlap.
pub fn glance(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Vec<Bead> {
    let (i, j) = (0..src.sentences.len(), 0..tgt.sentences.len());
    let (_, likely, _) = Meter::at_first_sight((src, i), (tgt, j), resources);
    let mut beads: Vec<Bead> = likely
        .into_iter()
        .map(|bead| Bead {
            src: bead.src,
            tgt: bead.tgt,
            confidence: bead.posterior,
            verdict: Verdict::None,
            evidence: Vec::new(),
        })
        .collect();
    beads.sort_by_key(|bead| (bead.src.start, bead.tgt.start, bead.src.end, bead.tgt.end));
    beads
}

/// Aligns two documents around beads that are certain: in order, disjoint, within the documents. All others are aligned by the same model, with the
/// rarity and the habits of the whole.
pub fn align_with_fixed(
    src: &Document,
    tgt: &Document,
    resources: &Resources<'_>,
    fixed: &[Fixed],
) -> Outcome {
    let mut beads = if fixed.is_empty() {
        let (i, j) = (0..src.sentences.len(), 0..tgt.sentences.len());
        let meter = Meter::of_documents((src, i), (tgt, j), resources);
        let (path, _) = likeliest(&meter, &resources.parameters.weights, &[]);
        beads_of(&path, &meter, (src, tgt), resources.parameters)
    } else {
        fixed::align(src, tgt, resources, fixed)
    };
    let moved = moved::find(src, tgt, &mut beads, resources);
    Outcome { beads, moved }
}

/// The beads of a path with their evidence, numbered from the meter's first sentences.
fn beads_of(
    path: &[(Step, f64)],
    meter: &Meter,
    documents: (&Document, &Document),
    parameters: &Parameters,
) -> Vec<Bead> {
    let mut beads = Vec::with_capacity(path.len());
    let mut done = (0, 0);
    for &(step, confidence) in path {
        let (a, b) = step.size();
        let (src, tgt) = (done.0..done.0 + a, done.1..done.1 + b);
        beads.push(evidence::bead(meter, documents, src, tgt, confidence, parameters));
        done = (done.0 + a, done.1 + b);
    }
    beads
}

/// The steps of the alignment that is right most often, with their posteriors, around pairs that are `fixed`; and by how many nats all alignments together
/// outweigh the one that leaves every sentence alone.
fn likeliest(meter: &Meter, weights: &Weights, fixed: &[(u32, u32)]) -> (Vec<(Step, f64)>, f64) {
    let mut potentials = meter.potentials(weights, SHAPES.len(), fixed);
    let mut sums = potentials.sum(&meter.band);
    for _ in 0..HABIT_ROUNDS {
        potentials.set_habits(weights, sums.habits(&meter.band, &potentials));
        sums = potentials.sum(&meter.band);
    }
    let gain = sums.total - potentials.all_alone(&meter.band);
    (lattice::decode(&meter.band, &potentials, &sums, NULL_GAIN), gain)
}

/// How often the share of sentences without a partner is estimated anew from the posteriors: it settles in two rounds.
const HABIT_ROUNDS: usize = 2;

/// What a right one-sided bead is worth beside a right pair when an alignment is read off the posteriors. A false pair also costs the recall
/// of a true one, a false one-sided bead only precision.
const NULL_GAIN: f64 = 0.6;
