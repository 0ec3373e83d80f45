//! Index formats: beads as sentence numbers, Vecalign's and hunalign's.
//!
//! Both hold all beads, the one-sided too. Numbers are zero-based.

use std::io::{BufRead, Write};

use qostil_bitext::{Bead, IndexBead};

use crate::{Error, lines::lines};

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
    let mut beads = Vec::new();
    for line in lines(input) {
        let (number, line) = line?;
        if line.trim().is_empty() {
            continue;
        }
        let bead = vecalign_bead(&line);
        beads.extend(one_sided_apart(bead.ok_or_else(|| {
            Error::at(
                number,
                format!(
                    "`{}` is not a bead: expected `[0, 1]:[2]` or `[0, 1]:[2]:0.031`",
                    line.trim()
                ),
            )
        })?));
    }
    Ok(beads)
}

fn vecalign_bead(line: &str) -> Option<IndexBead> {
    let (src, rest) = numbers(line.trim())?;
    let (tgt, rest) = numbers(rest.strip_prefix(':')?.trim_start())?;
    let cost = rest.strip_prefix(':').map(|c| c.trim().parse::<f64>());
    if rest.is_empty() || matches!(cost, Some(Ok(_))) {
        Some(IndexBead { src, tgt })
    } else {
        None
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
    let mut rungs = vec![(0, 0)];
    for line in lines(input) {
        let (number, line) = line?;
        if line.trim().is_empty() {
            continue;
        }
        let mut parts = line.split_whitespace().map(str::parse::<usize>);
        let (Some(Ok(src)), Some(Ok(tgt))) = (parts.next(), parts.next()) else {
            let message = format!(
                "`{}` is not a rung: expected two line numbers and a score",
                line.trim()
            );
            return Err(Error::at(number, message));
        };
        rungs.push((src, tgt));
    }
    rungs.sort_unstable();
    rungs.dedup();
    let mut beads = Vec::new();
    for step in rungs.windows(2) {
        let [(src, tgt), (src_end, tgt_end)] = step else {
            continue;
        };
        if tgt_end < tgt {
            return Err(Error::at(
                0,
                format!("rung {src_end} {tgt_end} goes backwards from {src} {tgt}"),
            ));
        }
        let bead = IndexBead {
            src: (*src..*src_end).collect(),
            tgt: (*tgt..*tgt_end).collect(),
        };
        beads.extend(one_sided_apart(bead));
    }
    Ok(beads)
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
