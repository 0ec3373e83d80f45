//! A translation memory packed with Zstandard.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| qostil_fuzz::named("a.tmx.zst", bytes));
