//! One event as CloudTrail records it and as EventBridge hands it on.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use serde_json::{Map, Value, json};

use super::identity::{Identity, SERVICE};
use super::{Call, Outcome};

/// What differs between two records of one call.
pub(super) struct Variant<'s> {
    pub(super) number: usize,
    pub(super) partition: &'static str,
    pub(super) region: &'s str,
    pub(super) account: &'s str,
    pub(super) identity: Identity,
}

const NAMES: &[&str] = &["alice", "deploy", "ops-admin"];
const ADDRESSES: &[&str] = &["203.0.113.64", "198.51.100.7", "2001:db8::1f", "AWS Internal"];
const CLIENTS: &[&str] = &[
    "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "APN/1.0 HashiCorp/1.0 Terraform/1.15.0 terraform-provider-aws/6.20.0",
    "AWS Internal",
    "Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/windows#11",
];

/// The event of EventBridge, with the record as `detail`.
pub(super) fn envelope(call: &Call, variant: &Variant<'_>) -> Value {
    let detail_type = match call.outcome {
        Outcome::SignIn { .. } | Outcome::SignInFailed => "AWS Console Sign In via CloudTrail",
        _ => "AWS API Call via CloudTrail",
    };
    json!({
        "version": "0",
        "id": format!("5ed0e1c4-0000-4000-8000-{:012x}", variant.number),
        "detail-type": detail_type,
        "source": format!("aws.{}", call.service),
        "account": variant.account,
        "time": "2026-01-15T09:30:00Z",
        "region": variant.region,
        "resources": [],
        "detail": record(call, variant),
    })
}

/// The service as records name it.
pub(super) fn source(call: &Call) -> String {
    format!("{}.amazonaws.com", call.service)
}

fn pick<'l>(list: &[&'l str], number: usize) -> &'l str {
    list.get(number % list.len().max(1)).copied().unwrap_or_default()
}

fn record(call: &Call, variant: &Variant<'_>) -> Value {
    let Variant { number, partition, region, account, identity } = *variant;
    let is_sign_in = matches!(call.outcome, Outcome::SignIn { .. } | Outcome::SignInFailed);
    // People sign in with a browser, from outside.
    let (address, client) = match identity {
        _ if is_sign_in => (pick(ADDRESSES, number % 3), pick(CLIENTS, 1)),
        Identity::Service => (SERVICE, SERVICE),
        _ => (pick(ADDRESSES, number), pick(CLIENTS, number)),
    };
    let (parameter, value) = call.parameter;
    let parameters = if parameter.is_empty() {
        Value::Null
    } else {
        json!({ parameter: format!("{value}{}", number % 10) })
    };
    let Value::Object(mut record) = json!({
        "eventVersion": "1.11",
        "userIdentity": identity.element(partition, account, pick(NAMES, number), number % 4 < 2),
        "eventTime": "2026-01-15T09:30:00Z",
        "eventSource": source(call),
        "eventName": call.name,
        "awsRegion": region,
        "sourceIPAddress": address,
        "userAgent": client,
        "requestParameters": parameters,
        "responseElements": null,
        "requestID": format!("a1b2c3d4-5678-4000-8000-{number:012x}"),
        "eventID": format!("0f1e2d3c-4b5a-4000-8000-{number:012x}"),
        "readOnly": call.is_read_only,
        "eventType": if is_sign_in { "AwsConsoleSignIn" } else { "AwsApiCall" },
        "managementEvent": true,
        "recipientAccountId": account,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": format!("{}.{region}.amazonaws.com", call.service),
        },
    }) else {
        return Value::Null;
    };
    finish(call.outcome, &mut record);
    Value::Object(record)
}

/// Adds what tells how the call ended.
fn finish(outcome: Outcome, record: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| record.insert(name.to_owned(), value);
    let sign_in = |used_mfa| {
        json!({
            "LoginTo": "https://console.aws.amazon.com/console/home",
            "MobileVersion": "No",
            "MFAUsed": if used_mfa { "Yes" } else { "No" },
        })
    };
    match outcome {
        Outcome::Success => {}
        Outcome::Denied(code) => {
            put("errorCode", code.into());
            put("errorMessage", "The caller is not authorized to perform this operation.".into());
        }
        Outcome::SignIn { used_mfa } => {
            put("responseElements", json!({ "ConsoleLogin": "Success" }));
            put("additionalEventData", sign_in(used_mfa));
        }
        Outcome::SignInFailed => {
            put("errorMessage", "Failed authentication".into());
            put("responseElements", json!({ "ConsoleLogin": "Failure" }));
            put("additionalEventData", sign_in(false));
        }
    }
}
