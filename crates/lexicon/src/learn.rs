//! A lexicon learnt from bitext.

use std::collections::BTreeMap;

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, fold};
use rustc_hash::FxHashMap;

use crate::entries::seed_entries;
use crate::terms::{Term, is_function_word};

/// Two words that translate each other.
#[derive(Clone, Debug, PartialEq)]
pub struct LearntPair {
    /// The source word: of Kazakh a headword of the seed lexicon or a form that was met, else the commonest form.
    pub src: String,
    /// The target word in the same form.
    pub tgt: String,
    /// How surely one stands for the other (0–1): the geometric mean of both directions.
    pub probability: f64,
}

/// Rounds of expectation and maximisation: more change hardly anything in IBM model 1 with so sparse a start.
const ROUNDS: usize = 6;
/// Two words that meet in fewer sentences prove nothing.
const FEWEST_MEETINGS: u32 = 2;
/// Pairs below this Dice coefficient are not followed up. Of what is learnt from the clean development set as much is in the seed lexicon with 0.02, 0.05 and
/// 0.15, and the lower the more there is to follow.
const LEAST_DICE: f64 = 0.1;
/// Every word is believed to have been met so many times more, with nothing that stands for it: what is met twice is no certainty.
const DOUBT: f64 = 1.0;
/// Pairs below this probability are not kept.
const LEAST_PROBABILITY: f64 = 0.3;

/// Learns which words translate each other from pairs of sentences, each with the probability (0–1) that it is one: IBM model 1 (Brown et al. 1993) on stems, by expectation
/// maximisation in both directions over the pairs of words that Dice leaves. Every pair once, sorted by source word, likeliest first.
/// Time is linear in the pairs of words that meet in a sentence, memory in the distinct ones.
pub fn learn<'t>(
    bitext: impl IntoIterator<Item = (&'t str, &'t str, f64)>,
    src: Lang,
    tgt: Lang,
) -> Vec<LearntPair> {
    let bitext: Vec<_> = bitext.into_iter().collect();
    let read = |lang, text: fn(&(&'t str, &'t str, f64)) -> &'t str| {
        let mut words = Words::new(lang);
        let pairs = bitext.iter();
        let sentences: Vec<_> = pairs.map(|pair| words.read(text(pair), pair.2)).collect();
        (words, sentences)
    };
    let (src, tgt) = rayon::join(|| read(src, |pair| pair.0), || read(tgt, |pair| pair.1));
    let (words, texts) = ([src.0, tgt.0], src.1.into_iter().zip(tgt.1));
    let sentences: Vec<Pair> = texts
        .zip(&bitext)
        .map(|((src, tgt), &(.., weight))| Pair {
            words: [src, tgt],
            weight,
        })
        .collect();
    let (candidates, met) = meetings(&sentences, &words);
    let count = words.each_ref().map(Words::len);
    let given = |from| expect(&met, &candidates, &sentences, from, count);
    let counts: [_; 2] = rayon::join(|| given(0), || given(1)).into();
    // Of every count one sentence is left out, so that a sentence does not prove what it taught.
    let probability = |at: usize, side: usize| {
        let candidate = &candidates[at];
        let others = 1.0 - 1.0 / f64::from(candidate.sentences);
        let n = words[side].sentences[candidate.words[side] as usize] - 1.0;
        (counts[side][at] * others / (n.max(0.0) + DOUBT)).min(1.0)
    };
    let sure: Vec<([u32; 2], f64)> = (0..candidates.len())
        .map(|at| {
            (
                candidates[at].words,
                (probability(at, 0) * probability(at, 1)).sqrt(),
            )
        })
        .filter(|(_, probability)| *probability >= LEAST_PROBABILITY)
        .collect();
    let lemmas = [0, 1].map(|side: usize| words[side].lemmas(sure.iter().map(|(words, _)| words[side])));
    let lemma = |side: usize, word: u32| lemmas[side].get(&word).cloned().unwrap_or_default();
    // Words apart by their stems may be forms of one lemma: the surest of them speaks for it.
    let mut by_lemma: BTreeMap<(String, String), f64> = BTreeMap::new();
    for &([s, t], probability) in &sure {
        let surest = by_lemma.entry((lemma(0, s), lemma(1, t))).or_default();
        *surest = surest.max(probability);
    }
    let mut learnt: Vec<LearntPair> = by_lemma
        .into_iter()
        .map(|((src, tgt), probability)| LearntPair {
            src,
            tgt,
            probability,
        })
        .collect();
    learnt.sort_by(|a, b| {
        a.src
            .cmp(&b.src)
            .then(b.probability.total_cmp(&a.probability))
            .then_with(|| a.tgt.cmp(&b.tgt))
    });
    learnt
}

/// A pair of sentences: the words of either, each once, rising; and how sure it is.
struct Pair {
    words: [Vec<u32>; 2],
    weight: f64,
}

/// A word of either side that may stand for each other, and in how many pairs of sentences they meet.
struct Candidate {
    words: [u32; 2],
    sentences: u32,
}

/// The pairs of words worth following up, by source word and then by target word; and for each pair of sentences the numbers of those that
/// meet in it, rising. Source word by source word, so that only those of one are counted at a time.
fn meetings(sentences: &[Pair], words: &[Words; 2]) -> (Vec<Candidate>, Vec<Vec<u32>>) {
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); words[0].len()];
    for (number, pair) in (0..).zip(sentences) {
        for &s in &pair.words[0] {
            places[s as usize].push(number);
        }
    }
    let (mut candidates, mut found) = (Vec::new(), vec![Vec::new(); sentences.len()]);
    let mut met = vec![(0, 0.0); words[1].len()];
    let mut numbers = vec![None; words[1].len()];
    let mut others = Vec::new();
    for (s, places) in (0..).zip(&places) {
        if places.len() < FEWEST_MEETINGS as usize {
            continue;
        }
        for pair in places.iter().map(|&place| &sentences[place as usize]) {
            for &t in &pair.words[1] {
                let (n, sum) = &mut met[t as usize];
                if *n == 0 {
                    others.push(t);
                }
                (*n, *sum) = (*n + 1, *sum + pair.weight);
            }
        }
        let first = candidates.len();
        candidates.extend(others.drain(..).filter_map(|t| {
            let (n, sum) = std::mem::take(&mut met[t as usize]);
            let of_both = words[0].sentences[s as usize] + words[1].sentences[t as usize];
            let dice = 2.0 * sum / of_both.max(f64::MIN_POSITIVE);
            (n >= FEWEST_MEETINGS && dice >= LEAST_DICE).then_some(Candidate {
                words: [s, t],
                sentences: n,
            })
        }));
        candidates[first..].sort_unstable_by_key(|candidate| candidate.words);
        for (number, candidate) in (first as u32..).zip(&candidates[first..]) {
            numbers[candidate.words[1] as usize] = Some(number);
        }
        for &place in places {
            let others = sentences[place as usize].words[1].iter();
            found[place as usize].extend(others.filter_map(|&t| numbers[t as usize]));
        }
        for candidate in &candidates[first..] {
            numbers[candidate.words[1] as usize] = None;
        }
    }
    (candidates, found)
}

/// How often the word of side `from` of each candidate is expected to have given the other. Every other word may also come from nothing.
/// `met` are the candidates that meet in each pair of sentences, `count` how many words either side has.
fn expect(
    met: &[Vec<u32>],
    candidates: &[Candidate],
    sentences: &[Pair],
    from: usize,
    count: [usize; 2],
) -> Vec<f64> {
    let from_nothing = 1.0 / count[1 - from].max(1) as f64;
    let slots = slots(met, candidates, sentences, 1 - from);
    let mut pairs = vec![Expected::of(from_nothing); candidates.len()];
    // of each word of a sentence that may have been given
    let mut share = Vec::new();
    for round in 0..ROUNDS {
        if round > 0 {
            maximise(&mut pairs, candidates, from, count[from]);
        }
        let mut rest = &slots[..];
        for (met, pair) in met.iter().zip(sentences) {
            let (slots, others) = rest.split_at(met.len());
            rest = others;
            share.clear();
            share.resize(pair.words[1 - from].len(), from_nothing);
            for (&at, &slot) in met.iter().zip(slots) {
                share[slot as usize] += pairs[at as usize].probability;
            }
            share.iter_mut().for_each(|sum| *sum = pair.weight / *sum);
            for (&at, &slot) in met.iter().zip(slots) {
                let of_pair = &mut pairs[at as usize];
                of_pair.times += of_pair.probability * share[slot as usize];
            }
        }
    }
    pairs.iter().map(|of_pair| of_pair.times).collect()
}

/// What a round of [`expect`] knows of a candidate: together, as a sentence asks for both.
#[derive(Clone, Copy)]
struct Expected {
    /// Of its word giving the other (0–1).
    probability: f64,
    /// How often it is expected to have done so.
    times: f64,
}

impl Expected {
    const fn of(probability: f64) -> Self {
        Self {
            probability,
            times: 0.0,
        }
    }
}

/// Makes probabilities of what was expected, by the words of side `from`, of which there are so many.
fn maximise(pairs: &mut [Expected], candidates: &[Candidate], from: usize, words: usize) {
    let mut of_word = vec![0.0; words];
    for (candidate, of_pair) in candidates.iter().zip(&*pairs) {
        of_word[candidate.words[from] as usize] += of_pair.times;
    }
    for (candidate, of_pair) in candidates.iter().zip(pairs) {
        let all = f64::max(of_word[candidate.words[from] as usize], f64::MIN_POSITIVE);
        *of_pair = Expected::of(of_pair.times / all);
    }
}

/// Of the candidates that meet in each pair of sentences, one after the other, the places of their words of a `side` among the words of the sentence.
fn slots(met: &[Vec<u32>], candidates: &[Candidate], sentences: &[Pair], side: usize) -> Vec<u32> {
    let mut out = Vec::with_capacity(met.iter().map(Vec::len).sum());
    for (met, pair) in met.iter().zip(sentences) {
        let words = &pair.words[side];
        let words_met = met.iter().map(|&at| candidates[at as usize].words[side]);
        out.extend(words_met.map(|word| words.partition_point(|&other| other < word) as u32));
    }
    out
}

/// The words of one side by their stems.
struct Words {
    lang: Lang,
    ids: FxHashMap<Key, u32>,
    /// In how many sentences each stands, by their probability.
    sentences: Vec<f64>,
    /// The forms that are met, as they are folded.
    forms: Vec<Form>,
    /// The number of the form of each word as it is written, and as it is folded.
    spellings: FxHashMap<Box<str>, u32>,
}

/// A form of a word.
struct Form {
    folded: String,
    /// Its word; `None` for what is not looked at.
    word: Option<u32>,
    /// How often it is met.
    met: u32,
}

impl Words {
    fn new(lang: Lang) -> Self {
        Self {
            lang,
            ids: FxHashMap::default(),
            sentences: Vec::new(),
            forms: Vec::new(),
            spellings: FxHashMap::default(),
        }
    }

    fn len(&self) -> usize {
        self.sentences.len()
    }

    /// The words of a sentence, each once, rising.
    fn read(&mut self, text: &str, weight: f64) -> Vec<u32> {
        let mut out = Vec::new();
        for span in fold::words(text) {
            let number = self.form(span.of(text));
            let form = &mut self.forms[number as usize];
            form.met += 1;
            out.extend(form.word);
        }
        out.sort_unstable();
        out.dedup();
        for &id in &out {
            self.sentences[id as usize] += weight;
        }
        out
    }

    /// The number of the form that is written so: folded and stemmed only when it is new.
    fn form(&mut self, written: &str) -> u32 {
        if let Some(&known) = self.spellings.get(written) {
            return known;
        }
        let mut folded = String::new();
        fold::fold_word(written, &mut folded);
        let known = self.spellings.get(folded.as_str()).copied();
        let number = known.unwrap_or_else(|| {
            let letters = folded.chars().all(fold::is_letter) && folded.chars().nth(1).is_some();
            let word = (letters && !is_function_word(&folded, self.lang)).then(|| self.word(&folded));
            let number = self.forms.len() as u32;
            self.spellings.insert(folded.as_str().into(), number);
            self.forms.push(Form { folded, word, met: 0 });
            number
        });
        self.spellings.insert(written.into(), number);
        number
    }

    /// The number of the word of a folded form.
    fn word(&mut self, folded: &str) -> u32 {
        let next = self.sentences.len() as u32;
        let key = stem::typical_key(folded, self.lang);
        let id = *self.ids.entry(key).or_insert(next);
        if id == next {
            self.sentences.push(0.0);
        }
        id
    }

    /// The form under which each of these words is written: of Kazakh the [`kazakh_lemma`], else the commonest form, of equals the shortest.
    fn lemmas(&self, wanted: impl Iterator<Item = u32>) -> BTreeMap<u32, String> {
        let mut forms: BTreeMap<u32, BTreeMap<&str, u32>> =
            wanted.map(|word| (word, BTreeMap::new())).collect();
        for form in &self.forms {
            if let Some(forms) = form.word.and_then(|word| forms.get_mut(&word)) {
                forms.insert(&form.folded, form.met);
            }
        }
        let known = match self.lang {
            Lang::Kazakh if !forms.is_empty() => seed_headwords(),
            _ => FxHashMap::default(),
        };
        let lemma = |forms: BTreeMap<&str, u32>| {
            if self.lang == Lang::Kazakh {
                return kazakh_lemma(&forms, &known);
            }
            let best = forms
                .into_iter()
                .max_by_key(|(form, n)| (*n, std::cmp::Reverse(form.len())));
            best.map(|(form, _)| form.to_owned()).unwrap_or_default()
        };
        forms
            .into_iter()
            .map(|(word, forms)| (word, lemma(forms)))
            .collect()
    }
}

/// The Kazakh headwords of the seed lexicon that are one word, by their keys; common words before names.
fn seed_headwords() -> FxHashMap<Key, &'static str> {
    let mut out = FxHashMap::default();
    let (names, words): (Vec<_>, Vec<_>) = seed_entries()
        .filter(|entry| !entry.kk.contains(' '))
        .partition(|entry| entry.pos == "prop");
    for entry in words.iter().chain(&names) {
        for key in Term::new(entry.kk, Lang::Kazakh, Some(entry.pos == "v")).keys {
            out.entry(key).or_insert(entry.kk);
        }
    }
    out
}

/// The headword of the seed lexicon, or else the form met, of which most of the `forms` met can be forms: never a word that
/// nobody wrote. Of equals a headword, of several headwords the longest, of several forms the shortest.
fn kazakh_lemma(forms: &BTreeMap<&str, u32>, known: &FxHashMap<Key, &'static str>) -> String {
    let mut explains: BTreeMap<Key, u32> = BTreeMap::new();
    let mut keys = Vec::new();
    for (form, n) in forms {
        keys.clear();
        stem::keys(form, Lang::Kazakh, &mut keys);
        keys.sort_unstable();
        keys.dedup();
        keys.iter()
            .for_each(|&key| *explains.entry(key).or_default() += n);
    }
    let headwords = explains
        .iter()
        .filter_map(|(key, &n)| known.get(key).map(|&word| ((n, true, word.len() as isize), word)));
    let met = forms.keys().map(|form| {
        let keys = Term::new(form, Lang::Kazakh, None).keys;
        let most = keys.iter().filter_map(|key| explains.get(key)).max();
        ((most.copied().unwrap_or(0), false, -(form.len() as isize)), *form)
    });
    let best = headwords.chain(met).max();
    best.map(|(_, word)| word.to_owned()).unwrap_or_default()
}
