//! A message with labelled spans, and the one renderer of it.
