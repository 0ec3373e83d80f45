//! Text out of files that are no plain text: web pages, word processor files, books, subtitles.

mod docx;
mod epub;
mod html;
mod srt;

use std::io::{Cursor, Read};
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::source::ending;
use crate::{Encoding, ReadError, decode};

/// What kind of document a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The file is the text.
    Plain,
    /// A web page.
    Html,
    /// A word processor file (Office Open XML).
    Docx,
    /// A book.
    Epub,
    /// Subtitles.
    Srt,
}

impl Kind {
    /// What the ending of a name says, packing aside; `None` when documents do not end so.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        Some(match ending(path)?.as_str() {
            "txt" | "text" => Self::Plain,
            "html" | "htm" | "xhtml" => Self::Html,
            "docx" => Self::Docx,
            "epub" => Self::Epub,
            "srt" => Self::Srt,
            _ => return None,
        })
    }
}

/// The text of a document of that kind and how it was encoded; of at most `limit` bytes once unpacked.
///
/// # Errors
/// When the bytes are no such file, or hold more than the limit.
pub(crate) fn extract(bytes: Vec<u8>, kind: Kind, limit: u64) -> Result<(String, Encoding), ReadError> {
    let broken = |what: &'static str| move |cause| ReadError::Broken { what, cause };
    Ok(match kind {
        Kind::Plain => {
            let (text, encoding) = decode(&bytes)?;
            (text.into_owned(), encoding)
        }
        Kind::Html => {
            let (page, encoding) = decode(&bytes)?;
            (html::main_text(&page), encoding)
        }
        Kind::Srt => {
            let (cues, encoding) = decode(&bytes)?;
            (srt::text(&cues).map_err(broken("subtitles (.srt)"))?, encoding)
        }
        Kind::Docx => {
            let text = Archive::new(bytes, limit).and_then(|mut file| docx::text(&mut file));
            (
                text.map_err(broken("a word processor file (.docx)"))?,
                Encoding::Utf8,
            )
        }
        Kind::Epub => {
            let text = Archive::new(bytes, limit).and_then(|mut file| epub::text(&mut file));
            (text.map_err(broken("a book (.epub)"))?, Encoding::Utf8)
        }
    })
}

/// A zip archive of which no more than so many bytes are unpacked.
struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    limit: u64,
    left: u64,
}

impl Archive {
    fn new(bytes: Vec<u8>, limit: u64) -> Result<Self, String> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        Ok(Self {
            zip,
            limit,
            left: limit,
        })
    }

    /// The content of an entry; `None` when there is none of that name.
    fn entry(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(format!("{name}: {error}")),
        };
        let mut bytes = Vec::new();
        entry
            .take(self.left.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| format!("{name}: {error}"))?;
        let limit = self.limit;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            format!("it holds more than {limit} bytes once unpacked; raise the limit if that is right")
        })?;
        Ok(Some(bytes))
    }

    /// The content of an entry that has to be there, as text.
    fn text(&mut self, name: &str) -> Result<String, String> {
        let bytes = self.entry(name)?.ok_or_else(|| format!("{name} is not in it"))?;
        let (text, _) = decode(&bytes).map_err(|error| format!("{name}: {error}"))?;
        Ok(text.into_owned())
    }
}

/// The characters that a reference in XML stands for: by number, or one of XML's own five.
fn reference(reference: &BytesRef<'_>) -> Option<char> {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return Some(c);
    }
    let name: &str = reference;
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The content of an attribute; `None` when the element has none of that name, whatever its prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().into_inner() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}
