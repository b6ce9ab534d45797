//! From an offset in the value of a YAML scalar to the place in the file that it came from.

use std::ops::Range;

/// Maps `inside`, a range of `value`, to the file; `scalar` is where the scalar is written, in whatever style.
///
/// Folding, indentation and quoting change only white space and escapes, so the other characters are matched one by one.
/// Where that fails, the whole scalar is the place.
pub(crate) fn place(text: &str, scalar: &Range<usize>, value: &str, inside: &Range<usize>) -> Range<usize> {
    let whole = trimmed(text, scalar);
    let Some(raw) = text.get(scalar.clone()) else { return whole };
    let Some(map) = align(raw, value) else { return whole };
    let at = |offset: usize| map.iter().find(|(from, _, _)| *from >= offset).copied();
    let (start, end) = (at(inside.start), map.iter().rev().find(|(from, _, _)| *from < inside.end));
    let last = map.last().map_or(0, |(_, _, end)| *end);
    let start = start.map_or(last, |(_, start, _)| start);
    let end = end.map_or(start, |(_, _, end)| *end).max(start);
    scalar.start + start..scalar.start + end
}

/// The scalar without the white space around it.
pub(crate) fn trimmed(text: &str, scalar: &Range<usize>) -> Range<usize> {
    let raw = text.get(scalar.clone()).unwrap_or_default();
    let start = scalar.start + (raw.len() - raw.trim_start().len());
    start..(start + raw.trim().len()).max(start)
}

/// For every visible character of `value`: its offset there, and start and end in `raw`.
fn align(raw: &str, value: &str) -> Option<Vec<(usize, usize, usize)>> {
    let style = raw
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'') && raw.len() > 1 && raw.trim_end().ends_with(*c));
    let mut rest = raw.char_indices().skip(usize::from(style.is_some())).peekable();
    let mut map = Vec::new();
    for (offset, wanted) in value.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        loop {
            let (start, found) = rest.next()?;
            if found.is_whitespace() {
                continue;
            }
            let mut end = start + found.len_utf8();
            if style == Some('\'') && found == '\'' {
                end = rest.next()?.0 + 1;
            } else if style == Some('"') && found == '\\' {
                let escape = rest.next()?.1;
                if escape.is_whitespace() || matches!(escape, 'n' | 't' | 'r') {
                    continue;
                }
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                for _ in 0..digits {
                    rest.next()?;
                }
                end = rest.peek().map_or(raw.len(), |(next, _)| *next);
            } else if found != wanted {
                return None;
            }
            map.push((offset, start, end));
            break;
        }
    }
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed<'t>(text: &'t str, raw: &str, value: &str, word: &str) -> &'t str {
        let start = text.find(raw).unwrap();
        let at = value.find(word).unwrap();
        &text[place(text, &(start..start + raw.len()), value, &(at..at + word.len()))]
    }

    #[test]
    fn a_word_is_found_in_every_style_of_scalar() {
        assert_eq!(placed("a: x && yy\n", "x && yy", "x && yy", "yy"), "yy");
        assert_eq!(placed("a: 'it''s && yy'\n", "'it''s && yy'", "it's && yy", "yy"), "yy");
        assert_eq!(placed("a: 'it''s'\n", "'it''s'", "it's", "'s"), "''s");
        assert_eq!(
            placed(r#"a: "x\u00e9\n \"q\" yy""#, r#""x\u00e9\n \"q\" yy""#, "xé\n \"q\" yy", "yy"),
            "yy"
        );
        assert_eq!(
            placed("a: >-\n  x &&\n    yy\n\n  zz\n", "x &&\n    yy\n\n  zz\n", "x && yy\nzz", "zz"),
            "zz"
        );
        assert_eq!(placed("a: |\n  x &&\n    yy\n", "x &&\n    yy\n", "x &&\n  yy\n", "yy"), "yy");
    }

    #[test]
    fn an_end_is_the_end_of_the_scalar_and_an_alias_is_its_own_place() {
        let text = "a: x &&  # why\n";
        assert_eq!(place(text, &(3..7), "x &&", &(4..4)), 7..7);
        assert_eq!(place("a: *b", &(3..5), "x && yy", &(5..7)), 3..5);
    }
}
