//! CloudTrail: which trails a region shows, and what each trail does.

pub(super) mod selectors;

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::types as sdk;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::caller::{Caller, observe, origin, pages};
use super::session::{Session, Sessions};
use crate::inventory::{EventConfiguration, Gap, GapReason, Observed, Origin, Trail, TrailStatus};

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

/// Fills what DescribeTrails does not tell: in the home region, with the owner's credentials if there are any.
pub(super) async fn detail(sessions: &Sessions<'_>, trail: &mut Trail) {
    match sessions.open(&trail.owner).await {
        Ok(owner) => {
            trail.replicas = replicas(sessions.caller, &owner, trail).await;
            ask(sessions.caller, &owner, trail).await;
        }
        // By its ARN, an organization trail can be read from the caller's account: a delegated administrator is told everything, a
        // member that scans itself the status.
        Err(gap) if trail.is_organization_trail => {
            ask(sessions.caller, sessions.own(), trail).await;
            // Why the owner was not asked says more than what the caller was refused.
            or_gap(&mut trail.status, &gap);
            or_gap(&mut trail.selectors, &gap);
            or_gap(&mut trail.insights, &gap);
            or_gap(&mut trail.tags, &gap);
            or_gap(&mut trail.event_configuration, &gap);
        }
        Err(gap) => {
            trail.status = Observed::Gap(gap.clone());
            trail.selectors = Observed::Gap(gap.clone());
            trail.insights = Observed::Gap(gap.clone());
            trail.tags = Observed::Gap(gap.clone());
            trail.event_configuration = Observed::Gap(gap);
        }
    }
}

async fn ask(caller: &Caller, session: &Session, trail: &mut Trail) {
    let (status, selectors, insights, tags, event_configuration) = tokio::join!(
        status(caller, session, trail, &trail.home_region),
        selectors::read(caller, session, trail),
        selectors::insights(caller, session, trail),
        tags(caller, session, trail),
        event_configuration(caller, session, trail),
    );
    *trail = Trail { status, selectors, insights, tags, event_configuration, ..trail.clone() };
}

fn or_gap<T>(observed: &mut Observed<T>, gap: &Gap) {
    if observed.value().is_none() {
        *observed = Observed::Gap(gap.clone());
    }
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

async fn tags(caller: &Caller, session: &Session, trail: &Trail) -> Observed<BTreeMap<String, String>> {
    let asked = origin("cloudtrail:ListTags", &session.account, &trail.home_region, &trail.arn);
    let client = session.cloudtrail(&trail.home_region);
    let request = |token| client.list_tags().resource_id_list(&trail.arn).set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.resource_tag_list, page.next_token)).await;
    observe(asked, listed, |resources| {
        let tags = resources.into_iter().flat_map(|resource| resource.tags_list.unwrap_or_default());
        Ok(tags.map(|tag| (tag.key, tag.value.unwrap_or_default())).collect())
    })
}

/// No error of GetEventConfiguration says that nothing is configured: then the answer has empty lists.
async fn event_configuration(
    caller: &Caller,
    session: &Session,
    trail: &Trail,
) -> Observed<EventConfiguration> {
    let asked = origin("cloudtrail:GetEventConfiguration", &session.account, &trail.home_region, &trail.arn);
    let request = session.cloudtrail(&trail.home_region).get_event_configuration().trail_name(&trail.arn);
    let answer = caller.make(&asked, request.send()).await;
    observe(asked, answer, |answer| {
        let aggregations = answer.aggregation_configurations.unwrap_or_default();
        let context_keys = answer.context_key_selectors.unwrap_or_default();
        Ok(EventConfiguration {
            aggregations: aggregations
                .into_iter()
                .flat_map(|aggregation| aggregation.templates)
                .map(|template| template.as_str().to_owned())
                .collect(),
            max_event_size: answer.max_event_size.map(|size| size.as_str().to_owned()).unwrap_or_default(),
            context_keys: context_keys.into_iter().flat_map(|selector| selector.equals).collect(),
        })
    })
}
