//! Reads a file that somebody else may have written: no device, no more than the limit, and UTF-8.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::MAX_FILE_SIZE;

/// The text of a file, or why it is not read.
pub(crate) fn read_file(path: &Path) -> Result<String, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is not a file".to_owned());
    }
    if metadata.len() > MAX_FILE_SIZE as u64 {
        return Err(format!("it has {} bytes, {MAX_FILE_SIZE} are allowed", metadata.len()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_FILE_SIZE as u64).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    String::from_utf8(bytes)
        .map_err(|error| format!("it is not UTF-8 (at byte {})", error.utf8_error().valid_up_to()))
}
