//! Values for parameters from outside of the packs: from a configuration file, the environment and the command line.

use std::sync::Arc;

use serde_json::Value;

use super::decode::{Decoder, quoted};
use super::{Pack, Parameter, Rule};
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Source;
use crate::yaml::Entry;

/// A value for a parameter of that name, wherever a selected rule has it.
#[derive(Clone, Debug)]
pub struct Setting {
    name: String,
    given: Given,
}

/// Who gave it, and how.
#[derive(Clone, Debug)]
enum Given {
    /// `--set NAME=TEXT`.
    Option(String),
    /// An environment variable of that name.
    Variable { variable: String, text: String },
    /// A key of a file, with a typed value.
    File { source: Arc<Source>, entry: Entry },
}

impl Setting {
    /// As given by `--set NAME=TEXT`.
    pub fn option(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), given: Given::Option(text.into()) }
    }

    /// As given by an environment variable.
    pub fn variable(name: impl Into<String>, variable: impl Into<String>, text: impl Into<String>) -> Self {
        let given = Given::Variable { variable: variable.into(), text: text.into() };
        Self { name: name.into(), given }
    }

    /// As given by a key of a file.
    pub(crate) fn file(source: &Arc<Source>, entry: Entry) -> Self {
        Self { name: entry.key.clone(), given: Given::File { source: Arc::clone(source), entry } }
    }

    /// The value for one parameter, or the mistake.
    fn value(&self, parameter: &Parameter) -> Result<Value, Diagnostic> {
        let text = match &self.given {
            Given::Option(text) | Given::Variable { text, .. } => text,
            Given::File { source, entry } => {
                let mut decoder = Decoder::new(source);
                let value = decoder.value_of(&entry.value, &format!("`{}`", self.name), parameter);
                let wrong = || self.wrong("it has no value", parameter);
                return value.ok_or_else(|| decoder.diagnostics.pop().unwrap_or_else(wrong));
            }
        };
        parameter.parse(text).map_err(|reason| self.wrong(&reason, parameter))
    }

    fn wrong(&self, reason: &str, parameter: &Parameter) -> Diagnostic {
        let title = format!("the parameter `{}` cannot be set: {reason}", self.name);
        self.placed(Diagnostic::error(title)).note(format!("`{}`: {}", self.name, parameter.doc))
    }

    fn placed(&self, diagnostic: Diagnostic) -> Diagnostic {
        match &self.given {
            Given::Option(_) => diagnostic,
            Given::Variable { variable, .. } => {
                diagnostic.note(format!("given by the environment variable `{variable}`"))
            }
            Given::File { source, entry } => diagnostic.at(source, entry.key_span.clone(), "given here"),
        }
    }

    fn unknown(&self, packs: &[Pack]) -> Diagnostic {
        let rules = packs.iter().flat_map(|pack| &pack.rules);
        let mut known: Vec<&str> =
            rules.flat_map(|rule| rule.parameters.keys()).map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        let help = match closest(&self.name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "the selected rules have no parameters".to_owned(),
            None => format!("parameters: {}", quoted(&known)),
        };
        let title = format!("no selected rule has a parameter `{}`", self.name);
        self.placed(Diagnostic::error(title)).help(help)
    }
}

/// Sets parameters in all packs, the weakest setting first; a name must belong to a rule of at least one of them.
pub fn set_parameters(packs: &mut [Pack], settings: &[Setting]) -> Result<(), Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    for setting in settings {
        let (mut is_known, mut mistake) = (false, None);
        for rule in packs.iter_mut().flat_map(|pack| &mut pack.rules) {
            let Some(parameter) = rule.parameters.get(&setting.name) else { continue };
            is_known = true;
            match setting.value(parameter) {
                Ok(value) => rule.set(&setting.name, value),
                Err(diagnostic) => mistake = mistake.or(Some(diagnostic)),
            }
        }
        diagnostics.extend(mistake);
        if !is_known {
            diagnostics.push(setting.unknown(packs));
        }
    }
    if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
}

impl Rule {
    pub(super) fn set(&mut self, name: &str, value: Value) {
        if let Some(values) = self.values.as_object_mut() {
            values.insert(name.to_owned(), value);
        }
    }
}
