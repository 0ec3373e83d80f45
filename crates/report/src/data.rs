//! What the page is given: documents, pairs, their sentences and beads, and where evidence stands in them.

use qostil_bitext::{Evidence, EvidenceKind, Record, Verdict};
use qostil_text::{Span, join_spans};
use serde::Serialize;

use crate::html::fingerprint;

/// The content of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    langs: [String; 2],
    documents: Vec<DocumentRow>,
    pairs: Vec<Pair>,
}

/// What became of one document of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DocumentRow {
    /// Its id.
    pub id: String,
    /// The code of its language.
    pub lang: String,
    /// Its number of sentences.
    pub sentences: usize,
    /// The id of the document it is paired with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// Why it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Pair {
    src_doc: String,
    tgt_doc: String,
    src: Vec<Unit>,
    tgt: Vec<Unit>,
    beads: Vec<Bead>,
}

/// A sentence, or several that cannot be told apart: text, spans in the document, how many sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Unit(String, String, usize);

/// Units on each side, confidence, verdict (its place in agree, contradict, none), evidence in words, marks.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Bead(usize, usize, Option<f64>, Option<u8>, String, Vec<Mark>);

/// A piece of evidence: its kind (its place in the list that the script has too), weight, and if it has places, for each side the unit
/// within the bead, start and end in UTF-16 units, as scripts count. Of a partner that stands elsewhere the first byte in its document, after nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Mark {
    Placed(u8, f64, usize, usize, usize, usize, usize, usize),
    Elsewhere(u8, f64, Option<usize>, usize),
    Plain(u8, f64),
}

impl Page {
    /// A page of these two languages: the names of the columns of its bitext.
    pub fn new(langs: [String; 2]) -> Self {
        Self {
            langs,
            ..Self::default()
        }
    }

    /// Adds the account of a document.
    pub fn add_document(&mut self, document: DocumentRow) {
        self.documents.push(document);
    }

    /// Adds a bead; those of one pair of documents come one after the other, in order. `split` finds the sentences of a text (side 0
    /// or 1) where a bead joins several and the record does not tell them apart; where it finds another number than the bead has, they stay together.
    pub fn add(&mut self, record: &Record, split: impl Fn(usize, &str) -> Vec<Span>) {
        let is_open = self
            .pairs
            .last()
            .is_some_and(|pair| pair.src_doc == record.src_doc && pair.tgt_doc == record.tgt_doc);
        if !is_open {
            self.pairs.push(Pair {
                src_doc: record.src_doc.clone(),
                tgt_doc: record.tgt_doc.clone(),
                ..Pair::default()
            });
        }
        let Some(pair) = self.pairs.last_mut() else {
            return;
        };
        let counts = record.bead.map(|bead| [bead.src, bead.tgt]);
        let src = Side::new(
            (&record.src, &record.src_spans, &record.src_sentences),
            counts.map(|c| c[0]),
            |text| split(0, text),
        );
        let tgt = Side::new(
            (&record.tgt, &record.tgt_spans, &record.tgt_sentences),
            counts.map(|c| c[1]),
            |text| split(1, text),
        );
        let marks = record.details.iter().map(|item| mark(item, &src, &tgt)).collect();
        pair.beads.push(Bead(
            src.sentences.len(),
            tgt.sentences.len(),
            record.confidence.map(rounded),
            record.verdict.map(place_of),
            record.evidence.clone(),
            marks,
        ));
        pair.src.extend(src.units());
        pair.tgt.extend(tgt.units());
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The content as JSON, with a name made of it under which corrections are kept.
    pub(crate) fn to_json(&self) -> String {
        // Numbers, texts and lists of these: serialising them cannot fail.
        let content = serde_json::to_string(self).unwrap_or_default();
        let rest = content.strip_prefix('{').unwrap_or("}");
        format!("{{\"id\":\"{:016x}\",{rest}", fingerprint(&content))
    }
}

/// One side of a bead: its text, cut into sentences, and where the text comes from.
struct Side<'a> {
    text: &'a str,
    spans: &'a [Span],
    /// How many sentences the bead has on this side.
    count: usize,
    /// Byte ranges of `text`: the sentences, or all of it where they cannot be told apart.
    sentences: Vec<Span>,
    /// Whether every byte of `spans` stands in `text` as it is, pieces joined by one space.
    is_exact: bool,
}

impl<'a> Side<'a> {
    /// A side with its text, spans and sentences as recorded.
    fn new(
        (text, spans, recorded): (&'a str, &'a [Span], &[Vec<Span>]),
        count: Option<usize>,
        split: impl Fn(&str) -> Vec<Span>,
    ) -> Self {
        let length = spans.iter().map(|span| span.len()).sum::<usize>() + spans.len().saturating_sub(1);
        let is_exact = !spans.is_empty() && length == text.len();
        let count = count.unwrap_or(usize::from(!text.is_empty()));
        let whole = || vec![Span::new(0, text.len())];
        let sentences = match count {
            0 if text.is_empty() => Vec::new(),
            2.. if is_exact || spans.is_empty() => recorded
                .iter()
                .map(|sentence| {
                    let (first, last) = (sentence.first()?, sentence.last()?);
                    Some(Span::new(place(spans, *first)?.start, place(spans, *last)?.end))
                })
                .collect::<Option<Vec<_>>>()
                .filter(|found| !found.is_empty())
                .or_else(|| Some(split(text)))
                .filter(|found| found.len() == count && found.iter().all(|s| !s.of(text).is_empty()))
                .unwrap_or_else(whole),
            _ => whole(),
        };
        Self {
            text,
            spans,
            count: count.max(usize::from(!text.is_empty())),
            sentences,
            is_exact,
        }
    }

    fn units(&self) -> Vec<Unit> {
        if let [_] = self.sentences[..] {
            return vec![Unit(self.text.to_owned(), join_spans(self.spans), self.count)];
        }
        self.sentences
            .iter()
            .map(|sentence| {
                Unit(
                    sentence.of(self.text).to_owned(),
                    join_spans(&self.source_of(*sentence)),
                    1,
                )
            })
            .collect()
    }

    /// The bytes of the document that a range of the text comes from.
    fn source_of(&self, range: Span) -> Vec<Span> {
        let mut out = Vec::new();
        let mut at = 0;
        for span in self.spans {
            let (start, end) = (range.start.max(at), range.end.min(at + span.len()));
            if start < end {
                out.push(Span::new(span.start + start - at, span.start + end - at));
            }
            at += span.len() + 1;
        }
        out
    }

    /// Where a place of the document stands in the text, as a byte range. `written` is what stands there, and decides where the text
    /// is not exactly the document's.
    fn place(&self, span: Span, written: &str) -> Option<Span> {
        if let Some(found) = place(self.spans, span).filter(|_| self.is_exact) {
            return (!found.of(self.text).is_empty()).then_some(found);
        }
        let start = self.text.find(written).filter(|_| !written.is_empty())?;
        Some(Span::new(start, start + written.len()))
    }

    /// A byte range of the text as sentence, start and end in UTF-16 units of it; none when it crosses sentences.
    fn locate(&self, span: Span, written: &str) -> Option<(usize, usize, usize)> {
        let found = self.place(span, written)?;
        let unit = self
            .sentences
            .iter()
            .position(|s| s.start <= found.start && found.end <= s.end)?;
        let sentence = self.sentences.get(unit)?;
        let units = |to: usize| {
            self.text
                .get(sentence.start..to)
                .map(|text| text.encode_utf16().count())
        };
        Some((unit, units(found.start)?, units(found.end)?))
    }
}

/// Where a place of a document stands in the text that was cut out of it: `pieces`, joined by one space.
fn place(pieces: &[Span], span: Span) -> Option<Span> {
    let mut at = 0;
    for piece in pieces {
        if piece.start <= span.start && span.end <= piece.end {
            let start = at + span.start - piece.start;
            return Some(Span::new(start, start + span.len()));
        }
        at += piece.len() + 1;
    }
    None
}

fn mark(item: &Evidence, src: &Side<'_>, tgt: &Side<'_>) -> Mark {
    let (kind, weight) = (kind_place(item.kind), (item.weight * 10.0).round() / 10.0);
    if item.kind == EvidenceKind::Moved {
        let partner = if src.sentences.is_empty() {
            item.src
        } else {
            item.tgt
        };
        return partner.map_or(Mark::Plain(kind, weight), |span| {
            Mark::Elsewhere(kind, weight, None, span.start)
        });
    }
    let in_bead = item.src.zip(item.tgt);
    let places = in_bead.and_then(|(s, t)| src.locate(s, &item.src_text).zip(tgt.locate(t, &item.tgt_text)));
    match places {
        Some(((su, s0, s1), (tu, t0, t1))) => Mark::Placed(kind, weight, su, s0, s1, tu, t0, t1),
        None => Mark::Plain(kind, weight),
    }
}

const fn kind_place(kind: EvidenceKind) -> u8 {
    match kind {
        EvidenceKind::Figure => 0,
        EvidenceKind::Contradiction => 1,
        EvidenceKind::Name => 2,
        EvidenceKind::Token => 3,
        EvidenceKind::Word => 4,
        EvidenceKind::Length => 5,
        EvidenceKind::Punctuation => 6,
        EvidenceKind::Position => 7,
        EvidenceKind::Shape => 8,
        EvidenceKind::Missing => 9,
        EvidenceKind::Fixed => 10,
        EvidenceKind::Moved => 11,
        EvidenceKind::Cohesion => 12,
        EvidenceKind::Language => 13,
    }
}

const fn place_of(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Agree => 0,
        Verdict::Contradict => 1,
        Verdict::None => 2,
    }
}

/// To four decimals, as in the bitext.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use qostil_bitext::BeadType;

    use super::*;

    #[test]
    fn marks_count_as_scripts_do_and_sentences_keep_their_spans() {
        let record = Record {
            src: "😀 Бір. Екі 25.".into(),
            tgt: "One, two 25.".into(),
            bead: Some(BeadType { src: 2, tgt: 1 }),
            src_spans: vec![Span::new(10, 22), Span::new(30, 40)],
            tgt_spans: vec![Span::new(0, 12)],
            details: vec![Evidence {
                kind: EvidenceKind::Figure,
                src: Some(Span::new(37, 39)),
                tgt: Some(Span::new(9, 11)),
                src_text: "25".into(),
                tgt_text: "25".into(),
                weight: 3.0,
            }],
            ..Record::default()
        };
        let told = Record {
            src_sentences: vec![vec![Span::new(10, 22)], vec![Span::new(30, 40)]],
            ..record.clone()
        };
        let mut page = Page::new(["kk".into(), "en".into()]);
        page.add(&record, |_, text| {
            let cut = text.find(". ").unwrap() + 1;
            vec![Span::new(0, cut), Span::new(cut + 1, text.len())]
        });
        // What the record says needs no splitting.
        page.add(&told, |_, _| Vec::new());
        let pair = &page.pairs[0];
        for at in 0..2 {
            assert_eq!(pair.src[2 * at], Unit("😀 Бір.".into(), "10-22".into(), 1));
            assert_eq!(pair.src[2 * at + 1], Unit("Екі 25.".into(), "30-40".into(), 1));
            assert_eq!(pair.beads[at].5, [Mark::Placed(0, 3.0, 1, 4, 6, 0, 9, 11)]);
        }
    }
}
