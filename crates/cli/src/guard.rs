//! No command writes over what it reads.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use clap::ArgMatches;
use qostil_corpus::{JOURNAL, OUTPUTS};
use qostil_export::{BitextReader, is_same_file};

use crate::exit::Usage;

/// The files and folders that the command reads.
static READ: Mutex<Vec<Read>> = Mutex::new(Vec::new());

fn all_read() -> MutexGuard<'static, Vec<Read>> {
    READ.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file or folder that is read.
struct Read {
    path: PathBuf,
    /// The argument that names it.
    argument: String,
    /// Whether a folder is walked, and not looked into for files of certain names.
    is_walked: bool,
}

impl Read {
    /// Whether a file is this one, or lies in this folder and may be read there.
    fn holds(&self, file: &Path) -> bool {
        if !self.path.is_dir() {
            return is_same_file(&self.path, file);
        }
        let (Ok(folder), Ok(real)) = (self.path.canonicalize(), file.canonicalize()) else {
            return false;
        };
        let Ok(inside) = real.strip_prefix(&folder) else {
            return false;
        };
        // Who does not walk them reads of a run's folders only what the run wrote.
        let is_of_run = || OUTPUTS.iter().any(|name| inside.starts_with(name));
        real.is_file() && (self.is_walked || !folder.join(JOURNAL).is_dir() || is_of_run())
    }
}

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
            let paths = paths.into_iter().flatten().cloned();
            if WRITTEN.contains(&id.as_str()) {
                written.extend(paths);
            } else {
                read.extend(paths.map(|path| (id.as_str().to_owned(), path)));
            }
        }
        next = matches.subcommand().map(|(_, matches)| matches);
    }
    let command = matches.subcommand_name();
    let read = read.into_iter().flat_map(|(argument, path)| {
        let paths = match path.to_str() {
            // Under this name the system knows what file it was redirected from.
            Some("-") => vec![PathBuf::from("/dev/stdin")],
            _ => BitextReader::files(&path),
        };
        paths.into_iter().map(move |path| Read {
            path,
            argument: argument.clone(),
            is_walked: command == Some("pair"),
        })
    });
    // A run knows its own files in the folders that it walks.
    let read = read.filter(|read| command != Some("run") || !read.path.is_dir());
    all_read().extend(read);
    written.iter().try_for_each(|path| refuse_read(path))
}

/// Notes files that are read though no argument names them.
pub(crate) fn also_read<'a>(paths: impl Iterator<Item = &'a PathBuf>) {
    all_read().extend(paths.map(|path| Read {
        path: path.clone(),
        argument: String::new(),
        is_walked: false,
    }));
}

/// Refuses to write to a file that the command reads, by whatever name.
pub(crate) fn refuse_read(path: &Path) -> anyhow::Result<()> {
    let read = all_read();
    let Some(read) = read.iter().find(|read| read.holds(path)) else {
        return Ok(());
    };
    let which = if read.argument == "config" {
        format!("what --config names ({})", read.path.display())
    } else if read.path.is_dir() {
        format!("in the input {}", read.path.display())
    } else if read.path == path {
        "an input".to_owned()
    } else {
        format!("the input {}", read.path.display())
    };
    let advice = if read.argument == "config" {
        "copy it elsewhere first, and give the copy to --config"
    } else {
        "write the result elsewhere"
    };
    Err(Usage::error(format!(
        "{}: it is {which}, which nothing is written over: {advice}",
        path.display()
    )))
}

/// Whether two paths name one file, which need not be there yet.
pub(crate) fn is_same_place(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    is_same_file(a, b) || place(a).is_some_and(|of_a| place(b) == Some(of_a))
}
