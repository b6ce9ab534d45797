//! Text within the width of the terminal.

use crate::diagnostic::printable;

/// The words of `text` on lines of at most `width` columns, each after `indent` spaces; a longer word has a line of its own.
pub(super) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let room = width.saturating_sub(indent).max(20);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = printable(word);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word.into_owned()),
        }
    }
    lines.iter().map(|line| format!("{:indent$}{line}\n", "")).collect::<Vec<_>>().concat()
}

/// The lines of `text` as they are, each after `indent` spaces.
pub(super) fn kept(text: &str, indent: usize) -> String {
    let indented = |line: &str| format!("{:indent$}{}", "", printable(line)).trim_end().to_owned() + "\n";
    text.trim_end().lines().map(indented).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_and_lines_within_the_width() {
        assert_eq!(wrapped("one two three four five", 2, 22), "  one two three four\n  five\n");
        assert_eq!(wrapped("a\n b", 0, 80), "a b\n");
        assert_eq!(wrapped(&"x".repeat(40), 2, 10), format!("  {}\n", "x".repeat(40)));
        assert_eq!(wrapped("\u{1b}[31m", 0, 80), "\\u{1b}[31m\n");
    }
}
