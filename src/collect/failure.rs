//! What a call that fails means.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::diagnostic::printable;
use crate::inventory::{Gap, GapReason, Origin};

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

    /// What went wrong with the call that `origin` describes.
    pub(super) fn classify<E>(origin: &Origin, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let response = error.raw_response();
        let status = response.map(|response| response.status().as_u16());
        let code =
            error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default().to_owned();
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
            (None, SdkError::ServiceError(_), Some(status)) if code.is_empty() => {
                format!("HTTP status {status}")
            }
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
        Self {
            code,
            status,
            bucket_region,
            is_of_service,
            gap: Gap { origin: origin.clone(), reason, detail },
        }
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
