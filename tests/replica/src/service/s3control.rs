//! S3 Control: the account's own Block Public Access.

use crate::answer::{Answer, Failure};
use crate::dispatch::{Call, not_authorized};
use crate::service::s3;

pub(crate) fn get_public_access_block(call: &Call<'_>) -> Result<Answer, Failure> {
    let wanted = call.required("AccountId")?;
    let account = call.world.account(wanted).filter(|account| account.id() == call.caller.account);
    let Some(account) = account else {
        let reason = "because no resource-based policy allows the s3:GetAccountPublicAccessBlock action";
        let action = "s3:GetAccountPublicAccessBlock";
        return Err(call.operation.service.denied(not_authorized(&call.caller.arn, action, "", reason)));
    };
    match account.public_access_block.0 {
        Some(switches) => Ok(s3::public_access_block_xml(switches)),
        None => Err(Failure::new(
            404,
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found",
        )
        .detail("AccountId", wanted)),
    }
}
