//! Two texts in any two languages, parted by the first NUL: figures in order and in place, one key at least, one verdict
//! whichever side comes first, and nothing that contradicts itself.

#![no_main]

use qostil_bitext::Verdict;
use qostil_figures::{Figure, compare, figures};
use qostil_text::Lang;

const LANGS: [Lang; 4] = [Lang::Kazakh, Lang::English, Lang::Russian, Lang::UNKNOWN];

fn read(text: &str, lang: Lang) -> Vec<Figure> {
    let found = figures(text, lang);
    let mut end = 0;
    for figure in &found {
        assert!(figure.span.start >= end && figure.span.end > figure.span.start, "{figure:?}");
        assert!(text.get(figure.span.range()).is_some(), "{figure:?}");
        assert!(!figure.value_text().is_empty() && !figure.keys().is_empty(), "{figure:?}");
        end = figure.span.end;
    }
    assert_ne!(compare(&found, &found).verdict, Verdict::Contradict);
    found
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let (src, tgt) = text.split_once('\0').unwrap_or((&text, ""));
    let lang = |at: u8| LANGS[usize::from(at) % LANGS.len()];
    let (a, b) = (read(src, lang(*first)), read(tgt, lang(*first / 4)));
    let (there, back) = (compare(&a, &b), compare(&b, &a));
    assert_eq!(there.matched.is_empty(), back.matched.is_empty());
    let _ = there.reason(src, &a, tgt, &b);
});
