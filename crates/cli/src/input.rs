//! Texts named on the command line.

use std::io::{self, BufRead, ErrorKind};
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
    let reader = open_input(path)
        .map_err(Error::from)
        .and_then(|input| BitextReader::new(input.reader, options));
    let reader = reader.map_err(|error| error.in_file(Path::new(STANDARD_INPUT)));
    Ok(reader?.called(STANDARD_INPUT))
}

/// An input as a stream.
pub(crate) struct Input {
    pub(crate) reader: Box<dyn BufRead + Send>,
    is_packed: bool,
}

/// A file; `-` is standard input. Both are decompressed where their first bytes say that they are packed.
pub(crate) fn open_input(path: &Path) -> io::Result<Input> {
    let (packing, reader) = if path.as_os_str() == "-" {
        qostil_export::open_stream(io::stdin())?
    } else {
        qostil_export::open_packed(path)?
    };
    Ok(Input {
        reader,
        is_packed: packing != Packing::Plain,
    })
}

/// Most bytes that a packed file is believed to hold.
const MOST_UNPACKED: u64 = 1 << 30;

impl Input {
    /// All that is left of it, of what is packed no more than anybody would pack.
    pub(crate) fn read_all(self) -> anyhow::Result<Vec<u8>> {
        let most = if self.is_packed { MOST_UNPACKED } else { u64::MAX };
        qostil_export::all_of(self.reader, most).map_err(|error| match error.kind() {
            ErrorKind::FileTooLarge => anyhow!("it holds more than 1 GiB: unpack it first if that is right"),
            _ => error.into(),
        })
    }
}

/// The text of a file, decompressed and decoded as it shows itself to be; of a web page, a word processor file, a book or subtitles, told by the name, the text in them.
/// `-` is standard input. A leading BOM is dropped.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let limit = qostil_corpus::ReadingSettings::default().limit;
    let text = || {
        let bytes = open_input(path)?.read_all()?;
        Ok::<_, anyhow::Error>(qostil_corpus::text_of(path, bytes, limit)?.0)
    };
    text().with_context(|| format!("cannot read {}", name_of(path)))
}
