//! Control policies of an organization (SCP, RCP): does a Deny stop an action of everybody in an account.
//!
//! SCPs never bind the management account, nor service-linked roles; the caller leaves those out.
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>

use super::condition::Condition;
use super::context::{self, Context, is};
use super::document::{Ask, Document, Effect, Statement};
use super::glob::Pattern;
use super::principal::{Principals, Who};
use super::truth::Truth;
use super::words;

/// Actions that stop, empty or remove a trail.
pub const TRAIL_ACTIONS: &[&str] = &[
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
];

/// Actions that weaken what CloudTrail records beside, or hide or open it.
pub const STRICTER_TRAIL_ACTIONS: &[&str] = &[
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:PutEventConfiguration",
    "cloudtrail:PutResourcePolicy",
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:UpdateEventDataStore",
    "cloudtrail:StopEventDataStoreIngestion",
    "cloudtrail:DeregisterOrganizationDelegatedAdmin",
    "cloudtrail:RemoveTags",
];

/// A policy attached somewhere on the way from the root to an account.
#[derive(Clone, Copy, Debug)]
pub struct Attached<'a> {
    /// Name of the policy.
    pub name: &'a str,
    /// Its document; `None` when it could not be read or understood.
    pub document: Option<&'a Document>,
}

/// What is asked of the control policies.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// `cloudtrail:StopLogging`.
    pub action: &'a str,
    /// ARN, or a pattern for all resources that must be protected.
    pub resource: &'a str,
    /// Account whose principals are to be stopped.
    pub account: &'a str,
    /// Organization id.
    pub organization: Option<&'a str>,
    /// Region of the call, where it is fixed (a trail can be changed from its home region only).
    pub region: Option<&'a str>,
}

/// Whether an action is stopped for everybody in an account, but for the exempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// It is; `None` when that depends on what was not read or understood.
    pub is_denied: Option<bool>,
    /// Whom every Deny spares, in words; empty when nobody is.
    pub exempt: Vec<String>,
    /// What denies it, what comes near it, what was not understood.
    pub notes: Vec<String>,
}

/// How one Deny meets the question.
enum Hit {
    Miss,
    /// Everybody but the exempt.
    Stop(Vec<Exempt>),
    /// Some requests, told apart by something else than who asks.
    Part,
    Unclear,
}

/// Somebody a Deny spares.
#[derive(Clone, Debug, PartialEq)]
struct Exempt {
    words: String,
    /// Key and pattern, to tell whether two statements spare the same.
    rule: Option<(String, Pattern)>,
}

/// Walks the policies attached at the root, at each organizational unit and at the account, in this order.
///
/// At each level something must allow the action; at any level a Deny decides. Deny statements that stop parts of the requests (some
/// regions, some resources) are not added up.
#[must_use]
pub fn guard(levels: &[Vec<Attached<'_>>], question: &Question<'_>) -> Guard {
    let who = Who::Account(question.account.to_owned());
    let context = question.context(&who);
    let action = Pattern::glob(question.action).lowercase();
    let resources = [Pattern::glob(question.resource)];
    let ask = Ask { who: &who, action: &action, resources: &resources, context: &context };
    let mut walk = Walk { stops: Vec::new(), is_open: false, notes: Vec::new() };
    for level in levels {
        walk.take_level(level, ask);
    }
    walk.finish()
}

/// The same question to the policy of a bucket or key: whether it stops everybody in an account, its owner's too.
///
/// The owner's root user can still replace a bucket policy.
#[must_use]
pub fn resource_guard(policy: &Document, question: &Question<'_>) -> Guard {
    let mut walk = Walk { stops: Vec::new(), is_open: false, notes: Vec::new() };
    let action = Pattern::glob(question.action).lowercase();
    if !policy.with(Effect::Deny).any(|deny| deny.may_be_about(&action)) {
        // Most policies deny nothing, and their owners are many.
        return walk.finish();
    }
    let who = Who::Account(question.account.to_owned());
    let context = question.context(&who);
    let resources = [Pattern::glob(question.resource)];
    let ask = Ask { who: &who, action: &action, resources: &resources, context: &context };
    for deny in policy.with(Effect::Deny) {
        walk.take_deny("the policy", deny, ask);
    }
    walk.finish()
}

struct Walk {
    stops: Vec<Vec<Exempt>>,
    /// Something not understood may stop it.
    is_open: bool,
    notes: Vec<String>,
}

impl Walk {
    fn take_level(&mut self, level: &[Attached<'_>], ask: Ask<'_>) {
        let mut allowed = Truth::NEVER;
        for policy in level {
            let Some(document) = policy.document else {
                self.is_open = true;
                self.notes.push(format!("{} was not understood", words::quoted(policy.name)));
                allowed = allowed.or(Truth::UNCLEAR);
                continue;
            };
            allowed = allowed.or(Truth::any(document.with(Effect::Allow).map(|allow| allow.applies(ask))));
            for deny in document.with(Effect::Deny) {
                self.take_deny(policy.name, deny, ask);
            }
        }
        match (level.is_empty(), allowed.holds) {
            // AWS keeps at least one policy attached everywhere.
            (true, _) => {
                self.is_open = true;
                self.notes.push("at one level no attached policy is known".to_owned());
            }
            (false, Some(false)) => {
                let names: Vec<&str> = level.iter().map(|policy| policy.name).collect();
                self.notes.push(format!("{} allow something else only", words::list(names)));
                self.stops.push(Vec::new());
            }
            (false, None) => self.is_open = true,
            (false, Some(true)) => {}
        }
    }

    fn take_deny(&mut self, policy: &str, deny: &Statement, ask: Ask<'_>) {
        let name = format!("{}, {}", words::plain(policy), deny.in_words());
        match deny.hit(ask) {
            Hit::Miss => {}
            Hit::Stop(exempt) => {
                self.notes.push(format!("denied by {name}"));
                self.stops.push(exempt);
            }
            Hit::Part => self.notes.push(format!("denied in part by {name}")),
            Hit::Unclear => {
                self.is_open = true;
                self.notes.push(format!("whether it is denied by {name} is not known"));
                self.notes.extend(deny.unclear_in_words());
            }
        }
    }

    fn finish(self) -> Guard {
        let is_denied = match (self.stops.is_empty(), self.is_open) {
            (false, _) => Some(true),
            (true, true) => None,
            (true, false) => Some(false),
        };
        let exempt = self.stops.into_iter().reduce(|known, next| shared(&known, &next)).unwrap_or_default();
        let exempt = words::distinct(exempt.into_iter().map(|one| one.words).collect());
        Guard { is_denied, exempt, notes: words::distinct(self.notes) }
    }
}

/// Whom both spare, as far as it can be told.
fn shared(known: &[Exempt], next: &[Exempt]) -> Vec<Exempt> {
    let meets = |a: &Exempt, b: &Exempt| match (&a.rule, &b.rule) {
        (Some((key, a)), Some((other, b))) if key == other => !a.holds(b).is_never(),
        _ => true,
    };
    known.iter().filter(|one| next.iter().any(|other| meets(one, other))).cloned().collect()
}

impl Question<'_> {
    fn context(&self, who: &Who) -> Context {
        let mut context = Context::of(who);
        if let Some(organization) = self.organization {
            context.set("aws:principalorgid", is(organization));
            context.set("aws:resourceorgid", is(organization));
            context.set("aws:principalorgpaths", context::hidden(&format!("{organization}/*")));
        }
        if let Some(region) = self.region {
            context.set("aws:requestedregion", is(region));
        }
        context
    }
}

impl Statement {
    fn hit(&self, ask: Ask<'_>) -> Hit {
        let covered = self.covers(ask);
        if covered.is_never() {
            return Hit::Miss;
        }
        let (mut exempt, named): (Vec<Exempt>, Truth) = match &self.principals {
            Some(Principals::AllBut(spared)) => (spared.iter().map(Exempt::named).collect(), Truth::ALWAYS),
            _ => (Vec::new(), self.names(ask.who)),
        };
        let mut rest = covered.and(named).and(self.has_effect());
        for condition in &self.conditions {
            let truth = condition.holds(ask.context);
            match condition.spared() {
                _ if truth.is_always() => {}
                // It holds for somebody; those it names are spared.
                Some(spared) if truth.holds == Some(true) => exempt.extend(spared),
                _ => rest = rest.and(truth),
            }
        }
        match rest {
            rest if rest.is_never() => Hit::Miss,
            rest if rest.is_always() => Hit::Stop(exempt),
            rest if rest.fails == Some(true) => Hit::Part,
            _ => Hit::Unclear,
        }
    }
}

impl Condition {
    /// Those who do not meet a condition that spares callers by name; `None` for every other condition.
    fn spared(&self) -> Option<Vec<Exempt>> {
        let is_readable = !self.values.iter().any(|value| value.contains("${"));
        let spares = is_readable && self.spares_the_listed();
        let one = |value: &String| Exempt {
            words: match self.key.as_str() {
                "aws:principalarn" => words::plain(value),
                key => format!("{key} {}", words::plain(value)),
            },
            rule: Some((self.key.clone(), Pattern::glob(value))),
        };
        (spares && self.values.iter().all(|value| is_narrow(value)))
            .then(|| self.values.iter().map(one).collect())
    }
}

/// It names somebody, and not a whole kind of principals (`role/*`).
fn is_narrow(value: &str) -> bool {
    let last = value.rsplit(':').next().unwrap_or(value);
    let name = last.split_once('/').map_or(last, |(_, name)| name);
    name.contains(|c: char| c.is_ascii_alphanumeric())
}

impl Exempt {
    fn named(who: &Who) -> Self {
        Self { words: words::who(who), rule: None }
    }
}
