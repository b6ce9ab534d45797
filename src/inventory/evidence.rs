//! The evidence file: an [`Inventory`] as JSON.

use jiff::Timestamp;

use super::{Collection, EVIDENCE_VERSION, Inventory};

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
    /// It lacks what every collection finds, so a judgement of it would pass for want of subjects.
    #[error("it holds no {what}")]
    Empty {
        /// What is missing.
        what: String,
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
        let inventory: Self = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        inventory.check_content()?;
        Ok(inventory)
    }

    fn check_content(&self) -> Result<(), EvidenceError> {
        let empty = |what: String| Err(EvidenceError::Empty { what });
        if !self.accounts.values().any(|account| account.in_scope) {
            return empty("account in scope".to_owned());
        }
        let without = |account: &&super::Account| account.regions.value().is_some_and(Vec::is_empty);
        match self.accounts.values().find(without) {
            Some(account) => empty(format!("region of account {}", account.id)),
            None => Ok(()),
        }
    }

    /// Writes an evidence file: pretty-printed, sorted, ending in a newline.
    pub fn save(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

impl Collection {
    /// When collection started and ended.
    pub fn times(&self) -> Result<(Timestamp, Timestamp), jiff::Error> {
        Ok((self.started_at.parse()?, self.finished_at.parse()?))
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
