//! What a parser says of a text that is not YAML, in words for the people who wrote it.

use std::ops::Range;
use std::sync::Arc;

use serde_saphyr::Error;

use super::{MAX_ALIASES, MAX_DEPTH, MAX_NODES};
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// A part of what the parser says, what is said instead, and what to do.
const WORDS: [(&str, &str, Option<&str>); 16] = [
    (
        "after single-quoted",
        "text follows the closing quote",
        Some("put the whole value in quotes, or start a block of text with `>-`"),
    ),
    ("after double-quoted", "text follows the closing quote", Some("put the whole value in single quotes")),
    ("mapping values are not allowed", "a key cannot start here", Some(COLON)),
    ("placement of ':'", "a key cannot start here", Some(COLON)),
    ("simple key", "a key without `:`", Some("write `key: value`, and check the indentation")),
    (
        "expected key",
        "a key is expected here",
        Some("start all keys of one map in the same column; put a text that starts with a bracket in quotes"),
    ),
    (
        "expected '-' indicator",
        "an entry is expected here",
        Some("start all entries of one list in the same column"),
    ),
    ("tab", "a tab cannot be used for indentation", Some("indent with spaces")),
    (
        "expected string scalar",
        "a key must be a text",
        Some("put a text that starts with `{` or `[` in quotes"),
    ),
    (
        "multiline quoted scalar",
        "a quote is not closed on its line",
        Some("close it, or indent the lines that follow"),
    ),
    (
        TAG,
        "a value cannot start with `!`",
        Some("put the whole value in quotes, or start a block of text with `>-`"),
    ),
    (
        "unknown anchor",
        "an alias without an anchor before it",
        Some("put a text that starts with `*` in quotes"),
    ),
    (
        "unclosed quote",
        "a quote is never closed",
        Some("close it; inside single quotes, a quote is written twice"),
    ),
    (
        "unclosed bracket",
        "a bracket is never closed",
        Some("close it, or put a text that starts with it in quotes"),
    ),
    ("escape", "a backslash that starts no escape", Some("write it twice, or put the text in single quotes")),
    ("unexpected character", "a value cannot start with this character", Some("put the value in quotes")),
];
const TAG: &str = "unsupported tag";
const COLON: &str = "put a text that holds `: ` in quotes; otherwise check the indentation";

/// The parser's error as a mistake with its place.
pub(super) fn explain(source: &Arc<Source>, error: &Error) -> Diagnostic {
    if let Error::AliasError { error, .. } = error.without_snippet() {
        return explain(source, error);
    }
    let at = place(source, error);
    match error.without_snippet() {
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.clone().unwrap_or_default();
            let title = format!("the key `{key}` is given twice");
            let whole = at.start..at.start + key.len().max(1);
            Diagnostic::error(title).at(source, source.clamp(&whole), "again").help("keep one of them")
        }
        Error::MultipleDocuments { .. } => {
            Diagnostic::error("a file holds one YAML document").at(source, at, "a second one starts here")
        }
        Error::MergeKeyNotAllowed { .. } => Diagnostic::error("merge keys (`<<`) are not allowed")
            .at(source, at, "")
            .help("write the keys out"),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => beyond_limits(source, at),
        other => {
            let message = other.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message);
            if message.contains("recursion limit") {
                return beyond_limits(source, at);
            }
            let (says, help) = in_words(message);
            // The parser points behind a tag.
            let tag = source.text.get(..at.start).and_then(|before| before.rfind('!'));
            let at = tag.filter(|_| message.contains(TAG)).map_or(at, |tag| tag..tag + 1);
            Diagnostic::error(format!("not valid YAML: {says}"))
                .at(source, at, "")
                .maybe_help(help.map(str::to_owned))
        }
    }
}

fn beyond_limits(source: &Arc<Source>, at: Range<usize>) -> Diagnostic {
    Diagnostic::error("the file is nested too deeply, too large or repeats itself too often")
        .at(source, at, "the limit is passed here")
        .note(format!("{MAX_DEPTH} levels, {MAX_NODES} values and {MAX_ALIASES} aliases are allowed"))
}

fn in_words(message: &str) -> (String, Option<&'static str>) {
    match WORDS.iter().find(|(part, ..)| message.contains(part)) {
        Some((_, says, help)) => ((*says).to_owned(), *help),
        None => (message.replace("invalid ", "unexpected "), None),
    }
}

/// The character that the parser points at.
fn place(source: &Source, error: &Error) -> Range<usize> {
    let at = error.location().map_or(0, |location| {
        let line = usize::try_from(location.line()).unwrap_or(1);
        source.offset(line, usize::try_from(location.column()).unwrap_or(1))
    });
    let next = source.text.get(at..).unwrap_or_default().chars().next();
    at..at + next.filter(|c| *c != '\n').map_or(0, char::len_utf8)
}
