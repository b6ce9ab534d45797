//! How long a large organization takes; run by hand with `--ignored --nocapture`.

use std::time::Instant;

use super::world::{World, gap, local, logging, of_organization};
use crate::inventory::{Observed, Origin, TrailSighting};

const REGIONS: usize = 17;

/// An organization trail everywhere; every tenth account has a trail of its own, every tenth a region that was not read.
fn organization_of(accounts: usize) -> World {
    let mut world = World::organization().with(of_organization("org"));
    let shown = world.0.trails.keys().next().cloned().unwrap();
    let template = world.account_mut(super::world::MEMBER).clone();
    for number in 0..accounts {
        let id = format!("{:012}", 400_000_000_000_usize + number);
        let mut account = template.clone();
        account.id.clone_from(&id);
        let regions: Vec<String> = (0..REGIONS).map(|region| format!("region-{region:02}")).collect();
        let origin = Origin::Stated(format!("cloudtrail:DescribeTrails in {id}"));
        account.trails = regions
            .iter()
            .map(|region| {
                let sightings = vec![TrailSighting { arn: shown.clone() }];
                (region.clone(), Observed::known(sightings, origin.clone()))
            })
            .collect();
        if number % 10 == 1 {
            let denied = gap("cloudtrail:DescribeTrails", &id, "region-03");
            account.trails.insert("region-03".to_owned(), Observed::Gap(denied));
        }
        account.regions = Observed::known(regions, origin);
        world.0.accounts.insert(id.clone(), account);
        if number % 10 == 0 {
            let mut own = local(&format!("own-{number}"), "region-00");
            (own.owner, own.status) = (id, logging(number % 20 == 0));
            world = with_own(world, own);
        }
    }
    world
}

fn with_own(mut world: World, mut trail: crate::inventory::Trail) -> World {
    trail.arn = format!("arn:aws:cloudtrail:region-00:{}:trail/{}", trail.owner, trail.name);
    let owner = trail.owner.clone();
    if let Some(Observed::Known { value, .. }) = world.account_mut(&owner).trails.get_mut("region-00") {
        value.push(TrailSighting { arn: trail.arn.clone() });
    }
    trail.seen_in.insert(owner, vec!["region-00".to_owned()]);
    world.0.trails.insert(trail.arn.clone(), trail);
    world
}

#[test]
#[ignore = "a measurement"]
fn ten_thousand_accounts_by_seventeen_regions() {
    for accounts in [100, 1_000, 10_000] {
        let world = organization_of(accounts);
        let start = Instant::now();
        let facts = world.facts();
        let taken = start.elapsed();
        let regions: usize = facts.accounts.iter().map(|account| account.regions.rows.len()).sum();
        println!("{accounts} accounts, {regions} regions, {} trails: {taken:?}", facts.trails.len());
    }
}
