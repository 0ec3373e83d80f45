//! `qostil run`

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use qostil_align::{Parameters, Resources};
use qostil_corpus::{ReadingSettings, Rule, RunError, RunSettings, Summary, run as run_collection};
use qostil_export::AtomicFile;
use qostil_lexicon::Lexicon;
use qostil_text::Lang;

use crate::commands::resources::LexiconArgs;
use crate::exit::{Exit, Interrupted, Usage};
use crate::global::Global;
use crate::progress::Progress;
use crate::table::Table;

/// What to read and where to write.
#[derive(Args)]
pub(crate) struct Run {
    /// Files and folders; folders are walked, README and hidden files are left aside.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The folder for the results; made if need be.
    #[arg(short, long, value_name = "OUTDIR")]
    output: PathBuf,
    #[command(flatten)]
    collection: CollectionArgs,
}

/// Options that `run` and `pair` share.
#[derive(Args)]
pub(crate) struct CollectionArgs {
    /// The pair of languages.
    #[arg(long, default_value = "kk-en", value_name = "LANGS", value_parser = lang_pair)]
    pair: (Lang, Lang),
    /// Stop at the first input that fails.
    #[arg(long)]
    fail_fast: bool,
    /// Cleaning rules to switch off, `,` between: repeated-headline, view-counter, credit, tag-debris, dateline, navigation,
    /// share, cookie; `all` for no cleaning.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    keep: Vec<String>,
    #[command(flatten)]
    lexicon: LexiconArgs,
}

impl CollectionArgs {
    pub(crate) fn settings(&self) -> anyhow::Result<RunSettings> {
        if self.pair.0 == self.pair.1 {
            return Err(Usage::error(format!(
                "--pair {0}-{0}: two different languages are needed",
                self.pair.0
            )));
        }
        let mut reading = ReadingSettings::default();
        for name in &self.keep {
            if name != "all" && Rule::ALL.iter().all(|rule| rule.name() != name) {
                let names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
                return Err(Usage::error(format!(
                    "--keep {name}: expected all, {}",
                    names.join(", ")
                )));
            }
            reading.rules.retain(|rule| name != "all" && rule.name() != name);
        }
        Ok(RunSettings {
            reading,
            pair: self.pair,
            fail_fast: self.fail_fast,
        })
    }

    /// The lexicon of the pair, source side first.
    pub(crate) fn load_lexicon(&self) -> anyhow::Result<Lexicon> {
        let (a, b) = self.pair;
        let (src, tgt) = if b.column_order() < a.column_order() {
            (b, a)
        } else {
            (a, b)
        };
        self.lexicon.load(src, tgt)
    }
}

pub(crate) fn lang_pair(text: &str) -> Result<(Lang, Lang), String> {
    let (a, b) = text
        .rsplit_once('-')
        .ok_or("expected two language codes with a hyphen between, as kk-en")?;
    let lang = |code: &str| code.parse().map_err(|e: qostil_text::UnknownLang| e.to_string());
    Ok((lang(a)?, lang(b)?))
}

/// What the error of a run means for the exit code.
pub(crate) fn explain(error: RunError) -> anyhow::Error {
    match error {
        RunError::Stopped => Interrupted.into(),
        other => other.into(),
    }
}

pub(crate) fn run(args: &Run, global: &Global) -> anyhow::Result<Exit> {
    let settings = args.collection.settings()?;
    let (lexicon, parameters) = (args.collection.load_lexicon()?, Parameters::default());
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    let progress = Progress::new(global);
    let summary =
        run_collection(&args.inputs, &args.output, &settings, &resources, &progress).map_err(explain)?;
    let timings = progress.timings(global);
    let path = args.output.join("timings.json");
    write_json(&path, &timings).with_context(|| format!("cannot write {}", path.display()))?;
    if global.json {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &summary).map_err(std::io::Error::from)?;
        writeln!(out)?;
    }
    show(&summary, global);
    global.note(format_args!("written to {}", args.output.display()));
    Ok(if summary.failed.is_empty() {
        Exit::Done
    } else {
        Exit::Look
    })
}

fn write_json(path: &std::path::Path, value: &serde_json::Value) -> std::io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    serde_json::to_writer_pretty(&mut file, value)?;
    file.write_all(b"\n")?;
    file.commit()
}

/// The summary as tables for people.
fn show(summary: &Summary, global: &Global) {
    if global.quiet {
        return;
    }
    let mut documents = Table::new(["document", "lang", "sentences", "cut", "partner, or why none"]);
    for document in &summary.documents {
        let partner = match (&document.partner, &document.reason) {
            (Some(partner), _) => format!("= {partner}"),
            (None, reason) => reason.clone().unwrap_or_default(),
        };
        let cut: usize = document.cleaned.values().sum();
        documents.row([
            document.id.clone(),
            document.lang.clone(),
            document.sentences.to_string(),
            cut.to_string(),
            partner,
        ]);
    }
    global.note(documents);
    for pair in summary.pairs.iter().take(SHOWN) {
        let beads: Vec<String> = pair
            .beads
            .beads
            .iter()
            .map(|(kind, count)| format!("{kind} ×{count}"))
            .collect();
        global.note(format_args!(
            "{} = {} ({:.4}: {})",
            pair.src, pair.tgt, pair.confidence, pair.evidence
        ));
        global.note(format_args!("  beads        {}", beads.join("  ")));
        let (verdicts, q) = (pair.beads.verdicts, pair.quantiles);
        global.note(format_args!(
            "  figures      agree in {}, contradict in {}, nothing to compare in {}",
            verdicts.agree, verdicts.contradict, verdicts.none
        ));
        global.note(format_args!(
            "  confidence   a tenth below {:.2}, a quarter below {:.2}, half below {:.2}",
            q.p10, q.p25, q.p50
        ));
    }
    let total = &summary.total;
    let left_out: usize = total.left_out.values().flat_map(|reasons| reasons.values()).sum();
    global.note(format_args!(
        "{} documents, {} pairs; {} rows of bitext, {} unaligned, {} left out; {} inputs failed",
        total.documents,
        total.pairs,
        total.bitext,
        total.unaligned,
        left_out,
        summary.failed.len()
    ));
}

/// Pairs that are shown one by one; all are in `summary.json`.
const SHOWN: usize = 20;
