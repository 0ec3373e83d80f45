//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use anyhow::Context;
use qostil_export::{AtomicFile, BitextWriter, Format, WriteOptions, one_line, write_csv_row};

use crate::commands::explain;
use crate::exit::Usage;
use crate::guard::refuse_read;

/// A result on its way out. [`Output::finish`] publishes it; dropped without, a file stays as it was.
pub(crate) enum Output {
    /// Standard output.
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A file, compressed by its name.
    File(Box<AtomicFile>),
}

impl Output {
    /// The file `-o` names; standard output when it is absent or `-`.
    pub(crate) fn create(path: Option<&Path>) -> anyhow::Result<Self> {
        match path.filter(|p| p.as_os_str() != "-") {
            None => Ok(Self::Stdout(BufWriter::new(io::stdout().lock()))),
            Some(path) => {
                refuse_read(path)?;
                let file =
                    AtomicFile::create(path).with_context(|| format!("cannot write {}", path.display()))?;
                Ok(Self::File(Box::new(file)))
            }
        }
    }

    /// The same for a table, which is TSV or CSV.
    ///
    /// # Errors
    /// When the name says that it is anything else, too.
    pub(crate) fn table(path: Option<&Path>) -> anyhow::Result<Self> {
        refuse_all_but(&[Format::Tsv.name(), Format::Csv.name()], path)?;
        Self::create(path)
    }

    /// Writes a row of a table: CSV where the name of the file says so, else TSV.
    pub(crate) fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        let is_csv = matches!(self, Self::File(file) if Format::of(file.path()) == Some(Format::Csv));
        let mut row = Vec::new();
        if is_csv {
            write_csv_row(cells, &mut row);
        } else {
            let cells: Vec<_> = cells.iter().map(|cell| one_line(cell)).collect();
            row.extend_from_slice(cells.join("\t").as_bytes());
            row.push(b'\n');
        }
        self.write_all(&row)
    }

    /// Publishes what was written.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush().context("cannot write to standard output"),
            Self::File(file) => {
                let path = file.path().to_owned();
                file.commit()
                    .with_context(|| format!("cannot write {}", path.display()))
            }
        }
    }
}

/// Refuses a name for the result that says another form than it may have; `forms` are the endings of those.
pub(crate) fn refuse_all_but(forms: &[&str], path: Option<&Path>) -> anyhow::Result<()> {
    // What ends in a language names no form here.
    let named = path.and_then(Format::of).filter(|form| *form != Format::Moses);
    match (named, path) {
        (Some(named), Some(path)) if !forms.contains(&named.name()) => {
            let endings: Vec<String> = forms.iter().map(|form| format!(".{form}")).collect();
            Err(Usage::error(format!(
                "--output {}: what is written is no {named}: expected a name that ends in {}",
                path.display(),
                endings.join(" or ")
            )))
        }
        _ => Ok(()),
    }
}

/// Bitext on its way out to the file that `-o` names; to standard output when it is absent or `-`.
pub(crate) fn bitext_writer(path: Option<&Path>, options: &WriteOptions) -> anyhow::Result<BitextWriter> {
    match path.filter(|p| p.as_os_str() != "-") {
        Some(path) => {
            let files = BitextWriter::files(path, options);
            files.iter().try_for_each(|file| refuse_read(file))?;
            BitextWriter::create(path, options).map_err(explain)
        }
        None => {
            let name = "standard output";
            let writer = BitextWriter::new(BufWriter::new(io::stdout()), options);
            let writer = writer.map_err(|error| explain(error.in_file(Path::new(name))))?;
            Ok(writer.called(name))
        }
    }
}

impl Output {
    /// An error with the name of what could not be written.
    fn named(&self, cause: &io::Error) -> io::Error {
        let message = match self {
            Self::Stdout(_) => format!("cannot write to standard output: {cause}"),
            Self::File(file) => format!("cannot write {}: {cause}", file.path().display()),
        };
        io::Error::new(cause.kind(), message)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        };
        written.map_err(|cause| self.named(&cause))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file) => file.flush(),
        };
        flushed.map_err(|cause| self.named(&cause))
    }
}
