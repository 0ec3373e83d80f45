//! From documents to the rows of the output files: the library call that a cluster could drive pair by pair.

use qostil_align::{Outcome, Resources, align_documents};
use qostil_bitext::{Record, Verdict};
use qostil_export::{Columns, JsonlWriter, TsvWriter, one_line, record};
use qostil_text::{Document, Lang, Span, join_spans};

use crate::summary::{MovedSection, PairSummary, Tally};
use crate::{Reading, Stage};

/// The rows that come of one pair of documents, or of one document alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Rows of `bitext.tsv`.
    pub bitext: Vec<u8>,
    /// Rows of `unaligned.tsv`.
    pub unaligned: Vec<u8>,
    /// Rows of `left-out.tsv`.
    pub left_out: Vec<u8>,
    /// Lines of `alignments.jsonl`.
    pub alignments: Vec<u8>,
    /// What there is to count.
    pub tally: Tally,
}

/// The header of `left-out.tsv`.
pub const LEFT_OUT_HEADER: &str = "stage\treason\tdoc\tlang\tspan\ttext";

/// Aligns two documents and makes the rows of all that is in them. Takes everything it needs and returns everything it
/// makes: the same bytes wherever it runs.
///
/// # Errors
/// Never in practice: rows are written to memory.
pub fn pair_rows(
    src: &Reading,
    tgt: &Reading,
    resources: &Resources<'_>,
) -> Result<(Rows, PairSummary), qostil_export::Error> {
    let outcome = align_documents(&src.document, &tgt.document, resources);
    let (records, summary) = outcome_records(&src.document, &tgt.document, outcome);
    let mut rows = Rows::beside(&summary, [src, tgt]);
    rows.write(&records, [src.document.lang, tgt.document.lang])?;
    Ok((rows, summary))
}

/// The records of all that is in two documents that were aligned.
pub(crate) fn outcome_records(
    src: &Document,
    tgt: &Document,
    outcome: Outcome,
) -> (Vec<Record>, PairSummary) {
    let mut summary = PairSummary {
        moved: outcome.moved.len(),
        sections: outcome.moved.iter().map(MovedSection::of).collect(),
        ..PairSummary::default()
    };
    let records = outcome.beads.into_iter().map(|bead| {
        summary.count(&bead);
        record(bead, src, tgt)
    });
    (records.collect(), summary)
}

/// The rows of a document that goes into no pair: every sentence is left out for `reason`.
pub fn single_rows(reading: &Reading, stage: Stage, reason: &str) -> Rows {
    let mut rows = Rows::default();
    rows.leave_out_parts(reading);
    for sentence in &reading.document.sentences {
        rows.leave_out(&reading.document, stage, reason, &sentence.ranges());
    }
    rows
}

/// The row of a document that could not be read, or of a file that was passed over.
pub fn unread_row(reason: &str, id: &str, cause: &str) -> Rows {
    let mut rows = Rows::default();
    rows.push_left_out([Stage::Read.name(), reason, id, "", "", cause]);
    rows.tally.leave_out(Stage::Read, reason);
    rows
}

impl Rows {
    /// What there is besides the records of a pair of documents: what reading left out, and what there is to count.
    pub(crate) fn beside(pair: &PairSummary, readings: [&Reading; 2]) -> Self {
        let mut rows = Self::default();
        rows.tally.pairs.add(pair);
        for reading in readings {
            rows.leave_out_parts(reading);
        }
        rows
    }

    /// Adds the rows of records of these languages.
    ///
    /// # Errors
    /// Never in practice: rows are written to memory.
    pub(crate) fn write(&mut self, records: &[Record], langs: [Lang; 2]) -> Result<(), qostil_export::Error> {
        let columns = Columns::of(langs[0], langs[1]);
        let table = |rows: &mut Vec<u8>| TsvWriter::new(std::mem::take(rows), &columns, false);
        let (mut bitext, mut unaligned) = (table(&mut self.bitext)?, table(&mut self.unaligned)?);
        let mut alignments = JsonlWriter::new(std::mem::take(&mut self.alignments), &columns);
        for record in records {
            let is_pair = record.bead.is_some_and(|bead| bead.src > 0 && bead.tgt > 0);
            let rows = if is_pair { &mut bitext } else { &mut unaligned };
            alignments.write(record)?;
            rows.write(record)?;
        }
        self.bitext = bitext.into_inner();
        self.unaligned = unaligned.into_inner();
        self.alignments = alignments.into_inner();
        Ok(())
    }

    /// Adds the rows of another.
    pub(crate) fn push(&mut self, other: &Self) {
        self.bitext.extend_from_slice(&other.bitext);
        self.unaligned.extend_from_slice(&other.unaligned);
        self.left_out.extend_from_slice(&other.left_out);
        self.alignments.extend_from_slice(&other.alignments);
        self.tally.add(&other.tally);
    }

    /// What reading left out of a document.
    fn leave_out_parts(&mut self, reading: &Reading) {
        for part in &reading.left_out {
            self.leave_out(&reading.document, part.stage, &part.reason, &part.spans);
        }
    }

    fn leave_out(&mut self, document: &Document, stage: Stage, reason: &str, spans: &[Span]) {
        let text: Vec<&str> = spans.iter().map(|span| span.of(&document.text)).collect();
        let cells = [
            stage.name(),
            reason,
            &document.id,
            document.lang.code(),
            &join_spans(spans),
            &text.join(" "),
        ];
        self.push_left_out(cells);
        self.tally.leave_out(stage, reason);
    }

    /// A text without a document of its own.
    pub(crate) fn leave_out_text(&mut self, stage: Stage, reason: &str, doc: &str, lang: Lang, text: &str) {
        self.push_left_out([stage.name(), reason, doc, lang.code(), "", text]);
        self.tally.leave_out(stage, reason);
    }

    fn push_left_out(&mut self, cells: [&str; 6]) {
        let cells = cells.map(one_line);
        self.left_out.extend_from_slice(cells.join("\t").as_bytes());
        self.left_out.push(b'\n');
    }
}

/// Whether figures spoke in a bead.
pub(crate) fn verdict_place(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Agree => 0,
        Verdict::Contradict => 1,
        Verdict::None => 2,
    }
}
