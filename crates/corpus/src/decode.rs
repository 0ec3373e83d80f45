//! From bytes to text.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{Encoding as Known, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
use qostil_export::unmarked_utf16;

/// How a text was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows' Cyrillic.
    Windows1251,
    /// Kazakhstan's standard on the ground of windows-1251, STRK 1048-2002.
    Kz1048,
    /// Windows' Western European.
    Windows1252,
    /// Another that `chardetng` found.
    Other(&'static Known),
}

impl Encoding {
    /// Its name as the IANA and the WHATWG write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 with BOM",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1251 => "windows-1251",
            Self::Kz1048 => "KZ-1048",
            Self::Windows1252 => "windows-1252",
            Self::Other(known) => known.name(),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why bytes are no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// More control characters than stray ones.
    #[error("it is not a text file (byte {at} is {byte:#04x})")]
    Binary {
        /// Place of the first such byte.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// UTF-8 but for some bytes.
    #[error("it is not valid UTF-8: byte {at} ({byte:#04x}) belongs to no character")]
    BrokenUtf8 {
        /// Place of the first such byte.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// UTF-16 but for some code units.
    #[error("it is not valid {0}: it holds half a character or an unpaired surrogate")]
    BrokenUtf16(Encoding),
}

/// The text of `bytes` and how it was encoded. The byte order mark is no part of the text.
///
/// UTF-8 unless it says otherwise: a mark, or the zeros and repeated high bytes of UTF-16; else one of the older
/// encodings, but only when what comes out looks like words. Kazakh in windows-1251 and in KZ-1048 differ in nine
/// letters alone and are told apart by those.
///
/// # Errors
/// When the bytes are no text, or a few of them spoil a text that is UTF-8 otherwise.
///
/// ```
/// let (text, encoding) = qostil_corpus::decode(b"\xef\xbb\xbfok").unwrap();
/// assert_eq!((text.as_ref(), encoding.name()), ("ok", "UTF-8 with BOM"));
/// ```
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), DecodeError> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Ok((Cow::Borrowed(utf8(rest)?), Encoding::Utf8Bom));
    }
    if let Some(encoding) = utf16_kind(bytes) {
        return Ok((Cow::Owned(utf16(bytes, encoding)?), encoding));
    }
    match utf8(bytes) {
        Ok(text) => Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Err(error) if matches!(error, DecodeError::Binary { .. }) || is_mostly_utf8(bytes) => Err(error),
        Err(error) => legacy(bytes).ok_or(error),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    refuse_binary(bytes)?;
    simdutf8::compat::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        DecodeError::BrokenUtf8 {
            at,
            byte: bytes.get(at).copied().unwrap_or_default(),
        }
    })
}

/// So many control characters stand in texts of any length; of longer ones one byte in so many may be one.
const STRAY: usize = 3;
const MOST_STRAY: usize = 32;

/// Refuses what holds more control characters than stray ones: a bell or two, and nulls where a field was filled up, do not make a text something else.
fn refuse_binary(bytes: &[u8]) -> Result<(), DecodeError> {
    let Some(at) = first_binary(bytes) else {
        return Ok(());
    };
    let found = bytes.iter().filter(|byte| is_binary(**byte)).count();
    // Of the shortest texts half.
    let most = (bytes.len() / MOST_STRAY).max(STRAY).min(bytes.len() / 2);
    if found > most {
        Err(DecodeError::Binary { at, byte: bytes[at] })
    } else {
        Ok(())
    }
}

/// Control characters that texts hold by mistake only; tab, line ends, form feed, escape and the separators are let through.
const fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0e..=0x1a)
}

/// The place of the first such byte. Whole blocks are looked at at once.
fn first_binary(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 64;
    let is_clean = |block: &[u8]| !block.iter().fold(false, |any, &byte| any | is_binary(byte));
    let passed = bytes
        .chunks_exact(BLOCK)
        .take_while(|block| is_clean(block))
        .count()
        * BLOCK;
    let ahead = bytes.get(passed..)?.iter().position(|&byte| is_binary(byte))?;
    Some(passed + ahead)
}

/// Whether most characters beyond ASCII are whole in UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    whole > broken
}

fn utf16_kind(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let known = unmarked_utf16(bytes)?;
    Some(if known == UTF_16LE {
        Encoding::Utf16Le
    } else {
        Encoding::Utf16Be
    })
}

fn utf16(bytes: &[u8], encoding: Encoding) -> Result<String, DecodeError> {
    let known = if encoding == Encoding::Utf16Le {
        UTF_16LE
    } else {
        UTF_16BE
    };
    let (text, failed) = known.decode_with_bom_removal(bytes);
    if failed {
        return Err(DecodeError::BrokenUtf16(encoding));
    }
    refuse_binary(text.as_bytes())?;
    Ok(text.into_owned())
}

fn legacy(bytes: &[u8]) -> Option<(Cow<'_, str>, Encoding)> {
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(bytes, true);
    let known = detector.guess(None, false);
    let found = if known == WINDOWS_1251 || has_kazakh_pairs(bytes) {
        if has_kazakh_pairs(bytes) {
            (kz1048(bytes), Encoding::Kz1048)
        } else {
            (
                WINDOWS_1251.decode_without_bom_handling(bytes).0,
                Encoding::Windows1251,
            )
        }
    } else {
        let (text, failed) = known.decode_without_bom_handling(bytes);
        if failed {
            return None;
        }
        (
            text,
            if known == WINDOWS_1252 {
                Encoding::Windows1252
            } else {
                Encoding::Other(known)
            },
        )
    };
    looks_like_words(&found.0).then_some(found)
}

/// Whether nearly all characters beyond ASCII are letters beside another letter, or the usual marks of printing.
fn looks_like_words(text: &str) -> bool {
    let (mut good, mut bad, mut before) = (0_usize, 0_usize, ' ');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            let beside_letter = before.is_alphabetic() || after.is_alphabetic();
            let is_word = matches!(c, '\u{400}'..='\u{4ff}') && before == ' ' && after == ' ';
            let is_mark = matches!(
                c,
                '\u{a0}' | '\u{ad}' | '«' | '»' | '№' | '°' | '§' | '©' | '£' | '€' | '\u{2013}'..='\u{2026}'
            );
            if is_mark || is_word || (c.is_alphabetic() && beside_letter) {
                good += 1;
            } else {
                bad += 1;
            }
        }
        before = c;
    }
    good > bad * 19
}

/// The letters of KZ-1048 that windows-1251 has others for.
const KZ1048: [(u8, char); 15] = [
    (0x8d, 'Қ'),
    (0x8e, 'Һ'),
    (0x9d, 'қ'),
    (0x9e, 'һ'),
    (0xa1, 'Ұ'),
    (0xa2, 'ұ'),
    (0xa3, 'Ә'),
    (0xa5, 'Ө'),
    (0xaa, 'Ғ'),
    (0xaf, 'Ү'),
    (0xb4, 'ө'),
    (0xba, 'ғ'),
    (0xbc, 'ә'),
    (0xbd, 'Ң'),
    (0xbe, 'ң'),
];
/// The sixteenth: `ү`, apart because Ukrainian `ї` stands at its place too.
const KZ1048_UE: (u8, char) = (0xbf, 'ү');

/// Whether қ, ң, ә, ұ and their like stand beside Cyrillic letters as often as Kazakh has them. Their places hold `ќ ѕ ј ў ћ`
/// in windows-1251, letters of languages that Qostil does not read; `є ї ґ і` of Ukrainian do not count.
fn has_kazakh_pairs(bytes: &[u8]) -> bool {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(|&b| b >= 0xc0);
    let (mut kazakh, mut letters) = (0_usize, 0_usize);
    for (at, byte) in bytes.iter().enumerate() {
        letters += usize::from(*byte >= 0xc0);
        let beside = is_letter(bytes.get(at.wrapping_sub(1))) || is_letter(bytes.get(at + 1));
        let telling = matches!(byte, 0x8d | 0x8e | 0x9d | 0x9e | 0xa1..=0xa3 | 0xbc..=0xbe);
        kazakh += usize::from(telling && beside);
    }
    kazakh > 0 && kazakh * 50 > letters
}

fn kz1048(bytes: &[u8]) -> Cow<'_, str> {
    let letter = |byte: u8| {
        KZ1048
            .iter()
            .chain([&KZ1048_UE])
            .find(|(b, _)| *b == byte)
            .map(|(_, c)| *c)
    };
    let mut out = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        match letter(byte) {
            Some(c) => out.push(c),
            None => out.push_str(&WINDOWS_1251.decode_without_bom_handling(&[byte]).0),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KAZAKH: &str =
        "Қазақстан Республикасының Үкіметі «Жаңа өңір» бағдарламасын әзірледі – құны 1 203 мың теңге.";
    const RUSSIAN: &str =
        "Правительство утвердило программу «Новый регион» – её стоимость 1 203 тысячи тенге.";

    fn encoded_kz(text: &str) -> Vec<u8> {
        let place = |c: char| {
            KZ1048
                .iter()
                .chain([&KZ1048_UE])
                .find(|(_, k)| *k == c)
                .map(|(b, _)| *b)
        };
        text.chars()
            .flat_map(|c| match place(c) {
                Some(byte) => vec![byte],
                None => WINDOWS_1251.encode(&c.to_string()).0.into_owned(),
            })
            .collect()
    }

    #[test]
    fn each_encoding_comes_back() {
        let utf16 = |text: &str, swap: bool| {
            text.encode_utf16()
                .flat_map(|u| if swap { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect::<Vec<u8>>()
        };
        let marked = |mark: &[u8], body: Vec<u8>| [mark.to_vec(), body].concat();
        let cases = [
            (KAZAKH.as_bytes().to_vec(), KAZAKH, Encoding::Utf8),
            (marked(b"\xef\xbb\xbf", KAZAKH.into()), KAZAKH, Encoding::Utf8Bom),
            (
                marked(b"\xff\xfe", utf16(KAZAKH, false)),
                KAZAKH,
                Encoding::Utf16Le,
            ),
            (
                marked(b"\xfe\xff", utf16(KAZAKH, true)),
                KAZAKH,
                Encoding::Utf16Be,
            ),
            (utf16(RUSSIAN, true), RUSSIAN, Encoding::Utf16Be),
            (
                utf16("Plain English words.", false),
                "Plain English words.",
                Encoding::Utf16Le,
            ),
            (encoded_kz(KAZAKH), KAZAKH, Encoding::Kz1048),
            (
                WINDOWS_1251.encode(RUSSIAN).0.into_owned(),
                RUSSIAN,
                Encoding::Windows1251,
            ),
            (
                WINDOWS_1252.encode("“Café” – it’s £5").0.into_owned(),
                "“Café” – it’s £5",
                Encoding::Windows1252,
            ),
            (Vec::new(), "", Encoding::Utf8),
        ];
        for (bytes, text, encoding) in cases {
            let (found, how) = decode(&bytes).unwrap_or_else(|e| panic!("{encoding}: {e}"));
            assert_eq!((found.as_ref(), how), (text, encoding));
        }
    }

    #[test]
    fn stray_control_characters_are_let_through() {
        for stray in ["\u{7}", "\u{b}", "\0", "\u{1}", "\u{1a}"] {
            for text in [
                format!("ab{stray}"),
                format!("{RUSSIAN}{stray} {RUSSIAN}{stray}{stray}"),
            ] {
                let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let old = WINDOWS_1251.encode(&text).0;
                for bytes in [text.as_bytes(), &[&b"\xff\xfe"[..], &utf16].concat(), &old] {
                    assert_eq!(decode(bytes).unwrap().0, text);
                }
            }
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(matches!(
            decode(b"\x7fELF\x02\x01\x01\0\0\0"),
            Err(DecodeError::Binary { at: 4, byte: 2 })
        ));
        for binary in [&b"\x01"[..], b"\0\0\0\0abcd", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"] {
            assert!(
                matches!(decode(binary), Err(DecodeError::Binary { .. })),
                "{binary:?}"
            );
        }
        let speckled: String = KAZAKH.chars().flat_map(|c| [c, '\u{1}']).collect();
        assert!(decode(speckled.as_bytes()).is_err());
        let mut broken = KAZAKH.as_bytes().to_vec();
        broken.insert(4, 0xff);
        assert_eq!(
            decode(&broken).unwrap_err(),
            DecodeError::BrokenUtf8 { at: 4, byte: 0xff }
        );
        assert!(decode(b"Only one byte \xff is wrong here.").is_err());
        assert!(decode(b"\xff\xfeA\0\x00\xd8B\0").is_err());
    }
}
