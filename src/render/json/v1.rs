//! Version 1 of the results file. Frozen: fields may be added, never renamed, removed or given another meaning.
//!
//! Its structs share no type with the report, so that the report can change freely. [`Results::read`] reads a file back.

mod drift;
mod from_report;

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::inventory;
use crate::report;

pub use drift::{Change, Drift, EvidenceChange};

/// What `version` says.
pub const VERSION: &str = "1";

/// A results file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// [`VERSION`].
    pub version: String,
    /// What wrote it.
    pub tool: Tool,
    /// How, when and as whom it came about.
    pub run: Run,
    /// Verdicts counted by status.
    pub summary: Summary,
    /// Every rule evaluated.
    pub rules: Vec<Rule>,
    /// Worst first.
    pub verdicts: Vec<Verdict>,
    /// What could not be learned.
    pub gaps: Vec<GapEffect>,
    /// Places whose trails, or judged event data stores, could not be listed.
    pub unread: Vec<Unread>,
    /// Exceptions that do not do what they seem to; none in results of earlier builds.
    #[serde(default)]
    pub exceptions: Vec<ExceptionNote>,
    /// The frameworks that the packs speak for; none in results of earlier builds.
    #[serde(default)]
    pub frameworks: Vec<Framework>,
    /// What became of failures of the earlier results that are no failures now; `None` without comparable ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Account × region.
    pub coverage: Vec<AccountCoverage>,
}

/// Why a file is not taken for results.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It could not be read.
    #[error("the results could not be read")]
    Io(#[from] io::Error),
    /// It is not JSON of this shape.
    #[error("not a results file")]
    Shape(#[from] serde_json::Error),
    /// It was written by a build that speaks another version.
    #[error("results of version `{0}`; this build reads version `{VERSION}`")]
    Version(String),
}

/// What wrote a results file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `trailproof`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// How, when and as whom results came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The moment the verdicts speak of.
    pub as_of: String,
    /// Start of collection.
    pub started_at: String,
    /// End of collection.
    pub finished_at: String,
    /// Account the scan started in.
    pub caller_account: String,
    /// Identity the scan started with.
    pub caller_arn: String,
    /// AWS partition.
    pub partition: String,
    /// Organization id.
    pub organization: Option<String>,
    /// Management account id.
    pub management_account: Option<String>,
    /// What the run was limited to.
    pub scope: Scope,
    /// Collection was stopped early.
    pub interrupted: bool,
    /// API requests made.
    pub calls: u64,
    /// Packs evaluated.
    pub packs: Vec<Pack>,
    /// `not_given`, `first`, `unsuited`, or the RFC 3339 time of the earlier results.
    pub baseline: String,
}

/// What a run was limited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Only the caller's account.
    pub account_only: bool,
    /// Only these regions; `null`: every enabled region.
    pub regions: Option<Vec<String>>,
    /// Only these accounts; empty: all.
    pub accounts: Vec<String>,
    /// Accounts left out.
    pub exclude_accounts: Vec<String>,
    /// Only accounts under these units; empty: all.
    pub organizational_units: Vec<String>,
}

/// A pack as evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Pack id.
    pub id: String,
    /// Display title.
    pub title: String,
    /// Version.
    pub version: String,
    /// SHA-256 over its files.
    pub digest: String,
}

/// Verdicts counted by status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Requirements that hold.
    pub pass: usize,
    /// Requirements that do not.
    pub fail: usize,
    /// Not decided.
    pub unknown: usize,
    /// Not applicable.
    pub not_applicable: usize,
    /// Accepted for now.
    pub excepted: usize,
}

/// A rule as evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Rule id.
    pub id: String,
    /// Earlier ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Display title.
    pub title: String,
    /// Subject kind.
    pub subject: String,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it in general.
    pub remedy: Remedy,
    /// Framework → controls.
    pub controls: BTreeMap<String, Vec<String>>,
    /// Further reading.
    pub references: Vec<String>,
    /// Parameter values in force.
    pub parameters: BTreeMap<String, Value>,
}

/// How to mend a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// In a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// AWS CLI command.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cli: String,
    /// Terraform arguments.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub terraform: String,
    /// `CloudFormation` properties.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cloudformation: String,
}

/// One rule's judgement of one subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Rule id.
    pub rule: String,
    /// `fail`, `unknown`, `excepted`, `pass` or `not_applicable`.
    pub status: String,
    /// The rule's severity.
    pub severity: String,
    /// What was judged.
    pub subject: Subject,
    /// What was observed.
    pub message: String,
    /// Stable over time and wording.
    pub fingerprint: String,
    /// The facts it rests on.
    pub because: Vec<Evidence>,
    /// How to mend this subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// What would settle an unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// When an earlier result had this unknown verdict as a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was_failing_on: Option<String>,
    /// `new` or `existing`: how a failure compares with the earlier results; `None` without comparable ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<String>,
    /// The first results of an unbroken row in which it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Why a failure is accepted; also of an unknown verdict whose failure was accepted in the earlier results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// `organization`, `account`, `trail` or `log_bucket`.
    pub kind: String,
    /// Unique within the partition.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Account; may be empty.
    pub account: String,
    /// Region; may be empty.
    pub region: String,
}

/// One fact a judgement rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Fact name.
    pub fact: String,
    /// Its value.
    pub value: Value,
    /// Where it came from.
    pub origins: Vec<Origin>,
}

/// Where something was, or would have been, learned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// API operation as IAM spells it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub operation: String,
    /// Account of the credentials.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
    /// Region asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// Resource asked about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// The user's own statement, instead of a call.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stated: String,
}

/// Something that could not be learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What would have told.
    pub origin: Origin,
    /// `denied`, `throttled`, `timed_out`, `unavailable`, `unreadable`, `refused`, `not_collected` or `interrupted`.
    pub reason: String,
    /// Error code and message.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// A gap and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapEffect {
    /// The gap.
    pub gap: Gap,
    /// Verdicts that stayed unknown for it.
    pub verdicts: usize,
}

/// A place whose trails, or judged event data stores, could not be listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Account id.
    pub account: String,
    /// `null`: the whole account.
    pub region: Option<String>,
    /// Why.
    pub gap: Gap,
}

/// Why a failure is accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// In somebody's words.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Last day it counts.
    pub expires: String,
    /// Where it is discussed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// An exception that does not do what it seems to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionNote {
    /// `expired`, `unmatched`, `too_broad` or `unsettled`.
    pub trouble: String,
    /// File and line.
    pub place: String,
    /// What the exception speaks of.
    pub scope: String,
    /// What is the matter.
    pub message: String,
}

/// A standard, as far as an audit trail is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Framework {
    /// Framework id.
    pub id: String,
    /// Display title.
    pub title: String,
    /// Version of the standard.
    pub version: String,
    /// Where the standard is published.
    pub source: String,
    /// One of the packs is made for it.
    pub selected: bool,
    /// In the order of the standard.
    pub controls: Vec<Control>,
}

/// A control of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Its number.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// The worst status of its rules' verdicts; `no_subject`: these found nothing to judge; `uncovered`: it has no rule.
    pub status: String,
    /// Rules that speak for it.
    pub rules: Vec<String>,
    /// What to know about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What is recorded in the regions of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCoverage {
    /// Account id.
    pub account: String,
    /// Account name.
    pub name: String,
    /// Unit names from the root down.
    pub path: Vec<String>,
    /// False for suspended accounts and accounts out of scope.
    pub evaluated: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Per region.
    pub regions: Vec<CoverageCell>,
}

/// What is recorded in one region of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageCell {
    /// Region name.
    pub region: String,
    /// `yes`, `no`, `unknown`, `disabled` or `out_of_scope`.
    pub reads: String,
    /// Likewise.
    pub writes: String,
    /// Trails that record something here.
    pub trails: Vec<String>,
}

impl Results {
    /// Reads a results file and refuses one of another version.
    pub fn read(mut file: impl io::Read) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: String,
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let Versioned { version } = serde_json::from_slice(&bytes)?;
        if version != VERSION {
            return Err(ReadError::Version(version));
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}
