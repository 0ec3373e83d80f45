//! Figures known by the shape of their digits: dates, times, versions, telephone numbers.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::figure::{Date, Reading, Value};
use crate::grammar::Role;
use crate::scan::Scanner;
use crate::{Kind, Unit};

/// What the shape of digits says.
pub(crate) enum Shape {
    /// A figure that ends there.
    Is(Reading, Option<Reading>, usize),
    /// No figure up to there: a telephone number, a version, an address.
    Nothing(usize),
}

/// Runs of digits divided by single marks, at most this many are looked at.
const RUNS: usize = 6;

/// A few runs of digits and the marks between them.
struct Runs {
    /// Start and end of each.
    ends: [(usize, usize); RUNS],
    /// The byte before each run but the first.
    marks: [u8; RUNS],
    count: usize,
    /// After all runs of this chain, also those beyond the few.
    end: usize,
}

/// Groups of an account's number, at least and at most: it has 15 to 34 characters.
const ACCOUNT: (usize, usize) = (4, 9);

/// Longest stretch looked at around digits to find out whether they belong to an address.
const AROUND: usize = 64;

impl Scanner<'_> {
    /// Reads the shape of the digits at a place, if it has a special one.
    pub(crate) fn shape(&mut self, start: usize) -> Option<Shape> {
        if let Some(end) = self.address(start) {
            return Some(Shape::Nothing(end));
        }
        if let Some(end) = self.telephone(start) {
            return Some(Shape::Nothing(end));
        }
        // "won 2&1", as golfers count
        let end = start + 3;
        if self.byte(start + 1) == b'&' && self.digits_end(start + 2) == end && !self.is_letter(end) {
            let (ours, theirs) = (self.small((start, start + 1)), self.small((start + 2, end)));
            let score = Reading {
                value: Value::Score(ours.into(), theirs.into()),
                unit: Unit::NONE,
                kind: Kind::Score,
            };
            return Some(Shape::Is(score, None, end));
        }
        let runs = self.runs(start);
        let len = |n: usize| runs.ends[n].1 - runs.ends[n].0;
        let mark = |n: usize| runs.marks[n];
        if runs.count == 1 {
            return None;
        }
        // `1.000.000` is a number.
        let grouped = mark(1) == b'.' && len(0) <= 3 && (1..runs.count).all(|n| len(n) == 3);
        if runs.count >= 3 && mark(1) == mark(2) && !grouped {
            let (a, b, c) = (
                self.small(runs.ends[0]),
                self.small(runs.ends[1]),
                self.small(runs.ends[2]),
            );
            if runs.count == 3
                && matches!(mark(1), b'-' | b'.' | b'/')
                && len(0) == 4
                && len(1) <= 2
                && len(2) <= 2
                && let Some(date) = date(a, b, c)
            {
                return Some(Shape::Is(reading(date), None, runs.end));
            }
            let year = match len(2) {
                4 => c,
                2 if len(0) == 2 && len(1) == 2 && mark(1) != b'-' => 2000 + c,
                _ => 0,
            };
            let dated = runs.count == 3 && year != 0 && len(0) <= 2 && len(1) <= 2;
            if dated && matches!(mark(1), b'.' | b'/' | b'-') {
                let (day_first, month_first) = (date(year, b, a), date(year, a, b));
                let american = self.grammar.conventions.month_first && mark(1) == b'/';
                let (first, second) = if american {
                    (month_first, day_first)
                } else {
                    (day_first, month_first)
                };
                let second = second.filter(|_| a != b);
                match (first, second) {
                    (Some(first), other) => {
                        return Some(Shape::Is(reading(first), other.map(reading), runs.end));
                    }
                    (None, Some(only)) => return Some(Shape::Is(reading(only), None, runs.end)),
                    (None, None) => {}
                }
            }
            // Clock with seconds.
            if runs.count == 3
                && mark(1) == b':'
                && len(1) == 2
                && len(2) == 2
                && let Some(time) = time(a, b)
            {
                // "2:06:31": how long a race took
                let seconds = (u32::from(a) * 60 + u32::from(b)) * 60 + u32::from(c);
                let lasted = Reading {
                    value: Value::Number(seconds.into()),
                    unit: "second".parse().unwrap_or_default(),
                    kind: Kind::Duration,
                };
                return Some(Shape::Is(clock(time), Some(lasted).filter(|_| c < 60), runs.end));
            }
            // `1.2.3`, `12-34-56`, `1/2/3`
            if mark(1) != b',' {
                return Some(Shape::Nothing(runs.end));
            }
            return None;
        }
        // `+7-701-…` and the like were telephone numbers; what is left has two runs.
        let (a, b) = (self.small(runs.ends[0]), self.small(runs.ends[1]));
        // "555-0123": no number starts with a nought.
        if mark(1) == b'-' && len(1) >= 3 && self.byte(runs.ends[1].0) == b'0' {
            return Some(Shape::Nothing(runs.end));
        }
        if runs.count == 2 && mark(1) == b':' {
            let end = runs.ends[1].1;
            let score = (len(0) <= 3 && len(1) <= 3).then(|| Reading {
                value: Value::Score(a.into(), b.into()),
                unit: Unit::NONE,
                kind: Kind::Score,
            });
            return Some(match (time(a, b).filter(|_| len(1) == 2 && len(0) <= 2), score) {
                (Some(time), other) => Shape::Is(clock(time), other, end),
                (None, Some(score)) => Shape::Is(score, None, end),
                (None, None) => Shape::Nothing(end),
            });
        }
        None
    }

    /// `15.00`, `17.30` beside a clock word.
    pub(crate) fn dotted_time(&self, start: usize) -> Option<(Value, usize)> {
        let middle = self.digits_end(start);
        let end = self.digits_end(middle + 1);
        if !matches!(self.byte(middle), b'.' | b':') || end != middle + 3 || middle - start > 2 {
            return None;
        }
        let time = time(self.small((start, middle)), self.small((middle + 1, end)))?;
        Some((time, end))
    }

    /// A short run of digits as a number; a long one as 9999.
    pub(crate) fn small(&self, (start, end): (usize, usize)) -> u16 {
        let digits = self.bytes.get(start..end).unwrap_or_default();
        if digits.len() > 4 {
            return 9999;
        }
        digits.iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'))
    }

    fn runs(&self, start: usize) -> Runs {
        let mut out = Runs {
            ends: [(start, start); RUNS],
            marks: [0; RUNS],
            count: 0,
            end: start,
        };
        let mut at = start;
        loop {
            let end = self.digits_end(at);
            if out.count < RUNS {
                out.ends[out.count] = (at, end);
                out.count += 1;
            }
            out.end = end;
            let mark = self.byte(end);
            let same = out.count < 2 || mark == out.marks[1];
            if !matches!(mark, b'.' | b'/' | b'-' | b':') || !same || !self.is_digit(end + 1) {
                return out;
            }
            if out.count < RUNS {
                out.marks[out.count] = mark;
            }
            at = end + 1;
        }
    }

    /// The end of a telephone number that starts here: `+7 727 123-45-67`, `8 (727) 258-11-11`, `8-800-080-77-77`, `87771234567`.
    fn telephone(&self, start: usize) -> Option<usize> {
        let plus = self.char_before(start) == Some('+');
        let (mut at, mut count, mut groups, mut brackets) =
            (start, 0, 0, self.char_before(start) == Some('('));
        let mut end;
        let mut hyphens = 0;
        loop {
            end = self.digits_end(at);
            count += end - at;
            groups += 1;
            // No number has so many digits; a longer chain is something else.
            if count > 15 {
                return None;
            }
            let mut next = end;
            while next - end < 3 && matches!(self.byte(next), b' ' | b'-' | b'(' | b')') {
                brackets |= matches!(self.byte(next), b'(');
                hyphens += usize::from(self.byte(next) == b'-');
                next += 1;
            }
            if !self.is_digit(next) {
                break;
            }
            if next == end {
                break;
            }
            at = next;
        }
        let first = self.byte(start);
        let mobile = groups == 1
            && count == 11
            && matches!(
                self.bytes.get(start..start + 2),
                Some(b"87" | b"77" | b"89" | b"79")
            );
        let national = groups >= 3
            && (10..=12).contains(&count)
            && (first == b'8' || first == b'7' || brackets)
            && hyphens + usize::from(brackets) > 0;
        let local = groups == 3 && hyphens >= 2 && (6..=7).contains(&count) && !self.is_date_like(start);
        ((plus && count >= 10) || mobile || national || local).then_some(end)
    }

    /// The end of the number of a bank account in groups of four, `KZ86 125K ZT50 …`, that starts at a place.
    pub(crate) fn account(&self, start: usize) -> Option<usize> {
        let head = self.bytes.get(start..start + 4)?;
        let is_head =
            head[..2].iter().all(u8::is_ascii_uppercase) && head[2..].iter().all(u8::is_ascii_digit);
        if !is_head {
            return None;
        }
        let (mut end, mut groups) = (start + 4, 1);
        loop {
            let rest = self.bytes.get(end..end + 5).or(self.bytes.get(end..))?;
            let group = rest.get(1..).unwrap_or_default().iter();
            let len = group
                .take_while(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
                .count();
            let after = self.byte(end + 1 + len);
            if rest.first() != Some(&b' ') || len == 0 || after.is_ascii_alphanumeric() || groups > ACCOUNT.1
            {
                break;
            }
            (end, groups) = (end + 1 + len, groups + 1);
            if len < 4 {
                break;
            }
        }
        (groups >= ACCOUNT.0).then_some(end)
    }

    /// `25-12-20` might be a date; `258-11-11` is none.
    fn is_date_like(&self, start: usize) -> bool {
        let first = self.digits_end(start) - start;
        first == 4
            || (first <= 2
                && self.small((start, start + first)) <= 31
                && self.digits_end(start + first + 4) - start > 8)
    }

    /// The end of the address, identifier or file name that digits belong to.
    fn address(&mut self, start: usize) -> Option<usize> {
        let from = start.saturating_sub(AROUND);
        let before = self.bytes.get(from..start).unwrap_or_default();
        let head = before
            .iter()
            .rposition(u8::is_ascii_whitespace)
            .map_or(from, |at| from + at + 1);
        let after = self
            .bytes
            .get(start..(start + AROUND).min(self.bytes.len()))
            .unwrap_or_default();
        let tail = start
            + after
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(after.len());
        let chunk = self.bytes.get(head..tail).unwrap_or_default();
        let has = |needle: &[u8]| chunk.windows(needle.len()).any(|w| w == needle);
        if chunk.contains(&b'@') || chunk.contains(&b'_') || has(b"://") || has(b"www.") {
            return Some(self.chunk_end(start));
        }
        // A digit that a Latin letter or an underscore follows or precedes directly is part of a name: `24.kz`.
        let end = self.digits_end(start);
        if self.byte(end) == b'.'
            && self.is_letter(end + 1)
            && let Some(word) = self.word_at(end + 1)
            && word.is(Role::Domain)
        {
            return Some(word.end);
        }
        None
    }

    /// The end of the stretch without white space.
    fn chunk_end(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        start
            + rest
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap_or(rest.len())
    }
}

fn reading(date: Date) -> Reading {
    Reading {
        value: Value::Date(date),
        unit: Unit::NONE,
        kind: Kind::Date,
    }
}

fn clock(time: Value) -> Reading {
    Reading {
        value: time,
        unit: Unit::NONE,
        kind: Kind::Time,
    }
}

/// A day that the calendar has.
pub(crate) fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (day >= 1 && day <= longest && (1000..=2999).contains(&year)).then_some(Date {
        year,
        month: month as u8,
        day: day as u8,
    })
}

/// A time of day that the clock has.
pub(crate) fn time(hour: u16, minute: u16) -> Option<Value> {
    let fits = (hour < 24 && minute < 60) || (hour == 24 && minute == 0);
    fits.then_some(Value::Time {
        hour: hour as u8,
        minute: minute as u8,
    })
}

/// A number as a year that people write about.
pub(crate) fn year(n: Decimal, digits: usize) -> Option<u16> {
    let n = n.to_u16()?;
    (digits == 4 && (1000..=2199).contains(&n)).then_some(n)
}
