//! Formats that are read from a file: the first byte says which, the rest is the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use qostil_export::{BitextReader, ReadOptions};

const NAMES: [&str; 7] = [
    "a.parquet",
    "a.xlsx",
    "a.tsv.gz",
    "a.tmx.zst",
    "a.xces",
    "a.vecalign",
    "a.ladder",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(NAMES[usize::from(*first) % NAMES.len()]);
    let text = folder.path().join("text");
    std::fs::write(&path, bytes).expect("a file");
    std::fs::write(&text, "Бір.\nЕкі.\nҮш.\n").expect("a file");
    let options = ReadOptions {
        src: Some(text.clone()),
        tgt: Some(text),
        ..ReadOptions::default()
    };
    if let Ok(reader) = BitextReader::open(&path, &options) {
        for row in reader.take(10_000) {
            let _ = row;
        }
    }
});
