//! Words that a lexicon has read, kept for the next text: a collection says the same few ten thousand words again and again, and to read one costs far more
//! than to find it here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use qostil_text::Lang;
use qostil_text::stem::Key;
use rustc_hash::FxHashMap;

use crate::matching::Word;
use crate::table::Side;

/// Apart, so that threads seldom wait for each other.
const SHARDS: usize = 16;
/// So many words are kept in a shard; it is emptied when it is full. All in all they take some 15 MB.
const MOST: usize = 4096;

/// See the module. What is kept never changes what is found, so the order in which texts are read does not either.
#[derive(Debug, Default)]
pub(crate) struct Words {
    shards: [Mutex<FxHashMap<Asked, Arc<Word>>>; SHARDS],
    /// What was known with fewer tables: there words had the same stems.
    before: Option<Arc<Self>>,
}

/// What a word is asked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    /// The key of the folded word.
    pub(crate) spelling: Key,
    pub(crate) side: Side,
    /// Whether it was read as a name.
    pub(crate) as_name: bool,
    pub(crate) lang: Lang,
}

impl Words {
    /// None yet, in place of what was known with fewer tables.
    pub(crate) fn after(before: Arc<Self>) -> Self {
        Self {
            before: Some(before),
            ..Self::default()
        }
    }

    /// The word that is asked for. If it is not known, it is read, from what was known of it before if anything was.
    pub(crate) fn word(&self, asked: Asked, read: impl FnOnce(Option<&Word>) -> Word) -> Arc<Word> {
        if let Some(known) = self.shard(asked).get(&asked) {
            return Arc::clone(known);
        }
        let before = self.before.as_ref().and_then(|before| before.known(asked));
        let word = Arc::new(read(before.as_deref()));
        let mut shard = self.shard(asked);
        if shard.len() >= MOST {
            shard.clear();
        }
        shard.insert(asked, Arc::clone(&word));
        word
    }

    fn known(&self, asked: Asked) -> Option<Arc<Word>> {
        let known = self.shard(asked).get(&asked).cloned();
        known.or_else(|| self.before.as_ref()?.known(asked))
    }

    fn shard(&self, asked: Asked) -> MutexGuard<'_, FxHashMap<Asked, Arc<Word>>> {
        // a word is put in whole, so a thread that failed left nothing half done
        let shard = self.shards[asked.spelling as usize / 2 % SHARDS].lock();
        shard.unwrap_or_else(PoisonError::into_inner)
    }
}
