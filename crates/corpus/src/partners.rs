//! The middle of a run: which documents of a collection are translations of each other, and what their translation comes to. Documents that may be are aligned
//! once, with what the surest of them taught before: the alignment that shows whether they are is the one whose rows are kept.

use std::io;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use qostil_align::{Glance, Outcome, Resources};
use qostil_bitext::Bead;
use qostil_lexicon::Lexicon;
use rayon::prelude::*;

use crate::comparison::comparison;
use crate::done::Done;
use crate::fingerprint::Fingerprints;
use crate::job::{Job, Read, Work};
use crate::journal::Journal;
use crate::learning::{LEARN_FROM, LEARN_MOST, Lesson, learn_lexicon, with_learnt};
use crate::pairing::{Shortlist, is_accepted, is_hopeless};
use crate::run::{Event, Ground, LEXICON, RunError};
use crate::store::Key;
use crate::survey::ordered;
use crate::{Compare, Comparison, Pairing, Proposal, RunSettings};

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
        prints: &[Fingerprints; 2],
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
                    journal.freeze(LEXICON, &ground.whole, text.clone(), work.collection.sample());
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
        let some = work.shares(window).into_par_iter();
        let learnt: Result<Vec<Vec<Lesson>>, RunError> = some.map(|jobs| work.learn(jobs)).collect();
        lessons.extend(learnt?.into_iter().flatten());
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
    fn compare(&self, proposals: &[Proposal]) -> Vec<Option<Comparison>> {
        let jobs: Vec<Job> = proposals.iter().map(|one| self.job(one)).collect();
        let (mut found, mut rest) = (Vec::with_capacity(proposals.len()), proposals);
        for jobs in self.work.in_step(&jobs) {
            let (some, others) = rest.split_at(jobs.len());
            found.extend(self.compare_together(some, jobs));
            rest = others;
        }
        found
    }

    fn announce(&self, comparisons: usize) {
        self.work.watch.event(Event::Comparing(comparisons));
    }
}

/// What is known of two documents.
enum Begun {
    /// What an earlier run found.
    Known(Comparison),
    /// What they hold.
    Read(Rc<Read>, Box<Read>),
    /// Nothing: there is no point in going on.
    Nothing,
}

impl<'j> Comparing<'_, 'j> {
    fn journal(&self) -> MutexGuard<'_, &'j mut Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_failed(&self) -> bool {
        let failed = self.failed.lock();
        failed.unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn fail(&self, error: RunError) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get_or_insert(error);
    }

    fn known(&self, key: &Key) -> Option<Comparison> {
        let bytes = self.journal().compared.get(key)?;
        Comparison::from_bytes(&bytes)
    }

    fn job(&self, proposal: &Proposal) -> Job<'static> {
        let [src, tgt] = &self.work.collection.sides;
        Job::Pair {
            src: src.0[proposal.src],
            tgt: tgt.0[proposal.tgt],
        }
    }

    /// Compares documents, which are those of these jobs; those that are out of the question at first sight are not aligned.
    fn compare_together(&self, proposals: &[Proposal], jobs: &[Job]) -> Vec<Option<Comparison>> {
        let keys: Vec<Key> = jobs.iter().map(|job| self.work.key(*job)).collect();
        let begun = self.begin(jobs, &keys);
        let sights: Vec<_> = begun
            .iter()
            .map(|one| match one {
                Begun::Read(src, tgt) => Some(src.beside(tgt, &self.work.resources)),
                _ => None,
            })
            .collect();
        let aligned: Vec<_> = proposals
            .iter()
            .zip(sights)
            .map(|(proposal, sight)| Some(self.align(proposal.foreword, sight?)))
            .collect();
        let all = begun.into_iter().zip(aligned).zip(&keys);
        all.map(|((begun, aligned), key)| match (begun, aligned) {
            (Begun::Known(known), _) => Some(known),
            (Begun::Read(src, tgt), Some((found, outcome))) => {
                let done =
                    outcome.map(|outcome| Done::of_pair(&src.reading, &tgt.reading, outcome).to_bytes());
                self.work.watch.event(Event::Compared(src.bytes() + tgt.bytes()));
                self.keep(*key, &found, done);
                Some(found)
            }
            _ => None,
        })
        .collect()
    }

    /// What is known of the documents of jobs, which go by these keys.
    fn begin(&self, jobs: &[Job], keys: &[Key]) -> Vec<Begun> {
        // Those of one source document stand together.
        let mut last: Option<(usize, Rc<Read>)> = None;
        let mut source = |place: usize| match &last {
            Some((known, read)) if *known == place => Ok(Rc::clone(read)),
            _ => {
                let read = Rc::new(self.work.read(place)?);
                last = Some((place, Rc::clone(&read)));
                Ok(read)
            }
        };
        let begin = |(job, key): (&Job, &Key)| {
            if self.work.watch.stopped() || self.has_failed() {
                return Begun::Nothing;
            }
            if let Some(known) = self.known(key) {
                self.work.watch.event(Event::Known);
                return Begun::Known(known);
            }
            let Job::Pair { src, tgt } = *job else {
                return Begun::Nothing;
            };
            match source(src).and_then(|src| Ok((src, self.work.read(tgt)?))) {
                Ok((src, tgt)) => Begun::Read(src, Box::new(tgt)),
                Err(error) => {
                    self.fail(error);
                    Begun::Nothing
                }
            }
        };
        jobs.iter().zip(keys).map(begin).collect()
    }

    /// What two documents at first sight have in common, of which all else says so many nats; their alignment, if its rows are wanted.
    fn align(&self, foreword: f64, sight: Glance<'_>) -> (Comparison, Option<Outcome>) {
        let (src, tgt) = sight.documents();
        let look = |beads: &[Bead]| comparison(beads, src, tgt, self.work.given);
        let first = look(&sight.pairs());
        if is_hopeless(foreword, &first) {
            return (first, None);
        }
        let outcome = sight.align();
        let found = look(&outcome.beads);
        let is_wanted = self.rows && is_accepted(foreword, &found);
        (found, is_wanted.then_some(outcome))
    }

    /// Has the journal remember what was found, and the rows if there are any.
    fn keep(&self, key: Key, found: &Comparison, rows: Option<io::Result<Vec<u8>>>) {
        let mut journal = self.journal();
        let kept = rows.map_or(Ok(()), |rows| journal.remember(key, rows));
        // The rows first: what was compared is not looked at again.
        let kept = kept.and_then(|()| {
            let kept = journal.compared.put(key, &found.to_bytes());
            kept.map_err(|cause| journal.failed(cause))
        });
        if let Err(error) = kept {
            self.fail(error);
        }
    }
}
