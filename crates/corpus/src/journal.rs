//! What a run has finished, on disk, so that one killed at any instant goes on where it was.
//!
//! Work is cut into batches of pairs. A finished batch is a file in `OUTDIR/.qostil/parts` named by a hash of all that its
//! rows depend on: texts, settings, parameters, lexicon, version. A file appears whole or not at all, so one that is there
//! is right, and one that no longer fits is simply never asked for. That makes resuming, running again with nothing
//! changed and running again with documents added one and the same thing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use qostil_export::AtomicFile;
use serde::{Deserialize, Serialize};

use crate::kept::{DOCUMENTS, full, keep, kept_path};
use crate::run::RunError;
use crate::summary::{PairSummary, Tally};
use crate::{Rows, Stage};

/// The journal of an output folder, locked against other runs for as long as it lives.
pub(crate) struct Journal {
    out: PathBuf,
    folder: PathBuf,
    used: BTreeSet<String>,
    _lock: File,
}

/// The rows of a batch, with the summaries of its pairs.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Part {
    pub(crate) rows: Rows,
    pub(crate) pairs: Vec<PairSummary>,
}

/// The first line of a part; the rows follow it as they are.
#[derive(Serialize, Deserialize)]
struct Head {
    /// Bytes of bitext, unaligned, left-out and alignments.
    lengths: [usize; 4],
    left_out: Vec<(Stage, String, usize)>,
    /// Each pair with how many beads it has at each ten-thousandth of confidence.
    pairs: Vec<(PairSummary, BTreeMap<u16, usize>)>,
}

/// Files that a run writes beside the parts.
/// The folder of the journal in the output folder.
pub(crate) const JOURNAL: &str = ".qostil";
const LOCK: &str = "lock";
const PARTS: &str = "parts";
const PUBLISHED: &str = "published";
const KEPT: &str = "documents";

impl Journal {
    /// Opens the journal of `out`, which is made if need be, and clears away what a killed run left half written.
    pub(crate) fn open(out: &Path) -> Result<Self, RunError> {
        let folder = out.join(JOURNAL);
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |cause| RunError::Output { path, cause }
        };
        fs::create_dir_all(folder.join(PARTS)).map_err(failed(out))?;
        let path = folder.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RunError::Locked(out.to_owned())),
            Err(TryLockError::Error(cause)) => return Err(failed(&path)(cause)),
        }
        for folder in [out, &folder, &folder.join(PARTS)] {
            for entry in fs::read_dir(folder).map_err(failed(folder))?.flatten() {
                if entry.file_name().to_string_lossy().starts_with(".qostil-") {
                    fs::remove_file(entry.path()).map_err(failed(&entry.path()))?;
                }
            }
        }
        Ok(Self {
            out: out.to_owned(),
            folder,
            used: BTreeSet::new(),
            _lock: lock,
        })
    }

    /// Keeps the text of a document; see [`kept_path`].
    pub(crate) fn keep(&self, id: &str, text: &str) -> io::Result<()> {
        keep(&self.out, &self.folder, id, text)
    }

    /// Throws away texts that an earlier run kept and this one, which kept those of `ids`, did not.
    pub(crate) fn forget_others<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Result<(), RunError> {
        let list = self.folder.join(KEPT);
        let now: BTreeSet<String> = ids.map(kept_path).collect();
        for before in fs::read_to_string(&list).unwrap_or_default().lines() {
            let is_ours = before.starts_with(DOCUMENTS) && !before.split('/').any(|part| part == "..");
            if is_ours && !now.contains(before) {
                // Someone else may have removed it.
                let _ = fs::remove_file(full(&self.out, before));
            }
        }
        if now.is_empty() && !list.exists() {
            return Ok(());
        }
        let text: String = now.iter().flat_map(|path| [path, "\n"]).collect();
        write_whole(&list, text.as_bytes()).map_err(|cause| RunError::Output { path: list, cause })
    }

    fn part_path(&self, key: &str) -> PathBuf {
        self.folder.join(PARTS).join(format!("{key}.zst"))
    }

    /// The part of that key, if it was finished. One that cannot be read is as good as none.
    pub(crate) fn load(&mut self, key: &str) -> Option<Part> {
        self.used.insert(key.to_owned());
        let path = self.part_path(key);
        let mut bytes = Vec::new();
        qostil_export::open(&path).ok()?.read_to_end(&mut bytes).ok()?;
        Part::from_bytes(&bytes)
    }

    /// Keeps a finished part.
    pub(crate) fn store(&self, key: &str, part: &Part) -> Result<(), RunError> {
        let path = self.part_path(key);
        part.to_bytes()
            .and_then(|bytes| write_whole(&path, &bytes))
            .map_err(|cause| RunError::Output { path, cause })
    }

    /// Whether the output of that key is what stands in the output folder.
    pub(crate) fn is_published(&self, key: &str) -> bool {
        fs::read_to_string(self.folder.join(PUBLISHED)).is_ok_and(|found| found == key)
    }

    /// Notes that the output folder is about to change.
    pub(crate) fn begin_publishing(&self) -> Result<(), RunError> {
        let path = self.folder.join(PUBLISHED);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(RunError::Output { path, cause }),
            _ => Ok(()),
        }
    }

    /// Notes what the output folder holds now, and throws away parts that it does not need.
    pub(crate) fn end_publishing(&self, key: &str) -> Result<(), RunError> {
        let path = self.folder.join(PUBLISHED);
        write_whole(&path, key.as_bytes()).map_err(|cause| RunError::Output { path, cause })?;
        let parts = self.folder.join(PARTS);
        let entries = fs::read_dir(&parts).map_err(|cause| RunError::Output { path: parts, cause })?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name
                .strip_suffix(".zst")
                .is_some_and(|key| self.used.contains(key))
            {
                let path = entry.path();
                fs::remove_file(&path).map_err(|cause| RunError::Output { path, cause })?;
            }
        }
        Ok(())
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

impl Part {
    /// Adds the rows and the summary of one pair.
    pub(crate) fn push(&mut self, rows: &Rows, pair: Option<PairSummary>) {
        self.rows.push(rows);
        self.pairs.extend(pair);
    }

    fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let sections = [
            &self.rows.bitext,
            &self.rows.unaligned,
            &self.rows.left_out,
            &self.rows.alignments,
        ];
        let left_out = self.rows.tally.left_out.iter();
        let head = Head {
            lengths: sections.map(Vec::len),
            left_out: left_out
                .map(|((stage, reason), count)| (*stage, reason.clone(), *count))
                .collect(),
            pairs: self
                .pairs
                .iter()
                .map(|pair| (pair.clone(), pair.confidence.clone()))
                .collect(),
        };
        let mut bytes = serde_json::to_vec(&head)?;
        bytes.push(b'\n');
        sections
            .iter()
            .for_each(|section| bytes.extend_from_slice(section));
        Ok(bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        let head: Head = serde_json::from_slice(bytes.get(..end)?).ok()?;
        let mut rest = bytes.get(end + 1..)?;
        let mut sections: [Vec<u8>; 4] = Default::default();
        for (section, length) in sections.iter_mut().zip(head.lengths) {
            let (taken, left) = rest.split_at_checked(length)?;
            (*section, rest) = (taken.to_vec(), left);
        }
        let pairs: Vec<PairSummary> = head
            .pairs
            .into_iter()
            .map(|(pair, confidence)| PairSummary { confidence, ..pair })
            .collect();
        let mut tally = Tally::default();
        pairs.iter().for_each(|pair| tally.pairs.add(pair));
        tally.left_out = head
            .left_out
            .into_iter()
            .map(|(stage, reason, count)| ((stage, reason), count))
            .collect();
        let [bitext, unaligned, left_out, alignments] = sections;
        let rows = Rows {
            bitext,
            unaligned,
            left_out,
            alignments,
            tally,
        };
        rest.is_empty().then_some(Self { rows, pairs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_and_broken_ones_do_not() {
        let out = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(out.path()).unwrap();
        let mut part = Part::default();
        part.rows.bitext = b"a\tb\n".to_vec();
        part.rows
            .tally
            .left_out
            .insert((Stage::Clean, "credit".into()), 3);
        journal.store("k", &part).unwrap();
        assert_eq!(journal.load("k"), Some(part.clone()));
        assert_eq!(journal.load("other"), None);
        let bytes = part.to_bytes().unwrap();
        assert_eq!(Part::from_bytes(&bytes[..bytes.len() - 1]), None);
        fs::write(journal.part_path("k"), b"spoilt").unwrap();
        assert_eq!(journal.load("k"), None);
    }

    #[test]
    fn two_runs_do_not_share_a_folder() {
        let out = tempfile::tempdir().unwrap();
        let first = Journal::open(out.path()).unwrap();
        assert!(matches!(Journal::open(out.path()), Err(RunError::Locked(_))));
        drop(first);
        assert!(Journal::open(out.path()).is_ok());
    }
}
