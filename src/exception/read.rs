//! Reads a list of exceptions. Nothing that could widen an exception is passed over: an empty pattern is a mistake.

use std::sync::Arc;

use jiff::civil::Date;

use super::Entry;
use super::pattern::{Name, Subjects};
use crate::diagnostic::Diagnostic;
use crate::yaml::decode::{Decoder, Fields, Key, Text, names, optional, required};
use crate::yaml::{Kind, Node};

/// The keys of a file that `exceptions_from` names.
pub(crate) const FILE_KEYS: [Key; 1] =
    [required("exceptions", "Failures that somebody answers for, until a date.")];
/// The keys of an exception.
pub(super) const KEYS: [Key; 7] = [
    optional("rule", "Id of the rule; `*` stands for any text."),
    optional("subject", "Which subjects; without it, all of the rule. All keys that are given must match."),
    optional("fingerprint", "The one verdict that is meant, as JSON results show it."),
    required("reason", "Why the failure is accepted."),
    required("owner", "Who answers for it."),
    required("expires", "The last day on which it counts: 2027-01-31."),
    optional("ticket", "Where it is discussed."),
];
/// The keys of `subject`; each is one pattern or a list of them.
pub(super) const SUBJECT_KEYS: [Key; 4] = [
    optional("arn", "ARN; `*` stands for any text."),
    optional("account", "Account id or name; `*` stands for any text."),
    optional(
        "ou",
        "Names of units from below the root, such as `Workloads/Prod`; `**` stands for any units.",
    ),
    optional("tag", "`key=value`; `*` in the value stands for any text."),
];
/// Characters that a pattern may have; no ARN has more.
const LONGEST: usize = 2_048;
/// Hexadecimal digits of a fingerprint.
pub(super) const DIGITS: usize = 64;

impl Decoder {
    /// Reads the value of `exceptions`.
    pub(crate) fn exceptions(&mut self, node: &Node) -> Vec<Entry> {
        let items = self.list(node, "`exceptions`").unwrap_or_default();
        items.iter().filter_map(|item| self.exception(item)).collect()
    }

    fn exception(&mut self, node: &Node) -> Option<Entry> {
        let what = "an exception";
        let fields = self.fields(node, what, &names(&KEYS))?;
        let before = self.diagnostics.len();
        self.no_empty_values(node);
        let fingerprint = self.optional_text(&fields, "fingerprint").and_then(|text| self.fingerprint(&text));
        if fields.entry("rule").is_none() && fields.entry("fingerprint").is_none() {
            let title = "an exception needs `rule`, or the `fingerprint` of one verdict";
            self.error(fields.start..fields.start, title, "missing");
        }
        let rule = self.optional_text(&fields, "rule").and_then(|text| self.rule_pattern(&text));
        let subject = fields.get("subject").map(|node| self.subjects(node)).unwrap_or_default();
        let reason = self.required_text(&fields, "reason", what);
        let owner = self.required_text(&fields, "owner", what);
        let ticket = self.optional_text(&fields, "ticket");
        let (expires, expires_span) = self.expiry(&fields, what)?;
        if self.diagnostics.len() > before {
            return None;
        }
        Some(Entry {
            rule,
            subject,
            fingerprint,
            reason: reason?.value.trim().to_owned(),
            owner: owner?.value.trim().to_owned(),
            expires,
            ticket: ticket.map(|text| text.value.trim().to_owned()),
            source: Arc::clone(&self.source),
            expires_span,
            span: fields.start..fields.start,
        })
    }

    /// A key without a value would be taken for a key that is not there, and the exception would mean more than was written.
    fn no_empty_values(&mut self, node: &Node) {
        let Kind::Map(entries) = &node.kind else { return };
        for entry in entries.iter().filter(|entry| entry.value.kind == Kind::Null) {
            let diagnostic = Diagnostic::error(format!("`{}` has no value", entry.key));
            let diagnostic = diagnostic.at(&self.source.clone(), entry.key_span.clone(), "");
            self.report(diagnostic.help("give it one, or leave the key out"));
        }
    }

    fn fingerprint(&mut self, text: &Text) -> Option<String> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.value.len() == DIGITS && text.value.bytes().all(is_digit) {
            return Some(text.value.clone());
        }
        let at = self.inside(text, &(0..text.value.len()));
        let diagnostic = Diagnostic::error(format!(
            "a fingerprint has {DIGITS} digits from 0 to 9 and a to f"
        ))
        .at(&self.source.clone(), at, "");
        self.report(
            diagnostic.help("copy it from the JSON results, or let `trailproof except` write the entry"),
        );
        None
    }

    fn rule_pattern(&mut self, text: &Text) -> Option<Name> {
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '*';
        if text.value.chars().all(is_allowed) {
            return self.name(text);
        }
        let at = self.inside(text, &(0..text.value.len()));
        let diagnostic = Diagnostic::error(format!("`{}` is no id of a rule", text.value));
        let diagnostic =
            diagnostic.at(&self.source.clone(), at, "small letters, digits, `-`, and `*` for any text");
        self.report(diagnostic);
        None
    }

    fn name(&mut self, text: &Text) -> Option<Name> {
        if text.value.len() <= LONGEST {
            return Some(Name::new(&text.value));
        }
        self.error(text.span.clone(), format!("a pattern may have {LONGEST} characters"), "too long");
        None
    }

    fn subjects(&mut self, node: &Node) -> Subjects {
        let Some(fields) = self.fields(node, "`subject`", &names(&SUBJECT_KEYS)) else {
            return Subjects::default();
        };
        self.no_empty_values(node);
        if matches!(&node.kind, Kind::Map(entries) if entries.is_empty()) {
            let diagnostic =
                Diagnostic::error("`subject` names no subject").at(&self.source.clone(), self.span(node), "");
            self.report(diagnostic.help("give `arn`, `account`, `ou` or `tag`, or leave `subject` out"));
        }
        Subjects {
            arns: self.patterns(&fields, "arn", Self::arn),
            accounts: self.patterns(&fields, "account", Self::account),
            units: self.patterns(&fields, "ou", Self::unit),
            tags: self.patterns(&fields, "tag", Self::tag),
        }
    }

    /// One pattern or a list of them.
    fn patterns<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        read: fn(&mut Self, &Text) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let texts = match &node.kind {
            Kind::List(items) if items.is_empty() => {
                let diagnostic =
                    Diagnostic::error(format!("`{key}` is an empty list, which would mean no subject"));
                let diagnostic = diagnostic.at(&self.source.clone(), self.span(node), "");
                self.report(diagnostic.help("name a pattern, or leave the key out"));
                Vec::new()
            }
            Kind::List(_) => self.texts(node, &format!("`{key}`")),
            _ => self.text(node, &format!("`{key}`")).into_iter().collect(),
        };
        texts.iter().filter_map(|text| read(self, text)).collect()
    }

    fn refuse<T>(&mut self, text: &Text, title: String, help: &str) -> Option<T> {
        let at = self.inside(text, &(0..text.value.len()));
        self.report(Diagnostic::error(title).at(&self.source.clone(), at, "").help(help));
        None
    }

    fn arn(&mut self, text: &Text) -> Option<Name> {
        let value = text.value.as_str();
        if !value.starts_with("arn:") && !value.starts_with('*') {
            let help = "write the whole ARN as reports show it, or start with `*`";
            return self.refuse(text, format!("`{value}` is no ARN and no pattern of one"), help);
        }
        if value.contains('?') {
            return self.refuse(
                text,
                "`?` is no wildcard".to_owned(),
                "write `*`, which stands for any text",
            );
        }
        self.name(text)
    }

    fn account(&mut self, text: &Text) -> Option<Name> {
        let value = text.value.as_str();
        if value.bytes().all(|byte| byte.is_ascii_digit()) && value.len() != 12 {
            return self.refuse(
                text,
                format!("`{value}` is no account id"),
                "an account id has twelve digits",
            );
        }
        self.name(text)
    }

    fn unit(&mut self, text: &Text) -> Option<Vec<Name>> {
        let help = "write the names of the units from below the root, such as `Workloads/Prod/**`";
        let parts: Vec<&str> = text.value.split('/').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return self.refuse(text, format!("`{}` is no path of units", text.value), help);
        }
        if let Some(part) = parts.iter().find(|part| part.contains("**") && **part != "**") {
            return self.refuse(text, format!("`**` must be a part of its own, not `{part}`"), help);
        }
        self.name(text)?;
        Some(parts.into_iter().map(Name::new).collect())
    }

    fn tag(&mut self, text: &Text) -> Option<(String, Name)> {
        match text.value.split_once('=') {
            Some((key, value)) if !key.is_empty() && !key.contains('*') => {
                self.name(text)?;
                Some((key.to_owned(), Name::new(value)))
            }
            _ => self.refuse(
                text,
                format!("`{}` is no tag", text.value),
                "write `key=value`; the value may hold `*`",
            ),
        }
    }

    fn expiry(&mut self, fields: &Fields<'_>, what: &str) -> Option<(Date, std::ops::Range<usize>)> {
        let text = self.required_text(fields, "expires", what)?;
        let at = self.inside(&text, &(0..text.value.len()));
        match parse_date(&text.value) {
            Some(date) => Some((date, at)),
            None => self.refuse(
                &text,
                format!("`{}` is no date", text.value),
                "write year, month and day: 2027-01-31",
            ),
        }
    }
}

/// A date written as `YYYY-MM-DD`, and in no other way.
#[must_use]
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let is_date = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    is_date.then(|| text.parse().ok()).flatten()
}
