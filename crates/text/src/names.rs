//! Names across scripts: consonant skeletons in classes that Cyrillic and Latin spellings share.
//!
//! A class stands for all letters that spellings of one name use for each other (К Қ Х Һ Г Ғ = K Q C H Kh G Gh …), vowels
//! and Й/Y are dropped but for an initial one, doubles collapse. Where a letter has several readings (`ch` in Chicago and
//! Michael) a word has several skeletons. What a match proves is for its rarity to decide, not for this module.

use std::collections::BTreeSet;

use strsim::jaro_winkler;

use crate::fold::{is_cyrillic, is_letter};

/// The skeletons of a folded word, at most eight: each a string of ASCII class letters, `A` for an initial vowel.
///
/// ```
/// use qostil_text::names::skeletons;
/// assert!(skeletons("қасым").iter().any(|s| skeletons("kassym").contains(s)));
/// assert!(skeletons("қорғас").iter().any(|s| skeletons("khorgos").contains(s)));
/// assert!(skeletons("джон").iter().any(|s| skeletons("john").contains(s)));
/// assert!(skeletons("джокович").iter().any(|s| skeletons("djokovic").contains(s)));
/// assert!(skeletons("ковачевич").iter().any(|s| skeletons("kovačević").contains(s)));
/// ```
pub fn skeletons(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().filter(|&c| is_letter(c)).collect();
    let cyrillic = letters.first().is_some_and(|&c| is_cyrillic(c));
    let read = if cyrillic { read_cyrillic } else { read_latin };
    let mut variants = BTreeSet::new();
    let mut first = String::with_capacity(letters.len());
    // Which choices there are depends on the letters alone.
    let used = read(&letters, 0, &mut first);
    variants.insert(first);
    for choice in (1..8_u8).filter(|choice| choice & !used == 0) {
        let mut out = String::with_capacity(letters.len());
        read(&letters, choice, &mut out);
        variants.insert(out);
    }
    variants.into_iter().filter(|s| s.len() > 1).collect()
}

/// How alike two skeletons are: 1 for equal ones, below by Jaro–Winkler; 0 when either is too short to compare loosely.
pub fn likeness(a: &str, b: &str) -> f64 {
    if a == b {
        1.0
    } else if a.len().min(b.len()) < 4 {
        0.0
    } else {
        jaro_winkler(a, b)
    }
}

fn push(out: &mut String, class: char) {
    if !out.ends_with(class) {
        out.push(class);
    }
}

fn vowel(out: &mut String) {
    if out.is_empty() {
        out.push('A');
    }
}

/// Bits of `choice`: 1 `у` before a vowel is W. Returns the bits that mattered.
fn read_cyrillic(letters: &[char], choice: u8, out: &mut String) -> u8 {
    let mut used = 0;
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        match (c, next) {
            ('д', 'ж') => {
                push(out, 'J');
                at += 1;
            }
            ('т', 'с') => {
                push(out, 'S');
                at += 1;
            }
            ('к' | 'қ' | 'х' | 'һ' | 'г' | 'ғ', _) => push(out, 'K'),
            ('ж', _) => push(out, 'J'),
            ('ш' | 'щ' | 'ч', _) => push(out, 'X'),
            ('с' | 'з' | 'ц', _) => push(out, 'S'),
            ('в', _) => push(out, 'V'),
            ('у', 'а' | 'о' | 'и' | 'е' | 'э' | 'ә' | 'і') => {
                used |= 1;
                if choice & 1 == 0 {
                    push(out, 'V');
                } else {
                    vowel(out);
                }
            }
            ('ф', _) => push(out, 'F'),
            ('п', _) => push(out, 'P'),
            ('б', _) => push(out, 'B'),
            ('т', _) => push(out, 'T'),
            ('д', _) => push(out, 'D'),
            ('м', _) => push(out, 'M'),
            ('н' | 'ң', _) => push(out, 'N'),
            ('л', _) => push(out, 'L'),
            ('р', _) => push(out, 'R'),
            ('ъ' | 'ь', _) => {}
            _ => vowel(out),
        }
        at += 1;
    }
    used
}

/// Bits of `choice`: 1 a lone `h` is silent, 2 `ch` is K, or `c` in a surname in `-ic` is `č` that lost its mark, 4 soft `g` is J. Returns the bits that mattered.
fn read_latin(letters: &[char], choice: u8, out: &mut String) -> u8 {
    let mut used = 0;
    let mut at = 0;
    let in_ic = letters.ends_with(&['i', 'c']);
    while let Some(&c) = letters.get(at) {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let soft = matches!(next, 'e' | 'i' | 'y' | 'é');
        let (class, letters_read) = match (c, next) {
            ('c', 'h') => {
                used |= 2;
                (if choice & 2 == 0 { 'X' } else { 'K' }, 2)
            }
            ('s', 'h') | ('ş' | 'ç' | 'š' | 'č' | 'ć' | 'ś', _) => ('X', 1 + usize::from(next == 'h')),
            ('z', 'h') | ('d', 'j') => ('J', 2),
            ('j' | 'ž' | 'ż' | 'đ', _) => ('J', 1),
            ('k' | 'g', 'h') => ('K', 2),
            ('p', 'h') => ('F', 2),
            ('t', 'h') => ('T', 2),
            ('t', 's' | 'z') => ('S', 2),
            ('c', _) => {
                used |= if in_ic { 2 } else { 0 };
                match (in_ic && choice & 2 != 0, soft) {
                    (true, _) => ('X', 1),
                    (_, true) => ('S', 1),
                    _ => ('K', 1),
                }
            }
            ('g', _) if soft => {
                used |= 4;
                (if choice & 4 == 0 { 'K' } else { 'J' }, 1)
            }
            ('h', _) => {
                used |= 1;
                (if choice & 1 == 0 { 'K' } else { 'A' }, 1)
            }
            ('k' | 'q' | 'g' | 'ğ', _) => ('K', 1),
            ('x', _) => {
                push(out, 'K');
                ('S', 1)
            }
            ('s' | 'z' | 'ź', _) => ('S', 1),
            ('v' | 'w', _) => ('V', 1),
            ('f', _) => ('F', 1),
            ('p', _) => ('P', 1),
            ('b', _) => ('B', 1),
            ('t', _) => ('T', 1),
            ('d', _) => ('D', 1),
            ('m', _) => ('M', 1),
            ('n' | 'ñ' | 'ń' | 'ň', _) => ('N', 1),
            ('l' | 'ł', _) => ('L', 1),
            ('r' | 'ř', _) => ('R', 1),
            _ => ('A', 1),
        };
        // `dzh` is read as one J, as `дж` is
        if class == 'J' && out.ends_with('D') {
            out.pop();
        }
        if class == 'A' {
            vowel(out);
        } else {
            push(out, class);
        }
        at += letters_read;
    }
    used
}
