//! Two numbers that belong together: ranges, and results of games.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::context::Draft;
use crate::figure::{Exactness, Kind, Reading, Value};
use crate::grammar::{Known, Role, Suffix};
use crate::measure::Measured;
use crate::numeral::{Form, Numeral};
use crate::scan::Scanner;
use crate::shapes;
use crate::unit::Unit;

/// Where the second number of a range starts.
pub(crate) struct Second {
    pub at: usize,
    /// Only a dash between.
    pub tight: bool,
    /// Whether a word after the second number must say that it is the end.
    pub needs_to: bool,
}

impl Scanner<'_> {
    /// Whether a word about games stands within three words.
    pub(crate) fn near_score_word(&mut self, start: usize, end: usize) -> bool {
        let (starts, count) = self.words_before::<3>(start);
        for &at in starts.iter().take(count) {
            if self.word_at(at).is_some_and(|w| w.is(Role::Score)) {
                return true;
            }
        }
        self.is_one_after(end, 3, Role::Score)
    }

    /// `2-3`, `2–3 млн`, `үш-төрт`, `from 5 to 10`, `5-тен 10-ға дейін`, and results, `1-0`.
    pub(crate) fn range(
        &mut self,
        low: &Numeral,
        start: usize,
        currency: Option<Unit>,
        measured: Option<&Measured>,
    ) -> Option<usize> {
        let low_end = measured.map_or(low.end, |m| m.end);
        let second = self.second_of_range(low, low_end)?;
        let tight = second.tight;
        let (negative, at) = self.sign_at(self.skip_currency(second.at));
        let high = self.numeral(at)?;
        if high.form == Form::Approximate || high.form == Form::Fraction {
            return None;
        }
        // "doubled to $300 million"
        if matches!(low.form, Form::Multiple | Form::Fraction | Form::Decade) {
            return None;
        }
        let mut end = high.end;
        // "бір-бірі", "one-on-one": not a range.
        if tight && !low.digits && low.value == high.value && low.scale == high.scale {
            return Some(end);
        }
        let mut first = low.value;
        // The scale word after the second number is meant for both, "2-3 million", "fell from 9.6 to 8 billion", but not in "from 500 to 2 million"
        // nor where a unit closes the first, "from 5 tenge to 6 million"
        let mut shared = false;
        let open = low.scale == Decimal::ONE && measured.is_none();
        if open && high.scale > Decimal::ONE && low.digits == high.digits {
            let bare = high.value.checked_div(high.scale)?;
            if first < bare.checked_mul(Decimal::TEN)? {
                first = first.checked_mul(high.scale)?;
                shared = true;
            }
        }
        let mut last = high.value;
        // "1941-45", "2025–26"
        if let (Some(year), 2) = (shapes::year(low.value, low.plain), high.plain)
            && tight
        {
            let century = Decimal::from(year / 100 * 100);
            last = if century + last > first {
                century + last
            } else {
                last
            };
        }
        let unit = self.unit_after(&high);
        let whole = Numeral {
            start: low.start,
            value: last,
            plain: if low.plain == 4 && last >= first {
                4
            } else {
                high.plain
            },
            ..high
        };
        let minus = self.has_minus(start) || (unit.is_some() && self.is_negative(start));
        if minus || negative {
            // "минус 30-35": the sign is meant for both.
            let both = negative || (tight && at == second.at);
            (first, last) = (
                if minus { -first } else { first },
                if both { -last } else { last },
            );
            if minus && both {
                (first, last) = (last, first);
            }
        }
        let (_, paid) = self.currency_before(at);
        let counts = |money: Option<Unit>, unit: Option<&Measured>| money.or(unit.map(|m| m.unit));
        let units = (counts(currency, measured), counts(paid, unit.as_ref()));
        let is_one = match units {
            // "rose 12.4 percent to $38.9 billion"
            (Some(first), Some(second)) => first == second,
            // "rose 5% to 6 million", "12 to $450": such a unit counts both only where words or a dash say that they belong together
            (Some(_), None) if currency.is_none() => {
                let share = units.0.is_some_and(|unit| Kind::of_unit(unit) == Kind::Percent);
                self.is_joined(low.start, &second) && !(share && high.scale > Decimal::ONE)
            }
            (None, Some(_)) if paid.is_some() => self.is_joined(low.start, &second),
            _ => true,
        };
        if !is_one {
            return None;
        }
        // "5 to 10 cents"
        if let Some(unit) = &unit {
            first = measured.unwrap_or(unit).whole(first);
            last = unit.whole(last);
        }
        if shared && first > last {
            (first, last) = (last, first);
        }
        if first >= last {
            if !tight
                || !low.digits
                || low.plain == 0
                || high.plain == 0
                || low.plain > 3
                || high.plain > 3
                || measured.is_some()
            {
                return None;
            }
            let value = Value::Score(first.to_u32()?, last.to_u32()?);
            end = self.case_suffix(end);
            self.emit(Draft::new(start, end, value, Kind::Score));
            return Some(end);
        }
        if second.needs_to && !self.before_to(unit.as_ref().map_or(high.end, |u| u.end)) {
            return None;
        }
        if tight && let Some(done) = self.decade_or_century_range(start, low, &whole, first, last) {
            return Some(done);
        }
        if let (Some(_), Some(_)) = (
            shapes::year(low.value, low.plain),
            shapes::year(last, whole.plain),
        ) {
            // "с 2015 по 2020 год"
            let bare = unit.as_ref().or(measured).is_none_or(|unit| unit.calendar);
            if currency.is_none() && (bare || tight) && (bare || self.years_follow(high.end)) {
                return Some(self.year_range(start, &whole, first, last));
            }
        }
        let mut draft = Draft::new(start, end, Value::Range(first, last), Kind::Count);
        draft.exactness = Exactness::Range;
        if let Some(found) = unit.as_ref().or(measured) {
            draft.unit = self.in_time(low.start, found.unit);
            end = end.max(found.end);
        }
        draft.unit = currency.or(paid).unwrap_or(draft.unit);
        draft.kind = Kind::of_unit(draft.unit);
        if draft.unit.is_none() {
            if high.form == Form::Ordinal {
                draft.kind = Kind::Ordinal;
            }
            // "five to six" may be a time
            if self.grammar.conventions.hyphen_joins
                && !tight
                && !low.digits
                && let Some((minutes, hour)) = minutes_to(first, last)
            {
                draft.others.push(Reading {
                    value: Value::Time {
                        hour: hour - 1,
                        minute: 60 - minutes,
                    },
                    unit: Unit::NONE,
                    kind: Kind::Time,
                });
            }
            let short = |n: &Numeral| n.plain > 0 && n.plain <= 2;
            if tight && short(low) && short(&high) {
                let value = Value::Score(first.to_u32()?, last.to_u32()?);
                let score = Reading {
                    value: value.clone(),
                    unit: Unit::NONE,
                    kind: Kind::Score,
                };
                if self.near_score_word(start, end) || (self.byte(low.start) == b'0' && low.plain == 1) {
                    let range = Reading {
                        value: draft.value,
                        unit: Unit::NONE,
                        kind: draft.kind,
                    };
                    (draft.value, draft.kind, draft.exactness) = (value, Kind::Score, Exactness::Exact);
                    draft.others.push(range);
                } else {
                    draft.others.push(score);
                }
            }
            if self
                .word_or_mark_before(start)
                .is_some_and(|w| w.is(Role::LabelBefore))
            {
                draft.kind = Kind::Label;
                draft.others.clear();
            } else if let Some(next) = self.word_after(end)
                && next.is(Role::Times)
            {
                draft.kind = Kind::Multiplier;
                end = next.end;
            }
            if self.dash_at(end) == 1
                && let Some(word) = self.word_at(end + 1)
            {
                if word.is(Role::LabelAfter) {
                    draft.kind = Kind::Label;
                } else if self.grammar.conventions.hyphen_ordinals
                    && !self.is_capital(word.start)
                    && high.digits
                    && !high.closed
                {
                    draft.kind = Kind::Ordinal;
                    draft.others.clear();
                }
                end = word.end;
            }
        }
        draft.span.end = self.case_suffix(end);
        let end = draft.span.end;
        let end = self.below_zero(&mut draft, end);
        self.emit(draft);
        Some(end)
    }

    /// Whether a calendar word for years follows.
    fn years_follow(&mut self, end: usize) -> bool {
        let dash = self.dash_at(end);
        let word = if dash > 0 {
            self.word_at(end + dash)
        } else {
            self.word_after(end)
        };
        word.is_some_and(|w| w.is(Role::Year) || w.is(Role::Years))
    }

    /// Past a currency sign.
    fn skip_currency(&self, at: usize) -> usize {
        match self.char_at(at) {
            Some(c) if matches!(c, '$' | '€' | '£' | '₸' | '₽' | '¥') => at + c.len_utf8(),
            _ => at,
        }
    }

    /// Past a sign right before digits or a word for it, and whether it is a minus.
    fn sign_at(&mut self, at: usize) -> (bool, usize) {
        let sign = self.char_at(at).filter(|c| matches!(c, '-' | '−' | '+'));
        if let Some(sign) = sign.filter(|c| self.is_digit(at + c.len_utf8())) {
            return (sign != '+', at + sign.len_utf8());
        }
        match self.word_at(at).filter(|w| w.is(Role::Minus)) {
            Some(minus) => (true, self.skip_spaces(minus.end)),
            None => (false, at),
        }
    }

    /// Whether digits start at a place, perhaps after a sign or one of money.
    fn is_signed_digit(&mut self, at: usize) -> bool {
        let (_, at) = self.sign_at(self.skip_currency(at));
        self.is_digit(at)
    }

    /// Whether what stands between and around two numbers makes one range of them, as a bare "to" or "or" does not.
    fn is_joined(&mut self, start: usize, second: &Second) -> bool {
        second.tight || second.needs_to || self.after_from(start) || self.after_between(start)
    }

    /// Where the second number of a range would start.
    pub(crate) fn second_of_range(&mut self, low: &Numeral, low_end: usize) -> Option<Second> {
        let tight = |at| {
            Some(Second {
                at,
                tight: true,
                needs_to: false,
            })
        };
        let loose = |at| {
            Some(Second {
                at,
                tight: false,
                needs_to: false,
            })
        };
        // "2&1": a result in match play.
        if self.byte(low.end) == b'&' && low.plain == 1 && self.is_digit(low.end + 1) {
            return tight(low.end + 1);
        }
        for end in [low.end, low_end] {
            let dash = self.dash_at(end);
            let at = end + dash;
            if dash > 0 && (self.is_digit(self.skip_currency(at)) || (!low.digits && self.number_word_at(at)))
            {
                return tight(at);
            }
        }
        // "+25...+27"
        let rest = self.text.get(low.end..).unwrap_or("");
        let dots = ["...", "…"]
            .iter()
            .find(|dots| rest.starts_with(**dots))
            .map_or(0, |dots| dots.len());
        if dots > 0 && low.digits && low.plain <= 2 && self.is_signed_digit(low.end + dots) {
            return tight(low.end + dots);
        }
        // "от 300 тыс. до 1 млн"
        let stop = self.byte(low_end) == b'.' && self.word_after(low_end + 1).is_some_and(|w| w.is(Role::To));
        let low_end = low_end + usize::from(stop);
        // "18- to 29-year-olds"
        let hung = self.dash_at(low_end);
        let after = self.skip_spaces(low_end + hung);
        if after == low_end + hung {
            return None;
        }
        if hung > 0 {
            let to = self.word_at(after).filter(|w| w.is(Role::To))?;
            let next = self.skip_spaces(to.end);
            return if self.is_digit(next) { loose(next) } else { None };
        }
        // "2 – 3"
        let dash = self.dash_at(after);
        if dash > 0 && low.digits {
            let at = self.skip_spaces(after + dash);
            if at > after + dash && self.is_digit(at) && dash > 1 {
                return loose(at);
            }
            return None;
        }
        let word = self.word_at(after);
        if let Some(word) = word {
            let next = self.skip_spaces(word.end);
            let number = next > word.end && (self.is_signed_digit(next) || self.number_word_at(next));
            if number && word.is(Role::To) && !self.grammar.conventions.denominator_first {
                // "from 5 to 10"; English also says "5 to 10".
                let said = self.after_from(low.start);
                return if said || self.grammar.conventions.hyphen_joins {
                    loose(next)
                } else {
                    None
                };
            }
            if number && word.is(Role::Or) && low.value < Decimal::from(20) {
                return loose(next);
            }
            if number && word.is(Role::And) && self.after_between(low.start) {
                return loose(next);
            }
        }
        let number = self.is_signed_digit(after) || self.number_word_at(after);
        let ablative = low.suffix == Suffix::Ablative
            || (number && low_end > low.end && self.is_in(low_end, Suffix::Ablative));
        (self.grammar.conventions.denominator_first && ablative && number).then_some(Second {
            at: after,
            tight: false,
            needs_to: true,
        })
    }

    /// Whether the word that ends there stands in a case, "from" as in `7 пайыздан`, `7%-дан`.
    pub(crate) fn is_in(&mut self, end: usize, case: Suffix) -> bool {
        let grammar = self.grammar;
        // `теңге` itself ends like a dative.
        let word = self.word_ending(end);
        let word = word.filter(|word| word.known.is_none_or(Known::is_cased));
        word.is_some_and(|word| grammar.ends_in(self.folded(word.start, word.end), case))
    }

    pub(crate) fn after_from(&mut self, start: usize) -> bool {
        let (start, _) = self.currency_before(start);
        let sign = self.char_before(start).filter(|c| matches!(c, '-' | '−' | '+'));
        let start = start - sign.map_or(0, char::len_utf8);
        self.word_before(start).is_some_and(|w| w.is(Role::From))
    }

    pub(crate) fn after_between(&mut self, start: usize) -> bool {
        let (start, _) = self.currency_before(start);
        self.word_before(start).is_some_and(|w| w.is(Role::Between))
    }

    /// `дейін` within two words after the second number.
    pub(crate) fn before_to(&mut self, end: usize) -> bool {
        let mut at = end;
        for _ in 0..3 {
            let Some(word) = self.word_after(at) else {
                return false;
            };
            if word.is(Role::To) {
                return true;
            }
            // "20-дан 50 АЕК-ке дейін"
            at = self.case_suffix(word.end);
        }
        false
    }

    fn number_word_at(&mut self, at: usize) -> bool {
        self.word_at(at).and_then(|w| w.known).is_some_and(|known| {
            known.senses().any(|s| {
                matches!(
                    s.role,
                    Role::Cardinal | Role::Hundred | Role::Scale | Role::Collective | Role::Ordinal
                )
            })
        })
    }

    /// `2025-2027 жылдар`, `1941-45`.
    fn year_range(&mut self, start: usize, high: &Numeral, first: Decimal, last: Decimal) -> usize {
        let mut draft = Draft::new(start, high.end, Value::Range(first, last), Kind::Year);
        draft.exactness = Exactness::Range;
        let mut end = self.case_suffix(high.end);
        let dash = self.dash_at(end);
        let next = if dash > 0 {
            self.word_at(end + dash)
        } else {
            self.word_after(end)
        };
        if let Some(word) = next.filter(|w| w.is(Role::Year) || w.is(Role::Years)) {
            end = word.end;
        }
        draft.span.end = end;
        self.emit(draft);
        end
    }

    /// `80-90-жылдар`, `19-20 ғасырлар`.
    fn decade_or_century_range(
        &mut self,
        start: usize,
        low: &Numeral,
        high: &Numeral,
        first: Decimal,
        last: Decimal,
    ) -> Option<usize> {
        let dash = self.dash_at(high.end);
        let word = if dash > 0 {
            self.word_at(high.end + dash)
        } else {
            self.word_after(high.end)
        };
        let tens = (first % Decimal::TEN).is_zero() && (last % Decimal::TEN).is_zero();
        let years = word.filter(|w| w.is(Role::Years));
        // "1920–30-е годы", "1960-70-жылдары", but "1960-1970 жылдары" are years.
        let named = dash > 0 && years.is_some() || matches!(high.suffix, Suffix::Plural | Suffix::Decade);
        let (value, kind, end) = if let Some(century) = word.filter(|w| w.is(Role::Century))
            && last < Decimal::from(30)
        {
            (Value::Range(first, last), Kind::Century, century.end)
        } else if let Some(years) = years
            && tens
            && low.plain == 2
            && high.plain == 2
        {
            let century = Decimal::from(1900);
            let value = Value::Range(century + first, century + last + Decimal::from(9));
            (value, Kind::Decade, years.end)
        } else if tens && named && shapes::year(first, low.plain).is_some() && shapes::year(last, 4).is_some()
        {
            let value = Value::Range(first, last + Decimal::from(9));
            (value, Kind::Decade, years.map_or(high.end, |w| w.end))
        } else {
            return None;
        };
        let mut draft = Draft::new(start, end, value, kind);
        draft.exactness = Exactness::Range;
        self.emit(draft);
        Some(end)
    }
}

/// Minutes and the hour that they lack, as people say them in words.
fn minutes_to(minutes: Decimal, hour: Decimal) -> Option<(u8, u8)> {
    let minutes = minutes.to_u8().filter(|m| matches!(m, 5 | 10))?;
    let hour = hour.to_u8().filter(|h| (2..=12).contains(h))?;
    Some((minutes, hour))
}
