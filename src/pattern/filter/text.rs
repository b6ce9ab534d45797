//! The strings that fields are compared with.

use super::super::glob::Glob;
use super::super::truth::{Doubt, Truth};

/// A string, perhaps with wildcards, in every way that AWS may read it.
///
/// The guide says that `*` matches "any text at, before, or after a search term"; an older edition adds that `Ev*ent` matches
/// only itself, the present one is silent. Escapes in strings are not documented at all. An answer on which all readings agree is sure.
#[derive(Clone, Debug)]
pub(super) struct Text {
    readings: Vec<Glob>,
    raw: String,
}

impl Text {
    pub(super) fn new(raw: &str) -> Self {
        let mut readings = vec![Glob::of_stars(raw)];
        let unescaped = raw.replace("\\\"", "\"").replace("\\\\", "\\");
        let further =
            [Glob::of_outer_stars(raw), Glob::of_stars(&unescaped), Glob::of_outer_stars(&unescaped)];
        for glob in further {
            if !readings.contains(&glob) {
                readings.push(glob);
            }
        }
        Self { readings, raw: raw.to_owned() }
    }

    pub(super) fn has_star(&self) -> bool {
        self.raw.contains('*')
    }

    /// A value that matches, unless the text is odd.
    pub(super) fn example(&self) -> String {
        self.raw.replace('*', "")
    }

    pub(super) fn matches(&self, value: &str) -> Truth {
        let matching = self.readings.iter().filter(|glob| glob.matches(value)).count();
        match matching {
            0 => Ok(false),
            all if all == self.readings.len() => Ok(true),
            _ => Err(Doubt::InnerWildcard),
        }
    }
}
