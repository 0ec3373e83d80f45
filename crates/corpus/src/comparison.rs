//! Two documents held against each other sentence by sentence: words and names may well be shared by all that tells of one event, but
//! only a translation says the same things in the same order.

use std::collections::BTreeMap;
use std::ops::Range;

use qostil_align::{Resources, align_documents};
use qostil_bitext::{Bead, EvidenceKind, Verdict};
use qostil_lexicon::{Lexicon, Side};
use qostil_text::{Document, Span, fold, names};

/// What an alignment of two documents says of whether they are translations of each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Sentences of the shorter document.
    pub sentences: usize,
    /// Sentences of the longer one.
    pub longer: usize,
    /// Pairs of sentences that are expected to be right: the sum of their confidences.
    pub pairs: f64,
    /// How strongly they hold together: the sum of the log-odds of those more likely than not, none counted above [`STRONGEST`].
    pub nats: f64,
    /// Of these pairs, those whose figures agree.
    pub agree: f64,
    /// Those whose figures contradict each other.
    pub contradict: f64,
    /// Names in these pairs that are found on the other side.
    pub names: usize,
    /// Names that are left over on both sides.
    pub names_apart: usize,
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
    /// Names found on both sides, and left over on both; see [`Names`].
    names: [usize; 2],
    /// Beads with two sides.
    pub(crate) pairs: Vec<Bead>,
}

/// Confidence above which names of a bead are compared.
const LIKELY: f64 = 0.5;
/// Bytes before the pairs in [`Sketch::to_bytes`].
const HEAD: usize = 16;
/// Bytes of a pair in [`Sketch::to_bytes`].
const PAIR: usize = 25;

impl Sketch {
    /// Aligns two documents.
    pub(crate) fn of(src: &Document, tgt: &Document, resources: &Resources<'_>) -> Self {
        let mut sketch = Self {
            sentences: [src, tgt].map(|document| document.sentences.len()),
            ..Self::default()
        };
        let beads = align_documents(src, tgt, resources).beads;
        let mut names = Names::default();
        for bead in beads.into_iter().filter(Bead::is_pair) {
            if bead.confidence > LIKELY {
                names.note(
                    &bead,
                    [(src, Side::Source), (tgt, Side::Target)],
                    resources.lexicon,
                );
            }
            sketch.pairs.push(Bead {
                evidence: Vec::new(),
                ..bead
            });
        }
        sketch.names = names.counts();
        sketch
    }

    /// Whether it can be of these documents.
    pub(crate) fn fits(&self, src: &Document, tgt: &Document) -> bool {
        self.sentences == [src, tgt].map(|document| document.sentences.len())
    }

    /// What it says of whether the documents are translations of each other.
    pub(crate) fn comparison(&self) -> Comparison {
        let mut found = Comparison {
            sentences: self.sentences[0].min(self.sentences[1]),
            longer: self.sentences[0].max(self.sentences[1]),
            names: self.names[0],
            names_apart: self.names[1],
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
        let mut bytes = Vec::with_capacity(HEAD + PAIR * self.pairs.len());
        // No document has more sentences than fit.
        let number = |number: usize| (number as u32).to_le_bytes();
        bytes.extend(self.sentences.into_iter().chain(self.names).flat_map(number));
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
        let (head, pairs) = bytes.split_at_checked(HEAD)?;
        let number = |bytes: &[u8]| Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize);
        let real = |bytes: &[u8]| Some(f64::from_le_bytes(bytes.try_into().ok()?));
        let sentences = [number(&head[..4])?, number(&head[4..8])?];
        let names = [number(&head[8..12])?, number(&head[12..])?];
        let pair = |bytes: &[u8]| {
            Some(Bead {
                src: number(&bytes[..4])?..number(&bytes[4..8])?,
                tgt: number(&bytes[8..12])?..number(&bytes[12..16])?,
                confidence: real(&bytes[16..24])?,
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
        is_whole.then_some(Self {
            sentences,
            names,
            pairs,
        })
    }
}

/// The names of two documents in pairs of sentences that have some on both sides. A name is a word with a capital inside a sentence that the lexicon
/// does not know; what begins alike is one.
#[derive(Default)]
struct Names {
    /// By side: how each begins, and whether it was found on the other side.
    found: [BTreeMap<String, bool>; 2],
}

/// Letters that names have in common when they are one, whatever they end in.
const BEGINNING: usize = 5;
/// Skeletons that are more alike may be of one name.
const ALIKE: f64 = 0.8;

impl Names {
    /// Takes note of the names of a bead.
    fn note(&mut self, bead: &Bead, sides: [(&Document, Side); 2], lexicon: &Lexicon) {
        let [src, tgt] = [bead.src.clone(), bead.tgt.clone()];
        let names = [
            Name::all(sides[0].0, src, sides[0].1, lexicon),
            Name::all(sides[1].0, tgt, sides[1].1, lexicon),
        ];
        if names.iter().any(Vec::is_empty) {
            return;
        }
        let is_tie = |kind| {
            matches!(
                kind,
                EvidenceKind::Name | EvidenceKind::Word | EvidenceKind::Token
            )
        };
        let ties: Vec<[Option<Span>; 2]> = bead
            .evidence
            .iter()
            .filter(|item| is_tie(item.kind))
            .map(|item| [item.src, item.tgt])
            .collect();
        for side in [0, 1] {
            for name in &names[side] {
                let is_tied = ties
                    .iter()
                    .any(|tie| tie[side].is_some_and(|span| span.overlaps(name.span)));
                let is_found = is_tied || names[1 - side].iter().any(|other| other.is_like(name));
                *self.found[side].entry(name.beginning.clone()).or_default() |= is_found;
            }
        }
    }

    /// How many were found, and how many are left over on both sides.
    fn counts(&self) -> [usize; 2] {
        let count = |wanted: bool| {
            let of_side =
                |side: &BTreeMap<String, bool>| side.values().filter(|&&found| found == wanted).count();
            self.found.iter().map(of_side).min().unwrap_or(0)
        };
        [count(true), count(false)]
    }
}

struct Name {
    span: Span,
    beginning: String,
    skeletons: Vec<String>,
}

impl Name {
    fn all(document: &Document, sentences: Range<usize>, side: Side, lexicon: &Lexicon) -> Vec<Self> {
        let (mut found, mut folded) = (Vec::new(), String::new());
        for sentence in document.sentences.get(sentences).unwrap_or(&[]) {
            let text = sentence.span.of(&document.text);
            let mut end = 0;
            for word in fold::words(text) {
                let before = text.get(end..word.start).unwrap_or("").trim_end();
                let is_inside = end > 0 && (before.is_empty() || before.ends_with([',', '-', '–', '—']));
                end = word.end;
                let written = word.of(text);
                if !is_inside || !written.starts_with(char::is_uppercase) || written.chars().nth(2).is_none()
                {
                    continue;
                }
                fold::fold_word(written, &mut folded);
                if lexicon
                    .word(side, &folded, true, document.lang)
                    .headwords
                    .is_empty()
                {
                    found.push(Self {
                        span: word.shifted(sentence.span.start),
                        beginning: folded.chars().take(BEGINNING).collect(),
                        skeletons: names::skeletons(&folded),
                    });
                }
            }
        }
        found
    }

    fn is_like(&self, other: &Self) -> bool {
        let is_alike = |a: &String| other.skeletons.iter().any(|b| names::likeness(a, b) > ALIKE);
        self.skeletons.iter().any(is_alike)
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
            names: [2, 1],
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
