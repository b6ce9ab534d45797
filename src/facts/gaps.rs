//! Every call of a collection that told nothing, whether or not a verdict needed it.

use std::collections::BTreeSet;

use crate::inventory::{Bucket, Gap, GapReason, Inventory, Key, Observed, Organization, Trail};

/// The distinct gaps of an inventory, sorted. What was left out on purpose is no gap.
pub(super) fn all(inventory: &Inventory) -> Vec<Gap> {
    let mut gaps = Gaps::default();
    if let Some(organization) = &inventory.organization {
        gaps.of_organization(organization);
    }
    for account in inventory.accounts.values().filter(|account| account.in_scope) {
        gaps.add(&account.regions);
        for trails in account.trails.values() {
            gaps.add(trails);
        }
        for stores in account.event_data_stores.values() {
            gaps.add(stores);
        }
        for alerting in account.alerting.values() {
            gaps.add(&alerting.alarms);
            gaps.add(&alerting.event_rules);
            for rule in alerting.event_rules.value().into_iter().flatten() {
                gaps.add(&rule.targets);
            }
        }
    }
    inventory.trails.values().for_each(|trail| gaps.of_trail(trail));
    inventory.buckets.values().for_each(|bucket| gaps.of_bucket(bucket));
    inventory.keys.values().for_each(|key| gaps.of_key(key));
    for group in inventory.log_groups.values() {
        gaps.add(&group.settings);
        gaps.add(&group.metric_filters);
    }
    for topic in inventory.topics.values() {
        gaps.add(&topic.settings);
        gaps.add(&topic.subscriptions);
    }
    inventory.event_data_stores.values().for_each(|store| gaps.add(&store.settings));
    for bucket in inventory.watched_buckets.values() {
        gaps.add(&bucket.exists);
        gaps.add(&bucket.region);
        gaps.add(&bucket.owner);
        gaps.0.extend(bucket.unasked.values().filter(|gap| gap.reason != GapReason::NotCollected));
    }
    gaps.0.into_iter().cloned().collect()
}

#[derive(Default)]
struct Gaps<'a>(BTreeSet<&'a Gap>);

impl<'a> Gaps<'a> {
    fn add<T>(&mut self, observed: &'a Observed<T>) {
        self.0.extend(observed.gap().filter(|gap| gap.reason != GapReason::NotCollected));
    }

    fn of_organization(&mut self, organization: &'a Organization) {
        self.add(&organization.units);
        self.add(&organization.delegated_administrators);
        self.add(&organization.trusted_services);
        for policies in [&organization.service_control_policies, &organization.resource_control_policies] {
            self.add(policies);
            for policy in policies.value().into_iter().flatten() {
                self.add(&policy.document);
                self.add(&policy.targets);
            }
        }
    }

    fn of_trail(&mut self, trail: &'a Trail) {
        self.add(&trail.status);
        for status in trail.replicas.values() {
            self.add(status);
        }
        self.add(&trail.selectors);
        self.add(&trail.insights);
        self.add(&trail.tags);
        self.add(&trail.event_configuration);
    }

    fn of_bucket(&mut self, bucket: &'a Bucket) {
        self.add(&bucket.exists);
        self.add(&bucket.region);
        self.add(&bucket.owner);
        self.add(&bucket.policy);
        self.add(&bucket.policy_is_public);
        self.add(&bucket.acl);
        self.add(&bucket.public_access_block);
        self.add(&bucket.account_public_access_block);
        self.add(&bucket.object_lock);
        self.add(&bucket.versioning);
        self.add(&bucket.lifecycle);
        self.add(&bucket.access_logging);
        self.add(&bucket.object_ownership);
        self.add(&bucket.replication);
        self.add(&bucket.encryption);
    }

    fn of_key(&mut self, key: &'a Key) {
        self.add(&key.metadata);
        self.add(&key.policy);
        self.add(&key.rotates);
    }
}
