//! The organization: its pages, its tree, and who may ask.

use crate::client::{Client, start};
use serde_json::{Value, json};
use trailproof_replica::{Replica, World};

#[tokio::test]
async fn a_page_may_be_empty_and_still_have_a_next_token() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let (mut sizes, mut input) = (Vec::new(), "{}".to_owned());
    loop {
        let page = management.json("organizations", "ListAccounts", &input).await.json();
        sizes.push(page["Accounts"].as_array().unwrap().len());
        let Some(token) = page["NextToken"].as_str() else { break };
        input = format!(r#"{{"NextToken":"{token}"}}"#);
    }
    assert_eq!(sizes, [2, 0, 2, 1], "the stranger is no member");
    assert!(replica.requests()[1].page > String::new(), "the journal tells pages apart");
}

#[tokio::test]
async fn only_management_and_delegates_may_list() {
    let replica = start("").await;
    let ask = |key: &str| {
        let client = Client::new(&replica, key);
        async move { client.json("organizations", "ListRoots", "{}").await }
    };
    assert_eq!(ask("AKIASECURITY").await.status, 200);
    assert_eq!(ask("AKIAMEMBER").await.json()["__type"], "AccessDeniedException");
    assert_eq!(ask("AKIASTRANGER").await.json()["__type"], "AWSOrganizationsNotInUseException");
    let member =
        Client::new(&replica, "AKIAMEMBER").json("organizations", "DescribeOrganization", "{}").await;
    assert_eq!(member.json()["Organization"]["MasterAccountId"], "111111111111");
}

#[tokio::test]
async fn policies_are_found_from_their_targets_and_back() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let parents =
        management.json("organizations", "ListParents", r#"{"ChildId":"222222222222"}"#).await.json();
    let unit = parents["Parents"][0]["Id"].as_str().unwrap().to_owned();
    let ask = format!(r#"{{"TargetId":"{unit}","Filter":"SERVICE_CONTROL_POLICY"}}"#);
    let policies = management.json("organizations", "ListPoliciesForTarget", &ask).await.json();
    assert_eq!(policies["Policies"][0]["Name"], "FullAWSAccess");
    assert_eq!(policies["Policies"][1]["Name"], "guard");
    let id = policies["Policies"][1]["Id"].as_str().unwrap();
    let targets =
        management.json("organizations", "ListTargetsForPolicy", &format!(r#"{{"PolicyId":"{id}"}}"#)).await;
    assert_eq!(targets.json()["Targets"][0]["TargetId"], unit.as_str());
}

#[tokio::test]
async fn a_world_without_an_organization_says_so() {
    let world = "accounts: [{ name: alone }]\ncallers: [{ name: me, account: alone, access_key: AKIAME, secret_key: s }]";
    let replica = Replica::start(World::from_yaml(world).unwrap()).await.unwrap();
    let reply = Client::new(&replica, "AKIAME").json("organizations", "DescribeOrganization", "{}").await;
    assert_eq!(reply.json()["__type"], "AWSOrganizationsNotInUseException");
}

#[tokio::test]
async fn regions_are_those_of_each_account() {
    let replica = start("").await;
    let ask = r#"{"RegionOptStatusContains":["ENABLED"]}"#;
    let member = Client::new(&replica, "AKIAMEMBER");
    let own = member.call("account", "POST", "/listRegions", "", ask).await.unwrap();
    assert_eq!(own.json()["Regions"][0]["RegionName"], "af-south-1");
    let foreign =
        member.call("account", "POST", "/listRegions", "", r#"{"AccountId":"333333333333"}"#).await.unwrap();
    assert_eq!(foreign.status, 403);
    assert!(foreign.head.contains("x-amzn-errortype: accessdeniedexception"));
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let first = management
        .call("account", "POST", "/listRegions", "", r#"{"AccountId":"222222222222"}"#)
        .await
        .unwrap();
    assert_eq!(first.json()["Regions"].as_array().unwrap().len(), 8);
    assert!(first.json()["NextToken"].is_string());
}

const WITH_RESOURCE_POLICIES: &str = r#"
organization:
  units: [{ name: Prod }]
  policy_types: [SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY]
  policies:
    - { name: guard, targets: [Prod], document: { Version: "2012-10-17", Statement: [] } }
    - { name: perimeter, type: RESOURCE_CONTROL_POLICY, targets: [root, member], document: { Version: "2012-10-17", Statement: [] } }
accounts: [{ name: management }, { name: member, id: "222222222222", unit: Prod }]
callers: [{ name: management, account: management, access_key: AKIAMANAGEMENT, secret_key: s }]
"#;

#[tokio::test]
async fn resource_control_policies_are_listed_apart_with_the_one_of_aws_in_front() {
    let replica = Replica::start(World::from_yaml(WITH_RESOURCE_POLICIES).unwrap()).await.unwrap();
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let ask = |operation: &'static str, input: Value| {
        let client = management.clone();
        async move { client.json("organizations", operation, &input.to_string()).await.json() }
    };
    let root = ask("ListRoots", json!({})).await["Roots"][0].clone();
    assert_eq!(
        root["PolicyTypes"],
        json!([
            {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"},
            {"Type": "RESOURCE_CONTROL_POLICY", "Status": "ENABLED"},
        ])
    );
    let all = ask("ListPolicies", json!({"Filter": "RESOURCE_CONTROL_POLICY"})).await;
    assert_eq!(
        all["Policies"][0],
        json!({
            "Id": "p-RCPFullAWSAccess", "Name": "RCPFullAWSAccess", "AwsManaged": true,
            "Arn": "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
            "Description": "Allows access to every operation", "Type": "RESOURCE_CONTROL_POLICY",
        })
    );
    for (target, expected) in [
        (root["Id"].as_str().unwrap(), vec!["RCPFullAWSAccess", "perimeter"]),
        ("222222222222", vec!["RCPFullAWSAccess", "perimeter"]),
        ("100000000001", vec!["RCPFullAWSAccess"]),
    ] {
        let input = json!({"TargetId": target, "Filter": "RESOURCE_CONTROL_POLICY"});
        let attached = ask("ListPoliciesForTarget", input).await;
        let names: Vec<_> =
            attached["Policies"].as_array().unwrap().iter().map(|p| p["Name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{target}");
    }
    let managed = ask("DescribePolicy", json!({"PolicyId": "p-RCPFullAWSAccess"})).await;
    let content: Value = serde_json::from_str(managed["Policy"]["Content"].as_str().unwrap()).unwrap();
    assert_eq!(
        content["Statement"],
        json!([{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}])
    );
}

#[tokio::test]
async fn a_type_that_is_not_enabled_has_no_policies_and_a_type_that_does_not_exist_is_refused() {
    let replica = start("").await;
    let management = Client::new(&replica, "AKIAMANAGEMENT");
    let disabled = r#"{"Filter":"RESOURCE_CONTROL_POLICY","TargetId":"222222222222"}"#;
    for operation in ["ListPolicies", "ListPoliciesForTarget"] {
        let answer = management.json("organizations", operation, disabled).await;
        assert_eq!((answer.status, answer.json()), (200, json!({"Policies": []})));
    }
    let unknown = management.json("organizations", "ListPolicies", r#"{"Filter":"RCP"}"#).await;
    assert_eq!(unknown.json()["__type"], "InvalidInputException");
}
