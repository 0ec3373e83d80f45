//! What a numeral is in its text: a count, a rank, a label, with the bounds that words around it put on it.

use qostil_text::Span;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::figure::{Exactness, Figure, Kind, Reading, Value};
use crate::fraction::fraction_value;
use crate::grammar::{Known, Role, Suffix};
use crate::numeral::{Form, Numeral};
use crate::scan::{Scanner, Word};
use crate::shapes::{self, Shape};
use crate::unit::{Dimension, Unit};

/// Words in the longest phrase that bounds a number beside it: `және одан да көп`.
const LONGEST_BOUND: usize = 4;

/// Ends, units and readings of a figure in the making.
pub(crate) struct Draft {
    pub span: Span,
    pub value: Value,
    pub unit: Unit,
    pub kind: Kind,
    pub exactness: Exactness,
    pub weak: bool,
    pub others: Vec<Reading>,
    /// See [`Figure`](crate::Figure).
    pub collective: bool,
}

impl Draft {
    pub(crate) fn new(start: usize, end: usize, value: Value, kind: Kind) -> Self {
        Self {
            span: Span::new(start, end),
            value,
            unit: Unit::NONE,
            kind,
            exactness: Exactness::Exact,
            weak: false,
            others: Vec::new(),
            collective: false,
        }
    }
}

impl<'a> Scanner<'a> {
    /// Reads what starts with a digit; gives the place to go on from.
    pub(crate) fn at_digit(&mut self, start: usize) -> usize {
        if let Some(end) = self.standard(start) {
            return end;
        }
        if let Some(end) = self.item_number(start) {
            return end;
        }
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
        if let Some(end) = self.times_more(&numeral) {
            return end;
        }
        // A Latin word glued to digits that is no unit, suffix or scale: an identifier (`5G`, `1e99`).
        if self.is_letter(numeral.end) && self.is_identifier(&numeral) {
            return self.skip_word(numeral.end);
        }
        if let Some(end) = self.short_year(&numeral) {
            return end;
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
        if known.role(Role::FiscalYear).is_some() {
            return self.fiscal_year(&word);
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
        if numeral.words == 1 && self.is_ranked(&numeral) {
            return self.ranked_ten(&numeral);
        }
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

    /// Whether an ordinal word stands right before tens, hundreds or thousands: "его восьмой десяток", "the second million".
    fn is_ranked(&self, numeral: &Numeral) -> bool {
        let many = numeral.value >= Decimal::TEN && numeral.form != Form::Ordinal;
        many && self.out.last().is_some_and(|last| {
            // "The first hundred days" are a hundred.
            let rank =
                last.kind == Kind::Ordinal && !last.digits && last.value != Value::Number(Decimal::ONE);
            rank && self.skip_spaces(last.span.end) == numeral.start
        })
    }

    /// `восьмой десяток`: from seventy to seventy-nine.
    fn ranked_ten(&mut self, tens: &Numeral) -> Option<usize> {
        let Value::Number(rank) = self.out.last()?.value else {
            return None;
        };
        if !tens.collective_ten() || rank > Decimal::TEN {
            return None;
        }
        let last = rank.checked_mul(Decimal::TEN)?.checked_sub(Decimal::ONE)?;
        let start = self.out.pop()?.span.start;
        let value = Value::Range(last - Decimal::from(9), last);
        self.emit(Draft {
            exactness: Exactness::Range,
            ..Draft::new(start, tens.end, value, Kind::Count)
        });
        Some(tens.end)
    }

    /// `ГОСТ 12345-67`, `ISO 9001:2015`: the number of a standard is its first run of digits.
    fn standard(&mut self, start: usize) -> Option<usize> {
        let mut word = self.word_before(start)?;
        if word.end - word.start <= 2 && !word.is(Role::Standard) {
            // "ГОСТ Р 52108"
            word = self.word_before(word.start)?;
        }
        if !word.is(Role::Standard) || !self.is_capital(word.start) {
            return None;
        }
        let value = self.digits_end(start);
        let number = Value::Number(self.text.get(start..value)?.parse().ok()?);
        let mut end = value;
        while matches!(self.byte(end), b'.' | b'-' | b':' | b'/') && self.is_digit(end + 1) {
            end = self.digits_end(end + 1);
        }
        self.emit(Draft::new(start, end, number, Kind::Label));
        Some(end)
    }

    /// `4x100 m`: a number of equal lengths, or one side of something.
    fn times_more(&mut self, numeral: &Numeral) -> Option<usize> {
        let sign = self
            .char_at(numeral.end)
            .filter(|c| matches!(c, 'x' | 'х' | 'X' | 'Х' | '×'))?;
        let next = numeral.end + sign.len_utf8();
        // "4x4", "0x1F", but "3x4 m"
        let named = numeral.plain == 1 && sign != '×' && self.digits_end(next) == next + 1 && {
            let unit = self.skip_spaces(next + 1);
            unit == next + 1 || self.unit_at(unit, false).is_none()
        };
        if numeral.plain == 0 || numeral.value.is_zero() || named || !self.is_digit(next) {
            return None;
        }
        self.emit(Draft::new(
            numeral.start,
            numeral.end,
            Value::Number(numeral.value),
            Kind::Count,
        ));
        Some(next)
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
            let score = draft.others.pop_if(|other| other.kind == Kind::Score);
            if let Some(score) = score.clone().filter(|_| self.near_score_word(start, end)) {
                let time = Reading {
                    value: draft.value,
                    unit: Unit::NONE,
                    kind: Kind::Time,
                };
                (draft.value, draft.kind) = (score.value, score.kind);
                draft.others.push(time);
            } else {
                // "(0:10)", "(2:11)": an hour would have two digits.
                let short = self.byte(start + 1) == b':';
                draft
                    .others
                    .extend(score.filter(|_| short && (hour == 0 || self.in_brackets(start, end))));
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

    /// A case ending after a hyphen: `15:00-де`, `14%-ға`, `1,5 млн-ға`.
    pub(crate) fn case_suffix(&mut self, end: usize) -> usize {
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

    /// A case ending glued to a sign: `50%дан`.
    pub(crate) fn glued_suffix(&mut self, end: usize) -> usize {
        let grammar = self.grammar;
        let glues = grammar.conventions.denominator_first && self.is_letter(end);
        let Some(word) = self.word_at(end).filter(|_| glues) else {
            return end;
        };
        let known = grammar.suffix(self.folded(end, word.end));
        if known.is_some() { word.end } else { end }
    }

    /// Whether letters glued to a number make it an identifier.
    fn is_identifier(&mut self, numeral: &Numeral) -> bool {
        let Some(word) = self.word_at(numeral.end) else {
            return true;
        };
        if self.is_digit(word.end) {
            // "500m2"
            return self.unit_at(numeral.end, false).is_none_or(|m| m.end <= word.end);
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
            Role::Celsius,
        ];
        let decade = self.text.get(word.start..word.end) == Some("s");
        // "5G" is no five grams, but "35C" may be degrees.
        let short = word.end - word.start == 1 && self.is_capital(word.start) && !self.is_degrees(numeral);
        ascii && !decade && (short || !meant.iter().any(|&role| word.is(role)))
    }

    /// Whether a hyphen ties digits to a name before them: `COVID-19`, `F-16`, `Қазақстан-2050`; or a plus: `GMT+5`.
    fn is_name_part(&self, start: usize) -> bool {
        let Some(dash) = self.char_before(start).filter(|c| matches!(c, '-' | '‑' | '+')) else {
            return false;
        };
        let end = start - dash.len_utf8();
        let word = self.text.get(..end).unwrap_or("").chars().rev();
        word.take(32)
            .take_while(|c| c.is_alphanumeric())
            .any(char::is_uppercase)
    }

    /// `15 (он бес) күн`, "fifteen (15) days": a number said again in brackets, in words or in digits, is one with it.
    fn said_twice(&mut self, numeral: Numeral) -> Numeral {
        let open = self.skip_spaces(numeral.end);
        if self.byte(open) != b'(' {
            return numeral;
        }
        let again = self.numeral(open + 1).filter(|again| {
            let same = again.value == numeral.value && again.digits != numeral.digits;
            same && self.byte(again.end) == b')'
        });
        let end = again.map_or(numeral.end, |again| again.end + 1);
        Numeral { end, ..numeral }
    }

    /// A figure that starts with a numeral.
    pub(crate) fn number(&mut self, numeral: Numeral) -> usize {
        let numeral = self.said_twice(numeral);
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
        let mut measured = self.unit_after(&numeral);
        if let Some((inches, end)) = self.feet_and_inches(&numeral, measured.as_ref()) {
            let mut draft = Draft::new(start, end, Value::Number(inches), Kind::Measure);
            draft.unit = "in".parse().unwrap_or_default();
            self.emit(draft);
            return end;
        }
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
        let mut value = measured
            .as_ref()
            .map_or(numeral.value, |m| m.whole(numeral.value));
        if let Some(amount) = &mut measured
            && let Some((more, end)) = self.small_money(amount)
            && let Some(sum) = value.checked_add(more)
        {
            (value, amount.end) = (sum, end);
        }
        let mut draft = Draft::new(start, numeral.end, Value::Number(value), Kind::Count);
        draft.weak = numeral.weak;
        draft.collective = numeral.collective;
        match numeral.form {
            Form::Cardinal => {}
            Form::Ordinal => {
                draft.kind = Kind::Ordinal;
                // "во-вторых"
                draft.weak |= !numeral.digits && self.char_before(numeral.start) == Some('-');
            }
            Form::Approximate => draft.exactness = Exactness::About,
            Form::Multiple => {
                draft.kind = Kind::Multiplier;
                // "to double", "should double"
                draft.weak &= !self
                    .word_before(start)
                    .is_some_and(|w| w.is(Role::To) || w.is(Role::Modal));
            }
            Form::Decade => return self.decade(&numeral, start, numeral.end),
            Form::Fraction => {
                draft.kind = Kind::Fraction;
                if numeral.den > 1 {
                    draft.value = fraction_value(numeral.value, numeral.den);
                }
                // "by half", "by a quarter"
                let article = self.word_before(start).filter(|w| w.is(Role::A));
                let by = self.word_before(article.map_or(start, |a| a.start));
                // "на треть", but "на половине пути"
                let object = !self.grammar.conventions.ordinal_denominators
                    || self
                        .text
                        .get(..numeral.end)
                        .is_some_and(|t| t.ends_with(['ь', 'у']));
                draft.weak &= !(object && by.is_some_and(|w| w.is(Role::By)));
            }
        }
        if numeral.suffix == Suffix::About || measured.as_ref().is_some_and(|m| self.is_about(m.end)) {
            draft.exactness = Exactness::About;
        }
        let mut company = numeral.words > 1 || numeral.digits;
        let mut end = numeral.end;
        if let Some(measured) = &measured {
            end = measured.end;
            // "бірде күн шығады": a number in a case of its own counts nothing.
            company |= !numeral.cased || numeral.suffix == Suffix::About;
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
        // `9-минутта` is said of the ninth minute and of nine.
        if self.grammar.conventions.hyphen_ordinals
            && numeral.plain > 0
            && self.dash_at(numeral.end) > 0
            && draft.unit.dimension() == Some(Dimension::Duration)
        {
            draft.others.push(Reading {
                value: draft.value.clone(),
                unit: draft.unit,
                kind: Kind::Ordinal,
            });
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
        end = self.below_zero(&mut draft, end);
        // "every fifth" is a fifth of all, "пятая часть" may be one; "вторая часть" is the second.
        if draft.kind == Kind::Ordinal
            && let Some(den) = numeral.value.to_u32()
            && (den > 1 && self.word_before(start).is_some_and(|w| w.is(Role::Each))
                || den > 2 && !numeral.digits && self.word_after(end).is_some_and(|w| w.is(Role::Part)))
        {
            draft.others.push(Reading {
                value: fraction_value(Decimal::ONE, den),
                unit: Unit::NONE,
                kind: Kind::Fraction,
            });
        }
        // "the 75th anniversary" is one of 75 years.
        if draft.kind == Kind::Ordinal && self.word_after(end).is_some_and(|w| w.is(Role::Anniversary)) {
            draft.others.push(Reading {
                value: draft.value.clone(),
                unit: Unit::years(),
                kind: Kind::Duration,
            });
        }
        // "бірінші тоқсан", "first quarter": a place in an order that the text means.
        if draft.kind == Kind::Ordinal && self.word_after(end).is_some_and(|w| w.is(Role::Rank)) {
            draft.weak = false;
        }
        let bound = self.bound(start, end, draft.kind);
        company |= bound.is_some();
        if let Some((_, after)) = bound
            && draft.kind == Kind::Count
            && let Some(unit) = self.unit_after_bound(after)
        {
            (draft.unit, draft.kind, draft.weak) = (unit, Kind::of_unit(unit), false);
        }
        if let Some((bound, _)) = bound
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

    /// "15 degrees below zero", `нөлден төмен 15 градус`: the sign in words; `15 градус аяз`, degrees of frost, may have it or not.
    /// Gives where the figure ends.
    pub(crate) fn below_zero(&mut self, draft: &mut Draft, end: usize) -> usize {
        if !matches!(draft.unit.code(), "°C" | "°F") {
            return end;
        }
        let opposite = match draft.value {
            Value::Number(n) if n > Decimal::ZERO => Value::Number(-n),
            Value::Range(low, high) if low > Decimal::ZERO => Value::Range(-high, -low),
            _ => return end,
        };
        let zero = |word: &Word<'_>| word.role(Role::Cardinal).is_some_and(|s| s.value.is_zero());
        let next = self.word_after(end);
        let (starts, count) = self.words_before::<2>(draft.span.start);
        let frost = |scanner: &mut Self, at| scanner.word_at(at).is_some_and(|w| w.is(Role::Frost));
        let is_frost = next.is_some_and(|w| w.is(Role::Frost));
        if is_frost || starts.iter().take(count).any(|&at| frost(self, at)) {
            draft.others.push(Reading {
                value: opposite,
                unit: draft.unit,
                kind: draft.kind,
            });
            return end;
        }
        if let Some(below) = next.filter(|w| w.is(Role::Below))
            && let Some(zero) = self.word_after(below.end).filter(zero)
        {
            (draft.value, draft.span.end) = (opposite, zero.end);
            return zero.end;
        }
        if let Some(below) = self.word_before(draft.span.start).filter(|w| w.is(Role::Below))
            && let Some(before) = self.word_before(below.start).filter(zero)
            && self.out.pop_if(|last| last.span.start == before.start).is_some()
        {
            (draft.value, draft.span.start) = (opposite, before.start);
        }
        end
    }

    /// What a number without a unit counts: labels, ranks, multiples, bare years.
    pub(crate) fn counted(&mut self, numeral: &Numeral, draft: &mut Draft) -> usize {
        let mut end = draft.span.end;
        let before = self.word_or_mark_before(draft.span.start);
        if before.as_ref().is_some_and(|w| w.is(Role::LabelBefore))
            && numeral.digits
            && !before.as_ref().is_some_and(|w| self.is_verb(w))
        {
            draft.kind = Kind::Label;
            return end;
        }
        // "call 1450"
        if before.as_ref().is_some_and(|w| w.is(Role::Dialled)) && numeral.plain > 2 {
            draft.kind = Kind::Label;
            return end;
        }
        // "iPhone 15"
        if numeral.plain > 0 && before.as_ref().is_some_and(|w| self.is_inner_capital(w)) {
            draft.kind = Kind::Label;
            return end;
        }
        let dash = self.dash_at(end);
        // "five-time", "two-fold"
        if dash == 1
            && !numeral.digits
            && let Some(word) = self.word_at(end + 1).filter(|w| w.is(Role::Times))
        {
            (draft.kind, draft.weak, draft.span.end) = (Kind::Multiplier, false, word.end);
            return word.end;
        }
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
                if self.is_about(end) {
                    draft.exactness = Exactness::About;
                }
            } else if next.is(Role::LabelAfter) && numeral.plain > 0 && numeral.plain < 4 {
                draft.kind = Kind::Label;
            }
        }
        // `2) тармақшасы`
        if self.byte(end) == b')'
            && (1..4).contains(&numeral.plain)
            && self.word_after(end + 1).is_some_and(|w| w.is(Role::LabelAfter))
        {
            draft.kind = Kind::Label;
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
        // Nobody counts so far without a space, nor from a nought: a number of a person, an account, a document.
        if numeral.plain >= 10 || numeral.plain >= 3 && self.byte(numeral.start) == b'0' {
            draft.kind = Kind::Label;
        }
        // `1)`, `2.` at the start of a line number a list.
        if numeral.digits && numeral.plain > 0 && numeral.plain <= 2 && self.is_item(draft.span.start, end) {
            draft.kind = Kind::Label;
            draft.weak = true;
        }
        draft.span.end = end;
        end
    }

    /// Whether a word is the verb that looks like it: "will number 1,870".
    fn is_verb(&mut self, word: &Word<'a>) -> bool {
        let before = self.word_before(word.start);
        before.is_some_and(|w| w.is(Role::Modal) || w.is(Role::To))
    }

    /// Whether a word starts small and goes on with a capital, as names of products do.
    fn is_inner_capital(&self, word: &Word<'a>) -> bool {
        let mut letters = self.bytes.get(word.start..word.end).unwrap_or_default().iter();
        letters.next().is_some_and(u8::is_ascii_lowercase) && letters.any(u8::is_ascii_uppercase)
    }

    /// Whether the word that ends there says "about" by its ending: `еседей`, `метрдей`.
    fn is_about(&mut self, end: usize) -> bool {
        self.grammar.conventions.denominator_first
            && self.word_ending(end).is_some_and(|w| w.suffix() == Suffix::About)
    }

    /// What is counted after a word that bounds the number: `100 мыңнан астам теңге`, "40-odd miles".
    fn unit_after_bound(&mut self, bound_end: usize) -> Option<Unit> {
        let at = self.skip_spaces(bound_end);
        if at == bound_end {
            return None;
        }
        let unit = self.unit_at(at, false).filter(|found| !found.hundredths)?.unit;
        // "100-ден астам күн сайын": every day.
        let said =
            !self.grammar.conventions.denominator_first || unit.dimension() != Some(Dimension::Duration);
        said.then_some(unit)
    }

    fn in_brackets(&self, start: usize, end: usize) -> bool {
        self.char_before(start) == Some('(') && self.byte(end) == b')'
    }

    /// Whether nothing stands before a place in its line.
    fn starts_line(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or("").trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// `1.4. Компания…`, "2.5.1 The Company": the number of an item of several levels at the start of a line, as it is written.
    fn item_number(&mut self, start: usize) -> Option<usize> {
        let first = self.digits_end(start);
        if self.byte(first) != b'.' || !self.is_digit(first + 1) || !self.starts_line(start) {
            return None;
        }
        let (mut end, mut levels, mut last) = (first, 1, start);
        while self.byte(end) == b'.' && self.is_digit(end + 1) {
            last = end + 1;
            (end, levels) = (self.digits_end(last), levels + 1);
            if end - last > 2 || self.byte(last) == b'0' {
                return None;
            }
        }
        let (number, part) = (self.small((start, first)), self.small((last, end)));
        // "15.30. Opening", "12.6.25"
        let clock = levels == 2 && end - last == 2 && number >= 6 && part.is_multiple_of(5);
        let dated = levels == 3 && end - last == 2;
        if number == 0 || number > 30 || levels > 6 || clock || dated {
            return None;
        }
        let closed = matches!(self.byte(end), b'.' | b')');
        let next = self.skip_spaces(end + usize::from(closed));
        let word = self
            .word_at(next)
            .filter(|w| self.is_capital(w.start) && next > end)?;
        let counted = word.is(Role::Scale) || word.is(Role::Unit) || word.is(Role::Nation);
        if !closed && counted || self.space_at(end + usize::from(closed)) == 0 {
            return None;
        }
        let text = self.text.get(start..end)?;
        let mut draft = Draft::new(start, end, Value::Digits(text.into()), Kind::Label);
        // Where an item is left out or added, all that follow have other numbers.
        draft.weak = true;
        // "6.1 Richter"
        if levels == 2
            && let Ok(value) = text.parse()
        {
            draft.others.push(Reading {
                value: Value::Number(value),
                unit: Unit::NONE,
                kind: Kind::Count,
            });
        }
        self.emit(draft);
        Some(end)
    }

    fn is_item(&self, start: usize, end: usize) -> bool {
        self.starts_line(start) && matches!(self.byte(end), b'.' | b')') && self.space_at(end + 1) > 0
    }

    pub(crate) fn is_capital(&self, at: usize) -> bool {
        self.char_at(at).is_some_and(char::is_uppercase)
    }

    /// The word before a number, or the mark (`№`, `#`) that stands before it.
    pub(crate) fn word_or_mark_before(&mut self, start: usize) -> Option<Word<'a>> {
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

    /// The bound or blur that words around a figure put on it, and where the words after it end.
    pub(crate) fn bound(&mut self, start: usize, end: usize, kind: Kind) -> Option<(Exactness, usize)> {
        if matches!(
            kind,
            Kind::Year | Kind::Date | Kind::Time | Kind::Century | Kind::Decade
        ) {
            return None;
        }
        // "до −35"
        let sign = self.char_before(start).filter(|c| matches!(c, '-' | '−' | '+'));
        let start = start - sign.map_or(0, char::len_utf8);
        if let Some(bound) = self.bound_before(start) {
            let to = bound == Exactness::AtMost && self.word_before(start).is_some_and(|w| w.is(Role::To));
            let bound = match bound {
                _ if to && self.is_changed_to(start, end) => Exactness::Exact,
                bound => bound,
            };
            let after = self.bound_after(end).map_or(end, |(_, after)| after);
            return Some((bound, after));
        }
        match self.char_before(start) {
            Some('>') => return Some((Exactness::AtLeast, end)),
            Some('~') => return Some((Exactness::About, end)),
            _ => {}
        }
        // "30+", but "90+2" is a sum.
        if self.byte(end) == b'+' && !self.is_digit(end + 1) {
            return Some((Exactness::AtLeast, end));
        }
        self.bound_after(end)
    }

    /// Whether something came to the value that stands after "to", or before it where it is told by a case: `вырос до 629 тенге`,
    /// `на 5 тенге, до 629`, `629 теңгеге дейін көтерілді`. That is no bound.
    fn is_changed_to(&mut self, start: usize, end: usize) -> bool {
        let (starts, count) = self.words_before::<4>(start);
        let changed = |scanner: &mut Self, at| scanner.word_at(at).is_some_and(|w| w.is(Role::Change));
        if starts.iter().take(count).any(|&at| changed(self, at)) || self.is_change_after(end) {
            return true;
        }
        // "на 5 тенге, до 629"
        let to = starts[0];
        let Some(last) = self.out.last() else {
            return false;
        };
        let (from, by) = (last.span.start, last.span.end);
        // "вдвое, до 629"
        let times = last.kind == Kind::Multiplier;
        let gap = self.text.get(by..to).unwrap_or("?");
        gap.trim_matches([' ', '\u{a0}', ',', '.', '–', '—']).is_empty()
            && (times || self.word_before(from).is_some_and(|w| w.is(Role::By)))
    }

    /// Whether one of the two words after a place tells of a change.
    fn is_change_after(&mut self, end: usize) -> bool {
        self.is_one_after(end, 2, Role::Change)
    }

    /// What the words before a figure say of its exactness.
    pub(crate) fn bound_before(&mut self, start: usize) -> Option<Exactness> {
        let grammar = self.grammar;
        let (starts, count) = self.words_before::<LONGEST_BOUND>(start);
        let last = self.spaces_before(start);
        let mut from = starts.iter().take(count).rev();
        from.find_map(|&from| {
            let may = grammar.may_bound_before(self.bytes, from);
            may.then(|| grammar.bound_before(self.folded(from, last)))
                .flatten()
        })
    }

    /// `астам`, `or more` and where they end: right after, or, where numbers take case, after up to two words of what is counted.
    fn bound_after(&mut self, end: usize) -> Option<(Exactness, usize)> {
        let grammar = self.grammar;
        let apart = if grammar.conventions.denominator_first {
            3
        } else {
            1
        };
        let mut at = end;
        // Where the bound stands apart, what follows it is no unit of the number.
        let place = |skipped: usize, after: usize| if skipped == 0 { after } else { end };
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
                let mut ends = [first.end; LONGEST_BOUND];
                let mut words = 1;
                while words < LONGEST_BOUND
                    && let Some(next) = self.word_after(ends[words - 1])
                {
                    ends[words] = next.end;
                    words += 1;
                }
                for &end in ends.iter().take(words).rev() {
                    let bound = grammar.bound_after(self.folded(first.start, end));
                    let Some(bound) = bound.filter(|b| b.case.is_none_or(|case| self.is_in(at, case))) else {
                        continue;
                    };
                    if first.is(Role::To) && self.is_change_after(end) {
                        return Some((Exactness::Exact, place(skipped, end)));
                    }
                    return Some((bound.exactness, place(skipped, end)));
                }
            }
            let number = |known: Known<'_>| known.senses().any(|s| s.role == Role::Cardinal);
            if first.is(Role::And) || first.is(Role::Or) || first.known.is_some_and(number) {
                return None;
            }
            // "500 АЕК-ке дейін"
            at = self.case_suffix(first.end);
        }
        None
    }

    /// Whether a common noun with one of these endings follows, with which an ordinal before it agrees.
    pub(crate) fn is_agreeing(&mut self, at: usize, endings: &[char]) -> bool {
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

    pub(crate) fn emit(&mut self, mut draft: Draft) {
        self.give_era(&mut draft);
        let others: Vec<Reading> = draft.others;
        self.out.push(Figure {
            span: draft.span,
            value: draft.value,
            unit: draft.unit,
            kind: draft.kind,
            exactness: draft.exactness,
            weak: draft.weak,
            collective: draft.collective && draft.unit.is_none(),
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
