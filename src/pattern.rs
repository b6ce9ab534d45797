//! Patterns that pick events, parsed and evaluated on sample events: metric filters of CloudWatch Logs and rules of EventBridge.
//!
//! Knows nothing of where a pattern came from, or of what happens when it matches.
