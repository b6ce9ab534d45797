//! Facts about a trail.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;

use super::moment::hours_since;
use super::part::record;
use super::{Fact, SubjectRecord, data_events};
use crate::inventory::{Gap, GapReason, Inventory, Key, KeyMetadata, Observed, Origin, Trail, TrailStatus};
use crate::report::{Subject, SubjectKind};

record! {
    /// Facts about a trail.
    #[derive(Clone, Debug, JsonSchema)]
    pub struct TrailFacts {
        /// Trail ARN.
        pub arn: String,
        /// Trail name.
        pub name: String,
        /// Id of the account that owns it; of an organization trail, the management account.
        pub owner: String,
        /// Home region: the only one from which it can be changed.
        pub home_region: String,
        /// It is replicated to every enabled region.
        pub is_multi_region: bool,
        /// It is copied to every member of the organization.
        pub is_organization_trail: bool,
        /// It also records events of global services.
        pub includes_global_service_events: bool,
        /// It delivers digest files with its log files.
        pub validates_log_files: bool,
        /// It is recording now, in its home region and in every other that has a replica of it.
        pub is_logging: Fact<bool>,
        /// Regions in which it is known not to record, in words; empty when there are none, or when it records nowhere.
        #[schemars(extend("x-for-messages" = true))]
        pub stopped_in: String,
        /// Something has been delivered to its bucket.
        pub has_delivered: Fact<bool>,
        /// Whole hours since the last delivery to its bucket; 9007199254740991 when nothing was ever delivered.
        pub hours_since_delivery: Fact<i64>,
        /// Whole hours since logging was last started; 9007199254740991 when that is not on record.
        pub hours_since_logging_started: Fact<i64>,
        /// S3 errors of the last delivery attempts and their regions, in words; empty when none is known.
        #[schemars(extend("x-for-messages" = true))]
        pub delivery_error: String,
        /// The last delivery attempt of some region failed on the side of the bucket.
        pub has_delivery_error: Fact<bool>,
        /// Bucket it delivers to.
        pub bucket: String,
        /// KMS key that encrypts its files; empty when S3's own encryption does.
        pub kms_key: String,
        /// A KMS key is set.
        pub has_kms_key: bool,
        /// The key exists and is managed by the customer, not by AWS.
        pub key_is_customer_managed: Fact<bool>,
        /// The key exists and is in state `Enabled`.
        pub key_is_enabled: Fact<bool>,
        /// State of the key as KMS reports it; `missing` when there is no such key, empty when no key is set.
        pub key_state: Fact<String>,
        /// It records data events of some kind.
        pub records_data_events: Fact<bool>,
        /// Resource types whose data events it records without naming resources, in words; empty when there are none.
        pub account_wide_data_events: Fact<String>,
        /// A CloudWatch Logs log group is set.
        pub has_log_group: bool,
        /// A role for writing to the log group is set.
        pub has_log_group_role: bool,
        /// ARN of the log group; empty when none is set.
        pub log_group: String,
        /// The call that described the trail.
        #[schemars(skip)]
        pub described_by: Origin,
    }
}

impl SubjectRecord for TrailFacts {
    const KIND: SubjectKind = SubjectKind::Trail;
    fn subject(&self) -> Subject {
        Subject {
            kind: Self::KIND,
            id: self.arn.clone(),
            name: self.name.clone(),
            account: self.owner.clone(),
            region: self.home_region.clone(),
        }
    }
    fn described_by(&self) -> Option<&Origin> {
        Some(&self.described_by)
    }
}

impl TrailFacts {
    pub(super) fn of(trail: &Trail, inventory: &Inventory, as_of: Timestamp) -> Self {
        let key = trail.kms_key.as_ref().and_then(|id| inventory.keys.get(id));
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        Self {
            arn: trail.arn.clone(),
            name: trail.name.clone(),
            owner: trail.owner.clone(),
            home_region: trail.home_region.clone(),
            is_multi_region: trail.is_multi_region,
            is_organization_trail: trail.is_organization_trail,
            includes_global_service_events: trail.includes_global_service_events,
            validates_log_files: trail.validates_log_files,
            is_logging: statuses(trail)
                .map(|(_, status)| Fact::of(status, |status| status.is_logging))
                .fold(Fact::known(true, []), Fact::and),
            stopped_in: stopped_in(trail),
            has_delivered: Fact::of(&trail.status, |status| status.latest_delivery.is_some()),
            hours_since_delivery: hours_since(&trail.status, as_of, |status| {
                status.latest_delivery.as_deref()
            }),
            hours_since_logging_started: hours_since(&trail.status, as_of, |status| {
                status.started_logging.as_deref()
            }),
            delivery_error: delivery_error(trail),
            has_delivery_error: statuses(trail)
                .map(|(_, status)| Fact::of(status, |status| status.latest_delivery_error.is_some()))
                .fold(Fact::known(false, []), Fact::or),
            bucket: trail.bucket.clone(),
            kms_key: text(&trail.kms_key),
            has_kms_key: trail.kms_key.is_some(),
            key_is_customer_managed: of_key(trail, key, false, |key| {
                key.is_some_and(|key| key.manager == "CUSTOMER")
            }),
            key_is_enabled: of_key(trail, key, false, |key| key.is_some_and(|key| key.state == "Enabled")),
            key_state: of_key(trail, key, String::new(), |key| {
                key.map_or("missing", |key| &key.state).to_owned()
            }),
            records_data_events: data_events::recorded(&trail.selectors),
            account_wide_data_events: data_events::account_wide(&trail.selectors),
            has_log_group: trail.log_group.is_some(),
            has_log_group_role: trail.log_group_role.is_some(),
            log_group: text(&trail.log_group),
            described_by: trail.described_by.clone(),
        }
    }
}

/// The status in the home region, then those of the replicas.
fn statuses(trail: &Trail) -> impl Iterator<Item = (&str, &Observed<TrailStatus>)> {
    let home = std::iter::once((trail.home_region.as_str(), &trail.status));
    home.chain(trail.replicas.iter().map(|(region, status)| (region.as_str(), status)))
}

fn stopped_in(trail: &Trail) -> String {
    let known = || statuses(trail).filter_map(|(region, status)| Some((region, status.value()?.is_logging)));
    if !known().any(|(_, is_logging)| is_logging) {
        return String::new();
    }
    known().filter(|(_, is_logging)| !is_logging).map(|(region, _)| region).collect::<Vec<_>>().join(", ")
}

/// Regions with the same error share a phrase: "`AccessDenied` in eu-west-1, eu-west-3".
fn delivery_error(trail: &Trail) -> String {
    let mut by_error: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (region, status) in statuses(trail) {
        if let Some(error) = status.value().and_then(|status| status.latest_delivery_error.as_deref()) {
            by_error.entry(error).or_default().push(region);
        }
    }
    let phrase = |(error, regions): (&str, Vec<&str>)| format!("{error} in {}", regions.join(", "));
    by_error.into_iter().map(phrase).collect::<Vec<_>>().join("; ")
}

/// What `f` says of the trail's key, `without` where none is set.
fn of_key<T>(
    trail: &Trail,
    key: Option<&Key>,
    without: T,
    f: impl FnOnce(Option<&KeyMetadata>) -> T,
) -> Fact<T> {
    match (trail.kms_key.is_some(), key) {
        (false, _) => Fact::known(without, [trail.described_by.clone()]),
        (true, Some(key)) => Fact::of(&key.metadata, |metadata| f(metadata.as_ref())),
        (true, None) => Fact::of(&Observed::Gap(not_read(trail)), |(): &()| without),
    }
}

fn not_read(trail: &Trail) -> Gap {
    let id = trail.kms_key.clone().unwrap_or_default();
    Gap {
        origin: Origin::Stated(format!("the key {id}")),
        reason: GapReason::NotCollected,
        detail: String::new(),
    }
}
