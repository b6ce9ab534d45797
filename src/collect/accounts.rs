//! What the regions of each account show: trails and event data stores, their own and others'.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use futures_util::future::join_all;

use super::reader::Reader;
use super::session::Session;
use super::{cloudtrail, event_data_stores, regions};
use crate::inventory::{
    Account, AccountStatus, EventDataStore, Gap, Inventory, Observed, Origin, Trail, TrailSighting,
};

/// Accounts whose regions are read at once; the calls themselves are bounded by [`super::Options::concurrency`].
pub(super) const AT_ONCE: usize = 16;

/// What one account shows.
struct Shown {
    regions: Observed<Vec<String>>,
    by_region: Vec<(String, ShownInRegion)>,
}

struct ShownInRegion {
    trails: Observed<Vec<Trail>>,
    /// `None` when no rule asks.
    event_data_stores: Option<Observed<Vec<EventDataStore>>>,
}

impl Reader<'_> {
    /// Every account in scope; suspended accounts answer no calls and are left alone.
    pub(super) async fn read_accounts(&self, inventory: &mut Inventory) {
        let wanted = |account: &&Account| account.in_scope && account.status == AccountStatus::Active;
        let accounts: Vec<String> =
            inventory.accounts.values().filter(wanted).map(|account| account.id.clone()).collect();
        self.progress.phase("accounts", Some(accounts.len()));
        let mut read = futures_util::stream::iter(accounts)
            .map(|id| async move {
                let shown = self.read_account(&id).await;
                self.progress.advance();
                (id, shown)
            })
            .buffered(AT_ONCE);
        while let Some((id, shown)) = read.next().await {
            note(inventory, &id, shown);
        }
    }

    async fn read_account(&self, id: &str) -> Shown {
        let stated = self
            .stated_regions()
            .map(|regions| Observed::known(regions, Origin::Stated("--regions".to_owned())));
        let session = match self.sessions.open(id).await {
            Ok(session) => session,
            Err(gap) => {
                let regions = stated.unwrap_or_else(|| Observed::Gap(gap.clone()));
                let by_region = self.places(&regions).into_iter();
                let by_region = by_region.map(|region| (region, self.nothing_shown(&gap))).collect();
                return Shown { regions, by_region };
            }
        };
        let regions = match stated {
            Some(regions) => regions,
            None => regions::enabled(self.sessions, &session, self.region).await,
        };
        let shown = self.places(&regions).into_iter().map(|region| {
            let session = &session;
            async move {
                let shown = self.read_region(session, &region).await;
                (region, shown)
            }
        });
        let by_region = join_all(shown).await;
        Shown { regions, by_region }
    }

    async fn read_region(&self, session: &Session, region: &str) -> ShownInRegion {
        let caller = self.sessions.caller;
        let stores = async {
            if !caller.wants(event_data_stores::LIST) {
                return None;
            }
            Some(event_data_stores::list(caller, session, region).await)
        };
        let (trails, event_data_stores) = tokio::join!(cloudtrail::describe(caller, session, region), stores);
        ShownInRegion { trails, event_data_stores }
    }

    /// A region of an account that cannot be asked.
    fn nothing_shown(&self, gap: &Gap) -> ShownInRegion {
        let wants_stores = self.sessions.caller.wants(event_data_stores::LIST);
        ShownInRegion {
            trails: Observed::Gap(gap.clone()),
            event_data_stores: wants_stores.then(|| Observed::Gap(gap.clone())),
        }
    }

    /// The regions of `--regions`.
    pub(super) fn stated_regions(&self) -> Option<Vec<String>> {
        let mut regions = self.options.scope.regions.clone()?;
        regions.sort();
        regions.dedup();
        Some(regions)
    }

    /// Where to ask: the partition's default regions when those of the account are not known.
    pub(super) fn places(&self, regions: &Observed<Vec<String>>) -> Vec<String> {
        regions.value().cloned().unwrap_or_else(|| regions::defaults(self.partition))
    }
}

fn note(inventory: &mut Inventory, id: &str, shown: Shown) {
    let Some(account) = inventory.accounts.get_mut(id) else { return };
    account.regions = shown.regions;
    for (region, shown) in shown.by_region {
        let trails = shown.trails.map(|trails| {
            trails.into_iter().map(|trail| saw(&mut inventory.trails, trail, id, &region)).collect()
        });
        account.trails.insert(region.clone(), trails);
        if let Some(stores) = shown.event_data_stores {
            let stores = stores.map(|stores| {
                let known = &mut inventory.event_data_stores;
                stores.into_iter().map(|store| saw_store(known, store, id, &region)).collect()
            });
            account.event_data_stores.insert(region, stores);
        }
    }
}

/// Notes where a trail was seen; what its owner's home region says of it wins over what others repeat.
fn saw(trails: &mut BTreeMap<String, Trail>, trail: Trail, account: &str, region: &str) -> TrailSighting {
    let arn = trail.arn.clone();
    let is_at_home = trail.owner == account && trail.home_region == region;
    let known = trails.entry(arn.clone()).or_insert_with(|| trail.clone());
    if is_at_home {
        let seen_in = std::mem::take(&mut known.seen_in);
        *known = Trail { seen_in, ..trail };
    }
    known.seen_in.entry(account.to_owned()).or_default().push(region.to_owned());
    TrailSighting { arn }
}

/// The same for an event data store.
fn saw_store(
    stores: &mut BTreeMap<String, EventDataStore>,
    store: EventDataStore,
    account: &str,
    region: &str,
) -> String {
    let arn = store.arn.clone();
    let is_at_home = store.owner == account && store.home_region == region;
    let known = stores.entry(arn.clone()).or_insert_with(|| store.clone());
    if is_at_home {
        let seen_in = std::mem::take(&mut known.seen_in);
        *known = EventDataStore { seen_in, ..store };
    }
    known.seen_in.entry(account.to_owned()).or_default().push(region.to_owned());
    arn
}
