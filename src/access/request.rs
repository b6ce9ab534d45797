//! One request, and what a resource policy says to it.

use super::context::{Context, Value, is};
use super::document::{Ask, Document, Effect};
use super::glob::Pattern;
use super::principal::Who;
use super::truth::{Answer, Truth};
use super::words;

/// A request with what is known of its condition keys; a key that is not stated is not known.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) who: Who,
    pub(super) action: Pattern,
    pub(super) resource: Pattern,
    pub(super) context: Context,
}

impl Request {
    /// Somebody asks to take an action (`s3:PutObject`) on a resource, or on every resource that a pattern with `*` holds.
    #[must_use]
    pub fn new(who: Who, action: &str, resource: &str) -> Self {
        Self {
            who,
            action: Pattern::glob(action).lowercase(),
            resource: Pattern::glob(resource),
            context: Context::default(),
        }
    }

    /// The request has this condition key with this value.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.context.set(key, is(value));
        self
    }

    /// The request does not have this condition key.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.context.set(key, Value::Absent);
        self
    }

    fn ask(&self) -> Ask<'_> {
        Ask {
            who: &self.who,
            action: &self.action,
            resources: std::slice::from_ref(&self.resource),
            context: &self.context,
        }
    }
}

impl Document {
    /// Some Deny matches the request; `None` also when it matches a part of a set.
    #[must_use]
    pub fn denied(&self, request: &Request) -> Answer {
        self.matched(request, Effect::Deny)
    }

    /// Some Allow matches the request and no Deny does; other policies may still allow or deny it.
    #[must_use]
    pub fn allowed(&self, request: &Request) -> Answer {
        let denied = self.denied(request);
        if denied.value == Some(true) {
            return Answer { value: Some(false), notes: denied.notes };
        }
        let granted = self.matched(request, Effect::Allow);
        match (granted.value, denied.value) {
            (Some(true), None) => Answer { value: None, notes: denied.notes },
            _ => granted,
        }
    }

    fn matched(&self, request: &Request, effect: Effect) -> Answer {
        let mut answer = Answer { value: Some(false), notes: Vec::new() };
        for statement in self.with(effect) {
            let truth: Truth = statement.applies(request.ask());
            match truth.value() {
                Some(true) => return Answer { value: Some(true), notes: vec![statement.in_words()] },
                Some(false) => {}
                None if truth.holds == Some(true) && truth.fails == Some(true) => {
                    answer.value = None;
                    answer.notes.push(format!("{}: only for a part of the requests", statement.in_words()));
                }
                None => {
                    answer.value = None;
                    answer.notes.extend(statement.doubts());
                }
            }
        }
        answer.notes = words::distinct(answer.notes);
        answer
    }
}
