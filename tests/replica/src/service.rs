//! One file per service: its operations with AWS's semantics, and nothing about connections, faults or signatures.

pub(crate) mod account;
pub(crate) mod cloudtrail;
pub(crate) mod cloudwatch;
pub(crate) mod events;
pub(crate) mod kms;
pub(crate) mod lake;
pub(crate) mod logs;
pub(crate) mod organizations;
pub(crate) mod s3;
pub(crate) mod s3control;
pub(crate) mod sns;
pub(crate) mod sts;
