//! JSON Schema (2020-12) of the files that people write, for editors.

use serde_json::Value;

use crate::{config, exception, pack};

/// A file that a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Schema {
    /// A rule
    Rule,
    /// A `pack.yaml`
    Pack,
    /// A framework
    Framework,
    /// `trailproof.yaml`
    Config,
    /// A file with exceptions that `trailproof.yaml` names
    Exceptions,
}

impl Schema {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rule, Self::Pack, Self::Framework, Self::Config, Self::Exceptions];

    /// What the file is called on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Pack => "pack",
            Self::Framework => "framework",
            Self::Config => "config",
            Self::Exceptions => "exceptions",
        }
    }

    /// The name of the file that it is saved as.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("{}.schema.json", self.name())
    }

    /// The first line of a YAML file that makes editors complete and check it by the schema at `path`.
    #[must_use]
    pub fn header(path: &str) -> String {
        format!("# yaml-language-server: $schema={path}")
    }

    /// The schema.
    #[must_use]
    pub fn json(self) -> Value {
        let mut schema = match self {
            Self::Rule => pack::schema::rule(),
            Self::Pack => pack::schema::pack(),
            Self::Framework => pack::schema::a_framework(),
            Self::Config => config::schema(),
            Self::Exceptions => exception::schema::file(),
        };
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
            fields.insert("title".to_owned(), format!("trailproof {}", self.name()).into());
        }
        schema
    }
}
