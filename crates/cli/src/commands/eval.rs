//! `qostil eval`

mod noise;
mod reading;
mod sample;
mod unscored;

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use qostil_eval::{
    Bootstrap, Calibration, Counts, DEFINITIONS, DifferenceCount, DifferenceKind, Evaluation, Expected,
    Interval, Judgement, SegmentCounts, differences, differing, expected_precision, rounded,
};
use qostil_export::Format;
use serde_json::{Map, Value, json};

use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::output::Output;
use crate::table::{Table, counted};
use reading::{Compared, compared};

/// Judge an alignment: against gold, against another system, or by what it says of itself.
///
/// `eval PREDICTED GOLD` scores against gold; `--versus OTHER` compares two systems. `eval BITEXT` estimates without gold. `--sample N` draws
/// rows for people to judge, `--judged` reads the judged sheet. `--make-noise DIR` makes documents with known faults.
#[derive(Args)]
pub(crate) struct Eval {
    /// The alignment to judge, or `-` for standard input: Vecalign's form, a ladder, XCES, a bitext with spans (TSV, TMX, JSONL …), the output folder of `run`,
    /// or a folder of such files.
    #[arg(value_name = "PREDICTED")]
    predicted: PathBuf,
    /// The gold in any of these forms, a folder with `beads.tsv` and the sentences of both sides, or a folder with
    /// NAME.gold.txt (.align, .ladder, .xces, .tsv, .tmx, .jsonl, also of segments on running text) for every NAME.
    #[arg(value_name = "GOLD", conflicts_with_all = ["make_noise", "sample", "judged"])]
    gold: Option<PathBuf>,
    /// The format of PREDICTED, in place of what its name says: vecalign, ladder, xces, tsv, tmx, jsonl … as for `convert`.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The format of GOLD, in place of what its name says.
    #[arg(long, value_name = "FORMAT")]
    gold_format: Option<Format>,
    /// The source document, one sentence a line: wanted when one alignment has spans and the other sentence numbers.
    #[arg(long, value_name = "FILE")]
    src: Option<PathBuf>,
    /// The target document.
    #[arg(long, value_name = "FILE")]
    tgt: Option<PathBuf>,
    /// Another system's alignment of the same documents, to compare PREDICTED with.
    #[arg(long, value_name = "OTHER", requires = "gold")]
    versus: Option<PathBuf>,
    /// Show every document too.
    #[arg(long)]
    per_document: bool,
    /// End with exit code 1 when strict F1 is below this (0 to 1).
    #[arg(long, value_name = "F1", requires = "gold", value_parser = noise::rate)]
    at_least: Option<f64>,
    /// Samples that intervals are made of.
    #[arg(long, default_value = "1000", value_name = "N")]
    rounds: NonZeroUsize,
    /// The seed of everything that is drawn.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Where a sheet of samples goes, in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Draw about N rows of a bitext for judgement, by confidence and type: a sheet with a column `judgement` to fill in. Of each kind two at least,
    /// so that a small N gives more, twenty at most.
    #[arg(long, value_name = "N", conflicts_with = "judged")]
    sample: Option<NonZeroUsize>,
    /// PREDICTED is a sheet from `--sample`, with 1 (right) or 0 (wrong) under `judgement`.
    #[arg(long)]
    judged: bool,
    #[command(flatten)]
    noise: noise::NoiseArgs,
}

pub(crate) fn run(args: &Eval, global: &Global) -> anyhow::Result<Exit> {
    let bootstrap = Bootstrap {
        rounds: args.rounds.get(),
        seed: args.seed,
    };
    let read = [Some(&args.predicted), args.gold.as_ref(), args.versus.as_ref()];
    let streams = read.into_iter().flatten().filter(|path| path.as_os_str() == "-");
    // The gold is read for either system.
    let twice = args.versus.is_some() && args.gold.as_ref().is_some_and(|gold| gold.as_os_str() == "-");
    if twice || streams.count() > 1 {
        return Err(Usage::error(
            "`-` is standard input, which can be read only once: name files for the others",
        ));
    }
    match (&args.noise.make_noise, args.sample, &args.gold) {
        (Some(folder), _, _) => noise::run(args, folder, global),
        (_, Some(count), _) => sample::draw_sheet(args, count.get()),
        _ if args.judged => sample::read_sheet(args, global),
        (_, _, Some(gold)) => score(args, gold, &bootstrap, global),
        _ => unscored::run(args, &bootstrap, global),
    }
}

/// The scores of one system on all documents.
#[derive(Default)]
struct Scored {
    evaluation: Evaluation,
    /// Of each document.
    judged: Vec<Vec<Judgement>>,
    segments: Option<SegmentCounts>,
    documents: Vec<Compared>,
    is_missing: bool,
}

impl Scored {
    fn of(documents: Vec<Compared>, global: &Global) -> Self {
        let mut scored = Self::default();
        for document in &documents {
            if let Some(note) = &document.note {
                global.warn(format_args!("{note}"));
            }
            if document.is_missing {
                global.warn(format_args!(
                    "no prediction for {}: it counts as empty",
                    document.name
                ));
                scored.is_missing = true;
            } else if document.segments.is_none() {
                for (beads, what) in [(&document.predicted, "prediction"), (&document.gold, "gold")] {
                    if beads.is_empty() {
                        global.warn(format_args!("the {what} of {} holds no bead", document.name));
                    }
                }
            }
            if let Some(segments) = &document.segments {
                *scored.segments.get_or_insert_default() += segments;
                continue;
            }
            let counts = Counts::new(&document.predicted, &document.gold);
            scored.evaluation.documents.push((document.name.clone(), counts));
            let gold: std::collections::BTreeSet<_> = document.gold.iter().collect();
            let pairs = document
                .predicted
                .iter()
                .zip(&document.confidence)
                .filter(|(bead, _)| bead.is_pair());
            let judged = pairs.filter_map(|(bead, confidence)| Some(((*confidence)?, gold.contains(bead))));
            scored.judged.push(judged.collect());
        }
        scored.documents = documents;
        scored
    }

    /// The table, and what would be expected of the same beads without gold, when there is a confidence that can be a probability.
    fn calibration(&self, bootstrap: &Bootstrap) -> Option<(Calibration, Expected)> {
        let all = self.judged.concat();
        let is_probability = all.iter().all(|(confidence, _)| (0.0..=1.0).contains(confidence));
        let documents: Vec<Vec<f64>> = self
            .judged
            .iter()
            .map(|judged| judged.iter().map(|(confidence, _)| *confidence).collect())
            .collect();
        Calibration::new(&all, BINS)
            .filter(|_| is_probability)
            .zip(expected_precision(&documents, bootstrap))
    }
}

/// Bins of the calibration table.
const BINS: usize = 10;

fn score(
    args: &Eval,
    gold: &std::path::Path,
    bootstrap: &Bootstrap,
    global: &Global,
) -> anyhow::Result<Exit> {
    let scored = Scored::of(compared(args, &args.predicted, gold)?, global);
    let other = match &args.versus {
        Some(other) => Some(Scored::of(compared(args, other, gold)?, global)),
        None => None,
    };
    let mut out = Output::create(args.output.as_deref())?;
    if global.json {
        let mut all = Map::new();
        if !scored.evaluation.documents.is_empty() {
            all = scored.evaluation.to_json(bootstrap, args.per_document);
        }
        if let Some(segments) = &scored.segments {
            all.extend(segments_json(segments));
        }
        if let Some((calibration, expected)) = scored.calibration(bootstrap) {
            all.insert("calibration".into(), json!(calibration));
            all.insert("expected_precision".into(), json!(expected));
        }
        if let Some(other) = &other {
            all.insert("versus".into(), versus_json(&scored, other, bootstrap));
        }
        serde_json::to_writer(&mut out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        if !scored.evaluation.documents.is_empty() {
            show(&mut out, &scored.evaluation, bootstrap, args.per_document)?;
        }
        if let Some(segments) = &scored.segments {
            show_segments(&mut out, segments)?;
        }
        if let Some((calibration, expected)) = scored.calibration(bootstrap) {
            show_calibration(&mut out, &calibration, &expected)?;
        }
        if let Some(other) = &other {
            show_versus(&mut out, &scored, other, bootstrap)?;
        }
    }
    out.finish()?;
    let strict = scored.evaluation.total().scores().strict.f1;
    if let Some(wanted) = args.at_least.filter(|wanted| strict < *wanted) {
        global.warn(format_args!("strict F1 is {strict:.4}, below {wanted}"));
        return Ok(Exit::Look);
    }
    let is_missing = scored.is_missing || other.is_some_and(|other| other.is_missing);
    Ok(if is_missing { Exit::Look } else { Exit::Done })
}

/// Scores on running text, under the names of the definitions.
fn segments_json(counts: &SegmentCounts) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, rate) in [("segment_link", counts.link()), ("segment_soft", counts.soft())] {
        for (part, value) in [("p", rate.precision), ("r", rate.recall), ("f1", rate.f1)] {
            out.insert(format!("{name}_{part}"), json!(rounded(value)));
        }
    }
    out.insert("rows".into(), json!(counts.rows));
    out.insert("lost".into(), json!(counts.lost));
    out
}

fn show_segments(out: &mut Output, counts: &SegmentCounts) -> anyhow::Result<()> {
    let mut table = Table::new(["score", "precision", "recall", "F1"]);
    for (name, rate) in [("segment link", counts.link()), ("segment soft", counts.soft())] {
        let [p, r, f] = [rate.precision, rate.recall, rate.f1].map(|v| format!("{v:.4}"));
        table.row([name.to_owned(), p, r, f]);
    }
    writeln!(out, "{table}")?;
    writeln!(
        out,
        "segment link: a gold segment is in a row that covers more than half of its characters; links of segments in one row"
    )?;
    writeln!(
        out,
        "segment soft: the same by the smaller of the two shares that are covered"
    )?;
    writeln!(
        out,
        "{} rows; {} texts are not in the documents",
        counts.rows, counts.lost
    )?;
    Ok(())
}

fn show_calibration(out: &mut Output, table: &Calibration, expected: &Expected) -> anyhow::Result<()> {
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{v:.4}"));
    writeln!(
        out,
        "\ncalibration of {} two-sided beads: {:.4} right, mean confidence {:.4}, ECE {:.4}, Brier {:.4}, Brier skill {}, AUROC {}\n",
        table.count,
        table.right,
        table.confidence,
        table.ece,
        table.brier,
        number(table.brier_skill),
        number(table.auroc)
    )?;
    let Interval { low, high } = expected.interval;
    let verdict = if (low..=high).contains(&table.right) {
        "which holds"
    } else {
        "which does not hold: do not trust it on texts of this kind"
    };
    writeln!(
        out,
        "without gold, precision would be expected to lie in {low:.4}–{high:.4}, {verdict}\n"
    )?;
    let mut bins = Table::new(["confidence", "beads", "mean", "right", "0 to 1"]);
    for bin in &table.bins {
        let bar = "█".repeat((bin.right * 20.0).round() as usize);
        bins.row([
            format!("{:.3}–{:.3}", bin.from, bin.to),
            bin.count.to_string(),
            format!("{:.4}", bin.confidence),
            format!("{:.4}", bin.right),
            bar,
        ]);
    }
    writeln!(out, "{bins}")?;
    let mut kept = Table::new(["at least", "kept", "precision"]);
    for point in &table.thresholds {
        kept.row([
            format!("{:.2}", point.threshold),
            format!("{:.4}", point.kept),
            format!("{:.4}", point.precision),
        ]);
    }
    writeln!(out, "{kept}")?;
    Ok(())
}

/// The beads that only one of two systems has, by kind, over all documents.
fn all_differing(ours: &Scored, theirs: &Scored) -> Vec<(DifferenceKind, DifferenceCount)> {
    let mut all = std::collections::BTreeMap::<DifferenceKind, DifferenceCount>::new();
    for (a, b) in ours.documents.iter().zip(&theirs.documents) {
        for (kind, more) in differing(&a.predicted, &b.predicted, &a.gold) {
            let counts = all.entry(kind).or_default();
            counts.beads += more.beads;
            counts.right += more.right;
        }
    }
    all.into_iter().collect()
}

fn versus_json(ours: &Scored, theirs: &Scored, bootstrap: &Bootstrap) -> Value {
    let kinds = |a, b| {
        let rows = all_differing(a, b).into_iter();
        rows.map(|(kind, c)| json!({"kind": kind, "beads": c.beads, "right": c.right}))
            .collect::<Vec<_>>()
    };
    json!({
        "scores": differences(&ours.evaluation, &theirs.evaluation, bootstrap),
        "only_predicted": kinds(ours, theirs),
        "only_other": kinds(theirs, ours),
    })
}

fn show_versus(
    out: &mut Output,
    ours: &Scored,
    theirs: &Scored,
    bootstrap: &Bootstrap,
) -> anyhow::Result<()> {
    writeln!(
        out,
        "\nagainst the other system (paired bootstrap over documents)\n"
    )?;
    let mut table = Table::new([
        "micro F1",
        "predicted",
        "other",
        "difference",
        "95 %",
        "share of draws not better",
    ]);
    for d in differences(&ours.evaluation, &theirs.evaluation, bootstrap) {
        table.row([
            d.score.to_owned(),
            format!("{:.4}", d.first),
            format!("{:.4}", d.second),
            format!("{:+.4}", d.first - d.second),
            d.interval
                .map_or("–".to_owned(), |i| format!("{:+.4} to {:+.4}", i.low, i.high)),
            d.not_better.map_or("–".to_owned(), |p| format!("{p:.3}")),
        ]);
    }
    writeln!(out, "{table}")?;
    let mut table = Table::new([
        "beads that differ",
        "only in predicted",
        "right",
        "only in other",
        "right",
    ]);
    let (a, b) = (all_differing(ours, theirs), all_differing(theirs, ours));
    use DifferenceKind as K;
    for kind in [K::Joined, K::Parted, K::Paired, K::Alone, K::Shifted] {
        let of = |all: &[(DifferenceKind, DifferenceCount)]| {
            all.iter()
                .find(|(k, _)| *k == kind)
                .map(|(_, c)| *c)
                .unwrap_or_default()
        };
        let (a, b) = (of(&a), of(&b));
        table.row([
            kind.words().to_owned(),
            a.beads.to_string(),
            a.right.to_string(),
            b.beads.to_string(),
            b.right.to_string(),
        ]);
    }
    writeln!(out, "{table}")?;
    Ok(())
}

fn show(out: &mut Output, evaluation: &Evaluation, bootstrap: &Bootstrap, each: bool) -> anyhow::Result<()> {
    if each {
        let mut table = Table::new(["document", "strict P", "R", "F1", "lax F1", "pair F1", "link F1"]);
        for (name, counts) in &evaluation.documents {
            let s = counts.scores();
            let [p, r, f, lax, pair, link] = [
                s.strict.precision,
                s.strict.recall,
                s.strict.f1,
                s.lax.f1,
                s.pair.f1,
                s.link.f1,
            ]
            .map(|v| format!("{v:.4}"));
            table.row([name.clone(), p, r, f, lax, pair, link]);
        }
        writeln!(out, "{table}")?;
    }
    let mut table = Table::new(["score", "precision", "recall", "F1", "95 % of F1", "macro F1"]);
    for (name, judged) in evaluation.judge(bootstrap) {
        let interval = judged
            .interval
            .map_or("–".to_owned(), |i| format!("{:.4}–{:.4}", i.low, i.high));
        let [p, r, f, mean] = [
            judged.micro.precision,
            judged.micro.recall,
            judged.micro.f1,
            judged.mean.f1,
        ]
        .map(|v| format!("{v:.4}"));
        table.row([name.to_owned(), p, r, f, interval, mean]);
    }
    writeln!(out, "{table}")?;
    let mut table = Table::new(["bead", "gold", "predicted", "right", "precision", "recall", "F1"]);
    for score in evaluation.total().by_type() {
        let [p, r, f] = [score.rate.precision, score.rate.recall, score.rate.f1].map(|v| format!("{v:.4}"));
        let [gold, predicted, right] = [score.gold, score.predicted, score.right].map(|n| n.to_string());
        table.row([score.bead, gold, predicted, right, p, r, f]);
    }
    writeln!(out, "{table}")?;
    for (name, definition) in DEFINITIONS {
        writeln!(out, "{name}: {definition}")?;
    }
    writeln!(
        out,
        "interval: bootstrap over {}, {} rounds, seed {}",
        counted(evaluation.documents.len(), "document"),
        bootstrap.rounds,
        bootstrap.seed
    )?;
    Ok(())
}
