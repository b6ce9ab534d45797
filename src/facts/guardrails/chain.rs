//! The control policies that bind an account, level by level, and what they answer.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::naming::Naming;
use super::policies::{Policies, Policy};
use super::tree::Path;
use crate::access::Document;
use crate::access::control::{Attached, Guard, Question, guard, resource_guard};
use crate::facts::fact::extend_unique;
use crate::inventory::{Gap, GapReason, Origin};

/// Gaps that are named: one is enough to leave an answer open, and each account that it concerns holds a copy.
const MOST_GAPS: usize = 5;

/// The policies on the way from the root to an account.
#[derive(Default)]
pub(super) struct Chain {
    levels: Vec<Level>,
    /// What could not be read or understood of them; empty when all of them are known.
    pub(super) gaps: Vec<Gap>,
    /// What was read of them.
    pub(super) origins: Arc<[Origin]>,
    organization: Option<String>,
    naming: Naming,
    answers: RefCell<HashMap<Key, Rc<[Answer]>>>,
}

#[derive(Default)]
struct Level {
    policies: Vec<Rc<Policy>>,
    may_have_others: bool,
}

/// A question about the principals of `account`; `{}` in the resource stands for its id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask<'q> {
    pub(super) account: &'q str,
    pub(super) resource: &'q str,
    pub(super) region: Option<&'q str>,
}

/// The account where it matters which one asks, then the first of the actions, resource and region.
type Key = (Option<String>, Option<&'static str>, String, Option<String>);

/// What the policies say, and what keeps them from saying it.
pub(super) struct Answer {
    pub(super) guard: Guard,
    /// Empty when it is known.
    pub(super) gaps: Vec<Gap>,
}

impl Answer {
    /// It is the same for every part of the resources asked about.
    pub(super) fn is_settled(&self) -> bool {
        match self.guard.is_denied {
            Some(is_denied) => is_denied || self.guard.notes.is_empty(),
            None => false,
        }
    }
}

impl Chain {
    /// No policies for `gap`, which hides them.
    pub(super) fn hidden(gap: Gap) -> Self {
        let levels = vec![Level { policies: Vec::new(), may_have_others: true }];
        Self { levels, gaps: vec![gap], ..Self::default() }
    }

    /// The policies of these kinds on the way to `account`.
    pub(super) fn of(kinds: &[&Policies<'_>], path: &Path<'_>, account: &str, organization: &str) -> Self {
        let mut chain = Self { organization: Some(organization.to_owned()), ..Self::default() };
        let mut origins = Vec::new();
        for policies in kinds {
            chain.add(policies, path, account, &mut origins);
        }
        if let (Path::Known { origin, .. }, false) = (path, chain.levels.is_empty()) {
            origins.push((*origin).clone());
        }
        let mut seen = BTreeSet::new();
        origins.retain(|origin| seen.insert(origin.clone()));
        chain.origins = origins.into();
        chain
    }

    fn add(&mut self, policies: &Policies<'_>, path: &Path<'_>, account: &str, origins: &mut Vec<Origin>) {
        let listed = match policies.listed {
            Ok(origin) => origin,
            Err(gap) => return self.add_hidden(gap),
        };
        origins.push(listed.clone());
        if policies.is_off() {
            return;
        }
        let may_have_others = !policies.unplaced.is_empty();
        policies.unplaced.iter().for_each(|gap| self.note(gap.clone()));
        let root = policies.root();
        let units = match path {
            Path::Known { units, .. } => units.as_ref(),
            Path::Hidden(gap) => {
                self.add_hidden(gap);
                root.as_slice()
            }
        };
        for target in units.iter().copied().chain([account]) {
            let attached = policies.at(target);
            for policy in attached {
                origins.extend(policy.origins.iter().cloned());
                self.naming.extend(&policy.naming);
                policy.document.as_ref().err().into_iter().for_each(|gap| self.note(gap.clone()));
            }
            if attached.is_empty() && !may_have_others {
                // Accounts of one unit share this chain.
                let target = if target == account { "the account" } else { target };
                let detail = format!("it shows no policy attached to {target}, where AWS keeps at least one");
                self.note(Gap { origin: listed.clone(), reason: GapReason::Unreadable, detail });
            }
            self.levels.push(Level { policies: attached.to_vec(), may_have_others });
        }
    }

    fn add_hidden(&mut self, gap: &Gap) {
        self.levels.push(Level { policies: Vec::new(), may_have_others: true });
        self.note(gap.clone());
    }

    fn note(&mut self, gap: Gap) {
        if self.gaps.len() < MOST_GAPS {
            extend_unique(&mut self.gaps, [gap]);
        }
    }

    /// What all policies together say to each of a table of actions; worked out once for all accounts that they do not tell apart.
    pub(super) fn ask_all(&self, actions: &'static [&'static str], ask: Ask<'_>) -> Rc<[Answer]> {
        let account = self.naming.tells_apart(ask.account).then(|| ask.account.to_owned());
        let first = actions.first().copied();
        let key = (account, first, ask.resource.to_owned(), ask.region.map(str::to_owned));
        if let Some(known) = self.answers.borrow().get(&key) {
            return Rc::clone(known);
        }
        let answers: Rc<[Answer]> = actions.iter().map(|action| self.ask(action, ask)).collect();
        self.answers.borrow_mut().insert(key, Rc::clone(&answers));
        answers
    }

    /// What all policies together say to one action.
    pub(super) fn ask(&self, action: &'static str, ask: Ask<'_>) -> Answer {
        let resource = ask.resource.replacen("{}", ask.account, 1);
        let question = self.question(action, Ask { resource: &resource, ..ask });
        let about: Vec<Vec<Narrowed<'_>>> = self.levels.iter().map(|level| level.about(action)).collect();
        let levels: Vec<Vec<Attached<'_>>> =
            about.iter().map(|level| level.iter().map(attached).collect()).collect();
        let guard = guard(&levels, &question);
        let gaps = if guard.is_denied.is_none() { self.doubts(&guard, &question) } else { Vec::new() };
        Answer { guard, gaps }
    }

    pub(super) fn question<'q>(&'q self, action: &'q str, ask: Ask<'q>) -> Question<'q> {
        Question {
            action,
            resource: ask.resource,
            account: ask.account,
            organization: self.organization.as_deref(),
            region: ask.region,
        }
    }

    /// Why the answer is not known: what was not read, or else the statements that were not understood.
    fn doubts(&self, guard: &Guard, question: &Question<'_>) -> Vec<Gap> {
        if !self.gaps.is_empty() {
            return self.gaps.clone();
        }
        let mut gaps = Vec::new();
        for policy in self.levels.iter().flat_map(|level| &level.policies) {
            let Ok(document) = &policy.document else { continue };
            let alone = resource_guard(document, question);
            if alone.is_denied.is_none() {
                let notes = alone.notes;
                gaps.extend(policy.origins.first().map(|origin| unclear(origin, &policy.name, &notes)));
            }
        }
        if gaps.is_empty() {
            gaps.extend(self.origins.first().map(|origin| unclear(origin, "of some level", &guard.notes)));
        }
        gaps.truncate(MOST_GAPS);
        gaps
    }
}

/// The name of a policy and what it says about one action.
type Narrowed<'a> = (&'a str, Option<Rc<Document>>);

fn attached<'n>((name, document): &'n Narrowed<'_>) -> Attached<'n> {
    Attached { name, document: document.as_deref() }
}

impl Level {
    fn about(&self, action: &'static str) -> Vec<Narrowed<'_>> {
        let hidden = self.may_have_others.then_some(("another policy", None));
        let known = self.policies.iter().map(|policy| (policy.name.as_str(), policy.about(action)));
        known.chain(hidden).collect()
    }
}

/// Statements that were read and leave the answer open.
fn unclear(origin: &Origin, policy: &str, notes: &[String]) -> Gap {
    let detail = format!("the policy {policy}: {}", notes.join("; "));
    Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }
}
