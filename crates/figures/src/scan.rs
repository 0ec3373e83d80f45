//! From text to figures.

use qostil_text::{Lang, Span};

use crate::{Exactness, Figure, Kind, Unit, Value};

/// The figures of a text, in order, disjoint. Linear in the text.
pub fn figures(text: &str, lang: Lang) -> Vec<Figure> {
    let mut out = Vec::new();
    scan(text, lang, &mut out);
    out
}

/// [`figures`] into a buffer that is cleared first and may be used again.
pub fn scan(text: &str, _lang: Lang, out: &mut Vec<Figure>) {
    out.clear();
    let mut at = 0;
    for run in text.split(|c: char| !c.is_ascii_digit()) {
        if let Ok(n) = run.parse() {
            out.push(Figure {
                span: Span::new(at, at + run.len()),
                value: Value::Number(n),
                unit: Unit::NONE,
                kind: Kind::Count,
                exactness: Exactness::Exact,
                weak: false,
                alternatives: None,
            });
        }
        let rest = text.get(at + run.len()..).unwrap_or("");
        at += run.len() + rest.chars().next().map_or(0, char::len_utf8);
    }
}
