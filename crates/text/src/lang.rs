//! Languages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that Qostil has resources for, or any other by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Lang {
    /// Kazakh in Cyrillic script, `kk`.
    Kazakh,
    /// Kazakh in Latin script (2018 or 2021 alphabet), `kk-latn`.
    KazakhLatin,
    /// Russian, `ru`.
    Russian,
    /// English, `en`.
    English,
    /// Any other: two or three lower-case ASCII letters, padded with a zero byte; `und` when unknown.
    Other([u8; 3]),
}

impl Lang {
    /// A language nobody named.
    pub const UNKNOWN: Self = Self::Other(*b"und");

    /// Its code: `kk`, `kk-latn`, `ru`, `en`, `de`, `und` …
    pub fn code(&self) -> &str {
        match self {
            Self::Kazakh => "kk",
            Self::KazakhLatin => "kk-latn",
            Self::Russian => "ru",
            Self::English => "en",
            Self::Other(code) => {
                let len = if code[2] == 0 { 2 } else { 3 };
                std::str::from_utf8(&code[..len]).unwrap_or("und")
            }
        }
    }

    /// Whether it is one of the languages with rules and word lists of their own.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// The place of its column in output: kk, ru, en, then the others.
    pub const fn column_order(&self) -> u8 {
        match self {
            Self::Kazakh | Self::KazakhLatin => 0,
            Self::Russian => 1,
            Self::English => 2,
            Self::Other(_) => 3,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is no language code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLang(pub String);

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a language code: expected kk, kk-latn, ru, en, und or another ISO 639 code",
            self.0
        )
    }
}

impl std::error::Error for UnknownLang {}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Self, UnknownLang> {
        let lower = code.to_ascii_lowercase();
        match lower.as_str() {
            "kk" | "kaz" | "kk-cyrl" => Ok(Self::Kazakh),
            "kk-latn" | "kk_latn" => Ok(Self::KazakhLatin),
            "ru" | "rus" => Ok(Self::Russian),
            "en" | "eng" => Ok(Self::English),
            other if (2..=3).contains(&other.len()) && other.bytes().all(|b| b.is_ascii_lowercase()) => {
                let mut padded = [0; 3];
                padded[..other.len()].copy_from_slice(other.as_bytes());
                Ok(Self::Other(padded))
            }
            _ => Err(UnknownLang(code.to_owned())),
        }
    }
}

impl TryFrom<String> for Lang {
    type Error = UnknownLang;

    fn try_from(code: String) -> Result<Self, UnknownLang> {
        code.parse()
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> Self {
        lang.code().to_owned()
    }
}
