//! Policy documents of buckets and keys, among them the ones AWS recommends for trails.

use super::{Bucket, Key, Trail, World};
use serde::Deserialize;
use serde_json::{Value, json};

/// `default` (what AWS recommends for the trails that use the resource), `none`, a mapping, or JSON text kept as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Value")]
pub(crate) enum Document {
    #[default]
    Recommended,
    None,
    Json(Value),
    Text(String),
}

impl From<Value> for Document {
    fn from(value: Value) -> Self {
        match value {
            Value::String(word) if word == "default" => Self::Recommended,
            Value::String(word) if word == "none" => Self::None,
            Value::String(text) => Self::Text(text),
            value => Self::Json(value),
        }
    }
}

impl Document {
    /// The JSON text, with the recommended document supplied by the owner of the field.
    pub(crate) fn text(&self, recommended: impl FnOnce() -> Option<Value>) -> Option<String> {
        match self {
            Self::Recommended => recommended().map(|value| value.to_string()),
            Self::None => None,
            Self::Json(value) => Some(value.to_string()),
            Self::Text(text) => Some(text.clone()),
        }
    }
}

impl World {
    /// The bucket's policy, or nothing when it has none.
    pub(crate) fn bucket_policy(&self, bucket: &Bucket) -> Option<String> {
        bucket.policy.text(|| self.recommended_bucket_policy(bucket))
    }

    /// Whether S3 would call the policy public: it allows everybody without a condition.
    pub(crate) fn bucket_policy_is_public(&self, bucket: &Bucket) -> Option<bool> {
        let text = self.bucket_policy(bucket)?;
        let policy: Value = serde_json::from_str(&text).unwrap_or_default();
        let statements = match &policy["Statement"] {
            Value::Array(statements) => statements.as_slice(),
            one => std::slice::from_ref(one),
        };
        let public = |statement: &Value| {
            let principal = &statement["Principal"];
            let everybody = |value: &Value| match value {
                Value::Array(several) => several.iter().any(|one| one == "*"),
                one => one == "*",
            };
            statement["Effect"] == "Allow"
                && statement["Condition"].is_null()
                && (everybody(principal) || everybody(&principal["AWS"]))
        };
        Some(bucket.policy_is_public.unwrap_or_else(|| statements.iter().any(public)))
    }

    /// The key's policy; every key has one.
    pub(crate) fn key_policy(&self, key: &Key) -> String {
        key.policy.text(|| Some(self.recommended_key_policy(key))).unwrap_or_else(|| "{}".into())
    }

    fn recommended_bucket_policy(&self, bucket: &Bucket) -> Option<Value> {
        let trails: Vec<&Trail> = self.trails.iter().filter(|trail| trail.bucket == bucket.name).collect();
        if trails.is_empty() {
            return None;
        }
        let partition = self.partition.name();
        let bucket_arn = format!("arn:{partition}:s3:::{}", bucket.name);
        let arns: Vec<String> = trails.iter().map(|trail| trail.arn(self.partition)).collect();
        let mut objects = Vec::new();
        for trail in &trails {
            let prefix = trail.prefix.as_ref().map_or_else(String::new, |prefix| format!("{prefix}/"));
            let mut owners = vec![trail.account.value.clone()];
            if let Some(organization) = self.organization.as_ref().filter(|_| trail.organization) {
                owners.push(organization.id.clone());
            }
            objects.extend(owners.iter().map(|owner| format!("{bucket_arn}/{prefix}AWSLogs/{owner}/*")));
        }
        Some(json!({"Version": "2012-10-17", "Statement": [
            {
                "Sid": "AWSCloudTrailAclCheck", "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "s3:GetBucketAcl", "Resource": bucket_arn,
                "Condition": {"StringEquals": {"aws:SourceArn": arns}},
            },
            {
                "Sid": "AWSCloudTrailWrite", "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "s3:PutObject", "Resource": objects,
                "Condition": {"StringEquals": {
                    "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": arns,
                }},
            },
            {
                "Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
                "Resource": [bucket_arn, format!("{bucket_arn}/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ]}))
    }

    fn recommended_key_policy(&self, key: &Key) -> Value {
        let (partition, arn) = (self.partition.name(), key.arn(self.partition));
        let owner = format!("arn:{partition}:iam::{}:root", key.account.value);
        let mut statements = vec![json!({
            "Sid": "EnableIamPolicies", "Effect": "Allow", "Principal": {"AWS": owner},
            "Action": "kms:*", "Resource": "*",
        })];
        let trails: Vec<&Trail> =
            self.trails.iter().filter(|trail| trail.kms_key.as_deref() == Some(&arn)).collect();
        if !trails.is_empty() {
            let arns: Vec<String> = trails.iter().map(|trail| trail.arn(self.partition)).collect();
            let contexts: Vec<String> = trails
                .iter()
                .map(|trail| format!("arn:{partition}:cloudtrail:*:{}:trail/*", trail.account.value))
                .collect();
            statements.push(json!({
                "Sid": "CloudTrailEncrypt", "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "kms:GenerateDataKey*", "Resource": "*",
                "Condition": {
                    "StringEquals": {"aws:SourceArn": arns},
                    "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": contexts},
                },
            }));
            statements.push(json!({
                "Sid": "CloudTrailDescribe", "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "kms:DescribeKey", "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceArn": arns}},
            }));
        }
        json!({"Version": "2012-10-17", "Id": "key-policy", "Statement": statements})
    }
}
