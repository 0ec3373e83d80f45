//! Sentences of a text that does not fit into memory.

use std::io::{self, BufRead};

use qostil_text::Lang;

use crate::{Options, sentences_with};

/// A sentence is final once this many bytes after the start of the next one are known: no rule looks farther.
const LOOKAHEAD: usize = 1024;

/// A text that comes in pieces, and its sentences as soon as they are final.
///
/// Memory is bounded by the longest sentence and the largest piece, not by the text.
///
/// ```
/// use qostil_split::{Feed, Options};
/// use qostil_text::Lang;
///
/// let mut feed = Feed::new(Lang::Kazakh, Options::default());
/// let mut found = Vec::new();
/// for piece in ["Ол кел", "ді.\nБіз күттік. Со", "дан соң кеттік."] {
///     feed.push(piece, |offset, sentence| found.push((offset, sentence.to_owned())));
/// }
/// feed.finish(|offset, sentence| found.push((offset, sentence.to_owned())));
/// let texts: Vec<&str> = found.iter().map(|(_, s)| s.as_str()).collect();
/// assert_eq!(texts, ["Ол келді.", "Біз күттік.", "Содан соң кеттік."]);
/// ```
#[derive(Clone, Debug)]
pub struct Feed {
    lang: Lang,
    options: Options,
    held: String,
    /// Bytes of the text before `held`.
    before: u64,
    /// Length of `held` at which to look again; doubles while one sentence fills it, so that the work stays linear.
    look_at: usize,
}

/// The longest sentence that a reader is asked for, in bytes: what is longer is none, and must not fill the memory.
const LONGEST: usize = 64 << 20;

/// Length of held text at which sentences are first looked for.
const BLOCK: usize = 64 * 1024;

impl Feed {
    /// An empty text in `lang`, laid out as `options` say.
    pub fn new(lang: Lang, options: Options) -> Self {
        Self {
            lang,
            options,
            held: String::new(),
            before: 0,
            look_at: BLOCK,
        }
    }

    /// Takes the next piece and hands each sentence that is now final to `sink`, with its offset in bytes from the
    /// beginning of the text.
    pub fn push(&mut self, piece: &str, mut sink: impl FnMut(u64, &str)) {
        self.held.push_str(piece);
        if self.held.len() >= self.look_at {
            self.hand_out(false, &mut sink);
        }
    }

    /// Hands out what is left.
    pub fn finish(mut self, mut sink: impl FnMut(u64, &str)) {
        self.hand_out(true, &mut sink);
    }

    fn hand_out(&mut self, all: bool, sink: &mut impl FnMut(u64, &str)) {
        let mut spans = sentences_with(&self.held, self.lang, self.options).peekable();
        let mut done = 0;
        while let Some(span) = spans.next() {
            let is_final = all
                || spans
                    .peek()
                    .is_some_and(|next| next.start + LOOKAHEAD < self.held.len());
            if !is_final {
                break;
            }
            sink(self.before + span.start as u64, span.of(&self.held));
            done = span.end;
        }
        self.held.drain(..done);
        self.before += done as u64;
        self.look_at = (self.held.len() * 2).max(BLOCK);
    }
}

/// The sentences of a reader of UTF-8, each with its offset in bytes; a byte order mark is skipped and not counted.
///
/// ```
/// use qostil_split::{Options, SentenceReader};
/// use qostil_text::Lang;
///
/// let reader = SentenceReader::new("Ол келді. Біз күттік.".as_bytes(), Lang::Kazakh, Options::default());
/// let found: Vec<(u64, String)> = reader.collect::<Result<_, _>>()?;
/// assert_eq!(found[1], (17, "Біз күттік.".to_owned()));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Each item may be the reader's error, or one of kind [`io::ErrorKind::InvalidData`] when the bytes are no UTF-8 or
/// 64 MiB of them end no sentence; nothing follows an error.
#[derive(Debug)]
pub struct SentenceReader<R> {
    reader: R,
    /// `None` once the reader is exhausted or has failed.
    feed: Option<Feed>,
    /// Bytes of a character that the next piece completes.
    partial: Vec<u8>,
    begun: bool,
    ready: std::collections::VecDeque<(u64, String)>,
}

impl<R: BufRead> SentenceReader<R> {
    /// Reads the sentences of `reader`.
    pub fn new(reader: R, lang: Lang, options: Options) -> Self {
        let feed = Some(Feed::new(lang, options));
        Self {
            reader,
            feed,
            partial: Vec::new(),
            begun: false,
            ready: std::collections::VecDeque::new(),
        }
    }

    /// Reads one piece; at the end hands out the rest.
    fn advance(&mut self, mut feed: Feed) -> io::Result<()> {
        let ready = &mut self.ready;
        let mut sink = |offset, sentence: &str| ready.push_back((offset, sentence.to_owned()));
        let piece = self.reader.fill_buf()?;
        let taken = piece.len();
        let no_utf8 = || io::Error::new(io::ErrorKind::InvalidData, "the text is not UTF-8");
        if taken == 0 {
            if !self.partial.is_empty() {
                return Err(no_utf8());
            }
            feed.finish(&mut sink);
            return Ok(());
        }
        self.partial.extend_from_slice(piece);
        self.reader.consume(taken);
        let valid = match std::str::from_utf8(&self.partial) {
            Ok(text) => text,
            Err(error) if error.error_len().is_none() => {
                std::str::from_utf8(&self.partial[..error.valid_up_to()]).map_err(|_| no_utf8())?
            }
            Err(_) => return Err(no_utf8()),
        };
        let text = if self.begun {
            valid
        } else {
            valid.strip_prefix('\u{feff}').unwrap_or(valid)
        };
        self.begun |= !valid.is_empty();
        let used = valid.len();
        feed.push(text, &mut sink);
        if feed.held.len() > LONGEST {
            let message = format!("a sentence of more than {LONGEST} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.partial.drain(..used);
        self.feed = Some(feed);
        Ok(())
    }
}

impl<R: BufRead> Iterator for SentenceReader<R> {
    type Item = io::Result<(u64, String)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(sentence) = self.ready.pop_front() {
                return Some(Ok(sentence));
            }
            let feed = self.feed.take()?;
            if let Err(error) = self.advance(feed) {
                return Some(Err(error));
            }
        }
    }
}
