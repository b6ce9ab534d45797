//! Reads a live organization into an inventory.
//!
//! [`collect`] is the order of the calls; each service has a file of its own below. What fails becomes a gap on exactly the values it
//! hides; only what leaves nothing to audit is a [`CollectError`]. Only Get, List, Describe and Head calls are made, and STS.

mod call;
mod cloudtrail;
mod endpoint;
mod error;
mod kms;
mod organizations;
mod regions;
mod s3;
mod scope;
mod session;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_credential_types::provider::ProvideCredentials;
use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::inventory::{
    Account, AccountStatus, Bucket, Collection, EVIDENCE_VERSION, Gap, GapReason, Inventory, Key, Observed,
    Organization, Origin, Scope, Trail, TrailSighting,
};
use call::{Caller, Failure, origin};
use session::{Callable, Session, Sessions};

pub use call::{CALLS, CallSpec, Place, When, every_call, wanted};
pub use error::CollectError;

/// Where to look, as whom, and how hard.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the user limited the scan to.
    pub scope: Scope,
    /// Role to assume in each account but the caller's own.
    pub role_name: String,
    /// External id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Operations that may be called: see [`wanted`]. What another would tell is a gap.
    pub calls: BTreeSet<&'static str>,
    /// Buckets that rules ask about by parameter.
    pub watched_buckets: BTreeSet<String>,
    /// Calls under way at once.
    pub concurrency: usize,
    /// Profile from the shared configuration files.
    pub profile: Option<String>,
    /// For one call with its retries.
    pub call_timeout: Duration,
    /// Tells the time.
    pub clock: fn() -> Timestamp,
}

/// Told how far a collection is.
pub trait Progress: Sync {
    /// A new phase began; `total` steps, when their number is known.
    fn phase(&self, name: &str, total: Option<usize>);
    /// One step of the phase is done.
    fn advance(&self);
}

/// Accounts whose regions are read at once; the calls themselves are bounded by [`Options::concurrency`].
const ACCOUNTS_AT_ONCE: usize = 16;
/// Trails, buckets or keys read at once.
const RESOURCES_AT_ONCE: usize = 16;

/// Reads the organization, or the caller's account alone. `stop` turning true keeps what was collected and marks the rest.
pub async fn collect(
    options: &Options,
    progress: &dyn Progress,
    stop: watch::Receiver<bool>,
) -> Result<Inventory, CollectError> {
    let started_at = (options.clock)();
    let caller = Caller::new(options.concurrency, stop, options.calls.clone());
    progress.phase("identity", None);
    let identity = identify(options, &caller).await?;
    let region = regions::global(&identity.partition);
    scope::check_regions(options, &identity.partition)?;

    progress.phase("organization", None);
    let (organization, accounts) = organization(options, &caller, &identity, &region).await?;
    let by = match (&organization, options.scope.account_only) {
        (_, true) => "--account-only",
        (None, false) => "an account without an organization",
        (Some(_), false) => "the organization",
    };
    let callable = Callable { accounts: accounts.iter().map(|account| account.id.clone()).collect(), by };
    let own = identity.session.clone();
    let sessions = Sessions::new(&caller, own, &identity.partition, &region, options, callable);

    let mut inventory = Inventory {
        version: EVIDENCE_VERSION,
        collection: describe(options, &identity, started_at),
        organization,
        accounts: accounts.into_iter().map(|account| (account.id.clone(), account)).collect(),
        trails: BTreeMap::new(),
        buckets: BTreeMap::new(),
        keys: BTreeMap::new(),
        log_groups: BTreeMap::new(),
        topics: BTreeMap::new(),
        event_data_stores: BTreeMap::new(),
        watched_buckets: BTreeMap::new(),
    };
    let reader =
        Reader { options, sessions: &sessions, partition: &identity.partition, region: &region, progress };
    reader.read_accounts(&mut inventory).await;
    reader.read_trails(&mut inventory).await;
    reader.read_buckets(&mut inventory).await;
    reader.read_keys(&mut inventory).await;

    inventory.collection.interrupted = caller.is_stopped();
    inventory.collection.calls = caller.calls();
    inventory.collection.finished_at = whole_second((options.clock)());
    Ok(inventory)
}

struct Identity {
    session: Session,
    arn: String,
    partition: String,
}

async fn identify(options: &Options, caller: &Caller) -> Result<Identity, CollectError> {
    let config = session::base_config(options).await;
    let Some(provider) = config.credentials_provider() else {
        return Err(CollectError::NoCredentials { detail: String::new() });
    };
    if let Err(error) = provider.provide_credentials().await {
        return Err(CollectError::no_credentials(&error));
    }
    let region = config.region().map_or_else(|| "us-east-1".to_owned(), |region| region.as_ref().to_owned());
    let session = Session::new("", config);
    let asked = origin("sts:GetCallerIdentity", "", &region, "");
    let answer = caller.make(&asked, session.sts(&region).get_caller_identity().send()).await;
    let answer = answer.map_err(|failure| CollectError::from_gap(failure.gap, CollectError::Identity))?;
    let (Some(account), Some(arn)) = (answer.account, answer.arn) else {
        let failure = Failure::of(&asked, GapReason::Unreadable, "the answer does not say who is asking");
        return Err(CollectError::Identity(failure.gap));
    };
    let partition =
        arn.split(':').nth(1).filter(|partition| !partition.is_empty()).unwrap_or("aws").to_owned();
    Ok(Identity { session: session.of(&account), arn, partition })
}

async fn organization(
    options: &Options,
    caller: &Caller,
    identity: &Identity,
    region: &str,
) -> Result<(Option<Organization>, Vec<Account>), CollectError> {
    let own = identity.session.account.clone();
    if options.scope.account_only {
        scope::check_alone(options, &own)?;
        return Ok((None, vec![scope::lone_account(&own, "--account-only")]));
    }
    let client = identity.session.organizations(region);
    let asker = organizations::Asker { caller, client, account: own.clone(), region: region.to_owned() };
    let Some(mut organization) = asker.organization().await? else {
        scope::check_alone(options, &own)?;
        return Ok((None, vec![scope::lone_account(&own, "the account belongs to no organization")]));
    };
    let listed = asker.accounts().await?;
    asker.details(&mut organization).await;
    let accounts = scope::select(options, &organization, listed)?;
    Ok((Some(organization), accounts))
}

fn describe(options: &Options, identity: &Identity, started_at: Timestamp) -> Collection {
    let mut scope = options.scope.clone();
    for list in [&mut scope.accounts, &mut scope.exclude_accounts, &mut scope.organizational_units] {
        list.sort();
        list.dedup();
    }
    if let Some(regions) = &mut scope.regions {
        regions.sort();
        regions.dedup();
    }
    Collection {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: whole_second(started_at),
        finished_at: String::new(),
        caller_account: identity.session.account.clone(),
        caller_arn: identity.arn.clone(),
        partition: identity.partition.clone(),
        scope,
        interrupted: false,
        calls: 0,
    }
}

fn whole_second(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string()
}

struct Reader<'a> {
    options: &'a Options,
    sessions: &'a Sessions<'a>,
    partition: &'a str,
    region: &'a str,
    progress: &'a dyn Progress,
}

impl Reader<'_> {
    /// Regions and trails of every account in scope; suspended accounts answer no calls and are left alone.
    async fn read_accounts(&self, inventory: &mut Inventory) {
        let wanted = |account: &&Account| account.in_scope && account.status == AccountStatus::Active;
        let accounts: Vec<String> =
            inventory.accounts.values().filter(wanted).map(|account| account.id.clone()).collect();
        self.progress.phase("accounts", Some(accounts.len()));
        let mut read = futures_util::stream::iter(accounts)
            .map(|id| async move {
                let found = self.read_account(&id).await;
                self.progress.advance();
                (id, found)
            })
            .buffered(ACCOUNTS_AT_ONCE);
        while let Some((id, (regions, trails))) = read.next().await {
            let mut sightings = BTreeMap::new();
            for (region, found) in trails {
                let seen = found.map(|trails| {
                    trails.into_iter().map(|trail| saw(&mut inventory.trails, trail, &id, &region)).collect()
                });
                sightings.insert(region, seen);
            }
            if let Some(account) = inventory.accounts.get_mut(&id) {
                account.regions = regions;
                account.trails = sightings;
            }
        }
    }

    async fn read_account(
        &self,
        id: &str,
    ) -> (Observed<Vec<String>>, BTreeMap<String, Observed<Vec<Trail>>>) {
        let stated = self.options.scope.regions.as_ref().map(|regions| {
            let mut regions = regions.clone();
            regions.sort();
            regions.dedup();
            Observed::known(regions, Origin::Stated("--regions".to_owned()))
        });
        let session = match self.sessions.open(id).await {
            Ok(session) => session,
            Err(gap) => {
                let regions = stated.unwrap_or_else(|| Observed::Gap(gap.clone()));
                let places = regions.value().cloned().unwrap_or_else(|| regions::defaults(self.partition));
                return (
                    regions,
                    places.into_iter().map(|region| (region, Observed::Gap(gap.clone()))).collect(),
                );
            }
        };
        let regions = match stated {
            Some(regions) => regions,
            None => regions::enabled(self.sessions, &session, self.region).await,
        };
        let places = regions.value().cloned().unwrap_or_else(|| regions::defaults(self.partition));
        let describe = |region: String| {
            let session = &session;
            async move {
                let trails = cloudtrail::describe(self.sessions.caller, session, &region).await;
                (region, trails)
            }
        };
        let trails = futures_util::future::join_all(places.into_iter().map(describe)).await;
        (regions, trails.into_iter().collect())
    }

    /// What each trail does, asked once.
    async fn read_trails(&self, inventory: &mut Inventory) {
        self.progress.phase("trails", Some(inventory.trails.len()));
        let details = inventory.trails.values_mut().map(|trail| async {
            cloudtrail::detail(self.sessions, trail).await;
            self.progress.advance();
        });
        futures_util::stream::iter(details).buffer_unordered(RESOURCES_AT_ONCE).collect::<()>().await;
    }

    /// The buckets that trails deliver to, each once, wherever they are.
    async fn read_buckets(&self, inventory: &mut Inventory) {
        let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for trail in inventory.trails.values() {
            owners.entry(&trail.bucket).or_default().insert(&trail.owner);
        }
        self.progress.phase("buckets", Some(owners.len()));
        let read = owners.into_iter().map(|(name, owners)| {
            let candidates = self.candidates(inventory, &owners);
            async move {
                let bucket = s3::read(self.sessions, name, &candidates, self.region).await;
                self.progress.advance();
                bucket
            }
        });
        let read: Vec<Bucket> =
            futures_util::stream::iter(read).buffer_unordered(RESOURCES_AT_ONCE).collect().await;
        inventory.buckets = read.into_iter().map(|bucket| (bucket.name.clone(), bucket)).collect();
    }

    /// Who may own a bucket: the trail's owner, the caller, then everybody else.
    fn candidates(&self, inventory: &Inventory, owners: &BTreeSet<&str>) -> s3::Candidates {
        let is_active = |id: &str| {
            inventory.accounts.get(id).is_some_and(|account| account.status == AccountStatus::Active)
        };
        let own = std::iter::once(self.sessions.own().account.as_str());
        let likely = owners.iter().copied().chain(own).filter(|id| is_active(id));
        let everybody = inventory.accounts.keys().map(String::as_str).filter(|id| is_active(id));
        let mut seen = BTreeSet::new();
        let active = likely.chain(everybody).filter(|id| seen.insert(*id)).map(str::to_owned).collect();
        let silent = inventory.accounts.keys().filter(|id| !is_active(id)).cloned().collect();
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
        self.progress.phase("keys", Some(keys.len()));
        let read = keys.into_iter().map(|(id, trail)| async {
            let key = kms::read(self.sessions, id, &trail.owner, &trail.home_region).await;
            self.progress.advance();
            key
        });
        let read: Vec<Key> =
            futures_util::stream::iter(read).buffer_unordered(RESOURCES_AT_ONCE).collect().await;
        inventory.keys = read.into_iter().map(|key| (key.id.clone(), key)).collect();
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

/// Says that nothing was collected, because nothing was to be.
fn out_of_scope(by: &str) -> Gap {
    Gap { origin: Origin::Stated(by.to_owned()), reason: GapReason::NotCollected, detail: String::new() }
}
