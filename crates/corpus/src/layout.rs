//! What reading made of documents, kept for the length of a run: where their sentences stand, what was left out, and their figures. A run reads a document
//! up to four times; with this only the first time in full.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use qostil_align::Figures;
use qostil_text::Sentence;
use serde::{Deserialize, Serialize};

use crate::{LeftOut, Reading};

/// A file without a name that goes with the run.
pub(crate) struct Layouts {
    file: Mutex<File>,
}

/// Where a layout is, and its length.
pub(crate) type Place = (u64, u32);

impl Layouts {
    /// An empty file in `folder`.
    pub(crate) fn create(folder: &Path) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }

    /// Keeps layouts, and says where each is.
    pub(crate) fn keep<'l>(&self, layouts: impl Iterator<Item = &'l [u8]>) -> io::Result<Vec<Place>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut end = file.seek(SeekFrom::End(0))?;
        let (mut all, mut places) = (Vec::new(), Vec::new());
        for layout in layouts {
            all.extend_from_slice(layout);
            // No text has so many sentences that it would be longer.
            places.push((end, layout.len() as u32));
            end += layout.len() as u64;
        }
        file.write_all(&all)?;
        Ok(places)
    }

    /// The layout at a place.
    pub(crate) fn get(&self, (at, length): Place) -> io::Result<Vec<u8>> {
        let mut found = vec![0; length as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut found)?;
        Ok(found)
    }
}

/// What reading made of a document besides its text.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Layout {
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) left_out: Vec<LeftOut>,
    /// Where somebody asked for them.
    pub(crate) figures: Option<Figures>,
}

impl Layout {
    /// As bytes.
    pub(crate) fn pack(reading: &Reading, figures: Option<Figures>) -> Vec<u8> {
        let layout = (&reading.document.sentences, &reading.left_out, figures);
        // Nothing of it can fail to be written; what is not there is made again.
        postcard::to_allocvec(&layout).unwrap_or_default()
    }

    /// From bytes; `None` where they are not whole.
    pub(crate) fn unpack(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// Seven bits a byte, lowest first; the eighth says that more follow.
pub(crate) fn number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(crate) fn read_number(from: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (&byte, rest) = from.split_first()?;
        *from = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use qostil_text::Lang;

    use super::*;
    use crate::{ReadingSettings, read_text};

    #[test]
    fn what_is_packed_comes_back() {
        let text = "Жаңа мектеп ашылды бүгін\nЖаңа мектеп ашылды бүгін\n503\nБірі  width= екі. Үш <b>төрт</b>!\n\
                    В городе открыли новую большую школу, в которой будут учиться шестьсот детей из трёх районов.\n\nСоңы.";
        let reading = read_text("a", text.into(), Some(Lang::Kazakh), &ReadingSettings::default());
        assert!(reading.left_out.len() > 3 && reading.document.sentences.iter().any(|s| !s.cuts.is_empty()));
        let figures = Figures::of(&reading.document);
        assert!(
            !figures
                .of_sentences(0..reading.document.sentences.len())
                .is_empty()
        );
        let bytes = Layout::pack(&reading, Some(figures.clone()));
        let whole = Layout {
            sentences: reading.document.sentences,
            left_out: reading.left_out,
            figures: Some(figures),
        };
        assert_eq!(Layout::unpack(&bytes), Some(whole));
        for end in 0..bytes.len() {
            assert_eq!(Layout::unpack(&bytes[..end]), None);
        }
        let layouts = Layouts::create(tempfile::tempdir().unwrap().path()).unwrap();
        let places = layouts.keep([bytes.as_slice(), b"", b"abc"].into_iter()).unwrap();
        assert_eq!(layouts.get(places[0]).unwrap(), bytes);
        assert_eq!(layouts.get(places[2]).unwrap(), b"abc");
    }
}
