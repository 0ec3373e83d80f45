//! What the figures of two texts say about each other.

use std::cmp::Reverse;
use std::hash::{Hash, Hasher};

use qostil_bitext::Verdict;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::FxHasher;

use crate::figure::{Date, Exactness, Figure, Kind, Reading, Value};
use crate::fraction::fraction_value;
use crate::unit::{Dimension, Unit};

/// Two sets of figures, compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The whole.
    pub verdict: Verdict,
    /// Source and target figures that agree, by index, each figure at most once, in source order.
    pub matched: Vec<(usize, usize)>,
    /// Source and target figures that contradict each other, by index, each figure at most once and none that is matched, in
    /// source order.
    pub contradicting: Vec<(usize, usize)>,
}

/// How well two figures agree; the greedy matching takes the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Calendar values of which one says less, a range against a bound on it, a conversion, a rounding that says so, a result
    /// told from the other side.
    Partial,
    /// The same value, a unit on one side only, or kinds that differ.
    Value,
    /// The same value, unit and kind.
    Full,
}

/// More figures than this on both sides are matched through their keys only, so that long texts stay linear.
const DIRECT: usize = 32;
/// Bytes that may stand between the two parts of one quantity: ` және ` and spaces.
const BETWEEN: usize = 12;
/// Classes of equal figures tried on each side among those that share a key.
const CANDIDATES: usize = 16;

/// Whether two figures state the same value in any of their readings; bounds count by their limit, and one from below does not
/// agree with one from above.
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
    if src.len().min(tgt.len()) <= DIRECT {
        match_directly(src, &mut partner_of_src, tgt, &mut partner_of_tgt);
    } else {
        match_by_keys(src, &mut partner_of_src, tgt, &mut partner_of_tgt);
    }
    let mut src_parts = match_pairs(src, &mut partner_of_src, tgt, &mut partner_of_tgt);
    let mut tgt_parts = match_pairs(tgt, &mut partner_of_tgt, src, &mut partner_of_src);
    match_ends(
        (src, &partner_of_src, &mut src_parts),
        (tgt, &partner_of_tgt, &mut tgt_parts),
    );
    match_ends(
        (tgt, &partner_of_tgt, &mut tgt_parts),
        (src, &partner_of_src, &mut src_parts),
    );
    let mut matched: Vec<(usize, usize)> = partner_of_src
        .iter()
        .enumerate()
        .filter_map(|(i, j)| j.map(|j| (i, j)))
        .collect();
    let matched_with = |i: usize| partner_of_src[i].map(|j| &tgt[j]);
    let src_left: Vec<Left> = (0..src.len())
        .filter(|i| src_parts.binary_search(i).is_err())
        .filter_map(|i| left_over(i, src, matched_with(i), tgt))
        .collect();
    let matched_with = |j: usize| partner_of_tgt[j].map(|i| &src[i]);
    let tgt_left: Vec<Left> = (0..tgt.len())
        .filter(|j| tgt_parts.binary_search(j).is_err())
        .filter_map(|j| left_over(j, tgt, matched_with(j), src))
        .collect();
    let contradicting = oppose(src, &src_left, tgt, &tgt_left);
    // What agrees in part with one figure and is contradicted by another one is contradicted.
    matched.retain(|&(i, j)| !contradicting.iter().any(|&(a, b)| a == i || b == j));
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

/// Matches each figure with the first of the other side that fits it, the best fits first.
fn match_directly(
    src: &[Figure],
    of_src: &mut [Option<usize>],
    tgt: &[Figure],
    of_tgt: &mut [Option<usize>],
) {
    for wanted in [Fit::Full, Fit::Value, Fit::Partial] {
        for (i, figure) in src.iter().enumerate() {
            if of_src[i].is_some() {
                continue;
            }
            let fits = |j: &usize| of_tgt[*j].is_none() && fit(figure, &tgt[*j]).is_some_and(|f| f >= wanted);
            if let Some(j) = (0..tgt.len()).find(fits) {
                (of_src[i], of_tgt[j]) = (Some(j), Some(i));
            }
        }
    }
}

/// The same for long texts, in linear time: figures that say the same are one class, and only classes that share a key are
/// compared. Which those are, and in which order, does not depend on which side comes first.
fn match_by_keys(src: &[Figure], of_src: &mut [Option<usize>], tgt: &[Figure], of_tgt: &mut [Option<usize>]) {
    let (mut src_classes, mut tgt_classes) = (classes(src), classes(tgt));
    let (src_keys, tgt_keys) = (keys_of(src, &src_classes), keys_of(tgt, &tgt_classes));
    let mut pairs = Vec::new();
    let mut others = tgt_keys.chunk_by(same_key).peekable();
    for mine in src_keys.chunk_by(same_key) {
        while others.next_if(|theirs| theirs[0].0 < mine[0].0).is_some() {}
        let Some(theirs) = others.next_if(|theirs| theirs[0].0 == mine[0].0) else {
            continue;
        };
        for &(_, a) in mine.iter().take(CANDIDATES) {
            for &(_, b) in theirs.iter().take(CANDIDATES) {
                let (first, second) = (&src_classes[a], &tgt_classes[b]);
                let Some(fit) = fit(&src[first.first], &tgt[second.first]) else {
                    continue;
                };
                let place = first.first + second.first;
                let hash = first.hash.wrapping_add(second.hash);
                pairs.push((Reverse(fit), place, hash, a, b));
            }
        }
    }
    pairs.sort_unstable();
    for (.., a, b) in pairs {
        let (mine, theirs) = (&mut src_classes[a].free, &mut tgt_classes[b].free);
        while let (Some(&i), Some(&j)) = (mine.last(), theirs.last()) {
            mine.pop();
            theirs.pop();
            (of_src[i], of_tgt[j]) = (Some(j), Some(i));
        }
    }
}

fn same_key(a: &(u64, usize), b: &(u64, usize)) -> bool {
    a.0 == b.0
}

/// Figures of a text that say the same.
struct Class {
    hash: u64,
    /// The first of them.
    first: usize,
    /// Those without a partner, last first.
    free: Vec<usize>,
}

/// All figures of a text, in classes by hash: an order that is the same on either side.
fn classes(figures: &[Figure]) -> Vec<Class> {
    let said = |f: &Figure| {
        let mut hasher = FxHasher::default();
        let parts = (&f.value, f.unit, f.kind, f.exactness == Exactness::About);
        (parts, f.digits, f.collective, &f.alternatives).hash(&mut hasher);
        hasher.finish()
    };
    // Two that share a hash by accident are two classes.
    let same = |a: &Figure, b: &Figure| {
        Figure {
            span: a.span,
            ..b.clone()
        } == *a
    };
    let mut order: Vec<(u64, usize)> = figures.iter().enumerate().map(|(at, f)| (said(f), at)).collect();
    order.sort_unstable();
    let members = order.chunk_by(|a, b| a.0 == b.0 && same(&figures[a.1], &figures[b.1]));
    let class = |members: &[(u64, usize)]| Class {
        hash: members[0].0,
        first: members[0].1,
        free: members.iter().rev().map(|&(_, at)| at).collect(),
    };
    members.map(class).collect()
}

/// The keys of classes, each with its class, sorted.
fn keys_of(figures: &[Figure], classes: &[Class]) -> Vec<(u64, usize)> {
    let (mut keys, mut out) = (Vec::new(), Vec::with_capacity(classes.len() * 2));
    for (at, class) in classes.iter().enumerate() {
        keys.clear();
        figures[class.first].keys_into(&mut keys);
        out.extend(keys.iter().map(|&key| (key, at)));
    }
    out.sort_unstable();
    out
}

/// Matches what one text says in two or three figures with what the other says in one: `3 km 200 m` with `3.2 km`, "nine out of
/// ten" with `оннан тоғызы`. Gives the figures that a match explains without being in it: `200 m`, "ten".
fn match_pairs(
    parts: &[Figure],
    of_parts: &mut [Option<usize>],
    wholes: &[Figure],
    of_wholes: &mut [Option<usize>],
) -> Vec<usize> {
    let mut others: Vec<usize> = Vec::new();
    for (at, pair) in parts.windows(2).enumerate() {
        if of_parts[at].is_some() || others.last().is_some_and(|last| *last >= at) {
            continue;
        }
        let (sum, ratio) = (sum(&pair[0], &pair[1]), ratio(&pair[0], &pair[1]));
        let union = union(parts, at);
        if sum.is_none() && ratio.is_none() && union.is_none() {
            continue;
        }
        // "2 hours 6 minutes 31 seconds"
        let longer = parts.get(at + 2).and_then(|third| add(&pair[1], third, sum?));
        let is_said = |whole: &Figure| {
            sum.is_some() && measures(whole, pair[0].unit, &[longer, sum])
                || (whole.kind == Kind::Fraction && ratio.as_ref() == Some(&whole.value))
                || union
                    .as_ref()
                    .is_some_and(|(all, _)| whole.kind == pair[0].kind && same(all, &whole.value))
        };
        let found = (0..wholes.len().min(DIRECT)).find(|&j| of_wholes[j].is_none() && is_said(&wholes[j]));
        if let Some(j) = found {
            (of_parts[at], of_wholes[j]) = (Some(j), Some(at));
            let three = longer.is_some() && measures(&wholes[j], pair[0].unit, &[longer]);
            let last = union.map_or(at + 1 + usize::from(three), |(_, last)| last);
            others.extend(at + 1..=last);
        }
    }
    others
}

/// The figures of a text, for each its partner of the other text, and those that are explained as they are.
type Side<'a> = (&'a [Figure], &'a [Option<usize>], &'a mut Vec<usize>);

/// Ranges of one text of which the other gives both ends, `10–12` for "rose from 10 and reached 12": one end is the partner, the
/// other one has none, and nothing of the three is left over.
fn match_ends((ranges, of_ranges, whole): Side<'_>, (others, of_others, ends): Side<'_>) {
    for (i, range) in ranges.iter().enumerate().take(2 * DIRECT) {
        let Some(j) = of_ranges[i] else { continue };
        let mut free = (0..others.len().min(2 * DIRECT)).filter(|&k| of_others[k].is_none());
        let is_other_end = |&k: &usize| !ends.contains(&k) && completes(range, &others[j], &others[k]);
        if let Some(k) = free.find(is_other_end) {
            whole.push(i);
            ends.extend([j, k]);
        }
    }
    whole.sort_unstable();
    ends.sort_unstable();
}

/// Whether two numbers are the ends of a range.
fn completes(range: &Figure, one: &Figure, other: &Figure) -> bool {
    let (Value::Range(low, high), Value::Number(x), Value::Number(y)) =
        (&range.value, &one.value, &other.value)
    else {
        return false;
    };
    (low, high) == (x.min(y), x.max(y))
        && units_fit(range.unit, one.unit)
        && units_fit(range.unit, other.unit)
}

/// Whether one reading of a figure is one of these quantities, in base units of the unit's dimension.
fn measures(figure: &Figure, unit: Unit, quantities: &[Option<Decimal>]) -> bool {
    (0..readings(figure)).any(|at| {
        let (value, own, _) = reading(figure, at);
        let base = match value {
            Value::Number(n) if own.dimension() == unit.dimension() => n.checked_mul(own.factor()),
            _ => None,
        };
        base.is_some() && quantities.contains(&base)
    })
}

/// The sum of two quantities that stand side by side, the second in a smaller unit and less than one of the first's.
fn sum(first: &Figure, second: &Figure) -> Option<Decimal> {
    add(first, second, in_base_units(first)?)
}

/// What a quantity and the smaller one that follows it amount to, with what is known of the first.
fn add(first: &Figure, second: &Figure, known: Decimal) -> Option<Decimal> {
    let (large, small) = (first.unit, second.unit);
    let adjacent = second
        .span
        .start
        .checked_sub(first.span.end)
        .is_some_and(|gap| gap <= BETWEEN);
    let whole = matches!(large.dimension()?, Dimension::Physical(_) | Dimension::Duration);
    let part = in_base_units(second)?;
    let fits = adjacent && whole && large.dimension() == small.dimension() && part < large.factor();
    known.checked_add(part).filter(|_| fits)
}

/// Two decades as one range, "the 1960s and 70s", `1960–70-е годы`; or days that follow each other, "14, 15 and 16 September";
/// and the last of them.
fn union(parts: &[Figure], at: usize) -> Option<(Value, usize)> {
    let (first, second) = (parts.get(at)?, parts.get(at + 1)?);
    if let Value::Date(from) = first.value {
        let days = parts.iter().enumerate().skip(at + 1);
        let next = days.map_while(|(at, figure)| match figure.value {
            Value::Date(day) if from.day != 0 => Some((day, at)),
            _ => None,
        });
        let follows = |(n, (day, _)): &(u8, (Date, usize))| {
            *day == Date {
                day: from.day + n,
                ..from
            }
        };
        let (_, (to, last)) = (1..=31).zip(next).take_while(follows).last()?;
        return Some((Value::Dates(from, to), last));
    }
    let (Value::Range(from, middle), Value::Range(next, to)) = (&first.value, &second.value) else {
        return None;
    };
    let decades = first.kind == Kind::Decade && second.kind == Kind::Decade;
    let joined = decades && middle.checked_add(Decimal::ONE)? == *next;
    joined.then_some((Value::Range(*from, *to), at + 1))
}

/// Whether two values are equal, or days of which one leaves out the year.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Dates(from, to), Value::Dates(first, last)) => {
            dates_fit(*from, *first) && dates_fit(*to, *last)
        }
        _ => a == b,
    }
}

/// What part two counts that stand side by side name: one in ten, `он адамның бірі`.
fn ratio(first: &Figure, second: &Figure) -> Option<Value> {
    let count = |figure: &Figure| match figure.value {
        Value::Number(n)
            if figure.unit.is_none() && n.is_integer() && figure.exactness == Exactness::Exact =>
        {
            n.to_u32()
        }
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
    let numbers = matches!((&a.value, &b.value), (Value::Number(_), Value::Number(_)));
    let rounded = || numbers && a.unit == b.unit && fit(a, b) == Some(Fit::Partial);
    let common = |f: &Figure| match f.value {
        Value::Date(date) => date.day == 0,
        Value::Time { minute, .. } => minute == 0,
        _ => matches!(f.kind, Kind::Year | Kind::Decade | Kind::Century),
    };
    if is_faint(a) || is_faint(b) {
        let other = a.value == b.value && a.kind != b.kind && (measured(a) || measured(b));
        if other { Proof::None } else { Proof::Faint }
    } else if common(a) || common(b) || a.unit.is_none() != b.unit.is_none() || rounded() {
        Proof::Faint
    } else {
        Proof::Strong
    }
}

/// A weak figure, or a number up to ten of nothing in particular.
fn is_faint(figure: &Figure) -> bool {
    let small = || match figure.value {
        Value::Number(n) => n.abs() <= Decimal::TEN && n.is_integer(),
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
        if ratio.is_some_and(|r| r.is_integer() && r.to_string().trim_end_matches('0') == "1") {
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
    let units = units_fit(a.unit, b.unit);
    let said = |hour: u8, n: Decimal| n == Decimal::from(hour) || n == Decimal::from(hour % 12);
    let decades = a.kind == Kind::Decade && b.kind == Kind::Decade;
    let end = |range: &Value, n: &Value| match (range, n) {
        (Value::Range(low, high), Value::Number(n)) => units && (low == n || high == n),
        (Value::Score(ours, theirs), Value::Number(n)) => {
            *n == Decimal::from(*ours) || *n == Decimal::from(*theirs)
        }
        (Value::Range(low, high), Value::Range(from, to)) => decades && low <= from && to <= high,
        (Value::Dates(from, to), Value::Date(day)) => {
            let within = from.month == to.month && (from.day..=to.day).contains(&day.day);
            let year = |date: &Date| Date {
                day: day.day,
                ..*date
            };
            dates_fit(*from, *day) || dates_fit(*to, *day) || within && dates_fit(year(from), *day)
        }
        (Value::Range(low, high), Value::Time { hour, minute: 0 }) => said(*hour, *low) || said(*hour, *high),
        (Value::Number(n), Value::Time { hour, minute: 0 }) => said(*hour, *n),
        _ => false,
    };
    end(&a.value, &b.value) || end(&b.value, &a.value)
}

/// Pairs of left-over figures in one dimension: those without any explanation first, the nearest in kind, the nearest in place.
/// The same pairs whichever side comes first.
fn oppose(src: &[Figure], src_left: &[Left], tgt: &[Figure], tgt_left: &[Left]) -> Vec<(usize, usize)> {
    // Of many on both sides some; of few on one side all.
    let few = if src_left.len().min(tgt_left.len()) > DIRECT {
        DIRECT
    } else {
        usize::MAX
    };
    let mut pairs = Vec::new();
    for mine in src_left.iter().take(few) {
        for theirs in tgt_left.iter().take(few) {
            let (a, b) = (&src[mine.at], &tgt[theirs.at]);
            // Two texts that both convert, and not to the same; or that share a number and not what it counts.
            let differ = mine.converted && theirs.converted && a.unit == b.unit
                || mine.bare && theirs.bare && a.kind == b.kind;
            if (differ || !(mine.in_part && theirs.in_part)) && comparable(a, b) {
                let in_part = u8::from(mine.in_part) + u8::from(theirs.in_part);
                let rank = u8::from(a.kind != b.kind) + u8::from(a.unit != b.unit);
                pairs.push((in_part, rank, mine.at, theirs.at));
            }
        }
    }
    pairs.sort_unstable_by_key(|&(in_part, rank, i, j)| (in_part, rank, i + j, i.abs_diff(j), i));
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (.., i, j) in pairs {
        if !out.iter().any(|&(a, b)| a == i || b == j) {
            out.push((i, j));
        }
    }
    out.sort_unstable();
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
    // A rank that nine minutes may be as well is one of minutes.
    let other = |r: &Reading| match r.kind {
        Kind::Ordinal => dimension(Kind::of_unit(r.unit), r.unit),
        kind => dimension(kind, r.unit),
    };
    others
        .iter()
        .fold(dimension(figure.kind, figure.unit), |bits, r| bits | other(r))
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
    if are_opposite(a, b) {
        return None;
    }
    let first = fit_readings(a, 0, b, 0);
    if a.alternatives.is_none() && b.alternatives.is_none() {
        return first;
    }
    let mut best = first;
    for i in 0..readings(a) {
        for j in 0..readings(b) {
            best = best.max(fit_readings(a, i, b, j));
        }
    }
    best
}

/// Whether one says "at least" and the other "at most".
fn are_opposite(a: &Figure, b: &Figure) -> bool {
    let bounds = (a.exactness, b.exactness);
    matches!(
        bounds,
        (Exactness::AtLeast, Exactness::AtMost) | (Exactness::AtMost, Exactness::AtLeast)
    )
}

fn blurred(figure: &Figure) -> bool {
    figure.exactness == Exactness::About
}

fn readings(figure: &Figure) -> usize {
    1 + figure.alternatives.as_deref().map_or(0, <[_]>::len)
}

fn fit_readings(a: &Figure, i: usize, b: &Figure, j: usize) -> Option<Fit> {
    let (a_value, a_unit, a_kind) = reading(a, i);
    let (b_value, b_unit, b_kind) = reading(b, j);
    match (a_value, b_value) {
        // "Second" is not "two years"; `63-ші` may be.
        (Value::Number(_), Value::Number(_))
            if only_ordinal(a, a_kind) && !b_unit.is_none() && b_kind != Kind::Ordinal
                || only_ordinal(b, b_kind) && !a_unit.is_none() && a_kind != Kind::Ordinal =>
        {
            None
        }
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
            let about = blurred(a) || blurred(b);
            numbers_fit((*x, a_unit, a_kind), (*y, b_unit, b_kind), about).or_else(|| {
                let likeliest = i == 0 && j == 0 && !a.collective && !b.collective;
                let counted = |kind| !matches!(kind, Kind::Ordinal | Kind::Label | Kind::Year);
                // "nearly 8,000 in 2022": of large numbers the unit may be left out
                let large = *x >= Decimal::ONE_HUNDRED && units_fit(a_unit, b_unit);
                let same = a_kind == b_kind && a_unit == b_unit || large;
                (likeliest
                    && counted(a_kind)
                    && counted(b_kind)
                    && same
                    && about
                    && round_fit((*x, blurred(a)), (*y, blurred(b))))
                .then_some(Fit::Partial)
            })
        }
        (Value::Date(x), Value::Date(y)) => {
            if x == y {
                Some(Fit::Full)
            } else {
                dates_fit(*x, *y).then_some(Fit::Partial)
            }
        }
        (Value::Dates(..), Value::Dates(..)) if a_value != b_value => {
            same(a_value, b_value).then_some(Fit::Partial)
        }
        (Value::Fraction { num, den }, Value::Number(n)) if b_unit == Unit::PERCENT => {
            share_fit(*num, *den, *n, blurred(a) || blurred(b))
        }
        (Value::Number(n), Value::Fraction { num, den }) if a_unit == Unit::PERCENT => {
            share_fit(*num, *den, *n, blurred(a) || blurred(b))
        }
        // "a third as many", `үш есе аз`
        (Value::Fraction { num: 1, den }, Value::Number(n)) if b_kind == Kind::Multiplier => {
            (*n == Decimal::from(*den)).then_some(Fit::Partial)
        }
        (Value::Number(n), Value::Fraction { num: 1, den }) if a_kind == Kind::Multiplier => {
            (*n == Decimal::from(*den)).then_some(Fit::Partial)
        }
        (Value::Date(date), Value::Number(n)) if b_kind == Kind::Year => year_of(*date, *n),
        (Value::Number(n), Value::Date(date)) if a_kind == Kind::Year => year_of(*date, *n),
        (Value::Range(low, high), Value::Score(ours, theirs))
        | (Value::Score(ours, theirs), Value::Range(low, high)) => {
            (*low == Decimal::from(*ours) && *high == Decimal::from(*theirs)).then_some(Fit::Value)
        }
        // English has the winner first, whoever is spoken of: "lost 4–1", `1:4 есебімен жеңілді`.
        (Value::Score(ours, theirs), Value::Score(first, last)) if ours != first || theirs != last => {
            (ours == last && theirs == first).then_some(Fit::Partial)
        }
        (Value::Range(low, high), Value::Number(n)) => {
            bound_of(*low, *high, (*n, b.exactness)).filter(|_| units_fit(a_unit, b_unit))
        }
        (Value::Number(n), Value::Range(low, high)) => {
            bound_of(*low, *high, (*n, a.exactness)).filter(|_| units_fit(a_unit, b_unit))
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

/// Whether a figure in this reading is an ordinal in words.
fn only_ordinal(figure: &Figure, kind: Kind) -> bool {
    kind == Kind::Ordinal && !figure.digits
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
fn bound_of(low: Decimal, high: Decimal, (n, exactness): (Decimal, Exactness)) -> Option<Fit> {
    let is_low = low == n && exactness != Exactness::AtMost;
    let is_high = high == n && exactness != Exactness::AtLeast;
    (is_low || is_high).then_some(Fit::Partial)
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
    // "fell by half", `екі есе азайды`
    let turned = part(x_kind) && part(y_kind) && x_kind != y_kind;
    if turned && x.checked_mul(y)? == Decimal::ONE {
        return Some(Fit::Partial);
    }
    if x == y && units_fit(x_unit, y_unit) && !parts {
        let whole = x_unit == y_unit && x_kind == y_kind;
        return Some(if whole { Fit::Full } else { Fit::Value });
    }
    // A half is 50 per cent, and 25 per cent are not 25 times.
    if parts {
        let (x, y) = (x.checked_mul(factor(x_unit))?, y.checked_mul(factor(y_unit))?);
        // "nearly a half", 48 per cent
        let part = x_kind == Kind::Fraction || y_kind == Kind::Fraction;
        if x == y {
            return Some(Fit::Value);
        }
        return (about && part && is_within(x, y, 6)).then_some(Fit::Partial);
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

/// Whether one of two numbers, of which one at least says that it is not exact, may be the other one rounded: to the last digit
/// that it gives, and not too far off.
fn round_fit((x, x_about): (Decimal, bool), (y, y_about): (Decimal, bool)) -> bool {
    let (low, high) = (x.min(y), x.max(y));
    let Some(off) = high.checked_sub(low).filter(|_| low > Decimal::ZERO) else {
        return false;
    };
    let within = |n: Decimal, percent: i64| {
        let place = last_place(n).checked_div(Decimal::TWO);
        place.is_some_and(|place| off <= place) && is_within(low, high, percent)
    };
    // Who says that a number is not exact rounds more freely than who does not, or than two of whom one translates the other;
    // but "a dozen or so" are about ten.
    let both = x_about && y_about;
    let most = |about: bool| match about {
        _ if both && high < Decimal::from(20) => 20,
        true if !both => 6,
        _ => 3,
    };
    within(x, most(x_about)) || within(y, most(y_about))
}

/// Two thirds and 67 per cent: a part that no decimal says exactly, rounded to a whole per cent or finer; less well where one of
/// the two says that it is not exact.
fn share_fit(num: u32, den: u32, percent: Decimal, about: bool) -> Option<Fit> {
    let share = Decimal::from(num)
        .checked_mul(Decimal::ONE_HUNDRED)?
        .checked_div(Decimal::from(den))?;
    let half = last_place(percent).min(Decimal::ONE).checked_div(Decimal::TWO)?;
    let off = share.checked_sub(percent)?.abs();
    (off <= half || about && is_within(share, percent, 6)).then_some(Fit::Partial)
}

/// Whether two numbers are no more than so many per cent of the larger one apart.
fn is_within(x: Decimal, y: Decimal, percent: i64) -> bool {
    let (low, high) = (x.min(y), x.max(y));
    let most = high.checked_mul(Decimal::new(percent, 2));
    let off = high.checked_sub(low);
    off.is_some_and(|off| most.is_some_and(|most| off <= most))
}

/// The place of the last digit of a number that is no nought at its end: 100 for 41 300.
fn last_place(n: Decimal) -> Decimal {
    let n = n.normalize();
    let mut mantissa = n.mantissa();
    if n.scale() > 0 || mantissa == 0 {
        return Decimal::new(1, n.scale());
    }
    let mut place = Decimal::ONE;
    while mantissa % 10 == 0 {
        mantissa /= 10;
        place *= Decimal::TEN;
    }
    place
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
