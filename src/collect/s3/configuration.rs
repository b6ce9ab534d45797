//! How the owner keeps a bucket.

use aws_sdk_s3::types as sdk;

use super::super::caller::{observe, observe_or, origin};
use super::super::session::{Session, Sessions};
use super::super::whole::json_object;
use super::rules;
use crate::inventory::{
    AccessLogging, Acl, AclGrant, Bucket, BucketEncryption, ObjectLock, Observed, PublicAccessBlock,
    Retention, Versioning,
};

/// Days that S3 counts for a year of retention.
const DAYS_PER_YEAR: i64 = 365;

/// One bucket call of the owner, who must be the owner: S3 refuses if it is not.
macro_rules! ask {
    ($at:expr, $operation:literal, $method:ident $(, $check:expr)?) => {{
        let asked = origin(concat!("s3:", $operation), &$at.session.account, &$at.region, &$at.name);
        let request = $at.client.$method().bucket(&$at.name).expected_bucket_owner(&$at.session.account);
        let answer = $at.sessions.caller.make(&asked, request.customize()$(.interceptor($check))?.send()).await;
        (asked, answer)
    }};
}
pub(super) use ask;

/// A bucket and who asks about it.
pub(super) struct At<'a> {
    pub(super) sessions: &'a Sessions<'a>,
    pub(super) session: &'a Session,
    pub(super) client: aws_sdk_s3::Client,
    pub(super) region: String,
    pub(super) name: String,
}

/// Fills what the owner alone is told.
pub(super) async fn read(sessions: &Sessions<'_>, session: &Session, region: &str, bucket: Bucket) -> Bucket {
    let at = At {
        sessions,
        session,
        client: session.s3(region),
        region: region.to_owned(),
        name: bucket.name.clone(),
    };
    let (policy, policy_is_public, acl, public_access_block, account_public_access_block, object_ownership) = tokio::join!(
        policy(&at),
        policy_is_public(&at),
        acl(&at),
        public_access_block(&at),
        account_public_access_block(&at),
        ownership(&at),
    );
    let (object_lock, versioning, access_logging, encryption, lifecycle, replication) = tokio::join!(
        object_lock(&at),
        versioning(&at),
        access_logging(&at),
        encryption(&at),
        rules::lifecycle(&at),
        rules::replication(&at),
    );
    Bucket {
        policy,
        policy_is_public,
        acl,
        public_access_block,
        account_public_access_block,
        object_lock,
        versioning,
        lifecycle,
        access_logging,
        object_ownership,
        replication,
        encryption,
        ..bucket
    }
}

async fn policy(at: &At<'_>) -> Observed<Option<String>> {
    let (asked, answer) = ask!(at, "GetBucketPolicy", get_bucket_policy);
    observe_or(asked, answer, &["NoSuchBucketPolicy"], None, |answer| {
        json_object(answer.policy.ok_or("the answer has no policy text")?).map(Some)
    })
}

async fn policy_is_public(at: &At<'_>) -> Observed<bool> {
    let (asked, answer) = ask!(at, "GetBucketPolicyStatus", get_bucket_policy_status);
    observe_or(asked, answer, &["NoSuchBucketPolicy"], false, |answer| {
        answer
            .policy_status
            .and_then(|status| status.is_public)
            .ok_or("the answer does not say whether the policy is public")
    })
}

async fn acl(at: &At<'_>) -> Observed<Acl> {
    let (asked, answer) = ask!(at, "GetBucketAcl", get_bucket_acl);
    observe(asked, answer, |answer| {
        let grants = answer.grants.ok_or("the answer has no access control list")?;
        let owner = answer.owner.and_then(|owner| owner.id).filter(|id| !id.is_empty());
        Ok(Acl { owner, grants: grants.into_iter().map(grant).collect::<Result<_, _>>()? })
    })
}

fn grant(grant: sdk::Grant) -> Result<AclGrant, &'static str> {
    let grantee = grant.grantee.ok_or("a grant in the answer has no grantee")?;
    Ok(AclGrant {
        grantee: grantee
            .uri
            .or(grantee.id)
            .or(grantee.email_address)
            .ok_or("a grantee in the answer has no name")?,
        permission: grant.permission.ok_or("a grant in the answer has no permission")?.as_str().to_owned(),
    })
}

const NO_BLOCK: &[&str] = &["NoSuchPublicAccessBlockConfiguration"];

/// Reads the four switches of either service, whose types differ in name only.
macro_rules! switches {
    ($answer:expr) => {{
        let block = $answer.public_access_block_configuration.ok_or("the answer has no configuration")?;
        Ok(Some(PublicAccessBlock {
            block_public_acls: block.block_public_acls.unwrap_or(false),
            ignore_public_acls: block.ignore_public_acls.unwrap_or(false),
            block_public_policy: block.block_public_policy.unwrap_or(false),
            restrict_public_buckets: block.restrict_public_buckets.unwrap_or(false),
        }))
    }};
}

async fn public_access_block(at: &At<'_>) -> Observed<Option<PublicAccessBlock>> {
    let (asked, answer) = ask!(at, "GetPublicAccessBlock", get_public_access_block);
    observe_or(asked, answer, NO_BLOCK, None, |answer| switches!(answer))
}

async fn account_public_access_block(at: &At<'_>) -> Observed<Option<PublicAccessBlock>> {
    let account = &at.session.account;
    let asked = origin("s3control:GetPublicAccessBlock", account, &at.region, account);
    let request = at.session.s3_control(&at.region).get_public_access_block().account_id(account);
    let answer = at.sessions.caller.make(&asked, request.send()).await;
    observe_or(asked, answer, NO_BLOCK, None, |answer| switches!(answer))
}

async fn object_lock(at: &At<'_>) -> Observed<Option<ObjectLock>> {
    let (asked, answer) = ask!(at, "GetObjectLockConfiguration", get_object_lock_configuration);
    observe_or(asked, answer, &["ObjectLockConfigurationNotFoundError"], None, |answer| {
        let lock = answer.object_lock_configuration.ok_or("the answer has no configuration")?;
        let default = lock.rule.and_then(|rule| rule.default_retention);
        Ok(Some(ObjectLock { default_retention: default.map(retention).transpose()? }))
    })
}

fn retention(retention: sdk::DefaultRetention) -> Result<Retention, &'static str> {
    let mode = retention.mode.ok_or("the default retention has no mode")?;
    let days = match (retention.days, retention.years) {
        (Some(days), _) if days > 0 => i64::from(days),
        (_, Some(years)) if years > 0 => i64::from(years) * DAYS_PER_YEAR,
        _ => return Err("the default retention has no period"),
    };
    Ok(Retention { mode: mode.as_str().to_owned(), days })
}

async fn versioning(at: &At<'_>) -> Observed<Versioning> {
    let (asked, answer) = ask!(at, "GetBucketVersioning", get_bucket_versioning);
    observe(asked, answer, |answer| {
        Ok(Versioning {
            status: answer.status.map(|status| status.as_str().to_owned()),
            mfa_delete: answer.mfa_delete.is_some_and(|mfa| mfa == sdk::MfaDeleteStatus::Enabled),
        })
    })
}

async fn access_logging(at: &At<'_>) -> Observed<Option<AccessLogging>> {
    let (asked, answer) = ask!(at, "GetBucketLogging", get_bucket_logging);
    observe(asked, answer, |answer| {
        let Some(logging) = answer.logging_enabled else { return Ok(None) };
        if logging.target_bucket.is_empty() {
            return Err("the answer does not say where access logs go");
        }
        Ok(Some(AccessLogging { bucket: logging.target_bucket, prefix: logging.target_prefix }))
    })
}

async fn ownership(at: &At<'_>) -> Observed<Option<String>> {
    const KNOWN: [&str; 3] = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
    let (asked, answer) = ask!(at, "GetBucketOwnershipControls", get_bucket_ownership_controls);
    observe_or(asked, answer, &["OwnershipControlsNotFoundError"], None, |answer| {
        let controls = answer.ownership_controls.ok_or("the answer has no ownership controls")?;
        let rule = controls.rules.first().ok_or("the answer has no rule of ownership")?;
        let ownership = KNOWN.into_iter().find(|known| *known == rule.object_ownership.as_str());
        ownership
            .map(|known| Some(known.to_owned()))
            .ok_or("the answer has an ownership that is not known here")
    })
}

async fn encryption(at: &At<'_>) -> Observed<BucketEncryption> {
    const KNOWN: [&str; 3] = ["AES256", "aws:kms", "aws:kms:dsse"];
    let none = BucketEncryption { algorithm: "none".to_owned(), kms_key: None };
    let (asked, answer) = ask!(at, "GetBucketEncryption", get_bucket_encryption);
    observe_or(asked, answer, &["ServerSideEncryptionConfigurationNotFoundError"], none, |answer| {
        let rules =
            answer.server_side_encryption_configuration.ok_or("the answer has no configuration")?.rules;
        let default = rules
            .into_iter()
            .find_map(|rule| rule.apply_server_side_encryption_by_default)
            .ok_or("the answer has no default encryption")?;
        let algorithm = KNOWN.into_iter().find(|known| *known == default.sse_algorithm.as_str());
        Ok(BucketEncryption {
            algorithm: algorithm.ok_or("the answer has an algorithm that is not known here")?.to_owned(),
            kms_key: default.kms_master_key_id.filter(|key| !key.is_empty()),
        })
    })
}
