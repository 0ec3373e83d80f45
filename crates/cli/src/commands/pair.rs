//! `qostil pair`

use std::path::PathBuf;

use clap::Args;
use qostil_align::{Parameters, Resources};
use qostil_export::Columns;

use crate::commands::run::{CollectionArgs, INPUTS, explain};
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::progress::Progress;

/// What to read and where to write.
#[derive(Args)]
#[command(after_long_help = INPUTS)]
pub(crate) struct Pair {
    /// Files, folders, manifests, `-` for a manifest or JSON lines on standard input; see below.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The file for the pairs, in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Write no header.
    #[arg(long)]
    no_header: bool,
    #[command(flatten)]
    collection: CollectionArgs,
}

pub(crate) fn run(args: &Pair, global: &Global) -> anyhow::Result<Exit> {
    let config = args.collection.config()?;
    let mut settings = config.settings()?;
    settings.written = args.output.iter().cloned().collect();
    let (lexicon, parameters) = (config.load_lexicon()?, Parameters::default());
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    // Before the work, as a name that cannot be written to would be found out after it.
    let mut out = Output::table(args.output.as_deref())?;
    let progress = Progress::new(global);
    let summary = qostil_corpus::pair(&args.inputs, &settings, &resources, &progress).map_err(explain)?;
    if !args.no_header {
        let columns = Columns::of(settings.pair.0, settings.pair.1);
        let mut names = [columns.src, columns.tgt];
        if columns.swapped {
            names.reverse();
        }
        let [src, tgt] = names;
        out.row(&[
            &format!("{src}_doc"),
            &format!("{tgt}_doc"),
            "confidence",
            "evidence",
        ])?;
    }
    for pair in &summary.pairs {
        let confidence = format!("{:.4}", pair.confidence);
        out.row(&[&pair.src, &pair.tgt, &confidence, &pair.evidence])?;
    }
    out.finish()?;
    Ok(if summary.failed.is_empty() {
        Exit::Done
    } else {
        Exit::Look
    })
}
