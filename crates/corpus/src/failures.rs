//! Inputs that could not be used, and rows of them: rows of a broken table may be millions.

use std::io::{self, Seek, SeekFrom, Write};

use rustc_hash::FxHashMap;
use tempfile::SpooledTempFile;

use crate::summary::{Failure, ROWS_TOLD};
use crate::{Stage, Tally, unread_row};

/// The reason in `left-out.tsv` of what could not be read.
pub(crate) const UNREADABLE: &str = "unreadable";

/// All of them counted and written down; those that are told of, of a table the first, in memory.
pub(crate) struct Failures {
    told: Vec<Failure>,
    count: usize,
    /// How many rows of a table there are among them.
    rows: FxHashMap<String, usize>,
    digest: blake3::Hasher,
    /// Their rows of `left-out.tsv`.
    left_out: SpooledTempFile,
}

/// Bytes of rows that wait in memory.
const SPOOLED: usize = 1 << 20;

impl Failures {
    pub(crate) fn new() -> Self {
        Self {
            told: Vec::new(),
            count: 0,
            rows: FxHashMap::default(),
            digest: blake3::Hasher::new(),
            left_out: SpooledTempFile::new(SPOOLED),
        }
    }

    /// Takes one more.
    ///
    /// # Errors
    /// When the temporary file of their rows cannot be written.
    pub(crate) fn push(&mut self, failure: Failure) -> io::Result<()> {
        let (id, cause) = match (&failure.id, failure.line) {
            (None, Some(line)) => (&failure.input, &format!("line {line}: {}", failure.cause)),
            (id, _) => (id.as_ref().unwrap_or(&failure.input), &failure.cause),
        };
        self.left_out
            .write_all(&unread_row(UNREADABLE, id, cause).left_out)?;
        self.digest.update(format!("{failure:?}").as_bytes());
        self.count += 1;
        let before = match failure.line {
            Some(_) => {
                let rows = self.rows.entry(failure.input.clone()).or_default();
                *rows += 1;
                *rows - 1
            }
            None => 0,
        };
        if before < ROWS_TOLD {
            self.told.push(failure);
        }
        Ok(())
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Those that are told of, in the order met.
    pub(crate) fn told(&self) -> &[Failure] {
        &self.told
    }

    pub(crate) fn into_told(self) -> Vec<Failure> {
        self.told
    }

    /// A hash of all.
    pub(crate) fn digest(&self) -> blake3::Hash {
        self.digest.finalize()
    }

    /// Writes their rows of `left-out.tsv`, and counts them.
    ///
    /// # Errors
    /// When `out` cannot be written, or the temporary file not be read.
    pub(crate) fn write(&mut self, out: &mut impl Write, tally: &mut Tally) -> io::Result<()> {
        self.left_out.seek(SeekFrom::Start(0))?;
        io::copy(&mut self.left_out, out)?;
        if self.count > 0 {
            let key = (Stage::Read, UNREADABLE.to_owned());
            *tally.left_out.entry(key).or_default() += self.count;
        }
        Ok(())
    }
}
