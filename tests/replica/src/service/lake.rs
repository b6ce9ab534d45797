//! CloudTrail Lake: event data stores, and the event configuration of stores and trails.
//!
//! A multi-region store shows up in every region. An organization's store belongs to the management account; CloudTrail's
//! delegated administrators see it, members do not.

use super::cloudtrail::{self, is_delegate};
use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::world::{EventDataStore, Moment};
use serde_json::json;

type Answered = Result<Answer, Failure>;

fn visible<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a EventDataStore> {
    let delegate = is_delegate(call);
    call.world.event_data_stores.iter().filter(move |store| {
        let here = store.multi_region || store.home_region == call.region;
        here && (store.account.value == call.caller.account || store.organization && delegate)
    })
}

/// The event data store that an ARN, or the id at its end, means to this caller.
pub(super) fn resolve<'a>(call: &'a Call<'_>, wanted: &str) -> Result<&'a EventDataStore, Failure> {
    let found = visible(call).find(|store| store.arn(call.world.partition) == wanted || store.id() == wanted);
    found.ok_or_else(|| {
        let own = format!(":{}:eventdatastore/", call.caller.account);
        let code = if wanted.contains(':') && !wanted.contains(&own) {
            "EventDataStoreARNInvalidException"
        } else {
            "EventDataStoreNotFoundException"
        };
        Failure::new(400, code, format!("The event data store {wanted} was not found."))
    })
}

pub(crate) fn list_event_data_stores(call: &Call<'_>) -> Answered {
    let stores: Vec<&EventDataStore> = visible(call).collect();
    call.listed(
        "EventDataStores",
        &stores,
        |store| json!({"EventDataStoreArn": store.arn(call.world.partition), "Name": store.name}),
    )
}

pub(crate) fn get_event_data_store(call: &Call<'_>) -> Answered {
    let store = resolve(call, call.required("EventDataStore")?)?;
    let now = call.world.now();
    let created = store.created.unwrap_or(Moment::days_ago(200));
    let mut answer = json!({
        "EventDataStoreArn": store.arn(call.world.partition),
        "Name": store.name,
        "Status": store.status,
        "AdvancedEventSelectors": store.advanced_event_selectors,
        "MultiRegionEnabled": store.multi_region,
        "OrganizationEnabled": store.organization,
        "RetentionPeriod": store.retention_days(),
        "TerminationProtectionEnabled": store.termination_protection,
        "CreatedTimestamp": created.epoch(now),
        "UpdatedTimestamp": store.updated.unwrap_or(created).epoch(now),
        "BillingMode": store.billing,
        "FederationStatus": if store.federation_role.is_some() { "ENABLED" } else { "DISABLED" },
    });
    for (name, text) in [("KmsKeyId", &store.kms_key), ("FederationRoleArn", &store.federation_role)] {
        if let Some(text) = text {
            answer[name] = text.as_str().into();
        }
    }
    Ok(Answer::json(&answer))
}

pub(crate) fn get_event_configuration(call: &Call<'_>) -> Answered {
    match (call.text("TrailName"), call.text("EventDataStore")) {
        (Some(name), None) => {
            let trail = cloudtrail::resolve(call, name, false)?;
            let arn = trail.arn(call.world.partition);
            Ok(Answer::json(&json!({"TrailARN": arn, "AggregationConfigurations": trail.aggregations})))
        }
        (None, Some(name)) => {
            let store = resolve(call, name)?;
            Ok(Answer::json(&json!({
                "EventDataStoreArn": store.arn(call.world.partition),
                "MaxEventSize": store.max_event_size,
                "ContextKeySelectors": store.context_keys,
            })))
        }
        _ => Err(Failure::new(
            400,
            "InvalidParameterCombinationException",
            "Specify either a trail name or an event data store.",
        )),
    }
}

pub(crate) fn get_resource_policy(call: &Call<'_>) -> Answered {
    let arn = call.required("ResourceArn")?;
    let refuse = |code: &'static str| Failure::new(400, code, format!("{code}: {arn}"));
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, "cloudtrail", _, _, path] = parts[..] else {
        return Err(refuse("ResourceARNNotValidException"));
    };
    if path.starts_with("trail/") {
        return Err(refuse("ResourceTypeNotSupportedException"));
    }
    let store = visible(call).find(|store| store.arn(call.world.partition) == arn);
    let store = store.ok_or_else(|| refuse("ResourceNotFoundException"))?;
    let policy = store.resource_policy.text(|| None);
    let policy = policy.ok_or_else(|| refuse("ResourcePolicyNotFoundException"))?;
    Ok(Answer::json(&json!({"ResourceArn": arn, "ResourcePolicy": policy})))
}
