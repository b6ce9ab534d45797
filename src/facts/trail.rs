//! Facts about a trail.

mod delivery;
mod status;

use jiff::Timestamp;
use schemars::JsonSchema;

use super::coverage::Coverage;
use super::moment::hours_since;
use super::part::record;
use super::recording::TrailRecordingFacts;
use super::{Fact, SubjectRecord};
use crate::inventory::{EventConfiguration, Gap, GapReason, Key, KeyMetadata, Observed, Origin, Trail};
use crate::report::{Subject, SubjectKind};
pub use delivery::TrailDeliveryFacts;
use status::{ErrorOf, Replicas, errors, has_error};

const DELIVERY: ErrorOf = |status| status.latest_delivery_error.as_deref();
const DIGEST: ErrorOf = |status| status.latest_digest_delivery_error.as_deref();
const LOG_GROUP: ErrorOf = |status| status.latest_log_group_delivery_error.as_deref();
const NOTIFICATION: ErrorOf = |status| status.latest_notification_error.as_deref();

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
    /// It is recording now, in its home region.
    pub is_logging: Fact<bool>,
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
    /// Whether it may deliver.
    #[schemars(flatten)]
    pub delivery: TrailDeliveryFacts,
    /// KMS key that encrypts its files; empty when S3's own encryption does.
    pub kms_key: String,
    /// A KMS key is set.
    pub has_kms_key: bool,
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    /// The key exists and is managed by the customer, not by AWS.
    pub key_is_customer_managed: Fact<bool>,
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    /// The key exists and is in state `Enabled`.
    pub key_is_enabled: Fact<bool>,
    #[schemars(extend("x-calls" = ["kms:DescribeKey"]))]
    /// State of the key as KMS reports it; `missing` when there is no such key, empty when no key is set.
    pub key_state: Fact<String>,
    /// Every other enabled region of its owner has a replica of it that records; true of a trail of one region.
    pub replicas_are_logging: Fact<bool>,
    /// Regions where the replica is known to be missing or not to record, in words; empty when there are none.
    #[schemars(extend("x-for-messages" = true))]
    pub replica_trouble: String,
    /// The last attempt of some region to deliver a digest file failed on the side of the bucket.
    pub has_digest_delivery_error: Fact<bool>,
    /// S3 errors of the last digest deliveries and their regions, in words; empty when none is known.
    #[schemars(extend("x-for-messages" = true))]
    pub digest_delivery_error: String,
    /// Whole hours since the last digest file was delivered; 9007199254740991 when none ever was.
    pub hours_since_digest_delivery: Fact<i64>,
    /// The last delivery of some region to the log group failed.
    pub has_log_group_delivery_error: Fact<bool>,
    /// Errors of the last deliveries to the log group and their regions, in words; empty when none is known.
    #[schemars(extend("x-for-messages" = true))]
    pub log_group_delivery_error: String,
    /// Whole hours since the last delivery to the log group; 9007199254740991 when nothing was ever delivered.
    pub hours_since_log_group_delivery: Fact<i64>,
    /// ARN of the SNS topic that is told of deliveries; empty when none is set.
    pub topic: String,
    /// An SNS topic is set.
    pub has_topic: bool,
    /// The last notification of some region failed.
    pub has_notification_error: Fact<bool>,
    /// Errors of the last notifications and their regions, in words; empty when none is known.
    #[schemars(extend("x-for-messages" = true))]
    pub notification_error: String,
    /// Keys of its tags, without those of AWS.
    #[schemars(extend("x-calls" = ["cloudtrail:ListTags"]))]
    pub tag_keys: Fact<Vec<String>>,
    /// What is added to its events or made of them, in words; empty when nothing is.
    #[schemars(extend("x-calls" = ["cloudtrail:GetEventConfiguration"]))]
    pub event_configuration: Fact<String>,
    /// What it records, by its selectors.
    #[schemars(flatten)]
    pub recording: TrailRecordingFacts,
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
    pub(super) fn of(trail: &Trail, coverage: &Coverage<'_>, as_of: Timestamp) -> Self {
        let inventory = coverage.inventory;
        let key = trail.kms_key.as_ref().and_then(|id| inventory.keys.get(id));
        let replicas = Replicas::of(trail, inventory);
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
            is_logging: Fact::of(&trail.status, |status| status.is_logging),
            has_delivered: Fact::of(&trail.status, |status| status.latest_delivery.is_some()),
            hours_since_delivery: hours_since(&trail.status, as_of, |status| {
                status.latest_delivery.as_deref()
            }),
            hours_since_logging_started: hours_since(&trail.status, as_of, |status| {
                status.started_logging.as_deref()
            }),
            delivery_error: errors(trail, DELIVERY),
            has_delivery_error: has_error(trail, DELIVERY),
            bucket: trail.bucket.clone(),
            delivery: TrailDeliveryFacts::of(trail, key, coverage),
            kms_key: text(&trail.kms_key),
            has_kms_key: trail.kms_key.is_some(),
            key_is_customer_managed: of_key(trail, key, false, |key| {
                key.is_some_and(|key| key.manager == "CUSTOMER")
            }),
            key_is_enabled: of_key(trail, key, false, |key| key.is_some_and(|key| key.state == "Enabled")),
            key_state: of_key(trail, key, String::new(), |key| {
                key.map_or("missing", |key| &key.state).to_owned()
            }),
            replicas_are_logging: replicas.are_logging(),
            replica_trouble: replicas.trouble(),
            has_digest_delivery_error: has_error(trail, DIGEST),
            digest_delivery_error: errors(trail, DIGEST),
            hours_since_digest_delivery: hours_since(&trail.status, as_of, |status| {
                status.latest_digest_delivery.as_deref()
            }),
            has_log_group_delivery_error: has_error(trail, LOG_GROUP),
            log_group_delivery_error: errors(trail, LOG_GROUP),
            hours_since_log_group_delivery: hours_since(&trail.status, as_of, |status| {
                status.latest_log_group_delivery.as_deref()
            }),
            topic: text(&trail.topic),
            has_topic: trail.topic.is_some(),
            has_notification_error: has_error(trail, NOTIFICATION),
            notification_error: errors(trail, NOTIFICATION),
            tag_keys: Fact::of(&trail.tags, |tags| {
                tags.keys().filter(|key| !key.starts_with("aws:")).cloned().collect()
            }),
            event_configuration: Fact::of(&trail.event_configuration, configuration_in_words),
            recording: TrailRecordingFacts::of(trail, coverage),
            has_log_group: trail.log_group.is_some(),
            has_log_group_role: trail.log_group_role.is_some(),
            log_group: text(&trail.log_group),
            described_by: trail.described_by.clone(),
        }
    }
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

fn configuration_in_words(configuration: &EventConfiguration) -> String {
    let listed =
        |what: &str, items: &[String]| (!items.is_empty()).then(|| format!("{what} {}", items.join(", ")));
    let size = (configuration.max_event_size == "Large").then(|| "keeps large events whole".to_owned());
    let parts = [
        listed("aggregates", &configuration.aggregations),
        listed("adds", &configuration.context_keys),
        size,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
