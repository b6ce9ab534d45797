//! What a value may be.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

use std::net::IpAddr;

use serde_json::{Number, Value};

use super::super::ParseError;
use super::super::glob::Glob;
use super::super::truth::{self, Doubt, Truth};

/// One entry in the list of a field.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    /// A string, a number, true, false or null.
    Exact(Value),
    Text(TextTest),
    AnythingBut(Vec<TextTest>),
    AnythingButNumbers(Vec<Number>),
    Numeric(Vec<(String, f64)>),
    Cidr(IpAddr, u32),
    /// About fields with a value; an object is none.
    Exists(bool),
    /// An operator that is newer than this code.
    Unknown,
}

#[derive(Clone, Debug)]
pub(super) enum TextTest {
    Equals(String),
    EqualsIgnoreCase(String),
    Prefix(String),
    PrefixIgnoreCase(String),
    Suffix(String),
    SuffixIgnoreCase(String),
    Wildcard(Glob),
}

impl TextTest {
    /// A text that passes.
    fn example(&self) -> String {
        match self {
            Self::Wildcard(glob) => glob.example(),
            Self::Equals(text)
            | Self::EqualsIgnoreCase(text)
            | Self::Prefix(text)
            | Self::PrefixIgnoreCase(text)
            | Self::Suffix(text)
            | Self::SuffixIgnoreCase(text) => text.clone(),
        }
    }

    fn matches(&self, value: &str) -> bool {
        match self {
            Self::Equals(wanted) => value == wanted,
            Self::EqualsIgnoreCase(wanted) => value.to_lowercase() == *wanted,
            Self::Prefix(prefix) => value.starts_with(prefix.as_str()),
            Self::PrefixIgnoreCase(prefix) => value.to_lowercase().starts_with(prefix.as_str()),
            Self::Suffix(suffix) => value.ends_with(suffix.as_str()),
            Self::SuffixIgnoreCase(suffix) => value.to_lowercase().ends_with(suffix.as_str()),
            Self::Wildcard(glob) => glob.matches(value),
        }
    }
}

impl Matcher {
    /// Reads one entry of the field `way`.
    pub(super) fn parse(item: &Value, way: &str) -> Result<Self, ParseError> {
        let wrong = |what: &str| ParseError::new(0, format!("{way}: {what}."));
        let fields = match item {
            Value::Object(fields) => fields,
            Value::Array(_) => return Err(wrong("a list stands inside a list")),
            value => return Ok(Self::Exact(value.clone())),
        };
        let mut entries = fields.iter();
        let (Some((operator, operand)), None) = (entries.next(), entries.next()) else {
            return Err(wrong("an operator is an object with one name"));
        };
        match (operator.as_str(), operand) {
            ("exists", Value::Bool(exists)) => Ok(Self::Exists(*exists)),
            ("exists", _) => Err(wrong("`exists` is true or false")),
            ("numeric", operand) => numeric(operand).map(Self::Numeric).ok_or_else(|| {
                wrong("`numeric` is a list of one or two comparisons, each an operator and a number")
            }),
            ("cidr", Value::String(text)) => cidr(text)
                .map(|(network, bits)| Self::Cidr(network, bits))
                .ok_or_else(|| wrong("this is no CIDR block")),
            ("cidr", _) => Err(wrong("`cidr` is a string")),
            ("anything-but", operand) => anything_but(operand).map_err(|what| wrong(&what)),
            ("prefix" | "suffix" | "equals-ignore-case" | "wildcard", operand) => {
                text_test(operator, operand).map(Self::Text).map_err(|what| wrong(&what))
            }
            _ => Ok(Self::Unknown),
        }
    }

    /// Judges a field, None when the event does not have it.
    pub(super) fn judge(&self, value: Option<&Value>) -> Truth {
        match (self, value) {
            (Self::Unknown, _) => Err(Doubt::Operator),
            (Self::Exists(wanted), value) => match value {
                None | Some(Value::Object(_)) => Ok(!wanted),
                Some(Value::Array(items)) if items.iter().all(|item| item.is_object() || item.is_array()) => {
                    Err(Doubt::EmptyArray)
                }
                Some(_) => Ok(*wanted),
            },
            (_, None | Some(Value::Object(_))) => Ok(false),
            (_, Some(Value::Array(items))) => self.list(items),
            (_, Some(value)) => self.scalar(value),
        }
    }

    /// Examples of what it leaves out.
    pub(super) fn excluded(&self) -> Vec<String> {
        match self {
            Self::AnythingBut(tests) => tests.iter().map(TextTest::example).collect(),
            _ => Vec::new(),
        }
    }

    fn list(&self, items: &[Value]) -> Truth {
        let truths = || items.iter().map(|item| self.judge(Some(item)));
        let one = truth::any(truths());
        let is_negation = matches!(self, Self::AnythingBut(_) | Self::AnythingButNumbers(_));
        if is_negation && one != truth::all(truths()) { Err(Doubt::EveryElement) } else { one }
    }

    fn scalar(&self, value: &Value) -> Truth {
        match (self, value) {
            (Self::Exact(Value::Number(wanted)), Value::Number(value)) => same_number(wanted, value),
            (Self::Exact(wanted), value) => Ok(wanted == value),
            (Self::Text(test), Value::String(value)) => Ok(test.matches(value)),
            (Self::AnythingBut(tests), Value::String(value)) => {
                Ok(!tests.iter().any(|test| test.matches(value)))
            }
            (Self::AnythingButNumbers(numbers), Value::Number(value)) => {
                truth::not(truth::any(numbers.iter().map(|number| same_number(number, value))))
            }
            (Self::AnythingBut(_) | Self::AnythingButNumbers(_), _) => Err(Doubt::Types),
            (Self::Numeric(comparisons), Value::Number(value)) => Ok(value.as_f64().is_some_and(|value| {
                comparisons.iter().all(|(operator, number)| holds(operator, value, *number))
            })),
            (Self::Cidr(network, bits), Value::String(value)) => {
                Ok(value.parse().is_ok_and(|address| is_inside(*network, *bits, address)))
            }
            _ => Ok(false),
        }
    }
}

/// 300 and 300.0 are not the same to the service, at least not always.
fn same_number(wanted: &Number, value: &Number) -> Truth {
    match (wanted.to_string() == value.to_string(), wanted.as_f64() == value.as_f64()) {
        (true, _) => Ok(true),
        (false, true) => Err(Doubt::Types),
        (false, false) => Ok(false),
    }
}

fn text_test(operator: &str, operand: &Value) -> Result<TextTest, String> {
    let nested = operand
        .as_object()
        .filter(|fields| fields.len() == 1)
        .and_then(|fields| fields.get("equals-ignore-case"));
    match (operator, operand, nested.and_then(Value::as_str)) {
        ("prefix", Value::String(text), _) => Ok(TextTest::Prefix(text.clone())),
        ("suffix", Value::String(text), _) => Ok(TextTest::Suffix(text.clone())),
        ("equals-ignore-case", Value::String(text), _) => Ok(TextTest::EqualsIgnoreCase(text.to_lowercase())),
        ("wildcard", Value::String(text), _) => wildcard(text).map(TextTest::Wildcard),
        ("prefix", _, Some(text)) => Ok(TextTest::PrefixIgnoreCase(text.to_lowercase())),
        ("suffix", _, Some(text)) => Ok(TextTest::SuffixIgnoreCase(text.to_lowercase())),
        _ => Err(format!("`{operator}` is a string")),
    }
}

/// One value or a list of one type, or an operator with one string or a list of them.
fn anything_but(operand: &Value) -> Result<Matcher, String> {
    if let Value::Object(fields) = operand {
        let mut entries = fields.iter();
        let (Some((operator, operand)), None) = (entries.next(), entries.next()) else {
            return Err("`anything-but` takes one operator".to_owned());
        };
        if !matches!(operator.as_str(), "prefix" | "suffix" | "equals-ignore-case" | "wildcard") {
            return Ok(Matcher::Unknown);
        }
        let tests: Result<Vec<_>, _> = listed(operand).iter().map(|item| text_test(operator, item)).collect();
        return tests.and_then(|tests| {
            if tests.is_empty() { Err("an empty list".to_owned()) } else { Ok(Matcher::AnythingBut(tests)) }
        });
    }
    let items = listed(operand);
    let texts: Vec<_> =
        items.iter().filter_map(Value::as_str).map(|text| TextTest::Equals(text.to_owned())).collect();
    let numbers: Vec<_> = items.iter().filter_map(|item| item.as_number().cloned()).collect();
    match (texts.len(), numbers.len()) {
        (0, 0) => Err("`anything-but` takes strings or numbers".to_owned()),
        (all, _) if all == items.len() => Ok(Matcher::AnythingBut(texts)),
        (_, all) if all == items.len() => Ok(Matcher::AnythingButNumbers(numbers)),
        _ => Err("`anything-but` takes values of one type".to_owned()),
    }
}

fn listed(operand: &Value) -> &[Value] {
    operand.as_array().map_or(std::slice::from_ref(operand), Vec::as_slice)
}

/// `\*` and `\\` stand for themselves; two stars in a row are refused.
fn wildcard(text: &str) -> Result<Glob, String> {
    let mut parts = vec![String::new()];
    let mut after_star = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '*' && after_star {
            return Err("a wildcard has two stars in a row".to_owned());
        }
        after_star = c == '*';
        if after_star {
            parts.push(String::new());
            continue;
        }
        let literal = if c == '\\' { chars.next().filter(|c| matches!(c, '*' | '\\')) } else { Some(c) };
        let Some(literal) = literal else {
            return Err("a wildcard has a backslash before neither `*` nor `\\`".to_owned());
        };
        if let Some(part) = parts.last_mut() {
            part.push(literal);
        }
    }
    Ok(Glob::of_parts(parts))
}

fn numeric(operand: &Value) -> Option<Vec<(String, f64)>> {
    let items = operand.as_array().filter(|items| matches!(items.len(), 2 | 4))?;
    let pairs = items.chunks(2).map(|pair| {
        let operator =
            pair.first()?.as_str().filter(|operator| ["=", "<", ">", "<=", ">="].contains(operator))?;
        Some((operator.to_owned(), pair.get(1)?.as_f64()?))
    });
    pairs.collect()
}

fn holds(operator: &str, value: f64, number: f64) -> bool {
    match operator {
        "<" => value < number,
        ">" => value > number,
        "<=" => value <= number,
        ">=" => value >= number,
        _ => value.total_cmp(&number).is_eq(),
    }
}

fn cidr(text: &str) -> Option<(IpAddr, u32)> {
    let (network, bits) = text.split_once('/')?;
    let network: IpAddr = network.parse().ok()?;
    let most = if network.is_ipv4() { 32 } else { 128 };
    bits.parse().ok().filter(|bits| *bits <= most).map(|bits| (network, bits))
}

fn is_inside(network: IpAddr, bits: u32, address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let differing = u32::from(network) ^ u32::from(address);
            differing.leading_zeros() >= bits
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let differing = u128::from(network) ^ u128::from(address);
            differing.leading_zeros() >= bits
        }
        _ => false,
    }
}
