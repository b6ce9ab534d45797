//! For how long the management events of an account stay on record.

use super::coverage::{Coverage, Place};
use super::fact::extend_unique;
use super::log_bucket::keeping;
use super::moment::NEVER;
use super::recorder::{Recorder, Recording};
use super::selection::{Access, Question};
use super::{Fact, event_data_store};
use crate::inventory::{Account, Call, Gap, GapReason, Observed, Origin};

/// Days of the event history, which every account has without any trail.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html>.
const EVENT_HISTORY: i64 = 90;

/// The least of several times: the floor decides, whatever the others are.
pub(super) fn least(items: impl Iterator<Item = Fact<i64>>) -> Fact<i64> {
    decided(items, EVENT_HISTORY, i64::min)
}

/// The greatest of several times: what never ends decides, whatever the others are.
fn greatest(items: impl Iterator<Item = Fact<i64>>) -> Fact<i64> {
    decided(items, NEVER, i64::max)
}

fn decided(items: impl Iterator<Item = Fact<i64>>, decisive: i64, better: fn(i64, i64) -> i64) -> Fact<i64> {
    let mut found: Option<Fact<i64>> = None;
    for item in items {
        if item.value() == Some(&decisive) {
            return item;
        }
        found = Some(match found {
            None => item,
            Some(known) => known.zip(item).map(|(a, b)| better(a, b)),
        });
    }
    found.unwrap_or_else(|| Fact::known(EVENT_HISTORY, []))
}

impl Coverage<'_> {
    /// Days for which all management events of one region of `account` are kept: the longest that one recorder of all of them keeps.
    pub(super) fn kept_days(&self, account: &Account, region: &str, place: &Place<'_>) -> Fact<i64> {
        let union = self.union(&place.trails);
        let by_trails = union.kept.get_or_init(|| self.kept_by(&self.recorders_at(&place.trails)));
        // A trail that hides may keep them longer.
        let by_trails = match by_trails {
            Fact::Known { value, .. } if *value != NEVER && !place.hidden.is_empty() => {
                Fact::Unknown(place.hidden.clone())
            }
            known => known.clone(),
        };
        if by_trails.value() == Some(&NEVER) {
            return by_trails;
        }
        let stores = self.inventory.event_data_stores.values();
        let by_stores = stores.filter_map(|store| event_data_store::kept_days(store, account, region));
        let hidden = self.hidden_stores(account, region);
        let by_hidden = (!hidden.is_empty()).then_some(Fact::Unknown(hidden));
        greatest(std::iter::once(by_trails).chain(by_stores).chain(by_hidden))
    }

    /// Why another event data store may take the events of one region of `account`: its own, or the organization's, which the
    /// management account owns.
    fn hidden_stores(&self, account: &Account, region: &str) -> Vec<Gap> {
        let management = self.inventory.organization.as_ref().map(|one| &one.management_account);
        let mut gaps: Vec<Gap> = unlisted_stores(Some(account), &account.id, region).into_iter().collect();
        if let Some(id) = management.filter(|id| **id != account.id) {
            extend_unique(&mut gaps, unlisted_stores(self.inventory.accounts.get(id), id, region));
        }
        gaps
    }

    fn kept_by(&self, recorders: &[&Recorder<'_>]) -> Fact<i64> {
        let complete = |several: &[&Recorder<'_>]| {
            let of = |access| Recording::of(several, &Question::management(access)).complete;
            of(Access::Read).and(of(Access::Write))
        };
        let alone = recorders.iter().filter_map(|one| self.kept_alone(one, &complete(&[one])));
        let alone = greatest(alone);
        if alone.value().is_none_or(|days| *days != EVENT_HISTORY) || recorders.len() < 2 {
            return alone;
        }
        // Several that record all of it together keep what the least of them keeps.
        match complete(recorders) {
            Fact::Known { value: true, .. } => least(recorders.iter().map(|one| self.bucket_keeps(one))),
            Fact::Known { .. } => alone,
            Fact::Unknown(gaps) => Fact::Unknown(gaps),
        }
    }

    /// What a recorder keeps by itself; nothing to say of one that does not record everything.
    fn kept_alone(&self, recorder: &Recorder<'_>, complete: &Fact<bool>) -> Option<Fact<i64>> {
        match complete {
            Fact::Known { value: false, .. } => None,
            Fact::Known { origins, .. } => {
                let proven = Fact::known((), origins.clone());
                Some(proven.zip(self.bucket_keeps(recorder)).map(|((), days)| days))
            }
            Fact::Unknown(gaps) => Some(Fact::Unknown(gaps.clone())),
        }
    }

    fn bucket_keeps(&self, recorder: &Recorder<'_>) -> Fact<i64> {
        let name = &recorder.trail.bucket;
        let Some(bucket) = self.inventory.buckets.get(name) else {
            let origin = Origin::Stated(format!("the bucket {name}"));
            return Fact::Unknown(vec![Gap {
                origin,
                reason: GapReason::NotCollected,
                detail: String::new(),
            }]);
        };
        match &bucket.exists {
            Observed::Known { value: false, origin } => Fact::known(EVENT_HISTORY, [origin.clone()]),
            _ => keeping::keeps_logs_days(bucket, &[recorder.trail]).map(|days| days.max(EVENT_HISTORY)),
        }
    }
}

/// Why `account` may have an event data store that takes the events of `region`. One of several regions shows in every region, one of
/// a single region only there.
fn unlisted_stores(account: Option<&Account>, id: &str, region: &str) -> Option<Gap> {
    let lists = account.map(|account| &account.event_data_stores);
    match lists.and_then(|lists| lists.get(region)) {
        Some(Observed::Known { .. }) => return None,
        Some(Observed::Gap(gap)) => return Some(gap.clone()),
        None => {}
    }
    let is_disabled = account
        .and_then(|account| account.regions.value())
        .is_some_and(|enabled| !enabled.iter().any(|one| one == region));
    let is_read = lists.is_some_and(|lists| lists.values().any(|list| list.value().is_some()));
    let call = Call {
        operation: "cloudtrail:ListEventDataStores".to_owned(),
        account: id.to_owned(),
        region: region.to_owned(),
        resource: String::new(),
    };
    let gap = Gap { origin: Origin::from(call), reason: GapReason::NotCollected, detail: String::new() };
    (!(is_disabled && is_read)).then_some(gap)
}

/// The least of all regions, in view of those that could not be listed.
pub(super) fn of_regions(regions: impl Iterator<Item = Fact<i64>>, missing: &[Gap]) -> Fact<i64> {
    let unlisted = (!missing.is_empty()).then(|| Fact::Unknown(missing.to_vec()));
    least(regions.chain(unlisted))
}
