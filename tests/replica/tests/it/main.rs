//! The replica as a client sees it: raw HTTP over a socket, with no AWS library in between.

#![expect(clippy::unwrap_used, reason = "these are tests, from the first line to the last")]

mod client;
mod cloudtrail;
mod faults;
mod identity;
mod organizations;
mod storage;
mod worlds;
