//! Which tokens of one document can stand for which of the other, and what a match proves.
//!
//! For every distinct token of both documents: its possible partners on the other side, the probability `q` that a sentence picked at
//! random holds one of them (from the documents themselves), and the reliability `r` of its kind (from [`Parameters`]): how often it finds
//! a partner in the right sentence. A match then weighs `ln(r / q)`, an absence `ln((1 − r) / (1 − q))`: rarity decides.

use std::ops::Range;

use rustc_hash::FxHashMap;

use qostil_lexicon::Lexicon;
use qostil_text::{names, stem};

use crate::analysis::{Analysis, Class, Type};
use crate::lattice::Band;
use crate::learnt::Learnt;
use crate::lists::{Index, Lists};
use crate::parameters::Reliability;

/// What makes two tokens partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Tie {
    /// Equivalents in a lexicon.
    Word,
    /// The same, a verb: translators are freer with them.
    Verb,
    /// The same, one of them a function word: grammars differ in what they need of these.
    Function,
    /// Names that sound alike.
    Name,
    /// The same letters.
    Latin,
    /// The same value.
    Figure,
}

/// The number of kinds of tie.
pub(crate) const TIES: usize = 6;

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
    /// No partner stands near.
    pub(crate) lacks: bool,
}

/// One side's share of the links.
#[derive(Debug, Default)]
pub(crate) struct Half {
    /// Partners of each type.
    pub(crate) links: Lists<Link>,
    pub(crate) weights: Vec<Weight>,
    /// The tokens of each sentence that can match, at most 64.
    pub(crate) bits: Vec<Bit>,
    pub(crate) first_bit: Vec<u32>,
    /// Sum of the absences of all of a sentence's tokens, per tie; of words only those that have a partner near.
    pub(crate) absent: Vec<[f32; TIES]>,
    /// The same of words that have no partner near: of these more is the translators' freedom.
    pub(crate) lacking: Vec<f32>,
    /// Where each type can match: sentence, rising, and bit.
    pub(crate) postings: Lists<(u32, u8)>,
    /// Chances are counted over at least so many sentences.
    pub(crate) fewest: f32,
}

impl Half {
    pub(crate) fn bits_of(&self, sentence: usize) -> &[Bit] {
        &self.bits[self.first_bit[sentence] as usize..self.first_bit[sentence + 1] as usize]
    }

    pub(crate) fn sentences(&self) -> usize {
        self.first_bit.len() - 1
    }
}

/// A bit for each 64th of the types: most links of a token lead to none that a sentence has, and are told by it.
pub(crate) const fn kind_bit(kind: u32) -> u64 {
    1 << (kind % 64)
}

/// Looks postings up in sentences that rise from one look to the next.
pub(crate) struct Passing<'a> {
    postings: &'a Lists<(u32, u8)>,
    /// The first posting of each type that is not passed.
    next: Vec<u32>,
}

impl<'a> Passing<'a> {
    pub(crate) fn new(half: &'a Half) -> Self {
        Self {
            postings: &half.postings,
            next: half.postings.first.clone(),
        }
    }

    /// The postings of a type in these sentences. Those before are passed for good.
    pub(crate) fn within(
        &mut self,
        kind: u32,
        sentences: Range<u32>,
    ) -> impl Iterator<Item = (u32, u8)> + use<'a> {
        let end = self.postings.first[kind as usize + 1] as usize;
        let next = &mut self.next[kind as usize];
        while (*next as usize) < end && self.postings.items[*next as usize].0 < sentences.start {
            *next += 1;
        }
        let left = self.postings.items[*next as usize..end].iter().copied();
        left.take_while(move |&(sentence, _)| sentence < sentences.end)
    }
}

/// In how many of the sentences that are looked at, which rise from one look to the next, each type stands.
struct Window<'a> {
    document: &'a Analysis,
    counts: Vec<u32>,
    sentences: Range<usize>,
}

impl<'a> Window<'a> {
    fn new(document: &'a Analysis) -> Self {
        Self {
            document,
            counts: vec![0; document.types.len()],
            sentences: 0..0,
        }
    }

    fn slide(&mut self, to: Range<usize>) {
        for sentence in self.sentences.end..to.end {
            for token in self.document.tokens_of(sentence) {
                self.counts[token.kind as usize] += 1;
            }
        }
        self.sentences.end = self.sentences.end.max(to.end);
        for sentence in self.sentences.start..to.start {
            for token in self.document.tokens_of(sentence) {
                self.counts[token.kind as usize] -= 1; // it was counted: a window begins before its end
            }
        }
        self.sentences.start = self.sentences.start.max(to.start);
    }

    fn count(&self, kind: u32) -> u32 {
        self.counts[kind as usize]
    }
}

/// The links of a pair of documents.
#[derive(Debug)]
pub(crate) struct Links {
    pub(crate) src: Half,
    pub(crate) tgt: Half,
}

/// A token whose partners stand in more than this share of the other document's sentences proves nothing either way.
pub(crate) const TOO_COMMON: f32 = 0.35;
/// How far around the place where a translation is expected partners are counted, in sentences.
pub(crate) const NEAR: usize = 20;
/// How much of what two names that sound alike prove is left where one is a word at the head of sentences alone, which may be no name.
const AT_HEAD: f32 = 0.5;
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
        // the same value, the same letters, equivalents, names that sound alike
        let usual = tgt.types.len();
        let there = || tgt.types.iter().zip(0_u32..).filter(|(t, _)| t.sentences > 0);
        let by_figure = Index::new(usual, || {
            there().flat_map(|(t, at)| t.figures().iter().map(move |&key| (key, at)))
        });
        let by_spelling = Index::new(usual, || {
            let spelt = there().filter(|(t, _)| t.spelling != 0);
            spelt.map(|(t, at)| (t.spelling, at))
        });
        let by_headword = Index::new(usual, || {
            there().flat_map(|(t, at)| t.headwords().iter().map(move |&key| (key, at)))
        });
        let by_start = by_start(&tgt.types);
        let mut forward = Lists::default();
        let mut list: Vec<Link> = Vec::new();
        for token in &src.types {
            list.clear();
            if token.sentences == 0 {
                forward.push(&list);
                continue;
            }
            let mut add = |kind: u32, tie: Tie, strength: f32| {
                let link = Link { kind, tie, strength };
                match list.iter_mut().find(|link| link.kind == kind) {
                    None => list.push(link),
                    Some(known)
                        if reliability.of(tie) * strength > reliability.of(known.tie) * known.strength =>
                    {
                        *known = link;
                    }
                    Some(_) => {}
                }
            };
            for key in token.figures() {
                by_figure.of(*key).for_each(|to| add(to, Tie::Figure, 1.0));
            }
            if token.spelling != 0 {
                by_spelling
                    .of(token.spelling)
                    .for_each(|to| add(to, Tie::Latin, 1.0));
            }
            token.equivalents(lexicon, |found| {
                let tie = if found.is_verb { Tie::Verb } else { Tie::Word };
                by_headword.of(found.key).for_each(|to| {
                    let is_function = token.is_function() || tgt.types[to as usize].is_function();
                    add(to, if is_function { Tie::Function } else { tie }, found.share);
                });
            });
            alike(token, &tgt.types, &by_start, |to, strength| {
                add(to, Tie::Name, strength);
            });
            forward.push(&list);
        }
        let backward = Lists::grouped(tgt.types.len(), || {
            forward
                .iter()
                .map(|(from, link)| (link.kind, Link { kind: from, ..link }))
        });
        let src_half = half(src, tgt, forward, reliability, fewest, None);
        let tgt_half = half(tgt, src, backward, reliability, fewest, None);
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
        let link = |kind, share| Link {
            kind,
            tie: Tie::Word,
            strength: share / reliability.word,
        };
        // learnt pairs are in order of their source words
        let there = learnt.iter().map(|pair| (pair.src, link(pair.tgt, pair.there)));
        let mut back: Vec<(u32, Link)> = learnt
            .iter()
            .map(|pair| (pair.tgt, link(pair.src, pair.back)))
            .collect();
        back.sort_by_key(|&(tgt, _)| tgt);
        let forward = self.src.links.with(there);
        let backward = self.tgt.links.with(back.into_iter());
        self.src = half(src, tgt, forward, reliability, self.src.fewest, Some(&self.src));
        self.tgt = half(tgt, src, backward, reliability, self.tgt.fewest, Some(&self.tgt));
    }

    /// Which tokens of a source and of a target sentence find a partner in the other: one bit a token.
    pub(crate) fn matches(&self, i: usize, j: usize) -> (u64, u64) {
        let (mut src, mut tgt) = (0, 0);
        let there = self.tgt.bits_of(j);
        let kinds = there.iter().fold(0, |kinds, token| kinds | kind_bit(token.kind));
        for (bit, token) in self.src.bits_of(i).iter().enumerate() {
            let links = self.src.links.of(token.kind).iter();
            for link in links.filter(|link| kinds & kind_bit(link.kind) != 0) {
                if let Some(at) = there.iter().position(|token| token.kind == link.kind) {
                    src |= 1 << bit;
                    tgt |= 1 << at;
                }
            }
        }
        (src, tgt)
    }

    /// Weighs every token anew by how common its partners are where its sentence's translation can stand: words crowd where their subject is
    /// spoken of, so rarity in a long document overstates what a match nearby proves. Linear in tokens times their partners.
    pub(crate) fn weigh_locally(
        &mut self,
        (src, tgt): (&Analysis, &Analysis),
        band: &Band,
        reliability: &Reliability,
    ) {
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
        self.src.localise(&self.tgt, (src, tgt), &rows, reliability);
        self.tgt.localise(&self.src, (tgt, src), &columns, reliability);
    }
}

impl Half {
    fn add_absence(&mut self, sentence: usize, tie: Tie, lacks: bool, absent: f32) {
        if lacks && matches!(tie, Tie::Word | Tie::Verb | Tie::Function) {
            self.lacking[sentence] += absent;
        } else {
            self.absent[sentence][tie as usize] += absent;
        }
    }

    /// Tokens whose partners are all too common to tell say nothing.
    fn silence(&mut self, other: &Self) {
        for sentence in 0..self.sentences() {
            for at in self.first_bit[sentence] as usize..self.first_bit[sentence + 1] as usize {
                let Bit { kind, weight, lacks } = self.bits[at];
                let mut links = self.links.of(kind).iter();
                if let Some(tie) = weight.tie
                    && links.all(|link| other.postings.of(link.kind).is_empty())
                {
                    self.add_absence(sentence, tie, lacks, -weight.absent);
                    self.bits[at].weight = Weight {
                        tie: Some(tie),
                        ..Weight::default()
                    };
                }
            }
        }
    }

    /// `bounds`: of every sentence the first and the last place where its translation can stand, rising.
    fn localise(
        &mut self,
        other: &Self,
        (own, there): (&Analysis, &Analysis),
        bounds: &[(u32, u32)],
        reliability: &Reliability,
    ) {
        if own.len().max(there.len()) <= NEAR {
            return self.silence(other); // all is near, so weights are what they were
        }
        let (mut here, mut near_there) = (Window::new(own), Window::new(there));
        for (sentence, &(low, high)) in bounds.iter().enumerate() {
            let centre = low.min(high).midpoint(high) as usize;
            near_there.slide(centre.saturating_sub(NEAR)..(centre + NEAR).min(there.len()));
            here.slide(sentence.saturating_sub(NEAR)..(sentence + NEAR).min(own.len()));
            let around = (near_there.sentences.len() as f32).max(self.fewest);
            for at in self.first_bit[sentence] as usize..self.first_bit[sentence + 1] as usize {
                let kind = self.bits[at].kind;
                let Some(mut tie) = self.bits[at].weight.tie else {
                    continue;
                };
                let lacked = self.bits[at].lacks;
                self.add_absence(sentence, tie, lacked, -self.bits[at].weight.absent);
                let (mut near, mut can_match) = (0.0, false);
                let mut r = 0.0;
                for link in self.links.of(kind) {
                    let count = near_there.count(link.kind);
                    let reliable = reliability.of(link.tie) * link.strength;
                    if count > 0 && reliable > r {
                        (r, tie) = (reliable, link.tie);
                    }
                    near += count as f32;
                    can_match |= count > 0 && !other.postings.of(link.kind).is_empty();
                }
                let own = here.count(kind) as f32;
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
                let lacks = near == 0.0;
                self.add_absence(sentence, tie, lacks, weight.absent);
                self.bits[at] = Bit {
                    weight,
                    lacks,
                    ..self.bits[at]
                };
            }
        }
    }
}

/// Skeletons of what may be names with their types, by the two letters they begin with.
type Skeletons<'t> = FxHashMap<&'t str, Vec<(u32, &'t str)>>;

fn by_start(types: &[Type]) -> Skeletons<'_> {
    let mut out = Skeletons::default();
    for (at, token) in types.iter().enumerate().filter(|(_, t)| t.sentences > 0) {
        for skeleton in token.skeletons() {
            out.entry(&skeleton[..2]).or_default().push((at as u32, skeleton));
        }
    }
    out
}

/// Calls `found` with names that sound like this one, and how strong the tie is; of two words that the lexicon knows it tells which stand for each other. Only skeletons that begin alike are compared, so the cost of all stays
/// near linear.
fn alike(token: &Type, types: &[Type], others: &Skeletons<'_>, mut found: impl FnMut(u32, f32)) {
    let is_known = !token.headwords().is_empty();
    for skeleton in token.skeletons() {
        for &(to, other) in others.get(&skeleton[..2]).map_or(&[][..], Vec::as_slice) {
            let are_known = is_known && !types[to as usize].headwords().is_empty();
            if are_known || skeleton.len().abs_diff(other.len()) > 2 {
                continue;
            }
            let likeness = names::likeness(skeleton, other);
            if likeness < LEAST_LIKENESS {
                continue;
            }
            let length = skeleton.len().min(other.len()) as f32;
            let at_head = token.is_at_head() || types[to as usize].is_at_head();
            let share = if at_head { AT_HEAD } else { 1.0 };
            found(
                to,
                share * (likeness as f32).powi(4) * (1.0 - 0.5_f32.powf(length - 1.0)),
            );
        }
    }
}

/// One side of `links`; `before`: the same where types had fewer of them.
fn half(
    own: &Analysis,
    other: &Analysis,
    links: Lists<Link>,
    reliability: &Reliability,
    fewest: f32,
    before: Option<&Half>,
) -> Half {
    let sentences = (other.len() as f32).max(fewest);
    let weights: Vec<Weight> = own
        .types
        .iter()
        .zip(0..)
        .map(|(token, kind)| {
            let links = links.of(kind);
            if let Some(before) = before.filter(|half| half.links.of(kind).len() == links.len()) {
                return before.weights[kind as usize];
            }
            let partners: f32 = links
                .iter()
                .map(|link| other.types[link.kind as usize].sentences as f32)
                .sum();
            if partners > TOO_COMMON * sentences {
                return Weight::default();
            }
            // of equals the first, as elsewhere
            let strongest = links.iter().rev().max_by(|a, b| {
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
                        Class::Word if token.is_function() => Tie::Function,
                        Class::Word if token.headwords().iter().any(|&key| stem::is_verb(key)) => Tie::Verb,
                        Class::Word if !token.headwords().is_empty() => Tie::Word,
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
        bits: Vec::with_capacity(own.tokens.len()),
        first_bit: Vec::with_capacity(own.len() + 1),
        fewest,
        absent: Vec::with_capacity(own.len()),
        lacking: Vec::with_capacity(own.len()),
        ..Half::default()
    };
    half.first_bit.push(0);
    for sentence in 0..own.len() {
        let start = half.bits.len();
        half.absent.push([0.0; TIES]);
        half.lacking.push(0.0);
        for token in own.tokens_of(sentence) {
            let weight = half.weights[token.kind as usize];
            let Some(tie) = weight.tie else { continue };
            half.add_absence(sentence, tie, links.of(token.kind).is_empty(), weight.absent);
            if !links.of(token.kind).is_empty() && weight.matched > 0.0 {
                half.bits.push(Bit {
                    kind: token.kind,
                    weight,
                    lacks: false,
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
            // what cannot be found is not missed either
            for bit in half.bits.split_off(start + 64) {
                if let Some(tie) = bit.weight.tie {
                    half.add_absence(sentence, tie, bit.lacks, -bit.weight.absent);
                }
            }
        }
        half.first_bit.push(half.bits.len() as u32);
    }
    half.bits.shrink_to_fit();
    half.links = links;
    half.postings = Lists::grouped(own.types.len(), || {
        (0..own.len()).flat_map(|sentence| {
            let bits = half.bits_of(sentence).iter().zip(0..);
            bits.map(move |(token, bit)| (token.kind, (sentence as u32, bit)))
        })
    });
    half
}
