//! Who may take an action on some of a set of resources, after every Deny.

use std::cell::Cell;

use super::condition::Condition;
use super::context::Context;
use super::document::{Ask, Document, Effect, Statement};
use super::escape::Escapes;
use super::glob::Pattern;
use super::owner::{Owner, Reach};
use super::pins::Pins;
use super::principal::{Principals, Who};
use super::truth::Truth;
use super::words;

/// Steps that one question may take; a policy of 20 KB takes a few hundredths.
const BUDGET: usize = 25_000_000;

/// Somebody who may do something, by one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In words.
    pub who: String,
    /// His account, where his name says it.
    pub account: Option<String>,
    /// How far he stands from the owner of the resource, after all Deny statements.
    pub reach: Reach,
    /// Actions that were asked about and that he may take.
    pub actions: Vec<String>,
    /// The statement that lets him, by number and Sid.
    pub statement: String,
    /// Under which conditions, in short words; statements that deny it to others among them.
    pub conditions: Vec<String>,
    /// What the conditions tie the statement to.
    pub pins: Pins,
    /// False when something that was not understood may forbid it.
    pub is_certain: bool,
}

/// The answer to a question about who may do something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// One for each statement and each somebody it names.
    pub findings: Vec<Finding>,
    /// What was not understood and matters here.
    pub notes: Vec<String>,
    /// A statement hands the decision to the identity policies of the owner's account.
    pub delegates_to_owner_iam: bool,
}

impl Findings {
    /// Somebody farther away than that may; `None` when that depends on what was not understood.
    #[must_use]
    pub fn any_beyond(&self, reach: Reach) -> Option<bool> {
        let beyond = || self.findings.iter().filter(|finding| finding.reach > reach);
        match (beyond().any(|finding| finding.is_certain), beyond().next().is_some()) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        }
    }
}

/// A question under way.
pub(super) struct Inquiry<'a> {
    document: &'a Document,
    owner: Owner<'a>,
    budget: Cell<usize>,
    answer: Findings,
}

/// What is left of an Allow after every Deny.
struct Rest {
    is_certain: bool,
    /// No farther away than that.
    reach: Reach,
    words: Vec<String>,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(document: &'a Document, owner: Owner<'a>) -> Self {
        Self { document, owner, budget: Cell::new(BUDGET), answer: Findings::default() }
    }

    /// Adds who may take one of the actions on something the pattern holds.
    pub(super) fn ask(&mut self, actions: &[&str], resource: &Pattern) {
        for action in actions {
            for statement in self.document.with(Effect::Allow) {
                self.ask_statement(statement, action, resource);
            }
        }
    }

    pub(super) fn finish(mut self) -> Findings {
        self.answer.notes = words::distinct(self.answer.notes);
        self.answer
    }

    fn ask_statement(&mut self, statement: &'a Statement, action: &str, resource: &Pattern) {
        let (named, is_known) = match &statement.principals {
            Some(Principals::Only(named)) => (named.clone(), true),
            Some(Principals::AllBut(_)) => (vec![Who::Anyone], true),
            Some(Principals::Attached) | None => (vec![Who::Anyone], false),
        };
        let pattern = Pattern::glob(action).lowercase();
        for who in named {
            let mut context = Context::of(&who);
            self.owner.tell(&who, &mut context);
            let sets = statement.sets_within(resource);
            let ask = Ask {
                who: &who,
                action: &pattern,
                resources: std::slice::from_ref(resource),
                context: &context,
            };
            let is_paid = self.pay(statement, ask);
            let grant = if is_paid { statement.fits(ask) } else { Truth::UNCLEAR };
            if grant.is_never() {
                continue;
            }
            let is_clear = is_known && statement.effect.is_some() && grant.holds == Some(true);
            if !is_clear {
                self.note(statement, is_paid);
            }
            let mut assumed = context.clone();
            assumed.assume(&statement.conditions);
            let denied = Ask { resources: &sets, context: &assumed, ..ask };
            let Some(rest) = self.after_denials(denied, Escapes::of(statement, resource)) else { continue };
            self.add(statement, &who, action, is_known, is_clear, rest);
        }
    }

    fn add(
        &mut self,
        statement: &Statement,
        who: &Who,
        action: &str,
        is_known: bool,
        is_clear: bool,
        rest: Rest,
    ) {
        let pins = Pins::of(statement);
        if *who == Who::Account(self.owner.account.to_owned()) {
            self.answer.delegates_to_owner_iam = true;
        }
        let finding = Finding {
            who: match (&statement.principals, is_known) {
                (_, false) => "somebody who could not be made out".to_owned(),
                (Some(Principals::AllBut(spared)), _) => {
                    let spared: Vec<String> = spared.iter().map(words::who).collect();
                    format!("anyone but {}", words::list(spared.iter().map(String::as_str)))
                }
                _ => words::who(who),
            },
            account: who.account().map(str::to_owned),
            reach: self.owner.reach(who, &pins).min(rest.reach),
            actions: vec![action.to_owned()],
            statement: statement.name(),
            conditions: statement.condition_words().into_iter().chain(rest.words).collect(),
            pins,
            // Whether a canonical or a deleted id still belongs to somebody cannot be seen.
            is_certain: is_clear
                && rest.is_certain
                && !matches!(who, Who::Canonical(_) | Who::UniqueId(_) | Who::Federated(_)),
        };
        let known = self.answer.findings.iter_mut().find(|known| known.is_alike(&finding));
        match known {
            Some(known) => known.actions.extend(finding.actions),
            None => self.answer.findings.push(finding),
        }
    }

    /// `None` when a Deny stops all of the requests.
    fn after_denials(&mut self, ask: Ask<'_>, mut escapes: Escapes) -> Option<Rest> {
        let mut rest = Rest { is_certain: true, reach: Reach::Anyone, words: Vec::new() };
        for deny in self.document.with(Effect::Deny) {
            let is_paid = self.pay(deny, ask);
            let truth = if is_paid { deny.applies(ask) } else { Truth::UNCLEAR };
            if truth.is_always() {
                return None;
            }
            if truth.is_never() {
                continue;
            }
            if truth.fails.is_none() {
                rest.is_certain = false;
                self.note(deny, is_paid);
                continue;
            }
            rest.words.push(format!("denied to others by {}", deny.in_words()));
            let spared = deny.reach_of_spared(&self.owner, ask);
            rest.reach = rest.reach.min(spared.unwrap_or(Reach::Anyone));
            let escape = escapes.take(deny, ask);
            if escape.is_none_or(|escape| escape.is_by_caller && spared.is_none()) {
                rest.is_certain = false;
                self.answer.notes.push(format!("{}: whom it leaves is not known", deny.in_words()));
            }
        }
        Some(rest)
    }

    /// False once too many steps were taken.
    fn pay(&self, statement: &Statement, ask: Ask<'_>) -> bool {
        let sets: usize = ask.resources.iter().map(Pattern::cost).sum();
        self.budget.set(self.budget.get().saturating_sub(statement.cost(ask.action, sets)));
        self.budget.get() > 0
    }

    fn note(&mut self, statement: &Statement, is_paid: bool) {
        if !is_paid {
            self.answer.notes.push("the policy is too large to be evaluated as a whole".to_owned());
        }
        self.answer.notes.extend(statement.doubts());
    }
}

impl Finding {
    fn is_alike(&self, other: &Self) -> bool {
        Self { actions: Vec::new(), ..self.clone() } == Self { actions: Vec::new(), ..other.clone() }
    }
}

impl Statement {
    /// The parts of the set that its resources name, or the set itself where they do not lie inside it.
    pub(super) fn sets_within(&self, set: &Pattern) -> Vec<Pattern> {
        match &self.resources {
            Some(matcher) if !matcher.is_negated => {
                let touching = matcher.patterns.iter().filter(|pattern| !pattern.holds(set).is_never());
                touching
                    .map(|pattern| if set.holds(pattern).is_always() { pattern.clone() } else { set.clone() })
                    .collect()
            }
            _ => vec![set.clone()],
        }
    }

    /// Its name and conditions.
    pub(super) fn in_words(&self) -> String {
        let conditions = self.condition_words();
        if conditions.is_empty() {
            self.name()
        } else {
            format!("{}: {}", self.name(), conditions.join(" and "))
        }
    }

    /// Why what it does may be unclear: what was not understood, or conditions on what is not known.
    pub(super) fn doubts(&self) -> Vec<String> {
        match self.unclear_in_words() {
            quotes if !quotes.is_empty() => quotes,
            _ if self.conditions.is_empty() => Vec::new(),
            _ => vec![format!("{}: whether its conditions hold is not known", self.in_words())],
        }
    }
}

impl Context {
    /// Narrows it to the requests that meet the conditions, as far as they name texts.
    fn assume(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            if let Some(value) = condition.accepted() {
                self.set(&condition.key, value);
            }
        }
    }
}
