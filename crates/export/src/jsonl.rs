//! Bitext as JSON lines: the names of the TSV's columns as keys, and the typed evidence besides.

use std::io::Write;

use qostil_bitext::Record;
use qostil_text::join_spans;
use serde_json::{Map, Value, json};

use crate::tsv::oriented;
use crate::{Columns, Error};

/// Writes records as JSON lines, in full: `details` holds the typed evidence with its places in both documents.
pub struct JsonlWriter<W> {
    out: W,
    columns: Columns,
}

impl<W: Write> JsonlWriter<W> {
    /// Keys are named by `columns`.
    pub fn new(out: W, columns: &Columns) -> Self {
        Self {
            out,
            columns: columns.clone(),
        }
    }

    /// Writes one record; what it does not know is left out.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        let swapped = self.columns.swapped;
        let mut line = Map::new();
        line.insert(self.columns.src.clone(), json!(record.src));
        line.insert(self.columns.tgt.clone(), json!(record.tgt));
        if let Some(confidence) = record.confidence {
            line.insert("confidence".into(), json!(rounded(confidence)));
        }
        if let Some(bead) = record.bead {
            line.insert("bead".into(), json!(oriented(bead, swapped).to_string()));
        }
        if let Some(verdict) = record.verdict {
            line.insert("verdict".into(), json!(verdict.name()));
        }
        line.insert("evidence".into(), json!(record.evidence));
        for (name, doc, spans) in [
            (&self.columns.src, &record.src_doc, &record.src_spans),
            (&self.columns.tgt, &record.tgt_doc, &record.tgt_spans),
        ] {
            line.insert(format!("{name}_doc"), json!(doc));
            line.insert(format!("{name}_span"), json!(join_spans(spans)));
        }
        if !record.details.is_empty() {
            let details = record.details.iter().map(|item| {
                let mut item = item.clone();
                item.weight = rounded(item.weight);
                if swapped {
                    std::mem::swap(&mut item.src, &mut item.tgt);
                    std::mem::swap(&mut item.src_text, &mut item.tgt_text);
                }
                serde_json::to_value(item)
            });
            let details = details
                .collect::<Result<Vec<Value>, _>>()
                .map_err(std::io::Error::from)?;
            line.insert("details".into(), Value::Array(details));
        }
        serde_json::to_writer(&mut self.out, &Value::Object(line)).map_err(std::io::Error::from)?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// The writer underneath, for committing it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// To four decimals, so that the last bits of a sum are not part of the output.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
