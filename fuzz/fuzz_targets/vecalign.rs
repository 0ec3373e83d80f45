//! Vecalign's alignments.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| qostil_fuzz::named("a.vecalign", bytes));
