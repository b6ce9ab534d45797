//! What raises an alarm in an account that owns a trail or its log group: CloudWatch alarms where the log groups are, for a metric
//! lives beside its log group, and EventBridge rules in every region of the trails' owners.

mod alarms;
mod event_rules;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use super::reader::{Reader, is_active};
use super::regions;
use super::session::Session;
use crate::inventory::{Account, Alerting, Gap, GapReason, Inventory, Observed, Origin};

/// What is asked first; the targets of a rule are asked after the rules.
const CALLS: [&str; 2] = ["cloudwatch:DescribeAlarms", "events:ListRules"];

/// Why an account is asked.
#[derive(Default)]
struct Stake {
    owns_trail: bool,
    /// Regions of its log groups that trails deliver to.
    log_group_regions: BTreeSet<String>,
}

impl Reader<'_> {
    /// Alarms and event rules of every account that has a stake in a trail.
    pub(super) async fn read_alerting(&self, inventory: &mut Inventory) {
        if !CALLS.iter().any(|operation| self.sessions.caller.wants(operation)) {
            return;
        }
        let stakes = stakes(inventory);
        let accounts = stakes.iter().filter_map(|(id, stake)| Some((inventory.accounts.get(id)?, stake)));
        let read = accounts.map(|(account, stake)| async {
            (account.id.clone(), self.read_alerting_of(account, stake).await)
        });
        let read = self.each("alarms", read.collect()).await;
        for (id, alerting) in read {
            if let Some(account) = inventory.accounts.get_mut(&id) {
                account.alerting = alerting;
            }
        }
    }

    async fn read_alerting_of(&self, account: &Account, stake: &Stake) -> BTreeMap<String, Alerting> {
        let session = self.sessions.open(&account.id).await;
        let mut places = stake.log_group_regions.clone();
        if stake.owns_trail {
            places.extend(self.regions_of(account, session.as_ref().ok()).await);
        }
        let asked = places.into_iter().map(|region| {
            let session = &session;
            async move {
                let alerting = self.read_alerting_in(session, &region, stake).await;
                (region, alerting)
            }
        });
        join_all(asked).await.into_iter().collect()
    }

    async fn read_alerting_in(
        &self,
        session: &Result<Session, Gap>,
        region: &str,
        stake: &Stake,
    ) -> Alerting {
        let caller = self.sessions.caller;
        let alarms = async {
            match session {
                _ if !stake.log_group_regions.contains(region) => {
                    Observed::Gap(not_asked("no log group of a trail is there"))
                }
                Ok(session) => alarms::read(caller, session, region).await,
                Err(gap) => Observed::Gap(gap.clone()),
            }
        };
        let event_rules = async {
            match session {
                _ if !stake.owns_trail => Observed::Gap(not_asked("the account owns no trail")),
                Ok(session) => event_rules::read(caller, session, region).await,
                Err(gap) => Observed::Gap(gap.clone()),
            }
        };
        let (alarms, event_rules) = tokio::join!(alarms, event_rules);
        Alerting { alarms, event_rules }
    }

    /// The regions of an account, also of one whose trails were not asked for because it is out of scope.
    async fn regions_of(&self, account: &Account, session: Option<&Session>) -> Vec<String> {
        if account.in_scope {
            return account.trails.keys().cloned().collect();
        }
        if let Some(stated) = self.stated_regions() {
            return stated;
        }
        match session {
            Some(session) => self.places(&regions::enabled(self.sessions, session, self.region).await),
            None => regions::defaults(self.partition),
        }
    }
}

/// Account id → why it is asked; accounts that answer no calls are left alone.
fn stakes(inventory: &Inventory) -> BTreeMap<String, Stake> {
    let mut stakes: BTreeMap<String, Stake> = BTreeMap::new();
    for trail in inventory.trails.values().filter(|trail| is_active(inventory, &trail.owner)) {
        stakes.entry(trail.owner.clone()).or_default().owns_trail = true;
    }
    for group in inventory.log_groups.values().filter(|group| is_active(inventory, &group.owner)) {
        stakes.entry(group.owner.clone()).or_default().log_group_regions.insert(group.region.clone());
    }
    stakes
}

fn not_asked(why: &str) -> Gap {
    Gap {
        origin: Origin::Stated("collection".to_owned()),
        reason: GapReason::NotCollected,
        detail: why.to_owned(),
    }
}
