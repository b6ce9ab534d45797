//! CloudTrail Lake: which event data stores a region shows, and what each takes in.
//!
//! Lake takes no new customers since 2026-05-31. No error is documented to say that an account or a region has none of it, so every
//! error leaves a gap: an account without event data stores answers with an empty list.

use std::collections::BTreeMap;

use super::caller::{Caller, observe, origin, pages};
use super::cloudtrail::selectors::advanced;
use super::session::{Session, Sessions};
use crate::inventory::{EventDataStore, EventDataStoreSettings, Gap, GapReason, Observed, Origin};
use crate::report::LIST_EVENT_DATA_STORES;

/// The call that lists them.
pub(super) const LIST: &str = LIST_EVENT_DATA_STORES;
const GET: &str = "cloudtrail:GetEventDataStore";

/// The event data stores that one region of one account shows.
pub(super) async fn list(caller: &Caller, session: &Session, region: &str) -> Observed<Vec<EventDataStore>> {
    let asked = origin(LIST, &session.account, region, "");
    let client = session.cloudtrail(region);
    let request = |token| client.list_event_data_stores().set_next_token(token).send();
    let listed = pages(caller, &asked, request, |page| (page.event_data_stores, page.next_token)).await;
    observe(asked.clone(), listed, |stores| {
        stores.into_iter().map(|store| read(store.event_data_store_arn, store.name, &asked)).collect()
    })
}

fn read(
    arn: Option<String>,
    name: Option<String>,
    listed_by: &Origin,
) -> Result<EventDataStore, &'static str> {
    let arn = arn.ok_or("an event data store in the answer has no ARN")?;
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", _, "cloudtrail", region, owner, ..] = parts.as_slice() else {
        return Err("an event data store's ARN cannot be read");
    };
    if region.is_empty() || owner.is_empty() {
        return Err("an event data store's ARN has no account or no region");
    }
    let pending = Gap { origin: listed_by.clone(), reason: GapReason::NotCollected, detail: String::new() };
    Ok(EventDataStore {
        owner: (*owner).to_owned(),
        home_region: (*region).to_owned(),
        name: name.unwrap_or_default(),
        listed_by: listed_by.clone(),
        seen_in: BTreeMap::new(),
        settings: Observed::Gap(pending),
        arn,
    })
}

/// Fills the settings: as the owner, or, where it cannot be asked, as an account that was shown the store. A delegated administrator
/// is shown the organization's, which the management account owns.
pub(super) async fn detail(sessions: &Sessions<'_>, store: &mut EventDataStore) {
    let opened = sessions.open_for(&[GET], &store.owner, &store.home_region, &store.arn).await;
    let gap = match opened {
        Ok(owner) => {
            store.settings = settings(sessions.caller, &owner, store).await;
            return;
        }
        Err(gap) => gap,
    };
    for account in store.seen_in.keys().filter(|account| **account != store.owner) {
        if let Ok(session) = sessions.open(account).await {
            let answer = settings(sessions.caller, &session, store).await;
            if answer.value().is_some() {
                store.settings = answer;
                return;
            }
        }
    }
    store.settings = Observed::Gap(gap);
}

async fn settings(
    caller: &Caller,
    session: &Session,
    store: &EventDataStore,
) -> Observed<EventDataStoreSettings> {
    let asked = origin(GET, &session.account, &store.home_region, &store.arn);
    let request = session.cloudtrail(&store.home_region).get_event_data_store().event_data_store(&store.arn);
    let answer = caller.make(&asked, request.send()).await;
    observe(asked, answer, |answer| {
        Ok(EventDataStoreSettings {
            status: answer
                .status
                .ok_or("the answer does not say in which state the event data store is")?
                .as_str()
                .to_owned(),
            is_multi_region: answer
                .multi_region_enabled
                .ok_or("the answer does not say whether the event data store is multi-region")?,
            is_organization_event_data_store: answer
                .organization_enabled
                .ok_or("the answer does not say whether the event data store is the organization's")?,
            retention_days: answer
                .retention_period
                .map(i64::from)
                .ok_or("the answer does not say how long events are kept")?,
            is_protected_from_termination: answer
                .termination_protection_enabled
                .ok_or("the answer does not say whether the event data store is protected")?,
            kms_key: answer.kms_key_id.filter(|key| !key.is_empty()),
            selectors: answer
                .advanced_event_selectors
                .ok_or("the answer has no selectors")?
                .into_iter()
                .map(advanced)
                .collect(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_that_names_no_owner_or_region_is_refused() {
        let read = |arn: &str| read(Some(arn.to_owned()), None, &Origin::Stated("test".to_owned()));
        let store = read("arn:aws-cn:cloudtrail:cn-north-1:111111111111:eventdatastore/1").unwrap();
        assert_eq!((store.owner.as_str(), store.home_region.as_str()), ("111111111111", "cn-north-1"));
        for arn in [
            "",
            "store",
            "arn:aws:s3:::bucket",
            "arn:aws:cloudtrail::111111111111:eventdatastore/1",
            "arn:aws:cloudtrail:us-east-1::eventdatastore/1",
        ] {
            assert!(read(arn).is_err(), "{arn}");
        }
    }
}
