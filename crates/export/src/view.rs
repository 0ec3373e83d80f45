//! A record as it is written: sides in the order of the columns.

use qostil_bitext::{BeadType, Record};
use qostil_text::Span;

/// One side of a record.
#[derive(Clone, Copy)]
pub(crate) struct SideView<'r> {
    pub(crate) text: &'r str,
    pub(crate) doc: &'r str,
    pub(crate) spans: &'r [Span],
    pub(crate) sentences: &'r [Vec<Span>],
}

/// A record with its sides in the order of the columns.
#[derive(Clone, Copy)]
pub(crate) struct View<'r> {
    pub(crate) sides: [SideView<'r>; 2],
    pub(crate) bead: Option<BeadType>,
    pub(crate) swapped: bool,
}

impl<'r> View<'r> {
    pub(crate) fn new(record: &'r Record, swapped: bool) -> Self {
        let src = SideView {
            text: &record.src,
            doc: &record.src_doc,
            spans: &record.src_spans,
            sentences: &record.src_sentences,
        };
        let tgt = SideView {
            text: &record.tgt,
            doc: &record.tgt_doc,
            spans: &record.tgt_spans,
            sentences: &record.tgt_sentences,
        };
        let turned = |bead: BeadType| BeadType {
            src: bead.tgt,
            tgt: bead.src,
        };
        Self {
            sides: if swapped { [tgt, src] } else { [src, tgt] },
            bead: if swapped {
                record.bead.map(turned)
            } else {
                record.bead
            },
            swapped,
        }
    }
}
