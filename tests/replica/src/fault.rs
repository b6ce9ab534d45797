//! Faults: how and where the server is to misbehave.

use serde::Deserialize;
use std::time::Duration;

/// A way to misbehave, for the requests it matches.
///
/// Every filter that is left out matches everything. The texts are patterns in which `*` stands for any text; an account may
/// be given by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
    /// Service as in [`crate::operations()`], for example `cloudtrail`.
    pub service: Option<String>,
    /// Operation as in [`crate::operations()`], for example `DescribeTrails`.
    pub operation: Option<String>,
    /// Name or id of the account whose credentials make the call.
    pub account: Option<String>,
    /// Region the call is signed for.
    pub region: Option<String>,
    /// Bucket, trail, key, role ARN… as [`crate::Request::resource`] shows it.
    pub resource: Option<String>,
    /// What happens.
    pub kind: Kind,
    /// How many requests it strikes; `None` for all.
    pub times: Option<u32>,
    /// Time to wait before it happens.
    #[serde(deserialize_with = "crate::world::duration")]
    pub latency: Option<Duration>,
}

/// What happens to a request that a [`Fault`] strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// Refused, in the service's own words.
    AccessDenied,
    /// Status 500, in the service's own words.
    #[default]
    InternalError,
    /// Status 503, in the service's own words.
    ServiceUnavailable,
    /// Throttled, in the service's own words.
    Throttle,
    /// The right answer after this many milliseconds.
    Delay(u64),
    /// No answer, ever; the connection stays open.
    Hang,
    /// An HTML page with this status, as a proxy or a captive portal sends.
    HtmlBody(u16),
    /// The right answer, cut off before its announced length.
    CutBody,
    /// The connection closes without an answer.
    Reset,
    /// Status 200 and half of the right body, of the length announced.
    MalformedBody,
    /// Status 200 and nothing.
    EmptyBody,
    /// The credentials have expired.
    ExpiredToken,
}

impl Kind {
    /// One of each, for tests that loop.
    pub const ALL: [Self; 13] = [
        Self::AccessDenied,
        Self::InternalError,
        Self::ServiceUnavailable,
        Self::Throttle,
        Self::Delay(50),
        Self::Hang,
        Self::HtmlBody(200),
        Self::HtmlBody(404),
        Self::CutBody,
        Self::Reset,
        Self::MalformedBody,
        Self::EmptyBody,
        Self::ExpiredToken,
    ];
}

impl Fault {
    /// A fault that strikes every request, forever, until it is narrowed.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Only this service.
    #[must_use]
    pub fn service(self, service: &str) -> Self {
        Self { service: Some(service.into()), ..self }
    }

    /// Only this operation.
    #[must_use]
    pub fn operation(self, operation: &str) -> Self {
        Self { operation: Some(operation.into()), ..self }
    }

    /// Only calls of this account.
    #[must_use]
    pub fn account(self, account: &str) -> Self {
        Self { account: Some(account.into()), ..self }
    }

    /// Only this region.
    #[must_use]
    pub fn region(self, region: &str) -> Self {
        Self { region: Some(region.into()), ..self }
    }

    /// Only this bucket, trail, key or role.
    #[must_use]
    pub fn resource(self, resource: &str) -> Self {
        Self { resource: Some(resource.into()), ..self }
    }

    /// Only so many requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }
}

/// Whether the text matches a pattern in which `*` stands for any text and `?` for one character.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(
            glob("s3:*", "s3:GetBucketPolicy") && glob("*Bucket*", "s3:GetBucketPolicy") && glob("*", "")
        );
        assert!(!glob("s3:*", "kms:GetKeyPolicy") && !glob("s3:Get", "s3:GetBucketPolicy"));
    }
}
