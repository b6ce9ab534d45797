//! A bucket that a parameter names: of some account, of nobody, or none at all.

use std::collections::BTreeMap;

use super::super::world::{World, known};
use super::{ACCOUNTS, put};
use crate::facts::{Critical, Facts};
use crate::inventory::{Gap, WatchedBucket};

const NAME: &str = "payroll";

pub(super) fn watch(world: &mut World, owner: usize) {
    let owner = ACCOUNTS.get(owner);
    let watched = WatchedBucket {
        name: NAME.to_owned(),
        exists: known(owner.is_some() || world.0.trails.len() > 2),
        region: known("eu-west-1".to_owned()),
        owner: known(owner.map(|owner| (*owner).to_owned())),
        unasked: BTreeMap::new(),
    };
    world.0.watched_buckets.insert(NAME.to_owned(), watched);
}

/// The owner did not tell; nor, perhaps, did other accounts, which may own it for all that is known.
pub(super) fn tear_watched(world: &mut World, tear: &mut dyn FnMut(&str) -> Option<Gap>) {
    for watched in world.0.watched_buckets.values_mut() {
        put(&mut watched.exists, tear("s3:HeadBucket"));
        put(&mut watched.region, tear("s3:HeadBucket"));
        let owner = watched.owner.value().cloned().flatten();
        for account in ACCOUNTS {
            let silent = tear("s3:ListBuckets");
            watched.unasked.extend(silent.clone().map(|gap| (account.to_owned(), gap)));
            put(&mut watched.owner, silent.filter(|_| owner.as_deref().is_none_or(|owner| owner == account)));
        }
        if watched.owner.value().is_some() {
            watched.unasked.clear();
        }
    }
}

pub(super) fn facts(world: &World) -> Facts {
    let buckets = [NAME.to_owned()].into();
    world.facts_of(&Critical { buckets, ..Critical::default() })
}
