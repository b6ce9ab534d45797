//! Facts about a bucket that trails deliver to.

use schemars::JsonSchema;

use super::coverage::Coverage;
use super::part::record;
use super::{Fact, SubjectRecord};
use crate::inventory::{
    AclGrant, Bucket, Gap, GapReason, Observed, Origin, PublicAccessBlock, Retention, Trail,
};
use crate::report::{Subject, SubjectKind};

/// ACL groups that hold everybody, and everybody with any AWS account.
const EVERYBODY: [&str; 2] = ["/groups/global/AllUsers", "/groups/global/AuthenticatedUsers"];

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
        pub exists: Fact<bool>,
        /// Region it lives in.
        pub region: Fact<String>,
        /// Id of the account that owns it; empty when no account that could be asked for it does.
        pub owner: Fact<String>,
        /// The accounts that were looked at form an organization.
        pub is_in_organization: bool,
        /// Its owner is an account of the organization, or the scanned account.
        pub is_owned_in_organization: Fact<bool>,
        /// Its owner is the management account.
        pub is_owned_by_management_account: Fact<bool>,
        /// Its owner also owns a trail that delivers to it.
        pub is_owned_by_trail_owner: Fact<bool>,
        /// Anyone can reach it: through its policy or its ACL, with no Block Public Access in the way.
        pub is_public: Fact<bool>,
        /// What opens it to anyone, in words; empty when it is not public.
        pub opened_by: Fact<String>,
        /// Object Lock applies a default retention to new objects.
        pub locks_objects: Fact<bool>,
        /// Mode of the default retention, `GOVERNANCE` or `COMPLIANCE`; empty without one.
        pub object_lock_mode: Fact<String>,
        /// Days of the default retention; 0 without one.
        pub object_lock_days: Fact<i64>,
        /// Versioning is enabled.
        pub versions_objects: Fact<bool>,
        /// Versioning as S3 reports it: `Enabled`, `Suspended`, or `never enabled`.
        pub versioning: Fact<String>,
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
        let retention = |f: &dyn Fn(&Retention) -> String| {
            Fact::of(&bucket.object_lock, |lock| {
                lock.as_ref().and_then(|lock| lock.default_retention.as_ref()).map(f).unwrap_or_default()
            })
        };
        let mut names: Vec<String> = trails.iter().map(|trail| trail.name.clone()).collect();
        names.sort();
        names.dedup();
        let openings = [by_policy(bucket), by_acl(bucket)];
        let [policy, acl] = openings.clone();
        Self {
            name: bucket.name.clone(),
            arn: format!("arn:{}:s3:::{}", inventory.collection.partition, bucket.name),
            trails: names,
            exists: Fact::of(&bucket.exists, |exists| *exists),
            region: Fact::of(&bucket.region, Clone::clone),
            owner: owner().map(Option::unwrap_or_default),
            is_in_organization: inventory.organization.is_some(),
            is_owned_in_organization: owned_by(&|owner| inventory.accounts.contains_key(owner)),
            is_owned_by_management_account: owned_by(&|owner| Some(owner) == management),
            is_owned_by_trail_owner: owned_by_trail_owner(bucket, trails, coverage),
            is_public: policy.or(acl),
            opened_by: opened_by(openings),
            locks_objects: retention(&|retention| retention.mode.clone()).map(|mode| !mode.is_empty()),
            object_lock_mode: retention(&|retention| retention.mode.clone()),
            object_lock_days: Fact::of(&bucket.object_lock, |lock| {
                lock.as_ref()
                    .and_then(|lock| lock.default_retention.as_ref())
                    .map_or(0, |retention| retention.days)
            }),
            versions_objects: Fact::of(&bucket.versioning, |versioning| {
                versioning.status.as_deref() == Some("Enabled")
            }),
            versioning: Fact::of(&bucket.versioning, |versioning| {
                versioning.status.clone().unwrap_or_else(|| "never enabled".to_owned())
            }),
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

/// The policy opens it, and no switch restricts what a public policy may do.
fn by_policy(bucket: &Bucket) -> Fact<bool> {
    let is_public = Fact::of(&bucket.policy_is_public, |is_public| *is_public);
    is_public.and(!switched_on(bucket, |block| block.restrict_public_buckets))
}

/// The ACL opens it, and no switch makes S3 ignore that.
fn by_acl(bucket: &Bucket) -> Fact<bool> {
    let is_open = |grant: &AclGrant| EVERYBODY.iter().any(|group| grant.grantee.ends_with(group));
    let is_public = Fact::of(&bucket.acl, |grants| grants.iter().any(is_open));
    is_public.and(!switched_on(bucket, |block| block.ignore_public_acls))
}

/// S3 applies the stricter of the bucket's and the account's Block Public Access.
fn switched_on(bucket: &Bucket, switch: impl Fn(&PublicAccessBlock) -> bool) -> Fact<bool> {
    let of_bucket = Fact::of(&bucket.public_access_block, |block| block.as_ref().is_some_and(&switch));
    let of_account =
        Fact::of(&bucket.account_public_access_block, |block| block.as_ref().is_some_and(&switch));
    of_bucket.or(of_account)
}

fn opened_by([policy, acl]: [Fact<bool>; 2]) -> Fact<String> {
    policy.zip(acl).map(|(policy, acl)| match (policy, acl) {
        (true, true) => "its policy and its ACL".to_owned(),
        (true, false) => "its policy".to_owned(),
        (false, true) => "its ACL".to_owned(),
        (false, false) => String::new(),
    })
}
