//! From a text as it was found to a [`Document`] in sentences, with account of everything left out.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::path::Path;

use qostil_split::{identify, paragraphs, sentences, tells};
use qostil_text::fold::is_letter;
use qostil_text::{Document, Lang, Sentence, Span};
use serde::{Deserialize, Serialize};

use crate::clean::clean_lines;
use crate::extract::{Kind, extract};
use crate::{Boilerplate, Content, Cut, DecodeError, Encoding, Rule, Source};

/// How documents are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingSettings {
    /// Cleaning rules that are on.
    pub rules: Vec<Rule>,
    /// Largest document in bytes, after decompression.
    pub limit: u64,
    /// What the collection's documents share, for the rule of that name.
    #[serde(skip)]
    pub boilerplate: Boilerplate,
}

impl Default for ReadingSettings {
    fn default() -> Self {
        Self {
            rules: Rule::ALL.to_vec(),
            limit: 256 << 20,
            boilerplate: Boilerplate::default(),
        }
    }
}

/// The stage of the flow that left something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Stage {
    /// Reading: the file could not be used.
    Read,
    /// Cleaning; the reason is the rule.
    Clean,
    /// Language: of the document, or of one paragraph.
    Language,
    /// Pairing of documents.
    Pair,
    /// Filters on the finished bitext.
    Filter,
}

impl Stage {
    /// Its name in `left-out.tsv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Clean => "clean",
            Self::Language => "language",
            Self::Pair => "pair",
            Self::Filter => "filter",
        }
    }
}

/// A piece of a document that goes into no bead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Where in the flow.
    pub stage: Stage,
    /// Why, as one word with hyphens.
    pub reason: Cow<'static, str>,
    /// Bytes of the document: in order, disjoint.
    pub spans: Vec<Span>,
}

/// A document with what became of every part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The document; its sentences are those that go on.
    pub document: Document,
    /// How sure its language is, 0–1.
    pub lang_confidence: f64,
    /// How its bytes were decoded.
    pub encoding: Encoding,
    /// Everything that is in no sentence, but white space.
    pub left_out: Vec<LeftOut>,
    /// Whether the text is not the file's own but was taken out of something else, so that it has to be kept for its spans.
    pub is_extract: bool,
}

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Its file failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It holds more than [`ReadingSettings::limit`] lets in.
    #[error("it holds more than {limit} bytes once unpacked")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Its bytes are no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is not what its name says.
    #[error("it cannot be read as {what}: {cause}")]
    Broken {
        /// What its name says it is.
        what: &'static str,
        /// What went wrong.
        cause: String,
    },
}

/// Reads a document from where it is.
///
/// # Errors
/// When its file cannot be read, is larger than the limit, or is no text.
pub fn read_source(source: &Source, settings: &ReadingSettings) -> Result<Reading, ReadError> {
    match &source.content {
        Content::File(path) => read_file(path, &source.id, source.lang, settings),
        Content::Text(text) => Ok(Reading {
            is_extract: true,
            ..read_text(&source.id, text.clone(), source.lang, settings)
        }),
    }
}

/// Reads a file, decompressed where its first bytes say that it is packed, into a document; in the language `lang` if that is known. What kind of file it is
/// its name says: web page, word processor file, book, subtitles, else plain text.
///
/// # Errors
/// When the file cannot be read, is larger than the limit, or is no text.
pub fn read_file(
    path: &Path,
    id: &str,
    lang: Option<Lang>,
    settings: &ReadingSettings,
) -> Result<Reading, ReadError> {
    let file = file_text(path, settings)?;
    Ok(Reading {
        encoding: file.encoding,
        is_extract: file.is_extract,
        ..read_text(id, file.text, lang, settings)
    })
}

/// The text of a file, as it is before it is read.
pub(crate) struct FileText {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    pub(crate) is_extract: bool,
}

/// See [`read_file`].
pub(crate) fn file_text(path: &Path, settings: &ReadingSettings) -> Result<FileText, ReadError> {
    let limit = settings.limit;
    let bytes = qostil_export::read_limited(path, limit).map_err(|cause| match cause.kind() {
        io::ErrorKind::FileTooLarge => ReadError::TooLarge { limit },
        _ => cause.into(),
    })?;
    let kind = kind_of(path);
    let (text, encoding) = extract(bytes, kind, limit)?;
    Ok(FileText {
        text,
        encoding,
        is_extract: kind != Kind::Plain,
    })
}

/// The text that stands in the `bytes` of a file of this name, unpacked already, and how it was encoded: of a web page its main text, of a word processor file, book or
/// subtitles their text, of any other file all of it. At most `limit` bytes once what is packed inside is unpacked.
///
/// # Errors
/// When the bytes are not what the name says, hold more than the limit, or are no text.
///
/// ```
/// let (text, _) = qostil_corpus::text_of("page.html".as_ref(), "<p>Су тапшы.</p>".into(), 1 << 20).unwrap();
/// assert_eq!(text.trim(), "Су тапшы.");
/// ```
pub fn text_of(path: &Path, bytes: Vec<u8>, limit: u64) -> Result<(String, Encoding), ReadError> {
    extract(bytes, kind_of(path), limit)
}

/// Whether the text in a file of this name has to be taken out of something else, as [`text_of`] does.
pub fn is_packed(path: &Path) -> bool {
    kind_of(path) != Kind::Plain
}

fn kind_of(path: &Path) -> Kind {
    Kind::of(path).unwrap_or(Kind::Plain)
}

/// Makes a document of `text`: cleans it, tells its language unless `lang` is known, and splits it into sentences.
///
/// A paragraph that is plainly in another language than the document is left out. Linear in the length of the text.
pub fn read_text(id: &str, text: String, lang: Option<Lang>, settings: &ReadingSettings) -> Reading {
    let lines: Vec<Span> = paragraphs(&text).collect();
    let cuts = clean_lines(&text, &lines, &settings.rules, &settings.boilerplate);
    let mut left_out: Vec<LeftOut> = cuts
        .iter()
        .map(|cut| LeftOut {
            stage: Stage::Clean,
            reason: cut.rule.name().into(),
            spans: vec![cut.span],
        })
        .collect();
    let kept = KeptText::new(&text, &lines, &cuts);
    let (lang, lang_confidence) = match lang {
        Some(lang) => (lang, 1.0),
        None => {
            let mut found = identify(&sample(&kept.paragraphs, SAMPLE));
            if found.confidence < PLAIN {
                found = identify(&sample(&kept.paragraphs, LARGE_SAMPLE));
            }
            (found.lang, found.confidence)
        }
    };
    let mut found = Vec::new();
    for (number, paragraph) in kept.paragraphs.iter().enumerate() {
        let pieces = kept.pieces_of(paragraph);
        let other = lang.is_known().then(|| foreign(&paragraph.text, lang));
        match other.flatten() {
            Some(other) => left_out.push(LeftOut {
                stage: Stage::Language,
                reason: format!("paragraph-{other}").into(),
                spans: pieces.iter().map(|piece| piece.span).collect(),
            }),
            None => found.extend(
                sentences(&paragraph.text, lang)
                    .filter_map(|span| sentence(pieces, span, u32::try_from(number).unwrap_or(u32::MAX))),
            ),
        }
    }
    left_out.sort_by_key(|part| part.spans.first().copied());
    let document = Document {
        id: id.to_owned(),
        lang,
        text,
        sentences: found,
    };
    Reading {
        document,
        lang_confidence,
        encoding: Encoding::Utf8,
        left_out,
        is_extract: false,
    }
}

/// What remains of a text between the cuts.
struct KeptText<'t> {
    /// Those that hold anything but white space.
    paragraphs: Vec<Kept<'t>>,
    /// The pieces of all paragraphs.
    pieces: Vec<Piece>,
}

/// What remains of a paragraph: the pieces between the cuts, and their text joined as it stands.
struct Kept<'t> {
    /// Where its pieces are among all.
    pieces: Range<usize>,
    text: Cow<'t, str>,
}

/// A piece of a paragraph.
struct Piece {
    span: Span,
    /// Where it begins in the paragraph's text.
    start: usize,
}

impl<'t> KeptText<'t> {
    fn new(text: &'t str, lines: &[Span], cuts: &[Cut]) -> Self {
        let mut kept = Self {
            paragraphs: Vec::new(),
            pieces: Vec::new(),
        };
        let mut cuts = cuts.iter().map(|cut| cut.span).peekable();
        for line in lines {
            let first = kept.pieces.len();
            let (mut at, mut start) = (line.start, 0);
            let mut push = |span: Span| {
                if !span.is_empty() {
                    kept.pieces.push(Piece { span, start });
                    start += span.len();
                }
            };
            while let Some(cut) = cuts.next_if(|cut| cut.start < line.end) {
                push(Span::new(at, cut.start));
                at = cut.end;
            }
            push(Span::new(at, line.end));
            let pieces = kept.pieces.get(first..).unwrap_or_default();
            let remains = match pieces {
                [one] => Cow::Borrowed(one.span.of(text)),
                several => Cow::Owned(
                    several
                        .iter()
                        .map(|piece| piece.span.of(text))
                        .collect::<String>(),
                ),
            };
            if remains.trim().is_empty() {
                kept.pieces.truncate(first);
            } else {
                kept.paragraphs.push(Kept {
                    pieces: first..kept.pieces.len(),
                    text: remains,
                });
            }
        }
        kept
    }

    fn pieces_of(&self, paragraph: &Kept<'_>) -> &[Piece] {
        self.pieces.get(paragraph.pieces.clone()).unwrap_or_default()
    }
}

/// A sentence of the text of a paragraph, which these pieces make up, as one of the document: its span there, with the cuts inside it.
fn sentence(pieces: &[Piece], span: Span, paragraph: u32) -> Option<Sentence> {
    // Nothing is cut out of most paragraphs.
    if let [whole] = pieces {
        return Some(Sentence::new(span.shifted(whole.span.start), paragraph));
    }
    let first = pieces
        .partition_point(|piece| piece.start <= span.start)
        .checked_sub(1)?;
    let mut ranges = Vec::new();
    for piece in pieces.iter().skip(first) {
        let at = piece.start;
        let (start, end) = (span.start.max(at), span.end.min(at + piece.span.len()));
        if start >= end {
            break;
        }
        ranges.push(Span::new(
            piece.span.start + start - at,
            piece.span.start + end - at,
        ));
    }
    let cuts = ranges
        .windows(2)
        .map(|pair| Span::new(pair[0].end, pair[1].start))
        .collect();
    let whole = Span::new(ranges.first()?.start, ranges.last()?.end);
    Some(Sentence {
        span: whole,
        cuts,
        paragraph,
    })
}

/// Text that a document's language is told by, in bytes: of most documents more would say no more.
const SAMPLE: usize = 1 << 9;
/// The same when it is not plain from that.
const LARGE_SAMPLE: usize = 8 << 10;
/// How sure a language is that is plain.
pub(crate) const PLAIN: f64 = 0.95;

/// Bytes of one place of a sample.
const PIECE: usize = 128;

/// The kept text; of more than `size` bytes the heads of paragraphs that stand evenly apart, whole words.
fn sample(kept: &[Kept], size: usize) -> String {
    let all: usize = kept.iter().map(|paragraph| paragraph.text.len()).sum();
    let mut out = String::with_capacity(all.min(size) + kept.len());
    let pieces = (size / PIECE).max(1);
    // From one place to the next.
    let step = if all > size { all.div_ceil(pieces) } else { 1 };
    let (mut end, mut taken) = (0, 0);
    for paragraph in kept {
        let text: &str = &paragraph.text;
        end += text.len();
        let due = end.div_ceil(step);
        let wanted = if all > size {
            (due - taken) * PIECE
        } else {
            text.len()
        };
        taken = due;
        if wanted == 0 {
            continue;
        }
        let head = &text[..floor(text, wanted.min(text.len()))];
        out.push_str(match head.rfind(' ') {
            Some(end) if head.len() < text.len() => &head[..end],
            _ => head,
        });
        out.push('\n');
    }
    out
}

/// The last beginning of a character up to byte `at`, which is not beyond the end.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// Letters of a text, as far as its bytes tell them.
#[derive(Clone, Copy, Default)]
struct Letters {
    /// Of ASCII.
    latin: usize,
    /// Small letters of Kazakh that Russian has not.
    kazakh: usize,
    /// The other letters of Cyrillic.
    cyrillic: usize,
}

impl Letters {
    #[allow(
        clippy::needless_bitwise_bool,
        reason = "a lazy operator would keep the loop from being vectorised"
    )]
    fn of(text: &str) -> Self {
        /// So many bytes are counted in a byte.
        const BLOCK: usize = 255;
        let mut letters = Self::default();
        let bytes = text.as_bytes();
        for (block, next) in bytes
            .chunks(BLOCK)
            .zip(bytes.get(1..).unwrap_or_default().chunks(BLOCK))
        {
            let (mut latin, mut cyrillic, mut kazakh) = (0_u8, 0_u8, 0_u8);
            for (&byte, &next) in block.iter().zip(next) {
                latin += u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
                cyrillic += u8::from((byte.wrapping_sub(0xd0) < 4) | ((byte == 0xd4) & (next < 0xb0)));
                // ғ қ ң ү ұ һ, ә ө, і
                let of_d2 = (next == 0x93)
                    | (next == 0x9b)
                    | (next == 0xa3)
                    | (next == 0xaf)
                    | (next == 0xb1)
                    | (next == 0xbb);
                let of_d3 = (next == 0x99) | (next == 0xa9);
                kazakh += u8::from(
                    ((byte == 0xd2) & of_d2) | ((byte == 0xd3) & of_d3) | ((byte == 0xd1) & (next == 0x96)),
                );
            }
            letters.latin += usize::from(latin);
            letters.kazakh += usize::from(kazakh);
            letters.cyrillic += usize::from(cyrillic - kazakh);
        }
        // The last byte has none after it: it may be a letter of ASCII.
        letters.latin += usize::from(bytes.last().is_some_and(u8::is_ascii_alphabetic));
        letters
    }

    /// Whether they alone show that their text is in `lang`, so that nothing else need be looked at.
    fn are_plainly(self, lang: Lang) -> bool {
        let Self {
            latin,
            cyrillic,
            kazakh,
        } = self;
        match lang {
            Lang::Kazakh => kazakh * 10 > cyrillic && latin * 4 < cyrillic,
            Lang::Russian => cyrillic > 0 && kazakh == 0 && latin * 4 < cyrillic,
            Lang::English => latin > 10 * (cyrillic + kazakh),
            _ => false,
        }
    }
}

/// Fewest letters by which a paragraph's language can be told from its document's, and a document's from what is said of it.
const LETTERS: usize = 60;
const FEW_LETTERS: usize = 20;

/// The language of a paragraph when it is plainly another than the document's, and one that Qostil knows: names and figures alone may look like any other.
fn foreign(paragraph: &str, lang: Lang) -> Option<Lang> {
    if Letters::of(paragraph).are_plainly(lang) || !has_letters(paragraph, LETTERS) {
        return None;
    }
    other_than(paragraph, lang).filter(Lang::is_known)
}

/// Whether a text has so many letters or more.
fn has_letters(text: &str, letters: usize) -> bool {
    text.chars().filter(|&c| is_letter(c)).take(letters).count() == letters
}

/// The language of a text when it is plainly another than this.
fn other_than(text: &str, lang: Lang) -> Option<Lang> {
    identify(text).other_than(lang, 0.9)
}

/// Pieces of so many bytes by which the language of a whole text is judged, and the most of them.
const JUDGED: usize = 400;
const MOST_JUDGED: usize = 32;

/// The language that a text plainly is in all over, when that is another than `lang`. Linear in its length.
pub(crate) fn plainly_other(text: &str, lang: Lang) -> Option<Lang> {
    if !tells(lang) {
        return None;
    }
    let pieces = (text.len() / JUDGED).clamp(1, MOST_JUDGED);
    let cut = |number: usize| floor(text, text.len() / pieces * number);
    let mut other = None;
    let mut unlike = 0;
    for number in 0..pieces {
        let end = if number + 1 == pieces {
            text.len()
        } else {
            cut(number + 1)
        };
        let piece = &text[cut(number)..end];
        let found = has_letters(piece, FEW_LETTERS)
            .then(|| other_than(piece, lang))
            .flatten();
        match found.filter(|found| found.is_known() || has_letters(piece, LETTERS)) {
            Some(found) if *other.get_or_insert(found) == found => {}
            _ => unlike += 1,
        }
    }
    other.filter(|_| unlike * 10 <= pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that is in no sentence and not left out.
    fn unaccounted(reading: &Reading) -> String {
        let text = &reading.document.text;
        let mut spans: Vec<Span> = reading
            .document
            .sentences
            .iter()
            .flat_map(Sentence::ranges)
            .collect();
        spans.extend(
            reading
                .left_out
                .iter()
                .flat_map(|part| part.spans.iter().copied()),
        );
        spans.sort_unstable();
        let mut at = 0;
        let mut out = String::new();
        for span in spans {
            assert!(span.start >= at, "{span} is accounted for twice");
            out.push_str(&text[at..span.start]);
            at = span.end;
        }
        out.push_str(&text[at..]);
        out.trim().to_owned()
    }

    #[test]
    fn a_long_document_of_short_lines_is_told_by_whole_words() {
        let lines = [
            "Нан бар",
            "Су жоқ",
            "Ол кетті, бала келді",
            "Мектеп жаңа",
            "Ел іші тыныш еді",
        ];
        let text = lines.join("\n").repeat(3000);
        let reading = read_text("a", text, None, &ReadingSettings::default());
        assert_eq!(reading.document.lang, Lang::Kazakh);
    }

    #[test]
    fn a_text_is_in_another_language_when_it_is_all_over() {
        let kk = "Үкімет биыл ауылдарда жаңа мектептер мен ауруханалар салуды жоспарлап отыр.\n";
        let ru = "В этом году правительство собирается построить в сёлах новые школы и больницы.\n";
        let en = "This year the government is going to build new schools and hospitals in villages.\n";
        let found = |text: &str| plainly_other(text, Lang::Kazakh);
        assert_eq!(found(en), Some(Lang::English));
        assert_eq!(found(&ru.repeat(100)), Some(Lang::Russian));
        assert_eq!(found(&kk.repeat(100)), None);
        // Who says that a text is Kazakh is believed while any good part of it is.
        assert_eq!(found(&format!("{}{}", en.repeat(40), kk.repeat(20))), None);
        assert_eq!(found(&format!("{}{}", ru.repeat(40), kk.repeat(20))), None);
        assert_eq!(found("Yes."), None);
        assert_eq!(found(""), None);
        let mixed = format!("{}{}", ru.repeat(40), kk.repeat(20));
        assert_eq!(plainly_other(&mixed, Lang::Russian), None);
    }

    /// Whoever said that such a text was Kazakh or English was believed.
    #[test]
    fn texts_in_languages_without_resources_are_in_none_of_the_known() {
        for text in [
            "哈萨克斯坦总统今天在阿斯塔纳会见了代表团。双方讨论了贸易、能源和交通领域的合作问题。会谈持续了两个小时，双方还签署了五项协议。代表团明天将访问阿拉木图，参观当地的工厂和大学。",
            "التقى رئيس كازاخستان اليوم في أستانا بالوفد وناقش الجانبان التعاون في مجالات التجارة والطاقة والنقل.",
            "A kazah elnök ma fogadta a küldöttséget, és a felek a kereskedelem területén folytatott együttműködésről tárgyaltak.",
            "Cumhurbaşkanı bugün heyeti kabul etti; taraflar ticaret, enerji ve ulaştırma alanlarında iş birliğini görüştü.",
            "Президент бугун делегацияни қабул қилди, томонлар савдо ва транспорт соҳаларидаги ҳамкорликни муҳокама қилдилар.",
            "Президент бүгүн делегацияны кабыл алды, тараптар соода жана транспорт тармагындагы кызматташтыкты талкуулашты.",
        ] {
            for said in [Lang::Kazakh, Lang::Russian, Lang::English] {
                for text in [text.to_owned(), format!("{text}\n").repeat(50)] {
                    assert_eq!(plainly_other(&text, said), Some(Lang::UNKNOWN), "{said}: {text}");
                }
            }
        }
        let german: Lang = "de".parse().unwrap();
        let text = "Der Präsident hat heute die Delegation empfangen, und die Seiten besprachen den Handel.";
        assert_eq!(plainly_other(text, german), None);
        assert_eq!(plainly_other(text, Lang::English), Some(Lang::UNKNOWN));
        // Names alone are of no language.
        let names = "Astana Opera, Almaty, Kassym-Jomart Tokayev, Nur-Sultan, Kazakhstan Temir Zholy";
        assert_eq!(plainly_other(names, Lang::English), None);
    }

    #[test]
    fn bytes_tell_letters_as_characters_do() {
        let every: String = ('\u{1}'..='\u{2fff}').collect();
        for text in [
            every.as_str(),
            "",
            "x",
            "қ",
            "Қазақ ə",
            &"ұзақ мәтін, long text; ".repeat(100),
        ] {
            let count = |is: fn(&char) -> bool| text.chars().filter(is).count();
            let kazakh = |c: &char| "әғқңөұүһі".contains(*c);
            let letters = Letters::of(text);
            assert_eq!(letters.latin, count(char::is_ascii_alphabetic));
            assert_eq!(letters.kazakh, count(kazakh));
            let cyrillic = count(|c| matches!(c, '\u{400}'..='\u{52f}'));
            assert_eq!(letters.cyrillic + letters.kazakh, cyrillic);
        }
    }

    #[test]
    fn nothing_is_lost() {
        let text = " date 2025-08-14 Жаңа мектеп ашылды бүгін\nЖаңа мектеп ашылды бүгін\n503\nБірі  width= екі. Үш <b>төрт</b>!\n\
                    В городе открыли новую большую школу, в которой будут учиться шестьсот детей из трёх районов.\nСоңы.";
        let reading = read_text("a", text.into(), Some(Lang::Kazakh), &ReadingSettings::default());
        assert_eq!(unaccounted(&reading), "");
        let texts: Vec<_> = (0..reading.document.sentences.len())
            .map(|i| reading.document.sentence_text(i))
            .collect();
        assert_eq!(texts[0], "Жаңа мектеп ашылды бүгін");
        assert_eq!(texts[1..3], ["Бірі   екі.", "Үш төрт!"]);
    }
}
