//! Proves that an AWS Organization's audit trail is complete, tamper-evident and out of reach, or shows exactly where it is not.
//!
//! One direction of flow, in the order of the modules below:
//!
//! ```text
//! live organization ──collect──┐
//! saved evidence (JSON) ──load─┴─► Inventory ──derive──► Facts ──┐
//!                                                                ├─evaluate─► Report ──render──► text json sarif html markdown
//! policies/*.yaml ──────parse, check──────────────────► Pack ────┘
//! ```

pub mod diagnostic;
pub mod error;
pub mod source;
mod threads;
mod yaml;

pub mod access;
pub mod inventory;
pub mod pattern;

pub mod collect;
pub mod facts;

pub mod expr;
pub mod pack;

pub mod baseline;
pub mod drift;

pub mod evaluate;
pub mod exception;
pub mod report;

pub mod render;

pub mod cli;
pub mod config;
pub mod generate;
pub mod permissions;
mod progress;
pub mod run;
pub mod schema;
