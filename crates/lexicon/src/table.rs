//! One compiled lexicon: two hash tables in a byte buffer, made once and read in place.
//!
//! Layout, all numbers little-endian: `magic u64`, then for each side `slots u32, postings u32`, then for each side its slots
//! (`key u64, list u32`; list's top bit: a headword; second bit: begins a phrase; an empty slot is all zero) and its postings
//! (`u32` each): lists of slot numbers of the other side, in the top byte how surely the two stand for each other (255 is 1), every list after its length,
//! and after the list of what begins a phrase its [`Followers`], the lower half first.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::BitOr;

use qostil_text::stem::Key;

/// Which side of a language pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The source language.
    Source,
    /// The target language.
    Target,
}

const MAGIC: u64 = 0x3465_6c62_6154_7351; // "QsTable4"
const HEADER: usize = 24;
const SLOT: usize = 12;
const HEADWORD: u32 = 1 << 31;
const BEGINS: u32 = 1 << 30;
const LIST: u32 = BEGINS - 1;
/// A posting's slot number; above it the share.
const TARGET: u32 = (1 << 24) - 1;
/// The share of words that a person wrote down as equivalents.
const CERTAIN: u8 = u8::MAX;

/// A lexicon of one language pair, compiled. Looking up a key costs one or two memory reads.
#[derive(Clone, Debug)]
pub struct Table {
    bytes: Cow<'static, [u8]>,
    sides: [Part; 2],
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    slots_at: usize,
    postings: usize,
    postings_at: usize,
}

/// An equivalent and how surely it is one, in 255ths.
type Equivalent = (Key, u8);

/// Words with which phrases may go on, roughly: one bit for each 64th of all keys. Most words that do not go on with a phrase are told by it without a look
/// into the table, and nearly every word of a text stands after one with which some phrase begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followers(u64);

impl Followers {
    /// A word with this key.
    pub const fn word(key: Key) -> Self {
        Self(1 << (key >> 58))
    }

    /// Whether some word may be in both.
    pub const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Followers {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Collects pairs of keys for a [`Table`].
#[derive(Clone, Debug, Default)]
pub struct TableBuilder {
    sides: [BTreeMap<Key, Vec<Equivalent>>; 2],
    beginnings: [BTreeMap<Key, Followers>; 2],
}

impl TableBuilder {
    /// Lists the source headword `src` and the target headword `tgt` as equivalents, of which one stands for the other with this probability (0–1,
    /// kept to 1/255; `None` where a person wrote them down). Order of calls is order of strength.
    pub fn pair(&mut self, src: Key, tgt: Key, probability: Option<f64>) {
        let share = probability.map_or(CERTAIN, |p| (p * f64::from(CERTAIN)).round() as u8);
        for (side, from, to) in [(0, src, tgt), (1, tgt, src)] {
            let list = self.sides[side].entry(from).or_default();
            match list.iter_mut().find(|(other, _)| *other == to) {
                Some((_, known)) => *known = share.max(*known),
                None => list.push((to, share)),
            }
        }
    }

    /// Lists a headword that need not have equivalents: a word that is known but proves nothing.
    pub fn headword(&mut self, side: Side, key: Key) {
        self.sides[side as usize].entry(key).or_default();
    }

    /// Marks `key` as the beginning of a longer phrase of that side, which goes on with the word `next`.
    pub fn beginning(&mut self, side: Side, key: Key, next: Key) {
        let followers = self.beginnings[side as usize].entry(key).or_default();
        *followers = *followers | Followers::word(next);
    }

    /// The bytes of the table: the same for the same calls.
    pub fn build(&self) -> Vec<u8> {
        let entries = [0, 1].map(|side: usize| {
            let mut entries: BTreeMap<Key, (u32, &[Equivalent])> = self.sides[side]
                .iter()
                .map(|(&key, list)| (key, (HEADWORD, list.as_slice())))
                .collect();
            for &key in self.beginnings[side].keys() {
                entries.entry(key).or_insert((0, &[])).0 |= BEGINS;
            }
            entries
        });
        let places = [0, 1].map(|side: usize| place(&entries[side]));
        let slots = [0, 1].map(|side: usize| slots_for(entries[side].len()));
        let mut tables = [0, 1].map(|side: usize| vec![(0, 0); slots[side]]);
        let mut postings = [vec![0_u32], vec![0]]; // the empty list
        for side in 0..2 {
            for (key, &(flags, list)) in &entries[side] {
                let mut at = 0;
                let followers = self.beginnings[side].get(key);
                if !list.is_empty() || followers.is_some() {
                    at = postings[side].len() as u32;
                    postings[side].push(list.len() as u32);
                    let places = &places[1 - side];
                    let posting =
                        |(other, share): &Equivalent| Some(places.get(other)? | u32::from(*share) << 24);
                    postings[side].extend(list.iter().filter_map(posting));
                    postings[side].extend(followers.iter().flat_map(|of| [of.0 as u32, (of.0 >> 32) as u32]));
                }
                if let Some(&slot) = places[side].get(key) {
                    tables[side][slot as usize] = (*key, flags | at);
                }
            }
        }
        let mut out = MAGIC.to_le_bytes().to_vec();
        for side in 0..2 {
            out.extend((slots[side] as u32).to_le_bytes());
            out.extend((postings[side].len() as u32).to_le_bytes());
        }
        for (table, postings) in tables.iter().zip(&postings) {
            for (key, list) in table {
                out.extend(key.to_le_bytes());
                out.extend(list.to_le_bytes());
            }
            out.extend(postings.iter().flat_map(|posting| posting.to_le_bytes()));
        }
        out
    }

    /// The table itself.
    pub fn finish(&self) -> Table {
        // invariant: what `build` writes, `from_bytes` reads; an empty table stands in if ever not
        Table::from_bytes(Cow::Owned(self.build())).unwrap_or_else(Table::empty)
    }
}

/// A quarter of the slots stays empty, and at least one, so that every search ends.
const fn slots_for(entries: usize) -> usize {
    entries + entries / 3 + 1
}

/// Where a search for `key` begins. Keys are mixed hashes, so their top bits are spread evenly.
const fn home(key: Key, slots: usize) -> usize {
    ((key as u128 * slots as u128) >> 64) as usize
}

/// The slot of every key. Keys are placed in rising order, so from its home on a key has only lesser ones before it: a search that meets a greater one ends.
fn place<T>(entries: &BTreeMap<Key, T>) -> BTreeMap<Key, u32> {
    let slots = slots_for(entries.len());
    let mut taken = vec![false; slots];
    let mut places = BTreeMap::new();
    for &key in entries.keys() {
        let mut at = home(key, slots);
        while taken[at] {
            at = (at + 1) % slots;
        }
        taken[at] = true;
        places.insert(key, at as u32);
    }
    places
}

impl Table {
    /// Reads a compiled table; `None` when the bytes are none. Constant time.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        if read_u64(&bytes, 0) != MAGIC || bytes.len() < HEADER {
            return None;
        }
        let mut at = HEADER;
        let mut sides = [Part::default(); 2];
        for (index, part) in sides.iter_mut().enumerate() {
            let slots = read_u32(&bytes, 8 + index * 8) as usize;
            let postings = read_u32(&bytes, 12 + index * 8) as usize;
            *part = Part {
                slots_at: at,
                postings,
                postings_at: at + slots * SLOT,
            };
            at += slots * SLOT + postings * 4;
        }
        (at == bytes.len()).then_some(Self { bytes, sides })
    }

    fn empty() -> Self {
        Self {
            bytes: Cow::Borrowed(&[]),
            sides: [Part::default(); 2],
        }
    }

    /// The same lexicon with its sides exchanged.
    pub fn swapped(mut self) -> Self {
        self.sides.swap(0, 1);
        self
    }

    /// The compiled form, for saving.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The slots of a side: key and list, zero for none.
    fn slots(&self, side: Side) -> &[[u8; SLOT]] {
        let part = self.sides[side as usize];
        let bytes = self.bytes.get(part.slots_at..part.postings_at);
        bytes.unwrap_or_default().as_chunks().0
    }

    /// The postings of a side.
    fn postings(&self, side: Side) -> &[[u8; 4]] {
        let part = self.sides[side as usize];
        let bytes = self.bytes.get(part.postings_at..);
        let postings = bytes.unwrap_or_default().as_chunks().0;
        postings.get(..part.postings).unwrap_or_default()
    }

    fn find(&self, side: Side, key: Key) -> Option<u32> {
        let slots = self.slots(side);
        let (wrapped, from_home) = slots.split_at(home(key, slots.len()));
        for slot in from_home.iter().chain(wrapped) {
            let (found, list) = slot_of(slot);
            if found >= key || list == 0 {
                return (found == key && list != 0).then_some(list); // what is greater would have been placed after it
            }
        }
        None
    }

    /// The list of a slot and what comes after it.
    fn list(&self, side: Side, slot: u32) -> (&[[u8; 4]], &[[u8; 4]]) {
        let from = self.postings(side).get((slot & LIST) as usize..);
        let (length, rest) = from.and_then(<[_]>::split_first).unwrap_or((&[0; 4], &[][..]));
        rest.split_at((u32::from_le_bytes(*length) as usize).min(rest.len()))
    }

    /// Whether `key` is a headword of that side.
    pub fn knows(&self, side: Side, key: Key) -> bool {
        self.find(side, key).is_some_and(|list| list & HEADWORD != 0)
    }

    /// The words with which longer phrases of that side that begin with `key` may go on.
    pub fn followers(&self, side: Side, key: Key) -> Followers {
        let slot = self.find(side, key).filter(|slot| slot & BEGINS != 0);
        match slot.map(|slot| self.list(side, slot).1) {
            Some([lower, upper, ..]) => {
                let [lower, upper] = [lower, upper].map(|half| u64::from(u32::from_le_bytes(*half)));
                Followers(lower | upper << 32)
            }
            _ => Followers::default(),
        }
    }

    /// Calls `found` with every equivalent, strongest first, and the probability (0–1) that one stands for the other; 1 where a person wrote them down.
    pub fn equivalents(&self, side: Side, key: Key, found: &mut impl FnMut(Key, f32)) {
        let Some(slot) = self.find(side, key) else { return };
        let others = self.slots(match side {
            Side::Source => Side::Target,
            Side::Target => Side::Source,
        });
        for posting in self.list(side, slot).0 {
            let posting = u32::from_le_bytes(*posting);
            let share = (posting >> 24) as f32 / f32::from(CERTAIN);
            if let Some(other) = others.get((posting & TARGET) as usize) {
                found(slot_of(other).0, share);
            }
        }
    }

    /// How many headwords of that side it lists. Linear in the table.
    pub fn headwords(&self, side: Side) -> usize {
        let lists = self.slots(side).iter().map(|slot| slot_of(slot).1);
        lists.filter(|list| list & HEADWORD != 0).count()
    }
}

/// The key of a slot and its list.
fn slot_of(slot: &[u8; SLOT]) -> (Key, u32) {
    let [a, b, c, d, e, f, g, h, list @ ..] = *slot;
    (
        u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        u32::from_le_bytes(list),
    )
}

fn read_u64(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..at + 8)
        .and_then(|b| b.try_into().ok())
        .map_or(0, u64::from_le_bytes)
}

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}
