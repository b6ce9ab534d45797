//! Several packs at once: every rule once, and what it means that packs disagree.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compose::{check_ids, used_twice};
use super::framework::{Framework, twice};
use super::{Pack, Rule};
use crate::diagnostic::Diagnostic;
use crate::report::{ControlSummary, FrameworkSummary};

/// The rules of several packs, each once.
#[derive(Clone, Debug)]
pub struct Combined<'p> {
    /// Sorted by id.
    pub rules: Vec<&'p Rule>,
    /// Warnings: where packs disagree, and which decides.
    pub notes: Vec<Diagnostic>,
    /// The frameworks that the packs are made for; of packs made for none, those that their rules name. Sorted by id.
    pub frameworks: Vec<FrameworkSummary>,
}

/// Puts packs together in the order given: of two that have one rule with other values, the later one decides.
pub fn combine(packs: &[Pack]) -> Result<Combined<'_>, Vec<Diagnostic>> {
    let mut taken: BTreeMap<&str, (&Rule, &Pack)> = BTreeMap::new();
    let (mut mistakes, mut notes) = (Vec::new(), Vec::new());
    for (pack, rule) in packs.iter().flat_map(|pack| pack.rules.iter().map(move |rule| (pack, rule))) {
        match taken.get(rule.id.as_str()) {
            Some((first, of)) if !first.is_same(rule) => {
                let note = format!("the packs `{}` and `{}` cannot be used together", of.id, pack.id);
                mistakes.push(used_twice(&rule.id, first, rule).note(note));
                continue;
            }
            Some((first, of)) => notes.extend(disagreement((first, of), (rule, pack))),
            None => {}
        }
        taken.insert(&rule.id, (rule, pack));
    }
    let rules: Vec<&Rule> = taken.into_values().map(|(rule, _)| rule).collect();
    if mistakes.is_empty() {
        mistakes = check_ids(rules.iter().copied());
    }
    let frameworks = concerned(packs, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let frameworks =
        frameworks.into_values().map(|(framework, selected)| summary(framework, selected, &rules));
    Ok(Combined { frameworks: frameworks.collect(), rules, notes })
}

/// What the two packs say differently about one rule.
fn disagreement((first, of): (&Rule, &Pack), (second, pack): (&Rule, &Pack)) -> Option<Diagnostic> {
    let mut differences = Vec::new();
    if first.severity != second.severity {
        differences.push(format!(
            "severity {} in `{}`, {} in `{}`",
            first.severity, of.id, second.severity, pack.id
        ));
    }
    for (name, value) in second.values.as_object().into_iter().flatten() {
        let before = first.values.get(name).unwrap_or(value);
        if before != value {
            differences.push(format!("`{name}` {before} in `{}`, {value} in `{}`", of.id, pack.id));
        }
    }
    if differences.is_empty() {
        return None;
    }
    let title = format!("the packs disagree about `{}`: `{}` is named last and decides", second.id, pack.id);
    let note = |diagnostic: Diagnostic, difference| diagnostic.note(difference);
    Some(differences.into_iter().fold(Diagnostic::warning(title), note))
}

/// The frameworks to report on, each with whether a pack is made for it.
fn concerned<'p>(
    packs: &'p [Pack],
    mistakes: &mut Vec<Diagnostic>,
) -> BTreeMap<&'p str, (&'p Arc<Framework>, bool)> {
    let mut concerned: BTreeMap<&str, (&Arc<Framework>, bool)> = BTreeMap::new();
    for pack in packs {
        for framework in &pack.frameworks {
            let is_selected = pack.made_for.contains(&framework.id);
            let is_named = pack.made_for.is_empty()
                && pack.rules.iter().any(|rule| rule.controls.contains_key(&framework.id));
            if !is_selected && !is_named {
                continue;
            }
            let (known, selected) = concerned.entry(&framework.id).or_insert((framework, is_selected));
            *selected |= is_selected;
            if known.source.text != framework.source.text {
                mistakes.push(twice(known, framework));
            }
        }
    }
    concerned
}

fn summary(framework: &Framework, is_selected: bool, rules: &[&Rule]) -> FrameworkSummary {
    let speaking = |control: &str| {
        let named = rules.iter().filter(|rule| {
            rule.controls.get(&framework.id).is_some_and(|controls| controls.iter().any(|it| it == control))
        });
        named.map(|rule| rule.id.clone()).collect()
    };
    let controls = framework.controls.iter().map(|control| ControlSummary {
        id: control.id.clone(),
        title: control.title.clone(),
        note: control.note.clone(),
        rules: speaking(&control.id),
    });
    FrameworkSummary {
        id: framework.id.clone(),
        title: framework.title.clone(),
        version: framework.version.clone(),
        url: framework.url.clone(),
        is_selected,
        controls: controls.collect(),
    }
}

impl Rule {
    /// Whether both come from the same text, however packs have set them.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.source.text == other.source.text
    }
}
