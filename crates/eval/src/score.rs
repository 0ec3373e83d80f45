//! Strict, lax and link scores.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use qostil_bitext::IndexBead;
use serde::Serialize;

/// What is counted to score one document; counts of several documents add up.
///
/// Beads are sets: order and repeats do not matter. As in Vecalign's own script, precision looks at all predicted beads, those
/// with an empty side too (an unaligned line is right when the gold leaves it unaligned); recall only at those with two sides.
///
/// ```
/// use qostil_bitext::IndexBead;
/// use qostil_eval::Counts;
/// let bead = |src: &[usize], tgt: &[usize]| IndexBead { src: src.to_vec(), tgt: tgt.to_vec() };
/// let gold = [bead(&[0], &[0]), bead(&[1, 2], &[1])];
/// let predicted = [bead(&[0], &[0]), bead(&[1], &[1]), bead(&[2], &[])];
/// let scores = Counts::of(&predicted, &gold).scores();
/// assert_eq!((scores.strict.precision, scores.strict.recall), (1.0 / 3.0, 0.5));
/// assert_eq!(scores.lax.recall, 1.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Predicted beads.
    pub predicted: usize,
    /// Gold beads with two sides.
    pub gold: usize,
    /// Predicted beads with two sides.
    pub predicted_pairs: usize,
    /// Predicted beads that are the very same in the gold.
    pub strict_predicted: usize,
    /// Gold beads with two sides that are the very same in the prediction.
    pub strict_gold: usize,
    /// Predicted beads that are in the gold or share a link with it.
    pub lax_predicted: usize,
    /// Gold beads with two sides that are in the prediction or share a link with it.
    pub lax_gold: usize,
    /// Pairs of sentences that a gold bead joins.
    pub gold_links: usize,
    /// Pairs of sentences that a predicted bead joins.
    pub predicted_links: usize,
    /// Pairs of sentences that both join.
    pub links: usize,
    /// The same by bead type.
    pub by_type: BTreeMap<String, TypeCounts>,
}

/// Beads of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TypeCounts {
    /// In the prediction.
    pub predicted: usize,
    /// In the gold.
    pub gold: usize,
    /// In both, the very same.
    pub right: usize,
}

/// Precision, recall and their harmonic mean, 0–1; 0 where there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    /// Share of what was predicted that is right.
    pub precision: f64,
    /// Share of the gold that was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// All scores of an alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// The very same bead.
    pub strict: Rates,
    /// A link in common.
    pub lax: Rates,
    /// The very same bead, among beads with two sides only.
    pub pair: Rates,
    /// Pairs of sentences.
    pub link: Rates,
}

impl Counts {
    /// Compares the beads of one document.
    pub fn of(predicted: &[IndexBead], gold: &[IndexBead]) -> Self {
        let (predicted, gold) = (as_set(predicted), as_set(gold));
        let (predicted_links, gold_links) = (links(&predicted), links(&gold));
        let touches = |bead: &IndexBead, others: &HashSet<(usize, usize)>| {
            bead.src
                .iter()
                .any(|i| bead.tgt.iter().any(|j| others.contains(&(*i, *j))))
        };
        let pairs = |beads: &BTreeSet<IndexBead>| beads.iter().filter(|b| b.is_pair()).count();
        let mut by_type: BTreeMap<String, TypeCounts> = BTreeMap::new();
        for bead in &predicted {
            by_type.entry(bead.kind().to_string()).or_default().predicted += 1;
        }
        for bead in &gold {
            let counts = by_type.entry(bead.kind().to_string()).or_default();
            counts.gold += 1;
            counts.right += usize::from(predicted.contains(bead));
        }
        let gold_pairs = || gold.iter().filter(|bead| bead.is_pair());
        Self {
            predicted: predicted.len(),
            gold: pairs(&gold),
            predicted_pairs: pairs(&predicted),
            strict_predicted: predicted.intersection(&gold).count(),
            strict_gold: gold_pairs().filter(|bead| predicted.contains(*bead)).count(),
            lax_predicted: predicted
                .iter()
                .filter(|b| gold.contains(*b) || touches(b, &gold_links))
                .count(),
            lax_gold: gold_pairs()
                .filter(|b| predicted.contains(*b) || touches(b, &predicted_links))
                .count(),
            links: gold_links.intersection(&predicted_links).count(),
            gold_links: gold_links.len(),
            predicted_links: predicted_links.len(),
            by_type,
        }
    }

    /// Adds the counts of another document.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.predicted, other.predicted),
            (&mut self.gold, other.gold),
            (&mut self.predicted_pairs, other.predicted_pairs),
            (&mut self.strict_predicted, other.strict_predicted),
            (&mut self.strict_gold, other.strict_gold),
            (&mut self.lax_predicted, other.lax_predicted),
            (&mut self.lax_gold, other.lax_gold),
            (&mut self.gold_links, other.gold_links),
            (&mut self.predicted_links, other.predicted_links),
            (&mut self.links, other.links),
        ] {
            *mine += theirs;
        }
        for (kind, counts) in &other.by_type {
            let mine = self.by_type.entry(kind.clone()).or_default();
            mine.predicted += counts.predicted;
            mine.gold += counts.gold;
            mine.right += counts.right;
        }
    }

    /// The scores that the counts make.
    pub fn scores(&self) -> Scores {
        Scores {
            strict: Rates::of(
                (self.strict_predicted, self.predicted),
                (self.strict_gold, self.gold),
            ),
            lax: Rates::of((self.lax_predicted, self.predicted), (self.lax_gold, self.gold)),
            pair: Rates::of(
                (self.strict_gold, self.predicted_pairs),
                (self.strict_gold, self.gold),
            ),
            link: Rates::of((self.links, self.predicted_links), (self.links, self.gold_links)),
        }
    }
}

impl Rates {
    fn of(precision: (usize, usize), recall: (usize, usize)) -> Self {
        let ratio = |(part, whole): (usize, usize)| {
            if whole == 0 {
                0.0
            } else {
                part as f64 / whole as f64
            }
        };
        let (precision, recall) = (ratio(precision), ratio(recall));
        let sum = precision + recall;
        Self {
            precision,
            recall,
            f1: if sum == 0.0 {
                0.0
            } else {
                2.0 * precision * recall / sum
            },
        }
    }
}

/// The beads that hold a sentence, their numbers in order and each once.
fn as_set(beads: &[IndexBead]) -> BTreeSet<IndexBead> {
    let sorted = |numbers: &[usize]| {
        numbers
            .iter()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    beads
        .iter()
        .filter(|bead| !bead.src.is_empty() || !bead.tgt.is_empty())
        .map(|bead| IndexBead {
            src: sorted(&bead.src),
            tgt: sorted(&bead.tgt),
        })
        .collect()
}

fn links(beads: &BTreeSet<IndexBead>) -> HashSet<(usize, usize)> {
    beads
        .iter()
        .flat_map(|bead| {
            bead.src
                .iter()
                .flat_map(|i| bead.tgt.iter().map(move |j| (*i, *j)))
        })
        .collect()
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
    fn an_alignment_against_itself_is_right() {
        let gold = [bead(&[0], &[0]), bead(&[1], &[]), bead(&[2], &[1, 2])];
        let scores = Counts::of(&gold, &gold).scores();
        for rates in [scores.strict, scores.lax, scores.pair, scores.link] {
            assert_eq!((rates.precision, rates.recall, rates.f1), (1.0, 1.0, 1.0));
        }
    }

    #[test]
    fn nothing_predicted_is_nothing_found() {
        let counts = Counts::of(&[], &[bead(&[0], &[0])]);
        assert_eq!(counts.scores(), Scores::default());
        assert_eq!(
            counts.by_type["1-1"],
            TypeCounts {
                predicted: 0,
                gold: 1,
                right: 0
            }
        );
    }

    #[test]
    fn one_sided_beads_count_for_precision_alone() {
        let gold = [bead(&[0], &[0]), bead(&[1], &[])];
        let counts = Counts::of(&[bead(&[0], &[0]), bead(&[1], &[]), bead(&[], &[1])], &gold);
        assert_eq!(
            (
                counts.strict_predicted,
                counts.predicted,
                counts.strict_gold,
                counts.gold
            ),
            (2, 3, 1, 1)
        );
    }
}
