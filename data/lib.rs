//! Qostil's tables, as text: lists a linguist can read and extend, compiled into the binary.
//!
//! One module per folder of `data/`; each file says in its head what it holds, where its facts come from and how a
//! line is read. Parsing belongs to the crate that uses a table.

/// Languages.
pub mod text {
    /// Codes of languages with their names.
    pub const LANGUAGES: &str = include_str!("text/languages.tsv");
}

/// Sentence splitting: abbreviations, words that open sentences, words of speech and more; telling languages.
pub mod split {
    /// Kazakh abbreviations by behaviour.
    pub const ABBREVIATIONS_KK: &str = include_str!("split/abbreviations.kk.txt");
    /// Abbreviations of Kazakh in Latin script.
    pub const ABBREVIATIONS_KK_LATN: &str = include_str!("split/abbreviations.kk-latn.txt");
    /// Russian abbreviations by behaviour.
    pub const ABBREVIATIONS_RU: &str = include_str!("split/abbreviations.ru.txt");
    /// English abbreviations by behaviour.
    pub const ABBREVIATIONS_EN: &str = include_str!("split/abbreviations.en.txt");
    /// Kazakh words that open sentences.
    pub const OPENERS_KK: &str = include_str!("split/openers.kk.txt");
    /// Russian words that open sentences.
    pub const OPENERS_RU: &str = include_str!("split/openers.ru.txt");
    /// English words that open sentences.
    pub const OPENERS_EN: &str = include_str!("split/openers.en.txt");
    /// Kazakh endings of nouns and finite verbs.
    pub const ENDINGS_KK: &str = include_str!("split/endings.kk.txt");
    /// Languages by letters and function words.
    pub const LANGUAGES: &str = include_str!("split/languages.txt");
    /// Words of numbered headings.
    pub const HEADINGS: &str = include_str!("split/headings.txt");
    /// Words that a single letter completes.
    pub const LETTERED: &str = include_str!("split/lettered.txt");
    /// Endings of surnames.
    pub const SURNAMES: &str = include_str!("split/surnames.txt");
    /// Words of speech.
    pub const SPEECH: &str = include_str!("split/speech.txt");
    /// Words that continue a time of day.
    pub const CALENDAR: &str = include_str!("split/calendar.txt");
    /// Prepositions that open a mere time or place.
    pub const PREPOSITIONS: &str = include_str!("split/prepositions.txt");
}

/// Words of figures, units, months, one file per language.
pub mod figures {
    /// Units: code, dimension, factor.
    pub const UNITS: &str = include_str!("figures/units.tsv");
    /// Marks and units as every language writes them.
    pub const COMMON: &str = include_str!("figures/common.tsv");
    /// Kazakh.
    pub const KK: &str = include_str!("figures/kk.tsv");
    /// English.
    pub const EN: &str = include_str!("figures/en.tsv");
    /// Russian.
    pub const RU: &str = include_str!("figures/ru.tsv");
    /// Any other language.
    pub const OTHER: &str = include_str!("figures/other.tsv");
}

/// Stemming: Kazakh endings, irregular English forms.
pub mod stem {
    /// Kazakh endings as an automaton.
    pub const KK_SUFFIXES: &str = include_str!("stem/kk-suffixes.tsv");
    /// Irregular English forms by lemma.
    pub const EN_IRREGULAR: &str = include_str!("stem/en-irregular.tsv");
    /// English words that the stemmer would run together with others.
    pub const EN_APART: &str = include_str!("stem/en-apart.tsv");
    /// Irregular Russian forms by lemma.
    pub const RU_IRREGULAR: &str = include_str!("stem/ru-irregular.tsv");
    /// Russian nouns that end like forms of other words, by their stems.
    pub const RU_NOUNS: &str = include_str!("stem/ru-nouns.txt");
    /// Words that stand in so many sentences that finding one proves nothing.
    pub const FUNCTION_WORDS: &str = include_str!("stem/function-words.tsv");
    /// Words that every text keeps coming back to.
    pub const COMMON_WORDS: &str = include_str!("stem/common-words.tsv");
}

/// The seed lexicon, one file per domain: `kk pos en ru domain`, tab-separated, with a header.
pub mod lexicon {
    macro_rules! files {
        ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("lexicon/", $name, ".tsv")))),*] };
    }
    /// Name and text of each file, in name order.
    pub const FILES: &[(&str, &str)] = files![
        "adjectives",
        "adverbs",
        "agriculture",
        "body",
        "construction",
        "countries",
        "culture",
        "economy",
        "education",
        "energy",
        "function",
        "general",
        "government",
        "health",
        "household",
        "kazakhstan",
        "law",
        "measurement",
        "military",
        "names",
        "nature",
        "news",
        "organisations",
        "people",
        "peoples",
        "religion",
        "science",
        "sport",
        "technology",
        "time",
        "transport",
        "verbs"
    ];
}

/// Reading of collections: what web pages put around their text.
pub mod corpus {
    /// Phrases of navigation, credits, counters, dates.
    pub const CLEANING: &str = include_str!("corpus/cleaning.tsv");
    /// Parts of web pages that are no part of what they tell.
    pub const PAGE_DEBRIS: &str = include_str!("corpus/page-debris.tsv");
}

/// What the aligner believes before it sees documents.
pub mod align {
    /// Reliabilities, length model and feature weights.
    pub const PARAMETERS: &str = include_str!("align/parameters.toml");
}
