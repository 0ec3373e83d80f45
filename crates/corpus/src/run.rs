//! Unattended runs: everything from files to bitext.
//!
//! Documents are read twice: once for what pairing needs of them (a fingerprint each), and again, pair by pair, to be aligned.
//! So memory holds fingerprints of all and texts of few.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use qostil_align::Resources;
use qostil_export::{AtomicFile, Columns};
use qostil_lexicon::Side;
use qostil_text::Lang;
use rayon::prelude::*;

use crate::rows::{LEFT_OUT_HEADER, Rows, pair_rows, single_rows, unreadable_row};
use crate::summary::{DocumentSummary, Failure, PairSummary, PairedSummary, Summary, Tally, Total};
use crate::{
    Fingerprint, Pairing, Reading, ReadingSettings, Source, Stage, fingerprint, pair_documents, read_file,
    sources,
};

/// What a run is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSettings {
    /// The pair of languages; they are put in the order kk, ru, en.
    pub pair: (Lang, Lang),
    /// How documents are read.
    pub reading: ReadingSettings,
    /// Whether the first input that fails ends the run.
    pub fail_fast: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            pair: (Lang::Kazakh, Lang::English),
            reading: ReadingSettings::default(),
            fail_fast: false,
        }
    }
}

/// What happens while a run goes on, for whoever watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Documents will be read: so many.
    Reading(usize),
    /// A document was read: its size in bytes.
    Read(usize),
    /// An input could not be used, and why.
    Failed(&'a str, &'a str),
    /// A document holds no sentence.
    Empty(&'a str),
    /// Documents will be paired.
    Pairing,
    /// Pairs will be aligned: so many.
    Aligning(usize),
    /// A pair was aligned: the size of both texts in bytes.
    Aligned(usize),
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

/// Why a run ended without a result. Nothing was published then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// No input could be used.
    #[error("no input could be read: {}", .0.iter().map(|f| format!("{}: {}", f.input, f.cause)).collect::<Vec<_>>().join("; "))]
    NothingRead(Vec<Failure>),
    /// An input failed and the run was to stop then.
    #[error("{}: {}", .0.input, .0.cause)]
    FailedFast(Failure),
    /// The output could not be written.
    #[error("cannot write {}: {cause}", path.display())]
    Output {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// The watcher said stop.
    #[error("interrupted")]
    Stopped,
}

/// Documents read or aligned before their rows are written.
const BATCH: usize = 64;

/// Reads all documents of `inputs`, pairs and aligns them, and writes the output files into the folder `out`, which is
/// made if need be. The same bytes whatever the number of threads.
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
    let collection = survey(inputs, settings, resources, watch)?;
    watch.event(Event::Pairing);
    let pairing = collection.pair();
    fs::create_dir_all(out).map_err(|cause| RunError::Output {
        path: out.to_owned(),
        cause,
    })?;
    let mut files = Files::create(out, settings)?;
    let (tally, pairs) = align_all(&collection, &pairing, settings, resources, watch, &mut files)?;
    let summary = collection.summary(&pairing, pairs, &tally, settings);
    watch.event(Event::Publishing);
    files.publish(out, &summary)?;
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
    let collection = survey(inputs, settings, resources, watch)?;
    watch.event(Event::Pairing);
    let pairing = collection.pair();
    let pairs = vec![PairSummary::default(); pairing.pairs.len()];
    Ok(collection.summary(&pairing, pairs, &Tally::default(), settings))
}

/// All documents, as far as pairing needs to know them.
struct Collection {
    entries: Vec<Entry>,
    failed: Vec<Failure>,
    /// Places in `entries` of documents of each side, and their fingerprints.
    sides: [(Vec<usize>, Vec<Fingerprint>); 2],
}

struct Entry {
    source: Source,
    summary: DocumentSummary,
    /// Which side of the pair it is on.
    side: Option<usize>,
}

/// The two languages in column order.
fn ordered((a, b): (Lang, Lang)) -> [Lang; 2] {
    if b.column_order() < a.column_order() {
        [b, a]
    } else {
        [a, b]
    }
}

/// First pass: what is there, and what pairing needs of it.
fn survey(
    inputs: &[PathBuf],
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
) -> Result<Collection, RunError> {
    let (found, not_found) = sources(inputs);
    let failed = not_found.into_iter().map(|e| Failure {
        input: e.path.display().to_string(),
        cause: e.cause.to_string(),
    });
    let mut collection = Collection {
        entries: Vec::new(),
        failed: Vec::new(),
        sides: Default::default(),
    };
    for failure in failed {
        collection.fail(failure, settings, watch)?;
    }
    watch.event(Event::Reading(found.len()));
    let langs = ordered(settings.pair);
    for batch in found.chunks(BATCH) {
        if watch.stopped() {
            return Err(RunError::Stopped);
        }
        let read: Vec<_> = batch
            .par_iter()
            .map(|source| {
                let reading = read_file(&source.path, &source.id, &settings.reading)?;
                watch.event(Event::Read(reading.document.text.len()));
                let side = langs.iter().position(|lang| *lang == reading.document.lang);
                let print = side.map(|side| {
                    let side = if side == 0 { Side::Source } else { Side::Target };
                    fingerprint(&reading.document, side, resources.lexicon)
                });
                Ok((describe(&reading), side, print))
            })
            .collect();
        for (source, read) in batch.iter().zip(read) {
            let (summary, side, print): (DocumentSummary, _, _) = match read {
                Ok(read) => read,
                Err(error) => {
                    let error: crate::ReadError = error;
                    let cause = error.to_string();
                    collection.fail(
                        Failure {
                            input: source.path.display().to_string(),
                            cause: cause.clone(),
                        },
                        settings,
                        watch,
                    )?;
                    let summary = DocumentSummary {
                        id: source.id.clone(),
                        reason: Some(cause),
                        ..DocumentSummary::default()
                    };
                    (summary, None, None)
                }
            };
            if summary.reason.is_none() && summary.sentences == 0 {
                watch.event(Event::Empty(&source.id));
            }
            if let (Some(side), Some(print)) = (side, print) {
                collection.sides[side].0.push(collection.entries.len());
                collection.sides[side].1.push(print);
            }
            collection.entries.push(Entry {
                source: source.clone(),
                summary,
                side,
            });
        }
    }
    let readable = collection
        .entries
        .iter()
        .any(|entry| entry.summary.reason.is_none());
    if !readable && !collection.failed.is_empty() {
        return Err(RunError::NothingRead(collection.failed));
    }
    Ok(collection)
}

fn describe(reading: &Reading) -> DocumentSummary {
    let mut summary = DocumentSummary {
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

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

impl Collection {
    fn fail(&mut self, failure: Failure, settings: &RunSettings, watch: &dyn Watch) -> Result<(), RunError> {
        watch.event(Event::Failed(&failure.input, &failure.cause));
        if settings.fail_fast {
            return Err(RunError::FailedFast(failure));
        }
        self.failed.push(failure);
        Ok(())
    }

    fn pair(&self) -> Pairing {
        pair_documents(&self.sides[0].1, &self.sides[1].1)
    }

    /// Why a document goes into no pair.
    fn reason(&self, pairing: &Pairing) -> Vec<Option<(Stage, String)>> {
        let mut reasons: Vec<_> = self
            .entries
            .iter()
            .map(|entry| match (entry.side, &entry.summary.reason) {
                (_, Some(cause)) => Some((Stage::Read, cause.clone())),
                (None, None) if entry.summary.sentences == 0 => Some((Stage::Language, "empty".to_owned())),
                (None, None) => Some((Stage::Language, format!("language-{}", entry.summary.lang))),
                (Some(_), None) => None,
            })
            .collect();
        let unpaired = [&pairing.src_unpaired, &pairing.tgt_unpaired];
        for ((places, _), unpaired) in self.sides.iter().zip(unpaired) {
            for (place, why) in places.iter().zip(unpaired) {
                reasons[*place] = why.map(|why| (Stage::Pair, why.name().to_owned()));
            }
        }
        reasons
    }

    fn summary(
        &self,
        pairing: &Pairing,
        pairs: Vec<PairSummary>,
        tally: &Tally,
        settings: &RunSettings,
    ) -> Summary {
        let langs = ordered(settings.pair);
        let mut documents: Vec<DocumentSummary> =
            self.entries.iter().map(|entry| entry.summary.clone()).collect();
        for (document, reason) in documents.iter_mut().zip(self.reason(pairing)) {
            document.reason = reason.map(|(_, reason)| reason);
        }
        let mut paired = Vec::with_capacity(pairs.len());
        for (pair, beads) in pairing.pairs.iter().zip(pairs) {
            let (src, tgt) = (self.sides[0].0[pair.src], self.sides[1].0[pair.tgt]);
            documents[src].partner = Some(self.entries[tgt].source.id.clone());
            documents[tgt].partner = Some(self.entries[src].source.id.clone());
            paired.push(PairedSummary {
                src: self.entries[src].source.id.clone(),
                tgt: self.entries[tgt].source.id.clone(),
                confidence: rounded(pair.confidence),
                evidence: pair.evidence.to_string(),
                quantiles: beads.quantiles(),
                beads,
            });
        }
        let total = Total {
            documents: documents.len(),
            pairs: paired.len(),
            bytes: documents.iter().map(|d| d.bytes).sum(),
            sentences: documents.iter().map(|d| d.sentences).sum(),
            ..Total::of(tally)
        };
        Summary {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pair: format!("{}-{}", langs[0], langs[1]),
            documents,
            pairs: paired,
            failed: self.failed.clone(),
            total,
        }
    }
}

/// Second pass: aligns the pairs, then accounts for the documents without one.
fn align_all(
    collection: &Collection,
    pairing: &Pairing,
    settings: &RunSettings,
    resources: &Resources<'_>,
    watch: &dyn Watch,
    files: &mut Files,
) -> Result<(Tally, Vec<PairSummary>), RunError> {
    let read = |place: usize| {
        let source = &collection.entries[place].source;
        read_file(&source.path, &source.id, &settings.reading)
            .map_err(|cause| (source.id.clone(), cause.to_string()))
    };
    let mut tally = Tally::default();
    let mut summaries = Vec::with_capacity(pairing.pairs.len());
    watch.event(Event::Aligning(pairing.pairs.len()));
    for batch in pairing.pairs.chunks(BATCH) {
        if watch.stopped() {
            return Err(RunError::Stopped);
        }
        let made: Vec<_> = batch
            .par_iter()
            .map(|pair| {
                let (src, tgt) = (collection.sides[0].0[pair.src], collection.sides[1].0[pair.tgt]);
                match (read(src), read(tgt)) {
                    (Ok(src), Ok(tgt)) => {
                        let made = pair_rows(&src, &tgt, resources);
                        watch.event(Event::Aligned(src.document.text.len() + tgt.document.text.len()));
                        made.unwrap_or_default()
                    }
                    // It was readable a moment ago; that it changed since is said in the place of its text.
                    (Err((id, cause)), _) | (_, Err((id, cause))) => {
                        (unreadable_row(&id, &cause), PairSummary::default())
                    }
                }
            })
            .collect();
        for (rows, summary) in made {
            tally.add(&rows.tally);
            files.append(&rows)?;
            summaries.push(summary);
        }
    }
    let reasons = collection.reason(pairing);
    let alone: Vec<(usize, &(Stage, String))> = reasons
        .iter()
        .enumerate()
        .filter_map(|(place, reason)| Some((place, reason.as_ref()?)))
        .collect();
    for batch in alone.chunks(BATCH) {
        if watch.stopped() {
            return Err(RunError::Stopped);
        }
        let made: Vec<Rows> = batch
            .par_iter()
            .map(|(place, (stage, reason))| match (stage, read(*place)) {
                (Stage::Read, _) => unreadable_row(&collection.entries[*place].source.id, reason),
                (_, Err((id, cause))) => unreadable_row(&id, &cause),
                (_, Ok(reading)) => single_rows(&reading, *stage, reason),
            })
            .collect();
        for rows in made {
            tally.add(&rows.tally);
            files.append(&rows)?;
        }
    }
    Ok((tally, summaries))
}

/// The output files while they are written.
struct Files {
    all: [AtomicFile; 4],
}

/// Names of the output files that hold rows.
const NAMES: [&str; 4] = ["bitext.tsv", "unaligned.tsv", "left-out.tsv", "alignments.jsonl"];

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
        for (file, header) in all.iter_mut().zip([&header, &header, LEFT_OUT_HEADER]) {
            writeln!(file, "{header}").map_err(|cause| RunError::Output {
                path: file.path().to_owned(),
                cause,
            })?;
        }
        Ok(Self { all })
    }

    fn append(&mut self, rows: &Rows) -> Result<(), RunError> {
        let parts = [&rows.bitext, &rows.unaligned, &rows.left_out, &rows.alignments];
        for (file, part) in self.all.iter_mut().zip(parts) {
            file.write_all(part).map_err(|cause| RunError::Output {
                path: file.path().to_owned(),
                cause,
            })?;
        }
        Ok(())
    }

    fn publish(self, out: &Path, summary: &Summary) -> Result<(), RunError> {
        let path = out.join("summary.json");
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
