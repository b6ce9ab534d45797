//! Facts about a trail by itself.

use super::world::{World, denied, known, local, multi_region};
use crate::inventory::{Key, KeyMetadata, Observed, Trail, TrailStatus};

const KEY: &str = "arn:aws:kms:us-east-1:111111111111:key/1";

fn with_key(metadata: Observed<Option<KeyMetadata>>) -> (Option<bool>, Option<bool>, Option<String>) {
    let mut world = World::alone().with(Trail { kms_key: Some(KEY.to_owned()), ..multi_region("audit") });
    let key = Key { id: KEY.to_owned(), owner: String::new(), metadata, policy: denied(), rotates: denied() };
    world.0.keys.insert(KEY.to_owned(), key);
    of_key(&world)
}

fn of_key(world: &World) -> (Option<bool>, Option<bool>, Option<String>) {
    let trail = world.trail("audit");
    let (managed, enabled) = (trail.key_is_customer_managed, trail.key_is_enabled);
    (managed.value().copied(), enabled.value().copied(), trail.key_state.value().cloned())
}

fn metadata(manager: &str, state: &str) -> Observed<Option<KeyMetadata>> {
    known(Some(KeyMetadata {
        arn: KEY.to_owned(),
        manager: manager.to_owned(),
        state: state.to_owned(),
        spec: "SYMMETRIC_DEFAULT".to_owned(),
        origin: "AWS_KMS".to_owned(),
        multi_region: false,
    }))
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with a value that may be missing")]
fn state(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_key_has_to_exist_be_enabled_and_belong_to_the_customer() {
    assert_eq!(with_key(metadata("CUSTOMER", "Enabled")), (Some(true), Some(true), state("Enabled")));
    assert_eq!(with_key(metadata("CUSTOMER", "Disabled")), (Some(true), Some(false), state("Disabled")));
    assert_eq!(
        with_key(metadata("CUSTOMER", "PendingDeletion")),
        (Some(true), Some(false), state("PendingDeletion"))
    );
    assert_eq!(with_key(metadata("AWS", "Enabled")), (Some(false), Some(true), state("Enabled")));
    assert_eq!(with_key(known(None)), (Some(false), Some(false), state("missing")));
    assert_eq!(with_key(denied()), (None, None, None));
}

#[test]
fn a_trail_without_a_key_has_none_and_a_key_that_was_not_read_is_unknown() {
    let world = World::alone().with(multi_region("audit"));
    assert!(!world.trail("audit").has_kms_key);
    assert_eq!(of_key(&world), (Some(false), Some(false), state("")));
    let world = World::alone().with(Trail { kms_key: Some(KEY.to_owned()), ..multi_region("audit") });
    assert!(world.trail("audit").has_kms_key);
    assert_eq!(of_key(&world), (None, None, None));
}

#[test]
fn hours_since_delivery_count_to_the_moment_of_judgement() {
    let hours = |status: Observed<TrailStatus>| {
        let trail = World::alone().with(Trail { status, ..local("audit", "eu-west-1") }).trail("audit");
        (trail.has_delivered.value().copied(), trail.hours_since_delivery.value().copied())
    };
    let at = |text: &str| {
        known(TrailStatus {
            is_logging: true,
            latest_delivery: Some(text.to_owned()),
            ..TrailStatus::default()
        })
    };
    assert_eq!(hours(at("2026-11-21T11:59:59Z")), (Some(true), Some(0)));
    assert_eq!(hours(at("2026-11-20T12:00:00Z")), (Some(true), Some(24)));
    assert_eq!(hours(at("2026-11-20T12:00:01Z")), (Some(true), Some(23)));
    assert_eq!(hours(at("2026-11-22T12:00:00Z")), (Some(true), Some(0)), "clocks differ");
    assert_eq!(hours(at("soon")), (Some(true), None));
    assert_eq!(hours(known(TrailStatus::default())), (Some(false), Some(9_007_199_254_740_991)));
    assert_eq!(hours(denied()), (None, None));
}

fn failing() -> TrailStatus {
    TrailStatus {
        latest_delivery_error: Some("AccessDenied".to_owned()),
        is_logging: true,
        ..TrailStatus::default()
    }
}

fn recording() -> TrailStatus {
    TrailStatus { is_logging: true, ..TrailStatus::default() }
}

fn with_replica(home: Observed<TrailStatus>, replica: Observed<TrailStatus>) -> crate::facts::TrailFacts {
    let replicas = std::collections::BTreeMap::from([("us-east-1".to_owned(), replica)]);
    World::alone()
        .with(Trail { status: home, is_multi_region: true, replicas, ..local("audit", "eu-west-1") })
        .trail("audit")
}

#[test]
fn a_delivery_error_in_any_region_counts_and_is_named_with_its_region() {
    let facts = with_replica(known(recording()), known(failing()));
    assert_eq!(facts.has_delivery_error.value(), Some(&true));
    assert_eq!(facts.delivery_error, "AccessDenied in us-east-1");
    assert_eq!(with_replica(known(recording()), known(recording())).has_delivery_error.value(), Some(&false));
    assert_eq!(with_replica(known(recording()), denied()).has_delivery_error.value(), None);
    assert_eq!(with_replica(denied(), known(failing())).has_delivery_error.value(), Some(&true));
}

#[test]
fn a_replica_that_stands_still_or_is_missing_is_found_apart_from_the_home_region() {
    let stopped = || known(TrailStatus::default());
    let facts = with_replica(known(recording()), stopped());
    assert_eq!((facts.is_logging.value(), facts.replicas_are_logging.value()), (Some(&true), Some(&false)));
    assert_eq!(facts.replica_trouble, "stopped in us-east-1");
    let facts = with_replica(stopped(), known(recording()));
    assert_eq!((facts.is_logging.value(), facts.replicas_are_logging.value()), (Some(&false), Some(&true)));
    assert_eq!(with_replica(known(recording()), denied()).replicas_are_logging.value(), None);

    let trail = Trail { is_multi_region: true, ..local("audit", "eu-west-1") };
    let mut world = World::alone().with(trail.clone());
    let listed = world.0.accounts.get_mut(super::world::MANAGEMENT).unwrap();
    listed.trails.insert("us-east-1".to_owned(), known(Vec::new()));
    let facts = world.trail("audit");
    assert_eq!(facts.replicas_are_logging.value(), Some(&false));
    assert_eq!(facts.replica_trouble, "missing in us-east-1");

    let denied = World::alone().with(trail).deny_regions(super::world::MANAGEMENT).trail("audit");
    assert_eq!(denied.replicas_are_logging.value(), None);
    assert_eq!(
        World::alone().with(local("audit", "eu-west-1")).trail("audit").replicas_are_logging.value(),
        Some(&true)
    );
}

#[test]
fn errors_of_digests_log_group_and_notifications_are_told_apart() {
    let status = |set: fn(&mut TrailStatus)| {
        let mut status = recording();
        set(&mut status);
        let facts = with_replica(known(recording()), known(status));
        [
            facts.has_delivery_error.value().copied(),
            facts.has_digest_delivery_error.value().copied(),
            facts.has_log_group_delivery_error.value().copied(),
            facts.has_notification_error.value().copied(),
        ]
    };
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(status(|_| ()), [no, no, no, no]);
    assert_eq!(status(|s| s.latest_digest_delivery_error = Some("AccessDenied".into())), [no, yes, no, no]);
    assert_eq!(
        status(|s| s.latest_log_group_delivery_error = Some("AccessDenied".into())),
        [no, no, yes, no]
    );
    assert_eq!(
        status(|s| s.latest_notification_error = Some("AuthorizationError".into())),
        [no, no, no, yes]
    );
}

#[test]
fn tags_of_aws_are_not_tags_of_the_customer() {
    let tags = [("owner", "security"), ("aws:cloudformation:stack-name", "audit")];
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect();
    let world = World::alone().with(Trail { tags: known(tags), ..local("audit", "eu-west-1") });
    assert_eq!(world.trail("audit").tag_keys.value(), Some(&vec!["owner".to_owned()]));
}

#[test]
fn a_stopped_trail_is_not_logging_and_an_unread_one_is_unknown() {
    let is_logging = |status| {
        let world = World::alone().with(Trail { status, ..local("audit", "eu-west-1") });
        world.trail("audit").is_logging.value().copied()
    };
    assert_eq!(is_logging(super::world::logging(true)), Some(true));
    assert_eq!(is_logging(super::world::logging(false)), Some(false));
    assert_eq!(is_logging(denied()), None);
}
