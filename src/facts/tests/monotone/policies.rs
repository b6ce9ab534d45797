//! Random control policies and units, the policies of buckets and keys, and gaps in them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::super::guardrails::{ROOT, SANDBOX, WORKLOADS, document, policy, unit};
use super::super::world::{MANAGEMENT, MEMBER, OTHER, World, known};
use super::put;
use crate::inventory::{DelegatedAdministrator, Gap, Observed, OrganizationPolicy};

const TARGETS: [&str; 6] = [ROOT, WORKLOADS, SANDBOX, MANAGEMENT, MEMBER, OTHER];
const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/1";

/// Everything about access that is not the same in every world.
#[derive(Clone, Debug)]
pub(super) struct Control {
    service: Vec<OrganizationPolicy>,
    resource: Vec<OrganizationPolicy>,
    administrators: Vec<DelegatedAdministrator>,
    has_units: bool,
    bucket_policies: Vec<Option<String>>,
    has_key_by_arn: bool,
}

fn statements() -> impl Strategy<Value = Value> {
    let deny_on = |action: &str, resource: Value, condition: Value| json!([{ "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition }]);
    let deny = |action: &str, resource: &str, condition: Value| deny_on(action, json!(resource), condition);
    let spare = json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/Platform" } });
    select(vec![
        json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]),
        json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }]),
        deny("cloudtrail:*", "*", json!({})),
        deny("cloudtrail:*", "*", spare.clone()),
        deny("cloudtrail:*", "arn:aws:cloudtrail:*:*:trail/trail0", json!({})),
        deny("cloudtrail:*", "*", json!({ "StringEquals": { "aws:RequestedRegion": "us-east-1" } })),
        deny("cloudtrail:*", "*", json!({ "StringEquals": { "aws:PrincipalAccount": MEMBER } })),
        deny("cloudtrail:*", "*", json!({ "StringAlmostEquals": { "aws:PrincipalArn": "x" } })),
        deny("s3:*", "*", spare),
        deny("s3:*", "arn:aws:s3:::logs*", json!({})),
        // All but the files of trails with a prefix.
        deny_on("s3:*", json!(["arn:aws:s3:::logs", "arn:aws:s3:::logs/AWSLogs/*"]), json!({})),
        deny("kms:*", "*", json!({})),
        deny("*", "*", json!({})),
        json!("no statement"),
    ])
}

fn policies(name: &'static str) -> impl Strategy<Value = Vec<OrganizationPolicy>> {
    let one = (statements(), subsequence(&TARGETS[..], 0..3));
    (vec(one, 0..3), proptest::bool::weighted(0.8)).prop_map(move |(some, has_full_access)| {
        let full = json!([{ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" }]);
        let full = has_full_access.then(|| policy("FullAWSAccess", &full, &TARGETS));
        let named =
            some.iter().zip(0..).map(|((one, targets), at)| policy(&format!("{name}{at}"), one, targets));
        full.into_iter().chain(named).collect()
    })
}

pub(super) fn control() -> impl Strategy<Value = Control> {
    let own = proptest::option::weighted(0.5, statements().prop_map(|one| document(&one)));
    let flags = (any::<bool>(), proptest::bool::weighted(0.9), any::<bool>());
    (policies("service"), policies("resource"), vec(own, 3), flags).prop_map(
        |(service, resource, bucket_policies, (is_delegated, has_units, has_key_by_arn))| Control {
            service,
            resource,
            administrators: is_delegated
                .then(|| DelegatedAdministrator { account: MEMBER.to_owned(), name: String::new() })
                .into_iter()
                .collect(),
            has_units,
            bucket_policies,
            has_key_by_arn,
        },
    )
}

/// Puts it into a world that has its trails, buckets and keys.
pub(super) fn install(world: &mut World, control: Control) {
    let organization = world.0.organization.as_mut().unwrap();
    let units = [
        unit(ROOT, None, &[MANAGEMENT]),
        unit(WORKLOADS, Some(ROOT), &[MEMBER]),
        unit(SANDBOX, Some(WORKLOADS), &[OTHER]),
    ];
    organization.units = known(units.into_iter().filter(|_| control.has_units).collect());
    organization.service_control_policies = known(control.service);
    organization.resource_control_policies = known(control.resource);
    organization.delegated_administrators = known(control.administrators);
    // A policy that only denies is not public, and S3 says so.
    let denies = |policy: &Option<String>| policy.as_ref().is_some_and(|text| !text.contains("Allow"));
    for (bucket, policy) in world.0.buckets.values_mut().zip(control.bucket_policies) {
        if denies(&policy) {
            bucket.policy = known(policy);
            bucket.policy_is_public = known(false);
        }
    }
    if control.has_key_by_arn {
        for trail in world.0.trails.values_mut() {
            trail.kms_key = trail.kms_key.take().map(|_| KEY.to_owned());
        }
        if let Some(mut key) = world.0.keys.remove("key") {
            key.id = KEY.to_owned();
            key.owner = MEMBER.to_owned();
            world.0.keys.insert(KEY.to_owned(), key);
        }
    }
}

/// Asks for the same gaps in the same order, whatever is torn.
pub(super) fn tear_policies(world: &mut World, tear: &mut dyn FnMut(&str) -> Option<Gap>) {
    let organization = world.0.organization.as_mut().unwrap();
    for policies in [&mut organization.service_control_policies, &mut organization.resource_control_policies]
    {
        let torn = tear("organizations:ListPolicies");
        if let Observed::Known { value, .. } = policies {
            for policy in value {
                put(&mut policy.document, tear("organizations:DescribePolicy"));
                put(&mut policy.targets, tear("organizations:ListTargetsForPolicy"));
            }
        }
        put(policies, torn);
    }
    put(&mut organization.units, tear("organizations:ListRoots"));
    put(&mut organization.delegated_administrators, tear("organizations:ListDelegatedAdministrators"));
}
