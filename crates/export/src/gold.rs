//! Gold alignments as people write them: sentences with their places, and beads by sentence numbers.

use std::io::BufRead;

use qostil_bitext::{BeadType, IndexBead, Record};
use qostil_text::Span;

use crate::index::Scored;
use crate::lines::lines;
use crate::table::short;
use crate::{Error, one_line};

/// The two columns of `beads.tsv` that number sentences, by which the files of sentences are named: `kk`, `en`.
///
/// # Errors
/// When `input` fails or has no header of two names.
pub fn gold_sides(input: impl BufRead) -> Result<(String, String), Error> {
    let header = lines(input)
        .next()
        .transpose()?
        .map(|(_, line)| line)
        .unwrap_or_default();
    let mut names = header.split('\t').map(str::to_owned);
    match (names.next(), names.next()) {
        (Some(src), Some(tgt)) if !src.is_empty() && !tgt.is_empty() => Ok((src, tgt)),
        _ => Err(Error::at(
            1,
            "no header: expected the names of the two sides, as `kk` and `en`",
        )),
    }
}

/// Reads beads as a table: after a header, if there is one, two columns of zero-based sentence numbers joined by `,`; what stands in
/// further columns is ignored.
///
/// # Errors
/// When `input` fails or a line has anything but numbers there.
pub fn read_bead_table(input: impl BufRead) -> Result<Vec<Scored>, Error> {
    let mut beads = Vec::new();
    let mut is_first = true;
    for row in lines(input) {
        let (line, text) = row?;
        if text.trim().is_empty() {
            continue;
        }
        let mut cells = text.split('\t').map(numbers);
        match (cells.next(), cells.next()) {
            (Some(Ok(src)), Some(Ok(tgt))) => beads.push(Scored {
                line,
                bead: IndexBead { src, tgt },
                score: None,
            }),
            _ if is_first && !text.contains(|c: char| c.is_ascii_digit()) => {} // a header
            (Some(Err(part)), _) | (_, Some(Err(part))) => {
                return Err(Error::at(
                    line,
                    format!("`{part}` is no sentence number: expected whole numbers from 0, joined by `,`"),
                ));
            }
            _ => return Err(Error::at(line, "one column: expected two of sentence numbers")),
        }
        is_first = false;
    }
    Ok(beads)
}

/// The numbers of a cell, else the part that is none.
fn numbers(cell: &str) -> Result<Vec<usize>, String> {
    let parts = cell.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| part.parse().map_err(|_| short(part).to_string()))
        .collect()
}

/// Reads a gold alignment: `beads` has a header and two columns of zero-based sentence numbers joined by `,`; the files of
/// sentences have a header and the columns `start end text`, in bytes of the document.
///
/// # Errors
/// When an input fails, a line is not of its form, or a bead names a sentence that is not there.
pub fn read_gold(beads: impl BufRead, src: impl BufRead, tgt: impl BufRead) -> Result<Vec<Record>, Error> {
    let (src, tgt) = (sentences(src)?, sentences(tgt)?);
    let mut records = Vec::new();
    for Scored { line, bead, .. } in read_bead_table(beads)? {
        let side = |all: &[(Span, String)], numbers: &[usize]| -> Result<Vec<(Span, String)>, Error> {
            let bad = |number| {
                Error::at(
                    line,
                    format!(
                        "there is no sentence `{number}`: expected 0 to {}",
                        all.len().saturating_sub(1)
                    ),
                )
            };
            let found = numbers
                .iter()
                .map(|&number| all.get(number).cloned().ok_or_else(|| bad(number)));
            found.collect()
        };
        let (src, tgt) = (side(&src, &bead.src)?, side(&tgt, &bead.tgt)?);
        let text = |side: &[(Span, String)]| {
            side.iter()
                .map(|(_, text)| one_line(text))
                .collect::<Vec<_>>()
                .join(" ")
        };
        records.push(Record {
            src: text(&src),
            tgt: text(&tgt),
            bead: Some(BeadType {
                src: src.len(),
                tgt: tgt.len(),
            }),
            src_spans: src.iter().map(|(span, _)| *span).collect(),
            tgt_spans: tgt.iter().map(|(span, _)| *span).collect(),
            ..Record::default()
        });
    }
    Ok(records)
}

fn sentences(input: impl BufRead) -> Result<Vec<(Span, String)>, Error> {
    let mut out = Vec::new();
    for line in lines(input).skip(1) {
        let (number, line) = line?;
        let mut cells = line.splitn(3, '\t');
        let mut place = || cells.next().and_then(|cell| cell.parse().ok());
        match (place(), place()) {
            (Some(start), Some(end)) if start <= end => {
                out.push((Span::new(start, end), cells.next().unwrap_or("").to_owned()));
            }
            _ => {
                return Err(Error::at(
                    number,
                    format!("`{line}` is no sentence: expected start, end and text"),
                ));
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KK: &[u8] = "start\tend\ttext\n0\t6\tБір\n7\t13\tЕкі\n".as_bytes();
    const EN: &[u8] = b"start\tend\ttext\n0\t3\tOne\n";

    #[test]
    fn beads_take_the_places_of_their_sentences() {
        assert_eq!(
            gold_sides(&b"kk\ten\ttype\n"[..]).unwrap(),
            ("kk".into(), "en".into())
        );
        let found = read_gold(&b"kk\ten\ttype\n0,1\t0\t2-1\n1\t\t1-0\n"[..], KK, EN).unwrap();
        assert_eq!(found[0].src_spans, [Span::new(0, 6), Span::new(7, 13)]);
        assert_eq!((found[1].src.as_str(), found[1].tgt_spans.len()), ("Екі", 0));
    }

    #[test]
    fn a_sentence_that_is_not_there_is_named() {
        let error = read_gold(&b"kk\ten\n0\t1\n"[..], KK, EN).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: there is no sentence `1`: expected 0 to 0"
        );
    }
}
