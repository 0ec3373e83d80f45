//! Bitext as a sheet for reviewers (Office Open XML).
//!
//! A cell that a spreadsheet could take for a formula is marked as text (`quotePrefix`): it keeps its content and is not
//! run, not even after it was edited. A sheet is read as a whole into memory; writing is row by row.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Seek, Write};
use std::path::Path;

use calamine::{Data, DataRef, Reader as _, Xlsx, XlsxError};
use qostil_bitext::Record;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, Workbook};

use crate::losses::{self, CONTROLS, Losses};
use crate::table::{Field, Layout, MOST_COLUMNS};
use crate::tsv::{Understanding, understand};
use crate::{AtomicFile, Columns, Error, ReadOptions, Row, xml};

/// Rows of a sheet.
const MOST_ROWS: u32 = 1 << 20;
/// UTF-16 units of a cell.
const MOST_UNITS: usize = 32_767;
const MEBIBYTE: u64 = 1 << 20;
/// What a file may hold once unpacked.
const MOST_MEBIBYTES: u64 = 2048;

/// Writes records as a sheet with a header row.
pub(crate) struct XlsxWriter {
    out: AtomicFile,
    book: Workbook,
    layout: Layout,
    next: u32,
    text: CellFormat,
    quoted: CellFormat,
    number: CellFormat,
    losses: Losses,
}

fn fault(error: &rust_xlsxwriter::XlsxError) -> Error {
    Error::Whole(error.to_string())
}

impl XlsxWriter {
    pub(crate) fn new(out: AtomicFile, layout: Layout) -> Result<Self, Error> {
        let mut book = Workbook::new();
        // The same records make the same bytes: no clock.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|e| fault(&e))?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let sheet = book.add_worksheet_with_constant_memory().map_err(|e| fault(&e))?;
        let head = CellFormat::new().set_bold();
        for (column, (name, field)) in (0..).zip(&layout.columns) {
            let width = match field {
                Field::Text(_) => 60.0,
                Field::Evidence => 40.0,
                _ => 14.0,
            };
            sheet.set_column_width(column, width).map_err(|e| fault(&e))?;
            sheet
                .write_string_with_format(0, column, name, &head)
                .map_err(|e| fault(&e))?;
        }
        sheet.set_freeze_panes(1, 0).map_err(|e| fault(&e))?;
        let text = CellFormat::new().set_text_wrap().set_align(FormatAlign::Top);
        Ok(Self {
            out,
            book,
            layout,
            next: 1,
            quoted: text.clone().set_quote_prefix(),
            text,
            number: CellFormat::new()
                .set_num_format("0.0000")
                .set_align(FormatAlign::Top),
            losses: Losses::default(),
        })
    }

    pub(crate) fn write(&mut self, record: &Record) -> Result<(), Error> {
        let line = u64::from(self.next) + 1;
        if self.next >= MOST_ROWS {
            return Err(Error::at(
                line,
                format!("a sheet ends at {MOST_ROWS} rows: take a part of the records, or another format"),
            ));
        }
        let mut cells: Vec<Cow<str>> = Vec::new();
        self.layout.write(record, &mut cells);
        let sheet = self.book.worksheet_from_index(0).map_err(|e| fault(&e))?;
        for ((column, (_, field)), cell) in (0..).zip(&self.layout.columns).zip(&cells) {
            if let (Field::Confidence, Some(confidence)) = (field, record.confidence) {
                let rounded = (confidence * 1e4).round() / 1e4;
                sheet
                    .write_number_with_format(self.next, column, rounded, &self.number)
                    .map_err(|e| fault(&e))?;
                continue;
            }
            let kept = cell_text(cell, &mut self.losses);
            if kept.encode_utf16().count() > MOST_UNITS {
                let message = format!("longer than the {MOST_UNITS} characters that a cell of a sheet holds");
                return Err(Error::place(line, u64::from(column) + 1, message));
            }
            if !kept.is_empty() {
                let format = if is_formula_like(&kept) {
                    &self.quoted
                } else {
                    &self.text
                };
                sheet
                    .write_string_with_format(self.next, column, kept, format)
                    .map_err(|e| fault(&e))?;
            }
        }
        for name in self.layout.without_column(record) {
            self.losses.count(&losses::field(name));
        }
        self.next += 1;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Losses, Error> {
        // The archive is written with seeking, which an atomic file does not do.
        let mut whole = tempfile::tempfile()?;
        self.book.save_to_writer(&mut whole).map_err(|e| fault(&e))?;
        whole.rewind()?;
        std::io::copy(&mut whole, &mut self.out)?;
        self.out.flush()?;
        self.out.commit()?;
        Ok(self.losses)
    }
}

/// Whether a spreadsheet could take the text for a formula when it is typed or pasted.
fn is_formula_like(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text as a cell can hold it: what XML has no way to write is left out, carriage returns become line feeds.
fn cell_text<'t>(text: &'t str, losses: &mut Losses) -> Cow<'t, str> {
    for _ in xml::holdable(text).chars().count()..text.chars().count() {
        losses.count(CONTROLS);
    }
    if text.contains('\r') {
        losses.count("cells with carriage returns made line feeds");
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        return Cow::Owned(xml::holdable(&text).into_owned());
    }
    xml::holdable(text)
}

/// Reads bitext from the first sheet of a workbook.
pub(crate) struct XlsxReader {
    /// The rows that hold anything, by number from 0: their cells, by column from 0. A sheet of one cell in its last corner
    /// must not become a table of all cells before it.
    rows: std::vec::IntoIter<(u32, Cells)>,
    layout: Layout,
    has_header: bool,
    columns: Columns,
}

type Cells = Vec<(u32, String)>;

impl XlsxReader {
    pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<Self, Error> {
        let broken = |error: &dyn std::fmt::Display| {
            Error::Whole(format!("{error}: expected a whole Excel workbook (.xlsx)"))
        };
        let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|e| broken(&e))?;
        let mut unpacked = 0;
        for entry in 0..archive.len() {
            unpacked += archive.by_index_raw(entry).map_err(|e| broken(&e))?.size() / MEBIBYTE;
        }
        if unpacked > MOST_MEBIBYTES {
            let message = format!("more than {MOST_MEBIBYTES} MiB once unpacked: too much for a sheet");
            return Err(Error::Whole(message));
        }
        let mut book: Xlsx<_> = Xlsx::new(archive.into_inner()).map_err(|e: XlsxError| broken(&e))?;
        let first = book.sheet_names().into_iter().next();
        let name = first.ok_or_else(|| Error::Whole("no sheet in it".to_owned()))?;
        let mut sheet = book.worksheet_cells_reader(&name).map_err(|e| broken(&e))?;
        let mut rows: Vec<(u32, Cells)> = Vec::new();
        while let Some(cell) = sheet.next_cell().map_err(|e| broken(&e))? {
            let (row, column) = cell.get_position();
            let text = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::String(text) => text.clone(),
                DataRef::SharedString(text) => (*text).to_owned(),
                other => Data::from(other.clone()).to_string(),
            };
            match rows.last_mut() {
                Some((last, cells)) if *last == row => cells.push((column, text)),
                _ => rows.push((row, vec![(column, text)])),
            }
        }
        let names = rows
            .first()
            .map(|(_, cells)| wide(cells, MOST_COLUMNS))
            .unwrap_or_default();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let how = Understanding {
            texts: options.texts.as_ref(),
            header: options.header,
            langs: options.langs,
            texts_only: false,
            unused: &options.unused,
            places: ([0, 1], &[]),
        };
        let (mut layout, is_header) = understand(&names, &how)?;
        layout.let_pass(how.unused);
        let mut rows = rows.into_iter();
        if is_header {
            rows.next();
        }
        Ok(Self {
            columns: layout.sides(options.langs),
            layout,
            has_header: is_header,
            rows,
        })
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The sheet's columns.
    pub(crate) fn layout(&self) -> Layout {
        self.layout.to_write(&self.columns, self.has_header)
    }
}

/// The cells of a row with empty ones in between, at most `most`.
fn wide(cells: &Cells, most: usize) -> Vec<Cow<'_, str>> {
    let mut out = Vec::new();
    for (column, text) in cells {
        let column = *column as usize;
        if column < most && column >= out.len() {
            out.resize(column, Cow::Borrowed(""));
            out.push(Cow::Borrowed(text.as_str()));
        }
    }
    out
}

impl Iterator for XlsxReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let (row, cells) = self.rows.next()?;
        let (line, width) = (u64::from(row) + 1, self.layout.columns.len());
        if let Some((column, _)) = cells.iter().find(|(column, _)| *column as usize >= width) {
            let message = format!("a cell beyond the {width} columns of the first row");
            return Some(Err(Error::place(line, u64::from(*column) + 1, message)));
        }
        let record = self.layout.read(wide(&cells, width).into_iter());
        let row = record.map(|record| Row {
            line,
            raw: Default::default(),
            record,
        });
        Some(row.map_err(|misfit| Error::place(line, misfit.column, misfit.message)))
    }
}
