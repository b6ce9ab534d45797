//! AWS Organizations: accounts, units, policies, delegated administrators.

use std::collections::BTreeMap;
use std::future::Future;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::CollectError;
use super::caller::{Caller, observe, origin, pages};
use super::failure::Failure;
use super::whole::json_object;
use crate::inventory::{
    AccountStatus, DelegatedAdministrator, Gap, GapReason, Observed, Organization, OrganizationPolicy,
    OrganizationalUnit, Origin,
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

impl Asker<'_> {
    /// Every item of a list about `resource`.
    async fn list<P, T, E, F>(
        &self,
        operation: &str,
        resource: &str,
        request: impl Fn(Option<String>) -> F,
        read: impl Fn(P) -> (Option<Vec<T>>, Option<String>),
    ) -> (Origin, Result<Vec<T>, Failure>)
    where
        F: Future<Output = Result<P, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let asked = origin(operation, &self.account, &self.region, resource);
        let listed = pages(self.caller, &asked, request, read).await;
        (asked, listed)
    }

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
        let request = |token| self.client.list_accounts().set_next_token(token).send();
        let (asked, listed) = self
            .list("organizations:ListAccounts", "", request, |page| (page.accounts, page.next_token))
            .await;
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
        let (units, administrators, services, service_control, resource_control) = tokio::join!(
            self.units(),
            self.administrators(),
            self.services(),
            self.policies(PolicyType::ServiceControlPolicy),
            self.policies(PolicyType::ResourceControlPolicy),
        );
        organization.units = units;
        organization.delegated_administrators = administrators;
        organization.trusted_services = services;
        organization.service_control_policies = service_control;
        organization.resource_control_policies = resource_control;
    }

    async fn units(&self) -> Observed<Vec<OrganizationalUnit>> {
        let request = |token| self.client.list_roots().set_next_token(token).send();
        let (asked, roots) =
            self.list("organizations:ListRoots", "", request, |page| (page.roots, page.next_token)).await;
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
        let operation = "organizations:ListOrganizationalUnitsForParent";
        let request = |token| {
            let request = self.client.list_organizational_units_for_parent().parent_id(parent);
            request.set_next_token(token).send()
        };
        let (asked, units) =
            self.list(operation, parent, request, |page| (page.organizational_units, page.next_token)).await;
        let named = units?.into_iter().map(|unit| Some((unit.id?, unit.name.unwrap_or_default())));
        let named: Option<Vec<_>> = named.collect();
        named.ok_or_else(|| Failure::of(&asked, GapReason::Unreadable, "a unit in the answer has no id"))
    }

    async fn accounts_in(&self, parent: &str) -> Result<Vec<String>, Failure> {
        let operation = "organizations:ListAccountsForParent";
        let request =
            |token| self.client.list_accounts_for_parent().parent_id(parent).set_next_token(token).send();
        let (asked, accounts) =
            self.list(operation, parent, request, |page| (page.accounts, page.next_token)).await;
        sorted(accounts?.into_iter().map(|account| account.id))
            .map_err(|lacks| Failure::of(&asked, GapReason::Unreadable, lacks))
    }

    async fn administrators(&self) -> Observed<Vec<DelegatedAdministrator>> {
        const SERVICE: &str = "cloudtrail.amazonaws.com";
        let operation = "organizations:ListDelegatedAdministrators";
        let request = |token| {
            let request = self.client.list_delegated_administrators().service_principal(SERVICE);
            request.set_next_token(token).send()
        };
        let (asked, administrators) = self
            .list(operation, SERVICE, request, |page| (page.delegated_administrators, page.next_token))
            .await;
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
        let operation = "organizations:ListAWSServiceAccessForOrganization";
        let request =
            |token| self.client.list_aws_service_access_for_organization().set_next_token(token).send();
        let (asked, services) = self
            .list(operation, "", request, |page| (page.enabled_service_principals, page.next_token))
            .await;
        observe(asked, services, |listed| sorted(listed.into_iter().map(|one| one.service_principal)))
    }

    /// The policies of one type; none where the organization has not enabled the type.
    async fn policies(&self, kind: PolicyType) -> Observed<Vec<OrganizationPolicy>> {
        let request = |token| self.client.list_policies().filter(kind.clone()).set_next_token(token).send();
        let (asked, policies) = self
            .list("organizations:ListPolicies", kind.as_str(), request, |page| {
                (page.policies, page.next_token)
            })
            .await;
        let listed = match policies {
            Ok(listed) => listed,
            Err(failure) if failure.code == "PolicyTypeNotEnabledException" => Vec::new(),
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
            json_object(
                answer.policy.and_then(|policy| policy.content).ok_or("the answer has no policy text")?,
            )
        })
    }

    async fn targets(&self, policy: &str) -> Observed<Vec<String>> {
        let request =
            |token| self.client.list_targets_for_policy().policy_id(policy).set_next_token(token).send();
        let (asked, targets) = self
            .list("organizations:ListTargetsForPolicy", policy, request, |page| {
                (page.targets, page.next_token)
            })
            .await;
        observe(asked, targets, |listed| sorted(listed.into_iter().map(|target| target.target_id)))
    }
}

/// Ids or names in order; one that is missing makes the answer unreadable.
fn sorted(items: impl Iterator<Item = Option<String>>) -> Result<Vec<String>, &'static str> {
    let mut all: Vec<String> = items.collect::<Option<_>>().ok_or("an element of the answer has no id")?;
    all.sort();
    Ok(all)
}
