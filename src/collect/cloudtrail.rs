//! CloudTrail: which trails a region shows, and what each trail does.

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::call::{Caller, Failure, following, observe, observe_or, origin};
use super::session::{Session, Sessions};
use crate::inventory::{
    AdvancedFieldSelector, AdvancedSelector, ClassicSelector, DataResource, Gap, GapReason, InsightSelector,
    Observed, Origin, Selectors, Trail, TrailStatus,
};

/// The trails that one region of one account shows, its own and others'.
pub(super) async fn describe(caller: &Caller, session: &Session, region: &str) -> Observed<Vec<Trail>> {
    let asked = origin("cloudtrail:DescribeTrails", &session.account, region, "");
    let request = session.cloudtrail(region).describe_trails().include_shadow_trails(true);
    let answer = caller.make(&asked, request.send()).await;
    observe(asked.clone(), answer, |answer| {
        let listed = answer.trail_list.ok_or("the answer has no list of trails")?;
        listed.into_iter().map(|trail| read(trail, &asked)).collect()
    })
}

fn read(trail: sdk::Trail, described_by: &Origin) -> Result<Trail, &'static str> {
    let arn = trail.trail_arn.ok_or("a trail in the answer has no ARN")?;
    let owner = arn
        .split(':')
        .nth(4)
        .filter(|owner| !owner.is_empty())
        .ok_or("a trail's ARN has no account")?
        .to_owned();
    let pending =
        Gap { origin: described_by.clone(), reason: GapReason::NotCollected, detail: String::new() };
    Ok(Trail {
        name: trail.name.ok_or("a trail in the answer has no name")?,
        owner,
        home_region: trail.home_region.ok_or("a trail in the answer has no home region")?,
        is_multi_region: trail
            .is_multi_region_trail
            .ok_or("the answer does not say whether a trail is multi-region")?,
        is_organization_trail: trail
            .is_organization_trail
            .ok_or("the answer does not say whether a trail is the organization's")?,
        includes_global_service_events: trail
            .include_global_service_events
            .ok_or("the answer does not say whether a trail includes global service events")?,
        validates_log_files: trail
            .log_file_validation_enabled
            .ok_or("the answer does not say whether log file validation is on")?,
        bucket: trail.s3_bucket_name.ok_or("a trail in the answer has no bucket")?,
        prefix: set(trail.s3_key_prefix),
        kms_key: set(trail.kms_key_id),
        log_group: set(trail.cloud_watch_logs_log_group_arn),
        log_group_role: set(trail.cloud_watch_logs_role_arn),
        topic: set(trail.sns_topic_arn),
        described_by: described_by.clone(),
        seen_in: BTreeMap::new(),
        status: Observed::Gap(pending.clone()),
        replicas: BTreeMap::new(),
        selectors: Observed::Gap(pending.clone()),
        insights: Observed::Gap(pending.clone()),
        tags: Observed::Gap(pending.clone()),
        event_configuration: Observed::Gap(pending),
        arn,
    })
}

fn set(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// Fills status, selectors, Insights and tags: in the home region, with the owner's credentials if there are any.
pub(super) async fn detail(sessions: &Sessions<'_>, trail: &mut Trail) {
    let gap = match sessions.open(&trail.owner).await {
        Ok(owner) => {
            let (status, replicas, selectors, insights, tags) = tokio::join!(
                status(sessions.caller, &owner, trail, &trail.home_region),
                replicas(sessions.caller, &owner, trail),
                selectors(sessions.caller, &owner, trail),
                insights(sessions.caller, &owner, trail),
                tags(sessions.caller, &owner, trail),
            );
            (trail.status, trail.replicas) = (status, replicas);
            (trail.selectors, trail.insights, trail.tags) = (selectors, insights, tags);
            return;
        }
        Err(gap) => gap,
    };
    if trail.is_organization_trail {
        return detail_as_administrator(sessions, trail, &gap).await;
    }
    trail.status = Observed::Gap(gap.clone());
    trail.selectors = Observed::Gap(gap.clone());
    trail.insights = Observed::Gap(gap.clone());
    trail.tags = Observed::Gap(gap);
}

/// Reads an organization trail from the caller's account, by its ARN: a delegated administrator is told everything, a member that
/// scans itself the status. Where an answer is refused, `gap` says why the owner was not asked.
async fn detail_as_administrator(sessions: &Sessions<'_>, trail: &mut Trail, gap: &Gap) {
    let own = sessions.own();
    let (status, selectors, insights, tags) = tokio::join!(
        status(sessions.caller, own, trail, &trail.home_region),
        selectors(sessions.caller, own, trail),
        insights(sessions.caller, own, trail),
        tags(sessions.caller, own, trail),
    );
    trail.status = or_gap(status, gap);
    trail.selectors = or_gap(selectors, gap);
    trail.insights = or_gap(insights, gap);
    trail.tags = or_gap(tags, gap);
}

fn or_gap<T>(observed: Observed<T>, gap: &Gap) -> Observed<T> {
    if observed.value().is_some() { observed } else { Observed::Gap(gap.clone()) }
}

/// The status in every other region of the owner that shows the trail.
async fn replicas(
    caller: &Caller,
    owner: &Session,
    trail: &Trail,
) -> BTreeMap<String, Observed<TrailStatus>> {
    let regions = trail.seen_in.get(&trail.owner).into_iter().flatten();
    let elsewhere = regions.filter(|region| trail.is_multi_region && **region != trail.home_region);
    let asked =
        elsewhere.map(|region| async move { (region.clone(), status(caller, owner, trail, region).await) });
    futures_util::future::join_all(asked).await.into_iter().collect()
}

async fn status(caller: &Caller, session: &Session, trail: &Trail, region: &str) -> Observed<TrailStatus> {
    let asked = origin("cloudtrail:GetTrailStatus", &session.account, region, &trail.arn);
    let request = session.cloudtrail(region).get_trail_status().name(&trail.arn);
    let answer = caller.make(&asked, request.send()).await;
    observe(asked, answer, |answer| {
        Ok(TrailStatus {
            is_logging: answer.is_logging.ok_or("the answer does not say whether the trail is logging")?,
            latest_delivery: time(answer.latest_delivery_time),
            latest_delivery_error: set(answer.latest_delivery_error),
            latest_digest_delivery: time(answer.latest_digest_delivery_time),
            latest_digest_delivery_error: set(answer.latest_digest_delivery_error),
            latest_log_group_delivery: time(answer.latest_cloud_watch_logs_delivery_time),
            latest_log_group_delivery_error: set(answer.latest_cloud_watch_logs_delivery_error),
            latest_notification: time(answer.latest_notification_time),
            latest_notification_error: set(answer.latest_notification_error),
            started_logging: time(answer.start_logging_time),
            stopped_logging: time(answer.stop_logging_time),
        })
    })
}

fn time(moment: Option<DateTime>) -> Option<String> {
    let moment = DateTime::from_secs(moment?.secs());
    moment.fmt(Format::DateTime).ok()
}

async fn selectors(caller: &Caller, session: &Session, trail: &Trail) -> Observed<Selectors> {
    let asked = origin("cloudtrail:GetEventSelectors", &session.account, &trail.home_region, &trail.arn);
    let request = session.cloudtrail(&trail.home_region).get_event_selectors().trail_name(&trail.arn);
    let answer = caller.make(&asked, request.send()).await;
    observe(asked, answer, |answer| match (answer.advanced_event_selectors, answer.event_selectors) {
        (Some(advanced), _) if !advanced.is_empty() => {
            Ok(Selectors::Advanced(advanced.into_iter().map(advanced_selector).collect()))
        }
        (_, Some(classic)) => {
            classic.into_iter().map(classic_selector).collect::<Result<_, _>>().map(Selectors::Classic)
        }
        (_, None) => Err("the answer has no selectors of either kind"),
    })
}

fn classic_selector(selector: sdk::EventSelector) -> Result<ClassicSelector, &'static str> {
    Ok(ClassicSelector {
        read_write_type: selector
            .read_write_type
            .ok_or("a selector in the answer has no ReadWriteType")?
            .as_str()
            .to_owned(),
        includes_management_events: selector
            .include_management_events
            .ok_or("a selector in the answer does not say whether it includes management events")?,
        excluded_management_sources: selector.exclude_management_event_sources.unwrap_or_default(),
        data_resources: selector
            .data_resources
            .unwrap_or_default()
            .into_iter()
            .map(|resource| DataResource {
                kind: resource.r#type.unwrap_or_default(),
                values: resource.values.unwrap_or_default(),
            })
            .collect(),
    })
}

fn advanced_selector(selector: sdk::AdvancedEventSelector) -> AdvancedSelector {
    AdvancedSelector {
        name: selector.name,
        fields: selector.field_selectors.into_iter().map(field_selector).collect(),
    }
}

fn field_selector(selector: sdk::AdvancedFieldSelector) -> AdvancedFieldSelector {
    AdvancedFieldSelector {
        field: selector.field,
        equals: selector.equals.unwrap_or_default(),
        starts_with: selector.starts_with.unwrap_or_default(),
        ends_with: selector.ends_with.unwrap_or_default(),
        not_equals: selector.not_equals.unwrap_or_default(),
        not_starts_with: selector.not_starts_with.unwrap_or_default(),
        not_ends_with: selector.not_ends_with.unwrap_or_default(),
    }
}

async fn insights(caller: &Caller, session: &Session, trail: &Trail) -> Observed<Vec<InsightSelector>> {
    let asked = origin("cloudtrail:GetInsightSelectors", &session.account, &trail.home_region, &trail.arn);
    let request = session.cloudtrail(&trail.home_region).get_insight_selectors().trail_name(&trail.arn);
    let answer = caller.make(&asked, request.send()).await;
    observe_or(asked, answer, &["InsightNotEnabledException"], Vec::new(), |answer| {
        let selectors = answer.insight_selectors.ok_or("the answer has no list of Insights selectors")?;
        let read = |selector: sdk::InsightSelector| InsightSelector {
            kind: selector.insight_type.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
            categories: selector
                .event_categories
                .unwrap_or_default()
                .into_iter()
                .map(|category| category.as_str().to_owned())
                .collect(),
        };
        Ok(selectors.into_iter().map(read).collect())
    })
}

async fn tags(caller: &Caller, session: &Session, trail: &Trail) -> Observed<BTreeMap<String, String>> {
    let asked = origin("cloudtrail:ListTags", &session.account, &trail.home_region, &trail.arn);
    let client = session.cloudtrail(&trail.home_region);
    let mut tags = BTreeMap::new();
    let mut token = None;
    let listed = loop {
        let request = client.list_tags().resource_id_list(&trail.arn).set_next_token(token.clone());
        match caller.make(&asked, request.send()).await {
            Ok(page) => {
                let Some(resources) = page.resource_tag_list else {
                    break Err(Failure::of(&asked, GapReason::Unreadable, "the answer has no list of tags"));
                };
                let pairs = resources.into_iter().flat_map(|resource| resource.tags_list.unwrap_or_default());
                tags.extend(pairs.map(|tag| (tag.key, tag.value.unwrap_or_default())));
                match following(&asked, token.as_ref(), page.next_token) {
                    Ok(None) => break Ok(tags),
                    Ok(next) => token = next,
                    Err(failure) => break Err(failure),
                }
            }
            Err(failure) => break Err(failure),
        }
    };
    observe(asked, listed, Ok)
}
