//! An AWS-shaped server on loopback that serves a *world* described in YAML.
//!
//! [`World`] is the description, [`Replica`] the running server, [`Fault`] a way for it to misbehave, and [`Request`] what
//! it remembers of each call. The crate knows nothing of the auditor that it is used to test: it shares no type with it, so
//! that the two cannot agree by construction. The format of a world is described in the crate's README.

mod answer;
mod cbor;
mod dispatch;
mod fault;
mod identity;
mod incoming;
mod journal;
mod operations;
mod page;
mod replica;
mod server;
mod service;
mod state;
mod world;
mod xml;

pub use fault::{Fault, Kind};
pub use journal::{Outcome, Request};
pub use operations::operations;
pub use replica::Replica;
pub use world::{Problem, World, WorldError};
