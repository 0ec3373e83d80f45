//! What `align`, `run` and `score` take beside documents.

use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use qostil_bitext::Record;
use qostil_lexicon::{Lexicon, Side, TableBuilder, parse_dictionary};
use qostil_text::Lang;

use crate::exit::Usage;
use crate::global::Global;
use crate::input::read_text;

/// Lexicons.
#[derive(Args, Debug, Default)]
pub(crate) struct LexiconArgs {
    /// A dictionary of yours: `target @ source` a line as for hunalign, or TSV; which column is which language is found by script.
    #[arg(long, value_name = "FILE")]
    pub(crate) dict: Vec<PathBuf>,
    /// A lexicon learnt by `qostil lexicon learn`.
    #[arg(long, value_name = "FILE")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// Leave Qostil's own lexicon aside.
    #[arg(long)]
    pub(crate) no_seed_lexicon: bool,
}

impl LexiconArgs {
    /// The lexicon of a pair of languages: the user's first, then Qostil's own.
    pub(crate) fn load(&self, src: Lang, tgt: Lang) -> anyhow::Result<Lexicon> {
        let mut lexicon = Lexicon::default();
        for path in self.files() {
            let mut builder = TableBuilder::default();
            parse_dictionary(&read_text(path)?, src, tgt, &mut builder)
                .map_err(|error| Usage::error(format!("{}, {error}", path.display())))?;
            lexicon.push(Arc::new(builder.finish()));
        }
        if !self.no_seed_lexicon
            && let Some(table) = qostil_lexicon::seed_table(src, tgt)
        {
            lexicon.push(table);
        }
        Ok(lexicon)
    }

    /// The user's files, strongest first.
    fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.dict.iter().chain(&self.lexicon)
    }

    /// Those of the user's files whose words are to be met yet; `lexicon` is what [`LexiconArgs::load`] gave for these languages.
    pub(crate) fn unmet(&self, lexicon: &Lexicon, langs: [Lang; 2]) -> Unmet<'_> {
        let files = self.files().zip(lexicon.each());
        let rest = files.map(|(path, lexicon)| (path.as_path(), lexicon, [false; 2]));
        Unmet {
            rest: rest.collect(),
            langs,
            has_texts: false,
        }
    }
}

/// The user's dictionaries of which no word was met so far on one of the sides: those that have their languages in other columns than they are taken for, or have others, do nothing.
pub(crate) struct Unmet<'a> {
    rest: Vec<(&'a Path, Lexicon, [bool; 2])>,
    langs: [Lang; 2],
    /// Whether there was anything to meet them in.
    has_texts: bool,
}

impl Unmet<'_> {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Looks for their words in a text of either side.
    pub(crate) fn look(&mut self, texts: [&str; 2]) {
        self.has_texts |= texts.iter().all(|text| !text.trim().is_empty());
        self.rest.retain_mut(|(_, lexicon, met)| {
            for (at, side) in [Side::Source, Side::Target].into_iter().enumerate() {
                met[at] = met[at] || lexicon.is_met(side, texts[at], self.langs[at]);
            }
            *met != [true; 2]
        });
    }

    /// Looks for them in rows until all are met.
    pub(crate) fn look_through(&mut self, mut rows: impl Iterator<Item = impl Borrow<Record>>) {
        while !self.is_empty()
            && let Some(row) = rows.next()
        {
            let row = row.borrow();
            self.look([&row.src, &row.tgt]);
        }
    }

    /// Names those that are left, and `place`, where they were looked for.
    pub(crate) fn tell(&self, place: &str, global: &Global) {
        let [src, tgt] = self.langs;
        for (path, lexicon, met) in self.rest.iter().filter(|_| self.has_texts) {
            if lexicon.tables().all(|table| table.headwords(Side::Source) == 0) {
                global.warn(format_args!("{} is empty", path.display()));
                continue;
            }
            let which = match met {
                [true, _] => format!("none of its words in {tgt} stands"),
                [_, true] => format!("none of its words in {src} stands"),
                _ => "none of its words stands".to_owned(),
            };
            global.warn(format_args!(
                "{}: {which} in {place}: expected {src} and {tgt} in its first two columns, or `{tgt} @ {src}`; a first line of the two codes says which is which",
                path.display()
            ));
        }
    }
}
