//! Reads `trailproof.yaml` and the files with exceptions that it names; all mistakes of all files at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Config, PackName};
use crate::diagnostic::Diagnostic;
use crate::exception::{Entry, FILE_KEYS, LIMIT};
use crate::pack::Setting;
use crate::source::Source;
use crate::yaml::decode::{Decoder, Fields, Key, Text, names, optional};
use crate::yaml::{Kind, Node, parse, read_file};

/// The keys of `trailproof.yaml`.
pub(super) const KEYS: [Key; 5] = [
    optional(
        "policy",
        "Packs to judge by, in place of `baseline`: built-in ones, or folders seen from the folder of this file.",
    ),
    optional(
        "parameters",
        "Values for parameters of the packs; the environment and the command line are stronger.",
    ),
    optional("exceptions", "Failures that somebody answers for, until a date."),
    optional("exceptions_from", "More files with exceptions, seen from the folder of this file."),
    optional("exception_limit", "Failures that one exception may accept before it is reported as too broad."),
];
/// Files with exceptions that one file may name.
pub(super) const MAX_FILES: usize = 100;

impl Config {
    /// Reads a file and those that it names.
    pub fn load(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        Self::read(&Self::source(path)?, path.parent().unwrap_or(Path::new("")).to_owned())
    }

    /// The text of a file.
    pub fn source(path: &Path) -> Result<Arc<Source>, Vec<Diagnostic>> {
        let text = read_file(path).map_err(|unreadable| {
            let help = "correct `--config`, or give `--config none` to do without";
            vec![unreadable.diagnostic(path, Some(help))]
        })?;
        Ok(Arc::new(Source::new(path.display().to_string(), text)))
    }

    /// Reads the text of a file that lies in `folder`.
    pub fn read(source: &Arc<Source>, folder: PathBuf) -> Result<Self, Vec<Diagnostic>> {
        let (root, found) = parse(source);
        let mut decoder = Decoder::new(source);
        decoder.diagnostics = found;
        let mut config = Self { folder, ..Self::default() };
        match root {
            // A file with comments only says nothing.
            Some(Node { kind: Kind::Null, .. }) | None => {}
            Some(root) => decoder.config(&root, &mut config),
        }
        let mut diagnostics = decoder.diagnostics;
        if diagnostics.is_empty() {
            return Ok(config);
        }
        diagnostics.sort_by_cached_key(Diagnostic::order);
        Err(diagnostics)
    }
}

impl Decoder {
    fn config(&mut self, root: &Node, config: &mut Config) {
        let Some(fields) = self.fields(root, "the configuration", &names(&KEYS)) else { return };
        config.policy = self.policy(&fields);
        let parameters = fields.get("parameters").and_then(|node| self.map(node, "`parameters`"));
        let parameters = parameters.unwrap_or_default().iter().cloned();
        config.parameters = parameters.map(|entry| Setting::file(&self.source, entry)).collect();
        config.exceptions = fields.get("exceptions").map(|node| self.exceptions(node)).unwrap_or_default();
        config.exception_limit = fields.get("exception_limit").map_or(LIMIT, |node| self.limit(node));
        let files = fields.get("exceptions_from").map(|node| self.texts(node, "`exceptions_from`"));
        let files = files.unwrap_or_default();
        if let Some(text) = files.get(MAX_FILES) {
            let at = self.inside(text, &(0..text.value.len()));
            self.error(at, format!("`exceptions_from` may name {MAX_FILES} files"), "one too many");
        }
        for text in files.iter().take(MAX_FILES) {
            config.exceptions.extend(self.exceptions_of(text, &config.folder));
        }
    }

    fn policy(&mut self, fields: &Fields<'_>) -> Vec<PackName> {
        let Some(node) = fields.get("policy") else { return Vec::new() };
        let texts = if matches!(node.kind, Kind::Text(_)) {
            self.text(node, "`policy`").into_iter().collect()
        } else {
            self.texts(node, "`policy`")
        };
        if matches!(&node.kind, Kind::List(items) if items.is_empty()) {
            let diagnostic =
                Diagnostic::error("`policy` names no pack").at(&self.source.clone(), self.span(node), "");
            self.report(diagnostic.help("name a pack, or leave the key out to judge by `baseline`"));
        }
        let name = |text: Text| PackName {
            span: self.inside(&text, &(0..text.value.len())),
            name: text.value,
            source: Arc::clone(&self.source),
        };
        texts.into_iter().map(name).collect()
    }

    fn limit(&mut self, node: &Node) -> usize {
        match &node.kind {
            Kind::Int(limit) if *limit >= 1 => usize::try_from(*limit).unwrap_or(usize::MAX),
            Kind::Int(limit) => {
                self.error(self.span(node), format!("`exception_limit`: {limit} is less than 1"), "");
                LIMIT
            }
            _ => self.wrong(node, "`exception_limit`", "an int").unwrap_or(LIMIT),
        }
    }

    /// The exceptions of a file, whose mistakes become this file's.
    fn exceptions_of(&mut self, text: &Text, folder: &Path) -> Vec<Entry> {
        let path = folder.join(&text.value);
        let at = self.inside(text, &(0..text.value.len()));
        let source = match read_file(&path) {
            Ok(text) => Arc::new(Source::new(path.display().to_string(), text)),
            Err(reason) => {
                let title = format!("`{}` cannot be read: {reason}", path.display());
                self.error(at, title, "named here, from the folder of this file");
                return Vec::new();
            }
        };
        let (root, found) = parse(&source);
        let mut decoder = Self::new(&source);
        decoder.diagnostics = found;
        let fields = root.as_ref().filter(|root| root.kind != Kind::Null);
        let fields =
            fields.and_then(|root| decoder.fields(root, "a file with exceptions", &names(&FILE_KEYS)));
        let node = fields.as_ref().and_then(|fields| fields.get("exceptions"));
        let entries = node.map(|node| decoder.exceptions(node)).unwrap_or_default();
        self.diagnostics.extend(decoder.diagnostics);
        entries
    }
}
