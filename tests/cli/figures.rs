//! `qostil figures`: the columns of the contract, languages, and how it ends.

use std::fs;

use crate::{qostil, seed_folder, text};

#[test]
fn every_column_is_as_the_contract_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let kk = "Биыл 2,6 трлн теңге, 14%, үштен бірі, 3-4 күн, 100-ден астам, 40 мың тоннаға дейін,\n2025 жылғы 1 наурыз, \
        1 наурызда, 80-жылдары, ХХІ ғасыр, сағат 17:30, 5-сынып, 1-0 есебімен, 2 есе, 03.04.2025.\n";
    fs::write(folder.path().join("a.txt"), kk).expect("a file");
    let done = qostil(folder.path(), &["figures", "a.txt"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let out = text(&done.stdout);
    let mut lines = out.lines();
    assert_eq!(
        lines.next(),
        Some("start\tend\tsurface\tvalue\tunit\tkind\texactness\talternatives")
    );
    let expected = [
        "2,6 трлн теңге\t2600000000000\tKZT\tmoney\texact\t",
        "14%\t14\t%\tpercent\texact\t",
        "үштен бірі\t1/3\t\tfraction\texact\t",
        "3-4 күн\t3..4\tday\tduration\trange\t",
        "100-ден\t>=100\t\tcount\tat-least\t",
        "40 мың тоннаға\t<=40000\tt\tmeasure\tat-most\t",
        "2025 жылғы 1 наурыз\t2025-03-01\t\tdate\texact\t",
        "1 наурызда\t--03-01\t\tdate\texact\t",
        "80-жылдары\t1980..1989\t\tdecade\trange\t",
        "ХХІ ғасыр\t21\t\tcentury\texact\t",
        "17:30\t17:30\t\ttime\texact\t",
        "5-сынып\t5\t\tordinal\texact\t",
        "1-0\t1-0\t\tscore\texact\t",
        "2 есе\t2\t\tmultiplier\texact\t",
        "03.04.2025\t2025-04-03\t\tdate\texact\t2025-03-04",
    ];
    for (line, expected) in lines.by_ref().zip(expected) {
        let mut cells = line.splitn(3, '\t');
        let place = |cell: Option<&str>| cell.and_then(|c| c.parse::<usize>().ok()).expect("a byte");
        let (start, end) = (place(cells.next()), place(cells.next()));
        assert_eq!(cells.next(), Some(expected));
        let surface = expected.split('\t').next().expect("a surface");
        assert_eq!(
            kk.get(start..end),
            Some(surface),
            "spans are bytes of the document"
        );
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn several_files_have_a_column_for_their_names_and_one_may_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "In 1995, 300 people").expect("a file");
    fs::write(folder.path().join("b.txt"), "").expect("a file");
    let done = qostil(
        folder.path(),
        &["figures", "--lang", "en", "a.txt", "none.txt", "b.txt"],
    );
    let (out, said) = (text(&done.stdout), text(&done.stderr));
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(
        out.starts_with("doc\tstart\tend\t") && out.contains("\na.txt\t3\t7\t1995\t1995\t\tyear"),
        "{out}"
    );
    assert!(
        said.contains("none.txt") && said.contains("b.txt is empty"),
        "{said}"
    );
}

#[test]
fn nothing_is_written_when_nothing_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for args in [
        vec!["figures", "none.txt"],
        vec!["figures", "none.txt", "nor-this.txt"],
    ] {
        let done = qostil(folder.path(), &args);
        assert_eq!(done.status.code(), Some(3));
        assert_eq!(text(&done.stdout), "");
    }
    let done = qostil(folder.path(), &["figures", "none.txt", "-o", "out.tsv"]);
    assert_eq!(done.status.code(), Some(3));
    assert!(!folder.path().join("out.tsv").exists());
}

#[test]
fn the_language_is_told_or_found() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("a.txt"),
        "Екі ауылда он екі мың адам тұрады.\n",
    )
    .expect("a file");
    let count = |args: &[&str]| {
        let done = qostil(folder.path(), args);
        text(&done.stdout).lines().count()
    };
    assert_eq!(count(&["figures", "a.txt", "--no-header"]), 2);
    assert_eq!(count(&["figures", "a.txt", "--lang", "en", "--no-header"]), 0);
    let done = qostil(folder.path(), &["figures", "a.txt", "--lang", "x!"]);
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn the_seeds_are_read() {
    let seeds = seed_folder();
    let done = qostil(&seeds, &["figures", "003_9a5133ad0e34a6fe.txt"]);
    let out = text(&done.stdout);
    assert!(
        out.contains("\t12 миллиард теңге\t12000000000\tKZT\tmoney\texact\t\n"),
        "{out}"
    );
}

/// A file named .csv held TSV.
#[test]
fn a_table_named_csv_is_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("kk.txt"), "Баға 2,6 трлн теңге болды.\n").expect("a file");
    let done = qostil(folder.path(), &["figures", "kk.txt", "-o", "a.csv"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let out = fs::read_to_string(folder.path().join("a.csv")).expect("a file");
    assert!(out.starts_with("start,end,surface,value,unit,"), "{out}");
    assert!(out.contains(",\"2,6 трлн теңге\",2600000000000,KZT,"), "{out}");
}
