//! The page on which people read and correct an alignment: one HTML file that needs no network, no server and no
//! installation.
//!
//! The texts travel as JSON inside a script element, with every character escaped that could end it, and the page builds
//! itself from them by DOM calls with text alone: nothing in a document can become markup or script.
//!
//! ```
//! use qostil_bitext::Record;
//! use qostil_report::Page;
//!
//! let mut page = Page::new(["kk".into(), "en".into()]);
//! let hostile = Record { src: "<script>alert(1)</script>".into(), tgt: "Nothing happens.".into(), ..Record::default() };
//! page.add(&hostile, |_, text| vec![(0..text.len()).into()]);
//! let html = page.to_html();
//! assert!(!html.contains("<script>alert"));
//! ```
//!
//! Knows nothing of how beads were found.

mod data;
mod html;

pub use data::{DocumentRow, Page};
