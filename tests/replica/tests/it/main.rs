//! The replica as a client sees it: raw HTTP over a socket, with no AWS library in between.

mod client;
mod cloudtrail;
mod faults;
mod identity;
mod organizations;
mod storage;
mod worlds;
