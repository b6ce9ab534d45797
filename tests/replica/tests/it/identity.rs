//! Who calls, and as whom they may go on.

use crate::client::{Client, start};

fn assume(account: &str, role: &str, more: &str) -> String {
    format!(
        "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A{account}%3Arole%2F{role}&RoleSessionName=audit{more}"
    )
}

fn element<'a>(body: &'a str, tag: &str) -> &'a str {
    let (_, rest) = body.split_once(&format!("<{tag}>")).unwrap();
    rest.split_once(&format!("</{tag}>")).unwrap().0
}

#[tokio::test]
async fn a_session_acts_in_the_account_of_its_role() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let reply = management.sts(&assume("222222222222", "trailproof-audit", "")).await.body;
    let session = management.session(element(&reply, "AccessKeyId"), element(&reply, "SessionToken"));
    let identity = session.sts("Action=GetCallerIdentity").await.body;
    assert_eq!(element(&identity, "Account"), "222222222222");
    assert_eq!(element(&identity, "Arn"), "arn:aws:sts::222222222222:assumed-role/trailproof-audit/audit");
    let stripped = management.session(element(&reply, "AccessKeyId"), "");
    let refused = stripped.sts("Action=GetCallerIdentity").await.body;
    assert_eq!(element(&refused, "Code"), "InvalidClientTokenId", "a session needs its token");
}

#[tokio::test]
async fn a_role_is_refused_without_saying_why() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    for (account, role, more) in [
        ("999999999999", "trailproof-audit", ""),
        ("222222222222", "no-such-role", ""),
        ("555555555555", "trailproof-audit", ""),
        ("666666666666", "audit", ""),
        ("666666666666", "audit", "&ExternalId=wrong"),
    ] {
        let reply = management.sts(&assume(account, role, more)).await;
        assert_eq!(
            (reply.status, element(&reply.body, "Code")),
            (403, "AccessDenied"),
            "{account} {role} {more}"
        );
        assert!(
            element(&reply.body, "Message")
                .contains("is not authorized to perform: sts:AssumeRole on resource")
        );
    }
    assert_eq!(management.sts(&assume("666666666666", "audit", "&ExternalId=acme-7")).await.status, 200);
}

#[tokio::test]
async fn unknown_keys_are_refused_in_the_words_of_each_service() {
    let replica = start("").await;
    let nobody = Client::new(&replica, "AKIANOBODY");
    assert!(nobody.sts("Action=GetCallerIdentity").await.body.contains("InvalidClientTokenId"));
    assert!(nobody.s3("GET", "/org-logs?acl").await.body.contains("InvalidAccessKeyId"));
    let trail = nobody.json("cloudtrail", "DescribeTrails", "{}").await;
    assert_eq!(trail.json()["__type"], "UnrecognizedClientException");
}

#[tokio::test]
async fn a_missing_or_garbled_signature_is_refused() {
    let replica = start("").await;
    let client = Client::new(&replica, "unused");
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let missing = client.raw("POST", "/", form, "Action=GetCallerIdentity").await.unwrap();
    assert_eq!((missing.status, element(&missing.body, "Code")), (403, "MissingAuthenticationToken"));
    let garbled = format!("{form}authorization: AWS4-HMAC-SHA256 Credential=oops\r\n");
    let garbled = client.raw("POST", "/", &garbled, "Action=GetCallerIdentity").await.unwrap();
    assert_eq!((garbled.status, element(&garbled.body, "Code")), (400, "IncompleteSignature"));
}

#[tokio::test]
async fn a_change_is_refused_and_remembered() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    assert_eq!(management.json("cloudtrail", "StopLogging", r#"{"Name":"org-trail"}"#).await.status, 404);
    assert_eq!(management.s3("DELETE", "/org-logs").await.status, 501);
    assert_eq!(management.s3("PUT", "/org-logs?policy").await.status, 501);
    let requests = replica.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| !request.is_read()), "{requests:?}");
}
