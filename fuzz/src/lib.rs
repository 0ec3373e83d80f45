//! What all fuzz targets do: read a file of one format to its end, write what was read, and read that again.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use qostil_bitext::Record;
use qostil_export::{BitextReader, BitextWriter, Error, Format, ReadOptions, WriteOptions};

/// Rows that are read of one input.
const MOST_ROWS: usize = 10_000;

/// One folder for the whole run; every input overwrites the files of the last.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    // A panic that is caught is no finding: without the fuzzer's own hook only those end the run that come out of the target.
    drop(std::panic::take_hook());
    tempfile::tempdir().expect("a folder")
});

fn options(format: Option<Format>) -> ReadOptions {
    let text = file("text", "Бір.\nЕкі.\nҮш.\n".as_bytes());
    ReadOptions {
        format,
        src: Some(text.clone()),
        tgt: Some(text),
        ..ReadOptions::default()
    }
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

/// The good rows of a reader; it ends, after whatever error.
fn rows(reader: BitextReader) -> Vec<Record> {
    let rows = reader.take(MOST_ROWS).filter_map(Result::ok);
    rows.map(|row| row.record).collect()
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("one thread").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Reads a stream of a record format. What was read can be written, and as many records come back.
pub fn stream(format: Format, bytes: &[u8]) {
    let read = |bytes: &[u8]| -> Result<BitextReader, Error> {
        BitextReader::new(Box::new(Cursor::new(bytes.to_vec())), &options(Some(format)))
    };
    let Ok(reader) = read(bytes) else { return };
    let write = WriteOptions {
        format: Some(format),
        extra: reader.extra().to_vec(),
        ..WriteOptions::new(reader.langs())
    };
    let records = rows(reader);
    let out = Shared::default();
    let mut writer = BitextWriter::new(out.clone(), &write).expect("a stream");
    for record in &records {
        writer.write(record).expect("a record that was read can be written");
    }
    writer.finish().expect("the end");
    let written = out.0.lock().expect("one thread").clone();
    if !records.is_empty() {
        let back = rows(read(&written).expect("what was written can be read"));
        assert_eq!(back.len(), records.len(), "as many records come back");
    }
}

/// Reads a file whose name tells its format.
pub fn named(name: &str, bytes: &[u8]) {
    open(&file(name, bytes), None);
}

/// Reads the two sides of a Moses pair: the bytes before and after the first zero.
pub fn pair(bytes: &[u8]) {
    let at = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (kk, en) = bytes.split_at(at);
    file("a.kk", kk);
    file("a.en", en.get(1..).unwrap_or_default());
    open(&FOLDER.path().join("a"), Some(Format::Moses));
}

fn open(path: &Path, format: Option<Format>) {
    if let Ok(reader) = BitextReader::open(path, &options(format)) {
        rows(reader);
    }
}
