//! What a trail records.

use aws_sdk_cloudtrail::types as sdk;

use super::super::caller::{Caller, observe, observe_or, origin};
use super::super::session::Session;
use crate::inventory::{
    AdvancedFieldSelector, AdvancedSelector, ClassicSelector, DataResource, InsightSelector, Observed,
    Selectors, Trail,
};

/// The event selectors of a trail, of either generation.
pub(super) async fn read(caller: &Caller, session: &Session, trail: &Trail) -> Observed<Selectors> {
    let asked = origin("cloudtrail:GetEventSelectors", &session.account, &trail.home_region, &trail.arn);
    let request = session.cloudtrail(&trail.home_region).get_event_selectors().trail_name(&trail.arn);
    let answer = caller.make(&asked, request.send()).await;
    observe(asked, answer, |answer| match (answer.advanced_event_selectors, answer.event_selectors) {
        (Some(selectors), _) if !selectors.is_empty() => {
            Ok(Selectors::Advanced(selectors.into_iter().map(advanced).collect()))
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

/// One advanced event selector, of a trail or an event data store.
pub(in crate::collect) fn advanced(selector: sdk::AdvancedEventSelector) -> AdvancedSelector {
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

/// The Insights selectors of a trail; none where Insights are off.
pub(super) async fn insights(
    caller: &Caller,
    session: &Session,
    trail: &Trail,
) -> Observed<Vec<InsightSelector>> {
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
