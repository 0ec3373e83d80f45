//! Which documents an input names: a file, a folder, later a manifest.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use qostil_export::Packing;

/// A document before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it will be known by: its path relative to the input that named it, with `/` between parts.
    pub id: String,
    /// Its file.
    pub path: PathBuf,
}

/// An input that could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct SourceError {
    /// The file or folder.
    pub path: PathBuf,
    /// What went wrong.
    pub cause: io::Error,
}

/// The documents that `inputs` name, and what of them cannot be used.
///
/// A file is a document whatever its name. A folder is walked in name order with its subfolders; hidden files, `README*`
/// and files of formats that hold no text are no documents; a link is followed once. A document named twice counts once.
/// An id that two inputs share gets the input's own name in front.
pub fn sources(inputs: &[PathBuf]) -> (Vec<Source>, Vec<SourceError>) {
    let mut walk = Walk::default();
    for input in inputs {
        walk.input(input);
    }
    walk.tell_apart(inputs);
    (
        walk.found.into_iter().map(|(_, source)| source).collect(),
        walk.failed,
    )
}

#[derive(Default)]
struct Walk {
    /// Documents with the number of the input that named them.
    found: Vec<(usize, Source)>,
    failed: Vec<SourceError>,
    /// Real paths of files taken and folders entered: a link into a folder above ends here.
    seen: BTreeSet<PathBuf>,
    inputs: usize,
}

impl Walk {
    fn input(&mut self, input: &Path) {
        match fs::metadata(input) {
            Ok(found) if found.is_dir() => self.folder(input, ""),
            Ok(_) => {
                let id = input.file_name().map_or_else(
                    || input.display().to_string(),
                    |n| n.to_string_lossy().into_owned(),
                );
                self.file(input, id);
            }
            Err(cause) => self.failed.push(SourceError {
                path: input.to_owned(),
                cause,
            }),
        }
        self.inputs += 1;
    }

    fn folder(&mut self, folder: &Path, prefix: &str) {
        let entries = fs::canonicalize(folder).and_then(|real| {
            if self.seen.insert(real) {
                fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()
            } else {
                Ok(Vec::new())
            }
        });
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(cause) => {
                return self.failed.push(SourceError {
                    path: folder.to_owned(),
                    cause,
                });
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            if name.starts_with('.') {
                continue;
            }
            match fs::metadata(&path) {
                Ok(found) if found.is_dir() => self.folder(&path, &format!("{prefix}{name}/")),
                Ok(found) if found.is_file() && is_document(&path) => {
                    self.file(&path, format!("{prefix}{name}"));
                }
                Ok(_) => {}
                Err(cause) => self.failed.push(SourceError { path, cause }),
            }
        }
    }

    fn file(&mut self, path: &Path, id: String) {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if self.seen.insert(real) {
            self.found.push((
                self.inputs,
                Source {
                    id,
                    path: path.to_owned(),
                },
            ));
        }
    }

    fn tell_apart(&mut self, inputs: &[PathBuf]) {
        let mut ids: Vec<&str> = self.found.iter().map(|(_, s)| s.id.as_str()).collect();
        ids.sort_unstable();
        let shared: BTreeSet<String> = ids
            .windows(2)
            .filter(|w| w[0] == w[1])
            .map(|w| w[0].to_owned())
            .collect();
        for (input, source) in &mut self.found {
            if shared.contains(&source.id) {
                let root = inputs
                    .get(*input)
                    .map(|p| p.display().to_string())
                    .unwrap_or_default();
                source.id = if Path::new(&root).is_dir() {
                    format!("{}/{}", root.trim_end_matches('/'), source.id)
                } else {
                    root
                };
            }
        }
    }
}

/// Whether a file met in a folder is taken for a document.
fn is_document(path: &Path) -> bool {
    let plain = Packing::strip(path);
    let name = plain
        .file_name()
        .map(|n| n.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let extension = plain.extension().map(|e| e.to_string_lossy().to_lowercase());
    !name.starts_with("readme") && matches!(extension.as_deref(), None | Some("txt" | "text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_is_walked_in_name_order() {
        let folder = tree(&[
            "b.txt",
            "a/z.txt",
            "a/c.txt.gz",
            "README.md",
            "readme.txt",
            ".hidden.txt",
            ".git/x.txt",
            "p.jpg",
        ]);
        let (found, failed) = sources(&[folder.path().to_owned()]);
        let ids: Vec<_> = found.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["a/c.txt.gz", "a/z.txt", "b.txt"]);
        assert!(failed.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_back_end() {
        let folder = tree(&["a/x.txt"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/up")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("a/dead.txt")).unwrap();
        let (found, failed) = sources(&[folder.path().to_owned()]);
        assert_eq!(
            found.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(),
            ["a/x.txt"]
        );
        assert_eq!(failed.len(), 1);
    }

    #[test]
    fn the_same_name_under_two_inputs_is_told_apart() {
        let (one, two) = (tree(&["x.txt", "y.txt"]), tree(&["x.txt"]));
        let inputs = [
            one.path().to_owned(),
            two.path().to_owned(),
            one.path().join("x.txt"),
            one.path().join("gone"),
        ];
        let (found, failed) = sources(&inputs);
        let ids: Vec<_> = found.iter().map(|s| s.id.clone()).collect();
        let under = |folder: &tempfile::TempDir| format!("{}/x.txt", folder.path().display());
        assert_eq!(ids, [under(&one), "y.txt".into(), under(&two)]);
        assert_eq!(failed.len(), 1);
    }
}
