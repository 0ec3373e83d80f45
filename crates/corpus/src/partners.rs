//! The middle of a run: which documents of a collection are translations of each other, and what their translation comes to. Documents that may be are aligned
//! once, with what the surest of them taught before: the alignment that shows whether they are is the one whose rows are kept.

use std::cell::LazyCell;
use std::sync::{Mutex, MutexGuard, PoisonError};

use qostil_align::Resources;
use qostil_bitext::Bead;
use qostil_lexicon::Lexicon;
use rayon::prelude::*;

use crate::comparison::comparison;
use crate::done::Done;
use crate::job::{Job, Read, Work};
use crate::journal::Journal;
use crate::learning::{LEARN_FROM, LEARN_MOST, Lesson, learn_lexicon, with_learnt};
use crate::pairing::{Shortlist, is_accepted, is_hopeless};
use crate::run::{Event, Ground, LEXICON, RunError};
use crate::store::Key;
use crate::survey::ordered;
use crate::{Compare, Comparison, Fingerprint, Pairing, RunSettings};

/// The documents that are translations of each other, and what was learnt to find them.
pub(crate) struct Partners {
    pub(crate) pairing: Pairing,
    /// As `lexicon.tsv` holds it; `None` where there was too little to learn from, or nothing was to be learnt.
    pub(crate) learnt: Option<String>,
    /// The pairs of words in it.
    pub(crate) words: usize,
    /// The lexicon with them.
    lexicon: Lexicon,
}

impl Partners {
    /// Finds them by the fingerprints of either side, with what was learnt before if it was, else with what the surest pairs teach, which the journal
    /// freezes. Where `rows` are wanted the journal remembers those of documents that may become pairs.
    ///
    /// # Errors
    /// When the watcher says stop, or the journal cannot be written.
    pub(crate) fn find(
        work: &Work<'_>,
        prints: &[Vec<Fingerprint>; 2],
        (learnt, ground): (Option<String>, &Ground),
        settings: &RunSettings,
        journal: &mut Journal,
        rows: bool,
    ) -> Result<Self, RunError> {
        let shortlist = Shortlist::new(&prints[0], &prints[1]);
        let learnt = match learnt {
            None if settings.learn => {
                let learnt = learn_from(work, &shortlist, settings)?;
                if let Some(text) = &learnt {
                    journal.freeze(LEXICON, &ground.whole, text, work.collection.sample())?;
                }
                learnt
            }
            known => known,
        };
        let (lexicon, words) = match &learnt {
            Some(text) => with_learnt(work.given, text, ordered(settings.pair)),
            None => (work.given.clone(), 0),
        };
        let mut found = Self {
            pairing: Pairing::default(),
            learnt,
            words,
            lexicon,
        };
        found.pairing = pair(&found.work(work, ground), shortlist, journal, rows)?;
        Ok(found)
    }

    /// Resources with what was learnt.
    pub(crate) fn resources<'w>(&'w self, given: &Resources<'w>) -> Resources<'w> {
        Resources {
            lexicon: &self.lexicon,
            ..*given
        }
    }

    /// The work with what was learnt.
    pub(crate) fn work<'w>(&'w self, work: &Work<'w>, ground: &Ground) -> Work<'w> {
        Work {
            resources: self.resources(&work.resources),
            ground: ground.of_rows(self.learnt.as_deref()),
            ..*work
        }
    }
}

/// The lexicon that the surest pairs of documents teach, as `lexicon.tsv` holds it; `None` where there is too little to learn from.
///
/// # Errors
/// When the watcher says stop.
fn learn_from(
    work: &Work<'_>,
    shortlist: &Shortlist<'_>,
    settings: &RunSettings,
) -> Result<Option<String>, RunError> {
    let sample = sample(work, shortlist);
    // Each pair of sentences needs two.
    if sample.iter().map(|job| work.sentences(*job)).sum::<usize>() < 2 * LEARN_FROM {
        return Ok(None);
    }
    work.watch.event(Event::Learning(sample.len()));
    let mut lessons: Vec<Lesson> = Vec::new();
    for window in work.windows(&sample) {
        if work.watch.stopped() {
            return Err(RunError::Stopped);
        }
        let learnt: Vec<_> = window.par_iter().map(|job| work.learn(*job)).collect();
        lessons.extend(learnt.into_iter().flatten());
    }
    Ok(learn_lexicon(&lessons, ordered(settings.pair)))
}

/// The pairs to learn from: those that were given, and documents that are most like each other; all, or as many as make up enough
/// sentences, chosen by hashes of their texts.
fn sample(work: &Work<'_>, shortlist: &Shortlist<'_>) -> Vec<Job<'static>> {
    let sides = &work.collection.sides;
    let surest = shortlist.surest();
    let found = surest.map(|(src, tgt)| [sides[0].0[src], sides[1].0[tgt]]);
    let mut pairs: Vec<(Key, Job)> = work
        .collection
        .given()
        .chain(found)
        .map(|[src, tgt]| Job::Pair { src, tgt })
        .map(|job| (work.key(job), job))
        .collect();
    pairs.sort_unstable_by_key(|(key, _)| *key);
    let mut sentences = 0;
    let enough = pairs.iter().position(|(_, job)| {
        sentences += work.sentences(*job);
        sentences >= LEARN_MOST
    });
    pairs.truncate(enough.map_or(pairs.len(), |at| at + 1));
    pairs.into_iter().map(|(_, job)| job).collect()
}

/// Which documents are translations of each other. The journal remembers what was compared, and, where `rows` are wanted, those of documents that may become pairs.
///
/// # Errors
/// When the watcher says stop, or what was compared cannot be kept.
fn pair(
    work: &Work<'_>,
    shortlist: Shortlist<'_>,
    journal: &mut Journal,
    rows: bool,
) -> Result<Pairing, RunError> {
    let comparing = Comparing {
        work,
        journal: Mutex::new(journal),
        rows,
        failed: Mutex::default(),
    };
    let pairing = shortlist.pair(&comparing);
    if work.watch.stopped() {
        return Err(RunError::Stopped);
    }
    let failed = comparing.failed.into_inner();
    match failed.unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(pairing),
    }
}

/// Comparing documents by aligning them.
struct Comparing<'w, 'j> {
    work: &'w Work<'w>,
    journal: Mutex<&'j mut Journal>,
    /// Whether to make the rows of those that are translations.
    rows: bool,
    /// Why there is no point in going on.
    failed: Mutex<Option<RunError>>,
}

impl Compare for Comparing<'_, '_> {
    fn compare(&self, src: usize, others: &[(usize, f64)]) -> Vec<Option<Comparison>> {
        let sides = &self.work.collection.sides;
        let src = sides[0].0[src];
        let text = LazyCell::new(|| self.work.read(src).ok());
        let others = others.iter().map(|&(other, foreword)| {
            if self.work.watch.stopped() || self.has_failed() {
                return None;
            }
            let tgt = sides[1].0[other];
            let key = self.work.key(Job::Pair { src, tgt });
            if let Some(known) = self.known(&key) {
                self.work.watch.event(Event::Known);
                return Some(known);
            }
            Some(self.align(key, foreword, text.as_ref()?, &self.work.read(tgt).ok()?))
        });
        others.collect()
    }

    fn announce(&self, comparisons: usize) {
        self.work.watch.event(Event::Comparing(comparisons));
    }
}

impl<'j> Comparing<'_, 'j> {
    fn journal(&self) -> MutexGuard<'_, &'j mut Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_failed(&self) -> bool {
        let failed = self.failed.lock();
        failed.unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn known(&self, key: &Key) -> Option<Comparison> {
        let bytes = self.journal().compared.get(key)?;
        Comparison::from_bytes(&bytes)
    }

    /// Compares two documents of which all else says so many nats; what is out of the question at first sight is not aligned.
    fn align(&self, key: Key, foreword: f64, src: &Read, tgt: &Read) -> Comparison {
        let documents = (&src.reading.document, &tgt.reading.document);
        let look = |beads: &[Bead]| comparison(beads, documents.0, documents.1, self.work.given);
        let sight = src.beside(tgt, &self.work.resources);
        let first = look(&sight.pairs());
        let (found, done) = if is_hopeless(foreword, &first) {
            (first, None)
        } else {
            let outcome = sight.align();
            let found = look(&outcome.beads);
            let is_wanted = self.rows && is_accepted(foreword, &found);
            (
                found,
                is_wanted.then(|| Done::of_pair(&src.reading, &tgt.reading, outcome).to_bytes()),
            )
        };
        self.work.watch.event(Event::Compared(src.bytes() + tgt.bytes()));
        let mut journal = self.journal();
        let kept = done.map_or(Ok(()), |done| journal.remember(key, done));
        // The rows first: what was compared is not looked at again.
        let kept = kept.and_then(|()| {
            let kept = journal.compared.put(key, &found.to_bytes());
            kept.map_err(|cause| journal.failed(cause))
        });
        if let Err(error) = kept {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.get_or_insert(error);
        }
        found
    }
}
