//! Strings with `*` for any text, matched in linear time.

/// The fixed texts between the stars; one text is an exact string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob {
    parts: Vec<String>,
}

impl Glob {
    /// With a star between each two parts.
    pub(super) fn of_parts(parts: Vec<String>) -> Self {
        Self { parts }
    }

    /// Every star stands for any text.
    pub(crate) fn of_stars(text: &str) -> Self {
        Self { parts: text.split('*').map(str::to_owned).collect() }
    }

    /// Only the stars at the start and at the end stand for any text.
    pub(super) fn of_outer_stars(text: &str) -> Self {
        let inner = text.trim_matches('*');
        if inner.is_empty() {
            return Self::of_stars(text);
        }
        let mut parts = vec![inner.to_owned()];
        if text.starts_with('*') {
            parts.insert(0, String::new());
        }
        if text.ends_with('*') {
            parts.push(String::new());
        }
        Self { parts }
    }

    /// The shortest text of this form.
    pub(super) fn example(&self) -> String {
        self.parts.concat()
    }

    /// Is the whole of `text` of this form?
    pub(crate) fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.parts.as_slice() else {
            return self.parts.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some(at) = rest.find(part.as_str()) else { return false };
            rest = rest.get(at + part.len()..).unwrap_or_default();
        }
        rest.ends_with(last.as_str())
    }
}
