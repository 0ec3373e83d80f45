//! Sentence splitting against cases, and its invariants over arbitrary text.
//!
//! `cases/split/*.tsv`: a phenomenon, a tab, and a text in which `‖` marks every boundary and `⏎` a line break;
//! the text to be split is what remains without the marks. A phenomenon that begins with `!` is a known failure.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use qostil_data::split as data;
use qostil_split::{Feed, Options, SentenceReader, identify, paragraphs, sentences, sentences_with, tells};
use qostil_text::{Lang, Span};

/// Splits the cases of one file; what differs beyond the known failures is an error.
fn check(cases: &str, lang: Lang, options: Options, at_least: usize) {
    let (mut total, mut failed, mut report) = (0, 0, String::new());
    for line in cases
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (phenomenon, marked) = line.split_once('\t').expect("a case has a phenomenon and a text");
        let marked = marked.replace('⏎', "\n");
        let expected: Vec<&str> = marked.split('‖').map(str::trim).collect();
        let text = marked.replace('‖', "");
        let found: Vec<&str> = sentences_with(&text, lang, options)
            .map(|s| s.of(&text))
            .collect();
        total += 1;
        let known = phenomenon.starts_with('!');
        if (found == expected) == known {
            writeln!(report, "{phenomenon}\n  want {expected:?}\n  have {found:?}").expect("memory");
        }
        failed += usize::from(found != expected);
    }
    assert!(report.is_empty(), "{failed} of {total} fail:\n{report}");
    assert!(failed * 50 <= total, "{failed} of {total} are known failures");
    assert!(total >= at_least, "{total} cases, {at_least} wanted");
}

#[test]
fn kazakh_cases() {
    check(
        include_str!("../cases/split/kk.tsv"),
        Lang::Kazakh,
        Options::default(),
        200,
    );
}

#[test]
fn kazakh_latin_cases() {
    check(
        include_str!("../cases/split/kk-latn.tsv"),
        Lang::KazakhLatin,
        Options::default(),
        10,
    );
}

#[test]
fn english_cases() {
    check(
        include_str!("../cases/split/en.tsv"),
        Lang::English,
        Options::default(),
        100,
    );
}

#[test]
fn russian_cases() {
    check(
        include_str!("../cases/split/ru.tsv"),
        Lang::Russian,
        Options::default(),
        80,
    );
}

#[test]
fn wrapped_cases() {
    check(
        include_str!("../cases/split/wrapped.tsv"),
        Lang::UNKNOWN,
        Options { join_wrapped: true },
        10,
    );
}

/// The spans are in order, disjoint, trimmed and not empty, and between them stands only white space.
fn assert_lossless(text: &str, spans: &[Span]) {
    let mut at = 0;
    for span in spans {
        assert!(
            text[at..span.start].chars().all(char::is_whitespace),
            "text lost before {span} of {text:?}"
        );
        let sentence = &text[span.start..span.end];
        assert!(
            !sentence.is_empty() && sentence == sentence.trim(),
            "{span} of {text:?} is not trimmed"
        );
        at = span.end;
    }
    assert!(
        text[at..].chars().all(char::is_whitespace),
        "text lost after {at} of {text:?}"
    );
}

const LANGS: [Lang; 5] = [
    Lang::Kazakh,
    Lang::English,
    Lang::Russian,
    Lang::KazakhLatin,
    Lang::UNKNOWN,
];

/// Text made of what the rules look at.
fn dense() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        ".",
        ".",
        ".",
        "!",
        "?",
        "…",
        " ",
        " ",
        " ",
        "\n",
        "\r\n",
        "\u{a0}",
        "\u{2028}",
        "\u{85}",
        "«",
        "»",
        "\"",
        "'",
        "“",
        "”",
        "„",
        "(",
        ")",
        "[",
        "]",
        "–",
        "-",
        "—",
        "ж",
        "ж.",
        "т.б.",
        "Қ.",
        "А",
        "Ол",
        "келді",
        "деді",
        "2025",
        "3",
        "1)",
        "2)",
        "•",
        "№",
        "°",
        "width=",
        "Mr",
        "U.S.",
        "I",
        "said",
        "the",
        "г",
        "в",
        "😀",
        "\u{200d}",
        ":)",
        ",",
        ";",
        ":",
        "%",
        "\u{ad}",
        "\u{200b}",
        "\u{feff}",
        "т.",
        "б",
        "Zakon.kz",
        "www.",
        "@",
        "http://",
        "I.",
        "б.з.",
        "а.",
        "б.",
        "İ",
        "ß",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost(text in prop_oneof![any::<String>(), dense()], lang in 0..5_usize, join_wrapped: bool) {
        let spans: Vec<Span> = sentences_with(&text, LANGS[lang], Options { join_wrapped }).collect();
        assert_lossless(&text, &spans);
        let blocks: Vec<Span> = qostil_split::paragraphs_with(&text, Options { join_wrapped }).collect();
        assert_lossless(&text, &blocks);
    }

    #[test]
    fn a_line_break_is_a_boundary(text in dense(), lang in 0..5_usize) {
        let whole: Vec<Span> = sentences(&text, LANGS[lang]).collect();
        let by_paragraph: Vec<Span> = paragraphs(&text)
            .flat_map(|p| sentences(p.of(&text), LANGS[lang]).map(move |s| s.shifted(p.start)))
            .collect();
        prop_assert_eq!(whole, by_paragraph);
    }

    #[test]
    fn a_sentence_does_not_know_those_before_it(text in dense(), lang in 0..5_usize) {
        let spans: Vec<Span> = sentences(&text, LANGS[lang]).collect();
        for (index, span) in spans.iter().enumerate() {
            let rest: Vec<Span> = sentences(&text[span.start..], LANGS[lang]).map(|s| s.shifted(span.start)).collect();
            prop_assert_eq!(&rest[..], &spans[index..]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_give_what_the_whole_gives(text in dense(), cut in 1..40_usize, join_wrapped: bool) {
        let text = text.repeat(1000);
        let options = Options { join_wrapped };
        let whole: Vec<(u64, &str)> =
            sentences_with(&text, Lang::Kazakh, options).map(|s| (s.start as u64, s.of(&text))).collect();
        let mut fed = Vec::new();
        let mut feed = Feed::new(Lang::Kazakh, options);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let at = (cut * 97..=rest.len()).find(|&at| rest.is_char_boundary(at)).unwrap_or(rest.len());
            feed.push(&rest[..at], |offset, sentence| fed.push((offset, sentence.to_owned())));
            rest = &rest[at..];
        }
        feed.finish(|offset, sentence| fed.push((offset, sentence.to_owned())));
        prop_assert_eq!(fed.iter().map(|(o, s)| (*o, s.as_str())).collect::<Vec<_>>(), whole);
    }
}

#[test]
fn a_reader_counts_bytes_after_the_mark() {
    let bytes = "\u{feff}Ол келді. Біз күттік.\nСоңы".as_bytes();
    let reader = SentenceReader::new(
        std::io::BufReader::with_capacity(3, bytes),
        Lang::Kazakh,
        Options::default(),
    );
    let found: Vec<(u64, String)> = reader.collect::<Result<_, _>>().expect("valid UTF-8");
    let expected = [(0, "Ол келді."), (17, "Біз күттік."), (38, "Соңы")];
    assert_eq!(
        found,
        expected.map(|(offset, sentence)| (offset, sentence.to_owned()))
    );
}

#[test]
fn a_reader_refuses_what_is_no_utf8() {
    for bytes in [&b"abc\xff"[..], &b"abc\xd0"[..]] {
        let mut reader = SentenceReader::new(bytes, Lang::English, Options::default());
        let error = reader.find_map(Result::err).expect("an error");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
        assert!(reader.next().is_none());
    }
}

/// The memory was filled with it until there was none.
#[test]
fn a_reader_refuses_a_sentence_without_end() {
    let endless = std::io::BufReader::new(std::io::repeat(b'a'));
    let mut reader = SentenceReader::new(endless, Lang::English, Options::default());
    assert!(reader.next().is_some_and(|sentence| sentence.is_err()));
    assert!(reader.next().is_none());
}

#[test]
fn languages_are_told_apart() {
    let mut report = String::new();
    for line in include_str!("../cases/split/languages.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let (code, text) = line.split_once('\t').expect("a case has a code and a text");
        let known_failure = code.starts_with('!');
        let lang: Lang = code.trim_start_matches('!').parse().expect("a code");
        let expected = if lang.is_known() { lang } else { Lang::UNKNOWN };
        let found = identify(text);
        if (found.lang != expected) != known_failure {
            writeln!(
                report,
                "{code}: {text}\n  taken for {} ({:.3})",
                found.lang, found.confidence
            )
            .expect("memory");
        }
        assert!((0.0..=1.0).contains(&found.confidence));
    }
    assert!(report.is_empty(), "{report}");
}

/// Of a text said to be in a language without resources of its own nothing was said, whatever it was in.
#[test]
fn a_text_is_plainly_in_another_language_or_not() {
    const PLAIN: f64 = 0.95;
    let cases = include_str!("../cases/split/languages.tsv").lines();
    let cases = cases.filter(|line| !line.starts_with(['#', '!']));
    let french: Lang = "fr".parse().expect("a code");
    let (mut told, mut all) = (0, 0);
    for line in cases {
        let (code, text) = line.split_once('\t').expect("a case has a code and a text");
        let lang: Lang = code.parse().expect("a code");
        let found = identify(text);
        assert_eq!(found.other_than(lang, PLAIN), None, "{line}");
        if matches!(lang, Lang::Kazakh | Lang::Russian) {
            all += 1;
            told += usize::from(found.other_than(french, PLAIN).is_some());
        }
    }
    // Some are a few words that could be of several languages.
    assert!(told * 5 > all * 4, "{told} of {all}");
    assert!(tells(french) && !tells("zh".parse().expect("a code")) && !tells(Lang::UNKNOWN));
}

/// It was as unsure as of a text without letters.
#[test]
fn a_text_in_a_script_of_no_known_language_is_surely_in_another() {
    for text in [
        "总统今天会见了代表团。",
        "التقى الرئيس اليوم بالوفد.",
        "대통령은 오늘 대표단을 만났다.",
    ] {
        let found = identify(text);
        assert_eq!((found.lang, found.confidence), (Lang::UNKNOWN, 1.0), "{text}");
        assert_eq!(found.other_than(Lang::Kazakh, 0.95), Some(Lang::UNKNOWN));
    }
    assert_eq!(identify("2025 — 14 %").confidence, 0.0);
}

/// The development data beside the repository, `../shared/bench`; a test says so and passes when it is not there.
fn development_data(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/bench")
        .join(folder);
    if !path.is_dir() {
        println!("skipped: ../shared/bench/{folder} is not here");
        return None;
    }
    Some(path)
}

#[test]
fn languages_of_single_sentences() {
    let Some(folder) = development_data("clean") else {
        return;
    };
    for (ending, lang) in [(".kk.txt", Lang::Kazakh), (".en.txt", Lang::English)] {
        let (mut right, mut total) = (0_u32, 0_u32);
        for file in std::fs::read_dir(&folder).expect("a folder") {
            let path = file.expect("an entry").path();
            if !path.to_string_lossy().ends_with(ending) {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            for line in text.lines() {
                total += 1;
                right += u32::from(identify(line).lang == lang);
            }
        }
        println!("{lang}: {right} of {total}");
        assert!(right * 1000 >= total * 995, "{lang}: {right} of {total}");
    }
}

#[test]
fn paragraphs_of_a_mixed_document_are_told_apart() {
    let text =
        "Жетісу облысында жаңа мектеп ашылды.\nВ области открылась новая школа.\nA new school was opened.";
    let found: Vec<Lang> = paragraphs(text).map(|p| identify(p.of(text)).lang).collect();
    assert_eq!(found, [Lang::Kazakh, Lang::Russian, Lang::English]);
}

#[test]
fn paragraphs_of_the_seeds_are_in_their_languages() {
    let seeds = [
        (include_str!("../../seeds/000_ddb0146f25c8aa2a.txt"), Lang::Kazakh),
        (include_str!("../../seeds/001_bf605787dcd7aebf.txt"), Lang::Kazakh),
        (
            include_str!("../../seeds/002_cec1b19fe9bd4b6f.txt"),
            Lang::Russian,
        ),
        (include_str!("../../seeds/003_9a5133ad0e34a6fe.txt"), Lang::Kazakh),
        (
            include_str!("../../seeds/004_eb299ecfd6df5ace.txt"),
            Lang::English,
        ),
    ];
    for (text, lang) in seeds {
        assert_eq!(identify(text).lang, lang);
        for paragraph in paragraphs(text)
            .map(|p| p.of(text))
            .filter(|p| p.contains(char::is_alphabetic))
        {
            assert_eq!(identify(paragraph).lang, lang, "{paragraph}");
        }
    }
}

/// The entries of a table of `data/split`.
fn entries(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn count(text: &str, lang: Lang) -> usize {
    sentences(text, lang).count()
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The tables whose entries the tests below, and those beside the code in `crates/split`, prove to fire one by one.
const PROVEN: [&str; 15] = [
    "abbreviations.en.txt",
    "abbreviations.kk-latn.txt",
    "abbreviations.kk.txt",
    "abbreviations.ru.txt",
    "calendar.txt",
    "endings.kk.txt",
    "headings.txt",
    "languages.txt",
    "lettered.txt",
    "openers.en.txt",
    "openers.kk.txt",
    "openers.ru.txt",
    "prepositions.txt",
    "speech.txt",
    "surnames.txt",
];

#[test]
fn every_table_is_proven() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/split");
    let mut tables: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    tables.sort();
    assert_eq!(tables, PROVEN);
}

#[test]
fn every_opener_opens() {
    let tables = [
        (
            data::OPENERS_KK,
            Lang::Kazakh,
            "Жиын өткен жер – Алматы қ. ",
            " келді.",
            "Қаратал",
        ),
        (
            data::OPENERS_RU,
            Lang::Russian,
            "Это было ещё в сент. ",
            " было так.",
            "Каратал",
        ),
        (
            data::OPENERS_EN,
            Lang::English,
            "They work for Miller Inc. ",
            " went on.",
            "Smith",
        ),
    ];
    for (table, lang, before, after, control) in tables {
        assert_eq!(count(&format!("{before}{control}{after}"), lang), 1);
        for word in entries(table) {
            let word = capitalised(word.trim_end_matches('+'));
            assert_eq!(count(&format!("{before}{word}{after}"), lang), 2, "{word}");
        }
    }
}

#[test]
fn every_ending_of_a_noun_is_taken_off_an_opener() {
    for ending in entries(data::ENDINGS_KK)
        .filter_map(|line| line.strip_prefix("noun"))
        .flat_map(str::split_whitespace)
    {
        assert_eq!(
            count(
                &format!("Жиын өткен жер – Алматы қ. Сарапшы{ending} келді."),
                Lang::Kazakh
            ),
            2,
            "{ending}"
        );
    }
    assert_eq!(
        count("Жиын өткен жер – Алматы қ. Сарапшыбаев келді.", Lang::Kazakh),
        1
    );
}

#[test]
fn every_ending_of_a_verb_closes_a_sentence() {
    for ending in entries(data::ENDINGS_KK)
        .filter_map(|line| line.strip_prefix("verb"))
        .flat_map(str::split_whitespace)
    {
        assert_eq!(
            count(&format!("Бұл жерде көп көр{ending}. тұрғындар"), Lang::Kazakh),
            2,
            "{ending}"
        );
    }
    assert_eq!(count("Бұл жерде көп көргт. тұрғындар", Lang::Kazakh), 1);
}

#[test]
fn every_heading_keeps_its_title() {
    for word in entries(data::HEADINGS) {
        assert_eq!(
            count(&format!("1-{word}. Жалпы ережелер"), Lang::Kazakh),
            1,
            "{word}"
        );
        assert_eq!(
            count(&format!("{} 5. Жалпы ережелер", capitalised(word)), Lang::Kazakh),
            1,
            "{word}"
        );
    }
    assert_eq!(count("1-тауық. Жалпы ережелер", Lang::Kazakh), 2);
    assert_eq!(count("Тауық 5. Жалпы ережелер", Lang::Kazakh), 2);
}

#[test]
fn every_lettered_word_ends_with_its_letter() {
    for word in entries(data::LETTERED) {
        assert_eq!(
            count(&format!("Мұнда {word} C. Қаратал қаласы"), Lang::Kazakh),
            2,
            "{word}"
        );
    }
    assert_eq!(count("Мұнда тауық C. Қаратал қаласы", Lang::Kazakh), 1);
}

#[test]
fn every_ending_of_a_surname_takes_initials() {
    for ending in entries(data::SURNAMES) {
        assert_eq!(
            count(
                &format!("Есеп берген Бекен{ending} С.Т. Қаратал ауданы"),
                Lang::Kazakh
            ),
            2,
            "{ending}"
        );
    }
    assert_eq!(count("Есеп берген Бекентай С.Т. Қаратал ауданы", Lang::Kazakh), 1);
}

#[test]
fn every_word_of_speech_attributes() {
    for word in entries(data::SPEECH) {
        assert_eq!(
            count(&format!("– Не болды? – Қайрат {word}."), Lang::Kazakh),
            1,
            "{word}"
        );
    }
    // In quotes the dash alone tells that the author goes on.
    assert_eq!(count("– Не болды? – Қайрат ұйықтады.", Lang::Kazakh), 2);
    assert_eq!(count("«Не болды?» – Қайрат ұйықтады.", Lang::Kazakh), 1);
}

#[test]
fn every_word_of_the_calendar_continues_a_time() {
    for word in entries(data::CALENDAR) {
        assert_eq!(
            count(
                &format!("The shop opens at 5 p.m. {} sharp", capitalised(word)),
                Lang::English
            ),
            1,
            "{word}"
        );
    }
    assert_eq!(
        count("The shop opens at 5 p.m. Customers queue", Lang::English),
        2
    );
}

#[test]
fn every_preposition_opens_an_adverbial() {
    for word in entries(data::PREPOSITIONS) {
        let (lang, rest) = if word.is_ascii() {
            (Lang::English, "5 p.m. Customers queue")
        } else {
            (Lang::Russian, "1991 г. Казахстан вырос")
        };
        assert_eq!(count(&format!("{} {rest}", capitalised(word)), lang), 1, "{word}");
    }
    assert_eq!(count("Чудо 1991 г. Казахстан вырос", Lang::Russian), 2);
}

#[test]
fn the_seeds_split_as_in_the_gold() {
    let pairs = [
        (
            include_str!("../../seeds/003_9a5133ad0e34a6fe.txt"),
            include_str!("../../data/gold/kk.sentences.tsv"),
            Lang::Kazakh,
        ),
        (
            include_str!("../../seeds/004_eb299ecfd6df5ace.txt"),
            include_str!("../../data/gold/en.sentences.tsv"),
            Lang::English,
        ),
    ];
    for (text, gold, lang) in pairs {
        let spans = gold.lines().skip(1).filter_map(|line| {
            let mut cells = line.split('\t');
            Some(Span::new(
                cells.next()?.parse().ok()?,
                cells.next()?.parse().ok()?,
            ))
        });
        let gold: Vec<Span> = spans.collect();
        let found: Vec<Span> = sentences(text, lang).collect();
        let right = found.iter().filter(|span| gold.contains(span)).count();
        let f1 = 2.0 * right as f64 / (found.len() + gold.len()) as f64;
        assert!(f1 >= 0.99, "{lang}: F1 {f1:.4}");
    }
}

#[test]
fn adversarial_text_takes_linear_time() {
    // Each unit is one that some rule looks back or ahead from. A quadratic rule needs minutes for a megabyte.
    let units = [
        "А. ",
        ".",
        "\"",
        ".\"",
        ".\"А",
        "а",
        "1) ",
        "(",
        "(.",
        ".)",
        ". ",
        "…",
        "?–",
        "« ",
        " ",
        "\n",
        "А.",
        "б.",
        "!(",
        "•",
        ". . ",
        "- ",
        "а.\u{200b}",
        "😀",
        ".😀",
        "www.",
        "Mr. ",
        "\u{a0}",
        "г. ",
        "1.",
        "\r\n ",
        "\u{ad}",
        // The head of a sentence was folded whole for each number in it.
        "a 5. b ",
        "«5. ",
        "5...–",
        "))",
        "—\"",
        "А) ",
        "и пр. ",
        "АСТАНА. ",
    ];
    for unit in units {
        let text = unit.repeat((1 << 20) / unit.len());
        for join_wrapped in [false, true] {
            let begun = std::time::Instant::now();
            let spans: Vec<Span> = sentences_with(&text, Lang::Kazakh, Options { join_wrapped }).collect();
            assert_lossless(&text, &spans);
            assert!(
                begun.elapsed().as_secs() < 5,
                "a megabyte of {unit:?} takes {:?}",
                begun.elapsed()
            );
        }
    }
}
