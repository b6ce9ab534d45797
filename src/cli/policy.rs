//! Options of `trailproof policy …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use jiff::Timestamp;

use super::{Packs, timestamp};
use crate::facts::schema::SUBJECT_KINDS;
use crate::report::SubjectKind;
use crate::schema::Schema;

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

const EDITORS: &str = "\
VS Code (with the YAML extension), Neovim and JetBrains complete and check a file that starts with
  # yaml-language-server: $schema=schema/rule.schema.json
where the path is seen from the file.";

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
    /// Show one rule: what it asks for and why, how to mend a failure, what it reads and speaks for
    Show(PolicyShow),
    /// Show the facts that expressions can read
    Facts(PolicyFacts),
    /// Try an expression on saved evidence
    Eval(PolicyEval),
    /// Write a new rule to fill in, and a pack around it where there is none
    New(PolicyNew),
    /// Print the JSON Schema that editors complete and check policy files by
    Schema(PolicySchema),
    /// Print the rules of packs as Markdown
    Docs(PolicyDocs),
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

/// `trailproof policy show`.
#[derive(Debug, Args)]
pub struct PolicyShow {
    /// Rule to show; a rule that the selected packs do not have is looked for in all built-in ones
    #[arg(value_name = "RULE")]
    pub id: String,
    /// The packs.
    #[command(flatten)]
    pub packs: Packs,
}

/// `trailproof policy facts`.
#[derive(Debug, Args)]
pub struct PolicyFacts {
    /// Only the facts of this kind of subject
    #[arg(value_name = "SUBJECT", value_parser = subject)]
    pub subject: Option<SubjectKind>,
}

/// `trailproof policy eval`.
#[derive(Debug, Args)]
pub struct PolicyEval {
    /// Expression to try, such as `trail.is_logging && trail.is_multi_region`
    #[arg(short, long, value_name = "EXPRESSION")]
    pub expression: String,
    /// Evidence file written by `trailproof collect`
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
    /// Only this kind of subject [default: every kind that the expression fits]
    #[arg(long, value_name = "SUBJECT", value_parser = subject)]
    pub subject: Option<SubjectKind>,
    /// The moment to judge by, such as 2026-11-21T09:00:00Z [default: when collection ended]
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub as_of: Option<Timestamp>,
    /// Show the value of every part of the expression
    #[arg(short, long)]
    pub verbose: bool,
}

/// `trailproof policy new`.
#[derive(Debug, Args)]
pub struct PolicyNew {
    /// Id of the rule: small letters and digits, words joined by `-`
    #[arg(value_name = "RULE")]
    pub id: String,
    /// What the rule judges
    #[arg(long, value_name = "SUBJECT", value_parser = subject)]
    pub subject: SubjectKind,
    /// Folder of the pack
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub dir: PathBuf,
}

/// `trailproof policy schema`.
#[derive(Debug, Args)]
#[command(after_help = EDITORS)]
pub struct PolicySchema {
    /// Which kind of file
    #[arg(value_enum, default_value_t = Schema::Rule, value_name = "FILE")]
    pub file: Schema,
    /// Write all schemas into this folder instead
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

/// `trailproof policy docs`.
#[derive(Debug, Args)]
pub struct PolicyDocs {
    /// Folder with a `pack.yaml`, or name of a built-in pack [default: every built-in pack]
    #[arg(value_name = "PACK")]
    pub packs: Vec<String>,
}

fn subject(text: &str) -> Result<SubjectKind, String> {
    SUBJECT_KINDS.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
        let names = SUBJECT_KINDS.map(SubjectKind::name).join(", ");
        format!("expected one of {names}")
    })
}
