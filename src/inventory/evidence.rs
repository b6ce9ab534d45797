//! The evidence file: an [`Inventory`] as JSON.

use super::{EVIDENCE_VERSION, Inventory};

/// Why a text is not an evidence file that this build can judge.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// Not JSON, or not the shape of an inventory.
    #[error("{message}")]
    Malformed {
        /// What was wrong, without the position.
        message: String,
        /// From 1.
        line: usize,
        /// From 1; 0 when the end of the text was reached.
        column: usize,
    },
    /// Written by a build with another version of the format.
    #[error("this is evidence of version {found}; this build reads version {EVIDENCE_VERSION}")]
    Version {
        /// The `version` field of the file.
        found: u64,
    },
}

impl Inventory {
    /// Reads an evidence file.
    pub fn load(text: &str) -> Result<Self, EvidenceError> {
        let version = serde_json::from_str::<VersionOnly>(text).map_err(|error| malformed(&error))?.version;
        if version != u64::from(EVIDENCE_VERSION) {
            return Err(EvidenceError::Version { found: version });
        }
        serde_json::from_str(text).map_err(|error| malformed(&error))
    }

    /// Writes an evidence file: pretty-printed, sorted, ending in a newline.
    pub fn save(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

#[derive(serde::Deserialize)]
struct VersionOnly {
    version: u64,
}

fn malformed(error: &serde_json::Error) -> EvidenceError {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let position = format!(" at line {line} column {column}");
    let message = text.strip_suffix(&position).unwrap_or(&text).to_owned();
    EvidenceError::Malformed { message, line, column }
}
