//! `{ … }`: conditions on the fields of a JSON record.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#matching-terms-json-log-events>

use serde_json::Value;

use super::super::truth::{self, Doubt, Truth};
use super::super::{Exclusion, MAX_NESTING, ParseError};
use super::compare::Test;
use super::cursor::Cursor;
use super::regex::regex;
use super::selector::Selector;
use super::text::Text;

/// Quotas of AWS for one pattern.
const MAX_WILDCARD_SELECTORS: usize = 3;
const MAX_REGEXES: usize = 2;

/// Conditions joined by `&&` and `||`.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Condition(Selector, Test),
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    open: usize,
    wildcards: usize,
    regexes: usize,
}

impl Expression {
    /// Reads a whole pattern, braces included.
    pub(super) fn parse(text: &str) -> Result<Self, ParseError> {
        let mut parser = Parser { cursor: Cursor::new(text), open: 0, wildcards: 0, regexes: 0 };
        parser.eat("{");
        let expression = parser.any()?;
        if !parser.eat("}") {
            return Err(parser.cursor.error("`&&`, `||` or `}` is expected here."));
        }
        parser.cursor.skip_spaces();
        if parser.cursor.peek().is_some() {
            return Err(parser.cursor.error("Nothing may follow the last `}`."));
        }
        Ok(expression)
    }

    /// Does the record fulfil it? A comparison with an object or a list may keep AWS from applying the filter at all.
    pub(super) fn judge(&self, record: &Value) -> Truth {
        let mut has_container = false;
        let truth = self.part(record, &mut has_container);
        if has_container && truth == Ok(true) { Err(Doubt::Container) } else { truth }
    }

    pub(super) fn exclusions(&self) -> Vec<Exclusion> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::exclusions).collect(),
            Self::Condition(selector, Test::Text { is_negated: true, text, .. }) => {
                let exclusion = |path| Exclusion { path, value: text.example() };
                selector.path().map(exclusion).into_iter().collect()
            }
            Self::Condition(..) => Vec::new(),
        }
    }

    fn part(&self, record: &Value, has_container: &mut bool) -> Truth {
        match self {
            Self::All(parts) => truth::all(parts.iter().map(|part| part.part(record, has_container))),
            Self::Any(parts) => truth::any(parts.iter().map(|part| part.part(record, has_container))),
            Self::Condition(selector, test) => test.judge(&selector.find(record), has_container),
        }
    }
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.cursor.skip_spaces();
        self.cursor.eat(token)
    }

    fn any(&mut self) -> Result<Expression, ParseError> {
        let mut parts = vec![self.all()?];
        while self.eat("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, ParseError> {
        let mut parts = vec![self.single()?];
        while self.eat("&&") {
            parts.push(self.single()?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Expression::All(parts) })
    }

    fn single(&mut self) -> Result<Expression, ParseError> {
        if !self.eat("(") {
            return self.condition();
        }
        self.open += 1;
        if self.open > MAX_NESTING {
            return Err(self.cursor.error(format!("More than {MAX_NESTING} brackets are open.")));
        }
        let inner = self.any()?;
        if !self.eat(")") {
            return Err(self.cursor.error("`&&`, `||` or `)` is expected here."));
        }
        self.open -= 1;
        Ok(inner)
    }

    fn condition(&mut self) -> Result<Expression, ParseError> {
        let selector = Selector::parse(&mut self.cursor)?;
        self.wildcards += usize::from(selector.has_wildcard());
        if self.wildcards > MAX_WILDCARD_SELECTORS {
            return Err(self.cursor.error("A pattern has at most three selectors with a wildcard."));
        }
        self.cursor.skip_spaces();
        let test = match self.cursor.take_while(|c| c.is_ascii_alphabetic()) {
            "" => self.comparison()?,
            "IS" => self.state()?,
            "NOT" if self.word() == "EXISTS" => Test::NotExists,
            "EXISTS" => {
                return Err(self
                    .cursor
                    .error("AWS has `NOT EXISTS` only; `= \"*\"` says that a field exists."));
            }
            _ => return Err(self.cursor.error("A comparison, `IS` or `NOT EXISTS` is expected here.")),
        };
        Ok(Expression::Condition(selector, test))
    }

    fn word(&mut self) -> &str {
        self.cursor.skip_spaces();
        self.cursor.take_while(|c| c.is_ascii_alphabetic())
    }

    fn state(&mut self) -> Result<Test, ParseError> {
        match self.word() {
            "NULL" => Ok(Test::IsNull),
            "TRUE" => Ok(Test::Is(true)),
            "FALSE" => Ok(Test::Is(false)),
            _ => Err(self.cursor.error("`NULL`, `TRUE` or `FALSE` is expected after `IS`.")),
        }
    }

    fn comparison(&mut self) -> Result<Test, ParseError> {
        let operators = ["!=", "<=", ">=", "=", "<", ">"];
        let Some(operator) = operators.into_iter().find(|operator| self.cursor.eat(operator)) else {
            return Err(self.cursor.error("A comparison, `IS` or `NOT EXISTS` is expected here."));
        };
        self.cursor.skip_spaces();
        let is_equality = matches!(operator, "=" | "!=");
        if is_equality && self.cursor.eat("%") {
            self.regexes += 1;
            if self.regexes > MAX_REGEXES {
                return Err(self.cursor.error("A pattern has at most two regular expressions."));
            }
            return Ok(Test::Regex { is_negated: operator == "!=", regex: regex(&mut self.cursor)? });
        }
        if is_equality && self.cursor.eat("\"") {
            let text = Text::new(self.cursor.take_until('"', "The string")?);
            return Ok(Test::Text { is_negated: operator == "!=", is_quoted: true, text });
        }
        let start = self.cursor.at();
        // AWS asks for quotes around anything but letters, digits and `_`, yet takes the names of services and addresses as CIS writes them.
        let raw = self.cursor.take_while(|c| c.is_ascii_alphanumeric() || "_-.*:/@+".contains(c));
        match number(raw) {
            _ if raw.is_empty() => {
                Err(ParseError::new(start, "A value is expected here; odd characters want quotes."))
            }
            Some(number) => Ok(Test::Number { operator, number, raw: raw.to_owned() }),
            None if is_equality => {
                Ok(Test::Text { is_negated: operator == "!=", is_quoted: false, text: Text::new(raw) })
            }
            None => Err(ParseError::new(start, "A number is expected here.")),
        }
    }
}

/// A number as the guide describes it: digits with an optional sign, fraction and exponent.
fn number(raw: &str) -> Option<f64> {
    let is_plain = raw.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    raw.parse().ok().filter(|number: &f64| is_plain && number.is_finite())
}
