//! How far the seed lexicon reaches in line-parallel text: `coverage DIR [--missing|--idle|--found|--false] [--parts N]`.
//!
//! Over all `NAME.kk.txt` with their `NAME.en.txt`: of the lower-case Kazakh tokens of three letters and more outside the
//! sixty commonest, the share that has an entry, that finds an equivalent in its own English line, and in the line seven on.
//! The options list, commonest first, what has no entry, what finds nothing in its line, what finds in the wrong one.
//! `--parts N` cuts every document into so many texts, to see what is left where there is little to tell what is common; the wrong line is then
//! half a text on, from its end to its beginning.

use std::collections::HashMap;
use std::path::Path;

use qostil_lexicon::{Lexicon, Lines, Side};
use qostil_text::Lang;

fn main() -> std::io::Result<()> {
    let (mut folder, mut list, mut parts) = ("../shared/bench/clean".to_owned(), String::new(), 1);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--parts" => parts = args.next().and_then(|n| n.parse().ok()).unwrap_or(1).max(1),
            option if option.starts_with("--") => list = arg,
            _ => folder = arg,
        }
    }
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if let Some(stem) = path.to_str().and_then(|p| p.strip_suffix(".kk.txt")) {
            let read = |path: &str| std::fs::read_to_string(Path::new(path));
            documents.push((
                stem.to_owned(),
                read(&format!("{stem}.kk.txt"))?,
                read(&format!("{stem}.en.txt"))?,
            ));
        }
    }
    documents.sort();
    let documents: Vec<(String, String)> = documents
        .iter()
        .flat_map(|(_, kk, en)| cut(kk, parts).into_iter().zip(cut(en, parts)))
        .collect();
    let counted = |word: &str| word.chars().count() >= 3 && word.chars().all(char::is_lowercase);
    let mut frequency: HashMap<&str, usize> = HashMap::new();
    for (kk, _) in &documents {
        for word in qostil_text::fold::words(kk)
            .map(|span| span.of(kk))
            .filter(|word| counted(word))
        {
            *frequency.entry(word).or_default() += 1;
        }
    }
    let mut by_frequency: Vec<_> = frequency
        .iter()
        .map(|(&word, &n)| (std::cmp::Reverse(n), word))
        .collect();
    by_frequency.sort_unstable();
    let commonest: std::collections::HashSet<&str> =
        by_frequency.iter().take(60).map(|&(_, word)| word).collect();

    let start = std::time::Instant::now();
    let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
    println!("loaded in {:.3} ms", start.elapsed().as_secs_f64() * 1e3);
    let (mut all, mut known, mut right, mut wrong_of, mut wrong) = (0, 0, 0, 0, 0);
    let mut listed: HashMap<String, (usize, String)> = HashMap::new();
    for (kk, en) in &documents {
        let english = Lines::read(&lexicon, Side::Target, en, Lang::English);
        for (at, line) in kk.lines().enumerate() {
            let words = lexicon.read(Side::Source, line, Lang::Kazakh);
            let matches = |to: usize| (to < english.len()).then(|| lexicon.matches(&words, &english, to));
            let away = if parts == 1 {
                at + 7
            } else {
                (at + english.len() / 2) % english.len()
            };
            let (own, other) = (matches(at), if away == at { None } else { matches(away) });
            for (index, word) in words.iter().enumerate() {
                let text = word.span.of(line);
                if !counted(text) || commonest.contains(text) {
                    continue;
                }
                all += 1;
                let has = !word.headwords.is_empty();
                let found = own.as_ref().is_some_and(|m| !m[index].is_empty());
                known += usize::from(has);
                right += usize::from(found);
                let mut in_wrong = false;
                if let Some(other) = &other {
                    wrong_of += 1;
                    in_wrong = !other[index].is_empty();
                    wrong += usize::from(in_wrong);
                }
                let (show, by) = match list.as_str() {
                    "--missing" => (!has, String::new()),
                    "--idle" => (has && !found, String::new()),
                    "--false" => {
                        let first = other.as_ref().and_then(|m| m[index].first().copied());
                        let line = en.lines().nth(away).unwrap_or("");
                        (
                            in_wrong,
                            first
                                .map_or("", |i| english.readings(away)[i].span.of(line))
                                .to_lowercase(),
                        )
                    }
                    "--found" => {
                        let first = own.as_ref().and_then(|m| m[index].first().copied());
                        let line = en.lines().nth(at).unwrap_or("");
                        (
                            found,
                            first
                                .map_or("", |i| english.readings(at)[i].span.of(line))
                                .to_lowercase(),
                        )
                    }
                    _ => (false, String::new()),
                };
                if show {
                    let entry = listed
                        .entry(format!("{text}\t{by}"))
                        .or_insert_with(|| (0, en.lines().nth(at).unwrap_or("").to_owned()));
                    entry.0 += 1;
                }
            }
        }
    }
    let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    println!(
        "tokens {all}; entry {:.2} %; right {:.2} %; wrong {:.2} %",
        share(known, all),
        share(right, all),
        share(wrong, wrong_of)
    );
    let mut listed: Vec<_> = listed
        .into_iter()
        .map(|(text, (n, line))| (std::cmp::Reverse(n), text, line))
        .collect();
    listed.sort();
    for (n, text, line) in listed {
        println!("{}\t{text}\t{line}", n.0);
    }
    Ok(())
}

/// A text cut into so many of nearly equal length.
fn cut(text: &str, parts: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let size = lines.len().div_ceil(parts).max(1);
    lines.chunks(size).map(|lines| lines.join("\n")).collect()
}
