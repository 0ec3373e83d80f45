//! Formats: megabytes a second, written and read, with bare loops of `csv` and `quick-xml` over the same files as the limit,
//! and the memory that writing and reading take at a quarter of the size and at the whole.
//!
//! The data are the words of the seed pair put together anew for every record: real words and lengths, no sentence twice,
//! so that packed formats find no more to pack than in a real bitext.
//!
//! usage: cargo bench -p qostil-benches --bench export [-- MEGABYTES [FORMAT…]], a format as in `tsv` or `tmx`

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use qostil_bitext::{BeadType, Record, Verdict};
use qostil_export::{BitextReader, BitextWriter, ReadOptions, WriteOptions};
use qostil_text::{Lang, Span};

/// Records that are made before anything is measured, and used again and again.
const POOL: usize = 1 << 14;
/// Every rate is the best of so many runs.
const ROUNDS: usize = 3;
const FORMATS: [&str; 8] = ["tsv", "sent", "csv", "jsonl", "moses", "tmx", "parquet", "xlsx"];

fn pool() -> Vec<Record> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds");
    let mut files: Vec<PathBuf> = fs::read_dir(seeds)
        .expect("seeds")
        .map(|entry| entry.expect("a seed").path())
        .collect();
    files.sort();
    let words = |at: usize| -> Vec<String> {
        let text = fs::read_to_string(&files[at]).expect("a seed");
        text.split_whitespace().map(str::to_owned).collect()
    };
    let (kk, en) = (words(3), words(4));
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        // xorshift: the same data in every run
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut sentence = |words: &[String], length: usize| {
        let words: Vec<&str> = (0..length).map(|_| words[draw(words.len())].as_str()).collect();
        words.join(" ")
    };
    let mut at = 0;
    (0..POOL)
        .map(|number| {
            let length = 8 + number % 19;
            let (src, tgt) = (sentence(&kk, length), sentence(&en, length * 4 / 3));
            at += src.len() + 1;
            Record {
                confidence: Some((number * 7919 % 10_000) as f64 / 1e4),
                bead: Some(BeadType {
                    src: 1,
                    tgt: 1 + number % 2,
                }),
                verdict: Some(if number % 3 == 0 {
                    Verdict::Agree
                } else {
                    Verdict::None
                }),
                evidence: format!("{} = {}; length ×0.93", sentence(&kk, 2), sentence(&en, 2)),
                src_doc: format!("kk/{:04}.txt", number / 40),
                tgt_doc: format!("en/{:04}.txt", number / 40),
                src_spans: vec![Span::new(at, at + src.len())],
                tgt_spans: vec![Span::new(at / 2, at / 2 + tgt.len())],
                src,
                tgt,
                ..Record::default()
            }
        })
        .collect()
}

/// Kilobytes that this process held at most since the last [`forget_peak`], and holds now.
fn memory() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some((field("VmHWM:")?, field("VmRSS:")?))
}

fn forget_peak() {
    // 5 is "reset the peak resident set size"; where that does not exist no memory is shown.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Seconds, and kilobytes of memory above what was held before.
fn measured(work: impl FnOnce()) -> (f64, Option<u64>) {
    forget_peak();
    let before = memory();
    let started = Instant::now();
    work();
    let seconds = started.elapsed().as_secs_f64();
    let above = before.zip(memory());
    (
        seconds,
        above.map(|((_, held), (peak, _))| peak.saturating_sub(held)),
    )
}

fn written(path: &Path, records: &[Record], count: usize) {
    let options = WriteOptions::new((Lang::Kazakh, Lang::English));
    let mut writer = BitextWriter::create(path, &options).expect("a file");
    for record in records.iter().cycle().take(count) {
        writer.write(record).expect("a record");
    }
    writer.finish().expect("the end");
}

fn read(path: &Path, count: usize) {
    let rows = BitextReader::open(path, &ReadOptions::default()).expect("a file");
    let found = rows.fold(0, |found, row| found + usize::from(black_box(row).is_ok()));
    assert_eq!(found, count);
}

/// The files of a bitext: two for Moses.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.extension().is_some_and(|e| e == "kk-en") {
        [".kk", ".en"]
            .map(|side| PathBuf::from(format!("{}{side}", path.display())))
            .into()
    } else {
        vec![path.to_owned()]
    }
}

fn size(path: &Path) -> u64 {
    let sizes = files(path)
        .into_iter()
        .map(|file| fs::metadata(file).expect("a file").len());
    sizes.sum()
}

fn peaks(quarter: Option<u64>, whole: Option<u64>) -> String {
    match (quarter, whole) {
        (Some(quarter), Some(whole)) => format!("{} → {}", quarter.div_ceil(1024), whole.div_ceil(1024)),
        _ => "not known".to_owned(),
    }
}

fn line(name: &str, megabytes: f64, rates: [f64; 2], peaks: [String; 2]) {
    let [write, read] = rates;
    let [write_peak, read_peak] = peaks;
    println!("{name:<26} {megabytes:>7.1} {write:>9.0} {read:>9.0} {write_peak:>14} {read_peak:>14}");
}

/// The least of several runs' seconds.
fn best(mut work: impl FnMut()) -> f64 {
    (0..ROUNDS)
        .map(|_| measured(&mut work).0)
        .fold(f64::INFINITY, f64::min)
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let megabytes = arguments
        .iter()
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(32_usize);
    let chosen = |name: &&str| {
        arguments.iter().all(|arg| arg.parse::<usize>().is_ok()) || arguments.iter().any(|arg| arg == name)
    };
    let records = pool();
    let folder = tempfile::tempdir().expect("a folder");
    // How many records make that many megabytes of TSV, which is also what packed formats are measured by.
    let sample = folder.path().join("sample.tsv");
    written(&sample, &records, POOL);
    let count = ((megabytes << 20) as f64 / size(&sample) as f64 * POOL as f64) as usize;
    let tsv_bytes = size(&sample) as f64 * count as f64 / POOL as f64;
    println!(
        "{count} records; MB/s of the file itself (parquet, xlsx: of the same records as TSV), one thread, best of {ROUNDS}; \
         memory in MB above what was held before, at a quarter of the size → at the whole"
    );
    println!(
        "{:<26} {:>7} {:>9} {:>9} {:>14} {:>14}",
        "format", "MB", "write", "read", "write memory", "read memory"
    );
    for name in FORMATS.into_iter().filter(chosen) {
        let path = folder.path().join(if name == "moses" {
            "a.kk-en".to_owned()
        } else {
            format!("a.{name}")
        });
        let quarter = count / 4;
        let quarters = [
            measured(|| written(&path, &records, quarter)).1,
            measured(|| read(&path, quarter)).1,
        ];
        let (mut seconds, mut whole) = ([f64::INFINITY; 2], [None; 2]);
        for _ in 0..ROUNDS {
            let runs = [
                measured(|| written(&path, &records, count)),
                measured(|| read(&path, count)),
            ];
            for ((best, peak), (took, held)) in seconds.iter_mut().zip(&mut whole).zip(runs) {
                *best = best.min(took);
                *peak = (*peak).max(held);
            }
        }
        let is_packed = matches!(name, "parquet" | "xlsx");
        let bytes = if is_packed { tsv_bytes } else { size(&path) as f64 };
        let rates = seconds.map(|seconds| bytes / 1e6 / seconds);
        line(
            name,
            size(&path) as f64 / 1e6,
            rates,
            [0, 1].map(|at| peaks(quarters[at], whole[at])),
        );
        let limit = match name {
            "tsv" => Some(("  limit: csv, bare, tabs", csv_limit(&path, b'\t'))),
            "csv" => Some(("  limit: csv, bare", csv_limit(&path, b','))),
            "tmx" => Some(("  limit: quick-xml, bare", xml_limit(&path))),
            _ => None,
        };
        if let Some((name, seconds)) = limit {
            line(
                name,
                bytes / 1e6,
                seconds.map(|seconds| bytes / 1e6 / seconds),
                Default::default(),
            );
        }
        files(&path)
            .into_iter()
            .for_each(|file| fs::remove_file(file).expect("a file"));
    }
}

/// Seconds that `csv` takes to write and read cells of which nothing is made.
fn csv_limit(path: &Path, delimiter: u8) -> [f64; 2] {
    let reader = || {
        let mut builder = csv::ReaderBuilder::new();
        builder
            .delimiter(delimiter)
            .quoting(delimiter == b',')
            .from_path(path)
            .expect("a file")
    };
    let rows: Vec<csv::ByteRecord> = reader()
        .into_byte_records()
        .map(|row| row.expect("a row"))
        .collect();
    let write = best(|| {
        let mut builder = csv::WriterBuilder::new();
        let mut out = builder
            .delimiter(delimiter)
            .from_path(path.with_extension("bare"))
            .expect("a file");
        rows.iter()
            .for_each(|row| out.write_byte_record(row).expect("a row"));
        out.flush().expect("the end");
    });
    let read = best(|| {
        let (mut rows, mut row) = (reader(), csv::ByteRecord::new());
        while rows.read_byte_record(&mut row).expect("a row") {
            black_box(&row);
        }
    });
    [write, read]
}

/// Seconds that `quick-xml` takes to write and read events of which nothing is made.
fn xml_limit(path: &Path) -> [f64; 2] {
    use quick_xml::events::Event;
    let reader =
        |path: &Path| quick_xml::Reader::from_reader(BufReader::new(File::open(path).expect("a file")));
    let mut buffer = Vec::new();
    // The events of the first units, written as often as makes the size of the file.
    let (mut events, mut bytes) = (Vec::new(), 0);
    let mut head = reader(path);
    while bytes < 1 << 20 {
        buffer.clear();
        match head.read_event_into(&mut buffer).expect("an event") {
            Event::Eof => break,
            event => events.push(event.into_owned()),
        }
        bytes = head.buffer_position();
    }
    let times = size(path).div_ceil(bytes.max(1));
    let write = best(|| {
        let file = File::create(path.with_extension("bare")).expect("a file");
        let mut out = quick_xml::Writer::new(BufWriter::new(file));
        for _ in 0..times {
            events
                .iter()
                .for_each(|event| out.write_event(event.borrow()).expect("an event"));
        }
        out.into_inner().flush().expect("the end");
    });
    let read = best(|| {
        let mut events = reader(path);
        loop {
            buffer.clear();
            if matches!(
                black_box(events.read_event_into(&mut buffer).expect("an event")),
                Event::Eof
            ) {
                break;
            }
        }
    });
    [write, read]
}
