//! Filling a gap may settle what was unknown and never changes what was definite.

mod policies;
mod resource_policies;
mod watched;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use self::resource_policies::{BUCKET_POLICIES, KEY, KEY_POLICIES};
use self::watched::facts;
use super::alerts::{add_alerting, tear_alerting};
use super::world::{
    DEFAULT_REGIONS, MANAGEMENT, MEMBER, OTHER, World, classic, equals, gap, known, local, logging,
    management,
};
use crate::facts::{Facts, Part, View};
use crate::inventory::{
    AccountStatus, Acl, AclGrant, AdvancedFieldSelector, Bucket, InsightSelector, Key, KeyMetadata,
    ObjectLock, Observed, PublicAccessBlock, Retention, Selectors, Trail, TrailStatus, Versioning,
};
use crate::report::Recorded;

const OPT_IN: &str = "me-south-1";
/// What expressions may not judge by: it tells what was seen.
const FOR_MESSAGES: [&str; 26] = [
    "account.guardrail_exemptions",
    "account.regions.recorded_by",
    "account.regions[hidden].recorded_by",
    "account.undenied_trail_actions",
    "account.unrecorded",
    "account.unrecorded_s3_objects",
    "bucket.changers",
    "bucket.guardrail_exemptions",
    "bucket.trails",
    "bucket.undenied_actions",
    "bucket.unpinned_grants",
    "bucket.writers",
    "key.changers",
    "key.guardrail_exemptions",
    "key.strangers",
    "key.trails",
    "key.undenied_actions",
    "key.unpinned_grants",
    "trail.delivery_error",
    "trail.delivery_obstacles",
    "trail.encryption_obstacles",
    "trail.repeated_by",
    "trail.digest_delivery_error",
    "trail.log_group_delivery_error",
    "trail.notification_error",
    "trail.replica_trouble",
];
const ACCOUNTS: [&str; 3] = [MANAGEMENT, MEMBER, OTHER];

fn selectors() -> impl Strategy<Value = Observed<Selectors>> {
    let excluding = vec![management(), super::world::not_equals("eventSource", &["kms.amazonaws.com"])];
    let data = vec![equals("eventCategory", &["Data"]), equals("resources.type", &["AWS::S3::Object"])];
    let spare = |bucket: &str| AdvancedFieldSelector {
        field: "resources.ARN".to_owned(),
        not_starts_with: vec![format!("arn:aws:s3:::{bucket}/")],
        ..AdvancedFieldSelector::default()
    };
    let sparing = |bucket| super::world::advanced([[data.clone(), vec![spare(bucket)]].concat()]);
    let network =
        vec![equals("eventCategory", &["NetworkActivity"]), equals("eventSource", &["ec2.amazonaws.com"])];
    select(vec![
        sparing("others"),
        sparing("logs"),
        sparing("payroll"),
        super::world::advanced([data.clone(), vec![management()]]),
        super::world::advanced([network]),
        known(Selectors::Classic(Vec::new())),
        known(Selectors::Classic(Vec::new())),
        classic("ReadOnly", &[]),
        classic("WriteOnly", &[]),
        classic("All", &["kms.amazonaws.com"]),
        super::world::advanced([excluding]),
        super::world::advanced([vec![management(), equals("eventSource", &["kms.amazonaws.com"])]]),
        super::world::advanced([data]),
        super::world::advanced([vec![management(), equals("quantum", &["x"])]]),
    ])
}

fn trail() -> impl Strategy<Value = Trail> {
    let status = (proptest::bool::weighted(0.8), any::<bool>()).prop_map(|(is_logging, has_delivered)| {
        let latest_delivery = has_delivered.then(|| "2026-11-20T12:00:00Z".to_owned());
        known(TrailStatus { is_logging, latest_delivery, ..TrailStatus::default() })
    });
    let place = (select(&ACCOUNTS[..]), select(&[OPT_IN, "eu-west-1", "us-east-1"][..]));
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), proptest::option::weighted(0.3, any::<bool>()));
    let insights = |is_on: bool| {
        let one = |kind: &str| InsightSelector { kind: kind.to_owned(), categories: Vec::new() };
        known(is_on.then(|| one("ApiCallRateInsight")).into_iter().collect())
    };
    (place, flags, status, selectors(), select(&["logs", "others"][..]), any::<bool>()).prop_map(
        move |((owner, home), (multi, organization, global, replica), status, selectors, bucket, has_key)| {
            Trail {
                owner: owner.to_owned(),
                is_multi_region: multi,
                is_organization_trail: organization && owner == MANAGEMENT,
                includes_global_service_events: multi || global,
                bucket: bucket.to_owned(),
                kms_key: has_key.then(|| KEY.to_owned()),
                prefix: (global && has_key).then(|| "central".to_owned()),
                insights: insights(has_key),
                replicas: replica
                    .filter(|_| multi && home != "eu-west-1")
                    .map(|is_logging| ("eu-west-1".to_owned(), logging(is_logging)))
                    .into_iter()
                    .collect(),
                status,
                selectors,
                ..local("", home)
            }
        },
    )
}

/// Reads bits as a number.
fn pick(bits: &[bool], count: usize) -> usize {
    bits.iter().take(3).fold(0, |sum, bit| 2 * sum + usize::from(*bit)) % count
}

/// Values for a bucket: who may touch it, what decides whether it is public, who owns it, its lock.
fn change_bucket(bucket: &mut Bucket, bits: &[bool]) {
    let block = |at: usize| {
        bits[at].then(|| PublicAccessBlock {
            ignore_public_acls: bits[at + 1],
            restrict_public_buckets: bits[at + 2],
            ..PublicAccessBlock::default()
        })
    };
    let everybody = "http://acs.amazonaws.com/groups/global/AllUsers".to_owned();
    let (policy, is_public) = BUCKET_POLICIES[pick(&bits[12..], BUCKET_POLICIES.len())];
    bucket.policy = known(policy.map(str::to_owned));
    bucket.policy_is_public = known(is_public);
    bucket.object_ownership = known(bits[0].then(|| "BucketOwnerEnforced".to_owned()));
    let permission = if bits[15] { "READ" } else { "WRITE" }.to_owned();
    let grant = bits[1].then_some(AclGrant { grantee: everybody, permission });
    bucket.acl = known(Acl { owner: None, grants: grant.into_iter().collect() });
    bucket.public_access_block = known(block(2));
    bucket.account_public_access_block = known(block(5));
    let owner = if bits[8] { MANAGEMENT } else { MEMBER };
    bucket.owner = known(bits[9].then(|| owner.to_owned()));
    let retention = bits[10].then(|| Retention { mode: "GOVERNANCE".to_owned(), days: 30 });
    bucket.object_lock = known(bits[11].then_some(ObjectLock { default_retention: retention }));
    bucket.versioning =
        known(Versioning { status: bits[11].then(|| "Enabled".to_owned()), mfa_delete: false });
}

pub(super) fn world() -> impl Strategy<Value = World> {
    let bits = || vec(any::<bool>(), 16);
    let scope = (
        vec(proptest::bool::weighted(0.15), 3),
        proptest::bool::weighted(0.2),
        proptest::bool::weighted(0.2),
    );
    let control = policies::control();
    (vec(trail(), 0..5), bits(), bits(), vec(any::<bool>(), 3), scope, control).prop_map(
        |(trails, some, other, opted_in, scope, control)| {
            let (left_out, is_limited, is_suspended) = scope;
            let mut world = World::organization();
            for (account, is_enabled) in ACCOUNTS.iter().zip(&opted_in) {
                world = if *is_enabled { world.enable(account, OPT_IN) } else { world };
            }
            for (at, mut trail) in trails.into_iter().enumerate() {
                // A trail is at home in a region that its owner has enabled.
                if !world.account_mut(&trail.owner).trails.contains_key(&trail.home_region) {
                    trail.home_region = "us-east-1".to_owned();
                }
                world = world.with(Trail { name: format!("trail{at}"), ..trail });
            }
            for (bucket, bits) in world.0.buckets.values_mut().zip([&some, &other]) {
                change_bucket(bucket, bits);
            }
            let metadata = some[0].then(|| KeyMetadata {
                arn: KEY.to_owned(),
                manager: "CUSTOMER".to_owned(),
                state: "Enabled".to_owned(),
                spec: String::new(),
                origin: String::new(),
                multi_region: false,
            });
            let key = Key {
                id: KEY.to_owned(),
                owner: MEMBER.to_owned(),
                metadata: known(metadata),
                policy: known(KEY_POLICIES[pick(&other, KEY_POLICIES.len())].to_owned()),
                rotates: known(None),
            };
            policies::install(&mut world, control);
            watched::watch(&mut world, pick(&other[2..], 5));
            world.0.keys.insert(KEY.to_owned(), key);
            if is_limited {
                world = world.limit_regions(&["eu-west-1"]);
            }
            for (account, is_out) in ACCOUNTS.iter().zip(left_out) {
                world =
                    if is_out { world.leave_out(account, |account| account.in_scope = false) } else { world };
            }
            if is_suspended {
                world = world.leave_out(OTHER, |account| account.status = AccountStatus::Suspended);
            }
            world.forget();
            world
        },
    )
}

fn put<T>(value: &mut Observed<T>, gap: Option<crate::inventory::Gap>) {
    if let Some(gap) = gap {
        *value = Observed::Gap(gap);
    }
}

/// Tears a gap wherever the next bit says so.
pub(super) fn torn(world: &World, bits: &[bool]) -> World {
    let mut world = World(world.0.clone());
    let mut bits = bits.iter().copied().cycle();
    let mut tear = |name: &str| bits.next().unwrap_or_default().then(|| gap(name, MANAGEMENT, "us-east-1"));
    for trail in world.0.trails.values_mut() {
        put(&mut trail.status, tear("cloudtrail:GetTrailStatus"));
        for status in trail.replicas.values_mut() {
            put(status, tear("cloudtrail:GetTrailStatus"));
        }
        put(&mut trail.selectors, tear("cloudtrail:GetEventSelectors"));
        put(&mut trail.insights, tear("cloudtrail:GetInsightSelectors"));
    }
    for bucket in world.0.buckets.values_mut() {
        put(&mut bucket.exists, tear("s3:HeadBucket"));
        put(&mut bucket.region, tear("s3:HeadBucket"));
        put(&mut bucket.owner, tear("s3:ListBuckets"));
        put(&mut bucket.policy, tear("s3:GetBucketPolicy"));
        put(&mut bucket.object_ownership, tear("s3:GetBucketOwnershipControls"));
        put(&mut bucket.policy_is_public, tear("s3:GetBucketPolicyStatus"));
        put(&mut bucket.acl, tear("s3:GetBucketAcl"));
        put(&mut bucket.public_access_block, tear("s3:GetPublicAccessBlock"));
        put(&mut bucket.account_public_access_block, tear("s3control:GetPublicAccessBlock"));
        put(&mut bucket.object_lock, tear("s3:GetObjectLockConfiguration"));
        put(&mut bucket.versioning, tear("s3:GetBucketVersioning"));
    }
    watched::tear_watched(&mut world, &mut tear);
    for key in world.0.keys.values_mut() {
        put(&mut key.metadata, tear("kms:DescribeKey"));
        put(&mut key.policy, tear("kms:GetKeyPolicy"));
    }
    tear_alerting(&mut world, &mut tear);
    policies::tear_policies(&mut world, &mut tear);
    let is_limited = world.0.collection.scope.regions.is_some();
    for account in world.0.accounts.values_mut() {
        for (region, listed) in &mut account.trails {
            let torn = tear("cloudtrail:DescribeTrails")
                .map(|_| gap("cloudtrail:DescribeTrails", &account.id, region));
            put(listed, torn);
        }
        for (region, listed) in &mut account.event_data_stores {
            let list = "cloudtrail:ListEventDataStores";
            put(listed, tear(list).map(|_| gap(list, &account.id, region)));
        }
        let denied =
            tear("account:ListRegions").map(|_| gap("account:ListRegions", &account.id, "us-east-1"));
        if let (Some(denied), false, Some(_)) = (denied, is_limited, account.regions.value()) {
            account.regions = Observed::Gap(denied);
            account.trails.retain(|region, _| DEFAULT_REGIONS.contains(&region.as_str()));
            account.event_data_stores.retain(|region, _| DEFAULT_REGIONS.contains(&region.as_str()));
        }
    }
    world.forget();
    world
}

/// What `less` says definitely, `more`, which knows more, says too.
fn agree(path: &str, less: &Value, more: &Value) -> Result<(), String> {
    match (less, more) {
        (Value::Object(less), Value::Object(_)) if less.contains_key("\u{1}gaps") => Ok(()),
        (Value::Object(less), Value::Object(more)) if less.contains_key("\u{1}known") => {
            if less.get("\u{1}known") == more.get("\u{1}known") {
                Ok(())
            } else {
                Err(format!("{path}: {less:?} became {more:?}"))
            }
        }
        (Value::Object(less), Value::Object(more)) if less.contains_key("\u{1}rows") => {
            agree_listing(path, less, more)
        }
        (Value::Object(less), Value::Object(more)) => {
            less.iter().try_for_each(|(name, value)| agree(&format!("{path}.{name}"), value, &more[name]))
        }
        // Words on what is certain so far, and a list of what was found so far.
        _ if FOR_MESSAGES.contains(&path) || path.ends_with(".broken_at") => Ok(()),
        (less, more) if less == more => Ok(()),
        (less, more) => Err(format!("{path}: {less} became {more}")),
    }
}

fn agree_listing(path: &str, less: &Map<String, Value>, more: &Map<String, Value>) -> Result<(), String> {
    let rows = |listing: &Map<String, Value>| listing["\u{1}rows"].as_array().cloned().unwrap_or_default();
    let name = |row: &Value| row["name"]["\u{1}known"].as_str().unwrap_or_default().to_owned();
    let (fewer, all) = (rows(less), rows(more));
    for row in &fewer {
        let same = all.iter().find(|other| name(other) == name(row));
        agree(path, row, same.ok_or_else(|| format!("{path}: {} went away", name(row)))?)?;
    }
    let hidden = all.iter().filter(|row| !fewer.iter().any(|other| name(other) == name(row)));
    for row in hidden.chain(more.get("\u{1}phantom")) {
        let phantom =
            less.get("\u{1}phantom").ok_or_else(|| format!("{path}: a complete list misses {row}"))?;
        agree(&format!("{path}[hidden]"), phantom, row)?;
    }
    Ok(())
}

/// A record with marks where something is known, unknown or may be missing.
fn marked(part: &dyn Part) -> Value {
    let all = |parts: Vec<&dyn Part>| parts.into_iter().map(marked).collect::<Vec<Value>>();
    match part.view() {
        View::Plain(value) => value,
        View::Known(value, _) => json!({ "\u{1}known": marked(value) }),
        View::Unknown(gaps) => json!({ "\u{1}gaps": gaps }),
        View::List(items) => all(items).into(),
        View::Listing { rows, phantom, .. } => match phantom {
            Some(phantom) => json!({ "\u{1}rows": all(rows), "\u{1}phantom": marked(phantom) }),
            None => json!({ "\u{1}rows": all(rows) }),
        },
        View::Record(fields) | View::Inline(fields) => {
            let mut all = serde_json::Map::new();
            for (name, field) in fields {
                match (field.view(), marked(field)) {
                    (View::Inline(_), Value::Object(inner)) => all.extend(inner),
                    (_, value) => _ = all.insert(name.to_owned(), value),
                }
            }
            all.into()
        }
        View::Nothing => Value::Null,
    }
}

fn agree_all<R: Part>(kind: &str, less: &[R], more: &[R], id: &str) -> Result<(), String> {
    let values = |records: &[R]| records.iter().map(|one| marked(one)).collect::<Vec<_>>();
    let more = values(more);
    for record in values(less) {
        let same = more.iter().find(|other| other[id] == record[id]);
        agree(kind, &record, same.ok_or_else(|| format!("{kind} {} went away", record[id]))?)?;
    }
    Ok(())
}

fn agree_cells(less: &Facts, more: &Facts) -> Result<(), String> {
    for row in &less.coverage {
        let Some(same) = more.coverage.iter().find(|other| other.account == row.account) else {
            return Err(format!("{} went away", row.account));
        };
        for cell in &row.cells {
            let Some(other) = same.cells.iter().find(|other| other.region == cell.region) else { continue };
            for (one, other) in [(cell.reads, other.reads), (cell.writes, other.writes)] {
                // Which regions are enabled is among the things that may not be known.
                let is_open = one == Recorded::Unknown || other == Recorded::Disabled;
                if !is_open && one != other {
                    return Err(format!("{} {}: {one:?} became {other:?}", row.account, cell.region));
                }
            }
        }
    }
    Ok(())
}

fn agree_facts(less: &Facts, more: &Facts) -> Result<(), String> {
    agree_all("organization", &less.organizations, &more.organizations, "id")?;
    agree_all("account", &less.accounts, &more.accounts, "id")?;
    agree_all("trail", &less.trails, &more.trails, "arn")?;
    agree_all("bucket", &less.log_buckets, &more.log_buckets, "arn")?;
    agree_all("key", &less.log_keys, &more.log_keys, "arn")?;
    agree_cells(less, more)
}

pub(super) fn bits(probability: f64) -> impl Strategy<Value = Vec<bool>> {
    vec(proptest::bool::weighted(probability), 61)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filling_gaps_never_changes_what_was_definite(world in world(), few in bits(0.15), more in bits(0.2)) {
        let both: Vec<bool> = few.iter().zip(&more).map(|(one, other)| *one || *other).collect();
        let full = facts(&world);
        let some_gaps = facts(&torn(&world, &few));
        let many_gaps = facts(&torn(&world, &both));
        prop_assert_eq!(agree_facts(&some_gaps, &full), Ok(()));
        prop_assert_eq!(agree_facts(&many_gaps, &some_gaps), Ok(()));
        prop_assert_eq!(agree_facts(&many_gaps, &full), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filling_gaps_in_chains_never_changes_what_was_definite(
        world in world(),
        drawn in vec(any::<u8>(), 251),
        few in bits(0.08),
        more in bits(0.1),
    ) {
        let world = add_alerting(world, &drawn);
        let both: Vec<bool> = few.iter().zip(&more).map(|(one, other)| *one || *other).collect();
        let full = facts(&world);
        let some_gaps = facts(&torn(&world, &few));
        let many_gaps = facts(&torn(&world, &both));
        prop_assert_eq!(agree_facts(&some_gaps, &full), Ok(()));
        prop_assert_eq!(agree_facts(&many_gaps, &some_gaps), Ok(()));
        prop_assert_eq!(agree_facts(&many_gaps, &full), Ok(()));
        for account in full.accounts.iter().chain(&some_gaps.accounts).chain(&many_gaps.accounts) {
            prop_assert!(every_open_alert_says_why(account), "{:?}", account.alerts);
        }
    }
}

fn every_open_alert_says_why(account: &crate::facts::AccountFacts) -> bool {
    let alerts = marked(&*account.alerts);
    let mut facts = alerts.as_object().unwrap().values().map(|alert| &alert["is_raised"]);
    facts.all(|fact| {
        fact.get("\u{1}known").is_some() || fact["\u{1}gaps"].as_array().is_some_and(|gaps| !gaps.is_empty())
    })
}

/// The law would prove little if random chains never held.
#[test]
fn every_answer_about_a_random_chain_occurs() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = Vec::new();
    for _ in 0..60 {
        let strategy = (world(), vec(any::<u8>(), 251));
        let (world, drawn) = strategy.new_tree(&mut runner).unwrap().current();
        for account in add_alerting(world, &drawn).facts().accounts {
            seen.push(account.alerts.cloudtrail_changes.is_raised.value().copied());
        }
    }
    for answer in [Some(true), Some(false), None] {
        let count = seen.iter().filter(|one| **one == answer).count();
        assert!(count >= 5, "{answer:?} only {count} times");
    }
}
