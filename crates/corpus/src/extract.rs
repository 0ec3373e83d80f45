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
    // An empty file is an empty document, whatever its kind would want.
    if bytes.is_empty() {
        return Ok((String::new(), Encoding::Utf8));
    }
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
            let text = srt::text(&cues).map_err(|cause| ReadError::Broken {
                what: "subtitles (.srt)",
                cause,
            })?;
            (text, encoding)
        }
        Kind::Docx => {
            let text = packed_text(bytes, limit, "a word processor file (.docx)", docx::text)?;
            (text, Encoding::Utf8)
        }
        Kind::Epub => {
            let text = packed_text(bytes, limit, "a book (.epub)", epub::text)?;
            (text, Encoding::Utf8)
        }
    })
}

/// The text that `read` finds in an archive.
fn packed_text(
    bytes: Vec<u8>,
    limit: u64,
    what: &'static str,
    read: fn(&mut Archive) -> Result<String, String>,
) -> Result<String, ReadError> {
    let mut archive = Archive::new(bytes, limit).map_err(|cause| ReadError::Broken { what, cause })?;
    read(&mut archive).map_err(|cause| match archive.left {
        None => ReadError::TooLarge { limit },
        Some(_) => ReadError::Broken { what, cause },
    })
}

/// A zip archive of which no more than so many bytes are unpacked.
struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    /// `None` where there was more.
    left: Option<u64>,
}

impl Archive {
    fn new(bytes: Vec<u8>, limit: u64) -> Result<Self, String> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        Ok(Self {
            zip,
            left: Some(limit),
        })
    }

    /// Whether there is an entry of that name.
    fn holds(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
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
            .take(self.left.unwrap_or(0).saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| format!("{name}: {error}"))?;
        self.left = self.left.and_then(|left| left.checked_sub(bytes.len() as u64));
        match self.left {
            Some(_) => Ok(Some(bytes)),
            None => Err(format!("{name}: it is too large")),
        }
    }

    /// The content of an entry as text; `None` when there is none of that name.
    fn text_if_there(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(bytes) = self.entry(name)? else {
            return Ok(None);
        };
        let (text, _) = decode(&bytes).map_err(|error| format!("{name}: {error}"))?;
        Ok(Some(text.into_owned()))
    }

    /// The content of an entry that has to be there, as text.
    fn text(&mut self, name: &str) -> Result<String, String> {
        self.text_if_there(name)?
            .ok_or_else(|| format!("{name} is not in it"))
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
