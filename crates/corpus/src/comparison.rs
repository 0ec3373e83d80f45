//! Two documents held against each other sentence by sentence: words and names may well be shared by all that tells of one event, but
//! only a translation says the same things in the same order.

use qostil_align::{Resources, align_documents};
use qostil_bitext::{Bead, Verdict};
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
    Sketch::of(src, tgt, resources).comparison()
}

/// The pairs of sentences of an alignment, without their evidence: what there is to compare, and to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sketch {
    /// Sentences of either document.
    sentences: [usize; 2],
    /// Beads with two sides.
    pub(crate) pairs: Vec<Bead>,
}

/// Bytes of a pair in [`Sketch::to_bytes`].
const PAIR: usize = 25;

impl Sketch {
    /// Aligns two documents.
    pub(crate) fn of(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Self {
        let beads = align_documents(src, tgt, resources).beads.into_iter();
        let without_evidence = |bead: Bead| Bead {
            evidence: Vec::new(),
            ..bead
        };
        Self {
            sentences: [src, tgt].map(|document| document.sentences.len()),
            pairs: beads.filter(Bead::is_pair).map(without_evidence).collect(),
        }
    }

    /// Whether it can be of these documents.
    pub(crate) fn fits(&self, src: &Document, tgt: &Document) -> bool {
        self.sentences == [src, tgt].map(|document| document.sentences.len())
    }

    /// What it says of whether the documents are translations of each other.
    pub(crate) fn comparison(&self) -> Comparison {
        let mut found = Comparison {
            sentences: self.sentences[0].min(self.sentences[1]),
            ..Comparison::default()
        };
        for bead in &self.pairs {
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

    /// As the journal keeps it: to the last bit, so that what is learnt from it is the same.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + PAIR * self.pairs.len());
        // No document has more sentences than fit.
        let number = |number: usize| (number as u32).to_le_bytes();
        bytes.extend(self.sentences.into_iter().flat_map(number));
        for bead in &self.pairs {
            let ends = [bead.src.start, bead.src.end, bead.tgt.start, bead.tgt.end];
            bytes.extend(ends.into_iter().flat_map(number));
            bytes.extend(bead.confidence.to_le_bytes());
            bytes.push(match bead.verdict {
                Verdict::Agree => 0,
                Verdict::Contradict => 1,
                Verdict::None => 2,
            });
        }
        bytes
    }

    /// From what the journal kept; of what does not fit any more there is nothing.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (sentences, pairs) = bytes.split_at_checked(8)?;
        let number = |bytes: &[u8]| Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize);
        let sentences = [number(&sentences[..4])?, number(&sentences[4..])?];
        let pair = |bytes: &[u8]| {
            Some(Bead {
                src: number(&bytes[..4])?..number(&bytes[4..8])?,
                tgt: number(&bytes[8..12])?..number(&bytes[12..16])?,
                confidence: f64::from_le_bytes(bytes[16..24].try_into().ok()?),
                verdict: match bytes[24] {
                    0 => Verdict::Agree,
                    1 => Verdict::Contradict,
                    _ => Verdict::None,
                },
                evidence: Vec::new(),
            })
        };
        let chunks = pairs.chunks_exact(PAIR);
        let is_whole = chunks.remainder().is_empty();
        let pairs = chunks.map(pair).collect::<Option<_>>()?;
        is_whole.then_some(Self { sentences, pairs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let bead = |verdict| Bead {
            src: 3..5,
            tgt: 4..5,
            confidence: 0.1 + 0.2,
            verdict,
            evidence: Vec::new(),
        };
        let sketch = Sketch {
            sentences: [7, 300],
            pairs: [Verdict::Agree, Verdict::Contradict, Verdict::None]
                .map(bead)
                .into(),
        };
        let bytes = sketch.to_bytes();
        assert_eq!(Sketch::from_bytes(&bytes), Some(sketch));
        assert_eq!(Sketch::from_bytes(&bytes[1..]), None);
        assert_eq!(Sketch::from_bytes(b"spoilt"), None);
    }
}
