//! `qostil lexicon`

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use qostil_export::{language, one_line};
use qostil_lexicon::{Lexicon, Lines, Side, entries_of, learn};
use qostil_text::{Lang, fold, lines, stem};

use crate::commands::resources::LexiconArgs;
use crate::exit::{Exit, Usage};
use crate::global::Global;
use crate::input::{name_of, read_text};
use crate::lang::{lang, lang_pair};
use crate::output::Output;
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
    /// Bitext as TSV as `align` and `run` write it: texts in the columns that the header names by language, without header in the first two.
    bitext: PathBuf,
    /// The languages of the columns.
    #[arg(long, default_value = "kk-en", value_name = "LANGS", value_parser = lang_pair)]
    pair: (Lang, Lang),
    /// The file for the lexicon, in place of standard output: TSV of source word, target word, probability.
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

fn learn_from(args: &Learn, global: &Global) -> anyhow::Result<Exit> {
    let text = read_text(&args.bitext)?;
    let (src, tgt) = args.pair;
    let header = format!("{src}\t{tgt}");
    let wrong =
        |line: usize, message: &str| Usage::error(format!("{}:{line}: {message}", args.bitext.display()));
    let mut columns = [0, 1];
    let mut confidence = None; // column of how sure each pair of sentences is; they teach by it
    let mut pairs = Vec::new();
    for (index, line) in lines(&text).enumerate() {
        if index == 0
            && let Some(found) = header_columns(line, src, tgt).map_err(|message| wrong(1, &message))?
        {
            columns = found;
            confidence = line.split('\t').position(|name| name == "confidence");
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        match columns.map(|column| cells.get(column)) {
            [Some(src), Some(tgt)] => {
                let sure = confidence.and_then(|column| cells.get(column)?.parse().ok());
                pairs.push((*src, *tgt, sure.map_or(1.0, |p: f64| p.clamp(0.0, 1.0))));
            }
            _ if line.trim().is_empty() => {}
            _ => return Err(wrong(index + 1, "expected two texts divided by a tab")),
        }
    }
    let lines = pairs.len();
    if lines == 0 {
        global.warn(format_args!("{} is empty", name_of(&args.bitext)));
    }
    let learnt = learn(pairs, src, tgt);
    let mut out = Output::create(args.output.as_deref())?;
    writeln!(out, "{header}\tprobability")?;
    for pair in &learnt {
        writeln!(out, "{}\t{}\t{:.4}", pair.src, pair.tgt, pair.probability)?;
    }
    out.finish()?;
    global.note(format_args!(
        "{} of words from {} of sentences",
        counted(learnt.len(), "pair"),
        counted(lines, "pair")
    ));
    Ok(Exit::Done)
}

/// Where the texts stand if `line` is a header, which names the columns by their languages; no header has no language's code alone in a column.
fn header_columns(line: &str, src: Lang, tgt: Lang) -> Result<Option<[usize; 2]>, String> {
    let names: Vec<&str> = line.trim_start_matches('\u{feff}').split('\t').collect();
    let column = |lang: Lang| names.iter().position(|name| language(name) == Some(lang));
    if let (Some(src), Some(tgt)) = (column(src), column(tgt)) {
        return Ok(Some([src, tgt]));
    }
    let is_name = |name: &&str| {
        matches!(*name, "src" | "tgt") || name.parse::<Lang>().is_ok_and(|lang| lang.is_known())
    };
    let named: Vec<&str> = names.iter().filter(|name| is_name(name)).copied().collect();
    match named[..] {
        ["src", "tgt"] if names.starts_with(&["src", "tgt"]) => Ok(Some([0, 1])),
        [] => Ok(None),
        _ => Err(format!(
            "the header names {}, not {src} and {tgt}: say the languages with --pair",
            named.join(" and ")
        )),
    }
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
    let (src_lines, tgt_lines): (Vec<&str>, Vec<&str>) = (lines(&src).collect(), lines(&tgt).collect());
    if src_lines.len() != tgt_lines.len() {
        return Err(Usage::error(format!(
            "{} has {} lines and {} has {}: the texts are not parallel line by line",
            args.src.display(),
            src_lines.len(),
            args.tgt.display(),
            tgt_lines.len()
        )));
    }
    let lines = Lines::read(&lexicon, Side::Target, &tgt, args.tgt_lang);
    let mut out = Output::create(args.output.as_deref())?;
    if !args.no_header {
        writeln!(out, "line\ttoken\tequivalents")?;
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
            writeln!(
                out,
                "{at}\t{}\t{}",
                one_line(word.span.of(line)),
                equivalents.join("|")
            )?;
        }
    }
    out.finish()?;
    global.detail(format_args!(
        "of {all} words {known} have an entry, {found} find an equivalent"
    ));
    Ok(Exit::Done)
}
