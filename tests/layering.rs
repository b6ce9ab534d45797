//! The direction of flow: no module uses one that comes later in `src/lib.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the bottom up; those of one row may not use each other.
const LAYERS: &[&[&str]] = &[
    &["source", "threads"],
    &["diagnostic"],
    &["inventory", "access", "pattern", "yaml"],
    &["report"],
    &["facts", "collect"],
    &["expr"],
    &["pack"],
    &["evaluate", "permissions"],
    &["exception"],
    &["render", "config"],
    &["drift", "schema"],
    &["baseline"],
    &["progress", "cli"],
    &["error", "generate"],
    &["run"],
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|row| row.contains(&module))
        .unwrap_or_else(|| panic!("the module `{module}` has no place in LAYERS"))
}

fn used(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

#[test]
fn no_module_uses_one_that_comes_later_in_the_flow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let module = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().take_while(|line| !line.contains("#[cfg(test)]"));
        for (number, line) in code.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for target in used(line).filter(|target| *target != module && !target.is_empty()) {
                seen += 1;
                if layer(target) >= layer(&module) {
                    wrong.push(format!("{}:{}: {module} uses {target}", relative.display(), number + 1));
                }
            }
        }
    }
    assert!(seen > 50, "the test no longer finds the `crate::` paths");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
