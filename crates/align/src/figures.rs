//! The figures of a document, sentence by sentence: read once, used by all who ask for them.

use std::ops::Range;

use qostil_figures::Figure;
use qostil_text::{Document, Sentence};
use serde::{Deserialize, Serialize};

/// The figures of a document's sentences. Reading them takes a tenth of an alignment and more where a text is full of them: who looks at a document
/// several times keeps them.
///
/// ```
/// use qostil_align::Figures;
/// use qostil_text::{Document, Lang};
///
/// let document = Document::from_lines("en", Lang::English, "It began in 1998.\nIt cost $5.".into());
/// let figures = Figures::of(&document);
/// assert_eq!(figures.of_sentences(1..2)[0].unit.code(), "USD");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    all: Vec<Figure>,
    /// The first of each sentence, and one past the last of all.
    first: Vec<u32>,
}

impl Figures {
    /// Reads the figures of every sentence by itself, but those in what is cut out of it. Their spans are the document's. Linear in the text.
    pub fn of(document: &Document) -> Self {
        Self::known_or_read(document, |_| None)
    }

    /// The figures of a document of which these are those before some of its sentences changed: `before` are the sentences that they are of, of the same text in
    /// the same language. Only what is not the same sentence any more is read. Linear in the sentences, and in the text of those that are read.
    pub fn after_change(&self, before: &[Sentence], document: &Document) -> Self {
        if self.sentences() != before.len() {
            return Self::of(document);
        }
        let mut before = before.iter().enumerate().peekable();
        Self::known_or_read(document, |sentence| {
            while before
                .next_if(|(_, known)| known.span.start < sentence.span.start)
                .is_some()
            {}
            let is_same = |known: &Sentence| known.span == sentence.span && known.cuts == sentence.cuts;
            let (at, _) = before.next_if(|(_, known)| is_same(known))?;
            Some(self.of_sentences(at..at + 1))
        })
    }

    /// The figures of a document; of a sentence those that are `known`, if they are.
    fn known_or_read<'f>(
        document: &Document,
        mut known: impl FnMut(&Sentence) -> Option<&'f [Figure]>,
    ) -> Self {
        let mut out = Self {
            all: Vec::new(),
            first: Vec::with_capacity(document.sentences.len() + 1),
        };
        out.first.push(0);
        let mut found = Vec::new();
        for sentence in &document.sentences {
            if let Some(known) = known(sentence) {
                out.all.extend_from_slice(known);
            } else {
                qostil_figures::scan(sentence.span.of(&document.text), document.lang, &mut found);
                for figure in &mut found {
                    figure.span = figure.span.shifted(sentence.span.start);
                }
                found.retain(|figure| !sentence.cuts.iter().any(|cut| cut.overlaps(figure.span)));
                out.all.append(&mut found);
            }
            out.first.push(out.all.len() as u32);
        }
        out
    }

    /// Of how many sentences they are.
    pub fn sentences(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Those of some sentences, in order; none where there are no such sentences.
    pub fn of_sentences(&self, sentences: Range<usize>) -> &[Figure] {
        let first = |sentence: usize| self.first.get(sentence).map(|&at| at as usize);
        let range = first(sentences.start).zip(first(sentences.end));
        range.and_then(|(from, to)| self.all.get(from..to)).unwrap_or(&[])
    }

    /// Those of some sentences, as a document of these alone has them.
    pub(crate) fn part(&self, sentences: Range<usize>) -> Self {
        let bounds = &self.first[sentences.start..=sentences.end];
        Self {
            all: self.of_sentences(sentences.clone()).to_vec(),
            first: bounds.iter().map(|at| at - bounds[0]).collect(),
        }
    }
}

/// A document and its figures.
pub(crate) type Read<'a> = (&'a Document, Figures);

/// A document with its figures, which are read now.
pub(crate) fn read(document: &Document) -> Read<'_> {
    (document, Figures::of(document))
}

#[cfg(test)]
mod tests {
    use qostil_text::{Lang, Span};

    use super::*;

    #[test]
    fn what_has_changed_is_read_anew() {
        let text = "Page 7\nIt cost $5.\nIt began in 1998.\nRead 3 more";
        let whole = Document::from_lines("en", Lang::English, text.into());
        let figures = Figures::of(&whole);
        let mut part = whole.clone();
        part.sentences.remove(0);
        part.sentences[1].cuts.push(Span::new(23, 28));
        part.sentences[2].span.end = part.sentences[2].span.start + 4;
        let changed = figures.after_change(&whole.sentences, &part);
        assert_eq!(changed, Figures::of(&part));
        assert_ne!(changed.of_sentences(0..1), []);
        assert_eq!(figures.after_change(&whole.sentences, &whole), figures);
        assert_eq!(
            changed.after_change(&part.sentences[1..], &whole),
            figures,
            "of other sentences"
        );
    }
}
