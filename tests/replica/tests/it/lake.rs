//! Event data stores: who sees them, and what is said about them where.

use crate::client::{ALERTING, Client, ORG_TRAIL, start};
use serde_json::{Value, json};

const STORE: &str =
    "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/11111111-2222-4333-a444-555555555555";

async fn list(client: &Client, input: &str) -> Value {
    client.json("cloudtrail", "ListEventDataStores", input).await.json()
}

fn names(answer: &Value) -> Vec<&str> {
    answer["EventDataStores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|store| store["Name"].as_str().unwrap())
        .collect()
}

async fn get(client: &Client, store: &str) -> Value {
    let input = json!({"EventDataStore": store}).to_string();
    client.json("cloudtrail", "GetEventDataStore", &input).await.json()
}

#[tokio::test]
async fn the_list_of_stores_gives_name_and_arn_and_nothing_else() {
    let replica = start(ALERTING).await;
    let answer = list(&Client::new(&replica, "AKIAMANAGEMENT"), "{}").await;
    assert_eq!(answer["EventDataStores"][0], json!({"Name": "everything", "EventDataStoreArn": STORE}));
}

#[tokio::test]
async fn a_multi_region_store_shows_up_in_every_region_and_a_single_region_one_at_home_only() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    assert_eq!(names(&list(&owner, "{}").await), ["everything", "third"]);
    assert_eq!(names(&list(&owner.region("eu-west-1"), "{}").await), ["everything"]);
    let away = get(&owner.region("eu-west-1"), STORE).await;
    assert_eq!(away["EventDataStoreArn"], STORE, "the ARN names the home region everywhere");
}

#[tokio::test]
async fn members_and_strangers_do_not_see_an_organization_store_but_the_delegate_does() {
    let replica = start(ALERTING).await;
    let security = Client::new(&replica, "AKIASECURITY");
    assert_eq!(names(&list(&security, "{}").await), ["everything"]);
    assert_eq!(get(&security, STORE).await["OrganizationEnabled"], true);
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(names(&list(&member, "{}").await), [""; 0]);
    assert_eq!(get(&member, STORE).await["__type"], "EventDataStoreARNInvalidException");
    let stranger = Client::new(&replica, "AKIASTRANGER");
    assert_eq!(names(&list(&stranger, "{}").await), [""; 0]);
    assert_eq!(get(&stranger, STORE).await["__type"], "EventDataStoreARNInvalidException");
}

#[tokio::test]
async fn stores_come_in_pages_and_a_foreign_token_is_refused() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let first = list(&owner, r#"{"MaxResults":1}"#).await;
    assert_eq!(names(&first), ["everything"]);
    let rest = json!({"MaxResults": 1, "NextToken": first["NextToken"]}).to_string();
    let last = list(&owner, &rest).await;
    assert_eq!((names(&last), last.get("NextToken")), (vec!["third"], None));
    assert!(!replica.requests()[1].page.is_empty(), "the journal tells pages apart");
    assert_eq!(list(&owner, r#"{"NextToken":"00"}"#).await["__type"], "InvalidNextTokenException");
    assert_eq!(list(&owner, r#"{"MaxResults":0}"#).await["__type"], "InvalidMaxResultsException");
}

#[tokio::test]
async fn a_store_is_found_by_arn_and_by_id_with_everything_about_it() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let expected = json!({
        "EventDataStoreArn": STORE,
        "Name": "everything",
        "Status": "ENABLED",
        "AdvancedEventSelectors": [{
            "Name": "Management events selector",
            "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
        }],
        "MultiRegionEnabled": true,
        "OrganizationEnabled": true,
        "RetentionPeriod": 2557,
        "TerminationProtectionEnabled": true,
        "CreatedTimestamp": 1_767_225_600.0,
        "UpdatedTimestamp": 1_767_225_600.0,
        "BillingMode": "FIXED_RETENTION_PRICING",
        "FederationStatus": "DISABLED",
        "KmsKeyId": "arn:aws:kms:us-east-1:111111111111:key/key-2",
    });
    assert_eq!(get(&owner, STORE).await, expected);
    assert_eq!(get(&owner, "11111111-2222-4333-a444-555555555555").await, expected);
    assert_eq!(get(&owner, "nothing").await["__type"], "EventDataStoreNotFoundException");
    let gone = STORE.replace("1111111-", "0000000-");
    assert_eq!(get(&owner, &gone).await["__type"], "EventDataStoreNotFoundException");
}

#[tokio::test]
async fn a_store_on_its_way_out_says_so() {
    let replica = start(ALERTING).await;
    let member = Client::new(&replica, "AKIAMEMBER").region("eu-west-1");
    let arn = list(&member, "{}").await["EventDataStores"][0]["EventDataStoreArn"].clone();
    let store = get(&member, arn.as_str().unwrap()).await;
    let said =
        ["Status", "TerminationProtectionEnabled", "RetentionPeriod", "FederationStatus", "BillingMode"]
            .map(|name| store[name].clone());
    let expected: [Value; 5] = [
        "PENDING_DELETION".into(),
        false.into(),
        7.into(),
        "ENABLED".into(),
        "EXTENDABLE_RETENTION_PRICING".into(),
    ];
    assert_eq!(said, expected);
    assert_eq!(store.get("KmsKeyId"), None, "the key of AWS is not named");
    assert_eq!(store["AdvancedEventSelectors"][0]["FieldSelectors"][1]["Equals"], json!(["false"]));
}

#[tokio::test]
async fn event_configuration_is_asked_of_a_store_or_of_a_trail_and_never_of_both() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let ask = |input: Value| {
        let client = owner.clone();
        async move { client.json("cloudtrail", "GetEventConfiguration", &input.to_string()).await.json() }
    };
    assert_eq!(
        ask(json!({"EventDataStore": STORE})).await,
        json!({
            "EventDataStoreArn": STORE, "MaxEventSize": "Large",
            "ContextKeySelectors": [{"Type": "TagContext", "Equals": ["team"]}],
        })
    );
    assert_eq!(
        ask(json!({"TrailName": ORG_TRAIL})).await,
        json!({
            "TrailARN": ORG_TRAIL,
            "AggregationConfigurations": [{"Templates": ["API_ACTIVITY"], "EventCategory": "Data"}],
        })
    );
    assert_eq!(replica.requests()[0].resource, STORE);
    for wrong in [json!({}), json!({"TrailName": ORG_TRAIL, "EventDataStore": STORE})] {
        assert_eq!(ask(wrong).await["__type"], "InvalidParameterCombinationException");
    }
    assert_eq!(ask(json!({"TrailName": "nothing"})).await["__type"], "TrailNotFoundException");
    let member = Client::new(&replica, "AKIAMEMBER");
    let refused = json!({"TrailName": ORG_TRAIL}).to_string();
    let refused = member.json("cloudtrail", "GetEventConfiguration", &refused).await;
    assert_eq!(refused.json()["__type"], "CloudTrailARNInvalidException");
}

#[tokio::test]
async fn a_store_has_tags_and_may_have_a_resource_policy() {
    let replica = start(ALERTING).await;
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let tags = owner.json("cloudtrail", "ListTags", &json!({"ResourceIdList": [STORE]}).to_string()).await;
    assert_eq!(tags.json()["ResourceTagList"][0]["TagsList"], json!([{"Key": "owner", "Value": "audit"}]));
    let policy = |client: Client, arn: String| async move {
        client.json("cloudtrail", "GetResourcePolicy", &json!({"ResourceArn": arn}).to_string()).await.json()
    };
    assert_eq!(policy(owner.clone(), STORE.into()).await["__type"], "ResourcePolicyNotFoundException");
    assert_eq!(policy(owner.clone(), ORG_TRAIL.into()).await["__type"], "ResourceTypeNotSupportedException");
    assert_eq!(policy(owner.clone(), "x".into()).await["__type"], "ResourceARNNotValidException");
    let member = Client::new(&replica, "AKIAMEMBER").region("eu-west-1");
    assert_eq!(policy(member.clone(), STORE.into()).await["__type"], "ResourceNotFoundException");
    let own =
        list(&member, "{}").await["EventDataStores"][0]["EventDataStoreArn"].as_str().unwrap().to_owned();
    assert_eq!(policy(member, own).await["ResourcePolicy"], r#"{"Statement":[],"Version":"2012-10-17"}"#);
}
