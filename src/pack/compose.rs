//! What a pack changes in the rules that it takes, and what must hold between rules.

use std::collections::BTreeMap;

use super::Rule;
use super::decode::{Decoder, Text};
use super::manifest::Manifest;
use super::yaml::Entry;
use crate::diagnostic::Diagnostic;

/// Applies `parameters`, then `overrides`, which are about one rule and so decide.
///
/// `offered` are ids that could have been taken; without it, some files could not be read, and names may be theirs.
pub(super) fn change(
    manifest: &Manifest,
    rules: &mut [Rule],
    offered: Option<&Vec<String>>,
    decoder: &mut Decoder,
) {
    let every: Vec<usize> = (0..rules.len()).collect();
    set_values(&manifest.parameters, rules, &every, offered.is_some(), decoder);
    for change in &manifest.overrides {
        let Some(at) = rules.iter().position(|rule| rule.is_called(&change.rule.value)) else {
            if let Some(offered) = offered {
                not_taken(&change.rule, rules, offered, decoder);
            }
            continue;
        };
        if let (Some(severity), Some(rule)) = (change.severity, rules.get_mut(at)) {
            rule.severity = severity;
        }
        set_values(&change.parameters, rules, &[at], true, decoder);
    }
}

fn not_taken(name: &Text, rules: &[Rule], offered: &[String], decoder: &mut Decoder) {
    if !offered.contains(&name.value) {
        return decoder.unknown_name(
            name.span.clone(),
            "rule",
            &name.value,
            rules.iter().map(|rule| &rule.id),
        );
    }
    let diagnostic = Diagnostic::error(format!("the pack does not take the rule `{}`", name.value));
    let diagnostic = diagnostic.at(&decoder.source.clone(), name.span.clone(), "nothing to override");
    decoder.report(diagnostic.help("take the rule with `select`, or remove the override"));
}

/// Sets parameters in those of the rules that declare them.
fn set_values(
    values: &[Entry],
    rules: &mut [Rule],
    among: &[usize],
    is_complete: bool,
    decoder: &mut Decoder,
) {
    for entry in values {
        let mut is_known = false;
        for at in among {
            let Some(rule) = rules.get_mut(*at) else { continue };
            let Some(parameter) = rule.parameters.get(&entry.key).cloned() else { continue };
            is_known = true;
            match decoder.value_of(&entry.value, &format!("`{}`", entry.key), &parameter) {
                Some(value) => rule.set(&entry.key, value),
                None => break,
            }
        }
        if !is_known && is_complete {
            let rules = among.iter().filter_map(|at| rules.get(*at));
            let mut known: Vec<&String> = rules.flat_map(|rule| rule.parameters.keys()).collect();
            known.sort();
            known.dedup();
            decoder.unknown_name(entry.key_span.clone(), "parameter", &entry.key, known.into_iter());
        }
    }
}

/// Rules of one id, or one that has what was another's.
pub(super) fn check_ids<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, &Rule> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in rules {
        for id in std::iter::once(&rule.id).chain(&rule.aliases) {
            if let Some(first) = seen.insert(id, rule) {
                found.push(used_twice(id, first, rule));
            }
        }
    }
    found
}

pub(super) fn used_twice(id: &str, first: &Rule, rule: &Rule) -> Diagnostic {
    let diagnostic = Diagnostic::error(format!("the rule id `{id}` is used twice"));
    let diagnostic = diagnostic.at(&rule.source, rule.id_span.clone(), "here");
    diagnostic.at(&first.source, first.id_span.clone(), "and here").help(
        "rename one; a rule of an extended pack is changed with `overrides` and left out with `exclude`",
    )
}

/// A name means one thing in a pack: rules that share a parameter agree on its type.
pub(super) fn check_parameter_types(rules: &[Rule]) -> Vec<Diagnostic> {
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
