//! The buckets that trails deliver to and the keys that encrypt their files, by owner, and whether that owner's principals can weaken
//! or empty them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::chain::{Answer, Ask, Chain};
use super::outcome::Outcome;
use crate::access::Document;
use crate::access::bucket::{BUCKET_ACTIONS, OBJECT_ACTIONS};
use crate::access::control::resource_guard;
use crate::access::key::KEY_ACTIONS;
use crate::facts::Fact;
use crate::facts::fact::extend_unique;
use crate::inventory::{Account, AccountStatus, Gap, GapReason, Inventory, Observed, Origin, Trail};

/// Reasons named for stores that may exist besides.
const MOST_GAPS: usize = 3;
/// The root user of a bucket's owner may do these whatever the bucket's policy says.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html>
const LEFT_TO_ROOT: [&str; 2] = ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/// Log buckets and keys by owner.
pub(super) struct Stores<'a> {
    owned: HashMap<&'a str, Vec<Store<'a>>>,
    /// Why there may be others, or others' may be anybody's.
    pub(super) hidden: Vec<Gap>,
}

/// A bucket or a key.
pub(super) struct Store<'a> {
    /// In words.
    name: Rc<str>,
    /// Actions, the pattern for all stores of the kind, and what of this one must be protected.
    questions: Vec<(&'static [&'static str], String, Vec<String>)>,
    region: Option<&'a str>,
    policy: Own,
    /// What its owner and its policy were read from.
    pub(super) origins: Vec<Origin>,
}

/// The policy of the bucket or key itself.
enum Own {
    None,
    Known(Document, Origin),
    Unknown(Gap),
}

impl<'a> Stores<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let mut stores = Self { owned: HashMap::new(), hidden: unseen(inventory) };
        let mut buckets: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
        let mut keys: BTreeMap<&str, &Trail> = BTreeMap::new();
        for trail in inventory.trails.values() {
            buckets.entry(&trail.bucket).or_default().insert(trail.prefix.as_deref());
            if let Some(key) = &trail.kms_key {
                keys.entry(key).or_insert(trail);
            }
        }
        for (name, prefixes) in buckets {
            stores.add_bucket(name, &prefixes, inventory);
        }
        for (id, trail) in keys {
            stores.add_key(id, trail, inventory);
        }
        stores
    }

    /// What `account` owns of them.
    pub(super) fn of_account(&self, account: &str) -> &[Store<'a>] {
        self.owned.get(account).map_or(&[], Vec::as_slice)
    }

    pub(super) fn owns_any(&self, account: &str) -> Fact<bool> {
        match self.of_account(account).first() {
            Some(store) => Fact::known(true, store.origins.get(..1).unwrap_or_default()),
            None if self.hidden.is_empty() => Fact::known(false, []),
            None => Fact::Unknown(self.hidden.clone()),
        }
    }

    fn hide(&mut self, gap: Gap) {
        if self.hidden.len() < MOST_GAPS {
            extend_unique(&mut self.hidden, [gap]);
        }
    }

    fn add_bucket(&mut self, name: &'a str, prefixes: &BTreeSet<Option<&str>>, inventory: &'a Inventory) {
        let Some(bucket) = inventory.buckets.get(name) else {
            return self.hide(not_collected(format!("the bucket {name}")));
        };
        let (owner, origin) = match &bucket.owner {
            Observed::Known { value: Some(owner), origin } => (owner, origin),
            Observed::Known { value: None, .. } => return,
            Observed::Gap(gap) => return self.hide(gap.clone()),
        };
        let partition = &inventory.collection.partition;
        let start = format!("arn:{partition}:s3:::");
        let below = |prefix: Option<&str>| match prefix {
            Some(prefix) if !prefix.is_empty() => format!("{start}{name}/{prefix}/AWSLogs/*"),
            _ => format!("{start}{name}/AWSLogs/*"),
        };
        let (policy, read_by) = match &bucket.policy {
            Observed::Known { value: Some(text), origin } => (Own::of(text, origin), Some(origin)),
            Observed::Known { value: None, origin } => (Own::None, Some(origin)),
            Observed::Gap(gap) => (Own::Unknown(gap.clone()), None),
        };
        let store = Store {
            name: format!("the bucket {name}").into(),
            questions: vec![
                (BUCKET_ACTIONS, format!("{start}*"), vec![format!("{start}{name}")]),
                (OBJECT_ACTIONS, format!("{start}*/*"), prefixes.iter().copied().map(below).collect()),
            ],
            region: None,
            policy,
            origins: [Some(origin), read_by].into_iter().flatten().cloned().collect(),
        };
        self.owned.entry(owner).or_default().push(store);
    }

    fn add_key(&mut self, id: &'a str, trail: &Trail, inventory: &'a Inventory) {
        let parts: Vec<&str> = id.splitn(6, ':').collect();
        let ["arn", partition, "kms", region, owner, resource] = parts.as_slice() else {
            return self
                .hide(not_collected(format!("the owner of the key {id}, which is not named by its ARN")));
        };
        if !resource.starts_with("key/") {
            return self.hide(not_collected(format!("the key behind {id}")));
        }
        let read = inventory.keys.get(id).map(|key| &key.policy);
        let (policy, read_by) = match read {
            Some(Observed::Known { value, origin }) => (Own::of(value, origin), Some(origin)),
            Some(Observed::Gap(gap)) => (Own::Unknown(gap.clone()), None),
            None => (Own::Unknown(not_collected(format!("the key {id}"))), None),
        };
        let any = format!("arn:{partition}:kms:*:{{}}:key/*");
        let store = Store {
            name: format!("the {}", resource.replacen('/', " ", 1)).into(),
            questions: vec![(KEY_ACTIONS, any, vec![id.to_owned()])],
            region: Some(region),
            policy,
            origins: [Some(&trail.described_by), read_by].into_iter().flatten().cloned().collect(),
        };
        self.owned.entry(owner).or_default().push(store);
    }
}

impl Store<'_> {
    /// What becomes of each action of the owner's principals against it.
    pub(super) fn outcomes(&self, owner: &str, chain: &Chain, outcomes: &mut Vec<Outcome>) {
        for (actions, any, own) in &self.questions {
            let answers = chain.ask_all(actions, Ask { account: owner, resource: any, region: None });
            for (action, any) in actions.iter().zip(answers.iter()) {
                for resource in own {
                    let ask = Ask { account: owner, resource, region: self.region };
                    let outcome = if any.is_settled() {
                        Outcome::of(action, &self.name, any)
                    } else {
                        Outcome::of(action, &self.name, &chain.ask(action, ask))
                    };
                    outcomes.push(self.with_own_policy(outcome, action, ask, chain));
                }
            }
        }
    }

    fn with_own_policy(
        &self,
        outcome: Outcome,
        action: &'static str,
        ask: Ask<'_>,
        chain: &Chain,
    ) -> Outcome {
        if outcome.is_denied == Some(true) || LEFT_TO_ROOT.contains(&action) {
            return outcome;
        }
        match &self.policy {
            Own::None => outcome,
            Own::Unknown(gap) => outcome.or(Outcome::open(vec![gap.clone()])),
            Own::Known(document, origin) => {
                let guard = resource_guard(document, &chain.question(action, ask));
                let gap = || Gap {
                    origin: origin.clone(),
                    reason: GapReason::Unreadable,
                    detail: format!("the policy of {}: {}", self.name, guard.notes.join("; ")),
                };
                let gaps = if guard.is_denied.is_none() { vec![gap()] } else { Vec::new() };
                outcome.or(Outcome::of(action, &self.name, &Answer { guard, gaps }))
            }
        }
    }
}

impl Own {
    fn of(text: &str, origin: &Origin) -> Self {
        match Document::parse(text) {
            Ok(document) => Self::Known(document, origin.clone()),
            Err(error) => Self::Unknown(Gap {
                origin: origin.clone(),
                reason: GapReason::Unreadable,
                detail: error.to_string(),
            }),
        }
    }
}

/// Why accounts that are looked at may have trails that were not seen, and those other buckets and keys.
fn unseen(inventory: &Inventory) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let is_looked_at = |one: &&Account| one.in_scope && one.status == AccountStatus::Active;
    for account in inventory.accounts.values().filter(is_looked_at) {
        extend_unique(&mut gaps, account.regions.gap().cloned());
        let asked = account.regions.value().into_iter().flatten();
        if let Some(region) = asked.clone().find(|region| !account.trails.contains_key(*region)) {
            gaps.push(not_collected(format!("the trails of {} in {region}", account.id)));
        }
        for listed in account.trails.values() {
            let sightings = listed.value().into_iter().flatten();
            let is_lost = |arn: &str| !inventory.trails.contains_key(arn);
            let lost = sightings.filter(|one| is_lost(&one.arn));
            extend_unique(&mut gaps, listed.gap().cloned());
            extend_unique(&mut gaps, lost.map(|one| not_collected(format!("the trail {}", one.arn))));
        }
        if gaps.len() >= MOST_GAPS {
            gaps.truncate(MOST_GAPS);
            break;
        }
    }
    gaps
}

fn not_collected(what: String) -> Gap {
    Gap { origin: Origin::Stated(what), reason: GapReason::NotCollected, detail: String::new() }
}
