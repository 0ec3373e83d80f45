//! `qostil run seeds`: what comes of the five documents that are in the repository.

use std::fmt::Write;
use std::fs;

use crate::{qostil, seed_folder, text};

/// The alignment, one bead a line, as `kk span = en span`, with verdict and the head of both texts. Confidence is left
/// out: it moves with every refit of the parameters.
fn outline(tsv: &str) -> String {
    let mut out = String::new();
    for row in tsv.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let head = |text: &str| text.chars().take(24).collect::<String>();
        let _ = writeln!(
            out,
            "{} {} {} = {}: {} = {}",
            cells[3],
            cells[4],
            cells[8],
            cells[9],
            head(cells[0]),
            head(cells[1])
        );
    }
    out
}

#[test]
fn the_seed_run_is_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = qostil(
        folder.path(),
        &["run", "-o", "out", &seed_folder().to_string_lossy()],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect(name);
    let cleaned: String = read("left-out.tsv")
        .lines()
        .filter(|line| line.starts_with("clean\t"))
        .map(|l| format!("{l}\n"))
        .collect();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("seeds-bitext", outline(&read("bitext.tsv")));
        insta::assert_snapshot!("seeds-unaligned", outline(&read("unaligned.tsv")));
        insta::assert_snapshot!("seeds-cleaned", cleaned);
    });
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    for out in ["one", "two"] {
        assert!(
            qostil(folder.path(), &["run", "-q", "-o", out, &seeds.to_string_lossy()])
                .status
                .success()
        );
    }
    for name in [
        "bitext.tsv",
        "unaligned.tsv",
        "left-out.tsv",
        "alignments.jsonl",
        "summary.json",
    ] {
        let read = |out: &str| fs::read(folder.path().join(out).join(name)).expect(name);
        assert!(read("one") == read("two"), "{name} differs");
    }
}
