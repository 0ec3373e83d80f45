//! Unattended runs: everything from files to bitext.
//!
//! Documents are read twice: once for what pairing needs of them (a fingerprint each), and again, pair by pair, to be aligned.
//! So memory holds fingerprints of all and texts of few.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use qostil_align::Resources;
use qostil_export::{AtomicFile, Columns};
use qostil_text::Lang;
use rayon::prelude::*;

use crate::filter::{FilterSettings, Sieve, Sifted};
use crate::journal::{Journal, Part};
use crate::kept::{DOCUMENTS, full, kept, kept_path};
use crate::paired::Chunks;
use crate::rows::{LEFT_OUT_HEADER, Rows, pair_rows, single_rows, unread_row};
use crate::summary::{BitextSummary, Failure, PairSummary, Summary, Tally};
use crate::survey::{Collection, ordered, survey};
use crate::{Pairing, ReadError, Reading, ReadingSettings, Stage, read_file, read_text};

/// What a run is to do.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSettings {
    /// The pair of languages; they are put in the order kk, ru, en.
    pub pair: (Lang, Lang),
    /// How documents are read.
    pub reading: ReadingSettings,
    /// What is left out of the finished bitext.
    pub filters: FilterSettings,
    /// Whether the first input that fails ends the run.
    pub fail_fast: bool,
    /// Whether a manifest may name files outside the folder it lies in.
    pub allow_outside: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            pair: (Lang::Kazakh, Lang::English),
            reading: ReadingSettings::default(),
            filters: FilterSettings::default(),
            fail_fast: false,
            allow_outside: false,
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
    /// An input could not be used, and why.
    Failed(&'a Failure),
    /// Something should be known though nothing failed.
    Warning(&'a str),
    /// A document holds no sentence.
    Empty(&'a str),
    /// Documents will be paired.
    Pairing,
    /// Pairs will be aligned: so many.
    Aligning(usize),
    /// A pair was aligned: the size of both texts in bytes.
    Aligned(usize),
    /// Sentence pairs that are there already will be checked.
    Checking,
    /// Some of them were: their size in bytes.
    Checked(usize),
    /// The output is put in its place.
    Publishing,
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
    /// The watcher said stop.
    #[error("interrupted")]
    Stopped,
}

/// Documents read at a time.
pub(crate) const BATCH: usize = 64;

/// Reads all documents of `inputs`, pairs and aligns them, and writes the output files into the folder `out`, which is
/// made if need be. The same bytes whatever the number of threads, and however often the run was killed and started again:
/// finished batches are kept in `OUTDIR/.qostil`, and only what is not there is done. With nothing changed, nothing is written.
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
    // Nothing is written before there is something to write: where no input can be read no folder is made.
    let mut journal: Option<Journal> = None;
    let mut keeper = |texts: Vec<(&str, String)>| {
        if texts.is_empty() {
            return Ok(());
        }
        if journal.is_none() {
            journal = Some(Journal::open(out)?);
        }
        let Some(journal) = &journal else { return Ok(()) };
        texts.par_iter().try_for_each(|(id, text)| {
            let path = full(out, &kept_path(id));
            journal
                .keep(id, text)
                .map_err(|cause| RunError::Output { path, cause })
        })
    };
    let mut collection = survey(inputs, settings, resources, watch, &mut keeper)?;
    collection.drop_duplicates(&settings.filters);
    watch.event(Event::Pairing);
    let pairing = collection.pair();
    let reasons = collection.reason(&pairing);
    let mut journal = match journal {
        Some(journal) => journal,
        None => Journal::open(out)?,
    };
    let ground = ground(settings, resources);
    let work = Work {
        collection: &collection,
        settings,
        resources,
        watch,
        out,
        ground,
    };
    watch.event(Event::Aligning(collection.pairs(&pairing).count()));
    let batches = work.batches(&pairing, &reasons);
    let (mut tally, mut pairs, mut all) = (Tally::default(), Vec::new(), blake3::Hasher::new());
    let mut files = Files::create(out, settings)?;
    let mut sieve = Sieve::new(&settings.filters, ordered(settings.pair));
    for batch in &batches {
        if watch.stopped() {
            return Err(RunError::Stopped);
        }
        let part = match journal.load(&batch.key) {
            Some(part) => part,
            None => {
                let part = work.part(batch);
                journal.store(&batch.key, &part)?;
                part
            }
        };
        all.update(batch.key.as_bytes());
        files.append(&part.rows, &sieve.sift(&part.rows.bitext))?;
        tally.add(&part.rows.tally);
        pairs.extend(part.pairs);
    }
    let mut bitexts = Vec::new();
    if !collection.bitexts.is_empty() {
        watch.event(Event::Checking);
    }
    let _spooled = std::mem::take(&mut collection.spooled);
    for bitext in std::mem::take(&mut collection.bitexts) {
        let mut chunks = match Chunks::open(&bitext, ordered(settings.pair)) {
            Ok(chunks) => chunks,
            Err(failure) => {
                collection.fail(failure, settings, watch)?;
                continue;
            }
        };
        let mut beads = PairSummary::default();
        while let Some(chunk) = chunks.next() {
            if watch.stopped() {
                return Err(RunError::Stopped);
            }
            let mut hasher = blake3::Hasher::new();
            let key = hasher.update(ground.as_bytes()).update(chunk.digest.as_bytes());
            let key = key.finalize().to_hex()[..32].to_owned();
            let part = match journal.load(&key) {
                Some(part) => part,
                None => {
                    let (rows, beads) = chunks.rows(&chunk, &settings.reading);
                    let mut part = Part::default();
                    part.push(&rows, Some(beads));
                    journal.store(&key, &part)?;
                    part
                }
            };
            all.update(key.as_bytes());
            files.append(&part.rows, &sieve.sift(&part.rows.bitext))?;
            tally.add(&part.rows.tally);
            part.pairs.iter().for_each(|pair| beads.add(pair));
            watch.event(Event::Checked(chunk.bytes));
            for failure in chunk.failed {
                collection.fail(failure, settings, watch)?;
            }
        }
        bitexts.push(BitextSummary {
            id: bitext.id,
            quantiles: beads.quantiles(),
            beads,
        });
    }
    tally.filter_out(&sieve.counts);
    let unread = collection.unread();
    files.append(&unread, &Sifted::default())?;
    tally.add(&unread.tally);
    let summary = Summary {
        bitexts,
        ..collection.summary(&pairing, pairs, &tally, settings)
    };
    all.update(format!("{:?}", settings.filters).as_bytes());
    all.update(&serde_json::to_vec(&summary).unwrap_or_default());
    let key = all.finalize().to_hex();
    let is_whole = || {
        NAMES
            .iter()
            .chain([&SUMMARY])
            .all(|name| out.join(name).is_file())
    };
    if !(journal.is_published(&key) && is_whole()) {
        watch.event(Event::Publishing);
        journal.begin_publishing()?;
        files.publish(out, &summary)?;
        journal.forget_others(collection.kept())?;
        journal.end_publishing(&key)?;
    }
    Ok(summary)
}

/// The documents that are translations of each other among those of `inputs`, without aligning them.
///
/// # Errors
/// As [`run`].
pub fn pair(
    inputs: &[PathBuf],
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
) -> Result<Summary, RunError> {
    let mut collection = survey(inputs, settings, resources, watch, &mut |_| Ok(()))?;
    collection.drop_duplicates(&settings.filters);
    watch.event(Event::Pairing);
    let pairing = collection.pair();
    for bitext in &collection.bitexts {
        let warning = format!("{}: it holds sentence pairs, not documents", bitext.name);
        watch.event(Event::Warning(&warning));
    }
    let pairs = vec![PairSummary::default(); collection.pairs(&pairing).count()];
    Ok(collection.summary(&pairing, pairs, &Tally::default(), settings))
}

/// A piece of work: a pair of documents by their places among the pairs, or a document that goes into no pair.
#[derive(Clone, Copy)]
enum Job<'a> {
    Pair {
        src: usize,
        tgt: usize,
    },
    Alone {
        place: usize,
        stage: Stage,
        reason: &'a str,
    },
}

/// A batch ends at a job whose hash says so, on average after this many: documents that are added later change the
/// batches they fall into and no others.
const JOBS: u8 = 64;
/// A batch never holds more.
const MOST_JOBS: usize = 4 * JOBS as usize;

/// Second pass: everything that a run does once it knows which documents are pairs.
struct Work<'a> {
    collection: &'a Collection,
    settings: &'a RunSettings,
    resources: &'a Resources<'a>,
    watch: &'a dyn Watch,
    out: &'a Path,
    /// A hash of all that every row depends on.
    ground: blake3::Hash,
}

/// Jobs of one batch and the key of its part.
struct Batch<'a> {
    key: String,
    jobs: Vec<Job<'a>>,
}

impl<'a> Work<'a> {
    /// The batches, pairs first, each in input order.
    fn batches(&self, pairing: &Pairing, reasons: &'a [Option<(Stage, String)>]) -> Vec<Batch<'a>> {
        let pairs = self
            .collection
            .pairs(pairing)
            .map(|([src, tgt], _)| Job::Pair { src, tgt });
        let alone = reasons.iter().enumerate().filter_map(|(place, why)| {
            // What was never read has no text to account for.
            let (stage, reason) = why.as_ref().filter(|(stage, _)| *stage != Stage::Read)?;
            Some(Job::Alone {
                place,
                stage: *stage,
                reason,
            })
        });
        [pairs.collect::<Vec<_>>(), alone.collect()]
            .iter()
            .flat_map(|jobs| self.cut(jobs))
            .collect()
    }

    fn cut(&self, jobs: &[Job<'a>]) -> Vec<Batch<'a>> {
        let mut batches = Vec::new();
        let mut open: Vec<Job> = Vec::new();
        let mut hasher = blake3::Hasher::new();
        for (number, job) in jobs.iter().enumerate() {
            let digest = self.digest(*job);
            hasher.update(digest.as_bytes());
            open.push(*job);
            if digest.as_bytes()[0].is_multiple_of(JOBS)
                || open.len() == MOST_JOBS
                || number + 1 == jobs.len()
            {
                hasher.update(self.ground.as_bytes());
                let key = hasher.finalize().to_hex()[..32].to_owned();
                batches.push(Batch {
                    key,
                    jobs: std::mem::take(&mut open),
                });
                hasher.reset();
            }
        }
        batches
    }

    /// A hash of what the rows of one job depend on.
    fn digest(&self, job: Job) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let (places, why) = match job {
            Job::Pair { src, tgt } => (vec![src, tgt], (Stage::Pair, "")),
            Job::Alone { place, stage, reason } => (vec![place], (stage, reason)),
        };
        for entry in places
            .into_iter()
            .filter_map(|place| self.collection.entries.get(place))
        {
            hasher
                .update(entry.id.as_bytes())
                .update(&[0])
                .update(&entry.digest);
        }
        hasher
            .update(why.0.name().as_bytes())
            .update(&[0])
            .update(why.1.as_bytes())
            .finalize()
    }

    /// Does the jobs of a batch, in parallel; the part holds them in order.
    fn part(&self, batch: &Batch) -> Part {
        let made: Vec<_> = batch.jobs.par_iter().map(|job| self.rows(*job)).collect();
        let mut part = Part::default();
        for (rows, pair) in made {
            part.push(&rows, pair);
        }
        part
    }

    fn rows(&self, job: Job) -> (Rows, Option<PairSummary>) {
        match job {
            Job::Pair { src, tgt } => match (self.read(src), self.read(tgt)) {
                (Ok(src), Ok(tgt)) => {
                    let made = pair_rows(&src, &tgt, self.resources).unwrap_or_default();
                    self.watch
                        .event(Event::Aligned(src.document.text.len() + tgt.document.text.len()));
                    (made.0, Some(made.1))
                }
                // It was readable a moment ago; that it changed since is said in the place of its text.
                (Err((id, cause)), _) | (_, Err((id, cause))) => (
                    unread_row("unreadable", &id, &cause),
                    Some(PairSummary::default()),
                ),
            },
            Job::Alone { place, stage, reason } => match self.read(place) {
                Ok(reading) => (single_rows(&reading, stage, reason), None),
                Err((id, cause)) => (unread_row("unreadable", &id, &cause), None),
            },
        }
    }

    fn read(&self, place: usize) -> Result<Reading, (String, String)> {
        let entry = &self.collection.entries[place];
        let settings = &self.settings.reading;
        let reading = match &entry.path {
            Some(path) => read_file(path, &entry.id, entry.lang, settings),
            None => kept(self.out, &entry.id)
                .map(|text| read_text(&entry.id, text, entry.lang, settings))
                .map_err(ReadError::from),
        };
        reading.map_err(|cause| (entry.id.clone(), cause.to_string()))
    }
}

/// A hash of the version, the settings and the resources: whatever the rows of every pair depend on.
fn ground(settings: &RunSettings, resources: &Resources<'_>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(format!("{:?} {:?}", settings.pair, settings.reading).as_bytes());
    hasher.update(resources.parameters.to_toml().as_bytes());
    for table in resources.lexicon.tables() {
        hasher.update(table.as_bytes());
    }
    hasher.finalize()
}

/// The output files while they are written.
struct Files {
    all: [AtomicFile; 4],
}

/// Names of the output files that hold rows.
const NAMES: [&str; 4] = ["bitext.tsv", "unaligned.tsv", "left-out.tsv", "alignments.jsonl"];
/// The name of the file that holds the summary.
const SUMMARY: &str = "summary.json";
/// Everything that stands in an output folder; `timings.json` is the command's.
pub(crate) const OUTPUTS: [&str; 7] = [
    NAMES[0],
    NAMES[1],
    NAMES[2],
    NAMES[3],
    SUMMARY,
    "timings.json",
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

    fn append(&mut self, rows: &Rows, sifted: &Sifted) -> Result<(), RunError> {
        let left_out = [rows.left_out.as_slice(), &sifted.left_out].concat();
        let parts = [&sifted.bitext, &rows.unaligned, &left_out, &rows.alignments];
        for (file, part) in self.all.iter_mut().zip(parts) {
            file.write_all(part).map_err(|cause| RunError::Output {
                path: file.path().to_owned(),
                cause,
            })?;
        }
        Ok(())
    }

    fn publish(self, out: &Path, summary: &Summary) -> Result<(), RunError> {
        let path = out.join(SUMMARY);
        let failed = |cause: io::Error| RunError::Output {
            path: path.clone(),
            cause,
        };
        let mut file = AtomicFile::create(&path).map_err(failed)?;
        serde_json::to_writer_pretty(&mut file, summary).map_err(|e| failed(e.into()))?;
        file.write_all(b"\n").map_err(failed)?;
        for part in self.all {
            let path = part.path().to_owned();
            part.commit().map_err(|cause| RunError::Output { path, cause })?;
        }
        file.commit().map_err(failed)
    }
}
