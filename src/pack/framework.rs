//! Frameworks: the controls of a standard that an audit trail can meet, by number and title.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use super::decode::{Decoder, Key, Text, names, optional, quoted, required};
use super::library::builtin_frameworks;
use super::yaml::{Node, parse};
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Source;

/// A standard, as far as an audit trail is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framework {
    /// Kebab name with the version in it; the name of its file.
    pub id: String,
    /// Display title.
    pub title: String,
    /// Version of the standard.
    pub version: String,
    /// Where the standard is published.
    pub url: String,
    /// In the order of the standard.
    pub controls: Vec<Control>,
    pub(super) source: Arc<Source>,
    pub(super) id_span: Range<usize>,
}

/// A requirement of a standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its number in the standard.
    pub id: String,
    /// What it asks for, in a few own words.
    pub title: String,
    /// What to know about it; may be empty.
    pub note: String,
}

/// The keys of a framework.
pub(super) const KEYS: [Key; 5] = [
    required("id", "Kebab name with the version in it; the name of the file."),
    required("title", "Display title."),
    required("version", "Version of the standard, in quotes."),
    required("source", "Where the standard is published."),
    required("controls", "The controls that an audit trail can meet, in the order of the standard."),
];
/// The keys of a control.
pub(super) const CONTROL_KEYS: [Key; 3] = [
    required("id", "Its number in the standard, in quotes."),
    required("title", "What it asks for, in a few own words."),
    optional("note", "What to know about it."),
];

/// Frameworks by id.
pub(super) type Frameworks = BTreeMap<String, Arc<Framework>>;

/// The frameworks in the binary, with the mistakes in them.
pub(super) static BUILT_IN: LazyLock<(Frameworks, Vec<Diagnostic>)> = LazyLock::new(|| {
    let (mut frameworks, mut diagnostics) = (Frameworks::new(), Vec::new());
    diagnostics.extend(read_frameworks(&mut frameworks, builtin_frameworks()));
    (frameworks, diagnostics)
});

impl Framework {
    /// The control with this number.
    #[must_use]
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }
}

/// Adds the frameworks in these files and tells the mistakes.
pub(super) fn read_frameworks(frameworks: &mut Frameworks, files: Vec<Source>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for source in files.into_iter().map(Arc::new) {
        let mut decoder = Decoder::new(&source);
        let (root, found) = parse(&source);
        decoder.diagnostics = found;
        let framework = root.and_then(|root| decoder.framework(&root));
        diagnostics.extend(decoder.diagnostics);
        let Some(framework) = framework else { continue };
        match frameworks.get(&framework.id) {
            Some(known) if known.source.text != source.text => diagnostics.push(twice(known, &framework)),
            _ => {
                frameworks.insert(framework.id.clone(), Arc::new(framework));
            }
        }
    }
    diagnostics
}

/// Two files that describe one framework in different ways.
pub(super) fn twice(first: &Framework, second: &Framework) -> Diagnostic {
    let diagnostic = Diagnostic::error(format!("the framework `{}` is described twice", second.id));
    let diagnostic = diagnostic.at(&second.source, second.id_span.clone(), "here");
    diagnostic.at(&first.source, first.id_span.clone(), "and here").help("give one of them another id")
}

impl Decoder {
    fn framework(&mut self, root: &Node) -> Option<Framework> {
        let what = "a framework";
        let fields = self.fields(root, what, &names(&KEYS))?;
        let id = self.required_text(&fields, "id", what);
        let id = id.filter(|id| self.is_named_like_its_file(id));
        let title = self.required_text(&fields, "title", what);
        let version = self.required_text(&fields, "version", what);
        let url = self.required_text(&fields, "source", what);
        let url = url.filter(|url| self.is_link(url, "`source`"));
        let controls = self.required(&fields, "controls", what);
        let controls = controls.and_then(|node| self.list(node, "`controls`"))?;
        let controls: Vec<(Text, Control)> =
            controls.iter().filter_map(|node| self.described_control(node)).collect();
        for (at, (text, control)) in controls.iter().enumerate() {
            if controls.iter().take(at).any(|(_, other)| other.id == control.id) {
                let at = self.inside(text, &(0..text.value.len()));
                self.error(at, format!("the control `{}` is listed twice", control.id), "");
            }
        }
        let id = id?;
        Some(Framework {
            id_span: self.inside(&id, &(0..id.value.len())),
            id: id.value,
            title: title?.value,
            version: version?.value,
            url: url?.value,
            controls: controls.into_iter().map(|(_, control)| control).collect(),
            source: Arc::clone(&self.source),
        })
    }

    fn described_control(&mut self, node: &Node) -> Option<(Text, Control)> {
        let what = "a control";
        let fields = self.fields(node, what, &names(&CONTROL_KEYS))?;
        let id = self.required_text(&fields, "id", what);
        let title = self.required_text(&fields, "title", what);
        let remark = self.optional_text(&fields, "note").map(|text| text.value).unwrap_or_default();
        let id = id?;
        let control = Control { id: id.value.clone(), title: title?.value, note: remark.trim().to_owned() };
        Some((id, control))
    }

    fn is_named_like_its_file(&mut self, id: &Text) -> bool {
        let at = self.inside(id, &(0..id.value.len()));
        let stem = self.source.file_name().rsplit_once('.').map_or("", |(stem, _)| stem).to_owned();
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.';
        if !id.value.split('-').all(|word| !word.is_empty() && word.chars().all(is_name)) {
            let title = format!("`{}` is no framework id", id.value);
            self.error(at, title, "small letters, digits and `.`, words joined by `-`");
            return false;
        }
        if id.value != stem {
            let title =
                format!("the framework `{}` is in a file named `{}`", id.value, self.source.file_name());
            let diagnostic =
                Diagnostic::error(title).at(&self.source.clone(), at, "differs from the file name");
            self.report(diagnostic.help(format!("name the file `{}.yaml`", id.value)));
        }
        true
    }

    /// Reads the controls that a rule speaks for; each must be in its framework.
    pub(super) fn controls(&mut self, node: &Node, frameworks: &Frameworks) -> BTreeMap<String, Vec<String>> {
        let mut controls: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for entry in self.map(node, "`controls`").unwrap_or_default() {
            let texts = self.texts(&entry.value, &format!("`{}`", entry.key));
            let is_known = self.is_framework(&entry.key, entry.key_span.clone(), frameworks);
            let numbers = controls.entry(entry.key.clone()).or_default();
            for text in texts {
                let at = self.inside(&text, &(0..text.value.len()));
                if numbers.contains(&text.value) {
                    self.error(at, format!("the control `{}` is named twice", text.value), "");
                } else if !is_known || self.is_control(&entry.key, &text.value, at, frameworks) {
                    numbers.push(text.value);
                }
            }
        }
        controls
    }

    /// Whether there is such a framework; tells if not.
    pub(super) fn is_framework(&mut self, id: &str, at: Range<usize>, frameworks: &Frameworks) -> bool {
        if frameworks.contains_key(id) {
            return true;
        }
        let known: Vec<&str> = frameworks.keys().map(String::as_str).collect();
        let diagnostic = Diagnostic::error(format!("there is no framework `{id}`"));
        let diagnostic = diagnostic.at(&self.source.clone(), at, "unknown framework");
        self.report(match closest(id, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.note(format!("known: {}", quoted(&known))).help(format!(
                "describe it in `frameworks/{id}.yaml` beside `pack.yaml`, or name a known one"
            )),
        });
        false
    }

    /// Whether the framework has this control; tells if not.
    pub(super) fn is_control(
        &mut self,
        framework: &str,
        control: &str,
        at: Range<usize>,
        frameworks: &Frameworks,
    ) -> bool {
        let Some(framework) = frameworks.get(framework) else { return false };
        if framework.control(control).is_some() {
            return true;
        }
        let known = framework.controls.iter().map(|control| control.id.as_str());
        let near = closest(control, known).map(|near| format!("did you mean `{near}`?"));
        let title = format!("`{}` has no control `{control}`", framework.id);
        let diagnostic = Diagnostic::error(title).at(&self.source.clone(), at, "unknown control");
        self.report(
            diagnostic.note(format!("its controls are in {}", framework.source.name)).maybe_help(near),
        );
        false
    }
}
