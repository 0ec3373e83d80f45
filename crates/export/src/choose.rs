//! Which records of a bitext go on, and into which part: lengths, confidence, duplicates, a sample, a split into train, dev
//! and test.
//!
//! Everything is decided by hashes of the content, never by chance: the same records make the same choice whatever the
//! file is called and whenever it is done. A hash (8 bytes) and a few numbers a record are held in memory, the texts are not.

use std::collections::BTreeMap;
use std::fmt;

use qostil_bitext::{Record, Verdict};
use qostil_text::fold::{bare, is_copy};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Error, Losses, Sources};

/// What makes two records duplicates of each other: the same text after white space is made even.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// The same source text.
    Src,
    /// The same target text.
    Tgt,
    /// Both the same.
    Pair,
    /// Both the same but for case, punctuation and which digits stand there.
    Near,
}

/// Which records go on.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Of duplicates the first goes on.
    pub dedup: Option<Duplicates>,
    /// The lowest confidence (0–1); records without one do not go on.
    pub min_confidence: Option<f64>,
    /// The fewest characters of a side.
    pub min_length: Option<usize>,
    /// The most characters of a side.
    pub max_length: Option<usize>,
    /// The most that the longer side may be of the shorter, in characters.
    pub max_ratio: Option<f64>,
    /// Whether records go on whose figures contradict each other.
    pub refuse_contradictions: bool,
    /// Whether records go on that say the same words on both sides.
    pub refuse_copies: bool,
}

/// Why a record does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// Its confidence is too low, or unknown.
    LowConfidence,
    /// Nothing says how sure it is.
    NoConfidence,
    /// A side is too short.
    TooShort,
    /// A side is too long.
    TooLong,
    /// One side is too long for the other.
    LengthRatio,
    /// Its figures contradict each other.
    Contradiction,
    /// It was not translated: both sides say the same words.
    Copy,
    /// It was there before.
    Duplicate,
    /// One very like it was there before.
    NearDuplicate,
}

impl Refusal {
    /// Its name in tables, one word with hyphens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LowConfidence => "low-confidence",
            Self::NoConfidence => "no-confidence",
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::LengthRatio => "length-ratio",
            Self::Contradiction => "contradiction",
            Self::Copy => "copy",
            Self::Duplicate => "duplicate",
            Self::NearDuplicate => "near-duplicate",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LowConfidence => "below the lowest confidence",
            Self::NoConfidence => "without a confidence",
            Self::TooShort => "too short",
            Self::TooLong => "too long",
            Self::LengthRatio => "sides of too different length",
            Self::Contradiction => "figures that contradict each other",
            Self::Copy => "not translated",
            Self::Duplicate => "duplicates",
            Self::NearDuplicate => "near-duplicates",
        })
    }
}

impl Choice {
    /// Whether every record goes on.
    pub fn is_all(&self) -> bool {
        self.dedup.is_none()
            && self.min_confidence.is_none()
            && self.min_length.is_none()
            && self.max_length.is_none()
            && self.max_ratio.is_none()
            && !self.refuse_contradictions
            && !self.refuse_copies
    }
}

/// Applies a [`Choice`] record by record and counts what was left out.
#[derive(Clone, Debug, Default)]
pub struct Chooser {
    choice: Choice,
    seen: FxHashSet<u64>,
    left_out: Losses,
}

impl Chooser {
    /// Has seen nothing yet.
    pub fn new(choice: Choice) -> Self {
        Self {
            choice,
            ..Self::default()
        }
    }

    /// Whether the record goes on.
    ///
    /// ```
    /// use qostil_bitext::Record;
    /// use qostil_export::{Choice, Chooser, Duplicates};
    /// let mut chooser = Chooser::new(Choice { dedup: Some(Duplicates::Pair), ..Choice::default() });
    /// let record = Record { src: "Иә".into(), tgt: "Yes".into(), ..Record::default() };
    /// assert!(chooser.takes(&record));
    /// assert!(!chooser.takes(&record));
    /// ```
    pub fn takes(&mut self, record: &Record) -> bool {
        let refusal = self.refuses(record);
        if let Some(refusal) = refusal {
            self.left_out.count(&refusal.to_string());
        }
        refusal.is_none()
    }

    /// Why the record does not go on; `None` when it does. Nothing is counted.
    pub fn refuses(&mut self, record: &Record) -> Option<Refusal> {
        let choice = &self.choice;
        if let Some(least) = choice.min_confidence {
            match record.confidence {
                None => return Some(Refusal::NoConfidence),
                Some(found) if found < least => return Some(Refusal::LowConfidence),
                Some(_) => {}
            }
        }
        if choice.refuse_contradictions && record.verdict == Some(Verdict::Contradict) {
            return Some(Refusal::Contradiction);
        }
        if choice.min_length.is_some() || choice.max_length.is_some() || choice.max_ratio.is_some() {
            let (a, b) = (record.src.chars().count(), record.tgt.chars().count());
            if choice.min_length.is_some_and(|least| a.min(b) < least) {
                return Some(Refusal::TooShort);
            }
            if choice.max_length.is_some_and(|most| a.max(b) > most) {
                return Some(Refusal::TooLong);
            }
            if choice
                .max_ratio
                .is_some_and(|most| a.max(b) as f64 > most * a.min(b) as f64)
            {
                return Some(Refusal::LengthRatio);
            }
        }
        if choice.refuse_copies && is_copy(&record.src, &record.tgt) {
            return Some(Refusal::Copy);
        }
        let duplicates = choice.dedup?;
        let key = match duplicates {
            Duplicates::Src => hash([&even(&record.src), ""]),
            Duplicates::Tgt => hash(["", &even(&record.tgt)]),
            Duplicates::Pair => hash([&even(&record.src), &even(&record.tgt)]),
            Duplicates::Near => near(record),
        };
        let is_new = self.seen.insert(key);
        (!is_new).then_some(match duplicates {
            Duplicates::Near => Refusal::NearDuplicate,
            _ => Refusal::Duplicate,
        })
    }

    /// What was left out, by reason.
    pub fn left_out(&self) -> &Losses {
        &self.left_out
    }
}

/// A text with white space made even.
fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// 64 bits of BLAKE3 over two texts.
fn hash(texts: [&str; 2]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_le_bytes(first)
}

/// Mixes the bits of a number (the finaliser of SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The place of a record in a shuffle or sample: by its content, the seed, and its number for what is twice there.
pub(crate) fn rank(record: &Record, seed: u64, number: u64) -> (u64, u64) {
    (mixed(hash([&record.src, &record.tgt]) ^ mixed(seed)), number)
}

/// What near-duplicates have in common: letters in lower case and digits as one sign, nothing else.
fn near(record: &Record) -> u64 {
    let bare = |text| bare(text).collect::<String>();
    hash([&bare(&record.src), &bare(&record.tgt)])
}

/// The parts of a split with their shares, `train=0.98,dev=0.01,test=0.01`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    parts: Vec<(String, f64)>,
}

impl Parts {
    /// Their names, in the order given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// The part that a hash falls into.
    fn of(&self, hash: u64) -> usize {
        let place = hash as f64 / u64::MAX as f64;
        let mut sum = 0.0;
        for (at, (_, share)) in self.parts.iter().enumerate() {
            sum += share;
            if place < sum {
                return at;
            }
        }
        self.parts.len().saturating_sub(1)
    }
}

impl std::fmt::Display for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (name, share)) in self.parts.iter().enumerate() {
            write!(f, "{}{name}={share}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Parts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts: Vec<(String, f64)> = Vec::new();
        for part in text.split(',') {
            let (name, share) = part
                .split_once('=')
                .ok_or_else(|| format!("`{part}`: expected a name and a share, as dev=0.01"))?;
            let is_name =
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
            if !is_name || parts.iter().any(|(known, _)| known == name) {
                return Err(format!(
                    "`{name}`: expected names of letters and digits, each once"
                ));
            }
            let share: f64 = share
                .parse()
                .map_err(|_| format!("`{share}`: expected a share from 0 to 1"))?;
            if !(0.0..=1.0).contains(&share) {
                return Err(format!("`{share}`: expected a share from 0 to 1"));
            }
            parts.push((name.to_owned(), share));
        }
        let sum: f64 = parts.iter().map(|(_, share)| share).sum();
        if (sum - 1.0).abs() > 1e-6 {
            return Err(format!("the shares sum to {sum}: expected 1"));
        }
        Ok(Self { parts })
    }
}

/// Learns the documents of a bitext in a first pass, to divide them in a second one.
#[derive(Debug, Default)]
pub struct Divider {
    /// The group of a document's name; the side is part of the key.
    documents: FxHashMap<u64, usize>,
    /// Of every group the one it was joined to, and the sum of the hashes of its records.
    groups: Vec<(usize, u64)>,
    /// Of every record its group and what it shares with near-duplicates.
    records: Vec<(usize, u64)>,
}

impl Divider {
    /// Takes note of a record. Records of one document belong together; a record of no document stands for itself and its
    /// near-duplicates.
    pub fn see(&mut self, record: &Record) {
        let near = near(record);
        let sides = [(1, &record.src_doc), (2, &record.tgt_doc)];
        let mut keys = sides
            .iter()
            .filter(|(_, doc)| !doc.is_empty())
            .map(|(side, doc)| mixed(hash([doc, ""]) ^ *side))
            .collect::<Vec<_>>();
        if keys.is_empty() {
            keys.push(mixed(near ^ 3));
        }
        let mut group = None;
        for key in keys {
            let next = self.groups.len();
            let found = *self.documents.entry(key).or_insert(next);
            if found == next {
                self.groups.push((next, 0));
            }
            let found = self.root(found);
            group = Some(match group {
                Some(other) if other != found => self.join(other, found),
                _ => found,
            });
        }
        let group = group.unwrap_or_default();
        if let Some((_, sum)) = self.groups.get_mut(group) {
            // A sum: the order of the records does not matter.
            *sum = sum.wrapping_add(mixed(hash([&record.src, &record.tgt])));
        }
        self.records.push((group, near));
    }

    fn root(&mut self, mut group: usize) -> usize {
        while let Some((above, _)) = self
            .groups
            .get(group)
            .copied()
            .filter(|(above, _)| *above != group)
        {
            // Halving the way keeps every later one short.
            let higher = self.groups.get(above).map_or(above, |(higher, _)| *higher);
            if let Some(entry) = self.groups.get_mut(group) {
                entry.0 = higher;
            }
            group = higher;
        }
        group
    }

    /// Joins two roots; the lower one stays.
    fn join(&mut self, a: usize, b: usize) -> usize {
        let (low, high) = (a.min(b), a.max(b));
        let sum = self.groups.get(high).map_or(0, |(_, sum)| *sum);
        if let Some(entry) = self.groups.get_mut(high) {
            entry.0 = low;
        }
        if let Some(entry) = self.groups.get_mut(low) {
            entry.1 = entry.1.wrapping_add(sum);
        }
        low
    }

    /// The part of every record, in order. Documents go whole into one part; a record that has a near-duplicate in a part
    /// of smaller share is in none, so that nothing of `test` was seen in `train`.
    pub fn divide(mut self, parts: &Parts) -> Vec<Option<usize>> {
        let records = std::mem::take(&mut self.records);
        let placed: Vec<(usize, u64)> = records
            .into_iter()
            .map(|(group, near)| {
                let root = self.root(group);
                let sum = self.groups.get(root).map_or(0, |(_, sum)| *sum);
                (parts.of(mixed(sum)), near)
            })
            .collect();
        // The smaller the share, the more it is protected; the later of equal ones.
        let share = |part: usize| parts.parts.get(part).map_or(1.0, |(_, share)| *share);
        let mut smallest: FxHashMap<u64, usize> = FxHashMap::default();
        for (part, near) in &placed {
            let held = smallest.entry(*near).or_insert(*part);
            if share(*part) < share(*held) || share(*part) == share(*held) && *part > *held {
                *held = *part;
            }
        }
        placed
            .into_iter()
            .map(|(part, near)| (smallest.get(&near) == Some(&part)).then_some(part))
            .collect()
    }
}

/// The numbers of the records that a sample of `size` holds.
#[derive(Debug)]
pub struct Sampler {
    size: usize,
    seed: u64,
    next: u64,
    /// The lowest ranks so far, the highest of them on top.
    lowest: std::collections::BinaryHeap<(u64, u64)>,
}

impl Sampler {
    /// A sample of at most `size` records; another seed takes others.
    pub fn new(size: usize, seed: u64) -> Self {
        Self {
            size,
            seed,
            next: 0,
            lowest: std::collections::BinaryHeap::new(),
        }
    }

    /// Takes note of a record.
    pub fn see(&mut self, record: &Record) {
        self.lowest.push(rank(record, self.seed, self.next));
        self.next += 1;
        if self.lowest.len() > self.size {
            self.lowest.pop();
        }
    }

    /// The numbers of the records in the sample, from 0, in order.
    pub fn numbers(self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.lowest.into_iter().map(|(_, number)| number).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// Puts records in another order, by their content and a seed, with temporary files in place of memory.
pub struct Shuffle {
    seed: u64,
    next: u64,
    buckets: Vec<tempfile::SpooledTempFile>,
}

/// How many parts a shuffle is done in; each in turn is held in memory.
const BUCKETS: usize = 64;
/// Bytes of a bucket that are held in memory before it becomes a file.
const SPOOLED: usize = 1 << 20;

impl Shuffle {
    /// Nothing in it yet.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            next: 0,
            buckets: (0..BUCKETS)
                .map(|_| tempfile::spooled_tempfile(SPOOLED))
                .collect(),
        }
    }

    /// Takes a record.
    ///
    /// # Errors
    /// When a temporary file fails.
    pub fn push(&mut self, record: &Record) -> Result<(), Error> {
        let rank = rank(record, self.seed, self.next);
        self.next += 1;
        let bucket = (rank.0 >> (64 - BUCKETS.trailing_zeros())) as usize;
        if let Some(out) = self.buckets.get_mut(bucket) {
            serde_json::to_writer(&mut *out, &(rank, record)).map_err(std::io::Error::from)?;
            std::io::Write::write_all(out, b"\n")?;
        }
        Ok(())
    }

    /// Hands out all records in their new order.
    ///
    /// # Errors
    /// When a temporary file fails, or `take` does.
    pub fn drain(self, mut take: impl FnMut(&Record) -> Result<(), Error>) -> Result<(), Error> {
        for mut bucket in self.buckets {
            std::io::Seek::rewind(&mut bucket)?;
            let mut records = Vec::new();
            for row in serde_json::Deserializer::from_reader(std::io::BufReader::new(bucket)).into_iter() {
                let row: ((u64, u64), Record) = row.map_err(std::io::Error::from)?;
                records.push(row);
            }
            records.sort_unstable_by_key(|(rank, _)| *rank);
            for (_, record) in &records {
                take(record)?;
            }
        }
        Ok(())
    }
}

/// What a data card says of one part: counted as its records are written.
#[derive(Clone, Debug, Default)]
pub struct PartCounts {
    /// Records.
    pub records: u64,
    /// Characters of the two sides.
    pub characters: [u64; 2],
    /// Words of the two sides, by white space.
    pub words: [u64; 2],
    /// Records by verdict: `agree`, `contradict`, `none`, or not known.
    pub verdicts: BTreeMap<String, u64>,
    /// Records by confidence: tenths, 1 with the highest.
    pub confidence: [u64; 10],
    /// Records without confidence.
    pub without_confidence: u64,
    /// Records by domain: a field `domain`, or the host of a document that is a URL.
    pub domains: BTreeMap<String, u64>,
    /// Records by licence: fields named `license` or `licence`, else what is known of the documents.
    pub licences: BTreeMap<String, u64>,
    documents: FxHashSet<u64>,
}

impl PartCounts {
    /// Counts a record; `sources` tell what it does not say of its documents.
    pub fn see(&mut self, record: &Record, sources: &Sources) {
        self.records += 1;
        for (at, text) in [&record.src, &record.tgt].into_iter().enumerate() {
            if let (Some(characters), Some(words)) = (self.characters.get_mut(at), self.words.get_mut(at)) {
                *characters += text.chars().count() as u64;
                *words += text.split_whitespace().count() as u64;
            }
        }
        let verdict = record.verdict.map_or("not known", |verdict| verdict.name());
        *self.verdicts.entry(verdict.to_owned()).or_default() += 1;
        match record.confidence {
            Some(confidence) => {
                let tenth = ((confidence * 10.0) as usize).min(9);
                self.confidence
                    .iter_mut()
                    .skip(tenth)
                    .take(1)
                    .for_each(|count| *count += 1);
            }
            None => self.without_confidence += 1,
        }
        if !record.src_doc.is_empty() || !record.tgt_doc.is_empty() {
            self.documents.insert(hash([&record.src_doc, &record.tgt_doc]));
        }
        *self
            .domains
            .entry(domain(record, sources).unwrap_or("not known").to_owned())
            .or_default() += 1;
        let mut licences: Vec<&str> = extra(record, &["license", "licence"]).collect();
        if licences.is_empty() {
            licences = sources.licences(record);
        }
        licences.dedup();
        let licences = if licences.is_empty() {
            "not given".to_owned()
        } else {
            licences.join(", ")
        };
        *self.licences.entry(licences).or_default() += 1;
    }

    /// Pairs of documents.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }
}

/// Extra fields of one of these names, of the record or of a side (`kk_license`).
fn extra<'r>(record: &'r Record, names: &'r [&str]) -> impl Iterator<Item = &'r str> {
    let fits = |name: &str| {
        names
            .iter()
            .any(|wanted| name == *wanted || name.ends_with(&format!("_{wanted}")))
    };
    record
        .extra
        .iter()
        .filter(move |(name, _)| fits(name))
        .map(|(_, value)| value.as_str())
}

fn domain<'r>(record: &'r Record, sources: &'r Sources) -> Option<&'r str> {
    extra(record, &["domain"]).next().or_else(|| {
        let docs = [record.src_doc.as_str(), record.tgt_doc.as_str()];
        let urls = docs.into_iter().chain(sources.url(record));
        let host = |url: &'r str| url.split_once("://")?.1.split(['/', '?', '#']).next();
        urls.into_iter().find_map(host)
    })
}
