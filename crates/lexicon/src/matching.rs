//! Reading the words of a text against lexicons: which headwords a word or phrase is a form of, and what on the other side is equivalent.

use std::collections::{HashMap, HashSet};
use std::ops::BitOr;
use std::sync::{Arc, LazyLock};

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, Span, fold, lines, names};

use crate::Lexicon;
use crate::known::Asked;
use crate::table::{Followers, Side};
use crate::terms::{LONGEST_PHRASE, Term, inner_key, is_function_word, name_key};

/// A word of a text as a lexicon sees it. A collection's words do not fit the caches of a processor, so that a word is as small as may be, with what every text
/// asks of it in one place.
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Word {
    /// The words that may come after it in a phrase.
    pub followers: Followers,
    /// It as a word after which a phrase ends or goes on.
    pub follows: Followers,
    /// The headwords of which it can be a form, likeliest first; none when no table lists it.
    pub headwords: Box<[Key]>,
    /// What forms of one word mostly share, the likeliest headword or else the shortest stem; `None` of a function word, which every text has.
    pub stem: Option<Key>,
    /// The key of its spelling, for words that are written alike in both languages; zero where it is not all ASCII.
    pub spelling: Key,
    /// What its headwords stand for on the other side, as [`Lexicon::equivalents`] finds it; of source words only, as ties are looked for from there.
    pub equivalents: Box<[Equivalent]>,
    /// Its key where a phrase goes on after it.
    pub inner: Key,
    /// Its keys, likeliest first: what [`Lexicon::phrase`] takes it by where it ends a phrase.
    pub keys: Box<[Key]>,
    /// Consonant skeletons, as written and with its endings off, sorted ([`names::skeletons`]); none where it was not read as a name.
    pub skeletons: Box<[String]>,
}

/// What a headword stands for on the other side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equivalent {
    /// The headword there.
    pub key: Key,
    /// How surely one stands for the other (0–1); 1 where a person wrote them down.
    pub share: f32,
    /// Whether one of the two is a verb.
    pub is_verb: bool,
}

/// A word of a text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its place in the text.
    pub span: Span,
    /// The headwords it stands for: those of phrases that it is part of, then its own.
    pub headwords: Vec<Key>,
    /// Whether it is a function word: one that proves nothing alone.
    pub is_function: bool,
    /// Whether it begins with two capitals, as acronyms do, with endings (`АТ-ны`) or without.
    pub is_capitals: bool,
}

impl Lexicon {
    /// Reads one folded word; `as_name`: whether names spelt like a common word are asked for too, as for a word with a capital. Linear in the word, once
    /// for all texts: words that were read are kept.
    pub fn word(&self, side: Side, folded: &str, as_name: bool, lang: Lang) -> Arc<Word> {
        let asked = Asked::new(folded, side, as_name, lang);
        let mut words = self.known.words(&[asked], |_, known| {
            self.read_word(side, (folded, as_name), lang, known)
        });
        words.remove(0) // one was asked for
    }

    /// The same of several words, each with whether it is read as a name, in a fraction of the time.
    pub fn words(&self, side: Side, words: &[(&str, bool)], lang: Lang) -> Vec<Arc<Word>> {
        let asked = words
            .iter()
            .map(|&(folded, as_name)| Asked::new(folded, side, as_name, lang));
        let asked: Vec<Asked> = asked.collect();
        self.known.words(&asked, |number, known| {
            self.read_word(side, words[number], lang, known)
        })
    }

    fn read_word(
        &self,
        side: Side,
        (folded, as_name): (&str, bool),
        lang: Lang,
        known: Option<&Word>,
    ) -> Word {
        let word = known.map_or_else(|| unlisted(folded, as_name, lang), Word::clone);
        self.listed(side, as_name, word)
    }

    /// A word with what the tables say of it.
    fn listed(&self, side: Side, as_name: bool, word: Word) -> Word {
        let keys = &word.keys;
        let mut headwords = Vec::new();
        if as_name {
            let names: Vec<Key> = keys.iter().map(|&key| name_key(key)).collect();
            self.headwords(side, &names, &mut headwords);
        }
        self.headwords(side, keys, &mut headwords);
        let mut equivalents = Vec::new();
        if side == Side::Source {
            headwords
                .iter()
                .for_each(|&headword| self.equivalents(side, headword, |found| equivalents.push(found)));
        }
        Word {
            stem: word
                .stem
                .map(|shortest| headwords.first().copied().unwrap_or(shortest)),
            headwords: headwords.into(),
            equivalents: equivalents.into(),
            followers: self.followers(side, word.inner),
            ..word
        }
    }

    /// The longest phrase that begins with the first of `words`: how many words it has, at least two, and its headword.
    pub fn phrase<'w>(&self, side: Side, mut words: impl Iterator<Item = &'w Word>) -> Option<(usize, Key)> {
        let first = words.next()?;
        let (mut so_far, mut followers) = (first.inner, first.followers);
        let mut found = None;
        for (index, word) in words.enumerate().take(LONGEST_PHRASE - 1) {
            if !followers.meet(word.follows) {
                break;
            }
            let mut last = word
                .keys
                .iter()
                .filter(|&&key| followers.meet(Followers::word(key)));
            let complete =
                |&key: &Key| Some(stem::join_keys(so_far, key)).filter(|&key| self.knows(side, key));
            if let Some(key) = last.find_map(complete) {
                found = Some((index + 2, key));
            }
            if !followers.meet(Followers::word(word.inner)) {
                break;
            }
            so_far = stem::join_keys(so_far, word.inner);
            followers = self.followers(side, so_far);
        }
        found
    }

    /// Reads all words of a text, in order. Linear in the text.
    pub fn read(&self, side: Side, text: &str, lang: Lang) -> Vec<Reading> {
        let mut folded = String::new();
        let spans: Vec<Span> = fold::words(text).collect();
        let words: Vec<Arc<Word>> = spans
            .iter()
            .map(|span| {
                let written = span.of(text);
                fold::fold_word(written, &mut folded);
                self.word(side, &folded, written.starts_with(char::is_uppercase), lang)
            })
            .collect();
        let mut phrases: Vec<Vec<Key>> = vec![Vec::new(); words.len()];
        for at in 0..words.len() {
            if let Some((length, key)) = self.phrase(side, words[at..].iter().map(AsRef::as_ref)) {
                phrases[at..at + length]
                    .iter_mut()
                    .for_each(|list| list.push(key));
            }
        }
        let readings = spans.into_iter().zip(words).zip(phrases);
        readings
            .map(|((span, word), mut headwords)| {
                headwords.extend(&word.headwords);
                fold::fold_word(span.of(text), &mut folded);
                Reading {
                    span,
                    headwords,
                    is_function: is_function_word(&folded, lang),
                    is_capitals: is_capitals(span.of(text)),
                }
            })
            .collect()
    }

    /// For every word of `src` the words of line `line` of `tgt`, by their index, that an equivalent of it stands for, of a phrase
    /// (`organization of the petroleum exporting countries`) those that are no function words, and of an acronym (`АТ`) no function word that is written like what
    /// it stands for (`it`); none where
    /// its equivalents stand in so many of the lines around that to find one proves nothing ([`Lines`]). Near linear in the words of both.
    pub fn matches(&self, src: &[Reading], tgt: &Lines, line: usize) -> Vec<Vec<usize>> {
        let mut here: HashMap<Key, Vec<usize>> = HashMap::new();
        for (at, word) in tgt.readings(line).iter().enumerate() {
            for &headword in &word.headwords {
                here.entry(headword).or_default().push(at);
            }
        }
        let is_by_chance = |word: &Reading, at: usize| {
            let found = tgt.readings(line).get(at);
            word.is_capitals && found.is_some_and(|found| found.is_function && !found.is_capitals)
        };
        let matched = |word: &Reading| {
            let mut equivalents = Vec::new();
            for &headword in &word.headwords {
                self.equivalents(Side::Source, headword, |found| equivalents.push(found.key));
            }
            equivalents.sort_unstable();
            equivalents.dedup();
            let mut out: Vec<usize> = equivalents
                .iter()
                .filter_map(|key| here.get(key))
                .flatten()
                .copied()
                .filter(|&at| !is_by_chance(word, at))
                .collect();
            if out.is_empty() || tgt.proves_nothing(&equivalents, line) {
                return Vec::new();
            }
            out.sort_unstable();
            out.dedup();
            let is_function = |at: &usize| tgt.readings(line).get(*at).is_some_and(|word| word.is_function);
            if !out.iter().all(is_function) {
                out.retain(|at| !is_function(at));
            }
            out
        };
        src.iter().map(matched).collect()
    }
}

/// Whether a word begins with two capitals.
fn is_capitals(word: &str) -> bool {
    let mut letters = word.chars();
    let mut next = || letters.next().is_some_and(fold::is_capital);
    next() && next()
}

/// A word as any lexicon sees it, before one is asked.
fn unlisted(folded: &str, as_name: bool, lang: Lang) -> Word {
    let mut keys = Vec::new();
    stem::keys(folded, lang, &mut keys);
    let inner = match (lang, &keys[..]) {
        (Lang::Kazakh, _) | (_, []) => inner_key(folded, lang),
        (_, [key, ..]) => *key, // a word of these languages has one key wherever it stands
    };
    let follows = keys.iter().map(|&key| Followers::word(key));
    Word {
        headwords: Box::default(),
        equivalents: Box::default(),
        follows: follows.fold(Followers::word(inner), BitOr::bitor),
        followers: Followers::default(),
        spelling: if folded.is_ascii() {
            stem::key(b's', folded.trim_end_matches("'s"))
        } else {
            0
        },
        stem: keys.last().copied().filter(|_| !is_function_word(folded, lang)),
        skeletons: if as_name {
            skeletons(folded, lang).into()
        } else {
            Box::default()
        },
        keys: keys.into(),
        inner,
    }
}

fn skeletons(folded: &str, lang: Lang) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let bare = folded.strip_suffix("'s").unwrap_or(folded);
    let stems = if lang == Lang::Kazakh {
        stem::kazakh_nominal_stems(bare)
    } else {
        vec![bare]
    };
    for stem in stems.into_iter().take(4) {
        out.extend(names::skeletons(stem).into_iter().filter(|s| s.len() >= 2));
    }
    out.sort();
    out.dedup();
    out
}

/// How many lines before and after a line tell what is common there.
const AROUND: usize = 16;
/// Fewer tell nothing.
const FEWEST_AROUND: usize = 4;
/// To find one of equivalents that are met in this share of lines, or more, proves nothing.
const TOO_COMMON: f64 = 1.0 / 6.0;
/// A text of few lines cannot tell what is common: their number is raised by this many, in which equivalents are met at the usual share.
const USUAL_LINES: f64 = 4.0;
/// The share of lines in which one of a word's equivalents is usually met.
const USUAL_SHARE: f64 = 0.02;
/// The same where all equivalents that are met are words that every text keeps coming back to.
const COMMON_SHARE: f64 = 0.2;

/// The keys of the words of a language that every text keeps coming back to.
fn common_words(lang: Lang) -> &'static HashSet<Key> {
    static WORDS: LazyLock<HashMap<&'static str, HashSet<Key>>> = LazyLock::new(|| {
        let lines = qostil_data::stem::COMMON_WORDS
            .lines()
            .filter(|line| !line.starts_with('#'));
        let mut out: HashMap<&str, HashSet<Key>> = HashMap::new();
        for (code, words) in lines.filter_map(|line| line.split_once('\t')) {
            let Ok(lang) = code.parse::<Lang>() else { continue };
            let keys = words
                .split_whitespace()
                .flat_map(|word| Term::new(word, lang, None).keys);
            out.entry(code).or_default().extend(keys);
        }
        out
    });
    static NONE: LazyLock<HashSet<Key>> = LazyLock::new(HashSet::new);
    WORDS.get(lang.code()).unwrap_or(&NONE)
}

/// The lines of a text as a lexicon reads them, and how common its words are in them.
///
/// What a text is about stands in every other line: that a Kazakh `мектеп` finds *school* in one line of a report on schools
/// does not tell that line from its neighbours. The share of the lines around a line, sixteen on either side, in which one of a word's equivalents
/// stands is how likely it finds one by chance; from one in six on a match is none. Short texts lean on how common words
/// usually are (`data/stem/common-words.tsv`).
#[derive(Clone, Debug)]
pub struct Lines {
    readings: Vec<Vec<Reading>>,
    /// The lines in which a headword stands, rising.
    places: HashMap<Key, Vec<usize>>,
    /// Headwords that are common in any text.
    common: &'static HashSet<Key>,
}

impl Lines {
    /// Reads a text of one segment a line.
    pub fn read(lexicon: &Lexicon, side: Side, text: &str, lang: Lang) -> Self {
        let mut out = Self {
            readings: Vec::new(),
            places: HashMap::new(),
            common: common_words(lang),
        };
        for (at, line) in lines(text).enumerate() {
            let readings = lexicon.read(side, line, lang);
            for &headword in readings.iter().flat_map(|word| &word.headwords) {
                let places = out.places.entry(headword).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
            out.readings.push(readings);
        }
        out
    }

    /// The words of a line; none past the last.
    pub fn readings(&self, line: usize) -> &[Reading] {
        self.readings.get(line).map_or(&[], Vec::as_slice)
    }

    /// The number of lines.
    pub fn len(&self) -> usize {
        self.readings.len()
    }

    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Whether one of these headwords stands in so many of the lines around `line` that finding one in it too proves nothing.
    fn proves_nothing(&self, headwords: &[Key], line: usize) -> bool {
        let (from, to) = (
            line.saturating_sub(AROUND),
            (line + AROUND + 1).min(self.readings.len()),
        );
        let others = to.saturating_sub(from + 1);
        if others < FEWEST_AROUND {
            return false;
        }
        let mut holding = [false; 2 * AROUND + 1];
        let mut usual = COMMON_SHARE;
        for headword in headwords {
            let places = self.places.get(headword).map_or(&[][..], Vec::as_slice);
            let first = places.partition_point(|&place| place < from);
            for &place in places[first..].iter().take_while(|&&place| place < to) {
                holding[place - from] = true; // from ≤ place < to ≤ from + 2 · AROUND + 1
                if place == line && !self.common.contains(headword) {
                    usual = USUAL_SHARE;
                }
            }
        }
        let held = holding.iter().filter(|&&held| held).count().saturating_sub(1) as f64; // `line` itself holds one
        held + usual * USUAL_LINES >= TOO_COMMON * (others as f64 + USUAL_LINES)
    }
}
