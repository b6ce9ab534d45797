//! The alert rules against the patterns: what a remedy tells to set up must raise the alert that the rule asks for.

use super::*;
use crate::pattern::{AlertKind, Answer, Pattern, Scope, fires};

fn baseline() -> Pack {
    Pack::load(builtin("baseline").unwrap()).unwrap_or_else(|found| panic!("{}", render_all(&found, false)))
}

fn rule_of(kind: &AlertKind) -> String {
    if kind.cis.is_some() { format!("alert-{}", kind.id) } else { format!("{}-alert", kind.id) }
}

/// What stands between two texts.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before:?} is not in {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after:?} after {before:?} in {text}")).0
}

#[test]
fn the_pattern_of_every_remedy_fires_on_every_event_of_its_kind() {
    let pack = baseline();
    let own = |items: &[&str]| items.iter().map(ToString::to_string).collect();
    let scope = Scope {
        regions: own(&["us-east-1", "eu-west-1", "ap-southeast-2"]),
        accounts: own(&["111122223333", "444455556666"]),
    };
    for kind in AlertKind::all() {
        let id = rule_of(kind);
        let rule = pack.rules.iter().find(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule {id}"));
        let remedy = rule.summary().remedy;
        let text = between(&remedy.cli, "--filter-pattern '", "'\n");
        let pattern = Pattern::filter(text).unwrap_or_else(|error| panic!("{id}: {error}"));
        let yes = Answer { every: Some(true), missed: Vec::new(), notes: Vec::new() };
        assert_eq!(fires(&[pattern], kind, &scope), yes, "{id}");
        assert!(text.len() <= 1024, "{id}: CloudWatch Logs takes no longer pattern");
        let terraform = between(&remedy.terraform, "pattern        = \"", "\"\n").replace("\\\"", "\"");
        assert_eq!(terraform, text, "{id}: Terraform");
        assert_eq!(between(&remedy.cloudformation, "FilterPattern: '", "'\n"), text, "{id}: CloudFormation");
    }
}

#[test]
fn the_alarm_of_every_remedy_watches_the_metric_of_its_filter() {
    let pack = baseline();
    for kind in AlertKind::all() {
        let id = rule_of(kind);
        let remedy = pack.rules.iter().find(|rule| rule.id == id).unwrap().summary().remedy;
        let metric = between(&remedy.cli, "metricName=", ",");
        let namespace = between(&remedy.cli, "metricNamespace=", ",");
        assert_eq!(between(&remedy.cli, "--metric-name ", " "), metric, "{id}");
        assert_eq!(between(&remedy.cli, "--namespace ", " "), namespace, "{id}");
        let filter = format!("name      = \"{metric}\"\n    namespace = \"{namespace}\"\n");
        let alarm = format!("namespace           = \"{namespace}\"\n  metric_name         = \"{metric}\"\n");
        assert!(remedy.terraform.contains(&filter) && remedy.terraform.contains(&alarm), "{id}");
        let filter = format!("MetricName: {metric}, MetricNamespace: {namespace}, ");
        let alarm = format!("Namespace: {namespace}\n    MetricName: {metric}\n");
        assert!(remedy.cloudformation.contains(&filter) && remedy.cloudformation.contains(&alarm), "{id}");
    }
}

#[test]
fn every_kind_of_alert_has_a_rule_that_reads_its_fact_and_names_its_recommendation() {
    let pack = baseline();
    for kind in AlertKind::all() {
        let id = rule_of(kind);
        let rule = pack.rules.iter().find(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule {id}"));
        let fact = if kind.cis.is_some() { kind.id.replace('-', "_") } else { "tampering".to_owned() };
        assert!(rule.reads().contains(&format!("alerts.{fact}.is_raised").as_str()), "{id}");
        let chapters = [("cis-aws-3.0", 4), ("cis-aws-5.0", 4), ("cis-aws-7.0", 5)];
        for (framework, chapter) in chapters {
            let expected = kind.cis.map(|number| vec![format!("{chapter}.{number}")]);
            assert_eq!(rule.controls.get(framework), expected.as_ref(), "{id} in {framework}");
        }
    }
    let of_alerts = |rule: &&Rule| rule.reads().iter().any(|path| path.starts_with("alerts."));
    assert_eq!(pack.rules.iter().filter(of_alerts).count(), AlertKind::all().len());
}
