//! Fits and checks the aligner's weights on the development data in `../shared/bench`.
//!
//! ```sh
//! cargo run --release -p qostil-benches --bin fit -- score ../shared/bench        # strict F1 of every set
//! cargo run --release -p qostil-benches --bin fit -- errors ../shared/bench noisy # the beads that differ
//! cargo run --release -p qostil-benches --bin fit -- fit ../shared/bench          # cross-validation, then new parameters on standard output
//! ```

use std::ops::Range;
use std::path::Path;

use qostil_align::fit::{Example, fit};
use qostil_align::{Parameters, Resources, align_documents};
use qostil_benches::sets::{DRAWN, FOLDS, Lexicons, Pair, SETS, Scored, score, set};
use qostil_eval::{Calibration, Scores};
use qostil_text::{Document, Lang};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(what), Some(bench)) = (arguments.first(), arguments.get(1)) else {
        eprintln!("usage: fit score|errors|fit BENCH [SET] [PARAMETERS.toml]");
        std::process::exit(2);
    };
    let bench = Path::new(bench);
    let name = arguments
        .get(2)
        .filter(|a| !is_parameter_file(a))
        .map(String::as_str);
    let parameters = match arguments.iter().skip(2).find(|a| is_parameter_file(a)) {
        Some(file) => match Parameters::from_toml(&std::fs::read_to_string(file).unwrap_or_default()) {
            Ok(parameters) => parameters,
            Err(cause) => {
                eprintln!("{file}: {cause}");
                std::process::exit(2);
            }
        },
        None => Parameters::default(),
    };
    match what.as_str() {
        "score" => {
            let one = name.as_slice();
            for name in if one.is_empty() { &SETS[..] } else { one } {
                print_score(name, &score(&set(bench, name), |_| parameters));
            }
        }
        "errors" => errors(&set(bench, name.unwrap_or("noisy")), &parameters),
        "fit" => refit(bench, parameters),
        _ => std::process::exit(2),
    }
}

fn is_parameter_file(argument: &str) -> bool {
    Path::new(argument).extension().is_some_and(|e| e == "toml")
}

fn print_score(name: &str, scored: &Scored) {
    println!("{}", score_line(name, scored));
}

fn score_line(name: &str, scored: &Scored) -> String {
    let Scores { strict, pair, .. } = scored.counts.scores();
    let mut line = format!(
        "{name:8} strict {:.4} (P {:.4} R {:.4})  pair {:.4}",
        strict.f1, strict.precision, strict.recall, pair.f1
    );
    let Some(table) = Calibration::new(&scored.judged, 10) else {
        return line;
    };
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{v:.3}"));
    line += &format!(
        "  ece {:.4} skill {} auroc {}",
        table.ece,
        number(table.brier_skill),
        number(table.auroc)
    );
    if let Some(kept) = table.thresholds.iter().find(|kept| kept.threshold == 0.9) {
        line += &format!("  at 0.9: P {:.4} kept {:.3}", kept.precision, kept.kept);
    }
    line
}

fn errors(pairs: &[Pair], parameters: &Parameters) {
    let mut lexicons = Lexicons::default();
    for pair in pairs {
        let outcome = align_documents(
            &pair.src,
            &pair.tgt,
            &Resources {
                parameters,
                lexicon: lexicons.of(pair),
            },
        );
        for bead in outcome.beads.iter().filter(|b| b.is_pair()) {
            if pair.gold.contains(&(bead.src.clone(), bead.tgt.clone())) {
                continue;
            }
            println!(
                "\n== {} predicted {:?} {:?} at {:.3}",
                pair.name, bead.src, bead.tgt, bead.confidence
            );
            let touching: Vec<_> = pair
                .gold
                .iter()
                .filter(|(s, t)| overlap(s, &bead.src) || overlap(t, &bead.tgt))
                .collect();
            println!("   gold {touching:?}");
            println!(
                "   {}\n   {}",
                lines(&pair.src, bead.src.clone()),
                lines(&pair.tgt, bead.tgt.clone())
            );
            println!("   why: {}", qostil_bitext::describe(&bead.evidence, 12));
            for (s, t) in touching {
                println!(
                    "   should be: {}\n              {}",
                    lines(&pair.src, s.clone()),
                    lines(&pair.tgt, t.clone())
                );
            }
        }
        for (s, t) in &pair.gold {
            if !outcome
                .beads
                .iter()
                .any(|b| b.is_pair() && (overlap(s, &b.src) || overlap(t, &b.tgt)))
            {
                println!(
                    "\n== {} missed {s:?} {t:?}\n   {}\n   {}",
                    pair.name,
                    lines(&pair.src, s.clone()),
                    lines(&pair.tgt, t.clone())
                );
            }
        }
    }
}

/// The sentences of a range, for people.
fn lines(document: &Document, range: Range<usize>) -> String {
    let texts: Vec<_> = range.map(|i| document.sentence_text(i)).collect();
    texts.join(" ¶ ")
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The documents of each fold as one: long texts behave unlike short ones.
fn joined(pairs: &[Pair]) -> Vec<Pair> {
    let join = |fold: usize| {
        let (mut kk, mut en, mut gold) = (Vec::new(), Vec::new(), Vec::new());
        for pair in pairs.iter().filter(|pair| pair.fold == fold) {
            let shift = |range: &Range<usize>, by: usize| range.start + by..range.end + by;
            gold.extend(
                pair.gold
                    .iter()
                    .map(|(s, t)| (shift(s, kk.len()), shift(t, en.len()))),
            );
            for (lines, document) in [(&mut kk, &pair.src), (&mut en, &pair.tgt)] {
                lines.extend((0..document.sentences.len()).map(|at| document.sentence_text(at).into_owned()));
            }
        }
        Pair {
            name: format!("joined-{fold}"),
            fold,
            src: Document::from_lines("kk", Lang::Kazakh, kk.join("\n")),
            tgt: Document::from_lines("en", Lang::English, en.join("\n")),
            gold,
        }
    };
    (0..FOLDS).map(join).collect()
}

/// Five-fold cross-validation over documents, then a fit on all.
fn refit(bench: &Path, start: Parameters) {
    let (noisy, heavy) = (set(bench, "noisy"), set(bench, "heavy"));
    let sets: Vec<(&str, Vec<Pair>)> = vec![
        ("joined", joined(&noisy)),
        ("noisy", noisy),
        ("heavy", heavy),
        ("mixed", set(bench, "mixed")),
        ("cases", set(bench, "cases")),
    ];
    let mut lexicons = Lexicons::default();
    let mut example = |pair: &Pair| {
        let resources = Resources {
            parameters: &start,
            lexicon: lexicons.of(pair),
        };
        (
            pair.fold,
            Example::new(&pair.src, &pair.tgt, &pair.gold, &resources),
        )
    };
    let mut examples: Vec<Vec<(usize, Option<Example>)>> = sets
        .iter()
        .map(|(_, pairs)| pairs.iter().map(&mut example).collect())
        .collect();
    let lost = examples.iter().flatten().filter(|(_, e)| e.is_none()).count();
    eprintln!("{lost} documents left out: their gold holds a bead that the lattice does not have");
    let usable = examples.iter().flatten().filter_map(|(_, e)| e.as_ref());
    let seen = usable.map(Example::reliability).reduce(|mut sum, next| {
        for (sum, (could, did)) in sum.iter_mut().zip(next) {
            sum.0 += could;
            sum.1 += did;
        }
        sum
    });
    if let Some(seen) = seen {
        eprintln!("tokens of gold beads that found a partner (word, verb, function, name, latin, figure):");
        eprintln!("  {:.3?}", seen.map(|(could, did)| did / f64::max(could, 1.0)));
    }
    let mut prior = [0.0; qostil_align::FEATURES];
    for &feature in qostil_align::Feature::ALL {
        prior[feature as usize] = feature.prior();
    }
    /// Standard deviation of the prior: of 1, 2 and 4 the one with the best held-out likelihood.
    const PRIOR: f64 = 1.0;
    let mut folds = Vec::new();
    let mut held_out = [0.0; 5];
    for fold in 0..FOLDS {
        let train = examples
            .iter_mut()
            .flatten()
            .filter(|(in_turn, _)| *in_turn != fold);
        let mut train: Vec<&mut Example> = train.filter_map(|(_, e)| e.as_mut()).collect();
        let (weights, likelihood) = fit(&mut train, prior, PRIOR, 300);
        for (sum, set) in held_out.iter_mut().zip(&mut examples) {
            let left_out = set.iter_mut().filter(|(in_turn, _)| *in_turn == fold);
            *sum += left_out
                .filter_map(|(_, e)| Some(e.as_mut()?.likelihood(&weights)))
                .sum::<f64>();
        }
        eprintln!("fold {fold}: mean log-likelihood {likelihood:.3}");
        folds.push(Parameters { weights, ..start });
    }
    eprintln!(
        "held out log-likelihood (joined, noisy, heavy, mixed, cases): {held_out:.1?}, together {:.1}",
        held_out.iter().sum::<f64>()
    );
    let held_out = |name: &str, pairs: &[Pair]| {
        let scored = score(pairs, |pair| folds[pair.fold]);
        eprintln!("held out {}", score_line(name, &scored));
        scored
    };
    let mut two = Scored::default();
    for (name, pairs) in &sets {
        let scored = held_out(name, pairs);
        if matches!(*name, "noisy" | "heavy") {
            two += scored;
        }
    }
    eprintln!("held out {}", score_line("noisy and heavy", &two));
    let drawn = DRAWN.map(|name| held_out(name, &set(bench, name)));
    let drawn = drawn.into_iter().fold(Scored::default(), |mut sum, next| {
        sum += next;
        sum
    });
    eprintln!("held out {}", score_line("drawn", &drawn));
    let mut all: Vec<&mut Example> = examples
        .iter_mut()
        .flatten()
        .filter_map(|(_, e)| e.as_mut())
        .collect();
    let (weights, likelihood) = fit(&mut all, prior, PRIOR, 400);
    eprintln!("all: mean log-likelihood {likelihood:.3}");
    print!("{}", Parameters { weights, ..start }.to_toml());
}
