//! Whether anyone can reach a bucket, and what Block Public Access stops.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>

use super::super::Fact;
use super::super::fact::extend_unique;
use super::super::policy::Policy;
use crate::inventory::{AclGrant, Bucket, Gap, PublicAccessBlock};

/// ACL groups that hold everybody, and everybody with any AWS account.
const EVERYBODY: [&str; 2] = ["/groups/global/AllUsers", "/groups/global/AuthenticatedUsers"];

/// The grant is for a group that holds everybody.
pub(super) fn is_for_everybody(grant: &AclGrant) -> bool {
    EVERYBODY.iter().any(|group| grant.grantee.ends_with(group))
}

/// What opens the bucket: its policy, its ACL.
pub(super) fn openings(bucket: &Bucket, policy: &Result<Policy<'_>, Gap>) -> [Fact<bool>; 2] {
    let by_policy = has_public_policy(bucket, policy).and(!restricts_public_policies(bucket));
    let has_public_acl = Fact::of(&bucket.acl, |acl| acl.grants.iter().any(is_for_everybody));
    [by_policy, has_public_acl.and(!ignores_public_acls(bucket))]
}

pub(super) fn opened_by([policy, acl]: [Fact<bool>; 2]) -> Fact<String> {
    policy.zip(acl).map(|(policy, acl)| match (policy, acl) {
        (true, true) => "its policy and its ACL".to_owned(),
        (true, false) => "its policy".to_owned(),
        (false, true) => "its ACL".to_owned(),
        (false, false) => String::new(),
    })
}

/// The policy is public and its grants to other accounts are without effect for that.
pub(super) fn is_policy_restricted(bucket: &Bucket, policy: &Result<Policy<'_>, Gap>) -> Fact<bool> {
    has_public_policy(bucket, policy).and(restricts_public_policies(bucket))
}

/// As S3 says itself; where it could not be asked, by its definition.
fn has_public_policy(bucket: &Bucket, policy: &Result<Policy<'_>, Gap>) -> Fact<bool> {
    let by_status = Fact::of(&bucket.policy_is_public, |is_public| *is_public);
    let Fact::Unknown(gaps) = &by_status else { return by_status };
    let by_definition = match policy {
        Ok(Policy { document: None, origin }) => Fact::known(false, [(*origin).clone()]),
        Ok(policy @ Policy { document: Some(document), .. }) => policy.fact(&document.public()),
        Err(gap) => Fact::Unknown(vec![gap.clone()]),
    };
    match by_definition {
        Fact::Unknown(more) => {
            let mut gaps = gaps.clone();
            extend_unique(&mut gaps, more);
            Fact::Unknown(gaps)
        }
        known @ Fact::Known { .. } => known,
    }
}

pub(super) fn blocks_public_access(bucket: &Bucket) -> Fact<bool> {
    const SWITCHES: [fn(&PublicAccessBlock) -> bool; 4] = [
        |block| block.block_public_acls,
        |block| block.ignore_public_acls,
        |block| block.block_public_policy,
        |block| block.restrict_public_buckets,
    ];
    SWITCHES.iter().map(|switch| switched_on(bucket, switch)).fold(Fact::known(true, []), Fact::and)
}

pub(super) fn ignores_public_acls(bucket: &Bucket) -> Fact<bool> {
    switched_on(bucket, |block| block.ignore_public_acls)
}

fn restricts_public_policies(bucket: &Bucket) -> Fact<bool> {
    switched_on(bucket, |block| block.restrict_public_buckets)
}

/// S3 applies the stricter of the bucket's and the account's Block Public Access.
fn switched_on(bucket: &Bucket, switch: impl Fn(&PublicAccessBlock) -> bool) -> Fact<bool> {
    let of_bucket = Fact::of(&bucket.public_access_block, |block| block.as_ref().is_some_and(&switch));
    let of_account =
        Fact::of(&bucket.account_public_access_block, |block| block.as_ref().is_some_and(&switch));
    of_bucket.or(of_account)
}
