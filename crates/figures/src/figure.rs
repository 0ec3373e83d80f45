//! What a figure is.

use std::fmt;

use qostil_text::Span;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Unit;
use crate::unit::Dimension;

/// A number, date, time or other value that a text states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Its place in the text, in bytes: number, scale and unit with their endings. Words that bound it (`астам`, `over`)
    /// stay outside.
    pub span: Span,
    /// What it says, by the likeliest reading.
    pub value: Value,
    /// In which unit.
    pub unit: Unit,
    /// What is counted.
    pub kind: Kind,
    /// How exactly.
    pub exactness: Exactness,
    /// Read as its value, but no proof against another: an article (`бір`, `one`), an idiom, a name's number.
    /// It may agree with another figure and never contradicts one.
    pub weak: bool,
    /// Written with digits, not in words alone.
    pub digits: bool,
    /// A word for a group or for an open number of things, `екеуі`, `both`, `hundreds`, without a unit: it counts no units.
    pub collective: bool,
    /// Other readings of the same text, likelier ones first; usually absent.
    pub alternatives: Option<Box<[Reading]>>,
}

/// One way to understand a figure.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reading {
    /// What it says.
    pub value: Value,
    /// In which unit.
    pub unit: Unit,
    /// What is counted.
    pub kind: Kind,
}

/// A value: exact, never a float.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// A decimal; per cent as 14, a century as its number.
    Number(#[serde(with = "decimal")] Decimal),
    /// A fraction in lowest terms that has no finite decimal.
    Fraction {
        /// Above the line.
        num: u32,
        /// Below the line, not zero.
        den: u32,
    },
    /// From the first to the second, both included; a decade is `1980..1989`.
    Range(
        #[serde(with = "decimal")] Decimal,
        #[serde(with = "decimal")] Decimal,
    ),
    /// A day, a month, or a month of a year.
    Date(Date),
    /// From the first day to the second, both included.
    Dates(Date, Date),
    /// A time of day.
    Time {
        /// 0–24.
        hour: u8,
        /// 0–59.
        minute: u8,
    },
    /// A result, `1-0`.
    Score(u32, u32),
    /// More digits than a decimal holds (28), as written.
    Digits(Box<str>),
}

/// A day, a month, or either of a known year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    /// The year; 0 when the text has none.
    pub year: u16,
    /// 1–12.
    pub month: u8,
    /// 1–31; 0 when the text has none.
    pub day: u8,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Things or people.
    Count,
    /// A place in an order.
    Ordinal,
    /// Money, with its currency as unit.
    Money,
    /// Per cent and percentage points.
    Percent,
    /// A year, or a range of years.
    Year,
    /// A day, a month, or a range of days.
    Date,
    /// A time of day.
    Time,
    /// Ten years.
    Decade,
    /// A hundred years, by number.
    Century,
    /// A span of time.
    Duration,
    /// A physical quantity.
    Measure,
    /// Times as much: `екі есе`, `twice`.
    Multiplier,
    /// A part of a whole: `үштен бірі`, `half`.
    Fraction,
    /// The result of a game.
    Score,
    /// A number that names: an article, a page, `№590`.
    Label,
}

/// How exactly a figure states its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Exactness {
    /// As it is.
    #[default]
    Exact,
    /// `шамамен`, `nearly`, `около`.
    About,
    /// From one value to another.
    Range,
    /// `астам`, `more than`, `не менее`.
    AtLeast,
    /// `дейін`, `up to`, `не более`.
    AtMost,
}

impl Kind {
    /// As printed: `count`, `ordinal`, `money` …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Ordinal => "ordinal",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Year => "year",
            Self::Date => "date",
            Self::Time => "time",
            Self::Decade => "decade",
            Self::Century => "century",
            Self::Duration => "duration",
            Self::Measure => "measure",
            Self::Multiplier => "multiplier",
            Self::Fraction => "fraction",
            Self::Score => "score",
            Self::Label => "label",
        }
    }

    /// The kind that a unit makes of a count.
    pub(crate) fn of_unit(unit: Unit) -> Self {
        match unit.dimension() {
            None => Self::Count,
            Some(Dimension::Proportion | Dimension::Points) => Self::Percent,
            Some(Dimension::Money) => Self::Money,
            Some(Dimension::Duration) => Self::Duration,
            Some(Dimension::Physical(_)) => Self::Measure,
        }
    }
}

impl Exactness {
    /// As printed: `exact`, `about`, `range`, `at-least`, `at-most`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::About => "about",
            Self::Range => "range",
            Self::AtLeast => "at-least",
            Self::AtMost => "at-most",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Exactness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.year == 0 {
            write!(f, "--{:02}", self.month)?;
        } else {
            write!(f, "{:04}-{:02}", self.year, self.month)?;
        }
        if self.day == 0 {
            Ok(())
        } else {
            write!(f, "-{:02}", self.day)
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.normalize().fmt(f),
            Self::Fraction { num, den } => write!(f, "{num}/{den}"),
            Self::Range(low, high) => write!(f, "{}..{}", low.normalize(), high.normalize()),
            Self::Date(date) => date.fmt(f),
            Self::Dates(from, to) => write!(f, "{from}..{to}"),
            Self::Time { hour, minute } => write!(f, "{hour:02}:{minute:02}"),
            Self::Score(ours, theirs) => write!(f, "{ours}-{theirs}"),
            Self::Digits(digits) => f.write_str(digits),
        }
    }
}

impl Figure {
    /// The value as the `value` column has it: bounds carry their sign, `>=100`, `<=40000`.
    pub fn value_text(&self) -> String {
        match self.exactness {
            Exactness::AtLeast => format!(">={}", self.value),
            Exactness::AtMost => format!("<={}", self.value),
            _ => self.value.to_string(),
        }
    }

    /// The likeliest reading.
    pub fn reading(&self) -> Reading {
        Reading {
            value: self.value.clone(),
            unit: self.unit,
            kind: self.kind,
        }
    }

    /// The `alternatives` column: values of the other readings with their units, or with what is counted where only that
    /// differs, `|` between; empty without any.
    pub fn alternatives_text(&self) -> String {
        let others = self.alternatives.as_deref().unwrap_or_default();
        let text = |other: &Reading| {
            if !other.unit.is_none() && other.unit != self.unit {
                format!("{} {}", other.value, other.unit)
            } else if other.value == self.value {
                format!("{} {}", other.value, other.kind)
            } else {
                other.value.to_string()
            }
        };
        others.iter().map(text).collect::<Vec<_>>().join("|")
    }

    /// Keys of its value, the same in every run: two figures that agree share one (save conversions between units,
    /// such as miles and kilometres, and roundings, "nearly 8,000" of 7,960, which agree only nearly). A bound has the keys of its limit. Sharing a key does not
    /// prove agreement, since `5 kg` and `5` share the key of the bare value and so do `5 kg` and `5 km`: ask
    /// [`agree`](crate::agree).
    pub fn keys(&self) -> Vec<u64> {
        let mut out = Vec::with_capacity(4);
        self.keys_into(&mut out);
        out
    }

    /// [`keys`](Self::keys), appended to a buffer; each key once.
    pub fn keys_into(&self, out: &mut Vec<u64>) {
        let from = out.len();
        reading_keys(&self.value, self.unit, self.kind, out);
        for other in self.alternatives.as_deref().unwrap_or_default() {
            reading_keys(&other.value, other.unit, other.kind, out);
        }
        // At most a few dozen keys: in order, then without doubles.
        if let Some(mine) = out.get_mut(from..) {
            mine.sort_unstable();
        }
        let mut kept = from;
        for at in from..out.len() {
            if kept == from || out[kept - 1] != out[at] {
                out[kept] = out[at];
                kept += 1;
            }
        }
        out.truncate(kept);
    }
}

/// A decimal as its sixteen bytes.
mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        number.serialize().serialize(to)
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Decimal, D::Error> {
        <[u8; 16]>::deserialize(from).map(Decimal::deserialize)
    }
}

/// FNV-1a over a tag and words: stable across runs and machines.
fn hash(tag: u8, words: &[u64]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut feed = |byte: u8| {
        state ^= u64::from(byte);
        state = state.wrapping_mul(0x0100_0000_01b3);
    };
    feed(tag);
    for byte in words.iter().flat_map(|w| w.to_le_bytes()) {
        feed(byte);
    }
    state
}

fn decimal_words(n: Decimal) -> [u64; 2] {
    let n = n.normalize();
    let mantissa = n.mantissa();
    [
        mantissa as u64 ^ u64::from(n.scale()) << 56,
        (mantissa >> 64) as u64,
    ]
}

fn number_key(n: Decimal) -> u64 {
    hash(b'n', &decimal_words(n))
}

fn reading_keys(value: &Value, unit: Unit, kind: Kind, out: &mut Vec<u64>) {
    match value {
        Value::Number(n) => {
            out.push(number_key(*n));
            if let Some(base) = unit.dimension().and(n.checked_mul(unit.factor())) {
                let dimension = match unit.dimension() {
                    Some(Dimension::Proportion) => 0,
                    Some(Dimension::Points) => 1,
                    // Each currency is a dimension of its own.
                    Some(Dimension::Money) => {
                        1000 + hash(b'c', &unit.code().bytes().map(u64::from).collect::<Vec<_>>())
                    }
                    Some(Dimension::Duration) => 2,
                    Some(Dimension::Physical(at)) => 3 + u64::from(at),
                    None => return,
                };
                let [low, high] = decimal_words(base);
                out.push(hash(b'u', &[dimension, low, high]));
            } else if matches!(kind, Kind::Fraction | Kind::Multiplier) {
                let [low, high] = decimal_words(*n);
                out.push(hash(b'u', &[0, low, high]));
            }
            if kind == Kind::Year
                && let Ok(year) = u64::try_from(n.mantissa())
            {
                out.push(hash(b'y', &[year]));
            }
        }
        Value::Fraction { num, den } => out.push(hash(b'f', &[u64::from(*num), u64::from(*den)])),
        Value::Range(low, high) => {
            let ([a, b], [c, d]) = (decimal_words(*low), decimal_words(*high));
            out.extend([hash(b'r', &[a, b, c, d]), number_key(*low), number_key(*high)]);
        }
        Value::Score(ours, theirs) => {
            let ([a, b], [c, d]) = (
                decimal_words(Decimal::from(*ours)),
                decimal_words(Decimal::from(*theirs)),
            );
            out.push(hash(b'r', &[a, b, c, d]));
            // a result may be told from either side
            out.push(hash(
                b's',
                &[(*ours.min(theirs)).into(), (*ours.max(theirs)).into()],
            ));
        }
        Value::Date(date) => date_keys(*date, out),
        Value::Dates(from, to) => {
            date_keys(*from, out);
            date_keys(*to, out);
        }
        Value::Time { hour, minute } => out.push(hash(b't', &[u64::from(*hour), u64::from(*minute)])),
        Value::Digits(digits) => out.push(hash(b'd', &digits.bytes().map(u64::from).collect::<Vec<_>>())),
    }
}

/// A date agrees with one that leaves out its year, its day or both, and with its bare year.
fn date_keys(date: Date, out: &mut Vec<u64>) {
    let (year, month, day) = (u64::from(date.year), u64::from(date.month), u64::from(date.day));
    out.push(hash(b'm', &[month]));
    if day != 0 {
        out.push(hash(b'd', &[month, day]));
    }
    if year != 0 {
        out.extend([
            hash(b'y', &[year]),
            hash(b'm', &[year, month]),
            number_key(Decimal::from(year)),
        ]);
        if day != 0 {
            out.push(hash(b'd', &[year, month, day]));
        }
    }
}
