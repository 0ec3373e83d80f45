//! Texts named on the command line.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

/// The text of a file, decompressed by its name; `-` is standard input. A leading BOM is dropped.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
    } else {
        qostil_export::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {}", path.display()))?;
    }
    let mut text =
        String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}
