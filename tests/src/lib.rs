//! What tests and benches share: made-up collections of documents.

mod collection;

pub use collection::{Collection, Document, Random, Recipe};
