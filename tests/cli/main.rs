//! The command line as others see it: exit codes, messages, files.

mod again;
mod align;
mod bad_inputs;
mod check;
mod convert;
mod eval;
mod figures;
mod kills;
mod lexicon;
mod report;
mod score;
mod seeds;
mod split;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Runs `qostil` in `folder`.
fn qostil(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("qostil starts")
}

/// With what code a command line ends, and what it says.
fn ended(folder: &Path, args: &str) -> (Option<i32>, String) {
    let done = qostil(folder, &args.split(' ').collect::<Vec<_>>());
    (done.status.code(), text(&done.stderr))
}

/// Starts `qostil` in `folder` with a pipe for its input and for all that it says; by way of what `by` runs, if anything.
fn started(folder: &Path, by: &[&str], args: &str) -> Child {
    let command = [by, &[env!("CARGO_BIN_EXE_qostil")]].concat();
    Command::new(command[0])
        .args(&command[1..])
        .args(args.split(' '))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("qostil starts")
}

/// Runs `qostil` in `folder` with `input` as its standard input.
fn given(folder: &Path, args: &str, input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = started(folder, &[], args);
    let mut stdin = child.stdin.take().expect("a pipe");
    // Who has seen enough reads no further.
    drop(stdin.write_all(input));
    drop(stdin);
    child.wait_with_output().expect("qostil ends")
}

fn seed_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../seeds")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

#[test]
fn completions_are_printed() {
    let output = qostil(Path::new("."), &["completions", "bash"]);
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("_qostil()"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(["run", "--json", "-q", "-o", "out"])
        .arg(&seeds)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("qostil starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("qostil ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn messages_that_nobody_takes_stop_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.tsv"), "kk\ten\nекі адам\tthree people\n").expect("a file");
    let seeds = seed_folder();
    for (args, code) in [
        (&["check", "a.tsv"][..], 0),
        (&["check", "--json", "--fail-on", "contradict", "a.tsv"], 1),
        (&["score", "a.tsv"], 0),
        (&["convert", "a.tsv", "a.tmx"], 0),
        (&["run", "-v", "-o", "out", &seeds.to_string_lossy()], 0),
        (&["check", "missing.tsv"], 3),
        (&["check", "--no-such-option"], 2),
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let done = Command::new(env!("CARGO_BIN_EXE_qostil"))
            .args(args)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(writer)
            .status()
            .expect("qostil starts");
        assert_eq!(done.code(), Some(code), "{args:?}");
    }
}

#[test]
fn quiet_is_quiet() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seed_folder();
    let output = qostil(
        folder.path(),
        &["run", "-q", "-o", "out", &seeds.to_string_lossy()],
    );
    assert_eq!(
        (output.status.code(), output.stdout.len(), output.stderr.len()),
        (Some(0), 0, 0)
    );
}

/// A file that standard output was redirected to was replaced, with all that others had written there.
#[cfg(unix)]
#[test]
fn what_others_write_stays_when_the_output_is_dev_stdout() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.tsv"), "kk\ten\nекі адам\ttwo people\n").expect("a file");
    let path = folder.path().join("all");
    let mut all = std::fs::File::create(&path).expect("a file");
    all.write_all(b"BEGIN\n").expect("written");
    let done = Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(["check", "a.tsv", "-q", "-o", "/dev/stdout"])
        .current_dir(folder.path())
        .stdout(all.try_clone().expect("a file"))
        .status()
        .expect("qostil starts");
    all.write_all(b"END\n").expect("written");
    assert_eq!(done.code(), Some(0));
    assert_eq!(
        std::fs::read_to_string(path).expect("a file"),
        "BEGIN\nkk\ten\tverdict\treason\nекі адам\ttwo people\tagree\tекі = two\nEND\n"
    );
}

/// `figures x.txt -o x.txt` left a table in place of the text.
#[cfg(unix)]
#[test]
fn nothing_is_written_over_an_input_whatever_it_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let files = [
        ("x.txt", "Биыл 23 мектеп салынды.\n"),
        ("b.tsv", "kk\ten\nекі адам\ttwo people\n"),
        ("a.kk", "екі адам\n"),
        ("a.en", "two people\n"),
        ("d/k.txt", "Биыл 23 мектеп салынды.\n"),
    ];
    std::fs::create_dir(path("d")).expect("a folder");
    for (name, content) in files {
        std::fs::write(path(name), content).expect("a file");
    }
    std::os::unix::fs::symlink("b.tsv", path("link.tsv")).expect("a link");
    std::fs::hard_link(path("b.tsv"), path("hard.tsv")).expect("a link");
    let made = qostil(folder.path(), &["run", "-q", "b.tsv", "-o", "out"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let bitext = std::fs::read(path("out/bitext.tsv")).expect("rows");
    for args in [
        "figures x.txt -o x.txt",
        "figures x.txt missing.txt -o ./x.txt",
        "pair x.txt -o x.txt",
        "align a.kk a.en -o a.en -f tsv",
        "align a.kk a.en -o a -f moses",
        "align a.kk a.en --dict b.tsv -o b.tsv",
        "check b.tsv -o b.tsv",
        "check b.tsv -o link.tsv",
        "check link.tsv -o b.tsv",
        "check b.tsv --keep agree -o hard.tsv",
        "check a.kk a.en --keep agree -o a",
        "score hard.tsv -o out/../b.tsv",
        "convert b.tsv b.tsv",
        "convert a a --to moses",
        "convert b.tsv c.tsv --datacard b.tsv",
        // From which licences are taken.
        "convert out/bitext.tsv c.tsv --datacard out/summary.json",
        "lexicon learn b.tsv -o b.tsv",
        "lexicon match a.kk a.en -o a.kk",
        "eval b.tsv --sample 2 -o b.tsv",
        "eval b.tsv -o b.tsv",
        "report b.tsv --from tsv -o link.tsv",
        "run out/bitext.tsv -o out",
        "run x.txt --lexicon out/bitext.tsv -o out",
        // Whose other half is read.
        "check a.kk -o a.en -f tsv",
        "convert a.kk a.en --to tsv",
        "lexicon learn a.kk -o a.en",
        "eval out --sample 1 -o out/bitext.tsv",
        "pair d -o d/k.txt",
    ] {
        let (code, said) = ended(folder.path(), args);
        assert_eq!(code, Some(2), "{args}: {said}");
        assert!(said.contains("nothing is written over"), "{args}: {said}");
    }
    assert!(!path("c.tsv").exists());
    let redirected = Command::new(env!("CARGO_BIN_EXE_qostil"))
        .args(["check", "-", "-o", "b.tsv"])
        .current_dir(folder.path())
        .stdin(std::fs::File::open(path("b.tsv")).expect("a file"))
        .status()
        .expect("qostil starts");
    assert_eq!(redirected.code(), Some(2));
    for (name, content) in files {
        assert_eq!(std::fs::read_to_string(path(name)).expect("a file"), content);
    }
    assert_eq!(std::fs::read(path("out/bitext.tsv")).expect("rows"), bitext);
    // The settings of an earlier run stay as they are when it is done again with them.
    for (args, code) in [
        ("run -q b.tsv -o out --config out/settings.toml", 0),
        (
            "run -q b.tsv -o out --config out/settings.toml --min-confidence 0.2",
            2,
        ),
    ] {
        let (found, said) = ended(folder.path(), args);
        assert_eq!(found, Some(code), "{args}: {said}");
    }
}

/// Only what arguments name was looked at, so that `pair d/m.tsv -o d/001.kk.txt` left a table in place of a document.
#[test]
fn nothing_is_written_over_what_a_manifest_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    for name in ["d", "e"] {
        std::fs::create_dir(path(name)).expect("a folder");
    }
    let files = [
        ("d/001.kk.txt", "Биыл ауданда 23 мектеп салынды.\n"),
        (
            "d/001.en.txt",
            "This year 23 schools were built in the district.\n",
        ),
        ("d/m.tsv", "path\n001.kk.txt\n001.en.txt\n"),
        ("d/given.tsv", "kk\ten\n001.kk.txt\t001.en.txt\n"),
        (
            "d/m.jsonl",
            "{\"path\":\"001.kk.txt\"}\n{\"path\":\"001.en.txt\"}\n",
        ),
        // Files that are named and cannot be used, or need not.
        ("mine.txt", "Менікі.\n"),
        ("e/outside.tsv", "path\n../mine.txt\n002.txt\n"),
        (
            "e/text.jsonl",
            "{\"path\":\"003.txt\",\"text\":\"Ол екі үй салды.\"}\n{\"path\":\"002.txt\"}\n",
        ),
        ("e/002.txt", "He built two houses.\n"),
        ("e/003.txt", "Ол екі үй салды.\n"),
        ("settings.tsv", "path\nout/settings.toml\n"),
        ("dict.tsv", "қала\tcity\n"),
        ("c.toml", "[lexicon]\ndictionaries = [\"dict.tsv\"]\n"),
    ];
    for (name, content) in files {
        std::fs::write(path(name), content).expect("a file");
    }
    for args in [
        "pair d/m.tsv -o d/001.kk.txt",
        "pair d/given.tsv -o d/001.en.txt",
        "pair d/m.jsonl -o d/../d/001.en.txt",
        "pair d/given.tsv d/m.tsv -o d/001.kk.txt",
        "pair e/outside.tsv -o mine.txt",
        "pair e/text.jsonl -o e/003.txt",
        // Nor what the settings name.
        "pair d/m.tsv --config c.toml -o ./dict.tsv",
    ] {
        let (code, said) = ended(folder.path(), args);
        assert_eq!(code, Some(2), "{args}: {said}");
        assert!(said.contains("nothing is written over"), "{args}: {said}");
    }
    let done = given(folder.path(), "pair - -o d/001.kk.txt", b"path\nd/001.kk.txt\n");
    assert_eq!(done.status.code(), Some(2), "{}", text(&done.stderr));
    assert_eq!(ended(folder.path(), "run -q d -o out").0, Some(0));
    let settings = std::fs::read(path("out/settings.toml")).expect("settings");
    let (code, said) = ended(folder.path(), "run settings.tsv -o out --profile strict");
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(
        std::fs::read(path("out/settings.toml")).expect("settings"),
        settings
    );
    for (name, content) in files {
        assert_eq!(std::fs::read_to_string(path(name)).expect("a file"), content);
    }
    // What is not read is made anew.
    for _ in 0..2 {
        assert_eq!(ended(folder.path(), "pair -q d/m.tsv -o d/pairs.tsv").0, Some(0));
    }
}

/// `run d -o out` wrote over the document of `d` to which `out/bitext.tsv` was a link.
#[cfg(unix)]
#[test]
fn nothing_is_written_over_an_input_to_which_a_result_is_a_link() {
    for (name, input) in [
        ("bitext.tsv", "001.kk.txt"),
        ("summary.json", "m.tsv"),
        ("settings.toml", "001.en.txt"),
        ("timings.json", "b.tsv"),
        ("lexicon.tsv", "p.en"),
        // What is passed over is the user's too.
        ("unaligned.tsv", "README.md"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["d", "out"] {
            std::fs::create_dir(path(name)).expect("a folder");
        }
        let files = [
            ("d/001.kk.txt", "Биыл ауданда 23 мектеп салынды.\n"),
            (
                "d/001.en.txt",
                "This year 23 schools were built in the district.\n",
            ),
            ("d/m.tsv", "path\n001.kk.txt\n"),
            ("d/b.tsv", "kk\ten\nекі адам\ttwo people\n"),
            ("d/p.kk", "үш адам\n"),
            ("d/p.en", "three people\n"),
            ("d/README.md", "Notes\n"),
        ];
        for (name, content) in files {
            std::fs::write(path(name), content).expect("a file");
        }
        let link = path("out").join(name);
        std::os::unix::fs::symlink(Path::new("../d").join(input), &link).expect("a link");
        let (code, said) = ended(folder.path(), "run d -o out");
        assert_eq!(code, Some(2), "{name}: {said}");
        assert!(
            said.contains(&format!("out/{name}: it is a link to the input")),
            "{name}: {said}"
        );
        for (name, content) in files {
            assert_eq!(std::fs::read_to_string(path(name)).expect("a file"), content);
        }
        assert_eq!(
            std::fs::read_dir(path("out")).expect("a folder").count(),
            1,
            "{name}"
        );
        // Beside its inputs a run knows its own results.
        std::fs::remove_file(&link).expect("a link to remove");
        for out in ["out", "d", "d"] {
            let (code, said) = ended(folder.path(), &format!("run d -o {out}"));
            assert_eq!(code, Some(0), "{out}: {said}");
        }
    }
}

/// The second of them was taken for the folder of a run, and the bitext in it for one to be written anew.
#[test]
fn a_run_that_fails_leaves_a_folder_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| {
        std::fs::write(folder.path().join(name), content).expect("a file");
    };
    std::fs::create_dir(folder.path().join("c")).expect("a folder");
    write("c/a.kk.txt", "Екі адам келді.\n");
    write("c/bitext.tsv", "kk\ten\nМенің\tMy own\n");
    write("a.html", "<p>Екі адам келді.</p>");
    write("z.txt.gz", "no gzip data");
    // It left a journal there.
    write("b.tsv", "kk\ten\nИә.\tYes.\nЖоқ.\n");
    for (args, code) in [
        ("run c -o c", 2),
        ("run none.txt -o c", 3),
        ("run a.html z.txt.gz -o c --fail-fast", 3),
        ("run b.tsv -o c --fail-fast", 3),
        ("run c -o c", 2),
    ] {
        let (found, said) = ended(folder.path(), args);
        assert_eq!(found, Some(code), "{args}: {said}");
        let files = std::fs::read_dir(folder.path().join("c"))
            .expect("a folder")
            .count();
        assert_eq!(files, 2, "{args}");
    }
}

/// With 99,999 of them a small folder took all night.
#[test]
fn threads_are_as_many_as_can_work() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.txt"), "Екі адам.\n").expect("a file");
    for (threads, code) in [
        ("1", 0),
        ("64", 0),
        ("0", 2),
        ("1025", 2),
        ("99999", 2),
        ("two", 2),
    ] {
        let (found, said) = ended(folder.path(), &format!("split a.txt --threads {threads}"));
        assert_eq!(found, Some(code), "{threads}: {said}");
        assert!(code == 0 || said.contains("from 1 to 1024"), "{threads}: {said}");
    }
}

/// Some of them gave the cause alone.
#[cfg(target_os = "linux")]
#[test]
fn a_write_that_fails_names_what_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, content: &str| std::fs::write(folder.path().join(name), content).expect("a file");
    write("a.tsv", "kk\ten\nекі адам\ttwo people\n");
    write("a.kk", "Екі адам келді.\n");
    write("a.en", "Two people came.\n");
    let align = "align a.kk a.en --src-lang kk --tgt-lang en";
    let forms = [
        "tsv", "csv", "vecalign", "ladder", "jsonl", "tmx", "parquet", "xlsx",
    ];
    let aligned = forms.map(|form| format!("{align} -f {form} -o /dev/full"));
    let converted = forms.map(|form| format!("convert a.tsv /dev/full --to {form}"));
    let others = [
        "convert a.tsv /dev/full --shuffle 1",
        "convert a.tsv b.tsv --datacard /dev/full",
        "check a.tsv -o /dev/full",
        "check a.tsv --keep agree -f jsonl -o /dev/full",
        "score a.tsv -o /dev/full",
        "score a.tsv -f tmx -o /dev/full",
        "figures a.en -o /dev/full",
        "report a.tsv -o /dev/full",
        "lexicon learn a.tsv -o /dev/full",
        "lexicon match a.kk a.en -o /dev/full",
        "pair a.tsv -o /dev/full",
    ];
    let index = |args: &&String| !args.contains("--to vecalign") && !args.contains("--to ladder");
    let files = aligned.iter().chain(&converted).filter(index).map(String::as_str);
    for args in files.chain(others) {
        let (code, said) = ended(folder.path(), args);
        assert_eq!(code, Some(3), "{args}: {said}");
        assert!(
            said.contains("/dev/full") && said.contains("No space left"),
            "{args}: {said}"
        );
    }
    let plain = ["tsv", "vecalign", "jsonl"].map(|form| format!("{align} -f {form}"));
    let streams = [
        "convert a.tsv -",
        "convert a.tsv - --to tmx",
        "check a.tsv",
        "check a.tsv --keep agree",
        "score a.tsv -f jsonl",
        "figures a.en",
        "split a.en",
        "lexicon show үй",
        "pair a.tsv",
        "completions bash",
        "run --print-config",
        "run a.tsv -o out --json",
    ];
    for args in plain.iter().map(String::as_str).chain(streams) {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .expect("a device");
        let done = Command::new(env!("CARGO_BIN_EXE_qostil"))
            .args(args.split(' '))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .expect("qostil starts");
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(3), "{args}: {said}");
        assert!(
            said.contains("standard output") && said.contains("No space left"),
            "{args}: {said}"
        );
    }
}

/// Who is no shell saw a process that a signal had ended; `run -` and `pair -` waited for their input all the same, and left what they had of it.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_has_its_exit_code_and_leaves_nothing() {
    let commands = [
        "convert - out.tsv",
        "check - -o out.tsv",
        "score - -o out.tsv",
        "split -",
        "align - a.txt -o out.tsv",
        "run - -o out",
        "pair - -o out.tsv",
    ];
    for (args, (signal, number)) in commands
        .into_iter()
        .flat_map(|args| [("-INT", 2), ("-TERM", 15), ("-HUP", 1)].map(|signal| (args, signal)))
    {
        let folder = tempfile::tempdir().expect("a folder");
        let files = || std::fs::read_dir(folder.path()).expect("a folder").count();
        // What a shell runs in the background ignores the signal, these tests too.
        let by = ["env", "--default-signal", "TMPDIR=."];
        let mut child = started(folder.path(), &by, args);
        // It waits for its input, and is sent the signal once it catches it.
        let status = format!("/proc/{}/status", child.id());
        let catches = || {
            let status = std::fs::read_to_string(&status).ok()?;
            let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
            Some(u64::from_str_radix(mask.trim(), 16).ok()? & (1 << (number - 1)) != 0)
        };
        // These write down what they read.
        let spools = args.starts_with("run") || args.starts_with("pair");
        let begun = std::time::Instant::now();
        while catches() == Some(false) || (spools && files() == 0) {
            assert!(begun.elapsed().as_secs() < 60, "{args}: no handler");
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(sent.expect("kill starts").success());
        let input = child.stdin.take();
        let done = child.wait_with_output().expect("qostil ends");
        drop(input);
        assert_eq!(
            (done.status.code(), text(&done.stderr).as_str()),
            (Some(130), "qostil: interrupted\n"),
            "{args}, {signal}"
        );
        assert_eq!(files(), 0, "{args}, {signal}");
    }
}

/// Its errors had no name, and `report -` and `eval -` looked for a file of that name.
#[test]
fn standard_input_is_a_bitext_with_a_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let given = |args: &str, input: &[u8]| given(folder.path(), args, input);
    let row = "{\"kk\":\"5 адам\",\"en\":\"5 people\"}\n".as_bytes();
    let done = given("report - --from jsonl -o page.html", row);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(folder.path().join("page.html").is_file());
    std::fs::write(folder.path().join("gold.align"), "[0]:[0]\n").expect("a file");
    let done = given("eval - gold.align", b"[0]:[0]:0.1\n");
    assert!(
        text(&done.stdout).contains("strict  1.0000"),
        "{}",
        text(&done.stderr)
    );
    assert_eq!(given("eval - -", b"").status.code(), Some(2));
    for args in ["check -", "score - --from csv", "convert - out.tmx", "report -"] {
        let done = given(args, b"kk\ten\n\xff\t5\n");
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(3), "{args}: {said}");
        assert!(said.contains("standard input: line 2"), "{args}: {said}");
    }
}

/// It was told as no UTF-8.
#[test]
fn packed_standard_input_is_unpacked() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let row = "kk\ten\nБиыл 23 мектеп салынды.\tThis year 23 schools were built.\n".as_bytes();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(row).expect("packing");
    let zstd = zstd::encode_all(row, 0).expect("packing");
    let packed = [gzip.finish().expect("packing"), zstd];
    for args in [
        "check -",
        "score -",
        "convert - -",
        "convert - - --from csv",
        "split -",
        "figures -",
        "lexicon learn -",
    ] {
        let plain = given(folder.path(), args, row);
        assert_eq!(plain.status.code(), Some(0), "{args}: {}", text(&plain.stderr));
        for packed in &packed {
            let done = given(folder.path(), args, packed);
            assert_eq!(
                text(&done.stdout),
                text(&plain.stdout),
                "{args}: {}",
                text(&done.stderr)
            );
        }
    }
    let bitext = |out: &str| std::fs::read(folder.path().join(out).join("bitext.tsv")).expect("a bitext");
    for (out, input) in [("a", row), ("b", &packed[0]), ("c", &packed[1])] {
        let done = given(folder.path(), &format!("run - -o {out}"), input);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        assert_eq!(text(&bitext(out)), text(&bitext("a")));
    }
    let cut = &packed[0][..packed[0].len() - 9];
    let done = given(folder.path(), "check -", cut);
    assert_eq!(done.status.code(), Some(3), "{}", text(&done.stderr));
}

/// Paths that were sought in another folder than meant were gone without a word of where, or taken for sentences.
#[test]
fn paths_on_standard_input_start_where_the_command_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let news = folder.path().join("news");
    std::fs::create_dir(&news).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(news.join(name), text).expect("a file");
    write("first", "Биыл ауданда 23 мектеп салынды.\n");
    write("second", "This year 23 schools were built in the district.\n");
    let pairs = b"kk_doc\ten_doc\tconfidence\tevidence\nfirst\tsecond\t0.9000\tgiven\n";
    let done = given(folder.path(), "run - -o out", pairs);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(
        said.contains("standard input, line 2: first: No such file"),
        "{said}"
    );
    assert!(said.contains("(seen from where the command runs)"), "{said}");
    let done = given(&news, "run - -o ../out", pairs);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(
        !said.contains("not used"),
        "what `pair` writes is as it should be: {said}"
    );
    let rows = std::fs::read_to_string(folder.path().join("out/bitext.tsv")).expect("a bitext");
    assert!(rows.contains("\t1-1\tagree\t"), "{rows}");
}

/// It was told to have one column.
#[test]
fn a_json_array_on_standard_input_is_told_as_one() {
    let folder = tempfile::tempdir().expect("a folder");
    for array in [
        "[{\"text\":\"Бүгін жаңа мектеп ашылды.\"},{\"text\":\"A school.\"}]",
        "\u{feff}[\n  {\n    \"text\": \"Бүгін жаңа мектеп ашылды.\"\n  }\n]\n",
    ] {
        for args in ["run - -o out", "pair -"] {
            let done = given(folder.path(), args, array.as_bytes());
            let said = text(&done.stderr);
            assert_eq!(done.status.code(), Some(3), "{args}: {said}");
            assert!(
                said.contains("standard input: it looks like a JSON array: expected JSON lines"),
                "{args}: {said}"
            );
        }
    }
}

/// CSV was taken for TSV of one column.
#[test]
fn csv_on_standard_input_is_told_by_its_header() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("a.txt", "Биыл ауданда 23 мектеп салынды.\n");
    write("b.txt", "This year 23 schools were built in the district.\n");
    let utf16: Vec<u8> = "\u{feff}kk;en\n\"5 адам, 6 ат\";\"5 people, 6 horses\"\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (input, code, says) in [
        (
            "kk,en\n\"5 адам, 6 ат\",\"5 people, 6 horses\"\n".as_bytes(),
            0,
            "1 row of bitext",
        ),
        (&utf16, 0, "1 row of bitext"),
        (b"sep=|\nen|n|kk\nYes|1|\xd0\x98\xd3\x99\n", 0, "1 row of bitext"),
        (b"path,lang\na.txt,kk\nb.txt,en\n", 0, "2 documents, 1 pair"),
        (b"id,kk,en\n1,a.txt,b.txt\n", 0, "1.kk = 1.en"),
        (b"ru,en\nx,y\n", 3, "it holds ru and en"),
        // A text is none for its commas.
        (
            b"Well, yes.\nOne, two.\n",
            3,
            "1 column, expected a text in column 2",
        ),
    ] {
        let done = given(folder.path(), "run - -o out", input);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(code), "{says}: {said}");
        assert!(said.contains(says), "{says}: {said}");
    }
}

/// Names that no cell can hold as they are were printed in a form that led nowhere.
#[cfg(target_os = "linux")]
#[test]
fn what_pair_prints_run_reads_whatever_files_are_called() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a folder");
    let news = folder.path().join("news");
    std::fs::create_dir(&news).expect("a folder");
    let write = |name: &[u8], text: &str| {
        std::fs::write(news.join(std::ffi::OsStr::from_bytes(name)), text).expect("a file");
    };
    write(
        b"a\tb%20.txt",
        "Биыл ауданда 23 мектеп салынды. Оған 5600 бала барады.\n",
    );
    write(
        b" c\xf1\n.txt",
        "This year 23 schools were built in the district. 5600 children go there.\n",
    );
    for out in ["pairs.tsv", "pairs.csv"] {
        let found = qostil(&news, &["pair", "-q", ".", "-o", &format!("../{out}")]);
        assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
        let pairs = std::fs::read(folder.path().join(out)).expect("pairs");
        let done = given(&news, &format!("run - -o ../{out}.out"), &pairs);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{said}");
        assert!(said.contains("a%09b%2520.txt = %20c%F1%0A.txt"), "{said}");
    }
}

/// Packed data was told, and a byte order mark seen, only where the first bytes came together.
#[test]
fn first_bytes_may_come_one_by_one() {
    use std::io::Write;
    let folder = tempfile::tempdir().expect("a folder");
    let slowly = |args: &str, input: &[u8]| {
        let mut child = started(folder.path(), &[], args);
        let mut stdin = child.stdin.take().expect("a pipe");
        for byte in input.chunks(1) {
            stdin.write_all(byte).expect("it is read");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        drop(stdin);
        text(&child.wait_with_output().expect("qostil ends").stdout)
    };
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"Hi. Ho.").expect("memory");
    let packed = packed.finish().expect("memory");
    assert_eq!(slowly("split -", &packed), "Hi.\nHo.\n");
    let rows = slowly(
        "convert --from csv --to tsv - -",
        "\u{feff}kk,en\nИә,Yes\n".as_bytes(),
    );
    assert!(
        rows.starts_with("kk\ten\t") && rows.contains("\nИә\tYes"),
        "{rows}"
    );
}

/// They were empty documents: what is read to see what it is, is gone when it is a pipe.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_input_of_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    for args in ["run /dev/stdin -o out", "pair /dev/stdin"] {
        let done = given(folder.path(), args, "Бүгін жаңа мектеп ашылды.\n".as_bytes());
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(3), "{args}: {said}");
        assert!(said.contains("/dev/stdin: it is a pipe"), "{args}: {said}");
    }
    // A table behind a byte order mark is still one of JSON lines.
    let done = given(
        folder.path(),
        "run - -o out --quiet",
        "\u{feff}{\"text\":\"Бүгін жаңа мектеп ашылды.\"}\n".as_bytes(),
    );
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
}

/// `run out/documents -o out` removed its inputs, and `run c -o c` replaced a bitext that lay there.
#[test]
fn a_run_takes_nothing_away_that_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, content: &str| std::fs::write(path(name), content).expect("a file");
    for name in ["c", "d"] {
        std::fs::create_dir(path(name)).expect("a folder");
    }
    write("c/bitext.tsv", "kk\ten\nекі адам\ttwo people\n");
    write("d/a.html", "<p>Биыл ауданда 23 мектеп салынды.</p>");
    write(
        "d/b.html",
        "<p>This year 23 schools were built in the district.</p>",
    );
    let run = |args: &str| ended(folder.path(), args);
    assert_eq!(run("run d -o out").0, Some(0));
    let kept = || {
        let all = std::fs::read_dir(path("out/documents")).expect("a folder");
        all.count()
    };
    assert_eq!(kept(), 2);
    write("m.tsv", "path\nd/a.html\nout/documents/b.html.txt\n");
    for (args, why) in [
        ("run c -o c", "no run's"),
        ("run out/documents -o out", "itself writes"),
        ("run d out/documents/a.html.txt -o out", "itself writes"),
        ("run m.tsv -o out", "itself writes"),
        ("run d -o out --config out/settings.toml --no-learn", "--config"),
    ] {
        let (code, said) = run(args);
        assert!(code == Some(2) && said.contains(why), "{args}: {code:?} {said}");
    }
    assert_eq!(kept(), 2);
    let bitext = std::fs::read_to_string(path("c/bitext.tsv")).expect("a file");
    assert!(bitext.contains("two people") && !path("c/.qostil").exists());
    // What an earlier run or command wrote beside may be written again.
    for args in [
        "run d -o out",
        "report out -o out/page.html",
        "report out -o out/page.html",
    ] {
        let (code, said) = run(args);
        assert_eq!(code, Some(0), "{args}: {said}");
    }
}

/// They were passed over without a word, or an extract of the same name took their place.
#[test]
fn what_others_put_among_the_documents_of_a_run_is_told_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, content: &str| std::fs::write(path(name), content).expect("a file");
    let read = |name: &str| std::fs::read_to_string(path(name)).expect("a file");
    std::fs::create_dir(path("d")).expect("a folder");
    write("d/a.html", "<p>Биыл ауданда 23 мектеп салынды.</p>");
    let run = || ended(folder.path(), "run d -o d");
    let (code, said) = run();
    assert_eq!(
        (code, said.contains("no run has put")),
        (Some(0), false),
        "{said}"
    );
    write("d/documents/mine.txt", "Кеше ескі көпір жөнделді.\n");
    write("d/documents/b.html.txt", "Менің мәтінім.\n");
    let (code, said) = run();
    assert_eq!(code, Some(0), "{said}");
    for name in ["mine.txt", "b.html.txt"] {
        let told = format!("d/documents/{name}: no run has put it there");
        assert!(said.contains(&told), "{said}");
    }
    write("d/b.html", "<p>Кеше ескі көпір жөнделді.</p>");
    let (code, said) = run();
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("cannot write d/documents/b.html.txt: no run has put it there"),
        "{said}"
    );
    assert_eq!(read("d/documents/b.html.txt"), "Менің мәтінім.\n");
    // Its own texts a run changes as before.
    std::fs::remove_file(path("d/documents/b.html.txt")).expect("a file to remove");
    write("d/a.html", "<p>Биыл ауданда 24 мектеп пен балабақша салынды.</p>");
    assert_eq!(run().0, Some(0));
    assert!(read("d/documents/a.html.txt").contains("24"));
    assert!(read("d/documents/b.html.txt").contains("көпір"));
    std::fs::remove_file(path("d/b.html")).expect("a file to remove");
    assert_eq!(run().0, Some(0));
    assert!(path("d/documents/mine.txt").exists() && !path("d/documents/b.html.txt").exists());
}

/// A run that failed had put the new texts in their places already, so that the spans of the results that stood were those of other texts.
#[test]
fn a_failed_run_leaves_the_texts_that_results_were_made_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let read = |name: &str| std::fs::read_to_string(path(name)).expect("a file");
    let page = |figure: u32| format!("<p>Биыл ауданда {figure} мектеп салынды.</p>");
    let write = |page: String| std::fs::write(path("d/a.html"), page).expect("a page");
    let run = |more: &str| ended(folder.path(), format!("run d -o out {more}").trim_end());
    let extract = "out/documents/a.html.txt";
    std::fs::create_dir(path("d")).expect("a folder");
    write(page(23));
    assert_eq!(run("").0, Some(0));
    let (text, rows) = (read(extract), read("out/left-out.tsv"));
    // As long as before, and longer; then as before.
    for (figure, is_new) in [(24, true), (2525, true), (2525, false)] {
        let before = read(extract);
        write(page(figure));
        std::fs::write(path("d/b.txt"), b"\xff\xfe\x00").expect("a broken file");
        let (code, said) = run("--fail-fast");
        assert_eq!(code, Some(3), "{said}");
        assert_eq!(read(extract), before);
        std::fs::remove_file(path("d/b.txt")).expect("a file to remove");
        assert_eq!(run("").0, Some(0));
        assert!(read(extract).contains(&figure.to_string()), "{}", read(extract));
        assert_eq!(read(extract) != before, is_new);
        assert!(read("out/left-out.tsv").contains(&figure.to_string()));
    }
    // One that changes back while a run failed.
    let before = read(extract);
    write(page(26));
    std::fs::write(path("d/b.txt"), b"\xff\xfe\x00").expect("a broken file");
    assert_eq!(run("--fail-fast").0, Some(3));
    std::fs::remove_file(path("d/b.txt")).expect("a file to remove");
    write(page(2525));
    let (code, said) = run("");
    assert_eq!(
        (code, said.contains("nothing has changed")),
        (Some(0), true),
        "{said}"
    );
    assert_eq!(read(extract), before);
    assert!(!path("out/.qostil/waiting").exists());
    write(page(23));
    assert_eq!(run("").0, Some(0));
    assert_eq!((read(extract), read("out/left-out.tsv")), (text, rows));
}

/// A link in the place of an extract was followed, and what it led to written over.
#[cfg(unix)]
#[test]
fn a_link_among_the_documents_of_a_run_is_not_followed() {
    for target in ["../../d/b.txt", "../../new.txt"] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("d")).expect("a folder");
        let page = "<p>Биыл ауданда 23 мектеп салынды.</p>";
        std::fs::write(path("d/a.html"), page).expect("a page");
        std::fs::write(path("d/b.txt"), "23 schools were built.\n").expect("a text");
        assert_eq!(ended(folder.path(), "run d -o out").0, Some(0));
        let extract = path("out/documents/a.html.txt");
        let text = std::fs::read_to_string(&extract).expect("an extract");
        std::fs::remove_file(&extract).expect("a file to remove");
        std::os::unix::fs::symlink(target, &extract).expect("a link");
        let (code, said) = ended(folder.path(), "run d -o out");
        assert_eq!(code, Some(3), "{target}: {said}");
        assert!(said.contains("no run has put it there"), "{said}");
        let kept = std::fs::read_to_string(path("d/b.txt")).expect("a text");
        assert_eq!(kept, "23 schools were built.\n");
        assert!(!path("new.txt").exists());
        std::fs::remove_file(&extract).expect("a link to remove");
        assert_eq!(ended(folder.path(), "run d -o out").0, Some(0));
        assert_eq!(std::fs::read_to_string(&extract).expect("an extract"), text);
    }
}
