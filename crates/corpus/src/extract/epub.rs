//! Books (EPUB): the chapters in reading order.

use quick_xml::Reader;
use quick_xml::events::Event;
use rustc_hash::FxHashMap;

use super::{Archive, attribute, html};

/// The text of all chapters of the spine, one block a line; the table of contents is left aside.
///
/// # Errors
/// In words, when the archive is broken, names no chapters or misses one.
pub(super) fn text(book: &mut Archive) -> Result<String, String> {
    let container = book.text("META-INF/container.xml")?;
    let package = package_path(&container)?.ok_or("META-INF/container.xml names no package")?;
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let chapters = chapters(&book.text(&package)?).map_err(|cause| format!("{package}: {cause}"))?;
    if chapters.is_empty() {
        return Err(format!("{package}: its reading order (spine) names no chapter"));
    }
    let mut out = String::new();
    for chapter in chapters {
        let path = within(folder, &chapter);
        out.push_str(&html::whole_text(&book.text(&path)?));
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
    }
    Ok(out)
}

fn package_path(container: &str) -> Result<Option<String>, String> {
    let mut reader = Reader::from_str(container);
    loop {
        match reader
            .read_event()
            .map_err(|error| format!("META-INF/container.xml: {error}"))?
        {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().into_inner() == "rootfile" => {
                return Ok(attribute(&tag, "full-path"));
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// Paths of the chapters, relative to the package, in reading order.
fn chapters(package: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(package);
    let mut items: FxHashMap<String, String> = FxHashMap::default();
    let mut chapters = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().into_inner() {
                "item" => {
                    let is_contents =
                        attribute(&tag, "properties").is_some_and(|p| p.split(' ').any(|p| p == "nav"));
                    let is_text = attribute(&tag, "media-type").is_some_and(|kind| kind.contains("html"));
                    if let (Some(id), Some(path)) = (attribute(&tag, "id"), attribute(&tag, "href"))
                        && is_text
                        && !is_contents
                    {
                        items.insert(id, path);
                    }
                }
                "itemref" => {
                    chapters.extend(attribute(&tag, "idref").and_then(|id| items.get(&id).cloned()));
                }
                _ => {}
            },
            Event::Eof => return Ok(chapters),
            _ => {}
        }
    }
}

/// The path in the archive of what `path` means in `folder`.
fn within(folder: &str, path: &str) -> String {
    let path = path.split('#').next().unwrap_or(path);
    let path = unescaped(path);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// `%20` and the like as the characters they stand for.
fn unescaped(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_from_the_package() {
        assert_eq!(within("OEBPS", "text/a%20b.xhtml#c"), "OEBPS/text/a b.xhtml");
        assert_eq!(within("OEBPS/x", "../a.xhtml"), "OEBPS/a.xhtml");
        assert_eq!(within("", "../../a%zz%D2%9B.xhtml"), "a%zzқ.xhtml");
    }
}
