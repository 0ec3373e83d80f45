//! Qostil's tables, as text: lists a linguist can read and extend, compiled into the binary.
//!
//! One module per folder of `data/`; each file says in its head what it holds, where its facts come from and how a
//! line is read. Parsing belongs to the crate that uses a table.

/// Sentence splitting: abbreviations, titles, speech verbs.
pub mod split {}

/// Words of figures, units, months, one file per language.
pub mod figures {}
