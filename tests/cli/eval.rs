//! `qostil eval`: the numbers of an independent scorer, and the round trips of sheets and noise.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{qostil, seed_folder, text};

fn json(folder: &Path, args: &[&str]) -> Value {
    let output = qostil(folder, args);
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{args:?}: {}",
        text(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The development data, when it is there.
fn bench() -> Option<PathBuf> {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/bench");
    let found = bench.join("score.py").is_file() && Command::new("python3").arg("--version").output().is_ok();
    if !found {
        println!("skipped: ../shared/bench (development data) or python3 is not there");
    }
    found.then_some(bench)
}

fn gold_files(folder: &Path, ending: &str) -> Vec<(String, PathBuf)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter_map(|path| Some((path.file_name()?.to_str()?.strip_suffix(ending)?.to_owned(), path)))
        .collect();
    files.sort();
    files
}

/// What the independent scorer says, by document.
fn independent(bench: &Path, args: &[&str]) -> Vec<Value> {
    let output = Command::new("python3")
        .arg(bench.join("score.py"))
        .args(args)
        .args(["--per-doc", "--json"])
        .output();
    let output = output.expect("python3");
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// Every number that both give is the same, to the last digit printed.
fn assert_same(theirs: &Value, ours: &Value, ours_name: impl Fn(&str) -> String) {
    let mut compared = 0;
    for (key, value) in theirs.as_object().expect("an object") {
        if let (Some(their), Some(our)) = (value.as_f64(), ours.get(ours_name(key)).and_then(Value::as_f64)) {
            assert!(
                (their - our).abs() < 1e-12,
                "{key} of {}: {their} and {our}",
                ours["name"]
            );
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared} numbers compared");
}

/// Beads with faults of every kind, made of gold by simple arithmetic: lost, doubled, shifted, joined, taken apart.
fn perturbed(gold: &str, salt: usize) -> String {
    let mut out: Vec<String> = Vec::new();
    for (number, line) in gold.lines().enumerate() {
        let (src, tgt) = line.split_once("]:[").expect("a bead");
        let (src, tgt) = (src.trim_start_matches('['), tgt.trim_end_matches(']'));
        match (number * 7 + salt * 13) % 17 {
            0 => {}
            1 => out.extend([line.to_owned(), line.to_owned()]),
            2 if !src.is_empty() => out.push(format!("[{src}]:[]")),
            3 | 4 if !tgt.is_empty() => {
                let next: Vec<String> = tgt
                    .split(',')
                    .map(|n| (n.trim().parse::<usize>().expect("a number") + 1).to_string())
                    .collect();
                out.push(format!("[{src}]:[{}]", next.join(", ")));
            }
            5 if !src.is_empty() && !tgt.is_empty() => {
                let before = src
                    .split(',')
                    .next()
                    .expect("a number")
                    .trim()
                    .parse::<usize>()
                    .expect("a number");
                out.push(format!("[{}, {src}]:[{tgt}]", before.saturating_sub(1)));
            }
            _ => out.push(line.to_owned()),
        }
    }
    out.join("\n") + "\n"
}

#[test]
fn line_scores_are_those_of_the_independent_scorer() {
    let Some(bench) = bench() else { return };
    for set in ["clean", "noisy", "heavy", "long"] {
        let folder = tempfile::tempdir().expect("a folder");
        for (salt, (name, path)) in gold_files(&bench.join(set), ".gold.txt").into_iter().enumerate() {
            let gold = fs::read_to_string(path).expect("gold");
            fs::write(
                folder.path().join(format!("{name}.align")),
                perturbed(&gold, salt),
            )
            .expect("a file");
        }
        let gold = bench.join(set).to_string_lossy().into_owned();
        let predicted = folder.path().to_string_lossy().into_owned();
        let theirs = independent(&bench, &["lines", &gold, &predicted]);
        let ours = json(
            folder.path(),
            &[
                "eval",
                &predicted,
                &gold,
                "--json",
                "--per-document",
                "--rounds",
                "10",
            ],
        );
        let each = ours["documents"]
            .as_array()
            .expect("documents")
            .iter()
            .chain([&ours]);
        for (theirs, ours) in theirs.iter().zip(each) {
            assert_eq!(theirs["name"], ours["name"]);
            assert_same(theirs, ours, str::to_owned);
        }
        assert!(ours["strict_f1"].as_f64().expect("a number") < 1.0);
    }
}

#[test]
fn raw_scores_are_those_of_the_independent_scorer() {
    let Some(bench) = bench() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let raw = bench.join("raw");
    for (name, path) in gold_files(&raw, ".gold.jsonl") {
        let read = |side: &str| -> Vec<char> {
            fs::read_to_string(raw.join(format!("{name}.{side}.txt")))
                .expect("a text")
                .chars()
                .collect()
        };
        let (kk, en) = (read("kk"), read("en"));
        let mut rows = String::new();
        for (number, line) in fs::read_to_string(path).expect("gold").lines().enumerate() {
            let gold: Value = serde_json::from_str(line).expect("JSON");
            let cut = |text: &[char], side: &str, spare: usize| -> String {
                let at = |what: &str| gold[format!("{side}_{what}")].as_u64().expect("a number") as usize;
                let part: String = text[at("start")..at("end") - spare.min(at("end") - at("start"))]
                    .iter()
                    .collect();
                part.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            // Whole, short by a few characters, short by many, lost.
            let spare = [0, 0, 3, 0, 70, 0, 0][number % 7];
            let en = if number % 11 == 10 {
                "not in the document".to_owned()
            } else {
                cut(&en, "en", spare / 2)
            };
            rows.push_str(&format!("{}\t{en}\n", cut(&kk, "kk", spare)));
        }
        fs::write(folder.path().join(format!("{name}.tsv")), rows).expect("a file");
    }
    let (gold, predicted) = (
        raw.to_string_lossy().into_owned(),
        folder.path().to_string_lossy().into_owned(),
    );
    let theirs = independent(&bench, &["raw", &gold, &predicted]);
    let ours = json(folder.path(), &["eval", &predicted, &gold, "--json"]);
    let name = |key: &str| match key {
        "rows" | "lost" => key.to_owned(),
        other => format!("segment_{other}"),
    };
    assert_same(theirs.last().expect("a line"), &ours, name);
    assert!(ours["lost"].as_u64().expect("a number") > 0);
}

/// A bitext of `count` pairs whose lengths and figures vary.
fn bitext(count: usize, slipped: std::ops::Range<usize>) -> String {
    let kk = |n: usize| {
        format!(
            "Биыл {} мектеп салынды{}.",
            100 + n * 7,
            " және жөнделді".repeat(n % 4)
        )
    };
    let en = |n: usize| {
        format!(
            "This year {} schools were built{}.",
            100 + n * 7,
            " and repaired".repeat(n % 4)
        )
    };
    let mut out = String::from("kk\ten\tconfidence\tbead\n");
    for n in 0..count {
        let other = if slipped.contains(&n) {
            n.saturating_sub(1)
        } else {
            n
        };
        out.push_str(&format!("{}\t{}\t0.9\t1-1\n", kk(n), en(other)));
    }
    out
}

#[test]
fn a_bitext_is_judged_without_gold() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("good.tsv"), bitext(200, 0..0)).expect("a file");
    fs::write(folder.path().join("slipped.tsv"), bitext(200, 80..120)).expect("a file");
    let good = json(folder.path(), &["eval", "good.tsv", "--json"]);
    assert_eq!(good["expected_precision"]["precision"], 0.9);
    assert_eq!(good["figures"]["agree"], 200);
    assert_eq!(good["drifts"].as_array().map(Vec::len), Some(0));
    let slipped = json(folder.path(), &["eval", "slipped.tsv", "--json"]);
    let drifts = slipped["drifts"].as_array().expect("drifts");
    assert_eq!(drifts.len(), 1, "{drifts:?}");
    assert_eq!(drifts[0]["shift"], 1);
    assert!(slipped["figures"]["contradict"].as_u64().expect("a number") >= 30);
}

#[test]
fn a_judged_sheet_becomes_an_estimate() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("good.tsv"), bitext(300, 0..0)).expect("a file");
    let drawn = qostil(
        folder.path(),
        &["eval", "good.tsv", "--sample", "40", "-o", "sheet.tsv"],
    );
    assert!(drawn.status.success(), "{}", text(&drawn.stderr));
    let sheet = fs::read_to_string(folder.path().join("sheet.tsv")).expect("a sheet");
    let judged: Vec<String> = sheet
        .lines()
        .enumerate()
        .map(|(n, line)| match n {
            0 => line.to_owned(),
            _ => format!("{}{line}", u8::from(n % 10 != 0)),
        })
        .collect();
    assert_eq!(judged.len(), 41);
    fs::write(folder.path().join("judged.tsv"), judged.join("\n")).expect("a file");
    fs::write(folder.path().join("returns.tsv"), judged.join("\r")).expect("a file");
    for sheet in ["judged.tsv", "returns.tsv"] {
        let found = json(folder.path(), &["eval", sheet, "--judged", "--json"]);
        assert_eq!(found["sample"]["precision"], 0.9, "{sheet}");
        assert_eq!(found["sample"]["rows"], 300, "{sheet}");
    }
    let open = qostil(folder.path(), &["eval", "sheet.tsv", "--judged"]);
    assert_eq!(open.status.code(), Some(2), "nothing is judged yet");
}

#[test]
fn noise_has_gold_that_fits_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("good.tsv"), bitext(300, 0..0)).expect("a file");
    let made = qostil(
        folder.path(),
        &["eval", "good.tsv", "--make-noise", "noise", "--seed", "5"],
    );
    assert!(made.status.success(), "{}", text(&made.stderr));
    let again = qostil(
        folder.path(),
        &["eval", "good.tsv", "--make-noise", "again", "--seed", "5"],
    );
    assert!(again.status.success());
    let read = |folder_name: &str, file: &str| {
        fs::read_to_string(folder.path().join(folder_name).join(file)).expect("a file")
    };
    for file in ["noise.kk.txt", "noise.en.txt", "noise.gold.txt"] {
        assert_eq!(read("noise", file), read("again", file));
    }
    let gold = json(
        folder.path(),
        &["eval", "noise/noise.gold.txt", "noise/noise.gold.txt", "--json"],
    );
    assert_eq!(gold["strict_f1"], 1.0);
    let aligned = qostil(
        folder.path(),
        &[
            "align",
            "--lines",
            "noise/noise.kk.txt",
            "noise/noise.en.txt",
            "--src-lang",
            "kk",
            "--tgt-lang",
            "en",
            "--all",
            "-o",
            "found.tsv",
        ],
    );
    assert!(aligned.status.success(), "{}", text(&aligned.stderr));
    let found = json(
        folder.path(),
        &[
            "eval",
            "found.tsv",
            "noise/noise.gold.txt",
            "--src",
            "noise/noise.kk.txt",
            "--tgt",
            "noise/noise.en.txt",
            "--json",
        ],
    );
    assert!(found["strict_f1"].as_f64().expect("a number") > 0.8, "{found}");
    assert!(found["calibration"]["count"].as_u64().expect("a number") > 150);
    let expected = &found["expected_precision"];
    assert_eq!(expected["count"], found["calibration"]["count"]);
    assert_eq!(expected["precision"], found["calibration"]["confidence"]);
}

#[test]
fn a_sheet_judged_by_the_truth_holds_it() {
    let folder = tempfile::tempdir().expect("a folder");
    // Every fourth row is wrong: its English has another number of schools.
    let wrong: std::collections::BTreeSet<usize> = (0..400).filter(|n| n % 4 == 3).collect();
    let rows = bitext(400, 0..0);
    let rows: Vec<String> = rows
        .lines()
        .enumerate()
        .map(|(at, line)| match at.checked_sub(1) {
            Some(row) if wrong.contains(&row) => line
                .replace("This year", "Last year")
                .replace("\t0.9\t", "\t0.6\t"),
            _ => line.to_owned(),
        })
        .collect();
    fs::write(folder.path().join("rows.tsv"), rows.join("\n") + "\n").expect("a file");
    let drawn = qostil(
        folder.path(),
        &["eval", "rows.tsv", "--sample", "80", "-o", "sheet.tsv"],
    );
    assert!(drawn.status.success(), "{}", text(&drawn.stderr));
    let sheet = fs::read_to_string(folder.path().join("sheet.tsv")).expect("a sheet");
    let judge = |line: &str, word: &str| {
        let row: usize = line
            .split('\t')
            .nth(1)
            .and_then(|n| n.parse().ok())
            .expect("a row");
        assert_eq!(line.contains("Last year"), wrong.contains(&row), "{line}");
        format!("{}{line}", if wrong.contains(&row) { "қате" } else { word })
    };
    let judged = |word: &str, count: usize| {
        let lines = sheet.lines().enumerate();
        let lines = lines.map(|(at, line)| {
            if at == 0 || at > count {
                line.to_owned()
            } else {
                judge(line, word)
            }
        });
        fs::write(
            folder.path().join("judged.tsv"),
            lines.collect::<Vec<_>>().join("\r\n"),
        )
        .expect("a file");
        qostil(folder.path(), &["eval", "judged.tsv", "--judged", "--json"])
    };
    let all = judged("1", usize::MAX);
    assert_eq!(all.status.code(), Some(0), "{}", text(&all.stderr));
    let found: Value = serde_json::from_slice(&all.stdout).expect("JSON");
    let side = |name: &str| found["sample"]["interval"][name].as_f64().expect("a number");
    assert!(side("low") <= 0.75 && 0.75 <= side("high"), "{found}");
    let some = judged("дұрыс", 20);
    assert_eq!(some.status.code(), Some(1), "rows are open");
    assert!(text(&some.stderr).contains("no judgement in"));
    let odd = judged("maybe", usize::MAX);
    assert_eq!(odd.status.code(), Some(2));
    assert!(
        text(&odd.stderr).contains("`maybe` is no judgement"),
        "{}",
        text(&odd.stderr)
    );
}

#[test]
fn moved_sections_have_gold_by_links() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("good.tsv"), bitext(300, 0..0)).expect("a file");
    let made = qostil(
        folder.path(),
        &["eval", "good.tsv", "--make-noise", "noise", "--moved", "0.03"],
    );
    assert!(made.status.success(), "{}", text(&made.stderr));
    let gold = fs::read_to_string(folder.path().join("noise/noise.gold.txt")).expect("gold");
    let first = |bead: &str| {
        bead.split_once("]:[")?
            .1
            .split([',', ']'])
            .next()?
            .parse::<usize>()
            .ok()
    };
    let order: Vec<usize> = gold.lines().filter_map(first).collect();
    assert!(!order.is_sorted(), "no section has moved");
    let own = json(
        folder.path(),
        &["eval", "noise/noise.gold.txt", "noise/noise.gold.txt", "--json"],
    );
    assert_eq!(own["link_f1"], 1.0);
    let texts = ["noise/noise.kk.txt", "noise/noise.en.txt"];
    let aligned = qostil(
        folder.path(),
        &[
            "align",
            "--lines",
            texts[0],
            texts[1],
            "--src-lang",
            "kk",
            "--tgt-lang",
            "en",
            "-f",
            "vecalign",
            "-o",
            "found.align",
        ],
    );
    assert!(aligned.status.success(), "{}", text(&aligned.stderr));
    // What is monotone cannot have both a section and what it passed; the rest it has.
    let found = json(
        folder.path(),
        &["eval", "found.align", "noise/noise.gold.txt", "--json"],
    );
    let link = found["link_r"].as_f64().expect("a number");
    assert!((0.4..1.0).contains(&link), "{found}");
    let refused = qostil(
        folder.path(),
        &["eval", "good.tsv", "--make-noise", "noise", "--moved", "1.5"],
    );
    assert_eq!(refused.status.code(), Some(2), "a rate is a probability");
}

#[test]
fn a_system_against_itself_differs_in_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = qostil(
        folder.path(),
        &["run", "-q", "-o", "run", &seed_folder().to_string_lossy()],
    );
    assert!(run.status.success());
    let found = json(
        folder.path(),
        &["eval", "run", "run", "--versus", "run", "--json"],
    );
    assert_eq!(found["strict_f1"], 1.0);
    assert_eq!(
        found["versus"]["only_predicted"].as_array().map(Vec::len),
        Some(0)
    );
}

#[test]
fn every_form_of_an_alignment_has_the_same_scores() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).expect("a file");
    write("a.kk.txt", "Бір.\nЕкі.\nҮш.\nТөрт.\nБес.\nАлты.\n");
    write("a.en.txt", "One.\nTwo three.\nFour.\nFive.\nExtra.\nSix.\n");
    write(
        "gold.vecalign",
        "[0]:[0]\n[1, 2]:[1]\n[3]:[2]\n[4]:[3]\n[]:[4]\n[5]:[5]\n",
    );
    // One bead right and one wrong at each end, a merge missed, a foreign line taken in.
    write(
        "found.vecalign",
        "[0]:[0]:0.1\n[1]:[1]:0.2\n[2]:[]:0.3\n[3]:[2]:0.1\n[4]:[3, 4]:0.4\n[5]:[5]:0.1\n",
    );
    let texts = ["--src", "a.kk.txt", "--tgt", "a.en.txt"];
    for (of, forms) in [
        ("found", "ladder xces tsv tmx jsonl parquet csv.gz"),
        ("gold", "ladder xces tsv tmx jsonl"),
    ] {
        for form in forms.split(' ') {
            let made = if form == "ladder" || form == "xces" {
                format!("{of}.tsv")
            } else {
                format!("{of}.vecalign")
            };
            let rows = qostil(
                folder.path(),
                &[
                    &["convert", &format!("{of}.vecalign"), &format!("{of}.tsv")][..],
                    &texts,
                ]
                .concat(),
            );
            assert!(rows.status.success(), "{}", text(&rows.stderr));
            let done = qostil(
                folder.path(),
                &[&["convert", &made, &format!("{of}.{form}")][..], &texts].concat(),
            );
            assert!(done.status.success(), "{form}: {}", text(&done.stderr));
        }
    }
    let scores = |found: &str, gold: &str| {
        let mut scores = json(
            folder.path(),
            &[&["eval", found, gold, "--json"][..], &texts].concat(),
        );
        // The only thing that may differ: what the document is called, and calibration where a format has no confidence.
        let all = scores.as_object_mut().expect("an object");
        all.retain(|name, _| name.ends_with("_p") || name.ends_with("_r") || name.ends_with("_f1"));
        assert!(all.len() >= 12, "{all:?}");
        scores
    };
    let wanted = scores("found.vecalign", "gold.vecalign");
    assert_eq!(wanted["strict_f1"], 0.5455, "{wanted}");
    for form in "ladder xces tsv tmx jsonl parquet csv.gz".split(' ') {
        assert_eq!(
            scores(&format!("found.{form}"), "gold.vecalign"),
            wanted,
            "{form} against vecalign"
        );
        assert_eq!(
            scores(
                &format!("found.{form}"),
                &format!(
                    "gold.{}",
                    if form == "parquet" || form == "csv.gz" {
                        "tsv"
                    } else {
                        form
                    }
                )
            ),
            wanted,
            "{form} against its like"
        );
    }
    for form in "ladder xces tsv tmx jsonl".split(' ') {
        assert_eq!(
            scores("found.vecalign", &format!("gold.{form}")),
            wanted,
            "vecalign against {form}"
        );
        assert_eq!(
            scores("found.xces", &format!("gold.{form}")),
            wanted,
            "xces against {form}"
        );
    }
}

#[test]
fn links_of_many_documents_are_compared_by_their_ids() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, links: &str| {
        let xml = format!("<?xml version=\"1.0\"?>\n<cesAlign version=\"1.0\">\n{links}</cesAlign>\n");
        fs::write(folder.path().join(name), xml).expect("a file");
    };
    let group = |doc: &str, links: &str| {
        format!("<linkGrp fromDoc=\"kk/{doc}\" toDoc=\"en/{doc}\">\n{links}</linkGrp>\n")
    };
    let gold = "<link xtargets=\"s1.1;s1\"/>\n<link xtargets=\"s1.2 s1.3;s2\"/>\n";
    write("gold.xces", &(group("a", gold) + &group("b", gold)));
    // The other order of the documents; in `b` the merge is missed.
    let found = "<link xtargets=\"s1.1;s1\"/>\n<link xtargets=\"s1.2;s2\"/>\n<link xtargets=\"s1.3;\"/>\n";
    write("found.xces", &(group("b", found) + &group("a", gold)));
    let scores = json(
        folder.path(),
        &["eval", "found.xces", "gold.xces", "--per-document", "--json"],
    );
    assert_eq!(scores["strict_r"], 0.75, "{scores}");
    assert_eq!(scores["strict_p"], 0.6, "{scores}");
    fs::write(folder.path().join("one.vecalign"), "[0]:[0]\n").expect("a file");
    let refused = qostil(folder.path(), &["eval", "one.vecalign", "gold.xces"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(
        text(&refused.stderr).contains("2 pairs of documents"),
        "{}",
        text(&refused.stderr)
    );
}

#[test]
fn gold_whose_lines_end_at_carriage_returns_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, lines: &[&str], end: &str| {
        let text: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        fs::write(folder.path().join(name), text).expect("a file");
    };
    put(
        "predicted.tsv",
        &[
            "kk\ten\tkk_span\ten_span",
            "Иә.\tYes.\t0-5\t0-4",
            "Жоқ.\tNo.\t6-13\t5-8",
        ],
        "\n",
    );
    put("kk.txt", &["Иә.", "Жоқ."], "\n");
    put("en.txt", &["Yes.", "No."], "\n");
    let segments = [
        r#"{"kk_start": 0, "kk_end": 3, "en_start": 0, "en_end": 4}"#,
        r#"{"kk_start": 4, "kk_end": 8, "en_start": 5, "en_end": 8}"#,
    ];
    put("feeds.jsonl", &segments, "\n");
    put("returns.jsonl", &segments, "\r");
    let found = |gold: &str| {
        let args = [
            "eval",
            "predicted.tsv",
            gold,
            "--src",
            "kk.txt",
            "--tgt",
            "en.txt",
            "--json",
        ];
        json(folder.path(), &args)
    };
    let feeds = found("feeds.jsonl");
    assert_eq!(found("returns.jsonl"), feeds);
    assert!(feeds.to_string().contains("1.0"), "{feeds}");
}
