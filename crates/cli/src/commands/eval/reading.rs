//! Predictions and gold from files and folders, brought into one form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;
use qostil_bitext::{IndexBead, Record};
use qostil_eval::{Rows, SegmentCounts, Segments, by_lines, by_spans};
use qostil_export::{
    Format, Link, LinkGroup, Packing, ReadOptions, Scored, gold_sides, open, read_gold, read_links,
    read_scored_ladder, read_scored_vecalign, text_lines,
};
use qostil_text::{Document, Lang, Span, lines};
use serde_json::Value;

use super::Eval;
use crate::commands::convert::explain;
use crate::exit::Usage;
use crate::input::{name_of, open_bitext, open_input, read_text};

/// One document's prediction beside its gold, by numbers that both share.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) name: String,
    pub(super) predicted: Vec<IndexBead>,
    /// Of each predicted bead.
    pub(super) confidence: Vec<Option<f64>>,
    pub(super) gold: Vec<IndexBead>,
    /// Scores on running text, in place of beads.
    pub(super) segments: Option<SegmentCounts>,
    /// Whether there was no prediction.
    pub(super) is_missing: bool,
    /// What a reader of the scores should know.
    pub(super) note: Option<String>,
}

/// An alignment as read.
enum Alignment {
    Numbers(Vec<Scored>),
    /// Links between the sentence ids of any number of document pairs.
    Links(Vec<LinkGroup>),
    Rows {
        records: Vec<Record>,
        sides: [String; 2],
    },
    /// Segments of running text, in characters.
    Segments(Vec<[(usize, usize); 2]>),
}

/// A gold file, the prediction for it, when there is one, and the folder and name under which its documents lie.
struct Pair {
    name: String,
    predicted: Option<PathBuf>,
    gold: PathBuf,
    texts: Option<PathBuf>,
}

/// Everything that can be compared between a prediction and a gold.
pub(super) fn compared(args: &Eval, predicted: &Path, gold: &Path) -> anyhow::Result<Vec<Compared>> {
    let mut out = Vec::new();
    for pair in pairs(predicted, gold)? {
        let found = pair
            .predicted
            .as_ref()
            .map(|path| read(path, args.format))
            .transpose()?;
        let gold = read(&pair.gold, args.gold_format)?;
        let is_missing = found.is_none();
        let found = found.unwrap_or_else(|| gold.emptied());
        let from = out.len();
        compare(args, &pair, found, gold, &mut out)?;
        for document in out.iter_mut().skip(from) {
            document.is_missing |= is_missing;
        }
    }
    Ok(out)
}

/// Two alignments, or those of two folders by the names of their files.
fn pairs(predicted: &Path, gold: &Path) -> anyhow::Result<Vec<Pair>> {
    if !gold.is_dir() || is_run(gold) || is_gold(gold) {
        let name = predicted
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let stem = gold
            .file_name()
            .and_then(|f| f.to_str())
            .and_then(|f| f.split_once(".gold."))
            .map(|(stem, _)| gold.with_file_name(stem));
        return Ok(vec![Pair {
            name,
            predicted: Some(predicted.to_owned()),
            gold: gold.to_owned(),
            texts: stem,
        }]);
    }
    if !predicted.is_dir() {
        return Err(Usage::error(
            "a folder is compared with a folder, a file with a file",
        ));
    }
    let golds = named(
        gold,
        ".gold.",
        &[
            "txt", "align", "vecalign", "ladder", "xces", "xml", "tsv", "tmx", "jsonl",
        ],
    )?;
    if golds.is_empty() {
        return Err(Usage::error(format!(
            "no NAME.gold.txt (.align, .ladder, .xces, .tsv, .tmx, .jsonl) in {}",
            gold.display()
        )));
    }
    let mut predictions = named(
        predicted,
        ".",
        &[
            "align", "vecalign", "ladder", "xces", "xml", "tsv", "tmx", "jsonl",
        ],
    )?;
    let pair = |(name, file): (String, PathBuf)| Pair {
        predicted: predictions.remove(&name),
        texts: Some(gold.join(&name)),
        gold: file,
        name,
    };
    Ok(golds.into_iter().map(pair).collect())
}

/// Whether a folder was written by `run`.
fn is_run(folder: &Path) -> bool {
    folder.join("bitext.tsv").is_file()
}

/// Whether a folder holds the gold of one pair: `beads.tsv` and the sentences of both sides.
fn is_gold(folder: &Path) -> bool {
    folder.join("beads.tsv").is_file()
}

/// The files of a folder that are called NAME, `middle` and one of these endings, by NAME; the earlier ending wins.
fn named(folder: &Path, middle: &str, endings: &[&str]) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let reading = || format!("cannot read {}", folder.display());
    let mut found: BTreeMap<String, (usize, PathBuf)> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        let Some(file) = path.file_name().and_then(|f| f.to_str()) else {
            continue;
        };
        let fits = endings.iter().enumerate().find_map(|(rank, ending)| {
            Some((rank, file.strip_suffix(ending)?.strip_suffix(middle)?.to_owned()))
        });
        if let Some((rank, name)) = fits {
            let better = found.get(&name).is_none_or(|(known, _)| rank < *known);
            if better {
                found.insert(name, (rank, path));
            }
        }
    }
    Ok(found.into_iter().map(|(name, (_, path))| (name, path)).collect())
}

impl Alignment {
    /// One of the same kind that holds nothing.
    fn emptied(&self) -> Self {
        match self {
            Self::Numbers(_) => Self::Numbers(Vec::new()),
            Self::Links(_) => Self::Links(Vec::new()),
            Self::Rows { sides, .. } => Self::Rows {
                records: Vec::new(),
                sides: sides.clone(),
            },
            Self::Segments(_) => Self::Rows {
                records: Vec::new(),
                sides: ["kk".into(), "en".into()],
            },
        }
    }
}

fn compare(
    args: &Eval,
    pair: &Pair,
    predicted: Alignment,
    gold: Alignment,
    out: &mut Vec<Compared>,
) -> anyhow::Result<()> {
    use Alignment as A;
    let one = |predicted: Vec<(IndexBead, Option<f64>)>, gold| {
        let (predicted, confidence) = predicted.into_iter().unzip();
        Compared {
            name: pair.name.clone(),
            predicted,
            confidence,
            gold,
            ..Compared::default()
        }
    };
    let beads = |scored: Vec<Scored>| scored.into_iter().map(|s| s.bead).collect();
    let (predicted, gold) = match (predicted, gold) {
        (A::Links(predicted), A::Links(gold)) => {
            out.extend(with_gold(by_ids(pair, predicted, gold))?);
            return Ok(());
        }
        (A::Links(groups), gold) => (A::Numbers(numbered(groups, pair.predicted.as_deref())?), gold),
        (predicted, A::Links(groups)) => (predicted, A::Numbers(numbered(groups, Some(&pair.gold))?)),
        both => both,
    };
    match (predicted, gold) {
        (A::Numbers(predicted), A::Numbers(gold)) => {
            out.push(one(
                predicted.into_iter().map(|s| (s.bead, s.score)).collect(),
                beads(gold),
            ));
        }
        (
            A::Rows {
                records: mut predicted,
                sides: [a, b],
            },
            A::Rows {
                records: gold,
                sides: [src, tgt],
            },
        ) => {
            if a != b && a == tgt && b == src {
                predicted.iter_mut().for_each(turn);
            }
            with_spans(&predicted, pair.predicted.as_deref())?;
            with_spans(&gold, Some(&pair.gold))?;
            let note = differing_names(&predicted, &gold)?;
            let documents = by_spans(&predicted, &gold).into_iter().map(|found| {
                let mut document = one(
                    found.predicted.into_iter().zip(found.confidence).collect(),
                    found.gold,
                );
                if !found.src_doc.is_empty() {
                    document.name = found.src_doc;
                }
                document
            });
            let mut documents = with_gold(documents.collect())?;
            if let Some(first) = documents.first_mut().filter(|_| note.is_some()) {
                first.note = note;
            }
            out.extend(documents);
        }
        (A::Rows { records, sides }, A::Numbers(gold)) => {
            with_spans(&records, pair.predicted.as_deref())?;
            let lines = texts(args, pair, &sides)?.map(|text| line_spans(&text));
            let scored = records.iter().flat_map(|row| {
                let found = by_lines(std::slice::from_ref(row), &lines[0], &lines[1]);
                found.into_iter().map(|bead| (bead, row.confidence))
            });
            out.push(one(scored.collect(), beads(gold)));
        }
        (A::Numbers(predicted), A::Rows { records, sides }) => {
            let lines = texts(args, pair, &sides)?.map(|text| line_spans(&text));
            let gold = by_lines(&records, &lines[0], &lines[1]);
            out.push(one(
                predicted.into_iter().map(|s| (s.bead, s.score)).collect(),
                gold,
            ));
        }
        (A::Rows { mut records, sides }, A::Segments(gold)) => {
            records.retain(|row| !row.src.trim().is_empty() || !row.tgt.trim().is_empty());
            let texts = texts(args, pair, &sides)?;
            let side = |at: usize| {
                let bytes = Characters::of(&texts[at]);
                Segments::new(
                    &texts[at],
                    &gold.iter().map(|s| bytes.span(s[at])).collect::<Vec<_>>(),
                )
            };
            let has_spans = records.iter().any(|row| !row.src_spans.is_empty());
            let segments = if has_spans {
                let rows: Vec<_> = records.into_iter().map(|r| (r.src_spans, r.tgt_spans)).collect();
                SegmentCounts::new(&side(0), &side(1), Rows::Spans(&rows))
            } else {
                let rows: Vec<_> = records.into_iter().map(|r| (r.src, r.tgt)).collect();
                SegmentCounts::new(&side(0), &side(1), Rows::Texts(&rows))
            };
            out.push(Compared {
                segments: Some(segments),
                ..one(Vec::new(), Vec::new())
            });
        }
        _ => return Err(Usage::error("segments of running text are gold for TSV alone")),
    }
    Ok(())
}

/// Changes the sides.
fn turn(row: &mut Record) {
    std::mem::swap(&mut row.src_doc, &mut row.tgt_doc);
    std::mem::swap(&mut row.src_spans, &mut row.tgt_spans);
}

/// What is to be said when each alignment is of one pair of documents and they are called otherwise. Of several pairs the names are needed.
fn differing_names(predicted: &[Record], gold: &[Record]) -> anyhow::Result<Option<String>> {
    let names = |rows: &[Record]| -> BTreeSet<String> {
        let named = rows.iter().filter(|row| !row.src_doc.is_empty());
        named
            .map(|row| {
                row.src_doc
                    .rsplit(['/', '\\'])
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    let (ours, theirs) = (names(predicted), names(gold));
    let is_empty = predicted.is_empty() || gold.is_empty();
    for (names, others, which, other) in [
        (&ours, &theirs, "the prediction", "the gold"),
        (&theirs, &ours, "the gold", "the prediction"),
    ] {
        if names.len() > 1 && others.is_empty() && !is_empty {
            return Err(Usage::error(format!(
                "{which} is of {} documents, and {other} does not name its own: columns `…_doc` are needed to compare",
                names.len()
            )));
        }
    }
    Ok(match (ours.first(), theirs.first()) {
        (Some(a), Some(b)) if ours.len() == 1 && theirs.len() == 1 && a != b => Some(format!(
            "the prediction is of {a}, the gold of {b}: they are taken for the same document"
        )),
        _ => None,
    })
}

/// Of several documents those that have gold: others cannot be judged.
fn with_gold(found: Vec<Compared>) -> anyhow::Result<Vec<Compared>> {
    if found.len() < 2 {
        return Ok(found);
    }
    let (mut judged, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|d| !d.gold.is_empty());
    let names = |documents: &[Compared]| {
        if documents.is_empty() {
            return "none".to_owned();
        }
        let shown: Vec<&str> = documents
            .iter()
            .take(NAMES_SHOWN)
            .map(|d| d.name.as_str())
            .collect();
        let rest = documents.len() - shown.len();
        let more = if rest > 0 {
            format!(" and {rest} more")
        } else {
            String::new()
        };
        format!("{}{more}", shown.join(", "))
    };
    if !others.is_empty() && judged.iter().all(|document| document.predicted.is_empty()) {
        return Err(Usage::error(format!(
            "no document is in both: the prediction is of {}, the gold of {}",
            names(&others),
            names(&judged)
        )));
    }
    for document in &mut judged {
        document.is_missing = document.predicted.is_empty();
    }
    if let Some(first) = judged.first_mut().filter(|_| !others.is_empty()) {
        first.note = Some(format!("not judged, having no gold: {}", names(&others)));
    }
    Ok(judged)
}

/// Documents named in one message.
const NAMES_SHOWN: usize = 5;

/// Links of both sides by documents, ids made numbers: every id is a number of its own.
fn by_ids(pair: &Pair, predicted: Vec<LinkGroup>, gold: Vec<LinkGroup>) -> Vec<Compared> {
    // Two files of one pair of documents are compared whatever they call them.
    let is_one_pair = predicted.len() <= 1 && gold.len() <= 1;
    let mut documents: BTreeMap<(String, String), [Vec<Link>; 2]> = BTreeMap::new();
    for (side, group) in predicted
        .into_iter()
        .map(|group| (0, group))
        .chain(gold.into_iter().map(|group| (1, group)))
    {
        let key = if is_one_pair {
            Default::default()
        } else {
            (group.src_doc, group.tgt_doc)
        };
        documents.entry(key).or_default()[side].extend(group.links);
    }
    let compared = documents.into_iter().map(|((src_doc, _), [predicted, gold])| {
        let mut ids = [BTreeMap::new(), BTreeMap::new()];
        for link in predicted.iter().chain(&gold) {
            for (ids, found) in ids.iter_mut().zip([&link.src, &link.tgt]) {
                for id in found {
                    let next = ids.len();
                    ids.entry(id.clone()).or_insert(next);
                }
            }
        }
        let [src, tgt] = &ids;
        let bead = |link: &Link| IndexBead {
            src: link.src.iter().filter_map(|id| src.get(id).copied()).collect(),
            tgt: link.tgt.iter().filter_map(|id| tgt.get(id).copied()).collect(),
        };
        Compared {
            name: if src_doc.is_empty() {
                pair.name.clone()
            } else {
                src_doc
            },
            predicted: predicted.iter().map(bead).collect(),
            confidence: predicted.iter().map(|link| link.score).collect(),
            gold: gold.iter().map(bead).collect(),
            ..Compared::default()
        }
    });
    compared.collect()
}

/// Links of one pair of documents whose ids are line numbers from 1.
fn numbered(groups: Vec<LinkGroup>, path: Option<&Path>) -> anyhow::Result<Vec<Scored>> {
    let name = path.map(|p| p.display().to_string()).unwrap_or_default();
    if groups.len() > 1 {
        return Err(Usage::error(format!(
            "{name} links {} pairs of documents: the other alignment, being of one, cannot be compared with it",
            groups.len()
        )));
    }
    let line = |id: &String| id.parse::<usize>().ok().and_then(|id| id.checked_sub(1));
    let numbers = |ids: &[String]| ids.iter().map(line).collect::<Option<Vec<_>>>();
    let links = groups.into_iter().flat_map(|group| group.links);
    let scored = links.map(|link| {
        let (src, tgt) = numbers(&link.src).zip(numbers(&link.tgt)).ok_or_else(|| {
            Usage::error(format!(
                "{name}: line {}: the ids of a link are no line numbers from 1: compare it with another XCES file",
                link.line
            ))
        })?;
        Ok(Scored {
            line: link.line,
            bead: IndexBead { src, tgt },
            score: link.score,
        })
    });
    scored.collect()
}

/// An alignment to be compared by spans must have some.
fn with_spans(rows: &[Record], path: Option<&Path>) -> anyhow::Result<()> {
    let has_spans = |row: &Record| !row.src_spans.is_empty() || !row.tgt_spans.is_empty();
    if rows.is_empty() || rows.iter().any(has_spans) {
        return Ok(());
    }
    let name = path.map(|p| p.display().to_string()).unwrap_or_default();
    Err(Usage::error(format!(
        "{name} has no spans: columns `…_span` are needed to compare"
    )))
}

/// The two documents: as given, else beside the gold as NAME.kk.txt and NAME.en.txt (by the names of the bitext's columns).
fn texts(args: &Eval, pair: &Pair, sides: &[String; 2]) -> anyhow::Result<[String; 2]> {
    let path = |given: &Option<PathBuf>, side: &str| -> anyhow::Result<String> {
        let beside = pair.texts.as_ref().map(|stem| {
            let mut name = stem.clone().into_os_string();
            name.push(format!(".{side}.txt"));
            PathBuf::from(name)
        });
        match given.clone().or(beside.filter(|path| path.is_file())) {
            Some(path) => read_text(&path),
            None => Err(Usage::error(
                "one alignment has sentence numbers, the other spans: they cannot be compared without the documents (--src, --tgt)",
            )),
        }
    };
    let side = |at: usize, fallback: &'static str| match sides[at].as_str() {
        "src" | "tgt" => fallback.to_owned(),
        name => name.to_owned(),
    };
    Ok([path(&args.src, &side(0, "kk"))?, path(&args.tgt, &side(1, "en"))?])
}

fn line_spans(text: &str) -> Vec<Span> {
    let document = Document::from_lines("", Lang::UNKNOWN, text.to_owned());
    document.sentences.iter().map(|sentence| sentence.span).collect()
}

/// Bytes of characters.
struct Characters(Vec<usize>);

impl Characters {
    fn of(text: &str) -> Self {
        Self(
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect(),
        )
    }

    fn span(&self, (start, end): (usize, usize)) -> Span {
        let byte = |character: usize| self.0.get(character).or(self.0.last()).copied().unwrap_or(0);
        Span::new(byte(start), byte(end))
    }
}

fn read(path: &Path, format: Option<Format>) -> anyhow::Result<Alignment> {
    if is_gold(path) {
        return read_gold_folder(path);
    }
    if path.is_dir() {
        let Bitext {
            rows: mut records,
            sides,
            ..
        } = read_bitext(path, None)?;
        records.extend(read_bitext(&path.join("unaligned.tsv"), None)?.rows);
        return Ok(Alignment::Rows { records, sides });
    }
    let named = || format!("cannot read {}", name_of(path));
    let reader = || Ok::<_, anyhow::Error>(open_input(path).with_context(named)?.reader);
    if format.is_none() && holds_segments(path)? {
        return read_segments(path);
    }
    Ok(match format.unwrap_or_else(|| format_of(path)) {
        Format::Vecalign => Alignment::Numbers(read_scored_vecalign(reader()?).with_context(named)?),
        Format::Ladder => Alignment::Numbers(read_scored_ladder(reader()?).with_context(named)?),
        Format::Xces => Alignment::Links(read_links(reader()?).with_context(named)?),
        format => {
            let bitext = read_bitext(path, Some(format))?;
            Alignment::Rows {
                records: bitext.rows,
                sides: bitext.sides,
            }
        }
    })
}

/// Whether a file is gold on running text, and no bitext in JSONL.
fn holds_segments(path: &Path) -> anyhow::Result<bool> {
    if Format::of(path) != Some(Format::Jsonl) {
        return Ok(false);
    }
    let named = || format!("cannot read {}", path.display());
    let mut lines = text_lines(open(path).with_context(named)?).with_context(named)?;
    let first = lines.next().transpose().with_context(named)?;
    let value: Option<Value> = first.and_then(|(_, first)| serde_json::from_str(&first).ok());
    let keys = value.as_ref().and_then(Value::as_object).into_iter().flatten();
    Ok(keys
        .filter(|(key, _)| key.ends_with("_start") || key.ends_with("_end"))
        .count()
        == 4)
}

fn read_gold_folder(folder: &Path) -> anyhow::Result<Alignment> {
    let named = || format!("cannot read {}", folder.display());
    let file = |name: &str| {
        let path = folder.join(name);
        open(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let (src, tgt) = gold_sides(file("beads.tsv")?).with_context(named)?;
    let sentences = |side: &str| file(&format!("{side}.sentences.tsv"));
    let records = read_gold(file("beads.tsv")?, sentences(&src)?, sentences(&tgt)?).with_context(named)?;
    Ok(Alignment::Rows {
        records,
        sides: [src, tgt],
    })
}

/// Gold on running text: one pair of segments a line, `{"kk_start": 0, "kk_end": 80, "en_start": 0, "en_end": 56}`, in characters.
fn read_segments(path: &Path) -> anyhow::Result<Alignment> {
    let mut out = Vec::new();
    for (number, line) in lines(&read_text(path)?)
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let bad = || {
            format!(
                "{}: line {} is no pair of segments: expected kk_start, kk_end, en_start, en_end",
                path.display(),
                number + 1
            )
        };
        let value: Value = serde_json::from_str(line).with_context(bad)?;
        let keys: Vec<&str> = value
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(key, _)| key.strip_suffix("_start"))
            .collect();
        let place =
            |side: &str, what: &str| value.get(format!("{side}_{what}"))?.as_u64().map(|n| n as usize);
        let side = |side: &str| Some((place(side, "start")?, place(side, "end")?));
        // Kazakh first, as in the columns of a bitext; otherwise in the order of the keys.
        let mut sides = keys.clone();
        sides.sort_by_key(|key| key.parse::<Lang>().map_or(u8::MAX, |lang| lang.column_order()));
        let segments = match sides[..] {
            [a, b] => side(a).zip(side(b)),
            _ => None,
        };
        let (a, b) = segments.with_context(bad)?;
        out.push([a, b]);
    }
    Ok(Alignment::Segments(out))
}

/// What the name of a file says of its format; gold is often called `NAME.gold.txt`.
fn format_of(path: &Path) -> Format {
    let is_text = Packing::strip(path)
        .extension()
        .is_some_and(|ending| ending == "txt");
    let named = if is_text { None } else { Format::of(path) };
    named.unwrap_or(Format::Vecalign)
}

/// A bitext with the names and languages of its sides.
pub(super) struct Bitext {
    pub(super) rows: Vec<Record>,
    pub(super) sides: [String; 2],
    pub(super) langs: (Lang, Lang),
}

/// Reads a bitext; of an output folder of `run`, the pairs.
pub(super) fn read_bitext(path: &Path, format: Option<Format>) -> anyhow::Result<Bitext> {
    if path.is_dir() {
        if !is_run(path) {
            return Err(Usage::error(format!(
                "{} holds no bitext.tsv: not the output of a `run` that has ended",
                path.display()
            )));
        }
        return read_bitext(&path.join("bitext.tsv"), None);
    }
    let options = ReadOptions {
        format,
        ..ReadOptions::default()
    };
    let reader = open_bitext(path, &options).map_err(explain)?;
    let sides = [reader.columns().src.clone(), reader.columns().tgt.clone()];
    let langs = reader.langs();
    let rows = reader.map(|row| row.map(|row| row.record));
    Ok(Bitext {
        rows: rows.collect::<Result<Vec<_>, _>>().map_err(explain)?,
        sides,
        langs,
    })
}
