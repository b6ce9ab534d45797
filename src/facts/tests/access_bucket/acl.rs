//! What an ACL lets others do.

use super::super::world::{OWNER_ID, denied, known};
use super::{facts, value};
use crate::facts::LogBucketAccessFacts;
use crate::inventory::{Acl, AclGrant, Bucket, PublicAccessBlock};

const FOREIGN: &str = "c0ffee00f900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2";
const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// The owner's own grant, which every ACL starts with, and another.
fn granted(grantee: &str, permission: &str, change: impl FnOnce(&mut Bucket)) -> LogBucketAccessFacts {
    let grant = |grantee: &str, permission: &str| AclGrant {
        grantee: grantee.to_owned(),
        permission: permission.to_owned(),
    };
    let grants = vec![grant(OWNER_ID, "FULL_CONTROL"), grant(grantee, permission)];
    facts(|bucket| {
        bucket.acl = known(Acl { owner: Some(OWNER_ID.to_owned()), grants });
        change(bucket);
    })
}

fn lets(grantee: &str, permission: &str) -> [Option<bool>; 2] {
    let facts = granted(grantee, permission, |_| ());
    [value(&facts.lets_others_write), value(&facts.lets_others_change_it)]
}

#[test]
fn the_owners_own_grant_lets_in_nobody_else() {
    assert_eq!(lets(OWNER_ID, "FULL_CONTROL"), [Some(false); 2]);
}

/// Prowler looks for `AllUsers` alone.
#[test]
fn groups_of_everybody_and_other_accounts_write_and_change_by_their_permission() {
    for grantee in [ALL_USERS, AUTHENTICATED, FOREIGN] {
        assert_eq!(lets(grantee, "READ"), [Some(false); 2]);
        assert_eq!(lets(grantee, "READ_ACP"), [Some(false); 2]);
        assert_eq!(lets(grantee, "WRITE"), [Some(true), Some(false)]);
        assert_eq!(lets(grantee, "WRITE_ACP"), [Some(true); 2]);
        assert_eq!(lets(grantee, "FULL_CONTROL"), [Some(true); 2]);
    }
    let facts = granted(AUTHENTICATED, "WRITE", |_| ());
    assert_eq!(facts.writers, "anyone with an AWS account has WRITE by the ACL");
}

#[test]
fn the_delivery_of_server_access_logs_is_no_writer() {
    assert_eq!(lets(LOG_DELIVERY, "WRITE"), [Some(false); 2]);
}

#[test]
fn acls_that_are_disabled_let_in_nobody() {
    let enforced =
        |bucket: &mut Bucket| bucket.object_ownership = known(Some("BucketOwnerEnforced".to_owned()));
    let facts = granted(FOREIGN, "FULL_CONTROL", enforced);
    assert_eq!([value(&facts.lets_others_write), value(&facts.lets_others_change_it)], [Some(false); 2]);
    assert_eq!((facts.writers.as_str(), facts.changers.as_str()), ("", ""));
    let unread = super::facts(|bucket| {
        enforced(bucket);
        bucket.acl = denied();
    });
    assert_eq!(value(&unread.lets_others_write), Some(false), "whatever it says");
    let preferred = granted(FOREIGN, "WRITE", |bucket| {
        bucket.object_ownership = known(Some("BucketOwnerPreferred".to_owned()));
    });
    assert_eq!(value(&preferred.lets_others_write), Some(true));
}

#[test]
fn where_it_is_not_known_whether_acls_are_disabled_only_a_harmless_one_is_settled() {
    let unread = |bucket: &mut Bucket| bucket.object_ownership = denied();
    assert_eq!(value(&granted(FOREIGN, "WRITE", unread).lets_others_write), None);
    assert_eq!(value(&granted(FOREIGN, "READ", unread).lets_others_write), Some(false));
}

#[test]
fn ignoring_public_acls_stops_groups_and_not_single_accounts() {
    let ignoring = |bucket: &mut Bucket| {
        bucket.public_access_block =
            known(Some(PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::default() }));
    };
    assert_eq!(value(&granted(ALL_USERS, "WRITE", ignoring).lets_others_write), Some(false));
    assert_eq!(value(&granted(FOREIGN, "WRITE", ignoring).lets_others_write), Some(true));
    let unread = |bucket: &mut Bucket| bucket.public_access_block = denied();
    assert_eq!(value(&granted(ALL_USERS, "WRITE", unread).lets_others_write), None);
}

#[test]
fn an_acl_that_does_not_name_its_owner_leaves_single_accounts_open() {
    let grants = vec![AclGrant { grantee: FOREIGN.to_owned(), permission: "FULL_CONTROL".to_owned() }];
    let facts = facts(|bucket| bucket.acl = known(Acl { owner: None, grants }));
    assert_eq!([value(&facts.lets_others_write), value(&facts.lets_others_change_it)], [None; 2]);
}

#[test]
fn an_acl_that_could_not_be_read_leaves_open_who_writes() {
    let facts = facts(|bucket| bucket.acl = denied());
    assert_eq!([value(&facts.lets_others_write), value(&facts.lets_others_change_it)], [None; 2]);
}
