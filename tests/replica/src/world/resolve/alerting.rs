//! The names around event data stores, log groups, alarms, topics and rules.

use super::{Names, key_arn, problem};
use crate::world::{Key, Organization, Partition, Problem, Ref, Topic, World};

/// Fills accounts, regions and keys first, so that every topic has its ARN, and then what refers to topics.
pub(super) fn resolve(world: &mut World, names: &Names, problems: &mut Vec<Problem>) {
    fill(world, names, problems);
    resolve_keys(world, problems);
    let topics = Topics { topics: &world.topics, partition: world.partition };
    for alarm in &mut world.alarms {
        let (account, region) = (alarm.account.value.clone(), alarm.region.clone());
        for action in alarm.all_actions_mut() {
            topics.resolve(action, &account, &region, problems);
        }
        let kinds = [alarm.metric.is_some(), !alarm.metrics.is_empty(), alarm.rule.is_some()];
        if kinds.iter().filter(|is| **is).count() != 1 {
            let message = format!("alarm `{}` needs one of `metric`, `metrics` and `rule`", alarm.name.value);
            problems.push(problem(&alarm.name, message));
        }
    }
    for rule in &mut world.event_rules {
        for target in &mut rule.targets {
            topics.resolve(&mut target.arn, &rule.account.value, &rule.region, problems);
        }
        if rule.pattern.is_none() && rule.schedule.is_none() {
            let message = format!("rule `{}` needs a `pattern` or a `schedule`", rule.name.value);
            problems.push(problem(&rule.name, message));
        }
    }
    resolve_log_policies(world, problems);
}

/// The account and the region of everything, and that organization stores are where they belong.
fn fill(world: &mut World, names: &Names, problems: &mut Vec<Problem>) {
    let region = world.region.clone();
    let owners = (world
        .event_data_stores
        .iter_mut()
        .map(|store| (&mut store.account, &mut store.home_region)))
    .chain(world.log_groups.iter_mut().map(|group| (&mut group.account, &mut group.region)))
    .chain(world.log_resource_policies.iter_mut().map(|policy| (&mut policy.account, &mut policy.region)))
    .chain(world.alarms.iter_mut().map(|alarm| (&mut alarm.account, &mut alarm.region)))
    .chain(world.topics.iter_mut().map(|topic| (&mut topic.account, &mut topic.region)))
    .chain(world.event_buses.iter_mut().map(|bus| (&mut bus.account, &mut bus.region)))
    .chain(world.event_rules.iter_mut().map(|rule| (&mut rule.account, &mut rule.region)));
    for (account, own) in owners {
        names.account(account, problems);
        if own.is_empty() {
            own.clone_from(&region);
        }
    }
    for topic in &mut world.topics {
        let readers = topic.cross_account_read.iter_mut().map(|reader| &mut reader.account);
        let owners = topic.subscriptions.iter_mut().filter_map(|subscription| subscription.owner.as_mut());
        for account in readers.chain(owners) {
            names.account(account, problems);
        }
    }
    let management = world.organization.as_ref().map(Organization::management);
    for store in &world.event_data_stores {
        if store.organization && management != Some(&store.account.value) {
            let message = format!(
                "event data store `{}` is the organization's: it belongs to the management account",
                store.name
            );
            problems.push(problem(&store.account, message));
        }
    }
}

fn resolve_keys(world: &mut World, problems: &mut Vec<Problem>) {
    let (keys, partition): (&[Key], _) = (&world.keys, world.partition);
    let stores = world
        .event_data_stores
        .iter_mut()
        .map(|store| (&mut store.kms_key, &store.account, store.home_region.as_str()));
    let groups =
        world.log_groups.iter_mut().map(|group| (&mut group.kms_key, &group.account, group.region.as_str()));
    let topics =
        world.topics.iter_mut().map(|topic| (&mut topic.kms_key, &topic.account, topic.region.as_str()));
    for (key, account, region) in stores.chain(groups).chain(topics) {
        // AWS's own key of a service is named by its alias.
        let named = |name: &&mut String| !name.starts_with("arn:") && !name.starts_with("alias/aws/");
        let Some(name) = key.as_mut().filter(named) else { continue };
        match key_arn(keys, partition, name, region, &account.value) {
            Some(arn) => *name = arn,
            None => problems.push(problem(account, format!("there is no key `{name}`"))),
        }
    }
}

fn resolve_log_policies(world: &mut World, problems: &mut Vec<Problem>) {
    for policy in &mut world.log_resource_policies {
        let Some(name) = &mut policy.log_group else { continue };
        let group = world.log_groups.iter().find(|group| {
            group.name == name.value
                && group.account.value == policy.account.value
                && group.region == policy.region
        });
        match group {
            Some(group) => name.value = group.arn(world.partition),
            None => problems.push(problem(name, format!("there is no log group `{}`", name.value))),
        }
    }
}

/// The topics that a name can mean.
struct Topics<'a> {
    topics: &'a [Topic],
    partition: Partition,
}

impl Topics<'_> {
    /// Puts the ARN in the place of a topic's name.
    fn resolve(&self, name: &mut Ref, account: &str, region: &str, problems: &mut Vec<Problem>) {
        if name.value.starts_with("arn:") {
            return;
        }
        let mut found: Vec<&Topic> = self.topics.iter().filter(|topic| topic.name == name.value).collect();
        // A name can exist in several accounts and regions: the region decides, then the account.
        found.sort_by_key(|topic| (topic.region != region, topic.account.value != account));
        match found.first() {
            Some(topic) => name.value = topic.arn(self.partition),
            None => problems.push(problem(name, format!("there is no topic `{}`", name.value))),
        }
    }
}
