//! From text to figures: one pass over the bytes that stops at digits and at words that may start a figure.

use qostil_text::{Lang, Span, fold};

use crate::Figure;
use crate::grammar::{Grammar, Known, Role, Sense, Suffix};
use crate::lang;

/// The figures of a text, in order, disjoint. Linear in the text.
///
/// ```
/// use qostil_figures::figures;
/// use qostil_text::Lang;
/// let found = figures("Биыл 2,6 триллион теңге бөлінді.", Lang::Kazakh);
/// assert_eq!(found[0].value_text(), "2600000000000");
/// assert_eq!(found[0].unit.code(), "KZT");
/// ```
pub fn figures(text: &str, lang: Lang) -> Vec<Figure> {
    let mut out = Vec::new();
    scan(text, lang, &mut out);
    out
}

/// [`figures`] into a buffer that is cleared first and may be used again.
pub fn scan(text: &str, lang: Lang, out: &mut Vec<Figure>) {
    scan_with(text, lang::grammar(lang), out);
}

/// [`scan`] with a grammar of the caller's.
pub fn scan_with(text: &str, grammar: &Grammar, out: &mut Vec<Figure>) {
    out.clear();
    Scanner {
        text,
        bytes: text.as_bytes(),
        grammar,
        folded: String::new(),
        recent: [Word::NOWHERE; RECENT],
        before: Word::NOWHERE,
        out,
    }
    .run();
}

/// Words longer than this, in bytes, are no number words.
const LONGEST_WORD: usize = 64;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a byte may be the first of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Spaces, punctuation, symbols.
    Other,
    Digit,
    /// A letter, of any script.
    Letter,
    /// Inside a character.
    Inner,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            0x80..=0xbf => Class::Inner,
            // Latin-1 symbols (0xc2), general punctuation and symbols (0xe2) and CJK punctuation (0xe3) are no letters.
            0xc3..=0xe1 | 0xe4..=0xf4 => Class::Letter,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Whether a character is a letter; those of our alphabets are told without a look into Unicode's tables.
fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => true,
        '\0'..='\x7f' => false,
        c => c.is_alphabetic(),
    }
}

/// Words remembered.
const RECENT: usize = 16;

/// The state of one pass.
pub(crate) struct Scanner<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub grammar: &'a Grammar,
    /// A word or phrase, folded; used again and again.
    folded: String,
    /// Words looked up lately, by their start: the rules around a number ask for the same few words again and again.
    recent: [Word<'a>; RECENT],
    /// The word looked for last by its end.
    before: Word<'a>,
    pub out: &'a mut Vec<Figure>,
}

/// A word of the text.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    pub start: usize,
    pub end: usize,
    /// What the table says of it, if anything.
    pub known: Option<Known<'a>>,
}

impl<'a> Word<'a> {
    const NOWHERE: Self = Self {
        start: usize::MAX,
        end: usize::MAX,
        known: None,
    };

    pub(crate) fn role(&self, role: Role) -> Option<&'a Sense> {
        self.known.and_then(|known| known.role(role))
    }

    pub(crate) fn is(&self, role: Role) -> bool {
        self.role(role).is_some()
    }

    pub(crate) fn suffix(&self) -> Suffix {
        self.known.map_or(Suffix::Plain, |known| known.suffix)
    }
}

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            match CLASSES[usize::from(byte)] {
                Class::Digit => at = self.at_digit(at).max(at + 1),
                Class::Letter if byte == 0xef && self.is_byte_order_mark(at) => at += BYTE_ORDER_MARK.len(),
                Class::Letter => {
                    let found = if self.grammar.may_start(self.bytes, at) {
                        self.at_word(at)
                    } else {
                        None
                    };
                    at = match found {
                        Some(end) if end > at => end,
                        _ if byte.is_ascii_uppercase() => {
                            self.account(at).unwrap_or_else(|| self.skip_word(at))
                        }
                        _ => self.skip_word(at),
                    };
                }
                Class::Other | Class::Inner => at += 1,
            }
        }
    }

    /// Whether a byte order mark stands there, as it does where files were joined.
    fn is_byte_order_mark(&self, at: usize) -> bool {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.starts_with(BYTE_ORDER_MARK.as_bytes())
    }

    /// The end of a run of letters and digits; of several with stops between where digits end one and start the next, as
    /// in a version (`v1.2.3`).
    pub(crate) fn skip_word(&self, at: usize) -> usize {
        let mut end = at;
        loop {
            let rest = self.bytes.get(end..).unwrap_or_default();
            let len = rest
                .iter()
                .position(|&b| CLASSES[usize::from(b)] == Class::Other)
                .unwrap_or(rest.len());
            end += len;
            if self.byte(end) != b'.' || !self.is_digit(end - 1) || !self.is_digit(end + 1) {
                return end;
            }
            end += 1;
        }
    }

    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(crate) fn is_digit(&self, at: usize) -> bool {
        self.byte(at).is_ascii_digit()
    }

    pub(crate) fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    pub(crate) fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at).and_then(|before| before.chars().next_back())
    }

    pub(crate) fn is_letter(&self, at: usize) -> bool {
        CLASSES[usize::from(self.byte(at))] == Class::Letter
    }

    /// The end of a run of digits.
    pub(crate) fn digits_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest
            .iter()
            .position(|b| !b.is_ascii_digit())
            .unwrap_or(rest.len())
    }

    /// After at most two spaces of any width; the same place when there is none or a line ends.
    pub(crate) fn skip_spaces(&self, at: usize) -> usize {
        let mut end = at;
        for _ in 0..2 {
            end += self.space_at(end);
        }
        end
    }

    /// The length of the space at a place: plain, no-break, thin, figure or narrow; 0 for anything else.
    pub(crate) fn space_at(&self, at: usize) -> usize {
        match self.byte(at) {
            b' ' => 1,
            0xc2 if self.byte(at + 1) == 0xa0 => 2,
            0xe2 if self.byte(at + 1) == 0x80 && matches!(self.byte(at + 2), 0x80..=0x8a | 0xaf) => 3,
            _ => 0,
        }
    }

    /// The length of the hyphen or dash at a place; 0 for anything else.
    pub(crate) fn dash_at(&self, at: usize) -> usize {
        match self.byte(at) {
            b'-' => 1,
            0xe2 if self.byte(at + 1) == 0x80 && matches!(self.byte(at + 2), 0x90..=0x95) => 3,
            0xe2 if self.byte(at + 1) == 0x88 && self.byte(at + 2) == 0x92 => 3,
            _ => 0,
        }
    }

    /// The word that starts at a place: letters with inner apostrophes and invisible characters.
    pub(crate) fn word_at(&mut self, start: usize) -> Option<Word<'a>> {
        if !self.is_letter(start) {
            return None;
        }
        let recent = self.recent[start % RECENT];
        if recent.start == start {
            return Some(recent);
        }
        let end = self.word_end(start);
        if end == start {
            return None;
        }
        if end - start > LONGEST_WORD {
            return Some(Word {
                start,
                end: self.skip_word(end),
                known: None,
            });
        }
        Some(self.word(start, end))
    }

    /// Where the word that starts at a place ends, or a place in it beyond the longest that is read.
    pub(crate) fn word_end(&self, start: usize) -> usize {
        let mut end = start;
        while end - start <= LONGEST_WORD {
            let plain = self.plain_letter(end);
            if plain > 0 {
                end += plain;
                continue;
            }
            let Some(c) = self.char_at(end) else { break };
            let apostrophe = fold::is_apostrophe(c) && self.is_letter(end + c.len_utf8());
            if !(is_letter(c) || apostrophe || fold::is_invisible(c)) {
                break;
            }
            end += c.len_utf8();
        }
        end
    }

    /// The length of the letter at a place, when it is one of ASCII or Cyrillic; 0 for anything else.
    #[inline]
    fn plain_letter(&self, at: usize) -> usize {
        match self.byte(at) {
            b'a'..=b'z' | b'A'..=b'Z' => 1,
            0xd0 | 0xd1 | 0xd3 => 2,
            0xd2 if self.byte(at + 1) >= 0x8a => 2,
            _ => 0,
        }
    }

    /// What the tables say of the word between two places.
    fn word(&mut self, start: usize, end: usize) -> Word<'a> {
        let recent = self.recent[start % RECENT];
        if recent.start == start && recent.end == end {
            return recent;
        }
        let grammar = self.grammar;
        let known = if grammar.may_know(self.bytes, start) {
            grammar.lookup(self.folded(start, end))
        } else {
            None
        };
        let word = Word { start, end, known };
        self.recent[start % RECENT] = word;
        word
    }

    /// The word after spaces.
    pub(crate) fn word_after(&mut self, at: usize) -> Option<Word<'a>> {
        let start = self.skip_spaces(at);
        if start == at { None } else { self.word_at(start) }
    }

    /// Whether one of so many words after a place has this role.
    pub(crate) fn is_one_after(&mut self, mut at: usize, words: usize, role: Role) -> bool {
        for _ in 0..words {
            let Some(word) = self.word_after(at) else { break };
            if word.is(role) {
                return true;
            }
            at = word.end;
        }
        false
    }

    /// The word before a place, with spaces (or `separator` alone) between.
    pub(crate) fn word_before(&mut self, at: usize) -> Option<Word<'a>> {
        let end = self.spaces_before(at);
        if end == at { None } else { self.word_ending(end) }
    }

    /// The word that ends at a place.
    pub(crate) fn word_ending(&mut self, end: usize) -> Option<Word<'a>> {
        if self.before.end != end {
            let start = self.word_start(end)?;
            self.before = self.word(start, end);
        }
        Some(self.before)
    }

    /// Where the word that ends at `end` starts.
    fn word_start(&self, end: usize) -> Option<usize> {
        let mut before = self.bytes.get(..end)?;
        while end - before.len() <= LONGEST_WORD {
            // letters of ASCII and Cyrillic, as in `plain_letter`
            before = match before {
                [rest @ .., b'a'..=b'z' | b'A'..=b'Z']
                | [rest @ .., 0xd0 | 0xd1 | 0xd3, 0x80..=0xbf]
                | [rest @ .., 0xd2, 0x8a..=0xbf] => rest,
                _ => {
                    let c = self.char_before(before.len());
                    let Some(c) = c.filter(|&c| is_letter(c) || fold::is_apostrophe(c)) else {
                        break;
                    };
                    before.get(..before.len() - c.len_utf8())?
                }
            };
        }
        (before.len() < end).then_some(before.len())
    }

    /// Before at most two spaces.
    pub(crate) fn spaces_before(&self, at: usize) -> usize {
        let mut end = at;
        for _ in 0..2 {
            match self.char_before(end) {
                Some(c) if c == ' ' || c == '\u{a0}' || c == '\u{202f}' || c == '\u{2009}' => {
                    end -= c.len_utf8();
                }
                _ => break,
            }
        }
        end
    }

    /// A stretch of text, folded.
    pub(crate) fn folded(&mut self, start: usize, end: usize) -> &str {
        fold::fold_word(Span::new(start, end).of(self.text), &mut self.folded);
        &self.folded
    }

    /// Starts of up to `N` words before a place, nearest first, with spaces or hyphens between.
    pub(crate) fn words_before<const N: usize>(&self, at: usize) -> ([usize; N], usize) {
        let mut starts = [at; N];
        let mut count = 0;
        let mut place = at;
        while count < N {
            let end = self.spaces_before(place);
            if end == place {
                break;
            }
            let Some(start) = self.word_start(end) else { break };
            starts[count] = start;
            count += 1;
            place = start;
        }
        (starts, count)
    }
}
