//! Facts about an account: what is recorded of what happens in it, whoever records it.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use schemars::JsonSchema;

use super::alerts::{Alerts, AlertsFacts};
use super::coverage::{Coverage, Place};
use super::critical::Critical;
use super::missing::Missing;
use super::part::record;
use super::recorder::{Recording, Union};
use super::words::{MANAGEMENT_EVENTS, RegionLoss, S3_OBJECT_EVENTS, unrecorded};
use super::{Fact, Listing, SubjectRecord, retention};
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
    /// Which events of S3 objects are certainly not recorded, and where, in words; empty when none are known to be missing.
    #[schemars(extend("x-for-messages" = true))]
    pub unrecorded_s3_objects: String,
    /// It belongs to an organization.
    pub is_in_organization: bool,
    /// A logging multi-region organization trail of another account records it, so that alerts on its events are that account's matter.
    pub relies_on_organization_trail: Fact<bool>,
    /// Days for which all its management events stay on record: the least of its regions, the longest that one recorder keeps; 90, the days of the event history, where nothing keeps them longer; 9007199254740991 when they never expire.
    #[schemars(extend("x-calls" = ["s3:GetBucketLifecycleConfiguration", "s3:GetBucketVersioning", "s3:GetObjectLockConfiguration", "cloudtrail:ListEventDataStores", "cloudtrail:GetEventDataStore"]))]
    pub keeps_management_events_days: Fact<i64>,
    /// Which events reach somebody. Of an account with an organization trail, also events of the members that rely on it.
    #[schemars(extend("x-calls" = ["logs:DescribeLogGroups", "logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "events:ListRules", "events:ListTargetsByRule"]))]
    pub alerts: Arc<AlertsFacts>,
    /// Service control policies keep everybody in it, but exempted principals, from stopping, deleting, changing or blinding a trail: each of its own, any where it has none, and the organization's where it administers them.
    #[schemars(extend("x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "organizations:ListDelegatedAdministrators"]))]
    pub denies_trail_changes: Fact<bool>,
    /// Actions against trails that certainly no policy denies in it, in words; empty when none are known.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "organizations:ListDelegatedAdministrators"]))]
    pub undenied_trail_actions: String,
    /// Principals that those policies exempt, as far as they were read, in words; empty when none are known.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["organizations:ListPolicies", "organizations:DescribePolicy", "organizations:ListTargetsForPolicy", "organizations:ListDelegatedAdministrators"]))]
    pub guardrail_exemptions: String,
    /// The buckets of the parameter `critical_buckets` that it owns or, where it was not asked, may own; those that no account owns are listed in the account that the scan started from.
    #[schemars(extend("x-calls" = ["s3:HeadBucket", "s3:ListBuckets"]))]
    pub critical_buckets: Listing<CriticalBucketFacts>,
    /// The functions of the parameter `critical_functions` that it owns; those of accounts that were not looked at are listed in the account that the scan started from.
    pub critical_functions: Listing<CriticalFunctionFacts>,
}
}

record! {
/// A bucket that the parameter `critical_buckets` names.
#[derive(Clone, Debug, JsonSchema)]
pub struct CriticalBucketFacts {
    /// Bucket name.
    pub name: Fact<String>,
    /// It exists, and an account that was looked at owns it.
    pub is_found: Fact<bool>,
    /// All object-level events that only read are recorded by logging trails taken together.
    pub records_reads: Fact<bool>,
    /// All object-level events that change something are recorded by logging trails taken together.
    pub records_writes: Fact<bool>,
}
}

record! {
/// A function that the parameter `critical_functions` names.
#[derive(Clone, Debug, JsonSchema)]
pub struct CriticalFunctionFacts {
    /// Function ARN.
    pub name: Fact<String>,
    /// Its account was looked at.
    pub is_found: Fact<bool>,
    /// All its invocations are recorded by logging trails taken together.
    pub records_invocations: Fact<bool>,
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
    /// All data events that read S3 objects, of all buckets but those that trails deliver to, are recorded by logging trails taken together.
    pub records_s3_object_reads: Fact<bool>,
    /// All data events that change S3 objects, of all buckets but those that trails deliver to, are recorded by logging trails taken together.
    pub records_s3_object_writes: Fact<bool>,
    /// Names of the logging trails that record some of its management events.
    #[schemars(with = "Vec<String>", extend("x-for-messages" = true))]
    pub recorded_by: Arc<[String]>,
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
    object_reads: Fact<bool>,
    object_writes: Fact<bool>,
    pub(super) kept_days: Fact<i64>,
}

impl AccountRows {
    pub(super) fn of(account: &Account, coverage: &Coverage<'_>) -> Self {
        let (regions, missing, origin): (BTreeSet<&String>, _, _) = match &account.regions {
            Observed::Known { value, origin } => (value.iter().collect(), Vec::new(), Some(origin.clone())),
            Observed::Gap(gap) => (account.trails.keys().collect(), vec![gap.clone()], None),
        };
        let row =
            |region: &String| Row::of(account, region.clone(), &coverage.place(account, region), coverage);
        let mut elsewhere = coverage.multi_region(account);
        elsewhere.shown_by = None;
        elsewhere.hidden.clone_from(&missing);
        Self {
            rows: regions.into_iter().map(row).collect(),
            elsewhere: Row::of(account, String::new(), &elsewhere, coverage),
            missing,
            regions_origin: origin.into_iter().collect(),
        }
    }

    fn listing(&self) -> Listing<RegionFacts> {
        let name = |row: &Row| Fact::known(row.region.clone(), Arc::clone(&self.regions_origin));
        let rows = self.rows.iter().map(|row| row.facts(name(row)));
        let phantom =
            (!self.missing.is_empty()).then(|| self.elsewhere.facts(Fact::Unknown(self.missing.clone())));
        Listing { rows: rows.collect(), missing: self.missing.clone(), phantom }
    }

    fn kept_days(&self) -> Fact<i64> {
        retention::of_regions(self.rows.iter().map(|row| row.kept_days.clone()), &self.missing)
    }

    fn unrecorded(&self) -> String {
        let losses: Vec<RegionLoss<'_>> = self.rows.iter().map(Row::loss).collect();
        unrecorded(&losses, self.missing.is_empty(), &MANAGEMENT_EVENTS)
    }

    fn unrecorded_s3_objects(&self) -> String {
        let losses: Vec<RegionLoss<'_>> = self.rows.iter().map(Row::object_loss).collect();
        unrecorded(&losses, self.missing.is_empty(), &S3_OBJECT_EVENTS)
    }
}

impl Row {
    fn of(account: &Account, region: String, place: &Place<'_>, coverage: &Coverage<'_>) -> Self {
        let union = coverage.union(&place.trails);
        let reads = place.with_hidden(&union.reads.complete);
        let writes = place.with_hidden(&union.writes.complete);
        let objects = coverage.objects(place, &union);
        let object_reads = place.with_hidden(&objects.reads.complete);
        // Mostly nothing or everything is recorded of both.
        let object_writes = if objects.writes.complete == objects.reads.complete {
            object_reads.clone()
        } else {
            place.with_hidden(&objects.writes.complete)
        };
        let kept_days = coverage.kept_days(account, &region, place);
        Self { region, reads, writes, union, object_reads, object_writes, kept_days }
    }

    fn facts(&self, name: Fact<String>) -> RegionFacts {
        RegionFacts {
            name,
            records_management_reads: self.reads.clone(),
            records_management_writes: self.writes.clone(),
            records_s3_object_reads: self.object_reads.clone(),
            records_s3_object_writes: self.object_writes.clone(),
            recorded_by: Arc::clone(&self.union.names),
        }
    }

    fn loss(&self) -> RegionLoss<'_> {
        RegionLoss {
            region: &self.region,
            reads: certain(&self.union.reads, &self.reads),
            writes: certain(&self.union.writes, &self.writes),
        }
    }

    fn object_loss(&self) -> RegionLoss<'_> {
        let objects = self.union.objects.get();
        RegionLoss {
            region: &self.region,
            reads: objects.and_then(|one| certain(&one.reads, &self.object_reads)),
            writes: objects.and_then(|one| certain(&one.writes, &self.object_writes)),
        }
    }
}

fn certain<'r>(recording: &'r Recording, complete: &Fact<bool>) -> Option<&'r Missing> {
    recording.missing.as_ref().filter(|_| complete.value() == Some(&false))
}

impl AccountFacts {
    pub(super) fn of<'a>(
        account: &'a Account,
        rows: &AccountRows,
        coverage: &Coverage<'a>,
        critical: &Critical,
        alerts: &Alerts<'a, '_>,
    ) -> Self {
        let relies_on_organization_trail = relies_on_organization_trail(account, coverage);
        let organization = coverage.inventory.organization.as_ref();
        let guardrails = coverage.guardrails.facts(account, coverage);
        Self {
            id: account.id.clone(),
            name: display_name(account).to_owned(),
            is_management_account: organization.is_some_and(|one| one.management_account == account.id),
            is_active: account.status == AccountStatus::Active,
            has_logging_multi_region_trail: has_logging_multi_region_trail(account, coverage),
            records_global_service_events: records_global_service_events(account, coverage),
            regions: rows.listing(),
            unrecorded: rows.unrecorded(),
            is_in_organization: organization.is_some(),
            alerts: alerts.of_account(account, rows, &relies_on_organization_trail),
            relies_on_organization_trail,
            keeps_management_events_days: rows.kept_days(),
            denies_trail_changes: guardrails.denies_trail_changes,
            undenied_trail_actions: guardrails.undenied_trail_actions,
            guardrail_exemptions: guardrails.guardrail_exemptions,
            critical_buckets: critical.buckets_of(account, coverage),
            critical_functions: critical.functions_of(account, coverage),
            unrecorded_s3_objects: rows.unrecorded_s3_objects(),
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

fn relies_on_organization_trail(account: &Account, coverage: &Coverage<'_>) -> Fact<bool> {
    let place = coverage.multi_region(account);
    let recorders = place.trails.iter().filter_map(|at| coverage.recorder(*at));
    let of_others = recorders.filter(|one| one.trail.is_organization_trail && one.trail.owner != account.id);
    let is_logging = of_others.map(|one| Fact::of(&one.trail.status, |status| status.is_logging));
    place.with_hidden(&is_logging.fold(Fact::known(false, []), Fact::or))
}

/// Where CloudTrail records the events of IAM, STS and CloudFront, by partition.
///
/// Since 2021-11-22 they are recorded where they are processed: us-east-1 (CloudTrail user guide, concepts). In China CloudFront is
/// in Ningxia (docs.amazonaws.cn, differences of CloudTrail) and IAM in Beijing, where its endpoint is; GovCloud has IAM in
/// us-gov-west-1.
pub(super) fn global_regions(partition: &str) -> &'static [&'static str] {
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
