//! Buckets and functions that rules call critical.

use std::collections::BTreeMap;

use super::world::{MANAGEMENT, MEMBER, OTHER, World, advanced, denied, equals, known, of_organization};
use crate::facts::{Critical, CriticalBucketFacts, Listing};
use crate::inventory::{Observed, Trail, WatchedBucket};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:222222222222:function:pay";

fn asked(buckets: &[&str], functions: &[&str]) -> Critical {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Critical { buckets: set(buckets), functions: set(functions) }
}

fn recording(fields: &[(&str, &[&str])]) -> World {
    let conditions = fields.iter().map(|(field, values)| equals(field, values)).collect();
    World::organization().with(Trail { selectors: advanced([conditions]), ..of_organization("audit") })
}

fn all_objects() -> World {
    recording(&[("eventCategory", &["Data"]), ("resources.type", &["AWS::S3::Object"])])
}

fn watch(world: &mut World, exists: Observed<bool>, owner: Observed<Option<String>>) {
    let unasked = match &owner {
        Observed::Gap(gap) => BTreeMap::from([(MEMBER.to_owned(), gap.clone())]),
        Observed::Known { .. } => BTreeMap::new(),
    };
    let region = known("eu-west-1".to_owned());
    let watched = WatchedBucket { name: "payroll".to_owned(), exists, region, owner, unasked };
    world.0.watched_buckets.insert("payroll".to_owned(), watched);
}

fn row(world: &World, account: &str) -> Option<(Option<bool>, Option<bool>, Option<bool>)> {
    let facts = world.facts_of(&asked(&["payroll"], &[]));
    let account = facts.accounts.into_iter().find(|one| one.id == account).unwrap();
    let told = |row: CriticalBucketFacts| {
        let value = |fact: crate::facts::Fact<bool>| fact.value().copied();
        (value(row.is_found), value(row.records_reads), value(row.records_writes))
    };
    let Listing { rows, missing, phantom } = account.critical_buckets;
    assert!(rows.len() + usize::from(phantom.is_some()) < 2);
    assert_eq!(missing.is_empty(), phantom.is_none());
    rows.into_iter().chain(phantom).next().map(told)
}

#[test]
fn a_critical_bucket_is_judged_in_the_account_that_owns_it() {
    let mut world = all_objects();
    watch(&mut world, known(true), known(Some(MEMBER.to_owned())));
    assert_eq!(row(&world, MEMBER), Some((Some(true), Some(true), Some(true))));
    assert_eq!(row(&world, MANAGEMENT), None);

    let mut world = recording(&[
        ("eventCategory", &["Data"]),
        ("resources.type", &["AWS::S3::Object"]),
        ("readOnly", &["false"]),
    ]);
    watch(&mut world, known(true), known(Some(MEMBER.to_owned())));
    assert_eq!(row(&world, MEMBER), Some((Some(true), Some(false), Some(true))));
}

#[test]
fn narrowing_by_event_name_is_no_record_of_all_writes() {
    // prowler P10858: a selector narrowed by eventName was taken for the whole.
    let mut world = recording(&[
        ("eventCategory", &["Data"]),
        ("resources.type", &["AWS::S3::Object"]),
        ("eventName", &["DeleteObject"]),
    ]);
    watch(&mut world, known(true), known(Some(MEMBER.to_owned())));
    assert_eq!(row(&world, MEMBER), Some((Some(true), Some(false), Some(false))));
}

#[test]
fn a_bucket_that_nobody_owns_is_told_in_the_account_the_scan_started_from() {
    let mut world = all_objects();
    watch(&mut world, known(true), known(None));
    assert_eq!(row(&world, MANAGEMENT), Some((Some(false), None, None)));
    assert_eq!(row(&world, MEMBER), None);
    watch(&mut world, known(false), denied());
    assert_eq!(row(&world, MANAGEMENT), Some((Some(false), None, None)));
    assert_eq!(row(&world, MEMBER), None, "there is none to own");
}

#[test]
fn a_bucket_of_an_unknown_owner_may_be_that_of_every_account_that_did_not_tell_and_is_never_passed_over() {
    let mut world = all_objects();
    watch(&mut world, known(true), denied());
    let open = Some((None, None, None));
    assert_eq!([MANAGEMENT, MEMBER, OTHER].map(|account| row(&world, account)), [open, open, None]);
    world.account_mut(MANAGEMENT).in_scope = false;
    world.account_mut(MEMBER).in_scope = false;
    assert_eq!(row(&world, OTHER), open, "never silence");
}

#[test]
fn a_bucket_that_was_not_collected_or_asked_of_one_account_only_is_unknown() {
    assert_eq!(
        [MANAGEMENT, MEMBER].map(|account| row(&all_objects(), account)),
        [Some((None, None, None)); 2]
    );
    let mut alone = World::alone();
    watch(&mut alone, known(true), known(None));
    assert_eq!(row(&alone, MANAGEMENT), Some((None, None, None)));
}

#[test]
fn a_critical_function_is_judged_by_its_arn() {
    let functions = |world: &World, account: &str, arn: &str| {
        let facts = world.facts_of(&asked(&[], &[arn]));
        let account = facts.accounts.into_iter().find(|one| one.id == account).unwrap();
        let row = account.critical_functions.rows.into_iter().next()?;
        Some((row.is_found.value().copied(), row.records_invocations.value().copied()))
    };
    let all = recording(&[("eventCategory", &["Data"]), ("resources.type", &["AWS::Lambda::Function"])]);
    assert_eq!(functions(&all, MEMBER, FUNCTION), Some((Some(true), Some(true))));
    assert_eq!(functions(&all, OTHER, FUNCTION), None);
    let none = recording(&[("eventCategory", &["Management"])]);
    assert_eq!(functions(&none, MEMBER, FUNCTION), Some((Some(true), Some(false))));
    let stranger = FUNCTION.replace(MEMBER, "999999999999");
    assert_eq!(functions(&all, MANAGEMENT, &stranger), Some((Some(false), None)));
    assert_eq!(functions(&all, MANAGEMENT, "pay"), Some((Some(false), None)), "a name is no ARN");
}
