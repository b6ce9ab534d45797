//! Adds an exception to a file as text, so that comments, order and layout stay as they are.

use std::sync::Arc;

use super::write::Draft;
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use crate::yaml::{Entry, Kind, Node, parse};

/// Why an exception is not added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAppended {
    /// The file cannot be read as YAML.
    #[error("the file has mistakes")]
    Mistaken(Vec<Diagnostic>),
    /// No place was found where lines could be put in without changing others.
    #[error(
        "the list of exceptions is not written as a block of `- ` entries, and the file would have to be written anew"
    )]
    Layout,
    /// What was to be added would not read back as what was meant.
    #[error("the file would not read back as what was meant: {0}")]
    Unreadable(String),
}

/// The text of the file with the exception at the end of its `exceptions`, every other line as it was.
pub fn append(source: &Arc<Source>, draft: &Draft) -> Result<String, NotAppended> {
    let mut source = Arc::clone(source);
    let mut before = if is_blank(&source.text) { Vec::new() } else { entries(&source)? };
    if let Some(text) = without_value(&source.text, &before) {
        source = Arc::new(Source::new(source.name.clone(), text));
        before = entries(&source)?;
    }
    let text = source.text.as_str();
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut last = NotAppended::Layout;
    for (at, prefix, indent) in places(text, &before) {
        let mut block = prefix;
        for line in draft.lines() {
            block.push(format!("{}{line}", " ".repeat(indent)));
        }
        let added = insert(text, at, &block, newline);
        match check(&source.name, &added, &before, draft) {
            Ok(()) => return Ok(added),
            Err(reason) => last = reason,
        }
    }
    Err(last)
}

fn is_blank(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

fn entries(source: &Arc<Source>) -> Result<Vec<Entry>, NotAppended> {
    match parse(source) {
        (Some(Node { kind: Kind::Map(entries), .. }), found) if found.is_empty() => Ok(entries),
        (_, found) if !found.is_empty() => Err(NotAppended::Mistaken(found)),
        _ => Err(NotAppended::Layout),
    }
}

/// The text without the brackets of `exceptions: []`, or the `~` of `exceptions: ~`, below which no block can stand.
fn without_value(text: &str, entries: &[Entry]) -> Option<String> {
    let entry = entries.iter().find(|entry| entry.key == "exceptions")?;
    let (before, rest) = text.split_at_checked(entry.value.span.start)?;
    let after = match &entry.value.kind {
        Kind::List(items) if items.is_empty() => {
            rest.strip_prefix('[')?.trim_start_matches(' ').strip_prefix(']')?
        }
        Kind::Null => ["~", "null"].iter().find_map(|word| rest.strip_prefix(word))?,
        _ => return None,
    };
    Some(format!("{}{after}", before.trim_end_matches(' ')))
}

/// A byte to insert at (the start of a line, or the end), lines to put before the entry, and its indentation.
type Place = (usize, Vec<String>, usize);

/// Where the entry may go, the best first.
fn places(text: &str, entries: &[Entry]) -> Vec<Place> {
    let Some(at) = entries.iter().position(|entry| entry.key == "exceptions") else {
        let gap = if text.is_empty() { Vec::new() } else { vec![String::new()] };
        return vec![(text.len(), gap.into_iter().chain(["exceptions:".to_owned()]).collect(), 2)];
    };
    let Some(entry) = entries.get(at) else { return Vec::new() };
    let end = entries.get(at + 1).map_or(text.len(), |next| line_start(text, next.key_span.start));
    let start = next_line(text, entry.key_span.end);
    let lines = lines_of(text, start, end);
    let is_said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    match &entry.value.kind {
        Kind::Null => vec![(start, Vec::new(), 2)],
        Kind::List(items) if !items.is_empty() => {
            let Some((_, first)) = lines.iter().find(|(_, line)| is_said(line)) else { return Vec::new() };
            if !first.trim_start().starts_with('-') {
                return Vec::new();
            }
            let indent = indentation(first);
            let last = lines.iter().rposition(|(_, line)| is_said(line)).unwrap_or(0);
            let belongs =
                |line: &str| line.trim_start().starts_with('#') && indentation(line) >= indent.max(1);
            let comments = lines.iter().skip(last + 1).take_while(|(_, line)| belongs(line)).count();
            let after = |index: usize| lines.get(index).map_or(end, |(start, _)| *start);
            [after(last + 1 + comments), after(last + 1), end]
                .into_iter()
                .map(|at| (at, Vec::new(), indent))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

fn next_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline + 1)
}

/// The lines between two line starts, each with where it starts.
fn lines_of(text: &str, start: usize, end: usize) -> Vec<(usize, &str)> {
    let mut next = start;
    let lines = text.get(start..end).unwrap_or_default().split_inclusive('\n');
    let placed = lines.map(|line| {
        let at = next;
        next += line.len();
        (at, line)
    });
    placed.collect()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn insert(text: &str, at: usize, lines: &[String], newline: &str) -> String {
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
    let needs_end = !before.is_empty() && !before.ends_with('\n') && before != "\u{feff}";
    let end = if needs_end { newline } else { "" };
    let block: String = lines.iter().flat_map(|line| [line.as_str(), newline]).collect();
    format!("{before}{end}{block}{after}")
}

/// Whether the text reads as what the file was, with the exception at the end of its list.
fn check(name: &str, text: &str, before: &[Entry], draft: &Draft) -> Result<(), NotAppended> {
    let source = Arc::new(Source::new(name, text));
    let after = match parse(&source) {
        (Some(Node { kind: Kind::Map(entries), .. }), found) if found.is_empty() => entries,
        (_, found) if !found.is_empty() => return Err(NotAppended::Unreadable(titles(&found))),
        _ => return Err(NotAppended::Layout),
    };
    let Some(list) = after.iter().find(|entry| entry.key == "exceptions") else {
        return Err(NotAppended::Layout);
    };
    let Kind::List(items) = &list.value.kind else { return Err(NotAppended::Layout) };
    let Some((new, old)) = items.split_last() else { return Err(NotAppended::Layout) };
    let mut expected: Vec<(&str, Value<'_>)> =
        before.iter().map(|entry| (entry.key.as_str(), plain(&entry.value))).collect();
    let list = Value::List(old.iter().map(plain).collect());
    match expected.iter_mut().find(|(key, _)| *key == "exceptions") {
        Some((_, value)) if *value == Value::Null && old.is_empty() => *value = list.clone(),
        Some(_) => {}
        None => expected.push(("exceptions", list.clone())),
    }
    let found: Vec<(&str, Value<'_>)> = after
        .iter()
        .map(|entry| {
            (entry.key.as_str(), if entry.key == "exceptions" { list.clone() } else { plain(&entry.value) })
        })
        .collect();
    let mut decoder = crate::yaml::decode::Decoder::new(&source);
    let single = Node { span: new.span.clone(), kind: Kind::List(vec![new.clone()]) };
    let read = decoder.exceptions(&single);
    if !decoder.diagnostics.is_empty() {
        return Err(NotAppended::Unreadable(titles(&decoder.diagnostics)));
    }
    let is_meant = read.first().is_some_and(|entry| {
        entry.fingerprint.as_ref() == Some(&draft.fingerprint)
            && entry.rule.as_ref().map(|rule| &rule.text) == draft.rule.as_ref()
            && entry.subject == draft.subjects()
            && entry.reason == draft.reason.trim()
            && entry.owner == draft.owner.trim()
            && entry.expires == draft.expires
            && entry.ticket.as_deref() == draft.ticket.as_deref().map(str::trim)
    });
    if found == expected && is_meant { Ok(()) } else { Err(NotAppended::Layout) }
}

/// What is wrong, in a line.
fn titles(found: &[Diagnostic]) -> String {
    found.iter().map(|diagnostic| diagnostic.title.as_str()).collect::<Vec<_>>().join("; ")
}

/// A node without its place.
#[derive(Clone, Debug, PartialEq)]
enum Value<'n> {
    Null,
    Scalar(&'n Kind),
    List(Vec<Self>),
    Map(Vec<(&'n str, Self)>),
}

fn plain(node: &Node) -> Value<'_> {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::List(items) => Value::List(items.iter().map(plain).collect()),
        Kind::Map(entries) => {
            Value::Map(entries.iter().map(|entry| (entry.key.as_str(), plain(&entry.value))).collect())
        }
        scalar => Value::Scalar(scalar),
    }
}
