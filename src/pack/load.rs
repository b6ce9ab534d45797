//! Loads a pack: its manifest, its rules, and what must hold between them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decode::{Decoder, Text};
use super::read_rule::read_rule;
use super::yaml::{Entry, Node, parse};
use super::{Pack, Rule, digest};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Source;

/// Stack of the thread that parses: enough for the deepest expression within the limits in an unoptimised build.
const STACK: usize = 64 << 20;

pub(super) fn load(files: Vec<Source>) -> Result<Pack, Vec<Diagnostic>> {
    let work = move || load_here(files);
    let failed =
        |reason: String| Err(vec![Diagnostic::error(format!("the pack cannot be loaded: {reason}"))]);
    match std::thread::Builder::new().stack_size(STACK).spawn(work) {
        Ok(thread) => thread.join().unwrap_or_else(|_| failed("the loader stopped unexpectedly".to_owned())),
        Err(error) => failed(error.to_string()),
    }
}

/// What `pack.yaml` says.
struct Manifest {
    id: String,
    title: String,
    version: String,
    rules: Option<Vec<Text>>,
    parameters: Vec<Entry>,
}

fn load_here(files: Vec<Source>) -> Result<Pack, Vec<Diagnostic>> {
    let digest = digest(&files);
    let (mut diagnostics, mut rules, mut manifest) = (Vec::new(), Vec::new(), None);
    let mut unread = Vec::new();
    for source in files.into_iter().map(Arc::new) {
        let mut decoder = Decoder::new(&source);
        let (root, found) = parse(&source);
        decoder.diagnostics = found;
        match root {
            Some(root) if source.file_name() == "pack.yaml" => {
                manifest = Some((read_manifest(&root, &mut decoder), Arc::clone(&source)));
            }
            Some(root) => match read_rule(&source, &root, &mut decoder) {
                Some(rule) => rules.push(rule),
                None => unread.push(stem(&source).to_owned()),
            },
            None if source.file_name() == "pack.yaml" => manifest = Some((None, Arc::clone(&source))),
            None => unread.push(stem(&source).to_owned()),
        }
        diagnostics.extend(decoder.diagnostics);
    }
    let Some((manifest, source)) = manifest else {
        diagnostics.push(
            Diagnostic::error("there is no `pack.yaml`")
                .help("a pack is a folder with a `pack.yaml` and rule files"),
        );
        return Err(sorted(diagnostics));
    };
    for rule in &rules {
        diagnostics.extend(rule.check_examples());
    }
    diagnostics.extend(check_ids(&rules));
    diagnostics.extend(check_parameter_types(&rules));
    if let Some(manifest) = &manifest {
        let mut decoder = Decoder::new(&source);
        select(manifest, &mut rules, &unread, &mut decoder);
        set_values(manifest, &mut rules, unread.is_empty(), &mut decoder);
        diagnostics.extend(decoder.diagnostics);
    }
    match manifest {
        Some(manifest) if !diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) => {
            rules.sort_by(|a, b| a.id.cmp(&b.id));
            Ok(Pack { id: manifest.id, title: manifest.title, version: manifest.version, rules, digest })
        }
        _ => Err(sorted(diagnostics)),
    }
}

fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_cached_key(Diagnostic::order);
    diagnostics
}

fn stem(source: &Source) -> &str {
    source.file_name().rsplit_once('.').map_or(source.file_name(), |(stem, _)| stem)
}

fn read_manifest(root: &Node, decoder: &mut Decoder) -> Option<Manifest> {
    let what = "a pack";
    let fields = decoder.fields(root, what, &["id", "title", "version", "parameters", "rules"])?;
    let id = decoder.required_text(&fields, "id", what);
    let title = decoder.required_text(&fields, "title", what);
    let version = decoder.required_text(&fields, "version", what);
    let rules = fields.get("rules").map(|node| decoder.texts(node, "`rules`"));
    let parameters =
        fields.get("parameters").and_then(|node| decoder.map(node, "`parameters`")).unwrap_or_default();
    Some(Manifest {
        id: id?.value,
        title: title?.value,
        version: version?.value,
        rules,
        parameters: parameters.to_vec(),
    })
}

fn check_ids(rules: &[Rule]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in rules {
        for id in std::iter::once(&rule.id).chain(&rule.aliases) {
            if let Some(first) = seen.insert(id, rule) {
                let diagnostic = Diagnostic::error(format!("the rule id `{id}` is used twice"));
                let diagnostic = diagnostic.at(&rule.source, rule.id_span.clone(), "here");
                found.push(diagnostic.at(&first.source, first.id_span.clone(), "and here"));
            }
        }
    }
    found
}

/// A name means one thing in a pack: rules that share a parameter agree on its type.
fn check_parameter_types(rules: &[Rule]) -> Vec<Diagnostic> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for rule in rules {
        for (name, parameter) in &rule.parameters {
            let (first, known) = *seen.entry(name).or_insert((rule, parameter));
            if known.ty != parameter.ty {
                let diagnostic = Diagnostic::error(format!("the parameter `{name}` has two types"));
                let diagnostic =
                    diagnostic.at(&rule.source, parameter.name_span.clone(), parameter.ty.name());
                found.push(diagnostic.at(&first.source, known.name_span.clone(), known.ty.name()));
            }
        }
    }
    found
}

/// Keeps the rules that the manifest names.
fn select(manifest: &Manifest, rules: &mut Vec<Rule>, unread: &[String], decoder: &mut Decoder) {
    let Some(selected) = &manifest.rules else { return };
    for text in selected {
        let is_known = rules.iter().any(|rule| rule.id == text.value) || unread.contains(&text.value);
        if !is_known {
            let at = decoder.inside(text, &(0..text.value.len()));
            decoder.unknown_name(at, "rule", &text.value, rules.iter().map(|rule| &rule.id));
        }
    }
    rules.retain(|rule| selected.iter().any(|text| text.value == rule.id));
}

/// Applies the parameter values of the manifest.
fn set_values(manifest: &Manifest, rules: &mut [Rule], is_complete: bool, decoder: &mut Decoder) {
    for entry in &manifest.parameters {
        let declaring: Vec<&mut Rule> =
            rules.iter_mut().filter(|rule| rule.parameters.contains_key(&entry.key)).collect();
        let is_unknown = declaring.is_empty();
        for rule in declaring {
            let Some(parameter) = rule.parameters.get(&entry.key).cloned() else { continue };
            match decoder.value_of(&entry.value, &format!("`{}`", entry.key), &parameter) {
                Some(value) => rule.set(&entry.key, value),
                None => break,
            }
        }
        if is_unknown && is_complete {
            let known = rules.iter().flat_map(|rule| rule.parameters.keys());
            decoder.unknown_name(entry.key_span.clone(), "parameter", &entry.key, known);
        }
    }
}
