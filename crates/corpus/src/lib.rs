//! Files to documents, documents to pairs, and unattended runs over collections.

mod clean;
mod decode;
mod source;

pub use clean::{Cut, Rule, clean};
pub use decode::{DecodeError, Encoding, decode};
pub use source::{Source, SourceError, sources};
