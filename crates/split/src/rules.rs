//! Whether a sentence ends at a stop, by what stands on both sides of it.
//!
//! Every look to either side is bounded, so that the whole is linear however the text is made.

use qostil_text::Lang;
use qostil_text::fold::is_letter_or_digit;

use crate::paragraph::{is_line_end, opens_block};
use crate::sentence::is_stop;
use crate::tables::{Class, Folded, TABLES, is_cyrillic, is_invisible};

/// How far back an open bracket or quote is looked for, in bytes.
const LOOK_BACK: usize = 400;
/// How far ahead is looked, in bytes: a clause that tells who spoke.
const LOOK_AHEAD: usize = 200;
/// A word before a stop is read back this far, in bytes.
const WORD: usize = 64;
/// Letters of the longest abbreviation without stops inside.
const LONG_WORD: usize = 7;
/// A mere time or place at the head of a sentence is no longer than this, in bytes.
const ADVERBIAL: usize = 40;

/// What becomes of a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The sentence ends here.
    End(usize),
    /// It goes on; look for the next stop from here.
    On(usize),
}

/// A sentence begun at `start`, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'t> {
    pub(crate) text: &'t str,
    pub(crate) lang: Lang,
    pub(crate) start: usize,
    pub(crate) wrapped: bool,
}

/// What kind of stop it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Dot,
    Ellipsis,
    /// `!`, `?` and what contains them.
    Emphatic,
}

/// A stop with what closes after it.
#[derive(Clone, Copy, Debug)]
struct Stop {
    /// First byte of the last run of stops.
    at: usize,
    /// Past the closing quotes, brackets, notes and emoji after it.
    end: usize,
    kind: Kind,
    quote: bool,
    bracket: bool,
}

/// What a word before a full stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Word,
    Abbreviation(Class),
    /// One capital: an initial, or what a word like `vitamin` takes.
    Initial,
    /// The number or letter of an item or heading at the head of a sentence.
    Item,
    Number,
}

impl Place<'_> {
    /// Whether a sentence ends at the full stop at `at` beyond doubt: after a word among words that is no abbreviation,
    /// and before a space and a capital, or the end of the line. Most stops are such, and the long way through
    /// [`Self::judge`] leads to the same end.
    pub(crate) fn ends_plainly(self, at: usize) -> bool {
        let mut after = self.text[at + 1..].chars();
        let opens = match after.next() {
            Some(' ') => after.next().is_some_and(char::is_uppercase),
            Some('\n') => !self.wrapped,
            None => true,
            _ => false,
        };
        let plainly = opens && self.is_plain_word(at);
        #[cfg(test)] // compared wherever the tests below go
        assert!(
            !plainly || [Verdict::End(at + 1), Verdict::On(at + 1)].contains(&self.judge(at)),
            "the short way differs from the long one"
        );
        plainly
    }

    /// Whether the full stop at `at` stands between Cyrillic initials, `. Қ. К.`, so that the sentence goes on beyond
    /// doubt. The long way leads to the same end.
    pub(crate) fn is_between_initials(self, at: usize) -> bool {
        let letter = is_cyrillic_capital;
        let mut before = self.text[self.start..at].chars().rev();
        let mut after = self.text[at + 1..].chars();
        let between = before.next().is_some_and(letter)
            && (before.next(), before.next()) == (Some(' '), Some('.'))
            && before.next().is_some_and(letter)
            && after.next() == Some(' ')
            && after.next().is_some_and(letter)
            && after.next() == Some('.');
        #[cfg(test)] // compared wherever the tests below go
        assert!(
            !between || self.judge(at) == Verdict::On(at + 1),
            "the short way differs from the long one"
        );
        between
    }

    /// Whether the full stop at `at` stands between the figures of one number, `2.6`, with up to three figures before it, so that the
    /// sentence goes on beyond doubt. The long way leads to the same end.
    pub(crate) fn is_between_figures(self, at: usize) -> bool {
        let (before, after) = self.text.as_bytes().split_at(at);
        let before = before.get(self.start..).unwrap_or_default();
        let figures = before
            .iter()
            .rev()
            .take(4)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let apart = before
            .len()
            .checked_sub(figures + 1)
            .and_then(|last| before.get(last));
        let between = (1..=3).contains(&figures)
            && after.get(1).is_some_and(u8::is_ascii_digit)
            && apart.is_none_or(|b| b.is_ascii() && !b.is_ascii_alphanumeric());
        #[cfg(test)] // compared wherever the tests below go
        assert!(
            !between || self.judge(at) == Verdict::On(at + 1),
            "the short way differs from the long one"
        );
        between
    }

    /// Whether before `at` stands a word of three letters or more that no rule knows, after a word or a comma.
    fn is_plain_word(self, at: usize) -> bool {
        let head = &self.text[floor(self.text, at.saturating_sub(WORD)).max(self.start)..at];
        let (mut letters, mut word_at) = (0, head.len());
        let mut chars = head.chars().rev();
        for c in chars.by_ref() {
            if c == ' ' {
                break;
            }
            if !is_letter_or_digit(c) || c.is_ascii_digit() {
                return false;
            }
            (letters, word_at) = (letters + 1, word_at - c.len_utf8());
        }
        let word = &head[word_at..];
        let among_words = chars.next().is_some_and(|c| is_small(c) || c == ',');
        if letters < 3 || !among_words || !word.ends_with(is_small) {
            return false;
        }
        let whole = letters > LONG_WORD || (letters > 4 && word.ends_with(is_vowel));
        whole
            || (word.chars().any(is_vowel)
                && TABLES
                    .class(self.lang, Folded::new(word).as_str(), word, false)
                    .is_none())
    }

    /// What becomes of the stop at `at`.
    pub(crate) fn judge(self, at: usize) -> Verdict {
        let stop = self.read_stop(at);
        let after = &self.text[stop.end..];
        let gap = after.len() - after.trim_start().len();
        let breaks = |c| is_line_end(c) && (!self.wrapped || opens_block(after));
        let (space, rest) = after.split_at(gap);
        // The end of the line ends the sentence by itself.
        if rest.is_empty() || space.contains(breaks) {
            return Verdict::On(stop.end);
        }
        // Before a capital the next word decides, unless who spoke follows.
        let by_word = !stop.quote && rest.starts_with(char::is_uppercase);
        let rest = if by_word { rest } else { self.ahead(rest) };
        let ends = if gap == 0 {
            self.ends_glued(stop, rest)
        } else {
            self.ends_before(stop, rest)
        };
        if ends {
            Verdict::End(stop.end)
        } else {
            Verdict::On(stop.end)
        }
    }

    /// The part of `rest` that is looked at: within the line or block, and bounded.
    fn ahead(self, rest: &str) -> &str {
        let near = &rest[..floor(rest, LOOK_AHEAD)];
        let mut from = 0;
        // Most looks ahead meet no byte that a line end can begin with.
        while let Some(at) = near.as_bytes()[from..]
            .iter()
            .position(|b| matches!(b, b'\n'..=b'\r' | 0xc2 | 0xe2))
        {
            let at = from + at;
            let c = near[at..].chars().next().unwrap_or(' ');
            if is_line_end(c) && (!self.wrapped || opens_block(&rest[at..])) {
                return near[..at].trim_end();
            }
            from = at + c.len_utf8();
        }
        near.trim_end()
    }

    /// The stop at `at` with all that belongs to it: further stops, `. . .`, a stray ` .`, closing quotes and brackets,
    /// a note's number, emoji.
    fn read_stop(self, at: usize) -> Stop {
        let mut stop = Stop {
            at,
            end: at,
            kind: Kind::Dot,
            quote: false,
            bracket: false,
        };
        let mut outside = false;
        loop {
            let (end, kind) = read_run(self.text, stop.end);
            if end > stop.end {
                // `!».`, `?)…`: what was said with force stays so.
                stop.kind = if stop.kind == Kind::Emphatic {
                    Kind::Emphatic
                } else {
                    kind
                };
                if !(stop.quote || stop.bracket || outside) {
                    stop.at = at;
                }
                stop.end = end;
            }
            let closed = self.read_closers(&mut stop);
            if !closed || !self.text[stop.end..].starts_with(is_stop) {
                break;
            }
            // `(1985 ж.). Қазір`: the stop after the bracket is the sentence's own, whatever ended inside.
            stop.at = stop.end;
            stop.bracket = false;
            outside = true;
        }
        stop.end += emoji_after(&self.text[stop.end..]);
        stop
    }

    /// Moves `stop.end` past what closes; whether anything did.
    fn read_closers(self, stop: &mut Stop) -> bool {
        let from = stop.end;
        while let Some(c) = self.text[stop.end..].chars().next() {
            let rest = &self.text[stop.end + c.len_utf8()..];
            let next = rest.chars().next();
            match c {
                '»' | '”' | '›' => stop.quote = true,
                // `„…“` and `‚…‘`; before a word these open.
                '“' | '‘' | '’' if !next.is_some_and(char::is_alphanumeric) => stop.quote = true,
                '"' | '\'' if !next.is_some_and(char::is_alphanumeric) => stop.quote = true,
                '"' if self.is_open(stop.at, '"') => stop.quote = true,
                ')' | ']' | '}' => stop.bracket = true,
                // Note numbers, as in an encyclopedia: `[12]`, superscripts.
                '[' => match note(rest) {
                    Some(len) => stop.end += len,
                    None => break,
                },
                '¹' | '²' | '³' | '⁰'..='⁹' => {}
                c if is_invisible(c) => {}
                // `кетті. »`, `measures. ", - he said`: a closing quote with a space before it.
                ' ' | '\u{a0}' if matches!(next, Some('»' | '”')) && !begins_word(rest) => {}
                ' ' | '\u{a0}' if next == Some('"') && closes_apart(&rest[1..]) => {}
                _ => break,
            }
            stop.end += c.len_utf8();
        }
        stop.end > from
    }

    /// Whether an odd number of `quote` stands in the sentence before `at`.
    fn is_open(self, at: usize, quote: char) -> bool {
        let from = floor(self.text, at.saturating_sub(LOOK_BACK)).max(self.start);
        self.text[from..at].matches(quote).count() % 2 == 1
    }

    /// Whether the sentence ends at a stop with `rest` right after it: `worn out.All`, but `Zakon.kz`, `т.ғ.к.Ахметов`.
    fn ends_glued(self, stop: Stop, rest: &str) -> bool {
        let Some(next) = rest.chars().next() else {
            return true;
        };
        if is_dash(next) && (stop.kind != Kind::Dot || stop.quote) {
            return self.ends_before_dash(stop, rest);
        }
        let inner = rest.trim_start_matches(is_opening);
        let opened = inner.len() < rest.len();
        let Some(first) = inner.chars().next() else {
            return false;
        };
        if stop.quote || stop.bracket {
            // `болды.»Ол`: what closed leaves no doubt.
            return first.is_uppercase() && self.ends_before(stop, rest);
        }
        let before = self.text[self.start..stop.at].chars().next_back();
        if !before.is_some_and(|c| {
            c.is_lowercase() || c.is_ascii_digit() || matches!(c, '%' | ')' | '»' | '”' | '"')
        }) {
            return false;
        }
        if in_address(self.text, self.start, stop.at) {
            return false;
        }
        let word = word_ahead(inner);
        let tail = inner[word.len()..].chars().next();
        // `ішіңіз.2.Ұйықтаңыз`: the next item, after a word and not a number.
        if stop.kind == Kind::Dot && before.is_some_and(char::is_lowercase) && opens_glued_item(inner) {
            return self.before(stop) == Before::Word && self.is_full_word(stop.at);
        }
        // A name in code or in an address goes on with a stop and a letter, a bracket, `@`, `/`.
        let word_ends = match tail {
            None => true,
            Some('.') => !inner[word.len() + 1..].starts_with(char::is_alphanumeric),
            Some(c) => {
                c.is_whitespace()
                    || matches!(
                        c,
                        ',' | '-' | '–' | '—' | '!' | '?' | ':' | ';' | '\'' | '’' | '»' | '”' | '"'
                    )
            }
        };
        if !word_ends {
            return false;
        }
        match stop.kind {
            Kind::Emphatic => first.is_uppercase() || (opened && first.is_alphanumeric()),
            Kind::Ellipsis => first.is_uppercase() && !self.is_leading(stop),
            Kind::Dot => {
                let plain = match self.before(stop) {
                    // What is no letter, `12%`, closes by itself.
                    Before::Word => {
                        let word = last_word(self.text, self.start, stop.at);
                        word.is_empty() || word.chars().nth(1).is_some()
                    }
                    Before::Number => first.is_alphabetic(),
                    Before::Abbreviation(Class::Final) => true,
                    _ => false,
                };
                // An opening capital alone (`I`, `A`, `Я`) or a word, no acronym of a domain or file (`.KZ`).
                let wordlike = word
                    .chars()
                    .nth(1)
                    .is_none_or(|c| c.is_lowercase() || !c.is_ascii());
                // `айтты.2025 жылы`: after a long word, if a word follows the figure.
                let figure = first.is_ascii_digit()
                    && tail.is_some_and(char::is_whitespace)
                    && last_word(self.text, self.start, stop.at).chars().count() >= 4;
                plain && ((first.is_uppercase() && wordlike) || figure)
            }
        }
    }

    /// Whether the sentence ends at a stop with white space and `rest` after it.
    fn ends_before(self, stop: Stop, rest: &str) -> bool {
        let Some(next) = rest.chars().next() else {
            return true;
        };
        // `(!)`, `(?)`: a remark on the word before.
        if self.text[self.start..stop.at].ends_with(['(', '[']) && stop.bracket {
            return false;
        }
        if matches!(next, ',' | ';' | ':' | ')' | ']' | '}' | '»') {
            return false;
        }
        // `– ... – Түсінікті.`: a turn without words.
        let silent = is_dash(next) && self.text[self.start..].starts_with(['–', '—']);
        if self.is_leading(stop) && !silent || self.is_in_dateline(stop, rest) {
            return false;
        }
        if is_dash(next) {
            return self.ends_before_dash(stop, rest);
        }
        let inner = rest.trim_start_matches(is_opening);
        let opened = inner.len() < rest.len();
        let Some(first) = inner.chars().next() else {
            return false;
        };
        if first.is_lowercase() {
            return self.ends_before_small(stop, inner, opened);
        }
        if stop.bracket && self.bracket_is_inside(stop) {
            return false;
        }
        match stop.kind {
            Kind::Ellipsis if first.is_ascii_digit() => false,
            // `I` is a capital wherever it stands.
            Kind::Ellipsis => !matches!(
                word_ahead(inner),
                "I" | "I’m" | "I'm" | "I’ve" | "I've" | "I’ll" | "I'll"
            ),
            Kind::Emphatic => !(stop.quote && self.names_speaker(inner)),
            Kind::Dot if first.is_uppercase() => self.ends_before_capital(stop, inner),
            Kind::Dot => self.ends_before_figure(stop, inner),
        }
    }

    /// Where a sentence ends whose stop is a smile, if the bracket at `at` begins or closes one before a capital: `Доброе утро)) Куда идём?`,
    /// `Бәрі жақсы :) Өзің ше?`.
    pub(crate) fn ends_with_smile(self, at: usize) -> Option<usize> {
        let (before, smile) = self.text.split_at(at);
        let drawn = before.ends_with([':', ';', '=']) || before.ends_with(":-") || before.ends_with(";-");
        // Only the first bracket of a run looks at the rest of it.
        if before.ends_with(')') || !(drawn || smile.starts_with("))")) {
            return None;
        }
        let after = smile.trim_start_matches(')');
        let next = after.trim_start_matches([' ', '\u{a0}']);
        let from = floor(self.text, at.saturating_sub(LOOK_BACK)).max(self.start);
        let ends =
            next.len() < after.len() && next.starts_with(char::is_uppercase) && !before[from..].contains('(');
        ends.then(|| self.text.len() - after.len())
    }

    /// Where a speech ends that a dash cuts short, `"But I never—" "Enough!"`, if one does at the dash at `at`.
    pub(crate) fn ends_cut_short(self, at: usize) -> Option<usize> {
        let quoted = self.text[at..]
            .strip_prefix(['—', '–'])?
            .strip_prefix(['"', '”'])?;
        let next = self.ahead(quoted.strip_prefix(' ')?);
        let word = word_ahead(next);
        let opens = next.starts_with(['"', '“'])
            || (word.starts_with(char::is_uppercase) && TABLES.opens(self.lang, Folded::new(word).as_str()));
        opens.then_some(self.text.len() - quoted.len())
    }

    /// Whether the stop stands in the place, day and source that agencies put before a report: `АСТАНА. 14 наурыз. ҚазАқпарат – …`.
    fn is_in_dateline(self, stop: Stop, rest: &str) -> bool {
        if stop.at - self.start > 2 * WORD {
            return false;
        }
        let content = content_start(self.text, self.start);
        let Some(head) = self.text.get(content..stop.at).filter(|head| head.len() <= WORD) else {
            return false;
        };
        let (place, day) = head.split_once(". ").unwrap_or((head, ""));
        let is_place = place.chars().nth(2).is_some()
            && place.chars().all(|c| c.is_uppercase() || matches!(c, '-' | ' '));
        if !is_place || !(day.is_empty() || is_day(day)) {
            return false;
        }
        let rest = self.ahead(rest);
        let ahead = rest
            .split_once(". ")
            .filter(|(ahead, _)| day.is_empty() && is_day(ahead));
        let dated = !day.is_empty() || ahead.is_some();
        let source = ahead.map_or(rest, |(_, source)| source);
        let Some((source, _)) = source.split_once([' ', '\u{a0}']).filter(|(_, rest)| {
            rest.starts_with(is_dash) && rest.trim_start_matches(is_dash).starts_with(char::is_whitespace)
        }) else {
            return false;
        };
        // `ҚазАқпарат`, `/ТАСС/`: without a day, the name of the source has to look like one.
        source.starts_with('/')
            || source.chars().skip(1).any(char::is_uppercase)
            || (dated && source.starts_with(char::is_uppercase))
    }

    /// Nothing but dashes and quotes stands before the stop: `…Ол келді`, `... and then`.
    fn is_leading(self, stop: Stop) -> bool {
        stop.at - self.start <= WORD && content_start(self.text, self.start) >= stop.at
    }

    /// Before a dash: a copy of the speaker's words goes on with a small letter, a new speaker starts with a capital.
    fn ends_before_dash(self, stop: Stop, rest: &str) -> bool {
        let said = rest.trim_start_matches(|c: char| is_dash(c) || c.is_whitespace());
        let inner = said.trim_start_matches(is_opening);
        let Some(first) = inner.chars().next() else {
            return false;
        };
        if first.is_lowercase() {
            return false;
        }
        let earlier = self.text[self.start..stop.at].chars().next_back();
        // `–27...–30`
        if stop.kind == Kind::Ellipsis && first.is_ascii_digit() {
            return !earlier.is_some_and(|c| c.is_ascii_digit() || matches!(c, '°' | '%'));
        }
        // `«Аттан!» – Исатай шапты.`: a turn of another would have quotes too.
        if stop.quote && !said.starts_with(is_opening) && self.is_quotation(stop) {
            return false;
        }
        if stop.kind == Kind::Dot && !stop.quote {
            // `(1986 жылы. – Ред.)`: who added what stands in the bracket.
            if self.is_in_bracket(stop.at) {
                return false;
            }
            return matches!(
                self.before(stop),
                Before::Word | Before::Number | Before::Abbreviation(Class::Final)
            );
        }
        // `«…!» – Президент осылай деді.`
        !(first.is_uppercase() && tells_speech(inner, 6))
    }

    /// Whether the quotation that closes after the stop is the sentence itself, not a title or a word in it: it opens
    /// the sentence, or was opened before.
    fn is_quotation(self, stop: Stop) -> bool {
        let from = floor(self.text, stop.at.saturating_sub(LOOK_BACK)).max(self.start);
        let opened = self.text[from..stop.at].find(['«', '“', '„', '"']);
        opened.is_none_or(|at| from + at == self.start)
    }

    /// `"Why?" Carter asked.`, `"Why?" Mayor Ellen J. Brooks asked.`: a name and a word of speech after a quotation, as
    /// English writes it.
    fn names_speaker(self, inner: &str) -> bool {
        let said = |word: &str| {
            TABLES
                .speech
                .contains(Folded::new(word.trim_end_matches(['.', ','])).as_str())
        };
        let word = word_ahead(inner);
        if word == "I" {
            return inner.split_whitespace().nth(1).is_some_and(said);
        }
        if is_cyrillic(word) || TABLES.opens(self.lang, Folded::new(word).as_str()) {
            return false;
        }
        let mut after_name = inner.split_whitespace().take(8).skip_while(|word| {
            word.starts_with(char::is_uppercase) && !word.ends_with([',', '!', '?', ':', ';'])
        });
        tells_speech(inner, 3) || after_name.next().is_some_and(said)
    }

    /// Before a small letter: an end only where text was lost or is written without capitals.
    fn ends_before_small(self, stop: Stop, inner: &str, opened: bool) -> bool {
        if opened || stop.quote || stop.bracket {
            return false;
        }
        // Debris of a tag, ` width=`, at the end of a line after a full stop.
        if stop.kind != Kind::Ellipsis && is_bare_attribute(inner) {
            return true;
        }
        if TABLES.speech.contains(Folded::new(word_ahead(inner)).as_str()) {
            return false;
        }
        match stop.kind {
            Kind::Ellipsis => false,
            Kind::Emphatic if opens_with_capital_inside(inner) => true,
            Kind::Dot if opens_with_capital_inside(inner) => match self.before(stop) {
                Before::Word => true,
                // `1. lowerCase 2. snakeCase` are items.
                Before::Number => last_token(self.text, self.start, stop.at)
                    .chars()
                    .nth(2)
                    .is_some(),
                _ => false,
            },
            Kind::Emphatic => {
                // `салем! қалайсың?`: this writer begins small.
                let first = self.text[content_start(self.text, self.start)..].chars().next();
                first.is_some_and(char::is_lowercase) && self.has_words(stop.at)
            }
            Kind::Dot => {
                self.before(stop) == Before::Word && self.has_words(stop.at) && self.is_full_word(stop.at)
            }
        }
    }

    /// Whether the sentence has two words or more before `at`.
    fn has_words(self, at: usize) -> bool {
        let from = floor(self.text, at.saturating_sub(LOOK_BACK)).max(self.start);
        self.text[from..at].trim().contains(char::is_whitespace)
    }

    /// Whether the word before `at` is too long, or ends too openly, to be cut short by the stop.
    fn is_full_word(self, at: usize) -> bool {
        let word = last_word(self.text, self.start, at);
        let folded = Folded::new(word);
        let letters = folded.as_str().chars().count();
        let open = folded.as_str().ends_with(is_vowel);
        if is_cyrillic(word) {
            letters >= 7
                || (letters >= 3 && open)
                || (letters >= 4 && self.lang != Lang::Russian && TABLES.is_finite(folded.as_str()))
        } else {
            letters >= 5 || (letters >= 3 && open)
        }
    }

    /// Before a capital.
    fn ends_before_capital(self, stop: Stop, inner: &str) -> bool {
        let word = word_ahead(inner);
        let initial = word.chars().nth(1).is_none() && inner[word.len()..].starts_with('.');
        // `No. 5` opens nothing.
        let numbers = inner[word.len()..]
            .strip_prefix('.')
            .is_some_and(|after| after.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        let opens = || !initial && !numbers && TABLES.opens(self.lang, Folded::new(word).as_str());
        match self.before(stop) {
            Before::Word | Before::Number => true,
            Before::Item => false,
            Before::Initial => {
                let (letter, head) = (last_word(self.text, self.start, stop.at), self.start);
                let earlier = self.text[head..stop.at - letter.len()].trim_end();
                let noun = last_word(self.text, head, head + earlier.len());
                // `7 Ә.` is a class at school; `2024` before an initial is a year.
                let class = noun.len() < 3 && noun.starts_with(|c: char| c.is_ascii_digit());
                class
                    || TABLES.lettered.contains(Folded::new(noun).as_str())
                    || (!earlier.is_empty() && opens())
                    || (!initial
                        && self.closes_name(stop.at)
                        && !TABLES.is_surname(Folded::new(word).as_str()))
            }
            // `Уақыты – 1975 ж. Сапарғали …`: what follows the dash is the whole predicate.
            Before::Abbreviation(Class::Inner) if self.is_predicate(stop.at) => !is_roman(word),
            // `7 p.m. EST.`: all capitals among small letters are a name of their own.
            Before::Abbreviation(Class::Inner)
                if is_acronym(last_token(self.text, self.start, stop.at)) && !is_acronym(word) =>
            {
                true
            }
            Before::Abbreviation(class) => {
                if class != Class::Prefix && self.is_adverbial(stop.at) {
                    return false;
                }
                match class {
                    Class::Prefix => false,
                    Class::Unit if stop.quote => opens(),
                    Class::Unit => !continues_unit(word),
                    Class::Inner => opens(),
                    Class::Label => !is_roman(word) || is_pronoun_i(inner),
                    Class::Final => true,
                }
            }
        }
    }

    /// Before a figure or a sign.
    fn ends_before_figure(self, stop: Stop, inner: &str) -> bool {
        let first = inner.chars().next();
        match self.before(stop) {
            Before::Word => {
                // `N°. 5`
                let numero = self.text[..stop.at].ends_with(['°', 'º', '№'])
                    && first.is_some_and(|c| c.is_ascii_digit());
                !numero && !self.cites_verse(stop.at, inner)
            }
            Before::Number => !self.is_inside_date(stop.at, inner),
            Before::Abbreviation(Class::Final) => true,
            // What is neither letter nor figure opens something new: `2005 ж. • Алматы`.
            Before::Abbreviation(Class::Unit) => first.is_some_and(|c| matches!(c, '•' | '#' | '*' | '@')),
            // `Омаров С.Т. 12 кемшілік`, but not in the next cell of a table.
            Before::Initial => self.closes_name(stop.at) && self.text[stop.end..].starts_with(' '),
            Before::Abbreviation(_) | Before::Item => false,
        }
    }

    /// Whether the stop at `at` stands between a shortened book of scripture and chapter and verse: `Matt. 5:3`, `Быт. 1:1`.
    fn cites_verse(self, at: usize, inner: &str) -> bool {
        let book = last_word(self.text, self.start, at);
        let chapter = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        let verse = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        book.starts_with(char::is_uppercase)
            && book.chars().count() <= 5
            && inner.len() - chapter.len() <= 3
            && chapter.strip_prefix(':').is_some_and(verse)
    }

    /// Whether the stop at `at` with `inner` after it stands inside a date with spaces, `01. 03. 2025`.
    fn is_inside_date(self, at: usize, inner: &str) -> bool {
        let short = |word: &str| matches!(word.len(), 1 | 2) && word.bytes().all(|b| b.is_ascii_digit());
        let (before, after) = (last_token(self.text, self.start, at), word_ahead(inner));
        if !short(before) {
            return false;
        }
        if short(after) {
            return inner[after.len()..].starts_with('.');
        }
        let earlier = self.text[self.start..at - before.len()].trim_end();
        let year = after.len() == 4 && after.bytes().all(|b| b.is_ascii_digit());
        year && earlier
            .strip_suffix('.')
            .is_some_and(|earlier| short(last_token(self.text, self.start, self.start + earlier.len())))
    }

    /// Whether the initials that end at `at` follow a surname: `Иванов И.И.`
    fn closes_name(self, at: usize) -> bool {
        let from = floor(self.text, at.saturating_sub(WORD)).max(self.start);
        let initials = |c: char| c.is_uppercase() || matches!(c, '.' | ' ' | '\u{a0}' | '-');
        let name = self.text[from..at].trim_end_matches(initials);
        let word = last_word(self.text, from, from + name.len());
        // The capital of the surname was taken for an initial only if nothing else is left of it.
        let whole = &self.text[from + name.len() - word.len()..];
        whole.starts_with(char::is_uppercase) && TABLES.is_surname(Folded::new(word).as_str())
    }

    /// Whether between a dash and the stop at `at` stands nothing but a number, or Latin words, and an abbreviation.
    fn is_predicate(self, at: usize) -> bool {
        let from = floor(self.text, at.saturating_sub(WORD)).max(content_start(self.text, self.start));
        let Some(head) = self.text.get(from..at) else {
            return false;
        };
        let Some((subject, predicate)) = head.rsplit_once([' ', '\u{a0}']).and_then(|_| {
            let dash = head.rfind(['–', '—'])?;
            Some((&head[..dash], head[dash..].trim_start_matches(is_dash)))
        }) else {
            return false;
        };
        let apart = subject.ends_with(char::is_whitespace) && predicate.starts_with(char::is_whitespace);
        let mut words = predicate.split_whitespace();
        let first = words.next().unwrap_or("");
        let rest = words.clone().count();
        let number = rest == 1 && (first.starts_with(|c: char| c.is_ascii_digit()) || is_roman(first));
        let foreign = is_cyrillic(subject) && (1..=3).contains(&rest) && !is_cyrillic(predicate);
        apart && (number || foreign)
    }

    /// What stands before the full stop.
    fn before(self, stop: Stop) -> Before {
        let (text, start) = (self.text, self.start);
        let word = last_word(text, start, stop.at);
        if word.is_empty() {
            return Before::Word;
        }
        let word_at = stop.at - word.len();
        // Far from the head of the sentence it is no item or heading; most sentences end so.
        if word_at - start > WORD && text[..word_at].ends_with(' ') && is_whole(word) {
            return Before::Word;
        }
        let token = last_token(text, start, stop.at);
        let token_at = stop.at - token.len();
        let content = if token.starts_with(|c: char| c.is_ascii_digit()) {
            self.head_of(token_at)
        } else {
            content_start(text, start)
        };
        if token_at <= content && is_item(token) {
            return Before::Item;
        }
        if token
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '–' | ':' | '/'))
        {
            let head = text[content.min(token_at)..token_at].trim();
            // `Рис. 4.`, `Приложение № 2.`
            let head = head.trim_end_matches(['.', '№', ' ', '\u{a0}']);
            let opens_list = token == "1" && text[start..token_at].trim_end().ends_with(':');
            // `(Fig. 3.)`
            let closed = stop.bracket && !head.is_empty();
            let heads = opens_list || head == "§" || TABLES.headings.contains(Folded::new(head).as_str());
            return if heads && !closed {
                Before::Item
            } else {
                Before::Number
            };
        }
        let head = text[content.min(word_at)..word_at].trim();
        if is_roman(word) && TABLES.headings.contains(Folded::new(head).as_str()) {
            return Before::Item;
        }
        // `1-бап.`, `12-1-бап.`, `ІІ тарау.`
        let number = head.trim_end_matches(['-', '–']);
        if (is_numbering(number) || is_roman(number)) && TABLES.headings.contains(Folded::new(word).as_str())
        {
            return Before::Item;
        }
        if let Some(class) = self.listed(stop.at) {
            return Before::Abbreviation(class);
        }
        // `(Смеётся.)`: what stands in a bracket of its own is a sentence.
        if stop.bracket && token_at <= content {
            return Before::Word;
        }
        let mut letters = word.chars().filter(|&c| !is_invisible(c));
        match (letters.next(), letters.next(), letters.next()) {
            (Some(c), None, _) if c.is_uppercase() && !text[..word_at].ends_with(['°', '\'', '’']) => {
                Before::Initial
            }
            // `Дж. Байден`, `Sh. Ualikhanov`
            (Some(c), Some(d), None) if c.is_uppercase() && d.is_lowercase() && !is_vowel_letter(d) => {
                Before::Initial
            }
            // `27 °C.`
            (Some(_), None, _) if text[..word_at].ends_with('°') => Before::Word,
            // `Это я.`
            (Some('я'), None, _) => Before::Word,
            (Some(c), None, _) if c.is_alphabetic() => Before::Abbreviation(Class::Inner),
            _ => unlisted(text, token_at, stop.at).map_or(Before::Word, Before::Abbreviation),
        }
    }

    /// Where the words of the sentence begin, or those of a quotation close before `at`, which may be an item or heading of its own:
    /// `мынадай редакцияда: «5. Мерзімі – он күн»`.
    fn head_of(self, at: usize) -> usize {
        let content = content_start(self.text, self.start);
        let from = floor(self.text, at.saturating_sub(WORD)).max(content.min(at));
        let quoted = self.text[from..at]
            .rfind(['«', '“', '„'])
            .map(|quote| from + quote);
        quoted
            .filter(|&quote| self.text[..quote].ends_with(char::is_whitespace))
            .map_or(content, |quote| content_start(self.text, quote))
    }

    /// The class in the tables of the abbreviation that ends at `at`, read with its inner stops and spaces (`т. б`, `б. з. б`).
    fn listed(self, at: usize) -> Option<Class> {
        let (text, start) = (self.text, self.start);
        let floor = floor(text, at.saturating_sub(WORD)).max(start);
        // Beginnings of the abbreviation, nearest first: this token, and those of short parts with spaces before it.
        let token = last_token(text, start, at);
        let mut from = at - token.len();
        // `пн.–пт.`, `Jan.-Feb.`
        let range = || {
            let (_, last) = token.rsplit_once(".-").or_else(|| token.rsplit_once(".–"))?;
            let mute = || unlisted(text, at - last.len(), at).filter(|_| last.starts_with(is_small));
            self.class_of(at - last.len(), at).or_else(mute)
        };
        // `и пр.` is another than `пр. Абая`.
        let listing = || {
            let joined = text[floor..from].trim_end().strip_suffix('и')?;
            let apart =
                !joined.ends_with(char::is_alphanumeric) && text[floor..from].ends_with(char::is_whitespace);
            apart.then(|| self.class_of(floor + joined.len(), at))?
        };
        let mut found = listing().or_else(|| self.class_of(from, at)).or_else(range);
        for _ in 0..3 {
            let earlier = text[floor..from].trim_end();
            let Some(stopped) = earlier.strip_suffix('.') else {
                break;
            };
            let part = last_word(text, floor, floor + stopped.len());
            // a capital alone is an initial
            let initial = part.chars().nth(1).is_none() && part.starts_with(is_cyrillic_capital);
            if initial || part.is_empty() || part.chars().count() > 3 || text[from..at].chars().count() > 12 {
                break;
            }
            from = floor + stopped.len() - last_token(text, floor, floor + stopped.len()).len();
            found = self.class_of(from, at).or(found);
        }
        found
    }

    /// The class in the tables of what stands from `from` to `at`, less the number it is glued to (`180см`, `10-б`).
    fn class_of(self, from: usize, at: usize) -> Option<Class> {
        let token = &self.text[from..at];
        let bare = token.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '%'));
        let glued = bare.len() < token.len();
        let bare = if glued {
            bare.trim_start_matches(['-', '–'])
        } else {
            bare
        };
        // One capital is an initial, not a small abbreviation at the head of a sentence.
        if bare.chars().nth(1).is_none() && bare.starts_with(char::is_uppercase) {
            return None;
        }
        // `Т. Б. Ахметов`: initials, not an abbreviation in small letters.
        let initials = |c| matches!(c, '.' | ' ') || is_cyrillic_capital(c);
        if bare.contains('.') && bare.chars().all(initials) {
            return None;
        }
        let after_number = glued || {
            let earlier = self.text[self.start..from].trim_end();
            let number = last_word(self.text, self.start, self.start + earlier.len());
            number.ends_with(|c: char| c.is_ascii_digit()) || is_roman(number)
        };
        TABLES.class(self.lang, Folded::new(bare).as_str(), bare, after_number)
    }

    /// Whether the sentence up to `at` is a mere time or place: `1991 ж.`, `В 1991 г.`, `At 5 a.m.`.
    fn is_adverbial(self, at: usize) -> bool {
        let content = content_start(self.text, self.start);
        let Some(head) = self.text.get(content..at).filter(|head| head.len() <= ADVERBIAL) else {
            return false;
        };
        let mut words = head.split_whitespace();
        let first = Folded::new(words.next().unwrap_or(""));
        // `В V в. до н. э.`: shortened words are not counted.
        let whole = words.filter(|word| !word.ends_with('.')).count();
        let opens = first.as_str().starts_with(|c: char| c.is_ascii_digit())
            || TABLES.prepositions.contains(first.as_str());
        opens && whole <= 3 && head.chars().any(|c| c.is_ascii_digit() || c.is_uppercase())
    }

    /// Whether a bracket is open at `at` that was opened in the middle of the sentence.
    fn is_in_bracket(self, at: usize) -> bool {
        let from = floor(self.text, at.saturating_sub(LOOK_BACK))
            .max(content_start(self.text, self.start))
            .min(at);
        let head = &self.text[from..at];
        head.rfind('(').is_some_and(|open| !head[open..].contains(')'))
    }

    /// Whether the bracket that closes after the stop was opened in the middle of the sentence.
    fn bracket_is_inside(self, stop: Stop) -> bool {
        let from = floor(self.text, stop.at.saturating_sub(LOOK_BACK)).max(self.start);
        let open = self.text[from..stop.at].rfind(['(', '[']).map(|at| from + at);
        open.is_some_and(|open| open > content_start(self.text, self.start))
    }
}

/// The class of what looks like an abbreviation from `from` to `at`, though no table has it.
fn unlisted(text: &str, from: usize, at: usize) -> Option<Class> {
    let token = &text[from..at];
    if token.contains('.') {
        return is_dotted(token).then_some(Class::Inner);
    }
    // `(лат. …`, `(pop. 2 million)`: one word is no sentence in a bracket.
    if text[..from].ends_with('(') {
        return Some(Class::Inner);
    }
    let word = last_word(text, from, at);
    let sigh = matches!(
        Folded::new(word).as_str(),
        "hmm" | "shh" | "pst" | "brr" | "хм" | "гм" | "тсс"
    );
    // `млн`, `шт`, `hrs`: no word lacks a vowel, but an acronym may.
    let mute = word.chars().skip(1).all(char::is_lowercase) && !word.chars().any(is_vowel_letter);
    (mute && !sigh && (2..=5).contains(&word.chars().count())).then_some(Class::Unit)
}

/// Reads stops from `at`, spaced ones too: where they end and what they are.
fn read_run(text: &str, at: usize) -> (usize, Kind) {
    let (mut end, mut dots, mut emphatic, mut long) = (at, 0_usize, false, false);
    let mut spaced = 0_usize;
    loop {
        let rest = &text[end..];
        let Some(c) = rest.chars().next() else { break };
        if is_stop(c) {
            dots += usize::from(matches!(c, '.' | '．'));
            long |= c == '…';
            emphatic |= !matches!(c, '.' | '．' | '…' | '。' | '।' | '۔' | '։');
            end += c.len_utf8();
            continue;
        }
        // ` .` by itself: a part of `. . .`, or a stray one.
        let apart = rest.trim_start_matches([' ', '\u{a0}']);
        let stray = apart.len() < rest.len() && end > at && apart.starts_with(['.', '!', '?', '…']) && {
            let next = apart.trim_start_matches(is_stop).chars().next();
            next.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '”' | '»' | '’' | ')'))
        };
        if !stray {
            break;
        }
        spaced += 1;
        end = text.len() - apart.len();
    }
    let kind = match dots {
        _ if emphatic => Kind::Emphatic,
        _ if long => Kind::Ellipsis,
        // `. .` is a stop and a stray one.
        2 if spaced == 1 => Kind::Dot,
        2.. => Kind::Ellipsis,
        _ => Kind::Dot,
    };
    (end, kind)
}

/// Whether one of the next `words` words, before any mark, is a word of speech.
fn tells_speech(rest: &str, words: usize) -> bool {
    let clause = rest
        .split(|c: char| is_stop(c) || matches!(c, ',' | ';' | ':'))
        .next()
        .unwrap_or("");
    clause
        .split_whitespace()
        .take(words)
        .any(|word| TABLES.speech.contains(Folded::new(word).as_str()))
}

/// Whether what `rest` begins with is written small wherever it stands: `iPhone`, `e-Commerce`, `al-Farabi`, an address.
fn opens_with_capital_inside(rest: &str) -> bool {
    let address = ["http://", "https://", "www."];
    address.iter().any(|scheme| rest.starts_with(scheme)) || word_ahead(rest).contains(char::is_uppercase)
}

/// Whether the straight quote before `rest`, with white space before it, closes.
fn closes_apart(rest: &str) -> bool {
    rest.starts_with([',', '.']) || rest.trim_start_matches(' ').starts_with(is_dash)
}

/// Whether the quote that `rest` begins with has a letter or figure right after it.
fn begins_word(rest: &str) -> bool {
    rest.chars().nth(1).is_some_and(char::is_alphanumeric)
}

/// Length of the note `12]` that `rest` begins with.
fn note(rest: &str) -> Option<usize> {
    let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
    (digits > 0 && rest[digits..].starts_with(']')).then_some(digits + 1)
}

/// Length of the emoji and smileys, with the space before them, that `rest` begins with.
fn emoji_after(rest: &str) -> usize {
    let body = rest.trim_start_matches([' ', '\u{a0}']);
    let lead = rest.len() - body.len();
    if lead > 2 {
        return 0;
    }
    let smiley = [":)", ":(", ";)", ":D", ":-)", ":-(", ";-)", "))"]
        .into_iter()
        .find(|s| body.starts_with(s));
    let len = smiley.map_or_else(
        || body.len() - body.trim_start_matches(is_emoji).len(),
        |smiley| body.len() - body[smiley.len()..].trim_start_matches([')', '(']).len(),
    );
    if len == 0 || !body[len..].chars().next().is_none_or(char::is_whitespace) {
        0
    } else {
        lead + len
    }
}

/// Whether `c` is an emoji or part of one.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}' | '\u{20e3}')
}

/// Whether `rest` begins with the mark of an item and its text, `2.Ұйықтаңыз`.
fn opens_glued_item(rest: &str) -> bool {
    let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits)
        && rest[digits..]
            .strip_prefix('.')
            .is_some_and(|text| text.trim_start_matches(' ').starts_with(char::is_uppercase))
}

/// Whether `c` opens a quotation or bracket; some open with `”`.
const fn is_opening(c: char) -> bool {
    matches!(
        c,
        '«' | '“' | '”' | '„' | '‟' | '‘' | '‚' | '‹' | '"' | '\'' | '(' | '[' | '{' | '¿' | '¡'
    )
}

/// Whether `c` is a dash or a hyphen used as one.
const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐'..='―' | '−')
}

/// Whether `c` marks an item.
pub(crate) const fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '⁃' | '‣' | '▪' | '●' | '◦' | '·' | '■' | '►' | '*')
}

/// Where the words of the sentence at `start` begin: past white space, dashes, bullets, quotes and brackets.
pub(crate) fn content_start(text: &str, start: usize) -> usize {
    let sentence = &text[start..];
    let head = &sentence[..floor(sentence, WORD)];
    let lead = |c: char| c.is_whitespace() || is_dash(c) || is_bullet(c) || is_opening(c) || is_invisible(c);
    start + head.len() - head.trim_start_matches(lead).len()
}

/// The greatest character boundary of `text` that is not after `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The last run of letters and digits of `text[start..end]`, up to a bound.
fn last_word(text: &str, start: usize, end: usize) -> &str {
    last_run(text, start, end, |c| is_letter_or_digit(c) || is_invisible(c))
}

/// The last run of what stands in words, numbers, addresses and abbreviations.
fn last_token(text: &str, start: usize, end: usize) -> &str {
    last_run(text, start, end, |c| {
        is_letter_or_digit(c)
            || is_invisible(c)
            || matches!(
                c,
                '.' | ',' | '-' | '–' | '/' | ':' | '\'' | '’' | '№' | '%' | '@' | '_'
            )
    })
}

/// [`char::is_lowercase`], fast for the alphabets at hand.
fn is_small(c: char) -> bool {
    matches!(c, 'a'..='z' | 'а'..='я') || (!c.is_ascii() && c.is_lowercase())
}

/// Whether `c` is a capital of the Cyrillic alphabets at hand.
fn is_cyrillic_capital(c: char) -> bool {
    matches!(c, 'А'..='Я') || (matches!(c, '\u{400}'..='\u{52f}') && c.is_uppercase())
}

/// The last run of characters `of` a kind in `text[start..end]`, up to a bound.
fn last_run(text: &str, start: usize, end: usize, of: impl Fn(char) -> bool) -> &str {
    let from = floor(text, end.saturating_sub(WORD)).max(start);
    let range = &text[from..end];
    &range[range.trim_end_matches(of).len()..]
}

/// The word that `rest` begins with, hyphens and apostrophes inside included, up to a bound.
fn word_ahead(rest: &str) -> &str {
    let head = &rest[..floor(rest, WORD)];
    let body = |c: char| is_letter_or_digit(c) || is_invisible(c) || matches!(c, '-' | '\'' | '’');
    let word = &head[..head.len() - head.trim_start_matches(body).len()];
    word.trim_end_matches(['-', '\'', '’'])
}

/// Whether the word before `at` is part of a URL, e-mail or file name.
fn in_address(text: &str, start: usize, at: usize) -> bool {
    let token = last_run(text, start, at, |c| !c.is_whitespace());
    token.contains("://") || token.contains("www.") || token.contains('@') || token.contains('\\')
}

/// Whether a token at the head of a sentence numbers it: `3`, `1.2`, `IV`, `а`, `12-3`.
fn is_item(token: &str) -> bool {
    let mut chars = token.chars();
    let single = matches!((chars.next(), chars.next()), (Some(c), None) if c.is_alphabetic());
    single || is_number(token) || is_roman(token)
}

/// Whether a word is longer, or of its length ends more openly, than any abbreviation in the tables.
fn is_whole(word: &str) -> bool {
    let letters = word.chars().count();
    letters > LONG_WORD || (letters > 4 && word.ends_with(is_vowel))
}

/// A day of the year, `14 наурыз`, `March 14`.
fn is_day(text: &str) -> bool {
    let day = |word: &str| matches!(word.len(), 1 | 2) && word.bytes().all(|b| b.is_ascii_digit());
    let month = |word: &str| word.chars().nth(2).is_some() && word.chars().all(char::is_alphabetic);
    text.split_once([' ', '\u{a0}'])
        .is_some_and(|(a, b)| (day(a) && month(b)) || (month(a) && day(b)))
}

/// Digits, with stops between them.
fn is_number(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_digit()) && token.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Digits with stops and hyphens between them, `12-1`, no longer than laws number their articles.
fn is_numbering(token: &str) -> bool {
    token.len() <= 16 && token.split(['-', '–']).all(is_number)
}

/// A Roman numeral, in Latin or look-alike Cyrillic capitals.
fn is_roman(word: &str) -> bool {
    let numeral = |c| {
        matches!(
            c,
            'I' | 'V' | 'X' | 'L' | 'C' | 'M' | 'І' | 'Х' | 'С' | 'М' | 'Ү' | 'У'
        )
    };
    !word.is_empty() && word.len() <= 16 && word.chars().all(numeral)
}

/// `U.S`, `А.Қ.Ш`, `п.ғ.к`, `Қ.-Ж`: short parts, one of them a single letter.
fn is_dotted(token: &str) -> bool {
    let mut single = false;
    for part in token.split('.') {
        let part = part.trim_start_matches(['-', '–']);
        let letters = part.chars().count();
        if !(1..=3).contains(&letters) || !part.chars().all(char::is_alphabetic) {
            return false;
        }
        single |= letters == 1;
    }
    single
}

/// Whether a capitalised word goes on after a unit: an acronym (`5 млн. АҚШ доллары`), a weekday (`5 p.m. Tuesday`).
fn continues_unit(word: &str) -> bool {
    word.chars().nth(1).is_some() && word.chars().all(char::is_uppercase)
        || TABLES.calendar.contains(Folded::new(word).as_str())
}

/// Whether `rest` begins with the pronoun `I`, by the word after it, not with the numeral: `He said no. I left`, but `vol. I of the series`.
fn is_pronoun_i(rest: &str) -> bool {
    let next = rest.strip_prefix("I ").map(word_ahead);
    next.is_some_and(|next| {
        next.starts_with(char::is_lowercase)
            && !matches!(
                next,
                "of" | "and" | "or" | "to" | "in" | "for" | "by" | "is" | "was"
            )
    })
}

/// Three capitals or more and nothing else.
fn is_acronym(word: &str) -> bool {
    word.chars().nth(2).is_some() && word.chars().all(char::is_uppercase)
}

/// `width=` or `alt="…"` and then the end of the line.
fn is_bare_attribute(rest: &str) -> bool {
    let head = &rest[..floor(rest, WORD)];
    let name = head.len()
        - head
            .trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '-')
            .len();
    let Some(value) = head[name..].strip_prefix('=').filter(|_| name > 0) else {
        return false;
    };
    let after = value.trim_start_matches(|c: char| !c.is_whitespace());
    let line = after.trim_start_matches([' ', '\t', '\u{a0}']);
    line.is_empty() && head.len() == rest.len() || line.starts_with(is_line_end)
}

/// Whether `c` is a small vowel.
const fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'а' | 'ә'
            | 'е'
            | 'ё'
            | 'и'
            | 'о'
            | 'ө'
            | 'у'
            | 'ұ'
            | 'ү'
            | 'ы'
            | 'і'
            | 'э'
            | 'ю'
            | 'я'
            | 'a'
            | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'á'
            | 'ä'
            | 'ı'
            | 'ó'
            | 'ö'
            | 'ú'
            | 'ü'
            | 'ū'
            | 'ý'
            | 'é'
            | 'ə'
            | 'ɵ'
            | 'í'
    )
}

/// Whether `c` is a vowel, small or capital.
fn is_vowel_letter(c: char) -> bool {
    c.to_lowercase().any(is_vowel)
}

#[cfg(test)]
mod tests {
    use qostil_data::split as data;

    use super::*;
    use crate::tables::entries;

    /// The class of the abbreviation `form` after `before`, as the rules find it in running text.
    fn class(lang: Lang, before: &str, form: &str) -> Option<Class> {
        let text = format!("{before} {form}.");
        let place = Place {
            text: &text,
            lang,
            start: 0,
            wrapped: false,
        };
        place.listed(text.len() - 1)
    }

    #[test]
    fn every_abbreviation_fires() {
        let tables = [
            (data::ABBREVIATIONS_KK, Lang::Kazakh),
            (data::ABBREVIATIONS_KK_LATN, Lang::KazakhLatin),
            (data::ABBREVIATIONS_RU, Lang::Russian),
            (data::ABBREVIATIONS_EN, Lang::English),
        ];
        let mut seen = std::collections::BTreeSet::new();
        for (table, lang) in tables {
            for line in entries(table) {
                let mut fields = line.split(' ');
                let form = fields.next().unwrap_or_default();
                assert!(
                    form.contains('.') || !is_whole(form),
                    "{form} is taken for a word"
                );
                let classes: Vec<Option<Class>> = fields.map(Class::named).collect();
                assert!(
                    matches!(classes.len(), 1 | 2) && !classes.contains(&None),
                    "{line}"
                );
                assert!(seen.insert((lang, form)), "{form} is listed twice");
                assert_eq!(class(lang, "Word сөз", form), classes[0], "{line}");
                assert_eq!(class(lang, "сөз 25", form), classes[classes.len() - 1], "{line}");
                // Forms in small letters match with a capital too, but for single letters: those are initials.
                if form.chars().nth(1).is_some() {
                    let capital: String = form
                        .chars()
                        .take(1)
                        .flat_map(char::to_uppercase)
                        .chain(form.chars().skip(1))
                        .collect();
                    assert!(class(lang, "Word сөз", &capital).is_some(), "{capital}");
                }
            }
        }
        assert_eq!(class(Lang::Kazakh, "Word сөз", "кітап"), None);
    }

    #[test]
    fn spaced_abbreviations_are_read_whole() {
        assert_eq!(class(Lang::Kazakh, "сөз", "т. б"), Some(Class::Final));
        assert_eq!(class(Lang::Russian, "слово и", "т. д"), Some(Class::Final));
        assert_eq!(class(Lang::Kazakh, "сөз", "т.c.c"), Some(Class::Final));
    }

    /// Every stop of every case, in every language, and of their words put together anew, is judged the short way and the long way: in tests
    /// the two compare themselves.
    #[test]
    fn the_short_ways_lead_where_the_long_one_does() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cases/split");
        let files = std::fs::read_dir(folder)
            .expect("the cases of the splitter")
            .flatten();
        let mut text: String = files
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut at = 1_usize;
        let shuffled = words.iter().map(|_| {
            at = (at * 48_271) % 2_147_483_647;
            words[at % words.len()]
        });
        let shuffled = shuffled.collect::<Vec<_>>().join(" ");
        text.push_str(&shuffled);
        for lang in [Lang::Kazakh, Lang::Russian, Lang::English] {
            assert!(crate::sentences(&text, lang).count() > 100);
        }
    }
}
