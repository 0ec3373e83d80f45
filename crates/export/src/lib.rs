//! Readers and writers of bitext and of alignments, and the one door through which Qostil's files go.
//!
//! Knows nothing of how a pair was found.

mod files;

pub use files::{AtomicFile, Packing, open, read_limited};
