//! `qostil convert`

use std::io::{BufReader, stdin, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use qostil_export::{BitextReader, BitextWriter, Error, Format, ReadOptions, WriteOptions};
use qostil_text::Lang;

use crate::exit::{Exit, Usage};
use crate::global::Global;

/// What to convert and how.
#[derive(Args)]
pub(crate) struct Convert {
    /// The bitext to read; `-` is standard input. Of a Moses pair the common name or one of the two files.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The bitext to write; `-` is standard output. Of a Moses pair the common name.
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// The format of IN, in place of what its name says: tsv, csv, moses, jsonl, translation, tmx, sent, parquet, xlsx,
    /// hunalign-text, vecalign, ladder, xces.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,
    /// The format of OUT, in place of what its name says.
    #[arg(long, value_name = "FORMAT")]
    to: Option<Format>,
    /// The languages of the two sides, in the order of IN.
    #[arg(long, value_name = "LANGS", value_parser = super::run::lang_pair)]
    langs: Option<(Lang, Lang)>,
    /// The two text columns of IN, by name or by number from 1: `--columns 3,4`.
    #[arg(long, value_name = "A,B", value_parser = two_columns)]
    columns: Option<[String; 2]>,
    /// The first line of IN is no header, whatever it looks like.
    #[arg(long)]
    no_input_header: bool,
    /// Write no header.
    #[arg(long)]
    no_header: bool,
    /// The source text, one sentence a line, when IN or OUT is an index format.
    #[arg(long, value_name = "FILE")]
    src: Option<PathBuf>,
    /// The target text, one sentence a line.
    #[arg(long, value_name = "FILE")]
    tgt: Option<PathBuf>,
}

fn two_columns(text: &str) -> Result<[String; 2], String> {
    let (a, b) = text
        .split_once(',')
        .ok_or("expected two columns with a comma between, as 3,4 or kk,en")?;
    Ok([a, b].map(|name| name.trim().to_owned()))
}

fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

pub(crate) fn run(args: &Convert, global: &Global) -> anyhow::Result<Exit> {
    let mut reader = args.reader().map_err(explain)?;
    let mut writer = args.writer(&reader).map_err(explain)?;
    let mut count = 0_u64;
    for row in reader.by_ref() {
        writer.write(&row.map_err(explain)?.record).map_err(explain)?;
        count += 1;
    }
    let read = reader.losses();
    let (from, to) = (reader.format(), writer.format());
    let written = writer.finish().map_err(|e| explain(e.in_file(&args.output)))?;
    for (what, count) in read.iter().chain(written.iter()) {
        global.warn(format_args!("{what}: {count}"));
    }
    global.detail(format_args!("{count} records, {from} to {to}"));
    Ok(Exit::Done)
}

/// What an error of the formats means for the exit code.
pub(crate) fn explain(error: Error) -> anyhow::Error {
    match error {
        Error::Usage(message) => Usage::error(message),
        Error::Io(cause) => cause.into(),
        Error::File { path, cause } => explain(*cause).context(path.display().to_string()),
        other => other.into(),
    }
}

impl Convert {
    fn reader(&self) -> Result<BitextReader, Error> {
        let options = ReadOptions {
            format: self.from,
            langs: self.langs,
            texts: self.columns.clone(),
            header: self.no_input_header.then_some(false),
            src: self.src.clone(),
            tgt: self.tgt.clone(),
        };
        if is_stream(&self.input) {
            BitextReader::new(Box::new(BufReader::new(stdin())), &options)
        } else {
            BitextReader::open(&self.input, &options)
        }
    }

    fn writer(&self, reader: &BitextReader) -> Result<BitextWriter, Error> {
        let options = WriteOptions {
            format: self.to,
            header: !self.no_header,
            extra: reader.extra().to_vec(),
            src: self.src.clone(),
            tgt: self.tgt.clone(),
            ..WriteOptions::new(reader.langs())
        };
        if is_stream(&self.output) {
            BitextWriter::new(stdout(), &options)
        } else {
            BitextWriter::create(&self.output, &options)
        }
    }
}
