//! The command line: options and their help. No behaviour.

mod except;
mod policy;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::permissions::Language;
use crate::render::{DriftFormat, Format};
use crate::report::Severity;

pub use except::Except;
pub use policy::{
    CheckFormat, Policy, PolicyCheck, PolicyDocs, PolicyEval, PolicyFacts, PolicyNew, PolicySchema,
    PolicyShow, PolicyTest, TestFormat,
};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  everything was evaluated, and nothing at or above the threshold fails
  1  something at or above the threshold fails
  2  the audit could not be run, or a report could not be written
  3  nothing fails, but something is unknown";

const DIFF_EXIT_CODES: &str = "\
Exit codes:
  0  no failure at or above the threshold is new
  1  one is, or is no longer accepted
  2  the results could not be compared";

/// Proves that an AWS Organization's audit trail is complete, tamper-evident and out of reach, or shows exactly where it is not.
#[derive(Debug, Parser)]
#[command(name = "trailproof", version, styles = STYLES, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to colour what goes to the terminal; reports in files never contain colour codes
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = "General")]
    pub color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Collect from a live organization, evaluate and report: the main job
    Scan(Scan),
    /// Collect from a live organization and save the evidence, without judging it
    Collect(Collect),
    /// Evaluate saved evidence
    Check(Check),
    /// Say what changed between two JSON results
    Diff(Diff),
    /// Accept a failure until a date: write the exception into the configuration
    Except(Except),
    /// Look at, write and test policy packs
    #[command(subcommand)]
    Policy(Policy),
    /// Print the least-privilege permissions for the calls that the selected packs need
    Permissions(Permissions),
    /// Print a completion script for a shell
    Completions {
        /// Shell to complete for
        shell: clap_complete::Shell,
    },
}

/// `trailproof scan`.
#[derive(Debug, Args)]
pub struct Scan {
    /// Where to look.
    #[command(flatten)]
    pub target: Target,
    /// What to judge by.
    #[command(flatten)]
    pub packs: Packs,
    /// Also save the evidence, for `trailproof check`
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub evidence: Option<PathBuf>,
    /// How to report.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// `trailproof collect`.
#[derive(Debug, Args)]
pub struct Collect {
    /// Where to look.
    #[command(flatten)]
    pub target: Target,
    /// Evidence file to write
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// `trailproof check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Evidence file written by `trailproof collect`
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// What to judge by.
    #[command(flatten)]
    pub packs: Packs,
    /// How to report.
    #[command(flatten)]
    pub reporting: Reporting,
}

/// `trailproof diff`.
#[derive(Debug, Args)]
#[command(after_help = DIFF_EXIT_CODES)]
pub struct Diff {
    /// JSON results to start from
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// JSON results to compare with them
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Format of what is written to standard output
    #[arg(long, value_enum, default_value_t = DriftFormat::Text, value_name = "FORMAT")]
    pub format: DriftFormat,
    /// Least severity of a new failure that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", value_parser = severity, default_value = "info")]
    pub fail_on: Severity,
    /// Fold nothing, and list also what is new and does not fail
    #[arg(short, long)]
    pub verbose: bool,
}

/// `trailproof permissions`.
#[derive(Debug, Args)]
pub struct Permissions {
    /// What to judge by.
    #[command(flatten)]
    pub packs: Packs,
    /// Whose permissions
    #[arg(long = "for", value_enum, default_value_t = Holder::Members, value_name = "WHO")]
    pub holder: Holder,
    /// Language to print them in
    #[arg(long, value_enum, default_value_t = Language::Iam, value_name = "FORMAT")]
    pub format: Language,
    /// Name of the role in each member account
    #[arg(long, value_name = "NAME", default_value = "trailproof-audit", value_parser = role_name)]
    pub role_name: String,
}

/// Whose permissions to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Holder {
    /// The role that is assumed in every account
    Members,
    /// The identity that starts a scan
    Start,
}

/// Where to look and as whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Collection")]
pub struct Target {
    /// Look at the caller's own account only, without the organization
    #[arg(long, conflicts_with_all = ["accounts", "exclude_accounts", "ou"])]
    pub account_only: bool,
    /// Role to assume in each member account
    #[arg(long, value_name = "NAME", default_value = "trailproof-audit", value_parser = role_name)]
    pub role_name: String,
    /// External id that the role asks for
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,
    /// Judge only these accounts
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = account_id)]
    pub accounts: Vec<String>,
    /// Leave these accounts out: verdicts do not speak of them, and nothing is read in them
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = account_id)]
    pub exclude_accounts: Vec<String>,
    /// Judge only the accounts in these organizational units, at any depth
    #[arg(long, value_name = "OU", value_delimiter = ',')]
    pub ou: Vec<String>,
    /// Look at these regions only: verdicts then speak of no other region
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// API calls under way at once
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub concurrency: u16,
    /// Seconds that one API call may take, its retries included
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub call_timeout: Duration,
    /// Profile from the shared AWS configuration files
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// What to judge by.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy")]
pub struct Packs {
    /// Configuration to read, or `none` [default: trailproof.yaml here, or in a folder above in the repository]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Policy pack: the name of a built-in one, or a folder; may be given several times, and where packs disagree the last decides
    /// [default: those of the configuration, or baseline]
    #[arg(long = "policy", value_name = "PACK")]
    pub packs: Vec<String>,
    /// Set a parameter of the packs, as `TRAILPROOF_SET_NAME` does in the environment; lists are separated by commas
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub set: Vec<(String, String)>,
}

/// How to report.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub struct Reporting {
    /// Format of what is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
    /// Also write a report to a file; may be given several times
    #[arg(long, value_name = "FORMAT=PATH", value_parser = output)]
    pub output: Vec<(Format, PathBuf)>,
    /// Earlier JSON results, or `none` when there are none: what could not be read this time then keeps its failures open
    #[arg(long, value_name = "RESULTS")]
    pub baseline: Option<PathBuf>,
    /// The moment to judge by, such as 2026-11-21T09:00:00Z [default: when collection ended]
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub as_of: Option<Timestamp>,
    /// Least severity of a failure that makes the exit code 1; with `new:` before it, such as new:high, only failures that are
    /// new since the baseline count
    #[arg(long, value_name = "[new:]SEVERITY", value_parser = threshold, default_value = "info")]
    pub fail_on: Threshold,
    /// Exit with 0 instead of 3 when something is unknown
    #[arg(long)]
    pub allow_unknown: bool,
    /// Exit with 0 whatever the verdicts are
    #[arg(long)]
    pub exit_zero: bool,
    /// Show failures and the summary only
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show passes and evidence too
    #[arg(short, long)]
    pub verbose: bool,
}

/// Which failures make the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Only those that are not known to have failed in the earlier results.
    pub only_new: bool,
    /// Only those at least as severe.
    pub severity: Severity,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// When standard output is a terminal and `NO_COLOR` is not set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn account_id(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account id has twelve digits".to_owned())
    }
}

/// The characters that IAM allows in a role name, and in a path before it.
fn role_name(text: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    if !text.is_empty() && text.len() <= 512 && text.chars().all(is_allowed) && !text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err("expected the name of a role, such as trailproof-audit or path/trailproof-audit".to_owned())
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 3600.0 => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("expected a number of seconds above 0, at most 3600".to_owned()),
    }
}

fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "expected a moment with time zone, such as 2026-11-21T09:00:00Z".to_owned())
}

fn severity(text: &str) -> Result<Severity, String> {
    let all = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
    all.into_iter()
        .find(|severity| severity.name() == text)
        .ok_or_else(|| "expected critical, high, medium, low or info".to_owned())
}

fn threshold(text: &str) -> Result<Threshold, String> {
    let (only_new, name) = text.strip_prefix("new:").map_or((false, text), |name| (true, name));
    severity(name)
        .map(|severity| Threshold { only_new, severity })
        .map_err(|expected| format!("{expected}, or one of these after new:, such as new:high"))
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE, such as object_lock_days=365".to_owned()),
    }
}

fn output(text: &str) -> Result<(Format, PathBuf), String> {
    let expected = || format!("expected FORMAT=PATH, such as html=report.html; formats: {}", format_names());
    let (format, path) = text.split_once('=').ok_or_else(expected)?;
    let format = Format::from_str(format, false).map_err(|_| expected())?;
    if path.is_empty() { Err(expected()) } else { Ok((format, PathBuf::from(path))) }
}

fn format_names() -> String {
    let names: Vec<_> = Format::value_variants().iter().map(|format| format.name()).collect();
    names.join(", ")
}
