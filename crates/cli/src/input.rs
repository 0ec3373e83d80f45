//! Texts named on the command line.

use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, anyhow};
use qostil_export::Packing;

/// What an input is called in messages.
pub(crate) fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Most bytes that a packed file is believed to hold.
const MOST_UNPACKED: u64 = 1 << 30;

/// The text of a file, decompressed by its name and decoded as it shows itself to be; of a web page, a word processor file, a book or subtitles, told by the name, the text in them.
/// `-` is standard input. A leading BOM is dropped.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
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
