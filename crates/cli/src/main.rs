//! The `qostil` command.
fn main() {}
