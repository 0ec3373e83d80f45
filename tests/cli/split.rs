//! `qostil split`.

use std::fs;
use std::io::Write;

use crate::{qostil, seed_folder, text};

#[test]
fn a_sentence_a_line() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("a.txt"),
        "Ол 2024 ж. келді. Біз\tкүттік!\r\n\r\nСоңы",
    )
    .expect("a file");
    let output = qostil(folder.path(), &["split", "a.txt"]);
    assert_eq!(text(&output.stdout), "Ол 2024 ж. келді.\nБіз күттік!\nСоңы\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn spans_are_bytes_after_the_mark() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "\u{feff}Ол келді. Біз күттік.").expect("a file");
    let output = qostil(folder.path(), &["split", "--spans", "--lang", "kk", "a.txt"]);
    assert_eq!(
        text(&output.stdout),
        "start\tend\ttext\n0\t16\tОл келді.\n17\t37\tБіз күттік.\n"
    );
    let both = qostil(
        folder.path(),
        &["split", "--spans", "--no-header", "a.txt", "a.txt"],
    );
    assert_eq!(text(&both.stdout).lines().next(), Some("a.txt\t0\t16\tОл келді."));
}

#[test]
fn languages_of_paragraphs() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = "\u{feff}Ауылда жаңа мектеп ашылды.\n\nВ области открылась новая школа.\nMaktabda yangi kutubxona ochildi.\n";
    fs::write(folder.path().join("a.txt"), page).expect("a file");
    let output = qostil(folder.path(), &["split", "--languages", "a.txt"]);
    let found = text(&output.stdout);
    let mut lines = found.lines();
    assert_eq!(lines.next(), Some("start\tend\tlang\tconfidence"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let expected = [["0", "48", "kk"], ["50", "109", "ru"], ["110", "143", "und"]];
    assert!(rows.iter().map(|row| &row[..3]).eq(expected), "{found}");
    assert!(
        rows.iter()
            .all(|row| (0.5..=1.0).contains(&row[3].parse::<f64>().expect("a number")))
    );
}

#[test]
fn codes_of_languages_are_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "Ein Satz. Noch einer.").expect("a file");
    let refused: [(&[&str], &str); 7] = [
        (&["split", "--lang", "zz", "a.txt"], "kk-latn"),
        (&["split", "--lang", "kz", "a.txt"], "did you mean `kk`"),
        (&["split", "--lang", "Kazak", "a.txt"], "did you mean `kk`"),
        (&["figures", "--lang", "zz", "a.txt"], "kk-latn"),
        (&["align", "--src-lang", "zz", "a.txt", "a.txt"], "kk-latn"),
        (
            &["run", "--pair", "kz-en", "-o", "out", "a.txt"],
            "did you mean `kk`",
        ),
        (
            &["lexicon", "show", "--lang", "englsh", "house"],
            "did you mean `en`",
        ),
    ];
    for (args, said) in refused {
        let output = qostil(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            text(&output.stderr).contains(said),
            "{args:?}: {}",
            text(&output.stderr)
        );
    }
    for code in ["de", "fr", "hu", "und", "de-AT"] {
        let output = qostil(folder.path(), &["split", "--lang", code, "a.txt"]);
        assert_eq!(text(&output.stdout), "Ein Satz.\nNoch einer.\n", "{code}");
    }
}

#[test]
fn wrapped_lines_are_joined() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.txt"), "Ол үйге\nкелді. Біз\nкүттік.\n").expect("a file");
    let output = qostil(folder.path(), &["split", "--join-wrapped", "a.txt"]);
    assert_eq!(text(&output.stdout), "Ол үйге келді.\nБіз күттік.\n");
}

#[test]
fn packed_and_older_encodings_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let packed = fs::File::create(folder.path().join("a.txt.gz")).expect("a file");
    let mut packer = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packer
        .write_all("Ол келді. Біз күттік.".as_bytes())
        .expect("packed");
    packer.finish().expect("packed");
    assert_eq!(
        text(&qostil(folder.path(), &["split", "a.txt.gz"]).stdout),
        "Ол келді.\nБіз күттік.\n"
    );
    let utf16: Vec<u8> = "\u{feff}Ол келді. Біз күттік."
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(folder.path().join("b.txt"), utf16).expect("a file");
    assert_eq!(
        text(&qostil(folder.path(), &["split", "b.txt"]).stdout),
        "Ол келді.\nБіз күттік.\n"
    );
}

#[test]
fn exit_codes() {
    let seeds = seed_folder();
    let kazakh = "003_9a5133ad0e34a6fe.txt";
    assert_eq!(qostil(&seeds, &["split", "missing"]).status.code(), Some(3));
    let some = qostil(&seeds, &["split", "missing", kazakh]);
    assert_eq!(some.status.code(), Some(1));
    assert_eq!(text(&some.stdout).lines().count(), 153);
    assert_eq!(
        qostil(&seeds, &["split", "--lang", "k2", kazakh]).status.code(),
        Some(2)
    );
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.txt"), "").expect("a file");
    let empty = qostil(folder.path(), &["split", "empty.txt"]);
    assert_eq!(empty.status.code(), Some(0));
    assert!(text(&empty.stderr).contains("empty.txt is empty"));
}
