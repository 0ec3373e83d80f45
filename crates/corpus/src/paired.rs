//! Sentence pairs that inputs bring ready-made: no document is paired and nothing is aligned, but the rows are cleaned, scored,
//! filtered and written like all others.

use std::path::{Path, PathBuf};

use qostil_align::{Resources, score_rows};
use qostil_bitext::{Bead, BeadType, Record, describe};
use qostil_export::{BitextReader, EVIDENCE_SHOWN, Error, Format, ReadOptions, Row};
use qostil_split::identify;
use qostil_text::{Lang, Span};
use rayon::prelude::*;

use crate::done::Done;
use crate::summary::PairSummary;
use crate::{Failure, ReadingSettings, Rule, Stage, clean, unread_row};

/// A file of sentence pairs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitext {
    /// Its path relative to the input that named it.
    pub id: String,
    /// The file; of two parallel files the first.
    pub path: PathBuf,
    /// The second of two parallel files.
    pub other: Option<PathBuf>,
    /// Its name in messages.
    pub name: String,
}

/// What every row gets anew, so that what its file says of it need not be of its form.
const REPLACED: [&str; 3] = ["confidence", "verdict", "evidence"];
/// Rows read at a time.
const ROWS: usize = 8192;
/// Rows whose rarities and share of wrong rows are estimated together.
const TOGETHER: usize = 2048;

/// Rows read one after the other, and where they stand.
pub(crate) struct Chunk {
    rows: Vec<Row>,
    pub(crate) failed: Vec<Failure>,
    /// The size of both texts of all rows.
    pub(crate) bytes: usize,
    /// A hash of the rows.
    pub(crate) digest: blake3::Hash,
}

/// A row as it goes out.
struct Made {
    line: u64,
    record: Record,
    /// What was cut out of which side.
    cuts: Vec<(usize, String)>,
}

/// Reads a file of sentence pairs chunk by chunk.
pub(crate) struct Chunks {
    bitext: Bitext,
    reader: BitextReader,
    langs: [Lang; 2],
    /// Whether the file's first side is the pair's second; `None` before the first rows have told.
    swapped: Option<bool>,
}

impl Chunks {
    /// Opens the file.
    ///
    /// # Errors
    /// When it cannot be read, or holds other languages than these.
    pub(crate) fn open(bitext: &Bitext, langs: [Lang; 2]) -> Result<Self, Failure> {
        let failed = |cause: String| Failure {
            input: bitext.name.clone(),
            cause,
            ..Failure::default()
        };
        let options = ReadOptions {
            // Of a memory with more languages these two are taken; where nothing names languages the text tells.
            langs: names_languages(&bitext.path).then_some((langs[0], langs[1])),
            unused: REPLACED.map(str::to_owned).into(),
            ..ReadOptions::default()
        };
        let reader = BitextReader::open(&bitext.path, &options)
            .map_err(|error| failed(error.out_of_file().to_string()))?;
        let (src, tgt) = reader.langs();
        let swapped = match (src, tgt) {
            (Lang::UNKNOWN, Lang::UNKNOWN) if langs[0] == langs[1] => Some(false),
            found if found == (langs[0], langs[1]) => Some(false),
            found if found == (langs[1], langs[0]) => Some(true),
            (Lang::UNKNOWN, _) | (_, Lang::UNKNOWN) => None,
            _ => {
                return Err(failed(format!(
                    "it holds {src} and {tgt}, not {} and {}",
                    langs[0], langs[1]
                )));
            }
        };
        Ok(Self {
            bitext: bitext.clone(),
            reader,
            langs,
            swapped,
        })
    }

    /// The next rows, `None` after the last.
    pub(crate) fn next(&mut self) -> Option<Chunk> {
        let (mut rows, mut failed) = (Vec::new(), Vec::new());
        let mut hasher = blake3::Hasher::new();
        for row in self.reader.by_ref().take(ROWS) {
            match row {
                Ok(row) => {
                    hasher.update(format!("{} {:?}\n", row.line, row.record).as_bytes());
                    rows.push(row);
                }
                Err(error) => failed.push(failure(&self.bitext, error)),
            }
        }
        if rows.is_empty() && failed.is_empty() {
            return None;
        }
        let swapped = *self.swapped.get_or_insert_with(|| is_swapped(&rows, self.langs));
        hasher
            .update(&[u8::from(swapped)])
            .update(self.bitext.id.as_bytes());
        Some(Chunk {
            bytes: rows
                .iter()
                .map(|row| row.record.src.len() + row.record.tgt.len())
                .sum(),
            rows,
            failed,
            digest: hasher.finalize(),
        })
    }

    /// What comes of a chunk.
    pub(crate) fn done(&self, chunk: &Chunk, settings: &ReadingSettings, resources: &Resources<'_>) -> Done {
        let (id, langs, swapped) = (self.bitext.id.as_str(), self.langs, self.swapped == Some(true));
        let made: Vec<Vec<Made>> = chunk
            .rows
            .par_chunks(TOGETHER)
            .map(|rows| make(rows, id, langs, swapped, settings, resources))
            .collect();
        let (mut done, mut summary) = (Done::default(), PairSummary::default());
        let rows = &mut done.rows;
        for Made { line, record, cuts } in made.into_iter().flatten() {
            for (side, text) in cuts {
                let doc = if side == 0 {
                    &record.src_doc
                } else {
                    &record.tgt_doc
                };
                rows.leave_out_text(Stage::Clean, Rule::TagDebris.name(), doc, langs[side], &text);
            }
            if record.src.is_empty() && record.tgt.is_empty() {
                rows.push(&unread_row("empty", id, &format!("line {line}")));
                continue;
            }
            summary.count_row(
                record.bead.unwrap_or_default(),
                record.verdict.unwrap_or_default(),
                record.confidence,
            );
            done.records.push(record);
        }
        rows.tally.pairs.add(&summary);
        done.pair = Some(summary);
        done
    }
}

/// Cleans rows and scores them together.
fn make(
    rows: &[Row],
    id: &str,
    langs: [Lang; 2],
    swapped: bool,
    settings: &ReadingSettings,
    resources: &Resources<'_>,
) -> Vec<Made> {
    let mut made: Vec<Made> = rows
        .iter()
        .map(|row| {
            let mut record = row.record.clone();
            if swapped {
                swap(&mut record);
            }
            let cut = settings
                .rules
                .contains(&Rule::TagDebris)
                .then(|| cut(&mut record));
            complete(&mut record, id);
            Made {
                line: row.line,
                record,
                cuts: cut.unwrap_or_default(),
            }
        })
        .collect();
    let mut whole: Vec<&mut Record> = made
        .iter_mut()
        .map(|made| &mut made.record)
        .filter(|record| !record.src.is_empty() && !record.tgt.is_empty())
        .collect();
    let texts: Vec<(&str, &str)> = whole
        .iter()
        .map(|record| (record.src.as_str(), record.tgt.as_str()))
        .collect();
    let beads = score_rows(&texts, (langs[0], langs[1]), resources);
    for (record, bead) in whole.iter_mut().zip(beads) {
        score(record, bead);
    }
    made
}

/// A row that could not be read.
fn failure(bitext: &Bitext, error: Error) -> Failure {
    let error = error.out_of_file();
    let line = match &error {
        Error::Line { line, .. } | Error::Place { line, .. } => Some(*line).filter(|line| *line > 0),
        _ => None,
    };
    let cause = match error {
        Error::Line { message, .. } | Error::Place { message, .. } => message,
        other => other.to_string(),
    };
    Failure {
        input: bitext.name.clone(),
        line,
        cause,
        ..Failure::default()
    }
}

/// Fills in what the file does not say of the row itself.
fn complete(record: &mut Record, id: &str) {
    let sides = [!record.src.is_empty(), !record.tgt.is_empty()].map(usize::from);
    record
        .extra
        .retain(|(name, _)| !REPLACED.contains(&name.as_str()));
    let is_whole = |bead: &BeadType| (bead.src > 0, bead.tgt > 0) == (sides[0] > 0, sides[1] > 0);
    record.bead = record.bead.filter(is_whole).or(Some(BeadType {
        src: sides[0],
        tgt: sides[1],
    }));
    for doc in [&mut record.src_doc, &mut record.tgt_doc] {
        if doc.is_empty() {
            id.clone_into(doc);
        }
    }
}

/// Says anew how sure the row is and why, whatever its file says: other tools mean other things by a score, and texts may have changed
/// since.
fn score(record: &mut Record, bead: Bead) {
    record.confidence = Some(bead.confidence);
    record.verdict = Some(bead.verdict);
    record.evidence = describe(&bead.evidence, EVIDENCE_SHOWN);
    record.details = bead.evidence;
    for item in &mut record.details {
        item.src = item
            .src
            .and_then(|span| placed(span, &record.src_spans, record.src.len()));
        item.tgt = item
            .tgt
            .and_then(|span| placed(span, &record.tgt_spans, record.tgt.len()));
    }
}

/// The place in its document of a span of a row's text of so many bytes: that in the text itself where the row does not say where it stands,
/// none where it is no single range of its document.
fn placed(span: Span, ranges: &[Span], length: usize) -> Option<Span> {
    match ranges {
        [] => Some(span),
        [whole] if whole.len() == length => Some(span.shifted(whole.start)),
        _ => None,
    }
}

/// Whether a format names the language of each side itself, so that two can be asked for.
fn names_languages(path: &Path) -> bool {
    Format::of(path) == Some(Format::Tmx)
}

/// Whether the first side is in the second language, by the text of the first rows.
fn is_swapped(rows: &[Row], langs: [Lang; 2]) -> bool {
    let side = |text: fn(&Record) -> &str| {
        let sample: Vec<&str> = rows.iter().take(100).map(|row| text(&row.record)).collect();
        identify(&sample.join("\n")).lang
    };
    side(|record| &record.src) == langs[1] || side(|record| &record.tgt) == langs[0]
}

fn swap(record: &mut Record) {
    std::mem::swap(&mut record.src, &mut record.tgt);
    std::mem::swap(&mut record.src_doc, &mut record.tgt_doc);
    std::mem::swap(&mut record.src_spans, &mut record.tgt_spans);
    std::mem::swap(&mut record.src_sentences, &mut record.tgt_sentences);
    if let Some(bead) = &mut record.bead {
        std::mem::swap(&mut bead.src, &mut bead.tgt);
    }
    for item in &mut record.details {
        std::mem::swap(&mut item.src, &mut item.tgt);
        std::mem::swap(&mut item.src_text, &mut item.tgt_text);
    }
}

/// Cuts pieces of tags out of both texts and gives them back with their sides. Other rules look at where a line stands in its
/// document, which no row tells.
fn cut(record: &mut Record) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    let sides = [
        (&mut record.src, &mut record.src_spans, &mut record.src_sentences),
        (&mut record.tgt, &mut record.tgt_spans, &mut record.tgt_sentences),
    ];
    for (side, (text, spans, sentences)) in sides.into_iter().enumerate() {
        let cuts = clean(text, &[Rule::TagDebris], &crate::Boilerplate::default());
        if cuts.is_empty() {
            continue;
        }
        // Where a tag is cut out of a sentence, its ranges are no longer what was said of it.
        sentences.clear();
        let (mut at, mut kept) = (0, Vec::new());
        for cut in &cuts {
            kept.push(Span::new(at, cut.span.start));
            all.push((side, cut.span.of(text).to_owned()));
            at = cut.span.end;
        }
        kept.push(Span::new(at, text.len()));
        kept.retain(|piece| !piece.of(text).trim().is_empty());
        // A row that is one range of its document still is what lies in its pieces.
        if let [whole] = spans.as_slice()
            && whole.len() == text.len()
        {
            let start = whole.start;
            *spans = kept
                .iter()
                .map(|piece| Span::new(start + piece.start, start + piece.end))
                .collect();
        }
        let pieces: String = kept.iter().map(|piece| piece.of(text)).collect();
        pieces.trim().clone_into(text);
    }
    all
}
