//! Readers and writers of bitext and of alignments, and the one door through which Qostil's files go.
//!
//! * [`TsvWriter`], [`TsvReader`], [`JsonlWriter`]: bitext records;
//! * [`write_vecalign`], [`read_vecalign`], [`write_ladder`], [`read_ladder`]: beads as sentence numbers;
//! * [`read_gold`]: gold alignments by sentence numbers;
//! * [`record`]: from a bead to a record;
//! * [`AtomicFile`], [`open`]: files, whole or not at all, compressed by their name.
//!
//! Knows nothing of how a pair was found.

mod error;
mod files;
mod gold;
mod index;
mod jsonl;
mod lines;
mod record;
mod tsv;

pub use error::Error;
pub use files::{AtomicFile, Packing, open, read_limited};
pub use gold::{gold_sides, read_gold};
pub use index::{read_ladder, read_vecalign, write_ladder, write_vecalign};
pub use jsonl::JsonlWriter;
pub use lines::one_line;
pub use record::record;
pub use tsv::{Columns, Row, TsvReader, TsvWriter};
