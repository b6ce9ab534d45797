//! Compiles and evaluates expressions; the only module that names the cel crate.
