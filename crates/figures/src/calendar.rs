//! Years, decades, centuries, months and dates.

use std::ops::Range;

use qostil_text::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::context::Draft;
use crate::figure::{Date, Exactness, Figure, Kind, Reading, Value};
use crate::grammar::{Role, Suffix};
use crate::numeral::{Form, Numeral};
use crate::scan::{Scanner, Word};
use crate::shapes;
use crate::unit::Unit;

impl<'a> Scanner<'a> {
    /// `г.`, `года`, `ж.`, `жылы` after a full date.
    pub(crate) fn calendar_tail(&mut self, end: usize) -> usize {
        self.word_after(end)
            .filter(|w| w.is(Role::Year))
            .map_or(end, |w| w.end)
    }

    /// "nineteen ninety-five"
    pub(crate) fn spoken_year(&mut self, century: &Numeral) -> Option<usize> {
        let hundreds = century.value.to_u16().filter(|h| (15..=20).contains(h))?;
        if century.digits || century.words != 1 || !self.grammar.conventions.teen_hundreds {
            return None;
        }
        let at = self.skip_spaces(century.end);
        let rest = self
            .numeral(at)
            .filter(|n| at > century.end && !n.digits && n.form == Form::Cardinal)?;
        let years = rest.value.to_u16().filter(|y| (10..100).contains(y))?;
        let value = Value::Number(Decimal::from(hundreds * 100 + years));
        self.emit(Draft::new(century.start, rest.end, value, Kind::Year));
        Some(rest.end)
    }

    /// Years, decades and centuries by the word after a number.
    pub(crate) fn calendar(&mut self, numeral: &Numeral) -> Option<usize> {
        let end = numeral.end;
        let year = shapes::year(numeral.value, numeral.plain).or_else(|| self.closed_year(numeral));
        if numeral.suffix == Suffix::Decade && self.is_tens(numeral) {
            return Some(self.decade(numeral, numeral.start, end));
        }
        // "лихие 90-е", but "90-е место"
        if numeral.suffix == Suffix::Plural && self.is_tens(numeral) && !self.is_agreeing(end, &['о', 'е'])
        {
            let end = self.decade(numeral, numeral.start, end);
            if numeral.value < Decimal::ONE_HUNDRED
                && let Some(decade) = self.out.last_mut().filter(|f| f.span.end == end)
                && decade.span.end == numeral.end
            {
                let ordinal = Reading {
                    value: Value::Number(numeral.value),
                    unit: Unit::NONE,
                    kind: Kind::Ordinal,
                };
                decade.alternatives = Some(Box::new([ordinal]));
            }
            return Some(end);
        }
        // "the 18th and 19th centuries"
        if numeral.form == Form::Ordinal && numeral.value < Decimal::ONE_THOUSAND && self.century_follows(end)
        {
            return Some(self.century(numeral.start, end, numeral.value));
        }
        // "1990s", "1990's"
        let s = usize::from(matches!(self.char_at(end), Some('\'' | '’')))
            * self.char_at(end).map_or(0, char::len_utf8);
        if self.byte(end + s) == b's' && !self.is_letter(end + s + 1) && self.is_tens(numeral) {
            return Some(self.decade(numeral, numeral.start, end + s + 1));
        }
        let dash = self.dash_at(end);
        let mut next = if dash > 0 {
            self.word_at(end + dash)?
        } else {
            self.word_at(self.skip_spaces(end))?
        };
        // Number words that are no ordinals count centuries.
        let numbered = numeral.form == Form::Ordinal || numeral.digits && numeral.value.is_integer();
        if next.is(Role::Century)
            && numbered
            && (numeral.value < Decimal::from(50) || numeral.form == Form::Ordinal)
            && numeral.value > Decimal::ZERO
        {
            return Some(self.century(numeral.start, next.end, numeral.value));
        }
        let years = next.is(Role::Years);
        if (years || numeral.form == Form::Ordinal && next.is(Role::Year)) && self.is_tens(numeral) {
            return Some(self.decade(numeral, numeral.start, next.end));
        }
        let short = || {
            numeral
                .value
                .to_u16()
                .filter(|_| numeral.plain == 3 && next.is(Role::YearOnly))
        };
        // "490 г. до н. э."
        let stop = next.end + usize::from(self.byte(next.end) == b'.');
        let of_era = || {
            let said = numeral.plain > 0 && next.is(Role::Year) && self.era_after(stop).is_some();
            numeral.value.to_u16().filter(|_| said)
        };
        let year = year.or_else(short).or_else(of_era)?;
        if !(next.is(Role::Year) || years) {
            return None;
        }
        // "2025 жылғы 3 қаңтар", "1995 ж. 30 тамыз", "2017 жылдың шілдесінде"
        let stop = usize::from(self.byte(next.end) == b'.' && next.end - next.start <= 2);
        let after = self.skip_spaces(next.end + stop);
        if after > next.end + stop {
            if self.is_digit(after)
                && let Some(day) = self.numeral(after)
                && let Some(end) = self.date_by_day(&day)
            {
                return Some(self.give_year(numeral, next.end, year).unwrap_or(end));
            }
            if let Some(word) = self.word_at(after)
                && let Some(month) = word.role(Role::Month)
            {
                let month = month.value.to_u8()?;
                // "2025 жылғы қаңтардың 3-інде", "2025 жылғы қаңтар айының 3-і"
                let month_end = self.month_word_end(word.end);
                let day_at = self.skip_spaces(month_end);
                if day_at > month_end
                    && let Some(day) = self.owned_day(month_end, day_at)
                    && let Some(dated) = day_of(&day).and_then(|d| shapes::date(year, month.into(), d))
                {
                    return Some(self.owned_days(numeral.start, &day, dated));
                }
                return Some(self.dated(numeral.start, word.end, Date { year, month, day: 0 }));
            }
        }
        if self.byte(next.end) == b'.' && next.end - next.start <= 2 {
            next.end += 1;
        }
        let value = Value::Number(numeral.value);
        let mut draft = Draft::new(numeral.start, next.end, value.clone(), Kind::Year);
        if year < 1000 {
            // "соңғы 150 жылы" may be as many years.
            let unit = Unit::years();
            let kind = Kind::Duration;
            draft.others.push(Reading { value, unit, kind });
        }
        self.emit(draft);
        Some(next.end)
    }

    /// Gives the date that was read last the year said before it, or puts the year before a date that has its own.
    fn give_year(&mut self, said: &Numeral, said_end: usize, year: u16) -> Option<usize> {
        let mut date = self.out.pop()?;
        let whole = match &mut date.value {
            Value::Date(day) if day.year == 0 => {
                day.year = year;
                true
            }
            Value::Dates(from, to) if from.year == 0 && to.year == 0 => {
                (from.year, to.year) = (year, year);
                true
            }
            _ => false,
        };
        if whole {
            date.span.start = said.start;
        } else {
            self.emit(Draft::new(
                said.start,
                said_end,
                Value::Number(said.value),
                Kind::Year,
            ));
        }
        let end = date.span.end;
        self.out.push(date);
        Some(end)
    }

    /// `FY2024`, `FY 24`
    pub(crate) fn fiscal_year(&mut self, word: &Word<'a>) -> Option<usize> {
        let at = self.skip_spaces(word.end);
        let end = self.digits_end(at);
        let year = match end - at {
            2 => 2000 + self.small((at, end)),
            4 => self.small((at, end)),
            _ => return None,
        };
        if !self.is_capital(word.start) || self.is_letter(end) || !(1900..2200).contains(&year) {
            return None;
        }
        let value = Value::Number(Decimal::from(year));
        self.emit(Draft::new(word.start, end, value, Kind::Year));
        Some(end)
    }

    /// Gives a year or century the era said before or after it; those before Christ are negative: `44 году до н. э.`, "the
    /// 5th century BC", `б.з.д. 44 жылы`.
    pub(crate) fn give_era(&mut self, draft: &mut Draft) {
        let counted = match draft.kind {
            Kind::Year | Kind::Century | Kind::Count | Kind::Score => true,
            Kind::Duration => draft.unit.code() == "year",
            _ => false,
        };
        let fits = |n: &Decimal| n.is_integer() && *n > Decimal::ZERO && *n < Decimal::from(10_000);
        let numbers = match &draft.value {
            Value::Number(n) => fits(n),
            Value::Range(low, high) => fits(low) && fits(high),
            Value::Score(first, last) => first > last,
            _ => false,
        };
        if !counted || !numbers {
            return;
        }
        let Span { start, end } = draft.span;
        let named = self
            .word_after(end)
            .filter(|w| w.is(Role::Year) || w.is(Role::Years));
        let said = named.map_or(end, |w| w.end);
        let ended = if let Some((ended, end)) = self.era_after(said) {
            draft.span.end = end;
            ended
        } else if let Some((ended, start)) = self.era_before(start) {
            (draft.span.start, draft.span.end) = (start, said);
            ended
        } else if self.shares_era(start) {
            true
        } else {
            return;
        };
        // "In 2019 BC voters …"
        let modern = |n: &Decimal| (1900..2200).contains(&n.to_u16().unwrap_or(0));
        match &mut draft.value {
            Value::Number(n) if modern(n) => {
                draft.span = Span::new(start, end);
                return;
            }
            Value::Number(n) if ended => {
                *n = -*n;
                self.share_era(start);
            }
            Value::Range(low, high) if ended => {
                let (first, last) = (*low.max(high), *low.min(high));
                (*low, *high) = (-first, -last);
            }
            // "264–241 BC"
            Value::Score(first, last) if ended => {
                draft.value = Value::Range(-Decimal::from(*first), -Decimal::from(*last));
                draft.exactness = Exactness::Range;
            }
            Value::Score(..) => return,
            _ => {}
        }
        if draft.kind != Kind::Century {
            (draft.kind, draft.unit) = (Kind::Year, Unit::NONE);
        }
        draft.others.clear();
    }

    /// The figure that "and" or a comma joins to the one that starts at a place: a year or century, or a number that may be one.
    fn joined_year(&mut self, start: usize) -> Option<&mut Figure> {
        let last = self
            .out
            .last()
            .filter(|f| matches!(f.kind, Kind::Year | Kind::Century | Kind::Count))?;
        let end = last.span.end;
        let gap = self.text.get(end..start).filter(|gap| gap.len() <= 12)?.trim();
        let joined = matches!(gap, "," | "–" | "-")
            || !gap.contains(' ') && self.word_after(end).is_some_and(|w| w.is(Role::And));
        self.out.last_mut().filter(|_| joined)
    }

    /// Whether a number belongs to the years before Christ that were said before it: `б.з.д. 500 және 490 жылдары`.
    fn shares_era(&mut self, start: usize) -> bool {
        let before = self.grammar.conventions.denominator_first;
        let past = |f: &mut Figure| {
            matches!(f.value, Value::Number(n) if n < Decimal::ZERO) && f.kind != Kind::Count
        };
        before && self.out.last_mut().is_some_and(past) && self.joined_year(start).is_some()
    }

    /// Gives the number said before the era that was found to it, too: "in 500 and 490 BC".
    fn share_era(&mut self, start: usize) {
        if let Some(figure) = self.joined_year(start)
            && let Value::Number(n) = &mut figure.value
            && *n > Decimal::ZERO
            && figure.unit.is_none()
        {
            *n = -*n;
            if figure.kind == Kind::Count {
                figure.kind = Kind::Year;
            }
            figure.alternatives = None;
        }
    }

    /// Whether the era named after a place is the one before Christ, and where its name ends.
    fn era_after(&self, at: usize) -> Option<(bool, usize)> {
        let from = self.skip_spaces(at);
        let rest = self.text.get(from..).filter(|_| from > at)?;
        self.grammar.eras_after().iter().find_map(|era| {
            let len = era_len(rest.chars(), era.letters.iter())?;
            let end = from + len;
            let stop = self.byte(end) == b'.' && rest.get(..len)?.contains('.');
            (!self.is_letter(end) && !self.is_digit(end)).then_some((era.ended, end + usize::from(stop)))
        })
    }

    /// The same of the era named before a place, and where its name starts.
    fn era_before(&self, at: usize) -> Option<(bool, usize)> {
        if self.grammar.eras_before().is_empty() {
            return None;
        }
        let till = self.spaces_before(at);
        let rest = self.text.get(..till).filter(|_| till < at)?;
        self.grammar.eras_before().iter().find_map(|era| {
            let start = till - era_len(rest.chars().rev(), era.letters.iter().rev())?;
            let whole = self.char_before(start).is_none_or(|c| !c.is_alphanumeric());
            whole.then_some((era.ended, start))
        })
    }

    /// `'95`, "the class of '05": two digits after an apostrophe that closes nothing.
    pub(crate) fn short_year(&mut self, numeral: &Numeral) -> Option<usize> {
        let mark = self
            .char_before(numeral.start)
            .filter(|c| matches!(c, '\'' | '’' | '‘'))?;
        let open = self
            .char_before(numeral.start - mark.len_utf8())
            .is_none_or(|c| c.is_whitespace() || c == '(');
        let closed =
            self.is_letter(numeral.end) || matches!(self.char_at(numeral.end), Some('\'' | '’' | '%'));
        if numeral.plain != 2 || !open || closed {
            return None;
        }
        let century = if numeral.value < Decimal::from(30) {
            2000
        } else {
            1900
        };
        let value = Value::Number(numeral.value + Decimal::from(century));
        self.emit(Draft::new(numeral.start, numeral.end, value, Kind::Year));
        Some(numeral.end)
    }

    /// Whether a decade is somebody's age: "in her early thirties", "in his 40s".
    fn is_owned(&mut self, start: usize) -> bool {
        let (starts, count) = self.words_before::<2>(start);
        let mut starts = starts.iter().take(count);
        starts.any(|&at| self.word_at(at).is_some_and(|w| w.is(Role::Own)))
    }

    /// Whether "and", one more number and the word for centuries follow.
    pub(crate) fn century_follows(&mut self, end: usize) -> bool {
        let Some(and) = self.word_after(end).filter(|w| w.is(Role::And) || w.is(Role::Or)) else {
            return false;
        };
        let mut at = self.skip_spaces(and.end);
        // "the late 19th and early 20th centuries"
        if let Some(part) = self.word_at(at).filter(|w| w.is(Role::MonthBefore)) {
            at = self.skip_spaces(part.end);
        }
        let roman = self.roman_at(at).map(|(_, end)| end);
        let next = roman.or_else(|| {
            self.numeral(at)
                .filter(|n| n.form == Form::Ordinal)
                .map(|n| n.end)
        });
        next.and_then(|end| self.word_after(end))
            .is_some_and(|w| w.is(Role::Century))
    }

    /// A year with its case ending or in words: `2017-ші жылы`, `тысяча девятьсот сорок пятый год`.
    fn closed_year(&self, numeral: &Numeral) -> Option<u16> {
        if !numeral.digits && numeral.form == Form::Ordinal {
            return shapes::year(numeral.value, 4);
        }
        let digits = self.digits_end(numeral.start) - numeral.start;
        if numeral.closed {
            shapes::year(numeral.value, digits)
        } else {
            None
        }
    }

    /// Whether a numeral can name a decade: 1980, 80.
    fn is_tens(&self, numeral: &Numeral) -> bool {
        let digits = self.digits_end(numeral.start) - numeral.start;
        let fits = if numeral.digits {
            shapes::year(numeral.value, digits).is_some() || (digits == 2 && numeral.value >= Decimal::TEN)
        } else {
            numeral.form == Form::Ordinal
                && numeral.value >= Decimal::TEN
                && numeral.value < Decimal::ONE_HUNDRED
        };
        fits && (numeral.value % Decimal::TEN).is_zero()
    }

    pub(crate) fn decade(&mut self, numeral: &Numeral, start: usize, end: usize) -> usize {
        // "в 20-х числах апреля"
        if let Some(days) = self.word_after(end).filter(|w| w.is(Role::MonthDays)) {
            return days.end;
        }
        let end = self
            .word_after(end)
            .filter(|w| w.is(Role::Years))
            .map_or(end, |w| w.end);
        let (mut first, mut span) = (numeral.value, Span::new(start, end));
        if first < Decimal::ONE_HUNDRED && self.is_owned(start) {
            let mut draft = Draft::new(
                start,
                end,
                Value::Range(first, first + Decimal::from(9)),
                Kind::Duration,
            );
            draft.exactness = Exactness::Range;
            draft.unit = Unit::years();
            self.emit(draft);
            return end;
        }
        if first < Decimal::ONE_HUNDRED {
            let (century, whole) = self.century_of_decade(span).unwrap_or((Decimal::from(20), span));
            first += (century - Decimal::ONE) * Decimal::ONE_HUNDRED;
            span = whole;
        }
        let last = first + Decimal::from(9);
        self.emit(Draft {
            exactness: Exactness::Range,
            ..Draft::new(span.start, span.end, Value::Range(first, last), Kind::Decade)
        });
        span.end
    }

    /// The century that a decade belongs to, and the place of both: `ХІХ ғасырдың 60-жылдары`, `60-е годы XIX века`.
    fn century_of_decade(&mut self, decade: Span) -> Option<(Decimal, Span)> {
        if self.grammar.conventions.denominator_first {
            let last = self.out.last()?;
            let Value::Number(century) = last.value else {
                return None;
            };
            let from = last.span.start;
            let whole = Span::new(from, decade.end);
            let adjacent = last.kind == Kind::Century && self.skip_spaces(last.span.end) == decade.start;
            return adjacent.then(|| {
                self.out.pop();
                (century, whole)
            });
        }
        let mut at = self.skip_spaces(decade.end);
        while let Some(word) = self.word_at(at).filter(|w| w.is(Role::Of) || w.is(Role::OfDay)) {
            at = self.skip_spaces(word.end);
        }
        if at == decade.end {
            return None;
        }
        let (century, end) = match self.roman_at(at) {
            Some((number, end)) => (Decimal::from(number), end),
            None => self
                .numeral(at)
                .filter(|n| n.form == Form::Ordinal || n.plain == 2)
                .map(|n| (n.value, n.end))?,
        };
        let word = self.word_after(end).filter(|w| w.is(Role::Century))?;
        let fits = century >= Decimal::ONE && century < Decimal::from(30);
        fits.then(|| (century, Span::new(decade.start, word.end)))
    }

    pub(crate) fn century(&mut self, start: usize, end: usize, number: Decimal) -> usize {
        self.emit(Draft::new(start, end, Value::Number(number), Kind::Century));
        end
    }

    pub(crate) fn dated(&mut self, start: usize, end: usize, date: Date) -> usize {
        let end = self.case_suffix(end);
        self.emit(Draft::new(start, end, Value::Date(date), Kind::Date));
        end
    }

    /// `3 қаңтар 2025 ж.`, `5-12 мамыр`, `1st of March`, `5 марта`.
    pub(crate) fn date_by_day(&mut self, day: &Numeral) -> Option<usize> {
        if day.value < Decimal::ONE
            || day.value > Decimal::from(31)
            || !(day.plain > 0 || day.form == Form::Ordinal)
        {
            return None;
        }
        let digits = self.digits_end(day.start) - day.start;
        if day.digits && (digits > 2 || day.words > 0) {
            return None;
        }
        if !day.digits && day.words > 0 && day.form != Form::Ordinal {
            return None;
        }
        let first = day.value.to_u16()?;
        let dash = self.dash_at(day.end);
        let mut last = None;
        let mut end = day.end;
        if dash > 0 && self.is_digit(end + dash) {
            let second = self.digits_end(end + dash);
            let n = self.small((end + dash, second));
            if n <= first || n > 31 {
                return None;
            }
            (last, end) = (Some(n), second);
            if let Some(word) = self.word_at(end) {
                let grammar = self.grammar;
                if grammar.suffix(self.folded(end, word.end)) == Some(Suffix::Ordinal) {
                    end = word.end;
                }
            }
        }
        // "с 5 по 10 марта", "from 5 to 12 May", "с третьего по десятое сентября"
        if last.is_none()
            && let Some(to) = self.word_after(end)
            && (to.is(Role::To) || to.is(Role::And) && self.after_between(day.start))
            && let Some(second) = self.numeral(self.skip_spaces(to.end))
            && (1..=2).contains(&second.plain) == day.digits
            && (day.digits || second.form == Form::Ordinal)
            && let Some(n) = day_of(&second).filter(|n| *n > first)
        {
            (last, end) = (Some(n), second.end);
        }
        let (month, month_end) = self.month_after(end)?;
        let mut end = month_end;
        let mut year = 0;
        // "3 қаңтар 2025 ж.", "1 March, 2025"
        let comma = usize::from(matches!(self.byte(end), b',' | b'.'));
        let at = self.skip_spaces(end + comma);
        if at > end + comma
            && let Some((found, after)) = self.year_at(at)
        {
            (year, end) = (found, after);
        }
        let end = self.days(day.start..end, (year, month.into()), first, last)?;
        self.share_month();
        Some(end)
    }

    /// Gives the month of the date read last to the days listed before it: "14 and 15 September", `3, 5 және 8 мамыр`.
    fn share_month(&mut self) {
        let Some(last) = self.out.last() else { return };
        let (Value::Date(date) | Value::Dates(date, _)) = last.value else {
            return;
        };
        let (mut start, mut next) = (last.span.start, date.day);
        for at in (0..self.out.len() - 1).rev() {
            let earlier = &self.out[at];
            let Some(value) = listed_days(earlier, date, next) else {
                return;
            };
            let from = earlier.span.start;
            if self
                .next_in_list(earlier.span.end)
                .is_none_or(|(item, _)| item != start)
            {
                return;
            }
            if let Value::Date(first) | Value::Dates(first, _) = value {
                next = first.day;
            }
            start = from;
            let figure = &mut self.out[at];
            (figure.value, figure.kind, figure.alternatives) = (value, Kind::Date, None);
        }
    }

    /// One day of a month, or all from it to the `last`; year 0 is one that is not said.
    fn days(
        &mut self,
        span: Range<usize>,
        (year, month): (u16, u16),
        first: u16,
        last: Option<u16>,
    ) -> Option<usize> {
        let in_year = if year == 0 { 2000 } else { year };
        let day = |n: u16| shapes::date(in_year, month, n).map(|date| Date { year, ..date });
        let from = day(first)?;
        let Some(last) = last else {
            return Some(self.dated(span.start, span.end, from));
        };
        let mut draft = Draft::new(span.start, span.end, Value::Dates(from, day(last)?), Kind::Date);
        draft.exactness = Exactness::Range;
        self.emit(draft);
        Some(span.end)
    }

    /// Four digits that are a year, with the word for it.
    fn year_at(&mut self, at: usize) -> Option<(u16, usize)> {
        let end = self.digits_end(at);
        if end - at != 4 || self.is_digit(end + 1) && matches!(self.byte(end), b',' | b'.') {
            return None;
        }
        let year = shapes::year(Decimal::from(self.small((at, end))), 4)?;
        Some((year, self.calendar_tail(end)))
    }

    /// The month after a day, perhaps with "of" or a hyphen between.
    fn month_after(&mut self, end: usize) -> Option<(u8, usize)> {
        let dash = self.dash_at(end);
        let mut word = if dash == 1 {
            self.word_at(end + 1)?
        } else {
            self.word_at(self.skip_spaces(end))?
        };
        if word.is(Role::Of) {
            word = self.word_after(word.end)?;
        }
        let month = word.role(Role::Month)?.value.to_u8()?;
        if self.grammar.conventions.capital_months && !self.is_capital(word.start) {
            return None;
        }
        Some((month, word.end))
    }

    /// Past `айының` after a month's name.
    fn month_word_end(&mut self, end: usize) -> usize {
        self.word_after(end)
            .filter(|w| w.is(Role::MonthWord))
            .map_or(end, |w| w.end)
    }

    /// A figure that starts with a month: `March 1, 2025`, `Oct. 2`, `қаңтарда`, `в марте 2025 года`.
    pub(crate) fn month_first(&mut self, word: &Word<'a>, month: u8) -> Option<usize> {
        let conventions = self.grammar.conventions;
        let capital = self.is_capital(word.start);
        if conventions.capital_months && !capital {
            return None;
        }
        let dot = usize::from(self.byte(word.end) == b'.');
        let at = self.skip_spaces(word.end + dot);
        if at > word.end + dot && self.is_digit(at) {
            if let Some((year, end)) = self.year_at(at) {
                return Some(self.dated(word.start, end, Date { year, month, day: 0 }));
            }
            if conventions.capital_months
                && let Some(end) = self.days_after_month(word.start, month, at)
            {
                return Some(end);
            }
        }
        // "қаңтардың 3-інде", "қаңтар айының 3-і"
        let month_end = self.month_word_end(word.end);
        let at = self.skip_spaces(month_end);
        if conventions.denominator_first
            && at > month_end
            && let Some(day) = self.owned_day(month_end, at)
            && let Some(date) = day_of(&day).and_then(|d| shapes::date(2000, month.into(), d))
        {
            return Some(self.owned_days(word.start, &day, Date { year: 0, ..date }));
        }
        // "March, 2025"
        if self.byte(word.end) == b','
            && let at = self.skip_spaces(word.end + 1)
            && at > word.end + 1
            && let Some((year, end)) = self.year_at(at)
        {
            return Some(self.dated(word.start, end, Date { year, month, day: 0 }));
        }
        let named = self.word_after(word.end).filter(|w| w.is(Role::MonthWord));
        let mut draft = Draft::new(
            word.start,
            word.end,
            Value::Date(Date {
                year: 0,
                month,
                day: 0,
            }),
            Kind::Date,
        );
        if let Some(named) = named {
            draft.span.end = named.end;
        } else {
            let before = self.word_before(word.start);
            let said = before.is_some_and(|w| w.is(Role::MonthBefore));
            let homonym = is_homonym(word);
            if (homonym && !said && !self.is_beside_month(word)) || (capital && !conventions.capital_months) {
                return None;
            }
        }
        let end = draft.span.end;
        self.emit(draft);
        Some(end)
    }

    /// A day after its month in the genitive, in digits or words: `наурыздың 8-інде`, `наурыздың сегізінде`.
    fn owned_day(&mut self, month_end: usize, at: usize) -> Option<Numeral> {
        let day = self.numeral(at)?;
        if day.digits {
            return Some(day).filter(|d| d.closed && d.plain > 0);
        }
        let genitive = |month: &str| {
            ["ның", "нің", "дың", "дің", "тың", "тің"]
                .iter()
                .any(|e| month.ends_with(e))
        };
        let owned = |word: &str| {
            let cases = ["нда", "нде", "нан", "нен", "на", "не", "ның", "нің", "мен", "н"];
            let stem = cases
                .iter()
                .find_map(|case| word.strip_suffix(case))
                .unwrap_or(word);
            stem.ends_with(['ы', 'і'])
        };
        let said =
            self.text.get(..month_end).is_some_and(genitive) && self.text.get(..day.end).is_some_and(owned);
        let alone = day.form == Form::Cardinal && day.scale == Decimal::ONE;
        Some(day).filter(|d| said && alone && d.cased)
    }

    /// A day after its month and those listed after it: `наурыздың 8-і мен 9-ында`.
    fn owned_days(&mut self, start: usize, day: &Numeral, date: Date) -> usize {
        let (mut end, mut last) = (self.dated(start, day.end, date), date);
        let year = if date.year == 0 { 2000 } else { date.year };
        while let Some((at, _)) = self.next_in_list(end)
            && self.is_digit(at)
            && let Some(day) = self.numeral(at).filter(|day| day.closed && day.plain > 0)
            && let Some(next) = day_of(&day).and_then(|day| shapes::date(year, date.month.into(), day))
            && next.day > last.day
        {
            last = Date {
                year: date.year,
                ..next
            };
            end = self.dated(at, day.end, last);
        }
        end
    }

    /// Whether a name that may be a month's stands in a list with one that is no other word: `қыркүйек-қазан`, "April and May",
    /// "May, June and July". A comma alone does not make a list where months have capitals, as names have: "In April, May said".
    fn is_beside_month(&mut self, word: &Word<'a>) -> bool {
        let next = self.has_month_after(word.end);
        let Some(last) = self
            .out
            .last()
            .filter(|f| matches!(f.value, Value::Date(Date { day: 0, .. })))
        else {
            return next;
        };
        let end = last.span.end;
        let listed = self.next_in_list(end).filter(|(at, _)| *at == word.start);
        next || listed.is_some_and(|(_, comma)| !comma || !self.grammar.conventions.capital_months)
    }

    /// Whether a list of months goes on after a place with one that is no other word, perhaps after others that may be.
    fn has_month_after(&mut self, mut end: usize) -> bool {
        for _ in 0..3 {
            let Some((at, _)) = self.next_in_list(end) else {
                break;
            };
            let Some(month) = self.word_at(at).filter(|w| w.is(Role::Month)) else {
                break;
            };
            if self.grammar.conventions.capital_months && !self.is_capital(at) {
                break;
            }
            if !is_homonym(&month) {
                // "Mrs May, June 5"
                return !self.is_digit(self.skip_spaces(month.end));
            }
            end = month.end;
        }
        false
    }

    /// Where the next item of a list stands: after a dash, "and" or a comma; and whether it is after the comma alone.
    fn next_in_list(&mut self, end: usize) -> Option<(usize, bool)> {
        let dash = self.dash_at(end);
        if dash > 0 {
            return Some((end + dash, false));
        }
        let comma = usize::from(self.byte(end) == b',');
        let at = self.skip_spaces(end + comma);
        if at == end + comma {
            return None;
        }
        match self.word_at(at).filter(|w| w.is(Role::And)) {
            Some(and) => Some((self.skip_spaces(and.end), false)),
            None => (comma > 0).then_some((at, true)),
        }
    }

    /// `March 1, 2025`, `May 5-12`, `October 2nd`.
    fn days_after_month(&mut self, start: usize, month: u8, at: usize) -> Option<usize> {
        let digits = self.digits_end(at);
        if digits - at > 2 {
            return None;
        }
        let first = self.small((at, digits));
        let mut end = self.ordinal_end(digits);
        let dash = self.dash_at(end);
        let mut last = None;
        if dash > 0 && self.is_digit(end + dash) {
            let second = self.digits_end(end + dash);
            last = Some(self.small((end + dash, second)));
            end = self.ordinal_end(second);
        } else if let Some(to) = self.word_after(end).filter(|w| w.is(Role::To))
            && let at = self.skip_spaces(to.end)
            && let second = self.digits_end(at)
            && let n @ 1..=31 = self.small((at, second))
            && n > first
            && self.is_digit(at)
        {
            // "October 3rd to 5th", but "May 3 to June 5"
            (last, end) = (Some(n), self.ordinal_end(second));
        }
        // "May 5%", "March 3.5": something else is counted.
        if matches!(self.byte(end), b'.' | b',' | b':') && self.is_digit(end + 1) || self.byte(end) == b'%' {
            return None;
        }
        let year;
        (year, end) = self.year_after(end);
        if year == 0
            && last.is_none()
            && let Some(more) = self.second_day(start..end, month, first)
        {
            return Some(more);
        }
        self.days(start..end, (year, month.into()), first, last)
    }

    /// "September 14 and 15", "September 14 and 15, 2025", where nothing follows that the second number could count.
    fn second_day(&mut self, first: Range<usize>, month: u8, day: u16) -> Option<usize> {
        let and = self.word_after(first.end).filter(|w| w.is(Role::And))?;
        let at = self.skip_spaces(and.end);
        let digits = self.digits_end(at);
        let second = self.small((at, digits));
        let after = self.ordinal_end(digits);
        let (year, end) = self.year_after(after);
        let free = match self.word_after(end) {
            Some(word) => word.is(Role::OfDay) || word.is(Role::YearBefore),
            None => !self.is_digit(end + 1) && !self.is_letter(end) && self.dash_at(end) == 0,
        };
        let in_year = if year == 0 { 2000 } else { year };
        let real = shapes::date(in_year, month.into(), second).is_some();
        if digits == at || digits - at > 2 || second <= day || !free || !real {
            return None;
        }
        self.days(first, (year, month.into()), day, None)?;
        self.days(at..end, (year, month.into()), second, None)
    }

    /// The year that follows a day, perhaps after a comma, and where it ends; 0 and the same place where none does.
    fn year_after(&mut self, end: usize) -> (u16, usize) {
        let comma = usize::from(self.byte(end) == b',');
        let next = self.skip_spaces(end + comma);
        let year = if next > end + comma {
            self.year_at(next)
        } else {
            None
        };
        year.unwrap_or((0, end))
    }

    fn ordinal_end(&mut self, at: usize) -> usize {
        let Some(word) = self.word_at(at) else { return at };
        let grammar = self.grammar;
        if grammar.suffix(self.folded(at, word.end)) == Some(Suffix::Ordinal) {
            word.end
        } else {
            at
        }
    }
}

/// The length of the text that has the letters of an era, in bytes, whatever spaces and stops are between them. Latin letters
/// are capitals there.
fn era_len<'l>(
    text: impl Iterator<Item = char>,
    letters: impl Iterator<Item = &'l char> + Clone,
) -> Option<usize> {
    let (mut len, mut letters) = (0, letters.peekable());
    for c in text {
        let Some(wanted) = letters.peek() else { break };
        let filler = c.is_whitespace() || c == '.';
        if !filler {
            let lower = match c {
                'a'..='z' => return None,
                'A'..='Z' | 'А'..='Я' => char::from_u32(u32::from(c) + 32)?,
                c => c,
            };
            if lower != **wanted {
                return None;
            }
            letters.next();
        }
        len += c.len_utf8();
    }
    letters.peek().is_none().then_some(len)
}

/// A figure as a day, or several, of a date's month and before the next day, if it is a number that says nothing else.
fn listed_days(figure: &Figure, date: Date, next: u8) -> Option<Value> {
    let bare = figure.unit.is_none() && matches!(figure.kind, Kind::Count | Kind::Ordinal);
    let exact = matches!(figure.exactness, Exactness::Exact | Exactness::Range);
    let whole = figure.digits && figure.span.len() <= 6 || figure.kind == Kind::Ordinal;
    if !bare || !exact || !whole {
        return None;
    }
    let year = if date.year == 0 { 2000 } else { date.year };
    let day = |n: Decimal| {
        let day = n.to_u16().filter(|day| Decimal::from(*day) == n)?;
        let found = shapes::date(year, date.month.into(), day)?;
        (found.day < next).then_some(Date {
            year: date.year,
            ..found
        })
    };
    match figure.value {
        Value::Number(n) => day(n).map(Value::Date),
        Value::Range(from, to) => Some(Value::Dates(day(from)?, day(to)?)),
        _ => None,
    }
}

/// A numeral as a day of a month.
fn day_of(numeral: &Numeral) -> Option<u16> {
    numeral.value.to_u16().filter(|d| (1..=31).contains(d))
}

/// A month's name that means something else as well: May, March, қазан, маусым.
fn is_homonym(word: &Word<'_>) -> bool {
    word.role(Role::Month).is_some_and(|sense| sense.company)
}
