//! Files to documents, documents to pairs, and unattended runs over collections.

mod clean;
mod decode;
mod pairing;
mod reading;
mod source;

pub use clean::{Cut, Rule, clean};
pub use decode::{DecodeError, Encoding, decode};
pub use pairing::{DocumentPair, Fingerprint, PairEvidence, Pairing, Unpaired, fingerprint, pair_documents};
pub use reading::{LeftOut, ReadError, Reading, ReadingSettings, Stage, read_file, read_text};
pub use source::{Source, SourceError, sources};
