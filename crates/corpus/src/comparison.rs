//! Two documents held against each other sentence by sentence: words and names may well be shared by all that tells of one event, but
//! only a translation says the same things in the same order.

use qostil_align::{Resources, align_documents};
use qostil_bitext::Verdict;
use qostil_text::Document;

/// What an alignment of two documents says of whether they are translations of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Sentences of the shorter document.
    pub sentences: usize,
    /// Pairs of sentences that are expected to be right: the sum of their confidences.
    pub pairs: f64,
    /// How strongly they hold together: the sum of the log-odds of those more likely than not, none counted above [`STRONGEST`].
    pub nats: f64,
    /// Of these pairs, those whose figures agree.
    pub agree: f64,
    /// Those whose figures contradict each other.
    pub contradict: f64,
}

/// Log-odds, in nats, above which a pair of sentences counts no more.
pub(crate) const STRONGEST: f64 = 8.0;

/// Compares two documents by aligning them. Linear in their lengths.
pub fn compare_documents(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Comparison {
    let mut found = Comparison {
        sentences: src.sentences.len().min(tgt.sentences.len()),
        ..Comparison::default()
    };
    let outcome = align_documents(src, tgt, resources);
    for bead in outcome.beads.iter().filter(|bead| bead.is_pair()) {
        let confidence = bead.confidence;
        let odds = confidence / (1.0 - confidence).max(1e-9);
        found.pairs += confidence;
        found.nats += odds.ln().clamp(0.0, STRONGEST);
        match bead.verdict {
            Verdict::Agree => found.agree += confidence,
            Verdict::Contradict => found.contradict += confidence,
            Verdict::None => {}
        }
    }
    found
}
