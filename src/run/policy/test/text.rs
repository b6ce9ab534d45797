//! Results of tests for people.

use std::io::Write;

use super::{Case, Results, Score};
use crate::diagnostic::printable;

pub(super) fn write(results: &Results, color: bool, out: &mut dyn Write) -> std::io::Result<()> {
    let paint = |code: &str, text: &str| {
        if color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let mut rule = "";
    for case in &results.cases {
        if case.rule != rule {
            writeln!(out, "{}", paint("1", &case.rule))?;
            rule = &case.rule;
        }
        let mark = if case.passed { paint("32", "ok  ") } else { paint("1;31", "FAIL") };
        writeln!(out, "  {mark} {}: {}", case.expected.verdict, printable(&case.name))?;
        if !case.passed {
            write_failure(case, out)?;
        }
    }
    for score in results.mutation.iter().flatten() {
        write_score(score, &paint, out)?;
    }
    write_summary(results, out)
}

fn write_failure(case: &Case, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "       at {}:{}", printable(&case.file), case.line)?;
    if case.expected.verdict != case.found.verdict {
        writeln!(out, "       expected {}, found {}", case.expected.verdict, case.found.verdict)?;
    }
    if let Some(message) = &case.expected.message {
        writeln!(out, "       expected message: {}", printable(message))?;
    }
    if let Some(message) = &case.found.message {
        writeln!(out, "       found message:    {}", printable(message))?;
    }
    for line in case.tree.iter().flat_map(|tree| tree.lines()) {
        writeln!(out, "       {line}")?;
    }
    Ok(())
}

fn write_score(
    score: &Score,
    paint: &dyn Fn(&str, &str) -> String,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let Score { rule, tried, noticed, survived } = score;
    let share = (noticed * 100).checked_div(*tried).map(|share| format!(" ({share} %)")).unwrap_or_default();
    writeln!(out, "{}: {noticed} of {tried} changes noticed{share}", paint("1", rule))?;
    for change in survived {
        let place = format!("{}:{}:{}", printable(&change.file), change.line, change.column);
        writeln!(out, "  survived  {place}  {}", printable(&change.change))?;
    }
    Ok(())
}

fn write_summary(results: &Results, out: &mut dyn Write) -> std::io::Result<()> {
    if results.cases.is_empty() {
        return writeln!(out, "no example was run: the packs have no rule files of their own");
    }
    let failed = results.cases.iter().filter(|case| !case.passed).count();
    let mut rules: Vec<&str> = results.cases.iter().map(|case| case.rule.as_str()).collect();
    rules.dedup();
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let examples = counted(results.cases.len(), "example");
    write!(out, "\n{examples} of {}: ", counted(rules.len(), "rule"))?;
    match failed {
        0 => writeln!(out, "all as expected")?,
        _ => writeln!(out, "{failed} failed")?,
    }
    if let Some(scores) = &results.mutation {
        let (tried, noticed) =
            scores.iter().fold((0, 0), |sum, score| (sum.0 + score.tried, sum.1 + score.noticed));
        match tried {
            0 => writeln!(out, "no changes to try: nothing is joined, compared or negated")?,
            _ if noticed == tried => writeln!(out, "all {tried} changes noticed")?,
            _ => writeln!(
                out,
                "{noticed} of {tried} changes noticed; one that survived may say the same in other words"
            )?,
        }
    }
    Ok(())
}
