//! Why a bead: its matches with their places, and what else weighs.

use std::ops::Range;

use qostil_bitext::{Bead, Evidence, EvidenceKind, Verdict};
use qostil_text::{Document, Lang, Span};

use crate::features::Meter;
use crate::links::{Tie, kind_bit};
use crate::parameters::{FEATURES, Feature, Parameters};

/// The bead of these sentences with its verdict and evidence, strongest first.
pub(crate) fn bead(
    meter: &Meter,
    documents: (&Document, &Document),
    src: Range<usize>,
    tgt: Range<usize>,
    confidence: f64,
    parameters: &Parameters,
) -> Bead {
    if src.is_empty() || tgt.is_empty() {
        return Bead {
            src,
            tgt,
            confidence,
            verdict: Verdict::None,
            evidence: Vec::new(),
        };
    }
    let figures = (
        meter.src.figures.of_sentences(src.clone()),
        meter.tgt.figures.of_sentences(tgt.clone()),
    );
    let compared = qostil_figures::compare(figures.0, figures.1);
    let weights = &parameters.weights;
    // what two figures cost that find no partner, one a side
    let left_over = (1.0 - parameters.reliability.figure).ln() * weights[Feature::FigureAbsent as usize];
    let mut evidence: Vec<Evidence> = Vec::new();
    let text = |document: &Document, span: Span| span.of(&document.text).to_owned();
    for &(s, t) in &compared.contradicting {
        let (Some(s), Some(t)) = (figures.0.get(s), figures.1.get(t)) else {
            continue;
        };
        evidence.push(Evidence {
            kind: EvidenceKind::Contradiction,
            src: Some(s.span),
            tgt: Some(t.span),
            src_text: text(documents.0, s.span),
            tgt_text: text(documents.1, t.span),
            weight: round(f64::from(left_over)),
        });
    }
    let contradictions = evidence.len();
    // two figures may share a reading and neither agree nor contradict each other: `5 kg`, `5 km`
    let compares = |pairs: &[(usize, usize)], s: Span, t: Span| {
        let is_pair = |&(i, j): &(usize, usize)| {
            figures.0.get(i).is_some_and(|f| f.span == s) && figures.1.get(j).is_some_and(|f| f.span == t)
        };
        pairs.iter().any(is_pair)
    };
    let tokens = tgt.clone().flat_map(|j| meter.tgt.tokens_of(j));
    let there = tokens.fold(0, |there, token| there | kind_bit(token.kind));
    let mut used = vec![false; tgt.clone().map(|j| meter.tgt.tokens_of(j).len()).sum()];
    for i in src.clone() {
        for token in meter.src.tokens_of(i) {
            let weight = meter.links.src.weights[token.kind as usize];
            let links = meter.links.src.links.of(token.kind);
            if weight.tie.is_none() || links.iter().all(|link| there & kind_bit(link.kind) == 0) {
                continue;
            }
            let candidates = tgt.clone().flat_map(|j| meter.tgt.tokens_of(j)).enumerate();
            let partner = candidates.filter(|(at, _)| !used[*at]).find_map(|(at, other)| {
                let link = links.iter().find(|link| link.kind == other.kind)?;
                let says = |pairs| link.tie != Tie::Figure || compares(pairs, token.span, other.span);
                (says(&compared.matched) || says(&compared.contradicting)).then_some((at, other, link.tie))
            });
            if let Some((at, other, tie)) = partner {
                used[at] = true;
                let (kind, feature) = kind_of(tie);
                let back = meter.links.tgt.weights[other.kind as usize];
                let nats = 0.5 * (weight.matched + back.matched) * weights[feature as usize];
                // two figures may share a reading and contradict each other, as `5 March` and `6 March` share the month: that is said once
                let places = (Some(token.span), Some(other.span));
                let mut contradicted = evidence.iter_mut().take(contradictions);
                if let Some(contradiction) = contradicted.find(|e| (e.src, e.tgt) == places) {
                    contradiction.weight = round(f64::from(nats));
                    continue;
                }
                evidence.push(Evidence {
                    kind,
                    src: Some(token.span),
                    tgt: Some(other.span),
                    src_text: text(documents.0, token.span),
                    tgt_text: text(documents.1, other.span),
                    weight: round(f64::from(nats)),
                });
            }
        }
    }
    let features = meter.features(&src, &tgt).unwrap_or([0.0; FEATURES]);
    let share = |list: &[Feature]| {
        list.iter()
            .map(|&f| f64::from(features[f as usize] * weights[f as usize]))
            .sum::<f64>()
    };
    use Feature as F;
    for (kind, list) in [
        (EvidenceKind::Length, &[F::Length][..]),
        (
            EvidenceKind::Punctuation,
            &[
                F::Question,
                F::QuestionOdd,
                F::Quotes,
                F::QuotesOdd,
                F::QuoteEdges,
                F::OtherMarks,
                F::OtherMarksOdd,
                F::Ending,
            ],
        ),
        (EvidenceKind::Cohesion, &[F::Cohesion]),
        (
            EvidenceKind::Missing,
            &[
                F::WordAbsent,
                F::WordLacking,
                F::NameAbsent,
                F::FigureAbsent,
                F::Unmatched,
                F::Idle,
            ],
        ),
        (
            EvidenceKind::Shape,
            &[
                F::Merge2,
                F::Merge3,
                F::Merge4,
                F::Cross,
                F::Cross3,
                F::SentencesOdd,
                F::Break,
            ],
        ),
    ] {
        let weight = round(share(list));
        if weight.abs() >= LEAST_SAID {
            evidence.push(Evidence {
                kind,
                src: None,
                tgt: None,
                src_text: String::new(),
                tgt_text: String::new(),
                weight,
            });
        }
    }
    sort(&mut evidence);
    evidence.shrink_to_fit(); // of a long document it takes more room than all else
    Bead {
        src,
        tgt,
        confidence,
        verdict: compared.verdict,
        evidence,
    }
}

/// Nats of which a bead says something.
const LEAST_SAID: f64 = 0.1;

/// Says of a side (0 or 1) of a bead that it is rather in another language, which weighs so many nats.
pub(crate) fn add_language(bead: &mut Bead, side: usize, other: Lang, nats: f64) {
    let weight = round(nats);
    if weight.abs() < LEAST_SAID {
        return;
    }
    let name = if other.is_known() { other.code() } else { "other" };
    let [mut src_text, mut tgt_text] = [String::new(), String::new()];
    name.clone_into(if side == 0 { &mut src_text } else { &mut tgt_text });
    bead.evidence.push(Evidence {
        kind: EvidenceKind::Language,
        src: None,
        tgt: None,
        src_text,
        tgt_text,
        weight,
    });
    sort(&mut bead.evidence);
}

/// Contradictions first, then the strongest.
fn sort(evidence: &mut [Evidence]) {
    evidence.sort_by(|a, b| {
        let rank = |e: &Evidence| (e.kind != EvidenceKind::Contradiction, -e.weight.abs());
        rank(a)
            .0
            .cmp(&rank(b).0)
            .then(rank(a).1.total_cmp(&rank(b).1))
            .then(a.src.cmp(&b.src))
    });
}

/// Makes a bead certain, on a person's word; what else speaks for it comes after.
pub(crate) fn fix(bead: &mut Bead) {
    bead.confidence = 1.0;
    bead.evidence.retain(|item| item.src.is_some());
    let person = Evidence {
        kind: EvidenceKind::Fixed,
        src: None,
        tgt: None,
        src_text: String::new(),
        tgt_text: String::new(),
        weight: 0.0,
    };
    bead.evidence.insert(0, person);
}

const fn kind_of(tie: Tie) -> (EvidenceKind, Feature) {
    match tie {
        Tie::Word | Tie::Verb | Tie::Function => (EvidenceKind::Word, Feature::Word),
        Tie::Name => (EvidenceKind::Name, Feature::Name),
        Tie::Latin => (EvidenceKind::Token, Feature::Name),
        Tie::Figure => (EvidenceKind::Figure, Feature::Figure),
    }
}

/// To two places: enough for a reader, and the same on every machine.
fn round(nats: f64) -> f64 {
    (nats * 100.0).round() / 100.0
}
