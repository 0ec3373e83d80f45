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

/// A pair of words is believed as if it had been looked for this many times more, in vain.
const DOUBT: f32 = 0.5;
/// Pairs that are found less often, in either direction, are not kept.
const LEAST: f32 = 0.3;

/// What the likely `beads` teach. A bead proves nothing of itself: of every count the best bead is left out, so a pair of words weighs only by the other
/// places where it meets, and an alignment can not talk itself into anything. Linear in the beads.
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
    let mut out: Vec<Learnt> = meetings
        .into_iter()
        .map(|((s, t), met)| {
            let of = |side: usize, kind: u32| (met - 1.0) / (seen[side][kind as usize] - 1.0 + DOUBT);
            Learnt {
                src: s,
                tgt: t,
                there: of(0, s),
                back: of(1, t),
            }
        })
        .filter(|pair| pair.there.min(pair.back) >= LEAST)
        .collect();
    out.sort_unstable_by_key(|pair| (pair.src, pair.tgt));
    out
}
