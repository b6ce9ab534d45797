//! Who can stop the trails of a member, or empty its log bucket, under the policies of its organization.

mod stores;
mod trails;

use serde_json::{Value, json};

use super::world::{MANAGEMENT, MEMBER, OTHER, World, known};
use crate::facts::{AccountFacts, Fact};
use crate::inventory::{Organization, OrganizationPolicy, OrganizationalUnit};

pub(super) const ROOT: &str = "r-1";
/// Holds [`MEMBER`].
pub(super) const WORKLOADS: &str = "ou-workloads";
/// Holds [`OTHER`].
pub(super) const SANDBOX: &str = "ou-sandbox";
const EVERYWHERE: [&str; 6] = [ROOT, WORKLOADS, SANDBOX, MANAGEMENT, MEMBER, OTHER];

/// Statements as a policy document.
pub(super) fn document(statements: &Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

pub(super) fn policy(name: &str, statements: &Value, targets: &[&str]) -> OrganizationPolicy {
    OrganizationPolicy {
        id: format!("p-{name}"),
        name: name.to_owned(),
        aws_managed: false,
        document: known(document(statements)),
        targets: known(targets.iter().map(|target| (*target).to_owned()).collect()),
    }
}

fn full_access(targets: &[&str]) -> OrganizationPolicy {
    policy("FullAWSAccess", &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]), targets)
}

/// The guardrail of Control Tower for trails of one name pattern.
fn control_tower(resource: &str) -> Value {
    json!([{
        "Sid": "GRCLOUDTRAILENABLED",
        "Effect": "Deny",
        "Action": [
            "cloudtrail:DeleteTrail",
            "cloudtrail:PutEventSelectors",
            "cloudtrail:StopLogging",
            "cloudtrail:UpdateTrail"
        ],
        "Resource": [resource],
        "Condition": { "ArnNotLike": { "aws:PrincipalARN": "arn:aws:iam::*:role/AWSControlTowerExecution" } }
    }])
}

fn deny(actions: &[&str]) -> Value {
    json!([{ "Effect": "Deny", "Action": actions, "Resource": "*" }])
}

pub(super) fn unit(id: &str, parent: Option<&str>, accounts: &[&str]) -> OrganizationalUnit {
    OrganizationalUnit {
        id: id.to_owned(),
        name: id.to_owned(),
        parent: parent.map(str::to_owned),
        accounts: accounts.iter().map(|account| (*account).to_owned()).collect(),
    }
}

/// The management account at the root, one member in each of two units, and these policies beside full access everywhere.
pub(super) fn world(policies: Vec<OrganizationPolicy>) -> World {
    let all = std::iter::once(full_access(&EVERYWHERE)).chain(policies);
    change(World::organization(), |organization| {
        organization.units = known(vec![
            unit(ROOT, None, &[MANAGEMENT]),
            unit(WORKLOADS, Some(ROOT), &[MEMBER]),
            unit(SANDBOX, Some(ROOT), &[OTHER]),
        ]);
        organization.service_control_policies = known(all.collect());
    })
}

pub(super) fn change(mut world: World, change: impl FnOnce(&mut Organization)) -> World {
    change(world.0.organization.as_mut().unwrap());
    world
}

fn change_policy(world: World, name: &str, change_it: impl FnOnce(&mut OrganizationPolicy)) -> World {
    change(world, |organization| {
        let crate::inventory::Observed::Known { value, .. } = &mut organization.service_control_policies
        else {
            panic!("{name} was not listed")
        };
        change_it(value.iter_mut().find(|policy| policy.name == name).unwrap());
    })
}

fn denies(world: &World, account: &str) -> Option<bool> {
    world.account(account).denies_trail_changes.value().copied()
}

fn details<T: std::fmt::Debug>(fact: &Fact<T>) -> Vec<String> {
    match fact {
        Fact::Unknown(gaps) => gaps.iter().map(ToString::to_string).collect(),
        known @ Fact::Known { .. } => panic!("{known:?}"),
    }
}

/// Each account gets the answer that it gets when nobody else is asked.
fn alone(world: &World, account: &str) -> AccountFacts {
    let mut only = World(world.0.clone());
    for (id, one) in &mut only.0.accounts {
        one.in_scope = id == account;
    }
    only.account(account)
}
