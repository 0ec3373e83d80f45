//! Russian.

use super::{Conventions, Language};

/// Number words in all cases and genders; denominators are ordinals (`одна пятая`).
pub(super) struct Russian;

impl Language for Russian {
    fn table(&self) -> &str {
        qostil_data::figures::RU
    }

    fn conventions(&self) -> Conventions {
        Conventions {
            ones_after_ten: false,
            ordinal_denominators: true,
            ..Conventions::default()
        }
    }
}
