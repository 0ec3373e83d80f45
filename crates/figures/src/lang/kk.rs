//! Kazakh in Cyrillic script.

use super::{Conventions, Language};

/// Agglutinative: words are stems with chains of endings; the denominator comes first (`үштен бірі`); `5-сынып` is fifth.
pub(super) struct Kazakh;

impl Language for Kazakh {
    fn table(&self) -> &str {
        qostil_data::figures::KK
    }

    fn conventions(&self) -> Conventions {
        Conventions {
            denominator_first: true,
            hyphen_ordinals: true,
            ..Conventions::default()
        }
    }
}
