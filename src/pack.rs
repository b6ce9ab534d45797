//! Policy packs: rules as checked data.
