//! Runs over whole collections: throughput of a core, and memory as they grow. Collections are made up and written while
//! nothing else is in memory; each is then run by a process of its own.
//!
//! `cargo bench -p qostil-benches --bench corpus [-- DOCUMENTS[xSENTENCES[xFACTS]]|FOLDER…]`; documents of both sides together, by default
//! 1000 and 10000 of some 60 sentences of one fact, which is 4 KB, and 10000 of some 20 sentences as long as in the news.
//! Times are those of the processor, not of the clock, so that other programs disturb them little.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use qostil_align::{Parameters, Resources};
use qostil_benches::{peak_megabytes, processor_seconds};
use qostil_corpus::{Event, RunSettings, Watch, run};
use qostil_lexicon::Lexicon;
use qostil_tests::{Collection, Recipe};
use qostil_text::Lang;

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [child, input, out] = args.as_slice()
        && child == "child"
    {
        return child_run(Path::new(input), Path::new(out));
    }
    let mut inputs: Vec<Input> = args.iter().filter_map(|arg| Input::of(arg)).collect();
    if inputs.is_empty() {
        inputs = [(1000, 60, 1), (10_000, 60, 1), (10_000, 20, 3)]
            .map(|(documents, sentences, facts)| Input::MadeUp(documents, sentences, facts))
            .into();
    }
    println!("documents     MB  pairs  read MB/s  run MB/s  again s  peak MB  KB a document more");
    let mut first: Option<(f64, f64)> = None;
    for input in inputs {
        let folder = tempfile::tempdir().expect("a folder");
        let input = input.folder(folder.path());
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
        let [documents, bytes, pairs, reading, paired, all, peak] = measured[0][..] else {
            panic!("seven numbers expected")
        };
        let more = first.map_or_else(
            || "-".to_owned(),
            |(few, low)| format!("{:.2}", (peak - low) * 1024.0 / (documents - few)),
        );
        first.get_or_insert((documents, peak));
        println!(
            "{documents:9.0} {:6.1} {pairs:6.0} {:10.1} {:9.1} {:8.2} {peak:8.0}  {more}",
            bytes / 1e6,
            bytes / 1e6 / reading,
            paired / 1e6 / all,
            measured[1][5],
        );
    }
}

/// What is measured.
enum Input {
    /// So many documents of so many sentences of so many facts.
    MadeUp(usize, usize, usize),
    /// What lies in a folder.
    Folder(PathBuf),
}

impl Input {
    /// `1000`, `1000x14`, `1000x20x3` or a folder.
    fn of(arg: &str) -> Option<Self> {
        if Path::new(arg).is_dir() {
            return Some(Self::Folder(arg.into()));
        }
        let mut numbers = arg.split('x').map(str::parse);
        let documents = numbers.next()?.ok()?;
        let mut or = |usual| numbers.next().and_then(Result::ok).unwrap_or(usual);
        Some(Self::MadeUp(documents, or(60), or(1)))
    }

    /// Where the documents are; what is made up is written into `folder`.
    fn folder(self, folder: &Path) -> PathBuf {
        match self {
            Self::Folder(input) => input,
            Self::MadeUp(documents, sentences, facts) => {
                let input = folder.join("in");
                fs::create_dir(&input).expect("a folder");
                write(documents, sentences, facts, &input);
                input
            }
        }
    }
}

/// Documents of both sides.
fn write(documents: usize, sentences: usize, facts: usize, folder: &Path) {
    const SLICE: usize = 500;
    let mut left = documents / 2;
    while left > 0 {
        let side = left.min(SLICE);
        left -= side;
        let recipe = Recipe {
            facts,
            ..Recipe::usual(side, sentences, left as u64)
        };
        Collection::new(recipe).write(folder).expect("documents");
    }
    // A run does not take note of files so new that they may change again unseen.
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    for entry in fs::read_dir(folder).expect("documents").flatten() {
        let file = File::options()
            .write(true)
            .open(entry.path())
            .expect("a document");
        file.set_modified(hour_ago).expect("a time");
    }
}

/// Runs a collection and prints documents, bytes read, pairs, seconds of reading, bytes paired, seconds of everything, peak memory in MB.
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
    let reading = meter.0.into_inner().expect("a number");
    let paired = summary
        .documents
        .iter()
        .filter(|document| document.partner.is_some());
    let paired: usize = paired.map(|document| document.bytes).sum();
    println!(
        "{} {} {} {} {} {} {}",
        summary.total.documents,
        summary.total.bytes,
        summary.total.pairs,
        reading.max(1e-3),
        paired,
        processor_seconds(),
        peak_megabytes()
    );
}

/// Seconds until all documents were read.
#[derive(Default)]
struct Meter(Mutex<f64>);

impl Watch for Meter {
    fn event(&self, event: Event<'_>) {
        if let (Event::Pairing, Ok(mut reading)) = (event, self.0.lock()) {
            *reading = processor_seconds();
        }
    }
}
