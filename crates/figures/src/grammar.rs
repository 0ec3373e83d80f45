//! Word tables, parsed: what a word may mean, and a filter that says of most words at a glance that they mean nothing here.

use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::lang::{Conventions, Language};
use crate::prefixes::{Letters, Prefixes};
use crate::{Dimension, Exactness, Unit};

/// A language's words and conventions, ready for scanning.
pub struct Grammar {
    pub(crate) conventions: Conventions,
    /// Folded forms to their senses.
    forms: FxHashMap<Box<str>, Vec<Sense>>,
    /// Phrases that bound or blur a number before or after it.
    before: FxHashMap<Box<str>, Exactness>,
    after: FxHashMap<Box<str>, After>,
    /// What stands before or after a year or century of an era, without spaces and stops, and whether that is the one before.
    eras_before: Vec<Era>,
    eras_after: Vec<Era>,
    /// Words and two-word phrases that are no figures.
    excluded: FxHashSet<Box<str>>,
    /// What may follow digits directly or after a hyphen.
    suffixes: FxHashMap<Box<str>, Suffix>,
    /// The endings of nouns, in layers of which a word may take one each; and of adjectives.
    nouns: [Vec<Box<str>>; 4],
    adjectives: Vec<Box<str>>,
    letters: Letters,
    /// The beginnings of words that may start a figure, of words with a sense, and of the first words of phrases: most words
    /// of a text are none of these and are never folded.
    starts: Prefixes,
    words: Prefixes,
    befores: Prefixes,
    afters: Prefixes,
    exclusions: Prefixes,
}

/// What a phrase after a number says of its exactness.
#[derive(Clone, Copy)]
pub(crate) struct After {
    pub exactness: Exactness,
    /// The case in which what it bounds must stand; any for most.
    pub case: Option<Suffix>,
}

/// What a word does in a figure; the names are those of the tables, described in `docs/adding-a-language.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Role {
    Cardinal,
    Hundred,
    Scale,
    Glued,
    Ordinal,
    Collective,
    Approximate,
    Fraction,
    Denominator,
    Multiple,
    Half,
    Decade,
    Month,
    MonthWord,
    MonthBefore,
    MonthDays,
    FiscalYear,
    Year,
    Years,
    YearBefore,
    Season,
    Century,
    ClockBefore,
    Am,
    Pm,
    Oclock,
    Times,
    LabelBefore,
    LabelAfter,
    Rank,
    AfterName,
    Score,
    And,
    Or,
    To,
    From,
    Between,
    A,
    Of,
    With,
    Per,
    Cent,
    OfPercent,
    Point,
    PerHour,
    PerSecond,
    Square,
    Cube,
    Nation,
    NationAfter,
    Celsius,
    Unit,
    Minus,
    Domain,
    Past,
    Left,
    Without,
    TimeOfDay,
    OfDay,
    Morning,
    Evening,
    Night,
    Whole,
    Basis,
    Compound,
    Standard,
    Own,
    Each,
    By,
    YearOnly,
    Modal,
    Compared,
    Anniversary,
    Change,
    Hundredth,
    Lettered,
    Dialled,
    Part,
    Below,
    Frost,
}

impl Role {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cardinal" => Self::Cardinal,
            "hundred" => Self::Hundred,
            "scale" => Self::Scale,
            "glued" => Self::Glued,
            "ordinal" => Self::Ordinal,
            "collective" => Self::Collective,
            "approximate" => Self::Approximate,
            "fraction" => Self::Fraction,
            "denominator" => Self::Denominator,
            "multiple" => Self::Multiple,
            "half" => Self::Half,
            "decade" => Self::Decade,
            "month" => Self::Month,
            "month-word" => Self::MonthWord,
            "month-before" => Self::MonthBefore,
            "month-days" => Self::MonthDays,
            "fiscal-year" => Self::FiscalYear,
            "year" => Self::Year,
            "years" => Self::Years,
            "year-before" => Self::YearBefore,
            "season" => Self::Season,
            "century" => Self::Century,
            "clock-before" => Self::ClockBefore,
            "am" => Self::Am,
            "pm" => Self::Pm,
            "oclock" => Self::Oclock,
            "times" => Self::Times,
            "label-before" => Self::LabelBefore,
            "label-after" => Self::LabelAfter,
            "rank" => Self::Rank,
            "after-name" => Self::AfterName,
            "score" => Self::Score,
            "and" => Self::And,
            "or" => Self::Or,
            "to" => Self::To,
            "from" => Self::From,
            "between" => Self::Between,
            "a" => Self::A,
            "of" => Self::Of,
            "with" => Self::With,
            "per" => Self::Per,
            "cent" => Self::Cent,
            "of-percent" => Self::OfPercent,
            "point" => Self::Point,
            "per-hour" => Self::PerHour,
            "per-second" => Self::PerSecond,
            "square" => Self::Square,
            "cube" => Self::Cube,
            "nation" => Self::Nation,
            "nation-after" => Self::NationAfter,
            "celsius" => Self::Celsius,
            "unit" => Self::Unit,
            "minus" => Self::Minus,
            "domain" => Self::Domain,
            "past" => Self::Past,
            "left" => Self::Left,
            "without" => Self::Without,
            "time" => Self::TimeOfDay,
            "of-day" => Self::OfDay,
            "morning" => Self::Morning,
            "evening" => Self::Evening,
            "night" => Self::Night,
            "whole" => Self::Whole,
            "basis" => Self::Basis,
            "standard" => Self::Standard,
            "own" => Self::Own,
            "each" => Self::Each,
            "by" => Self::By,
            "year-only" => Self::YearOnly,
            "modal" => Self::Modal,
            "compared" => Self::Compared,
            "anniversary" => Self::Anniversary,
            "change" => Self::Change,
            "hundredth" => Self::Hundredth,
            "lettered" => Self::Lettered,
            "dialled" => Self::Dialled,
            "part" => Self::Part,
            "below" => Self::Below,
            "frost" => Self::Frost,
            _ => return None,
        })
    }

    /// Whether a word in this role may be the first of a figure.
    const fn starts_figure(self) -> bool {
        matches!(
            self,
            Self::Cardinal
                | Self::Hundred
                | Self::Scale
                | Self::Ordinal
                | Self::Collective
                | Self::Approximate
                | Self::Fraction
                | Self::Multiple
                | Self::Decade
                | Self::Month
                | Self::Half
                | Self::TimeOfDay
                | Self::FiscalYear
                | Self::Compound
        )
    }
}

/// One meaning of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sense {
    pub role: Role,
    /// The number it stands for; the numerator of a fraction.
    pub value: Decimal,
    /// Denominator of a fraction, else 1.
    pub den: u32,
    pub unit: Unit,
    /// See [`Figure::weak`](crate::Figure::weak).
    pub weak: bool,
    /// A figure only beside another number word, a unit or a bound.
    pub company: bool,
    /// Listed with its case ending: `онға` beside `он`.
    cased: bool,
    /// The endings it may take.
    endings: Endings,
}

impl Sense {
    fn takes_endings(&self) -> bool {
        self.endings != Endings::None
    }
}

/// The name of an era.
pub(crate) struct Era {
    /// In lower case, without spaces and stops.
    pub letters: Box<[char]>,
    /// Whether its years are counted backwards: before Christ.
    pub ended: bool,
}

/// What Roman numerals are made of, as the filter sees it.
const NUMERALS: [&str; 6] = ["і", "v", "х", "ү", "у", "l"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endings {
    None,
    Noun,
    /// A noun's, also after one of the last layer (`теңгелік`).
    Derived,
    Adjective,
}

/// What an ending or suffix says about the number before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// Nothing but case.
    #[default]
    Plain,
    Ordinal,
    /// Of a decade where the number is one: `80-х`.
    Decade,
    /// Of an ordinal, or of a decade where the number is one: `80-е`.
    Plural,
    /// "From" or "out of": `үштен`.
    Ablative,
    /// "To": `үшке`.
    Dative,
    /// `-дай`.
    About,
}

/// A word that the table knows: its senses and its ending.
#[derive(Clone, Copy)]
pub(crate) struct Known<'g> {
    senses: &'g [Sense],
    /// Whether the word is longer than the form.
    inflected: bool,
    pub suffix: Suffix,
}

impl Known<'_> {
    /// Whether it has an ending, of its own or listed with it.
    pub(crate) fn is_cased(self) -> bool {
        self.inflected || self.senses.iter().any(|s| s.cased)
    }
}

impl<'g> Known<'g> {
    /// The senses that the word may have with its ending; an adjective's stem is no word without one.
    pub(crate) fn senses(self) -> impl Iterator<Item = &'g Sense> {
        self.senses.iter().filter(move |s| {
            if self.inflected {
                s.takes_endings()
            } else {
                s.endings != Endings::Adjective
            }
        })
    }

    /// Its sense in a role.
    pub(crate) fn role(self, role: Role) -> Option<&'g Sense> {
        self.senses().find(|s| s.role == role)
    }
}

impl Grammar {
    /// Reads a language's table. Lines that are not understood are left out: tables are checked by their tests.
    pub fn new(language: &dyn Language) -> Self {
        Self::from_tables(
            language.conventions(),
            [language.table(), qostil_data::figures::COMMON],
        )
    }

    /// Reads a language's table and the one for all.
    pub(crate) fn from_tables(conventions: Conventions, tables: [&str; 2]) -> Self {
        let (mut beginnings, mut tails) = (Vec::new(), Vec::new());
        let mut grammar = Self {
            conventions,
            forms: FxHashMap::default(),
            before: FxHashMap::default(),
            after: FxHashMap::default(),
            eras_before: Vec::new(),
            eras_after: Vec::new(),
            excluded: FxHashSet::default(),
            suffixes: FxHashMap::default(),
            nouns: Default::default(),
            adjectives: Vec::new(),
            letters: Letters::new(),
            starts: Prefixes::new(),
            words: Prefixes::new(),
            befores: Prefixes::new(),
            afters: Prefixes::new(),
            exclusions: Prefixes::new(),
        };
        for line in tables.iter().flat_map(|table| table.lines()) {
            match line.split_once('\t') {
                Some(("beginning", rest)) => beginnings.push(rest),
                Some(("tail", rest)) => tails.push(rest),
                _ => grammar.read_line(line),
            }
        }
        grammar.compose(&beginnings, &tails);
        for layer in &mut grammar.nouns {
            layer.sort_unstable_by_key(|e| std::cmp::Reverse(e.len()));
        }
        grammar.mark_cased();
        grammar.filter();
        grammar
    }

    /// Marks forms that are other forms with a case ending.
    fn mark_cased(&mut self) {
        let stem = |form: &str| {
            let mut stems = self.nouns[2].iter().filter_map(|e| form.strip_suffix(&**e));
            stems.any(|stem| self.forms.contains_key(stem))
        };
        let cased: Vec<Box<str>> = self.forms.keys().filter(|form| stem(form)).cloned().collect();
        for form in &cased {
            for sense in self.forms.get_mut(form).into_iter().flatten() {
                sense.cased = true;
            }
        }
    }

    fn read_line(&mut self, line: &str) {
        let mut cells = line.split('\t');
        let (Some(role), Some(value), Some(forms)) = (cells.next(), cells.next(), cells.next()) else {
            return;
        };
        let words = forms.split(' ').filter(|f| !f.is_empty());
        let spaced = |f: &str| f.replace('_', " ").into_boxed_str();
        match role {
            "ending" => {
                for ending in words {
                    match value {
                        "+1" => self.nouns[0].push(ending.into()),
                        "+2" => self.nouns[1].push(ending.into()),
                        "+3" => self.nouns[2].push(ending.into()),
                        "+4" => self.nouns[3].push(ending.into()),
                        _ => self.adjectives.push(ending.into()),
                    }
                }
            }
            "not" => self.excluded.extend(words.map(spaced)),
            "era-before" | "era-after" => {
                let eras = if role == "era-before" {
                    &mut self.eras_before
                } else {
                    &mut self.eras_after
                };
                eras.extend(words.map(|f| Era {
                    letters: f.chars().filter(|c| *c != '_').collect(),
                    ended: value == "-1",
                }));
            }
            "suffix" => {
                let suffix = match value {
                    "ordinal" => Suffix::Ordinal,
                    "decade" => Suffix::Decade,
                    "plural" => Suffix::Plural,
                    "ablative" => Suffix::Ablative,
                    "dative" => Suffix::Dative,
                    "about" => Suffix::About,
                    _ => Suffix::Plain,
                };
                self.suffixes.extend(words.map(|f| (f.into(), suffix)));
            }
            "compound" => {
                let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
                words.for_each(|form| self.add_compound(number, unit, form));
            }
            "about-before" => self.before.extend(words.map(|f| (spaced(f), Exactness::About))),
            "least-before" => self.before.extend(words.map(|f| (spaced(f), Exactness::AtLeast))),
            "most-before" => self.before.extend(words.map(|f| (spaced(f), Exactness::AtMost))),
            "about-after" | "least-after" | "most-after" | "least-than" | "most-than" | "most-to" => {
                let exactness = match role.split_once('-') {
                    Some(("least", _)) => Exactness::AtLeast,
                    Some(("most", _)) => Exactness::AtMost,
                    _ => Exactness::About,
                };
                let case = match role.rsplit_once('-') {
                    Some((_, "than")) => Some(Suffix::Ablative),
                    Some((_, "to")) => Some(Suffix::Dative),
                    _ => None,
                };
                self.after
                    .extend(words.map(|f| (spaced(f), After { exactness, case })));
            }
            role => {
                if let Some(role) = Role::named(role) {
                    words.for_each(|form| drop(self.add(role, value, form)));
                }
            }
        }
    }

    /// Words of a number and what it counts: each beginning (`трех`) with each tail (`летн*`).
    fn compose(&mut self, beginnings: &[&str], tails: &[&str]) {
        let parts = |line: &'_ str| -> Option<(String, Vec<String>)> {
            let (value, forms) = line.split_once('\t')?;
            Some((value.to_owned(), forms.split(' ').map(str::to_owned).collect()))
        };
        for (value, starts) in beginnings.iter().filter_map(|line| parts(line)) {
            for (unit, ends) in tails.iter().filter_map(|line| parts(line)) {
                for (start, end) in starts
                    .iter()
                    .flat_map(|start| ends.iter().map(move |end| (start, end)))
                {
                    self.add_compound(&value, &unit, &format!("{start}{end}"));
                }
            }
        }
    }

    /// A word that is a number and what it counts.
    fn add_compound(&mut self, value: &str, unit: &str, form: &str) {
        let form = self.add(Role::Compound, value, form);
        if let Some(sense) = self.forms.get_mut(&*form).and_then(|senses| senses.last_mut()) {
            sense.unit = unit.parse().unwrap_or(Unit::NONE);
        }
    }

    fn add(&mut self, role: Role, value: &str, form: &str) -> Box<str> {
        let (weak, form) = form.strip_prefix('~').map_or((false, form), |f| (true, f));
        let (company, form) = form.strip_prefix('?').map_or((false, form), |f| (true, f));
        let (endings, form) = if let Some(form) = form.strip_suffix("++") {
            (Endings::Derived, form)
        } else if let Some(form) = form.strip_suffix('+') {
            (Endings::Noun, form)
        } else if let Some(form) = form.strip_suffix('*') {
            (Endings::Adjective, form)
        } else {
            (Endings::None, form)
        };
        let (num, den) = value.split_once('/').unwrap_or((value, "1"));
        let sense = Sense {
            role,
            value: num.parse().unwrap_or(Decimal::ZERO),
            den: den.parse().unwrap_or(1),
            unit: value.parse().unwrap_or(Unit::NONE),
            weak,
            company,
            cased: false,
            endings,
        };
        self.forms.entry(form.into()).or_default().push(sense);
        form.into()
    }

    /// Fills the filters from the tables.
    fn filter(&mut self) {
        for (form, senses) in &self.forms {
            self.words.add(form, senses.iter().any(Sense::takes_endings));
            // "KZT5"
            let code = |s: &Sense| {
                s.unit.dimension() == Some(Dimension::Money) && form.len() == 3 && form.is_ascii()
            };
            for sense in senses.iter().filter(|s| s.role.starts_figure() || code(s)) {
                self.starts.add(form, sense.takes_endings());
            }
        }
        for first in NUMERALS {
            for second in NUMERALS {
                self.starts.add(&format!("{first}{second}"), true);
            }
            self.starts.add(first, false);
        }
        self.before
            .keys()
            .for_each(|phrase| self.befores.add(phrase, false));
        self.after
            .keys()
            .for_each(|phrase| self.afters.add(phrase, false));
        for phrase in self.excluded.iter().filter(|phrase| phrase.contains(' ')) {
            self.exclusions.add(phrase, false);
        }
    }

    /// Whether the word that starts at `at` may begin a figure, by its first letters: false for most words of a text.
    #[inline]
    pub(crate) fn may_start(&self, bytes: &[u8], at: usize) -> bool {
        self.starts.admit(&self.letters, bytes, at)
    }

    /// Whether [`lookup`](Self::lookup) may know the word that starts at `at`.
    pub(crate) fn may_know(&self, bytes: &[u8], at: usize) -> bool {
        self.words.admit(&self.letters, bytes, at)
    }

    /// Whether a phrase that starts at `at` may be one for [`bound_before`](Self::bound_before).
    pub(crate) fn may_bound_before(&self, bytes: &[u8], at: usize) -> bool {
        self.befores.admit(&self.letters, bytes, at)
    }

    /// Whether a phrase that starts at `at` may be one for [`bound_after`](Self::bound_after).
    pub(crate) fn may_bound_after(&self, bytes: &[u8], at: usize) -> bool {
        self.afters.admit(&self.letters, bytes, at)
    }

    /// Whether a phrase that starts at `at` may be one of those for [`is_excluded`](Self::is_excluded).
    pub(crate) fn may_exclude(&self, bytes: &[u8], at: usize) -> bool {
        self.exclusions.admit(&self.letters, bytes, at)
    }

    /// Looks up a folded word: as it stands, else the longest form that it is an inflection of.
    pub(crate) fn lookup(&self, word: &str) -> Option<Known<'_>> {
        if self.excluded.contains(word) {
            return None;
        }
        if let Some(senses) = self.forms.get(word) {
            return Some(Known {
                senses,
                inflected: false,
                suffix: if senses.iter().any(|s| s.cased) {
                    self.ending(word)
                } else {
                    Suffix::Plain
                },
            });
        }
        // Words are bounded by the scanner, so the number of cuts is too.
        for (cut, _) in word.char_indices().rev() {
            let (Some(form), Some(rest)) = (word.get(..cut), word.get(cut..)) else {
                break;
            };
            let Some(senses) = self.forms.get(form) else {
                continue;
            };
            let fits = |s: &Sense| match s.endings {
                Endings::None => false,
                Endings::Noun => self.is_noun_ending(rest),
                Endings::Derived => self.is_derived(rest),
                Endings::Adjective => self.adjectives.iter().any(|e| **e == *rest),
            };
            if senses.iter().any(fits) {
                return Some(Known {
                    senses,
                    inflected: true,
                    suffix: self.ending(rest),
                });
            }
        }
        None
    }

    /// Whether `rest` is made of at most one ending of each layer.
    fn is_noun_ending(&self, rest: &str) -> bool {
        let after = |layer: usize, rest: &str, done: &dyn Fn(&str) -> bool| {
            done(rest)
                || self.nouns[layer]
                    .iter()
                    .any(|e| rest.strip_prefix(&**e).is_some_and(done))
        };
        after(0, rest, &|rest| {
            after(1, rest, &|rest| after(2, rest, &str::is_empty))
        })
    }

    /// The same, after at most one ending of the last layer.
    fn is_derived(&self, rest: &str) -> bool {
        self.is_noun_ending(rest)
            || self.nouns[3].iter().any(|e| {
                rest.strip_prefix(&**e)
                    .is_some_and(|rest| self.is_noun_ending(rest))
            })
    }

    /// What an ending says.
    fn ending(&self, rest: &str) -> Suffix {
        let tail = |n: usize| {
            rest.char_indices()
                .rev()
                .nth(n)
                .and_then(|(at, _)| rest.get(at..))
                .unwrap_or(rest)
        };
        self.suffixes.get(tail(2)).copied().unwrap_or_default()
    }

    /// A folded word after digits as a suffix.
    pub(crate) fn suffix(&self, word: &str) -> Option<Suffix> {
        self.suffixes.get(word).copied()
    }

    /// Whether a folded word ends in a suffix of this kind.
    pub(crate) fn ends_in(&self, word: &str, suffix: Suffix) -> bool {
        let tails = word.char_indices().rev().map(|(at, _)| word.get(at..));
        let mut tails = tails.take(3).flatten();
        tails.any(|tail| self.suffix(tail) == Some(suffix))
    }

    /// A folded phrase before a number.
    pub(crate) fn bound_before(&self, phrase: &str) -> Option<Exactness> {
        self.before.get(phrase).copied()
    }

    /// A folded phrase after a number.
    pub(crate) fn bound_after(&self, phrase: &str) -> Option<After> {
        self.after.get(phrase).copied()
    }

    /// What an era before a number reads like.
    pub(crate) fn eras_before(&self) -> &[Era] {
        &self.eras_before
    }

    /// What an era after a number reads like.
    pub(crate) fn eras_after(&self) -> &[Era] {
        &self.eras_after
    }

    /// Whether a folded phrase is listed as no figure.
    pub(crate) fn is_excluded(&self, phrase: &str) -> bool {
        self.excluded.contains(phrase)
    }
}
