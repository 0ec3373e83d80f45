//! `qostil eval BITEXT --make-noise DIR`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use qostil_eval::{NoiseSettings, Noisy, noise};
use qostil_export::one_line;

use super::Eval;
use super::reading::{Bitext, read_bitext};
use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;
use crate::table::counted;

/// What faults to make.
#[derive(Args)]
#[command(next_help_heading = "Noise")]
pub(super) struct NoiseArgs {
    /// Make documents with known faults of a 1-1 bitext: NAME.kk.txt, NAME.en.txt and NAME.gold.txt in this folder, one
    /// NAME for every document of the bitext.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["sample", "judged"])]
    pub(super) make_noise: Option<PathBuf>,
    /// Share of sentences that are joined with the next one, on one side.
    #[arg(long, value_name = "RATE", default_value_t = USUAL.merge, value_parser = rate, requires = "make_noise")]
    merge: f64,
    /// Share of sentences that are cut in two, on one side.
    #[arg(long, value_name = "RATE", default_value_t = USUAL.split, value_parser = rate, requires = "make_noise")]
    split: f64,
    /// Share of sentences that are left out, on each side.
    #[arg(long, value_name = "RATE", default_value_t = USUAL.delete, value_parser = rate, requires = "make_noise")]
    delete: f64,
    /// Share of sentences before which one from elsewhere is put in, on each side.
    #[arg(long, value_name = "RATE", default_value_t = USUAL.insert, value_parser = rate, requires = "make_noise")]
    insert: f64,
    /// Share of sentences at which a section of 3 to 8 moves further down on the target side; gold is then by links, not monotone.
    #[arg(long, value_name = "RATE", default_value_t = USUAL.moved, value_parser = rate, requires = "make_noise")]
    moved: f64,
}

const USUAL: NoiseSettings = NoiseSettings::USUAL;

/// A probability.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "expected a rate from 0 to 1".to_owned())
}

impl NoiseArgs {
    fn settings(&self, seed: u64) -> NoiseSettings {
        NoiseSettings {
            merge: self.merge,
            split: self.split,
            delete: self.delete,
            insert: self.insert,
            moved: self.moved,
            seed,
        }
    }
}

pub(super) fn run(args: &Eval, folder: &Path, global: &Global) -> anyhow::Result<Exit> {
    let Bitext { rows, sides, .. } = read_bitext(&args.predicted, args.format)?;
    let sides = if sides == ["src", "tgt"] {
        ["kk".to_owned(), "en".to_owned()]
    } else {
        sides
    };
    let mut documents: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut all = Vec::new();
    for record in rows {
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
        let seed = args.seed.wrapping_mul(0x1_0000).wrapping_add(number as u64);
        let noisy = noise(&pairs, &all, &args.noise.settings(seed));
        lines += noisy.src.len() + noisy.tgt.len();
        let write = |end: &str, text: String| -> anyhow::Result<()> {
            let path = folder.join(format!("{name}.{end}.txt"));
            let mut out = Output::create(Some(&path))?;
            out.write_all(text.as_bytes())?;
            out.finish()
        };
        write(&sides[0], joined(&noisy.src))?;
        write(&sides[1], joined(&noisy.tgt))?;
        write("gold", gold(&noisy))?;
    }
    global.note(format_args!(
        "{}, {}, written to {}",
        counted(count, "document"),
        counted(lines, "line"),
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
