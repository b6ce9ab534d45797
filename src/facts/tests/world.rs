//! Small inventories in a few lines: a world as AWS would show it, and gaps torn into it afterwards.

use std::collections::BTreeMap;

use crate::facts::{AccountFacts, Critical, Facts, LogBucketFacts, TrailFacts};
use crate::inventory::{
    Account, AccountStatus, Acl, AdvancedFieldSelector, AdvancedSelector, Bucket, BucketEncryption, Call,
    ClassicSelector, Collection, EVIDENCE_VERSION, EventConfiguration, Gap, GapReason, Inventory, Observed,
    Organization, Origin, Scope, Selectors, Trail, TrailSighting, TrailStatus, Versioning,
};

pub(super) const MANAGEMENT: &str = "111111111111";
pub(super) const MEMBER: &str = "222222222222";
pub(super) const OTHER: &str = "333333333333";
/// Canonical id of the owner of every bucket.
pub(super) const OWNER_ID: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
/// Enabled in every account.
pub(super) const DEFAULT_REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];
pub(super) const AS_OF: &str = "2026-11-21T12:00:00Z";

#[derive(Debug)]
pub(super) struct World(pub(super) Inventory);

impl World {
    /// One account without an organization; every region is read and shows no trail.
    pub(super) fn alone() -> Self {
        Self(Inventory {
            version: EVIDENCE_VERSION,
            collection: Collection {
                tool_version: String::new(),
                started_at: AS_OF.to_owned(),
                finished_at: AS_OF.to_owned(),
                caller_account: MANAGEMENT.to_owned(),
                caller_arn: String::new(),
                partition: "aws".to_owned(),
                scope: Scope::default(),
                interrupted: false,
                calls: 0,
            },
            organization: None,
            accounts: BTreeMap::from([(MANAGEMENT.to_owned(), account(MANAGEMENT, &DEFAULT_REGIONS))]),
            trails: BTreeMap::new(),
            event_data_stores: BTreeMap::new(),
            log_groups: BTreeMap::new(),
            topics: BTreeMap::new(),
            watched_buckets: BTreeMap::new(),
            buckets: BTreeMap::new(),
            keys: BTreeMap::new(),
        })
    }

    /// A management account and two members.
    pub(super) fn organization() -> Self {
        let mut world = Self::alone();
        for id in [MEMBER, OTHER] {
            world.0.accounts.insert(id.to_owned(), account(id, &DEFAULT_REGIONS));
        }
        world.0.organization = Some(Organization {
            id: "o-example".to_owned(),
            arn: String::new(),
            management_account: MANAGEMENT.to_owned(),
            feature_set: "ALL".to_owned(),
            units: known(Vec::new()),
            delegated_administrators: known(Vec::new()),
            trusted_services: known(Vec::new()),
            service_control_policies: known(Vec::new()),
            resource_control_policies: known(Vec::new()),
        });
        world
    }

    /// Makes a trail and shows it wherever AWS shows it.
    pub(super) fn with(mut self, mut trail: Trail) -> Self {
        trail.arn = format!("arn:aws:cloudtrail:{}:{}:trail/{}", trail.home_region, trail.owner, trail.name);
        for account in self.0.accounts.values_mut() {
            if account.id != trail.owner && !trail.is_organization_trail {
                continue;
            }
            for (region, listed) in &mut account.trails {
                let Observed::Known { value, .. } = listed else { continue };
                if trail.is_multi_region || *region == trail.home_region {
                    value.push(TrailSighting { arn: trail.arn.clone() });
                    trail.seen_in.entry(account.id.clone()).or_default().push(region.clone());
                }
            }
        }
        self.0.buckets.entry(trail.bucket.clone()).or_insert_with(|| bucket(&trail.bucket, &trail.owner));
        self.0.trails.insert(trail.arn.clone(), trail);
        self
    }

    /// `DescribeTrails` was denied in one region; trails that nothing else shows are forgotten.
    pub(super) fn deny(mut self, account: &str, region: &str) -> Self {
        let denied = Observed::Gap(gap("cloudtrail:DescribeTrails", account, region));
        self.account_mut(account).trails.insert(region.to_owned(), denied);
        self.forget();
        self
    }

    /// `ListRegions` was denied: only the default regions were looked at.
    pub(super) fn deny_regions(mut self, account: &str) -> Self {
        let found = self.account_mut(account);
        found.regions = Observed::Gap(gap("account:ListRegions", account, "us-east-1"));
        found.trails.retain(|region, _| DEFAULT_REGIONS.contains(&region.as_str()));
        found.event_data_stores.retain(|region, _| DEFAULT_REGIONS.contains(&region.as_str()));
        self.forget();
        self
    }

    /// No role could be assumed.
    pub(super) fn deny_account(mut self, account: &str) -> Self {
        let denied = gap("sts:AssumeRole", account, "us-east-1");
        let found = self.account_mut(account);
        found.regions = Observed::Gap(denied.clone());
        found.trails = DEFAULT_REGIONS
            .iter()
            .map(|region| ((*region).to_owned(), Observed::Gap(denied.clone())))
            .collect();
        found.event_data_stores = DEFAULT_REGIONS
            .iter()
            .map(|region| ((*region).to_owned(), Observed::Gap(denied.clone())))
            .collect();
        self.forget();
        self
    }

    /// Not evaluated, and for that reason never asked.
    pub(super) fn leave_out(mut self, account: &str, change: impl FnOnce(&mut Account)) -> Self {
        let found = self.account_mut(account);
        change(found);
        found.regions = Observed::Gap(Gap {
            origin: Origin::Stated("the account is left out".to_owned()),
            reason: GapReason::NotCollected,
            detail: String::new(),
        });
        found.trails.clear();
        found.event_data_stores.clear();
        self.forget();
        self
    }

    /// `--regions`.
    pub(super) fn limit_regions(mut self, regions: &[&str]) -> Self {
        let names: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
        for account in self.0.accounts.values_mut() {
            account.regions = Observed::known(names.clone(), Origin::Stated("--regions".to_owned()));
            account.trails.retain(|region, _| names.contains(region));
            account.event_data_stores.retain(|region, _| names.contains(region));
        }
        self.0.collection.scope.regions = Some(names);
        self.forget();
        self
    }

    pub(super) fn enable(mut self, account: &str, region: &str) -> Self {
        let found = self.account_mut(account);
        if let Observed::Known { value, .. } = &mut found.regions {
            value.push(region.to_owned());
            value.sort();
        }
        found.trails.insert(region.to_owned(), known(Vec::new()));
        found.event_data_stores.insert(region.to_owned(), known(Vec::new()));
        self
    }

    pub(super) fn change_bucket(mut self, change: impl FnOnce(&mut Bucket)) -> Self {
        change(self.0.buckets.values_mut().next().unwrap());
        self
    }

    pub(super) fn account_mut(&mut self, id: &str) -> &mut Account {
        self.0.accounts.get_mut(id).unwrap()
    }

    /// Drops what no region that was read shows any more.
    pub(super) fn forget(&mut self) {
        let mut seen_in: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for account in self.0.accounts.values() {
            for (region, listed) in &account.trails {
                for sighting in listed.value().into_iter().flatten() {
                    let accounts = seen_in.entry(sighting.arn.clone()).or_default();
                    accounts.entry(account.id.clone()).or_default().push(region.clone());
                }
            }
        }
        self.0.trails.retain(|arn, _| seen_in.contains_key(arn));
        for (arn, trail) in &mut self.0.trails {
            trail.seen_in = seen_in.remove(arn).unwrap_or_default();
        }
    }

    pub(super) fn facts(&self) -> Facts {
        self.facts_of(&Critical::default())
    }

    pub(super) fn facts_of(&self, critical: &Critical) -> Facts {
        Facts::derive(&self.0, AS_OF.parse().unwrap(), critical)
    }

    pub(super) fn account(&self, id: &str) -> AccountFacts {
        self.facts().accounts.into_iter().find(|account| account.id == id).unwrap()
    }

    pub(super) fn trail(&self, name: &str) -> TrailFacts {
        self.facts().trails.into_iter().find(|trail| trail.name == name).unwrap()
    }

    pub(super) fn bucket(&self) -> LogBucketFacts {
        let mut buckets = self.facts().log_buckets;
        assert_eq!(buckets.len(), 1);
        buckets.remove(0)
    }

    /// All reads and all writes are recorded in one region.
    pub(super) fn recorded(&self, account: &str, region: &str) -> (Option<bool>, Option<bool>) {
        let account = self.account(account);
        let row = account
            .regions
            .rows
            .iter()
            .find(|row| row.name.value().is_some_and(|name| name == region))
            .unwrap();
        (row.records_management_reads.value().copied(), row.records_management_writes.value().copied())
    }

    /// The same of regions that could not be listed.
    pub(super) fn recorded_elsewhere(&self, account: &str) -> (Option<bool>, Option<bool>) {
        let row = self.account(account).regions.phantom.unwrap();
        (row.records_management_reads.value().copied(), row.records_management_writes.value().copied())
    }
}

pub(super) const YES: (Option<bool>, Option<bool>) = (Some(true), Some(true));
pub(super) const NO: (Option<bool>, Option<bool>) = (Some(false), Some(false));
pub(super) const UNKNOWN: (Option<bool>, Option<bool>) = (None, None);

fn account(id: &str, regions: &[&str]) -> Account {
    let names: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
    Account {
        id: id.to_owned(),
        name: format!("account {id}"),
        status: AccountStatus::Active,
        path: known(Vec::new()),
        in_scope: true,
        trails: names.iter().map(|region| (region.clone(), known(Vec::new()))).collect(),
        event_data_stores: names.iter().map(|region| (region.clone(), known(Vec::new()))).collect(),
        regions: known(names),
        alerting: BTreeMap::new(),
    }
}

/// A trail of the management account in one region, which is logging and has no selectors.
pub(in crate::facts) fn local(name: &str, home_region: &str) -> Trail {
    Trail {
        arn: String::new(),
        name: name.to_owned(),
        owner: MANAGEMENT.to_owned(),
        home_region: home_region.to_owned(),
        is_multi_region: false,
        is_organization_trail: false,
        includes_global_service_events: false,
        validates_log_files: true,
        bucket: "logs".to_owned(),
        prefix: None,
        kms_key: None,
        log_group: None,
        log_group_role: None,
        topic: None,
        described_by: origin("cloudtrail:DescribeTrails"),
        seen_in: BTreeMap::new(),
        status: logging(true),
        selectors: known(Selectors::Classic(Vec::new())),
        replicas: std::collections::BTreeMap::new(),
        insights: known(Vec::new()),
        tags: known(BTreeMap::new()),
        event_configuration: known(EventConfiguration::default()),
    }
}

pub(super) fn multi_region(name: &str) -> Trail {
    Trail { is_multi_region: true, includes_global_service_events: true, ..local(name, "us-east-1") }
}

pub(super) fn of_organization(name: &str) -> Trail {
    Trail { is_organization_trail: true, ..multi_region(name) }
}

pub(super) fn logging(is_logging: bool) -> Observed<TrailStatus> {
    known(TrailStatus { is_logging, ..TrailStatus::default() })
}

/// A private bucket of `owner` without Object Lock.
fn bucket(name: &str, owner: &str) -> Bucket {
    Bucket {
        name: name.to_owned(),
        exists: known(true),
        region: known("us-east-1".to_owned()),
        owner: known(Some(owner.to_owned())),
        policy: known(None),
        policy_is_public: known(false),
        acl: known(Acl { owner: Some(OWNER_ID.to_owned()), grants: Vec::new() }),
        public_access_block: known(None),
        account_public_access_block: known(None),
        object_lock: known(None),
        versioning: known(Versioning::default()),
        lifecycle: known(Vec::new()),
        access_logging: known(None),
        object_ownership: known(None),
        replication: known(Vec::new()),
        encryption: known(BucketEncryption { algorithm: "AES256".to_owned(), kms_key: None }),
    }
}

pub(super) fn known<T>(value: T) -> Observed<T> {
    Observed::known(value, origin("test:Known"))
}

pub(super) fn denied<T>() -> Observed<T> {
    Observed::Gap(gap("test:Denied", MANAGEMENT, ""))
}

fn origin(operation: &str) -> Origin {
    call(operation, MANAGEMENT, "us-east-1")
}

fn call(operation: &str, account: &str, region: &str) -> Origin {
    Origin::from(Call {
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        resource: String::new(),
    })
}

pub(super) fn gap(operation: &str, account: &str, region: &str) -> Gap {
    let origin = call(operation, account, region);
    Gap { origin, reason: GapReason::Denied, detail: "AccessDenied".to_owned() }
}

/// One classic selector.
pub(super) fn classic(read_write_type: &str, excluded: &[&str]) -> Observed<Selectors> {
    known(Selectors::Classic(vec![ClassicSelector {
        read_write_type: read_write_type.to_owned(),
        includes_management_events: true,
        excluded_management_sources: strings(excluded),
        data_resources: Vec::new(),
    }]))
}

/// Advanced selectors without names, each with its conditions.
pub(super) fn advanced<const N: usize>(selectors: [Vec<AdvancedFieldSelector>; N]) -> Observed<Selectors> {
    let selectors = selectors.into_iter().map(|fields| AdvancedSelector { name: None, fields });
    known(Selectors::Advanced(selectors.collect()))
}

pub(super) fn equals(field: &str, values: &[&str]) -> AdvancedFieldSelector {
    AdvancedFieldSelector {
        field: field.to_owned(),
        equals: strings(values),
        ..AdvancedFieldSelector::default()
    }
}

pub(super) fn not_equals(field: &str, values: &[&str]) -> AdvancedFieldSelector {
    AdvancedFieldSelector {
        field: field.to_owned(),
        not_equals: strings(values),
        ..AdvancedFieldSelector::default()
    }
}

pub(super) fn management() -> AdvancedFieldSelector {
    equals("eventCategory", &["Management"])
}

pub(super) fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
