//! What a pack takes from the packs that it extends.

use super::Rule;
use super::decode::{Decoder, Text};
use super::framework::Frameworks;
use super::manifest::Selection;

/// Rules on offer: those that the extended packs have, and those that they leave to be asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    pub(super) rules: Vec<Rule>,
    pub(super) optional: Vec<Rule>,
}

impl Offer {
    pub(super) fn all(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain(&self.optional)
    }

    /// Adds the rules of the pack itself and sorts everything by id.
    pub(super) fn with(mut self, own: Vec<Rule>) -> Self {
        let (optional, own): (Vec<Rule>, Vec<Rule>) = own.into_iter().partition(|rule| rule.is_optional);
        self.rules.extend(own);
        self.optional.extend(optional);
        for list in [&mut self.rules, &mut self.optional] {
            list.sort_by(|a, b| a.id.cmp(&b.id));
        }
        self
    }
}

impl Selection {
    /// Divides the rules on offer anew.
    pub(super) fn apply(&self, offer: Offer) -> Offer {
        let mut taken = Offer::default();
        for (rule, is_optional) in offer
            .rules
            .into_iter()
            .map(|rule| (rule, false))
            .chain(offer.optional.into_iter().map(|rule| (rule, true)))
        {
            if is_named(&self.exclude, &rule) {
                continue;
            }
            if self.takes(&rule, is_optional) {
                taken.rules.push(rule);
            } else if is_optional {
                taken.optional.push(rule);
            }
        }
        taken
    }

    fn takes(&self, rule: &Rule, is_optional: bool) -> bool {
        let is_named = self.rules.as_ref().is_some_and(|names| is_named(names, rule));
        let has_filter = self.tags.is_some() || self.severities.is_some() || self.controls.is_some();
        let is_meant = if is_optional { self.controls.is_some() } else { has_filter || self.rules.is_none() };
        is_named || (is_meant && self.filters_pass(rule))
    }

    /// Whether the rule meets every filter that is given.
    fn filters_pass(&self, rule: &Rule) -> bool {
        let has_tag = |tags: &Vec<Text>| tags.iter().any(|tag| rule.tags.contains(&tag.value));
        let speaks = |controls: &Vec<Text>| controls.iter().any(|control| rule.speaks_for(&control.value));
        self.tags.as_ref().is_none_or(has_tag)
            && self.severities.as_ref().is_none_or(|severities| severities.contains(&rule.severity))
            && self.controls.as_ref().is_none_or(speaks)
    }

    /// Ids of the frameworks that are selected whole.
    pub(super) fn frameworks(&self) -> impl Iterator<Item = &str> {
        self.controls.iter().flatten().map(|text| text.value.as_str()).filter(|text| !text.contains('/'))
    }

    /// Tells about every name that means nothing.
    pub(super) fn check(&self, offer: &Offer, frameworks: &Frameworks, decoder: &mut Decoder) {
        for name in self.rules.iter().flatten().chain(&self.exclude) {
            if !offer.all().any(|rule| rule.is_called(&name.value)) {
                let at = decoder.inside(name, &(0..name.value.len()));
                decoder.unknown_name(at, "rule", &name.value, offer.all().map(|rule| &rule.id));
            }
        }
        for tag in self.tags.iter().flatten() {
            if !offer.all().any(|rule| rule.tags.contains(&tag.value)) {
                let at = decoder.inside(tag, &(0..tag.value.len()));
                let mut known: Vec<&String> = offer.all().flat_map(|rule| &rule.tags).collect();
                known.sort();
                known.dedup();
                decoder.unknown_name(at, "tag", &tag.value, known.into_iter());
            }
        }
        for text in self.controls.iter().flatten() {
            let (framework, control) = split(&text.value);
            let at = decoder.inside(text, &(0..framework.len()));
            if let (true, Some(control)) = (decoder.is_framework(framework, at, frameworks), control) {
                let at = decoder.inside(text, &(framework.len() + 1..text.value.len()));
                decoder.is_control(framework, control, at, frameworks);
            }
        }
    }
}

fn is_named(names: &[Text], rule: &Rule) -> bool {
    names.iter().any(|name| rule.is_called(&name.value))
}

fn split(control: &str) -> (&str, Option<&str>) {
    control.split_once('/').map_or((control, None), |(framework, control)| (framework, Some(control)))
}

impl Rule {
    /// Whether this is its id, or was.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }

    fn speaks_for(&self, control: &str) -> bool {
        let (framework, control) = split(control);
        let controls = self.controls.get(framework).filter(|controls| !controls.is_empty());
        controls.is_some_and(|controls| control.is_none_or(|control| controls.iter().any(|it| it == control)))
    }
}
