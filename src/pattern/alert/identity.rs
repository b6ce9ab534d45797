//! Who made a call.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use serde_json::{Value, json};

/// The service of [`Identity::Service`], which stands in its records as address and client too.
pub(super) const SERVICE: &str = "cloudformation.amazonaws.com";

/// Who can be behind an event.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    Anyone,
    UserOrRole,
    UserOrRoot,
    User,
    Root,
}

/// One type of identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Identity {
    User,
    Role,
    Root,
    /// A role, through a service that calls for it.
    Service,
}

impl Who {
    pub(super) fn identities(self) -> &'static [Identity] {
        match self {
            Self::Anyone => &[Identity::User, Identity::Role, Identity::Root, Identity::Service],
            Self::UserOrRole => &[Identity::User, Identity::Role],
            Self::UserOrRoot => &[Identity::User, Identity::Root],
            Self::User => &[Identity::User],
            Self::Root => &[Identity::Root],
        }
    }
}

impl Identity {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::User => "an IAM user",
            Self::Role => "a role",
            Self::Root => "the root user",
            Self::Service => "CloudFormation for a role",
        }
    }

    /// The element `userIdentity`; `name` is of the user or the role.
    pub(super) fn element(self, partition: &str, account: &str, name: &str, used_mfa: bool) -> Value {
        let mfa = if used_mfa { "true" } else { "false" };
        let attributes = json!({ "creationDate": "2026-01-15T08:02:11Z", "mfaAuthenticated": mfa });
        match self {
            Self::User => json!({
                "type": "IAMUser",
                "principalId": "AIDACKCEVSQ6C2EXAMPLE",
                "arn": format!("arn:{partition}:iam::{account}:user/{name}"),
                "accountId": account,
                "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
                "userName": name,
                "sessionContext": { "attributes": attributes },
            }),
            Self::Role => json!({
                "type": "AssumedRole",
                "principalId": format!("AROAIDPPEZS35WEXAMPLE:{name}-session"),
                "arn": format!("arn:{partition}:sts::{account}:assumed-role/{name}/{name}-session"),
                "accountId": account,
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": "AROAIDPPEZS35WEXAMPLE",
                        "arn": format!("arn:{partition}:iam::{account}:role/{name}"),
                        "accountId": account,
                        "userName": name,
                    },
                    "attributes": attributes,
                },
            }),
            Self::Service => {
                let mut element = Self::Role.element(partition, account, name, used_mfa);
                if let Value::Object(fields) = &mut element {
                    fields.insert("invokedBy".to_owned(), SERVICE.into());
                }
                element
            }
            Self::Root => json!({
                "type": "Root",
                "principalId": account,
                "arn": format!("arn:{partition}:iam::{account}:root"),
                "accountId": account,
                "accessKeyId": "ASIAJ7EXAMPLEROOTKEY",
                "sessionContext": { "attributes": attributes },
            }),
        }
    }
}
