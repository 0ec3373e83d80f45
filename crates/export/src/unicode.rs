//! Text in other encodings than UTF-8, as translation memories and sheets come: told by a BOM or the beginning of XML.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The UTF-16 that text without a byte order mark is in, by its beginning, if it is: high bytes of Latin and Cyrillic letters are 0 and 4, and no other
/// text has them at every second place.
///
/// ```
/// assert_eq!(qostil_export::unmarked_utf16(b"k\0k\0\t\0e\0n\0"), Some(encoding_rs::UTF_16LE));
/// assert_eq!(qostil_export::unmarked_utf16(b"kk\ten\n"), None);
/// ```
pub fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4096) / 2 * 2)?;
    // Nothing of the kind in most texts.
    memchr::memchr2(0, 4, sample)?;
    let units = sample.len() / 2;
    let high = |offset: usize| {
        let bytes = sample.iter().skip(offset).step_by(2);
        bytes.filter(|b| matches!(b, 0 | 4)).count()
    };
    let (even, odd) = (high(0), high(1));
    match units {
        0..4 => None,
        _ if odd * 10 >= units * 9 && even * 10 < units => Some(UTF_16LE),
        _ if even * 10 >= units * 9 && odd * 10 < units => Some(UTF_16BE),
        _ => None,
    }
}

/// `input` as UTF-8: UTF-16 is told by its BOM or its look, other encodings by an XML declaration. A BOM is left in.
///
/// # Errors
/// When `input` fails; later, when it is not in the encoding it names.
pub(crate) fn as_utf8(mut input: Box<dyn BufRead + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let head = input.fill_buf()?;
    let declared = |head: &[u8]| {
        let head = head.get(..head.len().min(200)).unwrap_or(head);
        let head = String::from_utf8_lossy(head);
        let declaration = head
            .trim_start_matches('\u{feff}')
            .strip_prefix("<?xml")?
            .split_once("?>")?
            .0
            .to_owned();
        let value = declaration
            .split_once("encoding")?
            .1
            .trim_start()
            .strip_prefix('=')?
            .trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Encoding::for_label(value.split(quote).nth(1)?.as_bytes())
    };
    let encoding = match head {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        // XML has a BOM in UTF-16, but not all who write it know.
        [b'<', 0, b'?', 0, ..] => UTF_16LE,
        [0, b'<', 0, b'?', ..] => UTF_16BE,
        // A declaration of UTF-16 in bytes that were read as ASCII cannot be right.
        _ => declared(head)
            .filter(|e| *e != UTF_16LE && *e != UTF_16BE)
            .or_else(|| unmarked_utf16(head))
            .unwrap_or(UTF_8),
    };
    if encoding == UTF_8 {
        return Ok(input);
    }
    Ok(Box::new(BufReader::with_capacity(
        1 << 16,
        Decoding {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            name: encoding.name(),
            over: false,
        },
    )))
}

struct Decoding {
    input: Box<dyn BufRead + Send>,
    decoder: Decoder,
    name: &'static str,
    over: bool,
}

impl Read for Decoding {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // The decoder needs room for one character; readers above ask for whole buffers.
        if out.len() < 8 || self.over {
            return Ok(0);
        }
        loop {
            let bytes = self.input.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, out, last);
            self.input.consume(read);
            self.over = last && result == DecoderResult::InputEmpty;
            if let DecoderResult::Malformed(..) = result {
                let message = format!("not {} text, though it says so", self.name);
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            if written > 0 || self.over {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: Vec<u8>) -> io::Result<String> {
        let mut out = String::new();
        as_utf8(Box::new(io::Cursor::new(bytes)))?.read_to_string(&mut out)?;
        Ok(out)
    }

    #[test]
    fn encodings_are_told_by_bom_and_declaration() {
        let text = "қос тіл 😀";
        let utf16: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decoded(utf16.clone()).unwrap(), text);
        assert!(decoded(utf16[..utf16.len() - 1].to_vec()).is_err());
        let unmarked: Vec<u8> = "қос\tтіл".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(unmarked).unwrap(), "қос\tтіл");
        let no_bom: Vec<u8> = "<?xml?><a>қ</a>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(decoded(no_bom).unwrap(), "<?xml?><a>қ</a>");
        assert_eq!(decoded(text.as_bytes().to_vec()).unwrap(), text);
        let old = b"<?xml version='1.0' encoding='windows-1251'?><a>\xea</a>".to_vec();
        assert!(decoded(old).unwrap().ends_with("<a>к</a>"));
    }
}
