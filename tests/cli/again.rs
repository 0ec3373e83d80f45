//! Runs into a folder that holds an earlier run: nothing is done twice, and nothing that has changed is missed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use qostil_tests::{Collection, Document, Recipe};

use crate::{ended, qostil, text};

/// Pairs with sentences enough to learn from.
const ENOUGH: Recipe = Recipe {
    pairs: 40,
    same_event: 2,
    alone: 2,
    sentences: 14,
    facts: 1,
    dropped: 5,
    seed: 23,
};
/// Too few.
const FEW: Recipe = Recipe { pairs: 8, ..ENOUGH };

/// A folder with documents that look as if they had been there for an hour.
fn folder(documents: &[Document]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("in")).expect("a folder");
    add(folder.path(), documents);
    folder
}

fn add(folder: &Path, documents: &[Document]) {
    for document in documents {
        let path = folder.join("in").join(&document.name);
        fs::write(&path, &document.text).expect("a document");
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let file = File::options().write(true).open(&path).expect("a document");
        file.set_modified(hour_ago).expect("a time");
    }
}

fn run(folder: &Path, out: &str, more: &[&str]) -> String {
    let output = qostil(folder, &[&["run", "in", "-o", out], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr)
}

/// Every published file with its content.
fn results(out: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::read_dir(out)
        .expect("results")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && !path.ends_with("timings.json"))
        .map(|path| {
            (
                path.file_name().expect("a name").into(),
                fs::read(&path).expect("a file"),
            )
        })
        .collect()
}

fn times(out: &Path) -> Vec<SystemTime> {
    let entries = fs::read_dir(out).expect("results").flatten();
    let mut times: Vec<_> = entries
        .map(|entry| entry.metadata().and_then(|m| m.modified()).expect("a time"))
        .collect();
    times.sort();
    times
}

/// Megabytes that the last run read, and that it aligned.
fn work(out: &Path) -> (f64, f64) {
    let timings: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("timings.json")).expect("timings")).expect("JSON");
    // Where nothing is compared there is no such stage.
    let of = |stage: &str| timings["stages"][stage]["megabytes"].as_f64().unwrap_or(0.0);
    (of("reading"), of("comparing") + of("aligning"))
}

#[test]
fn with_nothing_changed_nothing_is_done() {
    let folder = folder(&Collection::new(ENOUGH).documents);
    let out = folder.path().join("out");
    run(folder.path(), "out", &[]);
    let before = times(&out);
    let said = run(folder.path(), "out", &[]);
    assert!(said.contains("nothing has changed"), "{said}");
    assert_eq!(before, times(&out));
    // Output that was damaged is made again.
    let whole = fs::read(out.join("bitext.tsv")).expect("bitext");
    fs::write(out.join("bitext.tsv"), &whole[..whole.len() / 2]).expect("damage");
    run(folder.path(), "out", &[]);
    assert!(fs::read(out.join("bitext.tsv")).expect("bitext") == whole);
    assert!(work(&out).0 < 1e-4, "documents were read again");
}

/// Only lengths were looked at.
#[test]
fn what_was_edited_to_the_same_length_is_made_again() {
    let folder = folder(&Collection::new(FEW).documents);
    let out = folder.path().join("out");
    run(folder.path(), "out", &[]);
    let whole = results(&out);
    let bitext = out.join("bitext.tsv");
    let mut edited = fs::read(&bitext).expect("bitext");
    edited.reverse();
    fs::write(&bitext, edited).expect("an edit");
    let said = run(folder.path(), "out", &[]);
    assert!(!said.contains("nothing has changed"), "{said}");
    assert!(results(&out) == whole);
    let said = run(folder.path(), "out", &[]);
    assert!(said.contains("nothing has changed"), "{said}");
}

#[test]
fn what_was_deleted_is_put_back() {
    let mut documents = Collection::new(ENOUGH).documents;
    for document in &mut documents {
        document
            .text
            .push_str("Материалды көшіріп басқанда сілтеме міндетті.\n");
    }
    let page = "<html><body><p>Бұл беттің жұбы жоқ. Оны ешкім аудармаған.</p></body></html>";
    documents.push(Document {
        name: "page.html".to_owned(),
        lang: "kk",
        text: page.to_owned(),
    });
    let folder = folder(&documents);
    let out = folder.path().join("out");
    run(folder.path(), "out", &[]);
    let whole = results(&out);
    assert!(whole.len() >= 8, "{:?}", whole.keys());
    let kept = out.join("documents/page.html.txt");
    let files = whole.keys().map(|name| out.join(name)).chain([kept.clone()]);
    for file in files {
        fs::remove_file(&file).expect("a file to remove");
        let said = run(folder.path(), "out", &[]);
        assert!(
            file.exists() && results(&out) == whole,
            "{}: {said}",
            file.display()
        );
    }
    for name in whole.keys() {
        fs::remove_file(out.join(name)).expect("a file to remove");
    }
    fs::remove_dir_all(out.join("documents")).expect("a folder to remove");
    run(folder.path(), "out", &[]);
    assert!(kept.exists() && results(&out) == whole);
    // What took how long is no result, and is not measured again.
    let timings = out.join("timings.json");
    let before = fs::read(&timings).expect("timings");
    fs::remove_file(&timings).expect("a file to remove");
    run(folder.path(), "out", &[]);
    assert!(fs::read(&timings).expect("timings") == before);
}

#[test]
fn what_was_learnt_from_other_documents_is_told() {
    let folder = folder(&Collection::new(ENOUGH).documents);
    let hint = "--relearn learns anew";
    let said = run(folder.path(), "out", &[]);
    assert!(!said.contains(hint), "{said}");
    for document in fs::read_dir(folder.path().join("in"))
        .expect("documents")
        .flatten()
    {
        fs::remove_file(document.path()).expect("a document to remove");
    }
    add(
        folder.path(),
        &Collection::new(Recipe { seed: 24, ..ENOUGH }).documents,
    );
    let said = run(folder.path(), "out", &[]);
    assert!(
        said.contains("learnt from other documents") && said.contains(hint),
        "{said}"
    );
    let said = run(folder.path(), "out", &[]);
    assert!(!said.contains(hint), "{said}");
    let said = run(folder.path(), "out", &["--relearn"]);
    assert!(!said.contains(hint), "{said}");
}

#[test]
fn a_table_without_rows_does_not_flood_the_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "Бір ғана баған.\n".repeat(500);
    fs::write(folder.path().join("a.tsv"), format!("kk\ten\nИә.\tYes.\n{rows}")).expect("a table");
    let output = qostil(folder.path(), &["run", "a.tsv", "-o", "out"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("a.tsv, line").count(), 20, "{said}");
    assert!(
        said.contains("a.tsv: further rows that cannot be used are not told one by one")
            && said.contains("all in left-out.tsv"),
        "{said}"
    );
    let left_out = fs::read_to_string(folder.path().join("out/left-out.tsv")).expect("rows");
    assert_eq!(left_out.lines().count(), 501);
    // It was named where nothing was written.
    fs::write(folder.path().join("none.tsv"), format!("kk\ten\n{rows}")).expect("a table");
    fs::write(
        folder.path().join("paths.tsv"),
        format!("path\n{}", "gone.txt\n".repeat(50)),
    )
    .expect("a table");
    for args in [
        "run none.tsv -o none",
        "run a.tsv -o none --fail-fast",
        "pair paths.tsv",
        "pair paths.tsv -o pairs.tsv",
    ] {
        let (code, said) = ended(folder.path(), args);
        assert_eq!(code, Some(3), "{args}: {said}");
        assert!(!said.contains("left-out"), "{args}: {said}");
    }
}

/// It said so again after every input between its rows that failed, and told twenty rows more.
#[test]
fn a_table_is_told_once_to_have_further_rows_whatever_else_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let gone = |from: usize, to: usize| (from..to).map(|n| format!("gone{n}.txt\n")).collect::<String>();
    fs::write(folder.path().join("b.txt"), b"\x7fELF\x02\x01\x01\x00\x00\x00").expect("a file");
    let rows = format!("path\n{}b.txt\n{}", gone(0, 60), gone(60, 200));
    fs::write(folder.path().join("m.tsv"), rows).expect("a table");
    let (code, said) = ended(folder.path(), "pair m.tsv");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("b.txt: it is not a text file"), "{said}");
    assert_eq!(
        said.matches("further rows that cannot be used").count(),
        1,
        "{said}"
    );
    assert_eq!(said.matches("warning: m.tsv, line").count(), 20, "{said}");
}

#[test]
fn sections_that_moved_are_in_the_summary() {
    let case = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/cases/align")
            .join(name);
        fs::read_to_string(path).expect("a case")
    };
    let ru = case("akim-2022.ru.txt");
    let lines: Vec<&str> = ru.lines().collect();
    let turned = [&lines[6..], &lines[..6]].concat().join("\n");
    let document = |name: &str, lang, text| Document {
        name: name.to_owned(),
        lang,
        text,
    };
    let folder = folder(&[
        document("kk.txt", "kk", case("akim-2022.kk.txt")),
        document("ru.txt", "ru", turned),
    ]);
    let said = run(folder.path(), "out", &["--pair", "kk-ru"]);
    assert!(
        said.contains("  moved: sentences ") && said.contains("moved: 1 section that changed places"),
        "{said}"
    );
    let summary = fs::read(folder.path().join("out/summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_slice(&summary).expect("JSON");
    assert_eq!(
        (&summary["total"]["moved"], &summary["pairs"][0]["moved"]),
        (&1.into(), &1.into())
    );
    let section = &summary["pairs"][0]["sections"][0];
    assert_eq!(section["src"][0], 0, "{section}");
    assert!(section["pairs"].as_u64() >= Some(3), "{section}");
}

#[test]
fn documents_that_are_added_changed_and_removed_are_noticed() {
    let collection = Collection::new(FEW);
    let (first, later) = collection.documents.split_at(13);
    let folder = folder(first);
    let out = folder.path().join("out");
    run(folder.path(), "out", &[]);
    let all = work(&out);
    add(folder.path(), later);
    let mut changed = first[0].clone();
    changed.text.push_str("Тағы бір сөйлем осында қосылды.\n");
    add(folder.path(), &[changed]);
    fs::remove_file(folder.path().join("in").join(&first[1].name)).expect("a document to remove");
    run(folder.path(), "out", &[]);
    run(folder.path(), "fresh", &[]);
    assert!(results(&out) == results(&folder.path().join("fresh")));
    add(
        folder.path(),
        &[Document {
            name: "one-more.txt".to_owned(),
            lang: "kk",
            text: "Бұл құжаттың жұбы жоқ. Оны ешкім аудармаған.\n".to_owned(),
        }],
    );
    run(folder.path(), "out", &[]);
    let one = work(&out);
    assert!(one.0 < all.0 / 5.0 && one.1 < 1e-4, "{one:?} of {all:?}");
}

#[test]
fn what_was_learnt_is_frozen_until_it_is_learnt_again() {
    let collection = Collection::new(ENOUGH);
    let (first, later) = collection.documents.split_at(70);
    let folder = folder(first);
    let out = folder.path().join("out");
    run(folder.path(), "out", &[]);
    let lexicon = fs::read_to_string(out.join("lexicon.tsv")).expect("a lexicon");
    assert!(lexicon.lines().count() > 10);
    add(folder.path(), later);
    run(folder.path(), "out", &[]);
    assert!(fs::read_to_string(out.join("lexicon.tsv")).expect("a lexicon") == lexicon);
    run(folder.path(), "out", &["--relearn"]);
    run(folder.path(), "fresh", &[]);
    assert!(results(&out) == results(&folder.path().join("fresh")));
    run(folder.path(), "unlearnt", &["--no-learn"]);
    assert!(!folder.path().join("unlearnt/lexicon.tsv").exists());
    // Once it had not learnt, it never did: nothing had changed.
    run(folder.path(), "unlearnt", &[]);
    assert!(results(&folder.path().join("unlearnt")) == results(&out));

    let edited = "қала\tcity\n";
    fs::write(out.join("lexicon.tsv"), edited).expect("a change");
    // Where nothing was to be learnt, or something else, the edited file went without a word.
    for more in [&[][..], &["--no-learn"], &["--no-seed-lexicon"]] {
        let output = qostil(folder.path(), &[&["run", "in", "-o", "out"], more].concat());
        assert_eq!(output.status.code(), Some(3), "{more:?}");
        assert!(
            text(&output.stderr).contains("--relearn"),
            "{}",
            text(&output.stderr)
        );
        let kept = fs::read_to_string(out.join("lexicon.tsv")).expect("a lexicon");
        assert_eq!(kept, edited, "{more:?}");
    }
}

#[test]
fn lines_that_documents_share_are_cut_out_and_named() {
    let mut documents = Collection::new(ENOUGH).documents;
    for document in &mut documents {
        let (top, foot) = match document.lang {
            "kk" => (
                "Өңір тынысы газетінің сайты",
                "Материалды көшіріп басқанда сілтеме міндетті.",
            ),
            _ => (
                "The Region's Breath online",
                "Copying is allowed with a link to this page only.",
            ),
        };
        document.text = format!("{top}\n{}{foot}\n", document.text);
    }
    let folder = folder(&documents);
    let said = run(folder.path(), "out", &[]);
    assert!(said.contains("documents: Өңір тынысы газетінің сайты"), "{said}");
    let read = |out: &str, name: &str| fs::read_to_string(folder.path().join(out).join(name)).expect(name);
    let cut = |out: &str| read(out, "left-out.tsv").matches("clean\tboilerplate\t").count();
    assert_eq!(cut("out"), 2 * documents.len());
    assert_eq!(read("out", "boilerplate.tsv").lines().count(), 5);
    // The spans of rows are those of the documents as they are.
    for row in read("out", "bitext.tsv").lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let document = documents
            .iter()
            .find(|d| d.name == cells[6])
            .expect("its document");
        let (start, end) = cells[8]
            .split(',')
            .next()
            .and_then(|s| s.split_once('-'))
            .expect("a span");
        let cut = &document.text[start.parse().expect("a number")..end.parse().expect("a number")];
        assert!(cells[0].starts_with(cut.lines().next().expect("a line")), "{row}");
    }
    run(folder.path(), "kept", &["--keep", "boilerplate"]);
    assert_eq!(cut("kept"), 0);
}

#[test]
fn settings_are_written_and_give_the_same_again() {
    let folder = folder(&Collection::new(FEW).documents);
    run(
        folder.path(),
        "one",
        &[
            "--profile",
            "strict",
            "--min-confidence",
            "0.7",
            "--keep",
            "credit",
            "--no-learn",
        ],
    );
    run(folder.path(), "two", &["--config", "one/settings.toml"]);
    assert!(results(&folder.path().join("one")) == results(&folder.path().join("two")));
    let printed = qostil(
        folder.path(),
        &["run", "--print-config", "--config", "one/settings.toml"],
    );
    let settings = fs::read_to_string(folder.path().join("one/settings.toml")).expect("settings");
    assert_eq!(text(&printed.stdout), settings);
    let changed = qostil(
        folder.path(),
        &[
            "run",
            "--print-config",
            "--config",
            "one/settings.toml",
            "--min-confidence",
            "0.9",
        ],
    );
    assert!(text(&changed.stdout).contains("min-confidence = 0.9"));
}

#[test]
fn two_runs_do_not_share_a_folder() {
    let folder = folder(&Collection::new(Recipe { pairs: 300, ..ENOUGH }).documents);
    let mut first = Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(["run", "-q", "in", "-o", "out"])
        .current_dir(folder.path())
        .stderr(Stdio::null())
        .spawn()
        .expect("qostil starts");
    while !folder.path().join("out/.qostil/lock").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    let second = qostil(folder.path(), &["run", "in", "-o", "out"]);
    first.kill().expect("an end");
    first.wait().expect("an end");
    assert_eq!(second.status.code(), Some(3));
    assert!(
        text(&second.stderr).contains("another run"),
        "{}",
        text(&second.stderr)
    );
}

/// What a script says that runs `qostil`, which it calls `$0`, on a disk of its own of so many bytes, mounted at `out`; nothing where the system does not let
/// anyone have one.
#[cfg(target_os = "linux")]
fn on_a_disk(size: &str, folder: &Path, script: &str) -> Option<(bool, String, String)> {
    let script = format!("mount -t tmpfs -o size={size} none out || exit 77\n{script}");
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", &script, env!("CARGO_BIN_EXE_qostil")])
        .current_dir(folder)
        .output();
    let said = output.map(|done| (done.status.success(), text(&done.stdout), text(&done.stderr)));
    match said {
        Ok(said) if !said.1.is_empty() => Some(said),
        found => {
            eprintln!("skipped, no disk of one's own here: {found:?}");
            None
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_run_and_space_lets_it_go_on() {
    let folder = folder(&Collection::new(ENOUGH).documents);
    run(folder.path(), "wanted", &[]);
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let script = "$0 run -q in -o out; echo full $? $(ls out)\n\
         mount -o remount,size=20m out\n\
         $0 run -q in -o out; echo space $?\n\
         for f in bitext.tsv unaligned.tsv left-out.tsv alignments.jsonl summary.json; do cmp out/$f wanted/$f || exit 1; done\n";
    let Some((is_done, said, why)) = on_a_disk("400k", folder.path(), script) else {
        return;
    };
    assert!(why.contains("cannot write"), "{why}");
    let full = said.lines().next().expect("a line");
    assert!(full.starts_with("full 3"), "{said}{why}");
    assert!(
        !full.contains("bitext.tsv") && !full.contains("summary.json"),
        "{said}"
    );
    assert!(said.contains("space 0"), "{said}{why}");
    assert!(is_done, "{said}{why}");
}

/// The new `lexicon.tsv` stood beside the old results, and was what later runs learnt.
#[cfg(target_os = "linux")]
#[test]
fn learning_anew_on_a_full_disk_leaves_what_was_learnt_before() {
    let collection = Collection::new(ENOUGH);
    let (first, later) = collection.documents.split_at(70);
    let folder = folder(first);
    fs::create_dir_all(folder.path().join("later/in")).expect("a folder");
    add(&folder.path().join("later"), later);
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let script = "$0 run -q in -o out; cp -r out before; cp later/in/* in\n\
         used=$(df -k --output=used out | tail -1)\n\
         mount -o remount,size=$((used + 100))k out\n\
         $0 run -q in -o out --relearn; echo full $?\n\
         for f in $(ls out); do cmp out/$f before/$f && echo same $f; done\n\
         mount -o remount,size=40m out\n\
         $0 run -q in -o out; echo space $?; cmp out/lexicon.tsv before/lexicon.tsv && echo frozen\n\
         $0 run -q in -o out --relearn; cmp -s out/lexicon.tsv before/lexicon.tsv || echo anew\n\
         $0 run -q in -o fresh; cmp out/bitext.tsv fresh/bitext.tsv && cmp out/lexicon.tsv fresh/lexicon.tsv && echo as fresh\n";
    let Some((_, said, why)) = on_a_disk("40m", folder.path(), script) else {
        return;
    };
    assert!(why.contains("cannot write"), "{said}{why}");
    for part in [
        "full 3",
        "same lexicon.tsv",
        "same bitext.tsv",
        "same summary.json",
        "space 0",
        "frozen",
        "anew",
        "as fresh",
    ] {
        assert!(said.contains(part), "{part}: {said}{why}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_anything_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&Collection::new(FEW).documents);
    let out = folder.path().join("out");
    fs::create_dir(&out).expect("a folder");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).expect("permissions");
    if File::create(out.join("probe")).is_ok() {
        return eprintln!("skipped: this user may write anywhere");
    }
    let output = qostil(folder.path(), &["run", "in", "-o", "out"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("cannot write out"));
}
