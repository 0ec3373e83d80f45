//! What can go wrong.

use std::io;

/// A failure of reading or writing a format.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file itself failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line is not of the format.
    #[error("line {line}: {message}")]
    Line {
        /// Its number, from 1; 0 when it is the whole that does not fit.
        line: u64,
        /// What is wrong and what was expected.
        message: String,
    },
}

impl Error {
    pub(crate) fn at(line: u64, message: impl Into<String>) -> Self {
        Self::Line {
            line,
            message: message.into(),
        }
    }
}
