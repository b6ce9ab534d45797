//! An exception as YAML that reads back as what was meant.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::civil::Date;

use super::{Entry, Name, Subjects};
use crate::diagnostic::printable;

/// An exception of one verdict, to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The rule and the subject, where results told them.
    pub rule: Option<String>,
    /// Key below `subject` with its value: `arn` or `account`.
    pub subject: Option<(&'static str, String)>,
    /// 64 digits.
    pub fingerprint: String,
    /// Why the failure is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it counts.
    pub expires: Date,
    /// Where it is discussed.
    pub ticket: Option<String>,
}

impl Draft {
    /// Whether an entry speaks of the same verdict, or says the same without its fingerprint.
    #[must_use]
    pub fn is_in(&self, entry: &Entry) -> bool {
        match &entry.fingerprint {
            Some(fingerprint) => *fingerprint == self.fingerprint,
            None => {
                self.rule.is_some()
                    && entry.rule.as_ref().map(|rule| &rule.text) == self.rule.as_ref()
                    && entry.subject == self.subjects()
            }
        }
    }

    pub(super) fn subjects(&self) -> Subjects {
        match &self.subject {
            Some(("account", id)) => Subjects { accounts: vec![Name::new(id)], ..Subjects::default() },
            Some((_, arn)) => Subjects { arns: vec![Name::new(arn)], ..Subjects::default() },
            None => Subjects::default(),
        }
    }

    /// Its lines, without the indentation of the list.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut put =
            |line: String| lines.push(format!("{}{line}", if lines.is_empty() { "- " } else { "  " }));
        if let Some(rule) = &self.rule {
            put(format!("rule: {}", scalar(rule)));
        }
        if let Some((key, value)) = &self.subject {
            put("subject:".to_owned());
            put(format!("  {key}: {}", scalar(value)));
        }
        put(format!("fingerprint: {}", scalar(&self.fingerprint)));
        put(format!("reason: {}", scalar(&self.reason)));
        put(format!("owner: {}", scalar(&self.owner)));
        put(format!("expires: {}", self.expires));
        if let Some(ticket) = &self.ticket {
            put(format!("ticket: {}", scalar(ticket)));
        }
        lines
    }
}

/// A text as a YAML scalar on one line: plain where nothing in it could be taken for anything else.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " _./@:-+()".contains(c);
    let reads_as_text = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_plain)
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if reads_as_text {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if is_seen(c) => quoted.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether it may stand in a file as it is.
fn is_seen(c: char) -> bool {
    let is_text = matches!(c, ' '..='~' | '\u{a1}'..='\u{d7ff}') || c.is_alphanumeric();
    is_text && matches!(printable(c.encode_utf8(&mut [0; 4])), Cow::Borrowed(_))
}

/// Plain scalars that some reader of YAML does not take for text.
const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "y"];
