//! A value that may have failed to be learned, and why.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A value with where it came from, or the reason why it is not known.
///
/// *Absent* is knowledge and lives in `T` (an `Option`): a bucket without a policy is `Known` with value `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Observed<T> {
    /// The value as observed.
    Known {
        /// What was observed.
        value: T,
        /// Where it was observed.
        origin: Origin,
    },
    /// The value could not be learned.
    Gap(Gap),
}

/// Where a value was observed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// An API call; shared, because most of what follows from an observation names it again.
    Call(#[serde(with = "shared")] Arc<Call>),
    /// The user's own statement, such as the option `--regions`.
    Stated(String),
}

/// One API call: what was asked, as whom, where and about what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Service and operation as IAM spells them: `cloudtrail:GetTrailStatus`.
    pub operation: String,
    /// Account whose credentials made the call.
    pub account: String,
    /// Region asked; the partition's global endpoint is named by its region.
    pub region: String,
    /// The resource asked about, empty when the call takes none.
    pub resource: String,
}

/// A value that could not be learned, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The call that would have told, or the option that left it out.
    pub origin: Origin,
    /// The kind of failure.
    pub reason: GapReason,
    /// Error code and message as received, made printable; may be empty.
    pub detail: String,
}

/// Why a value could not be learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The caller lacks the permission, or a policy denies it.
    Denied,
    /// Still throttled after all retries.
    Throttled,
    /// No answer in time.
    TimedOut,
    /// The service failed (5xx) or could not be reached, after all retries.
    Unavailable,
    /// The answer could not be understood.
    Unreadable,
    /// The service refused for another reason than a missing permission; the detail has it.
    Refused,
    /// Not asked for: out of scope, or nothing to ask with.
    NotCollected,
    /// The user stopped the scan first.
    Interrupted,
}

/// A shared value is written as the value.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &Arc<T>, out: S) -> Result<S::Ok, S::Error> {
        T::serialize(value, out)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<T>, D::Error> {
        T::deserialize(from).map(Arc::new)
    }
}

impl From<Call> for Origin {
    fn from(call: Call) -> Self {
        Self::Call(Arc::new(call))
    }
}

impl<T> Observed<T> {
    /// A value learned from `origin`.
    pub fn known(value: T, origin: Origin) -> Self {
        Self::Known { value, origin }
    }

    /// The value, if it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Gap(_) => None,
        }
    }

    /// The gap, if the value is not known.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Known { .. } => None,
            Self::Gap(gap) => Some(gap),
        }
    }

    /// Applies `f` to a known value; a gap stays the same gap.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Observed<U> {
        match self {
            Self::Known { value, origin } => Observed::Known { value: f(value), origin },
            Self::Gap(gap) => Observed::Gap(gap),
        }
    }
}

impl GapReason {
    /// The reason as part of a sentence: "was denied".
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Denied => "was denied",
            Self::Throttled => "was throttled until the retries ran out",
            Self::TimedOut => "timed out",
            Self::Unavailable => "failed on the service's side",
            Self::Unreadable => "gave an answer that could not be read",
            Self::Refused => "was refused",
            Self::NotCollected => "was not collected",
            Self::Interrupted => "was not reached before the scan was stopped",
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Call(call) => {
                write!(f, "{}", call.operation)?;
                if !call.resource.is_empty() {
                    write!(f, " on {}", call.resource)?;
                }
                let place = [call.account.as_str(), call.region.as_str()];
                let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
                if place.is_empty() { Ok(()) } else { write!(f, " in {}", place.join(" ")) }
            }
            Self::Stated(by) => f.write_str(by),
        }
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.origin, self.reason.phrase())?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, " ({})", self.detail) }
    }
}
