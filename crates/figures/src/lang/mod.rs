//! One file per language: its word table and its conventions.

mod en;
mod kk;
mod neutral;
mod ru;

use std::sync::LazyLock;

use qostil_text::Lang;

use crate::grammar::Grammar;

/// What a language brings: a table of words, and how it writes and orders its numbers. `docs/adding-a-language.md` shows
/// how to write one.
pub trait Language: Send + Sync {
    /// The word table, in the form of the files in `data/figures`; see `docs/adding-a-language.md` for its roles.
    fn table(&self) -> &str;

    /// How numbers are written.
    fn conventions(&self) -> Conventions {
        Conventions::default()
    }
}

/// How a language writes and orders its numbers. The default is the practice of most of the continent: a decimal comma,
/// thousands by space, `он бес`.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is an independent fact about a language.
pub struct Conventions {
    /// The decimal mark, `,` or `.`; absent where both are met equally often.
    pub decimal: Option<char>,
    /// Whether ones follow ten (`он бес`, 15) or teens have words of their own.
    pub ones_after_ten: bool,
    /// Whether a hyphen joins tens and ones (`twenty-five`); elsewhere it makes a range (`үш-төрт`).
    pub hyphen_joins: bool,
    /// Whether hundreds may count beyond nine (`fifteen hundred`).
    pub teen_hundreds: bool,
    /// Whether the denominator comes first, in the ablative (`үштен бірі`).
    pub denominator_first: bool,
    /// Whether a denominator is an ordinal after the numerator (`одна пятая`).
    pub ordinal_denominators: bool,
    /// Whether a bare number of four digits is read as a year when nothing says otherwise.
    pub bare_years: bool,
    /// Whether months are written with a capital, as names.
    pub capital_months: bool,
    /// Whether day and month may change places in `03/04/2025`.
    pub month_first: bool,
    /// Whether a word after digits and a hyphen makes an ordinal (`5-сынып`).
    pub hyphen_ordinals: bool,
}

impl Default for Conventions {
    fn default() -> Self {
        Self {
            decimal: Some(','),
            ones_after_ten: true,
            hyphen_joins: false,
            teen_hundreds: false,
            denominator_first: false,
            ordinal_denominators: false,
            bare_years: false,
            capital_months: false,
            month_first: false,
            hyphen_ordinals: false,
        }
    }
}

/// The grammar of a language; languages without one of their own share the neutral one.
pub(crate) fn grammar(lang: Lang) -> &'static Grammar {
    static KK: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&kk::Kazakh));
    static EN: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&en::English));
    static RU: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&ru::Russian));
    static NEUTRAL: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(&neutral::Neutral));
    match lang {
        Lang::Kazakh => &KK,
        Lang::English => &EN,
        Lang::Russian => &RU,
        Lang::KazakhLatin | Lang::Other(_) => &NEUTRAL,
    }
}
