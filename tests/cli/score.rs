//! `qostil score`: every row of a bitext with its confidence, verdict and evidence.

use std::fs;

use crate::{qostil, text};

const PAIRS: [(&str, &str); 4] = [
    (
        "Биыл ауданда 23 мектеп салынды.",
        "This year 23 schools were built in the district.",
    ),
    (
        "Президент Тоқаев Алматыға келді.",
        "President Tokayev arrived in Almaty.",
    ),
    (
        "Ол судың тапшылығы туралы айтты.",
        "The football team lost again yesterday.",
    ),
    (
        "Биыл ауданда 40 мектеп салынды.",
        "This year 23 schools were built in the district.",
    ),
];

/// The confidence in each row's given cell.
fn confidences(out: &str, cell: usize) -> Vec<f64> {
    let rows = out.lines().skip(1);
    rows.map(|row| {
        row.split('\t')
            .nth(cell)
            .and_then(|c| c.parse().ok())
            .expect("a confidence")
    })
    .collect()
}

#[test]
fn rows_keep_their_columns_and_get_three_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = PAIRS.map(|(kk, en)| format!("x\t{kk}\t{en}\n")).concat();
    fs::write(folder.path().join("b.tsv"), format!("id\tkk\ten\n{rows}")).expect("a file");
    let done = qostil(folder.path(), &["score", "b.tsv"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let out = text(&done.stdout);
    assert!(
        out.starts_with("id\tkk\ten\tconfidence\tverdict\tevidence\n"),
        "{out}"
    );
    let found = confidences(&out, 3);
    assert!(found[0] > 0.9 && found[1] > 0.9, "{out}");
    assert!(
        found[2] < 0.9 && found[2] < found[0] && found[2] < found[3],
        "{out}"
    );
    assert!(
        out.lines().nth(4).expect("a row").contains("\tcontradict\t"),
        "{out}"
    );
    assert!(out.contains("Тоқаев = Tokayev"), "{out}");
    for threads in ["1", "2"] {
        let again = qostil(folder.path(), &["score", "b.tsv", "--threads", threads]);
        assert_eq!(text(&again.stdout), out);
    }
}

#[test]
fn json_lines_and_two_files_are_scored_alike() {
    let folder = tempfile::tempdir().expect("a folder");
    let object = |(kk, en)| format!("{}\n", serde_json::json!({"kk": kk, "en": en}));
    fs::write(folder.path().join("b.jsonl"), PAIRS.map(object).concat()).expect("a file");
    fs::write(
        folder.path().join("b.kk"),
        PAIRS.map(|(kk, _)| format!("{kk}\n")).concat(),
    )
    .expect("a file");
    fs::write(
        folder.path().join("b.en"),
        PAIRS.map(|(_, en)| format!("{en}\n")).concat(),
    )
    .expect("a file");
    let lines = qostil(folder.path(), &["score", "b.kk", "b.en"]);
    let objects = qostil(folder.path(), &["score", "b.jsonl"]);
    let of_objects: Vec<f64> = text(&objects.stdout)
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("an object");
            row["confidence"].as_f64().expect("a number")
        })
        .collect();
    assert_eq!(of_objects, confidences(&text(&lines.stdout), 2));
}

#[test]
fn what_is_no_bitext_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = qostil(folder.path(), &["score", "absent.tsv", "-o", "out.tsv"]);
    assert_eq!(done.status.code(), Some(3));
    assert!(!folder.path().join("out.tsv").exists());
}

/// The old confidence stood before the new one, and `convert --min-confidence` read it.
#[test]
fn a_row_scored_again_has_the_new_confidence_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = PAIRS
        .map(|(kk, en)| format!("{kk}\t{en}\t0.1234\told\told\n"))
        .concat();
    let header = "kk\ten\tconfidence\tverdict\tevidence\n";
    fs::write(folder.path().join("b.tsv"), header.to_owned() + &rows).expect("a file");
    let done = qostil(folder.path(), &["score", "b.tsv", "-o", "c.tsv"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let out = fs::read_to_string(folder.path().join("c.tsv")).expect("the rows");
    assert!(out.starts_with(header) && !out.contains("old"), "{out}");
    assert!(confidences(&out, 2)[0] > 0.9, "{out}");
    let kept = qostil(
        folder.path(),
        &["convert", "c.tsv", "d.tsv", "--min-confidence", "0.5"],
    );
    assert_eq!(kept.status.code(), Some(0), "{}", text(&kept.stderr));
    assert!(
        fs::read_to_string(folder.path().join("d.tsv"))
            .expect("rows")
            .contains(PAIRS[0].0)
    );
}

/// They told of the old evidence beside the new one.
#[test]
fn details_of_evidence_that_is_replaced_go_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.kk"), "Биыл 23 мектеп салынды.\n").expect("a file");
    fs::write(folder.path().join("a.en"), "This year 23 schools were built.\n").expect("a file");
    let aligned = qostil(folder.path(), &["align", "a.kk", "a.en", "-o", "a.jsonl"]);
    assert_eq!(aligned.status.code(), Some(0), "{}", text(&aligned.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    assert!(read("a.jsonl").contains("\"details\":["));
    let done = qostil(folder.path(), &["score", "a.jsonl", "-o", "b.jsonl"]);
    let said = text(&done.stderr);
    assert!(
        said.contains("replaced columns of the input: confidence, details, evidence, verdict\n"),
        "{said}"
    );
    let out = read("b.jsonl");
    assert!(
        !out.contains("details") && out.contains("\"kk_span\"") && out.contains("\"confidence\""),
        "{out}"
    );
}

/// A confidence that was none failed its row, though it was about to be replaced.
#[test]
fn what_is_replaced_may_be_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    write(
        "b.tsv",
        "kk\ten\tconfidence\tverdict\nЕкі адам\tTwo people\thigh\tok\n",
    );
    write("b.csv", "kk,en,confidence,verdict\nЕкі адам,Two people,high,ok\n");
    let row = r#"{"kk":"Екі адам","en":"Two people","confidence":"high","verdict":7,"details":"none"}"#;
    write("b.jsonl", &format!("{row}\n"));
    write(
        "b.tmx",
        "<tmx version='1.4'><header srclang='kk'/><body><tu><prop type='confidence'>high</prop><prop type='verdict'>ok</prop>\
         <tuv xml:lang='kk'><seg>Екі адам</seg></tuv><tuv xml:lang='en'><seg>Two people</seg></tuv></tu></body></tmx>",
    );
    for input in ["b.tsv", "b.csv", "b.jsonl", "b.tmx"] {
        for to in ["tsv", "csv", "jsonl", "tmx", "parquet", "xlsx"] {
            let out = format!("{input}.{to}");
            let done = qostil(folder.path(), &["score", input, "-o", &out]);
            assert_eq!(done.status.code(), Some(0), "{out}: {}", text(&done.stderr));
            let done = qostil(folder.path(), &["convert", &out, "-", "--to", "jsonl"]);
            assert!(text(&done.stdout).contains("\"verdict\":\"agree\""), "{out}");
        }
    }
    let done = qostil(folder.path(), &["convert", "b.tsv", "c.jsonl"]);
    assert_eq!(done.status.code(), Some(3), "nothing replaces it here");
}

/// Of the same rows some formats kept all, some left rows out, and some gave nothing at all.
#[test]
fn what_is_not_scored_may_be_anything_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    let rows = "kk\ten\tbead\tkk_span\nЕкі адам\tTwo people\tpair\tp. 12\nБес адам\tFive people\t1-1\t0-3\n";
    write("b.tsv", rows);
    write("b.csv", &rows.replace('\t', ","));
    write(
        "b.jsonl",
        "{\"kk\":\"Екі адам\",\"en\":\"Two people\",\"bead\":\"pair\",\"kk_span\":\"p. 12\",\"details\":\"none\"}\n\
         {\"kk\":\"Бес адам\",\"en\":\"Five people\",\"bead\":\"1-1\",\"kk_span\":\"0-3\"}\n",
    );
    write(
        "b.tmx",
        "<tmx version='1.4'><header srclang='kk'/><body>\
         <tu><prop type='bead'>pair</prop>\
         <tuv xml:lang='kk'><prop type='span'>p. 12</prop><seg>Екі адам</seg></tuv><tuv xml:lang='en'><seg>Two people</seg></tuv></tu>\
         <tu><tuv xml:lang='kk'><prop type='span'>0-3</prop><seg>Бес адам</seg></tuv><tuv xml:lang='en'><seg>Five people</seg></tuv></tu>\
         </body></tmx>",
    );
    for from in ["b.tsv", "b.csv", "b.jsonl", "b.tmx"] {
        for to in ["tsv", "csv", "jsonl", "tmx", "parquet", "xlsx"] {
            let out = format!("{from}.{to}");
            // What was written is read again in its turn.
            for args in [["score", from, "-o", &out], ["score", &out, "-o", "again.csv"]] {
                let done = qostil(folder.path(), &args);
                let said = text(&done.stderr);
                assert_eq!(done.status.code(), Some(0), "{args:?}: {said}");
                assert!(said.contains("2 rows: "), "{args:?}: {said}");
            }
            let again = fs::read_to_string(folder.path().join("again.csv")).expect("a file");
            for held in ["pair", "p. 12"] {
                assert_eq!(again.matches(held).count(), 1, "{out}: {held}: {again}");
            }
        }
    }
}
