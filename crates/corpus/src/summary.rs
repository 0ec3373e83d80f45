//! What a run has done, in numbers: the content of `summary.json`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use qostil_align::Moved;
use qostil_bitext::{Bead, BeadType, Verdict};
use serde::{Deserialize, Serialize};

use crate::rows::verdict_place;
use crate::{RunSettings, SharedLine, Stage};

/// What became of one document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocumentSummary {
    /// Its id.
    pub id: String,
    /// The code of its language.
    pub lang: String,
    /// How sure the language is, 0–1.
    pub lang_confidence: f64,
    /// How its bytes were decoded.
    pub encoding: String,
    /// Where its text is kept in the output folder, when it is no plain text file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What may be done with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Its size in bytes once decoded.
    pub bytes: usize,
    /// Sentences that went on after cleaning.
    pub sentences: usize,
    /// What cleaning cut out, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cleaned: BTreeMap<String, usize>,
    /// The id of the document it is paired with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// Why it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Beads of one pair of documents, or of many.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PairSummary {
    /// Beads by type.
    pub beads: BTreeMap<String, usize>,
    /// Two-sided beads by what their figures say.
    pub verdicts: Verdicts,
    /// Sections that stand elsewhere in the other document; their sentences are one-sided beads.
    #[serde(default)]
    pub moved: usize,
    /// These sections, of one pair of documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<MovedSection>,
    /// Confidence of two-sided beads: how many at each ten-thousandth.
    #[serde(skip)]
    pub(crate) confidence: BTreeMap<u16, usize>,
}

/// A section that stands elsewhere in the other document. Sentences are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedSection {
    /// Its first and its last sentence in the source document.
    pub src: [usize; 2],
    /// The same in the target document.
    pub tgt: [usize; 2],
    /// Pairs of sentences in it.
    pub pairs: usize,
}

impl MovedSection {
    /// What the summary says of a section.
    pub fn of(moved: &Moved) -> Self {
        let ends = |range: &Range<usize>| [range.start, range.end.saturating_sub(1)];
        Self {
            src: ends(&moved.src),
            tgt: ends(&moved.tgt),
            pairs: moved.pairs.len(),
        }
    }
}

/// Counts of verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdicts {
    /// Figures agree.
    pub agree: usize,
    /// Figures contradict each other.
    pub contradict: usize,
    /// Nothing to compare.
    pub none: usize,
}

/// Confidence below which a tenth, a quarter, half … of the beads lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quantiles {
    /// A tenth.
    pub p10: f64,
    /// A quarter.
    pub p25: f64,
    /// Half.
    pub p50: f64,
    /// Three quarters.
    pub p75: f64,
    /// Nine tenths.
    pub p90: f64,
}

impl PairSummary {
    /// Counts a bead.
    pub fn count(&mut self, bead: &Bead) {
        self.count_row(bead.kind(), bead.verdict, Some(bead.confidence));
    }

    /// Counts a row of which the confidence may be unknown.
    pub(crate) fn count_row(&mut self, kind: BeadType, verdict: Verdict, confidence: Option<f64>) {
        *self.beads.entry(kind.to_string()).or_default() += 1;
        if kind.src > 0 && kind.tgt > 0 {
            let verdicts = [
                &mut self.verdicts.agree,
                &mut self.verdicts.contradict,
                &mut self.verdicts.none,
            ];
            *verdicts.into_iter().nth(verdict_place(verdict)).unwrap_or(&mut 0) += 1;
            if let Some(confidence) = confidence {
                let place = (confidence.clamp(0.0, 1.0) * 1e4).round() as u16;
                *self.confidence.entry(place).or_default() += 1;
            }
        }
    }

    /// Adds the counts of another; which sections moved stays with their pair of documents.
    pub fn add(&mut self, other: &Self) {
        self.moved += other.moved;
        for (kind, count) in &other.beads {
            *self.beads.entry(kind.clone()).or_default() += count;
        }
        self.verdicts.agree += other.verdicts.agree;
        self.verdicts.contradict += other.verdicts.contradict;
        self.verdicts.none += other.verdicts.none;
        for (place, count) in &other.confidence {
            *self.confidence.entry(*place).or_default() += count;
        }
    }

    /// Its quantiles, and it without what only they need: there are as many of these as pairs of documents.
    pub(crate) fn settled(self) -> (Self, Quantiles) {
        let quantiles = self.quantiles();
        let confidence = BTreeMap::new();
        (Self { confidence, ..self }, quantiles)
    }

    /// Beads with two sides.
    pub fn two_sided(&self) -> usize {
        self.verdicts.agree + self.verdicts.contradict + self.verdicts.none
    }

    /// How sure the two-sided beads are of which that is known; all zero when there are none.
    pub fn quantiles(&self) -> Quantiles {
        let known: usize = self.confidence.values().sum();
        let at = |share: f64| {
            let wanted = (share * known as f64).ceil().max(1.0) as usize;
            let mut seen = 0;
            let found = self.confidence.iter().find(|(_, count)| {
                seen += **count;
                seen >= wanted
            });
            found.map_or(0.0, |(place, _)| f64::from(*place) / 1e4)
        };
        Quantiles {
            p10: at(0.1),
            p25: at(0.25),
            p50: at(0.5),
            p75: at(0.75),
            p90: at(0.9),
        }
    }
}

/// Counts that rows bring with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// All pairs taken together.
    pub pairs: PairSummary,
    /// Rows of `left-out.tsv` by stage and reason.
    pub left_out: BTreeMap<(Stage, String), usize>,
    /// Two-sided beads that a filter kept out of `bitext.tsv`, by filter.
    pub filtered: BTreeMap<&'static str, usize>,
    /// Rows that went out with letters mended.
    pub mended: usize,
}

impl Tally {
    /// Counts two-sided beads that filters kept out; each has a row in `left-out.tsv` for either side.
    pub(crate) fn filter_out(&mut self, counts: &BTreeMap<&'static str, usize>) {
        for (reason, count) in counts {
            *self.filtered.entry(reason).or_default() += count;
            *self
                .left_out
                .entry((Stage::Filter, (*reason).to_owned()))
                .or_default() += 2 * count;
        }
    }

    pub(crate) fn leave_out(&mut self, stage: Stage, reason: &str) {
        *self.left_out.entry((stage, reason.to_owned())).or_default() += 1;
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &Self) {
        self.pairs.add(&other.pairs);
        for (reason, count) in &other.left_out {
            *self.left_out.entry(reason.clone()).or_default() += count;
        }
        for (reason, count) in &other.filtered {
            *self.filtered.entry(reason).or_default() += count;
        }
        self.mended += other.mended;
    }
}

/// One pair of documents in `summary.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedSummary {
    /// The source document.
    pub src: String,
    /// The target document.
    pub tgt: String,
    /// How sure it is that they are translations of each other, 0–1.
    pub confidence: f64,
    /// Why, in words.
    pub evidence: String,
    /// Their beads.
    #[serde(flatten)]
    pub beads: PairSummary,
    /// How sure the two-sided beads are.
    pub quantiles: Quantiles,
}

/// A file of sentence pairs in `summary.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BitextSummary {
    /// Its id.
    pub id: String,
    /// Its rows as beads.
    #[serde(flatten)]
    pub beads: PairSummary,
    /// How sure the two-sided ones are, as far as the file says.
    pub quantiles: Quantiles,
}

/// An input that could not be used: a path that is not there, a document that could not be read, a row of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The file or folder, as one would open it.
    pub input: String,
    /// The line in it, from 1, when it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The id of the document, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What went wrong.
    pub cause: String,
    /// The limit in bytes that it goes beyond, where that is the cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.input, self.cause),
            None => write!(f, "{}: {}", self.input, self.cause),
        }
    }
}

/// Rows of one table that could not be used of which a summary tells: the first.
pub const ROWS_TOLD: usize = 100;

/// What a run has done. The same for the same inputs and settings, whatever the machine; times are not part of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The version that did it.
    pub version: String,
    /// The pair of languages, `kk-en`.
    pub pair: String,
    /// Every document, in input order.
    pub documents: Vec<DocumentSummary>,
    /// Every pair of documents, in the order of the source documents.
    pub pairs: Vec<PairedSummary>,
    /// Every file of sentence pairs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bitexts: Vec<BitextSummary>,
    /// Inputs that could not be used, in the order met; of the rows of a table the first, [`ROWS_TOLD`]. All are in `left-out.tsv`, and counted in `total`.
    pub failed: Vec<Failure>,
    /// Files in folders that are no documents: how many by ending.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub passed_over: BTreeMap<String, usize>,
    /// What should be known though nothing failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Lines that many documents share, commonest first: as many as a reader may want to see; all are in `boilerplate.tsv`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boilerplate: Vec<SharedLine>,
    /// Pairs of words in the lexicon that was learnt from the collection, `lexicon.tsv`; 0 when none was.
    pub learnt: usize,
    /// The settings that the result depends on.
    pub settings: RunSettings,
    /// All in all.
    pub total: Total,
}

/// The sums of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// Documents read.
    pub documents: usize,
    /// Pairs of documents.
    pub pairs: usize,
    /// Bytes of text read.
    pub bytes: usize,
    /// Sentences that went on after cleaning.
    pub sentences: usize,
    /// Inputs that could not be used, and rows of them.
    #[serde(default)]
    pub failed: usize,
    /// Rows of `bitext.tsv`.
    pub bitext: usize,
    /// Rows of `unaligned.tsv`.
    pub unaligned: usize,
    /// Rows of `left-out.tsv` by stage, then reason.
    pub left_out: BTreeMap<String, BTreeMap<String, usize>>,
    /// Two-sided beads that filters kept out of `bitext.tsv`, by filter.
    pub filtered: BTreeMap<String, usize>,
    /// Rows of `bitext.tsv` and `unaligned.tsv` in which letters were mended.
    #[serde(default)]
    pub mended: usize,
    /// Beads of all pairs, before filters.
    #[serde(flatten)]
    pub beads: PairSummary,
    /// How sure the two-sided beads are.
    pub quantiles: Quantiles,
}

impl Total {
    /// The sums of a tally.
    pub(crate) fn of(tally: &Tally) -> Self {
        let mut left_out: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for ((stage, reason), count) in &tally.left_out {
            left_out
                .entry(stage.name().to_owned())
                .or_default()
                .insert(reason.clone(), *count);
        }
        let two_sided = tally.pairs.two_sided();
        Self {
            bitext: two_sided - tally.filtered.values().sum::<usize>(),
            unaligned: tally.pairs.beads.values().sum::<usize>() - two_sided,
            left_out,
            filtered: tally
                .filtered
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
            mended: tally.mended,
            quantiles: tally.pairs.quantiles(),
            beads: tally.pairs.clone(),
            ..Self::default()
        }
    }
}
