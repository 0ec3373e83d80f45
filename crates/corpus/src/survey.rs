//! First pass of a run: what documents there are, and what pairing needs of them.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use qostil_align::Resources;
use qostil_lexicon::{Lexicon, Side};
use qostil_text::Lang;
use rayon::prelude::*;

use crate::duplicates::Duplicates;
use crate::filter::{Filter, FilterSettings};
use crate::run::{BATCH, Event, RunError, RunSettings, Watch};
use crate::summary::{DocumentSummary, Failure, PairSummary, PairedSummary, Summary, Tally, Total};
use crate::{
    Fingerprint, Fingerprinter, Pairing, Reading, Source, Stage, pair_documents, read_file, sources,
};

/// All documents, as far as pairing needs to know them.
pub(crate) struct Collection {
    pub(crate) entries: Vec<Entry>,
    pub(crate) failed: Vec<Failure>,
    /// Places in `entries` of documents of each side, and their fingerprints.
    pub(crate) sides: [(Vec<usize>, Vec<Fingerprint>); 2],
}

pub(crate) struct Entry {
    pub(crate) source: Source,
    pub(crate) summary: DocumentSummary,
    /// A hash of its text and language.
    pub(crate) digest: [u8; 16],
    /// Which side of the pair it is on.
    side: Option<usize>,
    /// The filter it fell to as a copy of one before.
    duplicate: Option<Filter>,
}

/// The two languages in column order.
pub(crate) fn ordered((a, b): (Lang, Lang)) -> [Lang; 2] {
    if b.column_order() < a.column_order() {
        [b, a]
    } else {
        [a, b]
    }
}

/// First pass: what is there, and what pairing needs of it.
pub(crate) fn survey(
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
    let fingerprinters = Pool::new(resources.lexicon);
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
                    fingerprinters.with(|one| one.fingerprint(&reading.document, side))
                });
                Ok((describe(&reading), side, print, digest(&reading)))
            })
            .collect();
        for (source, read) in batch.iter().zip(read) {
            let (summary, side, print, digest): (DocumentSummary, _, _, _) = match read {
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
                    (summary, None, None, [0; 16])
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
                digest,
                side,
                duplicate: None,
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

fn digest(reading: &Reading) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(reading.document.lang.code().as_bytes())
        .update(&[0])
        .update(reading.document.text.as_bytes());
    let mut digest = [0; 16];
    hasher.finalize_xof().fill(&mut digest);
    digest
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

    /// Takes documents out that are copies of one before.
    pub(crate) fn drop_duplicates(&mut self, settings: &FilterSettings) {
        for (places, prints) in &mut self.sides {
            let mut duplicates = Duplicates::new(settings);
            let found: Vec<_> = places
                .iter()
                .zip(prints.iter())
                .map(|(place, print)| duplicates.find(self.entries[*place].digest, print))
                .collect();
            for (place, filter) in places.iter().zip(&found) {
                self.entries[*place].duplicate = *filter;
            }
            let mut kept = found.iter().map(Option::is_none);
            places.retain(|_| kept.next().unwrap_or(true));
            let mut kept = found.iter().map(Option::is_none);
            prints.retain(|_| kept.next().unwrap_or(true));
        }
    }

    /// Which documents are translations of each other.
    pub(crate) fn pair(&self) -> Pairing {
        pair_documents(&self.sides[0].1, &self.sides[1].1)
    }

    /// Why a document goes into no pair.
    pub(crate) fn reason(&self, pairing: &Pairing) -> Vec<Option<(Stage, String)>> {
        let mut reasons: Vec<_> = self
            .entries
            .iter()
            .map(|entry| match (entry.side, &entry.summary.reason) {
                (_, Some(cause)) => Some((Stage::Read, cause.clone())),
                (None, None) if entry.summary.sentences == 0 => Some((Stage::Language, "empty".to_owned())),
                (None, None) => Some((Stage::Language, format!("language-{}", entry.summary.lang))),
                (Some(_), None) => entry
                    .duplicate
                    .map(|filter| (Stage::Filter, filter.name().to_owned())),
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

    /// What the run has done.
    pub(crate) fn summary(
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
