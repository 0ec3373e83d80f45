//! Bitext as JSON lines: the names of the TSV's columns as keys, and the typed evidence and the single sentences besides; or the form that
//! `{"translation": {"kk": …, "en": …}}` made common.

use std::borrow::Cow;
use std::io::{BufRead, Write};

use qostil_bitext::{Evidence, Record};
use qostil_text::{Lang, Span, join_spans};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::ahead::{ReadAhead, Source};
use crate::lines::{inner, raw_lines};
use crate::table::{Field, Layout, read_spans, short};
use crate::view::View;
use crate::{Columns, Error, ReadOptions, Row};

/// Writes records as JSON lines, in full: `details` holds the typed evidence with its places in both documents, `kk_sentences`
/// (by the name of the column) where each sentence of a side of several stands.
pub struct JsonlWriter<W> {
    out: W,
    columns: Columns,
    nested: bool,
    /// In the order of the columns.
    keys: [SideKeys; 2],
    /// Keys that are not for other fields.
    own: Vec<String>,
    line: Vec<u8>,
}

/// The keys of what is said of one side.
struct SideKeys {
    text: String,
    doc: String,
    span: String,
    sentences: String,
}

impl SideKeys {
    fn of(side: &str) -> Self {
        Self {
            text: side.to_owned(),
            doc: format!("{side}_doc"),
            span: format!("{side}_span"),
            sentences: sentences_key(side),
        }
    }
}

impl<W: Write> JsonlWriter<W> {
    /// Keys are named by `columns`.
    pub fn new(out: W, columns: &Columns) -> Self {
        let (first, second) = columns.first_second();
        let keys = [SideKeys::of(first), SideKeys::of(second)];
        Self {
            out,
            columns: columns.clone(),
            nested: false,
            own: Layout::contract(columns, &[])
                .names()
                .chain(["details", "translation"])
                .map(str::to_owned)
                .chain(keys.iter().map(|side| side.sentences.clone()))
                .collect(),
            keys,
            line: Vec::new(),
        }
    }

    /// The two texts go under one key: `{"translation": {"kk": …, "en": …}, …}`.
    #[must_use]
    pub fn nested(mut self) -> Self {
        self.nested = true;
        self
    }

    /// Writes one record; what it does not know is left out.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        let view = View::new(record, self.columns.swapped);
        let sides = || self.keys.iter().zip(view.sides);
        let mut line = Keys::start(&mut self.line);
        if self.nested {
            line.key("translation")?;
            let mut texts = Keys::start(line.out);
            for (keys, side) in sides() {
                texts.text(&keys.text, side.text)?;
            }
            texts.end();
        } else {
            for (keys, side) in sides() {
                line.text(&keys.text, side.text)?;
            }
        }
        if let Some(confidence) = record.confidence {
            line.value("confidence", &rounded(confidence))?;
        }
        if let Some(bead) = view.bead {
            line.text("bead", &bead.to_string())?;
        }
        if let Some(verdict) = record.verdict {
            line.text("verdict", verdict.name())?;
        }
        if !record.evidence.is_empty() {
            line.text("evidence", &record.evidence)?;
        }
        for (keys, side) in sides() {
            if !side.doc.is_empty() {
                line.text(&keys.doc, side.doc)?;
            }
            if !side.spans.is_empty() {
                line.text(&keys.span, &join_spans(side.spans))?;
            }
            if !side.sentences.is_empty() {
                let each: Vec<String> = side.sentences.iter().map(|spans| join_spans(spans)).collect();
                line.value(&keys.sentences, &each)?;
            }
        }
        for (name, value) in record.extra.iter().filter(|(_, value)| !value.is_empty()) {
            // A key stands once: another field of the name of a record's own gets a number, as readers number them.
            let key = if self.own.contains(name) {
                Cow::Owned(format!("{name}.2"))
            } else {
                Cow::Borrowed(name.as_str())
            };
            if record.json.contains(name) && is_json(value) {
                line.key(&key)?;
                line.out.extend_from_slice(value.as_bytes());
            } else {
                line.text(&key, value)?;
            }
        }
        if !record.details.is_empty() {
            line.key("details")?;
            for (number, item) in record.details.iter().enumerate() {
                line.out.push(if number == 0 { b'[' } else { b',' });
                write_detail(item, view.swapped, line.out)?;
            }
            line.out.push(b']');
        }
        line.end();
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }

    /// The writer underneath, for committing it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

/// An object on its way out.
struct Keys<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> Keys<'o> {
    fn start(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn key(&mut self, name: &str) -> Result<(), Error> {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
        self.json(name)?;
        self.out.push(b':');
        Ok(())
    }

    /// A value under a name in which nothing is to be escaped.
    fn plain(&mut self, name: &str, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Error> {
        let first = std::mem::take(&mut self.first);
        let before: &[u8] = if first { b"\"" } else { b",\"" };
        self.out.extend_from_slice(before);
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.json(value)
    }

    fn text(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.value(name, text)
    }

    fn value(&mut self, name: &str, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Error> {
        self.key(name)?;
        self.json(value)
    }

    fn json(&mut self, value: &(impl serde::Serialize + ?Sized)) -> Result<(), Error> {
        serde_json::to_writer(&mut *self.out, value).map_err(|e| Error::Io(e.into()))
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

/// Whether a text is JSON on one line.
fn is_json(text: &str) -> bool {
    !text.contains(['\n', '\r']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The key under which the sentences of a side stand.
fn sentences_key(side: &str) -> String {
    format!("{side}_sentences")
}

/// Takes the sentences of a side out of an object; what is no list of spans is left there as something else.
fn take_sentences(object: &mut Map<String, Value>, side: &str) -> Vec<Vec<Span>> {
    let key = sentences_key(side);
    let spans = |value: &Value| read_spans(value.as_str()?).ok();
    let found = object
        .get(&key)
        .and_then(Value::as_array)
        .and_then(|all| all.iter().map(spans).collect::<Option<Vec<_>>>());
    found.inspect(|_| drop(object.remove(&key))).unwrap_or_default()
}

/// Writes evidence as [`Evidence`] is read, its sides in the order of the columns. More than half of what a run writes is evidence, so the keys go out as they are.
fn write_detail(item: &Evidence, swapped: bool, out: &mut Vec<u8>) -> Result<(), Error> {
    let sides = [(item.src, &item.src_text), (item.tgt, &item.tgt_text)];
    let [src, tgt] = if swapped { [sides[1], sides[0]] } else { sides };
    let mut detail = Keys::start(out);
    detail.plain("kind", &item.kind)?;
    for (name, span) in [("src", src.0), ("tgt", tgt.0)] {
        if let Some(span) = span {
            detail.plain(name, &span)?;
        }
    }
    for (name, text) in [("src_text", src.1), ("tgt_text", tgt.1)] {
        if !text.is_empty() {
            detail.plain(name, text)?;
        }
    }
    detail.plain("weight", &rounded(item.weight))?;
    detail.end();
    Ok(())
}

/// To four decimals, so that the last bits of a sum are not part of the output.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Reads bitext from JSON lines: keys as the TSV's columns, or texts under `translation`. Keys of no known meaning come
/// through as text: a string as it is, anything else as compact JSON, of which the record tells.
pub(crate) struct JsonlReader {
    objects: ReadAhead<Objects>,
    columns: Columns,
}

impl JsonlReader {
    /// Reads the first lines to learn the names of the two texts, unless they are given, and of other keys. Lines that are no objects with two texts
    /// are errors of their own, before the first that is one as after it.
    ///
    /// # Errors
    /// When `input` fails, is an array, or none of its first lines is an object with two texts.
    pub(crate) fn new(input: impl BufRead + Send + 'static, options: &ReadOptions) -> Result<Self, Error> {
        let mut rows = raw_lines(input).filter(|row| !matches!(row, Ok((_, line)) if line.trim().is_empty()));
        let sides_of = |(line, raw): &(u64, String)| sides(*line, inner(*line, raw), options);
        let (mut ahead, mut found) = (Vec::new(), None);
        for row in rows.by_ref().take(LINES) {
            found = row.as_ref().ok().and_then(|row| sides_of(row).ok());
            let is_array = row
                .as_ref()
                .is_ok_and(|(_, raw)| raw.trim_start().starts_with('['));
            ahead.push(row);
            if found.is_some() || is_array {
                break;
            }
        }
        if found.is_none() {
            for row in ahead.drain(..) {
                sides_of(&row?)?;
            }
        }
        let nothing = || {
            (
                <[String; 2]>::default(),
                Columns::of(Lang::UNKNOWN, Lang::UNKNOWN),
            )
        };
        let (names, columns) = found.unwrap_or_else(nothing);
        let rows = ahead.into_iter().chain(rows);
        Ok(Self {
            objects: ReadAhead::new(Objects {
                rows: Box::new(rows),
                texts: names,
                texts_only: options.texts_only,
                unused: options.unused.clone(),
            })?,
            columns,
        })
    }

    /// The names of the two sides.
    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The columns of a table of these rows, as far as the first lines tell.
    pub(crate) fn layout(&self) -> Layout {
        self.objects.layout(&self.columns)
    }
}

impl Iterator for JsonlReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.objects.next()
    }
}

/// Lines among which there must be one that is an object with two texts.
const LINES: usize = 1000;

/// The keys of the two texts of the object on a line, and what the sides are called.
fn sides(line: u64, raw: &str, options: &ReadOptions) -> Result<([String; 2], Columns), Error> {
    let object = object(line, raw)?;
    let inner = object.get("translation").and_then(Value::as_object);
    let keys: Vec<&str> = inner.unwrap_or(&object).keys().map(String::as_str).collect();
    let missing = || {
        Error::at(
            line,
            "no two texts: expected keys named by languages (`kk`, `en`), or `translation`",
        )
    };
    let layout = Layout::of_header(&keys, options.texts.as_ref(), options.langs).ok_or_else(missing)?;
    let text = |side| {
        let mut found = layout
            .columns
            .iter()
            .filter(|(_, field)| *field == Field::Text(side));
        found.next().map(|(name, _)| name.clone()).ok_or_else(missing)
    };
    Ok(([text(0)?, text(1)?], layout.sides(options.langs)))
}

/// The objects of a file, one a line.
struct Objects {
    rows: Box<dyn Iterator<Item = Result<(u64, String), Error>> + Send>,
    /// The keys of the two texts.
    texts: [String; 2],
    /// Whether the texts are all that is read.
    texts_only: bool,
    /// Keys under which anything may stand.
    unused: Vec<String>,
}

impl Source for Objects {
    fn goes_on(&self) -> bool {
        true
    }

    fn read(&mut self) -> Result<Option<Row>, Error> {
        let Some((line, raw)) = self.rows.next().transpose()? else {
            return Ok(None);
        };
        let text = inner(line, &raw);
        let record = self.record(line, text, object(line, text)?)?;
        Ok(Some(Row {
            line,
            raw: [raw, String::new()],
            record,
        }))
    }
}

impl Objects {
    fn record(&self, line: u64, text: &str, mut object: Map<String, Value>) -> Result<Record, Error> {
        let names = &self.texts;
        if let Some(Value::Object(inner)) = object.get_mut("translation") {
            let mut inner = std::mem::take(inner);
            object.remove("translation");
            inner.extend(object);
            object = inner;
        }
        let mut record = Record::default();
        for name in names {
            if !matches!(object.get(name), Some(Value::String(_))) {
                return Err(Error::at(
                    line,
                    format!("no text under `{}`: expected a string", short(name)),
                ));
            }
        }
        if self.texts_only {
            let [src, tgt] = names.each_ref().map(|name| match object.get_mut(name) {
                Some(Value::String(text)) => std::mem::take(text),
                _ => String::new(),
            });
            return Ok(Record { src, tgt, ..record });
        }
        if let Some(details) = object.get("details") {
            let is_unused = |field| self.unused.iter().any(|name| name == field);
            let is_other = match Vec::<Evidence>::deserialize(details) {
                Ok(details) => {
                    record.details = details;
                    false
                }
                // They tell the evidence in full, and go with it.
                Err(_) if is_unused("evidence") => false,
                Err(_) if is_unused("details") => true,
                Err(error) => return Err(Error::at(line, format!("`details`: {error}"))),
            };
            if !is_other {
                object.remove("details");
            }
        }
        let [src_sentences, tgt_sentences] = names.each_ref().map(|name| take_sentences(&mut object, name));
        let keys: Vec<&str> = object.keys().map(String::as_str).collect();
        let layout = Layout::of_header(&keys, Some(names), None);
        let mut layout = layout.ok_or_else(|| Error::at(line, "expected two texts"))?;
        layout.let_pass(&self.unused);
        let is_json = |value: &Value| !matches!(value, Value::String(_) | Value::Null);
        let named = layout.columns.iter().zip(object.values());
        let json = named.filter(|((_, field), value)| *field == Field::Extra && is_json(value));
        let mut json: Vec<String> = json.map(|((name, _), _)| name.clone()).collect();
        // Numbers may have more digits than a value has kept.
        let members = if json.is_empty() { None } else { Members::of(text) };
        let cells = object.iter().map(|(key, value)| match value {
            Value::String(text) => text.as_str().into(),
            Value::Null => "".into(),
            other => match members.as_ref().and_then(|members| members.written(key)) {
                Some(written) => compact(written).into(),
                None => other.to_string().into(),
            },
        });
        let read = layout
            .read(cells)
            .map_err(|misfit| Error::at(line, misfit.message))?;
        // What was none of its own fields is as much JSON as it was.
        let own = layout.columns.iter().zip(object.values());
        let own = own.filter(|((name, field), value)| {
            *field != Field::Extra && is_json(value) && read.extra.iter().any(|(other, _)| other == name)
        });
        json.extend(own.map(|((name, _), _)| name.clone()));
        Ok(Record {
            json,
            details: record.details,
            src_sentences,
            tgt_sentences,
            ..read
        })
    }
}

/// The members of a JSON object in their order, their values as they are written: what is read into numbers may lose digits.
///
/// ```
/// use qostil_export::Members;
/// let members = Members::of(r#"{"id": 123456789012345678901234567890, "n": 1.10}"#).expect("an object");
/// assert_eq!(members.0[0], ("id".to_owned(), "123456789012345678901234567890"));
/// assert_eq!(members.0[1].1, "1.10");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members<'t>(pub Vec<(String, &'t str)>);

impl<'t> Members<'t> {
    /// Those of the object that `text` is; none when it is no object.
    pub fn of(text: &'t str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// How the value under `key` is written, there or under `translation`.
    fn written(&self, key: &str) -> Option<&'t str> {
        let own = self.0.iter().rfind(|(name, _)| name == key);
        own.map(|(_, written)| *written).or_else(|| {
            let (_, inner) = self.0.iter().rfind(|(name, _)| name == "translation")?;
            let inner = Self::of(inner)?;
            inner
                .0
                .iter()
                .rfind(|(name, _)| name == key)
                .map(|(_, written)| *written)
        })
    }
}

/// JSON without the white space between its parts.
fn compact(json: &str) -> String {
    let (mut in_string, mut is_escaped) = (false, false);
    let is_kept = |c: &char| {
        in_string ^= *c == '"' && !is_escaped;
        is_escaped = in_string && *c == '\\' && !is_escaped;
        in_string || !c.is_ascii_whitespace()
    };
    json.chars().filter(is_kept).collect()
}

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'t> Visitor<'t> for InOrder {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

fn object(line: u64, raw: &str) -> Result<Map<String, Value>, Error> {
    serde_json::from_str(raw).map_err(|e| {
        if raw.trim_start().starts_with('[') {
            let message = "an array: expected JSON lines, an object on each";
            return Error::at(line, message);
        }
        let what = e.to_string();
        let what = what
            .rsplit_once(" at line ")
            .map_or(what.as_str(), |(what, _)| what);
        Error::place(
            line,
            e.column() as u64,
            format!("{what}: expected a JSON object on one line"),
        )
    })
}
