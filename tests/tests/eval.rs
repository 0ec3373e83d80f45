//! Scores against cases counted by hand and against their definitions written down a second time; what intervals, comparisons, estimates and
//! noise promise. That whole bench sets score as an independent program scores them is tested through the command, in `tests/cli/eval.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use qostil_bitext::{IndexBead, Record};
use qostil_eval::{
    Bootstrap, Calibration, Counts, Drift, Evaluation, Judged, NoiseSettings, Rate, RowFacts, Rows,
    SegmentCounts, Segments, by_lines, by_spans, differences, differing, draw, drifts, estimate,
    expected_precision, noise, stratum,
};
use qostil_figures::{Figure, figures};
use qostil_text::{Lang, Span};

/// The cells of the lines of a table of cases, comments and header left out.
fn cases(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("cases/eval")
        .join(name);
    let text = fs::read_to_string(path).expect("cases");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

/// `2/3`; nothing to divide by is zero.
fn fraction(text: &str) -> f64 {
    let (over, under) = text.split_once('/').expect("a fraction");
    let [over, under]: [f64; 2] = [over, under].map(|n| n.trim().parse().expect("a number"));
    if under == 0.0 { 0.0 } else { over / under }
}

fn bead(src: &[usize], tgt: &[usize]) -> IndexBead {
    IndexBead {
        src: src.to_vec(),
        tgt: tgt.to_vec(),
    }
}

/// `0,1=2 3=-`
fn beads(text: &str) -> Vec<IndexBead> {
    let side = |text: &str| -> Vec<usize> {
        let numbers = text.split(',').filter(|n| *n != "-");
        numbers.map(|n| n.parse().expect("a sentence number")).collect()
    };
    let sides = text.split(' ').filter_map(|bead| bead.split_once('='));
    sides.map(|(src, tgt)| bead(&side(src), &side(tgt))).collect()
}

fn assert_close(found: f64, wanted: f64, what: &str) {
    assert!((found - wanted).abs() < 1e-12, "{what}: {found}, wanted {wanted}");
}

#[test]
fn scores_are_those_counted_by_hand() {
    let cases = cases("scores.tsv");
    assert!(cases.len() >= 16);
    for case in cases {
        let scores = Counts::new(&beads(&case[1]), &beads(&case[2])).scores();
        for ((name, rate), wanted) in scores.named().into_iter().zip(case[3..].chunks(2)) {
            assert_close(
                rate.precision,
                fraction(&wanted[0]),
                &format!("{}: {name} P", case[0]),
            );
            assert_close(
                rate.recall,
                fraction(&wanted[1]),
                &format!("{}: {name} R", case[0]),
            );
        }
    }
}

/// A document and its segments of `[ab.] zz [cd.]`.
fn marked(text: &str) -> Segments {
    let (mut plain, mut spans, mut start) = (String::new(), Vec::new(), 0);
    for c in text.chars() {
        match c {
            '[' => start = plain.len(),
            ']' => spans.push(Span::new(start, plain.len())),
            other => plain.push(other),
        }
    }
    Segments::new(&plain, &spans)
}

#[test]
fn segment_scores_are_those_counted_by_hand() {
    let cases = cases("segments.tsv");
    assert!(cases.len() >= 11);
    for case in cases {
        let rows: Vec<(String, String)> = case[3]
            .split('|')
            .map(|row| row.split_once('=').expect("a row"))
            .map(|(src, tgt)| (src.trim().to_owned(), tgt.trim().to_owned()))
            .collect();
        let counts = SegmentCounts::new(&marked(&case[1]), &marked(&case[2]), Rows::Texts(&rows));
        let wanted: Vec<usize> = case[4..8].iter().map(|n| n.parse().expect("a number")).collect();
        let found = [
            counts.links,
            counts.predicted_links,
            counts.gold_links,
            counts.lost,
        ];
        assert_eq!(found, wanted[..], "{}", case[0]);
        assert_close(counts.soft().precision, fraction(&case[8]), &case[0]);
        assert_close(counts.soft().recall, fraction(&case[9]), &case[0]);
    }
}

/// The definitions once more, with sets of links in place of all cleverness: precision and recall of strict, lax, pair, link.
fn by_definition(predicted: &[IndexBead], gold: &[IndexBead]) -> [(f64, f64); 4] {
    let set = |beads: &[IndexBead]| -> BTreeSet<IndexBead> {
        let full = beads.iter().filter(|b| !b.src.is_empty() || !b.tgt.is_empty());
        full.cloned().collect()
    };
    let pairs = |beads: &BTreeSet<IndexBead>| -> BTreeSet<IndexBead> {
        beads.iter().filter(|b| b.is_pair()).cloned().collect()
    };
    let of_bead = |b: &IndexBead| -> BTreeSet<(usize, usize)> {
        let links = b.src.iter().flat_map(|&i| b.tgt.iter().map(move |&j| (i, j)));
        links.collect()
    };
    let links = |beads: &BTreeSet<IndexBead>| -> BTreeSet<(usize, usize)> {
        beads.iter().flat_map(of_bead).collect()
    };
    let (predicted, gold) = (set(predicted), set(gold));
    let (predicted_pairs, gold_pairs) = (pairs(&predicted), pairs(&gold));
    let (predicted_links, gold_links) = (links(&predicted), links(&gold));
    let lax = |beads: &BTreeSet<IndexBead>,
               others: &BTreeSet<IndexBead>,
               other_links: &BTreeSet<(usize, usize)>| {
        let is_near = |b: &&IndexBead| others.contains(*b) || !of_bead(b).is_disjoint(other_links);
        beads.iter().filter(is_near).count()
    };
    let share = |over: usize, under: usize| {
        if under == 0 {
            0.0
        } else {
            over as f64 / under as f64
        }
    };
    let (right, right_pairs) = (
        predicted.intersection(&gold).count(),
        predicted_pairs.intersection(&gold_pairs).count(),
    );
    let common = predicted_links.intersection(&gold_links).count();
    [
        (
            share(right, predicted.len()),
            share(right_pairs, gold_pairs.len()),
        ),
        (
            share(lax(&predicted, &gold, &gold_links), predicted.len()),
            share(
                lax(&gold_pairs, &predicted_pairs, &predicted_links),
                gold_pairs.len(),
            ),
        ),
        (
            share(right_pairs, predicted_pairs.len()),
            share(right_pairs, gold_pairs.len()),
        ),
        (
            share(common, predicted_links.len()),
            share(common, gold_links.len()),
        ),
    ]
}

/// Any beads at all: in any order, overlapping, doubled, empty.
fn any_beads() -> impl Strategy<Value = Vec<IndexBead>> {
    let side = || prop::collection::btree_set(0_usize..9, 0..4);
    let bead = (side(), side()).prop_map(|(src, tgt)| IndexBead {
        src: src.into_iter().collect(),
        tgt: tgt.into_iter().collect(),
    });
    prop::collection::vec(bead, 0..10)
}

/// An alignment as aligners make them: every sentence once, in order, one-sided beads of one sentence.
fn an_alignment() -> impl Strategy<Value = Vec<IndexBead>> {
    let shapes = [(1, 1), (1, 1), (1, 0), (0, 1), (2, 1), (1, 2), (2, 2), (3, 1)];
    prop::collection::vec(prop::sample::select(shapes.to_vec()), 1..20).prop_map(|shapes| {
        let (mut i, mut j) = (0, 0);
        let lay = |(n, m): (usize, usize)| {
            (i, j) = (i + n, j + m);
            IndexBead {
                src: (i - n..i).collect(),
                tgt: (j - m..j).collect(),
            }
        };
        shapes.into_iter().map(lay).collect()
    })
}

fn swapped(beads: &[IndexBead]) -> Vec<IndexBead> {
    let swap = |b: &IndexBead| IndexBead {
        src: b.tgt.clone(),
        tgt: b.src.clone(),
    };
    beads.iter().map(swap).collect()
}

proptest! {
    #[test]
    fn scores_are_what_their_definitions_say(predicted in any_beads(), gold in any_beads()) {
        let scores = Counts::new(&predicted, &gold).scores();
        for ((name, rate), (p, r)) in scores.named().into_iter().zip(by_definition(&predicted, &gold)) {
            prop_assert!((rate.precision - p).abs() < 1e-12, "{name} P {} {p}", rate.precision);
            prop_assert!((rate.recall - r).abs() < 1e-12, "{name} R {} {r}", rate.recall);
            let f1 = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
            prop_assert!((rate.f1 - f1).abs() < 1e-12, "{name} F1");
        }
        prop_assert!(scores.lax.precision >= scores.strict.precision && scores.lax.recall >= scores.strict.recall);
    }

    #[test]
    fn the_gold_itself_is_perfect(gold in an_alignment()) {
        let is_some_pair = gold.iter().any(IndexBead::is_pair);
        for (name, rate) in Counts::new(&gold, &gold).scores().named() {
            let wanted = f64::from(u8::from(is_some_pair));
            prop_assert_eq!(rate.f1, wanted, "{}", name);
        }
    }

    #[test]
    fn sides_are_alike(predicted in any_beads(), gold in any_beads()) {
        prop_assert_eq!(
            Counts::new(&predicted, &gold).scores(),
            Counts::new(&swapped(&predicted), &swapped(&gold)).scores()
        );
    }

    #[test]
    fn prediction_for_gold_is_precision_for_recall(predicted in any_beads(), gold in any_beads()) {
        let (one, other) = (Counts::new(&predicted, &gold).scores(), Counts::new(&gold, &predicted).scores());
        for (a, b) in [(one.pair, other.pair), (one.link, other.link)] {
            prop_assert_eq!((a.precision, a.recall), (b.recall, b.precision));
        }
    }

    #[test]
    fn order_and_doubles_do_not_matter(predicted in any_beads(), gold in any_beads()) {
        let (mut backwards, mut twice) = (predicted.clone(), gold.clone());
        backwards.reverse();
        twice.extend(gold.clone());
        prop_assert_eq!(Counts::new(&predicted, &gold), Counts::new(&backwards, &twice));
    }

    #[test]
    fn types_add_up(predicted in any_beads(), gold in any_beads()) {
        let counts = Counts::new(&predicted, &gold);
        prop_assert_eq!(counts.types.values().map(|t| t.predicted).sum::<usize>(), counts.predicted);
        prop_assert_eq!(counts.types.values().map(|t| t.right).sum::<usize>(), counts.strict);
    }

    #[test]
    fn micro_is_of_sums_and_macro_of_documents(documents in prop::collection::vec((an_alignment(), an_alignment()), 1..6)) {
        let evaluation = Evaluation {
            documents: documents.iter().enumerate().map(|(at, (p, g))| (at.to_string(), Counts::new(p, g))).collect(),
        };
        // Sentences of all documents numbered on: one document of them all.
        let (mut predicted, mut gold, mut from) = (Vec::new(), Vec::new(), 0);
        for (p, g) in &documents {
            let on = |b: &IndexBead| bead(
                &b.src.iter().map(|i| i + from).collect::<Vec<_>>(),
                &b.tgt.iter().map(|j| j + from).collect::<Vec<_>>(),
            );
            predicted.extend(p.iter().map(on));
            gold.extend(g.iter().map(on));
            from += 100;
        }
        let judged = evaluation.judge(&Bootstrap { rounds: 50, seed: 3 });
        for ((name, score), (_, micro)) in judged.iter().zip(Counts::new(&predicted, &gold).scores().named()) {
            prop_assert_eq!(score.micro, micro, "{}", name);
            let each = evaluation.documents.iter().map(|(_, counts)| rate(counts, name).f1);
            let mean = each.sum::<f64>() / documents.len() as f64;
            prop_assert!((score.mean.f1 - mean).abs() < 1e-12);
            prop_assert_eq!(score.interval.is_some(), documents.len() > 1);
            if let Some(interval) = score.interval {
                prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0);
            }
        }
    }

    #[test]
    fn spans_and_lines_score_as_numbers_do(predicted in an_alignment(), gold in an_alignment()) {
        // Twenty bytes a sentence, a line end between: wide enough to be no crumb.
        let span = |n: &usize| Span::new(n * 21, n * 21 + 20);
        let rows = |beads: &[IndexBead]| -> Vec<Record> {
            beads.iter().map(|b| Record {
                src_spans: b.src.iter().map(span).collect(),
                tgt_spans: b.tgt.iter().map(span).collect(),
                ..Record::default()
            }).collect()
        };
        let wanted = Counts::new(&predicted, &gold).scores();
        let aligned = by_spans(&rows(&predicted), &rows(&gold));
        prop_assert_eq!(aligned.len(), 1);
        prop_assert_eq!(Counts::new(&aligned[0].predicted, &aligned[0].gold).scores(), wanted);
        let lines: Vec<Span> = (0..60).map(|n| span(&n)).collect();
        prop_assert_eq!(Counts::new(&by_lines(&rows(&predicted), &lines, &lines), &gold).scores(), wanted);
    }

    #[test]
    fn noise_holds_every_line_once(seed in any::<u64>(), moved in prop::sample::select(vec![0.0, 0.05, 0.3])) {
        let pairs: Vec<_> = (0..60).map(|n| (format!("Сөйлем {n}, бөлік."), format!("Sentence {n}, part."))).collect();
        let noisy = noise(&pairs, &pairs, &NoiseSettings { moved, seed, ..NoiseSettings::default() });
        for (lines, side) in [(noisy.src.len(), 0), (noisy.tgt.len(), 1)] {
            let numbers = noisy.beads.iter().flat_map(|b| if side == 0 { &b.src } else { &b.tgt });
            let mut numbers: Vec<usize> = numbers.copied().collect();
            numbers.sort_unstable();
            prop_assert_eq!(numbers, (0..lines).collect::<Vec<_>>());
        }
        let order: Vec<usize> = noisy.beads.iter().filter_map(|b| b.tgt.first().copied()).collect();
        prop_assert!(moved > 0.0 || order.is_sorted());
    }

    #[test]
    fn a_sheet_judged_in_full_says_what_is_so(truth in prop::collection::vec((0.0..1.0_f64, any::<bool>()), 1..120), seed in any::<u64>()) {
        let strata: Vec<String> = truth.iter().map(|(sure, _)| stratum(Some(*sure), true)).collect();
        // Far more than there are: every row is drawn, once.
        let drawn = draw(&strata, 1_000_000, seed);
        prop_assert_eq!(drawn.len(), truth.len());
        let mut judged: BTreeMap<String, Judged> = BTreeMap::new();
        for row in &drawn {
            let counts = judged.entry(row.stratum.clone()).or_insert(Judged { size: row.size, ..Judged::default() });
            counts.judged += 1;
            counts.right += usize::from(truth[row.row].1);
        }
        let found = estimate(&judged).expect("judgements");
        let right = truth.iter().filter(|(_, right)| *right).count() as f64 / truth.len() as f64;
        prop_assert!((found.precision - right).abs() < 1e-9);
        prop_assert!((found.interval.high - found.interval.low).abs() < 1e-9, "nothing is left to chance");
    }
}

fn rate(counts: &Counts, name: &str) -> Rate {
    let found = counts.scores().named().into_iter().find(|(n, _)| *n == name);
    found.expect("a score").1
}

/// Random numbers of a seed, 0–1.
fn shares(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A collection whose beads are right with `chance`, more in some documents than in others.
fn collection(documents: usize, chance: f64, random: &mut impl FnMut() -> f64) -> Evaluation {
    let document = |at: usize| {
        let (chance, beads) = (chance + 0.1 * (random() - 0.5), 20 + (20.0 * random()) as usize);
        let gold: Vec<IndexBead> = (0..beads).map(|n| bead(&[n], &[n])).collect();
        let predicted: Vec<IndexBead> = (0..beads)
            .map(|n| {
                let other = n + beads * usize::from(random() >= chance);
                bead(&[n], &[other])
            })
            .collect();
        (at.to_string(), Counts::new(&predicted, &gold))
    };
    Evaluation {
        documents: (0..documents).map(document).collect(),
    }
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    let mut held = 0;
    for seed in 0..200 {
        let evaluation = collection(25, 0.85, &mut shares(seed + 1));
        let judged = evaluation.judge(&Bootstrap { rounds: 300, seed });
        let interval = judged[0].1.interval.expect("several documents");
        held += usize::from(interval.low <= 0.85 && 0.85 <= interval.high);
    }
    // 95 % are promised; the bootstrap over 25 documents is known to promise a little too much.
    assert!((178..=199).contains(&held), "{held} of 200");
}

#[test]
fn identical_systems_do_not_differ_and_better_ones_do() {
    let bootstrap = Bootstrap { rounds: 500, seed: 1 };
    let one = collection(30, 0.85, &mut shares(1));
    for found in differences(&one, &one, &bootstrap) {
        let interval = found.interval.expect("several documents");
        assert_eq!(
            (found.first - found.second, interval.low, interval.high),
            (0.0, 0.0, 0.0)
        );
        assert_eq!(found.not_better, Some(1.0));
    }
    let better = collection(30, 0.95, &mut shares(2));
    let found = differences(&better, &one, &bootstrap)[0];
    assert!(found.interval.expect("several documents").low > 0.0, "{found:?}");
    assert!(found.not_better.expect("several documents") < 0.01);
    let beads = [bead(&[0], &[0]), bead(&[1, 2], &[1])];
    assert!(differing(&beads, &beads, &beads).is_empty());
    assert_eq!(
        one.judge(&bootstrap),
        one.judge(&bootstrap),
        "the same seed, the same numbers"
    );
}

#[test]
fn confidence_that_tells_the_truth_is_calibrated_and_expected() {
    let mut random = shares(7);
    let judged: Vec<(f64, bool)> = (0..20_000)
        .map(|_| {
            let sure = random().sqrt();
            (sure, random() < sure)
        })
        .collect();
    let table = Calibration::new(&judged, 10).expect("judgements");
    assert!(table.ece < 0.015, "{}", table.ece);
    let kept = table.thresholds.windows(2);
    assert!(
        kept.into_iter()
            .all(|w| w[1].kept <= w[0].kept && w[1].precision >= w[0].precision - 0.01)
    );
    // Of what no gold is known, the interval holds what is so.
    let documents: Vec<Vec<f64>> = judged
        .chunks(100)
        .map(|part| part.iter().map(|j| j.0).collect())
        .collect();
    let expected = expected_precision(&documents, &Bootstrap::default()).expect("beads");
    assert!(
        expected.interval.low <= table.right && table.right <= expected.interval.high,
        "{expected:?}, {}",
        table.right
    );
    // Boasting is found out.
    let boasting: Vec<_> = judged
        .iter()
        .map(|(sure, right)| (sure.sqrt().sqrt(), *right))
        .collect();
    assert!(Calibration::new(&boasting, 10).expect("judgements").ece > 0.1);
}

/// What is known of the rows of a bitext, with the target sides of `range` moved `shift` rows on, as when a line was lost.
fn slipped(rows: &[RowFacts], range: std::ops::Range<usize>, shift: usize) -> Vec<RowFacts> {
    let mut out = rows.to_vec();
    for at in range {
        let from = &rows[at - shift];
        (out[at].tgt_length, out[at].tgt_keys) = (from.tgt_length, from.tgt_keys.clone());
    }
    out
}

/// The development data, one folder of documents that are 1-1 throughout, when it is there.
fn published() -> Vec<(String, Vec<RowFacts>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bench/clean");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: ../shared/bench (development data) is not there");
        return Vec::new();
    };
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    names.retain(|path| path.to_string_lossy().ends_with(".kk.txt"));
    names.sort();
    let read = |path: &Path| fs::read_to_string(path).expect("a text");
    let keys = |text: &str, lang| -> Vec<u64> { figures(text, lang).iter().flat_map(Figure::keys).collect() };
    let facts = |path: &PathBuf| {
        let en = read(&PathBuf::from(
            path.to_string_lossy().replace(".kk.txt", ".en.txt"),
        ));
        let row = |(src, tgt): (&str, &str)| RowFacts {
            src_length: src.chars().count(),
            tgt_length: tgt.chars().count(),
            src_keys: keys(src, Lang::Kazakh),
            tgt_keys: keys(tgt, Lang::English),
        };
        (
            path.display().to_string(),
            read(path).lines().zip(en.lines()).map(row).collect(),
        )
    };
    names.iter().map(facts).collect()
}

#[test]
fn a_slip_in_a_published_set_is_found_and_none_where_there_is_none() {
    // Documents one after the other, as published sets have them.
    let rows: Vec<RowFacts> = published().into_iter().flat_map(|(_, rows)| rows).collect();
    if rows.is_empty() {
        return;
    }
    assert_eq!(drifts(&rows), [], "the set as it is");
    for (length, least) in [(10, 0.6), (20, 0.9), (40, 0.97)] {
        let (mut tried, mut found, mut off, mut elsewhere) = (0, 0, 0, 0);
        for start in (4..rows.len() - length).step_by(17) {
            for shift in [1, 2, 3] {
                let range = start..start + length;
                let drifts = drifts(&slipped(&rows, range.clone(), shift));
                let is_here =
                    |d: &&Drift| d.shift == shift as i32 && d.start < range.end && range.start < d.end;
                let here = drifts.iter().find(is_here);
                tried += 1;
                found += usize::from(here.is_some());
                off += here.map_or(0, |d| d.start.abs_diff(range.start) + d.end.abs_diff(range.end));
                elsewhere += drifts.len() - usize::from(here.is_some());
            }
        }
        println!(
            "{found} of {tried} slips of {length} rows found, their ends {:.1} rows off in the mean; {elsewhere} found that are none",
            off as f64 / (2 * found.max(1)) as f64
        );
        assert!(found as f64 >= least * tried as f64, "{found} of {tried}");
        assert!(20 * elsewhere <= tried, "{elsewhere} of {tried}");
    }
}
