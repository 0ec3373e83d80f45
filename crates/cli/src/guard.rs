//! No command writes over what it reads.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::ArgMatches;
use qostil_export::{BitextReader, is_same_file};

use crate::exit::Usage;

/// The files that the command reads.
static READ: OnceLock<Vec<PathBuf>> = OnceLock::new();

/// Options whose paths are written; all other paths among the arguments are read.
const WRITTEN: [&str; 3] = ["output", "datacard", "make_noise"];

/// Notes what the command reads, by its arguments.
///
/// # Errors
/// When an argument names one of these files as what is written.
pub(crate) fn watch(matches: &ArgMatches) -> anyhow::Result<()> {
    let (mut read, mut written) = (Vec::new(), Vec::new());
    let mut next = Some(matches);
    while let Some(matches) = next {
        for id in matches.ids() {
            // What is no path is no concern of ours.
            let paths = matches.try_get_many::<PathBuf>(id.as_str()).ok().flatten();
            let all = if WRITTEN.contains(&id.as_str()) {
                &mut written
            } else {
                &mut read
            };
            all.extend(paths.into_iter().flatten().cloned());
        }
        next = matches.subcommand().map(|(_, matches)| matches);
    }
    let read = read.iter().flat_map(|path| match path.to_str() {
        // Under this name the system knows what file it was redirected from.
        Some("-") => vec![PathBuf::from("/dev/stdin")],
        _ => BitextReader::files(path),
    });
    // There is one command in a process.
    let _ = READ.set(read.collect());
    written.iter().try_for_each(|path| refuse_read(path))
}

/// Refuses to write to a file that the command reads, by whatever name.
pub(crate) fn refuse_read(path: &Path) -> anyhow::Result<()> {
    let read = READ.get().map_or(&[][..], Vec::as_slice);
    let Some(read) = read.iter().find(|read| is_same_file(read, path)) else {
        return Ok(());
    };
    let which = if read == path {
        "an input".to_owned()
    } else {
        format!("the input {}", read.display())
    };
    Err(Usage::error(format!(
        "{}: it is {which}, which nothing is written over: write the result elsewhere",
        path.display()
    )))
}
