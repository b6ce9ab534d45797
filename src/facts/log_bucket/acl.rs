//! Whom the ACL of a bucket lets write, or change the ACL.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>

use super::super::Fact;
use super::super::found::{Found, cut, unclear};
use super::public::{ignores_public_acls, is_for_everybody};
use crate::inventory::{Acl, AclGrant, Bucket, Observed, Origin};

/// The group by which S3 delivers server access logs, under names of its own.
const LOG_DELIVERY: &str = "/groups/s3/LogDelivery";

/// Others than the owner who may write: those who may change the ACL let themselves.
pub(super) fn writers(bucket: &Bucket) -> Found {
    granted(bucket, &["WRITE", "WRITE_ACP", "FULL_CONTROL"])
}

/// Others than the owner who may change the ACL.
pub(super) fn changers(bucket: &Bucket) -> Found {
    granted(bucket, &["WRITE_ACP", "FULL_CONTROL"])
}

fn granted(bucket: &Bucket, permissions: &[&str]) -> Found {
    let is_disabled =
        Fact::of(&bucket.object_ownership, |setting| setting.as_deref() == Some("BucketOwnerEnforced"));
    let found = match &bucket.acl {
        Observed::Gap(gap) => Found::unknown(vec![gap.clone()]),
        Observed::Known { value: acl, origin } => acl
            .grants
            .iter()
            .filter(|grant| permissions.contains(&grant.permission.as_str()))
            .map(|grant| others(grant, acl, origin, bucket))
            .fold(Found::nothing(origin), Found::or),
    };
    found.and(!is_disabled)
}

/// Whom one grant lets in.
fn others(grant: &AclGrant, acl: &Acl, origin: &Origin, bucket: &Bucket) -> Found {
    let permission = &grant.permission;
    if is_for_everybody(grant) {
        let who = if grant.grantee.ends_with("AllUsers") { "anyone" } else { "anyone with an AWS account" };
        return Found::this(format!("{who} has {permission} by the ACL"), origin)
            .and(!ignores_public_acls(bucket));
    }
    if grant.grantee.ends_with(LOG_DELIVERY) && permission == "WRITE" {
        return Found::nothing(origin);
    }
    match &acl.owner {
        Some(owner) if *owner == grant.grantee => Found::nothing(origin),
        Some(_) => Found::this(format!("{} has {permission} by the ACL", cut(&grant.grantee)), origin),
        None => {
            let note = format!("whether {} is the bucket's owner is not known", cut(&grant.grantee));
            Found::unknown(vec![unclear(&[note], origin)])
        }
    }
}
