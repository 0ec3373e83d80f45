//! Two documents held against each other sentence by sentence: words and names may well be shared by all that tells of one event, but
//! only a translation says the same things in the same order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use qostil_align::{Resources, align_documents};
use qostil_bitext::{Bead, EvidenceKind, Verdict};
use qostil_lexicon::{Lexicon, Side, Word};
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
    /// How strongly they hold together: the sum of the log-odds of those more likely than not, none counted above 8.
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
    let beads = align_documents(src, tgt, resources).beads;
    comparison(&beads, src, tgt, resources.lexicon)
}

/// Confidence above which names of a bead are compared.
const LIKELY: f64 = 0.5;

/// What the beads of two documents say of whether they are translations of each other; nothing of names where beads have no evidence.
pub(crate) fn comparison(beads: &[Bead], src: &Document, tgt: &Document, lexicon: &Lexicon) -> Comparison {
    let (of_src, of_tgt) = (src.sentences.len(), tgt.sentences.len());
    let mut found = Comparison {
        sentences: of_src.min(of_tgt),
        longer: of_src.max(of_tgt),
        ..Comparison::default()
    };
    let mut names = Names::default();
    for bead in beads.iter().filter(|bead| bead.is_pair()) {
        let confidence = bead.confidence;
        if confidence > LIKELY && !bead.evidence.is_empty() {
            names.note(bead, [(src, Side::Source), (tgt, Side::Target)], lexicon);
        }
        let odds = confidence / (1.0 - confidence).max(1e-9);
        found.pairs += confidence;
        found.nats += odds.ln().clamp(0.0, STRONGEST);
        match bead.verdict {
            Verdict::Agree => found.agree += confidence,
            Verdict::Contradict => found.contradict += confidence,
            Verdict::None => {}
        }
    }
    [found.names, found.names_apart] = names.counts();
    found
}

/// Figures of two texts that contradict each other are clashes but for so many: some are misread.
const MISREAD: f64 = 0.05;

impl Comparison {
    /// Pairs of sentences whose figures contradict each other beyond what is misread.
    pub(crate) fn clashes(&self) -> f64 {
        (self.contradict - MISREAD * (self.agree + self.contradict)).max(0.0)
    }

    /// As the journal keeps it: to the last bit, so that what is made of it is the same.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let whole = [self.sentences, self.longer, self.names, self.names_apart];
        let real = [self.pairs, self.nats, self.agree, self.contradict];
        let whole = whole.into_iter().flat_map(|number| (number as u64).to_le_bytes());
        let real = real.into_iter().flat_map(f64::to_le_bytes);
        whole.chain(real).collect()
    }

    /// From what the journal kept; of what does not fit any more there is nothing.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let &[
            sentences,
            longer,
            names,
            names_apart,
            pairs,
            nats,
            agree,
            contradict,
        ] = numbers
        else {
            return None;
        };
        let whole = |bytes| usize::try_from(u64::from_le_bytes(bytes)).ok();
        let found = Self {
            sentences: whole(sentences)?,
            longer: whole(longer)?,
            pairs: f64::from_le_bytes(pairs),
            nats: f64::from_le_bytes(nats),
            agree: f64::from_le_bytes(agree),
            contradict: f64::from_le_bytes(contradict),
            names: whole(names)?,
            names_apart: whole(names_apart)?,
        };
        rest.is_empty().then_some(found)
    }
}

/// The names of two documents in pairs of sentences that have some on both sides. A name is a word with a capital inside a sentence that the lexicon
/// does not know; what begins alike is one.
#[derive(Default)]
struct Names {
    /// By side: how each begins, and whether it was found on the other side.
    found: [BTreeMap<Beginning, bool>; 2],
}

/// Letters that names have in common when they are one, whatever they end in; of a shorter name all, and zeros.
type Beginning = [char; 5];
/// Skeletons that are more alike may be of one name.
const ALIKE: f64 = 0.8;

impl Names {
    /// Takes note of the names of a bead.
    fn note(&mut self, bead: &Bead, sides: [(&Document, Side); 2], lexicon: &Lexicon) {
        let [src, tgt] = [bead.src.clone(), bead.tgt.clone()];
        let of_src = Name::all(sides[0].0, src, sides[0].1, lexicon);
        if of_src.is_empty() {
            return;
        }
        let names = [of_src, Name::all(sides[1].0, tgt, sides[1].1, lexicon)];
        if names[1].is_empty() {
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
                *self.found[side].entry(name.beginning).or_default() |= is_found;
            }
        }
    }

    /// How many were found, and how many are left over on both sides.
    fn counts(&self) -> [usize; 2] {
        let count = |wanted: bool| {
            let of_side =
                |side: &BTreeMap<Beginning, bool>| side.values().filter(|&&found| found == wanted).count();
            self.found.iter().map(of_side).min().unwrap_or(0)
        };
        [count(true), count(false)]
    }
}

/// Whether a word has a capital and two letters more.
fn is_written_as_name(word: &str) -> bool {
    word.starts_with(fold::is_capital) && word.chars().nth(2).is_some()
}

struct Name {
    span: Span,
    beginning: Beginning,
    word: Arc<Word>,
}

impl Name {
    fn all(document: &Document, sentences: Range<usize>, side: Side, lexicon: &Lexicon) -> Vec<Self> {
        let mut written = Vec::new();
        for sentence in document.sentences.get(sentences).unwrap_or(&[]) {
            let text = sentence.span.of(&document.text);
            let mut end = 0;
            for word in fold::words(text) {
                let is_inside = || {
                    let before = text.get(end..word.start).unwrap_or("").trim_end();
                    end > 0 && (before.is_empty() || before.ends_with([',', '-', '–', '—']))
                };
                if is_written_as_name(word.of(text)) && is_inside() {
                    written.push(word.shifted(sentence.span.start));
                }
                end = word.end;
            }
        }
        let fold = |word: &Span| {
            let mut folded = String::new();
            fold::fold_word(word.of(&document.text), &mut folded);
            folded
        };
        let folded: Vec<String> = written.iter().map(fold).collect();
        let asked: Vec<(&str, bool)> = folded.iter().map(|name| (name.as_str(), true)).collect();
        let read = lexicon.words(side, &asked, document.lang);
        let names = written.into_iter().zip(&folded).zip(read);
        names
            .filter(|(_, word)| word.headwords.is_empty())
            .map(|((span, folded), word)| {
                let mut beginning = Beginning::default();
                beginning
                    .iter_mut()
                    .zip(folded.chars())
                    .for_each(|(at, c)| *at = c);
                Self {
                    span,
                    beginning,
                    word,
                }
            })
            .collect()
    }

    fn is_like(&self, other: &Self) -> bool {
        let others = &other.word.skeletons;
        let is_alike = |a: &String| others.iter().any(|b| names::likeness(a, b) > ALIKE);
        self.word.skeletons.iter().any(is_alike)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let found = Comparison {
            sentences: 7,
            longer: 300,
            pairs: 0.1 + 0.2,
            nats: 12.5,
            agree: 1.0,
            contradict: 0.3,
            names: 2,
            names_apart: 1,
        };
        let bytes = found.to_bytes();
        assert_eq!(Comparison::from_bytes(&bytes), Some(found));
        assert_eq!(Comparison::from_bytes(&bytes[1..]), None);
        assert_eq!(Comparison::from_bytes(b"spoilt"), None);
    }
}
