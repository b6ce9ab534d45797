//! What leaves nothing to audit, with the way out.

use crate::inventory::{Gap, GapReason};

/// Why a collection could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// Nobody to ask as.
    #[error("no AWS credentials were found")]
    NoCredentials {
        /// What the credential chain said.
        detail: String,
    },
    /// The user stopped it before there was anything to keep.
    #[error("stopped before anything was collected")]
    Interrupted,
    /// AWS could not be asked, or does not know the credentials.
    #[error("cannot tell who is asking: {0}")]
    Identity(Gap),
    /// Whether there is an organization could not be learned.
    #[error("cannot tell whether the account belongs to an organization: {0}")]
    Organization(Gap),
    /// The accounts could not be listed.
    #[error("cannot list the accounts of the organization: {0}")]
    Accounts(Gap),
    /// `--ou` was given and the units could not be listed.
    #[error("cannot tell which accounts are in the organizational units asked for: {0}")]
    Units(Gap),
    /// The organization lists no account.
    #[error("the organization {organization} lists no account")]
    EmptyOrganization {
        /// Its id.
        organization: String,
    },
    /// The filters leave nothing.
    #[error("the filters leave no account to audit")]
    NoAccountLeft,
    /// Accounts were named that are not there.
    #[error("{} in the organization", not_there(accounts))]
    UnknownAccounts {
        /// Their ids.
        accounts: Vec<String>,
    },
    /// A unit was named that is not there.
    #[error("there is no organizational unit `{unit}`")]
    UnknownUnit {
        /// As given.
        unit: String,
        /// Ids and names of the units there are.
        known: Vec<String>,
    },
    /// A word that names no region.
    #[error("`{region}` is not the name of a region in the partition {partition}")]
    UnknownRegion {
        /// As given.
        region: String,
        /// The caller's partition.
        partition: String,
    },
}

fn not_there(accounts: &[String]) -> String {
    if let [account] = accounts {
        format!("account {account} is not")
    } else {
        format!("accounts {} are not", accounts.join(", "))
    }
}

impl CollectError {
    /// `of` the gap, unless it is the user's own doing.
    pub(super) fn from_gap(gap: Gap, of: fn(Gap) -> Self) -> Self {
        if gap.reason == GapReason::Interrupted { Self::Interrupted } else { of(gap) }
    }

    pub(super) fn no_credentials(error: &dyn std::error::Error) -> Self {
        let mut detail = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            detail = error.to_string();
            source = error.source();
        }
        // Some providers answer in several lines.
        let detail = detail.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::NoCredentials { detail }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoCredentials { detail } => {
                let cause = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
                return Some(format!(
                    "set AWS_PROFILE or --profile, run `aws sso login`, or give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY{cause}"
                ));
            }
            Self::Interrupted => return None,
            Self::Identity(_) => {
                "check the network, and that the credentials are current and of the right partition; `aws sts get-caller-identity` must work"
            }
            Self::Organization(_) | Self::Accounts(_) => {
                "scan from the management account or a delegated administrator with the permissions in docs/permissions.md, or look at this account alone with --account-only"
            }
            Self::Units(_) => {
                "grant the organizations:List… permissions in docs/permissions.md, or name accounts with --accounts"
            }
            Self::EmptyOrganization { .. } => "look at this account alone with --account-only",
            Self::NoAccountLeft => {
                "drop or widen --accounts, --exclude-accounts or --ou; suspended accounts are never audited"
            }
            Self::UnknownAccounts { .. } => {
                "check the account ids; `aws organizations list-accounts` shows those there are"
            }
            Self::UnknownUnit { known, .. } if known.is_empty() => "--ou needs an organization",
            Self::UnknownUnit { known, .. } => {
                return Some(format!("give the id of one of these: {}", known.join(", ")));
            }
            Self::UnknownRegion { .. } => "region names look like eu-west-1",
        };
        Some(hint.to_owned())
    }
}
