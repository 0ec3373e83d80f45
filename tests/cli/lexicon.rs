//! `qostil lexicon`.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::{qostil, text};

/// Runs `qostil lexicon` over files of these contents.
fn lexicon(files: &[(&str, &str)], args: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    qostil(folder.path(), &[&["lexicon"], args].concat())
}

#[test]
fn show_says_what_matches_and_where_it_stands() {
    let output = lexicon(&[], &["show", "балаларымыздың"]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(shown.starts_with("балаларымыздың (kk)\n"), "{shown}");
    let entry = shown
        .lines()
        .find(|line| line.contains("\tбала (n)\t"))
        .expect("the entry of бала");
    let (place, _) = entry.trim().split_once('\t').expect("a place");
    let (file, line) = place.rsplit_once(':').expect("a file and a line");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let listed = fs::read_to_string(file).expect("the file that is named");
    let number: usize = line.parse().expect("a line number");
    assert!(
        listed
            .lines()
            .nth(number - 1)
            .expect("that line")
            .starts_with("бала\t"),
        "{place}"
    );
}

#[test]
fn show_tells_the_language_and_what_it_does_not_know() {
    let all = text(&lexicon(&[], &["show", "school", "школой", "мектепте"]).stdout);
    for (word, lang) in [("school", "en"), ("школой", "ru"), ("мектепте", "kk")] {
        assert!(all.contains(&format!("{word} ({lang})\n")), "{all}");
    }
    assert!(all.matches("мектеп (n)").count() >= 3, "{all}");
    let unknown = lexicon(&[], &["show", "қрщщ"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stdout).contains("no entry"));
    assert_eq!(
        lexicon(&[], &["show", "--lang", "de", "Wort"]).status.code(),
        Some(2)
    );
    assert_eq!(lexicon(&[], &["show"]).status.code(), Some(2));
}

#[test]
fn match_prints_a_row_for_every_word_that_has_an_entry() {
    let files = [
        (
            "kk",
            "Мұнай экспорттаушы елдер ұйымы кеңесті.\n\nЫққққ мектепке барды.\n",
        ),
        (
            "en",
            "The Organization of the Petroleum Exporting Countries met.\n\nWent to the cinema.\n",
        ),
    ];
    let output = lexicon(&files, &["match", "kk", "en"]);
    assert_eq!(
        text(&output.stdout),
        "line\ttoken\tequivalents\n\
         0\tМұнай\tPetroleum\n\
         0\tэкспорттаушы\tExporting\n\
         0\tелдер\tCountries\n\
         0\tұйымы\tOrganization\n\
         0\tкеңесті\tmet\n\
         2\tмектепке\t\n\
         2\tбарды\tWent\n"
    );
    let bare = lexicon(&files, &["match", "--no-header", "--no-seed-lexicon", "kk", "en"]);
    assert_eq!(bare.status.code(), Some(2), "there is no lexicon then");
}

#[test]
fn match_wants_parallel_lines() {
    let output = lexicon(
        &[("kk", "бір\nекі\nүш\n"), ("en", "one\ntwo\n")],
        &["match", "kk", "en"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    let message = text(&output.stderr);
    assert!(message.contains("kk has 3 lines and en has 2"), "{message}");
    assert_eq!(
        lexicon(&[("kk", "бір\n")], &["match", "kk", "en"]).status.code(),
        Some(3)
    );
}

const BITEXT: &str = "Жаңбыр жауды\tRain fell\nЖаңбырдың суы\tRain water\nКүшті жаңбырлар\tHeavy rain\n";
const LEARNT: &str = "kk\ten\tprobability\nжаңбыр\train\t";

#[test]
fn learn_reads_columns_by_their_header_and_writes_what_match_reads() {
    let swapped: String = BITEXT
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(kk, en)| format!("x\t{en}\t{kk}\n"))
        .collect();
    for bitext in [
        BITEXT.to_owned(),
        format!("kk\ten\n{BITEXT}"),
        format!("src\ttgt\n{BITEXT}"),
        format!("doc\ten\tkk\n{swapped}"),
    ] {
        let output = lexicon(&[("bitext.tsv", &bitext)], &["learn", "bitext.tsv"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(
            text(&output.stdout).starts_with(LEARNT),
            "{bitext}{}",
            text(&output.stdout)
        );
    }
    let learnt = format!("{LEARNT}0.9000\n");
    let files = [
        ("my.tsv", learnt.as_str()),
        ("kk", "жаңбырда\n"),
        ("en", "in the rains\n"),
    ];
    let args = [
        "match",
        "--no-header",
        "--no-seed-lexicon",
        "--lexicon",
        "my.tsv",
        "kk",
        "en",
    ];
    assert_eq!(text(&lexicon(&files, &args).stdout), "0\tжаңбырда\trains\n");
}

#[test]
fn learn_refuses_what_is_no_bitext_of_the_pair() {
    let ru = lexicon(&[("b.tsv", "kk\tru\nҮй\tДом\n")], &["learn", "b.tsv"]);
    assert_eq!(ru.status.code(), Some(2));
    assert!(
        text(&ru.stderr).contains("b.tsv: it holds kk and ru, not kk and en"),
        "{}",
        text(&ru.stderr)
    );
    let one = lexicon(&[("b.tsv", "Үй\thouse\nКітап\n")], &["learn", "b.tsv"]);
    assert_eq!(one.status.code(), Some(1));
    assert!(
        text(&one.stderr).contains("b.tsv: line 2: 1 column"),
        "{}",
        text(&one.stderr)
    );
    let csv = lexicon(&[("b.tsv", BITEXT)], &["learn", "b.tsv", "-o", "lexicon.csv"]);
    assert_eq!(csv.status.code(), Some(2));
    assert!(text(&csv.stderr).contains(".tsv"), "{}", text(&csv.stderr));
}

/// It read TSV alone, whatever the file was called.
#[test]
fn learn_reads_every_format_of_bitext() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("b.tsv"), format!("kk\ten\n{BITEXT}")).expect("a file");
    let expected = text(&qostil(folder.path(), &["lexicon", "learn", "b.tsv"]).stdout);
    assert!(expected.starts_with(LEARNT), "{expected}");
    for name in [
        "b.csv",
        "b.jsonl",
        "b.tmx",
        "b.parquet",
        "b.xlsx",
        "b.kk-en",
        "b.tsv.gz",
        "b.tmx.zst",
    ] {
        let made = qostil(folder.path(), &["convert", "b.tsv", name]);
        assert_eq!(made.status.code(), Some(0), "{name}: {}", text(&made.stderr));
        let output = qostil(folder.path(), &["lexicon", "learn", name]);
        assert_eq!(text(&output.stdout), expected, "{name}: {}", text(&output.stderr));
    }
}

/// It was TSV, whatever the file was called.
#[test]
fn match_writes_what_the_name_of_the_output_says() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("kk"), "мектепке барды\n").expect("a file");
    fs::write(folder.path().join("en"), "went to school\n").expect("a file");
    qostil(folder.path(), &["lexicon", "match", "kk", "en", "-o", "out.csv"]);
    let out = fs::read_to_string(folder.path().join("out.csv")).expect("a table");
    assert!(
        out.starts_with("line,token,equivalents\n0,мектепке,school\n"),
        "{out}"
    );
}

/// `АТ` is IT, but *it* is not.
#[test]
fn a_function_word_is_no_equivalent_of_an_acronym() {
    let files = [
        ("a.kk", "АТ саласы өсті.\nАТ саласы дамыды.\n"),
        ("a.en", "It grew last year.\nThe IT industry grew.\n"),
    ];
    let output = lexicon(&files, &["match", "a.kk", "a.en"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for row in ["0\tАТ\t\n", "1\tАТ\tIT\n"] {
        assert!(out.contains(row), "{row}{out}");
    }
}

/// A dictionary of other languages, or with its words in other columns, did nothing in silence.
#[test]
fn a_dictionary_of_which_no_word_is_met_is_told_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    write("a.kk", "Қызыл алма 1 теңге.\nҮлкен үй 2 теңге.\n");
    write("a.en", "A red apple is 1 tenge.\nThe big house is 2 tenge.\n");
    write("b.tsv", "kk\ten\nҚызыл алма 1 теңге.\tA red apple is 1 tenge.\n");
    write("empty.tsv", "kk\ten\n");
    write("good.tsv", "алма\tapple\nбалық\tfish\n");
    write("turned.dic", "қызыл @ red\n");
    write("numbered.tsv", "1\tқызыл\tred\n2\tүй\thouse\n");
    write("russian.tsv", "қызыл\tкрасный\n");
    write("others.tsv", "балық\tfish\n");
    write("none.tsv", "kk\ten\tprobability\n");
    for (dict, cause) in [
        ("good.tsv", None),
        ("turned.dic", None),
        ("numbered.tsv", Some("none of its words in en stands")),
        ("russian.tsv", Some("none of its words in en stands")),
        ("others.tsv", Some("none of its words stands")),
        ("none.tsv", Some("none.tsv is empty")),
    ] {
        for command in [
            "align a.kk a.en -o o.tsv --dict",
            "score b.tsv -o o.tsv --dict",
            "lexicon match a.kk a.en -o o.tsv --lexicon",
            "run b.tsv -o out --dict",
            "run b.tsv -o out --dict",
        ] {
            let args: Vec<&str> = command.split(' ').chain([dict]).collect();
            let done = qostil(folder.path(), &args);
            let said = text(&done.stderr);
            assert_eq!(done.status.code(), Some(0), "{command} {dict}: {said}");
            let told: Vec<&str> = said.lines().filter(|line| line.contains(dict)).collect();
            match (cause, &told[..]) {
                (None, []) => {}
                (Some(cause), [line]) => assert!(line.contains(cause), "{command} {dict}: {said}"),
                _ => panic!("{command} {dict}: {said}"),
            }
        }
    }
    let done = qostil(folder.path(), &["score", "empty.tsv", "--dict", "others.tsv"]);
    assert!(
        !text(&done.stderr).contains("others.tsv"),
        "nothing to meet it in"
    );
}
