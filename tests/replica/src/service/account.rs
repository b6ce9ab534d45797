//! Account management: the regions an account has enabled.

use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::world::Account;
use serde_json::{Value, json};

const TRUSTED: &str = "account.amazonaws.com";

/// The account asked about: the caller's own, or another one when management or its delegate asks with trusted access.
fn subject<'a>(call: &'a Call<'_>) -> Result<&'a Account, Failure> {
    let own = &call.caller.account;
    let refuse = || {
        call.operation.service.denied(format!(
            "User: {} is not authorized to perform: account:ListRegions (Your organization must first enable trusted access with AWS Account Management.)",
            call.caller.arn
        ))
    };
    let wanted = call.text("AccountId").unwrap_or(own);
    if call.text("AccountId").is_none() {
        return call.world.account(own).ok_or_else(refuse);
    }
    let organization = call.world.organization_of(own).ok_or_else(refuse)?;
    if wanted == organization.management() {
        return Err(Failure::new(
            400,
            "ValidationException",
            "The management account can only be managed using the standalone context from the management account.",
        ));
    }
    let trusted = organization.trusted_access.iter().any(|service| service == TRUSTED);
    let may = organization.management() == own || organization.delegates(own, TRUSTED);
    let found = call.world.account(wanted).filter(|account| account.member && trusted && may);
    found.ok_or_else(refuse)
}

pub(crate) fn list_regions(call: &Call<'_>) -> Result<Answer, Failure> {
    let account = subject(call)?;
    let wanted: Option<Vec<&str>> = call.input["RegionOptStatusContains"]
        .as_array()
        .filter(|statuses| !statuses.is_empty())
        .map(|statuses| statuses.iter().filter_map(Value::as_str).collect());
    let regions: Vec<Value> = account
        .regions(call.world.partition)
        .into_iter()
        .filter(|(_, status)| wanted.as_ref().is_none_or(|wanted| wanted.contains(status)))
        .map(|(region, status)| json!({"RegionName": region, "RegionOptStatus": status}))
        .collect();
    let (page, next) = call.page_of(&regions, call.world.page_size.saturating_mul(4))?;
    let mut answer = json!({"Regions": page});
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(Answer::json(&answer))
}
