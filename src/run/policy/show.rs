//! `policy show`: one rule, readable.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;

use super::super::{colored, packs, terminal_width};
use super::wrap::{kept, wrapped};
use crate::cli::{Color, PolicyShow};
use crate::diagnostic::{Diagnostic, closest, printable};
use crate::error::Error;
use crate::pack::{Example, Pack, Rule, built_in_packs, expectation};
use crate::report::Remedy;

pub(super) fn run(options: &PolicyShow, color: Color) -> Result<u8, Error> {
    let selected = packs::load(&options.packs, true)?;
    let others = built_in_packs().map_err(|diagnostics| Error::Diagnostics { diagnostics })?;
    let (pack, rule) = find(&options.id, &selected, &others)?;
    let mut out = std::io::stdout();
    let page = Page { text: String::new(), width: terminal_width(), color: colored(color, &out) };
    out.write_all(page.of(pack, rule).as_bytes()).map_err(Error::Stdout)?;
    Ok(0)
}

/// The rule as the selected packs have it, or else as the first built-in pack does.
fn find<'p>(id: &str, selected: &'p [Pack], others: &'p [Pack]) -> Result<(&'p Pack, &'p Rule), Error> {
    let all = |packs: &'p [Pack]| {
        let of = |pack: &'p Pack| pack.rules.iter().chain(&pack.optional).map(move |rule| (pack, rule));
        packs.iter().rev().flat_map(of)
    };
    let is_meant = |(_, rule): &(&Pack, &Rule)| rule.id == id || rule.aliases.iter().any(|alias| alias == id);
    if let Some(found) = all(selected).find(is_meant).or_else(|| all(others).find(is_meant)) {
        return Ok(found);
    }
    let known: BTreeSet<&str> = all(selected).chain(all(others)).map(|(_, rule)| rule.id.as_str()).collect();
    let help = match closest(id, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "`trailproof policy list` shows the rules; name a pack of your own with `--policy`".to_owned()
        }
    };
    let diagnostics = vec![Diagnostic::error(format!("there is no rule `{id}`")).help(help)];
    Err(Error::Diagnostics { diagnostics })
}

struct Page {
    text: String,
    width: usize,
    color: bool,
}

impl Page {
    fn of(mut self, pack: &Pack, rule: &Rule) -> String {
        let Rule { id, title, severity, subject, .. } = rule;
        let (bold, plain) = self.bold();
        let _ = writeln!(self.text, "{bold}{id}{plain}: {title}");
        let optional = if rule.is_optional { ", optional" } else { "" };
        let of = format!("{} {}", pack.id, pack.version);
        let _ = writeln!(self.text, "{severity}, judges each {subject}{optional}, as in the pack {of}");
        if let Some(reason) = &rule.deprecated {
            self.section("Deprecated", &wrapped(reason, 2, self.width));
        }
        self.section("Why", &wrapped(&rule.why, 2, self.width));
        if let Some(when) = &rule.when {
            self.section("Applies when", &kept(when.text(), 2));
        }
        self.section("Must hold", &kept(rule.assert.text(), 2));
        self.section("Says of a failure", &wrapped(&rule.says(), 2, self.width));
        self.parameters(rule);
        self.remedy(&rule.summary().remedy);
        self.controls(pack, rule);
        self.examples(rule);
        let subject = rule.subject.name();
        self.lines("Reads", rule.reads().iter().map(|path| format!("{subject}.{path}")));
        let calls = rule.calls();
        self.lines("Needs, besides the calls of every collection", calls.iter().copied());
        self.lines("See", &rule.references);
        self.text
    }

    fn bold(&self) -> (&'static str, &'static str) {
        if self.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") }
    }

    fn section(&mut self, title: &str, body: &str) {
        if !body.trim().is_empty() {
            let (bold, plain) = self.bold();
            let _ = write!(self.text, "\n{bold}{title}{plain}\n{body}");
        }
    }

    fn parameters(&mut self, rule: &Rule) {
        let mut body = String::new();
        for (name, parameter) in &rule.parameters {
            let value = rule.values.get(name).unwrap_or(&parameter.default);
            let ty = parameter.ty.name();
            let _ = writeln!(body, "  {name} = {value} ({ty}, default {})", parameter.default);
            body.push_str(&wrapped(&parameter.doc, 4, self.width));
        }
        self.section("Parameters", &body);
    }

    fn remedy(&mut self, remedy: &Remedy) {
        let mut body = wrapped(&remedy.text, 2, self.width);
        for (name, snippet) in [
            ("AWS CLI", &remedy.cli),
            ("Terraform", &remedy.terraform),
            ("CloudFormation", &remedy.cloudformation),
        ] {
            if !snippet.trim().is_empty() {
                let _ = write!(body, "\n  {name}:\n{}", kept(snippet, 4));
            }
        }
        self.section("Remedy", &body);
    }

    fn controls(&mut self, pack: &Pack, rule: &Rule) {
        let mut body = String::new();
        for (id, controls) in &rule.controls {
            let framework = pack.frameworks.iter().find(|framework| framework.id == *id);
            let title = framework.map_or(id.clone(), |it| format!("{} {} ({id})", it.title, it.version));
            let _ = writeln!(body, "  {title}");
            for control in controls {
                let title = framework.and_then(|framework| framework.control(control)).map(|it| &it.title);
                let line = format!("{control} {}", title.map_or("", String::as_str));
                body.push_str(&wrapped(&line, 4, self.width));
            }
        }
        self.section("Speaks for", &body);
    }

    fn examples(&mut self, rule: &Rule) {
        let line = |example: &Example| format!("{:<14}  {}", expectation(example.expect), example.name);
        self.lines("Examples", rule.examples.iter().map(line));
    }

    fn lines(&mut self, title: &str, lines: impl IntoIterator<Item = impl std::fmt::Display>) {
        let mut body = String::new();
        for line in lines {
            let _ = writeln!(body, "  {}", printable(&line.to_string()));
        }
        self.section(title, &body);
    }
}
