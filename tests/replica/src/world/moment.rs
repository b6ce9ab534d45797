//! Points in time as a world writes them: absolute, relative to the world's clock, or `never`.

use jiff::{SignedDuration, Timestamp};
use serde::de::{Deserialize, Deserializer, Error};
use std::time::Duration;

/// `2026-03-01T12:00:00Z`, `-20m`, `+30d` or `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Never,
    At(Timestamp),
    Offset(SignedDuration),
}

impl Moment {
    /// A moment some minutes before the world's clock.
    pub(crate) const fn minutes_ago(minutes: i64) -> Self {
        Self::Offset(SignedDuration::from_secs(-60 * minutes))
    }

    /// A moment some days before the world's clock.
    pub(crate) const fn days_ago(days: i64) -> Self {
        Self::minutes_ago(days * 24 * 60)
    }

    /// The instant, given the clock; `None` for `never`.
    pub(crate) fn at(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(at) => Some(at),
            Self::Offset(offset) => Some(now.checked_add(offset).unwrap_or(now)),
        }
    }

    /// Epoch milliseconds, the way CloudWatch Logs writes time.
    pub(crate) fn epoch_milliseconds(self, now: Timestamp) -> Option<i64> {
        self.at(now).map(Timestamp::as_millisecond)
    }

    /// Epoch seconds with milliseconds, the way the JSON protocols write time.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this era fit the mantissa")]
    pub(crate) fn epoch(self, now: Timestamp) -> Option<f64> {
        self.at(now).map(|at| at.as_millisecond() as f64 / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "never" {
            return Ok(Self::Never);
        }
        if text.starts_with(['-', '+']) {
            return offset(&text).map(Self::Offset).ok_or_else(|| {
                D::Error::custom(format!("`{text}` is no offset: write for example `-20m`, `-36h` or `+3d`"))
            });
        }
        text.parse().map(Self::At).map_err(|_| {
            D::Error::custom(format!("`{text}` is no time: write `2026-03-01T12:00:00Z`, `-20m` or `never`"))
        })
    }
}

/// Days are understood here because a signed duration, rightly, has none.
fn offset(text: &str) -> Option<SignedDuration> {
    if let Some(days) = text.strip_suffix('d') {
        return days
            .parse::<i64>()
            .ok()
            .and_then(|days| SignedDuration::try_from_hours(days.checked_mul(24)?));
    }
    text.parse().ok()
}

/// A length of time such as `15ms` or `2s`.
pub(crate) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parsed = text.parse::<SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    parsed
        .map(Some)
        .ok_or_else(|| D::Error::custom(format!("`{text}` is no duration: write for example `15ms`")))
}
