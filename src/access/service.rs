//! Requests of CloudTrail to a bucket or key, and the statements that admit them.

use super::context::{Context, Value, is};
use super::document::{Ask, Document, Effect, Statement};
use super::glob::Pattern;
use super::owner::CLOUDTRAIL;
use super::pins::Pins;
use super::principal::{Who, account_of};
use super::truth::{Truth, both};
use super::words;

/// Of a larger policy it is not asked whether its grants are pinned; the largest of AWS has 32 KB.
const LARGEST: usize = 40_000;

/// A statement that lets CloudTrail do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceGrant {
    /// The statement, by number and Sid.
    pub statement: String,
    /// Whom it names: CloudTrail, every service, or everybody.
    pub who: String,
    /// Actions that were asked about and that it admits.
    pub actions: Vec<String>,
    /// Its conditions, in short words.
    pub conditions: Vec<String>,
    /// What they tie it to.
    pub pins: Pins,
    /// It does not serve trails of accounts outside; `None` when that is not understood.
    ///
    /// The same holds when a Deny turns away their requests. <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
    pub is_pinned: Option<bool>,
}

/// What CloudTrail says of itself when it acts for a trail.
pub(super) fn context(trail: &str, organization: Option<&str>) -> Context {
    let mut context = Context::default()
        .with("aws:SourceArn", trail)
        .with("aws:SecureTransport", "true")
        .with("aws:PrincipalIsAWSService", "true")
        .with("aws:PrincipalServiceName", CLOUDTRAIL);
    if let Some(account) = account_of(trail) {
        context.set("aws:SourceAccount", is(account));
    }
    if let Some(organization) = organization {
        context.set("aws:SourceOrgID", is(organization));
        context.set("aws:SourceOrgPaths", super::context::hidden(&format!("{organization}/*")));
    }
    let absent = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/*", "aws:username"];
    for key in absent.into_iter().chain(["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"]) {
        context.set(key, Value::Absent);
    }
    // Whether a service has no ARN or its name there is not documented; no ARN of a policy is either.
    for key in ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:userid"] {
        context.set(key, Value::Either(vec![Value::Absent, is(CLOUDTRAIL)]));
    }
    context
}

/// Statements that let CloudTrail take one of the actions on something that one of the patterns holds.
pub(super) fn grants(
    policy: &Document,
    actions: &[&str],
    resources: &[Pattern],
    trail: &str,
    complete: impl Fn(&mut Context, &str),
) -> Vec<ServiceGrant> {
    let who = Who::Service(CLOUDTRAIL.to_owned());
    let open = Context::of(&who);
    let trails = foreign_trails(trail);
    let mut foreign: Vec<Context> =
        trails.iter().map(|trail| context(trail, Some("another organization"))).collect();
    // A condition that a missing key meets is no pin.
    let mut without_source = context(&trails[0], None);
    for key in super::context::SOURCE {
        without_source.set(key, Value::Absent);
    }
    foreign.push(without_source);
    for (context, trail) in foreign.iter_mut().zip(trails.iter().cycle()) {
        complete(context, trail);
    }
    let is_small = policy.size() <= LARGEST;
    let mut found = Vec::new();
    for statement in policy.with(Effect::Allow) {
        let sets: Vec<Pattern> = resources.iter().flat_map(|set| statement.sets_within(set)).collect();
        let mut taken = Vec::new();
        let mut is_pinned = Some(true);
        for action in actions {
            let pattern = Pattern::glob(action).lowercase();
            let ask = Ask { who: &who, action: &pattern, resources: &sets, context: &open };
            if statement.applies(ask).is_never() {
                continue;
            }
            taken.push((*action).to_owned());
            for context in &foreign {
                let turned =
                    if is_small { policy.turns_away(statement, Ask { context, ..ask }) } else { None };
                is_pinned = both(is_pinned, turned);
            }
        }
        if !taken.is_empty() {
            found.push(statement.grant(taken, is_pinned));
        }
    }
    found
}

/// Trails of two accounts that are not the owner's, each one digit away from it.
fn foreign_trails(trail: &str) -> [String; 2] {
    let account = account_of(trail).unwrap_or("000000000000");
    let other = |digit: &str| if digit == "9" { "8" } else { "9" };
    let first = format!("{}{}", other(&account[..1]), &account[1..]);
    let last = format!("{}{}", &account[..11], other(&account[11..]));
    let partition = trail.split(':').nth(1).unwrap_or("aws");
    [first, last].map(|account| format!("arn:{partition}:cloudtrail:us-east-1:{account}:trail/another"))
}

impl Statement {
    fn grant(&self, actions: Vec<String>, is_pinned: Option<bool>) -> ServiceGrant {
        let named: Vec<String> = self.listed().iter().map(words::who).collect();
        ServiceGrant {
            statement: self.name(),
            who: if named.is_empty() {
                "somebody who could not be made out".to_owned()
            } else {
                words::list(named.iter().map(String::as_str))
            },
            actions,
            conditions: self.condition_words(),
            pins: Pins::of(self),
            is_pinned,
        }
    }
}

impl Document {
    /// The statement does not serve the request, or a Deny stops all of it.
    fn turns_away(&self, statement: &Statement, ask: Ask<'_>) -> Option<bool> {
        let granted = statement.applies(ask);
        if granted.is_never() {
            return Some(true);
        }
        let denied = Truth::any(self.with(Effect::Deny).map(|deny| deny.applies(ask)));
        granted.and(!denied).holds.map(|holds| !holds)
    }

    /// CloudTrail may take the action on all that the pattern holds, with the reasons.
    pub(super) fn serves(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
        what: &str,
    ) -> (Option<bool>, Vec<String>) {
        let pattern = Pattern::glob(action).lowercase();
        let resources = [Pattern::glob(resource)];
        let who = Who::Service(CLOUDTRAIL.to_owned());
        let ask = Ask { who: &who, action: &pattern, resources: &resources, context };
        let allows: Vec<_> = self
            .with(Effect::Allow)
            .map(|allow| (allow, allow.applies(ask)))
            .filter(|(_, truth)| !truth.is_never())
            .collect();
        let granted = Truth::any(allows.iter().map(|(_, truth)| *truth));
        let mut notes = Vec::new();
        if allows.is_empty() {
            notes.push(format!("no statement lets CloudTrail take {action} on {}", words::plain(resource)));
        } else if !granted.is_always() {
            for (allow, _) in allows {
                notes.push(format!("whether {} serves {what} is not known", allow.in_words()));
                notes.extend(allow.unclear_in_words());
            }
        }
        let mut denied = Truth::NEVER;
        for deny in self.with(Effect::Deny) {
            let truth = deny.applies(ask);
            denied = denied.or(truth);
            if truth.is_always() {
                notes.push(format!("{what}: denied to CloudTrail by {}", deny.in_words()));
            } else if !truth.is_never() {
                notes.push(format!("{what}: may be denied to CloudTrail by {}", deny.in_words()));
                notes.extend(deny.unclear_in_words());
            }
        }
        (granted.and(!denied).value(), notes)
    }
}
