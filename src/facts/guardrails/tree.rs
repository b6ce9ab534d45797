//! The way from the root of the organization to an account.

use std::collections::HashMap;
use std::rc::Rc;

use crate::inventory::{Gap, GapReason, Observed, OrganizationalUnit, Origin};

/// Units inside units; AWS nests five below the root.
const DEEPEST: usize = 16;

/// Which unit holds which account, and what is above it.
pub(super) struct Tree<'a> {
    /// `None` for an account that two units list.
    unit_of: HashMap<&'a str, Option<&'a str>>,
    /// From the root to the unit itself; `None` where the units contradict each other.
    paths: HashMap<&'a str, Option<Rc<[&'a str]>>>,
    units: &'a Observed<Vec<OrganizationalUnit>>,
}

/// The units above an account.
pub(super) enum Path<'a> {
    /// Root first.
    Known { units: Rc<[&'a str]>, origin: &'a Origin },
    /// Not known, for this reason.
    Hidden(Gap),
}

impl<'a> Tree<'a> {
    pub(super) fn of(units: &'a Observed<Vec<OrganizationalUnit>>) -> Self {
        let mut tree = Self { unit_of: HashMap::new(), paths: HashMap::new(), units };
        for unit in units.value().into_iter().flatten() {
            let path = tree.path_of(unit);
            tree.paths.entry(&unit.id).and_modify(|known| *known = None).or_insert(path);
            for account in &unit.accounts {
                tree.unit_of.entry(account).and_modify(|known| *known = None).or_insert(Some(&unit.id));
            }
        }
        tree
    }

    fn path_of(&self, unit: &'a OrganizationalUnit) -> Option<Rc<[&'a str]>> {
        let Some(parent) = &unit.parent else { return Some(Rc::from([unit.id.as_str()])) };
        let above = self.paths.get(parent.as_str())?.as_ref().filter(|above| above.len() < DEEPEST)?;
        Some(above.iter().copied().chain([unit.id.as_str()]).collect())
    }

    /// The unit that lists the account.
    pub(super) fn unit_of(&self, account: &str) -> Option<&'a str> {
        self.unit_of.get(account).copied().flatten()
    }

    pub(super) fn path(&self, account: &str) -> Path<'a> {
        let origin = match self.units {
            Observed::Known { origin, .. } => origin,
            Observed::Gap(gap) => return Path::Hidden(gap.clone()),
        };
        let path = self.unit_of(account).and_then(|unit| self.paths.get(unit)?.clone());
        path.map_or_else(
            || {
                let detail = "the units do not show the one place of the account".to_owned();
                Path::Hidden(Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail })
            },
            |units| Path::Known { units, origin },
        )
    }
}
