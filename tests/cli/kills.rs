//! A run that is killed at any instant goes on where it was and ends with the same bytes.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use qostil_tests::{Collection, Random, Recipe};

use crate::{qostil, text};

const KILLS: usize = 12;
const OUTPUTS: [&str; 5] = [
    "bitext.tsv",
    "unaligned.tsv",
    "left-out.tsv",
    "alignments.jsonl",
    "summary.json",
];

fn outputs(folder: &Path) -> Vec<Vec<u8>> {
    OUTPUTS
        .iter()
        .map(|name| fs::read(folder.join(name)).expect(name))
        .collect()
}

/// Half of the documents as files, half as lines of JSON, and sentence pairs besides.
fn write_mixed(collection: &Collection, input: &Path) {
    let (files, lines) = collection.documents.split_at(collection.documents.len() / 2);
    for document in files {
        fs::write(input.join(&document.name), &document.text).expect("a document");
    }
    let lines: String = lines
        .iter()
        .map(|document| serde_json::json!({"id": document.name, "text": document.text}).to_string() + "\n")
        .collect();
    fs::write(input.join("rest.jsonl"), lines).expect("documents");
    let rows: String = (0..6000)
        .map(|row| format!("Облыста {row} мектеп бар.\tThe region has {row} schools.\n"))
        .collect();
    fs::write(input.join("ready.tsv"), format!("kk\ten\n{rows}")).expect("sentence pairs");
}

/// Waits until a file is there, or the program has ended.
fn wait_for(file: &Path, child: &mut Child) {
    while !file.exists() && matches!(child.try_wait(), Ok(None)) {
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_killed_run_ends_with_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in");
    fs::create_dir(&input).expect("a folder");
    let recipe = Recipe {
        pairs: 220,
        same_event: 10,
        alone: 10,
        sentences: 14,
        facts: 1,
        dropped: 8,
        seed: 7,
    };
    write_mixed(&Collection::new(recipe), &input);
    let clean = qostil(folder.path(), &["run", "-q", "in", "-o", "clean"]);
    assert!(clean.status.success(), "{}", text(&clean.stderr));

    let mut random = Random::new(11);
    let mut killed = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(env!("CARGO_BIN_EXE_qostil"))
            .args(["run", "-q", "in", "-o", "killed"])
            .current_dir(folder.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("qostil starts");
        match kill {
            // In the pass that learns, and right after it.
            0 => wait_for(&folder.path().join("killed/.qostil/read"), &mut child),
            1 => wait_for(&folder.path().join("killed/lexicon.tsv"), &mut child),
            _ => thread::sleep(Duration::from_millis(20 + random.below(300 + kill * 60) as u64)),
        }
        child.kill().expect("a kill");
        killed += usize::from(!child.wait().expect("an end").success());
    }
    assert!(killed > 0, "no run was killed before its end");
    let last = qostil(folder.path(), &["run", "-q", "in", "-o", "killed"]);
    assert!(last.status.success(), "{}", text(&last.stderr));
    let (clean, killed) = (
        outputs(&folder.path().join("clean")),
        outputs(&folder.path().join("killed")),
    );
    for ((name, clean), killed) in OUTPUTS.iter().zip(&clean).zip(&killed) {
        assert!(clean == killed, "{name} differs after kills");
    }
    let lexicon = |out: &str| fs::read(folder.path().join(out).join("lexicon.tsv")).expect("a lexicon");
    assert!(lexicon("clean") == lexicon("killed"));
    let left: Vec<_> = fs::read_dir(folder.path().join("killed"))
        .expect("the output")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".qostil-"))
        .collect();
    assert!(left.is_empty(), "{left:?} is left behind");
    let kept = |out: &str| {
        let entries = fs::read_dir(folder.path().join(out).join("documents")).expect("kept texts");
        let mut kept: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .map(|path| {
                (
                    path.file_name().map(ToOwned::to_owned),
                    fs::read(&path).expect("a text"),
                )
            })
            .collect();
        kept.sort();
        kept
    };
    assert!(
        kept("clean").len() > 200 && kept("clean") == kept("killed"),
        "kept texts differ"
    );
}

#[test]
fn documents_that_are_added_are_done_and_nothing_else_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("in");
    fs::create_dir(&input).expect("a folder");
    let recipe = Recipe {
        pairs: 12,
        same_event: 0,
        alone: 0,
        sentences: 10,
        facts: 1,
        dropped: 5,
        seed: 3,
    };
    let collection = Collection::new(recipe);
    let (first, later) = collection.documents.split_at(16);
    let write = |documents: &[qostil_tests::Document]| {
        for document in documents {
            fs::write(input.join(&document.name), &document.text).expect("a document");
        }
    };
    let run = |out: &str| {
        assert!(
            qostil(folder.path(), &["run", "-q", "in", "-o", out])
                .status
                .success()
        );
    };
    write(first);
    run("grown");
    let before = fs::metadata(folder.path().join("grown/bitext.tsv"))
        .and_then(|m| m.modified())
        .expect("a time");
    run("grown");
    let after = fs::metadata(folder.path().join("grown/bitext.tsv"))
        .and_then(|m| m.modified())
        .expect("a time");
    assert_eq!(before, after, "nothing changed, yet the output was written again");
    write(later);
    run("grown");
    run("fresh");
    assert!(outputs(&folder.path().join("grown")) == outputs(&folder.path().join("fresh")));
}
