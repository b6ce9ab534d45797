//! Topics: what owners, guests and others read of them.

use crate::client::{ALERTING, Client, start};

const ALERTS: &str = "arn%3Aaws%3Asns%3Aus-east-1%3A333333333333%3Aalerts";

fn ask(action: &str, arn: &str) -> String {
    format!("Action={action}&Version=2010-03-31&TopicArn={arn}")
}

#[tokio::test]
async fn a_topic_tells_its_policy_its_key_and_how_many_listen() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let reply = owner.sns(&ask("GetTopicAttributes", ALERTS)).await;
    assert_eq!(reply.status, 200);
    for (key, value) in [
        ("TopicArn", "arn:aws:sns:us-east-1:333333333333:alerts"),
        ("Owner", "333333333333"),
        ("DisplayName", "Alerts"),
        ("KmsMasterKeyId", "alias/aws/sns"),
        ("SubscriptionsConfirmed", "1"),
        ("SubscriptionsPending", "1"),
        ("SubscriptionsDeleted", "1"),
    ] {
        assert!(
            reply.body.contains(&format!("<entry><key>{key}</key><value>{value}</value></entry>")),
            "{key}"
        );
    }
    // It is the target of a rule.
    assert!(reply.body.contains("events.amazonaws.com"), "{}", reply.body);
    assert!(
        reply.body.contains("AWS:SourceOwner") && !reply.body.contains("aws:SourceArn"),
        "{}",
        reply.body
    );
    let away = ask("GetTopicAttributes", &ALERTS.replace("us-east-1", "eu-west-1"));
    let away = owner.region("eu-west-1").sns(&away).await.body;
    let policy = "<value>{&quot;Statement&quot;:[],&quot;Version&quot;:&quot;2012-10-17&quot;}</value>";
    assert!(away.contains(policy), "{away}");
}

#[tokio::test]
async fn subscriptions_come_in_pages_and_only_a_confirmed_one_has_an_arn() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let first = owner.sns(&ask("ListSubscriptionsByTopic", ALERTS)).await;
    let confirmed = first.element("SubscriptionArn").unwrap();
    assert!(confirmed.starts_with("arn:aws:sns:us-east-1:333333333333:alerts:"), "{confirmed}");
    assert!(first.body.contains("<Endpoint>&lt;soc&gt;@example.com</Endpoint>"), "{}", first.body);
    assert!(first.body.contains(
        "<Protocol>https</Protocol><SubscriptionArn>PendingConfirmation</SubscriptionArn><Owner>222222222222</Owner>"
    ));
    let token = first.element("NextToken").unwrap();
    let last = owner.sns(&format!("{}&NextToken={token}", ask("ListSubscriptionsByTopic", ALERTS))).await;
    assert_eq!(last.element("SubscriptionArn"), Some("Deleted"));
    assert_eq!(last.element("NextToken"), None);
    let wrong = owner.sns(&format!("{}&NextToken=1", ask("ListSubscriptionsByTopic", ALERTS))).await;
    assert_eq!((wrong.status, wrong.element("Code")), (400, Some("InvalidParameter")));
}

#[tokio::test]
async fn another_account_reads_only_what_the_topic_lets_it() {
    let replica = start(ALERTING).await;
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(member.sns(&ask("GetTopicAttributes", ALERTS)).await.status, 200);
    let refused = member.sns(&ask("ListSubscriptionsByTopic", ALERTS)).await;
    assert_eq!((refused.status, refused.element("Code")), (403, Some("AuthorizationError")));
    let stranger = Client::new(&replica, "AKIASTRANGER");
    for arn in [ALERTS, "arn%3Aaws%3Asns%3Aus-east-1%3A333333333333%3Agone"] {
        let refused = stranger.sns(&ask("GetTopicAttributes", arn)).await;
        assert_eq!((refused.status, refused.element("Code")), (403, Some("AuthorizationError")), "{arn}");
    }
}

#[tokio::test]
async fn a_topic_that_is_gone_is_not_found_by_its_owner_and_a_topic_elsewhere_is_no_parameter() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let gone =
        owner.sns(&ask("GetTopicAttributes", "arn%3Aaws%3Asns%3Aus-east-1%3A333333333333%3Agone")).await;
    assert_eq!((gone.status, gone.element("Code")), (404, Some("NotFound")));
    for arn in ["", "alerts", &ALERTS.replace("us-east-1", "eu-west-1")] {
        let wrong = owner.sns(&ask("GetTopicAttributes", arn)).await;
        assert_eq!((wrong.status, wrong.element("Code")), (400, Some("InvalidParameter")), "{arn}");
    }
}

#[tokio::test]
async fn a_deny_an_unknown_key_and_a_change_are_refused_in_the_words_of_sns() {
    let more = "denies: [{ account: security, action: \"sns:List*\", resource: alerts, by: scp }]";
    let replica = start(&format!("{ALERTING}\n{more}")).await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let denied = owner.sns(&ask("ListSubscriptionsByTopic", ALERTS)).await;
    assert_eq!(denied.element("Code"), Some("AuthorizationError"));
    assert!(
        denied.body.starts_with("<?xml") && denied.body.contains("http://sns.amazonaws.com/doc/2010-03-31/")
    );
    let nobody = Client::new(&replica, "AKIANOBODY").sns(&ask("GetTopicAttributes", ALERTS)).await;
    assert_eq!((nobody.status, nobody.element("Code")), (403, Some("InvalidClientTokenId")));
    let change = owner.sns(&ask("DeleteTopic", ALERTS)).await;
    assert_eq!((change.status, change.element("Code")), (400, Some("InvalidAction")));
    let off = owner.region("me-south-1").sns(&ask("GetTopicAttributes", ALERTS)).await;
    assert_eq!((off.status, off.element("Code")), (403, Some("InvalidClientTokenId")));
}
