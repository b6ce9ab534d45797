//! Whether the policy of a bucket denies what is not encrypted in transit.

use super::super::Fact;
use super::super::found::unclear;
use super::super::policy::Policy;
use super::policy::BucketPolicy;
use crate::access::{Answer, Document, Request, Who};
use crate::inventory::Origin;

/// Requests that would show a gap, one by one.
const ON_BUCKET: [&str; 3] = ["s3:ListBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy"];
const ON_OBJECTS: [&str; 3] = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];

impl BucketPolicy<'_> {
    /// Every request over plain HTTP is denied, on the bucket and on its objects; services always come over TLS.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>
    pub(super) fn requires_tls(&self) -> Fact<bool> {
        let policy = match &self.read {
            Err(gap) => return Fact::Unknown(vec![gap.clone()]),
            Ok(policy) => policy,
        };
        let Policy { document: Some(document), origin } = policy else {
            return Fact::known(false, [policy.origin.clone()]);
        };
        let on_bucket = self.denies(document, origin, &self.arn, &self.arn, &ON_BUCKET);
        let objects = format!("{}/*", self.arn);
        on_bucket.and(self.denies(document, origin, &objects, &format!("{}/-", self.arn), &ON_OBJECTS))
    }

    fn denies(
        &self,
        document: &Document,
        origin: &Origin,
        all: &str,
        one: &str,
        actions: &[&str],
    ) -> Fact<bool> {
        let answer = document.denied(&over_http(Who::Anyone, "s3:*", all));
        if let Some(value) = answer.value {
            return Fact::known(value, [origin.clone()]);
        }
        let owner = self.bucket.owner.value().and_then(Option::as_deref).unwrap_or(STRANGER);
        let callers = [STRANGER, owner].map(|account| Who::Account(account.to_owned()));
        let mut requests = callers.iter().flat_map(|who| actions.iter().map(|action| (who.clone(), action)));
        let is_let =
            requests.any(|(who, action)| document.denied(&over_http(who, action, one)).value == Some(false));
        if is_let { Fact::known(false, [origin.clone()]) } else { open(&answer, origin) }
    }
}

/// An account that no policy names.
const STRANGER: &str = "000000000000";

fn over_http(who: Who, action: &str, resource: &str) -> Request {
    Request::new(who, action, resource)
        .with("aws:SecureTransport", "false")
        .with("aws:PrincipalIsAWSService", "false")
        .without("s3:TlsVersion")
}

fn open(answer: &Answer, origin: &Origin) -> Fact<bool> {
    Fact::Unknown(vec![unclear(&answer.notes, origin)])
}
