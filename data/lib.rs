//! Qostil's tables, as text: lists a linguist can read and extend, compiled into the binary.
//!
//! One module per folder of `data/`; each file says in its head what it holds, where its facts come from and how a
//! line is read. Parsing belongs to the crate that uses a table.

/// Sentence splitting: abbreviations, titles, speech verbs.
pub mod split {}

/// Words of figures, units, months, one file per language.
pub mod figures {
    /// Units: code, dimension, factor.
    pub const UNITS: &str = include_str!("figures/units.tsv");
}

/// Stemming: Kazakh endings, irregular English forms.
pub mod stem {
    /// Kazakh endings as an automaton.
    pub const KK_SUFFIXES: &str = include_str!("stem/kk-suffixes.tsv");
    /// Irregular English forms by lemma.
    pub const EN_IRREGULAR: &str = include_str!("stem/en-irregular.tsv");
}

/// The seed lexicon, one file per domain: `kk pos en ru domain`, tab-separated, with a header.
pub mod lexicon {
    macro_rules! files {
        ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("lexicon/", $name, ".tsv")))),*] };
    }
    /// Name and text of each file, in name order.
    pub const FILES: &[(&str, &str)] = files!["adjectives", "adverbs", "body", "education"];
}

/// Reading of collections: what web pages put around their text.
pub mod corpus {
    /// Phrases of navigation, credits, counters, dates.
    pub const CLEANING: &str = include_str!("corpus/cleaning.tsv");
}

/// What the aligner believes before it sees documents.
pub mod align {
    /// Reliabilities, length model and feature weights.
    pub const PARAMETERS: &str = include_str!("align/parameters.toml");
}
