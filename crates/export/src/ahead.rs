//! Rows of which the first are read ahead, because they tell the languages and the names of all.

use std::collections::VecDeque;

use crate::table::{Field, Layout};
use crate::{Columns, Error, Row};

/// Where rows come from, one by one; none at the end.
pub(crate) trait Source {
    /// Whether rows may follow the error that was met last.
    fn goes_on(&self) -> bool;

    /// The next row.
    fn read(&mut self) -> Result<Option<Row>, Error>;
}

/// Rows that are read ahead: fields that not every record has are mostly seen in so many.
const ROWS: usize = 1000;
/// Bytes of text that are read ahead at most.
const BYTES: usize = 1 << 20;

/// The rows of a source, the first of them read ahead.
pub(crate) struct ReadAhead<S> {
    pub(crate) source: S,
    ahead: VecDeque<Result<Row, Error>>,
    /// The extra fields of the rows read ahead, in the order in which they were met.
    extra: Vec<String>,
    /// What of the contract's columns they say.
    fields: Vec<Field>,
    over: bool,
    /// Whether an error ended it.
    failed: bool,
}

impl<S: Source> ReadAhead<S> {
    /// Reads the first rows.
    ///
    /// # Errors
    /// When there is none that is a row, for the first one.
    pub(crate) fn new(source: S) -> Result<Self, Error> {
        let mut rows = Self {
            source,
            ahead: VecDeque::new(),
            extra: Vec::new(),
            fields: Vec::new(),
            over: false,
            failed: false,
        };
        let (mut bytes, mut seen) = (0, rustc_hash::FxHashSet::default());
        let contract = Layout::default();
        while rows.ahead.len() < ROWS && bytes < BYTES {
            let Some(row) = rows.pull() else { break };
            if let Ok(Row { record, .. }) = &row {
                bytes += record.src.len() + record.tgt.len();
                let mut cells = Vec::new();
                contract.write(record, &mut cells);
                for ((_, field), cell) in contract.columns.iter().zip(&cells) {
                    if !cell.is_empty() && !rows.fields.contains(field) {
                        rows.fields.push(*field);
                    }
                }
                for (name, value) in &record.extra {
                    bytes += name.len() + value.len();
                    if seen.insert(name.clone()) {
                        rows.extra.push(name.clone());
                    }
                }
            }
            rows.ahead.push_back(row);
        }
        match rows.ahead.pop_front() {
            Some(Err(error)) if rows.ahead.iter().all(Result::is_err) => return Err(error),
            Some(first) => rows.ahead.push_front(first),
            None => {}
        }
        Ok(rows)
    }

    /// The columns of a table of these rows, whose sides are called `columns`: those of the contract that the rows read ahead
    /// fill, then the extra fields.
    pub(crate) fn layout(&self, columns: &Columns) -> Layout {
        Layout::of_fields(columns, &self.fields, &self.extra)
    }

    fn pull(&mut self) -> Option<Result<Row, Error>> {
        if self.over {
            return None;
        }
        let row = self.source.read().transpose();
        self.failed = matches!(&row, Some(Err(_))) && !self.source.goes_on();
        self.over = row.is_none() || self.failed;
        row
    }

    /// Whether rows may follow the error that was handed out last.
    pub(crate) fn goes_on(&self) -> bool {
        !self.failed || !self.ahead.is_empty()
    }
}

impl<S: Source> Iterator for ReadAhead<S> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.ahead.pop_front().or_else(|| self.pull())
    }
}
