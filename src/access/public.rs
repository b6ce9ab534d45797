//! Whether a policy is public, as S3 defines it.

use super::document::{Document, Effect, Statement};
use super::pins::Pins;
use super::principal::{Principals, Who};
use super::truth::{Answer, Truth, either};
use super::words;

impl Document {
    /// It grants something to everybody, without a condition that fixes an account, an organization, a source or a network.
    ///
    /// Deny statements do not count; `kms:ViaService` fixes nothing, since anyone can go through a service.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
    #[must_use]
    pub fn public(&self) -> Answer {
        let mut answer = Answer { value: Some(false), notes: Vec::new() };
        for statement in self.with(Effect::Allow) {
            let truth = statement.is_public();
            answer.value = either(answer.value, truth);
            match truth {
                Some(true) => answer.notes.push(statement.in_words()),
                Some(false) => {}
                None => answer.notes.extend(statement.doubts()),
            }
        }
        answer.notes = words::distinct(answer.notes);
        answer
    }
}

impl Statement {
    fn is_public(&self) -> Option<bool> {
        let is_wide = |named: &Vec<Who>| named.contains(&Who::Anyone);
        let by_principal = match &self.principals {
            Some(Principals::Only(named)) => Truth::from(is_wide(named)),
            Some(Principals::AllBut(spared)) => Truth::from(!is_wide(spared)),
            Some(Principals::Attached) | None => Truth::UNCLEAR,
        };
        let is_open = !Pins::of(self).close_to_public();
        let is_whole = self.effect.is_some() && !self.has_unknown_limits;
        let limits = if is_whole { Truth::ALWAYS } else { Truth::UNCLEAR };
        by_principal.and(Truth::from(is_open)).and(limits).value()
    }
}
