//! YAML as a tree of nodes that know their place, read within limits, and what is made of the nodes.

pub(crate) mod decode;
mod explain;
mod file;
pub(crate) mod place;
pub(crate) mod schema;

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Error, MergeKeyPolicy, Options, Spanned};

use crate::diagnostic::Diagnostic;
use crate::source::Source;

use explain::explain;

pub(crate) use file::read_file;

/// Bytes that a file may have.
pub(crate) const MAX_FILE_SIZE: usize = 256 * 1024;
/// Maps and lists that may be inside one another.
const MAX_DEPTH: usize = 32;
/// Values that a file may have.
const MAX_NODES: usize = 20_000;
/// Aliases that a file may have.
const MAX_ALIASES: usize = 64;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Bytes of a scalar; the start of a list or a map.
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Int(i64),
    Float,
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node,
}

impl Node {
    /// What it is, with an article.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "a bool",
            Kind::Int(_) => "an int",
            Kind::Float => "a number with a fraction",
            Kind::Text(_) => "a string",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// Reads one document; the tree is missing when the text is beyond repair.
pub(crate) fn parse(source: &Arc<Source>) -> (Option<Node>, Vec<Diagnostic>) {
    if source.text.len() > MAX_FILE_SIZE {
        let title = format!("{} has {} bytes, {MAX_FILE_SIZE} are allowed", source.name, source.text.len());
        return (None, vec![Diagnostic::error(title).at(source, 0..0, "")]);
    }
    if let Some((at, hidden)) = source.text.char_indices().find(|(at, c)| is_hidden(*at, *c)) {
        let title = format!("the file holds the hidden character U+{:04X}", u32::from(hidden));
        let diagnostic = Diagnostic::error(title).at(source, at..at + hidden.len_utf8(), "");
        return (
            None,
            vec![diagnostic.help("write it as an escape in a double-quoted string, or remove it")],
        );
    }
    match read(&source.text, DuplicateKeyPolicy::Error) {
        Ok(node) => (Some(node), Vec::new()),
        Err(error) => {
            let again = match error.without_snippet() {
                Error::DuplicateMappingKey { .. } => read(&source.text, DuplicateKeyPolicy::FirstWins).ok(),
                _ => None,
            };
            (again, vec![explain(source, &error)])
        }
    }
}

fn is_hidden(at: usize, c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{feff}' => at > 0,
        c => {
            c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        }
    }
}

fn read(text: &str, duplicate_keys: DuplicateKeyPolicy) -> Result<Node, Error> {
    let budget = serde_saphyr::budget! {
        max_depth: MAX_DEPTH,
        max_nodes: MAX_NODES,
        max_events: 80_000,
        max_aliases: MAX_ALIASES,
        max_anchors: 64,
        max_recorded_anchor_events: 20_000,
        max_recorded_anchor_bytes: 1 << 20,
        max_total_scalar_bytes: 4 << 20,
        flow_nesting_limit: MAX_DEPTH,
        // A second document is told as such.
        max_documents: 2,
    };
    let alias_limits =
        serde_saphyr::alias_limits! { max_total_replayed_events: 20_000, max_replay_stack_depth: 8 };
    let options: Options = serde_saphyr::options! {
        budget: budget,
        duplicate_keys: duplicate_keys,
        merge_keys: MergeKeyPolicy::Error,
        alias_limits: alias_limits,
        strict_booleans: true,
        with_snippet: false,
        reject_unsupported_tags: true,
    };
    serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options).map(Node::from)
}

enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Float,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl From<Spanned<Raw>> for Node {
    fn from(raw: Spanned<Raw>) -> Self {
        let span = bytes(raw.referenced);
        let kind = match raw.value {
            Raw::Null => Kind::Null,
            Raw::Bool(value) => Kind::Bool(value),
            Raw::Int(value) => Kind::Int(value),
            Raw::Float => Kind::Float,
            Raw::Text(value) => Kind::Text(value),
            Raw::List(items) => Kind::List(items.into_iter().map(Self::from).collect()),
            Raw::Map(entries) => Kind::Map(entries.into_iter().map(Entry::from).collect()),
        };
        Self { span, kind }
    }
}

impl From<(Spanned<String>, Spanned<Raw>)> for Entry {
    fn from((key, value): (Spanned<String>, Spanned<Raw>)) -> Self {
        Self { key_span: bytes(key.referenced), key: key.value, value: value.into() }
    }
}

fn bytes(location: serde_saphyr::Location) -> Range<usize> {
    let span = location.span();
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
    let start = number(span.byte_offset());
    start..start + number(span.byte_len())
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Int(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or(Raw::Float, Raw::Int))
    }
    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Float)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Float)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Float)
    }
    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
