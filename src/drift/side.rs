//! One of two results, as far as a comparison asks: from a file or from the report that is being made.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde_json::Value;

use super::Refusal;
use crate::inventory::Gap;
use crate::render::json::v1::{self, Results};
use crate::report::{Exception, LIST_EVENT_DATA_STORES, Report, Severity, Status, Subject};

/// Results, as far as a comparison asks.
pub(crate) struct Side<'a> {
    pub(crate) as_of: &'a str,
    pub(crate) tool: &'a str,
    pub(crate) partition: &'a str,
    pub(crate) organization: Option<&'a str>,
    pub(crate) account: &'a str,
    pub(crate) interrupted: bool,
    pub(crate) scope: v1::Scope,
    pub(crate) packs: Vec<Pack<'a>>,
    /// By id.
    pub(crate) rules: BTreeMap<&'a str, Rule<'a>>,
    /// Places that could not be read, by account.
    pub(crate) hidden: BTreeMap<&'a str, Vec<Hidden<'a>>>,
    /// By id.
    pub(crate) accounts: BTreeMap<&'a str, Account<'a>>,
    /// By fingerprint.
    pub(crate) verdicts: BTreeMap<Cow<'a, str>, Judged<'a>>,
    /// Rules that the other side knows by another id: theirs and that.
    pub(crate) renamed: Vec<(String, String)>,
}

pub(crate) struct Pack<'a> {
    pub(crate) id: &'a str,
    pub(crate) version: &'a str,
    pub(crate) digest: &'a str,
}

pub(crate) struct Rule<'a> {
    pub(crate) subject: &'a str,
    pub(crate) aliases: &'a [String],
    pub(crate) parameters: &'a BTreeMap<String, Value>,
}

pub(crate) struct Account<'a> {
    pub(crate) evaluated: bool,
    pub(crate) note: &'a str,
}

/// A place that could not be read.
pub(crate) struct Hidden<'a> {
    pub(crate) account: &'a str,
    /// `None`: all regions.
    pub(crate) region: Option<&'a str>,
    /// Trails were listed there, event data stores were not.
    pub(crate) stores_only: bool,
    /// Why; only of a report.
    pub(crate) gap: Option<&'a Gap>,
}

impl Hidden<'_> {
    /// The place in words.
    pub(crate) fn place(&self) -> String {
        match self.region {
            Some(region) => format!("account {} in {region}", self.account),
            None => format!("account {}", self.account),
        }
    }
}

/// A verdict, as far as a comparison asks.
pub(crate) struct Judged<'a> {
    pub(crate) rule: Cow<'a, str>,
    pub(crate) status: Status,
    pub(crate) severity: Severity,
    pub(crate) subject: Cow<'a, Subject>,
    pub(crate) message: &'a str,
    /// Of a failure, or of an unknown verdict that was one.
    pub(crate) failing_since: Option<String>,
    /// Of an unknown verdict that was carried forward.
    pub(crate) was_failing_on: Option<&'a str>,
    /// What accepts a failure, or accepted an unknown verdict that was one.
    pub(crate) exception: Option<Cow<'a, Exception>>,
    pub(crate) facts: Vec<(&'a str, &'a Value)>,
}

impl<'a> Side<'a> {
    pub(crate) fn of_results(results: &'a Results) -> Result<Self, Refusal> {
        let run = &results.run;
        let mut side = Self {
            as_of: &run.as_of,
            tool: &results.tool.version,
            partition: &run.partition,
            organization: run.organization.as_deref(),
            account: &run.caller_account,
            interrupted: run.interrupted,
            scope: run.scope.clone(),
            packs: run
                .packs
                .iter()
                .map(|pack| Pack { id: &pack.id, version: &pack.version, digest: &pack.digest })
                .collect(),
            rules: results
                .rules
                .iter()
                .map(|rule| {
                    let v1::Rule { subject, aliases, parameters, .. } = rule;
                    (rule.id.as_str(), Rule { subject, aliases, parameters })
                })
                .collect(),
            hidden: BTreeMap::new(),
            accounts: results
                .coverage
                .iter()
                .map(|row| (row.account.as_str(), Account { evaluated: row.evaluated, note: &row.note }))
                .collect(),
            verdicts: BTreeMap::new(),
            renamed: Vec::new(),
        };
        for place in &results.unread {
            let stores_only = place.gap.origin.operation == LIST_EVENT_DATA_STORES;
            side.hide(&place.account, place.region.as_deref(), stores_only, None);
        }
        for verdict in &results.verdicts {
            let judged = Judged::of_results(verdict, &run.as_of)?;
            if side.verdicts.insert(verdict.fingerprint.as_str().into(), judged).is_some() {
                return Err(Refusal::Twice(verdict.fingerprint.clone()));
            }
        }
        side.check_summary(&results.summary)?;
        Ok(side)
    }

    fn check_summary(&self, summary: &v1::Summary) -> Result<(), Refusal> {
        let counts = [
            (Status::Fail, summary.fail),
            (Status::Unknown, summary.unknown),
            (Status::Excepted, summary.excepted),
            (Status::Pass, summary.pass),
            (Status::NotApplicable, summary.not_applicable),
        ];
        for (status, summary) in counts {
            let found = self.verdicts.values().filter(|verdict| verdict.status == status).count();
            if found != summary {
                return Err(Refusal::Miscounted { status, summary, found });
            }
        }
        Ok(())
    }

    pub(crate) fn of_report(report: &'a Report) -> Self {
        let run = &report.run;
        let mut side = Self {
            as_of: &run.as_of,
            tool: &run.tool_version,
            partition: &run.partition,
            organization: run.organization.as_deref(),
            account: &run.caller_account,
            interrupted: run.interrupted,
            scope: v1::Run::of(run).scope,
            packs: run
                .packs
                .iter()
                .map(|pack| Pack { id: &pack.id, version: &pack.version, digest: &pack.digest })
                .collect(),
            rules: report
                .rules
                .iter()
                .map(|rule| {
                    let (aliases, parameters) = (rule.aliases.as_slice(), &rule.parameters);
                    (rule.id.as_str(), Rule { subject: rule.subject.name(), aliases, parameters })
                })
                .collect(),
            hidden: BTreeMap::new(),
            accounts: report
                .coverage
                .iter()
                .map(|row| (row.account.as_str(), Account { evaluated: row.evaluated, note: &row.note }))
                .collect(),
            verdicts: report
                .verdicts
                .iter()
                .map(|verdict| (verdict.fingerprint.as_str().into(), Judged::of_report(verdict, &run.as_of)))
                .collect(),
            renamed: Vec::new(),
        };
        for place in &report.unread {
            side.hide(&place.account, place.region.as_deref(), place.hides_only_stores(), Some(&place.gap));
        }
        side
    }

    fn hide(&mut self, account: &'a str, region: Option<&'a str>, stores_only: bool, gap: Option<&'a Gap>) {
        let region = region.filter(|region| !region.is_empty());
        self.hidden.entry(account).or_default().push(Hidden { account, region, stores_only, gap });
    }
}

impl<'a> Judged<'a> {
    fn of_results(verdict: &'a v1::Verdict, as_of: &str) -> Result<Self, Refusal> {
        let strange = |field, value: &str| Refusal::Strange {
            fingerprint: verdict.fingerprint.clone(),
            field,
            value: value.to_owned(),
        };
        let status = named(&verdict.status).ok_or_else(|| strange("status", &verdict.status))?;
        let subject = &verdict.subject;
        Ok(Self {
            rule: verdict.rule.as_str().into(),
            status,
            severity: named(&verdict.severity).ok_or_else(|| strange("severity", &verdict.severity))?,
            subject: Cow::Owned(Subject {
                kind: named(&subject.kind).ok_or_else(|| strange("kind of subject", &subject.kind))?,
                id: subject.id.clone(),
                name: subject.name.clone(),
                account: subject.account.clone(),
                region: subject.region.clone(),
            }),
            message: &verdict.message,
            failing_since: failing_since(status, verdict.since.as_deref(), as_of),
            was_failing_on: verdict.was_failing_on.as_deref(),
            exception: verdict.exception.as_ref().map(|exception| Cow::Owned(read(exception))),
            facts: verdict.because.iter().map(|fact| (fact.fact.as_str(), &fact.value)).collect(),
        })
    }

    fn of_report(verdict: &'a crate::report::Verdict, as_of: &str) -> Self {
        let since = verdict.since.as_ref().map(|since| since.date.as_str());
        Self {
            rule: (*verdict.rule).into(),
            status: verdict.status,
            severity: verdict.severity,
            subject: Cow::Borrowed(&verdict.subject),
            message: &verdict.message,
            failing_since: failing_since(verdict.status, since, as_of),
            was_failing_on: verdict.was_failing_on.as_deref(),
            exception: verdict.exception.as_deref().map(Cow::Borrowed),
            facts: verdict.because.iter().map(|fact| (&*fact.fact, &fact.value)).collect(),
        }
    }
}

fn read(exception: &v1::Exception) -> Exception {
    let v1::Exception { reason, owner, expires, ticket } = exception.clone();
    Exception { reason, owner, expires, ticket }
}

/// The first results that are known to have a failure, or an unknown verdict as a failure.
fn failing_since(status: Status, since: Option<&str>, as_of: &str) -> Option<String> {
    match status {
        Status::Fail => Some(since.unwrap_or(as_of).to_owned()),
        Status::Unknown => since.map(str::to_owned),
        Status::Excepted | Status::Pass | Status::NotApplicable => None,
    }
}

/// A name of results version 1 as a value of today's types.
fn named<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    T::deserialize(StrDeserializer::<Error>::new(name)).ok()
}
