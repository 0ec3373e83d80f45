//! Measures the whole library against gold and prints `docs/quality.md`.
//!
//! ```sh
//! cargo run --release -p qostil-benches --bin quality -- ../shared/bench DATE COMMIT > docs/quality.md
//! ```
//!
//! The development data is no part of the project: without it only the seed pair is measured, and the page says so.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use qostil_align::{Feature, Parameters, Resources, align_documents};
use qostil_benches::sets::{DRAWN, Pair, SETS, score, set};
use qostil_bitext::{Bead, IndexBead, Record};
use qostil_corpus::{ReadingSettings, read_file};
use qostil_eval::{
    Bootstrap, Calibration, Counts, DEFINITIONS, Evaluation, Judgement, Rows, SegmentCounts, Segments,
    by_spans,
};
use qostil_export::{open, read_gold, read_vecalign, record};
use qostil_lexicon::Lexicon;
use qostil_split::{paragraphs, sentences};
use qostil_text::{Document, Lang, Sentence, Span};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bench, date, commit] = &arguments[..] else {
        eprintln!("usage: quality BENCH DATE COMMIT");
        std::process::exit(2);
    };
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    let parameters = Parameters::default();
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    println!("# Quality\n");
    println!("Measured on {date} at commit `{commit}` by\n");
    println!(
        "    cargo run --release -p qostil-benches --bin quality -- ../shared/bench {date} {commit} > docs/quality.md\n"
    );
    println!("Intervals are 95 %, by bootstrap over documents (1000 draws, seed 1). What the scores mean:\n");
    for (name, definition) in DEFINITIONS {
        println!("* *{name}*: {definition}");
    }
    let bench = Path::new(bench);
    seeds(&resources)?;
    if !bench.is_dir() {
        println!("\nThe development data (`../shared/bench`) was not there: nothing else was measured.");
        return Ok(());
    }
    let mut measured = Vec::new();
    for set in ["clean", "noisy", "heavy", "long"] {
        measured.push((set, lines(&bench.join(set), &resources)?));
    }
    scores(&measured);
    for (set, found) in &measured {
        types(set, found);
    }
    raw(
        &bench.join("raw"),
        &resources,
        "sentences split by Qostil",
        by_qostil,
    )?;
    raw(
        &bench.join("raw"),
        &resources,
        "sentences split at a stop before a capital, for comparison",
        by_one_rule,
    )?;
    for (set, found) in &measured {
        calibration(set, &found.judged);
    }
    ablation(bench);
    Ok(())
}

/// Each kind of evidence, with the features that it stands in.
const KINDS: [(&str, &[Feature]); 10] = [
    (
        "lexicon",
        &[Feature::Word, Feature::WordAbsent, Feature::WordLacking],
    ),
    ("names and Latin tokens", &[Feature::Name, Feature::NameAbsent]),
    ("figures", &[Feature::Figure, Feature::FigureAbsent]),
    ("length", &[Feature::Length]),
    ("sentences in a line", &[Feature::SentencesOdd]),
    (
        "punctuation",
        &[
            Feature::Question,
            Feature::QuestionOdd,
            Feature::Quotes,
            Feature::QuotesOdd,
            Feature::QuoteEdges,
            Feature::OtherMarks,
            Feature::OtherMarksOdd,
        ],
    ),
    ("ends of headlines", &[Feature::Ending]),
    ("words that come again", &[Feature::Cohesion]),
    (
        "how much stands alone, or is joined, in these documents",
        &[Feature::NullHabit, Feature::MergeHabit],
    ),
    ("that nothing matches", &[Feature::Unmatched, Feature::Idle]),
];

/// Strict F1 of every set with one kind of evidence off.
fn ablation(bench: &Path) {
    println!("\n## Each kind of evidence off\n");
    println!(
        "Strict F1 with the weights of its features at 0 and those of the others as they are, not fitted again. *mixed* is made of `clean`: 20 % deleted and 15 % foreign a side, 15 % merged, three draws; *cases* are the documents of `tests/cases/align`; *drawn*: six more draws each of noise as in *noisy* and *heavy*.\n"
    );
    let names: Vec<&str> = SETS.into_iter().chain(DRAWN).collect();
    let sets: Vec<Vec<Pair>> = names.iter().map(|name| set(bench, name)).collect();
    println!(
        "| off | {} |\n| --- |{}",
        names.join(" | "),
        " --- |".repeat(names.len())
    );
    for (kind, features) in [("nothing", &[][..])].into_iter().chain(KINDS) {
        let mut parameters = Parameters::default();
        for &feature in features {
            parameters.weights[feature as usize] = 0.0;
        }
        let scores: Vec<String> = sets
            .iter()
            .map(|pairs| format!("{:.4}", score(pairs, |_| parameters).counts.scores().strict.f1))
            .collect();
        println!("| {kind} | {} |", scores.join(" | "));
    }
}

/// What a set of documents came to.
#[derive(Default)]
struct Measured {
    evaluation: Evaluation,
    judged: Vec<Judgement>,
}

impl Measured {
    fn add(&mut self, name: String, predicted: &[IndexBead], confidence: &[Option<f64>], gold: &[IndexBead]) {
        let right: BTreeSet<&IndexBead> = gold.iter().collect();
        let pairs = predicted
            .iter()
            .zip(confidence)
            .filter(|(bead, _)| bead.is_pair());
        self.judged
            .extend(pairs.filter_map(|(bead, sure)| Some(((*sure)?, right.contains(bead)))));
        self.evaluation
            .documents
            .push((name, Counts::new(predicted, gold)));
    }
}

/// Names of the gold files of a folder that end so, in order.
fn golds(folder: &Path, ending: &str) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Some(name) = path
            .file_name()
            .and_then(|f| f.to_str())
            .and_then(|f| f.strip_suffix(ending))
        {
            found.push((name.to_owned(), path.clone()));
        }
    }
    found.sort();
    Ok(found)
}

/// Documents with one sentence a line.
fn lines(folder: &Path, resources: &Resources<'_>) -> Result<Measured> {
    let mut out = Measured::default();
    for (name, gold) in golds(folder, ".gold.txt")? {
        let read = |side: &str, lang| -> Result<Document> {
            Ok(Document::from_lines(
                side,
                lang,
                fs::read_to_string(folder.join(format!("{name}.{side}.txt")))?,
            ))
        };
        let (kk, en) = (read("kk", Lang::Kazakh)?, read("en", Lang::English)?);
        let beads = align_documents(&kk, &en, resources).beads;
        let (predicted, confidence): (Vec<_>, Vec<_>) = beads
            .iter()
            .map(|bead: &Bead| (IndexBead::from(bead), Some(bead.confidence)))
            .unzip();
        out.add(name, &predicted, &confidence, &read_vecalign(open(&gold)?)?);
    }
    Ok(out)
}

/// The sentences of one paragraph.
type Splitter = fn(&str, Lang) -> Vec<Span>;

fn by_qostil(paragraph: &str, lang: Lang) -> Vec<Span> {
    sentences(paragraph, lang).collect()
}

/// What one regular expression does: a stop, what closes, white space, what opens, a capital.
fn by_one_rule(paragraph: &str, _: Lang) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    for (at, space) in paragraph.match_indices(char::is_whitespace) {
        let next = at + space.len();
        let before = paragraph[start..at].trim_end_matches(['»', '”', '"', '\'', ')']);
        let after = paragraph[next..].trim_start_matches(['«', '“', '"', '\'', '(']);
        if before.ends_with(['.', '!', '?', '…']) && after.starts_with(char::is_uppercase) {
            spans.push(Span::new(start, at));
            start = next;
        }
    }
    if start < paragraph.len() {
        spans.push(Span::new(start, paragraph.len()));
    }
    spans
}

/// Running text: sentences are split here, and gold segments need not be sentences.
fn raw(folder: &Path, resources: &Resources<'_>, how: &str, split: Splitter) -> Result<()> {
    let mut each = Vec::new();
    for (name, gold) in golds(folder, ".gold.jsonl")? {
        let read = |side: &str, lang| -> Result<Document> {
            Ok(document(
                fs::read_to_string(folder.join(format!("{name}.{side}.txt")))?,
                lang,
                split,
            ))
        };
        let (kk, en) = (read("kk", Lang::Kazakh)?, read("en", Lang::English)?);
        let (mut kk_gold, mut en_gold) = (Vec::new(), Vec::new());
        let bytes = |document: &Document| -> Vec<usize> {
            document
                .text
                .char_indices()
                .map(|(at, _)| at)
                .chain([document.text.len()])
                .collect()
        };
        let (kk_bytes, en_bytes) = (bytes(&kk), bytes(&en));
        for line in fs::read_to_string(gold)?.lines() {
            let row: serde_json::Value = serde_json::from_str(line)?;
            let byte = |bytes: &[usize], key: &str| {
                let character = row.get(key).and_then(serde_json::Value::as_u64).unwrap_or(0);
                bytes.get(character as usize).copied().unwrap_or(0)
            };
            kk_gold.push(Span::new(byte(&kk_bytes, "kk_start"), byte(&kk_bytes, "kk_end")));
            en_gold.push(Span::new(byte(&en_bytes, "en_start"), byte(&en_bytes, "en_end")));
        }
        let beads = align_documents(&kk, &en, resources).beads;
        let rows: Vec<(Vec<Span>, Vec<Span>)> = beads
            .into_iter()
            .filter(Bead::is_pair)
            .map(|bead| record(bead, &kk, &en))
            .map(|row| (row.src_spans, row.tgt_spans))
            .collect();
        let (src, tgt) = (
            Segments::new(&kk.text, &kk_gold),
            Segments::new(&en.text, &en_gold),
        );
        each.push(SegmentCounts::new(&src, &tgt, Rows::Spans(&rows)));
    }
    let sum = |places: &[usize]| {
        let mut total = SegmentCounts::default();
        places
            .iter()
            .filter_map(|at| each.get(*at))
            .for_each(|counts| total += counts);
        total
    };
    let total = sum(&(0..each.len()).collect::<Vec<_>>());
    let interval = Bootstrap::default().intervals(each.len(), |sample| {
        [sum(sample).link().f1, sum(sample).soft().f1]
    });
    println!("\n## Running text (`raw`, {} documents, {how})\n", each.len());
    println!("| score | precision | recall | F1 | 95 % of F1 |\n| --- | --- | --- | --- | --- |");
    for (at, (name, rate)) in [("segment link", total.link()), ("segment soft", total.soft())]
        .into_iter()
        .enumerate()
    {
        let range = interval.map_or("–".to_owned(), |i| {
            format!("{:.4}–{:.4}", i[at].low, i[at].high)
        });
        println!(
            "| {name} | {:.4} | {:.4} | {:.4} | {range} |",
            rate.precision, rate.recall, rate.f1
        );
    }
    println!(
        "\n*segment link*: a gold segment is in a row that covers more than half of its characters; *segment soft*: by the smaller share covered."
    );
    Ok(())
}

fn document(text: String, lang: Lang, split: Splitter) -> Document {
    let mut found = Vec::new();
    for (number, paragraph) in paragraphs(&text).enumerate() {
        let within = split(paragraph.of(&text), lang);
        found.extend(
            within
                .into_iter()
                .map(|span| Sentence::new(span.shifted(paragraph.start), number as u32)),
        );
    }
    Document {
        id: String::new(),
        lang,
        text,
        sentences: found,
    }
}

/// The seed pair against the gold made by hand.
fn seeds(resources: &Resources<'_>) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |name: &str| {
        read_file(
            &root.join("seeds").join(name),
            name,
            None,
            &ReadingSettings::default(),
        )
    };
    let (kk, en) = (
        read("003_9a5133ad0e34a6fe.txt")?,
        read("004_eb299ecfd6df5ace.txt")?,
    );
    let gold = |name: &str| open(&root.join("data/gold").join(name));
    let gold = read_gold(
        gold("beads.tsv")?,
        gold("kk.sentences.tsv")?,
        gold("en.sentences.tsv")?,
    )?;
    let beads = align_documents(&kk.document, &en.document, resources).beads;
    let rows: Vec<Record> = beads
        .into_iter()
        .map(|bead| record(bead, &kk.document, &en.document))
        .collect();
    let mut measured = Measured::default();
    for found in by_spans(&rows, &gold) {
        measured.add(
            "seeds".to_owned(),
            &found.predicted,
            &found.confidence,
            &found.gold,
        );
    }
    println!("\n## The seed pair (gold made by hand, cleaned and split by Qostil)\n");
    println!("| score | precision | recall | F1 |\n| --- | --- | --- | --- |");
    for (name, rate) in measured.evaluation.total().scores().named() {
        println!(
            "| {name} | {:.4} | {:.4} | {:.4} |",
            rate.precision, rate.recall, rate.f1
        );
    }
    calibration("seeds", &measured.judged);
    Ok(())
}

fn scores(measured: &[(&str, Measured)]) {
    println!("\n## One sentence a line (`../shared/bench`)\n");
    println!("| set | documents | score | precision | recall | F1 | 95 % of F1 | macro F1 |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (set, found) in measured {
        for (name, score) in found.evaluation.judge(&Bootstrap::default()) {
            let range = score
                .interval
                .map_or("–".to_owned(), |i| format!("{:.4}–{:.4}", i.low, i.high));
            let (rate, documents) = (score.micro, found.evaluation.documents.len());
            println!(
                "| {set} | {documents} | {name} | {:.4} | {:.4} | {:.4} | {range} | {:.4} |",
                rate.precision, rate.recall, rate.f1, score.mean.f1
            );
        }
    }
}

fn types(set: &str, found: &Measured) {
    println!(
        "\n### Beads of `{set}` by type\n\n| bead | gold | predicted | right | precision | recall |\n| --- | --- | --- | --- | --- | --- |"
    );
    for row in found.evaluation.total().by_type() {
        let (bead, rate) = (row.bead, row.rate);
        println!(
            "| {bead} | {} | {} | {} | {:.4} | {:.4} |",
            row.gold, row.predicted, row.right, rate.precision, rate.recall
        );
    }
}

fn calibration(set: &str, judged: &[Judgement]) {
    let Some(table) = Calibration::new(judged, 10) else {
        return;
    };
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{v:.4}"));
    println!("\n### Confidence on `{set}`\n");
    println!(
        "{} two-sided beads, {:.4} right, mean confidence {:.4}; ECE {:.4} (ten bins of equal mass), Brier skill {}, AUROC {}\n",
        table.count,
        table.right,
        table.confidence,
        table.ece,
        number(table.brier_skill),
        number(table.auroc)
    );
    println!("| confidence | beads | mean | right |\n| --- | --- | --- | --- |");
    for bin in &table.bins {
        println!(
            "| {:.3}–{:.3} | {} | {:.4} | {:.4} |",
            bin.from, bin.to, bin.count, bin.confidence, bin.right
        );
    }
    println!("\n| kept from | share kept | precision |\n| --- | --- | --- |");
    for point in &table.thresholds {
        println!(
            "| {:.2} | {:.4} | {:.4} |",
            point.threshold, point.kept, point.precision
        );
    }
}
