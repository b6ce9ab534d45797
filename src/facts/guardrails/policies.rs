//! Control policies, parsed once, by what they are attached to.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::naming::Naming;
use crate::access::Document;
use crate::inventory::{Gap, GapReason, Observed, OrganizationPolicy, Origin};

/// The control policies of one kind.
pub(super) struct Policies<'a> {
    /// How they were listed, or why they were not.
    pub(super) listed: Result<&'a Origin, &'a Gap>,
    by_target: HashMap<&'a str, Vec<Rc<Policy>>>,
    /// Why some may be attached anywhere.
    pub(super) unplaced: Vec<Gap>,
}

/// A control policy.
pub(super) struct Policy {
    pub(super) id: String,
    pub(super) name: String,
    /// A gap when it could not be read or understood.
    pub(super) document: Result<Document, Gap>,
    /// Where document and targets were read.
    pub(super) origins: Vec<Origin>,
    pub(super) naming: Naming,
    /// The document by what it says about single actions.
    about: RefCell<HashMap<&'static str, Rc<Document>>>,
}

impl<'a> Policies<'a> {
    pub(super) fn of(policies: &'a Observed<Vec<OrganizationPolicy>>) -> Self {
        let (all, listed) = match policies {
            Observed::Known { value, origin } => (value.as_slice(), Ok(origin)),
            Observed::Gap(gap) => (&[][..], Err(gap)),
        };
        let mut parsed = Self { listed, by_target: HashMap::new(), unplaced: Vec::new() };
        for policy in all {
            match &policy.targets {
                Observed::Known { value, origin } if !value.is_empty() => {
                    let read = Rc::new(Policy::of(policy, origin));
                    for target in value {
                        let there = parsed.by_target.entry(target).or_default();
                        if !there.iter().any(|one| one.id == read.id) {
                            there.push(Rc::clone(&read));
                        }
                    }
                }
                Observed::Known { .. } => {}
                Observed::Gap(gap) => parsed.unplaced.push(gap.clone()),
            }
        }
        parsed
    }

    /// Where the kind is enabled, AWS keeps at least one policy attached everywhere.
    pub(super) fn is_off(&self) -> bool {
        self.listed.is_ok() && self.by_target.is_empty() && self.unplaced.is_empty()
    }

    pub(super) fn at(&self, target: &str) -> &[Rc<Policy>] {
        self.by_target.get(target).map_or(&[], Vec::as_slice)
    }

    /// The root, which is above every account; an organization has one.
    pub(super) fn root(&self) -> Option<&'a str> {
        let mut roots = self.by_target.keys().filter(|target| target.starts_with("r-"));
        roots.next().copied().filter(|_| roots.next().is_none())
    }
}

impl Policy {
    fn of(policy: &OrganizationPolicy, targets: &Origin) -> Self {
        let name = if policy.name.is_empty() { &policy.id } else { &policy.name };
        let (document, naming, origin) = match &policy.document {
            Observed::Known { value, origin } => {
                let document = Document::parse(value).map_err(|error| Gap {
                    origin: origin.clone(),
                    reason: GapReason::Unreadable,
                    detail: format!("the policy {name}: {error}"),
                });
                (document, Naming::of(value), Some(origin.clone()))
            }
            Observed::Gap(gap) => (Err(gap.clone()), Naming::default(), None),
        };
        let origins = origin.into_iter().chain([targets.clone()]).collect();
        Self {
            id: policy.id.clone(),
            name: name.clone(),
            document,
            origins,
            naming,
            about: RefCell::default(),
        }
    }

    /// What it says about one action; `None` when it could not be read or understood.
    pub(super) fn about(&self, action: &'static str) -> Option<Rc<Document>> {
        let document = self.document.as_ref().ok()?;
        let mut about = self.about.borrow_mut();
        Some(Rc::clone(about.entry(action).or_insert_with(|| Rc::new(document.about(action)))))
    }
}
