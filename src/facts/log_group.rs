//! Facts about a log group that trails deliver to.

use schemars::JsonSchema;
use serde::Serialize;

use super::moment::NEVER;
use super::{Fact, SubjectRecord};
use crate::inventory::{Gap, GapReason, Inventory, LogGroup, LogGroupSettings, Observed, Origin, Trail};
use crate::report::{Subject, SubjectKind};

/// Facts about a CloudWatch Logs log group that trails deliver to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LogGroupFacts {
    /// ARN, without the `:*` at its end.
    pub arn: String,
    /// Name within account and region.
    pub name: String,
    /// Id of the account that owns it.
    pub owner: String,
    /// Region it lives in.
    pub region: String,
    /// Names of the trails that were seen to deliver to it.
    #[schemars(extend("x-for-messages" = true))]
    pub trails: Vec<String>,
    /// It exists.
    #[schemars(extend("x-calls" = ["logs:DescribeLogGroups"]))]
    pub exists: Fact<bool>,
    /// Days that log events are kept; 9007199254740991 when they never expire.
    #[schemars(extend("x-calls" = ["logs:DescribeLogGroups"]))]
    pub retention_days: Fact<i64>,
    /// A KMS key of the customer encrypts it.
    #[schemars(extend("x-calls" = ["logs:DescribeLogGroups"]))]
    pub has_kms_key: Fact<bool>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    #[schemars(extend("x-calls" = ["logs:DescribeLogGroups"]))]
    pub class: Fact<String>,
    /// Deletion protection is on.
    #[schemars(extend("x-calls" = ["logs:DescribeLogGroups"]))]
    pub is_protected_from_deletion: Fact<bool>,
    /// Its owner is an account of the organization, or the scanned account.
    pub is_owned_in_organization: bool,
}

impl SubjectRecord for LogGroupFacts {
    const KIND: SubjectKind = SubjectKind::LogGroup;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.name.clone(),
            account: self.owner.clone(),
            region: self.region.clone(),
        }
    }
}

impl LogGroupFacts {
    pub(super) fn of(group: &LogGroup, trails: &[&Trail], inventory: &Inventory) -> Self {
        Self {
            arn: group.arn.clone(),
            name: group.name.clone(),
            owner: group.owner.clone(),
            region: group.region.clone(),
            trails: super::names(trails),
            exists: Fact::of(&group.settings, Option::is_some),
            retention_days: of_settings(group, |settings| settings.retention_days.unwrap_or(NEVER)),
            has_kms_key: of_settings(group, |settings| settings.kms_key.is_some()),
            class: of_settings(group, |settings| settings.class.clone()),
            is_protected_from_deletion: is_protected(group),
            is_owned_in_organization: inventory.accounts.contains_key(&group.owner),
        }
    }
}

/// What `f` says of the settings; a group that does not exist has none, which leaves nothing to say.
fn of_settings<T>(group: &LogGroup, f: impl FnOnce(&LogGroupSettings) -> T) -> Fact<T> {
    match &group.settings {
        Observed::Known { value: Some(settings), origin } => Fact::known(f(settings), [origin.clone()]),
        Observed::Known { value: None, origin } => Fact::Unknown(vec![Gap {
            origin: origin.clone(),
            reason: GapReason::NotCollected,
            detail: "there is no such log group".to_owned(),
        }]),
        Observed::Gap(gap) => Fact::Unknown(vec![gap.clone()]),
    }
}

/// Where the answer does not say, the service does not know the property yet, and nothing is protected.
fn is_protected(group: &LogGroup) -> Fact<bool> {
    of_settings(group, |settings| settings.is_protected_from_deletion.unwrap_or(false))
}

/// A log group of which the inventory says nothing.
pub(super) fn not_read(arn: &str) -> LogGroup {
    let origin = Origin::Stated(format!("the log group {arn}"));
    let gap = Gap { origin, reason: GapReason::NotCollected, detail: String::new() };
    let part = |at: usize| arn.split(':').nth(at).unwrap_or_default().to_owned();
    LogGroup {
        arn: arn.to_owned(),
        name: part(6),
        owner: part(4),
        region: part(3),
        settings: Observed::Gap(gap.clone()),
        metric_filters: Observed::Gap(gap),
    }
}
