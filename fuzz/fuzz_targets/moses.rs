//! Two line-parallel files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| qostil_fuzz::pair(bytes));
