//! The commands: each file holds the arguments of one and the function that runs it.

mod completions;

use clap::Subcommand;

use crate::exit::Exit;
use crate::global::Global;

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the completions of a shell.
    Completions(completions::Completions),
}

impl Command {
    /// Runs it.
    pub(crate) fn run(self, global: &Global) -> anyhow::Result<Exit> {
        match self {
            Self::Completions(args) => completions::run(&args, global),
        }
    }
}
