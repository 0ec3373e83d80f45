//! Documents that are copies of one before: the same text, or nearly the same keys in their fingerprints.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::filter::{Filter, FilterSettings};
use crate::fingerprint::Print;

/// Share of keys, of all that two documents have, that near-duplicates have in common.
const NEAR: f64 = 0.9;
/// Documents with fewer keys are not compared: too little to tell them by.
const FEWEST_KEYS: usize = 20;
/// Sketches of a document, two keys each. Two documents that share nine tenths of their keys share one of four with a
/// probability of 0.998.
const SKETCHES: u64 = 4;
/// Documents with one and the same sketch that are compared.
const COMPARED: usize = 32;

/// Finds documents of one side that are like one seen before.
pub(crate) struct Duplicates<'a> {
    exact: Option<FxHashSet<[u8; 16]>>,
    near: Option<FxHashMap<u64, Vec<Print<'a>>>>,
}

impl<'a> Duplicates<'a> {
    pub(crate) fn new(settings: &FilterSettings) -> Self {
        let near = settings.has(Filter::NearDuplicateDocument);
        Self {
            exact: (near || settings.has(Filter::DuplicateDocument)).then(FxHashSet::default),
            near: near.then(FxHashMap::default),
        }
    }

    /// The filter that a document falls to, by a hash of its text and its fingerprint; one that goes on is remembered.
    pub(crate) fn find(&mut self, text: [u8; 16], print: Print<'a>) -> Option<Filter> {
        if !self.exact.as_mut()?.insert(text) {
            return Some(Filter::DuplicateDocument);
        }
        let near = self.near.as_mut()?;
        let keys = print.of_text();
        if keys.len() < FEWEST_KEYS {
            return None;
        }
        let sketches: Vec<u64> = (0..SKETCHES).map(|number| sketch(&keys, number)).collect();
        let seen = sketches.iter().filter_map(|sketch| near.get(sketch)).flatten();
        if seen
            .into_iter()
            .any(|other| likeness(&keys, &other.of_text()) >= NEAR)
        {
            return Some(Filter::NearDuplicateDocument);
        }
        for sketch in sketches {
            let alike = near.entry(sketch).or_default();
            if alike.len() < COMPARED {
                alike.push(print);
            }
        }
        None
    }
}

/// The two keys that come first in the order of this number.
fn sketch(keys: &[u32], number: u64) -> u64 {
    let mut first = [u64::MAX; 2];
    for key in keys {
        let mixed = (u64::from(*key) ^ (number << 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        if mixed < first[0] {
            first = [mixed, first[0]];
        } else if mixed < first[1] {
            first[1] = mixed;
        }
    }
    first[0] ^ first[1].rotate_left(17)
}

/// Keys in common by keys in all, of two sorted lists.
fn likeness(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        i += usize::from(x <= y);
        j += usize::from(y <= x);
        common += usize::from(x == y);
    }
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

#[cfg(test)]
mod tests {
    use qostil_align::Figures;
    use qostil_lexicon::{Lexicon, Side};
    use qostil_text::{Document, Lang};

    use super::*;
    use crate::fingerprint::Fingerprints;
    use crate::{About, Fingerprinter, Profile};

    #[test]
    fn the_same_and_nearly_the_same_are_told_from_another_report() {
        let body: String = (0..40)
            .map(|n| {
                format!(
                    "In {} the region built {} schools, {} roads and {} bridges.\n",
                    1950 + n,
                    13 + n * 7,
                    200 + n * 11,
                    31 + n * 3
                )
            })
            .collect();
        let texts = [
            body.clone(),
            body.clone(),
            format!("{body}Read more at our site.\n"),
            body.replace('1', "8").replace('3', "6").replace('5', "2"),
        ];
        let lexicon = Lexicon::seed(Lang::Kazakh, Lang::English);
        let prints: Fingerprints = texts
            .iter()
            .map(|text| {
                let document = Document::from_lines("a", Lang::English, text.clone());
                Fingerprinter::new(&lexicon).fingerprint(
                    &document,
                    &Figures::of(&document),
                    Side::Target,
                    &About::default(),
                )
            })
            .collect();
        let digest =
            |text: &str| -> [u8; 16] { blake3::hash(text.as_bytes()).as_bytes()[..16].try_into().unwrap() };
        let found = |settings: &FilterSettings| -> Vec<Option<Filter>> {
            let mut duplicates = Duplicates::new(settings);
            let each = texts.iter().zip(prints.iter());
            each.map(|(text, print)| duplicates.find(digest(text), print))
                .collect()
        };
        assert_eq!(
            found(&Profile::Strict.filters()),
            [
                None,
                Some(Filter::DuplicateDocument),
                Some(Filter::NearDuplicateDocument),
                None
            ]
        );
        assert_eq!(found(&Profile::Balanced.filters()), [None; 4]);
    }
}
