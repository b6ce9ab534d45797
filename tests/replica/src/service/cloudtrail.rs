//! `CloudTrail`: which trails are seen where, and who may ask what about them.
//!
//! A multi-region trail shows up in every enabled region; an organization trail also in every active member, under the name
//! and ARN of the management account. Members see it and its status, and are refused its selectors and tags.

use super::lake;
use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::world::{AccountStatus, EventSelector, Moment, Trail, World};
use serde_json::{Map, Value, json};

type Answered = Result<Answer, Failure>;

/// Whether the account owns the trail or receives it as a member.
fn reaches(world: &World, trail: &Trail, account: &str) -> bool {
    if trail.account.value == account {
        return true;
    }
    let both_in =
        world.organization_of(account).is_some() && world.organization_of(&trail.account.value).is_some();
    let active = world.account(account).is_some_and(|account| account.status == AccountStatus::Active);
    trail.organization && both_in && active
}

/// Whether the trail has a copy in this region, in an account that it reaches.
fn covers_region(trail: &Trail, region: &str) -> bool {
    trail.multi_region || trail.home_region == region
}

fn visible<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Trail> {
    call.world
        .trails
        .iter()
        .filter(|trail| covers_region(trail, call.region) && reaches(call.world, trail, &call.caller.account))
}

/// Whether the caller acts for the organization's trails though it does not own them.
pub(super) fn is_delegate(call: &Call<'_>) -> bool {
    let account = &call.caller.account;
    let organization = call.world.organization_of(account);
    organization.is_some_and(|organization| organization.delegates(account, "cloudtrail.amazonaws.com"))
}

#[expect(clippy::unnecessary_wraps, reason = "the table of operations wants one type")]
pub(crate) fn describe_trails(call: &Call<'_>) -> Answered {
    let names: Vec<&str> = call.input["trailNameList"]
        .as_array()
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let shadows = call.input["includeShadowTrails"].as_bool().unwrap_or(true);
    let account = &call.caller.account;
    let trails: Vec<Value> = visible(call)
        .filter(|trail| {
            if names.is_empty() {
                shadows || trail.home_region == call.region && trail.account.value == *account
            } else {
                let arn = trail.arn(call.world.partition);
                names.contains(&arn.as_str())
                    || trail.home_region == call.region && names.contains(&trail.name.as_str())
            }
        })
        .map(|trail| describe(call.world, trail))
        .collect();
    Ok(Answer::json(&json!({"trailList": trails})))
}

fn describe(world: &World, trail: &Trail) -> Value {
    let partition = world.partition;
    let custom = !trail.event_selectors.is_empty() || !trail.advanced_event_selectors.is_empty();
    let mut value = json!({
        "Name": trail.name,
        "TrailARN": trail.arn(partition),
        "HomeRegion": trail.home_region,
        "S3BucketName": trail.bucket,
        "IncludeGlobalServiceEvents": trail.global_events.unwrap_or(trail.multi_region),
        "IsMultiRegionTrail": trail.multi_region,
        "IsOrganizationTrail": trail.organization,
        "LogFileValidationEnabled": trail.validation,
        "HasCustomEventSelectors": custom,
        "HasInsightSelectors": !trail.insights.is_empty(),
    });
    let mut put = |name: &str, text: Option<String>| {
        if let Some(text) = text {
            value[name] = text.into();
        }
    };
    put("S3KeyPrefix", trail.prefix.clone());
    put("KmsKeyId", trail.kms_key.clone());
    if let Some(group) = &trail.log_group {
        let arn = if group.starts_with("arn:") {
            group.clone()
        } else {
            trail.qualify(partition, "logs", &format!("log-group:{group}:*"))
        };
        put("CloudWatchLogsLogGroupArn", Some(arn));
        let role = trail.log_role.clone().unwrap_or_else(|| {
            let account = &trail.account.value;
            format!("arn:{}:iam::{account}:role/CloudTrail_CloudWatchLogs_Role", partition.name())
        });
        put("CloudWatchLogsRoleArn", Some(role));
    }
    if let Some(topic) = &trail.topic {
        put("SnsTopicARN", Some(trail.qualify(partition, "sns", topic)));
        put("SnsTopicName", topic.rsplit(':').next().map(str::to_owned));
    }
    value
}

fn not_found(name: &str, account: &str) -> Failure {
    Failure::new(400, "TrailNotFoundException", format!("Unknown trail: {name} for the user: {account}"))
}

/// The trail that a name or an ARN means to this caller; `foreign` says whether a member may ask by ARN.
pub(super) fn resolve<'a>(call: &'a Call<'_>, name: &str, foreign: bool) -> Result<&'a Trail, Failure> {
    let account = &call.caller.account;
    if !name.starts_with("arn:") {
        if name.len() < 3 {
            return Err(Failure::new(
                400,
                "InvalidTrailNameException",
                "Trail name too short. Minimum allowed length: 3 characters.",
            ));
        }
        // A bare name means a trail of this account with its home in this region, never a copy.
        let own = call.world.trails.iter().find(|trail| {
            trail.name == name && trail.account.value == *account && trail.home_region == call.region
        });
        return own.ok_or_else(|| not_found(name, account));
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let ["arn", _, "cloudtrail", _, owner, path] = parts[..] else {
        return Err(Failure::new(400, "CloudTrailARNInvalidException", format!("Invalid ARN: {name}")));
    };
    if !path.starts_with("trail/") {
        return Err(Failure::new(400, "CloudTrailARNInvalidException", format!("Invalid ARN: {name}")));
    }
    let found = visible(call).find(|trail| trail.arn(call.world.partition) == name);
    if owner == account {
        return found.ok_or_else(|| not_found(name, account));
    }
    let allowed = found.is_some_and(|trail| trail.organization) && (foreign || is_delegate(call));
    found.filter(|_| allowed).ok_or_else(|| {
        Failure::new(400, "CloudTrailARNInvalidException", format!("AccountID in ARN is wrong: {name}"))
    })
}

pub(crate) fn get_trail_status(call: &Call<'_>) -> Answered {
    let trail = resolve(call, call.required("Name")?, true)?;
    let status = trail.status(call.region);
    let logging = status.logging.unwrap_or(true);
    let now = call.world.now();
    let mut answer = Map::new();
    answer.insert("IsLogging".into(), logging.into());
    let latest = Moment::minutes_ago(if logging { 5 } else { 2 * 24 * 60 });
    let digest = Moment::minutes_ago(if logging { 40 } else { 2 * 24 * 60 });
    let times = [
        ("StartLoggingTime", status.started.or(Some(Moment::days_ago(90)))),
        ("StopLoggingTime", status.stopped.or((!logging).then_some(Moment::days_ago(2)))),
        ("LatestDeliveryTime", status.latest_delivery.or(Some(latest))),
        ("LatestDigestDeliveryTime", status.latest_digest.or(trail.validation.then_some(digest))),
        (
            "LatestCloudWatchLogsDeliveryTime",
            status.latest_log_group_delivery.or(trail.log_group.as_ref().map(|_| latest)),
        ),
        ("LatestNotificationTime", status.latest_notification.or(trail.topic.as_ref().map(|_| latest))),
    ];
    for (name, moment) in times {
        if let Some(epoch) = moment.and_then(|moment| moment.epoch(now)) {
            answer.insert(name.into(), epoch.into());
        }
    }
    let errors = [
        ("LatestDeliveryError", status.latest_delivery_error),
        ("LatestDigestDeliveryError", status.latest_digest_error),
        ("LatestCloudWatchLogsDeliveryError", status.latest_log_group_error),
        ("LatestNotificationError", status.latest_notification_error),
    ];
    for (name, error) in errors {
        if let Some(error) = error {
            answer.insert(name.into(), error.into());
        }
    }
    Ok(Answer::json(&Value::Object(answer)))
}

pub(crate) fn get_event_selectors(call: &Call<'_>) -> Answered {
    let trail = resolve(call, call.required("TrailName")?, false)?;
    let arn = trail.arn(call.world.partition);
    if !trail.advanced_event_selectors.is_empty() {
        let selectors = &trail.advanced_event_selectors;
        return Ok(Answer::json(&json!({"TrailARN": arn, "AdvancedEventSelectors": selectors})));
    }
    let default = [EventSelector::default()];
    let selectors = if trail.event_selectors.is_empty() { &default[..] } else { &trail.event_selectors };
    Ok(Answer::json(&json!({"TrailARN": arn, "EventSelectors": selectors})))
}

pub(crate) fn get_insight_selectors(call: &Call<'_>) -> Answered {
    let trail = resolve(call, call.required("TrailName")?, false)?;
    let arn = trail.arn(call.world.partition);
    if trail.insights.is_empty() {
        return Err(Failure::new(
            400,
            "InsightNotEnabledException",
            format!(
                "Trail {arn} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again."
            ),
        ));
    }
    Ok(Answer::json(&json!({"TrailARN": arn, "InsightSelectors": trail.insights})))
}

pub(crate) fn list_tags(call: &Call<'_>) -> Answered {
    let arns = call.input["ResourceIdList"].as_array().cloned().unwrap_or_default();
    let mut tagged = Vec::new();
    for arn in arns.iter().filter_map(Value::as_str) {
        if !arn.starts_with("arn:") {
            return Err(Failure::new(400, "CloudTrailARNInvalidException", format!("Invalid ARN: {arn}")));
        }
        let tags = if arn.contains(":eventdatastore/") {
            lake::resolve(call, arn).map(|store| &store.tags)
        } else {
            resolve(call, arn, false).map(|trail| &trail.tags)
        };
        let tags = tags.map_err(|failure| match failure.code.as_ref() {
            "TrailNotFoundException" | "EventDataStoreNotFoundException" => {
                Failure::new(400, "ResourceNotFoundException", format!("Unknown resource: {arn}"))
            }
            _ => failure,
        })?;
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        tagged.push(json!({"ResourceId": arn, "TagsList": tags}));
    }
    Ok(Answer::json(&json!({"ResourceTagList": tagged})))
}

pub(crate) fn list_trails(call: &Call<'_>) -> Answered {
    let trails: Vec<Value> = visible(call)
        .map(|trail| {
            json!({
                "TrailARN": trail.arn(call.world.partition),
                "Name": trail.name,
                "HomeRegion": trail.home_region,
            })
        })
        .collect();
    call.listed("Trails", &trails, Value::clone)
}
