//! Index formats: beads as sentence numbers, Vecalign's and hunalign's.
//!
//! Both hold all beads, the one-sided too. Numbers are zero-based. What stands in a bead is found in the two texts, which
//! are kept in memory.

use std::io::{BufRead, Write};

use qostil_bitext::{Bead, IndexBead};

use crate::lines::lines;
use crate::table::short;
use crate::{Columns, Error, Format, ReadOptions, Row};

pub(crate) mod texts;

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
    Ok(vecalign(input)?.into_iter().map(|scored| scored.bead).collect())
}

/// A bead with where it stands and how sure its aligner was.
pub(crate) struct Scored {
    pub(crate) line: u64,
    pub(crate) bead: IndexBead,
    /// 1 − cost, or the rung's score.
    pub(crate) score: Option<f64>,
}

fn vecalign(input: impl BufRead) -> Result<Vec<Scored>, Error> {
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
    Ok(ladder(input)?.into_iter().map(|scored| scored.bead).collect())
}

struct Rung {
    src: usize,
    tgt: usize,
    line: u64,
    score: Option<f64>,
}

fn ladder(input: impl BufRead) -> Result<Vec<Scored>, Error> {
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
        if src.max(tgt) > MOST_LINES {
            return Err(Error::at(
                line,
                format!("line number {}: expected at most {MOST_LINES}", src.max(tgt)),
            ));
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

/// A ladder is a few bytes that may name any number of lines: no text has more than this.
const MOST_LINES: usize = 1 << 28;

/// The rows that an index format and its two texts make.
pub(crate) fn rows<R: BufRead>(
    input: R,
    format: Format,
    options: &ReadOptions,
) -> Result<(impl Iterator<Item = Result<Row, Error>> + use<R>, Columns), Error> {
    let (Some(src), Some(tgt)) = (&options.src, &options.tgt) else {
        return Err(Error::Usage(format!(
            "{format} holds sentence numbers only: name both texts with --src and --tgt"
        )));
    };
    let langs = options.langs;
    let src = texts::document(src, langs.map(|(src, _)| src))?;
    let tgt = texts::document(tgt, langs.map(|(_, tgt)| tgt))?;
    let columns = Columns {
        swapped: false,
        ..Columns::of(src.lang, tgt.lang)
    };
    let beads = match format {
        Format::Vecalign => vecalign(input)?,
        _ => ladder(input)?,
    };
    let rows = beads
        .into_iter()
        .map(move |scored| texts::row(scored.line, &scored.bead, scored.score, &src, &tgt));
    Ok((rows, columns))
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
