//! The one door to files: reading what is compressed by its first bytes, writing by name, whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Chain, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

/// How data is compressed: what is read by its first bytes, what is written by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// `.gz`
    Gzip,
    /// `.zst`
    Zstd,
}

impl Packing {
    /// What the name of `path` says.
    ///
    /// ```
    /// use qostil_export::Packing;
    /// assert_eq!(Packing::of("news.tsv.gz".as_ref()), Packing::Gzip);
    /// ```
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|e| e.to_str()) {
            Some(e) if e.eq_ignore_ascii_case("gz") => Self::Gzip,
            Some(e) if e.eq_ignore_ascii_case("zst") => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// What the first bytes of data say: no text begins with those of packed data.
    ///
    /// ```
    /// use qostil_export::Packing;
    /// assert_eq!(Packing::of_bytes(&[0x1f, 0x8b, 8, 0]), Packing::Gzip);
    /// assert_eq!(Packing::of_bytes(b"kk\ten\n"), Packing::Plain);
    /// ```
    pub fn of_bytes(head: &[u8]) -> Self {
        match head {
            head if head.starts_with(GZIP) => Self::Gzip,
            // A frame, or one that is to be skipped before the first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// How the file at `path`, which begins with `head`, is to be read. What is packed only by its name is no text of ours: to unpack it fails.
    fn of_file(path: &Path, head: &[u8]) -> Self {
        match Self::of_bytes(head) {
            Self::Plain => Self::of(path),
            packed => packed,
        }
    }

    /// Reads `input`, found at `path` and packed so, decompressed. What holds no bytes is empty, however it should be packed.
    ///
    /// # Errors
    /// When `input` fails; later, when it is no compressed stream of the kind.
    fn unpack(
        self,
        path: &Path,
        mut input: impl BufRead + Send + 'static,
    ) -> io::Result<Box<dyn BufRead + Send>> {
        if self == Self::Plain || input.fill_buf()?.is_empty() {
            return Ok(Box::new(input));
        }
        let unpacked: Box<dyn Read + Send> = match self {
            Self::Zstd => Box::new(zstd::Decoder::with_buffer(input)?),
            Self::Gzip | Self::Plain => Box::new(Members::new(input)),
        };
        let unpacked = Unpacked {
            unpacked,
            taken_for: (Self::of(path) != self).then_some(self),
        };
        Ok(Box::new(BufReader::with_capacity(BUFFER, unpacked)))
    }

    /// What made it.
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "nothing",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// `path` without the ending that names the packing.
    pub fn strip(path: &Path) -> PathBuf {
        if Self::of(path) == Self::Plain {
            path.to_owned()
        } else {
            path.with_extension("")
        }
    }
}

/// What comes out of packed data; its errors say why it was taken for such where its name does not.
struct Unpacked {
    unpacked: Box<dyn Read + Send>,
    taken_for: Option<Packing>,
}

impl Read for Unpacked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.unpacked.read(out).map_err(|cause| match self.taken_for {
            // The disk's own errors have nothing to do with it.
            Some(packing) if cause.raw_os_error().is_none() => {
                let name = packing.name();
                let message = format!("{cause}: by its first bytes it is packed with {name}");
                io::Error::new(cause.kind(), message)
            }
            _ => cause,
        })
    }
}

/// The members of gzip data, one after the other. Zeros may follow the last, with which tapes and block devices are filled up.
struct Members<R> {
    /// None at the end. What a member begins with is read to see whether there is one.
    member: Option<GzDecoder<Chain<&'static [u8], R>>>,
}

impl<R: BufRead> Members<R> {
    fn new(input: R) -> Self {
        let none: &[u8] = &[];
        Self {
            member: Some(GzDecoder::new(none.chain(input))),
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(out)?;
            if read > 0 || out.is_empty() {
                return Ok(read);
            }
            if !has_member(member.get_mut())? {
                self.member = None;
            } else if let Some(ended) = self.member.take() {
                let (_, input) = ended.into_inner().into_inner();
                self.member = Some(GzDecoder::new(GZIP.chain(input)));
            }
        }
        Ok(0)
    }
}

/// Whether another member of gzip data follows, of which [`GZIP`] is read; zeros up to the end are.
fn has_member(input: &mut impl BufRead) -> io::Result<bool> {
    let mut zeros = 0;
    loop {
        let some = match input.fill_buf() {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            some => some?,
        };
        match some.iter().find(|byte| **byte != 0) {
            None if some.is_empty() => return Ok(false),
            None => {
                let read = some.len();
                input.consume(read);
                zeros += read;
            }
            Some(_) => {
                let mut mark = Vec::new();
                input.take(GZIP.len() as u64).read_to_end(&mut mark)?;
                if zeros == 0 && mark == GZIP {
                    return Ok(true);
                }
                let message = "other data stands behind the end of what is packed with gzip";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
    }
}

/// Opens a file for reading, decompressed where its first bytes say that it is packed.
///
/// # Errors
/// When it cannot be opened; later, when it is not packed as its first bytes, or its name, say.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    Ok(open_packed(path)?.1)
}

/// [`open`], with how the file is packed.
///
/// # Errors
/// As [`open`].
pub fn open_packed(path: &Path) -> io::Result<(Packing, Box<dyn BufRead + Send>)> {
    opened(path, File::open(path)?)
}

/// A stream without a name, as standard input, as [`open_packed`] opens files.
///
/// # Errors
/// As [`open`].
pub fn open_stream(input: impl Read + Send + 'static) -> io::Result<(Packing, Box<dyn BufRead + Send>)> {
    opened(Path::new(""), input)
}

/// What is at `path` from its beginning.
fn opened(path: &Path, input: impl Read + Send + 'static) -> io::Result<(Packing, Box<dyn BufRead + Send>)> {
    let mut input = BufReader::with_capacity(BUFFER, Begun::new(input));
    let packing = Packing::of_file(path, input.fill_buf()?);
    Ok((packing, packing.unpack(path, input)?))
}

/// What reads so many bytes at first, however slowly they come, as tell packed data or byte order from text.
struct Begun<R> {
    input: R,
    is_begun: bool,
}

/// Bytes of the longest of these marks.
const MARK: usize = 4;

impl<R> Begun<R> {
    const fn new(input: R) -> Self {
        Self {
            input,
            is_begun: false,
        }
    }
}

impl<R: Read> Read for Begun<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut read = self.input.read(out)?;
        while !self.is_begun && (1..MARK.min(out.len())).contains(&read) {
            match self.input.read(&mut out[read..]) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        self.is_begun = true;
        Ok(read)
    }
}

/// What gzip data begins with.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Bytes that are read or written at a time.
const BUFFER: usize = 1 << 16;

/// The whole content of a file, decompressed as by [`open`], of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read, or holds more than `limit` bytes ([`io::ErrorKind::FileTooLarge`]).
pub fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    // What the system says of the size is a hint and no more: of a pipe it says 0.
    let found = file.metadata()?;
    let size = usize::try_from(found.len().min(limit)).unwrap_or(0);
    if !found.is_file() || size == 0 || found.len() > limit {
        return all_of(opened(path, file)?.1, limit);
    }
    // Most files are as long as they are said to be, which spares asking for more.
    let mut bytes = vec![0; size];
    let mut read = 0;
    while read < size {
        match file.read(&mut bytes[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    bytes.truncate(read);
    match Packing::of_file(path, &bytes) {
        Packing::Plain => Ok(bytes),
        packing => all_of(packing.unpack(path, io::Cursor::new(bytes))?, limit),
    }
}

/// All that `input` holds, of at most `limit` bytes.
///
/// # Errors
/// When it fails, or holds more ([`io::ErrorKind::FileTooLarge`]).
pub fn all_of(input: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("it holds more than {limit} bytes once unpacked");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// A file that appears whole or not at all: written beside its place, synchronised, then renamed.
///
/// Compressed by its name. Dropped before [`AtomicFile::commit`], it leaves nothing behind and what was there before
/// untouched; so it does when the process is killed, where the system (Linux) and the file system have files without a name. Devices and pipes are written straight.
pub struct AtomicFile {
    path: PathBuf,
    sink: Sink,
}

enum Sink {
    Plain(BufWriter<Raw>),
    Gzip(GzEncoder<BufWriter<Raw>>),
    Zstd(zstd::Encoder<'static, BufWriter<Raw>>),
}

enum Raw {
    Temporary(NamedTempFile),
    /// In the folder of its place, without a name: whatever ends the process, nothing of it is left.
    Unnamed(File),
    Straight(File),
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            // Its own errors name the temporary file, which nobody asked for.
            Self::Temporary(file) => file.as_file_mut().write(bytes),
            Self::Unnamed(file) | Self::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Temporary(file) => file.as_file_mut().flush(),
            Self::Unnamed(file) | Self::Straight(file) => file.flush(),
        }
    }
}

impl AtomicFile {
    /// Starts a file that will appear at `path`; a link is followed to the file it names.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be written to, or `path` is a folder.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::start(path, |folder| match unnamed_in(folder) {
            Some(file) => Ok(Raw::Unnamed(file)),
            None => temporary_in(folder).map(Raw::Temporary),
        })
    }

    /// Starts a file that will appear at `path` and is written in the folder `workshop` until then, which must be on the same
    /// file system.
    ///
    /// # Errors
    /// As [`AtomicFile::create`].
    pub fn create_by_way_of(workshop: &Path, path: &Path) -> io::Result<Self> {
        Self::start(path, |_| temporary_in(workshop).map(Raw::Temporary))
    }

    /// Starts a file that is written to what `begin` makes of its folder.
    fn start(path: &Path, begin: impl FnOnce(&Path) -> io::Result<Raw>) -> io::Result<Self> {
        let open = descriptor(path);
        let path = if open.is_some() {
            path.to_owned()
        } else {
            real(path)?
        };
        let raw = match (open, fs::metadata(&path)) {
            (Some(open), _) => Raw::Straight(open?),
            (_, Ok(found)) if found.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
            (_, Ok(found)) if !found.is_file() => Raw::Straight(File::options().write(true).open(&path)?),
            _ => begin(folder_of(&path))?,
        };
        let raw = BufWriter::with_capacity(BUFFER, raw);
        let sink = match Packing::of(&path) {
            Packing::Plain => Sink::Plain(raw),
            Packing::Gzip => Sink::Gzip(GzEncoder::new(raw, Compression::default())),
            Packing::Zstd => Sink::Zstd(zstd::Encoder::new(raw, 0)?),
        };
        Ok(Self { path, sink })
    }

    /// Where it will appear.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it appear, safe against a power cut from then on.
    ///
    /// # Errors
    /// When the rest cannot be written or the file cannot be put in its place; then nothing has changed.
    pub fn commit(self) -> io::Result<()> {
        self.publish(true)
    }

    /// Makes it appear without waiting for the disk, which costs most of the time where small files are many; [`sync_files`]
    /// waits for all of them together.
    ///
    /// # Errors
    /// As [`AtomicFile::commit`].
    pub fn commit_unsynced(self) -> io::Result<()> {
        self.publish(false)
    }

    fn publish(self, is_synced: bool) -> io::Result<()> {
        let path = self.path.clone();
        let finish = |file: &File| {
            // what was private stays so
            if let Ok(before) = fs::metadata(&path) {
                file.set_permissions(before.permissions())?;
            }
            if is_synced { file.sync_all() } else { Ok(()) }
        };
        match self.into_raw()? {
            Raw::Straight(mut file) => return file.flush(),
            Raw::Temporary(file) => {
                finish(file.as_file())?;
                file.persist(&path).map_err(|e| e.error)?;
            }
            Raw::Unnamed(file) => {
                finish(&file)?;
                put(file, &path)?;
            }
        }
        if is_synced {
            sync_folder(folder_of(&path))
        } else {
            Ok(())
        }
    }

    /// The file with all that was written in it.
    fn into_raw(self) -> io::Result<Raw> {
        let buffered = match self.sink {
            Sink::Plain(out) => out,
            Sink::Gzip(out) => out.finish()?,
            Sink::Zstd(out) => out.finish()?,
        };
        buffered.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// Makes files that were put in their places without waiting for the disk safe against a power cut; they are on one file system.
///
/// # Errors
/// When one cannot be opened or its disk fails.
pub fn sync_files(paths: &[PathBuf]) -> io::Result<()> {
    let Some(first) = paths.first() else {
        return Ok(());
    };
    // One wait for the file system in place of one for every file, each of which takes milliseconds.
    #[cfg(target_os = "linux")]
    return Ok(rustix::fs::syncfs(File::open(first)?)?);
    #[cfg(not(target_os = "linux"))]
    {
        paths.iter().try_for_each(|path| File::open(path)?.sync_all())?;
        sync_folder(folder_of(first))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Plain(out) => out.write(bytes),
            Sink::Gzip(out) => out.write(bytes),
            Sink::Zstd(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Plain(out) => out.flush(),
            Sink::Gzip(out) => out.flush(),
            Sink::Zstd(out) => out.flush(),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// `path` with links resolved, also those to what is not there yet.
fn real(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        // Links in a circle are another error, so that this ends.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => match fs::read_link(path) {
            Ok(target) => real(&folder_of(path).join(target)),
            Err(_) => Ok(path.to_owned()),
        },
        found => found,
    }
}

/// What the process has open, by the names that the system has for it (`/dev/stdout`): others may be writing to the same file, so it is written on and not replaced.
fn descriptor(path: &Path) -> Option<io::Result<File>> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let path = path.to_str()?;
        let number = path
            .strip_prefix("/dev/fd/")
            .or_else(|| path.strip_prefix("/proc/self/fd/"));
        let owned = match (path, number) {
            ("/dev/stdout", _) | (_, Some("1")) => io::stdout().as_fd().try_clone_to_owned(),
            ("/dev/stderr", _) | (_, Some("2")) => io::stderr().as_fd().try_clone_to_owned(),
            (_, Some(_)) => return Some(File::options().append(true).open(path)),
            _ => return None,
        };
        Some(owned.map(File::from))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Whether two paths lead to one file, which may be called otherwise or be linked to.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let (Ok(found), Ok(other)) = (fs::metadata(a), fs::metadata(b)) else {
        return false;
    };
    if !found.is_file() || !other.is_file() {
        return false;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (found.dev(), found.ino()) == (other.dev(), other.ino())
    }
    #[cfg(not(unix))]
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// What names of temporary files begin with.
const PREFIX: &str = ".qostil-";

/// A file in `folder` that has no name yet, where there are such files.
#[cfg(target_os = "linux")]
fn unnamed_in(folder: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let all = Mode::from_raw_mode(0o666);
    rustix::fs::open(folder, flags, all).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn unnamed_in(_: &Path) -> Option<File> {
    None
}

/// Puts a file without a name in its place.
fn put(mut file: File, path: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    // A link takes no other's place, so that it gets a name of its own first.
    let mut builder = tempfile::Builder::new();
    let linked = builder.prefix(PREFIX).make_in(folder, |name| link(&file, name));
    if let Ok(linked) = linked {
        return linked.persist(path).map(drop).map_err(|e| e.error);
    }
    // Where it can have none (no `/proc`), what it holds is written once more.
    let mut copy = temporary_in(folder)?;
    file.rewind()?;
    io::copy(&mut file, copy.as_file_mut())?;
    copy.as_file().sync_all()?;
    copy.persist(path).map(drop).map_err(|e| e.error)
}

/// Gives an open file a name.
#[cfg(target_os = "linux")]
fn link(file: &File, name: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD};
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, open, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A temporary file in `folder`, with the permissions that any new file would have (`tempfile`'s own
/// default of 0600 would hide results from colleagues).
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(all);
    // The message names the temporary file, which nobody asked for.
    let plain = |error: io::Error| match error.to_string().split_once(" at path ") {
        Some((cause, _)) => io::Error::new(error.kind(), cause.to_owned()),
        None => error,
    };
    builder.tempfile_in(folder).map_err(plain)
}

/// The rename itself survives a power cut only when the folder is synchronised too.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match File::open(folder) {
        // it may be written to and not be read
        Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        opened => opened?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.tsv", "a.tsv.gz", "a.tsv.zst"] {
            let path = folder.path().join(name);
            let mut dropped = AtomicFile::create(&path).unwrap();
            dropped.write_all(b"half").unwrap();
            drop(dropped);
            assert!(!path.exists());
            let mut file = AtomicFile::create(&path).unwrap();
            file.write_all("бүтін".as_bytes()).unwrap();
            file.commit().unwrap();
            let mut text = String::new();
            open(&path).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "бүтін");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    /// A file for its owner's eyes alone was open to all after it was written anew.
    #[cfg(unix)]
    #[test]
    fn who_may_read_a_file_stays_as_it_was() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.tsv");
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"after").unwrap();
        file.commit().unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(
            (mode & 0o777, fs::read(&path).unwrap()),
            (0o600, b"after".to_vec())
        );
    }

    /// A link to a file that was not there yet was replaced by the file.
    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("data")).unwrap();
        symlink("data/out.tsv", at("link")).unwrap();
        symlink("link", at("second")).unwrap();
        for text in ["first", "again"] {
            let mut file = AtomicFile::create(&at("second")).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file.commit().unwrap();
            assert!(at("link").is_symlink() && at("second").is_symlink());
            assert_eq!(fs::read(at("data/out.tsv")).unwrap(), text.as_bytes());
        }
        symlink("gone/out.tsv", at("nowhere")).unwrap();
        symlink("round", at("round")).unwrap();
        for name in ["nowhere", "round"] {
            assert!(AtomicFile::create(&at(name)).is_err(), "{name}");
            assert!(at(name).is_symlink(), "{name}");
        }
    }

    /// A process that was killed left its temporary file beside its output.
    #[test]
    fn what_is_not_done_has_no_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tsv");
        fs::write(&path, "before").unwrap();
        if unnamed_in(folder.path()).is_none() {
            return;
        }
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"after").unwrap();
        file.flush().unwrap();
        let there = || fs::read_dir(folder.path()).unwrap().count();
        assert_eq!((there(), fs::read(&path).unwrap()), (1, b"before".to_vec()));
        file.commit().unwrap();
        assert_eq!((there(), fs::read(&path).unwrap()), (1, b"after".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn has_the_permissions_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        AtomicFile::create(&ours).unwrap().commit().unwrap();
        File::create(&plain).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }

    /// What was packed and not called so was no text, or garbage.
    #[test]
    fn packed_data_is_told_by_its_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let read = |path: &Path| {
            let mut text = String::new();
            open(path)
                .and_then(|mut input| input.read_to_string(&mut text))
                .map(|_| text)
        };
        for (packed, packing) in [("a.gz", Packing::Gzip), ("a.zst", Packing::Zstd)] {
            let path = folder.path().join(packed);
            let mut file = AtomicFile::create(&path).unwrap();
            file.write_all(&vec![b'a'; 100_000]).unwrap();
            file.commit().unwrap();
            // To be skipped, as tools write them that pack in parallel.
            let skipped = match packing {
                Packing::Zstd => &b"\x50\x2a\x4d\x18\x02\0\0\0ab"[..],
                _ => b"",
            };
            let bytes = [skipped, &fs::read(&path).unwrap()].concat();
            for name in ["a.txt", "a", "a.gz", "a.zst"] {
                let path = folder.path().join(name);
                fs::write(&path, &bytes).unwrap();
                assert_eq!(open_packed(&path).unwrap().0, packing, "{packed} as {name}");
                assert_eq!(read(&path).unwrap().len(), 100_000, "{packed} as {name}");
                assert_eq!(read_limited(&path, 100_000).unwrap().len(), 100_000);
                let kind = read_limited(&path, 1000).unwrap_err().kind();
                assert_eq!(kind, io::ErrorKind::FileTooLarge, "{packed} as {name}");
            }
            fs::write(&path, "no packed data").unwrap();
            assert!(
                read(&path).is_err() && read_limited(&path, 1000).is_err(),
                "{packed}"
            );
        }
    }

    /// It was an error, though gzip(1) reads it; what is more than padding stays one.
    #[test]
    fn zeros_may_follow_packed_data() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gz");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"text").unwrap();
        file.commit().unwrap();
        let member = fs::read(&path).unwrap();
        let zeros = vec![0; 3 * BUFFER];
        let read = |parts: &[&[u8]]| {
            fs::write(&path, parts.concat()).unwrap();
            read_limited(&path, 100)
        };
        assert_eq!(read(&[&member, &zeros]).unwrap(), b"text");
        assert_eq!(read(&[&member, &[0]]).unwrap(), b"text");
        assert_eq!(read(&[&member, &member, &zeros]).unwrap(), b"texttext");
        for behind in [&b"\0\0\0more"[..], b"more", &[&zeros[..], &member].concat()] {
            let said = read(&[&member, behind]).unwrap_err().to_string();
            assert!(said.contains("behind the end"), "{said}");
        }
        assert!(read(&[&member, &member[..9]]).is_err());
    }

    /// It was an error, though a file of no bytes is empty in every other format.
    #[test]
    fn a_packed_file_of_no_bytes_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.tsv", "a.tsv.gz", "a.tsv.zst"] {
            let path = folder.path().join(name);
            fs::write(&path, "").unwrap();
            assert_eq!(read_limited(&path, 10).unwrap(), b"", "{name}");
            fs::write(&path, [0x1f]).unwrap();
            let is_plain = Packing::of(&path) == Packing::Plain;
            assert_eq!(read_limited(&path, 10).is_ok(), is_plain, "{name}");
        }
    }

    #[test]
    fn a_limit_stops_what_unpacks_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bomb.gz");
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(&vec![b'a'; 100_000]).unwrap();
        file.commit().unwrap();
        assert!(fs::metadata(&path).unwrap().len() < 1000);
        assert_eq!(
            read_limited(&path, 1000).unwrap_err().kind(),
            io::ErrorKind::FileTooLarge
        );
        assert_eq!(read_limited(&path, 100_000).unwrap().len(), 100_000);
    }
}
