//! `policy test`: the examples of rules, and how much of the rules they test.

mod junit;
mod text;

use std::io::Write;

use serde::Serialize;

use super::super::colored;
use super::{target, tree};
use crate::cli::{Color, PolicyTest, TestFormat};
use crate::diagnostic::{Diagnostic, Level};
use crate::error::Error;
use crate::pack::{Example, Examples, Rule, expectation};

/// An example that was run.
#[derive(Serialize)]
struct Case {
    rule: String,
    file: String,
    line: usize,
    name: String,
    passed: bool,
    expected: Said,
    found: Said,
    /// The parts of the rule's expressions with their values, of an example that did not come out.
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<String>,
}

/// What is said of an example.
#[derive(PartialEq, Serialize)]
struct Said {
    verdict: String,
    /// Absent where the example leaves it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// How a rule's examples did against changes of its logic.
#[derive(Serialize)]
struct Score {
    rule: String,
    tried: usize,
    noticed: usize,
    survived: Vec<Unnoticed>,
}

#[derive(Serialize)]
struct Unnoticed {
    file: String,
    line: usize,
    column: usize,
    change: String,
}

#[derive(Serialize)]
struct Results {
    cases: Vec<Case>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutation: Option<Vec<Score>>,
}

pub(super) fn run(options: &PolicyTest, color: Color) -> Result<u8, Error> {
    let rules = rules(options)?;
    let is_meant = |rule: &Rule, example: &Example| {
        options.filter.as_ref().is_none_or(|text| rule.id.contains(text) || example.name.contains(text))
    };
    let mut cases = Vec::new();
    let mut scores = Vec::new();
    for rule in &rules {
        let before = cases.len();
        cases.extend(
            rule.examples.iter().filter(|example| is_meant(rule, example)).map(|example| case(rule, example)),
        );
        if options.mutate && cases.len() > before {
            scores.push(score(rule));
        }
    }
    if let (Some(text), true) = (&options.filter, cases.is_empty()) {
        let diagnostic = Diagnostic::error(format!("no example matches `{text}`"));
        let help = "a filter is a part of a rule's id or of an example's name";
        return Err(Error::Diagnostics { diagnostics: vec![diagnostic.help(help)] });
    }
    let results = Results { cases, mutation: options.mutate.then_some(scores) };
    let stdout = std::io::stdout();
    let color = colored(color, &stdout);
    let mut out = std::io::BufWriter::new(stdout.lock());
    let written = match options.format {
        TestFormat::Text => text::write(&results, color, &mut out),
        TestFormat::Junit => junit::write(&results, &mut out),
        TestFormat::Json => serde_json::to_writer_pretty(&mut out, &results)
            .map_err(std::io::Error::from)
            .and_then(|()| writeln!(out)),
    };
    written.and_then(|()| out.flush()).map_err(Error::Stdout)?;
    Ok(u8::from(results.cases.iter().any(|case| !case.passed)))
}

/// The rules of all paths, each file once.
fn rules(options: &PolicyTest) -> Result<Vec<Rule>, Error> {
    let (mut rules, mut diagnostics) = (Vec::<Rule>::new(), Vec::new());
    for inspected in target::inspect(&options.paths, Examples::Leave)? {
        for rule in inspected.rules {
            if !rules.iter().any(|known| known.source.name == rule.source.name) {
                rules.push(rule);
            }
        }
        diagnostics.extend(inspected.diagnostics.into_iter().filter(|it| it.level == Level::Error));
    }
    if diagnostics.is_empty() { Ok(rules) } else { Err(Error::Diagnostics { diagnostics }) }
}

fn case(rule: &Rule, example: &Example) -> Case {
    let (line, _) = rule.source.position(example.place().start);
    let expected = Said { verdict: expectation(example.expect).to_owned(), message: example.message.clone() };
    let found = match rule.try_example(example) {
        Ok((status, message)) => Said { verdict: expectation(status).to_owned(), message: Some(message) },
        Err(error) => Said { verdict: "error".to_owned(), message: Some(error.to_string()) },
    };
    let passed = expected.verdict == found.verdict
        && expected.message.as_ref().is_none_or(|message| found.message.as_ref() == Some(message));
    Case {
        rule: rule.id.clone(),
        file: rule.source.name.clone(),
        line,
        name: example.name.clone(),
        passed,
        tree: (!passed).then(|| trees(rule, example)),
        expected,
        found,
    }
}

fn trees(rule: &Rule, example: &Example) -> String {
    let traces = rule.trace_example(example);
    let pages = traces.iter().map(|(key, trace)| format!("{key}:\n{}", tree::lines(trace, 2)));
    pages.collect::<Vec<_>>().concat()
}

fn score(rule: &Rule) -> Score {
    let mutation = rule.mutate();
    let change = |survivor: &crate::pack::Survivor| {
        let (line, column) = rule.source.position(survivor.span.start);
        Unnoticed { file: rule.source.name.clone(), line, column, change: survivor.change.clone() }
    };
    Score {
        rule: rule.id.clone(),
        tried: mutation.tried,
        noticed: mutation.noticed(),
        survived: mutation.survived.iter().map(change).collect(),
    }
}
