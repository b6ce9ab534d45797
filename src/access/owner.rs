//! Whose resource it is, and how far away from its owner somebody stands.

use std::collections::BTreeSet;

use super::context::{Context, Value, hidden, is};
use super::pins::Pins;
use super::principal::{Who, accepted_account, account_of};

/// The name by which CloudTrail asks.
pub(super) const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// The account that owns a resource, and its organization.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// Account id.
    pub account: &'a str,
    /// Organization id; `None`: there is none, or it is not known.
    pub organization: Option<&'a str>,
    /// Ids of all accounts of the organization; `None`: not known.
    pub members: Option<&'a BTreeSet<String>>,
}

/// Who stands nearest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The account that owns the resource.
    OwnAccount,
    /// The CloudTrail service.
    CloudTrail,
    /// Accounts of the owner's organization.
    Organization,
    /// Another AWS service.
    Service,
    /// Whoever comes from a named source, network or access point.
    Pinned,
    /// An account that is not known to be in the owner's organization.
    OtherAccount,
    /// Everybody.
    Anyone,
}

impl Owner<'_> {
    /// Adds what follows from somebody's account, and from the account of the resource.
    pub(super) fn tell(&self, who: &Who, context: &mut Context) {
        context.set("aws:resourceaccount", is(self.account));
        context.set("s3:resourceaccount", is(self.account));
        if let Some(organization) = self.organization {
            context.set("aws:resourceorgid", is(organization));
        }
        let (Some(account), Some(organization)) = (who.account(), self.organization) else { return };
        if self.reach_of_account(account) <= Reach::Organization {
            context.set("aws:principalorgid", is(organization));
            context.set("aws:principalorgpaths", hidden(&format!("{organization}/*")));
        } else if self.members.is_some() {
            // Whatever organization it is in, the text matches no id of a policy.
            let foreign = |text: &str| Value::Either(vec![Value::Absent, is(text)]);
            context.set("aws:principalorgid", foreign("another organization"));
            context.set("aws:principalorgpaths", foreign("another organization/"));
        }
    }

    /// Where an account stands.
    #[must_use]
    pub fn reach_of_account(&self, account: &str) -> Reach {
        if account == self.account {
            Reach::OwnAccount
        } else if self.members.is_some_and(|members| members.contains(account)) {
            Reach::Organization
        } else {
            Reach::OtherAccount
        }
    }

    fn reach_of_organization(&self, organization: &str) -> Reach {
        if self.organization == Some(organization) { Reach::Organization } else { Reach::OtherAccount }
    }

    /// Where somebody stands who meets the conditions.
    pub(super) fn reach(&self, who: &Who, pins: &Pins) -> Reach {
        match who {
            Who::Service(name) if name == CLOUDTRAIL => Reach::CloudTrail,
            Who::Service(_) | Who::AnyService => Reach::Service,
            Who::Anyone => self.reach_of_pins(pins),
            who => who.account().map_or(Reach::OtherAccount, |account| self.reach_of_account(account)),
        }
    }

    fn reach_of_pins(&self, pins: &Pins) -> Reach {
        let arns = pins.principal_arns.iter().filter_map(|arn| account_of(arn));
        let accounts = arns.chain(pins.principal_accounts.iter().map(String::as_str));
        let organizations = pins.principal_organizations.iter();
        let by_account = accounts.map(|account| self.reach_of_account(account)).max();
        let by_organization = organizations.map(|id| self.reach_of_organization(id)).max();
        let by_rest = pins.close_to_public().then_some(Reach::Pinned);
        let by_caller = by_account.into_iter().chain(by_organization).min();
        by_caller.or(by_rest).unwrap_or(Reach::Anyone)
    }

    /// Where a value of a condition about the caller stands; `None` when that is not known.
    pub(super) fn reach_of_value(&self, key: &str, value: &str, is_by_parts: bool) -> Option<Reach> {
        // Whoever wants to can name a role, and tag it, in an account of his own.
        let anyone = (!value.contains("${")).then_some(Reach::Anyone);
        match key {
            "aws:principalarn" => accepted_account(value, is_by_parts)
                .map_or(anyone, |account| Some(self.reach_of_account(account))),
            "aws:username" => anyone,
            key if key.starts_with("aws:principaltag/") => anyone,
            "aws:principalaccount" | "kms:calleraccount" => Some(self.reach_of_account(value)),
            "aws:principalorgid" | "aws:principalorgpaths" => {
                super::pins::organization_of(value).map_or(anyone, |id| Some(self.reach_of_organization(id)))
            }
            "aws:principalservicename" if value == CLOUDTRAIL => Some(Reach::CloudTrail),
            "aws:principalservicename" => Some(Reach::Service),
            _ => None,
        }
    }
}
