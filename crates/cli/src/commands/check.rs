//! `qostil check`: rows stream through in batches, each batch is compared on all threads and written in order, so memory
//! stays the same however long the bitext is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use qostil_bitext::Verdict;
use qostil_figures::{Fault, Figure, compare, scan};
use qostil_text::Lang;
use rayon::prelude::*;

use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::output::Output;
use crate::table::Table;

/// What to check and what to keep.
#[derive(Args)]
pub(crate) struct Check {
    /// A bitext: TSV or JSONL (by its name), plain, .gz or .zst; or two files of parallel lines (Moses). `-` is standard input.
    #[arg(required = true, num_args = 1..=2, value_name = "BITEXT")]
    inputs: Vec<PathBuf>,
    /// The file for the rows, in place of standard output. With `--keep` of two files, a prefix for two.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The source text's column: a name of the header, or a number from 1.
    #[arg(long, value_name = "COLUMN")]
    src_col: Option<String>,
    /// The target text's column.
    #[arg(long, value_name = "COLUMN")]
    tgt_col: Option<String>,
    /// The source language; by default from the header or the text.
    #[arg(long, value_name = "LANG")]
    src_lang: Option<Lang>,
    /// The target language.
    #[arg(long, value_name = "LANG")]
    tgt_lang: Option<Lang>,
    /// The first line is no header.
    #[arg(long)]
    no_header: bool,
    /// Write only rows with these verdicts.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',', conflicts_with = "keep")]
    only: Vec<Verdict>,
    /// Filter: write rows with these verdicts unchanged, byte for byte, and nothing else.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',')]
    keep: Vec<Verdict>,
    /// Exit with 1 when a row has this verdict.
    #[arg(long, value_name = "VERDICT")]
    fail_on: Option<Verdict>,
}

/// Rows compared at a time.
const BATCH: usize = 8192;
/// Examples shown for each kind of error.
const EXAMPLES: usize = 3;

/// Header names that mark a column of text, and the language they stand for.
const COLUMNS: [(&str, Option<Lang>); 17] = [
    ("kk", Some(Lang::Kazakh)),
    ("kaz", Some(Lang::Kazakh)),
    ("kazakh", Some(Lang::Kazakh)),
    ("kk-latn", Some(Lang::KazakhLatin)),
    ("ru", Some(Lang::Russian)),
    ("rus", Some(Lang::Russian)),
    ("russian", Some(Lang::Russian)),
    ("en", Some(Lang::English)),
    ("eng", Some(Lang::English)),
    ("english", Some(Lang::English)),
    ("src", None),
    ("source", None),
    ("source_text", None),
    ("tgt", None),
    ("trg", None),
    ("target", None),
    ("target_text", None),
];

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Tsv,
    Jsonl,
    Moses,
}

/// Where the two texts of a row are and in which languages.
struct Layout {
    form: Form,
    columns: [Column; 2],
    langs: [Lang; 2],
}

/// A column of a TSV, from 0, or a key of a JSON object.
#[derive(Clone)]
enum Column {
    At(usize),
    Key(String),
}

/// One row as read: the raw line of each file, line end and all.
type Row = [Vec<u8>; 2];

/// What was found of a row.
struct Found {
    verdict: Verdict,
    reason: String,
    faults: Vec<Fault>,
    broken: bool,
}

/// The whole run in numbers.
#[derive(Default)]
struct Summary {
    rows: u64,
    agree: u64,
    contradict: u64,
    none: u64,
    /// Rows without both texts.
    broken: u64,
    faults: BTreeMap<&'static str, (u64, Vec<String>)>,
}

pub(crate) fn run(args: &Check, global: &Global) -> anyhow::Result<Exit> {
    let mut readers = args
        .inputs
        .iter()
        .map(|path| open(path))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut rows = read_batch(&mut readers, &args.inputs)?;
    let form = form(&args.inputs)?;
    let header = header(form, rows.first(), args);
    let layout = layout(form, header.as_deref(), &rows, args)?;
    let mut sinks = sinks(args, form)?;
    if header.is_some() && form == Form::Tsv {
        let first = rows.remove(0);
        if args.keep.is_empty() {
            let names = trimmed(&first[0]);
            sinks[0].write_all(names)?;
            sinks[0].write_all(b"\tverdict\treason\n")?;
        } else {
            sinks[0].write_all(&first[0])?;
        }
    } else if form == Form::Moses && args.keep.is_empty() && !args.no_header {
        let [src, tgt] = layout.langs.map(|l| l.code().to_owned());
        let (src, tgt) = if src == tgt {
            ("src".to_owned(), "tgt".to_owned())
        } else {
            (src, tgt)
        };
        writeln!(sinks[0], "{src}\t{tgt}\tverdict\treason")?;
    }
    let mut summary = Summary::default();
    let offset = u64::from(header.is_some()) + 1;
    while !rows.is_empty() {
        let found: Vec<Found> = rows
            .par_iter()
            .map_init(
                || (Vec::new(), Vec::new()),
                |buffers, row| check(row, &layout, buffers),
            )
            .collect();
        for (row, found) in rows.iter().zip(found) {
            summary.count(&found, offset);
            write_row(&mut sinks, args, form, row, &found)?;
        }
        rows = read_batch(&mut readers, &args.inputs)?;
    }
    for sink in sinks {
        sink.finish()?;
    }
    summary.print(global)?;
    let failed = match args.fail_on {
        Some(Verdict::Agree) => summary.agree,
        Some(Verdict::Contradict) => summary.contradict,
        Some(Verdict::None) => summary.none,
        None => 0,
    };
    Ok(if failed > 0 { Exit::Look } else { Exit::Done })
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    qostil_export::open(path).with_context(|| format!("cannot read {}", path.display()))
}

fn form(inputs: &[PathBuf]) -> anyhow::Result<Form> {
    if inputs.len() == 2 {
        return Ok(Form::Moses);
    }
    let name = inputs
        .first()
        .map(|p| qostil_export::Packing::strip(p))
        .unwrap_or_default();
    match name
        .extension()
        .and_then(|e| e.to_str())
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("jsonl" | "ndjson" | "json") => Ok(Form::Jsonl),
        Some("tmx" | "xml") => Err(Usage::error(
            "check reads TSV, JSONL and pairs of line files; turn TMX into TSV with `qostil convert` first",
        )),
        _ => Ok(Form::Tsv),
    }
}

/// Rows up to a batch; two files must have as many lines.
fn read_batch(readers: &mut [Box<dyn BufRead + Send>], paths: &[PathBuf]) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(BATCH);
    while rows.len() < BATCH {
        let mut row = Row::default();
        let mut read = [0; 2];
        for (at, reader) in readers.iter_mut().enumerate() {
            read[at] = reader
                .read_until(b'\n', &mut row[at])
                .with_context(|| format!("cannot read {}", paths[at].display()))?;
        }
        if readers.len() == 2 && (read[0] == 0) != (read[1] == 0) {
            anyhow::bail!(
                "{} and {} have not as many lines",
                paths[0].display(),
                paths[1].display()
            );
        }
        if read[0] == 0 {
            break;
        }
        rows.push(row);
    }
    if let Some(first) = rows.first_mut()
        && let Some(rest) = first[0].strip_prefix("\u{feff}".as_bytes())
        && !rest.is_empty()
    {
        // A byte order mark can only start the file, so later batches have none.
        first[0] = rest.to_vec();
    }
    Ok(rows)
}

/// A line without its end.
fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The names of the header, when the first line is one.
fn header(form: Form, first: Option<&Row>, args: &Check) -> Option<Vec<String>> {
    if form != Form::Tsv || args.no_header {
        return None;
    }
    let line = String::from_utf8_lossy(trimmed(&first?[0])).into_owned();
    let names: Vec<String> = line.split('\t').map(|n| n.trim().to_ascii_lowercase()).collect();
    let asked = [&args.src_col, &args.tgt_col];
    let named = |c: &Option<String>| {
        c.as_ref()
            .is_some_and(|c| names.contains(&c.to_ascii_lowercase()))
    };
    let known = names
        .iter()
        .filter(|n| COLUMNS.iter().any(|(name, _)| name == n))
        .count();
    (known >= 2 || asked.into_iter().any(named)).then_some(names)
}

fn layout(form: Form, header: Option<&[String]>, rows: &[Row], args: &Check) -> anyhow::Result<Layout> {
    let names: Vec<String> = match form {
        Form::Jsonl => json_keys(rows.first()),
        _ => header.unwrap_or_default().to_vec(),
    };
    let mut texts = names
        .iter()
        .enumerate()
        .filter(|(_, n)| COLUMNS.iter().any(|(name, _)| name == n))
        .map(|(at, _)| at);
    let found = [texts.next(), texts.next()];
    let mut columns = [Column::At(0), Column::At(1)];
    let mut langs = [args.src_lang, args.tgt_lang];
    for (side, asked) in [&args.src_col, &args.tgt_col].into_iter().enumerate() {
        let at = match asked {
            Some(column) => match column.parse::<usize>() {
                Ok(number) if number > 0 => number - 1,
                _ => names
                    .iter()
                    .position(|n| n.eq_ignore_ascii_case(column))
                    .ok_or_else(|| {
                        Usage::error(format!(
                            "there is no column `{column}`; the first line has {}",
                            names.join(", ")
                        ))
                    })?,
            },
            None if form == Form::Moses || names.is_empty() => side,
            None => found[side].ok_or_else(|| {
                Usage::error("the two texts' columns are not known by name: give --src-col and --tgt-col")
            })?,
        };
        let name = names.get(at).cloned().unwrap_or_default();
        langs[side] = langs[side].or_else(|| {
            COLUMNS
                .iter()
                .find(|(n, _)| *n == name)
                .and_then(|(_, lang)| *lang)
        });
        columns[side] = if form == Form::Jsonl {
            Column::Key(original_key(rows.first(), &name))
        } else {
            Column::At(at)
        };
    }
    let mut layout = Layout {
        form,
        columns,
        langs: [Lang::UNKNOWN; 2],
    };
    // A language nobody named is that of the first rows.
    let sample = |side: usize| -> String {
        let rows = rows.iter().skip(usize::from(header.is_some())).take(200);
        rows.filter_map(|row| texts_of(row, &layout))
            .map(|texts| texts[side].clone() + "\n")
            .collect()
    };
    let langs = [0, 1].map(|side| langs[side].unwrap_or_else(|| qostil_split::identify(&sample(side)).lang));
    layout.langs = langs;
    Ok(layout)
}

fn json_object(row: Option<&Row>) -> Option<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_slice(trimmed(&row?[0])).ok()
}

fn json_keys(row: Option<&Row>) -> Vec<String> {
    json_object(row)
        .map(|object| object.keys().map(|k| k.to_ascii_lowercase()).collect())
        .unwrap_or_default()
}

fn original_key(row: Option<&Row>, lower: &str) -> String {
    let keys = json_object(row)
        .map(|o| o.keys().cloned().collect::<Vec<_>>())
        .unwrap_or_default();
    keys.into_iter()
        .find(|k| k.eq_ignore_ascii_case(lower))
        .unwrap_or_default()
}

/// The two texts of a row; nothing when one is missing.
fn texts_of(row: &Row, layout: &Layout) -> Option<[String; 2]> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match layout.form {
        Form::Moses => Some([text(trimmed(&row[0])), text(trimmed(&row[1]))]),
        Form::Tsv => {
            let cell = |column: &Column| match column {
                Column::At(at) => trimmed(&row[0]).split(|b| *b == b'\t').nth(*at).map(text),
                Column::Key(_) => None,
            };
            Some([cell(&layout.columns[0])?, cell(&layout.columns[1])?])
        }
        Form::Jsonl => {
            let object = json_object(Some(row))?;
            let value = |column: &Column| match column {
                Column::Key(key) => object.get(key)?.as_str().map(str::to_owned),
                Column::At(_) => None,
            };
            Some([value(&layout.columns[0])?, value(&layout.columns[1])?])
        }
    }
}

fn check(row: &Row, layout: &Layout, buffers: &mut (Vec<Figure>, Vec<Figure>)) -> Found {
    let Some([src, tgt]) = texts_of(row, layout) else {
        return Found {
            verdict: Verdict::None,
            reason: String::new(),
            faults: Vec::new(),
            broken: true,
        };
    };
    let (a, b) = buffers;
    scan(&src, layout.langs[0], a);
    scan(&tgt, layout.langs[1], b);
    let found = compare(a, b);
    let faults = found
        .contradicting
        .iter()
        .map(|&(i, j)| Fault::between(&a[i], &b[j]))
        .collect();
    Found {
        verdict: found.verdict,
        reason: found.reason(&src, a, &tgt, b),
        faults,
        broken: false,
    }
}

/// One output; two when kept rows of a pair of files go to a pair of files.
fn sinks(args: &Check, form: Form) -> anyhow::Result<Vec<Output>> {
    if form != Form::Moses || args.keep.is_empty() {
        return Ok(vec![Output::create(args.output.as_deref())?]);
    }
    let Some(prefix) = &args.output else {
        return Err(Usage::error(
            "--keep of two files writes two files: give their prefix with -o",
        ));
    };
    let mut out = Vec::new();
    for input in &args.inputs {
        let ending = input
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut name = prefix.clone().into_os_string();
        let inner = qostil_export::Packing::strip(input);
        let inner = inner
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        name.push(".");
        name.push(if inner == ending {
            ending
        } else {
            format!("{inner}.{ending}")
        });
        out.push(Output::create(Some(Path::new(&name)))?);
    }
    Ok(out)
}

fn write_row(sinks: &mut [Output], args: &Check, form: Form, row: &Row, found: &Found) -> anyhow::Result<()> {
    if !args.keep.is_empty() {
        if args.keep.contains(&found.verdict) {
            for (sink, line) in sinks.iter_mut().zip(row) {
                sink.write_all(line)?;
            }
        }
        return Ok(());
    }
    if !args.only.is_empty() && !args.only.contains(&found.verdict) {
        return Ok(());
    }
    let out = &mut sinks[0];
    let line = trimmed(&row[0]);
    match form {
        Form::Tsv => out.write_all(line)?,
        Form::Moses => {
            for (n, side) in row.iter().enumerate() {
                let text = String::from_utf8_lossy(trimmed(side));
                write!(
                    out,
                    "{}{}",
                    if n > 0 { "\t" } else { "" },
                    qostil_export::one_line(&text)
                )?;
            }
        }
        Form::Jsonl => {
            // The object as it was, with the two keys at its end; keys it had already are replaced.
            let Some(mut object) = json_object(Some(row)) else {
                out.write_all(line)?;
                return Ok(out.write_all(b"\n")?);
            };
            let had = object.contains_key("verdict") || object.contains_key("reason");
            let (verdict, reason) = (found.verdict.name(), serde_json::to_string(&found.reason)?);
            if had {
                object.insert("verdict".into(), verdict.into());
                object.insert("reason".into(), found.reason.clone().into());
                serde_json::to_writer(&mut *out, &object).map_err(io::Error::from)?;
            } else {
                let open = line.trim_ascii_end().strip_suffix(b"}").unwrap_or(line);
                let comma = if object.is_empty() { "" } else { "," };
                out.write_all(open)?;
                write!(out, "{comma}\"verdict\":\"{verdict}\",\"reason\":{reason}}}")?;
            }
            return Ok(out.write_all(b"\n")?);
        }
    }
    writeln!(out, "\t{}\t{}", found.verdict, found.reason)?;
    Ok(())
}

impl Summary {
    fn count(&mut self, found: &Found, offset: u64) {
        let line = self.rows + offset;
        self.rows += 1;
        self.broken += u64::from(found.broken);
        match found.verdict {
            Verdict::Agree => self.agree += 1,
            Verdict::Contradict => self.contradict += 1,
            Verdict::None => self.none += 1,
        }
        for fault in &found.faults {
            let (count, examples) = self.faults.entry(fault.name()).or_default();
            *count += 1;
            if examples.len() < EXAMPLES {
                let mut example = format!("line {line}: ");
                let _ = write!(example, "{}", found.reason);
                examples.push(example);
            }
        }
    }

    fn print(&self, global: &Global) -> anyhow::Result<()> {
        if global.json {
            let faults: serde_json::Map<String, serde_json::Value> = self
                .faults
                .iter()
                .map(|(name, (count, examples))| {
                    (
                        (*name).to_owned(),
                        serde_json::json!({"count": count, "examples": examples}),
                    )
                })
                .collect();
            let all = serde_json::json!({
                "rows": self.rows, "agree": self.agree, "contradict": self.contradict, "none": self.none,
                "broken": self.broken, "errors": faults,
            });
            eprintln!("{}", serde_json::to_string_pretty(&all)?);
            return Ok(());
        }
        if self.rows == 0 {
            global.warn("the bitext is empty");
        }
        if self.broken > 0 {
            global.warn(format_args!("{} rows lack one of the two texts", self.broken));
        }
        global.note(format_args!(
            "{} rows: {} agree, {} contradict, {} have nothing to compare",
            self.rows, self.agree, self.contradict, self.none
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
