//! From sentence numbers to records, with the two texts beside them.

use std::path::Path;

use qostil_bitext::{IndexBead, Record};
use qostil_text::{Document, Lang};

use crate::record::{ranges, text};
use crate::table::{Field, language};
use crate::{Error, Row, open};

/// The text of one side, one sentence a line.
pub(crate) fn document(path: &Path, lang: Option<Lang>) -> Result<Document, Error> {
    let mut bytes = String::new();
    let read = open(path)
        .and_then(crate::unicode::as_utf8)
        .and_then(|mut input| std::io::Read::read_to_string(&mut input, &mut bytes));
    read.map_err(|e| Error::from(e).in_file(path))?;
    if bytes.starts_with('\u{feff}') {
        bytes.drain(..'\u{feff}'.len_utf8());
    }
    let lang = lang.or_else(|| named_language(path)).unwrap_or(Lang::UNKNOWN);
    let id = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    Ok(Document::from_lines(id, lang, bytes))
}

/// The language that a file's name tells: `news.kk.txt`, `news.kk`.
pub(crate) fn named_language(path: &Path) -> Option<Lang> {
    let name = path.file_name()?.to_str()?;
    name.rsplit('.').take(3).filter_map(language).find(Lang::is_known)
}

/// What the rows say besides their texts.
pub(crate) const FIELDS: [Field; 6] = [
    Field::Confidence,
    Field::Bead,
    Field::Doc(0),
    Field::Doc(1),
    Field::Spans(0),
    Field::Spans(1),
];

/// The row of a bead: its lines cut out of the two texts.
///
/// # Errors
/// When a text has fewer lines.
pub(crate) fn row(
    line: u64,
    bead: &IndexBead,
    score: Option<f64>,
    src: &Document,
    tgt: &Document,
) -> Result<Row, Error> {
    for (document, numbers) in [(src, &bead.src), (tgt, &bead.tgt)] {
        let lines = document.sentences.len();
        if let Some(number) = numbers.iter().find(|number| **number >= lines) {
            let message = format!(
                "sentence {number}, but {} has {lines} lines: expected zero-based numbers below",
                document.id
            );
            return Err(Error::at(line, message));
        }
    }
    let (src_spans, tgt_spans) = (
        ranges(src, bead.src.iter().copied()),
        ranges(tgt, bead.tgt.iter().copied()),
    );
    let record = Record {
        src: text(src, &src_spans),
        tgt: text(tgt, &tgt_spans),
        confidence: score.filter(|score| (0.0..=1.0).contains(score)),
        bead: Some(bead.kind()),
        src_doc: src.id.clone(),
        tgt_doc: tgt.id.clone(),
        src_spans,
        tgt_spans,
        ..Record::default()
    };
    Ok(Row {
        line,
        raw: Default::default(),
        record,
    })
}

/// The bead whose lines the record's spans lie in.
pub(crate) fn bead_of(record: &Record, src: &Document, tgt: &Document) -> IndexBead {
    let numbers = |document: &Document, spans: &[qostil_text::Span]| {
        let mut out = Vec::new();
        for span in spans {
            let from = document.sentences.partition_point(|s| s.span.end <= span.start);
            let within = document.sentences.iter().enumerate().skip(from);
            out.extend(
                within
                    .take_while(|(_, s)| s.span.start < span.end)
                    .filter(|(_, s)| !s.span.is_empty())
                    .map(|(at, _)| at),
            );
        }
        out.dedup();
        out
    };
    IndexBead {
        src: numbers(src, &record.src_spans),
        tgt: numbers(tgt, &record.tgt_spans),
    }
}
