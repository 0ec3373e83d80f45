//! Options that every command has, and the messages that follow them.

use std::fmt::Display;
use std::io::{self, Write};
use std::num::NonZeroUsize;

use anyhow::Context;
use clap::Args;

/// Options that every command has.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Say nothing but errors.
    #[arg(
        long,
        short,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    pub(crate) quiet: bool,
    /// Say more; twice for still more.
    #[arg(long, short, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub(crate) verbose: u8,
    /// Use N threads in place of one a core; the output is the same.
    #[arg(long, global = true, value_name = "N", value_parser = threads, help_heading = "Global options")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Print the summary in machine-readable form.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
}

/// More threads than any machine has cores only wait for each other, for hours.
const MOST_THREADS: usize = 1024;

/// A number of threads.
fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().and_then(NonZeroUsize::new);
    number
        .filter(|number| number.get() <= MOST_THREADS)
        .ok_or_else(|| format!("expected a whole number from 1 to {MOST_THREADS}"))
}

impl Global {
    /// Sets the number of threads.
    pub(crate) fn start(&self) -> anyhow::Result<()> {
        let Some(threads) = self.threads else {
            return Ok(());
        };
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads.get())
            .build_global()
            .context("cannot start threads")
    }

    /// Something the user should know though the work goes on.
    pub(crate) fn warn(&self, message: impl Display) {
        if !self.quiet {
            tell(format_args!("qostil: warning: {message}"));
        }
    }

    /// What was done.
    pub(crate) fn note(&self, message: impl Display) {
        if !self.quiet {
            tell(message);
        }
    }

    /// How it was done, for those who asked with `-v`.
    pub(crate) fn detail(&self, message: impl Display) {
        if self.verbose > 0 {
            tell(message);
        }
    }
}

/// Writes a line to standard error; names in it may hold anything, and steer no terminal. Where nobody takes it (a closed pipe, a full disk), the work goes on all the same:
/// results and exit codes do not depend on messages.
pub(crate) fn tell(message: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", shown(&message.to_string()));
}

/// A message without what a terminal takes for commands.
fn shown(message: &str) -> String {
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    message.replace(is_command, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_steer_no_terminal() {
        assert_eq!(
            shown("a\u{1b}[31m\r.txt: \tәлем\n"),
            "a\u{fffd}[31m\u{fffd}.txt: \tәлем\n"
        );
    }
}
