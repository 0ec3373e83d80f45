//! `qostil align`: beads that a person has fixed, sections that changed places.

use std::fs;
use std::path::Path;

use crate::{qostil, seed_folder, text};

const KK: &str =
    "Биыл 23 мектеп салынды.\nОл 2,6 трлн теңге жұмсады.\nЖаңа көпір ашылды.\nБаға 14%-ға өсті.\n";
const EN: &str = "This year 23 schools were built.\nHe spent 2.6 trillion tenge.\nA new bridge was opened.\nPrices rose by 14%.\n";

/// The output of `align kk.txt en.txt --lines` with these files beside them.
fn align(folder: &Path, args: &[&str]) -> std::process::Output {
    fs::write(folder.join("kk.txt"), KK).expect("a file");
    fs::write(folder.join("en.txt"), EN).expect("a file");
    let all: Vec<&str> = ["align", "kk.txt", "en.txt", "--lines"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    qostil(folder, &all)
}

/// The place of a line.
fn line(document: &str, number: usize) -> String {
    let start: usize = document.split_inclusive('\n').take(number).map(str::len).sum();
    format!(
        "{start}-{}",
        start + document.lines().nth(number).expect("a line").len()
    )
}

/// Rows of a TSV as cells.
fn rows(tsv: &str) -> Vec<Vec<&str>> {
    tsv.lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect()
}

#[test]
fn web_pages_and_subtitles_are_read_as_their_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = format!(
        "<html><body><article><p>{}</p></article></body></html>",
        KK.replace('\n', "</p><p>")
    );
    let cues = EN
        .lines()
        .zip(1..)
        .map(|(line, n)| format!("{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{line}\n\n"));
    fs::write(folder.path().join("kk.html"), page).expect("a page");
    fs::write(folder.path().join("en.srt"), cues.collect::<String>()).expect("subtitles");
    let done = qostil(folder.path(), &["align", "kk.html", "en.srt"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let out = text(&done.stdout);
    let pairs: Vec<(&str, &str)> = rows(&out).iter().map(|row| (row[0], row[1])).collect();
    assert_eq!(pairs, KK.lines().zip(EN.lines()).collect::<Vec<_>>());
    let split = qostil(folder.path(), &["split", "kk.html"]);
    assert_eq!(text(&split.stdout), KK);
}

#[test]
fn a_fixed_bead_comes_out_as_it_was_fixed_in_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    // against all evidence: the second line with the third
    let forms = [
        ("a.txt", "[1]:[2]\n".to_owned()),
        ("numbers.tsv", "kk\ten\ttype\n1\t2\t1-1\n".to_owned()),
        ("bare.tsv", "1\t2\n".to_owned()),
        ("returns.tsv", "src\ttgt\r1\t2\r".to_owned()),
        (
            "turned.tsv",
            format!(
                "en\tkk\ten_span\tkk_span\nx\ty\t{}\t{}\n",
                line(EN, 2),
                line(KK, 1)
            ),
        ),
        (
            // what is not asked for may be anything
            "judged.tsv",
            format!(
                "kk\ten\tconfidence\tbead\tverdict\tkk_span\ten_span\nx\ty\thigh\tone\tok\t{}\t{}\n",
                line(KK, 1),
                line(EN, 2)
            ),
        ),
        (
            "spans.tsv",
            format!(
                "kk\ten\tkk_doc\ten_doc\tkk_span\ten_span\nx\ty\tnews/kk.txt\tnews/en.txt\t{}\t{}\nz\tz\tother.txt\tother.en\t0-1\t0-1\n",
                line(KK, 1),
                line(EN, 2)
            ),
        ),
    ];
    for (name, content) in forms {
        fs::write(folder.path().join(name), content).expect("a file");
        let output = align(folder.path(), &["--anchors", name, "--all"]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        let out = text(&output.stdout);
        let rows = rows(&out);
        let fixed: Vec<_> = rows
            .iter()
            .filter(|row| row[5].starts_with("fixed by hand"))
            .collect();
        assert_eq!(fixed.len(), 1, "{name}: {out}");
        assert_eq!(
            (fixed[0][0], fixed[0][1], fixed[0][2]),
            (
                KK.lines().nth(1).expect("a line"),
                EN.lines().nth(2).expect("a line"),
                "1.0000"
            ),
            "{name}"
        );
        assert!(!fixed[0][5].contains("hand +"), "{name}: {}", fixed[0][5]);
        // what stands around it is aligned anew: the first and last pairs, and two lines alone
        let kinds: Vec<&str> = rows.iter().map(|row| row[3]).collect();
        assert_eq!(kinds, ["1-1", "0-1", "1-1", "1-0", "1-1"], "{name}: {out}");
    }
}

#[test]
fn what_align_wrote_is_taken_back_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    let path = |name: &str| seeds.join(name).to_string_lossy().into_owned();
    let (kk, en) = (path("003_9a5133ad0e34a6fe.txt"), path("004_eb299ecfd6df5ace.txt"));
    let first = qostil(folder.path(), &["align", &kk, &en, "-o", "first.tsv"]);
    assert!(first.status.success(), "{}", text(&first.stderr));
    let again = qostil(
        folder.path(),
        &["align", &kk, &en, "--anchors", "first.tsv", "-o", "again.tsv"],
    );
    assert!(again.status.success(), "{}", text(&again.stderr));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    let (first, again) = (read("first.tsv"), read("again.tsv"));
    let spans = |row: &Vec<&str>| format!("{} {}", row[8], row[9]);
    let fixed: Vec<String> = rows(&again)
        .iter()
        .filter(|row| row[5].starts_with("fixed by hand"))
        .map(spans)
        .collect();
    let given: Vec<String> = rows(&first).iter().map(spans).collect();
    assert_eq!(fixed, given);
}

/// Neither is text, and both were taken for one.
#[test]
fn anchors_are_read_from_parquet_and_sheets() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = align(folder.path(), &["-o", "first.tsv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for name in ["first.parquet", "first.xlsx"] {
        let converted = qostil(folder.path(), &["convert", "first.tsv", name]);
        assert!(converted.status.success(), "{}", text(&converted.stderr));
        let by = |anchors: &str| {
            let output = align(folder.path(), &["--anchors", anchors]);
            assert!(output.status.success(), "{anchors}: {}", text(&output.stderr));
            text(&output.stdout)
        };
        let out = by(name);
        assert!(out.contains("fixed by hand"), "{name}: {out}");
        assert_eq!(out, by("first.tsv"), "{name}");
    }
    fs::write(folder.path().join("none.parquet"), "x").expect("a file");
    let output = align(folder.path(), &["--anchors", "none.parquet"]);
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stderr);
    assert_eq!(said.matches("none.parquet").count(), 1, "{said}");
}

#[test]
fn beads_of_a_cleaned_run_fix_the_documents_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    // the two first lines as one bead: each with its own range, joined across the line end, and with the closing mark of the first cut out as debris
    let (one, two) = (KK.find('\n').expect("a line"), KK.find("\nЖаңа").expect("a line"));
    let english = EN.find("\nA new").expect("a line");
    for kk in [
        format!("0-{one},{}-{two}", one + 1),
        format!("0-{two}"),
        format!("0-{},{}-{two}", one - 1, one + 1),
    ] {
        let rows_given = format!("kk\ten\tkk_span\ten_span\nx\ty\t{kk}\t0-{english}\n");
        fs::write(folder.path().join("first.tsv"), rows_given).expect("a file");
        let output = align(folder.path(), &["--anchors", "first.tsv"]);
        assert!(output.status.success(), "{kk}: {}", text(&output.stderr));
        let out = text(&output.stdout);
        let row = &rows(&out)[0];
        assert_eq!((row[3], row[8]), ("2-2", format!("0-{two}").as_str()), "{kk}");
    }
}

/// Pairs of a news item as they stand on the web: markup inside and at the edge of sentences, which `run` cuts out.
const WEB: [&str; 2] = [
    "Бүгін ауылда 23 жаңа мектеп ашылды.\nОған 2,6 трлн теңге<br> жұмсалды.\nЖаңа көпір<br/> ашылды деп хабарлады әкім.\nБаға 14%-ға өсті.\n",
    "Today 23 new schools were opened in the village.\n2.6 trillion tenge<br> was spent on it.\nA new bridge was opened, the mayor said.\n<br>Prices rose by 14%.\n",
];

/// What `run` makes of `WEB` with another pair of documents beside it.
fn run_of_the_web(folder: &Path) {
    fs::create_dir(folder.join("in")).expect("a folder");
    for (name, content) in [
        ("a.kk.txt", WEB[0]),
        ("a.en.txt", WEB[1]),
        ("b.kk.txt", KK),
        ("b.en.txt", EN),
    ] {
        fs::write(
            folder.join("in").join(name),
            content.replace("23", if name.starts_with('a') { "23" } else { "571" }),
        )
        .expect("a file");
    }
    let ran = qostil(folder, &["run", "in", "-o", "out"]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
}

/// A row from whose sentence the edge was cut was refused, and the whole file with it.
#[test]
fn what_run_wrote_is_taken_back_whole_where_it_cut_edges_of_sentences() {
    let folder = tempfile::tempdir().expect("a folder");
    run_of_the_web(folder.path());
    let cut = fs::read_to_string(folder.path().join("out/left-out.tsv")).expect("a file");
    assert!(cut.contains("<br>"), "{cut}");
    for name in ["out/bitext.tsv", "out/alignments.jsonl"] {
        let args = ["align", "in/a.kk.txt", "in/a.en.txt", "--anchors", name];
        let output = qostil(folder.path(), &args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{name}: {said}");
        assert!(
            said.contains("passed over 4 rows of other documents"),
            "{name}: {said}"
        );
        let out = text(&output.stdout);
        let rows = rows(&out);
        let lines: Vec<(&str, &str)> = rows.iter().map(|row| (row[0], row[1])).collect();
        assert_eq!(
            lines,
            WEB[0].lines().zip(WEB[1].lines()).collect::<Vec<_>>(),
            "{name}"
        );
        assert!(
            rows.iter().all(|row| row[5].starts_with("fixed by hand")),
            "{name}: {out}"
        );
    }
}

/// It was told as a row of bitext that lacks a column.
#[test]
fn what_is_no_form_of_anchors_is_told_which_there_are() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("fixed.txt"), "1-1\n2-2\n").expect("a file");
    let output = align(folder.path(), &["--anchors", "fixed.txt"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("fixed.txt: expected `[0]:[0]` a line"), "{said}");
}

/// `run` splits what is left when debris is cut out, and may find two sentences where the document has one.
#[test]
fn rows_that_share_a_sentence_of_the_document_are_one_bead() {
    let folder = tempfile::tempdir().expect("a folder");
    // the second line in two rows, each with half of its words; then with a line between the halves' partners
    let half = KK.find("трлн").expect("a word");
    let (first, second) = (KK.find('\n').expect("a line"), KK.find("\nЖаңа").expect("a line"));
    let given = |partners: [usize; 2]| {
        let [one, two] = partners.map(|number| line(EN, number));
        format!(
            "kk_span\ten_span\tkk\ten\n{}-{half}\t{one}\t\t\n{half}-{second}\t{two}\t\t\n",
            first + 1
        )
    };
    fs::write(folder.path().join("near.tsv"), given([1, 2])).expect("a file");
    let output = align(folder.path(), &["--anchors", "near.tsv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let out = text(&output.stdout);
    let fixed: Vec<_> = rows(&out)
        .into_iter()
        .filter(|row| row[5].starts_with("fixed by hand"))
        .collect();
    assert_eq!(fixed.len(), 1, "{out}");
    assert_eq!(
        (fixed[0][3], fixed[0][8]),
        ("1-2", format!("{}-{second}", first + 1).as_str()),
        "{out}"
    );
    fs::write(folder.path().join("far.tsv"), given([0, 3])).expect("a file");
    let output = align(folder.path(), &["--anchors", "far.tsv"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("first line 2, whose sentences do not follow each other"),
        "{said}"
    );
}

/// A bitext with the pairs of moved sections was refused.
#[test]
fn pairs_of_a_section_that_moved_are_left_out_of_what_is_fixed() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = |document: &str, number: usize| {
        let start: usize = document.split_inclusive('\n').take(number).map(str::len).sum();
        format!(
            "{start}-{}",
            start + document.lines().nth(number).map_or(0, str::len)
        )
    };
    let row = |i, j| format!("\t\t{}\t{}\n", line(KK, i), line(EN, j));
    // the first line of the source stands at the target's end, and comes first in the file
    let given = format!(
        "kk\ten\tkk_span\ten_span\n{}{}{}",
        row(0, 3),
        row(1, 0),
        row(2, 1)
    );
    fs::write(folder.path().join("moved.tsv"), given).expect("a file");
    let output = align(folder.path(), &["--anchors", "moved.tsv"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("moved.tsv: left out 1 row that cannot be fixed, first line 2,"),
        "{said}"
    );
    let out = text(&output.stdout);
    let fixed = rows(&out)
        .iter()
        .filter(|row| row[5].starts_with("fixed by hand"))
        .count();
    assert_eq!(fixed, 2, "{out}");
}

#[test]
fn mended_letters_leave_spans_where_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("k.txt"), "Бiлiмге 312 теңге.\n").expect("a file");
    fs::write(folder.path().join("e.txt"), "312 tenge for \u{415}ducation.\n").expect("a file");
    let command = "align k.txt e.txt --src-lang kk --tgt-lang en --mend-letters";
    let output = qostil(folder.path(), &command.split(' ').collect::<Vec<_>>());
    let out = text(&output.stdout);
    let row = &rows(&out)[0];
    assert_eq!(row[..2], ["Білімге 312 теңге.", "312 tenge for Education."]);
    // Where they were written two letters took one byte, and one took two.
    assert_eq!(row[8..10], ["0-28", "0-25"]);
}

#[test]
fn a_section_that_moved_is_reported_and_nothing_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/cases/align")
            .join(name);
        fs::read_to_string(path).expect("a case")
    };
    let (kk, ru) = (case("akim-2022.kk.txt"), case("akim-2022.ru.txt"));
    // the first six Russian lines after all others
    let lines: Vec<&str> = ru.lines().collect();
    let turned = [&lines[6..], &lines[..6]].concat().join("\n");
    fs::write(folder.path().join("kk.txt"), &kk).expect("a file");
    fs::write(folder.path().join("ru.txt"), turned).expect("a file");
    let all = qostil(
        folder.path(),
        &["align", "kk.txt", "ru.txt", "--lines", "--all", "--moved"],
    );
    let said = text(&all.stderr);
    assert!(
        said.contains("moved: sentences 0–5 of kk.txt stand at sentences 16–21 of ru.txt"),
        "{said}"
    );
    let out = text(&all.stdout);
    for (side, document) in [(0, kk.as_str()), (1, ru.as_str())] {
        let mut found: Vec<&str> = rows(&out).iter().map(|row| row[side]).collect();
        found.sort_unstable();
        let (found, whole) = (found.concat(), document.lines().collect::<String>());
        let letters = |text: &str| {
            let mut all: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(letters(&found), letters(&whole), "every sentence once");
    }
    let plain = qostil(
        folder.path(),
        &["align", "kk.txt", "ru.txt", "--lines", "--all", "-f", "jsonl"],
    );
    assert!(
        text(&plain.stdout).contains("\"kind\":\"moved\""),
        "{}",
        text(&plain.stdout)
    );
}

#[test]
fn a_language_that_is_plainly_another_is_doubted() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    let kk = seeds
        .join("000_ddb0146f25c8aa2a.txt")
        .to_string_lossy()
        .into_owned();
    let en = seeds
        .join("004_eb299ecfd6df5ace.txt")
        .to_string_lossy()
        .into_owned();
    let args = [
        "align",
        &kk,
        &en,
        "--src-lang",
        "en",
        "--tgt-lang",
        "kk",
        "-o",
        "out.tsv",
    ];
    let output = qostil(folder.path(), &args);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("looks like kk, not en") && said.contains("looks like en, not kk"),
        "{said}"
    );
    let right = qostil(
        folder.path(),
        &[
            "align",
            &kk,
            &en,
            "--src-lang",
            "kk",
            "--tgt-lang",
            "en",
            "-o",
            "out.tsv",
        ],
    );
    assert!(right.stderr.is_empty(), "{}", text(&right.stderr));
}

/// A file named .jsonl held TSV.
#[test]
fn the_form_is_what_the_name_of_the_output_says() {
    let folder = tempfile::tempdir().expect("a folder");
    for (args, name, begins) in [
        (&["-o", "a.jsonl"][..], "a.jsonl", "{\"kk\":"),
        (&["-o", "a.csv"], "a.csv", "kk,en,confidence,"),
        (&["-o", "a.align"], "a.align", "[0]:[0]:"),
        (&["-o", "b.jsonl", "-f", "tsv"], "b.jsonl", "kk\ten\t"),
        (&["-o", "a.kk-en"], "a.kk-en.kk", "Биыл"),
        (&["-o", "plain"], "plain", "kk\ten\t"),
    ] {
        let done = align(folder.path(), args);
        assert_eq!(done.status.code(), Some(0), "{args:?}: {}", text(&done.stderr));
        let out = fs::read_to_string(folder.path().join(name)).expect("a file");
        assert!(out.starts_with(begins), "{args:?}: {out}");
    }
    for form in ["xces", "no-such-form"] {
        assert_eq!(
            align(folder.path(), &["-f", form]).status.code(),
            Some(2),
            "{form}"
        );
    }
}
