//! How a run gets on, for people: a line that is kept up to date on a terminal, plain lines elsewhere; and the clock.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use qostil_corpus::{Event, Failure, Watch};
use serde_json::{Value, json};

use crate::global::{Global, tell};
use crate::interrupt;

/// Shows the events of a run and measures its stages.
pub(crate) struct Progress {
    quiet: bool,
    terminal: bool,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    stages: Vec<StageTime>,
    shown: Instant,
    unchanged: bool,
    /// How many rows of each table could not be used.
    failing: HashMap<String, usize>,
    /// Whether there were rows that were not told of.
    has_untold: bool,
}

struct StageTime {
    name: &'static str,
    began: Instant,
    took: Duration,
    total: usize,
    done: usize,
    bytes: usize,
}

/// Stages in which pairs are aligned: those that may be translations, to see whether they are; and what is left, in the end.
pub(crate) const COMPARING: &str = "comparing";
pub(crate) const ALIGNING: &str = "aligning";

/// Rows of one table that are told of one by one.
const ROWS_TOLD: usize = 20;

/// How often the line on a terminal changes, and how often there is a new one elsewhere.
const EVERY: Duration = Duration::from_millis(100);
const EVERY_PLAIN: Duration = Duration::from_secs(10);

impl Progress {
    pub(crate) fn new(global: &Global) -> Self {
        // A second Ctrl-C ends the process at once, which the journal survives.
        interrupt::heed();
        let now = Instant::now();
        let state = State {
            started: now,
            stages: Vec::new(),
            shown: now,
            unchanged: false,
            failing: HashMap::new(),
            has_untold: false,
        };
        Self {
            quiet: global.quiet,
            terminal: std::io::stderr().is_terminal(),
            state: Mutex::new(state),
        }
    }

    /// What took how long; differs from run to run, so it is kept apart from the summary.
    pub(crate) fn timings(&self, global: &Global) -> Value {
        let mut state = self.lock();
        state.end_stage();
        let stages: serde_json::Map<String, Value> = state
            .stages
            .iter()
            .map(|stage| {
                let seconds = stage.took.as_secs_f64();
                let rate = if seconds > 0.0 { stage.bytes as f64 / 1e6 / seconds } else { 0.0 };
                let value = json!({"seconds": rounded(seconds), "megabytes": rounded(stage.bytes as f64 / 1e6), "megabytes_per_second": rounded(rate)});
                (stage.name.to_owned(), value)
            })
            .collect();
        let threads = global
            .threads
            .map_or_else(rayon::current_num_threads, std::num::NonZeroUsize::get);
        json!({"seconds": rounded(state.started.elapsed().as_secs_f64()), "threads": threads, "stages": stages})
    }

    /// Whether there was nothing to do.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.lock().unchanged
    }

    /// Whether there were rows that could not be used and were not told of.
    pub(crate) fn has_untold(&self) -> bool {
        self.lock().has_untold
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn say(&self, line: &str) {
        if !self.quiet {
            let clear = if self.terminal { "\r\x1b[K" } else { "" };
            tell(format_args!("{clear}{line}"));
        }
    }
}

/// Puts other words on the line of a terminal.
fn rewrite(line: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = write!(terminal, "\r\x1b[K{line}").and_then(|()| terminal.flush());
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

impl State {
    /// What is said of a failure; nothing of most rows of a table where hardly one can be used.
    fn failed(&mut self, failure: &Failure) -> Option<String> {
        let table = &failure.input;
        let rows = match failure.line {
            Some(_) => {
                let rows = self.failing.entry(table.clone()).or_default();
                *rows += 1;
                *rows
            }
            None => 0,
        };
        match rows.cmp(&(ROWS_TOLD + 1)) {
            std::cmp::Ordering::Less => Some(with_hint(failure.clone()).to_string()),
            std::cmp::Ordering::Equal => {
                self.has_untold = true;
                Some(format!(
                    "{table}: further rows that cannot be used are not told one by one"
                ))
            }
            std::cmp::Ordering::Greater => None,
        }
    }

    fn begin_stage(&mut self, name: &'static str, total: usize) {
        self.end_stage();
        self.stages.push(StageTime {
            name,
            began: Instant::now(),
            took: Duration::ZERO,
            total,
            done: 0,
            bytes: 0,
        });
    }

    fn end_stage(&mut self) {
        if let Some(stage) = self.stages.last_mut().filter(|stage| stage.took.is_zero()) {
            stage.took = stage.began.elapsed();
        }
    }

    /// The line that says how the stage gets on, when it is time for one: done, rate, time left.
    fn line(&mut self, every: Duration) -> Option<String> {
        if self.shown.elapsed() < every {
            return None;
        }
        self.shown = Instant::now();
        let stage = self.stages.last()?;
        let seconds = stage.began.elapsed().as_secs_f64();
        let left = if stage.done > 0 {
            seconds / stage.done as f64 * (stage.total - stage.done.min(stage.total)) as f64
        } else {
            0.0
        };
        let rate = stage.bytes as f64 / 1e6 / seconds.max(1e-3);
        // How many documents stand in a manifest is not known before its end.
        if stage.done > stage.total {
            return Some(format!("{} {}, {rate:.1} MB/s", stage.name, stage.done));
        }
        Some(format!(
            "{} {} of {}, {rate:.1} MB/s, {left:.0} s left",
            stage.name, stage.done, stage.total
        ))
    }
}

/// A failure with the option that lets more in, where that is the cause.
pub(crate) fn with_hint(mut failure: Failure) -> Failure {
    if failure.limit.is_some() {
        failure
            .cause
            .push_str("; --max-size raises the limit if that is right");
    }
    failure
}

impl Watch for Progress {
    fn stopped(&self) -> bool {
        interrupt::is_pressed()
    }

    fn event(&self, event: Event<'_>) {
        let mut state = self.lock();
        match event {
            Event::Reading(total) => state.begin_stage("reading", total),
            Event::Learning(total) => state.begin_stage("learning", total),
            Event::Unchanged => state.unchanged = true,
            Event::Pairing => state.begin_stage("pairing", 0),
            Event::Aligning(total) => state.begin_stage(ALIGNING, total),
            Event::Checking => state.begin_stage("checking", 0),
            Event::Publishing => state.begin_stage("publishing", 0),
            Event::Comparing(more) => {
                if state.stages.last().is_none_or(|stage| stage.name != COMPARING) {
                    state.begin_stage(COMPARING, 0);
                }
                if let Some(stage) = state.stages.last_mut() {
                    stage.total += more;
                }
            }
            Event::Read(_) | Event::Aligned(_) | Event::Compared(_) | Event::Checked(_) | Event::Known => {
                let bytes = match event {
                    Event::Read(bytes)
                    | Event::Aligned(bytes)
                    | Event::Compared(bytes)
                    | Event::Checked(bytes) => bytes,
                    _ => 0,
                };
                if let Some(stage) = state.stages.last_mut() {
                    stage.done += 1;
                    stage.bytes += bytes;
                }
                let every = if self.terminal { EVERY } else { EVERY_PLAIN };
                match state.line(every).filter(|_| !self.quiet) {
                    Some(line) if self.terminal => {
                        rewrite(&line);
                    }
                    Some(line) => tell(line),
                    None => {}
                }
            }
            Event::Failed(failure) => {
                if let Some(message) = state.failed(failure) {
                    self.say(&format!("qostil: warning: {message}"));
                }
            }
            Event::Warning(text) => self.say(&format!("qostil: warning: {text}")),
            Event::LearntElsewhere { known, of } => self.say(&format!(
                "qostil: note: boilerplate and lexicon were learnt from other documents, of {of} here {known}: --relearn learns anew from these"
            )),
            Event::Empty(id) => self.say(&format!("qostil: warning: {id} is empty")),
            _ => {}
        }
        if self.terminal
            && !self.quiet
            && matches!(event, Event::Pairing | Event::Publishing | Event::Unchanged)
        {
            rewrite("");
        }
    }
}
