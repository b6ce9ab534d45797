//! Puts a pack together: its manifest, what it takes from extended packs, its own rules and frameworks.

use std::sync::Arc;

use super::compose::{change, check_ids, check_parameter_types, used_twice};
use super::decode::Decoder;
use super::framework::{BUILT_IN, Frameworks, read_frameworks, twice};
use super::load::{Examples, Loaded, in_shares};
use super::manifest::Manifest;
use super::read_rule::read_rule;
use super::select::Offer;
use super::yaml::parse;
use super::{Pack, Rule, digest};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Source;

/// A pack named in `extends`.
pub(super) enum Base {
    /// Found and checked.
    Pack(Box<Pack>),
    /// Found, with these mistakes in it.
    Mistaken(Vec<Diagnostic>),
    /// Not found; that has been told.
    Missing,
}

/// Puts a pack together, or gathers the mistakes; `decoder` is that of its manifest.
pub(super) fn assemble(
    manifest: Option<Manifest>,
    mut decoder: Decoder,
    bases: Vec<Base>,
    files: Vec<Source>,
    own_frameworks: Vec<Source>,
    examples: Examples,
) -> Loaded {
    let mut diagnostics = BUILT_IN.1.clone();
    let (packs, mut is_complete) = found(bases, &mut diagnostics);
    let manifest_source = Arc::clone(&decoder.source);
    let sources: Vec<&Source> =
        files.iter().chain(&own_frameworks).chain(std::iter::once(&*manifest_source)).collect();
    let own_digest = digest(&sources);
    let frameworks = all_frameworks(&packs, own_frameworks, &mut diagnostics);
    let (own, all_read) = read_rules(files, &frameworks, examples, &mut diagnostics);
    let digests: Vec<String> = packs.iter().map(|pack| pack.digest.clone()).collect();
    let mut made_for: Vec<String> = packs.iter().flat_map(|pack| pack.made_for.clone()).collect();
    let offer = merged(packs, &mut diagnostics);
    let Some(manifest) = manifest else {
        diagnostics.extend(decoder.diagnostics);
        return Err(diagnostics);
    };
    if is_complete && !manifest.extends.is_empty() {
        manifest.select.check(&offer, &frameworks, &mut decoder);
    }
    is_complete &= all_read;
    let offered: Vec<String> = offer.all().map(|rule| rule.id.clone()).collect();
    diagnostics.extend(outdated_names(&manifest, &offer, &decoder));
    let mut taken = manifest.select.apply(offer).with(own);
    diagnostics.extend(check_ids(taken.all()));
    diagnostics.extend(check_parameter_types(&taken.rules));
    change(&manifest, &mut taken.rules, is_complete.then_some(&offered), &mut decoder);
    if taken.rules.is_empty() && is_complete && decoder.diagnostics.is_empty() {
        decoder.error(0..0, format!("the pack `{}` has no rule", manifest.id), "");
    }
    diagnostics.extend(decoder.diagnostics);
    if diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error) {
        return Err(diagnostics);
    }
    made_for.extend(manifest.select.frameworks().map(str::to_owned));
    made_for.sort();
    made_for.dedup();
    let mut pack = Pack {
        id: manifest.id,
        title: manifest.title,
        version: manifest.version,
        rules: taken.rules,
        optional: taken.optional,
        frameworks: frameworks.into_values().collect(),
        made_for,
        digest: own_digest,
        notes: diagnostics,
    };
    pack.digest = full_digest(&pack, &digests);
    Ok(pack)
}

/// Warnings about what the pack names rules by: an earlier id, or a rule that should not be used any more.
fn outdated_names(manifest: &Manifest, offer: &Offer, decoder: &Decoder) -> Vec<Diagnostic> {
    let select = &manifest.select;
    let used = select.rules.iter().flatten().chain(manifest.overrides.iter().map(|change| &change.rule));
    let named = used.map(|name| (name, true)).chain(select.exclude.iter().map(|name| (name, false)));
    let mut warnings = Vec::new();
    for (name, is_used) in named {
        let Some(rule) = offer.all().find(|rule| rule.is_called(&name.value)) else { continue };
        let warning = |title: String, label: &str| {
            let at = decoder.inside(name, &(0..name.value.len()));
            Diagnostic::warning(title).at(&decoder.source, at, label)
        };
        if rule.id != name.value {
            let title = format!("the rule `{}` is called `{}` now", name.value, rule.id);
            warnings.push(warning(title, "earlier name").help(format!("write `{}`", rule.id)));
        }
        if let Some(reason) = rule.deprecated.as_ref().filter(|_| is_used) {
            let title = format!("the rule `{}` is deprecated", rule.id);
            warnings.push(warning(title, "named here").note(reason.trim().to_owned()));
        }
    }
    warnings
}

/// The extended packs that could be loaded, and whether these are all.
fn found(bases: Vec<Base>, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Pack>, bool) {
    let (mut packs, mut is_complete) = (Vec::new(), true);
    for base in bases {
        match base {
            Base::Pack(pack) => packs.push(*pack),
            Base::Mistaken(found) => {
                diagnostics.extend(found);
                is_complete = false;
            }
            Base::Missing => is_complete = false,
        }
    }
    (packs, is_complete)
}

/// The digest over the pack's own files; with what it takes in from elsewhere, if it does.
fn full_digest(pack: &Pack, extended: &[String]) -> String {
    let of_frameworks = pack.frameworks.iter().filter(|framework| pack.made_for.contains(&framework.id));
    let texts = of_frameworks.map(|framework| framework.source.text.as_str());
    let parts: Vec<&str> = extended.iter().map(String::as_str).chain(texts).collect();
    if parts.is_empty() {
        pack.digest.clone()
    } else {
        super::digest_of(std::iter::once(&*pack.digest).chain(parts))
    }
}

/// The frameworks in the binary, those of the extended packs and the pack's own.
fn all_frameworks(packs: &[Pack], own: Vec<Source>, diagnostics: &mut Vec<Diagnostic>) -> Frameworks {
    let mut frameworks = BUILT_IN.0.clone();
    for framework in packs.iter().flat_map(|pack| &pack.frameworks) {
        match frameworks.get(&framework.id) {
            Some(known) if known.source.text != framework.source.text => {
                diagnostics.push(twice(known, framework));
            }
            _ => {
                frameworks.insert(framework.id.clone(), Arc::clone(framework));
            }
        }
    }
    diagnostics.extend(read_frameworks(&mut frameworks, own));
    frameworks
}

/// A rule file by itself, with the frameworks beside it.
pub(super) fn lone_rule(
    file: Source,
    own_frameworks: Vec<Source>,
    examples: Examples,
) -> (Vec<Rule>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let frameworks = all_frameworks(&[], own_frameworks, &mut diagnostics);
    let (rules, _) = read_rules(vec![file], &frameworks, examples, &mut diagnostics);
    (rules, diagnostics)
}

/// The rules in these files and whether all could be read; many files are shared out among the cores.
fn read_rules(
    files: Vec<Source>,
    frameworks: &Frameworks,
    examples: Examples,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Rule>, bool) {
    let files: Vec<Arc<Source>> = files.into_iter().map(Arc::new).collect();
    let read = in_shares(&files, |source| read_one(source, frameworks, examples));
    let (mut rules, mut all_read) = (Vec::new(), true);
    for (rule, found) in read {
        all_read &= rule.is_some();
        rules.extend(rule);
        diagnostics.extend(found);
    }
    (rules, all_read)
}

fn read_one(
    source: &Arc<Source>,
    frameworks: &Frameworks,
    examples: Examples,
) -> (Option<Rule>, Vec<Diagnostic>) {
    let mut decoder = Decoder::new(source);
    let (root, found) = parse(source);
    decoder.diagnostics = found;
    let rule = root.and_then(|root| read_rule(source, &root, frameworks, &mut decoder));
    let mut found = decoder.diagnostics;
    if let Some(rule) = &rule {
        found.extend(rule.missing_examples());
        if examples == Examples::Run {
            found.extend(rule.failing_examples());
        }
    }
    (rule, found)
}

/// The rules of several packs; of two that come from one file, that of the later pack counts.
fn merged(packs: Vec<Pack>, diagnostics: &mut Vec<Diagnostic>) -> Offer {
    let mut offer = Offer::default();
    let mut optional = Vec::new();
    for pack in packs {
        for rule in pack.rules {
            match offer.rules.iter_mut().find(|known| known.id == rule.id) {
                Some(known) if known.is_same(&rule) => *known = rule,
                Some(known) => diagnostics.push(used_twice(&rule.id, known, &rule)),
                None => offer.rules.push(rule),
            }
        }
        optional.extend(pack.optional);
    }
    for rule in optional {
        match offer.rules.iter().chain(&offer.optional).find(|known| known.id == rule.id) {
            Some(known) if known.is_same(&rule) => {}
            Some(known) => diagnostics.push(used_twice(&rule.id, known, &rule)),
            None => offer.optional.push(rule),
        }
    }
    offer
}
