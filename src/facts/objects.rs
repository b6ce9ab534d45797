//! What trails record of S3 objects and of functions: data events, in one region or of one resource.

use std::collections::BTreeSet;

use super::Fact;
use super::coverage::{Coverage, Place};
use super::recorder::{Recorder, Recording, Union};
use super::selection::{Access, Exempt, Question};
use crate::inventory::{Account, AccountStatus, Gap, GapReason, Observed, Origin};

/// What several recorders record together of all S3 objects but those of log buckets.
#[derive(Debug)]
pub(super) struct Objects {
    pub(super) reads: Recording,
    pub(super) writes: Recording,
}

/// The buckets that trails deliver to; they may be left out of what is recorded of objects.
#[derive(Debug)]
pub(super) struct LogBuckets<'a> {
    names: BTreeSet<&'a str>,
    /// No trail can have escaped.
    is_complete: bool,
}

impl<'a> LogBuckets<'a> {
    pub(super) fn of(inventory: &'a crate::inventory::Inventory) -> Self {
        let is_read = |listed: &Observed<Vec<_>>| {
            let mut sightings = listed.value().into_iter().flatten();
            let sighted = |one: &crate::inventory::TrailSighting| inventory.trails.contains_key(&one.arn);
            listed.value().is_some() && sightings.all(sighted)
        };
        let is_whole = |account: &Account| {
            let regions = account.regions.value();
            regions
                .is_some_and(|names| names.iter().all(|name| account.trails.get(name).is_some_and(is_read)))
        };
        let mut active = inventory.accounts.values().filter(|one| one.status == AccountStatus::Active);
        Self {
            names: inventory.trails.values().map(|trail| trail.bucket.as_str()).collect(),
            is_complete: inventory.collection.scope.regions.is_none() && active.all(is_whole),
        }
    }
}

impl Objects {
    pub(super) fn of(recorders: &[&Recorder<'_>], partition: &str, log_buckets: &LogBuckets<'_>) -> Self {
        let start = format!("arn:{partition}:s3:::");
        let recording = |access| {
            let but = |exempt| Recording::of(recorders, &Question::objects(access, &start, Some(exempt)));
            let found = but(Exempt::Buckets(&log_buckets.names));
            if log_buckets.is_complete || found.complete.value() != Some(&false) {
                return found;
            }
            // A bucket that is left out may be the log bucket of a trail that nobody saw.
            if but(Exempt::EveryNamedBucket).complete.value() == Some(&false) {
                return found;
            }
            let gap = Gap {
                origin: Origin::Stated("the buckets of all trails".to_owned()),
                reason: GapReason::NotCollected,
                detail: "a bucket that is left out may be that of a trail that was not seen".to_owned(),
            };
            Recording { complete: Fact::Unknown(vec![gap]), missing: None }
        };
        Self { reads: recording(Access::Read), writes: recording(Access::Write) }
    }
}

impl<'a> Coverage<'a> {
    /// What the trails at `place` record together of S3 objects; worked out once for each of their unions.
    pub(super) fn objects<'u>(&self, place: &Place<'_>, union: &'u Union) -> &'u Objects {
        let partition = &self.inventory.collection.partition;
        union
            .objects
            .get_or_init(|| Objects::of(&self.recorders_at(&place.trails), partition, &self.log_buckets))
    }

    /// All reads and all writes of the objects of one bucket are recorded in `region` of `account`.
    pub(super) fn records_objects(
        &self,
        account: &'a Account,
        region: &str,
        bucket: &str,
    ) -> (Fact<bool>, Fact<bool>) {
        let start = format!("arn:{}:s3:::{bucket}/", self.inventory.collection.partition);
        let place = self.place(account, region);
        let of = |access| self.records(&place, &Question::objects(access, &start, None));
        (of(Access::Read), of(Access::Write))
    }

    /// All invocations of the function with this ARN, which names its region, are recorded in `account`.
    pub(super) fn records_invocations(&self, account: &'a Account, function: &str) -> Fact<bool> {
        let region = function.split(':').nth(3).unwrap_or_default();
        let place = self.place(account, region);
        let of = |access| self.records(&place, &Question::invocations(access, function));
        let (reads, writes) = (of(Access::Read), of(Access::Write));
        if let (Some(reads), Some(writes)) = (reads.value(), writes.value())
            && reads != writes
        {
            return Fact::Unknown(vec![Gap {
                origin: Origin::Stated("the documentation of CloudTrail".to_owned()),
                reason: GapReason::Unreadable,
                detail: "it does not say whether an invocation counts as a read or as a write event"
                    .to_owned(),
            }]);
        }
        reads.and(writes)
    }

    fn records(&self, place: &Place<'_>, question: &Question<'_>) -> Fact<bool> {
        place.with_hidden(&Recording::of(&self.recorders_at(&place.trails), question).complete)
    }
}
