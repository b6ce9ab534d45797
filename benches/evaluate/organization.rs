//! Organizations as large as wanted, as a collection would have seen them.

use std::collections::BTreeMap;

use trailproof::inventory::{
    Account, AccountStatus, Acl, Bucket, BucketEncryption, Call, ClassicSelector, Collection,
    EVIDENCE_VERSION, EventConfiguration, Gap, GapReason, Inventory, Key, KeyMetadata, Observed,
    Organization, Origin, PublicAccessBlock, Scope, Selectors, Trail, TrailSighting, TrailStatus, Versioning,
};

pub(crate) const AS_OF: &str = "2026-11-21T12:00:00Z";
const MANAGEMENT: &str = "100000000000";
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
const HOME: &str = "us-east-1";

/// What an organization looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One organization trail, everything read; every hundredth account has a trail of its own.
    Shared,
    /// As `Shared`, but whether the organization trail is logging cannot be read; every second member denies three regions, every
    /// tenth everything.
    Denied,
    /// Every account has its own trail, bucket and key; every seventh trail stands still.
    Own,
}

impl Shape {
    pub(crate) const ALL: [Self; 3] = [Self::Shared, Self::Denied, Self::Own];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Denied => "denied",
            Self::Own => "own",
        }
    }
}

/// An organization of `accounts` accounts in 17 regions.
pub(crate) fn organization(shape: Shape, accounts: usize) -> Inventory {
    let mut inventory = empty();
    if shape != Shape::Own {
        let mut shared = Trail { is_organization_trail: true, ..trail(MANAGEMENT, "org", true) };
        if shape == Shape::Denied {
            shared.status = Observed::Gap(denied("cloudtrail:GetTrailStatus", MANAGEMENT, HOME));
        }
        add_trail(&mut inventory, shared);
    }
    let organization: Vec<TrailSighting> =
        inventory.trails.keys().map(|arn| TrailSighting { arn: arn.clone() }).collect();
    for number in 0..accounts {
        let id = (100_000_000_000 + number).to_string();
        let mut account = account(&id, number, &organization);
        let has_own = match shape {
            Shape::Own => true,
            Shape::Shared | Shape::Denied => number % 100 == 99,
        };
        if has_own {
            let own = trail(&id, &format!("audit-{number}"), number % 7 != 6);
            for sightings in account.trails.values_mut() {
                if let Observed::Known { value, .. } = sightings {
                    value.push(TrailSighting { arn: own.arn.clone() });
                }
            }
            add_trail(&mut inventory, own);
        }
        if shape == Shape::Denied && number > 0 {
            deny(&mut account, number);
        }
        inventory.accounts.insert(id, account);
    }
    super::policies::install(&mut inventory, &call("organizations:ListPolicies", MANAGEMENT, HOME, ""));
    inventory
}

fn empty() -> Inventory {
    let list = || call("organizations:ListAccounts", MANAGEMENT, HOME, "");
    Inventory {
        version: EVIDENCE_VERSION,
        collection: Collection {
            tool_version: String::new(),
            started_at: AS_OF.to_owned(),
            finished_at: AS_OF.to_owned(),
            caller_account: MANAGEMENT.to_owned(),
            caller_arn: format!("arn:aws:iam::{MANAGEMENT}:role/audit"),
            partition: "aws".to_owned(),
            scope: Scope::default(),
            interrupted: false,
            calls: 0,
        },
        organization: Some(Organization {
            id: "o-example".to_owned(),
            arn: format!("arn:aws:organizations::{MANAGEMENT}:organization/o-example"),
            management_account: MANAGEMENT.to_owned(),
            feature_set: "ALL".to_owned(),
            units: Observed::known(Vec::new(), list()),
            delegated_administrators: Observed::known(Vec::new(), list()),
            trusted_services: Observed::known(Vec::new(), list()),
            service_control_policies: Observed::known(Vec::new(), list()),
            resource_control_policies: Observed::known(Vec::new(), list()),
        }),
        accounts: BTreeMap::new(),
        trails: BTreeMap::new(),
        buckets: BTreeMap::new(),
        keys: BTreeMap::new(),
        log_groups: BTreeMap::new(),
        topics: BTreeMap::new(),
        event_data_stores: BTreeMap::new(),
        watched_buckets: BTreeMap::new(),
    }
}

fn account(id: &str, number: usize, shown: &[TrailSighting]) -> Account {
    let sightings = |region: &&str| {
        let origin = call("cloudtrail:DescribeTrails", id, region, "");
        ((*region).to_owned(), Observed::known(shown.to_vec(), origin))
    };
    Account {
        id: id.to_owned(),
        name: format!("workload-{number}"),
        event_data_stores: BTreeMap::new(),
        alerting: BTreeMap::new(),
        status: AccountStatus::Active,
        path: Observed::known(
            vec!["Root".to_owned(), format!("unit-{}", number % 20)],
            call("organizations:ListParents", MANAGEMENT, HOME, id),
        ),
        in_scope: true,
        regions: Observed::known(
            REGIONS.iter().map(|region| (*region).to_owned()).collect(),
            call("account:ListRegions", id, HOME, ""),
        ),
        trails: REGIONS.iter().map(sightings).collect(),
    }
}

fn deny(account: &mut Account, number: usize) {
    if number.is_multiple_of(10) {
        let gap = denied("sts:AssumeRole", &account.id, HOME);
        account.regions = Observed::Gap(gap.clone());
        for trails in account.trails.values_mut() {
            *trails = Observed::Gap(gap.clone());
        }
    } else if number.is_multiple_of(2) {
        for region in [REGIONS[0], REGIONS[6], REGIONS[12]] {
            let gap = denied("cloudtrail:DescribeTrails", &account.id, region);
            account.trails.insert(region.to_owned(), Observed::Gap(gap));
        }
    }
}

fn denied(operation: &str, account: &str, region: &str) -> Gap {
    Gap {
        origin: call(operation, account, region, ""),
        reason: GapReason::Denied,
        detail: "AccessDenied: an explicit deny in a service control policy".to_owned(),
    }
}

fn add_trail(inventory: &mut Inventory, trail: Trail) {
    inventory.buckets.insert(trail.bucket.clone(), bucket(&trail.bucket, &trail.owner));
    if let Some(id) = &trail.kms_key {
        inventory.keys.insert(id.clone(), key(id, &trail.owner));
    }
    inventory.trails.insert(trail.arn.clone(), trail);
}

fn trail(owner: &str, name: &str, is_logging: bool) -> Trail {
    let arn = format!("arn:aws:cloudtrail:{HOME}:{owner}:trail/{name}");
    let asked = |operation: &str, region: &str| call(&format!("cloudtrail:{operation}"), owner, region, &arn);
    let status = |region: &str| {
        let status = TrailStatus {
            is_logging,
            latest_delivery: Some("2026-11-21T11:40:00Z".to_owned()),
            started_logging: Some("2024-02-01T08:00:00Z".to_owned()),
            ..TrailStatus::default()
        };
        Observed::known(status, asked("GetTrailStatus", region))
    };
    let selector = ClassicSelector {
        read_write_type: "All".to_owned(),
        includes_management_events: true,
        excluded_management_sources: Vec::new(),
        data_resources: Vec::new(),
    };
    let replicas = REGIONS.iter().filter(|region| **region != HOME);
    Trail {
        name: name.to_owned(),
        owner: owner.to_owned(),
        home_region: HOME.to_owned(),
        is_multi_region: true,
        is_organization_trail: false,
        includes_global_service_events: true,
        validates_log_files: !name.len().is_multiple_of(3),
        bucket: format!("audit-logs-{owner}"),
        prefix: None,
        kms_key: Some(format!("arn:aws:kms:{HOME}:{owner}:key/11111111-2222-3333-4444-555555555555")),
        log_group: None,
        log_group_role: None,
        topic: None,
        described_by: call("cloudtrail:DescribeTrails", owner, HOME, ""),
        seen_in: BTreeMap::from([(
            owner.to_owned(),
            REGIONS.iter().map(|region| (*region).to_owned()).collect(),
        )]),
        status: status(HOME),
        replicas: replicas.map(|region| ((*region).to_owned(), status(region))).collect(),
        selectors: Observed::known(Selectors::Classic(vec![selector]), asked("GetEventSelectors", HOME)),
        insights: Observed::known(Vec::new(), asked("GetInsightSelectors", HOME)),
        tags: Observed::known(BTreeMap::new(), asked("ListTags", HOME)),
        event_configuration: Observed::known(
            EventConfiguration::default(),
            asked("GetEventConfiguration", HOME),
        ),
        arn,
    }
}

fn bucket(name: &str, owner: &str) -> Bucket {
    fn read<T>(value: T, operation: &str, owner: &str, name: &str) -> Observed<T> {
        Observed::known(value, call(&format!("s3:{operation}"), owner, HOME, name))
    }
    let all = PublicAccessBlock {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned();
    Bucket {
        name: name.to_owned(),
        exists: read(true, "HeadBucket", owner, name),
        region: read(HOME.to_owned(), "HeadBucket", owner, name),
        owner: read(Some(owner.to_owned()), "ListAllMyBuckets", owner, name),
        policy: read(Some(policy), "GetBucketPolicy", owner, name),
        policy_is_public: read(false, "GetBucketPolicyStatus", owner, name),
        acl: read(Acl::default(), "GetBucketAcl", owner, name),
        public_access_block: read(Some(all), "GetBucketPublicAccessBlock", owner, name),
        account_public_access_block: read(None, "GetAccountPublicAccessBlock", owner, name),
        object_lock: read(None, "GetBucketObjectLockConfiguration", owner, name),
        versioning: read(
            Versioning { status: Some("Enabled".to_owned()), mfa_delete: false },
            "GetBucketVersioning",
            owner,
            name,
        ),
        lifecycle: read(Vec::new(), "GetBucketLifecycleConfiguration", owner, name),
        access_logging: read(None, "GetBucketLogging", owner, name),
        object_ownership: read(None, "GetBucketOwnershipControls", owner, name),
        replication: read(Vec::new(), "GetBucketReplication", owner, name),
        encryption: read(
            BucketEncryption { algorithm: "AES256".to_owned(), kms_key: None },
            "GetBucketEncryption",
            owner,
            name,
        ),
    }
}

fn key(id: &str, owner: &str) -> Key {
    let metadata = KeyMetadata {
        arn: id.to_owned(),
        manager: "CUSTOMER".to_owned(),
        state: "Enabled".to_owned(),
        spec: "SYMMETRIC_DEFAULT".to_owned(),
        origin: "AWS_KMS".to_owned(),
        multi_region: false,
    };
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned();
    Key {
        id: id.to_owned(),
        owner: owner.to_owned(),
        metadata: Observed::known(Some(metadata), call("kms:DescribeKey", owner, HOME, id)),
        policy: Observed::known(policy, call("kms:GetKeyPolicy", owner, HOME, id)),
        rotates: Observed::known(Some(true), call("kms:GetKeyRotationStatus", owner, HOME, id)),
    }
}

fn call(operation: &str, account: &str, region: &str, resource: &str) -> Origin {
    Origin::from(Call {
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        resource: resource.to_owned(),
    })
}
