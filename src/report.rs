//! The result of one run: verdicts with their evidence, gaps and coverage. Knows nothing about formats.

mod drift;
mod exception;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::inventory::{Gap, Origin, Scope};

pub use drift::{Absence, Change, ChangeKind, Drift, EvidenceChange, Since};
pub use exception::{Exception, ExceptionNote, ExceptionTrouble};

/// Everything a renderer may show.
#[derive(Clone, Debug)]
pub struct Report {
    /// How, when and as whom it came about.
    pub run: Run,
    /// Every rule of the selected packs, also those without a subject, sorted by id.
    pub rules: Vec<RuleSummary>,
    /// Sorted by severity (worst first), rule, subject.
    pub verdicts: Vec<Verdict>,
    /// What could not be learned, and how many verdicts stayed unknown for it. Sorted.
    pub gaps: Vec<GapEffect>,
    /// Accounts and regions whose trails, or judged event data stores, could not be listed: what lives there may be missing from `verdicts`.
    pub unread: Vec<Unread>,
    /// Account × region, sorted by account id.
    pub coverage: Vec<AccountCoverage>,
    /// The frameworks that the packs speak for, sorted by id.
    pub frameworks: Vec<FrameworkSummary>,
    /// What became of failures of the earlier results that are no failures now; `None` without comparable ones.
    pub drift: Option<Box<Drift>>,
    /// Exceptions that do not do what they seem to, in the order of their files.
    pub exceptions: Vec<ExceptionNote>,
}

/// A standard, as far as an audit trail is concerned, with the rules that speak for its controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameworkSummary {
    /// Kebab name.
    pub id: String,
    /// Display title.
    pub title: String,
    /// Version of the standard.
    pub version: String,
    /// Where the standard is published.
    pub url: String,
    /// One of the packs is made for it: what no rule covers is missing, not just left to others.
    pub is_selected: bool,
    /// In the order of the standard.
    pub controls: Vec<ControlSummary>,
}

/// A control of a framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlSummary {
    /// Its number.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// What to know about it; may be empty.
    pub note: String,
    /// Ids of the rules evaluated for it, sorted; empty: it is uncovered.
    pub rules: Vec<String>,
}

impl FrameworkSummary {
    /// Controls that no rule speaks for.
    pub fn uncovered(&self) -> impl Iterator<Item = &ControlSummary> {
        self.controls.iter().filter(|control| control.rules.is_empty())
    }
}

/// How, when and as whom a report came about.
#[derive(Clone, Debug)]
pub struct Run {
    /// Version of the evaluating build.
    pub tool_version: String,
    /// The moment the verdicts speak of; RFC 3339, UTC.
    pub as_of: String,
    /// When collection started; RFC 3339, UTC.
    pub started_at: String,
    /// When collection ended; RFC 3339, UTC.
    pub finished_at: String,
    /// Account the scan started in.
    pub caller_account: String,
    /// Identity the scan started with.
    pub caller_arn: String,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// Organization id; `None` without one.
    pub organization: Option<String>,
    /// Management account id; `None` without an organization.
    pub management_account: Option<String>,
    /// What the user limited the run to.
    pub scope: Scope,
    /// Collection was stopped by the user.
    pub interrupted: bool,
    /// API requests made by the collection.
    pub calls: u64,
    /// Packs evaluated.
    pub packs: Vec<PackSummary>,
    /// The earlier results it was compared with.
    pub baseline: Baseline,
}

/// The earlier results that a run was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// None was given: what an unread place hid cannot be told.
    NotGiven,
    /// The user says that there are no earlier results.
    First,
    /// Results of that moment (RFC 3339).
    Results(String),
    /// Results were given that cannot tell what an unread place hides, for this reason.
    Unsuited(String),
}

/// A pack as evaluated.
#[derive(Clone, Debug)]
pub struct PackSummary {
    /// Pack id.
    pub id: String,
    /// Display title.
    pub title: String,
    /// Version the pack gives itself.
    pub version: String,
    /// SHA-256 over the pack's files, hex.
    pub digest: String,
}

/// A rule as evaluated.
#[derive(Clone, Debug)]
pub struct RuleSummary {
    /// Kebab noun phrase.
    pub id: String,
    /// Earlier ids.
    pub aliases: Vec<String>,
    /// Display title.
    pub title: String,
    /// What it quantifies over.
    pub subject: SubjectKind,
    /// Consequence of a failure.
    pub severity: Severity,
    /// Why it matters, for the person who has to act.
    pub why: String,
    /// How to mend it in general, as written in the rule (templates unrendered text kept readable).
    pub remedy: Remedy,
    /// Framework id → controls.
    pub controls: BTreeMap<String, Vec<String>>,
    /// Pages that say more.
    pub references: Vec<String>,
    /// Parameter values in force.
    pub parameters: BTreeMap<String, serde_json::Value>,
}

/// How to mend a failure; empty strings where a way does not exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// In a sentence.
    pub text: Arc<str>,
    /// AWS CLI command.
    pub cli: Arc<str>,
    /// Terraform arguments.
    pub terraform: Arc<str>,
    /// CloudFormation properties.
    pub cloudformation: Arc<str>,
}

/// One rule's judgement of one subject.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Rule id.
    pub rule: Arc<str>,
    /// The judgement.
    pub status: Status,
    /// The rule's severity.
    pub severity: Severity,
    /// What was judged; shared by the verdicts about it.
    pub subject: Arc<Subject>,
    /// One line saying what was observed.
    pub message: Arc<str>,
    /// How to mend this very subject; only on failures.
    pub remedy: Option<Box<Remedy>>,
    /// Hash of rule, partition and subject id: stable over time, wording and position. 64 hex digits.
    pub fingerprint: String,
    /// The facts that were read, with their origins.
    pub because: Vec<Evidence>,
    /// What would settle an unknown; each once.
    pub gaps: Arc<[Gap]>,
    /// RFC 3339 date of the earlier result in which this unknown verdict was a failure.
    pub was_failing_on: Option<String>,
    /// How a failure compares with the earlier results; `None` without comparable ones.
    pub since: Option<Box<Since>>,
    /// Set when `status` is [`Status::Excepted`], and when it is unknown and was excepted in the earlier results.
    pub exception: Option<Box<Exception>>,
}

/// A judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The requirement does not hold.
    Fail,
    /// Something needed for the judgement is not known.
    Unknown,
    /// It does not hold and somebody answers for that.
    Excepted,
    /// The requirement holds.
    Pass,
    /// The rule says nothing about this subject.
    NotApplicable,
}

/// Consequence of a failure, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The trail is lost or open to everyone.
    Critical,
    /// Events are missing or can be removed.
    High,
    /// Tampering would go unnoticed, or logs are less protected than they should be.
    Medium,
    /// A weakness of its own, not a way in.
    Low,
    /// Worth knowing.
    Info,
}

/// What a rule quantifies over.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// The organization.
    Organization,
    /// An account.
    Account,
    /// A trail, once.
    Trail,
    /// An event data store of CloudTrail Lake.
    EventDataStore,
    /// A bucket that trails deliver to.
    LogBucket,
    /// A KMS key that encrypts the files of trails.
    LogKey,
    /// A log group that trails deliver to.
    LogGroup,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Unique within the partition: an ARN, an account id, an organization id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Account it belongs to; empty when not known.
    pub account: String,
    /// Region it lives in; empty when it has none or it is not known.
    pub region: String,
}

/// One fact that a judgement rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Fact name: `trail.is_logging`.
    pub fact: Arc<str>,
    /// Its value.
    pub value: serde_json::Value,
    /// Where it came from; empty for values given in an example.
    pub origins: Arc<[Origin]>,
}

/// Something that could not be learned, and what that costs.
#[derive(Clone, Debug, PartialEq)]
pub struct GapEffect {
    /// The gap.
    pub gap: Gap,
    /// Verdicts that stayed unknown for it.
    pub verdicts: usize,
}

/// The call without which the event data stores of a region are not seen.
pub const LIST_EVENT_DATA_STORES: &str = "cloudtrail:ListEventDataStores";

/// A place whose trails, or whose event data stores, could not be listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Account id.
    pub account: String,
    /// `None`: no region of the account could be read, or its regions could not be listed.
    pub region: Option<String>,
    /// Why.
    pub gap: Gap,
}

impl Unread {
    /// Whether only event data stores are hidden there: trails were listed.
    #[must_use]
    pub fn hides_only_stores(&self) -> bool {
        matches!(&self.gap.origin, Origin::Call(call) if call.operation == LIST_EVENT_DATA_STORES)
    }

    /// The regions meant, in words.
    #[must_use]
    pub fn regions(&self) -> &str {
        match (&self.region, &self.gap.origin) {
            (Some(region), _) => region,
            (None, Origin::Call(call)) if call.operation == "account:ListRegions" => "regions not listed",
            (None, _) => "all regions",
        }
    }
}

/// What is recorded in the regions of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCoverage {
    /// Account id.
    pub account: String,
    /// Account name.
    pub name: String,
    /// Unit names from the root down; empty when not known.
    pub path: Vec<String>,
    /// False for suspended accounts and accounts out of scope.
    pub evaluated: bool,
    /// Why it was not evaluated; empty otherwise.
    pub note: String,
    /// Sorted by region name.
    pub cells: Vec<CoverageCell>,
}

/// What is recorded in one region of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageCell {
    /// Region name.
    pub region: String,
    /// Management events that only read.
    pub reads: Recorded,
    /// Management events that change something.
    pub writes: Recorded,
    /// Names of the logging trails that record something here.
    pub trails: Vec<String>,
}

/// Whether a class of events is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    /// All of them.
    Yes,
    /// Not all, or none.
    No,
    /// Not known.
    Unknown,
    /// The region is not enabled in the account.
    Disabled,
    /// The region was not asked for.
    OutOfScope,
}

/// Counts by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// [`Status::Pass`].
    pub pass: usize,
    /// [`Status::Fail`].
    pub fail: usize,
    /// [`Status::Unknown`].
    pub unknown: usize,
    /// [`Status::NotApplicable`].
    pub not_applicable: usize,
    /// [`Status::Excepted`].
    pub excepted: usize,
}

impl Verdict {
    /// Not known to have failed in the earlier results; without any, every failure is new.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.status == Status::Fail && self.since.as_ref().is_none_or(|since| since.is_new)
    }
}

impl Report {
    /// Counts the verdicts by status.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for verdict in &self.verdicts {
            *match verdict.status {
                Status::Pass => &mut summary.pass,
                Status::Fail => &mut summary.fail,
                Status::Unknown => &mut summary.unknown,
                Status::NotApplicable => &mut summary.not_applicable,
                Status::Excepted => &mut summary.excepted,
            } += 1;
        }
        summary
    }

    /// The rule that a verdict belongs to.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleSummary> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().and_then(|at| self.rules.get(at))
    }

    /// Sorts verdicts into the order in which every format shows them.
    pub fn sort(&mut self) {
        self.verdicts.sort_by(|a, b| {
            (a.severity, &a.rule, &a.subject, a.status).cmp(&(b.severity, &b.rule, &b.subject, b.status))
        });
    }
}

macro_rules! names {
    ($type:ty, $($variant:ident => $name:literal),+ $(,)?) => {
        impl $type {
            /// The name used in files and reports.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names!(Severity, Critical => "critical", High => "high", Medium => "medium", Low => "low", Info => "info");
names!(Status, Pass => "pass", Fail => "fail", Unknown => "unknown", NotApplicable => "not_applicable", Excepted => "excepted");
names!(SubjectKind, Organization => "organization", Account => "account", Trail => "trail", EventDataStore => "event_data_store", LogBucket => "log_bucket", LogKey => "log_key", LogGroup => "log_group");
names!(ChangeKind, New => "new", Unexcepted => "unexcepted", Fixed => "fixed", Severity => "severity", Evidence => "evidence", Unknown => "unknown", NotEvaluated => "not_evaluated", Excepted => "excepted", Settled => "settled", Applicability => "applicability", Added => "added");
names!(Recorded, Yes => "yes", No => "no", Unknown => "unknown", Disabled => "disabled", OutOfScope => "out_of_scope");
names!(ExceptionTrouble, Expired => "expired", Unmatched => "unmatched", TooBroad => "too_broad", Unsettled => "unsettled", Outdated => "outdated");
