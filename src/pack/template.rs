//! Messages and remedies: templates that are checked when a rule is loaded, and print values harmlessly.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde_json::Value as Json;

use crate::diagnostic::printable;
use crate::facts::PRESENT;
use crate::facts::schema::{RecordType, Type};

/// The templates of one rule, compiled.
#[derive(Clone, Debug)]
pub(super) struct Templates {
    /// Shared by the copies of a rule that packs take from one another.
    environment: Arc<Environment<'static>>,
    /// Those that say the same of every record.
    plain: BTreeMap<&'static str, Arc<str>>,
}

/// The template whose values are quoted for a shell.
pub(super) const CLI: &str = "cli";

/// A value that is not known: prints as `(unknown)`, and tells when a template decides by it.
#[derive(Debug)]
struct Unknown(Arc<AtomicBool>);

impl Object for Unknown {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }
    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(Value::from_dyn_object(self.clone()))
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.0.store(true, Ordering::Relaxed);
        Enumerator::Empty
    }
    fn is_true(self: &Arc<Self>) -> bool {
        self.0.store(true, Ordering::Relaxed);
        false
    }
    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(unknown)")
    }
}

/// What templates see of one record.
pub(super) struct Seen {
    subject: &'static str,
    record: Value,
    decided_by_unknown: Arc<AtomicBool>,
}

/// What a template came to.
pub(super) enum Rendered {
    /// The text; shared where it is the same for every record.
    Text(Arc<str>),
    /// The template asked whether something unknown is true, so its text cannot be trusted.
    DecidedByUnknown,
}

impl Seen {
    /// The values of a record of this type, under the subject's name.
    pub(super) fn of(subject: &'static str, ty: &RecordType, record: &Json) -> Self {
        let decided_by_unknown = Arc::new(AtomicBool::new(false));
        let unknown = Value::from_object(Unknown(Arc::clone(&decided_by_unknown)));
        Self { subject, record: from_record(ty, Some(record), &unknown), decided_by_unknown }
    }
}

fn from_record(ty: &RecordType, record: Option<&Json>, unknown: &Value) -> Value {
    let field = |(name, field): (&String, &crate::facts::schema::Field)| {
        (name.clone(), from_fact(&field.ty, record.and_then(|record| record.get(name)), unknown))
    };
    ty.fields.iter().map(field).collect::<BTreeMap<String, Value>>().into()
}

fn from_fact(ty: &Type, value: Option<&Json>, unknown: &Value) -> Value {
    match (ty, value) {
        (_, None) => unknown.clone(),
        (Type::Record(ty), record) => from_record(ty, record, unknown),
        (Type::List { item, may_be_incomplete }, Some(Json::Array(items))) => {
            let is_real = |item: &&Json| !may_be_incomplete || item.get(PRESENT).is_some();
            items.iter().filter(is_real).map(|value| from_fact(item, Some(value), unknown)).collect()
        }
        (_, Some(value)) => plain(value),
    }
}

fn plain(value: &Json) -> Value {
    match value {
        Json::Null => Value::from(()),
        Json::Bool(value) => (*value).into(),
        Json::Number(value) => value.as_i64().unwrap_or_default().into(),
        Json::String(value) => value.as_str().into(),
        Json::Array(items) => items.iter().map(plain).collect(),
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), plain(value)))
            .collect::<BTreeMap<String, Value>>()
            .into(),
    }
}

impl Templates {
    pub(super) fn new() -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_formatter(write_value);
        for global in ["range", "dict", "namespace", "debug"] {
            environment.remove_global(global);
        }
        Self { environment: Arc::new(environment), plain: BTreeMap::new() }
    }

    /// Adds a template; the error names its line.
    pub(super) fn add(&mut self, name: &'static str, text: &str) -> Result<(), Error> {
        if !["{{", "{%", "{#"].iter().any(|tag| text.contains(tag)) {
            self.plain.insert(name, text.trim().into());
        }
        Arc::make_mut(&mut self.environment).add_template_owned(name, text.to_owned())
    }

    /// Variables that a template reads, with the fields that follow: `trail.name`.
    pub(super) fn variables(&self, name: &str) -> Vec<String> {
        let template = self.environment.get_template(name);
        let mut names: Vec<String> = template
            .map(|template| template.undeclared_variables(true).into_iter().collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    /// Renders a template on a record and the parameters; an absent template is empty.
    pub(super) fn render(&self, name: &str, seen: &Seen, parameters: &Json) -> Result<Rendered, Error> {
        if let Some(text) = self.plain.get(name) {
            return Ok(Rendered::Text(Arc::clone(text)));
        }
        let Ok(template) = self.environment.get_template(name) else {
            return Ok(Rendered::Text(Arc::default()));
        };
        seen.decided_by_unknown.store(false, Ordering::Relaxed);
        let variables =
            BTreeMap::from([(seen.subject, seen.record.clone()), ("parameters", plain(parameters))]);
        let text = template.render(Value::from(variables))?;
        if seen.decided_by_unknown.load(Ordering::Relaxed) {
            return Ok(Rendered::DecidedByUnknown);
        }
        Ok(Rendered::Text(text.trim().into()))
    }
}

fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.downcast_object_ref::<Unknown>().is_some() => value.to_string(),
        None if matches!(value.kind(), minijinja::value::ValueKind::Seq) => {
            value.try_iter()?.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
        }
        None => value.to_string(),
    };
    let text = printable(&text);
    let written =
        if state.name() == CLI { out.write_str(&shell_quoted(&text)) } else { out.write_str(&text) };
    written.map_err(Error::from)
}

/// The text as one word for a POSIX shell.
fn shell_quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Where a template for a shell puts a value inside quotes, which would undo the quoting of the value.
pub(super) fn value_in_quotes(template: &str) -> Option<usize> {
    let (mut quote, mut rest, mut at) = (None, template, 0);
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if rest.starts_with("{{") {
            if quote.is_some() {
                return Some(at);
            }
            length = rest.find("}}").map_or(rest.len(), |end| end + 2);
        } else if rest.starts_with("{%") {
            length = rest.find("%}").map_or(rest.len(), |end| end + 2);
        } else if c == '\\' && quote != Some('\'') {
            length += rest.chars().nth(1).map_or(0, char::len_utf8);
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'' | '`') {
            quote = Some(c);
        }
        at += length;
        rest = rest.get(length..).unwrap_or_default();
    }
    None
}

/// The template as people read it in general: `{{ trail.arn }}` as `<trail.arn>`, the branches of a statement one after the other.
pub(super) fn readable(template: &str) -> String {
    let (mut shown, mut rest) = (String::new(), template);
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        shown.push_str(rest.get(..open).unwrap_or_default());
        let tag = rest.get(open..).unwrap_or_default();
        let close = tag.find("}}").into_iter().chain(tag.find("%}")).chain(tag.find("#}")).min();
        let close = close.unwrap_or(tag.len().saturating_sub(2));
        if tag.starts_with("{{") {
            let inner = tag.get(2..close).unwrap_or_default().trim_matches(['-', ' ']);
            shown.extend(["<", inner, ">"]);
        } else if is_branch(tag) {
            shown.truncate(shown.trim_end().len());
            shown.push_str("\n\n");
            rest = tag.get(close + 2..).unwrap_or_default().trim_start();
            continue;
        }
        rest = tag.get(close + 2..).unwrap_or_default();
    }
    shown.push_str(rest);
    shown.trim().to_owned()
}

fn is_branch(tag: &str) -> bool {
    let statement = tag.trim_start_matches(['{', '%', '-', ' ']);
    statement.starts_with("else") || statement.starts_with("elif")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::facts::schema::subject_type;
    use crate::report::SubjectKind;

    fn render(name: &'static str, template: &str, record: &Json) -> Rendered {
        let mut templates = Templates::new();
        templates.add(name, template).unwrap();
        let ty = subject_type(SubjectKind::Account);
        templates.render(name, &Seen::of("account", ty, record), &json!({ "words": ["a", "b\n"] })).unwrap()
    }

    fn text(name: &'static str, template: &str, record: &Json) -> String {
        match render(name, template, record) {
            Rendered::Text(text) => text.to_string(),
            Rendered::DecidedByUnknown => "decided by unknown".to_owned(),
        }
    }

    #[test]
    fn values_are_made_printable_and_the_template_is_not() {
        let record = json!({ "name": "a\nb\u{1b}[0m\u{202e}<script>|" });
        assert_eq!(
            text("message", "x\n{{ account.name }}", &record),
            "x\na\\u{a}b\\u{1b}[0m\\u{202e}<script>|"
        );
        assert_eq!(
            text("message", "{{ parameters.words }} {{ parameters.words | length }}", &record),
            "a, b\\u{a} 2"
        );
    }

    #[test]
    fn values_in_a_command_are_one_word_each() {
        let shell = |name: &str| text(CLI, "aws x --name {{ account.name }} -y", &json!({ "name": name }));
        assert_eq!(shell("arn:aws:a/b_c.d@e%+=,-"), "aws x --name arn:aws:a/b_c.d@e%+=,- -y");
        assert_eq!(shell("a b"), "aws x --name 'a b' -y");
        assert_eq!(shell("$(rm -rf ~)"), "aws x --name '$(rm -rf ~)' -y");
        assert_eq!(shell("it's"), r"aws x --name 'it'\''s' -y");
        assert_eq!(shell(""), "aws x --name '' -y");
        assert_eq!(shell("a\nb"), r"aws x --name 'a\u{a}b' -y");
        assert_eq!(text(CLI, "x {{ account.id }}", &json!({})), "x '(unknown)'");
    }

    #[test]
    fn a_gap_prints_as_unknown_and_a_text_that_depends_on_it_is_not_used() {
        assert_eq!(
            text("message", "{{ account.name }} {{ account.is_active }}", &json!({})),
            "(unknown) (unknown)"
        );
        for template in [
            "{% if account.is_active %}on{% else %}off{% endif %}",
            "{{ 'on' if account.is_active else 'off' }}",
            "{{ not account.is_active }}",
            "{% for r in account.regions %}{{ r.name }}{% endfor %}",
            "{{ account.regions | length }}",
        ] {
            assert_eq!(text("message", template, &json!({})), "decided by unknown", "{template}");
        }
    }

    #[test]
    fn phantoms_are_not_shown() {
        let record = json!({ "regions": [{ "__present": true, "name": "eu-central-1" }, {}] });
        let template =
            "{% for r in account.regions %}{{ r.name }}{{ r.records_management_reads }};{% endfor %}";
        assert_eq!(text("message", template, &record), "eu-central-1(unknown);");
    }

    #[test]
    fn a_value_inside_quotes_of_a_command_is_found() {
        assert_eq!(value_in_quotes("x --a {{ a }} --b '[1]' {{ b }}"), None);
        assert_eq!(value_in_quotes(r#"x --a "{{ a }}""#), Some(7));
        assert_eq!(value_in_quotes("x `{{ a }}`"), Some(3));
        assert_eq!(value_in_quotes(r#"x \" {{ a }} "#), None);
        assert_eq!(value_in_quotes(r"x 'a\' {{ a }} '"), None);
    }

    #[test]
    fn templates_are_readable_without_their_marks() {
        assert_eq!(readable("a {{ x.y }}{% if z %} b{% endif %} {{- c -}}{# d #}"), "a <x.y> b <c>");
    }
}
