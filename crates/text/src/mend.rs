//! Letters of a text as they were meant: look-alikes of the other script and invisible characters undone.
//!
//! For output, and only where a user asks for it: spans keep pointing at the text as it was written.

use std::borrow::Cow;

use crate::Lang;
use crate::fold::{
    cyrillic_for, is_cyrillic, is_letter, is_letter_or_digit, is_without_width, latin_for, words,
};

/// The text with every word in one script, without characters that nobody sees, and with `й` and `ё` as one character each.
///
/// A word of both scripts becomes one of the script in which all its letters can be written; where it can be either, that of `lang` decides,
/// of a language that is not known that of most of its letters. A name in Latin letters with a Cyrillic ending (`SMSтер`) stays, and so does a word of one script
/// whose letters all look like the other's (`ТОО`). Linear in the length of the text.
///
/// ```
/// use qostil_text::{Lang, mend::mend};
/// assert_eq!(mend("Бiлiм жəне ғы\u{ad}лым", Lang::Kazakh), "Білім және ғылым"); // typed with Latin `i` and `ə`
/// assert_eq!(mend("Астана, IT-паркі", Lang::Kazakh), "Астана, IT-паркі");
/// ```
pub fn mend(text: &str, lang: Lang) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for word in words(text) {
        push_seen(text.get(at..word.start).unwrap_or_default(), &mut out);
        push_word(word.of(text), lang, &mut out);
        at = word.end;
    }
    push_seen(text.get(at..).unwrap_or_default(), &mut out);
    if out == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(out)
    }
}

/// What stands between words. Joiners between signs, as in pictures made of several, stay.
fn push_seen(between: &str, out: &mut String) {
    let mut rest = between.chars();
    while let Some(c) = rest.next() {
        let is_sign = |c: Option<char>| {
            c.is_some_and(|c| !c.is_whitespace() && !c.is_ascii() && !is_letter_or_digit(c))
        };
        let joins = c == '\u{200d}' && is_sign(out.chars().next_back()) && is_sign(rest.clone().next());
        match (c, out.chars().next_back()) {
            ('\u{306}', Some('и')) => swap_last('й', out),
            ('\u{306}', Some('И')) => swap_last('Й', out),
            ('\u{308}', Some('е')) => swap_last('ё', out),
            ('\u{308}', Some('Е')) => swap_last('Ё', out),
            _ if is_without_width(c) && !joins => {}
            _ => out.push(c),
        }
    }
}

fn swap_last(c: char, out: &mut String) {
    out.pop();
    out.push(c);
}

fn push_word(word: &str, lang: Lang, out: &mut String) {
    let seen = || word.chars().filter(|&c| !is_without_width(c));
    let into = if seen().any(is_cyrillic) && seen().any(is_latin) {
        script(seen, lang)
    } else {
        None
    };
    match into {
        None => out.extend(seen()),
        Some(Script::Latin) => out.extend(seen().map(|c| latin_for(c).unwrap_or(c))),
        Some(Script::Cyrillic) => {
            let mut letters = seen().peekable();
            let mut before = None;
            while let Some(c) = letters.next() {
                let beside = [before, letters.peek().copied()];
                let is_front =
                    c == 'Y' && lang == Lang::Kazakh && !beside.into_iter().flatten().any(is_vowel);
                out.push(if is_front { 'Ү' } else { cyrillic_for(c) });
                before = Some(c);
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Script {
    Latin,
    Cyrillic,
}

/// The script that a word with letters of both is to have; `None` when it stays as it is.
fn script<I: Iterator<Item = char>>(letters: impl Fn() -> I, lang: Lang) -> Option<Script> {
    let (latin, cyrillic) = (
        letters().filter(|&c| is_latin(c)).count(),
        letters().filter(|&c| is_cyrillic(c)).count(),
    );
    // A name and its ending.
    let head = letters().take_while(|&c| is_latin(c)).count();
    let is_name = head >= 3 || (head == 2 && letters().take(head).all(char::is_uppercase));
    if head == latin && is_name && letters().skip(head).all(|c| c.is_lowercase() && is_cyrillic(c)) {
        return None;
    }
    let can_be_cyrillic = letters().all(|c| !is_latin(c) || cyrillic_for(c) != c);
    let can_be_latin = letters().all(|c| !is_cyrillic(c) || latin_for(c).is_some());
    match (can_be_cyrillic, can_be_latin) {
        (false, false) => None,
        (true, false) => Some(Script::Cyrillic),
        (false, true) => Some(Script::Latin),
        (true, true) => Some(match lang {
            Lang::Kazakh | Lang::Russian => Script::Cyrillic,
            Lang::KazakhLatin | Lang::English => Script::Latin,
            Lang::Other(_) if latin < cyrillic => Script::Cyrillic,
            Lang::Other(_) => Script::Latin,
        }),
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || (matches!(c, '\u{c0}'..='\u{2af}') && is_letter(c))
}

/// Beside a vowel `Y` is the consonant `У`; else what looks so in a Kazakh word is `Ү`.
fn is_vowel(c: char) -> bool {
    matches!(
        cyrillic_for(c),
        'А' | 'Ә'
            | 'Е'
            | 'И'
            | 'О'
            | 'Ө'
            | 'Ұ'
            | 'Ү'
            | 'Ы'
            | 'І'
            | 'Э'
            | 'Ю'
            | 'Я'
            | 'а'
            | 'ә'
            | 'е'
            | 'и'
            | 'о'
            | 'ө'
            | 'ұ'
            | 'ү'
            | 'ы'
            | 'і'
            | 'э'
            | 'ю'
            | 'я'
    )
}
