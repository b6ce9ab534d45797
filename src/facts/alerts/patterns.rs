//! Patterns, each parsed once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::link::unreadable;
use crate::inventory::{Gap, Origin};
use crate::pattern::{ParseError, Pattern, Sample};

/// Characters of a pattern that are quoted.
const QUOTED: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    Filter,
    Rule,
}

type Parsed = Result<Rc<Pattern>, ParseError>;

/// The distinct patterns of an inventory.
#[derive(Default)]
pub(super) struct Patterns<'a>(RefCell<HashMap<(Language, &'a str), Parsed>>);

/// What picks events.
pub(super) enum Test {
    Pattern {
        pattern: Rc<Pattern>,
        origin: Origin,
    },
    /// It is not known which.
    Unknown(Gap),
}

impl<'a> Patterns<'a> {
    /// The test of a pattern that `origin` showed.
    pub(super) fn test(&self, language: Language, text: &'a str, origin: &Origin) -> Test {
        let mut known = self.0.borrow_mut();
        let parsed = known.entry((language, text)).or_insert_with(|| {
            let parsed = match language {
                Language::Filter => Pattern::filter(text),
                Language::Rule => Pattern::rule(text),
            };
            parsed.map(Rc::new)
        });
        match parsed {
            Ok(pattern) => Test::Pattern { pattern: Rc::clone(pattern), origin: origin.clone() },
            Err(error) => Test::Unknown(unreadable(origin, format!("the pattern {} {error}", quoted(text)))),
        }
    }
}

impl Test {
    pub(super) fn picks(&self, sample: &Sample) -> Option<bool> {
        match self {
            Self::Pattern { pattern, .. } => pattern.matches(sample),
            Self::Unknown(_) => None,
        }
    }

    /// Why it is not known whether it picks this one.
    pub(super) fn gap(&self, sample: &Sample) -> Option<Gap> {
        match self {
            Self::Pattern { pattern, origin } => {
                let doubt = pattern.doubt(sample)?;
                Some(unreadable(origin, format!("the pattern {}: {doubt}", quoted(pattern.text()))))
            }
            Self::Unknown(gap) => Some(gap.clone()),
        }
    }

    pub(super) fn pattern(&self) -> Option<&Rc<Pattern>> {
        match self {
            Self::Pattern { pattern, .. } => Some(pattern),
            Self::Unknown(_) => None,
        }
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?}…", text.get(..end).unwrap_or_default()),
        None => format!("{text:?}"),
    }
}
