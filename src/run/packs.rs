//! The configuration and the packs of a run: loaded, put together, listed.

use std::io::Write;
use std::path::PathBuf;

use super::{colored, show};
use crate::cli::{Color, Packs};
use crate::config::{self, Config, Found, PackName};
use crate::diagnostic::{Diagnostic, closest, render_all};
use crate::error::Error;
use crate::pack::{self, Bundle, Disk, Library, Loader, Missing, Pack, Place, Setting};

/// The pack to judge by where nobody names one.
const DEFAULT_PACK: &str = "baseline";

/// What environment variables that set parameters begin with.
const PREFIX: &str = "TRAILPROOF_SET_";

/// Reads the configuration that is named, or found upwards.
pub(super) fn configuration(options: &Packs) -> Result<Config, Error> {
    let current = std::env::current_dir().unwrap_or_default();
    match config::find(options.config.as_deref(), &current) {
        Found::None => Ok(Config::default()),
        Found::File(path) => Config::load(&path).map_err(|diagnostics| Error::Diagnostics { diagnostics }),
    }
}

/// Loads every pack named, with the configuration that is named or found.
pub(super) fn load(options: &Packs, quiet: bool) -> Result<Vec<Pack>, Error> {
    load_with(&configuration(options)?, options, quiet)
}

/// Loads every pack named, tells where they disagree, and refuses packs that do not go together before anything is collected.
pub(super) fn load_with(config: &Config, options: &Packs, quiet: bool) -> Result<Vec<Pack>, Error> {
    let mut loader = Loader::new(&Disk);
    let (mut packs, mut diagnostics) = (Vec::new(), Vec::new());
    for bundle in bundles(config, options)? {
        match loader.load(bundle) {
            Ok(pack) if packs.iter().any(|known: &Pack| known.digest == pack.digest) => {}
            Ok(pack) => packs.push(pack),
            Err(found) => diagnostics.extend(found),
        }
    }
    if diagnostics.is_empty() {
        match settings(config, options) {
            Ok(settings) => {
                diagnostics.extend(pack::set_parameters(&mut packs, &settings).err().unwrap_or_default());
            }
            Err(found) => diagnostics.extend(found),
        }
    }
    if !diagnostics.is_empty() {
        return Err(Error::Diagnostics { diagnostics });
    }
    let notes = pack::combine(&packs).map_err(|diagnostics| Error::Diagnostics { diagnostics })?.notes;
    if !quiet && !notes.is_empty() {
        show(&render_all(&notes, false));
    }
    Ok(packs)
}

/// The packs of the command line, or those of the configuration, or the default one.
fn bundles(config: &Config, options: &Packs) -> Result<Vec<Bundle>, Error> {
    if options.packs.is_empty() && config.policy.is_empty() {
        return Ok(vec![find_pack(DEFAULT_PACK)?]);
    }
    if !options.packs.is_empty() {
        return options.packs.iter().map(|name| find_pack(name)).collect();
    }
    let place = Place::Folder(config.folder.clone());
    let (mut bundles, mut diagnostics) = (Vec::new(), Vec::new());
    for pack in &config.policy {
        match Disk.find(&pack.name, &place) {
            Ok(bundle) => bundles.push(bundle),
            Err(Missing::NotFound) => diagnostics.push(no_such_pack(pack)),
            Err(Missing::Unreadable(found)) => diagnostics.extend(found),
        }
    }
    if diagnostics.is_empty() { Ok(bundles) } else { Err(Error::Diagnostics { diagnostics }) }
}

fn no_such_pack(pack: &PackName) -> Diagnostic {
    let builtin = pack::builtin_ids();
    let help = match closest(&pack.name, builtin.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("name a built-in pack ({}), or a folder from that of this file", builtin.join(", ")),
    };
    pack.mistake(format!("there is no policy pack `{}`", pack.name)).help(help)
}

/// Values for parameters, the weakest first: configuration, environment, command line.
fn settings(config: &Config, options: &Packs) -> Result<Vec<Setting>, Vec<Diagnostic>> {
    let mut settings = config.parameters.clone();
    let mut diagnostics = Vec::new();
    let mut variables: Vec<_> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?.strip_prefix(PREFIX)?.to_owned(), value)))
        .collect();
    variables.sort();
    for (name, value) in variables {
        let (variable, capitals) = (format!("{PREFIX}{name}"), name.to_ascii_uppercase());
        match value.into_string() {
            _ if name != capitals => {
                let title = format!("the environment variable `{variable}` is not in capital letters");
                diagnostics.push(Diagnostic::error(title).help(format!("write `{PREFIX}{capitals}`")));
            }
            Err(_) => {
                let title = format!("the environment variable `{variable}` is not UTF-8");
                diagnostics.push(Diagnostic::error(title));
            }
            // A variable that a build system left without a value must not take a list out of force.
            Ok(text) if text.trim().is_empty() => {
                let title = format!("the environment variable `{variable}` is empty");
                let help = format!(
                    "give it a value, or unset it; `--set {}=` empties a list",
                    name.to_ascii_lowercase()
                );
                diagnostics.push(Diagnostic::error(title).help(help));
            }
            Ok(text) => settings.push(Setting::variable(name.to_ascii_lowercase(), &variable, text)),
        }
    }
    settings.extend(options.set.iter().map(|(name, text)| Setting::option(name, text)));
    if diagnostics.is_empty() { Ok(settings) } else { Err(diagnostics) }
}

/// The files of a pack that is named on the command line.
pub(super) fn find_pack(name: &str) -> Result<Bundle, Error> {
    Disk.find(name, &Place::Folder(PathBuf::new())).map_err(|missing| match missing {
        Missing::NotFound => {
            let builtin = pack::builtin_ids().into_iter().map(str::to_owned).collect();
            Error::NoSuchPack { name: name.to_owned(), builtin }
        }
        Missing::Unreadable(diagnostics) => Error::Diagnostics { diagnostics },
    })
}

/// Lists the rules of the packs, each once, and the built-in packs that are not among them.
pub(super) fn list(options: &Packs, color: Color) -> Result<u8, Error> {
    let packs = load(options, false)?;
    let others = pack::built_in_packs().map_err(|diagnostics| Error::Diagnostics { diagnostics })?;
    let stdout = std::io::stdout();
    let bold = if colored(color, &stdout) { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    let mut out = std::io::BufWriter::new(stdout.lock());
    write_list(&packs, &others, bold, &mut out).and_then(|()| out.flush()).map_err(Error::Stdout)?;
    Ok(0)
}

fn write_list(
    packs: &[Pack],
    others: &[Pack],
    (bold, plain): (&str, &str),
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut listed: Vec<&str> = Vec::new();
    for pack in packs {
        writeln!(out, "{bold}{}{plain} {}: {} ({})", pack.id, pack.version, pack.title, size(pack))?;
        let (known, new): (Vec<_>, Vec<_>) =
            pack.rules.iter().partition(|rule| listed.contains(&rule.id.as_str()));
        for rule in new {
            let (severity, subject) = (rule.severity.name(), rule.subject.name());
            writeln!(out, "  {:<28} {severity:<9} {subject:<13} {}", rule.id, rule.title)?;
            listed.push(&rule.id);
        }
        if !known.is_empty() {
            writeln!(out, "  and {} of those above", known.len())?;
        }
    }
    writeln!(out, "\nOther built-in packs, for --policy:")?;
    for pack in others.iter().filter(|other| !packs.iter().any(|pack| pack.digest == other.digest)) {
        writeln!(out, "  {bold}{:<16}{plain} {} ({})", pack.id, pack.title, size(pack))?;
    }
    Ok(())
}

/// How many rules the pack has, and how much of its frameworks they cover.
fn size(pack: &Pack) -> String {
    let rules = format!("{} {}", pack.rules.len(), if pack.rules.len() == 1 { "rule" } else { "rules" });
    let combined = pack::combine(std::slice::from_ref(pack));
    let frameworks = combined.iter().flat_map(|combined| &combined.frameworks).filter(|it| it.is_selected);
    let covered = frameworks.map(|framework| {
        let all = framework.controls.len();
        format!("{} of {all} controls", all - framework.uncovered().count())
    });
    std::iter::once(rules).chain(covered).collect::<Vec<_>>().join(", ")
}
