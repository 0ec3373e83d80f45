//! Where the alignment runs, roughly: pairs of sentences tied by rare tokens, their best consistent chain, and the band around it.

use std::cmp::Reverse;

use crate::lattice::Band;
use crate::links::{Links, Passing};
use crate::lists::Lists;

/// Documents whose grid has at most this many points are searched whole: below it a band saves nothing worth the risk.
const SMALL: usize = 6_000;
/// Pairs of sentences that share a rare token are listed, rarest tokens first, up to this many a sentence: texts that repeat themselves
/// have anchors too, and the cost stays linear.
const PAIRS_A_SENTENCE: usize = 30;
/// A pair of sentences is an anchor when its rare tokens weigh this much together, in nats.
const LEAST_WEIGHT: f32 = 5.0;
/// The same when all tokens are counted, near the place where the translation is expected.
const LEAST_TOGETHER: f32 = 9.0;
/// How often a token of any kind finds a partner: only the order of anchors hangs on it.
const TYPICAL_RELIABILITY: f32 = 0.65;
/// Half the width of the band where anchors are dense, in sentences.
const MARGIN: u32 = 10;
/// The half width grows with the distance between anchors up to this, in sentences.
const WIDEST: u32 = 160;
/// The most grid points for each sentence of both documents. A band that has more, as in long texts that repeat themselves, is made narrower where anchors are
/// far apart: memory stays bounded, and what is given up is where a path may leave wrong anchors for long.
const MOST_POINTS: usize = 48;

/// Where documents of `n` and `m` sentences run beside each other.
pub(crate) struct Course {
    pub(crate) band: Band,
    /// Pairs of sentences that rare tokens tie; none for documents that are small enough to be searched whole.
    pub(crate) chain: Vec<(u32, u32)>,
}

/// The course of two documents. Near linear in the number of anchors and sentences.
pub(crate) fn course(links: &Links, n: usize, m: usize) -> Course {
    if (n + 1) * (m + 1) <= SMALL {
        return Course {
            band: Band::full(n, m),
            chain: Vec::new(),
        };
    }
    let (rough, _) = chain(&candidates(links, 0.0, |_| true), m);
    let corridor = bounded(&rough, n, m);
    let (chain, _) = chain(&within(links, &corridor), m);
    Course {
        band: bounded(&chain, n, m),
        chain,
    }
}

/// The band around a chain, as wide as [`MOST_POINTS`] allows.
fn bounded(chain: &[(u32, u32)], n: usize, m: usize) -> Band {
    let mut widest = WIDEST;
    loop {
        let band = around(chain, n as u32, m as u32, widest);
        if band.area() <= MOST_POINTS * (n + m) || widest == 0 {
            return band;
        }
        widest /= 2;
    }
}

/// Pairs of sentences with the weight of their rare common tokens, in order, for those source sentences that are asked for. Each token weighs so many nats
/// more than its rarity in the documents says.
pub(crate) fn candidates(links: &Links, more: f32, is_asked: impl Fn(usize) -> bool) -> Vec<(u32, u32, f32)> {
    let sentences = links.src.sentences() + links.tgt.sentences();
    let mut ties: Vec<(usize, u32, u32)> = Vec::new();
    for (from, link) in links.src.links.iter() {
        let cost = links.src.postings.of(from).len() * links.tgt.postings.of(link.kind).len();
        if cost > 0 {
            ties.push((cost, from, link.kind));
        }
    }
    ties.sort_unstable();
    let mut left = PAIRS_A_SENTENCE * sentences;
    let rare = ties.iter().take_while(|&&(cost, ..)| {
        let rest = left.checked_sub(cost);
        left = rest.unwrap_or(0);
        rest.is_some()
    });
    let rare = rare.count();
    ties.truncate(rare);
    // of each source type those of the target, with their places in the order of rarity
    let chosen = Lists::grouped(links.src.weights.len(), || {
        ties.iter()
            .zip(0_u32..)
            .map(|(&(_, from, to), rank)| (from, (rank, to)))
    });
    drop(ties);
    let mut out = Vec::new();
    let mut here: Vec<(u32, u32, f32)> = Vec::new();
    let mut row = vec![0.0_f32; links.tgt.sentences()];
    let mut touched: Vec<u32> = Vec::new();
    for i in (0..links.src.sentences()).filter(|&i| is_asked(i)) {
        here.clear();
        for token in links.src.bits_of(i) {
            let weight = links.src.weights[token.kind as usize].matched + more;
            let chosen = chosen.of(token.kind).iter();
            here.extend(chosen.map(|&(rank, to)| (rank, to, weight)));
        }
        here.sort_unstable_by_key(|&(rank, ..)| rank);
        for &(_, to, weight) in &here {
            for &(j, _) in links.tgt.postings.of(to) {
                let sum = &mut row[j as usize];
                if *sum == 0.0 {
                    touched.push(j);
                }
                *sum += weight;
            }
        }
        touched.sort_unstable_by_key(|&j| Reverse(j)); // a chain takes at most one pair of a row: later columns first
        for j in touched.drain(..) {
            let weight = std::mem::take(&mut row[j as usize]);
            if weight >= LEAST_WEIGHT {
                out.push((i as u32, j, weight));
            }
        }
    }
    out
}

/// Pairs of sentences inside a corridor that all their tokens tie together, in order. Linear in the matches there.
fn within(links: &Links, corridor: &Band) -> Vec<(u32, u32, f32)> {
    let mut out = Vec::new();
    let mut row: Vec<f32> = Vec::new();
    let mut touched: Vec<u32> = Vec::new();
    let mut passing = Passing::new(&links.tgt);
    for i in 0..corridor.rows() {
        // sentence j stands at grid column j + 1
        let (low, high) = (
            (*corridor.row(i + 1).start()).max(1) as u32 - 1,
            *corridor.row(i + 1).end() as u32,
        );
        let width = high.saturating_sub(low);
        row.clear();
        row.resize(width as usize, 0.0);
        for token in links.src.bits_of(i) {
            touched.clear();
            for link in links.src.links.of(token.kind) {
                touched.extend(passing.within(link.kind, low..high).map(|(j, _)| j));
            }
            let chance = (touched.len() as f32 + 0.5) / (width as f32 + 1.0);
            let weight = (TYPICAL_RELIABILITY / chance).ln();
            if weight > 0.0 {
                for &j in &touched {
                    row[(j - low) as usize] += weight;
                }
            }
        }
        let strong = row
            .iter()
            .enumerate()
            .filter(|(_, weight)| **weight >= LEAST_TOGETHER);
        let start = out.len();
        out.extend(strong.map(|(j, &weight)| (i as u32, low + j as u32, weight)));
        out[start..].reverse(); // a chain takes at most one pair of a row: later columns first
    }
    out
}

/// The heaviest chain that rises on both sides, and its weight: a prefix-maximum tree over target positions, `O(k log m)` for `k` candidates.
pub(crate) fn chain(candidates: &[(u32, u32, f32)], m: usize) -> (Vec<(u32, u32)>, f64) {
    let mut tree: Vec<(f64, u32)> = vec![(0.0, u32::MAX); m + 2];
    let mut before = vec![u32::MAX; candidates.len()];
    let mut best = (0.0, u32::MAX);
    for (index, &(_, j, weight)) in candidates.iter().enumerate() {
        let mut at = j as usize; // positions below j
        let mut top = (0.0, u32::MAX);
        while at > 0 {
            if tree[at].0 > top.0 {
                top = tree[at];
            }
            at &= at - 1;
        }
        before[index] = top.1;
        let value = (top.0 + f64::from(weight), index as u32);
        if value.0 > best.0 {
            best = value;
        }
        let mut at = j as usize + 1;
        while at < tree.len() {
            if value.0 > tree[at].0 {
                tree[at] = value;
            }
            at += at & at.wrapping_neg();
        }
    }
    let mut out = Vec::new();
    let mut at = best.1;
    while let Some(&(i, j, _)) = candidates.get(at as usize) {
        out.push((i, j));
        at = before[at as usize];
    }
    out.reverse();
    (out, best.0)
}

/// `band` widened so that these pairs of sentences, in order, lie in it, with what is around a chain of them.
pub(crate) fn through(band: &Band, fixed: &[(u32, u32)]) -> Band {
    let (n, m) = (band.rows(), band.width());
    let other = around(fixed, n as u32, m as u32, WIDEST);
    let bounds = (0..=n).map(|row| {
        let (a, b) = (band.row(row), other.row(row));
        (
            (*a.start()).min(*b.start()) as u32,
            (*a.end()).max(*b.end()) as u32,
        )
    });
    Band::new(bounds.collect(), m)
}

/// The band around a chain: between two anchors the straight line, and around it a margin that grows with their distance up to `widest`, so that a path may
/// leave a wrong anchor, and pass by a long run without a partner.
fn around(chain: &[(u32, u32)], n: u32, m: u32, widest: u32) -> Band {
    let mut bounds = vec![(u32::MAX, 0_u32); n as usize + 1];
    let mut from = (0, 0);
    let ends = chain.iter().map(|&(i, j)| (i, j)).chain([(n, m)]);
    for to in ends {
        let (rows, columns) = (to.0 - from.0, to.1 - from.1);
        let margin = MARGIN + (rows.min(columns) / 2).min(widest);
        for row in from.0.saturating_sub(MARGIN)..=(to.0 + MARGIN).min(n) {
            let inside = row.clamp(from.0, to.0) - from.0;
            let passed = (u64::from(columns) * u64::from(inside)).checked_div(u64::from(rows));
            let centre = from.1 + passed.unwrap_or(0) as u32;
            let slope = columns.checked_div(rows).unwrap_or(columns);
            let bound = &mut bounds[row as usize];
            bound.0 = bound.0.min(centre.saturating_sub(margin + slope));
            bound.1 = bound.1.max((centre + margin + slope).min(m));
        }
        from = to;
    }
    for bound in &mut bounds {
        bound.0 = bound.0.min(m).min(bound.1);
    }
    Band::new(bounds, m as usize)
}
