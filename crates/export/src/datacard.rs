//! `datacard.md`: what a training set is made of, for the one who trains on it and the one who asks later.

use std::fmt::Write;
use std::io::Read;

use qostil_bitext::Record;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::{Error, LangPair, Losses, PartCounts};

/// What is known of documents besides what records say: their licences, and where they were published.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    documents: FxHashMap<String, About>,
    license: Option<String>,
}

/// One document of a run's summary.
#[derive(Clone, Debug, Default, Deserialize)]
struct About {
    id: String,
    #[serde(default)]
    license: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

impl Sources {
    /// Reads the `summary.json` of a run, which keeps what the manifest said.
    ///
    /// # Errors
    /// When `input` fails or is no such summary.
    pub fn read(input: impl Read) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Summary {
            documents: Vec<About>,
        }
        let summary: Summary = serde_json::from_reader(input)
            .map_err(|e| Error::Whole(format!("{e}: expected the summary of a run")))?;
        let documents = summary
            .documents
            .into_iter()
            .map(|about| (about.id.clone(), about));
        Ok(Self {
            documents: documents.collect(),
            license: None,
        })
    }

    /// The licence of records of which nothing else is known.
    pub fn with_license(mut self, license: Option<String>) -> Self {
        self.license = license;
        self
    }

    /// The licences of a record's documents; the given one when there are none.
    pub(crate) fn licences<'s>(&'s self, record: &Record) -> Vec<&'s str> {
        let known = self.of(record).filter_map(|about| about.license.as_deref());
        let known: Vec<&str> = known.filter(|license| !license.is_empty()).collect();
        if known.is_empty() {
            self.license.as_deref().into_iter().collect()
        } else {
            known
        }
    }

    /// Where one of a record's documents was published.
    pub(crate) fn url(&self, record: &Record) -> Option<&str> {
        self.of(record).find_map(|about| about.url.as_deref())
    }

    fn of(&self, record: &Record) -> impl Iterator<Item = &About> {
        let ids = [&record.src_doc, &record.tgt_doc];
        let known = ids.map(|id| self.documents.get(id.as_str()));
        known.into_iter().flatten()
    }
}

/// What a data card is made from.
#[derive(Clone, Debug, Default)]
pub struct Datacard<'c> {
    /// What was read.
    pub source: String,
    /// Languages of the two sides.
    pub langs: LangPair,
    /// Options that chose among the records, in words.
    pub filters: Vec<String>,
    /// The parts with their names, in order.
    pub parts: Vec<(String, &'c PartCounts)>,
    /// Records that were left out, by reason.
    pub left_out: Losses,
}

impl Datacard<'_> {
    /// The card as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        let (src, tgt) = self.langs;
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        line("# Data card\n".to_owned());
        line(format!(
            "Made by qostil {} from `{}`.\n",
            env!("CARGO_PKG_VERSION"),
            self.source
        ));
        line(format!(
            "## Contents\n\n| part | records | document pairs | {src} words | {tgt} words | {src} characters | {tgt} characters |"
        ));
        line("| --- | --- | --- | --- | --- | --- | --- |".to_owned());
        for (name, counts) in &self.parts {
            let ([a, b], [c, d]) = (counts.words, counts.characters);
            line(format!(
                "| {name} | {} | {} | {a} | {b} | {c} | {d} |",
                counts.records,
                counts.documents()
            ));
        }
        line("\nDocument pairs are counted where records name their documents; words are what stands between white space.".to_owned());
        line("\n## Figures\n\nWhat the figures of the two sides say about each other, in records.\n\n| part | agree | contradict | none | not known |\n| --- | --- | --- | --- | --- |".to_owned());
        for (name, counts) in &self.parts {
            let count = |verdict: &str| counts.verdicts.get(verdict).copied().unwrap_or(0);
            line(format!(
                "| {name} | {} | {} | {} | {} |",
                count("agree"),
                count("contradict"),
                count("none"),
                count("not known")
            ));
        }
        line("\n## Confidence\n\nRecords by the probability that the pair is right.\n".to_owned());
        line("| part | below 0.5 | 0.5–0.8 | 0.8–0.9 | 0.9–1 | not known |\n| --- | --- | --- | --- | --- | --- |".to_owned());
        for (name, counts) in &self.parts {
            let sum =
                |from: usize, to: usize| counts.confidence.iter().skip(from).take(to - from).sum::<u64>();
            line(format!(
                "| {name} | {} | {} | {} | {} | {} |",
                sum(0, 5),
                sum(5, 8),
                sum(8, 9),
                sum(9, 10),
                counts.without_confidence
            ));
        }
        for (title, pick) in [
            (
                "Domains",
                (|counts| &counts.domains) as fn(&PartCounts) -> &std::collections::BTreeMap<String, u64>,
            ),
            ("Licences of the sources", |counts| &counts.licences),
        ] {
            line(format!("\n## {title}\n"));
            let mut sums = std::collections::BTreeMap::<&str, u64>::new();
            for (_, counts) in &self.parts {
                for (name, count) in pick(counts) {
                    *sums.entry(name).or_default() += count;
                }
            }
            let mut sums: Vec<_> = sums.into_iter().collect();
            sums.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
            let (shown, rest) = sums.split_at(sums.len().min(SHOWN));
            for (name, count) in shown {
                line(format!("- {}: {count}", name.replace(['\n', '\r'], " ")));
            }
            if !rest.is_empty() {
                line(format!(
                    "- {} others: {}",
                    rest.len(),
                    rest.iter().map(|(_, count)| count).sum::<u64>()
                ));
            }
        }
        line("\n## Filters\n".to_owned());
        if self.filters.is_empty() {
            line("- none: every record was kept".to_owned());
        }
        for filter in &self.filters {
            line(format!("- `{filter}`"));
        }
        for (reason, count) in self.left_out.iter() {
            line(format!("- left out, {reason}: {count}"));
        }
        let _ = writeln!(out);
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

/// Domains and licences that are named one by one.
const SHOWN: usize = 20;
