//! Policies that say different things to different questions.

/// Policies of buckets, and whether S3 calls them public.
pub(super) const BUCKET_POLICIES: [(Option<&str>, bool); 7] = [
    (None, false),
    (Some("not a policy"), false),
    (
        Some(
            r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*",
            "Resource": "*", "Condition": {"StringEquals": {"aws:SourceOrgID": "o-example"}}}}"#,
        ),
        false,
    ),
    (
        Some(r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#),
        true,
    ),
    (
        Some(
            r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "s3:*",
            "Resource": "arn:aws:s3:::*/central/*"}, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}"#,
        ),
        false,
    ),
    (
        Some(
            r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": {"StringAlmost": {"aws:PrincipalOrgID": "o-example"}}}}"#,
        ),
        true,
    ),
    (
        Some(
            r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*",
            "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/AWSLogs/*"], "Condition": {"StringEquals":
            {"aws:SourceAccount": "111111111111"}}}}"#,
        ),
        false,
    ),
];
/// A key of a member.
pub(super) const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/1";
pub(super) const KEY_POLICIES: [&str; 4] = [
    "not a policy",
    r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}}"#,
    r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "kms:GenerateDataKey*",
        "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}}"#,
    r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::333333333333:root"}, "Action": "kms:*",
        "Resource": "*"}}"#,
];
