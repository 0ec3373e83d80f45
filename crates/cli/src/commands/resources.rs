//! What `align`, `run` and `score` take beside documents.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use qostil_lexicon::{Lexicon, TableBuilder, parse_dictionary};
use qostil_text::Lang;

use crate::exit::Usage;
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
        for path in self.dict.iter().chain(&self.lexicon) {
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
}
