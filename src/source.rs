//! A named text and the positions in it.

use std::ops::Range;

/// A text that a diagnostic can point into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How the user knows it: a path, or `baseline/trail-logging.yaml` for an embedded file.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// A text with the name that diagnostics show.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Line and column, both from 1 and counted in characters, of a byte offset.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..self.floor(offset)).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before.get(line_start..).unwrap_or_default().chars().count() + 1)
    }

    /// Byte offset of a line and a column, both from 1; the end of the text when there is no such place.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let mut starts =
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(newline, _)| newline + 1));
        let Some(start) = starts.nth(line.saturating_sub(1)) else { return self.text.len() };
        let rest = self.text.get(start..).unwrap_or_default();
        let inside = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        start + inside
    }

    /// The span cut to the text and to character boundaries.
    #[must_use]
    pub fn clamp(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.floor(span.start);
        start..self.floor(span.end).max(start)
    }

    /// The last part of the name, without the directory.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_and_its_position_name_the_same_place() {
        let source = Source::new("a.yaml", "é: 1\nb: ü\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(2), (1, 2));
        assert_eq!(source.position(9), (2, 4));
        assert_eq!(source.offset(2, 4), 9);
        assert_eq!(source.offset(9, 9), source.text.len());
    }

    #[test]
    fn a_span_inside_a_character_is_widened_to_its_start() {
        let source = Source::new("a.yaml", "é");
        assert_eq!(source.clamp(&(1..99)), 0..2);
    }

    #[test]
    fn the_file_name_is_the_last_part() {
        assert_eq!(Source::new("a/b/c.yaml", "").file_name(), "c.yaml");
        assert_eq!(Source::new("c.yaml", "").file_name(), "c.yaml");
    }
}
