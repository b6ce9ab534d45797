//! What follows from an inventory: typed records, one per subject, that expressions read.
//!
//! The record structs below are the vocabulary of rules: field names, types and doc comments are what the expression checker, the
//! editor schema and the fact reference are derived from. [`Facts::derive`] fills them; knows nothing about rules.

mod account;
mod coverage;
mod fact;
mod log_bucket;
mod organization;
mod record;
pub mod schema;
mod selection;
mod trail;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::inventory::{Inventory, Scope};
use crate::report::{AccountCoverage, Subject, SubjectKind, Unread};

pub use account::{AccountFacts, RegionFacts};
pub use fact::{Fact, Listing, extend_unique};
pub use log_bucket::LogBucketFacts;
pub use organization::{OrganizationFacts, OrganizationTrailFacts};
pub use record::{PRESENT, Record};
pub use trail::TrailFacts;

/// The facts of one inventory.
#[derive(Clone, Debug)]
pub struct Facts {
    /// At most one.
    pub organizations: Vec<OrganizationFacts>,
    /// Accounts in scope.
    pub accounts: Vec<AccountFacts>,
    /// Trails seen in an account in scope.
    pub trails: Vec<TrailFacts>,
    /// Buckets that those trails deliver to.
    pub log_buckets: Vec<LogBucketFacts>,
    /// Account × region, for people.
    pub coverage: Vec<AccountCoverage>,
    /// Where trails could not be listed.
    pub unread: Vec<Unread>,
}

/// A record that rules can quantify over.
pub trait SubjectRecord: Serialize + JsonSchema {
    /// The kind it is a record of.
    const KIND: SubjectKind;
    /// Identity of this one.
    fn subject(&self) -> Subject;
}

impl Facts {
    /// Concludes what follows from `inventory` at the moment `as_of`.
    #[must_use]
    pub fn derive(inventory: &Inventory, as_of: Timestamp) -> Self {
        let _ = (inventory, as_of, Scope::default());
        Self {
            organizations: Vec::new(),
            accounts: Vec::new(),
            trails: Vec::new(),
            log_buckets: Vec::new(),
            coverage: Vec::new(),
            unread: Vec::new(),
        }
    }
}
