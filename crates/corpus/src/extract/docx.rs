//! Word processor files (Office Open XML): paragraphs of the main part, in order.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Archive, attribute, reference};

/// The paragraphs, one a line; deleted text, notes, headers and footers are left aside.
///
/// # Errors
/// In words, when the archive or its main part is broken.
pub(super) fn text(file: &mut Archive) -> Result<String, String> {
    // Where nothing says which part is the main one, or it is not there, it is the usual one.
    let relations = file.text_if_there(RELATIONS)?.unwrap_or_default();
    let said = main_part(&relations).filter(|part| file.holds(part));
    let main = said.unwrap_or_else(|| "word/document.xml".to_owned());
    let xml = file.text(&main)?;
    paragraphs(&xml).map_err(|cause| format!("{main}: {cause}"))
}

/// The part that says which parts there are.
const RELATIONS: &str = "_rels/.rels";

/// The path of the part that holds the text, if that is said.
fn main_part(relations: &str) -> Option<String> {
    let mut reader = Reader::from_str(relations);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag)
                if attribute(&tag, "Type").is_some_and(|kind| kind.ends_with("/officeDocument")) =>
            {
                return attribute(&tag, "Target").map(|path| path.trim_start_matches('/').to_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn paragraphs(xml: &str) -> Result<String, String> {
    let mut reader = Reader::from_str(xml);
    let mut out = String::new();
    // A text box is a paragraph inside another: the one outside goes on after it.
    let mut open: Vec<String> = Vec::new();
    let (mut in_text, mut left_out) = (false, 0_usize);
    // Drawings and formulas have elements of the same local names under other prefixes.
    let mut prefix: Option<String> = None;
    let mut seen_end = false;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                let (space, local) = parted(tag.name().as_ref());
                let own = *prefix.get_or_insert_with(|| space.clone()) == space;
                match local.as_str() {
                    "del" | "moveFrom" if own => left_out += 1,
                    "Fallback" if space == "mc" => left_out += 1,
                    "p" if own => open.push(String::new()),
                    "t" if own => in_text = true,
                    "tab" | "ptab" if own => put(&mut open, left_out, '\t'),
                    "br" | "cr" if own => put(&mut open, left_out, '\n'),
                    "noBreakHyphen" if own => put(&mut open, left_out, '-'),
                    _ => {}
                }
            }
            Event::Empty(tag) => {
                let (space, local) = parted(tag.name().as_ref());
                let own = prefix.as_ref() == Some(&space);
                match local.as_str() {
                    "tab" | "ptab" if own => put(&mut open, left_out, '\t'),
                    "br" | "cr" if own => put(&mut open, left_out, '\n'),
                    "noBreakHyphen" if own => put(&mut open, left_out, '-'),
                    _ => {}
                }
            }
            Event::End(tag) => {
                let (space, local) = parted(tag.name().as_ref());
                let own = prefix.as_ref() == Some(&space);
                match local.as_str() {
                    "del" | "moveFrom" if own => left_out = left_out.saturating_sub(1),
                    "Fallback" if space == "mc" => left_out = left_out.saturating_sub(1),
                    "t" if own => in_text = false,
                    "p" if own => {
                        let done = open.pop().unwrap_or_default();
                        for line in done.lines().map(str::trim).filter(|line| !line.is_empty()) {
                            out.push_str(line);
                            out.push('\n');
                        }
                    }
                    "document" if own => seen_end = true,
                    _ => {}
                }
            }
            Event::Text(text) if in_text => {
                text.xml10_content()
                    .chars()
                    .for_each(|c| put(&mut open, left_out, c));
            }
            Event::CData(text) if in_text => {
                text.xml10_content()
                    .chars()
                    .for_each(|c| put(&mut open, left_out, c));
            }
            Event::GeneralRef(name) if in_text => {
                if let Some(c) = reference(&name) {
                    put(&mut open, left_out, c);
                }
            }
            Event::Eof if seen_end => return Ok(out),
            Event::Eof => return Err("it ends too early".to_owned()),
            _ => {}
        }
    }
}

/// Adds a character to the innermost paragraph, unless it is part of what was deleted.
fn put(open: &mut [String], left_out: usize, c: char) {
    if let Some(paragraph) = open.last_mut().filter(|_| left_out == 0) {
        paragraph.push(c);
    }
}

/// Prefix and local name.
fn parted(name: &str) -> (String, String) {
    let (space, local) = name.split_once(':').unwrap_or(("", name));
    (space.to_owned(), local.to_owned())
}
