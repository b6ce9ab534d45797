//! Facts about a key that encrypts the files of trails.

mod guard;
mod policy;

use schemars::JsonSchema;

use super::coverage::Coverage;
use super::part::record;
use super::{Fact, SubjectRecord};
use crate::inventory::{Gap, GapReason, Key, KeyMetadata, Observed, Origin, Trail};
use crate::report::{Subject, SubjectKind};

pub use guard::LogKeyGuardFacts;
pub(super) use policy::KeyPolicy;
pub use policy::LogKeyAccessFacts;

record! {
/// Facts about a KMS key that encrypts the files of trails.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogKeyFacts {
    /// Key ARN, or what the trails name it by.
    pub arn: String,
    /// Names of the trails that were seen to encrypt with it.
    #[schemars(extend("x-for-messages" = true))]
    pub trails: Vec<String>,
    /// Id of the account that owns it; empty when the trails do not name it by ARN.
    pub owner: String,
    /// Region it lives in; empty when the trails do not name it by ARN.
    pub region: String,
    /// It exists.
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    pub exists: Fact<bool>,
    /// State as KMS reports it; `missing` when there is no such key.
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    pub state: Fact<String>,
    /// It is in state `Enabled`.
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    pub is_enabled: Fact<bool>,
    /// It is managed by the customer, not by AWS.
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    pub is_customer_managed: Fact<bool>,
    /// Automatic rotation exists for its kind: symmetric, with key material from KMS.
    #[schemars(extend("x-calls" = ["kms:DescribeKey", "kms:GetKeyRotationStatus"]))]
    pub can_rotate: Fact<bool>,
    /// Automatic rotation is on.
    #[schemars(extend("x-calls" = ["kms:GetKeyRotationStatus"]))]
    pub rotates: Fact<bool>,
    /// The accounts that were looked at form an organization.
    pub is_in_organization: bool,
    /// Its owner is an account of the organization, or the scanned account.
    pub is_owned_in_organization: bool,
    /// Its owner is the management account.
    pub is_owned_by_management_account: bool,
    /// Its owner also owns a trail that encrypts with it.
    pub is_owned_by_trail_owner: Fact<bool>,
    /// Who may touch it.
    #[schemars(flatten)]
    pub access: LogKeyAccessFacts,
    /// What keeps the people of its owner away.
    #[schemars(flatten)]
    pub guard: LogKeyGuardFacts,
}
}

impl SubjectRecord for LogKeyFacts {
    const KIND: SubjectKind = SubjectKind::LogKey;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.arn.rsplit('/').next().unwrap_or_default().to_owned(),
            account: self.owner.clone(),
            region: self.region.clone(),
        }
    }
}

impl LogKeyFacts {
    pub(super) fn of(key: &Key, trails: &[&Trail], coverage: &Coverage<'_>) -> Self {
        let inventory = coverage.inventory;
        let management = inventory.organization.as_ref().map(|one| &one.management_account);
        let is = |test: &dyn Fn(&KeyMetadata) -> bool| {
            Fact::of(&key.metadata, |found| found.as_ref().is_some_and(test))
        };
        let region = key.id.split(':').nth(3).unwrap_or_default();
        Self {
            arn: key.id.clone(),
            trails: super::names(trails),
            owner: key.owner.clone(),
            region: region.to_owned(),
            exists: Fact::of(&key.metadata, Option::is_some),
            state: Fact::of(&key.metadata, |found| {
                found.as_ref().map_or("missing", |key| &key.state).to_owned()
            }),
            is_enabled: is(&|found| found.state == "Enabled"),
            is_customer_managed: is(&|found| found.manager == "CUSTOMER"),
            can_rotate: can_rotate(key),
            rotates: Fact::of(&key.rotates, |rotates| *rotates == Some(true)),
            is_in_organization: inventory.organization.is_some(),
            is_owned_in_organization: inventory.accounts.contains_key(&key.owner),
            is_owned_by_management_account: management == Some(&key.owner),
            is_owned_by_trail_owner: is_owned_by_trail_owner(key, trails, coverage),
            access: LogKeyAccessFacts::of(key, trails, coverage),
            guard: LogKeyGuardFacts::of(key, trails, coverage),
        }
    }
}

/// KMS rotates symmetric keys whose material it made itself, outside custom key stores.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>.
fn can_rotate(key: &Key) -> Fact<bool> {
    let by_kind = Fact::of(&key.metadata, |found| {
        found.as_ref().is_some_and(|key| key.spec == "SYMMETRIC_DEFAULT" && key.origin == "AWS_KMS")
    });
    // KMS says itself where a key cannot.
    by_kind.and(Fact::of(&key.rotates, Option::is_some))
}

/// That it owns none of the trails holds once all trails of the owner are known.
fn is_owned_by_trail_owner(key: &Key, trails: &[&Trail], coverage: &Coverage<'_>) -> Fact<bool> {
    if let Some(trail) = trails.iter().find(|trail| trail.owner == key.owner) {
        return Fact::known(true, [trail.described_by.clone()]);
    }
    let unseen = match coverage.inventory.accounts.get(&key.owner) {
        Some(account) => coverage.unseen(account),
        None => vec![not_collected(format!("the account {}", key.owner))],
    };
    if unseen.is_empty() { Fact::known(false, []) } else { Fact::Unknown(unseen) }
}

fn not_collected(what: String) -> Gap {
    Gap { origin: Origin::Stated(what), reason: GapReason::NotCollected, detail: String::new() }
}

/// A key of which the inventory says nothing.
pub(super) fn not_read(id: &str, trails: &[&Trail]) -> Key {
    let gap = not_collected(format!("the key {id}"));
    let named = id.split(':').nth(4).map(str::to_owned);
    let owner = named.or_else(|| trails.first().map(|trail| trail.owner.clone()));
    Key {
        id: id.to_owned(),
        owner: owner.unwrap_or_default(),
        metadata: Observed::Gap(gap.clone()),
        policy: Observed::Gap(gap.clone()),
        rotates: Observed::Gap(gap),
    }
}
