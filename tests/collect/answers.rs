//! Every new answer, and every answer that says that there is nothing.

use serde_json::{Value, json};

use super::{
    ALERTS, AUDIT, DELIVERIES, EVERYTHING, LOCAL_TRAIL, ORGANIZATION_TRAIL, Stage, at, evidence, world,
};

fn collected() -> Value {
    evidence(&Stage::of(&world()), "auditor")
}

#[test]
fn a_bucket_is_described_as_its_owner_keeps_it() {
    let evidence = collected();
    let bucket = |field| at(&evidence, &["buckets", "logs", field]).clone();
    assert_eq!(
        bucket("lifecycle"),
        json!([
            { "id": "archive", "is_enabled": true, "prefix": "AWSLogs/", "is_narrowed": false,
              "expires_after_days": 400, "expires_on": null, "deletes_old_versions_after_days": 30 },
            { "id": "off", "is_enabled": false, "prefix": "", "is_narrowed": false,
              "expires_after_days": 1, "expires_on": null, "deletes_old_versions_after_days": null },
            { "id": "move", "is_enabled": true, "prefix": "", "is_narrowed": false,
              "expires_after_days": null, "expires_on": null, "deletes_old_versions_after_days": null },
        ])
    );
    assert_eq!(bucket("access_logging"), json!({ "bucket": "access-logs", "prefix": "logs/" }));
    assert_eq!(bucket("object_ownership"), json!("BucketOwnerPreferred"));
    let copy = "arn:aws:s3:::logs-copy";
    assert_eq!(
        bucket("replication"),
        json!([
            { "id": "copy", "is_enabled": true, "prefix": "", "is_narrowed": false, "copies_kms_encrypted": true, "bucket": copy, "account": "333333333333" },
            { "id": "paused", "is_enabled": false, "prefix": "", "is_narrowed": false, "copies_kms_encrypted": true, "bucket": copy, "account": null },
        ])
    );
    let key = "arn:aws:kms:eu-west-1:222222222222:key/1";
    assert_eq!(bucket("encryption"), json!({ "algorithm": "aws:kms", "kms_key": key }));
}

#[test]
fn a_bucket_without_any_of_it_is_known_to_have_none() {
    let evidence = collected();
    let bucket = |field| at(&evidence, &["buckets", "bare", field]).clone();
    assert_eq!(bucket("lifecycle"), json!([]));
    assert_eq!(bucket("access_logging"), Value::Null);
    assert_eq!(bucket("object_ownership"), Value::Null);
    assert_eq!(bucket("replication"), json!([]));
    // Every bucket has had a default since 2023.
    assert_eq!(bucket("encryption"), json!({ "algorithm": "AES256", "kms_key": null }));
}

#[test]
fn the_event_configuration_of_a_trail_lists_its_aggregations() {
    let evidence = collected();
    let of = |trail| at(&evidence, &["trails", trail, "event_configuration"]).clone();
    let expected =
        json!({ "aggregations": ["API_ACTIVITY", "USER_ACTIONS"], "max_event_size": "", "context_keys": [] });
    assert_eq!(of(ORGANIZATION_TRAIL), expected);
    assert_eq!(of(LOCAL_TRAIL), json!({ "aggregations": [], "max_event_size": "", "context_keys": [] }));
}

#[test]
fn an_event_data_store_is_one_however_many_regions_and_accounts_show_it() {
    let evidence = collected();
    let stores = at(&evidence, &["event_data_stores"]).as_object().unwrap();
    assert_eq!(stores.len(), 3);
    let both = json!(["eu-west-1", "us-east-1"]);
    let everything = &stores[EVERYTHING];
    assert_eq!(everything["name"], "everything");
    assert_eq!(everything["owner"], "111111111111");
    assert_eq!(everything["home_region"], "us-east-1");
    // The delegated administrator is shown it too, and the members are not.
    assert_eq!(everything["seen_in"], json!({ "111111111111": both, "333333333333": both }));
    let management =
        json!([{ "name": "Management events", "fields": [field("eventCategory", "Management")] }]);
    let settings = at(everything, &["settings"]);
    assert_eq!(settings["status"], "ENABLED");
    assert_eq!(settings["is_multi_region"], true);
    assert_eq!(settings["is_organization_event_data_store"], true);
    assert_eq!(settings["retention_days"], 366);
    assert_eq!(settings["is_protected_from_termination"], true);
    assert_eq!(settings["kms_key"], "arn:aws:kms:us-east-1:111111111111:key/2");
    assert_eq!(settings["selectors"][0]["fields"], management[0]["fields"]);
    let own = stores.values().find(|store| store["name"] == "own").unwrap();
    assert_eq!(own["seen_in"], json!({ "333333333333": ["eu-west-1"] }));
    let settings = at(own, &["settings"]);
    assert_eq!(settings["status"], "STOPPED_INGESTION");
    assert_eq!(settings["is_protected_from_termination"], false);
    assert_eq!(settings["retention_days"], 90);
    assert_eq!(settings["kms_key"], Value::Null);
    let shown = |account, region| at(&evidence, &["accounts", account, "event_data_stores", region]).clone();
    // Three stores are more than a page.
    assert_eq!(shown("333333333333", "eu-west-1").as_array().unwrap().len(), 3);
    assert_eq!(shown("333333333333", "us-east-1").as_array().unwrap().len(), 2);
    assert_eq!(shown("444444444444", "us-east-1"), json!([]));
}

fn field(name: &str, equals: &str) -> Value {
    json!({
        "field": name, "equals": [equals], "starts_with": [], "ends_with": [],
        "not_equals": [], "not_starts_with": [], "not_ends_with": [],
    })
}

#[test]
fn a_log_group_is_found_among_others_that_start_alike_with_all_its_filters() {
    let evidence = collected();
    let group = |field| at(&evidence, &["log_groups", AUDIT, field]).clone();
    assert_eq!(group("name"), "audit");
    assert_eq!(group("owner"), "111111111111");
    assert_eq!(group("region"), "us-east-1");
    assert_eq!(
        group("settings"),
        json!({ "retention_days": 365, "kms_key": "arn:aws:kms:us-east-1:111111111111:key/3",
                "class": "STANDARD", "is_protected_from_deletion": true })
    );
    let filter = |name: &str, pattern: &str, transformed: bool, metric: Value| json!({ "name": name, "pattern": pattern, "applies_to_transformed_logs": transformed, "metrics": [metric] });
    let metric = |name: &str, value: &str, dimensions: Value| json!({ "namespace": "Trail", "name": name, "dimensions": dimensions, "value": value, "default_value": null, "unit": null });
    let mut root = metric("RootUse", "1", json!([]));
    root["default_value"] = json!("0");
    root["unit"] = json!("Count");
    assert_eq!(
        group("metric_filters"),
        json!([
            filter(
                "by-event",
                "{ $.errorCode = \"*\" }",
                false,
                metric("Errors", "$.size", json!(["Event"]))
            ),
            filter("root", "{ $.userIdentity.type = \"Root\" }", false, root),
            filter("transformed", "", true, metric("All", "1", json!([]))),
        ])
    );
}

#[test]
fn a_log_group_that_is_gone_is_known_to_be_gone() {
    let evidence = collected();
    let gone = "arn:aws:logs:eu-west-1:444444444444:log-group:gone";
    assert_eq!(at(&evidence, &["log_groups", gone, "settings"]), &Value::Null);
    assert_eq!(at(&evidence, &["log_groups", gone, "metric_filters"]), &json!([]));
}

#[test]
fn alarms_are_read_where_the_log_groups_are() {
    let evidence = collected();
    let alerting = |account, region| at(&evidence, &["accounts", account, "alerting", region]);
    let metric = |name: &str, dimensions: Value| json!({ "namespace": "Trail", "name": name, "dimensions": dimensions, "value": "", "default_value": null, "unit": null });
    let evaluation = |period: Value, periods: u8, needed: u8, missing: &str| json!({ "period": period, "periods": periods, "datapoints_to_alarm": needed, "missing_data": missing });
    let plain = || evaluation(json!(300), 1, 1, "notBreaching");
    let mut in_counts = metric("RootUse", json!([]));
    in_counts["unit"] = json!("Count");
    let alarm = |name: &str, rest: Value| {
        let mut alarm = json!({
            "name": name, "arn": format!("arn:aws:cloudwatch:us-east-1:111111111111:alarm:{name}"),
            "metrics": [], "is_plain": false, "statistic": "", "comparison": "", "threshold": null,
            "evaluation": null, "composite_rule": "", "suppressor": null, "actions_enabled": true, "actions": [],
        });
        alarm.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        alarm
    };
    let at_least = "GreaterThanOrEqualToThreshold";
    assert_eq!(
        at(alerting("111111111111", "us-east-1"), &["alarms"]),
        &json!([
            alarm(
                "any",
                json!({ "composite_rule": "ALARM(root) OR ALARM(ratio)", "suppressor": "ratio", "actions": [ALERTS] })
            ),
            alarm(
                "by-dimension",
                json!({
                    "metrics": [metric("RootUse", json!(["Event", "Zone"]))], "is_plain": true, "statistic": "Maximum",
                    "comparison": at_least, "threshold": "1", "actions_enabled": false, "evaluation": plain(),
                })
            ),
            alarm(
                "ratio",
                json!({
                    "metrics": [metric("RootUse", json!([])), metric("All", json!([]))],
                    "comparison": at_least, "threshold": "1",
                    "evaluation": evaluation(Value::Null, 1, 1, "notBreaching"),
                })
            ),
            alarm(
                "root",
                json!({
                    "metrics": [in_counts], "is_plain": true, "statistic": "Sum",
                    "comparison": at_least, "threshold": "0.5", "actions": [ALERTS],
                    "evaluation": evaluation(json!(60), 3, 2, "ignore"),
                })
            ),
        ])
    );
    let gap = &alerting("111111111111", "eu-west-1")["alarms"]["gap"];
    assert_eq!(gap["reason"], "not_collected");
    assert_eq!(gap["detail"], "no log group of a trail is there");
    assert_eq!(at(alerting("444444444444", "eu-west-1"), &["alarms"]), &json!([]));
    // Who owns neither a trail nor a log group of one is not asked.
    assert_eq!(evidence["accounts"]["333333333333"]["alerting"], json!({}));
}

#[test]
fn event_rules_are_read_in_every_region_with_the_targets_of_those_that_can_fire() {
    let evidence = collected();
    let rules = |account, region| at(&evidence, &["accounts", account, "alerting", region, "event_rules"]);
    let found = rules("111111111111", "us-east-1").as_array().unwrap();
    let names: Vec<&Value> = found.iter().map(|rule| &rule["name"]).collect();
    assert_eq!(names, ["everything", "nightly", "off", "tampering"]);
    let [everything, nightly, off, tampering] = found.as_slice() else { unreachable!() };
    assert_eq!(everything["state"], "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
    assert_eq!(at(everything, &["targets"]), &json!([]));
    assert_eq!(nightly["pattern"], Value::Null);
    assert_eq!(nightly["targets"]["gap"]["reason"], "not_collected");
    assert_eq!(off["state"], "DISABLED");
    assert_eq!(off["targets"]["gap"]["reason"], "not_collected");
    assert_eq!(tampering["arn"], "arn:aws:events:us-east-1:111111111111:rule/tampering");
    assert_eq!(tampering["pattern"], "{\"source\":[\"aws.cloudtrail\"]}");
    assert_eq!(
        at(tampering, &["targets"]),
        &json!([
            { "arn": "arn:aws:lambda:us-east-1:111111111111:function:respond", "role": null },
            { "arn": ALERTS, "role": "arn:aws:iam::111111111111:role/publisher" },
            { "arn": "arn:aws:sqs:us-east-1:111111111111:events", "role": null },
        ])
    );
    assert_eq!(rules("111111111111", "eu-west-1"), &json!([]));
    assert_eq!(rules("444444444444", "us-east-1"), &json!([]));
}

#[test]
fn a_topic_tells_who_listens_and_who_never_confirmed() {
    let evidence = collected();
    let topic = |arn, field| at(&evidence, &["topics", arn, field]).clone();
    assert_eq!(
        topic(ALERTS, "settings"),
        json!({ "kms_key": "arn:aws:kms:us-east-1:111111111111:key/4",
                "policy": "{\"Statement\":[],\"Version\":\"2012-10-17\"}" })
    );
    assert_eq!(
        topic(ALERTS, "subscriptions"),
        json!([
            { "protocol": "email", "endpoint": "left@example.com", "is_confirmed": false },
            { "protocol": "email", "endpoint": "soc@example.com", "is_confirmed": false },
            { "protocol": "sqs", "endpoint": "arn:aws:sqs:us-east-1:111111111111:alerts", "is_confirmed": true },
        ])
    );
    let gone = "arn:aws:sns:eu-west-1:444444444444:gone";
    assert_eq!(topic(gone, "settings"), Value::Null);
    assert_eq!(topic(gone, "subscriptions"), json!([]));
    // Targets that are no topics are none.
    assert_eq!(at(&evidence, &["topics"]).as_object().unwrap().len(), 3);
}

#[test]
fn a_topic_whose_owner_cannot_be_asked_is_read_as_an_account_that_names_it() {
    let evidence = collected();
    let settings = &evidence["topics"][DELIVERIES]["settings"]["known"];
    assert_eq!(settings["origin"]["call"]["account"], "111111111111");
    assert_eq!(settings["value"], json!({ "kms_key": null, "policy": null }));
    assert_eq!(at(&evidence, &["topics", DELIVERIES, "subscriptions"]), &json!([]));
    let private =
        world().replace("    cross_account_read: [{ account: management, actions: [\"sns:*\"] }]\n", "");
    let evidence = self::evidence(&Stage::of(&private), "auditor");
    let gap = &evidence["topics"][DELIVERIES]["settings"]["gap"];
    assert_eq!(gap["reason"], "denied");
    assert_eq!(gap["origin"]["call"]["operation"], "sts:AssumeRole");
}

#[test]
fn resource_control_policies_are_kept_apart_from_service_control_policies() {
    let names = |evidence: &Value, kind: &str| -> Vec<String> {
        let policies = at(evidence, &["organization", kind]).as_array().unwrap();
        policies.iter().map(|policy| policy["name"].as_str().unwrap().to_owned()).collect()
    };
    let evidence = collected();
    assert_eq!(names(&evidence, "resource_control_policies"), ["RCPFullAWSAccess", "fence", "wall"]);
    assert_eq!(names(&evidence, "service_control_policies"), ["FullAWSAccess", "guard"]);
    let fence = &at(&evidence, &["organization", "resource_control_policies"])[1];
    assert_eq!(fence["id"], "p-fence");
    assert_eq!(at(fence, &["document"]), "{\"Statement\":[],\"Version\":\"2012-10-17\"}");
    assert_eq!(at(fence, &["targets"]), &json!(["ou-prod"]));
    let without = world().replace(", RESOURCE_CONTROL_POLICY]", "]");
    let is_other = |line: &&str| !line.contains("type: RESOURCE_CONTROL_POLICY");
    let lines = without.lines().filter(is_other).collect::<Vec<_>>().join("\n");
    let evidence = self::evidence(&Stage::of(&lines), "auditor");
    assert_eq!(names(&evidence, "resource_control_policies"), [""; 0]);
    assert_eq!(names(&evidence, "service_control_policies"), ["FullAWSAccess", "guard"]);
}
