//! Scores of beads as sentence numbers: strict, lax, two-sided only, by link, by bead type.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use qostil_bitext::{BeadType, IndexBead};
use serde::Serialize;

use crate::Rate;

/// What the scores of one document, or of several together, are made of.
///
/// Beads are sets: order and repeats do not matter, beads without any sentence are left out. A one-sided bead holds one
/// sentence; readers of files take longer ones apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Predicted beads, the one-sided too.
    pub predicted: usize,
    /// Two-sided predicted beads.
    pub predicted_pairs: usize,
    /// Two-sided gold beads.
    pub gold_pairs: usize,
    /// Predicted beads that are in the gold, the one-sided too.
    pub strict: usize,
    /// Two-sided predicted beads that are in the gold.
    pub strict_pairs: usize,
    /// Predicted beads that are in the gold or share a link with it.
    pub lax: usize,
    /// Two-sided gold beads that are predicted or share a link with the prediction.
    pub lax_gold: usize,
    /// Links (source sentence, target sentence) of the prediction.
    pub predicted_links: usize,
    /// Links of the gold.
    pub gold_links: usize,
    /// Links of both.
    pub links: usize,
    /// The same by type of bead.
    pub types: BTreeMap<BeadType, TypeCounts>,
}

/// Beads of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeCounts {
    /// In the prediction.
    pub predicted: usize,
    /// In the gold.
    pub gold: usize,
    /// In both.
    pub right: usize,
}

impl TypeCounts {
    /// Strict precision, recall and F1 of this type alone.
    pub fn rate(&self) -> Rate {
        Rate::of(self.right, self.predicted, self.right, self.gold)
    }
}

/// The scores of a prediction, each after the definition that its name says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    /// *strict*: the very same bead. As in Vecalign's `score.py`, precision looks at all predicted beads, those with an empty side
    /// too; recall only at beads with two sides.
    pub strict: Rate,
    /// *lax*: the same bead, or a link in common with the other alignment. Precision and recall look at the beads that strict looks at.
    pub lax: Rate,
    /// *pair*: strict, with two-sided beads alone in precision and recall. What training text is made of.
    pub pair: Rate,
    /// *link*: pairs (source sentence, target sentence) that stand in one bead.
    pub link: Rate,
}

impl Scores {
    /// The scores with their names.
    pub fn named(&self) -> [(&'static str, Rate); 4] {
        [
            ("strict", self.strict),
            ("lax", self.lax),
            ("pair", self.pair),
            ("link", self.link),
        ]
    }
}

/// The definitions behind the names of the scores, for output that carries them.
pub const DEFINITIONS: [(&str, &str); 4] = [
    (
        "strict",
        "the very same bead; precision over all predicted beads, recall over two-sided gold beads (Vecalign's definition)",
    ),
    (
        "lax",
        "the same bead or a link in common; precision over all predicted beads, recall over two-sided gold beads (Vecalign's definition)",
    ),
    (
        "pair",
        "the very same bead; two-sided beads alone in precision and recall",
    ),
    (
        "link",
        "pairs of one source and one target sentence that stand in one bead",
    ),
];

impl Counts {
    /// Compares a prediction with the gold of the same document. Time is near linear in the number of sentences, also
    /// when single beads are very long.
    ///
    /// ```
    /// use qostil_bitext::IndexBead;
    /// use qostil_eval::Counts;
    ///
    /// let bead = |src: &[usize], tgt: &[usize]| IndexBead { src: src.to_vec(), tgt: tgt.to_vec() };
    /// let gold = [bead(&[0], &[0]), bead(&[1, 2], &[1])];
    /// let predicted = [bead(&[0], &[0]), bead(&[1], &[1]), bead(&[2], &[])];
    /// let scores = Counts::new(&predicted, &gold).scores();
    /// assert_eq!(scores.strict.precision, 1.0 / 3.0);
    /// assert_eq!((scores.pair.precision, scores.pair.recall), (0.5, 0.5));
    /// assert_eq!(scores.lax.recall, 1.0);
    /// ```
    pub fn new(predicted: &[IndexBead], gold: &[IndexBead]) -> Self {
        let (predicted, gold) = (Side::new(predicted), Side::new(gold));
        let mut counts = Self {
            predicted: predicted.beads.len(),
            predicted_pairs: predicted.pairs.len(),
            gold_pairs: gold.pairs.len(),
            predicted_links: predicted.links(),
            gold_links: gold.links(),
            links: predicted.links_with(&gold),
            ..Self::default()
        };
        for bead in &predicted.beads {
            let right = gold.beads.contains(bead);
            counts.strict += usize::from(right);
            counts.strict_pairs += usize::from(right && bead.is_pair());
            counts.lax += usize::from(right || gold.touches(bead));
            let of_type = counts.types.entry(bead.kind()).or_default();
            of_type.predicted += 1;
            of_type.right += usize::from(right);
        }
        for bead in &gold.beads {
            counts.types.entry(bead.kind()).or_default().gold += 1;
            if bead.is_pair() {
                let found = predicted.beads.contains(bead) || predicted.touches(bead);
                counts.lax_gold += usize::from(found);
            }
        }
        counts
    }

    /// The scores that these counts make.
    pub fn scores(&self) -> Scores {
        Scores {
            strict: Rate::of(self.strict, self.predicted, self.strict_pairs, self.gold_pairs),
            lax: Rate::of(self.lax, self.predicted, self.lax_gold, self.gold_pairs),
            pair: Rate::of(
                self.strict_pairs,
                self.predicted_pairs,
                self.strict_pairs,
                self.gold_pairs,
            ),
            link: Rate::of(self.links, self.predicted_links, self.links, self.gold_links),
        }
    }
}

impl Counts {
    /// Adds all but the counts by type.
    pub(crate) fn add_totals(&mut self, other: &Self) {
        self.predicted += other.predicted;
        self.predicted_pairs += other.predicted_pairs;
        self.gold_pairs += other.gold_pairs;
        self.strict += other.strict;
        self.strict_pairs += other.strict_pairs;
        self.lax += other.lax;
        self.lax_gold += other.lax_gold;
        self.predicted_links += other.predicted_links;
        self.gold_links += other.gold_links;
        self.links += other.links;
    }
}

impl AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        self.add_totals(other);
        for (kind, more) in &other.types {
            let of_type = self.types.entry(*kind).or_default();
            of_type.predicted += more.predicted;
            of_type.gold += more.gold;
            of_type.right += more.right;
        }
    }
}

/// The beads of one alignment, and which of its two-sided beads a source sentence is in. Beads may overlap.
struct Side<'a> {
    beads: BTreeSet<&'a IndexBead>,
    /// The target sentences of every two-sided bead, sorted.
    pairs: Vec<Vec<usize>>,
    /// Source sentence → places in `pairs`.
    of_src: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Side<'a> {
    fn new(beads: &'a [IndexBead]) -> Self {
        let beads: BTreeSet<_> = beads
            .iter()
            .filter(|b| !b.src.is_empty() || !b.tgt.is_empty())
            .collect();
        let mut side = Self {
            beads,
            pairs: Vec::new(),
            of_src: BTreeMap::new(),
        };
        for bead in side.beads.iter().filter(|b| b.is_pair()) {
            for &i in &bead.src {
                side.of_src.entry(i).or_default().push(side.pairs.len());
            }
            side.pairs.push(sorted(bead.tgt.iter().copied()));
        }
        side
    }

    /// The target sentences that are linked to a source sentence in these beads.
    fn targets(&self, pairs: &[usize]) -> Vec<usize> {
        sorted(pairs.iter().filter_map(|&p| self.pairs.get(p)).flatten().copied())
    }

    /// Links, each counted once. Source sentences of the same beads have the same links, so each set is made once.
    fn links(&self) -> usize {
        let mut alike: BTreeMap<&[usize], usize> = BTreeMap::new();
        for pairs in self.of_src.values() {
            *alike.entry(pairs).or_default() += 1;
        }
        alike
            .iter()
            .map(|(pairs, count)| count * self.targets(pairs).len())
            .sum()
    }

    /// Links of this alignment that are in the other too.
    fn links_with(&self, other: &Self) -> usize {
        let mut alike: BTreeMap<(&[usize], &[usize]), usize> = BTreeMap::new();
        for (i, pairs) in &self.of_src {
            if let Some(theirs) = other.of_src.get(i) {
                *alike.entry((pairs, theirs)).or_default() += 1;
            }
        }
        alike
            .iter()
            .map(|((ours, theirs), count)| count * self.common(ours, other, theirs))
            .sum()
    }

    /// Target sentences that both sets of beads hold. One bead against one, the usual case, costs the shorter of the two.
    fn common(&self, ours: &[usize], other: &Self, theirs: &[usize]) -> usize {
        match (ours, theirs) {
            (&[a], &[b]) => match (self.pairs.get(a), other.pairs.get(b)) {
                (Some(a), Some(b)) => common(a, b).count(),
                _ => 0,
            },
            _ => common(&self.targets(ours), &other.targets(theirs)).count(),
        }
    }

    /// Whether `bead` shares a link with these beads.
    fn touches(&self, bead: &IndexBead) -> bool {
        if !bead.is_pair() {
            return false;
        }
        let tgt = sorted(bead.tgt.iter().copied());
        let near: BTreeSet<usize> = bead
            .src
            .iter()
            .filter_map(|i| self.of_src.get(i))
            .flatten()
            .copied()
            .collect();
        near.into_iter()
            .filter_map(|p| self.pairs.get(p))
            .any(|pair| common(pair, &tgt).next().is_some())
    }
}

fn sorted(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut out: Vec<usize> = numbers.collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// What two sorted lists have in common, in `O(short · log long)`.
fn common<'a>(a: &'a [usize], b: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.iter().copied().filter(|n| long.binary_search(n).is_ok())
}

/// One document's scores in a form for output; see [`Scores::named`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TypeScore {
    /// `2-1`.
    pub bead: String,
    /// In the prediction.
    pub predicted: usize,
    /// In the gold.
    pub gold: usize,
    /// In both.
    pub right: usize,
    /// Strict precision, recall and F1 of this type alone.
    #[serde(flatten)]
    pub rate: Rate,
}

impl Counts {
    /// The scores by bead type, in order of type.
    pub fn by_type(&self) -> Vec<TypeScore> {
        self.types
            .iter()
            .map(|(kind, counts)| TypeScore {
                bead: kind.to_string(),
                predicted: counts.predicted,
                gold: counts.gold,
                right: counts.right,
                rate: counts.rate(),
            })
            .collect()
    }
}
