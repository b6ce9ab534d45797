//! The packs of a run: loaded, put together, listed.

use std::io::Write;
use std::path::PathBuf;

use super::{colored, show};
use crate::cli::{Color, Packs};
use crate::diagnostic::render_all;
use crate::error::Error;
use crate::pack::{self, Bundle, Disk, Library, Loader, Missing, Pack, Place};

/// Loads every pack named, tells where they disagree, and refuses packs that do not go together before anything is collected.
pub(super) fn load(options: &Packs, quiet: bool) -> Result<Vec<Pack>, Error> {
    let mut loader = Loader::new(&Disk);
    let (mut packs, mut diagnostics) = (Vec::new(), Vec::new());
    for name in &options.packs {
        match loader.load(find_pack(name)?) {
            Ok(pack) if packs.iter().any(|known: &Pack| known.digest == pack.digest) => {}
            Ok(pack) => packs.push(pack),
            Err(found) => diagnostics.extend(found),
        }
    }
    if diagnostics.is_empty() {
        diagnostics.extend(pack::set_parameters(&mut packs, &options.set).err().unwrap_or_default());
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
