//! The organization: its accounts, units, policies and delegated administrators.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Alerting, Observed};

/// The organization that the scanned accounts belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// `o-…`.
    pub id: String,
    /// The organization's ARN.
    pub arn: String,
    /// Id of the management account, which owns every organization trail and is never bound by SCPs.
    pub management_account: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub feature_set: String,
    /// Roots and units, parents before children.
    pub units: Observed<Vec<OrganizationalUnit>>,
    /// Accounts registered for CloudTrail (`cloudtrail.amazonaws.com`).
    pub delegated_administrators: Observed<Vec<DelegatedAdministrator>>,
    /// Service principals with trusted access.
    pub trusted_services: Observed<Vec<String>>,
    /// Service control policies with their documents and targets.
    pub service_control_policies: Observed<Vec<OrganizationPolicy>>,
    /// Resource control policies with their documents and targets; empty where the organization has not enabled them.
    pub resource_control_policies: Observed<Vec<OrganizationPolicy>>,
}

/// A root or an organizational unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationalUnit {
    /// `r-…` or `ou-…`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// `None` for a root.
    pub parent: Option<String>,
    /// Accounts directly in it.
    pub accounts: Vec<String>,
}

/// An account that administers CloudTrail for the organization.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelegatedAdministrator {
    /// Account id.
    pub account: String,
    /// Account name.
    pub name: String,
}

/// A policy of the organization and what it is attached to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationPolicy {
    /// `p-…`.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Managed by AWS.
    pub aws_managed: bool,
    /// The policy text, JSON.
    pub document: Observed<String>,
    /// Ids of roots, units and accounts it is attached to.
    pub targets: Observed<Vec<String>>,
}

/// Where an account stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// In use.
    Active,
    /// Suspended by AWS or closed and waiting for removal; answers no calls.
    Suspended,
    /// Being closed.
    PendingClosure,
}

/// One account and which trails its regions show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Account name, as the organization has it; empty for a lone account.
    pub name: String,
    /// Life cycle.
    pub status: AccountStatus,
    /// Names from the root down to the unit that holds it; a gap when units could not be listed.
    pub path: Observed<Vec<String>>,
    /// Verdicts are wanted for it (`--accounts`, `--exclude-accounts`, `--ou`).
    pub in_scope: bool,
    /// Its enabled regions, or those of `--regions`. A gap when they could not be listed.
    pub regions: Observed<Vec<String>>,
    /// By region asked: the trails that DescribeTrails showed. When `regions` is a gap these are the partition's default regions.
    pub trails: BTreeMap<String, Observed<Vec<TrailSighting>>>,
    /// By region asked: ARNs of the event data stores that ListEventDataStores showed.
    pub event_data_stores: BTreeMap<String, Observed<Vec<String>>>,
    /// By region asked: alarms and event rules. Only of accounts that own a trail or a log group of one.
    pub alerting: BTreeMap<String, Alerting>,
}

/// A trail as one region of one account shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailSighting {
    /// Key into [`super::Inventory::trails`].
    pub arn: String,
}
