//! Files to documents, documents to pairs, and unattended runs over collections.
//!
//! * [`sources`]: which documents files, folders and manifests name;
//! * [`read_source`], [`decode`], [`clean`], [`read_text`]: from files to documents in sentences, with account of every part;
//! * [`Fingerprinter`], [`pair_documents`]: which of them are translations of each other;
//! * [`pair_rows`]: from two documents to the rows of the output, without files, for whoever drives it;
//! * [`run`]: all of it, from a folder to a folder.
//!
//! Knows nothing of the command line. What happens on the way is told to a [`Watch`].

mod boilerplate;
mod clean;
mod comparison;
mod decode;
mod done;
mod duplicates;
mod extract;
mod failures;
mod filter;
mod fingerprint;
mod job;
mod journal;
mod kept;
mod layout;
mod learning;
mod manifest;
mod paired;
mod pairing;
mod partners;
mod reading;
mod rows;
mod run;
mod source;
mod store;
mod summary;
mod survey;

pub use boilerplate::{Boilerplate, BoilerplateSettings, SharedLine};
pub use clean::{Cut, Rule, clean};
pub use comparison::{Comparison, compare_documents};
pub use decode::{DecodeError, Encoding, decode};
pub use filter::{Filter, FilterSettings, Profile};
pub use fingerprint::{Fingerprint, Fingerprinter};
pub use journal::JOURNAL;
pub use learning::LEARN_FROM;
pub use paired::Bitext;
pub use pairing::{Compare, DocumentPair, PairEvidence, Pairing, Proposal, Unpaired, pair_documents};
pub use reading::{
    LeftOut, ReadError, Reading, ReadingSettings, Stage, is_packed, read_file, read_source, read_text,
    text_of,
};
pub use rows::{LEFT_OUT_HEADER, Rows, pair_rows, single_rows, unread_row};
pub use run::{Event, OUTPUTS, RunError, RunSettings, Watch, pair, run};
pub use source::{About, Content, Given, PassedOver, Source, Sources, sources};
pub use summary::{
    BitextSummary, DocumentSummary, Failure, MovedSection, PairSummary, PairedSummary, Quantiles, ROWS_TOLD,
    Summary, Tally, Total, Verdicts,
};
