//! STS: who am I, and sessions in other accounts.

use crate::answer::{Answer, Failure, query_answer};
use crate::dispatch::Call;
use crate::world::{AccountStatus, Role};
use crate::xml::Xml;

/// The namespace of STS's documents.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

fn answer(operation: &str, fill: impl FnOnce(&mut Xml)) -> Answer {
    query_answer(operation, NAMESPACE, fill)
}

#[expect(clippy::unnecessary_wraps, reason = "the table of operations wants one type")]
pub(crate) fn get_caller_identity(call: &Call<'_>) -> Result<Answer, Failure> {
    Ok(answer("GetCallerIdentity", |xml| {
        xml.text("Arn", &call.caller.arn);
        xml.text("UserId", &call.caller.user_id);
        xml.text("Account", &call.caller.account);
    }))
}

pub(crate) fn assume_role(call: &Call<'_>) -> Result<Answer, Failure> {
    let arn = call.required("RoleArn")?;
    let session_name = call.required("RoleSessionName")?;
    // STS never says which of role, trust policy and external id is the trouble.
    let refuse = || {
        let principal = &call.caller.arn;
        let message =
            format!("User: {principal} is not authorized to perform: sts:AssumeRole on resource: {arn}");
        call.operation.service.denied(message)
    };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account_id, path] = parts[..] else {
        return Err(Failure::new(400, "ValidationError", format!("{arn} is invalid")));
    };
    let Some(role_name) = path.strip_prefix("role/").and_then(|path| path.rsplit('/').next()) else {
        return Err(Failure::new(400, "ValidationError", format!("{arn} is invalid")));
    };
    if partition != call.world.partition.name() {
        return Err(refuse());
    }
    let account = call.world.account(account_id).ok_or_else(refuse)?;
    let roles = account.roles.as_deref().unwrap_or(&call.world.roles);
    let role: &Role = roles.iter().find(|role| role.name == role_name).ok_or_else(refuse)?;
    let external_id_fits =
        role.external_id.is_none() || role.external_id.as_deref() == call.text("ExternalId");
    if account.status != AccountStatus::Active || !external_id_fits {
        return Err(refuse());
    }
    let seconds = call.text("DurationSeconds").and_then(|text| text.parse().ok()).unwrap_or(3600);
    if !(900..=43200).contains(&seconds) {
        return Err(Failure::new(400, "ValidationError", "The requested DurationSeconds is out of range."));
    }
    let session_arn = format!("arn:{partition}:sts::{account_id}:assumed-role/{role_name}/{session_name}");
    let session = call.state.sessions.open(account_id, session_arn, session_name, seconds);
    Ok(answer("AssumeRole", |xml| {
        xml.node("AssumedRoleUser", |xml| {
            xml.text("AssumedRoleId", &session.principal.user_id);
            xml.text("Arn", &session.principal.arn);
        });
        xml.node("Credentials", |xml| {
            xml.text("AccessKeyId", &session.access_key);
            xml.text("SecretAccessKey", &session.secret_key);
            xml.text("SessionToken", &session.token);
            xml.text("Expiration", session.expires.strftime("%Y-%m-%dT%H:%M:%SZ"));
        });
    }))
}
