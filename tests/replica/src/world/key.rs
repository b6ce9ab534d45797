//! KMS keys.

use super::{Document, Moment, Partition, Ref, uuid};
use serde::Deserialize;

/// A key; the defaults describe an enabled, rotated customer key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    /// Derived from account, region and alias when absent.
    pub(crate) id: Option<String>,
    /// With or without the `alias/` in front.
    pub(crate) alias: Option<String>,
    pub(crate) account: Ref,
    /// The world's region when absent.
    #[serde(default)]
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default = "enabled")]
    pub(crate) state: String,
    #[serde(default = "customer")]
    pub(crate) manager: String,
    #[serde(default = "symmetric")]
    pub(crate) spec: String,
    #[serde(default = "encrypt")]
    pub(crate) usage: String,
    #[serde(default = "aws_kms")]
    pub(crate) origin: String,
    #[serde(default)]
    pub(crate) multi_region: bool,
    #[serde(default = "yes")]
    pub(crate) rotation: bool,
    #[serde(default = "yearly")]
    pub(crate) rotation_days: u32,
    pub(crate) created: Option<Moment>,
    /// When a key pending deletion goes.
    pub(crate) deletion: Option<Moment>,
    #[serde(default)]
    pub(crate) policy: Document,
    /// Accounts that the key policy lets describe the key.
    #[serde(default)]
    pub(crate) cross_account_describe: Vec<Ref>,
}

fn enabled() -> String {
    "Enabled".into()
}

fn customer() -> String {
    "CUSTOMER".into()
}

fn symmetric() -> String {
    "SYMMETRIC_DEFAULT".into()
}

fn encrypt() -> String {
    "ENCRYPT_DECRYPT".into()
}

fn aws_kms() -> String {
    "AWS_KMS".into()
}

fn yes() -> bool {
    true
}

fn yearly() -> u32 {
    365
}

impl Key {
    /// The key id; the resolving pass has filled it.
    pub(crate) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    /// The key's ARN.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        format!("arn:{}:kms:{}:{}:key/{}", partition.name(), self.region, self.account.value, self.id())
    }

    /// The alias without `alias/`.
    pub(crate) fn alias(&self) -> Option<&str> {
        self.alias.as_deref().map(|alias| alias.trim_start_matches("alias/"))
    }

    /// An id that is the same for the same key in every run.
    pub(crate) fn derived_id(&self) -> String {
        uuid(&format!("{}/{}/{}", self.account.value, self.region, self.alias().unwrap_or_default()))
    }
}
