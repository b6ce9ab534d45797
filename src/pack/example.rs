//! Examples: the tests of a rule and its documentation, kept in its file.

use std::ops::Range;

use serde_json::{Map, Value};

use super::Case;
use super::decode::{Decoder, Fields, Key, Text, names, optional, quoted, required};
use super::parameters::{Parameter, defaults};
use super::rule::{Rule, declared, vocabulary};
use super::yaml::{Kind, Node};
use crate::diagnostic::{Diagnostic, closest};
use crate::expr::{Came, EvaluationError, Probe, Trace};
use crate::facts::schema::{RecordType, SUBJECT_KINDS, Type, subject_type};
use crate::facts::{PRESENT, Record};
use crate::inventory::{Gap, GapReason, Origin};
use crate::report::{Status, SubjectKind};

/// Facts with the verdict that a rule must come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// A short sentence.
    pub name: String,
    /// What the rule must say.
    pub expect: Status,
    /// The facts; what is not given is a gap.
    pub record: Record,
    /// Parameter values: the defaults, and what the example sets.
    pub parameters: Value,
    /// The message in full, when it is part of the expectation.
    pub message: Option<String>,
    pub(super) expect_span: Range<usize>,
    pub(super) message_span: Range<usize>,
}

impl Example {
    /// Where its expectation is, in the file of its rule.
    #[must_use]
    pub fn place(&self) -> Range<usize> {
        self.expect_span.clone()
    }
}

/// The keys of an example.
pub(super) const KEYS: [Key; 5] = [
    required("name", "What it is about, in a few words."),
    required("expect", "What the rule must say."),
    required("facts", "What is known; every other fact is unknown, like one that is `null`."),
    optional("parameters", "Values of parameters that differ from the defaults."),
    optional("message", "The message in full; without it, any."),
];

pub(super) const EXPECTATIONS: [(&str, Status); 4] = [
    ("pass", Status::Pass),
    ("fail", Status::Fail),
    ("unknown", Status::Unknown),
    ("not-applicable", Status::NotApplicable),
];

/// How a verdict is written in an example.
#[must_use]
pub fn expectation(status: Status) -> &'static str {
    EXPECTATIONS.iter().find(|(_, known)| *known == status).map_or("excepted", |(name, _)| name)
}

impl Decoder {
    /// Reads the examples of a rule.
    pub(super) fn examples(
        &mut self,
        node: &Node,
        subject: SubjectKind,
        parameters: &std::collections::BTreeMap<String, Parameter>,
    ) -> Vec<Example> {
        let items = self.list(node, "`examples`").unwrap_or_default();
        items.iter().filter_map(|item| self.example(item, subject, parameters)).collect()
    }

    fn example(
        &mut self,
        node: &Node,
        subject: SubjectKind,
        parameters: &std::collections::BTreeMap<String, Parameter>,
    ) -> Option<Example> {
        let what = "an example";
        let fields = self.fields(node, what, &names(&KEYS))?;
        let name = self.required_text(&fields, "name", what);
        let expect = self.required_text(&fields, "expect", what);
        let facts = self.required(&fields, "facts", what);
        let message = self.optional_text(&fields, "message");
        let (status, expect_span) = self.expectation(expect)?;
        let mut record = Record { values: Value::Object(Map::new()), ..Record::default() };
        let before = self.diagnostics.len();
        record.values = self.record(facts?, subject_type(subject), "", &mut record.gaps)?;
        let values = self.example_parameters(&fields, parameters);
        if self.diagnostics.len() > before {
            return None;
        }
        let message_span = message.as_ref().map_or(0..0, |text| self.inside(text, &(0..text.value.len())));
        Some(Example {
            name: name?.value,
            expect: status,
            record,
            parameters: values,
            message: message.map(|text| text.value.trim().to_owned()),
            expect_span,
            message_span,
        })
    }

    fn expectation(&mut self, text: Option<Text>) -> Option<(Status, Range<usize>)> {
        let text = text?;
        let status = self.choice(&text, "expectation", &EXPECTATIONS)?;
        Some((status, self.inside(&text, &(0..text.value.len()))))
    }

    fn example_parameters(
        &mut self,
        fields: &Fields<'_>,
        parameters: &std::collections::BTreeMap<String, Parameter>,
    ) -> Value {
        let mut values = defaults(parameters);
        let Some(node) = fields.get("parameters") else { return values };
        for entry in self.map(node, "`parameters`").unwrap_or_default() {
            let Some(parameter) = parameters.get(&entry.key) else {
                self.unknown_name(entry.key_span.clone(), "parameter", &entry.key, parameters.keys());
                continue;
            };
            let value = self.value_of(&entry.value, &format!("`{}`", entry.key), parameter);
            if let (Some(value), Some(values)) = (value, values.as_object_mut()) {
                values.insert(entry.key.clone(), value);
            }
        }
        values
    }

    pub(super) fn unknown_name<'k>(
        &mut self,
        at: Range<usize>,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'k String>,
    ) {
        let known: Vec<&str> = known.map(String::as_str).collect();
        let help = match closest(name, known.iter().copied()) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if known.is_empty() => None,
            None => Some(format!("there are: {}", quoted(&known))),
        };
        let label = if known.is_empty() { "there are none" } else { "unknown" };
        let diagnostic = Diagnostic::error(format!("there is no {what} `{name}`"));
        self.report(diagnostic.at(&self.source.clone(), at, label).maybe_help(help));
    }

    /// Reads a record; a field that is not given is a gap.
    fn record(&mut self, node: &Node, ty: &RecordType, path: &str, gaps: &mut Gaps) -> Option<Value> {
        let entries = self.map(node, if path.is_empty() { "`facts`" } else { "a record" })?;
        for entry in entries.iter().filter(|entry| !ty.fields.contains_key(&entry.key)) {
            let is_subject = SUBJECT_KINDS.iter().any(|kind| kind.name() == entry.key);
            if path.is_empty() && is_subject {
                let title = format!("`facts` are given without `{}`", entry.key);
                let diagnostic =
                    Diagnostic::error(title).at(&self.source.clone(), entry.key_span.clone(), "");
                self.report(diagnostic.help("write what is in it right below `facts`"));
                continue;
            }
            self.unknown_name(entry.key_span.clone(), "fact", &entry.key, ty.fields.keys());
        }
        let mut values = Map::new();
        for (name, field) in &ty.fields {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let given = entries.iter().find(|entry| entry.key == *name).map(|entry| &entry.value);
            match given.filter(|node| node.kind != Kind::Null) {
                Some(node) => {
                    let value = self.fact(node, &field.ty, &path, gaps);
                    values.extend(value.map(|value| (name.clone(), value)));
                }
                None => not_given(gaps, &path),
            }
        }
        Some(Value::Object(values))
    }

    fn fact(&mut self, node: &Node, ty: &Type, path: &str, gaps: &mut Gaps) -> Option<Value> {
        match (ty, &node.kind) {
            (Type::Bool, Kind::Bool(value)) => Some((*value).into()),
            (Type::Int, Kind::Int(value)) => Some((*value).into()),
            (Type::String, Kind::Text(value)) => Some(value.as_str().into()),
            (Type::Record(ty), Kind::Map(_)) => self.record(node, ty, path, gaps),
            (Type::List { item, may_be_incomplete }, Kind::List(items)) => {
                let element = format!("{path}[]");
                let mut values = Vec::new();
                for node in items {
                    if *may_be_incomplete && node.kind == Kind::Null {
                        not_given(gaps, path);
                        values.push(Value::Object(Map::new()));
                        continue;
                    }
                    let mut value = self.fact(node, item, &element, gaps)?;
                    if let (true, Some(fields)) = (may_be_incomplete, value.as_object_mut()) {
                        fields.insert(PRESENT.to_owned(), true.into());
                    }
                    values.push(value);
                }
                Some(Value::Array(values))
            }
            (ty, _) => self.wrong(node, &format!("the fact `{path}`"), &article(ty)),
        }
    }
}

type Gaps = std::collections::BTreeMap<String, std::sync::Arc<[Gap]>>;

fn not_given(gaps: &mut Gaps, path: &str) {
    let origin = Origin::Stated(format!("`{path}`"));
    let gap = Gap { origin, reason: GapReason::NotCollected, detail: "not given in the example".to_owned() };
    gaps.insert(path.to_owned(), [gap].into());
}

fn article(ty: &Type) -> String {
    match ty {
        Type::Bool => "a bool (`true` or `false`)".to_owned(),
        Type::Int => "an int".to_owned(),
        Type::String => "a string".to_owned(),
        Type::List { .. } => "a list".to_owned(),
        Type::Record(_) => "a map".to_owned(),
    }
}

impl Rule {
    /// What the rule says about an example: the verdict and the message.
    pub fn try_example(&self, example: &Example) -> Result<(Status, String), EvaluationError> {
        let judgement = self.judge_with(&example.record, &example.parameters)?;
        let case = Case::new(self.subject, &example.record);
        let message = self.message_with(&judgement, &case, &example.parameters)?;
        Ok((judgement.status, message))
    }

    /// Every part of `when` and `assert` with what it comes to in an example; without `assert` where the rule does not apply.
    #[must_use]
    pub fn trace_example(&self, example: &Example) -> Vec<(&'static str, Trace)> {
        let types = declared(&self.parameters);
        let expressions = self.when.iter().map(|when| ("when", when)).chain([("assert", &self.assert)]);
        let mut traces = Vec::new();
        for (key, expression) in expressions {
            let probe = Probe::compile(expression.text(), vocabulary(self.subject, &types));
            let trace = probe.ok().map(|probe| probe.trace(&example.record.values, &example.parameters));
            let applies = trace.as_ref().is_none_or(|trace| trace.value == Came::Value(true.into()));
            traces.extend(trace.map(|trace| (key, trace)));
            if !applies {
                break;
            }
        }
        traces
    }

    /// A rule needs an example that passes and one that fails.
    pub(super) fn missing_examples(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (status, what) in [(Status::Pass, "passes"), (Status::Fail, "fails")] {
            if self.has_all_examples && !self.examples.iter().any(|example| example.expect == status) {
                let title = format!("`{}` has no example that {what}", self.id);
                let diagnostic = Diagnostic::error(title).at(&self.source, self.id_span.clone(), "");
                found.push(
                    diagnostic
                        .help(format!("add one under `examples` with `expect: {}`", expectation(status))),
                );
            }
        }
        found
    }

    /// Runs the examples; what does not come out as expected is a mistake in the rule.
    pub(super) fn failing_examples(&self) -> Vec<Diagnostic> {
        let decides_nothing = self.assert.constant().is_some()
            || self.assert.reads().is_empty()
            || self.when.as_ref().is_some_and(|when| when.constant() == Some(false));
        if decides_nothing {
            // That has been told, and examples can only say it again.
            return Vec::new();
        }
        self.examples.iter().filter_map(|example| self.check_example(example)).collect()
    }

    fn check_example(&self, example: &Example) -> Option<Diagnostic> {
        let wrong = |title: String, span: &Range<usize>, label: String| {
            Some(Diagnostic::error(title).at(&self.source, span.clone(), label))
        };
        let (status, message) = match self.try_example(example) {
            Ok(judged) => judged,
            Err(error) => {
                let title = format!("the example `{}` cannot be evaluated: {error}", example.name);
                return wrong(title, &example.expect_span, String::new());
            }
        };
        if status != example.expect {
            let (expected, found) = (expectation(example.expect), expectation(status));
            let title = format!("the example `{}` comes out as {found}", example.name);
            let diagnostic =
                wrong(title, &example.expect_span, format!("expected {expected}, found {found}"))?;
            return Some(diagnostic.note(format!("message: {message}")));
        }
        match &example.message {
            Some(expected) if *expected != message => {
                let title = format!("the example `{}` has another message", example.name);
                let diagnostic = wrong(title, &example.message_span, "expected this".to_owned())?;
                Some(diagnostic.note(format!("found: {message}")))
            }
            _ => None,
        }
    }
}
