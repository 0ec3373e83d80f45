//! Units, by the table `data/figures/units.tsv`.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A unit of measure, a currency or a mark of proportion; printed as its code (`kg`, `KZT`, `%`), or as nothing. Serialised it is its line in the
/// table of this version: for what is read again by the same program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unit(u8);

/// One line of the table.
struct Line {
    code: &'static str,
    dimension: Dimension,
    factor: Decimal,
}

/// What a unit measures; figures of different dimensions have nothing to say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Per cent.
    Proportion,
    /// Percentage points.
    Points,
    /// Currencies.
    Money,
    /// Spans of time.
    Duration,
    /// A physical quantity: its number among the table's names of dimensions.
    Physical(u8),
}

static TABLE: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let mut physical: Vec<&str> = Vec::new();
    let mut table = vec![Line {
        code: "",
        dimension: Dimension::Points,
        factor: Decimal::ONE,
    }];
    for line in qostil_data::figures::UNITS
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let mut cells = line.split('\t');
        let (Some(code), Some(dimension), Some(factor)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        let dimension = match dimension {
            "proportion" => Dimension::Proportion,
            "points" => Dimension::Points,
            "money" => Dimension::Money,
            "duration" => Dimension::Duration,
            other => {
                let at = physical.iter().position(|&p| p == other).unwrap_or_else(|| {
                    physical.push(other);
                    physical.len() - 1
                });
                Dimension::Physical(at as u8)
            }
        };
        table.push(Line {
            code,
            dimension,
            factor: factor.parse().unwrap_or(Decimal::ONE),
        });
    }
    table
});

impl Unit {
    /// No unit.
    pub const NONE: Self = Self(0);
    /// Per cent: the first line of the table.
    pub const PERCENT: Self = Self(1);
    /// Percentage points: the second.
    pub const POINTS: Self = Self(2);
    /// Hundredths of percentage points: the third.
    pub const BASIS_POINTS: Self = Self(3);

    /// What ages and decades are told in.
    pub(crate) fn years() -> Self {
        static YEARS: LazyLock<Unit> = LazyLock::new(|| "year".parse().unwrap_or_default());
        *YEARS
    }

    /// Its code; empty for none.
    pub fn code(self) -> &'static str {
        TABLE.get(usize::from(self.0)).map_or("", |line| line.code)
    }

    /// Whether there is no unit.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// What it measures; absent for [`Unit::NONE`].
    pub fn dimension(self) -> Option<Dimension> {
        if self.is_none() {
            None
        } else {
            TABLE.get(usize::from(self.0)).map(|line| line.dimension)
        }
    }

    /// How many of its dimension's base unit it holds (1000 for `t`); 1 for none and for money.
    pub fn factor(self) -> Decimal {
        TABLE
            .get(usize::from(self.0))
            .map_or(Decimal::ONE, |line| line.factor)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is no unit's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownUnit(pub String);

impl fmt::Display for UnknownUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no unit of data/figures/units.tsv", self.0)
    }
}

impl std::error::Error for UnknownUnit {}

impl FromStr for Unit {
    type Err = UnknownUnit;

    fn from_str(code: &str) -> Result<Self, UnknownUnit> {
        let at = TABLE.iter().position(|line| line.code == code);
        at.map(|at| Self(at as u8))
            .ok_or_else(|| UnknownUnit(code.to_owned()))
    }
}
