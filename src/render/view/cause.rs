//! Why verdicts are unknown: gaps grouped by what went wrong, so that one denied role is one cause and not a hundred.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::inventory::{Gap, GapReason, Origin};
use crate::report::{Report, Status, Verdict};

/// One thing that went wrong while learning, with everything it cost: the same call in many regions is one cause.
pub(in crate::render) struct Cause<'a> {
    /// API operation, or what the user stated.
    pub(in crate::render) asked: &'a str,
    /// Account of the call; empty without one.
    pub(in crate::render) account: &'a str,
    pub(in crate::render) reason: GapReason,
    /// The first detail, of possibly several.
    pub(in crate::render) detail: &'a str,
    pub(in crate::render) regions: BTreeSet<&'a str>,
    pub(in crate::render) resources: BTreeSet<&'a str>,
    /// Unknown verdicts by rule.
    pub(in crate::render) verdicts: BTreeMap<&'a str, Vec<&'a Verdict>>,
    /// Unknown verdicts altogether.
    pub(in crate::render) cost: usize,
}

impl<'a> Cause<'a> {
    fn key(gap: &'a Gap) -> (&'a str, &'a str, GapReason) {
        match &gap.origin {
            Origin::Call(call) => (&call.operation, &call.account, gap.reason),
            Origin::Stated(by) => (by, "", gap.reason),
        }
    }

    fn add(&mut self, gap: &'a Gap) {
        if let Origin::Call(call) = &gap.origin {
            self.regions.extend(Some(call.region.as_str()).filter(|region| !region.is_empty()));
            self.resources.extend(Some(call.resource.as_str()).filter(|resource| !resource.is_empty()));
        }
        if self.detail.is_empty() {
            self.detail = &gap.detail;
        }
    }

    /// "cloudtrail:DescribeTrails was denied in 111122223333 (17 regions)".
    pub(in crate::render) fn headline(&self) -> String {
        let mut line = format!("{} {}", self.asked, self.reason.phrase());
        if !self.account.is_empty() {
            line.push_str(" in ");
            line.push_str(self.account);
        }
        let _ = match (self.regions.len(), self.regions.first()) {
            (1, Some(region)) => write!(line, " {region}"),
            (0, _) => Ok(()),
            (many, _) => write!(line, " ({many} regions)"),
        };
        let _ = match (self.resources.len(), self.resources.first()) {
            (1, Some(resource)) => write!(line, " on {resource}"),
            (0, _) => Ok(()),
            (many, _) => write!(line, " on {many} resources"),
        };
        line
    }

    /// Rules that could not be decided, with the number of subjects.
    pub(in crate::render) fn rules(&self) -> impl Iterator<Item = (&'a str, usize)> {
        self.verdicts.iter().map(|(rule, verdicts)| (*rule, verdicts.len()))
    }
}

/// Why verdicts are unknown, the costliest first; also what cost no verdict.
pub(in crate::render) fn causes(report: &Report) -> Vec<Cause<'_>> {
    let mut causes: BTreeMap<_, Cause<'_>> = BTreeMap::new();
    let unknown = report.verdicts.iter().filter(|verdict| verdict.status == Status::Unknown);
    for (gap, verdict) in unknown
        .flat_map(|verdict| verdict.gaps.iter().map(move |gap| (gap, Some(verdict))))
        .chain(report.gaps.iter().map(|effect| (&effect.gap, None)))
    {
        let key @ (asked, account, reason) = Cause::key(gap);
        let cause = causes.entry(key).or_insert_with(|| Cause {
            asked,
            account,
            reason,
            detail: "",
            regions: BTreeSet::new(),
            resources: BTreeSet::new(),
            verdicts: BTreeMap::new(),
            cost: 0,
        });
        cause.add(gap);
        let Some(verdict) = verdict else { continue };
        let known = cause.verdicts.entry(&verdict.rule).or_default();
        // The gaps of one verdict come together, so that looking at the last one is enough.
        if !known.last().is_some_and(|last| std::ptr::eq(*last, verdict)) {
            known.push(verdict);
            cause.cost += 1;
        }
    }
    let mut causes: Vec<_> = causes.into_values().collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.cost));
    causes
}

/// Unknown verdicts that name no gap.
pub(in crate::render) fn unexplained(report: &Report) -> impl Iterator<Item = &Verdict> {
    report.verdicts.iter().filter(|verdict| verdict.status == Status::Unknown && verdict.gaps.is_empty())
}
