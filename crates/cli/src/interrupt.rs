//! Ctrl-C, and what else asks a process to end (SIGTERM, SIGHUP): exit code 130, for callers that are no shell too.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::global::tell;

/// Whether the command looks out for Ctrl-C and ends by itself; a second one ends it at once.
static IS_HEEDED: AtomicBool = AtomicBool::new(false);
static PRESSED: OnceLock<Instant> = OnceLock::new();

/// What comes within this time of the first is the same once more: `timeout` signals to the process, and to the group that it is in.
const AT_ONCE: Duration = Duration::from_millis(500);

/// From here on Ctrl-C ends the process with its exit code; what is being written does not appear. Where one of the signals is ignored, as of what a shell runs in the
/// background, all stay as they are.
pub(crate) fn watch() {
    // Without a handler Ctrl-C simply kills, so failing to set one loses little.
    let _ = ctrlc::try_set_handler(|| {
        let again = PRESSED.get_or_init(Instant::now).elapsed() > AT_ONCE;
        if again || !IS_HEEDED.load(Ordering::Relaxed) {
            tell("qostil: interrupted");
            std::process::exit(Exit::Interrupted as i32);
        }
    });
}

/// From here on the command ends by itself when [`is_pressed`] says so.
pub(crate) fn heed() {
    IS_HEEDED.store(true, Ordering::Relaxed);
}

/// Whether Ctrl-C was pressed.
pub(crate) fn is_pressed() -> bool {
    PRESSED.get().is_some()
}
