//! Any other language.

use super::{Conventions, Language};

/// Digits in both separator conventions and the marks of `data/figures/common.tsv`; no words.
pub(super) struct Neutral;

impl Language for Neutral {
    fn table(&self) -> &'static str {
        qostil_data::figures::OTHER
    }

    fn conventions(&self) -> Conventions {
        Conventions {
            decimal: None,
            bare_years: true,
            month_first: true,
            ..Conventions::default()
        }
    }
}
