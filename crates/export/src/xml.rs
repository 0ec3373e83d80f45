//! What the XML formats share: a reader that knows its line and column and refuses entities, and escaping.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, BytesText, Event};
use quick_xml::reader::Reader;

use crate::Error;
use crate::lines::LONGEST;

/// Counts lines as they are consumed and stops a unit that would fill the memory.
struct Counted<R> {
    inner: R,
    line: u64,
    column: u64,
    /// Bytes that may still be read before the unit must end.
    left: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let message = format!("more than {LONGEST} bytes without the end of a unit");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Some(read) = self.inner.fill_buf().ok().and_then(|buffer| buffer.get(..count)) {
            let ends = memchr::memchr_iter(b'\n', read).count() as u64;
            let after = memchr::memrchr(b'\n', read).map(|at| (count - at - 1) as u64);
            self.line += ends;
            self.column = after.unwrap_or(self.column + count as u64);
        }
        self.left = self.left.saturating_sub(count as u64);
        self.inner.consume(count);
    }
}

/// Reads XML event by event.
pub(crate) struct XmlReader<R> {
    inner: Reader<Counted<R>>,
    buffer: Vec<u8>,
    /// Whether an event was none that could be taken: what follows cannot be told.
    is_broken: bool,
}

impl<R: BufRead> XmlReader<R> {
    pub(crate) fn new(input: R) -> Self {
        let counted = Counted {
            inner: input,
            line: 1,
            column: 0,
            left: LONGEST,
        };
        let mut inner = Reader::from_reader(counted);
        inner.config_mut().expand_empty_elements = true;
        Self {
            inner,
            buffer: Vec::new(),
            is_broken: false,
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// The line of what was read last, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.inner.get_ref().line
    }

    /// An error at what was read last.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        let place = self.inner.get_ref();
        Error::place(place.line, place.column.max(1), message)
    }

    /// A unit ends here: the next one may be as long as this one was allowed to be.
    pub(crate) fn unit_done(&mut self) {
        self.inner.get_mut().left = LONGEST;
    }

    /// The next event; `within` is named when the file ends too early or an entity is met.
    pub(crate) fn next<T>(&mut self, take: impl FnOnce(Event<'_>) -> Result<T, String>) -> Result<T, Error> {
        let taken = self.take_next(take);
        self.is_broken |= taken.is_err();
        taken
    }

    fn take_next<T>(&mut self, take: impl FnOnce(Event<'_>) -> Result<T, String>) -> Result<T, Error> {
        self.buffer.clear();
        let event = match self.inner.read_event_into(&mut self.buffer) {
            Ok(Event::DocType(text)) if text.contains('[') => {
                Err("a document type with definitions of its own: entities are refused".to_owned())
            }
            Ok(event) => take(event),
            Err(quick_xml::Error::Io(error)) => {
                let error = io::Error::new(error.kind(), error.to_string());
                return Err(if error.kind() == io::ErrorKind::InvalidData {
                    let place = self.inner.get_ref();
                    Error::place(place.line, place.column.max(1), error.to_string())
                } else {
                    error.into()
                });
            }
            Err(error) => Err(format!("{error}: expected well-formed XML")),
        };
        let place = self.inner.get_ref();
        event.map_err(|message| Error::place(place.line, place.column.max(1), message))
    }
}

/// The characters of a text.
pub(crate) fn text(text: &BytesText<'_>, out: &mut String) {
    out.push_str(&text.xml10_content());
}

/// The character that a reference stands for: by number, or one of XML's own five.
pub(crate) fn reference(reference: &BytesRef<'_>) -> Result<char, String> {
    if let Some(c) = reference.resolve_char_ref().map_err(|e| e.to_string())? {
        return Ok(c);
    }
    let name: &str = reference;
    match name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        other => Err(format!(
            "entity `&{};`: only XML's own five are read, others are refused",
            crate::table::short(other)
        )),
    }
}

/// The name of an element without its prefix.
pub(crate) fn name<'e>(start: &'e BytesStart<'_>) -> &'e str {
    start.local_name().into_inner()
}

/// Hands every attribute of an element to `take`, references resolved.
pub(crate) fn each_attribute(
    start: &BytesStart<'_>,
    mut take: impl FnMut(&str, Cow<'_, str>),
) -> Result<(), String> {
    // The check for doubles would be quadratic.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let name = attribute.key.as_ref();
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|e| format!("attribute `{}`: {e}", crate::table::short(name)))?;
        take(name, value);
    }
    Ok(())
}

/// The first attribute of one of these names.
pub(crate) fn attribute(start: &BytesStart<'_>, names: &[&str]) -> Result<Option<String>, String> {
    let mut found = None;
    each_attribute(start, |name, value| {
        if found.is_none() && names.contains(&name) {
            found = Some(value.into_owned());
        }
    })?;
    Ok(found)
}

/// `text` without what XML 1.0 has no way to write.
pub(crate) fn holdable(text: &str) -> Cow<'_, str> {
    let refused =
        |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if text.contains(refused) {
        Cow::Owned(text.replace(refused, ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Where escaped text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    /// Between tags.
    Element,
    /// Between double quotes.
    Attribute,
}

/// Writes `text` escaped; what XML 1.0 has no way to write is left out, and its count returned.
pub(crate) fn escape(out: &mut Vec<u8>, text: &str, inside: Inside) -> u64 {
    let bytes = text.as_bytes();
    let (mut from, mut left_out) = (0, 0);
    let mut put = |out: &mut Vec<u8>, at: usize, width: usize, instead: &[u8]| {
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        out.extend_from_slice(instead);
        from = at + width;
    };
    for (at, byte) in bytes.iter().enumerate() {
        if !SUSPECT[usize::from(*byte)] {
            continue;
        }
        match (byte, inside) {
            (b'<', _) => put(out, at, 1, b"&lt;"),
            (b'>', _) => put(out, at, 1, b"&gt;"),
            (b'&', _) => put(out, at, 1, b"&amp;"),
            (b'\r', _) => put(out, at, 1, b"&#13;"),
            (b'"', Inside::Attribute) => put(out, at, 1, b"&quot;"),
            (b'\t', Inside::Attribute) => put(out, at, 1, b"&#9;"),
            (b'\n', Inside::Attribute) => put(out, at, 1, b"&#10;"),
            (b'"' | b'\t' | b'\n', Inside::Element) => {}
            (0xef, _) => {
                if matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])) {
                    put(out, at, 3, b"");
                    left_out += 1;
                }
            }
            _ => {
                put(out, at, 1, b"");
                left_out += 1;
            }
        }
    }
    put(out, bytes.len(), 0, b"");
    left_out
}

/// Bytes that may need escaping.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 0x20 {
        table[at] = true;
        at += 1;
    }
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'&' as usize] = true;
    table[b'"' as usize] = true;
    table[0xef] = true;
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_xml_can_hold_is_written() {
        for c in ('\0'..='\u{3000}').chain(['\u{fffd}', '\u{fffe}', '\u{ffff}', '\u{1f600}']) {
            let mut out = Vec::new();
            let left_out = escape(&mut out, &format!("ә{c}b"), Inside::Element);
            let allowed =
                matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            assert_eq!(left_out == 0, allowed, "{c:?}");
            let xml = format!("<a>{}</a>", String::from_utf8(out).unwrap());
            let mut reader = XmlReader::new(xml.as_bytes());
            let mut back = String::new();
            for _ in 0..6 {
                let _ = reader.next(|event| {
                    match event {
                        Event::Text(t) => text(&t, &mut back),
                        Event::GeneralRef(r) => back.push(reference(&r)?),
                        _ => {}
                    }
                    Ok(())
                });
            }
            assert_eq!(back, if allowed { format!("ә{c}b") } else { "әb".into() });
        }
    }
}
