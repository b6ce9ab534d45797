//! Options of `trailproof policy …`.

use clap::{Args, Subcommand, ValueEnum};

use super::Packs;

const CHECK_CODES: &str = "\
Exit codes:
  0  no mistake; warnings may have been shown
  1  a mistake
  2  a path could not be looked at";

const TEST_CODES: &str = "\
Exit codes:
  0  every example comes out as it says
  1  some example does not
  2  the rules could not be read";

/// `trailproof policy …`.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// List the rules of the selected packs
    List {
        /// The packs.
        #[command(flatten)]
        packs: Packs,
    },
    /// Look for mistakes in policy packs and rule files, all at once
    Check(PolicyCheck),
    /// Run the examples of rules
    Test(PolicyTest),
}

/// `trailproof policy check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_CODES)]
pub struct PolicyCheck {
    /// Folder with a `pack.yaml`, rule file, or name of a built-in pack
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<String>,
    /// How to show the mistakes
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, value_name = "FORMAT")]
    pub format: CheckFormat,
}

/// How to show mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people, in a terminal
    Text,
    /// For programs: a list with file, line and column of each
    Json,
    /// For code scanning of the repository that holds the policies
    Sarif,
}

/// `trailproof policy test`.
#[derive(Debug, Args)]
#[command(after_help = TEST_CODES)]
pub struct PolicyTest {
    /// Folder with a `pack.yaml`, rule file, or name of a built-in pack
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<String>,
    /// Only examples whose rule id or name contains this
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// How to show the results
    #[arg(long, value_enum, default_value_t = TestFormat::Text, value_name = "FORMAT")]
    pub format: TestFormat,
    /// Also change the logic of each rule in small ways and tell which changes no example notices
    #[arg(long)]
    pub mutate: bool,
}

/// How to show the results of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    /// For people, in a terminal
    Text,
    /// For CI systems that show test results
    Junit,
    /// For programs
    Json,
}
