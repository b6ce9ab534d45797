//! Which trails record which events in which region of which account, as a union over trails.
