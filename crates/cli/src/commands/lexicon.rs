//! `qostil lexicon`

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use qostil_export::{Format, ReadOptions};
use qostil_lexicon::{Lexicon, Lines, Side, entries_of, learn};
use qostil_text::{Lang, fold, lines, stem};

use crate::commands::bitext::{Batch, Misfits};
use crate::commands::convert::explain;
use crate::commands::resources::LexiconArgs;
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::input::{name_of, open_bitext, read_text};
use crate::lang::{lang, lang_pair};
use crate::output::{Output, refuse_all_but};
use crate::table::counted;

/// Learn a lexicon from bitext, look inside, match two texts.
#[derive(Args)]
pub(crate) struct LexiconCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Learn from bitext which words translate each other; `--lexicon` of `align` and `run` reads the result.
    Learn(Learn),
    /// Show what a word or phrase of Qostil's own lexicon matches, and in which file and line that stands.
    Show(Show),
    /// For every word of a text that has an entry, the words of the same line of the other text that it matches.
    Match(Match),
}

#[derive(Args)]
struct Learn {
    /// A bitext in any format that `convert` reads, .gz and .zst too; `-` is standard input. Of a Moses pair the common name or one of the two files.
    bitext: PathBuf,
    /// The input's format, where its name does not say it.
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,
    /// The languages of the two texts: those to take where the bitext names them, else their order.
    #[arg(long, default_value = "kk-en", value_name = "LANGS", value_parser = lang_pair)]
    pair: (Lang, Lang),
    /// The file for the lexicon, in place of standard output: TSV of source word, target word, probability, as `--lexicon` and `--dict` read it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Args)]
struct Show {
    /// Words or phrases in any of the three languages.
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
    /// Their language; told by their letters when not given.
    #[arg(long, value_name = "LANG", value_parser = lang)]
    lang: Option<Lang>,
}

#[derive(Args)]
struct Match {
    /// The text whose words are looked up, one segment a line.
    src: PathBuf,
    /// The text in which equivalents are looked for, line by line.
    tgt: PathBuf,
    /// Language of the first text.
    #[arg(long, default_value = "kk", value_name = "LANG", value_parser = lang)]
    src_lang: Lang,
    /// Language of the second text.
    #[arg(long, default_value = "en", value_name = "LANG", value_parser = lang)]
    tgt_lang: Lang,
    #[command(flatten)]
    lexicon: LexiconArgs,
    /// Write no header.
    #[arg(long)]
    no_header: bool,
    /// The file for the result, in place of standard output.
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &LexiconCommand, global: &Global) -> anyhow::Result<Exit> {
    match &args.what {
        What::Learn(args) => learn_from(args, global),
        What::Show(args) => show(args),
        What::Match(args) => match_texts(args, global),
    }
}

/// What rows of other tools may say in their own way: nothing is learnt from it.
const UNUSED: [&str; 3] = ["bead", "verdict", "evidence"];

fn learn_from(args: &Learn, global: &Global) -> anyhow::Result<Exit> {
    // As `--lexicon` reads it.
    refuse_all_but(&[Format::Tsv.name()], args.output.as_deref())?;
    let (src, tgt) = args.pair;
    let options = ReadOptions {
        format: args.from,
        langs: Some(args.pair),
        unused: UNUSED.map(str::to_owned).into(),
        ..ReadOptions::default()
    };
    let mut reader = open_bitext(&args.bitext, &options).map_err(explain)?;
    let named = reader.named_langs();
    if named.0 != Lang::UNKNOWN && named != (src, tgt) && named != (tgt, src) {
        let (name, (a, b)) = (name_of(&args.bitext), named);
        return Err(Usage::error(format!(
            "{name}: it holds {a} and {b}, not {src} and {tgt}: say the languages with --pair"
        )));
    }
    let (mut records, mut misfits) = (Vec::new(), Misfits::default());
    let mut batch = Batch::first(&mut reader)?;
    while !batch.is_empty() {
        misfits.add(&batch.misfits);
        let texts = batch.rows.into_iter().map(|row| row.record);
        records.extend(texts.map(|record| (record.src, record.tgt, record.confidence.unwrap_or(1.0))));
        batch = Batch::read(&mut reader).map_err(explain)?;
    }
    let count = records.len();
    if count == 0 {
        global.warn(format_args!("{} is empty", name_of(&args.bitext)));
    }
    misfits.tell(global);
    // Pairs of sentences teach by how sure they are.
    let pairs = records
        .iter()
        .map(|(src, tgt, sure)| (src.as_str(), tgt.as_str(), *sure));
    let learnt = learn(pairs, src, tgt);
    let mut out = Output::create(args.output.as_deref())?;
    writeln!(out, "{src}\t{tgt}\tprobability")?;
    for pair in &learnt {
        writeln!(out, "{}\t{}\t{:.4}", pair.src, pair.tgt, pair.probability)?;
    }
    out.finish()?;
    global.note(format_args!(
        "{} of words from {} of sentences",
        counted(learnt.len(), "pair"),
        counted(count, "pair")
    ));
    Ok(if misfits.count > 0 { Exit::Look } else { Exit::Done })
}

fn show(args: &Show) -> anyhow::Result<Exit> {
    let mut out = Output::create(None)?;
    let mut known = true;
    for word in &args.words {
        let lang = args.lang.unwrap_or_else(|| language_of(word));
        let (lexicon, side) = match lang {
            Lang::Kazakh => (Lexicon::seed(Lang::Kazakh, Lang::English), Side::Source),
            Lang::Russian => (Lexicon::seed(Lang::Russian, Lang::English), Side::Source),
            Lang::English => (Lexicon::seed(Lang::Kazakh, Lang::English), Side::Target),
            Lang::KazakhLatin | Lang::Other(_) => {
                return Err(Usage::error(format!(
                    "--lang {lang}: the lexicon knows kk, ru and en"
                )));
            }
        };
        writeln!(out, "{word} ({lang})")?;
        let mut folded = String::new();
        for span in fold::words(word) {
            fold::fold_word(span.of(word), &mut folded);
            writeln!(
                out,
                "  stems of {folded}: {}",
                stem::stems(&folded, lang).join(" ")
            )?;
        }
        let mut headwords: Vec<_> = lexicon
            .read(side, word, lang)
            .into_iter()
            .flat_map(|word| word.headwords)
            .collect();
        headwords.sort_unstable();
        headwords.dedup();
        let entries = entries_of(&headwords, lang);
        known &= !entries.is_empty();
        if entries.is_empty() {
            writeln!(out, "  no entry")?;
        }
        for entry in entries {
            let place = format!("data/lexicon/{}.tsv:{}", entry.file, entry.line);
            writeln!(
                out,
                "  {place}\t{} ({})\t{}\t{}",
                entry.kk, entry.pos, entry.en, entry.ru
            )?;
        }
    }
    out.finish()?;
    Ok(if known { Exit::Done } else { Exit::Look })
}

/// English for Latin letters; of Cyrillic ones Russian when the word holds none of Kazakh's own and is in no Kazakh entry.
fn language_of(word: &str) -> Lang {
    if !word.chars().any(fold::is_cyrillic) {
        return Lang::English;
    }
    let kazakh = Lexicon::seed(Lang::Kazakh, Lang::English);
    let known = |lexicon: &Lexicon, lang| {
        lexicon
            .read(Side::Source, word, lang)
            .iter()
            .all(|word| !word.headwords.is_empty())
    };
    let russian = Lexicon::seed(Lang::Russian, Lang::English);
    if !known(&kazakh, Lang::Kazakh) && known(&russian, Lang::Russian) {
        Lang::Russian
    } else {
        Lang::Kazakh
    }
}

fn match_texts(args: &Match, global: &Global) -> anyhow::Result<Exit> {
    let (src, tgt) = (read_text(&args.src)?, read_text(&args.tgt)?);
    for (path, text) in [(&args.src, &src), (&args.tgt, &tgt)] {
        if text.trim().is_empty() {
            global.warn(format_args!("{} is empty", name_of(path)));
        }
    }
    let lexicon = args.lexicon.load(args.src_lang, args.tgt_lang)?;
    if lexicon.is_empty() {
        return Err(Usage::error(format!(
            "there is no lexicon for {} and {}",
            args.src_lang, args.tgt_lang
        )));
    }
    let mut unmet = args.lexicon.unmet(&lexicon, [args.src_lang, args.tgt_lang]);
    unmet.look([&src, &tgt]);
    unmet.tell("these texts", global);
    let (src_lines, tgt_lines): (Vec<&str>, Vec<&str>) = (lines(&src).collect(), lines(&tgt).collect());
    if src_lines.len() != tgt_lines.len() {
        return Err(Usage::error(format!(
            "{} has {} lines and {} has {}: the texts are not parallel line by line",
            name_of(&args.src),
            src_lines.len(),
            name_of(&args.tgt),
            tgt_lines.len()
        )));
    }
    let lines = Lines::read(&lexicon, Side::Target, &tgt, args.tgt_lang);
    let mut out = Output::table(args.output.as_deref())?;
    if !args.no_header {
        out.row(&["line", "token", "equivalents"])?;
    }
    let (mut all, mut known, mut found) = (0, 0, 0);
    for (at, (line, other)) in src_lines.iter().zip(&tgt_lines).enumerate() {
        let words = lexicon.read(Side::Source, line, args.src_lang);
        for (word, matched) in words.iter().zip(lexicon.matches(&words, &lines, at)) {
            all += 1;
            if word.headwords.is_empty() {
                continue;
            }
            known += 1;
            found += usize::from(!matched.is_empty());
            let equivalents: Vec<&str> = matched
                .iter()
                .filter_map(|&index| lines.readings(at).get(index))
                .map(|word| word.span.of(other))
                .collect();
            out.row(&[&at.to_string(), word.span.of(line), &equivalents.join("|")])?;
        }
    }
    out.finish()?;
    global.detail(format_args!(
        "of {all} words {known} have an entry, {found} find an equivalent"
    ));
    Ok(Exit::Done)
}
