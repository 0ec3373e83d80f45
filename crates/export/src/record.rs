//! From a bead to what a user keeps of it.

use std::ops::Range;

use qostil_bitext::{Bead, Record, describe};
use qostil_text::{Document, Span};

use crate::one_line;

/// How many pieces of evidence the words of a record name.
pub const EVIDENCE_SHOWN: usize = 6;

/// The record of a bead: its texts cut out of the two documents, with where they were cut from.
///
/// Sentences with only white space between them become one range, so that a range can be cut out of the document again
/// as it stands; ranges are joined by one space where debris lay in between.
pub fn record(bead: Bead, src: &Document, tgt: &Document) -> Record {
    let kind = bead.kind();
    let (src_spans, tgt_spans) = (ranges(src, bead.src.clone()), ranges(tgt, bead.tgt.clone()));
    Record {
        src: text(src, &src_spans),
        tgt: text(tgt, &tgt_spans),
        confidence: Some(bead.confidence),
        bead: Some(kind),
        verdict: Some(bead.verdict),
        evidence: describe(&bead.evidence, EVIDENCE_SHOWN),
        src_doc: src.id.clone(),
        tgt_doc: tgt.id.clone(),
        src_spans,
        tgt_spans,
        src_sentences: sentences(src, bead.src),
        tgt_sentences: sentences(tgt, bead.tgt),
        details: bead.evidence,
        extra: Vec::new(),
        json: Vec::new(),
    }
}

/// Where each of several sentences stands.
fn sentences(document: &Document, numbers: Range<usize>) -> Vec<Vec<Span>> {
    if numbers.len() < 2 {
        return Vec::new();
    }
    numbers
        .map(|number| ranges(document, std::iter::once(number)))
        .collect()
}

/// Where the text of sentences stands, by their numbers; unknown numbers have none.
pub(crate) fn ranges(document: &Document, sentences: impl Iterator<Item = usize>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    for sentence in sentences.filter_map(|number| document.sentences.get(number)) {
        for range in sentence
            .ranges()
            .into_iter()
            .map(|r| trimmed(&document.text, r))
            .filter(|r| !r.is_empty())
        {
            match out.last_mut() {
                Some(last) if last.end <= range.start && is_blank(&document.text, last.end, range.start) => {
                    last.end = range.end;
                }
                _ => out.push(range),
            }
        }
    }
    out
}

fn is_blank(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).is_some_and(|gap| gap.trim().is_empty())
}

fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.of(text);
    let start = span.start + inner.len() - inner.trim_start().len();
    Span::new(start, start + inner.trim().len())
}

/// The text of several ranges as one line.
pub(crate) fn text(document: &Document, spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&one_line(span.of(&document.text)));
    }
    out
}

#[cfg(test)]
mod tests {
    use qostil_bitext::Verdict;
    use qostil_text::{Lang, Sentence};

    use super::*;

    #[test]
    fn ranges_join_over_white_space_and_part_at_debris() {
        let text = "Бір. Екі.\nжарнама\nҮш.".to_owned();
        let at = |part: &str| {
            let start = text.find(part).unwrap();
            Sentence::new(Span::new(start, start + part.len()), 0)
        };
        let sentences = vec![at("Бір."), at("Екі."), at("Үш.")];
        let kk = Document {
            id: "kk.txt".into(),
            lang: Lang::Kazakh,
            text,
            sentences,
        };
        let en = Document::from_lines("en.txt", Lang::English, "One.\n\nTwo.\n".into());
        let bead = Bead {
            src: 0..3,
            tgt: 0..3,
            confidence: 0.5,
            verdict: Verdict::None,
            evidence: Vec::new(),
        };
        let record = record(bead, &kk, &en);
        assert_eq!(
            (record.src.as_str(), record.tgt.as_str()),
            ("Бір. Екі. Үш.", "One. Two.")
        );
        assert_eq!(qostil_text::join_spans(&record.src_spans), "0-15,31-36");
        assert_eq!(qostil_text::join_spans(&record.tgt_spans), "0-10");
        let each: Vec<String> = record
            .src_sentences
            .iter()
            .map(|spans| qostil_text::join_spans(spans))
            .collect();
        assert_eq!(each, ["0-7", "8-15", "31-36"]);
    }
}
