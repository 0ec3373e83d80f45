//! `qostil eval BITEXT --sample N` and `qostil eval SHEET --judged`

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Context;
use qostil_bitext::{BeadType, Record};
use qostil_eval::{Judged, draw, estimate, stratum};
use qostil_export::{Format, one_line};
use qostil_text::lines;
use serde_json::json;

use super::Eval;
use super::reading::{Bitext, read_bitext};
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::input::read_text;
use crate::output::{Output, refuse_all_but};
use crate::table::{Table, counted};

/// The first columns of a sheet; the texts and what is known of them follow.
const HEADER: [&str; 4] = ["judgement", "row", "stratum", "stratum_rows"];

/// Writes a sheet for people to judge.
pub(super) fn draw_sheet(args: &Eval, count: usize) -> anyhow::Result<Exit> {
    // As `--judged` reads it.
    refuse_all_but(&[Format::Tsv.name()], args.output.as_deref())?;
    let Bitext { rows, sides, .. } = read_bitext(&args.predicted, args.format)?;
    let strata: Vec<String> = rows.iter().map(stratum_of).collect();
    let mut out = Output::create(args.output.as_deref())?;
    writeln!(
        out,
        "{}\t{}\t{}\tconfidence\tbead\tverdict\tevidence",
        HEADER.join("\t"),
        sides[0],
        sides[1]
    )?;
    for drawn in draw(&strata, count, args.seed) {
        let Some(row) = rows.get(drawn.row) else { continue };
        let (src, tgt, evidence) = (one_line(&row.src), one_line(&row.tgt), one_line(&row.evidence));
        let confidence = row.confidence.map(|c| format!("{c:.4}")).unwrap_or_default();
        let bead = row.bead.map(|b| b.to_string()).unwrap_or_default();
        let verdict = row.verdict.map(|v| v.to_string()).unwrap_or_default();
        let (stratum, size) = (drawn.stratum, drawn.size);
        writeln!(
            out,
            "\t{}\t{stratum}\t{size}\t{src}\t{tgt}\t{confidence}\t{bead}\t{verdict}\t{evidence}",
            drawn.row
        )?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn stratum_of(row: &Record) -> String {
    stratum(
        row.confidence,
        row.bead.is_none_or(|bead| bead == BeadType { src: 1, tgt: 1 }),
    )
}

/// Reads a judged sheet back into an estimate.
pub(super) fn read_sheet(args: &Eval, global: &Global) -> anyhow::Result<Exit> {
    let path = args.predicted.display();
    let text = read_text(&args.predicted)?;
    let mut lines = lines(&text);
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    if header.get(..HEADER.len()) != Some(&HEADER[..]) {
        return Err(Usage::error(format!(
            "{path} is no sheet from --sample: expected tab-separated columns {}",
            HEADER.join(", ")
        )));
    }
    let mut strata: BTreeMap<String, Judged> = BTreeMap::new();
    let mut rows = BTreeMap::new();
    let mut open = 0;
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let &[judgement, row, stratum, size, ..] = &cells[..] else {
            return Err(Usage::error(format!(
                "{path}: line {}: {} columns",
                number + 2,
                cells.len()
            )));
        };
        if let Some(before) = rows.insert(row.to_owned(), number + 2) {
            return Err(Usage::error(format!(
                "{path}: line {}: row {row} stands on line {before} already",
                number + 2
            )));
        }
        let size = size
            .parse()
            .with_context(|| format!("{path}: line {}: stratum_rows", number + 2))?;
        let counts = strata.entry(stratum.to_owned()).or_insert(Judged {
            size,
            ..Judged::default()
        });
        match judgement.trim().to_lowercase().as_str() {
            "" => open += 1,
            "1" | "y" | "yes" | "right" | "иә" | "дұрыс" => {
                counts.judged += 1;
                counts.right += 1;
            }
            "0" | "n" | "no" | "wrong" | "жоқ" | "қате" => counts.judged += 1,
            other => {
                return Err(Usage::error(format!(
                    "{path}: line {}: `{other}` is no judgement: expected 1 or 0",
                    number + 2
                )));
            }
        }
    }
    let found = estimate(&strata).ok_or_else(|| Usage::error(format!("{path}: nothing is judged yet")))?;
    let mut out = Output::create(args.output.as_deref())?;
    if global.json {
        serde_json::to_writer(&mut out, &json!({"sample": found, "open": open}))
            .map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        let mut table = Table::new(["stratum", "rows", "judged", "right"]);
        for (name, s) in &found.strata {
            table.row([
                name.clone(),
                s.size.to_string(),
                s.judged.to_string(),
                s.right.to_string(),
            ]);
        }
        writeln!(out, "{table}")?;
        let interval = found.interval;
        writeln!(
            out,
            "precision {:.4}, 95 % interval {:.4}–{:.4}: {} of {} rows judged, stratified by confidence and type",
            found.precision, interval.low, interval.high, found.judged, found.rows
        )?;
    }
    out.finish()?;
    if open > 0 {
        global.warn(format_args!(
            "no judgement in {} of the sheet",
            counted(open, "row")
        ));
    }
    Ok(if open > 0 { Exit::Look } else { Exit::Done })
}
