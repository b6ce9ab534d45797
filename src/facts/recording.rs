//! Facts about what a trail records, by its selectors alone.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::coverage::Coverage;
use super::missing::Missing;
use super::part::record;
use super::recorder::{Recorder, Recording};
use super::selection::{Access, Category, Field, Question};
use super::{Fact, data_events};
use crate::inventory::{InsightSelector, Trail};

record! {
inline;
/// What a trail records while it is logging.
#[derive(Clone, Debug, JsonSchema)]
pub struct TrailRecordingFacts {
    /// It records management events of some kind.
    pub records_management_events: Fact<bool>,
    /// It records all management events that only read, of every event source.
    pub records_management_reads: Fact<bool>,
    /// It records all management events that change something, of every event source.
    pub records_management_writes: Fact<bool>,
    /// It leaves out management events of some event sources and records those of others.
    pub excludes_management_sources: Fact<bool>,
    /// Event sources whose management events it leaves out, in words; empty when there are none.
    pub excluded_management_sources: Fact<String>,
    /// It records data events of some kind.
    pub records_data_events: Fact<bool>,
    /// Resource types whose data events it records without naming resources, in words; empty when there are none.
    pub account_wide_data_events: Fact<String>,
    /// It records network activity events of some kind.
    pub records_network_activity: Fact<bool>,
    /// Event sources whose network activity events it records, in words; empty when there are none.
    pub network_activity_sources: Fact<String>,
    #[schemars(extend("x-calls" = ["cloudtrail:GetInsightSelectors"]))]
    /// It watches the rate of management calls that change something, and records some of these.
    pub records_insights_call_rate: Fact<bool>,
    #[schemars(extend("x-calls" = ["cloudtrail:GetInsightSelectors"]))]
    /// It watches the error rate of management calls, and records some of these.
    pub records_insights_error_rate: Fact<bool>,
    #[schemars(extend("x-calls" = ["cloudtrail:GetInsightSelectors"]))]
    /// Types of Insights that are turned on, each with the categories of events it watches, in words; empty when there are none.
    pub insights_kinds: Fact<String>,
    /// All management events it records are, wherever it applies, also recorded by another logging trail that would stay.
    pub is_redundant_for_management_events: Fact<bool>,
    /// Names of trails that, place by place, also record its management events; empty unless it is certainly redundant.
    #[schemars(extend("x-for-messages" = true))]
    pub repeated_by: String,
}
}

impl TrailRecordingFacts {
    pub(super) fn of(trail: &Trail, coverage: &Coverage<'_>) -> Self {
        let recorder = Recorder::taken_to_log(trail);
        let some = |category| recorder.records_some(&Question::of(category));
        let all = |access| Recording::of(&[&recorder], &Question::management(access));
        let (reads, writes) = (all(Access::Read), all(Access::Write));
        let redundancy = coverage.redundancy(trail);
        Self {
            records_management_events: some(Category::Management),
            excludes_management_sources: excludes_sources(&reads, &writes),
            excluded_management_sources: excluded_sources(&reads, &writes),
            records_management_reads: reads.complete,
            records_management_writes: writes.complete,
            records_data_events: data_events::recorded(&recorder),
            account_wide_data_events: data_events::account_wide(trail, &recorder),
            records_network_activity: some(Category::NetworkActivity),
            network_activity_sources: network_sources(&recorder),
            records_insights_call_rate: records_insights(trail, "ApiCallRateInsight")
                .and(recorder.records_some(&Question::management(Access::Write))),
            records_insights_error_rate: records_insights(trail, "ApiErrorRateInsight")
                .and(some(Category::Management)),
            insights_kinds: Fact::of(&trail.insights, |list| insights_kinds(list)),
            is_redundant_for_management_events: redundancy.is_redundant,
            repeated_by: redundancy.repeated_by,
        }
    }
}

fn leaves_out_sources(recording: &Recording) -> bool {
    matches!(recording.missing, Some(Missing::Of { .. }))
}

fn excludes_sources(reads: &Recording, writes: &Recording) -> Fact<bool> {
    let both = reads.complete.clone().zip(writes.complete.clone());
    if leaves_out_sources(reads) || leaves_out_sources(writes) {
        // One that is incomplete is known, whatever the other is.
        let known = [reads, writes].into_iter().find(|one| leaves_out_sources(one));
        return known.map_or(both.map(|_| true), |one| one.complete.clone().map(|_| true));
    }
    both.map(|_| false)
}

fn excluded_sources(reads: &Recording, writes: &Recording) -> Fact<String> {
    let words = |one: &Recording, other: &Recording, kind: &str| {
        let Some(Missing::Of { what, partly }) = &one.missing else { return None };
        let is_alone = !matches!(&other.missing, Some(missing) if *missing == Missing::Everything);
        let kind = if is_alone { format!("{kind} events") } else { "events".to_owned() };
        match (partly, is_alone) {
            (true, _) => Some(format!("{what} (some {kind})")),
            (false, true) => Some(format!("{what} ({kind})")),
            (false, false) => Some(what.clone()),
        }
    };
    if let (Some(Missing::Of { what, partly: false }), true) =
        (&reads.missing, reads.missing == writes.missing)
    {
        return reads.complete.clone().map(|_| what.clone());
    }
    let found: Vec<String> =
        words(reads, writes, "read").into_iter().chain(words(writes, reads, "write")).collect();
    excludes_sources(reads, writes).map(|_| found.join(", "))
}

fn network_sources(recorder: &Recorder<'_>) -> Fact<String> {
    let mut sources: BTreeMap<&str, bool> = BTreeMap::new();
    let mut is_open = false;
    for clause in recorder.clauses(Category::NetworkActivity) {
        let is_whole = clause.conditions.iter().all(|condition| condition.field == Field::Source);
        is_open |= clause.is_open();
        let named = clause.conditions.iter().filter(|condition| condition.field == Field::Source);
        for source in named.flat_map(|condition| &condition.any_of.equals) {
            *sources.entry(source).or_default() |= is_whole;
        }
    }
    if is_open {
        return Fact::Unknown(recorder.all_gaps(Category::NetworkActivity));
    }
    let label =
        |(source, is_whole): (&str, bool)| format!("{source}{}", if is_whole { "" } else { " (in part)" });
    let words = sources.into_iter().map(label).collect::<Vec<_>>().join(", ");
    Fact::known(words, recorder.origins())
}

/// Insights of `kind` watch management events; a selector without categories does.
fn records_insights(trail: &Trail, kind: &str) -> Fact<bool> {
    let watches = |one: &InsightSelector| {
        one.kind == kind
            && (one.categories.is_empty() || one.categories.iter().any(|name| name == "Management"))
    };
    Fact::of(&trail.insights, |list| list.iter().any(watches))
}

fn insights_kinds(list: &[InsightSelector]) -> String {
    let words = |one: &InsightSelector| {
        let categories =
            if one.categories.is_empty() { "Management".to_owned() } else { one.categories.join(" and ") };
        format!("{} ({categories})", one.kind)
    };
    list.iter().map(words).collect::<Vec<_>>().join(", ")
}
