//! A policy document, part by part; a part that was not understood is absent and quoted beside it.

use super::condition::Condition;
use super::context::Context;
use super::glob::Pattern;
use super::principal::{Principals, Who};
use super::truth::Truth;
use super::words;

/// A policy document: of a bucket, a key, or an organization (SCP, RCP).
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub(super) statements: Vec<Statement>,
}

/// What a statement does to the requests it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// One statement; `None` for what was not understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) number: usize,
    pub(super) sid: Option<String>,
    pub(super) effect: Option<Effect>,
    pub(super) principals: Option<Principals>,
    pub(super) actions: Option<Matcher>,
    pub(super) resources: Option<Matcher>,
    pub(super) conditions: Vec<Condition>,
    /// What was not understood, quoted.
    pub(super) unclear: Vec<String>,
    /// Something that was not understood could restrict the statement further.
    pub(super) has_unknown_limits: bool,
}

/// `Action` and `NotAction`, `Resource` and `NotResource`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Matcher {
    pub(super) patterns: Vec<Pattern>,
    pub(super) is_negated: bool,
}

/// Requests of somebody, for one action on a set of resources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'a> {
    pub(super) who: &'a Who,
    /// In small letters.
    pub(super) action: &'a Pattern,
    /// Their union is what is asked about.
    pub(super) resources: &'a [Pattern],
    pub(super) context: &'a Context,
}

impl Matcher {
    pub(super) fn holds(&self, set: &Pattern) -> Truth {
        let any = Truth::any(self.patterns.iter().map(|pattern| pattern.holds(set)));
        if self.is_negated { !any } else { any }
    }

    pub(super) fn cost(&self) -> usize {
        self.patterns.iter().map(Pattern::cost).sum()
    }
}

impl Document {
    /// The statements that have, or may have, this effect.
    pub(super) fn with(&self, effect: Effect) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |statement| statement.effect.is_none_or(|known| known == effect))
    }

    /// Only the statements that may be about the action: about this action it says the same.
    #[must_use]
    pub fn about(&self, action: &str) -> Self {
        let action = Pattern::glob(action).lowercase();
        Self { statements: self.statements.iter().filter(|one| one.may_be_about(&action)).cloned().collect() }
    }

    /// Letters in all of its patterns.
    pub(super) fn size(&self) -> usize {
        let matchers =
            self.statements.iter().flat_map(|statement| [&statement.actions, &statement.resources]);
        matchers.flatten().map(Matcher::cost).sum()
    }

    /// What was not understood, with the statement it stands in.
    #[must_use]
    pub fn unclear(&self) -> Vec<String> {
        self.statements.iter().flat_map(Statement::unclear_in_words).collect()
    }
}

impl Statement {
    /// `statement 2 (AWSCloudTrailWrite)`.
    pub(super) fn name(&self) -> String {
        match &self.sid {
            Some(sid) if !sid.is_empty() => format!("statement {} ({})", self.number, words::plain(sid)),
            _ => format!("statement {}", self.number),
        }
    }

    pub(super) fn unclear_in_words(&self) -> Vec<String> {
        self.unclear.iter().map(|what| format!("{}: {what}", self.name())).collect()
    }

    /// Its conditions in short words.
    pub(super) fn condition_words(&self) -> Vec<String> {
        self.conditions.iter().map(Condition::words).collect()
    }

    /// Everything but the principals.
    pub(super) fn fits(&self, ask: Ask<'_>) -> Truth {
        let covered = self.covers(ask);
        if covered.is_never() {
            return Truth::NEVER;
        }
        covered.and(Truth::all(self.conditions.iter().map(|condition| condition.holds(ask.context))))
    }

    /// Actions and resources, and what was not understood; not the conditions.
    pub(super) fn covers(&self, ask: Ask<'_>) -> Truth {
        let action = part(self.actions.as_ref(), |matcher| matcher.holds(ask.action));
        if action.is_never() {
            return Truth::NEVER;
        }
        let each =
            |matcher: &Matcher| ask.resources.iter().map(|set| matcher.holds(set)).reduce(Truth::union);
        let resource = part(self.resources.as_ref(), |matcher| each(matcher).unwrap_or(Truth::UNCLEAR));
        if resource.is_never() {
            return Truth::NEVER;
        }
        let rest = if self.has_unknown_limits { Truth::UNCLEAR } else { Truth::ALWAYS };
        action.and(resource).and(rest)
    }

    /// `action` in small letters.
    pub(super) fn may_be_about(&self, action: &Pattern) -> bool {
        !part(self.actions.as_ref(), |matcher| matcher.holds(action)).is_never()
    }

    pub(super) fn names(&self, who: &Who) -> Truth {
        part(self.principals.as_ref(), |principals| principals.hold(who))
    }

    /// For which of the requests it has its effect; a statement that may have another effect is unclear.
    pub(super) fn applies(&self, ask: Ask<'_>) -> Truth {
        let named = self.names(ask.who);
        if named.is_never() {
            return Truth::NEVER;
        }
        named.and(self.fits(ask)).and(self.has_effect())
    }

    /// Unclear for a statement whose effect was not understood.
    pub(super) fn has_effect(&self) -> Truth {
        if self.effect.is_some() { Truth::ALWAYS } else { Truth::UNCLEAR }
    }

    /// Those its `Principal` names.
    pub(super) fn listed(&self) -> &[Who] {
        match &self.principals {
            Some(Principals::Only(named)) => named,
            _ => &[],
        }
    }

    /// About how many steps it takes to compare it with an action and with sets of this cost.
    pub(super) fn cost(&self, action: &Pattern, sets: usize) -> usize {
        let cost = |matcher: Option<&Matcher>| matcher.map_or(1, Matcher::cost);
        let is_hit = self.actions.as_ref().is_none_or(|matcher| !matcher.holds(action).is_never());
        let resources = if is_hit { cost(self.resources.as_ref()).saturating_mul(sets) } else { 0 };
        cost(self.actions.as_ref()).saturating_add(resources)
    }
}

fn part<T>(part: Option<&T>, holds: impl Fn(&T) -> Truth) -> Truth {
    part.map_or(Truth::UNCLEAR, holds)
}
