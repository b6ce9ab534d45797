//! The replica as a client sees it: raw HTTP over a socket, with no AWS library in between.

#![expect(clippy::unwrap_used, reason = "these are tests, from the first line to the last")]

mod alarms;
mod client;
mod cloudtrail;
mod events;
mod faults;
mod identity;
mod lake;
mod logs;
mod organizations;
mod storage;
mod topics;
mod worlds;
