//! The calls of a collection: the one table of them, how they are made, and what their failures mean.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::{Semaphore, watch};

use crate::diagnostic::printable;
use crate::inventory::{Call, Gap, GapReason, Observed, Origin};

/// Where a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the account that the scan starts from.
    Caller,
    /// In the management account or a delegated administrator.
    Organization,
    /// In every account.
    Account,
    /// In the account that owns a log bucket.
    BucketOwner,
    /// In the account that owns a trail's key.
    KeyOwner,
}

/// One call that a collection makes.
#[derive(Clone, Copy, Debug)]
pub struct CallSpec {
    /// Service and operation of the API.
    pub operation: &'static str,
    /// The permission it needs, which is not always named like the operation.
    pub action: &'static str,
    /// Where it is made.
    pub place: Place,
    /// What it is asked for.
    pub purpose: &'static str,
}

const fn call(
    operation: &'static str,
    action: &'static str,
    place: Place,
    purpose: &'static str,
) -> CallSpec {
    CallSpec { operation, action, place, purpose }
}

/// Every call that a collection may make. Sources: the Service Authorization Reference of each service.
pub const CALLS: &[CallSpec] = &[
    call(
        "sts:GetCallerIdentity",
        "sts:GetCallerIdentity",
        Place::Caller,
        "who is asking, and in which partition",
    ),
    call("sts:AssumeRole", "sts:AssumeRole", Place::Caller, "credentials for the member accounts"),
    call(
        "organizations:DescribeOrganization",
        "organizations:DescribeOrganization",
        Place::Caller,
        "whether there is an organization",
    ),
    call("organizations:ListAccounts", "organizations:ListAccounts", Place::Organization, "the accounts"),
    call(
        "organizations:ListRoots",
        "organizations:ListRoots",
        Place::Organization,
        "the top of the unit tree",
    ),
    call(
        "organizations:ListOrganizationalUnitsForParent",
        "organizations:ListOrganizationalUnitsForParent",
        Place::Organization,
        "the unit tree",
    ),
    call(
        "organizations:ListAccountsForParent",
        "organizations:ListAccountsForParent",
        Place::Organization,
        "which unit holds which account",
    ),
    call(
        "organizations:ListDelegatedAdministrators",
        "organizations:ListDelegatedAdministrators",
        Place::Organization,
        "who administers CloudTrail",
    ),
    call(
        "organizations:ListAWSServiceAccessForOrganization",
        "organizations:ListAWSServiceAccessForOrganization",
        Place::Organization,
        "which services are trusted",
    ),
    call(
        "organizations:ListPolicies",
        "organizations:ListPolicies",
        Place::Organization,
        "service control policies",
    ),
    call("organizations:DescribePolicy", "organizations:DescribePolicy", Place::Organization, "their text"),
    call(
        "organizations:ListTargetsForPolicy",
        "organizations:ListTargetsForPolicy",
        Place::Organization,
        "what they are attached to",
    ),
    call("account:ListRegions", "account:ListRegions", Place::Account, "the regions enabled in the account"),
    call(
        "cloudtrail:DescribeTrails",
        "cloudtrail:DescribeTrails",
        Place::Account,
        "the trails that a region shows",
    ),
    call("cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", Place::Account, "logging and delivery"),
    call("cloudtrail:GetEventSelectors", "cloudtrail:GetEventSelectors", Place::Account, "what is recorded"),
    call("cloudtrail:GetInsightSelectors", "cloudtrail:GetInsightSelectors", Place::Account, "Insights"),
    call("cloudtrail:ListTags", "cloudtrail:ListTags", Place::Account, "tags"),
    call("s3:ListBuckets", "s3:ListAllMyBuckets", Place::Account, "which account owns a log bucket"),
    call(
        "s3:HeadBucket",
        "s3:ListBucket",
        Place::Caller,
        "whether a log bucket exists, and where; works without the permission too",
    ),
    call("s3:GetBucketPolicy", "s3:GetBucketPolicy", Place::BucketOwner, "bucket policy"),
    call(
        "s3:GetBucketPolicyStatus",
        "s3:GetBucketPolicyStatus",
        Place::BucketOwner,
        "whether S3 calls that policy public",
    ),
    call("s3:GetBucketAcl", "s3:GetBucketAcl", Place::BucketOwner, "access control list"),
    call(
        "s3:GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        Place::BucketOwner,
        "Block Public Access of the bucket",
    ),
    call(
        "s3control:GetPublicAccessBlock",
        "s3:GetAccountPublicAccessBlock",
        Place::BucketOwner,
        "Block Public Access of the account",
    ),
    call(
        "s3:GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
        Place::BucketOwner,
        "Object Lock",
    ),
    call("s3:GetBucketVersioning", "s3:GetBucketVersioning", Place::BucketOwner, "versioning and MFA delete"),
    call("kms:DescribeKey", "kms:DescribeKey", Place::KeyOwner, "state and manager of the key"),
    call("kms:GetKeyPolicy", "kms:GetKeyPolicy", Place::KeyOwner, "key policy"),
    call("kms:GetKeyRotationStatus", "kms:GetKeyRotationStatus", Place::KeyOwner, "rotation"),
];

/// Makes calls: bounds how many are under way, counts them, and stops when the user does.
pub(super) struct Caller {
    permits: Semaphore,
    calls: AtomicU64,
    stop: watch::Receiver<bool>,
}

/// A call that failed: the gap it leaves, and the service's own error code, which may be knowledge.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) code: String,
    pub(super) status: Option<u16>,
    pub(super) bucket_region: Option<String>,
    /// The answer carries a request id, so the service gave it, not somebody in between.
    pub(super) is_of_service: bool,
    pub(super) gap: Gap,
}

impl Caller {
    pub(super) fn new(concurrency: usize, stop: watch::Receiver<bool>) -> Self {
        Self { permits: Semaphore::new(concurrency.max(1)), calls: AtomicU64::new(0), stop }
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(super) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits for the answer to `asked`, a call described by `origin`.
    pub(super) async fn make<T, E>(
        &self,
        origin: &Origin,
        asked: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut stop = self.stop.clone();
        let answer = async {
            let _permit = self.permits.acquire().await;
            if self.is_stopped() {
                return Err(Failure::of(origin, GapReason::Interrupted, ""));
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
            asked.await.map_err(|error| classify(origin, &error))
        };
        tokio::select! {
            answer = answer => {
                if let Err(failure) = &answer {
                    tracing::debug!(call = %origin, code = failure.code, "failed");
                }
                answer
            }
            () = stopped(&mut stop) => Err(Failure::of(origin, GapReason::Interrupted, "")),
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        // Nobody is left who could stop it.
        std::future::pending::<()>().await;
    }
}

impl Failure {
    pub(super) fn of(origin: &Origin, reason: GapReason, detail: &str) -> Self {
        Self {
            code: String::new(),
            status: None,
            bucket_region: None,
            is_of_service: false,
            gap: Gap { origin: origin.clone(), reason, detail: detail.to_owned() },
        }
    }
}

/// The call `operation` about `resource`, as the origin of what it tells.
pub(super) fn origin(operation: &str, account: &str, region: &str, resource: &str) -> Origin {
    debug_assert!(CALLS.iter().any(|call| call.operation == operation), "{operation} is not in CALLS");
    Origin::from(Call {
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        resource: resource.to_owned(),
    })
}

/// The token of the page after this one; `None` after the last. A page that leads back to itself never ends.
pub(super) fn following(
    asked: &Origin,
    this: Option<&String>,
    next: Option<String>,
) -> Result<Option<String>, Failure> {
    match next.filter(|next| !next.is_empty()) {
        Some(next) if Some(&next) == this => {
            Err(Failure::of(asked, GapReason::Unreadable, "a page of the answer leads to itself"))
        }
        next => Ok(next),
    }
}

/// The answer as an observation; `read` says what it tells, or what it lacks.
pub(super) fn observe<T, U>(
    origin: Origin,
    answer: Result<T, Failure>,
    read: impl FnOnce(T) -> Result<U, &'static str>,
) -> Observed<U> {
    match answer.map(read) {
        Ok(Ok(value)) => Observed::known(value, origin),
        Ok(Err(lacks)) => {
            Observed::Gap(Gap { origin, reason: GapReason::Unreadable, detail: lacks.to_owned() })
        }
        Err(failure) => Observed::Gap(failure.gap),
    }
}

/// Like [`observe`], where one of the error `codes` means `absent`.
pub(super) fn observe_or<T, U>(
    origin: Origin,
    answer: Result<T, Failure>,
    codes: &[&str],
    absent: U,
    read: impl FnOnce(T) -> Result<U, &'static str>,
) -> Observed<U> {
    match answer {
        Err(failure) if codes.contains(&failure.code.as_str()) => Observed::known(absent, origin),
        answer => observe(origin, answer, read),
    }
}

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthFailure",
    "AllAccessDisabled",
    "OptInRequired",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidToken",
    "SubscriptionRequiredException",
    "OperationNotPermittedException",
];
const BROKEN: &[&str] = &["ServiceException", "InternalError", "InternalFailure", "ServiceUnavailable"];
const THROTTLED: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "LimitExceededException",
];
fn classify<E>(origin: &Origin, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let response = error.raw_response();
    let status = response.map(|response| response.status().as_u16());
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default().to_owned();
    let reason = match error {
        SdkError::TimeoutError(_) => GapReason::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => GapReason::TimedOut,
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => GapReason::Unavailable,
        SdkError::ServiceError(_) => reason_of(&code, status.unwrap_or_default()),
        _ => GapReason::Unreadable,
    };
    let said = error.as_service_error().and_then(ProvideErrorMetadata::message);
    // A signature that does not match is explained with what was signed, the session token among it.
    let said = if code.contains("Signature") { Some("") } else { said };
    let message = match (said, error, status) {
        (Some(message), ..) => message.to_owned(),
        // An answer without a word, as to every HEAD.
        (None, SdkError::ServiceError(_), Some(status)) if code.is_empty() => format!("HTTP status {status}"),
        (None, ..) if code.is_empty() => causes(error),
        (None, ..) => String::new(),
    };
    let parts: Vec<&str> =
        [code.as_str(), message.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    let bucket_region =
        response.and_then(|response| response.headers().get("x-amz-bucket-region")).map(str::to_owned);
    let request_ids = ["x-amz-request-id", "x-amzn-requestid", "x-amzn-request-id"];
    let is_of_service = response
        .is_some_and(|response| request_ids.iter().any(|name| response.headers().get(*name).is_some()));
    let detail = shorten(&printable(&parts.join(": ")));
    Failure {
        code,
        status,
        bucket_region,
        is_of_service,
        gap: Gap { origin: origin.clone(), reason, detail },
    }
}

fn reason_of(code: &str, status: u16) -> GapReason {
    match (code, status) {
        (code, _) if DENIED.contains(&code) => GapReason::Denied,
        (code, _) if THROTTLED.contains(&code) => GapReason::Throttled,
        (code, _) if BROKEN.contains(&code) => GapReason::Unavailable,
        ("RequestTimeout" | "RequestTimeoutException", _) => GapReason::TimedOut,
        ("", 401 | 403) => GapReason::Denied,
        (_, 429) => GapReason::Throttled,
        (_, 500..) => GapReason::Unavailable,
        // An error without a code is a page of somebody in between.
        ("", _) => GapReason::Unreadable,
        // TrailNotFoundException, NoSuchBucket and others, where they are no answer to what was asked.
        _ => GapReason::Refused,
    }
}

/// The innermost cause says most: "unexpected end of input", "connection closed".
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        innermost = error.to_string();
        source = error.source();
    }
    innermost
}

fn shorten(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
