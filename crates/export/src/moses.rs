//! Moses pairs: two files, one sentence a line, line by line translations of each other.

use std::ffi::OsString;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use qostil_bitext::Record;

use crate::format::{is_side, lang_pair};
use crate::lines::{inner, raw_lines};
use crate::losses::{self, BREAKS, Losses};
use crate::table::language;
use crate::view::View;
use crate::{Columns, Error, LangPair, Packing, Row, one_line};

/// The two files of a pair: their paths and what the endings say.
pub(crate) struct Pair {
    pub(crate) paths: [PathBuf; 2],
    pub(crate) columns: Columns,
}

/// The packing's ending, with its dot.
fn packed(path: &Path) -> OsString {
    let mut out = OsString::new();
    if Packing::of(path) != Packing::Plain {
        out.push(".");
        out.push(path.extension().unwrap_or_default());
    }
    out
}

/// `base.ending` with the packing after it.
fn side_path(base: &Path, ending: &str, packing: &OsString) -> PathBuf {
    let mut name = base.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.push(packing);
    name.into()
}

impl Pair {
    /// The pair to write: `NAME.kk-en` or `NAME` with languages given becomes `NAME.kk-en.kk` or `NAME.kk`.
    pub(crate) fn to_write(path: &Path, columns: &Columns) -> Self {
        let packing = packed(path);
        let base = base_of(&Packing::strip(path), true);
        let paths = [&columns.src, &columns.tgt].map(|ending| side_path(&base, ending, &packing));
        Self {
            paths,
            columns: columns.clone(),
        }
    }

    /// The pair that `path` names for reading: its prefix, or one of its two files.
    ///
    /// # Errors
    /// When the two files are not found, or more than two could be meant.
    pub(crate) fn to_read(path: &Path, langs: Option<LangPair>) -> Result<Self, Error> {
        let packing = packed(path);
        let plain = Packing::strip(path);
        let base = base_of(&plain, false);
        let named = base.extension().and_then(|e| e.to_str()).and_then(lang_pair);
        let mut endings = match (langs, named) {
            (Some((a, b)), _) => vec![a.code().to_owned(), b.code().to_owned()],
            (None, Some((a, b))) => vec![a.to_owned(), b.to_owned()],
            (None, None) => siblings(&base, &packing)?,
        };
        endings.sort_by_key(|ending| {
            (
                language(ending).map_or(4, |l| l.column_order()),
                ending == "tgt" || ending == "trg",
            )
        });
        let [src, tgt] = endings.as_slice() else {
            return Err(Error::Usage(format!(
                "{}: expected two files beside each other named by their languages, as {}.kk and {}.en; found {}; name the languages with --langs",
                path.display(),
                base.display(),
                base.display(),
                if endings.is_empty() {
                    "none".to_owned()
                } else {
                    endings.join(", ")
                }
            )));
        };
        let known = language(src).zip(language(tgt));
        Ok(Self {
            paths: [src, tgt].map(|ending| side_path(&base, ending, &packing)),
            columns: known.map_or_else(
                || Columns {
                    src: "src".into(),
                    tgt: "tgt".into(),
                    swapped: false,
                },
                |(a, b)| Columns::in_order(a, b),
            ),
        })
    }
}

/// `NAME` of `NAME.kk`; of `NAME.txt` when written (the endings of the sides take its place).
fn base_of(plain: &Path, writing: bool) -> PathBuf {
    let ending = plain.extension().and_then(|e| e.to_str()).unwrap_or("");
    let drop = is_side(ending) || writing && matches!(ending, "txt" | "moses");
    if drop {
        plain.with_extension("")
    } else {
        plain.to_owned()
    }
}

/// The endings of the files that begin like `base` and end in a language.
fn siblings(base: &Path, packing: &OsString) -> Result<Vec<String>, Error> {
    let folder = base
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let stem = base.file_name().and_then(|n| n.to_str()).unwrap_or("");
    let packing = packing.to_str().unwrap_or("");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::from(e).in_file(folder))? {
        let name = entry.map_err(|e| Error::from(e).in_file(folder))?.file_name();
        let ending = name
            .to_str()
            .and_then(|n| n.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(packing));
        found.extend(ending.filter(|ending| is_side(ending)).map(str::to_owned));
    }
    Ok(found)
}

/// Numbered lines of a side.
type Lines = Box<dyn Iterator<Item = Result<(u64, String), Error>> + Send>;

/// Reads two line-parallel files.
pub(crate) struct MosesReader {
    sides: [Lines; 2],
    paths: [PathBuf; 2],
}

impl MosesReader {
    pub(crate) fn new(inputs: [Box<dyn BufRead + Send>; 2], paths: [PathBuf; 2]) -> Self {
        Self {
            sides: inputs.map(|input| Box::new(raw_lines(input)) as Lines),
            paths,
        }
    }
}

impl Iterator for MosesReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let [src_path, tgt_path] = &self.paths;
        let [src, tgt] = &mut self.sides;
        let ended = |line: u64, path: &Path, other: &Path| {
            let message = format!(
                "the file ends before this line: expected as many lines as in {}",
                other.display()
            );
            Some(Err(Error::at(line, message).in_file(path)))
        };
        match (src.next(), tgt.next()) {
            (None, None) => None,
            (Some(Err(error)), _) => Some(Err(error.in_file(src_path))),
            (_, Some(Err(error))) => Some(Err(error.in_file(tgt_path))),
            (Some(Ok((line, src))), Some(Ok((_, tgt)))) => {
                let record = Record {
                    src: inner(line, &src).to_owned(),
                    tgt: inner(line, &tgt).to_owned(),
                    ..Record::default()
                };
                Some(Ok(Row {
                    line,
                    raw: [src, tgt],
                    record,
                }))
            }
            (Some(Ok((line, _))), None) => ended(line, tgt_path, src_path),
            (None, Some(Ok((line, _)))) => ended(line, src_path, tgt_path),
        }
    }
}

/// Writes two line-parallel files. What is not text goes uncounted only when it is empty.
pub(crate) struct MosesWriter<W> {
    sides: [W; 2],
    losses: Losses,
}

impl<W: Write> MosesWriter<W> {
    /// `sides` take the source and the target texts.
    pub(crate) fn new(sides: [W; 2]) -> Self {
        Self {
            sides,
            losses: Losses::default(),
        }
    }

    pub(crate) fn write(&mut self, record: &Record) -> Result<(), Error> {
        let [src, tgt] = View::new(record, false).sides;
        for (out, text) in self.sides.iter_mut().zip([src.text, tgt.text]) {
            let line = one_line(text);
            if matches!(line, std::borrow::Cow::Owned(_)) {
                self.losses.count(BREAKS);
            }
            out.write_all(line.as_bytes())?;
            out.write_all(b"\n")?;
        }
        count_all_but_texts(record, &[], &mut self.losses);
        Ok(())
    }

    pub(crate) fn finish(self) -> ([W; 2], Losses) {
        (self.sides, self.losses)
    }
}

/// Counts every filled field but the texts, and but those that are `held` after all, as not held.
pub(crate) fn count_all_but_texts(record: &Record, held: &[&str], losses: &mut Losses) {
    let own = [
        ("confidence", record.confidence.is_some()),
        ("bead", record.bead.is_some()),
        ("verdict", record.verdict.is_some()),
        ("evidence", !record.evidence.is_empty()),
        ("doc", !record.src_doc.is_empty() || !record.tgt_doc.is_empty()),
        (
            "span",
            !record.src_spans.is_empty() || !record.tgt_spans.is_empty(),
        ),
    ];
    let own = own.iter().filter(|(_, filled)| *filled).map(|(name, _)| *name);
    let extra = record.extra.iter().map(|(name, _)| name.as_str());
    for name in own.chain(extra).filter(|name| !held.contains(name)) {
        losses.count(&losses::field(name));
    }
}
