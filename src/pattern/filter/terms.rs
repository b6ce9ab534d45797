//! Words and phrases that the text of a record has or has not.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#matching-terms-unstructured-log-events>

use ::regex::bytes::Regex;

use super::super::ParseError;
use super::super::truth::{self, Doubt, Truth};
use super::cursor::Cursor;
use super::regex::regex;

/// The terms of one pattern.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    wanted: Vec<String>,
    excluded: Vec<String>,
    /// `?term`: one of them; AWS ignores them beside other terms.
    optional: Vec<String>,
    regex: Option<Regex>,
}

impl Terms {
    pub(super) fn parse(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(text);
        let mut terms = Self::default();
        cursor.skip_spaces();
        if cursor.eat("%") {
            terms.regex = Some(regex(&mut cursor)?);
            cursor.skip_spaces();
            return match cursor.peek() {
                None => Ok(terms),
                Some(_) => Err(cursor.error("Nothing may follow the regular expression.")),
            };
        }
        while cursor.peek().is_some() {
            let into = match cursor.peek() {
                Some('-') if cursor.eat("-") => &mut terms.excluded,
                Some('?') if cursor.eat("?") => &mut terms.optional,
                _ => &mut terms.wanted,
            };
            into.push(term(&mut cursor)?);
            cursor.skip_spaces();
        }
        Ok(terms)
    }

    pub(super) fn excluded(&self) -> impl Iterator<Item = &str> {
        self.excluded.iter().map(String::as_str)
    }

    pub(super) fn judge(&self, text: &str) -> Truth {
        if self.regex.is_some() {
            // What such an expression crosses depends on the order of the fields.
            return Err(Doubt::Layout);
        }
        if self.wanted.is_empty() && self.excluded.is_empty() {
            return truth::any(self.optional.iter().map(|term| has(text, term)));
        }
        if self.wanted.is_empty() {
            return Err(Doubt::OnlyExclusions);
        }
        let wanted = self.wanted.iter().map(|term| has(text, term));
        truth::all(wanted.chain(self.excluded.iter().map(|term| truth::not(has(text, term)))))
    }
}

fn term(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    if cursor.eat("\"") {
        return cursor.take_until('"', "The phrase").map(str::to_owned);
    }
    match cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_') {
        "" => Err(cursor.error("A term with characters other than letters, digits and `_` wants quotes.")),
        word => match cursor.peek() {
            Some(c) if !c.is_whitespace() => {
                Err(cursor.error("Terms are separated by spaces; odd characters want quotes."))
            }
            _ => Ok(word.to_owned()),
        },
    }
}

/// Sure only of terms that cannot reach over the border of a JSON string: the order and spacing of fields is not ours to know.
fn has(text: &str, term: &str) -> Truth {
    if !term.is_empty() && term.trim().is_empty() {
        // The guide's way to say "everything".
        return Ok(true);
    }
    let is_inside = |c: char| c.is_ascii() && !c.is_ascii_control() && !"\"\\,:{}[]".contains(c);
    if term.is_empty() || !term.chars().all(is_inside) {
        return Err(Doubt::Layout);
    }
    Ok(text.contains(term))
}
