//! Texts named on the command line.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

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
        qostil_export::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .with_context(|| format!("cannot read {}", path.display()))?;
    }
    let limit = qostil_corpus::ReadingSettings::default().limit;
    let (text, _) = qostil_corpus::text_of(path, bytes, limit)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text)
}
