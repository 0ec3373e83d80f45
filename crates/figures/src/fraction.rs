//! Parts: fractions in digits and words, and halves of what is counted.

use qostil_text::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::context::Draft;
use crate::figure::{Exactness, Kind, Value};
use crate::grammar::{Role, Suffix};
use crate::numeral::{Form, Numeral};
use crate::scan::{Scanner, Word};
use crate::shapes;
use crate::unit::{Dimension, Unit};

impl<'a> Scanner<'a> {
    /// `үштен бірі`, `two-thirds`, `одна пятая`, `1/3`.
    pub(crate) fn fraction(&mut self, numeral: &Numeral) -> Option<usize> {
        let conventions = self.grammar.conventions;
        let end = numeral.end;
        if numeral.plain > 0 && self.byte(end) == b'/' && self.is_digit(end + 1) {
            return self.slashed(numeral);
        }
        let whole = numeral.value.to_u32()?;
        let after = self.skip_spaces(end);
        if conventions.denominator_first
            && numeral.suffix == Suffix::Ablative
            && numeral.form == Form::Cardinal
            && after > end
        {
            let top = self.numeral(after)?;
            let num = top.value.to_u32().filter(|&n| n >= 1 && n < whole)?;
            let owned = self
                .text
                .get(after..top.end)?
                .ends_with(['і', 'ы', 'н', 'е', 'а', 'i'])
                && (top.words == 1 && self.is_possessed(after, top.end))
                // "8-ден 5-і"
                || top.closed && self.is_possessed(after, top.end);
            let part = self.word_after(top.end).is_some_and(|w| {
                self.text
                    .get(w.start..w.end)
                    .is_some_and(|w| w.starts_with("бөлі"))
            });
            if !owned && !part {
                return None;
            }
            return Some(self.emit_fraction(numeral.start, top.end, num, whole));
        }
        if numeral.digits {
            return None;
        }
        if let Some(end) = self.share(numeral) {
            return Some(end);
        }
        if numeral.form == Form::Fraction
            && let Some(end) = self.and_a_half(numeral)
        {
            return Some(end);
        }
        let dash = self.dash_at(end);
        let at = if after > end {
            after
        } else if dash == 1 {
            end + 1
        } else {
            return None;
        };
        // "a third", "one third", "two-thirds"
        if numeral.form == Form::Cardinal || numeral.form == Form::Ordinal {
            let word = self.word_at(at);
            if numeral.form == Form::Cardinal
                && let Some(word) = word
            {
                if let Some(den) = word.role(Role::Denominator).and_then(|s| s.value.to_u32()) {
                    if let Value::Number(value) = fraction_value(Decimal::from(whole), den) {
                        let end = word.end;
                        let form = Form::Fraction;
                        let part = Numeral {
                            end,
                            value,
                            form,
                            ..*numeral
                        };
                        // "three-quarters of an hour"
                        let of = self.part_of_scale(&part).or_else(|| self.part_of_unit(&part));
                        if of.is_some() {
                            return of;
                        }
                    }
                    return Some(self.emit_fraction(numeral.start, word.end, whole, den));
                }
                if conventions.ordinal_denominators
                    && whole < 100
                    && let Some(sense) = word.role(Role::Ordinal)
                    && self
                        .text
                        .get(word.start..word.end)
                        .is_some_and(|w| w.ends_with(['я', 'х', 'й', 'ю']))
                    && let Some(den) = sense.value.to_u32().filter(|&d| d > whole)
                {
                    return Some(self.emit_fraction(numeral.start, word.end, whole, den));
                }
            }
        }
        if numeral.form == Form::Fraction {
            return self.part_of_scale(numeral).or_else(|| self.part_of_unit(numeral));
        }
        None
    }

    /// "a third of", "by a third", "nearly a third", "a third more": not "a third man", "by a third party".
    fn share(&mut self, numeral: &Numeral) -> Option<usize> {
        if numeral.words != 1 || !matches!(numeral.form, Form::Cardinal | Form::Ordinal) {
            return None;
        }
        let den = self
            .word_at(numeral.start)?
            .role(Role::Denominator)?
            .value
            .to_u32()?;
        let article = self.word_before(numeral.start).filter(|w| w.is(Role::A))?;
        let next = self.word_after(numeral.end);
        let function = [
            Role::To,
            Role::And,
            Role::Or,
            Role::OfDay,
            Role::YearBefore,
            Role::MonthBefore,
            Role::Between,
        ];
        let alone = next.is_none_or(|w| function.iter().any(|&role| w.is(role)));
        let said = alone
            && (self.word_before(article.start).is_some_and(|w| w.is(Role::By))
                || self.bound_before(article.start).is_some());
        let of = next.is_some_and(|w| w.is(Role::Of) || w.is(Role::Compared));
        (of || said).then(|| self.emit_fraction(numeral.start, numeral.end, 1, den))
    }

    /// "an hour and a half", "two years and a half": the half of a unit that was counted before.
    fn and_a_half(&mut self, numeral: &Numeral) -> Option<usize> {
        let (starts, count) = self.words_before::<3>(numeral.start);
        if count < 3 || numeral.value != Decimal::new(5, 1) {
            return None;
        }
        let [a, and, unit] = starts.map(|at| self.word_at(at));
        if !a?.is(Role::A) || !and?.is(Role::And) {
            return None;
        }
        self.half_more(&unit?, numeral.end)
    }

    /// `жыл жарым`, `екі жыл жарым`.
    pub(crate) fn half_of_unit(&mut self, half: &Word<'a>) -> Option<usize> {
        let unit = self.word_before(half.start)?;
        self.half_more(&unit, half.end)
    }

    /// Adds one half to what was counted in a unit: the figure that ends with it, or one of it.
    fn half_more(&mut self, word: &Word<'a>, end: usize) -> Option<usize> {
        let unit = word.role(Role::Unit)?.unit;
        if !matches!(unit.dimension()?, Dimension::Duration | Dimension::Physical(_)) {
            return None;
        }
        let one = self.word_before(word.start).filter(|w| w.is(Role::A));
        // "a second and a half": no rank after all
        if one.is_some()
            && self
                .out
                .last()
                .is_some_and(|last| last.span == Span::new(word.start, word.end))
        {
            self.out.pop();
        }
        let half = Decimal::new(5, 1);
        match self.out.last_mut() {
            Some(last) if last.span.end > word.start => {
                let Value::Number(n) = &mut last.value else {
                    return None;
                };
                if last.unit != unit || last.span.end != word.end || !n.is_integer() {
                    return None;
                }
                *n += half;
                (last.span.end, last.weak) = (end, false);
            }
            _ => {
                // An English noun has its article: "an hour and a half".
                if one.is_none() && !self.grammar.conventions.denominator_first {
                    return None;
                }
                let start = one.map_or(word.start, |w| w.start);
                let mut draft = Draft::new(
                    start,
                    end,
                    Value::Number(Decimal::ONE + half),
                    Kind::of_unit(unit),
                );
                draft.unit = unit;
                self.emit(draft);
            }
        }
        Some(end)
    }

    /// "half a year", "quarter of an hour", "a quarter-point".
    fn part_of_unit(&mut self, numeral: &Numeral) -> Option<usize> {
        if self.dash_at(numeral.end) == 1
            && let Some(point) = self.word_at(numeral.end + 1).filter(|w| w.is(Role::Point))
        {
            return Some(self.part_of_point(numeral, point.end));
        }
        let mut word = self.word_after(numeral.end)?;
        if word.is(Role::Of) {
            word = self.word_after(word.end)?;
        }
        if !word.is(Role::A) {
            return None;
        }
        if let Some(point) = self.word_after(word.end).filter(|w| w.is(Role::Point)) {
            return Some(self.part_of_point(numeral, point.end));
        }
        let measured = self.unit_at(self.skip_spaces(word.end), false)?;
        let mut draft = Draft::new(
            numeral.start,
            measured.end,
            Value::Number(numeral.value),
            Kind::of_unit(measured.unit),
        );
        draft.unit = measured.unit;
        self.emit(draft);
        Some(measured.end)
    }

    fn part_of_point(&mut self, numeral: &Numeral, end: usize) -> usize {
        let value = Value::Number(numeral.value);
        let mut draft = Draft::new(numeral.start, end, value, Kind::Percent);
        draft.unit = Unit::POINTS;
        self.emit(draft);
        end
    }

    /// "half a million", "жарты миллион", "a quarter of a million".
    fn part_of_scale(&mut self, numeral: &Numeral) -> Option<usize> {
        let mut word = self.word_after(numeral.end)?;
        while word.is(Role::Of) || word.is(Role::A) {
            word = self.word_after(word.end)?;
        }
        let senses = word.known?.senses();
        let mut large = senses.filter(|s| {
            matches!(s.role, Role::Scale | Role::Hundred | Role::Collective) && s.value >= Decimal::TEN
        });
        let scale = large.next()?.value;
        let value = numeral.value.checked_mul(scale)?;
        let whole = Numeral {
            end: word.end,
            value,
            form: Form::Cardinal,
            words: 2,
            weak: false,
            den: 1,
            suffix: word.suffix(),
            ..*numeral
        };
        Some(self.number(whole))
    }

    /// Whether the numerator carries the possessive: бірі, екісі, үші.
    fn is_possessed(&mut self, start: usize, end: usize) -> bool {
        let folded = self.folded(start, end);
        [
            "і", "ы", "ін", "ын", "інің", "ының", "іне", "ына", "інен", "ынан", "інде", "ында",
        ]
        .iter()
        .any(|e| folded.ends_with(e))
    }

    fn emit_fraction(&mut self, start: usize, end: usize, num: u32, den: u32) -> usize {
        let value = fraction_value(Decimal::from(num), den);
        let mut draft = Draft::new(start, end, value, Kind::Fraction);
        // "nearly a third"
        let article = self.word_before(start).filter(|w| w.is(Role::A));
        let bound = self.bound(article.map_or(start, |a| a.start), end, draft.kind);
        draft.exactness = bound.map_or(draft.exactness, |(bound, _)| bound);
        self.emit(draft);
        end
    }

    /// `1/3`, `2011/12`, `24/7`.
    fn slashed(&mut self, numeral: &Numeral) -> Option<usize> {
        let second = (numeral.end + 1, self.digits_end(numeral.end + 1));
        let (num, den) = (numeral.value.to_u32()?, u32::from(self.small(second)));
        let end = second.1;
        if self.byte(end) == b'/' || second.1 - second.0 > 4 {
            return Some(end);
        }
        if let Some(year) = shapes::year(numeral.value, numeral.plain) {
            let next = u32::from(year) + 1;
            if den == next || (den == next % 100 && end - second.0 == 2) {
                let value = Value::Range(Decimal::from(year), Decimal::from(next));
                let mut draft = Draft::new(numeral.start, end, value, Kind::Year);
                draft.exactness = Exactness::Range;
                let end = self.calendar_tail(end);
                draft.span.end = end;
                self.emit(draft);
                return Some(end);
            }
        }
        let mut draft = Draft::new(
            numeral.start,
            end,
            fraction_value(numeral.value, den.max(1)),
            Kind::Fraction,
        );
        if num > den && den >= 10 {
            // A pressure of the blood, 120/80: two numbers that belong together.
            (draft.kind, draft.value) = (Kind::Score, Value::Score(num, den));
        } else if den == 0 || num >= den {
            // `24/7`, `50/50`: names, not parts.
            draft.kind = Kind::Label;
            draft.value = Value::Number(numeral.value);
            draft.weak = true;
        }
        self.emit(draft);
        Some(end)
    }
}

/// A fraction in lowest terms, as a decimal where it has one.
pub(crate) fn fraction_value(num: Decimal, den: u32) -> Value {
    let whole = num.to_u32().unwrap_or(1);
    let (mut a, mut b) = (whole, den);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let divisor = a.max(1);
    let (top, bottom) = (whole / divisor, den.max(1) / divisor);
    let mut rest = bottom;
    for prime in [2, 5] {
        while rest % prime == 0 && rest > 0 {
            rest /= prime;
        }
    }
    match Decimal::from(top).checked_div(Decimal::from(bottom)) {
        Some(n) if rest == 1 => Value::Number(n),
        _ => Value::Fraction {
            num: top,
            den: bottom,
        },
    }
}
