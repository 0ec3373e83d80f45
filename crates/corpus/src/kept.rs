//! Texts of documents that are no plain text files: kept in `OUTDIR/documents`, so that spans have something to refer to.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use qostil_export::AtomicFile;

use crate::journal::JOURNAL;

/// The folder of kept texts in the output folder.
pub(crate) const DOCUMENTS: &str = "documents";

/// The path of a kept text in the output folder, `/` between parts: the id with `.txt`, and whatever could lead elsewhere or
/// be refused by some file system written as `%` and two hexadecimal digits.
pub(crate) fn kept_path(id: &str) -> String {
    let mut parts: Vec<String> = id.split('/').map(harmless).collect();
    let last = parts.pop().unwrap_or_default();
    for folder in &mut parts {
        // Else the folder of `a.txt/b` would stand where the text of `a` is kept.
        if let Some(stem) = folder.strip_suffix(".txt") {
            *folder = format!("{stem}%2etxt");
        }
    }
    parts.push(format!("{last}.txt"));
    let path = parts.join("/");
    if path.len() > LONGEST_PATH {
        let hash = blake3::hash(id.as_bytes()).to_hex();
        return format!("{DOCUMENTS}/%/{}.txt", &hash[..32]);
    }
    format!("{DOCUMENTS}/{path}")
}

/// Longest path and longest name, in bytes.
const LONGEST_PATH: usize = 1000;
const LONGEST_NAME: usize = 180;

fn harmless(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        let is_bad = c.is_control()
            || matches!(c, '%' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
            || (c == '.' && (at == 0 || at + 1 == name.len()))
            || (c == ' ' && at + 1 == name.len());
        if is_bad {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02x}"));
            }
        } else {
            out.push(c);
        }
    }
    if out.is_empty() {
        out.push('%');
    }
    if out.len() > LONGEST_NAME {
        let hash = blake3::hash(name.as_bytes()).to_hex();
        let end = (0..=LONGEST_NAME - 33)
            .rev()
            .find(|&end| out.is_char_boundary(end));
        out.truncate(end.unwrap_or(0));
        out.push('~');
        out.push_str(&hash[..32]);
    }
    out
}

/// Where in the journal texts wait that are to take the place of others: results were made of those, and stand until there are new ones.
pub(crate) const WAITING: &str = "waiting";

fn waiting(out: &Path, path: &str) -> PathBuf {
    full(&out.join(JOURNAL).join(WAITING), path)
}

/// Writes the text of a document into `out`, unless it is there already; where, if it was written: in the place of another it [waits](WAITING). It is
/// written in `workshop` and then put in its place, without waiting for the disk.
pub(crate) fn keep(out: &Path, workshop: &Path, id: &str, text: &str) -> io::Result<Option<PathBuf>> {
    let path = kept_path(id);
    let (place, waiting) = (full(out, &path), waiting(out, &path));
    let there = fs::read(&place).ok();
    let is_there = there.as_deref() == Some(text.as_bytes());
    if is_there || there.is_none() {
        // One that changed back.
        if_there(fs::remove_file(&waiting))?;
    }
    if is_there {
        return Ok(None);
    }
    let place = if there.is_some() { waiting } else { place };
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = AtomicFile::create_by_way_of(workshop, &place)?;
    file.write_all(text.as_bytes())?;
    file.commit_unsynced()?;
    Ok(Some(place))
}

/// Puts a text that waits in its place.
pub(crate) fn settle(out: &Path, id: &str) -> io::Result<()> {
    let path = kept_path(id);
    let (place, waiting) = (full(out, &path), waiting(out, &path));
    if !waiting.exists() {
        return Ok(());
    }
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::rename(waiting, place)
}

/// The kept text of a document, as it was last read.
pub(crate) fn kept(out: &Path, id: &str) -> io::Result<String> {
    let path = kept_path(id);
    match fs::read_to_string(waiting(out, &path)) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => fs::read_to_string(full(out, &path)),
        read => read,
    }
}

/// What does not matter where nothing was there.
fn if_there(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

/// The place in `out` of a path with `/` between parts.
pub(crate) fn full(out: &Path, path: &str) -> PathBuf {
    path.split('/')
        .fold(out.to_owned(), |folder, part| folder.join(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leads_out_of_the_folder() {
        for (id, path) in [
            ("a/b.html", "documents/a/b.html.txt"),
            ("жаңалық 1", "documents/жаңалық 1.txt"),
            ("../../etc/passwd", "documents/%2e%2e/%2e%2e/etc/passwd.txt"),
            ("/etc/passwd", "documents/%/etc/passwd.txt"),
            ("..", "documents/%2e%2e.txt"),
            (".", "documents/%2e.txt"),
            ("", "documents/%.txt"),
            ("C:\\a\0b", "documents/C%3a%5ca%00b.txt"),
            ("a.txt/b", "documents/a%2etxt/b.txt"),
            ("https://x.kz/1?p=2", "documents/https%3a/%/x.kz/1%3fp=2.txt"),
        ] {
            assert_eq!(kept_path(id), path);
        }
        assert!(kept_path(&"ұ".repeat(400)).len() < 250);
        assert!(kept_path(&"ab/".repeat(4000)).len() < 100);
        assert_ne!(kept_path(&"ұ".repeat(400)), kept_path(&"ұ".repeat(401)));
    }

    #[test]
    fn what_is_kept_comes_back() {
        let out = tempfile::tempdir().unwrap();
        assert!(keep(out.path(), out.path(), "a/b", "Мәтін").unwrap().is_some());
        assert!(keep(out.path(), out.path(), "a/b", "Мәтін").unwrap().is_none());
        assert_eq!(kept(out.path(), "a/b").unwrap(), "Мәтін");
    }

    #[test]
    fn what_changes_waits() {
        let out = tempfile::tempdir().unwrap();
        let out = out.path();
        let in_place = || fs::read_to_string(out.join("documents/a.txt")).unwrap();
        let keep = |text: &str| keep(out, out, "a", text).unwrap().is_some();
        assert!(keep("one") && keep("two"));
        assert_eq!(
            (in_place().as_str(), kept(out, "a").unwrap().as_str()),
            ("one", "two")
        );
        assert!(!keep("one"));
        assert_eq!(kept(out, "a").unwrap(), "one");
        assert!(keep("three"));
        settle(out, "a").unwrap();
        settle(out, "a").unwrap();
        assert_eq!(
            (in_place().as_str(), kept(out, "a").unwrap().as_str()),
            ("three", "three")
        );
    }
}
