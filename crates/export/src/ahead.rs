//! Rows of which the first are read ahead, because they tell the languages and the names of all.

use std::collections::VecDeque;

use crate::{Error, Row};

/// Where rows come from, one by one; none at the end.
pub(crate) trait Source {
    /// Whether rows may follow one that is an error.
    const GOES_ON: bool;

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
    over: bool,
}

impl<S: Source> ReadAhead<S> {
    /// Reads the first rows.
    ///
    /// # Errors
    /// When the very first one is an error.
    pub(crate) fn new(source: S) -> Result<Self, Error> {
        let mut rows = Self {
            source,
            ahead: VecDeque::new(),
            extra: Vec::new(),
            over: false,
        };
        let (mut bytes, mut seen) = (0, rustc_hash::FxHashSet::default());
        while rows.ahead.len() < ROWS && bytes < BYTES {
            let Some(row) = rows.pull() else { break };
            if let Ok(Row { record, .. }) = &row {
                bytes += record.src.len() + record.tgt.len();
                for (name, value) in &record.extra {
                    bytes += name.len() + value.len();
                    if seen.insert(name.clone()) {
                        rows.extra.push(name.clone());
                    }
                }
            }
            match row {
                Err(error) if rows.ahead.is_empty() => return Err(error),
                row => rows.ahead.push_back(row),
            }
        }
        Ok(rows)
    }

    /// Names of the extra fields, as far as the rows read ahead tell.
    pub(crate) fn extra(&self) -> &[String] {
        &self.extra
    }

    fn pull(&mut self) -> Option<Result<Row, Error>> {
        if self.over {
            return None;
        }
        let row = self.source.read().transpose();
        self.over = match &row {
            None => true,
            Some(row) => row.is_err() && !S::GOES_ON,
        };
        row
    }
}

impl<S: Source> Iterator for ReadAhead<S> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.ahead.pop_front().or_else(|| self.pull())
    }
}
