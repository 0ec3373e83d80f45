//! `qostil run`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use qostil_align::{Parameters, Resources};
use qostil_corpus::{
    Filter, JOURNAL, OUTPUTS, PairSummary, Profile, Quantiles, Rule, RunError, Summary, run as run_collection,
};
use qostil_export::{AtomicFile, ReadOptions, read_bitext};

use crate::commands::convert;
use crate::commands::resources::LexiconArgs;
use crate::config::{Config, nearest};
use crate::exit::{Exit, Interrupted, Usage};
use crate::global::Global;
use crate::guard::{also_read, refuse_read};
use crate::lang::two_langs;
use crate::output::Output;
use crate::progress::{ALIGNING, COMPARING, Progress, with_hint};
use crate::table::{Table, counted, moved};

/// What to read and where to write.
#[derive(Args)]
#[command(after_long_help = INPUTS)]
pub(crate) struct Run {
    /// Files, folders, manifests, `-` for a manifest or JSON lines on standard input; see below.
    #[arg(required_unless_present = "print_config", value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The folder for the results; made if need be.
    #[arg(short, long, value_name = "OUTDIR", required_unless_present = "print_config")]
    output: Option<PathBuf>,
    /// Print the settings that file and command line come to, as a file for `--config`, and do nothing else.
    #[arg(long)]
    print_config: bool,
    /// Learn boilerplate and lexicon anew from the collection as it is now, and do everything again with them.
    #[arg(long)]
    relearn: bool,
    #[command(flatten)]
    collection: CollectionArgs,
}

/// What an input may be.
pub(crate) const INPUTS: &str = "\
Inputs, all also as .gz and .zst:
  documents    .txt .html .docx .epub .srt, or any file named itself as plain text;
               UTF-8, UTF-16, windows-1251, KZ-1048
  folders      walked with their subfolders; hidden files, README* and files of other
               kinds are left aside
  manifests    .tsv .csv .jsonl whose header (JSON: keys) has `path` or `text` and, as
               far as known, id lang url date license; paths are relative to it
  given pairs  the same with two columns named by the languages (kk en) that hold
               paths: these documents are paired as they stand
  bitext       .tsv .csv .jsonl with sentences in these columns, .tmx .parquet .xlsx
               .sent, NAME.kk beside NAME.en: neither paired nor aligned, but cleaned,
               checked and filtered

Examples:
  qostil run crawl/ -o out
  qostil run documents.jsonl.gz pairs.tsv -o out --profile strict
  zstdcat dump.jsonl.zst | qostil run - -o out";

/// Options that `run` and `pair` share.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
#[derive(Args)]
pub(crate) struct CollectionArgs {
    /// A TOML file of settings, as `run --print-config` prints them; what is given here beside it comes first.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The pair of languages [default: kk-en].
    #[arg(long, value_name = "LANGS", value_parser = pair_code)]
    pair: Option<String>,
    /// Stop at the first input that fails.
    #[arg(long)]
    fail_fast: bool,
    /// Let manifests name files outside the folder they lie in, and links lead out of the folder that is walked.
    #[arg(long)]
    allow_outside: bool,
    /// The largest document that is read, once unpacked [default: 256].
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..))]
    max_size: Option<u32>,
    /// Cleaning rules to switch off, `,` between: repeated-headline, view-counter, credit, tag-debris, dateline, navigation,
    /// share, cookie, boilerplate (lines that many documents share); `all` for no cleaning.
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    keep: Vec<String>,
    /// Write the texts of bitext.tsv and unaligned.tsv with their letters as they were meant: Latin look-alikes in Cyrillic words and the other
    /// way round (`Бiлiм`, `жəне`, `Сompany`) undone, invisible characters dropped. Spans and all other files stay those of the documents.
    #[arg(long)]
    mend_letters: bool,
    /// Learn no lexicon from the collection.
    #[arg(long)]
    no_learn: bool,
    #[command(flatten)]
    lexicon: LexiconArgs,
    #[command(flatten)]
    filters: FilterArgs,
}

/// What is left out of the finished bitext. It is in left-out.tsv with the filter as its reason, and counted.
#[derive(Args)]
#[command(next_help_heading = "Filters")]
struct FilterArgs {
    /// Which filters are on [default: balanced]. `everything`: none. `balanced`: what is plainly no bitext goes: sides that say the same four words or
    /// more (copy), sides in another script (wrong-script). `strict`: besides sides in another language (wrong-language), figures that
    /// contradict each other (contradiction), all but the first of the same rows (duplicate) and of documents with the same or nearly
    /// the same text (duplicate-document, near-duplicate-document), confidence below 0.5, one side four times as long as the other.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<Profile>,
    /// Filters to switch on besides, `,` between: those above, and near-duplicate (rows alike but for case, punctuation and digits).
    #[arg(long, value_name = "FILTERS", value_delimiter = ',')]
    filter: Vec<String>,
    /// Filters to switch off, `,` between.
    #[arg(long, value_name = "FILTERS", value_delimiter = ',')]
    no_filter: Vec<String>,
    /// Leave out rows of lower confidence, 0–1.
    #[arg(long, value_name = "P")]
    min_confidence: Option<f64>,
    /// Leave out rows whose longer side has more than R times the characters of the shorter.
    #[arg(long, value_name = "R")]
    max_length_ratio: Option<f64>,
}

impl CollectionArgs {
    /// The settings of the file, changed by what the command line says.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref(), self.filters.profile)?;
        if let Some(pair) = &self.pair {
            config.pair.clone_from(pair);
        }
        config.fail_fast |= self.fail_fast;
        config.allow_outside |= self.allow_outside;
        config.max_size = self.max_size.unwrap_or(config.max_size);
        config.mend_letters |= self.mend_letters;
        for name in &self.keep {
            let kept = named("--keep", name, &Rule::ALL, Rule::name)?;
            config.cleaning.rules.retain(|rule| !kept.contains(rule));
        }
        let lexicon = &mut config.lexicon;
        if !self.lexicon.dict.is_empty() {
            lexicon.dictionaries.clone_from(&self.lexicon.dict);
        }
        if !self.lexicon.lexicon.is_empty() {
            lexicon.learnt.clone_from(&self.lexicon.lexicon);
        }
        lexicon.seed &= !self.lexicon.no_seed_lexicon;
        lexicon.learn &= !self.no_learn;
        also_read(lexicon.dictionaries.iter().chain(&lexicon.learnt));
        let filters = &mut config.filters;
        for name in &self.filters.filter {
            filters
                .on
                .extend(named("--filter", name, &Filter::ALL, Filter::name)?);
        }
        for name in &self.filters.no_filter {
            let off = named("--no-filter", name, &Filter::ALL, Filter::name)?;
            filters.on.retain(|filter| !off.contains(filter));
        }
        filters.on.sort_unstable();
        filters.on.dedup();
        if let Some(least) = self.filters.min_confidence {
            filters.min_confidence = least;
        }
        if let Some(most) = self.filters.max_length_ratio {
            filters.max_length_ratio = most;
        }
        Ok(config)
    }
}

/// What an option's value names: one of `all`, or all of them.
fn named<T: Copy>(
    option: &str,
    name: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> anyhow::Result<Vec<T>> {
    if name == "all" {
        return Ok(all.to_vec());
    }
    let found = all.iter().find(|one| name_of(**one) == name);
    found.map(|one| vec![*one]).ok_or_else(|| {
        let mut names = vec!["all"];
        names.extend(all.iter().map(|one| name_of(*one)));
        Usage::error(format!("{option} {name}{}", nearest(name, &names)))
    })
}

/// A pair of languages as it is written.
fn pair_code(text: &str) -> Result<String, String> {
    two_langs(text).map(|_| text.to_owned())
}

/// What the error of a run means for the exit code.
pub(crate) fn explain(error: RunError) -> anyhow::Error {
    match error {
        RunError::Stopped => Interrupted.into(),
        RunError::FailedFast(failure) => RunError::FailedFast(with_hint(failure)).into(),
        RunError::NothingRead(failures) => {
            RunError::NothingRead(failures.into_iter().map(with_hint).collect()).into()
        }
        RunError::NoSides(_) | RunError::OwnOutput(_) | RunError::WrittenOver { .. } => {
            Usage::error(error.to_string())
        }
        other => other.into(),
    }
}

/// Rows that are looked through for the words of a dictionary, and what they are called.
const ROWS_LOOKED_AT: usize = 100_000;
const FIRST_ROWS: &str = "the first 100,000 rows of bitext.tsv";

/// The name of the file that says what took how long; a copy is kept, to be put back.
const TIMINGS: &str = "timings.json";
/// That of the file that holds the settings.
const SETTINGS: &str = "settings.toml";

pub(crate) fn run(args: &Run, global: &Global) -> anyhow::Result<Exit> {
    let config = args.collection.config()?;
    let mut settings = config.settings()?;
    settings.relearn = args.relearn;
    if args.print_config {
        let mut out = Output::create(None)?;
        out.write_all(config.to_toml()?.as_bytes())?;
        out.finish()?;
        return Ok(Exit::Done);
    }
    let output = args.output.as_deref().unwrap_or(Path::new("."));
    if output.as_os_str() == "-" {
        return Err(Usage::error(
            "--output -: expected a folder, as several files are written",
        ));
    }
    let toml = config.to_toml()?;
    // Settings that stay as they are may be an earlier run's own.
    let has_settings = std::fs::read(output.join(SETTINGS)).is_ok_and(|found| found == toml.as_bytes());
    let written = OUTPUTS
        .into_iter()
        .filter(|name| *name != SETTINGS || !has_settings);
    let mut written = written.map(|name| output.join(name));
    let is_new = !output.join(JOURNAL).is_dir();
    // What lies where documents are looked for may be one, and what a run does not keep among its own documents goes.
    let may_be_input = std::fs::canonicalize(output).is_ok_and(|output| {
        let is_in =
            |input: &PathBuf| std::fs::canonicalize(input).is_ok_and(|input| output.starts_with(input));
        args.inputs.iter().any(is_in)
    });
    written.try_for_each(|path| {
        let is_there = (path.is_dir() && path.ends_with("documents")) || (path.is_file() && may_be_input);
        if is_new && is_there {
            return Err(Usage::error(format!(
                "{}: it is no run's, and would be written over: take it away, or name another folder",
                path.display()
            )));
        }
        refuse_read(&path)
    })?;
    let (lexicon, parameters) = (config.load_lexicon()?, Parameters::default());
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    let progress = Progress::new(global);
    let summary = run_collection(&args.inputs, output, &settings, &resources, &progress).map_err(explain)?;
    let timings = (!progress.is_unchanged()).then(|| progress.timings(global));
    let (path, kept) = (output.join(TIMINGS), output.join(JOURNAL).join(TIMINGS));
    if let Some(timings) = &timings {
        let json = format!("{timings:#}\n");
        write(&kept, json.as_bytes())?;
        write(&path, json.as_bytes())?;
    } else if let (false, Ok(json)) = (path.exists(), std::fs::read(&kept)) {
        write(&path, &json)?;
    }
    if !has_settings {
        write(&output.join(SETTINGS), toml.as_bytes())?;
    }
    if global.json {
        let mut out = Output::create(None)?;
        serde_json::to_writer_pretty(&mut out, &summary).map_err(std::io::Error::from)?;
        writeln!(out)?;
        out.finish()?;
    }
    let lexicons = config.lexicons();
    let mut unmet = lexicons.unmet(&lexicon, config.langs()?);
    if !unmet.is_empty() {
        let options = ReadOptions::default();
        let rows = read_bitext(&output.join("bitext.tsv"), &options).map_err(convert::explain)?;
        unmet.look_through(rows.take(ROWS_LOOKED_AT).flatten());
        unmet.tell(FIRST_ROWS, global);
    }
    show(&summary, global);
    if progress.has_untold() {
        global.note("rows that cannot be used are all in left-out.tsv");
    }
    match timings {
        Some(timings) => {
            let rate = |stages: &[&str]| {
                let sum = |what: &str| -> f64 {
                    let of_each = stages.iter().map(|stage| timings["stages"][stage][what].as_f64());
                    of_each.flatten().sum()
                };
                sum("megabytes") / sum("seconds").max(1e-3)
            };
            global.note(format_args!(
                "qostil {} in {} s, reading {:.1} MB/s, aligning {:.1} MB/s; written to {} with settings.toml to do it again",
                summary.version,
                timings["seconds"],
                rate(&["reading"]),
                rate(&[COMPARING, ALIGNING]),
                output.display()
            ));
        }
        None => global.note(format_args!(
            "nothing has changed since {} was written",
            output.display()
        )),
    }
    Ok(if summary.failed.is_empty() {
        Exit::Done
    } else {
        Exit::Look
    })
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let whole = || {
        let mut file = AtomicFile::create(path)?;
        file.write_all(bytes)?;
        file.commit()
    };
    whole().with_context(|| format!("cannot write {}", path.display()))
}

/// The summary as tables for people.
fn show(summary: &Summary, global: &Global) {
    if global.quiet {
        return;
    }
    let mut documents = Table::new(["document", "lang", "sentences", "cut", "partner, or why none"]);
    for document in summary.documents.iter().take(SHOWN) {
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
    if !summary.documents.is_empty() {
        global.note(documents);
    }
    more(summary.documents.len(), "document", global);
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
        say_beads(&pair.beads, pair.quantiles, global);
        for section in &pair.beads.sections {
            global.note(format_args!("  {}", moved(section, [&pair.src, &pair.tgt])));
        }
    }
    more(summary.pairs.len(), "pair", global);
    let mut encodings: BTreeMap<&str, usize> = BTreeMap::new();
    for document in summary.documents.iter().filter(|d| !d.encoding.is_empty()) {
        *encodings.entry(&document.encoding).or_default() += 1;
    }
    if encodings.keys().any(|encoding| *encoding != "UTF-8") {
        let encodings = encodings
            .iter()
            .map(|(encoding, count)| format!("{encoding} ×{count}"));
        global.note(format_args!(
            "decoded from: {}",
            encodings.collect::<Vec<_>>().join("  ")
        ));
    }
    if !summary.passed_over.is_empty() {
        let endings = summary.passed_over.iter().map(|(ending, count)| {
            let ending = if ending.is_empty() { "no ending" } else { ending };
            format!("{ending} ×{count}")
        });
        global.note(format_args!(
            "files that are no documents: {}",
            endings.collect::<Vec<_>>().join("  ")
        ));
    }
    for bitext in &summary.bitexts {
        let rows = bitext.beads.beads.values().sum::<usize>();
        global.note(format_args!("{}: {}", bitext.id, counted(rows, "row")));
        if rows > 0 {
            say_beads(&bitext.beads, bitext.quantiles, global);
        }
    }
    let total = &summary.total;
    let left_out: usize = total.left_out.values().flat_map(|reasons| reasons.values()).sum();
    for line in summary.boilerplate.iter().take(LINES_SHOWN) {
        global.note(format_args!("in {} documents: {}", line.documents, line.text));
    }
    if summary.learnt > 0 {
        global.note(format_args!(
            "{} of words learnt from the collection: lexicon.tsv",
            counted(summary.learnt, "pair")
        ));
    }
    for (stage, reasons) in &total.left_out {
        let reasons: Vec<String> = reasons
            .iter()
            .map(|(reason, count)| format!("{reason} {count}"))
            .collect();
        global.note(format_args!("left out by {stage}: {}", reasons.join(", ")));
    }
    if total.beads.moved > 0 {
        global.note(format_args!(
            "moved: {} that changed places",
            counted(total.beads.moved, "section")
        ));
    }
    if total.mended > 0 {
        global.note(format_args!("letters mended in {}", counted(total.mended, "row")));
    }
    if summary.pairs.len() + summary.bitexts.len() > 1 {
        global.note("all in all");
        say_beads(&total.beads, total.quantiles, global);
    }
    global.note(format_args!(
        "{}, {}; {} of bitext, {} unaligned, {} left out; {} failed",
        counted(total.documents, "document"),
        counted(total.pairs, "pair"),
        counted(total.bitext, "row"),
        total.unaligned,
        left_out,
        counted(summary.total.failed, "input"),
    ));
}

/// Says what is not shown of so many.
fn more(count: usize, what: &str, global: &Global) {
    if count > SHOWN {
        global.note(format_args!(
            "… and {}: see summary.json\n",
            counted(count - SHOWN, &format!("more {what}"))
        ));
    }
}

fn say_beads(beads: &PairSummary, q: Quantiles, global: &Global) {
    let verdicts = beads.verdicts;
    global.note(format_args!(
        "  figures      agree in {}, contradict in {}, nothing to compare in {}",
        verdicts.agree, verdicts.contradict, verdicts.none
    ));
    global.note(format_args!(
        "  confidence   a tenth below {:.4}, a quarter below {:.4}, half below {:.4}",
        q.p10, q.p25, q.p50
    ));
}

/// Lines of boilerplate that are shown; all are in `boilerplate.tsv`.
const LINES_SHOWN: usize = 10;
/// Documents and pairs that are shown one by one; all are in `summary.json`.
const SHOWN: usize = 20;
