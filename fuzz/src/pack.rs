//! Files of a pack: loaded, and applied to generated facts.

use trailproof::diagnostic::{Diagnostic, Level};
use trailproof::pack::{Case, Pack, Rule, with_stack};
use trailproof::source::Source;

use super::facts::{Dice, subject};
use super::{assert_places, timely};

/// What starts a further file: this at the start of a line, with the name of the file behind it.
const NEXT: &str = "#### ";
const MANIFEST: &str = "id: fuzz\ntitle: Fuzz\nversion: '1'\n";
/// Subjects that each rule is applied to.
const SUBJECTS: usize = 3;

/// Loads any text as a pack: one rule file, or several files, each behind a line `#### NAME`.
pub fn pack(data: &[u8]) {
    let files = files(&String::from_utf8_lossy(data));
    timely(|| match Pack::load(files) {
        Ok(pack) => with_stack(|| applied(&pack, &mut Dice::of(data))).expect("no panic"),
        Err(mistakes) => assert_mistakes(&mistakes),
    });
}

fn files(text: &str) -> Vec<Source> {
    if !text.starts_with(NEXT) {
        // The file is called what the rule wants it to be.
        let id = text.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or("rule").trim();
        let rule = Source::new(format!("fuzz/{id}.yaml"), text);
        return vec![Source::new("fuzz/pack.yaml", MANIFEST), rule];
    }
    let mut files: Vec<Source> = Vec::new();
    for part in text.trim_start_matches(NEXT).split(&format!("\n{NEXT}")) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        files.push(Source::new(format!("fuzz/{}", name.trim()), text));
    }
    if !files.iter().any(|file| file.name == "fuzz/pack.yaml") {
        files.push(Source::new("fuzz/pack.yaml", MANIFEST));
    }
    files
}

fn assert_mistakes(mistakes: &[Diagnostic]) {
    assert_places(mistakes);
    assert!(mistakes.iter().any(|mistake| mistake.level == Level::Error), "refused for a warning");
}

fn applied(pack: &Pack, dice: &mut Dice) {
    let _ = pack.summary();
    for note in &pack.notes {
        assert_places(std::slice::from_ref(note));
    }
    for rule in &pack.rules {
        let _ = (rule.summary(), rule.reads(), rule.calls(), rule.not_applicable());
        for example in rule.examples.iter() {
            let said = rule.try_example(example).expect("a rule whose example fails to come out is refused");
            assert_eq!(said.0, example.expect, "{}", rule.id);
            let _ = rule.trace_example(example);
        }
        for _ in 0..SUBJECTS {
            judged(rule, dice);
        }
    }
}

/// Whatever the verdict, there are words for it.
fn judged(rule: &Rule, dice: &mut Dice) {
    let seen = subject(rule.record_type(), dice);
    let Ok(judgement) = rule.judge(&seen.partial) else { return };
    let case = Case::new(rule.subject, &seen.partial);
    if let Ok(message) = rule.message(&judgement, &case) {
        assert!(!message.is_empty() && !message.contains('\n'), "{}: {message:?}", rule.id);
    }
    let _ = rule.remedy(&case);
}
