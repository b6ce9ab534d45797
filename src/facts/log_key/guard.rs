//! Whether policies keep the people of its owner from disabling or deleting a log key.

use schemars::JsonSchema;

use super::super::Fact;
use super::super::coverage::Coverage;
use super::super::guardrails::{Store, StoreGuard, Threat};
use super::super::part::record;
use super::super::policy::Policy;
use super::not_collected;
use super::policy::arn;
use crate::access::key::KEY_ACTIONS;
use crate::inventory::{Key, Trail};

record! {
inline;
/// What keeps the people of its owner away from a log key.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogKeyGuardFacts {
    /// Service or resource control policies of its owner, or its own policy, keep everybody in its owner's account, but exempted principals, from disabling or deleting it, and from changing who may use it.
    #[schemars(extend("x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub denies_changes: Fact<bool>,
    /// Actions against it that certainly no policy denies in its owner's account, in words; empty when none are known.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub undenied_actions: String,
    /// Principals that those policies exempt, as far as they were read, in words; empty when none are known.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub guardrail_exemptions: String,
}
}

impl LogKeyGuardFacts {
    pub(super) fn of(key: &Key, trails: &[&Trail], coverage: &Coverage<'_>) -> Self {
        let StoreGuard { is_complete, undenied, exempt } = guard(key, trails, coverage);
        Self { denies_changes: is_complete, undenied_actions: undenied, guardrail_exemptions: exempt }
    }
}

fn guard(key: &Key, trails: &[&Trail], coverage: &Coverage<'_>) -> StoreGuard {
    let arn = match arn(key) {
        Ok(arn) => arn,
        Err(gap) => return StoreGuard::unknown(vec![gap]),
    };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let (["arn", partition, "kms", region, owner, _], Some(trail)) = (parts.as_slice(), trails.first())
    else {
        return StoreGuard::unknown(vec![not_collected(format!("the owner of the key {arn}"))]);
    };
    let policy = Policy::of(&key.policy, |text| Some(text));
    let store = Store { owner, region: Some(region), policy, origin: &trail.described_by };
    let any = format!("arn:{partition}:kms:*:{{}}:key/*");
    let threat = Threat { actions: KEY_ACTIONS, any, own: vec![arn.to_owned()] };
    coverage.guardrails.of_store(&store, &[threat])
}
