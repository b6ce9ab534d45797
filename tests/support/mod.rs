//! Runs the real binary with a scrubbed environment, against the replica or alone.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use trailproof_replica::{Replica, World};

/// A world on loopback and what the program needs to reach it.
pub(crate) struct Stage {
    pub(crate) replica: Replica,
    pub(crate) folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
}

/// What the program did.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Stage {
    pub(crate) fn of(world: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let world =
            World::from_yaml(world).unwrap_or_else(|error| panic!("the world does not load: {error}"));
        let replica = runtime.block_on(Replica::start(world)).unwrap();
        Self { replica, folder: tempfile::tempdir().unwrap(), runtime }
    }

    /// Runs the binary as `caller` of the world.
    pub(crate) fn run_as(&self, caller: &str, arguments: &[&str]) -> Run {
        let mut command = trailproof(arguments);
        command.envs(self.replica.environment(caller)).current_dir(self.folder.path());
        command.env("AWS_MAX_ATTEMPTS", "1");
        Run::of(command.output().unwrap())
    }

    /// Runs the binary as the caller `auditor`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_as("auditor", arguments)
    }

    /// Scans as `auditor`; the JSON report.
    pub(crate) fn scan(&self, arguments: &[&str]) -> (i32, Value) {
        let mut all = vec!["scan", "--format", "json"];
        all.extend(arguments);
        let run = self.run(&all);
        let report = serde_json::from_str(&run.stdout);
        (
            run.code,
            report.unwrap_or_else(|_| panic!("no JSON on standard output; standard error:\n{}", run.stderr)),
        )
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The binary with no variable of the developer's own.
pub(crate) fn trailproof(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").env("AWS_EC2_METADATA_DISABLED", "true");
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

pub(crate) fn run(arguments: &[&str]) -> Run {
    Run::of(trailproof(arguments).output().unwrap())
}

/// `rule subject-id` → status, of a JSON report.
pub(crate) fn verdicts(report: &Value) -> std::collections::BTreeMap<String, String> {
    report["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|verdict| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (
                format!("{} {}", text(&verdict["rule"]), text(&verdict["subject"]["id"])),
                text(&verdict["status"]),
            )
        })
        .collect()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
