//! Whether the principals of its owner can weaken or empty a log bucket, or disable a log key.

use std::rc::Rc;
use std::sync::Arc;

use super::Guardrails;
use super::chain::{Answer, Ask, Chain};
use super::outcome::{Outcome, all_denied, exemptions, undenied};
use crate::access::control::resource_guard;
use crate::facts::Fact;
use crate::facts::fact::extend_unique;
use crate::facts::found::unclear;
use crate::facts::policy::Policy;
use crate::inventory::{Gap, GapReason, Origin};

/// The root user of a bucket's owner may do these whatever the bucket's policy says.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html>
const LEFT_TO_ROOT: [&str; 2] = ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/// A bucket or a key.
#[derive(Debug)]
pub(in crate::facts) struct Store<'s> {
    /// Id of the account that owns it.
    pub(in crate::facts) owner: &'s str,
    /// The only region from which it can be changed, if there is one.
    pub(in crate::facts) region: Option<&'s str>,
    /// Its own policy.
    pub(in crate::facts) policy: Result<Policy<'s>, Gap>,
    /// Where its owner was read.
    pub(in crate::facts) origin: &'s Origin,
}

/// Actions against a bucket or a key.
#[derive(Debug)]
pub(in crate::facts) struct Threat {
    pub(in crate::facts) actions: &'static [&'static str],
    /// The pattern for all of the kind; `{}` stands for the owner.
    pub(in crate::facts) any: String,
    /// What of this one must be protected.
    pub(in crate::facts) own: Vec<String>,
}

/// What becomes of the threats to a bucket or a key.
#[derive(Clone, Debug)]
pub(in crate::facts) struct StoreGuard {
    /// All are denied.
    pub(in crate::facts) is_complete: Fact<bool>,
    /// Those that certainly are not, in words.
    pub(in crate::facts) undenied: String,
    /// Whom the denials that were read spare, in words.
    pub(in crate::facts) exempt: String,
}

impl StoreGuard {
    pub(in crate::facts) fn unknown(gaps: Vec<Gap>) -> Self {
        Self { is_complete: Fact::Unknown(gaps), undenied: String::new(), exempt: String::new() }
    }
}

impl Guardrails<'_> {
    /// What the control policies of its owner and its own policy make of threats by the owner's principals.
    pub(in crate::facts) fn of_store(&self, store: &Store<'_>, threats: &[Threat]) -> StoreGuard {
        let Some(owner) = self.inventory.accounts.get(store.owner) else {
            return StoreGuard::unknown(vec![Gap {
                origin: Origin::Stated(format!("the control policies of account {}", store.owner)),
                reason: GapReason::NotCollected,
                detail: "it is not of the organization".to_owned(),
            }]);
        };
        let chain = self.chain(owner, true);
        let mut origins = chain.origins.to_vec();
        extend_unique(&mut origins, [store.origin.clone()]);
        extend_unique(&mut origins, store.policy.as_ref().ok().map(|policy| policy.origin.clone()));
        let origins: Arc<[Origin]> = origins.into();
        let mut outcomes = Vec::new();
        for threat in threats {
            store.add_outcomes(threat, &chain, &mut outcomes);
        }
        StoreGuard {
            is_complete: all_denied(&outcomes, &origins),
            undenied: undenied(&outcomes),
            exempt: exemptions(&outcomes),
        }
    }
}

impl Store<'_> {
    fn add_outcomes(&self, threat: &Threat, chain: &Chain, outcomes: &mut Vec<Outcome>) {
        let any = Ask { account: self.owner, resource: &threat.any, region: None };
        let answers = chain.ask_all(threat.actions, any);
        for (action, any) in threat.actions.iter().zip(answers.iter()) {
            for resource in &threat.own {
                let ask = Ask { account: self.owner, resource, region: self.region };
                let outcome = if any.is_settled() {
                    Outcome::of(action, &Rc::default(), any)
                } else {
                    Outcome::of(action, &Rc::default(), &chain.ask(action, ask))
                };
                outcomes.push(self.with_own_policy(outcome, action, ask, chain));
            }
        }
    }

    fn with_own_policy(
        &self,
        outcome: Outcome,
        action: &'static str,
        ask: Ask<'_>,
        chain: &Chain,
    ) -> Outcome {
        if outcome.is_denied == Some(true) || LEFT_TO_ROOT.contains(&action) {
            return outcome;
        }
        match &self.policy {
            Err(gap) => outcome.or(Outcome::open(vec![gap.clone()])),
            Ok(Policy { document: None, .. }) => outcome,
            Ok(Policy { document: Some(document), origin }) => {
                let guard = resource_guard(document, &chain.question(action, ask));
                let gaps = match guard.is_denied {
                    None => vec![unclear(&guard.notes, origin)],
                    Some(_) => Vec::new(),
                };
                outcome.or(Outcome::of(action, &Rc::default(), &Answer { guard, gaps }))
            }
        }
    }
}
