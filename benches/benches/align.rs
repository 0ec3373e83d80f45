//! Alignment: sentences a second, memory and growth on made documents, with Gale–Church's aligner beside it; and a count of instructions to hold against
//! the one recorded.
//!
//! `cargo bench -p qostil-benches --bench align [-- LINES…]`: a table for documents of so many lines a side.
//!
//! `cargo bench -p qostil-benches --bench align -- instructions [record]`: fails when an alignment takes more instructions than recorded.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use qostil_align::{Parameters, Resources, align_documents};
use qostil_benches::peak_kilobytes;
use qostil_bitext::IndexBead;
use qostil_eval::{Counts, NoiseSettings, Noisy, noise};
use qostil_export::{read_bead_table, read_vecalign};
use qostil_lexicon::Lexicon;
use qostil_tests::Random;
use qostil_text::{Document, Lang};

/// Lines a side when none are named: of a news article, of a book, of a whole corpus.
const SIZES: [usize; 4] = [60, 2_000, 20_000, 100_000];

/// As in the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.first().map(String::as_str) {
        Some("instructions") => return instructions(args.get(1).is_some_and(|arg| arg == "record")),
        Some("times") => {
            let number = |at: usize| args.get(at).and_then(|n| n.parse().ok()).unwrap_or(1);
            align_times(number(1), number(2)..number(3));
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    table(if sizes.is_empty() { &SIZES } else { &sizes });
    ExitCode::SUCCESS
}

type Pairs = Vec<(String, String)>;

/// Lines that are translations of each other: the development data where it is there, else the one-to-one pairs of the seeds.
fn bitext() -> (Pairs, &'static str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bench/clean");
    let mut pairs = Pairs::new();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    for kk in paths {
        let Some(stem) = kk.to_str().and_then(|path| path.strip_suffix(".kk.txt")) else {
            continue;
        };
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let (kk, en) = (read(&format!("{stem}.kk.txt")), read(&format!("{stem}.en.txt")));
        pairs.extend(kk.lines().map(str::to_owned).zip(en.lines().map(str::to_owned)));
    }
    if pairs.is_empty() {
        (seeds(), "the seeds, since ../shared/bench is not there")
    } else {
        (pairs, "../shared/bench/clean")
    }
}

/// The one-to-one pairs of the seeds' gold.
fn seeds() -> Pairs {
    let sentences = |text: &'static str| -> Vec<&'static str> {
        text.lines()
            .skip(1)
            .filter_map(|line| line.splitn(3, '\t').nth(2))
            .collect()
    };
    let kk = sentences(include_str!("../../data/gold/kk.sentences.tsv"));
    let en = sentences(include_str!("../../data/gold/en.sentences.tsv"));
    let beads = read_bead_table(include_str!("../../data/gold/beads.tsv").as_bytes()).unwrap_or_default();
    let pair = |bead: &IndexBead| match (&bead.src[..], &bead.tgt[..]) {
        (&[i], &[j]) => Some(((*kk.get(i)?).to_owned(), (*en.get(j)?).to_owned())),
        _ => None,
    };
    beads.iter().filter_map(|scored| pair(&scored.bead)).collect()
}

/// A document of about `lines` lines a side with the usual faults. Where the pairs are too few they come again in another order and with other
/// figures, so that a rare figure stays rare.
fn made(pairs: &Pairs, lines: usize) -> Noisy {
    let mut random = Random::new(lines as u64);
    let mut all = Pairs::with_capacity(lines + pairs.len());
    while all.len() < lines {
        let mut copy = pairs.clone();
        for at in (1..copy.len()).rev() {
            copy.swap(at, (random.next() % (at as u64 + 1)) as usize);
        }
        all.extend(copy.iter().map(|pair| renumbered(pair, &mut random)));
    }
    all.truncate(lines);
    noise(&all, pairs, &NoiseSettings::default())
}

/// The pair with other digits in place of the numbers that both sides share.
fn renumbered((src, tgt): &(String, String), random: &mut Random) -> (String, String) {
    let numbers = |text: &str| -> Vec<String> {
        let runs = text.split(|c: char| !c.is_ascii_digit());
        runs.filter(|run| run.len() > 1).map(str::to_owned).collect()
    };
    let there = numbers(tgt);
    let mut others = BTreeMap::new();
    for number in numbers(src).into_iter().filter(|number| there.contains(number)) {
        let least = 10_u64.pow((number.len() as u32).clamp(2, 15) - 1);
        others
            .entry(number)
            .or_insert_with(|| (least + random.next() % (9 * least)).to_string());
    }
    let changed = |text: &str| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (run, after) = rest.split_at(digits);
            out.push_str(others.get(run).map_or(run, String::as_str));
            let plain = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
            let (run, after) = after.split_at(plain);
            out.push_str(run);
            rest = after;
        }
        out
    };
    (changed(src), changed(tgt))
}

/// What an aligner took and reached.
struct Measured {
    seconds: f64,
    megabytes: Option<f64>,
    beads: Vec<IndexBead>,
}

fn table(sizes: &[usize]) {
    let (pairs, origin) = bitext();
    println!("documents made of {origin}, {} pairs", pairs.len());
    println!(
        "{:>9}  {:<12}{:>9}{:>14}{:>10}{:>9}{:>11}",
        "lines", "aligner", "seconds", "sentences/s", "peak MB", "growth", "strict F1"
    );
    let mut before: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for &lines in sizes {
        let noisy = made(&pairs, lines);
        let count = (noisy.src.len() + noisy.tgt.len()) as f64;
        for (name, measure) in [
            ("qostil", qostil as fn(&Noisy) -> Result<Measured, String>),
            ("galechurch", galechurch),
        ] {
            let measured = match measure(&noisy) {
                Ok(measured) => measured,
                Err(why) => {
                    println!("{lines:>9}  {name:<12} skipped: {why}");
                    continue;
                }
            };
            let growth = before
                .insert(name, (count, measured.seconds))
                .map(|(count_before, seconds)| {
                    (measured.seconds / seconds).ln() / (count / count_before).ln()
                });
            let shown = |value: Option<f64>, places: usize| {
                value.map_or_else(|| "–".to_owned(), |value| format!("{value:.places$}"))
            };
            println!(
                "{lines:>9}  {name:<12}{:>9.2}{:>14.0}{:>10}{:>9}{:>11.4}",
                measured.seconds,
                count / measured.seconds,
                shown(measured.megabytes, 0),
                shown(growth, 2),
                Counts::new(&measured.beads, &noisy.beads).scores().strict.f1,
            );
        }
    }
}

/// Documents are aligned again and again for so long, and the shortest time counts.
const LONG_ENOUGH: Duration = Duration::from_secs(2);
/// However long that takes, so often at least: the first time finds memory and what is known of words cold, and sizes are compared.
const FEWEST_TIMES: usize = 2;

fn documents(noisy: &Noisy) -> (Document, Document) {
    (
        Document::from_lines("kk", Lang::Kazakh, noisy.src.join("\n")),
        Document::from_lines("en", Lang::English, noisy.tgt.join("\n")),
    )
}

#[expect(clippy::unnecessary_wraps, reason = "peers may be absent")]
fn qostil(noisy: &Noisy) -> Result<Measured, String> {
    let (kk, en) = documents(noisy);
    let (parameters, lexicon) = (Parameters::default(), Lexicon::seed(kk.lang, en.lang));
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    let mut beads = Vec::new();
    let mut best = Duration::MAX;
    let peak = peak_kilobytes(|| {
        let (all, mut times) = (Instant::now(), 0);
        while times < FEWEST_TIMES || all.elapsed() < LONG_ENOUGH {
            times += 1;
            let one = Instant::now();
            let outcome = align_documents(&kk, &en, &resources);
            best = best.min(one.elapsed());
            beads = outcome.beads.iter().map(IndexBead::from).collect();
        }
    });
    Ok(Measured {
        seconds: best.as_secs_f64(),
        megabytes: peak.map(|kilobytes| kilobytes as f64 / 1024.0),
        beads,
    })
}

/// `galechurch` from PyPI: its time without reading and writing, its peak with Python's own share.
const GALECHURCH: &str = "
import resource, sys, time
try:
    import galechurch
except ImportError:
    sys.exit('galechurch is not installed for python3')
src, tgt = (open(name, encoding='utf-8').read().split('\\n') for name in sys.argv[1:3])
start = time.perf_counter()
result = galechurch.align(src, tgt)
seconds = time.perf_counter() - start
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print('\\n'.join(result.to_pharaoh_lines()))
";

fn galechurch(noisy: &Noisy) -> Result<Measured, String> {
    let failed = |cause: std::io::Error| cause.to_string();
    let folder = tempfile::tempdir().map_err(failed)?;
    let paths = [folder.path().join("src"), folder.path().join("tgt")];
    for (path, lines) in paths.iter().zip([&noisy.src, &noisy.tgt]) {
        fs::write(path, lines.join("\n")).map_err(failed)?;
    }
    let output = Command::new("python3")
        .args(["-c", GALECHURCH])
        .args(&paths)
        .output()
        .map_err(|_| "no python3".to_owned())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(said.lines().last().unwrap_or("it failed").to_owned());
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let (head, beads) = said.split_once('\n').unwrap_or((&said, ""));
    let mut numbers = head
        .split(' ')
        .filter_map(|number| number.trim().parse::<f64>().ok());
    Ok(Measured {
        seconds: numbers.next().ok_or("it says no time")?,
        megabytes: numbers.next().map(|kilobytes| kilobytes / 1024.0),
        beads: read_vecalign(beads.as_bytes()).map_err(|cause| cause.to_string())?,
    })
}

/// Where the count stands.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/align.instructions");
/// By how much a count may exceed the one recorded: hash maps and another compiler move it by a few in a hundred.
const TOLERANCE: f64 = 0.05;
/// Lines a side of the documents whose alignments are counted, and what they are called: one large enough for anchors and a band, and short ones of every
/// length from 50 to 69, as news articles have.
const COUNTED: [(&str, Range<usize>); 2] = [
    ("of 400 lines a side", 400..401),
    ("of 50 to 69 lines a side", 50..70),
];

/// Aligns documents of so many lines so often; made of the seeds, so that they are the same wherever the project is.
fn align_times(times: usize, lines: Range<usize>) {
    let made: Vec<(Document, Document)> = lines.map(|lines| documents(&made(&seeds(), lines))).collect();
    let (parameters, lexicon) = (Parameters::default(), Lexicon::seed(Lang::Kazakh, Lang::English));
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    for _ in 0..times {
        for (kk, en) in &made {
            std::hint::black_box(align_documents(kk, en, &resources));
        }
    }
}

/// Instructions of a whole process that aligns so often.
fn counted(times: usize, lines: &Range<usize>) -> Result<f64, String> {
    let program = std::env::current_exe().map_err(|cause| cause.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg("times")
        .args([times, lines.start, lines.end].map(|number| number.to_string()))
        .output()
        .map_err(|_| "valgrind is not there".to_owned())?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said
        .lines()
        .find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.ok_or_else(|| said.into_owned())
}

fn instructions(record: bool) -> ExitCode {
    let mut counts = Vec::new();
    for (name, lines) in &COUNTED {
        // what happens once, as making the documents and the lexicon, falls out of the difference
        let one = counted(1, lines);
        let count = match one.and_then(|one| Ok(counted(3, lines)? - one)) {
            Ok(difference) => difference / 2.0,
            Err(why) => {
                println!("instructions: skipped, {why}");
                return ExitCode::SUCCESS;
            }
        };
        println!("{count:.0} instructions for documents {name}");
        counts.push(count);
    }
    if record {
        let text: String = counts.iter().map(|count| format!("{count:.0}\n")).collect();
        return match fs::write(RECORDED, text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(cause) => {
                println!("{RECORDED}: {cause}");
                ExitCode::FAILURE
            }
        };
    }
    let recorded = fs::read_to_string(RECORDED).unwrap_or_default();
    let recorded: Vec<f64> = recorded.lines().filter_map(|line| line.parse().ok()).collect();
    if recorded.len() != counts.len() {
        println!("no count is recorded: `-- instructions record`");
        return ExitCode::SUCCESS;
    }
    let mut outcome = ExitCode::SUCCESS;
    for (count, recorded) in counts.iter().zip(recorded) {
        let change = count / recorded - 1.0;
        println!(
            "{:+.1} % against {recorded:.0} recorded, {:.0} % allowed",
            change * 100.0,
            TOLERANCE * 100.0
        );
        if change > TOLERANCE {
            outcome = ExitCode::FAILURE;
        }
        if change < -TOLERANCE {
            println!("less than recorded: keep it with `-- instructions record`");
        }
    }
    outcome
}
