//! Facts about alerts: which events of an account reach somebody.

mod alarm;
mod area;
mod bystander;
mod composite;
mod datapoints;
mod event_rule;
mod evidence;
mod link;
mod log_group;
mod patterns;
mod scope;
mod somebody;
mod topic;
mod words;

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use schemars::JsonSchema;

use super::Fact;
use super::account::AccountRows;
use super::coverage::Coverage;
use super::part::record;
use crate::inventory::{Account, Gap, GapReason, Origin};
use crate::pattern::{AlertKind, conclude};
use evidence::Evidence;
use patterns::Patterns;
use topic::Topics;
use words::broken_at;

record! {
/// Which kinds of events reach somebody, through a metric filter and alarm or an event rule.
#[derive(Clone, Debug, JsonSchema)]
pub struct AlertsFacts {
    /// API calls that were refused for want of permission (CIS monitoring 1).
    pub unauthorized_calls: AlertFacts,
    /// Sign-ins to the console without MFA (CIS monitoring 2).
    pub console_login_without_mfa: AlertFacts,
    /// Use of the root user (CIS monitoring 3).
    pub root_usage: AlertFacts,
    /// Changes to IAM policies (CIS monitoring 4).
    pub iam_policy_changes: AlertFacts,
    /// Changes to trails, by the list of CIS (CIS monitoring 5).
    pub cloudtrail_changes: AlertFacts,
    /// Failed sign-ins to the console (CIS monitoring 6).
    pub console_login_failures: AlertFacts,
    /// KMS keys disabled or scheduled for deletion (CIS monitoring 7).
    pub key_disabling_or_deletion: AlertFacts,
    /// Changes to bucket policies and what else decides who reaches a bucket (CIS monitoring 8).
    pub bucket_policy_changes: AlertFacts,
    /// Changes to AWS Config (CIS monitoring 9).
    pub config_changes: AlertFacts,
    /// Changes to security groups (CIS monitoring 10).
    pub security_group_changes: AlertFacts,
    /// Changes to network access control lists (CIS monitoring 11).
    pub network_acl_changes: AlertFacts,
    /// Changes to network gateways (CIS monitoring 12).
    pub network_gateway_changes: AlertFacts,
    /// Changes to route tables (CIS monitoring 13).
    pub route_table_changes: AlertFacts,
    /// Changes to VPCs (CIS monitoring 14).
    pub vpc_changes: AlertFacts,
    /// Changes to the organization (CIS monitoring 15).
    pub organizations_changes: AlertFacts,
    /// Everything that weakens trails and event data stores, also what the list of CIS leaves out, such as PutEventSelectors.
    pub tampering: AlertFacts,
}
}

record! {
/// Whether events of one kind reach somebody.
#[derive(Clone, Debug, JsonSchema)]
pub struct AlertFacts {
    /// Every event of the kind, in every enabled region, reaches a confirmed subscription or another enabled action or target.
    pub is_raised: Fact<bool>,
    /// Where the chain breaks, in words; empty when it is not known to break.
    #[schemars(extend("x-for-messages" = true))]
    pub broken_at: String,
}
}

impl AlertsFacts {
    /// What `of` says of each kind, by its id.
    fn each(mut of: impl FnMut(&'static str) -> AlertFacts) -> Self {
        Self {
            unauthorized_calls: of("unauthorized-calls"),
            console_login_without_mfa: of("console-login-without-mfa"),
            root_usage: of("root-usage"),
            iam_policy_changes: of("iam-policy-changes"),
            cloudtrail_changes: of("cloudtrail-changes"),
            console_login_failures: of("console-login-failures"),
            key_disabling_or_deletion: of("key-disabling-or-deletion"),
            bucket_policy_changes: of("bucket-policy-changes"),
            config_changes: of("config-changes"),
            security_group_changes: of("security-group-changes"),
            network_acl_changes: of("network-acl-changes"),
            network_gateway_changes: of("network-gateway-changes"),
            route_table_changes: of("route-table-changes"),
            vpc_changes: of("vpc-changes"),
            organizations_changes: of("organizations-changes"),
            tampering: of("tamper"),
        }
    }

    /// Every kind is unknown for want of these.
    fn unknown(gaps: &[Gap]) -> Self {
        Self::each(|_| AlertFacts { is_raised: Fact::Unknown(gaps.to_vec()), broken_at: String::new() })
    }
}

/// What is worked out once for all accounts of an inventory.
pub(super) struct Alerts<'a, 'c> {
    coverage: &'c Coverage<'a>,
    /// Owners of trails.
    owners: HashSet<&'a str>,
    patterns: Patterns<'a>,
    topics: Topics<'a>,
    /// The alerts of an account that relies on another's organization trail.
    relying: Arc<AlertsFacts>,
}

impl<'a, 'c> Alerts<'a, 'c> {
    pub(super) fn of(coverage: &'c Coverage<'a>) -> Self {
        let owners = coverage.inventory.trails.values().map(|trail| trail.owner.as_str()).collect();
        let gap = Gap {
            origin: Origin::Stated("who raises alerts".to_owned()),
            reason: GapReason::NotCollected,
            detail: "they are a matter of the account that owns the organization trail".to_owned(),
        };
        let relying = Arc::new(AlertsFacts::unknown(&[gap]));
        let topics = Topics::of(coverage.inventory);
        Self { coverage, owners, patterns: Patterns::default(), topics, relying }
    }

    /// The alerts of one account; `relies` says whether it relies on another's organization trail.
    pub(super) fn of_account(
        &self,
        account: &'a Account,
        rows: &AccountRows,
        relies: &Fact<bool>,
    ) -> Arc<AlertsFacts> {
        match relies {
            Fact::Known { value: true, .. } => Arc::clone(&self.relying),
            Fact::Unknown(gaps) => Arc::new(AlertsFacts::unknown(gaps)),
            Fact::Known { .. } if self.owners.contains(account.id.as_str()) => {
                let evidence = Evidence::of(account, rows, self.coverage, &self.patterns, &self.topics);
                Arc::new(AlertsFacts::each(|id| AlertFacts::of(id, &evidence)))
            }
            Fact::Known { .. } => Arc::new(bystander::alerts(account, rows, self.coverage)),
        }
    }
}

impl AlertFacts {
    fn of(id: &'static str, evidence: &Evidence<'_, '_>) -> Self {
        let samples = AlertKind::find(id).map(|kind| (kind, evidence.samples(kind)));
        let Some((kind, samples)) = samples.filter(|(_, samples)| !samples.is_empty()) else {
            return Self { is_raised: Fact::Unknown(evidence.without_regions()), broken_at: String::new() };
        };
        let (is_raised, broken_at) = match conclude(&samples, |sample| evidence.is_told(kind, sample)).every {
            Some(true) if evidence.unlisted.is_empty() => {
                let origins: BTreeSet<Origin> =
                    samples.iter().flat_map(|sample| evidence.origins_of(kind, sample)).collect();
                (Fact::known(true, origins.into_iter().collect::<Vec<_>>()), String::new())
            }
            Some(true) => (Fact::Unknown(evidence.unlisted.clone()), String::new()),
            Some(false) => (Fact::known(false, evidence.origins()), broken_at(evidence, kind, &samples)),
            None => {
                let mut sets: Vec<Rc<BTreeSet<Gap>>> = Vec::new();
                for sample in samples.iter().filter(|sample| evidence.is_told(kind, sample).is_none()) {
                    let set = evidence.gaps(kind, sample);
                    if !sets.iter().any(|one| Rc::ptr_eq(one, &set)) {
                        sets.push(set);
                    }
                }
                let gaps: BTreeSet<&Gap> = sets.iter().flat_map(|set| set.iter()).collect();
                (Fact::Unknown(gaps.into_iter().cloned().collect()), String::new())
            }
        };
        Self { is_raised, broken_at }
    }
}
