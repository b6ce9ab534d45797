//! What several trails of one account record together.

use super::world::{
    DEFAULT_REGIONS, MANAGEMENT, NO, UNKNOWN, World, YES, advanced, classic, denied, equals, known, local,
    logging, management, multi_region, not_equals,
};
use crate::inventory::{AdvancedFieldSelector, Selectors, Trail};

const KMS: &str = "kms.amazonaws.com";

/// What a multi-region trail with these selectors records.
fn recorded_with(selectors: crate::inventory::Observed<Selectors>) -> (Option<bool>, Option<bool>) {
    let world = World::alone().with(Trail { selectors, ..multi_region("audit") });
    let [first, second] = DEFAULT_REGIONS.map(|region| world.recorded(MANAGEMENT, region));
    assert_eq!(first, second);
    first
}

fn unrecorded(world: &World) -> String {
    world.account(MANAGEMENT).unrecorded
}

#[test]
fn no_trail_at_all_records_nothing() {
    let world = World::alone();
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(unrecorded(&world), "all management events in all 2 regions");
    assert_eq!(world.account(MANAGEMENT).has_logging_multi_region_trail.value(), Some(&false));
}

#[test]
fn no_selectors_mean_all_management_events() {
    assert_eq!(recorded_with(known(Selectors::Classic(Vec::new()))), YES);
}

/// nccgroup/ScoutSuite 1668: flagging each trail is wrong, the union counts.
#[test]
fn a_read_only_and_a_write_only_trail_add_up() {
    let world = World::alone()
        .with(Trail { selectors: classic("ReadOnly", &[]), ..multi_region("reads") })
        .with(Trail { selectors: classic("WriteOnly", &[]), ..multi_region("writes") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), YES);
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    assert_eq!(unrecorded(&world), "");
}

#[test]
fn the_same_halves_in_different_regions_do_not_add_up() {
    let world = World::alone()
        .with(Trail { selectors: classic("ReadOnly", &[]), ..local("reads", "eu-west-1") })
        .with(Trail { selectors: classic("WriteOnly", &[]), ..local("writes", "us-east-1") });
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), (Some(true), Some(false)));
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), (Some(false), Some(true)));
    assert_eq!(unrecorded(&world), "write events in eu-west-1; read events in us-east-1");
}

/// mondoohq/mql 10202: any `readOnly` disqualified; two advanced selectors of one trail add up too.
#[test]
fn two_advanced_selectors_for_reads_and_writes_add_up() {
    let half = |read_only: &str| vec![management(), equals("readOnly", &[read_only])];
    assert_eq!(recorded_with(advanced([half("true"), half("false")])), YES);
    assert_eq!(recorded_with(advanced([half("true")])), (Some(true), Some(false)));
    assert_eq!(
        recorded_with(advanced([vec![management(), not_equals("readOnly", &["true"])]])),
        (Some(false), Some(true))
    );
}

/// Prowler counts an advanced selector only under the name "Management events selector".
#[test]
fn an_unnamed_advanced_selector_counts() {
    assert_eq!(recorded_with(advanced([vec![management()]])), YES);
}

/// steampipe-mod-aws-compliance: a pure data selector passed for want of the text `readOnly`.
#[test]
fn a_pure_data_selector_records_no_management_events() {
    let data = vec![equals("eventCategory", &["Data"]), equals("resources.type", &["AWS::S3::Object"])];
    assert_eq!(recorded_with(advanced([data])), NO);
}

#[test]
fn a_classic_selector_without_management_events_records_none() {
    let Some(Selectors::Classic(mut list)) = classic("All", &[]).value().cloned() else { unreachable!() };
    list[0].includes_management_events = false;
    assert_eq!(recorded_with(known(Selectors::Classic(list))), NO);
}

#[test]
fn excluding_kms_alone_is_incomplete_and_is_named() {
    let world = World::alone().with(Trail { selectors: classic("All", &[KMS]), ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(unrecorded(&world), "events of kms.amazonaws.com in all 2 regions");
    let selectors = advanced([vec![management(), not_equals("eventSource", &[KMS])]]);
    let world = World::alone().with(Trail { selectors, ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(unrecorded(&world), "events of kms.amazonaws.com in all 2 regions");
}

#[test]
fn excluding_kms_on_one_trail_and_recording_only_kms_on_another_is_complete() {
    let only_kms = advanced([vec![management(), equals("eventSource", &[KMS])]]);
    let world = World::alone()
        .with(Trail { selectors: classic("All", &[KMS]), ..multi_region("audit") })
        .with(Trail { selectors: only_kms.clone(), ..multi_region("keys") });
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    let world = World::alone().with(Trail { selectors: only_kms, ..multi_region("keys") });
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), NO);
    assert_eq!(unrecorded(&world), "events of all event sources but kms.amazonaws.com in all 2 regions");
}

#[test]
fn excluding_kms_from_reads_only_leaves_writes_complete() {
    let writes = vec![management(), equals("readOnly", &["false"])];
    let reads = vec![management(), equals("readOnly", &["true"]), not_equals("eventSource", &[KMS])];
    let world = World::alone().with(Trail { selectors: advanced([writes, reads]), ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), (Some(false), Some(true)));
    assert_eq!(unrecorded(&world), "read events of kms.amazonaws.com in all 2 regions");
}

#[test]
fn a_stopped_trail_records_nothing() {
    let world = World::alone().with(Trail { status: logging(false), ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(world.account(MANAGEMENT).has_logging_multi_region_trail.value(), Some(&false));
    assert_eq!(world.account(MANAGEMENT).records_global_service_events.value(), Some(&false));
}

#[test]
fn a_trail_whose_status_or_selectors_are_unknown_leaves_its_regions_unknown() {
    let world = World::alone().with(Trail { status: denied(), ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), UNKNOWN);
    assert_eq!(world.account(MANAGEMENT).has_logging_multi_region_trail.value(), None);
    assert_eq!(recorded_with(denied()), UNKNOWN);
}

#[test]
fn unknown_selectors_of_a_stopped_trail_do_not_matter() {
    let world =
        World::alone().with(Trail { status: logging(false), selectors: denied(), ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
}

#[test]
fn an_unknown_trail_beside_a_complete_one_does_not_matter() {
    let world = World::alone()
        .with(multi_region("audit"))
        .with(Trail { selectors: denied(), ..multi_region("another") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), YES);
}

#[test]
fn a_single_region_trail_covers_only_its_home_region() {
    let world = World::alone().with(local("audit", "eu-west-1"));
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(unrecorded(&world), "all management events in us-east-1");
    assert_eq!(world.account(MANAGEMENT).has_logging_multi_region_trail.value(), Some(&false));
}

/// An implementation of the API that lists every trail in every region does not make a trail record there.
#[test]
fn a_single_region_trail_that_another_region_lists_does_not_record_there() {
    let mut world = World::alone().with(local("audit", "eu-west-1"));
    let account = world.account_mut(MANAGEMENT);
    let listed = account.trails["eu-west-1"].clone();
    account.trails.insert("us-east-1".to_owned(), listed);
    world.forget();
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
}

#[test]
fn what_is_not_understood_is_neither_pass_nor_fail() {
    let no_operator =
        AdvancedFieldSelector { field: "readOnly".to_owned(), ..AdvancedFieldSelector::default() };
    let ends = AdvancedFieldSelector {
        field: "readOnly".to_owned(),
        ends_with: vec!["e".to_owned()],
        ..AdvancedFieldSelector::default()
    };
    for fields in [
        vec![management(), equals("resources.tags", &["x"])],
        vec![management(), no_operator],
        vec![management(), ends],
        vec![management(), equals("readOnly", &["maybe"])],
        vec![equals("eventCategory", &["Quantum"])],
        vec![not_equals("eventCategory", &["Data"])],
        vec![equals("readOnly", &["true"]), equals("readOnly", &["oops"])],
    ] {
        assert_eq!(recorded_with(advanced([fields.clone()])).0, None, "{fields:?}");
        let beside = advanced([fields, vec![management()]]);
        assert_eq!(recorded_with(beside), YES, "a selector that takes everything settles it");
    }
    assert_eq!(recorded_with(advanced([])), UNKNOWN);
    assert_eq!(recorded_with(classic("Some", &[])), UNKNOWN);
}

#[test]
fn what_is_not_understood_still_excludes_what_it_certainly_excludes() {
    let fields = vec![management(), equals("quantum", &["x"]), equals("readOnly", &["true"])];
    assert_eq!(recorded_with(advanced([fields])), (None, Some(false)));
    let fields = vec![equals("eventCategory", &["Data"]), equals("quantum", &["x"])];
    assert_eq!(recorded_with(advanced([fields])), NO);
}

#[test]
fn conditions_on_one_field_join_select_by_or_and_deselect_by_and() {
    let both = AdvancedFieldSelector {
        starts_with: vec!["k".to_owned()],
        ends_with: vec![".com".to_owned()],
        not_equals: vec![KMS.to_owned()],
        ..equals("eventSource", &["iam"])
    };
    let rest = AdvancedFieldSelector {
        field: "eventSource".to_owned(),
        not_starts_with: vec!["k".to_owned()],
        not_ends_with: vec![".com".to_owned()],
        ..AdvancedFieldSelector::default()
    };
    let selectors = advanced([vec![management(), both], vec![management(), rest]]);
    let world = World::alone().with(Trail { selectors, ..multi_region("audit") });
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(unrecorded(&world), "events of kms.amazonaws.com in all 2 regions");
}

#[test]
fn global_service_events_are_recorded_in_us_east_1() {
    let with_flag = |region| Trail { includes_global_service_events: true, ..local("audit", region) };
    let records =
        |trail| World::alone().with(trail).account(MANAGEMENT).records_global_service_events.value().copied();
    assert_eq!(records(with_flag("us-east-1")), Some(true));
    assert_eq!(records(local("audit", "us-east-1")), Some(false), "the flag is off");
    assert_eq!(records(with_flag("eu-west-1")), Some(false), "since 2021-11-22 it receives none");
    assert_eq!(records(Trail { home_region: "eu-west-1".to_owned(), ..multi_region("audit") }), Some(true));
    assert_eq!(records(Trail { selectors: classic("WriteOnly", &[]), ..multi_region("audit") }), Some(false));
    assert_eq!(records(Trail { selectors: denied(), ..multi_region("audit") }), None);
}

#[test]
fn global_service_events_are_elsewhere_in_other_partitions() {
    let records = |partition: &str, regions: [&str; 2], trails: Vec<Trail>| {
        let mut world = World::alone();
        for region in regions {
            world = world.enable(MANAGEMENT, region);
        }
        world.0.collection.partition = partition.to_owned();
        let world = trails.into_iter().fold(world, World::with);
        world.account(MANAGEMENT).records_global_service_events.value().copied()
    };
    let with_flag = |name, region| Trail { includes_global_service_events: true, ..local(name, region) };
    let china = ["cn-north-1", "cn-northwest-1"];
    assert_eq!(records("aws-cn", china, vec![with_flag("a", "cn-north-1")]), Some(false));
    let both = vec![with_flag("a", "cn-north-1"), with_flag("b", "cn-northwest-1")];
    assert_eq!(records("aws-cn", china, both), Some(true));
    let gov = ["us-gov-east-1", "us-gov-west-1"];
    assert_eq!(records("aws-us-gov", gov, vec![with_flag("a", "us-gov-west-1")]), Some(true));
    assert_eq!(records("aws-us-gov", gov, vec![with_flag("a", "us-gov-east-1")]), Some(false));
}
