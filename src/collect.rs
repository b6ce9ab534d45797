//! Reads a live organization into an inventory.
