//! For how long management events stay on record.

use super::world::{
    MANAGEMENT, MEMBER, OTHER, World, advanced, classic, denied, gap, known, local, management, multi_region,
    of_organization,
};
use crate::inventory::{EventDataStore, EventDataStoreSettings, LifecycleRule, Observed, Origin, Trail};

const FOREVER: i64 = 9_007_199_254_740_991;

fn expiring(days: i64) -> Vec<LifecycleRule> {
    vec![LifecycleRule {
        id: "expire".to_owned(),
        is_enabled: true,
        prefix: String::new(),
        is_narrowed: false,
        expires_after_days: Some(days),
        expires_on: None,
        deletes_old_versions_after_days: None,
    }]
}

fn keeps(world: &World, account: &str) -> Option<i64> {
    world.account(account).keeps_management_events_days.value().copied()
}

fn expire(world: &mut World, bucket: &str, days: i64) {
    world.0.buckets.get_mut(bucket).unwrap().lifecycle = known(expiring(days));
}

#[test]
fn without_a_trail_only_the_event_history_remains() {
    assert_eq!(keeps(&World::alone(), MANAGEMENT), Some(90));
    let one_region = World::alone().with(local("audit", "eu-west-1"));
    assert_eq!(keeps(&one_region, MANAGEMENT), Some(90), "us-east-1 has nothing else");
}

#[test]
fn the_lifecycle_of_the_log_bucket_decides() {
    let mut world = World::organization().with(of_organization("audit"));
    assert_eq!(keeps(&world, MEMBER), Some(FOREVER));
    expire(&mut world, "logs", 400);
    assert_eq!(keeps(&world, MEMBER), Some(400));
    expire(&mut world, "logs", 30);
    assert_eq!(keeps(&world, MEMBER), Some(90), "the event history outlives it");
    world.0.buckets.get_mut("logs").unwrap().lifecycle = denied();
    assert_eq!(keeps(&world, MEMBER), None);
    world.0.buckets.get_mut("logs").unwrap().exists = known(false);
    assert_eq!(keeps(&world, MEMBER), Some(90), "what is delivered nowhere is not kept");
}

#[test]
fn the_longest_of_several_trails_counts_and_halves_count_together() {
    let other = Trail { bucket: "short".to_owned(), ..multi_region("short") };
    let mut world = World::alone().with(multi_region("long")).with(other);
    expire(&mut world, "short", 100);
    assert_eq!(keeps(&world, MANAGEMENT), Some(FOREVER));
    expire(&mut world, "logs", 700);
    assert_eq!(keeps(&world, MANAGEMENT), Some(700));

    let reads =
        Trail { selectors: classic("ReadOnly", &[]), bucket: "r".to_owned(), ..multi_region("reads") };
    let writes =
        Trail { selectors: classic("WriteOnly", &[]), bucket: "w".to_owned(), ..multi_region("writes") };
    let mut world = World::alone().with(reads).with(writes);
    expire(&mut world, "r", 200);
    expire(&mut world, "w", 300);
    assert_eq!(keeps(&world, MANAGEMENT), Some(200));
}

#[test]
fn a_trail_that_may_hide_may_keep_longer_and_a_region_without_any_decides() {
    let mut world = World::alone().with(multi_region("audit"));
    expire(&mut world, "logs", 200);
    let hidden = world.deny(MANAGEMENT, "us-east-1");
    assert_eq!(keeps(&hidden, MANAGEMENT), None);
    assert_eq!(
        keeps(&World::alone().deny(MANAGEMENT, "us-east-1"), MANAGEMENT),
        Some(90),
        "eu-west-1 has nothing"
    );
}

#[test]
fn an_event_data_store_that_takes_everything_keeps_it_too() {
    let store = |status: &str, is_multi_region: bool| {
        let mut world = World::alone();
        let Observed::Known { value: crate::inventory::Selectors::Advanced(selectors), .. } =
            advanced([vec![management()]])
        else {
            panic!()
        };
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
                is_multi_region,
                is_organization_event_data_store: false,
                retention_days: 2557,
                is_protected_from_termination: true,
                kms_key: None,
                selectors,
            }),
        };
        world.0.event_data_stores.insert(arn, store);
        let facts = world.facts().event_data_stores.remove(0);
        assert_eq!(facts.takes_all_management_events.value(), Some(&true));
        keeps(&world, MANAGEMENT)
    };
    assert_eq!(store("ENABLED", true), Some(2557));
    assert_eq!(store("ENABLED", false), Some(90), "of one region only");
    assert_eq!(store("STOPPED_INGESTION", true), Some(90));
}

#[test]
fn an_event_data_store_that_may_hide_may_keep_longer_than_the_log_bucket() {
    let list = "cloudtrail:ListEventDataStores";
    let mut world = World::organization().with(of_organization("audit"));
    let hide = |world: &mut World, account: &str, region: &str| {
        let refused = Observed::Gap(gap(list, account, region));
        world.0.accounts.get_mut(account).unwrap().event_data_stores.insert(region.to_owned(), refused);
    };
    hide(&mut world, MEMBER, "us-east-1");
    assert_eq!(keeps(&world, MEMBER), Some(FOREVER), "nothing keeps longer than forever");
    expire(&mut world, "logs", 400);
    assert_eq!(keeps(&world, MEMBER), None);
    assert_eq!(keeps(&world, OTHER), Some(400), "what a member owns takes its own events");
    hide(&mut world, MANAGEMENT, "us-east-1");
    assert_eq!(keeps(&world, OTHER), None, "the management account may own a store of the organization");

    let mut world = World::organization().with(of_organization("audit"));
    expire(&mut world, "logs", 400);
    world.0.accounts.get_mut(MANAGEMENT).unwrap().event_data_stores.clear();
    assert_eq!(keeps(&world, MEMBER), None, "nobody asked");
}
