//! The command line as others see it: exit codes, messages, files.

mod again;
mod align;
mod bad_inputs;
mod check;
mod convert;
mod eval;
mod figures;
mod kills;
mod lexicon;
mod report;
mod score;
mod seeds;
mod split;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs `qostil` in `folder`.
fn qostil(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("qostil starts")
}

fn seed_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

#[test]
fn completions_are_printed() {
    let output = qostil(Path::new("."), &["completions", "bash"]);
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("_qostil()"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(["run", "--json", "-q", "-o", "out"])
        .arg(&seeds)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("qostil starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("qostil ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn messages_that_nobody_takes_stop_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.tsv"), "kk\ten\nекі адам\tthree people\n").expect("a file");
    let seeds = seed_folder();
    for (args, code) in [
        (&["check", "a.tsv"][..], 0),
        (&["check", "--json", "--fail-on", "contradict", "a.tsv"], 1),
        (&["score", "a.tsv"], 0),
        (&["convert", "a.tsv", "a.tmx"], 0),
        (&["run", "-v", "-o", "out", &seeds.to_string_lossy()], 0),
        (&["check", "missing.tsv"], 3),
        (&["check", "--no-such-option"], 2),
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let done = Command::new(env!("CARGO_BIN_EXE_qostil"))
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(writer)
            .status()
            .expect("qostil starts");
        assert_eq!(done.code(), Some(code), "{args:?}");
    }
}

#[test]
fn quiet_is_quiet() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    let output = qostil(
        folder.path(),
        &["run", "-q", "-o", "out", &seeds.to_string_lossy()],
    );
    assert_eq!(
        (output.status.code(), output.stdout.len(), output.stderr.len()),
        (Some(0), 0, 0)
    );
}

/// A file that standard output was redirected to was replaced, with all that others had written there.
#[cfg(unix)]
#[test]
fn what_others_write_stays_when_the_output_is_dev_stdout() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.tsv"), "kk\ten\nекі адам\ttwo people\n").expect("a file");
    let path = folder.path().join("all");
    let mut all = std::fs::File::create(&path).expect("a file");
    all.write_all(b"BEGIN\n").expect("written");
    let done = Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(["check", "a.tsv", "-q", "-o", "/dev/stdout"])
        .current_dir(folder.path())
        .stdout(all.try_clone().expect("a file"))
        .status()
        .expect("qostil starts");
    all.write_all(b"END\n").expect("written");
    assert_eq!(done.code(), Some(0));
    assert_eq!(
        std::fs::read_to_string(path).expect("a file"),
        "BEGIN\nkk\ten\tverdict\treason\nекі адам\ttwo people\tagree\tекі = two\nEND\n"
    );
}
