//! A message with labelled spans, and the one renderer of it.
//!
//! Titles, labels, notes and excerpts may hold text that nobody vetted: everything is made printable here, once.

mod suggest;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Origin, Renderer, Snippet};

use crate::source::Source;

pub use suggest::closest;
pub(crate) use suggest::quoted;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing runs until it is mended.
    Error,
    /// It works, but probably not as meant.
    Warning,
}

/// A message with the places it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub level: Level,
    /// What is wrong, in one lower-case line without a full stop.
    pub title: String,
    /// Places, the most important first.
    pub labels: Vec<Label>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A span with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The text pointed into.
    pub source: Arc<Source>,
    /// Byte range in that text.
    pub span: Range<usize>,
    /// May be empty.
    pub text: String,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(title: impl Into<String>) -> Self {
        Self { level: Level::Error, title: title.into(), labels: Vec::new(), notes: Vec::new(), help: None }
    }

    /// A warning without a place yet.
    pub fn warning(title: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(title) }
    }

    /// Adds a place; the first one added is the primary one.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { source: Arc::clone(source), span, text: text.into() });
        self
    }

    /// Adds a fact that explains it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do about it, if there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The order in which diagnostics are shown: by file, then by place.
    #[must_use]
    pub fn order(&self) -> (String, usize, String) {
        let place = self.labels.first().map(|label| (label.source.name.clone(), label.span.start));
        let (file, start) = place.unwrap_or_default();
        (file, start, self.title.clone())
    }

    /// The diagnostic as text for a terminal, with or without colour.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let level = match self.level {
            Level::Error => Shown::ERROR,
            Level::Warning => Shown::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(printable(&self.title).into_owned()));
        let mut rest = self.labels.as_slice();
        while let Some(first) = rest.first() {
            let of_other_file = rest.iter().position(|label| label.source != first.source);
            let (same, others) = rest.split_at(of_other_file.unwrap_or(rest.len()));
            group = excerpt(group, same, same.len() == self.labels.len() || rest.len() == self.labels.len());
            rest = others;
        }
        for note in &self.notes {
            group = group.element(Shown::NOTE.message(printable(note).into_owned()));
        }
        if let Some(help) = &self.help {
            group = group.element(Shown::HELP.message(printable(help).into_owned()));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut text = renderer.render(&[group]);
        text.push('\n');
        text
    }
}

/// Renders diagnostics one after the other, an empty line between them.
#[must_use]
pub fn render_all(diagnostics: &[Diagnostic], color: bool) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.render(color)).collect::<Vec<_>>().join("\n")
}

fn excerpt<'a>(group: Group<'a>, labels: &'a [Label], first: bool) -> Group<'a> {
    let Some(head) = labels.first() else { return group };
    if head.source.text.trim().is_empty() {
        return group.element(Origin::path(printable(&head.source.name).into_owned()).line(1).char_column(1));
    }
    let (text, map) = visible(&head.source.text);
    let annotations = labels.iter().enumerate().map(|(at, label)| {
        let kind = if first && at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let span = label.source.clamp(&label.span);
        let words = (!label.text.is_empty()).then(|| printable(&label.text).into_owned());
        kind.span(map(span.start)..map(span.end)).label(words)
    });
    let annotations: Vec<_> = annotations.collect();
    group.element(
        Snippet::source(text).path(printable(&head.source.name).into_owned()).annotations(annotations),
    )
}

/// The text with what a terminal would obey replaced by signs, and the way from old offsets to new ones.
fn visible(text: &str) -> (String, impl Fn(usize) -> usize) {
    let mut shown = String::with_capacity(text.len());
    let mut shifts: Vec<(usize, usize)> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => shown.push(c),
            c if is_hostile(c) => shown.push('\u{fffd}'),
            c => shown.push(c),
        }
        let end = at + c.len_utf8();
        if shown.len() != shifts.last().map_or(end, |(old, new)| end - old + new) {
            shifts.push((end, shown.len()));
        }
    }
    let map = move |offset: usize| {
        let before = shifts.partition_point(|(old, _)| *old <= offset);
        before.checked_sub(1).and_then(|at| shifts.get(at)).map_or(offset, |(old, new)| offset - old + new)
    };
    (shown, map)
}

fn is_hostile(c: char) -> bool {
    let is_bidi =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control()
        || is_bidi
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

/// The text on one line, with control characters, line breaks and invisible direction marks shown as `\u{..}`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hostile(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_shows_file_line_column_caret_note_and_help() {
        let source = Arc::new(Source::new("p/a.yaml", "id: a\nassert: trail.is_loging\n"));
        let shown = Diagnostic::error("a trail has no fact `is_loging`")
            .at(&source, 20..29, "unknown fact")
            .note("facts of a trail are listed in the reference")
            .help("did you mean `is_logging`?")
            .render(false);
        insta::assert_snapshot!(shown, @r"
        error: a trail has no fact `is_loging`
         --> p/a.yaml:2:15
          |
        2 | assert: trail.is_loging
          |               ^^^^^^^^^ unknown fact
          |
          = note: facts of a trail are listed in the reference
          = help: did you mean `is_logging`?
        ");
    }

    #[test]
    fn hostile_text_in_title_label_and_excerpt_is_shown_not_obeyed() {
        let source = Arc::new(Source::new("a\u{1b}.yaml", "ti\u{202e}tle: \u{1b}[31m x\u{200b}yz\n"));
        let at = source.text.find("yz").unwrap();
        let shown = Diagnostic::error("bad \u{1b}[0m").at(&source, at..at + 2, "la\nbel").render(false);
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
        insta::assert_snapshot!(shown, @r"
        error: bad \u{1b}[0m
         --> a\u{1b}.yaml:1:17
          |
        1 | ti�tle: �[31m x�yz
          |                 ^^ la\u{a}bel
        ");
    }

    #[test]
    fn an_empty_file_still_has_a_place() {
        let source = Arc::new(Source::new("empty.yaml", ""));
        insta::assert_snapshot!(Diagnostic::error("empty file").at(&source, 0..0, "").render(false), @r"
        error: empty file
        --> empty.yaml:1:1
        ");
    }
}
