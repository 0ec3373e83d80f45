//! Runs over whole collections: throughput of a core, and memory as they grow. Collections are made up and written while
//! nothing else is in memory; each is then run by a process of its own.
//!
//! `cargo bench -p qostil-benches --bench corpus [-- DOCUMENTS…]`; documents of both sides together, by default 1000 and 10000.
//! Times are those of the processor, not of the clock, so that other programs disturb them little.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use qostil_align::{Parameters, Resources};
use qostil_corpus::{Event, RunSettings, Watch, run};
use qostil_lexicon::Lexicon;
use qostil_tests::{Collection, Recipe};
use qostil_text::Lang;

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [child, input, out] = args.as_slice()
        && child == "child"
    {
        return child_run(Path::new(input), Path::new(out));
    }
    let mut sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1000, 10_000];
    }
    println!("documents     MB  pairs  read MB/s  run MB/s  again s  peak MB  KB a document more");
    let mut first: Option<(usize, f64)> = None;
    for documents in sizes {
        let folder = tempfile::tempdir().expect("a folder");
        let input = folder.path().join("in");
        fs::create_dir(&input).expect("a folder");
        write(documents, &input);
        let measured = [1, 2].map(|_| {
            let output = Command::new(env::current_exe().expect("this program"))
                .args([
                    "child".as_ref(),
                    input.as_os_str(),
                    folder.path().join("out").as_os_str(),
                ])
                .env("RAYON_NUM_THREADS", "1")
                .output()
                .expect("a run");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                output.status.success(),
                "{text}{}",
                String::from_utf8_lossy(&output.stderr)
            );
            text.split_whitespace()
                .map(|number| number.parse::<f64>().expect("a number"))
                .collect::<Vec<_>>()
        });
        let [bytes, pairs, reading, paired, all, peak] = measured[0][..] else {
            panic!("six numbers expected")
        };
        let more = first.map_or_else(
            || "-".to_owned(),
            |(few, low)| format!("{:.2}", (peak - low) * 1024.0 / (documents - few) as f64),
        );
        first.get_or_insert((documents, peak));
        println!(
            "{documents:9} {:6.1} {pairs:6.0} {:10.1} {:9.1} {:8.2} {peak:8.0}  {more}",
            bytes / 1e6,
            bytes / 1e6 / reading,
            paired / 1e6 / all,
            measured[1][4],
        );
    }
}

/// Two thirds of the documents of each side are pairs, a quarter tell of the same events with other figures, the rest stand alone.
fn write(documents: usize, folder: &Path) {
    const SLICE: usize = 500;
    let mut left = documents / 2;
    while left > 0 {
        let side = left.min(SLICE);
        left -= side;
        let recipe = Recipe {
            pairs: side * 2 / 3,
            same_event: side / 4,
            alone: side - side * 2 / 3 - side / 4,
            sentences: 14,
            dropped: 8,
            seed: left as u64,
        };
        Collection::new(recipe).write(folder).expect("documents");
    }
}

/// Runs a collection and prints bytes read, pairs, seconds of reading, bytes aligned, seconds of everything, peak memory in MB.
fn child_run(input: &Path, out: &Path) {
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let meter = Meter::default();
    let summary = run(
        &[input.to_owned()],
        out,
        &RunSettings::default(),
        &resources,
        &meter,
    )
    .expect("a run");
    let numbers = meter.0.into_inner().expect("numbers");
    println!(
        "{} {} {} {} {} {}",
        summary.total.bytes,
        summary.total.pairs,
        numbers.reading.max(1e-3),
        numbers.aligned,
        processor_seconds(),
        peak_megabytes()
    );
}

#[derive(Default)]
struct Meter(Mutex<Numbers>);

#[derive(Default)]
struct Numbers {
    reading: f64,
    aligned: usize,
}

impl Watch for Meter {
    fn event(&self, event: Event<'_>) {
        let Ok(mut numbers) = self.0.lock() else { return };
        match event {
            Event::Pairing => numbers.reading = processor_seconds(),
            Event::Aligned(bytes) => numbers.aligned += bytes,
            _ => {}
        }
    }
}

/// What this process has used of a processor, where the system tells.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: f64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// The most memory that this process has held, where the system tells.
fn peak_megabytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .map_or(0.0, |kilobytes| kilobytes / 1024.0)
}
