//! AWS Organizations: accounts, units, policies, delegated administrators.
//!
//! Every list is paginated until there is no token: AWS sends empty pages in between.

use std::collections::BTreeMap;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;

use super::CollectError;
use super::call::{Caller, Failure, following, observe, origin};
use crate::inventory::{
    AccountStatus, DelegatedAdministrator, Gap, GapReason, Observed, Organization, OrganizationPolicy,
    OrganizationalUnit,
};

/// An account as the organization lists it.
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) status: AccountStatus,
}

/// What is asked as whom: the organization's own calls all go to one endpoint.
pub(super) struct Asker<'a> {
    pub(super) caller: &'a Caller,
    pub(super) client: Client,
    pub(super) account: String,
    pub(super) region: String,
}

/// Collects every page of a list; a page without the list is an answer that cannot be read.
macro_rules! pages {
    ($asker:expr, $operation:literal, $resource:expr, $request:expr, $items:ident) => {{
        let asked = origin(concat!("organizations:", $operation), &$asker.account, &$asker.region, $resource);
        let mut all = Vec::new();
        let mut token = None;
        let outcome = loop {
            match $asker.caller.make(&asked, $request.set_next_token(token.clone()).send()).await {
                Ok(page) => match page.$items {
                    Some(items) => {
                        all.extend(items);
                        match following(&asked, token.as_ref(), page.next_token) {
                            Ok(None) => break Ok(all),
                            Ok(next) => token = next,
                            Err(failure) => break Err(failure),
                        }
                    }
                    None => break Err(Failure::of(&asked, GapReason::Unreadable, "the answer has no list")),
                },
                Err(failure) => break Err(failure),
            }
        };
        (asked, outcome)
    }};
}

impl Asker<'_> {
    /// The organization without its details; `None` when the account is in none.
    pub(super) async fn organization(&self) -> Result<Option<Organization>, CollectError> {
        let asked = origin("organizations:DescribeOrganization", &self.account, &self.region, "");
        let answer = self.caller.make(&asked, self.client.describe_organization().send()).await;
        let found = match answer {
            Ok(answer) => answer.organization,
            Err(failure) if failure.code == "AWSOrganizationsNotInUseException" => return Ok(None),
            Err(failure) => return Err(CollectError::from_gap(failure.gap, CollectError::Organization)),
        };
        let lacks = || {
            CollectError::Organization(
                Failure::of(&asked, GapReason::Unreadable, "the answer has no organization").gap,
            )
        };
        let found = found.ok_or_else(lacks)?;
        let (Some(id), Some(arn), Some(management_account)) = (found.id, found.arn, found.master_account_id)
        else {
            return Err(lacks());
        };
        let pending =
            || Gap { origin: asked.clone(), reason: GapReason::NotCollected, detail: String::new() };
        Ok(Some(Organization {
            id,
            arn,
            management_account,
            feature_set: found.feature_set.map(|set| set.as_str().to_owned()).unwrap_or_default(),
            units: Observed::Gap(pending()),
            delegated_administrators: Observed::Gap(pending()),
            trusted_services: Observed::Gap(pending()),
            service_control_policies: Observed::Gap(pending()),
            resource_control_policies: Observed::Gap(pending()),
        }))
    }

    /// Every account of the organization. Without it there is nothing to audit.
    pub(super) async fn accounts(&self) -> Result<Vec<Listed>, CollectError> {
        let (asked, listed) = pages!(self, "ListAccounts", "", self.client.list_accounts(), accounts);
        let listed = listed.map_err(|failure| CollectError::from_gap(failure.gap, CollectError::Accounts))?;
        let mut accounts = Vec::new();
        for account in listed {
            let lacks = |what| CollectError::Accounts(Failure::of(&asked, GapReason::Unreadable, what).gap);
            let id = account.id.ok_or_else(|| lacks("an account in the answer has no id"))?;
            // AWS replaces `Status` by `State`, and sent both for a while.
            let state = account
                .state
                .map(|state| state.as_str().to_owned())
                .or(account.status.map(|status| status.as_str().to_owned()))
                .ok_or_else(|| lacks("the answer does not say whether an account is active"))?;
            let status = match state.as_str() {
                "PENDING_CLOSURE" => AccountStatus::PendingClosure,
                "SUSPENDED" | "CLOSED" | "PENDING_ACTIVATION" => AccountStatus::Suspended,
                // A state that is not known here is asked like an active one: at worst it is a gap, never silence.
                _ => AccountStatus::Active,
            };
            accounts.push(Listed { id, name: account.name.unwrap_or_default(), status });
        }
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(accounts)
    }

    /// Fills what no single failure may take down.
    pub(super) async fn details(&self, organization: &mut Organization) {
        let (units, administrators, services, policies) =
            tokio::join!(self.units(), self.administrators(), self.services(), self.policies());
        organization.units = units;
        organization.delegated_administrators = administrators;
        organization.trusted_services = services;
        organization.service_control_policies = policies;
    }

    async fn units(&self) -> Observed<Vec<OrganizationalUnit>> {
        let (asked, roots) = pages!(self, "ListRoots", "", self.client.list_roots(), roots);
        let roots = match roots {
            Ok(roots) => roots,
            Err(failure) => return Observed::Gap(failure.gap),
        };
        let mut waiting: Vec<(String, String, Option<String>)> = Vec::new();
        for root in roots {
            let Some(id) = root.id else {
                return Observed::Gap(
                    Failure::of(&asked, GapReason::Unreadable, "a root in the answer has no id").gap,
                );
            };
            waiting.push((id, root.name.unwrap_or_default(), None));
        }
        let mut units = Vec::new();
        let mut next = 0;
        while let Some((id, name, parent)) = waiting.get(next).cloned() {
            next += 1;
            let (below, accounts) = tokio::join!(self.units_below(&id), self.accounts_in(&id));
            match (below, accounts) {
                (Ok(below), Ok(accounts)) => {
                    waiting.extend(below.into_iter().map(|(child, name)| (child, name, Some(id.clone()))));
                    units.push(OrganizationalUnit { id, name, parent, accounts });
                }
                (Err(failure), _) | (_, Err(failure)) => return Observed::Gap(failure.gap),
            }
        }
        Observed::known(units, asked)
    }

    async fn units_below(&self, parent: &str) -> Result<Vec<(String, String)>, Failure> {
        let request = || self.client.list_organizational_units_for_parent().parent_id(parent);
        let (asked, units) =
            pages!(self, "ListOrganizationalUnitsForParent", parent, request(), organizational_units);
        let named = units?.into_iter().map(|unit| Some((unit.id?, unit.name.unwrap_or_default())));
        let named: Option<Vec<_>> = named.collect();
        named.ok_or_else(|| Failure::of(&asked, GapReason::Unreadable, "a unit in the answer has no id"))
    }

    async fn accounts_in(&self, parent: &str) -> Result<Vec<String>, Failure> {
        let request = || self.client.list_accounts_for_parent().parent_id(parent);
        let (asked, accounts) = pages!(self, "ListAccountsForParent", parent, request(), accounts);
        sorted(accounts?.into_iter().map(|account| account.id))
            .map_err(|lacks| Failure::of(&asked, GapReason::Unreadable, lacks))
    }

    async fn administrators(&self) -> Observed<Vec<DelegatedAdministrator>> {
        let request =
            || self.client.list_delegated_administrators().service_principal("cloudtrail.amazonaws.com");
        let (asked, administrators) = pages!(
            self,
            "ListDelegatedAdministrators",
            "cloudtrail.amazonaws.com",
            request(),
            delegated_administrators
        );
        observe(asked, administrators, |listed| {
            let read = listed.into_iter().map(|one| {
                Some(DelegatedAdministrator { account: one.id?, name: one.name.unwrap_or_default() })
            });
            let mut administrators: Vec<_> =
                read.collect::<Option<_>>().ok_or("an administrator in the answer has no id")?;
            administrators.sort_by(|a, b| a.account.cmp(&b.account));
            Ok(administrators)
        })
    }

    async fn services(&self) -> Observed<Vec<String>> {
        let request = || self.client.list_aws_service_access_for_organization();
        let (asked, services) =
            pages!(self, "ListAWSServiceAccessForOrganization", "", request(), enabled_service_principals);
        observe(asked, services, |listed| sorted(listed.into_iter().map(|one| one.service_principal)))
    }

    async fn policies(&self) -> Observed<Vec<OrganizationPolicy>> {
        let request = || self.client.list_policies().filter(PolicyType::ServiceControlPolicy);
        let (asked, policies) = pages!(self, "ListPolicies", "SERVICE_CONTROL_POLICY", request(), policies);
        let listed = match policies {
            Ok(listed) => listed,
            Err(failure) => return Observed::Gap(failure.gap),
        };
        let mut by_id = BTreeMap::new();
        for policy in listed {
            let Some(id) = policy.id else {
                let lacks = "a policy in the answer has no id";
                return Observed::Gap(Failure::of(&asked, GapReason::Unreadable, lacks).gap);
            };
            let (document, targets) = tokio::join!(self.document(&id), self.targets(&id));
            let name = policy.name.unwrap_or_default();
            by_id.insert(
                id.clone(),
                OrganizationPolicy { id, name, aws_managed: policy.aws_managed, document, targets },
            );
        }
        Observed::known(by_id.into_values().collect(), asked)
    }

    async fn document(&self, policy: &str) -> Observed<String> {
        let asked = origin("organizations:DescribePolicy", &self.account, &self.region, policy);
        let answer = self.caller.make(&asked, self.client.describe_policy().policy_id(policy).send()).await;
        observe(asked, answer, |answer| {
            answer.policy.and_then(|policy| policy.content).ok_or("the answer has no policy text")
        })
    }

    async fn targets(&self, policy: &str) -> Observed<Vec<String>> {
        let request = || self.client.list_targets_for_policy().policy_id(policy);
        let (asked, targets) = pages!(self, "ListTargetsForPolicy", policy, request(), targets);
        observe(asked, targets, |listed| sorted(listed.into_iter().map(|target| target.target_id)))
    }
}

/// Ids or names in order; one that is missing makes the answer unreadable.
fn sorted(items: impl Iterator<Item = Option<String>>) -> Result<Vec<String>, &'static str> {
    let mut all: Vec<String> = items.collect::<Option<_>>().ok_or("an element of the answer has no id")?;
    all.sort();
    Ok(all)
}
