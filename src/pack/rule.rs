//! A rule, checked: nothing in it can be wrong any more.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::example::Example;
use super::parameters::{Parameter, parameters_type};
use super::template::{CLI, Templates, readable};
use crate::expr::{Expression, Vocabulary};
use crate::facts::schema::{RecordType, subject_calls, subject_type};
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
    /// Kebab words to select it by.
    pub tags: Vec<String>,
    /// Left out of a pack unless a selection names it or one of its controls.
    pub is_optional: bool,
    /// Framework id → controls; all of them are in the framework.
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
    pub examples: Arc<[Example]>,
    /// The file it was read from.
    pub source: Arc<Source>,
    pub(super) id_span: Range<usize>,
    /// The scalars that the expressions are written in.
    pub(super) when_span: Range<usize>,
    pub(super) assert_span: Range<usize>,
    /// Every example could be read.
    pub(super) has_all_examples: bool,
    pub(super) texts: BTreeMap<&'static str, String>,
    pub(super) templates: Templates,
}

/// Names of the templates of a rule: what is said of a failure, why it does not apply, and the four ways of the remedy.
pub(super) const MESSAGE: &str = "message";
pub(super) const NOT_APPLICABLE: &str = "not_applicable";
pub(super) const REMEDY: [&str; 4] = ["text", CLI, "terraform", "cloudformation"];
pub(super) const TEMPLATES: [&str; 6] = [MESSAGE, NOT_APPLICABLE, REMEDY[0], REMEDY[1], REMEDY[2], REMEDY[3]];

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

    /// Operations that a collection has to call for it, besides those of every collection.
    #[must_use]
    pub fn calls(&self) -> BTreeSet<&str> {
        let shown = TEMPLATES.iter().flat_map(|name| self.templates.variables(name));
        let prefix = format!("{}.", self.subject.name());
        let shown: Vec<String> =
            shown.filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned)).collect();
        let paths = self.reads().into_iter().chain(shown.iter().map(String::as_str));
        let top = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
        let fields = &subject_type(self.subject).fields;
        let of_facts = paths.filter_map(|path| fields.get(&top(path))).flat_map(|field| &field.calls);
        of_facts.map(String::as_str).chain(subject_calls(self.subject).iter().copied()).collect()
    }

    /// Why it does not apply to some subjects, as readable text; `None` where it does not say.
    #[must_use]
    pub fn not_applicable(&self) -> Option<String> {
        self.texts.get(NOT_APPLICABLE).map(|text| readable(text))
    }

    /// The rule as reports show it.
    #[must_use]
    pub fn summary(&self) -> RuleSummary {
        let remedy = |name: &str| self.texts.get(name).map(|text| readable(text).into()).unwrap_or_default();
        RuleSummary {
            id: self.id.clone(),
            aliases: self.aliases.clone(),
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
