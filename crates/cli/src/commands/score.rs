//! `qostil score`: rows stream through in batches; each batch is scored as a whole, in parallel with others, and written in order.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use qostil_align::{Parameters, Resources, score_rows};
use qostil_bitext::{Bead, describe};
use qostil_export::{BitextReader, Format, Row};
use qostil_text::Lang;
use rayon::prelude::*;

use crate::commands::LexiconArgs;
use crate::commands::bitext::BitextArgs;
use crate::commands::check::{Batch, bare, texts_and_more, with_columns, with_keys};
use crate::commands::convert::explain;
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::table::counted;

/// What to score.
///
/// Every row keeps its columns and gets three more: `confidence` (probability from 0 to 1 that the two texts are translations of each
/// other), `verdict` (what their figures say) and `evidence`. To filter, give the result to `qostil convert --min-confidence`.
#[derive(Args)]
pub(crate) struct Score {
    #[command(flatten)]
    bitext: BitextArgs,
    /// The file for the rows, in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    lexicon: LexiconArgs,
}

/// Rows whose rarities and share of wrong rows are estimated together.
const TOGETHER: usize = 4096;
/// Pieces of evidence in words a row.
const PIECES: usize = 8;

pub(crate) fn run(args: &Score, global: &Global) -> anyhow::Result<Exit> {
    let mut reader = args.bitext.reader().map_err(explain)?;
    let mut batch = Batch::first(&mut reader)?;
    let [src, tgt] = args.bitext.langs(&reader, &batch.rows);
    let langs = (src, tgt);
    let lexicon = args.lexicon.load(langs.0, langs.1)?;
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let mut out = Output::create(args.output.as_deref())?;
    let form = reader.format();
    let extra = reader.extra().to_vec();
    args.write_header(&reader, &mut out)?;
    let (mut rows, mut misfits, mut sure) = (0_usize, 0_usize, 0_usize);
    while !batch.is_empty() {
        let (next, beads) = rayon::join(
            || Batch::read(&mut reader),
            || -> Vec<Vec<Bead>> {
                let chunks = batch.rows.par_chunks(TOGETHER);
                chunks.map(|rows| score(rows, langs, &resources)).collect()
            },
        );
        let mut lines = Vec::new();
        for (row, bead) in batch.rows.iter().zip(beads.iter().flatten()) {
            sure += usize::from(bead.confidence >= 0.5);
            write_row(form, &extra, row, bead, &mut lines);
        }
        out.write_all(&lines)?;
        rows += batch.rows.len();
        misfits += batch.misfits.len();
        if let Some(misfit) = batch.misfits.first() {
            global.warn(format_args!("{misfit}: no row of this bitext, left out"));
        }
        batch = next.map_err(explain)?;
    }
    out.finish()?;
    if rows == 0 {
        global.warn("the bitext is empty");
    }
    global.note(format_args!(
        "{}: {sure} rather translations than not, {} not",
        counted(rows, "row"),
        rows - sure
    ));
    Ok(if misfits > 0 { Exit::Look } else { Exit::Done })
}

fn score(rows: &[Row], langs: (Lang, Lang), resources: &Resources<'_>) -> Vec<Bead> {
    let texts: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row.record.src.as_str(), row.record.tgt.as_str()))
        .collect();
    score_rows(&texts, langs, resources)
}

/// The row as it was, with what was found appended.
fn write_row(form: Format, extra: &[String], row: &Row, bead: &Bead, out: &mut Vec<u8>) {
    let line = bare(&row.raw[0]);
    let confidence = format!("{:.4}", bead.confidence);
    let evidence = describe(&bead.evidence, PIECES);
    match form {
        Format::Jsonl | Format::Translation => {
            let number = (bead.confidence * 10_000.0).round() / 10_000.0;
            let keys = [
                ("confidence", number.into()),
                ("verdict", bead.verdict.name().into()),
                ("evidence", evidence.into()),
            ];
            return with_keys(line, &keys, out);
        }
        Format::Tsv | Format::Sent => out.extend_from_slice(line.as_bytes()),
        _ => {
            texts_and_more(&row.record, extra, out);
        }
    }
    with_columns(&[&confidence, bead.verdict.name(), &evidence], out);
}

impl Score {
    fn write_header(&self, reader: &BitextReader, out: &mut Output) -> anyhow::Result<()> {
        const ADDED: &str = "confidence\tverdict\tevidence";
        match reader.format() {
            Format::Tsv | Format::Sent => {
                if let Some(header) = reader.header() {
                    writeln!(out, "{}\t{ADDED}", bare(header))?;
                }
            }
            Format::Jsonl | Format::Translation => {}
            _ if !self.bitext.no_header => {
                let columns = reader.columns();
                let mut names = vec![columns.src.as_str(), &columns.tgt];
                names.extend(reader.extra().iter().map(String::as_str));
                writeln!(out, "{}\t{ADDED}", names.join("\t"))?;
            }
            _ => {}
        }
        Ok(())
    }
}
