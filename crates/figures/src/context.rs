//! What stands around a numeral and says what it counts: units, currencies, calendar words, bounds, ranges.

use qostil_text::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::figure::{Date, Exactness, Figure, Kind, Reading, Value};
use crate::grammar::{Known, Role, Suffix};
use crate::numeral::{Form, Numeral};
use crate::scan::{Scanner, Word};
use crate::shapes::{self, Shape};
use crate::unit::{Dimension, Unit};

/// A unit after a number.
struct Measured {
    unit: Unit,
    other: Option<Unit>,
    end: usize,
    /// Whether the word is one of the calendar as well: `г.`, gram and year.
    calendar: bool,
}

impl Measured {
    const fn new(unit: Unit, end: usize) -> Self {
        Self {
            unit,
            other: None,
            end,
            calendar: false,
        }
    }
}

/// Ends, units and readings of a figure in the making.
struct Draft {
    span: Span,
    value: Value,
    unit: Unit,
    kind: Kind,
    exactness: Exactness,
    weak: bool,
    others: Vec<Reading>,
}

impl Draft {
    fn new(start: usize, end: usize, value: Value, kind: Kind) -> Self {
        Self {
            span: Span::new(start, end),
            value,
            unit: Unit::NONE,
            kind,
            exactness: Exactness::Exact,
            weak: false,
            others: Vec::new(),
        }
    }
}

impl<'a> Scanner<'a> {
    /// Reads what starts with a digit; gives the place to go on from.
    pub(crate) fn at_digit(&mut self, start: usize) -> usize {
        let run_end = self.digits_end(start);
        match self.shape(start) {
            Some(Shape::Nothing(end)) => return end,
            Some(Shape::Is(reading, other, end)) => return self.shaped(start, reading, other, end),
            None => {}
        }
        let Some(numeral) = self.numeral(start) else {
            // More digits than a decimal holds.
            let digits = Span::new(start, run_end).of(self.text).into();
            self.emit(Draft::new(start, run_end, Value::Digits(digits), Kind::Label));
            return run_end;
        };
        // A Latin word glued to digits that is no unit, suffix or scale: an identifier (`5G`, `1e99`).
        if self.is_letter(numeral.end) && self.is_identifier(&numeral) {
            return self.skip_word(numeral.end);
        }
        if self.is_name_part(start) {
            let mut draft = Draft::new(start, numeral.end, Value::Number(numeral.value), Kind::Label);
            draft.weak = true;
            self.emit(draft);
            return numeral.end;
        }
        self.number(numeral)
    }

    /// Reads what starts with a word that may start a figure.
    pub(crate) fn at_word(&mut self, start: usize) -> Option<usize> {
        if let Some(end) = self.roman(start) {
            return Some(end);
        }
        let word = self.word_at(start)?;
        let known = word.known?;
        if let Some(month) = known.role(Role::Month) {
            let month = month.value.to_u8()?;
            return self.month_first(&word, month);
        }
        if let Some(sense) = known.role(Role::TimeOfDay) {
            return self.named_time(&word, sense.value, sense.weak);
        }
        // A proper name or an identifier goes on after the word: `Бес-Арыс` is kept, `one2one` is not; `KZT5` is money.
        if self.is_digit(word.end) {
            return self.is_currency_code(&word).then(|| self.at_digit(word.end));
        }
        if self.is_excluded_phrase(&word) {
            return None;
        }
        if known.role(Role::Half).is_some()
            && self.grammar.conventions.denominator_first
            && let Some(end) = self.half_of_unit(&word)
        {
            return Some(end);
        }
        if let Some(sense) = known.role(Role::Compound) {
            let mut draft = Draft::new(
                start,
                word.end,
                Value::Number(sense.value),
                Kind::of_unit(sense.unit),
            );
            draft.unit = sense.unit;
            self.emit(draft);
            return Some(word.end);
        }
        let numeral = self.numeral(start)?;
        if numeral.words == 1 && self.is_quoted(start, numeral.end) {
            return None;
        }
        Some(self.number(numeral))
    }

    /// Whether a word in Latin letters stands beside one in Cyrillic: it is part of a passage in another language.
    fn is_quoted(&self, start: usize, end: usize) -> bool {
        let cyrillic = |from: usize, to: usize| {
            let bytes = self.bytes.get(from..to).unwrap_or_default();
            bytes.iter().any(|b| matches!(b, 0xd0..=0xd4))
        };
        let before = self.words_before::<1>(start).0[0];
        let after = self.skip_spaces(end);
        !cyrillic(start, end)
            && (cyrillic(before, start) || (after > end && cyrillic(after, self.word_end(after))))
    }

    fn is_excluded_phrase(&mut self, word: &Word<'a>) -> bool {
        let grammar = self.grammar;
        let before = self.words_before::<1>(word.start).0[0];
        if before < word.start
            && grammar.may_exclude(self.bytes, before)
            && grammar.is_excluded(self.folded(before, word.end))
        {
            return true;
        }
        if !grammar.may_exclude(self.bytes, word.start) {
            return false;
        }
        match self.word_after(word.end) {
            Some(next) => grammar.is_excluded(self.folded(word.start, next.end)),
            None => false,
        }
    }

    /// A date or time by its shape, with the clock words around it.
    fn shaped(&mut self, start: usize, reading: Reading, other: Option<Reading>, end: usize) -> usize {
        let mut draft = Draft::new(start, end, reading.value, reading.kind);
        draft.others.extend(other);
        if let Value::Time { hour, minute } = draft.value {
            let score = self.near_score_word(start, end);
            if score && draft.others.len() == 1 {
                let time = Reading {
                    value: draft.value,
                    unit: Unit::NONE,
                    kind: Kind::Time,
                };
                let score = draft.others.remove(0);
                (draft.value, draft.kind) = (score.value, score.kind);
                draft.others.push(time);
            } else {
                draft.others.clear();
                draft.span.end = self.halves_of_day(start, end, hour, minute, &mut draft);
            }
        }
        let end = self.case_suffix(draft.span.end);
        draft.span.end = end;
        let end = self.calendar_tail(end);
        draft.span.end = end;
        self.emit(draft);
        end
    }

    /// Whether a word about games stands within three words.
    fn near_score_word(&mut self, start: usize, end: usize) -> bool {
        let (starts, count) = self.words_before::<3>(start);
        for &at in starts.iter().take(count) {
            if self.word_at(at).is_some_and(|w| w.is(Role::Score)) {
                return true;
            }
        }
        let mut at = end;
        for _ in 0..3 {
            let Some(word) = self.word_after(at) else { break };
            if word.is(Role::Score) {
                return true;
            }
            at = word.end;
        }
        false
    }

    /// Settles morning or evening; where neither is said, an hour up to twelve may be both.
    fn halves_of_day(&mut self, start: usize, end: usize, hour: u8, minute: u8, draft: &mut Draft) -> usize {
        let time = |hour: u8| Value::Time { hour, minute };
        if let Some((pm, end)) = self.am_pm(end) {
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
            if word.is(Role::Pm) && hour < 12 {
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
            if evening && hour < 12 {
                draft.value = time(hour + 12);
            }
            return end;
        }
        if (1..12).contains(&hour) {
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
    fn named_time(&mut self, word: &Word<'a>, value: Decimal, weak: bool) -> Option<usize> {
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
        let word = self.word_at(start)?;
        if word.is(Role::Pm) {
            Some((true, word.end))
        } else if word.is(Role::Am) {
            Some((false, word.end))
        } else {
            None
        }
    }

    /// A case ending after a hyphen: `15:00-де`, `14%-ға`, `1,5 млн-ға`.
    fn case_suffix(&mut self, end: usize) -> usize {
        let dash = self.dash_at(end);
        if dash == 0 || !self.is_letter(end + dash) {
            return end;
        }
        let Some(word) = self.word_at(end + dash) else {
            return end;
        };
        let grammar = self.grammar;
        if grammar.suffix(self.folded(end + dash, word.end)).is_some() {
            word.end
        } else {
            end
        }
    }

    /// `г.`, `года`, `ж.`, `жылы` after a full date.
    fn calendar_tail(&mut self, end: usize) -> usize {
        self.word_after(end)
            .filter(|w| w.is(Role::Year))
            .map_or(end, |w| w.end)
    }

    /// Whether letters glued to a number make it an identifier.
    fn is_identifier(&mut self, numeral: &Numeral) -> bool {
        let Some(word) = self.word_at(numeral.end) else {
            return true;
        };
        if self.is_digit(word.end) {
            return true;
        }
        let ascii = self.bytes.get(word.start..word.end).is_some_and(<[u8]>::is_ascii);
        let meant = [
            Role::Unit,
            Role::Month,
            Role::Am,
            Role::Pm,
            Role::Scale,
            Role::Year,
            Role::Years,
            Role::Century,
        ];
        let decade = self.text.get(word.start..word.end) == Some("s");
        // "5G" is no five grams.
        let short = word.end - word.start == 1 && self.is_capital(word.start);
        ascii && !decade && (short || !meant.iter().any(|&role| word.is(role)))
    }

    /// Whether a hyphen ties digits to a name before them: `COVID-19`, `F-16`, `Қазақстан-2050`.
    fn is_name_part(&self, start: usize) -> bool {
        let Some(dash) = self.char_before(start).filter(|c| matches!(c, '-' | '‑')) else {
            return false;
        };
        let end = start - dash.len_utf8();
        let word = self.text.get(..end).unwrap_or("").chars().rev();
        word.take(32)
            .take_while(|c| c.is_alphanumeric())
            .any(char::is_uppercase)
    }

    /// A figure that starts with a numeral.
    fn number(&mut self, numeral: Numeral) -> usize {
        if let Some(end) = self.date_by_day(&numeral) {
            return end;
        }
        if let Some(end) = self.spoken_time(&numeral) {
            return end;
        }
        if let Some(end) = self.hours(&numeral) {
            return end;
        }
        if let Some(end) = self.clock(&numeral) {
            return end;
        }
        if let Some(end) = self.fraction(&numeral) {
            return end;
        }
        if let Some(end) = self.spoken_year(&numeral) {
            return end;
        }
        let (start, currency) = match self.currency_before(numeral.start) {
            // "1$11": the sign belongs to what was read before.
            (from, _) if self.out.last().is_some_and(|last| last.span.end > from) => (numeral.start, None),
            found => found,
        };
        let minus = self.is_negative(start);
        let measured = self.unit_after(&numeral);
        if let Some(end) = self.range(&numeral, start, currency, measured.as_ref()) {
            return end;
        }
        if currency.is_none()
            && measured
                .as_ref()
                .is_none_or(|m| m.calendar || m.unit.dimension() == Some(Dimension::Duration))
            && let Some(end) = self.calendar(&numeral)
        {
            return end;
        }
        let mut draft = Draft::new(start, numeral.end, Value::Number(numeral.value), Kind::Count);
        draft.weak = numeral.weak;
        match numeral.form {
            Form::Cardinal => {}
            Form::Ordinal => {
                draft.kind = Kind::Ordinal;
                // "во-вторых"
                draft.weak |= !numeral.digits && self.char_before(numeral.start) == Some('-');
            }
            Form::Approximate => draft.exactness = Exactness::About,
            Form::Multiple => draft.kind = Kind::Multiplier,
            Form::Decade => return self.decade(&numeral, start, numeral.end),
            Form::Fraction => {
                draft.kind = Kind::Fraction;
                if numeral.den > 1 {
                    draft.value = fraction_value(numeral.value, numeral.den);
                }
            }
        }
        if numeral.suffix == Suffix::About {
            draft.exactness = Exactness::About;
        }
        let mut company = numeral.words > 1 || numeral.digits;
        let mut end = numeral.end;
        if let Some(measured) = &measured {
            (end, company) = (measured.end, true);
            draft.unit = measured.unit;
            if let Some(other) = measured.other {
                let value = draft.value.clone();
                draft.others.push(Reading {
                    value,
                    unit: other,
                    kind: Kind::of_unit(other),
                });
            }
        }
        if let Some(currency) = currency {
            draft.unit = currency;
            company = true;
        }
        if !draft.unit.is_none() && draft.kind != Kind::Ordinal {
            draft.kind = if numeral.form == Form::Fraction && draft.unit == Unit::PERCENT {
                Kind::Percent
            } else {
                Kind::of_unit(draft.unit)
            };
            draft.weak &= draft.kind == Kind::Duration && numeral.form != Form::Fraction;
        }
        if ((minus && !draft.unit.is_none()) || self.has_minus(start))
            && let Value::Number(n) = draft.value
        {
            draft.value = Value::Number(-n);
        }
        if let Some(metres) = numeral.metres.filter(|_| currency.is_none()) {
            let unit = "m".parse().unwrap_or_default();
            draft.others.push(Reading {
                value: Value::Number(metres),
                unit,
                kind: Kind::Measure,
            });
        }
        if let Some(other) = numeral.other {
            draft.others.push(Reading {
                value: Value::Number(other),
                unit: draft.unit,
                kind: draft.kind,
            });
        }
        end = self.case_suffix(end);
        draft.span.end = end;
        if draft.unit.is_none() && currency.is_none() {
            end = self.counted(&numeral, &mut draft);
        }
        // "бірінші тоқсан", "first quarter": a place in an order that the text means.
        if draft.kind == Kind::Ordinal && self.word_after(end).is_some_and(|w| w.is(Role::Rank)) {
            draft.weak = false;
        }
        let bound = self.bound(start, end, draft.kind);
        company |= bound.is_some();
        if let Some(bound) = bound
            && !matches!(
                draft.kind,
                Kind::Ordinal | Kind::Label | Kind::Century | Kind::Year
            )
        {
            draft.exactness = bound;
        }
        if numeral.company && !company {
            return numeral.end;
        }
        // "one-year-old" is said of a person as a plain "one" is not.
        self.emit(draft);
        end
    }

    /// "nineteen ninety-five"
    fn spoken_year(&mut self, century: &Numeral) -> Option<usize> {
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

    /// What a number without a unit counts: labels, ranks, multiples, bare years.
    fn counted(&mut self, numeral: &Numeral, draft: &mut Draft) -> usize {
        let mut end = draft.span.end;
        let before = self.word_or_mark_before(draft.span.start);
        if before.as_ref().is_some_and(|w| w.is(Role::LabelBefore)) && numeral.digits {
            draft.kind = Kind::Label;
            return end;
        }
        let dash = self.dash_at(end);
        if dash == 1
            && self.is_letter(end + 1)
            && numeral.digits
            && numeral.form == Form::Cardinal
            && !numeral.closed
        {
            if let Some(word) = self.word_at(end + 1) {
                let grammar = self.grammar;
                // "100-plus"
                if grammar.may_bound_after(self.bytes, word.start)
                    && grammar.bound_after(self.folded(word.start, word.end)).is_some()
                {
                    return end;
                }
                if word.is(Role::LabelAfter) {
                    draft.kind = Kind::Label;
                } else if word.is(Role::Times) {
                    draft.kind = Kind::Multiplier;
                } else if self.grammar.conventions.hyphen_ordinals
                    && numeral.plain > 0
                    && !self.is_capital(word.start)
                {
                    draft.kind = Kind::Ordinal;
                }
                end = word.end;
                draft.span.end = end;
            }
            return end;
        }
        if let Some(next) = self.word_after(end) {
            if next.is(Role::Times) {
                draft.kind = Kind::Multiplier;
                end = next.end;
                draft.weak = false;
            } else if next.is(Role::LabelAfter) && numeral.plain > 0 && numeral.plain < 4 {
                draft.kind = Kind::Label;
            }
        }
        if shapes::year(numeral.value, numeral.plain).is_some()
            && draft.kind == Kind::Count
            && !numeral.closed
        {
            let said = before.is_some_and(|w| w.is(Role::YearBefore) || w.is(Role::Season));
            if said || self.grammar.conventions.bare_years || self.in_brackets(draft.span.start, end) {
                draft.kind = Kind::Year;
                let counted = self.word_after(end).is_some();
                if !said || counted {
                    draft.others.push(Reading {
                        value: draft.value.clone(),
                        unit: Unit::NONE,
                        kind: Kind::Count,
                    });
                }
            }
        }
        // Nobody counts so far without a space: a number of a person, an account, a document.
        if numeral.plain >= 10 {
            (draft.kind, draft.weak) = (Kind::Label, true);
        }
        // `1)`, `2.` at the start of a line number a list.
        if numeral.digits && numeral.plain > 0 && numeral.plain <= 2 && self.is_item(draft.span.start, end) {
            draft.kind = Kind::Label;
            draft.weak = true;
        }
        draft.span.end = end;
        end
    }

    fn in_brackets(&self, start: usize, end: usize) -> bool {
        self.char_before(start) == Some('(') && self.byte(end) == b')'
    }

    fn is_item(&self, start: usize, end: usize) -> bool {
        let before = self.text.get(..start).unwrap_or("").trim_end_matches([' ', '\t']);
        let first = before.is_empty() || before.ends_with('\n');
        first && matches!(self.byte(end), b'.' | b')') && self.space_at(end + 1) > 0
    }

    pub(crate) fn is_capital(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(char::is_uppercase)
    }

    /// The word before a number, or the mark (`№`, `#`) that stands before it.
    fn word_or_mark_before(&mut self, start: usize) -> Option<Word<'a>> {
        let end = self.spaces_before(start);
        if let Some(mark) = self.char_before(end).filter(|c| matches!(c, '№' | '#')) {
            let from = end - mark.len_utf8();
            let grammar = self.grammar;
            let known = grammar.lookup(self.folded(from, end));
            return Some(Word {
                start: from,
                end,
                known,
            });
        }
        // "No. 1", "ст. 5"
        let dotted = end - usize::from(self.char_before(end) == Some('.'));
        self.word_ending(dotted).filter(|_| end < start)
    }

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
    fn is_currency_code(&self, word: &Word<'a>) -> bool {
        let letters = self.bytes.get(word.start..word.end).unwrap_or_default();
        letters.len() == 3
            && letters.iter().all(u8::is_ascii_uppercase)
            && word
                .role(Role::Unit)
                .is_some_and(|s| s.unit.dimension() == Some(Dimension::Money))
    }

    /// A hyphen right before a number that nothing stands before.
    fn is_negative(&self, start: usize) -> bool {
        self.char_before(start) == Some('-')
            && self
                .char_before(start - 1)
                .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '"' | '«'))
    }

    /// A minus sign or the word for it.
    fn has_minus(&mut self, start: usize) -> bool {
        self.char_before(start) == Some('−') || self.word_before(start).is_some_and(|w| w.is(Role::Minus))
    }

    /// The unit after a numeral.
    fn unit_after(&mut self, numeral: &Numeral) -> Option<Measured> {
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
        // "сағатына 120 шақырым"
        if self.grammar.conventions.denominator_first
            && let Some((speed, role, _)) = speed(measured.unit)
            && self
                .word_before(numeral.start)
                .is_some_and(|w| w.is(role) && !w.is(Role::Unit))
        {
            measured.unit = speed;
        }
        Some(measured)
    }

    /// The unit that starts at a place.
    fn unit_at(&mut self, at: usize, hyphen: bool) -> Option<Measured> {
        let c = self.char_at(at)?;
        let done = |unit, end| Some(Measured::new(unit, end));
        if !c.is_alphabetic() {
            let mut end = at + c.len_utf8();
            // "°C"
            if c == '°' && matches!(self.char_at(end), Some('C' | 'С' | 'F')) {
                let fahrenheit = self.byte(end) == b'F';
                end += self.char_at(end).map_or(0, char::len_utf8);
                return done(if fahrenheit { "°F" } else { "°C" }.parse().ok()?, end);
            }
            let grammar = self.grammar;
            let unit = grammar.lookup(self.folded(at, end))?.role(Role::Unit)?.unit;
            end = self.case_suffix(end);
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
        if self.is_points_abbreviation(&word) {
            return done(Unit::POINTS, word.end + 3);
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
            next.role(Role::Unit)
                .filter(|s| s.unit.dimension() == Some(Dimension::Money))?;
            word = next;
        }
        if self.bytes.get(at..at + 4) == Some(b"U.S.") {
            word = self.word_after(at + 4)?;
            nation = "USD".parse().ok();
        }
        let calendar = word.is(Role::Year) || word.is(Role::Century);
        let mut units = word.known?.senses().filter(|s| s.role == Role::Unit);
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
                other = other.filter(|unit| unit.dimension() != Some(Dimension::Money));
                if let Some(nation) = nation.filter(|n| !n.is_none())
                    && (unit.code() == "USD" || unit.code() == nation.code())
                {
                    return Some(Measured::new(nation, end));
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
        })
    }

    /// `п.п.`, `p.p.`
    fn is_points_abbreviation(&self, word: &Word<'a>) -> bool {
        let text = self.text.get(word.start..).unwrap_or("");
        text.starts_with("п.п") && !text.get(5..).unwrap_or("").starts_with(char::is_alphabetic)
            || text.starts_with("p.p.")
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

    /// The bound or blur that words around a figure put on it.
    fn bound(&mut self, start: usize, end: usize, kind: Kind) -> Option<Exactness> {
        if matches!(
            kind,
            Kind::Year | Kind::Date | Kind::Time | Kind::Century | Kind::Decade
        ) {
            return None;
        }
        let grammar = self.grammar;
        let (starts, count) = self.words_before::<4>(start);
        let last = self.spaces_before(start);
        for &from in starts.iter().take(count).rev() {
            if grammar.may_bound_before(self.bytes, from)
                && let Some(bound) = grammar.bound_before(self.folded(from, last))
            {
                return Some(bound);
            }
        }
        if self.char_before(start) == Some('>') {
            return Some(Exactness::AtLeast);
        }
        if self.char_before(start) == Some('~') {
            return Some(Exactness::About);
        }
        if self.byte(end) == b'+' {
            return Some(Exactness::AtLeast);
        }
        self.bound_after(end)
    }

    /// `астам`, `or more`: right after, or, where numbers take case, after up to two words of what is counted.
    fn bound_after(&mut self, end: usize) -> Option<Exactness> {
        let grammar = self.grammar;
        let apart = if grammar.conventions.denominator_first {
            3
        } else {
            1
        };
        let mut at = end;
        for skipped in 0..apart {
            // "100-plus"
            let hyphen = skipped == 0 && self.byte(at) == b'-';
            let first = if hyphen {
                self.word_at(at + 1)?
            } else {
                self.word_after(at)?
            };
            if grammar.may_bound_after(self.bytes, first.start) {
                // The longer phrase first: "кем емес" is not "кем".
                if let Some(second) = self.word_after(first.end)
                    && let Some(bound) = grammar.bound_after(self.folded(first.start, second.end))
                {
                    return Some(bound);
                }
                if let Some(bound) = grammar.bound_after(self.folded(first.start, first.end)) {
                    return Some(bound);
                }
            }
            let number = |known: Known<'_>| known.senses().any(|s| s.role == Role::Cardinal);
            if first.is(Role::And) || first.is(Role::Or) || first.known.is_some_and(number) {
                return None;
            }
            at = first.end;
        }
        None
    }

    /// `үштен бірі`, `two-thirds`, `одна пятая`, `1/3`.
    fn fraction(&mut self, numeral: &Numeral) -> Option<usize> {
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
                && (top.words == 1 && self.is_possessed(after, top.end));
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
            let den = self
                .word_at(numeral.start)
                .and_then(|w| w.role(Role::Denominator));
            if numeral.words == 1
                && let Some(den) = den.and_then(|s| s.value.to_u32())
                && word.is_some_and(|w| w.is(Role::Of))
                && self.word_before(numeral.start).is_some_and(|w| w.is(Role::A))
            {
                return Some(self.emit_fraction(numeral.start, end, 1, den));
            }
        }
        if numeral.form == Form::Fraction {
            return self.part_of_scale(numeral).or_else(|| self.part_of_unit(numeral));
        }
        None
    }

    /// A time in words: "half past five", "ten to six", `без четверти девять`, `половина шестого`, `алтыға бес минут қалды`.
    fn spoken_time(&mut self, numeral: &Numeral) -> Option<usize> {
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
        let oblique = self.grammar.conventions.ordinal_denominators
            && !hour.digits
            && self.text.get(at..hour.end)?.ends_with(['и', 'х']);
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

    /// Whether a common noun with one of these endings follows, with which an ordinal before it agrees.
    fn is_agreeing(&mut self, at: usize, endings: &[char]) -> bool {
        let Some(word) = self.word_after(at) else {
            return false;
        };
        let text = self.text.get(word.start..word.end).unwrap_or("");
        !self.is_capital(word.start)
            && text.chars().count() > 2
            && text.ends_with(endings)
            && ![Role::Am, Role::Pm, Role::OfDay]
                .iter()
                .any(|&role| word.is(role))
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
    fn half_of_unit(&mut self, half: &Word<'a>) -> Option<usize> {
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
        let half = Decimal::new(5, 1);
        match self.out.last_mut() {
            Some(last) if last.span.end > word.start => {
                let Value::Number(n) = &mut last.value else {
                    return None;
                };
                if last.unit != unit || last.span.end != word.end || !n.fract().is_zero() {
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

    /// "half a year", "quarter of an hour".
    fn part_of_unit(&mut self, numeral: &Numeral) -> Option<usize> {
        let mut word = self.word_after(numeral.end)?;
        if word.is(Role::Of) {
            word = self.word_after(word.end)?;
        }
        if !word.is(Role::A) {
            return None;
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
        self.emit(Draft::new(
            start,
            end,
            fraction_value(Decimal::from(num), den),
            Kind::Fraction,
        ));
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
        if den == 0 || num >= den {
            // `24/7`, `50/50`: names, not parts.
            draft.kind = Kind::Label;
            draft.value = Value::Number(numeral.value);
            draft.weak = true;
        }
        self.emit(draft);
        Some(end)
    }

    /// `2-3`, `2–3 млн`, `үш-төрт`, `from 5 to 10`, `5-тен 10-ға дейін`, and results, `1-0`.
    fn range(
        &mut self,
        low: &Numeral,
        start: usize,
        currency: Option<Unit>,
        measured: Option<&Measured>,
    ) -> Option<usize> {
        let low_end = measured.map_or(low.end, |m| m.end);
        let second = self.second_of_range(low, low_end)?;
        let (tight, at) = (second.tight, self.skip_currency(second.at));
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
        // The scale word after the second number is meant for both: "2-3 million".
        if low.scale == Decimal::ONE && high.scale > Decimal::ONE && low.digits == high.digits {
            let bare = high.value.checked_div(high.scale)?;
            if first < bare {
                first = first.checked_mul(high.scale)?;
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
        let units_differ = matches!((measured, &unit), (Some(a), Some(b)) if a.unit != b.unit);
        if units_differ {
            return None;
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
        if tight && let Some(done) = self.decade_or_century_range(start, low, &whole, first, last) {
            return Some(done);
        }
        let mut draft = Draft::new(start, end, Value::Range(first, last), Kind::Count);
        draft.exactness = Exactness::Range;
        if let Some(found) = unit.as_ref().or(measured) {
            draft.unit = found.unit;
            end = end.max(found.end);
        }
        draft.unit = currency.unwrap_or(draft.unit);
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

    /// Where the second number of a range would start.
    fn second_of_range(&mut self, low: &Numeral, low_end: usize) -> Option<Second> {
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
            let number =
                next > word.end && (self.is_digit(self.skip_currency(next)) || self.number_word_at(next));
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
        let number = self.is_digit(after) || self.number_word_at(after);
        let ablative =
            low.suffix == Suffix::Ablative || (number && low_end > low.end && self.is_ablative(low_end));
        (self.grammar.conventions.denominator_first && ablative && number).then_some(Second {
            at: after,
            tight: false,
            needs_to: true,
        })
    }

    /// Whether the unit that ends there has the ending of "from": `7 пайыздан`, `7%-дан`.
    fn is_ablative(&mut self, end: usize) -> bool {
        let grammar = self.grammar;
        self.word_ending(end).is_some_and(|word| {
            word.suffix() == Suffix::Ablative
                || grammar.suffix(self.folded(word.start, word.end)) == Some(Suffix::Ablative)
        })
    }

    fn after_from(&mut self, start: usize) -> bool {
        let (start, _) = self.currency_before(start);
        self.word_before(start).is_some_and(|w| w.is(Role::From))
    }

    fn after_between(&mut self, start: usize) -> bool {
        let (start, _) = self.currency_before(start);
        self.word_before(start).is_some_and(|w| w.is(Role::Between))
    }

    /// `дейін` within two words after the second number.
    fn before_to(&mut self, end: usize) -> bool {
        let mut at = end;
        for _ in 0..3 {
            let Some(word) = self.word_after(at) else {
                return false;
            };
            if word.is(Role::To) {
                return true;
            }
            at = word.end;
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
            self.word_at(high.end + dash)?
        } else {
            self.word_after(high.end)?
        };
        let tens = |n: Decimal| (n % Decimal::TEN).is_zero();
        let (value, kind) = if word.is(Role::Century) && last < Decimal::from(30) {
            (Value::Range(first, last), Kind::Century)
        } else if word.is(Role::Years) && tens(first) && tens(last) && low.plain == 2 && high.plain == 2 {
            let century = Decimal::from(1900);
            (
                Value::Range(century + first, century + last + Decimal::from(9)),
                Kind::Decade,
            )
        } else {
            return None;
        };
        let mut draft = Draft::new(start, word.end, value, kind);
        draft.exactness = Exactness::Range;
        self.emit(draft);
        Some(word.end)
    }

    /// Years, decades and centuries by the word after a number.
    fn calendar(&mut self, numeral: &Numeral) -> Option<usize> {
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
        if numeral.form == Form::Ordinal && numeral.value < Decimal::from(30) && self.century_follows(end) {
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
        let numbered = numeral.form == Form::Ordinal || numeral.digits && numeral.value.fract().is_zero();
        if next.is(Role::Century)
            && numbered
            && numeral.value < Decimal::from(50)
            && numeral.value > Decimal::ZERO
        {
            return Some(self.century(numeral.start, next.end, numeral.value));
        }
        let years = next.is(Role::Years);
        if (years || numeral.form == Form::Ordinal && next.is(Role::Year)) && self.is_tens(numeral) {
            return Some(self.decade(numeral, numeral.start, next.end));
        }
        let year = year?;
        if !(next.is(Role::Year) || years) {
            return None;
        }
        // "2025 жылғы 3 қаңтар", "2017 жылдың шілдесінде"
        let after = self.skip_spaces(next.end);
        if after > next.end {
            if self.is_digit(after)
                && let Some(day) = self.numeral(after)
                && let Some((month, month_end)) = self.month_after(day.end)
                && let Some(dated) = day_of(&day).and_then(|d| shapes::date(year, month.into(), d))
            {
                return Some(self.dated(numeral.start, month_end, dated));
            }
            if let Some(word) = self.word_at(after)
                && let Some(month) = word.role(Role::Month)
            {
                let month = month.value.to_u8()?;
                // "2025 жылғы қаңтардың 3-інде", "2025 жылғы қаңтар айының 3-і"
                let month_end = self.month_word_end(word.end);
                let day_at = self.skip_spaces(month_end);
                if day_at > month_end
                    && self.is_digit(day_at)
                    && let Some(day) = self.numeral(day_at).filter(|d| d.closed && d.plain > 0)
                    && let Some(dated) = day_of(&day).and_then(|d| shapes::date(year, month.into(), d))
                {
                    return Some(self.dated(numeral.start, day.end, dated));
                }
                return Some(self.dated(numeral.start, word.end, Date { year, month, day: 0 }));
            }
        }
        if self.byte(next.end) == b'.' && next.end - next.start <= 2 {
            next.end += 1;
        }
        self.emit(Draft::new(
            numeral.start,
            next.end,
            Value::Number(numeral.value),
            Kind::Year,
        ));
        Some(next.end)
    }

    /// Whether "and", one more number and the word for centuries follow.
    fn century_follows(&mut self, end: usize) -> bool {
        let Some(and) = self.word_after(end).filter(|w| w.is(Role::And) || w.is(Role::Or)) else {
            return false;
        };
        let at = self.skip_spaces(and.end);
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

    fn decade(&mut self, numeral: &Numeral, start: usize, end: usize) -> usize {
        let end = self
            .word_after(end)
            .filter(|w| w.is(Role::Years))
            .map_or(end, |w| w.end);
        let (mut first, mut span) = (numeral.value, Span::new(start, end));
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

    fn century(&mut self, start: usize, end: usize, number: Decimal) -> usize {
        self.emit(Draft::new(start, end, Value::Number(number), Kind::Century));
        end
    }

    fn dated(&mut self, start: usize, end: usize, date: Date) -> usize {
        let end = self.case_suffix(end);
        self.emit(Draft::new(start, end, Value::Date(date), Kind::Date));
        end
    }

    /// `3 қаңтар 2025 ж.`, `5-12 мамыр`, `1st of March`, `5 марта`.
    fn date_by_day(&mut self, day: &Numeral) -> Option<usize> {
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
        // "с 5 по 10 марта", "from 5 to 12 May"
        if last.is_none()
            && day.plain > 0
            && let Some(to) = self.word_after(end).filter(|w| w.is(Role::To))
            && let at = self.skip_spaces(to.end)
            && self.is_digit(at)
            && let second = self.digits_end(at)
            && let n @ 1..=31 = self.small((at, second))
            && n > first
        {
            (last, end) = (Some(n), second);
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
        let at_year = if year == 0 { 2000 } else { year };
        let day_of = |n: u16| shapes::date(at_year, month.into(), n).map(|date| Date { year, ..date });
        let from = day_of(first)?;
        match last {
            None => Some(self.dated(day.start, end, from)),
            Some(n) => {
                let mut draft = Draft::new(day.start, end, Value::Dates(from, day_of(n)?), Kind::Date);
                draft.exactness = Exactness::Range;
                self.emit(draft);
                Some(end)
            }
        }
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
    fn month_first(&mut self, word: &Word<'a>, month: u8) -> Option<usize> {
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
            && self.is_digit(at)
            && let Some(day) = self.numeral(at).filter(|d| d.closed && d.plain > 0)
            && let Some(date) = day_of(&day).and_then(|d| shapes::date(2000, month.into(), d))
        {
            return Some(self.dated(word.start, day.end, Date { year: 0, ..date }));
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
            if (homonym && !said) || (capital && !conventions.capital_months) {
                return None;
            }
        }
        let end = draft.span.end;
        self.emit(draft);
        Some(end)
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
        }
        // "May 5%", "March 3.5": something else is counted.
        if matches!(self.byte(end), b'.' | b',' | b':') && self.is_digit(end + 1) || self.byte(end) == b'%' {
            return None;
        }
        let comma = usize::from(self.byte(end) == b',');
        let next = self.skip_spaces(end + comma);
        let mut year = 0;
        if next > end + comma
            && let Some((found, after)) = self.year_at(next)
        {
            (year, end) = (found, after);
        }
        let in_year = if year == 0 { 2000 } else { year };
        let day = |n: u16| shapes::date(in_year, month.into(), n).map(|date| Date { year, ..date });
        let from = day(first)?;
        match last {
            None => Some(self.dated(start, end, from)),
            Some(n) => {
                let mut draft = Draft::new(start, end, Value::Dates(from, day(n)?), Kind::Date);
                draft.exactness = Exactness::Range;
                self.emit(draft);
                Some(end)
            }
        }
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

    /// `5pm`, `5.30 p.m.`, `сағат 17:30`, `сағат 5-те`, `at 5 o'clock`, `в 5 часов`.
    fn clock(&mut self, numeral: &Numeral) -> Option<usize> {
        if !numeral.digits && numeral.words == 0 || numeral.form != Form::Cardinal {
            return None;
        }
        let clocked = self.is_clocked(numeral.start, numeral.closed);
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
        let halved = !numeral.value.fract().is_zero();
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
        let said = half.is_some() || cased || (clocked && oclock.is_some()) || is_oclock(oclock.as_ref());
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

    /// Two hours: `сағат 9-дан 18-ге дейін`, `с 9 до 18 часов`, "from 9 to 11 a.m.".
    fn hours(&mut self, low: &Numeral) -> Option<usize> {
        let hour = |n: &Numeral| {
            let alone = n.form == Form::Cardinal && n.scale == Decimal::ONE && n.value.fract().is_zero();
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

    /// Roman numerals in Latin, Cyrillic and mixed letters, where a word near them says that they are.
    fn roman(&mut self, start: usize) -> Option<usize> {
        let (number, end) = self.roman_at(start)?;
        let letters = self.text.get(start..end)?.chars().count();
        let value = Decimal::from(number);
        let dash = self.dash_at(end);
        if dash > 0
            && let Some((last, last_end)) = self.roman_at(end + dash)
            && let Some(word) = self.word_after(last_end).filter(|w| w.is(Role::Century))
        {
            let mut draft = Draft::new(
                start,
                word.end,
                Value::Range(value, Decimal::from(last)),
                Kind::Century,
            );
            draft.exactness = Exactness::Range;
            self.emit(draft);
            return Some(word.end);
        }
        let ended = self.case_suffix(end);
        let next = if dash > 0 && ended == end {
            self.word_at(end + dash)
        } else {
            self.word_after(ended)
        };
        if let Some(word) = next.filter(|w| w.is(Role::Century)) {
            return Some(self.century(start, word.end, value));
        }
        if self.century_follows(ended) {
            return Some(self.century(start, ended, value));
        }
        let ranked = next.is_some_and(|w| w.is(Role::Rank));
        let named = self.word_before(start).is_some_and(|w| w.is(Role::AfterName));
        if !ranked && !named && letters < 2 {
            return None;
        }
        let mut draft = Draft::new(start, ended, Value::Number(value), Kind::Ordinal);
        draft.weak = !ranked && !named;
        self.emit(draft);
        Some(ended)
    }

    /// A Roman numeral up to 89 that makes up a whole word in capitals.
    fn roman_at(&self, start: usize) -> Option<(u32, usize)> {
        let (mut total, mut last, mut end) = (0_u32, 0, start);
        let mut written = ['\0'; ROMAN];
        for (at, c) in self.text.get(start..)?.chars().enumerate() {
            let (letter, n) = match c {
                'I' | 'І' => ('I', 1),
                'V' | 'Ү' | 'У' => ('V', 5),
                'X' | 'Х' => ('X', 10),
                'L' => ('L', 50),
                c if c.is_alphanumeric() => return None,
                _ => break,
            };
            // Before a larger one a numeral is taken away; it has been added already.
            total += n;
            if last > 0 && last < n {
                total = total.checked_sub(2 * last)?;
            }
            last = n;
            *written.get_mut(at)? = letter;
            end += c.len_utf8();
        }
        // Only what a Roman would write.
        (total > 0 && total < 90 && written == roman_form(total)).then_some((total, end))
    }

    fn emit(&mut self, draft: Draft) {
        let others: Vec<Reading> = draft.others;
        self.out.push(Figure {
            span: draft.span,
            value: draft.value,
            unit: draft.unit,
            kind: draft.kind,
            exactness: draft.exactness,
            weak: draft.weak,
            digits: self
                .bytes
                .get(draft.span.range())
                .is_some_and(|b| b.iter().any(u8::is_ascii_digit)),
            alternatives: if others.is_empty() {
                None
            } else {
                Some(others.into_boxed_slice())
            },
        });
    }
}

/// Where the second number of a range starts.
struct Second {
    at: usize,
    /// Only a dash between.
    tight: bool,
    /// Whether a word after the second number must say that it is the end.
    needs_to: bool,
}

/// A numeral as a day of a month.
fn day_of(numeral: &Numeral) -> Option<u16> {
    numeral.value.to_u16().filter(|d| (1..=31).contains(d))
}

/// A fraction in lowest terms, as a decimal where it has one.
fn fraction_value(num: Decimal, den: u32) -> Value {
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

/// Letters of the longest Roman numeral below 90, LXXXVIII.
const ROMAN: usize = 8;

/// A number below 90 in Roman letters, NUL after them.
fn roman_form(mut n: u32) -> [char; ROMAN] {
    let mut out = ['\0'; ROMAN];
    let mut free = out.iter_mut();
    for (value, letters) in [
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while n >= value {
            for (letter, place) in letters.chars().zip(free.by_ref()) {
                *place = letter;
            }
            n -= value;
        }
    }
    out
}

/// Minutes and the hour that they lack, as people say them in words.
fn minutes_to(minutes: Decimal, hour: Decimal) -> Option<(u8, u8)> {
    let minutes = minutes.to_u8().filter(|m| matches!(m, 5 | 10))?;
    let hour = hour.to_u8().filter(|h| (2..=12).contains(h))?;
    Some((minutes, hour))
}

fn is_minute(word: &Word<'_>) -> bool {
    word.role(Role::Unit).is_some_and(|s| s.unit.code() == "min")
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

/// A month's name that means something else as well: May, March, қазан, маусым.
fn is_homonym(word: &Word<'_>) -> bool {
    word.role(Role::Month).is_some_and(|sense| sense.company)
}

/// English says "5 o'clock" of nothing but a time; Russian "5 часов" may be a duration.
fn is_oclock(word: Option<&Word<'_>>) -> bool {
    word.is_some_and(|w| w.role(Role::Unit).is_none())
}
