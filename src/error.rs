//! The errors that stop a run, with hints and the exit code.
