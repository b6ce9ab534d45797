//! Accounts that own no trail.

use super::stage::{open, said};
use crate::facts::tests::world::{MANAGEMENT, MEMBER, World, denied, logging, multi_region, of_organization};
use crate::inventory::Trail;

fn of_member(world: &World) -> [(Option<bool>, String); 2] {
    let alerts = world.account(MEMBER).alerts;
    [said(&alerts.cloudtrail_changes), said(&alerts.iam_policy_changes)]
}

fn both(answer: (Option<bool>, &str)) -> [(Option<bool>, String); 2] {
    [(answer.0, answer.1.to_owned()), (answer.0, answer.1.to_owned())]
}

#[test]
fn without_any_trail_nothing_is_raised() {
    assert_eq!(of_member(&World::organization()), both((Some(false), "no logging trail")));
    let stopped = Trail { status: logging(false), ..of_organization("org") };
    assert_eq!(of_member(&World::organization().with(stopped)), both((Some(false), "no logging trail")));
    let of_others = World::organization().with(multi_region("own"));
    assert_eq!(of_member(&of_others), both((Some(false), "no logging trail")));
}

#[test]
fn what_may_hide_leaves_it_open_where_it_matters() {
    let world = World::organization().deny(MEMBER, "us-east-1");
    assert_eq!(of_member(&world), [(Some(false), "no logging trail in eu-west-1".to_owned()), open()]);
    let unread = Trail { status: denied(), ..of_organization("org") };
    assert_eq!(of_member(&World::organization().with(unread)), both((None, "")));
    assert_eq!(of_member(&World::organization().deny_account(MEMBER)), both((None, "")));
}

#[test]
fn an_organization_trail_of_one_region_leaves_the_others_bare() {
    let trail = Trail { is_multi_region: false, ..of_organization("org") };
    let world = World::organization().with(trail);
    assert_eq!(of_member(&world), [(Some(false), "no logging trail in eu-west-1".to_owned()), open()]);
    let alert = world.account(MEMBER).alerts.iam_policy_changes.clone();
    assert_eq!(
        super::stage::gaps(&alert)[0].to_string(),
        format!(
            "who raises alerts was not collected (they are a matter of the account {MANAGEMENT}, which owns the trail org)"
        )
    );
}
