//! Whether the principals of an account can stop, delete, change or blind a trail.

use std::rc::Rc;

use super::chain::{Answer, Ask, Chain};
use super::outcome::Outcome;
use crate::access::control::TRAIL_ACTIONS;
use crate::facts::coverage::Coverage;
use crate::facts::fact::extend_unique;
use crate::inventory::{Account, Gap, Organization, Trail};

/// Trails of one owner, and whose principals could change them.
struct Targets<'t, 'a> {
    account: &'a str,
    trails: &'t [&'a Trail],
    /// Pattern for any trail that the owner could have.
    any: String,
    /// `{}` in ARNs for the account itself: accounts with trails of one name share an answer.
    is_own: bool,
}

/// What becomes of each action against each trail of `account`, or against any where it has none, and against those of the
/// organization where the account administers them.
pub(super) fn outcomes<'a>(
    account: &'a Account,
    trails: &[&'a Trail],
    chain: &Chain,
    coverage: &Coverage<'a>,
) -> Vec<Outcome> {
    let partition = &coverage.inventory.collection.partition;
    let any = format!("arn:{partition}:cloudtrail:*:{{}}:trail/*");
    let own = Targets { account: &account.id, trails, any, is_own: true };
    let mut outcomes = Vec::new();
    own.add(chain, &|| coverage.unseen(account), &mut outcomes);
    if let Some(organization) = &coverage.inventory.organization
        && organization.management_account != account.id
    {
        add_administered(account, organization, chain, coverage, &mut outcomes);
    }
    outcomes
}

/// A delegated administrator can change the organization's trails.
///
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html>
fn add_administered<'a>(
    account: &'a Account,
    organization: &Organization,
    chain: &Chain,
    coverage: &Coverage<'a>,
    outcomes: &mut Vec<Outcome>,
) {
    let administrators = organization.delegated_administrators.value();
    if administrators.is_some_and(|all| !all.iter().any(|one| one.account == account.id)) {
        return;
    }
    let management = &organization.management_account;
    let unseen = || match coverage.inventory.accounts.get(management) {
        Some(management) => coverage.unseen(management),
        None => coverage.undescribed(),
    };
    let trails: Vec<&Trail> = coverage.organization_trails().map(|one| one.trail).collect();
    if trails.is_empty() && unseen().is_empty() {
        return;
    }
    let any = format!("arn:{}:cloudtrail:*:{management}:trail/*", coverage.inventory.collection.partition);
    let targets = Targets { account: &account.id, trails: &trails, any, is_own: false };
    let mut found = Vec::new();
    targets.add(chain, &unseen, &mut found);
    match organization.delegated_administrators.gap() {
        Some(gap) if found.iter().any(|one| one.is_denied != Some(true)) => {
            outcomes.push(Outcome::open(vec![gap.clone()]));
        }
        _ => outcomes.extend(found),
    }
}

impl Targets<'_, '_> {
    /// One answer serves all trails if it can; where some are denied and others not, each is asked about.
    fn add(&self, chain: &Chain, unseen: &dyn Fn() -> Vec<Gap>, outcomes: &mut Vec<Outcome>) {
        let ask = Ask { account: self.account, resource: &self.any, region: None };
        let any = chain.ask_all(TRAIL_ACTIONS, ask);
        for (at, (action, any)) in TRAIL_ACTIONS.iter().zip(any.iter()).enumerate() {
            let has_any = self.is_own || !self.trails.is_empty() || any.guard.is_denied == Some(true);
            if any.is_settled() && has_any {
                outcomes.push(Outcome::of(action, &Rc::default(), any));
                continue;
            }
            let mut unseen = unseen();
            if self.trails.is_empty() && unseen.is_empty() {
                outcomes.push(Outcome::of(action, &Rc::default(), any));
                continue;
            }
            for trail in self.trails {
                let answers = self.of_trail(trail, chain);
                let on = format!("the trail {}", trail.name).into();
                outcomes.extend(answers.get(at).map(|answer| Outcome::of(action, &on, answer)));
            }
            if !unseen.is_empty() {
                extend_unique(&mut unseen, any.gaps.iter().cloned());
                outcomes.push(Outcome::open(unseen));
            }
        }
    }

    /// A trail can only be changed in its home region.
    fn of_trail(&self, trail: &Trail, chain: &Chain) -> Rc<[Answer]> {
        let own = format!(":{}:", self.account);
        let arn = if self.is_own { trail.arn.replacen(&own, ":{}:", 1) } else { trail.arn.clone() };
        let region = Some(trail.home_region.as_str());
        chain.ask_all(TRAIL_ACTIONS, Ask { account: self.account, resource: &arn, region })
    }
}
