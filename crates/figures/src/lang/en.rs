//! English.

use super::{Conventions, Language};

/// A decimal point, thousands by comma, `twenty-five`, `fifteen hundred`, months with a capital, bare years.
pub(super) struct English;

impl Language for English {
    fn table(&self) -> &str {
        qostil_data::figures::EN
    }

    fn conventions(&self) -> Conventions {
        Conventions {
            decimal: Some('.'),
            ones_after_ten: false,
            hyphen_joins: true,
            teen_hundreds: true,
            bare_years: true,
            capital_months: true,
            month_first: true,
            ..Conventions::default()
        }
    }
}
