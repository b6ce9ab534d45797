//! The organization: its pages, its tree, and who may ask.

use crate::client::{Client, start};
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
