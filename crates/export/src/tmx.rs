//! Translation Memory eXchange 1.4b.
//!
//! A record is a `tu` with two `tuv`; confidence, bead, verdict, evidence are `prop`s of the `tu`, document and spans
//! of the `tuv`. Extra fields are `prop`s too, except those that TMX has an attribute for (`tuid`, `creationdate` …) and `note`.

use std::io::{BufRead, Write};

use qostil_bitext::Record;
use qostil_text::{Lang, Span, join_spans};
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashSet;

use crate::ahead::{ReadAhead, Source};
use crate::losses::{CONTROLS, Losses};
use crate::table::{Distinct, Field, Layout, confidence_cell, language, read_spans, short, without_number};
use crate::view::View;
use crate::xml::{self, Inside, XmlReader, attribute, each_attribute, escape};
use crate::{Columns, Error, LangPair, Row};

/// Attributes of a `tu` that are extra fields of a record, and are attributes again when written.
const KEPT: [&str; 13] = [
    "tuid",
    "o-encoding",
    "datatype",
    "o-tmf",
    "srclang",
    "usagecount",
    "lastusagedate",
    "creationtool",
    "creationtoolversion",
    "creationdate",
    "creationid",
    "changedate",
    "changeid",
];

/// Properties of a `tu` that are fields of every record.
const OWN: [&str; 4] = ["confidence", "bead", "verdict", "evidence"];

/// Whether an attribute of a `tu` or `tuv` says something of it. `segtype`, which has four values only, is written as a property.
fn is_kept(attribute: &str) -> bool {
    KEPT.contains(&attribute) || attribute == "segtype"
}

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
        let mut unit = Outgoing {
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
        let names: FxHashSet<&str> = record.extra.iter().map(|(name, _)| name.as_str()).collect();
        // The DTD wants notes and properties before the variants, in any order.
        for (name, value) in record
            .extra
            .iter()
            .filter(|(name, _)| !KEPT.contains(&name.as_str()))
        {
            let base = without_number(name);
            let name = if names.contains(base) { base } else { name };
            // A name that means something else, or would once what XML cannot hold is left out of it, gets a number.
            let meant = xml::holdable(name);
            let numbered = OWN.contains(&meant.as_ref()).then(|| format!("{meant}.2"));
            let name = numbered.as_deref().unwrap_or(name);
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
struct Outgoing<'o> {
    out: &'o mut Vec<u8>,
    left_out: u64,
}

impl Outgoing<'_> {
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

/// Reads bitext from TMX, 1.1 to 1.4b. Inline codes (`bpt`, `ept`, `ph`, `it`, `ut`) are cut out of the text and counted.
pub struct TmxReader<R>(ReadAhead<Units<R>>);

impl<R: BufRead> TmxReader<R> {
    /// Reads the first units.
    ///
    /// # Errors
    /// When `input` fails or is no TMX.
    pub fn new(input: R, langs: Option<LangPair>) -> Result<Self, Error> {
        Self::with_unused(input, langs, &[])
    }

    /// The same where anything may stand in properties of these names.
    pub(crate) fn with_unused(input: R, langs: Option<LangPair>, unused: &[String]) -> Result<Self, Error> {
        let mut units = Units {
            xml: XmlReader::new(input),
            unit: Unit {
                unused: unused.to_vec(),
                ..Unit::default()
            },
            sides: langs.map(|(a, b)| [a, b].map(|lang| Side::of(lang.code().to_owned()))),
            columns: langs.map_or_else(
                || Columns::of(Lang::UNKNOWN, Lang::UNKNOWN),
                |(a, b)| Columns::in_order(a, b),
            ),
            srclang: String::new(),
            losses: Losses::default(),
        };
        units.root()?;
        Ok(Self(ReadAhead::new(units)?))
    }

    /// The names of the two sides.
    pub fn columns(&self) -> &Columns {
        &self.0.source.columns
    }

    /// The columns of a table of these rows, as far as the first units tell.
    pub(crate) fn layout(&self) -> Layout {
        self.0.layout(self.columns())
    }

    /// Whether units may follow the error that was read last: all but broken XML is of one unit.
    pub(crate) fn goes_on(&self) -> bool {
        self.0.goes_on()
    }

    /// What was passed over so far.
    pub fn losses(&self) -> &Losses {
        &self.0.source.losses
    }
}

impl<R: BufRead> Iterator for TmxReader<R> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// The units of a file, one by one.
struct Units<R> {
    xml: XmlReader<R>,
    unit: Unit,
    /// The two sides; known with the first unit of two languages.
    sides: Option<[Side; 2]>,
    columns: Columns,
    srclang: String,
    losses: Losses,
}

/// A side as the file names it.
struct Side {
    tag: String,
    lang: Option<Lang>,
}

impl Side {
    fn of(tag: String) -> Self {
        Self {
            lang: language(&tag),
            tag,
        }
    }
}

/// What an event means between units.
enum Outside {
    Unit,
    Srclang(String),
    End,
    Root,
    Other,
}

impl<R: BufRead> Source for Units<R> {
    fn goes_on(&self) -> bool {
        !self.xml.is_broken()
    }

    /// Reads the next unit that has both languages.
    fn read(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let unit = &mut self.unit;
            let found = self.xml.next(|event| match event {
                Event::Start(start) if xml::name(&start) == "tu" => {
                    unit.begin(&start).map(|()| Outside::Unit)
                }
                Event::Start(start) if xml::name(&start) == "header" => {
                    let srclang = attribute(&start, &["srclang"])?;
                    Ok(srclang.map_or(Outside::Other, Outside::Srclang))
                }
                Event::Start(start) if xml::name(&start) == "tmx" => Ok(Outside::Root),
                Event::End(end) if end.local_name().into_inner() == "tmx" => Ok(Outside::End),
                Event::Eof => Err("the file ends: expected </tmx>".to_owned()),
                _ => Ok(Outside::Other),
            })?;
            match found {
                Outside::Unit => {
                    let line = self.xml.line();
                    let mut misfit = None;
                    while !self.xml.next(|event| self.unit.event(event))? {
                        misfit = misfit.or_else(|| self.unit.misfit.take().map(|why| self.xml.error(why)));
                    }
                    self.xml.unit_done();
                    if let Some(misfit) = misfit {
                        return Err(misfit);
                    }
                    if let Some(record) = self.record() {
                        return Ok(Some(Row {
                            line,
                            raw: Default::default(),
                            record,
                        }));
                    }
                }
                Outside::Srclang(tag) => self.srclang = tag,
                Outside::End => return Ok(None),
                Outside::Root => return Err(self.xml.error("<tmx> inside <tmx>: expected <tu>")),
                Outside::Other => {}
            }
        }
    }
}

impl<R: BufRead> Units<R> {
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

    /// The record of the unit just read; none when it lacks one of the two languages.
    fn record(&mut self) -> Option<Record> {
        for _ in 0..self.unit.codes_cut {
            self.losses.count("inline codes cut out");
        }
        let Some(places) = self.two_sides() else {
            self.losses.count("units without both languages passed over");
            return None;
        };
        for _ in 2..self.unit.variants.len() {
            self.losses.count("further variants of a unit passed over");
        }
        let mut record = std::mem::take(&mut self.unit.record);
        let [src, tgt] = places.map(|at| {
            self.unit
                .variants
                .get_mut(at)
                .map(std::mem::take)
                .unwrap_or_default()
        });
        for (name, variant) in [&self.columns.src, &self.columns.tgt]
            .into_iter()
            .zip([&src, &tgt])
        {
            let named = variant.properties.iter();
            record
                .extra
                .extend(named.map(|(property, value)| (format!("{name}_{property}"), value.clone())));
        }
        if record.extra.len() > 1 {
            let mut distinct = Distinct::default();
            for (name, _) in &mut record.extra {
                *name = distinct.name(std::mem::take(name));
            }
        }
        (record.src, record.src_doc, record.src_spans) = (src.text, src.doc, src.spans);
        (record.tgt, record.tgt_doc, record.tgt_spans) = (tgt.text, tgt.doc, tgt.spans);
        Some(record)
    }

    /// The places of the variants that are the two sides. The first unit of two languages settles which languages these are.
    fn two_sides(&mut self) -> Option<[usize; 2]> {
        if self.sides.is_none() {
            self.sides = Some(self.settle()?);
        }
        let [a, b] = self.sides.as_ref()?;
        let variants = &self.unit.variants;
        let by_language = a.lang != b.lang;
        let place = |side: &Side, other: Option<usize>| {
            let free = || {
                variants
                    .iter()
                    .enumerate()
                    .filter(move |(at, _)| Some(*at) != other)
            };
            let same_tag = free().find(|(_, variant)| variant.tag.eq_ignore_ascii_case(&side.tag));
            let same_language =
                || free().find(|(_, v)| by_language && side.lang.is_some() && language(&v.tag) == side.lang);
            same_tag.or_else(same_language).map(|(at, _)| at)
        };
        let first = place(a, None)?;
        Some([first, place(b, Some(first))?])
    }

    fn settle(&mut self) -> Option<[Side; 2]> {
        let variants = &self.unit.variants;
        let first = variants.first()?;
        let second = variants.iter().find(|variant| {
            let (a, b) = (language(&variant.tag), language(&first.tag));
            a != b || !variant.tag.eq_ignore_ascii_case(&first.tag)
        })?;
        let mut sides = [first, second].map(|variant| Side::of(variant.tag.clone()));
        let srclang = &self.srclang;
        sides.sort_by_key(|side| {
            let order = side.lang.map_or(4, |lang| lang.column_order());
            (
                order,
                !side.tag.eq_ignore_ascii_case(srclang),
                side.tag.ends_with("tgt"),
            )
        });
        let [a, b] = sides.each_ref().map(|side| side.lang.unwrap_or(Lang::UNKNOWN));
        self.columns = Columns::in_order(a, b);
        Some(sides)
    }
}

/// One `tuv` as read.
#[derive(Default)]
struct Variant {
    tag: String,
    text: String,
    doc: String,
    spans: Vec<Span>,
    properties: Vec<(String, String)>,
}

/// A unit as read so far, and where in it the reader is.
#[derive(Default)]
struct Unit {
    /// What the unit says of itself, its sides aside.
    record: Record,
    variants: Vec<Variant>,
    /// The variant being read.
    variant: Option<Variant>,
    /// The type of the property or note being read.
    property: String,
    /// Its content so far.
    value: String,
    in_property: bool,
    in_segment: bool,
    /// How deep in native codes, whose content is no text.
    codes: usize,
    /// How many of them were met.
    codes_cut: u64,
    /// Properties in which anything may stand.
    unused: Vec<String>,
    /// Why the unit cannot be used, when what was read last does not fit.
    misfit: Option<String>,
}

impl Unit {
    /// Forgets the last unit and takes the attributes of the next.
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        self.record = Record::default();
        self.variants.clear();
        (self.variant, self.in_property, self.in_segment) = (None, false, false);
        (self.codes, self.codes_cut, self.misfit) = (0, 0, None);
        let extra = &mut self.record.extra;
        each_attribute(start, |name, value| {
            if is_kept(name) && !value.is_empty() {
                extra.push((name.to_owned(), value.into_owned()));
            }
        })
    }

    /// Takes an event; whether the unit ended.
    fn event(&mut self, event: Event<'_>) -> Result<bool, String> {
        match event {
            Event::Start(start) => self.start(&start)?,
            Event::End(end) => return Ok(self.end(end.local_name().into_inner())),
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
            Event::GeneralRef(reference) => match (xml::reference(&reference), self.text()) {
                (Ok(c), Some(out)) => out.push(c),
                (Ok(_), None) => {}
                (Err(why), _) => self.misfit = Some(why),
            },
            Event::Eof => return Err("the file ends inside a unit: expected </tu>".to_owned()),
            _ => {}
        }
        Ok(false)
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        let name = xml::name(start);
        if self.in_segment {
            if self.codes > 0 || matches!(name, "bpt" | "ept" | "ph" | "it" | "ut") {
                self.codes_cut += u64::from(self.codes == 0);
                self.codes += 1;
            }
            return Ok(());
        }
        match name {
            "tuv" => {
                let (mut tag, mut variant) = (None, Variant::default());
                each_attribute(start, |name, value| match name {
                    "xml:lang" | "lang" => tag = tag.take().or_else(|| Some(value.into_owned())),
                    name if is_kept(name) && !value.is_empty() => {
                        variant.properties.push((name.to_owned(), value.into_owned()));
                    }
                    _ => {}
                })?;
                match tag {
                    Some(tag) => self.variant = Some(Variant { tag, ..variant }),
                    None => self.misfit = Some("<tuv> without language: expected `xml:lang`".to_owned()),
                }
            }
            "prop" | "note" => {
                self.in_property = true;
                self.value.clear();
                self.property.clear();
                if name == "note" {
                    self.property.push_str("note");
                } else {
                    let property = &mut self.property;
                    each_attribute(start, |name, value| {
                        if name == "type" {
                            property.push_str(&value);
                        }
                    })?;
                }
            }
            "seg" if self.variant.is_some() => self.in_segment = true,
            "tu" => return Err("<tu> inside <tu>: expected </tu>".to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// Whether the unit ended.
    fn end(&mut self, name: &str) -> bool {
        if self.codes > 0 {
            self.codes -= 1;
            return false;
        }
        match name {
            "seg" => self.in_segment = false,
            "tuv" => self.variants.extend(self.variant.take()),
            "prop" | "note" if !self.in_segment && self.in_property => {
                self.in_property = false;
                if !self.value.is_empty()
                    && let Err(why) = self.take_property()
                {
                    self.misfit = Some(why);
                }
            }
            "tu" => return true,
            _ => {}
        }
        false
    }

    /// Puts the property that was read into its place.
    fn take_property(&mut self) -> Result<(), String> {
        let (name, value) = (self.property.as_str(), self.value.as_str());
        let (taken, others) = match &mut self.variant {
            Some(variant) => {
                let taken = match name {
                    "doc" => {
                        value.clone_into(&mut variant.doc);
                        Ok(true)
                    }
                    "span" => read_spans(value.trim()).map(|spans| {
                        variant.spans = spans;
                        true
                    }),
                    _ => Ok(false),
                };
                (taken, &mut variant.properties)
            }
            None => {
                let taken = match Field::of_record(name) {
                    Field::Extra => Ok(false),
                    Field::Evidence => {
                        value.clone_into(&mut self.record.evidence);
                        Ok(true)
                    }
                    field => field.take(value.trim(), &mut self.record).map(|()| true),
                };
                (taken, &mut self.record.extra)
            }
        };
        match taken {
            Ok(true) => {}
            Err(why) if !self.unused.contains(&self.property) => return Err(why),
            _ => others.push((name.to_owned(), value.to_owned())),
        }
        Ok(())
    }

    /// Where text goes that is met now.
    fn text(&mut self) -> Option<&mut String> {
        if self.codes > 0 {
            return None;
        }
        if self.in_segment {
            return self.variant.as_mut().map(|variant| &mut variant.text);
        }
        self.in_property.then_some(&mut self.value)
    }
}
