//! Reads messages and remedies of a rule and checks them as templates.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value, json};

use super::decode::{Decoder, Fields, Text, names};
use super::parameters::{Parameter, defaults};
use super::read_rule::REMEDY_KEYS;
use super::rule::{MESSAGE, NOT_APPLICABLE, REMEDY, declared};
use super::template::{CLI, Seen, Templates, value_in_quotes};
use crate::diagnostic::{Diagnostic, closest};
use crate::expr::NO_PARAMETER;
use crate::facts::schema::{RecordType, Type, subject_type};
use crate::report::SubjectKind;

/// The templates of a rule: as written, and compiled.
pub(super) type Words = (BTreeMap<&'static str, String>, Templates);

impl Decoder {
    /// Reads messages and remedy and checks them as templates.
    pub(super) fn words(
        &mut self,
        fields: &Fields<'_>,
        subject: SubjectKind,
        parameters: &BTreeMap<String, Parameter>,
    ) -> Option<Words> {
        let message = self.required_text(fields, MESSAGE, "a rule");
        let remedy = self.required(fields, "remedy", "a rule");
        let remedy = remedy.and_then(|node| self.fields(node, "a remedy", &names(&REMEDY_KEYS)));
        let mut found: Vec<(&'static str, Text)> = message.into_iter().map(|text| (MESSAGE, text)).collect();
        found.extend(self.not_applicable(fields).map(|text| (NOT_APPLICABLE, text)));
        if let Some(remedy) = &remedy {
            self.required(remedy, "text", "a remedy");
            for name in REMEDY {
                found.extend(self.optional_text(remedy, name).map(|text| (name, text)));
            }
        }
        let before = self.diagnostics.len();
        let mut templates = Templates::new();
        for (name, text) in &found {
            self.template(&mut templates, name, text, subject, parameters);
        }
        let is_complete = found.iter().any(|(name, _)| *name == MESSAGE) && remedy.is_some();
        let texts = found.into_iter().map(|(name, text)| (name, text.value)).collect();
        (is_complete && self.diagnostics.len() == before).then_some((texts, templates))
    }

    /// Why the rule does not apply; one that always applies has nothing to say.
    fn not_applicable(&mut self, fields: &Fields<'_>) -> Option<Text> {
        let text = self.optional_text(fields, NOT_APPLICABLE)?;
        if fields.get("when").is_none() {
            let at = self.inside(&text, &(0..text.value.len()));
            let diagnostic = Diagnostic::error("`not_applicable` is never said: the rule always applies");
            let diagnostic = diagnostic.at(&self.source.clone(), at, "");
            self.report(diagnostic.help("say with `when` what the rule applies to, or remove it"));
        }
        Some(text)
    }

    fn template(
        &mut self,
        templates: &mut Templates,
        name: &'static str,
        text: &Text,
        subject: SubjectKind,
        parameters: &BTreeMap<String, Parameter>,
    ) {
        if let Err(error) = templates.add(name, &text.value) {
            return self.template_error(text, &error);
        }
        if name == CLI
            && let Some(at) = value_in_quotes(&text.value)
        {
            let at = self.inside(text, &(at..at + 2));
            let diagnostic =
                Diagnostic::error("a value stands inside quotes").at(&self.source.clone(), at, "");
            return self.report(
                diagnostic.help("remove the quotes: values in a command are quoted where they need it"),
            );
        }
        let before = self.diagnostics.len();
        let types = declared(parameters);
        for path in templates.variables(name) {
            self.template_variable(text, &path, subject, &types);
        }
        if self.diagnostics.len() > before {
            return;
        }
        let values = defaults(parameters);
        for sample in [Some(true), Some(false), None] {
            let record =
                sample.map_or_else(|| json!({}), |truth| sample_record(subject_type(subject), truth));
            let seen = Seen::of(subject.name(), subject_type(subject), &record);
            if let Err(error) = templates.render(name, &seen, &values) {
                return self.template_error(text, &error);
            }
        }
    }

    fn template_error(&mut self, text: &Text, error: &minijinja::Error) {
        let line = error.line().unwrap_or(1).saturating_sub(1);
        let start: usize = text.value.split_inclusive('\n').take(line).map(str::len).sum();
        let length = text.value.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        let at = self.inside(text, &(start..start + length));
        let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        self.error(at, format!("the template is not valid: {reason}"), "");
    }

    fn template_variable(&mut self, text: &Text, path: &str, subject: SubjectKind, parameters: &RecordType) {
        let mut parts = path.split('.');
        let root = parts.next().unwrap_or_default();
        let record = match root {
            _ if root == subject.name() => subject_type(subject),
            "parameters" => parameters,
            _ => {
                let at = self.inside(text, &find_word(&text.value, root));
                let help = format!("there are `{}` and `parameters`", subject.name());
                let diagnostic = Diagnostic::error(format!("the template has no variable `{root}`"));
                return self.report(diagnostic.at(&self.source.clone(), at, "unknown variable").help(help));
            }
        };
        let mut record = record;
        for part in parts {
            let Some(field) = record.fields.get(part) else {
                let names: Vec<&str> = record.fields.keys().map(String::as_str).collect();
                let near = closest(part, names).map(|near| format!("did you mean `{near}`?"));
                let word = find_word(&text.value, path);
                let at = self.inside(text, &(word.end.saturating_sub(part.len())..word.end));
                let what = if root == "parameters" { NO_PARAMETER } else { "there is no fact" };
                let diagnostic = Diagnostic::error(format!("{what} `{part}`"));
                return self.report(diagnostic.at(&self.source.clone(), at, "unknown").maybe_help(near));
            };
            match &field.ty {
                Type::Record(inner) => record = inner,
                _ => return,
            }
        }
    }
}

/// Where a dotted name stands in a template.
fn find_word(text: &str, word: &str) -> Range<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(|c| is_part(c) || c == '.') && !after.is_some_and(is_part)
    };
    let found = text.match_indices(word).map(|(at, _)| at).find(|at| is_whole(*at));
    found.map_or(0..text.len(), |at| at..at + word.len())
}

/// A record with every fact in place, to try templates on.
fn sample_record(ty: &RecordType, truth: bool) -> Value {
    let fields = ty.fields.iter().map(|(name, field)| (name.clone(), sample(&field.ty, truth)));
    let mut record: Map<String, Value> = fields.collect();
    record.insert(crate::facts::PRESENT.to_owned(), true.into());
    Value::Object(record)
}

fn sample(ty: &Type, truth: bool) -> Value {
    match ty {
        Type::Bool => truth.into(),
        Type::Int => i64::from(truth).into(),
        Type::String => "sample".into(),
        Type::List { item, .. } => vec![sample(item, truth)].into(),
        Type::Record(ty) => sample_record(ty, truth),
    }
}
