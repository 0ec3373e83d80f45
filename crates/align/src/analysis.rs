//! One document as the aligner sees it: per sentence its length, marks and tokens; per distinct token what it can be matched by.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use qostil_figures::Figure;
use qostil_lexicon::{Equivalent, Lexicon, Side};
use qostil_text::stem::{self, Key};
use qostil_text::{Document, Lang, Sentence, Span, fold};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::figures::{Figures, Read};
use crate::lists::Index;

/// What a token is, by the strongest thing that can be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// A word or phrase.
    Word,
    /// A capitalised word that is no known word.
    Name,
    /// A token in Latin letters or with digits: an acronym, brand, address.
    Latin,
    /// A figure.
    Figure,
}

/// A distinct token of a document.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    pub(crate) class: Class,
    /// The word as the lexicon reads it; none of a phrase or a figure.
    read: Option<Arc<qostil_lexicon::Word>>,
    /// Of a phrase its own headword and those of its words, of a figure the keys of its readings.
    keys: Box<[Key]>,
    /// The folded spelling, for tokens that are written alike on both sides. Zero where that proves nothing.
    pub(crate) spelling: Key,
    /// In how many sentences it stands.
    pub(crate) sentences: u32,
    /// Whether its capital tells a name, or may: of a word that is met at the head of sentences alone, if no lexicon knows it.
    may_be_name: bool,
}

impl Type {
    /// Headwords by which lexicons may match it: of a phrase its own and its words'.
    pub(crate) fn headwords(&self) -> &[Key] {
        match &self.read {
            Some(word) => &word.headwords,
            None if self.class == Class::Figure => &[],
            None => &self.keys,
        }
    }

    /// Calls `found` with what its headwords stand for in the target language, if it is of the source.
    pub(crate) fn equivalents(&self, lexicon: &Lexicon, mut found: impl FnMut(Equivalent)) {
        match &self.read {
            Some(word) => word.equivalents.iter().copied().for_each(found),
            None => self
                .headwords()
                .iter()
                .for_each(|&headword| lexicon.equivalents(Side::Source, headword, &mut found)),
        }
    }

    /// Whether it is a function word.
    pub(crate) fn is_function(&self) -> bool {
        self.class == Class::Word && self.stem().is_none()
    }

    /// Keys of a figure's readings.
    pub(crate) fn figures(&self) -> &[Key] {
        if self.class == Class::Figure {
            &self.keys
        } else {
            &[]
        }
    }

    /// What its forms mostly share; none of function words and figures.
    pub(crate) fn stem(&self) -> Option<Key> {
        match self.read.as_deref() {
            Some(word) => word.stem,
            None => self.headwords().first().copied(),
        }
    }

    /// Consonant skeletons of what is a name or may be one.
    pub(crate) fn skeletons(&self) -> &[String] {
        let name = self.read.as_deref().filter(|_| self.may_be_name);
        name.map_or(&[], |word| &word.skeletons)
    }

    /// Whether it may be a name because it is met at the head of sentences alone, where every word has a capital.
    pub(crate) fn is_at_head(&self) -> bool {
        self.may_be_name && self.class == Class::Word && self.headwords().is_empty()
    }
}

/// An occurrence of a type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: u32,
    pub(crate) span: Span,
}

/// A sentence without its words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Characters that are no white space.
    pub(crate) length: f32,
    pub(crate) marks: Marks,
    pub(crate) paragraph: u32,
    /// Sentences by the splitter's count: one unless the caller's lines hold several.
    pub(crate) sentences: u16,
    /// Nothing ends it, as a headline: joined with what follows, the splitter would see no border.
    pub(crate) open: bool,
}

/// Punctuation that translators keep, a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(pub(crate) u8);

impl Marks {
    pub(crate) const QUESTION: Self = Self(1);
    pub(crate) const QUOTES: Self = Self(2);
    /// Exclamation marks, colons and brackets.
    pub(crate) const OTHERS: Self = Self(4 | 8 | 16);
    pub(crate) const OPENS_QUOTE: Self = Self(32);
    pub(crate) const CLOSES_QUOTE: Self = Self(64);
    /// Begins with a dash, as speech does in Kazakh and Russian, and items do everywhere.
    const DASH: Self = Self(128);

    pub(crate) const fn has(self, mark: Self) -> bool {
        self.0 & mark.0 != 0
    }

    /// The same beside the `other` side: a dash at the beginning stands for a quotation mark there, or for another dash.
    pub(crate) const fn beside(self, other: Self) -> Self {
        let quotes = Self::QUOTES.0 | Self::OPENS_QUOTE.0;
        match (self.has(Self::DASH), other.has(Self::DASH)) {
            (true, true) => Self(self.0 | quotes),
            (true, false) => Self(self.0 | other.0 & quotes),
            _ => self,
        }
    }
}

/// A document analysed. Linear in its text.
#[derive(Debug)]
pub(crate) struct Analysis {
    pub(crate) lang: Lang,
    /// Whether a capital inside a sentence tells a name: not where all nouns have one, or all words of a headline.
    pub(crate) capitals_tell: bool,
    pub(crate) facts: Vec<Facts>,
    pub(crate) types: Vec<Type>,
    /// Tokens in order; a type stands once per sentence.
    pub(crate) tokens: Vec<Token>,
    /// The first token of each sentence, and one past the last of all.
    pub(crate) first_token: Vec<u32>,
    pub(crate) figures: Figures,
    /// Phrases, as long as it is open whether they are one token each or the tokens of their words.
    phrases: Vec<Phrase>,
    words_of_phrases: Vec<Token>,
}

#[derive(Debug)]
struct Phrase {
    /// Number of its token.
    token: u32,
    /// Its words in [`Analysis::words_of_phrases`].
    words: Range<u32>,
}

impl Analysis {
    pub(crate) fn len(&self) -> usize {
        self.facts.len()
    }

    pub(crate) fn tokens_of(&self, sentence: usize) -> &[Token] {
        &self.tokens[self.first_token[sentence] as usize..self.first_token[sentence + 1] as usize]
    }

    /// Two documents, source and target, with their figures. A phrase is one token where an equivalent of it is in the other document, and each of its words one where none is:
    /// translators take phrases apart.
    pub(crate) fn of_pair(src: Read<'_>, tgt: Read<'_>, lexicon: &Lexicon) -> (Self, Self) {
        let mut src = Self::read(src, Side::Source, lexicon);
        let mut tgt = Self::read(tgt, Side::Target, lexicon);
        let (of_src, of_tgt) = (
            src.phrases_met(&tgt, Side::Source, lexicon),
            tgt.phrases_met(&src, Side::Target, lexicon),
        );
        src.settle(&of_src);
        tgt.settle(&of_tgt);
        (src, tgt)
    }

    /// The types of phrases that have an equivalent in the other document.
    fn phrases_met(&self, other: &Self, side: Side, lexicon: &Lexicon) -> FxHashSet<u32> {
        let kinds: FxHashSet<u32> = self
            .phrases
            .iter()
            .map(|phrase| self.tokens[phrase.token as usize].kind)
            .collect();
        if kinds.is_empty() {
            return kinds;
        }
        let there = Index::new(other.types.len(), || {
            let types = other.types.iter();
            types.flat_map(|token| token.headwords().iter().map(|&key| (key, 0)))
        });
        let is_met = |kind: &u32| {
            let mut is_met = false;
            // the phrase itself comes first
            let phrase = self.types[*kind as usize].keys[0];
            lexicon.equivalents(side, phrase, |found| is_met |= there.has(found.key));
            is_met
        };
        kinds.into_iter().filter(is_met).collect()
    }

    /// Takes all phrases but those of these types apart; of every type the first token of a sentence is left.
    fn settle(&mut self, met: &FxHashSet<u32>) {
        let mut phrases = std::mem::take(&mut self.phrases).into_iter().peekable();
        let words = std::mem::take(&mut self.words_of_phrases);
        let read = std::mem::take(&mut self.tokens);
        let mut tokens: Vec<Token> = Vec::with_capacity(read.len());
        // of each type, the number of its last token, counted from one
        let mut last = vec![0_u32; self.types.len()];
        let mut at = 0;
        for sentence in 0..self.facts.len() {
            let start = tokens.len() as u32;
            let mut add = |token: Token| {
                let last = &mut last[token.kind as usize];
                if *last <= start {
                    tokens.push(token);
                    *last = tokens.len() as u32;
                    self.types[token.kind as usize].sentences += 1;
                }
            };
            let end = self.first_token[sentence + 1];
            while at < end {
                let token = read[at as usize];
                match phrases.next_if(|phrase| phrase.token == at) {
                    Some(phrase) if !met.contains(&token.kind) => {
                        words[phrase.words.start as usize..phrase.words.end as usize]
                            .iter()
                            .copied()
                            .for_each(&mut add);
                    }
                    _ => add(token),
                }
                at += 1;
            }
            self.first_token[sentence + 1] = tokens.len() as u32;
        }
        tokens.shrink_to_fit(); // the largest list of a document, kept to the end
        self.tokens = tokens;
    }

    /// Some of its sentences. Linear in them and in the document's distinct tokens.
    pub(crate) fn part(&self, sentences: Range<usize>) -> Self {
        let bounds = &self.first_token[sentences.start..=sentences.end];
        let tokens = bounds[0] as usize..bounds[bounds.len() - 1] as usize;
        let mut out = Self {
            lang: self.lang,
            capitals_tell: self.capitals_tell,
            facts: self.facts[sentences.clone()].to_vec(),
            types: self.types.clone(),
            tokens: self.tokens[tokens].to_vec(),
            first_token: bounds.iter().map(|at| at - bounds[0]).collect(),
            figures: self.figures.part(sentences),
            phrases: Vec::new(),
            words_of_phrases: Vec::new(),
        };
        out.types.iter_mut().for_each(|token| token.sentences = 0);
        for token in &out.tokens {
            out.types[token.kind as usize].sentences += 1;
        }
        out
    }

    fn read((document, figures): Read<'_>, side: Side, lexicon: &Lexicon) -> Self {
        let sentences = &document.sentences;
        let usual = (USUAL_TYPES * sentences.len()).min(MOST_RESERVED);
        let mut reader = Reader {
            lang: document.lang,
            latin: is_latin(document, sentences),
            side,
            lexicon,
            types: Vec::with_capacity(usual),
            words: Vec::with_capacity(usual),
            by_spelling: FxHashMap::with_capacity_and_hasher(usual, FxBuildHasher),
            at_head: Vec::new(),
            others: FxHashMap::default(),
            keys: Vec::new(),
            folded: String::new(),
            sentence: Vec::new(),
            new: Vec::new(),
            unread: String::new(),
        };
        let mut out = Self {
            lang: document.lang,
            capitals_tell: true,
            facts: Vec::with_capacity(sentences.len()),
            types: Vec::new(),
            tokens: Vec::new(),
            first_token: Vec::with_capacity(sentences.len() + 1),
            figures,
            phrases: Vec::new(),
            words_of_phrases: Vec::new(),
        };
        out.first_token.push(0);
        let mut words = Vec::new();
        let (mut inside, mut capitals) = (0_usize, 0_usize);
        for (number, sentence) in sentences.iter().enumerate() {
            let text = sentence.span.of(&document.text);
            let cut = |span: Span| sentence.cuts.iter().any(|cut| cut.overlaps(span));
            words.clear();
            let found = out.figures.of_sentences(number..number + 1).iter();
            let mut figures = found
                .filter(|figure| !figure.weak)
                .map(|figure| figure.span)
                .peekable();
            for (at, word) in fold::words(text).enumerate() {
                let capital = word.of(text).starts_with(fold::is_capital);
                if at > 0 && number < LETTERS_SHOW {
                    inside += 1;
                    capitals += usize::from(capital);
                }
                let span = word.shifted(sentence.span.start);
                while figures.peek().is_some_and(|figure| figure.end <= span.start) {
                    figures.next();
                }
                if !cut(span) && !figures.peek().is_some_and(|figure| figure.overlaps(span)) {
                    words.push(Written { span, capital });
                }
            }
            reader.read_words(&document.text, sentence.span, &words, &mut out);
            let found = out.figures.of_sentences(number..number + 1).iter();
            for figure in found.filter(|figure| !figure.weak) {
                let kind = reader.figure(figure);
                out.tokens.push(Token {
                    kind,
                    span: figure.span,
                });
            }
            out.first_token.push(out.tokens.len() as u32);
            let (length, marks) = length_and_marks(text);
            out.facts.push(Facts {
                length: length as f32,
                marks,
                paragraph: sentence.paragraph,
                sentences: qostil_split::sentences(text, document.lang).take(99).count() as u16,
                open: !text
                    .trim_end_matches(|c: char| !c.is_alphanumeric() && !ENDS.contains(&c))
                    .ends_with(ENDS),
            });
        }
        out.capitals_tell = capitals as f64 <= MOST_CAPITALS * inside as f64;
        let kinds = reader.kinds();
        for token in out.tokens.iter_mut().chain(&mut out.words_of_phrases) {
            token.kind = kinds[token.kind as usize];
        }
        out.types = reader.into_types();
        out
    }
}

/// Room is made for so many distinct tokens a sentence, and for so many at most.
const USUAL_TYPES: usize = 16;
const MOST_RESERVED: usize = 2000;

/// What a sentence ends with, before quotes and brackets that close.
const ENDS: [char; 5] = ['.', '!', '?', '…', ':'];

/// What each byte adds to a sentence's marks, with whether a character begins there that is no white space.
static BYTES: [u8; 256] = {
    let mut bytes = [COUNTED; 256];
    let mut at = 0;
    while at < 256 {
        match at as u8 {
            b'?' => bytes[at] |= 1,
            b'"' => bytes[at] |= 2,
            b'!' => bytes[at] |= 4,
            b'(' => bytes[at] |= 16,
            b' ' | b'\t'..=b'\r' | 0x80..=0xbf => bytes[at] = 0, // white space, and what is inside a character
            b':' | 0xc2 | 0xe1..=0xe3 => bytes[at] = LOOK, // other white space and quotation marks begin so
            _ => {}
        }
        at += 1;
    }
    bytes
};
const COUNTED: u8 = 128;
/// More than the byte is to be looked at.
const LOOK: u8 = 64;

/// How many characters of a text are no white space, and its punctuation.
fn length_and_marks(text: &str) -> (usize, Marks) {
    const OPEN: [char; 6] = ['«', '“', '„', '"', '‘', '\''];
    const CLOSE: [char; 6] = ['»', '”', '“', '"', '’', '\''];
    let (mut length, mut bits) = (0, 0);
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    for (at, &byte) in bytes.iter().enumerate() {
        let known = BYTES[usize::from(byte)];
        if known & LOOK == 0 {
            length += usize::from(known & COUNTED != 0);
            bits |= known & !COUNTED;
        } else if byte == b':' {
            let in_figure = at > 0 && is_digit(at - 1) && is_digit(at + 1); // a score, a time
            length += 1;
            bits |= if in_figure { 0 } else { 8 };
        } else {
            let c = text.get(at..).and_then(|rest| rest.chars().next());
            length += usize::from(!c.is_some_and(char::is_whitespace));
            bits |= u8::from(matches!(c, Some('«' | '“' | '„'))) << 1;
        }
    }
    let start = text.trim_start();
    if start.starts_with(OPEN) {
        bits |= Marks::OPENS_QUOTE.0;
    }
    if start.starts_with(['–', '—']) || start.starts_with("- ") {
        bits |= Marks::DASH.0;
    }
    if text.trim_end_matches(['.', ',', ' ', '!', '?']).ends_with(CLOSE) {
        bits |= Marks::CLOSES_QUOTE.0;
    }
    (length, Marks(bits))
}

/// So many sentences show how a text uses letters.
const LETTERS_SHOW: usize = 200;
/// Where more than this share of the words inside sentences begin with a capital, names are not what it marks: English, Kazakh and Russian news have
/// one word in eight, German has one in three.
const MOST_CAPITALS: f64 = 0.25;

/// Whether most letters of a text are Latin: of its characters beyond ASCII nearly all are letters.
fn is_latin(document: &Document, sentences: &[Sentence]) -> bool {
    let (mut latin, mut others) = (0, 0);
    for sentence in sentences.iter().take(LETTERS_SHOW) {
        let text = sentence.span.of(&document.text);
        latin += count(text, |byte| byte.is_ascii_alphabetic());
        others += count(text, |byte| byte >= 0xc0);
    }
    latin > others
}

/// How many bytes of a text are so: in pieces whose counts fit a byte, as machines count many at a time.
fn count(text: &str, is_so: impl Fn(u8) -> bool) -> usize {
    let pieces = text.as_bytes().chunks(usize::from(u8::MAX));
    let count = |piece: &[u8]| piece.iter().map(|&byte| u8::from(is_so(byte))).sum::<u8>();
    pieces.map(count).map(usize::from).sum()
}

/// Gives tokens their types.
struct Reader<'a> {
    lang: Lang,
    /// Whether the text is in Latin letters: there a word in them is nothing special.
    latin: bool,
    side: Side,
    lexicon: &'a Lexicon,
    types: Vec<Type>,
    /// Distinct words.
    words: Vec<Word>,
    /// Their numbers by the hash of the folded spelling and how it is written.
    by_spelling: FxHashMap<(u64, Case), u32>,
    /// Numbers and hashes of those that begin a sentence.
    at_head: Vec<(u32, u64)>,
    /// Phrases and figures, by the keys that they are matched by, all in one.
    others: FxHashMap<Key, u32>,
    /// Those keys; used again and again.
    keys: Vec<Key>,
    folded: String,
    /// Of a sentence's words their numbers, and those that are not read yet: their places in `unread`, and how they are written.
    sentence: Vec<u32>,
    new: Vec<(Range<usize>, Case)>,
    unread: String,
}

/// How a word is written, for what that tells of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Case {
    /// Without a capital.
    Small,
    /// With one where a sentence begins, as every word has there.
    AtHead,
    /// With one that tells a name.
    Capital,
}

/// A word of a sentence.
struct Written {
    span: Span,
    /// Whether it begins with a capital.
    capital: bool,
}

/// A distinct word.
struct Word {
    kind: u32,
    read: Arc<qostil_lexicon::Word>,
}

impl Reader<'_> {
    fn read_words(&mut self, text: &str, sentence: Span, words: &[Written], out: &mut Analysis) {
        let mut read = std::mem::take(&mut self.sentence);
        read.clear();
        for (index, word) in words.iter().enumerate() {
            let begins_sentence = || index == 0 || starts_anew(text, sentence, word.span);
            let written = word.span.of(text);
            let case = match word.capital {
                false => Case::Small,
                true if !is_shouted(written) && begins_sentence() => Case::AtHead,
                true => Case::Capital,
            };
            read.push(self.number(written, case));
        }
        self.read_new();
        let token = |reader: &Self, at: usize| {
            let kind = reader.words[read[at] as usize].kind;
            let span = words[at].span;
            (kind != NO_TYPE).then_some(Token { kind, span })
        };
        let mut at = 0;
        while at < read.len() {
            let following = read[at..].iter().map(|&word| &*self.words[word as usize].read);
            if let Some((length, phrase)) = self.lexicon.phrase(self.side, following) {
                let all = at..at + length;
                let first = out.words_of_phrases.len() as u32;
                out.words_of_phrases
                    .extend(all.clone().filter_map(|at| token(self, at)));
                out.phrases.push(Phrase {
                    token: out.tokens.len() as u32,
                    words: first..out.words_of_phrases.len() as u32,
                });
                out.tokens.push(Token {
                    kind: self.phrase_type(phrase, &read[all.clone()]),
                    span: Span::new(words[at].span.start, words[all.end - 1].span.end),
                });
                at = all.end;
                continue;
            }
            out.tokens.extend(token(self, at));
            at += 1;
        }
        self.sentence = read;
    }

    fn phrase_type(&mut self, phrase: Key, words: &[u32]) -> u32 {
        self.keys.clear();
        self.keys.push(phrase);
        for &word in words {
            self.keys.extend(&self.words[word as usize].read.headwords);
        }
        self.other(Class::Word)
    }

    fn figure(&mut self, figure: &Figure) -> u32 {
        self.keys.clear();
        figure.keys_into(&mut self.keys);
        self.other(Class::Figure)
    }

    /// The type that is matched by the keys at hand.
    fn other(&mut self, class: Class) -> u32 {
        let all = self.keys.iter().copied().fold(class as Key, stem::join_keys);
        *self.others.entry(all).or_insert_with(|| {
            self.types.push(Type {
                keys: self.keys.as_slice().into(),
                ..Type::of(class)
            });
            self.types.len() as u32 - 1
        })
    }

    /// The number of a word, which may be one that is not read yet.
    fn number(&mut self, word: &str, case: Case) -> u32 {
        fold::fold_word(word, &mut self.folded);
        let spelling = FxBuildHasher.hash_one(&*self.folded);
        let next = (self.words.len() + self.new.len()) as u32;
        let number = *self.by_spelling.entry((spelling, case)).or_insert(next);
        if number == next {
            let start = self.unread.len();
            self.unread.push_str(&self.folded);
            self.new.push((start..self.unread.len(), case));
            if case == Case::AtHead {
                self.at_head.push((number, spelling));
            }
        }
        number
    }

    /// For every type the one that it is taken for: a word at the head of a sentence for the same word elsewhere, where its capital or the want of one tells what it is.
    fn kinds(&self) -> Vec<u32> {
        let mut kinds: Vec<u32> = (0..self.types.len() as u32).collect();
        let kind = |number: u32| self.words[number as usize].kind;
        for &(number, spelling) in self.at_head.iter().filter(|one| kind(one.0) != NO_TYPE) {
            let elsewhere = |case| self.by_spelling.get(&(spelling, case));
            if let Some(&same) = elsewhere(Case::Small).or_else(|| elsewhere(Case::Capital)) {
                kinds[kind(number) as usize] = kind(same);
            }
        }
        kinds
    }

    /// The types, each with its word: not before, as sharing one takes turns with all other threads that have it.
    fn into_types(mut self) -> Vec<Type> {
        for word in self.words {
            if let Some(token) = self.types.get_mut(word.kind as usize) {
                token.read = Some(word.read);
            }
        }
        self.types
    }

    /// Reads the new words; one at the head of a sentence as a name only if it is no word, as `We` is.
    fn read_new(&mut self) {
        let folded = |range: &Range<usize>| self.unread.get(range.clone()).unwrap_or("");
        let new: Vec<(&str, Case)> = self
            .new
            .drain(..)
            .map(|(range, case)| (folded(&range), case))
            .collect();
        let asked: Vec<(&str, bool)> = new
            .iter()
            .map(|&(folded, case)| (folded, case == Case::Capital))
            .collect();
        let mut read = self.lexicon.words(self.side, &asked, self.lang);
        let is_no_word = |at: &usize| new[*at].1 == Case::AtHead && read[*at].headwords.is_empty();
        let no_words: Vec<usize> = (0..new.len()).filter(is_no_word).collect();
        if !no_words.is_empty() {
            let as_names: Vec<(&str, bool)> = no_words.iter().map(|&at| (new[at].0, true)).collect();
            let names = self.lexicon.words(self.side, &as_names, self.lang);
            for (&at, name) in no_words.iter().zip(names) {
                read[at] = name;
            }
        }
        for (at, (&(folded, case), read)) in new.iter().zip(read).enumerate() {
            let latin = folded.is_ascii() && !self.latin || folded.bytes().any(|c| c.is_ascii_digit());
            let is_known = !read.headwords.is_empty();
            let class = match (latin, case, is_known) {
                (true, ..) => Class::Latin,
                (_, Case::Capital, false) => Class::Name,
                _ => Class::Word,
            };
            let kind = if folded.chars().nth(1).is_none() {
                NO_TYPE
            } else {
                self.types.push(Type {
                    // a function word is written like an acronym (it, us, who) by chance
                    spelling: if case == Case::Capital || read.stem.is_some() {
                        read.spelling
                    } else {
                        0
                    },
                    may_be_name: class != Class::Latin
                        && (case == Case::Capital || no_words.binary_search(&at).is_ok()),
                    ..Type::of(class)
                });
                self.types.len() as u32 - 1
            };
            self.words.push(Word { kind, read });
        }
        self.unread.clear();
    }
}

const NO_TYPE: u32 = u32::MAX;

impl Type {
    fn of(class: Class) -> Self {
        Self {
            class,
            read: None,
            keys: Box::default(),
            spelling: 0,
            sentences: 0,
            may_be_name: false,
        }
    }
}

/// Whether a word has a capital second letter.
fn is_shouted(word: &str) -> bool {
    word.chars().nth(1).is_some_and(fold::is_capital)
}

/// Whether a word inside a sentence has its capital from a sentence that begins with it, as what somebody says does; not what is quoted after a word, as names are.
fn starts_anew(text: &str, sentence: Span, word: Span) -> bool {
    const QUOTES: [char; 4] = ['«', '“', '"', '„'];
    const STOPS: [char; 9] = ['.', '!', '?', ':', '-', '–', '—', '(', ','];
    let before = text.get(sentence.start..word.start).unwrap_or("").trim_end();
    if before.ends_with(QUOTES) {
        let before = before.trim_end_matches(QUOTES).trim_end();
        return before.is_empty() || before.ends_with(STOPS);
    }
    before.ends_with(&STOPS[..8])
}
