//! The bitext that commands read, and what is done to its records.

use std::borrow::Cow;
use std::io::{self, BufReader};
use std::path::PathBuf;

use clap::Args;
use qostil_bitext::Record;
use qostil_export::{BitextReader, Error, Format, ReadOptions, Row, csv_cells, one_line};
use qostil_split::identify;
use qostil_text::Lang;
use qostil_text::mend::mend;
use serde_json::Value;

use crate::commands::convert::explain;
use crate::global::Global;
use crate::input::name_of;
use crate::lang::{named, plainly_other};
use crate::table::counted;

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
                    let looks = named(other);
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
        let lines = reader.format().is_lines();
        let mut batch = Self {
            rows: Vec::with_capacity(BATCH),
            misfits: Vec::new(),
        };
        for row in reader.by_ref() {
            match row {
                Ok(row) => batch.rows.push(row),
                Err(error) if lines && error.is_of_row() => batch.misfits.push(error),
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
    /// Columns of the input that have such a name, which are left out: by number and name.
    replaced: Vec<(usize, String)>,
}

enum Form {
    /// Lines of cells.
    Lines,
    /// The cells of CSV, which this stands between, as such lines.
    Cells(u8),
    /// Objects with keys.
    Objects,
    /// The texts and what else rows say, as cells of these names.
    Texts(Vec<String>),
}

impl Form {
    /// The cells of a line of the input.
    fn cells<'l>(&self, line: &'l str) -> Vec<Cow<'l, str>> {
        match self {
            Self::Cells(delimiter) => csv_cells(line, *delimiter).into_iter().map(Cow::Owned).collect(),
            _ => line.split('\t').map(Cow::Borrowed).collect(),
        }
    }
}

impl Shape {
    /// That of the rows of a bitext which get cells or keys of the names `added`.
    pub(crate) fn of(reader: &BitextReader, added: &'static [&'static str]) -> Self {
        let form = match (reader.format(), reader.delimiter()) {
            (Format::Tsv | Format::Sent, _) => Form::Lines,
            (Format::Jsonl | Format::Translation, _) => Form::Objects,
            (_, Some(delimiter)) => Form::Cells(delimiter),
            _ => Form::Texts([&sides(reader)[..], reader.extra()].concat()),
        };
        let is_replaced = |name: &str| added.contains(&name.trim());
        let names = own_names(&form, reader).unwrap_or_default();
        let names = names.into_iter().map(Cow::into_owned).enumerate();
        Self {
            replaced: names.filter(|(_, name)| is_replaced(name)).collect(),
            form,
            added,
        }
    }

    /// Says which columns are left out.
    pub(crate) fn tell(&self, global: &Global) {
        if !self.replaced.is_empty() {
            let names: Vec<&str> = self.replaced.iter().map(|(_, name)| name.as_str()).collect();
            let names = names.join(", ");
            global.note(format_args!("replaced columns of the input: {names}"));
        }
    }

    /// The header, its end included: the table's own, one of the texts for what is no table or holds `nothing`.
    pub(crate) fn header(&self, reader: &BitextReader, (no_header, nothing): (bool, bool)) -> String {
        let of_texts = || sides(reader).map(Cow::Owned).to_vec();
        let own = match (&self.form, own_names(&self.form, reader)) {
            (Form::Objects, _) => None,
            (Form::Texts(_), own) => own.filter(|_| !no_header),
            (_, None) if nothing && !no_header => Some(of_texts()),
            (_, own) => own,
        };
        let mut out = Vec::new();
        if let Some(own) = own {
            self.line(&own, self.added.iter().map(|name| Cow::Borrowed(*name)), &mut out);
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    /// A row as it was with `added` at its end.
    pub(crate) fn write(&self, row: &Row, added: &[(&str, Value)], out: &mut Vec<u8>) {
        let line = bare(&row.raw[0]);
        let own = match &self.form {
            Form::Objects => return with_keys(line, added, out),
            Form::Lines | Form::Cells(_) => self.form.cells(line),
            Form::Texts(names) => texts_and_more(&row.record, &names[2..]),
        };
        let added = added.iter().map(|(_, value)| match value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            // A probability.
            number => Cow::Owned(format!("{:.4}", number.as_f64().unwrap_or_default())),
        });
        self.line(&own, added, out);
    }

    /// Writes a line of those cells that are not replaced, and of those `added`.
    fn line<'c>(&self, own: &[Cow<'_, str>], added: impl Iterator<Item = Cow<'c, str>>, out: &mut Vec<u8>) {
        let is_replaced = |at: usize| self.replaced.iter().any(|(other, _)| *other == at);
        for (at, cell) in own.iter().enumerate() {
            if !is_replaced(at) {
                out.extend_from_slice(one_line(cell).as_bytes());
                out.push(b'\t');
            }
        }
        for (number, cell) in added.enumerate() {
            out.extend_from_slice(if number == 0 { b"" } else { b"\t" });
            out.extend_from_slice(one_line(&cell).as_bytes());
        }
        out.push(b'\n');
    }
}

/// What the two texts are called.
fn sides(reader: &BitextReader) -> [String; 2] {
    let columns = reader.columns();
    [columns.src.clone(), columns.tgt.clone()]
}

/// The names of the cells that rows have, where something names them.
fn own_names<'r>(form: &'r Form, reader: &'r BitextReader) -> Option<Vec<Cow<'r, str>>> {
    match (form, reader.header()) {
        (Form::Objects, _) => None,
        (Form::Texts(names), _) => Some(names.iter().map(|name| Cow::Borrowed(name.as_str())).collect()),
        (_, header) => header.map(|header| form.cells(bare(header))),
    }
}

/// The texts of a row and its further cells, empty where it has none of that name.
fn texts_and_more<'r>(record: &'r Record, extra: &[String]) -> Vec<Cow<'r, str>> {
    let more = extra.iter().map(|name| {
        let value = record.extra.iter().find(|(own, _)| own == name);
        value.map_or("", |(_, value)| value.as_str())
    });
    let texts = [record.src.as_str(), record.tgt.as_str()].into_iter();
    texts.chain(more).map(Cow::Borrowed).collect()
}

/// A line without its end and BOM.
fn bare(line: &str) -> &str {
    line.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n'])
}

/// The object as it was, with keys at its end; those that it had already are replaced.
fn with_keys(line: &str, keys: &[(&str, Value)], out: &mut Vec<u8>) {
    let had = keys.iter().any(|(name, _)| line.contains(&format!("\"{name}\"")));
    let object = had.then(|| serde_json::from_str(line).ok()).flatten();
    if let Some(Value::Object(mut object)) = object {
        object.extend(
            keys.iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        out.extend_from_slice(Value::Object(object).to_string().as_bytes());
    } else {
        let open = line.trim_end().strip_suffix('}').unwrap_or(line).trim_end();
        out.extend_from_slice(open.as_bytes());
        for (n, (name, value)) in keys.iter().enumerate() {
            let comma = if n == 0 && open.ends_with('{') { "" } else { "," };
            out.extend_from_slice(format!("{comma}\"{name}\":{value}").as_bytes());
        }
        out.push(b'}');
    }
    out.push(b'\n');
}

/// Gives both texts of a record their letters as they were meant; its spans stay.
pub(crate) fn mend_letters(record: &mut Record, (src, tgt): (Lang, Lang)) {
    for (text, lang) in [(&mut record.src, src), (&mut record.tgt, tgt)] {
        *text = mend(text, lang).into_owned();
    }
}
