//! Formats: megabytes of TSV a second, written and read, with bare loops of `csv` and `quick-xml` over the same data as the
//! limit. The data are the seed documents' lines, paired by number: real text, repeated.
//!
//! usage: cargo bench -p qostil-benches --bench export [-- MEGABYTES]

use std::fs;
use std::hint::black_box;
use std::io::{BufReader, Write};
use std::path::Path;
use std::time::Instant;

use qostil_bitext::{BeadType, Record, Verdict};
use qostil_export::{BitextReader, BitextWriter, ReadOptions, WriteOptions};
use qostil_text::{Lang, Span};

fn records(megabytes: usize) -> Vec<Record> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds");
    let mut files: Vec<_> = fs::read_dir(seeds)
        .expect("seeds")
        .map(|entry| entry.expect("a seed").path())
        .collect();
    files.sort();
    let text = |at: usize| -> Vec<String> {
        let text = fs::read_to_string(&files[at]).expect("a seed");
        let lines = text.split_inclusive(". ").flat_map(str::lines).map(str::trim);
        lines.filter(|line| line.len() > 20).map(str::to_owned).collect()
    };
    let (kk, en) = (text(3), text(4));
    let (mut out, mut bytes, mut at) = (Vec::new(), 0, 0);
    while bytes < megabytes << 20 {
        let record = Record {
            src: kk[at % kk.len()].clone(),
            tgt: en[at % en.len()].clone(),
            confidence: Some(0.9876),
            bead: Some(BeadType { src: 1, tgt: 1 }),
            verdict: Some(Verdict::Agree),
            evidence: "2,6 трлн теңге = 2.6 trillion tenge; Тоқаев = Tokayev".to_owned(),
            src_doc: "kk/news.txt".to_owned(),
            tgt_doc: "en/news.txt".to_owned(),
            src_spans: vec![Span::new(at, at + 200)],
            tgt_spans: vec![Span::new(at, at + 180)],
            ..Record::default()
        };
        bytes += record.src.len() + record.tgt.len() + record.evidence.len() + 70;
        at += 1;
        out.push(record);
    }
    out
}

fn rate(bytes: u64, work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    bytes as f64 / 1e6 / started.elapsed().as_secs_f64()
}

fn main() {
    let megabytes = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(32);
    let records = records(megabytes);
    let folder = tempfile::tempdir().expect("a folder");
    println!(
        "{} records of real sentences; MB/s of the file itself, one thread",
        records.len()
    );
    println!("{:<28} {:>10} {:>10} {:>10}", "format", "MB", "write", "read");
    for name in ["a.tsv", "a.csv", "a.jsonl", "a.tmx", "a.parquet", "a.sent"] {
        let path = folder.path().join(name);
        let write = || {
            let mut writer = BitextWriter::create(&path, &WriteOptions::new((Lang::Kazakh, Lang::English)))
                .expect("a file");
            for record in &records {
                writer.write(record).expect("a record");
            }
            writer.finish().expect("the end");
        };
        let started = Instant::now();
        write();
        let written = started.elapsed().as_secs_f64();
        let size = fs::metadata(&path).expect("a file").len();
        // Of a packed format the text that went in is what counts.
        let bytes = if name == "a.parquet" {
            fs::metadata(folder.path().join("a.tsv")).expect("a file").len()
        } else {
            size
        };
        let read = rate(bytes, || {
            let rows = BitextReader::open(&path, &ReadOptions::default()).expect("a file");
            let count = rows.fold(0, |count, row| count + usize::from(black_box(row).is_ok()));
            assert_eq!(count, records.len());
        });
        let wrote = bytes as f64 / 1e6 / written;
        println!(
            "{name:<28} {:>10.1} {wrote:>10.0} {read:>10.0}",
            size as f64 / 1e6
        );
    }
    limits(folder.path());
}

/// Bare loops over the same files: what the parsers underneath could do if nothing was made of what they find.
fn limits(folder: &Path) {
    let bytes = |name: &str| fs::metadata(folder.join(name)).expect("a file").len();
    let csv_read = rate(bytes("a.csv"), || {
        let file = fs::File::open(folder.join("a.csv")).expect("a file");
        let mut reader = csv::Reader::from_reader(file);
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).expect("a row") {
            black_box(&row);
        }
    });
    let rows: Vec<csv::ByteRecord> = {
        let file = fs::File::open(folder.join("a.csv")).expect("a file");
        csv::Reader::from_reader(file)
            .into_byte_records()
            .map(|row| row.expect("a row"))
            .collect()
    };
    let csv_write = rate(bytes("a.csv"), || {
        let file = fs::File::create(folder.join("bare.csv")).expect("a file");
        let mut writer = csv::Writer::from_writer(file);
        for row in &rows {
            writer.write_byte_record(row).expect("a row");
        }
        writer.flush().expect("the end");
    });
    println!(
        "{:<28} {:>10.1} {csv_write:>10.0} {csv_read:>10.0}",
        "limit: csv, bare",
        bytes("a.csv") as f64 / 1e6
    );
    let xml_read = rate(bytes("a.tmx"), || {
        let file = BufReader::new(fs::File::open(folder.join("a.tmx")).expect("a file"));
        let mut reader = quick_xml::Reader::from_reader(file);
        let mut buffer = Vec::new();
        while !matches!(
            black_box(reader.read_event_into(&mut buffer).expect("an event")),
            quick_xml::events::Event::Eof
        ) {
            buffer.clear();
        }
    });
    let xml_write = rate(bytes("a.tmx"), || {
        let file = BufReader::new(fs::File::open(folder.join("a.tmx")).expect("a file"));
        let mut reader = quick_xml::Reader::from_reader(file);
        let mut out = quick_xml::Writer::new(std::io::BufWriter::new(
            fs::File::create(folder.join("bare.tmx")).expect("a file"),
        ));
        let mut buffer = Vec::new();
        loop {
            match reader.read_event_into(&mut buffer).expect("an event") {
                quick_xml::events::Event::Eof => break,
                event => out.write_event(event).expect("an event"),
            }
            buffer.clear();
        }
        out.into_inner().flush().expect("the end");
    });
    println!(
        "{:<28} {:>10.1} {xml_write:>10.0} {xml_read:>10.0}",
        "limit: quick-xml, bare",
        bytes("a.tmx") as f64 / 1e6
    );
    println!("(the bare quick-xml writer reads and writes at once)");
}
