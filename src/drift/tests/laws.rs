//! Laws that hold whatever two results say.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::made::{Of, TRAIL_A, TRAIL_B, by_fingerprint, count, results, unread};
use crate::drift::diff;
use crate::render::json::v1::Results;
use crate::report::{ChangeKind, Drift, Status};

const SUBJECTS: [(usize, &str); 5] = [
    (0, TRAIL_A),
    (0, TRAIL_B),
    (1, "arn:aws:s3:::logs"),
    (2, "arn:aws:cloudtrail:eu-west-1:111111111111:eventdatastore/1"),
    (2, "arn:aws:cloudtrail:us-east-1:222222222222:eventdatastore/2"),
];
const SEVERITIES: [&str; 2] = ["high", "low"];

/// Results with some of the subjects, one or the other account unread, and some rules.
fn any_results() -> impl Strategy<Value = Results> {
    let status = prop_oneof![
        Just(None),
        Just(Some((Status::Pass, false))),
        Just(Some((Status::NotApplicable, false))),
        Just(Some((Status::Fail, false))),
        Just(Some((Status::Excepted, false))),
        Just(Some((Status::Unknown, false))),
        Just(Some((Status::Unknown, true))),
    ];
    let verdicts = prop::collection::vec((status, 0..2_usize, any::<bool>()), SUBJECTS.len());
    (verdicts, prop::collection::vec(any::<bool>(), 4)).prop_map(|(verdicts, switches)| {
        let of = SUBJECTS.iter().zip(&verdicts).filter_map(|((rule, id), (status, ..))| {
            status.map(|(status, _)| Of::Verdict(*rule, id, status))
        });
        let mut results = results(&of.collect::<Vec<_>>());
        let chosen =
            verdicts.into_iter().filter_map(|(status, severity, other)| Some((status?.1, severity, other)));
        for (verdict, (carried, severity, other_value)) in results.verdicts.iter_mut().zip(chosen) {
            verdict.since = carried.then(|| "2026-11-12T06:00:00Z".to_owned());
            verdict.severity = SEVERITIES[severity].to_owned();
            if other_value {
                verdict.because[0].value = "other".into();
            }
        }
        for (account, is_unread) in ["111111111111", "222222222222"].iter().zip(&switches) {
            if *is_unread {
                unread(&mut results, account, None);
            }
        }
        results.run.interrupted = switches[2];
        if switches[3] {
            results.rules.remove(0);
            results.verdicts.retain(|verdict| verdict.rule != "rule-0");
            count(&mut results);
        }
        results
    })
}

fn fingerprints(results: &Results) -> BTreeSet<&str> {
    results.verdicts.iter().map(|verdict| verdict.fingerprint.as_str()).collect()
}

/// What one judgement became of the other.
fn from_to(drift: &Drift, kind: ChangeKind, was: Status) -> BTreeSet<&str> {
    let changes = drift.of_kind(kind).filter(|change| change.was == Some(was));
    changes.map(|change| change.fingerprint.as_str()).collect()
}

proptest! {
    #[test]
    fn results_do_not_differ_from_themselves(results in any_results()) {
        let drift = diff(&results, &results).unwrap();
        prop_assert_eq!(&drift.changes, &[]);
        prop_assert_eq!(drift.unchanged, results.verdicts.len());
    }

    #[test]
    fn every_verdict_of_either_side_is_in_exactly_one_place(old in any_results(), new in any_results()) {
        let drift = diff(&old, &new).unwrap();
        let all: BTreeSet<&str> = fingerprints(&old).union(&fingerprints(&new)).copied().collect();
        let changed = by_fingerprint(&drift);
        prop_assert_eq!(changed.len(), drift.changes.len(), "one change per verdict");
        prop_assert!(changed.keys().all(|fingerprint| all.contains(fingerprint)));
        prop_assert_eq!(drift.changes.len() + drift.unchanged, all.len());
    }

    #[test]
    fn swapping_the_sides_swaps_new_and_fixed(old in any_results(), new in any_results()) {
        let (there, back) = (diff(&old, &new).unwrap(), diff(&new, &old).unwrap());
        prop_assert_eq!(
            from_to(&there, ChangeKind::New, Status::Pass),
            from_to(&back, ChangeKind::Fixed, Status::Fail)
        );
        prop_assert_eq!(
            by_fingerprint(&there).into_keys().collect::<Vec<_>>(),
            by_fingerprint(&back).into_keys().collect::<Vec<_>>()
        );
        for (fingerprint, change) in by_fingerprint(&there) {
            let mirrored = by_fingerprint(&back)[fingerprint];
            prop_assert_eq!((change.was, change.is), (mirrored.is, mirrored.was));
        }
    }

    #[test]
    fn nothing_is_fixed_unless_it_passes(old in any_results(), new in any_results()) {
        let passing: BTreeSet<&str> = new
            .verdicts
            .iter()
            .filter(|verdict| verdict.status == "pass")
            .map(|verdict| verdict.fingerprint.as_str())
            .collect();
        for change in diff(&old, &new).unwrap().of_kind(ChangeKind::Fixed) {
            prop_assert!(passing.contains(change.fingerprint.as_str()), "{change:?}");
            prop_assert!(change.since.is_some(), "it is known to have failed");
        }
    }

    #[test]
    fn what_vanished_behind_an_unread_place_is_not_evaluated_and_says_so(old in any_results(), new in any_results()) {
        let drift = diff(&old, &new).unwrap();
        let here = fingerprints(&new);
        for was in old.verdicts.iter().filter(|verdict| !here.contains(verdict.fingerprint.as_str())) {
            let change = by_fingerprint(&drift)[was.fingerprint.as_str()];
            prop_assert_eq!(change.kind, ChangeKind::NotEvaluated);
            let is_hidden = new.unread.iter().any(|place| place.account == was.subject.account);
            let rule_is_there = new.rules.iter().any(|rule| rule.id == was.rule);
            if is_hidden && rule_is_there {
                prop_assert_eq!(change.absence.as_ref().map(crate::report::Absence::name), Some("unread"));
            }
        }
    }

    #[test]
    fn a_failure_that_was_none_before_is_always_new_or_no_longer_accepted(old in any_results(), new in any_results()) {
        let drift = diff(&old, &new).unwrap();
        let known: BTreeSet<&str> = old
            .verdicts
            .iter()
            .filter(|verdict| verdict.status == "fail" || verdict.since.is_some())
            .map(|verdict| verdict.fingerprint.as_str())
            .collect();
        let worse: BTreeSet<&str> =
            drift.changes.iter().filter(|change| change.is_worse()).map(|change| change.fingerprint.as_str()).collect();
        for verdict in new.verdicts.iter().filter(|verdict| verdict.status == "fail") {
            let fingerprint = verdict.fingerprint.as_str();
            prop_assert_eq!(worse.contains(fingerprint), !known.contains(fingerprint));
        }
    }
}
