//! What of a document tells whether another is its translation: keys of its figures, names and words that are the same in both languages, and what its file
//! name, address and date say.

use std::borrow::Borrow;
use std::hash::BuildHasher;
use std::hint::black_box;
use std::num::NonZeroU64;

use qostil_align::Figures;
use qostil_figures::{Figure, Value};
use qostil_lexicon::{Lexicon, Side};
use qostil_text::{Document, Lang, Span, fold, names, stem};
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use crate::About;
use crate::layout::{number, read_number};

/// What of a document is compared with others: at most 1 KB each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Keys of figures, names and words, sorted, each once; see [`Key`].
    keys: Vec<Key>,
    outline: Outline,
}

/// What a fingerprint says besides its keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outline {
    /// Characters of all sentences.
    pub(crate) length: u32,
    /// Its file name and its address without what tells its language; `None` where nothing in it does.
    pub(crate) twins: [Option<NonZeroU64>; 2],
    /// When it was published, in days; months are counted as 31 long.
    pub(crate) day: Option<u32>,
}

impl Fingerprint {
    /// As the journal keeps it.
    pub(crate) fn pack(&self, out: &mut Vec<u8>) {
        let Outline { length, twins, day } = self.outline;
        number(self.keys.len(), out);
        out.extend(self.keys.iter().flat_map(|key| key.0.to_le_bytes()));
        number(length as usize, out);
        for twin in twins {
            out.push(u8::from(twin.is_some()));
            out.extend(twin.map_or(0, NonZeroU64::get).to_le_bytes());
        }
        number(day.map_or(0, |day| day as usize + 1), out);
    }

    /// What [`Self::pack`] packed; `None` where it is not whole.
    pub(crate) fn unpack(from: &mut &[u8]) -> Option<Self> {
        let count = read_number(from)?;
        let (keys, rest) = from.split_at_checked(count.checked_mul(4)?)?;
        *from = rest;
        let (keys, _) = keys.as_chunks();
        let keys = keys.iter().map(|key| Key(u32::from_le_bytes(*key))).collect();
        let length = u32::try_from(read_number(from)?).ok()?;
        let mut twin = || {
            let (is_some, rest) = from.split_first()?;
            let (twin, rest) = rest.split_first_chunk()?;
            *from = rest;
            let twin = NonZeroU64::new(u64::from_le_bytes(*twin));
            Some(twin.filter(|_| *is_some != 0))
        };
        let twins = [twin()?, twin()?];
        let day = match read_number(from)? {
            0 => None,
            day => Some(u32::try_from(day - 1).ok()?),
        };
        let outline = Outline { length, twins, day };
        Some(Self { keys, outline })
    }
}

/// The fingerprints of very many documents, packed.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    /// Keys of one after the other; those of one document stand in one block. A single list would be held twice while it grows.
    blocks: Vec<Vec<Key>>,
    places: Vec<Place>,
}

/// Where the keys of a fingerprint stand, and what it says besides.
#[derive(Clone, Copy, Debug)]
struct Place {
    block: u32,
    start: u32,
    end: u32,
    outline: Outline,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Print<'a> {
    /// See [`Fingerprint`].
    pub(crate) keys: &'a [Key],
    pub(crate) outline: Outline,
}

/// So many keys of several fingerprints stand together: 4 MB, which the system gets back as soon as nobody needs them.
const BLOCK: usize = 1 << 20;

impl Fingerprints {
    pub(crate) fn push(&mut self, print: &Fingerprint) {
        let count = print.keys.len();
        let has_room = |block: &Vec<Key>| block.capacity() - block.len() >= count;
        if !self.blocks.last().is_some_and(has_room) {
            self.blocks.push(Vec::with_capacity(BLOCK.max(count)));
        }
        let number = self.blocks.len() - 1;
        let Some(block) = self.blocks.last_mut() else {
            return;
        };
        let start = block.len();
        block.extend_from_slice(&print.keys);
        self.places.push(Place {
            block: number as u32,
            start: start as u32,
            end: block.len() as u32,
            outline: print.outline,
        });
    }

    pub(crate) const fn len(&self) -> usize {
        self.places.len()
    }

    /// The fingerprint of this number.
    pub(crate) fn get(&self, number: usize) -> Print<'_> {
        self.print(&self.places[number])
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Print<'_>> {
        self.places.iter().map(|place| self.print(place))
    }

    fn print(&self, place: &Place) -> Print<'_> {
        Print {
            keys: &self.blocks[place.block as usize][place.start as usize..place.end as usize],
            outline: place.outline,
        }
    }

    /// Leaves those of which the next of `kept` is true.
    pub(crate) fn retain(&mut self, kept: impl IntoIterator<Item = bool>) {
        let mut kept = kept.into_iter();
        self.places.retain(|_| kept.next().unwrap_or(true));
    }
}

impl<F: Borrow<Fingerprint>> FromIterator<F> for Fingerprints {
    fn from_iter<I: IntoIterator<Item = F>>(prints: I) -> Self {
        let mut out = Self::default();
        prints.into_iter().for_each(|print| out.push(print.borrow()));
        out
    }
}

impl Print<'_> {
    /// The keys of its text as numbers, sorted.
    pub(crate) fn of_text(&self) -> Vec<u32> {
        let of_text = self.keys.iter().filter(|key| key.kind() != Kind::Label);
        of_text.map(|key| key.0).collect()
    }
}

/// A hash whose lowest bits hold the kind of thing (two bits) and how common it is anywhere (two bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Key(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Figure,
    Name,
    Word,
    /// A number in a file name or address.
    Label,
}

impl Key {
    fn new(kind: Kind, commonness: usize, hash: u64) -> Self {
        let tag = match kind {
            Kind::Figure => 0,
            Kind::Name => 1,
            Kind::Word => 2,
            Kind::Label => 3,
        };
        Self(((hash ^ (hash >> 32)) as u32) << 4 | tag << 2 | (commonness as u32 & 3))
    }

    pub(crate) const fn kind(self) -> Kind {
        match self.0 >> 2 & 3 {
            0 => Kind::Figure,
            1 => Kind::Name,
            2 => Kind::Word,
            _ => Kind::Label,
        }
    }

    /// The share of documents that hold such a key before any was counted.
    pub(crate) const fn prior(self) -> f64 {
        [0.3, 0.1, 0.03, 0.005][(self.0 & 3) as usize]
    }
}

/// Most keys of one kind in a fingerprint. Those with the smallest hashes are kept, the same on both sides.
const KEYS: [usize; 3] = [80, 60, 100];

/// Makes fingerprints. Remembers the keys of words it has met, as most words of a collection are met again and again; what it
/// remembers changes nothing but the time taken, and is bounded.
pub struct Fingerprinter<'a> {
    reader: WordReader<'a>,
    /// The words of either side.
    words: [Words; 2],
    /// Of the document at hand: its figures' and names' keys and those of its words.
    kept: [Lowest<Key>; 3],
    /// Of the sentence at hand the words with their hashes.
    hashed: Vec<(u64, Span)>,
    /// Of the figure at hand.
    figure_keys: Vec<u64>,
    /// The number of the document at hand.
    document: u32,
}

/// Words of a side that are remembered. They do not fit the caches of a processor, so each is as small as may be.
#[derive(Debug, Default)]
struct Words {
    /// By a hash of a word as written. Two words of one hash are not to be expected.
    known: FxHashMap<u64, WordKeys>,
    /// The keys of all of them.
    keys: Vec<Key>,
}

/// What is remembered of a word.
#[derive(Clone, Copy, Debug)]
struct WordKeys {
    /// Where its keys as a word begin among those of all words, then as a name where it may be one, and where these end.
    bounds: [u32; 3],
    /// The numbers of the last documents that have it as a word and as a name.
    documents: [u32; 2],
}

impl Words {
    /// The keys of a word that the document of this number has not had yet: as a word, and if it is asked for as a name. Where they are not remembered,
    /// `read` puts them in and says where they begin, where those as a name do, and where they end.
    fn meet(
        &mut self,
        hash: u64,
        (document, as_name): (u32, bool),
        read: impl FnOnce(&mut Vec<Key>) -> [usize; 3],
    ) -> [&[Key]; 2] {
        let Self { known, keys } = self;
        let WordKeys { bounds, documents } = known.entry(hash).or_insert_with(|| WordKeys {
            bounds: read(keys).map(|at| at as u32), // never so many, as they are full before
            documents: [0; 2],
        });
        let [word, name, end] = bounds.map(|at| at as usize);
        let mut is_new =
            |as_name| std::mem::replace(&mut documents[usize::from(as_name)], document) != document;
        let of = |range, is_wanted| keys.get(range).filter(|_| is_wanted).unwrap_or_default();
        [
            of(word..name, is_new(false)),
            of(name..end, as_name && is_new(true)),
        ]
    }

    fn are_full(&self) -> bool {
        self.known.len() >= REMEMBERED || self.keys.len() >= 16 * REMEMBERED
    }

    fn clear(&mut self) {
        self.known.clear();
        self.keys.clear();
    }
}

/// Most words of a side that are remembered.
const REMEMBERED: usize = 100_000;

impl<'a> Fingerprinter<'a> {
    /// For documents of the pair of languages of `lexicon`.
    pub fn new(lexicon: &'a Lexicon) -> Self {
        Self {
            reader: WordReader {
                lexicon,
                folded: String::new(),
                stems: Vec::new(),
            },
            words: Default::default(),
            kept: KEYS.map(Lowest::new),
            hashed: Vec::new(),
            figure_keys: Vec::new(),
            document: 0,
        }
    }

    /// The fingerprint of a document with these figures that is on `side`. Linear in its length.
    pub fn fingerprint(
        &mut self,
        document: &Document,
        figures: &Figures,
        side: Side,
        about: &About,
    ) -> Fingerprint {
        let kept = &mut self.kept;
        kept.iter_mut().for_each(Lowest::clear);
        let mut length = 0;
        // Numbers that are used again are those of no word that is remembered.
        self.document = self.document.checked_add(1).unwrap_or_else(|| {
            self.words.iter_mut().for_each(Words::clear);
            1
        });
        let words = &mut self.words[usize::from(side == Side::Target)];
        for index in 0..document.sentences.len() {
            let text = document.sentence_text(index);
            length += text.chars().count();
            let found = figures.of_sentences(index..index + 1).iter();
            for figure in found.filter(|figure| !figure.weak) {
                self.figure_keys.clear();
                figure.keys_into(&mut self.figure_keys);
                let commonness = significant_digits_of(figure).clamp(1, 4) - 1;
                for key in &self.figure_keys {
                    kept[0].add(Key::new(Kind::Figure, commonness, *key));
                }
            }
            self.hashed.clear();
            let hashed = fold::words(&text).map(|span| (FxBuildHasher.hash_one(span.of(&text)), span));
            self.hashed.extend(hashed);
            // looked up before anything is asked of them, so that the memory of several is waited for at once
            let known = self.hashed.iter().filter_map(|(hash, _)| words.known.get(hash));
            let known = known.inspect(|known| {
                black_box(words.keys.get(known.bounds[0] as usize));
            });
            let all_are_known = known.count() == self.hashed.len();
            for (at, &(hash, span)) in self.hashed.iter().enumerate() {
                if !all_are_known && words.are_full() && !words.known.contains_key(&hash) {
                    words.clear();
                }
                let read = |keys: &mut Vec<Key>| self.reader.keys(span.of(&text), document.lang, side, keys);
                // The first word of a sentence is written large whatever it is.
                let [as_word, as_name] = words.meet(hash, (self.document, at > 0), read);
                as_word.iter().for_each(|key| kept[2].add(*key));
                as_name.iter().for_each(|key| kept[1].add(*key));
            }
        }
        let mut keys = Vec::with_capacity(KEYS.iter().sum());
        kept.iter_mut().for_each(|some| keys.extend(some.found()));
        let names = [Some(document.id.as_str()), about.url.as_deref()];
        keys.extend(names.iter().flatten().flat_map(|name| labels(name)));
        keys.sort_unstable();
        keys.dedup();
        keys.shrink_to_fit();
        let dates = [about.date.as_deref(), names[1], names[0]];
        let outline = Outline {
            length: u32::try_from(length).unwrap_or(u32::MAX),
            twins: names.map(|name| twin(name?)),
            day: dates.into_iter().flatten().find_map(day),
        };
        Fingerprint { keys, outline }
    }
}

/// The lowest of many things, each once. Sorted whenever there are a few times as many as are kept, so that most of the others are never sorted.
pub(crate) struct Lowest<T> {
    most: usize,
    found: Vec<T>,
    /// What is not below it is not among the lowest, or is there already.
    limit: Option<T>,
}

impl<T: Copy + Ord> Lowest<T> {
    /// At most so many, at least one.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            found: Vec::new(),
            limit: None,
        }
    }

    fn clear(&mut self) {
        self.found.clear();
        self.limit = None;
    }

    pub(crate) fn add(&mut self, one: T) {
        if self.limit.is_some_and(|limit| one >= limit) {
            return;
        }
        if self.found.len() == 4 * self.most {
            self.settle();
        }
        self.found.push(one);
    }

    fn settle(&mut self) {
        self.found.sort_unstable();
        self.found.dedup();
        self.found.truncate(self.most);
        self.limit = self.found.get(self.most - 1).copied();
    }

    /// Those that were added, rising.
    pub(crate) fn found(&mut self) -> &[T] {
        self.settle();
        &self.found
    }
}

/// Finds the keys of words.
struct WordReader<'a> {
    lexicon: &'a Lexicon,
    folded: String,
    stems: Vec<stem::Key>,
}

impl WordReader<'_> {
    /// Puts the keys of a word in, then those that it has as a name; where either begin, and where they end.
    fn keys(&mut self, word: &str, lang: Lang, side: Side, out: &mut Vec<Key>) -> [usize; 3] {
        let start = out.len();
        fold::fold_word(word, &mut self.folded);
        self.stems.clear();
        stem::keys(&self.folded, lang, &mut self.stems);
        if let Some(head) = self.lexicon.lookup(side, &self.stems) {
            // Words are compared in the target language: a source word stands for each of its equivalents.
            let mut push = |key: u64| out.push(Key::new(Kind::Word, 1, key));
            match side {
                Side::Source => self.lexicon.equivalents(side, head, |found| push(found.key)),
                Side::Target => push(head),
            }
        }
        let names = out.len();
        if word.starts_with(char::is_uppercase) && self.folded.chars().count() > 2 {
            name_keys(&self.folded, lang, out);
        }
        [start, names, out.len()]
    }
}

/// Significant digits of a figure; of one that is no number as many as most numbers have.
fn significant_digits_of(figure: &Figure) -> usize {
    match &figure.value {
        Value::Number(number) => significant_digits(number.mantissa().unsigned_abs()),
        _ => 3,
    }
}

/// Digits of a number without the zeros at its end.
fn significant_digits(mut number: u128) -> usize {
    // Nearly all are small, and divided in one step.
    while number > u128::from(u64::MAX) && number.is_multiple_of(10) {
        number /= 10;
    }
    let Ok(mut small) = u64::try_from(number) else {
        return number.ilog10() as usize + 1;
    };
    while small > 0 && small.is_multiple_of(10) {
        small /= 10;
    }
    small.checked_ilog10().map_or(0, |tens| tens as usize + 1)
}

fn name_keys(folded: &str, lang: Lang, out: &mut Vec<Key>) {
    let mut push = |word: &str| {
        for skeleton in names::skeletons(word).iter().filter(|s| s.len() > 2) {
            out.push(Key::new(
                Kind::Name,
                skeleton.len() - 2,
                stem::key(b'n', skeleton),
            ));
        }
    };
    push(folded);
    if lang == Lang::Kazakh {
        for stem in stem::kazakh_nominal_stems(folded)
            .into_iter()
            .filter(|stem| *stem != folded)
        {
            push(stem);
        }
    }
}

/// The name of a document without its language code, hashed: `news/07.kk.txt` and `news/07.en.txt` are twins, as are
/// `kk/07.txt` and `en/07.txt`.
fn twin(name: &str) -> Option<NonZeroU64> {
    let lower = name.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let is_code = |part: &str| {
        matches!(
            part,
            "kk" | "kaz" | "kz" | "qaz" | "kazakh" | "en" | "eng" | "english" | "ru" | "rus" | "russian"
        )
    };
    let rest: Vec<&str> = parts.iter().filter(|part| !is_code(part)).copied().collect();
    let tells = rest.len() < parts.len();
    NonZeroU64::new(stem::key(b'i', &rest.join("/"))).filter(|_| tells)
}

/// Numbers in a name that may be the document's own.
fn labels(name: &str) -> impl Iterator<Item = Key> {
    let parts = name.split(|c: char| !c.is_alphanumeric());
    let is_number = |part: &&str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    parts
        .filter(is_number)
        .map(|part| part.trim_start_matches('0'))
        .filter(|part| !YEARS.contains(&part.parse().unwrap_or(0)) && day(part).is_none())
        .map(|part| Key::new(Kind::Label, 3, stem::key(b'l', part)))
        .take(LABELS)
}

/// Most labels of a name.
const LABELS: usize = 4;
/// Numbers that are rather a year.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;

/// The first date in a name or a cell: `2025-08-14`, `2025/8/14`, `20250814`, `14.08.2025`.
fn day(text: &str) -> Option<u32> {
    let number = |part: &str| part.parse().ok();
    let days = |year: u32, month: u32, day: u32| {
        let is_date = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        is_date.then(|| (year * 12 + month) * 31 + day)
    };
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let apart = runs.windows(3).find_map(|run| match *run {
        [year, month, day] if year.len() == 4 => days(number(year)?, number(month)?, number(day)?),
        [day, month, year] if year.len() == 4 => days(number(year)?, number(month)?, number(day)?),
        _ => None,
    });
    apart.or_else(|| {
        let run = runs.iter().find(|run| run.len() == 8)?;
        days(number(&run[..4])?, number(&run[4..6])?, number(&run[6..])?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of many numbers, and more keys than a block holds.
    #[test]
    fn many_are_packed_as_they_are() {
        let print = |keys: u32| Fingerprint {
            keys: (0..keys).map(Key).collect(),
            outline: Outline {
                length: keys,
                ..Outline::default()
            },
        };
        let all: Vec<Fingerprint> = [3, 0, 1_048_570, 240, 1_100_000, 1].map(print).into();
        let mut packed: Fingerprints = all.iter().collect();
        let is_same = |(packed, print): (Print<'_>, &Fingerprint)| {
            packed.keys == print.keys && packed.outline == print.outline
        };
        assert_eq!(packed.len(), all.len());
        assert!(packed.iter().zip(&all).all(is_same));
        packed.retain([true, false, true, false, true, true]);
        assert_eq!(packed.len(), 4);
        assert!(
            [0, 2, 4, 5]
                .iter()
                .enumerate()
                .all(|(at, &was)| is_same((packed.get(at), &all[was])))
        );
    }

    #[test]
    fn names_are_twins_apart_from_the_language_alone() {
        assert_eq!(twin("news/07.kk.txt"), twin("news/07.en.txt"));
        assert_eq!(twin("kk/07.txt"), twin("en/07.txt"));
        assert_eq!(twin("https://x.kz/kz/news/7"), twin("https://x.kz/en/news/7"));
        assert_ne!(twin("kk/07.txt"), twin("en/08.txt"));
        assert_eq!(twin("07.txt"), None);
    }

    #[test]
    fn dates_are_found_in_names_and_cells() {
        let expected = day("2025-08-14");
        assert!(expected.is_some());
        for text in [
            "2025-08-14T10:00:00Z",
            "https://x.kz/2025/8/14/visit",
            "14.08.2025",
            "visit_20250814.txt",
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in [
            "2025-13-01",
            "",
            "99999999999-1-1",
            "18446744073709551616/4294967295/4294967295",
            "7-8-9",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
