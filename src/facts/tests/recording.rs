//! Facts about what a trail records by its selectors alone.

use super::world::{
    World, advanced, classic, denied, equals, known, logging, management, multi_region, not_equals, strings,
};
use crate::inventory::{AdvancedFieldSelector, InsightSelector, Observed, Selectors, Trail};

const KMS: &str = "kms.amazonaws.com";
const RDS: &str = "rdsdata.amazonaws.com";

fn trail(selectors: Observed<Selectors>) -> Trail {
    Trail { selectors, ..multi_region("audit") }
}

fn objects() -> Vec<AdvancedFieldSelector> {
    vec![equals("eventCategory", &["Data"]), equals("resources.type", &["AWS::S3::Object"])]
}

fn recording(selectors: Observed<Selectors>) -> crate::facts::TrailRecordingFacts {
    World::alone().with(trail(selectors)).trail("audit").recording
}

#[test]
fn excluded_event_sources_are_named() {
    let excluded = |selectors| {
        let facts = recording(selectors);
        (
            facts.excludes_management_sources.value().copied(),
            facts.excluded_management_sources.value().cloned(),
        )
    };
    let some = |words: &str| (Some(true), Some(words.to_owned()));
    let none = (Some(false), Some(String::new()));
    assert_eq!(excluded(classic("All", &[KMS, RDS])), some("kms.amazonaws.com, rdsdata.amazonaws.com"));
    assert_eq!(excluded(classic("WriteOnly", &[KMS])), some("kms.amazonaws.com"));
    assert_eq!(excluded(classic("WriteOnly", &[])), none);
    assert_eq!(excluded(advanced([objects()])), none, "it records no management events");
    assert_eq!(
        excluded(advanced([
            vec![management(), equals("readOnly", &["false"])],
            vec![management(), equals("readOnly", &["true"]), not_equals("eventSource", &[KMS])],
        ])),
        some("kms.amazonaws.com (read events)")
    );
    assert_eq!(
        excluded(advanced([vec![management(), not_equals("eventName", &["Decrypt"])]])),
        none,
        "of an event data store: no source is left out"
    );
    assert_eq!(excluded(advanced([vec![management(), equals("quantum", &["x"])]])), (None, None));
    assert_eq!(excluded(denied()), (None, None));
}

#[test]
fn network_activity_is_told_by_event_source() {
    let of = |selectors| {
        let facts = recording(selectors);
        (facts.records_network_activity.value().copied(), facts.network_activity_sources.value().cloned())
    };
    let network = |source: &str, more: Vec<AdvancedFieldSelector>| {
        [vec![equals("eventCategory", &["NetworkActivity"]), equals("eventSource", &[source])], more].concat()
    };
    let denials = vec![equals("errorCode", &["VpceAccessDenied"])];
    assert_eq!(of(classic("All", &[])), (Some(false), Some(String::new())));
    assert_eq!(
        of(advanced([network(KMS, denials), network("ec2.amazonaws.com", Vec::new())])),
        (Some(true), Some("ec2.amazonaws.com, kms.amazonaws.com (in part)".to_owned()))
    );
    assert_eq!(of(advanced([network(KMS, vec![equals("readOnly", &["true"])])])), (None, None));
    assert_eq!(of(denied()), (None, None));
}

#[test]
fn insights_count_for_management_events_that_the_trail_records() {
    let one = |kind: &str, categories: &[&str]| InsightSelector {
        kind: kind.to_owned(),
        categories: strings(categories),
    };
    let of = |insights: Observed<Vec<InsightSelector>>, selectors| {
        let facts = World::alone().with(Trail { insights, ..trail(selectors) }).trail("audit").recording;
        let (calls, errors) = (facts.records_insights_call_rate, facts.records_insights_error_rate);
        (calls.value().copied(), errors.value().copied(), facts.insights_kinds.value().cloned())
    };
    let both =
        || known(vec![one("ApiCallRateInsight", &[]), one("ApiErrorRateInsight", &["Management", "Data"])]);
    let words = |text: &str| Some(text.to_owned());
    let kinds = words("ApiCallRateInsight (Management), ApiErrorRateInsight (Management and Data)");
    assert_eq!(of(both(), classic("All", &[])), (Some(true), Some(true), kinds.clone()));
    assert_eq!(
        of(both(), classic("ReadOnly", &[])),
        (Some(false), Some(true), kinds.clone()),
        "the call rate is that of write events"
    );
    assert_eq!(of(both(), advanced([objects()])), (Some(false), Some(false), kinds));
    let of_data = known(vec![one("ApiCallRateInsight", &["Data"])]);
    assert_eq!(
        of(of_data, classic("All", &[])),
        (Some(false), Some(false), words("ApiCallRateInsight (Data)"))
    );
    assert_eq!(of(known(Vec::new()), classic("All", &[])), (Some(false), Some(false), words("")));
    assert_eq!(of(denied(), classic("All", &[])), (None, None, None));
}

#[test]
fn what_a_trail_records_does_not_depend_on_its_status() {
    let facts = World::alone().with(Trail { status: logging(false), ..multi_region("audit") });
    let facts = facts.trail("audit").recording;
    assert_eq!(facts.records_management_reads.value(), Some(&true));
    assert_eq!(facts.records_management_writes.value(), Some(&true));
}
