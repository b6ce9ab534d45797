//! Applies exceptions to a report: failures become excepted, and exceptions that do not do what they seem to are noted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Entry;
use super::pattern::{Around, Name};
use crate::diagnostic::{Diagnostic, closest};
use crate::evaluate::fingerprint;
use crate::report::{
    Exception, ExceptionNote, ExceptionTrouble, Report, Status, Subject, SubjectKind, Verdict,
};

/// An exception that accepts at least this many failures, and half of all, is too broad.
const MANY: usize = 10;

/// What a report does not say of its subjects, and how the run judges exceptions.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The moment that the verdicts speak of.
    pub as_of: Timestamp,
    /// Subject id → its tags, where they are known.
    pub tags: &'a BTreeMap<&'a str, &'a BTreeMap<String, String>>,
    /// Failures that one exception may accept before it is reported as too broad.
    pub limit: usize,
}

/// Accepts the failures that exceptions speak of. Of several, the first in the list that has not expired decides.
///
/// Returns a warning for each note in `report.exceptions`.
pub fn apply(entries: &[Entry], surroundings: &Surroundings<'_>, report: &mut Report) -> Vec<Diagnostic> {
    let today = surroundings.as_of.to_zoned(TimeZone::UTC).date();
    let mut matched: Vec<Matched> = vec![Matched::default(); entries.len()];
    let failures = report.summary().fail;
    let mut accepted = Vec::new();
    {
        let places = Places::of(report, surroundings);
        for (entry, matched) in entries.iter().zip(&mut matched) {
            for at in places.meant(entry) {
                let Some(verdict) = report.verdicts.get(at) else { continue };
                matched.count(verdict.status);
                if verdict.status == Status::Fail && today <= entry.expires {
                    accepted.push((at, exception(entry)));
                }
            }
        }
    }
    // The first entry is written last.
    for (at, exception) in accepted.into_iter().rev() {
        if let Some(verdict) = report.verdicts.get_mut(at) {
            verdict.status = Status::Excepted;
            verdict.exception = Some(Box::new(exception));
        }
    }
    let mut warnings = Vec::new();
    for (entry, matched) in entries.iter().zip(&matched) {
        let found = troubles(entry, *matched, today, failures, surroundings, report);
        for (trouble, message, help) in found {
            warnings.push(warning(entry, trouble, &message, help));
            let (place, scope) = (entry.place(), entry.scope());
            report.exceptions.push(ExceptionNote { trouble, place, scope, message });
        }
    }
    report.sort();
    warnings
}

/// Of the unknown verdicts that were failures, says which an exception accepts until they can be told: one that means the verdict, or
/// that accepted it in the earlier results and still stands; its tags may be out of sight now.
pub fn confirm(entries: &[Entry], surroundings: &Surroundings<'_>, report: &mut Report) {
    let today = surroundings.as_of.to_zoned(TimeZone::UTC).date();
    let standing: Vec<&Entry> = entries.iter().filter(|entry| today <= entry.expires).collect();
    let mut meant: BTreeMap<usize, Exception> = BTreeMap::new();
    {
        let places = Places::of(report, surroundings);
        for entry in &standing {
            for at in places.meant(entry) {
                meant.entry(at).or_insert_with(|| exception(entry));
            }
        }
    }
    let verdicts = report.verdicts.iter_mut().enumerate();
    for (at, verdict) in verdicts.filter(|(_, verdict)| verdict.status == Status::Unknown) {
        let earlier =
            verdict.exception.take().filter(|old| standing.iter().any(|one| exception(one) == **old));
        if verdict.was_failing_on.is_some() {
            verdict.exception = meant.remove(&at).map(Box::new).or(earlier);
        }
    }
}

fn exception(entry: &Entry) -> Exception {
    Exception {
        reason: entry.reason.clone(),
        owner: entry.owner.clone(),
        expires: entry.expires.to_string(),
        ticket: entry.ticket.clone(),
    }
}

/// The verdicts by what exceptions name.
struct Places<'r> {
    by_rule: BTreeMap<&'r str, Vec<usize>>,
    /// Also by the fingerprints that they had under earlier ids of their rules.
    by_fingerprint: BTreeMap<Cow<'r, str>, usize>,
    /// Rule id → earlier ids.
    aliases: BTreeMap<&'r str, &'r [String]>,
    verdicts: &'r [Verdict],
    /// Account id → name and path.
    accounts: BTreeMap<&'r str, (&'r str, &'r [String])>,
    tags: &'r BTreeMap<&'r str, &'r BTreeMap<String, String>>,
}

impl<'r> Places<'r> {
    fn of(report: &'r Report, surroundings: &Surroundings<'r>) -> Self {
        let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut by_fingerprint = BTreeMap::new();
        let aliases: BTreeMap<&str, &[String]> =
            report.rules.iter().map(|rule| (rule.id.as_str(), rule.aliases.as_slice())).collect();
        for (at, verdict) in report.verdicts.iter().enumerate() {
            by_rule.entry(&verdict.rule).or_default().push(at);
            by_fingerprint.insert(Cow::Borrowed(verdict.fingerprint.as_str()), at);
            for earlier in aliases.get(&*verdict.rule).copied().unwrap_or_default() {
                let earlier = fingerprint(earlier, &report.run.partition, &verdict.subject.id);
                by_fingerprint.insert(Cow::Owned(earlier), at);
            }
        }
        let rows = report.coverage.iter();
        let accounts =
            rows.map(|row| (row.account.as_str(), (row.name.as_str(), row.path.as_slice()))).collect();
        Self {
            by_rule,
            by_fingerprint,
            aliases,
            verdicts: &report.verdicts,
            accounts,
            tags: surroundings.tags,
        }
    }

    /// The verdicts that an exception speaks of, whatever they say.
    fn meant(&self, entry: &Entry) -> Vec<usize> {
        let candidates: Vec<usize> = if let Some(fingerprint) = &entry.fingerprint {
            self.by_fingerprint.get(fingerprint.as_str()).copied().into_iter().collect()
        } else {
            let rules = self.by_rule.iter().filter(|(rule, _)| self.names(entry, rule));
            rules.flat_map(|(_, places)| places).copied().collect()
        };
        candidates
            .into_iter()
            .filter(|at| self.verdicts.get(*at).is_some_and(|it| self.is_meant(entry, it)))
            .collect()
    }

    fn is_meant(&self, entry: &Entry, verdict: &Verdict) -> bool {
        let subject = &verdict.subject;
        let (account_name, path) = self.accounts.get(subject.account.as_str()).copied().unwrap_or_default();
        let around = Around {
            account: &subject.account,
            account_name,
            path,
            tags: self.tags.get(subject.id.as_str()).copied(),
        };
        self.names(entry, &verdict.rule) && entry.subject.holds(&subject.id, &around)
    }

    fn names(&self, entry: &Entry, rule: &str) -> bool {
        let aliases = self.aliases.get(rule).copied().unwrap_or_default();
        entry.rule.as_ref().is_none_or(|name| name.matches(rule) || is_earlier(name, aliases))
    }
}

/// Whether it names a rule by an earlier id. A pattern does not: it would accept more from the day on which a rule is renamed.
fn is_earlier(name: &Name, aliases: &[String]) -> bool {
    !name.is_open() && aliases.contains(&name.text)
}

/// Verdicts that an exception speaks of.
#[derive(Clone, Copy, Debug, Default)]
struct Matched {
    failures: usize,
    unknown: usize,
    others: usize,
}

impl Matched {
    fn count(&mut self, status: Status) {
        *match status {
            Status::Fail => &mut self.failures,
            Status::Unknown => &mut self.unknown,
            Status::Excepted | Status::Pass | Status::NotApplicable => &mut self.others,
        } += 1;
    }
}

fn troubles(
    entry: &Entry,
    matched: Matched,
    today: Date,
    failures: usize,
    surroundings: &Surroundings<'_>,
    report: &Report,
) -> Vec<(ExceptionTrouble, String, Option<String>)> {
    let mut found = Vec::new();
    let Matched { failures: accepted, unknown, others } = matched;
    if today > entry.expires {
        let what = match accepted {
            0 => "nothing that it speaks of fails".to_owned(),
            _ => format!("{} no longer accepted", counted(accepted, "failure is", "failures are")),
        };
        let help = "remove it, or have it accepted again until a later date";
        found.push((
            ExceptionTrouble::Expired,
            format!("expired on {}: {what}", entry.expires),
            Some(help.into()),
        ));
        return found;
    }
    let is_open = entry.rule.as_ref().is_none_or(super::Name::is_open);
    let speaks_of_all = entry.fingerprint.is_none() && is_open && entry.subject.is_any();
    let help = "name rules and subjects one by one, or mend what fails everywhere";
    if speaks_of_all {
        let message = "too broad: it names neither a rule without `*` nor a subject".to_owned();
        found.push((ExceptionTrouble::TooBroad, message, Some(help.into())));
    } else if accepted > surroundings.limit || (accepted >= MANY && accepted * 2 >= failures) {
        let message = format!("too broad: it accepts {accepted} of {failures} failures");
        found.push((ExceptionTrouble::TooBroad, message, Some(help.into())));
    }
    let renamed = entry.rule.as_ref().and_then(|name| {
        report.rules.iter().find(|rule| rule.id != name.text && is_earlier(name, &rule.aliases))
    });
    if let Some(rule) = renamed {
        let message = format!("speaks of the rule `{}` by an earlier name", rule.id);
        found.push((ExceptionTrouble::Outdated, message, Some(format!("write `{}`", rule.id))));
    }
    if unknown > 0 {
        let verdicts = counted(unknown, "verdict is", "verdicts are");
        let message = format!("{verdicts} unknown, and an exception accepts failures only");
        found.push((ExceptionTrouble::Unsettled, message, None));
    } else if accepted == 0 {
        let (message, help) = unmatched(entry, others, surroundings, report);
        found.push((ExceptionTrouble::Unmatched, message, help));
    }
    found
}

/// Why an exception may accept nothing.
fn unmatched(
    entry: &Entry,
    others: usize,
    surroundings: &Surroundings<'_>,
    report: &Report,
) -> (String, Option<String>) {
    let rules = || report.rules.iter().map(|rule| rule.id.as_str());
    if others > 0 {
        let verdicts = counted(others, "verdict that it speaks of does", "verdicts that it speaks of do");
        return (format!("not needed: {verdicts} not fail"), Some("remove it".to_owned()));
    }
    if let Some(rule) = entry.rule.as_ref().filter(|name| {
        !rules().any(|rule| name.matches(rule))
            && !report.rules.iter().any(|rule| is_earlier(name, &rule.aliases))
    }) {
        let near = closest(&rule.text, rules()).map(|near| format!("did you mean `{near}`?"));
        return (format!("accepts nothing: no selected rule is called `{}`", rule.text), near);
    }
    let is_partial = report.run.scope != crate::inventory::Scope::default() || !report.unread.is_empty();
    if is_partial || asks_what_is_not_known(entry, surroundings, report) {
        return ("accepts nothing in what this run looked at and could read".to_owned(), None);
    }
    let help = if entry.subject.tags.is_empty() {
        "correct its patterns, or remove it"
    } else {
        "correct its patterns, or remove it; only trails have tags here"
    };
    ("accepts nothing: no subject of its rules is meant".to_owned(), Some(help.to_owned()))
}

/// Whether some subject may be meant after all: its unit, or its tags, could not be read.
fn asks_what_is_not_known(entry: &Entry, surroundings: &Surroundings<'_>, report: &Report) -> bool {
    let no_unit = || report.coverage.iter().any(|row| row.evaluated && row.path.is_empty());
    let subjects = || report.verdicts.iter().map(|verdict| &verdict.subject);
    let is_untold = |subject: &Subject| {
        subject.kind == SubjectKind::Trail && !surroundings.tags.contains_key(subject.id.as_str())
    };
    let no_tags = || subjects().any(|subject| is_untold(subject));
    (!entry.subject.units.is_empty() && no_unit()) || (!entry.subject.tags.is_empty() && no_tags())
}

fn warning(entry: &Entry, trouble: ExceptionTrouble, message: &str, help: Option<String>) -> Diagnostic {
    let span = if trouble == ExceptionTrouble::Expired { &entry.expires_span } else { &entry.span };
    let title = format!("exception for {}: {message}", entry.scope());
    Diagnostic::warning(title).at(&entry.source, span.clone(), "").maybe_help(help)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
