//! Verdicts about recording that other tools get wrong, told with the tool and the thread where it was reported.

use super::world::{
    MANAGEMENT, NO, UNKNOWN, World, YES, advanced, classic, denied, equals, known, local, management,
    multi_region, not_equals, of_organization, strings,
};
use crate::facts::coverage::Coverage;
use crate::inventory::{
    AdvancedFieldSelector, AdvancedSelector, ClassicSelector, DataResource, Observed, Selectors, Trail,
};

const KMS: &str = "kms.amazonaws.com";
const RDS: &str = "rdsdata.amazonaws.com";
const S3: &str = "AWS::S3::Object";
const LAMBDA: &str = "AWS::Lambda::Function";

type Answers = (Option<bool>, Option<bool>);

fn trail(selectors: Observed<Selectors>) -> Trail {
    Trail { selectors, ..multi_region("audit") }
}

fn data(kind: &str) -> Vec<AdvancedFieldSelector> {
    vec![equals("eventCategory", &["Data"]), equals("resources.type", &[kind])]
}

fn objects(more: Vec<AdvancedFieldSelector>) -> Vec<AdvancedFieldSelector> {
    [data(S3), more].concat()
}

fn arn(starts_with: &[&str], not_starts_with: &[&str]) -> AdvancedFieldSelector {
    AdvancedFieldSelector {
        starts_with: strings(starts_with),
        not_starts_with: strings(not_starts_with),
        ..equals("resources.ARN", &[])
    }
}

fn classic_data(read_write_type: &str, kind: &str, values: &[&str]) -> Observed<Selectors> {
    known(Selectors::Classic(vec![ClassicSelector {
        read_write_type: read_write_type.to_owned(),
        includes_management_events: true,
        excluded_management_sources: Vec::new(),
        data_resources: vec![DataResource { kind: kind.to_owned(), values: strings(values) }],
    }]))
}

/// Reads and writes of all S3 objects, the same in every region.
fn all_objects(world: &World) -> Answers {
    let account = world.account(MANAGEMENT);
    let answers = account.regions.rows.iter().map(|row| {
        (row.records_s3_object_reads.value().copied(), row.records_s3_object_writes.value().copied())
    });
    let answers: Vec<Answers> = answers.collect();
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
    answers[0]
}

fn all_objects_with(selectors: Observed<Selectors>) -> Answers {
    all_objects(&World::alone().with(trail(selectors)))
}

fn bucket(world: &World, name: &str) -> Answers {
    let coverage = Coverage::of(&world.0);
    let (reads, writes) = coverage.records_objects(&world.0.accounts[MANAGEMENT], "us-east-1", name);
    (reads.value().copied(), writes.value().copied())
}

fn function(selectors: Observed<Selectors>, arn: &str) -> Option<bool> {
    let world = World::alone().with(trail(selectors));
    let coverage = Coverage::of(&world.0);
    coverage.records_invocations(&world.0.accounts[MANAGEMENT], arn).value().copied()
}

fn management_with(selectors: Observed<Selectors>) -> Answers {
    World::alone().with(trail(selectors)).recorded(MANAGEMENT, "us-east-1")
}

fn named(name: &str, fields: Vec<AdvancedFieldSelector>) -> Observed<Selectors> {
    known(Selectors::Advanced(vec![AdvancedSelector { name: Some(name.to_owned()), fields }]))
}

/// Prowler counts an advanced selector for the text of its name.
#[test]
fn the_name_of_a_selector_means_nothing() {
    assert_eq!(management_with(named("Management events selector", data(S3))), NO);
    assert_eq!(management_with(named("whatever", vec![management()])), YES);
}

/// Powerpipe looks for the letters `readOnly` anywhere in the selectors.
#[test]
fn the_word_read_only_in_a_name_narrows_nothing_and_without_it_data_are_no_management_events() {
    assert_eq!(management_with(named("not readOnly", vec![management()])), YES);
    assert_eq!(management_with(advanced([data(S3)])), NO);
    assert_eq!(
        management_with(advanced([vec![management()], objects(vec![equals("readOnly", &["true"])])])),
        YES,
        "the narrowing is that of another selector"
    );
}

/// Cloud Custodian does not look at `eventSource`.
#[test]
fn an_excluded_event_source_is_not_recorded() {
    assert_eq!(management_with(advanced([vec![management(), not_equals("eventSource", &[KMS])]])), NO);
    assert_eq!(management_with(classic("All", &[RDS])), NO);
}

/// cnspec disqualifies every selector that mentions `readOnly`; mondoohq/mql 10202 on classic-only predicates.
#[test]
fn selectors_for_reads_and_for_writes_add_up_for_data_events_too() {
    let half = |value: &str| objects(vec![equals("readOnly", &[value])]);
    assert_eq!(all_objects_with(advanced([half("true")])), (Some(true), Some(false)));
    assert_eq!(all_objects_with(advanced([half("true"), half("false")])), YES);
    let world = World::alone()
        .with(Trail { selectors: classic_data("ReadOnly", S3, &["arn:aws:s3"]), ..multi_region("reads") })
        .with(Trail { selectors: advanced([half("false")]), ..multi_region("writes") });
    assert_eq!(all_objects(&world), YES, "of two trails and both generations of selectors");
}

/// prowler-cloud/prowler 10858: a selector that is narrowed passed for its type alone.
#[test]
fn a_selector_narrowed_by_any_field_does_not_record_all_objects() {
    assert_eq!(all_objects_with(advanced([data(S3)])), YES);
    for narrowing in [
        equals("eventName", &["DeleteObject"]),
        not_equals("eventName", &["GetObject"]),
        equals("resources.ARN", &["arn:aws:s3:::payroll/a"]),
        arn(&["arn:aws:s3:::payroll/"], &[]),
        arn(&[], &["arn:aws:s3:::payroll/"]),
        not_equals("userIdentity.arn", &["arn:aws:iam::111111111111:role/backup"]),
        equals("eventSource", &["s3.amazonaws.com"]),
        equals("eventType", &["AwsApiCall"]),
        not_equals("sessionCredentialFromConsole", &["true"]),
    ] {
        assert_eq!(all_objects_with(advanced([objects(vec![narrowing.clone()])])), NO, "{narrowing:?}");
        let beside = advanced([objects(vec![narrowing]), data(S3)]);
        assert_eq!(all_objects_with(beside), YES, "a selector that takes everything settles it");
    }
    let deletions = || objects(vec![equals("eventName", &["DeleteObject"])]);
    let others = objects(vec![not_equals("eventName", &["DeleteObject"])]);
    assert_eq!(all_objects_with(advanced([deletions(), others])), YES, "both halves together are all");
    assert_eq!(all_objects_with(advanced([data("AWS::S3Express::Object")])), NO);
}

#[test]
fn the_bucket_that_trails_deliver_to_may_be_left_out_and_no_other() {
    let sparing = |names: &[&str]| {
        let starts: Vec<String> = names.iter().map(|name| format!("arn:aws:s3:::{name}/")).collect();
        let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
        advanced([objects(vec![arn(&[], &starts)])])
    };
    assert_eq!(all_objects_with(sparing(&["logs"])), YES);
    assert_eq!(all_objects_with(sparing(&["logs", "payroll"])), NO);
    assert_eq!(all_objects_with(sparing(&["logs2"])), NO, "the start of a name is not the name");
    let sparing_names = advanced([objects(vec![arn(&[], &["arn:aws:s3:::logs"])])]);
    assert_eq!(all_objects_with(sparing_names), NO, "it also leaves out logs2");
    let world = World::alone()
        .with(trail(sparing(&["logs", "other-logs"])))
        .with(Trail { bucket: "other-logs".to_owned(), ..local("other", "us-east-1") });
    assert_eq!(all_objects(&world), YES);
}

#[test]
fn a_bucket_left_out_may_be_that_of_a_trail_that_was_not_seen() {
    let world = |start: &str| {
        let selectors = advanced([objects(vec![arn(&[], &[start])])]);
        World::organization()
            .with(Trail { selectors, ..of_organization("audit") })
            .deny("222222222222", "us-east-1")
    };
    assert_eq!(all_objects(&world("arn:aws:s3:::payroll/")), UNKNOWN);
    assert_eq!(all_objects(&world("arn:aws:s3:::")), NO, "that is no single bucket");
}

#[test]
fn what_is_missing_of_objects_is_told_in_words() {
    let words = |selectors| World::alone().with(trail(selectors)).account(MANAGEMENT).unrecorded_s3_objects;
    assert_eq!(words(advanced([data(S3)])), "");
    assert_eq!(words(advanced([vec![management()]])), "all S3 object events in all 2 regions");
    assert_eq!(
        words(advanced([objects(vec![equals("readOnly", &["false"])])])),
        "S3 object reads in all 2 regions"
    );
    assert_eq!(
        words(advanced([objects(vec![arn(&["arn:aws:s3:::payroll/"], &[])])])),
        "S3 object events of all resources but arn:aws:s3:::payroll/… in all 2 regions"
    );
    assert_eq!(
        words(advanced([objects(vec![arn(&[], &["arn:aws:s3:::payroll/"])])])),
        "S3 object events of arn:aws:s3:::payroll/… in all 2 regions"
    );
    assert_eq!(
        words(advanced([objects(vec![equals("eventName", &["DeleteObject"])])])),
        "some S3 object events in all 2 regions"
    );
}

/// Powerpipe compares with LIKE, so that a selector for one bucket covers others whose names begin alike.
#[test]
fn a_bucket_whose_name_begins_alike_is_another_bucket() {
    let world = |value: &str| World::alone().with(trail(classic_data("All", S3, &[value])));
    assert_eq!(bucket(&world("arn:aws:s3:::logs-archive/"), "logs"), NO);
    assert_eq!(bucket(&world("arn:aws:s3:::logs/"), "logs-archive"), NO);
    assert_eq!(bucket(&world("arn:aws:s3:::logs/"), "logs"), YES);
    assert_eq!(bucket(&world("arn:aws:s3:::logs/2026/"), "logs"), NO, "a part of it");
    assert_eq!(
        bucket(&world("arn:aws:s3:::logs"), "logs"),
        UNKNOWN,
        "AWS does not say what it means without a slash"
    );
    for all in ["arn:aws:s3", "arn:aws:s3:::"] {
        assert_eq!(bucket(&world(all), "logs"), YES, "{all}");
    }
    let named = advanced([objects(vec![arn(&["arn:aws:s3:::logs/"], &[])])]);
    let world = World::alone().with(trail(named));
    assert_eq!((bucket(&world, "logs"), bucket(&world, "logs-archive")), (YES, NO));
}

/// prowler-cloud/prowler 1973.
#[test]
fn every_function_is_recorded_by_the_short_arn_and_one_by_its_own() {
    const FUNCTION: &str = "arn:aws:lambda:us-east-1:111111111111:function:hello";
    assert_eq!(function(classic_data("All", LAMBDA, &["arn:aws:lambda"]), FUNCTION), Some(true));
    assert_eq!(function(classic_data("All", LAMBDA, &[FUNCTION]), FUNCTION), Some(true));
    assert_eq!(function(classic_data("All", LAMBDA, &[FUNCTION]), &format!("{FUNCTION}2")), Some(false));
    assert_eq!(function(classic_data("All", S3, &["arn:aws:s3"]), FUNCTION), Some(false));
    assert_eq!(function(advanced([data(LAMBDA)]), FUNCTION), Some(true));
    assert_eq!(function(denied(), FUNCTION), None);
    let all_with_a_star = classic_data("All", LAMBDA, &["arn:aws:lambda:*"]);
    assert_eq!(function(all_with_a_star, FUNCTION), None, "AWS refuses it");
    let writes = classic_data("WriteOnly", LAMBDA, &["arn:aws:lambda"]);
    assert_eq!(function(writes, FUNCTION), None, "an invocation is a read or a write event");
}

/// steampipe-mod-aws-compliance 408 and 971, nccgroup/ScoutSuite 1424: trails with advanced selectors only.
#[test]
fn advanced_selectors_count_where_there_are_no_classic_ones() {
    assert_eq!(management_with(advanced([vec![management()]])), YES);
    let world = World::alone().with(trail(advanced([vec![management()], data(S3)])));
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    assert_eq!(all_objects(&world), YES);
    assert_eq!(world.trail("audit").recording.records_management_events.value(), Some(&true));
}

/// nccgroup/ScoutSuite 1668: for each region, reads and writes, KMS and RDS.
#[test]
fn four_trails_that_each_record_a_quarter_add_up_in_their_region_only() {
    let quarter = |name: &str, access: &str, source: &str| Trail {
        selectors: classic(access, &[source]),
        ..local(name, "eu-west-1")
    };
    let world = World::alone()
        .with(quarter("a", "ReadOnly", KMS))
        .with(quarter("b", "ReadOnly", RDS))
        .with(quarter("c", "WriteOnly", KMS));
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), (Some(true), Some(false)));
    let world = world.with(quarter("d", "WriteOnly", RDS));
    assert_eq!(world.recorded(MANAGEMENT, "eu-west-1"), YES);
    assert_eq!(world.recorded(MANAGEMENT, "us-east-1"), NO);
    assert_eq!(world.account(MANAGEMENT).unrecorded, "all management events in us-east-1");
}

/// aws-security-reference-architecture-examples 335.
#[test]
fn the_form_with_a_star_is_refused_by_aws_and_covers_nothing_for_certain() {
    assert_eq!(all_objects_with(classic_data("All", S3, &["arn:aws:s3:::*"])), UNKNOWN);
    assert_eq!(all_objects_with(classic_data("All", S3, &["arn:aws:s3:::*", "arn:aws:s3"])), YES);
    let facts = World::alone().with(trail(classic_data("All", S3, &["arn:aws:s3:::*"]))).account(MANAGEMENT);
    let crate::facts::Fact::Unknown(gaps) = &facts.regions.rows[0].records_s3_object_reads else {
        panic!("{facts:?}")
    };
    assert_eq!(gaps[0].detail, "event selector 1 has the data resource \"arn:aws:s3:::*\"");
}

/// AWS Guard rules compare with the literal ARN of the commercial partition.
#[test]
fn arns_are_those_of_the_partition() {
    let in_partition = |partition: &str, value: &str| {
        let mut world = World::alone().with(trail(classic_data("All", S3, &[value])));
        world.0.collection.partition = partition.to_owned();
        all_objects(&world)
    };
    assert_eq!(in_partition("aws-us-gov", "arn:aws-us-gov:s3:::"), YES);
    assert_eq!(in_partition("aws-us-gov", "arn:aws-us-gov:s3"), YES);
    assert_eq!(in_partition("aws-cn", "arn:aws-cn:s3"), YES);
    assert_eq!(in_partition("aws-us-gov", "arn:aws:s3:::"), NO);
}

#[test]
fn a_field_of_next_year_is_quoted_and_neither_pass_nor_fail() {
    let odd = objects(vec![equals("resources.tags", &["x"])]);
    assert_eq!(all_objects_with(advanced([odd.clone()])), UNKNOWN);
    assert_eq!(
        all_objects_with(advanced([vec![equals("eventCategory", &["Data"])]])),
        UNKNOWN,
        "it has no type"
    );
    let facts = World::alone().with(trail(advanced([odd]))).trail("audit").recording;
    let crate::facts::Fact::Unknown(gaps) = &facts.records_data_events else { panic!("{facts:?}") };
    assert_eq!(gaps[0].detail, "advanced event selector 1 has the field `resources.tags`");
}

/// Five trails with 250 data resources each are what AWS allows.
#[test]
fn as_many_data_resources_as_aws_allows_are_worked_out() {
    let trail = |number: usize| {
        let values: Vec<String> = (0..250).map(|at| format!("arn:aws:s3:::b{number}-{at}/")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        Trail { selectors: classic_data("All", S3, &values), ..multi_region(&format!("audit{number}")) }
    };
    let world = (0..5).map(trail).fold(World::alone(), World::with);
    assert_eq!(all_objects(&world), NO);
    assert_eq!((bucket(&world, "b4-249"), bucket(&world, "b5-1")), (YES, NO));
    let rest: Vec<String> = (0..5).map(|number| format!("arn:aws:s3:::b{number}-")).collect();
    let rest = AdvancedFieldSelector { not_starts_with: rest, ..equals("resources.ARN", &[]) };
    let others = Trail { selectors: advanced([objects(vec![rest])]), ..multi_region("others") };
    assert_eq!(all_objects(&world.with(others)), NO, "b0-250 is in none of them");
}

/// AWS allows 500 values in the selectors of a trail; a file may say anything.
#[test]
fn selectors_that_are_too_many_to_try_are_unknown() {
    let values: Vec<String> = (0..3_000).map(|number| format!("arn:aws:s3:::b{number}/")).collect();
    let starts = AdvancedFieldSelector { starts_with: values.clone(), ..equals("resources.ARN", &[]) };
    let ends = AdvancedFieldSelector { ends_with: values, ..equals("resources.ARN", &[]) };
    assert_eq!(all_objects_with(advanced([objects(vec![starts]), objects(vec![ends])])), UNKNOWN);
    let one = |at: usize| {
        let field = ["eventName", "eventSource", "eventType", "userIdentity.arn", "resources.ARN"][at % 5];
        objects(vec![AdvancedFieldSelector { ends_with: vec![format!("k{at}")], ..equals(field, &[]) }])
    };
    let many: [_; 60] = std::array::from_fn(one);
    assert_eq!(all_objects_with(advanced(many)), NO, "one event that is not selected is enough");
}
