//! The commands: each file holds the arguments of one and the function that runs it.

mod align;
mod bitext;
mod check;
mod completions;
mod convert;
mod eval;
mod figures;
mod lexicon;
mod pair;
mod report;
mod resources;
mod run;
mod score;
mod split;

use clap::Subcommand;

pub(crate) use convert::explain;
pub(crate) use resources::LexiconArgs;

use crate::exit::Exit;
use crate::global::Global;

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Split texts into sentences, one a line.
    Split(split::Split),
    /// Do everything: read, clean, pair, align, write bitext.
    Run(run::Run),
    /// Align two documents.
    Align(align::Align),
    /// Find the documents that are translations of each other.
    Pair(pair::Pair),
    /// Score an alignment against a gold one.
    Eval(eval::Eval),
    /// Make a page on which to read and correct an alignment.
    Report(report::Report),
    /// Convert bitext from one format into another.
    Convert(convert::Convert),
    /// List the figures of texts, by value.
    Figures(figures::Figures),
    /// Compare the figures of a bitext, row by row.
    Check(check::Check),
    /// Say of every row of a bitext how sure it is, and why.
    Score(score::Score),
    /// Learn a lexicon from bitext, look inside, match two texts.
    Lexicon(lexicon::LexiconCommand),
    /// Print the completions of a shell.
    Completions(completions::Completions),
}

impl Command {
    /// Runs it.
    pub(crate) fn run(self, global: &Global) -> anyhow::Result<Exit> {
        match self {
            Self::Split(args) => split::run(&args, global),
            Self::Run(args) => run::run(&args, global),
            Self::Align(args) => align::run(&args, global),
            Self::Pair(args) => pair::run(&args, global),
            Self::Eval(args) => eval::run(&args, global),
            Self::Report(args) => report::run(&args, global),
            Self::Convert(args) => convert::run(&args, global),
            Self::Figures(args) => figures::run(&args, global),
            Self::Check(args) => check::run(&args, global),
            Self::Score(args) => score::run(&args, global),
            Self::Lexicon(args) => lexicon::run(&args, global),
            Self::Completions(args) => completions::run(&args, global),
        }
    }
}
