//! Exceptions of a run: applied to its report, and added to the configuration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{json_mistake, read_source, show, write_file};
use crate::baseline::Earlier;
use crate::cli::Except;
use crate::config::{self, Config, FILE_NAME, Found};
use crate::diagnostic::render_all;
use crate::error::Error;
use crate::exception::{self, Known, Surroundings, Terms};
use crate::inventory::Inventory;
use crate::render::json::v1::Results;
use crate::report::Report;
use crate::source::Source;

/// Accepts what exceptions accept, compares with earlier results, and warns of exceptions that do not do what they seem to.
pub(super) fn apply(
    config: &Config,
    inventory: &Inventory,
    as_of: Timestamp,
    earlier: &Earlier,
    report: &mut Report,
    quiet: bool,
) {
    let trails = inventory.trails.iter();
    let tags: BTreeMap<&str, &BTreeMap<String, String>> =
        trails.filter_map(|(arn, trail)| Some((arn.as_str(), trail.tags.value()?))).collect();
    let surroundings = Surroundings { as_of, tags: &tags, limit: config.exception_limit };
    let warnings = exception::apply(&config.exceptions, &surroundings, report);
    earlier.apply(report);
    exception::confirm(&config.exceptions, &surroundings, report);
    if !quiet && !warnings.is_empty() {
        show(&render_all(&warnings, false));
    }
}

/// `trailproof except`.
pub(super) fn add(options: &Except) -> Result<u8, Error> {
    let until = options.until;
    if until < Timestamp::now().to_zoned(TimeZone::UTC).date() {
        let what = format!("{until} is over: the exception would accept nothing");
        return Err(Error::Except { what, help: "give a day to come with `--until`" });
    }
    let results = options.results.as_deref().map(load_results).transpose()?;
    let terms = Terms {
        reason: options.reason.clone(),
        owner: owner(options)?,
        expires: until,
        ticket: options.ticket.clone(),
    };
    let verdicts = results.iter().flat_map(|results| &results.verdicts);
    let mut known = verdicts.map(|verdict| Known {
        fingerprint: &verdict.fingerprint,
        rule: &verdict.rule,
        status: &verdict.status,
        kind: &verdict.subject.kind,
        subject: &verdict.subject.id,
    });
    let known: Option<&mut dyn Iterator<Item = Known<'_>>> =
        if results.is_some() { Some(&mut known) } else { None };
    let draft = exception::look_up(&options.fingerprint, known, terms)?;

    let path = target(options)?;
    let source = read_or_new(&path)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let config = Config::read(&source, folder).map_err(|diagnostics| Error::Diagnostics { diagnostics })?;
    if let Some(same) = config.exceptions.iter().find(|entry| draft.is_in(entry)) {
        return Err(Error::SameException { place: same.place() });
    }
    let refused = |source| Error::NotAppended { path: path.clone(), lines: draft.lines(), source };
    let text = exception::append(&source, &draft).map_err(refused)?;
    replace(&path, &text)?;
    let about = match (&draft.rule, &draft.subject) {
        (Some(rule), Some((_, subject))) => format!("{rule} of {subject}"),
        (Some(rule), None) => rule.clone(),
        (None, _) => draft.fingerprint.clone(),
    };
    show(&format!("{about} is accepted until {until}: written to {}", path.display()));
    Ok(0)
}

fn load_results(path: &Path) -> Result<Results, Error> {
    let source = read_source(path)?;
    Results::read(source.text.as_bytes()).map_err(|error| {
        let what = "not results that trailproof wrote with `--output json=…`";
        json_mistake(&source, what, &error.to_string(), 1, 1)
    })
}

/// Who answers for it: whoever is named, or whoever runs this.
fn owner(options: &Except) -> Result<String, Error> {
    let user = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let named = options.owner.clone().or_else(user).filter(|name| !name.trim().is_empty());
    named.ok_or_else(|| Error::Except {
        what: "the exception needs somebody who answers for it".to_owned(),
        help: "name a person or a team with `--owner`",
    })
}

fn target(options: &Except) -> Result<PathBuf, Error> {
    let current = std::env::current_dir().unwrap_or_default();
    match (config::find(options.config.as_deref(), &current), &options.config) {
        (Found::File(path), _) => Ok(path),
        (Found::None, None) => Ok(PathBuf::from(FILE_NAME)),
        (Found::None, Some(_)) => Err(Error::Except {
            what: "there is no configuration to write to with `--config none`".to_owned(),
            help: "name a file, or leave `--config` out",
        }),
    }
}

/// The file, or an empty one where there is none yet.
fn read_or_new(path: &Path) -> Result<Arc<Source>, Error> {
    if path.symlink_metadata().is_ok() {
        return Config::source(path).map_err(|diagnostics| Error::Diagnostics { diagnostics });
    }
    Ok(Arc::new(Source::new(path.display().to_string(), "")))
}

/// Replaces the file as a whole; where it is a link, the file that it leads to.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let permissions = std::fs::metadata(&target).map(|metadata| metadata.permissions());
    if permissions.as_ref().is_ok_and(std::fs::Permissions::readonly) {
        // Putting another file in its place would get around that.
        let source = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it is read-only");
        return Err(Error::Write { path: path.to_owned(), source });
    }
    write_file(&target, text.as_bytes())?;
    match permissions {
        Ok(permissions) => std::fs::set_permissions(&target, permissions)
            .map_err(|source| Error::Write { path: path.to_owned(), source }),
        Err(_) => Ok(()),
    }
}
