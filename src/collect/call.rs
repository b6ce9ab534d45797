//! The calls of a collection: the one table of them, how they are made, and what their failures mean.

use std::collections::BTreeSet;
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
    /// In the account that owns a trail's log group, or a trail.
    LogGroupOwner,
    /// In the account that owns a topic.
    TopicOwner,
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
    /// Whether it is made whatever the rules need, or what has to be asked before it.
    pub when: When,
}

/// When a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In every collection: without it nothing can be said of coverage.
    Always,
    /// When a selected rule needs it; these tell where to ask.
    Needed(&'static [&'static str]),
}

const fn call(
    operation: &'static str,
    action: &'static str,
    place: Place,
    when: When,
    purpose: &'static str,
) -> CallSpec {
    CallSpec { operation, action, place, purpose, when }
}

/// Where a bucket is, and whose it is.
const BUCKET: When = When::Needed(&["s3:HeadBucket", "s3:ListBuckets"]);
/// Nothing has to be asked before it.
const NEEDED: When = When::Needed(&[]);

/// Every call that a collection may make. Sources: the Service Authorization Reference of each service.
#[rustfmt::skip]
pub const CALLS: &[CallSpec] = &[
    call("sts:GetCallerIdentity", "sts:GetCallerIdentity", Place::Caller, When::Always, "who is asking, and in which partition"),
    call("sts:AssumeRole", "sts:AssumeRole", Place::Caller, When::Always, "credentials for the member accounts"),
    call("organizations:DescribeOrganization", "organizations:DescribeOrganization", Place::Caller, When::Always, "whether there is an organization"),
    call("organizations:ListAccounts", "organizations:ListAccounts", Place::Organization, When::Always, "the accounts"),
    call("organizations:ListRoots", "organizations:ListRoots", Place::Organization, When::Always, "the top of the unit tree"),
    call("organizations:ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent", Place::Organization, When::Always, "the unit tree"),
    call("organizations:ListAccountsForParent", "organizations:ListAccountsForParent", Place::Organization, When::Always, "which unit holds which account"),
    call("organizations:ListDelegatedAdministrators", "organizations:ListDelegatedAdministrators", Place::Organization, NEEDED, "who administers CloudTrail"),
    call("organizations:ListAWSServiceAccessForOrganization", "organizations:ListAWSServiceAccessForOrganization", Place::Organization, NEEDED, "which services are trusted"),
    call("organizations:ListPolicies", "organizations:ListPolicies", Place::Organization, NEEDED, "service and resource control policies"),
    call("organizations:DescribePolicy", "organizations:DescribePolicy", Place::Organization, When::Needed(&["organizations:ListPolicies"]), "their text"),
    call("organizations:ListTargetsForPolicy", "organizations:ListTargetsForPolicy", Place::Organization, When::Needed(&["organizations:ListPolicies"]), "what they are attached to"),
    call("account:ListRegions", "account:ListRegions", Place::Account, When::Always, "the regions enabled in the account"),
    call("cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", Place::Account, When::Always, "the trails that a region shows"),
    call("cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", Place::Account, When::Always, "logging and delivery"),
    call("cloudtrail:GetEventSelectors", "cloudtrail:GetEventSelectors", Place::Account, When::Always, "what is recorded"),
    call("cloudtrail:GetInsightSelectors", "cloudtrail:GetInsightSelectors", Place::Account, NEEDED, "Insights"),
    call("cloudtrail:GetEventConfiguration", "cloudtrail:GetEventConfiguration", Place::Account, NEEDED, "what is added to events or made of them"),
    call("cloudtrail:ListTags", "cloudtrail:ListTags", Place::Account, NEEDED, "tags"),
    call("cloudtrail:ListEventDataStores", "cloudtrail:ListEventDataStores", Place::Account, NEEDED, "the event data stores that a region shows"),
    call("cloudtrail:GetEventDataStore", "cloudtrail:GetEventDataStore", Place::Account, When::Needed(&["cloudtrail:ListEventDataStores"]), "what they take in, and how they keep it"),
    call("s3:ListBuckets", "s3:ListAllMyBuckets", Place::Account, When::Needed(&["s3:HeadBucket"]), "which account owns a bucket"),
    call("s3:HeadBucket", "s3:ListBucket", Place::Caller, NEEDED, "whether a bucket exists, and where; works without the permission too"),
    call("s3:GetBucketPolicy", "s3:GetBucketPolicy", Place::BucketOwner, BUCKET, "bucket policy"),
    call("s3:GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", Place::BucketOwner, BUCKET, "whether S3 calls that policy public"),
    call("s3:GetBucketAcl", "s3:GetBucketAcl", Place::BucketOwner, BUCKET, "access control list"),
    call("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", Place::BucketOwner, BUCKET, "Block Public Access of the bucket"),
    call("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", Place::BucketOwner, BUCKET, "Block Public Access of the account"),
    call("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", Place::BucketOwner, BUCKET, "Object Lock"),
    call("s3:GetBucketVersioning", "s3:GetBucketVersioning", Place::BucketOwner, BUCKET, "versioning and MFA delete"),
    call("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", Place::BucketOwner, BUCKET, "when log files are deleted"),
    call("s3:GetBucketLogging", "s3:GetBucketLogging", Place::BucketOwner, BUCKET, "server access logging"),
    call("s3:GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", Place::BucketOwner, BUCKET, "whether ACLs have effect"),
    call("s3:GetBucketReplication", "s3:GetReplicationConfiguration", Place::BucketOwner, BUCKET, "replication"),
    call("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration", Place::BucketOwner, BUCKET, "default encryption"),
    call("kms:DescribeKey", "kms:DescribeKey", Place::KeyOwner, NEEDED, "state and manager of the key"),
    call("kms:GetKeyPolicy", "kms:GetKeyPolicy", Place::KeyOwner, NEEDED, "key policy"),
    call("kms:GetKeyRotationStatus", "kms:GetKeyRotationStatus", Place::KeyOwner, NEEDED, "rotation"),
    call("logs:DescribeLogGroups", "logs:DescribeLogGroups", Place::LogGroupOwner, NEEDED, "how a log group is kept"),
    call("logs:DescribeMetricFilters", "logs:DescribeMetricFilters", Place::LogGroupOwner, NEEDED, "which events a log group counts"),
    call("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarms", Place::LogGroupOwner, NEEDED, "which counts raise an alarm"),
    call("events:ListRules", "events:ListRules", Place::LogGroupOwner, NEEDED, "which events are passed on"),
    call("events:ListTargetsByRule", "events:ListTargetsByRule", Place::LogGroupOwner, When::Needed(&["events:ListRules"]), "to whom"),
    call("sns:GetTopicAttributes", "sns:GetTopicAttributes", Place::TopicOwner, NEEDED, "whether a topic exists"),
    call("sns:ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic", Place::TopicOwner, NEEDED, "whether somebody listens to it"),
];

/// The operations of a collection for rules that need `needed`: those, what has to be asked before them, and what is always asked.
#[must_use]
pub fn wanted<'a>(needed: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'static str> {
    let mut waiting: Vec<&str> = needed.into_iter().collect();
    waiting.extend(CALLS.iter().filter(|call| call.when == When::Always).map(|call| call.operation));
    let mut wanted = BTreeSet::new();
    while let Some(operation) = waiting.pop() {
        let Some(call) = CALLS.iter().find(|call| call.operation == operation) else { continue };
        if wanted.insert(call.operation)
            && let When::Needed(before) = call.when
        {
            waiting.extend(before);
        }
    }
    wanted
}

/// Every operation of [`CALLS`].
#[must_use]
pub fn every_call() -> BTreeSet<&'static str> {
    CALLS.iter().map(|call| call.operation).collect()
}

/// Makes calls: bounds how many are under way, counts them, and stops when the user does.
pub(super) struct Caller {
    permits: Semaphore,
    calls: AtomicU64,
    stop: watch::Receiver<bool>,
    wanted: BTreeSet<&'static str>,
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
    pub(super) fn new(
        concurrency: usize,
        stop: watch::Receiver<bool>,
        wanted: BTreeSet<&'static str>,
    ) -> Self {
        Self { permits: Semaphore::new(concurrency.max(1)), calls: AtomicU64::new(0), stop, wanted }
    }

    /// A selected rule needs this operation.
    pub(super) fn wants(&self, operation: &str) -> bool {
        self.wanted.contains(operation)
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
        if let Origin::Call(call) = origin
            && !self.wants(&call.operation)
        {
            return Err(Failure::of(origin, GapReason::NotCollected, "no selected rule needs it"));
        }
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
