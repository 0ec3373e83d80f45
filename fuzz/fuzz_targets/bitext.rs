//! Every format that is a stream: the first byte says which, the rest is the file. What was read can be written.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use qostil_export::{BitextReader, BitextWriter, Format, ReadOptions, WriteOptions};

const FORMATS: [Format; 7] = [
    Format::Tsv,
    Format::Csv,
    Format::Jsonl,
    Format::Translation,
    Format::Tmx,
    Format::Sent,
    Format::HunalignText,
];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else {
        return;
    };
    let format = FORMATS[usize::from(*first) % FORMATS.len()];
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    };
    let Ok(reader) = BitextReader::new(Box::new(Cursor::new(bytes.to_vec())), &options) else {
        return;
    };
    let options = WriteOptions {
        format: Some(format),
        extra: reader.extra().to_vec(),
        ..WriteOptions::new(reader.langs())
    };
    let mut writer = BitextWriter::new(std::io::sink(), &options).expect("a stream");
    for row in reader.take(10_000) {
        if let Ok(row) = row {
            writer
                .write(&row.record)
                .expect("a record that was read can be written");
        }
    }
    writer.finish().expect("the end");
});
