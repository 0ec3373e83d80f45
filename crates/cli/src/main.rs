//! The `qostil` command: arguments in, library calls, results and messages out.
//!
//! One file per command in `commands/`. Only this crate prints, reads the environment and ends the process. Results go to
//! standard output or `-o`, everything else to standard error.

// The macros panic where nobody takes what they write: `global::tell` and `Output` do not.
#![deny(clippy::print_stderr, clippy::print_stdout)]

mod commands;
mod config;
mod exit;
mod global;
mod guard;
mod input;
mod interrupt;
mod lang;
mod output;
mod progress;
mod table;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::commands::Command;
use crate::exit::Exit;
use crate::global::{Global, tell};

/// Parallel text from Kazakh, English and Russian documents, anchored on figures.
#[derive(Parser)]
#[command(name = "qostil", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// A tenth faster than the system's on short documents, with as much memory (docs/quality-log.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    interrupt::watch();
    let done = guard::watch(&matches)
        .and_then(|()| cli.global.start())
        .and_then(|()| cli.command.run(&cli.global));
    done.unwrap_or_else(|error| {
        let exit = Exit::of(&error);
        if exit != Exit::Done {
            tell(format_args!("qostil: {error:#}"));
        }
        exit
    })
    .into()
}
