//! What a run has worked out, on disk: values by key in a file that only grows, so that a run killed at any instant loses
//! nothing but the value it was writing.
//!
//! A key is a hash of all that its value depends on. One that no longer fits is simply never asked for, which makes
//! resuming, running again with nothing changed and running again with documents added one and the same thing.
//!
//! Layout: a first line that names the format; then for each value a head of 28 bytes (key, length, a check of both, a
//! check of the value, as CRC-32) and the value. What follows the first head that does not check was being written when the run ended.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use qostil_export::AtomicFile;
use rustc_hash::FxHashMap;

/// A hash of all that a value depends on.
pub(crate) type Key = [u8; 16];
/// Where each value is.
type Places = FxHashMap<Key, Place>;

#[derive(Clone, Copy)]
struct Place {
    at: u64,
    length: u32,
    /// Whether it was asked for or put.
    is_used: bool,
}

const FORMAT: &[u8] = b"qostil store 3\n";
const HEAD: usize = 28;

/// Values by key, in one file.
pub(crate) struct Store {
    path: PathBuf,
    file: File,
    places: Places,
    end: u64,
}

impl Store {
    /// Opens the store at `path`, which is made if need be, and cuts off what was half written.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let options = || {
            let mut options = File::options();
            options.create(true).truncate(false).read(true).write(true);
            options
        };
        let file = options().open(path)?;
        let (places, end) = scan(&file)?;
        let mut store = Self {
            path: path.to_owned(),
            file,
            places,
            end,
        };
        store.file.set_len(end)?;
        if end == 0 {
            store.file.rewind()?;
            store.file.write_all(FORMAT)?;
            store.end = FORMAT.len() as u64;
        }
        Ok(store)
    }

    /// Whether it holds nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The value of a key. One that was spoilt is as good as none.
    pub(crate) fn get(&mut self, key: &Key) -> Option<Vec<u8>> {
        let place = self.places.get_mut(key)?;
        place.is_used = true;
        let found = read(&mut self.file, *place, key);
        if found.is_none() {
            self.places.remove(key);
        }
        found
    }

    /// Keeps the value of a key.
    pub(crate) fn put(&mut self, key: Key, value: &[u8]) -> io::Result<()> {
        self.put_all([(key, value)])
    }

    /// Keeps the values of keys, written at once.
    pub(crate) fn put_all<'v>(
        &mut self,
        values: impl IntoIterator<Item = (Key, &'v [u8])>,
    ) -> io::Result<()> {
        let (mut all, mut places) = (Vec::new(), Vec::new());
        for (key, value) in values {
            let length =
                u32::try_from(value.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
            all.extend(head(&key, length, value));
            let place = Place {
                at: self.end + all.len() as u64,
                length,
                is_used: true,
            };
            all.extend_from_slice(value);
            places.push((key, place));
        }
        let written = self
            .file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(&all));
        if let Err(cause) = written {
            // What is half there would be cut off by the next run, but may be what fills the disk.
            let _ = self.file.set_len(self.end);
            return Err(cause);
        }
        self.places.extend(places);
        self.end += all.len() as u64;
        Ok(())
    }

    /// Writes the file anew without the values that nobody asked for, when they are more than half of it.
    pub(crate) fn shrink(&mut self) -> io::Result<()> {
        let mut used: Vec<(Place, Key)> = self
            .places
            .iter()
            .filter(|(_, place)| place.is_used)
            .map(|(key, place)| (*place, *key))
            .collect();
        let needed: u64 = used
            .iter()
            .map(|(place, _)| HEAD as u64 + u64::from(place.length))
            .sum();
        if needed * 2 >= self.end {
            return Ok(());
        }
        used.sort_unstable_by_key(|(place, _)| place.at);
        let mut file = AtomicFile::create(&self.path)?;
        file.write_all(FORMAT)?;
        for (place, key) in used {
            if let Some(value) = read(&mut self.file, place, &key) {
                file.write_all(&head(&key, place.length, &value))?;
                file.write_all(&value)?;
            }
        }
        file.commit()?;
        *self = Self::open(&self.path)?;
        self.places.values_mut().for_each(|place| place.is_used = true);
        Ok(())
    }
}

fn head(key: &Key, length: u32, value: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..16].copy_from_slice(key);
    head[16..20].copy_from_slice(&length.to_le_bytes());
    let check = crc32fast::hash(&head[..20]);
    head[20..24].copy_from_slice(&check.to_le_bytes());
    head[24..].copy_from_slice(&crc32fast::hash(value).to_le_bytes());
    head
}

fn read(file: &mut File, place: Place, key: &Key) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(place.at - HEAD as u64)).ok()?;
    let mut found = vec![0; HEAD + place.length as usize];
    file.read_exact(&mut found).ok()?;
    let value = found.split_off(HEAD);
    (found == head(key, place.length, &value)).then_some(value)
}

/// Where the values are, and where the last whole one ends: 0 for a file of another format.
fn scan(file: &File) -> io::Result<(Places, u64)> {
    let all = file.metadata()?.len();
    let mut places = Places::default();
    let mut reader = BufReader::new(file);
    let mut format = [0; FORMAT.len()];
    if reader.read_exact(&mut format).is_err() || format != FORMAT {
        return Ok((places, 0));
    }
    let mut at = FORMAT.len() as u64;
    let mut found = [0; HEAD];
    while reader.read_exact(&mut found).is_ok() {
        let (mut key, mut length) = (Key::default(), [0; 4]);
        key.copy_from_slice(&found[..16]);
        length.copy_from_slice(&found[16..20]);
        let length = u32::from_le_bytes(length);
        let next = at + HEAD as u64 + u64::from(length);
        if crc32fast::hash(&found[..20]).to_le_bytes() != found[20..24] || next > all {
            break;
        }
        let place = Place {
            at: at + HEAD as u64,
            length,
            is_used: false,
        };
        places.insert(key, place);
        reader.seek_relative(i64::from(length))?;
        at = next;
    }
    Ok((places, at))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn key(number: u8) -> Key {
        [number; 16]
    }

    #[test]
    fn values_come_back_whatever_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut store = Store::open(&path).unwrap();
        for number in 0..5 {
            store.put(key(number), &[number; 100]).unwrap();
        }
        assert_eq!(store.get(&key(3)), Some(vec![3; 100]));
        assert_eq!(store.get(&key(9)), None);
        drop(store);
        let whole = fs::read(&path).unwrap();
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            let mut store = Store::open(&path).unwrap();
            let there = end.saturating_sub(FORMAT.len()) / (HEAD + 100);
            for number in 0..5 {
                let wanted = (usize::from(number) < there).then(|| vec![number; 100]);
                assert_eq!(store.get(&key(number)), wanted, "cut at {end}");
            }
            store.put(key(7), b"more").unwrap();
            drop(store);
            assert_eq!(Store::open(&path).unwrap().get(&key(7)).unwrap(), b"more");
        }
    }

    #[test]
    fn spoilt_values_are_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut store = Store::open(&path).unwrap();
        store.put(key(1), b"one").unwrap();
        store.put(key(2), b"two").unwrap();
        drop(store);
        let mut bytes = fs::read(&path).unwrap();
        bytes[FORMAT.len() + HEAD] ^= 1;
        fs::write(&path, bytes).unwrap();
        let mut store = Store::open(&path).unwrap();
        assert_eq!(store.get(&key(1)), None);
        assert_eq!(store.get(&key(2)).unwrap(), b"two");
        store.put(key(1), b"one").unwrap();
        assert_eq!(store.get(&key(1)).unwrap(), b"one");
    }

    #[test]
    fn what_nobody_asks_for_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut store = Store::open(&path).unwrap();
        for number in 0..10 {
            store.put(key(number), &[number; 1000]).unwrap();
        }
        drop(store);
        let mut store = Store::open(&path).unwrap();
        assert!(store.get(&key(4)).is_some());
        store.shrink().unwrap();
        assert_eq!(store.get(&key(4)).unwrap(), [4; 1000]);
        assert_eq!(store.get(&key(5)), None);
        assert!(fs::metadata(&path).unwrap().len() < 1100);
    }
}
