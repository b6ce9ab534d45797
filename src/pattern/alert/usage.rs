//! Few events in which most values meet.

use std::collections::BTreeMap;

use super::identity::Identity;

/// Where and by whom a call may be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'s> {
    pub(super) region: &'s str,
    pub(super) account: &'s str,
    pub(super) identity: Identity,
}

/// How often each two values met. Taking what met least, again and again, lets nearly all pairs meet: a pattern that is too narrow
/// in one of them is found.
#[derive(Debug, Default)]
pub(super) struct Usage<'s> {
    of_all: Counts<'s>,
    of_call: Counts<'s>,
}

#[derive(Debug, Default)]
struct Counts<'s> {
    places: BTreeMap<(&'s str, &'s str), usize>,
    regions: BTreeMap<(&'s str, Identity), usize>,
    accounts: BTreeMap<(&'s str, Identity), usize>,
    region: BTreeMap<&'s str, usize>,
    account: BTreeMap<&'s str, usize>,
    identity: BTreeMap<Identity, usize>,
}

impl<'s> Counts<'s> {
    fn pairs(&self, of: &Candidate<'s>) -> usize {
        let Candidate { region, account, identity } = *of;
        let counts = [
            self.places.get(&(region, account)),
            self.regions.get(&(region, identity)),
            self.accounts.get(&(account, identity)),
        ];
        counts.into_iter().flatten().sum()
    }

    fn singles(&self, of: &Candidate<'s>) -> usize {
        let counts =
            [self.region.get(of.region), self.account.get(of.account), self.identity.get(&of.identity)];
        counts.into_iter().flatten().sum()
    }

    fn add(&mut self, of: &Candidate<'s>) {
        let Candidate { region, account, identity } = *of;
        *self.places.entry((region, account)).or_default() += 1;
        *self.regions.entry((region, identity)).or_default() += 1;
        *self.accounts.entry((account, identity)).or_default() += 1;
        *self.region.entry(region).or_default() += 1;
        *self.account.entry(account).or_default() += 1;
        *self.identity.entry(identity).or_default() += 1;
    }
}

impl<'s> Usage<'s> {
    /// The candidate whose values are the freshest: for this call first, then for all.
    pub(super) fn least_used(&mut self, candidates: &[Candidate<'s>]) -> Option<Candidate<'s>> {
        let age = |candidate: &&Candidate<'s>| {
            let fresh = self.of_call.singles(candidate) + self.of_call.pairs(candidate);
            (fresh, self.of_all.pairs(candidate), self.of_all.singles(candidate))
        };
        let chosen = *candidates.iter().min_by_key(age)?;
        self.of_call.add(&chosen);
        self.of_all.add(&chosen);
        Some(chosen)
    }

    /// Another event name is next.
    pub(super) fn next_call(&mut self) {
        self.of_call = Counts::default();
    }
}
