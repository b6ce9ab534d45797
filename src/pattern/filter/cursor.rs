//! A place in the text of a pattern.

use super::super::ParseError;

/// Reads a text from the left.
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Byte of the text.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes `token` when it comes next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let comes = self.rest().starts_with(token);
        if comes {
            self.at += token.len();
        }
        comes
    }

    /// Takes the characters that belong, perhaps none.
    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Takes what stands before the next `end` and the end too; a character after a backslash is no end. The opening one is taken already.
    pub(super) fn take_until(&mut self, end: char, what: &str) -> Result<&'t str, ParseError> {
        let rest = self.rest();
        let mut is_escaped = false;
        for (at, c) in rest.char_indices() {
            if c == end && !is_escaped {
                self.at += at + c.len_utf8();
                return Ok(rest.get(..at).unwrap_or_default());
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        Err(self.error(format!("{what} has no end.")))
    }

    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::new(self.at, message)
    }
}
