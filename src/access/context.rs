//! What a request, or a set of requests, says about condition keys.

use std::collections::BTreeMap;

use super::glob::Pattern;
use super::principal::Who;

/// What is known of one condition key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// The request does not have the key.
    Absent,
    /// It has these values; a pattern with wildcards stands for any text it holds.
    Is(Vec<Pattern>),
    /// It has one value, the same in all requests, of which only this pattern is known.
    Hidden(Pattern),
    /// One of these, over the set of requests.
    Either(Vec<Value>),
    /// Nothing is known.
    Unknown,
}

/// Keys that every caller can set, meet or miss, so that a condition on them lets some requests through and stops others.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const FREE: &[&str] = &[
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:multifactorauthage",
    "aws:referer",
    "aws:requestedregion",
    "aws:requesttag/*",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tagkeys",
    "aws:useragent",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
    "kms:bypasspolicylockoutsafetycheck",
    "kms:encryptionalgorithm",
    "kms:encryptioncontext:*",
    "kms:encryptioncontextkeys",
    "kms:grantconstrainttype",
    "kms:granteeprincipal",
    "kms:grantisforawsresource",
    "kms:grantoperations",
    "kms:retiringprincipal",
    "kms:scheduledkeydeletionpendingwindowindays",
    "kms:viaservice",
    "s3:authtype",
    "s3:existingobjecttag/*",
    "s3:if-match",
    "s3:if-none-match",
    "s3:object-lock-*",
    "s3:requestobjecttag*",
    "s3:signatureage",
    "s3:signatureversion",
    "s3:tlsversion",
    "s3:versionid",
    "s3:x-amz-*",
];

/// Keys with two values, and whether every request has them.
const SWITCHES: &[(&str, bool)] =
    &[("aws:multifactorauthpresent", false), ("aws:securetransport", true), ("aws:viaawsservice", true)];

/// Keys about the caller, which a principal cannot choose and an anonymous caller lacks.
const CALLER: &[&str] = &[
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principaltag/*",
    "aws:principaltype",
    "aws:userid",
    "aws:username",
    "kms:calleraccount",
];

/// Keys that only services send, about the resource on whose behalf they act.
pub(super) const SOURCE: &[&str] =
    &["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];

/// Keys by which a policy tells callers apart.
pub(super) fn is_about_caller(key: &str) -> bool {
    let services = ["aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist"];
    listed(CALLER, key) || services.contains(&key)
}

/// Condition keys in small letters, with what is known of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    values: BTreeMap<String, Value>,
    /// Keys that are not in `values` may be whatever a caller makes of them; otherwise they are not known.
    is_open: bool,
}

impl Context {
    pub(super) fn set(&mut self, key: &str, value: Value) {
        self.values.insert(key.to_ascii_lowercase(), value);
    }

    pub(super) fn with(mut self, key: &str, text: &str) -> Self {
        self.set(key, is(text));
        self
    }

    pub(super) fn value(&self, key: &str) -> Value {
        let family = key.split_once('/').map(|(family, _)| format!("{family}/*"));
        let known = self.values.get(key).or_else(|| self.values.get(&family?));
        if let Some(value) = known {
            return value.clone();
        }
        if !self.is_open {
            return Value::Unknown;
        }
        if let Some((_, is_always_there)) = SWITCHES.iter().find(|(name, _)| *name == key) {
            let absent = (!is_always_there).then_some(Value::Absent);
            return Value::Either([is("true"), is("false")].into_iter().chain(absent).collect());
        }
        if listed(FREE, key) { anything() } else { Value::Unknown }
    }

    /// All requests that somebody can make with credentials of his own.
    pub(super) fn of(who: &Who) -> Self {
        let mut context = Self { values: BTreeMap::new(), is_open: true };
        match who {
            Who::Anyone => {
                for key in CALLER.iter().chain(SOURCE) {
                    context.set(key, anything());
                }
                let switch = Value::Either(vec![is("true"), is("false")]);
                context.set("aws:principalisawsservice", switch);
                context.set("aws:principalservicename", anything());
            }
            Who::Account(_) | Who::Arn(_) => context.set_principal(who),
            Who::Service(name) => context.set_service(name),
            Who::AnyService => context.set_service("*"),
            Who::Federated(_) | Who::Canonical(_) | Who::UniqueId(_) => {
                context.set("aws:principalisawsservice", is("false"));
            }
        }
        context
    }

    fn set_principal(&mut self, who: &Who) {
        let account = who.account().unwrap_or("*").to_owned();
        self.set("aws:principalaccount", within(&account));
        self.set("kms:calleraccount", within(&account));
        self.set("aws:principalisawsservice", is("false"));
        self.set("aws:principalservicename", Value::Absent);
        self.set("aws:principaltag/*", anything());
        self.set("aws:principaltype", Value::Either(vec![is("Account"), is("User"), is("AssumedRole")]));
        let arns = match who {
            Who::Arn(arn) if arn.contains(":assumed-role/") => Value::Unknown,
            Who::Arn(arn) => is(arn),
            _ => within(&format!("arn:*:*::{account}:*")),
        };
        self.set("aws:principalarn", arns);
        self.set("aws:userid", within("*"));
        if matches!(who, Who::Account(_)) {
            self.set("aws:username", anything());
        }
    }

    /// A service has no account, organization or user; whether its ARN key is absent or its name is not documented.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice>
    fn set_service(&mut self, name: &str) {
        self.set("aws:principalisawsservice", is("true"));
        self.set("aws:principalservicename", within(name));
        for key in ["aws:principalorgid", "aws:principalorgpaths", "aws:principaltag/*", "aws:username"] {
            self.set(key, Value::Absent);
        }
        for key in ["aws:principalarn", "aws:principalaccount", "kms:calleraccount", "aws:userid"] {
            self.set(key, Value::Either(vec![Value::Absent, within(name)]));
        }
        for key in SOURCE {
            self.set(key, anything());
        }
        for key in ["aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:viaawsservice"] {
            self.set(key, Value::Unknown);
        }
    }
}

/// Exactly this text.
pub(super) fn is(text: &str) -> Value {
    Value::Is(vec![Pattern::literal(text)])
}

/// Any text that the pattern holds.
pub(super) fn within(pattern: &str) -> Value {
    Value::Is(vec![Pattern::glob(pattern)])
}

/// One text that is not known, but that the pattern holds.
pub(super) fn hidden(pattern: &str) -> Value {
    Value::Hidden(Pattern::glob(pattern))
}

fn anything() -> Value {
    Value::Either(vec![Value::Absent, within("*")])
}

/// A name ending in `*` stands for all that begin like it.
fn listed(table: &[&str], key: &str) -> bool {
    table.iter().any(|name| match name.strip_suffix('*') {
        Some(start) => key.starts_with(start),
        None => *name == key,
    })
}
