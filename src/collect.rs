//! Reads a live organization into an inventory.
//!
//! [`collect`] is the order of the calls; each service has a file of its own below. What fails becomes a gap on exactly the values it
//! hides; only what leaves nothing to audit is a [`CollectError`]. Only Get, List, Describe and Head calls are made, and STS.

mod accounts;
mod alerting;
mod call;
mod caller;
mod cloudtrail;
mod endpoint;
mod error;
mod event_data_stores;
mod failure;
mod kms;
mod logs;
mod organizations;
mod reader;
mod regions;
mod s3;
mod scope;
mod session;
mod sns;
mod whole;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_credential_types::provider::ProvideCredentials;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::inventory::{
    Account, Collection, EVIDENCE_VERSION, Gap, GapReason, Inventory, Organization, Origin, Scope,
};
use caller::{Caller, origin};
use failure::Failure;
use reader::Reader;
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
    reader.read(&mut inventory).await;

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

/// Says that nothing was collected, because nothing was to be.
fn out_of_scope(by: &str) -> Gap {
    Gap { origin: Origin::Stated(by.to_owned()), reason: GapReason::NotCollected, detail: String::new() }
}
