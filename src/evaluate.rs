//! Judges facts by a pack.
