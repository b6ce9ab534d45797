//! Policy documents of IAM's grammar, parsed and evaluated: who may do what to which resource, under which conditions.
//!
//! Takes the text of bucket, key and control policies and answers questions about them; knows nothing of where the text came from.
//! A resource policy does not show what identity policies of the owner's account allow inside that account.
//! Semantics: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.

pub mod bucket;
mod condition;
mod context;
pub mod control;
pub mod delivery;
mod document;
mod escape;
mod glob;
mod inquiry;
mod json;
pub mod key;
mod network;
mod owner;
mod parse;
mod pins;
mod principal;
mod public;
mod request;
mod service;
pub mod topic;
mod truth;
mod words;

pub use document::Document;
pub use inquiry::{Finding, Findings};
pub use owner::{Owner, Reach};
pub use parse::ParseError;
pub use pins::Pins;
pub use principal::Who;
pub use request::Request;
pub use service::ServiceGrant;
pub use truth::Answer;

#[cfg(test)]
#[allow(clippy::needless_pass_by_value, reason = "the json! macro makes values")]
mod tests;
