//! Pairing of documents: is it right, and how does it grow? Prints a table; nothing is measured in words.
//!
//! `cargo bench -p qostil-benches --bench pairing [-- DOCUMENTS…]`

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use qostil_align::{Parameters, Resources};
use qostil_benches::peak_megabytes;
use qostil_corpus::{RunSettings, Summary, pair};
use qostil_lexicon::Lexicon;
use qostil_tests::{Collection, Random, Recipe};
use qostil_text::Lang;

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() { vec![500, 2000] } else { sizes };
    println!("collection                     documents   MB  precision  recall  seconds  MB/s  peak MB");
    for documents in sizes {
        made_up(documents);
    }
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bench");
    for set in ["clean", "noisy", "heavy"] {
        development(&bench.join(set), set);
    }
}

/// A made-up collection of so many documents a side.
fn made_up(documents: usize) {
    let collection = Collection::new(Recipe::usual(documents, 14, 17));
    let folder = tempfile::tempdir().expect("a folder");
    collection.write(folder.path()).expect("documents");
    measure(
        &format!("made up, {documents} a side"),
        folder.path(),
        &collection.pairs.into_iter().collect(),
    );
}

/// The documents of a development set under meaningless names, a quarter of the partners removed, the seeds mixed in.
fn development(set: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(set) else {
        return println!("{name}: skipped, {} is not there", set.display());
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|e| {
            e.file_name()
                .to_string_lossy()
                .strip_suffix(".kk.txt")
                .map(str::to_owned)
        })
        .collect();
    names.sort();
    let folder = tempfile::tempdir().expect("a folder");
    let mut random = Random::new(5);
    let mut pairs = BTreeSet::new();
    for (number, name) in names.iter().enumerate() {
        let keep = [number % 8 != 3, number % 8 != 6];
        let mut copy = |lang: &str, keep: bool| {
            let new = format!("{:016x}.txt", random.next());
            let text = fs::read(set.join(format!("{name}.{lang}.txt"))).expect("a document");
            if keep {
                fs::write(folder.path().join(&new), text).expect("a document");
            }
            new
        };
        let pair = (copy("kk", keep[0]), copy("en", keep[1]));
        if keep == [true, true] {
            pairs.insert(pair);
        }
    }
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds");
    for seed in fs::read_dir(&seeds)
        .expect("seeds")
        .flatten()
        .filter(|e| e.file_name() != "README.md")
    {
        fs::copy(seed.path(), folder.path().join(seed.file_name())).expect("a seed");
    }
    pairs.insert((
        "003_9a5133ad0e34a6fe.txt".to_owned(),
        "004_eb299ecfd6df5ace.txt".to_owned(),
    ));
    measure(&format!("{name}, names hidden"), folder.path(), &pairs);
}

fn measure(name: &str, folder: &Path, gold: &BTreeSet<(String, String)>) {
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let started = Instant::now();
    let summary = pair(&[folder.to_owned()], &RunSettings::default(), &resources, &()).expect("pairs");
    let seconds = started.elapsed().as_secs_f64();
    let found: BTreeSet<(String, String)> = summary
        .pairs
        .iter()
        .map(|p| (p.src.clone(), p.tgt.clone()))
        .collect();
    let right = found.intersection(gold).count() as f64;
    let (precision, recall) = (
        right / found.len().max(1) as f64,
        right / gold.len().max(1) as f64,
    );
    let megabytes = summary.total.bytes as f64 / 1e6;
    println!(
        "{name:30} {:9} {megabytes:5.1}  {precision:9.4}  {recall:6.4}  {seconds:7.2} {:5.1}  {:7.0}",
        summary.total.documents,
        megabytes / seconds,
        peak_megabytes()
    );
    explain(&summary, &found, gold);
}

/// What went wrong, for whoever looks.
fn explain(summary: &Summary, found: &BTreeSet<(String, String)>, gold: &BTreeSet<(String, String)>) {
    let wrong = summary
        .pairs
        .iter()
        .filter(|p| !gold.contains(&(p.src.clone(), p.tgt.clone())));
    for pair in wrong.take(3) {
        println!(
            "    wrong: {} = {} ({:.4}: {})",
            pair.src, pair.tgt, pair.confidence, pair.evidence
        );
    }
    for (src, tgt) in gold.difference(found).take(3) {
        let reason = |id: &String| {
            summary
                .documents
                .iter()
                .find(|d| d.id == *id)
                .and_then(|d| d.reason.clone())
        };
        println!(
            "    missed: {src} ({:?}) = {tgt} ({:?})",
            reason(src),
            reason(tgt)
        );
    }
}
