//! `qostil completions`

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::exit::Exit;
use crate::global::Global;
use crate::output::Output;

/// Which shell.
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Completions, _global: &Global) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::Cli::command(), "qostil", &mut script);
    let mut out = Output::create(None)?;
    out.write_all(&script)?;
    out.finish()?;
    Ok(Exit::Done)
}
