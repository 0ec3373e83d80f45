//! Readers and writers of bitext and of alignments, and the one door through which Qostil's files go.
//!
//! * [`BitextReader`], [`BitextWriter`]: bitext in any [`Format`], chosen by the file's name; [`read_bitext`] for the
//!   records alone;
//! * [`TsvReader`], [`TsvWriter`], [`JsonlWriter`], [`TmxReader`], [`TmxWriter`]: one format on a stream of one's own;
//! * [`write_vecalign`], [`read_vecalign`], [`write_ladder`], [`read_ladder`], [`read_links`]: beads as sentence numbers and ids;
//! * [`read_gold`]: gold alignments by sentence numbers;
//! * [`record`]: from a bead to a record;
//! * [`Chooser`], [`Divider`], [`Sampler`], [`Shuffle`], [`Datacard`], [`Sources`]: training sets;
//! * [`table_rows`], [`text_lines`]: tables and lines as they stand, whatever they mean;
//! * [`AtomicFile`], [`open`]: files, whole or not at all, compressed by their name, read as their first bytes say.
//!
//! What a format cannot hold is never dropped in silence: see [`Losses`]. Knows nothing of how a pair was found.

mod ahead;
mod bitext;
mod cells;
mod choose;
mod csv;
mod datacard;
mod error;
mod files;
mod format;
mod gold;
mod hunalign;
mod index;
mod jsonl;
mod lines;
mod losses;
mod moses;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod table;
mod tmx;
mod tsv;
mod unicode;
mod view;
#[cfg(feature = "xlsx")]
mod xlsx;
mod xml;

pub use bitext::{BitextReader, BitextWriter, LangPair, ReadOptions, WriteOptions, read_bitext};
pub use cells::{Cells, table_rows, text_lines};
pub use choose::{Choice, Chooser, Divider, Duplicates, PartCounts, Parts, Refusal, Sampler, Shuffle};
pub use csv::{csv_cells, write_csv_row};
pub use datacard::{Datacard, Sources};
pub use error::Error;
pub use files::{
    AtomicFile, Packing, all_of, is_same_file, open, open_packed, open_stream, read_limited, sync_files,
};
pub use format::{Format, UnknownFormat};
pub use gold::{gold_sides, read_bead_table, read_gold};
pub use index::{
    Link, LinkGroup, Scored, read_ladder, read_links, read_scored_ladder, read_scored_vecalign,
    read_vecalign, write_ladder, write_vecalign,
};
pub use jsonl::{JsonlWriter, Members};
pub use lines::{count_lines, one_line};
pub use losses::Losses;
pub use record::{EVIDENCE_SHOWN, record};
pub use table::{Layout, language};
pub use tmx::{TmxReader, TmxWriter};
pub use tsv::{Columns, Row, TsvReader, TsvWriter};
pub use unicode::unmarked_utf16;
