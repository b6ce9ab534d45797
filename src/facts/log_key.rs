//! Facts about a key that encrypts the files of trails.

use schemars::JsonSchema;
use serde::Serialize;

use super::pending::pending;
use super::{Fact, SubjectRecord};
use crate::inventory::{Gap, GapReason, Key, Observed, Origin, Trail};
use crate::report::{Subject, SubjectKind};

/// Facts about a KMS key that encrypts the files of trails.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
    /// It lives in the region of every bucket whose log files it encrypts, as CloudTrail demands.
    #[schemars(extend("x-calls" = ["s3:HeadBucket"]))]
    pub is_in_bucket_region: Fact<bool>,
    /// The accounts that were looked at form an organization.
    pub is_in_organization: bool,
    /// Its owner is an account of the organization, or the scanned account.
    pub is_owned_in_organization: bool,
    /// Its owner is the management account.
    pub is_owned_by_management_account: bool,
    /// Its owner also owns a trail that encrypts with it.
    pub is_owned_by_trail_owner: Fact<bool>,
    /// Its policy lets anyone use it: a wildcard principal, not pinned to known accounts.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub is_public: Fact<bool>,
    /// Its policy lets somebody outside its owner's account disable it, delete it or change its policy.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub lets_others_change_it: Fact<bool>,
    /// Who that is, in words; empty when nobody is.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub changers: Fact<String>,
    /// Its policy lets somebody outside the organization, or outside the owner's account where there is none, decrypt with it.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub lets_strangers_decrypt: Fact<bool>,
    /// Who that is, in words; empty when nobody is.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub strangers: Fact<String>,
    /// Its policy lets CloudTrail encrypt for every trail that uses it.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub lets_cloudtrail_encrypt: Fact<bool>,
    /// What keeps CloudTrail from encrypting with it, in words; empty when nothing does.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub encryption_obstacles: Fact<String>,
    /// Whatever its policy grants to CloudTrail is pinned to trails of known accounts: by source ARN, account or organization, or by the encryption context.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub pins_cloudtrail: Fact<bool>,
    /// Statements that let CloudTrail act for trails of any account, in words; empty when there are none.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub unpinned_grants: Fact<String>,
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
    pub(super) fn of(key: &Key, trails: &[&Trail]) -> Self {
        let region = key.id.split(':').nth(3).unwrap_or_default();
        Self {
            arn: key.id.clone(),
            trails: super::names(trails),
            owner: key.owner.clone(),
            region: region.to_owned(),
            exists: pending(),
            state: pending(),
            is_enabled: pending(),
            is_customer_managed: pending(),
            can_rotate: pending(),
            rotates: pending(),
            is_in_bucket_region: pending(),
            is_in_organization: false,
            is_owned_in_organization: false,
            is_owned_by_management_account: false,
            is_owned_by_trail_owner: pending(),
            is_public: pending(),
            lets_others_change_it: pending(),
            changers: pending(),
            lets_strangers_decrypt: pending(),
            strangers: pending(),
            lets_cloudtrail_encrypt: pending(),
            encryption_obstacles: pending(),
            pins_cloudtrail: pending(),
            unpinned_grants: pending(),
        }
    }
}

/// A key of which the inventory says nothing.
pub(super) fn not_read(id: &str, trails: &[&Trail]) -> Key {
    let origin = Origin::Stated(format!("the key {id}"));
    let gap = Gap { origin, reason: GapReason::NotCollected, detail: String::new() };
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
