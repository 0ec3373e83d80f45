//! Words that a lexicon has read, kept for the next text: a collection says the same few ten thousand words again and again, and to read one costs far more
//! than to find it here.

use std::sync::{Arc, Mutex, PoisonError};

use qostil_text::stem::Key;
use rustc_hash::FxHashMap;

use crate::matching::Word;

/// Apart, so that threads seldom wait for each other.
const SHARDS: usize = 16;
/// So many words are kept in a shard; it is emptied when it is full. All in all they take some 15 MB.
const MOST: usize = 4096;

/// See the module. What is kept never changes what is found, so the order in which texts are read does not either.
#[derive(Debug, Default)]
pub(crate) struct Words {
    shards: [Mutex<FxHashMap<Key, Arc<Word>>>; SHARDS],
}

impl Words {
    /// The word of this key, read if it is not known.
    pub(crate) fn word(&self, key: Key, read: impl FnOnce() -> Word) -> Arc<Word> {
        // a word is put in whole, so a thread that failed left nothing half done
        let shard = || {
            self.shards[key as usize / 2 % SHARDS]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = shard().get(&key) {
            return Arc::clone(known);
        }
        let word = Arc::new(read());
        let mut shard = shard();
        if shard.len() >= MOST {
            shard.clear();
        }
        shard.insert(key, Arc::clone(&word));
        word
    }
}
