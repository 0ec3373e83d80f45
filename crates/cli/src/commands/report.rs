//! `qostil report`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use qostil_export::{Format, ReadOptions};
use qostil_report::{DocumentRow, Page};
use qostil_split::{paragraphs, sentences};
use qostil_text::{Lang, Span};
use serde_json::Value;

use crate::commands::convert::explain;
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::input::{name_of, open_bitext};
use crate::output::{Output, refuse_all_but};

/// What to show.
#[derive(Args)]
pub(crate) struct Report {
    /// A bitext in any format, or the output folder of `run`. JSON lines (`run`, `align -f jsonl --all`) show the most: sentences
    /// without a partner too, and where the evidence stands. `-` is standard input.
    #[arg(value_name = "BITEXT|OUTDIR")]
    input: PathBuf,
    /// The bitext's format, where its name does not say it.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,
    /// The page, in place of standard output.
    #[arg(short, long, value_name = "PAGE.html")]
    output: Option<PathBuf>,
    /// The source text, one sentence a line, when the bitext is an index format.
    #[arg(long, value_name = "FILE")]
    src: Option<PathBuf>,
    /// The target text, one sentence a line.
    #[arg(long, value_name = "FILE")]
    tgt: Option<PathBuf>,
}

pub(crate) fn run(args: &Report, global: &Global) -> anyhow::Result<Exit> {
    refuse_all_but(&["html"], args.output.as_deref())?;
    let (bitext, summary) = if args.input.is_dir() {
        let summary = args.input.join("summary.json");
        let found = ["alignments.jsonl", "bitext.tsv"]
            .map(|name| args.input.join(name))
            .into_iter()
            .find(|path| path.is_file());
        let bitext = found.ok_or_else(|| {
            Usage::error(format!(
                "{} holds no alignments.jsonl or bitext.tsv: not the output of a `run` that has ended",
                args.input.display()
            ))
        })?;
        (bitext, Some(summary).filter(|path| path.is_file()))
    } else {
        (args.input.clone(), None)
    };
    let mut page = read(&bitext, args)?;
    if let Some(path) = summary {
        add_documents(&mut page, &path)?;
    }
    if page.is_empty() {
        global.warn(format_args!(
            "{} holds no pair: the page shows none",
            name_of(&bitext)
        ));
    }
    let mut out = Output::create(args.output.as_deref())?;
    out.write_all(page.to_html().as_bytes())?;
    out.finish()?;
    Ok(Exit::Done)
}

fn read(bitext: &Path, args: &Report) -> anyhow::Result<Page> {
    let options = ReadOptions {
        format: args.from,
        src: args.src.clone(),
        tgt: args.tgt.clone(),
        ..ReadOptions::default()
    };
    let reader = open_bitext(bitext, &options).map_err(explain)?;
    let columns = reader.columns();
    let mut page = Page::new([columns.src.clone(), columns.tgt.clone()]);
    let langs = [reader.langs().0, reader.langs().1];
    for row in reader {
        let record = row.map_err(explain)?.record;
        page.add(&record, |side, text| {
            split(text, langs.get(side).copied().unwrap_or_default())
        });
    }
    Ok(page)
}

/// The sentences of a text that is a bead's side.
fn split(text: &str, lang: Lang) -> Vec<Span> {
    paragraphs(text)
        .flat_map(|paragraph| {
            sentences(paragraph.of(text), lang).map(move |span| span.shifted(paragraph.start))
        })
        .collect()
}

/// The documents of a run, as its summary tells of them.
fn add_documents(page: &mut Page, summary: &Path) -> anyhow::Result<()> {
    let reading = || format!("cannot read {}", summary.display());
    let file = qostil_export::open(summary).with_context(reading)?;
    let summary: Value = serde_json::from_reader(file).with_context(reading)?;
    let text = |document: &Value, key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
    for document in summary
        .get("documents")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        page.add_document(DocumentRow {
            id: text(document, "id").unwrap_or_default(),
            lang: text(document, "lang").unwrap_or_default(),
            sentences: document.get("sentences").and_then(Value::as_u64).unwrap_or(0) as usize,
            partner: text(document, "partner"),
            reason: text(document, "reason"),
        });
    }
    Ok(())
}
