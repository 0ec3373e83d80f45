//! What reading made of documents, kept for the length of a run: where their sentences stand and what was left out. A run reads a document up to
//! four times; with this only the first time in full.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use qostil_text::{Sentence, Span};

use crate::{LeftOut, Reading, Rule, Stage};

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

/// Sentences and what was left out, each place by its distance from the one before, in as many bytes as that needs.
pub(crate) fn pack(reading: &Reading) -> Vec<u8> {
    let mut out = Vec::with_capacity(4 * reading.document.sentences.len() + 16);
    let (mut at, mut paragraph) = (0, 0);
    number(reading.document.sentences.len(), &mut out);
    for sentence in &reading.document.sentences {
        spans(&[sentence.span], at, &mut out);
        at = sentence.span.end;
        number((sentence.paragraph - paragraph) as usize, &mut out);
        paragraph = sentence.paragraph;
        number(sentence.cuts.len(), &mut out);
        spans(&sentence.cuts, sentence.span.start, &mut out);
    }
    for part in &reading.left_out {
        let reason = part.reason.as_bytes();
        out.push(STAGES.iter().position(|stage| *stage == part.stage).unwrap_or(0) as u8);
        number(reason.len(), &mut out);
        out.extend_from_slice(reason);
        number(part.spans.len(), &mut out);
        spans(&part.spans, 0, &mut out);
    }
    out
}

/// What [`pack`] packed; `None` where it is not whole.
pub(crate) fn unpack(mut bytes: &[u8]) -> Option<(Vec<Sentence>, Vec<LeftOut>)> {
    let from = &mut bytes;
    let count = read_number(from)?;
    let mut sentences = Vec::with_capacity(count.min(from.len()));
    let (mut at, mut paragraph) = (0, 0_u32);
    for _ in 0..count {
        let span = read_span(from, at)?;
        at = span.end;
        paragraph += u32::try_from(read_number(from)?).ok()?;
        sentences.push(Sentence {
            span,
            cuts: read_spans(from, span.start)?,
            paragraph,
        });
    }
    let mut left_out = Vec::new();
    while let Some((&stage, rest)) = from.split_first() {
        *from = rest;
        let length = read_number(from)?;
        let (reason, rest) = from.split_at_checked(length)?;
        *from = rest;
        let reason = std::str::from_utf8(reason).ok()?;
        let rule = Rule::ALL.iter().find(|rule| rule.name() == reason);
        left_out.push(LeftOut {
            stage: *STAGES.get(usize::from(stage))?,
            reason: rule.map_or_else(|| Cow::Owned(reason.to_owned()), |rule| rule.name().into()),
            spans: read_spans(from, 0)?,
        });
    }
    Some((sentences, left_out))
}

/// The stages that reading goes through.
const STAGES: [Stage; 2] = [Stage::Clean, Stage::Language];

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

/// Spans in order, the first after `at`.
fn spans(spans: &[Span], mut at: usize, out: &mut Vec<u8>) {
    for span in spans {
        number(span.start - at, out);
        number(span.len(), out);
        at = span.end;
    }
}

fn read_spans(from: &mut &[u8], mut at: usize) -> Option<Vec<Span>> {
    let count = read_number(from)?;
    let mut spans = Vec::with_capacity(count.min(from.len()));
    for _ in 0..count {
        let span = read_span(from, at)?;
        at = span.end;
        spans.push(span);
    }
    Some(spans)
}

fn read_span(from: &mut &[u8], at: usize) -> Option<Span> {
    let start = at.checked_add(read_number(from)?)?;
    Some(Span::new(start, start.checked_add(read_number(from)?)?))
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
        let bytes = pack(&reading);
        let whole = Some((reading.document.sentences.clone(), reading.left_out.clone()));
        assert_eq!(unpack(&bytes), whole);
        for end in 0..bytes.len() {
            // Never a panic; a text without its last parts may be whole.
            assert_ne!(unpack(&bytes[..end]), whole);
        }
        let layouts = Layouts::create(tempfile::tempdir().unwrap().path()).unwrap();
        let places = layouts.keep([bytes.as_slice(), b"", b"abc"].into_iter()).unwrap();
        assert_eq!(layouts.get(places[0]).unwrap(), bytes);
        assert_eq!(layouts.get(places[2]).unwrap(), b"abc");
    }
}
