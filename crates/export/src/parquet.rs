//! Bitext as Apache Parquet: one column a field, UTF-8 strings, zstd; texts are required, all else may be null.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use qostil_bitext::Record;

use crate::losses::{self, Losses};
use crate::table::{Field, Layout, short};
use crate::{AtomicFile, Columns, Error, ReadOptions, Row};

/// A row group is closed at so many bytes of text: what the writer holds, and what a reader can read apart.
const GROUP_BYTES: usize = 32 << 20;
/// Rows that are read at a time.
const BATCH: usize = 1024;

/// Writes records as Parquet. A row group is held in memory.
pub(crate) struct ParquetWriter {
    out: SerializedFileWriter<AtomicFile>,
    layout: Layout,
    columns: Vec<Cells>,
    rows: usize,
    bytes: usize,
    losses: Losses,
}

/// The cells of one column of a row group.
enum Cells {
    Required(Texts),
    Optional { values: Texts, levels: Vec<i16> },
    Number { values: Vec<f64>, levels: Vec<i16> },
}

/// Texts one after another: an allocation for every cell would cost more than its encoding.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    /// The texts as values that share their bytes; none are left.
    fn take(&mut self) -> Vec<ByteArray> {
        let bytes = ByteArray::from(std::mem::take(&mut self.bytes));
        let mut start = 0;
        let value = |end| {
            let value = bytes.slice(start, end - start);
            start = end;
            value
        };
        self.ends.drain(..).map(value).collect()
    }
}

fn fault(error: ParquetError) -> Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(io) => Error::Io(*io),
            Err(other) => Error::Whole(other.to_string()),
        },
        other => Error::Whole(format!("{other}: expected a whole Parquet file")),
    }
}

impl ParquetWriter {
    pub(crate) fn new(out: AtomicFile, layout: Layout) -> Result<Self, Error> {
        let mut fields = Vec::new();
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(fault)?))
            .set_created_by(concat!("qostil ", env!("CARGO_PKG_VERSION")).to_owned());
        for (name, field) in &layout.columns {
            let required = matches!(field, Field::Text(_));
            let (physical, logical) = match field {
                Field::Confidence => (Physical::DOUBLE, None),
                _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            };
            let repetition = if required {
                Repetition::REQUIRED
            } else {
                Repetition::OPTIONAL
            };
            let column = Type::primitive_type_builder(name, physical)
                .with_repetition(repetition)
                .with_logical_type(logical)
                .build();
            fields.push(Arc::new(column.map_err(fault)?));
            // Nearly every text is another, and nobody asks for texts between two others: a dictionary and the least and
            // greatest of every page only cost.
            if matches!(field, Field::Text(_) | Field::Spans(_) | Field::Evidence) {
                let path = ColumnPath::new(vec![name.clone()]);
                properties = properties
                    .set_column_dictionary_enabled(path.clone(), false)
                    .set_column_statistics_enabled(path, EnabledStatistics::None);
            }
        }
        let schema = Type::group_type_builder("bitext")
            .with_fields(fields)
            .build()
            .map_err(fault)?;
        let out = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties.build()));
        let columns = layout
            .columns
            .iter()
            .map(|(_, field)| Cells::of(*field))
            .collect();
        Ok(Self {
            out: out.map_err(fault)?,
            layout,
            columns,
            rows: 0,
            bytes: 0,
            losses: Losses::default(),
        })
    }

    pub(crate) fn write(&mut self, record: &Record) -> Result<(), Error> {
        let mut cells: Vec<Cow<str>> = Vec::with_capacity(self.columns.len());
        self.layout.write(record, &mut cells);
        for (column, cell) in self.columns.iter_mut().zip(&cells) {
            self.bytes += cell.len();
            column.push(cell, record.confidence);
            if matches!(column, Cells::Number { .. }) && record.confidence.is_none() && !cell.is_empty() {
                self.losses.count(&losses::field("confidence"));
            }
        }
        for name in self.layout.without_column(record) {
            self.losses.count(&losses::field(name));
        }
        self.rows += 1;
        if self.bytes >= GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    fn write_group(&mut self) -> Result<(), Error> {
        let mut group = self.out.next_row_group().map_err(fault)?;
        for cells in &mut self.columns {
            let Some(mut column) = group.next_column().map_err(fault)? else {
                break;
            };
            match cells {
                Cells::Required(values) => {
                    let column = column.typed::<ByteArrayType>();
                    column.write_batch(&values.take(), None, None).map_err(fault)?;
                }
                Cells::Optional { values, levels } => {
                    let column = column.typed::<ByteArrayType>();
                    let values = values.take();
                    column.write_batch(&values, Some(levels), None).map_err(fault)?;
                    levels.clear();
                }
                Cells::Number { values, levels } => {
                    let column = column.typed::<DoubleType>();
                    column.write_batch(values, Some(levels), None).map_err(fault)?;
                    values.clear();
                    levels.clear();
                }
            }
            column.close().map_err(fault)?;
        }
        group.close().map_err(fault)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Losses, Error> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.out.into_inner().map_err(fault)?.commit()?;
        Ok(self.losses)
    }
}

impl Cells {
    fn of(field: Field) -> Self {
        match field {
            Field::Text(_) => Self::Required(Texts::default()),
            Field::Confidence => Self::Number {
                values: Vec::new(),
                levels: Vec::new(),
            },
            _ => Self::Optional {
                values: Texts::default(),
                levels: Vec::new(),
            },
        }
    }

    fn push(&mut self, cell: &str, confidence: Option<f64>) {
        match self {
            Self::Required(values) => values.push(cell),
            Self::Optional { values, levels } => {
                levels.push(i16::from(!cell.is_empty()));
                if !cell.is_empty() {
                    values.push(cell);
                }
            }
            Self::Number { values, levels } => {
                levels.push(i16::from(confidence.is_some()));
                // The four decimals that all formats have.
                values.extend(confidence.map(|c| (c * 1e4).round() / 1e4));
            }
        }
    }
}

/// Reads bitext from Parquet: flat columns, and texts inside a `translation` struct; columns of lists are passed over.
pub(crate) struct ParquetReader {
    file: SerializedFileReader<File>,
    group: usize,
    /// Of the open row group: the columns that are read, and the rows left in it.
    open: Vec<ColumnReader>,
    left: usize,
    /// The leaves that are read, by number, with the level at which a value is there.
    leaves: Vec<(usize, i16)>,
    batch: Vec<Vec<String>>,
    at: usize,
    line: u64,
    layout: Layout,
    columns: Columns,
}

impl ParquetReader {
    pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<Self, Error> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let file = guarded(|| SerializedFileReader::new(file).map_err(fault))?;
        check_places(file.metadata(), length)?;
        let schema = file.metadata().file_metadata().schema_descr();
        let (mut leaves, mut names) = (Vec::new(), Vec::new());
        for (number, leaf) in schema.columns().iter().enumerate() {
            if leaf.max_rep_level() == 0 {
                let parts: Vec<&str> = leaf.path().parts().iter().map(String::as_str).collect();
                names.push(parts.strip_prefix(&["translation"]).unwrap_or(&parts).join("."));
                leaves.push((number, leaf.max_def_level()));
            }
        }
        let found: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut layout = Layout::of_header(&found, options.texts.as_ref(), options.langs).ok_or_else(|| {
            Error::Whole(format!(
                "columns {}: expected two named by languages, as `kk` and `en`; name the columns of the texts with --columns",
                short(&found.join(", "))
            ))
        })?;
        layout.let_pass(&options.unused);
        Ok(Self {
            columns: layout.sides(options.langs),
            layout,
            file,
            group: 0,
            open: Vec::new(),
            left: 0,
            leaves,
            batch: Vec::new(),
            at: 0,
            line: 0,
        })
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The file's columns.
    pub(crate) fn layout(&self) -> Layout {
        self.layout.to_write(&self.columns, true)
    }

    /// Reads the next rows; whether there are any.
    fn fill(&mut self) -> Result<bool, Error> {
        while self.left == 0 {
            if self.group >= self.file.num_row_groups() {
                return Ok(false);
            }
            let group = self.file.get_row_group(self.group).map_err(fault)?;
            let open = self.leaves.iter().map(|(leaf, _)| group.get_column_reader(*leaf));
            self.open = open.collect::<Result<_, _>>().map_err(fault)?;
            self.left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            self.group += 1;
        }
        let wanted = self.left.min(BATCH);
        self.batch.clear();
        for (column, (leaf, level)) in self.open.iter_mut().zip(&self.leaves) {
            let cells = cells(column, wanted, *level).map_err(|e| match e {
                Error::Whole(message) => Error::place(self.line + 1, *leaf as u64 + 1, message),
                other => other,
            })?;
            if cells.len() != wanted {
                let message = format!("the column ends after {} of {wanted} rows", cells.len());
                return Err(Error::place(self.line + 1, *leaf as u64 + 1, message));
            }
            self.batch.push(cells);
        }
        (self.left, self.at) = (self.left - wanted, 0);
        Ok(true)
    }

    fn row(&mut self) -> Result<Option<Row>, Error> {
        if self.batch.first().is_none_or(|column| self.at >= column.len()) {
            let more = guarded(|| self.fill()).inspect_err(|_| {
                // The file is broken here: what follows cannot be trusted.
                self.batch.clear();
                (self.group, self.left) = (usize::MAX, 0);
            });
            if !more? {
                return Ok(None);
            }
        }
        let at = self.at;
        (self.at, self.line) = (self.at + 1, self.line + 1);
        let cells = self
            .batch
            .iter_mut()
            .map(|column| Cow::Owned(column.get_mut(at).map(std::mem::take).unwrap_or_default()));
        let record = self.layout.read(cells);
        let record = record.map_err(|misfit| Error::place(self.line, misfit.column, misfit.message))?;
        Ok(Some(Row {
            line: self.line,
            raw: Default::default(),
            record,
        }))
    }
}

/// The crate's decoders panic over some broken files, which is an error of the file and none of the program. What they
/// were working on is not used again.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::Whole(
            "a page cannot be decoded: expected a whole Parquet file".to_owned(),
        ))
    })
}

/// That every column lies inside the file: the crate trusts the numbers that the file gives.
fn check_places(metadata: &ParquetMetaData, length: u64) -> Result<(), Error> {
    let columns = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
    for column in columns {
        let start = column
            .dictionary_page_offset()
            .unwrap_or(column.data_page_offset());
        let place = u64::try_from(start)
            .ok()
            .zip(u64::try_from(column.compressed_size()).ok());
        let is_inside = place
            .and_then(|(start, size)| start.checked_add(size))
            .is_some_and(|end| end <= length);
        if !is_inside || column.data_page_offset() < 0 || column.num_values() < 0 {
            let message = format!(
                "column `{}` lies outside of the file: expected a whole Parquet file",
                short(&column.column_path().string())
            );
            return Err(Error::Whole(message));
        }
    }
    Ok(())
}

impl Iterator for ParquetReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.row().transpose()
    }
}

/// The next cells of a column as text; null is empty.
fn cells(column: &mut ColumnReader, wanted: usize, level: i16) -> Result<Vec<String>, Error> {
    match column {
        ColumnReader::ByteArrayColumnReader(column) => values(column, wanted, level, |value| {
            let text = std::str::from_utf8(value.data()).map(str::to_owned);
            text.map_err(|_| Error::Whole("not UTF-8 text: expected a string column".to_owned()))
        }),
        ColumnReader::FixedLenByteArrayColumnReader(column) => values(column, wanted, level, |value| {
            let text = std::str::from_utf8(value.data()).map(str::to_owned);
            text.map_err(|_| Error::Whole("not UTF-8 text: expected a string column".to_owned()))
        }),
        ColumnReader::BoolColumnReader(column) => {
            values(column, wanted, level, |value| Ok(value.to_string()))
        }
        ColumnReader::Int32ColumnReader(column) => {
            values(column, wanted, level, |value| Ok(value.to_string()))
        }
        ColumnReader::Int64ColumnReader(column) => {
            values(column, wanted, level, |value| Ok(value.to_string()))
        }
        ColumnReader::FloatColumnReader(column) => {
            values(column, wanted, level, |value| Ok(value.to_string()))
        }
        ColumnReader::DoubleColumnReader(column) => {
            values(column, wanted, level, |value| Ok(value.to_string()))
        }
        ColumnReader::Int96ColumnReader(column) => {
            values(column, wanted, level, |value| Ok(value.to_nanos().to_string()))
        }
    }
}

fn values<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    wanted: usize,
    level: i16,
    text: impl Fn(&T::T) -> Result<String, Error>,
) -> Result<Vec<String>, Error> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let (read, ..) = column
        .read_records(wanted, Some(&mut levels), None, &mut values)
        .map_err(fault)?;
    if level == 0 {
        return values.iter().map(text).collect();
    }
    let mut values = values.iter();
    let cell = |found: &i16| match (*found == level).then(|| values.next()).flatten() {
        Some(value) => text(value),
        None => Ok(String::new()),
    };
    levels.iter().take(read).map(cell).collect()
}
