//! What tests and benches share: made-up collections of documents.

mod collection;
mod story;

pub use collection::{Collection, Document, Random, Recipe};
pub use story::{Change, Story};
