//! `docs/write-a-rule.md` is true: its files load, its commands say what it shows, and `examples/custom-pack` is what it ends with.
//! To write the outputs and the example anew: `TRAILPROOF_BLESS=1 cargo test --release --test guide`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::{Stage, fixture};

const GUIDE: &str = "docs/write-a-rule.md";
const PACK: &str = "acme-trails/";

/// Where the commands run: the sample organization is reachable, and nothing else is.
struct Reader {
    stage: Stage,
    last_code: i32,
    /// Of the pack, by path in it; the last version of each.
    files: BTreeMap<String, String>,
}

impl Reader {
    fn new() -> Self {
        let world = std::fs::read_to_string(fixture("examples/acme-org/world.yaml")).unwrap();
        Self { stage: Stage::of(&world), last_code: 0, files: BTreeMap::new() }
    }

    /// Writes the file that a block holds, if its first line names one.
    fn write(&mut self, block: &str) {
        let Some((path, text)) = block.split_once('\n') else { return };
        let Some(path) = path.strip_prefix("# ") else { return };
        let full = self.stage.path(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
        let inside = path.strip_prefix(PACK).unwrap_or_else(|| panic!("{path} is not in {PACK}"));
        self.files.insert(inside.to_owned(), text.to_owned());
    }

    /// The commands of a block with what they say now.
    fn run(&mut self, block: &str) -> String {
        let mut shown = String::new();
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let output = normal(&self.output(command));
            let _ = writeln!(shown, "$ {command}");
            shown.push_str(&output);
        }
        shown
    }

    fn output(&mut self, command: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_trailproof")).parent().unwrap();
        let path = std::env::join_paths([program, Path::new("/usr/bin"), Path::new("/bin")]).unwrap();
        let script = format!("exec 2>&1\n(exit {})\n{command}", self.last_code);
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(self.stage.folder.path());
        shell.env_clear().env("HOME", "/nonexistent").env("PATH", path);
        shell.envs(self.stage.replica.environment("audit-runner"));
        let output = shell.output().unwrap();
        self.last_code = output.status.code().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The same for every run: a date, a number of calls and a digest that stand for all.
fn normal(output: &str) -> String {
    let replace = |text: String, pattern: &str, with: &str| {
        regex::Regex::new(pattern).unwrap().replace_all(&text, with).into_owned()
    };
    let output = replace(output.to_owned(), r"20\d\d-\d\d-\d\dT[0-9:.]+Z", "2026-11-21T09:00:00Z");
    let output = replace(output, r"since 20\d\d-\d\d-\d\d\b", "since 2026-11-21");
    let output = replace(output, r"\b\d+ API calls", "872 API calls");
    let output = replace(output, r"\([0-9a-f]{12}\)", "(0123456789ab)");
    let output = replace(output, r"sha256:[0-9a-f]{64}", &format!("sha256:{}", "0123456789abcdef".repeat(4)));
    replace(output, r"(?m)[ \t]+$", "")
}

/// The guide with its blocks made anew.
fn followed(guide: &str, reader: &mut Reader) -> String {
    let mut page = String::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(page, "{line}");
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: String = lines
            .by_ref()
            .take_while(|line| *line != "```")
            .fold(String::new(), |block, line| block + line + "\n");
        match language {
            "console" => page.push_str(&reader.run(&block)),
            "yaml" => {
                reader.write(&block);
                page.push_str(&block);
            }
            other => panic!("the guide has a block of {other}"),
        }
        page.push_str("```\n");
    }
    page
}

/// Files below a folder, by path in it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_guide_does_what_it_says_and_ends_with_the_example() {
    let bless = std::env::var_os("TRAILPROOF_BLESS").is_some();
    let guide = std::fs::read_to_string(fixture(GUIDE)).unwrap();
    let mut reader = Reader::new();
    let now = followed(&guide, &mut reader);
    assert!(now.matches("\n$ trailproof ").count() > 10, "the test no longer finds the commands");
    let example = fixture("examples/custom-pack");
    if bless {
        std::fs::write(fixture(GUIDE), &now).unwrap();
        for (name, text) in &reader.files {
            let path = example.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    let what = "run `TRAILPROOF_BLESS=1 cargo test --release --test guide` and read what changed";
    let written = std::fs::read_to_string(fixture(GUIDE)).unwrap();
    if let Some((then, now)) = written.lines().zip(now.lines()).find(|(then, now)| then != now) {
        panic!("the guide says\n  {then}\nwhere there is\n  {now}\n{what}");
    }
    assert_eq!(written.lines().count(), now.lines().count(), "{what}");
    assert_eq!(files(&example), reader.files, "examples/custom-pack is not what the guide ends with; {what}");
}
