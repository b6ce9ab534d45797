//! Why one of two results has no verdict where the other one has.

use super::side::Hidden;
use super::{Judged, Side};
use crate::report::{Absence, Subject, SubjectKind};

/// Why `lacking` has no verdict like `verdict`, which `other` has.
pub(super) fn of(verdict: &Judged<'_>, other: &Side<'_>, lacking: &Side<'_>) -> Absence {
    let subject = verdict.subject.as_ref();
    match lacking.rules.get(verdict.rule.as_ref()) {
        None => return no_rule(other, lacking),
        Some(rule) if rule.subject != subject.kind.name() => {
            return Absence::NoRule(format!("the rule is about {}", rule.subject.replace('_', " ")));
        }
        Some(_) => {}
    }
    if let Some(hidden) = hiding_place(subject, lacking) {
        return Absence::Unread(hidden.place());
    }
    if lacking.interrupted {
        return Absence::Unread("the collection was stopped".to_owned());
    }
    match out_of_scope(subject, other, lacking) {
        Some(why) => Absence::OutOfScope(why),
        None => Absence::NoSubject,
    }
}

fn no_rule(other: &Side<'_>, lacking: &Side<'_>) -> Absence {
    let missing = other.packs.iter().filter(|pack| !lacking.packs.iter().any(|known| known.id == pack.id));
    let missing: Vec<&str> = missing.map(|pack| pack.id).collect();
    match missing.as_slice() {
        [] => Absence::NoRule("the packs have no such rule, or do not select it".to_owned()),
        [pack] => Absence::NotSelected(format!("pack {pack} is not selected")),
        packs => Absence::NotSelected(format!("packs {} are not selected", packs.join(", "))),
    }
}

/// A place that could not be read and in which a subject that is not seen may be.
pub(crate) fn hiding_place<'s, 'a>(subject: &Subject, side: &'s Side<'a>) -> Option<&'s Hidden<'a>> {
    let mut of_account = side.hidden.get(subject.account.as_str()).into_iter().flatten();
    let mut anywhere = side.hidden.values().flatten().filter(|hidden| !hidden.stores_only);
    match subject.kind {
        // They are seen through the trails that use them, which may be in any account.
        SubjectKind::LogBucket | SubjectKind::LogKey | SubjectKind::LogGroup => anywhere.next(),
        SubjectKind::Organization | SubjectKind::Account => of_account.find(|hidden| !hidden.stores_only),
        SubjectKind::Trail | SubjectKind::EventDataStore => {
            let is_store = subject.kind == SubjectKind::EventDataStore;
            let may_be_there = |hidden: &&Hidden<'_>| {
                (is_store || !hidden.stores_only)
                    && hidden.region.is_none_or(|region| region == subject.region)
            };
            // What belongs to an account that was not looked at is seen through its copies elsewhere.
            let is_of_others = side.accounts.get(subject.account.as_str()).is_some_and(|row| !row.evaluated);
            of_account.find(may_be_there).or_else(|| is_of_others.then(|| anywhere.next()).flatten())
        }
    }
}

/// Why a subject is, or may be, out of the scope of the side that lacks it.
fn out_of_scope(subject: &Subject, other: &Side<'_>, lacking: &Side<'_>) -> Option<String> {
    let account = lacking.accounts.get(subject.account.as_str());
    if let Some(account) = account.filter(|account| !account.evaluated) {
        let note = if account.note.is_empty() { "not looked at" } else { account.note };
        return Some(format!("account {} is {note}", subject.account));
    }
    let regions = lacking.scope.regions.as_ref().filter(|_| !subject.region.is_empty());
    if regions.is_some_and(|regions| !regions.contains(&subject.region)) {
        return Some(format!("{} is not among the regions of the run", subject.region));
    }
    let is_seen_where_it_is = matches!(
        subject.kind,
        SubjectKind::Trail | SubjectKind::EventDataStore | SubjectKind::Account | SubjectKind::Organization
    );
    let may_be = lacking.scope != other.scope && !(is_seen_where_it_is && account.is_some());
    may_be.then(|| "the scopes of the runs differ".to_owned())
}
