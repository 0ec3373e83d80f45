//! Rows of which the first is read ahead, because it tells the languages or names of all.

use crate::{Error, Row};

/// Where rows come from, one by one; none at the end.
pub(crate) trait Source {
    /// The next row.
    fn read(&mut self) -> Result<Option<Row>, Error>;
}

/// The rows of a source, the first of them read ahead. After the end or an error there is none.
pub(crate) struct ReadAhead<S> {
    pub(crate) source: S,
    first: Option<Row>,
    over: bool,
}

impl<S: Source> ReadAhead<S> {
    /// Reads the first row.
    pub(crate) fn new(mut source: S) -> Result<Self, Error> {
        let first = source.read()?;
        Ok(Self {
            source,
            over: first.is_none(),
            first,
        })
    }

    /// The first row, until it is handed out.
    pub(crate) fn first(&self) -> Option<&Row> {
        self.first.as_ref()
    }
}

impl<S: Source> Iterator for ReadAhead<S> {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.first.take() {
            return Some(Ok(row));
        }
        if self.over {
            return None;
        }
        let row = self.source.read().transpose();
        self.over = !matches!(row, Some(Ok(_)));
        row
    }
}
