//! What the figures of two texts say about each other.

use qostil_bitext::Verdict;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::FxHashMap;

use crate::figure::{Date, Exactness, Figure, Kind, Value};
use crate::fraction::fraction_value;
use crate::unit::{Dimension, Unit};

/// Two sets of figures, compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The whole.
    pub verdict: Verdict,
    /// Source and target figures that agree, by index, each figure at most once, in source order.
    pub matched: Vec<(usize, usize)>,
    /// Source and target figures that contradict each other, by index, in source order.
    pub contradicting: Vec<(usize, usize)>,
}

/// How well two figures agree; the greedy matching takes the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Calendar values of which one says less, a range against a bound on it, a conversion.
    Partial,
    /// The same value, a unit on one side only, or kinds that differ.
    Value,
    /// The same value, unit and kind.
    Full,
}

/// More figures than this on a side are matched through their keys only, so that long texts stay linear.
const DIRECT: usize = 32;
/// Bytes that may stand between the two parts of one quantity: ` және ` and spaces.
const BETWEEN: usize = 12;
/// Candidates tried for one figure among those that share a key.
const CANDIDATES: usize = 8;

/// Whether two figures state the same value in any of their readings; bounds count by their limit.
///
/// ```
/// use qostil_figures::{agree, figures};
/// use qostil_text::Lang;
/// let kk = figures("100-ден астам", Lang::Kazakh);
/// let en = figures("more than 100", Lang::English);
/// assert!(agree(&kk[0], &en[0]));
/// ```
pub fn agree(a: &Figure, b: &Figure) -> bool {
    fit(a, b).is_some()
}

/// Compares the figures of two texts.
///
/// *Agree*: at least one pair matches and none contradicts. *Contradict*: after matching, figures are left over on both
/// sides in one dimension; that outweighs any agreement. One-sided extras are none, but where what is shared proves little, as
/// a small count or a year does, and what has no partner weighs more, there is nothing to compare. Linear in the number of
/// figures.
pub fn compare(src: &[Figure], tgt: &[Figure]) -> Comparison {
    if src.is_empty() || tgt.is_empty() {
        return Comparison::default();
    }
    let mut partner_of_src = vec![None; src.len()];
    let mut partner_of_tgt = vec![None; tgt.len()];
    let mut index = (tgt.len() > DIRECT).then(|| Index::new(tgt));
    for wanted in [Fit::Full, Fit::Value, Fit::Partial] {
        for (i, figure) in src.iter().enumerate() {
            if partner_of_src[i].is_some() {
                continue;
            }
            let fits = |j: &usize| {
                partner_of_tgt[*j].is_none() && fit(figure, &tgt[*j]).is_some_and(|f| f >= wanted)
            };
            let found = match &mut index {
                None => (0..tgt.len()).find(fits),
                Some(index) => index.candidates(figure, &partner_of_tgt).into_iter().find(fits),
            };
            if let Some(j) = found {
                partner_of_src[i] = Some(j);
                partner_of_tgt[j] = Some(i);
            }
        }
    }
    match_pairs(src, &mut partner_of_src, tgt, &mut partner_of_tgt);
    match_pairs(tgt, &mut partner_of_tgt, src, &mut partner_of_src);
    let matched: Vec<(usize, usize)> = partner_of_src
        .iter()
        .enumerate()
        .filter_map(|(i, j)| j.map(|j| (i, j)))
        .collect();
    let matched_with = |i: usize| partner_of_src[i].map(|j| &tgt[j]);
    let src_left: Vec<Left> = (0..src.len())
        .filter_map(|i| left_over(i, src, matched_with(i), tgt))
        .collect();
    let matched_with = |j: usize| partner_of_tgt[j].map(|i| &src[i]);
    let tgt_left: Vec<Left> = (0..tgt.len())
        .filter_map(|j| left_over(j, tgt, matched_with(j), src))
        .collect();
    let contradicting = oppose(src, &src_left, tgt, &tgt_left);
    let verdict = if !contradicting.is_empty() {
        Verdict::Contradict
    } else if matched.is_empty() || says_little(&matched, (src, &src_left), (tgt, &tgt_left)) {
        Verdict::None
    } else {
        Verdict::Agree
    };
    Comparison {
        verdict,
        matched,
        contradicting,
    }
}

/// Matches what one text says in two figures with what the other says in one: `3 km 200 m` with `3.2 km`, "nine out of
/// ten" with `оннан тоғызы`.
fn match_pairs(
    parts: &[Figure],
    of_parts: &mut [Option<usize>],
    wholes: &[Figure],
    of_wholes: &mut [Option<usize>],
) {
    for (at, pair) in parts.windows(2).enumerate() {
        if of_parts[at].is_some() {
            continue;
        }
        let (sum, ratio) = (sum(&pair[0], &pair[1]), ratio(&pair[0], &pair[1]));
        let union = union(&pair[0], &pair[1]);
        if sum.is_none() && ratio.is_none() && union.is_none() {
            continue;
        }
        let is_said = |whole: &Figure| {
            let same = whole.unit.dimension() == pair[0].unit.dimension();
            (same && sum.is_some() && in_base_units(whole) == sum)
                || (whole.kind == Kind::Fraction && ratio.as_ref() == Some(&whole.value))
                || (whole.kind == pair[0].kind && union.as_ref() == Some(&whole.value))
        };
        let found = (0..wholes.len().min(DIRECT)).find(|&j| of_wholes[j].is_none() && is_said(&wholes[j]));
        if let Some(j) = found {
            (of_parts[at], of_wholes[j]) = (Some(j), Some(at));
        }
    }
}

/// The sum of two quantities that stand side by side, the second in a smaller unit and less than one of the first's.
fn sum(first: &Figure, second: &Figure) -> Option<Decimal> {
    let (large, small) = (first.unit, second.unit);
    let adjacent = second
        .span
        .start
        .checked_sub(first.span.end)
        .is_some_and(|gap| gap <= BETWEEN);
    let whole = matches!(large.dimension()?, Dimension::Physical(_) | Dimension::Duration);
    let part = in_base_units(second)?;
    let fits = adjacent && whole && large.dimension() == small.dimension() && part < large.factor();
    in_base_units(first)?.checked_add(part).filter(|_| fits)
}

/// Two decades as one range: "the 1960s and 70s", `1960–70-е годы`.
fn union(first: &Figure, second: &Figure) -> Option<Value> {
    let (Value::Range(from, middle), Value::Range(next, to)) = (&first.value, &second.value) else {
        return None;
    };
    let decades = first.kind == Kind::Decade && second.kind == Kind::Decade;
    (decades && middle.checked_add(Decimal::ONE)? == *next).then_some(Value::Range(*from, *to))
}

/// What part two counts that stand side by side name: one in ten, `он адамның бірі`.
fn ratio(first: &Figure, second: &Figure) -> Option<Value> {
    let count = |figure: &Figure| match figure.value {
        Value::Number(n) if figure.unit.is_none() => n.to_u32(),
        _ => None,
    };
    let gap = second.span.start.checked_sub(first.span.end)?;
    let (a, b) = (count(first)?, count(second)?);
    (gap <= 2 * BETWEEN && a != b && a.min(b) > 0).then(|| fraction_value(Decimal::from(a.min(b)), a.max(b)))
}

/// A quantity in the base unit of its dimension.
fn in_base_units(figure: &Figure) -> Option<Decimal> {
    match figure.value {
        Value::Number(n) => n.checked_mul(figure.unit.factor()),
        _ => None,
    }
}

/// How much a match proves that two texts say the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    /// Nothing: one kilogram and one of something else.
    None,
    /// What any two sentences of a text may share, a small count, a year, an hour; or less than it seems, a day and no more
    /// than its year, a quantity and no more than its number.
    Faint,
    /// A value that few others have.
    Strong,
}

/// Whether what is shared proves less than what is left without explanation: against faint matches one figure that is not
/// faint is enough, on either side.
fn says_little(matched: &[(usize, usize)], src: (&[Figure], &[Left]), tgt: (&[Figure], &[Left])) -> bool {
    let proof = |&(i, j): &(usize, usize)| Some(proof(src.0.get(i)?, tgt.0.get(j)?));
    let unexplained = |(figures, left): (&[Figure], &[Left])| {
        let said = |left: &Left| figures.get(left.at).is_some_and(|f| f.collective || !is_faint(f));
        left.iter().any(|left| !left.in_part && said(left))
    };
    match matched.iter().filter_map(proof).max().unwrap_or(Proof::None) {
        Proof::None => true,
        Proof::Faint => unexplained(src) || unexplained(tgt),
        Proof::Strong => false,
    }
}

fn proof(a: &Figure, b: &Figure) -> Proof {
    let measured = |f: &Figure| matches!(f.kind, Kind::Measure | Kind::Money | Kind::Percent);
    let common = |f: &Figure| match f.value {
        Value::Date(date) => date.day == 0,
        Value::Time { minute, .. } => minute == 0,
        _ => matches!(f.kind, Kind::Year | Kind::Decade | Kind::Century),
    };
    if is_faint(a) || is_faint(b) {
        let other = a.value == b.value && a.kind != b.kind && (measured(a) || measured(b));
        if other { Proof::None } else { Proof::Faint }
    } else if common(a) || common(b) || a.unit.is_none() != b.unit.is_none() {
        Proof::Faint
    } else {
        Proof::Strong
    }
}

/// A weak figure, or a number up to ten of nothing in particular.
fn is_faint(figure: &Figure) -> bool {
    let small = || match figure.value {
        Value::Number(n) => n.abs() <= Decimal::TEN && n.fract().is_zero(),
        _ => false,
    };
    let counted = matches!(figure.kind, Kind::Count | Kind::Ordinal) && figure.unit.is_none();
    figure.weak || counted && small()
}

impl Comparison {
    /// The reason in words, one line: `2,6 трлн теңге = 2.6 trillion tenge; 5 млн доллар ≠ $50 million`. Contradictions
    /// come first; a match that holds in another reading than the likeliest says so. Empty when nothing was compared.
    pub fn reason(&self, src_text: &str, src: &[Figure], tgt_text: &str, tgt: &[Figure]) -> String {
        let mut out = String::new();
        for (pairs, sign) in [(&self.contradicting, " ≠ "), (&self.matched, " = ")] {
            for &(i, j) in pairs {
                let (Some(a), Some(b)) = (src.get(i), tgt.get(j)) else {
                    continue;
                };
                if !out.is_empty() {
                    out.push_str("; ");
                }
                one_line(a.span.of(src_text), &mut out);
                out.push_str(sign);
                one_line(b.span.of(tgt_text), &mut out);
                if sign == " = " && fit_readings(a, 0, b, 0).is_none() && (ambiguous(a) || ambiguous(b)) {
                    out.push_str(" (in one of its readings)");
                }
            }
        }
        out
    }
}

/// In what way two figures that contradict each other differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The same value in another currency.
    Currency,
    /// The same value in another unit, or per cent against points.
    Unit,
    /// A power of ten apart.
    Scale,
    /// Anything else, by what is counted.
    Value(Kind),
}

impl Fault {
    /// How two figures differ.
    pub fn between(src: &Figure, tgt: &Figure) -> Self {
        let (Value::Number(x), Value::Number(y)) = (&src.value, &tgt.value) else {
            return Self::Value(src.kind);
        };
        if x == y && src.unit != tgt.unit {
            return if src.kind == Kind::Money {
                Self::Currency
            } else {
                Self::Unit
            };
        }
        let (low, high) = (*x.min(y), *x.max(y));
        let ratio = high
            .checked_div(low)
            .filter(|r| *r >= Decimal::TEN)
            .map(|r| r.normalize());
        if ratio.is_some_and(|r| r.fract().is_zero() && r.to_string().trim_end_matches('0') == "1") {
            return Self::Scale;
        }
        Self::Value(src.kind)
    }

    /// `currency`, `unit`, `scale`, or the kind of figure: `count`, `year` …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Currency => "currency",
            Self::Unit => "unit",
            Self::Scale => "scale",
            Self::Value(kind) => kind.name(),
        }
    }
}

fn ambiguous(figure: &Figure) -> bool {
    figure.alternatives.is_some()
}

fn one_line(text: &str, out: &mut String) {
    for (n, word) in text.split_whitespace().enumerate() {
        if n > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// Target figures by key, for long texts.
struct Index {
    /// Key and figure, sorted.
    entries: Vec<(u64, usize)>,
    /// For each key that was asked for, its first entry that may be free.
    free: FxHashMap<u64, usize>,
}

impl Index {
    fn new(figures: &[Figure]) -> Self {
        let mut keys = Vec::new();
        let mut entries = Vec::with_capacity(figures.len() * 2);
        for (at, figure) in figures.iter().enumerate() {
            keys.clear();
            figure.keys_into(&mut keys);
            entries.extend(keys.iter().map(|&key| (key, at)));
        }
        entries.sort_unstable();
        Self {
            entries,
            free: FxHashMap::default(),
        }
    }

    /// Free figures that share a key: the first few by place.
    fn candidates(&mut self, figure: &Figure, taken: &[Option<usize>]) -> Vec<usize> {
        let mut found = Vec::with_capacity(CANDIDATES);
        for key in figure.keys() {
            let entries = &self.entries;
            let first = || entries.partition_point(|entry| entry.0 < key);
            let from = self.free.entry(key).or_insert_with(first);
            let of_key = |at: &usize| {
                entries
                    .get(*at)
                    .filter(|entry| entry.0 == key)
                    .map(|entry| entry.1)
            };
            // What is taken stays taken, so the next who asks need not pass it again.
            while of_key(from).is_some_and(|j| taken[j].is_some()) {
                *from += 1;
            }
            let next = (*from..*from + 8 * CANDIDATES).map_while(|at| of_key(&at));
            found.extend(next.filter(|&j| taken[j].is_none()).take(CANDIDATES));
        }
        found
    }
}

/// A figure that may contradict one of the other side.
#[derive(Clone, Copy)]
struct Left {
    at: usize,
    /// Explained only in part: it says more than its partner, its partner is weak, or the other side has its value
    /// elsewhere. It can contradict what is left over without any explanation, but not another such figure.
    in_part: bool,
    /// Explained by nothing but values in another unit or in none: `497 mph` by `800 km/h`, `10 km` by "ten".
    converted: bool,
    /// By nothing but values without a unit.
    bare: bool,
}

/// Whether a figure is left over, wholly or in part.
fn left_over(at: usize, mine: &[Figure], partner: Option<&Figure>, theirs: &[Figure]) -> Option<Left> {
    let figure = mine.get(at).filter(|f| !f.weak)?;
    let (mut converted, mut bare) = (false, false);
    let in_part = match partner {
        Some(partner) => {
            let dated = matches!(figure.value, Value::Date(_)) || matches!(partner.value, Value::Date(_));
            let more = specific(&figure.value) > specific(&partner.value);
            let nearly = !dated && fit(figure, partner) == Some(Fit::Partial);
            if !more && !nearly && !partner.weak {
                return None;
            }
            true
        }
        None => {
            let others = theirs.iter().take(2 * DIRECT);
            let mut in_part = false;
            (converted, bare) = (!figure.unit.is_none(), true);
            for other in others.filter(|other| fit(figure, other).is_some() || spans(figure, other)) {
                in_part = true;
                converted &= other.unit != figure.unit;
                bare &= other.unit.is_none();
            }
            in_part
        }
    };
    Some(Left {
        at,
        in_part,
        converted,
        bare: converted && bare,
    })
}

/// How many parts of the calendar a value names.
fn specific(value: &Value) -> u8 {
    match value {
        Value::Date(date) => u8::from(date.year != 0) + 1 + u8::from(date.day != 0),
        _ => 1,
    }
}

/// Whether one of the two is a range or result and the other one of its ends or a part of it: `from 3 to 5` may be read as
/// two figures, and `1960–70-е` as two decades. A number without its clock may be the hour of a time.
fn spans(a: &Figure, b: &Figure) -> bool {
    let said = |hour: u8, n: Decimal| n == Decimal::from(hour) || n == Decimal::from(hour % 12);
    let decades = a.kind == Kind::Decade && b.kind == Kind::Decade;
    let end = |range: &Value, n: &Value| match (range, n) {
        (Value::Range(low, high), Value::Number(n)) => low == n || high == n,
        (Value::Score(ours, theirs), Value::Number(n)) => {
            *n == Decimal::from(*ours) || *n == Decimal::from(*theirs)
        }
        (Value::Range(low, high), Value::Range(from, to)) => decades && low <= from && to <= high,
        (Value::Dates(from, to), Value::Date(day)) => dates_fit(*from, *day) || dates_fit(*to, *day),
        (Value::Range(low, high), Value::Time { hour, minute: 0 }) => said(*hour, *low) || said(*hour, *high),
        (Value::Number(n), Value::Time { hour, minute: 0 }) => said(*hour, *n),
        _ => false,
    };
    end(&a.value, &b.value) || end(&b.value, &a.value)
}

/// Pairs of left-over figures in one dimension: the nearest in kind first, then in order.
fn oppose(src: &[Figure], src_left: &[Left], tgt: &[Figure], tgt_left: &[Left]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut free: Vec<Left> = tgt_left.iter().copied().take(DIRECT).collect();
    for mine in src_left {
        let a = &src[mine.at];
        let rank = |b: &Figure| usize::from(a.kind != b.kind) + usize::from(a.unit != b.unit);
        let best = free
            .iter()
            .enumerate()
            .filter(|(_, theirs)| {
                let b = &tgt[theirs.at];
                // Two texts that both convert, and not to the same; or that share a number and not what it counts.
                let differ = mine.converted && theirs.converted && a.unit == b.unit
                    || mine.bare && theirs.bare && a.kind == b.kind;
                (differ || !(mine.in_part && theirs.in_part)) && comparable(a, b)
            })
            .min_by_key(|(_, theirs)| (theirs.in_part, rank(&tgt[theirs.at])))
            .map(|(at, _)| at);
        if let Some(at) = best {
            out.push((mine.at, free.remove(at).at));
        }
        if free.is_empty() {
            break;
        }
    }
    out
}

/// Whether two figures that differ cannot both be right: they share a dimension, or both are written with digits (or are a
/// year in words) and one of them does not say what it counts, or one is a year and the other a number of years.
fn comparable(a: &Figure, b: &Figure) -> bool {
    let (x, y) = (dimensions(a), dimensions(b));
    let in_years = |f: &Figure| f.unit.is_none() || f.unit.code() == "year";
    let years = (x | y) & (CALENDAR | DURATION) == CALENDAR | DURATION && in_years(a) && in_years(b);
    let exact = |f: &Figure| f.digits || f.kind == Kind::Year;
    x & y != 0 || (exact(a) && exact(b) && ((x | y) & (COUNT | SCORE) != 0 || years))
}

const COUNT: u32 = 1;
const MONEY: u32 = 1 << 1;
const PROPORTION: u32 = 1 << 2;
const CALENDAR: u32 = 1 << 3;
const CLOCK: u32 = 1 << 4;
const SCORE: u32 = 1 << 5;
const DURATION: u32 = 1 << 6;
/// Numbers of persons, accounts, documents.
const IDENTIFIER: u32 = 1 << 7;
/// Physical dimensions take the bits from here on.
const PHYSICAL: u32 = 1 << 8;

/// The dimensions a figure may belong to in any of its readings, as bits.
fn dimensions(figure: &Figure) -> u32 {
    if is_identifier(figure) {
        return IDENTIFIER;
    }
    let others = figure.alternatives.as_deref().unwrap_or_default();
    others
        .iter()
        .fold(dimension(figure.kind, figure.unit), |bits, r| {
            bits | dimension(r.kind, r.unit)
        })
}

/// Whether a label has ten digits or more: nobody counts with it.
fn is_identifier(figure: &Figure) -> bool {
    let long = match &figure.value {
        Value::Number(n) => n.abs() >= Decimal::from(1_000_000_000),
        Value::Digits(_) => true,
        _ => false,
    };
    long && figure.kind == Kind::Label
}

fn dimension(kind: Kind, unit: Unit) -> u32 {
    match kind {
        Kind::Count | Kind::Ordinal | Kind::Label => COUNT,
        Kind::Money => MONEY,
        Kind::Percent | Kind::Fraction => PROPORTION,
        Kind::Multiplier => PROPORTION | COUNT,
        Kind::Year | Kind::Date | Kind::Decade | Kind::Century => CALENDAR,
        Kind::Time => CLOCK,
        Kind::Score => SCORE,
        Kind::Duration => DURATION,
        Kind::Measure => match unit.dimension() {
            Some(Dimension::Physical(at)) => PHYSICAL << (at % 24),
            _ => COUNT,
        },
    }
}

/// The best fit over all readings of both.
fn fit(a: &Figure, b: &Figure) -> Option<Fit> {
    let first = fit_readings(a, 0, b, 0);
    if a.alternatives.is_none() && b.alternatives.is_none() {
        return first;
    }
    let readings = |f: &Figure| 1 + f.alternatives.as_deref().map_or(0, <[_]>::len);
    let mut best = first;
    for i in 0..readings(a) {
        for j in 0..readings(b) {
            best = best.max(fit_readings(a, i, b, j));
        }
    }
    best
}

fn fit_readings(a: &Figure, i: usize, b: &Figure, j: usize) -> Option<Fit> {
    let (a_value, a_unit, a_kind) = reading(a, i);
    let (b_value, b_unit, b_kind) = reading(b, j);
    match (a_value, b_value) {
        // "Second" is not "two years"; `63-ші` may be.
        (Value::Number(_), Value::Number(_)) if only_ordinal(a, b) || only_ordinal(b, a) => None,
        // both are not two years nor twice, and hundreds no hundred kilometres
        (Value::Number(_), Value::Number(_))
            if (a.collective && !counts(b_unit, b_kind)) || (b.collective && !counts(a_unit, a_kind)) =>
        {
            None
        }
        // article three is not three years
        (Value::Number(_), Value::Number(_))
            if (a_kind == Kind::Label && !b_unit.is_none())
                || (b_kind == Kind::Label && !a_unit.is_none()) =>
        {
            None
        }
        (Value::Number(x), Value::Number(y)) => {
            let about = a.exactness == Exactness::About || b.exactness == Exactness::About;
            numbers_fit((*x, a_unit, a_kind), (*y, b_unit, b_kind), about)
        }
        (Value::Date(x), Value::Date(y)) => {
            if x == y {
                Some(Fit::Full)
            } else {
                dates_fit(*x, *y).then_some(Fit::Partial)
            }
        }
        (Value::Date(date), Value::Number(n)) if b_kind == Kind::Year => year_of(*date, *n),
        (Value::Number(n), Value::Date(date)) if a_kind == Kind::Year => year_of(*date, *n),
        (Value::Range(low, high), Value::Score(ours, theirs))
        | (Value::Score(ours, theirs), Value::Range(low, high)) => {
            (*low == Decimal::from(*ours) && *high == Decimal::from(*theirs)).then_some(Fit::Value)
        }
        (Value::Range(low, high), Value::Number(n)) | (Value::Number(n), Value::Range(low, high)) => {
            bound_of(*low, *high, *n).filter(|_| units_fit(a_unit, b_unit))
        }
        _ if a_value == b_value && units_fit(a_unit, b_unit) => {
            Some(if a_unit == b_unit && a_kind == b_kind {
                Fit::Full
            } else {
                Fit::Value
            })
        }
        _ => None,
    }
}

fn only_ordinal(a: &Figure, b: &Figure) -> bool {
    a.kind == Kind::Ordinal && !a.digits && b.kind != Kind::Ordinal && !b.unit.is_none()
}

fn reading(figure: &Figure, at: usize) -> (&Value, Unit, Kind) {
    match at
        .checked_sub(1)
        .and_then(|at| figure.alternatives.as_deref().and_then(|others| others.get(at)))
    {
        Some(other) => (&other.value, other.unit, other.kind),
        None => (&figure.value, figure.unit, figure.kind),
    }
}

/// Whether persons or things may be counted so.
fn counts(unit: Unit, kind: Kind) -> bool {
    unit.is_none() && !matches!(kind, Kind::Multiplier | Kind::Fraction)
}

fn units_fit(a: Unit, b: Unit) -> bool {
    a == b || a.is_none() || b.is_none()
}

/// "5 to 10" against "up to 10" or "at least 5", and against either end where the other text gives two numbers.
fn bound_of(low: Decimal, high: Decimal, n: Decimal) -> Option<Fit> {
    (low == n || high == n).then_some(Fit::Partial)
}

fn year_of(date: Date, year: Decimal) -> Option<Fit> {
    (date.year != 0 && Decimal::from(date.year) == year).then_some(Fit::Partial)
}

/// Whether no part that both state differs, and one that both state is the same.
fn dates_fit(a: Date, b: Date) -> bool {
    let same = |x: u16, y: u16| x == 0 || y == 0 || x == y;
    a.month == b.month && same(a.year, b.year) && same(a.day.into(), b.day.into())
}

fn numbers_fit(a: (Decimal, Unit, Kind), b: (Decimal, Unit, Kind), about: bool) -> Option<Fit> {
    let ((x, x_unit, x_kind), (y, y_unit, y_kind)) = (a, b);
    let part = |kind: Kind| matches!(kind, Kind::Fraction | Kind::Multiplier);
    let (dim_x, dim_y) = (x_unit.dimension(), y_unit.dimension());
    let parts = (part(x_kind) && dim_y == Some(Dimension::Proportion))
        || (part(y_kind) && dim_x == Some(Dimension::Proportion));
    if x == y && units_fit(x_unit, y_unit) && !parts {
        let whole = x_unit == y_unit && x_kind == y_kind;
        return Some(if whole { Fit::Full } else { Fit::Value });
    }
    // A half is 50 per cent, and 25 per cent are not 25 times.
    if parts {
        let (x, y) = (x.checked_mul(factor(x_unit))?, y.checked_mul(factor(y_unit))?);
        return (x == y).then_some(Fit::Value);
    }
    if dim_x.is_none() || dim_x != dim_y || x_unit == y_unit {
        return None;
    }
    match dim_x? {
        Dimension::Money if dollar(x_unit) && dollar(y_unit) && x == y => Some(Fit::Value),
        Dimension::Physical(_) | Dimension::Duration | Dimension::Points => {
            let (x, y) = (x.checked_mul(x_unit.factor())?, y.checked_mul(y_unit.factor())?);
            if x == y {
                return Some(Fit::Value);
            }
            // Conversions are rounded by whoever makes them, and more so where the text says "about".
            let (low, high) = (x.min(y), x.max(y));
            let near =
                high.checked_sub(low)? <= high.checked_mul(Decimal::new(if about { 10 } else { 4 }, 2))?;
            (near && matches!(dim_x, Some(Dimension::Physical(_)))).then_some(Fit::Partial)
        }
        _ => None,
    }
}

/// A bare fraction or multiple counts in wholes.
fn factor(unit: Unit) -> Decimal {
    if unit.is_none() {
        Decimal::ONE
    } else {
        unit.factor()
    }
}

/// `$` and "dollars" may stand for any of these.
fn dollar(unit: Unit) -> bool {
    matches!(unit.code(), "USD" | "AUD" | "CAD" | "NZD" | "HKD" | "SGD")
}
