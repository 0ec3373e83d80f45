//! `qostil convert`: formats by name, training sets, what is said and how it ends.

use std::fs;

use crate::{ended, qostil, text};

const BITEXT: &str = "kk\ten\tconfidence\tbead\tverdict\tevidence\tkk_doc\ten_doc\tkk_span\ten_span\tlicense\n\
    Бірі «екі»\tOne of \"two\"\t0.9877\t2-1\tagree\tекі = two\ta.kk\ta.en\t0-8,9-15\t0-12\tCC0\n\
    =1+2\t-x\t0.5000\t1-1\tnone\t\tb.kk\tb.en\t16-20\t13-15\tCC0\n\
    Бірі «екі»\tOne of \"two\"\t0.9000\t1-1\tcontradict\t\tc.kk\tc.en\t0-1\t0-1\tCC0\n";

#[test]
fn every_record_format_gives_the_bytes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.tsv"), BITEXT).expect("a file");
    for name in ["a.jsonl", "a.csv.gz", "a.tmx.zst", "a.parquet", "a.xlsx"] {
        for (from, to) in [("a.tsv", name), (name, "back.tsv")] {
            let done = qostil(folder.path(), &["convert", from, to]);
            assert!(done.status.success(), "{name}: {}", text(&done.stderr));
        }
        let back = fs::read_to_string(folder.path().join("back.tsv")).expect("a file");
        assert_eq!(back, BITEXT, "{name}");
    }
}

#[test]
fn letters_are_mended_before_duplicates_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "kk\ten\nБілім жəне ғы\u{ad}лым.\tThe \u{421}ompany.\nБiлiм және ғылым.\tThe Company.\n";
    fs::write(folder.path().join("a.tsv"), rows).expect("a file");
    let arguments = [
        "convert",
        "a.tsv",
        "-",
        "--to",
        "tsv",
        "--mend-letters",
        "--dedup",
        "pair",
    ];
    let done = qostil(folder.path(), &arguments);
    let out = text(&done.stdout);
    let found: Vec<&str> = out.lines().skip(1).map(str::trim_end).collect();
    assert_eq!(
        found,
        ["Білім және ғылым.\tThe Company."],
        "{}",
        text(&done.stderr)
    );
}

#[test]
fn a_training_set_has_its_parts_and_its_card() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.tsv"), BITEXT).expect("a file");
    let training = "--dedup pair --min-confidence 0.6 --split train=0.5,test=0.5 --shuffle 7";
    let arguments: Vec<&str> = ["convert", "a.tsv", "news.kk-en"]
        .into_iter()
        .chain(training.split(' '))
        .collect();
    let done = qostil(folder.path(), &arguments);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(
        said.contains("below the lowest confidence: 1; duplicates: 1"),
        "{said}"
    );
    assert!(said.contains("evidence not held by the format: 1"), "{said}");
    let side =
        |part: &str| fs::read_to_string(folder.path().join(format!("news.{part}.kk-en.kk"))).expect("a side");
    assert_eq!(side("train") + &side("test"), "Бірі «екі»\n");
    let card = fs::read_to_string(folder.path().join("datacard.md")).expect("a card");
    for part in [
        "- CC0: 1",
        "`--dedup pair`",
        "`--split train=0.5,test=0.5`",
        "left out, duplicates: 1",
    ] {
        assert!(card.contains(part), "{part}\n{card}");
    }
}

#[test]
fn wrong_use_and_broken_files_have_their_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    write("a.tsv", BITEXT);
    write("broken.tmx", "<tmx><body><tu>");
    write("a.vecalign", "[0]:[0]\n");
    for (arguments, code, says) in [
        ("a.vecalign b.tsv", 2, "--src and --tgt"),
        ("a.tsv - --to parquet", 2, "name a file"),
        ("a.tsv b.tsv --split a=0.5", 2, "expected 1"),
        ("a.tsv b.tsv --max-ratio NaN", 2, "expected 1 or more"),
        (
            "a.tsv b.tsv --columns 1,99",
            3,
            "line 1: 11 columns, expected a text in column 99",
        ),
        ("none.tsv b.tsv", 3, "none.tsv"),
        ("broken.tmx b.tsv", 3, "line 1"),
    ] {
        let arguments: Vec<&str> = ["convert"].into_iter().chain(arguments.split(' ')).collect();
        let done = qostil(folder.path(), &arguments);
        assert_eq!(
            done.status.code(),
            Some(code),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
        assert!(
            text(&done.stderr).contains(says),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
        assert!(!folder.path().join("b.tsv").exists());
    }
}

/// A number became a text, and one of more than 64 bits another number.
#[test]
fn json_lines_keep_what_is_no_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = "{\"kk\":\"Иә\",\"en\":\"Yes\",\"n\":7,\"share\":0.5,\"good\":true,\"tags\":[1,\"a\"],\"big\":123456789012345678901234567890,\"exact\":1.10,\"id\":\"5\"}\n";
    fs::write(folder.path().join("a.jsonl"), lines).expect("a file");
    for args in [
        &["convert", "a.jsonl", "b.jsonl"][..],
        &["convert", "a.jsonl", "b.jsonl", "--shuffle", "1"],
    ] {
        let done = qostil(folder.path(), args);
        assert!(done.status.success(), "{}", text(&done.stderr));
        assert_eq!(
            fs::read_to_string(folder.path().join("b.jsonl")).expect("a file"),
            lines
        );
    }
    let done = qostil(folder.path(), &["convert", "a.jsonl", "b.csv"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let csv = fs::read_to_string(folder.path().join("b.csv")).expect("a file");
    let numbers = "123456789012345678901234567890,1.10";
    assert!(
        csv.ends_with(&format!(",7,0.5,true,\"[1,\"\"a\"\"]\",{numbers},5\n")),
        "{csv}"
    );
    // Without the white space between its parts, and all that stands in its strings.
    let spaced = "{\"kk\":\"Иә\",\"en\":\"Yes\",\"x\": [ 1.50 , {\"a b\\\" \" :\t\"c\\\\\" } ] }\n";
    fs::write(folder.path().join("d.jsonl"), spaced).expect("a file");
    let done = qostil(folder.path(), &["convert", "d.jsonl", "-", "--to", "jsonl"]);
    let compact = "{\"kk\":\"Иә\",\"en\":\"Yes\",\"x\":[1.50,{\"a b\\\" \":\"c\\\\\"}]}\n";
    assert_eq!(text(&done.stdout), compact);
    // Also where a key is replaced and the object is written anew.
    let done = qostil(folder.path(), &["score", "a.jsonl", "-o", "c.jsonl"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let done = qostil(folder.path(), &["score", "c.jsonl"]);
    let out = text(&done.stdout);
    assert!(
        out.contains("\"big\":123456789012345678901234567890,\"exact\":1.10,"),
        "{out}"
    );
    assert_eq!(
        out,
        fs::read_to_string(folder.path().join("c.jsonl")).expect("a file")
    );
}

/// Of a pipe nothing was left for the second reading, and the parts were empty.
#[cfg(target_os = "linux")]
#[test]
fn what_is_read_twice_is_no_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    for option in [["--split", "train=0.5,test=0.5"], ["--sample", "1"]] {
        let (reader, _writer) = std::io::pipe().expect("a pipe");
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_qostil"))
            .args(["convert", "/dev/stdin", "a.tsv"])
            .args(option)
            .current_dir(folder.path())
            .stdin(reader)
            .output()
            .expect("qostil starts");
        assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
        assert!(
            text(&done.stderr).contains("`/dev/stdin`"),
            "{}",
            text(&done.stderr)
        );
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}

/// The first two columns were taken and called by the languages asked for, whatever the header said.
#[test]
fn languages_asked_for_choose_the_columns_that_bear_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    write("b.tsv", "en\tkk\tru\nHouse\tҮй\tДом\n");
    write("b.csv", "en,kk,ru\nHouse,Үй,Дом\n");
    write("b.jsonl", "{\"en\":\"House\",\"kk\":\"Үй\",\"ru\":\"Дом\"}\n");
    for made in ["b.parquet", "b.xlsx"] {
        let done = qostil(folder.path(), &["convert", "b.tsv", made]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    }
    for input in ["b.tsv", "b.csv", "b.jsonl", "b.parquet", "b.xlsx"] {
        for (langs, texts) in [
            ("kk-ru", "kk\tru\nҮй\tДом\n"),
            ("kk-en", "kk\ten\nҮй\tHouse\n"),
            ("ru-en", "ru\ten\nДом\tHouse\n"),
        ] {
            let done = qostil(
                folder.path(),
                &["convert", input, "-", "--to", "tsv", "--langs", langs],
            );
            let out = text(&done.stdout);
            let two = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join("\t") + "\n";
            assert_eq!(out.lines().map(two).collect::<String>(), texts, "{input} {langs}");
        }
    }
}

/// Records without a confidence were told as below it, and what a format does not hold once for every part.
#[test]
fn what_is_left_out_is_told_once_and_by_its_cause() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "Үй\tHouse\nКітап\tBook\nДала\tField\nКөл\tLake\n";
    fs::write(folder.path().join("a.tsv"), rows).expect("a file");
    let done = qostil(
        folder.path(),
        &["convert", "a.tsv", "b.tsv", "--min-confidence", "0.5"],
    );
    assert_eq!(text(&done.stderr).trim(), "left out: without a confidence: 4");
    let with = |row: &str| format!("{row}\t0.9\n");
    let rows = format!(
        "kk\ten\tconfidence\n{}",
        rows.lines().map(with).collect::<String>()
    );
    fs::write(folder.path().join("c.tsv"), rows).expect("a file");
    let args = ["convert", "c.tsv", "c.kk-en", "--split", "a=0.5,b=0.5"];
    let said = text(&qostil(folder.path(), &args).stderr);
    assert_eq!(
        said.matches("confidence not held by the format: 4").count(),
        1,
        "{said}"
    );
}

/// The card took the place of the records.
#[test]
fn a_card_is_not_written_over_the_records() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.tsv"), "kk\ten\nекі\ttwo\nүш\tthree\n").expect("a file");
    for args in [
        "convert a.tsv b.tsv --datacard b.tsv",
        "convert a.tsv b.tsv --datacard ./b.tsv",
        "convert a.tsv b --to moses --datacard b.kk",
        "convert a.tsv b.tsv --split dev=0.5,test=0.5 --datacard b.dev.tsv",
    ] {
        let (code, said) = ended(folder.path(), args);
        assert_eq!(code, Some(2), "{args}: {said}");
        assert!(said.contains("where the records go"), "{args}: {said}");
        let files = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(files, 1, "{args}");
    }
}
