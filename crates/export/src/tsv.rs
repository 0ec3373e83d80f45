//! Bitext as tab-separated values: a header, one record a line, never quoted.
//!
//! Not through the `csv` crate: what the format promises is that nothing is ever quoted or escaped, so that every
//! reader of line-parallel text reads it.

use std::borrow::Cow;
use std::io::{BufRead, Write};

use qostil_bitext::Record;
use qostil_text::Lang;

use crate::lines::{inner, raw_lines};
use crate::losses::{self, BREAKS, Losses};
use crate::table::{Field, Layout, MOST_COLUMNS, column_language, columns};
use crate::{Error, LangPair, one_line};

/// The names and the order of the two sides' columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Name of the source side's text column, prefix of its other columns.
    pub src: String,
    /// Name of the target side's.
    pub tgt: String,
    /// Whether the target side stands first: columns come in the order kk, ru, en.
    pub swapped: bool,
}

impl Columns {
    /// The columns of a language pair: the codes; `src` and `tgt` when they are equal or one is unknown.
    ///
    /// ```
    /// use qostil_export::Columns;
    /// use qostil_text::Lang;
    /// let columns = Columns::of(Lang::English, Lang::Kazakh);
    /// assert_eq!((columns.src.as_str(), columns.swapped), ("en", true));
    /// ```
    pub fn of(src: Lang, tgt: Lang) -> Self {
        if src == tgt || src == Lang::UNKNOWN || tgt == Lang::UNKNOWN {
            return Self {
                src: "src".into(),
                tgt: "tgt".into(),
                swapped: false,
            };
        }
        Self {
            src: src.code().into(),
            tgt: tgt.code().into(),
            swapped: tgt.column_order() < src.column_order(),
        }
    }

    /// The columns of a bitext as read: the source side is the one that stands first.
    pub(crate) fn in_order(src: Lang, tgt: Lang) -> Self {
        Self {
            swapped: false,
            ..Self::of(src, tgt)
        }
    }

    pub(crate) fn first_second(&self) -> (&str, &str) {
        if self.swapped {
            (&self.tgt, &self.src)
        } else {
            (&self.src, &self.tgt)
        }
    }

    /// The header without its line end.
    pub fn header(&self) -> String {
        let names: Vec<String> = Layout::contract(self, &[]).names().map(str::to_owned).collect();
        names.join("\t")
    }

    /// The languages of the two sides; unknown when the names are none.
    pub fn langs(&self) -> LangPair {
        let lang = |name| column_language(name).unwrap_or(Lang::UNKNOWN);
        (lang(&self.src), lang(&self.tgt))
    }
}

/// Writes records as TSV in the columns `kk en confidence bead verdict evidence kk_doc en_doc kk_span en_span`.
pub struct TsvWriter<W> {
    out: W,
    layout: Layout,
    line: Vec<u8>,
    losses: Losses,
}

impl<W: Write> TsvWriter<W> {
    /// Starts with the header, if wanted.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn new(out: W, columns: &Columns, header: bool) -> Result<Self, Error> {
        Self::with_layout(out, Layout::contract(columns, &[]), header)
    }

    pub(crate) fn with_layout(mut out: W, layout: Layout, header: bool) -> Result<Self, Error> {
        if header {
            let names: Vec<Cow<str>> = layout.names().map(one_line).collect();
            writeln!(out, "{}", names.join("\t"))?;
        }
        Ok(Self {
            out,
            layout,
            line: Vec::new(),
            losses: Losses::default(),
        })
    }

    /// Writes one record; what it does not know stays empty.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        let mut cells = Vec::with_capacity(self.layout.columns.len());
        self.layout.write(record, &mut cells);
        self.line.clear();
        for cell in &cells {
            let kept = one_line(cell);
            if matches!(kept, Cow::Owned(_)) {
                self.losses.count(BREAKS);
            }
            self.line.extend_from_slice(kept.as_bytes());
            self.line.push(b'\t');
        }
        if let Some(last) = self.line.last_mut() {
            *last = b'\n';
        }
        for name in self.layout.without_column(record) {
            self.losses.count(&losses::field(name));
        }
        self.out.write_all(&self.line)?;
        Ok(())
    }

    /// What did not come through as it was.
    pub fn losses(&self) -> &Losses {
        &self.losses
    }

    /// The writer underneath, for committing it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// One row of a bitext, as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Where it stands: its line (TSV, JSONL, Moses, TMX, index formats) or row (CSV, Parquet, sheets), from 1.
    pub line: u64,
    /// The line as it stands in the file, its end and a BOM included; of a Moses pair the line in each of the two files.
    /// Empty in formats whose rows are no lines.
    pub raw: [String; 2],
    /// What its columns say; the source side is the one whose text column comes first.
    pub record: Record,
}

/// Reads bitext from TSV: with a header, columns by name; without one, the first two are the texts.
pub struct TsvReader {
    rows: Box<dyn Iterator<Item = Result<(u64, String), Error>> + Send>,
    pending: Option<(u64, String)>,
    header: Option<String>,
    columns: Columns,
    layout: Layout,
    texts_only: bool,
}

/// How a TSV is to be understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Understanding<'o> {
    /// The text columns: names, or numbers from 1.
    pub(crate) texts: Option<&'o [String; 2]>,
    /// Whether the first line is a header; found out when not given.
    pub(crate) header: Option<bool>,
    /// The languages of the two text columns, which they choose where a header names them.
    pub(crate) langs: Option<LangPair>,
    /// Whether the two texts are all that is wanted.
    pub(crate) texts_only: bool,
    /// Fields in which anything may stand.
    pub(crate) unused: &'o [String],
    /// Without header: where the texts stand, and what else is known, both from 0.
    pub(crate) places: ([usize; 2], &'o [(usize, Field)]),
}

impl TsvReader {
    /// Reads the header, if there is one: a first line with two language codes (or `src` and `tgt`) among its cells.
    ///
    /// # Errors
    /// When `input` fails.
    pub fn new(input: impl BufRead + Send + 'static) -> Result<Self, Error> {
        Self::understood(
            input,
            &Understanding {
                places: ([0, 1], &[]),
                ..Understanding::default()
            },
        )
    }

    pub(crate) fn understood(
        input: impl BufRead + Send + 'static,
        how: &Understanding<'_>,
    ) -> Result<Self, Error> {
        let mut rows = raw_lines(input);
        let pending = rows.next().transpose()?;
        let first = pending.as_ref().map_or("", |(number, line)| inner(*number, line));
        let names: Vec<&str> = first.split('\t').collect();
        let (mut layout, is_header) = understand(&names, how)?;
        let columns = layout.sides(how.langs);
        layout.let_pass(how.unused);
        if how.texts_only {
            layout.keep_texts();
        }
        let mut reader = Self {
            columns,
            layout,
            texts_only: how.texts_only,
            header: None,
            pending,
            rows: Box::new(rows),
        };
        if is_header {
            reader.header = reader.pending.take().map(|(_, line)| line);
        }
        Ok(reader)
    }

    /// The header as it stands, its end and a BOM included, when there is one.
    pub fn header(&self) -> Option<&str> {
        self.header.as_deref()
    }

    /// The names of the two sides.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The languages of the two sides, by the names of their columns; unknown without a header.
    pub fn langs(&self) -> (Lang, Lang) {
        self.columns.langs()
    }

    /// The table's columns.
    pub(crate) fn layout(&self) -> Layout {
        self.layout.to_write(&self.columns, self.header.is_some())
    }

    fn row(&mut self, line: u64, raw: String) -> Result<Row, Error> {
        let text = inner(line, &raw);
        let width = memchr::memchr_iter(b'\t', text.as_bytes()).count() + 1;
        let admitted = self.layout.admit(width, self.header.is_some(), !self.texts_only);
        admitted.map_err(|message| Error::at(line, message))?;
        let record = self.layout.read(text.split('\t').map(Cow::Borrowed));
        let record = record.map_err(|misfit| Error::place(line, misfit.column, misfit.message))?;
        Ok(Row {
            line,
            raw: [raw, String::new()],
            record,
        })
    }
}

/// The layout of a table by its first row, and whether that row is a header.
pub(crate) fn understand(names: &[&str], how: &Understanding<'_>) -> Result<(Layout, bool), Error> {
    let numbers = how.texts.map(|[a, b]| (a.parse::<usize>(), b.parse::<usize>()));
    let places = match numbers {
        Some((Ok(a), Ok(b))) if a > 0 && b > 0 && a != b => [a - 1, b - 1],
        Some((Ok(_), Ok(_))) => {
            return Err(Error::Usage(
                "the text columns are two different numbers from 1".to_owned(),
            ));
        }
        Some(_) => {
            let found = Layout::of_header(names, how.texts, how.langs);
            let [a, b] = how
                .texts
                .map(|texts| texts.each_ref().map(String::as_str))
                .unwrap_or_default();
            let missing = || {
                Error::at(
                    1,
                    format!("no columns named `{a}` and `{b}`: expected a header that has them"),
                )
            };
            return found.map(|layout| (layout, true)).ok_or_else(missing);
        }
        None => how.places.0,
    };
    let named = (how.header != Some(false) && numbers.is_none())
        .then(|| Layout::of_header(names, None, how.langs))
        .flatten();
    if let Some(layout) = named {
        return Ok((layout, true));
    }
    let width = names
        .len()
        .max(places[0].max(places[1]).saturating_add(1).min(MOST_COLUMNS));
    let mut layout = Layout::positional(width, places, how.places.1);
    // Columns chosen by number may have names as well.
    let is_header = how
        .header
        .unwrap_or_else(|| numbers.is_some() && Layout::of_header(names, None, None).is_some());
    if is_header {
        if let Some(beyond) = places.iter().find(|place| **place >= names.len()) {
            let (count, beyond) = (columns(names.len()), beyond + 1);
            return Err(Error::at(
                1,
                format!("{count}, expected a text in column {beyond}"),
            ));
        }
        for ((column, _), name) in layout.columns.iter_mut().zip(names) {
            (*name).clone_into(column);
        }
    }
    Ok((layout, is_header))
}

impl Iterator for TsvReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, raw) = match self.pending.take().map(Ok).or_else(|| self.rows.next())? {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            if !raw.trim().is_empty() || raw.contains('\t') {
                return Some(self.row(line, raw));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use qostil_bitext::{BeadType, Verdict};
    use qostil_text::Span;

    use super::*;

    fn sample() -> Record {
        Record {
            src: "Бірі\tекі".into(),
            tgt: "One\nof \"two\"".into(),
            confidence: Some(0.98765),
            bead: Some(BeadType { src: 2, tgt: 1 }),
            verdict: Some(Verdict::Agree),
            evidence: "екі = two".into(),
            src_doc: "a.txt".into(),
            tgt_doc: "b.txt".into(),
            src_spans: vec![Span::new(0, 8), Span::new(9, 15)],
            tgt_spans: vec![Span::new(0, 12)],
            ..Record::default()
        }
    }

    fn written(columns: &Columns) -> String {
        let mut writer = TsvWriter::new(Vec::new(), columns, true).unwrap();
        writer.write(&sample()).unwrap();
        String::from_utf8(writer.into_inner()).unwrap()
    }

    #[test]
    fn columns_are_those_of_the_contract_and_come_back() {
        let text = written(&Columns::of(Lang::Kazakh, Lang::English));
        assert_eq!(
            text,
            "kk\ten\tconfidence\tbead\tverdict\tevidence\tkk_doc\ten_doc\tkk_span\ten_span\n\
             Бірі екі\tOne of \"two\"\t0.9877\t2-1\tagree\tекі = two\ta.txt\tb.txt\t0-8,9-15\t0-12\n"
        );
        let mut reader = TsvReader::new(std::io::Cursor::new(text)).unwrap();
        assert_eq!(reader.langs(), (Lang::Kazakh, Lang::English));
        let row = reader.next().unwrap().unwrap();
        let expected = Record {
            src: "Бірі екі".into(),
            tgt: "One of \"two\"".into(),
            confidence: Some(0.9877),
            ..sample()
        };
        assert_eq!((row.line, row.record), (2, expected));
        assert!(reader.next().is_none());
    }

    #[test]
    fn kazakh_stands_first_whichever_side_it_is() {
        let text = written(&Columns::of(Lang::English, Lang::Kazakh));
        assert!(text.starts_with("kk\ten\t"));
        assert!(text.contains("One of \"two\"\tБірі екі\t0.9877\t1-2\t"));
    }

    #[test]
    fn reads_without_header_and_names_bad_rows() {
        let mut reader = TsvReader::new(std::io::Cursor::new("Иә\tYes\tmore\nЖоқ\n")).unwrap();
        assert_eq!(reader.next().unwrap().unwrap().record.tgt, "Yes");
        assert_eq!(
            reader.next().unwrap().unwrap_err().to_string(),
            "line 2: 1 column, expected a text in column 2"
        );
        let mut reader =
            TsvReader::new(std::io::Cursor::new("id\tkk\ten\tconfidence\n7\tИә\tYes\thigh\n")).unwrap();
        assert_eq!(
            reader.next().unwrap().unwrap_err().to_string(),
            "line 2, column 4: `high` is not a confidence: expected 0 to 1"
        );
    }
}
