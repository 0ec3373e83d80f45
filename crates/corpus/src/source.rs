//! Which documents the inputs name: files, folders, manifests.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use qostil_export::{Format, Packing, count_lines, language, one_line};
use qostil_text::{Lang, meant};
use rustc_hash::{FxHashMap, FxHashSet};
use tempfile::TempPath;

use crate::extract::Kind;
use crate::journal::JOURNAL;
use crate::manifest::{
    Bad, Field, Row, Rows, Table, Unusable, format_of_unnamed, refused_as_list, sniff, table_format,
};
use crate::run::{OUTPUTS, RunError, Watch};
use crate::survey::{ordered, side_names};
use crate::{Bitext, Failure, RunSettings};

/// A document before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it will be known by: what a manifest calls it, else its path relative to the input that named it, with `/`
    /// between parts, else the manifest's path and its line.
    pub id: String,
    /// Where its text is.
    pub content: Content,
    /// Its language, when a manifest names it.
    pub lang: Option<Lang>,
    /// What else a manifest says of it.
    pub about: About,
    /// Its place in a given pair, when a manifest says what its partner is.
    pub given: Option<Given>,
}

/// A document's place in a given pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The number of the pair, from 0.
    pub pair: usize,
    /// The side whose column names it: 0 or 1, in the order of the pair's languages.
    pub side: usize,
}

/// Where the text of a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In a file of its own.
    File(PathBuf),
    /// Here: it stands in a manifest.
    Text(String),
}

/// What a manifest may say of a document beside its language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Where it was published.
    pub url: Option<String>,
    /// When.
    pub date: Option<String>,
    /// What may be done with it.
    pub license: Option<String>,
}

/// The ending of a file's name, its packing aside, in lower case.
pub(crate) fn ending(path: &Path) -> Option<String> {
    let plain = match Packing::of(path) {
        Packing::Plain => path,
        _ => Path::new(path.file_stem()?),
    };
    let ending = plain.extension()?;
    Some(ending.to_string_lossy().to_lowercase())
}

/// The documents that inputs name, one after the other, and what of them cannot be used.
///
/// A file is a document whatever its name, unless it is a manifest or holds sentence pairs ([`Sources::bitexts`]). A folder is walked in name order with its subfolders; hidden
/// files are no documents, nor are `README*` and files of other kinds, which are told in [`Sources::passed_over`]; a link
/// is followed once, and one that leads out of the folder is an error unless [`RunSettings::allow_outside`] lets it in. A document named twice counts once; a manifest's word goes before that of the folder it lies in, and the first
/// row's before that of others. A document goes into one given pair, the first. An id
/// that two inputs share gets the input's own name in front; an id that a manifest gives twice is an error of its row.
pub struct Sources {
    items: std::vec::IntoIter<Item>,
    open: Option<OpenManifest>,
    ready: VecDeque<Result<Source, Failure>>,
    /// Hashes of ids in use; filled when there are manifests.
    ids: FxHashSet<[u8; 16]>,
    /// Files that rows of manifests have named so far, by hashes of their paths.
    named: FxHashMap<[u8; 16], Named>,
    /// Documents that stand in a given pair though an earlier row has named them, by their ids.
    pub(crate) joined: Vec<(String, Given)>,
    /// The names of the manifests met so far.
    manifests: Vec<String>,
    /// Where each given pair stands: the number of its manifest, and the line.
    given: Vec<(usize, u64)>,
    langs: [Lang; 2],
    allow_outside: bool,
    /// Files that are there and will be written: what they are called, by where they are.
    written: BTreeMap<PathBuf, PathBuf>,
    /// That one of these is read.
    pub(crate) written_over: Option<RunError>,
    /// Whether the output folder, which an earlier run has written, is among what was walked.
    pub(crate) meets_own: bool,
    /// Files of sentence pairs, in the order met.
    pub bitexts: Vec<Bitext>,
    /// Standard input as a file, which goes when this does.
    pub(crate) spooled: Vec<TempPath>,
    /// Files, folders and rows that were not looked into, and why, in the order met.
    pub passed_over: Vec<PassedOver>,
    /// What should be known though nothing failed.
    pub warnings: Vec<String>,
}

/// A file in a folder that is no document, or a row of a manifest that says nothing which can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its path relative to the input; of a row the manifest.
    pub id: String,
    /// Why, as one word with hyphens.
    pub reason: &'static str,
    /// Of a row its line, from 1, and why in words.
    pub row: Option<(u64, String)>,
}

/// The reason of a row whose documents rows before it have named.
const NAMED_TWICE: &str = "named-twice";
/// The reason of a given pair of which a document is in another, and of its other document.
pub(crate) const IN_ANOTHER_PAIR: &str = "partner-in-another-pair";

/// A document that a row of a manifest has named.
struct Named {
    id: String,
    /// The given pair that it is in.
    pair: Option<usize>,
}

/// What an input or a file in a folder turned out to be.
enum Item {
    Failed(Failure),
    Document(Source),
    Manifest(Manifest),
}

/// A manifest before it is read.
struct Manifest {
    path: PathBuf,
    /// Its name in messages.
    name: String,
    /// The folder that its paths start from, links resolved.
    root: PathBuf,
    /// That folder in messages, which are the same on every machine.
    called: &'static str,
    /// Its path relative to the input, and the part of it that its documents' ids get in front.
    id: String,
    table: Table,
}

struct OpenManifest {
    manifest: Manifest,
    rows: Rows,
    is_empty: bool,
    /// Rows that were passed over, by reason: how many, and the first.
    passed_over: BTreeMap<&'static str, (usize, String)>,
    /// What stands for languages: the one that is meant, in how many rows, and the line of the first.
    langs: BTreeMap<String, (Option<Lang>, usize, u64)>,
}

/// Most different languages of a manifest that are kept in mind.
const MOST_LANGS: usize = 100;
/// So many characters of what stands for a language are told.
const LONGEST_CODE: usize = 40;

impl OpenManifest {
    /// The language that stands in a line as `code`; none where the text is to tell it.
    fn language(&mut self, code: &str, line: u64) -> Option<Lang> {
        let code: String = code.trim().chars().take(LONGEST_CODE).collect();
        let lang = match self.langs.get_mut(&code) {
            Some((lang, rows, _)) => {
                *rows += 1;
                *lang
            }
            None => {
                let lang = language_of(&code);
                if self.langs.len() < MOST_LANGS {
                    self.langs.insert(code, (lang, 1, line));
                }
                lang
            }
        };
        lang.filter(|lang| *lang != Lang::UNKNOWN)
    }

    /// What is to be known of what stands for languages and is none.
    fn warnings(&self) -> impl Iterator<Item = String> {
        let none = self.langs.iter().filter(|(_, (lang, ..))| lang.is_none());
        none.map(|(code, (_, rows, line))| {
            let meant = meant(code).map_or_else(String::new, |meant| {
                format!(", perhaps `{}` ({}) is meant", meant.code, meant.names[0])
            });
            let more = match rows - 1 {
                0 => String::new(),
                1 => ", as in 1 more row".to_owned(),
                more => format!(", as in {more} more rows"),
            };
            let (name, code) = (&self.manifest.name, one_line(code));
            format!(
                "{name}, line {line}: `{code}` is not a language code{meant}: the text tells the language{more}"
            )
        })
    }
}

/// Files that are there and that a run into `out` writes over, or who called it: what they are called, by where they are.
fn written(out: Option<&Path>, settings: &RunSettings) -> BTreeMap<PathBuf, PathBuf> {
    let of_run = out.into_iter().flat_map(|out| OUTPUTS.map(|name| out.join(name)));
    let all = of_run.chain(settings.written.iter().cloned());
    let real = all.filter_map(|path| Some((fs::canonicalize(&path).ok()?, path)));
    real.filter(|(real, _)| real.is_file()).collect()
}

/// That what is called `written` where it is written is read, and is `real`.
fn written_over(written: &Path, real: &Path) -> RunError {
    let is_link = fs::symlink_metadata(written).is_ok_and(|found| found.is_symlink());
    RunError::WrittenOver {
        written: written.to_owned(),
        linked: is_link.then(|| real.to_owned()),
    }
}

/// The documents that `inputs` name. What stands in `out`, the output folder, is left aside. Where `watch` says stop while standard input is read, that
/// fails.
pub fn sources(inputs: &[PathBuf], out: Option<&Path>, settings: &RunSettings, watch: &dyn Watch) -> Sources {
    let mut walk = Walk {
        langs: ordered(settings.pair),
        out: out.and_then(|out| fs::canonicalize(out).ok()),
        allow_outside: settings.allow_outside,
        ..Walk::default()
    };
    for input in inputs {
        walk.input(input, watch);
    }
    walk.tell_apart(inputs);
    let written = written(out, settings);
    let both = written
        .iter()
        .find(|(real, _)| walk.seen.contains(*real) || walk.unread.contains(*real));
    let mut found = Sources {
        written_over: both.map(|(real, path)| written_over(path, real)),
        items: Vec::new().into_iter(),
        open: None,
        ready: VecDeque::new(),
        ids: FxHashSet::default(),
        named: FxHashMap::default(),
        joined: Vec::new(),
        manifests: Vec::new(),
        given: Vec::new(),
        langs: walk.langs,
        allow_outside: settings.allow_outside,
        written,
        meets_own: walk.meets_own,
        bitexts: walk.bitexts.into_iter().map(|(_, bitext)| bitext).collect(),
        spooled: walk.spooled,
        passed_over: walk.passed_over,
        warnings: walk.warnings,
    };
    let mut items: Vec<Item> = walk.found.into_iter().map(|(_, item)| item).collect();
    if items.iter().any(|item| matches!(item, Item::Manifest(_))) {
        let has_documents = items.iter().any(|item| matches!(item, Item::Document(_)));
        let claimed = if has_documents {
            found.claimed(&items)
        } else {
            FxHashSet::default()
        };
        items.retain(|item| match item {
            Item::Document(source) => !matches!(&source.content,
                Content::File(path) if fs::canonicalize(path).is_ok_and(|real| claimed.contains(&real))),
            _ => true,
        });
        for item in &items {
            if let Item::Document(source) = item {
                found.ids.insert(key(source.id.as_bytes()));
            }
        }
    }
    found.items = items.into_iter();
    found
}

fn key(bytes: &[u8]) -> [u8; 16] {
    let mut key = [0; 16];
    blake3::Hasher::new().update(bytes).finalize_xof().fill(&mut key);
    key
}

impl Sources {
    /// How many documents there are, those in manifests left uncounted.
    pub fn known(&self) -> usize {
        self.items
            .as_slice()
            .iter()
            .filter(|item| matches!(item, Item::Document(_)))
            .count()
    }

    /// Files that manifests name: a folder's word about them does not count.
    fn claimed(&self, items: &[Item]) -> FxHashSet<PathBuf> {
        let mut claimed = FxHashSet::default();
        for item in items {
            let Item::Manifest(manifest) = item else { continue };
            let Ok(rows) = Rows::open(&manifest.path, self.langs) else {
                continue;
            };
            for mut row in rows.flatten() {
                // As a row is read; what else stands in it names nothing.
                let named: &[Field] = match manifest.table {
                    Table::Pairs => &[Field::Side(0), Field::Side(1)],
                    _ => &[Field::Path],
                };
                let paths = named.iter().filter_map(|field| row.take(*field));
                claimed.extend(paths.filter_map(|path| self.resolve(manifest, path.trim()).ok()));
            }
        }
        claimed
    }

    /// The file that a manifest means by `written`.
    fn resolve(&self, manifest: &Manifest, written: &str) -> Result<PathBuf, String> {
        let (path, root) = (Path::new(written), &manifest.root);
        let outside =
            || format!("{written}: it lies outside the folder of the manifest (--allow-outside lets it in)");
        let leads_out = path.is_absolute() || path.components().any(|part| part == Component::ParentDir);
        let real = match fs::canonicalize(called(root, path)) {
            Ok(real) => real,
            Err(_) if leads_out && !self.allow_outside => return Err(outside()),
            Err(cause) if path.is_absolute() => return Err(format!("{written}: {cause}")),
            Err(cause) => return Err(format!("{written}: {cause} (seen from {})", manifest.called)),
        };
        if !self.allow_outside && !real.starts_with(root) {
            return Err(outside());
        }
        if !real.is_file() {
            return Err(format!("{written}: it is no file"));
        }
        if table_format(&real).is_some() {
            return Err(format!("{written}: it is a table, not a document"));
        }
        Ok(real)
    }

    /// Takes note of a file that a manifest names, whether it can be used or not: nothing is written over it.
    fn note_named(&mut self, manifest: &Manifest, named: &str) {
        if self.written.is_empty() {
            return;
        }
        let real = fs::canonicalize(called(&manifest.root, Path::new(named)));
        let both = real.ok().and_then(|real| self.written.get_key_value(&real));
        if let Some((real, path)) = both {
            self.written_over = Some(written_over(path, real));
        }
    }

    /// Reads a row of the open manifest and puts its documents into `ready`.
    fn read_row(&mut self, open: &mut OpenManifest) -> bool {
        let name = open.manifest.name.clone();
        let failed = |bad: Bad| Failure {
            input: name.clone(),
            line: bad.line,
            cause: bad.cause,
            ..Failure::default()
        };
        match open.rows.next() {
            None => {
                if open.is_empty {
                    self.warnings.push(format!("{name}: it names no documents"));
                }
                let mut unknown: Vec<&str> = open.rows.unknown().collect();
                match open.manifest.table {
                    Table::Documents => unknown.extend(open.rows.sides()),
                    // What `pair` says of its pairs is said for who reads them.
                    _ => unknown.retain(|name| !matches!(*name, "confidence" | "evidence")),
                }
                if !unknown.is_empty() {
                    self.warnings
                        .push(format!("{name}: not used: {}", unknown.join(", ")));
                }
                self.warnings.extend(open.warnings());
                for (reason, (rows, first)) in &open.passed_over {
                    let rows = if *rows == 1 {
                        "1 row".to_owned()
                    } else {
                        format!("{rows} rows")
                    };
                    self.warnings
                        .push(format!("{name}: left out as {reason}: {rows}: {first}"));
                }
                return false;
            }
            Some(Err(bad)) => {
                open.is_empty = false;
                self.ready.push_back(Err(failed(bad)));
            }
            Some(Ok(row)) => {
                open.is_empty = false;
                let line = row.line;
                match self.documents(open, row) {
                    Ok(found) => self.ready.extend(found.into_iter().map(Ok)),
                    Err(cause) => self.ready.push_back(Err(failed(Bad {
                        line: Some(line),
                        cause,
                    }))),
                }
            }
        }
        true
    }

    /// Where a given pair stands.
    pub(crate) fn row_of(&self, pair: usize) -> String {
        let place = self.given.get(pair);
        let found = place.and_then(|(manifest, line)| Some((self.manifests.get(*manifest)?, line)));
        found.map_or_else(String::new, |(manifest, line)| format!("{manifest}, line {line}"))
    }

    /// Leaves out a row that says nothing which can be kept.
    fn pass_over(&mut self, open: &mut OpenManifest, line: u64, reason: &'static str, cause: String) {
        let first = || (0, format!("line {line}: {cause}"));
        open.passed_over.entry(reason).or_insert_with(first).0 += 1;
        self.passed_over.push(PassedOver {
            id: open.manifest.name.clone(),
            reason,
            row: Some((line, cause)),
        });
    }

    /// The documents of a row that no row before has named: at most one, or the two of a pair.
    fn documents(&mut self, open: &mut OpenManifest, mut row: Row) -> Result<Vec<Source>, String> {
        let line = row.line;
        let folder = open.manifest.id.rsplit_once('/').map(|(folder, _)| folder);
        let prefix = folder.unwrap_or_default().to_owned();
        let under = |path: &str| {
            let path = path.trim().trim_start_matches("./");
            if prefix.is_empty() {
                path.to_owned()
            } else {
                format!("{prefix}/{path}")
            }
        };
        let about = About {
            url: row.take(Field::Url),
            date: row.take(Field::Date),
            license: row.take(Field::License),
        };
        let given_id = row.take(Field::Id).filter(|id| !id.trim().is_empty());
        // As it stands in every table.
        let given_id = given_id.map(|id| one_line(&id).into_owned());
        let mut found = Vec::new();
        if open.manifest.table == Table::Pairs {
            let paths = [row.take(Field::Side(0)), row.take(Field::Side(1))];
            let [Some(src), Some(tgt)] = paths else {
                return Err("a pair needs both documents".to_owned());
            };
            let names = side_names(self.langs);
            for ((lang, name), path) in self.langs.into_iter().zip(names).zip([src, tgt]) {
                self.note_named(&open.manifest, path.trim());
                found.push(Source {
                    content: Content::File(self.resolve(&open.manifest, path.trim())?),
                    id: given_id
                        .as_ref()
                        .map_or_else(|| under(&path), |id| format!("{id}.{name}")),
                    lang: Some(lang),
                    about: about.clone(),
                    given: None,
                });
            }
            if let [src, tgt] = found.as_slice()
                && src.content == tgt.content
            {
                return Err(format!("both documents of the pair are {}", src.id));
            }
        } else {
            let code = row.take(Field::Lang).filter(|code| !code.trim().is_empty());
            let lang = code.and_then(|code| open.language(&code, line));
            let path = row.take(Field::Path).filter(|path| !path.trim().is_empty());
            if let Some(path) = &path {
                self.note_named(&open.manifest, path.trim());
            }
            let (content, id) = match (row.take(Field::Text), path) {
                (Some(text), _) => (Content::Text(text), format!("{}/{}", open.manifest.id, row.line)),
                (None, Some(path)) => (
                    Content::File(self.resolve(&open.manifest, path.trim())?),
                    under(&path),
                ),
                (None, None) => return Err("it has neither `path` nor `text`".to_owned()),
            };
            found.push(Source {
                content,
                id: given_id.unwrap_or(id),
                lang,
                about,
                given: None,
            });
        }
        let files = |source: &Source| match &source.content {
            Content::File(path) => Some(key(path.as_os_str().as_encoded_bytes())),
            Content::Text(_) => None,
        };
        let files: Vec<Option<[u8; 16]>> = found.iter().map(files).collect();
        let mut ids: Vec<[u8; 16]> = Vec::new();
        for (source, file) in found.iter().zip(&files) {
            if file.is_none_or(|file| !self.named.contains_key(&file)) {
                let id = key(source.id.as_bytes());
                if self.ids.contains(&id) || ids.contains(&id) {
                    let file = match &source.content {
                        Content::File(path) => format!("{}: ", path.display()),
                        Content::Text(_) => String::new(),
                    };
                    return Err(format!("{file}another document is called {}", source.id));
                }
                ids.push(id);
            }
        }
        self.ids.extend(ids);
        let pair = if open.manifest.table == Table::Pairs {
            match self.pair(open, line, &files) {
                Some(pair) => Some(pair),
                None => return Ok(Vec::new()),
            }
        } else {
            None
        };
        let mut new = Vec::new();
        for (side, (mut source, file)) in found.into_iter().zip(files).enumerate() {
            source.given = pair.map(|(pair, _)| Given { pair, side });
            let kept = pair.filter(|(_, is_whole)| *is_whole).map(|(pair, _)| pair);
            let named = match file.map(|file| self.named.entry(file)) {
                None => None,
                Some(Entry::Occupied(named)) => Some(named.into_mut()),
                Some(Entry::Vacant(place)) => {
                    place.insert(Named {
                        id: source.id.clone(),
                        pair: kept,
                    });
                    None
                }
            };
            match (named, source.given) {
                (None, _) => new.push(source),
                (Some(named), Some(given)) if named.pair.is_none() => {
                    named.pair = kept;
                    self.joined.push((named.id.clone(), given));
                }
                (Some(_), Some(_)) => {}
                (Some(named), None) => {
                    let cause = format!("{} is named before", named.id);
                    self.pass_over(open, line, NAMED_TWICE, cause);
                }
            }
        }
        Ok(new)
    }

    /// The number of the given pair of these files, and whether both can go into it, as a document goes into one; `None` for one that was given before.
    fn pair(
        &mut self,
        open: &mut OpenManifest,
        line: u64,
        files: &[Option<[u8; 16]>],
    ) -> Option<(usize, bool)> {
        let named: Vec<Option<&Named>> = files.iter().map(|file| self.named.get(&(*file)?)).collect();
        let taken = named
            .iter()
            .flatten()
            .find_map(|named| Some((&named.id, named.pair?)));
        let is_whole = taken.is_none();
        if let Some((id, pair)) = taken {
            let is_same = named
                .iter()
                .all(|named| named.is_some_and(|named| named.pair == Some(pair)));
            let reason = if is_same { NAMED_TWICE } else { IN_ANOTHER_PAIR };
            let cause = format!("{id} is in the pair of {}", self.row_of(pair));
            self.pass_over(open, line, reason, cause);
            if is_same {
                return None;
            }
        }
        self.given.push((self.manifests.len().saturating_sub(1), line));
        Some((self.given.len() - 1, is_whole))
    }
}

impl Iterator for Sources {
    type Item = Result<Source, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if let Some(mut open) = self.open.take() {
                if self.read_row(&mut open) {
                    self.open = Some(open);
                }
                continue;
            }
            match self.items.next()? {
                Item::Failed(failure) => return Some(Err(failure)),
                Item::Document(source) => return Some(Ok(source)),
                Item::Manifest(manifest) => match Rows::open(&manifest.path, self.langs) {
                    Ok(rows) => {
                        self.manifests.push(manifest.name.clone());
                        self.open = Some(OpenManifest {
                            manifest,
                            rows,
                            is_empty: true,
                            passed_over: BTreeMap::new(),
                            langs: BTreeMap::new(),
                        });
                    }
                    Err(bad) => {
                        return Some(Err(Failure {
                            input: manifest.name,
                            line: bad.line,
                            cause: bad.cause,
                            ..Failure::default()
                        }));
                    }
                },
            }
        }
    }
}

/// Standard input, which is waited for as long as nobody says stop.
struct Awaited<'w> {
    #[cfg(unix)]
    input: fs::File,
    #[cfg(not(unix))]
    input: io::Stdin,
    watch: &'w dyn Watch,
}

impl<'w> Awaited<'w> {
    fn standard_input(watch: &'w dyn Watch) -> io::Result<Self> {
        #[cfg(unix)]
        let input = std::os::fd::AsFd::as_fd(&io::stdin())
            .try_clone_to_owned()?
            .into();
        #[cfg(not(unix))]
        let input = io::stdin();
        Ok(Self { input, watch })
    }

    /// Waits for input, a moment at most; whether there is some, or none will come.
    #[cfg(unix)]
    fn is_ready(&self) -> io::Result<bool> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let moment = Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        };
        match poll(&mut [PollFd::new(&self.input, PollFlags::IN)], Some(&moment)) {
            Err(rustix::io::Errno::INTR) => Ok(false),
            ready => Ok(ready? > 0),
        }
    }

    /// Elsewhere only reading waits.
    #[cfg(not(unix))]
    fn is_ready(&self) -> io::Result<bool> {
        Ok(true)
    }
}

impl Read for Awaited<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.watch.stopped() {
            if self.is_ready()? {
                return self.input.read(out);
            }
        }
        Err(io::Error::other(RunError::Stopped))
    }
}

/// The language that a manifest means by `code`; `None` where it means none. What is written in three letters may be of any language.
fn language_of(code: &str) -> Option<Lang> {
    let lang = language(code)?;
    let is_code = lang.has_code() || (lang.code().len() == 3 && meant(code).is_none());
    is_code.then_some(lang)
}

/// The last part of a path.
fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), name_text)
}

/// A file's name as text that a cell of a table can hold, no two alike: bytes that are no UTF-8, tabs, line ends and white space around it as `%F1`. Where there
/// are such, and where the name itself reads as one written so, `%` is `%25`.
fn name_text(name: &OsStr) -> String {
    let reads_as_escaped =
        |plain: &str| plain.contains('%') && unescaped(plain).is_some_and(|meant| escaped(&meant) == plain);
    match name.to_str() {
        Some(plain) if one_line(plain).trim() == plain && !reads_as_escaped(plain) => plain.to_owned(),
        _ => escaped(name),
    }
}

/// A name with `%` and all that no cell can hold as `%` and two hexadecimal digits a byte.
fn escaped(name: &OsStr) -> String {
    let mut out = String::new();
    let escape = |out: &mut String, bytes: &[u8]| {
        for byte in bytes {
            out.push_str(&format!("%{byte:02X}"));
        }
    };
    let mut at = 0;
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().split_inclusive(|_| true) {
            let is_around = c.trim().is_empty() && (at == 0 || at + c.len() == name.len());
            at += c.len();
            match one_line(c) {
                Cow::Borrowed(c) if c != "%" && !is_around => out.push_str(c),
                _ => escape(&mut out, c.as_bytes()),
            }
        }
        at += chunk.invalid().len();
        escape(&mut out, chunk.invalid());
    }
    out
}

/// Where the file is that goes by this path, seen from `folder`: each name as [`name_text`] gives it where there is such a file, else as it stands.
fn called(folder: &Path, path: &Path) -> PathBuf {
    path.components().fold(folder.to_owned(), |folder, part| {
        let text = part.as_os_str().to_str().filter(|text| text.contains('%'));
        let meant = text.and_then(|text| unescaped(text).filter(|name| name_text(name) == text));
        let meant = meant.map(|name| folder.join(name)).filter(|path| path.exists());
        meant.unwrap_or_else(|| folder.join(part))
    })
}

/// The name that [`escaped`] gave as this text; `None` for what is none.
fn unescaped(text: &str) -> Option<OsString> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // A sign would be read as part of the number.
        let digits = Some(digits).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    #[cfg(unix)]
    return Some(std::os::unix::ffi::OsStringExt::from_vec(bytes));
    #[cfg(not(unix))]
    String::from_utf8(bytes).ok().map(OsString::from)
}

/// Whether a file's name ends as those do that hold nothing but sentence pairs.
fn is_bitext(path: &Path) -> bool {
    matches!(
        Format::of(path),
        Some(Format::Tmx | Format::Sent | Format::Parquet | Format::Xlsx)
    )
}

/// The folder a file lies in, links resolved.
fn root_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

/// What a folder tells of where a file is.
struct Place {
    /// Its path with links resolved; `None` where that is not known.
    real: Option<PathBuf>,
    /// Whether it may be one of two parallel files.
    has_parallel: bool,
}

impl Place {
    const UNKNOWN: Self = Self {
        real: None,
        has_parallel: true,
    };
}

struct Walk {
    /// What there is, with the number of the input that named it.
    found: Vec<(usize, Item)>,
    bitexts: Vec<(usize, Bitext)>,
    spooled: Vec<TempPath>,
    passed_over: Vec<PassedOver>,
    warnings: Vec<String>,
    /// Real paths of files taken and folders entered: a link into a folder above ends here.
    seen: FxHashSet<PathBuf>,
    /// Files that were met and are not read.
    unread: FxHashSet<PathBuf>,
    inputs: usize,
    langs: [Lang; 2],
    /// The output folder, links resolved.
    out: Option<PathBuf>,
    /// Whether it was met, with what an earlier run wrote.
    meets_own: bool,
    /// The folder that is walked, links resolved, when nothing may be met that lies elsewhere.
    bounds: Option<PathBuf>,
    allow_outside: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            found: Vec::new(),
            bitexts: Vec::new(),
            spooled: Vec::new(),
            passed_over: Vec::new(),
            warnings: Vec::new(),
            seen: FxHashSet::default(),
            unread: FxHashSet::default(),
            inputs: 0,
            langs: [Lang::Kazakh, Lang::English],
            out: None,
            meets_own: false,
            bounds: None,
            allow_outside: false,
        }
    }
}

impl Walk {
    fn input(&mut self, input: &Path, watch: &dyn Watch) {
        match fs::metadata(input) {
            _ if input.as_os_str() == "-" => self.standard_input(watch),
            Ok(found) if found.is_dir() => {
                let before = self.found.len() + self.bitexts.len();
                let real = fs::canonicalize(input).ok();
                let is_known = real.as_ref().is_some_and(|real| self.seen.contains(real));
                self.bounds = real.filter(|_| !self.allow_outside);
                self.folder(input, "");
                self.bounds = None;
                if self.found.len() + self.bitexts.len() == before {
                    let why = if is_known {
                        "it is named twice"
                    } else {
                        "it holds no documents"
                    };
                    self.warnings.push(format!("{}: {why}", input.display()));
                }
            }
            Err(_) if self.parallel(input).is_some() => {
                self.file(input, name_of(input), true, Place::UNKNOWN);
            }
            Ok(found) if !found.is_file() => {
                let cause = "it is a pipe or a device, and inputs are read more than once: give `-` for standard input, or a file";
                self.fail(input, &cause);
            }
            Ok(_) => self.file(input, name_of(input), true, Place::UNKNOWN),
            Err(cause) => self.fail(input, &cause),
        }
        self.inputs += 1;
    }

    /// Standard input is written to a file, as tables are read more than once; packed, as it may be larger unpacked than there is room.
    fn standard_input(&mut self, watch: &dyn Watch) {
        let (name, root) = ("standard input", root_of(Path::new("here")));
        let spool = || {
            let mut file = tempfile::NamedTempFile::new()?;
            io::copy(&mut Awaited::standard_input(watch)?, &mut file)?;
            let format = format_of_unnamed(file.path(), &root, self.langs)?;
            let mut path = file.path().as_os_str().to_owned();
            path.push(format!(".{format}"));
            file.persist_noclobber(&path)?;
            TempPath::try_from_path(path)
        };
        match spool() {
            Ok(path) => {
                self.table(
                    &path,
                    "stdin".to_owned(),
                    name.to_owned(),
                    (&root, "where the command runs"),
                    true,
                );
                self.spooled.push(path);
            }
            Err(cause) => self.fail(Path::new(name), &cause),
        }
    }

    /// The other of two parallel files (Moses) by the name of one, or both by what their names begin with.
    fn parallel(&self, path: &Path) -> Option<[PathBuf; 2]> {
        let plain = Packing::strip(path);
        let packing = path.to_str()?.strip_prefix(plain.to_str()?)?;
        let ending = plain.extension().and_then(|ending| ending.to_str());
        let names = side_names(self.langs);
        let base = if names.iter().any(|name| ending == Some(name)) {
            plain.with_extension("")
        } else {
            plain
        };
        let both = names.map(|side| {
            let mut name = base.as_os_str().to_owned();
            name.push(format!(".{side}{packing}"));
            PathBuf::from(name)
        });
        both.iter()
            .all(|path| path.is_file() && !self.leads_out(path))
            .then_some(both)
    }

    fn fail(&mut self, path: &Path, cause: &impl ToString) {
        let failure = Failure {
            input: path.display().to_string(),
            cause: cause.to_string(),
            ..Failure::default()
        };
        self.found.push((self.inputs, Item::Failed(failure)));
    }

    fn folder(&mut self, folder: &Path, prefix: &str) {
        let real = match fs::canonicalize(folder) {
            Ok(real) => real,
            Err(cause) => return self.fail(folder, &cause),
        };
        if !self.seen.insert(real.clone()) {
            return;
        }
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(cause) => return self.fail(folder, &cause),
        };
        entries.sort_by_cached_key(fs::DirEntry::file_name);
        // One of two parallel files is named by the first language.
        let [first, _] = side_names(self.langs);
        let is_parallel = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            Packing::strip(name.as_ref()).extension() == Some(first.as_ref())
        };
        let has_parallel = entries.iter().any(is_parallel);
        // What an earlier run wrote is no input; where it wrote beside its inputs, these are.
        let is_output = folder.join(JOURNAL).is_dir();
        // This run's own is not told of, as a run that is repeated should say the same.
        let is_own = self.out.as_ref() == Some(&real);
        self.meets_own |= is_output && is_own;
        if is_output && !prefix.is_empty() {
            if !is_own {
                self.pass_over(prefix.trim_end_matches('/').to_owned(), "output-of-a-run");
            }
            return;
        }
        for entry in entries {
            let name = name_text(&entry.file_name());
            let path = entry.path();
            if name.starts_with('.') {
                continue;
            }
            let id = format!("{prefix}{name}");
            if is_output && OUTPUTS.contains(&name.as_str()) {
                if !is_own {
                    self.pass_over(id, "output-of-a-run");
                }
                continue;
            }
            // The folder's own word is enough but for links.
            if entry.file_type().is_ok_and(|found| found.is_file()) {
                let place = Place {
                    real: Some(real.join(entry.file_name())),
                    has_parallel,
                };
                self.met(&path, id, &name, place);
                continue;
            }
            if self.leads_out(&path) {
                self.note_unread(&path);
                self.fail(
                    &path,
                    &"it is a link that leads out of the folder given (--allow-outside lets it in)",
                );
                continue;
            }
            let place = Place {
                real: None,
                has_parallel,
            };
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() => self.folder(&path, &format!("{id}/")),
                Ok(found) if found.is_file() => self.met(&path, id, &name, place),
                Ok(_) => self.pass_over(id, "no-file"),
                Err(cause) => self.fail(&path, &cause),
            }
        }
    }

    /// Whether what was met in a folder is a link to elsewhere. What is no link lies where it was met.
    fn leads_out(&self, path: &Path) -> bool {
        let is_link = || fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
        let is_outside = |bounds| fs::canonicalize(path).is_ok_and(|real| !real.starts_with(bounds));
        self.bounds
            .as_ref()
            .is_some_and(|bounds| is_link() && is_outside(bounds))
    }

    /// A file met in a folder.
    fn met(&mut self, path: &Path, id: String, name: &str, place: Place) {
        if name.to_lowercase().starts_with("readme") {
            self.note_unread(path);
            self.pass_over(id, "readme");
        } else if Kind::of(path).is_some()
            || ending(path).is_none()
            || table_format(path).is_some()
            || is_bitext(path)
            || (place.has_parallel && self.parallel(path).is_some())
        {
            self.file(path, id, false, place);
        } else {
            self.note_unread(path);
            self.pass_over(id, "other-format");
        }
    }

    fn note_unread(&mut self, path: &Path) {
        self.unread.extend(fs::canonicalize(path));
    }

    fn pass_over(&mut self, id: String, reason: &'static str) {
        let row = None;
        self.passed_over.push(PassedOver { id, reason, row });
    }

    /// A file to use; `named` when an input names it itself.
    fn file(&mut self, path: &Path, id: String, named: bool, place: Place) {
        let parallel = place.has_parallel.then(|| self.parallel(path)).flatten();
        let parallel = parallel.filter(|both| self.is_line_parallel(both));
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let files = match &parallel {
            Some(both) => both.iter().map(|path| real(path)).collect(),
            None => vec![place.real.unwrap_or_else(|| real(path))],
        };
        for file in files {
            if !self.seen.insert(file) {
                return;
            }
        }
        let name = || path.display().to_string();
        let is_plain = |path| Kind::of(path).is_none_or(|kind| kind == Kind::Plain);
        let list = |path| {
            let looked_at = named && is_plain(path);
            looked_at
                .then(|| refused_as_list(path, &root_of(path), self.langs))
                .flatten()
        };
        // By far the most are plain documents.
        let is_document = parallel.is_none() && Kind::of(path).is_some();
        if !is_document && table_format(path).is_some() {
            self.table(path, id, name(), (&root_of(path), "the folder it lies in"), named);
        } else if let Some([path, other]) = parallel {
            let (name, other) = (name(), Some(other));
            let bitext = Bitext {
                id,
                path,
                other,
                name,
            };
            self.bitexts.push((self.inputs, bitext));
        } else if !is_document && is_bitext(path) {
            let (name, path, other) = (name(), path.to_owned(), None);
            let bitext = Bitext {
                id,
                path,
                other,
                name,
            };
            self.bitexts.push((self.inputs, bitext));
        } else if let Some(cause) = list(path) {
            self.fail(path, &cause);
        } else {
            let source = Source {
                id,
                content: Content::File(path.to_owned()),
                lang: None,
                about: About::default(),
                given: None,
            };
            self.found.push((self.inputs, Item::Document(source)));
        }
    }

    /// Whether two files have as many lines, as line-parallel ones must; else they are two documents.
    fn is_line_parallel(&mut self, both: &[PathBuf; 2]) -> bool {
        let lines = |path: &PathBuf| count_lines(qostil_export::open(path)?);
        let [Ok(a), Ok(b)] = both.each_ref().map(lines) else {
            return true;
        };
        if a != b {
            let warning = format!(
                "{} and {} have {a} and {b} lines: they are taken for documents",
                both[0].display(),
                both[1].display()
            );
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        a == b
    }

    /// A table to use: of documents, of pairs of them, or of sentence pairs.
    fn table(
        &mut self,
        path: &Path,
        id: String,
        name: String,
        (root, called): (&Path, &'static str),
        named: bool,
    ) {
        match sniff(path, root, self.langs) {
            Ok(table @ (Table::Documents | Table::Pairs)) => {
                let manifest = Manifest {
                    path: path.to_owned(),
                    name,
                    root: root.to_owned(),
                    called,
                    id,
                    table,
                };
                self.found.push((self.inputs, Item::Manifest(manifest)));
            }
            // Any table has two columns; only one that is named itself is believed to hold sentence pairs in them.
            Ok(Table::NoHeader) | Err(Unusable::Columns(_)) if !named => self.pass_over(id, "other-format"),
            Ok(Table::Bitext | Table::NoHeader) => {
                let bitext = Bitext {
                    id,
                    path: path.to_owned(),
                    other: None,
                    name,
                };
                self.bitexts.push((self.inputs, bitext));
            }
            Err(Unusable::Failed(cause) | Unusable::Columns(cause)) => self.fail(Path::new(&name), &cause),
        }
    }

    fn tell_apart(&mut self, inputs: &[PathBuf]) {
        let of_items = self.found.iter_mut().filter_map(|(input, item)| match item {
            Item::Document(Source { id, .. }) | Item::Manifest(Manifest { id, .. }) => Some((*input, id)),
            Item::Failed(_) => None,
        });
        let of_bitexts = self
            .bitexts
            .iter_mut()
            .map(|(input, bitext)| (*input, &mut bitext.id));
        let mut named: Vec<(usize, &mut String)> = of_items.chain(of_bitexts).collect();
        // A longer id may be that of another file in turn.
        let mut taken: BTreeSet<String> = BTreeSet::new();
        loop {
            let mut ids: Vec<&String> = named.iter().map(|(_, id)| &**id).collect();
            ids.sort_unstable();
            let alike = ids.windows(2).filter(|two| two[0] == two[1]);
            let shared: BTreeSet<String> = alike.map(|two| two[0].clone()).collect();
            let is_shared = |id: &String| shared.contains(id) || taken.contains(id);
            let (longer, apart): (Vec<_>, Vec<_>) = named.into_iter().partition(|(_, id)| is_shared(id));
            named = apart;
            if longer.is_empty() {
                break;
            }
            for (input, id) in longer {
                let Some(root) = inputs.get(input) else { continue };
                let text = path_text(root);
                *id = if root.is_dir() {
                    format!("{text}/{id}")
                } else {
                    text
                };
                taken.insert(id.clone());
            }
        }
    }
}

/// A path as it stands in ids.
fn path_text(path: &Path) -> String {
    let parts = path.components().map(|part| match part {
        Component::RootDir => String::new(),
        part => name_text(part.as_os_str()),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn ids(inputs: &[PathBuf]) -> (Vec<String>, usize) {
        let all: Vec<_> = sources(inputs, None, &RunSettings::default(), &()).collect();
        let failed = all.iter().filter(|source| source.is_err()).count();
        (
            all.into_iter().flatten().map(|source| source.id).collect(),
            failed,
        )
    }

    #[test]
    fn a_folder_is_walked_in_name_order() {
        let folder = tree(&[
            "b.txt",
            "a/z.txt",
            "a/c.txt.gz",
            "README.md",
            "readme.txt",
            ".hidden.txt",
            ".git/x.txt",
            "p.jpg",
        ]);
        let found = sources(&[folder.path().to_owned()], None, &RunSettings::default(), &());
        let passed: Vec<_> = found
            .passed_over
            .iter()
            .map(|p| (p.id.as_str(), p.reason))
            .collect();
        assert_eq!(
            passed,
            [
                ("README.md", "readme"),
                ("p.jpg", "other-format"),
                ("readme.txt", "readme")
            ]
        );
        let expected = ["a/c.txt.gz", "a/z.txt", "b.txt"].map(str::to_owned).to_vec();
        assert_eq!(ids(&[folder.path().to_owned()]), (expected, 0));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_end() {
        let folder = tree(&["a/x.txt"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("a/dead.txt")).unwrap();
        assert_eq!(ids(&[folder.path().to_owned()]), (vec!["a/x.txt".to_owned()], 1));
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tree(&["ә.txt"]);
        // As archives leave them that were packed under windows-1251.
        for name in [&b"\xf1\xf3.txt"[..], b"\xf2\xf3.txt"] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), "x").unwrap();
        }
        let expected = ["ә.txt", "%F1%F3.txt", "%F2%F3.txt"].map(str::to_owned);
        assert_eq!(ids(&[folder.path().to_owned()]), (expected.to_vec(), 0));
    }

    /// They were called otherwise in the summary than in the tables, where a line end became a space.
    #[cfg(unix)]
    #[test]
    fn names_are_of_one_line() {
        let folder = tree(&["a\nb.txt", "a b.txt", "a\tb.txt"]);
        let expected = ["a%09b.txt", "a%0Ab.txt", "a b.txt"].map(str::to_owned);
        assert_eq!(ids(&[folder.path().to_owned()]), (expected.to_vec(), 0));
        let rows = "{\"id\":\"a\\nb\",\"text\":\"Иә.\"}\n{\"id\":\"a b\",\"text\":\"Жоқ.\"}\n";
        fs::write(folder.path().join("m.jsonl"), rows).unwrap();
        assert_eq!(ids(&[folder.path().join("m.jsonl")]), (vec!["a b".to_owned()], 1));
    }

    /// What `pair` printed of such names was not there.
    #[cfg(unix)]
    #[test]
    fn what_files_are_called_leads_to_them() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tree(&[
            "a\tb%41/c\n%0A.txt",
            "d%20e/f\ng.txt",
            " h.txt",
            "\u{a0}i.txt",
            "j%41.txt",
            "k\tl.txt",
            // Such names were those of the files that they are the escaped names of.
            "k%09l.txt",
            "k%2509l.txt",
            "k%252509l.txt",
            "%20h.txt",
            "%F1%25.txt",
            "%f1%25.txt",
            "d%2520e/f%0Ag.txt",
            "d%20e/f%0Ag.txt",
        ]);
        fs::write(folder.path().join(OsStr::from_bytes(b"\xf1%.txt")), "x").unwrap();
        let contents = |inputs: &[PathBuf]| {
            let all = sources(inputs, None, &RunSettings::default(), &());
            let mut all: Vec<_> = all
                .map(|source| source.unwrap())
                .map(|source| match source.content {
                    Content::File(path) => (source.id, fs::canonicalize(path).unwrap()),
                    Content::Text(text) => panic!("{text}"),
                })
                .collect();
            all.sort();
            all
        };
        let walked = contents(&[folder.path().to_owned()]);
        assert_eq!(walked.len(), 15);
        let ids: BTreeSet<&String> = walked.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), walked.len(), "{ids:?}");
        // As pages are often saved.
        assert!(ids.contains(&"j%41.txt".to_owned()), "{ids:?}");
        let rows: String = walked.iter().map(|(id, _)| format!("{id}\n")).collect();
        let manifest = folder.path().join("m.tsv");
        fs::write(&manifest, format!("path\n{rows}")).unwrap();
        assert_eq!(contents(&[manifest]), walked);
        for text in ["a", "a%", "a%4", "a%zz", "%ff%", "a%+9"] {
            assert_eq!(unescaped(text).is_some(), text == "a", "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_of_a_folder_are_let_in_when_asked() {
        use std::os::unix::fs::symlink;
        let (folder, elsewhere) = (
            tree(&["a/x.txt", "m.kk"]),
            tree(&["secret.txt", "b/y.txt", "m.en"]),
        );
        for name in ["secret.txt", "b", "m.en"] {
            symlink(elsewhere.path().join(name), folder.path().join(name)).unwrap();
        }
        symlink("a/x.txt", folder.path().join("within.txt")).unwrap();
        let input = [folder.path().to_owned()];
        // The half of a parallel pair that lies inside is no document either: of which language it is its ending says alone.
        assert_eq!(ids(&input), (vec!["a/x.txt".to_owned()], 3));
        let settings = RunSettings {
            allow_outside: true,
            ..RunSettings::default()
        };
        let mut all = sources(&input, None, &settings, &());
        let found: Vec<_> = all.by_ref().flatten().map(|source| source.id).collect();
        assert_eq!(found, ["a/x.txt", "b/y.txt", "secret.txt"]);
        assert_eq!(all.bitexts.len(), 1);
    }

    #[test]
    fn the_same_name_under_two_inputs_is_told_apart() {
        let (one, two) = (tree(&["x.txt", "y.txt"]), tree(&["x.txt"]));
        let inputs = [
            one.path().to_owned(),
            two.path().to_owned(),
            one.path().join("x.txt"),
            one.path().join("gone"),
        ];
        let under = |folder: &tempfile::TempDir| format!("{}/x.txt", folder.path().display());
        assert_eq!(ids(&inputs), (vec![under(&one), "y.txt".into(), under(&two)], 1));
    }

    /// What was made of such ids was one again: of two folders whose names are no UTF-8, and where one input is called like a folder in another.
    #[cfg(unix)]
    #[test]
    fn longer_ids_are_told_apart_too() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tree(&["a/x.txt", "b/x.txt", "c/a/x.txt", "c/z.txt", "t\tu/x.txt"]);
        let names = [&b"\xea"[..], b"\xe0"].map(|name| folder.path().join(OsStr::from_bytes(name)));
        for name in &names {
            fs::create_dir(name).unwrap();
            fs::write(name.join("x.txt"), "x").unwrap();
        }
        let inputs = ["a", "b", "c", "t\tu"].map(|name| folder.path().join(name));
        let inputs: Vec<PathBuf> = inputs.into_iter().chain(names).collect();
        let (found, _) = ids(&inputs);
        let root = folder.path().display();
        let expected = [
            "a/x.txt",
            "b/x.txt",
            "a/x.txt",
            "z.txt",
            "t%09u/x.txt",
            "%EA/x.txt",
            "%E0/x.txt",
        ];
        let mut expected = expected.map(|id| format!("{root}/{id}"));
        // Told apart from that of the first input only where it has to be.
        expected[2] = "a/x.txt".to_owned();
        expected[3] = "z.txt".to_owned();
        assert_eq!(found, expected);
    }

    /// Rows of both were told to be of one file.
    #[test]
    fn bitexts_of_the_same_name_under_two_inputs_are_told_apart() {
        let folders = [tree(&["m.tmx"]), tree(&["m.tmx", "n.tmx"])];
        let inputs = folders.each_ref().map(|folder| folder.path().to_owned());
        let found = sources(&inputs, None, &RunSettings::default(), &());
        let ids: Vec<&str> = found.bitexts.iter().map(|bitext| bitext.id.as_str()).collect();
        let [one, two] = inputs
            .each_ref()
            .map(|input| format!("{}/m.tmx", input.display()));
        assert_eq!(ids, [one.as_str(), &two, "n.tmx"]);
    }
}
