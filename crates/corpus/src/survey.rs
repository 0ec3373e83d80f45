//! First pass of a run: what documents there are, and what pairing needs of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use qostil_align::{Figures, Resources};
use qostil_export::Columns;
use qostil_lexicon::{Lexicon, Side};
use qostil_text::Lang;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use tempfile::TempPath;

use crate::boilerplate::{Counter, line_keys};
use crate::done::Counted;
use crate::duplicates::Duplicates;
use crate::failures::{Failures, UNREADABLE};
use crate::filter::{Filter, FilterSettings};
use crate::fingerprint::Fingerprints;
use crate::journal::{Clock, Journal, Sample};
use crate::kept::{DOCUMENTS, full, kept, kept_path};
use crate::layout::{Layout, Layouts, Place, number, read_number};
use crate::pairing::taken_together;
use crate::reading::{PLAIN, plainly_other};
use crate::rows::Rows;
use crate::run::{BATCH, Event, RunError, RunSettings, Watch};
use crate::source::{IN_ANOTHER_PAIR, ending};
use crate::store::Key;
use crate::summary::{
    DocumentSummary, Failure, PairSummary, PairedSummary, Quantiles, Summary, Tally, Total,
};
use crate::{
    About, Bitext, Content, Encoding, Fingerprint, Fingerprinter, Given, PairEvidence, Pairing, PassedOver,
    ReadError, Reading, ReadingSettings, Rule, Source, Sources, Stage, read_source, sources, unread_row,
};

/// All documents, as far as pairing needs to know them.
pub(crate) struct Collection {
    pub(crate) entries: Vec<Entry>,
    pub(crate) failed: Failures,
    /// Places in `entries` of documents of each side that are to be paired, and their fingerprints.
    pub(crate) sides: [(Vec<usize>, Fingerprints); 2],
    /// Places in `entries` of the documents of each given pair; `None` for one that is in another.
    given: Vec<[Option<usize>; 2]>,
    /// Files of sentence pairs.
    pub(crate) bitexts: Vec<Bitext>,
    /// Standard input as a file, which goes when this does.
    pub(crate) spooled: Vec<TempPath>,
    passed_over: Vec<PassedOver>,
    warnings: Vec<String>,
    /// In how many documents each line stands, when that was asked for.
    pub(crate) lines: Counter,
    layouts: Layouts,
}

/// What reading a document came to, as it is kept for later runs.
#[derive(Clone, Debug, PartialEq)]
struct Read {
    summary: DocumentSummary,
    digest: [u8; 16],
    side: Option<usize>,
    print: Option<Fingerprint>,
    /// Hashes of its lines.
    lines: Vec<u64>,
}

impl Read {
    /// The summary as JSON, the rest packed: nearly all of it are hashes, which nothing makes shorter.
    fn to_bytes(&self) -> Vec<u8> {
        // A summary is always JSON.
        let summary = serde_json::to_vec(&self.summary).unwrap_or_default();
        let mut out = Vec::with_capacity(summary.len() + 8 * self.lines.len() + 1024);
        number(summary.len(), &mut out);
        out.extend(summary);
        out.extend(self.digest);
        number(self.side.map_or(0, |side| side + 1), &mut out);
        number(self.lines.len(), &mut out);
        out.extend(self.lines.iter().flat_map(|line| line.to_le_bytes()));
        if let Some(print) = &self.print {
            print.pack(&mut out);
        }
        out
    }

    /// Of what does not fit any more there is nothing.
    fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let length = read_number(from)?;
        let (summary, rest) = from.split_at_checked(length)?;
        let (digest, rest) = rest.split_first_chunk()?;
        *from = rest;
        let side = read_number(from)?.checked_sub(1);
        let count = read_number(from)?;
        let (lines, rest) = from.split_at_checked(count.checked_mul(8)?)?;
        *from = rest;
        let (lines, _) = lines.as_chunks();
        Some(Self {
            summary: serde_json::from_slice(summary).ok()?,
            digest: *digest,
            side: side.filter(|side| *side < 2),
            print: if from.is_empty() {
                None
            } else {
                Some(Fingerprint::unpack(from)?)
            },
            lines: lines.iter().map(|line| u64::from_le_bytes(*line)).collect(),
        })
    }
}

/// A document that was just read, or that an earlier run has read.
struct Found {
    read: Read,
    /// Its text, when it has to be kept.
    text: Option<String>,
    /// What the journal will remember.
    bytes: Vec<u8>,
    /// What reading made of it; empty where it was not read.
    layout: Vec<u8>,
}

impl Found {
    /// One that an earlier run has read.
    fn before(read: Read) -> Self {
        Self {
            read,
            text: None,
            bytes: Vec::new(),
            layout: Vec::new(),
        }
    }
}

/// A document of the collection, packed: there may be very many.
pub(crate) struct Entry {
    pub(crate) id: String,
    /// Its file; `None` when its text is kept in the output folder.
    pub(crate) path: Option<PathBuf>,
    /// Its language: what a manifest says it is, or what it was told by when it was first read.
    pub(crate) lang: Option<Lang>,
    /// Its size once decoded.
    pub(crate) bytes: usize,
    /// Sentences that go on after cleaning.
    pub(crate) sentences: usize,
    /// How sure its language is, 0–1.
    lang_confidence: f64,
    /// What else its summary says, see [`Entry::summary`]; of most documents nothing.
    rest: Box<[u8]>,
    /// Lines that the second reading cut out as boilerplate.
    boilerplate: usize,
    /// A hash of its text and language.
    pub(crate) digest: [u8; 16],
    /// Where what reading made of it is kept, if this run has read it.
    layout: Option<Place>,
    is_readable: bool,
    /// Whether its text is kept in the output folder.
    is_kept: bool,
    /// Which side of the pair it is on.
    side: Option<usize>,
    /// The filter it fell to as a copy of one before.
    duplicate: Option<Filter>,
}

impl Entry {
    /// One that could not be read unless told otherwise.
    fn new(id: String, lang: Option<Lang>) -> Self {
        Self {
            id,
            path: None,
            lang,
            bytes: 0,
            sentences: 0,
            lang_confidence: 0.0,
            rest: Box::default(),
            boilerplate: 0,
            digest: [0; 16],
            layout: None,
            is_readable: false,
            is_kept: false,
            side: None,
            duplicate: None,
        }
    }

    /// Takes note of what reading it came to.
    fn note(&mut self, read: Read) {
        let summary = read.summary;
        self.lang = summary.lang.parse().ok().or(self.lang);
        (self.side, self.digest) = (read.side, read.digest);
        (self.bytes, self.sentences) = (summary.bytes, summary.sentences);
        (self.is_readable, self.is_kept) = (true, summary.text.is_some());
        self.lang_confidence = summary.lang_confidence;
        let rest = DocumentSummary {
            id: String::new(),
            text: None,
            ..summary
        };
        if rest != self.plain() {
            // A summary is always JSON.
            self.rest = serde_json::to_vec(&rest).unwrap_or_default().into();
        }
    }

    /// What the summary of a text file says that nothing is said of elsewhere and nothing was cut out of.
    fn plain(&self) -> DocumentSummary {
        DocumentSummary {
            lang: self.lang.as_ref().map_or("", Lang::code).to_owned(),
            lang_confidence: self.lang_confidence,
            encoding: Encoding::Utf8.name().to_owned(),
            bytes: self.bytes,
            sentences: self.sentences,
            ..DocumentSummary::default()
        }
    }

    /// What `summary.json` says of it, but for its id, its partner and the reason why it has none.
    fn summary(&self) -> DocumentSummary {
        let mut summary: DocumentSummary = match &*self.rest {
            [] if self.is_readable => self.plain(),
            rest => serde_json::from_slice(rest).unwrap_or_default(),
        };
        if let Some(lang) = self.lang.filter(|_| self.is_readable) {
            lang.code().clone_into(&mut summary.lang);
        }
        summary.text = self.is_kept.then(|| kept_path(&self.id));
        summary.sentences = self.sentences;
        if self.boilerplate > 0 {
            let rule = Rule::Boilerplate.name().to_owned();
            summary.cleaned.insert(rule, self.boilerplate);
        }
        if !self.is_readable {
            summary.reason = Some(UNREADABLE.to_owned());
        }
        summary
    }
}

/// The two languages in column order.
pub(crate) fn ordered((a, b): (Lang, Lang)) -> [Lang; 2] {
    if b.column_order() < a.column_order() {
        [b, a]
    } else {
        [a, b]
    }
}

/// What the columns of the two sides are called: by their languages, unless that is one.
pub(crate) fn side_names([src, tgt]: [Lang; 2]) -> [String; 2] {
    let columns = Columns::of(src, tgt);
    [columns.src, columns.tgt]
}

/// Given pairs with documents in other languages, documents in another than their manifest says, and files that are not a run's, that are told of one by one.
const PAIRS_TOLD: usize = 5;

/// A hash of what reading a document depends on beside the document.
pub(crate) fn reading_ground(settings: &RunSettings, resources: &Resources<'_>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(format!("{:?} {:?}", ordered(settings.pair), settings.reading).as_bytes());
    for table in resources.lexicon.tables() {
        hasher.update(table.as_bytes());
    }
    hasher.finalize()
}

/// The key of a document in the journal; `None` when nothing tells whether it has changed since.
fn key(source: &Source, ground: &blake3::Hash, clock: Clock) -> Option<Key> {
    let mut all = Vec::with_capacity(256);
    all.extend(ground.as_bytes());
    all.push(source.given.map_or(0, |given| 1 + u8::from(given.side > 0)));
    let About { url, date, license } = &source.about;
    let lang = source.lang.as_ref().map(Lang::code);
    for part in [
        Some(source.id.as_str()),
        lang,
        url.as_deref(),
        date.as_deref(),
        license.as_deref(),
    ] {
        number(part.map_or(0, |part| part.len() + 1), &mut all);
        all.extend(part.unwrap_or_default().as_bytes());
    }
    match &source.content {
        Content::File(path) => {
            all.push(0);
            all.extend(clock.stamp(path)?);
            all.extend(path.as_os_str().as_encoded_bytes());
        }
        Content::Text(text) => {
            all.push(1);
            all.extend(text.as_bytes());
        }
    }
    let mut key = Key::default();
    blake3::Hasher::new().update(&all).finalize_xof().fill(&mut key);
    Some(key)
}

/// What an earlier run knew of a document. Where texts wait to take the place of others, as after a run that failed, its length does not tell whether its own is
/// there.
fn known(key: &Key, journal: &mut Journal, out: &Path, texts_wait: bool) -> Option<Read> {
    let read = Read::from_bytes(&journal.read.get(key)?)?;
    let is_there = |text: &String| {
        if texts_wait {
            let text = kept(out, &read.summary.id).ok();
            let lang = read.summary.lang.parse().ok();
            return lang
                .zip(text)
                .is_some_and(|(lang, text)| text_digest(lang, &text) == read.digest);
        }
        let found = fs::symlink_metadata(full(out, text));
        found.is_ok_and(|found| found.is_file() && found.len() == read.summary.bytes as u64)
    };
    read.summary.text.as_ref().is_none_or(is_there).then_some(read)
}

/// First pass: what is there, and what pairing needs of it. Documents that an earlier run has read, as the journal of the output folder `out`
/// knows, are not read again; texts that have to be kept are. `ground` is what [`reading_ground`] gives; `lines` says whether to count the lines that
/// documents share.
pub(crate) fn survey(
    inputs: &[PathBuf],
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
    (journal, out): (&mut Journal, &Path),
    ground: &blake3::Hash,
    lines: bool,
) -> Result<Collection, RunError> {
    // What is in there is this run's to write and remove.
    let own = fs::canonicalize(out.join(DOCUMENTS)).ok();
    let mut found = sources(inputs, Some(out), settings, watch);
    if watch.stopped() {
        return Err(RunError::Stopped);
    }
    if found.meets_own {
        found.warnings.extend(of_strangers(&journal.strangers()));
    }
    let mut collection = Collection {
        entries: Vec::new(),
        failed: Failures::new(),
        sides: Default::default(),
        given: Vec::new(),
        bitexts: Vec::new(),
        spooled: Vec::new(),
        passed_over: Vec::new(),
        warnings: Vec::new(),
        lines: Counter::default(),
        layouts: journal.layouts()?,
    };
    let texts_wait = journal.has_waiting();
    watch.event(Event::Reading(found.known()));
    let langs = ordered(settings.pair);
    let first = FirstReading {
        settings: &settings.reading,
        langs,
        fingerprinters: Pool::new(resources.lexicon),
        watch,
    };
    let (mut texts, mut in_others) = (FxHashSet::default(), Vec::new());
    loop {
        let batch = batch(&mut found);
        if let Some(error) = found.written_over.take() {
            return Err(error);
        }
        if batch.is_empty() {
            break;
        }
        if watch.stopped() {
            return Err(RunError::Stopped);
        }
        if langs[0] == langs[1]
            && let Some(source) = batch.iter().flatten().find(|source| source.given.is_none())
        {
            return Err(RunError::NoSides(source.id.clone()));
        }
        let in_own = |path: &PathBuf| {
            let is_in = |own| fs::canonicalize(path).is_ok_and(|real| real.starts_with(own));
            own.as_ref().is_some_and(is_in)
        };
        let mut files = batch.iter().flatten().filter_map(|source| match &source.content {
            Content::File(path) => Some(path),
            Content::Text(_) => None,
        });
        if let Some(path) = files.find(|path| in_own(path)) {
            return Err(RunError::OwnOutput(path.clone()));
        }
        let clock = journal.clock();
        let keyed: Vec<_> = batch
            .into_par_iter()
            .map(|source| source.map(|source| (key(&source, ground, clock), source)))
            .collect();
        let mut sources = Vec::with_capacity(keyed.len());
        for source in keyed {
            match source {
                Ok((key, source)) => {
                    let before = key.and_then(|key| known(&key, journal, out, texts_wait));
                    sources.push((source, key, before));
                }
                Err(failure) => collection.fail(failure, settings, watch)?,
            }
        }
        let unread: Vec<_> = sources.iter().filter(|(.., before)| before.is_none()).collect();
        let together = taken_together(unread.len(), TOGETHER);
        let now = unread.par_chunks(together).flat_map_iter(|some| first.read(some));
        let mut now = now.collect::<Vec<_>>().into_iter();
        let read: Vec<Result<Found, ReadError>> = sources
            .iter_mut()
            .filter_map(|(.., before)| match before.take() {
                Some(read) => {
                    watch.event(Event::Known);
                    Some(Ok(Found::before(read)))
                }
                None => now.next(),
            })
            .collect();
        remember(&sources, &read, journal, out)?;
        let packed = read
            .iter()
            .map(|read| read.as_ref().map_or(&[][..], |found| found.layout.as_slice()));
        let layouts = collection
            .layouts
            .keep(packed)
            .map_err(|cause| RunError::Output {
                path: out.to_owned(),
                cause,
            })?;
        for (((source, ..), read), layout) in sources.into_iter().zip(read).zip(layouts) {
            let place = collection.entries.len();
            let mut entry = Entry::new(source.id, source.lang);
            entry.layout = Some(layout).filter(|(_, length)| *length > 0);
            if let Content::File(path) = source.content {
                entry.path = Some(path);
            }
            let is_given = source.given.is_some();
            if let Some(given) = source.given {
                collection.give(given, place);
            }
            match read {
                Ok(Found { mut read, .. }) => {
                    let in_other = |said: &Lang| read.summary.lang != said.code();
                    if let Some(said) = source.lang.filter(in_other).filter(|_| !is_given) {
                        let id = &entry.id;
                        let lang = in_words(read.summary.lang.parse().unwrap_or_default());
                        in_others.push(format!("{id} is in {lang}, not in {said} as its manifest says: it is taken for what it is"));
                    }
                    if read.summary.sentences == 0 {
                        watch.event(Event::Empty(&entry.id));
                    }
                    if let (Some(side), Some(print)) = (read.side, read.print.take()) {
                        collection.sides[side].0.push(place);
                        collection.sides[side].1.push(&print);
                    }
                    if read.summary.text.is_some() {
                        entry.path = None;
                    }
                    // A document that is there ten times does not make its lines boilerplate.
                    if lines && texts.insert(read.digest) {
                        let place = u32::try_from(place).unwrap_or(u32::MAX);
                        collection.lines.see(place, &read.lines);
                    }
                    entry.note(read);
                }
                Err(error) => {
                    let input = entry
                        .path
                        .as_ref()
                        .map_or_else(|| entry.id.clone(), |path| path.display().to_string());
                    let failure = Failure {
                        input,
                        id: Some(entry.id.clone()),
                        cause: error.to_string(),
                        limit: match error {
                            ReadError::TooLarge { limit } => Some(limit),
                            _ => None,
                        },
                        line: None,
                    };
                    collection.fail(failure, settings, watch)?;
                }
            }
            collection.entries.push(entry);
        }
    }
    let more = in_others.len().saturating_sub(PAIRS_TOLD);
    in_others.truncate(PAIRS_TOLD);
    if more > 0 {
        in_others.push(format!(
            "{more} more documents are in another language than their manifest says"
        ));
    }
    found.warnings.append(&mut in_others);
    collection.join(&found.joined);
    found
        .warnings
        .extend(collection.turn_round(langs, |pair| found.row_of(pair)));
    collection.passed_over = found.passed_over;
    collection.bitexts = found.bitexts;
    collection.spooled = found.spooled;
    for warning in &found.warnings {
        watch.event(Event::Warning(warning));
    }
    collection.warnings = found.warnings;
    if !collection.has_documents() && collection.bitexts.is_empty() && collection.failed.count() > 0 {
        return Err(RunError::NothingRead(collection.failed.into_told()));
    }
    Ok(collection)
}

/// What is said of files among the kept texts that are not a run's.
fn of_strangers(files: &[PathBuf]) -> Vec<String> {
    let told = files.iter().take(PAIRS_TOLD);
    let mut said: Vec<String> = told
        .map(|path| {
            format!(
                "{}: no run has put it there, among what runs keep: it is not read",
                path.display()
            )
        })
        .collect();
    let more = files.len().saturating_sub(PAIRS_TOLD);
    if more > 0 {
        said.push(format!("{more} more files among what runs keep are not read"));
    }
    said
}

/// Keeps the texts that have to be kept, then what reading came to.
fn remember(
    sources: &[(Source, Option<Key>, Option<Read>)],
    read: &[Result<Found, ReadError>],
    journal: &mut Journal,
    out: &Path,
) -> Result<(), RunError> {
    let found = || {
        sources
            .iter()
            .zip(read)
            .filter_map(|(source, read)| Some((source, read.as_ref().ok()?)))
    };
    let texts: Vec<_> = found()
        .filter_map(|((source, ..), found)| Some((&source.id, found.text.as_ref()?)))
        .collect();
    journal.begin_keeping(&texts)?;
    texts.par_iter().try_for_each(|(id, text)| {
        let path = full(out, &kept_path(id));
        journal
            .keep(id, text)
            .map_err(|cause| RunError::Output { path, cause })
    })?;
    let values = found().filter_map(|((_, key, _), found)| Some(((*key)?, found.bytes.as_slice())));
    let path = out.to_owned();
    journal
        .read
        .put_all(values.filter(|(_, bytes)| !bytes.is_empty()))
        .map_err(|cause| RunError::Output { path, cause })
}

/// Text that stands in manifests and is held at a time, in bytes.
const HELD: usize = 32 << 20;

/// The next documents to read together.
fn batch(sources: &mut Sources) -> Vec<Result<Source, Failure>> {
    let (mut batch, mut held) = (Vec::new(), 0);
    while batch.len() < BATCH && held < HELD {
        let Some(source) = sources.next() else { break };
        if let Ok(Source {
            content: Content::Text(text),
            ..
        }) = &source
        {
            held += text.len();
        }
        batch.push(source);
    }
    batch
}

/// What reads documents for the first time, several together and all a step at a time: the code of all steps does not fit the caches of a processor beside
/// what they work on, so that it would be fetched anew for every document.
struct FirstReading<'a> {
    settings: &'a ReadingSettings,
    langs: [Lang; 2],
    fingerprinters: Pool<'a>,
    watch: &'a dyn Watch,
}

/// So many documents a thread reads together, and no more once they hold so many bytes of text. A cache of the second level, of half a megabyte or more, has room for them; eight save four
/// fifths of what these do.
const TOGETHER: usize = 16;
const BYTES_TOGETHER: usize = 1 << 18;

/// A document that is being read for the first time.
struct Begun<'s> {
    source: &'s Source,
    key: Option<Key>,
    reading: Reading,
    side: Option<usize>,
    figures: Option<Figures>,
    print: Option<Fingerprint>,
}

impl FirstReading<'_> {
    fn read(&self, all: &[&(Source, Option<Key>, Option<Read>)]) -> Vec<Result<Found, ReadError>> {
        let mut found = Vec::with_capacity(all.len());
        while let Some(rest) = all.get(found.len()..).filter(|rest| !rest.is_empty()) {
            let mut begun = self.begin(rest);
            for one in begun.iter_mut().flatten() {
                one.figures = one.side.map(|_| Figures::of(&one.reading.document));
            }
            self.fingerprinters.with(|fingerprinter| {
                for one in begun.iter_mut().flatten() {
                    one.print = one.fingerprint(fingerprinter);
                }
            });
            found.extend(begun.into_iter().map(|one| one.map(Begun::found)));
        }
        found
    }

    /// The texts of the first documents, or why they cannot be read.
    fn begin<'s>(
        &self,
        all: &[&'s (Source, Option<Key>, Option<Read>)],
    ) -> Vec<Result<Begun<'s>, ReadError>> {
        let mut bytes = 0;
        let begun = all.iter().map_while(|(source, key, _)| {
            (bytes < BYTES_TOGETHER).then(|| {
                let reading = read_as_it_is(source, self.settings)?;
                bytes += reading.document.text.len();
                self.watch.event(Event::Read(reading.document.text.len()));
                let side = self.langs.iter().position(|lang| *lang == reading.document.lang);
                let side = match source.given {
                    // Both sides are in its language.
                    Some(given) if self.langs[0] == self.langs[1] => side.map(|_| given.side),
                    _ => side,
                };
                Ok(Begun {
                    source,
                    key: *key,
                    reading,
                    side,
                    figures: None,
                    print: None,
                })
            })
        });
        begun.collect()
    }
}

/// Reads a document in the language that its source says, unless the text plainly is in another.
fn read_as_it_is(source: &Source, settings: &ReadingSettings) -> Result<Reading, ReadError> {
    let reading = read_source(source, settings)?;
    match (source.lang).and_then(|lang| plainly_other(&reading.document.text, lang)) {
        None => Ok(reading),
        other => {
            let other = Source {
                lang: other,
                ..source.clone()
            };
            read_source(&other, settings)
        }
    }
}

impl Begun<'_> {
    /// The fingerprint of a document whose partner is not given.
    fn fingerprint(&self, fingerprinter: &mut Fingerprinter<'_>) -> Option<Fingerprint> {
        let side = self.side.filter(|_| self.source.given.is_none())?;
        let side = if side == 0 { Side::Source } else { Side::Target };
        let (document, about) = (&self.reading.document, &self.source.about);
        Some(fingerprinter.fingerprint(document, self.figures.as_ref()?, side, about))
    }

    fn found(self) -> Found {
        let Self { reading, figures, .. } = self;
        let read = Read {
            summary: describe(&reading, self.source),
            digest: text_digest(reading.document.lang, &reading.document.text),
            side: self.side,
            print: self.print,
            lines: line_keys(&reading.document.text),
        };
        Found {
            bytes: self.key.map_or_else(Vec::new, |_| read.to_bytes()),
            read,
            layout: Layout::pack(&reading, figures),
            text: reading.is_extract.then_some(reading.document.text),
        }
    }
}

/// Fingerprinters that are free, so that each thread finds one that has met many words.
struct Pool<'a> {
    free: Mutex<Vec<Fingerprinter<'a>>>,
    lexicon: &'a Lexicon,
}

impl<'a> Pool<'a> {
    fn new(lexicon: &'a Lexicon) -> Self {
        Self {
            free: Mutex::default(),
            lexicon,
        }
    }

    fn with<T>(&self, task: impl FnOnce(&mut Fingerprinter<'a>) -> T) -> T {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut one = free().pop().unwrap_or_else(|| Fingerprinter::new(self.lexicon));
        let done = task(&mut one);
        free().push(one);
        done
    }
}

fn describe(reading: &Reading, source: &Source) -> DocumentSummary {
    let about = source.about.clone();
    let mut summary = DocumentSummary {
        text: reading.is_extract.then(|| kept_path(&source.id)),
        url: about.url,
        date: about.date,
        license: about.license,
        id: reading.document.id.clone(),
        lang: reading.document.lang.code().to_owned(),
        lang_confidence: rounded(reading.lang_confidence),
        encoding: reading.encoding.name().to_owned(),
        bytes: reading.document.text.len(),
        sentences: reading.document.sentences.len(),
        ..DocumentSummary::default()
    };
    for part in reading.left_out.iter().filter(|part| part.stage == Stage::Clean) {
        *summary
            .cleaned
            .entry(part.reason.clone().into_owned())
            .or_default() += 1;
    }
    summary
}

/// The language that a text was found to be in, in a sentence.
fn in_words(lang: Lang) -> String {
    if lang == Lang::UNKNOWN {
        "another language".to_owned()
    } else {
        lang.to_string()
    }
}

/// A hash of a document's text and language.
pub(crate) fn text_digest(lang: Lang, text: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(lang.code().as_bytes())
        .update(&[0])
        .update(text.as_bytes());
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Keeps among the documents to be paired those at such places.
fn keep(sides: &mut [(Vec<usize>, Fingerprints); 2], is_kept: impl Fn(usize) -> bool) {
    for (places, prints) in sides {
        prints.retain(places.iter().map(|place| is_kept(*place)));
        places.retain(|place| is_kept(*place));
    }
}

impl Collection {
    /// What reading made of a document, if this run has read it.
    pub(crate) fn layout(&self, place: usize) -> Option<Layout> {
        // One that cannot be read is made again.
        Layout::unpack(&self.layouts.get(self.entries[place].layout?).ok()?)
    }

    pub(crate) fn fail(
        &mut self,
        failure: Failure,
        settings: &RunSettings,
        watch: &dyn Watch,
    ) -> Result<(), RunError> {
        watch.event(Event::Failed(&failure));
        if settings.fail_fast {
            return Err(RunError::FailedFast(failure));
        }
        self.failed.push(failure).map_err(|cause| RunError::Output {
            path: PathBuf::from("a temporary file"),
            cause,
        })
    }

    /// Takes note that a document is in a given pair.
    fn give(&mut self, given: Given, place: usize) {
        if self.given.len() <= given.pair {
            self.given.resize(given.pair + 1, [None; 2]);
        }
        self.given[given.pair][given.side & 1] = Some(place);
    }

    /// Puts documents that were named as such before they were met in given pairs into these: nothing is left to be found for them.
    fn join(&mut self, joined: &[(String, Given)]) {
        if joined.is_empty() {
            return;
        }
        let ids: FxHashSet<&str> = joined.iter().map(|(id, _)| id.as_str()).collect();
        let entries = self.entries.iter().enumerate();
        let places: FxHashMap<&str, usize> = entries
            .filter_map(|(place, entry)| Some((*ids.get(entry.id.as_str())?, place)))
            .collect();
        for (id, given) in joined {
            if let Some(place) = places.get(id.as_str()) {
                self.give(*given, *place);
            }
        }
        let given: FxHashSet<usize> = self.given.iter().flatten().flatten().copied().collect();
        keep(&mut self.sides, |place| !given.contains(&place));
    }

    /// Turns round given pairs whose documents are each in the other's language; says so, and which pairs have a document in
    /// another language than its column says.
    fn turn_round(&mut self, langs: [Lang; 2], row_of: impl Fn(usize) -> String) -> Vec<String> {
        let (mut said, mut more) = (Vec::new(), 0);
        for (number, pair) in self.given.iter_mut().enumerate() {
            let [Some(src), Some(tgt)] = *pair else { continue };
            for (place, side) in [(src, 0), (tgt, 1)] {
                let entry = &mut self.entries[place];
                // Named as a document before, and of a text that tells no language, or one that Qostil does not know where it is asked for: the pair does.
                let is_told = entry.lang_confidence >= PLAIN && langs[side].is_known();
                if entry.is_readable && !is_told && !entry.lang.is_some_and(|lang| lang.is_known()) {
                    (entry.lang, entry.side) = (Some(langs[side]), Some(side));
                }
            }
            let other: Vec<String> = [(src, 0), (tgt, 1)]
                .into_iter()
                .filter_map(|(place, side)| {
                    let entry = &self.entries[place];
                    let lang = entry
                        .lang
                        .filter(|_| entry.is_readable && entry.side != Some(side))?;
                    Some(format!(
                        "`{}` names {}, which is in {}",
                        side_names(langs)[side & 1],
                        entry.id,
                        in_words(lang)
                    ))
                })
                .collect();
            if other.is_empty() {
                continue;
            }
            let sides = [src, tgt].map(|place| self.entries[place].side);
            let is_turned = sides == [Some(1), Some(0)];
            if is_turned {
                pair.swap(0, 1);
            }
            if said.len() == PAIRS_TOLD {
                more += 1;
                continue;
            }
            let outcome = if is_turned {
                "the pair is turned round"
            } else {
                "the pair is left out"
            };
            said.push(format!("{}: {}: {outcome}", row_of(number), other.join(", and ")));
        }
        if more > 0 {
            said.push(format!(
                "{more} more given pairs are turned round or left out, as their columns name documents in other languages"
            ));
        }
        said
    }

    /// Which documents there are.
    pub(crate) fn sample(&self) -> Sample {
        let read = self.entries.iter().filter(|entry| entry.is_readable);
        Sample::of(read.filter_map(|entry| Some(u64::from_le_bytes(*entry.digest.first_chunk()?))))
    }

    /// Whether a document could be read.
    pub(crate) fn has_documents(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_readable)
    }

    /// Takes documents out that are copies of one before.
    pub(crate) fn drop_duplicates(&mut self, settings: &FilterSettings) {
        for (places, prints) in &self.sides {
            let mut duplicates = Duplicates::new(settings);
            let found: Vec<_> = places
                .iter()
                .zip(prints.iter())
                .map(|(place, print)| duplicates.find(self.entries[*place].digest, print))
                .collect();
            for (place, filter) in places.iter().zip(&found) {
                self.entries[*place].duplicate = *filter;
            }
        }
        let entries = &self.entries;
        keep(&mut self.sides, |place| entries[place].duplicate.is_none());
    }

    /// The fingerprints of either side. Nothing needs them once documents are paired.
    pub(crate) fn take_fingerprints(&mut self) -> [Fingerprints; 2] {
        self.sides.each_mut().map(|(_, prints)| std::mem::take(prints))
    }

    /// Pairs that were given, as places in `entries`: those whose documents were both read and hold text.
    pub(crate) fn given(&self) -> impl Iterator<Item = [usize; 2]> {
        self.given.iter().filter_map(|places| self.whole(*places))
    }

    /// All pairs as places in `entries`, those that were given first; with what is known of those that were found.
    pub(crate) fn pairs<'p>(
        &self,
        pairing: &'p Pairing,
    ) -> impl Iterator<Item = ([usize; 2], Option<(f64, &'p PairEvidence)>)> {
        self.given()
            .map(|places| (places, None))
            .chain(pairing.pairs.iter().map(|pair| {
                let places = [self.sides[0].0[pair.src], self.sides[1].0[pair.tgt]];
                (places, Some((pair.confidence, &pair.evidence)))
            }))
    }

    /// The two documents of a given pair, when both were read and hold text in the pair's languages.
    fn whole(&self, places: [Option<usize>; 2]) -> Option<[usize; 2]> {
        let [src, tgt] = [places[0]?, places[1]?];
        let is_usable = |place: usize, side| {
            let entry = &self.entries[place];
            entry.is_readable && entry.sentences > 0 && entry.side == Some(side)
        };
        (is_usable(src, 0) && is_usable(tgt, 1)).then_some([src, tgt])
    }

    /// Why a document goes into no pair.
    pub(crate) fn reason(&self, pairing: &Pairing) -> Vec<Option<(Stage, String)>> {
        let mut reasons: Vec<_> = self
            .entries
            .iter()
            .map(|entry| match entry.side {
                _ if !entry.is_readable => Some((Stage::Read, UNREADABLE.to_owned())),
                _ if entry.sentences == 0 => Some((Stage::Language, "empty".to_owned())),
                None => Some((Stage::Language, format!("language-{}", entry.summary().lang))),
                Some(_) => entry
                    .duplicate
                    .map(|filter| (Stage::Filter, filter.name().to_owned())),
            })
            .collect();
        let unpaired = [&pairing.src_unpaired, &pairing.tgt_unpaired];
        for ((places, _), unpaired) in self.sides.iter().zip(unpaired) {
            for (place, why) in places.iter().zip(unpaired) {
                if reasons[*place].is_none() {
                    reasons[*place] = why.map(|why| (Stage::Pair, why.name().to_owned()));
                }
            }
        }
        for places in self.given.iter().filter(|places| self.whole(**places).is_none()) {
            let is_lone = places.contains(&None);
            for (side, place) in places.iter().enumerate() {
                let Some(place) = *place else { continue };
                let entry = &self.entries[place];
                reasons[place].get_or_insert_with(|| match entry.lang {
                    Some(lang) if entry.side != Some(side) => (Stage::Language, format!("language-{lang}")),
                    _ if is_lone => (Stage::Pair, IN_ANOTHER_PAIR.to_owned()),
                    _ => (Stage::Pair, "partner-unusable".to_owned()),
                });
            }
        }
        // One whose first pair could not be kept may be in another.
        for place in self.given().flatten() {
            reasons[place] = None;
        }
        reasons
    }

    /// Rows of `left-out.tsv` for files and rows that were passed over.
    pub(crate) fn passed_over(&self) -> Rows {
        let mut all = Rows::default();
        for file in &self.passed_over {
            let cause = match &file.row {
                Some((line, cause)) => format!("line {line}: {cause}"),
                None => String::new(),
            };
            all.push(&unread_row(file.reason, &file.id, &cause));
        }
        all
    }

    /// Takes note of what the second reading found in documents, by their places.
    pub(crate) fn count(&mut self, counted: &[(usize, Counted)]) {
        for (place, found) in counted {
            let Some(entry) = self.entries.get_mut(*place) else {
                continue;
            };
            (entry.sentences, entry.boilerplate) = (found.sentences, found.boilerplate);
        }
    }

    /// A hash of everything that the survey found.
    pub(crate) fn digest(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        // Many small pieces are dear to hash one by one.
        let mut all = Vec::new();
        for entry in &self.entries {
            all.clear();
            all.extend(entry.digest);
            all.extend([u8::from(entry.is_readable), u8::from(entry.is_kept)]);
            let lang = entry.lang.as_ref().map_or("", Lang::code);
            for part in [entry.id.as_bytes(), lang.as_bytes(), &entry.rest] {
                number(part.len(), &mut all);
                all.extend(part);
            }
            for count in [entry.bytes, entry.sentences, entry.boilerplate] {
                number(count, &mut all);
            }
            all.extend(entry.lang_confidence.to_le_bytes());
            hasher.update(&all);
        }
        let failed = self.failed.digest();
        let rest = (&self.given, failed, &self.passed_over, &self.warnings);
        hasher.update(format!("{rest:?}").as_bytes());
        hasher.finalize()
    }

    /// What the run has done, in the place of the collection: of very many documents both take much room.
    pub(crate) fn summary(
        self,
        pairing: &Pairing,
        pairs: Vec<(PairSummary, Quantiles)>,
        tally: &Tally,
        settings: &RunSettings,
    ) -> Summary {
        let langs = ordered(settings.pair);
        let found: Vec<_> = self.pairs(pairing).collect();
        let reasons = self.reason(pairing);
        let told = |(entry, reason): (Entry, Option<(Stage, String)>)| {
            let summary = entry.summary();
            DocumentSummary {
                id: entry.id,
                reason: reason.map(|(_, reason)| reason),
                ..summary
            }
        };
        let mut documents: Vec<_> = self.entries.into_iter().zip(reasons).map(told).collect();
        let mut paired = Vec::with_capacity(pairs.len());
        for (([src, tgt], found), (beads, quantiles)) in found.into_iter().zip(pairs) {
            documents[src].partner = Some(documents[tgt].id.clone());
            documents[tgt].partner = Some(documents[src].id.clone());
            paired.push(PairedSummary {
                src: documents[src].id.clone(),
                tgt: documents[tgt].id.clone(),
                confidence: found.map_or(1.0, |(confidence, _)| rounded(confidence)),
                evidence: found.map_or_else(|| "given".to_owned(), |(_, evidence)| evidence.to_string()),
                quantiles,
                beads,
            });
        }
        let mut passed_over = BTreeMap::new();
        for file in self.passed_over.iter().filter(|file| file.row.is_none()) {
            let ending = ending(file.id.as_ref()).map_or_else(String::new, |ending| format!(".{ending}"));
            *passed_over.entry(ending).or_default() += 1;
        }
        let total = Total {
            documents: documents.len(),
            pairs: paired.len(),
            bytes: documents.iter().map(|d| d.bytes).sum(),
            sentences: documents.iter().map(|d| d.sentences).sum(),
            failed: self.failed.count(),
            ..Total::of(tally)
        };
        Summary {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pair: format!("{}-{}", langs[0], langs[1]),
            documents,
            pairs: paired,
            bitexts: Vec::new(),
            failed: self.failed.told().to_vec(),
            passed_over,
            warnings: self.warnings,
            boilerplate: Vec::new(),
            learnt: 0,
            settings: settings.clone(),
            total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadingSettings, read_text};

    #[test]
    fn what_was_read_comes_back() {
        let text = "Қасым-Жомарт Тоқаев 2025 жылы 14 тамызда Алматыда 1203 мектепті аралады.";
        let reading = read_text("3/7.kk.txt", text.into(), None, &ReadingSettings::default());
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let mut fingerprinter = Fingerprinter::new(&lexicon);
        let about = About {
            date: Some("2025-08-14".to_owned()),
            ..About::default()
        };
        let figures = Figures::of(&reading.document);
        let print = fingerprinter.fingerprint(&reading.document, &figures, Side::Source, &about);
        let read = Read {
            summary: DocumentSummary {
                lang_confidence: 0.9876,
                url: Some("https://example.org".to_owned()),
                ..DocumentSummary::default()
            },
            digest: [7; 16],
            side: Some(1),
            print: Some(print),
            lines: line_keys(text),
        };
        assert!(!read.lines.is_empty());
        let without = Read {
            side: None,
            print: None,
            lines: Vec::new(),
            ..read.clone()
        };
        for read in [read, without] {
            let bytes = read.to_bytes();
            assert_eq!(Read::from_bytes(&bytes).as_ref(), Some(&read));
            for end in 0..bytes.len() {
                // Never a panic; one cut off before its fingerprint may be whole.
                assert_ne!(Read::from_bytes(&bytes[..end]).as_ref(), Some(&read));
            }
        }
    }
}
