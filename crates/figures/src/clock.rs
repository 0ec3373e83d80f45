//! Times of day, in digits and in words.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::context::Draft;
use crate::figure::{Kind, Reading, Value};
use crate::grammar::Role;
use crate::numeral::{Form, Numeral};
use crate::scan::{Scanner, Word};
use crate::shapes;
use crate::unit::Unit;

impl<'a> Scanner<'a> {
    /// Settles morning or evening; where neither is said, an hour up to twelve may be both.
    pub(crate) fn halves_of_day(
        &mut self,
        start: usize,
        end: usize,
        hour: u8,
        minute: u8,
        draft: &mut Draft,
    ) -> usize {
        let time = |hour: u8| Value::Time { hour, minute };
        // "Eleven at night" is late, "two at night" early.
        let late = (6..12).contains(&hour);
        if let Some((pm, after)) = self.am_pm(end) {
            let night = self.word_after(end).is_some_and(|w| w.is(Role::Night));
            let (pm, end) = (pm || night && late, after);
            draft.value = time(if pm && hour < 12 {
                hour + 12
            } else if !pm && hour == 12 {
                0
            } else {
                hour
            });
            return end;
        }
        let (starts, count) = self.words_before::<2>(start);
        for &at in starts.iter().take(count) {
            let Some(word) = self.word_at(at) else { continue };
            if hour < 12 && (word.is(Role::Pm) || word.is(Role::Night) && late) {
                draft.value = time(hour + 12);
                return end;
            }
            if word.is(Role::Am) {
                // "түнгі 12-де"
                if hour == 12 {
                    draft.value = time(0);
                }
                return end;
            }
        }
        if let Some((evening, end)) = self.part_of_day(end) {
            let night = self.word_ending(end).is_some_and(|w| w.is(Role::Night));
            if evening && hour < 12 && (late || !night) {
                draft.value = time(hour + 12);
            } else if night && hour == 12 {
                draft.value = time(0);
            }
            return end;
        }
        // "04:40" is said of the morning only.
        if (1..12).contains(&hour) && self.byte(start) != b'0' {
            draft.others.push(Reading {
                value: time(hour + 12),
                unit: Unit::NONE,
                kind: Kind::Time,
            });
        }
        end
    }

    /// "in the morning", "this evening" after a time.
    fn part_of_day(&mut self, at: usize) -> Option<(bool, usize)> {
        let mut word = self.word_after(at).filter(|w| w.is(Role::OfDay))?;
        for _ in 0..2 {
            let next = self.word_after(word.end)?;
            if next.is(Role::Evening) || next.is(Role::Morning) {
                return Some((next.is(Role::Evening), next.end));
            }
            word = next;
        }
        None
    }

    /// `noon`, `полночь`, `полшестого`: hours and, as hundredths, minutes.
    pub(crate) fn named_time(&mut self, word: &Word<'a>, value: Decimal, weak: bool) -> Option<usize> {
        let hour = value.trunc().to_u8()?;
        let minute = value.fract().checked_mul(Decimal::ONE_HUNDRED)?.to_u8()?;
        let mut draft = Draft::new(word.start, word.end, Value::Time { hour, minute }, Kind::Time);
        draft.weak = weak;
        let end = self.halves_of_day(word.start, word.end, hour, minute, &mut draft);
        draft.span.end = end;
        self.emit(draft);
        Some(end)
    }

    /// `pm`, `p.m.`, `вечера` after a time.
    fn am_pm(&mut self, at: usize) -> Option<(bool, usize)> {
        let start = self.skip_spaces(at);
        // "a.m." is two words to the tables.
        if let (Some(half), b'.') = (self.char_at(start), self.byte(start + 1))
            && matches!(half, 'a' | 'p' | 'A' | 'P')
            && matches!(self.byte(start + 2), b'm' | b'M')
            && !self.is_letter(start + 3)
        {
            let end = start + 3 + usize::from(self.byte(start + 3) == b'.');
            return Some((matches!(half, 'p' | 'P'), end));
        }
        // "таңғы 6-дан кешкі 10-ға": where the word stands before its hour, what follows is said of another.
        let word = self
            .word_at(start)
            .filter(|_| !self.grammar.conventions.denominator_first)?;
        if word.is(Role::Pm) {
            Some((true, word.end))
        } else if word.is(Role::Am) {
            Some((false, word.end))
        } else {
            None
        }
    }

    /// A time in words: "half past five", "ten to six", `без четверти девять`, `половина шестого`, `алтыға бес минут қалды`.
    pub(crate) fn spoken_time(&mut self, numeral: &Numeral) -> Option<usize> {
        if let Some(end) = self.minutes_after_hour(numeral) {
            return Some(end);
        }
        let minutes = match numeral.form {
            Form::Fraction => numeral.value.checked_mul(Decimal::from(60))?,
            Form::Cardinal => numeral.value,
            _ => return None,
        };
        let mut minutes = minutes
            .to_u8()
            .filter(|&m| m > 0 && m < 60 && Decimal::from(m) == minutes)?;
        let without = self.word_before(numeral.start).filter(|w| w.is(Role::Without));
        // "без двадцати шесть": the hour is no part of the minutes.
        let mut end = numeral.end;
        if without.is_some()
            && numeral.words == 2
            && let Some(first) = self.word_at(numeral.start)
            && let Some(hour) = self.hour_at(self.skip_spaces(first.end))
        {
            (minutes, end) = (minutes - hour.0, first.end);
        }
        let unit = self.word_after(end).filter(is_minute);
        if let Some(unit) = unit {
            end = unit.end;
        }
        if let Some(without) = without {
            let (hour, end) = self.hour_at(self.skip_spaces(end))?;
            return Some(self.timed(without.start, end, hour, 60 - minutes, true));
        }
        let named = unit.is_some() || numeral.form == Form::Fraction;
        let word = self.word_after(end)?;
        if self.grammar.conventions.ordinal_denominators {
            let hour = word.role(Role::Ordinal).map(|s| s.value).filter(|_| named)?;
            let genitive = self.text.get(word.start..word.end)?.ends_with("го");
            let hour = hour.to_u8().filter(|h| (1..=12).contains(h) && genitive)?;
            // "половина второго тайма"
            if self.is_agreeing(word.end, &['а', 'я']) {
                return None;
            }
            return Some(self.timed(numeral.start, word.end, hour, minutes, true));
        }
        let before = word.is(Role::To);
        if !before && !word.is(Role::Past) || before && minutes == 30 && unit.is_none() {
            return None;
        }
        let (hour, hour_end) = self.hour_at(self.skip_spaces(word.end))?;
        // "ten past six", but "five to six" may be a range
        let spoken = numeral.words > 0 && !numeral.digits && minutes % 5 == 0 && minutes < 30;
        let surely = !before || minutes > hour || self.is_clocked(numeral.start, false);
        if !(named || spoken && surely) {
            return None;
        }
        let minutes = if before { 60 - minutes } else { minutes };
        Some(self.timed(numeral.start, hour_end, hour, minutes, before))
    }

    /// `алтыға бес минут қалды`, `бестен он бес минут өткенде`.
    fn minutes_after_hour(&mut self, hour: &Numeral) -> Option<usize> {
        if !self.grammar.conventions.denominator_first
            || hour.form != Form::Cardinal
            || hour.scale != Decimal::ONE
        {
            return None;
        }
        let said = hour.value.to_u8().filter(|h| (1..=24).contains(h))?;
        let at = self.skip_spaces(hour.end);
        let minutes = self.numeral(at).filter(|_| at > hour.end)?;
        let value = match minutes.form {
            Form::Fraction => minutes.value.checked_mul(Decimal::from(60))?,
            Form::Cardinal => minutes.value,
            _ => return None,
        };
        let value = value.to_u8().filter(|m| (1..60).contains(m))?;
        let unit = self.word_after(minutes.end).filter(is_minute);
        if unit.is_none() && minutes.form != Form::Fraction {
            return None;
        }
        let word = self.word_after(unit.map_or(minutes.end, |u| u.end))?;
        let left = word.is(Role::Left);
        if !left && !word.is(Role::Past) {
            return None;
        }
        let value = if left { 60 - value } else { value };
        Some(self.timed(hour.start, word.end, said, value, left))
    }

    /// An hour that stands alone: up to twelve, and nothing that it counts after it.
    fn hour_at(&mut self, at: usize) -> Option<(u8, usize)> {
        if self.spaces_before(at) == at {
            return None;
        }
        // "без пяти час"
        if let Some(word) = self
            .word_at(at)
            .filter(|w| w.is(Role::Oclock) && w.is(Role::Unit))
        {
            return Some((1, word.end));
        }
        let hour = self
            .numeral(at)
            .filter(|n| n.form == Form::Cardinal && !n.cased)?;
        let said = hour.value.to_u8().filter(|h| (1..=12).contains(h))?;
        let oclock = self.word_after(hour.end).filter(|w| w.is(Role::Oclock));
        if oclock.is_none() && self.unit_after(&hour).is_some() {
            return None;
        }
        // A genitive is no hour: "без двадцати пяти рублей".
        let said_hour = self.text.get(at..hour.end)?;
        let oblique = self.grammar.conventions.ordinal_denominators
            && !hour.digits
            && ["ти", "ми", "х"].iter().any(|e| said_hour.ends_with(e));
        (!oblique).then_some((said, oclock.map_or(hour.end, |w| w.end)))
    }

    /// A time by its hour and minute; `before` where the hour said is the one to come.
    fn timed(&mut self, start: usize, end: usize, hour: u8, minute: u8, before: bool) -> usize {
        let hour = match hour {
            1 if before => 12,
            _ => hour.saturating_sub(u8::from(before)),
        };
        let mut draft = Draft::new(start, end, Value::Time { hour, minute }, Kind::Time);
        let end = self.halves_of_day(start, end, hour, minute, &mut draft);
        draft.span.end = end;
        self.emit(draft);
        end
    }

    /// `5pm`, `5.30 p.m.`, `сағат 17:30`, `сағат 5-те`, `at 5 o'clock`, `в 5 часов`.
    pub(crate) fn clock(&mut self, numeral: &Numeral) -> Option<usize> {
        if !numeral.digits && numeral.words == 0 || numeral.form != Form::Cardinal {
            return None;
        }
        if let Some(end) = self.military(numeral) {
            return Some(end);
        }
        if let Some(end) = self.opening_hours(numeral.start) {
            return Some(end);
        }
        let clocked = self.is_clocked(numeral.start, numeral.closed || numeral.cased);
        let dotted = self.dotted_time(numeral.start);
        if let Some((time @ Value::Time { hour, minute }, end)) = dotted {
            let half = self.am_pm(end).is_some_and(|(_, end)| !self.is_letter(end));
            let cased = self.grammar.conventions.denominator_first
                && self.case_suffix(end) > end
                && minute % 5 == 0
                && hour >= 6;
            if half || (clocked && self.unit_at(self.skip_spaces(end), false).is_none()) || cased {
                let mut draft = Draft::new(numeral.start, end, time, Kind::Time);
                let end = self.halves_of_day(numeral.start, end, hour, minute, &mut draft);
                draft.span.end = self.case_suffix(end);
                let end = draft.span.end;
                self.emit(draft);
                return Some(end);
            }
        }
        // "сағат бес жарымда"
        let halved = !numeral.value.is_integer();
        if halved && (numeral.digits || numeral.value.fract() != Decimal::new(5, 1)) {
            return None;
        }
        let minute = if halved { 30 } else { 0 };
        let hour = numeral.value.trunc().to_u8().filter(|&h| h <= 24)?;
        // "at six thirty", "в шесть тридцать", "сағат алты отызда"
        if clocked
            && !numeral.digits
            && numeral.words > 0
            && !numeral.cased
            && numeral.scale == Decimal::ONE
            && let at = self.skip_spaces(numeral.end)
            && let Some(more) = self.numeral(at)
            && at > numeral.end
            && !more.digits
            && more.form == Form::Cardinal
            && let Some(minutes) = more.value.to_u8().filter(|m| (10..60).contains(m))
            && self.unit_after(&more).is_none()
        {
            return Some(self.timed(numeral.start, more.end, hour, minutes, false));
        }
        let digits = self.digits_end(numeral.start);
        let oclock = self.word_after(numeral.end).filter(|w| w.is(Role::Oclock));
        // "в семь вечера"; "два дня" may be two days
        let spoken =
            !numeral.digits && clocked && self.word_after(numeral.end).is_some_and(|w| !w.is(Role::Unit));
        let digits = if spoken { numeral.end } else { digits };
        let half = self
            .am_pm(digits)
            .filter(|_| spoken || numeral.digits && (numeral.plain > 0 || numeral.closed));
        let cased = clocked && self.grammar.conventions.denominator_first;
        // "at six in the morning"
        let told = numeral.scale == Decimal::ONE
            && (clocked || numeral.value > Decimal::ONE)
            && numeral.value <= Decimal::from(12)
            && !self.is_negative(numeral.start)
            && !self.has_minus(numeral.start)
            && self.part_of_day(numeral.end).is_some();
        let said =
            half.is_some() || told || cased || (clocked && oclock.is_some()) || is_oclock(oclock.as_ref());
        if !said {
            return None;
        }
        // "сағат 5 мыңнан" cannot be; "сағат" may end what went before only when a unit follows.
        if half.is_none()
            && (numeral.scale > Decimal::ONE || oclock.is_none() && self.unit_after(numeral).is_some())
        {
            return None;
        }
        let mut end = oclock.map_or(numeral.end, |w| w.end);
        let mut minute = minute;
        // "в 18 часов 30 минут"
        if let Some(more) = self
            .numeral(self.skip_spaces(end))
            .filter(|n| n.start > end && n.form == Form::Cardinal)
            && oclock.is_some()
            && let Some(unit) = self.word_after(more.end).filter(is_minute)
            && let Some(minutes) = more.value.to_u8().filter(|m| *m < 60)
        {
            (minute, end) = (minutes, unit.end);
        }
        let time = Value::Time { hour, minute };
        let mut draft = Draft::new(numeral.start, end, time, Kind::Time);
        let from = if half.is_some() { digits } else { end };
        let end = self
            .halves_of_day(numeral.start, from, hour, minute, &mut draft)
            .max(end);
        draft.span.end = end;
        self.emit(draft);
        Some(end)
    }

    /// `9.00–18.00` where decimals have a comma.
    fn opening_hours(&mut self, start: usize) -> Option<usize> {
        let time = |scanner: &Self, at| {
            let (time, end) = scanner.dotted_time(at)?;
            let round = matches!(time, Value::Time { minute, .. } if minute % 5 == 0);
            (round && scanner.byte(end - 3) == b'.').then_some((time, end))
        };
        let (opens, end) = time(self, start)?;
        let at = self.skip_spaces(end);
        let dash = self.dash_at(at);
        let next = self.skip_spaces(at + dash);
        let (closes, last) = time(self, next)?;
        if dash == 0 || self.grammar.conventions.decimal != Some(',') {
            return None;
        }
        self.emit(Draft::new(start, end, opens, Kind::Time));
        let last = self.case_suffix(last);
        self.emit(Draft::new(next, last, closes, Kind::Time));
        Some(last)
    }

    /// "0900 hours", "at 1430 hours"
    fn military(&mut self, numeral: &Numeral) -> Option<usize> {
        let hours = self
            .word_after(numeral.end)
            .filter(|w| w.role(Role::Unit).is_some_and(|s| s.unit.code() == "h"))?;
        let said = self.byte(numeral.start) == b'0'
            || self
                .word_before(numeral.start)
                .is_some_and(|w| w.is(Role::ClockBefore));
        let n = numeral.value.to_u16().filter(|_| said && numeral.plain == 4)?;
        let time = shapes::time(n / 100, n % 100)?;
        self.emit(Draft::new(numeral.start, hours.end, time, Kind::Time));
        Some(hours.end)
    }

    /// Two hours: `сағат 9-дан 18-ге дейін`, `с 9 до 18 часов`, "from 9 to 11 a.m.".
    pub(crate) fn hours(&mut self, low: &Numeral) -> Option<usize> {
        let hour = |n: &Numeral| {
            let alone = n.form == Form::Cardinal && n.scale == Decimal::ONE && n.value.is_integer();
            n.value.to_u8().filter(|&h| alone && h <= 24)
        };
        let first = hour(low)?;
        let second = self.second_of_range(low, low.end)?;
        let high = self.numeral(second.at)?;
        let last = hour(&high)?;
        if second.needs_to && !self.before_to(high.end) {
            return None;
        }
        let oclock = self.word_after(high.end).filter(|w| w.is(Role::Oclock));
        let clocked = self.grammar.conventions.denominator_first && self.is_clocked(low.start, low.closed);
        let said = clocked
            || self.am_pm(high.end).is_some()
            || is_oclock(oclock.as_ref())
            || oclock.is_some() && !second.tight && self.after_from(low.start);
        if !said || oclock.is_none() && self.unit_after(&high).is_some() {
            return None;
        }
        self.timed(low.start, low.end, first, 0, false);
        let end = oclock.map_or(high.end, |w| w.end);
        Some(self.timed(high.start, end, last, 0, false))
    }

    /// Whether a clock word stands before: `сағат 5-те`, `сағат таңғы 6-да`, `кешкі 7-де`.
    fn is_clocked(&mut self, start: usize, closed: bool) -> bool {
        let Some(word) = self.word_before(start) else {
            return false;
        };
        word.is(Role::ClockBefore)
            || ((word.is(Role::Am) || word.is(Role::Pm))
                && (closed
                    || self
                        .word_before(word.start)
                        .is_some_and(|w| w.is(Role::ClockBefore))))
    }
}

fn is_minute(word: &Word<'_>) -> bool {
    word.role(Role::Unit).is_some_and(|s| s.unit.code() == "min")
}

/// English says "5 o'clock" of nothing but a time; Russian "5 часов" may be a duration.
fn is_oclock(word: Option<&Word<'_>>) -> bool {
    word.is_some_and(|w| w.role(Role::Unit).is_none())
}
