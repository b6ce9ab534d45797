//! Organizations: accounts, the tree, policies and delegation, for those who may ask.

use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::world::{Account, Moment, Node, Organization, POLICY_TYPES, Policy};
use serde_json::{Value, json};

type Answered = Result<Answer, Failure>;

/// The organization, for any account in it.
fn organization<'a>(call: &'a Call<'_>) -> Result<&'a Organization, Failure> {
    call.world.organization_of(&call.caller.account).ok_or_else(|| {
        Failure::new(
            400,
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        )
    })
}

/// The organization, for the management account and delegated administrators only.
fn administered<'a>(call: &'a Call<'_>) -> Result<&'a Organization, Failure> {
    let organization = organization(call)?;
    let account = &call.caller.account;
    let delegated = organization.delegated_administrators.iter().any(|d| d.account.value == *account);
    if organization.management() == account || delegated {
        return Ok(organization);
    }
    Err(call.operation.service.denied("You don't have permissions to access this resource."))
}

fn arn(call: &Call<'_>, organization: &Organization, kind: &str, id: &str) -> String {
    let partition = call.world.partition.name();
    format!("arn:{partition}:organizations::{}:{kind}/{}/{id}", organization.management(), organization.id)
}

fn email(account: &Account) -> String {
    account.email.clone().unwrap_or_else(|| format!("aws+{}@example.com", account.id()))
}

fn account_json(call: &Call<'_>, organization: &Organization, account: &Account) -> Value {
    let joined = Moment::days_ago(400).epoch(call.world.now());
    json!({
        "Id": account.id(),
        "Arn": arn(call, organization, "account", account.id()),
        "Email": email(account),
        "Name": account.name,
        "Status": account.status.name(),
        "State": account.status.name(),
        "JoinedMethod": if organization.management() == account.id() { "INVITED" } else { "CREATED" },
        "JoinedTimestamp": joined,
    })
}

fn members<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Account> {
    call.world.accounts.iter().filter(|account| account.member)
}

fn parent_of<'a>(organization: &'a Organization, account: &'a Account) -> &'a str {
    account.unit.as_ref().map_or(&organization.root, |unit| &unit.value)
}

pub(crate) fn describe_organization(call: &Call<'_>) -> Answered {
    let organization = organization(call)?;
    let management = organization.management();
    let partition = call.world.partition.name();
    Ok(Answer::json(&json!({"Organization": {
        "Id": organization.id,
        "Arn": format!("arn:{partition}:organizations::{management}:organization/{}", organization.id),
        "FeatureSet": "ALL",
        "MasterAccountArn": arn(call, organization, "account", management),
        "MasterAccountId": management,
        "MasterAccountEmail": call.world.account(management).map(email),
        "AvailablePolicyTypes": policy_types(organization),
    }})))
}

fn policy_types(organization: &Organization) -> Vec<Value> {
    organization.policy_types.iter().map(|kind| json!({"Type": kind, "Status": "ENABLED"})).collect()
}

pub(crate) fn list_accounts(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let accounts: Vec<&Account> = members(call).collect();
    call.listed("Accounts", &accounts, |account| account_json(call, organization, account))
}

pub(crate) fn list_roots(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let root = json!({
        "Id": organization.root,
        "Arn": arn(call, organization, "root", &organization.root),
        "Name": "Root",
        "PolicyTypes": policy_types(organization),
    });
    call.listed("Roots", &[root], Value::clone)
}

/// The node that an operation's parent names.
fn parent<'a>(call: &Call<'_>, organization: &'a Organization) -> Result<&'a Node, Failure> {
    let wanted = call.required("ParentId")?;
    organization.nodes.iter().find(|node| node.id == wanted).ok_or_else(|| {
        Failure::new(400, "ParentNotFoundException", "You specified parent that doesn't exist.")
    })
}

pub(crate) fn list_organizational_units_for_parent(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let parent = parent(call, organization)?;
    let units: Vec<&Node> =
        organization.nodes.iter().filter(|node| node.parent.as_deref() == Some(&parent.id)).collect();
    call.listed("OrganizationalUnits", &units, |node| {
        let arn = organization.node_arn(call.world.partition, node);
        json!({"Id": node.id, "Arn": arn, "Name": node.name})
    })
}

pub(crate) fn list_accounts_for_parent(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let parent = parent(call, organization)?;
    let accounts: Vec<&Account> =
        members(call).filter(|account| parent_of(organization, account) == parent.id).collect();
    call.listed("Accounts", &accounts, |account| account_json(call, organization, account))
}

pub(crate) fn list_parents(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let child = call.required("ChildId")?;
    let of_unit =
        organization.nodes.iter().find(|node| node.id == child).and_then(|node| node.parent.as_deref());
    let of_account = members(call).find(|account| account.id() == child);
    let parent = of_unit.or_else(|| of_account.map(|account| parent_of(organization, account)));
    let Some(parent) = parent else {
        return Err(Failure::new(
            400,
            "ChildNotFoundException",
            "You specified an organizational unit or account that doesn't exist.",
        ));
    };
    let kind = if parent == organization.root { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    call.listed("Parents", &[parent], |parent| json!({"Id": parent, "Type": kind}))
}

/// The policies of a type, with the one that AWS attaches everywhere in front.
fn policies(call: &Call<'_>, organization: &Organization) -> Result<Vec<Policy>, Failure> {
    let filter = call.required("Filter")?;
    if !POLICY_TYPES.contains(&filter) {
        let message = format!("`{filter}` is not a type of policy.");
        return Err(Failure::new(400, "InvalidInputException", message));
    }
    Ok(all_policies(organization).into_iter().filter(|policy| policy.kind == filter).collect())
}

fn all_policies(organization: &Organization) -> Vec<Policy> {
    let managed = organization.policy_types.iter().filter_map(|kind| Policy::attached_everywhere(kind));
    managed.chain(organization.policies.iter().cloned()).collect()
}

/// Whether a policy is attached to a target.
fn is_attached(policy: &Policy, target: &str) -> bool {
    policy.is_everywhere() || policy.targets.iter().any(|own| own.value == target)
}

fn summary(call: &Call<'_>, organization: &Organization, policy: &Policy) -> Value {
    let id = policy.id();
    let kind = policy.kind.to_lowercase();
    let partition = call.world.partition.name();
    let arn = if policy.aws_managed {
        format!("arn:{partition}:organizations::aws:policy/{kind}/{id}")
    } else {
        let management = organization.management();
        format!("arn:{partition}:organizations::{management}:policy/{}/{kind}/{id}", organization.id)
    };
    json!({
        "Id": id, "Arn": arn, "Name": policy.name, "Description": policy.description,
        "Type": policy.kind, "AwsManaged": policy.aws_managed,
    })
}

pub(crate) fn list_policies(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let policies = policies(call, organization)?;
    call.listed("Policies", &policies, |policy| summary(call, organization, policy))
}

pub(crate) fn list_policies_for_target(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let target = call.required("TargetId")?;
    let exists = organization.nodes.iter().any(|node| node.id == target)
        || members(call).any(|account| account.id() == target);
    if !exists {
        return Err(Failure::new(
            400,
            "TargetNotFoundException",
            "You specified a target that doesn't exist.",
        ));
    }
    let mut policies = policies(call, organization)?;
    policies.retain(|policy| is_attached(policy, target));
    call.listed("Policies", &policies, |policy| summary(call, organization, policy))
}

/// The policy that an operation's id names.
fn policy(call: &Call<'_>, organization: &Organization) -> Result<Policy, Failure> {
    let id = call.required("PolicyId")?;
    all_policies(organization).into_iter().find(|policy| policy.id() == id).ok_or_else(|| {
        Failure::new(400, "PolicyNotFoundException", "You specified a policy that doesn't exist.")
    })
}

pub(crate) fn list_targets_for_policy(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let policy = policy(call, organization)?;
    let nodes = organization.nodes.iter().map(|node| {
        let kind = if node.parent.is_none() { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
        (node.id.as_str(), node.name.as_str(), kind)
    });
    let accounts = members(call).map(|account| (account.id(), account.name.as_str(), "ACCOUNT"));
    let targets: Vec<_> = nodes.chain(accounts).filter(|(id, ..)| is_attached(&policy, id)).collect();
    call.listed("Targets", &targets, |(id, name, kind)| {
        let word = match *kind {
            "ROOT" => "root",
            "ACCOUNT" => "account",
            _ => "ou",
        };
        json!({"TargetId": id, "Arn": arn(call, organization, word, id), "Name": name, "Type": kind})
    })
}

pub(crate) fn describe_policy(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let policy = policy(call, organization)?;
    Ok(Answer::json(&json!({"Policy": {
        "PolicySummary": summary(call, organization, &policy),
        "Content": policy.content(),
    }})))
}

pub(crate) fn list_delegated_administrators(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let service = call.text("ServicePrincipal");
    let since = Moment::days_ago(300).epoch(call.world.now());
    let administrators: Vec<&Account> = organization
        .delegated_administrators
        .iter()
        .filter(|d| service.is_none_or(|service| d.services.iter().any(|own| own == service)))
        .filter_map(|d| call.world.account(&d.account.value))
        .collect();
    call.listed("DelegatedAdministrators", &administrators, |account| {
        let mut value = account_json(call, organization, account);
        value["DelegationEnabledDate"] = json!(since);
        value
    })
}

pub(crate) fn list_delegated_services_for_account(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let account = call.required("AccountId")?;
    let since = Moment::days_ago(300).epoch(call.world.now());
    let found = organization.delegated_administrators.iter().find(|d| d.account.value == account);
    let Some(delegation) = found else {
        return Err(Failure::new(
            400,
            "AccountNotRegisteredException",
            "The specified account is not a delegated administrator for this AWS service.",
        ));
    };
    call.listed(
        "DelegatedServices",
        &delegation.services,
        |service| json!({"ServicePrincipal": service, "DelegationEnabledDate": since}),
    )
}

pub(crate) fn list_service_access(call: &Call<'_>) -> Answered {
    let organization = administered(call)?;
    let since = Moment::days_ago(390).epoch(call.world.now());
    call.listed(
        "EnabledServicePrincipals",
        &organization.trusted_access,
        |service| json!({"ServicePrincipal": service, "DateEnabled": since}),
    )
}
