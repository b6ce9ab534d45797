//! Policy files as their authors look at them: what is wrong, and which rules there are to try.

use std::collections::BTreeSet;

use super::assemble::lone_rule;
use super::framework::{Frameworks, read_frameworks};
use super::library::{Bundle, FRAMEWORKS};
use super::load::{Examples, Loader, with_stack};
use super::{Pack, Rule};
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// What there is to say about policy files.
#[derive(Debug, Default)]
pub struct Inspected {
    /// The pack, if the files are one and have no mistake.
    pub pack: Option<Pack>,
    /// Rules in these very files; those of extended packs are not among them. Empty where a file of the pack has a mistake.
    pub rules: Vec<Rule>,
    /// Mistakes and warnings, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    /// Loads a pack as its author looks at it.
    pub fn inspect(&mut self, bundle: Bundle) -> Inspected {
        let files: BTreeSet<String> = bundle.files.iter().map(|file| file.name.clone()).collect();
        match self.load(bundle) {
            Ok(pack) => {
                let rules = pack.rules.iter().chain(&pack.optional);
                let rules: Vec<Rule> =
                    rules.filter(|rule| files.contains(&rule.source.name)).cloned().collect();
                Inspected { rules, diagnostics: pack.notes.clone(), pack: Some(pack) }
            }
            Err(diagnostics) => Inspected { diagnostics, ..Inspected::default() },
        }
    }
}

/// Reads a rule file by itself, or a framework file if it is in a folder of such; `beside` are the frameworks beside its pack.
#[must_use]
pub fn inspect_file(file: Source, beside: Vec<Source>, examples: Examples) -> Inspected {
    let inspect = || {
        if file.name.rsplit(['/', '\\']).nth(1) == Some(FRAMEWORKS) {
            let diagnostics = read_frameworks(&mut Frameworks::new(), vec![file]);
            return Inspected { diagnostics, ..Inspected::default() };
        }
        let (rules, mut diagnostics) = lone_rule(file, beside, examples);
        diagnostics.sort_by_cached_key(Diagnostic::order);
        Inspected { pack: None, rules, diagnostics }
    };
    with_stack(inspect).unwrap_or_else(|reason| {
        let diagnostic = Diagnostic::error(format!("the file cannot be checked: {reason}"));
        Inspected { diagnostics: vec![diagnostic], ..Inspected::default() }
    })
}
