//! `trailproof except`.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::exception::parse_date;

/// `trailproof except`.
#[derive(Debug, Args)]
pub struct Except {
    /// Fingerprint of the failing verdict, as in the JSON results; with --results its first 8 digits are enough
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: String,
    /// Why the failure is accepted
    #[arg(long, value_name = "TEXT", value_parser = text)]
    pub reason: String,
    /// The last day on which it is, in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Date,
    /// Who answers for it [default: the user who runs this]
    #[arg(long, value_name = "NAME", value_parser = text)]
    pub owner: Option<String>,
    /// Where it is discussed
    #[arg(long, value_name = "ID", value_parser = text)]
    pub ticket: Option<String>,
    /// JSON results that have the verdict: the entry then also names its rule and its subject
    #[arg(long, value_name = "RESULTS")]
    pub results: Option<PathBuf>,
    /// Configuration to write to [default: trailproof.yaml here, or in a folder above in the repository; a new one here]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

fn text(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("expected some text".to_owned()) } else { Ok(text.to_owned()) }
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "expected a date, such as 2027-01-31".to_owned())
}
