//! Alarms, in the CBOR that the SDKs speak. Requests are written by hand, answers read in diagnostic notation.

use crate::client::{ALERTING, Client, Reply, start};
use trailproof_replica::{Fault, Kind};

/// Written out: `{_ "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}`.
const BOTH: &[u8] = b"\xbf\x6aAlarmTypes\x82\x6bMetricAlarm\x6eCompositeAlarm\xff";

/// The request with one text more, for a map that ends with a break.
fn with(request: &[u8], name: &str, value: &str) -> Vec<u8> {
    let mut encoder = minicbor::Encoder::new(request[..request.len() - 1].to_vec());
    encoder.str(name).unwrap().str(value).unwrap().end().unwrap();
    encoder.into_writer()
}

fn text(reply: &Reply, name: &str) -> Option<String> {
    let cbor = reply.cbor();
    let (_, rest) = cbor.split_once(&format!("\"{name}\": \""))?;
    rest.split_once('"').map(|(text, _)| text.to_owned())
}

#[tokio::test]
async fn without_types_only_metric_alarms_are_returned() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let plain = owner.alarms(b"\xa0").await;
    assert_eq!(plain.status, 200);
    assert!(plain.head.contains("smithy-protocol: rpc-v2-cbor"), "{}", plain.head);
    assert!(plain.head.contains("content-type: application/cbor"), "{}", plain.head);
    assert!(plain.cbor().contains("\"CompositeAlarms\": []"), "{}", plain.cbor());
    let next = with(b"\xbf\xff", "NextToken", &text(&plain, "NextToken").unwrap());
    let last = owner.alarms(&next).await.cbor();
    assert!(last.contains("\"AlarmName\": \"root\"") && last.contains("\"CompositeAlarms\": []"), "{last}");
    assert!(!last.contains("NextToken"), "{last}");
}

#[tokio::test]
async fn alarms_of_every_kind_come_in_pages_metric_alarms_first() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let (mut pages, mut request) = (Vec::new(), BOTH.to_vec());
    loop {
        let page = owner.alarms(&request).await;
        let cbor = page.cbor();
        pages.push(
            ["muted", "ratio", "root", "any"]
                .into_iter()
                .filter(|name| cbor.contains(&format!("\"AlarmName\": \"{name}\"")))
                .collect::<Vec<_>>(),
        );
        let Some(token) = text(&page, "NextToken") else { break };
        request = with(BOTH, "NextToken", &token);
    }
    assert_eq!(pages, [vec!["muted", "ratio"], vec!["root", "any"]]);
    assert!(!replica.requests()[1].page.is_empty(), "the journal tells pages apart");
}

#[tokio::test]
async fn a_metric_alarm_tells_its_metric_its_actions_and_its_times() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    // {"AlarmNames": ["root"]}
    let root = owner.alarms(b"\xa1\x6aAlarmNames\x81\x64root").await.cbor();
    for part in [
        "\"AlarmName\": \"root\"",
        "\"AlarmArn\": \"arn:aws:cloudwatch:us-east-1:333333333333:alarm:root\"",
        "\"AlarmDescription\": \"used <root>\"",
        "\"ActionsEnabled\": true",
        "\"AlarmActions\": [\"arn:aws:sns:us-east-1:333333333333:alerts\"]",
        "\"MetricName\": \"RootUse\"",
        "\"Namespace\": \"CloudTrailMetrics\"",
        "\"Statistic\": \"Sum\"",
        "\"Period\": 300",
        "\"Dimensions\": []",
        "\"Threshold\": 1e0",
        "\"StateValue\": \"OK\"",
        "\"StateUpdatedTimestamp\": 1(1.7637264e9)",
    ] {
        assert!(root.contains(part), "{part} is missing in {root}");
    }
    // {"AlarmNames": ["muted"]}
    let muted = owner.alarms(b"\xa1\x6aAlarmNames\x81\x65muted").await.cbor();
    for part in [
        "\"ActionsEnabled\": false",
        "\"AlarmActions\": []",
        "\"StateValue\": \"INSUFFICIENT_DATA\"",
        "\"Dimensions\": [{\"Name\": \"Event\", \"Value\": \"StopLogging\"}]",
        "\"Threshold\": 2.5e0",
        "\"DatapointsToAlarm\": 2",
    ] {
        assert!(muted.contains(part), "{part} is missing in {muted}");
    }
}

#[tokio::test]
async fn an_alarm_on_an_expression_has_queries_in_place_of_a_metric() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    // {"AlarmNamePrefix": "rat"}
    let ratio = owner.alarms(b"\xa1\x6fAlarmNamePrefix\x63rat").await.cbor();
    let queries = "\"Metrics\": [{\"Expression\": \"m1 * 2\", \"Id\": \"e1\", \"Label\": \"doubled\", \"ReturnData\": true}, \
        {\"Id\": \"m1\", \"MetricStat\": {\"Metric\": {\"Dimensions\": [{\"Name\": \"a\", \"Value\": \"b\"}], \
        \"MetricName\": \"RootUse\", \"Namespace\": \"CloudTrailMetrics\"}, \"Period\": 300, \"Stat\": \"Sum\"}, \"ReturnData\": false}]";
    assert!(ratio.contains(queries), "{ratio}");
    assert!(!ratio.contains("\"Statistic\""), "{ratio}");
    assert!(ratio.contains("\"OKActions\": [\"arn:aws:sns:us-east-1:333333333333:alerts\"]"), "{ratio}");
    assert_eq!(replica.requests()[0].resource, "rat");
}

#[tokio::test]
async fn a_composite_alarm_tells_its_rule_and_what_silences_it() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let any = owner.alarms(&with(BOTH, "AlarmNamePrefix", "any")).await.cbor();
    assert!(any.contains("\"AlarmRule\": \"ALARM(root) OR ALARM(muted)\""), "{any}");
    assert!(
        any.contains("\"ActionsSuppressor\": \"muted\"") && any.contains("\"MetricAlarms\": []"),
        "{any}"
    );
}

#[tokio::test]
async fn alarms_are_of_the_callers_account_and_region() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let away = owner.region("eu-west-1").alarms(b"\xa0").await.cbor();
    assert!(away.contains("\"AlarmActions\": [\"arn:aws:sns:eu-west-1:333333333333:alerts\"]"), "{away}");
    let member = Client::new(&replica, "AKIAMEMBER").alarms(b"\xa0").await.cbor();
    assert_eq!(member, "{\"CompositeAlarms\": [], \"MetricAlarms\": []}");
}

#[tokio::test]
async fn refusals_are_cbor_with_the_code_of_the_query_protocol_in_a_header() {
    let more = "denies: [{ account: member, action: \"cloudwatch:*\" }]";
    let replica = start(&format!("{ALERTING}\n{more}")).await;
    let denied = Client::new(&replica, "AKIAMEMBER").alarms(b"\xa0").await;
    assert_eq!(denied.status, 403);
    assert!(denied.head.contains("x-amzn-query-error: accessdenied;sender"), "{}", denied.head);
    assert!(denied.cbor().contains("\"__type\": \"AccessDenied\""), "{}", denied.cbor());
    assert!(denied.cbor().contains("no identity-based policy allows the cloudwatch:DescribeAlarms action"));
    let owner = Client::new(&replica, "AKIASECURITY");
    let token = owner.alarms(&with(b"\xbf\xff", "NextToken", "zz")).await;
    assert_eq!((token.status, text(&token, "__type").as_deref()), (400, Some("InvalidNextToken")));
    // {"AlarmTypes": ["x"]}
    let kind = owner.alarms(b"\xa1\x6aAlarmTypes\x81\x61x").await;
    assert_eq!(text(&kind, "__type").as_deref(), Some("ValidationError"));
    let off = owner.region("me-south-1").alarms(b"\xa0").await;
    assert_eq!((off.status, text(&off, "__type").as_deref()), (403, Some("InvalidClientTokenId")));
}

#[tokio::test]
async fn a_spoilt_answer_of_cbor_is_shorter_than_the_right_one() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let whole = owner.alarms(b"\xa0").await;
    replica.add_fault(Fault::new(Kind::MalformedBody).service("cloudwatch").times(1));
    let half = owner.alarms(b"\xa0").await;
    assert_eq!(half.bytes, whole.bytes[..whole.bytes.len() / 2]);
    replica.add_fault(Fault::new(Kind::Throttle).operation("DescribeAlarms").times(1));
    let throttled = owner.alarms(b"\xa0").await;
    assert_eq!(text(&throttled, "__type").as_deref(), Some("Throttling"));
}

#[tokio::test]
async fn a_client_that_does_not_speak_cbor_gets_json() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let answer = owner.json("monitoring", "DescribeAlarms", r#"{"AlarmNames":["root"]}"#).await.json();
    let root = &answer["MetricAlarms"][0];
    assert_eq!((&root["Namespace"], &root["Threshold"]), (&"CloudTrailMetrics".into(), &1.0.into()));
    let wrong = owner.json("monitoring", "DescribeAlarms", r#"{"NextToken":"zz"}"#).await;
    assert_eq!((wrong.status, &wrong.json()["__type"]), (400, &"InvalidNextToken".into()));
}
