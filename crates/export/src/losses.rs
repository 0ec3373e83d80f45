//! What a format could not hold or a reader passed over: counted, never silent.

use std::collections::BTreeMap;
use std::fmt;

/// Counts of what did not come through as it was, by what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    counts: BTreeMap<String, u64>,
}

impl Losses {
    /// Counts `what` once more.
    pub(crate) fn count(&mut self, what: &str) {
        match self.counts.get_mut(what) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(what.to_owned(), 1);
            }
        }
    }

    /// `count` times `what`.
    pub fn of(what: &str, count: u64) -> Self {
        let mut losses = Self::default();
        if count > 0 {
            losses.counts.insert(what.to_owned(), count);
        }
        losses
    }

    /// Adds what others counted.
    pub fn add(&mut self, other: &Self) {
        for (what, count) in &other.counts {
            *self.counts.entry(what.clone()).or_default() += count;
        }
    }

    /// Whether everything came through.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// What happened and how often, in the order of the words.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(what, count)| (what.as_str(), *count))
    }
}

impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (what, count)) in self.iter().enumerate() {
            let gap = if i == 0 { "" } else { "; " };
            write!(f, "{gap}{what}: {count}")?;
        }
        Ok(())
    }
}

/// Tabs and line ends inside a cell became spaces.
pub(crate) const BREAKS: &str = "cells with tabs or line ends made spaces";
/// XML 1.0 has no way to write them.
pub(crate) const CONTROLS: &str = "control characters left out";

/// A filled field that the format has no place for.
pub(crate) fn field(name: &str) -> String {
    format!("{name} not held by the format")
}
