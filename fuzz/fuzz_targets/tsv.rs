//! Tab-separated values.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| qostil_fuzz::stream(qostil_export::Format::Tsv, bytes));
