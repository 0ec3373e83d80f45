//! Beads that a person has fixed, in whatever form they were kept.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::Range;
use std::path::Path;

use qostil_align::Fixed;
use qostil_export::{
    BitextReader, Error, Format, ReadOptions, Scored, read_bead_table, read_scored_vecalign,
};
use qostil_text::{Document, Span, join_spans, lines};

use crate::commands::convert::explain;
use crate::exit::Usage;
use crate::global::Global;
use crate::input::read_text;
use crate::table::counted;

/// The fixed beads of `path`, in order: Vecalign's form, a table of sentence numbers, or bitext whose rows have spans.
/// Beads with one side fix nothing and are passed over; what no alignment in one order can hold is left out with a warning.
pub(super) fn read(
    path: &Path,
    src: &Document,
    tgt: &Document,
    global: &Global,
) -> anyhow::Result<Vec<Fixed>> {
    let format = Format::of(path);
    let documents = [src, tgt];
    let found = if matches!(format, Some(Format::Parquet | Format::Xlsx)) {
        let reader = BitextReader::open(path, &options(format)).map_err(explain)?;
        by_spans(reader, documents)
    } else {
        let text = read_text(path)?;
        match form(&text) {
            Form::Vecalign => numbered(read_scored_vecalign(text.as_bytes()), documents),
            Form::Numbers => numbered(read_bead_table(text.as_bytes()), documents),
            Form::Bitext if !text.contains(['\t', ',', ';', '{', '<']) => Err(anyhow::anyhow!(
                "expected `[0]:[0]` a line, two columns of sentence numbers, or bitext whose rows have spans"
            )),
            Form::Bitext => in_text(text, format).and_then(|reader| by_spans(reader, documents)),
        }
    };
    let named = |error: anyhow::Error| Usage::error(format!("{}: {error:#}", path.display()));
    let found = found.map_err(named)?;
    if found.of_others > 0 {
        let rows = counted(found.of_others, "row");
        global.note(format_args!(
            "{}: passed over {rows} of other documents",
            path.display()
        ));
    }
    let (fixed, left_out) = in_one_order(found.rows, documents).map_err(named)?;
    if let Some(Left { line, why }) = left_out.first() {
        let rows = counted(left_out.len(), "row");
        global.warn(format_args!(
            "{}: left out {rows} that cannot be fixed, first line {line}, {why}",
            path.display()
        ));
    }
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
    let mut lines = lines(text).filter(|line| !line.trim().is_empty());
    let is_numbers = |line: &str| {
        let mut cells = line.split('\t');
        let mut number = || {
            let cell = cells.next()?;
            let is_number = cell.chars().all(|c| c.is_ascii_digit() || c == ',' || c == ' ');
            is_number.then_some(cell)
        };
        matches!((number(), number()), (Some(a), Some(b)) if !(a.is_empty() && b.is_empty()))
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

/// A pair that is to be fixed.
struct Row {
    line: u64,
    /// Where each side stands, in order: in bytes where the row says that, else in sentences.
    places: [Vec<Span>; 2],
    /// The sentences from the first to the last that it holds some of, and how many of them it does.
    sentences: [Range<usize>; 2],
    held: [usize; 2],
    /// Made of several, see [`Row::join`].
    is_joined: bool,
}

impl Row {
    /// From the beginning of its first place to the end of its last.
    fn hull(&self, side: usize) -> Range<usize> {
        let place = |place: Option<&Span>| place.copied().unwrap_or_default();
        place(self.places[side].first()).start..place(self.places[side].last()).end
    }

    /// Whether all its sentences may be one bead's: those of one row are, whatever was cut out in between; of joined rows most must be their own.
    fn is_whole(&self) -> bool {
        !self.is_joined || (0..2).all(|side| 2 * self.held[side] > self.sentences[side].len())
    }

    /// Joins one that comes after it and holds some of a sentence that this one holds some of too.
    fn join(&mut self, after: &Self) {
        self.is_joined = true;
        for side in 0..2 {
            let (own, next) = (&mut self.sentences[side], &after.sentences[side]);
            self.held[side] += after.held[side] - own.end.saturating_sub(next.start).min(1); // the last is the first of the next
            own.end = own.end.max(next.end);
            self.places[side].extend_from_slice(&after.places[side]);
        }
    }
}

/// The rows of a file that are of the two documents, and how many are not.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    of_others: usize,
}

fn numbered(read: Result<Vec<Scored>, Error>, documents: [&Document; 2]) -> anyhow::Result<Found> {
    let mut found = Found::default();
    for Scored { line, bead, .. } in read?.into_iter().filter(|scored| scored.bead.is_pair()) {
        let range = |numbers: &[usize], document: &Document| {
            run(numbers, document).map_err(|cause| anyhow::anyhow!("line {line}: {cause}"))
        };
        let sentences = [range(&bead.src, documents[0])?, range(&bead.tgt, documents[1])?];
        found.rows.push(Row {
            line,
            places: sentences.clone().map(|range| vec![Span::from(range)]),
            held: sentences.each_ref().map(ExactSizeIterator::len),
            is_joined: false,
            sentences,
        });
    }
    Ok(found)
}

/// The bitext in a text.
fn in_text(text: String, format: Option<Format>) -> anyhow::Result<BitextReader> {
    Ok(BitextReader::new(
        Box::new(Cursor::new(text.into_bytes())),
        &options(format),
    )?)
}

/// How bitext is read of which the texts and their places are all that is asked for.
fn options(format: Option<Format>) -> ReadOptions {
    ReadOptions {
        format,
        unused: ["confidence", "bead", "verdict", "evidence"]
            .map(str::to_owned)
            .into(),
        ..ReadOptions::default()
    }
}

/// The rows that are of these two documents, by their spans.
fn by_spans(reader: BitextReader, documents: [&Document; 2]) -> anyhow::Result<Found> {
    let (a, b) = reader.langs();
    let is_turned = a != b && a == documents[1].lang && b == documents[0].lang;
    let mut found = Found::default();
    let mut other = None;
    for row in reader {
        let row = row.map_err(Error::out_of_file)?;
        let record = row.record;
        let mut sides = [
            (record.src, record.src_doc, record.src_spans),
            (record.tgt, record.tgt_doc, record.tgt_spans),
        ];
        if is_turned {
            sides.reverse();
        }
        let [(src, src_doc, src_spans), (tgt, tgt_doc, tgt_spans)] = sides;
        if !(is_of(&src_doc, documents[0]) && is_of(&tgt_doc, documents[1])) {
            found.of_others += 1;
            other = Some((src_doc, tgt_doc));
            continue;
        }
        let at = |cause: String| anyhow::anyhow!("line {}: {cause}", row.line);
        if src_spans.is_empty() || tgt_spans.is_empty() {
            if !src.trim().is_empty() && !tgt.trim().is_empty() {
                return Err(at("the row says no place: expected `[0]:[0]` a line, two columns of sentence numbers, or bitext with the columns `…_span`".into()));
            }
            continue;
        }
        let (src_run, src_held) = held(&src_spans, &src, documents[0]).map_err(at)?;
        let (tgt_run, tgt_held) = held(&tgt_spans, &tgt, documents[1]).map_err(at)?;
        found.rows.push(Row {
            line: row.line,
            places: [src_spans, tgt_spans],
            sentences: [src_run, tgt_run],
            held: [src_held, tgt_held],
            is_joined: false,
        });
    }
    match other {
        Some((a, b)) if found.rows.is_empty() => anyhow::bail!(
            "no row is of {} and {}: its documents are {a} and {b}",
            documents[0].id,
            documents[1].id
        ),
        _ => Ok(found),
    }
}

/// Whether a row's name of a document means this one: the folder may be another, and `run` keeps the text of what is no plain text under its name and `.txt`.
fn is_of(name: &str, document: &Document) -> bool {
    let (name, own) = (Path::new(name).file_name(), Path::new(&document.id).file_name());
    let (Some(name), Some(own)) = (
        name.and_then(|name| name.to_str()),
        own.and_then(|own| own.to_str()),
    ) else {
        return name.is_none() || name == own;
    };
    own.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest == ".txt")
}

/// A row's text and what stands at its places are the same where their pairs of letters are alike to this share: letters that were mended, and a text
/// corrected by hand, differ in a few.
const ALIKE: f64 = 0.5;
/// Texts of fewer letters are not compared.
const TELLING: usize = 8;

/// The sentences from the first to the last that `spans` hold some of, and of how many they do: `run` cuts debris out of sentences, and out of the text between
/// them. What has no letter or digit, and is no whole sentence, is none of it: a quotation mark may stand on either side of a boundary.
fn held(spans: &[Span], text: &str, document: &Document) -> Result<(Range<usize>, usize), String> {
    let fault = |span: &Span, what: &str| format!("{span} of {} {what}", document.id);
    if let Some(span) = spans.iter().find(|span| span.end > document.text.len()) {
        let end = document.text.len();
        return Err(fault(span, &format!("is not in it: it ends at {end}")));
    }
    if let Some(span) = spans
        .iter()
        .find(|span| span.of(&document.text).trim().is_empty())
    {
        return Err(fault(span, "holds no text"));
    }
    let mut neighbours = spans.iter().zip(spans.iter().skip(1));
    if let Some((before, after)) = neighbours.find(|(before, after)| before.end > after.start) {
        return Err(fault(after, &format!("is not after {before}")));
    }
    let there: Vec<&str> = spans.iter().map(|span| span.of(&document.text)).collect();
    let is_telling = text.chars().count() >= TELLING;
    if is_telling && strsim::sorensen_dice(text, &there.join(" ")) < ALIKE {
        return Err(format!(
            "{} of {} is not the text of the row: was the document changed?",
            join_spans(spans),
            document.id
        ));
    }
    let mut run: Option<Range<usize>> = None;
    let mut count = 0;
    for span in spans {
        let first = document.sentences.partition_point(|s| s.span.end <= span.start);
        let near = document.sentences.iter().enumerate().skip(first);
        for (at, sentence) in near.take_while(|(_, s)| s.span.start < span.end) {
            let whole = sentence.span.of(&document.text).trim();
            let common = Span::new(
                sentence.span.start.max(span.start),
                sentence.span.end.min(span.end),
            );
            let common = common.of(&document.text).trim();
            if common.is_empty() || !(common == whole || common.contains(char::is_alphanumeric)) {
                continue;
            }
            let run = run.get_or_insert(at..at);
            count += usize::from(run.end <= at); // two spans may hold some of one sentence
            run.end = at + 1;
        }
    }
    let run = run.ok_or_else(|| format!("{} of {} holds no sentence", join_spans(spans), document.id))?;
    Ok((run, count))
}

/// A row that cannot be fixed.
struct Left {
    line: u64,
    why: &'static str,
}

/// The beads in order, each once, and the rows that are left out, in order of their lines: as few as can be of those that cross others, later lines first, and those that leave out
/// most sentences of their run.
fn in_one_order(mut rows: Vec<Row>, documents: [&Document; 2]) -> anyhow::Result<(Vec<Fixed>, Vec<Left>)> {
    rows.sort_by(|a, b| (&a.places, a.line).cmp(&(&b.places, b.line)));
    rows.dedup_by(|after, before| after.places == before.places);
    for (side, document) in documents.into_iter().enumerate() {
        contradiction(&rows, side, document)?;
    }
    let chain = longest_chain(&rows);
    let mut joined: Vec<Row> = Vec::with_capacity(chain.len());
    let mut left = Vec::new();
    let mut chain = chain.into_iter().peekable();
    for (at, row) in rows.into_iter().enumerate() {
        if chain.next_if_eq(&at).is_none() {
            let why = "which crosses others: an alignment has one order";
            left.push(Left { line: row.line, why });
            continue;
        }
        match joined.last_mut() {
            Some(last) if (0..2).any(|side| last.sentences[side].end > row.sentences[side].start) => {
                last.join(&row);
            }
            _ => joined.push(row),
        }
    }
    let mut fixed = Vec::with_capacity(joined.len());
    for row in joined {
        let is_whole = row.is_whole();
        let Row {
            line,
            sentences: [src, tgt],
            ..
        } = row;
        if is_whole {
            fixed.push(Fixed { src, tgt });
        } else {
            let why = "whose sentences do not follow each other";
            left.push(Left { line, why });
        }
    }
    left.sort_by_key(|left| left.line);
    Ok((fixed, left))
}

/// Fails where two rows hold the same text of a side.
fn contradiction(rows: &[Row], side: usize, document: &Document) -> anyhow::Result<()> {
    let mut all: Vec<(Span, &Row)> = rows
        .iter()
        .flat_map(|row| row.places[side].iter().map(move |&span| (span, row)))
        .collect();
    all.sort_by_key(|&(span, row)| (span, row.line));
    for pair in all.windows(2) {
        let [(before, first), (after, second)] = pair else {
            continue;
        };
        if before.end > after.start {
            let both = first.sentences[side].start.max(second.sentences[side].start);
            anyhow::bail!(
                "lines {} and {} contradict each other: both hold sentence {both} of {}",
                first.line.min(second.line),
                first.line.max(second.line),
                document.id
            );
        }
    }
    Ok(())
}

/// The numbers of the most rows that follow each other on both sides, in order; of as many, those on earlier lines. `O(k log k)` for `k` rows.
fn longest_chain(rows: &[Row]) -> Vec<usize> {
    // a row's beginning asks for what has ended before it
    let mut events: Vec<(usize, bool, usize)> = Vec::with_capacity(2 * rows.len());
    for (at, row) in rows.iter().enumerate() {
        let src = row.hull(0);
        events.extend([(src.start, true, at), (src.end, false, at)]);
    }
    events.sort_unstable();
    // of every row, the best chain that it ends (how many rows, on which lines) and the row before it there
    let mut chains = vec![((0, Reverse(0)), None); rows.len()];
    // rows that have ended by where they end in the target; better chains end later
    let mut ended: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, begins, at) in events {
        let tgt = rows[at].hull(1);
        if begins {
            let before = ended.range(..=tgt.start).next_back().map(|(_, &row)| row);
            let (count, Reverse(lines)) = before.map_or((0, Reverse(0)), |row: usize| chains[row].0);
            chains[at] = ((count + 1, Reverse(lines + rows[at].line)), before);
            continue;
        }
        let own = chains[at].0;
        let is_no_gain = |(_, &row): (_, &usize)| chains[row].0 >= own;
        if ended.range(..=tgt.end).next_back().is_some_and(is_no_gain) {
            continue;
        }
        while let Some((&later, _)) = ended
            .range(tgt.end..)
            .next()
            .filter(|&(_, &row)| chains[row].0 <= own)
        {
            ended.remove(&later);
        }
        ended.insert(tgt.end, at);
    }
    let last = ended.last_key_value().map(|(_, &row)| row);
    let mut out: Vec<usize> = std::iter::successors(last, |&row| chains[row].1).collect();
    out.reverse();
    out
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
