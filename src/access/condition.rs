//! One line of a `Condition` block, tested against what is known of a request.

use super::context::{Context, Value};
use super::glob::Pattern;
use super::truth::Truth;
use super::{network, words};

/// How values are compared; the negated operators are the same tests, denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Equals,
    EqualsIgnoreCase,
    Like,
    Arn,
    Bool,
    IpAddress,
    Null,
    /// By size: less, equal, greater are accepted where set.
    Numeric([bool; 3]),
    /// Dates and binary values are not compared.
    Other,
}

/// Over several values of one key in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    One,
    Any,
    All,
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
const OPERATORS: &[(&str, Test, bool)] = &[
    ("stringequals", Test::Equals, false),
    ("stringnotequals", Test::Equals, true),
    ("stringequalsignorecase", Test::EqualsIgnoreCase, false),
    ("stringnotequalsignorecase", Test::EqualsIgnoreCase, true),
    ("stringlike", Test::Like, false),
    ("stringnotlike", Test::Like, true),
    ("arnequals", Test::Arn, false),
    ("arnnotequals", Test::Arn, true),
    ("arnlike", Test::Arn, false),
    ("arnnotlike", Test::Arn, true),
    ("bool", Test::Bool, false),
    ("ipaddress", Test::IpAddress, false),
    ("notipaddress", Test::IpAddress, true),
    ("null", Test::Null, false),
    ("numericequals", Test::Numeric([false, true, false]), false),
    ("numericnotequals", Test::Numeric([false, true, false]), true),
    ("numericlessthan", Test::Numeric([true, false, false]), false),
    ("numericlessthanequals", Test::Numeric([true, true, false]), false),
    ("numericgreaterthan", Test::Numeric([false, false, true]), false),
    ("numericgreaterthanequals", Test::Numeric([false, true, true]), false),
    ("dateequals", Test::Other, false),
    ("datenotequals", Test::Other, true),
    ("datelessthan", Test::Other, false),
    ("datelessthanequals", Test::Other, false),
    ("dategreaterthan", Test::Other, false),
    ("dategreaterthanequals", Test::Other, false),
    ("binaryequals", Test::Other, false),
];

/// An operator, a key and its values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) test: Test,
    pub(super) is_negated: bool,
    pub(super) if_exists: bool,
    pub(super) quantifier: Quantifier,
    /// In small letters.
    pub(super) key: String,
    pub(super) values: Vec<String>,
    patterns: Vec<Pattern>,
}

impl Condition {
    /// `None` when the operator is none that AWS documents.
    pub(super) fn new(operator: &str, key: &str, values: &[&str], has_variables: bool) -> Option<Self> {
        let name = operator.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            None => (Quantifier::One, name.as_str()),
            Some(("foranyvalue", rest)) => (Quantifier::Any, rest),
            Some(("forallvalues", rest)) => (Quantifier::All, rest),
            Some(_) => return None,
        };
        let (name, if_exists) = name.strip_suffix("ifexists").map_or((name, false), |name| (name, true));
        let (_, test, is_negated) = *OPERATORS.iter().find(|(known, ..)| *known == name)?;
        if test == Test::Null && (if_exists || quantifier != Quantifier::One) {
            return None;
        }
        let has_wildcards = matches!(test, Test::Like | Test::Arn);
        let pattern = |text: &&str| match (has_variables, has_wildcards) {
            (true, _) => Pattern::with_variables(text, has_wildcards),
            (false, true) => Pattern::glob(text),
            (false, false) => Pattern::literal(text),
        };
        Some(Self {
            operator: operator.to_owned(),
            test,
            is_negated,
            if_exists,
            quantifier,
            key: key.to_ascii_lowercase(),
            values: values.iter().map(|text| (*text).to_owned()).collect(),
            patterns: values.iter().map(pattern).collect(),
        })
    }

    /// It can only hold for a request that has the key with one of the values.
    pub(super) fn is_pinning(&self) -> bool {
        let is_positive = !self.is_negated && !self.if_exists && self.quantifier != Quantifier::All;
        is_positive && !matches!(self.test, Test::Null | Test::Other | Test::Numeric(_))
    }

    /// It holds for every caller but those whose values it lists, also for one who lacks the key.
    pub(super) fn spares_the_listed(&self) -> bool {
        let is_text = matches!(self.test, Test::Equals | Test::EqualsIgnoreCase | Test::Like | Test::Arn);
        is_text
            && self.is_negated
            && self.on_absence().is_always()
            && super::context::is_about_caller(&self.key)
    }

    /// Texts it accepts, for a condition that pins and compares texts.
    pub(super) fn accepted(&self) -> Option<Value> {
        let is_text = matches!(self.test, Test::Equals | Test::Like | Test::Arn | Test::Bool);
        let accepted = || self.patterns.iter().map(|pattern| Value::Is(vec![pattern.clone()])).collect();
        (self.is_pinning() && is_text).then(|| Value::Either(accepted()))
    }

    /// Whether the condition holds, for all requests that the context stands for.
    pub(super) fn holds(&self, context: &Context) -> Truth {
        let value = context.value(&self.key);
        if value == Value::Unknown {
            // It may still not matter what the value is.
            let any = Value::Either(vec![Value::Absent, super::context::within("*")]);
            let truth = self.on(&any);
            return if truth.is_always() || truth.is_never() { truth } else { Truth::UNCLEAR };
        }
        self.on(&value)
    }

    fn on(&self, value: &Value) -> Truth {
        match value {
            Value::Unknown => Truth::UNCLEAR,
            Value::Either(values) => {
                values.iter().map(|value| self.on(value)).reduce(Truth::union).unwrap_or(Truth::UNCLEAR)
            }
            Value::Absent => self.on_absence(),
            Value::Hidden(pattern) => match self.on(&Value::Is(vec![pattern.clone()])) {
                truth if truth.is_always() || truth.is_never() => truth,
                _ => Truth::UNCLEAR,
            },
            Value::Is(_) if self.test == Test::Null => self.wants(&["false"]),
            Value::Is(values) => {
                let each = values.iter().map(|value| self.on_one(value));
                match (self.quantifier, self.is_negated) {
                    (Quantifier::All, false) => Truth::all(each),
                    (Quantifier::All, true) => Truth::all(each.map(|truth| !truth)),
                    (Quantifier::Any, true) => Truth::any(each.map(|truth| !truth)),
                    (Quantifier::One, true) => !Truth::any(each),
                    (_, false) => Truth::any(each),
                }
            }
        }
    }

    /// A missing key meets negated operators, `IfExists` and `ForAllValues`, and no others.
    fn on_absence(&self) -> Truth {
        match (self.test, self.quantifier) {
            (Test::Null, _) => self.wants(&["true"]),
            _ if self.if_exists => Truth::ALWAYS,
            (_, Quantifier::All) => Truth::ALWAYS,
            (_, Quantifier::Any) => Truth::NEVER,
            (_, Quantifier::One) => Truth::from(self.is_negated),
        }
    }

    /// One of the condition's values is among these.
    fn wants(&self, texts: &[&str]) -> Truth {
        let is_readable = |value: &String| ["true", "false"].contains(&value.to_ascii_lowercase().as_str());
        if !self.values.iter().all(is_readable) {
            return Truth::UNCLEAR;
        }
        Truth::from(self.values.iter().any(|value| texts.contains(&value.to_ascii_lowercase().as_str())))
    }

    /// One value of the condition holds the request's value, negation aside.
    fn on_one(&self, value: &Pattern) -> Truth {
        let low = value.clone().lowercase();
        Truth::any(self.patterns.iter().zip(&self.values).map(|(pattern, text)| match self.test {
            Test::Equals | Test::Like => pattern.holds(value),
            Test::EqualsIgnoreCase | Test::Bool => pattern.clone().lowercase().holds(&low),
            Test::Arn => arn_holds(pattern, value),
            Test::IpAddress => network::holds(text, value),
            Test::Numeric(accepted) => number_holds(text, accepted, value),
            Test::Null | Test::Other => Truth::UNCLEAR,
        }))
    }

    /// In short words.
    pub(super) fn words(&self) -> String {
        format!(
            "{} {} {}",
            words::plain(&self.operator),
            words::plain(&self.key),
            words::list(self.values.iter().map(String::as_str))
        )
    }
}

/// The six parts of an ARN are compared one by one; only in the last may a wildcard stand for a colon.
fn arn_holds(pattern: &Pattern, value: &Pattern) -> Truth {
    let (wanted, given) = (pattern.parts(6), value.parts(6));
    match (wanted.len(), given.len()) {
        (6, 6) => Truth::all(wanted.iter().zip(&given).map(|(wanted, given)| wanted.holds(given))),
        // What AWS makes of "*" and of "arn:*" is not documented.
        _ => match pattern.holds(value) {
            truth if truth.is_always() => Truth::UNCLEAR,
            truth => truth,
        },
    }
}

fn number_holds(wanted: &str, accepted: [bool; 3], given: &Pattern) -> Truth {
    let Some(text) = given.text() else { return Truth::SOMETIMES };
    match (text.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(given), Ok(wanted)) => match given.partial_cmp(&wanted) {
            Some(order) => Truth::from(accepted[usize::from(order.is_ge()) + usize::from(order.is_gt())]),
            None => Truth::UNCLEAR,
        },
        _ => Truth::UNCLEAR,
    }
}
