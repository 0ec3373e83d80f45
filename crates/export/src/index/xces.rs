//! OPUS' XCES: links between sentence ids, in groups of two documents; the documents are XML with `<s id="…">`, or lines.

use std::io::{BufRead, Write};
use std::path::{Component, Path, PathBuf};

use qostil_bitext::{BeadType, IndexBead, Record};
use qostil_text::{Document, Lang};
use quick_xml::events::Event;
use rustc_hash::FxHashMap;

use super::texts::named_language;
use crate::ahead::{ReadAhead, Source};
use crate::table::{Layout, language, read_confidence, short};
use crate::unicode::as_utf8;
use crate::xml::{self, Inside, XmlReader, attribute, escape};
use crate::{Columns, Error, LangPair, Packing, Row, open};

/// Writes links between the lines of two texts; ids are line numbers from 1.
///
/// # Errors
/// When `out` fails.
pub(crate) fn write(
    out: &mut impl Write,
    beads: &[(IndexBead, Option<f64>)],
    src: &Document,
    tgt: &Document,
) -> Result<(), Error> {
    let mut text = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE cesAlign PUBLIC \"-//CES//DTD XML cesAlign//EN\" \"\">\n\
        <cesAlign version=\"1.0\">\n<linkGrp targType=\"s\" fromDoc=\"".to_vec();
    escape(&mut text, &src.id, Inside::Attribute);
    text.extend_from_slice(b"\" toDoc=\"");
    escape(&mut text, &tgt.id, Inside::Attribute);
    text.extend_from_slice(b"\">\n");
    out.write_all(&text)?;
    for (number, (bead, score)) in (1..).zip(beads) {
        let ids = |side: &[usize]| {
            side.iter()
                .map(|line| (line + 1).to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        write!(
            out,
            "<link id=\"SL{number}\" xtargets=\"{};{}\"",
            ids(&bead.src),
            ids(&bead.tgt)
        )?;
        if let Some(score) = score {
            write!(out, " certainty=\"{score:.4}\"")?;
        }
        out.write_all(b"/>\n")?;
    }
    out.write_all(b"</linkGrp>\n</cesAlign>\n")?;
    Ok(())
}

/// The sentences of a document by their ids.
type Sentences = FxHashMap<String, String>;

/// Reads links as records.
pub(crate) struct XcesReader<R> {
    links: ReadAhead<Links<R>>,
    columns: Columns,
}

impl<R: BufRead> XcesReader<R> {
    /// Reads up to the first link, whose documents tell the languages when nobody else does.
    pub(crate) fn new(input: R, src: &Path, tgt: &Path, langs: Option<LangPair>) -> Result<Self, Error> {
        let links = ReadAhead::new(Links {
            xml: XmlReader::new(input),
            places: [src.to_owned(), tgt.to_owned()],
            names: Default::default(),
            loaded: [None, None],
        })?;
        let told = |side: usize| {
            // OPUS names documents `kk/2020/news.xml.gz`: the language comes first.
            let first = links.source.names[side].split('/').next().and_then(language);
            first
                .or_else(|| named_language(&links.source.places[side]))
                .unwrap_or(Lang::UNKNOWN)
        };
        let (a, b) = langs.unwrap_or_else(|| (told(0), told(1)));
        Ok(Self {
            columns: Columns::in_order(a, b),
            links,
        })
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The columns of a table of these rows, as far as the first links tell.
    pub(crate) fn layout(&self) -> Layout {
        self.links.layout(&self.columns)
    }
}

impl<R: BufRead> Iterator for XcesReader<R> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.links.next()
    }
}

/// The links of a file with the sentences that they name. Of the texts, those of one group are held in memory.
struct Links<R> {
    xml: XmlReader<R>,
    /// Where the documents of a side are: a file for all groups, or the folder that their names are relative to.
    places: [PathBuf; 2],
    names: [String; 2],
    loaded: [Option<(PathBuf, Sentences)>; 2],
}

/// The links between two documents, as OPUS' XCES groups them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkGroup {
    /// The source document as the file names it.
    pub src_doc: String,
    /// The target document.
    pub tgt_doc: String,
    /// The links in the order of the file.
    pub links: Vec<Link>,
}

/// A bead by the ids that its sentences have in their documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Ids of the source sentences.
    pub src: Vec<String>,
    /// Ids of the target sentences.
    pub tgt: Vec<String>,
    /// `certainty`; a probability only when its aligner says so, as Qostil's does.
    pub score: Option<f64>,
}

/// Reads links without their documents. Sentences without partner have a link each, though the file may join them.
///
/// # Errors
/// When `input` fails or is no XCES.
pub fn read_links(input: impl BufRead) -> Result<Vec<LinkGroup>, Error> {
    let mut xml = XmlReader::new(input);
    let mut groups: Vec<LinkGroup> = Vec::new();
    loop {
        let found = xml.next(Found::of)?;
        xml.unit_done();
        match found {
            Found::Group([src_doc, tgt_doc]) => groups.push(LinkGroup {
                src_doc,
                tgt_doc,
                links: Vec::new(),
            }),
            Found::Link { targets, certainty } => {
                let [src, tgt] = ids(&targets).ok_or_else(|| xml.error(NO_TARGETS))?;
                let link = |src: &[&str], tgt: &[&str]| Link {
                    line: xml.line(),
                    src: src.iter().map(|id| (*id).to_owned()).collect(),
                    tgt: tgt.iter().map(|id| (*id).to_owned()).collect(),
                    score: certainty.parse().ok(),
                };
                let Some(group) = groups.last_mut() else {
                    return Err(xml.error("a link outside of a group: expected <linkGrp>"));
                };
                if src.is_empty() || tgt.is_empty() {
                    group.links.extend(src.chunks(1).map(|id| link(id, &[])));
                    group.links.extend(tgt.chunks(1).map(|id| link(&[], id)));
                } else {
                    group.links.push(link(&src, &tgt));
                }
            }
            Found::End => return Ok(groups),
            Found::Other => {}
        }
    }
}

const NO_TARGETS: &str = "a link without `xtargets`: expected sentence ids as `1 2;1`";

/// The sentence ids of both sides: `1 2;1`.
fn ids(targets: &str) -> Option<[Vec<&str>; 2]> {
    let (src, tgt) = targets.split_once(';')?;
    Some([src, tgt].map(|ids| ids.split_whitespace().collect()))
}

/// What an event means.
enum Found {
    Group([String; 2]),
    Link { targets: String, certainty: String },
    End,
    Other,
}

impl Found {
    fn of(event: Event<'_>) -> Result<Self, String> {
        match event {
            Event::Start(start) => {
                let value = |name: &str| attribute(&start, &[name]).map(Option::unwrap_or_default);
                match xml::name(&start) {
                    "linkGrp" => Ok(Self::Group([value("fromDoc")?, value("toDoc")?])),
                    "link" => Ok(Self::Link {
                        targets: value("xtargets")?,
                        certainty: value("certainty")?,
                    }),
                    "cesAlign" => Ok(Self::Other),
                    other => Err(format!(
                        "<{}>: expected <cesAlign>, <linkGrp> or <link>",
                        short(other)
                    )),
                }
            }
            Event::End(end) if end.local_name().into_inner() == "cesAlign" => Ok(Self::End),
            Event::Eof => Err("the file ends: expected </cesAlign>".to_owned()),
            _ => Ok(Self::Other),
        }
    }
}

impl<R: BufRead> Source for Links<R> {
    fn goes_on(&self) -> bool {
        false
    }

    fn read(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let found = self.xml.next(Found::of)?;
            self.xml.unit_done();
            match found {
                Found::Group(names) => self.names = names,
                Found::Link { targets, certainty } => return self.link(&targets, certainty).map(Some),
                Found::End => return Ok(None),
                Found::Other => {}
            }
        }
    }
}

impl<R: BufRead> Links<R> {
    fn link(&mut self, targets: &str, certainty: String) -> Result<Row, Error> {
        let line = self.xml.line();
        let ids = ids(targets).ok_or_else(|| self.xml.error(NO_TARGETS))?;
        let mut texts = [String::new(), String::new()];
        for side in 0..2 {
            if ids[side].is_empty() {
                continue;
            }
            self.load(side)?;
            let Some((path, sentences)) = &self.loaded[side] else {
                continue;
            };
            for id in &ids[side] {
                let Some(sentence) = sentences.get(*id) else {
                    let message = format!("sentence `{}` is not in {}", short(id), path.display());
                    return Err(self.xml.error(message));
                };
                if !texts[side].is_empty() {
                    texts[side].push(' ');
                }
                texts[side].push_str(sentence);
            }
        }
        let [src, tgt] = texts;
        let mut record = Record {
            src,
            tgt,
            bead: Some(BeadType {
                src: ids[0].len(),
                tgt: ids[1].len(),
            }),
            src_doc: self.names[0].clone(),
            tgt_doc: self.names[1].clone(),
            ..Record::default()
        };
        match read_confidence(&certainty) {
            Ok(confidence) => record.confidence = Some(confidence),
            // hunalign's scores, that OPUS writes here, are no probabilities.
            Err(_) if !certainty.is_empty() => record.extra.push(("certainty".to_owned(), certainty)),
            Err(_) => {}
        }
        Ok(Row {
            line,
            raw: Default::default(),
            record,
        })
    }

    /// Loads the document of a side, unless it is loaded.
    fn load(&mut self, side: usize) -> Result<(), Error> {
        let place = &self.places[side];
        let path = if place.is_dir() {
            let name = Path::new(&self.names[side]);
            if !name.components().all(|part| matches!(part, Component::Normal(_))) {
                let message = format!(
                    "document `{}`: expected a path inside {}",
                    short(&self.names[side]),
                    place.display()
                );
                return Err(self.xml.error(message));
            }
            let whole = place.join(name);
            // OPUS names what was packed once: with or without `.gz` in the folder.
            if whole.is_file() {
                whole
            } else {
                place.join(Packing::strip(name))
            }
        } else {
            place.clone()
        };
        if self.loaded[side]
            .as_ref()
            .is_none_or(|(loaded, _)| *loaded != path)
        {
            let sentences = sentences(&path).map_err(|error| error.in_file(&path))?;
            self.loaded[side] = Some((path, sentences));
        }
        Ok(())
    }
}

/// The sentences of a document: `<s id="…">` of XML, the lines of anything else by their numbers from 1.
fn sentences(path: &Path) -> Result<Sentences, Error> {
    let mut input = as_utf8(open(path)?)?;
    let head = input.fill_buf()?;
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let is_xml = head.trim_ascii_start().starts_with(b"<");
    if !is_xml {
        let rows = crate::lines::lines(input)
            .map(|row| row.map(|(line, text)| (line.to_string(), text.trim().to_owned())));
        return rows.collect();
    }
    let mut xml = XmlReader::new(input);
    let mut out = Sentences::default();
    let mut sentence: Option<(String, String)> = None;
    let mut depth = 0_usize;
    loop {
        let over = xml.next(|event| {
            match event {
                Event::Start(start) => {
                    depth += 1;
                    match xml::name(&start) {
                        "s" => {
                            sentence = Some((attribute(&start, &["id"])?.unwrap_or_default(), String::new()));
                        }
                        // Tokens: a space between them, as they come.
                        "w" => sentence.iter_mut().for_each(|(_, text)| text.push(' ')),
                        _ => {}
                    }
                }
                Event::End(end) => {
                    depth = depth.saturating_sub(1);
                    if end.local_name().into_inner() == "s"
                        && let Some((id, text)) = sentence.take()
                    {
                        out.insert(id, text.split_whitespace().collect::<Vec<_>>().join(" "));
                    }
                }
                Event::Text(text) => sentence.iter_mut().for_each(|(_, out)| xml::text(&text, out)),
                Event::CData(text) => sentence.iter_mut().for_each(|(_, out)| out.push_str(&text)),
                Event::GeneralRef(reference) => {
                    let c = xml::reference(&reference)?;
                    sentence
                        .iter_mut()
                        .map(|(_, out)| out)
                        .for_each(|out| out.push(c));
                }
                Event::Eof if depth > 0 => {
                    return Err("the file ends inside an element: expected its end".to_owned());
                }
                Event::Eof => return Ok(true),
                _ => {}
            }
            Ok(false)
        })?;
        xml.unit_done();
        if over {
            return Ok(out);
        }
    }
}
