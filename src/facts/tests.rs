//! What AWS means, told as stories with the answer worked out by hand, and laws that hold of any inventory.

mod access_bucket;
mod access_key;
mod alerts;
mod buckets;
mod critical;
mod gaps;
mod guardrails;
mod keeping;
mod monotone;
mod oracle;
mod organization;
mod peers;
mod recorded;
mod recording;
mod redundancy;
mod retention;
mod shares;
mod stores;
mod trails;
pub(super) mod world;

/// The facts of one account without an organization, whose one trail records everything.
pub(crate) fn sample() -> super::Facts {
    world::World::alone().with(world::multi_region("sample")).facts()
}
