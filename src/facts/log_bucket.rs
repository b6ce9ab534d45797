//! Facts about a bucket that trails deliver to.

pub(super) mod keeping;

use schemars::JsonSchema;

use super::coverage::Coverage;
use super::part::record;
use super::pending::pending;
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
    /// Anyone can reach it: through its policy or its ACL, with no Block Public Access in the way.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicyStatus", "s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub is_public: Fact<bool>,
    /// What opens it to anyone, in words; empty when it is not public.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicyStatus", "s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub opened_by: Fact<String>,
    /// Object Lock applies a default retention to new objects.
    #[schemars(extend("x-calls" = ["s3:GetObjectLockConfiguration"]))]
    pub locks_objects: Fact<bool>,
    /// Mode of the default retention, `GOVERNANCE` or `COMPLIANCE`; empty without one.
    #[schemars(extend("x-calls" = ["s3:GetObjectLockConfiguration"]))]
    pub object_lock_mode: Fact<String>,
    /// Days of the default retention; 0 without one.
    #[schemars(extend("x-calls" = ["s3:GetObjectLockConfiguration"]))]
    pub object_lock_days: Fact<i64>,
    /// Versioning is enabled.
    #[schemars(extend("x-calls" = ["s3:GetBucketVersioning"]))]
    pub versions_objects: Fact<bool>,
    /// Versioning as S3 reports it: `Enabled`, `Suspended`, or `never enabled`.
    #[schemars(extend("x-calls" = ["s3:GetBucketVersioning"]))]
    pub versioning: Fact<String>,
    /// All four switches of Block Public Access are on, each on the bucket or on its owner's account.
    #[schemars(extend("x-calls" = ["s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub blocks_public_access: Fact<bool>,
    /// Its policy or ACL lets somebody besides CloudTrail and its owner's account write, overwrite or delete log files.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub lets_others_write: Fact<bool>,
    /// Who that is, in words; empty when nobody is.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub writers: Fact<String>,
    /// Its policy or ACL lets somebody outside its owner's account change its policy, ACL, lifecycle, versioning, retention, encryption or replication, or delete it.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub lets_others_change_it: Fact<bool>,
    /// Who that is, in words; empty when nobody is.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy", "s3:GetBucketAcl", "s3:GetBucketOwnershipControls", "s3:GetPublicAccessBlock", "s3control:GetPublicAccessBlock"]))]
    pub changers: Fact<String>,
    /// Whatever its policy grants to CloudTrail is pinned to known trails, accounts or the organization.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub pins_cloudtrail: Fact<bool>,
    /// Statements that let CloudTrail write for trails of any account, in words; empty when there are none.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub unpinned_grants: Fact<String>,
    /// Its policy lets every trail that delivers to it deliver, digest files and the files of member accounts included.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub lets_trails_deliver: Fact<bool>,
    /// What keeps trails from delivering, in words; empty when nothing does.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub delivery_obstacles: Fact<String>,
    /// Its policy denies every access that is not encrypted in transit.
    #[schemars(extend("x-calls" = ["s3:GetBucketPolicy"]))]
    pub requires_tls: Fact<bool>,
    /// ACLs have no effect: ownership is `BucketOwnerEnforced`.
    #[schemars(extend("x-calls" = ["s3:GetBucketOwnershipControls"]))]
    pub disables_acls: Fact<bool>,
    /// Object ownership as S3 reports it; `ObjectWriter` when it was never set.
    #[schemars(extend("x-calls" = ["s3:GetBucketOwnershipControls"]))]
    pub object_ownership: Fact<String>,
    /// MFA is needed to delete a version.
    #[schemars(extend("x-calls" = ["s3:GetBucketVersioning"]))]
    pub needs_mfa_to_delete: Fact<bool>,
    /// Some lifecycle rule is in force, which S3 does not combine with MFA delete.
    #[schemars(extend("x-calls" = ["s3:GetBucketLifecycleConfiguration"]))]
    pub has_lifecycle: Fact<bool>,
    /// Days after which a lifecycle rule deletes log files; 9007199254740991 when none does.
    #[schemars(extend("x-calls" = ["s3:GetBucketLifecycleConfiguration", "s3:GetBucketVersioning", "s3:GetObjectLockConfiguration"]))]
    pub keeps_logs_days: Fact<i64>,
    /// Server access logging is on.
    #[schemars(extend("x-calls" = ["s3:GetBucketLogging"]))]
    pub logs_access: Fact<bool>,
    /// Bucket that receives the server access logs; empty when logging is off.
    #[schemars(extend("x-calls" = ["s3:GetBucketLogging"]))]
    pub access_log_bucket: Fact<String>,
    /// A logging trail records all object-level events of it, read and write.
    #[schemars(extend("x-calls" = ["s3:ListBuckets"]))]
    pub has_its_object_events_recorded: Fact<bool>,
    /// Every log file is replicated to another bucket.
    #[schemars(extend("x-calls" = ["s3:GetBucketReplication"]))]
    pub replicates: Fact<bool>,
    /// Buckets that receive copies, in words; empty when there are none.
    #[schemars(extend("x-calls" = ["s3:GetBucketReplication"]))]
    pub replica_buckets: Fact<String>,
    /// Default encryption: `AES256`, `aws:kms`, `aws:kms:dsse` or `none`.
    #[schemars(extend("x-calls" = ["s3:GetBucketEncryption"]))]
    pub default_encryption: Fact<String>,
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
        let openings = [by_policy(bucket), by_acl(bucket)];
        let [policy, acl] = openings.clone();
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
            blocks_public_access: blocks_public_access(bucket),
            lets_others_write: pending(),
            writers: pending(),
            lets_others_change_it: pending(),
            changers: pending(),
            pins_cloudtrail: pending(),
            unpinned_grants: pending(),
            lets_trails_deliver: pending(),
            delivery_obstacles: pending(),
            requires_tls: pending(),
            disables_acls: Fact::of(&bucket.object_ownership, |setting| {
                setting.as_deref() == Some("BucketOwnerEnforced")
            }),
            object_ownership: Fact::of(&bucket.object_ownership, |setting| {
                setting.clone().unwrap_or_else(|| "ObjectWriter".to_owned())
            }),
            needs_mfa_to_delete: Fact::of(&bucket.versioning, |versioning| versioning.mfa_delete),
            has_lifecycle: keeping::has_lifecycle(bucket),
            keeps_logs_days: keeping::keeps_logs_days(bucket, trails),
            logs_access: Fact::of(&bucket.access_logging, Option::is_some),
            access_log_bucket: Fact::of(&bucket.access_logging, |logging| {
                logging.as_ref().map(|logging| logging.bucket.clone()).unwrap_or_default()
            }),
            has_its_object_events_recorded: object_events_recorded(bucket, coverage),
            replicates: keeping::replicates(bucket, trails),
            replica_buckets: keeping::replica_buckets(bucket),
            default_encryption: Fact::of(&bucket.encryption, |encryption| encryption.algorithm.clone()),
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

fn blocks_public_access(bucket: &Bucket) -> Fact<bool> {
    const SWITCHES: [fn(&PublicAccessBlock) -> bool; 4] = [
        |block| block.block_public_acls,
        |block| block.ignore_public_acls,
        |block| block.block_public_policy,
        |block| block.restrict_public_buckets,
    ];
    SWITCHES.iter().map(|switch| switched_on(bucket, switch)).fold(Fact::known(true, []), Fact::and)
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
