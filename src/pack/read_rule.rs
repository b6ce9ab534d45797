//! Reads a rule file, gathering every mistake in it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::decode::{Decoder, Fields, Key, Text, names, optional, required};
use super::framework::Frameworks;
use super::parameters::{Parameter, defaults};
use super::read_words::Words;
use super::rule::{MESSAGE, NOT_APPLICABLE, REMEDY, Rule, TEMPLATES, declared, vocabulary};
use super::yaml::{Kind, Node};
use crate::diagnostic::Diagnostic;
use crate::expr::{Expression, NO_PARAMETER};
use crate::facts::schema::{RecordType, SUBJECT_KINDS};
use crate::report::{Severity, SubjectKind};
use crate::source::Source;

/// The keys of a rule.
pub(super) const KEYS: [Key; 19] = [
    required("id", "Kebab noun phrase without a verdict in it; the name of the file."),
    required("title", "Display title."),
    required("subject", "The kind of thing that the rule judges, each by itself."),
    required("severity", "How grave a failure is."),
    optional("when", "Expression: the subjects that the rule speaks of; without it, all of its kind."),
    required("assert", "Expression: what must hold."),
    required(MESSAGE, "Template of one line that says what was seen where the rule fails."),
    optional(NOT_APPLICABLE, "Template of one line that says why the rule does not apply."),
    required("why", "Why it matters, in a few sentences."),
    required("remedy", "How to mend a failure."),
    optional("parameters", "Values that users may set, by name; expressions read them as `parameters.name`."),
    optional("tags", "Kebab words to select the rule by."),
    optional("optional", "Left out of a pack unless a selection names it or one of its controls."),
    optional("controls", "The controls that the rule speaks for, by framework."),
    optional("references", "Pages that say more."),
    optional("aliases", "Earlier ids of the rule."),
    optional("since", "Version of the pack in which the rule appeared."),
    optional("deprecated", "Why the rule should not be used any more."),
    required("examples", "The tests of the rule and its documentation; at least one passes and one fails."),
];
/// The keys of a remedy.
pub(super) const REMEDY_KEYS: [Key; 4] = [
    required(REMEDY[0], "What to do, in a few sentences; a template."),
    optional(REMEDY[1], "Commands of the AWS CLI; a template whose values are quoted for a shell."),
    optional(REMEDY[2], "Terraform; a template."),
    optional(REMEDY[3], "CloudFormation; a template."),
];
/// Worst first.
pub(super) const SEVERITIES: [(&str, Severity); 5] = [
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("info", Severity::Info),
];

/// Reads one rule; every mistake in the file is in the list.
pub(super) fn read_rule(
    source: &Arc<Source>,
    root: &Node,
    frameworks: &Frameworks,
    decoder: &mut Decoder,
) -> Option<Rule> {
    let fields = decoder.fields(root, "a rule", &names(&KEYS))?;
    let what = "a rule";
    let id = decoder.required_text(&fields, "id", what);
    let id = id.and_then(|id| decoder.rule_id(id));
    let title = decoder.required_text(&fields, "title", what);
    let severity = decoder.required_text(&fields, "severity", what);
    let severity = severity.and_then(|text| decoder.choice(&text, "severity", &SEVERITIES));
    let why = decoder.required_text(&fields, "why", what);
    let controls = fields.get("controls").map(|node| decoder.controls(node, frameworks)).unwrap_or_default();
    let tags = fields.get("tags").map(|node| decoder.tags(node)).unwrap_or_default();
    let is_optional = fields.get("optional").is_some_and(|node| decoder.flag(node, "`optional`"));
    let references = decoder.references(&fields);
    let aliases = fields.get("aliases").map(|node| decoder.texts(node, "`aliases`")).unwrap_or_default();
    let since = decoder.optional_text(&fields, "since");
    let deprecated = decoder.optional_text(&fields, "deprecated");
    let before = decoder.diagnostics.len();
    let parameters = fields.get("parameters").map(|node| decoder.parameters(node)).unwrap_or_default();
    let has_all_parameters = decoder.diagnostics.len() == before;
    let subject = decoder.subject(&fields)?;
    let before = decoder.diagnostics.len();
    let logic = decoder.logic(&fields, subject, &parameters);
    let words = decoder.words(&fields, subject, &parameters);
    if !has_all_parameters {
        decoder.forget_parameters(before);
    }
    let examples = decoder.required(&fields, "examples", what);
    let before = decoder.diagnostics.len();
    let examples = examples.map(|node| decoder.examples(node, subject, &parameters));
    let has_all_examples = decoder.diagnostics.len() == before;
    decoder.dead_parameters(&parameters, logic.as_ref(), words.as_ref());
    let (Logic { when, assert }, (texts, templates), id) =
        (logic?, words?, id.filter(|_| has_all_parameters)?);
    let (when, when_span) = when.map_or((None, 0..0), |(when, span)| (Some(when), span));
    Some(Rule {
        id_span: decoder.inside(&id, &(0..id.value.len())),
        has_all_examples,
        id: id.value,
        title: title?.value.trim().to_owned(),
        subject,
        severity: severity?,
        when,
        when_span,
        assert: assert.0,
        assert_span: assert.1,
        why: why?.value.trim().to_owned(),
        values: defaults(&parameters),
        parameters,
        tags,
        is_optional,
        controls,
        references,
        aliases: aliases.into_iter().map(|alias| alias.value).collect(),
        since: since.map(|text| text.value),
        deprecated: deprecated.map(|text| text.value),
        examples: examples?.into(),
        source: Arc::clone(source),
        texts,
        templates,
    })
}

/// The expressions of a rule, each with the scalar it is written in.
struct Logic {
    when: Option<(Expression, Range<usize>)>,
    assert: (Expression, Range<usize>),
}

impl Logic {
    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.when.iter().chain([&self.assert]).map(|(expression, _)| expression)
    }
}

impl Decoder {
    fn rule_id(&mut self, id: Text) -> Option<Text> {
        let at = self.inside(&id, &(0..id.value.len()));
        let stem = self.source.file_name().rsplit_once('.').map_or("", |(stem, _)| stem).to_owned();
        if !is_kebab(&id.value) {
            let title = format!("`{}` is no rule id", id.value);
            self.error(at, title, KEBAB);
            return None;
        }
        if id.value != stem {
            let title = format!("the rule `{}` is in a file named `{}`", id.value, self.source.file_name());
            let diagnostic =
                Diagnostic::error(title).at(&self.source.clone(), at, "differs from the file name");
            self.report(diagnostic.help(format!("name the file `{}.yaml`", id.value)));
        }
        Some(id)
    }

    /// What the rule judges; without it, the rest can only be looked for.
    fn subject(&mut self, fields: &Fields<'_>) -> Option<SubjectKind> {
        let text = self.required_text(fields, "subject", "a rule");
        let kinds = SUBJECT_KINDS.map(|kind| (kind.name(), kind));
        let subject = text.and_then(|text| self.choice(&text, "subject", &kinds));
        if subject.is_none() {
            for key in ["assert", MESSAGE, "remedy", "examples"] {
                self.required(fields, key, "a rule");
            }
        }
        subject
    }

    /// Takes back that parameters are not declared where a declaration has a mistake, which has been told.
    fn forget_parameters(&mut self, from: usize) {
        let later = self.diagnostics.split_off(from);
        self.diagnostics.extend(later.into_iter().filter(|it| !it.title.starts_with(NO_PARAMETER)));
    }

    fn tags(&mut self, node: &Node) -> Vec<String> {
        let texts = self.texts(node, "`tags`");
        for text in texts.iter().filter(|text| !is_kebab(&text.value)) {
            let at = self.inside(text, &(0..text.value.len()));
            self.error(at, format!("`{}` is no tag", text.value), KEBAB);
        }
        texts.into_iter().map(|text| text.value).collect()
    }

    fn flag(&mut self, node: &Node, what: &str) -> bool {
        match node.kind {
            Kind::Bool(value) => value,
            _ => self.wrong(node, what, "a bool (`true` or `false`)").unwrap_or_default(),
        }
    }

    fn references(&mut self, fields: &Fields<'_>) -> Vec<String> {
        let Some(node) = fields.get("references") else { return Vec::new() };
        let texts = self.texts(node, "`references`");
        for text in &texts {
            self.is_link(text, "a reference");
        }
        texts.into_iter().map(|text| text.value).collect()
    }

    /// Whether the text is a link; tells if not.
    pub(super) fn is_link(&mut self, text: &Text, what: &str) -> bool {
        let is_link = text.value.starts_with("https://")
            && !text.value.contains(|c: char| c.is_whitespace() || "<>\"".contains(c));
        if !is_link {
            let at = self.inside(text, &(0..text.value.len()));
            self.error(at, format!("{what} must be a link that starts with `https://`"), "");
        }
        is_link
    }

    fn logic(
        &mut self,
        fields: &Fields<'_>,
        subject: SubjectKind,
        parameters: &BTreeMap<String, Parameter>,
    ) -> Option<Logic> {
        let types = declared(parameters);
        let when = fields.get("when").map(|node| self.expression(node, "when", subject, &types));
        let assert = self.required(fields, "assert", "a rule");
        let assert = assert.and_then(|node| self.expression(node, "assert", subject, &types));
        Some(Logic { when: when.map_or(Some(None), |when| when.map(Some))?, assert: assert? })
    }

    fn expression(
        &mut self,
        node: &Node,
        key: &str,
        subject: SubjectKind,
        types: &RecordType,
    ) -> Option<(Expression, Range<usize>)> {
        let text = self.scalar(node, &format!("`{key}`"))?;
        match Expression::compile(&text.value, vocabulary(subject, types)) {
            Ok(expression) => {
                self.constant(&text, key, expression.constant());
                if key == "assert" && expression.constant().is_none() && expression.reads().is_empty() {
                    self.reads_nothing(&text, subject);
                }
                Some((expression, text.span))
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    let at = self.inside(&text, &mistake.span);
                    let diagnostic =
                        Diagnostic::error(mistake.title).at(&self.source.clone(), at, mistake.label);
                    self.report(diagnostic.maybe_help(mistake.help));
                }
                None
            }
        }
    }

    fn reads_nothing(&mut self, text: &Text, subject: SubjectKind) {
        let at = self.inside(text, &(0..text.value.len()));
        let title = format!("`assert` reads no fact of `{subject}`");
        let diagnostic = Diagnostic::error(title).at(&self.source.clone(), at, "the same for every subject");
        self.report(diagnostic.help(format!("`trailproof policy facts {subject}` lists what can be read")));
    }

    /// Tells when an expression decides nothing: a rule that applies to no subject, or always comes to the same verdict.
    fn constant(&mut self, text: &Text, key: &str, constant: Option<bool>) {
        let (level, says, help): (fn(String) -> Diagnostic, _, _) = match (key, constant) {
            (_, None) => return,
            ("when", Some(true)) => {
                (Diagnostic::warning, "always holds", "leave `when` out: the rule applies to every subject")
            }
            ("when", Some(false)) => {
                (Diagnostic::error, "never holds", "the rule applies to no subject: mend the condition")
            }
            (_, Some(true)) => {
                (Diagnostic::error, "always holds", "the rule cannot fail: mend the condition")
            }
            (_, Some(false)) => {
                (Diagnostic::error, "never holds", "the rule cannot pass: mend the condition")
            }
        };
        let at = self.inside(text, &(0..text.value.len()));
        let diagnostic =
            level(format!("`{key}` {says}")).at(&self.source.clone(), at, "whatever the facts are");
        self.report(diagnostic.help(help));
    }

    fn dead_parameters(
        &mut self,
        parameters: &BTreeMap<String, Parameter>,
        logic: Option<&Logic>,
        words: Option<&Words>,
    ) {
        let (Some(logic), Some((_, templates))) = (logic, words) else { return };
        let expressions = logic.expressions().flat_map(|expression| expression.parameters().to_vec());
        let in_templates = TEMPLATES.iter().flat_map(|name| templates.variables(name));
        let used: Vec<String> = expressions
            .chain(in_templates.filter_map(|path| path.strip_prefix("parameters.").map(str::to_owned)))
            .collect();
        for (name, parameter) in parameters.iter().filter(|(name, _)| !used.contains(name)) {
            let title = format!("the parameter `{name}` is never used");
            let diagnostic =
                Diagnostic::error(title).at(&self.source.clone(), parameter.name_span.clone(), "");
            self.report(diagnostic.help(format!("use `parameters.{name}` in `assert`, or remove it")));
        }
    }
}

const KEBAB: &str = "small letters and digits, words joined by `-`";

/// Whether the text is a name as rules have them.
#[must_use]
pub fn is_kebab(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.split('-').all(is_word)
}
