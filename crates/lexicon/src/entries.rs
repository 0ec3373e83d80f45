//! The entries of the project's own lexicon, `data/lexicon/*.tsv`. Shared with the build script.

use qostil_text::Lang;

/// One line of a lexicon file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedEntry<'a> {
    /// The file's name without its ending.
    pub file: &'a str,
    /// One-based line number in the file.
    pub line: usize,
    /// The Kazakh lemma or phrase.
    pub kk: &'a str,
    /// Part of speech: n v adj adv pron post conj part intj prop abbr phr.
    pub pos: &'a str,
    /// English equivalents, `; ` between.
    pub en: &'a str,
    /// Russian equivalents, `; ` between.
    pub ru: &'a str,
    /// Domain tag.
    pub domain: &'a str,
}

impl<'a> SeedEntry<'a> {
    /// The words of this entry in a language; none for a language that it does not have.
    pub fn words(&self, lang: Lang) -> impl Iterator<Item = &'a str> {
        let cell = match lang {
            Lang::Kazakh => self.kk,
            Lang::English => self.en,
            Lang::Russian => self.ru,
            Lang::KazakhLatin | Lang::Other(_) => "",
        };
        cell.split("; ").map(str::trim).filter(|word| !word.is_empty())
    }
}

/// Every entry of the seed lexicon, file by file.
pub fn seed_entries() -> impl Iterator<Item = SeedEntry<'static>> {
    qostil_data::lexicon::FILES.iter().flat_map(|&(file, text)| {
        text.lines().enumerate().skip(1).filter_map(move |(index, line)| {
            let mut columns = line.split('\t');
            let mut next = || columns.next();
            let (kk, pos, en, ru, domain) = (next()?, next()?, next()?, next()?, next()?);
            Some(SeedEntry {
                file,
                line: index + 1,
                kk,
                pos,
                en,
                ru,
                domain,
            })
        })
    })
}
