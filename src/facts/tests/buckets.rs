//! Buckets that trails deliver to.

use super::world::{
    MANAGEMENT, MEMBER, OTHER, World, denied, gap, known, local, multi_region, of_organization,
};
use crate::facts::LogBucketFacts;
use crate::inventory::{
    AccountStatus, Acl, AclGrant, Bucket, ObjectLock, Observed, PublicAccessBlock, Retention, Trail,
    Versioning,
};

fn bucket(change: impl FnOnce(&mut Bucket)) -> LogBucketFacts {
    World::organization().with(of_organization("org")).change_bucket(change).bucket()
}

fn observed<T>(value: Option<T>) -> Observed<T> {
    value.map_or_else(denied, known)
}

fn acl(is_open: Option<bool>) -> Observed<Acl> {
    let grantee = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers".to_owned();
    let grants =
        |is_open: bool| is_open.then(|| AclGrant { grantee: grantee.clone(), permission: "READ".to_owned() });
    observed(is_open.map(|is_open| Acl { owner: None, grants: grants(is_open).into_iter().collect() }))
}

/// `Some(true)`: the switch is on; `Some(false)`: nothing is set.
fn block(is_on: Option<bool>, switch: fn(&mut PublicAccessBlock)) -> Observed<Option<PublicAccessBlock>> {
    observed(is_on.map(|is_on| {
        is_on.then(|| {
            let mut block = PublicAccessBlock::default();
            switch(&mut block);
            block
        })
    }))
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn not(a: Option<bool>) -> Option<bool> {
    a.map(|a| !a)
}

const ALL: [Option<bool>; 3] = [Some(true), Some(false), None];

/// Prowler looks at ACLs for `AllUsers` alone, steampipe at no Block Public Access: both are wrong in both directions.
#[test]
fn a_bucket_is_public_through_its_policy_or_its_acl_with_no_block_in_the_way() {
    let restrict: fn(&mut PublicAccessBlock) = |block| block.restrict_public_buckets = true;
    let ignore: fn(&mut PublicAccessBlock) = |block| block.ignore_public_acls = true;
    for policy in ALL {
        for acl_is_open in ALL {
            for of_bucket in ALL {
                for of_account in ALL {
                    for (switch, stops_policy) in [(restrict, true), (ignore, false)] {
                        let facts = bucket(|bucket| {
                            bucket.policy_is_public = observed(policy);
                            bucket.policy = denied();
                            bucket.acl = acl(acl_is_open);
                            bucket.public_access_block = block(of_bucket, switch);
                            bucket.account_public_access_block = block(of_account, switch);
                        });
                        // A block that could not be read may have either switch on.
                        let unset = |block: Option<bool>| if block.is_none() { None } else { Some(true) };
                        let stopped_here = and(not(of_bucket), not(of_account));
                        let other = and(unset(of_bucket), unset(of_account));
                        let (free_policy, free_acl) =
                            if stops_policy { (stopped_here, other) } else { (other, stopped_here) };
                        let (by_policy, by_acl) = (and(policy, free_policy), and(acl_is_open, free_acl));
                        let expected = not(and(not(by_policy), not(by_acl)));
                        let case = (policy, acl_is_open, of_bucket, of_account, stops_policy);
                        assert_eq!(facts.access.is_public.value().copied(), expected, "{case:?}");
                        let words = match (by_policy, by_acl) {
                            (Some(true), Some(true)) => Some("its policy and its ACL"),
                            (Some(true), Some(false)) => Some("its policy"),
                            (Some(false), Some(true)) => Some("its ACL"),
                            (Some(false), Some(false)) => Some(""),
                            _ => None,
                        };
                        assert_eq!(facts.access.opened_by.value().map(String::as_str), words, "{case:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn switches_that_refuse_new_openings_do_not_close_old_ones() {
    let facts = bucket(|bucket| {
        bucket.policy_is_public = known(true);
        bucket.public_access_block = known(Some(PublicAccessBlock {
            block_public_acls: true,
            block_public_policy: true,
            ..PublicAccessBlock::default()
        }));
    });
    assert_eq!(facts.access.is_public.value(), Some(&true));
}

#[test]
fn only_the_groups_of_everybody_make_an_acl_public() {
    let is_public = |grantee: &str| {
        let grants = vec![AclGrant { grantee: grantee.to_owned(), permission: "WRITE".to_owned() }];
        bucket(|bucket| bucket.acl = known(Acl { owner: None, grants })).access.is_public.value().copied()
    };
    assert_eq!(is_public("http://acs.amazonaws.com/groups/global/AllUsers"), Some(true));
    assert_eq!(is_public("http://acs.amazonaws.com/groups/s3/LogDelivery"), Some(false));
    assert_eq!(is_public("79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"), Some(false));
}

#[test]
fn object_lock_counts_with_a_default_retention() {
    let lock = |lock: Observed<Option<ObjectLock>>| {
        let facts = bucket(|bucket| bucket.object_lock = lock);
        (
            facts.keeping.locks_objects.value().copied(),
            facts.keeping.object_lock_mode.value().cloned(),
            facts.keeping.object_lock_days.value().copied(),
        )
    };
    assert_eq!(lock(known(None)), (Some(false), Some(String::new()), Some(0)));
    assert_eq!(
        lock(known(Some(ObjectLock { default_retention: None }))),
        (Some(false), Some(String::new()), Some(0))
    );
    let retention = Retention { mode: "COMPLIANCE".to_owned(), days: 365 };
    let set = known(Some(ObjectLock { default_retention: Some(retention) }));
    assert_eq!(lock(set), (Some(true), Some("COMPLIANCE".to_owned()), Some(365)));
    assert_eq!(lock(denied()), (None, None, None));
}

#[test]
fn versioning_that_is_suspended_is_off() {
    let versions = |status: Option<&str>| {
        let versioning = Versioning { status: status.map(str::to_owned), mfa_delete: false };
        let facts = bucket(|bucket| bucket.versioning = known(versioning));
        (facts.keeping.versions_objects.value().copied(), facts.keeping.versioning.value().cloned())
    };
    assert_eq!(versions(Some("Enabled")), (Some(true), Some("Enabled".to_owned())));
    assert_eq!(versions(Some("Suspended")), (Some(false), Some("Suspended".to_owned())));
    assert_eq!(versions(None), (Some(false), Some("never enabled".to_owned())));
}

/// Prowler 1895: a bucket in another account was a failure, then a manual check; where it belongs is what counts.
#[test]
fn a_bucket_belongs_to_the_organization_or_does_not_or_nobody_knows() {
    let owned = |owner: Observed<Option<String>>| {
        let facts = bucket(|bucket| bucket.owner = owner);
        [facts.is_owned_in_organization, facts.is_owned_by_management_account, facts.is_owned_by_trail_owner]
            .map(|fact| fact.value().copied())
    };
    assert_eq!(owned(known(Some(MANAGEMENT.to_owned()))), [Some(true), Some(true), Some(true)]);
    assert_eq!(owned(known(Some(MEMBER.to_owned()))), [Some(true), Some(false), Some(false)]);
    assert_eq!(owned(known(None)), [Some(false), Some(false), Some(false)]);
    assert_eq!(owned(denied()), [None, None, None]);
    assert_eq!(bucket(|bucket| bucket.owner = known(None)).owner.value().map(String::as_str), Some(""));
}

#[test]
fn an_owner_may_hide_a_trail_of_its_own_where_it_could_not_be_read() {
    let own = Trail { owner: MEMBER.to_owned(), ..local("own", "eu-west-1") };
    let world = || {
        let world = World::organization().with(of_organization("org")).with(own.clone());
        world.change_bucket(|bucket| bucket.owner = known(Some(MEMBER.to_owned())))
    };
    let by_trail_owner = |world: World| world.bucket().is_owned_by_trail_owner.value().copied();
    assert_eq!(by_trail_owner(world()), Some(true));
    assert_eq!(by_trail_owner(world().deny(MEMBER, "eu-west-1")), None);
    assert_eq!(by_trail_owner(world().deny(OTHER, "eu-west-1")), Some(true));
}

#[test]
fn a_bucket_that_is_gone_exists_no_more_and_one_out_of_reach_may() {
    assert_eq!(bucket(|bucket| bucket.exists = known(false)).exists.value(), Some(&false));
    assert_eq!(bucket(|bucket| bucket.exists = denied()).exists.value(), None);
}

#[test]
fn a_bucket_of_which_nothing_was_recorded_is_unknown_and_not_left_out() {
    let mut world = World::alone().with(multi_region("audit"));
    world.0.buckets.clear();
    let facts = world.bucket();
    assert_eq!(facts.name, "logs");
    assert_eq!(
        (facts.exists.value(), facts.access.is_public.value(), facts.owner.value()),
        (None, None, None)
    );
}

#[test]
fn a_bucket_names_every_trail_that_delivers_to_it() {
    let world = World::alone().with(multi_region("b")).with(local("a", "eu-west-1"));
    assert_eq!(world.bucket().trails, ["a", "b"]);
}

#[test]
fn buckets_of_accounts_out_of_scope_are_left_out() {
    let elsewhere =
        Trail { owner: OTHER.to_owned(), bucket: "others".to_owned(), ..local("own", "eu-west-1") };
    let world = World::organization().with(of_organization("org")).with(elsewhere);
    assert_eq!(world.facts().log_buckets.len(), 2);
    let world = world.leave_out(OTHER, |account| account.status = AccountStatus::Suspended);
    assert_eq!(world.bucket().name, "logs");
}

#[test]
fn a_gap_keeps_its_cause() {
    let cause = gap("s3:GetBucketAcl", MEMBER, "us-east-1");
    let facts = bucket(|bucket| bucket.acl = Observed::Gap(cause.clone()));
    assert_eq!(facts.access.is_public, crate::facts::Fact::Unknown(vec![cause]));
}
