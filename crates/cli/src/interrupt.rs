//! Ctrl-C: exit code 130, for callers that are no shell too.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Exit;
use crate::global::tell;

/// Whether the command looks out for Ctrl-C and ends by itself; a second one ends it at once.
static IS_HEEDED: AtomicBool = AtomicBool::new(false);
static IS_PRESSED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C ends the process with its exit code; what is being written does not appear. Where the signal is ignored, as of what a shell runs in the
/// background, it stays so.
pub(crate) fn watch() {
    // Without a handler Ctrl-C simply kills, so failing to set one loses little.
    let _ = ctrlc::try_set_handler(|| {
        let again = IS_PRESSED.swap(true, Ordering::Relaxed);
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
    IS_PRESSED.load(Ordering::Relaxed)
}
