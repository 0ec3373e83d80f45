//! `qostil eval BITEXT --make-noise DIR`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use qostil_eval::{NoiseSettings, Noisy, noise};
use qostil_export::{AtomicFile, BitextReader, ReadOptions, one_line};

use super::Eval;
use crate::exit::{Exit, Usage};
use crate::global::Global;

/// What faults to make.
#[derive(Args)]
pub(super) struct NoiseArgs {
    /// Make documents with known faults of a 1-1 bitext: NAME.kk.txt, NAME.en.txt and NAME.gold.txt in this folder, one
    /// NAME for every document of the bitext.
    #[arg(long, value_name = "DIR", help_heading = "Noise", conflicts_with_all = ["sample", "judged"])]
    pub(super) make_noise: Option<PathBuf>,
    /// Share of sentences that are joined with the next one, on one side.
    #[arg(
        long,
        value_name = "RATE",
        default_value_t = 0.08,
        help_heading = "Noise",
        requires = "make_noise"
    )]
    merge: f64,
    /// Share of sentences that are cut in two, on one side.
    #[arg(
        long,
        value_name = "RATE",
        default_value_t = 0.03,
        help_heading = "Noise",
        requires = "make_noise"
    )]
    split: f64,
    /// Share of sentences that are left out, on each side.
    #[arg(
        long,
        value_name = "RATE",
        default_value_t = 0.1,
        help_heading = "Noise",
        requires = "make_noise"
    )]
    delete: f64,
    /// Share of sentences before which one from elsewhere is put in, on each side.
    #[arg(
        long,
        value_name = "RATE",
        default_value_t = 0.08,
        help_heading = "Noise",
        requires = "make_noise"
    )]
    insert: f64,
    /// Share of sentences at which a section of 3 to 8 moves further down on the target side; gold is then by links, not monotone.
    #[arg(
        long,
        value_name = "RATE",
        default_value_t = 0.0,
        help_heading = "Noise",
        requires = "make_noise"
    )]
    moved: f64,
}

pub(super) fn run(args: &Eval, global: &Global) -> anyhow::Result<Exit> {
    let Some(folder) = &args.noise.make_noise else {
        return Ok(Exit::Usage);
    };
    let rates = [
        args.noise.merge,
        args.noise.split,
        args.noise.delete,
        args.noise.insert,
        args.noise.moved,
    ];
    if rates.iter().any(|rate| !(0.0..=1.0).contains(rate)) {
        return Err(Usage::error("rates of noise lie between 0 and 1"));
    }
    let reading = || format!("cannot read {}", args.predicted.display());
    let reader = BitextReader::open(&args.predicted, &ReadOptions::default()).with_context(reading)?;
    let sides = [reader.columns().src.clone(), reader.columns().tgt.clone()];
    let sides = if sides == ["src", "tgt"] {
        ["kk".to_owned(), "en".to_owned()]
    } else {
        sides
    };
    let mut documents: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut all = Vec::new();
    for row in reader {
        let record = row.with_context(reading)?.record;
        if record.src.trim().is_empty() || record.tgt.trim().is_empty() {
            continue;
        }
        let pair = (
            one_line(&record.src).into_owned(),
            one_line(&record.tgt).into_owned(),
        );
        documents
            .entry(stem(&record.src_doc))
            .or_default()
            .push(pair.clone());
        all.push(pair);
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot write {}", folder.display()))?;
    let (mut lines, count) = (0, documents.len());
    for (number, (name, pairs)) in documents.into_iter().enumerate() {
        let settings = NoiseSettings {
            merge: args.noise.merge,
            split: args.noise.split,
            delete: args.noise.delete,
            insert: args.noise.insert,
            moved: args.noise.moved,
            seed: args.seed.wrapping_mul(0x1_0000).wrapping_add(number as u64),
        };
        let noisy = noise(&pairs, &all, &settings);
        lines += noisy.src.len() + noisy.tgt.len();
        let write = |end: &str, text: String| -> anyhow::Result<()> {
            let path = folder.join(format!("{name}.{end}.txt"));
            let writing = || format!("cannot write {}", path.display());
            let mut file = AtomicFile::create(&path).with_context(writing)?;
            file.write_all(text.as_bytes()).with_context(writing)?;
            file.commit().with_context(writing)
        };
        write(&sides[0], joined(&noisy.src))?;
        write(&sides[1], joined(&noisy.tgt))?;
        write("gold", gold(&noisy))?;
    }
    global.note(format_args!(
        "{count} documents, {lines} lines, written to {}",
        folder.display()
    ));
    Ok(Exit::Done)
}

/// A document's name as a file name.
fn stem(id: &str) -> String {
    let name = id.rsplit(['/', '\\']).next().unwrap_or(id);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    if name.is_empty() { "noise".to_owned() } else { name }
}

fn joined(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

fn gold(noisy: &Noisy) -> String {
    let mut out = String::new();
    for bead in &noisy.beads {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:?}:{:?}", bead.src, bead.tgt);
    }
    out
}
