//! Units and currencies beside a number, and its sign.

use rust_decimal::Decimal;

use crate::grammar::Role;
use crate::numeral::{Form, Numeral};
use crate::scan::{Scanner, Word};
use crate::unit::{Dimension, Unit};

/// A unit after a number.
pub(crate) struct Measured {
    pub unit: Unit,
    pub other: Option<Unit>,
    pub end: usize,
    /// Whether the word is one of the calendar as well: `г.`, gram and year.
    pub calendar: bool,
    /// Whether hundredths of the unit are counted: `41 тиын`, "41 cents".
    pub hundredths: bool,
}

impl Measured {
    const fn new(unit: Unit, end: usize) -> Self {
        Self {
            unit,
            other: None,
            end,
            calendar: false,
            hundredths: false,
        }
    }

    /// A number of these in whole units.
    pub(crate) fn whole(&self, n: Decimal) -> Decimal {
        match n.checked_mul(Decimal::new(1, 2)) {
            Some(hundredths) if self.hundredths => hundredths,
            _ => n,
        }
    }
}

impl<'a> Scanner<'a> {
    /// A currency sign or code before a number: its unit and the figure's new start.
    pub(crate) fn currency_before(&mut self, start: usize) -> (usize, Option<Unit>) {
        let Some(c) = self.char_before(start) else {
            return (start, None);
        };
        if matches!(
            c,
            '$' | '€' | '£' | '₸' | '₽' | '¥' | '₩' | '₹' | '₺' | '₴' | '₪' | '₿'
        ) {
            let mut from = start - c.len_utf8();
            // "US$", "A$"
            let letters = self.bytes.get(..from).unwrap_or_default().iter().rev().take(2);
            let prefix = letters.take_while(|b| b.is_ascii_uppercase()).count();
            let grammar = self.grammar;
            for take in (0..=prefix).rev() {
                let money = grammar
                    .lookup(self.folded(from - take, start))
                    .and_then(|k| k.role(Role::Unit));
                if let Some(sense) = money {
                    from -= take;
                    return (from, Some(sense.unit));
                }
            }
            return (from, None);
        }
        // "USD 5", "KZT300"
        let end = self.spaces_before(start);
        if let Some(word) = self.word_ending(end).filter(|w| self.is_currency_code(w))
            && let Some(sense) = word.role(Role::Unit)
        {
            return (word.start, Some(sense.unit));
        }
        (start, None)
    }

    /// `KZT`, `USD`: three capitals.
    pub(crate) fn is_currency_code(&self, word: &Word<'a>) -> bool {
        let letters = self.bytes.get(word.start..word.end).unwrap_or_default();
        letters.len() == 3
            && letters.iter().all(u8::is_ascii_uppercase)
            && word
                .role(Role::Unit)
                .is_some_and(|s| s.unit.dimension() == Some(Dimension::Money))
    }

    /// A hyphen right before a number that nothing stands before.
    pub(crate) fn is_negative(&self, start: usize) -> bool {
        self.char_before(start) == Some('-')
            && self
                .char_before(start - 1)
                .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '«'))
    }

    /// A minus sign or the word for it.
    pub(crate) fn has_minus(&mut self, start: usize) -> bool {
        self.char_before(start) == Some('−') || self.word_before(start).is_some_and(|w| w.is(Role::Minus))
    }

    /// The unit after a numeral.
    pub(crate) fn unit_after(&mut self, numeral: &Numeral) -> Option<Measured> {
        // "3 тыс. руб.", "5 млн. теңге"
        let dot = usize::from(
            numeral.words > 0
                && self.byte(numeral.end) == b'.'
                && self
                    .char_at(self.skip_spaces(numeral.end + 1))
                    .is_some_and(char::is_lowercase),
        );
        let end = numeral.end + dot;
        let mut at = self.skip_spaces(end);
        if at == end {
            let dash = self.dash_at(end);
            if dash == 1 && !numeral.closed && self.is_letter(end + 1) {
                at += dash;
            } else if dash > 0 {
                return None;
            }
        }
        // "hundreds of millions of dollars"
        if numeral.form == Form::Approximate
            && let Some(of) = self.word_at(at).filter(|w| w.is(Role::Of))
        {
            at = self.skip_spaces(of.end);
        }
        let mut measured = self.unit_at(at, at > end && self.dash_at(end) > 0)?;
        measured.unit = self.in_time(numeral.start, measured.unit);
        Some(measured)
    }

    /// The smaller money after an amount, in whole units, and where it ends: `538 теңге 27 тиын`, "5 dollars and 20 cents".
    pub(crate) fn small_money(&mut self, amount: &Measured) -> Option<(Decimal, usize)> {
        if amount.unit.dimension() != Some(Dimension::Money) || amount.hundredths {
            return None;
        }
        // "100 руб. 50 коп."
        let stop = usize::from(self.byte(amount.end) == b'.');
        let mut at = self.skip_spaces(amount.end + stop);
        if let Some(and) = self.word_at(at).filter(|w| w.is(Role::And)) {
            at = self.skip_spaces(and.end);
        }
        let part = self
            .numeral(at)
            .filter(|n| at > amount.end && n.form == Form::Cardinal)?;
        let small = self.unit_after(&part)?;
        let same = small.unit == amount.unit || small.other == Some(amount.unit);
        let fits = small.hundredths && same && part.value < Decimal::ONE_HUNDRED;
        fits.then(|| (small.whole(part.value), small.end))
    }

    /// What a length is in the time that a word before the number says: `сағатына 120 шақырым`.
    pub(crate) fn in_time(&mut self, start: usize, unit: Unit) -> Unit {
        if self.grammar.conventions.denominator_first
            && let Some((speed, role, _)) = speed(unit)
            && self
                .word_before(start)
                .is_some_and(|w| w.is(role) && !w.is(Role::Unit))
        {
            return speed;
        }
        unit
    }

    /// Whether the capital after digits stands for degrees: "minus 15C", "(95F)", "highs of 30C", but not "Room 12C".
    pub(crate) fn is_degrees(&mut self, numeral: &Numeral) -> bool {
        let Some(letter) = self.word_at(numeral.end).filter(|w| w.is(Role::Celsius)) else {
            return false;
        };
        let sign = matches!(self.char_before(numeral.start), Some('(' | '−' | '+'))
            || self.is_negative(numeral.start);
        let word = self.word_before(numeral.start);
        let plain = word.is_some_and(|w| !self.is_capital(w.start) && !w.is(Role::LabelBefore));
        letter.end - letter.start == 1 && numeral.value <= Decimal::from(150) && (sign || plain)
    }

    /// A height in feet and inches, as one number of inches: "6-foot-2", "6ft 2in", `5'11"`.
    pub(crate) fn feet_and_inches(
        &mut self,
        feet: &Numeral,
        measured: Option<&Measured>,
    ) -> Option<(Decimal, usize)> {
        if !(1..=2).contains(&feet.plain) {
            return None;
        }
        let mark = self.char_at(feet.end).filter(|c| matches!(c, '\'' | '’' | '′'));
        let (after, joined) = match (measured, mark) {
            (Some(m), _) if m.unit.code() == "ft" => (m.end, self.byte(m.end) == b'-'),
            (None, Some(mark)) => (feet.end + mark.len_utf8(), false),
            _ => return None,
        };
        let at = if joined {
            after + 1
        } else {
            self.skip_spaces(after)
        };
        let end = self.digits_end(at);
        let inches = self.small((at, end));
        if end == at
            || end - at > 2
            || inches >= 12
            || matches!(self.byte(end), b'.' | b',') && self.is_digit(end + 1)
        {
            return None;
        }
        // "6 foot 2": so many feet are no foot but of somebody's height.
        let foot = self.text.get(..after).is_some_and(|text| text.ends_with("foot"));
        let tall = foot && feet.value > Decimal::ONE && self.unit_at(self.skip_spaces(end), false).is_none();
        let closing = self.char_at(end).filter(|c| matches!(c, '"' | '″' | '”'));
        let glued =
            self.text.get(end..).is_some_and(|rest| rest.starts_with("in")) && !self.is_letter(end + 2);
        let inch = self.unit_at(self.skip_spaces(end), false);
        let inch = inch.filter(|m| m.unit.code() == "in").map(|m| m.end);
        let end = match closing {
            Some(mark) => end + mark.len_utf8(),
            None if measured.is_some() && glued => end + 2,
            None if measured.is_some() && inch.is_some() => inch?,
            None if (joined || tall) && !self.is_letter(end) => end,
            None => return None,
        };
        let total = feet.value.checked_mul(Decimal::from(12))?;
        Some((total.checked_add(Decimal::from(inches))?, end))
    }

    /// The unit that starts at a place.
    pub(crate) fn unit_at(&mut self, at: usize, hyphen: bool) -> Option<Measured> {
        let c = self.char_at(at)?;
        let done = |unit, end| Some(Measured::new(unit, end));
        if !c.is_alphabetic() {
            let mut end = at + c.len_utf8();
            // "°C"
            if c == '°' && matches!(self.char_at(end), Some('C' | 'С' | 'F')) {
                let fahrenheit = self.byte(end) == b'F';
                end += self.char_at(end).map_or(0, char::len_utf8);
                let end = self.case_suffix(end);
                return done(if fahrenheit { "°F" } else { "°C" }.parse().ok()?, end);
            }
            let grammar = self.grammar;
            let unit = grammar.lookup(self.folded(at, end))?.role(Role::Unit)?.unit;
            end = self.case_suffix(end);
            end = self.glued_suffix(end);
            if unit == Unit::PERCENT
                && let Some(word) = self.word_after(end).filter(|w| w.is(Role::Point))
            {
                return done(Unit::POINTS, word.end);
            }
            return done(unit, end);
        }
        let mut word = self.word_at(at)?;
        // "m²", "км2"
        let plain = self.is_letter(word.end + 1) || self.is_digit(word.end + 1);
        if let Some(power) = self
            .char_at(word.end)
            .filter(|c| matches!(c, '²' | '³') || (matches!(c, '2' | '3') && !plain))
        {
            let end = word.end + power.len_utf8();
            let grammar = self.grammar;
            let unit = grammar.lookup(self.folded(at, end))?.role(Role::Unit)?.unit;
            return done(unit, end);
        }
        // "35C": the capital has been found to stand for degrees
        if self.is_digit(at.wrapping_sub(1))
            && word.end - word.start == 1
            && self.is_capital(at)
            && let Some(sense) = word.role(Role::Celsius)
        {
            return done(sense.unit, word.end);
        }
        if word.is(Role::Per) {
            let cent = self.word_after(word.end).filter(|w| w.is(Role::Cent))?;
            return Some(self.percent(cent.end));
        }
        if word.is(Role::OfPercent) {
            return match self.word_after(word.end).filter(|w| w.is(Role::Point)) {
                Some(point) => Some(Measured::new(Unit::POINTS, point.end)),
                None => done(Unit::PERCENT, word.end),
            };
        }
        if word.is(Role::Basis) {
            let point = self.word_after(word.end).filter(|w| w.is(Role::Point))?;
            return done(Unit::BASIS_POINTS, point.end);
        }
        if let Some(end) = self.points_abbreviation(&word) {
            return done(Unit::POINTS, end);
        }
        for (role, powers) in [
            (
                Role::Square,
                [
                    ("m", "m2"),
                    ("km", "km2"),
                    ("mi", "mi2"),
                    ("ft", "ft2"),
                    ("cm", "cm2"),
                ],
            ),
            (
                Role::Cube,
                [("m", "m3"), ("km", "km3"), ("", ""), ("", ""), ("", "")],
            ),
        ] {
            if word.is(role) {
                let dot = usize::from(self.byte(word.end) == b'.');
                let Some(next) = self.word_after(word.end + dot) else {
                    continue;
                };
                let Some(length) = next.role(Role::Unit) else {
                    continue;
                };
                let unit = powers
                    .iter()
                    .find(|(code, _)| *code == length.unit.code())?
                    .1
                    .parse()
                    .ok()?;
                return Some(Measured::new(unit, next.end));
            }
        }
        let mut nation = None;
        if let Some(sense) = word.role(Role::Nation) {
            nation = Some(sense.unit);
            // "U.S. dollars" is two words to the tables.
            let next = self.word_after(word.end)?;
            let money = next.role(Role::Unit).or_else(|| next.role(Role::Hundredth));
            money.filter(|s| s.unit.dimension() == Some(Dimension::Money))?;
            word = next;
        }
        if self.bytes.get(at..at + 4) == Some(b"U.S.") {
            word = self.word_after(at + 4)?;
            nation = "USD".parse().ok();
        }
        let calendar = word.is(Role::Year) || word.is(Role::Century);
        // "5 won the cup"
        let grammar = self.grammar;
        if grammar.may_exclude(self.bytes, word.start)
            && let Some(next) = self.word_after(word.end)
            && grammar.is_excluded(self.folded(word.start, next.end))
        {
            return None;
        }
        let hundredths = word.is(Role::Hundredth);
        let role = if hundredths { Role::Hundredth } else { Role::Unit };
        let mut units = word.known?.senses().filter(|s| s.role == role);
        let unit = units.next()?.unit;
        // A single letter is a unit only in lower case, and not before ".б" (т.б.).
        let letters = self.text.get(word.start..word.end)?.chars().count();
        if letters == 1 {
            let next = self.char_at(word.end + 1).is_some_and(char::is_alphabetic);
            if self.is_capital(word.start) || (self.byte(word.end) == b'.' && next) {
                return None;
            }
        }
        let mut other = units.next().map(|s| s.unit);
        let mut end = word.end;
        if hyphen {
            // "20-year-old", "5-kilometre-long"
            let dash = self.dash_at(end);
            if dash > 0 && self.is_letter(end + dash) && unit.dimension() == Some(Dimension::Duration) {
                end = self.word_at(end + dash).map_or(end, |w| w.end);
            }
        }
        match unit.dimension() {
            Some(Dimension::Proportion) => return Some(self.percent(end)),
            Some(Dimension::Money) => {
                // Pounds are weighed too.
                other = other.filter(|other| *other != unit);
                if let Some(nation) = nation.filter(|n| !n.is_none())
                    && (unit.code() == "USD" || unit.code() == nation.code())
                {
                    return Some(Measured {
                        hundredths,
                        ..Measured::new(nation, end)
                    });
                }
                if let Some(next) = self.word_after(end).filter(|w| w.is(Role::NationAfter)) {
                    end = next.end;
                }
            }
            Some(Dimension::Physical(_)) if speed(unit).is_some() => {
                let (speed, role, time) = speed(unit)?;
                if let Some(after) = self.per_time(end, role, time) {
                    return done(speed, after);
                }
            }
            Some(Dimension::Physical(_)) if energy(unit).is_some() => {
                if let Some(after) = self.times_hour(end) {
                    return done(energy(unit)?, after);
                }
            }
            _ if unit.code() == "°C" => {
                if let Some(scale) = self.word_after(end)
                    && let Some(sense) = scale.role(Role::Celsius)
                {
                    return done(sense.unit, scale.end);
                }
            }
            _ => {}
        }
        Some(Measured {
            unit,
            other,
            end,
            calendar,
            hundredths,
        })
    }

    /// The end of `п.п`, `п. п.`, `p.p.`
    fn points_abbreviation(&self, word: &Word<'a>) -> Option<usize> {
        let text = self.text.get(word.start..)?;
        let short = ["п.п", "п. п.", "p.p."]
            .iter()
            .find(|short| text.starts_with(**short))?;
        let rest = text.get(short.len()..)?;
        (!rest.starts_with(char::is_alphabetic)).then_some(word.start + short.len())
    }

    /// A per cent word, or the points that follow it.
    fn percent(&mut self, end: usize) -> Measured {
        let point = self.word_after(end).filter(|w| w.is(Role::Point));
        match point {
            Some(point) => Measured::new(Unit::POINTS, point.end),
            None => Measured::new(Unit::PERCENT, end),
        }
    }

    /// `·ч`, `-сағат`, `/сағ` or ` hours` after a unit of power.
    fn times_hour(&mut self, end: usize) -> Option<usize> {
        let mark = self.char_at(end)?;
        let at = match mark {
            '·' | '⋅' | '*' | '/' | '-' | '∙' => end + mark.len_utf8(),
            _ => self.skip_spaces(end),
        };
        let hour = self.word_at(at).filter(|_| at > end)?;
        let is_hour = hour.is(Role::PerHour) || hour.role(Role::Unit).is_some_and(|s| s.unit.code() == "h");
        is_hour.then_some(hour.end)
    }

    /// `/h`, `per hour`, `сағатына` after a length; likewise of seconds.
    fn per_time(&mut self, end: usize, role: Role, time: &str) -> Option<usize> {
        if self.byte(end) == b'/' {
            return self.word_at(end + 1).filter(|w| w.is(role)).map(|w| w.end);
        }
        let mut word = self.word_after(end)?;
        if word.is(Role::Per) || word.is(Role::A) {
            word = self
                .word_after(word.end)
                .filter(|w| w.is(role) || w.role(Role::Unit).is_some_and(|s| s.unit.code() == time))?;
            return Some(word.end);
        }
        let direct = self.grammar.conventions.denominator_first && word.is(role);
        direct.then_some(word.end)
    }
}

/// The speed that a length in a time is, the role of the word for that time and the time's unit.
fn speed(length: Unit) -> Option<(Unit, Role, &'static str)> {
    let (speed, role, time) = match length.code() {
        "m" => ("m/s", Role::PerSecond, "second"),
        "km" => ("km/h", Role::PerHour, "h"),
        "mi" => ("mph", Role::PerHour, "h"),
        _ => return None,
    };
    Some((speed.parse().ok()?, role, time))
}

/// What a power for an hour is.
fn energy(power: Unit) -> Option<Unit> {
    match power.code() {
        "kW" => "kWh".parse().ok(),
        "MW" => "MWh".parse().ok(),
        "GW" => "GWh".parse().ok(),
        _ => None,
    }
}
