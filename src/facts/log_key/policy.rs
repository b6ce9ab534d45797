//! Whom the policy of a key lets use or change it.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>

use schemars::JsonSchema;

use super::super::Fact;
use super::super::coverage::Coverage;
use super::super::found::{Found, cut, unclear};
use super::super::part::record;
use super::super::policy::Policy;
use super::not_collected;
use crate::access::{Document, Finding, Owner, Pins, Reach, key as question};
use crate::inventory::{Gap, Key, Origin, Trail};

record! {
inline;
/// Who may touch a log key.
#[derive(Clone, Debug, JsonSchema)]
pub struct LogKeyAccessFacts {
    /// Its policy lets anyone use it: a wildcard principal, not pinned to known accounts.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy"]))]
    pub is_public: Fact<bool>,
    /// Its policy lets somebody outside its owner's account disable it, delete it, grant its use or change its policy.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub lets_others_change_it: Fact<bool>,
    /// Who that is, in words, as far as it is certain; empty when nobody is.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub changers: String,
    /// Its policy lets somebody outside the organization, or outside the owner's account where there is none, decrypt with it; CloudTrail is left out, and services that act for sources inside.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub lets_strangers_decrypt: Fact<bool>,
    /// Who that is, in words, as far as it is certain; empty when nobody is.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub strangers: String,
    /// Whatever its policy grants to CloudTrail is pinned to trails of named accounts: by source ARN, account or organization, or by the encryption context.
    #[schemars(extend("x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub pins_cloudtrail: Fact<bool>,
    /// Statements that let CloudTrail encrypt for trails of any account, in words, as far as it is certain; empty when there are none.
    #[schemars(extend("x-for-messages" = true, "x-calls" = ["kms:GetKeyPolicy", "kms:DescribeKey"]))]
    pub unpinned_grants: String,
}
}

impl LogKeyAccessFacts {
    pub(super) fn of(key: &Key, trails: &[&Trail], coverage: &Coverage<'_>) -> Self {
        let [changers, strangers, unpinned] = match KeyPolicy::of(key, coverage) {
            Ok(policy) => [policy.changers(), policy.strangers(), policy.unpinned(trails)],
            Err(gap) => std::array::from_fn(|_| Found::unknown(vec![gap.clone()])),
        };
        Self {
            is_public: is_public(key),
            changers: changers.in_words(),
            lets_others_change_it: changers.is,
            strangers: strangers.in_words(),
            lets_strangers_decrypt: strangers.is,
            unpinned_grants: unpinned.in_words(),
            pins_cloudtrail: !unpinned.is,
        }
    }
}

fn is_public(key: &Key) -> Fact<bool> {
    match Policy::of(&key.policy, |text| Some(text)) {
        Err(gap) => Fact::Unknown(vec![gap]),
        Ok(policy) => match &policy.document {
            Some(document) => policy.fact(&document.public()),
            None => Fact::Unknown(vec![unclear(&[], policy.origin)]),
        },
    }
}

/// A key whose policy was read.
pub(in crate::facts) struct KeyPolicy<'a> {
    pub(in crate::facts) document: Document,
    pub(in crate::facts) origin: &'a Origin,
    pub(in crate::facts) arn: &'a str,
    owner: Owner<'a>,
    coverage: &'a Coverage<'a>,
}

impl<'a> KeyPolicy<'a> {
    pub(in crate::facts) fn of(key: &'a Key, coverage: &'a Coverage<'a>) -> Result<Self, Gap> {
        let policy = Policy::of(&key.policy, |text| Some(text))?;
        let arn = arn(key)?;
        let account = arn.split(':').nth(4).filter(|account| !account.is_empty());
        let account = account.ok_or_else(|| not_collected(format!("the account of {}", cut(arn))))?;
        let owner = coverage.owner(account);
        let document = policy.document.ok_or_else(|| unclear(&[], policy.origin))?;
        Ok(Self { document, origin: policy.origin, arn, owner, coverage })
    }

    /// Others than the owner's account who may change the key.
    fn changers(&self) -> Found {
        let all = question::change_key(&self.document, self.arn, self.owner);
        let others: Vec<&Finding> =
            all.findings.iter().filter(|finding| finding.reach > Reach::OwnAccount).collect();
        Found::of_findings(&others, &all.notes, self.origin)
    }

    /// Those who may decrypt and are neither of the organization nor CloudTrail.
    fn strangers(&self) -> Found {
        let all = question::exposure(&self.document, self.arn, self.owner);
        let is_stranger = |finding: &&Finding| match finding.reach {
            Reach::OwnAccount | Reach::CloudTrail | Reach::Organization => false,
            Reach::Service => !self.acts_for_own(&finding.pins),
            Reach::Pinned | Reach::OtherAccount | Reach::Anyone => true,
        };
        let strangers: Vec<&Finding> = all.findings.iter().filter(is_stranger).collect();
        Found::of_findings(&strangers, &all.notes, self.origin)
    }

    /// A service that acts for nobody but the owner's account and organization.
    fn acts_for_own(&self, pins: &Pins) -> bool {
        let is_own = |account: &str| self.owner.reach_of_account(account) <= Reach::Organization;
        let is_own_arn = |arn: &String| arn.split(':').nth(4).is_some_and(is_own);
        let all =
            |values: &[String], test: &dyn Fn(&String) -> bool| !values.is_empty() && values.iter().all(test);
        all(&pins.source_arns, &is_own_arn)
            || all(&pins.source_accounts, &|account| is_own(account))
            || all(&pins.source_organizations, &|id| self.owner.organization == Some(id))
    }

    /// Statements that serve CloudTrail for trails of any account.
    fn unpinned(&self, trails: &[&Trail]) -> Found {
        let samples = self.coverage.sample_trails(Some(self.owner.account), trails);
        let grants: Vec<_> = samples
            .iter()
            .flat_map(|trail| question::cloudtrail_use(&self.document, self.arn, trail, None).grants)
            .collect();
        Found::of_grants(&grants, self.origin)
    }
}

/// The ARN of the key: as the trails name it, or as KMS does.
pub(super) fn arn(key: &Key) -> Result<&str, Gap> {
    if key.id.starts_with("arn:") && key.id.contains(":key/") {
        return Ok(&key.id);
    }
    if let Some(gap) = key.metadata.gap() {
        return Err(gap.clone());
    }
    let found = key.metadata.value().and_then(Option::as_ref);
    found
        .map(|found| found.arn.as_str())
        .ok_or_else(|| not_collected("a key that the trails do not name by its ARN".to_owned()))
}
