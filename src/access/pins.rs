//! What the conditions of a statement tie it to.

use super::condition::{Condition, Test};
use super::document::Statement;
use super::principal::{accepted_account, account_of, is_account};
use super::{network, words};

/// Conditions of an Allow by what they tie it to; a condition that a missing key meets, or any value, ties to nothing.
///
/// Several values mean one of them. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// `aws:SourceArn`, each with a fixed account or a fixed resource.
    pub source_arns: Vec<String>,
    /// `aws:SourceAccount`.
    pub source_accounts: Vec<String>,
    /// Organization ids of `aws:SourceOrgID` and `aws:SourceOrgPaths`.
    pub source_organizations: Vec<String>,
    /// `aws:PrincipalArn`, each with a fixed account.
    pub principal_arns: Vec<String>,
    /// `aws:PrincipalAccount` and `kms:CallerAccount`.
    pub principal_accounts: Vec<String>,
    /// Organization ids of `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths`.
    pub principal_organizations: Vec<String>,
    /// `aws:userid`.
    pub user_ids: Vec<String>,
    /// Address blocks, VPCs and VPC endpoints.
    pub networks: Vec<String>,
    /// Access points with a fixed account, and accounts of access points.
    pub access_points: Vec<String>,
    /// `s3:x-amz-acl`.
    pub acls: Vec<String>,
    /// `kms:EncryptionContext:aws:cloudtrail:arn`.
    pub encryption_contexts: Vec<String>,
    /// `kms:ViaService`.
    pub via_services: Vec<String>,
    /// Only requests over TLS.
    pub requires_tls: bool,
    /// Only requests of sessions with a second factor.
    pub requires_mfa: bool,
    /// The other conditions, in words.
    pub other: Vec<String>,
}

/// Whether a value ties to something, for one key.
type IsFixed = fn(&str) -> bool;

impl Pins {
    pub(super) fn of(statement: &Statement) -> Self {
        let mut pins = Self::default();
        for condition in &statement.conditions {
            if !pins.take(condition) {
                pins.other.push(condition.words());
            }
        }
        pins
    }

    /// Requests of services are bound to a source: an ARN with a fixed account, an account, or an organization.
    #[must_use]
    pub fn has_source(&self) -> bool {
        let has_account = |arn: &String| account_of(arn).is_some();
        (!self.source_arns.is_empty() && self.source_arns.iter().all(has_account))
            || !self.source_accounts.is_empty()
            || !self.source_organizations.is_empty()
    }

    /// Bound to fixed values, so that S3 does not call a statement for everybody public.
    ///
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
    pub(super) fn close_to_public(&self) -> bool {
        [
            &self.source_arns,
            &self.source_accounts,
            &self.source_organizations,
            &self.principal_arns,
            &self.principal_accounts,
            &self.principal_organizations,
            &self.user_ids,
            &self.networks,
            &self.access_points,
        ]
        .iter()
        .any(|values| !values.is_empty())
    }

    fn take(&mut self, condition: &Condition) -> bool {
        if !condition.is_pinning() {
            return false;
        }
        let is_true = || condition.values.iter().all(|value| value.eq_ignore_ascii_case("true"));
        match (condition.key.as_str(), condition.test) {
            ("aws:securetransport", Test::Bool) => self.requires_tls |= is_true(),
            ("aws:multifactorauthpresent", Test::Bool) => self.requires_mfa |= is_true(),
            (_, Test::Bool) => return false,
            (key, test) => {
                let Some((values, is_fixed)) = self.place(key, test) else { return false };
                if !condition.values.iter().all(|value| is_fixed(value)) {
                    return false;
                }
                let plain = condition.values.iter().map(|value| organization_of(value).unwrap_or(value));
                values.extend(plain.map(words::plain));
                return true;
            }
        }
        is_true()
    }

    fn place(&mut self, key: &str, test: Test) -> Option<(&mut Vec<String>, IsFixed)> {
        let no_wildcard: IsFixed = |value| !value.contains(['*', '?', '$']);
        Some(match (key, test) {
            ("aws:sourceip", Test::IpAddress) => (&mut self.networks, network::is_narrow),
            (_, Test::IpAddress) => return None,
            ("aws:sourcearn", _) => (&mut self.source_arns, is_fixed_arn),
            ("aws:sourceaccount" | "aws:sourceowner", _) => (&mut self.source_accounts, is_account),
            ("aws:sourceorgid" | "aws:sourceorgpaths", _) => {
                (&mut self.source_organizations, |value| organization_of(value).is_some())
            }
            ("aws:principalarn", Test::Arn) => {
                (&mut self.principal_arns, |value| accepted_account(value, true).is_some())
            }
            ("aws:principalarn", _) => {
                (&mut self.principal_arns, |value| accepted_account(value, false).is_some())
            }
            ("aws:principalaccount" | "kms:calleraccount", _) => (&mut self.principal_accounts, is_account),
            ("aws:principalorgid" | "aws:principalorgpaths", _) => {
                (&mut self.principal_organizations, |value| organization_of(value).is_some())
            }
            ("aws:userid", _) => (&mut self.user_ids, is_fixed_user),
            ("aws:sourcevpc" | "aws:sourcevpce", _) => (&mut self.networks, no_wildcard),
            ("s3:dataaccesspointarn", _) => (&mut self.access_points, |value| account_of(value).is_some()),
            ("s3:dataaccesspointaccount", _) => (&mut self.access_points, is_account),
            ("s3:x-amz-acl", _) => (&mut self.acls, no_wildcard),
            ("kms:encryptioncontext:aws:cloudtrail:arn", _) => {
                (&mut self.encryption_contexts, |value| account_of(value).is_some())
            }
            ("kms:viaservice", _) => (&mut self.via_services, |value| value != "*"),
            _ => return None,
        })
    }
}

/// A fixed account, or a resource without wildcards where ARNs have no account (buckets).
fn is_fixed_arn(arn: &str) -> bool {
    let is_plain = arn.starts_with("arn:") && arn.split(':').count() >= 6 && !arn.contains(['*', '?', '$']);
    account_of(arn).is_some() || is_plain
}

/// All sessions of one role count as fixed: `AROAEXAMPLE:*`.
fn is_fixed_user(id: &str) -> bool {
    !id.strip_suffix(":*").unwrap_or(id).contains(['*', '?', '$'])
}

/// The organization id that a value is, or that a path begins with.
pub(super) fn organization_of(value: &str) -> Option<&str> {
    let id = value.split('/').next()?;
    let is_id = id
        .strip_prefix("o-")
        .is_some_and(|rest| rest.len() >= 2 && rest.bytes().all(|b| b.is_ascii_alphanumeric()));
    is_id.then_some(id)
}
