//! Organization trails: the alerts of members are their owner's matter.

use super::stage::{CHANGES, KEYS, TOPIC, audit, broken, event_rule, open, raised, said};
use crate::facts::tests::world::{MANAGEMENT, MEMBER, World, denied, logging, multi_region};
use crate::inventory::Trail;

fn of_organization() -> Trail {
    Trail { is_organization_trail: true, ..audit() }
}

fn watched() -> World {
    World::organization().with(of_organization()).watch()
}

/// Prowler 2438, Steampipe 536: members have no log group of their own.
#[test]
fn a_member_that_relies_on_the_organizations_trail_is_not_judged() {
    let member = watched().account(MEMBER);
    assert_eq!(member.relies_on_organization_trail.value(), Some(&true));
    assert_eq!(said(&member.alerts.cloudtrail_changes), open());
    assert_eq!(watched().keys(), raised());
    assert_eq!(watched().changes(), raised());
}

#[test]
fn members_share_their_answer() {
    let facts = watched().facts();
    let alerts: Vec<_> =
        facts.accounts.iter().filter(|one| one.id != MANAGEMENT).map(|one| &one.alerts).collect();
    assert!(alerts.len() == 2 && std::sync::Arc::ptr_eq(alerts[0], alerts[1]));
}

#[test]
fn a_filter_narrowed_to_the_owner_misses_the_members() {
    let narrow = |pattern: &str| {
        pattern.replacen('{', "{ ($.recipientAccountId = \"111111111111\") && (", 1).replace(" }", ") }")
    };
    let world = watched().change_filters(|filters| {
        filters[0].pattern = narrow(CHANGES);
        filters[1].pattern = narrow(KEYS);
    });
    assert_eq!(
        world.keys(),
        broken(
            "no metric filter on audit fires on DisableKey, ScheduleKeyDeletion outside account 111111111111"
        )
    );
    assert_eq!(world.changes(), raised(), "no member can touch the trail");
    let alone = World::watched().change_filters(|filters| filters[1].pattern = narrow(KEYS));
    assert_eq!(alone.keys(), raised());
}

#[test]
fn event_rules_of_the_owner_do_not_see_the_members() {
    let keys = r#"{"source": ["aws.kms"]}"#;
    let trails = r#"{"source": ["aws.cloudtrail"]}"#;
    let trail = Trail { is_organization_trail: true, ..multi_region("audit") };
    let world = World::organization()
        .with(trail)
        .watch()
        .add_rule_everywhere(&event_rule("keys", keys, &[TOPIC]))
        .add_rule_everywhere(&event_rule("trails", trails, &[TOPIC]));
    let (is_raised, at) = world.keys();
    assert_eq!(is_raised, Some(false));
    assert!(at.starts_with("event rules do not see what member accounts do: DisableKey, "), "{at}");
    assert_eq!(world.changes(), raised());
    assert_eq!(said(&world.alert(|all| &all.tampering)), raised());
}

#[test]
fn a_trail_of_the_management_account_alone_owes_members_nothing() {
    let world = World::organization().with(audit()).watch();
    assert_eq!(world.keys(), raised());
    let narrow =
        KEYS.replacen('{', "{ ($.recipientAccountId = \"111111111111\") && (", 1).replace(" }", ") }");
    assert_eq!(world.change_filters(|filters| filters[1].pattern = narrow).keys(), raised());
}

#[test]
fn it_is_open_whether_members_count_while_the_organizations_trail_is_unread() {
    let narrow =
        KEYS.replacen('{', "{ ($.recipientAccountId = \"111111111111\") && (", 1).replace(" }", ") }");
    let with = |status| {
        let organization = Trail { is_organization_trail: true, status, ..multi_region("org") };
        let world = World::organization().with(organization).with(audit()).watch();
        world.change_filters(|filters| filters[1].pattern.clone_from(&narrow)).keys().0
    };
    assert_eq!(with(logging(true)), Some(false));
    assert_eq!(with(logging(false)), Some(true));
    assert_eq!(with(denied()), None);
}
