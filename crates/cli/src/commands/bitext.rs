//! The bitext that commands read, and what is done to its records.

use std::borrow::{Borrow, Cow};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use qostil_bitext::Record;
use qostil_export::{
    BitextReader, BitextWriter, Error, Format, Layout, Members, ReadOptions, Row, WriteOptions, csv_cells,
    one_line, write_csv_row,
};
use qostil_split::identify;
use qostil_text::Lang;
use qostil_text::mend::mend;
use serde_json::Value;

use crate::commands::convert::explain;
use crate::global::Global;
use crate::input::{name_of, open_bitext};
use crate::lang::{in_words, plainly_other};
use crate::output::{Output, bitext_writer};
use crate::table::counted;

/// Which bitext, and where its texts are.
#[derive(Args)]
pub(crate) struct BitextArgs {
    /// A bitext in any format that `convert` reads, .gz and .zst too; or two files of parallel lines. `-` is standard input, for a bitext in one file.
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

/// Where rows go, and in what form.
#[derive(Args)]
pub(crate) struct OutputArgs {
    /// The file for the rows, in place of standard output; its name says the format, as for `convert`. With `--keep` of two files, the beginning of two names.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The format of the rows, in place of what the name of OUT says; where neither does, JSON lines for JSON lines and TSV for all else.
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<Format>,
}

impl OutputArgs {
    pub(crate) fn path(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// The format asked for, if any.
    pub(crate) fn asked(&self) -> Option<Format> {
        self.format.or_else(|| Format::of(self.path()?))
    }

    /// Whether rows of a format are written anew with what is appended, and not as they stand.
    pub(crate) fn is_anew(&self, from: Format) -> bool {
        !is_as_it_stands(from, self.format(from))
    }

    /// The format of rows that were read in the format `from`.
    fn format(&self, from: Format) -> Format {
        let default = match from {
            Format::Jsonl | Format::Translation => from,
            _ => Format::Tsv,
        };
        self.asked().unwrap_or(default)
    }
}

/// Whether rows of one format can be written in another with all that stands in them, whatever it is, and something at their end.
fn is_as_it_stands(from: Format, to: Format) -> bool {
    match from {
        Format::Tsv | Format::Csv => matches!(to, Format::Tsv | Format::Csv),
        Format::Sent => matches!(to, Format::Tsv | Format::Csv | Format::Sent),
        Format::Jsonl | Format::Translation => to == from || to == Format::Jsonl,
        _ => false,
    }
}

impl BitextArgs {
    /// The rows; in full where they are written `anew`, but for what is `unused`, else what they hold besides their texts stays as it stands, however malformed.
    pub(crate) fn reader(&self, anew: bool, unused: &[&str]) -> Result<BitextReader, Error> {
        let options = ReadOptions {
            format: self.from,
            langs: self.src_lang.zip(self.tgt_lang),
            texts: self
                .src_col
                .clone()
                .zip(self.tgt_col.clone())
                .map(|(src, tgt)| [src, tgt]),
            header: self.no_header.then_some(false),
            texts_only: !anew,
            unused: unused.iter().map(|name| (*name).to_owned()).collect(),
            ..ReadOptions::default()
        };
        match self.inputs.as_slice() {
            [src, tgt] if [src, tgt].iter().any(|path| path.as_os_str() == "-") => Err(Error::Usage(
                "standard input is no half of two parallel files: name both".to_owned(),
            )),
            [src, tgt] => BitextReader::open_pair([src.clone(), tgt.clone()], &options),
            [path, ..] => open_bitext(path, &options),
            [] => open_bitext(Path::new("-"), &options),
        }
    }

    /// The format, as far as names tell.
    pub(crate) fn format(&self) -> Format {
        let named = || match self.inputs.as_slice() {
            [path] => Format::of(path),
            _ => Some(Format::Moses),
        };
        self.from.or_else(named).unwrap_or(Format::Tsv)
    }

    /// Says that it holds no rows.
    pub(crate) fn tell_empty(&self, global: &Global) {
        for path in &self.inputs {
            global.warn(format_args!("{} is empty", name_of(path)));
        }
    }

    /// The languages asked for, else those the bitext names, else those of its first rows; says where these plainly are in others.
    pub(crate) fn langs(&self, reader: &BitextReader, rows: &[Row], global: &Global) -> [Lang; 2] {
        let looked_at = &rows[..rows.len().min(LOOKED_AT)];
        let found = |side: fn(&Row) -> &str| {
            let sample: Vec<&str> = looked_at.iter().map(side).collect();
            identify(&sample.join("\n"))
        };
        let found = [found(|row| &row.record.src), found(|row| &row.record.tgt)];
        let known = |lang: Lang| (lang != Lang::UNKNOWN).then_some(lang);
        let (src, tgt) = reader.langs();
        let said = [self.src_lang.or(known(src)), self.tgt_lang.or(known(tgt))];
        let other = [0, 1].map(|side: usize| plainly_other(found[side], said[side]?));
        let columns = reader.columns();
        let by = counted(looked_at.len(), "row");
        if let ([Some(a), Some(b)], true) = (said, other == [said[1], said[0]]) {
            global.warn(format_args!(
                "the columns `{}` and `{}` look swapped: judged by {by}, their texts are {b} and {a}",
                columns.src, columns.tgt
            ));
        } else {
            for (column, other) in [&columns.src, &columns.tgt].into_iter().zip(other) {
                if let Some(other) = other {
                    let looks = in_words(other);
                    global.warn(format_args!(
                        "the column `{column}` looks like {looks}, judged by {by}"
                    ));
                }
            }
        }
        [0, 1].map(|side: usize| said[side].unwrap_or(found[side].lang))
    }
}

/// Rows whose languages are looked at.
const LOOKED_AT: usize = 200;

/// Rows read at a time.
const BATCH: usize = 1 << 14;

/// Some rows, and why others could not be read.
pub(crate) struct Batch {
    pub(crate) rows: Vec<Row>,
    pub(crate) misfits: Vec<Error>,
}

impl Batch {
    /// The first rows; an error where no line is one, for what is no bitext at all.
    pub(crate) fn first(reader: &mut BitextReader) -> anyhow::Result<Self> {
        let batch = Self::read(reader).map_err(explain)?;
        if let ([], [misfit, ..]) = (batch.rows.as_slice(), batch.misfits.as_slice()) {
            anyhow::bail!("no line is a row of two texts: {misfit}");
        }
        Ok(batch)
    }

    /// The next rows. A line that is no row of the bitext is passed over; any other error ends the run.
    pub(crate) fn read(reader: &mut BitextReader) -> Result<Self, Error> {
        let mut batch = Self {
            rows: Vec::with_capacity(BATCH),
            misfits: Vec::new(),
        };
        while let Some(row) = reader.next() {
            match row {
                Ok(row) => batch.rows.push(row),
                Err(error) if reader.goes_on() && error.is_of_row() => batch.misfits.push(error),
                Err(error) => return Err(error),
            }
            if batch.rows.len() + batch.misfits.len() == BATCH {
                break;
            }
        }
        Ok(batch)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.misfits.is_empty()
    }
}

/// Examples shown for each kind of error.
pub(crate) const EXAMPLES: usize = 3;

/// Lines that are no rows of their bitext.
#[derive(Default)]
pub(crate) struct Misfits {
    pub(crate) count: usize,
    examples: Vec<String>,
}

impl Misfits {
    pub(crate) fn add(&mut self, misfits: &[Error]) {
        self.count += misfits.len();
        let room = EXAMPLES - self.examples.len().min(EXAMPLES);
        self.examples
            .extend(misfits.iter().take(room).map(ToString::to_string));
    }

    /// Says how many there are, and where the first ones stand.
    pub(crate) fn tell(&self, global: &Global) {
        if self.count > 0 {
            global.warn(format_args!(
                "left out as no rows of this bitext: {}: {}",
                counted(self.count, "line"),
                self.examples.join("; ")
            ));
        }
    }
}

/// How rows come out again with something appended.
pub(crate) struct Shape {
    form: Form,
    /// The names of what is appended.
    added: &'static [&'static str],
    /// The columns of records, with what is appended.
    layout: Layout,
    /// Names of the input's columns that are left out for what is appended.
    replaced: Vec<String>,
    /// Where these stand in a line.
    left_out: Vec<usize>,
}

enum Form {
    /// Lines of cells, of CSV as read with what stands between them, to be CSV or not.
    Lines { from: Option<u8>, is_csv: bool },
    /// Objects with keys.
    Objects,
    /// Records, written anew.
    Records(Format),
}

impl Shape {
    /// That of the rows of a bitext which get cells or keys of the names `added` and go to `out`.
    ///
    /// # Errors
    /// When the output's format has no place for them.
    pub(crate) fn of(
        reader: &BitextReader,
        added: &'static [&'static str],
        out: &OutputArgs,
    ) -> Result<Self, Error> {
        let to = out.format(reader.format());
        let form = match to {
            _ if out.is_anew(reader.format()) => Form::Records(to),
            Format::Jsonl | Format::Translation => Form::Objects,
            _ => Form::Lines {
                from: reader.delimiter(),
                is_csv: to == Format::Csv,
            },
        };
        if to.is_index() {
            let message =
                format!("{to} holds sentence numbers only: write another format, then `qostil convert` it");
            return Err(Error::Usage(message));
        }
        let (layout, mut replaced) = reader.layout().clone().appended(added);
        let mut left_out = Vec::new();
        if let (Form::Lines { from, .. }, Some(header)) = (&form, reader.header()) {
            let own = cells(bare(header), *from).into_iter().enumerate();
            let own = own.filter(|(_, name)| added.contains(&name.trim()));
            (left_out, replaced) = own.map(|(at, name)| (at, name.into_owned())).unzip();
        }
        Ok(Self {
            form,
            added,
            layout,
            replaced,
            left_out,
        })
    }

    /// The format of the records that rows are written as; none where they stay lines.
    pub(crate) fn records(&self) -> Option<Format> {
        match self.form {
            Form::Records(format) => Some(format),
            _ => None,
        }
    }

    /// Says which columns are left out.
    pub(crate) fn tell(&self, global: &Global) {
        tell_replaced(&self.replaced, global);
    }

    /// The header of lines, its end included: the table's own, one of the texts for a table that holds `nothing`.
    pub(crate) fn header(&self, reader: &BitextReader, (no_header, nothing): (bool, bool)) -> Vec<u8> {
        let mut out = Vec::new();
        if let Form::Lines { from, .. } = self.form {
            let columns = reader.columns();
            let of_texts = || vec![columns.src.as_str().into(), columns.tgt.as_str().into()];
            let own = reader.header().map(|header| cells(bare(header), from));
            if let Some(own) = own.or_else(|| (nothing && !no_header).then(of_texts)) {
                self.line(own, self.added.iter().map(|name| Cow::Borrowed(*name)), &mut out);
            }
        }
        out
    }

    /// Writes a row as it was with `added` at its end.
    pub(crate) fn write(&self, row: &Row, added: &[(&'static str, Value)], out: &mut Written) {
        let line = bare(&row.raw[0]);
        match self.form {
            Form::Objects => with_keys(line, added, out),
            Form::Lines { from, .. } => {
                let added = added.iter().map(|(_, value)| cell(value));
                self.line(cells(line, from), added, &mut out.bytes[0]);
            }
            Form::Records(_) => out.records.push(with_fields(row.record.clone(), added)),
        }
    }

    /// Writes a line of those cells that are not replaced, and of those `added`.
    fn line<'c>(&self, own: Vec<Cow<'c, str>>, added: impl Iterator<Item = Cow<'c, str>>, out: &mut Vec<u8>) {
        let own = own.into_iter().enumerate();
        let kept = own
            .filter(|(at, _)| !self.left_out.contains(at))
            .map(|(_, cell)| cell);
        let all = kept.chain(added);
        if matches!(self.form, Form::Lines { is_csv: true, .. }) {
            write_csv_row(all.map(Cow::into_owned), out);
            return;
        }
        for (number, cell) in all.enumerate() {
            out.extend_from_slice(if number == 0 { b"" } else { b"\t" });
            out.extend_from_slice(one_line(&cell).as_bytes());
        }
        out.push(b'\n');
    }
}

/// Says which columns or keys of the input are left out for new ones.
fn tell_replaced<N: Borrow<str>>(names: &[N], global: &Global) {
    if !names.is_empty() {
        global.note(format_args!(
            "replaced columns of the input: {}",
            names.join(", ")
        ));
    }
}

/// The cells of a line, of CSV when something stands between them that is no tab.
fn cells(line: &str, delimiter: Option<u8>) -> Vec<Cow<'_, str>> {
    match delimiter {
        Some(delimiter) => csv_cells(line, delimiter).into_iter().map(Cow::Owned).collect(),
        None => line.split('\t').map(Cow::Borrowed).collect(),
    }
}

/// What is appended, as a cell.
fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        // A probability.
        number => Cow::Owned(format!("{:.4}", number.as_f64().unwrap_or_default())),
    }
}

/// The record with what is appended in the fields of these names.
fn with_fields(mut record: Record, added: &[(&str, Value)]) -> Record {
    for (name, value) in added {
        let text = value.as_str().unwrap_or_default();
        record.extra.retain(|(other, _)| other != name);
        record.json.retain(|other| other != name);
        match *name {
            "confidence" => record.confidence = value.as_f64(),
            "verdict" => record.verdict = text.parse().ok(),
            "evidence" => {
                text.clone_into(&mut record.evidence);
                // They tell the old evidence in full.
                record.details.clear();
            }
            _ => {
                record.extra.push(((*name).to_owned(), text.to_owned()));
            }
        }
    }
    record
}

/// Rows on their way out.
#[derive(Default)]
pub(crate) struct Written {
    /// As bytes; the second for the other file of a pair.
    pub(crate) bytes: [Vec<u8>; 2],
    /// As records, in formats whose rows are no lines.
    pub(crate) records: Vec<Record>,
    /// Keys of objects that were replaced.
    replaced: BTreeSet<&'static str>,
}

/// Where rows go.
pub(crate) struct Sink {
    out: Out,
    /// Keys of objects that were replaced.
    replaced: BTreeSet<&'static str>,
}

enum Out {
    /// One file or standard output.
    One(Output),
    /// The two files of a pair.
    Two(Box<[Output; 2]>),
    /// Records, written anew.
    Records(Box<BitextWriter>),
}

impl From<Out> for Sink {
    fn from(out: Out) -> Self {
        Self {
            out,
            replaced: BTreeSet::new(),
        }
    }
}

impl Sink {
    /// One for bytes, of two files where there is another.
    pub(crate) fn of_bytes(out: Output, other: Option<Output>) -> Self {
        match other {
            None => Out::One(out).into(),
            Some(other) => Out::Two(Box::new([out, other])).into(),
        }
    }

    /// One for records with the columns of `layout`.
    pub(crate) fn of_records(
        out: &OutputArgs,
        format: Format,
        reader: &BitextReader,
        (layout, header): (&Layout, bool),
    ) -> anyhow::Result<Self> {
        let options = WriteOptions {
            format: Some(format),
            header,
            layout: Some(layout.clone()),
            ..WriteOptions::new(reader.langs())
        };
        let writer = bitext_writer(out.path(), &options)?;
        Ok(Out::Records(Box::new(writer)).into())
    }

    /// One for rows with what is appended; their header is written.
    pub(crate) fn of_rows(
        out: &OutputArgs,
        reader: &BitextReader,
        shape: &Shape,
        (no_header, nothing): (bool, bool),
    ) -> anyhow::Result<Self> {
        if let Some(format) = shape.records() {
            return Self::of_records(out, format, reader, (&shape.layout, !no_header));
        }
        let mut output = Output::create(out.path())?;
        output.write_all(&shape.header(reader, (no_header, nothing)))?;
        Ok(Self::of_bytes(output, None))
    }

    pub(crate) fn write(&mut self, rows: &Written) -> anyhow::Result<()> {
        self.replaced.extend(&rows.replaced);
        match &mut self.out {
            Out::One(out) => out.write_all(&rows.bytes[0])?,
            Out::Two(outs) => {
                for (out, bytes) in outs.iter_mut().zip(&rows.bytes) {
                    out.write_all(bytes)?;
                }
            }
            Out::Records(writer) => {
                for record in &rows.records {
                    writer.write(record).map_err(explain)?;
                }
            }
        }
        Ok(())
    }

    /// Publishes the rows, and says what of them did not come through as it was.
    pub(crate) fn finish(self, global: &Global) -> anyhow::Result<()> {
        match self.out {
            Out::One(out) => out.finish()?,
            Out::Two(outs) => outs.into_iter().try_for_each(Output::finish)?,
            Out::Records(writer) => {
                let losses = writer.finish().map_err(explain)?;
                for (what, count) in losses.iter() {
                    global.warn(format_args!("{what}: {count}"));
                }
            }
        }
        let replaced: Vec<&str> = self.replaced.into_iter().collect();
        tell_replaced(&replaced, global);
        Ok(())
    }
}

/// A line without its end and BOM.
fn bare(line: &str) -> &str {
    line.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n'])
}

/// The key under which JSON lines tell their evidence in full.
const DETAILS: &str = "details";

/// Writes the object as it was, with keys at its end; those that it had already are replaced, and old evidence goes as a whole.
fn with_keys(line: &str, keys: &[(&'static str, Value)], out: &mut Written) {
    let bytes = &mut out.bytes[0];
    let details = keys
        .iter()
        .any(|(name, _)| *name == "evidence")
        .then_some(DETAILS);
    let mut names = keys.iter().map(|(name, _)| *name).chain(details);
    let had = names.any(|name| line.contains(&format!("\"{name}\"")));
    let open = match had.then(|| Members::of(line)).flatten() {
        None => line
            .trim_end()
            .strip_suffix('}')
            .unwrap_or(line)
            .trim_end()
            .to_owned(),
        Some(Members(members)) => {
            let mut open = "{".to_owned();
            for (name, written) in members {
                let mut replaced = keys.iter().map(|(key, _)| *key).chain(details);
                if let Some(key) = replaced.find(|key| *key == name) {
                    out.replaced.insert(key);
                } else {
                    let comma = if open.len() == 1 { "" } else { "," };
                    open.push_str(&format!("{comma}{}:{written}", Value::String(name)));
                }
            }
            open
        }
    };
    bytes.extend_from_slice(open.as_bytes());
    for (n, (name, value)) in keys.iter().enumerate() {
        let comma = if n == 0 && open.ends_with('{') { "" } else { "," };
        bytes.extend_from_slice(format!("{comma}\"{name}\":{value}").as_bytes());
    }
    bytes.extend_from_slice(b"}\n");
}

/// Gives both texts of a record their letters as they were meant; its spans stay.
pub(crate) fn mend_letters(record: &mut Record, (src, tgt): (Lang, Lang)) {
    for (text, lang) in [(&mut record.src, src), (&mut record.tgt, tgt)] {
        *text = mend(text, lang).into_owned();
    }
}
