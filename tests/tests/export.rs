//! Bitext formats: there and back over any text, files of other tools, broken files.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use qostil_bitext::{BeadType, Record, Verdict};
use qostil_export::{
    BitextReader, BitextWriter, Choice, Chooser, Columns, Divider, Duplicates, Error, Format, Losses, Parts,
    ReadOptions, Sampler, Shuffle, WriteOptions, one_line,
};
use qostil_text::{Lang, Span};

const LANGS: (Lang, Lang) = (Lang::Kazakh, Lang::English);

fn write(path: &Path, records: &[Record], extra: &[&str]) -> Losses {
    let options = WriteOptions {
        extra: extra.iter().map(|name| (*name).to_owned()).collect(),
        ..WriteOptions::new(LANGS)
    };
    let mut writer = BitextWriter::create(path, &options).expect("a file");
    for record in records {
        writer.write(record).expect("a record");
    }
    writer.finish().expect("the end")
}

fn read_with(path: &Path, options: &ReadOptions) -> Result<Vec<Record>, Error> {
    BitextReader::open(path, options)?
        .map(|row| row.map(|row| row.record))
        .collect()
}

fn read(path: &Path) -> Result<Vec<Record>, Error> {
    read_with(path, &ReadOptions::default())
}

/// A file of this name with this content, in a folder that lives as long as the first value.
fn file(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, content).expect("a file");
    (folder, path)
}

fn texts(records: &[Record]) -> Vec<(&str, &str)> {
    records
        .iter()
        .map(|record| (record.src.as_str(), record.tgt.as_str()))
        .collect()
}

/// Any text, with the characters that formats trip over more often than chance would have them.
fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "\t", "\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\"", "'", "<", "&", "]]>", "&lt;", "=1+1", "@",
        "\u{feff}", "\0", "\u{1f}", "\u{fffe}", " ", "_x0041_", "\\", "\\n", ",", ";", "ә", "😀", "e\u{301}",
        "~~~", "\u{200b}", "null", "1.50",
    ]);
    let piece = prop_oneof![3 => awkward.prop_map(str::to_owned), 2 => any::<char>().prop_map(String::from), 2 => "[а-яa-z ]{1,8}"];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::vec((0_usize..1000, 0_usize..50), 0..3).prop_map(|spans| {
        spans
            .into_iter()
            .map(|(start, len)| Span::new(start, start + len))
            .collect()
    })
}

fn record() -> impl Strategy<Value = Record> {
    let known = (
        prop::option::of(0_u32..=10_000),
        prop::option::of((0_usize..4, 0_usize..4)),
        prop::option::of(prop::sample::select(vec![
            Verdict::Agree,
            Verdict::Contradict,
            Verdict::None,
        ])),
    );
    (
        ("[ -~]", text(), text()),
        known,
        (text(), text(), text(), text()),
        spans(),
        spans(),
    )
        .prop_map(
            |(
                (first, src, tgt),
                (confidence, bead, verdict),
                (evidence, src_doc, tgt_doc, note),
                src_spans,
                tgt_spans,
            )| {
                let mut record = Record {
                    src: first + &src,
                    tgt,
                    confidence: confidence.map(|c| f64::from(c) / 1e4),
                    bead: bead.map(|(src, tgt)| BeadType { src, tgt }),
                    verdict,
                    evidence,
                    src_doc,
                    tgt_doc,
                    src_spans,
                    tgt_spans,
                    ..Record::default()
                };
                if !note.is_empty() {
                    record.extra.push(("origin".to_owned(), note));
                }
                record
            },
        )
}

/// A record after its texts went through `rule`.
fn with(record: &Record, rule: &dyn Fn(&str) -> String) -> Record {
    let mut out = record.clone();
    for text in [
        &mut out.src,
        &mut out.tgt,
        &mut out.evidence,
        &mut out.src_doc,
        &mut out.tgt_doc,
    ] {
        *text = rule(text);
    }
    for (_, value) in &mut out.extra {
        *value = rule(value);
    }
    out.extra.retain(|(_, value)| !value.is_empty());
    out
}

fn without_controls(text: &str) -> String {
    let refused =
        |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(|c| !refused(*c)).collect()
}

/// Writes, reads, and compares with what the format's rule makes of the records; written again, the bytes are the same.
fn there_and_back(name: &str, records: &[Record], rule: &dyn Fn(&str) -> String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let losses = write(&path, records, &["origin"]);
    let expected: Vec<Record> = records.iter().map(|record| with(record, rule)).collect();
    let options = ReadOptions {
        langs: Some(LANGS),
        ..ReadOptions::default()
    };
    let back = read_with(&path, &options).expect("what was written");
    assert_eq!(back, expected, "{name}");
    assert_eq!(losses.is_empty(), records == expected, "{name}: {losses}");
    let again = folder.path().join(format!("again.{name}"));
    assert!(
        write(&again, &back, &["origin"]).is_empty(),
        "{name}: nothing is lost twice"
    );
    assert_eq!(
        fs::read(&path).expect("bytes"),
        fs::read(&again).expect("bytes"),
        "{name}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tables_keep_all_but_line_ends(records in prop::collection::vec(record(), 0..4)) {
        for name in ["a.tsv", "a.tsv.gz", "a.sent"] {
            there_and_back(name, &records, &|text| one_line(text).into_owned());
        }
    }

    #[test]
    fn json_csv_and_parquet_keep_all(records in prop::collection::vec(record(), 0..4)) {
        for name in ["a.jsonl", "a.csv", "a.jsonl.zst", "a.parquet"] {
            there_and_back(name, &records, &str::to_owned);
        }
    }

    #[test]
    fn json_tells_sentences_apart(mut records in prop::collection::vec(record(), 1..4), src in prop::collection::vec(spans(), 0..4), tgt in prop::collection::vec(spans(), 0..4)) {
        records[0].src_sentences = src;
        records[0].tgt_sentences = tgt;
        there_and_back("a.jsonl", &records, &str::to_owned);
    }

    #[test]
    fn xml_keeps_all_that_xml_can_hold(records in prop::collection::vec(record(), 0..4)) {
        there_and_back("a.tmx", &records, &without_controls);
    }

    #[test]
    fn sheets_keep_all_that_cells_can_hold(records in prop::collection::vec(record(), 1..3)) {
        there_and_back("a.xlsx", &records, &|text| without_controls(&text.replace("\r\n", "\n").replace('\r', "\n")));
    }

    #[test]
    fn moses_keeps_the_texts_and_python_counts_the_same_lines(records in prop::collection::vec(record(), 1..4)) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.kk-en");
        write(&path, &records, &[]);
        let back = read(&path).expect("the pair");
        let expected: Vec<(String, String)> = records
            .iter()
            .enumerate()
            // At the beginning of a file U+FEFF is a BOM.
            .map(|(at, r)| [&r.src, &r.tgt].map(|t| {
                let line = one_line(t).into_owned();
                if at == 0 { line.strip_prefix('\u{feff}').unwrap_or(&line).to_owned() } else { line }
            }))
            .map(|[src, tgt]| (src, tgt))
            .collect();
        prop_assert_eq!(back.into_iter().map(|r| (r.src, r.tgt)).collect::<Vec<_>>(), expected);
        let kk = fs::read_to_string(folder.path().join("a.kk-en.kk")).expect("a side");
        let breaks = |c: char| matches!(c, '\n' | '\x0b' | '\x0c' | '\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
        prop_assert_eq!(kk.chars().filter(|c| breaks(*c)).count(), records.len());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..NAMES.len()) {
        let (_folder, path) = file(NAMES[at], &bytes);
        let _ = drained(&path);
    }

    #[test]
    fn no_damage_makes_a_reader_panic(at in 0_usize..NAMES.len(), hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (_folder, path) = file(NAMES[at], valid(NAMES[at]));
        let mut bytes = fs::read(&path).expect("bytes");
        for (place, byte) in hits {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        fs::write(&path, bytes).expect("a file");
        let _ = drained(&path);
    }
}

const NAMES: [&str; 14] = [
    "a.tsv",
    "a.csv",
    "a.jsonl",
    "a.tmx",
    "a.sent",
    "a.parquet",
    "a.xlsx",
    "a.tsv.gz",
    "a.tmx.zst",
    "a.xces",
    "a.vecalign",
    "a.ladder",
    "a.kk",
    "a.hunalign",
];

/// Reads to the end, or to an error after which there is nothing.
fn drained(path: &Path) -> Result<usize, Error> {
    let text = path.with_file_name("text");
    fs::write(&text, "Бір.\nЕкі.\n").expect("a file");
    // The other side of a Moses pair.
    fs::write(path.with_extension("en"), "One.\nTwo.\n").expect("a file");
    let options = ReadOptions {
        format: path
            .extension()
            .is_some_and(|e| e == "hunalign")
            .then_some(Format::HunalignText),
        src: Some(text.clone()),
        tgt: Some(text),
        ..ReadOptions::default()
    };
    let mut last = Ok(0);
    for (at, row) in BitextReader::open(path, &options)?.take(10_000).enumerate() {
        last = row.map(|_| at + 1);
    }
    last
}

fn valid(name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let records: Vec<Record> = (0..3)
        .map(|at| Record {
            src: format!("Бір & {at}"),
            tgt: format!("One <{at}>"),
            confidence: Some(0.5),
            verdict: Some(Verdict::Agree),
            src_doc: "text".to_owned(),
            src_spans: vec![Span::new(0, 7)],
            tgt_spans: vec![Span::new(0, 7)],
            ..Record::default()
        })
        .collect();
    match name {
        "a.vecalign" => return b"[0]:[0, 1]:0.25\n[1]:[]\n".to_vec(),
        "a.ladder" => return b"0\t0\t0.5\n1\t2\t0.3\n2\t2\t0\n".to_vec(),
        "a.hunalign" => return "Бір. ~~~ Екі.\tOne.\t0.5\n<p>\t<p>\t0\n".as_bytes().to_vec(),
        "a.kk" => return "Бір.\nЕкі.\n".as_bytes().to_vec(),
        _ => {}
    }
    if name.ends_with("xces") {
        return b"<cesAlign version=\"1.0\"><linkGrp fromDoc=\"a\" toDoc=\"b\"><link xtargets=\"1;2\"/><link xtargets=\"1 2;\"/></linkGrp></cesAlign>".to_vec();
    }
    write(&path, &records, &[]);
    fs::read(path).expect("bytes")
}

#[test]
fn a_truncated_file_is_an_error_not_a_short_file() {
    for name in [
        "a.tmx",
        "a.parquet",
        "a.xlsx",
        "a.tsv.gz",
        "a.jsonl.zst",
        "a.xces",
    ] {
        let (_folder, path) = file(name, valid(name));
        assert_eq!(drained(&path).expect(name), if name == "a.xces" { 2 } else { 3 });
        let whole = fs::read(&path).expect("bytes");
        for end in 1..whole.trim_ascii_end().len() {
            // A gz file cut behind its header and before its first block ends like an empty one for some readers; not here.
            fs::write(&path, &whole[..end]).expect("a file");
            let error = drained(&path).expect_err(&format!("{name} cut at {end} of {}", whole.len()));
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}

#[test]
fn errors_name_file_line_column_and_what_was_expected() {
    for (name, content, says) in [
        (
            "a.tsv",
            "kk\ten\tconfidence\nИә\tYes\t1\nЖоқ\tNo\t7\n",
            "a.tsv: line 3, column 3: `7` is not a confidence: expected 0 to 1",
        ),
        (
            "a.tsv",
            "kk\ten\tbead\nИә\tYes\n",
            "a.tsv: line 2: 2 columns, expected 3 as in the header",
        ),
        (
            "a.jsonl",
            "{\"kk\": \"Иә\", \"en\": \"Yes\"}\n{\"kk\": \"Жоқ\"\n",
            "a.jsonl: line 2, column 15: EOF while parsing an object: expected a JSON object on one line",
        ),
        (
            "a.jsonl",
            "{\"kk\": \"Иә\", \"en\": 1}\n",
            "a.jsonl: line 1: no text under `en`: expected a string",
        ),
        (
            "a.csv",
            "kk,en\nИә\n",
            "a.csv: line 2: 1 column, expected 2 as in the header",
        ),
        (
            "a.tmx",
            "<tmx>\n<body><tu>\n<tuv><seg>a</seg></tuv></tu></body></tmx>",
            "a.tmx: line 3, column 5: <tuv> without language: expected `xml:lang`",
        ),
        (
            "a.tmx",
            "<html></html>",
            "a.tmx: line 1, column 6: <html>: expected <tmx>",
        ),
        (
            "a.xces",
            "<cesAlign><linkGrp><link xtargets=\"9;\"/></linkGrp></cesAlign>",
            "a.xces: line 1, column 40: sentence `9` is not in ",
        ),
    ] {
        let (_folder, path) = file(name, content);
        let error = drained(&path).expect_err(content).to_string();
        assert!(error.contains(says), "{error}\nwanted {says}");
    }
}

#[test]
fn entities_are_refused_and_controls_are_counted() {
    for bomb in [
        "<!DOCTYPE tmx [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><tmx><body><tu><tuv xml:lang=\"kk\"><seg>&b;</seg></tuv></tu></body></tmx>",
        "<!DOCTYPE tmx [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><tmx><body/></tmx>",
        "<tmx><body><tu><tuv xml:lang=\"kk\"><seg>&x;</seg></tuv></tu></body></tmx>",
        "<tmx><body><tu tuid=\"&x;\"></tu></body></tmx>",
    ] {
        let (_folder, path) = file("a.tmx", bomb);
        let error = drained(&path).expect_err(bomb).to_string();
        assert!(error.contains("refused") || error.contains('x'), "{error}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let record = Record {
        src: "a\0b\u{1f}".to_owned(),
        tgt: "c\nd".to_owned(),
        ..Record::default()
    };
    let count = |name: &str| write(&folder.path().join(name), std::slice::from_ref(&record), &[]).to_string();
    assert_eq!(count("a.tmx"), "control characters left out: 2");
    assert_eq!(count("a.tsv"), "cells with tabs or line ends made spaces: 2");
    assert_eq!(count("a.jsonl"), "");
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("cases/export")
        .join(name)
}

/// Reads a file as a bitext and writes it as TSV: its text, and what was said.
fn as_tsv(path: &Path, format: Format, langs: Option<(Lang, Lang)>) -> Result<(String, String), Error> {
    let options = ReadOptions {
        format: Some(format),
        langs,
        src: Some(case("sentences")),
        tgt: Some(case("sentences")),
        ..ReadOptions::default()
    };
    let mut reader = BitextReader::open(path, &options)?;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("a.tsv");
    let options = WriteOptions {
        extra: reader.extra().to_vec(),
        ..WriteOptions::new(reader.langs())
    };
    let mut writer = BitextWriter::create(&out, &options)?;
    for row in reader.by_ref() {
        writer.write(&row?.record)?;
    }
    let mut losses = reader.losses();
    losses.add(&writer.finish()?);
    Ok((fs::read_to_string(out)?, losses.to_string()))
}

#[test]
fn a_field_that_bears_the_name_of_another_is_kept_under_a_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let extra = |names: &[&str]| -> Vec<(String, String)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), format!("of {}", name.escape_debug())))
            .collect()
    };
    let record = Record {
        src: "Иә".to_owned(),
        tgt: "Yes".to_owned(),
        extra: extra(&["bead", "kk_span", "bead\u{1}x"]),
        ..Record::default()
    };
    for (name, wanted) in [
        ("a.jsonl", ["bead.2", "kk_span.2", "bead\u{1}x"]),
        ("a.tmx", ["bead.2", "kk_span", "beadx"]),
    ] {
        let path = folder.path().join(name);
        write(&path, std::slice::from_ref(&record), &[]);
        let back = read(&path).expect(name);
        let names: Vec<&str> = back[0].extra.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, wanted, "{name}");
    }
    let (_folder, path) = file("a.tsv", "kk_KZ\ten\tkk_doc\tkk_span\nИә\tYes\ta.kk\t0-4\n");
    let back = read(&path).expect("a table");
    assert_eq!(
        (
            back[0].src_doc.as_str(),
            back[0].src_spans.len(),
            back[0].extra.len()
        ),
        ("a.kk", 1, 0)
    );
}

#[test]
fn files_of_other_tools_are_read() {
    let table = fs::read_to_string(case("cases.tsv")).expect("cases");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, format, said, why] = cells[..] else {
            panic!("{line}: expected four cells")
        };
        let format: Format = format.parse().expect(name);
        let found = as_tsv(&case(name), format, None).unwrap_or_else(|e| panic!("{name} ({why}): {e}"));
        let wanted = case(&format!("{name}.tsv"));
        if std::env::var_os("QOSTIL_WRITE_CASES").is_some() {
            fs::write(&wanted, &found.0).expect("a file");
        }
        let wanted = fs::read_to_string(wanted).expect(name);
        assert_eq!(found, (wanted, said.to_owned()), "{name} ({why})");
        // The same in UTF-16, with its BOM, as Windows programs save it; TMX also without.
        let text = fs::read_to_string(case(name)).expect(name);
        let text = text
            .trim_start_matches('\u{feff}')
            .replacen("\"utf-8\"", "\"utf-16\"", 1);
        for (bom, big) in [("\u{feff}", false), ("\u{feff}", true), ("", false)] {
            if bom.is_empty() && !text.starts_with("<?xml") {
                continue;
            }
            let units = bom.encode_utf16().chain(text.encode_utf16());
            let bytes: Vec<u8> = units
                .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect();
            let (_folder, path) = file(name, bytes);
            assert_eq!(
                as_tsv(&path, format, None).expect(name),
                found,
                "{name} in UTF-16"
            );
        }
    }
}

#[test]
fn every_format_that_holds_a_field_gives_it_back_through_any_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let texts = [
        "a\u{2028}b",
        "x\u{85}y",
        "tab\there",
        "nul\0",
        "lone\rcr",
        "crlf\r\n",
        "=SUM(A1)",
        "\u{1}\u{1f}",
        "\u{fffe}",
        "",
        "\u{feff}bom",
        " lead ",
        "\u{a0}",
    ];
    let records: Vec<Record> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| Record {
            src: format!("ә{text}"),
            tgt: (*text).to_owned(),
            confidence: (number % 3 > 0).then_some(0.125),
            bead: (number % 2 > 0).then_some(BeadType { src: 2, tgt: 1 }),
            verdict: Some(Verdict::Contradict),
            evidence: "2,6 = 2.6".to_owned(),
            src_doc: "https://a.kz/1".to_owned(),
            src_spans: vec![Span::new(0, 3), Span::new(5, 9)],
            extra: vec![
                ("license".to_owned(), "CC0".to_owned()),
                ("note".to_owned(), text.trim().to_owned()),
            ],
            ..Record::default()
        })
        .collect();
    let extra = ["license", "note"];
    let read = |path: &Path| {
        // `sent` has no place for the languages.
        let options = ReadOptions {
            langs: Some(LANGS),
            ..ReadOptions::default()
        };
        read_with(path, &options).expect("what was written")
    };
    let names = [
        "a.tsv",
        "a.sent",
        "a.csv",
        "a.jsonl",
        "a.tmx",
        "a.parquet",
        "a.xlsx",
        "a.tsv.gz",
        "a.tmx.zst",
    ];
    for from in names {
        write(&at(from), &records, &extra);
        let held = read(&at(from));
        for to in names {
            let through = at(&format!("through.{to}"));
            let losses = write(&through, &held, &extra);
            let back = at(&format!("back.{from}"));
            let again = write(&back, &read(&through), &extra);
            let same = fs::read(&back).expect("bytes") == fs::read(at(from)).expect("bytes");
            assert_eq!(same, losses.is_empty(), "{from} through {to}: {losses}");
            assert!(
                again.is_empty() || !losses.is_empty(),
                "{from} through {to}: {again}"
            );
        }
    }
}

#[test]
fn raw_rows_are_kept_for_filters() {
    let (_folder, path) = file("a.tsv", "id\tkk\ten\tmine\r\n1\tИә \tYes\t\"x\"\r\n");
    let mut reader = BitextReader::open(&path, &ReadOptions::default()).expect("a file");
    assert_eq!(reader.header(), Some("id\tkk\ten\tmine\r\n"));
    let row = reader.next().expect("a row").expect("a good row");
    assert_eq!(row.raw[0], "1\tИә \tYes\t\"x\"\r\n");
    assert_eq!(
        row.record.extra,
        [
            ("id".to_owned(), "1".to_owned()),
            ("mine".to_owned(), "\"x\"".to_owned())
        ]
    );
}

#[test]
fn columns_are_chosen_by_name_and_number() {
    let (_folder, path) = file("a.tsv", "u\tv\tБір\tOne\n");
    let options = |a: &str, b: &str| ReadOptions {
        texts: Some([a.to_owned(), b.to_owned()]),
        ..ReadOptions::default()
    };
    assert_eq!(
        texts(&read_with(&path, &options("3", "4")).expect("numbers")),
        [("Бір", "One")]
    );
    assert!(
        read_with(&path, &options("u", "v"))
            .expect("a header and no rows")
            .is_empty()
    );
    assert!(read_with(&path, &options("x", "y")).is_err());
}

fn news(documents: usize, sentences: usize) -> Vec<Record> {
    (0..documents)
        .flat_map(|doc| {
            (0..sentences).map(move |at| Record {
                src: format!("{doc} құжаттың {at} сөйлемі {}", "ә".repeat(at)),
                tgt: format!("Sentence {at} of document {doc} {}", "a".repeat(doc)),
                src_doc: format!("{doc}.kk"),
                tgt_doc: format!("{doc}.en"),
                ..Record::default()
            })
        })
        .collect()
}

#[test]
fn a_document_goes_whole_into_one_part_whatever_the_order() {
    let parts: Parts = "train=0.6,dev=0.2,test=0.2".parse().expect("parts");
    let divide = |records: &[Record]| {
        let mut divider = Divider::default();
        records.iter().for_each(|record| divider.see(record));
        divider.divide(&parts)
    };
    let mut records = news(50, 6);
    let placed = divide(&records);
    let mut sizes = [0; 3];
    for document in placed.chunks(6) {
        assert!(document.iter().all(|part| *part == document[0]));
        sizes[document[0].expect("no duplicates here")] += 1;
    }
    assert!(sizes.iter().all(|size| *size > 3), "{sizes:?}");
    records.reverse();
    let mut reversed = divide(&records);
    reversed.reverse();
    assert_eq!(placed, reversed);
    // The same sentence, but for its figure and case, in a document of another part: only the smaller part keeps it.
    let trained = placed.iter().position(|part| *part == Some(0)).expect("train");
    let tested = placed.iter().position(|part| *part == Some(2)).expect("test");
    records.reverse();
    let twin = Record {
        src: records[tested].src.to_uppercase(),
        ..records[tested].clone()
    };
    let at = records.len();
    records.push(Record {
        src_doc: records[trained].src_doc.clone(),
        tgt_doc: records[trained].tgt_doc.clone(),
        ..twin
    });
    let placed = divide(&records);
    let apart = placed[tested] != placed[trained];
    assert!(!apart || placed[at].is_none() || placed[tested].is_none());
}

#[test]
fn samples_shuffles_and_duplicates_follow_from_the_content() {
    let records = news(4, 5);
    let sample = |seed| {
        let mut sampler = Sampler::new(7, seed);
        records.iter().for_each(|record| sampler.see(record));
        sampler.numbers()
    };
    assert_eq!((sample(1).len(), sample(1)), (7, sample(1)));
    assert_ne!(sample(1), sample(2));
    let shuffled = |seed| {
        let mut shuffle = Shuffle::new(seed);
        records
            .iter()
            .for_each(|record| shuffle.push(record).expect("a record"));
        let mut out = Vec::new();
        shuffle
            .drain(|record| {
                let _: () = out.push(record.clone());
                Ok(())
            })
            .expect("all records");
        out
    };
    let (once, other) = (shuffled(1), shuffled(2));
    assert_eq!(once, shuffled(1));
    assert_ne!(once, other);
    let sorted = |mut records: Vec<Record>| {
        records.sort_by(|a, b| (&a.src_doc, &a.src).cmp(&(&b.src_doc, &b.src)));
        records
    };
    assert_eq!(sorted(once), sorted(records.clone()));
    let mut chooser = Chooser::new(Choice {
        dedup: Some(Duplicates::Src),
        max_ratio: Some(3.0),
        ..Choice::default()
    });
    let long = Record {
        src: "Иә".into(),
        tgt: "Yes and so on".into(),
        ..Record::default()
    };
    let spaced = Record {
        src: records[0].src.replace(' ', "  "),
        ..records[0].clone()
    };
    let taken: Vec<bool> = [&records[0], &long, &spaced]
        .into_iter()
        .map(|record| chooser.takes(record))
        .collect();
    assert_eq!(taken, [true, false, false]);
    assert_eq!(
        chooser.left_out().to_string(),
        "duplicates: 1; sides of too different length: 1"
    );
    assert!("train=0.9,dev=0.2".parse::<Parts>().is_err());
    assert_eq!(
        Columns::of(Lang::English, Lang::Kazakh).langs(),
        (Lang::English, Lang::Kazakh)
    );
}
