//! One region of an account: what records there, and who listens.

use super::super::coverage::{Coverage, Place};
use super::super::recorder::Recorder;
use super::super::selection::{Category, Field};
use super::event_rule::{Bus, Shape};
use super::link::{Link, unreadable};
use super::log_group::arrives;
use super::patterns::Patterns;
use super::topic::Topics;
use crate::inventory::{Account, Gap, Origin};
use crate::pattern::Sample;

/// Services whose events single-region trails record only on request.
const GLOBAL: &[&str] = &["iam.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com"];
/// Services of which AWS does not say whether that holds for them too.
const PERHAPS_GLOBAL: &[&str] = &["organizations.amazonaws.com", "signin.amazonaws.com"];

/// One region of an account.
pub(super) struct Area<'a> {
    place: Place<'a>,
    /// Beside the trails of the place: what they record arrives in their log groups.
    arrivals: Vec<Link>,
    pub(super) bus: Bus,
    /// It is where global services record their events.
    is_home: bool,
}

/// Areas of equal shape treat events alike, if no pattern asks for the region.
pub(super) type AreaShape = (Vec<usize>, bool, Vec<Option<bool>>, (bool, Vec<Shape>));

impl<'a> Area<'a> {
    pub(super) fn of(
        account: &'a Account,
        region: &str,
        is_home: bool,
        coverage: &Coverage<'a>,
        (patterns, topics): (&Patterns<'a>, &Topics<'a>),
    ) -> Self {
        let place = coverage.place(account, region);
        let trails = place.trails.iter().filter_map(|at| coverage.recorder(*at));
        let arrivals = trails.map(|recorder| arrives(recorder.trail, region)).collect();
        let bus = Bus::of(&account.id, region, topics, patterns);
        Self { place, arrivals, bus, is_home }
    }

    /// Trails that apply, by their index, with whether what they record arrives in their log groups.
    pub(super) fn trails(&self) -> impl Iterator<Item = (usize, &Link)> {
        self.place.trails.iter().copied().zip(&self.arrivals)
    }

    /// Why other trails may record here.
    pub(super) fn hidden(&self) -> &[Gap] {
        &self.place.hidden
    }

    /// The call that showed the trails.
    pub(super) fn shown_by(&self) -> Option<&'a Origin> {
        self.place.shown_by
    }

    /// The trail records the event.
    pub(super) fn records(&self, recorder: &Recorder<'_>, sample: &Sample) -> Option<bool> {
        let source = source(sample);
        let selected = selected(recorder, sample);
        if recorder.trail.includes_global_service_events || !self.is_home || selected == Some(false) {
            return selected;
        }
        match source {
            _ if GLOBAL.contains(&source) => Some(false),
            _ if PERHAPS_GLOBAL.contains(&source) => None,
            _ => selected,
        }
    }

    /// Why it is not known whether the trail records the event.
    pub(super) fn gaps(&self, recorder: &Recorder<'_>, sample: &Sample) -> Vec<Gap> {
        if self.records(recorder, sample).is_some() {
            return Vec::new();
        }
        if selected(recorder, sample).is_some() {
            let detail = format!("it may leave out {} as a global service", source(sample));
            return vec![unreadable(&recorder.trail.described_by, detail)];
        }
        recorder.all_gaps(Category::Management)
    }

    pub(super) fn shape(&self) -> AreaShape {
        let arrivals = self.arrivals.iter().map(Link::holds).collect();
        (self.place.trails.clone(), self.place.hidden.is_empty(), arrivals, self.bus.shape())
    }
}

pub(super) fn source(sample: &Sample) -> &str {
    sample.record().get("eventSource").and_then(|source| source.as_str()).unwrap_or_default()
}

/// Its selectors select the event, and it is logging. Trails narrow management events by source and access, at most by name.
fn selected(recorder: &Recorder<'_>, sample: &Sample) -> Option<bool> {
    recorder.records(|field| match field {
        Field::Source => Some(source(sample).to_owned()),
        Field::ReadOnly => Some(sample.is_read_only.to_string()),
        Field::Name => sample.event.split(' ').next().map(str::to_owned),
        _ => None,
    })
}
