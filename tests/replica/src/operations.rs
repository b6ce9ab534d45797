//! The one table of what is served: every operation with its route, its IAM action and its function.

use crate::answer::{Answer, Failure, Protocol};
use crate::dispatch::Call;
use crate::service::{
    account, cloudtrail, cloudwatch, events, kms, lake, logs, organizations, s3, s3control, sns, sts,
};

/// The function behind an operation.
type Run = fn(&Call<'_>) -> Result<Answer, Failure>;

/// One operation.
pub(crate) struct Operation {
    pub(crate) service: Service,
    pub(crate) name: &'static str,
    /// The permission it needs.
    pub(crate) action: &'static str,
    /// The field of the input that names the resource; of several with `|` between, the first that is there.
    pub(crate) resource: &'static str,
    pub(crate) run: Run,
}

/// The services served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Sts,
    Organizations,
    Account,
    CloudTrail,
    S3,
    S3Control,
    Kms,
    Logs,
    CloudWatch,
    Sns,
    Events,
}

/// Status and code of the failures that every service has, in its own words.
struct Words {
    denied: (u16, &'static str),
    throttled: (u16, &'static str),
    unavailable: (u16, &'static str),
    internal: (u16, &'static str),
    expired: (u16, &'static str),
    unknown_key: (u16, &'static str),
}

const JSON_WORDS: Words = Words {
    denied: (400, "AccessDeniedException"),
    throttled: (400, "ThrottlingException"),
    unavailable: (503, "ServiceUnavailableException"),
    internal: (500, "InternalFailure"),
    expired: (400, "ExpiredTokenException"),
    unknown_key: (400, "UnrecognizedClientException"),
};
const STS_WORDS: Words = Words {
    denied: (403, "AccessDenied"),
    throttled: (400, "Throttling"),
    unavailable: (503, "ServiceUnavailable"),
    internal: (500, "InternalFailure"),
    expired: (403, "ExpiredToken"),
    unknown_key: (403, "InvalidClientTokenId"),
};
const S3_WORDS: Words = Words {
    denied: (403, "AccessDenied"),
    throttled: (503, "SlowDown"),
    unavailable: (503, "ServiceUnavailable"),
    internal: (500, "InternalError"),
    expired: (400, "ExpiredToken"),
    unknown_key: (403, "InvalidAccessKeyId"),
};

impl Service {
    /// The name in the table of operations.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Organizations => "organizations",
            Self::Account => "account",
            Self::CloudTrail => "cloudtrail",
            Self::S3 => "s3",
            Self::S3Control => "s3control",
            Self::Kms => "kms",
            Self::Logs => "logs",
            Self::CloudWatch => "cloudwatch",
            Self::Sns => "sns",
            Self::Events => "events",
        }
    }

    /// How it writes to a client that does not ask for CBOR.
    pub(crate) const fn protocol(self) -> Protocol {
        match self {
            Self::Sts => Protocol::Query(sts::NAMESPACE),
            Self::Sns => Protocol::Query(sns::NAMESPACE),
            Self::Organizations
            | Self::CloudTrail
            | Self::Kms
            | Self::Logs
            | Self::CloudWatch
            | Self::Events => Protocol::Json,
            Self::Account => Protocol::RestJson,
            Self::S3 => Protocol::RestXml,
            Self::S3Control => Protocol::S3Control,
        }
    }

    /// The service behind the front part of an `X-Amz-Target`.
    pub(crate) fn of_target(target: &str) -> Option<Self> {
        match target {
            "AWSOrganizationsV20161128" => Some(Self::Organizations),
            "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101" | "CloudTrail_20131101" => {
                Some(Self::CloudTrail)
            }
            "TrentService" => Some(Self::Kms),
            "Logs_20140328" => Some(Self::Logs),
            "GraniteServiceVersion20100801" => Some(Self::CloudWatch),
            "AWSEvents" => Some(Self::Events),
            _ => None,
        }
    }

    /// The service and the operation in a path of Smithy's RPC v2; no service when it does not speak that.
    pub(crate) fn of_path(path: &str) -> Option<(Option<Self>, &str)> {
        let (target, operation) = path.strip_prefix("/service/")?.split_once("/operation/")?;
        Some((Self::of_target(target).filter(|service| *service == Self::CloudWatch), operation))
    }

    /// Whether each account must have enabled the region called.
    pub(crate) const fn is_regional(self) -> bool {
        !matches!(self, Self::Organizations | Self::Account | Self::S3)
    }

    const fn words(self) -> Words {
        match self {
            Self::Sts => STS_WORDS,
            Self::S3 | Self::S3Control => S3_WORDS,
            Self::CloudTrail | Self::Logs => JSON_WORDS,
            Self::Events => Words { internal: (500, "InternalException"), ..JSON_WORDS },
            Self::CloudWatch => Words { internal: (500, "InternalServiceError"), ..STS_WORDS },
            Self::Sns => {
                Words { denied: (403, "AuthorizationError"), internal: (500, "InternalError"), ..STS_WORDS }
            }
            Self::Organizations => Words {
                throttled: (400, "TooManyRequestsException"),
                internal: (500, "ServiceException"),
                ..JSON_WORDS
            },
            Self::Account => Words {
                denied: (403, "AccessDeniedException"),
                throttled: (429, "TooManyRequestsException"),
                internal: (500, "InternalServerException"),
                expired: (403, "ExpiredTokenException"),
                unknown_key: (403, "UnrecognizedClientException"),
                ..JSON_WORDS
            },
            Self::Kms => Words { internal: (500, "KMSInternalException"), ..JSON_WORDS },
        }
    }

    pub(crate) fn denied(self, message: impl Into<String>) -> Failure {
        let (status, code) = self.words().denied;
        Failure::new(status, code, message)
    }

    pub(crate) fn throttled(self) -> Failure {
        let (status, code) = self.words().throttled;
        Failure::new(
            status,
            code,
            if code == "SlowDown" { "Please reduce your request rate." } else { "Rate exceeded" },
        )
    }

    pub(crate) fn unavailable(self) -> Failure {
        let (status, code) = self.words().unavailable;
        Failure::new(status, code, "The service is unavailable. Please try again shortly.")
    }

    pub(crate) fn internal(self) -> Failure {
        let (status, code) = self.words().internal;
        Failure::new(status, code, "We encountered an internal error. Please try again.")
    }

    pub(crate) fn expired(self) -> Failure {
        let (status, code) = self.words().expired;
        Failure::new(status, code, "The security token included in the request is expired")
    }

    pub(crate) fn unknown_key(self) -> Failure {
        let (status, code) = self.words().unknown_key;
        let message = match self {
            Self::S3 | Self::S3Control => "The AWS Access Key Id you provided does not exist in our records.",
            _ => "The security token included in the request is invalid.",
        };
        Failure::new(status, code, message)
    }
}

const fn op(
    service: Service,
    name: &'static str,
    action: &'static str,
    resource: &'static str,
    run: Run,
) -> Operation {
    Operation { service, name, action, resource, run }
}

/// Every operation served, as (service, operation).
#[must_use]
pub fn operations() -> Vec<(&'static str, &'static str)> {
    TABLE.iter().map(|operation| (operation.service.name(), operation.name)).collect()
}

/// The operation of this name.
pub(crate) fn find(service: Service, name: &str) -> Option<&'static Operation> {
    TABLE.iter().find(|operation| operation.service == service && operation.name == name)
}

use Service::{Account, CloudTrail, CloudWatch, Events, Kms, Logs, Organizations, S3, S3Control, Sns, Sts};

#[rustfmt::skip]
static TABLE: &[Operation] = &[
    op(Sts, "GetCallerIdentity", "sts:GetCallerIdentity", "", sts::get_caller_identity),
    op(Sts, "AssumeRole", "sts:AssumeRole", "RoleArn", sts::assume_role),
    op(Organizations, "DescribeOrganization", "organizations:DescribeOrganization", "", organizations::describe_organization),
    op(Organizations, "ListAccounts", "organizations:ListAccounts", "", organizations::list_accounts),
    op(Organizations, "ListRoots", "organizations:ListRoots", "", organizations::list_roots),
    op(Organizations, "ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent", "ParentId", organizations::list_organizational_units_for_parent),
    op(Organizations, "ListAccountsForParent", "organizations:ListAccountsForParent", "ParentId", organizations::list_accounts_for_parent),
    op(Organizations, "ListParents", "organizations:ListParents", "ChildId", organizations::list_parents),
    op(Organizations, "ListPolicies", "organizations:ListPolicies", "Filter", organizations::list_policies),
    op(Organizations, "ListTargetsForPolicy", "organizations:ListTargetsForPolicy", "PolicyId", organizations::list_targets_for_policy),
    op(Organizations, "ListPoliciesForTarget", "organizations:ListPoliciesForTarget", "TargetId", organizations::list_policies_for_target),
    op(Organizations, "DescribePolicy", "organizations:DescribePolicy", "PolicyId", organizations::describe_policy),
    op(Organizations, "ListDelegatedAdministrators", "organizations:ListDelegatedAdministrators", "ServicePrincipal", organizations::list_delegated_administrators),
    op(Organizations, "ListDelegatedServicesForAccount", "organizations:ListDelegatedServicesForAccount", "AccountId", organizations::list_delegated_services_for_account),
    op(Organizations, "ListAWSServiceAccessForOrganization", "organizations:ListAWSServiceAccessForOrganization", "", organizations::list_service_access),
    op(Account, "ListRegions", "account:ListRegions", "AccountId", account::list_regions),
    op(CloudTrail, "DescribeTrails", "cloudtrail:DescribeTrails", "trailNameList", cloudtrail::describe_trails),
    op(CloudTrail, "GetTrailStatus", "cloudtrail:GetTrailStatus", "Name", cloudtrail::get_trail_status),
    op(CloudTrail, "GetEventSelectors", "cloudtrail:GetEventSelectors", "TrailName", cloudtrail::get_event_selectors),
    op(CloudTrail, "GetInsightSelectors", "cloudtrail:GetInsightSelectors", "TrailName", cloudtrail::get_insight_selectors),
    op(CloudTrail, "ListTags", "cloudtrail:ListTags", "ResourceIdList", cloudtrail::list_tags),
    op(CloudTrail, "ListTrails", "cloudtrail:ListTrails", "", cloudtrail::list_trails),
    op(CloudTrail, "ListEventDataStores", "cloudtrail:ListEventDataStores", "", lake::list_event_data_stores),
    op(CloudTrail, "GetEventDataStore", "cloudtrail:GetEventDataStore", "EventDataStore", lake::get_event_data_store),
    op(CloudTrail, "GetEventConfiguration", "cloudtrail:GetEventConfiguration", "TrailName|EventDataStore", lake::get_event_configuration),
    op(CloudTrail, "GetResourcePolicy", "cloudtrail:GetResourcePolicy", "ResourceArn", lake::get_resource_policy),
    op(S3, "ListBuckets", "s3:ListAllMyBuckets", "", s3::list_buckets),
    op(S3, "HeadBucket", "s3:ListBucket", "Bucket", s3::head_bucket),
    op(S3, "GetBucketLocation", "s3:GetBucketLocation", "Bucket", s3::get_bucket_location),
    op(S3, "GetBucketPolicy", "s3:GetBucketPolicy", "Bucket", s3::get_bucket_policy),
    op(S3, "GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", "Bucket", s3::get_bucket_policy_status),
    op(S3, "GetBucketAcl", "s3:GetBucketAcl", "Bucket", s3::get_bucket_acl),
    op(S3, "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", "Bucket", s3::get_public_access_block),
    op(S3, "GetBucketVersioning", "s3:GetBucketVersioning", "Bucket", s3::get_bucket_versioning),
    op(S3, "GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", "Bucket", s3::get_object_lock_configuration),
    op(S3, "GetBucketLogging", "s3:GetBucketLogging", "Bucket", s3::get_bucket_logging),
    op(S3, "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", "Bucket", s3::get_bucket_lifecycle_configuration),
    op(S3, "GetBucketEncryption", "s3:GetEncryptionConfiguration", "Bucket", s3::get_bucket_encryption),
    op(S3, "GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", "Bucket", s3::get_bucket_ownership_controls),
    op(S3, "GetBucketReplication", "s3:GetReplicationConfiguration", "Bucket", s3::get_bucket_replication),
    op(S3, "GetBucketTagging", "s3:GetBucketTagging", "Bucket", s3::get_bucket_tagging),
    op(S3Control, "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", "AccountId", s3control::get_public_access_block),
    op(Kms, "DescribeKey", "kms:DescribeKey", "KeyId", kms::describe_key),
    op(Kms, "GetKeyPolicy", "kms:GetKeyPolicy", "KeyId", kms::get_key_policy),
    op(Kms, "GetKeyRotationStatus", "kms:GetKeyRotationStatus", "KeyId", kms::get_key_rotation_status),
    op(Kms, "ListAliases", "kms:ListAliases", "KeyId", kms::list_aliases),
    op(Logs, "DescribeLogGroups", "logs:DescribeLogGroups", "logGroupNamePrefix|logGroupNamePattern|logGroupIdentifiers", logs::describe_log_groups),
    op(Logs, "DescribeMetricFilters", "logs:DescribeMetricFilters", "logGroupName", logs::describe_metric_filters),
    op(Logs, "DescribeResourcePolicies", "logs:DescribeResourcePolicies", "resourceArn", logs::describe_resource_policies),
    op(CloudWatch, "DescribeAlarms", "cloudwatch:DescribeAlarms", "AlarmNamePrefix|AlarmNames", cloudwatch::describe_alarms),
    op(Sns, "GetTopicAttributes", "sns:GetTopicAttributes", "TopicArn", sns::get_topic_attributes),
    op(Sns, "ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic", "TopicArn", sns::list_subscriptions_by_topic),
    op(Events, "DescribeEventBus", "events:DescribeEventBus", "Name", events::describe_event_bus),
    op(Events, "ListRules", "events:ListRules", "EventBusName", events::list_rules),
    op(Events, "ListTargetsByRule", "events:ListTargetsByRule", "Rule", events::list_targets_by_rule),
];
