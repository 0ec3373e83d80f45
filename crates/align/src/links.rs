//! Which tokens of one document can stand for which of the other, and what a match proves.
//!
//! For every distinct token of both documents: its possible partners on the other side, the probability `q` that a sentence picked at
//! random holds one of them (from the documents themselves), and the reliability `r` of its kind (from [`Parameters`]): how often it finds
//! a partner in the right sentence. A match then weighs `ln(r / q)`, an absence `ln((1 − r) / (1 − q))`: rarity decides.

use rustc_hash::FxHashMap;

use qostil_lexicon::{Lexicon, Side};
use qostil_text::{names, stem};

use crate::analysis::{Analysis, Class, Type};
use crate::lattice::Band;
use crate::learnt::Learnt;
use crate::parameters::Reliability;

/// What makes two tokens partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tie {
    /// Equivalents in a lexicon.
    Word,
    /// The same, a verb: translators are freer with them.
    Verb,
    /// Names that sound alike.
    Name,
    /// The same letters.
    Latin,
    /// The same value.
    Figure,
}

/// The number of kinds of tie.
pub(crate) const TIES: usize = 5;

/// A possible partner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) kind: u32,
    pub(crate) tie: Tie,
    /// Share of the tie's reliability that this link carries (0–1): less where two words sound less alike.
    pub(crate) strength: f32,
}

/// What a type's match or absence weighs, in nats.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weight {
    pub(crate) tie: Option<Tie>,
    pub(crate) matched: f32,
    pub(crate) absent: f32,
}

/// The weight of a token with reliability `r` whose partners stand in `partners` of `sentences` sentences, itself in `own` of about as many.
/// Where partners are fewer than its own occurrences, not all of these can find one; where there is none at all, its sentence may have no translation.
fn weigh(tie: Tie, r: f32, own: f32, partners: f32, sentences: f32) -> Weight {
    let chance = (partners + 0.5) / (sentences + 1.0);
    let r = if partners > 0.0 {
        r * ((partners + 0.5) / (own + 0.5)).min(1.0)
    } else {
        r
    };
    if chance > TOO_COMMON {
        return Weight {
            tie: Some(tie),
            matched: 0.0,
            absent: 0.0,
        };
    }
    let matched = (r / chance).ln().max(0.0);
    Weight {
        tie: Some(tie),
        matched,
        absent: ((1.0 - r) / (1.0 - chance)).ln().min(0.0),
    }
}

/// A token that counts, with a bit of its own in its sentence's mask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bit {
    pub(crate) kind: u32,
    pub(crate) weight: Weight,
}

/// One side's share of the links.
#[derive(Debug, Default)]
pub(crate) struct Half {
    /// Partners of each type.
    pub(crate) links: Vec<Vec<Link>>,
    pub(crate) weights: Vec<Weight>,
    /// The tokens of each sentence that can match, at most 64.
    pub(crate) bits: Vec<Bit>,
    pub(crate) first_bit: Vec<u32>,
    /// Sum of the absences of all of a sentence's tokens, per tie.
    pub(crate) absent: Vec<[f32; TIES]>,
    /// Where each type can match: sentence and bit.
    pub(crate) postings: Vec<Vec<(u32, u8)>>,
    /// All sentences in which each type stands.
    places: Vec<Vec<u32>>,
    /// Chances are counted over at least so many sentences.
    fewest: f32,
}

impl Half {
    pub(crate) fn bits_of(&self, sentence: usize) -> &[Bit] {
        &self.bits[self.first_bit[sentence] as usize..self.first_bit[sentence + 1] as usize]
    }
}

/// The links of a pair of documents.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) src: Half,
    pub(crate) tgt: Half,
}

/// A token whose partners stand in more than this share of the other document's sentences proves nothing either way.
const TOO_COMMON: f32 = 0.35;
/// How far around the place where a translation is expected partners are counted, in sentences.
const NEAR: u32 = 20;
/// Least likeness of two skeletons that count as alike.
const LEAST_LIKENESS: f64 = 0.88;

impl Links {
    /// Ties the tokens of both documents. Chances are counted over `fewest` sentences where there are not so many.
    pub(crate) fn new(
        src: &Analysis,
        tgt: &Analysis,
        lexicon: &Lexicon,
        reliability: &Reliability,
        fewest: f32,
    ) -> Self {
        let mut forward: Vec<Vec<Link>> = vec![Vec::new(); src.types.len()];
        let mut add = |from: usize, to: u32, tie: Tie, strength: f32| {
            let list = &mut forward[from];
            match list.iter_mut().find(|link| link.kind == to) {
                None => list.push(Link {
                    kind: to,
                    tie,
                    strength,
                }),
                Some(link) if reliability.of(tie) * strength > reliability.of(link.tie) * link.strength => {
                    *link = Link {
                        kind: to,
                        tie,
                        strength,
                    };
                }
                Some(_) => {}
            }
        };

        // the same value, the same letters, equivalents
        let by_figure = index(&tgt.types, |t| t.figures.iter().copied());
        let by_spelling = index(&tgt.types, |t| Some(t.spelling).filter(|&s| s != 0).into_iter());
        let by_headword = index(&tgt.types, |t| t.headwords.iter().copied());
        for (from, token) in src.types.iter().enumerate() {
            for key in &token.figures {
                each(&by_figure, *key, |to| add(from, to, Tie::Figure, 1.0));
            }
            if token.spelling != 0 {
                each(&by_spelling, token.spelling, |to| add(from, to, Tie::Latin, 1.0));
            }
            for &headword in &token.headwords {
                lexicon.equivalents(Side::Source, headword, |key, share| {
                    let tie = if stem::is_verb(headword) || stem::is_verb(key) {
                        Tie::Verb
                    } else {
                        Tie::Word
                    };
                    each(&by_headword, key, |to| add(from, to, tie, share));
                });
            }
        }
        alike(&src.types, &tgt.types, &mut add);

        let mut backward: Vec<Vec<Link>> = vec![Vec::new(); tgt.types.len()];
        for (from, links) in forward.iter().enumerate() {
            for link in links {
                backward[link.kind as usize].push(Link {
                    kind: from as u32,
                    ..*link
                });
            }
        }
        let src_half = half(src, tgt, forward, reliability, fewest);
        let tgt_half = half(tgt, src, backward, reliability, fewest);
        Self {
            src: src_half,
            tgt: tgt_half,
        }
    }
}

impl Links {
    /// Adds ties of words that were learnt, with how often each finds the other in place of what is said of words in a lexicon.
    pub(crate) fn add(
        &mut self,
        learnt: &[Learnt],
        (src, tgt): (&Analysis, &Analysis),
        reliability: &Reliability,
    ) {
        let mut forward = std::mem::take(&mut self.src.links);
        let mut backward = std::mem::take(&mut self.tgt.links);
        for pair in learnt {
            let link = |kind, share| Link {
                kind,
                tie: Tie::Word,
                strength: share / reliability.word,
            };
            forward[pair.src as usize].push(link(pair.tgt, pair.there));
            backward[pair.tgt as usize].push(link(pair.src, pair.back));
        }
        self.src = half(src, tgt, forward, reliability, self.src.fewest);
        self.tgt = half(tgt, src, backward, reliability, self.tgt.fewest);
    }

    /// Weighs every token anew by how common its partners are where its sentence's translation can stand: words crowd where their subject is
    /// spoken of, so rarity in a long document overstates what a match nearby proves. Linear in tokens times their partners.
    pub(crate) fn weigh_locally(&mut self, band: &Band, reliability: &Reliability) {
        let rows: Vec<(u32, u32)> = (1..=band.rows())
            .map(|i| (*band.row(i).start() as u32, *band.row(i).end() as u32))
            .collect();
        let mut columns = vec![(u32::MAX, 0); band.width()];
        for (i, &(low, high)) in rows.iter().enumerate() {
            for column in low.max(1)..=high {
                let bounds: &mut (u32, u32) = &mut columns[column as usize - 1];
                *bounds = (bounds.0.min(i as u32), bounds.1.max(i as u32 + 1));
            }
        }
        self.src.localise(&self.tgt, &rows, band.width(), reliability);
        self.tgt.localise(&self.src, &columns, band.rows(), reliability);
    }
}

impl Half {
    fn localise(&mut self, other: &Self, bounds: &[(u32, u32)], length: usize, reliability: &Reliability) {
        for (sentence, &(low, high)) in bounds.iter().enumerate() {
            let centre = low.min(high).midpoint(high);
            let there = (centre.saturating_sub(NEAR), (centre + NEAR).min(length as u32));
            let around = ((there.1 - there.0) as f32).max(self.fewest);
            let here = ((sentence as u32).saturating_sub(NEAR), sentence as u32 + NEAR);
            for at in self.first_bit[sentence] as usize..self.first_bit[sentence + 1] as usize {
                let kind = self.bits[at].kind as usize;
                let Some(mut tie) = self.bits[at].weight.tie else {
                    continue;
                };
                self.absent[sentence][tie as usize] -= self.bits[at].weight.absent;
                let (mut near, mut can_match) = (0.0, false);
                let mut r = 0.0;
                for link in &self.links[kind] {
                    let count = count_between(&other.places[link.kind as usize], there);
                    let reliable = reliability.of(link.tie) * link.strength;
                    if count > 0 && reliable > r {
                        (r, tie) = (reliable, link.tie);
                    }
                    near += count as f32;
                    can_match |= count > 0 && !other.postings[link.kind as usize].is_empty();
                }
                let own = count_between(&self.places[kind], here) as f32;
                let weight = if near == 0.0 {
                    weigh(tie, reliability.of(tie), own, 0.0, around)
                } else if can_match {
                    weigh(tie, r, own, near, around)
                } else {
                    Weight {
                        tie: Some(tie),
                        ..Weight::default()
                    } // all its partners are too common to tell
                };
                self.absent[sentence][tie as usize] += weight.absent;
                self.bits[at].weight = weight;
            }
        }
    }
}

/// How many of these sentences, in order, lie in `from..to`.
fn count_between(places: &[u32], (from, to): (u32, u32)) -> usize {
    places.partition_point(|&sentence| sentence < to) - places.partition_point(|&sentence| sentence < from)
}

type Index = FxHashMap<u64, Vec<u32>>;

fn index<'t, I: Iterator<Item = u64>>(types: &'t [Type], keys: impl Fn(&'t Type) -> I) -> Index {
    let mut out = Index::default();
    for (at, token) in types.iter().enumerate() {
        for key in keys(token) {
            out.entry(key).or_default().push(at as u32);
        }
    }
    out
}

fn each(index: &Index, key: u64, mut found: impl FnMut(u32)) {
    for &to in index.get(&key).map_or(&[][..], Vec::as_slice) {
        found(to);
    }
}

/// Ties names that sound alike. Only skeletons that begin alike are compared, so the cost stays near linear.
fn alike<'t>(src: &'t [Type], tgt: &'t [Type], add: &mut impl FnMut(usize, u32, Tie, f32)) {
    let mut by_start: FxHashMap<&str, Vec<(u32, &str)>> = FxHashMap::default();
    let names = |types: &'t [Type]| types.iter().enumerate().filter(|(_, t)| t.class == Class::Name);
    for (at, token) in names(tgt) {
        for skeleton in &token.skeletons {
            by_start
                .entry(&skeleton[..2])
                .or_default()
                .push((at as u32, skeleton));
        }
    }
    for (from, token) in names(src) {
        for skeleton in &token.skeletons {
            for &(to, other) in by_start.get(&skeleton[..2]).map_or(&[][..], Vec::as_slice) {
                if skeleton.len().abs_diff(other.len()) > 2 {
                    continue;
                }
                let likeness = names::likeness(skeleton, other);
                if likeness < LEAST_LIKENESS {
                    continue;
                }
                let length = skeleton.len().min(other.len()) as f32;
                add(
                    from,
                    to,
                    Tie::Name,
                    (likeness as f32).powi(4) * (1.0 - 0.5_f32.powf(length - 1.0)),
                );
            }
        }
    }
}

fn half(
    own: &Analysis,
    other: &Analysis,
    links: Vec<Vec<Link>>,
    reliability: &Reliability,
    fewest: f32,
) -> Half {
    let sentences = (other.len() as f32).max(fewest);
    let weights: Vec<Weight> = own
        .types
        .iter()
        .zip(&links)
        .map(|(token, links)| {
            let partners: f32 = links
                .iter()
                .map(|link| other.types[link.kind as usize].sentences as f32)
                .sum();
            if partners > TOO_COMMON * sentences {
                return Weight::default();
            }
            let strongest = links.iter().max_by(|a, b| {
                (reliability.of(a.tie) * a.strength).total_cmp(&(reliability.of(b.tie) * b.strength))
            });
            match strongest {
                Some(link) => weigh(
                    link.tie,
                    reliability.of(link.tie) * link.strength,
                    token.sentences as f32,
                    partners,
                    sentences,
                ),
                None => {
                    let tie = match token.class {
                        Class::Figure => Tie::Figure,
                        Class::Name if !own.capitals_tell => return Weight::default(),
                        Class::Name => Tie::Name,
                        Class::Latin => Tie::Latin,
                        Class::Word if token.headwords.iter().any(|&key| stem::is_verb(key)) => Tie::Verb,
                        Class::Word if !token.headwords.is_empty() => Tie::Word,
                        Class::Word => return Weight::default(),
                    };
                    Weight {
                        tie: Some(tie),
                        matched: 0.0,
                        absent: (1.0 - reliability.of(tie)).ln(),
                    }
                }
            }
        })
        .collect();

    let mut half = Half {
        weights,
        postings: vec![Vec::new(); own.types.len()],
        places: own
            .types
            .iter()
            .map(|token| Vec::with_capacity(token.sentences as usize))
            .collect(),
        first_bit: vec![0],
        fewest,
        absent: Vec::with_capacity(own.len()),
        ..Half::default()
    };
    for sentence in 0..own.len() {
        let start = half.bits.len();
        let mut absent = [0.0; TIES];
        for token in own.tokens_of(sentence) {
            half.places[token.kind as usize].push(sentence as u32);
            let weight = half.weights[token.kind as usize];
            let Some(tie) = weight.tie else { continue };
            absent[tie as usize] += weight.absent;
            if !links[token.kind as usize].is_empty() && weight.matched > 0.0 {
                half.bits.push(Bit {
                    kind: token.kind,
                    weight,
                });
            }
        }
        if half.bits.len() - start > 64 {
            half.bits[start..].sort_by(|a, b| {
                b.weight
                    .matched
                    .total_cmp(&a.weight.matched)
                    .then(a.kind.cmp(&b.kind))
            });
            half.bits.truncate(start + 64);
        }
        for (bit, token) in half.bits[start..].iter().enumerate() {
            let postings = &mut half.postings[token.kind as usize];
            if postings.capacity() == 0 {
                postings.reserve_exact(own.types[token.kind as usize].sentences as usize);
            }
            postings.push((sentence as u32, bit as u8));
        }
        half.first_bit.push(half.bits.len() as u32);
        half.absent.push(absent);
    }
    half.bits.shrink_to_fit();
    half.links = links;
    half
}
