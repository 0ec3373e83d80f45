//! `qostil convert`

use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use qostil_bitext::Record;
use qostil_export::{
    BitextReader, BitextWriter, Choice, Chooser, Datacard, Divider, Duplicates, Error, Format, Losses,
    Packing, PartCounts, Parts, ReadOptions, Row, Sampler, Shuffle, Sources, WriteOptions,
};
use qostil_text::Lang;

use crate::commands::bitext::mend_letters;
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::guard::{also_read, is_same_place, refuse_read};
use crate::input::{name_of, open_bitext};
use crate::output::{Output, bitext_writer};

/// What to convert and how.
#[derive(Args)]
pub(crate) struct Convert {
    /// The bitext to read; `-` is standard input. Of a Moses pair the common name or one of the two files.
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The bitext to write; `-` is standard output. Of a Moses pair the common name.
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// The format of IN, in place of what its name says: tsv, csv, moses, jsonl, translation, tmx, sent, parquet, xlsx,
    /// hunalign-text, vecalign, ladder, xces.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,
    /// The format of OUT, in place of what its name says.
    #[arg(long, value_name = "FORMAT")]
    to: Option<Format>,
    /// The languages of the two sides, in the order of IN; where IN names its languages, which two of them and in which order.
    #[arg(long, value_name = "LANGS", value_parser = crate::lang::lang_pair)]
    langs: Option<(Lang, Lang)>,
    /// The two text columns of IN, by name or by number from 1: `--columns 3,4`.
    #[arg(long, value_name = "A,B", value_parser = two_columns)]
    columns: Option<[String; 2]>,
    /// The first line of IN is no header, whatever it looks like.
    #[arg(long)]
    no_input_header: bool,
    /// Write no header.
    #[arg(long)]
    no_header: bool,
    /// The source text, one sentence a line, when IN or OUT is an index format.
    #[arg(long, value_name = "FILE")]
    src: Option<PathBuf>,
    /// The target text, one sentence a line.
    #[arg(long, value_name = "FILE")]
    tgt: Option<PathBuf>,
    #[command(flatten)]
    training: Training,
}

/// Options that make a training set.
#[derive(Args)]
#[command(next_help_heading = "Training sets")]
struct Training {
    /// Write texts with their letters as they were meant: Latin look-alikes in Cyrillic words and the other way round undone, invisible characters
    /// dropped. What follows goes by these texts.
    #[arg(long)]
    mend_letters: bool,
    /// Divide by document into parts, written beside OUT as NAME.PART.ENDING; near-duplicates stay in the smallest part.
    #[arg(long, value_name = "PART=SHARE,…")]
    split: Option<Parts>,
    /// Of records with the same text keep the first.
    #[arg(long, value_name = "SIDE")]
    dedup: Option<Dedup>,
    /// Keep N records, chosen by their content and `--seed`.
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// What `--sample` chooses by.
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    seed: u64,
    /// Put the records in another order.
    #[arg(long, value_name = "SEED")]
    shuffle: Option<u64>,
    /// Leave out records of lower confidence, or of none.
    #[arg(long, value_name = "P", value_parser = probability)]
    min_confidence: Option<f64>,
    /// Leave out records with a side of fewer characters.
    #[arg(long, value_name = "N")]
    min_length: Option<usize>,
    /// Leave out records with a side of more characters.
    #[arg(long, value_name = "N")]
    max_length: Option<usize>,
    /// Leave out records whose longer side has more than R times the characters of the shorter.
    #[arg(long, value_name = "R", value_parser = ratio)]
    max_ratio: Option<f64>,
    /// Write a data card: counts, figures, domains, licences, filters. With `--split` it is `datacard.md` beside OUT.
    #[arg(long, value_name = "FILE")]
    datacard: Option<PathBuf>,
    /// For the data card: the licence of records that name none, in no field `license` and no `summary.json` beside IN.
    #[arg(long, value_name = "TEXT")]
    license: Option<String>,
}

/// What makes duplicates.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Dedup {
    /// The same source text.
    Src,
    /// The same target text.
    Tgt,
    /// Both the same.
    Pair,
    /// Both the same but for case, punctuation and digits.
    Near,
}

fn two_columns(text: &str) -> Result<[String; 2], String> {
    let (a, b) = text
        .split_once(',')
        .ok_or("expected two columns with a comma between, as 3,4 or kk,en")?;
    Ok([a, b].map(|name| name.trim().to_owned()))
}

fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|p| (0.0..=1.0).contains(p));
    number.ok_or_else(|| "expected a probability from 0 to 1".to_owned())
}

fn ratio(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|r| *r >= 1.0);
    number.ok_or_else(|| "expected 1 or more".to_owned())
}

fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What an error of the formats means for the exit code.
pub(crate) fn explain(error: Error) -> anyhow::Error {
    match error {
        Error::Usage(message) => Usage::error(message),
        Error::Io(cause) => cause.into(),
        Error::File { path, cause } => explain(*cause).context(path.display().to_string()),
        other => other.into(),
    }
}

pub(crate) fn run(args: &Convert, global: &Global) -> anyhow::Result<Exit> {
    let plan = args.plan()?;
    let mut reader = args.reader().map_err(explain)?;
    let mut parts = args.parts(&reader)?;
    let sources = args.sources(global)?;
    let mut chooser = Chooser::new(args.training.choice());
    let (mut number, mut is_empty) = (0, true);
    let langs = reader.langs();
    for row in reader.by_ref() {
        let record = args.training.record(row.map_err(explain)?, langs);
        is_empty = false;
        if !chooser.takes(&record) {
            continue;
        }
        if let Some(part) = plan.part(number).and_then(|part| parts.get_mut(part)) {
            part.take(&record, &sources).map_err(explain)?;
        }
        number += 1;
    }
    let mut losses = reader.losses();
    let from = reader.format();
    let mut counts = Vec::new();
    for part in parts {
        let (name, counted, lost) = part.finish().map_err(explain)?;
        global.detail(format_args!("{name}: {} records, from {from}", counted.records));
        losses.add(&lost);
        counts.push((name, counted));
    }
    if is_empty {
        global.warn(format_args!("{} is empty", name_of(&args.input)));
    }
    for (what, count) in losses.iter() {
        global.warn(format_args!("{what}: {count}"));
    }
    let mut left_out = chooser.left_out().clone();
    left_out.add(&plan.left_out());
    if !left_out.is_empty() {
        global.note(format_args!("left out: {left_out}"));
    }
    if let Some(path) = args.card_path() {
        let card = Datacard {
            source: args
                .input
                .file_name()
                .unwrap_or(args.input.as_os_str())
                .to_string_lossy()
                .into_owned(),
            langs,
            filters: args.training.in_words(),
            parts: counts
                .iter()
                .map(|(name, counts)| (name.clone(), counts))
                .collect(),
            left_out,
        };
        let mut out = Output::create(Some(&path))?;
        out.write_all(card.markdown().as_bytes())?;
        out.finish()?;
    }
    Ok(Exit::Done)
}

/// Which record goes into which part, found in a first pass over the input where one is needed.
enum Plan {
    /// All into the one part.
    All,
    /// Those with these numbers, in order.
    Sample(Vec<u64>, u64),
    /// Each into its own, or none.
    Split(Vec<Option<usize>>),
}

impl Plan {
    /// The part of the record with this number among those chosen.
    fn part(&self, number: u64) -> Option<usize> {
        match self {
            Self::All => Some(0),
            Self::Sample(numbers, _) => numbers.binary_search(&number).ok().map(|_| 0),
            Self::Split(parts) => usize::try_from(number)
                .ok()
                .and_then(|at| parts.get(at).copied().flatten()),
        }
    }

    fn left_out(&self) -> Losses {
        match self {
            Self::All => Losses::default(),
            Self::Sample(numbers, of) => Losses::of("not in the sample", of - numbers.len() as u64),
            Self::Split(parts) => {
                let out = parts.iter().filter(|part| part.is_none()).count();
                Losses::of("near-duplicates of a smaller part", out as u64)
            }
        }
    }
}

/// An error of the temporary files that records wait in for their order; those of the output have its name.
fn unordered(error: Error) -> Error {
    error.in_file(&std::env::temp_dir())
}

/// One output: its writer, what is counted of it, and its order.
struct Part {
    name: String,
    writer: BitextWriter,
    counts: PartCounts,
    shuffle: Option<Shuffle>,
}

impl Part {
    fn take(&mut self, record: &Record, sources: &Sources) -> Result<(), Error> {
        self.counts.see(record, sources);
        match &mut self.shuffle {
            Some(shuffle) => shuffle.push(record).map_err(unordered),
            None => self.writer.write(record),
        }
    }

    fn finish(mut self) -> Result<(String, PartCounts, Losses), Error> {
        if let Some(shuffle) = self.shuffle {
            let in_order = shuffle.drain(|record| self.writer.write(record));
            in_order.map_err(unordered)?;
        }
        let losses = self.writer.finish()?;
        Ok((self.name, self.counts, losses))
    }
}

impl Convert {
    fn reader(&self) -> Result<BitextReader, Error> {
        let options = ReadOptions {
            format: self.from,
            langs: self.langs,
            texts: self.columns.clone(),
            header: self.no_input_header.then_some(false),
            src: self.src.clone(),
            tgt: self.tgt.clone(),
            ..ReadOptions::default()
        };
        open_bitext(&self.input, &options)
    }

    /// The first pass, when `--split` or `--sample` need to know all records before the first one is written.
    fn plan(&self) -> anyhow::Result<Plan> {
        let training = &self.training;
        if training.split.is_none() && training.sample.is_none() {
            return Ok(Plan::All);
        }
        if training.split.is_some() && training.sample.is_some() {
            return Err(Usage::error(
                "--split and --sample: one at a time; sample first, then split",
            ));
        }
        // What is read out of a pipe is not there a second time.
        let is_pipe = std::fs::metadata(&self.input).is_ok_and(|found| !found.is_file() && !found.is_dir());
        if is_stream(&self.input) || is_pipe {
            return Err(Usage::error(format!(
                "--split and --sample read the input twice: name a file in place of `{}`",
                self.input.display()
            )));
        }
        let mut chooser = Chooser::new(training.choice());
        let reader = self.reader().map_err(explain)?;
        let langs = reader.langs();
        let chosen = reader.map(|row| row.map(|row| training.record(row, langs)));
        let chosen = chosen.filter(|record| record.as_ref().map_or(true, |record| chooser.takes(record)));
        if let Some(parts) = &training.split {
            let mut divider = Divider::default();
            for record in chosen {
                divider.see(&record.map_err(explain)?);
            }
            return Ok(Plan::Split(divider.divide(parts)));
        }
        let mut sampler = Sampler::new(training.sample.unwrap_or_default(), training.seed);
        let mut count = 0;
        for record in chosen {
            sampler.see(&record.map_err(explain)?);
            count += 1;
        }
        Ok(Plan::Sample(sampler.numbers(), count))
    }

    fn parts(&self, reader: &BitextReader) -> anyhow::Result<Vec<Part>> {
        let options = WriteOptions {
            format: self.to,
            header: !self.no_header,
            extra: reader.extra().to_vec(),
            src: self.src.clone(),
            tgt: self.tgt.clone(),
            ..WriteOptions::new(reader.langs())
        };
        let part = |name: &str, path: &Path| -> anyhow::Result<Part> {
            Ok(Part {
                name: name.to_owned(),
                writer: bitext_writer(Some(path), &options)?,
                counts: PartCounts::default(),
                shuffle: self.training.shuffle.map(Shuffle::new),
            })
        };
        let paths: Vec<(&str, PathBuf)> = match &self.training.split {
            None => vec![("all", self.output.clone())],
            Some(_) if is_stream(&self.output) => {
                return Err(Usage::error(
                    "--split writes several files: name one in place of `-`",
                ));
            }
            Some(parts) => parts
                .names()
                .map(|name| (name, beside(&self.output, name)))
                .collect(),
        };
        if let Some(card) = self.card_path() {
            let mut files = paths
                .iter()
                .flat_map(|(_, path)| BitextWriter::files(path, &options));
            if files.any(|file| is_same_place(&file, &card)) {
                return Err(Usage::error(format!(
                    "--datacard {}: this is where the records go: name another file",
                    card.display()
                )));
            }
        }
        paths.iter().map(|(name, path)| part(name, path)).collect()
    }

    /// What the run that made IN knows of its documents, when a data card is wanted.
    fn sources(&self, global: &Global) -> anyhow::Result<Sources> {
        let license = self.training.license.clone();
        let summary = self.input.with_file_name("summary.json");
        if self.card_path().is_none() || is_stream(&self.input) || !summary.is_file() {
            return Ok(Sources::default().with_license(license));
        }
        also_read(std::iter::once(&summary));
        self.card_path().map_or(Ok(()), |card| refuse_read(&card))?;
        let file =
            std::fs::File::open(&summary).with_context(|| format!("cannot read {}", summary.display()))?;
        let sources = Sources::read(BufReader::new(file)).unwrap_or_else(|error| {
            global.warn(format_args!(
                "{}: {error}: licences are not taken from it",
                summary.display()
            ));
            Sources::default()
        });
        Ok(sources.with_license(license))
    }

    fn card_path(&self) -> Option<PathBuf> {
        let given = self.training.datacard.clone();
        given.or_else(|| {
            self.training
                .split
                .as_ref()
                .map(|_| self.output.with_file_name("datacard.md"))
        })
    }
}

/// `NAME.PART.ENDING` for `NAME.ENDING`, the packing's ending kept last.
fn beside(path: &Path, part: &str) -> PathBuf {
    let plain = Packing::strip(path);
    let mut name = plain.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    name.push(part);
    for ending in [
        plain.extension(),
        (plain != path).then(|| path.extension()).flatten(),
    ]
    .into_iter()
    .flatten()
    {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

impl Training {
    /// The record of a row as it goes on.
    fn record(&self, row: Row, langs: (Lang, Lang)) -> Record {
        let mut record = row.record;
        if self.mend_letters {
            mend_letters(&mut record, langs);
        }
        record
    }

    fn choice(&self) -> Choice {
        Choice {
            dedup: self.dedup.map(|side| match side {
                Dedup::Src => Duplicates::Src,
                Dedup::Tgt => Duplicates::Tgt,
                Dedup::Pair => Duplicates::Pair,
                Dedup::Near => Duplicates::Near,
            }),
            min_confidence: self.min_confidence,
            min_length: self.min_length,
            max_length: self.max_length,
            max_ratio: self.max_ratio,
            ..Choice::default()
        }
    }

    /// The options that were given, as they are given.
    fn in_words(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.mend_letters {
            out.push("--mend-letters".to_owned());
        }
        let mut say =
            |name: &str, value: Option<String>| out.extend(value.map(|value| format!("--{name} {value}")));
        let dedup = self.dedup.and_then(|side| side.to_possible_value());
        say("dedup", dedup.map(|side| side.get_name().to_owned()));
        say("min-confidence", self.min_confidence.map(|v| v.to_string()));
        say("min-length", self.min_length.map(|v| v.to_string()));
        say("max-length", self.max_length.map(|v| v.to_string()));
        say("max-ratio", self.max_ratio.map(|v| v.to_string()));
        say("sample", self.sample.map(|v| format!("{v} --seed {}", self.seed)));
        say("split", self.split.as_ref().map(ToString::to_string));
        say("shuffle", self.shuffle.map(|v| v.to_string()));
        out
    }
}
