//! Turns the names of a world file into ids, fills what is derived, and gathers every mistake.

mod alerting;

use super::{Key, Moment, POLICY_TYPES, Partition, Problem, Ref, World};
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves in place; the world is usable when the list is empty.
pub(super) fn resolve(world: &mut World) -> Vec<Problem> {
    let mut problems = Vec::new();
    if world.region.is_empty() {
        world.region = world.partition.default_regions()[0].into();
    }
    if matches!(world.now, Some(Moment::Never)) {
        problems.push(general("`now` cannot be never"));
    }
    if world.page_size == 0 {
        problems.push(general("`page_size` must be at least 1"));
    }
    fill_accounts(world, &mut problems);
    let names = Names::of(world);
    resolve_organization(world, &names, &mut problems);
    resolve_callers(world, &names, &mut problems);
    resolve_resources(world, &names, &mut problems);
    resolve_keys(world, &mut problems);
    alerting::resolve(world, &names, &mut problems);
    problems
}

fn general(message: impl Into<String>) -> Problem {
    Problem { line: 0, column: 0, message: message.into() }
}

fn problem(at: &Ref, message: impl Into<String>) -> Problem {
    Problem { line: at.referenced.line(), column: at.referenced.column(), message: message.into() }
}

/// Account ids by name and by id.
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(world: &World) -> Self {
        let by_name = world.accounts.iter().map(|account| (account.name.clone(), account.id().to_owned()));
        let by_id = world.accounts.iter().map(|account| (account.id().to_owned(), account.id().to_owned()));
        Self(by_name.chain(by_id).collect())
    }

    fn account(&self, name: &mut Ref, problems: &mut Vec<Problem>) {
        match self.0.get(&name.value) {
            Some(id) => name.value.clone_from(id),
            None => problems.push(problem(name, format!("there is no account `{}`", name.value))),
        }
    }
}

fn fill_accounts(world: &mut World, problems: &mut Vec<Problem>) {
    let regions: BTreeSet<&str> =
        [world.partition.default_regions(), world.partition.opt_in_regions()].concat().into_iter().collect();
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for (index, account) in world.accounts.iter_mut().enumerate() {
        let id = account.id.get_or_insert_with(|| Spanned {
            value: format!("{:012}", 100_000_000_001_u64 + index as u64),
            ..Spanned::new(String::new(), serde_saphyr::Location::UNKNOWN, serde_saphyr::Location::UNKNOWN)
        });
        if id.value.len() != 12 || !id.value.bytes().all(|byte| byte.is_ascii_digit()) {
            problems.push(problem(id, format!("`{}` is no account id: twelve digits, quoted", id.value)));
        }
        if !seen.insert(id.value.clone()) {
            problems.push(problem(id, format!("account id `{}` is taken", id.value)));
        }
        if !names.insert(account.name.clone()) {
            problems.push(problem(id, format!("account name `{}` is taken", account.name)));
        }
        for change in &account.enabled_regions {
            let known = change.value.starts_with(['+', '-', '~', '!'])
                && change.value.get(1..).is_some_and(|region| regions.contains(region));
            if !known {
                problems.push(problem(change, format!("`{}`: write a known region after `+` (enabled), `-` (disabled), `~` (enabling) or `!` (disabling)", change.value)));
            }
        }
    }
    if world.accounts.is_empty() {
        problems.push(general("a world has at least one account"));
    }
}

fn resolve_organization(world: &mut World, names: &Names, problems: &mut Vec<Problem>) {
    let first = world.accounts.first().map(|account| account.id().to_owned());
    let Some(organization) = &mut world.organization else { return };
    match &mut organization.management {
        Some(management) => names.account(management, problems),
        None => {
            organization.management = first
                .map(|id| Spanned::new(id, serde_saphyr::Location::UNKNOWN, serde_saphyr::Location::UNKNOWN));
        }
    }
    organization.flatten();
    for account in &mut world.accounts {
        if let Some(unit) = &mut account.unit {
            match organization.node(&unit.value) {
                Some(node) => unit.value.clone_from(&node.id),
                None => problems.push(problem(unit, format!("there is no unit `{}`", unit.value))),
            }
        }
    }
    for delegation in &mut organization.delegated_administrators {
        names.account(&mut delegation.account, problems);
    }
    let mut policies = std::mem::take(&mut organization.policies);
    for target in policies.iter_mut().flat_map(|policy| &mut policy.targets) {
        match organization.node(&target.value).map(|node| &node.id).or_else(|| names.0.get(&target.value)) {
            Some(id) => target.value.clone_from(id),
            None => {
                problems.push(problem(target, format!("there is no unit or account `{}`", target.value)));
            }
        }
    }
    for policy in &policies {
        let enabled = organization.policy_types.contains(&policy.kind);
        if let Some(target) = policy.targets.first().filter(|_| !enabled) {
            let kind = &policy.kind;
            let message =
                format!("policy `{}` has targets, but `policy_types` is without {kind}", policy.name);
            problems.push(problem(target, message));
        }
    }
    organization.policies = policies;
    let kinds = organization.policies.iter().map(|policy| &policy.kind).chain(&organization.policy_types);
    for kind in kinds.filter(|kind| !POLICY_TYPES.contains(&kind.as_str())) {
        problems.push(general(format!("`{kind}` is no policy type")));
    }
}

fn resolve_callers(world: &mut World, names: &Names, problems: &mut Vec<Problem>) {
    for caller in &mut world.callers {
        names.account(&mut caller.account, problems);
    }
    for deny in &mut world.denies {
        if let Some(account) = &mut deny.account {
            names.account(account, problems);
        }
    }
}

fn resolve_resources(world: &mut World, names: &Names, problems: &mut Vec<Problem>) {
    let region = world.region.clone();
    let fill = |own: &mut String| {
        if own.is_empty() {
            own.clone_from(&region);
        }
    };
    for trail in &mut world.trails {
        names.account(&mut trail.account, problems);
        fill(&mut trail.home_region);
        if !trail.event_selectors.is_empty() && !trail.advanced_event_selectors.is_empty() {
            problems.push(problem(
                &trail.account,
                format!(
                    "trail `{}` has classic and advanced selectors; CloudTrail keeps one kind",
                    trail.name
                ),
            ));
        }
    }
    for bucket in &mut world.buckets {
        names.account(&mut bucket.account, problems);
        fill(&mut bucket.region);
        for reader in &mut bucket.cross_account_read {
            names.account(&mut reader.account, problems);
        }
        for account in bucket.replication.iter_mut().filter_map(|rule| rule.account.as_mut()) {
            names.account(account, problems);
        }
    }
    for key in &mut world.keys {
        names.account(&mut key.account, problems);
        fill(&mut key.region);
        if key.id.is_none() {
            key.id = Some(key.derived_id());
        }
        for reader in &mut key.cross_account_describe {
            names.account(reader, problems);
        }
    }
}

/// The ARN of the key that an alias or id means.
fn key_arn(keys: &[Key], partition: Partition, name: &str, region: &str, account: &str) -> Option<String> {
    let wanted = name.trim_start_matches("alias/");
    let mut found: Vec<_> =
        keys.iter().filter(|key| key.id() == wanted || key.alias() == Some(wanted)).collect();
    // An alias can exist in several accounts and regions: the region decides, then the account.
    found.sort_by_key(|key| (key.region != region, key.account.value != account));
    found.first().map(|key| key.arn(partition))
}

fn resolve_keys(world: &mut World, problems: &mut Vec<Problem>) {
    let (keys, partition) = (&world.keys, world.partition);
    let trails =
        world.trails.iter_mut().map(|trail| (&mut trail.kms_key, &trail.account, trail.home_region.as_str()));
    let buckets = world
        .buckets
        .iter_mut()
        .map(|bucket| (&mut bucket.encryption.key, &bucket.account, bucket.region.as_str()));
    for (key, account, region) in trails.chain(buckets) {
        let Some(name) = key.as_mut().filter(|name| !name.starts_with("arn:")) else { continue };
        match key_arn(keys, partition, name, region, &account.value) {
            Some(arn) => *name = arn,
            None => problems.push(problem(account, format!("there is no key `{name}`"))),
        }
    }
}
