//! Facts about a bucket that trails deliver to.

mod access;
mod acl;
mod guard;
pub(super) mod keeping;
mod policy;
mod public;
mod transport;

use schemars::JsonSchema;

use super::coverage::Coverage;
use super::part::record;
use super::{Fact, SubjectRecord};
use crate::inventory::{Bucket, Gap, GapReason, Observed, Origin, Trail};
use crate::report::{Subject, SubjectKind};

pub use access::LogBucketAccessFacts;
pub use guard::LogBucketGuardFacts;
pub use keeping::LogBucketKeepingFacts;

record! {
/// Facts about a bucket that trails deliver to.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogBucketFacts {
    /// Bucket name.
    pub name: String,
    /// Bucket ARN.
    pub arn: String,
    /// Names of the trails that were seen to deliver to it.
    #[schemars(extend("x-for-messages" = true))]
    pub trails: Vec<String>,
    /// It exists.
    #[schemars(extend("x-calls" = ["s3:HeadBucket"]))]
    pub exists: Fact<bool>,
    /// Region it lives in.
    #[schemars(extend("x-calls" = ["s3:HeadBucket"]))]
    pub region: Fact<String>,
    /// Id of the account that owns it; empty when no account that could be asked for it does.
    #[schemars(extend("x-calls" = ["s3:ListBuckets"]))]
    pub owner: Fact<String>,
    /// The accounts that were looked at form an organization.
    pub is_in_organization: bool,
    /// Its owner is an account of the organization, or the scanned account.
    #[schemars(extend("x-calls" = ["s3:ListBuckets"]))]
    pub is_owned_in_organization: Fact<bool>,
    /// Its owner is the management account.
    #[schemars(extend("x-calls" = ["s3:ListBuckets"]))]
    pub is_owned_by_management_account: Fact<bool>,
    /// Its owner also owns a trail that delivers to it.
    #[schemars(extend("x-calls" = ["s3:ListBuckets"]))]
    pub is_owned_by_trail_owner: Fact<bool>,
    /// Who may touch it.
    #[schemars(flatten)]
    pub access: LogBucketAccessFacts,
    /// What keeps the people of its owner away.
    #[schemars(flatten)]
    pub guard: LogBucketGuardFacts,
    /// How it keeps log files.
    #[schemars(flatten)]
    pub keeping: LogBucketKeepingFacts,
    /// A logging trail records all object-level events of it, read and write.
    #[schemars(extend("x-calls" = ["s3:ListBuckets"]))]
    pub has_its_object_events_recorded: Fact<bool>,
}
}

impl SubjectRecord for LogBucketFacts {
    const KIND: SubjectKind = SubjectKind::LogBucket;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.name.clone(),
            account: self.owner.value().cloned().unwrap_or_default(),
            region: self.region.value().cloned().unwrap_or_default(),
        }
    }
}

impl LogBucketFacts {
    pub(super) fn of(bucket: &Bucket, trails: &[&Trail], coverage: &Coverage<'_>) -> Self {
        let inventory = coverage.inventory;
        let management = inventory.organization.as_ref().map(|one| one.management_account.as_str());
        let owner = || match &bucket.owner {
            // One account was asked; whose it is otherwise, nobody was.
            Observed::Known { value: None, origin } if inventory.organization.is_none() => {
                let detail = "the account that was asked does not own it".to_owned();
                Fact::Unknown(vec![Gap { origin: origin.clone(), reason: GapReason::NotCollected, detail }])
            }
            owner => Fact::of(owner, Clone::clone),
        };
        let owned_by =
            |test: &dyn Fn(&str) -> bool| owner().map(|owner| owner.is_some_and(|owner| test(&owner)));
        Self {
            name: bucket.name.clone(),
            arn: format!("arn:{}:s3:::{}", inventory.collection.partition, bucket.name),
            trails: super::names(trails),
            exists: Fact::of(&bucket.exists, |exists| *exists),
            region: Fact::of(&bucket.region, Clone::clone),
            owner: owner().map(Option::unwrap_or_default),
            is_in_organization: inventory.organization.is_some(),
            is_owned_in_organization: owned_by(&|owner| inventory.accounts.contains_key(owner)),
            is_owned_by_management_account: owned_by(&|owner| Some(owner) == management),
            is_owned_by_trail_owner: owned_by_trail_owner(bucket, trails, coverage),
            access: LogBucketAccessFacts::of(bucket, trails, coverage),
            guard: LogBucketGuardFacts::of(bucket, trails, coverage),
            keeping: LogBucketKeepingFacts::of(bucket, trails, &coverage.hidden_trails),
            has_its_object_events_recorded: object_events_recorded(bucket, coverage),
        }
    }
}

/// A bucket of which the inventory says nothing.
pub(super) fn not_read(name: &str) -> Bucket {
    fn gap<T>(name: &str) -> Observed<T> {
        Observed::Gap(not_collected(format!("the bucket {name}")))
    }
    Bucket {
        name: name.to_owned(),
        exists: gap(name),
        region: gap(name),
        owner: gap(name),
        policy: gap(name),
        policy_is_public: gap(name),
        acl: gap(name),
        public_access_block: gap(name),
        account_public_access_block: gap(name),
        object_lock: gap(name),
        versioning: gap(name),
        lifecycle: gap(name),
        access_logging: gap(name),
        object_ownership: gap(name),
        replication: gap(name),
        encryption: gap(name),
    }
}

fn not_collected(what: String) -> Gap {
    Gap { origin: Origin::Stated(what), reason: GapReason::NotCollected, detail: String::new() }
}

/// That it owns none of the trails holds once all trails of the owner are known.
fn owned_by_trail_owner(bucket: &Bucket, trails: &[&Trail], coverage: &Coverage<'_>) -> Fact<bool> {
    let is_owner = Fact::of(&bucket.owner, |owner| {
        owner.as_ref().is_some_and(|owner| trails.iter().any(|trail| trail.owner == *owner))
    });
    let (Some(false), Some(Some(owner))) = (is_owner.value(), bucket.owner.value()) else { return is_owner };
    let unseen = match coverage.inventory.accounts.get(owner) {
        Some(account) => coverage.unseen(account),
        None => vec![not_collected(format!("the account {owner}"))],
    };
    if unseen.is_empty() { is_owner } else { Fact::Unknown(unseen) }
}

/// In its owner's account, in its region.
fn object_events_recorded(bucket: &Bucket, coverage: &Coverage<'_>) -> Fact<bool> {
    let place = match (&bucket.owner, &bucket.region) {
        (Observed::Known { value: Some(owner), .. }, Observed::Known { value: region, .. }) => {
            (owner, region)
        }
        (Observed::Gap(gap), _) | (_, Observed::Gap(gap)) => return Fact::Unknown(vec![gap.clone()]),
        (Observed::Known { value: None, .. }, _) => {
            return Fact::Unknown(vec![not_collected(format!("the owner of {}", bucket.name))]);
        }
    };
    let Some(owner) = coverage.inventory.accounts.get(place.0) else {
        return Fact::Unknown(vec![not_collected(format!("the account {}", place.0))]);
    };
    let (reads, writes) = coverage.records_objects(owner, place.1, &bucket.name);
    reads.and(writes)
}
