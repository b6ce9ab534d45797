//! Facts about alerts: which events of an account reach somebody.

use schemars::JsonSchema;

use super::Fact;
use super::part::record;
use super::pending::pending;

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
    /// The same for every kind.
    pub(super) fn all(one: &AlertFacts) -> Self {
        Self {
            unauthorized_calls: one.clone(),
            console_login_without_mfa: one.clone(),
            root_usage: one.clone(),
            iam_policy_changes: one.clone(),
            cloudtrail_changes: one.clone(),
            console_login_failures: one.clone(),
            key_disabling_or_deletion: one.clone(),
            bucket_policy_changes: one.clone(),
            config_changes: one.clone(),
            security_group_changes: one.clone(),
            network_acl_changes: one.clone(),
            network_gateway_changes: one.clone(),
            route_table_changes: one.clone(),
            vpc_changes: one.clone(),
            organizations_changes: one.clone(),
            tampering: one.clone(),
        }
    }

    pub(super) fn of() -> Self {
        Self::all(&AlertFacts { is_raised: pending(), broken_at: String::new() })
    }
}
