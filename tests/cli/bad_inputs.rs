//! Bad inputs, each with its outcome: `tests/cases/cli/bad-inputs.tsv`.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::{qostil, seed_folder, text};

const CASES: &str = include_str!("../cases/cli/bad-inputs.tsv");

/// Makes the files of a case: `name=content`, ` ; ` between. `content` is text with `\n`, `\r`, `\t` and `\a`, `hex:…`, `dir`, `link:…`, `zeros:N` (packed),
/// or `zip:entry|content||entry|content`.
fn set_up(folder: &Path, files: &str) {
    for file in files.split(" ; ").filter(|file| !file.is_empty()) {
        let (name, content) = file.split_once('=').expect("name=content");
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        match content.split_once(':') {
            None if content == "dir" => fs::create_dir_all(&path).expect("a folder"),
            Some(("zip", entries)) => fs::write(&path, archive(entries)).expect("a file"),
            Some(("zeros", count)) => fs::write(&path, packed(&zeros(count))).expect("a file"),
            Some(("hex", digits)) => fs::write(&path, bytes(digits)).expect("a file"),
            #[cfg(unix)]
            Some(("link", target)) => std::os::unix::fs::symlink(target, &path).expect("a link"),
            _ => {
                let escapes = [("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\a", "\u{7}")];
                let text = escapes
                    .iter()
                    .fold(content.to_owned(), |text, (from, to)| text.replace(from, to));
                fs::write(&path, text).expect("a file");
            }
        }
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hex digits"))
        .collect()
}

fn zeros(count: &str) -> Vec<u8> {
    vec![b'0'; count.parse().expect("a number")]
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).expect("packing");
    out.finish().expect("packing")
}

fn archive(entries: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for entry in entries.split("||") {
        let (name, content) = entry.split_once('|').expect("entry|content");
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("an entry");
        let content = content
            .strip_prefix("zeros:")
            .map_or_else(|| content.into(), zeros);
        zip.write_all(&content).expect("content");
    }
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn each_ends_as_it_should() {
    let seeds = seed_folder()
        .canonicalize()
        .expect("seeds")
        .to_string_lossy()
        .into_owned();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in CASES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, files, command, exit, says, leaves] = cells[..] else {
            panic!("six cells wanted: {line}")
        };
        cases += 1;
        let folder = tempfile::tempdir().expect("a folder");
        set_up(folder.path(), files);
        let args: Vec<String> = command
            .split(' ')
            .map(|arg| arg.replace("$SEEDS", &seeds))
            .collect();
        let output = qostil(
            folder.path(),
            &args.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let said = text(&output.stderr);
        let mut complain = |what: String| {
            wrong.push(format!(
                "{name}: {what}\n    {}",
                said.trim().replace('\n', "\n    ")
            ));
        };
        if output.status.code() != exit.parse().ok() {
            complain(format!("exit code {:?}, expected {exit}", output.status.code()));
        }
        for part in says.split(" … ").filter(|part| !said.contains(part)) {
            complain(format!("`{part}` is not said"));
        }
        let again = |line: &str| {
            let parts: Vec<&str> = line.split(": ").collect();
            parts.windows(2).any(|pair| pair[0] == pair[1])
        };
        if let Some(line) = said.lines().find(|line| again(line)) {
            complain(format!("`{line}` says a thing twice"));
        }
        if said.contains("panicked") {
            complain("it panicked".to_owned());
        }
        for (path, wanted) in leaves
            .split(' ')
            .filter(|p| !p.is_empty())
            .map(|p| p.strip_prefix('!').map_or((p, true), |p| (p, false)))
        {
            if folder.path().join(path).exists() != wanted {
                complain(format!(
                    "{path} should {}be there",
                    if wanted { "" } else { "not " }
                ));
            }
        }
        let half = walk(folder.path())
            .into_iter()
            .find(|path| path.contains(".qostil-"));
        if let Some(half) = half {
            complain(format!("{half} is left behind"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cases >= 40, "{cases} cases");
}

fn walk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(walk(&path));
        }
        found.push(path.to_string_lossy().into_owned());
    }
    found
}
