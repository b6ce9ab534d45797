//! Which events reach somebody: whole chains, and every link broken once.

mod bystanders;
mod datapoints;
mod event_rules;
mod gaps;
mod links;
mod members;
mod peers;
mod random;
mod stage;
mod topics;

pub(super) use random::{add_alerting, tear_alerting};
