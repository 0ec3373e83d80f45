//! What an output folder remembers between runs, in `OUTDIR/.qostil`: what each document and each pair came to, what was
//! learnt from the collection, and what is published.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use qostil_export::{AtomicFile, sync_files};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::kept::{DOCUMENTS, WAITING, full, keep, kept_path, settle};
use crate::layout::Layouts;
use crate::run::{RunError, commit};
use crate::store::{Key, Store};

/// The journal of an output folder, locked against other runs for as long as it lives.
pub(crate) struct Journal {
    out: PathBuf,
    folder: PathBuf,
    /// What runs have kept so far, see [`Journal::kept_before`].
    kept: OnceLock<FxHashSet<String>>,
    /// Texts kept by this run that may not be on the disk yet.
    unsynced: Mutex<Vec<PathBuf>>,
    /// The outermost folder that was made, the journal's own or one above; none where a run was here before.
    made: Option<PathBuf>,
    /// Whether there was a folder of documents.
    had_documents: bool,
    /// What reading each document came to.
    pub(crate) read: Store,
    /// How documents that may be translations of each other were aligned.
    pub(crate) compared: Store,
    /// The rows of each pair, and of each document alone.
    pub(crate) done: Store,
    /// What the output folder holds of what was learnt.
    frozen: BTreeMap<String, Learnt>,
    /// The same for what this run uses.
    learnt: BTreeMap<String, Learnt>,
    /// What this run has learnt, by the names of files; it is not written before the results are.
    new: BTreeMap<String, String>,
    /// When this run began, by the clock of the file system.
    began: Option<SystemTime>,
    _lock: File,
}

/// A file in the output folder that holds what was learnt from the collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Learnt {
    /// A hash of the settings that it was learnt with.
    ground: String,
    /// A hash of its content.
    content: String,
    /// Which documents it was learnt from.
    #[serde(default)]
    from: Sample,
}

impl Learnt {
    /// What was learnt, where the file holds it as it was written.
    fn text(&self, path: &Path) -> Option<String> {
        let text = fs::read_to_string(path).ok()?;
        (blake3::hash(text.as_bytes()).to_string() == self.content).then_some(text)
    }
}

/// Hashes of the documents of a collection: all, or of a large one the lowest, which are a fair sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sample(Vec<u64>);

impl Sample {
    const MOST: usize = 1000;

    /// Of these hashes.
    pub(crate) fn of(hashes: impl Iterator<Item = u64>) -> Self {
        let mut all: Vec<u64> = hashes.collect();
        all.sort_unstable();
        all.dedup();
        all.truncate(Self::MOST);
        Self(all)
    }

    /// How many documents of `other` are of this collection too, and of how many that is known.
    pub(crate) fn shared(&self, other: &Self) -> (usize, usize) {
        // Beyond its highest a full sample says nothing.
        let end = |sample: &Self| sample.0.get(Self::MOST - 1).copied().unwrap_or(u64::MAX);
        let end = end(self).min(end(other));
        let known: Vec<&u64> = other.0.iter().take_while(|hash| **hash <= end).collect();
        let shared = known.iter().filter(|hash| self.0.binary_search(hash).is_ok());
        (shared.count(), known.len())
    }
}

/// The folder of the journal in the output folder.
pub const JOURNAL: &str = ".qostil";
/// Files that a run writes beside the stores.
const LOCK: &str = "lock";
const READ: &str = "read";
const COMPARED: &str = "compared";
const DONE: &str = "done";
const LEARNT: &str = "learnt.json";
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
        let made = folder
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .last()
            .map(Path::to_owned);
        let had_documents = out.join(DOCUMENTS).exists();
        fs::create_dir_all(&folder).map_err(failed(out))?;
        let path = folder.join(LOCK);
        let mut lock = File::options()
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
        lock.write_all(b"locked\n").map_err(failed(&path))?;
        let began = lock.metadata().and_then(|found| found.modified()).ok();
        for folder in [out, &folder] {
            for entry in fs::read_dir(folder).map_err(failed(folder))?.flatten() {
                if entry.file_name().to_string_lossy().starts_with(".qostil-") {
                    fs::remove_file(entry.path()).map_err(failed(&entry.path()))?;
                }
            }
        }
        let list = folder.join(KEPT);
        let kept = fs::read(&list).unwrap_or_default();
        let whole = kept
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        if whole < kept.len() {
            write_whole(&list, &kept[..whole]).map_err(failed(&list))?;
        }
        let store = |name: &str| {
            let path = folder.join(name);
            Store::open(&path).map_err(failed(&path))
        };
        let learnt = fs::read(folder.join(LEARNT)).ok();
        let frozen = learnt.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let frozen: BTreeMap<String, Learnt> = frozen.unwrap_or_default();
        Ok(Self {
            read: store(READ)?,
            compared: store(COMPARED)?,
            done: store(DONE)?,
            learnt: frozen.clone(),
            frozen,
            new: BTreeMap::new(),
            out: out.to_owned(),
            began,
            made,
            had_documents,
            folder,
            kept: OnceLock::new(),
            unsynced: Mutex::default(),
            _lock: lock,
        })
    }

    /// Begins the work: with what was learnt before, unless all is to be learnt again.
    ///
    /// # Errors
    /// When a file of what was learnt is not as it was written: whatever comes of this run, it is not lost.
    pub(crate) fn begin(&mut self, relearn: bool) -> Result<(), RunError> {
        self.new.clear();
        self.kept = OnceLock::new();
        for (name, known) in self.frozen.iter().filter(|_| !relearn) {
            let path = self.out.join(name);
            if path.exists() && known.text(&path).is_none() {
                return Err(RunError::Tampered(path));
            }
        }
        self.learnt = if relearn {
            BTreeMap::new()
        } else {
            self.frozen.clone()
        };
        Ok(())
    }

    /// Whether no work was done that a later run need not do again.
    pub(crate) fn is_blank(&self) -> bool {
        [&self.read, &self.compared, &self.done]
            .iter()
            .all(|store| store.is_empty())
    }

    /// Takes away what opening made: nothing was worth writing. A folder with a journal would be taken for one that a run has written.
    pub(crate) fn abandon(self) {
        let Some(made) = &self.made else { return };
        // What cannot be taken away does no harm.
        let _ = fs::remove_dir_all(&self.folder);
        if !self.had_documents {
            let _ = fs::remove_dir_all(self.out.join(DOCUMENTS));
        }
        if *made == self.folder {
            return;
        }
        for folder in self.out.ancestors() {
            if fs::remove_dir(folder).is_err() || folder == made {
                break;
            }
        }
    }

    /// Room for what reading made of documents, for the length of this run.
    pub(crate) fn layouts(&self) -> Result<Layouts, RunError> {
        Layouts::create(&self.folder).map_err(|cause| RunError::Output {
            path: self.folder.clone(),
            cause,
        })
    }

    /// What tells whether files have changed.
    pub(crate) fn clock(&self) -> Clock {
        Clock { began: self.began }
    }

    /// Keeps what a piece of work came to, as bytes that may have failed to be made.
    pub(crate) fn remember(&mut self, key: Key, done: io::Result<Vec<u8>>) -> Result<(), RunError> {
        done.and_then(|bytes| self.done.put(key, &bytes))
            .map_err(|cause| self.failed(cause))
    }

    /// That it could not be written to.
    pub(crate) fn failed(&self, cause: io::Error) -> RunError {
        RunError::Output {
            path: self.out.clone(),
            cause,
        }
    }

    /// The paths of texts that runs have kept; all else among them is someone else's.
    fn kept_before(&self) -> &FxHashSet<String> {
        self.kept.get_or_init(|| {
            let list = fs::read_to_string(self.folder.join(KEPT)).unwrap_or_default();
            // Of a run that was killed the last line may be cut off.
            let whole = list
                .split_inclusive('\n')
                .filter_map(|line| line.strip_suffix('\n'));
            whole.map(str::to_owned).collect()
        })
    }

    /// Notes that the texts of these documents will be kept.
    ///
    /// # Errors
    /// When there is a file in the place of one that no run has put there and that holds something else, or the note cannot be written.
    pub(crate) fn begin_keeping(&self, texts: &[(&String, &String)]) -> Result<(), RunError> {
        let failed = |path: PathBuf| move |cause| RunError::Output { path, cause };
        let mut note = String::new();
        for (id, text) in texts {
            let path = kept_path(id);
            let file = full(&self.out, &path);
            let is_ours = || self.kept_before().contains(&path);
            let is_same = || fs::read(&file).is_ok_and(|found| found == text.as_bytes());
            let there = fs::symlink_metadata(&file).ok().filter(|_| self.had_documents);
            // Where there was no such folder there is nothing to look for, and a link leads to what is someone else's.
            if there.is_some_and(|there| there.is_symlink() || !is_ours() && !is_same()) {
                let message = "no run has put it there: take it away, or name another output folder";
                return Err(failed(file)(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    message,
                )));
            }
            note.push_str(&path);
            note.push('\n');
        }
        if note.is_empty() {
            return Ok(());
        }
        let list = self.folder.join(KEPT);
        let file = File::options().create(true).append(true).open(&list);
        file.and_then(|mut file| file.write_all(note.as_bytes()))
            .map_err(failed(list))
    }

    /// Files among the kept texts that no run has put there.
    pub(crate) fn strangers(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![DOCUMENTS.to_owned()]);
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(full(&self.out, &folder))
                .into_iter()
                .flatten()
                .flatten();
            for entry in entries {
                let name = entry.file_name();
                let path = format!("{folder}/{}", name.to_string_lossy());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(path),
                    _ if self.kept_before().contains(&path) || name.to_string_lossy().starts_with('.') => {}
                    _ => found.push(entry.path()),
                }
            }
        }
        found.sort();
        found
    }

    /// Keeps the text of a document; see [`kept_path`].
    pub(crate) fn keep(&self, id: &str, text: &str) -> io::Result<()> {
        let written = keep(&self.out, &self.folder, id, text)?;
        self.unsynced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(written);
        Ok(())
    }

    /// Waits until all kept texts are on the disk.
    pub(crate) fn sync_kept(&mut self) -> Result<(), RunError> {
        let kept = std::mem::take(self.unsynced.get_mut().unwrap_or_else(PoisonError::into_inner));
        sync_files(&kept).map_err(|cause| RunError::Output {
            path: self.out.join(DOCUMENTS),
            cause,
        })
    }

    /// Whether texts wait to take the place of others: then what stands in their places is not what the journal knows.
    pub(crate) fn has_waiting(&self) -> bool {
        self.folder.join(WAITING).exists()
    }

    /// Puts the texts of these documents that wait in their places.
    pub(crate) fn settle_kept<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Result<(), RunError> {
        if !self.has_waiting() {
            return Ok(());
        }
        for id in ids {
            settle(&self.out, id).map_err(|cause| RunError::Output {
                path: full(&self.out, &kept_path(id)),
                cause,
            })?;
        }
        let rest = self.folder.join(WAITING);
        fs::remove_dir_all(&rest).map_err(|cause| RunError::Output { path: rest, cause })
    }

    /// Throws away texts that an earlier run kept and this one, which kept those of `ids`, did not.
    pub(crate) fn forget_others<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Result<(), RunError> {
        let list = self.folder.join(KEPT);
        let now: BTreeSet<String> = ids.map(kept_path).collect();
        for before in self.kept_before() {
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

    /// What was learnt into the file `name` of the output folder with the settings of `ground`, if it was. A file that is gone is put back.
    ///
    /// # Errors
    /// When the file cannot be put back.
    pub(crate) fn learnt(&self, name: &str, ground: &blake3::Hash) -> Result<Option<String>, RunError> {
        let path = self.out.join(name);
        let known = self
            .learnt
            .get(name)
            .filter(|known| known.ground == ground.to_string());
        let Some(known) = known else {
            return Ok(None);
        };
        if path.exists() {
            return Ok(known.text(&path));
        }
        let copy = known.text(&self.folder.join(name));
        if let Some(text) = &copy {
            write_whole(&path, text.as_bytes()).map_err(|cause| RunError::Output { path, cause })?;
        }
        Ok(copy)
    }

    /// How many of these documents are among those that the file `name` was learnt from, and of how many that is known; `None` where nothing was learnt.
    pub(crate) fn learnt_from(&self, name: &str, documents: &Sample) -> Option<(usize, usize)> {
        self.learnt.get(name).map(|learnt| learnt.from.shared(documents))
    }

    /// Freezes what was learnt from documents, for the file `name` of the output folder.
    pub(crate) fn freeze(&mut self, name: &str, ground: &blake3::Hash, text: String, from: Sample) {
        let learnt = Learnt {
            ground: ground.to_string(),
            content: blake3::hash(text.as_bytes()).to_string(),
            from,
        };
        self.learnt.insert(name.to_owned(), learnt);
        self.new.insert(name.to_owned(), text);
    }

    /// Lets go of what an earlier run has frozen for the file `name`, if one has: nothing of that kind is used now.
    pub(crate) fn thaw(&mut self, name: &str) {
        self.learnt.remove(name);
    }

    /// Whether this run has learnt anything.
    pub(crate) fn has_learnt(&self) -> bool {
        !self.new.is_empty()
    }

    /// The files of what this run has learnt, with all that goes into them.
    pub(crate) fn learnt_files(&self) -> Result<Vec<AtomicFile>, RunError> {
        let places = |name: &String| [self.folder.join(name), self.out.join(name)];
        let texts = self.new.iter();
        let mut contents: Vec<(PathBuf, &[u8])> = texts
            .flat_map(|(name, text)| places(name).map(|path| (path, text.as_bytes())))
            .collect();
        let list = serde_json::to_vec_pretty(&self.learnt).unwrap_or_default();
        if self.has_learnt() || self.learnt != self.frozen {
            // The list last: a file that it does not know is learnt again.
            contents.push((self.folder.join(LEARNT), &list));
        }
        let written = contents.into_iter().map(|(path, bytes)| {
            let whole = || {
                let mut file = AtomicFile::create(&path)?;
                file.write_all(bytes)?;
                file.flush()?;
                Ok(file)
            };
            whole().map_err(|cause| RunError::Output {
                path: path.clone(),
                cause,
            })
        });
        written.collect()
    }

    /// Whether the output of that key is what stands in the output folder, in these files.
    pub(crate) fn is_published(&self, key: &blake3::Hash, files: &[&str]) -> bool {
        fs::read_to_string(self.folder.join(PUBLISHED)).is_ok_and(|found| found == self.published(key, files))
    }

    /// The key, and of each file the length and when it was last changed.
    fn published(&self, key: &blake3::Hash, files: &[&str]) -> String {
        let mut text = format!("{key}\n");
        for name in files {
            let found = fs::metadata(self.out.join(name)).ok();
            let looks = found.map(|found| (found.len(), found.modified().ok()));
            text.push_str(&format!("{name} {looks:?}\n"));
        }
        text
    }

    /// Notes that the output folder is about to change, and puts in their places what [`Journal::learnt_files`] gave.
    pub(crate) fn begin_publishing(&mut self, learnt: Vec<AtomicFile>) -> Result<(), RunError> {
        remove(&self.folder.join(PUBLISHED))?;
        if learnt.is_empty() {
            return Ok(());
        }
        // As long as some are those of before, there is no list.
        remove(&self.folder.join(LEARNT))?;
        for name in self.frozen.keys().filter(|name| !self.learnt.contains_key(*name)) {
            remove(&self.folder.join(name))?;
            remove(&self.out.join(name))?;
        }
        learnt.into_iter().try_for_each(commit)?;
        self.frozen.clone_from(&self.learnt);
        Ok(())
    }

    /// Notes what the output folder holds now, and throws away what it does not need.
    pub(crate) fn end_publishing(&mut self, key: &blake3::Hash, files: &[&str]) -> Result<(), RunError> {
        let path = self.folder.join(PUBLISHED);
        let failed = |cause| RunError::Output {
            path: self.folder.clone(),
            cause,
        };
        write_whole(&path, self.published(key, files).as_bytes()).map_err(failed)?;
        self.read
            .shrink()
            .and_then(|()| self.compared.shrink())
            .and_then(|()| self.done.shrink())
            .map_err(failed)
    }
}

/// When a run began, by the clock of the file system.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    began: Option<SystemTime>,
}

impl Clock {
    /// How a file looks from outside, which tells whether it has changed since it was read; `None` when it was
    /// changed so lately that it might be changed again without looking different.
    pub(crate) fn stamp(self, path: &Path) -> Option<[u8; 40]> {
        let found = fs::metadata(path).ok()?;
        let modified = found.modified().ok()?;
        let began = self.began?;
        if began.duration_since(modified).ok()? < RESOLUTION {
            return None;
        }
        let since = modified.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        // Unlike the time of modification, that of the last change cannot be set back.
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt;
            [found.ctime(), found.ctime_nsec()]
        };
        #[cfg(not(unix))]
        let changed = [0_i64; 2];
        let mut stamp = [0; 40];
        stamp[..8].copy_from_slice(&found.len().to_le_bytes());
        stamp[8..24].copy_from_slice(&since.as_nanos().to_le_bytes());
        stamp[24..32].copy_from_slice(&changed[0].to_le_bytes());
        stamp[32..].copy_from_slice(&changed[1].to_le_bytes());
        Some(stamp)
    }
}

/// A file may be changed twice within this time and keep the same times, on the coarsest file systems.
const RESOLUTION: std::time::Duration = std::time::Duration::from_secs(2);

fn remove(path: &Path) -> Result<(), RunError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(RunError::Output {
            path: path.to_owned(),
            cause,
        }),
        _ => Ok(()),
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_do_not_share_a_folder() {
        let out = tempfile::tempdir().unwrap();
        let first = Journal::open(out.path()).unwrap();
        assert!(matches!(Journal::open(out.path()), Err(RunError::Locked(_))));
        drop(first);
        assert!(Journal::open(out.path()).is_ok());
    }

    #[test]
    fn what_opening_made_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        Journal::open(&folder.path().join("a/b")).unwrap().abandon();
        assert!(!folder.path().join("a").exists());
        fs::create_dir(folder.path().join("a")).unwrap();
        Journal::open(&folder.path().join("a/b")).unwrap().abandon();
        assert!(folder.path().join("a").exists());
        assert!(!folder.path().join("a/b").exists());
    }

    fn publish(journal: &mut Journal) {
        let learnt = journal.learnt_files().unwrap();
        journal.begin_publishing(learnt).unwrap();
    }

    #[test]
    fn what_was_learnt_comes_back_unless_it_was_changed() {
        let out = tempfile::tempdir().unwrap();
        let (ground, other) = (blake3::hash(b"a"), blake3::hash(b"b"));
        let mut journal = Journal::open(out.path()).unwrap();
        let from = Sample::default();
        journal.freeze("lexicon.tsv", &ground, "бір\tone\n".to_owned(), from);
        assert!(!out.path().join("lexicon.tsv").exists());
        publish(&mut journal);
        drop(journal);
        let mut journal = Journal::open(out.path()).unwrap();
        assert_eq!(
            journal.learnt("lexicon.tsv", &ground).unwrap().as_deref(),
            Some("бір\tone\n")
        );
        assert_eq!(journal.learnt("lexicon.tsv", &other).unwrap(), None);
        fs::write(out.path().join("lexicon.tsv"), "екі\tone\n").unwrap();
        assert!(matches!(journal.begin(false), Err(RunError::Tampered(_))));
        assert!(journal.begin(true).is_ok());
        journal.learnt.clone_from(&journal.frozen);
        fs::remove_file(out.path().join("lexicon.tsv")).unwrap();
        assert_eq!(
            journal.learnt("lexicon.tsv", &ground).unwrap().as_deref(),
            Some("бір\tone\n")
        );
        assert!(out.path().join("lexicon.tsv").exists());
        for gone in ["lexicon.tsv", ".qostil/lexicon.tsv"] {
            fs::remove_file(out.path().join(gone)).unwrap();
        }
        assert_eq!(journal.learnt("lexicon.tsv", &ground).unwrap(), None);
    }

    #[test]
    fn a_sample_tells_whether_a_collection_is_another() {
        // Spread as hashes are.
        let hashes = |numbers: std::ops::Range<u64>| {
            Sample::of(numbers.map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        };
        for size in [10, 100_000] {
            let before = hashes(0..size);
            for (other, share) in [
                (0..size, 1.0),
                (size / 2..size * 3 / 2, 0.5),
                (size..2 * size, 0.0),
            ] {
                let (shared, of) = before.shared(&hashes(other));
                assert!(
                    (shared as f64 / of as f64 - share).abs() < 0.06,
                    "{shared} of {of}"
                );
            }
        }
        assert_eq!(Sample::default().shared(&Sample::default()), (0, 0));
    }

    #[test]
    fn what_is_not_used_any_more_goes_unless_it_is_someone_elses() {
        let out = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(out.path()).unwrap();
        journal.freeze(
            "lexicon.tsv",
            &blake3::hash(b"a"),
            "бір\tone\n".to_owned(),
            Sample::default(),
        );
        publish(&mut journal);
        fs::write(out.path().join("boilerplate.tsv"), "mine").unwrap();
        journal.begin(false).unwrap();
        journal.thaw("lexicon.tsv");
        journal.thaw("boilerplate.tsv");
        assert!(out.path().join("lexicon.tsv").exists());
        publish(&mut journal);
        assert!(!out.path().join("lexicon.tsv").exists());
        assert!(out.path().join("boilerplate.tsv").exists());
    }
}
