//! Several documents together: micro, macro, intervals.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::rate::rounded;
use crate::{Bootstrap, Counts, DEFINITIONS, Interval, Rate, Scores};

/// The scores of a collection of documents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Each document's name and counts.
    pub documents: Vec<(String, Counts)>,
}

/// A score with what a reader needs to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summed {
    /// Over the beads of all documents together.
    pub micro: Rate,
    /// Mean of the documents' scores.
    #[serde(rename = "macro")]
    pub mean: Rate,
    /// 95 % interval of the micro F1 over documents; none for a single document.
    pub interval: Option<Interval>,
}

impl Evaluation {
    /// The counts of all documents together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for (_, counts) in &self.documents {
            total += counts;
        }
        total
    }

    /// Every score by name: micro, macro, interval. Names as in [`DEFINITIONS`].
    pub fn judge(&self, bootstrap: &Bootstrap) -> [(&'static str, Summed); 4] {
        let micro = self.total().scores().named();
        let each: Vec<Scores> = self.documents.iter().map(|(_, counts)| counts.scores()).collect();
        let intervals = bootstrap.intervals(self.documents.len(), |sample| self.f1_of(sample));
        std::array::from_fn(|at| {
            let (name, rate) = micro[at];
            let mean = mean(each.iter().map(|scores| scores.named()[at].1));
            (
                name,
                Summed {
                    micro: rate,
                    mean,
                    interval: intervals.map(|all| all[at]),
                },
            )
        })
    }

    /// Micro F1 of a sample of documents, in the order of the names.
    pub(crate) fn f1_of(&self, sample: &[usize]) -> [f64; 4] {
        let mut total = Counts::default();
        for (_, counts) in sample.iter().filter_map(|&at| self.documents.get(at)) {
            total.add_totals(counts);
        }
        total.scores().named().map(|(_, rate)| rate.f1)
    }

    /// Everything in machine-readable form. The micro scores stand at the top as `strict_p`, `strict_r`, `strict_f1` …; `documents` is filled
    /// when `each` is set.
    pub fn to_json(&self, bootstrap: &Bootstrap, each: bool) -> Map<String, Value> {
        let mut out = flat("all", &self.total());
        let judged: Map<String, Value> = self
            .judge(bootstrap)
            .into_iter()
            .map(|(name, judged)| (name.to_owned(), json!(judged)))
            .collect();
        out.insert("scores".into(), Value::Object(judged));
        out.insert("by_type".into(), json!(self.total().by_type()));
        out.insert("document_count".into(), json!(self.documents.len()));
        out.insert(
            "bootstrap".into(),
            json!({"over": "documents", "rounds": bootstrap.rounds, "seed": bootstrap.seed, "level": 0.95}),
        );
        let definitions = DEFINITIONS.map(|(name, text)| (name.to_owned(), json!(text)));
        out.insert(
            "definitions".into(),
            Value::Object(definitions.into_iter().collect()),
        );
        if each {
            let documents: Vec<Value> = self
                .documents
                .iter()
                .map(|(name, counts)| Value::Object(flat(name, counts)))
                .collect();
            out.insert("documents".into(), Value::Array(documents));
        }
        out
    }
}

fn flat(name: &str, counts: &Counts) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("name".into(), json!(name));
    for (kind, rate) in counts.scores().named() {
        for (part, value) in [("p", rate.precision), ("r", rate.recall), ("f1", rate.f1)] {
            out.insert(format!("{kind}_{part}"), json!(rounded(value)));
        }
    }
    out
}

/// The mean of precisions, of recalls and of F1s; zero of none.
fn mean(rates: impl Iterator<Item = Rate>) -> Rate {
    let (mut sum, mut count) = (Rate::default(), 0.0);
    for rate in rates {
        sum.precision += rate.precision;
        sum.recall += rate.recall;
        sum.f1 += rate.f1;
        count += 1.0;
    }
    let count = f64::max(count, 1.0);
    Rate {
        precision: sum.precision / count,
        recall: sum.recall / count,
        f1: sum.f1 / count,
    }
}
