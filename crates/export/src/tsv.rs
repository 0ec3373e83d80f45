//! Bitext as tab-separated values: a header, one record a line, never quoted.
//!
//! Not through the `csv` crate: what the format promises is that nothing is ever quoted or escaped, so that every
//! reader of line-parallel text reads it.

use std::io::{BufRead, Write};

use qostil_bitext::{BeadType, Record};
use qostil_text::{Lang, Span, join_spans};

use crate::lines::lines;
use crate::{Error, one_line};

/// The names and the order of the two sides' columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Name of the source side's text column, prefix of its other columns.
    pub src: String,
    /// Name of the target side's.
    pub tgt: String,
    /// Whether the target side stands first: columns come in the order kk, ru, en.
    pub swapped: bool,
}

impl Columns {
    /// The columns of a language pair: the codes; `src` and `tgt` when they are equal or one is unknown.
    ///
    /// ```
    /// use qostil_export::Columns;
    /// use qostil_text::Lang;
    /// let columns = Columns::of(Lang::English, Lang::Kazakh);
    /// assert_eq!((columns.src.as_str(), columns.swapped), ("en", true));
    /// ```
    pub fn of(src: Lang, tgt: Lang) -> Self {
        if src == tgt || src == Lang::UNKNOWN || tgt == Lang::UNKNOWN {
            return Self {
                src: "src".into(),
                tgt: "tgt".into(),
                swapped: false,
            };
        }
        Self {
            src: src.code().into(),
            tgt: tgt.code().into(),
            swapped: tgt.column_order() < src.column_order(),
        }
    }

    fn first_second(&self) -> (&str, &str) {
        if self.swapped {
            (&self.tgt, &self.src)
        } else {
            (&self.src, &self.tgt)
        }
    }

    /// The header without its line end.
    pub fn header(&self) -> String {
        let (a, b) = self.first_second();
        format!("{a}\t{b}\tconfidence\tbead\tverdict\tevidence\t{a}_doc\t{b}_doc\t{a}_span\t{b}_span")
    }
}

/// Writes records as TSV in the columns `kk en confidence bead verdict evidence kk_doc en_doc kk_span en_span`.
pub struct TsvWriter<W> {
    out: W,
    swapped: bool,
}

impl<W: Write> TsvWriter<W> {
    /// Starts with the header, if wanted.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn new(mut out: W, columns: &Columns, header: bool) -> Result<Self, Error> {
        if header {
            writeln!(out, "{}", columns.header())?;
        }
        Ok(Self {
            out,
            swapped: columns.swapped,
        })
    }

    /// Writes one record; what it does not know stays empty.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&mut self, record: &Record) -> Result<(), Error> {
        let src = (&record.src, &record.src_doc, &record.src_spans);
        let tgt = (&record.tgt, &record.tgt_doc, &record.tgt_spans);
        let (a, b) = if self.swapped { (tgt, src) } else { (src, tgt) };
        let confidence = record.confidence.map(|c| format!("{c:.4}")).unwrap_or_default();
        let bead = record
            .bead
            .map(|b| oriented(b, self.swapped).to_string())
            .unwrap_or_default();
        let verdict = record.verdict.map_or("", |v| v.name());
        let cells = [
            one_line(a.0),
            one_line(b.0),
            confidence.into(),
            bead.into(),
            verdict.into(),
            one_line(&record.evidence),
            one_line(a.1),
            one_line(b.1),
            join_spans(a.2).into(),
            join_spans(b.2).into(),
        ];
        writeln!(self.out, "{}", cells.join("\t"))?;
        Ok(())
    }

    /// The writer underneath, for committing it.
    pub fn into_inner(self) -> W {
        self.out
    }
}

pub(crate) fn oriented(bead: BeadType, swapped: bool) -> BeadType {
    if swapped {
        BeadType {
            src: bead.tgt,
            tgt: bead.src,
        }
    } else {
        bead
    }
}

/// One row of a bitext, as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its line number, from 1.
    pub line: u64,
    /// The line as it stands, without its end.
    pub raw: String,
    /// What its columns say; the source side is the one whose text column comes first.
    pub record: Record,
}

/// Reads bitext from TSV: with a header, columns by name; without one, the first two are the texts.
pub struct TsvReader {
    rows: Box<dyn Iterator<Item = Result<(u64, String), Error>>>,
    pending: Option<(u64, String)>,
    header: Option<String>,
    columns: Columns,
    places: Places,
}

/// Where each field stands in a row.
#[derive(Clone, Debug, Default)]
struct Places {
    texts: [usize; 2],
    confidence: Option<usize>,
    bead: Option<usize>,
    verdict: Option<usize>,
    evidence: Option<usize>,
    docs: [Option<usize>; 2],
    spans: [Option<usize>; 2],
}

impl TsvReader {
    /// Reads the header, if there is one: a first line with two language codes (or `src` and `tgt`) among its cells.
    ///
    /// # Errors
    /// When `input` fails.
    pub fn new(input: impl BufRead + 'static) -> Result<Self, Error> {
        let mut rows = lines(input);
        let mut reader = Self {
            pending: rows.next().transpose()?,
            rows: Box::new(rows),
            header: None,
            columns: Columns::of(Lang::UNKNOWN, Lang::UNKNOWN),
            places: Places {
                texts: [0, 1],
                ..Places::default()
            },
        };
        if let Some(places) = reader
            .pending
            .as_ref()
            .and_then(|(_, line)| Places::of_header(line))
        {
            let header = reader.pending.take().map(|(_, line)| line).unwrap_or_default();
            let name = |at: usize| header.split('\t').nth(at).unwrap_or("").trim().to_owned();
            reader.columns = Columns {
                src: name(places.texts[0]),
                tgt: name(places.texts[1]),
                swapped: false,
            };
            reader.places = places;
            reader.header = Some(header);
        }
        Ok(reader)
    }

    /// The header as it stands, when there is one.
    pub fn header(&self) -> Option<&str> {
        self.header.as_deref()
    }

    /// The names of the two sides.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The languages of the two sides, by the names of their columns; unknown without a header.
    pub fn langs(&self) -> (Lang, Lang) {
        let lang = |name: &str| match name {
            "src" | "tgt" => Lang::UNKNOWN,
            code => code.parse().unwrap_or(Lang::UNKNOWN),
        };
        (lang(&self.columns.src), lang(&self.columns.tgt))
    }

    fn row(&self, line: u64, raw: String) -> Result<Row, Error> {
        let cells: Vec<&str> = raw.split('\t').collect();
        let [first, second] = self.places.texts;
        let (Some(src), Some(tgt)) = (cells.get(first), cells.get(second)) else {
            return Err(Error::at(
                line,
                format!(
                    "{} columns, expected a text in column {}",
                    cells.len(),
                    second.max(first) + 1
                ),
            ));
        };
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", |c| c.trim());
        let filled = |at| Some(cell(at)).filter(|c| !c.is_empty());
        let bad = |error: &dyn std::fmt::Display| Error::at(line, error.to_string());
        let confidence = filled(self.places.confidence)
            .map(|c| {
                c.parse::<f64>()
                    .map_err(|_| Error::at(line, format!("`{c}` is not a confidence: expected 0 to 1")))
            })
            .transpose()?;
        let record = Record {
            src: (*src).to_owned(),
            tgt: (*tgt).to_owned(),
            confidence,
            bead: filled(self.places.bead)
                .map(str::parse)
                .transpose()
                .map_err(|e: <BeadType as std::str::FromStr>::Err| bad(&e))?,
            verdict: filled(self.places.verdict)
                .map(str::parse)
                .transpose()
                .map_err(|e: <qostil_bitext::Verdict as std::str::FromStr>::Err| bad(&e))?,
            evidence: cell(self.places.evidence).to_owned(),
            src_doc: cell(self.places.docs[0]).to_owned(),
            tgt_doc: cell(self.places.docs[1]).to_owned(),
            src_spans: read_spans(cell(self.places.spans[0])).map_err(|e| Error::at(line, e))?,
            tgt_spans: read_spans(cell(self.places.spans[1])).map_err(|e| Error::at(line, e))?,
            details: Vec::new(),
        };
        Ok(Row { line, raw, record })
    }
}

impl Iterator for TsvReader {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, raw) = match self.pending.take().map(Ok).or_else(|| self.rows.next())? {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            if !raw.trim().is_empty() || raw.contains('\t') {
                return Some(self.row(line, raw));
            }
        }
    }
}

impl Places {
    fn of_header(line: &str) -> Option<Self> {
        let names: Vec<&str> = line.split('\t').map(str::trim).collect();
        let texts = text_columns(&names)?;
        let place = |name: &str| names.iter().position(|n| *n == name);
        let side = |kind: &str| texts.map(|at| place(&format!("{}_{kind}", names[at])));
        Some(Self {
            texts,
            confidence: place("confidence"),
            bead: place("bead"),
            verdict: place("verdict"),
            evidence: place("evidence"),
            docs: side("doc"),
            spans: side("span"),
        })
    }
}

/// The two columns that hold the texts: known languages wherever they stand, else `src` and `tgt`, else two codes in front.
fn text_columns(names: &[&str]) -> Option<[usize; 2]> {
    let two = |wanted: &dyn Fn(&str) -> bool| {
        let mut places = names
            .iter()
            .enumerate()
            .filter(|(_, n)| wanted(n))
            .map(|(i, _)| i);
        Some([places.next()?, places.next()?])
    };
    let is_code =
        |n: &str| n.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && n.parse::<Lang>().is_ok();
    two(&|n| is_code(n) && n.parse::<Lang>().is_ok_and(|l| l.is_known()))
        .or_else(|| two(&|n| n == "src" || n == "tgt"))
        .or_else(|| {
            if names.len() >= 2 && is_code(names[0]) && is_code(names[1]) {
                Some([0, 1])
            } else {
                None
            }
        })
}

/// The spans of one cell: `0-17,25-40`; none for an empty one.
fn read_spans(cell: &str) -> Result<Vec<Span>, String> {
    cell.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|e| format!("{e}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use qostil_bitext::Verdict;

    use super::*;

    fn sample() -> Record {
        Record {
            src: "Бірі\tекі".into(),
            tgt: "One\nof \"two\"".into(),
            confidence: Some(0.98765),
            bead: Some(BeadType { src: 2, tgt: 1 }),
            verdict: Some(Verdict::Agree),
            evidence: "екі = two".into(),
            src_doc: "a.txt".into(),
            tgt_doc: "b.txt".into(),
            src_spans: vec![Span::new(0, 8), Span::new(9, 15)],
            tgt_spans: vec![Span::new(0, 12)],
            details: Vec::new(),
        }
    }

    fn written(columns: &Columns) -> String {
        let mut writer = TsvWriter::new(Vec::new(), columns, true).unwrap();
        writer.write(&sample()).unwrap();
        String::from_utf8(writer.into_inner()).unwrap()
    }

    #[test]
    fn columns_are_those_of_the_contract_and_come_back() {
        let text = written(&Columns::of(Lang::Kazakh, Lang::English));
        assert_eq!(
            text,
            "kk\ten\tconfidence\tbead\tverdict\tevidence\tkk_doc\ten_doc\tkk_span\ten_span\n\
             Бірі екі\tOne of \"two\"\t0.9877\t2-1\tagree\tекі = two\ta.txt\tb.txt\t0-8,9-15\t0-12\n"
        );
        let mut reader = TsvReader::new(std::io::Cursor::new(text)).unwrap();
        assert_eq!(reader.langs(), (Lang::Kazakh, Lang::English));
        let row = reader.next().unwrap().unwrap();
        let expected = Record {
            src: "Бірі екі".into(),
            tgt: "One of \"two\"".into(),
            confidence: Some(0.9877),
            ..sample()
        };
        assert_eq!((row.line, row.record), (2, expected));
        assert!(reader.next().is_none());
    }

    #[test]
    fn kazakh_stands_first_whichever_side_it_is() {
        let text = written(&Columns::of(Lang::English, Lang::Kazakh));
        assert!(text.starts_with("kk\ten\t"));
        assert!(text.contains("One of \"two\"\tБірі екі\t0.9877\t1-2\t"));
    }

    #[test]
    fn reads_without_header_and_names_bad_rows() {
        let mut reader = TsvReader::new(std::io::Cursor::new("Иә\tYes\tmore\nЖоқ\n")).unwrap();
        assert_eq!(reader.next().unwrap().unwrap().record.tgt, "Yes");
        assert_eq!(
            reader.next().unwrap().unwrap_err().to_string(),
            "line 2: 1 columns, expected a text in column 2"
        );
        let mut reader =
            TsvReader::new(std::io::Cursor::new("id\tkk\ten\tconfidence\n7\tИә\tYes\thigh\n")).unwrap();
        assert_eq!(
            reader.next().unwrap().unwrap_err().to_string(),
            "line 2: `high` is not a confidence: expected 0 to 1"
        );
    }
}
