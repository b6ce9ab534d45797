//! Whole hours between a moment on record and the moment of judgement.

use jiff::Timestamp;

use super::Fact;
use crate::inventory::{Gap, GapReason, Observed};

/// Stands for "never": the largest number that JSON carries exactly everywhere.
pub(super) const NEVER: i64 = 9_007_199_254_740_991;
const SECONDS_PER_HOUR: i64 = 3_600;

/// Hours from the moment that `pick` finds to `as_of`; 0 for a moment in the future, [`NEVER`] for none.
pub(super) fn hours_since<T>(
    observed: &Observed<T>,
    as_of: Timestamp,
    pick: impl FnOnce(&T) -> Option<&str>,
) -> Fact<i64> {
    let (value, origin) = match observed {
        Observed::Known { value, origin } => (value, origin),
        Observed::Gap(gap) => return Fact::Unknown(vec![gap.clone()]),
    };
    let Some(text) = pick(value) else { return Fact::known(NEVER, [origin.clone()]) };
    if let Ok(moment) = text.parse::<Timestamp>() {
        let seconds = as_of.as_second().saturating_sub(moment.as_second());
        Fact::known(seconds.max(0) / SECONDS_PER_HOUR, [origin.clone()])
    } else {
        let detail = format!("{text:?} is not a moment in time");
        Fact::Unknown(vec![Gap { origin: origin.clone(), reason: GapReason::Unreadable, detail }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::Origin;

    fn hours(text: Option<&str>) -> Option<i64> {
        let observed = Observed::known(text.map(str::to_owned), Origin::Stated("test".to_owned()));
        let as_of = "2026-11-21T12:00:00Z".parse().unwrap();
        hours_since(&observed, as_of, std::option::Option::as_deref).value().copied()
    }

    #[test]
    fn hours_are_whole_never_negative_and_never_is_a_number() {
        assert_eq!(hours(Some("2026-11-21T09:30:00Z")), Some(2));
        assert_eq!(hours(Some("2026-11-22T09:30:00Z")), Some(0));
        assert_eq!(hours(None), Some(NEVER));
        assert_eq!(hours(Some("yesterday")), None);
    }
}
