//! What one wants to be told of, as events that must raise an alarm.

mod identity;
mod record;
mod sample;
mod table;
mod twist;
mod usage;

pub use sample::{Sample, Scope};

use std::borrow::Borrow;

use super::{Exclusion, Pattern};
use identity::Who;

/// A kind of alert: the recommendations of the CIS AWS Foundations Benchmark on monitoring, and a stricter one.
#[derive(Debug)]
pub struct AlertKind {
    /// Short name, in kebab case.
    pub id: &'static str,
    /// Name in words.
    pub title: &'static str,
    /// N in CIS recommendation x.N, where x is 3, 4 or 5 by version.
    pub cis: Option<u8>,
    /// What happens in these events, as a noun phrase.
    pub what: &'static str,
    calls: &'static [Call],
    /// Source addresses that CIS lets one leave out.
    spared: &'static [&'static str],
}

impl AlertKind {
    /// All kinds, in the order of CIS.
    #[must_use]
    pub fn all() -> &'static [Self] {
        table::KINDS
    }

    /// The kind with this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        table::KINDS.iter().find(|kind| kind.id == id)
    }

    /// Names of the events that must raise the alert, as answers name them.
    pub fn events(&self) -> impl Iterator<Item = String> {
        self.calls.iter().map(Call::label)
    }

    /// Each event in variants: regions, accounts, identities, addresses and clients take turns. No events for an empty scope.
    #[must_use]
    pub fn samples(&self, scope: &Scope) -> Vec<Sample> {
        sample::of(self.calls, scope)
    }

    /// Each event once in every place and account, its record no more than its source: enough where no pattern looks at it.
    #[must_use]
    pub fn outline(&self, scope: &Scope) -> Vec<Sample> {
        sample::outline(self.calls, scope)
    }

    /// These events, and variants of them in just the users, clients and addresses that the patterns leave out by name.
    #[must_use]
    pub fn samples_against<P: Borrow<Pattern>>(&self, scope: &Scope, patterns: &[P]) -> Vec<Sample> {
        let mut samples = self.samples(scope);
        let exclusions = patterns.iter().flat_map(|pattern| pattern.borrow().exclusions());
        let twisted = twist::twisted(&samples, exclusions, self.spared);
        samples.extend(twisted);
        samples
    }
}

/// An event by its name, and what its record looks like.
#[derive(Clone, Copy, Debug)]
struct Call {
    service: &'static str,
    name: &'static str,
    /// One request parameter and its value, to which a digit is added.
    parameter: (&'static str, &'static str),
    is_read_only: bool,
    place: Place,
    who: Who,
    outcome: Outcome,
}

/// Where an event is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In the region that was called.
    Regional,
    /// In the one region of a global service.
    Global,
    /// As global, and only in the account that owns the trail: calls of the management account.
    GlobalOfOwner,
    /// Console sign-in: of root as global, of users also in the region of the endpoint.
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html>
    SignIn,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Success,
    /// With this `errorCode`.
    Denied(&'static str),
    SignIn {
        used_mfa: bool,
    },
    SignInFailed,
}

impl Call {
    fn label(&self) -> String {
        match self.outcome {
            Outcome::Denied(code) => format!("{} with {code}", self.name),
            _ => self.name.to_owned(),
        }
    }
}
