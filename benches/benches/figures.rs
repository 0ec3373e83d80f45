//! Speed of reading figures and what it allocates, beside `icu_segmenter`'s sentence iterator and, for English number
//! words, `text2num` (which rewrites the text with digits) on the same text in the same run, and packages from PyPI.
//!
//! `cargo bench -p qostil-benches --bench figures`. The texts are the project's seeds, repeated.

use std::alloc::System;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use qostil_figures::{compare, scan};
use qostil_text::Lang;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

/// Counts what the process asks memory for.
#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Size of each text, in bytes, about.
const SIZE: usize = 4_000_000;

/// The time this thread has been at work, so that what else the machine does is not measured; the clock's where the system
/// does not say.
fn time_at_work() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = said.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// The shortest of seven runs of each, taken in turn.
fn fastest<const N: usize>(mut runs: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut shortest = [Duration::MAX; N];
    for _ in 0..7 {
        for (run, shortest) in runs.iter_mut().zip(&mut shortest) {
            let started = time_at_work();
            run();
            *shortest = time_at_work().saturating_sub(started).min(*shortest);
        }
    }
    shortest
}

/// How often `run` asks for memory, to have it or to have more.
fn allocations(run: impl FnOnce()) -> usize {
    let region = Region::new(MEMORY);
    run();
    let change = region.change();
    change.allocations + change.reallocations
}

fn seed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(name);
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.repeat(SIZE / text.len().max(1))
}

/// The largest memory the process has had, in megabytes; nothing where the system does not say.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1000.0)
}

/// Packages from PyPI that read number words: megabytes a second of each that is installed, over a text and its language.
const PACKAGES: &str = "
import sys, time, warnings
warnings.filterwarnings('ignore')
text, lang = open(sys.argv[1], encoding='utf-8').read(), sys.argv[2]
def speed(name, read):
    try:
        read(text[:200])
        start = time.process_time()
        read(text)
        print('  %-22s %10.2f MB/s' % (name, len(text.encode()) / 1e6 / (time.process_time() - start)))
    except Exception as cause:
        print('  %-22s %s' % (name, cause))
def text2num():
    import text_to_num
    return lambda text: text_to_num.alpha2digit(text, lang)
def number_parser():
    import number_parser
    return lambda text: number_parser.parse(text, language=lang)
def quantulum3():
    from quantulum3 import parser
    return parser.parse
packages = [number_parser] if lang == 'ru' else [text2num, number_parser, quantulum3]
for package in packages:
    try:
        speed('PyPI ' + package.__name__, package())
    except ImportError:
        print('  PyPI %s is not installed for python3' % package.__name__)
";

/// Runs the packages over one seed, unrepeated: one of them reads ten kilobytes a second.
fn packages(file: &str, lang: Lang) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(file);
    let mut python = Command::new("python3");
    let run = python.args(["-c", PACKAGES]).arg(path).arg(lang.code()).output();
    match run {
        Ok(output) => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Err(_) => println!("  no python3"),
    }
}

fn main() {
    let icu = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    println!(
        "{:24} {:>10} {:>10} {:>8} {:>10} {:>10} {:>12}",
        "text", "figures", "icu", "ratio", "words", "found", "allocations"
    );
    let texts = [
        ("Kazakh", Lang::Kazakh, "003_9a5133ad0e34a6fe.txt"),
        ("English", Lang::English, "004_eb299ecfd6df5ace.txt"),
        ("Russian", Lang::Russian, "002_cec1b19fe9bd4b6f.txt"),
    ];
    for (name, lang, file) in texts {
        let text = seed(file);
        let mut out = Vec::new();
        let speed = |time: Duration| text.len() as f64 / 1e6 / time.as_secs_f64().max(1e-9);
        let times = fastest([
            &mut || {
                scan(black_box(&text), lang, &mut out);
                black_box(out.len());
            },
            &mut || {
                black_box(icu.segment_str(black_box(&text)).count());
            },
        ]);
        let [ours, theirs] = times.map(speed);
        // The buffer has its size by now; what is left are the other readings of ambiguous figures.
        let asked = allocations(|| scan(&text, lang, &mut out));
        println!(
            "{name:24} {ours:>5.1} MB/s {theirs:>5.1} MB/s {:>8.2} {:>10} {:>10} {asked:>12}",
            ours / theirs,
            text.split_whitespace().count(),
            out.len(),
        );
        if lang == Lang::English {
            let english = text2num::Language::english();
            let [time] = fastest([&mut || {
                black_box(text2num::replace_numbers_in_text(black_box(&text), &english, 0.0).len());
            }]);
            println!("{:24} {:>5.1} MB/s", "  text2num", speed(time));
        }
        if lang != Lang::Kazakh {
            packages(file, lang);
        }
        // Words that look like figures and are none, and plain figures: nothing may be asked for.
        let plain = "оның үшін жүзу Үшарал 25 адам two people өте 3 млн теңге пять лет ".repeat(10_000);
        let mut found = Vec::new();
        scan(&plain, lang, &mut found);
        let asked = allocations(|| scan(&plain, lang, &mut found));
        println!(
            "{:24} {asked} allocations for {} figures",
            "  unambiguous",
            found.len()
        );
    }
    let (kk, en) = (seed("003_9a5133ad0e34a6fe.txt"), seed("004_eb299ecfd6df5ace.txt"));
    let pairs: Vec<(&str, &str)> = kk.split(". ").zip(en.split(". ")).collect();
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let [time] = fastest([&mut || {
        for (src, tgt) in &pairs {
            scan(src, Lang::Kazakh, &mut a);
            scan(tgt, Lang::English, &mut b);
            black_box(compare(&a, &b));
        }
    }]);
    let minute = pairs.len() as f64 / time.as_secs_f64() * 60.0 / 1e6;
    println!("{:24} {minute:.1} million a minute on one core", "pairs compared");
    if let Some(peak) = peak_memory() {
        println!(
            "{:24} {peak:.0} MB, of which the texts are {:.0}",
            "peak memory",
            SIZE as f64 * 3.0 / 1e6
        );
    }
}
