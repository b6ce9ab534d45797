//! S3: routes requests, finds the bucket and decides who may see it; what is seen is in [`bucket`].

mod bucket;

pub(crate) use bucket::{
    get_bucket_acl, get_bucket_encryption, get_bucket_lifecycle_configuration, get_bucket_location,
    get_bucket_logging, get_bucket_ownership_controls, get_bucket_policy, get_bucket_policy_status,
    get_bucket_replication, get_bucket_tagging, get_bucket_versioning, get_object_lock_configuration,
    get_public_access_block, head_bucket, public_access_block_xml,
};

use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::fault::glob;
use crate::incoming::{Incoming, decode};
use crate::operations::Service;
use crate::page::{self, BadToken, Cut};
use crate::world::{Bucket, Moment, fingerprint};
use crate::xml::Xml;
use hyper::Method;
use serde_json::{Value, json};

/// The namespace of S3's documents.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The query parameter that marks each read of a bucket.
const SUBRESOURCES: [(&str, &str); 14] = [
    ("location", "GetBucketLocation"),
    ("policy", "GetBucketPolicy"),
    ("policyStatus", "GetBucketPolicyStatus"),
    ("acl", "GetBucketAcl"),
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("versioning", "GetBucketVersioning"),
    ("object-lock", "GetObjectLockConfiguration"),
    ("logging", "GetBucketLogging"),
    ("lifecycle", "GetBucketLifecycleConfiguration"),
    ("encryption", "GetBucketEncryption"),
    ("ownershipControls", "GetBucketOwnershipControls"),
    ("replication", "GetBucketReplication"),
    ("tagging", "GetBucketTagging"),
    ("", "ListObjects"),
];

/// Service, operation and input of a request that was signed for S3.
pub(crate) fn route(incoming: &Incoming) -> (Service, String, Value) {
    if let Some(path) = incoming.path.strip_prefix("/v20180820/") {
        let account = match incoming.header("x-amz-account-id") {
            "" => incoming.host_label().unwrap_or_default(),
            account => account,
        };
        let name = match (&incoming.method, path) {
            (&Method::GET, "configuration/publicAccessBlock") => "GetPublicAccessBlock".into(),
            (method, path) => format!("{method} {path}"),
        };
        return (Service::S3Control, name, json!({"AccountId": account}));
    }
    let path = incoming.path.trim_start_matches('/');
    let (bucket, key) = match incoming.host_label() {
        Some(label) => (label.to_owned(), decode(path)),
        None => path.split_once('/').map_or((decode(path), String::new()), |(b, k)| (decode(b), decode(k))),
    };
    let subresource = SUBRESOURCES.iter().find(|(mark, _)| incoming.parameter(mark).is_some());
    let name = match (&incoming.method, bucket.is_empty(), key.is_empty(), subresource) {
        (&Method::GET, true, _, _) => "ListBuckets".into(),
        (&Method::HEAD, false, true, _) => "HeadBucket".into(),
        (&Method::GET, false, true, Some((_, name))) => (*name).into(),
        (method, _, _, Some((mark, _))) => format!("{method} ?{mark}"),
        (method, ..) => format!("{method} object or bucket"),
    };
    let input = json!({"Bucket": bucket, "ContinuationToken": incoming.parameter("continuation-token")});
    (Service::S3, name, input)
}

/// The canonical user id of an account.
fn canonical(account: &str) -> String {
    fingerprint(account).repeat(4)
}

/// The bucket that a request is about, if the caller may use the operation's action on it.
fn readable<'a>(call: &'a Call<'_>) -> Result<&'a Bucket, Failure> {
    let name = call.text("Bucket").unwrap_or_default();
    let Some(bucket) = call.world.buckets.iter().find(|bucket| bucket.name == name) else {
        let failure = Failure::new(404, "NoSuchBucket", "The specified bucket does not exist");
        return Err(failure.detail("BucketName", name));
    };
    let located = |failure: Failure| failure.with("x-amz-bucket-region", bucket.region.as_str());
    if bucket.region != call.region && call.operation.name != "GetBucketLocation" {
        let host = format!("{name}.s3.{}.amazonaws.com", bucket.region);
        let failure = Failure::new(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
        );
        return Err(located(failure.detail("Endpoint", host).detail("Bucket", name)));
    }
    let expected = call.request.header("x-amz-expected-bucket-owner");
    if !expected.is_empty() && expected != bucket.account.value {
        return Err(located(call.operation.service.denied("Access Denied")));
    }
    let action = call.operation.action;
    let arn = format!("arn:{}:s3:::{name}", call.world.partition.name());
    call.authorize(action, &arn).map_err(located)?;
    let reader = &call.caller.account;
    let invited = bucket.cross_account_read.iter().any(|invited| {
        invited.account.value == *reader && invited.actions.iter().any(|pattern| glob(pattern, action))
    });
    if bucket.account.value == *reader || invited {
        return Ok(bucket);
    }
    Err(located(call.operation.service.denied("Access Denied")))
}

pub(crate) fn list_buckets(call: &Call<'_>) -> Result<Answer, Failure> {
    call.authorize(call.operation.action, "")?;
    let owner = &call.caller.account;
    let prefix = call.request.parameter("prefix");
    let region = call.request.parameter("bucket-region");
    let mut own: Vec<&Bucket> = call
        .world
        .buckets
        .iter()
        .filter(|bucket| bucket.account.value == *owner)
        .filter(|bucket| prefix.is_none_or(|prefix| bucket.name.starts_with(prefix)))
        .filter(|bucket| region.is_none_or(|region| bucket.region == region))
        .collect();
    own.sort_by(|a, b| a.name.cmp(&b.name));
    let asked = call.request.parameter("max-buckets").and_then(|text| text.parse().ok());
    let cut = Cut { size: asked.unwrap_or(10_000), empty: false };
    let (page, next) =
        page::page("ListBuckets", &own, call.text("ContinuationToken"), &cut).map_err(|BadToken| {
            Failure::new(400, "InvalidArgument", "The continuation token provided is incorrect")
        })?;
    let now = call.world.now();
    Ok(Answer::xml(Xml::document("ListAllMyBucketsResult", Some(NAMESPACE), |xml| {
        xml.node("Owner", |xml| xml.text("ID", canonical(owner)));
        xml.node("Buckets", |xml| {
            for bucket in page {
                let created = bucket.created.unwrap_or(Moment::days_ago(365)).at(now).unwrap_or(now);
                xml.node("Bucket", |xml| {
                    xml.text("Name", &bucket.name);
                    xml.text("CreationDate", created.strftime("%Y-%m-%dT%H:%M:%S.000Z"));
                    xml.text("BucketRegion", &bucket.region);
                });
            }
        });
        xml.maybe("ContinuationToken", next);
        xml.maybe("Prefix", prefix);
    })))
}
