//! Events that stand for all of their kind.

use serde_json::{Value, json};

use super::identity::Identity;
use super::record::{Variant, envelope, source};
use super::usage::{Candidate, Usage};
use super::{Call, Place};

/// Events of one kind, at most; more only where each name would else have fewer than three.
const MAX_EVENTS: usize = 60;
/// Variants of one event name.
const MIN_VARIANTS: usize = 3;
const MAX_VARIANTS: usize = 36;
/// Places that are tried; a partition has fewer regions.
const MAX_REGIONS: usize = 60;
const MAX_ACCOUNTS: usize = 6;

/// Where events come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Names of the regions that are recorded.
    pub regions: Vec<String>,
    /// Accounts whose events are recorded: first the owner of the trail, then, for an organization trail, a member; more than six are not tried.
    pub accounts: Vec<String>,
}

/// One made-up event.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its name, with the error code where that is the point.
    pub event: String,
    /// The account it happened in.
    pub account: String,
    /// The region it was recorded in: a rule of EventBridge in another one never sees it.
    pub region: String,
    /// Who did it, in words.
    pub identity: &'static str,
    /// A rule of EventBridge sees read-only management events only in state `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    pub is_read_only: bool,
    pub(super) envelope: Value,
}

impl Sample {
    /// As CloudTrail records it.
    #[must_use]
    pub fn record(&self) -> &Value {
        self.envelope.get("detail").unwrap_or(&Value::Null)
    }

    /// As EventBridge hands it on.
    #[must_use]
    pub fn envelope(&self) -> &Value {
        &self.envelope
    }
}

/// The region where global services of a partition record their events.
fn home(scope: &Scope) -> (&'static str, &'static str) {
    let is_in = |prefix: &str| scope.regions.iter().any(|region| region.starts_with(prefix));
    if is_in("cn-") {
        ("aws-cn", "cn-north-1")
    } else if is_in("us-gov-") {
        ("aws-us-gov", "us-gov-west-1")
    } else {
        ("aws", "us-east-1")
    }
}

/// One event after another, each as unlike the earlier ones as can be: see [`Usage`].
pub(super) fn of(calls: &[Call], scope: &Scope) -> Vec<Sample> {
    if scope.regions.is_empty() || scope.accounts.is_empty() {
        return Vec::new();
    }
    let (partition, home) = home(scope);
    let mut usage = Usage::default();
    let variants = (MAX_EVENTS / calls.len().max(1)).clamp(MIN_VARIANTS, MAX_VARIANTS);
    let mut samples = Vec::new();
    for call in calls {
        let candidates = candidates(call, scope, home);
        for _ in 0..variants {
            let Some(chosen) = usage.least_used(&candidates) else { continue };
            let Candidate { region, account, identity } = chosen;
            let variant = Variant { number: samples.len(), partition, region, account, identity };
            samples.push(Sample {
                event: call.label(),
                account: account.to_owned(),
                region: region.to_owned(),
                identity: identity.words(),
                is_read_only: call.is_read_only,
                envelope: envelope(call, &variant),
            });
        }
        usage.next_call();
    }
    samples
}

/// Every event in every place and account, with no more of a record than where it comes from.
pub(super) fn outline(calls: &[Call], scope: &Scope) -> Vec<Sample> {
    if scope.regions.is_empty() {
        return Vec::new();
    }
    let (_, home) = home(scope);
    let mut samples: Vec<Sample> = Vec::new();
    for call in calls {
        for Candidate { region, account, identity } in candidates(call, scope, home) {
            let is_same = |one: &&Sample| one.region == region && one.account == account;
            let known = samples.iter().rev().take_while(|one| one.event == call.label()).find(is_same);
            if known.is_none() {
                samples.push(Sample {
                    event: call.label(),
                    account: account.to_owned(),
                    region: region.to_owned(),
                    identity: identity.words(),
                    is_read_only: call.is_read_only,
                    envelope: json!({ "detail": { "eventSource": source(call) } }),
                });
            }
        }
    }
    samples
}

/// Everywhere the call may happen.
fn candidates<'s>(call: &Call, scope: &'s Scope, home: &'static str) -> Vec<Candidate<'s>> {
    let accounts = if call.place == Place::GlobalOfOwner { 1 } else { MAX_ACCOUNTS };
    let mut candidates = Vec::new();
    for &identity in call.who.identities() {
        for region in place(call.place, identity, scope, home) {
            let accounts = scope.accounts.iter().take(accounts);
            candidates.extend(accounts.map(|account| Candidate { region, account, identity }));
        }
    }
    candidates
}

fn place<'s>(place: Place, identity: Identity, scope: &'s Scope, home: &'static str) -> Vec<&'s str> {
    let regions = scope.regions.iter().map(String::as_str).take(MAX_REGIONS);
    match place {
        Place::Regional => regions.collect(),
        Place::SignIn if identity != Identity::Root => {
            std::iter::once(home).chain(regions.filter(|region| *region != home)).collect()
        }
        _ => vec![home],
    }
}
