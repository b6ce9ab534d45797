//! Turns a report into bytes.
