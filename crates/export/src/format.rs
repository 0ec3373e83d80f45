//! The formats, and which one a file is in.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::Packing;
use crate::table::language;

/// A format of bitext or of alignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Tab-separated values in the contract's columns; reads any header, or two columns without one.
    Tsv,
    /// Comma-separated values, quoted as RFC 4180 says, in the same columns.
    Csv,
    /// Two line-parallel files, `NAME.kk` and `NAME.en`.
    Moses,
    /// JSON lines with the columns' names as keys.
    Jsonl,
    /// JSON lines with both texts under `translation`.
    Translation,
    /// Translation Memory eXchange 1.4b.
    Tmx,
    /// Bitextor's `sent` TSV.
    Sent,
    /// Apache Parquet.
    Parquet,
    /// A sheet for reviewers (Office Open XML).
    Xlsx,
    /// hunalign's `-text` output: texts joined by ` ~~~ `, a score, `<p>` rows.
    HunalignText,
    /// Vecalign's alignments, by sentence numbers.
    Vecalign,
    /// hunalign's ladder, by sentence numbers.
    Ladder,
    /// OPUS' XCES links, by sentence ids.
    Xces,
}

impl Format {
    /// All of them with their names, the best-known first.
    pub const ALL: [(&'static str, Self); 13] = [
        ("tsv", Self::Tsv),
        ("csv", Self::Csv),
        ("moses", Self::Moses),
        ("jsonl", Self::Jsonl),
        ("translation", Self::Translation),
        ("tmx", Self::Tmx),
        ("sent", Self::Sent),
        ("parquet", Self::Parquet),
        ("xlsx", Self::Xlsx),
        ("hunalign-text", Self::HunalignText),
        ("vecalign", Self::Vecalign),
        ("ladder", Self::Ladder),
        ("xces", Self::Xces),
    ];

    /// What the name of a file says, its packing aside. `NAME.kk-en` and `NAME.kk` name Moses files.
    ///
    /// ```
    /// use qostil_export::Format;
    /// assert_eq!(Format::of("news.tmx.gz".as_ref()), Some(Format::Tmx));
    /// assert_eq!(Format::of("news.kk-en".as_ref()), Some(Format::Moses));
    /// assert_eq!(Format::of("news".as_ref()), None);
    /// ```
    pub fn of(path: &Path) -> Option<Self> {
        let path = Packing::strip(path);
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "tsv" | "tab" | "txt" => Self::Tsv,
            "csv" => Self::Csv,
            "jsonl" | "ndjson" | "json" => Self::Jsonl,
            "tmx" => Self::Tmx,
            "sent" => Self::Sent,
            "parquet" | "pq" => Self::Parquet,
            "xlsx" => Self::Xlsx,
            "vecalign" | "align" => Self::Vecalign,
            "ladder" => Self::Ladder,
            "xces" | "xml" => Self::Xces,
            other if lang_pair(other).is_some() || is_side(other) => Self::Moses,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, format)| *format == self);
        found.map_or("", |(name, _)| name)
    }

    /// Whether it holds sentence numbers only and needs both texts beside it.
    pub const fn is_index(self) -> bool {
        matches!(self, Self::Vecalign | Self::Ladder | Self::Xces)
    }

    /// Whether each row is a line of its own, or of CSV some, so that one that is not understood leaves the others alone.
    pub const fn is_lines(self) -> bool {
        matches!(
            self,
            Self::Tsv | Self::Csv | Self::Sent | Self::Jsonl | Self::Translation | Self::HunalignText
        )
    }

    /// Whether it can be read from and written to a pipe.
    pub const fn is_stream(self) -> bool {
        !matches!(self, Self::Moses | Self::Parquet | Self::Xlsx)
    }
}

/// The ending of one file of a pair: a language, or `src`, `tgt`, `trg`.
pub(crate) fn is_side(ending: &str) -> bool {
    matches!(ending, "src" | "tgt" | "trg")
        || ending.len() <= 3 && language(ending).is_some_and(|l| l.is_known())
}

/// `kk-en` as two codes.
pub(crate) fn lang_pair(text: &str) -> Option<(&str, &str)> {
    let (a, b) = text.rsplit_once('-')?;
    let is_code = |code: &str| (2..=7).contains(&code.len()) && language(code).is_some();
    (is_code(a) && (2..=3).contains(&b.len()) && language(b).is_some() && b != "latn").then_some((a, b))
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = Format::ALL.iter().map(|(name, _)| *name).collect();
        write!(
            f,
            "`{}` is not a format: expected one of {}",
            self.0,
            names.join(", ")
        )
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, format)| *format)
            .ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
