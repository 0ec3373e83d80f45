//! `qostil eval`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use qostil_bitext::{IndexBead, Record};
use qostil_eval::{Bootstrap, Counts, Evaluation, by_spans};
use qostil_export::{Packing, TsvReader, gold_sides, open, read_gold, read_ladder, read_vecalign};

use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::output::Output;
use crate::table::Table;

/// What to compare.
#[derive(Args)]
pub(crate) struct Eval {
    /// The alignment to judge: Vecalign's form, a ladder, TSV with spans, the output folder of `run`, or a folder of such files.
    #[arg(value_name = "PREDICTED")]
    predicted: PathBuf,
    /// The gold in any of these forms, a folder with `beads.tsv` and the sentences of both sides, or a folder with NAME.gold.txt (.align, .ladder, .tsv) for every NAME.
    #[arg(value_name = "GOLD")]
    gold: PathBuf,
    /// The form of PREDICTED, where its name does not tell.
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// The form of GOLD, where its name does not tell.
    #[arg(long, value_enum)]
    gold_format: Option<Form>,
    /// Show every document too.
    #[arg(long)]
    per_document: bool,
    /// End with exit code 1 when strict F1 is below this (0 to 1).
    #[arg(long, value_name = "F1")]
    at_least: Option<f64>,
    /// Samples that intervals are made of.
    #[arg(long, default_value_t = 1000, value_name = "N")]
    rounds: usize,
    /// The seed of everything that is drawn.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Vecalign,
    Ladder,
    Tsv,
}

/// An alignment as read.
enum Alignment {
    Numbers(Vec<IndexBead>),
    Rows(Vec<Record>),
}

pub(crate) fn run(args: &Eval, global: &Global) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    let mut evaluation = Evaluation::default();
    for document in documents(&args.predicted, &args.gold)? {
        let predicted = document
            .predicted
            .as_ref()
            .map(|path| read(path, args.format))
            .transpose()?;
        let gold = read(&document.gold, args.gold_format)?;
        let predicted = predicted.unwrap_or_else(|| {
            global.warn(format_args!(
                "no prediction for {}: it counts as empty",
                document.name
            ));
            exit = Exit::Look;
            gold.emptied()
        });
        compare(document.name, &predicted, &gold, &mut evaluation)?;
    }
    let bootstrap = Bootstrap {
        rounds: args.rounds,
        seed: args.seed,
    };
    let mut out = Output::create(None)?;
    if global.json {
        serde_json::to_writer(&mut out, &evaluation.to_json(&bootstrap, args.per_document))
            .map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        show(&mut out, &evaluation, &bootstrap, args.per_document)?;
    }
    out.finish()?;
    let strict = evaluation.total().scores().strict.f1;
    if let Some(wanted) = args.at_least.filter(|wanted| strict < *wanted) {
        global.warn(format_args!("strict F1 is {strict:.4}, below {wanted}"));
        exit = Exit::Look;
    }
    Ok(exit)
}

/// A gold file and the prediction for it, when there is one.
struct Pair {
    name: String,
    predicted: Option<PathBuf>,
    gold: PathBuf,
}

/// Two alignments, or those of two folders by the names of their files.
fn documents(predicted: &Path, gold: &Path) -> anyhow::Result<Vec<Pair>> {
    if !gold.is_dir() || is_run(gold) || is_gold(gold) {
        let name = predicted
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        return Ok(vec![Pair {
            name,
            predicted: Some(predicted.to_owned()),
            gold: gold.to_owned(),
        }]);
    }
    if !predicted.is_dir() {
        return Err(Usage::error(
            "a folder is compared with a folder, a file with a file",
        ));
    }
    let golds = named(gold, ".gold.", &["txt", "align", "vecalign", "ladder", "tsv"])?;
    if golds.is_empty() {
        return Err(Usage::error(format!(
            "no NAME.gold.txt (.align, .ladder, .tsv) in {}",
            gold.display()
        )));
    }
    let mut predictions = named(predicted, ".", &["align", "vecalign", "ladder", "tsv"])?;
    let pair = |(name, gold)| Pair {
        predicted: predictions.remove(&name),
        name,
        gold,
    };
    Ok(golds.into_iter().map(pair).collect())
}

/// Whether a folder was written by `run`.
fn is_run(folder: &Path) -> bool {
    folder.join("bitext.tsv").is_file()
}

/// Whether a folder holds the gold of one pair: `beads.tsv` and the sentences of both sides.
fn is_gold(folder: &Path) -> bool {
    folder.join("beads.tsv").is_file()
}

/// The files of a folder that are called NAME, `middle` and one of these endings, by NAME; the earlier ending wins.
fn named(folder: &Path, middle: &str, endings: &[&str]) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found: BTreeMap<String, (usize, PathBuf)> = BTreeMap::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read {}", folder.display()))?
            .path();
        let Some(file) = path.file_name().and_then(|f| f.to_str()) else {
            continue;
        };
        let fits = endings.iter().enumerate().find_map(|(rank, ending)| {
            Some((rank, file.strip_suffix(ending)?.strip_suffix(middle)?.to_owned()))
        });
        if let Some((rank, name)) = fits {
            let better = found.get(&name).is_none_or(|(known, _)| rank < *known);
            if better {
                found.insert(name, (rank, path));
            }
        }
    }
    Ok(found.into_iter().map(|(name, (_, path))| (name, path)).collect())
}

impl Alignment {
    /// One of the same kind that holds nothing.
    fn emptied(&self) -> Self {
        match self {
            Self::Numbers(_) => Self::Numbers(Vec::new()),
            Self::Rows(_) => Self::Rows(Vec::new()),
        }
    }
}

/// Adds what comes of one prediction; rows of several documents are counted document by document.
fn compare(
    name: String,
    predicted: &Alignment,
    gold: &Alignment,
    into: &mut Evaluation,
) -> anyhow::Result<()> {
    match (predicted, gold) {
        (Alignment::Numbers(predicted), Alignment::Numbers(gold)) => {
            into.documents.push((name, Counts::new(predicted, gold)));
        }
        (Alignment::Rows(predicted), Alignment::Rows(gold)) => {
            for pair in by_spans(predicted, gold) {
                let name = if pair.src_doc.is_empty() {
                    name.clone()
                } else {
                    pair.src_doc
                };
                into.documents
                    .push((name, Counts::new(&pair.predicted, &pair.gold)));
            }
        }
        _ => {
            return Err(Usage::error(
                "one alignment has sentence numbers, the other spans: they cannot be compared",
            ));
        }
    }
    Ok(())
}

fn read(path: &Path, form: Option<Form>) -> anyhow::Result<Alignment> {
    if is_gold(path) {
        return read_gold_folder(path).map(Alignment::Rows);
    }
    if path.is_dir() {
        let mut rows = Vec::new();
        for name in ["bitext.tsv", "unaligned.tsv"] {
            rows.extend(read_rows(&path.join(name))?);
        }
        return Ok(Alignment::Rows(rows));
    }
    let named = || format!("cannot read {}", path.display());
    let reader = || open(path).with_context(named);
    Ok(match form.unwrap_or_else(|| form_of(path)) {
        Form::Vecalign => Alignment::Numbers(read_vecalign(reader()?).with_context(named)?),
        Form::Ladder => Alignment::Numbers(read_ladder(reader()?).with_context(named)?),
        Form::Tsv => Alignment::Rows(read_rows(path)?),
    })
}

fn read_gold_folder(folder: &Path) -> anyhow::Result<Vec<Record>> {
    let named = || format!("cannot read {}", folder.display());
    let file = |name: &str| {
        let path = folder.join(name);
        open(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let (src, tgt) = gold_sides(file("beads.tsv")?).with_context(named)?;
    let sentences = |side: &str| file(&format!("{side}.sentences.tsv"));
    read_gold(file("beads.tsv")?, sentences(&src)?, sentences(&tgt)?).with_context(named)
}

/// What the name of a file says of its form.
fn form_of(path: &Path) -> Form {
    match Packing::strip(path).extension().and_then(|e| e.to_str()) {
        Some("tsv") => Form::Tsv,
        Some("ladder") => Form::Ladder,
        _ => Form::Vecalign,
    }
}

fn read_rows(path: &Path) -> anyhow::Result<Vec<Record>> {
    let named = || format!("cannot read {}", path.display());
    let reader = TsvReader::new(open(path).with_context(named)?).with_context(named)?;
    let rows = reader
        .map(|row| row.map(|row| row.record))
        .collect::<Result<Vec<_>, _>>()
        .with_context(named)?;
    let has_spans = |row: &Record| !row.src_spans.is_empty() || !row.tgt_spans.is_empty();
    if !rows.is_empty() && !rows.iter().any(has_spans) {
        return Err(Usage::error(format!(
            "{} has no spans: columns `…_span` are needed to compare",
            path.display()
        )));
    }
    Ok(rows)
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
    for (name, definition) in qostil_eval::DEFINITIONS {
        writeln!(out, "{name}: {definition}")?;
    }
    writeln!(
        out,
        "interval: bootstrap over {} documents, {} rounds, seed {}",
        evaluation.documents.len(),
        bootstrap.rounds,
        bootstrap.seed
    )?;
    Ok(())
}
