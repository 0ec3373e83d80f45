//! Codes of languages as arguments.

use qostil_split::Identified;
use qostil_text::{Lang, meant};

/// The language that `text` names, as a header or a manifest does: its code, a tag with script or region, or the English name of one that Qostil knows.
///
/// # Errors
/// In words that name the code that was meant, or those that there are.
pub(crate) fn lang(text: &str) -> Result<Lang, String> {
    let named = qostil_export::language(text);
    if let Some(lang) = named.filter(Lang::has_code) {
        return Ok(lang);
    }
    Err(match meant(text) {
        Some(entry) => format!(
            "not a language code; did you mean `{}` ({})?",
            entry.code, entry.names[0]
        ),
        None => "not a language code: expected kk, kk-latn, ru, en, und for an unknown language, \
                 or the two letters of any other (ISO 639-1), as tr, uz or de"
            .to_owned(),
    })
}

/// The same, or none for `auto`.
///
/// # Errors
/// As [`lang`].
pub(crate) fn lang_or_auto(text: &str) -> Result<Asked, String> {
    if text == "auto" {
        return Ok(Asked(None));
    }
    lang(text).map(|lang| Asked(Some(lang)))
}

/// The language asked for; none: look at each text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked(pub(crate) Option<Lang>);

/// Two different languages with a hyphen between: `kk-en`, `kk-latn-en`, `kk-KZ-en-GB`.
///
/// # Errors
/// As [`lang`], or what form is expected.
pub(crate) fn lang_pair(text: &str) -> Result<(Lang, Lang), String> {
    match two_langs(text)? {
        (a, b) if a == b => Err(format!("{a}-{b}: two different languages are needed")),
        different => Ok(different),
    }
}

/// Two languages with a hyphen between, of which one may be the other.
///
/// # Errors
/// As [`lang`], or what form is expected.
pub(crate) fn two_langs(text: &str) -> Result<(Lang, Lang), String> {
    let pairs = || {
        text.match_indices('-')
            .map(|(at, _)| (&text[..at], &text[at + 1..]))
    };
    let read: Vec<_> = pairs()
        .filter_map(|(a, b)| Some((lang(a).ok()?, lang(b).ok()?)))
        .collect();
    // A region may be written as a language is: `ru-RU` is one of these, `ru-en` rather two. Where both sides would be one language, the
    // second word is a region of the first: `ru-RU-en`.
    let different = |(a, b): &(Lang, Lang)| a != b;
    let read: Vec<_> = if read.iter().any(different) {
        read.into_iter().filter(different).collect()
    } else {
        read
    };
    match read[..] {
        [] => {}
        [(a, b), .., (c, d)] if (a, b) != (c, d) => {
            return Err(format!(
                "{text} can be read as {a}-{b} and as {c}-{d}: expected two language codes, as kk-en"
            ));
        }
        [first, ..] => return Ok(first),
    }
    let (a, b) = pairs()
        .next_back()
        .ok_or("expected two language codes with a hyphen between, as kk-en")?;
    let named = |code: &str| lang(code).map_err(|error| format!("`{code}`: {error}"));
    Ok((named(a)?, named(b)?))
}

/// A text is plainly in another language than was said when it is judged so with this probability.
const PLAIN: f64 = 0.95;

/// The language that a text plainly is in by what was `found` of it, when that is another than was `said`.
pub(crate) fn plainly_other(found: Identified, said: Lang) -> Option<Lang> {
    found.other_than(said, PLAIN)
}

/// The language as the object of a sentence.
pub(crate) fn in_words(lang: Lang) -> String {
    if lang.is_known() {
        lang.to_string()
    } else {
        "another language".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use qostil_text::codes;

    use super::*;

    #[test]
    fn every_entry_fires() {
        let mut seen = std::collections::BTreeSet::new();
        for entry in codes() {
            assert_eq!(
                lang(entry.code).map(|lang| lang.code().to_owned()),
                Ok(entry.code.to_owned())
            );
            for name in entry.names {
                assert!(seen.insert(name), "{name} is listed twice");
                match lang(name) {
                    Ok(lang) => assert_eq!(lang.code(), entry.code, "{name}"),
                    Err(error) => assert!(error.contains(&format!("`{}`", entry.code)), "{name}: {error}"),
                }
            }
        }
    }

    /// Manifests took them, the command line did not.
    #[test]
    fn languages_are_named_as_in_a_manifest() {
        for (name, code) in [
            ("kk-KZ", "kk"),
            ("Kazakh", "kk"),
            ("kk_Latn_KZ", "kk-latn"),
            ("eng", "en"),
            ("en_US", "en"),
            ("RUSSIAN", "ru"),
            ("de-AT", "de"),
        ] {
            assert_eq!(lang(name).map(|lang| lang.code().to_owned()), Ok(code.to_owned()));
        }
        assert!(lang("KZ").is_err_and(|error| error.contains("`kk`")));
    }

    #[test]
    fn slips_are_understood_and_guesses_are_not() {
        for (slip, code) in [
            ("kazak", "`kk`"),
            ("Englsh", "`en`"),
            ("kz", "`kk`"),
            ("ukrainan", "`uk`"),
        ] {
            assert!(lang(slip).is_err_and(|error| error.contains(code)), "{slip}");
        }
        for unknown in ["zz", "xx", "abc", "", "k"] {
            assert!(
                lang(unknown).is_err_and(|error| error.contains("kk-latn")),
                "{unknown}"
            );
        }
    }

    #[test]
    fn pairs() {
        let pair = |text: &str| lang_pair(text).map(|(a, b)| format!("{a} {b}"));
        assert_eq!(pair("kk-en"), Ok("kk en".to_owned()));
        assert_eq!(pair("kk-latn-en"), Ok("kk-latn en".to_owned()));
        assert_eq!(pair("en-kk-latn"), Ok("en kk-latn".to_owned()));
        assert_eq!(pair("de-hu"), Ok("de hu".to_owned()));
        assert_eq!(pair("kk-KZ-en"), Ok("kk en".to_owned()));
        assert_eq!(pair("kk-ru-RU"), Ok("kk ru".to_owned()));
        assert_eq!(pair("en-GB-ru-RU"), Ok("en ru".to_owned()));
        assert_eq!(pair("ru-RU-en"), Ok("ru en".to_owned()));
        assert_eq!(pair("de-DE-kk-KZ"), Ok("de kk".to_owned()));
        assert_eq!(pair("kk_Latn-English"), Ok("kk-latn en".to_owned()));
        assert!(pair("kk-ru-en").is_err_and(|error| error.contains("kk-ru and as kk-en")));
        assert!(pair("en-en").is_err() && two_langs("en-en").is_ok());
        for one in ["en-en-GB", "en-GB-en", "ru-RU-ru", "en-GB-en-US"] {
            assert!(
                pair(one).is_err_and(|error| error.contains("two different languages")),
                "{one}"
            );
            assert!(two_langs(one).is_ok_and(|(a, b)| a == b), "{one}");
        }
        assert!(pair("kk").is_err() && pair("kz-en").is_err_and(|error| error.contains("`kk`")));
    }
}
