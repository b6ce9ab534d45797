//! Organization trails and the accounts they reach.

use super::world::{
    MANAGEMENT, MEMBER, NO, OTHER, UNKNOWN, World, YES, classic, denied, local, logging, multi_region,
    of_organization,
};
use crate::inventory::{AccountStatus, Observed, Trail, TrailSighting};
use crate::report::Recorded;

/// awslabs/aws-config-rules 401, steampipe-mod-aws-compliance 536: members of a healthy organization trail fail nowhere.
#[test]
fn an_organization_trail_covers_every_member_and_is_judged_once() {
    let world = World::organization().with(of_organization("org"));
    for account in [MANAGEMENT, MEMBER, OTHER] {
        assert_eq!(world.recorded(account, "eu-west-1"), YES);
        assert_eq!(world.account(account).has_logging_multi_region_trail.value(), Some(&true));
        assert_eq!(world.account(account).records_global_service_events.value(), Some(&true));
    }
    assert_eq!(world.facts().trails.len(), 1);
    assert_eq!(world.facts().log_buckets.len(), 1);
}

#[test]
fn an_account_trail_of_the_management_account_covers_no_member() {
    let world = World::organization().with(multi_region("own"));
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), YES);
    assert_eq!(world.recorded(MEMBER, "us-east-1"), NO);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), Some(&false));
    assert!(world.account(MEMBER).unrecorded.contains("all management events"));
}

#[test]
fn a_member_that_could_not_be_read_is_covered_by_a_logging_multi_region_organization_trail() {
    let world = World::organization().with(of_organization("org")).deny_account(MEMBER);
    assert_eq!(world.recorded(MEMBER, "us-east-1"), YES);
    assert_eq!(world.recorded_elsewhere(MEMBER), YES);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), Some(&true));
    assert_eq!(world.account(MEMBER).records_global_service_events.value(), Some(&true));
}

#[test]
fn a_member_that_could_not_be_read_is_unknown_under_a_stopped_organization_trail() {
    let world = World::organization()
        .with(Trail { status: logging(false), ..of_organization("org") })
        .deny_account(MEMBER);
    assert_eq!(world.recorded(MEMBER, "us-east-1"), UNKNOWN);
    assert_eq!(world.recorded_elsewhere(MEMBER), UNKNOWN);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), None);
    assert_eq!(world.account(MEMBER).unrecorded, "");
    assert_eq!(world.recorded(OTHER, "us-east-1"), NO);
}

#[test]
fn a_member_whose_copy_has_not_shown_up_is_covered_in_every_fact_alike() {
    let mut world = World::organization().with(of_organization("org"));
    for listed in world.account_mut(MEMBER).trails.values_mut() {
        *listed = super::world::known(Vec::new());
    }
    world.forget();
    assert_eq!(world.recorded(MEMBER, "eu-west-1"), YES);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), Some(&true));
    assert_eq!(world.account(MEMBER).records_global_service_events.value(), Some(&true));
    assert_eq!(world.account(MEMBER).unrecorded, "");
}

#[test]
fn a_single_region_organization_trail_covers_only_its_region_in_every_member() {
    let trail = Trail { is_organization_trail: true, ..local("org", "eu-west-1") };
    let world = World::organization().with(trail).deny(OTHER, "eu-west-1").deny(OTHER, "us-east-1");
    assert_eq!(world.recorded(MEMBER, "eu-west-1"), YES);
    assert_eq!(world.recorded(MEMBER, "us-east-1"), NO);
    assert_eq!(world.recorded(OTHER, "eu-west-1"), YES);
    assert_eq!(world.recorded(OTHER, "us-east-1"), UNKNOWN);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), Some(&false));
}

/// Members cannot read the selectors of an organization trail (cloud-custodian 6394).
#[test]
fn an_organization_trail_whose_selectors_are_unknown_leaves_members_unknown() {
    let world = World::organization().with(Trail { selectors: denied(), ..of_organization("org") });
    assert_eq!(world.recorded(MEMBER, "us-east-1"), UNKNOWN);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), Some(&true));
    assert_eq!(world.account(MEMBER).records_global_service_events.value(), None);
}

#[test]
fn a_member_trail_adds_what_the_organization_trail_leaves_out() {
    let own = Trail { owner: MEMBER.to_owned(), selectors: classic("ReadOnly", &[]), ..multi_region("own") };
    let world = World::organization()
        .with(Trail { selectors: classic("WriteOnly", &[]), ..of_organization("org") })
        .with(own);
    assert_eq!(world.recorded(MEMBER, "eu-west-1"), YES);
    assert_eq!(world.recorded(OTHER, "eu-west-1"), (Some(false), Some(true)));
}

#[test]
fn an_opt_in_region_of_a_member_is_covered_by_the_organization_trail() {
    let world = World::organization().enable(MEMBER, "me-south-1").with(of_organization("org"));
    assert_eq!(world.recorded(MEMBER, "me-south-1"), YES);
    let cells = |account: &str| {
        let facts = world.facts();
        let row = facts.coverage.into_iter().find(|row| row.account == account).unwrap();
        row.cells.into_iter().map(|cell| (cell.region, cell.reads)).collect::<Vec<_>>()
    };
    assert_eq!(cells(MEMBER)[1], ("me-south-1".to_owned(), Recorded::Yes));
    assert_eq!(cells(OTHER)[1], ("me-south-1".to_owned(), Recorded::Disabled));
}

/// The copy of a former organization's trail is no trail of this organization.
#[test]
fn the_trail_of_another_organization_reaches_nobody_but_where_it_shows() {
    let foreign = Trail { owner: "999999999999".to_owned(), ..of_organization("foreign") };
    let mut world = World::organization().with(foreign);
    for account in [MANAGEMENT, OTHER] {
        for listed in world.account_mut(account).trails.values_mut() {
            *listed = super::world::known(Vec::new());
        }
    }
    world.forget();
    assert_eq!(world.recorded(MEMBER, "us-east-1"), YES);
    assert_eq!(world.recorded(OTHER, "us-east-1"), NO);
    assert!(world.facts().organizations[0].organization_trails.rows.is_empty());
}

#[test]
fn suspended_accounts_are_listed_and_not_evaluated() {
    let world = World::organization()
        .with(of_organization("org"))
        .leave_out(MEMBER, |account| account.status = AccountStatus::Suspended);
    let facts = world.facts();
    assert!(!world.account(MEMBER).is_active);
    let row = facts.coverage.iter().find(|row| row.account == MEMBER).unwrap();
    assert_eq!((row.evaluated, row.note.as_str(), row.cells.len()), (false, "suspended", 0));
    assert!(facts.unread.is_empty(), "{:?}", facts.unread);
}

#[test]
fn accounts_out_of_scope_are_listed_and_have_no_facts() {
    let world = World::organization()
        .with(of_organization("org"))
        .leave_out(OTHER, |account| account.in_scope = false);
    let facts = world.facts();
    assert_eq!(
        facts.accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(),
        [MANAGEMENT, MEMBER]
    );
    let row = facts.coverage.iter().find(|row| row.account == OTHER).unwrap();
    assert_eq!((row.evaluated, row.note.as_str()), (false, "out of scope"));
    assert!(facts.unread.is_empty());
}

#[test]
fn the_organization_trail_that_a_member_shows_is_known_while_others_may_hide() {
    let world = World::organization()
        .with(of_organization("org"))
        .leave_out(MANAGEMENT, |account| account.in_scope = false);
    let facts = world.facts();
    let trails = &facts.organizations[0].organization_trails;
    assert_eq!(trails.rows.len(), 1);
    assert_eq!(trails.rows[0].is_multi_region.value(), Some(&true));
    let phantom = trails.phantom.as_ref().unwrap();
    assert_eq!(phantom.is_multi_region.value(), Some(&false), "members would show it");
    assert_eq!(phantom.is_logging.value(), None);
}

#[test]
fn the_organization_has_no_trails_when_every_region_was_read_and_shows_none() {
    let trails = World::organization().facts().organizations.remove(0).organization_trails;
    assert!(trails.rows.is_empty() && trails.phantom.is_none());
}

#[test]
fn a_listed_trail_of_which_nothing_is_known_leaves_things_unknown() {
    let mut world = World::organization();
    let sighting = TrailSighting { arn: "arn:aws:cloudtrail:us-east-1:111111111111:trail/ghost".to_owned() };
    let Some(Observed::Known { value, .. }) = world.account_mut(MEMBER).trails.get_mut("us-east-1") else {
        unreachable!()
    };
    value.push(sighting);
    assert_eq!(world.recorded(MEMBER, "us-east-1"), UNKNOWN);
    assert_eq!(world.recorded(MEMBER, "eu-west-1"), NO);
    assert_eq!(world.account(MEMBER).has_logging_multi_region_trail.value(), None);
    let phantom = world.facts().organizations.remove(0).organization_trails.phantom.unwrap();
    assert_eq!(phantom.is_multi_region.value(), None);
}
