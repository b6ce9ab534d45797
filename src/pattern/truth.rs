//! Yes, no, or why it cannot be said.

/// An answer in three values; a doubt says why there is none.
pub(super) type Truth = Result<bool, Doubt>;

/// Why it cannot be said whether a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    Delimited,
    InnerWildcard,
    Layout,
    MissingField,
    Container,
    EveryElement,
    Types,
    OnlyExclusions,
    Operator,
    DottedName,
    EmptyArray,
}

impl Doubt {
    /// The reason, as the end of a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Delimited => "a space-delimited pattern splits the JSON text of a record at its spaces",
            Self::InnerWildcard => "AWS does not document wildcards or backslashes inside a string",
            Self::Layout => "it depends on how the record is laid out as text",
            Self::MissingField => "AWS does not document `!=` on a field that the record does not have",
            Self::Container => "AWS does not apply a filter that compares an object or a list",
            Self::EveryElement => {
                "AWS does not document whether a negation is about any element or about all"
            }
            Self::Types => "AWS does not document the comparison of these types",
            Self::OnlyExclusions => "AWS does not document a pattern of nothing but exclusions",
            Self::Operator => "it has an operator that is not known here",
            Self::DottedName => "AWS does not document names with a full stop inside",
            Self::EmptyArray => "AWS does not document whether an empty list exists",
        }
    }
}

/// True when all are; a false decides. Every item is looked at.
pub(super) fn all(items: impl IntoIterator<Item = Truth>) -> Truth {
    not(any(items.into_iter().map(not)))
}

/// True when one is; a true decides. Every item is looked at.
pub(super) fn any(items: impl IntoIterator<Item = Truth>) -> Truth {
    let mut answer = Ok(false);
    for item in items {
        answer = match (answer, item) {
            (Ok(true), _) | (_, Ok(true)) => Ok(true),
            (Err(doubt), _) | (Ok(false), Err(doubt)) => Err(doubt),
            (Ok(false), Ok(false)) => Ok(false),
        };
    }
    answer
}

/// The opposite.
pub(super) fn not(truth: Truth) -> Truth {
    truth.map(|value| !value)
}
