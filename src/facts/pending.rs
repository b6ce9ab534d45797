//! Conclusions that are not drawn yet.

use super::Fact;
use crate::inventory::{Gap, GapReason, Origin};

/// Not concluded, for nothing was asked.
pub(super) fn pending<T>() -> Fact<T> {
    let detail = "this build does not conclude it".to_owned();
    Fact::Unknown(vec![Gap {
        origin: Origin::Stated("trailproof".to_owned()),
        reason: GapReason::NotCollected,
        detail,
    }])
}
