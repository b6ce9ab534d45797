//! Accounts, the roles that can be assumed in them, and the callers that hold long-lived keys.

use super::{Partition, Ref, bucket::PublicAccess};
use serde::Deserialize;

/// An account, in the organization unless it says otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) name: String,
    /// Twelve digits; derived from the position when absent.
    pub(crate) id: Option<Ref>,
    pub(crate) email: Option<String>,
    /// Name or path of the organizational unit; the root when absent.
    pub(crate) unit: Option<Ref>,
    #[serde(default)]
    pub(crate) status: AccountStatus,
    /// Changes to the partition's defaults: `+af-south-1`, `-eu-west-3`, `~me-south-1` (being enabled).
    #[serde(default)]
    pub(crate) enabled_regions: Vec<Ref>,
    /// Roles that can be assumed here; the world's list when absent.
    pub(crate) roles: Option<Vec<Role>>,
    #[serde(default)]
    pub(crate) public_access_block: PublicAccess,
    /// `false` for a stranger outside the organization.
    #[serde(default = "yes")]
    pub(crate) member: bool,
}

fn yes() -> bool {
    true
}

impl Account {
    /// The account id; the resolving pass has filled it.
    pub(crate) fn id(&self) -> &str {
        self.id.as_ref().map_or("", |id| &id.value)
    }

    /// Every region of the partition with the opt-in status that this account gives it.
    pub(crate) fn regions(&self, partition: Partition) -> Vec<(&'static str, &'static str)> {
        let defaults = partition.default_regions().iter().map(|region| (*region, "ENABLED_BY_DEFAULT"));
        let opt_in = partition.opt_in_regions().iter().map(|region| (*region, "DISABLED"));
        defaults
            .chain(opt_in)
            .map(|(region, status)| (region, self.changed(region).unwrap_or(status)))
            .collect()
    }

    /// Whether calls to the region are accepted from this account.
    pub(crate) fn has_region(&self, partition: Partition, region: &str) -> bool {
        match self.changed(region) {
            Some(status) => status == "ENABLED" || status == "DISABLING",
            None => partition.default_regions().contains(&region),
        }
    }

    fn changed(&self, region: &str) -> Option<&'static str> {
        let change = self.enabled_regions.iter().find(|change| change.value.get(1..) == Some(region))?;
        Some(match change.value.as_bytes().first() {
            Some(b'+') => "ENABLED",
            Some(b'~') => "ENABLING",
            Some(b'!') => "DISABLING",
            _ => "DISABLED",
        })
    }
}

/// The life of an account as Organizations reports it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum AccountStatus {
    #[default]
    #[serde(rename = "ACTIVE")]
    Active,
    #[serde(rename = "SUSPENDED")]
    Suspended,
    #[serde(rename = "PENDING_CLOSURE")]
    PendingClosure,
}

impl AccountStatus {
    /// The word on the wire.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
        }
    }
}

/// A role that callers of the world may assume: a name, or a name with the external id that its trust policy demands.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "RoleForm")]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) external_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RoleForm {
    Name(String),
    Full(RoleFields),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFields {
    name: String,
    external_id: Option<String>,
}

impl From<RoleForm> for Role {
    fn from(form: RoleForm) -> Self {
        match form {
            RoleForm::Name(name) => Self { name, external_id: None },
            RoleForm::Full(RoleFields { name, external_id }) => Self { name, external_id },
        }
    }
}

/// Somebody with an access key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) account: Ref,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    /// Makes the caller a session of this role instead of a user.
    pub(crate) role: Option<String>,
}

impl Caller {
    /// The ARN that `GetCallerIdentity` gives.
    pub(crate) fn arn(&self, partition: Partition) -> String {
        let (partition, account, name) = (partition.name(), &self.account.value, &self.name);
        match &self.role {
            Some(role) => format!("arn:{partition}:sts::{account}:assumed-role/{role}/{name}"),
            None => format!("arn:{partition}:iam::{account}:user/{name}"),
        }
    }
}
