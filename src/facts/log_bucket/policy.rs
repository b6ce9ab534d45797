//! Whom the policy of a bucket lets touch log files, or the bucket.

use std::collections::BTreeSet;

use super::super::coverage::Coverage;
use super::super::fact::{Fact, extend_unique};
use super::super::found::Found;
use super::super::policy::Policy;
use super::public::is_policy_restricted;
use crate::access::{Document, Finding, Findings, Owner, Reach, bucket as question};
use crate::inventory::{Bucket, Gap, GapReason, Observed, Trail};

/// Services that put files of their own names below `AWSLogs/` and can neither name another file nor replace one.
///
/// AWS Config, vended logs, S3 server access logs, load balancer logs and findings of `GuardDuty`.
const DELIVERERS: [&str; 5] = [
    "config.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "guardduty.amazonaws.com",
    "logdelivery.elasticloadbalancing.amazonaws.com",
    "logging.s3.amazonaws.com",
];

/// A bucket, its policy, and the trails that deliver to it.
pub(super) struct BucketPolicy<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) arn: String,
    pub(super) read: Result<Policy<'a>, Gap>,
    pub(super) trails: &'a [&'a Trail],
    pub(super) coverage: &'a Coverage<'a>,
}

impl<'a> BucketPolicy<'a> {
    pub(super) fn of(bucket: &'a Bucket, trails: &'a [&'a Trail], coverage: &'a Coverage<'a>) -> Self {
        Self {
            bucket,
            arn: format!("arn:{}:s3:::{}", coverage.inventory.collection.partition, bucket.name),
            read: Policy::of(&bucket.policy, Option::as_deref),
            trails,
            coverage,
        }
    }

    /// Others than CloudTrail and the owner's account who may write, overwrite, delete or unprotect log files.
    pub(super) fn writers(&self) -> Found {
        let counts = |finding: &Finding| finding.reach > Reach::CloudTrail && !only_delivers(finding);
        let ask = |files: &BTreeSet<String>| {
            self.others(counts, |policy, owner| {
                let mut all = Findings::default();
                for objects in files {
                    let found = question::delete_or_overwrite(policy, objects, owner);
                    extend_unique(&mut all.findings, found.findings);
                    extend_unique(&mut all.notes, found.notes);
                }
                all
            })
        };
        let found = ask(&self.trails.iter().flat_map(|trail| self.log_files(trail)).collect());
        let hidden = &self.coverage.hidden_trails;
        if found.is.value() != Some(&false) || hidden.is_empty() {
            return found;
        }
        // A trail that was not seen may have another prefix, or be of another organization.
        let anywhere = ask(&self.files_below("*", "o-*").into());
        if anywhere.is.value() == Some(&false) { found } else { found.unless(hidden) }
    }

    /// Others than the owner's account who may change the bucket.
    pub(super) fn changers(&self) -> Found {
        let counts = |finding: &Finding| finding.reach > Reach::OwnAccount;
        self.others(counts, |policy, owner| question::change_bucket(policy, &self.arn, owner))
    }

    /// Statements that serve CloudTrail for trails of any account.
    pub(super) fn unpinned(&self) -> Found {
        self.asked(|document, policy| {
            let owner = self.bucket.owner.value().and_then(Option::as_deref);
            let samples = self.coverage.sample_trails(owner, self.trails);
            let grants: Vec<_> = samples
                .iter()
                .flat_map(|trail| question::cloudtrail_grants(document, &self.arn, trail))
                .collect();
            Found::of_grants(&grants, policy.origin)
        })
    }

    /// Nothing is found where there is no policy.
    fn asked(&self, ask: impl Fn(&Document, &Policy<'_>) -> Found) -> Found {
        match &self.read {
            Err(gap) => Found::unknown(vec![gap.clone()]),
            Ok(Policy { document: None, origin }) => Found::nothing(origin),
            Ok(policy @ Policy { document: Some(document), .. }) => ask(document, policy),
        }
    }

    fn others(
        &self,
        counts: impl Fn(&Finding) -> bool,
        ask: impl Fn(&Document, Owner<'_>) -> Findings,
    ) -> Found {
        self.asked(|document, policy| {
            let owner = match self.owner() {
                Ok(owner) => owner,
                Err(gap) => return Found::unknown(vec![gap]),
            };
            let mut all = ask(document, self.coverage.owner(owner));
            all.findings.iter_mut().filter(|finding| is_left_to_access_points(finding)).for_each(|finding| {
                finding.is_certain = false;
            });
            let others: Vec<&Finding> = all.findings.iter().filter(|finding| counts(finding)).collect();
            self.after_block(&others, &all.notes, policy)
        })
    }

    /// Of a public policy that Block Public Access restricts, only grants to the owner's account and to services have an effect.
    fn after_block(&self, others: &[&Finding], notes: &[String], policy: &Policy<'_>) -> Found {
        let found = |findings: &[&Finding]| Found::of_findings(findings, notes, policy.origin);
        let is_service = |finding: &&&Finding| matches!(finding.reach, Reach::CloudTrail | Reach::Service);
        let services: Vec<&Finding> = others.iter().filter(is_service).copied().collect();
        if services.len() == others.len() {
            return found(others);
        }
        match is_policy_restricted(self.bucket, &self.read) {
            Fact::Known { value: true, origins } => found(&services).resting_on(&origins),
            Fact::Known { value: false, origins } => found(others).resting_on(&origins),
            Fact::Unknown(mut gaps) => match (found(&services), found(others).is) {
                (certain, _) if certain.is.value() == Some(&true) => certain,
                (_, open) => {
                    if let Fact::Unknown(more) = open {
                        extend_unique(&mut gaps, more);
                    }
                    Found::unknown(gaps)
                }
            },
        }
    }

    fn owner(&self) -> Result<&'a str, Gap> {
        match &self.bucket.owner {
            Observed::Gap(gap) => Err(gap.clone()),
            Observed::Known { value: Some(owner), .. } => Ok(owner),
            Observed::Known { value: None, origin } => Err(Gap {
                origin: origin.clone(),
                reason: GapReason::NotCollected,
                detail: "no account that was asked owns the bucket".to_owned(),
            }),
        }
    }

    /// The files of a trail, and of every other one with its prefix.
    fn log_files(&self, trail: &Trail) -> [String; 2] {
        let own = self.coverage.inventory.organization.as_ref();
        let is_foreign = |management: &str| trail.is_organization_trail && trail.owner != management;
        let organization = own.filter(|one| !is_foreign(&one.management_account));
        self.files_below(&folder(trail), organization.map_or("o-*", |one| one.id.as_str()))
    }

    /// Files of trails of single accounts, and of an organization.
    fn files_below(&self, prefix: &str, organization: &str) -> [String; 2] {
        let below = |whose: &str| format!("{}/{prefix}AWSLogs/{whose}/CloudTrail*", self.arn);
        [below("????????????"), below(&format!("{organization}/????????????"))]
    }
}

/// The prefix of a trail, with the slash at its end.
pub(super) fn folder(trail: &Trail) -> String {
    match trail.prefix.as_deref().map(|prefix| prefix.trim_end_matches('/')) {
        None | Some("") => String::new(),
        Some(prefix) => format!("{prefix}/"),
    }
}

fn only_delivers(finding: &Finding) -> bool {
    finding.reach == Reach::Service
        && DELIVERERS.contains(&finding.who.as_str())
        && finding.actions == ["s3:PutObject"]
}

/// Access points have policies of their own, which decide and are not collected.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html#access-points-delegating-control>
fn is_left_to_access_points(finding: &Finding) -> bool {
    finding.reach == Reach::Pinned && !finding.pins.access_points.is_empty()
}
