//! What could not be read: neither pass nor fail, and no harm to its neighbours.

use super::world::{
    MANAGEMENT, MEMBER, NO, OTHER, UNKNOWN, World, YES, classic, local, logging, multi_region,
    of_organization,
};
use crate::inventory::{GapReason, Origin, Trail};
use crate::report::Recorded;

/// steampipe-mod-aws-compliance 934: one denied region took the whole query down.
#[test]
fn a_denied_region_where_nothing_else_records_is_unknown_and_others_stay() {
    let world = World::alone().with(local("audit", "eu-west-1")).deny(MANAGEMENT, "us-east-1");
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), UNKNOWN);
    let account = world.account(MANAGEMENT);
    assert_eq!(account.unrecorded, "");
    assert_eq!(
        account.has_logging_multi_region_trail.value(),
        Some(&false),
        "a replica would show in eu-west-1"
    );
    assert_eq!(account.records_global_service_events.value(), None);
    assert!(account.regions.phantom.is_none());
}

#[test]
fn a_denied_region_does_not_hide_a_certain_failure_elsewhere() {
    let world = World::alone().deny(MANAGEMENT, "us-east-1");
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), NO);
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), UNKNOWN);
    assert_eq!(world.account(MANAGEMENT).unrecorded, "all management events in eu-west-1");
}

#[test]
fn a_denied_region_that_a_multi_region_trail_covers_passes() {
    let world = World::alone().with(multi_region("audit")).deny(MANAGEMENT, "eu-west-1");
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
}

#[test]
fn a_denied_region_that_a_multi_region_trail_covers_in_part_is_unknown_in_the_rest() {
    let trail = Trail { selectors: classic("WriteOnly", &[]), ..multi_region("audit") };
    let world = World::alone().with(trail).deny(MANAGEMENT, "eu-west-1");
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), (None, Some(true)));
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), (Some(false), Some(true)));
}

#[test]
fn an_account_of_which_every_region_was_denied_is_unknown() {
    let world = World::alone()
        .with(multi_region("audit"))
        .deny(MANAGEMENT, "eu-west-1")
        .deny(MANAGEMENT, "us-east-1");
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), UNKNOWN);
    assert_eq!(world.account(MANAGEMENT).has_logging_multi_region_trail.value(), None);
    assert_eq!(world.account(MANAGEMENT).records_global_service_events.value(), None);
}

#[test]
fn regions_that_could_not_be_listed_are_covered_only_when_a_multi_region_trail_records_everything() {
    let of =
        |trail: Trail| World::alone().with(trail).deny_regions(MANAGEMENT).recorded_elsewhere(MANAGEMENT);
    assert_eq!(of(multi_region("audit")), YES);
    assert_eq!(of(local("audit", "us-east-1")), UNKNOWN);
    assert_eq!(of(Trail { status: logging(false), ..multi_region("audit") }), UNKNOWN);
    assert_eq!(
        of(Trail { selectors: classic("WriteOnly", &[]), ..multi_region("audit") }),
        (None, Some(true))
    );
    let world = World::alone().deny_regions(MANAGEMENT);
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO, "a default region is always enabled");
    assert_eq!(
        world.account(MANAGEMENT).unrecorded,
        "all management events in all 2 regions that were looked at"
    );
}

#[test]
fn regions_out_of_scope_are_not_judged() {
    let world = World::alone().with(local("audit", "eu-west-1")).limit_regions(&["eu-west-1"]);
    let account = world.account(MANAGEMENT);
    assert_eq!(account.regions.rows.len(), 1);
    assert!(account.regions.phantom.is_none());
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    let global = account.records_global_service_events;
    let crate::facts::Fact::Unknown(gaps) = global else { panic!("{global:?}") };
    assert_eq!(gaps[0].origin, Origin::Stated("--regions".to_owned()));
    assert_eq!(gaps[0].reason, GapReason::NotCollected);
}

#[test]
fn a_multi_region_trail_reaches_the_global_region_that_is_out_of_scope() {
    let world = World::alone().with(multi_region("audit")).limit_regions(&["eu-west-1"]);
    assert_eq!(world.account(MANAGEMENT).records_global_service_events.value(), Some(&true));
    assert_eq!(world.account(MANAGEMENT).has_logging_multi_region_trail.value(), Some(&true));
}

fn unread(world: &World) -> Vec<(String, Option<String>)> {
    world.facts().unread.into_iter().map(|one| (one.account, one.region)).collect()
}

#[test]
fn what_was_read_is_not_unread() {
    assert!(unread(&World::organization()).is_empty());
}

#[test]
fn an_account_that_refused_everything_for_one_cause_is_one_entry() {
    let world = World::organization().with(of_organization("org")).deny_account(MEMBER);
    assert_eq!(unread(&world), [(MEMBER.to_owned(), None)]);
}

#[test]
fn each_denied_region_is_an_entry() {
    let world =
        World::organization().deny(MEMBER, "us-east-1").deny(OTHER, "eu-west-1").deny(OTHER, "us-east-1");
    let entry = |account: &str, region: &str| (account.to_owned(), Some(region.to_owned()));
    assert_eq!(
        unread(&world),
        [entry(MEMBER, "us-east-1"), entry(OTHER, "eu-west-1"), entry(OTHER, "us-east-1")]
    );
}

#[test]
fn cells_say_what_is_recorded_by_which_trails() {
    let world = World::organization()
        .enable(MANAGEMENT, "me-south-1")
        .with(Trail { selectors: classic("WriteOnly", &[]), ..of_organization("org") })
        .with(Trail { owner: MEMBER.to_owned(), ..local("own", "eu-west-1") })
        .with(Trail { owner: MEMBER.to_owned(), status: logging(false), ..multi_region("stopped") })
        .deny(OTHER, "us-east-1")
        .deny_regions(OTHER);
    let facts = world.facts();
    let cells = |account: &str| {
        let row = facts.coverage.iter().find(|row| row.account == account).unwrap();
        let cells = row
            .cells
            .iter()
            .map(|cell| (cell.region.as_str(), cell.reads, cell.writes, cell.trails.join(",")));
        cells.collect::<Vec<_>>()
    };
    let (yes, no, unknown, disabled) = (Recorded::Yes, Recorded::No, Recorded::Unknown, Recorded::Disabled);
    let org = || "org".to_owned();
    assert_eq!(
        cells(MEMBER),
        [
            ("eu-west-1", yes, yes, "org,own".to_owned()),
            ("me-south-1", disabled, disabled, String::new()),
            ("us-east-1", no, yes, org()),
        ]
    );
    assert_eq!(
        cells(OTHER),
        [
            ("eu-west-1", no, yes, org()),
            ("me-south-1", unknown, yes, org()),
            ("us-east-1", unknown, yes, org()),
        ]
    );
    assert_eq!(cells(MANAGEMENT)[1], ("me-south-1", no, yes, org()));
}
