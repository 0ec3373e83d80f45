//! What a piece of work came to, and how the journal keeps it: as records, of which the rows of all output files are made when they are wanted, in a quarter of
//! the room.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use qostil_align::Outcome;
use qostil_bitext::{BeadType, Evidence, EvidenceKind, Record, Verdict};
use qostil_text::{Lang, Span};
use serde::{Deserialize, Serialize};

use crate::rows::{Rows, outcome_records, single_rows};
use crate::summary::{PairSummary, Tally};
use crate::{Reading, Rule, Stage};

/// What a job came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Done {
    /// Of which no rows are made yet.
    pub(crate) records: Vec<Record>,
    pub(crate) rows: Rows,
    pub(crate) pair: Option<PairSummary>,
    /// What the second reading found in each of its documents.
    pub(crate) counted: Vec<Counted>,
}

/// What only the second reading of a document knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counted {
    pub(crate) sentences: usize,
    /// Lines cut out as boilerplate.
    pub(crate) boilerplate: usize,
}

impl Counted {
    fn of(reading: &Reading) -> Self {
        let is_boilerplate = |reason: &str| reason == Rule::Boilerplate.name();
        Self {
            sentences: reading.document.sentences.len(),
            boilerplate: reading
                .left_out
                .iter()
                .filter(|part| part.stage == Stage::Clean && is_boilerplate(&part.reason))
                .count(),
        }
    }
}

/// What of a job is short, as one line of JSON; what was left out and the records follow it.
#[derive(Serialize, Deserialize)]
struct Head {
    /// Bytes of the rows of what was left out.
    length: usize,
    left_out: Vec<(Stage, String, usize)>,
    /// The pair with how many beads it has at each ten-thousandth of confidence.
    pair: Option<(PairSummary, BTreeMap<u16, usize>)>,
    counted: Vec<Counted>,
}

/// A record as it is packed: by place, not by name, and nothing skipped.
#[derive(Serialize, Deserialize)]
struct Packed<'r> {
    texts: [&'r str; 2],
    confidence: Option<f64>,
    bead: Option<BeadType>,
    verdict: Option<Verdict>,
    evidence: &'r str,
    docs: [&'r str; 2],
    spans: [Cow<'r, [Span]>; 2],
    sentences: [Cow<'r, [Vec<Span>]>; 2],
    #[serde(borrow)]
    details: Vec<PackedDetail<'r>>,
    extra: Cow<'r, [(String, String)]>,
    json: Cow<'r, [String]>,
}

/// Evidence: its kind, places, texts where they cannot be cut out of the record's, and weight.
type PackedDetail<'r> = (EvidenceKind, [Option<Span>; 2], [Option<&'r str>; 2], f64);

/// What stands at a place of a document of which the text of a record is cut out in one piece.
fn at<'t>(place: Option<Span>, text: &'t str, spans: &[Span]) -> Option<&'t str> {
    let (place, start) = (place?, spans.first()?.start);
    text.get(place.start.checked_sub(start)?..place.end.checked_sub(start)?)
}

impl<'r> Packed<'r> {
    fn of(record: &'r Record) -> Self {
        let detail = |item: &'r Evidence| {
            let cut = [
                at(item.src, &record.src, &record.src_spans),
                at(item.tgt, &record.tgt, &record.tgt_spans),
            ];
            let unlike = |text: &'r str, cut: Option<&str>| (cut != Some(text)).then_some(text);
            let texts = [unlike(&item.src_text, cut[0]), unlike(&item.tgt_text, cut[1])];
            (item.kind, [item.src, item.tgt], texts, item.weight)
        };
        Self {
            texts: [&record.src, &record.tgt],
            confidence: record.confidence,
            bead: record.bead,
            verdict: record.verdict,
            evidence: &record.evidence,
            docs: [&record.src_doc, &record.tgt_doc],
            spans: [&record.src_spans, &record.tgt_spans].map(|spans| spans.as_slice().into()),
            sentences: [&record.src_sentences, &record.tgt_sentences].map(|all| all.as_slice().into()),
            details: record.details.iter().map(detail).collect(),
            extra: record.extra.as_slice().into(),
            json: record.json.as_slice().into(),
        }
    }

    /// `None` where it does not fit together.
    fn record(self) -> Option<Record> {
        let [src, tgt] = self.texts;
        let [src_doc, tgt_doc] = self.docs.map(str::to_owned);
        let [src_spans, tgt_spans] = self.spans.map(Cow::into_owned);
        let [src_sentences, tgt_sentences] = self.sentences.map(Cow::into_owned);
        let detail = |(kind, places, texts, weight): PackedDetail<'r>| {
            Some(Evidence {
                kind,
                src: places[0],
                tgt: places[1],
                src_text: texts[0].or_else(|| at(places[0], src, &src_spans))?.to_owned(),
                tgt_text: texts[1].or_else(|| at(places[1], tgt, &tgt_spans))?.to_owned(),
                weight,
            })
        };
        let details = self.details.into_iter().map(detail).collect::<Option<_>>()?;
        Some(Record {
            src: src.to_owned(),
            tgt: tgt.to_owned(),
            confidence: self.confidence,
            bead: self.bead,
            verdict: self.verdict,
            evidence: self.evidence.to_owned(),
            src_doc,
            tgt_doc,
            src_spans,
            tgt_spans,
            src_sentences,
            tgt_sentences,
            details,
            extra: self.extra.into_owned(),
            json: self.json.into_owned(),
        })
    }
}

impl Done {
    /// What a pair of documents that were aligned comes to.
    pub(crate) fn of_pair(src: &Reading, tgt: &Reading, outcome: Outcome) -> Self {
        let (records, pair) = outcome_records(&src.document, &tgt.document, outcome);
        Self {
            records,
            rows: Rows::beside(&pair, [src, tgt]),
            pair: Some(pair),
            counted: [src, tgt].map(Counted::of).into(),
        }
    }

    /// What a document comes to that goes into no pair.
    pub(crate) fn of_one(reading: &Reading, stage: Stage, reason: &str) -> Self {
        Self {
            rows: single_rows(reading, stage, reason),
            counted: vec![Counted::of(reading)],
            ..Self::default()
        }
    }

    /// Makes the rows of its records, which are of these languages.
    ///
    /// # Errors
    /// Never in practice: rows are written to memory.
    pub(crate) fn write(&mut self, langs: [Lang; 2]) -> Result<(), qostil_export::Error> {
        self.rows.write(&std::mem::take(&mut self.records), langs)
    }

    /// As the journal keeps it, before its rows are made.
    pub(crate) fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let left_out = self.rows.tally.left_out.iter();
        let head = Head {
            length: self.rows.left_out.len(),
            left_out: left_out
                .map(|((stage, reason), count)| (*stage, reason.clone(), *count))
                .collect(),
            pair: self
                .pair
                .as_ref()
                .map(|pair| (pair.clone(), pair.confidence.clone())),
            counted: self.counted.clone(),
        };
        let mut bytes = serde_json::to_vec(&head)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.rows.left_out);
        let records: Vec<Packed> = self.records.iter().map(Packed::of).collect();
        postcard::to_extend(&records, bytes).map_err(io::Error::other)
    }

    /// From what the journal kept; of what does not fit any more there is nothing.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        let (head, rest) = bytes.split_at_checked(end + 1)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        let (left_out, records) = rest.split_at_checked(head.length)?;
        let (records, rest): (Vec<Packed>, _) = postcard::take_from_bytes(records).ok()?;
        let pair = head
            .pair
            .map(|(pair, confidence)| PairSummary { confidence, ..pair });
        let mut tally = Tally::default();
        pair.iter().for_each(|pair| tally.pairs.add(pair));
        tally.left_out = head
            .left_out
            .into_iter()
            .map(|(stage, reason, count)| ((stage, reason), count))
            .collect();
        let rows = Rows {
            left_out: left_out.to_vec(),
            tally,
            ..Rows::default()
        };
        let records = records.into_iter().map(Packed::record).collect::<Option<_>>()?;
        rest.is_empty().then_some(Self {
            records,
            rows,
            pair,
            counted: head.counted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let spans = vec![Span::new(3, 9), Span::new(12, 400)];
        let evidence = |src, text: &str| Evidence {
            kind: EvidenceKind::Moved,
            src,
            tgt: None,
            src_text: text.into(),
            tgt_text: String::new(),
            weight: -0.1 - 0.2,
        };
        let place = Some(Span::new(3, 9));
        let record = Record {
            src: "Екі.\tҮш.".into(),
            confidence: Some(0.1 + 0.2),
            bead: Some(BeadType { src: 2, tgt: 0 }),
            verdict: Some(Verdict::Contradict),
            evidence: "moved жеті".into(),
            src_doc: "a".into(),
            src_sentences: vec![spans.clone(), Vec::new()],
            src_spans: spans,
            // one is cut out of the text, the others are not
            details: vec![
                evidence(place, "Екі"),
                evidence(place, "жеті"),
                evidence(Some(Span::new(0, 900)), ""),
                evidence(None, ""),
            ],
            extra: vec![("id".into(), "7".into())],
            json: vec!["id".into()],
            ..Record::default()
        };
        let mut done = Done {
            records: vec![record, Record::default()],
            counted: vec![Counted {
                sentences: 3,
                boilerplate: 1,
            }],
            ..Done::default()
        };
        done.rows.left_out = b"a\tb\n".to_vec();
        done.rows
            .tally
            .left_out
            .insert((Stage::Clean, "credit".into()), 3);
        let bytes = done.to_bytes().unwrap();
        assert_eq!(Done::from_bytes(&bytes), Some(done));
        for end in 0..bytes.len() {
            assert_eq!(Done::from_bytes(&bytes[..end]), None);
        }
        assert_eq!(Done::from_bytes(b"spoilt"), None);
    }
}
