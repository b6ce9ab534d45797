//! The world: what the YAML file says, with its names resolved.
//!
//! Takes text, gives a [`World`]; knows nothing of HTTP. Everything has a default, so that a file says only what is special
//! about its story. An unknown field or an unresolved name is an error with line and column.

mod account;
mod alarm;
mod bucket;
mod event_rule;
mod key;
mod lake;
mod log_group;
mod moment;
mod organization;
mod policy;
mod region;
mod resolve;
mod topic;
mod trail;

pub(crate) use account::{Account, AccountStatus, Caller, Role};
pub(crate) use alarm::Alarm;
pub(crate) use bucket::{Bucket, Switches, Versioning};
pub(crate) use event_rule::{EventBus, EventRule};
pub(crate) use key::Key;
pub(crate) use lake::EventDataStore;
pub(crate) use log_group::{LogGroup, LogResourcePolicy, MetricFilter};
pub(crate) use moment::{Moment, duration};
pub(crate) use organization::{Node, Organization, POLICY_TYPES, Policy};
pub(crate) use policy::Document;
pub(crate) use region::Partition;
pub(crate) use topic::{SubscriptionState, Topic};
pub(crate) use trail::{EventSelector, Trail};

use crate::fault::Fault;
use jiff::Timestamp;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::fmt::{self, Display};
use std::time::Duration;

/// A name in the file that refers to something else; the resolving pass turns it into an id.
pub(crate) type Ref = Spanned<String>;

/// An AWS organization and what is in it, as the server will show it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The world's clock; the system's when absent.
    pub(crate) now: Option<Moment>,
    #[serde(default)]
    pub(crate) partition: Partition,
    /// The region of everything that does not name one.
    #[serde(default)]
    pub(crate) region: String,
    /// Elements on a page of Organizations; of `ListRegions` four times as many.
    #[serde(default = "five")]
    pub(crate) page_size: usize,
    /// Whether lists of several pages have an empty one among them.
    #[serde(default = "yes")]
    pub(crate) empty_pages: bool,
    /// Calls per second, account, region and operation.
    pub(crate) quota: Option<u32>,
    #[serde(default, deserialize_with = "duration")]
    pub(crate) latency: Option<Duration>,
    #[serde(default = "audit_roles")]
    pub(crate) roles: Vec<Role>,
    pub(crate) organization: Option<Organization>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) callers: Vec<Caller>,
    #[serde(default)]
    pub(crate) trails: Vec<Trail>,
    #[serde(default)]
    pub(crate) buckets: Vec<Bucket>,
    #[serde(default)]
    pub(crate) keys: Vec<Key>,
    #[serde(default)]
    pub(crate) event_data_stores: Vec<EventDataStore>,
    #[serde(default)]
    pub(crate) log_groups: Vec<LogGroup>,
    #[serde(default)]
    pub(crate) log_resource_policies: Vec<LogResourcePolicy>,
    #[serde(default)]
    pub(crate) alarms: Vec<Alarm>,
    #[serde(default)]
    pub(crate) topics: Vec<Topic>,
    #[serde(default)]
    pub(crate) event_buses: Vec<EventBus>,
    #[serde(default)]
    pub(crate) event_rules: Vec<EventRule>,
    #[serde(default)]
    pub(crate) denies: Vec<Deny>,
    #[serde(default)]
    pub(crate) faults: Vec<Fault>,
}

fn five() -> usize {
    5
}

fn yes() -> bool {
    true
}

fn audit_roles() -> Vec<Role> {
    ["trailproof-audit", "OrganizationAccountAccessRole"]
        .map(|name| Role { name: name.into(), external_id: None })
        .into()
}

/// A statement that refuses calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deny {
    /// The account whose principals are refused; every account when absent.
    pub(crate) account: Option<Ref>,
    pub(crate) region: Option<String>,
    /// A pattern of IAM actions, such as `s3:*`.
    pub(crate) action: String,
    /// A pattern of names or ARNs.
    pub(crate) resource: Option<String>,
    #[serde(default)]
    pub(crate) by: DeniedBy,
}

/// The kind of policy behind a refusal; it shows in the message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DeniedBy {
    #[default]
    Identity,
    /// Never binds the management account.
    Scp,
    Resource,
}

impl World {
    /// Reads a world and resolves its names.
    pub fn from_yaml(text: &str) -> Result<Self, WorldError> {
        let mut world: Self = serde_saphyr::from_str(text).map_err(|error| {
            let (line, column) = error.location().map_or((0, 0), |at| (at.line(), at.column()));
            WorldError {
                problems: vec![Problem { line, column, message: error.without_snippet().to_string() }],
            }
        })?;
        let problems = resolve::resolve(&mut world);
        if problems.is_empty() { Ok(world) } else { Err(WorldError { problems }) }
    }

    /// The ids of all accounts, in the order of the file.
    pub fn account_ids(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(Account::id)
    }

    /// The names of the callers, in the order of the file.
    pub fn callers(&self) -> impl Iterator<Item = &str> {
        self.callers.iter().map(|caller| caller.name.as_str())
    }

    /// The clock at this moment.
    pub(crate) fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        self.now.and_then(|moment| moment.at(now)).unwrap_or(now)
    }

    /// The account with this id.
    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id() == id)
    }

    /// The id behind a name or an id.
    pub(crate) fn account_id(&self, name_or_id: &str) -> Option<&str> {
        let by_id = self.accounts.iter().find(|account| account.id() == name_or_id);
        by_id.or_else(|| self.accounts.iter().find(|account| account.name == name_or_id)).map(Account::id)
    }

    /// The organization, if this account is in it.
    pub(crate) fn organization_of(&self, account: &str) -> Option<&Organization> {
        self.organization.as_ref().filter(|_| self.account(account).is_some_and(|account| account.member))
    }

    /// Whether this is the management account.
    pub(crate) fn is_management(&self, account: &str) -> bool {
        self.organization.as_ref().is_some_and(|organization| organization.management() == account)
    }
}

/// One thing wrong with a world file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

/// Everything wrong with a world file.
#[derive(Debug, thiserror::Error)]
pub struct WorldError {
    /// At least one problem, in the order of the checks.
    pub problems: Vec<Problem>,
}

impl Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}line {}, column {}: {}", problem.line, problem.column, problem.message)?;
        }
        Ok(())
    }
}

/// Sixteen hexadecimal digits that depend on the text alone (FNV-1a).
pub(crate) fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A UUID that depends on the text alone.
pub(crate) fn uuid(text: &str) -> String {
    let (head, tail) = (fingerprint(text), fingerprint(&format!("{text}/")));
    format!("{}-{}-4{}-a{}-{}", &head[..8], &head[8..12], &head[13..16], &tail[1..4], &tail[4..16])
}
