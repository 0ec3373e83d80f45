//! Roman numerals in Latin, Cyrillic and mixed letters.

use rust_decimal::Decimal;

use crate::context::Draft;
use crate::figure::{Exactness, Kind, Value};
use crate::grammar::Role;
use crate::scan::Scanner;

/// Letters of the longest Roman numeral below 90, that of 88.
const ROMAN: usize = 8;

impl Scanner<'_> {
    /// Roman numerals in Latin, Cyrillic and mixed letters, where a word near them says that they are.
    pub(crate) fn roman(&mut self, start: usize) -> Option<usize> {
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
    pub(crate) fn roman_at(&self, start: usize) -> Option<(u32, usize)> {
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
}

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
