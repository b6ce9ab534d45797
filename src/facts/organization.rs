//! Facts about the organization.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Fact, Listing, SubjectRecord};
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
