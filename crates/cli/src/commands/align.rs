//! `qostil align`

mod anchors;

use std::path::{Path, PathBuf};

use clap::Args;
use qostil_align::{Outcome, Parameters, Resources, align_with_fixed};
use qostil_bitext::{Bead, EvidenceKind};
use qostil_corpus::MovedSection;
use qostil_export::{Format, WriteOptions, record};
use qostil_split::{identify, paragraphs, sentences};
use qostil_text::{Document, Lang, Sentence};

use crate::commands::LexiconArgs;
use crate::commands::bitext::mend_letters;
use crate::commands::convert::explain;
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::input::{name_of, read_text};
use crate::lang::{in_words, plainly_other};
use crate::output::{Output, bitext_writer};
use crate::table::{counted, moved};

/// Which documents to align, with what, and in what form to write it.
///
/// The whole text of both documents is aligned as it is: nothing is cleaned away (`run` does that).
#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub(crate) struct Align {
    /// The source document: text, HTML, DOCX, EPUB or SRT, told by its name; `-` is standard input.
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
    /// Pairs that are certain: Vecalign's form (`[0]:[1]`, sentence numbers from 0), the same numbers in two columns, or bitext with
    /// spans, as `align` and `run` write it and the report page saves it. The rest is aligned between them; rows that cross others are left out.
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
    /// The form of the result: tsv, vecalign (`[0, 1]:[2]:0.031`, sentence numbers and a cost), ladder (hunalign's boundaries), jsonl, tmx, moses, parquet, or another that `convert` writes; by default what the name of OUT says, else tsv.
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<Format>,
    /// One-sided beads too, in forms that hold bitext records.
    #[arg(long)]
    all: bool,
    /// The pairs of sections that changed places too, after all others, in forms that hold bitext records.
    #[arg(long)]
    moved: bool,
    /// Write texts with their letters as they were meant, as `run --mend-letters` does; spans stay those of the documents.
    #[arg(long)]
    mend_letters: bool,
    /// No header line in TSV.
    #[arg(long)]
    no_header: bool,
    /// Where to write; standard output when not given. `.gz` and `.zst` are compressed. Moses writes OUT.SRC and OUT.TGT.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

impl Align {
    /// The form of the result: the one asked for, else what the name of OUT says.
    fn form(&self) -> Format {
        let named = || Format::of(self.output.as_deref()?);
        self.format.or_else(named).unwrap_or(Format::Tsv)
    }
}

pub(crate) fn run(args: &Align, global: &Global) -> anyhow::Result<Exit> {
    let format = args.form();
    if !format.is_stream() && args.output.is_none() {
        return Err(Usage::error(
            "this form cannot be written to a stream: name a file with -o OUT",
        ));
    }
    if format == Format::Xces {
        return Err(Usage::error(
            "xces names the sentences of files of lines: write another form, then `qostil convert` it with --src and --tgt",
        ));
    }
    let inputs = [Some(&args.src), Some(&args.tgt), args.anchors.as_ref()];
    if inputs
        .into_iter()
        .flatten()
        .filter(|path| path.as_os_str() == "-")
        .count()
        > 1
    {
        return Err(Usage::error(
            "`-` is standard input, which can be read only once: name files for the others",
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
        Some(path) => anchors::read(path, &src, &tgt, global)?,
        None => Vec::new(),
    };
    let lexicon = args.lexicon.load(src_lang, tgt_lang)?;
    let mut unmet = args.lexicon.unmet(&lexicon, [src_lang, tgt_lang]);
    unmet.look([&src.text, &tgt.text]);
    unmet.tell("these texts", global);
    let parameters = Parameters::default();
    let resources = Resources {
        parameters: &parameters,
        lexicon: &lexicon,
    };
    let outcome = align_with_fixed(&src, &tgt, &resources, &fixed);
    write(args, &outcome, &src, &tgt)?;
    for section in &outcome.moved {
        global.note(moved(&MovedSection::of(section), [&src.id, &tgt.id]));
    }
    let pairs = outcome.beads.iter().filter(|bead| bead.is_pair()).count();
    global.detail(format_args!(
        "{} of {} and {} sentences",
        counted(pairs, "pair"),
        src.sentences.len(),
        tgt.sentences.len()
    ));
    Ok(Exit::Done)
}

/// The language given, else the one found.
fn language(given: Option<Lang>, text: &str, path: &Path, global: &Global) -> Lang {
    if text.trim().is_empty() {
        global.warn(format_args!("{} is empty", name_of(path)));
    }
    let found = identify(text);
    let Some(given) = given else { return found.lang };
    if let Some(other) = plainly_other(found, given) {
        global.warn(format_args!(
            "{} looks like {}, not {given}: the alignment will be poor if it is",
            path.display(),
            in_words(other)
        ));
    }
    given
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

fn write(args: &Align, outcome: &Outcome, src: &Document, tgt: &Document) -> anyhow::Result<()> {
    let format = args.form();
    if matches!(format, Format::Vecalign | Format::Ladder) {
        let mut out = Output::create(args.output.as_deref())?;
        match format {
            Format::Vecalign => qostil_export::write_vecalign(&mut out, &outcome.beads)?,
            _ => qostil_export::write_ladder(&mut out, &outcome.beads)?,
        }
        return out.finish();
    }
    let mut options = WriteOptions::new((src.lang, tgt.lang));
    options.format = Some(format);
    options.header = !args.no_header;
    let mut writer = bitext_writer(args.output.as_deref(), &options)?;
    let is_elsewhere =
        |bead: &Bead| args.moved && bead.evidence.iter().any(|e| e.kind == EvidenceKind::Moved);
    let in_order = outcome
        .beads
        .iter()
        .filter(|bead| bead.is_pair() || (args.all && !is_elsewhere(bead)));
    let moved = outcome
        .moved
        .iter()
        .filter(|_| args.moved)
        .flat_map(|section| &section.pairs);
    for bead in in_order.chain(moved) {
        let mut record = record(bead.clone(), src, tgt);
        if args.mend_letters {
            mend_letters(&mut record, (src.lang, tgt.lang));
        }
        writer.write(&record).map_err(explain)?;
    }
    writer.finish().map_err(explain)?;
    Ok(())
}
