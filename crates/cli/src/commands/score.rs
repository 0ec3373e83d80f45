//! `qostil score`: rows stream through in batches; each batch is scored as a whole, in parallel with others, and written in order.

use clap::Args;
use qostil_align::{Parameters, Resources, score_rows};
use qostil_bitext::{Bead, describe};
use qostil_export::Row;
use qostil_text::Lang;
use rayon::prelude::*;
use serde_json::Value;

use crate::commands::LexiconArgs;
use crate::commands::bitext::{Batch, BitextArgs, Misfits, OutputArgs, Shape, Sink, Written};
use crate::commands::convert::explain;
use crate::exit::Exit;
use crate::global::Global;
use crate::table::counted;

/// What to score.
///
/// Every row keeps its columns and gets three more: `confidence` (probability from 0 to 1 that the two texts are translations of each
/// other), `verdict` (what their figures say) and `evidence`. To filter, give the result to `qostil convert --min-confidence`.
#[derive(Args)]
pub(crate) struct Score {
    #[command(flatten)]
    bitext: BitextArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    lexicon: LexiconArgs,
}

/// Rows whose rarities and share of wrong rows are estimated together.
const TOGETHER: usize = 4096;
/// Pieces of evidence in words a row.
const PIECES: usize = 8;
/// What rows may say in their own way: their texts are all that is scored.
const UNUSED: [&str; 5] = ["confidence", "bead", "verdict", "evidence", "span"];
/// What every row gets.
const ADDED: [&str; 3] = ["confidence", "verdict", "evidence"];

pub(crate) fn run(args: &Score, global: &Global) -> anyhow::Result<Exit> {
    let mut reader = args
        .bitext
        .reader(args.output.is_anew(args.bitext.format()), &UNUSED)
        .map_err(explain)?;
    let mut batch = Batch::first(&mut reader)?;
    let [src, tgt] = args.bitext.langs(&reader, &batch.rows, global);
    let langs = (src, tgt);
    let lexicon = args.lexicon.load(langs.0, langs.1)?;
    let mut unmet = args.lexicon.unmet(&lexicon, [src, tgt]);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let shape = Shape::of(&reader, &ADDED, &args.output).map_err(explain)?;
    shape.tell(global);
    let heading = (args.bitext.no_header, batch.is_empty());
    let mut sink = Sink::of_rows(&args.output, &reader, &shape, heading)?;
    let (mut rows, mut misfits, mut sure) = (0_usize, Misfits::default(), 0_usize);
    while !batch.is_empty() {
        unmet.look_through(batch.rows.iter().map(|row| &row.record));
        let (next, beads) = rayon::join(
            || Batch::read(&mut reader),
            || -> Vec<Vec<Bead>> {
                let chunks = batch.rows.par_chunks(TOGETHER);
                chunks.map(|rows| score(rows, langs, &resources)).collect()
            },
        );
        let mut out = Written::default();
        for (row, bead) in batch.rows.iter().zip(beads.iter().flatten()) {
            sure += usize::from(bead.confidence >= 0.5);
            shape.write(row, &found(bead), &mut out);
        }
        sink.write(&out)?;
        rows += batch.rows.len();
        misfits.add(&batch.misfits);
        batch = next.map_err(explain)?;
    }
    sink.finish(global)?;
    if rows == 0 {
        args.bitext.tell_empty(global);
    }
    misfits.tell(global);
    unmet.tell("these texts", global);
    global.note(format_args!(
        "{}: {sure} rather translations than not, {} not",
        counted(rows, "row"),
        rows - sure
    ));
    Ok(if misfits.count > 0 { Exit::Look } else { Exit::Done })
}

fn score(rows: &[Row], langs: (Lang, Lang), resources: &Resources<'_>) -> Vec<Bead> {
    let texts: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row.record.src.as_str(), row.record.tgt.as_str()))
        .collect();
    score_rows(&texts, langs, resources)
}

/// What a row gets.
fn found(bead: &Bead) -> [(&'static str, Value); 3] {
    let confidence = (bead.confidence * 10_000.0).round() / 10_000.0;
    let evidence = describe(&bead.evidence, PIECES);
    let [a, b, c] = ADDED;
    [
        (a, confidence.into()),
        (b, bead.verdict.name().into()),
        (c, evidence.into()),
    ]
}
