//! `qostil run seeds`: what comes of the five documents that are in the repository.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

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

#[test]
fn the_full_record_tells_where_every_sentence_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = qostil(
        folder.path(),
        &["run", "-q", "-o", "out", &seed_folder().to_string_lossy()],
    );
    assert!(run.status.success(), "{}", text(&run.stderr));
    let split = qostil(&seed_folder(), &["split", "--spans", "--no-header", KK]);
    let known: Vec<String> = text(&split.stdout)
        .lines()
        .map(|line| line.split('\t').take(2).collect::<Vec<_>>().join("-"))
        .collect();
    let record = fs::read_to_string(folder.path().join("out/alignments.jsonl")).expect("a record");
    let (mut told, mut joined) = (Vec::new(), 0);
    for line in record.lines() {
        let bead: Value = serde_json::from_str(line).expect("JSON");
        let count: usize = bead["bead"]
            .as_str()
            .and_then(|bead| bead.split_once('-')?.0.parse().ok())
            .expect("a type");
        let span = |value: &Value| value.as_str().map(str::to_owned);
        let sentences: Vec<String> = match bead.get("kk_sentences") {
            Some(each) => each.as_array().into_iter().flatten().filter_map(span).collect(),
            None => span(&bead["kk_span"]).into_iter().collect(),
        };
        assert_eq!(sentences.len(), count, "{line}");
        joined += usize::from(count > 1);
        told.extend(sentences);
    }
    assert!(joined > 3, "{joined} beads of several Kazakh sentences");
    // Debris is cut before sentences are told apart, so a few of the raw text's are other ones.
    let same = told.iter().filter(|span| known.contains(span)).count();
    assert!(10 * same > 9 * told.len(), "{same} of {}", told.len());
    assert!(told.windows(2).all(|w| start(&w[0]) < start(&w[1])), "{told:?}");
}

/// The first byte of a span.
fn start(span: &str) -> usize {
    let first = span.split('-').next().and_then(|first| first.parse().ok());
    first.expect("a span")
}

const KK: &str = "003_9a5133ad0e34a6fe.txt";
