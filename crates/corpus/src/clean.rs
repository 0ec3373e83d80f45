//! What a web page leaves around and inside its text, found by named rules and cut out by span.

mod dateline;

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use qostil_split::paragraphs;
use qostil_text::Span;
use qostil_text::fold::{self, is_letter_or_digit, push_lower};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use self::dateline::dateline;
use crate::Boilerplate;

/// Why something was cut out of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// The headline over again; its first copy stays.
    RepeatedHeadline,
    /// How often the page was read.
    ViewCounter,
    /// Who wrote the text or took the picture, and where it was taken from.
    Credit,
    /// Pieces of HTML: ` width=`, `<br>`, `&nbsp;`.
    TagDebris,
    /// The day and time the page was published; place, day and agency at the head of a report.
    Dateline,
    /// Menus, breadcrumbs, tags, links to other pages.
    Navigation,
    /// Buttons for sharing.
    Share,
    /// Notices about cookies.
    Cookie,
    /// Lines that many documents of the collection share.
    Boilerplate,
}

impl Rule {
    /// All rules, in the order they are reported.
    pub const ALL: [Self; 9] = [
        Self::RepeatedHeadline,
        Self::ViewCounter,
        Self::Credit,
        Self::TagDebris,
        Self::Dateline,
        Self::Navigation,
        Self::Share,
        Self::Cookie,
        Self::Boilerplate,
    ];

    /// Its name in reports and settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RepeatedHeadline => "repeated-headline",
            Self::ViewCounter => "view-counter",
            Self::Credit => "credit",
            Self::TagDebris => "tag-debris",
            Self::Dateline => "dateline",
            Self::Navigation => "navigation",
            Self::Share => "share",
            Self::Cookie => "cookie",
            Self::Boilerplate => "boilerplate",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A piece of a document that is no part of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Where it is; without white space around it.
    pub span: Span,
    /// The rule that found it.
    pub rule: Rule,
}

/// What to cut out of `text` by the `rules` that are switched on, `boilerplate` being what many documents of its collection share: in
/// order, disjoint. Linear in the length of the text.
///
/// ```
/// use qostil_corpus::{Boilerplate, Rule, clean};
/// let text = "Жаңа мектеп ашылды\nЖаңа мектеп ашылды\n1503\nМектеп  width= 2025 жылы салынды.";
/// let found: Vec<_> = clean(text, &Rule::ALL, &Boilerplate::default()).iter().map(|cut| (cut.rule.name(), cut.span.of(text))).collect();
/// assert_eq!(found, [("repeated-headline", "Жаңа мектеп ашылды"), ("view-counter", "1503"), ("tag-debris", "width=")]);
/// ```
pub fn clean(text: &str, rules: &[Rule], boilerplate: &Boilerplate) -> Vec<Cut> {
    let lines: Vec<Span> = paragraphs(text).collect();
    clean_lines(text, &lines, rules, boilerplate)
}

/// [`clean`] where the lines are known.
pub(crate) fn clean_lines(text: &str, lines: &[Span], rules: &[Rule], boilerplate: &Boilerplate) -> Vec<Cut> {
    let headlines = headlines(text, lines);
    let heads: Vec<&str> = headlines
        .iter()
        .filter_map(|line| bare_words(line).next())
        .collect();
    let mut cuts = Vec::new();
    let mut seen = FxHashSet::default();
    let mut shape = Shape::default();
    for (number, &line) in lines.iter().enumerate() {
        let edge = Edge {
            from_top: number,
            from_end: lines.len() - 1 - number,
        };
        let undated = undated(line.of(text), edge);
        let whole = if is_plainly_text(undated, &heads, &mut shape.text) {
            None
        } else {
            shape.read(undated);
            let is_headline = !shape.is_long && headlines.contains(shape.core());
            if is_headline && !seen.insert(shape.core().to_owned()) {
                Some(Rule::RepeatedHeadline)
            } else {
                whole_line(undated, &shape, edge).and_then(|found| match found {
                    Whole::Surely(rule) => Some(rule),
                    // Of buttons that stand one a line, those before and after are such too.
                    Whole::Among(rule) => {
                        let is_after = cuts.last().is_some_and(|cut: &Cut| {
                            cut.rule == rule && number > 0 && cut.span == lines[number - 1]
                        });
                        let is_before = || {
                            let next = lines.get(number + 1).map(|next| next.of(text));
                            next.is_some_and(|next| {
                                let mut other = Shape::default();
                                other.read(next);
                                other.core() != shape.core() && made_of_line(next, &other).is_some()
                            })
                        };
                        (is_after || is_before()).then_some(rule)
                    }
                })
            }
        };
        let whole = whole
            .filter(|rule| rules.contains(rule))
            .or_else(|| boilerplate.holds(line.of(text)).then_some(Rule::Boilerplate))
            .filter(|rule| rules.contains(rule));
        match whole {
            Some(rule) => cuts.push(Cut { span: line, rule }),
            None => inline(text, line, edge, rules, &mut cuts),
        }
    }
    cuts
}

/// Where a line stands among the lines of its document that are not empty.
#[derive(Clone, Copy)]
struct Edge {
    from_top: usize,
    from_end: usize,
}

/// A line prepared for comparison.
#[derive(Default)]
struct Shape {
    /// Lower case, white space as one space; of a long line no more than its head.
    text: String,
    /// Where in `text` the same without punctuation at both ends stands.
    core: Range<usize>,
    /// Words of the whole line; of a long one some number that is no less than that of any short one.
    words: usize,
    ends_like_sentence: bool,
    is_long: bool,
}

/// Lines longer than this, in bytes, are compared by their heads, which are no shorter than any phrase: hardly one of them is furniture.
const LONG_LINE: usize = 400;
const HEAD: usize = 120;

impl Shape {
    /// Reads a line, from whose ends white space was taken.
    fn read(&mut self, line: &str) {
        self.text.clear();
        self.words = 1;
        self.is_long = line.len() > LONG_LINE;
        let most = if self.is_long { HEAD } else { usize::MAX };
        for word in line.split_whitespace() {
            if !self.text.is_empty() {
                self.text.push(' ');
                self.words += 1;
            }
            push_lower(word, &mut self.text);
            if self.text.len() > most {
                break;
            }
        }
        if self.is_long {
            self.words = LONG_LINE;
        }
        let is_edge = |c: char| !is_letter_or_digit(c) && c != '#';
        let start = self.text.len() - self.text.trim_start_matches(is_edge).len();
        self.core = start..self.text.trim_end_matches(is_edge).len().max(start);
        self.ends_like_sentence = ends_like_sentence(line);
    }

    /// The text without punctuation at both ends; nothing of a long line, which is like no phrase and no headline.
    fn core(&self) -> &str {
        if self.is_long {
            return "";
        }
        self.text.get(self.core.clone()).unwrap_or_default()
    }
}

fn ends_like_sentence(line: &str) -> bool {
    let last = line
        .trim_end()
        .trim_end_matches(['"', '»', '”', ')', '\''])
        .chars()
        .next_back();
    matches!(last, Some('.' | '!' | '?' | '…' | ';'))
}

/// Whether a line's first word, which is put into `word`, and its end alone tell that it is neither furniture nor a copy of one of the headlines, whose first words
/// are `heads`: most lines are sentences and begin as no phrase of the table does.
fn is_plainly_text(line: &str, heads: &[&str], word: &mut String) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || fold::is_cyrillic(c);
    let rest = line.trim_start_matches(is_letter);
    let first = &line[..line.len() - rest.len()];
    word.clear();
    push_lower(first, word);
    // A day may begin with the `t` or `z` of a machine's.
    let is_word = word.bytes().any(|byte| !matches!(byte, b't' | b'z'));
    is_word
        && !rest.starts_with(is_letter_or_digit)
        && !TABLE.heads.contains(word.as_str())
        && !heads.contains(&word.as_str())
        && ends_like_sentence(rest)
}

/// Lines that may be copies of the headline: those at the very top, as long as they have no end of a sentence.
fn headlines(text: &str, lines: &[Span]) -> FxHashSet<String> {
    let mut out = FxHashSet::default();
    let mut shape = Shape::default();
    for (number, line) in lines.iter().take(3).enumerate() {
        let edge = Edge {
            from_top: number,
            from_end: lines.len() - 1 - number,
        };
        let line = undated(line.of(text), edge);
        if ends_like_sentence(line) {
            break;
        }
        shape.read(line);
        if shape.words < 3 || shape.is_long {
            break;
        }
        out.insert(shape.core().to_owned());
    }
    out
}

/// A line without the date that a machine put at its head.
fn undated(line: &str, edge: Edge) -> &str {
    if edge.from_top < 3 {
        line.get(date_prefix(line)..).unwrap_or(line)
    } else {
        line
    }
}

/// How surely a line is furniture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    Surely(Rule),
    /// If it stands beside others.
    Among(Rule),
}

fn whole_line(line: &str, shape: &Shape, edge: Edge) -> Option<Whole> {
    match sure_line(shape, edge) {
        Some(rule) => Some(Whole::Surely(rule)),
        None => made_of_line(line, shape).or_else(|| {
            let text = if shape.is_long { line } else { &shape.text };
            is_navigation(text, shape.ends_like_sentence).then_some(Whole::Surely(Rule::Navigation))
        }),
    }
}

/// What is told by the table's lines and by numbers.
fn sure_line(shape: &Shape, edge: Edge) -> Option<Rule> {
    let table = &*TABLE;
    if let Some(&rule) = table.whole.get(shape.core()) {
        return Some(rule);
    }
    let has = |text: &str, list: &[(&str, Rule)]| {
        list.iter()
            .find(|(phrase, _)| begins(text, phrase))
            .map(|(_, rule)| *rule)
    };
    if let Some(rule) = has(&shape.text, &table.notice) {
        return Some(rule);
    }
    if shape.words <= 12 && !shape.ends_like_sentence {
        // A byline often begins with the day and a counter.
        let after = &shape.text[day_prefix(&shape.text)..];
        if let Some(rule) = has(&shape.text, &table.start).or_else(|| has(after, &table.start)) {
            return Some(rule);
        }
        let near_edge = edge.from_top < 6 || edge.from_end < 3;
        let is_short = (2..=7).contains(&after.split(' ').count());
        if let Some(rule) = has(after, &table.edge).filter(|_| near_edge && is_short) {
            return Some(rule);
        }
    }
    if is_counter(shape, edge) {
        return Some(Rule::ViewCounter);
    }
    is_date(shape).then_some(Rule::Dateline)
}

/// Whether a line is made of phrases of the table alone.
fn made_of_line(line: &str, shape: &Shape) -> Option<Whole> {
    let text = if shape.is_long { line } else { &shape.text };
    if starts_with_word_of(&shape.text, &TABLE) {
        made_of(&text.to_lowercase(), &TABLE)
    } else {
        None
    }
}

/// Whether `text` begins with `phrase` as a word of its own.
fn begins(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase)
        .is_some_and(|rest| !phrase.ends_with(is_letter_or_digit) || !rest.starts_with(is_letter_or_digit))
}

fn is_counter(shape: &Shape, edge: Edge) -> bool {
    if shape.words > 6 {
        return false;
    }
    let core = shape.core();
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits > 9 {
        return false;
    }
    let rest: String = core.chars().filter(|c| !c.is_ascii_digit()).collect();
    let rest = rest.trim_matches(|c: char| !is_letter_or_digit(c));
    if rest.is_empty() {
        let is_number = core
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}'));
        return is_number && (edge.from_top < 8 || edge.from_end < 3);
    }
    TABLE.count.contains(rest)
}

fn is_date(shape: &Shape) -> bool {
    shape.words <= 9 && !shape.text.is_empty() && day_prefix(&shape.text) == shape.text.len()
}

/// The length of what a line begins with when that is a day or a time, with the numbers beside it; else 0.
fn day_prefix(text: &str) -> usize {
    let (mut has_digit, mut has_day) = (false, false);
    let mut end = 0;
    for part in text
        .split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '–' | '—' | '(' | ')' | '•'))
    {
        let token = part.trim_matches(|c: char| !is_letter_or_digit(c));
        if token
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ':' | '/' | 't' | 'z' | '+'))
        {
            has_digit |= token.starts_with(|c: char| c.is_ascii_digit());
            let numbers = token.split(|c: char| !c.is_ascii_digit());
            has_day |= numbers.filter(|part| !part.is_empty()).count() >= 2;
        } else if TABLE.date.contains(token) {
            has_day = true;
        } else {
            break;
        }
        end += part.len();
    }
    if has_digit && has_day { end } else { 0 }
}

/// Words without what stands between them.
fn bare_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_letter_or_digit(c))
        .filter(|word| !word.is_empty())
}

/// Whether the first word begins a phrase that lines can be made of. That of most lines does not.
fn starts_with_word_of(text: &str, table: &Table) -> bool {
    bare_words(text)
        .next()
        .is_some_and(|word| table.first_words.contains(word))
}

/// Whether `text` is made of phrases of the table alone; the rule of the last. One word that may be text as well is so only among others.
fn made_of(text: &str, table: &Table) -> Option<Whole> {
    let words: Vec<&str> = bare_words(text).take(25).collect();
    let (mut at, mut found) = (0, None);
    let is_doubtful = |word: &&str| table.among.contains(*word) && words.iter().all(|other| other == word);
    let is_alone = words.first().is_some_and(is_doubtful);
    while at < words.len() {
        let longest = (1..=5.min(words.len() - at)).rev().find_map(|n| {
            let phrase = words[at..at + n].join(" ");
            table.words.get(phrase.as_str()).map(|rule| (n, *rule))
        });
        let (taken, rule) = longest?;
        let whole = if is_alone { Whole::Among } else { Whole::Surely };
        (at, found) = (at + taken, Some(whole(rule)));
    }
    found
}

/// Breadcrumbs (three short parts or more) and lines of hashtags.
fn is_navigation(line: &str, ends_like_sentence: bool) -> bool {
    let mut words = line.split_whitespace();
    if line.starts_with('#')
        && words.clone().count() >= 2
        && words.all(|word| word.len() > 1 && word.starts_with('#'))
    {
        return true;
    }
    !ends_like_sentence
        && [" » ", " › ", " > ", " | ", " / ", " → "]
            .iter()
            .any(|separator| {
                let mut parts = line.split(separator);
                parts.clone().count() >= 3 && parts.all(|part| part.split_whitespace().count() <= 4)
            })
}

/// Lines from the top among which reports begin: headlines, a byline and a caption may come before.
const NEAR_TOP: usize = 6;

/// What lies inside a line that stays: a date or a dateline at its head, pieces of HTML.
fn inline(text: &str, line: Span, edge: Edge, rules: &[Rule], cuts: &mut Vec<Cut>) {
    let mut at = line.start;
    if rules.contains(&Rule::Dateline) {
        let by_machine = if edge.from_top < 3 {
            date_prefix(line.of(text))
        } else {
            0
        };
        let len = match by_machine {
            0 => dateline(line.of(text), edge.from_top < NEAR_TOP),
            len => len,
        };
        if len > 0 {
            cuts.push(Cut {
                span: Span::new(line.start, line.start + len),
                rule: Rule::Dateline,
            });
            at += len;
        }
    }
    if !rules.contains(&Rule::TagDebris) {
        return;
    }
    while let Some(rest) = text.get(at..line.end).filter(|rest| !rest.is_empty()) {
        let Some(found) = memchr::memchr3(b'<', b'=', b'&', rest.as_bytes()) else {
            return;
        };
        let place = at + found;
        match debris(line.of(text), place - line.start) {
            Some(span) if line.start + span.start >= at => {
                let span = span.shifted(line.start);
                cuts.push(Cut {
                    span,
                    rule: Rule::TagDebris,
                });
                at = span.end;
            }
            _ => at = place + 1,
        }
    }
}

/// The length of a date at the head of `line`, with the word before it, when text follows.
fn date_prefix(line: &str) -> usize {
    // Most lines have no figure so near their head.
    let head = line.as_bytes().get(..HEAD).unwrap_or(line.as_bytes());
    if !head.iter().fold(false, |any, byte| any | byte.is_ascii_digit()) {
        return 0;
    }
    let lower = line.get(..line.len().min(40)).unwrap_or(line);
    let word = TABLE.prefix.iter().find_map(|phrase| {
        let mut letters = lower.chars().flat_map(char::to_lowercase);
        let is_head = phrase.chars().all(|c| letters.next() == Some(c));
        is_head.then(|| {
            lower
                .chars()
                .take(phrase.chars().count())
                .map(char::len_utf8)
                .sum()
        })
    });
    let at = word.unwrap_or(0);
    let Some(rest) = line.get(at..) else { return 0 };
    let date_at = rest.len() - rest.trim_start_matches([' ', ':', '\u{a0}', '\t']).len();
    let rest = &rest[date_at..];
    let date: usize = rest
        .bytes()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b':' | b'T' | b'/'))
        .count();
    if date == 0 {
        return 0;
    }
    let parts: Vec<&str> = rest[..date]
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .collect();
    let is_date = parts.len() >= 3 && parts.iter().take(3).any(|p| p.len() == 4);
    let end = at + date_at + date;
    let follows = line
        .get(end..)
        .is_some_and(|after| after.starts_with(char::is_whitespace) && !after.trim().is_empty());
    // An unnamed date in a sentence of its own (`01.03.2025 күні …`) stays: only machines write year-month-day there.
    let by_machine = word.is_some() || parts.first().is_some_and(|p| p.len() == 4);
    if is_date && follows && by_machine { end } else { 0 }
}

/// Attributes whose names are seen in running text when a tag was cut badly.
const ATTRIBUTES: [&str; 20] = [
    "width", "height", "alt", "src", "srcset", "sizes", "class", "style", "href", "title", "id", "target",
    "rel", "border", "align", "loading", "decoding", "hspace", "vspace", "data-src",
];

/// Longest tag or attribute, in bytes, that is looked for: what never closes is no tag, and the search stays linear.
const LONGEST_TAG: usize = 2000;

/// The piece of HTML of `line` that the byte at `at` (`<`, `=` or `&`) belongs to.
fn debris(line: &str, at: usize) -> Option<Span> {
    let end = (0..=line.len().min(at + LONGEST_TAG))
        .rev()
        .find(|&end| line.is_char_boundary(end))?;
    let (before, rest) = (line.get(..at)?, line.get(at..end)?);
    match rest.as_bytes().first()? {
        b'<' => {
            let inside = rest[1..].trim_start_matches('/');
            let end = rest.find('>')?;
            let is_tag = inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!')
                && !rest[1..end].contains('<');
            is_tag.then(|| Span::new(at, at + end + 1))
        }
        b'&' => [
            "&nbsp;", "&#160;", "&ensp;", "&emsp;", "&thinsp;", "&shy;", "&zwnj;",
        ]
        .iter()
        .find(|entity| rest.starts_with(**entity))
        .map(|entity| Span::new(at, at + entity.len())),
        _ => {
            let name = before
                .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                .map_or(0, |p| p + 1);
            let name_start = (name..=at).find(|&p| before.is_char_boundary(p)).unwrap_or(at);
            let stands_alone = name_start == 0 || before[..name_start].ends_with(char::is_whitespace);
            if !stands_alone || !ATTRIBUTES.contains(&&before[name_start..]) {
                return None;
            }
            let value = &rest[1..];
            let len = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].find(quote).map_or(0, |p| p + 2),
                _ => value
                    .bytes()
                    .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'%' | b'.'))
                    .count(),
            };
            let closing = value[len..].len() - value[len..].trim_start_matches([' ', '/', '>']).len();
            let closing = if value[len..len + closing].contains('>') {
                closing
            } else {
                0
            };
            Some(Span::new(name_start, at + 1 + len + closing))
        }
    }
}

/// The phrases of `data/corpus/cleaning.tsv`, by how they are compared.
#[derive(Default)]
struct Table {
    whole: FxHashMap<&'static str, Rule>,
    words: FxHashMap<&'static str, Rule>,
    /// Those of `words` that are text when they stand alone.
    among: FxHashSet<&'static str>,
    /// The first words of `words`.
    first_words: FxHashSet<&'static str>,
    /// The first words of all phrases that furniture is told by.
    heads: FxHashSet<&'static str>,
    start: Vec<(&'static str, Rule)>,
    notice: Vec<(&'static str, Rule)>,
    edge: Vec<(&'static str, Rule)>,
    count: FxHashSet<&'static str>,
    date: FxHashSet<&'static str>,
    month: FxHashSet<&'static str>,
    agency: FxHashSet<&'static str>,
    prefix: Vec<&'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for (rule, how, phrase) in entries() {
        if !matches!(how, "prefix" | "month" | "agency") {
            table.heads.extend(bare_words(phrase).next());
        }
        match how {
            "whole" => _ = table.whole.insert(phrase, rule),
            "words" | "among" => {
                if how == "among" {
                    table.among.insert(phrase);
                }
                table.words.insert(phrase, rule);
                table.first_words.extend(phrase.split(' ').next());
            }
            "start" => table.start.push((phrase, rule)),
            "notice" => table.notice.push((phrase, rule)),
            "edge" => table.edge.push((phrase, rule)),
            "count" => _ = table.count.insert(phrase),
            "date" => _ = table.date.insert(phrase),
            "month" => _ = table.month.insert(phrase),
            "agency" => _ = table.agency.insert(phrase),
            _ => table.prefix.push(phrase),
        }
    }
    table
});

fn entries() -> impl Iterator<Item = (Rule, &'static str, &'static str)> {
    qostil_data::corpus::CLEANING
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let rule = match cells.next()? {
                "navigation" => Rule::Navigation,
                "share" => Rule::Share,
                "cookie" => Rule::Cookie,
                "credit" => Rule::Credit,
                "views" => Rule::ViewCounter,
                "dateline" => Rule::Dateline,
                _ => return None,
            };
            Some((rule, cells.next()?, cells.next()?))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        clean(text, &Rule::ALL, &Boilerplate::default())
            .iter()
            .map(|cut| (cut.rule.name(), cut.span.of(text)))
            .collect()
    }

    #[test]
    fn every_entry_of_the_table_fires() {
        let body = "Бірінші сөйлем осында тұр.\n".repeat(12);
        let lines = qostil_data::corpus::CLEANING
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .count();
        assert_eq!(entries().count(), lines, "an entry names no rule");
        for (rule, how, phrase) in entries() {
            let line = match how {
                "whole" | "words" | "notice" => phrase.to_uppercase(),
                "among" => format!("Facebook, {phrase}"),
                "start" | "edge" => format!("{phrase} Асан Үсенов"),
                "count" => format!("1 503 {phrase}"),
                "date" => format!("14 {phrase} 2025, 10:25"),
                "month" => format!("АСТАНА, 12 {phrase}. – Бірінші сөйлем осы."),
                "agency" => format!("АСТАНА. {} – Бірінші сөйлем осы.", phrase.to_uppercase()),
                "prefix" => format!("{phrase} 2025-08-14 Бірінші сөйлем"),
                other => panic!("`{other}` is no way to compare"),
            };
            let text = if ["prefix", "month", "agency"].contains(&how) {
                format!("{line}\n{body}")
            } else {
                format!("{body}{line}")
            };
            let cuts = found(&text);
            assert!(
                cuts.len() == 1 && cuts[0].0 == rule.name(),
                "{rule} {how} {phrase}: {cuts:?}"
            );
        }
    }

    #[test]
    fn what_is_plainly_text_is_no_furniture() {
        let mut word = String::new();
        let tails = [
            "",
            " ",
            " 15",
            " | бір | екі",
            ": Асан Үсенов",
            ", 2025 жылы екінші мамырда",
            "лар",
            "5",
        ];
        let phrases = entries().map(|(.., phrase)| phrase);
        for phrase in phrases.chain([
            "t 10-20",
            "z10",
            "tz",
            "Жаңа мектеп ашылды",
            "Мектеп",
            "#бір #екі",
        ]) {
            for line in tails.map(|tail| format!("{phrase}{tail}.")) {
                let text = format!("Жаңа мектеп ашылды\n{line}\nСоңғы сөйлем.");
                let heads = ["жаңа"];
                let is_plain = is_plainly_text(&line, &heads, &mut word);
                let edge = Edge {
                    from_top: 1,
                    from_end: 1,
                };
                let mut shape = Shape::default();
                shape.read(&line);
                let is_headline = shape.core() == "жаңа мектеп ашылды";
                let is_furniture = is_headline || whole_line(&line, &shape, edge).is_some();
                assert!(!(is_plain && is_furniture), "{text}");
            }
        }
        assert!(is_plainly_text("Су тапшы болып тұр.", &[], &mut word));
    }

    #[test]
    fn what_is_text_stays() {
        for line in [
            "By the end of 2026 the road will be finished, the ministry said.",
            "2025 жылы 14 тамызда кездесу өтті.",
            "1. Жалпы ережелер",
            "Кездесуге 1503 адам қатысты",
            "x = 5, ал y < 7 болғанда > белгісі қойылмайды.",
            "01.03.2025 жаңа заң күшіне енеді",
            "Home prices rose 5 percent",
            "AT&T and R&D grew",
            "Share prices fell on Monday.",
            "Келесі жылы салынады",
        ] {
            let text = format!("Тақырыбы осындай мәтін.\n{line}\nСоңғы сөйлем.");
            assert_eq!(found(&text), [], "{line}");
        }
    }

    #[test]
    fn a_word_that_may_be_text_is_a_button_among_others_only() {
        let whole = |lines: &str| found(&format!("Тақырыбы осындай мәтін.\n{lines}\nСоңғы сөйлем.")).len();
        for (lines, cuts) in [
            ("x", 0),
            ("OK", 0),
            ("Share", 0),
            ("x\nx", 0),
            ("x x", 0),
            ("x | OK", 1),
            ("x\nok", 2),
            ("Facebook\nX\nTelegram", 3),
            ("X\nFacebook", 2),
            ("Facebook", 1),
            ("Facebook\nМәтін.\nx", 1),
        ] {
            assert_eq!(whole(lines), cuts, "{lines}");
        }
        assert_eq!(found("x"), []);
    }

    #[test]
    fn bylines_go_with_day_and_counter() {
        for line in [
            "12.09.2024 1 204 Автор: Асан Тілеуов",
            "12.09.2024 | 10:45 By Asan Tileuov",
            "3 қараша 2024, 18:20 • Дереккөз: Ертіс",
        ] {
            let text = format!("Тақырыбы осындай мәтін\n{line}\nСоңғы сөйлем.");
            assert_eq!(found(&text), [("credit", line)]);
        }
    }

    #[test]
    fn long_lines_are_told_apart_too() {
        let notice = entries()
            .find(|(_, how, _)| *how == "notice")
            .map(|(rule, _, phrase)| (rule.name(), phrase));
        let (notice_rule, phrase) = notice.unwrap();
        let tail = ", бұл жерде ұзақ мәтін жалғасады".repeat(20);
        for (line, rule) in [
            (vec!["Жаңалықтар"; 60].join(" | "), Some("navigation")),
            (vec!["#ауыл"; 90].join(" "), Some("navigation")),
            (vec!["Telegram"; 60].join(" "), Some("share")),
            (format!("{phrase}{tail}"), Some(notice_rule)),
            (format!("Telegram арнасында{tail}"), None),
            (format!("Бірінші | екінші | үшінші{tail}"), None),
        ] {
            let text = format!("Тақырыбы осындай мәтін.\n{line}\nСоңғы сөйлем.");
            assert!(line.len() > LONG_LINE);
            assert_eq!(
                found(&text),
                rule.map(|rule| (rule, line.as_str()))
                    .into_iter()
                    .collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn pieces_of_html_are_cut_out_of_lines() {
        let text =
            "Бірі <b>екі</b> үш.  width=\nТөрт <img src=\"a.png\" alt=''> бес&nbsp;алты class=\"x\" жеті.";
        let cut: Vec<_> = found(text).into_iter().map(|(_, piece)| piece).collect();
        assert_eq!(
            cut,
            [
                "<b>",
                "</b>",
                "width=",
                "<img src=\"a.png\" alt=''>",
                "&nbsp;",
                "class=\"x\""
            ]
        );
    }

    #[test]
    fn rules_can_be_switched_off() {
        assert_eq!(
            clean("Біз туралы\n<b>", &[Rule::Share], &Boilerplate::default()),
            []
        );
    }
}
