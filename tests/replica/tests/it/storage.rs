//! Buckets and keys: owners, strangers, regions, and hostile names.

use crate::client::{Client, start};
use trailproof_replica::{Replica, World};

#[tokio::test]
async fn a_foreign_bucket_owner_is_refused() {
    let replica = start("").await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let expect = |account: &str| format!("x-amz-expected-bucket-owner: {account}\r\n");
    let right = owner.call("s3", "GET", "/org-logs?policy", &expect("333333333333"), "").await.unwrap();
    assert_eq!(right.status, 200);
    let wrong = owner.call("s3", "GET", "/org-logs?policy", &expect("111111111111"), "").await.unwrap();
    assert_eq!(wrong.status, 403);
    assert!(wrong.body.contains("<Code>AccessDenied</Code>"));
}

#[tokio::test]
async fn another_account_reads_only_what_the_bucket_lets_it() {
    let replica = start("").await;
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(member.s3("GET", "/org-logs?acl").await.status, 200);
    assert_eq!(member.s3("GET", "/org-logs?policy").await.status, 403);
    let head = member.s3("HEAD", "/org-logs").await;
    assert_eq!((head.status, head.body.as_str()), (403, ""));
    assert!(head.head.contains("x-amz-bucket-region: us-east-1"));
}

#[tokio::test]
async fn a_bucket_in_another_region_redirects_and_names_its_region() {
    let replica = start("").await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let get = owner.s3("GET", "/far-logs?versioning").await;
    assert_eq!(get.status, 301);
    assert!(
        get.body.contains("<Code>PermanentRedirect</Code>")
            && get.head.contains("x-amz-bucket-region: eu-west-1")
    );
    assert_eq!(owner.s3("HEAD", "/far-logs").await.status, 301);
    assert_eq!(owner.region("eu-west-1").s3("HEAD", "/far-logs").await.status, 200);
    assert!(owner.s3("GET", "/far-logs?location").await.body.contains(">eu-west-1</LocationConstraint>"));
}

#[tokio::test]
async fn a_bucket_is_found_by_host_name_as_well() {
    let replica = start("").await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let reply = owner.call("s3", "GET", "/?versioning", "host: org-logs.localhost:80\r\n", "").await.unwrap();
    assert!(reply.body.contains("<Status>Enabled</Status>"), "{reply:?}");
    assert_eq!(replica.requests()[0].resource, "org-logs");
}

#[tokio::test]
async fn settings_that_were_never_made_have_their_own_errors() {
    let replica = start("").await;
    let owner = Client::new(&replica, "AKIASECURITY").region("eu-west-1");
    for (query, code) in [
        ("policy", "NoSuchBucketPolicy"),
        ("policyStatus", "NoSuchBucketPolicy"),
        ("object-lock", "ObjectLockConfigurationNotFoundError"),
        ("lifecycle", "NoSuchLifecycleConfiguration"),
        ("replication", "ReplicationConfigurationNotFoundError"),
        ("tagging", "NoSuchTagSet"),
    ] {
        let reply = owner.s3("GET", &format!("/far-logs?{query}")).await;
        assert_eq!(reply.status, 404);
        assert!(reply.body.contains(&format!("<Code>{code}</Code>")), "{query}: {}", reply.body);
    }
    assert!(owner.s3("GET", "/nowhere?acl").await.body.contains("<Code>NoSuchBucket</Code>"));
}

#[tokio::test]
async fn account_wide_public_access_is_for_the_account_itself() {
    let replica = start("").await;
    let owner = Client::new(&replica, "AKIASECURITY");
    let path = "/v20180820/configuration/publicAccessBlock";
    let unset = owner.call("s3", "GET", path, "x-amz-account-id: 333333333333\r\n", "").await.unwrap();
    assert!(unset.body.contains("<ErrorResponse><Error><Code>NoSuchPublicAccessBlockConfiguration"));
    let foreign = owner.call("s3", "GET", path, "x-amz-account-id: 111111111111\r\n", "").await.unwrap();
    assert_eq!(foreign.status, 403);
    assert_eq!(replica.requests()[0].service, "s3control");
}

#[tokio::test]
async fn a_key_is_described_from_afar_but_its_policy_is_not_read() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let key = r#"{"KeyId":"arn:aws:kms:us-east-1:333333333333:key/key-1"}"#;
    assert_eq!(management.json("kms", "DescribeKey", key).await.json()["KeyMetadata"]["Enabled"], true);
    assert_eq!(management.json("kms", "GetKeyPolicy", key).await.json()["__type"], "AccessDeniedException");
    let elsewhere = management.region("eu-west-1").json("kms", "DescribeKey", key).await;
    assert_eq!(elsewhere.json()["__type"], "NotFoundException");
    let owner = Client::new(&replica, "AKIASECURITY");
    assert_eq!(owner.json("kms", "DescribeKey", r#"{"KeyId":"alias/trail"}"#).await.status, 200);
    assert_eq!(owner.json("kms", "GetKeyPolicy", r#"{"KeyId":"key-1"}"#).await.status, 200);
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let world = r#"
organization: {}
accounts: [{ name: "<script>alert('1')</script>\n\u0001\"&" }]
callers: [{ name: me, account: "<script>alert('1')</script>\n\u0001\"&", access_key: AKIAME, secret_key: s }]
buckets: [{ name: logs, account: "100000000001", tags: { "<k>": "a\n\u0001]]>&" } }]
"#;
    let replica = Replica::start(World::from_yaml(world).unwrap()).await.unwrap();
    let me = Client::new(&replica, "AKIAME");
    let accounts = me.json("organizations", "ListAccounts", "{}").await.json();
    assert_eq!(accounts["Accounts"][0]["Name"], "<script>alert('1')</script>\n\u{1}\"&");
    let tags = me.s3("GET", "/logs?tagging").await.body;
    assert!(tags.contains("<Key>&lt;k&gt;</Key><Value>a&#xA;&#x1;]]&gt;&amp;</Value>"), "{tags}");
}
