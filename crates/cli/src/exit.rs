//! Exit codes, and which failure has which.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All done, or the reader of our output went away.
    Done = 0,
    /// Done, but something needs a look: an input failed, a check was not met.
    Look = 1,
    /// Wrong use: arguments, configuration, documents that cannot be compared.
    Usage = 2,
    /// Input or output failed and nothing was published.
    Failed = 3,
    /// Stopped by the user.
    Interrupted = 130,
}

impl Exit {
    /// The code of an error: a closed pipe is none, [`Usage`] is 2, [`Interrupted`] 130, all else 3.
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        for cause in error.chain() {
            if cause.is::<Usage>() {
                return Self::Usage;
            }
            if cause.is::<Interrupted>() {
                return Self::Interrupted;
            }
            // an exporter's error hands through the text of the one inside, so that one is no cause of its own
            let failed = match cause.downcast_ref::<qostil_export::Error>() {
                Some(error) => error.io(),
                None => cause.downcast_ref::<io::Error>(),
            };
            if failed.is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) {
                return Self::Done;
            }
        }
        Self::Failed
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Wrong use, in words that name what to do instead.
#[derive(Debug)]
pub(crate) struct Usage(String);

impl Usage {
    /// As an error to return: `return Err(Usage::error("…"))`.
    pub(crate) fn error(message: impl Into<String>) -> anyhow::Error {
        Self(message.into()).into()
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// The user pressed Ctrl-C.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn codes_follow_the_innermost_cause() {
        let closed = Err::<(), _>(io::Error::from(io::ErrorKind::BrokenPipe))
            .context("writing")
            .unwrap_err();
        assert_eq!(Exit::of(&closed), Exit::Done);
        let through = qostil_export::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(Exit::of(&through.into()), Exit::Done);
        let missing = Err::<(), _>(io::Error::from(io::ErrorKind::NotFound))
            .context("reading")
            .unwrap_err();
        assert_eq!(Exit::of(&missing), Exit::Failed);
        assert_eq!(
            Exit::of(&Usage::error("no such option").context("align")),
            Exit::Usage
        );
        assert_eq!(Exit::of(&Interrupted.into()), Exit::Interrupted);
    }
}
