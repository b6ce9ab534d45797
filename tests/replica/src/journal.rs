//! What the server remembers of each request; never a secret, a signature, a session token or a body.

use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// A request the server received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Position since the start of the server, from 0.
    pub number: u64,
    /// Service as in [`crate::operations()`], or the signing name of one that is not served.
    pub service: String,
    /// Operation as in [`crate::operations()`], or what the request asked for in its place.
    pub operation: String,
    /// Account of the caller; empty when the credentials are unknown.
    pub account: String,
    /// Region the request was signed for.
    pub region: String,
    /// Bucket, trail, key, role, policy, parent… the request names; empty when it names none.
    pub resource: String,
    /// Continuation token; empty on first pages.
    pub page: String,
    /// ARN of the caller; empty when the credentials are unknown.
    pub principal: String,
    /// How it was answered.
    pub outcome: Outcome,
}

impl Request {
    /// Whether the operation only reads: Get, List, Describe, Head, or a change of role.
    #[must_use]
    pub fn is_read(&self) -> bool {
        ["Get", "List", "Describe", "Head"].iter().any(|verb| self.operation.starts_with(verb))
            || self.operation == "AssumeRole"
    }

    /// What the request is about, apart from its answer: equal for a call made twice.
    #[must_use]
    pub fn identity(&self) -> (&str, &str, &str, &str, &str, &str) {
        (&self.service, &self.operation, &self.account, &self.region, &self.resource, &self.page)
    }
}

/// How a request was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Status; 0 while there is no answer, or when there never is one.
    pub status: u16,
    /// Error code, or the name of the fault that spoilt the answer.
    pub code: Option<String>,
}

/// The list of requests, shared by all connections.
#[derive(Default)]
pub(crate) struct Journal {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    requests: Vec<Request>,
    first: u64,
    watcher: Option<mpsc::UnboundedSender<Request>>,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request on arrival and gives its number.
    pub(crate) fn arrived(&self, mut request: Request) -> u64 {
        let mut inner = self.lock();
        request.number = inner.first + inner.requests.len() as u64;
        let number = request.number;
        inner.requests.push(request);
        number
    }

    /// Notes the answer to a request.
    pub(crate) fn answered(&self, number: u64, outcome: Outcome) {
        let mut inner = self.lock();
        let index = number.checked_sub(inner.first).and_then(|index| usize::try_from(index).ok());
        let Some(request) = index.and_then(|index| inner.requests.get_mut(index)) else { return };
        request.outcome = outcome;
        let request = request.clone();
        if let Some(watcher) = &inner.watcher {
            let _ = watcher.send(request);
        }
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    pub(crate) fn clear(&self) {
        let mut inner = self.lock();
        inner.first += inner.requests.len() as u64;
        inner.requests.clear();
    }

    /// Sends each request on, once it is answered.
    pub(crate) fn watch(&self) -> mpsc::UnboundedReceiver<Request> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.lock().watcher = Some(sender);
        receiver
    }
}
