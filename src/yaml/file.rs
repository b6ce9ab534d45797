//! Reads a file that somebody else may have written: no device, no more than the limit, and UTF-8.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::MAX_FILE_SIZE;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// Why a file was not read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    reason: String,
    /// What was read of a file that is not UTF-8, and where that shows first.
    text: Option<(String, usize)>,
}

impl Unreadable {
    /// The mistake, shown at its place in the file if it has one; otherwise with `help`.
    pub(crate) fn diagnostic(self, path: &Path, help: Option<&str>) -> Diagnostic {
        let shown = path.display().to_string();
        let diagnostic = Diagnostic::error(format!("`{shown}` cannot be read: {self}"));
        let (text, span, help) = match self.text {
            Some((text, at)) => {
                (text, at..at + char::REPLACEMENT_CHARACTER.len_utf8(), Some("save the file as UTF-8"))
            }
            None => (String::new(), 0..0, help),
        };
        let source = Arc::new(Source::new(&shown, text));
        diagnostic.at(&source, span, "").maybe_help(help.map(str::to_owned))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self { reason: error.to_string(), text: None }
    }
}

/// The text of a file.
pub(crate) fn read_file(path: &Path) -> Result<String, Unreadable> {
    let refused = |reason| Err(Unreadable { reason, text: None });
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return refused("it is not a file".to_owned());
    }
    if metadata.len() > MAX_FILE_SIZE as u64 {
        return refused(format!("it has {} bytes, {MAX_FILE_SIZE} are allowed", metadata.len()));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_SIZE as u64).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        Unreadable { reason: format!("it is not UTF-8 (at byte {at})"), text: Some((text, at)) }
    })
}
