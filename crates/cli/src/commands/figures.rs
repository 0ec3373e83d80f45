//! `qostil figures`

use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;
use crate::global::Global;
use crate::input::{name_of, read_text};
use crate::lang::{Asked, lang_or_auto};
use crate::output::Output;

/// What to read.
#[derive(Args)]
pub(crate) struct Figures {
    /// Texts, web pages, `.docx`, `.epub`, `.srt`; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language: kk, en, ru, another code, or auto.
    #[arg(long, default_value = "auto", value_parser = lang_or_auto)]
    lang: Asked,
    /// The file for the figures, in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Write no header.
    #[arg(long)]
    no_header: bool,
}

/// The columns; the first only of several files.
const COLUMNS: [&str; 9] = [
    "doc",
    "start",
    "end",
    "surface",
    "value",
    "unit",
    "kind",
    "exactness",
    "alternatives",
];

pub(crate) fn run(args: &Figures, global: &Global) -> anyhow::Result<Exit> {
    let several = args.files.len() > 1;
    let mut out = Output::table(args.output.as_deref())?;
    let (mut failed, mut read) = (0, 0);
    for path in &args.files {
        let text = match read_text(path) {
            Ok(text) => text,
            Err(error) if several => {
                global.warn(format_args!("{error:#}"));
                failed += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        // Nothing is written before something was read.
        if read == 0 && !args.no_header {
            out.row(if several { &COLUMNS } else { &COLUMNS[1..] })?;
        }
        read += 1;
        if text.trim().is_empty() {
            global.warn(format_args!("{} is empty", name_of(path)));
        }
        let doc = path.display().to_string();
        let lang = args.lang.0.unwrap_or_else(|| qostil_split::identify(&text).lang);
        for figure in qostil_figures::figures(&text, lang) {
            let cells: [&str; COLUMNS.len()] = [
                &doc,
                &figure.span.start.to_string(),
                &figure.span.end.to_string(),
                figure.span.of(&text),
                &figure.value_text(),
                &figure.unit.to_string(),
                &figure.kind.to_string(),
                &figure.exactness.to_string(),
                &figure.alternatives_text(),
            ];
            out.row(if several { &cells } else { &cells[1..] })?;
        }
    }
    if read == 0 {
        anyhow::bail!("no input could be read");
    }
    out.finish()?;
    Ok(if failed > 0 { Exit::Look } else { Exit::Done })
}
