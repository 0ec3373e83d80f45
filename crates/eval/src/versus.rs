//! Two systems on the same documents: is one better, and where do they differ?

use std::collections::{BTreeMap, BTreeSet};

use qostil_bitext::IndexBead;
use serde::Serialize;

use crate::rate::four_places;
use crate::{Bootstrap, Evaluation, Interval};

/// One score of two systems.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The score's name.
    pub score: &'static str,
    /// Micro F1 of the first system.
    #[serde(serialize_with = "four_places")]
    pub first: f64,
    /// Micro F1 of the second.
    #[serde(serialize_with = "four_places")]
    pub second: f64,
    /// 95 % interval of first − second, by drawing documents for both systems alike (paired bootstrap, Koehn 2004). None for a single document.
    pub interval: Option<Interval>,
    /// Share of the draws in which the first is not better.
    pub not_better: Option<f64>,
}

/// Compares two systems; both hold the same documents in the same order.
pub fn differences(first: &Evaluation, second: &Evaluation, bootstrap: &Bootstrap) -> [Difference; 4] {
    let (a, b) = (first.total().scores().named(), second.total().scores().named());
    let mut not_better = [0_usize; 4];
    let intervals = bootstrap.intervals(first.documents.len().min(second.documents.len()), |sample| {
        let (one, other) = (first.f1_of(sample), second.f1_of(sample));
        let gaps: [f64; 4] = std::array::from_fn(|at| one[at] - other[at]);
        for (count, gap) in not_better.iter_mut().zip(gaps) {
            *count += usize::from(gap <= 0.0);
        }
        gaps
    });
    std::array::from_fn(|at| Difference {
        score: a[at].0,
        first: a[at].1.f1,
        second: b[at].1.f1,
        interval: intervals.map(|all| all[at]),
        not_better: intervals.map(|_| crate::rounded(not_better[at] as f64 / bootstrap.rounds as f64)),
    })
}

/// How a bead of one system differs from what the other makes of its sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// It joins what the other keeps in several beads.
    Joined,
    /// It is a part of one bead of the other.
    Parted,
    /// It pairs sentences that the other leaves alone.
    Paired,
    /// It leaves alone what the other pairs.
    Alone,
    /// Its sentences have other partners there.
    Shifted,
}

impl DifferenceKind {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Joined => "joins what the other keeps apart",
            Self::Parted => "a part of a bead of the other",
            Self::Paired => "pairs what the other leaves alone",
            Self::Alone => "leaves alone what the other pairs",
            Self::Shifted => "pairs with other sentences",
        }
    }
}

/// Beads that only the first of two systems has, of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DifferenceCount {
    /// How many.
    pub beads: usize,
    /// How many of them are in the gold.
    pub right: usize,
}

/// The beads of `first` that `second` has not, by kind.
pub fn differing(
    first: &[IndexBead],
    second: &[IndexBead],
    gold: &[IndexBead],
) -> BTreeMap<DifferenceKind, DifferenceCount> {
    let others: BTreeSet<&IndexBead> = second.iter().collect();
    let gold: BTreeSet<&IndexBead> = gold.iter().collect();
    let place = |side: fn(&IndexBead) -> &Vec<usize>| -> BTreeMap<usize, usize> {
        let numbers = second.iter().enumerate();
        numbers
            .flat_map(|(at, bead)| side(bead).iter().map(move |number| (*number, at)))
            .collect()
    };
    let (by_src, by_tgt) = (place(|b| &b.src), place(|b| &b.tgt));
    let mut out: BTreeMap<DifferenceKind, DifferenceCount> = BTreeMap::new();
    let own: BTreeSet<&IndexBead> = first.iter().filter(|bead| !others.contains(bead)).collect();
    for bead in own {
        let over_src: BTreeSet<usize> = bead.src.iter().filter_map(|i| by_src.get(i)).copied().collect();
        let over_tgt: BTreeSet<usize> = bead.tgt.iter().filter_map(|j| by_tgt.get(j)).copied().collect();
        let counts = out.entry(kind(bead, second, &over_src, &over_tgt)).or_default();
        counts.beads += 1;
        counts.right += usize::from(gold.contains(bead));
    }
    out
}

fn kind(
    bead: &IndexBead,
    others: &[IndexBead],
    src: &BTreeSet<usize>,
    tgt: &BTreeSet<usize>,
) -> DifferenceKind {
    let pairs = |over: &BTreeSet<usize>| -> BTreeSet<usize> {
        over.iter()
            .copied()
            .filter(|at| others.get(*at).is_some_and(IndexBead::is_pair))
            .collect()
    };
    let (paired_src, paired_tgt) = (pairs(src), pairs(tgt));
    let all: BTreeSet<usize> = paired_src.union(&paired_tgt).copied().collect();
    let is_within = |at: &usize| {
        others.get(*at).is_some_and(|other| {
            bead.src.iter().all(|i| other.src.contains(i)) && bead.tgt.iter().all(|j| other.tgt.contains(j))
        })
    };
    let covers = |at: &usize| {
        others.get(*at).is_some_and(|other| {
            other.src.iter().all(|i| bead.src.contains(i)) && other.tgt.iter().all(|j| bead.tgt.contains(j))
        })
    };
    if !bead.is_pair() {
        DifferenceKind::Alone
    } else if all.is_empty() {
        DifferenceKind::Paired
    } else if all.iter().any(is_within) {
        DifferenceKind::Parted
    } else if all.iter().all(covers) {
        DifferenceKind::Joined
    } else {
        DifferenceKind::Shifted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: &[usize], tgt: &[usize]) -> IndexBead {
        IndexBead {
            src: src.to_vec(),
            tgt: tgt.to_vec(),
        }
    }

    #[test]
    fn every_kind_of_difference_is_told() {
        let second = [
            bead(&[0], &[0]),
            bead(&[1], &[1]),
            bead(&[2, 3], &[2]),
            bead(&[4], &[]),
            bead(&[], &[3]),
            bead(&[5], &[4]),
            bead(&[6], &[5]),
            bead(&[7], &[6]),
        ];
        let first = [
            bead(&[0, 1], &[0, 1]),
            bead(&[2], &[2]),
            bead(&[4], &[3]),
            bead(&[5], &[]),
            bead(&[6], &[4, 6]),
        ];
        let gold = [bead(&[4], &[3])];
        let kinds = differing(&first, &second, &gold);
        use DifferenceKind as K;
        let kinds: Vec<_> = kinds
            .into_iter()
            .map(|(kind, counts)| (kind, counts.beads, counts.right))
            .collect();
        assert_eq!(
            kinds,
            [
                (K::Joined, 1, 0),
                (K::Parted, 1, 0),
                (K::Paired, 1, 1),
                (K::Alone, 1, 0),
                (K::Shifted, 1, 0)
            ]
        );
    }
}
