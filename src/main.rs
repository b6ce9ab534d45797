//! The `trailproof` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    trailproof::run::main(std::env::args_os())
}
