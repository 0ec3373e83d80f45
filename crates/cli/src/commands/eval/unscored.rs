//! `qostil eval BITEXT`: what can be said without gold.

use std::collections::BTreeMap;
use std::io::Write;

use qostil_bitext::{Record, Verdict};
use qostil_eval::{Bootstrap, RowFacts, drifts, expected_precision, length_outliers};
use qostil_figures::figures;
use qostil_text::Lang;
use serde_json::json;

use super::Eval;
use super::reading::{Bitext, read_bitext};
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::table::{Table, counted};

/// Lengths so many robust standard deviations from the usual ratio are named.
const ODD_LENGTH: f64 = 5.0;
/// So many are named for people; all are in the JSON.
const NAMED: usize = 20;

/// A row's number, what it says and what its figures say.
type Judged = (usize, Record, Verdict);

pub(super) fn run(args: &Eval, bootstrap: &Bootstrap, global: &Global) -> anyhow::Result<Exit> {
    let Bitext {
        rows: records, langs, ..
    } = read_bitext(&args.predicted, args.format)?;
    let rows = records.len();
    let mut documents: BTreeMap<(String, String), Vec<Judged>> = BTreeMap::new();
    for (record, number) in records.into_iter().zip(1..) {
        let verdict = record.verdict.unwrap_or_else(|| {
            qostil_figures::compare(&figures(&record.src, langs.0), &figures(&record.tgt, langs.1)).verdict
        });
        let key = (record.src_doc.clone(), record.tgt_doc.clone());
        documents.entry(key).or_default().push((number, record, verdict));
    }
    let confidences: Vec<Vec<f64>> = documents
        .values()
        .map(|rows| rows.iter().filter_map(|(_, r, _)| r.confidence).collect())
        .collect();
    let expected = expected_precision(&confidences, bootstrap);
    let count = |wanted| {
        documents
            .values()
            .flatten()
            .filter(|(_, _, verdict)| *verdict == wanted)
            .count()
    };
    let (agree, contradict, none) = (
        count(Verdict::Agree),
        count(Verdict::Contradict),
        count(Verdict::None),
    );
    let (mut odd, mut slipped) = (Vec::new(), Vec::new());
    for ((src_doc, _), rows) in &documents {
        let facts: Vec<RowFacts> = rows.iter().map(|(_, record, _)| facts(record, langs)).collect();
        let number = |at: usize| rows.get(at).map_or(0, |(number, _, _)| *number);
        odd.extend(length_outliers(&facts, ODD_LENGTH).into_iter().map(number));
        let found = drifts(&facts).into_iter();
        slipped.extend(found.map(|d| {
            (
                src_doc.clone(),
                number(d.start),
                number(d.end.saturating_sub(1)),
                d.shift,
                d.nats,
            )
        }));
    }
    odd.sort_unstable();
    let mut out = Output::create(args.output.as_deref())?;
    if global.json {
        let drifts: Vec<_> = slipped
            .iter()
            .map(|(doc, first, last, shift, nats)| json!({"doc": doc, "first_row": first, "last_row": last, "shift": shift, "nats": nats}))
            .collect();
        let all = json!({
            "rows": rows,
            "documents": documents.len(),
            "expected_precision": expected,
            "figures": {"agree": agree, "contradict": contradict, "none": none},
            "odd_lengths": odd,
            "drifts": drifts,
            "definitions": {
                "expected_precision": "mean confidence of the rows; the interval draws documents and outcomes; as good as the calibration of the confidence",
                "figures": "verdict on the figures of every row",
                "odd_lengths": "rows (from 1) whose ratio of lengths is more than 5 robust standard deviations from the document's median",
                "drifts": "runs of rows whose figures and lengths fit the target texts `shift` rows further down better than their own",
            },
        });
        serde_json::to_writer(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        writeln!(
            out,
            "{} of {} of documents, judged without gold\n",
            counted(rows, "row"),
            counted(documents.len(), "pair")
        )?;
        match expected {
            Some(e) => writeln!(
                out,
                "expected precision {:.4}, 95 % interval {:.4}–{:.4} (mean confidence of {} rows; as good as its calibration)",
                e.precision, e.interval.low, e.interval.high, e.count
            )?,
            None => writeln!(
                out,
                "expected precision: unknown, the rows have no confidence (`qostil score` gives them one)"
            )?,
        }
        writeln!(
            out,
            "figures: agree in {agree}, contradict in {contradict}, nothing to compare in {none}"
        )?;
        writeln!(
            out,
            "lengths: far from the usual ratio in {}{}",
            counted(odd.len(), "row"),
            listed(&odd)
        )?;
        writeln!(out, "drift: {} runs of shifted pairs", slipped.len())?;
        if !slipped.is_empty() {
            let mut table = Table::new(["document", "rows", "shift", "evidence (nats)"]);
            for (doc, first, last, shift, nats) in slipped.iter().take(NAMED) {
                table.row([
                    doc.clone(),
                    format!("{first}–{last}"),
                    format!("{shift:+}"),
                    format!("{nats:.1}"),
                ]);
            }
            writeln!(out, "\n{table}")?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn listed(rows: &[usize]) -> String {
    let mut text: Vec<String> = rows.iter().take(NAMED).map(ToString::to_string).collect();
    if rows.len() > NAMED {
        text.push("…".to_owned());
    }
    if text.is_empty() {
        String::new()
    } else {
        format!(": {}", text.join(", "))
    }
}

/// Lengths, and the values of figures by which a text is found again in the other language.
fn facts(record: &Record, langs: (Lang, Lang)) -> RowFacts {
    let keys = |text: &str, lang: Lang| {
        let mut keys: Vec<u64> = figures(text, lang)
            .iter()
            .flat_map(qostil_figures::Figure::keys)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    RowFacts {
        src_length: record.src.chars().count(),
        tgt_length: record.tgt.chars().count(),
        src_keys: keys(&record.src, langs.0),
        tgt_keys: keys(&record.tgt, langs.1),
    }
}
