//! Stopping, deleting, changing or blinding a trail.

use serde_json::json;

use super::super::world::{
    MANAGEMENT, MEMBER, OTHER, World, denied, known, local, multi_region, of_organization,
};
use super::{
    EVERYWHERE, ROOT, SANDBOX, WORKLOADS, alone, change, change_policy, control_tower, denies, deny, details,
    full_access, policy, unit, world,
};
use crate::facts::Fact;
use crate::inventory::{AccountStatus, DelegatedAdministrator, Observed, Origin, Trail};

const ALL: &str = "StopLogging, DeleteTrail, UpdateTrail, PutEventSelectors";

fn own(name: &str) -> Trail {
    Trail { owner: MEMBER.to_owned(), ..multi_region(name) }
}

#[test]
fn a_guardrail_binds_members_below_where_it_is_attached_and_shows_whom_it_exempts() {
    for (target, bound) in
        [(ROOT, [true, true]), (WORKLOADS, [true, false]), (SANDBOX, [false, true]), (MEMBER, [true, false])]
    {
        let world = world(vec![policy("Guard", &control_tower("*"), &[target])]);
        assert_eq!([MEMBER, OTHER].map(|account| denies(&world, account).unwrap()), bound, "{target}");
        for (account, is_bound) in [MEMBER, OTHER].into_iter().zip(bound) {
            let facts = world.account(account);
            let expected =
                if is_bound { ["", "arn:aws:iam::*:role/AWSControlTowerExecution"] } else { [ALL, ""] };
            assert_eq!([facts.undenied_trail_actions, facts.guardrail_exemptions], expected);
        }
    }
}

#[test]
fn the_management_account_is_out_of_reach() {
    let world = world(vec![policy("Guard", &control_tower("*"), &[ROOT, MANAGEMENT])]);
    let facts = world.account(MANAGEMENT);
    assert_eq!(facts.denies_trail_changes.value(), Some(&false));
    assert_eq!(facts.undenied_trail_actions, ALL);
    assert_eq!(facts.guardrail_exemptions, "");
}

#[test]
fn a_lone_account_and_an_organization_for_billing_only_have_no_guardrails() {
    assert_eq!(denies(&World::alone(), MANAGEMENT), Some(false));
    let billing = change(world(vec![policy("Guard", &control_tower("*"), &[ROOT])]), |organization| {
        organization.feature_set = "CONSOLIDATED_BILLING".to_owned();
    });
    assert_eq!(denies(&billing, MEMBER), Some(false));
}

#[test]
fn an_account_that_was_looked_at_alone_may_belong_to_an_organization() {
    let mut world = World::alone();
    world.0.collection.scope.account_only = true;
    assert_eq!(denies(&world, MANAGEMENT), None);
    assert!(
        details(&world.account(MANAGEMENT).denies_trail_changes)[0]
            .starts_with("--account-only was not collected")
    );
}

#[test]
fn a_suspended_account_is_bound_like_any_other() {
    let suspended =
        |world: World| world.leave_out(MEMBER, |account| account.status = AccountStatus::Suspended);
    assert_eq!(
        denies(&suspended(world(vec![policy("Guard", &deny(&["cloudtrail:*"]), &[ROOT])])), MEMBER),
        Some(true)
    );
    assert_eq!(denies(&suspended(world(vec![])), MEMBER), Some(false));
}

#[test]
fn policies_that_are_attached_to_nothing_are_not_in_force() {
    let detached = change_policy(world(vec![]), "FullAWSAccess", |policy| policy.targets = known(Vec::new()));
    assert_eq!(denies(&detached, MEMBER), Some(false));
}

#[test]
fn where_full_access_is_missing_only_what_is_listed_is_allowed() {
    let listed = |action| {
        let allow = json!([{ "Effect": "Allow", "Action": action, "Resource": "*" }]);
        let rest = EVERYWHERE.iter().copied().filter(|target| *target != WORKLOADS).collect::<Vec<_>>();
        let replaced = world(vec![policy("Listed", &allow, &[WORKLOADS])]);
        change_policy(replaced, "FullAWSAccess", |policy| policy.targets = full_access(&rest).targets)
    };
    assert_eq!(denies(&listed(json!(["s3:*", "ec2:*"])), MEMBER), Some(true));
    assert_eq!(denies(&listed(json!(["s3:*", "cloudtrail:*"])), MEMBER), Some(false));
    // Who knows whether it is attached there, too: it may be what allows.
    let maybe = change_policy(listed(json!(["s3:*"])), "FullAWSAccess", |policy| policy.targets = denied());
    assert_eq!(denies(&maybe, MEMBER), None);
}

#[test]
fn a_deny_with_a_not_action_spares_the_named_actions() {
    let deny =
        json!([{ "Effect": "Deny", "NotAction": ["cloudtrail:UpdateTrail", "iam:*"], "Resource": "*" }]);
    let facts = world(vec![policy("Guard", &deny, &[ROOT])]).account(MEMBER);
    assert_eq!(facts.denies_trail_changes.value(), Some(&false));
    assert_eq!(facts.undenied_trail_actions, "UpdateTrail");
}

#[test]
fn two_policies_at_different_levels_add_up() {
    let world = world(vec![
        policy("Above", &deny(&["cloudtrail:Stop*", "cloudtrail:Delete*"]), &[ROOT]),
        policy("Below", &deny(&["cloudtrail:Update*", "cloudtrail:PutEventSelectors"]), &[WORKLOADS]),
    ]);
    assert_eq!(denies(&world, MEMBER), Some(true));
    assert_eq!(world.account(OTHER).undenied_trail_actions, "UpdateTrail, PutEventSelectors");
}

#[test]
fn a_deny_in_one_region_protects_a_trail_at_home_there_and_no_other() {
    let deny = json!([{ "Sid": "Ireland", "Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestedRegion": "eu-west-1" } } }]);
    let world = || world(vec![policy("Guard", &deny, &[ROOT])]);
    assert_eq!(denies(&world(), MEMBER), Some(false));
    assert_eq!(
        world().account(MEMBER).undenied_trail_actions,
        format!(
            "{ALL} (denied in part by Guard, statement 1 (Ireland): StringEquals aws:requestedregion eu-west-1)"
        )
    );
    let at_home = |region| world().with(Trail { owner: MEMBER.to_owned(), ..local("audit", region) });
    assert_eq!(denies(&at_home("eu-west-1"), MEMBER), Some(true));
    assert_eq!(denies(&at_home("us-east-1"), MEMBER), Some(false));
}

#[test]
fn a_deny_for_trails_of_one_name_must_cover_every_trail_of_the_account() {
    let guarded = || {
        world(vec![policy(
            "Guard",
            &control_tower("arn:aws:cloudtrail:*:*:trail/aws-controltower-*"),
            &[ROOT],
        )])
    };
    assert_eq!(denies(&guarded(), MEMBER), Some(false), "it protects no trail that the account may make");
    let named = || guarded().with(own("aws-controltower-BaselineCloudTrail"));
    assert_eq!(denies(&named(), MEMBER), Some(true));
    let both = named().with(own("audit"));
    assert_eq!(denies(&both, MEMBER), Some(false));
    assert_eq!(both.account(MEMBER).undenied_trail_actions, format!("{ALL} on the trail audit"));
    let hidden = named().deny(MEMBER, "eu-west-1");
    assert_eq!(denies(&hidden, MEMBER), None, "the region that was not read may show another");
    assert_eq!(denies(&both.deny(MEMBER, "eu-west-1"), MEMBER), Some(false));
    assert_eq!(denies(&guarded().deny_account(MEMBER), MEMBER), None);
    let everywhere = world(vec![policy("Guard", &control_tower("*"), &[ROOT])]);
    assert_eq!(denies(&everywhere.deny_account(MEMBER), MEMBER), Some(true), "it covers what was not seen");
}

#[test]
fn a_delegated_administrator_must_not_reach_the_organization_trail_either() {
    let own_trails = format!("arn:aws:cloudtrail:*:{MEMBER}:trail/*");
    let with = |resource: &str, administrators: Observed<Vec<DelegatedAdministrator>>| {
        let guarded = world(vec![policy("Guard", &control_tower(resource), &[ROOT])]);
        change(guarded.with(of_organization("org")), |one| one.delegated_administrators = administrators)
    };
    let member = || known(vec![DelegatedAdministrator { account: MEMBER.to_owned(), name: String::new() }]);
    assert_eq!(denies(&with("*", member()), MEMBER), Some(true));
    assert_eq!(denies(&with(&own_trails, known(vec![])), MEMBER), Some(true));
    assert_eq!(denies(&with(&own_trails, member()), MEMBER), Some(false));
    assert_eq!(denies(&with(&own_trails, denied()), MEMBER), None);
    assert_eq!(denies(&with("*", denied()), MEMBER), Some(true));
}

#[test]
fn what_was_not_read_leaves_the_answer_open_unless_a_deny_is_certain() {
    let open = || world(vec![policy("Maybe", &control_tower("*"), &[WORKLOADS])]);
    let closed =
        || world(vec![policy("Maybe", &json!([]), &[]), policy("Guard", &deny(&["cloudtrail:*"]), &[ROOT])]);
    let gaps: [fn(World) -> World; 4] = [
        |world| change_policy(world, "Maybe", |policy| policy.document = denied()),
        |world| change_policy(world, "Maybe", |policy| policy.targets = denied()),
        |world| change(world, |organization| organization.units = denied()),
        |world| change(world, |organization| organization.units = known(vec![unit(ROOT, None, &[])])),
    ];
    for (number, gap) in gaps.into_iter().enumerate() {
        assert_eq!(denies(&gap(open()), MEMBER), None, "{number}");
        assert_eq!(denies(&gap(closed()), MEMBER), Some(true), "{number}");
    }
    let unlisted = change(closed(), |organization| organization.service_control_policies = denied());
    assert_eq!(
        details(&unlisted.account(MEMBER).denies_trail_changes),
        ["test:Denied in 111111111111 was denied (AccessDenied)"]
    );
    assert_eq!(unlisted.account(MANAGEMENT).undenied_trail_actions, ALL);
}

#[test]
fn a_document_that_was_not_read_matters_only_where_it_is_attached() {
    let world = world(vec![policy("Maybe", &json!([]), &[SANDBOX])]);
    let world = change_policy(world, "Maybe", |policy| policy.document = denied());
    assert_eq!([MEMBER, OTHER].map(|account| denies(&world, account)), [Some(false), None]);
}

#[test]
fn who_is_exempt_is_not_known_while_a_policy_is_not_read() {
    let world =
        world(vec![policy("Guard", &control_tower("*"), &[ROOT]), policy("Maybe", &json!([]), &[ROOT])]);
    let world = change_policy(world, "Maybe", |policy| policy.document = denied());
    assert_eq!(denies(&world, MEMBER), Some(true));
    assert_eq!(world.account(MEMBER).undenied_trail_actions, "");
    assert_eq!(world.account(MEMBER).guardrail_exemptions, "");
}

#[test]
fn a_document_that_is_no_policy_is_quoted() {
    let guarded = || world(vec![policy("Guard", &json!([]), &[WORKLOADS])]);
    let broken =
        change_policy(guarded(), "Guard", |policy| policy.document = known("{\"Statement\": 1}".to_owned()));
    let words = details(&broken.account(MEMBER).denies_trail_changes);
    assert_eq!(words.len(), 1);
    assert!(words[0].ends_with("(the policy Guard: its Statement is neither object nor list)"), "{words:?}");
    assert_eq!(denies(&broken, OTHER), Some(false));
    let strange = json!([{ "Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*",
        "Condition": { "StringAlmostEquals": { "aws:PrincipalArn": "x" } } }]);
    let words =
        details(&world(vec![policy("Guard", &strange, &[ROOT])]).account(MEMBER).denies_trail_changes);
    assert!(
        words[0].contains("the policy Guard: ") && words[0].contains("\"StringAlmostEquals\""),
        "{words:?}"
    );
}

#[test]
fn units_that_contradict_each_other_do_not_place_an_account() {
    let twice =
        [unit(ROOT, None, &[]), unit(WORKLOADS, Some(ROOT), &[MEMBER]), unit(SANDBOX, Some(ROOT), &[MEMBER])];
    let lost = [unit(WORKLOADS, Some("ou-nowhere"), &[MEMBER]), unit(ROOT, None, &[])];
    for units in [twice.to_vec(), lost.to_vec()] {
        let world = change(world(vec![]), |organization| organization.units = known(units));
        assert_eq!(denies(&world, MEMBER), None);
    }
}

#[test]
fn a_verdict_rests_on_the_policies_that_bind_the_account() {
    let read_by = |what: &str| Origin::Stated(what.to_owned());
    let world = world(vec![
        policy("Guard", &control_tower("*"), &[WORKLOADS]),
        policy("Elsewhere", &json!([]), &[SANDBOX]),
    ]);
    let world = change_policy(world, "Guard", |policy| {
        policy.document = Observed::known(super::document(&control_tower("*")), read_by("the guard"));
    });
    let world = change_policy(world, "Elsewhere", |policy| {
        policy.targets = Observed::known(vec![SANDBOX.to_owned()], read_by("elsewhere"));
    });
    let Fact::Known { origins, .. } = world.account(MEMBER).denies_trail_changes else { panic!() };
    assert!(origins.contains(&read_by("the guard")) && !origins.contains(&read_by("elsewhere")));
}

#[test]
fn accounts_of_one_unit_get_their_own_answers_where_a_policy_tells_them_apart() {
    let here = |value: &str, operator: &str| {
        let deny = json!([{ "Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*",
            "Condition": { operator: { "aws:PrincipalAccount": value } } }]);
        let world = change(world(vec![policy("Guard", &deny, &[ROOT])]), |organization| {
            organization.units = known(vec![unit(ROOT, None, &[MANAGEMENT, MEMBER, OTHER])]);
        });
        for account in [MEMBER, OTHER] {
            assert_eq!(
                alone(&world, account).denies_trail_changes,
                world.account(account).denies_trail_changes
            );
        }
        [MEMBER, OTHER].map(|account| denies(&world, account))
    };
    assert_eq!(here(MEMBER, "StringEquals"), [Some(true), Some(false)]);
    assert_eq!(here(MEMBER, "StringNotEquals"), [Some(false), Some(true)]);
    assert_eq!(here("2*", "StringLike"), [Some(true), Some(false)]);
    assert_eq!(here("222222222223", "NumericLessThan"), [Some(true), Some(false)]);
    assert_eq!(here("3333????????", "StringNotLike"), [Some(true), Some(false)]);
}
