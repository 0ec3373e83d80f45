//! Which documents are translations of each other, without comparing all with all.
//!
//! Each document is boiled down to a [`Fingerprint`]: keys of its figures, names and words that are the same in both
//! languages, and what its file name, address and date say. An index from rare keys to documents proposes candidates, and a rough score puts
//! them in order: the log-likelihood ratio of "translation" against "two texts that met by chance". The few best of each document are then
//! held against it sentence by sentence ([`Comparison`]), which decides.

use std::cmp::Reverse;
use std::num::NonZeroU64;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::comparison::{Comparison, STRONGEST};
use crate::fingerprint::{Fingerprint, Fingerprints, Key, Kind, Lowest, Print};

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
    /// Whether the file names or addresses differ in their language codes alone.
    pub twins: bool,
    /// What numbers in their names, and their dates, say in nats; with [`Self::twins`] all that does not come from the text.
    pub labels: f64,
    /// What their sentences say.
    pub compared: Option<Comparison>,
}

impl PairEvidence {
    /// What does not come from the text, in nats.
    fn outside(&self) -> f64 {
        self.labels + if self.twins { TWINS } else { 0.0 }
    }
}

impl std::fmt::Display for PairEvidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "figures {} shared, {} apart; names {}; words {}; length ×{:.2}",
            self.figures, self.figures_apart, self.names, self.words, self.length
        )?;
        if let Some(found) = &self.compared {
            write!(
                f,
                "; {:.1} of {} sentences correspond, figures agree in {:.1}, contradict in {:.1}, names {} shared, {} apart there",
                found.pairs, found.sentences, found.agree, found.contradict, found.names, found.names_apart
            )?;
        }
        if self.twins {
            f.write_str("; names alike")?;
        }
        if self.labels > 0.0 {
            f.write_str("; numbers or dates of names alike")?;
        }
        if self.labels < 0.0 {
            f.write_str("; dates apart")?;
        }
        Ok(())
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
const POSTINGS: usize = 1500;
/// Keys of a document propose candidates, the rarest first, until they have proposed so many.
const PROPOSED: usize = 10_000;
/// Candidates of one document that get a rough score.
const CANDIDATES: usize = 12;
/// Those of them that are compared sentence by sentence.
const COMPARED: usize = 4;
/// So many documents at least look for candidates one after the other, with one [`Tally`].
const TOGETHER: usize = 64;
/// A candidate so many nats behind the best one is not compared.
const HOPELESS: f32 = 25.0;
/// Nor is one below so many nats unless each is the other's best: of the right pairs that the bench of pairing makes, with two fifths of their lines lost, the
/// lowest has −13.7, and half of all wrong candidates of usual documents have less than this.
const UNLIKELY: f32 = -15.0;
/// How many times what names and dates say counts where it is only about being compared.
const NAMES_FIRST: f64 = 4.0;
/// Log-odds, in nats, at which a pair is accepted: of the development documents the last right pair has −0.3, the first wrong one −1.9 (`heavy`, half of whose
/// lines have no partner); lower, documents of which every other line was left out come in.
const ACCEPT: f64 = -0.5;
/// How much a second look at sentences may add to the first, in nats: words that only these documents teach are known then.
const FIRST_SIGHT: f64 = 3.0;
/// Where two documents, each the other's best candidate, are a pair with such log-odds, candidates of either that are so many nats behind are not
/// compared.
const SURE: f64 = 3.0;
const BEHIND: f32 = 6.0;

/// Two documents that may be translations of each other, by their numbers.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    /// The source document.
    pub src: usize,
    /// The target document.
    pub tgt: usize,
    /// How many nats all says for them that does not come from their sentences.
    pub foreword: f64,
}

/// Holds documents against each other sentence by sentence.
pub trait Compare: Sync {
    /// What the two documents of each proposal have in common; nothing is known where one cannot be read. Those of one source document stand together.
    fn compare(&self, proposals: &[Proposal]) -> Vec<Option<Comparison>>;

    /// So many documents will be compared, besides those that were announced before.
    fn announce(&self, _comparisons: usize) {}
}

impl<F: Fn(&[Proposal]) -> Vec<Option<Comparison>> + Sync> Compare for F {
    fn compare(&self, proposals: &[Proposal]) -> Vec<Option<Comparison>> {
        self(proposals)
    }
}

/// So many proposals are handed over together at most.
const COMPARED_TOGETHER: usize = 8;

/// How many of `all` one thread takes together, at most so many: few enough that all threads have work to the end.
pub(crate) fn taken_together(all: usize, most: usize) -> usize {
    (all / (4 * rayon::current_num_threads())).clamp(1, most)
}

/// Pairs documents one to one, best first. The result does not depend on the number of threads.
///
/// Time grows with the number of documents times a constant number of candidates.
pub fn pair_documents(src: &[Fingerprint], tgt: &[Fingerprint], compare: &dyn Compare) -> Pairing {
    Shortlist::new(&src.iter().collect(), &tgt.iter().collect()).pair(compare)
}

impl Shortlist<'_> {
    /// Documents that are most like each other, by their numbers: each is the other's best candidate, and likely by their fingerprints alone.
    pub(crate) fn surest(&self) -> impl Iterator<Item = (usize, usize)> {
        let surest = self
            .candidates
            .iter()
            .filter(|one| one.is_first && one.score > 0.0);
        surest.map(|one| (one.src as usize, one.tgt as usize))
    }

    /// Pairs documents one to one, best first.
    pub(crate) fn pair(self, compare: &dyn Compare) -> Pairing {
        let Self {
            src,
            tgt,
            shares,
            alone,
            candidates,
            unpaired,
        } = self;
        let scored = |candidates: &[Candidate]| -> Vec<(f64, PairEvidence)> {
            // A chunk is never empty.
            let print = Weighed::new(src.get(candidates[0].src as usize), &shares);
            let others = candidates.iter().map(|candidate| candidate.tgt as usize);
            others
                .map(|other| score(&print, (tgt.get(other), alone[other]), &shares))
                .collect()
        };
        let judge_some = |candidates: &[Candidate]| -> Vec<Judged> {
            let of_one = candidates.chunk_by(|a, b| a.src == b.src);
            let scored: Vec<_> = of_one.flat_map(scored).collect();
            let proposals = candidates.iter().zip(&scored);
            let proposals: Vec<_> = proposals
                .map(|(candidate, (rough, evidence))| Proposal {
                    src: candidate.src as usize,
                    tgt: candidate.tgt as usize,
                    foreword: foreword(*rough, evidence),
                })
                .collect();
            let compared = compare.compare(&proposals);
            let all = candidates.iter().zip(scored).zip(compared);
            all.map(|((candidate, (rough, evidence)), compared)| Judged {
                candidate: *candidate,
                score: match &compared {
                    Some(found) => foreword(rough, &evidence) + judge(found),
                    None => judge_unread(rough, &evidence),
                },
                evidence: PairEvidence { compared, ..evidence },
            })
            .collect()
        };
        let judged = |candidates: &[Candidate]| -> Vec<Judged> {
            compare.announce(candidates.len());
            let some = candidates.par_chunks(taken_together(candidates.len(), COMPARED_TOGETHER));
            some.flat_map_iter(judge_some).collect()
        };
        let (first, others): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|candidate| candidate.is_first);
        let mut scored = judged(&first);
        // Below which rank candidates of each document are out of the question.
        let mut floors = (vec![f32::MIN; src.len()], vec![f32::MIN; tgt.len()]);
        for Judged { candidate, .. } in scored.iter().filter(|judged| judged.score >= SURE) {
            let floor = candidate.rank - BEHIND;
            (floors.0[candidate.src as usize], floors.1[candidate.tgt as usize]) = (floor, floor);
        }
        let is_open = |candidate: &Candidate| {
            candidate.rank > floors.0[candidate.src as usize].max(floors.1[candidate.tgt as usize])
        };
        let (open, closed): (Vec<_>, Vec<_>) = others.into_iter().partition(is_open);
        scored.extend(judged(&open));
        scored.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.candidate.places().cmp(&b.candidate.places()))
        });
        let [src_unpaired, tgt_unpaired] = unpaired;
        let mut pairing = Pairing {
            pairs: Vec::new(),
            src_unpaired,
            tgt_unpaired,
        };
        for Judged {
            candidate,
            score,
            evidence,
        } in scored
        {
            let (src, tgt) = (candidate.src as usize, candidate.tgt as usize);
            let free = pairing.src_unpaired[src].is_some() && pairing.tgt_unpaired[tgt].is_some();
            if free && score >= ACCEPT {
                (pairing.src_unpaired[src], pairing.tgt_unpaired[tgt]) = (None, None);
                pairing.pairs.push(DocumentPair {
                    src,
                    tgt,
                    confidence: 1.0 / (1.0 + (-score).exp()),
                    evidence,
                });
                continue;
            }
            if score >= ACCEPT {
                for unpaired in [&mut pairing.src_unpaired[src], &mut pairing.tgt_unpaired[tgt]] {
                    *unpaired = unpaired.map(|_| Unpaired::PartnerTaken);
                }
            }
        }
        // Many a document is a candidate by chance alone.
        for candidate in closed.iter().filter(|candidate| candidate.score > 0.0) {
            let of = (candidate.src as usize, candidate.tgt as usize);
            for unpaired in [&mut pairing.src_unpaired[of.0], &mut pairing.tgt_unpaired[of.1]] {
                *unpaired = unpaired.map(|_| Unpaired::PartnerTaken);
            }
        }
        pairing.pairs.sort_by_key(|pair| pair.src);
        pairing
    }
}

/// A pair of documents that may be translations of each other, by their numbers.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    src: u32,
    tgt: u32,
    /// What their texts say, in nats.
    score: f32,
    /// What it is chosen by to be compared: names and dates count for more there.
    rank: f32,
    /// Whether each is the other's best.
    is_first: bool,
}

impl Candidate {
    const fn places(&self) -> (u32, u32) {
        (self.src, self.tgt)
    }
}

/// A candidate that was compared.
struct Judged {
    candidate: Candidate,
    /// Log-odds of "translations of each other", in nats.
    score: f64,
    evidence: PairEvidence,
}

/// What is to be compared: the best candidates of each document on either side by what their fingerprints say.
pub(crate) struct Shortlist<'a> {
    src: &'a Fingerprints,
    tgt: &'a Fingerprints,
    shares: Shares,
    /// Of each target document.
    alone: Vec<Alone>,
    /// In the order of source documents.
    candidates: Vec<Candidate>,
    /// Of the documents of each side: why each has no partner if none of these is one.
    unpaired: [Vec<Option<Unpaired>>; 2],
}

impl<'a> Shortlist<'a> {
    /// Of the fingerprints of either side.
    pub(crate) fn new(src: &'a Fingerprints, tgt: &'a Fingerprints) -> Self {
        let shares = Shares::new(src, tgt);
        let index = Index::new(tgt, &shares);
        let mut twins: Twins = FxHashMap::default();
        for (number, print) in (0_u32..).zip(tgt.iter()) {
            for twin in print.outline.twins.into_iter().flatten() {
                twins.entry(twin).or_default().push(number);
            }
        }
        let of = &shares;
        let alone_of = |number: usize| {
            let print = tgt.get(number);
            let figures = print.keys.iter().filter(|key| key.kind() == Kind::Figure);
            Alone::of(figures.map(|key| of.chance(*key)))
        };
        let alone: Vec<Alone> = (0..tgt.len()).into_par_iter().map(alone_of).collect();
        let mut found: Vec<Candidate> = (0..src.len())
            .into_par_iter()
            .with_min_len(TOGETHER)
            .map_init(
                || Tally::new(tgt.len()),
                |tally, number| {
                    let print = Weighed::new(src.get(number), of);
                    let others = candidates(&print, &index, &twins, tally).into_iter();
                    let judged = others.map(|other| {
                        let alone = alone[other as usize];
                        let (score, evidence) = score(&print, (tgt.get(other as usize), alone), of);
                        Candidate {
                            src: number as u32,
                            tgt: other,
                            score: score as f32,
                            rank: (score + NAMES_FIRST * evidence.outside()) as f32,
                            is_first: false,
                        }
                    });
                    judged.collect::<Vec<_>>()
                },
            )
            .collect::<Vec<_>>()
            .concat();
        found.sort_unstable_by(|a, b| b.rank.total_cmp(&a.rank).then(a.places().cmp(&b.places())));
        // How many candidates of each document came before, and the rank of its first.
        let mut before = (vec![(0, 0.0); src.len()], vec![(0, 0.0); tgt.len()]);
        found.retain_mut(|candidate| {
            let rank = candidate.rank;
            let (of_src, of_tgt) = (
                &mut before.0[candidate.src as usize],
                &mut before.1[candidate.tgt as usize],
            );
            candidate.is_first = of_src.0 == 0 && of_tgt.0 == 0;
            let is_kept = [of_src, of_tgt].map(|(count, best)| {
                if *count == 0 {
                    *best = rank;
                }
                *count += 1;
                *count <= COMPARED && rank > *best - HOPELESS
            });
            candidate.is_first || candidate.score > UNLIKELY && is_kept.contains(&true)
        });
        found.sort_unstable_by_key(Candidate::places);
        let unpaired = [before.0, before.1].map(|before| {
            let why = |(count, _)| match count {
                0 => Unpaired::NoCandidate,
                _ => Unpaired::NotTranslation,
            };
            before.into_iter().map(|one| Some(why(one))).collect()
        });
        Self {
            src,
            tgt,
            shares,
            alone,
            candidates: found,
            unpaired,
        }
    }
}

/// The target documents that hold each key by which candidates are found: one that some source document holds, and few target documents do.
/// Packed, for there may be very many.
struct Index {
    /// Where the documents of each key begin, and how many there are.
    places: FxHashMap<Key, (u32, u32)>,
    documents: Vec<u32>,
}

impl Index {
    fn new(tgt: &Fingerprints, shares: &Shares) -> Self {
        let mut index = Self {
            places: FxHashMap::default(),
            documents: Vec::new(),
        };
        for (number, print) in (0_u32..).zip(tgt.iter()) {
            for key in print.keys.iter().filter(|key| shares.src.0.contains_key(key)) {
                let count = shares.tgt.0.get(key).copied().unwrap_or(0);
                if count as usize > POSTINGS {
                    continue;
                }
                let end = index.documents.len();
                let (start, found) = index.places.entry(*key).or_insert((end as u32, 0));
                if *found == 0 {
                    index.documents.resize(end + count as usize, 0);
                }
                if let Some(place) = index.documents.get_mut((*start + *found) as usize) {
                    *place = number;
                }
                *found += 1;
            }
        }
        index
    }

    fn documents(&self, key: Key) -> &[u32] {
        let (start, count) = self.places.get(&key).copied().unwrap_or((0, 0));
        let documents = start as usize..(start + count) as usize;
        self.documents.get(documents).unwrap_or_default()
    }
}

/// How common each key is on each side.
struct Shares {
    src: (FxHashMap<Key, u32>, f64),
    tgt: (FxHashMap<Key, u32>, f64),
    /// How many documents of both sides have a date, and have this one.
    days: (FxHashMap<u32, u32>, f64),
    /// Mean and spread of the logarithm of target length by source length.
    length: (f64, f64),
}

/// How many documents the prior share of a key counts as.
const PRIOR_WEIGHT: f64 = 20.0;

impl Shares {
    fn new(src: &Fingerprints, tgt: &Fingerprints) -> Self {
        let count = |prints: &Fingerprints| {
            let mut counts = FxHashMap::default();
            for key in prints.iter().flat_map(|print| print.keys) {
                *counts.entry(*key).or_insert(0) += 1;
            }
            (counts, prints.len() as f64)
        };
        let mut days = FxHashMap::default();
        for day in src.iter().chain(tgt.iter()).filter_map(|print| print.outline.day) {
            *days.entry(day).or_insert(0) += 1;
        }
        let dated: u32 = days.values().sum();
        Self {
            src: count(src),
            tgt: count(tgt),
            days: (days, f64::from(dated)),
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

    /// The share of dated documents that are of this day; the two that are compared are no proof that others are.
    fn of_day(&self, day: u32) -> f64 {
        let others = self.days.0.get(&day).map_or(0, |count| count.saturating_sub(2));
        (f64::from(others) + 0.5) / (self.days.1 + 1.0)
    }

    /// The likelihood that a document of either side holds `key` by chance: the larger share decides.
    fn chance(&self, key: Key) -> f64 {
        Self::share(&self.src, key)
            .max(Self::share(&self.tgt, key))
            .min(0.95)
    }
}

/// A fingerprint with the likelihood that a document holds each of its keys by chance.
struct Weighed<'a> {
    print: Print<'a>,
    chances: Vec<f64>,
    alone: Alone,
}

impl<'a> Weighed<'a> {
    fn new(print: Print<'a>, shares: &Shares) -> Self {
        let chances: Vec<f64> = print.keys.iter().map(|key| shares.chance(*key)).collect();
        let figures = print.keys.iter().zip(&chances);
        let figures = figures.filter(|(key, _)| key.kind() == Kind::Figure);
        Self {
            print,
            alone: Alone::of(figures.map(|(_, chance)| *chance)),
            chances,
        }
    }
}

/// What the figures of a document say if none of them is met in the other: they alone tell when they are left over.
#[derive(Clone, Copy, Default)]
struct Alone {
    nats: f64,
    figures: usize,
}

impl Alone {
    /// Of figures, by the likelihood that a document holds each by chance.
    fn of(chances: impl Iterator<Item = f64>) -> Self {
        chances.fold(Self::default(), |sum, chance| Self {
            nats: sum.nats + left_over(chance),
            figures: sum.figures + 1,
        })
    }
}

/// What a figure says that is left over, in nats.
fn left_over(chance: f64) -> f64 {
    let (kept, weight) = model(Kind::Figure);
    weight * ((1.0 - kept) / (1.0 - chance)).ln().min(0.0)
}

/// Target documents by their names without what tells their language.
type Twins = FxHashMap<NonZeroU64, Vec<u32>>;

/// What speaks for each target document while one source document looks for candidates.
struct Tally {
    /// In nats; 0 of those that nothing speaks for.
    nats: Vec<f32>,
    /// Those that something speaks for: so many at the beginning of a list that has room for all and one more.
    met: Vec<u32>,
    count: usize,
}

impl Tally {
    fn new(documents: usize) -> Self {
        Self {
            nats: vec![0.0; documents],
            met: vec![0; documents + 1],
            count: 0,
        }
    }

    fn add(&mut self, document: u32, nats: f32) {
        let sum = &mut self.nats[document as usize];
        // Noted even if it was before, and then overwritten: a branch would be guessed wrong every other time.
        self.met[self.count] = document;
        self.count += usize::from(*sum == 0.0);
        *sum += nats;
    }

    /// The documents that most speaks for, at most so many, those of most first; none has anything after. Linear in those that something speaks for.
    fn take_best(&mut self, most: usize) -> Vec<u32> {
        let mut best = Lowest::new(most);
        for &document in &self.met[..self.count] {
            // of sums, none of which is negative, the order is that of their bits
            let nats = std::mem::take(&mut self.nats[document as usize]);
            best.add((Reverse(nats.to_bits()), document));
        }
        self.count = 0;
        best.found().iter().map(|&(_, document)| document).collect()
    }
}

fn candidates(
    Weighed { print, chances, .. }: &Weighed<'_>,
    index: &Index,
    twins: &Twins,
    tally: &mut Tally,
) -> Vec<u32> {
    let of_keys = print.keys.iter().zip(chances);
    let mut shared: Vec<(&[u32], f64)> = of_keys
        .map(|(key, chance)| (index.documents(*key), *chance))
        .filter(|(documents, _)| !documents.is_empty())
        .collect();
    shared.sort_by_key(|(documents, _)| documents.len());
    let mut proposed = 0;
    for (documents, chance) in shared {
        proposed += documents.len();
        if proposed > PROPOSED {
            break;
        }
        let rarity = -chance.ln() as f32; // a chance is never 1
        documents.iter().for_each(|other| tally.add(*other, rarity));
    }
    let alike = print
        .outline
        .twins
        .iter()
        .flatten()
        .filter_map(|twin| twins.get(twin))
        .filter(|found| found.len() <= TWINS_ALIKE);
    for other in alike.flatten() {
        tally.add(*other, 100.0);
    }
    tally.take_best(CANDIDATES)
}

/// Names that more documents than this share, but for the language code, propose none.
const TWINS_ALIKE: usize = 150;
/// What file names or addresses that differ in the language code alone are worth, in nats: less than what two texts say that have nothing
/// in common.
const TWINS: f64 = 2.5;
/// Most that numbers shared by names are worth.
const MOST_OF_LABELS: f64 = 1.5;
/// How often a translation is published on the same day, and most that dates are worth.
const SAME_DAY: f64 = 0.6;
const MOST_OF_DAY: f64 = 2.0;

/// The log-likelihood ratio of "translations of each other", in nats, and what it rests on.
fn score(src: &Weighed<'_>, (tgt, tgt_alone): (Print<'_>, Alone), shares: &Shares) -> (f64, PairEvidence) {
    let Weighed {
        print,
        chances,
        alone,
    } = src;
    let keys = (print.keys, tgt.keys);
    let (src, tgt) = (print.outline, tgt.outline);
    let mut evidence = PairEvidence {
        length: f64::from(tgt.length.max(1)) / f64::from(src.length.max(1)),
        twins: (0..2).any(|of| src.twins[of].is_some() && src.twins[of] == tgt.twins[of]),
        ..PairEvidence::default()
    };
    let mut score = alone.nats + tgt_alone.nats;
    let mut others = keys.1.iter().copied().peekable();
    for (&key, &chance) in keys.0.iter().zip(chances) {
        while others.next_if(|other| *other < key).is_some() {}
        if others.next_if_eq(&key).is_none() {
            continue;
        }
        let (kept, weight) = model(key.kind());
        let nats = weight * (kept / chance).ln().max(0.0);
        match key.kind() {
            Kind::Figure => {
                evidence.figures += 1;
                score -= 2.0 * left_over(chance);
            }
            Kind::Name => evidence.names += 1,
            Kind::Word => evidence.words += 1,
            Kind::Label => {
                evidence.labels = (evidence.labels + nats).min(MOST_OF_LABELS);
                continue;
            }
        }
        score += nats;
    }
    evidence.figures_apart = alone.figures.min(tgt_alone.figures) - evidence.figures;
    let (mean, spread) = shares.length;
    let off = (evidence.length.ln() - mean) / spread;
    score -= off * off / 2.0;
    if let (Some(a), Some(b)) = (src.day, tgt.day) {
        evidence.labels += match a.abs_diff(b) {
            0 => (SAME_DAY / shares.of_day(a)).ln().clamp(0.0, MOST_OF_DAY),
            1..=3 => 0.0,
            4..=31 => -1.0,
            _ => -MOST_OF_DAY,
        };
    }
    (score, evidence)
}

/// Log-odds of "translations of each other", in nats, from the rough score and what does not come from the text; where sentences are compared, [`judge`]
/// adds what they say.
///
/// Rounded weights of a logistic regression over the shortlists of collections as the bench of pairing makes them; those of what speaks against two documents
/// (figures that contradict each other, names that are left over on both sides, sentences of the longer one that are not covered) were chosen besides,
/// so that they keep wrong pairs out and cost few right ones: `docs/quality-log.md`.
fn foreword(rough: f64, evidence: &PairEvidence) -> f64 {
    evidence.outside() - 2.9 + 1.8 * (rough / 10.0).clamp(-3.0, 0.0) + 0.8 * (rough / 10.0).clamp(0.0, 2.0)
}

/// What a comparison of sentences adds, in nats.
fn judge(found: &Comparison) -> f64 {
    let sentences = found.sentences.max(1) as f64;
    let covered = |sentences: usize| (found.pairs / sentences.max(1) as f64).min(1.0);
    // Some sentences of any two texts are alike by chance, and some names are spelt quite otherwise.
    let beyond_chance = (found.nats - 0.5 * sentences).max(0.0);
    let strangers = found.names_apart.saturating_sub(found.names) as f64;
    covered(found.longer) - covered(found.sentences)
        + 3.0 * found.nats / (STRONGEST * sentences)
        + 0.8 * beyond_chance.sqrt().min(8.0)
        + 1.1 * found.agree / (found.agree + found.contradict + 1.0)
        - 8.0 * found.clashes().ln_1p()
        - 1.2 * strangers.powi(3)
}

/// The log-odds of two documents that could not be compared.
fn judge_unread(rough: f64, evidence: &PairEvidence) -> f64 {
    rough / 6.0 - 0.7 + evidence.outside()
}

/// Whether documents of which all else says so many nats are a pair, unless one of them is of a surer one.
pub(crate) fn is_accepted(foreword: f64, found: &Comparison) -> bool {
    foreword + judge(found) >= ACCEPT
}

/// Whether a first look at sentences leaves no doubt that documents are no translations of each other, of which all else says so many nats.
pub(crate) fn is_hopeless(foreword: f64, first: &Comparison) -> bool {
    foreword + judge(first) < ACCEPT - FIRST_SIGHT
}

/// How often a key of a document is found in its translation, and how much it counts: names and topics are shared by
/// all that is told of one event.
const fn model(kind: Kind) -> (f64, f64) {
    match kind {
        Kind::Figure => (0.7, 1.0),
        Kind::Name => (0.5, 0.15),
        Kind::Word => (0.4, 0.15),
        Kind::Label => (0.5, 0.5),
    }
}

#[cfg(test)]
mod tests {
    use qostil_align::{Figures, Parameters, Resources};
    use qostil_lexicon::{Lexicon, Side};
    use qostil_text::{Document, Lang};

    use super::*;
    use crate::{About, Fingerprinter, compare_documents};

    fn document(id: &str, lang: Lang, text: &str) -> Document {
        Document::from_lines(id, lang, text.to_owned())
    }

    /// The pairs among these documents, by their numbers.
    fn paired(kk: &[Document], en: &[Document]) -> Vec<(usize, usize)> {
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let resources = Resources {
            parameters: &Parameters::default(),
            lexicon: &lexicon,
        };
        let mut one = Fingerprinter::new(&lexicon);
        let mut prints = |documents: &[Document], side| -> Vec<Fingerprint> {
            let each = documents.iter();
            each.map(|document| one.fingerprint(document, &Figures::of(document), side, &About::default()))
                .collect()
        };
        let (src, tgt) = (prints(kk, Side::Source), prints(en, Side::Target));
        let compare = |proposals: &[Proposal]| {
            let compared = |one: &Proposal| Some(compare_documents(&kk[one.src], &en[one.tgt], &resources));
            proposals.iter().map(compared).collect()
        };
        let pairing = pair_documents(&src, &tgt, &compare);
        pairing.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect()
    }

    const OPENED: &str =
        "Биыл Тоқаев 1345 мектеп, 289 аурухана ашты.\nОған 4567 адам мен 78,3 тонна жүк келді.";
    const OPENED_EN: &str =
        "This year Tokayev opened 1345 schools and 289 hospitals.\n4567 people and 78.3 tons of cargo came.";
    const OTHERS: &str =
        "This year Tokayev opened 1212 schools and 317 hospitals.\n9871 people and 55.6 tons of cargo came.";

    #[test]
    fn figures_decide_between_reports_of_one_event() {
        let kk = document("a", Lang::Kazakh, OPENED);
        let (right, wrong) = (
            document("b", Lang::English, OPENED_EN),
            document("c", Lang::English, OTHERS),
        );
        assert_eq!(
            paired(std::slice::from_ref(&kk), &[wrong.clone(), right]),
            [(0, 1)]
        );
        assert!(paired(&[kk], &[wrong]).is_empty());
    }

    #[test]
    fn contents_decide_against_names() {
        let kk = document("kk/1.txt", Lang::Kazakh, OPENED);
        let far = "The museum bought a painting.\nVisitors will see it in summer.";
        let (right, other) = (
            document("en/2.txt", Lang::English, OPENED_EN),
            document("en/1.txt", Lang::English, far),
        );
        assert_eq!(
            paired(std::slice::from_ref(&kk), &[other.clone(), right]),
            [(0, 1)]
        );
        assert!(paired(&[kk], &[other]).is_empty());
    }

    #[test]
    fn names_decide_between_equal_texts() {
        let both = |folder: &str, lang, text: &str| {
            [2, 1].map(|number| document(&format!("{folder}/{number}.txt"), lang, text))
        };
        let kk = both("kk", Lang::Kazakh, OPENED);
        let mut en = both("en", Lang::English, OPENED_EN);
        assert_eq!(paired(&kk, &en), [(0, 0), (1, 1)]);
        en.reverse();
        assert_eq!(paired(&kk, &en), [(0, 1), (1, 0)]);
    }
}
