//! Byte ranges into a document.

use std::fmt::{self, Write};
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in a decoded document (UTF-8, BOM not counted).
///
/// Printed and read as `start-end`. Both ends lie on character boundaries of the text they were made for.
///
/// ```
/// use qostil_text::Span;
/// let span = Span::new(0, 6);
/// assert_eq!(span.of("Жер – ана"), "Жер");
/// assert_eq!(span.to_string(), "0-6");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an end before the start makes it empty.
    pub const fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: if end < start { start } else { end },
        }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }

    /// The text it covers; empty when it does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// The same range moved `by` bytes to the right.
    pub const fn shifted(self, by: usize) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
        }
    }

    /// Whether the two share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// As a standard range.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

/// A text that is not `start-end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSpan(pub String);

impl fmt::Display for BadSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a span: expected `start-end` in bytes", self.0)
    }
}

impl std::error::Error for BadSpan {}

impl FromStr for Span {
    type Err = BadSpan;

    fn from_str(text: &str) -> Result<Self, BadSpan> {
        let bad = || BadSpan(text.to_owned());
        let (start, end) = text.split_once('-').ok_or_else(bad)?;
        let (start, end) = (start.parse().map_err(|_| bad())?, end.parse().map_err(|_| bad())?);
        if end < start {
            Err(bad())
        } else {
            Ok(Self { start, end })
        }
    }
}

/// Several spans as one cell: `0-17,25-40`; empty for none.
pub fn join_spans(spans: &[Span]) -> String {
    let mut out = String::new();
    for span in spans {
        if !out.is_empty() {
            out.push(',');
        }
        let _ = write!(out, "{span}"); // to memory, which does not fail
    }
    out
}
