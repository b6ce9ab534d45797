//! Facts about an account: what is recorded of what happens in it, whoever records it.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use schemars::JsonSchema;

use super::coverage::{Coverage, Place};
use super::part::record;
use super::recorder::Union;
use super::words::{RegionLoss, unrecorded};
use super::{Fact, Listing, SubjectRecord};
use crate::inventory::{Account, AccountStatus, Gap, Observed, Origin};
use crate::report::{Subject, SubjectKind};

record! {
    /// Facts about an account.
    #[derive(Clone, Debug, JsonSchema)]
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
        #[schemars(extend("x-for-messages" = true))]
        pub unrecorded: String,
    }
}

record! {
    /// What is recorded in one region of an account.
    #[derive(Clone, Debug, JsonSchema)]
    pub struct RegionFacts {
        /// Region name.
        pub name: Fact<String>,
        /// All management events that only read, of every event source, are recorded by logging trails taken together.
        pub records_management_reads: Fact<bool>,
        /// All management events that change something, of every event source, are recorded by logging trails taken together.
        pub records_management_writes: Fact<bool>,
    }
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

/// What is known of one account, before it is split into facts and the matrix for people.
pub(super) struct AccountRows {
    /// One for each region that was looked at, sorted.
    pub(super) rows: Vec<Row>,
    /// Why there may be other regions.
    pub(super) missing: Vec<Gap>,
    /// What is recorded in any other enabled region, if there is one.
    pub(super) elsewhere: Row,
    regions_origin: Arc<[Origin]>,
}

/// What is recorded in one region.
pub(super) struct Row {
    pub(super) region: String,
    pub(super) reads: Fact<bool>,
    pub(super) writes: Fact<bool>,
    pub(super) union: Rc<Union>,
}

impl AccountRows {
    pub(super) fn of(account: &Account, coverage: &Coverage<'_>) -> Self {
        let (regions, missing, origin): (BTreeSet<&String>, _, _) = match &account.regions {
            Observed::Known { value, origin } => (value.iter().collect(), Vec::new(), Some(origin.clone())),
            Observed::Gap(gap) => (account.trails.keys().collect(), vec![gap.clone()], None),
        };
        let row = |region: &String| Row::of(region.clone(), &coverage.place(account, region), coverage);
        let mut elsewhere = coverage.multi_region(account);
        elsewhere.shown_by = None;
        elsewhere.hidden.clone_from(&missing);
        Self {
            rows: regions.into_iter().map(row).collect(),
            elsewhere: Row::of(String::new(), &elsewhere, coverage),
            missing,
            regions_origin: origin.into_iter().collect(),
        }
    }

    fn listing(&self) -> Listing<RegionFacts> {
        let rows = self.rows.iter().map(|row| RegionFacts {
            name: Fact::known(row.region.clone(), Arc::clone(&self.regions_origin)),
            records_management_reads: row.reads.clone(),
            records_management_writes: row.writes.clone(),
        });
        let phantom = (!self.missing.is_empty()).then(|| RegionFacts {
            name: Fact::Unknown(self.missing.clone()),
            records_management_reads: self.elsewhere.reads.clone(),
            records_management_writes: self.elsewhere.writes.clone(),
        });
        Listing { rows: rows.collect(), missing: self.missing.clone(), phantom }
    }

    fn unrecorded(&self) -> String {
        let losses: Vec<RegionLoss<'_>> = self.rows.iter().map(Row::loss).collect();
        unrecorded(&losses, self.missing.is_empty())
    }
}

impl Row {
    fn of(region: String, place: &Place<'_>, coverage: &Coverage<'_>) -> Self {
        let union = coverage.union(&place.trails);
        let reads = place.with_hidden(&union.reads.complete);
        let writes = place.with_hidden(&union.writes.complete);
        Self { region, reads, writes, union }
    }

    fn loss(&self) -> RegionLoss<'_> {
        let certainly = |fact: &Fact<bool>| fact.value() == Some(&false);
        RegionLoss {
            region: &self.region,
            reads: self.union.reads.missing.as_ref().filter(|_| certainly(&self.reads)),
            writes: self.union.writes.missing.as_ref().filter(|_| certainly(&self.writes)),
        }
    }
}

impl AccountFacts {
    pub(super) fn of(account: &Account, rows: &AccountRows, coverage: &Coverage<'_>) -> Self {
        let organization = coverage.inventory.organization.as_ref();
        Self {
            id: account.id.clone(),
            name: display_name(account).to_owned(),
            is_management_account: organization.is_some_and(|one| one.management_account == account.id),
            is_active: account.status == AccountStatus::Active,
            has_logging_multi_region_trail: has_logging_multi_region_trail(account, coverage),
            records_global_service_events: records_global_service_events(account, coverage),
            regions: rows.listing(),
            unrecorded: rows.unrecorded(),
        }
    }
}

/// The account's name, or its id where it has none.
pub(super) fn display_name(account: &Account) -> &str {
    if account.name.is_empty() { &account.id } else { &account.name }
}

fn has_logging_multi_region_trail(account: &Account, coverage: &Coverage<'_>) -> Fact<bool> {
    let place = coverage.multi_region(account);
    let recorders = place.trails.iter().filter_map(|at| coverage.recorder(*at));
    let is_logging = recorders.map(|one| Fact::of(&one.trail.status, |status| status.is_logging));
    place.with_hidden(&is_logging.fold(Fact::known(false, []), Fact::or))
}

/// Where CloudTrail records the events of IAM, STS and CloudFront, by partition.
///
/// Since 2021-11-22 they are recorded where they are processed: us-east-1 (CloudTrail user guide, concepts). In China CloudFront is
/// in Ningxia (docs.amazonaws.cn, differences of CloudTrail) and IAM in Beijing, where its endpoint is; GovCloud has IAM in
/// us-gov-west-1.
fn global_regions(partition: &str) -> &'static [&'static str] {
    match partition {
        "aws-cn" => &["cn-north-1", "cn-northwest-1"],
        "aws-us-gov" => &["us-gov-west-1"],
        _ => &["us-east-1"],
    }
}

fn records_global_service_events(account: &Account, coverage: &Coverage<'_>) -> Fact<bool> {
    let recorded_in = |region: &&str| {
        let mut place = coverage.place(account, region);
        let counts = |at: &usize| {
            let trail = coverage.recorder(*at).map(|one| one.trail);
            trail.is_some_and(|trail| trail.includes_global_service_events)
        };
        place.trails.retain(counts);
        let union = coverage.union(&place.trails);
        place.with_hidden(&union.reads.complete.clone().and(union.writes.complete.clone()))
    };
    let regions = global_regions(&coverage.inventory.collection.partition);
    regions.iter().map(recorded_in).fold(Fact::known(true, []), Fact::and)
}
