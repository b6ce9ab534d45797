//! Packs are embedded at build time; Cargo does not see by itself that a file was added to the folder.

fn main() {
    println!("cargo:rerun-if-changed=policies");
}
