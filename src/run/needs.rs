//! What the selected rules need to ask, and to be allowed to ask.

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::Value;

use super::packs;
use crate::cli::{Holder, Permissions};
use crate::collect;
use crate::config::Config;
use crate::error::Error;
use crate::facts::Critical;
use crate::pack::{Pack, Rule};
use crate::permissions;

/// What the rules call critical, by their parameters.
pub(super) fn critical(packs: &[Pack]) -> Critical {
    Critical { buckets: named(packs, "critical_buckets"), functions: named(packs, "critical_functions") }
}

fn named(packs: &[Pack], parameter: &str) -> BTreeSet<String> {
    let rules = packs.iter().flat_map(|pack| &pack.rules);
    let values = rules.filter_map(|rule| rule.values.get(parameter).and_then(Value::as_array));
    values.flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What the selected rules and the exceptions need a collection to ask.
pub(super) struct Needs {
    pub(super) calls: BTreeSet<&'static str>,
    pub(super) watched_buckets: BTreeSet<String>,
}

impl Needs {
    pub(super) fn of(packs: &[Pack], config: &Config) -> Self {
        let rules = packs.iter().flat_map(|pack| &pack.rules);
        let names_tags = config.exceptions.iter().any(|entry| !entry.subject.tags.is_empty());
        let calls = rules.flat_map(Rule::calls).chain(names_tags.then_some("cloudtrail:ListTags"));
        Self { calls: collect::wanted(calls), watched_buckets: critical(packs).buckets }
    }

    /// Whatever any pack may need.
    pub(super) fn everything() -> Self {
        Self { calls: collect::every_call(), watched_buckets: BTreeSet::new() }
    }
}

/// Prints the permissions for what the selected rules need to ask.
pub(super) fn print_permissions(options: &Permissions) -> Result<u8, Error> {
    let config = packs::configuration(&options.packs)?;
    let needs = Needs::of(&packs::load_with(&config, &options.packs, true)?, &config);
    let holder = match options.holder {
        Holder::Members => permissions::MEMBERS,
        Holder::Start => permissions::START,
    };
    let text = permissions::document(&holder, options.format, &needs.calls, &options.role_name);
    let text = text.map_err(Error::Template)?;
    std::io::stdout().write_all(text.as_bytes()).map_err(Error::Stdout)?;
    Ok(0)
}
