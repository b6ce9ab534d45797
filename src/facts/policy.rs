//! Resource policies of an inventory, and what the organization says about those they name.

use super::Fact;
use super::coverage::Coverage;
use super::found::{cut, unclear};
use crate::access::{Answer, Document, Owner};
use crate::inventory::{Gap, Observed, Origin, Trail};

/// Trails on whose behalf it is tried whether a grant to CloudTrail is pinned.
const MOST_SAMPLES: usize = 8;

/// A policy that was read.
#[derive(Debug)]
pub(super) struct Policy<'a> {
    /// `None`: there is none.
    pub(super) document: Option<Document>,
    pub(super) origin: &'a Origin,
}

impl<'a> Policy<'a> {
    /// Parses a policy; one that is no policy document is a gap.
    pub(super) fn of<T>(observed: &'a Observed<T>, text: impl Fn(&T) -> Option<&str>) -> Result<Self, Gap> {
        let (value, origin) = match observed {
            Observed::Known { value, origin } => (value, origin),
            Observed::Gap(gap) => return Err(gap.clone()),
        };
        match text(value).map(Document::parse).transpose() {
            Ok(document) => Ok(Self { document, origin }),
            Err(error) => {
                Err(unclear(&[format!("the policy was not understood: {}", cut(&error.to_string()))], origin))
            }
        }
    }

    /// The answer as a fact about the policy.
    pub(super) fn fact(&self, answer: &Answer) -> Fact<bool> {
        match answer.value {
            Some(value) => Fact::known(value, [self.origin.clone()]),
            None => Fact::Unknown(vec![unclear(&answer.notes, self.origin)]),
        }
    }
}

impl Coverage<'_> {
    /// An account as owner of a resource, with its organization where it belongs to the one that was looked at.
    pub(super) fn owner<'s>(&'s self, account: &'s str) -> Owner<'s> {
        let organization = self.organization_of(account);
        Owner { account, organization, members: organization.and(self.members.as_ref()) }
    }

    /// Id of the organization that an account is known to belong to.
    pub(super) fn organization_of(&self, account: &str) -> Option<&str> {
        let is_member = self.members.as_ref().is_some_and(|members| members.contains(account));
        self.inventory.organization.as_ref().filter(|_| is_member).map(|one| one.id.as_str())
    }

    /// ARNs of trails near whose accounts strangers are tried.
    pub(super) fn sample_trails(&self, owner: Option<&str>, trails: &[&Trail]) -> Vec<String> {
        let management = self.inventory.organization.as_ref().map(|one| one.management_account.as_str());
        let mut accounts: Vec<&str> = Vec::new();
        let owners = trails.iter().map(|trail| trail.owner.as_str());
        for account in owner.into_iter().chain(management).chain(owners).chain(["000000000000"]) {
            if accounts.len() < MOST_SAMPLES && !accounts.contains(&account) {
                accounts.push(account);
            }
        }
        let partition = &self.inventory.collection.partition;
        let arn = |account| format!("arn:{partition}:cloudtrail:us-east-1:{account}:trail/sample");
        accounts.into_iter().map(arn).collect()
    }
}
