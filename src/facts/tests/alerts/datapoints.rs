//! How many datapoints an alarm takes, and what a lone event gives it.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data>

use super::stage::{broken, composite, filter, gaps, metric, open, raised};
use crate::facts::tests::world::World;
use crate::inventory::{Alarm, Evaluation};

/// `needed` of `periods` datapoints, and what the filter counts where nothing matches.
fn with(needed: i32, periods: i32, missing: &str, default: Option<&str>) -> World {
    let evaluation = Evaluation {
        period: Some(300),
        periods,
        datapoints_to_alarm: needed,
        missing_data: missing.to_owned(),
    };
    World::watched()
        .change_alarm(|alarm| alarm.evaluation = Some(evaluation))
        .change_filter(|filter| filter.metrics[0].default_value = default.map(str::to_owned))
}

fn lone() -> (Option<bool>, String) {
    broken("the alarm changes needs 3 datapoints in alarm, one event gives 1")
}

/// AWS's first table, three of three datapoints, row `- - X - -`: `ALARM`, retain the current state, `ALARM`, `OK`.
#[test]
fn a_lone_event_between_missing_data_does_what_the_table_of_aws_says() {
    assert_eq!(with(3, 3, "missing", None).changes(), open(), "ALARM, to avoid a premature one");
    assert_eq!(with(3, 3, "ignore", None).changes(), lone(), "stays OK");
    assert_eq!(with(3, 3, "breaching", None).changes(), open(), "ALARM, also without the event");
    assert_eq!(with(3, 3, "notBreaching", None).changes(), lone(), "OK");
    assert_eq!(with(3, 3, "dreaming", None).changes(), open());
}

/// AWS's second table, two of three datapoints, row `- - - X -`: `ALARM`, retain the current state, `ALARM`, `OK`.
#[test]
fn two_of_three_datapoints_are_more_than_a_lone_event_gives_too() {
    let words = "the alarm changes needs 2 datapoints in alarm, one event gives 1";
    assert_eq!(with(2, 3, "missing", None).changes(), open());
    assert_eq!(with(2, 3, "ignore", None).changes(), broken(words));
    assert_eq!(with(2, 3, "breaching", None).changes(), open());
    assert_eq!(with(2, 3, "notBreaching", None).changes(), broken(words));
}

/// Data is there: `0 0 X 0 0`, of which the three last breach once, whatever is set for missing data.
#[test]
fn zeros_around_a_lone_event_keep_the_alarm_from_going_off() {
    for missing in ["missing", "ignore", "breaching", "notBreaching"] {
        assert_eq!(with(3, 3, missing, Some("0")).changes(), lone(), "{missing}");
    }
}

/// One of any number: rows `- X` and `0 X`. `ALARM` has to be left again for the next event to be told of: row `- - - - -` says
/// `INSUFFICIENT_DATA`, retain the current state, `ALARM`, `OK`.
#[test]
fn one_datapoint_suffices_where_the_alarm_comes_back_from_it() {
    for (missing, default, expected) in [
        ("missing", None, raised()),
        ("notBreaching", None, raised()),
        ("ignore", None, open()),
        ("breaching", None, open()),
        ("missing", Some("0"), raised()),
        ("notBreaching", Some("0"), raised()),
        ("ignore", Some("0"), raised()),
        ("breaching", Some("0"), open()),
    ] {
        for periods in [1, 3] {
            assert_eq!(with(1, periods, missing, default).changes(), expected, "{missing} {default:?}");
        }
    }
}

#[test]
fn evidence_that_does_not_show_how_many_datapoints_it_takes_leaves_it_open() {
    let world = World::watched().change_alarm(|alarm| alarm.evaluation = None);
    assert_eq!(world.changes(), open());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    assert_eq!(gaps(&alert)[0].detail, "the alarm \"changes\" does not show how many datapoints it takes");
}

#[test]
fn a_period_shorter_than_a_minute_or_not_told_leaves_it_open() {
    let with = |period| {
        World::watched().change_alarm(|alarm| alarm.evaluation.as_mut().unwrap().period = period).changes()
    };
    assert_eq!(with(Some(60)), raised());
    assert_eq!(with(Some(10)), open());
    assert_eq!(with(None), open());
}

#[test]
fn failed_sign_ins_that_would_have_to_spread_over_periods_leave_it_open() {
    let world = World::watched().change_alarms(|alarms| {
        alarms[2].threshold = Some("5".to_owned());
        alarms[2].evaluation.as_mut().unwrap().datapoints_to_alarm = 3;
    });
    assert_eq!(world.failures(), open());
}

#[test]
fn an_alarm_that_is_never_left_tells_of_nothing_new() {
    let always = |value: &str| {
        let what = format!("for {value} is counted where nothing matches");
        broken(&format!("the alarm changes is in alarm without any event, {what}"))
    };
    let with = |default: &str, statistic: &str| {
        let world = with(1, 1, "notBreaching", Some(default));
        world.change_alarm(|alarm| statistic.clone_into(&mut alarm.statistic)).changes()
    };
    assert_eq!(with("0", "Sum"), raised());
    assert_eq!(with("0", "Maximum"), raised());
    assert_eq!(with("1", "Sum"), always("1"));
    assert_eq!(with("1", "Maximum"), always("1"));
    assert_eq!(with("0", "SampleCount"), always("0"), "a zero is a sample as well");
    assert_eq!(with("0.5", "Maximum"), raised());
    assert_eq!(with("0.5", "Sum"), open(), "two of them are 1");
    assert_eq!(with("-1", "Sum"), open(), "it may outweigh the event");
    assert_eq!(with("NaN", "Sum"), open());
}

#[test]
fn what_another_filter_counts_into_the_same_metric_counts_too() {
    let world = World::watched().change_filters(|filters| {
        let mut other = filter("other", "{ $.eventName = ListTrails }");
        other.metrics[0] =
            crate::inventory::Metric { default_value: Some("2".to_owned()), ..metric("changes") };
        filters.push(other);
    });
    assert_eq!(
        world.changes(),
        broken("the alarm changes is in alarm without any event, for 2 is counted where nothing matches")
    );
}

#[test]
fn an_alarm_in_another_unit_sees_no_value() {
    let with = |counted: Option<&str>, asked: Option<&str>| {
        World::watched()
            .change_filter(|filter| filter.metrics[0].unit = counted.map(str::to_owned))
            .change_alarm(|alarm| alarm.metrics[0].unit = asked.map(str::to_owned))
            .changes()
    };
    for (counted, asked) in [(None, None), (Some("Count"), None), (None, Some("None"))] {
        assert_eq!(with(counted, asked), raised(), "{counted:?} {asked:?}");
    }
    assert_eq!(with(Some("Count"), Some("Count")), raised());
    let other = |counted| {
        let words = "the alarm changes watches values in the unit Count, the metric filter counts in";
        broken(&format!("{words} {counted}"))
    };
    assert_eq!(with(None, Some("Count")), other("None"));
    assert_eq!(with(Some("Bytes"), Some("Count")), other("Bytes"));
}

#[test]
fn statistics_that_are_no_greater_than_the_values_need_the_threshold_reached() {
    let with = |statistic: &str| {
        let change = |alarm: &mut Alarm| {
            statistic.clone_into(&mut alarm.statistic);
            alarm.threshold = Some("2".to_owned());
        };
        World::watched().change_alarm(change).changes().0
    };
    for statistic in ["Average", "Minimum", "p99", "p99.9", "tm90", "TM(10%:90%)", "wm95", "IQM"] {
        assert_eq!(with(statistic), Some(false), "{statistic}");
    }
    // A share of a hundred, a number of values, a sum of them, and what is not known.
    for statistic in ["PR(1:)", "tc90", "TS(80%:)", "ts90", "paris", ""] {
        assert_eq!(with(statistic), None, "{statistic}");
    }
}

#[test]
fn a_composite_alarm_that_another_silences_does_not_tell_for_certain() {
    let with = |change: fn(&mut Alarm)| {
        let mut above =
            Alarm { suppressor: Some("maintenance".to_owned()), ..composite("any", "ALARM(changes)") };
        change(&mut above);
        World::watched().change_alarm(|alarm| alarm.actions.clear()).add_alarm(above)
    };
    let world = with(|_| {});
    assert_eq!(world.changes(), open());
    let alert = world.alert(|all| &all.cloudtrail_changes);
    let words = "the composite alarm \"any\" does not act while \"maintenance\" is in alarm";
    assert_eq!(gaps(&alert)[0].detail, words);
    assert_eq!(with(|above| above.actions.clear()).changes().0, Some(false));
    assert_eq!(with(|above| above.suppressor = None).changes(), raised());
    let beside = Alarm { suppressor: Some("maintenance".to_owned()), ..composite("any", "ALARM(changes)") };
    assert_eq!(World::watched().add_alarm(beside).changes(), raised(), "the alarm below tells by itself");
}
