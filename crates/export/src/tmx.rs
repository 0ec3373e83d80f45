//! Translation Memory eXchange 1.4b.
//!
//! A record is a `tu` with two `tuv`; confidence, bead, verdict, evidence are `prop`s of the `tu`, document and spans
//! of the `tuv`. Extra fields are `prop`s too, except those that TMX has an attribute for (`tuid`, `creationdate` …) and `note`.

use std::io::{BufRead, Write};

use qostil_bitext::Record;
use qostil_text::{Lang, join_spans};
use quick_xml::events::Event;

use crate::losses::{CONTROLS, Losses};
use crate::table::{confidence_cell, language, parsed, read_confidence, read_spans, short};
use crate::view::View;
use crate::xml::{self, Inside, XmlReader, attributes, escape};
use crate::{Columns, Error, LangPair, Row};

/// Attributes of a `tu` that are kept as extra fields.
const KEPT: [&str; 9] = [
    "tuid",
    "usagecount",
    "lastusagedate",
    "creationtool",
    "creationtoolversion",
    "creationdate",
    "creationid",
    "changedate",
    "changeid",
];

/// Writes records as TMX.
pub struct TmxWriter<W> {
    out: W,
    tags: [String; 2],
    swapped: bool,
    unit: Vec<u8>,
    losses: Losses,
}

impl<W: Write> TmxWriter<W> {
    /// Starts with the header; the languages are those of `columns`.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn new(mut out: W, columns: &Columns) -> Result<Self, Error> {
        let (a, b) = columns.first_second();
        let tags = [a, b].map(tag);
        let version = env!("CARGO_PKG_VERSION");
        write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n\
             <header creationtool=\"qostil\" creationtoolversion=\"{version}\" segtype=\"sentence\" o-tmf=\"qostil\" \
             adminlang=\"en\" srclang=\"{}\" datatype=\"plaintext\"/>\n<body>\n",
            tags[0]
        )?;
        Ok(Self {
            out,
            tags,
            swapped: columns.swapped,
            unit: Vec::new(),
            losses: Losses::default(),
        })
    }

    /// Writes one record.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        let view = View::new(record, self.swapped);
        let mut unit = Unit {
            out: &mut self.unit,
            left_out: 0,
        };
        unit.out.extend_from_slice(b"<tu");
        // Of several fields of one name the first: an attribute stands once.
        for (name, value) in KEPT
            .iter()
            .filter_map(|kept| record.extra.iter().find(|(name, _)| name == kept))
        {
            let start = unit.out.len();
            unit.out.push(b' ');
            unit.out.extend_from_slice(name.as_bytes());
            unit.out.extend_from_slice(b"=\"");
            unit.filled(start, value, Inside::Attribute, b"\"");
        }
        unit.out.push(b'>');
        // The DTD wants notes and properties before the variants, in any order.
        for (name, value) in record
            .extra
            .iter()
            .filter(|(name, _)| !KEPT.contains(&name.as_str()))
        {
            if name == "note" {
                let start = unit.out.len();
                unit.out.extend_from_slice(b"<note>");
                unit.filled(start, value, Inside::Element, b"</note>");
            } else {
                unit.property(name, value);
            }
        }
        unit.property("confidence", &confidence_cell(record.confidence));
        if let Some(bead) = view.bead {
            unit.property("bead", &bead.to_string());
        }
        unit.property("verdict", record.verdict.map_or("", |verdict| verdict.name()));
        unit.property("evidence", &record.evidence);
        for (tag, side) in self.tags.iter().zip(view.sides) {
            unit.out.extend_from_slice(b"<tuv xml:lang=\"");
            unit.out.extend_from_slice(tag.as_bytes());
            unit.out.extend_from_slice(b"\">");
            unit.property("doc", side.doc);
            if !side.spans.is_empty() {
                unit.property("span", &join_spans(side.spans));
            }
            unit.out.extend_from_slice(b"<seg>");
            unit.escaped(side.text, Inside::Element);
            unit.out.extend_from_slice(b"</seg></tuv>");
        }
        unit.out.extend_from_slice(b"</tu>\n");
        for _ in 0..unit.left_out {
            self.losses.count(CONTROLS);
        }
        self.out.write_all(&self.unit)?;
        self.unit.clear();
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> Result<(W, Losses), Error> {
        self.out.write_all(b"</body>\n</tmx>\n")?;
        Ok((self.out, self.losses))
    }
}

/// A unit on its way out.
struct Unit<'o> {
    out: &'o mut Vec<u8>,
    left_out: u64,
}

impl Unit<'_> {
    fn escaped(&mut self, text: &str, inside: Inside) {
        self.left_out += escape(self.out, text, inside);
    }

    /// A property, when there is anything to say.
    fn property(&mut self, name: &str, value: &str) {
        let start = self.out.len();
        self.out.extend_from_slice(b"<prop type=\"");
        self.escaped(name, Inside::Attribute);
        self.out.extend_from_slice(b"\">");
        self.filled(start, value, Inside::Element, b"</prop>");
    }

    /// Content after an opening that began at `start`, and its closing; nothing at all when no content is left.
    fn filled(&mut self, start: usize, value: &str, inside: Inside, closing: &[u8]) {
        let opened = self.out.len();
        self.escaped(value, inside);
        if self.out.len() == opened {
            self.out.truncate(start);
        } else {
            self.out.extend_from_slice(closing);
        }
    }
}

/// The `xml:lang` of a column: private tags where no language is known.
fn tag(column: &str) -> String {
    match language(column) {
        Some(Lang::KazakhLatin) => "kk-Latn".to_owned(),
        Some(lang) => lang.code().to_owned(),
        None => format!("x-{}", if column == "tgt" { "tgt" } else { "src" }),
    }
}

/// One `tuv` as read.
#[derive(Default)]
struct Variant {
    tag: String,
    text: String,
    properties: Vec<(String, String)>,
}

/// Reads bitext from TMX, 1.1 to 1.4b. Inline codes (`bpt`, `ept`, `ph`, `it`, `ut`) are cut out of the text and counted.
pub struct TmxReader<R> {
    xml: XmlReader<R>,
    /// The tags of the two sides; known with the first unit of two languages.
    sides: Option<[String; 2]>,
    langs: Option<LangPair>,
    columns: Columns,
    srclang: String,
    pending: Option<Row>,
    extra: Vec<String>,
    losses: Losses,
    over: bool,
}

/// What an event means between units.
enum Outside {
    Unit(Vec<(String, String)>),
    Srclang(String),
    End,
    Root,
    Other,
}

impl<R: BufRead> TmxReader<R> {
    /// Reads up to the first unit with two languages.
    ///
    /// # Errors
    /// When `input` fails or is no TMX.
    pub fn new(input: R, langs: Option<LangPair>) -> Result<Self, Error> {
        let mut reader = Self {
            xml: XmlReader::new(input),
            sides: None,
            langs,
            columns: langs.map_or_else(
                || Columns::of(Lang::UNKNOWN, Lang::UNKNOWN),
                |(a, b)| Columns {
                    swapped: false,
                    ..Columns::of(a, b)
                },
            ),
            srclang: String::new(),
            pending: None,
            extra: Vec::new(),
            losses: Losses::default(),
            over: false,
        };
        reader.root()?;
        reader.pending = reader.read()?;
        reader.over = reader.pending.is_none();
        if let Some(row) = &reader.pending {
            reader.extra = row.record.extra.iter().map(|(name, _)| name.clone()).collect();
        }
        Ok(reader)
    }

    /// The names of the two sides.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Names of the properties of the first unit that end in `Record::extra`.
    pub(crate) fn extra(&self) -> &[String] {
        &self.extra
    }

    /// What was passed over so far.
    pub fn losses(&self) -> &Losses {
        &self.losses
    }

    fn root(&mut self) -> Result<(), Error> {
        loop {
            let found = self.xml.next(|event| match event {
                Event::Start(start) if xml::name(&start) == "tmx" => Ok(true),
                Event::Start(start) => Err(format!("<{}>: expected <tmx>", short(xml::name(&start)))),
                Event::Eof => Err("the file ends: expected <tmx>".to_owned()),
                Event::Text(text) if !text.trim().is_empty() => Err("text: expected <tmx>".to_owned()),
                _ => Ok(false),
            })?;
            if found {
                return Ok(());
            }
        }
    }

    fn read(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let line = self.xml.line();
            let found = self.xml.next(|event| match event {
                Event::Start(start) if xml::name(&start) == "tu" => Ok(Outside::Unit(attributes(&start)?)),
                Event::Start(start) if xml::name(&start) == "header" => {
                    let srclang = attributes(&start)?
                        .into_iter()
                        .find(|(name, _)| name == "srclang");
                    Ok(srclang.map_or(Outside::Other, |(_, value)| Outside::Srclang(value)))
                }
                Event::Start(start) if xml::name(&start) == "tmx" => Ok(Outside::Root),
                Event::End(end) if end.local_name().into_inner() == "tmx" => Ok(Outside::End),
                Event::Eof => Err("the file ends: expected </tmx>".to_owned()),
                _ => Ok(Outside::Other),
            })?;
            match found {
                Outside::Unit(attributes) => {
                    let line = self.xml.line().max(line);
                    let row = self.unit(line, attributes)?;
                    self.xml.unit_done();
                    if row.is_some() {
                        return Ok(row);
                    }
                }
                Outside::Srclang(tag) => self.srclang = tag,
                Outside::End => return Ok(None),
                Outside::Root => return Err(self.xml.error("<tmx> inside <tmx>: expected <tu>")),
                Outside::Other => {}
            }
        }
    }

    /// Reads a unit to its end; none when it lacks one of the two languages.
    fn unit(&mut self, line: u64, attributes: Vec<(String, String)>) -> Result<Option<Row>, Error> {
        let mut record = Record::default();
        let kept = attributes
            .into_iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()));
        record.extra.extend(kept.filter(|(_, value)| !value.is_empty()));
        let (mut variants, mut properties) = (Vec::new(), Vec::new());
        let mut inside = InUnit::default();
        let mut codes = 0;
        while !self
            .xml
            .next(|event| inside.event(event, &mut variants, &mut properties, &mut codes))?
        {}
        for _ in 0..codes {
            self.losses.count("inline codes cut out");
        }
        let Some([a, b]) = self.two_sides(&variants) else {
            self.losses.count("units without both languages passed over");
            return Ok(None);
        };
        for _ in 2..variants.len() {
            self.losses.count("further variants of a unit passed over");
        }
        let bad = |reader: &Self, message: String| reader.xml.error(message);
        for (name, value) in properties {
            match name.as_str() {
                "confidence" => record.confidence = Some(read_confidence(&value).map_err(|e| bad(self, e))?),
                "bead" => record.bead = Some(parsed(&value).map_err(|e| bad(self, e))?),
                "verdict" => record.verdict = Some(parsed(&value).map_err(|e| bad(self, e))?),
                "evidence" => record.evidence = value,
                _ => record.extra.push((name, value)),
            }
        }
        let names = [self.columns.src.clone(), self.columns.tgt.clone()];
        for (side, at) in [a, b].into_iter().enumerate() {
            let Some(variant) = variants.get_mut(at).map(std::mem::take) else {
                continue;
            };
            let (mut doc, mut spans) = (String::new(), Vec::new());
            for (name, value) in variant.properties {
                match name.as_str() {
                    "doc" => doc = value,
                    "span" => spans = read_spans(&value).map_err(|e| bad(self, e))?,
                    _ => record.extra.push((format!("{}_{name}", names[side]), value)),
                }
            }
            if side == 0 {
                (record.src, record.src_doc, record.src_spans) = (variant.text, doc, spans);
            } else {
                (record.tgt, record.tgt_doc, record.tgt_spans) = (variant.text, doc, spans);
            }
        }
        Ok(Some(Row {
            line,
            raw: String::new(),
            record,
        }))
    }

    /// The variants that are the two sides. The first unit of two languages settles which languages these are.
    fn two_sides(&mut self, variants: &[Variant]) -> Option<[usize; 2]> {
        if self.sides.is_none() {
            self.sides = Some(self.settle(variants)?);
        }
        let sides = self.sides.as_ref()?;
        let langs = sides.each_ref().map(|tag| language(tag));
        let by_language = langs[0] != langs[1];
        let fits = |variant: &Variant, side: usize| {
            variant.tag.eq_ignore_ascii_case(&sides[side])
                || by_language && langs[side].is_some() && language(&variant.tag) == langs[side]
        };
        let a = variants.iter().position(|variant| fits(variant, 0))?;
        let b = variants
            .iter()
            .enumerate()
            .position(|(at, variant)| at != a && fits(variant, 1))?;
        Some([a, b])
    }

    fn settle(&mut self, variants: &[Variant]) -> Option<[String; 2]> {
        if let Some((a, b)) = self.langs {
            return Some([a, b].map(|lang| lang.code().to_owned()));
        }
        let first = variants.first()?;
        let second = variants.iter().find(|variant| {
            let (a, b) = (language(&variant.tag), language(&first.tag));
            if a == b {
                !variant.tag.eq_ignore_ascii_case(&first.tag)
            } else {
                true
            }
        })?;
        let mut tags = [first.tag.clone(), second.tag.clone()];
        let srclang = &self.srclang;
        tags.sort_by_key(|tag| {
            let order = language(tag).map_or(4, |lang| lang.column_order());
            (order, !tag.eq_ignore_ascii_case(srclang), tag.ends_with("tgt"))
        });
        let [a, b] = tags.each_ref().map(|tag| language(tag).unwrap_or(Lang::UNKNOWN));
        self.columns = Columns {
            swapped: false,
            ..Columns::of(a, b)
        };
        Some(tags)
    }
}

/// Where in a unit the reader is.
#[derive(Default)]
struct InUnit {
    variant: Option<Variant>,
    /// The property or note being read: its type.
    property: Option<(String, String)>,
    in_segment: bool,
    /// How deep in native codes, whose content is no text.
    codes: usize,
}

impl InUnit {
    /// Takes an event; whether the unit ended.
    fn event(
        &mut self,
        event: Event<'_>,
        variants: &mut Vec<Variant>,
        properties: &mut Vec<(String, String)>,
        codes: &mut u64,
    ) -> Result<bool, String> {
        match event {
            Event::Start(start) => self.start(&start, codes)?,
            Event::End(end) => return Ok(self.end(end.local_name().into_inner(), variants, properties)),
            Event::Text(text) => {
                if let Some(out) = self.text() {
                    xml::text(&text, out);
                }
            }
            Event::CData(text) => {
                if let Some(out) = self.text() {
                    out.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let c = xml::reference(&reference)?;
                if let Some(out) = self.text() {
                    out.push(c);
                }
            }
            Event::Eof => return Err("the file ends inside a unit: expected </tu>".to_owned()),
            _ => {}
        }
        Ok(false)
    }

    fn start(&mut self, start: &quick_xml::events::BytesStart<'_>, codes: &mut u64) -> Result<(), String> {
        let name = xml::name(start);
        if self.in_segment {
            if self.codes > 0 || matches!(name, "bpt" | "ept" | "ph" | "it" | "ut") {
                *codes += u64::from(self.codes == 0);
                self.codes += 1;
            }
            return Ok(());
        }
        let attribute = |wanted: &[&str]| -> Result<Option<String>, String> {
            let found = attributes(start)?
                .into_iter()
                .find(|(name, _)| wanted.contains(&name.as_str()));
            Ok(found.map(|(_, value)| value))
        };
        match name {
            "tuv" => {
                let tag = attribute(&["xml:lang", "lang"])?;
                self.variant = Some(Variant {
                    tag: tag.ok_or("<tuv> without language: expected `xml:lang`")?,
                    ..Variant::default()
                });
            }
            "prop" => self.property = Some((attribute(&["type"])?.unwrap_or_default(), String::new())),
            "note" => self.property = Some(("note".to_owned(), String::new())),
            "seg" if self.variant.is_some() => self.in_segment = true,
            "tu" => return Err("<tu> inside <tu>: expected </tu>".to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn end(
        &mut self,
        name: &str,
        variants: &mut Vec<Variant>,
        properties: &mut Vec<(String, String)>,
    ) -> bool {
        if self.codes > 0 {
            self.codes -= 1;
            return false;
        }
        match name {
            "seg" => self.in_segment = false,
            "tuv" => variants.extend(self.variant.take()),
            "prop" | "note" if !self.in_segment => {
                if let Some(property) = self.property.take().filter(|(_, value)| !value.is_empty()) {
                    match &mut self.variant {
                        Some(variant) => variant.properties.push(property),
                        None => properties.push(property),
                    }
                }
            }
            "tu" => return true,
            _ => {}
        }
        false
    }

    /// Where text goes that is met now.
    fn text(&mut self) -> Option<&mut String> {
        if self.codes > 0 {
            return None;
        }
        if self.in_segment {
            return self.variant.as_mut().map(|variant| &mut variant.text);
        }
        self.property.as_mut().map(|(_, value)| value)
    }
}

impl<R: BufRead> Iterator for TmxReader<R> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.pending.take() {
            return Some(Ok(row));
        }
        if self.over {
            return None;
        }
        let row = self.read().transpose();
        self.over = !matches!(row, Some(Ok(_)));
        row
    }
}
