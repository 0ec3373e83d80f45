//! Numerals: digits with separators, number words, and both together, as one exact value.

use rust_decimal::Decimal;

use crate::grammar::{Role, Suffix};
use crate::scan::{Scanner, Word};

/// A number as it is written, before units and bounds.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is an independent fact about the writing.
pub(crate) struct Numeral {
    pub start: usize,
    pub end: usize,
    pub value: Decimal,
    /// Another reading of ambiguous separators.
    pub other: Option<Decimal>,
    pub form: Form,
    /// Length of the run, when it is nothing but a run of digits; else 0.
    pub plain: usize,
    /// Whether it starts with digits.
    pub digits: bool,
    /// What scale words multiplied the last group by.
    pub scale: Decimal,
    /// How many words it has.
    pub words: usize,
    /// See [`Figure`](crate::Figure).
    pub collective: bool,
    /// See [`Sense`](crate::grammar::Sense).
    pub weak: bool,
    pub company: bool,
    pub suffix: Suffix,
    /// Whether a suffix after digits ended it.
    pub closed: bool,
    /// Whether its last word has a case ending.
    pub cased: bool,
    /// Denominator of a fraction, else 1.
    pub den: u32,
    /// `m` after a number may stand for metres.
    pub metres: Option<Decimal>,
}

impl Numeral {
    /// Whether it is a word for ten things taken together.
    pub(crate) fn collective_ten(&self) -> bool {
        self.form == Form::Cardinal && self.value == Decimal::TEN && !self.digits && self.den == 1
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Cardinal,
    Ordinal,
    Approximate,
    Multiple,
    Fraction,
    Decade,
}

/// Digits with their separators.
#[derive(Clone, Copy)]
pub(crate) struct Digits {
    pub end: usize,
    pub value: Decimal,
    pub other: Option<Decimal>,
    pub plain: usize,
}

/// A number under construction: the sum so far and the group that the next scale word multiplies.
struct Sum {
    total: Decimal,
    group: Option<Decimal>,
    scale: Decimal,
    last_scale: Option<Decimal>,
}

/// Digits a decimal holds.
pub(crate) const PLACES: usize = 28;

impl Sum {
    const fn new(group: Option<Decimal>) -> Self {
        Self {
            total: Decimal::ZERO,
            group,
            scale: Decimal::ONE,
            last_scale: None,
        }
    }

    fn value(&self) -> Option<Decimal> {
        self.total.checked_add(self.group.unwrap_or_default())
    }

    /// Adds ones, tens or hundreds where the group has room for them.
    fn add(&mut self, n: Decimal, ones_after_ten: bool) -> bool {
        let Some(group) = self.group else {
            let fits = self.last_scale.is_none_or(|scale| n < scale && !n.is_zero());
            if fits {
                self.group = Some(n);
            }
            return fits;
        };
        let (ten, hundred) = (Decimal::TEN, Decimal::ONE_HUNDRED);
        let room = if n.is_zero() || !group.is_integer() || group.is_zero() {
            false
        } else if n < ten {
            (group % ten).is_zero() && (ones_after_ten || group % hundred != ten)
        } else if n < hundred {
            (group % hundred).is_zero()
        } else {
            false
        };
        if room {
            self.group = Some(group + n);
        }
        room
    }

    /// Multiplies the group by a hundred.
    fn hundred(&mut self, teens: bool) -> bool {
        let group = self.group.unwrap_or(Decimal::ONE);
        let limit = Decimal::from(if teens { 99 } else { 9 });
        let fits = group >= Decimal::ONE
            && group <= limit
            && group.is_integer()
            && self.last_scale.is_none_or(|s| s >= Decimal::ONE_THOUSAND);
        if fits {
            self.group = Some(group * Decimal::ONE_HUNDRED);
        }
        fits
    }

    /// Multiplies the group by a scale word and closes it.
    fn multiply(&mut self, scale: Decimal) -> bool {
        if self.last_scale.is_some_and(|last| scale >= last)
            || (self.group.is_none() && self.last_scale.is_some())
        {
            return false;
        }
        let group = self.group.unwrap_or(Decimal::ONE);
        let Some(total) = group.checked_mul(scale).and_then(|n| self.total.checked_add(n)) else {
            return false;
        };
        self.total = total;
        self.group = None;
        self.scale = scale;
        self.last_scale = Some(scale);
        true
    }

    /// Adds a part of what was said last: half a million to two million.
    fn part(&mut self, part: Decimal) -> bool {
        match (self.group, self.last_scale) {
            (Some(group), _) if group.is_integer() => self.group = Some(group + part),
            (None, Some(scale)) => self.total += scale * part,
            _ => return false,
        }
        true
    }

    /// Multiplies a few by tens or hundreds: "a couple of hundred".
    fn times_few(&mut self, many: Decimal) -> bool {
        let few = self
            .group
            .filter(|g| *g < Decimal::TEN && self.last_scale.is_none());
        self.group = few.map(|g| g * many).or(self.group);
        few.is_some()
    }
}

impl<'a> Scanner<'a> {
    /// Reads digits with thousands and decimal separators; absent when there are more than a decimal holds.
    pub(crate) fn digits(&self, start: usize) -> Option<Digits> {
        let first_end = self.digits_end(start);
        let first = first_end - start;
        if first == 0 || first > PLACES {
            return None;
        }
        let mut number = Places::default();
        number.push(self.bytes.get(start..first_end)?)?;
        let plain = Digits {
            end: first_end,
            value: number.whole()?,
            other: None,
            plain: first,
        };
        let leading_zero = self.byte(start) == b'0';

        // Groups of three after one to three digits, all divided alike.
        let mut end = first_end;
        let mut groups = 0;
        let mut separator = 0;
        let may_group = first <= 3 && !leading_zero;
        loop {
            let len = if may_group { self.group_separator(end) } else { 0 };
            if len == 0
                || (groups > 0
                    && self.bytes.get(end..end + len) != self.bytes.get(first_end..first_end + separator))
            {
                break;
            }
            let next = self.digits_end(end + len);
            if next - (end + len) != 3 {
                break;
            }
            separator = len;
            number.push(self.bytes.get(end + len..next)?)?;
            end = next;
            groups += 1;
        }
        let mark = self.byte(first_end);
        let single = groups == 1 && matches!(mark, b',' | b'.');
        // More of the same mark with another number of digits: no number but a list, a version or a date.
        if groups > 0
            && !single
            && self.byte(end) == mark
            && self.is_digit(end + 1)
            && matches!(mark, b',' | b'.')
        {
            return Some(plain);
        }
        let whole = number;
        let mut other = None;
        if single {
            // One group of three: thousands or decimals.
            let thousands = whole.whole()?;
            let decimals = Decimal::try_from_i128_with_scale(whole.mantissa, 3).ok()?;
            let zeros = self.bytes.get(first_end + 1..end) == Some(b"000");
            let own_mark = self.grammar.conventions.decimal.map(|c| c as u8);
            let (value, second) = match own_mark {
                Some(own) if own == mark && !zeros => (decimals, Some(thousands)),
                Some(own) if own == mark => (thousands, Some(decimals)),
                Some(b'.') => (thousands, None),
                None if mark == b'.' => (decimals, Some(thousands)),
                _ => (thousands, Some(decimals)),
            };
            other = second;
            let ends = !matches!(self.byte(end), b',' | b'.') || !self.is_digit(end + 1);
            if ends {
                return Some(Digits {
                    end,
                    value,
                    other,
                    plain: 0,
                });
            }
            // `1,234.5`: the other mark follows, so this one divides thousands.
            if self.byte(end) == mark {
                return Some(plain);
            }
            other = None;
        }
        let mut value = whole.whole()?;
        let mut decimals = 0;
        if matches!(self.byte(end), b',' | b'.')
            && self.is_digit(end + 1)
            && (groups == 0 || self.byte(end) != mark)
        {
            let next = self.digits_end(end + 1);
            // A second mark after the decimals: no decimal.
            let again = matches!(self.byte(next), b',' | b'.') && self.is_digit(next + 1);
            let mut long = number;
            if !again && long.push(self.bytes.get(end + 1..next)?).is_some() {
                decimals = (next - end - 1) as u32;
                value = Decimal::try_from_i128_with_scale(long.mantissa, decimals).ok()?;
                end = next;
            }
        }
        let plain = if groups == 0 && decimals == 0 { first } else { 0 };
        Some(Digits {
            end,
            value,
            other,
            plain,
        })
    }

    /// The length of what may divide thousands at a place.
    fn group_separator(&self, at: usize) -> usize {
        match self.byte(at) {
            b',' | b'.' => 1,
            b'\'' => 1,
            _ => self.space_at(at),
        }
    }

    /// Reads the numeral that starts at a place.
    pub(crate) fn numeral(&mut self, start: usize) -> Option<Numeral> {
        let mut out = Numeral {
            start,
            end: start,
            value: Decimal::ZERO,
            other: None,
            form: Form::Cardinal,
            plain: 0,
            digits: false,
            scale: Decimal::ONE,
            words: 0,
            collective: false,
            weak: false,
            company: false,
            suffix: Suffix::Plain,
            closed: false,
            cased: false,
            den: 1,
            metres: None,
        };
        let mut sum = Sum::new(None);
        let mut other = None;
        if self.is_digit(start) {
            let digits = self.digits(start)?;
            out.digits = true;
            out.plain = digits.plain;
            out.end = digits.end;
            sum.group = Some(digits.value);
            other = digits.other;
            self.vulgar_fraction(&mut out, &mut sum);
            self.mixed_number(&mut out, &mut sum);
            self.digit_suffix(&mut out);
            if !self.is_format(&out)
                && let Some((end, scale, metres)) = self.glued_scale(out.end)
            {
                if metres {
                    out.metres = sum.group;
                }
                sum.multiply(scale);
                (out.end, out.plain) = (end, 0);
            }
        }
        // An ordinal ends a numeral, and so does a suffix, except before the scale word it was written for.
        while matches!(out.form, Form::Cardinal | Form::Approximate) && !out.closed {
            if !self.numeral_word(&mut out, &mut sum, &mut other) {
                break;
            }
        }
        if out.end == start {
            return None;
        }
        out.value = if out.words == 0 && !out.digits {
            out.value
        } else {
            sum.value()?
        };
        if let Some(other) = other {
            out.other = other
                .checked_mul(sum.scale)
                .filter(|_| sum.total.is_zero() || out.words <= 1);
        }
        out.scale = sum.scale;
        if out.words > 1 || out.digits {
            (out.weak, out.company) = (false, false);
        }
        Some(out)
    }

    /// Takes one more word, or more digits, into a numeral; false when there is none that fits.
    fn numeral_word(&mut self, out: &mut Numeral, sum: &mut Sum, other: &mut Option<Decimal>) -> bool {
        let conventions = self.grammar.conventions;
        let ones_after_ten = conventions.ones_after_ten;
        let first = out.end == out.start;
        // "4 тыс. 300": the stop belongs to the abbreviation.
        let stop = usize::from(
            sum.last_scale.is_some()
                && self.byte(out.end) == b'.'
                && self.is_digit(self.skip_spaces(out.end + 1))
                && self.space_at(out.end + 1) > 0,
        );
        let mut at = if first {
            out.end
        } else {
            self.skip_spaces(out.end + stop)
        };
        if !first && at == out.end {
            let dash = self.dash_at(at);
            // "$1.5-million"
            let scale = out.digits && dash > 0 && self.word_at(at + dash).is_some_and(|w| w.is(Role::Scale));
            let joined = scale || (conventions.hyphen_joins && dash > 0 && !out.digits);
            if !joined {
                return self.scale_directly(out, sum);
            }
            at += dash;
        }
        if self.is_digit(at) {
            let closed = conventions.denominator_first && out.cased;
            return !first && !closed && self.more_digits(at, out, sum);
        }
        let Some(mut word) = self.word_at(at) else {
            return false;
        };
        // "hundred and five", "two and a half"
        if !first && (word.is(Role::And) || word.is(Role::With)) {
            if let Some((part, end)) = self.part_after(word.end)
                && sum.part(part)
            {
                (out.end, out.plain) = (end, 0);
                out.words += 1;
                return true;
            }
            let after_scale =
                sum.last_scale.is_some() || sum.group.is_some_and(|g| g >= Decimal::ONE_HUNDRED);
            if !word.is(Role::And) || !after_scale || !conventions.hyphen_joins || out.digits {
                return false;
            }
            match self.word_after(word.end) {
                Some(next)
                    if next
                        .role(Role::Cardinal)
                        .is_some_and(|s| s.value < Decimal::ONE_HUNDRED) =>
                {
                    word = next;
                }
                _ => return false,
            }
        }
        // "tens of thousands", "ондаған мың"
        if out.form == Form::Approximate && !first {
            if word.is(Role::Of) {
                match self.word_after(word.end) {
                    Some(next) => word = next,
                    None => return false,
                }
            }
            let many = [Role::Approximate, Role::Scale, Role::Hundred, Role::Collective];
            let more = many.iter().find_map(|&role| word.role(role)).map(|s| s.value);
            let taken = more.is_some_and(|n| {
                if n > Decimal::ONE_HUNDRED {
                    sum.multiply(n)
                } else {
                    n >= Decimal::TEN && sum.times_few(n)
                }
            });
            if taken {
                (out.end, out.suffix, *other) = (word.end, word.suffix(), None);
                out.words += 1;
            }
            return taken;
        }
        // "семь целых пять десятых", "seven point five"
        if !first && word.is(Role::Whole) {
            return self.decimals_after(&word, out, sum);
        }
        // A case ending closes a numeral: "оннан бес" is no fifteen.
        if conventions.denominator_first && out.cased {
            return false;
        }
        let Some(known) = word.known else { return false };
        for sense in known.senses() {
            let taken = match sense.role {
                Role::Cardinal if !out.digits || sum.last_scale.is_some() => {
                    sum.add(sense.value, ones_after_ten)
                }
                Role::Hundred => sum.hundred(conventions.teen_hundreds && !out.digits),
                Role::Scale => sum.multiply(sense.value),
                Role::Half if !first && conventions.denominator_first => sum.part(sense.value),
                Role::Collective if first => sum.add(sense.value, false),
                Role::Collective if sense.value >= Decimal::TEN => {
                    let group = sum
                        .group
                        .filter(|g| *g < Decimal::ONE_HUNDRED && sum.last_scale.is_none());
                    group.is_some_and(|g| {
                        sum.group = Some(g * sense.value);
                        true
                    })
                }
                Role::Ordinal => {
                    let taken = if sense.value >= Decimal::ONE_THOUSAND {
                        sum.multiply(sense.value)
                    } else if sense.value == Decimal::ONE_HUNDRED {
                        sum.hundred(false)
                    } else {
                        sum.add(sense.value, ones_after_ten)
                    };
                    if taken && !(out.digits && sum.last_scale.is_none()) {
                        out.form = Form::Ordinal;
                        true
                    } else {
                        false
                    }
                }
                Role::Approximate if first => {
                    out.form = Form::Approximate;
                    sum.group = Some(sense.value);
                    let mut others = known
                        .senses()
                        .filter(|s| s.role == Role::Approximate)
                        .map(|s| s.value);
                    *other = others.find(|value| *value != sense.value);
                    true
                }
                // "полторы сотни", "пять десятков"
                Role::Approximate if !first && sense.value <= Decimal::ONE_HUNDRED => {
                    sense.value >= Decimal::TEN && sum.times_few(sense.value)
                }
                // "жүз мыңдаған"
                Role::Approximate if conventions.denominator_first && !out.digits => {
                    let taken = sense.value >= Decimal::ONE_THOUSAND && sum.multiply(sense.value);
                    if taken {
                        out.form = Form::Approximate;
                    }
                    taken
                }
                Role::Fraction if first => {
                    out.form = Form::Fraction;
                    out.den = sense.den;
                    sum.group = Some(sense.value);
                    true
                }
                Role::Multiple if first => {
                    out.form = Form::Multiple;
                    sum.group = Some(sense.value);
                    true
                }
                Role::Decade if first => {
                    out.form = Form::Decade;
                    sum.group = Some(sense.value);
                    true
                }
                _ => false,
            };
            if taken {
                (out.end, out.plain) = (word.end, 0);
                out.words += 1;
                out.weak |= sense.weak;
                let group = sense.role == Role::Collective && sense.value < Decimal::TEN;
                out.collective |= group || sense.role == Role::Approximate;
                out.company |= sense.company;
                out.suffix = word.suffix();
                out.cased = known.is_cased();
                return true;
            }
        }
        false
    }

    /// The decimals in words after `целых`, `бүтін`, `point`.
    fn decimals_after(&mut self, whole: &Word<'_>, out: &mut Numeral, sum: &mut Sum) -> bool {
        let group = sum
            .group
            .filter(|g| g.is_integer() && !out.digits && sum.last_scale.is_none());
        let (Some(group), Some((part, end))) = (group, self.decimals(whole.end)) else {
            return false;
        };
        sum.group = Some(group + part);
        (out.end, out.plain, out.suffix, out.cased) = (end, 0, Suffix::Plain, false);
        out.words += 1;
        true
    }

    /// `пять десятых`, `оннан бес`, `two five`: the decimals and their end.
    fn decimals(&mut self, at: usize) -> Option<(Decimal, usize)> {
        let conventions = self.grammar.conventions;
        let tenths = |n: Decimal| [Decimal::TEN, Decimal::ONE_HUNDRED, Decimal::ONE_THOUSAND].contains(&n);
        if conventions.denominator_first {
            let word = self.word_after(at).filter(|w| w.suffix() == Suffix::Ablative)?;
            let den = word.known?.senses().map(|s| s.value).find(|n| tenths(*n))?;
            let (num, end) = self.small_number(word.end)?;
            return Some((num.checked_div(den).filter(|n| *n < Decimal::ONE)?, end));
        }
        if conventions.ordinal_denominators {
            let from = self
                .word_after(at)
                .filter(|w| w.is(Role::And))
                .map_or(at, |w| w.end);
            let (num, end) = self.small_number(from)?;
            let word = self.word_after(end)?;
            let den = word.role(Role::Ordinal).map(|s| s.value).filter(|n| tenths(*n))?;
            return Some((num.checked_div(den).filter(|n| *n < Decimal::ONE)?, word.end));
        }
        // "two five", one digit a word; or "twenty-five"
        let (mut part, mut place, mut end) = (Decimal::ZERO, Decimal::ONE, at);
        while let Some(word) = self.word_after(end) {
            let digit = word.role(Role::Cardinal).map(|s| s.value);
            let Some(digit) = digit.filter(|n| *n < Decimal::TEN && place > Decimal::new(1, 6)) else {
                break;
            };
            place *= Decimal::new(1, 1);
            part += digit * place;
            end = word.end;
        }
        if end > at {
            return Some((part, end));
        }
        let (num, end) = self.small_number(at)?;
        (num < Decimal::ONE_HUNDRED).then(|| (num * Decimal::new(1, 2), end))
    }

    /// Cardinal words below a thousand after spaces.
    fn small_number(&mut self, at: usize) -> Option<(Decimal, usize)> {
        let conventions = self.grammar.conventions;
        let (mut sum, mut end) = (Sum::new(None), at);
        loop {
            let word = if end > at {
                self.word_joined(end)
            } else {
                self.word_after(end)
            };
            let taken = word.and_then(|w| w.known).is_some_and(|known| {
                known.senses().any(|s| match s.role {
                    Role::Cardinal => sum.add(s.value, conventions.ones_after_ten),
                    Role::Hundred => sum.hundred(false),
                    _ => false,
                })
            });
            match word.filter(|_| taken) {
                Some(word) => end = word.end,
                None => break,
            }
        }
        Some((sum.group?, end))
    }

    /// `500мың`: a scale word typed without a space.
    fn scale_directly(&mut self, out: &mut Numeral, sum: &mut Sum) -> bool {
        if !out.digits
            || out.words > 0
            || !self.is_letter(out.end)
            || self.bytes.get(out.end).is_some_and(u8::is_ascii)
        {
            return false;
        }
        let Some(word) = self.word_at(out.end) else {
            return false;
        };
        let taken = word.role(Role::Scale).is_some_and(|s| sum.multiply(s.value));
        if taken {
            (out.end, out.plain, out.suffix) = (word.end, 0, word.suffix());
            out.words += 1;
        }
        taken
    }

    /// `1 млн 200 мың`, `2 мың 500`: digits after a scale word, when a smaller scale follows or three digits fill a thousand.
    fn more_digits(&mut self, at: usize, out: &mut Numeral, sum: &mut Sum) -> bool {
        let Some(last) = sum.last_scale.filter(|_| sum.group.is_none() && out.digits) else {
            return false;
        };
        let Some(digits) = self
            .digits(at)
            .filter(|d| d.value < last && d.value > Decimal::ZERO)
        else {
            return false;
        };
        let next = self
            .word_after(digits.end)
            .and_then(|w| w.role(Role::Scale))
            .map(|s| s.value);
        let fills = last == Decimal::ONE_THOUSAND && digits.plain == 3 && self.byte(digits.end) != b'-';
        if next.is_some_and(|scale| scale < last) || (fills && next.is_none()) {
            sum.group = Some(digits.value);
            (out.end, out.plain) = (digits.end, 0);
            return true;
        }
        false
    }

    /// `half`, `a half` or `a quarter` after "and".
    fn part_after(&mut self, at: usize) -> Option<(Decimal, usize)> {
        let mut word = self.word_joined(at)?;
        let article = word.is(Role::A);
        if article {
            word = self.word_joined(word.end)?;
        }
        let part = word.role(Role::Half)?.value;
        // "two and quarter-finals"
        let said = article || part == Decimal::new(5, 1) || !self.grammar.conventions.hyphen_joins;
        said.then_some((part, word.end))
    }

    /// The word after spaces, or after a hyphen where hyphens join: "two-and-a-half".
    fn word_joined(&mut self, at: usize) -> Option<Word<'a>> {
        let dash = if self.grammar.conventions.hyphen_joins {
            self.dash_at(at)
        } else {
            0
        };
        if dash > 0 {
            self.word_at(at + dash)
        } else {
            self.word_after(at)
        }
    }

    /// `1½`, `½` is left to the caller.
    fn vulgar_fraction(&self, out: &mut Numeral, sum: &mut Sum) {
        if let Some((value, len)) = self.char_at(out.end).and_then(vulgar)
            && let Some(group) = sum.group
        {
            sum.group = Some(group + value);
            (out.end, out.plain) = (out.end + len, 0);
        }
    }

    /// `2 1/2`: a whole number and a fraction of one.
    fn mixed_number(&self, out: &mut Numeral, sum: &mut Sum) {
        let at = out.end + self.space_at(out.end);
        let slash = self.digits_end(at);
        let end = self.digits_end(slash + 1);
        let fits = at > out.end
            && slash == at + 1
            && self.byte(slash) == b'/'
            && end > slash + 1
            && end <= slash + 3;
        if !fits || !(1..=3).contains(&out.plain) || matches!(self.byte(end), b'/' | b'-' | b'.') {
            return;
        }
        let num = Decimal::from(self.small((at, slash)));
        let den = Decimal::from(self.small((slash + 1, end)));
        let part = num.checked_div(den).filter(|_| num < den && num > Decimal::ZERO);
        // Only what a decimal says exactly: halves, quarters, eighths.
        if let Some(part) = part.filter(|part| part.scale() <= 4)
            && let Some(group) = sum.group
        {
            sum.group = Some(group + part);
            (out.end, out.plain) = (end, 0);
        }
    }

    /// A suffix glued to digits or after a hyphen: `25-ші`, `21st`, `3000-ға`, `5-ти`.
    fn digit_suffix(&mut self, out: &mut Numeral) {
        let dash = self.dash_at(out.end);
        if !self.is_letter(out.end + dash) {
            return;
        }
        let start = out.end + dash;
        let Some(word) = self.word_at(start) else { return };
        let grammar = self.grammar;
        let Some(suffix) = grammar.suffix(self.folded(start, word.end)) else {
            return;
        };
        // Glued suffixes only where nothing else is meant: `21st`, `25ші`, but not `5т`.
        if dash == 0 && word.known.is_some() && suffix != Suffix::Ordinal {
            return;
        }
        // `20х30 м`: Russian "20-х" and a sign alike
        if dash == 0 && self.is_digit(word.end) {
            return;
        }
        if matches!(suffix, Suffix::Ordinal | Suffix::Plural) {
            out.form = Form::Ordinal;
        }
        (out.end, out.suffix, out.closed) = (word.end, suffix, true);
    }

    /// `4K`, "class 7B", "5B won the match": a capital on digits that are no money names something, a picture's format or a race,
    /// a room or its people.
    fn is_format(&mut self, digits: &Numeral) -> bool {
        let (letter, end) = (self.byte(digits.end), digits.end + 1);
        if digits.plain == 0
            || !letter.is_ascii_uppercase()
            || self.is_letter(end)
            || self.currency_before(digits.start).1.is_some()
        {
            return false;
        }
        let named = self
            .word_before(digits.start)
            .is_some_and(|w| w.is(Role::Lettered));
        let verb = |scanner: &mut Self| {
            let (verb, grammar) = (scanner.word_after(end)?, scanner.grammar);
            let next = scanner.word_after(verb.end)?;
            Some(grammar.is_excluded(scanner.folded(verb.start, next.end)))
        };
        digits.plain == 1 && letter == b'K' || named || verb(self) == Some(true)
    }

    /// `2.8bn`, `16k`, `1.2m`: the end, the scale, and whether it may be metres.
    fn glued_scale(&mut self, at: usize) -> Option<(usize, Decimal, bool)> {
        let word = self.word_at(at)?;
        let scale = word.role(Role::Glued)?.value;
        // "5,000m2"
        if matches!(self.char_at(word.end), Some('2' | '3' | '²' | '³')) {
            return None;
        }
        let metres = word.end - word.start == 1
            && word.role(Role::Unit).is_some()
            && self.byte(at).is_ascii_lowercase();
        Some((word.end, scale, metres))
    }
}

/// Digits gathered without separators.
#[derive(Clone, Copy, Default)]
struct Places {
    mantissa: i128,
    count: usize,
}

impl Places {
    fn push(&mut self, digits: &[u8]) -> Option<()> {
        self.count += digits.len();
        if self.count > PLACES {
            return None;
        }
        for &digit in digits {
            self.mantissa = self.mantissa * 10 + i128::from(digit - b'0');
        }
        Some(())
    }

    fn whole(self) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.mantissa, 0).ok()
    }
}

/// Fractions that are one character.
pub(crate) fn vulgar(c: char) -> Option<(Decimal, usize)> {
    let value = match c {
        '½' => Decimal::new(5, 1),
        '¼' => Decimal::new(25, 2),
        '¾' => Decimal::new(75, 2),
        _ => return None,
    };
    Some((value, c.len_utf8()))
}
