//! Scores on running text, where prediction and gold need not agree on what a sentence is: which gold segments does a row cover?

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{AddAssign, Range};

use qostil_text::Span;

use crate::Rate;

/// What the scores of one document are made of.
///
/// A segment is in a row when the row covers more than half of its characters, white space and invisible characters not counted; a link joins a
/// source and a target segment that are in one row. The soft counts take the smaller of the two shares in place of yes or no, so that a
/// segment split into two rightly paired halves is not lost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SegmentCounts {
    /// Links of the gold.
    pub gold_links: usize,
    /// Links of the prediction.
    pub predicted_links: usize,
    /// Links of both.
    pub links: usize,
    /// Soft links of the prediction.
    pub soft_predicted: f64,
    /// Soft links that are right.
    pub soft: f64,
    /// Rows predicted.
    pub rows: usize,
    /// Texts that are not in the document.
    pub lost: usize,
}

/// One side of a gold alignment: a text and its segments, in order; segment `n` of the source belongs to segment `n` of the target.
#[derive(Clone, Debug)]
pub struct Segments {
    /// The text without what is not counted.
    ink: String,
    /// For each character of `ink`, the byte where it starts there.
    starts: Vec<usize>,
    /// For each character that counts, the byte of the document where it starts.
    places: Vec<usize>,
    /// Segments as ranges of characters that count.
    ranges: Vec<Range<usize>>,
}

/// Where rows say they come from.
#[derive(Clone, Copy, Debug)]
pub enum Rows<'a> {
    /// Two texts each, to be looked for in the documents in order.
    Texts(&'a [(String, String)]),
    /// Spans of both documents, in bytes.
    Spans(&'a [(Vec<Span>, Vec<Span>)]),
}

impl Segments {
    /// A document and its segments as byte ranges.
    pub fn new(text: &str, segments: &[Span]) -> Self {
        let (mut ink, mut starts, mut places) = (String::new(), Vec::new(), Vec::new());
        for (at, c) in text.char_indices().filter(|(_, c)| counts(*c)) {
            starts.push(ink.len());
            places.push(at);
            ink.push(c);
        }
        let mut out = Self {
            ink,
            starts,
            places,
            ranges: Vec::new(),
        };
        out.ranges = segments.iter().map(|span| out.characters(*span)).collect();
        out
    }

    /// A byte range of the document as a range of characters that count.
    fn characters(&self, span: Span) -> Range<usize> {
        let place = |byte: usize| self.places.partition_point(|at| *at < byte);
        place(span.start)..place(span.end)
    }

    /// Where a text stands: the search goes on from the last find (`cursor`, a byte of `ink`), failing that, from the top.
    fn find(&self, text: &str, cursor: &mut usize) -> Option<Range<usize>> {
        let needle: String = text.chars().filter(|c| counts(*c)).collect();
        if needle.is_empty() {
            return None;
        }
        let further = self
            .ink
            .get(*cursor..)
            .and_then(|rest| rest.find(&needle))
            .map(|at| at + *cursor);
        let start = further.or_else(|| self.ink.find(&needle))?;
        *cursor = start + needle.len();
        let place = |byte: usize| self.starts.partition_point(|at| *at < byte);
        Some(place(start)..place(*cursor))
    }

    /// The segments that ranges touch, with the share of each that they cover.
    fn coverage(&self, ranges: &[Range<usize>]) -> BTreeMap<usize, f64> {
        let mut out = BTreeMap::new();
        for range in ranges {
            let first = self.ranges.partition_point(|segment| segment.end <= range.start);
            for (at, segment) in self.ranges.iter().enumerate().skip(first) {
                if segment.start >= range.end {
                    break;
                }
                let shared = segment
                    .end
                    .min(range.end)
                    .saturating_sub(segment.start.max(range.start));
                if shared == 0 {
                    continue;
                }
                *out.entry(at).or_insert(0.0) += shared as f64 / segment.len() as f64;
            }
        }
        out
    }
}

/// Whether a character is counted: no white space, no control or format character.
fn counts(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !is_format(c)
}

/// Unicode's general category Cf.
const fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}'
    )
}

impl SegmentCounts {
    /// Scores the rows of one pair of documents. Rows with an empty side, or a side that is not found, link nothing.
    pub fn new(src: &Segments, tgt: &Segments, rows: Rows<'_>) -> Self {
        let mut counted = Self {
            gold_links: src.ranges.len().min(tgt.ranges.len()),
            ..Self::default()
        };
        let mut hard: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut add = |counted: &mut Self, s: &[Range<usize>], t: &[Range<usize>]| {
            let (s, t) = (src.coverage(s), tgt.coverage(t));
            for (i, share_i) in &s {
                for (j, share_j) in &t {
                    let soft = share_i.min(*share_j);
                    counted.soft_predicted += soft;
                    if i == j {
                        counted.soft += soft;
                    }
                    if *share_i > 0.5 && *share_j > 0.5 {
                        hard.insert((*i, *j));
                    }
                }
            }
        };
        match rows {
            Rows::Texts(rows) => {
                let mut cursors = (0, 0);
                for (s, t) in rows {
                    let found = (src.find(s, &mut cursors.0), tgt.find(t, &mut cursors.1));
                    let is_lost = |found: &Option<_>, text: &str| found.is_none() && text.chars().any(counts);
                    counted.lost += usize::from(is_lost(&found.0, s)) + usize::from(is_lost(&found.1, t));
                    if let (Some(s), Some(t)) = found {
                        add(&mut counted, &[s], &[t]);
                    }
                }
                counted.rows = rows.len();
            }
            Rows::Spans(rows) => {
                for (s, t) in rows {
                    let s: Vec<_> = s.iter().map(|span| src.characters(*span)).collect();
                    let t: Vec<_> = t.iter().map(|span| tgt.characters(*span)).collect();
                    add(&mut counted, &s, &t);
                }
                counted.rows = rows.len();
            }
        }
        counted.predicted_links = hard.len();
        counted.links = hard.iter().filter(|(i, j)| i == j).count();
        counted
    }

    /// *segment link*: links of segments that a row covers by more than half.
    pub fn link(&self) -> Rate {
        Rate::of(self.links, self.predicted_links, self.links, self.gold_links)
    }

    /// *segment soft*: the same by the share that is covered.
    pub fn soft(&self) -> Rate {
        Rate::from_shares(self.soft, self.soft_predicted, self.soft, self.gold_links as f64)
    }
}

impl AddAssign<&Self> for SegmentCounts {
    fn add_assign(&mut self, other: &Self) {
        self.gold_links += other.gold_links;
        self.predicted_links += other.predicted_links;
        self.links += other.links;
        self.soft_predicted += other.soft_predicted;
        self.soft += other.soft;
        self.rows += other.rows;
        self.lost += other.lost;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str, parts: &[&str]) -> Segments {
        let span = |part: &&str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        Segments::new(text, &parts.iter().map(span).collect::<Vec<_>>())
    }

    #[test]
    fn halves_of_a_segment_count_softly() {
        let kk = side("Бір екі. Үш төрт.", &["Бір екі.", "Үш төрт."]);
        let en = side("One two. Three four.", &["One two.", "Three four."]);
        let rows = [
            ("Бір".to_owned(), "One".to_owned()),
            ("екі.".into(), "two.".into()),
            ("Үш  төрт.".into(), "Three\nfour.".into()),
        ];
        let counted = SegmentCounts::new(&kk, &en, Rows::Texts(&rows));
        assert_eq!(
            (
                counted.links,
                counted.predicted_links,
                counted.gold_links,
                counted.lost
            ),
            (2, 2, 2, 0)
        );
        assert!((counted.soft().recall - 1.0).abs() < 0.01);
        let spans = [(vec![Span::new(0, 14)], vec![Span::new(0, 8)])];
        let counted = SegmentCounts::new(&kk, &en, Rows::Spans(&spans));
        assert_eq!((counted.links, counted.predicted_links), (1, 1));
    }
}
