//! A filter over the beginnings of words: it tells for most words of a text, by a few bytes and without folding them, that
//! no table knows them.

use qostil_text::fold;

/// The beginnings of a set of forms. What it admits is looked up in full; what it does not is none of the forms, nor one of
/// them with an ending.
pub(crate) struct Prefixes {
    flags: Box<[u8]>,
}

/// Letters that are looked at: their classes of six bits fill a state.
const DEPTH: usize = 5;
/// Entries of the table, as a power of two. Two beginnings that share an entry cost a look-up, nothing else.
const BITS: u32 = 14;

/// Some form goes on after this.
const ALIVE: u8 = 1;
/// A form ends here and takes no endings, or goes on with what is no letter.
const CLOSED: u8 = 2;
/// A form ends here and takes endings, or is longer than what is looked at.
const OPEN: u8 = 4;

impl Prefixes {
    pub(crate) fn new() -> Self {
        Self {
            flags: vec![0; 1 << BITS].into(),
        }
    }

    /// Takes a form in; `open` when it may have endings.
    pub(crate) fn add(&mut self, form: &str, open: bool) {
        let mut state = 0;
        for (n, c) in form.chars().enumerate() {
            let class = letter_class(c);
            if class == 0 {
                self.mark(state, CLOSED);
                return;
            }
            state = state << 6 | class;
            self.mark(state, ALIVE);
            if n + 1 == DEPTH {
                self.mark(state, OPEN);
                return;
            }
        }
        self.mark(state, if open { OPEN } else { CLOSED });
    }

    fn mark(&mut self, state: u32, flag: u8) {
        self.flags[entry(state)] |= flag;
    }

    /// Whether the word that starts at a place may be one of the forms. Letters that have no class let everything through.
    #[inline]
    pub(crate) fn admit(&self, letters: &Letters, bytes: &[u8], mut at: usize) -> bool {
        let mut state = 0;
        for _ in 0..DEPTH {
            let (class, len) = letters.at(bytes, at);
            if class == 0 {
                return bytes.get(at).is_some_and(|b| *b >= 0x80) || self.flags[entry(state)] & CLOSED != 0;
            }
            (state, at) = (state << 6 | class, at + len);
            let flags = self.flags[entry(state)];
            if flags & OPEN != 0 {
                return true;
            }
            if flags & ALIVE == 0 {
                return false;
            }
        }
        true
    }
}

/// Where a state stands in the table: always within it, having no more than its bits.
#[inline]
const fn entry(state: u32) -> usize {
    (state.wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

/// A small number for a letter, the same for look-alikes of both scripts and for both cases; 0 for what is no letter that
/// the tables are written with.
fn letter_class(c: char) -> u32 {
    const LETTERS: &str = "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіdfgjlnqrsuvwz";
    let c = c.to_lowercase().next().unwrap_or(c);
    let c = fold::cyrillic_for(if c == 'ё' { 'е' } else { c });
    LETTERS.chars().position(|l| l == c).map_or(0, |at| at as u32 + 1)
}

/// [`letter_class`] as a table over bytes.
pub(crate) struct Letters {
    ascii: [u8; 128],
    cyrillic: [u8; 512],
}

impl Letters {
    pub(crate) fn new() -> Self {
        let mut out = Self {
            ascii: [0; 128],
            cyrillic: [0; 512],
        };
        for (at, class) in out.ascii.iter_mut().enumerate() {
            *class = letter_class(char::from(at as u8)) as u8;
        }
        for (at, class) in out.cyrillic.iter_mut().enumerate() {
            // Two bytes 0xd0..=0xd7: code points from U+0400.
            *class = char::from_u32(0x400 + at as u32).map_or(0, letter_class) as u8;
        }
        out
    }

    /// The class of the letter at a place and its length in bytes.
    #[inline]
    fn at(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        match bytes.get(at) {
            Some(&b) if b < 0x80 => (u32::from(self.ascii[usize::from(b)]), 1),
            Some(&b) if b & 0xf8 == 0xd0 => {
                let next = bytes.get(at + 1).copied().unwrap_or(0);
                let letter = usize::from(b & 7) << 6 | usize::from(next & 63);
                (u32::from(self.cyrillic[letter]), 2)
            }
            _ => (0, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_forms_with_endings_and_look_alikes_and_little_else() {
        let mut prefixes = Prefixes::new();
        prefixes.add("мың", true);
        prefixes.add("он", false);
        prefixes.add("қаңтар", true);
        prefixes.add("o'clock", false);
        let letters = Letters::new();
        let admitted = |text: &str| prefixes.admit(&letters, text.as_bytes(), 0);
        for word in [
            "мың",
            "Мыңнан",
            "MЫҢ",
            "он",
            "он алты",
            "қаңтарда",
            "o'clock",
            "қа\u{ad}ңтар",
            "он–",
        ] {
            assert!(admitted(word), "{word}");
        }
        for word in ["", "мы", "оның", "онда", "қазақ", "Қарағанды", "of", "мир", "%"]
        {
            assert!(!admitted(word), "{word}");
        }
    }
}
