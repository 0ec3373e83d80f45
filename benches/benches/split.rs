//! Sentence splitting: boundaries right, and megabytes a second, beside other splitters on the same text in one run.
//!
//! `cargo bench -p qostil-benches --bench split`

use std::hint::black_box;
use std::time::{Duration, Instant};

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use qostil_benches::peak_kilobytes;
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

/// Rounds in which all splitters run one after the other, so that what else the machine does hits all alike.
const ROUNDS: usize = 15;
/// A splitter that has had so long sits out the rounds that are left.
const LONG_ENOUGH: Duration = Duration::from_secs(1);
/// Megabytes of the texts that are timed.
const MEGABYTES: usize = 1;

/// The shortest of several runs.
fn shortest(rounds: usize, mut work: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let run = Instant::now();
        work();
        run.elapsed()
    });
    times.min().unwrap_or_default()
}

/// Megabytes a second.
fn rate(bytes: usize, taken: Duration) -> f64 {
    bytes as f64 / 1e6 / taken.as_secs_f64()
}

fn main() {
    println!(
        "{:<6}{:<22}{:>10}{:>10}{:>10}{:>12}{:>10}",
        "text", "splitter", "gold F1", "cases", "MB/s", "of ours", "peak kB"
    );
    for sample in &SAMPLES {
        let text = sample.text.repeat(MEGABYTES * 1_000_000 / sample.text.len());
        let mut ends = vec![usize::MAX; text.len() / 8]; // written to, so that its pages are not counted as a peak
        let mut best = [Duration::MAX; SPLITTERS.len()];
        let mut spent = [Duration::ZERO; SPLITTERS.len()];
        for _ in 0..ROUNDS {
            for ((best, spent), (_, splitter)) in best.iter_mut().zip(&mut spent).zip(SPLITTERS) {
                if *spent > LONG_ENOUGH {
                    continue;
                }
                let taken = shortest(1, || {
                    ends.clear();
                    splitter(black_box(&text), sample.lang, &mut ends);
                });
                *best = taken.min(*best);
                *spent += taken;
            }
        }
        let ours = rate(text.len(), best[0]);
        for (best, (name, splitter)) in best.iter().zip(SPLITTERS) {
            let gold = sample
                .gold
                .map(|gold| f1(&trimmed(splitter, sample.text, sample.lang), gold));
            let gold = gold.map_or_else(|| "–".to_owned(), |f1| format!("{f1:.3}"));
            let right = cases_right(splitter, sample) * 100.0;
            let peak = peak_kilobytes(|| {
                ends.clear();
                splitter(black_box(&text), sample.lang, &mut ends);
            });
            let peak = peak.map_or_else(|| "?".to_owned(), |peak| peak.to_string());
            let speed = rate(text.len(), *best);
            let ratio = ours / speed;
            println!(
                "{:<6}{name:<22}{gold:>10}{right:>9.1}%{speed:>10.0}{:>12}{peak:>10}",
                sample.lang.code(),
                format!("1/{ratio:.2}"),
            );
        }
        let speed = rate(
            text.len(),
            shortest(ROUNDS, || {
                black_box(identify(black_box(&text)));
            }),
        );
        println!("{:<6}{:<22}{:>30.0}", sample.lang.code(), "(identify)", speed);
    }
    println!(
        "\n{:<28}{:>12}{:>12}{:>12}{:>14}",
        "adversarial", "ms for 1 MB", "for 4 MB", "MB/s", "growth (4 ×)"
    );
    let growing = [
        ("the Kazakh seed", SAMPLES[0].text),
        ("`А. `", "А. "),
        ("`A. `, Latin", "A. "),
        ("`т.б. `", "т.б. "),
        ("`Mr. `", "Mr. "),
        ("stops", "."),
        ("quotes", "\""),
        ("`.\"`", ".\""),
        ("`1) `", "1) "),
        ("one word", "а"),
        ("white space", " "),
    ];
    for (name, unit) in growing {
        let [small, large] = [1_000_000, 4_000_000].map(|size| {
            let text = unit.repeat(size / unit.len());
            shortest(3, || {
                black_box(sentences(black_box(&text), Lang::Kazakh).count());
            })
        });
        let growth = large.as_secs_f64() / small.as_secs_f64();
        println!(
            "{name:<28}{:>12.2}{:>12.2}{:>12.0}{growth:>14.2}",
            small.as_secs_f64() * 1e3,
            large.as_secs_f64() * 1e3,
            rate(4_000_000, large),
        );
    }
}
