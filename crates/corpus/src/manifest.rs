//! Manifests: tables and JSON lines that name documents, hold them, or name pairs of them.

use std::collections::BTreeSet;
use std::io::{self, BufRead};
use std::path::Path;

use qostil_export::{Cells, Error, Format, open, table_rows, text_lines};
use qostil_text::Lang;
use serde_json::{Map, Value};

use crate::extract::Kind;
use crate::survey::side_names;

/// What a table or a file of JSON lines holds, told by its header or its first keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// Documents: `path` or `text`.
    Documents,
    /// Given pairs: two columns named by languages that hold paths.
    Pairs,
    /// Sentence pairs.
    Bitext,
    /// Cells without a header.
    NoHeader,
}

/// Why a table is none of these.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// It cannot be read, or what it holds is of another pair of languages; in words.
    Failed(String),
    /// Its header has neither paths nor texts; in words. Any table may be so.
    Columns(String),
}

impl From<Error> for Unusable {
    fn from(error: Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// A column of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Path,
    Text,
    Id,
    Lang,
    Url,
    Date,
    License,
    /// The document of the pair's first or second language.
    Side(usize),
}

impl Field {
    const COUNT: usize = 9;

    fn place(self) -> usize {
        match self {
            Self::Path => 0,
            Self::Text => 1,
            Self::Id => 2,
            Self::Lang => 3,
            Self::Url => 4,
            Self::Date => 5,
            Self::License => 6,
            Self::Side(0) => 7,
            Self::Side(_) => 8,
        }
    }

    /// What columns of these names hold. Where none has a language's code for its name, those that `pair` writes (`kk_doc`) are the documents of pairs.
    fn all_named(names: &[String], pair: [Lang; 2]) -> Vec<Option<Self>> {
        let fields: Vec<Option<Self>> = names.iter().map(|name| Self::named(name, pair)).collect();
        if fields
            .iter()
            .any(|field| matches!(field, Some(Self::Side(_) | Self::Path | Self::Text)))
        {
            return fields;
        }
        let of_pair = |name: &String| Self::named(name.trim().strip_suffix("_doc")?, pair);
        let or_of_pair = |(name, field): (&String, Option<Self>)| {
            field.or_else(|| of_pair(name).filter(|field| matches!(field, Self::Side(_))))
        };
        names.iter().zip(fields).map(or_of_pair).collect()
    }

    /// What a column of that name holds.
    fn named(name: &str, pair: [Lang; 2]) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "path" => Self::Path,
            "text" => Self::Text,
            "id" => Self::Id,
            "lang" | "language" => Self::Lang,
            "url" => Self::Url,
            "date" => Self::Date,
            "license" | "licence" => Self::License,
            "src" if pair[0] == pair[1] => Self::Side(0),
            "tgt" | "trg" if pair[0] == pair[1] => Self::Side(1),
            code if pair[0] != pair[1] => Self::Side(pair.iter().position(|lang| code.parse() == Ok(*lang))?),
            _ => return None,
        })
    }
}

/// Columns of a manifest that do not say what it is, and what others may have called `path`.
const MANIFEST_WORDS: [&str; 12] = [
    "id", "lang", "language", "url", "date", "license", "licence", "file", "filename", "filepath", "doc",
    "document",
];
/// Columns of bitext beside language codes.
const BITEXT_WORDS: [&str; 10] = [
    "src",
    "tgt",
    "trg",
    "source",
    "target",
    "src_text",
    "trg_text",
    "sentence1",
    "sentence2",
    "translation",
];

/// Rows that are looked at to tell paths from texts.
const LOOKED_AT: usize = 20;

/// The format of a table by its name, compressed or not.
pub(crate) fn table_format(path: &Path) -> Option<Format> {
    Format::of(path)
        .filter(|format| matches!(format, Format::Tsv | Format::Csv | Format::Jsonl))
        .filter(|_| Kind::of(path).is_none())
}

/// The format of a table without a name: JSON lines by their first character, CSV where its header is one that is known and would be one cell of TSV.
///
/// # Errors
/// When its beginning cannot be read.
pub(crate) fn format_of_unnamed(path: &Path, folder: &Path, pair: [Lang; 2]) -> io::Result<Format> {
    // Before the first character there may be a byte order mark, and half of a character of white space.
    let is_before =
        |byte: &&u8| byte.is_ascii_whitespace() || [0, 0xef, 0xbb, 0xbf, 0xfe, 0xff].contains(*byte);
    let mut file = open(path)?;
    let mut bytes = file.fill_buf()?.iter().filter(|byte| !is_before(byte));
    match (bytes.next(), bytes.next()) {
        // Of an array of objects [`sniff`] says that it is one.
        (Some(b'{'), _) | (Some(b'['), Some(b'{')) => return Ok(Format::Jsonl),
        _ => {}
    }
    let width = |format| {
        let first = table_rows(open(path).ok()?, format).ok()?.next()?.ok()?;
        Some(first.1.len())
    };
    // Any sentence may hold commas.
    let is_csv = width(Format::Tsv) == Some(1)
        && width(Format::Csv) > Some(1)
        && !matches!(sniff_as(Format::Csv, path, folder, pair), Ok(Table::NoHeader));
    Ok(if is_csv { Format::Csv } else { Format::Tsv })
}

/// What the table at `path` holds, in the format that its name says.
///
/// # Errors
/// As [`sniff_as`].
pub(crate) fn sniff(path: &Path, folder: &Path, pair: [Lang; 2]) -> Result<Table, Unusable> {
    sniff_as(table_format(path).unwrap_or(Format::Tsv), path, folder, pair)
}

/// What the table at `path` holds.
///
/// Columns named by the two languages hold paths when most cells of the first rows name files: an ending that documents have, or a
/// file that is there under `folder`. Else they hold sentences.
///
/// # Errors
/// When it cannot be read, holds another pair of languages, or its header has the words of a manifest but neither paths nor texts.
fn sniff_as(format: Format, path: &Path, folder: &Path, pair: [Lang; 2]) -> Result<Table, Unusable> {
    let file = open(path).map_err(Error::from)?;
    let mut rows: Vec<Vec<(String, String)>> = Vec::new();
    let names: Vec<String>;
    if format == Format::Jsonl {
        for line in text_lines(file)?.take(LOOKED_AT) {
            match line {
                Ok((_, text)) if rows.is_empty() && begins_array(&text) => {
                    return Err(Unusable::Failed(ARRAY.to_owned()));
                }
                Ok((_, text)) => rows.extend(object(&text).map(|object| {
                    let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
                    object
                        .into_iter()
                        .map(|(key, value)| (key, text(value)))
                        .collect()
                })),
                Err(Error::Line { .. } | Error::Place { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let Some(first) = rows.first() else {
            return Ok(Table::Documents);
        };
        names = first.iter().map(|(key, _)| key.clone()).collect();
    } else {
        let mut cells = table_rows(file, format)?;
        names = match cells.next() {
            Some(row) => row?.1,
            None => return Ok(Table::NoHeader),
        };
        for row in cells.take(LOOKED_AT) {
            match row {
                Ok((_, row)) => rows.push(names.iter().cloned().zip(row).collect()),
                Err(Error::Line { .. } | Error::Place { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    let names: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let has = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    let fields = Field::all_named(&names, pair);
    let side_of = |field: &Option<Field>| match field {
        Some(Field::Side(side)) => Some(*side),
        _ => None,
    };
    let sides: BTreeSet<usize> = fields.iter().filter_map(side_of).collect();
    // Most of the cells under these columns name files.
    let hold_paths = |is_column: &dyn Fn(&str) -> bool| {
        let cells: Vec<&String> = rows
            .iter()
            .flatten()
            .filter(|(name, value)| is_column(name) && !value.trim().is_empty())
            .map(|(_, value)| value)
            .collect();
        let files = cells.iter().filter(|cell| names_a_file(cell, folder)).count();
        files * 2 > cells.len()
    };
    // Of a table without a header the first two, as `pair --no-header` writes them.
    let is_leading = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        names.iter().take(2).any(|leading| *leading == name)
    };
    let known = |name: &str| -> Option<Lang> { name.trim().parse().ok().filter(Lang::is_known) };
    let mut langs: Vec<Lang> = names.iter().filter_map(|name| known(name)).collect();
    langs.dedup();
    Ok(if sides.len() == 2 {
        let is_side = |name: &str| {
            let named = names
                .iter()
                .zip(&fields)
                .find(|(other, _)| *other == &name.trim().to_ascii_lowercase());
            named.is_some_and(|(_, field)| side_of(field).is_some())
        };
        // Columns that `pair` writes; rows of sentences may have them beside their texts.
        let is_doc = |name: &String| name.ends_with("_doc");
        let of_docs = names
            .iter()
            .zip(&fields)
            .any(|(name, field)| is_doc(name) && side_of(field).is_some());
        let hold_paths = if of_docs {
            !has(&BITEXT_WORDS)
        } else {
            hold_paths(&is_side)
        };
        if hold_paths { Table::Pairs } else { Table::Bitext }
    } else if has(&["path", "text"]) {
        Table::Documents
    } else if let [a, b, ..] = langs[..] {
        let what = if hold_paths(&|name| known(name).is_some()) {
            "it names documents in"
        } else {
            "it holds"
        };
        let mut cause = format!("{what} {a} and {b}, not {} and {}", pair[0], pair[1]);
        if ![a, b].contains(&Lang::KazakhLatin) {
            cause.push_str(&format!(" (--pair {a}-{b} reads them)"));
        }
        return Err(Unusable::Failed(cause));
    } else if !has(&MANIFEST_WORDS)
        && (hold_paths(&|_| true)
            || hold_paths(&is_leading)
            || names.iter().take(2).all(|name| names_a_file(name, folder))
            || format != Format::Jsonl && all_look_like_paths(&names, &rows))
    {
        return Err(Unusable::Columns(format!(
            "its cells name files: {}",
            expected_of_lists(pair)
        )));
    } else if has(&BITEXT_WORDS) {
        Table::Bitext
    } else if format == Format::Jsonl || has(&MANIFEST_WORDS) {
        let [src, tgt] = side_names(pair);
        let expected = format!("expected `path` or `text`, or `{src}` and `{tgt}`");
        let cause = format!("its columns are {}: {expected}", names.join(", "));
        return Err(Unusable::Columns(cause));
    } else {
        Table::NoHeader
    })
}

/// What is said of JSON that is no JSON lines.
const ARRAY: &str =
    "it looks like a JSON array: expected JSON lines, an object on each (`jq -c '.[]'` makes them)";

/// Whether an array of objects begins with this line.
fn begins_array(line: &str) -> bool {
    let items = line.trim_start_matches('\u{feff}').trim_start().strip_prefix('[');
    items.is_some_and(|items| items.trim_start().is_empty() || items.trim_start().starts_with('{'))
}

/// What a list of files should have been.
fn expected_of_lists(pair: [Lang; 2]) -> String {
    let [src, tgt] = side_names(pair);
    format!("expected columns `{src}` and `{tgt}`, or `path`")
}

/// Why a text is no document where it is a list: each of its first lines is written as a path is, and half of them or more lead to files that are there under
/// `folder`; lines that begin with `#` are passed over. What cannot be read shows when it is read.
pub(crate) fn refused_as_list(path: &Path, folder: &Path, pair: [Lang; 2]) -> Option<String> {
    let lines = text_lines(open(path).ok()?).ok()?.take(LOOKED_AT);
    let (mut there, mut gone) = (0, 0);
    for line in lines {
        let (_, line) = line.ok()?;
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        // What is not there may be a sentence, unless it is one word or ends as documents do.
        let is_path = || !line.contains(char::is_whitespace) || Kind::of(Path::new(line)).is_some();
        match line.len() < LONGEST_PATH {
            true if folder.join(line).is_file() => there += 1,
            true if is_path() => gone += 1,
            _ => return None,
        }
    }
    let is_list = there > 0 && there >= gone;
    is_list.then(|| format!("its lines name files: {}", expected_of_lists(pair)))
}

/// What is longer is no path.
const LONGEST_PATH: usize = 1024;

/// Whether every cell of a table without header, of which the first row was taken for one, is written as paths are, whatever is there under it.
fn all_look_like_paths(first: &[String], rows: &[Vec<(String, String)>]) -> bool {
    let looks = |cell: &str| {
        let cell = cell.trim();
        cell.contains(['/', '\\'])
            && !cell.contains(char::is_whitespace)
            && cell.contains(char::is_alphanumeric)
    };
    let rest = rows.iter().flatten().map(|(_, cell)| cell);
    first.iter().chain(rest).all(|cell| looks(cell))
}

/// Whether a cell is a path to a document rather than a sentence.
fn names_a_file(value: &str, folder: &Path) -> bool {
    // a quoted cell of a table that has no quotes
    let value = value.trim().trim_matches('"');
    !value.is_empty()
        && value.len() < LONGEST_PATH
        && !value.chars().any(char::is_control)
        && (Kind::of(Path::new(value)).is_some() || folder.join(value).is_file())
}

fn object(line: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(line).ok()
}

/// A row of a manifest.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Its line, from 1.
    pub(crate) line: u64,
    cells: [Option<String>; Field::COUNT],
}

impl Row {
    /// Takes the content of a column; `None` when it has none.
    pub(crate) fn take(&mut self, field: Field) -> Option<String> {
        self.cells[field.place()].take()
    }
}

/// What is wrong with a row, or with all that follows.
#[derive(Debug)]
pub(crate) struct Bad {
    pub(crate) line: Option<u64>,
    pub(crate) cause: String,
}

impl From<Error> for Bad {
    fn from(error: Error) -> Self {
        match error {
            Error::Line { line, message } | Error::Place { line, message, .. } => Self {
                line: Some(line),
                cause: message,
            },
            other => Self {
                line: None,
                cause: other.to_string(),
            },
        }
    }
}

/// The rows of a manifest.
pub(crate) struct Rows {
    reader: Reader,
    pair: [Lang; 2],
    /// Columns that mean nothing here, each named once.
    unknown: BTreeSet<String>,
}

enum Reader {
    Cells(
        Box<dyn Iterator<Item = Result<Cells, Error>> + Send>,
        Vec<Option<Field>>,
    ),
    Lines(Box<dyn Iterator<Item = Result<(u64, String), Error>> + Send>),
}

impl Rows {
    /// Opens the manifest at `path`.
    ///
    /// # Errors
    /// When it cannot be read or a column is named twice.
    pub(crate) fn open(path: &Path, pair: [Lang; 2]) -> Result<Self, Bad> {
        let file = open(path).map_err(Error::from)?;
        let mut unknown = BTreeSet::new();
        let reader = match table_format(path) {
            Some(Format::Jsonl) => Reader::Lines(Box::new(text_lines(file)?)),
            format => {
                let mut rows = table_rows(file, format.unwrap_or(Format::Tsv))?;
                let (line, names) = rows.next().transpose()?.unwrap_or_default();
                let fields = Field::all_named(&names, pair);
                for (at, field) in fields.iter().enumerate() {
                    if field.is_some() && fields[..at].contains(field) {
                        return Err(Bad {
                            line: Some(line),
                            cause: format!("two columns are `{}`", names[at].trim()),
                        });
                    }
                }
                unknown.extend(
                    names
                        .into_iter()
                        .zip(&fields)
                        .filter(|(_, field)| field.is_none())
                        .map(|(n, _)| n),
                );
                Reader::Cells(rows, fields)
            }
        };
        Ok(Self {
            reader,
            pair,
            unknown,
        })
    }

    /// Columns met so far that are not used.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// Columns of a table that are named by a language: where rows are documents they are not used either.
    pub(crate) fn sides(&self) -> impl Iterator<Item = &str> {
        let fields = match &self.reader {
            Reader::Cells(_, fields) => &fields[..],
            Reader::Lines(_) => &[],
        };
        fields.iter().filter_map(|field| match field {
            Some(Field::Side(side)) => Some(self.pair[*side].code()),
            _ => None,
        })
    }

    fn of_object(&mut self, line: u64, text: &str) -> Result<Row, Bad> {
        let bad = |cause: String| Bad {
            line: Some(line),
            cause,
        };
        let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            if text.trim_start().starts_with('[') {
                return bad(
                    "it is no JSON object but an array: expected JSON lines, an object on each".to_owned(),
                );
            }
            let why = error.to_string().replace(" at line 1 column ", ", byte ");
            bad(format!("it is no JSON object: {why}"))
        })?;
        let mut row = Row {
            line,
            ..Row::default()
        };
        for (key, value) in object {
            let Some(field) = Field::named(&key, self.pair) else {
                // Keys may differ from line to line without end; a few are enough to tell of.
                if self.unknown.len() < 100 {
                    self.unknown.insert(key);
                }
                continue;
            };
            row.cells[field.place()] = match value {
                Value::Null => None,
                Value::String(text) => Some(text),
                Value::Number(number) if field != Field::Text => Some(number.to_string()),
                _ => return Err(bad(format!("`{key}` is no text"))),
            };
        }
        Ok(row)
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.reader {
            Reader::Lines(lines) => Some(match lines.next()? {
                Ok((line, text)) => self.of_object(line, &text),
                Err(error) => Err(error.into()),
            }),
            Reader::Cells(rows, fields) => Some(match rows.next()? {
                Ok((line, cells)) if cells.len() != fields.len() => Err(Bad {
                    line: Some(line),
                    cause: format!(
                        "{} cell{}, expected {} as in the header",
                        cells.len(),
                        if cells.len() == 1 { "" } else { "s" },
                        fields.len()
                    ),
                }),
                Ok((line, cells)) => {
                    let mut row = Row {
                        line,
                        ..Row::default()
                    };
                    for (field, cell) in fields.iter().zip(cells) {
                        if let Some(field) = field.filter(|_| !cell.trim().is_empty()) {
                            row.cells[field.place()] = Some(cell);
                        }
                    }
                    Ok(row)
                }
                Err(error) => Err(error.into()),
            }),
        }
    }
}
