//! Facts about keys, log groups and event data stores by themselves.

use super::world::{MANAGEMENT, MEMBER, OTHER, World, denied, known, local, of_organization};
use crate::facts::{EventDataStoreFacts, LogGroupFacts, LogKeyFacts};
use crate::inventory::{
    EventDataStore, EventDataStoreSettings, Key, KeyMetadata, LogGroup, LogGroupSettings, Observed, Origin,
    Trail,
};

const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/1";
const GROUP: &str = "arn:aws:logs:us-east-1:111111111111:log-group:audit";

fn key(change: impl FnOnce(&mut Key)) -> LogKeyFacts {
    let trail = Trail { kms_key: Some(KEY.to_owned()), ..of_organization("audit") };
    let mut key = Key {
        id: KEY.to_owned(),
        owner: MEMBER.to_owned(),
        metadata: known(Some(KeyMetadata {
            arn: KEY.to_owned(),
            manager: "CUSTOMER".to_owned(),
            state: "Enabled".to_owned(),
            spec: "SYMMETRIC_DEFAULT".to_owned(),
            origin: "AWS_KMS".to_owned(),
            multi_region: false,
        })),
        policy: denied(),
        rotates: known(Some(true)),
    };
    change(&mut key);
    let mut world = World::organization().with(trail);
    world.0.keys.insert(KEY.to_owned(), key);
    world.facts().log_keys.remove(0)
}

#[test]
fn a_key_is_one_subject_with_owner_region_and_state() {
    let facts = key(|_| ());
    assert_eq!((facts.owner.as_str(), facts.region.as_str()), (MEMBER, "us-east-1"));
    assert_eq!(facts.trails, ["audit"]);
    assert_eq!(facts.state.value().unwrap(), "Enabled");
    assert_eq!(facts.is_enabled.value(), Some(&true));
    assert!(facts.is_owned_in_organization && !facts.is_owned_by_management_account);
    assert_eq!(facts.is_owned_by_trail_owner.value(), Some(&false));
    let gone = key(|key| key.metadata = known(None));
    assert_eq!(gone.state.value().unwrap(), "missing");
    assert_eq!((gone.exists.value(), gone.is_enabled.value()), (Some(&false), Some(&false)));
    assert_eq!(key(|key| key.metadata = denied()).is_enabled.value(), None);
}

#[test]
fn only_a_symmetric_key_with_material_of_kms_can_rotate() {
    let can_rotate = |spec: &str, origin: &str| {
        let facts = key(|key| {
            let Observed::Known { value: Some(metadata), .. } = &mut key.metadata else { panic!() };
            (metadata.spec, metadata.origin) = (spec.to_owned(), origin.to_owned());
        });
        facts.can_rotate.value().copied()
    };
    assert_eq!(can_rotate("SYMMETRIC_DEFAULT", "AWS_KMS"), Some(true));
    assert_eq!(can_rotate("RSA_2048", "AWS_KMS"), Some(false));
    assert_eq!(can_rotate("HMAC_256", "AWS_KMS"), Some(false));
    assert_eq!(can_rotate("SYMMETRIC_DEFAULT", "EXTERNAL"), Some(false));
    assert_eq!(can_rotate("SYMMETRIC_DEFAULT", "AWS_CLOUDHSM"), Some(false));
    assert_eq!(key(|key| key.rotates = known(None)).can_rotate.value(), Some(&false));
    assert_eq!(key(|key| key.rotates = denied()).can_rotate.value(), None);
}

#[test]
fn a_key_in_another_region_than_the_bucket_is_found() {
    let elsewhere = KEY.replace("us-east-1", "eu-west-1");
    let trail = Trail { kms_key: Some(elsewhere), ..of_organization("audit") };
    let mut world = World::organization().with(trail.clone());
    let is_there = |world: &World| world.trail("audit").delivery.key_is_in_bucket_region.value().copied();
    assert_eq!(is_there(&world), Some(false));
    world.0.trails.values_mut().for_each(|trail| trail.kms_key = Some(KEY.to_owned()));
    assert_eq!(is_there(&world), Some(true));
    assert_eq!(
        is_there(&World(world.0.clone()).deny(OTHER, "eu-west-1")),
        Some(true),
        "it is about this trail"
    );
    world.0.buckets.get_mut(&trail.bucket).unwrap().region = denied();
    assert_eq!(is_there(&world), None);
    world.0.trails.values_mut().for_each(|trail| trail.kms_key = None);
    assert_eq!(is_there(&world), Some(false), "no key is set");
}

#[test]
fn that_nobody_with_a_trail_owns_the_key_is_unknown_while_trails_may_hide() {
    let trail = Trail { kms_key: Some(KEY.to_owned()), ..of_organization("audit") };
    let hidden = World::organization().with(trail).deny(MEMBER, "eu-west-1");
    assert_eq!(hidden.facts().log_keys[0].is_owned_by_trail_owner.value(), None);
    let own = KEY.replace(MEMBER, MANAGEMENT);
    let own = World::organization().with(Trail { kms_key: Some(own), ..of_organization("audit") });
    assert_eq!(own.facts().log_keys[0].is_owned_by_trail_owner.value(), Some(&true));
}

fn group(settings: Observed<Option<LogGroupSettings>>) -> LogGroupFacts {
    let trail = Trail { log_group: Some(format!("{GROUP}:*")), ..local("audit", "us-east-1") };
    let mut world = World::alone().with(trail);
    let group = LogGroup {
        arn: GROUP.to_owned(),
        name: "audit".to_owned(),
        owner: MANAGEMENT.to_owned(),
        region: "us-east-1".to_owned(),
        settings,
        metric_filters: denied(),
    };
    world.0.log_groups.insert(GROUP.to_owned(), group);
    world.facts().log_groups.remove(0)
}

fn settings(retention_days: Option<i64>) -> LogGroupSettings {
    LogGroupSettings {
        retention_days,
        kms_key: None,
        class: "STANDARD".to_owned(),
        is_protected_from_deletion: None,
    }
}

#[test]
fn a_log_group_without_retention_keeps_forever_and_a_missing_one_says_nothing() {
    let facts = group(known(Some(settings(None))));
    assert_eq!(facts.retention_days.value(), Some(&9_007_199_254_740_991));
    assert_eq!((facts.exists.value(), facts.has_kms_key.value()), (Some(&true), Some(&false)));
    assert_eq!(group(known(Some(settings(Some(90))))).retention_days.value(), Some(&90));
    let gone = group(known(None));
    assert_eq!((gone.exists.value(), gone.retention_days.value()), (Some(&false), None));
    assert_eq!(group(denied()).exists.value(), None);
}

fn store(status: &str) -> EventDataStoreFacts {
    let arn = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/1".to_owned();
    let store = EventDataStore {
        arn: arn.clone(),
        owner: MANAGEMENT.to_owned(),
        home_region: "us-east-1".to_owned(),
        name: "lake".to_owned(),
        listed_by: Origin::Stated("test".to_owned()),
        seen_in: [(MANAGEMENT.to_owned(), vec!["us-east-1".to_owned()])].into(),
        settings: known(EventDataStoreSettings {
            status: status.to_owned(),
            is_multi_region: true,
            is_organization_event_data_store: false,
            retention_days: 2557,
            is_protected_from_termination: true,
            kms_key: None,
            selectors: Vec::new(),
        }),
    };
    let mut world = World::alone();
    world.0.event_data_stores.insert(arn, store);
    world.facts().event_data_stores.remove(0)
}

#[test]
fn only_an_enabled_event_data_store_takes_events_in() {
    assert_eq!(store("ENABLED").is_ingesting.value(), Some(&true));
    for status in
        ["CREATED", "STARTING_INGESTION", "STOPPING_INGESTION", "STOPPED_INGESTION", "PENDING_DELETION"]
    {
        assert_eq!(store(status).is_ingesting.value(), Some(&false), "{status}");
    }
    assert_eq!(store("HIBERNATING").is_ingesting.value(), None, "a state that AWS may add");
    assert_eq!(store("PENDING_DELETION").is_pending_deletion.value(), Some(&true));
    assert_eq!(store("ENABLED").retention_days.value(), Some(&2557));
}

#[test]
fn a_member_relies_on_the_organization_trail_and_its_owner_does_not() {
    let world = World::organization().with(of_organization("audit"));
    assert_eq!(world.account(MEMBER).relies_on_organization_trail.value(), Some(&true));
    assert_eq!(world.account(MANAGEMENT).relies_on_organization_trail.value(), Some(&false));
    let stopped = Trail { status: super::world::logging(false), ..of_organization("audit") };
    let world = World::organization().with(stopped);
    assert_eq!(world.account(MEMBER).relies_on_organization_trail.value(), Some(&false));
    let world = World::organization().deny_account(OTHER);
    assert_eq!(world.account(OTHER).relies_on_organization_trail.value(), None);
}

#[test]
fn delegated_administrators_and_trusted_access_are_told() {
    let mut world = World::organization();
    let organization = world.0.organization.as_mut().unwrap();
    organization.delegated_administrators = known(vec![crate::inventory::DelegatedAdministrator {
        account: MEMBER.to_owned(),
        name: "security".to_owned(),
    }]);
    organization.trusted_services = known(vec!["cloudtrail.amazonaws.com".to_owned()]);
    let facts = world.facts().organizations.remove(0);
    assert_eq!(facts.delegated_administrator_names.value().unwrap(), "security (222222222222)");
    assert_eq!(facts.has_delegated_administrator.value(), Some(&true));
    assert_eq!(facts.trusts_cloudtrail.value(), Some(&true));
    let facts = World::organization().facts().organizations.remove(0);
    assert_eq!(
        (facts.has_delegated_administrator.value(), facts.trusts_cloudtrail.value()),
        (Some(&false), Some(&false))
    );
}
