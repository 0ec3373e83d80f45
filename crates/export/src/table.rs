//! Records as rows of named cells: what TSV, CSV, Bitextor's `sent`, Parquet and sheets share.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use qostil_bitext::Record;
use qostil_text::{Lang, Span, join_spans};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::view::View;
use crate::{Columns, LangPair};

/// What a column holds. A side is its place in the order of the columns: 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Text(usize),
    Doc(usize),
    Spans(usize),
    Confidence,
    Bead,
    Verdict,
    Evidence,
    /// Anything else, kept in `Record::extra`.
    Extra,
    /// What the reader was asked to pass over.
    Passed,
}

impl Field {
    /// Whether an extra field of the column's name stands there where a record has nothing else for it.
    fn may_hold_others(self) -> bool {
        matches!(
            self,
            Self::Extra | Self::Spans(_) | Self::Confidence | Self::Bead | Self::Verdict
        )
    }

    /// Puts what is written of a field that has a form of its own into a record.
    ///
    /// # Errors
    /// When it has not that form.
    pub(crate) fn take(self, written: &str, record: &mut Record) -> Result<(), String> {
        match self {
            Self::Spans(0) => record.src_spans = read_spans(written)?,
            Self::Spans(_) => record.tgt_spans = read_spans(written)?,
            Self::Confidence => record.confidence = Some(read_confidence(written)?),
            Self::Bead => record.bead = Some(parsed(written)?),
            Self::Verdict => record.verdict = Some(parsed(written)?),
            Self::Text(_) | Self::Doc(_) | Self::Evidence | Self::Extra | Self::Passed => {}
        }
        Ok(())
    }

    /// What a column of this name holds that is of no side.
    pub(crate) fn of_record(name: &str) -> Self {
        match name {
            "confidence" => Self::Confidence,
            "bead" => Self::Bead,
            "verdict" => Self::Verdict,
            "evidence" => Self::Evidence,
            _ => Self::Extra,
        }
    }
}

/// The columns of a table: their names and what they hold. By default the contract's with `src` and `tgt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub(crate) columns: Vec<(String, Field)>,
    /// Whether the first side of the columns is the target side of the records.
    swapped: bool,
    /// Of a layout to read: fields in which anything may stand, as the caller has no use for them.
    unused: Vec<Field>,
    /// Of a layout to write: names of the columns that hold extra fields, or may.
    others: FxHashSet<String>,
}

/// A cell that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// The number of the cell, from 1.
    pub(crate) column: u64,
    pub(crate) message: String,
}

/// Names of text columns that other tools write, both sides.
const TEXT_NAMES: [[&str; 2]; 7] = [
    ["src", "tgt"],
    ["src", "trg"],
    ["src_text", "tgt_text"],
    ["src_text", "trg_text"],
    ["source", "target"],
    ["sentence1", "sentence2"],
    ["text1", "text2"],
];

impl Default for Layout {
    fn default() -> Self {
        Self::contract(&Columns::of(Lang::UNKNOWN, Lang::UNKNOWN), &[])
    }
}

impl Layout {
    /// One to write.
    fn new(columns: Vec<(String, Field)>, swapped: bool) -> Self {
        let others = columns.iter().filter(|(_, field)| field.may_hold_others());
        Self {
            others: others.map(|(name, _)| name.clone()).collect(),
            columns,
            swapped,
            unused: Vec::new(),
        }
    }

    /// The same with columns of these names at the end, in place of those that hold the same; and the names of the columns
    /// that are left out for them.
    #[must_use]
    pub fn appended(self, names: &[&str]) -> (Self, Vec<String>) {
        let is_replaced = |(name, field): &(String, Field)| match field {
            Field::Extra => names.contains(&name.as_str()),
            known => names.iter().any(|name| Field::of_record(name) == *known),
        };
        let (replaced, mut kept): (Vec<_>, Vec<_>) = self.columns.into_iter().partition(is_replaced);
        let added = names
            .iter()
            .map(|name| ((*name).to_owned(), Field::of_record(name)));
        kept.extend(added);
        let replaced = replaced.into_iter().map(|(name, _)| name);
        (Self::new(kept, self.swapped), replaced.collect())
    }

    /// The contract's columns for the two texts and for these `fields`, then `extra` ones; those of the name of one before stand there.
    pub(crate) fn of_fields(columns: &Columns, fields: &[Field], extra: &[String]) -> Self {
        let mut kept = Self::contract(columns, &[]).columns;
        kept.retain(|(_, field)| matches!(field, Field::Text(_)) || fields.contains(field));
        let further = extra
            .iter()
            .filter(|name| kept.iter().all(|(other, _)| other != *name));
        let further: Vec<_> = further.map(|name| (name.clone(), Field::Extra)).collect();
        kept.extend(further);
        Self::new(kept, columns.swapped)
    }

    /// What was read, to be written: where no header names the two texts, they are called as the sides are.
    pub(crate) fn to_write(&self, columns: &Columns, has_header: bool) -> Self {
        let called = |(name, field): &(String, Field)| match field {
            Field::Text(0) if !has_header => (columns.src.clone(), *field),
            Field::Text(_) if !has_header => (columns.tgt.clone(), *field),
            _ => (name.clone(), *field),
        };
        Self::new(self.columns.iter().map(called).collect(), self.swapped)
    }

    /// The contract's columns, then others.
    pub(crate) fn contract(columns: &Columns, extra: &[String]) -> Self {
        let (a, b) = columns.first_second();
        let mut out = vec![
            (a.to_owned(), Field::Text(0)),
            (b.to_owned(), Field::Text(1)),
            ("confidence".to_owned(), Field::Confidence),
            ("bead".to_owned(), Field::Bead),
            ("verdict".to_owned(), Field::Verdict),
            ("evidence".to_owned(), Field::Evidence),
            (format!("{a}_doc"), Field::Doc(0)),
            (format!("{b}_doc"), Field::Doc(1)),
            (format!("{a}_span"), Field::Spans(0)),
            (format!("{b}_span"), Field::Spans(1)),
        ];
        out.extend(extra.iter().map(|name| (name.clone(), Field::Extra)));
        Self::new(out, columns.swapped)
    }

    /// Bitextor's columns, then those of the contract that it does not know, then others.
    pub(crate) fn sent(columns: &Columns, extra: &[String]) -> Self {
        let own = [
            ("src_url", Field::Doc(0)),
            ("trg_url", Field::Doc(1)),
            ("src_text", Field::Text(0)),
            ("trg_text", Field::Text(1)),
            ("confidence", Field::Confidence),
            ("bead", Field::Bead),
            ("verdict", Field::Verdict),
            ("evidence", Field::Evidence),
            ("src_span", Field::Spans(0)),
            ("trg_span", Field::Spans(1)),
        ];
        let mut out: Vec<_> = own.map(|(name, field)| (name.to_owned(), field)).into();
        out.extend(extra.iter().map(|name| (name.clone(), Field::Extra)));
        Self::new(out, columns.swapped)
    }

    /// What a row without header holds: texts in the two places given (from 0), the rest by `known`.
    pub(crate) fn positional(width: usize, texts: [usize; 2], known: &[(usize, Field)]) -> Self {
        let field = |at: usize| {
            let side = texts.iter().position(|place| *place == at);
            let other = known.iter().find(|(place, _)| *place == at).map(|(_, f)| *f);
            side.map(Field::Text).or(other).unwrap_or(Field::Extra)
        };
        let columns = (0..width).map(|at| (format!("column{}", at + 1), field(at)));
        Self {
            columns: columns.collect(),
            swapped: false,
            unused: Vec::new(),
            others: FxHashSet::default(),
        }
    }

    /// What a header says, if it is one: a line with two languages (or `src` and `tgt` …) among its cells.
    /// `chosen` names the two text columns, by name; else those of the languages `langs`, if there are two such columns.
    pub(crate) fn of_header(
        names: &[&str],
        chosen: Option<&[String; 2]>,
        langs: Option<LangPair>,
    ) -> Option<Self> {
        let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        let place = |name: &str| names.iter().position(|n| *n == name);
        let texts = match chosen {
            Some([a, b]) => [place(a)?, place(b)?],
            None => langs
                .and_then(|langs| columns_of(&names, langs))
                .or_else(|| text_columns(&names))?,
        };
        let bases = texts.map(|at| names[at].strip_suffix("_text").unwrap_or(names[at]));
        let codes = texts.map(|at| column_language(names[at]).map(|lang| lang.code().to_owned()));
        let field = |at: usize, name: &str| {
            if let Some(side) = texts.iter().position(|place| *place == at) {
                return Field::Text(side);
            }
            for (side, base) in bases.iter().enumerate() {
                // `kk_doc` belongs to `kk_KZ` too.
                for base in [Some(*base), codes[side].as_deref()].into_iter().flatten() {
                    match name.strip_prefix(base).and_then(|rest| rest.strip_prefix('_')) {
                        Some("doc" | "url") => return Field::Doc(side),
                        Some("span") => return Field::Spans(side),
                        _ => {}
                    }
                }
            }
            Field::of_record(name)
        };
        let mut columns: Vec<(String, Field)> = Vec::with_capacity(names.len());
        let mut distinct = Distinct::default();
        for (at, name) in names.iter().enumerate() {
            let found = field(at, name);
            // A second column of the same meaning is kept as any other; one of the same name by a number.
            let taken = found != Field::Extra && columns.iter().any(|(_, f)| *f == found);
            let name = distinct.name((*name).to_owned());
            columns.push((name, if taken { Field::Extra } else { found }));
        }
        Some(Self {
            columns,
            swapped: false,
            unused: Vec::new(),
            others: FxHashSet::default(),
        })
    }

    /// Takes a row of `width` cells for one of this table: under a header one of as many cells, else one that reaches to both texts. Where it `grows`, what
    /// goes beyond the first row gets columns of its own.
    ///
    /// # Errors
    /// In words, for a row that is none.
    pub(crate) fn admit(&mut self, width: usize, has_header: bool, grows: bool) -> Result<(), String> {
        let wanted = self.columns.len();
        // What is appended to a row that has not the header's cells would stand under another name.
        if has_header && width != wanted {
            return Err(format!("{}, expected {wanted} as in the header", columns(width)));
        }
        if width > MOST_COLUMNS {
            return Err(format!(
                "{}: expected a table of two texts and what is known of them",
                columns(width)
            ));
        }
        let texts = self
            .columns
            .iter()
            .rposition(|(_, field)| matches!(field, Field::Text(_)));
        if let Some(last) = texts.filter(|last| *last >= width) {
            return Err(format!(
                "{}, expected a text in column {}",
                columns(width),
                last + 1
            ));
        }
        if grows {
            let further = (wanted..width).map(|at| (format!("column{}", at + 1), Field::Extra));
            self.columns.extend(further);
        }
        Ok(())
    }

    /// Passes over everything but the two texts.
    pub(crate) fn keep_texts(&mut self) {
        for (_, field) in &mut self.columns {
            if !matches!(field, Field::Text(_)) {
                *field = Field::Passed;
            }
        }
    }

    /// Lets pass whatever stands in fields of these names; `span` is those of both sides.
    pub(crate) fn let_pass(&mut self, unused: &[String]) {
        let fields = |name: &String| match name.as_str() {
            "span" => vec![Field::Spans(0), Field::Spans(1)],
            name => vec![Field::of_record(name)],
        };
        self.unused = unused.iter().flat_map(fields).collect();
    }

    /// Its names, as the first row of a table.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Names of the columns that are none of the record's own.
    pub(crate) fn extra(&self) -> Vec<String> {
        let extra = self.columns.iter().filter(|(_, field)| *field == Field::Extra);
        extra.map(|(name, _)| name.clone()).collect()
    }

    /// The names of the two text columns, as the sides are called; languages given win over names.
    pub(crate) fn sides(&self, langs: Option<LangPair>) -> Columns {
        if let Some((a, b)) = langs {
            return Columns::in_order(a, b);
        }
        let name = |side: usize| {
            let column = self.columns.iter().find(|(_, field)| *field == Field::Text(side));
            column.map_or("", |(name, _)| name.as_str())
        };
        let langs = [name(0), name(1)].map(|name| column_language(name).unwrap_or(Lang::UNKNOWN));
        let known = langs.iter().all(|lang| *lang != Lang::UNKNOWN);
        let (src, tgt) = if known { (name(0), name(1)) } else { ("src", "tgt") };
        Columns {
            src: src.to_owned(),
            tgt: tgt.to_owned(),
            swapped: false,
        }
    }

    /// The record of a row. `cells` yields as many as there are columns, or fewer.
    pub(crate) fn read<'c>(&self, cells: impl Iterator<Item = Cow<'c, str>>) -> Result<Record, Misfit> {
        let mut record = Record::default();
        for (at, ((name, field), cell)) in self.columns.iter().zip(cells).enumerate() {
            let misfit = |message: String| Misfit {
                column: at as u64 + 1,
                message,
            };
            match field {
                Field::Text(0) => record.src = cell.into_owned(),
                Field::Text(_) => record.tgt = cell.into_owned(),
                Field::Doc(0) => record.src_doc = cell.into_owned(),
                Field::Doc(_) => record.tgt_doc = cell.into_owned(),
                Field::Evidence => record.evidence = cell.into_owned(),
                Field::Spans(_) | Field::Confidence | Field::Bead | Field::Verdict
                    if !cell.trim().is_empty() =>
                {
                    match field.take(cell.trim(), &mut record) {
                        Err(_) if self.unused.contains(field) => {
                            record.extra.push((name.clone(), cell.into_owned()));
                        }
                        taken => taken.map_err(misfit)?,
                    }
                }
                Field::Extra if !cell.is_empty() => record.extra.push((name.clone(), cell.into_owned())),
                _ => {}
            }
        }
        Ok(record)
    }

    /// The cells of a record, in the order of the columns.
    pub(crate) fn write<'r>(&self, record: &'r Record, cells: &mut Vec<Cow<'r, str>>) {
        let view = View::new(record, self.swapped);
        // The first of several fields of one name.
        let others: FxHashMap<&str, &str> = record
            .extra
            .iter()
            .rev()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        cells.clear();
        for (name, field) in &self.columns {
            let cell = match field {
                Field::Text(side) => view.sides[side & 1].text.into(),
                Field::Doc(side) => view.sides[side & 1].doc.into(),
                Field::Spans(side) => spans_cell(view.sides[side & 1].spans),
                Field::Confidence => confidence_cell(record.confidence),
                Field::Bead => view.bead.map(|bead| bead.to_string()).unwrap_or_default().into(),
                Field::Verdict => record.verdict.map_or("", |verdict| verdict.name()).into(),
                Field::Evidence => record.evidence.as_str().into(),
                Field::Extra | Field::Passed => "".into(),
            };
            cells.push(if cell.is_empty() && field.may_hold_others() {
                others.get(name.as_str()).copied().unwrap_or_default().into()
            } else {
                cell
            });
        }
    }

    /// Extra fields of a record that no column holds.
    pub(crate) fn without_column<'r>(&self, record: &'r Record) -> impl Iterator<Item = &'r str> {
        let names = record.extra.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !self.others.contains(*name))
    }
}

/// Names that differ: the second and further fields of one name are numbered, as `note.2`, since columns and keys must.
#[derive(Default)]
pub(crate) struct Distinct {
    seen: FxHashMap<String, usize>,
}

impl Distinct {
    /// `name`, numbered when it was met before.
    pub(crate) fn name(&mut self, name: String) -> String {
        let mut times = self.seen.get(&name).copied().unwrap_or(0) + 1;
        let mut out = name.clone();
        if times > 1 {
            while self.seen.contains_key(&out) {
                out = format!("{name}.{times}");
                times += 1;
            }
            self.seen.insert(name, times - 1);
            times = 1;
        }
        self.seen.insert(out.clone(), times);
        out
    }
}

/// The name of a field without the number that it got in a reader.
pub(crate) fn without_number(name: &str) -> &str {
    let numbered = name.rsplit_once('.');
    let base =
        numbered.filter(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    base.map_or(name, |(base, _)| base)
}

fn spans_cell(spans: &[Span]) -> Cow<'static, str> {
    if spans.is_empty() {
        "".into()
    } else {
        join_spans(spans).into()
    }
}

/// A confidence with four decimals; empty for none.
pub(crate) fn confidence_cell(confidence: Option<f64>) -> Cow<'static, str> {
    confidence.map_or("".into(), |confidence| {
        // What has four decimals already, as all that was read has, needs no long division.
        let whole = (confidence * 1e4).round();
        if (0.0..=1e4).contains(&whole) && whole / 1e4 == confidence {
            let whole = whole as u32;
            format!("{}.{:04}", whole / 10_000, whole % 10_000).into()
        } else {
            format!("{confidence:.4}").into()
        }
    })
}

/// More columns than this has no table; a number beyond is a slip of the pen.
pub(crate) const MOST_COLUMNS: usize = 1 << 14;

/// `1 column`, `2 columns`.
pub(crate) fn columns(count: usize) -> String {
    format!("{count} column{}", if count == 1 { "" } else { "s" })
}

/// A confidence: a number from 0 to 1.
pub(crate) fn read_confidence(cell: &str) -> Result<f64, String> {
    let number = cell.parse::<f64>().ok().filter(|c| (0.0..=1.0).contains(c));
    number.ok_or_else(|| format!("`{}` is not a confidence: expected 0 to 1", short(cell)))
}

/// A value that knows how it is written; its own words when it is not.
fn parsed<T: FromStr<Err: Display>>(cell: &str) -> Result<T, String> {
    cell.parse().map_err(|e: T::Err| short(&e.to_string()).to_owned())
}

/// The spans of one cell: `0-17,25-40`; none for an empty one.
pub(crate) fn read_spans(cell: &str) -> Result<Vec<Span>, String> {
    cell.split(',')
        .filter(|part| !part.is_empty())
        .map(parsed)
        .collect()
}

/// As much of a text as fits into a message.
pub(crate) fn short(text: &str) -> &str {
    let end = text.char_indices().nth(80).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// The language a column, file ending or tag names: a code (`kk`, `kaz`), a tag with script or region (`kk-KZ`,
/// `EN_us`), or the English name.
pub fn language(name: &str) -> Option<Lang> {
    let lower = name.trim().to_ascii_lowercase().replace('_', "-");
    match lower.as_str() {
        "kazakh" => return Some(Lang::Kazakh),
        "russian" => return Some(Lang::Russian),
        "english" => return Some(Lang::English),
        "src" | "tgt" | "trg" | "doc" => return None,
        _ => {}
    }
    let mut parts = lower.split('-');
    let base: Lang = parts.next()?.parse().ok()?;
    let mut rest = parts.peekable();
    if base == Lang::Kazakh && rest.peek() == Some(&"latn") {
        return Some(Lang::KazakhLatin);
    }
    // Scripts, regions by letters or digits: other words after a code (`kk_score`, `kk-doc`) say that it is something of that side.
    let is_subtag = |part: &str| {
        matches!(part, "latn" | "cyrl" | "arab")
            || part.len() == 2 && part.bytes().all(|b| b.is_ascii_lowercase())
            || part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit())
    };
    rest.all(is_subtag).then_some(base)
}

/// The language of a text column: as of a tag, or of `kk_text`.
pub(crate) fn column_language(name: &str) -> Option<Lang> {
    let name = name.trim();
    let name = name.strip_suffix("_text").unwrap_or(name);
    // No text in Indonesia's Kazakh, but an id.
    if name.ends_with("_id") {
        None
    } else {
        language(name)
    }
}

/// The two columns of these languages.
fn columns_of(names: &[&str], (src, tgt): LangPair) -> Option<[usize; 2]> {
    let place = |lang| names.iter().position(|name| column_language(name) == Some(lang));
    let [Some(src), Some(tgt)] = [place(src), place(tgt)] else {
        return None;
    };
    (src != tgt).then_some([src, tgt])
}

/// The two columns that hold the texts: known languages wherever they stand, else names that other tools use, else two
/// codes in front.
fn text_columns(names: &[&str]) -> Option<[usize; 2]> {
    let known = |name: &&str| column_language(name).is_some_and(|lang| lang.is_known());
    let mut places = (0..names.len()).filter(|at| names.get(*at).is_some_and(known));
    if let (Some(a), Some(b)) = (places.next(), places.next()) {
        return Some([a, b]);
    }
    let place = |name: &str| names.iter().position(|n| n.eq_ignore_ascii_case(name));
    let used = TEXT_NAMES.iter().find_map(|[a, b]| Some([place(a)?, place(b)?]));
    let code = |at: usize| {
        let name = names.get(at)?;
        column_language(name).filter(|_| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
    };
    used.or_else(|| code(0).and(code(1)).map(|_| [0, 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_other_tools_name_their_language() {
        for (tag, lang) in [
            ("kk-KZ", Some(Lang::Kazakh)),
            ("EN_us", Some(Lang::English)),
            ("kk-Latn-KZ", Some(Lang::KazakhLatin)),
            ("rus", Some(Lang::Russian)),
            ("Kazakh", Some(Lang::Kazakh)),
            ("de", Some(Lang::Other([b'd', b'e', 0]))),
            ("x-src", None),
            ("", None),
        ] {
            assert_eq!(language(tag), lang, "{tag}");
        }
    }

    #[test]
    fn fields_of_one_name_get_numbers() {
        let mut distinct = Distinct::default();
        let names =
            ["note", "note.2", "note", "note", "x", "note.2"].map(|name| distinct.name(name.to_owned()));
        assert_eq!(names, ["note", "note.2", "note.3", "note.4", "x", "note.2.2"]);
        assert_eq!(
            names.each_ref().map(|name| without_number(name)),
            ["note", "note", "note", "note", "x", "note.2"]
        );
    }

    #[test]
    fn four_decimals_are_four_decimals() {
        for number in 0..=10_000 {
            let confidence = f64::from(number) / 1e4;
            assert_eq!(confidence_cell(Some(confidence)), format!("{confidence:.4}"));
        }
        assert_eq!(confidence_cell(Some(0.12344999)), "0.1234");
    }

    #[test]
    fn headers_of_other_tools_are_found() {
        let texts = |header: &str| {
            let names: Vec<&str> = header.split('\t').collect();
            let layout = Layout::of_header(&names, None, None)?;
            let at = |side| layout.columns.iter().position(|(_, f)| *f == Field::Text(side));
            Some((at(0)?, at(1)?))
        };
        assert_eq!(texts("id\ten\tkk"), Some((1, 2)));
        assert_eq!(texts("kk_id\tkk_score\ten_doc\tkk_text\ten_text"), Some((3, 4)));
        assert_eq!(texts("en_score\tkk_score\tsrc\ttgt"), Some((2, 3)));
        assert_eq!(texts("kk_KZ\ten-GB"), Some((0, 1)));
        assert_eq!(
            texts("src_url\ttrg_url\tsrc_text\ttrg_text\tbicleaner_score"),
            Some((2, 3))
        );
        assert_eq!(texts("source\ttarget\tscore"), Some((0, 1)));
        assert_eq!(texts("de\tfr"), Some((0, 1)));
        assert_eq!(texts("Сәлем\tHello"), None);
        assert_eq!(texts("kk"), None);
    }
}
