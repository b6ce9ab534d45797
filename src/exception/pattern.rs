//! Which subjects an exception speaks of.

use std::collections::BTreeMap;

use crate::pattern::Glob;

/// A name, or a pattern in which `*` stands for any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    glob: Glob,
}

impl Name {
    /// Every `*` is a wildcard.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), glob: Glob::of_stars(text) }
    }

    /// Whether it may stand for several names.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.text.contains('*')
    }

    /// Whether it stands for every name.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.text.bytes().all(|byte| byte == b'*')
    }

    /// Whether it can only be meant for ids of accounts: whoever runs an account may give it the id of another one as its name.
    fn is_of_ids(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*')
    }

    /// Whether it stands for ARNs of every kind of subject.
    fn is_any_arn(&self) -> bool {
        let of = |partition: &str| UNLIKE.iter().all(|rest| self.matches(&format!("arn:{partition}:{rest}")));
        ["aws", "aws-cn", "aws-us-gov"].into_iter().any(of)
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        !name.is_empty() && self.glob.matches(name)
    }
}

/// Ends of ARNs that have nothing in common.
const UNLIKE: [&str; 3] = ["s3:::x", "cloudtrail:y:1:trail/z", "kms:w:2:key/v"];

/// What is known of a subject besides its ids.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around<'a> {
    /// Id of the account it belongs to.
    pub(super) account: &'a str,
    /// Name of that account.
    pub(super) account_name: &'a str,
    /// Unit names from the root down; empty when not known.
    pub(super) path: &'a [String],
    /// `None`: not known.
    pub(super) tags: Option<&'a BTreeMap<String, String>>,
}

/// Patterns of subjects. A subject is meant when it meets one of each kind that is given; what is not known of it meets none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    /// ARNs.
    pub arns: Vec<Name>,
    /// Account ids or account names.
    pub accounts: Vec<Name>,
    /// Paths of unit names from below the root; a part `**` stands for any number of units.
    pub units: Vec<Vec<Name>>,
    /// Tag keys, with patterns of their values.
    pub tags: Vec<(String, Name)>,
}

impl Subjects {
    /// Whether it limits nothing: it has no pattern, or one kind of them with nothing but stars.
    #[must_use]
    pub fn is_any(&self) -> bool {
        let any = |names: &[Name], is: fn(&Name) -> bool| names.is_empty() || names.iter().any(is);
        let any_unit = |unit: &Vec<Name>| unit.iter().all(|part| part.text == "**");
        any(&self.arns, Name::is_any_arn)
            && any(&self.accounts, Name::is_any)
            && (self.units.is_empty() || self.units.iter().any(any_unit))
            && self.tags.is_empty()
    }

    pub(super) fn holds(&self, id: &str, around: &Around<'_>) -> bool {
        let meets = |names: &[Name], is: &dyn Fn(&Name) -> bool| names.is_empty() || names.iter().any(is);
        meets(&self.arns, &|name| name.matches(id))
            && meets(&self.accounts, &|name| {
                name.matches(around.account) || (!name.is_of_ids() && name.matches(around.account_name))
            })
            && (self.units.is_empty() || self.units.iter().any(|unit| is_under(unit, around.path)))
            && (self.tags.is_empty() || self.tags.iter().any(|(key, value)| has_tag(around, key, value)))
    }

    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        let list =
            |names: &[Name]| names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(" or ");
        let paths: Vec<String> = self
            .units
            .iter()
            .map(|unit| unit.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("/"))
            .collect();
        let tags: Vec<String> =
            self.tags.iter().map(|(key, value)| format!("{key}={}", value.text)).collect();
        [
            ("arn", list(&self.arns)),
            ("account", list(&self.accounts)),
            ("ou", paths.join(" or ")),
            ("tag", tags.join(" or ")),
        ]
        .into_iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(kind, words)| format!("{kind} {words}"))
    }
}

fn has_tag(around: &Around<'_>, key: &str, value: &Name) -> bool {
    let found = around.tags.and_then(|tags| tags.get(key));
    found.is_some_and(|found| value.is_any() || value.matches(found))
}

/// Whether the units below the root are of this form. Takes the product of both lengths.
fn is_under(pattern: &[Name], path: &[String]) -> bool {
    let Some((_, units)) = path.split_first() else { return false };
    // reached[i]: the parts read so far can stand for the first i units.
    let mut reached = vec![false; units.len() + 1];
    reached[0] = true;
    for part in pattern {
        if part.text == "**" {
            let first = reached.iter().position(|it| *it).unwrap_or(reached.len());
            reached.iter_mut().skip(first).for_each(|it| *it = true);
            continue;
        }
        let mut next = vec![false; units.len() + 1];
        for (at, unit) in units.iter().enumerate() {
            next[at + 1] = reached[at] && part.matches(unit);
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}
