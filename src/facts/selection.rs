//! What event selectors select, classic and advanced alike.
