//! `qostil check`: what the contract and its help promise.

use std::fs;
use std::path::Path;

use crate::{qostil, text};

const ROWS: &str = "id\tkk\ten\n\
    1\t2,6 трлн теңге\t2.6 trillion tenge\n\
    2\t5 млн доллар\t$50 million\n\
    3\tсәлем\thello\n\
    4\t300 адам\t300 people\n";

const CHECKED: [&str; 4] = [
    "agree\t2,6 трлн теңге = 2.6 trillion tenge",
    "contradict\t5 млн доллар ≠ $50 million",
    "none\t",
    "agree\t300 = 300",
];

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

fn checked(folder: &Path, args: &str) -> (Option<i32>, String, String) {
    let args: Vec<&str> = ["check"].into_iter().chain(args.split(' ')).collect();
    let done = qostil(folder, &args);
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

/// The last two columns of every row but the header.
fn verdicts(out: &str) -> Vec<String> {
    let last_two = |line: &str| {
        let cells: Vec<&str> = line.rsplitn(3, '\t').collect();
        format!("{}\t{}", cells[1], cells[0])
    };
    out.lines().skip(1).map(last_two).collect()
}

#[test]
fn columns_stay_and_two_are_appended() {
    let folder = folder_with(&[("a.tsv", ROWS)]);
    let (code, out, said) = checked(folder.path(), "a.tsv");
    assert_eq!(code, Some(0), "{said}");
    let expected: Vec<String> = ROWS
        .lines()
        .zip(["verdict\treason"].into_iter().chain(CHECKED))
        .map(|(row, found)| format!("{row}\t{found}\n"))
        .collect();
    assert_eq!(out, expected.concat());
}

#[test]
fn the_summary_counts_each_kind_of_error_and_shows_examples() {
    let folder = folder_with(&[("a.tsv", ROWS)]);
    let (_, _, said) = checked(folder.path(), "a.tsv");
    assert!(
        said.contains("4 rows: 2 agree, 1 contradict, 1 have nothing to compare"),
        "{said}"
    );
    assert!(
        said.contains("scale") && said.contains("line 3: 5 млн доллар ≠ $50 million"),
        "{said}"
    );
    let (_, _, said) = checked(folder.path(), "a.tsv --json");
    let summary: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(summary["agree"], 2);
    assert_eq!(summary["errors"]["scale"]["count"], 1);
}

#[test]
fn only_and_fail_on() {
    let folder = folder_with(&[("a.tsv", ROWS)]);
    let (code, out, _) = checked(folder.path(), "a.tsv --only contradict --fail-on contradict");
    assert_eq!(code, Some(1));
    assert_eq!(verdicts(&out), [CHECKED[1]]);
    let (code, out, _) = checked(folder.path(), "a.tsv --only agree,none");
    assert_eq!(code, Some(0));
    assert_eq!(out.lines().count(), 4);
    let clean = folder_with(&[("a.tsv", "kk\ten\n5 адам\t5 people\n")]);
    assert_eq!(checked(clean.path(), "a.tsv --fail-on contradict").0, Some(0));
}

#[test]
fn the_filter_changes_no_byte() {
    // A BOM, Windows line ends, spaces at ends, quotes, no end of the last line.
    let rows = [
        "1\tон бес \t fifteen\r\n",
        "2\t\"екі\"\t\"2\"\r\n",
        "3\t7\t8\r\n",
        "4\tүш\tthree",
    ];
    let text = format!("\u{feff}id\tkk\ten\r\n{}", rows.concat());
    let folder = folder_with(&[("a.tsv", &text)]);
    let (code, out, said) = checked(folder.path(), "a.tsv --keep agree,none");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(out, text.replace(rows[2], ""));
    let (_, out, _) = checked(folder.path(), "a.tsv --keep agree,none,contradict");
    assert_eq!(out, text);
    let jsonl = "{\"kk\": \"5 адам\",  \"en\": \"5 people\"}\r\n{\"kk\":\"5\",\"en\":\"6\"}\n";
    let folder = folder_with(&[
        ("a.jsonl", jsonl),
        ("a.kk", "\u{feff}5 адам \n7\n"),
        ("a.en", "5 people\r\n8"),
    ]);
    let (_, out, _) = checked(folder.path(), "a.jsonl --keep agree");
    assert_eq!(out, jsonl.split_inclusive('\n').next().unwrap_or(""));
    let (code, ..) = checked(folder.path(), "a.kk a.en --keep agree");
    assert_eq!(code, Some(2), "two files want a name");
    let (code, ..) = checked(folder.path(), "a.kk a.en --keep agree -o kept");
    assert_eq!(code, Some(0));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    assert_eq!(
        (read("kept.kk").as_str(), read("kept.en").as_str()),
        ("\u{feff}5 адам \n", "5 people\r\n")
    );
}

/// Without what says it nobody would know what stands between the cells that are kept.
#[test]
fn kept_rows_of_csv_keep_what_declares_their_separator() {
    for header in ["kk|en\r\n", ""] {
        let text = format!("sep=|\r\n{header}5 адам|5 people\r\n7 үй|8 houses\r\n");
        let folder = folder_with(&[("a.csv", &text)]);
        let (code, out, said) = checked(folder.path(), "a.csv --keep agree");
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(out, text.replace("7 үй|8 houses\r\n", ""));
        let (_, out, _) = checked(folder.path(), "a.csv");
        assert!(out.contains("5 адам\t5 people\tagree\t5 = 5\n"), "{out}");
    }
}

#[test]
fn every_format_gives_the_same_verdicts() {
    let folder = folder_with(&[("a.tsv", ROWS)]);
    for name in [
        "b.tsv.gz",
        "b.tsv.zst",
        "b.jsonl",
        "b.tmx",
        "b.csv",
        "b.kk-en",
        "b.parquet",
    ] {
        let done = qostil(folder.path(), &["convert", "a.tsv", name]);
        assert!(done.status.success(), "{name}: {}", text(&done.stderr));
        let (code, out, said) = checked(folder.path(), name);
        assert_eq!(code, Some(0), "{name}: {said}");
        if name == "b.jsonl" {
            for (line, found) in out.lines().zip(CHECKED) {
                let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
                let verdict = found.split('\t').next();
                assert_eq!(object["verdict"].as_str(), verdict, "{line}");
                assert!(object["id"].is_string() && object["reason"].is_string(), "{line}");
            }
        } else {
            assert_eq!(verdicts(&out), CHECKED, "{name}");
        }
    }
    let (code, out, said) = checked(folder.path(), "b.tmx --keep agree");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(out.matches("<tu>").count(), 2);
    let (code, _, said) = checked(folder.path(), "b.kk-en.kk b.kk-en.en");
    assert_eq!(code, Some(0), "{said}");
}

/// A row of CSV that is no UTF-8 leaves the one after it whole, in every form it comes out in.
#[test]
fn rows_after_a_row_of_csv_that_is_no_text_are_whole() {
    for end in ["\n", "\r\n", "\r"] {
        let rows = [
            &b"id,kk,en"[..],
            b"1,5 \xe0\xe4,5 people",
            b"2,6 \xd1\x83\xd0\xb9,6 houses",
            b"3,7,7",
        ];
        let bytes = rows.join(end.as_bytes());
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.csv"), bytes).expect("a file");
        let (code, out, said) = checked(folder.path(), "a.csv");
        assert_eq!(code, Some(1), "{said}");
        let expected =
            "id\tkk\ten\tverdict\treason\n2\t6 уй\t6 houses\tagree\t6 = 6\n3\t7\t7\tagree\t7 = 7\n";
        assert_eq!(out, expected, "{said}");
        assert!(said.contains("a.csv: line 2, column 2: not UTF-8 text"), "{said}");
        let (_, out, _) = checked(folder.path(), "a.csv --keep agree");
        assert_eq!(out, ["id,kk,en", "2,6 уй,6 houses", "3,7,7"].join(end));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let parted = [&b"kk,en\n\"\xd1\"\x83\",5\n"[..], b"6,6\n"].concat();
    fs::write(folder.path().join("a.csv"), parted).expect("a file");
    let (code, out, said) = checked(folder.path(), "a.csv");
    assert_eq!((code, out.lines().count()), (Some(1), 2), "{out}{said}");
    assert!(said.contains("a.csv: line 2: not UTF-8 text"), "{said}");
}

/// What ends a line for Python alone ends none of what comes out.
#[test]
fn rows_are_lines_for_every_reader() {
    let rows = "kk\ten\nБір\u{2028}5 адам\tOne\u{85}5 people\n6\0 үй\t6 houses\n";
    let folder = folder_with(&[("a.tsv", rows)]);
    let (code, out, said) = checked(folder.path(), "a.tsv");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        out,
        "kk\ten\tverdict\treason\nБір 5 адам\tOne 5 people\tagree\tБір = One; 5 = 5\n6  үй\t6 houses\tagree\t6 = 6\n"
    );
}

/// Not every unit of a memory has every property: the columns stay under their names.
#[test]
fn what_a_row_lacks_is_an_empty_cell() {
    let memory = "<tmx version=\"1.4\"><header srclang=\"kk\"/><body>\n\
        <tu tuid=\"1\"><note>read</note><tuv xml:lang=\"kk\"><seg>7 адам</seg></tuv><tuv xml:lang=\"en\"><seg>7 people</seg></tuv></tu>\n\
        <tu tuid=\"2\"><tuv xml:lang=\"kk\"><seg>7 үй</seg></tuv><tuv xml:lang=\"en\"><seg>8 houses</seg></tuv></tu>\n\
        </body></tmx>";
    let folder = folder_with(&[("a.tmx", memory)]);
    let (_, out, said) = checked(folder.path(), "a.tmx");
    let rows = "kk\ten\ttuid\tnote\tverdict\treason\n\
        7 адам\t7 people\t1\tread\tagree\t7 = 7\n\
        7 үй\t8 houses\t2\t\tcontradict\t7 ≠ 8\n";
    assert_eq!(out, rows, "{said}");
    let done = qostil(folder.path(), &["score", "a.tmx"]);
    let out = text(&done.stdout);
    let cells: Vec<usize> = out.lines().map(|line| line.split('\t').count()).collect();
    assert_eq!(cells, [7, 7, 7], "{out}");
}

#[test]
fn columns_are_found_by_header_or_chosen() {
    let text = "note\ttarget_text\tsource_text\nx\t7 people\t7 адам\ny\t7 people\t8 адам\n";
    let folder = folder_with(&[("a.tsv", text), ("b.tsv", "x\t7 адам\t7\t8 people\n")]);
    for args in [
        "a.tsv --src-col source_text --tgt-col target_text",
        "a.tsv --src-col 3 --tgt-col 2 --src-lang kk --tgt-lang en",
    ] {
        let (code, out, said) = checked(folder.path(), args);
        assert_eq!(code, Some(0), "{args}: {said}");
        let rows: Vec<String> = out.lines().map(str::to_owned).collect();
        assert!(
            rows[1].ends_with("\tagree\t7 = 7") && rows[2].ends_with("\tcontradict\t8 ≠ 7"),
            "{args}: {out}"
        );
    }
    let (_, out, _) = checked(folder.path(), "b.tsv --src-col 2 --tgt-col 4");
    assert_eq!(out, "x\t7 адам\t7\t8 people\tcontradict\t7 ≠ 8\n");
    let (code, _, said) = checked(folder.path(), "a.tsv --src-col kk --tgt-col en");
    assert_ne!(code, Some(0));
    assert!(said.contains("`kk`"), "{said}");
}

#[test]
fn lines_that_are_no_rows_are_told_and_nothing_else_is_lost() {
    let folder = folder_with(&[(
        "a.tsv",
        "kk\ten\tverdict\n5 адам\t5 people\tfine\nүзік\n6 адам\t7 people\tbad\n",
    )]);
    let (code, out, said) = checked(folder.path(), "a.tsv");
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(out.lines().count(), 3, "{out}");
    assert!(
        said.contains("left out as no rows of this bitext: 1 line: ") && said.contains("line 3"),
        "{said}"
    );
    let none = folder_with(&[("a.tsv", "бір баған\nтағы бір\n")]);
    let (code, out, said) = checked(none.path(), "a.tsv -o out.tsv");
    assert_eq!((code, out.as_str()), (Some(3), ""), "{said}");
    assert!(!none.path().join("out.tsv").exists());
}

/// What is appended would stand under another column's name.
#[test]
fn a_row_with_a_cell_too_many_or_too_few_is_no_row() {
    let rows =
        "kk\ten\turl\n5 адам\t5 people\ta\n6 адам\t6 people\ta\tb\n7 адам\t7 people\n8 адам\t9 people\t\n";
    let folder = folder_with(&[("a.tsv", rows)]);
    let (code, out, said) = checked(folder.path(), "a.tsv");
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(
        out,
        "kk\ten\turl\tverdict\treason\n5 адам\t5 people\ta\tagree\t5 = 5\n8 адам\t9 people\t\tcontradict\t8 ≠ 9\n"
    );
    assert!(
        said.contains("left out as no rows of this bitext: 2 lines")
            && said.contains("a.tsv: line 3: 4 columns, expected 3 as in the header"),
        "{said}"
    );
    let done = qostil(folder.path(), &["score", "a.tsv"]);
    let (out, said) = (text(&done.stdout), text(&done.stderr));
    let cells: Vec<usize> = out.lines().map(|line| line.split('\t').count()).collect();
    assert_eq!((done.status.code(), cells), (Some(1), vec![6, 6, 6]), "{out}");
    assert!(
        said.contains("a.tsv: line 3: 4 columns, expected 3 as in the header"),
        "{said}"
    );
}

#[test]
fn a_broken_file_publishes_nothing() {
    let folder = folder_with(&[
        ("a.tmx", "<tmx version=\"1.4\"><header/><body><tu>"),
        ("a.kk", "1\n2\n"),
        ("a.en", "1\n"),
    ]);
    for args in ["a.tmx -o out.tsv", "a.kk a.en -o out.tsv", "none.tsv -o out.tsv"] {
        let (code, _, said) = checked(folder.path(), args);
        assert_eq!(code, Some(3), "{args}: {said}");
        assert!(!folder.path().join("out.tsv").exists(), "{args}");
    }
}

#[test]
fn an_empty_bitext_is_a_warning() {
    // A byte order mark alone is no row either.
    let folder = folder_with(&[("a.tsv", ""), ("b.tsv", "\u{feff}"), ("b.jsonl", "\u{feff}")]);
    for name in ["a.tsv", "b.tsv", "b.jsonl"] {
        let (code, out, said) = checked(folder.path(), &format!("{name} -f tsv"));
        let header = "src\ttgt\tverdict\treason\n";
        assert_eq!((code, out.as_str()), (Some(0), header), "{said}");
        assert!(said.contains(&format!("{name} is empty")), "{said}");
    }
    let (_, out, _) = checked(folder.path(), "a.tsv --no-header");
    assert_eq!(out, "");
}

/// What holds of TSV holds of CSV: ragged rows are left out with their place, all columns stay in their order, whatever is in them.
#[test]
fn csv_is_treated_as_tsv_is() {
    let rows = [
        "id\tkk\tconfidence\ten",
        "1\t5 адам\thigh\t5 people",
        "2\t6 адам",
        "3\t7 адам\t0.5\t8 people\tmore",
        "4\t8 адам\t\t9 people",
    ]
    .join("\n");
    let csv = rows.replace('\t', ",");
    let sheet = rows.replace('\t', ";");
    let folder = folder_with(&[("a.tsv", &rows), ("a.csv", &csv), ("b.csv", &sheet)]);
    for command in ["check", "score"] {
        let outcome = |name: &str| {
            let done = qostil(folder.path(), &[command, name]);
            let said = text(&done.stderr).replace(name, "FILE");
            (done.status.code(), text(&done.stdout), said)
        };
        let of_tsv = outcome("a.tsv");
        assert_eq!(of_tsv.0, Some(1));
        assert_eq!(of_tsv.1.lines().count(), 3, "{}", of_tsv.1);
        assert!(
            of_tsv.2.contains(
                "2 lines: FILE: line 3: 2 columns, expected 4 as in the header; FILE: line 4: 5 columns"
            ),
            "{}",
            of_tsv.2
        );
        assert_eq!(outcome("a.csv"), of_tsv);
        assert_eq!(outcome("b.csv"), of_tsv);
    }
}

#[test]
fn threads_change_nothing() {
    let mut rows = String::from("kk\ten\n");
    for n in 0..40_000 {
        rows.push_str(&format!(
            "{n} адам, {} пайыз\t{n} people, {} percent\n",
            n % 97,
            n % 89
        ));
    }
    let folder = folder_with(&[("a.tsv", &rows)]);
    let one = checked(folder.path(), "a.tsv --threads 1");
    let three = checked(folder.path(), "a.tsv --threads 3");
    assert_eq!(one, three);
    assert_eq!(one.1.lines().count(), 40_001);
}

#[test]
fn one_enormous_row_is_a_row() {
    let long = "мың 1,5 млн-ға 300 000 ".repeat(40_000);
    let folder = folder_with(&[("a.tsv", &format!("kk\ten\n{long}\t1.5 million\n5\t6\n"))]);
    let (code, out, said) = checked(folder.path(), "a.tsv");
    assert_eq!(code, Some(0), "{said}");
    assert!(out.ends_with("5\t6\tcontradict\t5 ≠ 6\n"));
}

#[test]
fn kept_rows_of_csv_are_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    for end in ["\n", "\r\n"] {
        let row = |number: u32, en: u32| {
            format!(
                "{number},\"Биыл {number} «мектеп»{end}салынды \"\"{}\"\"\",\"This year, {en} schools\"{end}",
                "ә".repeat(number as usize % 90)
            )
        };
        let rows: Vec<String> = (100..1100)
            .map(|number| row(number, number + number % 2))
            .collect();
        let header = format!("id,kk,en{end}");
        fs::write(folder.path().join("b.csv"), header.clone() + &rows.concat()).expect("a file");
        let done = qostil(folder.path(), &["check", "b.csv", "--keep", "agree", "-q"]);
        let even = rows.iter().step_by(2).map(String::as_str);
        assert!(
            text(&done.stdout) == header + &even.collect::<String>(),
            "{}",
            text(&done.stderr)
        );
    }
}

/// What `align` and `run` write has a verdict already, and two columns of one name break whoever reads by name.
#[test]
fn columns_of_the_names_appended_are_replaced() {
    let folder = folder_with(&[
        ("a.tsv", "kk\ten\tverdict\tnote\n300 адам\t300 people\told\tx\n"),
        ("a.csv", "verdict,kk,en,reason\nold,300 адам,300 people,none\n"),
    ]);
    let (code, out, said) = checked(folder.path(), "a.tsv");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        out,
        "kk\ten\tnote\tverdict\treason\n300 адам\t300 people\tx\tagree\t300 = 300\n"
    );
    assert_eq!(
        said.matches("replaced columns of the input: verdict\n").count(),
        1,
        "{said}"
    );
    let (_, out, said) = checked(folder.path(), "a.csv");
    assert_eq!(
        out,
        "kk\ten\tverdict\treason\n300 адам\t300 people\tagree\t300 = 300\n"
    );
    assert!(
        said.contains("replaced columns of the input: verdict, reason\n"),
        "{said}"
    );
}

/// The figures were read by the rules of the wrong language without a word.
#[test]
fn columns_in_another_language_than_their_names_are_told() {
    let kazakh = "Биыл ауданда жаңа мектеп салынды, оған екі жүз бала барады.";
    let english = "This year a new school was built in the district for two hundred children.";
    let rows = |columns: &str, a: &str, b: &str| format!("{columns}\n{}", format!("{a}\t{b}\n").repeat(3));
    let folder = folder_with(&[
        ("swapped.tsv", &rows("kk\ten", english, kazakh)),
        ("other.tsv", &rows("kk\tru", kazakh, english)),
        ("right.tsv", &rows("kk\ten", kazakh, english)),
    ]);
    for (file, told) in [
        (
            "swapped.tsv",
            "the columns `kk` and `en` look swapped: judged by 3 rows, their texts are en and kk\n",
        ),
        ("other.tsv", "the column `ru` looks like en, judged by 3 rows\n"),
    ] {
        let (code, out, said) = checked(folder.path(), file);
        assert_eq!((code, out.lines().count()), (Some(0), 4), "{said}");
        assert!(said.contains(told), "{said}");
        assert_eq!(said.matches("warning").count(), 1, "{said}");
        let scored = qostil(folder.path(), &["score", file]);
        assert!(text(&scored.stderr).contains(told), "{}", text(&scored.stderr));
    }
    let (_, _, said) = checked(folder.path(), "right.tsv");
    assert!(!said.contains("warning"), "{said}");
}

/// A file named .csv or .jsonl held TSV.
#[test]
fn what_is_written_is_what_the_name_of_the_output_says() {
    let csv = "id,kk,en,note\n1,\"5 адам, иә\",5 people,\"a\"\"b\"\n";
    let folder = folder_with(&[("a.csv", csv)]);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    for (args, name, expected) in [
        (
            "a.csv -o b.csv",
            "b.csv",
            "id,kk,en,note,verdict,reason\n1,\"5 адам, иә\",5 people,\"a\"\"b\",agree,5 = 5\n",
        ),
        (
            "a.csv -o b.tsv",
            "b.tsv",
            "id\tkk\ten\tnote\tverdict\treason\n1\t5 адам, иә\t5 people\ta\"b\tagree\t5 = 5\n",
        ),
        (
            "a.csv -f csv -o b",
            "b",
            "id,kk,en,note,verdict,reason\n1,\"5 адам, иә\",5 people,\"a\"\"b\",agree,5 = 5\n",
        ),
        (
            "a.csv -o b.jsonl",
            "b.jsonl",
            "{\"kk\":\"5 адам, иә\",\"en\":\"5 people\",\"verdict\":\"agree\",\"id\":\"1\",\"note\":\"a\\\"b\",\"reason\":\"5 = 5\"}\n",
        ),
        (
            "a.csv --keep agree -o c.tsv",
            "c.tsv",
            "id\tkk\ten\tnote\n1\t5 адам, иә\t5 people\ta\"b\n",
        ),
        ("a.csv --keep agree -o c.csv", "c.csv", csv),
        // And from a format whose columns are learnt from its rows.
        (
            "b.jsonl -o d.csv",
            "d.csv",
            "kk,en,id,note,verdict,reason\n\"5 адам, иә\",5 people,1,\"a\"\"b\",agree,5 = 5\n",
        ),
    ] {
        let (code, out, said) = checked(folder.path(), args);
        assert_eq!((code, out.as_str()), (Some(0), ""), "{args}: {said}");
        assert_eq!(read(name), expected, "{args}: {said}");
    }
    for name in ["e.parquet", "e.xlsx", "e.tmx.gz", "e.csv.zst"] {
        let scored = qostil(folder.path(), &["score", "a.csv", "-o", name]);
        assert_eq!(scored.status.code(), Some(0), "{name}: {}", text(&scored.stderr));
        let back = qostil(folder.path(), &["convert", name, "back.jsonl"]);
        assert_eq!(back.status.code(), Some(0), "{name}: {}", text(&back.stderr));
        let row: serde_json::Value = serde_json::from_str(&read("back.jsonl")).expect("an object");
        assert!(
            row["confidence"].is_number() && row["note"] == "a\"b",
            "{name}: {row}"
        );
    }
    let (code, _, said) = checked(folder.path(), "a.csv -o b.ladder");
    assert_eq!(code, Some(2), "{said}");
}

/// Of Parquet, sheets and memories only texts and unknown columns came out, and old verdicts stood beside the new ones.
#[test]
fn what_records_say_of_documents_is_kept() {
    let rows = "id\tkk\ten\tverdict\tkk_doc\tkk_span\n7\t5 адам\t6 people\tagree\ta.txt\t0-10\n";
    let folder = folder_with(&[("a.tsv", rows)]);
    for (name, expected) in [
        (
            "a.tmx",
            "kk\ten\tkk_doc\tkk_span\tid\tverdict\treason\n5 адам\t6 people\ta.txt\t0-10\t7\t",
        ),
        (
            "a.parquet",
            "kk\ten\tconfidence\tbead\tevidence\tkk_doc\ten_doc\tkk_span\ten_span\tid\tverdict\treason\n5 адам\t6 people\t\t\t\ta.txt\t\t0-10\t\t7\t",
        ),
    ] {
        let done = qostil(folder.path(), &["convert", "a.tsv", name]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let (code, out, said) = checked(folder.path(), name);
        assert_eq!(
            (code, out),
            (Some(0), format!("{expected}contradict\t5 ≠ 6\n")),
            "{said}"
        );
        assert!(
            said.contains("replaced columns of the input: verdict\n"),
            "{said}"
        );
    }
}

/// Of columns it was said, of keys it was not.
#[test]
fn keys_of_the_names_appended_are_replaced_and_told() {
    let lines = "{\"kk\":\"5 адам\",\"en\":\"5 people\"}\n{\"kk\":\"7\",\"verdict\":3,\"en\":\"8\"}\n";
    let folder = folder_with(&[("a.jsonl", lines)]);
    let (code, out, said) = checked(folder.path(), "a.jsonl");
    assert_eq!(code, Some(0), "{said}");
    assert!(
        out.contains("\"verdict\":\"contradict\"") && !out.contains(":3"),
        "{out}"
    );
    assert_eq!(
        said.matches("replaced columns of the input: verdict\n").count(),
        1,
        "{said}"
    );
}

/// What check has no use for failed its row in every format but that of its lines.
#[test]
fn what_is_not_compared_may_be_anything_and_comes_out_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    let rows = "kk\ten\tconfidence\tbead\tverdict\tkk_span\n\
                Екі адам\tTwo people\thigh\tpair\tok\tabc\nБес адам\tFive people\t0.5\t1-1\tagree\t0-3\n";
    write("b.tsv", rows);
    write("b.csv", &rows.replace('\t', ","));
    write(
        "b.jsonl",
        "{\"kk\":\"Екі адам\",\"en\":\"Two people\",\"confidence\":\"high\",\"bead\":\"pair\",\"verdict\":7,\"kk_span\":\"abc\"}\n\
         {\"kk\":\"Бес адам\",\"en\":\"Five people\",\"confidence\":0.5,\"bead\":\"1-1\",\"kk_span\":\"0-3\"}\n",
    );
    write(
        "b.tmx",
        "<tmx version='1.4'><header srclang='kk'/><body>\
         <tu><prop type='confidence'>high</prop><prop type='bead'>pair</prop><prop type='verdict'>ok</prop>\
         <tuv xml:lang='kk'><prop type='span'>abc</prop><seg>Екі адам</seg></tuv><tuv xml:lang='en'><seg>Two people</seg></tuv></tu>\
         <tu><tuv xml:lang='kk'><prop type='span'>0-3</prop><seg>Бес адам</seg></tuv><tuv xml:lang='en'><seg>Five people</seg></tuv></tu>\
         </body></tmx>",
    );
    for from in ["b.tsv", "b.csv", "b.jsonl", "b.tmx"] {
        for to in ["tsv", "csv", "jsonl", "tmx", "parquet", "xlsx"] {
            let out = format!("{from}.{to}");
            let done = qostil(folder.path(), &["check", from, "-o", &out]);
            let said = text(&done.stderr);
            assert_eq!(done.status.code(), Some(0), "{out}: {said}");
            assert!(said.contains("2 rows: 2 agree"), "{out}: {said}");
            if to == "parquet" {
                // Its column holds numbers.
                assert!(
                    said.contains("confidence not held by the format: 1"),
                    "{out}: {said}"
                );
                continue;
            }
            // Texts and what was said of them, in a form that all can be read in.
            let done = qostil(folder.path(), &["check", &out, "-f", "csv"]);
            let again = text(&done.stdout);
            for held in ["high", "pair", "abc", "Екі = Two"] {
                assert_eq!(again.matches(held).count(), 1, "{out}: {held}: {again}");
            }
            assert!(!again.contains("ok"), "{out}: {again}");
        }
        let done = qostil(folder.path(), &["check", from, "--keep", "agree", "-f", "jsonl"]);
        let kept = text(&done.stdout);
        assert!(kept.contains("high") && kept.contains("abc"), "{from}: {kept}");
        assert_eq!((done.status.code(), kept.lines().count()), (Some(0), 2), "{from}");
    }
}

/// JSON lines whose `details` are something else were left out where they were written in another format.
#[test]
fn details_that_are_none_fail_no_row() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "{\"kk\":\"Екі адам\",\"en\":\"Two people\",\"details\":{\"page\":12345678901234567890123}}\n\
                {\"kk\":\"Бес адам\",\"en\":\"Five people\",\"details\":[]}\n";
    fs::write(folder.path().join("b.jsonl"), rows).expect("a file");
    for to in ["tsv", "csv", "jsonl", "tmx", "parquet", "xlsx"] {
        let out = format!("out.{to}");
        let done = qostil(folder.path(), &["check", "b.jsonl", "-o", &out]);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{to}: {said}");
        assert!(said.contains("2 rows: 2 agree"), "{to}: {said}");
        let again = text(&qostil(folder.path(), &["check", &out, "-f", "tsv"]).stdout);
        assert!(again.contains("12345678901234567890123"), "{to}: {again}");
        let done = qostil(folder.path(), &["score", "b.jsonl", "-f", to, "-o", "scored"]);
        assert_eq!(done.status.code(), Some(0), "{to}: {}", text(&done.stderr));
    }
}

/// All that came behind such a unit was lost.
#[test]
fn a_unit_that_cannot_be_used_is_left_out_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let unit = |number: &str, tag: &str, property: &str| {
        format!(
            "<tu>{property}<tuv {tag}><seg>{number} адам</seg></tuv><tuv xml:lang='en'><seg>{number} people</seg></tuv></tu>\n"
        )
    };
    let write = |name: &str, end: &str| {
        let (kk, none) = ("xml:lang='kk'", "");
        let units = [
            unit("2", kk, ""),
            unit("3", none, ""),
            unit("4", kk, "<prop type='bead'>one</prop>"),
            unit("5", kk, "<prop type='nbsp'>a&nbsp;b</prop>"),
            unit("6", kk, ""),
        ];
        let content = format!(
            "<tmx version='1.4'><header srclang='kk'/><body>\n{}{end}",
            units.concat()
        );
        fs::write(folder.path().join(name), content).expect("a file");
    };
    write("whole.tmx", "</body></tmx>");
    write("broken.tmx", "<tu></body></tmx>");
    let (code, out, said) = checked(folder.path(), "whole.tmx");
    assert_eq!((code, out.lines().count()), (Some(1), 4), "{out}{said}");
    assert!(said.contains("2 lines") && said.contains("line 3"), "{said}");
    let (code, out, said) = checked(folder.path(), "broken.tmx -o o.tsv");
    assert_eq!((code, out.as_str()), (Some(3), ""), "{said}");
    assert!(said.contains("line 7"), "{said}");
    for (name, failed) in [("whole.tmx", 3), ("broken.tmx", 4)] {
        let done = qostil(
            folder.path(),
            &["run", name, "-o", "out", "--profile", "everything"],
        );
        assert_eq!(done.status.code(), Some(1), "{name}: {}", text(&done.stderr));
        let bitext = fs::read_to_string(folder.path().join("out/bitext.tsv")).expect("a file");
        assert_eq!(bitext.lines().count(), 3, "{name}: {bitext}");
        assert!(bitext.contains("6 адам"), "{name}: {bitext}");
        let summary = fs::read_to_string(folder.path().join("out/summary.json")).expect("a file");
        let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
        assert_eq!(summary["total"]["failed"], failed, "{name}: {summary:#}");
    }
}
