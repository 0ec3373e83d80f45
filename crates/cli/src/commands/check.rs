//! `qostil check`: rows stream through in batches; while one is compared on all threads the next is read, and each is
//! written in order, so memory stays the same however long the bitext is and the output whatever the threads.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use qostil_bitext::Verdict;
use qostil_export::{BitextReader, Format, Packing, Row};
use qostil_figures::{Fault, Figure, compare, scan};
use qostil_text::Lang;
use rayon::prelude::*;

use crate::commands::bitext::{Batch, BitextArgs, EXAMPLES, Misfits, OutputArgs, Shape, Sink, Written};
use crate::commands::convert::explain;
use crate::exit::{Exit, Usage};
use crate::global::{Global, tell};
use crate::output::Output;
use crate::table::{Table, counted};

/// What to check and what to keep.
#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    bitext: BitextArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Write only rows with these verdicts.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',', conflicts_with = "keep")]
    only: Vec<Verdict>,
    /// Filter: write rows with these verdicts unchanged, byte for byte, and nothing else; in formats whose rows have no bytes of
    /// their own (TMX, Parquet …) written anew.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',')]
    keep: Vec<Verdict>,
    /// Exit with 1 when a row has this verdict.
    #[arg(long, value_name = "VERDICT")]
    fail_on: Option<Verdict>,
}

/// What every row gets.
const ADDED: [&str; 2] = ["verdict", "reason"];
/// What rows may say in their own way: their texts are all that is compared.
const UNUSED: [&str; 5] = ["confidence", "bead", "verdict", "span", "details"];
/// Rows that one thread compares at a time.
const CHUNK: usize = 256;

pub(crate) fn run(args: &Check, global: &Global) -> anyhow::Result<Exit> {
    let from = args.bitext.format();
    let anew = match Form::of(args, from) {
        Form::Appended => args.output.is_anew(from),
        form => form != Form::Raw,
    };
    let mut reader = args.bitext.reader(anew, &UNUSED).map_err(explain)?;
    // The first rows are read before anything is written: what is no bitext leaves nothing behind.
    let mut batch = Batch::first(&mut reader)?;
    let shape = Shape::of(&reader, &ADDED, &args.output).map_err(explain)?;
    let checker = Checker {
        langs: args.bitext.langs(&reader, &batch.rows, global),
        form: Form::of(args, reader.format()),
        shape: &shape,
        only: if args.keep.is_empty() {
            &args.only
        } else {
            &args.keep
        },
    };
    if checker.form == Form::Appended {
        shape.tell(global);
    }
    let mut sink = sink(args, &reader, checker.form, &shape, batch.is_empty())?;
    let mut summary = Summary::default();
    while !batch.is_empty() {
        let (next, found) = rayon::join(
            || Batch::read(&mut reader),
            || -> Vec<Found> {
                batch
                    .rows
                    .par_chunks(CHUNK)
                    .map(|rows| checker.check(rows))
                    .collect()
            },
        );
        for found in found {
            sink.write(&found.out)?;
            summary.add(found.summary);
        }
        summary.misfits.add(&batch.misfits);
        batch = next.map_err(explain)?;
    }
    sink.finish(global)?;
    if summary.rows == 0 {
        args.bitext.tell_empty(global);
    }
    summary.print(global)?;
    let failed = match args.fail_on {
        Some(Verdict::Agree) => summary.agree,
        Some(Verdict::Contradict) => summary.contradict,
        Some(Verdict::None) => summary.none,
        None => 0,
    };
    Ok(if failed > 0 || summary.misfits.count > 0 {
        Exit::Look
    } else {
        Exit::Done
    })
}

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Lines as they stand.
    Raw,
    /// Records, in a format whose rows are no lines or another than the input's.
    Records(Format),
    /// As they were, with the verdict and the reason appended.
    Appended,
}

impl Form {
    /// That of rows of the format `from`.
    fn of(args: &Check, from: Format) -> Self {
        let to = args.output.asked().unwrap_or(from);
        let is_raw = from == to && (from.is_lines() || from == Format::Moses);
        if args.keep.is_empty() {
            Self::Appended
        } else if is_raw {
            Self::Raw
        } else {
            Self::Records(to)
        }
    }
}

/// What every thread needs to know.
struct Checker<'a> {
    langs: [Lang; 2],
    form: Form,
    shape: &'a Shape,
    /// The verdicts of the rows to write; all when empty.
    only: &'a [Verdict],
}

/// What was found of some rows.
#[derive(Default)]
struct Found {
    /// The rows to write.
    out: Written,
    summary: Summary,
}

impl Checker<'_> {
    fn wants(&self, verdict: Verdict) -> bool {
        self.only.is_empty() || self.only.contains(&verdict)
    }

    fn check(&self, rows: &[Row]) -> Found {
        let mut found = Found::default();
        let (mut src, mut tgt) = (Vec::new(), Vec::new());
        for row in rows {
            let record = &row.record;
            scan(&record.src, self.langs[0], &mut src);
            scan(&record.tgt, self.langs[1], &mut tgt);
            let compared = compare(&src, &tgt);
            let reason = match self.form {
                Form::Raw | Form::Records(_) if compared.contradicting.is_empty() => String::new(),
                _ => compared.reason(&record.src, &src, &record.tgt, &tgt),
            };
            let verdict = compared.verdict;
            found.summary.count(row, verdict);
            for &(i, j) in &compared.contradicting {
                if let (Some(a), Some(b)) = (src.get(i), tgt.get(j)) {
                    found.summary.fault(row, a, b, &reason);
                }
            }
            if self.wants(verdict) {
                self.write(row, verdict, &reason, &mut found.out);
            }
        }
        found
    }

    fn write(&self, row: &Row, verdict: Verdict, reason: &str, out: &mut Written) {
        match self.form {
            Form::Raw => {
                for (out, raw) in out.bytes.iter_mut().zip(&row.raw) {
                    out.extend_from_slice(raw.as_bytes());
                }
            }
            Form::Records(_) => out.records.push(row.record.clone()),
            Form::Appended => {
                let [a, b] = ADDED;
                let found = [(a, verdict.name().into()), (b, reason.into())];
                self.shape.write(row, &found, out);
            }
        }
    }
}

/// Where rows go; what stands before them is written.
fn sink(
    args: &Check,
    reader: &BitextReader,
    form: Form,
    shape: &Shape,
    nothing: bool,
) -> anyhow::Result<Sink> {
    let (out, no_header) = (&args.output, args.bitext.no_header);
    match form {
        Form::Appended => Sink::of_rows(out, reader, shape, (no_header, nothing)),
        Form::Records(format) => Sink::of_records(out, format, reader, (reader.layout(), !no_header)),
        Form::Raw if reader.format() == Format::Moses => {
            let Some(path) = out.path() else {
                return Err(Usage::error(
                    "--keep of two files writes two files: give the beginning of their names with -o",
                ));
            };
            let columns = reader.columns();
            let side = |ending: &str| Output::create(Some(&beside(path, ending)));
            Ok(Sink::of_bytes(side(&columns.src)?, Some(side(&columns.tgt)?)))
        }
        Form::Raw => {
            let mut output = Output::create(out.path())?;
            output.write_all(reader.head().as_bytes())?;
            Ok(Sink::of_bytes(output, None))
        }
    }
}

/// `NAME.kk` of `NAME`, `NAME.kk.gz` of `NAME.gz`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = Packing::strip(path).into_os_string();
    name.push(".");
    name.push(ending);
    if Packing::of(path) != Packing::Plain {
        name.push(".");
        name.push(path.extension().unwrap_or_default());
    }
    name.into()
}

/// The whole run in numbers, or a part of it.
#[derive(Default)]
struct Summary {
    rows: u64,
    agree: u64,
    contradict: u64,
    none: u64,
    /// Rows of which a text is empty.
    lacking: u64,
    /// Lines that are no rows.
    misfits: Misfits,
    faults: BTreeMap<&'static str, (u64, Vec<String>)>,
}

impl Summary {
    fn count(&mut self, row: &Row, verdict: Verdict) {
        self.rows += 1;
        let record = &row.record;
        self.lacking += u64::from(record.src.trim().is_empty() || record.tgt.trim().is_empty());
        match verdict {
            Verdict::Agree => self.agree += 1,
            Verdict::Contradict => self.contradict += 1,
            Verdict::None => self.none += 1,
        }
    }

    fn fault(&mut self, row: &Row, src: &Figure, tgt: &Figure, reason: &str) {
        let (count, examples) = self.faults.entry(Fault::between(src, tgt).name()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(format!("line {}: {reason}", row.line));
        }
    }

    /// Adds what follows.
    fn add(&mut self, next: Self) {
        self.rows += next.rows;
        self.agree += next.agree;
        self.contradict += next.contradict;
        self.none += next.none;
        self.lacking += next.lacking;
        for (name, (more, mut further)) in next.faults {
            let (count, examples) = self.faults.entry(name).or_default();
            *count += more;
            further.truncate(EXAMPLES - examples.len().min(EXAMPLES));
            examples.append(&mut further);
        }
    }

    fn print(&self, global: &Global) -> anyhow::Result<()> {
        if global.json {
            let faults: serde_json::Map<String, serde_json::Value> = self
                .faults
                .iter()
                .map(|(name, (count, examples))| {
                    let fault = serde_json::json!({"count": count, "examples": examples});
                    ((*name).to_owned(), fault)
                })
                .collect();
            let all = serde_json::json!({
                "rows": self.rows, "agree": self.agree, "contradict": self.contradict, "none": self.none,
                "lacking_a_text": self.lacking, "unreadable": self.misfits.count, "errors": faults,
            });
            tell(serde_json::to_string_pretty(&all)?);
            return Ok(());
        }
        if self.lacking > 0 {
            global.warn(format_args!(
                "one of the two texts is lacking in {}",
                counted(self.lacking, "row")
            ));
        }
        self.misfits.tell(global);
        global.note(format_args!(
            "{}: {} agree, {} contradict, {} have nothing to compare",
            counted(self.rows, "row"),
            self.agree,
            self.contradict,
            self.none
        ));
        let mut table = Table::new(["error", "figures", "examples"]);
        for (name, (count, examples)) in &self.faults {
            for (n, example) in examples.iter().enumerate() {
                let first = n == 0;
                table.row([
                    if first { (*name).to_owned() } else { String::new() },
                    if first { count.to_string() } else { String::new() },
                    example.clone(),
                ]);
            }
        }
        if !self.faults.is_empty() {
            global.note(table);
        }
        Ok(())
    }
}
