//! Reading the words of a text against lexicons: which headwords a word or phrase is a form of, and what on the other side is equivalent.

use std::collections::HashMap;

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, Span, fold};

use crate::Lexicon;
use crate::table::Side;
use crate::terms::{LONGEST_PHRASE, inner_key, name_key};

/// A word of a text as a lexicon sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The headwords of which it can be a form, likeliest first; none when no table lists it.
    pub headwords: Vec<Key>,
    /// Its keys, likeliest first: what [`Lexicon::phrase`] takes it by where it ends a phrase.
    pub keys: Vec<Key>,
    /// Its key where a phrase goes on after it.
    pub inner: Key,
    /// Whether phrases begin with it.
    pub begins: bool,
}

/// A word of a text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its place in the text.
    pub span: Span,
    /// The headwords it stands for: those of phrases that it is part of, then its own.
    pub headwords: Vec<Key>,
}

impl Lexicon {
    /// Reads one word as written (its capital tells names from common words). Linear in the word.
    pub fn word(&self, side: Side, written: &str, lang: Lang) -> Word {
        let mut folded = String::new();
        fold::fold_word(written, &mut folded);
        let mut keys = Vec::new();
        stem::keys(&folded, lang, &mut keys);
        let mut headwords = Vec::new();
        if written.starts_with(char::is_uppercase) {
            let names: Vec<Key> = keys.iter().map(|&key| name_key(key)).collect();
            self.headwords(side, &names, &mut headwords);
        }
        self.headwords(side, &keys, &mut headwords);
        let inner = inner_key(&folded, lang);
        Word {
            headwords,
            keys,
            inner,
            begins: self.begins_phrase(side, inner),
        }
    }

    /// The longest phrase that begins with the first of `words`: how many words it has, at least two, and its headword.
    pub fn phrase<'w>(&self, side: Side, mut words: impl Iterator<Item = &'w Word>) -> Option<(usize, Key)> {
        let first = words.next().filter(|word| word.begins)?;
        let mut so_far = first.inner;
        let mut found = None;
        for (index, word) in words.enumerate().take(LONGEST_PHRASE - 1) {
            let complete = word.keys.iter().map(|&key| stem::join_keys(so_far, key));
            if let Some(key) = complete.into_iter().find(|&key| self.knows(side, key)) {
                found = Some((index + 2, key));
            }
            so_far = stem::join_keys(so_far, word.inner);
            if !self.begins_phrase(side, so_far) {
                break;
            }
        }
        found
    }

    /// Reads all words of a text, in order. Linear in the text.
    pub fn read(&self, side: Side, text: &str, lang: Lang) -> Vec<Reading> {
        let spans: Vec<Span> = fold::words(text).collect();
        let words: Vec<Word> = spans
            .iter()
            .map(|span| self.word(side, span.of(text), lang))
            .collect();
        let mut phrases: Vec<Vec<Key>> = vec![Vec::new(); words.len()];
        for at in 0..words.len() {
            if let Some((length, key)) = self.phrase(side, words[at..].iter()) {
                phrases[at..at + length]
                    .iter_mut()
                    .for_each(|list| list.push(key));
            }
        }
        let readings = spans.into_iter().zip(words).zip(phrases);
        readings
            .map(|((span, word), mut headwords)| {
                headwords.extend(word.headwords);
                Reading { span, headwords }
            })
            .collect()
    }

    /// For every word of `src` the words of line `line` of `tgt`, by their index, that an equivalent of it stands for.
    /// Near linear in the words of both.
    pub fn matches(&self, src: &[Reading], tgt: &Lines, line: usize) -> Vec<Vec<usize>> {
        let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, word) in tgt.readings(line).iter().enumerate() {
            for &headword in &word.headwords {
                places.entry(headword).or_default().push(at);
            }
        }
        places.retain(|&headword, _| !tgt.stands_around(headword, line));
        let matched = |word: &Reading| {
            let mut out = Vec::new();
            for &headword in &word.headwords {
                self.equivalents(Side::Source, headword, |key| {
                    out.extend(places.get(&key).into_iter().flatten());
                });
            }
            out.sort_unstable();
            out.dedup();
            out
        };
        src.iter().map(matched).collect()
    }
}

/// How many lines before and after a line tell what is common there.
const AROUND: usize = 16;
/// A headword that stands in this share of the lines around, or more, proves nothing.
const TOO_COMMON: f64 = 0.125;
/// With fewer lines around there is no telling what is common.
const FEWEST_AROUND: usize = 8;

/// The lines of a text as a lexicon reads them.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    lines: Vec<Vec<Reading>>,
    /// The lines in which a headword stands, rising.
    places: HashMap<Key, Vec<usize>>,
}

impl Lines {
    /// Reads a text of one segment a line.
    pub fn read(lexicon: &Lexicon, side: Side, text: &str, lang: Lang) -> Self {
        let mut out = Self::default();
        for (at, line) in text.lines().enumerate() {
            let readings = lexicon.read(side, line, lang);
            for &headword in readings.iter().flat_map(|word| &word.headwords) {
                let places = out.places.entry(headword).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
            out.lines.push(readings);
        }
        out
    }

    /// The words of a line; none past the last.
    pub fn readings(&self, line: usize) -> &[Reading] {
        self.lines.get(line).map_or(&[], Vec::as_slice)
    }

    /// The number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether a headword stands in so many of the lines around `line` that standing in it too proves nothing.
    fn stands_around(&self, headword: Key, line: usize) -> bool {
        let (from, to) = (
            line.saturating_sub(AROUND),
            (line + AROUND + 1).min(self.lines.len()),
        );
        let others = (to - from).saturating_sub(1);
        let places = self.places.get(&headword).map_or(&[][..], Vec::as_slice);
        let below = |bound: usize| places.partition_point(|&place| place < bound);
        let holding =
            (below(to) - below(from)).saturating_sub(usize::from(places.binary_search(&line).is_ok()));
        others >= FEWEST_AROUND && holding as f64 >= TOO_COMMON * others as f64
    }
}
