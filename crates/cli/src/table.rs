//! Small tables and numbers for people.

use std::fmt;

use qostil_corpus::MovedSection;
use qostil_export::one_line;

/// Rows of cells; columns are as wide as their widest cell that is no wider than [`WIDEST`].
pub(crate) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

/// In characters: one long name does not move all other rows out of sight.
const WIDEST: usize = 60;

impl<const N: usize> Table<N> {
    /// A table with a head.
    pub(crate) fn new(head: [&str; N]) -> Self {
        Self {
            rows: vec![head.map(str::to_owned)],
        }
    }

    /// Adds a row; line ends inside cells become spaces.
    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| one_line(&cell).into_owned()));
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            self.rows
                .iter()
                .map(|row| row[column].chars().count())
                .filter(|width| *width <= WIDEST)
                .max()
                .unwrap_or(0)
        };
        let widths: [usize; N] = std::array::from_fn(width);
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(widths) {
                let gap = width.saturating_sub(cell.chars().count()) + 2;
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', gap));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// That a section stands elsewhere: `sentences 0–5 of kk.txt stand at sentences 16–21 of en.txt (5 pairs)`.
pub(crate) fn moved(section: &MovedSection, [src, tgt]: [&str; 2]) -> String {
    let place = |[first, last]: [usize; 2], document| format!("sentences {first}–{last} of {document}");
    format!(
        "moved: {} stand at {} ({})",
        place(section.src, src),
        place(section.tgt, tgt),
        counted(section.pairs, "pair")
    )
}

/// `1 pair`, `2 pairs`.
pub(crate) fn counted(count: impl fmt::Display, what: &str) -> String {
    let count = count.to_string();
    format!("{count} {what}{}", if count == "1" { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All rows were as wide as the longest name of a document.
    #[test]
    fn a_long_cell_widens_no_other_row() {
        let mut table = Table::new(["document", "lang"]);
        let long = "d".repeat(WIDEST + 1);
        table.row(["a.txt".to_owned(), "kk".to_owned()]);
        table.row([long.clone(), "en".to_owned()]);
        assert_eq!(
            table.to_string(),
            format!("document  lang\na.txt     kk\n{long}  en\n")
        );
    }
}
