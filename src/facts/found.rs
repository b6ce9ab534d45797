//! Whether somebody or something was found that should not be, with the words for it.

use super::Fact;
use super::fact::extend_unique;
use crate::access::{Answer, Finding, ServiceGrant};
use crate::inventory::{Gap, GapReason, Origin};

/// Longest list of words, of notes, and longest of either.
const MOST: usize = 5;
const LONGEST: usize = 300;

/// Whether anything was found, and what that is.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) is: Fact<bool>,
    /// What certainly is.
    words: Vec<String>,
}

impl Found {
    pub(super) fn nothing(origin: &Origin) -> Self {
        Self { is: Fact::known(false, [origin.clone()]), words: Vec::new() }
    }

    pub(super) fn this(words: String, origin: &Origin) -> Self {
        Self { is: Fact::known(true, [origin.clone()]), words: vec![words] }
    }

    pub(super) fn unknown(gaps: Vec<Gap>) -> Self {
        Self { is: Fact::Unknown(gaps), words: Vec::new() }
    }

    /// What keeps something from being allowed, where it is not.
    pub(super) fn obstacle(answer: &Answer, origin: &Origin) -> Self {
        match answer.value {
            Some(true) => Self::nothing(origin),
            Some(false) => Self::this(answer.notes.join(", "), origin),
            None => Self::unknown(vec![unclear(&answer.notes, origin)]),
        }
    }

    /// Those who certainly may do something; without one, those who perhaps may leave it open.
    pub(super) fn of_findings(findings: &[&Finding], notes: &[String], origin: &Origin) -> Self {
        if findings.is_empty() {
            return Self::nothing(origin);
        }
        let certain: Vec<String> =
            findings.iter().filter(|finding| finding.is_certain).map(|finding| words(finding)).collect();
        if certain.is_empty() {
            let perhaps = findings.iter().map(|finding| format!("perhaps {}", words(finding)));
            let notes: Vec<String> = notes.iter().cloned().chain(perhaps).collect();
            return Self::unknown(vec![unclear(&notes, origin)]);
        }
        Self { is: Fact::known(true, [origin.clone()]), words: certain }
    }

    /// Statements that serve CloudTrail for anybody's trail.
    pub(super) fn of_grants(grants: &[ServiceGrant], origin: &Origin) -> Self {
        let with = |is_pinned: Option<bool>| {
            let some = grants.iter().filter(move |grant| grant.is_pinned == is_pinned);
            let mut words = Vec::new();
            let sentence = |grant: &ServiceGrant| {
                format!("{} lets {} take {}", grant.statement, grant.who, grant.actions.join(", "))
            };
            extend_unique(&mut words, some.map(sentence));
            words
        };
        let (unpinned, open) = (with(Some(false)), with(None));
        if !unpinned.is_empty() {
            return Self { is: Fact::known(true, [origin.clone()]), words: unpinned };
        }
        if open.is_empty() {
            return Self::nothing(origin);
        }
        let notes: Vec<String> =
            open.iter().map(|words| format!("whether it is pinned is not understood: {words}")).collect();
        Self::unknown(vec![unclear(&notes, origin)])
    }

    pub(super) fn or(mut self, other: Self) -> Self {
        self.words.extend(other.words);
        Self { is: self.is.or(other.is), words: self.words }
    }

    pub(super) fn and(self, condition: Fact<bool>) -> Self {
        Self { is: self.is.and(condition), words: self.words }
    }

    /// The same, concluded with the help of these.
    pub(super) fn resting_on(self, origins: &[Origin]) -> Self {
        let with = Fact::known((), origins.to_vec());
        Self { is: self.is.zip(with).map(|(is, ())| is), words: self.words }
    }

    /// That nothing was found does not hold where something may hide.
    pub(super) fn unless(self, hidden: &[Gap]) -> Self {
        match (self.is.value(), hidden) {
            (Some(false), [_, ..]) => Self::unknown(hidden.to_vec()),
            _ => self,
        }
    }

    /// What was found, in words; empty when nothing was.
    pub(super) fn in_words(&self) -> String {
        match self.is.value() {
            Some(true) => listed(&self.words),
            Some(false) => String::new(),
            None => "(unknown)".to_owned(),
        }
    }
}

/// What was not understood of the value from `origin`.
pub(super) fn unclear(notes: &[String], origin: &Origin) -> Gap {
    let detail = if notes.is_empty() { "it was not understood".to_owned() } else { listed(notes) };
    Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }
}

/// A few of them, each cut.
pub(super) fn listed(items: &[String]) -> String {
    let more = items.len().saturating_sub(MOST);
    let shown = items.iter().take(MOST).map(|item| cut(item));
    let rest = (more > 0).then(|| format!("and {more} more"));
    shown.chain(rest).collect::<Vec<_>>().join("; ")
}

/// The text, cut and without control characters.
pub(super) fn cut(text: &str) -> String {
    let mut short: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

fn words(finding: &Finding) -> String {
    let actions = finding.actions.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let more = match finding.actions.len().saturating_sub(3) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let conditions = if finding.conditions.is_empty() {
        String::new()
    } else {
        format!(" under conditions: {}", finding.conditions.join(", "))
    };
    format!("{} may take {actions}{more} by {}{conditions}", finding.who, finding.statement)
}
