//! S3: whether a log bucket exists, who owns it, and how the owner keeps it.

use aws_sdk_s3::types as sdk;

use super::call::{Failure, following, observe, observe_or, origin};
use super::session::{Session, Sessions};
use crate::inventory::{
    Acl, AclGrant, Bucket, Gap, GapReason, ObjectLock, Observed, Origin, PublicAccessBlock, Retention,
    Versioning,
};

/// Days that S3 counts for a year of retention.
const DAYS_PER_YEAR: i64 = 365;

/// The accounts that may own a bucket.
pub(super) struct Candidates {
    /// Those that can be asked, likeliest first.
    pub(super) active: Vec<String>,
    /// Those that answer no calls, and may own it all the same.
    pub(super) silent: Vec<String>,
}

/// Reads a bucket; `region` is where to ask first.
pub(super) async fn read(
    sessions: &Sessions<'_>,
    name: &str,
    candidates: &Candidates,
    region: &str,
) -> Bucket {
    let (exists, bucket_region) = head(sessions, name, region).await;
    if exists.value() == Some(&false) {
        let gone = Gap {
            origin: head_origin(sessions, name, region),
            reason: GapReason::NotCollected,
            detail: "there is no such bucket".to_owned(),
        };
        return unread(name, exists, bucket_region, Observed::Gap(gone.clone()), &gone);
    }
    let owner = owner(sessions, name, candidates, region).await;
    let gap = match &owner {
        Observed::Gap(gap) => gap.clone(),
        Observed::Known { value: None, origin } => Gap {
            origin: origin.clone(),
            reason: GapReason::NotCollected,
            detail: "no account that was asked owns the bucket".to_owned(),
        },
        Observed::Known { value: Some(account), .. } => match sessions.open(account).await {
            Ok(session) => {
                let region = bucket_region.value().cloned().unwrap_or_else(|| region.to_owned());
                let bucket = unread(name, exists, bucket_region, owner.clone(), &pending());
                return configuration(sessions, &session, &region, bucket).await;
            }
            Err(gap) => gap,
        },
    };
    unread(name, exists, bucket_region, owner, &gap)
}

fn pending() -> Gap {
    Gap {
        origin: Origin::Stated("collection".to_owned()),
        reason: GapReason::NotCollected,
        detail: String::new(),
    }
}

/// A bucket of which nothing more is known, for this reason.
fn unread(
    name: &str,
    exists: Observed<bool>,
    region: Observed<String>,
    owner: Observed<Option<String>>,
    gap: &Gap,
) -> Bucket {
    Bucket {
        name: name.to_owned(),
        exists,
        region,
        owner,
        policy: Observed::Gap(gap.clone()),
        policy_is_public: Observed::Gap(gap.clone()),
        acl: Observed::Gap(gap.clone()),
        public_access_block: Observed::Gap(gap.clone()),
        account_public_access_block: Observed::Gap(gap.clone()),
        object_lock: Observed::Gap(gap.clone()),
        versioning: Observed::Gap(gap.clone()),
        lifecycle: Observed::Gap(gap.clone()),
        access_logging: Observed::Gap(gap.clone()),
        object_ownership: Observed::Gap(gap.clone()),
        replication: Observed::Gap(gap.clone()),
        encryption: Observed::Gap(gap.clone()),
    }
}

fn head_origin(sessions: &Sessions<'_>, name: &str, region: &str) -> Origin {
    origin("s3:HeadBucket", &sessions.own().account, region, name)
}

/// Any answer but 404 shows that the bucket exists; all but a few carry its region.
async fn head(sessions: &Sessions<'_>, name: &str, region: &str) -> (Observed<bool>, Observed<String>) {
    let asked = head_origin(sessions, name, region);
    let answer =
        sessions.caller.make(&asked, sessions.own().s3_head(region).head_bucket().bucket(name).send()).await;
    let known = |exists| Observed::known(exists, asked.clone());
    match answer {
        Ok(answer) => {
            if let Some(region) = answer.bucket_region {
                (known(true), Observed::known(region, asked.clone()))
            } else {
                let gap = Failure::of(
                    &asked,
                    GapReason::Unreadable,
                    "the answer does not name the bucket's region",
                )
                .gap;
                (Observed::Gap(gap.clone()), Observed::Gap(gap))
            }
        }
        // Only S3's own headers make an answer S3's: a proxy says 403 and 404 too.
        Err(failure) => match (failure.status, failure.bucket_region.clone()) {
            (Some(404), _) if failure.is_of_service => {
                let gap = Failure::of(&asked, GapReason::NotCollected, "there is no such bucket").gap;
                (known(false), Observed::Gap(gap))
            }
            (Some(301 | 400 | 403), Some(region)) => (known(true), Observed::known(region, asked.clone())),
            (Some(404), None) => {
                let gap = Gap { reason: GapReason::Unreadable, ..failure.gap };
                (Observed::Gap(gap.clone()), Observed::Gap(gap))
            }
            _ => (Observed::Gap(failure.gap.clone()), Observed::Gap(failure.gap)),
        },
    }
}

/// The account that lists the bucket among its own.
async fn owner(
    sessions: &Sessions<'_>,
    name: &str,
    candidates: &Candidates,
    region: &str,
) -> Observed<Option<String>> {
    const AT_ONCE: usize = 16;
    let mut first_gap = None;
    let mut asked = head_origin(sessions, name, region);
    // The likeliest alone, then whole groups: what is asked depends on the organization, not on who answers first.
    let (likeliest, others) = candidates.active.split_at(candidates.active.len().min(1));
    for group in std::iter::once(likeliest).chain(others.chunks(AT_ONCE)) {
        let answers = futures_util::future::join_all(
            group.iter().map(|account| lists(sessions, account, name, region)),
        )
        .await;
        for (account, listed) in group.iter().zip(answers) {
            match listed {
                Observed::Known { value: true, origin } => {
                    return Observed::known(Some(account.clone()), origin);
                }
                Observed::Known { value: false, origin } => asked = origin,
                Observed::Gap(gap) => first_gap = first_gap.or(Some(gap)),
            }
        }
    }
    match (first_gap, candidates.silent.first()) {
        (Some(gap), _) => Observed::Gap(gap),
        (None, Some(account)) => {
            let detail = format!("account {account} is suspended and cannot be asked");
            Observed::Gap(Failure::of(&asked, GapReason::NotCollected, &detail).gap)
        }
        (None, None) => Observed::known(None, asked),
    }
}

async fn lists(sessions: &Sessions<'_>, account: &str, name: &str, region: &str) -> Observed<bool> {
    let session = match sessions.open(account).await {
        Ok(session) => session,
        Err(gap) => return Observed::Gap(gap),
    };
    let asked = origin("s3:ListBuckets", account, region, name);
    let client = session.s3(region);
    let mut token = None;
    let found = loop {
        let request =
            client.list_buckets().prefix(name).max_buckets(1000).set_continuation_token(token.clone());
        match sessions.caller.make(&asked, request.send()).await {
            Ok(page) => {
                let Some(buckets) = page.buckets else {
                    break Err(Failure::of(
                        &asked,
                        GapReason::Unreadable,
                        "the answer has no list of buckets",
                    ));
                };
                if buckets.iter().any(|bucket| bucket.name() == Some(name)) {
                    break Ok(true);
                }
                match following(&asked, token.as_ref(), page.continuation_token) {
                    Ok(None) => break Ok(false),
                    Ok(next) => token = next,
                    Err(failure) => break Err(failure),
                }
            }
            Err(failure) => break Err(failure),
        }
    };
    observe(asked, found, Ok)
}

/// One bucket call of the owner, who must be the owner: S3 refuses if it is not.
macro_rules! ask {
    ($at:expr, $operation:literal, $method:ident) => {{
        let asked = origin(concat!("s3:", $operation), &$at.session.account, &$at.region, &$at.name);
        let request = $at.client.$method().bucket(&$at.name).expected_bucket_owner(&$at.session.account);
        let answer = $at.sessions.caller.make(&asked, request.send()).await;
        (asked, answer)
    }};
}

struct At<'a> {
    sessions: &'a Sessions<'a>,
    session: &'a Session,
    client: aws_sdk_s3::Client,
    region: String,
    name: String,
}

async fn configuration(sessions: &Sessions<'_>, session: &Session, region: &str, bucket: Bucket) -> Bucket {
    let at = At {
        sessions,
        session,
        client: session.s3(region),
        region: region.to_owned(),
        name: bucket.name.clone(),
    };
    let (
        policy,
        policy_is_public,
        acl,
        public_access_block,
        account_public_access_block,
        object_lock,
        versioning,
    ) = tokio::join!(
        policy(&at),
        policy_is_public(&at),
        acl(&at),
        public_access_block(&at),
        account_public_access_block(&at),
        object_lock(&at),
        versioning(&at)
    );
    Bucket {
        policy,
        policy_is_public,
        acl,
        public_access_block,
        account_public_access_block,
        object_lock,
        versioning,
        ..bucket
    }
}

async fn policy(at: &At<'_>) -> Observed<Option<String>> {
    let (asked, answer) = ask!(at, "GetBucketPolicy", get_bucket_policy);
    observe_or(asked, answer, &["NoSuchBucketPolicy"], None, |answer| {
        answer.policy.map(Some).ok_or("the answer has no policy text")
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
