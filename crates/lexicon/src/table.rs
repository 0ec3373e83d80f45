//! One compiled lexicon: an open-addressing hash table in a byte buffer, made once and read in place.
//!
//! Layout, all numbers little-endian: `magic u64`, then for each side `slots u32, postings u32`, then each side's slots
//! (`key u64, offset u32, count u32`; count's top bit: begins a phrase; second bit: is a headword) and postings (`key u64`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use qostil_text::stem::Key;

use crate::Side;

const MAGIC: u64 = 0x3165_6c62_6154_7351; // "QsTable1"
const HEADER: usize = 24;
const SLOT: usize = 16;
const BEGINS: u32 = 1 << 31;
const HEADWORD: u32 = 1 << 30;
const COUNT: u32 = HEADWORD - 1;

/// A lexicon of one language pair, compiled. Looking up a key costs one or two memory reads.
#[derive(Clone, Debug)]
pub struct Table {
    bytes: Cow<'static, [u8]>,
    sides: [Part; 2],
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    slots: usize,
    slots_at: usize,
    postings_at: usize,
    postings: usize,
}

/// Collects pairs of keys for a [`Table`].
#[derive(Clone, Debug, Default)]
pub struct TableBuilder {
    sides: [BTreeMap<Key, Vec<Key>>; 2],
    beginnings: [Vec<Key>; 2],
}

impl TableBuilder {
    /// Lists the source headword `src` and the target headword `tgt` as equivalents. Order of calls is order of strength.
    pub fn pair(&mut self, src: Key, tgt: Key) {
        for (side, from, to) in [(0, src, tgt), (1, tgt, src)] {
            let list = self.sides[side].entry(from).or_default();
            if !list.contains(&to) {
                list.push(to);
            }
        }
    }

    /// Marks `key` as the beginning of a longer phrase of that side.
    pub fn beginning(&mut self, side: Side, key: Key) {
        self.beginnings[side as usize].push(key);
    }

    /// The bytes of the table: the same for the same calls.
    pub fn build(&self) -> Vec<u8> {
        let mut out = MAGIC.to_le_bytes().to_vec();
        let mut parts = Vec::new();
        for side in 0..2 {
            let mut entries: BTreeMap<Key, (u32, &[Key])> =
                self.sides[side].iter().map(|(&key, list)| (key, (HEADWORD, list.as_slice()))).collect();
            for &key in &self.beginnings[side] {
                entries.entry(key).or_insert((0, &[])).0 |= BEGINS;
            }
            let slots = (entries.len() * 2).next_power_of_two().max(2);
            let mut table = vec![None; slots];
            let mut postings: Vec<Key> = Vec::new();
            for (&key, &(flags, list)) in &entries {
                let mut at = key as usize & (slots - 1);
                while table[at].is_some() {
                    at = (at + 1) & (slots - 1);
                }
                table[at] = Some((key, postings.len() as u32, flags | list.len() as u32));
                postings.extend(list);
            }
            out.extend((slots as u32).to_le_bytes());
            out.extend((postings.len() as u32).to_le_bytes());
            parts.push((table, postings));
        }
        for (table, postings) in parts {
            for slot in table {
                let (key, offset, count) = slot.unwrap_or((0, 0, 0));
                out.extend(key.to_le_bytes());
                out.extend(offset.to_le_bytes());
                out.extend(count.to_le_bytes());
            }
            out.extend(postings.iter().flat_map(|key| key.to_le_bytes()));
        }
        out
    }

    /// The table itself.
    pub fn finish(&self) -> Table {
        // invariant: what `build` writes, `from_bytes` reads; an empty table stands in if ever not
        Table::from_bytes(Cow::Owned(self.build())).unwrap_or_else(Table::empty)
    }
}

impl Table {
    /// Reads a compiled table; `None` when the bytes are none.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        if read_u64(&bytes, 0) != MAGIC || bytes.len() < HEADER {
            return None;
        }
        let mut at = HEADER;
        let mut sides = [Part::default(); 2];
        for (index, part) in sides.iter_mut().enumerate() {
            let slots = read_u32(&bytes, 8 + index * 8) as usize;
            let postings = read_u32(&bytes, 12 + index * 8) as usize;
            if !slots.is_power_of_two() {
                return None;
            }
            *part = Part { slots, slots_at: at, postings_at: at + slots * SLOT, postings };
            at += slots * SLOT + postings * 8;
        }
        (at == bytes.len()).then_some(Self { bytes, sides })
    }

    fn empty() -> Self {
        Self { bytes: Cow::Borrowed(&[]), sides: [Part::default(); 2] }
    }

    /// The compiled form, for saving.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn slot(&self, side: Side, key: Key) -> Option<(usize, u32)> {
        let part = self.sides[side as usize];
        let mut at = key as usize & part.slots.checked_sub(1)?;
        for _ in 0..part.slots {
            let place = part.slots_at + at * SLOT;
            let count = read_u32(&self.bytes, place + 12);
            if count == 0 {
                return None;
            }
            if read_u64(&self.bytes, place) == key {
                return Some((read_u32(&self.bytes, place + 8) as usize, count));
            }
            at = (at + 1) & (part.slots - 1);
        }
        None
    }

    /// Whether `key` is a headword of that side.
    pub fn knows(&self, side: Side, key: Key) -> bool {
        self.slot(side, key).is_some_and(|(_, count)| count & HEADWORD != 0)
    }

    /// Whether `key` begins a longer phrase of that side.
    pub fn begins_phrase(&self, side: Side, key: Key) -> bool {
        self.slot(side, key).is_some_and(|(_, count)| count & BEGINS != 0)
    }

    /// Calls `found` with every equivalent, strongest first.
    pub fn equivalents(&self, side: Side, key: Key, found: &mut impl FnMut(Key)) {
        let part = self.sides[side as usize];
        if let Some((offset, count)) = self.slot(side, key) {
            for at in offset..(offset + (count & COUNT) as usize).min(part.postings) {
                found(read_u64(&self.bytes, part.postings_at + at * 8));
            }
        }
    }

    /// How many headwords of that side it lists. Linear in the table.
    pub fn headwords(&self, side: Side) -> usize {
        let part = self.sides[side as usize];
        (0..part.slots).filter(|at| read_u32(&self.bytes, part.slots_at + at * SLOT + 12) & HEADWORD != 0).count()
    }
}

fn read_u64(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

fn read_u32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}
