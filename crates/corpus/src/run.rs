//! Unattended runs: everything from files to bitext.
//!
//! Documents are read twice: once for what pairing needs of them (a fingerprint each), and again, pair by pair, to be aligned, which decides whether they
//! are a pair. So memory holds fingerprints of all and texts of few. In between a lexicon is learnt from the surest pairs.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use qostil_align::Resources;
use qostil_export::{AtomicFile, Columns, one_line};
use qostil_split::paragraphs;
use qostil_text::Lang;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::boilerplate::line_key;
use crate::done::Done;
use crate::failures::Failures;
use crate::filter::{FilterSettings, Sieve, Sifted};
use crate::job::{Job, Work, jobs};
use crate::journal::{Clock, Journal};
use crate::kept::DOCUMENTS;
use crate::learning::{lines_from_text, lines_to_text};
use crate::paired::Chunks;
use crate::partners::Partners;
use crate::rows::{LEFT_OUT_HEADER, Rows};
use crate::store::Key;
use crate::summary::{BitextSummary, Failure, PairSummary, Summary, Tally};
use crate::survey::{Collection, ordered, reading_ground, survey};
use crate::{Bitext, Boilerplate, BoilerplateSettings, Reading, ReadingSettings, Rule, SharedLine};

/// What a run is to do.
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent switches, as the command line has them"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// The pair of languages; they are put in the order kk, ru, en.
    pub pair: (Lang, Lang),
    /// How documents are read.
    pub reading: ReadingSettings,
    /// When a line that documents share is boilerplate.
    pub boilerplate: BoilerplateSettings,
    /// Whether to learn a lexicon from the collection before it is aligned, when there is enough to learn from.
    pub learn: bool,
    /// Whether to learn boilerplate and lexicon anew though an earlier run has.
    #[serde(skip)]
    pub relearn: bool,
    /// What is left out of the finished bitext.
    pub filters: FilterSettings,
    /// Whether the texts of `bitext.tsv` and `unaligned.tsv` are written with look-alike letters and invisible characters undone
    /// ([`qostil_text::mend`]); spans and all other files stay those of the documents.
    #[serde(default)]
    pub mend_letters: bool,
    /// Whether the first input that fails ends the run.
    pub fail_fast: bool,
    /// Whether a manifest may name files outside the folder it lies in, and a link in a folder lead out of it.
    pub allow_outside: bool,
    /// Files that the caller will write, besides those of the run: none of them may be read.
    #[serde(skip)]
    pub written: Vec<PathBuf>,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            pair: (Lang::Kazakh, Lang::English),
            reading: ReadingSettings::default(),
            boilerplate: BoilerplateSettings::default(),
            learn: true,
            relearn: false,
            filters: FilterSettings::default(),
            mend_letters: false,
            fail_fast: false,
            allow_outside: false,
            written: Vec::new(),
        }
    }
}

/// What happens while a run goes on, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Documents will be read: so many, and those that stand in manifests.
    Reading(usize),
    /// A document was read: its size in bytes.
    Read(usize),
    /// A document was read, or a piece of work done, by an earlier run.
    Known,
    /// An input could not be used, and why.
    Failed(&'a Failure),
    /// Something should be known though nothing failed.
    Warning(&'a str),
    /// A document holds no sentence, a file of sentence pairs no pair.
    Empty(&'a str),
    /// Boilerplate or lexicon, as an earlier run learnt them, are used though most documents are others: of so many that tell, so many are known.
    LearntElsewhere {
        /// Documents that are among those learnt from.
        known: usize,
        /// Documents that tell.
        of: usize,
    },
    /// Documents will be paired.
    Pairing,
    /// For that, so many pairs of documents will be aligned to see whether they are translations, besides those told of before.
    Comparing(usize),
    /// Two documents were compared: the size of both texts in bytes.
    Compared(usize),
    /// Pairs will be aligned to learn from them: so many.
    Learning(usize),
    /// Pairs that were not compared will be aligned, and documents that go into none accounted for: so many, with those that are done already.
    Aligning(usize),
    /// A pair was aligned: the size of both texts in bytes. 0 for a document that goes into no pair.
    Aligned(usize),
    /// Sentence pairs that are there already will be checked.
    Checking,
    /// Some of them were: their size in bytes.
    Checked(usize),
    /// The output is put in its place.
    Publishing,
    /// Nothing has changed since the output was published.
    Unchanged,
}

/// Watches a run; the library itself neither prints nor looks at a clock.
pub trait Watch: Sync {
    /// Something happened. Called from several threads.
    fn event(&self, event: Event<'_>);

    /// Whether to stop before the next document.
    fn stopped(&self) -> bool {
        false
    }
}

/// Watches nothing.
impl Watch for () {
    fn event(&self, _: Event<'_>) {}
}

/// Failures that one message tells of.
const TOLD: usize = 20;

/// Why a run ended without a result. Nothing was published then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// No input could be used.
    #[error("no input could be read: {}", .0.iter().take(TOLD).map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NothingRead(Vec<Failure>),
    /// An input failed and the run was to stop then.
    #[error("{0}")]
    FailedFast(Failure),
    /// Both sides are in one language, and nothing says on which side a document is.
    #[error(
        "{0}: where both sides are in one language nothing tells on which a document is: expected given pairs (a table with the columns `src` and `tgt` that hold paths) or bitext"
    )]
    NoSides(String),
    /// An input lies among the documents that the output folder keeps, and would be removed from there.
    #[error("{}: it lies in what the run itself writes: copy it elsewhere first", .0.display())]
    OwnOutput(PathBuf),
    /// A file that is read would be written over.
    #[error("{}: it is {}, which nothing is written over: write the result elsewhere", written.display(), linked.as_ref().map_or_else(|| "an input".to_owned(), |input| format!("a link to the input {}", input.display())))]
    WrittenOver {
        /// What it is called where it is written.
        written: PathBuf,
        /// Where it is, where that is a link to it.
        linked: Option<PathBuf>,
    },
    /// The output could not be written.
    #[error("cannot write {}: {cause}", path.display())]
    Output {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// Another run is writing there.
    #[error("another run is writing to {}", .0.display())]
    Locked(PathBuf),
    /// A file that an earlier run learnt was changed since.
    #[error("{} was changed since it was learnt: move it elsewhere, and what was learnt is put back, or learn again (--relearn); --lexicon takes a lexicon that was moved", .0.display())]
    Tampered(PathBuf),
    /// A document is no more what it was when it was first read.
    #[error("{document}: it changed while it was worked on: {cause}")]
    Changed {
        /// Its id.
        document: String,
        /// What was found in its place.
        cause: String,
    },
    /// The watcher said stop.
    #[error("interrupted")]
    Stopped,
}

impl RunError {
    /// Whether the same run may go on later with what it has done so far.
    fn may_go_on(&self) -> bool {
        matches!(self, Self::Stopped | Self::Output { .. } | Self::Changed { .. })
    }
}

/// Documents read at a time.
pub(crate) const BATCH: usize = 64;

/// Reads all documents of `inputs`, pairs and aligns them, and writes the output files into the folder `out`, which is
/// made if need be. The same bytes whatever the number of threads, and however often the run was killed and started again:
/// what is finished is kept in `OUTDIR/.qostil`, and only what is not there is done. With nothing changed, nothing is written.
///
/// # Errors
/// See [`RunError`]; a document that cannot be read is none, it is in the summary.
pub fn run(
    inputs: &[PathBuf],
    out: &Path,
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
) -> Result<Summary, RunError> {
    let mut journal = Journal::open(out)?;
    let done = anew_if_changed(inputs, settings, watch, || {
        run_once(inputs, out, settings, resources, watch, &mut journal)
    });
    // What may go on where it was keeps its journal; of all else no trace is left.
    if let Err(error) = &done
        && (!error.may_go_on() || journal.is_blank())
    {
        journal.abandon();
    }
    done
}

/// So often all inputs are looked at while they change.
const LOOKS: usize = 3;

/// What `work` comes to; from the beginning where a document changes meanwhile or is there no more, so that the outcome is of documents as they were at one time.
fn anew_if_changed(
    inputs: &[PathBuf],
    settings: &RunSettings,
    watch: &dyn Watch,
    mut work: impl FnMut() -> Result<Summary, RunError>,
) -> Result<Summary, RunError> {
    // Standard input is there once.
    let can_look_again = !settings.fail_fast && inputs.iter().all(|input| input.as_os_str() != "-");
    for _ in 1..LOOKS {
        match work() {
            Err(error @ RunError::Changed { .. }) if can_look_again => {
                watch.event(Event::Warning(&format!("{error}: all inputs are looked at anew")));
            }
            done => return done,
        }
    }
    work()
}

fn run_once(
    inputs: &[PathBuf],
    out: &Path,
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
    journal: &mut Journal,
) -> Result<Summary, RunError> {
    journal.begin(settings.relearn)?;
    let of_reading = reading_ground(settings, resources);
    let whole = ground(settings, resources, &of_reading);
    let lines = shared_lines(journal, settings, &whole)?;
    let counting = lines.is_none() && settings.reading.rules.contains(&Rule::Boilerplate);
    let kept = (&mut *journal, out);
    let mut collection = survey(inputs, settings, resources, watch, kept, &of_reading, counting)?;
    collection.drop_duplicates(&settings.filters);
    let mut reading = settings.reading.clone();
    let documents = collection.sample();
    let was_found = lines.as_ref().is_some_and(|lines| !lines.is_empty());
    let lines = match lines {
        Some(lines) => lines,
        None => {
            let lines = find_lines(&mut collection, settings, out)?;
            if !lines.is_empty() {
                journal.freeze(BOILERPLATE, &whole, lines_to_text(&lines), collection.sample());
            }
            lines
        }
    };
    reading.boilerplate = Boilerplate::new(lines.iter().map(|line| line.text.as_str()));
    let learnt = if settings.learn {
        journal.learnt(LEXICON, &whole)?
    } else {
        None
    };
    let ground = Ground::new(whole, &lines);
    let digest = collection.digest();
    let key = |learnt: &Option<String>, checked: &blake3::Hash| {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(ground.of_rows(learnt.as_deref()).as_bytes())
            .update(digest.as_bytes())
            .update(
                format!(
                    "{:?} {} {}",
                    settings.filters, settings.mend_letters, settings.learn
                )
                .as_bytes(),
            )
            .update(checked.as_bytes());
        hasher.finalize()
    };
    let of_rows = ground.of_rows(learnt.as_deref());
    if let Some(checked) = checked_before(&collection.bitexts, &of_rows, journal)
        && !journal.has_learnt()
        && journal.is_published(&key(&learnt, &checked), &FILES)
        && let Some(summary) = published(out)
    {
        // Those of sentence pairs come after those of documents, which were told of just now.
        let told = collection.failed.told().len();
        for failure in summary.failed.iter().skip(told) {
            collection.fail(failure.clone(), settings, watch)?;
        }
        journal.settle_kept(kept_ids(&summary))?;
        watch.event(Event::Unchanged);
        return Ok(summary);
    }

    let in_use = [(BOILERPLATE, was_found), (LEXICON, learnt.is_some())];
    let others = in_use
        .into_iter()
        .filter(|(_, is_used)| *is_used)
        .filter_map(|(name, _)| journal.learnt_from(name, &documents))
        .find(|(known, of)| known * 2 < *of);
    if let Some((known, of)) = others {
        watch.event(Event::LearntElsewhere { known, of });
    }
    watch.event(Event::Pairing);
    let langs = ordered(settings.pair);
    let prints = collection.take_fingerprints();
    let work = Work {
        collection: &collection,
        reading: &reading,
        resources: *resources,
        given: resources.lexicon,
        watch,
        out,
        ground: of_rows,
    };
    let partners = Partners::find(&work, &prints, (learnt, &ground), settings, journal, true)?;
    drop(prints);
    let work = partners.work(&work, &ground);
    let pairing = &partners.pairing;
    let reasons = collection.reason(pairing);
    let jobs = jobs(&collection, pairing, &reasons);
    watch.event(Event::Aligning(jobs.len()));
    let mut output = Output {
        files: Files::create(out, settings)?,
        sieve: Sieve::new(&settings.filters, langs, settings.mend_letters),
        tally: Tally::default(),
    };
    let (mut pairs, mut counted) = (Vec::new(), Vec::new());
    // the rows of one window are written while those of the next are made
    let mut rows: Vec<Rows> = Vec::new();
    for window in work.windows(&jobs) {
        if watch.stopped() {
            return Err(RunError::Stopped);
        }
        let (written, done) = rayon::join(|| output.append(&rows), || finish(&work, window, langs, journal));
        written?;
        rows.clear();
        for (job, done) in window.iter().zip(done?) {
            pairs.extend(done.pair.map(PairSummary::settled));
            counted.extend(job.places().zip(done.counted));
            rows.push(done.rows);
        }
    }
    output.append(&rows)?;
    let (resources, of_rows) = (partners.resources(resources), work.ground);
    let (bitexts, checked) = check(
        &mut collection,
        settings,
        &resources,
        &of_rows,
        watch,
        journal,
        &mut output,
    )?;
    let has_rows = bitexts
        .iter()
        .any(|bitext| bitext.beads != PairSummary::default());
    if !has_rows && !collection.has_documents() && collection.failed.count() > 0 {
        return Err(RunError::NothingRead(collection.failed.into_told()));
    }
    output.tally.filter_out(&output.sieve.counts);
    output.tally.mended = output.sieve.mended;
    output
        .files
        .append_failures(&mut collection.failed, &mut output.tally)?;
    let passed_over = collection.passed_over();
    output
        .files
        .append(std::slice::from_ref(&passed_over), &Sifted::default())?;
    output.tally.add(&passed_over.tally);
    collection.count(&counted);
    let summary = Summary {
        boilerplate: lines.iter().take(LINES_TOLD).cloned().collect(),
        learnt: partners.words,
        bitexts,
        ..collection.summary(pairing, pairs, &output.tally, settings)
    };
    let key = key(&partners.learnt, &checked);
    if !journal.has_learnt() && journal.is_published(&key, &FILES) {
        journal.settle_kept(kept_ids(&summary))?;
        watch.event(Event::Unchanged);
        return Ok(summary);
    }
    watch.event(Event::Publishing);
    journal.sync_kept()?;
    if partners.learnt.is_none() {
        journal.thaw(LEXICON);
    }
    if lines.is_empty() {
        journal.thaw(BOILERPLATE);
    }
    // All is written before anything is put in its place: the disk may be full.
    let learnt = journal.learnt_files()?;
    let files = output.files.whole(out, &summary)?;
    journal.begin_publishing(learnt)?;
    journal.settle_kept(kept_ids(&summary))?;
    files.into_iter().try_for_each(commit)?;
    journal.forget_others(kept_ids(&summary))?;
    journal.end_publishing(&key, &FILES)?;
    Ok(summary)
}

/// The documents whose texts are kept.
fn kept_ids(summary: &Summary) -> impl Iterator<Item = &str> {
    let kept = summary
        .documents
        .iter()
        .filter(|document| document.text.is_some());
    kept.map(|document| document.id.as_str())
}

/// What [`check`] gives for no sentence pairs.
const NOTHING_CHECKED: blake3::Hash = blake3::Hash::from_bytes([0; 32]);

/// What [`check`] gave when these files, which look as they did then, were last looked through; `None` when they have to be again.
fn checked_before(bitexts: &[Bitext], ground: &blake3::Hash, journal: &mut Journal) -> Option<blake3::Hash> {
    if bitexts.is_empty() {
        return Some(NOTHING_CHECKED);
    }
    let key = looks(bitexts, ground, journal.clock())?;
    let hash = journal.read.get(&key)?;
    blake3::Hash::from_slice(&hash).ok()
}

/// How files of sentence pairs look from outside, and all else that their rows depend on; `None` when nothing tells whether they have changed.
fn looks(bitexts: &[Bitext], ground: &blake3::Hash, clock: Clock) -> Option<Key> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"sentence pairs").update(ground.as_bytes());
    for bitext in bitexts {
        hasher.update(bitext.id.as_bytes()).update(&[0]);
        for path in [Some(&bitext.path), bitext.other.as_ref()].into_iter().flatten() {
            hasher
                .update(path.as_os_str().as_encoded_bytes())
                .update(&clock.stamp(path)?);
        }
    }
    let mut key = Key::default();
    hasher.finalize_xof().fill(&mut key);
    Some(key)
}

/// Scores sentence pairs that are there already; with their summaries a hash of what they hold. `ground` stands for all else that their rows
/// depend on.
fn check(
    collection: &mut Collection,
    settings: &RunSettings,
    resources: &Resources<'_>,
    ground: &blake3::Hash,
    watch: &dyn Watch,
    journal: &mut Journal,
    output: &mut Output,
) -> Result<(Vec<BitextSummary>, blake3::Hash), RunError> {
    let mut summaries = Vec::new();
    let found = std::mem::take(&mut collection.bitexts);
    if found.is_empty() {
        return Ok((summaries, NOTHING_CHECKED));
    }
    watch.event(Event::Checking);
    // Before they are read, so that a change meanwhile is noticed.
    let looks = looks(&found, ground, journal.clock());
    let mut all = blake3::Hasher::new();
    for bitext in found {
        all.update(bitext.id.as_bytes());
        let mut chunks = match Chunks::open(&bitext, ordered(settings.pair)) {
            Ok(chunks) => chunks,
            Err(failure) => {
                all.update(failure.to_string().as_bytes());
                collection.fail(failure, settings, watch)?;
                continue;
            }
        };
        let (mut beads, before) = (PairSummary::default(), collection.failed.count());
        while let Some(chunk) = chunks.next() {
            if watch.stopped() {
                return Err(RunError::Stopped);
            }
            let mut hasher = blake3::Hasher::new();
            hasher.update(ground.as_bytes()).update(chunk.digest.as_bytes());
            all.update(hasher.finalize().as_bytes());
            let mut key = Key::default();
            hasher.finalize_xof().fill(&mut key);
            let known = journal.done.get(&key).and_then(|bytes| Done::from_bytes(&bytes));
            let mut done = match known {
                Some(done) => done,
                None => {
                    let done = chunks.done(&chunk, &settings.reading, resources);
                    journal.remember(key, done.to_bytes())?;
                    done
                }
            };
            done.write(ordered(settings.pair))
                .map_err(|cause| journal.failed(io::Error::other(cause)))?;
            output.append(std::slice::from_ref(&done.rows))?;
            done.pair.iter().for_each(|pair| beads.add(pair));
            watch.event(Event::Checked(chunk.bytes));
            for failure in chunk.failed {
                all.update(failure.to_string().as_bytes());
                collection.fail(failure, settings, watch)?;
            }
        }
        if beads == PairSummary::default() && collection.failed.count() == before {
            watch.event(Event::Empty(&bitext.name));
        }
        summaries.push(BitextSummary {
            id: bitext.id,
            quantiles: beads.quantiles(),
            beads,
        });
    }
    let all = all.finalize();
    if let Some(looks) = looks {
        let kept = journal.read.put(looks, all.as_bytes());
        kept.map_err(|cause| journal.failed(cause))?;
    }
    Ok((summaries, all))
}

/// Rows on their way to the output files, with what there is to count.
struct Output {
    files: Files,
    sieve: Sieve,
    tally: Tally,
}

impl Output {
    fn append(&mut self, all: &[Rows]) -> Result<(), RunError> {
        let joined = |part: fn(&Rows) -> &[u8]| all.iter().map(part).collect::<Vec<_>>().concat();
        let sifted = self
            .sieve
            .sift(&joined(|rows| &rows.bitext), &joined(|rows| &rows.unaligned));
        self.files.append(all, &sifted)?;
        all.iter().for_each(|rows| self.tally.add(&rows.tally));
        Ok(())
    }
}

/// Lines of boilerplate that the summary names.
const LINES_TOLD: usize = 50;
/// Files of what was learnt from the collection.
const BOILERPLATE: &str = "boilerplate.tsv";
pub(crate) const LEXICON: &str = "lexicon.tsv";

/// The boilerplate that an earlier run found; `None` when it is to be found now.
fn shared_lines(
    journal: &Journal,
    settings: &RunSettings,
    ground: &blake3::Hash,
) -> Result<Option<Vec<SharedLine>>, RunError> {
    if !settings.reading.rules.contains(&Rule::Boilerplate) {
        return Ok(Some(Vec::new()));
    }
    let text = journal.learnt(BOILERPLATE, ground)?;
    Ok(text.map(|text| lines_from_text(&text)))
}

/// The boilerplate of a collection whose lines were counted.
///
/// # Errors
/// When a document has changed meanwhile.
fn find_lines(
    collection: &mut Collection,
    settings: &RunSettings,
    out: &Path,
) -> Result<Vec<SharedLine>, RunError> {
    let common = std::mem::take(&mut collection.lines).common(&settings.boilerplate);
    name_lines(common, |place| {
        let read = collection.read_again(place, out, &settings.reading)?;
        Ok(read.reading)
    })
}

/// The texts of lines that were counted by hash, from the first document of each.
fn name_lines(
    common: Vec<(u64, usize, usize)>,
    read: impl Fn(usize) -> Result<Reading, RunError>,
) -> Result<Vec<SharedLine>, RunError> {
    let mut by_document: BTreeMap<usize, FxHashMap<u64, usize>> = BTreeMap::new();
    for (key, documents, first) in common {
        by_document.entry(first).or_default().insert(key, documents);
    }
    let mut lines = Vec::new();
    for (place, mut wanted) in by_document {
        let reading = read(place)?;
        for line in paragraphs(&reading.document.text) {
            let text = line.of(&reading.document.text);
            if let Some(documents) = line_key(text).and_then(|key| wanted.remove(&key)) {
                lines.push(SharedLine {
                    documents,
                    text: one_line(text).into_owned(),
                });
            }
        }
    }
    lines.sort_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.text.cmp(&b.text)));
    Ok(lines)
}

/// Does the jobs that no earlier run has done, in parallel, remembers them, and makes the rows of all.
fn finish(
    work: &Work<'_>,
    jobs: &[Job<'_>],
    langs: [Lang; 2],
    journal: &mut Journal,
) -> Result<Vec<Done>, RunError> {
    let keys: Vec<Key> = jobs.iter().map(|job| work.key(*job)).collect();
    let mut known = keys.iter().map(|key| journal.done.get(key));
    let shares = work.shares(jobs).into_iter();
    let shares: Vec<(&[Job], Vec<_>)> = shares
        .map(|jobs| (jobs, known.by_ref().take(jobs.len()).collect()))
        .collect();
    let find = |(job, known): (&Job, Option<Vec<u8>>)| {
        if let Some(done) = known.and_then(|bytes| Done::from_bytes(&bytes)) {
            work.watch.event(Event::Known);
            return Ok((done, None));
        }
        let done = work.run(*job)?;
        let bytes = done.to_bytes();
        Ok((done, Some(bytes)))
    };
    let finish = |(jobs, known): (&[Job], Vec<Option<Vec<u8>>>)| {
        let found: Vec<Result<_, RunError>> = jobs.iter().zip(known).map(find).collect();
        found.into_iter().map(|found| {
            let (mut done, new) = found?;
            Ok((done.write(langs).map(|()| done), new))
        })
    };
    let done: Vec<Result<_, RunError>> = shares.into_par_iter().flat_map_iter(finish).collect();
    let mut all = Vec::with_capacity(done.len());
    for (key, done) in keys.into_iter().zip(done) {
        let (done, new) = done?;
        if let Some(bytes) = new {
            journal.remember(key, bytes)?;
        }
        all.push(done.map_err(|cause| journal.failed(io::Error::other(cause)))?);
    }
    Ok(all)
}

/// The summary of what stands in an output folder.
fn published(out: &Path) -> Option<Summary> {
    serde_json::from_slice(&fs::read(out.join(SUMMARY)).ok()?).ok()
}

/// The documents that are translations of each other among those of `inputs`, without writing anything: those that a first [`run`] would pair.
///
/// # Errors
/// As [`run`].
pub fn pair(
    inputs: &[PathBuf],
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
) -> Result<Summary, RunError> {
    anew_if_changed(inputs, settings, watch, || {
        pair_once(inputs, settings, resources, watch)
    })
}

fn pair_once(
    inputs: &[PathBuf],
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
) -> Result<Summary, RunError> {
    // Texts that are no files are kept there while they are compared.
    let folder = tempfile::tempdir().map_err(|cause| RunError::Output {
        path: PathBuf::from("a temporary folder"),
        cause,
    })?;
    let mut journal = Journal::open(folder.path())?;
    let kept = (&mut journal, folder.path());
    let counting = settings.reading.rules.contains(&Rule::Boilerplate);
    let of_reading = reading_ground(settings, resources);
    let mut collection = survey(inputs, settings, resources, watch, kept, &of_reading, counting)?;
    collection.drop_duplicates(&settings.filters);
    let lines = find_lines(&mut collection, settings, folder.path())?;
    let mut reading = settings.reading.clone();
    reading.boilerplate = Boilerplate::new(lines.iter().map(|line| line.text.as_str()));
    watch.event(Event::Pairing);
    let prints = collection.take_fingerprints();
    let ground = Ground::new(ground(settings, resources, &of_reading), &lines);
    let work = Work {
        collection: &collection,
        reading: &reading,
        resources: *resources,
        given: resources.lexicon,
        watch,
        out: folder.path(),
        ground: ground.of_rows(None),
    };
    let partners = Partners::find(&work, &prints, (None, &ground), settings, &mut journal, false)?;
    let pairing = &partners.pairing;
    for bitext in &collection.bitexts {
        let warning = format!("{}: it holds sentence pairs, not documents", bitext.name);
        watch.event(Event::Warning(&warning));
    }
    let pairs = vec![Default::default(); collection.pairs(pairing).count()];
    Ok(Summary {
        boilerplate: lines.into_iter().take(LINES_TOLD).collect(),
        learnt: partners.words,
        ..collection.summary(pairing, pairs, &Tally::default(), settings)
    })
}

/// A hash of the version, the settings and the resources: whatever the rows of every pair depend on. It takes what [`reading_ground`] gives in.
fn ground(settings: &RunSettings, resources: &Resources<'_>, of_reading: &blake3::Hash) -> blake3::Hash {
    blake3::Hasher::new()
        .update(of_reading.as_bytes())
        .update(format!("{:?} {:?}", settings.pair, settings.boilerplate).as_bytes())
        .update(resources.parameters.to_toml().as_bytes())
        .finalize()
}

/// What the rows of a run depend on besides its documents.
pub(crate) struct Ground {
    /// Version, settings and resources.
    pub(crate) whole: blake3::Hash,
    /// Boilerplate.
    lines: String,
}

impl Ground {
    fn new(whole: blake3::Hash, lines: &[SharedLine]) -> Self {
        Self {
            whole,
            lines: lines_to_text(lines),
        }
    }

    /// A hash of it all, with the lexicon that was learnt.
    pub(crate) fn of_rows(&self, learnt: Option<&str>) -> blake3::Hash {
        blake3::Hasher::new()
            .update(self.whole.as_bytes())
            .update(self.lines.as_bytes())
            .update(learnt.unwrap_or_default().as_bytes())
            .finalize()
    }
}

/// The output files while they are written.
struct Files {
    all: [AtomicFile; 4],
}

/// Names of the output files that hold rows.
const NAMES: [&str; 4] = ["bitext.tsv", "unaligned.tsv", "left-out.tsv", "alignments.jsonl"];
/// The name of the file that holds the summary.
const SUMMARY: &str = "summary.json";
/// All that a run writes whatever it learns.
const FILES: [&str; 5] = [NAMES[0], NAMES[1], NAMES[2], NAMES[3], SUMMARY];
/// Everything that stands in an output folder; `timings.json` and `settings.toml` are the command's.
pub const OUTPUTS: [&str; 10] = [
    NAMES[0],
    NAMES[1],
    NAMES[2],
    NAMES[3],
    SUMMARY,
    LEXICON,
    BOILERPLATE,
    "timings.json",
    "settings.toml",
    DOCUMENTS,
];

impl Files {
    fn create(out: &Path, settings: &RunSettings) -> Result<Self, RunError> {
        let create = |name: &str| {
            let path = out.join(name);
            AtomicFile::create(&path).map_err(|cause| RunError::Output { path, cause })
        };
        let mut all = [
            create(NAMES[0])?,
            create(NAMES[1])?,
            create(NAMES[2])?,
            create(NAMES[3])?,
        ];
        let langs = ordered(settings.pair);
        let header = Columns::of(langs[0], langs[1]).header();
        for (file, header) in all.iter_mut().zip([header.as_str(), &header, LEFT_OUT_HEADER]) {
            writeln!(file, "{header}").map_err(|cause| RunError::Output {
                path: file.path().to_owned(),
                cause,
            })?;
        }
        Ok(Self { all })
    }

    fn append(&mut self, all: &[Rows], sifted: &Sifted) -> Result<(), RunError> {
        let write = |file: &mut AtomicFile, part: &[u8]| {
            file.write_all(part).map_err(|cause| RunError::Output {
                path: file.path().to_owned(),
                cause,
            })
        };
        let [bitext, unaligned, left_out, alignments] = &mut self.all;
        write(bitext, &sifted.bitext)?;
        write(unaligned, &sifted.unaligned)?;
        for rows in all {
            write(left_out, &rows.left_out)?;
            write(alignments, &rows.alignments)?;
        }
        write(left_out, &sifted.left_out)
    }

    fn append_failures(&mut self, failures: &mut Failures, tally: &mut Tally) -> Result<(), RunError> {
        let [_, _, left_out, _] = &mut self.all;
        failures.write(left_out, tally).map_err(|cause| RunError::Output {
            path: left_out.path().to_owned(),
            cause,
        })
    }

    /// These files and the summary, with all that goes into them.
    fn whole(self, out: &Path, summary: &Summary) -> Result<Vec<AtomicFile>, RunError> {
        let path = out.join(SUMMARY);
        let failed = |cause: io::Error| RunError::Output {
            path: path.clone(),
            cause,
        };
        let mut file = AtomicFile::create(&path).map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, summary).map_err(|e| failed(e.into()))?;
        file.write_all(b"\n").map_err(failed)?;
        let mut all: Vec<AtomicFile> = self.all.into_iter().chain([file]).collect();
        for file in &mut all {
            file.flush().map_err(|cause| RunError::Output {
                path: file.path().to_owned(),
                cause,
            })?;
        }
        Ok(all)
    }
}

/// Puts a file in its place.
pub(crate) fn commit(file: AtomicFile) -> Result<(), RunError> {
    let path = file.path().to_owned();
    file.commit().map_err(|cause| RunError::Output { path, cause })
}
