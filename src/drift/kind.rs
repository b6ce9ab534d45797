//! The table of what may become of a verdict.

use super::Judged;
use crate::report::{ChangeKind, Status};

/// What one side says of a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Absent,
    Pass,
    NotApplicable,
    Fail,
    Excepted,
    Unknown,
    /// Unknown, and a failure when it was last known.
    Carried,
}

impl State {
    pub(super) fn of(judged: Option<&Judged<'_>>) -> Self {
        match judged.map(|judged| (judged.status, &judged.failing_since)) {
            None => Self::Absent,
            Some((Status::Pass, _)) => Self::Pass,
            Some((Status::NotApplicable, _)) => Self::NotApplicable,
            Some((Status::Fail, _)) => Self::Fail,
            Some((Status::Excepted, _)) => Self::Excepted,
            Some((Status::Unknown, None)) => Self::Unknown,
            Some((Status::Unknown, Some(_))) => Self::Carried,
        }
    }
}

/// What became of a verdict; `None` where the judgement is the same.
///
/// Only a pass mends a failure. A failure that was not known to be one is new, also where nothing tells that it once held.
pub(super) fn of(was: State, is: State) -> Option<ChangeKind> {
    use ChangeKind as K;
    use State::{Absent, Carried, Excepted, Fail, NotApplicable, Pass, Unknown};
    Some(match (was, is) {
        (Unknown | Carried, Unknown | Carried) => return None,
        (was, is) if was == is => return None,
        (_, Absent) | (Fail | Carried, NotApplicable) => K::NotEvaluated,
        (Excepted, Unknown | Carried) => K::Unknown,
        (Excepted, _) => K::Unexcepted,
        (_, Excepted) => K::Excepted,
        (Carried, Fail) => K::Settled,
        (_, Fail) => K::New,
        (Fail | Carried, Pass) => K::Fixed,
        (Absent, _) => K::Added,
        (Unknown, _) => K::Settled,
        (_, Unknown | Carried) => K::Unknown,
        (Pass | NotApplicable, _) => K::Applicability,
    })
}
