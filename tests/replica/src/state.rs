//! What changes while the server runs: sessions, faults, quotas and the journal.

use crate::fault::{Fault, Kind, glob};
use crate::identity::Sessions;
use crate::journal::{Journal, Request};
use crate::world::World;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The world and everything that has happened in it.
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) sessions: Sessions,
    pub(crate) journal: Journal,
    faults: Mutex<Vec<Fault>>,
    quotas: Mutex<HashMap<[String; 4], Bucket>>,
}

/// A token bucket.
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl State {
    pub(crate) fn new(world: World) -> Self {
        Self {
            faults: Mutex::new(world.faults.clone()),
            world,
            sessions: Sessions::default(),
            journal: Journal::default(),
            quotas: Mutex::default(),
        }
    }

    /// The faults that are still to strike, for adding and clearing.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first fault for this request, used up by one.
    pub(crate) fn strike(&self, request: &Request) -> Option<(Kind, Option<Duration>)> {
        let mut faults = self.faults();
        let fault = faults.iter_mut().find(|fault| fault.times != Some(0) && self.matches(fault, request))?;
        fault.times = fault.times.map(|times| times - 1);
        Some((fault.kind, fault.latency))
    }

    fn matches(&self, fault: &Fault, request: &Request) -> bool {
        let fits =
            |pattern: &Option<String>, text: &str| pattern.as_ref().is_none_or(|pattern| glob(pattern, text));
        fits(&fault.service, &request.service)
            && fits(&fault.operation, &request.operation)
            && fits(&fault.region, &request.region)
            && fits(&fault.resource, &request.resource)
            && fault
                .account
                .as_ref()
                .is_none_or(|account| self.world.account_id(account).is_some_and(|id| id == request.account))
    }

    /// Takes a token of the request's quota; `false` when there is none left.
    pub(crate) fn within_quota(&self, request: &Request) -> bool {
        let Some(quota) = self.world.quota.map(f64::from) else { return true };
        let key = [&request.account, &request.region, &request.service, &request.operation].map(Clone::clone);
        let mut quotas = self.quotas.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let bucket = quotas.entry(key).or_insert(Bucket { tokens: quota, filled: now });
        let refill = now.duration_since(bucket.filled).as_secs_f64() * quota;
        bucket.tokens = (bucket.tokens + refill).min(quota);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}
