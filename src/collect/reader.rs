//! Reads what the trails of the accounts depend on, each resource once.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;

use super::session::Sessions;
use super::{Options, Progress, cloudtrail, event_data_stores, kms, logs, s3};
use crate::inventory::{AccountStatus, Inventory, Trail};

/// Trails, buckets, keys and the like read at once.
const AT_ONCE: usize = 16;

/// Who reads, where to, and who is told how far it is.
pub(super) struct Reader<'a> {
    pub(super) options: &'a Options,
    pub(super) sessions: &'a Sessions<'a>,
    pub(super) partition: &'a str,
    pub(super) region: &'a str,
    pub(super) progress: &'a dyn Progress,
}

impl Reader<'_> {
    /// Everything below the organization; what is read first tells where to look next.
    pub(super) async fn read(&self, inventory: &mut Inventory) {
        self.read_accounts(inventory).await;
        self.read_trails(inventory).await;
        self.read_event_data_stores(inventory).await;
        self.read_buckets(inventory).await;
        self.read_watched_buckets(inventory).await;
        self.read_keys(inventory).await;
        self.read_log_groups(inventory).await;
        self.read_alerting(inventory).await;
        self.read_topics(inventory).await;
    }

    /// Waits for all of `steps`, a few at once; in no certain order.
    pub(super) async fn each<T>(&self, phase: &str, steps: Vec<impl Future<Output = T>>) -> Vec<T> {
        self.progress.phase(phase, Some(steps.len()));
        let steps = steps.into_iter().map(|step| async {
            let done = step.await;
            self.progress.advance();
            done
        });
        futures_util::stream::iter(steps).buffer_unordered(AT_ONCE).collect().await
    }

    /// What each trail does, asked once.
    async fn read_trails(&self, inventory: &mut Inventory) {
        let details = inventory.trails.values_mut().map(|trail| cloudtrail::detail(self.sessions, trail));
        self.each("trails", details.collect()).await;
    }

    /// What each event data store takes in, asked once.
    async fn read_event_data_stores(&self, inventory: &mut Inventory) {
        let stores = inventory.event_data_stores.values_mut();
        let details = stores.map(|store| event_data_stores::detail(self.sessions, store));
        self.each("event data stores", details.collect()).await;
    }

    /// The buckets that trails deliver to, each once, wherever they are.
    async fn read_buckets(&self, inventory: &mut Inventory) {
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for trail in inventory.trails.values() {
            owners.entry(&trail.bucket).or_default().insert(&trail.owner);
        }
        let read = owners.into_iter().map(|(name, owners)| {
            let candidates = self.candidates(inventory, &owners);
            async move { s3::read(self.sessions, name, &candidates, self.region).await }
        });
        let read = self.each("buckets", read.collect()).await;
        inventory.buckets = read.into_iter().map(|bucket| (bucket.name.clone(), bucket)).collect();
    }

    /// The buckets that rules ask about by parameter.
    async fn read_watched_buckets(&self, inventory: &mut Inventory) {
        let candidates = self.candidates(inventory, &BTreeSet::new());
        let names = self.options.watched_buckets.iter();
        let read = names.map(|name| s3::place(self.sessions, name, &candidates, self.region));
        let read = self.each("watched buckets", read.collect()).await;
        inventory.watched_buckets = read.into_iter().map(|bucket| (bucket.name.clone(), bucket)).collect();
    }

    /// Who may own a bucket: the trails' owners, the caller, then everybody else.
    fn candidates(&self, inventory: &Inventory, owners: &BTreeSet<&str>) -> s3::Candidates {
        let own = std::iter::once(self.sessions.own().account.as_str());
        let likely = owners.iter().copied().chain(own).filter(|id| is_active(inventory, id));
        let everybody = inventory.accounts.keys().map(String::as_str).filter(|id| is_active(inventory, id));
        let mut seen = BTreeSet::new();
        let active = likely.chain(everybody).filter(|id| seen.insert(*id)).map(str::to_owned).collect();
        let silent = inventory.accounts.keys().filter(|id| !is_active(inventory, id)).cloned().collect();
        s3::Candidates { active, silent }
    }

    /// The keys that trails name, each once.
    async fn read_keys(&self, inventory: &mut Inventory) {
        let mut keys: BTreeMap<&str, &Trail> = BTreeMap::new();
        for trail in inventory.trails.values() {
            if let Some(key) = &trail.kms_key {
                keys.entry(key).or_insert(trail);
            }
        }
        let read = keys
            .into_iter()
            .map(|(id, trail)| kms::read(self.sessions, id, &trail.owner, &trail.home_region));
        let read = self.each("keys", read.collect()).await;
        inventory.keys = read.into_iter().map(|key| (key.id.clone(), key)).collect();
    }

    /// The log groups that trails name, each once.
    async fn read_log_groups(&self, inventory: &mut Inventory) {
        let mut groups: BTreeMap<&str, &Trail> = BTreeMap::new();
        for trail in inventory.trails.values() {
            if let Some(group) = &trail.log_group {
                groups.entry(logs::without_streams(group)).or_insert(trail);
            }
        }
        let read = groups.into_iter().map(|(arn, trail)| logs::read(self.sessions, arn, trail));
        let read = self.each("log groups", read.collect()).await;
        inventory.log_groups = read.into_iter().map(|group| (group.arn.clone(), group)).collect();
    }
}

/// The account is there and answers calls.
pub(super) fn is_active(inventory: &Inventory, account: &str) -> bool {
    inventory.accounts.get(account).is_some_and(|account| account.status == AccountStatus::Active)
}
