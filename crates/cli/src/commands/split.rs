//! `qostil split`

use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use qostil_export::one_line;
use qostil_split::{Options, SentenceReader, identify, paragraphs_with};

use crate::exit::Exit;
use crate::global::Global;
use crate::input::{name_of, open_input, read_text};
use crate::lang::{Asked, lang_or_auto};
use crate::output::Output;

/// What to split and how.
#[derive(Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct Split {
    /// Texts, web pages, `.docx`, `.epub`, `.srt`; `-` is standard input; what is packed with gzip or zstd is unpacked.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The language of the texts, whose abbreviations and habits count: auto, kk, kk-latn, en, ru, und or any other
    /// code. By `auto` each text is looked at as a whole.
    #[arg(long, default_value = "auto", value_parser = lang_or_auto)]
    lang: Asked,
    /// Write a table of `start`, `end` (bytes of the decoded text) and `text`.
    #[arg(long)]
    spans: bool,
    /// Write no sentences but the language of each paragraph.
    ///
    /// A table of `start`, `end` (bytes of the decoded text), `lang` and `confidence` (probability that `lang` is right,
    /// 0–1). `kk` is Kazakh, `kk-latn` Kazakh in Latin script, `ru` Russian, `en` English, `und` any other language or
    /// none. A Russian paragraph on a Kazakh page is told apart here; a line of a word or two is a guess, as its
    /// confidence says. Each text is held in memory.
    #[arg(long, conflicts_with_all = ["spans", "lang"])]
    languages: bool,
    /// Take single line breaks for white space: the lines were wrapped.
    #[arg(long)]
    join_wrapped: bool,
    /// Write no header over a table.
    #[arg(long)]
    no_header: bool,
}

/// How much of a text tells its language and encoding, in bytes.
const HEAD: u64 = 64 * 1024;

pub(crate) fn run(args: &Split, global: &Global) -> anyhow::Result<Exit> {
    let mut out = Output::create(None)?;
    let many = args.files.len() > 1;
    let columns = match (args.spans, args.languages) {
        (true, _) => Some("start\tend\ttext"),
        (_, true) => Some("start\tend\tlang\tconfidence"),
        _ => None,
    };
    if let Some(columns) = columns.filter(|_| !args.no_header) {
        writeln!(out, "{}{columns}", if many { "doc\t" } else { "" })?;
    }
    let mut failures = Vec::new();
    for file in &args.files {
        if args.languages {
            match read_text(file) {
                Ok(text) => write_languages(&text, file, args, many, global, &mut out)?,
                Err(error) => failures.push(error),
            }
            continue;
        }
        match sentences_of(file, args) {
            Ok(sentences) => {
                if let Err(error) = write_all(sentences, file, args, many, global, &mut out)? {
                    failures.push(error.context(format!("cannot read {}", name_of(file))));
                }
            }
            Err(error) => failures.push(error),
        }
    }
    out.finish()?;
    match failures.pop() {
        Some(error) if failures.len() + 1 == args.files.len() => {
            failures
                .iter()
                .for_each(|earlier| global.warn(format_args!("{earlier:#}")));
            Err(error)
        }
        Some(error) => {
            failures.push(error);
            failures
                .iter()
                .for_each(|error| global.warn(format_args!("{error:#}")));
            Ok(Exit::Look)
        }
        None => Ok(Exit::Done),
    }
}

/// The sentences of one input.
type InputSentences = SentenceReader<Box<dyn BufRead>>;

/// Writes the sentences of `file`. The outer error is that of the output, the inner that of the input.
fn write_all(
    sentences: InputSentences,
    file: &Path,
    args: &Split,
    many: bool,
    global: &Global,
    out: &mut Output,
) -> anyhow::Result<anyhow::Result<()>> {
    let doc = file.display().to_string();
    let mut count = 0_u64;
    for sentence in sentences {
        let (start, text) = match sentence {
            Ok(sentence) => sentence,
            Err(error) => return Ok(Err(error.into())),
        };
        count += 1;
        if args.spans {
            if many {
                write!(out, "{}\t", one_line(&doc))?;
            }
            write!(out, "{start}\t{}\t", start + text.len() as u64)?;
        }
        writeln!(out, "{}", one_line(&text))?;
    }
    if count == 0 {
        global.warn(format_args!("{} is empty", name_of(file)));
    }
    Ok(Ok(()))
}

/// Writes the language of each paragraph of `text`.
fn write_languages(
    text: &str,
    file: &Path,
    args: &Split,
    many: bool,
    global: &Global,
    out: &mut Output,
) -> anyhow::Result<()> {
    let doc = file.display().to_string();
    if text.trim().is_empty() {
        global.warn(format_args!("{} is empty", name_of(file)));
    }
    let options = Options {
        join_wrapped: args.join_wrapped,
    };
    for span in paragraphs_with(text, options) {
        if many {
            write!(out, "{}\t", one_line(&doc))?;
        }
        let found = identify(span.of(text));
        writeln!(
            out,
            "{}\t{}\t{}\t{:.4}",
            span.start, span.end, found.lang, found.confidence
        )?;
    }
    Ok(())
}

/// Opens `file`. What is UTF-8 is read piece by piece, so that it may be larger than memory; another encoding is
/// decoded as a whole, and so is what has to be taken out of a web page or a word processor file.
fn sentences_of(file: &Path, args: &Split) -> anyhow::Result<InputSentences> {
    let options = Options {
        join_wrapped: args.join_wrapped,
    };
    let lang_of = |text: &str| args.lang.0.unwrap_or_else(|| identify(text).lang);
    let whole = |text: String| {
        let lang = lang_of(&text);
        SentenceReader::new(
            Box::new(Cursor::new(text.into_bytes())) as Box<dyn BufRead>,
            lang,
            options,
        )
    };
    if qostil_corpus::is_packed(file) {
        return Ok(whole(read_text(file)?));
    }
    let reading = || format!("cannot read {}", name_of(file));
    let mut input = open_input(file).with_context(reading)?;
    let mut head = Vec::new();
    input
        .reader
        .by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .with_context(reading)?;
    let valid = match std::str::from_utf8(&head) {
        Ok(text) if !text.contains('\0') => Some(text),
        // The head may end inside a character.
        Err(error) if error.error_len().is_none() && head.len() as u64 == HEAD => {
            std::str::from_utf8(&head[..error.valid_up_to()])
                .ok()
                .filter(|text| !text.contains('\0'))
        }
        _ => None,
    };
    if let Some(text) = valid {
        let lang = lang_of(text);
        let pieces = BufReader::with_capacity(HEAD as usize, Cursor::new(head).chain(input.reader));
        return Ok(SentenceReader::new(Box::new(pieces), lang, options));
    }
    head.extend(input.read_all().with_context(reading)?);
    let (text, _) = qostil_corpus::decode(&head).with_context(reading)?;
    Ok(whole(text.into_owned()))
}
