//! The reference pages in `docs/`, made from the rules, the fact records, the table of calls and the command line.

use std::fmt::Write;

use clap::CommandFactory;

use crate::cli::Cli;
use crate::collect::{When, every_call};
use crate::facts::schema::{Field, RecordType, SUBJECT_KINDS, Type, subject_calls, subject_type};
use crate::pack::{Framework, Pack, Rule};
use crate::permissions::{Language, MEMBERS, START, document, made_by};

/// Default of `--role-name`.
const AUDIT_ROLE: &str = "trailproof-audit";

/// Every generated file: path in the repository and text.
#[must_use]
pub fn files(packs: &[Pack]) -> Vec<(&'static str, String)> {
    vec![
        ("docs/rules.md", rules(packs)),
        ("docs/facts.md", facts()),
        ("docs/permissions.md", permissions()),
        ("docs/cli.md", command_line()),
        ("examples/audit-role/role.yaml", audit_role()),
    ]
}

macro_rules! line {
    ($to:expr) => { $to.push('\n') };
    ($to:expr, $($text:tt)*) => {{
        // Writing to a string cannot fail.
        let _ = writeln!($to, $($text)*);
    }};
}

/// The page of the rules of these packs.
///
/// Each rule is described with the first pack that has it; packs that are made for a framework come after the others.
#[must_use]
pub fn rules(packs: &[Pack]) -> String {
    let mut page = String::from("# Rules\n\nMade from the rule files; each rule's examples are its tests.\n");
    let (plain, made_for): (Vec<&Pack>, Vec<&Pack>) = packs.iter().partition(|pack| pack.made_for.is_empty());
    let mut described: Vec<&Rule> = Vec::new();
    for pack in plain.into_iter().chain(made_for) {
        line!(page, "\n## Pack `{}`: {}\n", pack.id, pack.title);
        let known = |rule: &&Rule| described.iter().find(|known| known.id == rule.id).copied();
        let new: Vec<&Rule> =
            pack.rules.iter().chain(&pack.optional).filter(|rule| known(rule).is_none()).collect();
        if !new.is_empty() {
            line!(page, "| rule | subject | severity | what it asks for |\n|---|---|---|---|");
        }
        for rule in &new {
            let optional = if pack.rules.iter().any(|it| it.id == rule.id) { "" } else { " (optional)" };
            let Rule { id, title, subject, severity, .. } = rule;
            line!(page, "| [`{id}`](#{id}) | {subject} | {severity} | {title}{optional} |");
        }
        for framework in pack.frameworks.iter().filter(|framework| pack.made_for.contains(&framework.id)) {
            coverage(&mut page, pack, framework);
        }
        let changed = pack.rules.iter().filter_map(|rule| Some((known(&rule)?, rule)));
        for (before, rule) in changed {
            change(&mut page, before, rule);
        }
        for rule in &new {
            describe(&mut page, rule);
        }
        described.extend(new);
    }
    page
}

/// The controls of a framework with the rules of a pack that speak for them.
fn coverage(page: &mut String, pack: &Pack, framework: &Framework) {
    let speaking = |control: &str| {
        let rules = pack.rules.iter().filter(move |rule| {
            rule.controls.get(&framework.id).is_some_and(|controls| controls.iter().any(|it| it == control))
        });
        rules.map(|rule| format!("[`{0}`](#{0})", rule.id)).collect::<Vec<_>>().join(", ")
    };
    line!(page, "[{} {}]({})\n", framework.title, framework.version, framework.url);
    line!(page, "| control | what it asks for | rules |\n|---|---|---|");
    for control in &framework.controls {
        let rules = speaking(&control.id);
        let rules = if rules.is_empty() { "none: uncovered".to_owned() } else { rules };
        let note = if control.note.is_empty() { String::new() } else { format!(" ({})", control.note) };
        line!(page, "| {} | {}{note} | {rules} |", control.id, control.title);
    }
}

/// What a pack sets otherwise than the pack with which the rule is described.
fn change(page: &mut String, before: &Rule, rule: &Rule) {
    let mut changes = Vec::new();
    if before.severity != rule.severity {
        changes.push(format!("severity {}", rule.severity));
    }
    for (name, value) in rule.values.as_object().into_iter().flatten() {
        if before.values.get(name) != Some(value) {
            changes.push(format!("`{name}` {value}"));
        }
    }
    if !changes.is_empty() {
        line!(page, "\nHere [`{0}`](#{0}) has {1}.", rule.id, changes.join(", "));
    }
}

fn describe(page: &mut String, rule: &Rule) {
    let summary = rule.summary();
    line!(page, "\n### {}\n", rule.id);
    line!(page, "**{}** · {} · {}\n", rule.title, rule.subject, rule.severity);
    line!(page, "{}\n", rule.why.trim());
    line!(page, "{}\n", summary.remedy.text.trim());
    for (name, language, text) in [
        ("AWS CLI", "sh", &summary.remedy.cli),
        ("Terraform", "hcl", &summary.remedy.terraform),
        ("CloudFormation", "yaml", &summary.remedy.cloudformation),
    ] {
        if !text.trim().is_empty() {
            line!(page, "{name}:\n\n```{language}\n{}\n```\n", text.trim());
        }
    }
    for (name, parameter) in &rule.parameters {
        let ty = parameter.ty.name();
        line!(page, "- Parameter `{name}` ({ty}, default `{}`): {}", parameter.default, parameter.doc);
    }
    for (framework, controls) in &rule.controls {
        line!(page, "- {framework}: {}", controls.join(", "));
    }
    if !rule.tags.is_empty() {
        line!(page, "- Tags: {}", rule.tags.join(", "));
    }
    if let Some(reason) = rule.not_applicable() {
        let branches: Vec<&str> = reason.split("\n\n").map(str::trim).collect();
        line!(page, "- Does not apply: {}", branches.join("; or: "));
    }
    let reads: Vec<String> = rule.reads().iter().map(|path| format!("`{path}`")).collect();
    line!(page, "- Reads {}", reads.join(", "));
    for reference in &rule.references {
        line!(page, "- <{reference}>");
    }
    line!(page, "\n| example | verdict |\n|---|---|");
    for example in rule.examples.iter() {
        line!(page, "| {} | {} |", example.name, example.expect.name().replace('_', " "));
    }
}

fn facts() -> String {
    let mut page = String::from(
        "# Facts\n\nWhat expressions can read, made from the fact records. A fact that may be unknown is a gap where a call failed; \
         reading it makes the verdict unknown unless something else decides. A list that may be incomplete is only asked with `all` and \
         `exists`. What is for messages only tells what was seen, which may not be all, so expressions cannot judge by it. \
         Calls are made only where a selected rule reads a fact that needs them; those of every collection are not listed.\n",
    );
    for kind in SUBJECT_KINDS {
        line!(page, "\n## `{kind}`\n");
        line!(page, "| fact | type | may be unknown | what it says | needs |\n|---|---|---|---|---|");
        let calls = subject_calls(kind);
        if !calls.is_empty() {
            line!(page, "| `{kind}` | | | Every one of them. | {} |", in_code(calls));
        }
        fields(&mut page, kind.name(), subject_type(kind));
    }
    page
}

fn fields(page: &mut String, prefix: &str, record: &RecordType) {
    for (name, Field { ty, doc, may_be_unknown, is_for_messages, calls }) in &record.fields {
        let path = format!("{prefix}.{name}");
        let unknown = match ty {
            Type::List { may_be_incomplete: true, .. } => "may be incomplete",
            _ if *is_for_messages => "for messages only",
            _ if *may_be_unknown => "yes",
            _ => "",
        };
        line!(page, "| `{path}` | {} | {unknown} | {doc} | {} |", type_name(ty), in_code(calls));
        match ty {
            Type::Record(record) => fields(page, &path, record),
            Type::List { item, .. } => {
                if let Type::Record(record) = item.as_ref() {
                    fields(page, &format!("{path}[]"), record);
                }
            }
            _ => {}
        }
    }
}

fn in_code(names: &[impl std::fmt::Display]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::String => "string".to_owned(),
        Type::Record(_) => "record".to_owned(),
        Type::List { item, .. } => format!("list of {}s", type_name(item)),
    }
}

fn permissions() -> String {
    let mut page = String::from(
        "# Permissions\n\nMade from the table of calls, for the case that every rule is selected; `trailproof permissions` prints what the \
         selected packs need, also as CloudFormation and Terraform. trailproof only reads.\n",
    );
    let calls = every_call();
    for holder in [START, MEMBERS] {
        line!(page, "\n## {}\n\n{}\n", holder.title, holder.text);
        line!(page, "| call | permission | what it tells | made |\n|---|---|---|---|");
        for call in made_by(&holder, &calls) {
            let when = if call.when == When::Always { "always" } else { "when a rule needs it" };
            line!(page, "| `{}` | `{}` | {} | {when} |", call.operation, call.action, call.purpose);
        }
        // The document of an IAM policy is made without a template, which alone can fail.
        let policy = document(&holder, Language::Iam, &calls, AUDIT_ROLE).unwrap_or_default();
        line!(page, "\n```json\n{policy}```");
    }
    page
}

/// The role in the members as CloudFormation, to be rolled out as a stack set.
fn audit_role() -> String {
    document(&MEMBERS, Language::Cloudformation, &every_call(), AUDIT_ROLE).unwrap_or_default()
}

fn command_line() -> String {
    let mut page = String::from("# Command line\n\nMade from the program's own help.\n");
    let mut command = Cli::command().term_width(100).color(clap::ColorChoice::Never);
    command.build();
    help(&mut page, &mut command);
    page
}

fn help(page: &mut String, command: &mut clap::Command) {
    let name = command.get_bin_name().unwrap_or("trailproof").to_owned();
    line!(
        page,
        "\n## {name}\n\n```text\n{}\n```",
        without_trailing_spaces(&command.render_long_help().to_string())
    );
    for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
        help(page, below);
    }
}

fn without_trailing_spaces(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}
