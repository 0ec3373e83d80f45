//! A lexicon learnt from bitext.

use qostil_text::stem::{self, Key};
use qostil_text::{Lang, fold};
use std::collections::{BTreeMap, HashMap};

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
/// Pairs below this Dice coefficient are not followed up.
const LEAST_DICE: f64 = 0.05;
/// Every word is believed to have been met so many times more, with nothing that stands for it: what is met twice is no certainty.
const DOUBT: f64 = 1.0;
/// Pairs below this probability are not kept.
const LEAST_PROBABILITY: f64 = 0.3;

/// Learns which words translate each other from pairs of sentences, each with the probability (0–1) that it is one: IBM model 1 (Brown et al. 1993) on stems, by expectation
/// maximisation in both directions over the pairs of words that Dice leaves. Sorted by source word, likeliest first.
/// Time is linear in the pairs of words that meet in a sentence, memory in the distinct ones.
pub fn learn<'t>(
    bitext: impl IntoIterator<Item = (&'t str, &'t str, f64)>,
    src: Lang,
    tgt: Lang,
) -> Vec<LearntPair> {
    let mut words = [Words::new(src), Words::new(tgt)];
    let sentences: Vec<([Vec<u32>; 2], f64)> = bitext
        .into_iter()
        .map(|(src, tgt, weight)| ([words[0].read(src, weight), words[1].read(tgt, weight)], weight))
        .collect();
    let mut meetings: HashMap<(u32, u32), (u32, f64)> = HashMap::new();
    for ([src, tgt], weight) in &sentences {
        for &s in src {
            for &t in tgt {
                let met = meetings.entry((s, t)).or_default();
                *met = (met.0 + 1, met.1 + weight);
            }
        }
    }
    let dice = |s: u32, t: u32, met: f64| {
        2.0 * met / (words[0].sentences[s as usize] + words[1].sentences[t as usize]).max(f64::MIN_POSITIVE)
    };
    meetings.retain(|&(s, t), &mut (n, met)| n >= FEWEST_MEETINGS && dice(s, t, met) >= LEAST_DICE);
    let mut kept: Vec<((u32, u32), u32)> = meetings.into_iter().map(|(pair, (n, _))| (pair, n)).collect();
    kept.sort_unstable();
    let candidates: HashMap<(u32, u32), usize> = kept.iter().map(|&(pair, _)| pair).zip(0..).collect();
    let met: Vec<Met> = sentences
        .iter()
        .map(|([src, tgt], weight)| {
            let pairs = src.iter().flat_map(|&s| tgt.iter().map(move |&t| (s, t)));
            let known = pairs.filter_map(|(s, t)| candidates.get(&(s, t)).map(|&at| (s, t, at)));
            (known.collect(), *weight)
        })
        .collect();
    let there = expect(
        &met,
        candidates.len(),
        [words[0].len(), words[1].len()],
        |&(s, t, at)| (s, t, at),
    );
    let back = expect(
        &met,
        candidates.len(),
        [words[1].len(), words[0].len()],
        |&(s, t, at)| (t, s, at),
    );
    // Of every count one sentence is left out, so that a sentence does not prove what it taught.
    let probability = |at: usize, side: usize, word: u32, count: f64| {
        let others = 1.0 - 1.0 / f64::from(kept[at].1);
        let n = words[side].sentences[word as usize] - 1.0;
        (count * others / (n.max(0.0) + DOUBT)).min(1.0)
    };
    let sure: Vec<f64> = kept
        .iter()
        .enumerate()
        .map(|(at, &((s, t), _))| (probability(at, 0, s, there[at]) * probability(at, 1, t, back[at])).sqrt())
        .collect();
    let lemmas = words.map(Words::lemmas);
    let mut learnt: Vec<LearntPair> = kept
        .iter()
        .zip(sure)
        .map(|(&((s, t), _), probability)| LearntPair {
            src: lemmas[0][s as usize].clone(),
            tgt: lemmas[1][t as usize].clone(),
            probability,
        })
        .filter(|pair| pair.probability >= LEAST_PROBABILITY)
        .collect();
    learnt.sort_by(|a, b| {
        a.src
            .cmp(&b.src)
            .then(b.probability.total_cmp(&a.probability))
            .then_with(|| a.tgt.cmp(&b.tgt))
    });
    learnt
}

/// The candidates of a sentence pair (source word, target word, number of the candidate), and how sure the pair is.
type Met = (Vec<(u32, u32, usize)>, f64);

/// How often the `from` word of each candidate is expected to have given its `to` word. Every `to` word may also come from nothing.
fn expect(
    met: &[Met],
    candidates: usize,
    [froms, tos]: [usize; 2],
    turn: impl Fn(&(u32, u32, usize)) -> (u32, u32, usize),
) -> Vec<f64> {
    let mut probability = vec![1.0 / tos.max(1) as f64; candidates];
    let from_nothing = 1.0 / tos.max(1) as f64;
    let mut counts = Vec::new();
    for _ in 0..ROUNDS {
        let mut expected = vec![0.0; candidates];
        let mut of_word = vec![0.0; froms];
        let mut sum = vec![0.0; tos];
        for (pairs, weight) in met {
            for (_, to, at) in pairs.iter().map(&turn) {
                sum[to as usize] += probability[at];
            }
            for (from, to, at) in pairs.iter().map(&turn) {
                let share = weight * probability[at] / (sum[to as usize] + from_nothing);
                expected[at] += share;
                of_word[from as usize] += share;
            }
            for (_, to, _) in pairs.iter().map(&turn) {
                sum[to as usize] = 0.0;
            }
        }
        for (from, _, at) in met.iter().flat_map(|(pairs, _)| pairs).map(&turn) {
            probability[at] = expected[at] / of_word[from as usize].max(f64::MIN_POSITIVE);
        }
        counts = expected;
    }
    counts
}

/// The words of one side by their stems.
struct Words {
    lang: Lang,
    ids: HashMap<Key, u32>,
    /// In how many sentences each stands, by their probability.
    sentences: Vec<f64>,
    /// How often each form is met.
    forms: Vec<BTreeMap<String, u32>>,
}

impl Words {
    fn new(lang: Lang) -> Self {
        Self {
            lang,
            ids: HashMap::new(),
            sentences: Vec::new(),
            forms: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        self.sentences.len()
    }

    /// The words of a sentence, each once, rising.
    fn read(&mut self, text: &str, weight: f64) -> Vec<u32> {
        let mut out = Vec::new();
        let mut folded = String::new();
        for span in fold::words(text) {
            fold::fold_word(span.of(text), &mut folded);
            let letters = folded.chars().all(char::is_alphabetic) && folded.chars().nth(1).is_some();
            if !letters || is_function_word(&folded, self.lang) {
                continue;
            }
            let next = self.ids.len() as u32;
            let id = *self
                .ids
                .entry(stem::typical_key(&folded, self.lang))
                .or_insert(next);
            if id == next {
                self.sentences.push(0.0);
                self.forms.push(BTreeMap::new());
            }
            *self.forms[id as usize].entry(folded.clone()).or_default() += 1; // invariant: one list of forms for each id
            out.push(id);
        }
        out.sort_unstable();
        out.dedup();
        for &id in &out {
            self.sentences[id as usize] += weight;
        }
        out
    }

    /// The form under which each word is written: of Kazakh the [`kazakh_lemma`], else the commonest form, of equals the shortest.
    fn lemmas(self) -> Vec<String> {
        let known = match self.lang {
            Lang::Kazakh => seed_headwords(),
            _ => HashMap::new(),
        };
        let lemma = |forms: BTreeMap<String, u32>| {
            if self.lang == Lang::Kazakh {
                return kazakh_lemma(&forms, &known);
            }
            let best = forms
                .into_iter()
                .max_by_key(|(form, n)| (*n, std::cmp::Reverse(form.len())));
            best.map(|(form, _)| form).unwrap_or_default()
        };
        self.forms.into_iter().map(lemma).collect()
    }
}

/// The Kazakh headwords of the seed lexicon that are one word, by their keys; common words before names.
fn seed_headwords() -> HashMap<Key, &'static str> {
    let mut out = HashMap::new();
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
fn kazakh_lemma(forms: &BTreeMap<String, u32>, known: &HashMap<Key, &'static str>) -> String {
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
        (
            (most.copied().unwrap_or(0), false, -(form.len() as isize)),
            form.as_str(),
        )
    });
    let best = headwords.chain(met).max();
    best.map(|(_, word)| word.to_owned()).unwrap_or_default()
}
