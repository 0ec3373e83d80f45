//! hunalign's `-text` output: source, target and score, sentences of a side joined by ` ~~~ `, paragraphs as `<p>` rows.

use std::io::{BufRead, Write};

use qostil_bitext::{BeadType, Record};

use crate::lines::{inner, raw_lines};
use crate::losses::{BREAKS, Losses};
use crate::moses::count_all_but_texts;
use crate::table::{Field, Layout};
use crate::{Columns, Error, Row, one_line};

/// What stands between two sentences of one side.
const JOIN: &str = " ~~~ ";

/// The columns of a table of its rows.
pub(crate) fn layout(columns: &Columns) -> Layout {
    Layout::of_fields(columns, &[Field::Bead], &["score".to_owned()])
}

/// Reads hunalign's text output. `<p>` rows are passed over: they are no sentences.
pub(crate) struct HunalignReader {
    rows: Box<dyn Iterator<Item = Result<(u64, String), Error>> + Send>,
}

impl HunalignReader {
    pub(crate) fn new(input: impl BufRead + Send + 'static) -> Self {
        Self {
            rows: Box::new(raw_lines(input)),
        }
    }
}

fn row(line: u64, raw: String) -> Result<Option<Row>, Error> {
    let mut cells = inner(line, &raw).split('\t');
    let (Some(src), Some(tgt)) = (cells.next(), cells.next()) else {
        return Err(Error::at(
            line,
            "one column: expected source, target and score between tabs",
        ));
    };
    let sentences = |side: &str| -> Vec<String> {
        let parts = side
            .split(JOIN)
            .map(|part| one_line(part).trim().to_owned())
            .filter(|part| !part.is_empty() && part != "<p>");
        parts.collect()
    };
    let (src, tgt) = (sentences(src), sentences(tgt));
    if src.is_empty() && tgt.is_empty() {
        return Ok(None);
    }
    let mut record = Record {
        bead: Some(BeadType {
            src: src.len(),
            tgt: tgt.len(),
        }),
        src: src.join(" "),
        tgt: tgt.join(" "),
        ..Record::default()
    };
    if let Some(score) = cells.next().map(str::trim).filter(|score| !score.is_empty()) {
        if score.parse::<f64>().is_err() {
            let message = format!(
                "`{}` is not a score: expected a number",
                crate::table::short(score)
            );
            return Err(Error::place(line, 3, message));
        }
        // hunalign's score is no probability.
        record.extra.push(("score".to_owned(), score.to_owned()));
    }
    Ok(Some(Row {
        line,
        raw: [raw, String::new()],
        record,
    }))
}

impl Iterator for HunalignReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rows.next()? {
                Ok((_, raw)) if raw.trim().is_empty() => {}
                Ok((line, raw)) => {
                    if let Some(row) = row(line, raw).transpose() {
                        return Some(row);
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Writes source, target and confidence. A record does not know where its sentences end, so nothing is joined by `~~~`.
pub(crate) struct HunalignWriter<W> {
    out: W,
    losses: Losses,
}

impl<W: Write> HunalignWriter<W> {
    pub(crate) fn new(out: W) -> Self {
        Self {
            out,
            losses: Losses::default(),
        }
    }

    pub(crate) fn write(&mut self, record: &Record) -> Result<(), Error> {
        let score = record.extra.iter().find(|(name, _)| name == "score");
        let score = score.map_or_else(
            || format!("{:.4}", record.confidence.unwrap_or(0.0)),
            |(_, score)| score.clone(),
        );
        let (src, tgt) = (one_line(&record.src), one_line(&record.tgt));
        for side in [&src, &tgt] {
            if matches!(side, std::borrow::Cow::Owned(_)) {
                self.losses.count(BREAKS);
            }
        }
        writeln!(self.out, "{src}\t{tgt}\t{}", one_line(&score))?;
        count_all_but_texts(record, &["confidence", "score"], &mut self.losses);
        Ok(())
    }

    pub(crate) fn finish(self) -> (W, Losses) {
        (self.out, self.losses)
    }
}
