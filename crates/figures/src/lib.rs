//! Figures by value: numbers, money, dates, times and other values that Kazakh, English and Russian text states, and
//! what the figures of two texts say about each other.
//!
//! A figure is a value, not a string: `2,6 трлн`, `2.6 trillion` and `2,600 billion` are equal, `1-0` is not `10`, and
//! 5 per cent are not 5 percentage points. Values are exact decimals. Every figure has its place in the text in bytes.
//!
//! ```
//! use qostil_figures::{compare, figures};
//! use qostil_bitext::Verdict;
//! use qostil_text::Lang;
//!
//! let kk = figures("300000 адам", Lang::Kazakh);
//! let en = figures("300000 people", Lang::English);
//! assert_eq!(compare(&kk, &en).verdict, Verdict::Agree);
//! ```
//!
//! Nothing here knows sentences, alignment or files.

mod calendar;
mod clock;
mod compare;
mod context;
mod figure;
mod fraction;
mod grammar;
mod lang;
mod measure;
mod numeral;
mod prefixes;
mod range;
mod roman;
mod scan;
mod shapes;
mod unit;

pub use compare::{Comparison, Fault, agree, compare};
pub use figure::{Date, Exactness, Figure, Kind, Reading, Value};
pub use grammar::Grammar;
pub use lang::{Conventions, Language};
pub use scan::{figures, scan, scan_with};
pub use unit::{Dimension, Unit, UnknownUnit};
