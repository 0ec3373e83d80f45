//! The bitext that commands read, and what is done to its records.

use std::io::{self, BufReader};
use std::path::PathBuf;

use clap::Args;
use qostil_bitext::Record;
use qostil_export::{BitextReader, Error, Format, ReadOptions, Row};
use qostil_text::Lang;
use qostil_text::mend::mend;

/// Which bitext, and where its texts are.
#[derive(Args)]
pub(crate) struct BitextArgs {
    /// A bitext in any format that `convert` reads, .gz and .zst too; or two files of parallel lines. `-` is standard input.
    #[arg(required = true, num_args = 1..=2, value_name = "BITEXT")]
    inputs: Vec<PathBuf>,
    /// The input's format, where its name does not say it.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,
    /// The source text's column: a name of the header, or a number from 1. By default the header tells.
    #[arg(long, value_name = "COLUMN", requires = "tgt_col")]
    src_col: Option<String>,
    /// The target text's column.
    #[arg(long, value_name = "COLUMN", requires = "src_col")]
    tgt_col: Option<String>,
    /// The source language; by default that of the header or the text.
    #[arg(long, value_name = "LANG", value_parser = crate::lang::lang)]
    src_lang: Option<Lang>,
    /// The target language.
    #[arg(long, value_name = "LANG", value_parser = crate::lang::lang)]
    tgt_lang: Option<Lang>,
    /// The first line is no header.
    #[arg(long)]
    pub(crate) no_header: bool,
}

impl BitextArgs {
    /// The rows.
    pub(crate) fn reader(&self) -> Result<BitextReader, Error> {
        let options = ReadOptions {
            format: self.from,
            langs: self.src_lang.zip(self.tgt_lang),
            texts: self
                .src_col
                .clone()
                .zip(self.tgt_col.clone())
                .map(|(src, tgt)| [src, tgt]),
            header: self.no_header.then_some(false),
            texts_only: true,
            ..ReadOptions::default()
        };
        match self.inputs.as_slice() {
            [src, tgt] => BitextReader::open_pair([src.clone(), tgt.clone()], &options),
            [path] if path.as_os_str() != "-" => BitextReader::open(path, &options),
            _ => BitextReader::new(Box::new(BufReader::new(io::stdin())), &options),
        }
    }

    /// The languages asked for, else those the bitext names, else those of its first rows.
    pub(crate) fn langs(&self, reader: &BitextReader, rows: &[Row]) -> [Lang; 2] {
        let (src, tgt) = reader.langs();
        let known = |lang: Lang| (lang != Lang::UNKNOWN).then_some(lang);
        let of_text = |side: fn(&Row) -> &str| {
            let sample: Vec<&str> = rows.iter().take(200).map(side).collect();
            qostil_split::identify(&sample.join("\n")).lang
        };
        [
            self.src_lang
                .or(known(src))
                .unwrap_or_else(|| of_text(|row| &row.record.src)),
            self.tgt_lang
                .or(known(tgt))
                .unwrap_or_else(|| of_text(|row| &row.record.tgt)),
        ]
    }
}

/// Gives both texts of a record their letters as they were meant; its spans stay.
pub(crate) fn mend_letters(record: &mut Record, (src, tgt): (Lang, Lang)) {
    for (text, lang) in [(&mut record.src, src), (&mut record.tgt, tgt)] {
        *text = mend(text, lang).into_owned();
    }
}
