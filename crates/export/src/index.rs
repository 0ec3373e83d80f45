//! Index formats: beads as sentence numbers, Vecalign's, hunalign's and OPUS'.
//!
//! All hold all beads, the one-sided too. Numbers are zero-based. What stands in a bead is found in the two texts, which
//! are kept in memory.

use std::io::{BufRead, Write};
use std::path::Path;

use qostil_bitext::{Bead, IndexBead, Record};
use qostil_text::Document;
use rustc_hash::FxHashMap;

use crate::lines::lines;
use crate::table::{Layout, short};
use crate::{Columns, Error, Format, Losses, ReadOptions, Row};

mod texts;
mod xces;

pub use xces::{Link, LinkGroup, read_links};

/// Writes Vecalign's form, `[0, 1]:[2]:0.0310`: the last field is a cost, 1 − confidence. An unpaired sentence has a line of its own.
///
/// # Errors
/// When `out` fails.
pub fn write_vecalign(out: &mut impl Write, beads: &[Bead]) -> Result<(), Error> {
    for bead in beads {
        let cost = 1.0 - bead.confidence;
        if bead.is_pair() {
            let (src, tgt): (Vec<_>, Vec<_>) = (bead.src.clone().collect(), bead.tgt.clone().collect());
            writeln!(out, "{src:?}:{tgt:?}:{cost:.4}")?;
            continue;
        }
        for i in bead.src.clone() {
            writeln!(out, "[{i}]:[]:{cost:.4}")?;
        }
        for j in bead.tgt.clone() {
            writeln!(out, "[]:[{j}]:{cost:.4}")?;
        }
    }
    Ok(())
}

/// Reads Vecalign's form; the cost is ignored and may be absent.
///
/// # Errors
/// When `input` fails or a line is no bead.
pub fn read_vecalign(input: impl BufRead) -> Result<Vec<IndexBead>, Error> {
    Ok(read_scored_vecalign(input)?
        .into_iter()
        .map(|scored| scored.bead)
        .collect())
}

/// A bead with where it stands and how sure its aligner was.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The bead.
    pub bead: IndexBead,
    /// 1 − cost, or the rung's score; a probability only when its aligner says so, as Qostil's does.
    pub score: Option<f64>,
}

/// [`read_vecalign`] with scores.
///
/// # Errors
/// The same.
pub fn read_scored_vecalign(input: impl BufRead) -> Result<Vec<Scored>, Error> {
    let mut beads = Vec::new();
    for row in lines(input) {
        let (line, text) = row?;
        if text.trim().is_empty() {
            continue;
        }
        let (bead, cost) = vecalign_bead(&text).ok_or_else(|| {
            let found = short(text.trim());
            Error::at(
                line,
                format!("`{found}` is not a bead: expected `[0, 1]:[2]` or `[0, 1]:[2]:0.031`"),
            )
        })?;
        let score = cost.map(|cost| 1.0 - cost);
        beads.extend(
            one_sided_apart(bead)
                .into_iter()
                .map(|bead| Scored { line, bead, score }),
        );
    }
    Ok(beads)
}

fn vecalign_bead(line: &str) -> Option<(IndexBead, Option<f64>)> {
    let (src, rest) = numbers(line.trim())?;
    let (tgt, rest) = numbers(rest.strip_prefix(':')?.trim_start())?;
    let cost = rest.strip_prefix(':').map(|c| c.trim().parse::<f64>());
    match cost {
        None if rest.is_empty() => Some((IndexBead { src, tgt }, None)),
        Some(Ok(cost)) => Some((IndexBead { src, tgt }, Some(cost))),
        _ => None,
    }
}

/// The numbers of `[0, 1]` at the start of `text`, and what follows.
fn numbers(text: &str) -> Option<(Vec<usize>, &str)> {
    let (inner, rest) = text.strip_prefix('[')?.split_once(']')?;
    let parts = inner
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty());
    Some((parts.map(|part| part.parse().ok()).collect::<Option<_>>()?, rest))
}

/// `[3, 4]:[]` says the same as `[3]:[]` and `[4]:[]`.
fn one_sided_apart(bead: IndexBead) -> Vec<IndexBead> {
    if bead.is_pair() {
        return vec![bead];
    }
    let src = bead.src.into_iter().map(|i| IndexBead {
        src: vec![i],
        tgt: Vec::new(),
    });
    let tgt = bead.tgt.into_iter().map(|j| IndexBead {
        src: Vec::new(),
        tgt: vec![j],
    });
    src.chain(tgt).collect()
}

/// Writes hunalign's ladder, `source target confidence`: each rung is where a bead begins, the last one the end of both sides.
///
/// # Errors
/// When `out` fails.
pub fn write_ladder(out: &mut impl Write, beads: &[Bead]) -> Result<(), Error> {
    let (mut src, mut tgt) = (0, 0);
    for bead in beads {
        writeln!(out, "{src}\t{tgt}\t{:.4}", bead.confidence)?;
        (src, tgt) = (bead.src.end.max(src), bead.tgt.end.max(tgt));
    }
    writeln!(out, "{src}\t{tgt}\t{:.4}", 0.0)?;
    Ok(())
}

/// Reads hunalign's ladder; columns after the first two are ignored. Rungs may come in any order.
///
/// # Errors
/// When `input` fails, a line is no rung, or the rungs go backwards on one side.
pub fn read_ladder(input: impl BufRead) -> Result<Vec<IndexBead>, Error> {
    Ok(read_scored_ladder(input)?
        .into_iter()
        .map(|scored| scored.bead)
        .collect())
}

struct Rung {
    src: usize,
    tgt: usize,
    line: u64,
    score: Option<f64>,
}

/// [`read_ladder`] with scores.
///
/// # Errors
/// The same.
pub fn read_scored_ladder(input: impl BufRead) -> Result<Vec<Scored>, Error> {
    scored_ladder(input, [MOST_LINES; 2])
}

/// [`read_scored_ladder`] between texts of so many lines: a ladder is a few bytes that may name any number.
fn scored_ladder(input: impl BufRead, most: [usize; 2]) -> Result<Vec<Scored>, Error> {
    let mut rungs = vec![Rung {
        src: 0,
        tgt: 0,
        line: 0,
        score: None,
    }];
    for row in lines(input) {
        let (line, text) = row?;
        if text.trim().is_empty() {
            continue;
        }
        let mut parts = text.split_whitespace();
        let mut number = || parts.next()?.parse::<usize>().ok();
        let (Some(src), Some(tgt)) = (number(), number()) else {
            let found = short(text.trim());
            return Err(Error::at(
                line,
                format!("`{found}` is not a rung: expected two line numbers and a score"),
            ));
        };
        for (number, most) in [src, tgt].into_iter().zip(most) {
            if number > most {
                return Err(Error::at(
                    line,
                    format!("line number {number}: expected at most {most}, the lines of its text"),
                ));
            }
        }
        let score = parts.next().and_then(|score| score.parse().ok());
        rungs.push(Rung {
            src,
            tgt,
            line,
            score,
        });
    }
    // The first rung may say the score of a bead that begins where every ladder does: the later of two equal ones is kept.
    rungs.sort_by_key(|rung| (rung.src, rung.tgt));
    rungs.reverse();
    rungs.dedup_by_key(|rung| (rung.src, rung.tgt));
    rungs.reverse();
    let mut beads = Vec::new();
    for step in rungs.windows(2) {
        let [from, to] = step else {
            continue;
        };
        if to.tgt < from.tgt {
            let message = format!(
                "rung {} {} goes backwards from {} {}",
                to.src, to.tgt, from.src, from.tgt
            );
            return Err(Error::at(to.line, message));
        }
        let bead = IndexBead {
            src: (from.src..to.src).collect(),
            tgt: (from.tgt..to.tgt).collect(),
        };
        let (line, score) = (from.line.max(1), from.score);
        beads.extend(
            one_sided_apart(bead)
                .into_iter()
                .map(|bead| Scored { line, bead, score }),
        );
    }
    Ok(beads)
}

/// Lines of a text that is not known.
const MOST_LINES: usize = 1 << 24;

/// The two texts of an index format.
fn both<'o>(
    format: Format,
    src: Option<&'o Path>,
    tgt: Option<&'o Path>,
) -> Result<(&'o Path, &'o Path), Error> {
    let missing = || {
        Error::Usage(format!(
            "{format} holds sentence numbers only: name both texts with --src and --tgt"
        ))
    };
    src.zip(tgt).ok_or_else(missing)
}

/// The rows that an index format and its two texts make.
pub(crate) type Rows = Box<dyn Iterator<Item = Result<Row, Error>> + Send>;

/// Reads an index format as rows of records.
///
/// The columns of a table of them stand beside what the sides are called.
pub(crate) fn rows(
    input: impl BufRead + Send + 'static,
    format: Format,
    options: &ReadOptions,
) -> Result<(Rows, Columns, Layout), Error> {
    let (src, tgt) = both(format, options.src.as_deref(), options.tgt.as_deref())?;
    let langs = options.langs;
    if format == Format::Xces {
        let reader = xces::XcesReader::new(input, src, tgt, langs)?;
        let (columns, layout) = (reader.columns().clone(), reader.layout());
        return Ok((Box::new(reader), columns, layout));
    }
    let src = texts::document(src, langs.map(|(src, _)| src))?;
    let tgt = texts::document(tgt, langs.map(|(_, tgt)| tgt))?;
    let columns = Columns::in_order(src.lang, tgt.lang);
    let beads = match format {
        Format::Vecalign => read_scored_vecalign(input)?,
        _ => scored_ladder(input, [src.sentences.len(), tgt.sentences.len()])?,
    };
    let rows = beads
        .into_iter()
        .map(move |scored| texts::row(scored.line, &scored.bead, scored.score, &src, &tgt));
    let layout = Layout::of_fields(&columns, &texts::FIELDS, &[]);
    Ok((Box::new(rows), columns, layout))
}

/// Writes records as sentence numbers: those of the lines of the two texts that the records' spans lie in. Lines of no
/// record stand alone.
pub(crate) struct IndexWriter<W> {
    out: W,
    format: Format,
    src: Document,
    tgt: Document,
    beads: Vec<(IndexBead, Option<f64>)>,
    losses: Losses,
}

impl<W: Write> IndexWriter<W> {
    pub(crate) fn new(out: W, format: Format, src: Option<&Path>, tgt: Option<&Path>) -> Result<Self, Error> {
        let (src, tgt) = both(format, src, tgt)?;
        Ok(Self {
            out,
            format,
            src: texts::document(src, None)?,
            tgt: texts::document(tgt, None)?,
            beads: Vec::new(),
            losses: Losses::default(),
        })
    }

    pub(crate) fn write(&mut self, record: &Record) {
        let bead = texts::bead_of(record, &self.src, &self.tgt);
        if bead.src.is_empty() && bead.tgt.is_empty() {
            self.losses
                .count("records without a place in the two texts left out");
        } else {
            self.beads.push((bead, record.confidence));
        }
    }

    pub(crate) fn finish(mut self) -> Result<(W, Losses), Error> {
        self.add_lines_of_no_record();
        match self.format {
            Format::Xces => xces::write(&mut self.out, &self.beads, &self.src, &self.tgt)?,
            Format::Vecalign => {
                for (bead, confidence) in &self.beads {
                    let cost = confidence
                        .map(|confidence| format!(":{:.4}", 1.0 - confidence))
                        .unwrap_or_default();
                    for part in one_sided_apart(bead.clone()) {
                        writeln!(self.out, "{:?}:{:?}{cost}", part.src, part.tgt)?;
                    }
                }
            }
            _ => self.write_rungs()?,
        }
        Ok((self.out, self.losses))
    }

    fn add_lines_of_no_record(&mut self) {
        let mut seen = [
            vec![false; self.src.sentences.len()],
            vec![false; self.tgt.sentences.len()],
        ];
        for (bead, _) in &self.beads {
            for (seen, numbers) in seen.iter_mut().zip([&bead.src, &bead.tgt]) {
                for number in numbers {
                    if let Some(seen) = seen.get_mut(*number) {
                        *seen = true;
                    }
                }
            }
        }
        let [src, tgt] = seen.map(|seen| (0..seen.len()).filter(|at| !seen[*at]).collect::<Vec<_>>());
        let alone = one_sided_apart(IndexBead { src, tgt: Vec::new() });
        self.beads.extend(alone.into_iter().map(|bead| (bead, None)));
        let alone = one_sided_apart(IndexBead { src: Vec::new(), tgt });
        self.beads.extend(alone.into_iter().map(|bead| (bead, None)));
        self.in_order();
    }

    /// Puts beads in the order of the source, and those of the target alone before the bead that holds what follows them.
    fn in_order(&mut self) {
        let mut after: FxHashMap<usize, usize> = FxHashMap::default();
        for (bead, _) in &self.beads {
            if let (Some(src), Some(tgt)) = (bead.src.first(), bead.tgt.last()) {
                after.insert(*tgt, *src);
            }
        }
        // For every target line the source line of the last pair at or before it.
        let mut last = None;
        let places: Vec<Option<usize>> = (0..self.tgt.sentences.len())
            .map(|line| {
                last = after.get(&line).copied().or(last);
                last
            })
            .collect();
        self.beads
            .sort_by_key(|(bead, _)| match (bead.src.first(), bead.tgt.first()) {
                (Some(src), tgt) => (Some(*src), 0, tgt.copied()),
                (None, Some(tgt)) => (places.get(*tgt).copied().flatten(), 1, Some(*tgt)),
                (None, None) => (None, 0, None),
            });
    }

    /// A ladder has no way to say that beads cross or leave out a line in between.
    fn write_rungs(&mut self) -> Result<(), Error> {
        let (mut src, mut tgt) = (0, 0);
        for (bead, confidence) in &self.beads {
            let follows = |numbers: &[usize], at: usize| numbers.iter().copied().eq(at..at + numbers.len());
            if !follows(&bead.src, src) || !follows(&bead.tgt, tgt) {
                return Err(Error::Whole(
                    "beads cross or have gaps, which a ladder cannot say: take vecalign or xces".to_owned(),
                ));
            }
            writeln!(self.out, "{src}\t{tgt}\t{:.4}", confidence.unwrap_or(0.0))?;
            (src, tgt) = (src + bead.src.len(), tgt + bead.tgt.len());
        }
        writeln!(self.out, "{src}\t{tgt}\t{:.4}", 0.0)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use qostil_bitext::Verdict;

    use super::*;

    fn bead(src: std::ops::Range<usize>, tgt: std::ops::Range<usize>) -> Bead {
        Bead {
            src,
            tgt,
            confidence: 0.969,
            verdict: Verdict::None,
            evidence: Vec::new(),
        }
    }

    #[test]
    fn both_forms_come_back() {
        let beads = [
            bead(0..2, 0..1),
            bead(2..3, 1..1),
            bead(3..4, 1..3),
            bead(4..4, 3..4),
        ];
        let expected: Vec<_> = beads.iter().map(IndexBead::from).collect();
        let mut text = Vec::new();
        write_vecalign(&mut text, &beads).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&text),
            "[0, 1]:[0]:0.0310\n[2]:[]:0.0310\n[3]:[1, 2]:0.0310\n[]:[3]:0.0310\n"
        );
        assert_eq!(read_vecalign(&text[..]).unwrap(), expected);
        text.clear();
        write_ladder(&mut text, &beads).unwrap();
        assert_eq!(read_ladder(&text[..]).unwrap(), expected);
    }

    #[test]
    fn bad_lines_are_named() {
        let error = read_vecalign(&b"[0]:[0]\n[1]:x\n"[..]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: `[1]:x` is not a bead: expected `[0, 1]:[2]` or `[0, 1]:[2]:0.031`"
        );
        assert!(read_vecalign(&b"[0]:[0]:much\n"[..]).is_err());
        assert!(read_ladder(&b"0 0\n2 five\n"[..]).is_err());
        assert!(read_ladder(&b"0 4\n2 1\n"[..]).is_err());
    }
}
