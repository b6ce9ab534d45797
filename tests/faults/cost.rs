//! What each call costs when it fails: worked out by hand from what each rule asks.

const ORGANIZATION_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-audit";
const WORKLOAD_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/workload-local";
const SANDBOX_TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:444444444444:trail/sandbox-local";
const TRAILS: [&str; 3] = [ORGANIZATION_TRAIL, WORKLOAD_TRAIL, SANDBOX_TRAIL];
const ORGANIZATION: &str = "o-replica001";
const MANAGEMENT: &str = "111111111111";
const ARCHIVE: &str = "222222222222";
const WORKLOAD: &str = "333333333333";
const SANDBOX: &str = "444444444444";
const MEMBERS: [&str; 3] = [ARCHIVE, WORKLOAD, SANDBOX];
const ACCOUNTS: [&str; 4] = [MANAGEMENT, ARCHIVE, WORKLOAD, SANDBOX];
const LOGS: &str = "arn:aws:s3:::acme-logs";
const WORKLOAD_LOGS: &str = "arn:aws:s3:::acme-workload";
const SANDBOX_LOGS: &str = "arn:aws:s3:::acme-sandbox";
const BUCKETS: [&str; 3] = [LOGS, WORKLOAD_LOGS, SANDBOX_LOGS];
const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/11111111-0000-0000-0000-000000000001";
const GROUP: &str = "arn:aws:logs:us-east-1:111111111111:log-group:audit";
const STORE: &str =
    "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/11111111-0000-0000-0000-000000000000";

/// Rules about buckets that need the bucket's configuration, not only its existence.
const BUCKET_RULES: [&str; 14] = [
    "log-bucket-access-logging",
    "log-bucket-account",
    "log-bucket-guard",
    "log-bucket-mfa-delete",
    "log-bucket-object-lock",
    "log-bucket-ownership",
    "log-bucket-policy-scope",
    "log-bucket-public-access",
    "log-bucket-public-access-block",
    "log-bucket-replication",
    "log-bucket-retention",
    "log-bucket-transport",
    "log-bucket-versioning",
    "log-bucket-write-access",
];
/// Rules about keys that are for keys which exist and belong to the customer.
const KEY_RULES: [&str; 5] =
    ["log-key-exposure", "log-key-guard", "log-key-policy-scope", "log-key-rotation", "log-key-state"];
const STORE_RULES: [&str; 5] = [
    "event-data-store-coverage",
    "event-data-store-encryption",
    "event-data-store-ingestion",
    "event-data-store-retention",
    "event-data-store-termination-protection",
];
const GROUP_RULES: [&str; 3] = ["log-group-class", "log-group-encryption", "log-group-retention"];
const ACCOUNT_RULES: [&str; 3] = ["multi-region-trail", "management-event-coverage", "global-service-events"];
const OBJECT_RULES: [&str; 2] = ["s3-object-read-events", "s3-object-write-events"];
/// Alerts that somebody gets.
const RAISED: [&str; 3] = ["alert-cloudtrail-changes", "alert-organizations-changes", "alert-root-usage"];
/// Alerts that are judged wherever no organization trail of another account is relied on; those on the organization itself are not a
/// member's in any case.
const ALERTS_OF_ALL: [&str; 15] = [
    "alert-bucket-policy-changes",
    "alert-cloudtrail-changes",
    "alert-config-changes",
    "alert-console-login-failures",
    "alert-console-login-without-mfa",
    "alert-iam-policy-changes",
    "alert-key-disabling-or-deletion",
    "alert-network-acl-changes",
    "alert-network-gateway-changes",
    "alert-root-usage",
    "alert-route-table-changes",
    "alert-security-group-changes",
    "alert-unauthorized-calls",
    "alert-vpc-changes",
    "tamper-alert",
];

/// What a failing operation costs.
pub(crate) enum Cost {
    /// The audit cannot be run.
    Everything,
    /// This, and no other verdict changes.
    Some(Loss),
    /// The operation is not asked for in this world.
    NotAsked,
}

/// What is lost.
pub(crate) struct Loss {
    /// These verdicts become unknown.
    pub(crate) unknown: Vec<Pair>,
    /// Nothing can be said of these subjects, because nothing shows that they exist.
    pub(crate) hidden: Vec<&'static str>,
}

/// A rule and a subject.
pub(crate) type Pair = (&'static str, &'static str);

fn pairs(rules: &[&'static str], subjects: &[&'static str]) -> Vec<Pair> {
    rules.iter().flat_map(|rule| subjects.iter().map(move |subject| (*rule, *subject))).collect()
}

fn all_of<const N: usize>(lists: [Vec<Pair>; N]) -> Cost {
    only(lists.into_iter().flatten().collect())
}

fn only(unknown: Vec<Pair>) -> Cost {
    Cost::Some(Loss { unknown, hidden: Vec::new() })
}

/// How long an account's events are kept is the longest of what each recorder keeps: each has to be known.
fn durable() -> Vec<Pair> {
    pairs(&["durable-retention"], &ACCOUNTS)
}

/// Whether a trail may deliver to its bucket; only one of them has a key.
fn bucket_delivery(trails: &[&'static str]) -> Vec<Pair> {
    pairs(&["log-bucket-delivery-policy"], trails)
}

fn key_delivery() -> Vec<Pair> {
    pairs(&["log-key-delivery-policy"], &[ORGANIZATION_TRAIL])
}

/// A bucket whose owner is not known may be that of every account that did not tell, and is a matter of the one that asked.
fn stray_bucket() -> Vec<Pair> {
    pairs(&["critical-bucket-data-events"], &ACCOUNTS)
}

/// Whether a guard holds where control policies say nothing known.
fn guard() -> Vec<Pair> {
    [
        pairs(&["service-control-policy-guard"], &MEMBERS),
        pairs(&["log-bucket-guard"], &BUCKETS),
        pairs(&["log-key-guard"], &[KEY]),
    ]
    .concat()
}

#[allow(clippy::too_many_lines, reason = "one table")]
/// Written by hand from what each rule asks; the words of AWS's documentation decide, not our output.
pub(crate) fn cost(service: &str, operation: &str) -> Cost {
    let of_accounts = || pairs(&ACCOUNT_RULES, &ACCOUNTS);
    let raised = || pairs(&RAISED, &[MANAGEMENT]);
    match (service, operation) {
        ("sts", "GetCallerIdentity") | ("organizations", "DescribeOrganization" | "ListAccounts") => {
            Cost::Everything
        }
        // The organization trail is read with the management account's own credentials and covers everybody. What it does not show are
        // the trails of the members, and who owns the bucket and the key.
        ("sts", "AssumeRole") => Cost::Some(Loss {
            unknown: [
                pairs(&BUCKET_RULES, &[LOGS]),
                pairs(&KEY_RULES, &[KEY]),
                pairs(&["log-key-account"], &[KEY]),
                pairs(&["log-encryption"], &[ORGANIZATION_TRAIL]),
                bucket_delivery(&[ORGANIZATION_TRAIL]),
                key_delivery(),
                durable(),
                pairs(&OBJECT_RULES, &MEMBERS),
                stray_bucket(),
                pairs(&["critical-function-data-events"], &[WORKLOAD]),
            ]
            .concat(),
            hidden: vec![WORKLOAD_TRAIL, SANDBOX_TRAIL, WORKLOAD_LOGS, SANDBOX_LOGS],
        }),
        // Which policies an account inherits.
        (
            "organizations",
            "ListRoots"
            | "ListOrganizationalUnitsForParent"
            | "ListAccountsForParent"
            | "ListPolicies"
            | "DescribePolicy"
            | "ListTargetsForPolicy",
        ) => only(guard()),
        ("organizations", "ListDelegatedAdministrators") => {
            only(pairs(&["delegated-administrator"], &[ORGANIZATION]))
        }
        ("organizations", "ListAWSServiceAccessForOrganization") => {
            only(pairs(&["trusted-access"], &[ORGANIZATION]))
        }
        // A multi-region organization trail records every enabled region, whichever they are. But in a region that nobody named, the log
        // archive may have a trail of its own that delivers to its own bucket, the organization trail may have no replica, and what is
        // recorded may be kept for longer or reach nobody.
        ("account", "ListRegions") => all_of([
            pairs(&["log-bucket-account"], &[LOGS]),
            pairs(&["log-key-account"], &[KEY]),
            pairs(&["trail-replica-logging"], &[ORGANIZATION_TRAIL]),
            durable(),
            raised(),
        ]),
        ("cloudtrail", "DescribeTrails") => Cost::Some(Loss {
            unknown: [
                of_accounts(),
                durable(),
                pairs(&OBJECT_RULES, &ACCOUNTS),
                pairs(&["organization-trail", "delegated-administrator"], &[ORGANIZATION]),
                pairs(&["critical-bucket-data-events", "critical-function-data-events"], &[WORKLOAD]),
                pairs(&ALERTS_OF_ALL, &ACCOUNTS),
                pairs(&["alert-organizations-changes"], &[MANAGEMENT]),
            ]
            .concat(),
            hidden: [&TRAILS[..], &BUCKETS, &[KEY, GROUP]].concat(),
        }),
        // What nobody selects is not recorded, whoever is logging; an alert that nobody gets is not raised by a logging trail either.
        ("cloudtrail", "GetTrailStatus") => all_of([
            of_accounts(),
            durable(),
            pairs(&["organization-trail"], &[ORGANIZATION]),
            pairs(&["trail-logging", "log-delivery", "redundant-management-trails"], &TRAILS),
            pairs(&["digest-delivery"], &[ORGANIZATION_TRAIL, WORKLOAD_TRAIL]),
            pairs(
                &["cloudwatch-delivery", "notification-delivery", "trail-replica-logging"],
                &[ORGANIZATION_TRAIL],
            ),
            pairs(&["critical-bucket-data-events"], &[WORKLOAD]),
            // The replica of the organization trail in the region of both buckets counts as a trail that hides.
            pairs(&["log-bucket-access-logging"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            raised(),
            pairs(&ALERTS_OF_ALL, &MEMBERS),
        ]),
        ("cloudtrail", "GetEventSelectors") => all_of([
            pairs(&["management-event-coverage", "global-service-events"], &ACCOUNTS),
            durable(),
            pairs(&OBJECT_RULES, &ACCOUNTS),
            pairs(
                &[
                    "data-events-scoped",
                    "insights",
                    "management-event-exclusions",
                    "network-activity-events",
                    "redundant-management-trails",
                ],
                &TRAILS,
            ),
            pairs(&["critical-bucket-data-events", "critical-function-data-events"], &[WORKLOAD]),
            pairs(&["log-bucket-access-logging"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            raised(),
        ]),
        ("cloudtrail", "GetInsightSelectors") => only(pairs(&["insights"], &TRAILS)),
        ("cloudtrail", "ListTags") => only(pairs(&["trail-tags"], &TRAILS)),
        ("cloudtrail", "ListEventDataStores") => Cost::Some(Loss { unknown: durable(), hidden: vec![STORE] }),
        ("cloudtrail", "GetEventDataStore") => all_of([pairs(&STORE_RULES, &[STORE]), durable()]),
        // Where a bucket is decides whom to ask about it.
        ("s3", "HeadBucket") => all_of([
            durable(),
            pairs(&["log-bucket-exists"], &BUCKETS),
            pairs(&BUCKET_RULES, &BUCKETS),
            bucket_delivery(&TRAILS),
            key_delivery(),
            pairs(&["critical-bucket-data-events"], &[WORKLOAD]),
        ]),
        ("s3", "ListBuckets") => {
            all_of([pairs(&BUCKET_RULES, &BUCKETS), bucket_delivery(&TRAILS), durable(), stray_bucket()])
        }
        // What guards a bucket is clear all the same: production denies everything, and the others let their root users replace it.
        ("s3", "GetBucketPolicy") => all_of([
            pairs(&["log-bucket-policy-scope", "log-bucket-transport", "log-bucket-write-access"], &BUCKETS),
            bucket_delivery(&TRAILS),
        ]),
        // Where Block Public Access closes the bucket, neither policy nor ACL matters; where ACLs are disabled, the ACL does not. What the
        // policies here say is plain, with or without the word of S3 on it.
        ("s3", "GetBucketPolicyStatus") => only(Vec::new()),
        ("s3", "GetBucketAcl") => {
            only(pairs(&["log-bucket-public-access", "log-bucket-write-access"], &[SANDBOX_LOGS]))
        }
        // No ACL here gives anything to others, so that it is all one whether ACLs have effect.
        ("s3", "GetBucketOwnershipControls") => only(pairs(&["log-bucket-ownership"], &BUCKETS)),
        // acme-logs is closed without the bucket's own switches, acme-workload by its account.
        ("s3", "GetPublicAccessBlock") => {
            only(pairs(&["log-bucket-public-access-block"], &[LOGS, SANDBOX_LOGS]))
        }
        ("s3control", "GetPublicAccessBlock") => all_of([
            pairs(&["log-bucket-public-access"], &[WORKLOAD_LOGS]),
            pairs(&["log-bucket-public-access-block"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
        ]),
        // The lifecycle of acme-logs takes it out of MFA delete; only there Object Lock and versions hold deletion back.
        ("s3", "GetObjectLockConfiguration") => all_of([
            pairs(&["log-bucket-object-lock"], &BUCKETS),
            pairs(&["log-bucket-mfa-delete"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            pairs(&["log-bucket-retention"], &[LOGS]),
            durable(),
        ]),
        ("s3", "GetBucketVersioning") => all_of([
            pairs(&["log-bucket-versioning"], &BUCKETS),
            pairs(&["log-bucket-mfa-delete"], &[WORKLOAD_LOGS, SANDBOX_LOGS]),
            pairs(&["log-bucket-retention"], &[LOGS]),
            durable(),
        ]),
        ("s3", "GetBucketLifecycleConfiguration") => {
            all_of([pairs(&["log-bucket-retention", "log-bucket-mfa-delete"], &BUCKETS), durable()])
        }
        // A trail records all object-level events of acme-workload, which is as good.
        ("s3", "GetBucketLogging") => only(pairs(&["log-bucket-access-logging"], &[LOGS, SANDBOX_LOGS])),
        ("s3", "GetBucketReplication") => only(pairs(&["log-bucket-replication"], &BUCKETS)),
        ("kms", "DescribeKey") => all_of([
            pairs(&["log-encryption"], &[ORGANIZATION_TRAIL]),
            pairs(&KEY_RULES, &[KEY]),
            key_delivery(),
        ]),
        // A Deny in it would guard the key.
        ("kms", "GetKeyPolicy") => all_of([
            pairs(&["log-key-exposure", "log-key-guard", "log-key-policy-scope"], &[KEY]),
            key_delivery(),
        ]),
        ("kms", "GetKeyRotationStatus") => only(pairs(&["log-key-rotation"], &[KEY])),
        // What no filter picks reaches nobody, whatever the log group is.
        ("logs", "DescribeLogGroups") => all_of([pairs(&GROUP_RULES, &[GROUP]), raised()]),
        // There may be a filter for everything.
        ("logs", "DescribeMetricFilters") => all_of([
            pairs(&ALERTS_OF_ALL, &[MANAGEMENT]),
            pairs(&["alert-organizations-changes"], &[MANAGEMENT]),
        ]),
        ("cloudwatch", "DescribeAlarms") => all_of([
            raised(),
            pairs(&["alert-console-login-failures", "alert-unauthorized-calls"], &[MANAGEMENT]),
        ]),
        // Nobody listens to the topic of failed sign-ins, whether it exists or not.
        ("sns", "GetTopicAttributes") => only(raised()),
        ("sns", "ListSubscriptionsByTopic") => {
            all_of([raised(), pairs(&["alert-console-login-failures"], &[MANAGEMENT])])
        }
        // Event rules do not see what members do: they can tell of the account's own trails, and of what only the management account does.
        ("events", "ListRules") => {
            only(pairs(&["alert-organizations-changes", "tamper-alert"], &[MANAGEMENT]))
        }
        ("events", "ListTargetsByRule") => only(pairs(&["alert-organizations-changes"], &[MANAGEMENT])),
        _ => Cost::NotAsked,
    }
}
