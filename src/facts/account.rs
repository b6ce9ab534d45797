//! Facts about an account: what is recorded of what happens in it, whoever records it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Fact, Listing, SubjectRecord};
use crate::report::{Subject, SubjectKind};

/// Facts about an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountFacts {
    /// Account id, twelve digits.
    pub id: String,
    /// Account name; the id where it has none.
    pub name: String,
    /// It is the management account of its organization.
    pub is_management_account: bool,
    /// It is in use: not suspended, not being closed.
    pub is_active: bool,
    /// A logging multi-region trail, its own or the organization's, records it.
    pub has_logging_multi_region_trail: Fact<bool>,
    /// A logging trail records the events of global services (IAM, STS, CloudFront) in full.
    pub records_global_service_events: Fact<bool>,
    /// Its enabled regions, or those the run was limited to.
    pub regions: Listing<RegionFacts>,
    /// Which management events are certainly not recorded, and where, in words; empty when none are known to be missing.
    pub unrecorded: String,
}

/// What is recorded in one region of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RegionFacts {
    /// Region name.
    pub name: Fact<String>,
    /// All management events that only read, of every event source, are recorded by logging trails taken together.
    pub records_management_reads: Fact<bool>,
    /// All management events that change something, of every event source, are recorded by logging trails taken together.
    pub records_management_writes: Fact<bool>,
}

impl SubjectRecord for AccountFacts {
    const KIND: SubjectKind = SubjectKind::Account;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.id.clone(),
            name: self.name.clone(),
            account: self.id.clone(),
            region: String::new(),
        }
    }
}
