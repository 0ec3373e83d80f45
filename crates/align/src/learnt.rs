//! Words that stand for each other in the documents at hand, though no lexicon says so: they keep meeting in beads that are likely for other reasons.

use rustc_hash::FxHashMap;

use crate::analysis::{Analysis, Class};
use crate::lattice::Likely;
use crate::links::Links;

/// Two types of which one stands for the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learnt {
    pub(crate) src: u32,
    pub(crate) tgt: u32,
    /// How often the target word stands in the translation of a sentence that holds the source word (0–1), and the other way round.
    pub(crate) there: f32,
    pub(crate) back: f32,
}

/// How often a word finds the one that stands for it, where there is one: about what is measured of words in a lexicon.
const FOUND: f32 = 0.7;
/// How many of the other side's words may stand for one, before they are looked at: most stand there in several forms.
const MAY_STAND: f32 = 3.0;
/// A pair of words that stands for each other is believed to be found as if it had been looked for this many times more, in vain.
const DOUBT: f32 = 0.5;
/// Pairs that are believed to be found less often, in either direction, are not kept.
const LEAST: f32 = 0.15;

/// What the likely `beads` teach. A bead proves nothing of itself: of every count the best bead is left out, so a pair of words weighs only by the other
/// places where it meets, and an alignment can not talk itself into anything. Two words that meet there may do so by chance: how often chance makes
/// such a meeting, and how many words could have made it, say how much is believed (Bayes' rule). Linear in the beads.
pub(crate) fn learn(src: &Analysis, tgt: &Analysis, links: &Links, beads: &[Likely]) -> Vec<Learnt> {
    let sides = [src, tgt];
    let mut seen = [vec![0.0_f32; src.types.len()], vec![0.0_f32; tgt.types.len()]];
    let mut meetings: FxHashMap<(u32, u32), f32> = FxHashMap::default();
    let mut kinds: [Vec<u32>; 2] = Default::default();
    for bead in beads {
        for (side, range) in [&bead.src, &bead.tgt].into_iter().enumerate() {
            let teachable = |kind: &u32| {
                let token = &sides[side].types[*kind as usize];
                token.sentences > 1 && matches!(token.class, Class::Word | Class::Name)
            };
            let tokens = range.clone().flat_map(|at| sides[side].tokens_of(at));
            kinds[side].clear();
            kinds[side].extend(tokens.map(|token| token.kind).filter(teachable));
            kinds[side].sort_unstable();
            kinds[side].dedup();
            for &kind in &kinds[side] {
                seen[side][kind as usize] += bead.posterior as f32;
            }
        }
        for &s in &kinds[0] {
            let alone = links.src.links.of(s).is_empty();
            for &t in &kinds[1] {
                if alone && links.tgt.links.of(t).is_empty() {
                    *meetings.entry((s, t)).or_default() += bead.posterior as f32;
                }
            }
        }
    }
    let halves = [&links.src, &links.tgt];
    let prior = [0, 1].map(|side: usize| {
        let words = seen[side].iter().zip(0_u32..);
        let free = words
            .filter(|&(&seen, kind)| seen > 0.0 && halves[side].links.of(kind).is_empty())
            .count();
        MAY_STAND / (free as f32).max(MAY_STAND + 1.0)
    });
    let all = (beads.len() as f32).max(2.0);
    let mut out: Vec<Learnt> = meetings
        .into_iter()
        .map(|((s, t), met)| {
            let kinds = [s, t];
            let places = [0, 1].map(|side: usize| seen[side][kinds[side] as usize] - 1.0);
            let met = met - 1.0;
            // that the word of the other side stands for the one of this side, by how often it is there and how often it would be by chance
            let belief = |side: usize| {
                let missed = (places[side] - met).max(0.0);
                let chance = (places[1 - side].max(0.5) / all).min(0.5);
                let odds = (prior[1 - side] / (1.0 - prior[1 - side])).ln()
                    + met * (FOUND / chance).ln()
                    + missed * ((1.0 - FOUND) / (1.0 - chance)).ln();
                1.0 / (1.0 + (-odds).exp())
            };
            let belief = belief(0).max(belief(1));
            let found = |side: usize| belief * met / (places[side] + DOUBT);
            Learnt {
                src: s,
                tgt: t,
                there: found(0),
                back: found(1),
            }
        })
        .filter(|pair| pair.there.min(pair.back) >= LEAST)
        .collect();
    out.sort_unstable_by_key(|pair| (pair.src, pair.tgt));
    out
}
