//! Tables as they stand: rows of cells with their line numbers, whatever they mean.

use std::io::BufRead;

use crate::csv::limited_rows;
use crate::lines::lines;
use crate::unicode::as_utf8;
use crate::{Error, Format};

/// The non-empty lines of a text with their numbers, from 1: UTF-8, or UTF-16 with a BOM; none longer than 64 MiB.
/// After an error that names a line the next one can be read.
///
/// # Errors
/// When the beginning of `input` cannot be read.
pub fn text_lines(
    input: Box<dyn BufRead + Send>,
) -> Result<impl Iterator<Item = Result<(u64, String), Error>> + Send, Error> {
    let some = |line: &Result<(u64, String), Error>| !matches!(line, Ok((_, text)) if text.trim().is_empty());
    Ok(lines(as_utf8(input)?).filter(some))
}

/// A row of cells with the number of the line it begins on, from 1.
pub type Cells = (u64, Vec<String>);

/// The rows of a table, cells as text: CSV when `format` says so, else TSV (never quoted). Empty lines are passed over.
///
/// # Errors
/// When the beginning of `input` cannot be read.
///
/// ```
/// let table: &[u8] = b"path\tid\nnews/1.txt\tfirst\n";
/// let rows: Vec<_> = qostil_export::table_rows(Box::new(table), qostil_export::Format::Tsv)?
///     .collect::<Result<_, _>>()?;
/// assert_eq!(rows[1], (2, vec!["news/1.txt".to_owned(), "first".to_owned()]));
/// # Ok::<(), qostil_export::Error>(())
/// ```
pub fn table_rows(
    input: Box<dyn BufRead + Send>,
    format: Format,
) -> Result<Box<dyn Iterator<Item = Result<Cells, Error>> + Send>, Error> {
    if format != Format::Csv {
        let row = |(number, line): (u64, String)| (number, line.split('\t').map(str::to_owned).collect());
        return Ok(Box::new(text_lines(input)?.map(move |line| line.map(row))));
    }
    let mut rows = limited_rows(as_utf8(input)?);
    let mut over = false;
    Ok(Box::new(std::iter::from_fn(move || {
        if over {
            return None;
        }
        let mut cells = ::csv::StringRecord::new();
        match rows.next_row(&mut cells) {
            Ok(Some(line)) => Some(Ok((line, cells.iter().map(str::to_owned).collect()))),
            Ok(None) => None,
            Err(problem) => {
                over = !problem.is_of_row();
                Some(Err(problem))
            }
        }
    })))
}
