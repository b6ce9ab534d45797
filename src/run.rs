//! One function per subcommand, each a sentence of pipeline calls. The only place that touches clock, environment, files and streams.

mod diff;
mod except;
mod needs;
mod packs;
mod policy;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, Parser};
use jiff::Timestamp;

use crate::baseline::Earlier;
use crate::cli::{Check, Cli, Collect, Color, Command, Reporting, Scan, Target, Threshold};
use crate::collect::{self, Options};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::evaluate::evaluate;
use crate::facts::Facts;
use crate::inventory::{EvidenceError, Inventory, Scope};
use crate::pack::Pack;
use crate::progress::Bar;
use crate::render::json::v1::{ReadError, Results};
use crate::render::{Format, RenderError, Style, render};
use crate::report::{Baseline, Report, Run, Status};
use crate::source::Source;
use needs::Needs;

/// Exit code for "could not run".
const COULD_NOT_RUN: u8 = 2;
/// Exit code of a process that SIGINT ends, by custom of shells.
const INTERRUPTED: i32 = 130;

/// The whole program: parses `arguments`, runs the subcommand, shows an error, gives the exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            let code = if usage.use_stderr() { COULD_NOT_RUN } else { 0 };
            return if usage.print().is_ok() { code.into() } else { COULD_NOT_RUN.into() };
        }
    };
    log_to_stderr();
    let color = cli.color;
    let result = match cli.command {
        Command::Scan(scan) => run_scan(&scan, color),
        Command::Collect(collect) => run_collect(&collect),
        Command::Check(check) => run_check(&check, color),
        Command::Diff(options) => diff::run(&options, color),
        Command::Except(options) => except::add(&options),
        Command::Policy(command) => policy::run(&command, color),
        Command::Permissions(options) => needs::print_permissions(&options),
        Command::Completions { shell } => completions(shell),
    };
    match result {
        Ok(code) => code.into(),
        Err(error) => {
            show(&error.display(colored(color, &std::io::stderr())));
            COULD_NOT_RUN.into()
        }
    }
}

fn run_scan(scan: &Scan, color: Color) -> Result<u8, Error> {
    one_file_each(scan.reporting.output.iter().map(|(_, path)| path).chain(&scan.evidence))?;
    let config = packs::configuration(&scan.packs)?;
    let packs = packs::load_with(&config, &scan.packs, scan.reporting.quiet)?;
    let earlier = load_earlier(&scan.reporting)?;
    let needs = Needs::of(&packs, &config);
    let inventory = collect_live(&scan.target, needs, scan.reporting.quiet)?;
    if let Some(path) = &scan.evidence {
        save(&inventory, path)?;
    }
    judge(&inventory, (&packs, &config), &earlier, &scan.reporting, color)
}

fn run_collect(options: &Collect) -> Result<u8, Error> {
    let needs = Needs::everything();
    let inventory = collect_live(&options.target, needs, false)?;
    save(&inventory, &options.output)?;
    let collection = &inventory.collection;
    let state = if collection.interrupted { " (incomplete: interrupted)" } else { "" };
    show(&format!(
        "{} API calls, {} accounts, {} trails; evidence written to {}{state}",
        collection.calls,
        inventory.accounts.len(),
        inventory.trails.len(),
        options.output.display()
    ));
    Ok(if collection.interrupted { 3 } else { 0 })
}

fn save(inventory: &Inventory, path: &Path) -> Result<(), Error> {
    let text = inventory.save().map_err(Error::Evidence)?;
    write_file(path, text.as_bytes())
}

fn run_check(check: &Check, color: Color) -> Result<u8, Error> {
    one_file_each(check.reporting.output.iter().map(|(_, path)| path))?;
    let config = packs::configuration(&check.packs)?;
    let packs = packs::load_with(&config, &check.packs, check.reporting.quiet)?;
    let earlier = load_earlier(&check.reporting)?;
    let inventory = load_evidence(&check.evidence)?;
    judge(&inventory, (&packs, &config), &earlier, &check.reporting, color)
}

fn judge(
    inventory: &Inventory,
    (packs, config): (&[Pack], &Config),
    earlier: &Earlier,
    reporting: &Reporting,
    color: Color,
) -> Result<u8, Error> {
    let as_of = moment(inventory, reporting.as_of)?;
    let facts = Facts::derive(inventory, as_of, &needs::critical(packs));
    let mut report =
        evaluate(packs, &facts, describe(inventory, as_of)).map_err(|defects| Error::Defects { defects })?;
    except::apply(config, inventory, as_of, earlier, &mut report, reporting.quiet);
    diff::warn_of_unsuited(&report);
    let refused = write_reports(&report, reporting)?;
    print(&report, reporting, color)?;
    match refused {
        Some(error) => Err(error),
        None => diff::comparable(&report, reporting).map(|()| exit_code(&report, reporting)),
    }
}

/// 0, 1 or 3 as the help text says; a report that could not be written makes it 2 before this is asked.
fn exit_code(report: &Report, reporting: &Reporting) -> u8 {
    let fails = |threshold: Threshold| {
        let failing = report.verdicts.iter().filter(|verdict| verdict.status == Status::Fail);
        let counted = failing.filter(|verdict| !threshold.only_new || verdict.is_new());
        counted.into_iter().any(|verdict| verdict.severity <= threshold.severity)
    };
    let unknown = || {
        report.run.interrupted
            || !report.unread.is_empty()
            || report.verdicts.iter().any(|verdict| verdict.status == Status::Unknown)
    };
    match () {
        () if reporting.exit_zero => 0,
        () if fails(reporting.fail_on) => 1,
        () if !reporting.allow_unknown && unknown() => 3,
        () => 0,
    }
}

/// The moment to judge by: as asked for, or when collection ended.
fn moment(inventory: &Inventory, as_of: Option<Timestamp>) -> Result<Timestamp, Error> {
    let (started, finished) = inventory.collection.times().map_err(Error::Times)?;
    let as_of = as_of.unwrap_or(finished);
    if as_of < started {
        // Seen from before the collection, every delivery would look fresh.
        return Err(Error::AsOf { as_of: as_of.to_string(), started: started.to_string() });
    }
    Ok(as_of)
}

fn describe(inventory: &Inventory, as_of: Timestamp) -> Run {
    let collection = &inventory.collection;
    let organization = inventory.organization.as_ref();
    Run {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of: as_of.to_string(),
        started_at: collection.started_at.clone(),
        finished_at: collection.finished_at.clone(),
        caller_account: collection.caller_account.clone(),
        caller_arn: collection.caller_arn.clone(),
        partition: collection.partition.clone(),
        organization: organization.map(|organization| organization.id.clone()),
        management_account: organization.map(|organization| organization.management_account.clone()),
        scope: collection.scope.clone(),
        interrupted: collection.interrupted,
        calls: collection.calls,
        packs: Vec::new(),
        baseline: Baseline::NotGiven,
    }
}

fn collect_live(target: &Target, needs: Needs, quiet: bool) -> Result<Inventory, Error> {
    let options = Options {
        scope: Scope {
            account_only: target.account_only,
            regions: (!target.regions.is_empty()).then(|| target.regions.clone()),
            accounts: target.accounts.clone(),
            exclude_accounts: target.exclude_accounts.clone(),
            organizational_units: target.ou.clone(),
        },
        calls: needs.calls,
        watched_buckets: needs.watched_buckets,
        role_name: target.role_name.clone(),
        external_id: target.external_id.clone(),
        concurrency: usize::from(target.concurrency),
        profile: target.profile.clone(),
        call_timeout: target.call_timeout,
        clock: Timestamp::now,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    let bar = Bar::new(quiet);
    let inventory = runtime.block_on(async {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                let _ = stop.send(true);
            }
            if tokio::signal::ctrl_c().await.is_ok() {
                #[expect(clippy::exit, reason = "asked twice, the user wants no report")]
                std::process::exit(INTERRUPTED);
            }
        });
        collect::collect(&options, &bar, stopped).await
    });
    bar.finish();
    Ok(inventory?)
}

/// Refuses outputs that would overwrite each other; devices and pipes take as many as one likes.
fn one_file_each<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for path in paths.filter(|path| !path.starts_with("/dev")) {
        if !seen.insert(path) {
            return Err(Error::SamePath(path.clone()));
        }
    }
    Ok(())
}

fn load_earlier(reporting: &Reporting) -> Result<Earlier, Error> {
    match &reporting.baseline {
        None if reporting.fail_on.only_new => Err(Error::NothingToCompare(None)),
        None => Ok(Earlier::NotGiven),
        Some(path) if path.as_os_str() == "none" => Ok(Earlier::First),
        Some(path) => Ok(Earlier::Results(Box::new(load_results(path)?))),
    }
}

fn load_results(path: &Path) -> Result<Results, Error> {
    let source = read_source(path)?;
    Results::read(source.text.as_bytes()).map_err(|error| {
        let what = "not results that trailproof wrote with `--output json=…`";
        let (message, line, column) = match &error {
            ReadError::Shape(shape) => (shape.to_string(), shape.line(), shape.column()),
            other => (other.to_string(), 1, 1),
        };
        json_mistake(&source, what, &message, line, column)
    })
}

fn load_evidence(path: &Path) -> Result<Inventory, Error> {
    let source = read_source(path)?;
    Inventory::load(&source.text).map_err(|error| {
        let (line, column) = match &error {
            EvidenceError::Malformed { line, column, .. } => (*line, *column),
            EvidenceError::Version { .. } | EvidenceError::Empty { .. } => (1, 1),
        };
        json_mistake(
            &source,
            "not evidence that `trailproof collect` wrote",
            &error.to_string(),
            line,
            column,
        )
    })
}

fn json_mistake(source: &Arc<Source>, what: &str, message: &str, line: usize, column: usize) -> Error {
    let place = source.offset(line, column);
    let diagnostic = Diagnostic::error(format!("{what}: {message}"))
        .at(source, place..place + 1, "")
        .help("give the file as it was written, or write it again");
    Error::Diagnostics { diagnostics: vec![diagnostic] }
}

fn read_source(path: &Path) -> Result<Arc<Source>, Error> {
    let text =
        std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Ok(Arc::new(Source::new(path.display().to_string(), text)))
}

/// Writes every `--output`; a format that refuses the report does not keep the others from being written.
fn write_reports(report: &Report, reporting: &Reporting) -> Result<Option<Error>, Error> {
    let style = Style { color: false, width: 100, verbose: reporting.verbose, quiet: reporting.quiet };
    let mut refused = None;
    for (format, path) in &reporting.output {
        let mut bytes = Vec::new();
        match render(report, *format, &style, &mut bytes) {
            Ok(()) => write_file(path, &bytes)?,
            Err(source) => refused = Some(Error::Render { format: format.name(), source }),
        }
    }
    Ok(refused)
}

fn print(report: &Report, reporting: &Reporting, color: Color) -> Result<(), Error> {
    let stdout = std::io::stdout();
    let format = reporting.format;
    let color = format == Format::Text && colored(color, &stdout);
    let style = Style { color, width: terminal_width(), verbose: reporting.verbose, quiet: reporting.quiet };
    let mut out = std::io::BufWriter::new(stdout.lock());
    let written =
        render(report, format, &style, &mut out).and_then(|()| out.flush().map_err(RenderError::Io));
    match written {
        // Whoever reads the report has seen enough; the verdict stands.
        Err(RenderError::Io(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(RenderError::Io(error)) => Err(Error::Stdout(error)),
        Err(source) => Err(Error::Render { format: format.name(), source }),
        Ok(()) => Ok(()),
    }
}

fn completions(shell: clap_complete::Shell) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "trailproof", &mut script);
    std::io::stdout().write_all(&script).map_err(Error::Stdout)?;
    Ok(0)
}

/// Writes beside the target and renames, so that a reader never sees half a report.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    let is_plain = std::fs::symlink_metadata(path).map_or(true, |metadata| metadata.is_file());
    if !is_plain {
        // A device, a pipe or a link keeps being what it is.
        return std::fs::write(path, bytes).map_err(failed);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path)).map_err(failed)
}

fn colored(color: Color, stream: &impl IsTerminal) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

fn terminal_width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(100).clamp(60, 200)
}

fn log_to_stderr() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("TRAILPROOF_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

fn show(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
