//! The KMS key that encrypts a trail's files.

use serde::{Deserialize, Serialize};

use super::Observed;

/// A KMS key, read with the credentials of the account that owns it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// As the trail names it: an ARN.
    pub id: String,
    /// Account id from the ARN; empty when the trail does not name it by ARN.
    pub owner: String,
    /// DescribeKey; `None`: no such key.
    pub metadata: Observed<Option<KeyMetadata>>,
    /// Key policy, JSON; only the owner can read it.
    pub policy: Observed<String>,
    /// Automatic rotation; `None` where the kind of key cannot rotate.
    pub rotates: Observed<Option<bool>>,
}

/// What DescribeKey says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyMetadata {
    /// The key's ARN.
    pub arn: String,
    /// `CUSTOMER` or `AWS`.
    pub manager: String,
    /// `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable`, …
    pub state: String,
    /// `SYMMETRIC_DEFAULT`, …
    pub spec: String,
    /// `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, …
    pub origin: String,
    /// A multi-Region key.
    pub multi_region: bool,
}
