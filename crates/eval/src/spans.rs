//! Two bitexts with spans, brought onto one numbering.

use std::collections::{BTreeMap, BTreeSet};

use qostil_bitext::{IndexBead, Record};
use qostil_text::Span;

/// The beads of one pair of documents in a prediction and in the gold, over the same numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aligned {
    /// The source document.
    pub src_doc: String,
    /// The target document.
    pub tgt_doc: String,
    /// The predicted beads, in the order of their rows.
    pub predicted: Vec<IndexBead>,
    /// Their confidence, as far as known.
    pub confidence: Vec<Option<f64>>,
    /// The gold beads.
    pub gold: Vec<IndexBead>,
}

/// Pieces of at most so many bytes are not counted: a stray stop or quote at the edge of a sentence is no sentence.
const CRUMB: usize = 4;

/// The rows of two bitexts by pair of documents, as beads over pieces of text: wherever either bitext has a boundary, a piece
/// ends, and two beads are equal when they hold the same pieces. Rows without a document on one side (one-sided beads)
/// belong to the pair that their other document is in. When one bitext names no documents, or each is of one pair, all is taken for one pair; else
/// documents are the same that have the same name, without its folder as long as no two in a bitext differ by the folder alone.
pub fn by_spans(predicted: &[Record], gold: &[Record]) -> Vec<Aligned> {
    let (ours, theirs) = (Named::of(predicted), Named::of(gold));
    let is_nameless = ours.is_nameless() || theirs.is_nameless();
    if is_nameless || (ours.is_one_pair() && theirs.is_one_pair()) {
        let name = ours.src.first().or(theirs.src.first()).copied();
        let name = name.filter(|_| !is_nameless).unwrap_or_default();
        let (predicted, gold): (Vec<_>, Vec<_>) = (predicted.iter().collect(), gold.iter().collect());
        return vec![aligned(name, &predicted, &gold)];
    }
    let is_short = ours.is_told_by_file() && theirs.is_told_by_file();
    let name = |document| if is_short { file_name(document) } else { document };
    let mut partners: BTreeMap<&str, &str> = BTreeMap::new();
    for row in predicted
        .iter()
        .chain(gold)
        .filter(|row| !row.src_doc.is_empty() && !row.tgt_doc.is_empty())
    {
        partners.insert(name(&row.tgt_doc), name(&row.src_doc));
    }
    let mut pairs: BTreeMap<&str, [Vec<&Record>; 2]> = BTreeMap::new();
    for (which, rows) in [predicted, gold].into_iter().enumerate() {
        for row in rows {
            let src = if row.src_doc.is_empty() {
                partners.get(name(&row.tgt_doc)).copied()
            } else {
                Some(name(&row.src_doc))
            };
            pairs.entry(src.unwrap_or("")).or_default()[which].push(row);
        }
    }
    pairs
        .into_iter()
        .map(|(src_doc, [predicted, gold])| aligned(src_doc, &predicted, &gold))
        .collect()
}

/// The documents that a bitext names.
struct Named<'a> {
    src: BTreeSet<&'a str>,
    tgt: BTreeSet<&'a str>,
}

impl<'a> Named<'a> {
    fn of(rows: &'a [Record]) -> Self {
        let named = |of: fn(&Record) -> &str| rows.iter().map(of).filter(|name| !name.is_empty()).collect();
        Self {
            src: named(|row| &row.src_doc),
            tgt: named(|row| &row.tgt_doc),
        }
    }

    fn is_nameless(&self) -> bool {
        self.src.is_empty() && self.tgt.is_empty()
    }

    fn is_one_pair(&self) -> bool {
        self.src.len() <= 1 && self.tgt.len() <= 1
    }

    /// Whether no two documents of a side differ by the folder alone.
    fn is_told_by_file(&self) -> bool {
        let is_told = |names: &BTreeSet<&str>| {
            let files: BTreeSet<&str> = names.iter().map(|name| file_name(name)).collect();
            files.len() == names.len()
        };
        is_told(&self.src) && is_told(&self.tgt)
    }
}

/// A document's name without its folder.
fn file_name(document: &str) -> &str {
    document.rsplit(['/', '\\']).next().unwrap_or(document)
}

fn aligned(src_doc: &str, predicted: &[&Record], gold: &[&Record]) -> Aligned {
    let all = || predicted.iter().chain(gold);
    let src = Pieces::of(all().flat_map(|row| &row.src_spans));
    let tgt = Pieces::of(all().flat_map(|row| &row.tgt_spans));
    let beads = |rows: &[&Record]| {
        rows.iter()
            .map(|row| IndexBead {
                src: src.of_spans(&row.src_spans),
                tgt: tgt.of_spans(&row.tgt_spans),
            })
            .collect()
    };
    let tgt_doc = all()
        .map(|row| row.tgt_doc.as_str())
        .find(|doc| !doc.is_empty())
        .unwrap_or("");
    Aligned {
        src_doc: src_doc.to_owned(),
        tgt_doc: tgt_doc.to_owned(),
        predicted: beads(predicted),
        confidence: predicted.iter().map(|row| row.confidence).collect(),
        gold: beads(gold),
    }
}

/// The rows of a bitext of one pair of documents as beads of the lines of its documents: a line is in a row when the row covers more than half of it.
pub fn by_lines(rows: &[Record], src: &[Span], tgt: &[Span]) -> Vec<IndexBead> {
    let numbers = |spans: &[Span], lines: &[Span]| -> Vec<usize> {
        let mut covered: BTreeMap<usize, usize> = BTreeMap::new();
        for span in spans {
            let first = lines.partition_point(|line| line.end <= span.start);
            for (at, line) in lines
                .iter()
                .enumerate()
                .skip(first)
                .take_while(|(_, line)| line.start < span.end)
            {
                *covered.entry(at).or_default() +=
                    line.end.min(span.end).saturating_sub(line.start.max(span.start));
            }
        }
        let is_in =
            |(at, bytes): (usize, usize)| lines.get(at).filter(|line| 2 * bytes > line.len()).map(|_| at);
        covered.into_iter().filter_map(is_in).collect()
    };
    let one_sided = |at: usize, is_src: bool| {
        let (src, tgt) = if is_src {
            (vec![at], Vec::new())
        } else {
            (Vec::new(), vec![at])
        };
        IndexBead { src, tgt }
    };
    rows.iter()
        .flat_map(|row| {
            let bead = IndexBead {
                src: numbers(&row.src_spans, src),
                tgt: numbers(&row.tgt_spans, tgt),
            };
            if bead.is_pair() {
                return vec![bead];
            }
            let alone = bead.src.iter().map(|i| one_sided(*i, true));
            alone
                .chain(bead.tgt.iter().map(|j| one_sided(*j, false)))
                .collect()
        })
        .collect()
}

/// A document cut wherever some row begins or ends.
struct Pieces {
    cuts: Vec<usize>,
}

impl Pieces {
    fn of<'a>(spans: impl Iterator<Item = &'a Span>) -> Self {
        let cuts: BTreeSet<usize> = spans.flat_map(|span| [span.start, span.end]).collect();
        Self {
            cuts: cuts.into_iter().collect(),
        }
    }

    /// The pieces that `spans` cover.
    fn of_spans(&self, spans: &[Span]) -> Vec<usize> {
        let place = |at: usize| self.cuts.partition_point(|cut| *cut < at);
        let is_piece = |number: &usize| {
            let width = self
                .cuts
                .get(number + 1)
                .zip(self.cuts.get(*number))
                .map(|(end, start)| end - start);
            width.is_some_and(|width| width > CRUMB)
        };
        let covered = |span: &Span| {
            (place(span.start)..place(span.end))
                .filter(is_piece)
                .collect::<Vec<_>>()
        };
        let whole: Vec<usize> = spans.iter().flat_map(covered).collect();
        // A row that is nothing but a crumb keeps it.
        if whole.is_empty() {
            spans
                .iter()
                .flat_map(|span| place(span.start)..place(span.end))
                .collect()
        } else {
            whole
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Counts;

    fn row(src: &str, tgt: &str) -> Record {
        let spans = |text: &str| {
            text.split(',')
                .filter(|t| !t.is_empty())
                .map(|t| t.parse().unwrap())
                .collect()
        };
        let doc = |name: &str, text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                name.to_owned()
            }
        };
        Record {
            src_doc: doc("kk", src),
            tgt_doc: doc("en", tgt),
            src_spans: spans(src),
            tgt_spans: spans(tgt),
            ..Record::default()
        }
    }

    #[test]
    fn the_same_ranges_are_the_same_bead() {
        let gold = [
            row("0-40,50-90", "0-70"),
            row("91-130", "71-100"),
            row("", "101-140"),
        ];
        let found = by_spans(&gold, &gold);
        assert_eq!(found.len(), 1);
        assert_eq!(
            Counts::new(&found[0].predicted, &found[0].gold)
                .scores()
                .strict
                .f1,
            1.0
        );
    }

    #[test]
    fn documents_are_the_same_in_another_folder() {
        let named = |src: &str, tgt: &str| Record {
            src_doc: src.into(),
            tgt_doc: tgt.into(),
            ..row("0-40", "0-70")
        };
        let found = |predicted: &[Record], gold: &[Record]| -> Vec<(usize, usize)> {
            let found = by_spans(predicted, gold);
            found.iter().map(|a| (a.predicted.len(), a.gold.len())).collect()
        };
        // one pair each, whatever it is called
        assert_eq!(found(&[named("x", "y")], &[named("a", "b")]), [(1, 1)]);
        let gold = [named("a.kk", "a.en"), named("b.kk", "b.en")];
        assert_eq!(found(&[named("in/b.kk", "in/b.en")], &gold), [(0, 1), (1, 1)]);
        // where the folder is what tells them apart, it counts
        let two = [named("a/kk", "a/en"), named("b/kk", "b/en")];
        assert_eq!(found(&two, &two), [(1, 1), (1, 1)]);
    }

    #[test]
    fn crumbs_at_edges_do_not_count_and_split_beads_do() {
        let gold = [row("0-40", "0-70"), row("41-130", "71-140")];
        let predicted = [
            row("0-40", "0-72"),
            row("41-80", "71-110"),
            row("81-130", "111-140"),
        ];
        let found = by_spans(&predicted, &gold);
        let counts = Counts::new(&found[0].predicted, &found[0].gold);
        assert_eq!((counts.strict_pairs, counts.gold_pairs, counts.lax), (1, 2, 3));
    }
}
