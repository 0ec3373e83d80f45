//! One door to bitext in any format: a reader and a writer chosen by the file's name or by the caller.

use std::borrow::Cow;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use qostil_bitext::Record;
use qostil_text::Lang;

use crate::csv::{CsvReader, CsvWriter};
use crate::format::lang_pair;
use crate::jsonl::{JsonlReader, JsonlWriter};
use crate::losses::Losses;
use crate::moses::{MosesReader, MosesWriter, Pair};
use crate::table::{Field, Layout, language};
use crate::tmx::{TmxReader, TmxWriter};
use crate::tsv::Understanding;
use crate::unicode::as_utf8;
use crate::{AtomicFile, Columns, Error, Format, Packing, Row, TsvReader, TsvWriter, hunalign, index, open};

/// Two languages: of the source and the target side.
pub type LangPair = (Lang, Lang);

/// How bitext is to be read. The default finds out everything by itself.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format; by the file's name when not given.
    pub format: Option<Format>,
    /// The languages of the two sides: chooses two of a file with more, and their order, by what its columns, keys or variants are called; names the sides where nothing does.
    pub langs: Option<LangPair>,
    /// The two text columns or keys: names, or numbers from 1.
    pub texts: Option<[String; 2]>,
    /// Whether the first line of a table is a header; found out when not given.
    pub header: Option<bool>,
    /// Of formats whose rows are lines, read the two texts alone: whatever else a row holds, however malformed, stays in
    /// its raw line. Under a header a row has as many cells all the same.
    pub texts_only: bool,
    /// Names of fields, as `verdict` or `span`, that the caller has no use for: what stands there need not be of their form, and is kept among the other fields
    /// where it is not.
    pub unused: Vec<String>,
    /// For index formats: the source text, one sentence a line; for XCES also OPUS' XML or its folder.
    pub src: Option<PathBuf>,
    /// For index formats: the target text.
    pub tgt: Option<PathBuf>,
}

/// Reads bitext row by row, in constant memory (sheets and index formats hold their texts).
///
/// ```
/// use qostil_export::{BitextReader, ReadOptions};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("news.tsv");
/// std::fs::write(&path, "kk\ten\nИә.\tYes.\n")?;
/// let reader = BitextReader::open(&path, &ReadOptions::default())?;
/// assert_eq!(reader.columns().src, "kk");
/// for row in reader {
///     let row = row?;
///     assert_eq!((row.line, row.raw[0].as_str(), row.record.tgt.as_str()), (2, "Иә.\tYes.\n", "Yes."));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BitextReader {
    rows: Rows,
    columns: Columns,
    layout: Layout,
    extra: Vec<String>,
    format: Format,
    path: Option<PathBuf>,
    over: bool,
}

enum Rows {
    Tsv(Box<TsvReader>),
    Csv(Box<CsvReader>),
    Jsonl(Box<JsonlReader>),
    Tmx(Box<TmxReader<Box<dyn BufRead + Send>>>),
    Other(Box<dyn Iterator<Item = Result<Row, Error>> + Send>),
}

/// The rows of a bitext file as records: [`BitextReader::open`] for those who want nothing but the records.
///
/// # Errors
/// When the file cannot be opened or its beginning is not of the format; then each item for its row.
pub fn read_bitext(
    path: &Path,
    options: &ReadOptions,
) -> Result<impl Iterator<Item = Result<Record, Error>> + use<>, Error> {
    Ok(BitextReader::open(path, options)?.map(|row| row.map(|row| row.record)))
}

impl BitextReader {
    /// The files that a name of bitext leads to: itself, or where it is one of two parallel files or the beginning of their names, these.
    pub fn files(path: &Path) -> Vec<PathBuf> {
        let is_half = format_to_read(path, None) == Format::Moses;
        let pair = is_half.then(|| Pair::to_read(path, None).ok()).flatten();
        pair.map_or_else(|| vec![path.to_owned()], |pair| pair.paths.into())
    }

    /// Opens a file, or a pair of files by their common name.
    ///
    /// # Errors
    /// When it cannot be opened, its format is unknown, or its beginning is not of the format.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, Error> {
        let format = format_to_read(path, options.format);
        let opened = match format {
            Format::Moses => {
                let pair = Pair::to_read(path, options.langs)?;
                Self::of_pair(pair.paths, pair.columns)
            }
            Format::Parquet | Format::Xlsx if std::fs::metadata(path).is_ok_and(|found| found.len() == 0) => {
                Ok(Self::of_nothing(format, options))
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                unpacked(path, format)?;
                let reader = crate::parquet::ParquetReader::open(path, options);
                reader.map(|reader| {
                    let (columns, layout) = (reader.columns().clone(), reader.layout());
                    Self::of_rows(Rows::Other(Box::new(reader)), format, columns, layout)
                })
            }
            #[cfg(feature = "xlsx")]
            Format::Xlsx => {
                unpacked(path, format)?;
                let reader = crate::xlsx::XlsxReader::open(path, options);
                reader.map(|reader| {
                    let (columns, layout) = (reader.columns().clone(), reader.layout());
                    Self::of_rows(Rows::Other(Box::new(reader)), format, columns, layout)
                })
            }
            _ => open(path)
                .map_err(Error::from)
                .and_then(|input| Self::from_stream(input, format, options)),
        };
        let mut reader = opened.map_err(|error| error.in_file(path))?;
        if format != Format::Moses {
            reader.path = Some(path.to_owned());
        }
        Ok(reader)
    }

    /// Opens two line-parallel files, whatever their names; the languages are those of the options, else what the names
    /// end in.
    ///
    /// # Errors
    /// When one of them cannot be opened.
    pub fn open_pair(paths: [PathBuf; 2], options: &ReadOptions) -> Result<Self, Error> {
        let ending = |path: &PathBuf| {
            let plain = Packing::strip(path);
            plain.extension().and_then(|e| e.to_str()).and_then(language)
        };
        let (src, tgt) = options.langs.unwrap_or_else(|| {
            let [src, tgt] = paths.each_ref().map(|path| ending(path).unwrap_or(Lang::UNKNOWN));
            (src, tgt)
        });
        let columns = Columns {
            swapped: false,
            ..Columns::of(src, tgt)
        };
        Self::of_pair(paths, columns)
    }

    fn of_pair(paths: [PathBuf; 2], columns: Columns) -> Result<Self, Error> {
        let open_side = |path: &PathBuf| {
            let text = open(path).and_then(as_utf8);
            text.map_err(|e| Error::from(e).in_file(path))
        };
        let inputs = [open_side(&paths[0])?, open_side(&paths[1])?];
        let rows = Rows::Other(Box::new(MosesReader::new(inputs, paths)));
        let layout = Layout::of_fields(&columns, &[], &[]);
        Ok(Self::of_rows(rows, Format::Moses, columns, layout))
    }

    /// Reads from a stream in a format that is one file; TSV when none is given.
    ///
    /// # Errors
    /// When `input` fails, its beginning is not of the format, or the format is not one stream.
    pub fn new(input: Box<dyn BufRead + Send>, options: &ReadOptions) -> Result<Self, Error> {
        Self::from_stream(input, options.format.unwrap_or(Format::Tsv), options)
    }

    /// The same where errors call the stream by this name, as they call a file by its own.
    #[must_use]
    pub fn called(mut self, name: &str) -> Self {
        self.path = Some(name.into());
        self
    }

    /// An empty file is an empty bitext, whatever its format would want.
    fn of_nothing(format: Format, options: &ReadOptions) -> Self {
        let (src, tgt) = options.langs.unwrap_or((Lang::UNKNOWN, Lang::UNKNOWN));
        let columns = Columns::in_order(src, tgt);
        let layout = Layout::of_fields(&columns, &[], &[]);
        Self::of_rows(Rows::Other(Box::new(std::iter::empty())), format, columns, layout)
    }

    fn of_rows(rows: Rows, format: Format, columns: Columns, layout: Layout) -> Self {
        Self {
            rows,
            columns,
            extra: layout.extra(),
            layout,
            format,
            path: None,
            over: false,
        }
    }

    fn from_stream(
        input: Box<dyn BufRead + Send>,
        format: Format,
        options: &ReadOptions,
    ) -> Result<Self, Error> {
        let mut input = as_utf8(input)?;
        if format == Format::Tmx && input.fill_buf()?.is_empty() {
            return Ok(Self::of_nothing(format, options));
        }
        let understanding = |texts, known| Understanding {
            texts: options.texts.as_ref(),
            header: options.header,
            langs: options.langs,
            texts_only: options.texts_only,
            unused: &options.unused,
            places: (texts, known),
        };
        let (rows, columns, layout) = match format {
            Format::Tsv => {
                let reader = TsvReader::understood(input, &understanding([0, 1], &[]))?;
                let (columns, layout) = (reader.columns().clone(), reader.layout());
                (Rows::Tsv(Box::new(reader)), columns, layout)
            }
            Format::Sent => {
                let reader = TsvReader::understood(input, &understanding([2, 3], &SENT_WITHOUT_HEADER))?;
                let (columns, layout) = (reader.columns().clone(), reader.layout());
                (Rows::Tsv(Box::new(reader)), columns, layout)
            }
            Format::Csv => {
                let reader = CsvReader::new(input, &understanding([0, 1], &[]))?;
                let (columns, layout) = (reader.columns().clone(), reader.layout());
                (Rows::Csv(Box::new(reader)), columns, layout)
            }
            Format::Jsonl | Format::Translation => {
                let reader = JsonlReader::new(input, options)?;
                let (columns, layout) = (reader.columns().clone(), reader.layout());
                (Rows::Jsonl(Box::new(reader)), columns, layout)
            }
            Format::Tmx => {
                let reader = TmxReader::with_unused(input, options.langs, &options.unused)?;
                let (columns, layout) = (reader.columns().clone(), reader.layout());
                (Rows::Tmx(Box::new(reader)), columns, layout)
            }
            Format::HunalignText => {
                let reader = hunalign::HunalignReader::new(input);
                let (a, b) = options.langs.unwrap_or((Lang::UNKNOWN, Lang::UNKNOWN));
                let columns = Columns::in_order(a, b);
                let layout = hunalign::layout(&columns);
                (Rows::Other(Box::new(reader)), columns, layout)
            }
            Format::Vecalign | Format::Ladder | Format::Xces => {
                let (rows, columns, layout) = index::rows(input, format, options)?;
                (Rows::Other(rows), columns, layout)
            }
            Format::Moses | Format::Parquet | Format::Xlsx => {
                return Err(Error::Usage(format!(
                    "{format} cannot be read from a stream: name a file"
                )));
            }
        };
        Ok(Self::of_rows(rows, format, columns, layout))
    }

    /// The format read.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The names of the two sides, source first.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The languages of the two sides; unknown when nothing names them.
    pub fn langs(&self) -> LangPair {
        self.columns.langs()
    }

    /// What stands before the rows, as it stands, for filters that write rows unchanged: the header of TSV and CSV, if there is one, and what CSV declares
    /// before it (`sep=;`).
    pub fn head(&self) -> Cow<'_, str> {
        match &self.rows {
            Rows::Csv(reader) => reader.head().into(),
            _ => self.header().unwrap_or_default().into(),
        }
    }

    /// The header as it stands, its end included: TSV and CSV with a header only.
    pub fn header(&self) -> Option<&str> {
        match &self.rows {
            Rows::Tsv(reader) => reader.header(),
            Rows::Csv(reader) => reader.header(),
            _ => None,
        }
    }

    /// What stands between the cells of CSV; of other formats nothing.
    pub fn delimiter(&self) -> Option<u8> {
        match &self.rows {
            Rows::Csv(reader) => Some(reader.delimiter()),
            _ => None,
        }
    }

    /// Names of the fields beyond a record's own, as far as the header or the first rows tell.
    pub fn extra(&self) -> &[String] {
        &self.extra
    }

    /// The columns of a table that says what the rows say, as far as the header or the first rows tell: a table's own, else those of the contract that the rows
    /// have something for, and all others.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The languages that the names of the two texts tell, whatever was asked for; unknown where they tell none.
    pub fn named_langs(&self) -> LangPair {
        self.layout.sides(None).langs()
    }

    /// What was passed over so far.
    pub fn losses(&self) -> Losses {
        match &self.rows {
            Rows::Tmx(reader) => reader.losses().clone(),
            _ => Losses::default(),
        }
    }
}

impl BitextReader {
    /// Whether the error that was read last is of one row, which can be left out, and not of all that follows.
    pub fn goes_on(&self) -> bool {
        match &self.rows {
            Rows::Tmx(reader) => reader.goes_on(),
            _ => self.format.is_lines() && !self.over,
        }
    }
}

impl Iterator for BitextReader {
    type Item = Result<Row, Error>;

    /// The next row. After an error that names a row the next one can be read; after any other there is none.
    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = match &mut self.rows {
            Rows::Tsv(rows) => rows.next(),
            Rows::Csv(rows) => rows.next(),
            Rows::Jsonl(rows) => rows.next(),
            Rows::Tmx(rows) => rows.next(),
            Rows::Other(rows) => rows.next(),
        };
        row.map(|row| {
            row.map_err(|error| {
                self.over = !matches!(error, Error::Line { .. } | Error::Place { .. });
                match &self.path {
                    Some(path) => error.in_file(path),
                    None => error,
                }
            })
        })
    }
}

/// Bitextor's columns when no header names them.
const SENT_WITHOUT_HEADER: [(usize, Field); 2] = [(0, Field::Doc(0)), (1, Field::Doc(1))];

/// The format of a file to read: given, told by its name, or Moses when the name is the prefix of two files.
fn format_to_read(path: &Path, given: Option<Format>) -> Format {
    given.or_else(|| Format::of(path)).unwrap_or_else(|| {
        let is_prefix = !path.is_file() && Pair::to_read(path, None).is_ok();
        if is_prefix { Format::Moses } else { Format::Tsv }
    })
}

/// Formats that compress by themselves are not packed again.
#[cfg(any(feature = "parquet", feature = "xlsx"))]
fn unpacked(path: &Path, format: Format) -> Result<(), Error> {
    if Packing::of(path) == Packing::Plain {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "{}: {format} packs its content itself: expected no .gz or .zst",
        path.display()
    )))
}

/// How bitext is to be written.
#[derive(Clone, Debug)]
pub struct WriteOptions {
    /// The format; by the file's name when not given.
    pub format: Option<Format>,
    /// The languages of the records' source and target sides.
    pub langs: LangPair,
    /// Whether tables begin with a header.
    pub header: bool,
    /// Names of the fields in `Record::extra` that get a column of their own in tables.
    pub extra: Vec<String>,
    /// The columns of TSV, CSV, Parquet and sheets, in place of the contract's and `extra`; of Bitextor's `sent` those that are none of its own.
    pub layout: Option<Layout>,
    /// For index formats: the source text, one sentence a line, that the records' spans are of.
    pub src: Option<PathBuf>,
    /// For index formats: the target text.
    pub tgt: Option<PathBuf>,
}

impl WriteOptions {
    /// A header, no extra columns, the format by the file's name.
    pub fn new(langs: LangPair) -> Self {
        Self {
            format: None,
            langs,
            header: true,
            extra: Vec::new(),
            layout: None,
            src: None,
            tgt: None,
        }
    }

    /// The columns of a table.
    fn table(&self) -> Layout {
        let contract = || Layout::contract(&Columns::of(self.langs.0, self.langs.1), &self.extra);
        self.layout.clone().unwrap_or_else(contract)
    }
}

/// Writes bitext row by row, in constant memory. A file appears whole with [`BitextWriter::finish`] or not at all.
pub struct BitextWriter {
    sink: Sink,
    format: Format,
    /// What its errors call it.
    name: Option<PathBuf>,
}

/// Where the rows of one-file formats go.
type Out = Box<dyn Target>;

/// A file or another stream.
trait Target: Write + Send {
    fn publish(self: Box<Self>) -> std::io::Result<()>;
}

impl Target for AtomicFile {
    fn publish(self: Box<Self>) -> std::io::Result<()> {
        self.commit()
    }
}

struct Stream<W>(W);

impl<W: Write> Write for Stream<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write + Send> Target for Stream<W> {
    fn publish(mut self: Box<Self>) -> std::io::Result<()> {
        self.0.flush()
    }
}

enum Sink {
    Tsv(TsvWriter<Out>),
    Csv(Box<CsvWriter<Out>>),
    Jsonl(JsonlWriter<Out>),
    Tmx(TmxWriter<Out>),
    Moses(Box<MosesWriter<AtomicFile>>),
    Hunalign(hunalign::HunalignWriter<Out>),
    Index(Box<index::IndexWriter<Out>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<crate::parquet::ParquetWriter>),
    #[cfg(feature = "xlsx")]
    Xlsx(Box<crate::xlsx::XlsxWriter>),
}

impl BitextWriter {
    /// Starts a file, or two for Moses.
    ///
    /// # Errors
    /// When it cannot be created or its format is unknown.
    pub fn create(path: &Path, options: &WriteOptions) -> Result<Self, Error> {
        let format = format_to_write(path, options);
        let sink = Self::sink_of(path, format, options).map_err(|error| error.in_file(path))?;
        Ok(Self {
            sink,
            format,
            name: Some(path.to_owned()),
        })
    }

    /// The files that [`BitextWriter::create`] starts with these options.
    pub fn files(path: &Path, options: &WriteOptions) -> Vec<PathBuf> {
        match format_to_write(path, options) {
            Format::Moses => sides(path, options).into(),
            _ => vec![path.to_owned()],
        }
    }

    fn sink_of(path: &Path, format: Format, options: &WriteOptions) -> Result<Sink, Error> {
        Ok(match format {
            Format::Moses => {
                let created =
                    |path: &PathBuf| AtomicFile::create(path).map_err(|e| Error::from(e).in_file(path));
                let [src, tgt] = sides(path, options);
                Sink::Moses(Box::new(MosesWriter::new([created(&src)?, created(&tgt)?])))
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                unpacked(path, format)?;
                let file = AtomicFile::create(path)?;
                Sink::Parquet(Box::new(crate::parquet::ParquetWriter::new(
                    file,
                    options.table(),
                )?))
            }
            #[cfg(feature = "xlsx")]
            Format::Xlsx => {
                unpacked(path, format)?;
                let file = AtomicFile::create(path)?;
                Sink::Xlsx(Box::new(crate::xlsx::XlsxWriter::new(file, options.table())?))
            }
            _ => Self::sink_to(Box::new(AtomicFile::create(path)?), format, options)?,
        })
    }

    /// Starts a stream in a format that is one file; TSV when none is given.
    ///
    /// # Errors
    /// When `out` fails or the format is not one stream.
    pub fn new(out: impl Write + Send + 'static, options: &WriteOptions) -> Result<Self, Error> {
        let format = options.format.unwrap_or(Format::Tsv);
        Ok(Self {
            sink: Self::sink_to(Box::new(Stream(out)), format, options)?,
            format,
            name: None,
        })
    }

    /// The same where errors call the stream by this name, as they call a file by its own.
    #[must_use]
    pub fn called(mut self, name: &str) -> Self {
        self.name = Some(name.into());
        self
    }

    fn sink_to(out: Out, format: Format, options: &WriteOptions) -> Result<Sink, Error> {
        let columns = Columns::of(options.langs.0, options.langs.1);
        Ok(match format {
            Format::Tsv => Sink::Tsv(TsvWriter::with_layout(out, options.table(), options.header)?),
            Format::Sent => Sink::Tsv(TsvWriter::with_layout(
                out,
                Layout::sent(&columns, &options.table().extra()),
                options.header,
            )?),
            Format::Csv => Sink::Csv(Box::new(CsvWriter::new(out, options.table(), options.header)?)),
            Format::Jsonl => Sink::Jsonl(JsonlWriter::new(out, &columns)),
            Format::Translation => Sink::Jsonl(JsonlWriter::new(out, &columns).nested()),
            Format::Tmx => Sink::Tmx(TmxWriter::new(out, &columns)?),
            Format::HunalignText => Sink::Hunalign(hunalign::HunalignWriter::new(out)),
            Format::Moses | Format::Parquet | Format::Xlsx => {
                return Err(Error::Usage(format!(
                    "{format} cannot be written to a stream: name a file"
                )));
            }
            Format::Vecalign | Format::Ladder | Format::Xces => {
                let (src, tgt) = (options.src.as_deref(), options.tgt.as_deref());
                Sink::Index(Box::new(index::IndexWriter::new(out, format, src, tgt)?))
            }
        })
    }

    /// The format written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Writes one record.
    ///
    /// # Errors
    /// When the file fails or the format cannot hold the record.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        let written = match &mut self.sink {
            Sink::Tsv(writer) => writer.write(record),
            Sink::Csv(writer) => writer.write(record),
            Sink::Jsonl(writer) => writer.write(record),
            Sink::Tmx(writer) => writer.write(record),
            Sink::Moses(writer) => writer.write(record),
            Sink::Hunalign(writer) => writer.write(record),
            Sink::Index(writer) => {
                writer.write(record);
                Ok(())
            }
            #[cfg(feature = "parquet")]
            Sink::Parquet(writer) => writer.write(record),
            #[cfg(feature = "xlsx")]
            Sink::Xlsx(writer) => writer.write(record),
        };
        written.map_err(|error| named(error, self.name.as_deref()))
    }

    /// Publishes what was written; says what did not come through as it was.
    ///
    /// # Errors
    /// When the rest cannot be written; then the file is as it was before.
    pub fn finish(self) -> Result<Losses, Error> {
        let name = self.name;
        self.sink.finish().map_err(|error| named(error, name.as_deref()))
    }
}

/// An error of a writer that has a name.
fn named(error: Error, name: Option<&Path>) -> Error {
    match name {
        Some(name) => error.in_file(name),
        None => error,
    }
}

impl Sink {
    fn finish(self) -> Result<Losses, Error> {
        let (out, losses) = match self {
            Self::Tsv(writer) => {
                let losses = writer.losses().clone();
                (writer.into_inner(), losses)
            }
            Self::Csv(writer) => writer.finish()?,
            Self::Jsonl(writer) => (writer.into_inner(), Losses::default()),
            Self::Tmx(writer) => writer.finish()?,
            Self::Hunalign(writer) => writer.finish(),
            Self::Index(writer) => writer.finish()?,
            Self::Moses(writer) => {
                let ([src, tgt], losses) = writer.finish();
                src.commit()?;
                tgt.commit()?;
                return Ok(losses);
            }
            #[cfg(feature = "parquet")]
            Self::Parquet(writer) => return writer.finish(),
            #[cfg(feature = "xlsx")]
            Self::Xlsx(writer) => return writer.finish(),
        };
        out.publish()?;
        Ok(losses)
    }
}

/// The format of a file to write: given, or told by its name.
fn format_to_write(path: &Path, options: &WriteOptions) -> Format {
    options.format.or_else(|| Format::of(path)).unwrap_or(Format::Tsv)
}

/// The two files of a Moses pair to write.
fn sides(path: &Path, options: &WriteOptions) -> [PathBuf; 2] {
    Pair::to_write(path, &moses_columns(path, options)).paths
}

/// The endings of a Moses pair: the languages, or those the name says when nobody else knows.
fn moses_columns(path: &Path, options: &WriteOptions) -> Columns {
    let plain = Packing::strip(path);
    let named = plain.extension().and_then(|e| e.to_str()).and_then(lang_pair);
    let (a, b) = options.langs;
    match named.and_then(|(a, b)| Some((language(a)?, language(b)?))) {
        Some((src, tgt)) if a == Lang::UNKNOWN || b == Lang::UNKNOWN => Columns::of(src, tgt),
        _ => Columns::of(a, b),
    }
}
