//! Scans a sample organization over the wire, without an AWS account: starts the replica with `examples/acme-org/world.yaml`, runs the
//! real `trailproof scan` against it over loopback, and says where the reports are.
//!
//! ```text
//! cargo run --release --example demo [-- --output FOLDER]
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to the person who started it")]

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use trailproof_replica::{Replica, World};

const WORLD: &str = include_str!("acme-org/world.yaml");
const REPORTS: [(&str, &str); 4] = [
    ("html", "report.html"),
    ("sarif", "results.sarif"),
    ("markdown", "summary.md"),
    ("json", "results.json"),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).peekable();
    // The demo starts itself a second time as `trailproof`, so that the scan is the real program in a process of its own.
    if arguments.peek().is_some_and(|first| first == "scan") {
        return trailproof::run::main(std::iter::once(OsString::from("trailproof")).chain(arguments));
    }
    let folder = match (arguments.next(), arguments.next()) {
        (None, _) => PathBuf::from("trailproof-demo"),
        (Some(option), Some(folder)) if option == "--output" => PathBuf::from(folder),
        _ => {
            eprintln!("usage: demo [--output FOLDER]");
            return ExitCode::from(2);
        }
    };
    match demo(&folder) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn demo(folder: &Path) -> Result<ExitCode, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let replica = Replica::start(World::from_yaml(WORLD)?).await?;
    println!("The replica serves a sample organization on {}; scanning it …\n", replica.endpoint());

    let mut scan = Command::new(std::env::current_exe()?);
    scan.arg("scan")
        .args(["--set", "security_accounts=204117832202,204117832203"])
        .args(["--baseline", "none"]);
    for (format, name) in REPORTS {
        scan.arg("--output").arg(format!("{format}={}", folder.join(name).display()));
    }
    scan.env_clear().envs(std::env::vars_os().filter(|(name, _)| !leads_elsewhere(&name.to_string_lossy())));
    scan.envs(replica.environment("audit-runner"));
    let status = tokio::task::spawn_blocking(move || scan.status()).await??;

    let code = status.code().unwrap_or(2);
    println!("\n{} API requests were served. Exit code of the scan: {code}", replica.requests().len());
    if code == 2 {
        return Err("the scan could not run".into());
    }
    println!("Reports:");
    for (_, name) in REPORTS {
        println!("  {}", folder.join(name).display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Variables that would take the scan to a real account, or to a proxy.
fn leads_elsewhere(variable: &str) -> bool {
    variable.starts_with("AWS_") || variable.to_ascii_lowercase().ends_with("_proxy")
}
