//! Beads that a person has fixed, in whatever form they were kept.

use std::io::Cursor;
use std::ops::Range;
use std::path::Path;

use qostil_align::Fixed;
use qostil_bitext::IndexBead;
use qostil_eval::by_lines;
use qostil_export::{BitextReader, Error, Format, ReadOptions, read_bead_table, read_scored_vecalign};
use qostil_text::{Document, Span, join_spans};

use crate::commands::convert::explain;
use crate::exit::Usage;
use crate::global::Global;
use crate::input::read_text;

/// The fixed beads of `path`, in order: Vecalign's form, a table of sentence numbers, or bitext whose rows have spans.
/// Beads with one side fix nothing and are passed over.
pub(super) fn read(
    path: &Path,
    src: &Document,
    tgt: &Document,
    global: &Global,
) -> anyhow::Result<Vec<Fixed>> {
    let format = Format::of(path);
    let beads = if matches!(format, Some(Format::Parquet | Format::Xlsx)) {
        let reader = BitextReader::open(path, &ReadOptions::default()).map_err(explain)?;
        by_spans(reader, src, tgt)
    } else {
        let text = read_text(path)?;
        match form(&text) {
            Form::Vecalign => numbered(read_scored_vecalign(text.as_bytes())),
            Form::Numbers => numbered(read_bead_table(text.as_bytes())),
            Form::Bitext => in_text(text, format).and_then(|reader| by_spans(reader, src, tgt)),
        }
    };
    let named = |error: anyhow::Error| Usage::error(format!("{}: {error:#}", path.display()));
    let fixed = beads
        .and_then(|beads| consistent(&beads, src, tgt))
        .map_err(named)?;
    if fixed.is_empty() {
        global.warn(format_args!(
            "{} holds no pair with two sides: nothing is fixed",
            path.display()
        ));
    }
    Ok(fixed)
}

enum Form {
    Vecalign,
    Numbers,
    Bitext,
}

/// What the lines look like: `[0]:[0]`, two columns of numbers under a header or none, anything else.
fn form(text: &str) -> Form {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_numbers = |line: &str| {
        let mut cells = line.split('\t');
        let number = |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || c == ',' || c == ' ');
        cells.next().is_some_and(number) && cells.next().is_some_and(number)
    };
    match lines.next() {
        Some(first) if first.trim_start().starts_with('[') => Form::Vecalign,
        Some(first) => {
            let mut rest = lines.peekable();
            let has_rows = rest.peek().is_some() || is_numbers(first);
            if has_rows && rest.all(is_numbers) {
                Form::Numbers
            } else {
                Form::Bitext
            }
        }
        None => Form::Numbers,
    }
}

/// A bead with the line that it stands on.
type Placed = (u64, IndexBead);

fn numbered(read: Result<Vec<qostil_export::Scored>, qostil_export::Error>) -> anyhow::Result<Vec<Placed>> {
    let beads = read?.into_iter().map(|scored| (scored.line, scored.bead));
    Ok(beads.filter(|(_, bead)| bead.is_pair()).collect())
}

/// The bitext in a text.
fn in_text(text: String, format: Option<Format>) -> anyhow::Result<BitextReader> {
    let options = ReadOptions {
        format,
        ..ReadOptions::default()
    };
    Ok(BitextReader::new(
        Box::new(Cursor::new(text.into_bytes())),
        &options,
    )?)
}

/// The beads of the rows that are of these two documents.
fn by_spans(reader: BitextReader, src: &Document, tgt: &Document) -> anyhow::Result<Vec<Placed>> {
    let (a, b) = reader.langs();
    let is_turned = a != b && a == tgt.lang && b == src.lang;
    let lines = [src, tgt].map(|document| document.sentences.iter().map(|s| s.span).collect::<Vec<_>>());
    let mut beads = Vec::new();
    let mut others = None;
    for row in reader {
        let row = row.map_err(Error::out_of_file)?;
        let mut found = row.record;
        if is_turned {
            std::mem::swap(&mut found.src_spans, &mut found.tgt_spans);
            std::mem::swap(&mut found.src_doc, &mut found.tgt_doc);
            std::mem::swap(&mut found.src, &mut found.tgt);
        }
        if !(is_of(&found.src_doc, src) && is_of(&found.tgt_doc, tgt)) {
            others = Some((found.src_doc, found.tgt_doc));
            continue;
        }
        let at = |cause: String| anyhow::anyhow!("line {}: {cause}", row.line);
        let has_texts = !found.src.trim().is_empty() && !found.tgt.trim().is_empty();
        if found.src_spans.is_empty() || found.tgt_spans.is_empty() {
            if has_texts {
                return Err(at("the row says no place: expected `[0]:[0]` a line, two columns of sentence numbers, or bitext with the columns `…_span`".into()));
            }
            continue;
        }
        let bead = by_lines(std::slice::from_ref(&found), &lines[0], &lines[1])
            .into_iter()
            .find(IndexBead::is_pair)
            .ok_or_else(|| at("its spans hold no sentence of these documents".into()))?;
        let whole = |spans: &[Span], numbers: &[usize], document: &Document| {
            whole_run(spans, numbers, document).map_err(at)
        };
        let bead = IndexBead {
            src: whole(&found.src_spans, &bead.src, src)?,
            tgt: whole(&found.tgt_spans, &bead.tgt, tgt)?,
        };
        beads.push((row.line, bead));
    }
    match others {
        Some((a, b)) if beads.is_empty() => anyhow::bail!(
            "no row is of {} and {}: its documents are {a} and {b}",
            src.id,
            tgt.id
        ),
        _ => Ok(beads),
    }
}

/// Whether a row's name of a document means this one: the folder may be another.
fn is_of(name: &str, document: &Document) -> bool {
    name.is_empty() || Path::new(name).file_name() == Path::new(&document.id).file_name()
}

/// The sentences from the first to the last of `numbers`, which `spans` cover. A bead appears as it was fixed or not at all: spans that cut through a
/// sentence would come out as others. What they leave out in between is white space, or debris that `run` has cut out.
fn whole_run(spans: &[Span], numbers: &[usize], document: &Document) -> Result<Vec<usize>, String> {
    let hull = |first: Option<Span>, last: Option<Span>| match (first, last) {
        (Some(first), Some(last)) => Span::new(first.start, last.end),
        _ => Span::default(),
    };
    let run: Vec<usize> = match (numbers.first(), numbers.last()) {
        (Some(&first), Some(&last)) => (first..=last).collect(),
        _ => Vec::new(),
    };
    let place = |number: Option<&usize>| Some(document.sentences.get(*number?)?.span);
    let given = hull(spans.first().copied(), spans.last().copied());
    let found = hull(place(run.first()), place(run.last()));
    let is_ordered = spans.windows(2).all(|pair| pair[0].end <= pair[1].start);
    let covered: usize = spans.iter().map(|span| span.len()).sum();
    if given == found && is_ordered && 2 * covered > given.len() {
        return Ok(run);
    }
    Err(format!(
        "{} of {} is no run of whole sentences: the nearest is {found}",
        join_spans(spans),
        document.id,
    ))
}

/// The beads in order, each once.
fn consistent(beads: &[Placed], src: &Document, tgt: &Document) -> anyhow::Result<Vec<Fixed>> {
    let mut fixed = Vec::with_capacity(beads.len());
    for (line, bead) in beads {
        let range = |numbers: &[usize], document: &Document| {
            run(numbers, document).map_err(|cause| anyhow::anyhow!("line {line}: {cause}"))
        };
        let (src, tgt) = (range(&bead.src, src)?, range(&bead.tgt, tgt)?);
        fixed.push((*line, Fixed { src, tgt }));
    }
    fixed.sort_by_key(|(line, bead)| (bead.src.start, bead.tgt.start, *line));
    fixed.dedup_by(|after, before| after.1 == before.1);
    for pair in fixed.windows(2) {
        let [(first, before), (second, after)] = pair else {
            continue;
        };
        let common = |a: &Range<usize>, b: &Range<usize>, document: &Document| {
            let at = a.start.max(b.start);
            (at < a.end.min(b.end)).then(|| format!("both hold sentence {at} of {}", document.id))
        };
        let (first, second) = (first.min(second), first.max(second));
        if let Some(both) =
            common(&before.src, &after.src, src).or_else(|| common(&before.tgt, &after.tgt, tgt))
        {
            anyhow::bail!("lines {first} and {second} contradict each other: {both}");
        }
        anyhow::ensure!(
            before.tgt.end <= after.tgt.start,
            "lines {first} and {second} cross: an alignment has one order"
        );
    }
    Ok(fixed.into_iter().map(|(_, bead)| bead).collect())
}

/// Sentence numbers as a run of a document's sentences.
fn run(numbers: &[usize], document: &Document) -> Result<Range<usize>, String> {
    let count = document.sentences.len();
    if let Some(number) = numbers.iter().find(|number| **number >= count) {
        return Err(match count {
            0 => format!("there is no sentence {number} in {}: it is empty", document.id),
            _ => format!(
                "there is no sentence {number} in {}: expected 0 to {}",
                document.id,
                count - 1
            ),
        });
    }
    match (numbers.first(), numbers.last()) {
        (Some(&first), Some(&last)) if numbers.iter().copied().eq(first..=last) => Ok(first..last + 1),
        _ => Err(format!(
            "the sentences {numbers:?} of {} do not follow each other: a bead is a run on both sides",
            document.id
        )),
    }
}
