//! Lists of many owners in one piece, and numbers found by keys.

/// A list for each of many owners, one after the other.
#[derive(Debug)]
pub(crate) struct Lists<T> {
    /// Where the list of each owner begins, and the end of the last.
    pub(crate) first: Vec<u32>,
    pub(crate) items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self {
            first: vec![0],
            items: Vec::new(),
        }
    }
}

impl<T: Copy> Lists<T> {
    /// The lists of so many owners from items with their owners, in any order; of one owner they keep theirs. Linear in both.
    pub(crate) fn grouped<I: Iterator<Item = (u32, T)>>(owners: usize, items: impl Fn() -> I) -> Self {
        let mut first = vec![0_u32; owners + 1];
        items().for_each(|(owner, _)| first[owner as usize + 1] += 1);
        let mut all = 0;
        for first in &mut first {
            all += *first;
            *first = all;
        }
        let mut next = first.clone();
        let some = items().next();
        let mut grouped = some.map_or_else(Vec::new, |(_, item)| vec![item; all as usize]); // each goes to its place now
        items().for_each(|(owner, item)| {
            let at = &mut next[owner as usize];
            grouped[*at as usize] = item;
            *at += 1;
        });
        Self {
            first,
            items: grouped,
        }
    }

    pub(crate) fn of(&self, owner: u32) -> &[T] {
        &self.items[self.first[owner as usize] as usize..self.first[owner as usize + 1] as usize]
    }

    /// How many owners there are.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Every item with its owner.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, T)> + '_ {
        let lists = self.first.windows(2).zip(0_u32..);
        lists.flat_map(|(range, owner)| {
            let list = &self.items[range[0] as usize..range[1] as usize];
            list.iter().map(move |&item| (owner, item))
        })
    }

    /// The list of the next owner.
    pub(crate) fn push(&mut self, list: &[T]) {
        self.items.extend_from_slice(list);
        self.first.push(self.items.len() as u32);
    }

    /// The same lists, with more items at their ends, which come in order of their owners.
    pub(crate) fn with(&self, more: impl Iterator<Item = (u32, T)>) -> Self {
        let mut out = Self::default();
        out.items.reserve(self.items.len());
        let mut more = more.peekable();
        for owner in 0..self.len() as u32 {
            out.items.extend_from_slice(self.of(owner));
            while let Some((_, item)) = more.next_if(|&(next, _)| next == owner) {
                out.items.push(item);
            }
            out.first.push(out.items.len() as u32);
        }
        out
    }
}

/// The numbers of what has a key. Keys are hashes, so they are spread evenly.
#[derive(Debug)]
pub(crate) struct Index {
    /// Keys with numbers, by which of so many equal parts of all keys a key lies in.
    parts: Lists<(u64, u32)>,
}

impl Index {
    /// Of about `usual` keys with numbers; the numbers of one key keep their order. Linear.
    pub(crate) fn new<I: Iterator<Item = (u64, u32)>>(usual: usize, keys: impl Fn() -> I) -> Self {
        let parts = usual + 1;
        Self {
            parts: Lists::grouped(parts, || keys().map(|item| (part(item.0, parts), item))),
        }
    }

    pub(crate) fn of(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let list = self.parts.of(part(key, self.parts.len()));
        list.iter().filter(move |item| item.0 == key).map(|item| item.1)
    }

    pub(crate) fn has(&self, key: u64) -> bool {
        self.of(key).next().is_some()
    }
}

/// Which of so many equal parts of all keys a key lies in.
const fn part(key: u64, parts: usize) -> u32 {
    ((key as u128 * parts as u128) >> 64) as u32
}
