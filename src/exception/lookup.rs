//! From the start of a fingerprint to the verdict that is meant.

use jiff::civil::Date;

use super::read::DIGITS;
use super::write::Draft;
use crate::report::Status;

/// Digits that the start of a fingerprint must have.
const LEAST: usize = 8;
/// Verdicts named when several are meant.
const NAMED: usize = 10;

/// A verdict of earlier results, as far as an exception needs it.
#[derive(Clone, Copy, Debug)]
pub struct Known<'r> {
    /// 64 digits.
    pub fingerprint: &'r str,
    /// Rule id.
    pub rule: &'r str,
    /// Name of the status.
    pub status: &'r str,
    /// Name of the kind of subject.
    pub kind: &'r str,
    /// Subject id.
    pub subject: &'r str,
}

/// Why no verdict is meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// It is too short, or has other characters.
    #[error(
        "`{0}` is no fingerprint, and no start of one with at least {LEAST} digits from 0 to 9 and a to f"
    )]
    Malformed(String),
    /// Without results the whole fingerprint is needed.
    #[error("`{0}` is the start of a fingerprint, and there are no results to look it up in")]
    Short(String),
    /// No verdict has it.
    #[error("no verdict in the results has a fingerprint that starts with `{0}`")]
    None(String),
    /// Several verdicts have it.
    #[error("{} verdicts have a fingerprint that starts with `{start}`:\n{}", verdicts.len(), named(verdicts))]
    Several {
        /// As given.
        start: String,
        /// Fingerprint, rule and subject of each.
        verdicts: Vec<String>,
    },
    /// The verdict is no failure.
    #[error("`{rule}` of `{subject}` is {status} in the results: there is no failure to accept")]
    NoFailure {
        /// Rule id.
        rule: String,
        /// Subject id.
        subject: String,
        /// Name of the status.
        status: String,
    },
}

impl NotFound {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "copy the fingerprint from the JSON results",
            Self::Short(_) => "give `--results results.json`, or all 64 digits",
            Self::None(_) => "give the results of the run that showed the failure",
            Self::Several { .. } => "give more digits",
            Self::NoFailure { .. } => "an exception accepts failures only; what is unknown stays unknown",
        }
    }
}

fn named(verdicts: &[String]) -> String {
    let mut lines: Vec<String> = verdicts.iter().take(NAMED).map(|line| format!("  {line}")).collect();
    if verdicts.len() > NAMED {
        lines.push(format!("  and {} more", verdicts.len() - NAMED));
    }
    lines.join("\n")
}

/// Why, by whom and until when a failure is accepted.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it counts.
    pub expires: Date,
    /// Where it is discussed.
    pub ticket: Option<String>,
}

/// The exception for the verdict whose fingerprint starts with `start`; without results, for the verdict that has it.
pub fn look_up(
    start: &str,
    results: Option<&mut dyn Iterator<Item = Known<'_>>>,
    terms: Terms,
) -> Result<Draft, NotFound> {
    let start = start.to_ascii_lowercase();
    if !(LEAST..=DIGITS).contains(&start.len()) || !start.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(NotFound::Malformed(start));
    }
    let Terms { reason, owner, expires, ticket } = terms;
    let mut draft =
        Draft { rule: None, subject: None, fingerprint: start.clone(), reason, owner, expires, ticket };
    let Some(results) = results else {
        return if start.len() == DIGITS { Ok(draft) } else { Err(NotFound::Short(start)) };
    };
    let found: Vec<Known<'_>> = results.filter(|known| known.fingerprint.starts_with(&start)).collect();
    let known = match found.as_slice() {
        [] => return Err(NotFound::None(start)),
        [only] => only,
        several => {
            let line = |known: &Known<'_>| {
                let digits = known.fingerprint.get(..16).unwrap_or(known.fingerprint);
                format!("{digits} {} {}", known.rule, known.subject)
            };
            return Err(NotFound::Several { start, verdicts: several.iter().map(line).collect() });
        }
    };
    if ![Status::Fail, Status::Excepted].iter().any(|status| status.name() == known.status) {
        let (rule, subject) = (known.rule.to_owned(), known.subject.to_owned());
        return Err(NotFound::NoFailure { rule, subject, status: known.status.replace('_', " ") });
    }
    known.fingerprint.clone_into(&mut draft.fingerprint);
    draft.rule = Some(known.rule.to_owned());
    // A star in an id would be a wildcard; the fingerprint alone says enough then.
    let key = if known.kind == "account" {
        Some("account")
    } else {
        known.subject.starts_with("arn:").then_some("arn")
    };
    draft.subject =
        key.filter(|_| !known.subject.contains(['*', '?'])).map(|key| (key, known.subject.to_owned()));
    Ok(draft)
}
