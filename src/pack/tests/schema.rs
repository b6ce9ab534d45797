//! The schema for editors and the loader read by the same keys.

use super::*;
use crate::pack::decode::Key;
use crate::pack::{example, framework, manifest, parameters, read_rule};

/// What is said when a key is left out of a text in which it stands on a line of its own.
fn complains(load: impl Fn(&str) -> String, text: &str, key: &str) -> bool {
    let start = text.find(&format!("{key}: ")).or_else(|| text.find(&format!("{key}:"))).unwrap();
    let length = text[start..].find(['\n', ',']).map_or(text.len() - start, |end| end + 1);
    let without = format!("{}{}", &text[..start], &text[start + length..]);
    load(&without).contains(&format!("needs `{key}`"))
}

fn agree(keys: &[Key], text: &str, load: impl Fn(&str) -> String) {
    for key in keys.iter().filter(|key| text.contains(&format!("{}:", key.name))) {
        assert_eq!(complains(&load, text, key.name), key.is_required, "{}", key.name);
    }
    for key in keys.iter().filter(|key| key.is_required) {
        assert!(text.contains(&format!("{}:", key.name)), "{} is not in the text", key.name);
    }
    assert!(keys.iter().all(|key| key.doc.ends_with('.')));
}

#[test]
fn what_the_schema_requires_the_loader_requires_and_nothing_else() {
    let rule = |text: &str| {
        load(MANIFEST, &[("trail-age.yaml", text)])
            .map_or_else(|found| render_all(&found, false), |_| String::new())
    };
    // Keys with a block below them are tried in a form of one line.
    let flat = GOOD
        .replace("remedy:\n  text: Look at {{ trail.name }}.\n  cli: aws cloudtrail get-trail-status --name {{ trail.arn }}\n", "remedy: { text: x }\n")
        .replace("parameters:\n  hours: { type: int, default: 24, doc: Hours without a delivery., minimum: 1 }\n", "")
        .replace("parameters.hours", "24");
    let start = flat.find("examples:").unwrap();
    let flat = format!("{}examples: []\n", &flat[..start]);
    agree(&read_rule::KEYS, &flat, rule);
    agree(&example::KEYS, "name: a, expect: pass, facts: {}, message: m\n", |text| {
        rule(&format!(
            "{}examples:\n  - {{ {} }}\n",
            &flat[..flat.find("examples:").unwrap()],
            text.trim_end()
        ))
    });
    agree(&parameters::KEYS, "type: int, default: 1, doc: d, minimum: 0\n", |text| {
        rule(&format!("parameters: {{ p: {{ {} }} }}\n{flat}", text.trim_end().trim_end_matches(',')))
    });
    agree(
        &manifest::KEYS,
        "id: a\ntitle: b\nversion: '1'\nextends: baseline\nselect: {}\noverrides: {}\nparameters: {}\n",
        |text| load(text, &[]).map_or_else(|found| render_all(&found, false), |_| String::new()),
    );
    agree(
        &framework::KEYS,
        "id: own\ntitle: b\nversion: '1'\nsource: https://x.example\ncontrols: []\n",
        |text| {
            let mut frameworks = framework::Frameworks::new();
            let file = Source::new("frameworks/own.yaml", text);
            render_all(&framework::read_frameworks(&mut frameworks, vec![file]), false)
        },
    );
}

#[test]
fn every_key_and_every_fact_is_in_the_schema() {
    let rule = crate::pack::schema::rule();
    let properties = rule["properties"].as_object().unwrap();
    assert!(read_rule::KEYS.iter().all(|key| properties[key.name]["description"] == key.doc));
    assert_eq!(properties.len(), read_rule::KEYS.len());
    let trail = &rule["$defs"]["trail"]["properties"]["is_logging"];
    assert_eq!(trail["anyOf"][0]["type"], "boolean");
    assert!(trail["description"].as_str().unwrap().len() > 10);
}
