//! Pairing of documents: is it right, and how does it grow? Prints a table, a row for each kind of collection, with what went wrong below it.
//!
//! `cargo bench -p qostil-benches --bench pairing [-- WORD…]`: only rows whose names hold one of the words.
//!
//! Documents have meaningless names. *beside* a translation, or in its place, stands a document that is none: `Change` says what it is made by.
//! `dev` are the documents of `../shared/bench`, `cases` those of `tests/cases/align`, `made up` those of `tests/cases/corpus/templates.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use qostil_align::{Parameters, Resources};
use qostil_benches::peak_megabytes;
use qostil_corpus::{RunSettings, Summary, pair};
use qostil_export::read_vecalign;
use qostil_lexicon::Lexicon;
use qostil_tests::{Change, Collection, Random, Recipe, Story};

const KK_EN: [&str; 2] = ["kk", "en"];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    println!(
        "collection                                documents  pairs  precision  recall  seconds  MB/s  peak MB"
    );
    let row = |name: &str, make: &dyn Fn() -> Option<(Collection, bool)>| {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            return;
        }
        match make() {
            Some((collection, seeds)) => measure(name, collection, seeds),
            None => println!("{name:41} skipped: its documents are not there"),
        }
    };
    for set in ["clean", "noisy", "heavy"] {
        row(&format!("dev {set}, seeds mixed in"), &|| {
            Some((Collection::translations(&development(set)?, 5), true))
        });
    }
    let dev = development("clean");
    let of_dev = |name: &str, make: &dyn Fn(&[Story]) -> Collection| {
        row(name, &|| dev.as_deref().map(|dev| (make(dev), false)));
    };
    of_dev("dev, lines on every page", &|dev| {
        Collection::translations(dev, 6).with_furniture()
    });
    for (name, change) in CHANGES {
        of_dev(&format!("dev beside {name}"), &|dev| {
            Collection::beside(dev, change, 7)
        });
    }
    of_dev("dev, two versions of one side", &|dev| {
        Collection::versions(dev, 8)
    });
    of_dev("dev, 40 % of lines lost, 3 foreign", &|dev| {
        Collection::translations(&worn(dev, 9), 9)
    });
    for lines in [1, 2, 3, 5] {
        of_dev(&format!("dev, pieces of {lines}"), &|dev| {
            Collection::translations(&Story::pieces(dev, lines, 4), 10)
        });
    }
    of_dev("dev, eight in one", &|dev| {
        Collection::beside(&Story::joined(dev, 8), Change::SomeFigures, 11)
    });
    of_dev("dev, 400 passages, figures apart", &|dev| {
        Collection::translations(&Story::passages(dev, 400, 12, 12), 12)
    });
    for (langs, names) in [
        (["kk", "ru"], &["akim-2022", "akim-2025"][..]),
        (["ru", "en"], &["priorities"]),
    ] {
        row(&format!("cases {}-{}, pieces of 4", langs[0], langs[1]), &|| {
            let stories: Vec<Story> = names.iter().map(|name| case(name, langs)).collect();
            Some((
                Collection::translations(&Story::pieces(&stories, 4, 9), 13),
                false,
            ))
        });
    }
    let made_up = |name: &str, make: &dyn Fn() -> Collection| {
        row(&format!("made up {name}"), &|| Some((make(), false)));
    };
    for (name, change) in CHANGES {
        made_up(&format!("beside {name}"), &|| {
            Collection::beside(&Story::made_up(KK_EN, 300, 12, 14), change, 14)
        });
    }
    made_up("beside figures, 4 sentences", &|| {
        Collection::beside(&Story::made_up(KK_EN, 300, 4, 15), Change::Figures, 15)
    });
    made_up("two versions of one side", &|| {
        Collection::versions(&Story::made_up(KK_EN, 300, 12, 16), 16)
    });
    made_up("one report every month", &|| {
        Collection::translations(&Story::reports(KK_EN, 300, 12, 17), 17)
    });
    made_up("40 % of lines lost, 3 foreign", &|| {
        Collection::translations(&worn(&Story::made_up(KK_EN, 200, 16, 18), 18), 18)
    });
    for langs in [["kk", "ru"], ["ru", "en"]] {
        made_up(&format!("{}-{} beside figures", langs[0], langs[1]), &|| {
            Collection::beside(&Story::made_up(langs, 200, 12, 19), Change::Figures, 19)
        });
    }
    for documents in [500, 2000, 10_000] {
        made_up(&format!("{documents} a side, figures"), &|| {
            Collection::new(Recipe::usual(documents, 14, 20))
        });
    }
}

const CHANGES: [(&str, Change); 5] = [
    ("figures", Change::Figures),
    ("some figures", Change::SomeFigures),
    ("moved figures", Change::MovedFigures),
    ("names", Change::Names),
    ("other half", Change::OtherHalf),
];

/// The stories with 40 of a hundred lines of each side lost.
fn worn(stories: &[Story], seed: u64) -> Vec<Story> {
    let mut random = Random::new(seed);
    let next = stories.iter().cycle().skip(1);
    let pairs = stories.iter().zip(next);
    pairs
        .map(|(story, other)| story.worn(40, other, &mut random))
        .collect()
}

/// The documents of a development set. Of `clean` lines of one number belong together; of other sets they do not, and only whole documents are of use.
fn development(set: &str) -> Option<Vec<Story>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/bench")
        .join(set);
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".kk.txt"))
        .collect();
    names.sort();
    let read = |path: &Path| fs::read_to_string(path).expect("a document");
    let story = |kk: &PathBuf| {
        let en = PathBuf::from(kk.to_string_lossy().replace(".kk.txt", ".en.txt"));
        let texts = [read(kk), read(&en)];
        let sides = texts.each_ref().map(|text| text.lines().collect::<Vec<_>>());
        let line = |at: usize| {
            sides
                .each_ref()
                .map(|side| side.get(at).copied().unwrap_or("").to_owned())
        };
        Story {
            langs: KK_EN,
            lines: (0..sides[0].len().max(sides[1].len())).map(line).collect(),
        }
    };
    Some(names.iter().map(story).collect())
}

/// A document of the aligner's test cases with its translation.
fn case(name: &str, langs: [&'static str; 2]) -> Story {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases/align");
    let read =
        |ending: &str| fs::read_to_string(folder.join(format!("{name}.{ending}.txt"))).expect("a case");
    let texts = langs.map(read);
    let sides = texts.each_ref().map(|text| text.lines().collect::<Vec<_>>());
    let gold = read_vecalign(BufReader::new(read("gold").as_bytes())).expect("gold");
    let joined = |side: &[&str], lines: &[usize]| {
        let lines: Vec<&str> = lines.iter().map(|&line| side[line]).collect();
        lines.join(" ")
    };
    let line = |bead: qostil_bitext::IndexBead| [joined(&sides[0], &bead.src), joined(&sides[1], &bead.tgt)];
    Story {
        langs,
        lines: gold.into_iter().map(line).collect(),
    }
}

/// The seed documents with the pair among them.
fn copy_seeds(folder: &Path, gold: &mut BTreeSet<(String, String)>) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds");
    for seed in fs::read_dir(&seeds).expect("seeds").flatten() {
        if seed.file_name() != "README.md" {
            fs::copy(seed.path(), folder.join(seed.file_name())).expect("a seed");
        }
    }
    gold.insert((
        "003_9a5133ad0e34a6fe.txt".to_owned(),
        "004_eb299ecfd6df5ace.txt".to_owned(),
    ));
}

/// Pairs a collection and prints its row.
fn measure(name: &str, collection: Collection, with_seeds: bool) {
    let folder = tempfile::tempdir().expect("a folder");
    collection.write(folder.path()).expect("documents");
    let mut langs: Vec<&str> = collection
        .documents
        .iter()
        .map(|document| document.lang)
        .collect();
    langs.sort_by_key(|lang| ["kk", "ru", "en"].iter().position(|one| one == lang));
    langs.dedup();
    let langs: Vec<_> = langs
        .iter()
        .map(|lang| lang.parse().expect("a language"))
        .collect();
    let mut gold: BTreeSet<(String, String)> = collection.pairs.into_iter().collect();
    if with_seeds {
        copy_seeds(folder.path(), &mut gold);
    }
    let settings = RunSettings {
        pair: (langs[0], langs[1]),
        ..RunSettings::default()
    };
    let lexicon = Lexicon::seed(langs[0], langs[1]);
    let resources = Resources {
        parameters: &Parameters::default(),
        lexicon: &lexicon,
    };
    let started = Instant::now();
    let summary = pair(&[folder.path().to_owned()], &settings, &resources, &()).expect("pairs");
    let seconds = started.elapsed().as_secs_f64();
    let found: BTreeSet<(String, String)> = summary
        .pairs
        .iter()
        .map(|p| (p.src.clone(), p.tgt.clone()))
        .collect();
    let right = found.intersection(&gold).count() as f64;
    let share = |of: &BTreeSet<_>| {
        if of.is_empty() {
            1.0
        } else {
            right / of.len() as f64
        }
    };
    println!(
        "{name:41} {:9}  {:5}  {:9.4}  {:6.4}  {seconds:7.2} {:5.1}  {:7.0}",
        summary.total.documents,
        gold.len(),
        share(&found),
        share(&gold),
        summary.total.bytes as f64 / 1e6 / seconds,
        peak_megabytes()
    );
    explain(&summary, &found, &gold);
}

/// What went wrong, for whoever looks: some of the wrong pairs, some of those that were missed, and why documents that
/// have no translation are said to have none.
fn explain(summary: &Summary, found: &BTreeSet<(String, String)>, gold: &BTreeSet<(String, String)>) {
    let wrong = summary
        .pairs
        .iter()
        .filter(|p| !gold.contains(&(p.src.clone(), p.tgt.clone())));
    for pair in wrong.take(3) {
        println!(
            "    wrong: {} = {} ({:.4}: {})",
            pair.src, pair.tgt, pair.confidence, pair.evidence
        );
    }
    let reasons: BTreeMap<&str, &str> = summary
        .documents
        .iter()
        .map(|document| {
            (
                document.id.as_str(),
                document.reason.as_deref().unwrap_or("paired"),
            )
        })
        .collect();
    for (src, tgt) in gold.difference(found).take(3) {
        let reason = |id: &str| reasons.get(id).copied().unwrap_or("not read");
        println!("    missed: {src} ({}) = {tgt} ({})", reason(src), reason(tgt));
    }
    let with_partner: BTreeSet<&str> = gold
        .iter()
        .flat_map(|(src, tgt)| [src.as_str(), tgt.as_str()])
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, reason) in reasons.iter().filter(|(id, _)| !with_partner.contains(*id)) {
        *counts.entry(reason).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(reason, count)| format!("{reason} ×{count}"))
        .collect();
    if !counts.is_empty() {
        println!("    without a translation: {}", counts.join(", "));
    }
}
