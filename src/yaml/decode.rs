//! From nodes to values, gathering every mistake on the way.

use std::ops::Range;
use std::sync::Arc;

use super::place::{place, trimmed};
use super::{Entry, Kind, Node};
pub(crate) use crate::diagnostic::quoted;
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Source;

/// A key of a map, as the loader and the schema for editors know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) is_required: bool,
    /// What it means, in a sentence.
    pub(crate) doc: &'static str,
}

/// A key that may be left out.
pub(crate) const fn optional(name: &'static str, doc: &'static str) -> Key {
    Key { name, is_required: false, doc }
}

/// A key that must be there.
pub(crate) const fn required(name: &'static str, doc: &'static str) -> Key {
    Key { name, is_required: true, doc }
}

/// The names of keys.
pub(crate) fn names<const N: usize>(keys: &[Key; N]) -> [&'static str; N] {
    keys.map(|key| key.name)
}

/// Reads the nodes of one file.
pub(crate) struct Decoder {
    pub(crate) source: Arc<Source>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A text with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) span: Range<usize>,
}

/// A map whose keys are known.
pub(crate) struct Fields<'n> {
    entries: &'n [Entry],
    /// Where the map starts, for what is missing in it.
    pub(crate) start: usize,
}

impl<'n> Fields<'n> {
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|entry| &entry.value).filter(|node| node.kind != Kind::Null)
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl Decoder {
    pub(crate) fn new(source: &Arc<Source>) -> Self {
        Self { source: Arc::clone(source), diagnostics: Vec::new() }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(crate) fn error(&mut self, span: Range<usize>, title: impl Into<String>, label: &str) {
        self.report(Diagnostic::error(title).at(&self.source.clone(), span, label));
    }

    /// Where a node is, without the white space around a block of text.
    pub(crate) fn span(&self, node: &Node) -> Range<usize> {
        trimmed(&self.source.text, &node.span)
    }

    /// Where a part of a text is.
    pub(crate) fn inside(&self, text: &Text, part: &Range<usize>) -> Range<usize> {
        place(&self.source.text, &text.span, &text.value, part)
    }

    /// A map with no other keys than these.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, what: &str, allowed: &[&str]) -> Option<Fields<'n>> {
        let entries = self.map(node, what)?;
        for entry in entries.iter().filter(|entry| !allowed.contains(&entry.key.as_str())) {
            let help = match closest(&entry.key, allowed.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("keys of {what}: {}", quoted(allowed)),
            };
            let title = format!("{what} has no key `{}`", entry.key);
            let diagnostic =
                Diagnostic::error(title).at(&self.source.clone(), entry.key_span.clone(), "unknown key");
            self.report(diagnostic.help(help));
        }
        Some(Fields { entries, start: entries.first().map_or(node.span.start, |entry| entry.key_span.start) })
    }

    pub(crate) fn map<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Entry]> {
        match &node.kind {
            Kind::Map(entries) => Some(entries),
            _ => self.wrong(node, what, "a map"),
        }
    }

    pub(crate) fn list<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Node]> {
        match &node.kind {
            Kind::List(items) => Some(items),
            _ => self.wrong(node, what, "a list"),
        }
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, node: &Node, what: &str) -> Option<Text> {
        match &node.kind {
            Kind::Text(value) if value.trim().is_empty() => {
                self.error(self.span(node), format!("{what} is empty"), "");
                None
            }
            Kind::Text(value) => Some(Text { value: value.clone(), span: node.span.clone() }),
            _ => self.wrong(node, what, "a string"),
        }
    }

    /// A text, or any other scalar as it is written.
    pub(crate) fn scalar(&mut self, node: &Node, what: &str) -> Option<Text> {
        match &node.kind {
            Kind::Bool(_) | Kind::Int(_) | Kind::Float => {
                let value = self.source.text.get(node.span.clone()).unwrap_or_default().to_owned();
                Some(Text { value, span: node.span.clone() })
            }
            _ => self.text(node, what),
        }
    }

    pub(crate) fn texts(&mut self, node: &Node, what: &str) -> Vec<Text> {
        let items = self.list(node, what).unwrap_or_default();
        items.iter().filter_map(|item| self.text(item, &format!("an entry of {what}"))).collect()
    }

    /// The value of a key that must be there.
    pub(crate) fn required<'n>(&mut self, fields: &Fields<'n>, key: &str, what: &str) -> Option<&'n Node> {
        let found = fields.get(key);
        if found.is_none() {
            let at = fields.entry(key).map_or(fields.start..fields.start, |entry| entry.key_span.clone());
            self.error(at, format!("{what} needs `{key}`"), "missing");
        }
        found
    }

    pub(crate) fn required_text(&mut self, fields: &Fields<'_>, key: &str, what: &str) -> Option<Text> {
        let node = self.required(fields, key, what)?;
        self.text(node, &format!("`{key}`"))
    }

    pub(crate) fn optional_text(&mut self, fields: &Fields<'_>, key: &str) -> Option<Text> {
        let node = fields.get(key)?;
        self.text(node, &format!("`{key}`"))
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&mut self, text: &Text, what: &str, choices: &[(&str, T)]) -> Option<T> {
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text.value) {
            return Some(*choice);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let near = closest(&text.value, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let title = format!("`{}` is no {what}", text.value);
        let at = self.inside(text, &(0..text.value.len()));
        let diagnostic =
            Diagnostic::error(title).at(&self.source.clone(), at, format!("one of {}", quoted(&names)));
        self.report(diagnostic.maybe_help(near));
        None
    }

    pub(crate) fn wrong<T>(&mut self, node: &Node, what: &str, expected: &str) -> Option<T> {
        let title = format!("{what} must be {expected}, found {}", node.what());
        let is_unquoted =
            expected == "a string" && matches!(node.kind, Kind::Int(_) | Kind::Float | Kind::Bool(_));
        let is_bare = expected == "a list" && matches!(node.kind, Kind::Text(_));
        let help = match (is_unquoted, is_bare) {
            (true, _) => Some("put it in quotes"),
            (_, true) => Some("put it in brackets: `[…]`"),
            _ => None,
        };
        let at = self.span(node);
        let diagnostic =
            Diagnostic::error(title).at(&self.source.clone(), at, format!("expected {expected}"));
        self.report(diagnostic.maybe_help(help.map(str::to_owned)));
        None
    }
}
