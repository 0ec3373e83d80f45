//! Sentence splitting: boundaries right, and megabytes a second, beside other splitters on the same text in one run.
//!
//! `cargo bench -p qostil-benches --bench split`

use std::hint::black_box;
use std::time::{Duration, Instant};

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use qostil_split::{identify, sentences};
use qostil_text::Lang;
use unicode_segmentation::UnicodeSegmentation;

/// A language with its text, gold sentences and cases.
struct Sample {
    lang: Lang,
    text: &'static str,
    gold: Option<&'static str>,
    cases: &'static str,
}

const SAMPLES: [Sample; 3] = [
    Sample {
        lang: Lang::Kazakh,
        text: include_str!("../../seeds/003_9a5133ad0e34a6fe.txt"),
        gold: Some(include_str!("../../data/gold/kk.sentences.tsv")),
        cases: include_str!("../../tests/cases/split/kk.tsv"),
    },
    Sample {
        lang: Lang::English,
        text: include_str!("../../seeds/004_eb299ecfd6df5ace.txt"),
        gold: Some(include_str!("../../data/gold/en.sentences.tsv")),
        cases: include_str!("../../tests/cases/split/en.tsv"),
    },
    Sample {
        lang: Lang::Russian,
        text: include_str!("../../seeds/002_cec1b19fe9bd4b6f.txt"),
        gold: None,
        cases: include_str!("../../tests/cases/split/ru.tsv"),
    },
];

/// A splitter: the ends of sentences, in bytes, white space after them perhaps included, into the last argument.
type Splitter = fn(&str, Lang, &mut Vec<usize>);

const SPLITTERS: [(&str, Splitter); 4] = [
    ("qostil-split", qostil),
    ("icu_segmenter", icu),
    ("unicode-segmentation", unicode),
    ("sentencex", sentencex),
];

fn qostil(text: &str, lang: Lang, ends: &mut Vec<usize>) {
    ends.extend(sentences(text, lang).map(|span| span.end));
}

fn icu(text: &str, _: Lang, ends: &mut Vec<usize>) {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    ends.extend(segmenter.segment_str(text).skip(1));
}

fn unicode(text: &str, _: Lang, ends: &mut Vec<usize>) {
    ends.extend(
        text.split_sentence_bound_indices()
            .map(|(at, sentence)| at + sentence.len()),
    );
}

fn sentencex(text: &str, lang: Lang, ends: &mut Vec<usize>) {
    let boundaries = sentencex::get_sentence_boundaries(lang.code(), text);
    // It counts characters; its slices tell the bytes.
    let end = |slice: &str| slice.as_ptr() as usize + slice.len() - text.as_ptr() as usize;
    ends.extend(boundaries.iter().map(|boundary| end(boundary.text)));
}

/// Ends of sentences less the white space before them, without empty ones.
fn trimmed(splitter: Splitter, text: &str, lang: Lang) -> Vec<usize> {
    let mut ends = Vec::new();
    splitter(text, lang, &mut ends);
    let mut ends: Vec<usize> = ends
        .into_iter()
        .filter_map(|end| text.get(..end))
        .map(|t| t.trim_end().len())
        .collect();
    ends.dedup();
    ends.retain(|&end| end > 0);
    ends
}

/// F1 of the sentence ends against the gold.
fn f1(ends: &[usize], gold: &str) -> f64 {
    let gold: Vec<usize> = gold
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(1)?.parse().ok())
        .collect();
    let right = ends.iter().filter(|end| gold.binary_search(end).is_ok()).count();
    2.0 * right as f64 / (ends.len() + gold.len()) as f64
}

/// Share of the cases that are right in whole.
fn cases_right(splitter: Splitter, sample: &Sample) -> f64 {
    let (mut right, mut total) = (0_u32, 0_u32);
    for line in sample.cases.lines().filter(|line| !line.starts_with('#')) {
        let Some((_, marked)) = line.split_once('\t') else {
            continue;
        };
        let marked = marked.replace('⏎', "\n");
        let text = marked.replace('‖', "");
        let mut expected = Vec::new();
        let mut at = 0;
        for piece in marked.split('‖') {
            at += piece.len();
            expected.push(text[..at].trim_end().len());
        }
        total += 1;
        right += u32::from(trimmed(splitter, &text, sample.lang) == expected);
    }
    f64::from(right) / f64::from(total)
}

/// The shortest of as many runs as fit into a second, at most 50.
fn shortest(mut work: impl FnMut()) -> Duration {
    let (begun, mut best) = (Instant::now(), Duration::MAX);
    for _ in 0..50 {
        let run = Instant::now();
        work();
        best = best.min(run.elapsed());
        if begun.elapsed() > Duration::from_secs(1) {
            break;
        }
    }
    best
}

/// Megabytes a second of `work` over `bytes`.
fn rate(bytes: usize, work: impl FnMut()) -> f64 {
    bytes as f64 / 1e6 / shortest(work).as_secs_f64()
}

fn main() {
    println!(
        "{:<6}{:<22}{:>10}{:>10}{:>10}",
        "text", "splitter", "gold F1", "cases", "MB/s"
    );
    for sample in &SAMPLES {
        let text = sample.text.repeat(1_000_000 / sample.text.len());
        let mut ends = Vec::with_capacity(text.len() / 8);
        for (name, splitter) in SPLITTERS {
            let gold = sample
                .gold
                .map(|gold| f1(&trimmed(splitter, sample.text, sample.lang), gold));
            let gold = gold.map_or_else(|| "–".to_owned(), |f1| format!("{f1:.3}"));
            let right = cases_right(splitter, sample) * 100.0;
            let speed = rate(text.len(), || {
                ends.clear();
                splitter(black_box(&text), sample.lang, &mut ends);
            });
            println!(
                "{:<6}{name:<22}{gold:>10}{right:>9.1}%{speed:>10.0}",
                sample.lang.code()
            );
        }
        let speed = rate(text.len(), || {
            black_box(identify(black_box(&text)));
        });
        println!("{:<6}{:<22}{:>30.0}", sample.lang.code(), "(identify)", speed);
    }
    println!(
        "\n{:<28}{:>12}{:>12}{:>12}",
        "ms for a text of", "0.25 MB", "1 MB", "4 MB"
    );
    let growing = [
        ("the Kazakh seed", SAMPLES[0].text),
        ("`А. `", "А. "),
        ("stops", "."),
        ("quotes", "\""),
        ("one word", "а"),
    ];
    for (name, unit) in growing {
        print!("{name:<28}");
        for size in [1 << 18, 1 << 20, 1 << 22] {
            let text = unit.repeat(size / unit.len());
            let taken = shortest(|| {
                black_box(sentences(black_box(&text), Lang::Kazakh).count());
            });
            print!("{:>12.2}", taken.as_secs_f64() * 1e3);
        }
        println!();
    }
}
