//! Questions about the policy of the key that encrypts log files.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>

use super::context::{Context, Value, is};
use super::document::Document;
use super::glob::Pattern;
use super::inquiry::{Findings, Inquiry};
use super::owner::Owner;
use super::service::{self, ServiceGrant};
use super::truth::Answer;

/// Actions that make a key unusable, or change who may use it.
pub const KEY_ACTIONS: &[&str] = &[
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:DeleteImportedKeyMaterial",
    "kms:CreateGrant",
    "kms:RevokeGrant",
    "kms:RetireGrant",
    "kms:UpdatePrimaryRegion",
];

/// Actions that open what the key encrypts.
pub const DECRYPTING_ACTIONS: &[&str] = &["kms:Decrypt", "kms:ReEncryptFrom"];

/// What the policy of a key lets CloudTrail do for a trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// `kms:GenerateDataKey`, with the encryption context of the trail; without it nothing is delivered.
    pub encrypts: Answer,
    /// `kms:DescribeKey`.
    pub describes: Answer,
    /// The statements that let it encrypt, and whether they serve only trails of known owners.
    pub grants: Vec<ServiceGrant>,
}

/// Who may disable, delete or re-policy the key, whose ARN is given.
#[must_use]
pub fn change_key(policy: &Document, key: &str, owner: Owner<'_>) -> Findings {
    ask(policy, KEY_ACTIONS, key, owner)
}

/// Who may decrypt with the key.
#[must_use]
pub fn exposure(policy: &Document, key: &str, owner: Owner<'_>) -> Findings {
    ask(policy, DECRYPTING_ACTIONS, key, owner)
}

/// What CloudTrail may do for the trail, whose ARN is given.
///
/// Trails send their ARN as encryption context and as `aws:SourceArn`; either pins a grant.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html>
#[must_use]
pub fn cloudtrail_use(policy: &Document, key: &str, trail: &str, organization: Option<&str>) -> KeyUse {
    let mut context = service::context(trail, organization);
    let serves = |action: &str, context: &Context| {
        let (value, notes) = policy.serves(action, key, context, action);
        Answer { value, notes: super::words::distinct(notes) }
    };
    context.set(CONTEXT, Value::Absent);
    let describes = serves("kms:DescribeKey", &context);
    encrypt_for(&mut context, trail);
    let encrypts = serves("kms:GenerateDataKey", &context);
    let resources = [Pattern::literal(key)];
    let grants = service::grants(policy, &["kms:GenerateDataKey"], &resources, trail, encrypt_for);
    KeyUse { encrypts, describes, grants }
}

const CONTEXT: &str = "kms:EncryptionContext:aws:cloudtrail:arn";

fn encrypt_for(context: &mut Context, trail: &str) {
    context.set(CONTEXT, is(trail));
    context.set("kms:EncryptionContextKeys", is("aws:cloudtrail:arn"));
}

fn ask(policy: &Document, actions: &[&str], key: &str, owner: Owner<'_>) -> Findings {
    let mut inquiry = Inquiry::new(policy, owner);
    inquiry.ask(actions, &Pattern::literal(key));
    inquiry.finish()
}
