//! `qostil eval`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use qostil_bitext::{IndexBead, Record};
use qostil_eval::{Counts, Rates, by_spans};
use qostil_export::{Packing, TsvReader, gold_sides, open, read_gold, read_ladder, read_vecalign};

use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::output::Output;
use crate::table::Table;

/// What to compare.
#[derive(Args)]
pub(crate) struct Eval {
    /// The alignment to score: Vecalign's form, a ladder, TSV with spans, or the output folder of `run`.
    predicted: PathBuf,
    /// The gold alignment, in any of these forms, or a folder with `beads.tsv` and the sentences of both sides.
    gold: PathBuf,
    /// The form of PREDICTED, where its name does not tell.
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// The form of GOLD, where its name does not tell.
    #[arg(long, value_enum)]
    gold_format: Option<Form>,
    /// End with exit code 1 when strict F1 is below this (0 to 1).
    #[arg(long, value_name = "F1")]
    at_least: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Vecalign,
    Ladder,
    Tsv,
}

/// An alignment as read.
enum Alignment {
    Numbers(Vec<IndexBead>),
    Rows(Vec<Record>),
}

pub(crate) fn run(args: &Eval, global: &Global) -> anyhow::Result<Exit> {
    let counts = match (
        read(&args.predicted, args.format)?,
        read(&args.gold, args.gold_format)?,
    ) {
        (Alignment::Numbers(predicted), Alignment::Numbers(gold)) => Counts::of(&predicted, &gold),
        (Alignment::Rows(predicted), Alignment::Rows(gold)) => {
            let mut counts = Counts::default();
            for pair in by_spans(&predicted, &gold) {
                counts.add(&Counts::of(&pair.predicted, &pair.gold));
            }
            counts
        }
        _ => {
            return Err(Usage::error(
                "one alignment has sentence numbers, the other spans: they cannot be compared",
            ));
        }
    };
    let scores = counts.scores();
    let mut out = Output::create(None)?;
    if global.json {
        let all = serde_json::json!({"scores": scores, "counts": counts});
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        let mut table = Table::new(["score", "precision", "recall", "f1"]);
        for (name, rates) in [
            ("strict", scores.strict),
            ("lax", scores.lax),
            ("pair", scores.pair),
            ("link", scores.link),
        ] {
            let Rates {
                precision,
                recall,
                f1,
            } = rates;
            table.row([
                name.to_owned(),
                format!("{precision:.4}"),
                format!("{recall:.4}"),
                format!("{f1:.4}"),
            ]);
        }
        let mut types = Table::new(["bead", "predicted", "gold", "right"]);
        for (kind, c) in &counts.by_type {
            types.row([
                kind.clone(),
                c.predicted.to_string(),
                c.gold.to_string(),
                c.right.to_string(),
            ]);
        }
        write!(out, "{table}\n{types}")?;
    }
    out.finish()?;
    let below = args.at_least.filter(|wanted| scores.strict.f1 < *wanted);
    if let Some(wanted) = below {
        global.warn(format_args!(
            "strict F1 is {:.4}, below {wanted}",
            scores.strict.f1
        ));
    }
    Ok(if below.is_some() { Exit::Look } else { Exit::Done })
}

fn read(path: &Path, form: Option<Form>) -> anyhow::Result<Alignment> {
    if path.join("beads.tsv").is_file() {
        return read_gold_folder(path).map(Alignment::Rows);
    }
    if path.is_dir() {
        let mut rows = Vec::new();
        for name in ["bitext.tsv", "unaligned.tsv"] {
            rows.extend(read_rows(&path.join(name))?);
        }
        return Ok(Alignment::Rows(rows));
    }
    let reader = || open(path).with_context(|| format!("cannot read {}", path.display()));
    let named = || format!("cannot read {}", path.display());
    Ok(match form.unwrap_or_else(|| form_of(path)) {
        Form::Vecalign => Alignment::Numbers(read_vecalign(reader()?).with_context(named)?),
        Form::Ladder => Alignment::Numbers(read_ladder(reader()?).with_context(named)?),
        Form::Tsv => Alignment::Rows(read_rows(path)?),
    })
}

fn read_gold_folder(folder: &Path) -> anyhow::Result<Vec<Record>> {
    let named = || format!("cannot read {}", folder.display());
    let file = |name: &str| {
        let path = folder.join(name);
        open(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let (src, tgt) = gold_sides(file("beads.tsv")?).with_context(named)?;
    let sentences = |side: &str| file(&format!("{side}.sentences.tsv"));
    read_gold(file("beads.tsv")?, sentences(&src)?, sentences(&tgt)?).with_context(named)
}

/// What the name of a file says of its form.
fn form_of(path: &Path) -> Form {
    match Packing::strip(path).extension().and_then(|e| e.to_str()) {
        Some("tsv") => Form::Tsv,
        Some("ladder") => Form::Ladder,
        _ => Form::Vecalign,
    }
}

fn read_rows(path: &Path) -> anyhow::Result<Vec<Record>> {
    let named = || format!("cannot read {}", path.display());
    let reader = TsvReader::new(open(path).with_context(named)?).with_context(named)?;
    let rows = reader
        .map(|row| row.map(|row| row.record))
        .collect::<Result<Vec<_>, _>>()
        .with_context(named)?;
    if rows
        .iter()
        .all(|row| row.src_spans.is_empty() && row.tgt_spans.is_empty())
        && !rows.is_empty()
    {
        return Err(Usage::error(format!(
            "{} has no spans: columns `…_span` are needed to compare",
            path.display()
        )));
    }
    Ok(rows)
}
