//! Who, and which requests, a Deny leaves alone.

use super::condition::{Condition, Test};
use super::context::is_about_caller;
use super::document::{Ask, Statement};
use super::glob::Pattern;
use super::owner::{Owner, Reach};
use super::pins::Pins;
use super::principal::Principals;

/// A way around a Deny.
pub(super) struct Escape {
    /// A condition key, the resource, or who asks.
    respect: String,
    how: String,
    /// It serves only some callers.
    pub(super) is_by_caller: bool,
}

/// Requests that escape each of several Deny statements; whether one request escapes all of them at once.
pub(super) struct Escapes {
    /// In which respect each is escaped, and how.
    taken: Vec<(String, String)>,
}

impl Escapes {
    /// What an Allow demands and no list of patterns describes: a Deny may leave just the other part.
    pub(super) fn of(allow: &Statement, set: &Pattern) -> Self {
        let is_crooked = |pattern: &Pattern| {
            let (inside, around) = (set.holds(pattern), pattern.holds(set));
            !inside.is_always() && !around.is_always() && !around.is_never()
        };
        let is_plain = allow.resources.as_ref().is_some_and(|matcher| {
            if matcher.is_negated {
                matcher.holds(set).is_always()
            } else {
                !matcher.patterns.iter().any(is_crooked)
            }
        });
        let resource = (!is_plain).then(|| "resource".to_owned());
        let unnamed = allow.conditions.iter().filter(|condition| condition.accepted().is_none());
        let respects = unnamed.map(|condition| condition.key.clone()).chain(resource);
        Self { taken: respects.map(|respect| (respect, allow.name())).collect() }
    }

    /// `None` when the statement can be escaped only in a respect in which another is escaped differently.
    ///
    /// Statements that name parts of a set never make it up; one that names a part and one that spares a part may.
    pub(super) fn take(&mut self, deny: &Statement, ask: Ask<'_>) -> Option<Escape> {
        let is_free = |escape: &Escape| {
            self.taken.iter().all(|(respect, how)| *respect != escape.respect || *how == escape.how)
        };
        let escape = deny.escapes(ask).into_iter().find(is_free)?;
        self.taken.push((escape.respect.clone(), escape.how.clone()));
        Some(escape)
    }
}

impl Statement {
    /// Those by what is asked for come before those by who asks.
    fn escapes(&self, ask: Ask<'_>) -> Vec<Escape> {
        let how = |is_negated: bool| if is_negated { self.name() } else { "by not being named".to_owned() };
        let mut escapes = Vec::new();
        if self.covers(ask).fails == Some(true) {
            let is_negated = self.resources.as_ref().is_some_and(|matcher| matcher.is_negated);
            escapes.push(Escape {
                respect: "resource".to_owned(),
                how: how(is_negated),
                is_by_caller: false,
            });
        }
        let open =
            self.conditions.iter().filter(|condition| condition.holds(ask.context).fails == Some(true));
        escapes.extend(open.map(|condition| Escape {
            respect: condition.key.clone(),
            how: condition.words(),
            is_by_caller: is_about_caller(&condition.key),
        }));
        if self.names(ask.who).fails == Some(true) {
            let is_by_caller = matches!(self.principals, Some(Principals::AllBut(_)));
            escapes.push(Escape { respect: "who".to_owned(), how: how(is_by_caller), is_by_caller });
        }
        escapes.sort_by_key(|escape| escape.is_by_caller);
        escapes
    }

    /// How far those stand whom a Deny spares, when it spares somebody for who he is and for nothing else.
    pub(super) fn reach_of_spared(&self, owner: &Owner<'_>, ask: Ask<'_>) -> Option<Reach> {
        let by_name = match (&self.principals, self.names(ask.who).is_always()) {
            (_, true) => None,
            (Some(Principals::AllBut(spared)), _) => {
                Some(spared.iter().map(|who| owner.reach(who, &Pins::default())).max()?)
            }
            _ => return None,
        };
        if !self.covers(ask).and(self.has_effect()).is_always() {
            return None;
        }
        let open = self.conditions.iter().filter(|condition| !condition.holds(ask.context).is_always());
        let by_condition = open.map(|condition| condition.reach_beside(owner)).collect::<Option<Vec<_>>>()?;
        by_condition.into_iter().chain(by_name).max()
    }
}

impl Condition {
    /// How far those stand who do not meet a condition about the caller.
    fn reach_beside(&self, owner: &Owner<'_>) -> Option<Reach> {
        if self.key == "aws:principalisawsservice" && self.test == Test::Bool {
            let is_false = self.values.iter().all(|value| value.eq_ignore_ascii_case("false"));
            return is_false.then_some(Reach::Service);
        }
        if !self.spares_the_listed() {
            return None;
        }
        let is_by_parts = self.test == Test::Arn;
        let reaches = self.values.iter().map(|value| owner.reach_of_value(&self.key, value, is_by_parts));
        reaches.collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}
