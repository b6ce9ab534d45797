//! Reads `pack.yaml`: what a pack is called, which packs it extends, what it takes from them and what it changes.

use super::decode::{Decoder, Fields, Key, Text, names, optional, quoted, required};
use super::is_kebab;
use super::read_rule::SEVERITIES;
use super::yaml::{Entry, Kind, Node};
use crate::diagnostic::{Diagnostic, closest};
use crate::report::Severity;

/// What `pack.yaml` says.
pub(super) struct Manifest {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) version: String,
    /// Built-in packs or relative folders; of two that disagree, the later decides.
    pub(super) extends: Vec<Text>,
    pub(super) select: Selection,
    pub(super) overrides: Vec<Override>,
    pub(super) parameters: Vec<Entry>,
}

/// Which rules of the extended packs are taken; without a criterion: all that are not optional.
#[derive(Default)]
pub(super) struct Selection {
    /// By id, optional or not.
    pub(super) rules: Option<Vec<Text>>,
    /// Those with one of these tags.
    pub(super) tags: Option<Vec<Text>>,
    /// Those with one of these severities.
    pub(super) severities: Option<Vec<Severity>>,
    /// Those that speak for one of these, optional or not: `framework` or `framework/control`.
    pub(super) controls: Option<Vec<Text>>,
    /// By id, whatever the other keys say.
    pub(super) exclude: Vec<Text>,
}

/// What a pack changes in one rule.
pub(super) struct Override {
    pub(super) rule: Text,
    pub(super) severity: Option<Severity>,
    pub(super) parameters: Vec<Entry>,
}

/// The keys of a `pack.yaml`.
pub(super) const KEYS: [Key; 7] = [
    required("id", "Kebab name of the pack."),
    required("title", "Display title."),
    required("version", "Version of the pack, in quotes."),
    optional(
        "extends",
        "Built-in packs, or folders seen from the folder of this file; of two that disagree, the later decides.",
    ),
    optional("select", "Which rules of the extended packs are taken; without it, all that are not optional."),
    optional("overrides", "What is changed in single rules, by id."),
    optional("parameters", "Values for parameters of any rule of the pack that has them."),
];
/// The keys of `select`.
pub(super) const SELECT_KEYS: [Key; 5] = [
    optional("rules", "These rules, optional or not."),
    optional("tags", "Rules with one of these tags."),
    optional("severity", "Rules with one of these severities, as the extended pack has set them."),
    optional("controls", "Rules that speak for one of these: `framework` or `framework/number`."),
    optional("exclude", "Not these rules, whatever the other keys say."),
];
/// The keys of an override.
pub(super) const OVERRIDE_KEYS: [Key; 2] = [
    optional("severity", "How grave a failure is in this pack."),
    optional("parameters", "Values for parameters of this rule."),
];

impl Decoder {
    /// Reads a `pack.yaml`.
    pub(super) fn manifest(&mut self, root: &Node) -> Option<Manifest> {
        let what = "a pack";
        let fields = self.fields(root, what, &names(&KEYS))?;
        let id = self.required_text(&fields, "id", what);
        if let Some(id) = id.as_ref().filter(|id| !id.value.split('.').all(is_kebab)) {
            let at = self.inside(id, &(0..id.value.len()));
            let title = format!("`{}` is no pack id", id.value);
            self.error(at, title, "small letters and digits, joined by `-` or `.`");
        }
        let title = self.required_text(&fields, "title", what);
        let version = self.required_text(&fields, "version", what);
        let extends = self.extends(&fields);
        if let Some(entry) = fields.entry("select").filter(|_| extends.is_empty()) {
            let title = "`select` takes rules from extended packs, and this pack extends none";
            let diagnostic = Diagnostic::error(title).at(&self.source.clone(), entry.key_span.clone(), "");
            let help = "add `extends`; the rule files beside `pack.yaml` belong to the pack anyway";
            self.report(diagnostic.help(help));
        }
        let select = fields.get("select").and_then(|node| self.selection(node)).unwrap_or_default();
        let overrides = fields.get("overrides").and_then(|node| self.map(node, "`overrides`"));
        let overrides: Vec<Override> =
            overrides.unwrap_or_default().iter().filter_map(|entry| self.override_of(entry)).collect();
        let parameters = fields.get("parameters").and_then(|node| self.map(node, "`parameters`"));
        Some(Manifest {
            id: id?.value,
            title: title?.value,
            version: version?.value,
            extends,
            select,
            overrides,
            parameters: parameters.unwrap_or_default().to_vec(),
        })
    }

    fn extends(&mut self, fields: &Fields<'_>) -> Vec<Text> {
        let Some(node) = fields.get("extends") else { return Vec::new() };
        if matches!(node.kind, Kind::List(_)) {
            self.texts(node, "`extends`")
        } else {
            self.text(node, "`extends`").into_iter().collect()
        }
    }

    fn selection(&mut self, node: &Node) -> Option<Selection> {
        let fields = self.fields(node, "`select`", &names(&SELECT_KEYS))?;
        let mut list = |key: &str| fields.get(key).map(|node| self.texts(node, &format!("`{key}`")));
        let (rules, tags, controls) = (list("rules"), list("tags"), list("controls"));
        let exclude = list("exclude").unwrap_or_default();
        let severities = fields.get("severity").map(|node| self.severities(node));
        Some(Selection { rules, tags, severities, controls, exclude })
    }

    /// A list of severities, or `">= severity"`.
    fn severities(&mut self, node: &Node) -> Vec<Severity> {
        if matches!(node.kind, Kind::List(_)) {
            let texts = self.texts(node, "`severity`");
            return texts.iter().filter_map(|text| self.choice(text, "severity", &SEVERITIES)).collect();
        }
        let Some(text) = self.text(node, "`severity`") else { return Vec::new() };
        let Some(least) = text.value.trim().strip_prefix(">=").map(str::trim) else {
            let at = self.inside(&text, &(0..text.value.len()));
            let title = format!("`{}` is no selection of severities", text.value);
            let diagnostic = Diagnostic::error(title).at(&self.source.clone(), at, "");
            self.report(diagnostic.help("write `\">= medium\"`, or a list: `[critical, high]`"));
            return Vec::new();
        };
        let start = text.value.len() - text.value.trim_end().len();
        let end = text.value.len() - start;
        if let Some((_, least)) = SEVERITIES.iter().find(|(name, _)| *name == least) {
            return SEVERITIES.iter().map(|(_, severity)| *severity).filter(|it| it <= least).collect();
        }
        let names = SEVERITIES.map(|(name, _)| name);
        let near = closest(least, names).map(|near| format!("did you mean `{near}`?"));
        let at = self.inside(&text, &(end - least.len()..end));
        let diagnostic = Diagnostic::error(format!("`{least}` is no severity"));
        let diagnostic = diagnostic.at(&self.source.clone(), at, format!("one of {}", quoted(&names)));
        self.report(diagnostic.maybe_help(near));
        Vec::new()
    }

    fn override_of(&mut self, entry: &Entry) -> Option<Override> {
        let what = format!("the override of `{}`", entry.key);
        let fields = self.fields(&entry.value, &what, &names(&OVERRIDE_KEYS))?;
        let severity = self.optional_text(&fields, "severity");
        let severity = severity.and_then(|text| self.choice(&text, "severity", &SEVERITIES));
        let parameters = fields.get("parameters").and_then(|node| self.map(node, "`parameters`"));
        Some(Override {
            rule: Text { value: entry.key.clone(), span: entry.key_span.clone() },
            severity,
            parameters: parameters.unwrap_or_default().to_vec(),
        })
    }
}
