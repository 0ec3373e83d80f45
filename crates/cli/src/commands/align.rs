//! `qostil align`

use std::io::BufReader;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use qostil_align::{Fixed, Parameters, Resources, align_with_fixed};
use qostil_bitext::Bead;
use qostil_export::{BitextWriter, WriteOptions, record};
use qostil_split::{identify, paragraphs, sentences};
use qostil_text::{Document, Lang, Sentence};

use crate::commands::resources::LexiconArgs;
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::input::read_text;
use crate::output::Output;

/// Which documents to align, with what, and in what form to write it.
///
/// The whole text of both documents is aligned as it is: nothing is cleaned away (`run` does that).
#[derive(Args)]
pub(crate) struct Align {
    /// The source document; `-` is standard input.
    src: PathBuf,
    /// The target document.
    tgt: PathBuf,
    /// Language of the source: kk, ru, en, und or another code; found out when not given.
    #[arg(long, value_name = "LANG", value_parser = crate::lang::lang)]
    src_lang: Option<Lang>,
    /// Language of the target.
    #[arg(long, value_name = "LANG", value_parser = crate::lang::lang)]
    tgt_lang: Option<Lang>,
    /// The documents hold one sentence a line already; empty lines keep their number.
    #[arg(long)]
    lines: bool,
    #[command(flatten)]
    lexicon: LexiconArgs,
    /// Pairs that are certain, in Vecalign's form (`[0]:[1]`, sentence numbers); the rest is aligned between them.
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
    /// The form of the result.
    #[arg(short, long, value_enum, default_value_t = Format::Tsv)]
    format: Format,
    /// One-sided beads too, in forms that hold bitext records.
    #[arg(long)]
    all: bool,
    /// No header line in TSV.
    #[arg(long)]
    no_header: bool,
    /// Where to write; standard output when not given. `.gz` and `.zst` are compressed. Moses writes OUT.SRC and OUT.TGT.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// Forms of an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Bitext with confidence, verdict, evidence and spans.
    Tsv,
    /// `[0, 1]:[2]:0.031`: sentence numbers and a cost.
    Vecalign,
    /// hunalign's ladder: boundaries.
    Ladder,
    /// Records as JSON lines, with typed evidence.
    Jsonl,
    /// Translation memory, TMX 1.4b.
    Tmx,
    /// Two files of one text a line.
    Moses,
    /// Apache Parquet.
    Parquet,
}

pub(crate) fn run(args: &Align, global: &Global) -> anyhow::Result<Exit> {
    if matches!(args.format, Format::Moses | Format::Parquet) && args.output.is_none() {
        return Err(Usage::error(
            "this form cannot be written to a stream: name a file with -o OUT",
        ));
    }
    let (src_text, tgt_text) = (read_text(&args.src)?, read_text(&args.tgt)?);
    let src_lang = language(args.src_lang, &src_text, &args.src, global);
    let tgt_lang = language(args.tgt_lang, &tgt_text, &args.tgt, global);
    if src_lang == tgt_lang && src_lang.is_known() && (args.src_lang.is_none() || args.tgt_lang.is_none()) {
        return Err(Usage::error(format!(
            "{} and {} are both in one language ({src_lang}): two languages are needed; if that is wrong, say which with --src-lang and --tgt-lang",
            args.src.display(),
            args.tgt.display(),
        )));
    }
    let src = document(&args.src, src_lang, src_text, args.lines);
    let tgt = document(&args.tgt, tgt_lang, tgt_text, args.lines);
    let fixed = match &args.anchors {
        Some(path) => read_anchors(path, &src, &tgt)?,
        None => Vec::new(),
    };
    let lexicon = args.lexicon.load(src_lang, tgt_lang)?;
    let parameters = Parameters::default();
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    let beads = align_with_fixed(&src, &tgt, &resources, &fixed).beads;
    write(args, &beads, &src, &tgt)?;
    let pairs = beads.iter().filter(|bead| bead.is_pair()).count();
    global.detail(format_args!(
        "{pairs} pairs of {} and {} sentences",
        src.sentences.len(),
        tgt.sentences.len()
    ));
    Ok(Exit::Done)
}

/// The language given, else the one found; a text too short to tell is taken for Kazakh when its letters are Cyrillic, English when Latin.
fn language(given: Option<Lang>, text: &str, path: &Path, global: &Global) -> Lang {
    if text.trim().is_empty() {
        global.warn(format_args!("{} is empty", path.display()));
    }
    given.unwrap_or_else(|| identify(text).lang)
}

fn document(path: &Path, lang: Lang, text: String, lines: bool) -> Document {
    let id = path.display().to_string();
    if lines {
        return Document::from_lines(id, lang, text);
    }
    let mut found = Vec::new();
    for (number, paragraph) in paragraphs(&text).enumerate() {
        let within = sentences(paragraph.of(&text), lang);
        found.extend(within.map(|span| {
            Sentence::new(
                span.shifted(paragraph.start),
                u32::try_from(number).unwrap_or(u32::MAX),
            )
        }));
    }
    Document {
        id,
        lang,
        text,
        sentences: found,
    }
}

fn read_anchors(path: &Path, src: &Document, tgt: &Document) -> anyhow::Result<Vec<Fixed>> {
    let file = qostil_export::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let beads =
        qostil_export::read_vecalign(BufReader::new(file)).with_context(|| path.display().to_string())?;
    let mut fixed: Vec<Fixed> = Vec::new();
    for bead in beads
        .iter()
        .filter(|bead| !bead.src.is_empty() && !bead.tgt.is_empty())
    {
        let range = |numbers: &[usize], document: &Document| -> Option<Range<usize>> {
            let (&first, &last) = (numbers.first()?, numbers.last()?);
            (last < document.sentences.len() && last + 1 - first == numbers.len()).then_some(first..last + 1)
        };
        let (Some(s), Some(t)) = (range(&bead.src, src), range(&bead.tgt, tgt)) else {
            return Err(Usage::error(format!(
                "{}: {:?}:{:?} is no run of sentences of these documents ({} and {} sentences)",
                path.display(),
                bead.src,
                bead.tgt,
                src.sentences.len(),
                tgt.sentences.len(),
            )));
        };
        if fixed
            .last()
            .is_some_and(|before| before.src.end > s.start || before.tgt.end > t.start)
        {
            return Err(Usage::error(format!(
                "{}: {:?}:{:?} is out of order",
                path.display(),
                bead.src,
                bead.tgt
            )));
        }
        fixed.push(Fixed { src: s, tgt: t });
    }
    Ok(fixed)
}

fn write(args: &Align, beads: &[Bead], src: &Document, tgt: &Document) -> anyhow::Result<()> {
    let format = match args.format {
        Format::Vecalign | Format::Ladder => {
            let mut out = Output::create(args.output.as_deref())?;
            match args.format {
                Format::Vecalign => qostil_export::write_vecalign(&mut out, beads)?,
                _ => qostil_export::write_ladder(&mut out, beads)?,
            }
            return out.finish();
        }
        Format::Tsv => qostil_export::Format::Tsv,
        Format::Jsonl => qostil_export::Format::Jsonl,
        Format::Tmx => qostil_export::Format::Tmx,
        Format::Moses => qostil_export::Format::Moses,
        Format::Parquet => qostil_export::Format::Parquet,
    };
    let mut options = WriteOptions::new((src.lang, tgt.lang));
    options.format = Some(format);
    options.header = !args.no_header;
    let mut writer = match args.output.as_deref().filter(|path| path.as_os_str() != "-") {
        Some(path) => BitextWriter::create(path, &options)?,
        None => BitextWriter::new(std::io::stdout(), &options)?,
    };
    for bead in beads.iter().filter(|bead| args.all || bead.is_pair()) {
        writer.write(&record(bead, src, tgt))?;
    }
    writer.finish()?;
    Ok(())
}
