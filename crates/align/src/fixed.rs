//! Beads that a person has fixed: certain, and nothing crosses them.
//!
//! The sentences of a fixed bead are joined on each side, so that it is one pair of the lattice whatever its size; that pair outweighs all evidence. So
//! all other sentences are aligned with the rarity and the habits of the whole document, not of what lies between two fixed beads.

use std::ops::Range;

use qostil_text::{Document, Sentence, Span};

use crate::features::Sight;
use crate::figures::read;
use crate::{Outcome, Resources, beads_of, evidence, likeliest, moved};

/// A bead that a person has fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// Source sentences, not empty.
    pub src: Range<usize>,
    /// Target sentences, not empty.
    pub tgt: Range<usize>,
}

/// The alignment of two documents between and with the beads that are fixed, which are in order, disjoint, and within the documents.
pub(crate) fn align(src: &Document, tgt: &Document, resources: &Resources<'_>, fixed: &[Fixed]) -> Outcome {
    let (src, first_src) = joined(src, fixed.iter().map(|bead| &bead.src));
    let (tgt, first_tgt) = joined(tgt, fixed.iter().map(|bead| &bead.tgt));
    let place = |first: &[usize], sentence: usize| first.partition_point(|&at| at < sentence) as u32;
    let pairs: Vec<(u32, u32)> = fixed
        .iter()
        .map(|bead| {
            (
                place(&first_src, bead.src.start),
                place(&first_tgt, bead.tgt.start),
            )
        })
        .collect();
    let meter = Sight::of_documents(read(&src), read(&tgt), resources, &pairs).look_again(resources);
    let parameters = resources.parameters;
    let (path, _) = likeliest(&meter, &parameters.weights, &pairs);
    let mut beads = beads_of(&path, &meter, (&src, &tgt), parameters);
    let mut rest = pairs.iter().peekable();
    for bead in &mut beads {
        let is_fixed = rest.next_if(|&&(i, j)| {
            bead.is_pair() && (bead.src.start, bead.tgt.start) == (i as usize, j as usize)
        });
        if is_fixed.is_some() {
            evidence::fix(bead);
        }
    }
    let mut moved = moved::find((&src, &tgt), &mut beads, &meter, resources);
    let whole = |src: &mut Range<usize>, tgt: &mut Range<usize>| {
        for (range, first) in [(src, &first_src), (tgt, &first_tgt)] {
            *range = first[range.start]..first[range.end];
        }
    };
    for section in &mut moved {
        whole(&mut section.src, &mut section.tgt);
    }
    for bead in beads
        .iter_mut()
        .chain(moved.iter_mut().flat_map(|section| &mut section.pairs))
    {
        whole(&mut bead.src, &mut bead.tgt);
    }
    Outcome { beads, moved }
}

/// The document with each run of sentences joined to one, and the first of the sentences that each of its sentences was; at last their number.
fn joined<'r>(document: &Document, runs: impl Iterator<Item = &'r Range<usize>>) -> (Document, Vec<usize>) {
    let mut out = Document {
        id: document.id.clone(),
        lang: document.lang,
        text: document.text.clone(),
        sentences: Vec::with_capacity(document.sentences.len()),
    };
    let mut first = Vec::with_capacity(document.sentences.len() + 1);
    let mut at = 0;
    let mut take = |range: Range<usize>, join: bool| {
        let sentences = document.sentences.get(range.clone()).unwrap_or(&[]);
        if join {
            first.push(range.start);
            out.sentences.push(one(sentences));
        } else {
            first.extend(range);
            out.sentences.extend_from_slice(sentences);
        }
    };
    for run in runs {
        take(at..run.start, false);
        take(run.clone(), true);
        at = run.end;
    }
    take(at..document.sentences.len(), false);
    first.push(document.sentences.len());
    (out, first)
}

/// Sentences as one; what lies between them is no part of its text.
fn one(sentences: &[Sentence]) -> Sentence {
    let Some(first) = sentences.first() else {
        return Sentence::default();
    };
    let mut out = first.clone();
    for next in &sentences[1..] {
        out.cuts.push(Span::new(out.span.end, next.span.start));
        out.cuts.extend_from_slice(&next.cuts);
        out.span.end = next.span.end;
    }
    out
}
