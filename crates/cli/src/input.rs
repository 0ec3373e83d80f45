//! Texts named on the command line.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, anyhow};
use qostil_export::{BitextReader, Error, Packing, ReadOptions};

/// What an input is called in messages.
pub(crate) fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" {
        STANDARD_INPUT.to_owned()
    } else {
        path.display().to_string()
    }
}

const STANDARD_INPUT: &str = "standard input";

/// The bitext of a file; `-` is standard input.
pub(crate) fn open_bitext(path: &Path, options: &ReadOptions) -> Result<BitextReader, Error> {
    if path.as_os_str() != "-" {
        return BitextReader::open(path, options);
    }
    let reader = BitextReader::new(Box::new(BufReader::new(io::stdin())), options);
    let reader = reader.map_err(|error| error.in_file(Path::new(STANDARD_INPUT)));
    Ok(reader?.called(STANDARD_INPUT))
}

/// The lines of a file, decompressed by its name; `-` is standard input.
pub(crate) fn open_lines(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    qostil_export::open(path)
}

/// Most bytes that a packed file is believed to hold.
const MOST_UNPACKED: u64 = 1 << 30;

/// The text of a file, decompressed by its name and decoded as it shows itself to be; of a web page, a word processor file, a book or subtitles, told by the name, the text in them.
/// `-` is standard input. A leading BOM is dropped.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
    } else {
        let is_packed = Packing::of(path) != Packing::Plain;
        let most = if is_packed { MOST_UNPACKED } else { u64::MAX };
        bytes = qostil_export::read_limited(path, most)
            .map_err(|error| match error.kind() {
                ErrorKind::FileTooLarge => {
                    anyhow!("it holds more than 1 GiB: unpack it first if that is right")
                }
                _ => error.into(),
            })
            .with_context(|| format!("cannot read {}", path.display()))?;
    }
    let limit = qostil_corpus::ReadingSettings::default().limit;
    let (text, _) = qostil_corpus::text_of(path, bytes, limit)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text)
}
