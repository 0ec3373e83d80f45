//! What a run learns from the whole collection before it aligns: lines that are boilerplate, words that translate each other.
//! Both are frozen in the output folder, so that documents that come later meet what was learnt before.

use std::sync::Arc;

use qostil_align::Glance;
use qostil_export::{one_line, record};
use qostil_lexicon::{Lexicon, TableBuilder, learn, parse_dictionary};
use qostil_text::Lang;

use crate::SharedLine;

/// Fewest pairs of sentences from which a lexicon is learnt: from less it would be chance.
pub const LEARN_FROM: usize = 200;
/// Most sentences, of both sides together, that it is learnt from: more would add rare words and take memory.
pub(crate) const LEARN_MOST: usize = 40_000;
/// Beads that are more likely wrong than right teach nothing; the others by how sure they are.
const LEARN_SURE: f64 = 0.5;
/// Share of the sentences of the shorter document that must be in such beads: two texts that are no translations of each other teach nothing.
const LEARN_SHARE: f64 = 0.25;

/// A pair of sentences to learn from.
pub(crate) struct Lesson {
    src: String,
    tgt: String,
    confidence: f64,
}

/// What there is to learn from in a pair of documents.
pub(crate) fn lessons(sight: &Glance<'_>) -> Vec<Lesson> {
    let mut sure = sight.pairs();
    let (src, tgt) = sight.documents();
    sure.retain(|bead| bead.confidence >= LEARN_SURE);
    let shorter = src.sentences.len().min(tgt.sentences.len());
    if (sure.len() as f64) < LEARN_SHARE * shorter as f64 {
        return Vec::new();
    }
    sure.into_iter()
        .map(|bead| {
            let confidence = bead.confidence;
            let record = record(bead, src, tgt);
            Lesson {
                src: record.src,
                tgt: record.tgt,
                confidence,
            }
        })
        .collect()
}

/// The lexicon that lessons give, as the file that `qostil lexicon learn` would write; `None` when there are too few.
pub(crate) fn learn_lexicon(lessons: &[Lesson], [src, tgt]: [Lang; 2]) -> Option<String> {
    if lessons.len() < LEARN_FROM {
        return None;
    }
    let pairs = lessons
        .iter()
        .map(|lesson| (lesson.src.as_str(), lesson.tgt.as_str(), lesson.confidence));
    let mut text = format!("{src}\t{tgt}\tprobability\n");
    for pair in learn(pairs, src, tgt) {
        text.push_str(&format!("{}\t{}\t{:.4}\n", pair.src, pair.tgt, pair.probability));
    }
    Some(text)
}

/// A lexicon with what was learnt after all else, and how many pairs of words that is.
pub(crate) fn with_learnt(lexicon: &Lexicon, learnt: &str, [src, tgt]: [Lang; 2]) -> (Lexicon, usize) {
    let (mut lexicon, mut builder) = (lexicon.clone(), TableBuilder::default());
    // It was written above, so every line is one.
    if parse_dictionary(learnt, src, tgt, &mut builder).is_ok() {
        lexicon.push(Arc::new(builder.finish()));
    }
    (lexicon, learnt.lines().count().saturating_sub(1))
}

const LINES_HEADER: &str = "documents\ttext";

/// Boilerplate as a file.
pub(crate) fn lines_to_text(lines: &[SharedLine]) -> String {
    let mut out = format!("{LINES_HEADER}\n");
    for line in lines {
        out.push_str(&format!("{}\t{}\n", line.documents, one_line(&line.text)));
    }
    out
}

/// Boilerplate from a file that was written so.
pub(crate) fn lines_from_text(text: &str) -> Vec<SharedLine> {
    let cells = text.lines().skip(1).filter_map(|line| line.split_once('\t'));
    cells
        .map(|(documents, text)| SharedLine {
            documents: documents.parse().unwrap_or(0),
            text: text.to_owned(),
        })
        .collect()
}
