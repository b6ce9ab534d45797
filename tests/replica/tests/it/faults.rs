//! Every way to misbehave.

use crate::client::{Client, start};
use std::time::Duration;
use trailproof_replica::{Fault, Kind, operations};

const ASK: (&str, &str, &str) = ("cloudtrail", "DescribeTrails", "{}");

#[tokio::test]
async fn a_cut_body_ends_before_its_content_length() {
    let replica = start("").await;
    replica.add_fault(Fault::new(Kind::CutBody));
    let reply = Client::new(&replica, "AKIAMANAGEMENT").json(ASK.0, ASK.1, ASK.2).await;
    assert_eq!(reply.status, 200);
    assert!(!reply.body.is_empty() && reply.body.len() < reply.content_length(), "{reply:?}");
}

#[tokio::test]
async fn a_malformed_body_has_its_length_and_is_no_json() {
    let replica = start("").await;
    replica.add_fault(Fault::new(Kind::MalformedBody));
    let reply = Client::new(&replica, "AKIAMANAGEMENT").json(ASK.0, ASK.1, ASK.2).await;
    assert_eq!(reply.body.len(), reply.content_length());
    assert!(serde_json::from_str::<serde_json::Value>(&reply.body).is_err());
}

#[tokio::test]
async fn a_reset_and_a_hang_give_no_answer() {
    let replica = start("").await;
    let client = Client::new(&replica, "AKIAMANAGEMENT");
    replica.add_fault(Fault::new(Kind::Reset).times(1));
    assert!(client.call("sts", "POST", "/", "", "Action=GetCallerIdentity").await.is_none());
    replica.add_fault(Fault::new(Kind::Hang).times(1));
    let silence = client.call("sts", "POST", "/", "", "Action=GetCallerIdentity");
    assert!(tokio::time::timeout(Duration::from_millis(200), silence).await.is_err());
    assert_eq!(client.sts("Action=GetCallerIdentity").await.status, 200);
    let codes: Vec<_> = replica.requests().into_iter().map(|request| request.outcome.code).collect();
    assert_eq!(codes, [Some("Reset".into()), Some("Hang".into()), None]);
}

#[tokio::test]
async fn refusals_are_in_the_words_of_each_service() {
    let replica = start("").await;
    let client = Client::new(&replica, "AKIASECURITY");
    for (kind, json, s3) in [
        (Kind::AccessDenied, (400, "AccessDeniedException"), (403, "AccessDenied")),
        (Kind::Throttle, (400, "ThrottlingException"), (503, "SlowDown")),
        (Kind::InternalError, (500, "InternalFailure"), (500, "InternalError")),
        (Kind::ServiceUnavailable, (503, "ServiceUnavailableException"), (503, "ServiceUnavailable")),
        (Kind::ExpiredToken, (400, "ExpiredTokenException"), (400, "ExpiredToken")),
    ] {
        replica.clear_faults();
        replica.add_fault(Fault::new(kind));
        let reply = client.json(ASK.0, ASK.1, ASK.2).await;
        assert_eq!((reply.status, reply.json()["__type"].as_str().unwrap()), json);
        let reply = client.s3("GET", "/org-logs?acl").await;
        assert_eq!(reply.status, s3.0);
        assert!(reply.body.contains(&format!("<Code>{}</Code>", s3.1)));
    }
}

#[tokio::test]
async fn a_page_of_html_comes_with_the_status_asked_for() {
    let replica = start("").await;
    for status in [200, 404] {
        replica.clear_faults();
        replica.add_fault(Fault::new(Kind::HtmlBody(status)));
        let reply = Client::new(&replica, "AKIAMANAGEMENT").json(ASK.0, ASK.1, ASK.2).await;
        assert_eq!(reply.status, status);
        assert!(reply.head.contains("text/html") && reply.body.starts_with("<!DOCTYPE html>"));
    }
    replica.clear_faults();
    replica.add_fault(Fault::new(Kind::EmptyBody));
    let reply = Client::new(&replica, "AKIAMANAGEMENT").json(ASK.0, ASK.1, ASK.2).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
}

#[tokio::test]
async fn a_fault_strikes_only_where_it_is_aimed_and_as_often_as_told() {
    let replica = start("").await;
    let aimed = Fault::new(Kind::Throttle).service("cloudtrail").account("member").region("eu-*").times(2);
    replica.add_fault(aimed);
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(member.json(ASK.0, ASK.1, ASK.2).await.status, 200);
    let europe = member.region("eu-west-1");
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(europe.json(ASK.0, ASK.1, ASK.2).await.status);
    }
    assert_eq!(statuses, [400, 400, 200]);
    let other = Client::new(&replica, "AKIAMANAGEMENT").region("eu-west-1");
    assert_eq!(other.json(ASK.0, ASK.1, ASK.2).await.status, 200);
}

#[tokio::test]
async fn faults_and_denies_can_stand_in_the_world() {
    let more = r#"
denies:
  - { account: member, region: ap-south-1, action: "cloudtrail:*", by: scp }
  - { account: security, action: "s3:GetBucketPolicy", resource: org-logs }
  - { account: management, action: "cloudtrail:*", by: scp }
faults:
  - { service: kms, kind: { HtmlBody: 404 }, latency: 1ms }
"#;
    let replica = start(more).await;
    let member = Client::new(&replica, "AKIAMEMBER").region("ap-south-1").json(ASK.0, ASK.1, ASK.2).await;
    let message = member.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.ends_with("cloudtrail:DescribeTrails with an explicit deny in a service control policy"),
        "{message}"
    );
    let security = Client::new(&replica, "AKIASECURITY");
    let refused = security.s3("GET", "/org-logs?policy").await;
    assert!(refused.body.contains("because no identity-based policy allows the s3:GetBucketPolicy action"));
    assert_eq!(security.s3("GET", "/org-logs?acl").await.status, 200);
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    assert_eq!(management.json(ASK.0, ASK.1, ASK.2).await.status, 200, "no SCP binds the management account");
    assert_eq!(security.json("kms", "DescribeKey", "{}").await.status, 404);
}

#[tokio::test]
async fn calls_above_the_quota_are_throttled_for_each_account_and_region_apart() {
    let replica = start("quota: 1").await;
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(member.json(ASK.0, ASK.1, ASK.2).await.status, 200);
    assert_eq!(member.json(ASK.0, ASK.1, ASK.2).await.json()["__type"], "ThrottlingException");
    assert_eq!(member.region("eu-west-1").json(ASK.0, ASK.1, ASK.2).await.status, 200);
    assert_eq!(Client::new(&replica, "AKIAMANAGEMENT").json(ASK.0, ASK.1, ASK.2).await.status, 200);
}

#[test]
fn every_operation_only_reads() {
    let mut seen = std::collections::BTreeSet::new();
    for (service, operation) in operations() {
        let reads = ["Get", "List", "Describe", "Head"].iter().any(|verb| operation.starts_with(verb));
        assert!(reads || (service, operation) == ("sts", "AssumeRole"), "{service}:{operation}");
        assert!(seen.insert((service, operation)), "{service}:{operation} is listed twice");
    }
}

#[tokio::test]
async fn the_status_of_a_trail_can_fail_in_one_region() {
    let replica = start("").await;
    replica.add_fault(Fault::new(Kind::InternalError).operation("GetTrailStatus").region("eu-west-1"));
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let ask = format!(r#"{{"Name":"{}"}}"#, crate::client::ORG_TRAIL);
    assert_eq!(owner.json("cloudtrail", "GetTrailStatus", &ask).await.status, 200);
    let spoilt = owner.region("eu-west-1").json("cloudtrail", "GetTrailStatus", &ask).await;
    assert_eq!((spoilt.status, &spoilt.json()["__type"]), (500, &"InternalFailure".into()));
}

#[tokio::test]
async fn every_service_throttles_beyond_its_quota() {
    let replica = start("quota: 1").await;
    let owner = Client::new(&replica, "AKIASECURITY");
    assert_eq!(owner.alarms(b"\xa0").await.status, 200);
    assert_eq!(owner.alarms(b"\xa0").await.status, 400);
    for (service, operation) in [("logs", "DescribeLogGroups"), ("events", "ListRules")] {
        assert_eq!(owner.json(service, operation, "{}").await.status, 200);
        assert_eq!(owner.json(service, operation, "{}").await.json()["__type"], "ThrottlingException");
    }
    let topic = "Action=GetTopicAttributes&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A333333333333%3Agone";
    assert_eq!(owner.sns(topic).await.element("Code"), Some("NotFound"));
    assert_eq!(owner.sns(topic).await.element("Code"), Some("Throttling"));
}
