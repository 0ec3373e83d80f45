//! Bitext as comma-separated values, quoted as RFC 4180 says: every text comes through as it is.

use std::borrow::Cow;
use std::io::{BufRead, Read, Write};

use csv::StringRecord;
use qostil_bitext::Record;
use qostil_text::line_end;

use crate::lines::LONGEST;
use crate::losses::{self, Losses};
use crate::table::Layout;
use crate::tsv::{Understanding, understand};
use crate::{Columns, Error, Row};

/// Writes records as CSV in the contract's columns.
pub(crate) struct CsvWriter<W: Write> {
    out: csv::Writer<W>,
    layout: Layout,
    losses: Losses,
}

impl<W: Write> CsvWriter<W> {
    pub(crate) fn new(out: W, layout: Layout, header: bool) -> Result<Self, Error> {
        let mut out = csv::Writer::from_writer(out);
        if header {
            out.write_record(layout.names()).map_err(|e| error(&e, 0))?;
        }
        Ok(Self {
            out,
            layout,
            losses: Losses::default(),
        })
    }

    pub(crate) fn write(&mut self, record: &Record) -> Result<(), Error> {
        let mut cells: Vec<Cow<str>> = Vec::new();
        self.layout.write(record, &mut cells);
        for name in self.layout.without_column(record) {
            self.losses.count(&losses::field(name));
        }
        self.out
            .write_record(cells.iter().map(|cell| cell.as_bytes()))
            .map_err(|e| error(&e, 0))
    }

    pub(crate) fn finish(self) -> Result<(W, Losses), Error> {
        let out = self.out.into_inner().map_err(csv::IntoInnerError::into_error);
        Ok((out?, self.losses))
    }
}

/// Reads bitext from CSV: with a header, columns by name; without one, the first two are the texts.
pub(crate) struct CsvReader {
    rows: LimitedRows,
    pending: Option<(u64, StringRecord)>,
    layout: Layout,
    columns: Columns,
    has_header: bool,
    texts_only: bool,
    delimiter: u8,
    /// The first row as it stands.
    first: String,
}

/// A quotation that is never closed would fill the memory.
struct Limited {
    input: Box<dyn BufRead + Send>,
    left: u64,
    first: bool,
    /// What was read and belongs to no row yet that was asked for, where rows are wanted as they stand; and where in the input it begins.
    kept: Option<Vec<u8>>,
    begins: u64,
}

impl Read for Limited {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            let message =
                format!("more than {LONGEST} bytes without the end of a row: a quotation is not closed");
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, message));
        }
        if std::mem::take(&mut self.first) && self.input.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
            self.input.consume(3);
        }
        let count = self.input.read(out)?;
        self.left = self.left.saturating_sub(count as u64);
        if let Some(kept) = &mut self.kept {
            kept.extend_from_slice(&out[..count]);
        }
        Ok(count)
    }
}

/// Rows of any CSV, none longer than [`LONGEST`].
pub(crate) struct LimitedRows {
    rows: csv::Reader<Limited>,
    delimiter: u8,
    ends: Ends,
    /// The line before the first row that says what stands between cells.
    declaration: Option<Vec<u8>>,
}

/// What ends the rows of a file. The reader counts line feeds, and stops before that of `\r\n`.
#[derive(Clone, Copy)]
enum Ends {
    Feed,
    ReturnFeed,
    Return,
}

impl Ends {
    fn of(head: &[u8]) -> Self {
        let first = head.split(|byte| *byte == b'\n').next();
        match line_end(head) {
            b'\r' => Self::Return,
            _ if first.is_some_and(|line| line.ends_with(b"\r")) => Self::ReturnFeed,
            _ => Self::Feed,
        }
    }

    /// The line on which the row begins that the reader comes to here.
    fn line(self, position: &csv::Position) -> u64 {
        match self {
            Self::Feed => position.line(),
            Self::ReturnFeed => position.line() + u64::from(position.record() > 0),
            Self::Return => position.record() + 1,
        }
    }
}

pub(crate) fn limited_rows(mut input: Box<dyn BufRead + Send>) -> LimitedRows {
    // What cannot be read shows when rows are.
    let head = input.fill_buf().unwrap_or_default();
    let (ends, declared) = (Ends::of(head), declared(head));
    let delimiter = declared.map_or_else(|| delimiter(head), |(delimiter, _)| delimiter);
    let declaration = declared.map(|(_, length)| head[..length].to_vec());
    input.consume(declaration.as_ref().map_or(0, Vec::len));
    let input = Limited {
        input,
        left: LONGEST,
        first: true,
        kept: None,
        begins: 0,
    };
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    LimitedRows {
        rows: builder.from_reader(input),
        delimiter,
        ends,
        declaration,
    }
}

/// What stands between cells by Excel's own word, `sep=;` on a first line of its own, and the length of that line.
fn declared(head: &[u8]) -> Option<(u8, usize)> {
    let text = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let (word, rest) = text.split_at_checked(4)?;
    let (&delimiter, rest) = rest.split_first()?;
    let end = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        // There is nothing else in the file.
        [] => 0,
        _ => return None,
    };
    let may_divide = delimiter == b'\t' || delimiter.is_ascii_punctuation() && delimiter != b'"';
    let is_declared = word.eq_ignore_ascii_case(b"sep=") && may_divide;
    is_declared.then_some((delimiter, head.len() - rest.len() + end))
}

/// What stands between cells, by the head of a file: a comma, unless its first line has none and has semicolons, as spreadsheets write it
/// where the comma is a decimal point, or tabs.
fn delimiter(head: &[u8]) -> u8 {
    let first = head.split(|byte| matches!(byte, b'\n' | b'\r')).next();
    let first = first.unwrap_or_default();
    let found = [b',', b';', b'\t']
        .into_iter()
        .find(|delimiter| first.contains(delimiter));
    found.unwrap_or(b',')
}

impl LimitedRows {
    /// From here on, which is the beginning, rows are kept as they stand.
    fn keep_raw(&mut self) {
        self.rows.get_mut().kept = Some(Vec::new());
    }

    /// The row that was read last as it stands, its end included, without blank lines before it.
    fn raw(&mut self) -> Vec<u8> {
        let end = self.rows.position().byte();
        let input = self.rows.get_mut();
        let Some(kept) = &mut input.kept else {
            return Vec::new();
        };
        let mut length = (end.saturating_sub(input.begins) as usize).min(kept.len());
        // The reader stops before the second byte of a line's end, which may not have been read.
        let is_split = kept[..length].ends_with(b"\r");
        let owes = is_split
            && length == kept.len()
            && input.input.fill_buf().is_ok_and(|rest| rest.starts_with(b"\n"));
        if is_split && kept.get(length) == Some(&b'\n') {
            length += 1;
        }
        let row = kept
            .drain(..length)
            .skip_while(|byte| matches!(byte, b'\r' | b'\n'));
        let row = row.chain(owes.then_some(b'\n')).collect();
        input.begins += length as u64;
        row
    }

    /// Whether a quotation is open at the end of all rows, in the one that was read last: all that follows where it begins is in one cell.
    fn ends_open(&mut self, raw: &[u8]) -> bool {
        let delimiter = self.delimiter;
        let input = self.rows.get_mut();
        let mut is_last = || {
            input.kept.as_ref().is_some_and(Vec::is_empty)
                && input.input.fill_buf().is_ok_and(<[u8]>::is_empty)
        };
        if !raw.contains(&b'"') || !is_last() {
            return false;
        }
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(delimiter);
        // A row after it shows whether it has ended.
        let rows = builder.from_reader(raw.chain(b"\nrow\n".as_slice()));
        rows.into_byte_records().count() == 1
    }

    /// Reads the next row into `cells`; the line it begins on, `None` when there is none.
    pub(crate) fn next_row(&mut self, cells: &mut StringRecord) -> Result<Option<u64>, Error> {
        self.rows.get_mut().left = LONGEST;
        let (ends, before) = (self.ends, u64::from(self.declaration.is_some()));
        let line = |position: Option<&csv::Position>| position.map_or(0, |found| before + ends.line(found));
        match self.rows.read_record(cells) {
            Ok(true) => Ok(Some(line(cells.position()))),
            Ok(false) => Ok(None),
            Err(problem) => Err(error(&problem, line(problem.position()))),
        }
    }
}

impl CsvReader {
    pub(crate) fn new(input: Box<dyn BufRead + Send>, how: &Understanding<'_>) -> Result<Self, Error> {
        let mut rows = limited_rows(input);
        rows.keep_raw();
        let mut first = StringRecord::new();
        let line = rows.next_row(&mut first)?;
        let raw = rows.raw();
        if rows.ends_open(&raw) {
            return Err(Error::at(line.unwrap_or(1), OPEN));
        }
        let raw = text(line.unwrap_or(1), raw)?;
        let names: Vec<&str> = first.iter().collect();
        let (mut layout, has_header) = understand(&names, how)?;
        let columns = layout.sides(how.langs);
        layout.let_pass(how.unused);
        if how.texts_only {
            layout.keep_texts();
        }
        Ok(Self {
            columns,
            delimiter: rows.delimiter,
            rows,
            layout,
            has_header,
            texts_only: how.texts_only,
            pending: line.filter(|_| !has_header).map(|line| (line, first)),
            first: raw,
        })
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The header as it stands, if there is one.
    pub(crate) fn header(&self) -> Option<&str> {
        self.has_header.then_some(&self.first)
    }

    /// What stands before the rows, as it stands.
    pub(crate) fn head(&self) -> String {
        let declaration = self.rows.declaration.as_deref().unwrap_or_default();
        String::from_utf8_lossy(declaration).into_owned() + self.header().unwrap_or_default()
    }

    /// The table's columns.
    pub(crate) fn layout(&self) -> Layout {
        self.layout.to_write(&self.columns, self.has_header)
    }

    /// What stands between cells.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    fn row(&mut self, line: u64, cells: &StringRecord, raw: String) -> Result<Row, Error> {
        let admitted = self.layout.admit(cells.len(), self.has_header, !self.texts_only);
        admitted.map_err(|message| Error::at(line, message))?;
        let record = self.layout.read(cells.iter().map(Cow::Borrowed));
        let record = record.map_err(|misfit| Error::place(line, misfit.column, misfit.message))?;
        Ok(Row {
            line,
            raw: [raw, String::new()],
            record,
        })
    }
}

impl Iterator for CsvReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((line, first)) = self.pending.take() {
            return Some(self.row(line, &first, self.first.clone()));
        }
        let mut cells = StringRecord::new();
        loop {
            match self.rows.next_row(&mut cells) {
                Ok(Some(line)) => {
                    let raw = self.rows.raw();
                    if self.rows.ends_open(&raw) {
                        return Some(Err(Error::at(line, OPEN)));
                    }
                    let raw = text(line, raw);
                    if !is_blank(&cells) {
                        return Some(raw.and_then(|raw| self.row(line, &cells, raw)));
                    }
                }
                Ok(None) => return None,
                Err(problem) => {
                    // Else it would stand before the next row.
                    self.rows.raw();
                    return Some(Err(problem));
                }
            }
        }
    }
}

/// Whether a row is a line without anything in it.
fn is_blank(cells: &StringRecord) -> bool {
    cells.len() == 1 && cells.iter().all(|cell| cell.trim().is_empty())
}

/// The cells of a row of CSV as it stands, which [`crate::BitextReader`] has read.
///
/// ```
/// assert_eq!(qostil_export::csv_cells("1,\"a, \"\"b\"\"\"\r\n", b','), ["1", "a, \"b\""]);
/// ```
pub fn csv_cells(raw: &str, delimiter: u8) -> Vec<String> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    let mut cells = StringRecord::new();
    // What was read once is read again.
    let _ = builder.from_reader(raw.as_bytes()).read_record(&mut cells);
    cells.iter().map(str::to_owned).collect()
}

/// Writes a row of CSV with commas, quoted as RFC 4180 says.
///
/// ```
/// let mut out = Vec::new();
/// qostil_export::write_csv_row(["1", "a, \"b\""], &mut out);
/// assert_eq!(out, b"1,\"a, \"\"b\"\"\"\n");
/// ```
pub fn write_csv_row<C: AsRef<[u8]>>(cells: impl IntoIterator<Item = C>, out: &mut Vec<u8>) {
    let mut row = csv::WriterBuilder::new().buffer_capacity(256).from_writer(out);
    // Memory takes all that is written.
    let _ = row.write_record(cells).and_then(|()| Ok(row.flush()?));
}

const OPEN: &str = "a quotation begins here that is not closed, so that all that follows would be in it";
const NO_TEXT: &str = "not UTF-8 text: expected UTF-8, or UTF-16 with a BOM";

/// A row as it stands. One whose cells are UTF-8 is so too, unless a stray quotation mark parts the bytes of a character.
fn text(line: u64, raw: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(raw).map_err(|_| Error::at(line, NO_TEXT))
}

/// The crate's error with its place.
fn error(error: &csv::Error, line: u64) -> Error {
    match error.kind() {
        csv::ErrorKind::Io(io) => Error::Io(std::io::Error::new(io.kind(), io.to_string())),
        csv::ErrorKind::Utf8 { err, .. } => Error::place(line, err.field() as u64 + 1, NO_TEXT),
        _ => Error::at(line, error.to_string()),
    }
}
