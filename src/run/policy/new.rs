//! `policy new`: a rule to fill in, with what an editor needs to help.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::schema::write_missing;
use crate::cli::PolicyNew;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::facts::schema::{RecordType, Type, subject_type};
use crate::pack::is_kebab;
use crate::report::SubjectKind;
use crate::schema::Schema;

/// Folder of the schemas, beside the rules.
const SCHEMAS: &str = "schema";

pub(super) fn run(options: &PolicyNew) -> Result<u8, Error> {
    let PolicyNew { id, subject, dir } = options;
    if !is_kebab(id) {
        let diagnostic = Diagnostic::error(format!("`{id}` is no rule id"));
        let help = "small letters and digits, words joined by `-`, such as `log-key-rotation`";
        return Err(Error::Diagnostics { diagnostics: vec![diagnostic.help(help)] });
    }
    std::fs::create_dir_all(dir).map_err(|source| Error::Write { path: dir.clone(), source })?;
    let rule = dir.join(format!("{id}.yaml"));
    create(&rule, &skeleton(id, *subject))?;
    let mut written = vec![rule.clone()];
    let manifest = dir.join("pack.yaml");
    if !manifest.exists() {
        create(&manifest, &pack(dir))?;
        written.push(manifest);
    }
    write_missing(&dir.join(SCHEMAS))?;
    tell(&written, options).map_err(Error::Stdout)?;
    Ok(0)
}

fn tell(written: &[PathBuf], options: &PolicyNew) -> std::io::Result<()> {
    let mut out = std::io::stdout();
    for path in written {
        writeln!(out, "wrote {}", path.display())?;
    }
    let PolicyNew { subject, dir, .. } = options;
    writeln!(out, "\nNext: say what must hold in `assert`, fill in what is empty, and run")?;
    writeln!(out, "  trailproof policy check {}", dir.display())?;
    writeln!(out, "`trailproof policy facts {subject}` lists what the rule can read.")
}

/// Writes a file that must not be there yet.
fn create(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    match std::fs::File::create_new(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let diagnostic = Diagnostic::error(format!("`{}` exists already", path.display()));
            let help = "choose another id, or remove the file";
            Err(Error::Diagnostics { diagnostics: vec![diagnostic.help(help)] })
        }
        Err(error) => Err(failed(error)),
    }
}

fn skeleton(id: &str, subject: SubjectKind) -> String {
    let header = Schema::header(&format!("{SCHEMAS}/{}", Schema::Rule.file_name()));
    let mut title = id.replace('-', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let fact = first_bool(subject_type(subject)).unwrap_or_default();
    let path = fact.join(".");
    let facts = |value: &str| {
        fact.iter().rev().fold(value.to_owned(), |inside, field| format!("{{ {field}: {inside} }}"))
    };
    format!(
        "{header}
id: {id}
title: {title}
subject: {subject}
# critical, high, medium, low or info
severity: medium
# What must hold; `trailproof policy facts {subject}` lists what can be read here.
assert: {subject}.{path}
# One line that says what was seen, such as \"{{{{ {subject}.name }}}} has no key\".
message:
# What may happen, in a sentence or two.
why:
remedy:
  # What to do about it.
  text:
examples:
  - name: as required
    expect: pass
    facts: {}
  - name: not as required
    expect: fail
    facts: {}
",
        facts("true"),
        facts("false")
    )
}

/// The way to a fact that is true or false.
fn first_bool(record: &RecordType) -> Option<Vec<String>> {
    let usable = || record.fields.iter().filter(|(_, field)| !field.is_for_messages);
    let direct = usable().find(|(_, field)| field.ty == Type::Bool).map(|(name, _)| vec![name.clone()]);
    direct.or_else(|| {
        usable().find_map(|(name, field)| match &field.ty {
            Type::Record(inner) => {
                first_bool(inner).map(|rest| std::iter::once(name.clone()).chain(rest).collect())
            }
            _ => None,
        })
    })
}

fn pack(dir: &Path) -> String {
    let name = std::fs::canonicalize(dir).unwrap_or_else(|_| PathBuf::from(dir));
    let name = name.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let words = name.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let id = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let id = if id.is_empty() { "policy" } else { &id };
    let header = Schema::header(&format!("{SCHEMAS}/{}", Schema::Pack.file_name()));
    format!("{header}\nid: \"{id}\"\ntitle: \"{id}\"\nversion: \"1\"\n")
}
