//! Which documents are translations of each other, without comparing all with all.
//!
//! Each document is boiled down to a [`Fingerprint`]: keys of its figures, names and words that are the same in both
//! languages. An index from rare keys to documents proposes candidates; a candidate's score is the log-likelihood ratio of
//! "translation" against "two texts that met by chance or tell of the same event". Names say little there, since a
//! second report of one event shares them all; figures say most, for and against.

use qostil_figures::{Figure, Value};
use qostil_lexicon::{Lexicon, Side};
use qostil_text::{Document, Lang, fold, names, stem};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// What of a document is compared with others: at most 1 KB each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Keys of figures, names and words, sorted, each once; see [`Key`].
    keys: Vec<Key>,
    /// Characters of all sentences.
    length: u32,
    /// The document's name without what tells its language; `None` when nothing in it does.
    twin: Option<u64>,
}

impl Fingerprint {
    /// Its keys as numbers, sorted.
    pub(crate) fn keys(&self) -> Vec<u32> {
        self.keys.iter().map(|key| key.0).collect()
    }
}

/// A hash whose lowest bits hold the kind of thing (two bits) and how common it is anywhere (two bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Key(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Figure,
    Name,
    Word,
}

impl Key {
    fn new(kind: Kind, commonness: usize, hash: u64) -> Self {
        let tag = match kind {
            Kind::Figure => 0,
            Kind::Name => 1,
            Kind::Word => 2,
        };
        Self(((hash ^ (hash >> 32)) as u32) << 4 | tag << 2 | (commonness as u32 & 3))
    }

    const fn kind(self) -> Kind {
        match self.0 >> 2 & 3 {
            0 => Kind::Figure,
            1 => Kind::Name,
            _ => Kind::Word,
        }
    }

    /// The share of documents that hold such a key before any was counted.
    const fn prior(self) -> f64 {
        [0.3, 0.1, 0.03, 0.005][(self.0 & 3) as usize]
    }
}

/// Most keys of one kind in a fingerprint. Those with the smallest hashes are kept, the same on both sides.
const KEYS: [usize; 3] = [80, 60, 100];

/// Makes fingerprints. Remembers the keys of words it has met, as most words of a collection are met again and again; what it
/// remembers changes nothing but the time taken, and is bounded.
pub struct Fingerprinter<'a> {
    lexicon: &'a Lexicon,
    /// By side: the keys of each word, as written.
    words: [FxHashMap<Box<str>, WordKeys>; 2],
    figures: Vec<Figure>,
    folded: String,
    stems: Vec<stem::Key>,
}

/// The keys of a word as a word, and as a name where it may be one.
#[derive(Clone, Debug, Default)]
struct WordKeys {
    word: Box<[Key]>,
    name: Box<[Key]>,
}

/// Most words of a side that are remembered.
const REMEMBERED: usize = 100_000;

impl<'a> Fingerprinter<'a> {
    /// For documents of the pair of languages of `lexicon`.
    pub fn new(lexicon: &'a Lexicon) -> Self {
        Self {
            lexicon,
            words: Default::default(),
            figures: Vec::new(),
            folded: String::new(),
            stems: Vec::new(),
        }
    }

    /// The fingerprint of a document that is on `side`. Linear in its length.
    pub fn fingerprint(&mut self, document: &Document, side: Side) -> Fingerprint {
        let mut kept: [Vec<Key>; 3] = Default::default();
        let mut length = 0;
        let number = usize::from(side == Side::Target);
        for index in 0..document.sentences.len() {
            let text = document.sentence_text(index);
            length += text.chars().count();
            qostil_figures::scan(&text, document.lang, &mut self.figures);
            kept[0].extend(self.figures.iter().filter(|f| !f.weak).flat_map(figure_keys));
            for (at, span) in fold::words(&text).enumerate() {
                let word = span.of(&text);
                if !self.words[number].contains_key(word) {
                    if self.words[number].len() == REMEMBERED {
                        self.words[number].clear();
                    }
                    let keys = self.word_keys(word, document.lang, side);
                    self.words[number].insert(word.into(), keys);
                }
                let Some(keys) = self.words[number].get(word) else {
                    continue;
                };
                kept[2].extend_from_slice(&keys.word);
                // The first word of a sentence is written large whatever it is.
                if at > 0 {
                    kept[1].extend_from_slice(&keys.name);
                }
            }
        }
        let mut keys = Vec::new();
        for (mut some, most) in kept.into_iter().zip(KEYS) {
            some.sort_unstable();
            some.dedup();
            keys.extend(some.into_iter().take(most));
        }
        keys.sort_unstable();
        keys.shrink_to_fit();
        Fingerprint {
            keys,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            twin: twin(&document.id),
        }
    }

    fn word_keys(&mut self, word: &str, lang: Lang, side: Side) -> WordKeys {
        let (mut words, mut names) = (Vec::new(), Vec::new());
        fold::fold_word(word, &mut self.folded);
        if word.starts_with(char::is_uppercase) && self.folded.chars().count() > 2 {
            name_keys(&self.folded, lang, &mut names);
        }
        self.stems.clear();
        stem::keys(&self.folded, lang, &mut self.stems);
        if let Some(head) = self.lexicon.lookup(side, &self.stems) {
            // Words are compared in the target language: a source word stands for each of its equivalents.
            let mut push = |key: u64| words.push(Key::new(Kind::Word, 1, key));
            match side {
                Side::Source => self.lexicon.equivalents(side, head, push),
                Side::Target => push(head),
            }
        }
        WordKeys {
            word: words.into(),
            name: names.into(),
        }
    }
}

fn figure_keys(figure: &Figure) -> Vec<Key> {
    let digits = match &figure.value {
        Value::Number(number) => number
            .normalize()
            .mantissa()
            .unsigned_abs()
            .to_string()
            .trim_end_matches('0')
            .len(),
        _ => 3,
    };
    figure
        .keys()
        .into_iter()
        .map(|key| Key::new(Kind::Figure, digits.clamp(1, 4) - 1, key))
        .collect()
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
fn twin(id: &str) -> Option<u64> {
    let lower = id.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let is_code = |part: &str| matches!(part, "kk" | "kaz" | "kz" | "qaz" | "en" | "eng" | "ru" | "rus");
    let rest: Vec<&str> = parts.iter().filter(|part| !is_code(part)).copied().collect();
    (rest.len() + 1 == parts.len()).then(|| stem::key(b'i', &rest.join("/")))
}

/// Two documents taken for translations of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentPair {
    /// Number of the source document among those given.
    pub src: usize,
    /// Number of the target document.
    pub tgt: usize,
    /// Probability that they are translations of each other, 0–1.
    pub confidence: f64,
    /// Why.
    pub evidence: PairEvidence,
}

/// What two documents share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairEvidence {
    /// Figures found in both.
    pub figures: usize,
    /// Figures found in one: the smaller of the two sides' counts of what is left over.
    pub figures_apart: usize,
    /// Names found in both.
    pub names: usize,
    /// Words found in both.
    pub words: usize,
    /// Length of the target by that of the source, in characters.
    pub length: f64,
    /// Whether the file names differ in their language codes alone.
    pub twins: bool,
}

impl std::fmt::Display for PairEvidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "figures {} shared, {} apart; names {}; words {}; length ×{:.2}",
            self.figures, self.figures_apart, self.names, self.words, self.length
        )?;
        if self.twins {
            f.write_str("; file names alike")
        } else {
            Ok(())
        }
    }
}

/// Why a document has no partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpaired {
    /// Nothing on the other side is like it.
    NoCandidate,
    /// The likeliest one tells of the same things and is no translation.
    NotTranslation,
    /// Its likeliest partner belongs to another document.
    PartnerTaken,
}

impl Unpaired {
    /// The reason in `left-out.tsv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoCandidate => "no-candidate",
            Self::NotTranslation => "not-a-translation",
            Self::PartnerTaken => "partner-taken",
        }
    }
}

/// The outcome of pairing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairing {
    /// Pairs in the order of their source documents; no document is in two.
    pub pairs: Vec<DocumentPair>,
    /// Why each source document has no partner; `None` for one that has.
    pub src_unpaired: Vec<Option<Unpaired>>,
    /// The same for target documents.
    pub tgt_unpaired: Vec<Option<Unpaired>>,
}

/// A key that more documents than this share proposes no candidates; it still counts in their scores.
const POSTINGS: usize = 50;
/// Candidates of one document that are scored in full.
const CANDIDATES: usize = 12;
/// Log-odds, in nats, at which a pair is accepted.
const ACCEPT: f64 = 4.0;

/// Pairs documents one to one, best first. The result does not depend on the number of threads.
///
/// Time grows with the number of documents times a constant number of candidates.
pub fn pair_documents(src: &[Fingerprint], tgt: &[Fingerprint]) -> Pairing {
    let shares = Shares::new(src, tgt);
    let mut index: FxHashMap<Key, Vec<u32>> = FxHashMap::default();
    let mut twins: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for (number, print) in (0_u32..).zip(tgt) {
        for key in &print.keys {
            let postings = index.entry(*key).or_default();
            if postings.len() <= POSTINGS {
                postings.push(number);
            }
        }
        if let Some(twin) = print.twin {
            twins.entry(twin).or_default().push(number);
        }
    }
    let mut scored: Vec<(f64, usize, usize, PairEvidence)> = src
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, print)| {
            let found = candidates(print, &index, &twins, &shares);
            found
                .into_iter()
                .map(move |other| (number, other))
                .collect::<Vec<_>>()
        })
        .map(|(s, t)| {
            let (score, evidence) = score(&src[s], &tgt[t], &shares);
            (score, s, t, evidence)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut pairing = Pairing {
        pairs: Vec::new(),
        src_unpaired: vec![Some(Unpaired::NoCandidate); src.len()],
        tgt_unpaired: vec![Some(Unpaired::NoCandidate); tgt.len()],
    };
    for (score, s, t, evidence) in scored {
        let free = pairing.src_unpaired[s].is_some() && pairing.tgt_unpaired[t].is_some();
        if free && score >= ACCEPT {
            (pairing.src_unpaired[s], pairing.tgt_unpaired[t]) = (None, None);
            let confidence = 1.0 / (1.0 + (-score / TEMPERATURE).exp());
            pairing.pairs.push(DocumentPair {
                src: s,
                tgt: t,
                confidence,
                evidence,
            });
            continue;
        }
        let reason = if score >= ACCEPT {
            Unpaired::PartnerTaken
        } else {
            Unpaired::NotTranslation
        };
        for unpaired in [&mut pairing.src_unpaired[s], &mut pairing.tgt_unpaired[t]] {
            if *unpaired == Some(Unpaired::NoCandidate) {
                *unpaired = Some(reason);
            }
        }
    }
    pairing.pairs.sort_by_key(|pair| pair.src);
    pairing
}

/// How common each key is on each side.
struct Shares {
    src: (FxHashMap<Key, u32>, f64),
    tgt: (FxHashMap<Key, u32>, f64),
    /// Mean and spread of the logarithm of target length by source length.
    length: (f64, f64),
}

/// How many documents the prior share of a key counts as.
const PRIOR_WEIGHT: f64 = 20.0;

impl Shares {
    fn new(src: &[Fingerprint], tgt: &[Fingerprint]) -> Self {
        let count = |prints: &[Fingerprint]| {
            let mut counts = FxHashMap::default();
            for key in prints.iter().flat_map(|print| &print.keys) {
                *counts.entry(*key).or_insert(0) += 1;
            }
            (counts, prints.len() as f64)
        };
        Self {
            src: count(src),
            tgt: count(tgt),
            length: (0.1, 0.3),
        }
    }

    /// The share of documents of a side that hold `key`.
    fn share((counts, total): &(FxHashMap<Key, u32>, f64), key: Key) -> f64 {
        let count = counts.get(&key).copied().unwrap_or(0);
        // The document that holds it is no proof that others do.
        let others = f64::from(count.saturating_sub(1));
        (others + PRIOR_WEIGHT * key.prior()) / (total + PRIOR_WEIGHT)
    }

    /// The likelihood that a document of either side holds `key` by chance: the larger share decides.
    fn chance(&self, key: Key) -> f64 {
        Self::share(&self.src, key)
            .max(Self::share(&self.tgt, key))
            .min(0.95)
    }
}

fn candidates(
    print: &Fingerprint,
    index: &FxHashMap<Key, Vec<u32>>,
    twins: &FxHashMap<u64, Vec<u32>>,
    shares: &Shares,
) -> Vec<usize> {
    let mut weights: FxHashMap<u32, f64> = FxHashMap::default();
    for key in &print.keys {
        let Some(postings) = index.get(key).filter(|postings| postings.len() <= POSTINGS) else {
            continue;
        };
        for other in postings {
            *weights.entry(*other).or_insert(0.0) -= shares.chance(*key).ln();
        }
    }
    if let Some(found) = print
        .twin
        .and_then(|twin| twins.get(&twin))
        .filter(|found| found.len() <= POSTINGS)
    {
        for other in found {
            *weights.entry(*other).or_insert(0.0) += 100.0;
        }
    }
    let mut best: Vec<(u32, f64)> = weights.into_iter().collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    best.truncate(CANDIDATES);
    best.into_iter().map(|(other, _)| other as usize).collect()
}

/// Divides log-odds before they become a confidence: keys are not independent of each other.
const TEMPERATURE: f64 = 6.0;
/// What file names that differ in the language code alone are worth, in nats.
const TWINS: f64 = 8.0;

/// The log-likelihood ratio of "translations of each other", in nats, and what it rests on.
fn score(src: &Fingerprint, tgt: &Fingerprint, shares: &Shares) -> (f64, PairEvidence) {
    let mut evidence = PairEvidence {
        length: f64::from(tgt.length.max(1)) / f64::from(src.length.max(1)),
        twins: src.twin.is_some() && src.twin == tgt.twin,
        ..PairEvidence::default()
    };
    let (mut score, mut apart) = (0.0, [0_usize; 2]);
    let (mut left, mut right) = (src.keys.iter().peekable(), tgt.keys.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => break,
        };
        let (key, side) = match order {
            std::cmp::Ordering::Less => (left.next(), 0),
            std::cmp::Ordering::Greater => (right.next(), 1),
            std::cmp::Ordering::Equal => {
                right.next();
                (left.next(), 2)
            }
        };
        let Some(&key) = key else { break };
        let chance = shares.chance(key);
        let (kept, weight) = model(key.kind());
        if side == 2 {
            score += weight * (kept / chance).ln().max(0.0);
            match key.kind() {
                Kind::Figure => evidence.figures += 1,
                Kind::Name => evidence.names += 1,
                Kind::Word => evidence.words += 1,
            }
        } else if key.kind() == Kind::Figure {
            score += weight * ((1.0 - kept) / (1.0 - chance)).ln().min(0.0);
            apart[side] += 1;
        }
    }
    evidence.figures_apart = apart[0].min(apart[1]);
    let (mean, spread) = shares.length;
    let off = (evidence.length.ln() - mean) / spread;
    score -= off * off / 2.0;
    if evidence.twins {
        score += TWINS;
    }
    (score, evidence)
}

/// How often a key of a document is found in its translation, and how much it counts: names and topics are shared by
/// all that is told of one event.
const fn model(kind: Kind) -> (f64, f64) {
    match kind {
        Kind::Figure => (0.7, 1.0),
        Kind::Name => (0.5, 0.15),
        Kind::Word => (0.4, 0.15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(id: &str, lang: Lang, text: &str) -> Fingerprint {
        let document = Document::from_lines(id, lang, text.to_owned());
        let side = if lang == Lang::Kazakh {
            Side::Source
        } else {
            Side::Target
        };
        Fingerprinter::new(&Lexicon::default()).fingerprint(&document, side)
    }

    #[test]
    fn twins_are_named_apart_by_language_alone() {
        assert_eq!(twin("news/07.kk.txt"), twin("news/07.en.txt"));
        assert_eq!(twin("kk/07.txt"), twin("en/07.txt"));
        assert_ne!(twin("kk/07.txt"), twin("en/08.txt"));
        assert_eq!(twin("07.txt"), None);
    }

    #[test]
    fn figures_decide_between_reports_of_one_event() {
        let kk = print(
            "a",
            Lang::Kazakh,
            "Биыл Тоқаев 1345 мектеп, 289 аурухана ашты.\nОған 4567 адам мен 78,3 тонна жүк келді.",
        );
        let right = print(
            "b",
            Lang::English,
            "This year Tokayev opened 1345 schools and 289 hospitals.\n4567 people and 78.3 tons came.",
        );
        let wrong = print(
            "c",
            Lang::English,
            "This year Tokayev opened 1212 schools and 317 hospitals.\n9871 people and 55.6 tons came.",
        );
        let pairing = pair_documents(std::slice::from_ref(&kk), &[wrong.clone(), right]);
        assert_eq!(pairing.pairs.len(), 1, "{pairing:?}");
        assert_eq!((pairing.pairs[0].src, pairing.pairs[0].tgt), (0, 1));
        assert!(pair_documents(&[kk], &[wrong]).pairs.is_empty());
    }
}
