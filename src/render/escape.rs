//! Makes strings from the audited accounts harmless and visible, one function per format.
//!
//! Whoever can name a trail, a tag or an account writes into these reports. Characters that a reader cannot see are written as
//! escapes (`\u{202e}`) everywhere; each format then defuses what is active in it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// True for what a terminal, browser or editor acts upon instead of showing it: controls, line separators, bidirectional
/// overrides, zero-width and tag characters.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
        )
}

/// One line in which everything can be seen.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    reveal(text, |_| false)
}

/// Like [`visible`], with line breaks kept: for snippets to copy.
pub(super) fn visible_lines(text: &str) -> Cow<'_, str> {
    reveal(text, |character| character == '\n')
}

fn reveal(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|character| is_hidden(character) && !keep(character)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            _ if keep(character) || !is_hidden(character) => shown.push(character),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    Cow::Owned(shown)
}

/// HTML text and quoted attribute values.
///
/// `/` is left alone, so that ARNs can be read and searched in the source.
pub(super) fn html(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'', '`']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '`' => safe.push_str("&#96;"),
            _ => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Text inside a paragraph, list item or table cell of GitHub-flavoured Markdown.
///
/// GitHub looks for mentions, issue numbers and addresses after it has undone backslashes; an (escaped) zero-width space stops it.
pub(super) fn markdown(text: &str) -> String {
    const GAP: &str = "&#8203;";
    let text = visible(text);
    let mut safe = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match character {
            '@' => safe.extend(["@", GAP]),
            '#' => safe.extend(["\\#", GAP]),
            '/' if text[..at].ends_with(':') => safe.extend([GAP, "/"]),
            '.' if text[..at].to_ascii_lowercase().ends_with("www") => safe.extend([GAP, "."]),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' | '$' => {
                safe.extend(['\\', character]);
            }
            '-' | '+' | '=' | ':' if at == 0 => safe.extend(['\\', character]),
            '.' | ')' if at > 0 && text[..at].bytes().all(|byte| byte.is_ascii_digit()) => {
                safe.extend(['\\', character]);
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// A code span inside a table cell: GitHub neither links nor mentions in it.
pub(super) fn markdown_code(text: &str) -> String {
    let text = visible(text);
    // A table is cut into cells before code spans are seen, and `\\|` ends a cell.
    if text.is_empty() || text.contains("\\|") {
        return markdown(&text);
    }
    let text = text.replace('|', "\\|");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Message text of SARIF: GitHub reads part of Markdown in it, and `{0}` and `[text](1)` have a meaning of their own.
pub(super) fn sarif(text: &str) -> String {
    visible(text)
        .chars()
        .map(|character| match character {
            '[' | '{' => '(',
            ']' | '}' => ')',
            '<' => '\u{2039}',
            '>' => '\u{203a}',
            '`' => '\'',
            _ => character,
        })
        .collect()
}

/// One segment of a relative URI path.
pub(super) fn uri_segment(text: &str) -> String {
    if matches!(text, "" | "." | "..") {
        return "_".to_owned();
    }
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            segment.push(char::from(byte));
        } else {
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

/// Compact JSON in which hidden characters are `\u` escapes; in a page also the characters that could end a script block.
#[derive(Clone, Copy)]
pub(super) struct Json {
    /// The JSON stands inside an HTML page.
    pub(super) in_page: bool,
}

impl Json {
    fn active(self, character: char) -> bool {
        is_hidden(character) || (self.in_page && matches!(character, '<' | '>' | '&'))
    }
}

impl serde_json::ser::Formatter for Json {
    fn write_string_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        // Nearly all text is this, and told at once.
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !self.in_page {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, character)) = rest.char_indices().find(|(_, character)| self.active(*character)) {
            let (before, after) = rest.split_at(at);
            out.write_all(before.as_bytes())?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &after[character.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

/// `value` as one line of JSON.
pub(super) fn json(value: &impl serde::Serialize, in_page: bool) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut line, Json { in_page }))?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_spelled_out() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}c"), "a\\u{1b}[31m\\nb\\u{202e}c");
        assert_eq!(visible_lines("a\n\u{9b}b"), "a\n\\u{9b}b");
    }

    #[test]
    fn markdown_is_defused() {
        assert_eq!(
            markdown("a|b <i> @x #1 [l](http://h)"),
            "a\\|b &lt;i&gt; @&#8203;x \\#&#8203;1 \\[l\\](http:&#8203;//h)"
        );
        assert_eq!(markdown("- item"), "\\- item");
        assert_eq!(markdown("12. item"), "12\\. item");
        assert_eq!(markdown_code("a`b|c"), "`` a`b\\|c ``");
        assert_eq!(markdown_code("a\\|b"), "a\\\\\\|b");
    }

    #[test]
    fn path_segments_stay_segments() {
        assert_eq!(uri_segment("../a b"), "..%2Fa%20b");
        assert_eq!(uri_segment(".."), "_");
    }
}
