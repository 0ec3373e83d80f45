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
mod links;
mod parameters;

use qostil_bitext::Bead;
use qostil_lexicon::{Lexicon, Side};
use qostil_text::Document;

pub use parameters::{FEATURES, Feature, Length, Parameters, Reliability, Weights};

use analysis::Analysis;
use features::{LengthModel, Matches, Meter};
use links::{Learnt, Links};

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
    let analysed = (
        Analysis::new(src, Side::Source, resources.lexicon),
        Analysis::new(tgt, Side::Target, resources.lexicon),
    );
    let parameters = resources.parameters;
    let mut links = Links::new(
        &analysed.0,
        &analysed.1,
        resources.lexicon,
        &Learnt::default(),
        &parameters.reliability,
    );
    let band = anchors::band(&links, analysed.0.len(), analysed.1.len());
    links.weigh_locally(&band, &parameters.reliability);
    let matches = Matches::new(&links, &band);
    let mut meter = Meter {
        src: &analysed.0,
        tgt: &analysed.1,
        links: &links,
        matches: &matches,
        band: &band,
        length: LengthModel::new(&analysed.0, &analysed.1, &parameters.length),
    };
    let mut scores = meter.scores(&parameters.weights);
    let mut sums = scores.sum(&band);
    meter.length = meter.refined_length(&sums, &scores, &parameters.length);
    scores = meter.scores(&parameters.weights);
    for _ in 0..HABIT_ROUNDS {
        scores.set_alone(&parameters.weights, sums.habit(&band, &scores));
        sums = scores.sum(&band);
    }
    let path = lattice::decode(&band, &scores, &sums, NULL_GAIN);
    let mut beads = Vec::with_capacity(path.len());
    let (mut i, mut j) = (0, 0);
    for (step, confidence) in path {
        let (a, b) = step.size();
        beads.push(evidence::bead(
            &meter,
            (src, tgt),
            i..i + a,
            j..j + b,
            confidence,
            &parameters.weights,
        ));
        (i, j) = (i + a, j + b);
    }
    Outcome { beads }
}

/// How often the share of sentences without a partner is estimated anew from the posteriors: it settles in two rounds.
const HABIT_ROUNDS: usize = 2;

/// What a right one-sided bead is worth beside a right pair when an alignment is read off the posteriors. A false pair also costs the recall
/// of a true one, a false one-sided bead only precision.
const NULL_GAIN: f64 = 0.6;
