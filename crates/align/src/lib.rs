//! The aligner.
