//! Trails: what they record, where they deliver, and how delivery goes in each region.

use super::{Moment, Partition, Ref};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A trail; the defaults describe a healthy multi-region one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trail {
    pub(crate) name: String,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) home_region: String,
    #[serde(default = "yes")]
    pub(crate) multi_region: bool,
    #[serde(default)]
    pub(crate) organization: bool,
    #[serde(default = "yes")]
    pub(crate) validation: bool,
    /// As `multi_region` when absent.
    pub(crate) global_events: Option<bool>,
    pub(crate) bucket: String,
    pub(crate) prefix: Option<String>,
    /// Alias or id of a key of the world, or an ARN of any key.
    pub(crate) kms_key: Option<String>,
    /// Name or ARN of a log group.
    pub(crate) log_group: Option<String>,
    pub(crate) log_role: Option<String>,
    /// Name or ARN of a topic.
    pub(crate) topic: Option<String>,
    #[serde(default)]
    pub(crate) event_selectors: Vec<EventSelector>,
    #[serde(default)]
    pub(crate) advanced_event_selectors: Vec<AdvancedEventSelector>,
    #[serde(default)]
    pub(crate) insights: Vec<InsightSelector>,
    #[serde(default)]
    pub(crate) aggregations: Vec<AggregationConfiguration>,
    #[serde(default)]
    pub(crate) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) status: StatusByRegion,
}

fn yes() -> bool {
    true
}

impl Trail {
    /// The ARN, the same in every region and account where the trail shows up.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        format!(
            "arn:{}:cloudtrail:{}:{}:trail/{}",
            partition.name(),
            self.home_region,
            self.account.value,
            self.name
        )
    }

    /// The ARN of a resource of the trail's account, unless the text is one already.
    pub(crate) fn qualify(&self, partition: Partition, service: &str, name: &str) -> String {
        if name.starts_with("arn:") {
            return name.to_owned();
        }
        format!("arn:{}:{service}:{}:{}:{name}", partition.name(), self.home_region, self.account.value)
    }

    /// The status in a region: the region's own statements over the trail's.
    pub(crate) fn status(&self, region: &str) -> Status {
        let common = &self.status.default;
        self.status.regions.get(region).map_or_else(|| common.clone(), |own| own.over(common))
    }
}

/// A classic selector, in the words of the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct EventSelector {
    #[serde(default = "all")]
    read_write_type: String,
    #[serde(default = "yes")]
    include_management_events: bool,
    #[serde(default)]
    data_resources: Vec<DataResource>,
    #[serde(default)]
    exclude_management_event_sources: Vec<String>,
}

fn all() -> String {
    "All".into()
}

impl Default for EventSelector {
    fn default() -> Self {
        Self {
            read_write_type: all(),
            include_management_events: true,
            data_resources: Vec::new(),
            exclude_management_event_sources: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct DataResource {
    r#type: String,
    #[serde(default)]
    values: Vec<String>,
}

/// An advanced selector, in the words of the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct AdvancedEventSelector {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    field_selectors: Vec<FieldSelector>,
}

impl AdvancedEventSelector {
    /// All management events.
    pub(crate) fn management() -> Self {
        Self {
            name: Some("Management events selector".into()),
            field_selectors: vec![FieldSelector {
                field: "eventCategory".into(),
                equals: vec!["Management".into()],
                starts_with: Vec::new(),
                ends_with: Vec::new(),
                not_equals: Vec::new(),
                not_starts_with: Vec::new(),
                not_ends_with: Vec::new(),
            }],
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct FieldSelector {
    field: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    equals: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    starts_with: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ends_with: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    not_equals: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    not_starts_with: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    not_ends_with: Vec<String>,
}

/// An insight selector, in the words of the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct InsightSelector {
    insight_type: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    event_categories: Vec<String>,
}

/// Events summed up for an event category, in the words of the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct AggregationConfiguration {
    templates: Vec<String>,
    event_category: String,
}

/// How delivery goes, everywhere and in single regions.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StatusByRegion {
    pub(crate) default: Status,
    pub(crate) regions: BTreeMap<String, Status>,
}

/// One region's status; what is not said is healthy.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Status {
    pub(crate) logging: Option<bool>,
    pub(crate) started: Option<Moment>,
    pub(crate) stopped: Option<Moment>,
    pub(crate) latest_delivery: Option<Moment>,
    pub(crate) latest_delivery_error: Option<String>,
    pub(crate) latest_digest: Option<Moment>,
    pub(crate) latest_digest_error: Option<String>,
    pub(crate) latest_log_group_delivery: Option<Moment>,
    pub(crate) latest_log_group_error: Option<String>,
    pub(crate) latest_notification: Option<Moment>,
    pub(crate) latest_notification_error: Option<String>,
}

impl Status {
    fn over(&self, common: &Self) -> Self {
        Self {
            logging: self.logging.or(common.logging),
            started: self.started.or(common.started),
            stopped: self.stopped.or(common.stopped),
            latest_delivery: self.latest_delivery.or(common.latest_delivery),
            latest_delivery_error: either(
                self.latest_delivery_error.as_ref(),
                common.latest_delivery_error.as_ref(),
            ),
            latest_digest: self.latest_digest.or(common.latest_digest),
            latest_digest_error: either(
                self.latest_digest_error.as_ref(),
                common.latest_digest_error.as_ref(),
            ),
            latest_log_group_delivery: self.latest_log_group_delivery.or(common.latest_log_group_delivery),
            latest_log_group_error: either(
                self.latest_log_group_error.as_ref(),
                common.latest_log_group_error.as_ref(),
            ),
            latest_notification: self.latest_notification.or(common.latest_notification),
            latest_notification_error: either(
                self.latest_notification_error.as_ref(),
                common.latest_notification_error.as_ref(),
            ),
        }
    }
}

fn either(own: Option<&String>, common: Option<&String>) -> Option<String> {
    own.or(common).cloned()
}
