//! One folded view of a word: lower case, look-alikes of the other script undone, invisible characters dropped.
//!
//! Folding is for matching only; output keeps the text as written. Words are short, so a folded word is made into
//! a buffer of the caller's; its place in the text is the [`Span`] that [`words`] gave.

use crate::Span;

/// The words of a text: maximal runs of letters, digits, inner apostrophes and invisible joiners. Hyphens and dashes
/// divide, so `Қасым-Жомарт` is two words and `HBO-ның` gives its name and its ending apart. Linear in the text.
///
/// ```
/// let text = "HBO-ның Жетісу's 5G";
/// let words: Vec<_> = qostil_text::fold::words(text).map(|w| w.of(text)).collect();
/// assert_eq!(words, ["HBO", "ның", "Жетісу's", "5G"]);
/// ```
pub fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// See [`words`].
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Words<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let bytes = self.text.as_bytes();
        let char_at = |at: usize| self.text.get(at..).and_then(|rest| rest.chars().next());
        let mut start = self.at;
        let mut at = loop {
            let at = after_plain(bytes, start);
            if at > start {
                break at;
            }
            match KINDS[usize::from(*bytes.get(start)?)] {
                OUTSIDE => start += 1,
                _ => match char_at(start)? {
                    c if is_letter_or_digit(c) => break start,
                    c => start += c.len_utf8(),
                },
            }
        };
        let mut end = at;
        // Most words end at a space or stop.
        while bytes
            .get(at)
            .is_some_and(|&byte| KINDS[usize::from(byte)] != OUTSIDE)
        {
            let plain = after_plain(bytes, at);
            if plain > at {
                (at, end) = (plain, plain);
                continue;
            }
            let Some(c) = char_at(at) else { break };
            at += c.len_utf8();
            if is_letter_or_digit(c) || (is_apostrophe(c) && char_at(at).is_some_and(is_letter)) {
                end = at;
            } else if !is_invisible(c) {
                break;
            }
        }
        self.at = end;
        Some(Span::new(start, end))
    }
}

/// Where the letters and digits end that begin at a place and of which their first bytes alone tell that they are some: those of ASCII and Cyrillic, as nearly
/// all are.
fn after_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&first) = bytes.get(at) {
        at += match KINDS[usize::from(first)] {
            SECOND_TELLS if bytes.get(at + 1).is_some_and(|&next| next >= 0x8a) => 2,
            length @ 1..=2 => usize::from(length),
            _ => break,
        };
    }
    at
}

/// What a character is by its first byte: a letter or digit of one or two bytes, or one of these.
static KINDS: [u8; 256] = {
    let mut kinds = [LOOK; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => 1,
            b'\'' | b'`' => LOOK,
            0..=0x7f => OUTSIDE,
            0xd0 | 0xd1 | 0xd3 => 2,
            0xd2 => SECOND_TELLS,
            _ => LOOK,
        };
        byte += 1;
    }
    kinds
};
/// Of ASCII, and never part of a word.
const OUTSIDE: u8 = 0;
/// A Cyrillic letter or sign, which the second byte tells.
const SECOND_TELLS: u8 = 3;
/// The character itself is to be looked at.
const LOOK: u8 = 4;

/// [`char::is_alphabetic`] without a look into Unicode's tables for the letters and punctuation of our languages.
pub fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => true,
        '\0'..='\u{a9}' | '«' | '»' | '\u{2000}'..='\u{206f}' => false,
        c => c.is_alphabetic(),
    }
}

/// [`char::is_alphanumeric`] in the same manner.
pub fn is_letter_or_digit(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => true,
        '\0'..='\u{a9}' | '«' | '»' | '\u{2000}'..='\u{206f}' => false,
        c => c.is_alphanumeric(),
    }
}

/// [`char::is_uppercase`] in the same manner.
pub fn is_capital(c: char) -> bool {
    match c {
        'A'..='Z' | '\u{400}'..='\u{42f}' => true,
        '\0'..='\u{bf}' | '\u{430}'..='\u{45f}' => false,
        // pairs of capital and small letter
        '\u{48a}'..='\u{4bf}' | '\u{4d0}'..='\u{52f}' => (c as u32).is_multiple_of(2),
        c => c.is_uppercase(),
    }
}

/// Apostrophes as they are typed.
pub const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`')
}

/// What may stand inside a word without being a letter of it: characters without a width, combining accents.
pub const fn is_invisible(c: char) -> bool {
    is_without_width(c) || matches!(c, '\u{300}'..='\u{301}')
}

/// Characters that nobody sees: soft hyphen, zero-width space and joiners, marks of direction, BOM.
pub const fn is_without_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether `c` is a letter of the Cyrillic blocks.
pub const fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// Folds one word into `out` (cleared first): lower case, `ё` as `е`, typographic apostrophes as `'`, invisible
/// characters dropped, and, in a word that holds a Cyrillic letter, Latin look-alikes as the Cyrillic letters they stand for.
///
/// ```
/// let mut out = String::new();
/// qostil_text::fold::fold_word("Бiлiм", &mut out); // typed with Latin `i`
/// assert_eq!(out, "білім");
/// ```
pub fn fold_word(word: &str, out: &mut String) {
    out.clear();
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
        return;
    }
    // Most words are folded as they stand, but for a capital at their head.
    let mut letters = word.chars();
    let first = letters.next().and_then(lower_plain).filter(|&c| is_folded(c));
    if let Some(first) = first
        && letters.as_str().chars().all(is_folded)
    {
        out.push(first);
        out.push_str(letters.as_str());
        return;
    }
    let cyrillic = word.chars().any(is_cyrillic);
    for c in word.chars() {
        if is_invisible(c) {
            continue;
        }
        let c = if cyrillic { cyrillic_for(c) } else { c };
        let mut push = |lower: char| {
            out.push(match lower {
                'ё' => 'е',
                c if is_apostrophe(c) => '\'',
                c => c,
            });
        };
        match lower_plain(c) {
            Some(lower) => push(lower),
            None => c.to_lowercase().for_each(push),
        }
    }
}

/// Whether `c` is a small Cyrillic letter of Kazakh or Russian that folding leaves as it is.
const fn is_folded(c: char) -> bool {
    matches!(c, 'а'..='я' | 'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' | 'і')
}

/// A character by which texts are compared whatever their case, look-alike letters being one letter whatever word they stand in.
pub fn fold_char(c: char) -> char {
    let c = cyrillic_for(c);
    let lower = lower_plain(c).or_else(|| c.to_lowercase().next()).unwrap_or(c);
    if lower == 'ё' { 'е' } else { lower }
}

/// What is left of a text where case, punctuation and which digits it has make no difference.
pub fn bare(text: &str) -> impl Iterator<Item = char> {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.map(|c| if c.is_numeric() { '0' } else { c })
        .flat_map(char::to_lowercase)
}

/// Fewest words by which a text is told to be a copy: names, brands and acronyms are the same in every language.
const COPIED_WORDS: usize = 4;

/// Whether two texts say the same words, and so many that one is a copy of the other and no translation.
///
/// ```
/// use qostil_text::fold::is_copy;
/// assert!(is_copy("It was never translated.", "It was never translated"));
/// assert!(!is_copy("HBO Max", "HBO Max"));
/// ```
pub fn is_copy(a: &str, b: &str) -> bool {
    let words = a
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphabetic));
    // Nearly all differ in their first letter.
    bare(a).eq(bare(b)) && words.take(COPIED_WORDS).count() == COPIED_WORDS
}

/// The lower case of a text to the end of `out`.
pub fn push_lower(text: &str, out: &mut String) {
    let mut push = |c: char| match lower_plain(c) {
        Some(lower) => out.push(lower),
        None => out.extend(c.to_lowercase()),
    };
    let mut letters = text.chars();
    // Few words have a capital but at their head.
    letters.next().into_iter().for_each(&mut push);
    if is_small(letters.as_str()) {
        out.push_str(letters.as_str());
    } else {
        letters.for_each(push);
    }
}

/// Whether the bytes of a text alone tell that it has no capitals: of ASCII, Cyrillic and punctuation, as nearly all are.
fn is_small(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(first) = bytes.next() {
        let mut next = || bytes.next().unwrap_or(0);
        let is_small = match first {
            b'A'..=b'Z' => false,
            0..=0x7f => true,
            0xd0 => next() >= 0xb0,
            0xd1 => next() < 0xa0,
            0xd2 => matches!(next(), second @ 0x8a.. if second % 2 == 1),
            0xd3 => matches!(next(), second @ 0x90.. if second % 2 == 1),
            // Latin-1 signs and general punctuation.
            0xc2 => next() > 0,
            0xe2 => (next(), next()).0 == 0x80,
            _ => false,
        };
        if !is_small {
            return false;
        }
    }
    true
}

/// The lower case of ASCII and of the Cyrillic letters of Kazakh and Russian, by arithmetic: most of what is folded.
const fn lower_plain(c: char) -> Option<char> {
    match c {
        '\0'..='\x7f' => Some(c.to_ascii_lowercase()),
        'а'..='я' | 'ѐ'..='џ' => Some(c),
        'А'..='Я' => char::from_u32(c as u32 + 0x20),
        'Ѐ'..='Џ' => char::from_u32(c as u32 + 0x50),
        // Pairs of capital and small letter, the capital even: Ғ Қ Ң Ү Ұ Һ, Ә Ө.
        '\u{48a}'..='\u{4bf}' | '\u{4d0}'..='\u{52f}' => char::from_u32(c as u32 | 1),
        _ => None,
    }
}

/// The Cyrillic letter that a Latin look-alike stands for in a Cyrillic word; other characters as they are. Small `b k m t` look like
/// the Cyrillic capitals that a machine made small.
pub const fn cyrillic_for(c: char) -> char {
    match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'ə' | 'ǝ' => 'ә',
        'h' => 'һ',
        'i' | 'ı' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        'ɵ' => 'ө',
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'Ə' | 'Ǝ' => 'Ә',
        'H' => 'Н',
        'I' => 'І',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        'Y' => 'У',
        'Ɵ' => 'Ө',
        c => c,
    }
}

/// The Latin letter that a Cyrillic look-alike stands for in a Latin word, if it has one.
pub const fn latin_for(c: char) -> Option<char> {
    Some(match c {
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        'һ' => 'h',
        'і' => 'i',
        'о' => 'o',
        'р' => 'p',
        'х' => 'x',
        'у' => 'y',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'І' => 'I',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' | 'Ү' => 'Y',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{
        KINDS, OUTSIDE, after_plain, is_apostrophe, is_capital, is_invisible, is_letter, is_letter_or_digit,
        is_small, lower_plain, words,
    };

    #[test]
    fn what_is_small_stays_as_it_is() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert!(!is_small(&text) || text.to_lowercase() == text, "{c:?}");
        }
        assert!(is_small("жүз мың – «екі», ұғым әңгіме һәм өң (two)"));
    }

    #[test]
    fn bytes_tell_of_letters_what_characters_do() {
        let mut buffer = [0; 4];
        for c in '\0'..=char::MAX {
            let bytes = c.encode_utf8(&mut buffer).as_bytes();
            let told = after_plain(bytes, 0);
            assert!(
                told == 0 || (told == bytes.len() && is_letter_or_digit(c)),
                "{c:?}"
            );
            let is_outside = KINDS[usize::from(bytes[0])] == OUTSIDE;
            let may_be_part = is_letter_or_digit(c) || is_apostrophe(c) || is_invisible(c);
            assert!(!is_outside || !may_be_part, "{c:?}");
        }
    }

    /// Words as their description has them, character by character.
    fn words_by_characters(text: &str) -> Vec<&str> {
        let letters: Vec<(usize, char)> = text.char_indices().collect();
        let at = |number: usize| letters.get(number).map_or(text.len(), |&(at, _)| at);
        let (mut found, mut number) = (Vec::new(), 0);
        while number < letters.len() {
            let start = number;
            let mut end = number;
            while let Some(&(_, c)) = letters.get(number) {
                let joins = |next: Option<&(usize, char)>| next.is_some_and(|next| is_letter(next.1));
                if is_letter_or_digit(c)
                    || (end > start && is_apostrophe(c) && joins(letters.get(number + 1)))
                {
                    end = number + 1;
                } else if end == start || !is_invisible(c) {
                    break;
                }
                number += 1;
            }
            if end > start {
                found.push(&text[at(start)..at(end)]);
                number = end;
            } else {
                number = start + 1;
            }
        }
        found
    }

    #[test]
    fn words_are_what_their_characters_make() {
        let alphabet = ['a', '1', 'я', 'қ', '҂', 'é', '\'', '’', '\u{ad}', ' ', '«'];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts
                .iter()
                .flat_map(|text| alphabet.map(|c| format!("{text}{c}")));
            texts = longer.chain([String::new()]).collect();
        }
        for text in texts {
            let found: Vec<&str> = words(&text).map(|word| word.of(&text)).collect();
            assert_eq!(found, words_by_characters(&text), "{text:?}");
        }
    }

    #[test]
    fn short_cuts_say_what_unicode_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_capital(c), c.is_uppercase(), "{c:?}");
        }
    }

    #[test]
    fn arithmetic_lowers_as_unicode_does() {
        for c in '\0'..='\u{52f}' {
            if let Some(lower) = lower_plain(c) {
                assert_eq!(c.to_lowercase().collect::<String>(), lower.to_string(), "{c:?}");
            }
        }
    }
}
