//! Which trails are seen where, and by whom.

use crate::client::{Client, ORG_TRAIL, start};

fn names(reply: &crate::client::Reply) -> Vec<String> {
    let json = reply.json();
    json["trailList"].as_array().unwrap().iter().map(|t| t["Name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_organization_trail_is_visible_in_a_member_but_refuses_its_selectors_there() {
    let replica = start("").await;
    let member = Client::new(&replica, "AKIAMEMBER").region("eu-west-2");
    let seen = member.json("cloudtrail", "DescribeTrails", "{}").await;
    assert_eq!(seen.json()["trailList"][0]["TrailARN"], ORG_TRAIL);
    let by_trail = format!(r#"{{"TrailName":"{ORG_TRAIL}"}}"#);
    for operation in ["GetEventSelectors", "GetInsightSelectors"] {
        let refused = member.json("cloudtrail", operation, &by_trail).await;
        assert_eq!(
            (refused.status, &refused.json()["__type"]),
            (400, &"CloudTrailARNInvalidException".into())
        );
    }
    let tags =
        member.json("cloudtrail", "ListTags", &format!(r#"{{"ResourceIdList":["{ORG_TRAIL}"]}}"#)).await;
    assert_eq!(tags.json()["__type"], "CloudTrailARNInvalidException");
}

#[tokio::test]
async fn a_member_reads_the_status_of_an_organization_trail_by_arn_only() {
    let replica = start("").await;
    let member = Client::new(&replica, "AKIAMEMBER");
    let by_arn = member.json("cloudtrail", "GetTrailStatus", &format!(r#"{{"Name":"{ORG_TRAIL}"}}"#)).await;
    assert_eq!(by_arn.json()["IsLogging"], true);
    let by_name = member.json("cloudtrail", "GetTrailStatus", r#"{"Name":"org-trail"}"#).await;
    assert_eq!(by_name.json()["__type"], "TrailNotFoundException");
}

#[tokio::test]
async fn a_delegated_administrator_reads_the_selectors_of_an_organization_trail() {
    let replica = start("").await;
    let security = Client::new(&replica, "AKIASECURITY");
    let reply =
        security.json("cloudtrail", "GetEventSelectors", &format!(r#"{{"TrailName":"{ORG_TRAIL}"}}"#)).await;
    assert_eq!(reply.json()["EventSelectors"][0]["ReadWriteType"], "All");
    assert_eq!(reply.json().get("AdvancedEventSelectors"), None);
}

#[tokio::test]
async fn a_single_region_trail_is_seen_in_its_home_region_only() {
    let replica = start("").await;
    let member = Client::new(&replica, "AKIAMEMBER");
    let home = member.region("eu-west-1").json("cloudtrail", "DescribeTrails", "{}").await;
    assert_eq!(names(&home), ["org-trail", "local-trail"]);
    let elsewhere = member.json("cloudtrail", "DescribeTrails", "{}").await;
    assert_eq!(names(&elsewhere), ["org-trail"]);
}

#[tokio::test]
async fn without_shadow_trails_an_organization_trail_is_hidden_from_members() {
    let replica = start("").await;
    let ask = r#"{"includeShadowTrails":false}"#;
    let member = Client::new(&replica, "AKIAMEMBER")
        .region("eu-west-1")
        .json("cloudtrail", "DescribeTrails", ask)
        .await;
    assert_eq!(names(&member), ["local-trail"]);
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    assert_eq!(names(&owner.json("cloudtrail", "DescribeTrails", ask).await), ["org-trail"]);
    assert_eq!(names(&owner.region("eu-west-1").json("cloudtrail", "DescribeTrails", ask).await), [""; 0]);
}

#[tokio::test]
async fn a_stranger_sees_no_organization_trail() {
    let replica = start("").await;
    let reply = Client::new(&replica, "AKIASTRANGER").json("cloudtrail", "DescribeTrails", "{}").await;
    assert_eq!(names(&reply), [""; 0]);
}

#[tokio::test]
async fn a_region_that_an_account_has_not_enabled_refuses_its_token() {
    let replica = start("").await;
    let member = Client::new(&replica, "AKIAMEMBER");
    assert_eq!(member.region("af-south-1").json("cloudtrail", "DescribeTrails", "{}").await.status, 200);
    for region in ["eu-west-3", "me-south-1"] {
        let refused = member.region(region).json("cloudtrail", "DescribeTrails", "{}").await;
        assert_eq!((refused.status, &refused.json()["__type"]), (403, &"UnrecognizedClientException".into()));
    }
}

#[tokio::test]
async fn status_times_follow_the_clock_of_the_world_and_differ_by_region() {
    let status = "  - { name: second, account: management, bucket: b, status: { default: { latest_delivery: -20m }, regions: { eu-west-1: { logging: false, latest_delivery: never } } } }";
    let world = crate::client::WORLD.replace("buckets:\n", &format!("{status}\nbuckets:\n"));
    let replica = trailproof_replica::Replica::start(trailproof_replica::World::from_yaml(&world).unwrap())
        .await
        .unwrap();
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let ask = r#"{"Name":"arn:aws:cloudtrail:us-east-1:111111111111:trail/second"}"#;
    let home = owner.json("cloudtrail", "GetTrailStatus", ask).await.json();
    assert_eq!(
        (home["IsLogging"].as_bool(), home["LatestDeliveryTime"].as_f64()),
        (Some(true), Some(1_772_365_200.0))
    );
    let away = owner.region("eu-west-1").json("cloudtrail", "GetTrailStatus", ask).await.json();
    assert_eq!((away["IsLogging"].as_bool(), away.get("LatestDeliveryTime")), (Some(false), None));
    assert!(away["StopLoggingTime"].is_number());
}

#[tokio::test]
async fn a_trail_without_insights_throws() {
    let replica = start("").await;
    let owner = Client::new(&replica, "AKIAMANAGEMENT");
    let reply = owner.json("cloudtrail", "GetInsightSelectors", r#"{"TrailName":"org-trail"}"#).await;
    assert_eq!(reply.json()["__type"], "InsightNotEnabledException");
}
