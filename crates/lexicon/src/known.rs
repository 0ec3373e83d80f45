//! Words that a lexicon has read, kept for the next text: a collection says the same few ten thousand words again and again, and to read one costs far more
//! than to find it here.

use std::hash::BuildHasher;
use std::hint::black_box;
use std::sync::{Arc, PoisonError, RwLock};

use qostil_text::Lang;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::matching::Word;
use crate::table::Side;

/// So many words are kept; when there are more, all are forgotten. All in all they take some 20 MB.
const MOST: usize = 1 << 16;

/// See the module. What is kept never changes what is found, so the order in which texts are read does not either.
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: RwLock<FxHashMap<Asked, Arc<Word>>>,
    /// What was known with fewer tables: there words had the same stems.
    before: Option<Arc<Self>>,
}

/// What a word is asked for by: a hash of all that decides how it is read. Two words of one hash are not to be expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked(u64);

impl Asked {
    /// A folded word of a side and language; `as_name`: whether it is read as a name.
    pub(crate) fn new(folded: &str, side: Side, as_name: bool, lang: Lang) -> Self {
        Self(FxBuildHasher.hash_one((folded, side as u8, as_name, lang)))
    }
}

impl Words {
    /// None yet, in place of what was known with fewer tables.
    pub(crate) fn after(before: Arc<Self>) -> Self {
        Self {
            before: Some(before),
            ..Self::default()
        }
    }

    /// The words that are asked for, in order. Those that are not known are read, by their numbers, from what was known of them before if anything was.
    pub(crate) fn words(
        &self,
        asked: &[Asked],
        read: impl Fn(usize, Option<&Word>) -> Word,
    ) -> Vec<Arc<Word>> {
        let mut new = Vec::new();
        let words = asked.iter().zip(self.known(asked)).enumerate();
        let words = words.map(|(number, (&asked, known))| {
            known.unwrap_or_else(|| {
                let before = self.before.as_ref().and_then(|before| before.word(asked));
                let word = Arc::new(read(number, before.as_deref()));
                new.push((asked, Arc::clone(&word)));
                word
            })
        });
        let words = words.collect();
        if !new.is_empty() {
            // words are put in whole, so a thread that failed left nothing half done; the same below
            let mut known = self.words.write().unwrap_or_else(PoisonError::into_inner);
            if known.len() + new.len() > MOST {
                known.clear();
            }
            known.extend(new);
        }
        words
    }

    /// Those of the words that are known.
    fn known(&self, asked: &[Asked]) -> Vec<Option<Arc<Word>>> {
        let words = self.words.read().unwrap_or_else(PoisonError::into_inner);
        let known: Vec<Option<&Arc<Word>>> = asked.iter().map(|asked| words.get(asked)).collect();
        // Most are far from the processor, and to own one waits for all that was asked of memory before: so all are looked at first, at once.
        for word in known.iter().flatten() {
            black_box((
                word.headwords.first().copied(),
                word.equivalents.first().map(|one| one.key),
                word.inner,
            ));
        }
        known.into_iter().map(Option::<&Arc<Word>>::cloned).collect()
    }

    /// One that is known, here or before.
    fn word(&self, asked: Asked) -> Option<Arc<Word>> {
        let known = self.known(&[asked]).pop().flatten();
        known.or_else(|| self.before.as_ref()?.word(asked))
    }
}
