//! The language of a text: a naive Bayes classifier over letters, endings and function words.

use std::sync::LazyLock;

use qostil_data::split::LANGUAGES;
use qostil_text::Lang;
use qostil_text::fold::{self, is_letter, is_letter_or_digit};
use rustc_hash::FxHashMap;

use crate::rules::floor;
use crate::tables::{cyrillic_twin, entries, is_invisible};

/// A language and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Identified {
    /// Kazakh, Russian, English, Kazakh in Latin script, or [`Lang::UNKNOWN`] for any other and for none.
    pub lang: Lang,
    /// Probability that `lang` is right, 0–1; 0 for a text without letters. Of a text in a script that no language of the table has, the share of its letters
    /// that are.
    pub confidence: f64,
}

impl Identified {
    /// The language found, where it is found with this probability and is another than was `said`; none where texts in that one cannot be told from others.
    ///
    /// ```
    /// use qostil_split::identify;
    /// use qostil_text::Lang;
    /// let found = identify("Бұл шешім аймаққа инвестиция тартуға ықпал етеді.");
    /// assert_eq!(found.other_than("fr".parse()?, 0.95), Some(Lang::Kazakh));
    /// assert_eq!(identify("Cette décision favorise les investissements.").other_than("fr".parse()?, 0.5), None);
    /// # Ok::<(), qostil_text::UnknownLang>(())
    /// ```
    pub fn other_than(self, said: Lang, confidence: f64) -> Option<Lang> {
        let may_be = self.lang == said || !self.lang.is_known() && !said.is_known();
        (!may_be && self.confidence >= confidence && tells(said)).then_some(self.lang)
    }
}

/// Whether the table has a language, so that [`identify`] tells texts in it from those in others.
pub fn tells(lang: Lang) -> bool {
    static TOLD: LazyLock<Vec<Lang>> = LazyLock::new(|| {
        let blocks = entries(LANGUAGES).filter_map(|line| line.strip_prefix("language"));
        let codes = blocks.filter_map(|block| block.split_whitespace().next());
        codes.filter_map(|code| code.parse().ok()).collect()
    });
    TOLD.contains(&lang)
}

/// Fewest letters by which a script is told.
const SCRIPT_LETTERS: usize = 20;
/// Of so many letters one must be of the right script: foreign names may fill most of a line.
const SCRIPT_SHARE: usize = 10;

/// Whether a text is written in letters of another script than its language's: of 20 letters or more not one in ten is of that. False of languages whose script
/// is not known here.
///
/// ```
/// use qostil_split::is_in_other_script;
/// use qostil_text::Lang;
/// assert!(is_in_other_script("This was never translated.", Lang::Kazakh));
/// assert!(!is_in_other_script("HBO Max", Lang::Kazakh));
/// ```
pub fn is_in_other_script(text: &str, lang: Lang) -> bool {
    let cyrillic = match lang {
        Lang::Kazakh | Lang::Russian => true,
        Lang::KazakhLatin | Lang::English => false,
        Lang::Other(_) => return false,
    };
    let (mut letters, mut right) = (0, 0);
    for c in text.chars().filter(|&c| fold::is_letter(c)) {
        letters += 1;
        let is_latin = matches!(c, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}');
        right += usize::from(if cyrillic { fold::is_cyrillic(c) } else { is_latin });
        // A text has no more letters than bytes, so that of most the beginning is enough.
        if right * SCRIPT_SHARE >= text.len() {
            return false;
        }
    }
    letters >= SCRIPT_LETTERS && right * SCRIPT_SHARE < letters
}

/// The language of `text`, a document or a paragraph.
///
/// Kyrgyz, Tatar, Bashkir, Uzbek, Turkish, Ukrainian, Bulgarian and some more are told from Kazakh, Russian and
/// English and come out as [`Lang::UNKNOWN`]. Of a text in several languages the answer is the one that most letters
/// speak for: ask paragraph by paragraph where that matters. A text of more than 16 KiB is judged by pieces of it that
/// lie evenly over its length, so that a long one takes no longer.
///
/// ```
/// use qostil_split::identify;
/// use qostil_text::Lang;
/// assert_eq!(identify("Бұл шешім аймаққа инвестиция тартуға ықпал етеді.").lang, Lang::Kazakh);
/// assert_eq!(identify("Бул чечим аймакка инвестиция тартууга өбөлгө түзөт.").lang, Lang::UNKNOWN);
/// ```
pub fn identify(text: &str) -> Identified {
    let evidence = Evidence::of(text);
    let Some(script) = evidence.script() else {
        return Identified {
            lang: Lang::UNKNOWN,
            confidence: evidence.share(Count::Foreign),
        };
    };
    let languages = &PROFILES.of_script(script).languages;
    let scores = evidence.scores[script as usize];
    let mut odds: Vec<f64> = languages
        .iter()
        .zip(scores)
        .map(|((_, prior), score)| f64::from(score) + prior)
        .collect();
    let best = odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in &mut odds {
        *score = (*score - best).exp();
    }
    let total: f64 = odds.iter().sum();
    let share = |lang| {
        let own = languages.iter().zip(&odds).filter(|((l, _), _)| *l == lang);
        own.map(|(_, odds)| odds).sum::<f64>() / total
    };
    let known =
        [Lang::Kazakh, Lang::KazakhLatin, Lang::Russian, Lang::English].map(|lang| (lang, share(lang)));
    let other = (Lang::UNKNOWN, share(Lang::UNKNOWN));
    let (lang, share) = known
        .into_iter()
        .fold(other, |best, next| if next.1 > best.1 { next } else { best });
    Identified {
        lang,
        confidence: share * evidence.share(script.count()),
    }
}

/// Letters next to each other say less than independent ones would: their evidence is scaled down.
const LETTER_WEIGHT: f64 = 0.5;
/// Share of a letter, an ending, a function word that a language does not have: foreign names, slips.
const FOREIGN_LETTER: f64 = 1e-7;
const FOREIGN_ENDING: f64 = 2e-3;
const FOREIGN_WORD: f64 = 3e-4;
/// What a doubled vowel says against a language that has none, as a logarithm of odds.
const FOREIGN_VOWEL: f64 = -2.0;
/// What one word can say against a language, as a logarithm of odds; with a capital it may be a foreign name.
const WORD_LIMIT: f32 = 9.0;
const NAME_LIMIT: f32 = 4.0;
/// No listed ending is longer, in letters, and no listed word.
const LONGEST_ENDING: usize = 6;
const LONGEST_WORD: usize = 15;
/// No script has more languages. A number for each is added at once, whether there is such a language or not.
const LANES: usize = 20;
/// A number for each language of a script.
type Row = [f32; LANES];
/// Of a long text this many pieces of so many bytes are read.
const PIECES: usize = 32;
const PIECE: usize = 512;
/// Vowels that some languages of the table write doubled.
const LONG_VOWELS: [char; 6] = ['а', 'о', 'у', 'э', 'ө', 'ү'];
/// Letters of both scripts are below.
const LETTERS_END: char = '\u{530}';

/// Odds before anything is read, of each language against each that Qostil has no resources for.
const fn prior(lang: Lang) -> f64 {
    match lang {
        Lang::English => 100.0,
        Lang::Russian => 40.0,

        Lang::Kazakh | Lang::KazakhLatin => 6.0,
        Lang::Other(_) => 1.0,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Cyrillic,
    Latin,
}

impl Script {
    const ALL: [Self; 2] = [Self::Cyrillic, Self::Latin];

    /// What its letters are counted as.
    const fn count(self) -> Count {
        match self {
            Self::Cyrillic => Count::Cyrillic,
            Self::Latin => Count::Latin,
        }
    }

    /// The script of a word: of one in both it is Cyrillic, with Latin look-alikes.
    fn of(word: &[char]) -> Self {
        if word.iter().any(|&c| fold::is_cyrillic(c)) {
            Self::Cyrillic
        } else {
            Self::Latin
        }
    }

    /// A character of a word of this script as it is looked up: small, look-alikes of the other script undone. `None` for one that
    /// nobody sees.
    fn folded(self, c: char) -> Option<char> {
        let small = c.to_lowercase().next().unwrap_or(c);
        match self {
            _ if is_invisible(c) => None,
            Self::Cyrillic => Some(cyrillic_twin(small)),
            Self::Latin if small == '’' => Some('\''),
            Self::Latin => Some(small),
        }
    }
}

/// What a letter is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Cyrillic,
    Latin,
    /// Of a script that no block has.
    Foreign,
    /// No letter.
    Nothing,
}

impl Count {
    fn of(c: char) -> Self {
        match c {
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            c if is_letter(c) && !matches!(c, 'ʻ' | 'ʼ') => Self::Foreign,
            _ => Self::Nothing,
        }
    }
}

/// A character of a word.
#[derive(Clone, Copy, Debug)]
struct Letter {
    /// Its number; that of all that the table does not hold is 0.
    number: u8,
    count: Count,
    is_capital: bool,
    /// Whether it is none, as nobody sees it.
    is_invisible: bool,
}

/// Logarithms of the share of a listed item, of one that only other languages list, and of any other.
#[derive(Clone, Copy, Debug)]
struct Shares {
    own: f64,
    foreign: f64,
    other: f64,
}

impl Shares {
    /// Of `count` listed items that together make up `share`, when one of the others is as rare as `foreign`.
    fn new(share: f64, count: usize, foreign: f64) -> Self {
        let own = (share / count.max(1) as f64).max(foreign);
        Self {
            own: own.ln(),
            foreign: foreign.ln(),
            other: (1.0 - share).ln(),
        }
    }

    /// For language `index`, when those in the set `listing` list the item.
    fn of(self, listing: Option<u64>, index: usize) -> f64 {
        match listing {
            Some(languages) if languages >> index & 1 == 1 => self.own,
            Some(_) => self.foreign,
            None => self.other,
        }
    }
}

/// The table.
#[derive(Debug)]
struct Profiles {
    /// By script.
    by_script: [Profile; 2],
    /// The numbers of [`LONG_VOWELS`].
    long_vowels: [u8; LONG_VOWELS.len()],
    endings: Listed,
    words: Listed,
}

/// What languages list, as it is spelt.
#[derive(Debug)]
struct Listed {
    /// The number of the set of languages that list an item.
    sets: FxHashMap<Spelling, u8>,
    /// How long the items are whose last letter has a number: a bit for each length in letters.
    lengths: Vec<u16>,
}

impl Listed {
    fn new(items: &FxHashMap<&str, u8>, numbers: &Numbers) -> Self {
        let mut lengths = vec![0; usize::from(u8::MAX) + 1];
        let mut spell_out = |item: &str| {
            let spelling = item.chars().fold(1, |all, c| spell(all, numbers.of(c)));
            if let Some(lengths) = lengths.get_mut((spelling & 0xff) as usize) {
                *lengths |= 1 << item.chars().count().min(LONGEST_WORD);
            }
            spelling
        };
        let sets = items.iter().map(|(item, set)| (spell_out(item), *set)).collect();
        Self { sets, lengths }
    }

    /// How long those may be that end as a word does.
    fn lengths(&self, word: Spelling) -> u16 {
        let lengths = self.lengths.get((word & 0xff) as usize);
        lengths.copied().unwrap_or(0)
    }

    fn set(&self, item: Spelling) -> Option<u8> {
        self.sets.get(&item).copied()
    }
}

/// The numbers of up to fifteen letters, the last in the lowest byte, with a 1 in front.
type Spelling = u128;

/// What a letter adds to a spelling.
const fn spell(spelling: Spelling, number: u8) -> Spelling {
    spelling << u8::BITS | number as Spelling
}

/// What the table says for the languages of one script.
#[derive(Debug)]
struct Profile {
    /// The languages, and the logarithm of the odds of each before anything is read.
    languages: Vec<(Lang, f64)>,
    /// 0 for each of them; where there is none, less than any number.
    blank: Row,
    /// Each character as it is looked up in words of this script.
    alphabet: Vec<Letter>,
    /// By the number of a letter: the logarithm of its share, scaled down.
    letters: Vec<Row>,
    /// By the place of a letter among [`LONG_VOWELS`]: what it says when it stands doubled.
    doubled: Vec<Row>,
    /// By the number of the set of languages that list it: what an ending says, and a word. Number 0 is of what no language lists.
    endings: Vec<Row>,
    words: Vec<Row>,
}

static PROFILES: LazyLock<Profiles> = LazyLock::new(|| Profiles::parse(LANGUAGES));

/// A block of the table as read.
#[derive(Debug)]
struct Block {
    lang: Lang,
    script: Script,
    letters: Vec<(char, f64)>,
    endings: Shares,
    words: Shares,
    doubled: &'static str,
    /// Share of words that are among its function words.
    word_share: f64,
}

impl Profiles {
    /// Reads the table; lines of no known form, which the suite of the tables rules out, are passed over.
    fn parse(table: &'static str) -> Self {
        let (mut endings, mut words) = (FxHashMap::default(), FxHashMap::default());
        let mut blocks: Vec<Block> = Vec::new();
        for line in entries(table) {
            let mut fields = line.split_whitespace();
            let kind = fields.next();
            if kind == Some("language") {
                blocks.extend(Block::open(fields));
                continue;
            }
            let set = 1 << blocks.len().saturating_sub(1);
            let Some(block) = blocks.last_mut() else { continue };
            match kind {
                Some("letters") => block.letters = fields.filter_map(letter).collect(),
                Some("endings") => {
                    let share = fields.next().map_or(0.0, per_mille);
                    let count = fields
                        .map(|ending| *endings.entry(ending).or_insert(0) |= set)
                        .count();
                    block.endings = Shares::new(share, count, FOREIGN_ENDING);
                }
                Some("doubled") => block.doubled = fields.next().unwrap_or(""),
                Some("words") => {
                    let count = fields.map(|word| *words.entry(word).or_insert(0) |= set).count();
                    block.words = Shares::new(block.word_share, count, FOREIGN_WORD);
                }
                _ => {}
            }
        }
        // The letters that stand in it are numbered from 1 on.
        let mut numbers = vec![0; LETTERS_END as usize];
        let of_items = endings
            .keys()
            .chain(words.keys())
            .flat_map(|text: &&str| text.chars());
        for c in blocks.iter().flat_map(Block::alphabet).chain(of_items) {
            if let Some(number) = numbers.get_mut(c as usize) {
                *number = 1;
            }
        }
        let mut count = 0;
        for number in numbers.iter_mut().filter(|number| **number > 0) {
            count += 1;
            *number = count;
        }
        let numbers = Numbers(numbers);
        let (ending_sets, endings) = numbered(endings);
        let (word_sets, words) = numbered(words);
        let sets = [ending_sets.as_slice(), &word_sets];
        Self {
            by_script: Script::ALL.map(|script| Profile::new(script, &blocks, (&numbers, count), sets)),
            long_vowels: LONG_VOWELS.map(|c| numbers.of(c)),
            endings: Listed::new(&endings, &numbers),
            words: Listed::new(&words, &numbers),
        }
    }

    fn of_script(&self, script: Script) -> &Profile {
        &self.by_script[script as usize]
    }

    /// What a letter after one of the same number says: `None` unless it is a long vowel.
    fn doubled<'p>(&self, profile: &'p Profile, number: u8) -> Option<&'p Row> {
        let vowel = self.long_vowels.iter().position(|vowel| *vowel == number)?;
        profile.doubled.get(vowel)
    }

    /// The number of the set of languages that list the longest listed ending of a word of `count` letters.
    fn ending(&self, word: Spelling, count: usize) -> u8 {
        let lengths = self.endings.lengths(word);
        // A word is longer than its ending.
        let longest = LONGEST_ENDING.min(count.saturating_sub(1));
        let listed = (1..=longest).rev().filter(|length| lengths >> length & 1 == 1);
        let mut found = listed.filter_map(|length| {
            let front = 1 << (length as u32 * u8::BITS);
            self.endings.set(front | (word & (front - 1)))
        });
        found.next().unwrap_or(0)
    }

    /// The number of the set of languages that list a word of `count` letters.
    fn word(&self, word: Spelling, count: usize) -> u8 {
        if count > LONGEST_WORD || self.words.lengths(word) >> count & 1 == 0 {
            return 0;
        }
        self.words.set(word).unwrap_or(0)
    }
}

/// The number of each letter that stands in the table, by character; 0 for any other.
struct Numbers(Vec<u8>);

impl Numbers {
    fn of(&self, c: char) -> u8 {
        self.0.get(c as usize).copied().unwrap_or(0)
    }
}

/// A number from 1 on for what was found; 0 for what was not.
fn index(found: Result<usize, usize>) -> u8 {
    found.map_or(0, |at| u8::try_from(at + 1).unwrap_or(0))
}

/// The distinct sets of languages, and the number of each item's among them from 1 on.
fn numbered(items: FxHashMap<&'static str, u64>) -> (Vec<u64>, FxHashMap<&'static str, u8>) {
    let mut sets: Vec<u64> = items.values().copied().collect();
    sets.sort_unstable();
    sets.dedup();
    let number = |set| index(sets.binary_search(&set));
    let items = items.into_iter().map(|(item, set)| (item, number(set))).collect();
    (sets, items)
}

impl Profile {
    /// Of the languages of `script`, for these letters and for these sets of languages of endings and of words.
    fn new(
        script: Script,
        blocks: &[Block],
        (numbers, count): (&Numbers, u8),
        [endings, words]: [&[u64]; 2],
    ) -> Self {
        let own = || {
            blocks
                .iter()
                .enumerate()
                .filter(move |(_, block)| block.script == script)
        };
        let row = |said: &dyn Fn(usize, &Block) -> f64| {
            let mut row = [0.0; LANES];
            for (place, (index, block)) in row.iter_mut().zip(own()) {
                *place = said(index, block) as f32;
            }
            row
        };
        // A letter that no block lists says the same for all but how much they leave it; of the others, those that a language does not have are foreign to it.
        let mut rows_of_letters = vec![row(&|_, block| block.other_letter()); usize::from(count) + 1];
        let foreign = row(&|_, _| LETTER_WEIGHT * FOREIGN_LETTER.ln());
        let number = |letter: char| usize::from(numbers.of(letter));
        for letter in blocks.iter().flat_map(Block::alphabet) {
            rows_of_letters[number(letter)] = foreign;
        }
        for (lane, (_, block)) in own().enumerate().take(LANES) {
            for (letter, share) in &block.letters {
                let said = LETTER_WEIGHT * share.max(FOREIGN_LETTER).ln();
                rows_of_letters[number(*letter)][lane] = said as f32;
            }
        }
        let rows = |sets: &[u64], shares: &dyn Fn(&Block) -> Shares| {
            let sets = std::iter::once(None).chain(sets.iter().copied().map(Some));
            sets.map(|set| row(&|index, block| shares(block).of(set, index)))
                .collect()
        };
        let doubled = |vowel: &char| {
            row(&|_, block| {
                if block.doubled.contains(*vowel) {
                    0.0
                } else {
                    FOREIGN_VOWEL
                }
            })
        };
        let mut blank = [f32::NEG_INFINITY; LANES];
        blank.iter_mut().zip(own()).for_each(|(place, _)| *place = 0.0);
        let letter = |c: char| {
            let folded = script.folded(c);
            Letter {
                number: folded.map_or(0, |c| numbers.of(c)),
                count: Count::of(folded.unwrap_or(c)),
                is_capital: c.is_uppercase(),
                is_invisible: folded.is_none(),
            }
        };
        Self {
            languages: own()
                .map(|(_, block)| (block.lang, prior(block.lang).ln()))
                .collect(),
            blank,
            alphabet: ('\0'..LETTERS_END).map(letter).collect(),
            letters: rows_of_letters,
            doubled: LONG_VOWELS.iter().map(doubled).collect(),
            endings: rows(endings, &|block| block.endings),
            words: rows(words, &|block| block.words),
        }
    }

    /// A character of a word of `script`, whose profile this is.
    fn letter(&self, c: char, script: Script) -> Letter {
        let known = self.alphabet.get(c as usize).copied();
        known.unwrap_or_else(|| self.rare_letter(c, script))
    }

    /// One that is in neither script.
    #[cold]
    fn rare_letter(&self, c: char, script: Script) -> Letter {
        let folded = script.folded(c);
        let known = folded.and_then(|c| self.alphabet.get(c as usize));
        Letter {
            number: known.map_or(0, |letter| letter.number),
            count: Count::of(folded.unwrap_or(c)),
            is_capital: c.is_uppercase(),
            is_invisible: folded.is_none(),
        }
    }
}

/// The larger of two numbers, neither of which is NaN, which is what makes `f32::max` dear.
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The largest number of a row, of which many are compared at once.
fn largest(row: &Row) -> f32 {
    let (fours, _) = row.as_chunks::<4>();
    let all = |best: [f32; 4], four: &[f32; 4]| std::array::from_fn(|at| larger(best[at], four[at]));
    let [a, b, c, d] = fours.iter().fold([f32::NEG_INFINITY; 4], all);
    larger(larger(a, b), larger(c, d))
}

/// Adds to the scores what a row says.
#[inline(never)]
fn add(scores: &mut Row, said: &Row) {
    for (score, said) in scores.iter_mut().zip(said) {
        *score += said;
    }
}

/// Adds to the totals how far each score of a word is behind the best, and no more than `limit`.
#[inline(never)]
fn add_limited(totals: &mut Row, scores: &Row, limit: f32) {
    let best = largest(scores);
    for (total, score) in totals.iter_mut().zip(scores) {
        *total += larger(score - best, -limit);
    }
}

/// A number of thousandths.
fn per_mille(field: &str) -> f64 {
    field.parse::<f64>().unwrap_or(0.0) / 1000.0
}

/// A letter and its share: `ә9`.
fn letter(field: &str) -> Option<(char, f64)> {
    let letter = field.chars().next()?;
    Some((letter, per_mille(field.get(letter.len_utf8()..)?)))
}

impl Block {
    /// From the fields after `language`.
    fn open(mut fields: impl Iterator<Item = &'static str>) -> Option<Self> {
        let lang = fields
            .next()?
            .parse()
            .ok()
            .filter(Lang::is_known)
            .unwrap_or(Lang::UNKNOWN);
        let script = if fields.next()? == "latin" {
            Script::Latin
        } else {
            Script::Cyrillic
        };
        let word_share = per_mille(fields.next()?);
        // Of a language without a list nothing is known: its endings are as rare as any.
        let endings = Shares {
            own: 0.0,
            foreign: 0.01_f64.ln(),
            other: 0.7_f64.ln(),
        };
        let words = Shares::new(word_share, 1, FOREIGN_WORD);
        Some(Self {
            lang,
            script,
            letters: Vec::new(),
            endings,
            words,
            doubled: "",
            word_share,
        })
    }

    /// The letters that it lists.
    fn alphabet(&self) -> impl Iterator<Item = char> {
        self.letters.iter().map(|(letter, _)| *letter)
    }

    /// What a letter that no block lists says. All languages of a script share these; how they divide the rest of the
    /// letters cancels out.
    fn other_letter(&self) -> f64 {
        let rest = 1.0 - self.letters.iter().map(|(_, share)| share).sum::<f64>();
        LETTER_WEIGHT * rest.max(0.05).ln()
    }
}

/// The parts of `text` that are read: all of it, or pieces at even distances, whole words where it has white space.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.len() <= PIECES * PIECE;
    let (count, step, len) = if whole {
        (1, 0, text.len())
    } else {
        (PIECES, text.len() / PIECES, PIECE)
    };
    (0..count).map(move |index| {
        let piece = &text[floor(text, index * step)..floor(text, index * step + len)];
        match (piece.find(char::is_whitespace), piece.rfind(char::is_whitespace)) {
            (Some(first), Some(last)) if !whole && first < last => &piece[first..last],
            _ => piece,
        }
    })
}

/// How a character stands to words: they are runs of letters, with what may join letters between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Letter,
    Joiner,
    Outside,
}

impl Role {
    fn of(c: char) -> Self {
        match c {
            c if is_invisible(c) || matches!(c, '\'' | '’' | 'ʻ' | 'ʼ' | '-') => Self::Joiner,
            c if is_letter_or_digit(c) && !c.is_ascii_digit() => Self::Letter,
            _ => Self::Outside,
        }
    }
}

/// Those of the characters of both scripts and before.
static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| ('\0'..LETTERS_END).map(Role::of).collect());

/// Gives each word of a piece to `each`.
fn words(text: &str, mut each: impl FnMut(&[char])) {
    let roles = ROLES.as_slice();
    let role = |c: char| roles.get(c as usize).copied().unwrap_or_else(|| Role::of(c));
    let mut word = Vec::new();
    let mut finish = |word: &mut Vec<char>| {
        while word.pop_if(|c| role(*c) == Role::Joiner).is_some() {}
        let joiners = word.iter().take_while(|&&c| role(c) == Role::Joiner).count();
        if let Some(word) = word.get(joiners..).filter(|word| !word.is_empty()) {
            each(word);
        }
        word.clear();
    };
    for c in text.chars() {
        if role(c) != Role::Outside {
            word.push(c);
        } else if !word.is_empty() {
            finish(&mut word);
        }
    }
    finish(&mut word);
}

/// What the words of a text say.
#[derive(Debug, Default)]
struct Evidence {
    /// By script: for each language the logarithm of the probability of the words of that script, up to a constant of the script.
    scores: [Row; 2],
    /// How many letters are counted as what, by [`Count`].
    letters: [u32; 4],
}

impl Evidence {
    fn of(text: &str) -> Self {
        let mut evidence = Self::default();
        for piece in pieces(text) {
            words(piece, |word| evidence.add(word));
        }
        evidence
    }

    fn add(&mut self, word: &[char]) {
        let profiles = &*PROFILES;
        let script = Script::of(word);
        let profile = profiles.of_script(script);
        let mut scores = profile.blank;
        let (mut spelling, mut count, mut last) = (1, 0, 0);
        let letter = |c: &char| profile.letter(*c, script);
        for letter in word.iter().map(letter) {
            if letter.is_invisible {
                continue;
            }
            let number = letter.number;
            self.letters[letter.count as usize] += 1;
            if let Some(said) = profile.letters.get(usize::from(number)) {
                add(&mut scores, said);
            }
            if last == number
                && let Some(said) = profiles.doubled(profile, number)
            {
                add(&mut scores, said);
            }
            (spelling, count, last) = (spell(spelling, number), count + 1, number);
        }
        let function = profiles.word(spelling, count);
        let of_word = profile.words.get(usize::from(function));
        let of_ending = (function == 0)
            .then(|| profiles.ending(spelling, count))
            .and_then(|ending| profile.endings.get(usize::from(ending)));
        for said in of_word.into_iter().chain(of_ending) {
            add(&mut scores, said);
        }
        let limit = if word.first().map(letter).is_some_and(|letter| letter.is_capital) {
            NAME_LIMIT
        } else {
            WORD_LIMIT
        };
        add_limited(&mut self.scores[script as usize], &scores, limit);
    }

    /// How many letters are of a script.
    fn letters_of(&self, script: Script) -> u32 {
        self.letters[script.count() as usize]
    }

    /// The script of most letters; `None` when it has no language here.
    fn script(&self) -> Option<Script> {
        let [cyrillic, latin] = Script::ALL.map(|script| self.letters_of(script));
        let foreign = self.letters[Count::Foreign as usize];
        if foreign > cyrillic.max(latin) || (cyrillic == 0 && latin == 0) {
            None
        } else if cyrillic >= latin {
            Some(Script::Cyrillic)
        } else {
            Some(Script::Latin)
        }
    }

    /// Share of the letters that are counted so.
    fn share(&self, count: Count) -> f64 {
        let counted =
            [Count::Cyrillic, Count::Latin, Count::Foreign].map(|count| self.letters[count as usize]);
        let all: f64 = counted.map(f64::from).iter().sum();
        f64::from(self.letters[count as usize]) / all.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a word is spelt in the letters of a script, and of how many.
    fn spelling(word: &str, script: Script) -> (Spelling, usize) {
        let profile = PROFILES.of_script(script);
        let numbers = word.chars().map(|c| profile.letter(c, script).number);
        (numbers.fold(1, spell), word.chars().count())
    }

    #[test]
    fn every_letter_ending_and_word_fires() {
        let mut blocks: Vec<Block> = Vec::new();
        for line in entries(LANGUAGES) {
            let mut fields = line.split_whitespace();
            let kind = fields.next();
            if kind == Some("language") {
                assert_eq!(fields.clone().count(), 3, "{line}");
                blocks.extend(Block::open(fields));
                continue;
            }
            let block = blocks.last().expect("a language");
            let lane = blocks.iter().filter(|other| other.script == block.script).count() - 1;
            let profile = PROFILES.of_script(block.script);
            let said = |rows: &[Row], number: u8| rows[usize::from(number)][lane];
            match kind {
                Some("letters") => {
                    for field in fields {
                        let (letter, share) = letter(field).expect("a letter and its share");
                        let number = profile.letter(letter, block.script).number;
                        let said = f64::from(said(&profile.letters, number)) / LETTER_WEIGHT;
                        assert!(
                            share > 0.0 && (said - share.max(FOREIGN_LETTER).ln()).abs() < 1e-5,
                            "{field}"
                        );
                    }
                }
                Some("endings") => {
                    let share = fields.next().map_or(0.0, per_mille);
                    assert!(share > 0.0, "{line}");
                    let own = Shares::new(share, fields.clone().count(), FOREIGN_ENDING).own;
                    for field in fields {
                        let (spelling, count) = spelling(&format!("ѵѵѵѵѵ{field}"), block.script);
                        let number = PROFILES.ending(spelling, count);
                        assert!(
                            number > 0 && said(&profile.endings, number) == own as f32,
                            "{field}"
                        );
                    }
                }
                Some("doubled") => {
                    let doubled = fields.next().unwrap_or("");
                    for (place, vowel) in LONG_VOWELS.iter().enumerate() {
                        let is_free = said(&profile.doubled, place as u8) == 0.0;
                        assert_eq!(is_free, doubled.contains(*vowel), "{line}");
                    }
                    assert!(doubled.chars().all(|c| LONG_VOWELS.contains(&c)), "{line}");
                }
                Some("words") => {
                    let own = Shares::new(block.word_share, fields.clone().count(), FOREIGN_WORD).own;
                    for word in fields {
                        let (spelling, count) = spelling(word, block.script);
                        let number = PROFILES.word(spelling, count);
                        assert!(number > 0 && said(&profile.words, number) == own as f32, "{word}");
                    }
                }
                _ => panic!("{line}"),
            }
        }
        let profiles = &PROFILES.by_script;
        assert!(profiles.iter().all(|profile| profile.languages.len() <= LANES));
        assert_eq!(
            profiles
                .iter()
                .map(|profile| profile.languages.len())
                .sum::<usize>(),
            blocks.len()
        );
        assert!(blocks.len() <= u64::BITS as usize && profiles[0].letters.len() <= 256);
        assert!(
            profiles
                .iter()
                .all(|profile| profile.words.len() <= 256 && profile.endings.len() <= 256)
        );
    }

    #[test]
    fn words_are_runs_of_letters_and_what_joins_them() {
        let mut found = Vec::new();
        words(
            "«Қасым-Жомарт’ы, – o'zbek 5G ҂x ʻ» -Тоқаев- é",
            |word| {
                found.push(word.iter().collect::<String>());
            },
        );
        assert_eq!(found, ["Қасым-Жомарт’ы", "o'zbek", "G", "x", "Тоқаев", "é"]);
    }
}
