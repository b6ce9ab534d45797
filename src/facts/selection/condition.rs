//! A condition on one field of an event.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Category;

/// A field of an event that selectors can narrow by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::facts) enum Field {
    ReadOnly,
    Source,
    Name,
    Type,
    ErrorCode,
    VpcEndpoint,
    Identity,
    ConsoleSession,
    ResourceType,
    ResourceArn,
}

impl Field {
    pub(in crate::facts) const ALL: [Self; 10] = [
        Self::ReadOnly,
        Self::Source,
        Self::Name,
        Self::Type,
        Self::ErrorCode,
        Self::VpcEndpoint,
        Self::Identity,
        Self::ConsoleSession,
        Self::ResourceType,
        Self::ResourceArn,
    ];

    /// AWS's name of the field.
    pub(in crate::facts) fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::Source => "eventSource",
            Self::Name => "eventName",
            Self::Type => "eventType",
            Self::ErrorCode => "errorCode",
            Self::VpcEndpoint => "vpcEndpointId",
            Self::Identity => "userIdentity.arn",
            Self::ConsoleSession => "sessionCredentialFromConsole",
            Self::ResourceType => "resources.type",
            Self::ResourceArn => "resources.ARN",
        }
    }

    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Selectors of `category` know the field; those of event data stores count with those of trails.
    pub(super) fn belongs_to(self, category: Category) -> bool {
        match self {
            Self::Source | Self::Name | Self::Identity => true,
            Self::ReadOnly | Self::Type | Self::ConsoleSession => category != Category::NetworkActivity,
            Self::ErrorCode | Self::VpcEndpoint => category == Category::NetworkActivity,
            Self::ResourceType | Self::ResourceArn => category == Category::Data,
        }
    }

    /// All values the field can have, where they can be listed.
    pub(super) fn values(self) -> Option<[&'static str; 2]> {
        matches!(self, Self::ReadOnly | Self::ConsoleSession).then_some(["true", "false"])
    }
}

/// Texts, each to be equal to, to start with or to end in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::facts) struct Patterns<'a> {
    pub(in crate::facts) equals: BTreeSet<&'a str>,
    pub(in crate::facts) starts: BTreeSet<&'a str>,
    pub(in crate::facts) ends: BTreeSet<&'a str>,
}

impl<'a> Patterns<'a> {
    pub(super) fn equal(value: &'a str) -> Self {
        Self { equals: BTreeSet::from([value]), ..Self::default() }
    }

    pub(super) fn starting(start: &'a str) -> Self {
        Self { starts: BTreeSet::from([start]), ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.equals.is_empty() && self.starts.is_empty() && self.ends.is_empty()
    }

    /// How many comparisons a value may take.
    pub(super) fn len(&self) -> usize {
        usize::from(!self.equals.is_empty()) + self.starts.len() + self.ends.len()
    }

    fn matches(&self, value: &str) -> bool {
        self.equals.contains(value)
            || self.starts.iter().any(|start| value.starts_with(start))
            || self.ends.iter().any(|end| value.ends_with(end))
    }

    fn describe(&self, not: &str, into: &mut String) {
        for (name, values) in
            [("Equals", &self.equals), ("StartsWith", &self.starts), ("EndsWith", &self.ends)]
        {
            if !values.is_empty() {
                let separator = if into.is_empty() { "" } else { ", " };
                let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
                let _ = write!(into, "{separator}{not}{name} [{}]", values.join(", "));
            }
        }
    }
}

/// What a selector demands of one field: SELECT operators join by OR, DESELECT operators by AND, both groups by AND.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::facts) struct Condition<'a> {
    pub(in crate::facts) field: Field,
    /// One has to match; empty where there is no SELECT operator.
    pub(in crate::facts) any_of: Patterns<'a>,
    /// None may match.
    pub(in crate::facts) none_of: Patterns<'a>,
}

impl<'a> Condition<'a> {
    pub(super) fn any(field: Field, any_of: Patterns<'a>) -> Self {
        Self { field, any_of, none_of: Patterns::default() }
    }

    pub(in crate::facts) fn equals(field: Field, value: &'a str) -> Self {
        Self::any(field, Patterns::equal(value))
    }

    pub(in crate::facts) fn admits(&self, value: &str) -> bool {
        (self.any_of.is_empty() || self.any_of.matches(value)) && !self.none_of.matches(value)
    }

    /// The operators and their values, for quoting.
    pub(in crate::facts) fn operators(&self) -> String {
        let mut text = String::new();
        self.any_of.describe("", &mut text);
        self.none_of.describe("Not", &mut text);
        text
    }
}
