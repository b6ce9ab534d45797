//! KMS: keys, read in their own region; described from elsewhere only where the key policy says so.

use crate::answer::{Answer, Failure};
use crate::dispatch::{Call, not_authorized};
use crate::world::{Key, Moment};
use serde_json::{Value, json};

type Answered = Result<Answer, Failure>;

fn not_found(what: &str) -> Failure {
    Failure::new(400, "NotFoundException", what)
}

/// The key behind an id, an alias or the ARN of either.
fn resolve<'a>(call: &'a Call<'_>, aliases: bool, abroad: bool) -> Result<&'a Key, Failure> {
    let wanted = call.required("KeyId")?;
    let own = call.caller.account.as_str();
    let parts: Vec<&str> = wanted.splitn(6, ':').collect();
    let (account, name) = match parts[..] {
        ["arn", _, "kms", region, account, name] => {
            if region != call.region {
                return Err(not_found(&format!("Invalid arn {region}")));
            }
            (account, name)
        }
        ["arn", ..] => {
            return Err(Failure::new(400, "InvalidArnException", format!("Invalid ARN: {wanted}")));
        }
        _ => (own, wanted),
    };
    let alias = name.strip_prefix("alias/");
    if alias.is_some() && !aliases {
        return Err(not_found("Invalid keyId; an alias is not accepted here"));
    }
    let id = name.strip_prefix("key/").unwrap_or(name);
    let found = call.world.keys.iter().find(|key| {
        let named = alias.map_or(key.id() == id, |alias| key.alias() == Some(alias));
        named && key.account.value == account && key.region == call.region
    });
    if account == own {
        let kind = if alias.is_some() { "Alias" } else { "Key" };
        let arn = format!("arn:{}:kms:{}:{account}:{name}", call.world.partition.name(), call.region);
        return found.ok_or_else(|| not_found(&format!("{kind} '{arn}' does not exist")));
    }
    let open = |key: &&Key| abroad && key.cross_account_describe.iter().any(|reader| reader.value == own);
    found.filter(open).ok_or_else(|| {
        let reason = "because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";
        call.operation.service.denied(not_authorized(&call.caller.arn, call.operation.action, wanted, reason))
    })
}

pub(crate) fn describe_key(call: &Call<'_>) -> Answered {
    let key = resolve(call, true, true)?;
    let now = call.world.now();
    let arn = key.arn(call.world.partition);
    let mut metadata = json!({
        "AWSAccountId": key.account.value,
        "KeyId": key.id(),
        "Arn": arn,
        "CreationDate": key.created.unwrap_or(Moment::days_ago(200)).epoch(now),
        "Enabled": key.state == "Enabled",
        "Description": key.description,
        "KeyUsage": key.usage,
        "KeyState": key.state,
        "Origin": key.origin,
        "KeyManager": key.manager,
        "KeySpec": key.spec,
        "CustomerMasterKeySpec": key.spec,
        "MultiRegion": key.multi_region,
    });
    if key.spec == "SYMMETRIC_DEFAULT" {
        metadata["EncryptionAlgorithms"] = json!(["SYMMETRIC_DEFAULT"]);
    }
    if key.state == "PendingDeletion" {
        let after_seven_days = Moment::days_ago(-7);
        metadata["DeletionDate"] = json!(key.deletion.unwrap_or(after_seven_days).epoch(now));
    }
    if key.multi_region {
        metadata["MultiRegionConfiguration"] = json!({
            "MultiRegionKeyType": "PRIMARY",
            "PrimaryKey": {"Arn": arn, "Region": key.region},
            "ReplicaKeys": [],
        });
    }
    Ok(Answer::json(&json!({"KeyMetadata": metadata})))
}

pub(crate) fn get_key_policy(call: &Call<'_>) -> Answered {
    let key = resolve(call, false, false)?;
    let name = call.text("PolicyName").unwrap_or("default");
    if name != "default" {
        return Err(not_found("No such policy exists"));
    }
    Ok(Answer::json(&json!({"Policy": call.world.key_policy(key), "PolicyName": name})))
}

pub(crate) fn get_key_rotation_status(call: &Call<'_>) -> Answered {
    let key = resolve(call, false, true)?;
    if key.spec != "SYMMETRIC_DEFAULT" || key.origin != "AWS_KMS" {
        return Err(Failure::new(
            400,
            "UnsupportedOperationException",
            format!("{} origin or spec does not support automatic rotation", key.arn(call.world.partition)),
        ));
    }
    let rotates = key.rotation && key.state == "Enabled";
    let mut answer = json!({"KeyRotationEnabled": rotates, "KeyId": key.arn(call.world.partition)});
    if rotates {
        answer["RotationPeriodInDays"] = key.rotation_days.into();
    }
    Ok(Answer::json(&answer))
}

#[expect(clippy::unnecessary_wraps, reason = "the table of operations wants one type")]
pub(crate) fn list_aliases(call: &Call<'_>) -> Answered {
    let aliases: Vec<Value> = call
        .world
        .keys
        .iter()
        .filter(|key| key.account.value == call.caller.account && key.region == call.region)
        .filter_map(|key| {
            let alias = key.alias()?;
            let (partition, account) = (call.world.partition.name(), &key.account.value);
            Some(json!({
                "AliasName": format!("alias/{alias}"),
                "AliasArn": format!("arn:{partition}:kms:{}:{account}:alias/{alias}", key.region),
                "TargetKeyId": key.id(),
            }))
        })
        .collect();
    Ok(Answer::json(&json!({"Aliases": aliases, "Truncated": false})))
}
