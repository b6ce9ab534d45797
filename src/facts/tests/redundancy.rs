//! Trails whose management events another trail records as well.

use super::world::{
    MEMBER, World, advanced, classic, denied, equals, known, local, logging, management, multi_region,
    of_organization,
};
use crate::inventory::{Selectors, Trail};

fn redundant(world: &World, name: &str) -> (Option<bool>, String) {
    let facts = world.trail(name).recording;
    (facts.is_redundant_for_management_events.value().copied(), facts.repeated_by)
}

fn yes(by: &str) -> (Option<bool>, String) {
    (Some(true), by.to_owned())
}

fn no() -> (Option<bool>, String) {
    (Some(false), String::new())
}

fn unknown() -> (Option<bool>, String) {
    (None, String::new())
}

#[test]
fn a_trail_alone_is_not_redundant() {
    assert_eq!(redundant(&World::alone().with(multi_region("audit")), "audit"), no());
}

#[test]
fn of_two_equal_trails_the_one_with_the_smaller_arn_stays() {
    let world = World::alone().with(multi_region("one")).with(multi_region("two"));
    assert_eq!(redundant(&world, "one"), no());
    assert_eq!(redundant(&world, "two"), yes("one"));
}

#[test]
fn a_trail_of_one_region_yields_to_one_of_all_regions() {
    let flagged = Trail { includes_global_service_events: true, ..local("audit", "us-east-1") };
    let world = World::alone().with(flagged).with(multi_region("zulu"));
    assert_eq!(redundant(&world, "audit"), yes("zulu"));
    assert_eq!(redundant(&world, "zulu"), no());
}

#[test]
fn a_trail_of_a_member_yields_to_the_organizations() {
    let own = Trail { owner: MEMBER.to_owned(), ..multi_region("own") };
    let world = World::organization().with(own.clone()).with(of_organization("zulu"));
    assert_eq!(redundant(&world, "own"), yes("zulu"));
    assert_eq!(redundant(&world, "zulu"), no());
    let stopped = Trail { status: logging(false), ..of_organization("zulu") };
    assert_eq!(redundant(&World::organization().with(own.clone()).with(stopped), "own"), no());
    let unread = Trail { status: denied(), ..of_organization("zulu") };
    assert_eq!(redundant(&World::organization().with(own.clone()).with(unread), "own"), unknown());
    let stands_still = [("eu-west-1".to_owned(), logging(false))].into();
    let stands_still = Trail { replicas: stands_still, ..of_organization("zulu") };
    assert_eq!(redundant(&World::organization().with(own).with(stands_still), "own"), no());
}

#[test]
fn two_equal_organization_trails_are_compared_in_every_account() {
    let world = World::organization().with(of_organization("one")).with(of_organization("two"));
    assert_eq!((redundant(&world, "one"), redundant(&world, "two")), (no(), yes("one")));
}

#[test]
fn less_is_repeated_by_more_and_not_the_other_way_round() {
    let all = multi_region("zulu");
    let writes = Trail { selectors: classic("WriteOnly", &[]), ..multi_region("audit") };
    let world = World::alone().with(all.clone()).with(writes);
    assert_eq!((redundant(&world, "audit"), redundant(&world, "zulu")), (yes("zulu"), no()));
    let halves = World::alone()
        .with(all)
        .with(Trail { selectors: classic("WriteOnly", &[]), ..multi_region("writes") })
        .with(Trail { selectors: classic("ReadOnly", &[]), ..multi_region("reads") });
    let answers = ["zulu", "writes", "reads"].map(|name| redundant(&halves, name).0);
    assert_eq!(answers, [Some(false), Some(true), Some(true)]);
}

#[test]
fn trails_that_record_different_things_are_both_needed() {
    let kms = advanced([vec![management(), equals("eventSource", &["kms.amazonaws.com"])]]);
    let world = World::alone()
        .with(Trail { selectors: classic("All", &["kms.amazonaws.com"]), ..multi_region("audit") })
        .with(Trail { selectors: kms, ..multi_region("keys") });
    assert_eq!((redundant(&world, "audit"), redundant(&world, "keys")), (no(), no()));
}

#[test]
fn a_trail_that_records_no_management_events_or_nothing_is_no_copy_of_them() {
    let data =
        advanced([vec![equals("eventCategory", &["Data"]), equals("resources.type", &["AWS::S3::Object"])]]);
    let world = World::alone()
        .with(multi_region("audit"))
        .with(Trail { selectors: data, ..multi_region("data") })
        .with(Trail { status: logging(false), ..multi_region("stopped") });
    let answers = ["audit", "data", "stopped"].map(|name| redundant(&world, name));
    assert_eq!(answers, [no(), no(), no()]);
}

#[test]
fn global_service_events_that_only_one_of_them_records_count() {
    let flagged = Trail { includes_global_service_events: true, ..local("zulu", "us-east-1") };
    let world = World::alone().with(local("audit", "us-east-1")).with(flagged);
    assert_eq!((redundant(&world, "audit"), redundant(&world, "zulu")), (yes("zulu"), no()));
}

#[test]
fn what_is_not_known_of_the_trail_or_of_the_place_leaves_it_open() {
    let with = |selectors| {
        let world =
            World::alone().with(multi_region("audit")).with(Trail { selectors, ..multi_region("zulu") });
        redundant(&world, "zulu").0
    };
    assert_eq!(with(known(Selectors::Classic(Vec::new()))), Some(true));
    assert_eq!(with(denied()), None, "it may record nothing at all");
    let zulu = Trail { includes_global_service_events: true, ..local("zulu", "us-east-1") };
    let world = World::alone()
        .with(Trail { selectors: classic("WriteOnly", &[]), ..multi_region("audit") })
        .with(zulu)
        .deny("111111111111", "eu-west-1");
    assert_eq!(redundant(&world, "audit").0, None, "another trail may hide in the other region");
    assert_eq!(redundant(&world, "zulu").0, Some(false));
}
