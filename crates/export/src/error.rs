//! What can go wrong.

use std::io;
use std::path::{Path, PathBuf};

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
    /// A place in a line is not of the format.
    #[error("line {line}, column {column}: {message}")]
    Place {
        /// The number of the line or row, from 1.
        line: u64,
        /// In tables the number of the cell, elsewhere of the byte in the line; from 1.
        column: u64,
        /// What is wrong and what was expected.
        message: String,
    },
    /// The file as a whole is not of the format.
    #[error("{0}")]
    Whole(String),
    /// What was asked for cannot be: options that do not fit the format.
    #[error("{0}")]
    Usage(String),
    /// Any of these, in a file.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong in it.
        cause: Box<Error>,
    },
}

impl Error {
    pub(crate) fn at(line: u64, message: impl Into<String>) -> Self {
        Self::Line {
            line,
            message: message.into(),
        }
    }

    pub(crate) fn place(line: u64, column: u64, message: impl Into<String>) -> Self {
        Self::Place {
            line,
            column,
            message: message.into(),
        }
    }

    /// The same, naming the file it happened in.
    #[must_use]
    pub fn in_file(self, path: &Path) -> Self {
        match self {
            Self::File { .. } | Self::Usage(_) => self,
            cause => Self::File {
                path: path.to_owned(),
                cause: Box::new(cause),
            },
        }
    }

    /// The same without the name of the file it happened in, for messages that name it themselves.
    #[must_use]
    pub fn out_of_file(self) -> Self {
        match self {
            Self::File { cause, .. } => cause.out_of_file(),
            other => other,
        }
    }

    /// The failure of the file itself, if it is one.
    pub fn io(&self) -> Option<&io::Error> {
        match self {
            Self::Io(inside) => Some(inside),
            Self::File { cause, .. } => cause.io(),
            _ => None,
        }
    }

    /// Whether it is a line or row that does not fit, not the whole.
    pub fn is_of_row(&self) -> bool {
        match self {
            Self::Line { .. } | Self::Place { .. } => true,
            Self::File { cause, .. } => cause.is_of_row(),
            _ => false,
        }
    }

    /// Whether the call was wrong, not the file.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Usage(_))
    }
}
