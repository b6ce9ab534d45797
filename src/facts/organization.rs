//! Facts about the organization.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::coverage::Coverage;
use super::fact::extend_unique;
use super::{Fact, Listing, SubjectRecord};
use crate::inventory::{Call, DelegatedAdministrator, Gap, GapReason, Observed, Organization, Origin};
use crate::report::{Subject, SubjectKind};

/// Facts about the organization.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OrganizationFacts {
    /// Organization id, `o-…`.
    pub id: String,
    /// Id of the management account.
    pub management_account: String,
    /// All features are enabled, not only consolidated billing.
    pub has_all_features: bool,
    /// The organization's own trails: made by the management account or a delegated administrator and copied to every member.
    pub organization_trails: Listing<OrganizationTrailFacts>,
    /// Ids of the accounts that administer CloudTrail for the organization.
    #[schemars(extend("x-calls" = ["organizations:ListDelegatedAdministrators"]))]
    pub delegated_administrators: Fact<Vec<String>>,
    /// Some account administers CloudTrail for the organization.
    #[schemars(extend("x-calls" = ["organizations:ListDelegatedAdministrators"]))]
    pub has_delegated_administrator: Fact<bool>,
    /// Their names and ids, in words; empty when there are none.
    #[schemars(extend("x-calls" = ["organizations:ListDelegatedAdministrators"]))]
    pub delegated_administrator_names: Fact<String>,
    /// CloudTrail has trusted access, without which organization trails cannot be made or changed.
    #[schemars(extend("x-calls" = ["organizations:ListAWSServiceAccessForOrganization"]))]
    pub trusts_cloudtrail: Fact<bool>,
}

/// One organization trail.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OrganizationTrailFacts {
    /// Trail name.
    pub name: Fact<String>,
    /// Replicated to every enabled region.
    pub is_multi_region: Fact<bool>,
    /// Recording now.
    pub is_logging: Fact<bool>,
}

impl SubjectRecord for OrganizationFacts {
    const KIND: SubjectKind = SubjectKind::Organization;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.id.clone(),
            name: self.id.clone(),
            account: self.management_account.clone(),
            region: String::new(),
        }
    }
}

impl OrganizationFacts {
    pub(super) fn of(organization: &Organization, coverage: &Coverage<'_>) -> Self {
        let rows = coverage.organization_trails().map(|recorder| {
            let trail = recorder.trail;
            OrganizationTrailFacts {
                name: Fact::known(trail.name.clone(), [trail.described_by.clone()]),
                is_multi_region: Fact::known(trail.is_multi_region, [trail.described_by.clone()]),
                is_logging: Fact::of(&trail.status, |status| status.is_logging),
            }
        });
        let missing = hidden_trails(organization, coverage);
        let phantom = (!missing.is_empty()).then(|| OrganizationTrailFacts {
            name: Fact::Unknown(missing.clone()),
            is_multi_region: if is_read_anywhere(coverage) && coverage.undescribed().is_empty() {
                // A multi-region organization trail shows in every region of every account.
                Fact::known(false, [])
            } else {
                Fact::Unknown(missing.clone())
            },
            is_logging: Fact::Unknown(missing.clone()),
        });
        let administrators = &organization.delegated_administrators;
        Self {
            id: organization.id.clone(),
            management_account: organization.management_account.clone(),
            has_all_features: organization.feature_set == "ALL",
            organization_trails: Listing { rows: rows.collect(), missing, phantom },
            delegated_administrators: Fact::of(administrators, |all| {
                all.iter().map(|one| one.account.clone()).collect()
            }),
            has_delegated_administrator: Fact::of(administrators, |all| !all.is_empty()),
            delegated_administrator_names: Fact::of(administrators, |all| in_words(all)),
            trusts_cloudtrail: Fact::of(&organization.trusted_services, |services| {
                services.iter().any(|service| service == "cloudtrail.amazonaws.com")
            }),
        }
    }
}

fn in_words(administrators: &[DelegatedAdministrator]) -> String {
    let names = administrators.iter().map(|one| match one.name.as_str() {
        "" => one.account.clone(),
        name => format!("{name} ({})", one.account),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn is_read_anywhere(coverage: &Coverage<'_>) -> bool {
    coverage
        .inventory
        .accounts
        .values()
        .any(|account| account.trails.values().any(|one| one.value().is_some()))
}

/// Why the organization may have trails that no region of any account that was read shows.
///
/// A trail is at home in a region that its owner, the management account, has enabled, and shows there in every account.
fn hidden_trails(organization: &Organization, coverage: &Coverage<'_>) -> Vec<Gap> {
    let accounts = &coverage.inventory.accounts;
    let Some(management) = accounts.get(&organization.management_account) else {
        return vec![not_listed(organization)];
    };
    let mut homes: BTreeSet<&String> = management.trails.keys().collect();
    let mut gaps = Vec::new();
    match &management.regions {
        Observed::Known { value, .. } => homes.extend(value),
        // Its trails may be at home in a region that nobody was asked about.
        Observed::Gap(gap) => gaps.push(gap.clone()),
    }
    let mut read: BTreeSet<&String> = BTreeSet::new();
    for account in accounts.values() {
        read.extend(
            account.trails.iter().filter(|(_, trails)| trails.value().is_some()).map(|(region, _)| region),
        );
    }
    extend_unique(&mut gaps, coverage.undescribed());
    for region in homes.difference(&read) {
        extend_unique(&mut gaps, coverage.shown(management, region).hidden);
    }
    gaps
}

fn not_listed(organization: &Organization) -> Gap {
    Gap {
        origin: Origin::Call(Call {
            operation: "organizations:ListAccounts".to_owned(),
            account: organization.management_account.clone(),
            region: String::new(),
            resource: String::new(),
        }),
        reason: GapReason::Unreadable,
        detail: "it does not list the management account".to_owned(),
    }
}
