//! A rule, checked: nothing in it can be wrong any more.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::example::Example;
use super::parameters::{Parameter, parameters_type};
use super::template::{CLI, Templates, readable};
use crate::expr::{Expression, Vocabulary};
use crate::facts::schema::{RecordType, subject_type};
use crate::report::{Remedy, RuleSummary, Severity, SubjectKind};
use crate::source::Source;

/// One requirement on one kind of subject.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Kebab noun phrase; the name of its file.
    pub id: String,
    /// Display title.
    pub title: String,
    /// What it quantifies over.
    pub subject: SubjectKind,
    /// Consequence of a failure.
    pub severity: Severity,
    /// Subjects that it speaks of; `None`: all of its kind.
    pub when: Option<Expression>,
    /// What must hold.
    pub assert: Expression,
    /// Why it matters.
    pub why: String,
    /// Values that users may set.
    pub parameters: BTreeMap<String, Parameter>,
    /// The values in force, as a JSON object.
    pub values: Value,
    /// Framework id → controls.
    pub controls: BTreeMap<String, Vec<String>>,
    /// Pages that say more.
    pub references: Vec<String>,
    /// Earlier ids.
    pub aliases: Vec<String>,
    /// Version of the pack in which it appeared.
    pub since: Option<String>,
    /// Why it should not be used any more.
    pub deprecated: Option<String>,
    /// Its tests and its documentation.
    pub examples: Vec<Example>,
    /// The file it was read from.
    pub source: Arc<Source>,
    pub(super) id_span: Range<usize>,
    /// Every example could be read.
    pub(super) has_all_examples: bool,
    pub(super) texts: BTreeMap<&'static str, String>,
    pub(super) templates: Templates,
}

/// Names of the templates of a rule: the message and the four ways of the remedy.
pub(super) const MESSAGE: &str = "message";
pub(super) const TEMPLATES: [&str; 5] = [MESSAGE, "text", CLI, "terraform", "cloudformation"];

impl Rule {
    /// The type of the records it reads.
    #[must_use]
    pub fn record_type(&self) -> &'static RecordType {
        subject_type(self.subject)
    }

    /// Paths of the facts that its expressions read, in order of appearance.
    #[must_use]
    pub fn reads(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = Vec::new();
        for path in self.when.iter().chain([&self.assert]).flat_map(Expression::reads) {
            if !paths.contains(&path.as_str()) {
                paths.push(path);
            }
        }
        paths
    }

    /// The rule as reports show it.
    #[must_use]
    pub fn summary(&self) -> RuleSummary {
        let remedy = |name: &str| self.texts.get(name).map(|text| readable(text).into()).unwrap_or_default();
        RuleSummary {
            id: self.id.clone(),
            title: self.title.clone(),
            subject: self.subject,
            severity: self.severity,
            why: self.why.clone(),
            remedy: Remedy {
                text: remedy("text"),
                cli: remedy(CLI),
                terraform: remedy("terraform"),
                cloudformation: remedy("cloudformation"),
            },
            controls: self.controls.clone(),
            references: self.references.clone(),
            parameters: self
                .values
                .as_object()
                .into_iter()
                .flatten()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        }
    }
}

/// What the expressions of a rule may speak of.
pub(super) fn vocabulary(subject: SubjectKind, parameters: &RecordType) -> Vocabulary<'_> {
    Vocabulary { subject: subject.name(), record: subject_type(subject), parameters }
}

/// The type of the parameters of a rule.
pub(super) fn declared(parameters: &BTreeMap<String, Parameter>) -> RecordType {
    parameters_type(parameters)
}
