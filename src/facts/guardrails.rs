//! Whether the control policies of the organization keep the principals of an account from weakening its audit trail.
//!
//! Service control policies bind the principals of every account but the management account; resource control policies protect the
//! resources of the same accounts. Neither binds service-linked roles.
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>

mod chain;
mod naming;
mod outcome;
mod policies;
mod stores;
mod trails;
mod tree;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use self::chain::Chain;
use self::outcome::{all_denied, exemptions, undenied};
use self::policies::Policies;
use self::tree::Tree;
use super::Fact;
use super::coverage::Coverage;
use crate::inventory::{Account, Gap, GapReason, Inventory, Organization, Origin, Trail};

pub(super) use self::stores::{Store, StoreGuard, Threat};

/// The control policies of an inventory, ready to be asked what they deny in an account.
pub(super) struct Guardrails<'a> {
    inventory: &'a Inventory,
    control: Option<Control<'a>>,
    trails: HashMap<&'a str, Vec<&'a Trail>>,
    chains: RefCell<HashMap<Way, Rc<Chain>>>,
}

/// The policies of an organization and where its accounts are.
struct Control<'a> {
    organization: &'a Organization,
    tree: Tree<'a>,
    /// Service control policies.
    of_principals: Policies<'a>,
    /// Resource control policies.
    of_resources: Policies<'a>,
}

/// What accounts have in common that the same policies bind: their unit, and the ids of the policies of their own.
#[derive(PartialEq, Eq, Hash)]
struct Way {
    unit: Option<String>,
    own: Vec<String>,
    with_resources: bool,
}

/// The facts of one account.
pub(super) struct GuardrailFacts {
    pub(super) denies_trail_changes: Fact<bool>,
    pub(super) undenied_trail_actions: String,
    pub(super) guardrail_exemptions: String,
}

impl<'a> Guardrails<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let mut trails: HashMap<&str, Vec<&Trail>> = HashMap::new();
        for trail in inventory.trails.values() {
            trails.entry(&trail.owner).or_default().push(trail);
        }
        let control = inventory.organization.as_ref().map(|organization| Control {
            organization,
            tree: Tree::of(&organization.units),
            of_principals: Policies::of(&organization.service_control_policies),
            of_resources: Policies::of(&organization.resource_control_policies),
        });
        Self { inventory, control, trails, chains: RefCell::default() }
    }

    pub(super) fn facts<'c>(&self, account: &'c Account, coverage: &Coverage<'c>) -> GuardrailFacts {
        let own = self.trails.get(account.id.as_str()).map_or(&[][..], Vec::as_slice);
        let chain = self.chain(account, false);
        let trails = trails::outcomes(account, own, &chain, coverage);
        GuardrailFacts {
            denies_trail_changes: all_denied(&trails, &chain.origins),
            undenied_trail_actions: undenied(&trails),
            guardrail_exemptions: exemptions(&trails),
        }
    }

    /// The policies that bind `account`, and with `with_resources` those of its resources; shared by accounts that have them in common.
    fn chain(&self, account: &Account, with_resources: bool) -> Rc<Chain> {
        let Some(control) = &self.control else { return Rc::new(self.without_organization()) };
        if control.spares(account) {
            return Rc::default();
        }
        let kinds: &[&Policies<'_>] = &[&control.of_principals, &control.of_resources];
        let kinds = if with_resources { kinds } else { &kinds[..1] };
        let own = kinds.iter().flat_map(|policies| policies.at(&account.id)).map(|policy| policy.id.clone());
        let way = Way {
            unit: control.tree.unit_of(&account.id).map(str::to_owned),
            own: own.collect(),
            with_resources,
        };
        if let Some(known) = self.chains.borrow().get(&way) {
            return Rc::clone(known);
        }
        let path = control.tree.path(&account.id);
        let chain = Rc::new(Chain::of(kinds, &path, &account.id, &control.organization.id));
        self.chains.borrow_mut().insert(way, Rc::clone(&chain));
        chain
    }

    fn without_organization(&self) -> Chain {
        if !self.inventory.collection.scope.account_only {
            return Chain::default();
        }
        Chain::hidden(Gap {
            origin: Origin::Stated("--account-only".to_owned()),
            reason: GapReason::NotCollected,
            detail: "the policies of an organization that the account may belong to".to_owned(),
        })
    }
}

impl Control<'_> {
    /// No control policy binds the account or protects what is in it.
    fn spares(&self, account: &Account) -> bool {
        let is_billing_only = self.organization.feature_set == "CONSOLIDATED_BILLING";
        is_billing_only || self.organization.management_account == account.id
    }
}
