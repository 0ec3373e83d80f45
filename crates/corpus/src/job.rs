//! Second pass: the pieces of work of a run, each of which gives the same rows whatever else is done.

use std::path::Path;

use qostil_align::{Figures, Glance, Resources};
use qostil_lexicon::Lexicon;
use qostil_text::Document;

use crate::done::Done;
use crate::kept::kept;
use crate::learning::{Lesson, lessons};
use crate::pairing::taken_together;
use crate::reading::{FileText, file_text};
use crate::run::{Event, RunError, Watch};
use crate::store::Key;
use crate::survey::{Collection, text_digest};
use crate::{Encoding, Pairing, ReadError, Reading, ReadingSettings, Stage, read_text};

/// A piece of work: a pair of documents by their places in the collection, or a document that goes into no pair.
#[derive(Clone, Copy)]
pub(crate) enum Job<'a> {
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

impl Job<'_> {
    /// Its documents.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        let (first, second) = match *self {
            Job::Pair { src, tgt } => (src, Some(tgt)),
            Job::Alone { place, .. } => (place, None),
        };
        [Some(first), second].into_iter().flatten()
    }
}

/// What is needed to do jobs.
pub(crate) struct Work<'a> {
    pub(crate) collection: &'a Collection,
    pub(crate) reading: &'a ReadingSettings,
    pub(crate) resources: Resources<'a>,
    /// The lexicon without what was learnt from the collection, which may well be its names.
    pub(crate) given: &'a Lexicon,
    pub(crate) watch: &'a dyn Watch,
    pub(crate) out: &'a Path,
    /// A hash of all that every row depends on.
    pub(crate) ground: blake3::Hash,
}

/// All jobs, pairs first, each in input order.
pub(crate) fn jobs<'a>(
    collection: &Collection,
    pairing: &Pairing,
    reasons: &'a [Option<(Stage, String)>],
) -> Vec<Job<'a>> {
    let pairs = collection
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
    pairs.chain(alone).collect()
}

/// Jobs that are held in memory at a time: at most so many, of at most so many bytes of text unless one alone has more.
const WINDOW: (usize, usize) = (64, 4 << 20);
/// Jobs that a thread does together, all a step at a time, as the code of all steps does not fit the caches of a processor beside what they work on.
const IN_STEP: (usize, usize) = (8, 1 << 16);

impl<'a> Work<'a> {
    /// Divides jobs into those that are held in memory at a time.
    pub(crate) fn windows<'j>(&self, jobs: &'j [Job<'a>]) -> Vec<&'j [Job<'a>]> {
        self.divide(jobs, WINDOW)
    }

    /// Divides jobs into those that a thread does together, a step at a time.
    pub(crate) fn in_step<'j>(&self, jobs: &'j [Job<'a>]) -> Vec<&'j [Job<'a>]> {
        self.divide(jobs, IN_STEP)
    }

    /// The same of all jobs of a window: few enough together that all threads have work to the end.
    pub(crate) fn shares<'j>(&self, window: &'j [Job<'a>]) -> Vec<&'j [Job<'a>]> {
        let (most, bytes) = IN_STEP;
        self.divide(window, (taken_together(window.len(), most), bytes))
    }

    /// Divides jobs into runs of at most so many, of at most so many bytes of text unless one alone has more.
    fn divide<'j>(&self, jobs: &'j [Job<'a>], (most, most_bytes): (usize, usize)) -> Vec<&'j [Job<'a>]> {
        let (mut runs, mut start, mut bytes) = (Vec::new(), 0, 0);
        for (number, job) in jobs.iter().enumerate() {
            let more = self.bytes(*job);
            if number > start && (number - start == most || bytes + more > most_bytes) {
                runs.push(&jobs[start..number]);
                (start, bytes) = (number, 0);
            }
            bytes += more;
        }
        if start < jobs.len() {
            runs.push(&jobs[start..]);
        }
        runs
    }

    fn bytes(&self, job: Job) -> usize {
        job.places()
            .map(|place| self.collection.entries[place].bytes)
            .sum()
    }

    /// A hash of all that the rows of a job depend on.
    pub(crate) fn key(&self, job: Job) -> Key {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.ground.as_bytes());
        for place in job.places() {
            let entry = &self.collection.entries[place];
            hasher
                .update(entry.id.as_bytes())
                .update(&[0])
                .update(&entry.digest);
        }
        if let Job::Alone { stage, reason, .. } = job {
            hasher
                .update(stage.name().as_bytes())
                .update(&[0])
                .update(reason.as_bytes());
        }
        let mut key = Key::default();
        hasher.finalize_xof().fill(&mut key);
        key
    }

    /// Does a job.
    ///
    /// # Errors
    /// When a document is no more what it was when it was first read; the same below.
    pub(crate) fn run(&self, job: Job) -> Result<Done, RunError> {
        match job {
            Job::Pair { src, tgt } => {
                let (src, tgt) = (self.read(src)?, self.read(tgt)?);
                let outcome = src.beside(&tgt, &self.resources).align();
                self.watch.event(Event::Aligned(src.bytes() + tgt.bytes()));
                Ok(Done::of_pair(&src.reading, &tgt.reading, outcome))
            }
            Job::Alone { place, stage, reason } => {
                let reading = self.read(place)?.reading;
                self.watch.event(Event::Aligned(0));
                Ok(Done::of_one(&reading, stage, reason))
            }
        }
    }

    /// What jobs teach about which words translate each other.
    pub(crate) fn learn(&self, jobs: &[Job]) -> Result<Vec<Lesson>, RunError> {
        let pairs = jobs.iter().filter_map(|job| match *job {
            Job::Pair { src, tgt } => Some((src, tgt)),
            Job::Alone { .. } => None,
        });
        let read: Vec<(Read, Read)> = pairs
            .map(|(src, tgt)| Ok((self.read(src)?, self.read(tgt)?)))
            .collect::<Result<_, RunError>>()?;
        let sights = read.iter().map(|(src, tgt)| src.beside(tgt, &self.resources));
        let sights: Vec<Glance> = sights.collect();
        for (src, tgt) in &read {
            self.watch.event(Event::Aligned(src.bytes() + tgt.bytes()));
        }
        Ok(sights.iter().flat_map(lessons).collect())
    }

    /// Sentences of its documents.
    pub(crate) fn sentences(&self, job: Job) -> usize {
        job.places()
            .map(|place| self.collection.entries[place].sentences)
            .sum()
    }

    /// Reads a document as it goes into its job.
    pub(crate) fn read(&self, place: usize) -> Result<Read, RunError> {
        self.collection.read_again(place, self.out, self.reading)
    }
}

/// A document as it goes into a job.
pub(crate) struct Read {
    pub(crate) reading: Reading,
    /// Where they are known.
    figures: Option<Figures>,
}

impl Read {
    /// A look at it beside another.
    pub(crate) fn beside<'r>(&'r self, other: &'r Self, resources: &Resources<'r>) -> Glance<'r> {
        let read = |one: &'r Self| {
            let document = &one.reading.document;
            let figures = one.figures.clone();
            (document, figures.unwrap_or_else(|| Figures::of(document)))
        };
        Glance::with_figures(read(self), read(other), resources)
    }

    /// The size of its text.
    pub(crate) fn bytes(&self) -> usize {
        self.reading.document.text.len()
    }
}

impl Collection {
    /// Reads a document that the survey has read, from its file or from what is kept of it in the output folder. Where its sentences stand is
    /// known from then, unless lines of it have turned out to be boilerplate, which leaves the figures of all other sentences.
    ///
    /// # Errors
    /// When it is not there any more, or its text has changed.
    pub(crate) fn read_again(
        &self,
        place: usize,
        out: &Path,
        settings: &ReadingSettings,
    ) -> Result<Read, RunError> {
        let entry = &self.entries[place];
        let changed = |cause: String| RunError::Changed {
            document: entry.id.clone(),
            cause,
        };
        let file = match &entry.path {
            Some(path) => file_text(path, settings),
            None => kept(out, &entry.id)
                .map_err(ReadError::from)
                .map(|text| FileText {
                    text,
                    encoding: Encoding::Utf8,
                    is_extract: false,
                }),
        };
        let file = file.map_err(|cause| changed(cause.to_string()))?;
        let (text, lang) = (file.text, entry.lang);
        if lang.is_some_and(|lang| text_digest(lang, &text) != entry.digest) {
            return Err(changed("it holds another text".to_owned()));
        }
        let known = lang.zip(self.layout(place));
        let (reading, figures) = match known {
            Some((_, layout)) if settings.boilerplate.is_in(&text) => {
                let reading = read_text(&entry.id, text, lang, settings);
                let figures = layout
                    .figures
                    .map(|figures| figures.after_change(&layout.sentences, &reading.document));
                (reading, figures)
            }
            Some((lang, layout)) => {
                let document = Document {
                    id: entry.id.clone(),
                    lang,
                    text,
                    sentences: layout.sentences,
                };
                let reading = Reading {
                    document,
                    left_out: layout.left_out,
                    // As where the language is given.
                    lang_confidence: 1.0,
                    encoding: Encoding::Utf8,
                    is_extract: false,
                };
                (reading, layout.figures)
            }
            None => (read_text(&entry.id, text, lang, settings), None),
        };
        let reading = Reading {
            encoding: file.encoding,
            is_extract: file.is_extract,
            ..reading
        };
        Ok(Read { reading, figures })
    }
}
